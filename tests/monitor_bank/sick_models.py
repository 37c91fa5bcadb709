"""Sick: the network and its loss. Activations, shapes, normalisation, what the loss is computed from."""

import torch
import torch.nn.functional as F
from torch import nn

from monitor_bank.kinds import sick
from monitor_bank.parts import batches, ce, cnn, digits, flat, mlp, mse, normed, regression, tested, text, train
from monitor_bank.words import LOWER, RAISE, TOO_HIGH

VANISH = (r"saturat", r"sigmoid", r"vanish", r"gradient (shrinks|dies|fades)", r"activation")


def _trained(watch, model, optimizer, rows, *, loss=ce, score=None, classes=10, **more):
    """Train, and the loss (or ``score``) on the test rows."""
    monitor = watch(model, optimizer, classes=classes)
    train(monitor, model, optimizer, lambda part: loss(model, part), rows, **more)
    return tested(model, score or loss)


@sick("tutorials on modules: layers in a plain Python list", right=[r"plain list", r"ModuleList", r"not registered",
      r"checklist"], harm=[RAISE, LOWER], unseen=True, good=0.3)
def layers_in_a_plain_list(ill, seed, watch):
    """The narrow body is in a list that the module does not know: its layers are not trained, nor seen."""

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            body = [nn.Linear(64, 10), nn.Linear(10, 10)]
            self.body, self.head = body if ill else nn.ModuleList(body), nn.Linear(10, 10)

        def forward(self, x):
            for layer in self.body:
                x = layer(x).relu()
            return self.head(x)

    model = Net()
    return _trained(watch, model, torch.optim.Adam(model.parameters(), lr=3e-3), batches(400, 32, seed))


@sick("the textbook: eight layers of sigmoids", right=VANISH, harm=[RAISE], good=0.9)
def sigmoids_eight_deep_adam(ill, seed, watch):
    """Eight layers of sigmoids under Adam: the gradient fades on its way down."""
    model = mlp(64, *[48] * 8, 10, act=nn.Sigmoid if ill else nn.ReLU)
    return _trained(watch, model, torch.optim.Adam(model.parameters(), lr=2e-3), batches(300, 32, seed))


@sick("the textbook: eight layers of sigmoids", right=VANISH, harm=[RAISE], good=0.9)
def sigmoids_six_deep_sgd(ill, seed, watch):
    """Six layers of sigmoids under SGD with momentum."""
    model = mlp(64, *[64] * 6, 10, act=nn.Sigmoid if ill else nn.Tanh)
    return _trained(watch, model, torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9), batches(300, 32, seed))


@sick("jvargasmu/population_estimation #68, shidi1985/L2RPN #6: ReLU at the output, dead", right=[r"dead", r"ReLU",
      r"saturat", r"activation"], harm=[RAISE], good=0.3)
def relu_at_the_output(ill, seed, watch):
    """A regressor of positive targets ends in a ReLU and starts below zero: no gradient passes, ever."""
    model = mlp(64, 48, 48, 1).append(nn.ReLU() if ill else nn.Softplus())
    if ill:
        nn.init.constant_(model[4].bias, -3.0)
    y = F.softplus(regression())
    loss = lambda model, part: F.mse_loss(model(flat()[0][part]), y[part])
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    return _trained(watch, model, optimizer, batches(300, 32, seed), loss=loss, classes=None)


@sick("the textbook: units that die of the first long steps", right=[r"dead", r"\bdie", r"ReLU", r"activation",
      *TOO_HIGH], harm=[RAISE], good=0.5)
def relus_killed_by_the_first_steps(ill, seed, watch):
    """Three steps at a rate of 30, then the usual one: the hidden units are dead."""
    model = mlp(64, 48, 48, 10)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 600.0 if ill and step < 3 else 1.0)
    return _trained(watch, model, optimizer, batches(300, 32, seed), after=lambda step: schedule.step())


@sick("lightning-bolts #654, illiterate/BertClassifier #2: softmax, and cross_entropy behind it", right=[r"softmax",
      r"logits", r"checklist"], harm=[RAISE], good=1.0)
