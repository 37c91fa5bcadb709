"""Sick: a step that is taken wrongly, on parameters that the wrong hand holds, or for a loss that is something else."""

import torch
import torch.nn.functional as F
from torch import nn

from monitor_bank.kinds import sick
from monitor_bank.parts import TEST, adam, batches, ce, cnn, digits, flat, mlp, regression, tested, train
from monitor_bank.words import HAND, LOWER, RAISE, SCHEDULE, TOO_LOW, ZERO

AGAIN = (r"same gradients", r"stale", r"zero_grad", r"again")
SHRINK = (r"decay", r"penalt", r"shrink")


def _digits(watch, model, optimizer, seed, *, steps=300, size=32, before=None, after=None, loss=None):
    loss = loss or (lambda part: ce(model, part))
    train(watch(model, optimizer, classes=10), model, optimizer, loss, batches(steps, size, seed), before=before,
          after=after)
    return tested(model)


@sick("a common question: why is my nll_loss negative?", right=[r"wrong_output"], harm=[RAISE, LOWER], good=0.6)
def likelihood_of_raw_scores(ill, seed, watch):
    """nll_loss on what the last layer gives: its log_softmax was forgotten, and the loss falls without end."""
    model = mlp(64, 64, 10)

    def loss(part):
        scores = model(flat()[0][part])
        return F.nll_loss(scores if ill else scores.log_softmax(1), flat()[1][part])

    return _digits(watch, model, adam(model), seed, loss=loss)


@sick("a common slip: the clip was put before backward()", right=[r"clip.{0,40}before"], harm=[RAISE], good=1.5)
def clipped_before_the_backward_pass(ill, seed, watch):
    """SGD at a rate that needs its clip: the clip sees zeros, and the gradient that comes after it is not clipped."""
    model, (x, _) = mlp(64, 96, 1), flat()
    optimizer, y = torch.optim.SGD(model.parameters(), lr=0.3), 3 * regression()
    monitor = watch(model, optimizer)
    for part in batches(300, 8, seed):
        optimizer.zero_grad(set_to_none=False)
        loss = F.mse_loss(model(x[part]), y[part])
        for act in (lambda: monitor.clip_(0.5), loss.backward)[:: 1 if ill else -1]:
            act()
        optimizer.step()
        monitor.observe(loss=loss)
    with torch.no_grad():
        return F.mse_loss(model(x[TEST]), y[TEST]).item()


@sick("a common report: weights with requires_grad=False go on changing under weight decay", good=0.6,
      right=[r"frozen weights still move"], harm=[RAISE, LOWER])
def frozen_weights_that_decay(ill, seed, watch):
    """The body is frozen at step 100, its gradients are zeroed in place: AdamW decays it to nothing."""
    model = mlp(64, 64, 48, 10)
    optimizer = torch.optim.AdamW(model.parameters(), lr=5e-3, weight_decay=2.0)
    monitor = watch(model, optimizer, classes=10)
    for step, part in enumerate(batches(500, 32, seed)):
        if step == 100:
            model[:4].requires_grad_(False)
        optimizer.zero_grad(set_to_none=not ill)
        loss = ce(model, part)
        loss.backward()
        optimizer.step()
        monitor.observe(loss=loss)
    return tested(model)


@sick("a common question: ReduceLROnPlateau stepped inside of the loop over batches", right=SCHEDULE, good=0.6)
def plateau_schedule_asked_at_each_batch(ill, seed, watch):
    """Its patience of 5 epochs is spent in 5 batches, and noise counts as no progress: the rate is gone in no time."""
    model, x, last = cnn(), digits()[0], []
    optimizer = adam(model, 3e-3)
    schedule = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, patience=5)
    monitor = watch(model, optimizer, classes=10)
    for step, part in enumerate(batches(430, 32, seed)):
        optimizer.zero_grad()
        loss = ce(model, part, x)
        loss.backward()
        optimizer.step()
        monitor.observe(loss=loss)
        last = [*last[-42:], loss.item()]
        if ill or step % 43 == 42:
            schedule.step(last[-1] if ill else sum(last) / len(last))
    return tested(model, x=x)


