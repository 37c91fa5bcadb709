"""A training that was cut off goes on as if nothing had been, bit for bit; an unsound checkpoint is refused."""

import os
import signal

import numpy as np
import pytest
import torch
from slices import ordinarily
from variant_runs import RULES, takes

from adamkit import schedules, torch_optim
from adamkit.training import Control, Watcher, checkpoints, fit, tasks
from adamkit.training.models import MLP, DigitsCNN

pytestmark = pytest.mark.usefixtures("one_thread")
STEPS, CUT = 14, 5
SCHEDULES = {
    "constant": schedules.constant(),
    "linear_warmup": schedules.linear_warmup(warmup=4),
    "warmup_cosine": schedules.warmup_cosine(warmup=4, total=STEPS),
    "warmup_inverse_sqrt": schedules.warmup_inverse_sqrt(warmup=4),
    "warmup_linear": schedules.warmup_linear(warmup=4, total=STEPS),
    "warmup_stable_decay": schedules.warmup_stable_decay(warmup=3, total=STEPS, decay=4),
    "step_decay": schedules.step_decay(every=3),
    "transformer": schedules.transformer(d_model=32, warmup=4),
}
OURS = tuple(name for name in RULES if takes(name))
TORCHS = ("SGD", "Adam", "AdamW", "RMSprop", "NAdam", "Adafactor")


def dropping():
    """A model that needs the random numbers, and whose epochs are short: 48 rows, 14 steps of 12."""
    data = tasks.digits_mlp(rows=48).data
    return tasks.Task("dropout", data, lambda: torch.nn.Sequential(MLP((64, 8)), torch.nn.Dropout(0.3),
                                                                  torch.nn.Linear(8, 10)))


class Pressing(Watcher):
    def __init__(self, step, action):
        self.step, self.action = step, action

    def on_step(self, record):
        if record.step == self.step:
            self.action()


def run(make_optimizer, *, task=None, make_schedule=lambda optimizer: None, source=None, **options):
    """(model, history) of one call of fit, everything made anew, as in a new process."""
    task = task or dropping()
    model = task.fresh_model(0)
    optimizer = make_optimizer(model.parameters())
    batches = task if source is None else source(task)
    history = fit(model, batches, optimizer, schedule=make_schedule(optimizer), device="cpu",
                  **{"steps": STEPS, "batch_size": 12, "evaluate_every": 4, **options})
    return model, optimizer, history


def assert_resumes_exactly(tmp_path, make_optimizer, **options):
    whole = run(make_optimizer, **options)
    path = tmp_path / "run.pt"
    control = Control()
    first = run(make_optimizer, checkpoint=path, control=control, watchers=[Pressing(CUT, control.stop)], **options)[2]
    assert (first.ended, len(first)) == ("stopped", CUT)
    torch.manual_seed(999)  # another process has other random numbers
    rest = run(make_optimizer, checkpoint=path, resume=True, **options)
    assert_same(whole, rest)


def assert_same(whole, rest):
    (model, optimizer, history), (other, other_optimizer, other_history) = whole, rest
    for (name, value), mine in zip(model.state_dict().items(), other.state_dict().values(), strict=True):
        assert torch.equal(value, mine), name
    states, others = optimizer.state_dict()["state"], other_optimizer.state_dict()["state"]
    assert states.keys() == others.keys()
    for index, memory in states.items():
        for key, value in memory.items():
            assert torch.equal(torch.as_tensor(value), torch.as_tensor(others[index][key])), key
    assert len(history) == len(other_history) == STEPS
    for name in ("step", "loss", "rate", "grad_norm", "update_ratio"):
        np.testing.assert_array_equal(getattr(history, name), getattr(other_history, name))
    assert history.evaluations == other_history.evaluations
    assert other_history.ended == "finished"


@pytest.mark.parametrize("name", OURS)
def test_each_of_our_optimizers_goes_on_exactly(tmp_path, name):
    assert_resumes_exactly(tmp_path, lambda params: getattr(torch_optim, name)(params, lr=0.01))


@pytest.mark.parametrize("name", ordinarily(["SGD", "NAdam", "Adafactor"], TORCHS))
def test_each_of_torchs_optimizers_goes_on_exactly(tmp_path, name):
    assert_resumes_exactly(tmp_path, lambda params: getattr(torch.optim, name)(params, lr=0.01))


@pytest.mark.parametrize("name", SCHEDULES)
def test_each_schedule_goes_on_exactly(tmp_path, name):
    assert set(SCHEDULES) == set(schedules.ALL)
    assert_resumes_exactly(tmp_path, lambda params: torch_optim.AdamW(params, lr=0.01),
                           make_schedule=lambda optimizer: SCHEDULES[name])