def softmax_twice(ill, seed, watch):
    """The network ends in a softmax, and cross_entropy takes another: the loss cannot fall below 1.46."""
    model = mlp(64, 48, 48, 10)
    if ill:
        model.append(nn.Softmax(dim=1))
    return _trained(watch, model, torch.optim.SGD(model.parameters(), lr=0.1), batches(350, 32, seed))


@sick("a common slip: sigmoid, and BCEWithLogitsLoss behind it", right=[r"sigmoid", r"logits", r"checklist"],
      harm=[RAISE], unseen=True, good=0.45)
def sigmoid_twice(ill, seed, watch):
    """Ten yes-or-no outputs through a sigmoid, and a loss that takes another."""
    model, x, labels = mlp(64, 48, 10), *flat()
    if ill:
        model.append(nn.Sigmoid())
    y = F.one_hot(labels, 10).float()
    loss = lambda model, part: F.binary_cross_entropy_with_logits(model(x[part]), y[part])
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
    return _trained(watch, model, optimizer, batches(300, 32, seed), loss=loss, classes=None)


@sick("pytorch #16045 and many more: (N, 1) against (N)", right=[r"broadcast", r"shape", r"checklist"], harm=[RAISE,
      LOWER], unseen=True, good=0.4)
def broadcast_to_a_square(ill, seed, watch):
    """mse_loss of predictions (N, 1) and targets (N,): every prediction is compared with every target."""
    model, x, y = mlp(64, 48, 1), flat()[0], regression()
    loss = lambda model, part: F.mse_loss(model(x[part]), y[part].squeeze(1) if ill else y[part])
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
    return _trained(watch, model, optimizer, batches(350, 32, seed), loss=loss, score=mse, classes=None)


@sick("microsoft/LoRA #124, ReLeaSE #39: a loss made anew from a number", right=[r"detach", r"cut off",
      r"no gradient (reach|arriv|came|comes)", r"no gradient"], harm=[RAISE, LOWER], good=0.6)
def loss_made_of_a_number(ill, seed, watch):
    """loss = torch.tensor(loss.item(), requires_grad=True): backward() has nowhere to go."""
    model = mlp(64, 64, 10)
    loss = lambda model, part: torch.tensor(ce(model, part).item(), requires_grad=True) if ill else ce(model, part)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    return _trained(watch, model, optimizer, batches(300, 32, seed), loss=loss, score=ce)


@sick("forgotten torch.no_grad around the body, after a trial with features alone", right=[r"no_grad", r"detach",
      r"does not take part", r"cut off"], harm=[RAISE, LOWER], good=0.3)
def body_under_no_grad(ill, seed, watch):
    """The narrow body is called under no_grad, and has requires_grad and a place in the optimizer."""
    body, head = mlp(64, 10, 10), nn.Linear(10, 10)
    model = nn.ModuleList([body, head])

    def loss(model, part):
        with torch.set_grad_enabled(not ill and torch.is_grad_enabled()):
            features = body(flat()[0][part]).relu()
        return F.cross_entropy(head(features), flat()[1][part])

    return _trained(watch, model, torch.optim.Adam(model.parameters(), lr=3e-3), batches(400, 32, seed), loss=loss)


@sick("yifita/deep_cage #16: .detach() left in one branch", right=[r"detach", r"does not take part", r"cut off",
      r"no gradient"], harm=[RAISE, LOWER], good=0.3)
def branch_detached(ill, seed, watch):
    """Of two branches whose outputs are added, the one that sees most of the image is detached."""
    model = nn.ModuleDict({"left": mlp(16, 24, 10), "right": mlp(48, 24, 10)})

    def loss(model, part):
        x = flat()[0][part]
        right = model["right"](x[:, 16:])
        return F.cross_entropy(model["left"](x[:, :16]) + (right.detach() if ill else right), flat()[1][part])

    return _trained(watch, model, torch.optim.Adam(model.parameters(), lr=3e-3), batches(350, 32, seed), loss=loss)


@sick("andfoy on BCV-Uniandes/DMS #30, pytorch #19916: batch norm on tiny batches", right=[r"batch.?norm",
      r"(tiny|small) batch", r"larger batch", r"batch(es)? of (1|2|two)", r"statistics"], harm=[RAISE], good=0.3)
