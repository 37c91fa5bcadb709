"""Facts come first: each mistake of a loop is read off the mechanism, and its healthy twin raises no alarm."""

import copy
import warnings

import pytest
import torch
from torch import nn
from torch.nn import functional as F
from watched_runs import batch, cross_entropy, mlp, run

from adamkit.diagnostics import Monitor, Readings, examine

CASES = {}


def case(*names):
    """Enter a function of (ill) → report, of which the first finding should be one of the names."""

    def enter(run):
        CASES[run.__name__] = (run, names)
        return run

    return enter


@case("no_steps")
def step_never_called(ill):
    return run(mlp(), take=not ill)


def scaled(*, loss=cross_entropy, clip=None, unscale=False):
    """The report of a loop with a gradient scaler."""
    model = mlp()
    optimizer, scaler = torch.optim.SGD(model.parameters(), lr=0.1), torch.amp.GradScaler("cpu")
    monitor = Monitor(model, optimizer, on_nonfinite="record")
    for step in range(60):
        optimizer.zero_grad()
        value = loss(model, step)
        scaler.scale(value).backward()
        if unscale:
            scaler.unscale_(optimizer)
        if clip:
            clip(monitor, model)
        scaler.step(optimizer)
        scaler.update()
        monitor.observe(loss=value)
    return monitor.report()


@case("steps_skipped")
def scaler_skips(ill):
    broken = lambda model, step: cross_entropy(model, step) + (model[2].bias * 0).square().sum().sqrt()
    return scaled(loss=broken if ill else cross_entropy)


@case("zeroed_before_step")
def zeroed_after_backward(ill):
    return run(mlp(), before=(lambda monitor, optimizer: optimizer.zero_grad()) if ill else None)


@case("zeroed_before_step")
def zeroed_in_place(ill):
    zero = lambda monitor, optimizer: optimizer.zero_grad(set_to_none=False)
    return run(mlp(), before=zero if ill else None)


@case("stale_gradients")
def never_zeroed(ill):
    model = mlp()
    return run(model, torch.optim.SGD(model.parameters(), lr=0.05), zero=not ill)


@case("no_gradient")
def rebuilt_from_a_number(ill):
    again = lambda model, step: torch.tensor(cross_entropy(model, step).item(), requires_grad=True)
    return run(mlp(), loss=again if ill else cross_entropy)


@case("no_gradient")
def loss_of_another_model(ill):
    model = mlp()
    other = copy.deepcopy(model) if ill else model
    return run(model, loss=lambda _, step: cross_entropy(other, step))


@case("same_loss")
def one_loss_for_all_steps(ill):
    model = nn.Linear(8, 4)
    once = cross_entropy(model, 0)
    monitor = Monitor(model, optimizer := torch.optim.SGD(model.parameters(), lr=0.3))
    for _ in range(40):
        optimizer.zero_grad()
        value = once if ill else cross_entropy(model, 0)
        value.backward(retain_graph=True)
        optimizer.step()
        monitor.observe(loss=value)
    return monitor.report()


@case("same_loss")
def one_gradient_for_all_steps(ill):
    kept, model = [], mlp()

    def put(*_):
        kept.append([p.grad for p in model.parameters()])
        [setattr(p, "grad", g) for p, g in zip(model.parameters(), kept[0 if ill else -1])]

    return run(model, before=put)


@case("dead_gradient")
def dead_output(ill):
    model = mlp(nn.ReLU() if ill else nn.Softplus(), classes=1)
    nn.init.constant_(model[2].bias, -5.0 if ill else 0.0)
    return run(model, loss=lambda model, step: (model(batch(step)[0]) - 1).square().mean())


class Parts(nn.Module):
    """An encoder and a head; the encoder's output is cut as asked."""

    def __init__(self, cut):
        super().__init__()
        self.encoder, self.head, self.cut = nn.Linear(8, 16), nn.Linear(16, 4), cut

    def forward(self, x):
        with torch.set_grad_enabled(self.cut != "no_grad" and torch.is_grad_enabled()):
            z = self.encoder(x).relu()
        return self.head(z.detach() if self.cut == "detach" else z)