@sick("a common slip: LambdaLR takes a factor, and was given a rate", right=TOO_LOW, harm=[LOWER], good=0.6)
def rate_given_for_a_factor(ill, seed, watch):
    """The schedule's function returns the rate itself: the optimizer steps at 0.002 times 0.002."""
    model = mlp(64, 64, 10)
    optimizer = adam(model)
    top = 2e-3 if ill else 1.0
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: top * (1 - step / 301))
    return _digits(watch, model, optimizer, seed, after=lambda step: schedule.step())


@sick("a common slip: a penalty by hand, summed over all weights, with the factor of a mean", right=SHRINK,
      harm=[RAISE], good=0.6)
def penalty_on_the_weights_too_heavy(ill, seed, watch):
    """The squares of all weights are added to the loss as they are: the weights shrink, and nothing is learned."""
    model, factor = mlp(64, 64, 48, 10), 1.0 if ill else 1e-4
    return _digits(watch, model, adam(model), seed,
                   loss=lambda part: ce(model, part) + factor * sum(p.square().sum() for p in model.parameters()))


@sick("a common report: the trainer, a callback and the loop all step the optimizer", good=0.8, harm=[RAISE],
      right=AGAIN)
def five_steps_for_each_gradient(ill, seed, watch):
    """optimizer.step() is called in five places: each gradient is used five times over."""
    model = mlp(64, 64, 48, 10)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.03, momentum=0.9)
    monitor = watch(model, optimizer, classes=10)
    for part in batches(300, 16, seed):
        optimizer.zero_grad()
        loss = ce(model, part)
        loss.backward()
        for _ in range(5 if ill else 1):
            optimizer.step()
        monitor.observe(loss=loss)
    return tested(model)


@sick("a common slip in accumulation: zero_grad stands in the inner loop", right=[*ZERO, r"zeroed"], harm=[RAISE],
      good=0.75)
def zeroed_at_every_part(ill, seed, watch):
    """A step's gradient is gathered in 32 parts, and 31 of them are thrown away."""
    model = mlp(64, 64, 10)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    monitor = watch(model, optimizer, classes=10)
    for rows in batches(100, 64, seed):
        for number, part in enumerate(rows.split(2)):
            if ill or not number:
                optimizer.zero_grad()
            loss = ce(model, part)
            (loss / 32).backward()
            monitor.observe(loss=loss)
        optimizer.step()
    return tested(model)


@sick("a common slip with two networks: itertools.chain of both parameters", good=0.3, harm=[RAISE],
      right=[r"two optimizers"])
def critic_in_the_generators_optimizer(ill, seed, watch):
    """The generator's optimizer was made from both networks: its step teaches the critic to be fooled."""
    g = torch.Generator().manual_seed(seed)
    made, told = mlp(4, 32, 32, 2), mlp(2, 48, 48, 1)
    rivals = [torch.optim.Adam([*made.parameters(), *(told.parameters() if ill else ())], lr=1e-3, betas=(0.5, 0.9)),
              torch.optim.Adam(told.parameters(), lr=1e-3, betas=(0.5, 0.9))]
    monitor = watch(nn.ModuleDict({"made": made, "told": told}), rivals)

    def against(scores, real):
        return F.binary_cross_entropy_with_logits(scores, torch.full_like(scores, float(real)))

    for _ in range(800):
        turn = torch.rand(64, generator=g) * 6.283
        fake, real = made(torch.randn(64, 4, generator=g)), torch.stack([turn.cos(), turn.sin()], 1)
        loss = against(told(real), 1) + against(told(fake.detach()), 0)
        for optimizer, own in zip(rivals[::-1], (loss, None)):
            optimizer.zero_grad()
            (own if own is not None else against(told(fake), 1)).backward()
            optimizer.step()
        monitor.observe(loss=loss)
    with torch.no_grad():
        return (made(torch.randn(512, 4, generator=g)).norm(dim=1) - 1).abs().mean().item()