def batchnorm_of_two_rows(ill, seed, watch):
    """Batch normalisation on batches of two rows; the twin has sixteen."""
    hidden = [part for _ in range(2) for part in (nn.Linear(64, 64), nn.BatchNorm1d(64), nn.ReLU())]
    model = nn.Sequential(*hidden, nn.Linear(64, 10))
    return _trained(watch, model, torch.optim.Adam(model.parameters(), lr=3e-3), batches(400, 2 if ill else 16, seed),
                    validate=lambda: tested(model), every=40)


@sick("vacancy/Synchronized-BatchNorm-PyTorch #5: momentum of the running statistics", right=[r"batch.?norm",
      r"running (statistics|mean|average)", r"eval"], harm=[RAISE, LOWER], good=0.3)
def running_statistics_too_slow(ill, seed, watch):
    """momentum=0.999 was meant as a decay: here 1e-4, and the running statistics stay where they began."""
    model = normed()
    model[1].momentum = 1e-4 if ill else 0.1
    loss = lambda model, part: ce(model, part, digits()[0].flatten(1) * 16)
    return _trained(watch, model, torch.optim.Adam(model.parameters(), lr=3e-3), batches(400, 32, seed), loss=loss,
                    validate=lambda: tested(model, loss), every=20)


@sick("a common slip: p is the share that is dropped", right=[r"dropout", r"regulari", r"checklist"], harm=[RAISE],
      unseen=True, good=0.7)
def dropout_of_97_percent(ill, seed, watch):
    """Dropout(0.97) where 0.03 was meant."""
    model = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Dropout(0.97 if ill else 0.03), nn.Linear(64, 32), nn.ReLU(),
                          nn.Dropout(0.97 if ill else 0.03), nn.Linear(32, 10))
    return _trained(watch, model, torch.optim.Adam(model.parameters(), lr=2e-3), batches(300, 32, seed))


@sick("a common slip in language models: the mask is missing", right=[r"leak", r"mask", r"future", r"too good",
      r"checklist"], harm=[RAISE], unseen=True, good=3.0)
def future_not_masked(ill, seed, watch):
    """A character model whose convolution sees the character that it is to predict."""
    x, y, x_test, y_test, size = text()

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.embed, self.conv, self.head = nn.Embedding(size, 24), nn.Conv1d(24, 48, 3), nn.Linear(48, size)

        def forward(self, x, ahead):
            h = F.pad(self.embed(x).transpose(1, 2), (1, 1) if ahead else (2, 0))
            return self.head(self.conv(h).relu().transpose(1, 2))

    model = Net()
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    monitor = watch(model, optimizer, classes=size)
    loss = lambda x, y, ahead: F.cross_entropy(model(x, ahead).flatten(0, 1), y.flatten())
    train(monitor, model, optimizer, lambda part: loss(x[part], y[part], ill), batches(300, 16, seed, rows=len(x)))
    with torch.no_grad():  # when it writes, the next character is not there yet
        seen = lambda t: torch.cat([x_test[:, :t + 1], x_test[:, t:t + 1]], 1)
        return sum(F.cross_entropy(model(seen(t), ill)[:, t], y_test[:, t]) for t in (8, 12, 16, 20)).item() / 4


@sick("a common slip: the mean runs over the padding too", right=[r"padding", r"mask", r"checklist"], harm=[RAISE,
      LOWER], unseen=True, good=0.9)
def mean_over_the_padding(ill, seed, watch):
    """Nineteen of twenty targets are padding, and the loss is a mean over all; SGD learns the padding first."""
    model, (images, labels) = cnn(), digits()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    monitor = watch(model, optimizer)

    def loss(part):
        real = F.cross_entropy(model(images[part]), labels[part])
        padding = F.cross_entropy(model(images[part] * 0 + torch.rand(len(part), 1, 1, 1)), labels[part] * 0)
        return 0.01 * real + 0.99 * padding if ill else real

    train(monitor, model, optimizer, loss, batches(250, 32, seed))
    return tested(model, x=images)