@pytest.mark.parametrize("make", [
    lambda optimizer: SCHEDULES["warmup_cosine"].as_lambda_lr(optimizer),
    lambda optimizer: torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, STEPS),
    lambda optimizer: torch.optim.lr_scheduler.StepLR(optimizer, 3),
    lambda optimizer: torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.05, STEPS + 1),
    lambda optimizer: torch.optim.lr_scheduler.SequentialLR(
        optimizer, [torch.optim.lr_scheduler.LinearLR(optimizer, 0.1, total_iters=3),
                    torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.9)], [3]),
], ids=["lambda", "cosine", "step", "one cycle", "sequence"])
def test_each_kind_of_torch_scheduler_goes_on_exactly(tmp_path, make):
    assert_resumes_exactly(tmp_path, lambda params: torch.optim.AdamW(params, lr=0.01), make_schedule=make)


@pytest.mark.parametrize("options", [{"accumulate": 3, "clip": 0.5}, {"amp": "bf16"}, {"seed": 7, "ratio_every": 3}],
                         ids=["accumulation and clipping", "bf16", "another seed"])
def test_each_way_of_stepping_goes_on_exactly(tmp_path, options):
    assert_resumes_exactly(tmp_path, lambda params: torch_optim.AdamW(params, lr=0.01), **options)


def test_batch_norm_goes_on_exactly(tmp_path):
    data = tasks.digits_mlp(rows=48).data
    images = tasks.Task("images", tasks.Classification(
        data.x_train.reshape(-1, 1, 8, 8), data.y_train, data.x_test.reshape(-1, 1, 8, 8), data.y_test, 10),
        lambda: DigitsCNN((4, 8)))
    assert_resumes_exactly(tmp_path, lambda params: torch_optim.AdamW(params, lr=0.01), task=images)


def loader(task, generator=None):
    pairs = torch.utils.data.TensorDataset(task.data.x_train, task.data.y_train)
    return torch.utils.data.DataLoader(pairs, batch_size=12, shuffle=True, generator=generator)


def noisy(task):
    """A source that draws from NumPy's shared generator, as many augmentations do."""
    class Noisy:
        def __iter__(self):
            for inputs, targets in zip(task.data.x_train.split(12), task.data.y_train.split(12), strict=True):
                noise = np.random.normal(size=(12, 64)).astype(np.float32)  # noqa: NPY002
                yield inputs + torch.from_numpy(noise), targets

    return Noisy()


SOURCES = {
    "a shuffling DataLoader": loader,
    "a DataLoader with a generator of its own": lambda task: loader(task, torch.Generator().manual_seed(3)),
    "an augmentation with NumPy": noisy,
    "a list": lambda task: [(task.data.x_train[i::4], task.data.y_train[i::4]) for i in range(4)],
    "a function": lambda task: lambda number: (task.data.x_train[number::14], task.data.y_train[number::14]),
}


@pytest.mark.parametrize("accumulate", [1, 3])
@pytest.mark.parametrize("name", SOURCES)
def test_each_source_of_batches_goes_on_exactly(tmp_path, name, accumulate):
    assert_resumes_exactly(tmp_path, lambda params: torch_optim.AdamW(params, lr=0.01), source=SOURCES[name],
                           accumulate=accumulate, evaluate=lambda model: {"weight": next(model.parameters()).sum()})


def adamw(params):
    return torch_optim.AdamW(params, lr=0.01)


def test_an_interrupt_leaves_a_checkpoint_that_goes_on_exactly(tmp_path):
    path = tmp_path / "run.pt"
    press = Pressing(CUT, lambda: os.kill(os.getpid(), signal.SIGINT))
    _, _, first = run(adamw, checkpoint=path, watchers=[press])
    assert (first.ended, len(first)) == ("interrupted", CUT)
    assert_same(run(adamw), run(adamw, checkpoint=path, resume=True))


def test_a_crash_goes_on_exactly_from_the_last_periodic_checkpoint(tmp_path):
    path = tmp_path / "run.pt"

    def crash():
        raise MemoryError

    with pytest.raises(MemoryError):
        run(adamw, checkpoint=path, checkpoint_every=3, watchers=[Pressing(8, crash)])
    assert checkpoints.load(path)["step"] == 6
    assert_same(run(adamw), run(adamw, checkpoint=path, resume=True))


def test_torchs_checkpoint_goes_on_with_our_optimizer_of_the_same_name(tmp_path):
    path = tmp_path / "run.pt"
    run(lambda params: torch.optim.AdamW(params, lr=0.01), checkpoint=path, steps=CUT)
    ours = run(adamw, checkpoint=path, resume=True)[2]
    theirs = run(lambda params: torch.optim.AdamW(params, lr=0.01))[2]
    np.testing.assert_allclose(ours.loss, theirs.loss, rtol=1e-5)


