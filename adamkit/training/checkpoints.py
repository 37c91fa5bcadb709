"""A training on disk: whole or not there, and refused with a sentence when it is damaged or of another training.

The file is an ordinary ``torch.save`` archive of tensors and plain values, read with ``weights_only=True``: no code
in it is ever run.
"""

import io
import zipfile
from pathlib import Path

import numpy as np
import torch

from adamkit.arguments import plain_numbers
from adamkit.files import write_atomically

#: Version 2 knows the generators and the epoch of a source; version 1 is read too.
FORMAT, VERSION = "adamkit training checkpoint", 2
#: What must be the same for the batches to follow each other as they would have.
SAME = ("source", "batch_size", "accumulate", "seed")


class CheckpointError(ValueError):
    """A checkpoint that cannot be used. It is left as it is, and nothing was changed."""


def save(path, content):
    """Write a checkpoint in one stroke; the one that was there stays until the new one is complete.

    Raises:
        TypeError: something in it could not be read again; see `readable`.
    """
    content = {"format": FORMAT, "version": VERSION, **readable(content)}
    write_atomically(path, lambda file: torch.save(content, file))


def readable(value, where="checkpoint"):
    """The value as it can be written and read again: numbers of NumPy's, and of classes of their own, as plain ones.

    Raises:
        TypeError: an object that `load` would refuse because reading it means running its code; it names the place.
    """
    value = plain_numbers(value)
    if value is None or isinstance(value, torch.Tensor | torch.Size | torch.dtype | torch.device):
        return value
    for plain in (bool, int, float, complex, str, bytes):
        if isinstance(value, plain):
            return plain(value)
    if isinstance(value, dict):
        inner = {key: readable(part, f"{where}[{key!r}]") for key, part in value.items()}
        return value if all(inner[key] is part for key, part in value.items()) else inner
    if isinstance(value, list | tuple):
        inner = [readable(part, f"{where}[{i}]") for i, part in enumerate(value)]
        return inner if isinstance(value, list) else tuple(inner)
    try:
        file = io.BytesIO()
        torch.save(value, file)
        file.seek(0)
        _read(file)
    except Exception as reason:
        raise TypeError(f"{where} is {value!r}, a {type(value).__name__}, which a checkpoint cannot hold: reading it "
                        "would mean running its code. Allowed are numbers, texts, tensors and arrays, and lists and "
                        "dicts of them") from reason
    return value


def _read(file):
    """`torch.load` of tensors, plain values, and NumPy's numbers and arrays of numbers; no code is run."""
    number, array = (value.__reduce__()[0] for value in (np.float64(0), np.zeros(1)))
    kinds = [type(np.dtype(code)) for code in "?bBhHiIlLqQefdg"]
    with torch.serialization.safe_globals([number, array, np.ndarray, np.dtype, *kinds]):
        return torch.load(file, map_location="cpu", weights_only=True)


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
        content = _read(path)
    except CheckpointError:
        raise
    except FileNotFoundError:
        raise
    except Exception as reason:  # a damaged archive fails in many ways
        raise CheckpointError(f"{path}: this checkpoint cannot be read, it is damaged or something else; "
                              f"it was left as it is ({reason})") from reason
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise CheckpointError(f"{path}: this is no checkpoint of adamkit's fit; it was left as it is")
    if content.get("version") not in (1, VERSION):
        raise CheckpointError(f"{path}: this checkpoint has version {content.get('version')!r}; this adamkit reads "
                              f"versions 1 to {VERSION}")
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


def kept_values(found, optimizer, *, scheduled):
    """Hyper-parameters in which the checkpoint's groups differ from the optimizer's: (name, the checkpoint's, given).

    With a torch scheduler, ``scheduled``, the rates that it began from are compared, and nothing else that it may move.
    """
    moved = {"params", "param_names", "train_mode"}
    moved |= {"lr", "betas", "momentum", "max_lr", "min_lr"} if scheduled else set()
    for saved, group in zip(found["param_groups"], plain_numbers(optimizer.param_groups), strict=True):
        for name in sorted((saved.keys() & group.keys()) - moved):
            if repr(saved[name]) != repr(group[name]):
                yield name, saved[name], group[name]
