"""Whatever a source of batches draws its order from is kept in a checkpoint, or the break is said to show."""

import functools
import tempfile
import types
import warnings
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.utils import data

from adamkit import torch_optim
from adamkit.training import fit, sources

ROWS = data.TensorDataset(torch.arange(24.0)[:, None], torch.arange(24) % 2)
IN_MODULE = np.random.default_rng(4)


def drawn(places):
    return ROWS.tensors[0][places], ROWS.tensors[1][places]


def generator():
    return torch.Generator().manual_seed(1)


class InSlots:
    """Four batches an epoch, from a generator that no dictionary shows."""

    __slots__ = ("own",)

    def __init__(self):
        self.own = generator()

    def __iter__(self):
        for _ in range(4):
            yield drawn(torch.randperm(24, generator=self.own)[:6])

    def numbered(self, number):
        return drawn(torch.randperm(24, generator=self.own)[:6])


class NumpySampler(data.Sampler):
    def __init__(self):
        self.random = np.random.default_rng(3)

    def __iter__(self):
        return iter(self.random.permutation(24).tolist())

    def __len__(self):
        return 24


class Augmented(data.Dataset):
    def __len__(self):
        return 24

    def __getitem__(self, place):
        return torch.randn(1) + place, torch.tensor(place % 2)


def around():
    """An iterable whose generator is a variable of the function that made it."""
    own = generator()

    class Batches:
        def __iter__(self):
            yield from (drawn(torch.randperm(24, generator=own)[:6]) for _ in range(4))

    return Batches()


def in_module():
    """A function that draws, through another one, from a generator of its module."""
    IN_MODULE.bit_generator.state = np.random.default_rng(4).bit_generator.state
    return lambda number: from_module()


def from_module():
    return drawn([IN_MODULE.permutation(24)[:6]][0])


def collated():
    own = generator()
    return data.DataLoader(ROWS, 6, collate_fn=lambda rows: tuple(
        part + (torch.randn(1, generator=own) if part.is_floating_point() else 0)
        for part in data.default_collate(rows)))


def partly(own, number):
    return drawn(torch.randperm(24, generator=own)[:6])


SOURCES = {
    "a sampler with a generator": lambda: data.DataLoader(
        ROWS, 6, sampler=data.RandomSampler(ROWS, generator=generator())),
    "weights with a generator": lambda: data.DataLoader(
        ROWS, 6, sampler=data.WeightedRandomSampler(torch.arange(1.0, 25), 24, generator=generator())),
    "a batch sampler": lambda: data.DataLoader(
        ROWS, batch_sampler=data.BatchSampler(data.RandomSampler(ROWS, generator=generator()), 6, drop_last=False)),
    "a sampler that is told the epoch": lambda: data.DataLoader(
        ROWS, 6, sampler=data.DistributedSampler(ROWS, num_replicas=1, rank=0)),
    "a sampler with NumPy": lambda: data.DataLoader(ROWS, 6, sampler=NumpySampler()),
    "draws in workers": lambda: data.DataLoader(Augmented(), 6, shuffle=True, num_workers=1),
    "draws when a batch is put together": collated,
    "an iterable with slots": InSlots,
    "a method": lambda: InSlots().numbered,
    "variables around": around,
    "a generator of the module": in_module,
    "a partial function": lambda: functools.partial(partly, generator()),
}


def trained(source, **options):
    """(weights, the batches' first inputs in order) of a run from a fixed start."""
    torch.manual_seed(5)
    model, seen = torch.nn.Linear(1, 2), []
    model.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0].flatten().tolist()))
    fit(model, source, torch_optim.AdamW(model.parameters(), lr=0.05), device="cpu", **options)
    return model.weight.detach(), seen


def broken_off(make, tmp_path):
    """(batches of the whole run, of the run after a break at step 9 of 14; whether the weights are the same)."""
    path = tmp_path / "run.pt"
    whole, wanted = trained(make(), steps=14)
    trained(make(), steps=9, checkpoint=path)
    weights, seen = trained(make(), steps=14, checkpoint=path, resume=True)
    return wanted, wanted[:9] + seen[-5:], torch.equal(weights, whole)


@pytest.mark.parametrize("name", SOURCES)
def test_batches_go_on_where_they_were_wherever_the_source_keeps_its_generator(name, tmp_path):
    wanted, found, same = broken_off(SOURCES[name], tmp_path)
    assert found == wanted
    assert same
    assert len(set(map(tuple, wanted))) > 8  # the order does change


def test_workers_that_outlive_an_epoch_keep_the_order_and_what_they_do_not_keep_is_said_before(tmp_path):
    def make():
        return data.DataLoader(ROWS, 6, shuffle=True, num_workers=1, persistent_workers=True)

    with pytest.warns(UserWarning, match="persistent_workers=False is exact"):
        wanted, found, same = broken_off(make, tmp_path)
    assert found == wanted
    assert same


def test_batches_that_come_otherwise_after_a_break_are_noticed(tmp_path):
    """Neither a generator nor an epoch can be found here: the order is the clock's."""
    count = iter(range(10**6))

    class Untold:
        def __iter__(self):
            for _ in range(4):
                yield drawn(torch.tensor([next(count) % 24, 0]))

    with pytest.warns(UserWarning, match="do not come again as they were"):
        broken_off(Untold, tmp_path)


def test_every_epoch_has_an_order_of_its_own_and_all_parts_are_told_its_number():
    told = []
    sampler = data.DistributedSampler(ROWS, num_replicas=1, rank=0)
    sampler.set_epoch = lambda epoch: (told.append(epoch), setattr(sampler, "epoch", epoch))
    _, seen = trained(data.DataLoader(ROWS, 6, sampler=sampler), steps=12)
    assert told == [0, 1, 2]
    assert len({tuple(map(tuple, seen[i : i + 4])) for i in (0, 4, 8)}) == 3


def test_a_source_with_other_generators_is_refused_and_nothing_is_lost(tmp_path):
    path = tmp_path / "run.pt"
    trained(SOURCES["a sampler with a generator"](), steps=5, checkpoint=path)
    before = path.read_bytes()
    with pytest.raises(ValueError, match="generators of its own at"):
        trained(data.DataLoader(ROWS, 6), steps=9, checkpoint=path, resume=True)
    assert path.read_bytes() == before


def test_looking_for_generators_reads_no_data_and_stumbles_over_nothing():
    class Odd:
        def __init__(self):
            self.rows, self.itself, self.later = list(range(1000)), self, None

        @property
        def expensive(self):
            raise AssertionError("asked for")

        def __iter__(self):
            return (name for name in undefined_yet)  # noqa: F821

    odd = Odd()

    def unset():
        return later

    odd.function = unset
    assert sources.generators(odd) == {}
    later = generator()
    assert list(sources.generators(odd)) == ["function.later"]
    assert isinstance(sources.parts(odd), dict)
    assert isinstance(unset, types.FunctionType)


def test_an_ordinary_run_is_not_warned_about():
    with warnings.catch_warnings(), tempfile.TemporaryDirectory() as folder:
        warnings.simplefilter("error")
        broken_off(lambda: data.DataLoader(ROWS, 6, shuffle=True), Path(folder))
