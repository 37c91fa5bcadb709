"""A training on disk: whole or not there, and refused with a sentence when it is damaged or of another training.

The file is an ordinary ``torch.save`` archive of tensors and plain values, read with ``weights_only=True``: no code
in it is ever run.
"""

import zipfile
from pathlib import Path

import torch

from adamkit.files import write_atomically

FORMAT, VERSION = "adamkit training checkpoint", 1
#: What must be the same for the batches to follow each other as they would have.
SAME = ("source", "batch_size", "accumulate", "seed")


class CheckpointError(ValueError):
    """A checkpoint that cannot be used. It is left as it is, and nothing was changed."""


def save(path, content):
    """Write a checkpoint in one stroke; the one that was there stays until the new one is complete."""
    write_atomically(path, lambda file: torch.save({"format": FORMAT, "version": VERSION, **content}, file))


def load(path):
    """What `save` wrote, with all tensors on the CPU.

    Raises:
        CheckpointError: the file is damaged (every part's checksum is compared), or no checkpoint of adamkit.
    """
    path = Path(path)
    try:
        with zipfile.ZipFile(path) as archive:
            damaged = archive.testzip()
        if damaged is not None:
            raise CheckpointError(f"{path}: this checkpoint is damaged (checksum of {damaged}); it was left as it is")
        content = torch.load(path, map_location="cpu", weights_only=True)
    except CheckpointError:
        raise
    except FileNotFoundError:
        raise
    except Exception as reason:  # a damaged archive fails in many ways
        raise CheckpointError(f"{path}: this checkpoint cannot be read, it is damaged or something else; "
                              f"it was left as it is ({reason})") from reason
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise CheckpointError(f"{path}: this is no checkpoint of adamkit's fit; it was left as it is")
    if content.get("version") != VERSION:
        raise CheckpointError(f"{path}: this checkpoint has version {content.get('version')!r}; this adamkit reads "
                              f"version {VERSION}")
    return content


def check_same_training(path, found, settings, steps, model, optimizer):
    """Refuse a checkpoint of another training, before anything is changed."""
    for name in SAME:
        if found["settings"].get(name) != settings[name]:
            raise CheckpointError(f"{path}: made with {name}={found['settings'].get(name)!r}, and now it is "
                                  f"{settings[name]!r}; the batches would not follow each other")
    if found["step"] > steps:
        raise CheckpointError(f"{path}: {found['step']} steps are done already, more than steps={steps}")
    if found["settings"]["optimizer"] != settings["optimizer"]:
        raise CheckpointError(f"{path}: made with the optimizer {found['settings']['optimizer']}, and now it is "
                              f"{settings['optimizer']}")
    _check_tensors(path, found["model"], model.state_dict())
    was = [len(group["params"]) for group in found["optimizer"]["param_groups"]]
    now = [len(group["params"]) for group in optimizer.param_groups]
    if was != now:
        raise CheckpointError(f"{path}: the optimizer had groups of {was} parameters, and now has groups of {now}")


def _check_tensors(path, found, wanted):
    missing, extra = sorted(set(wanted) - set(found)), sorted(set(found) - set(wanted))
    if missing or extra:
        raise CheckpointError(f"{path}: of another model: it lacks {missing[:3]} and has {extra[:3]} besides")
    for name, tensor in wanted.items():
        if found[name].shape != tensor.shape or found[name].dtype != tensor.dtype:
            raise CheckpointError(f"{path}: of another model: {name} is {found[name].dtype} {tuple(found[name].shape)} "
                                  f"there and {tensor.dtype} {tuple(tensor.shape)} here")
