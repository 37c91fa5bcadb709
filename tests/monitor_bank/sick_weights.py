"""Sick: which weights are trained, and by whom. What the optimizer was given, and other hands on the weights."""

import copy

import torch
from torch import nn

from monitor_bank.kinds import sick
from monitor_bank.parts import batches, ce, cnn, digits, mlp, tested, train
from monitor_bank.words import HAND, LOWER, NOT_GIVEN, RAISE


@sick("the documentation of torch.optim on creating the optimizer last; datawhalechina/torch-rechub #26",
      right=NOT_GIVEN, harm=[RAISE, LOWER], good=0.6)
def optimizer_of_the_old_model(ill, seed, watch):
    """The model is copied (to a device, into a wrapper) after the optimizer was made from the old one."""
    model = mlp(64, 64, 10)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    if ill:
        model = copy.deepcopy(model)
    monitor = watch(model, optimizer, classes=10)
    train(monitor, model, optimizer, lambda part: ce(model, part), batches(300, 32, seed))
    return tested(model)


@sick("a common slip of fine-tuning: the new head is not in the optimizer", right=NOT_GIVEN, harm=[RAISE, LOWER],
      good=0.5)
def head_replaced_after_the_optimizer(ill, seed, watch):
    """The last layer is replaced after the optimizer was made: the new one is never trained, the body is."""
    model = mlp(64, 32, 24, 10)
    if not ill:
        model[4] = nn.Linear(24, 10)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    if ill:
        model[4] = nn.Linear(24, 10)
        nn.init.normal_(model[4].weight, std=0.02)
    monitor = watch(model, optimizer, classes=10)
    train(monitor, model, optimizer, lambda part: ce(model, part), batches(300, 32, seed))
    return tested(model)


@sick("a common slip of gradual unfreezing", right=NOT_GIVEN, harm=[RAISE, LOWER], good=0.4)
def thawed_without_the_optimizer(ill, seed, watch):
    """The body is frozen for 150 steps and thawed; the optimizer, made of what was trainable, never hears of it."""
    model = mlp(64, 16, 16, 10)
    body = list(model[:4].parameters())
    for p in body:
        p.requires_grad_(False)
    optimizer = torch.optim.Adam([p for p in model.parameters() if p.requires_grad], lr=3e-3)
    monitor = watch(model, optimizer, classes=10)

    def thaw(step):
        if step == 150:
            for p in body:
                p.requires_grad_(True)
            if not ill:
                optimizer.add_param_group({"params": body})

    train(monitor, model, optimizer, lambda part: ce(model, part), batches(500, 32, seed), after=thaw)
    return tested(model)


@sick("a common slip with two optimizers", right=[*NOT_GIVEN, r"never.{0,30}step", r"step.{0,30}never",
      r"not (been )?(called|taken)"], harm=[RAISE, LOWER], good=0.35)
def second_optimizer_never_stepped(ill, seed, watch):
    """Encoder and head have an optimizer each, and only the head's is stepped."""
    model = nn.Sequential(mlp(64, 12, 12), nn.ReLU(), nn.Linear(12, 10))
    first, second = torch.optim.Adam(model[0].parameters(), lr=3e-3), torch.optim.Adam(model[2].parameters(), lr=3e-3)
    monitor = watch(model, [first, second], classes=10)
    for part in batches(450, 32, seed):
        model.zero_grad()
        loss = ce(model, part)
        loss.backward()
        if not ill:
            first.step()
        second.step()
        monitor.observe(loss=loss)
    return tested(model)


@sick("MultimediaTechLab/YOLO #97: the stored weights come back after every epoch", right=HAND, harm=[RAISE, LOWER],
      good=0.5)