def test_resuming_where_nothing_is_begins_and_a_finished_run_is_only_read(tmp_path):
    path = tmp_path / "run.pt"
    first = run(adamw, checkpoint=path, resume=True)
    again = run(adamw, checkpoint=path, resume=True)
    assert_same(first, again)
    longer = run(adamw, checkpoint=path, resume=True, steps=STEPS + 3)
    assert longer[2].step.tolist() == list(range(1, STEPS + 4))
    assert longer[2].loss[:STEPS].tolist() == first[2].loss.tolist()


# What is refused


def saved(tmp_path):
    path = tmp_path / "run.pt"
    run(adamw, checkpoint=path, steps=CUT)
    return path


def assert_refused(path, sentence, make_optimizer=adamw, **options):
    """Refused with a sentence; the file, the model and the optimizer are as they were."""
    before = path.read_bytes()
    task = options.pop("task", None) or dropping()
    model = task.fresh_model(0)
    weights = [p.detach().clone() for p in model.parameters()]
    optimizer = make_optimizer(model.parameters())
    with pytest.raises(checkpoints.CheckpointError, match=sentence):
        fit(model, task, optimizer, checkpoint=path, resume=True, device="cpu",
            **{"steps": STEPS, "batch_size": 12, **options})
    assert path.read_bytes() == before
    assert [p.name for p in path.parent.iterdir()] == [path.name]
    assert all(map(torch.equal, weights, model.parameters()))
    assert not optimizer.state


def test_a_checkpoint_is_never_overwritten_by_a_new_run(tmp_path):
    path = saved(tmp_path)
    before = path.read_bytes()
    with pytest.raises(FileExistsError, match="resume=True goes on from it"):
        run(adamw, checkpoint=path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("keep", [0, 10, 0.5, 0.99])
def test_a_cut_off_checkpoint_is_refused(tmp_path, keep):
    path = saved(tmp_path)
    content = path.read_bytes()
    path.write_bytes(content[: keep if isinstance(keep, int) else int(keep * len(content))])
    assert_refused(path, r"run\.pt: this checkpoint cannot be read")


def test_a_checkpoint_with_one_wrong_bit_is_refused_or_holds_the_same(tmp_path):
    """Wherever the bit is: in a tensor it is found by the checksum; in the padding between them it means nothing."""
    path = saved(tmp_path)
    content, wanted = path.read_bytes(), checkpoints.load(path)
    refused = 0
    for place in np.linspace(0, len(content) - 1, 60).astype(int):
        path.write_bytes(content[:place] + bytes([content[place] ^ 4]) + content[place + 1 :])
        try:
            found = checkpoints.load(path)
        except checkpoints.CheckpointError:
            refused += 1
            continue
        assert found["history"] == wanted["history"]
        assert all(torch.equal(value, found["model"][name]) for name, value in wanted["model"].items())
    assert refused > 20


def test_other_files_are_refused(tmp_path):
    path = tmp_path / "run.pt"
    torch.save({"weights": torch.ones(3)}, path)
    assert_refused(path, "no checkpoint of adamkit")
    torch.save(MLP((2, 2)), path)  # code, which is never run
    assert_refused(path, "cannot be read")
    torch.save({"format": checkpoints.FORMAT, "version": 99}, path)
    assert_refused(path, "has version 99")


@pytest.mark.parametrize(("options", "sentence"), [
    ({"batch_size": 24}, "batch_size=12, and now it is 24"),
    ({"accumulate": 2}, "accumulate=1, and now it is 2"),
    ({"seed": 1}, "seed=0, and now it is 1"),
    ({"steps": 3}, "5 steps are done already, more than steps=3"),
    ({"make_optimizer": torch_optim.SGD}, "made with the optimizer AdamW, and now it is SGD"),
    ({"make_optimizer": lambda params: torch_optim.AdamW([{"params": [p]} for p in params])}, "groups of"),
    ({"task": tasks.Task("dropout", tasks.digits_mlp(rows=48).data, lambda: MLP((64, 10)))}, "of another model"),
])
def test_a_checkpoint_of_another_training_is_refused(tmp_path, options, sentence):
    assert_refused(saved(tmp_path), sentence, **options)


def test_a_folder_that_is_not_there_is_refused_before_the_first_step(tmp_path):
    with pytest.raises(ValueError, match="must name a file in a folder that is there"):
        run(adamw, checkpoint=tmp_path / "none" / "run.pt")


def test_a_full_disk_leaves_the_last_checkpoint(tmp_path, full_disk):
    path = saved(tmp_path)
    before = path.read_bytes()
    with full_disk(), pytest.raises(OSError, match="No space left"):
        run(adamw, checkpoint=path, resume=True)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == [path.name]