@case("cut_off")
def detached(ill):
    return run(Parts("detach" if ill else None))


@case("cut_off")
def under_no_grad(ill):
    return run(Parts("no_grad" if ill else None))


@case("not_in_optimizer")
def head_replaced(ill):
    model = mlp()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    if ill:
        model[2] = nn.Linear(16, 4)
    return run(model, optimizer)


@case("not_in_optimizer")
def thawed_and_not_given(ill):
    model = mlp()
    model[0].requires_grad_(False)
    optimizer = torch.optim.Adam([p for p in model.parameters() if p.requires_grad], lr=1e-2)

    def after(monitor, model, step):
        if step == 20:
            model[0].requires_grad_(True)
            if not ill:
                optimizer.add_param_group({"params": list(model[0].parameters())})

    return run(model, optimizer, after=after)


@case("not_registered")
def layers_in_a_list(ill):
    class Listed(nn.Module):
        def __init__(self):
            super().__init__()
            layers = [nn.Linear(8, 16), nn.Linear(16, 4)]
            self.first, self.rest = nn.Linear(8, 8), layers if ill else nn.ModuleList(layers)

        def forward(self, x):
            return self.rest[1](self.rest[0](self.first(x)).relu())

    return run(Listed())


@case("updates_lost")
def rounded_away(ill):
    model = mlp().to(torch.bfloat16 if ill else torch.float32)
    kind = model[0].weight.dtype
    loss = lambda model, step: F.cross_entropy(model(batch(step)[0].to(kind)), batch(step)[1])
    return run(model, torch.optim.Adam(model.parameters(), lr=1e-5 if ill else 1e-2), loss=loss)


@case("weights_do_not_move")
def rate_of_zero(ill):
    model = mlp()
    return run(model, torch.optim.SGD(model.parameters(), lr=0.0 if ill else 0.1))


@case("eval_mode")
def left_in_evaluation(ill):
    def after(monitor, model, step):
        if step % 10 == 4:
            model.eval()
            monitor.observe(validation=cross_entropy(model, 1000).item())
            model.train(not ill)

    return run(mlp(nn.Dropout(0.1)), after=after)


@case("validation_in_train_mode")
def validated_in_training(ill):
    def after(monitor, model, step):
        if step % 10 == 4:
            model.train(ill)
            with torch.no_grad():
                monitor.observe(validation=cross_entropy(model, 1000).item())
            model.train()

    return run(nn.Sequential(nn.Linear(8, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Linear(16, 4)), after=after)


@case("tiny_batches")
def two_rows(ill):
    rows = 2 if ill else 16
    loss = lambda model, step: F.cross_entropy(model(batch(step)[0][:rows]), batch(step)[1][:rows])
    return run(nn.Sequential(nn.Linear(8, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Linear(16, 4)), loss=loss)


@case("clip_before_unscale")
def clipped_by_the_monitor_before_unscaling(ill):
    return scaled(clip=lambda monitor, model: monitor.clip_(3.0), unscale=not ill)


@case("clip_before_unscale")
def clipped_unseen_before_unscaling(ill):
    return scaled(clip=lambda monitor, model: nn.utils.clip_grad_norm_(model.parameters(), 3.0), unscale=not ill)


@case("clip_too_tight")
def clipped_to_nothing(ill):
    model = mlp()
    clip = lambda monitor, optimizer: nn.utils.clip_grad_norm_(model.parameters(), 1e-3 if ill else 3.0)
    return run(model, torch.optim.SGD(model.parameters(), lr=0.1), before=clip)


@case("schedule_ran_out")
def halved_at_each_batch(ill):
    model = mlp()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    schedule = torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.5 if ill else 0.99)
    return run(model, optimizer, after=lambda *_: schedule.step(), steps=90)


@case("schedule_ran_out")
def cosine_too_short(ill):
    model = mlp()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 30 if ill else 60)
    return run(model, optimizer, after=lambda *_: schedule.step())