def checkpoint_restored_each_epoch(ill, seed, watch):
    """At the end of each epoch the weights of the start are loaded again, in place of the best ones."""
    model = cnn()
    optimizer, stored = torch.optim.Adam(model.parameters(), lr=2e-3), copy.deepcopy(model.state_dict())
    monitor = watch(model, optimizer, classes=10)
    restore = lambda step: model.load_state_dict(stored) if ill and step % 44 == 43 else None
    x = digits()[0]
    train(monitor, model, optimizer, lambda part: ce(model, part, x), batches(352, 32, seed), after=restore)
    return tested(model, x=x)


@sick("PKU-YuanGroup/Open-Sora-Plan #186, OneTrainer #889: the averaged weights are copied back into the model",
      right=HAND, harm=[RAISE, LOWER], good=0.6)
def average_copied_back(ill, seed, watch):
    """An exponential average of the weights (0.99) is kept, and copied into the trained model after each step."""
    model = mlp(64, 48, 10)
    average = copy.deepcopy(model)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    monitor = watch(model, optimizer, classes=10)

    @torch.no_grad()
    def update(step):
        for p, mean in zip(model.parameters(), average.parameters()):
            mean.lerp_(p, 0.01)
            if ill:
                p.copy_(mean)

    train(monitor, model, optimizer, lambda part: ce(model, part), batches(350, 32, seed), after=update)
    return tested(model)


@sick("GAN code taken over: every weight is clamped to ±0.01", right=[*HAND, r"clamp"], harm=[RAISE, LOWER], good=0.7)
def weights_clamped(ill, seed, watch):
    """The weights of a classifier are clamped after each step, by a line left from a Wasserstein GAN."""
    model = mlp(64, 48, 10)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    monitor = watch(model, optimizer, classes=10)

    def clamp(step):
        for p in model.parameters() if ill else ():
            p.data.clamp_(-0.01, 0.01)

    train(monitor, model, optimizer, lambda part: ce(model, part), batches(300, 32, seed), after=clamp)
    return tested(model)


@sick("microsoft/LoRA #124: requires_grad and its workarounds", right=[r"no gradient", r"frozen", r"requires_grad"],
      harm=[RAISE, LOWER], good=0.5)
def frozen_by_mistake(ill, seed, watch):
    """requires_grad was turned off everywhere but in one bias, by a filter on names that matched too much."""
    model = mlp(64, 48, 48, 10)
    for name, p in model.named_parameters():
        p.requires_grad_(not ill or name == "4.bias")
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    monitor = watch(model, optimizer, classes=10)
    train(monitor, model, optimizer, lambda part: ce(model, part), batches(350, 32, seed))
    return tested(model)


@sick("alan-turing-institute/deepsensor #47: the optimizer is made anew",
      right=[r"state.{0,40}(young|new|fresh|younger|lost|empty)", r"(new|another|fresh) optimizer", r"re-?created",
      r"made anew", r"replaced", r"first step"], harm=[RAISE], good=0.5)
def optimizer_made_anew_each_step(ill, seed, watch):
    """A helper function makes Adam and takes a step: each step is a first one, of ±η in every coordinate."""
    model = mlp(64, 48, 48, 10)
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-2)
    monitor = watch(model, optimizer, classes=10)
    for part in batches(300, 32, seed):
        optimizer.zero_grad()
        loss = ce(model, part)
        loss.backward()
        if ill:
            torch.optim.Adam(model.parameters(), lr=3e-2).step()
        else:
            optimizer.step()
        monitor.observe(loss=loss)
    return tested(model)


@sick("a common slip: initialisation in the wrong place", right=[r"reset|re-?initiali[sz]ed", *HAND],
      harm=[RAISE, LOWER], good=0.55)
def layer_reset_each_step(ill, seed, watch):
    """The function that initialises the weights is called in the loop, and draws the first layer anew each time."""
    model = mlp(64, 48, 10)
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
    monitor = watch(model, optimizer, classes=10)

    def reset(step):
        if ill:
            model[0].reset_parameters()

    train(monitor, model, optimizer, lambda part: ce(model, part), batches(250, 32, seed), after=reset)
    return tested(model)