@sick("a common slip: param_groups[0]['lr'] is set by hand", right=[r"parameter group"], harm=[RAISE], good=0.1)
def first_group_alone_decays(ill, seed, watch):
    """A decay by hand reaches the first group, the head; the body keeps a rate of 0.02 to the end."""
    model = mlp(64, 96, 96, 10)
    optimizer = torch.optim.Adam([{"params": model[4].parameters()}, {"params": model[:4].parameters()}], lr=2e-2)

    def before(step):
        for group in optimizer.param_groups[: 1 if ill else 2]:
            group["lr"] = 2e-2 * (1 - step / 600)

    return _digits(watch, model, optimizer, seed, steps=600, size=8, before=before)


@sick("a common slip with torch.distributions: sample() for rsample()", right=[r"rsample"], harm=[RAISE, LOWER],
      good=17.0, unseen=True)
def sampled_where_it_should_pass(ill, seed, watch):
    """The code is sampled without a gradient: the encoder learns from the divergence alone."""
    encode, decode = mlp(64, 64, 16), mlp(8, 64, 64)
    model, x = nn.ModuleList([encode, decode]), flat()[0]
    optimizer = adam(model)

    def loss(part):
        mean, scale = encode(x[part]).chunk(2, 1)
        code = torch.distributions.Normal(mean, scale.exp())
        away = torch.distributions.kl_divergence(code, torch.distributions.Normal(0.0, 1.0)).sum(1).mean()
        return away + F.mse_loss(decode(code.sample() if ill else code.rsample()), x[part]) * 32

    train(watch(model, optimizer), model, optimizer, loss, batches(600, 32, seed))
    with torch.no_grad():
        return F.mse_loss(decode(encode(x[TEST]).chunk(2, 1)[0]), x[TEST]).item() * 32


class _Reversed(torch.autograd.Function):
    """Passes on what comes; its gradient is turned round."""

    @staticmethod
    def forward(context, x):
        return x.view_as(x)

    @staticmethod
    def backward(context, gradient):
        return -gradient


@sick("a common slip in domain adaptation: the reversal stands before the wrong head", good=0.8, harm=[RAISE],
      right=[r"a reversal", r"wrong_sign"])
def gradient_reversed_on_its_way(ill, seed, watch):
    """A layer that turns gradients round stands before the head of the labels: the body climbs their loss."""
    body, head = mlp(64, 64, 48), nn.Linear(48, 10)
    model = nn.ModuleList([body, head])
    optimizer = adam(model)

    def loss(part):
        h = body(flat()[0][part])
        return F.cross_entropy(head(_Reversed.apply(h) if ill else h), flat()[1][part])

    train(watch(model, optimizer, classes=10), model, optimizer, loss, batches(300, 32, seed))
    with torch.no_grad():
        return loss(TEST).item()


@sick("a common slip in training by stages: zero_grad of one module only", right=AGAIN, harm=[RAISE], good=0.6)
def gradient_kept_from_the_stage_before(ill, seed, watch):
    """From step 200 on zero_grad is called on the new head alone: the body's gradients add up from there on."""
    body, first, second = mlp(64, 64, 48), nn.Linear(48, 64), nn.Linear(48, 10)
    model, (x, y) = nn.ModuleDict({"body": body, "first": first, "second": second}), flat()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    monitor = watch(model, optimizer)
    for step, part in enumerate(batches(500, 32, seed)):
        (second if ill and step >= 200 else model).zero_grad()
        h = body(x[part]).relu()
        loss = F.mse_loss(first(h), x[part]) if step < 200 else F.cross_entropy(second(h), y[part])
        loss.backward()
        optimizer.step()
        monitor.observe(loss=loss)
    with torch.no_grad():
        return F.cross_entropy(second(body(x[TEST]).relu()), y[TEST]).item()


@sick("a common slip with slow weights: the share that they take was mistaken for an average's", harm=[RAISE], good=0.6,
      right=[*HAND, r"average"])
def fast_weights_drawn_back(ill, seed, watch):
    """Each fifth step the weights go back to their slow copies, which take 0.002 of the way, where 0.5 is usual."""
    model = mlp(64, 64, 10)
    slow = [p.detach().clone() for p in model.parameters()]

    @torch.no_grad()
    def after(step):
        if step % 5 == 4:
            torch._foreach_lerp_(slow, list(model.parameters()), 0.002 if ill else 0.5)
            torch._foreach_copy_(list(model.parameters()), slow)

    return _digits(watch, model, adam(model), seed, after=after)