@case("state_reset")
def made_anew(ill):
    model = mlp()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    monitor = Monitor(model, optimizer)
    for step in range(60):
        if ill and step % 15 == 14:
            optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
        optimizer.zero_grad()
        value = cross_entropy(model, step)
        value.backward()
        optimizer.step()
        monitor.observe(loss=value)
    return monitor.report()


@case("wrong_output")
def softmax_twice(ill):
    return run(mlp(*([nn.Softmax(1)] if ill else [])))


@case("broadcast_loss")
def targets_of_another_shape(ill):
    def loss(model, step):
        x = batch(step)[0]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # torch warns, too
            return F.mse_loss(model(x), x[:, 0] if ill else x[:, :1])

    return run(mlp(classes=1), loss=loss)


@pytest.mark.parametrize("name", CASES)
def test_a_mistake_is_named_for_certain_and_its_twin_is_silent(name):
    make, names = CASES[name]
    torch.manual_seed(0)
    first = make(True).findings[0]
    assert first.disease in names
    assert first.test
    torch.manual_seed(0)
    report = make(False)
    assert report.healthy, report


def test_outputs_divided_by_their_norms_are_not_compared_with_all_rows_where_there_are_as_many_features():
    aims = F.normalize(torch.randn(4, 16, generator=torch.Generator().manual_seed(1)))
    loss = lambda model, step: 1 - (F.normalize(model(batch(step)[0])) * aims[batch(step)[1]]).sum(1).mean()
    assert "broadcast_loss" not in run(mlp(classes=16), loss=loss).diseases  # 16 rows a batch, too


def test_gradients_accumulated_on_purpose_are_not_stale():
    torch.manual_seed(0)
    model = mlp()
    monitor = Monitor(model, optimizer := torch.optim.SGD(model.parameters(), lr=0.1))
    for step in range(120):
        value = cross_entropy(model, step)
        (value / 4).backward()
        monitor.observe(loss=value)
        if step % 4 == 3:
            optimizer.step()
            optimizer.zero_grad(set_to_none=step % 8 == 3)
    assert monitor.report().healthy


def test_a_backbone_that_was_trained_and_is_in_no_optimizer_is_a_note_and_no_alarm():
    torch.manual_seed(0)
    model = mlp()
    run(model, steps=100)
    model[2].reset_parameters()
    report = run(model, torch.optim.Adam(model[2].parameters(), lr=1e-2))
    assert report.healthy
    assert any("0.bias, 0.weight" in note for note in report.notes)


def test_two_networks_that_train_each_other_do_not_list_each_others_weights():
    torch.manual_seed(0)
    maker, judge = mlp(classes=8), mlp(classes=1)
    optimizers = [torch.optim.Adam(m.parameters(), lr=1e-3) for m in (judge, maker)]
    monitors = [Monitor(m, o) for m, o in zip((judge, maker), optimizers)]
    for step in range(60):
        x = batch(step)[0]
        for place in (0, 1):
            optimizers[place].zero_grad()
            value = -judge(maker(x)).mean() if place else judge(maker(x).detach()).mean() - judge(x).mean()
            value.backward()
            optimizers[place].step()
            monitors[place].observe(loss=value)
    assert [monitor.report().diseases for monitor in monitors] == [[], []]


def test_the_facts_of_a_run_survive_a_file(tmp_path):
    torch.manual_seed(0)
    model = mlp()
    monitor = Monitor(model, optimizer := torch.optim.Adam(model.parameters()))
    for step in range(40):
        value = cross_entropy(model, step)
        value.backward()
        optimizer.step()
        monitor.observe(loss=value)
    path = monitor.records().save(tmp_path / "run.npz")
    assert str(examine(Readings.load(path))) == str(monitor.report())
    assert monitor.report().diseases[0] == "stale_gradients"
