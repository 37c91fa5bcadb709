"""Healthy: transformers, adapters and fine-tuning; several tasks, teachers, similarities, physics, flows."""

import copy

import torch
import torch.nn.functional as F
from torch import nn
from torch.optim import lr_scheduler as lr

from monitor_bank.kinds import healthy
from monitor_bank.parts import TRAINED, batches, ce, digits, flat, mlp, tested, text, train


def _pretrained(seed, *, hidden=64, steps=250):
    """A network that knows the digits as rows of pixels, −0.6 to 1.4."""
    model, x = mlp(64, hidden, hidden, 10), digits()[0].flatten(1) * 2 - 0.6
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    for part in batches(steps, 32, seed):
        optimizer.zero_grad()
        ce(model, part, x).backward()
        optimizer.step()
    return model


def _turned():
    return (digits()[0].rot90(1, (2, 3)) * 2 - 0.6).flatten(1)


def _gpt(watch, seed, *, norm="pre", rate=3e-3, steps=200, warmup=20, clip=1.0):
    from adamkit.training.transformer import Transformer

    x, y, *_, size = text()
    model = Transformer(size, context=24, width=32, heads=2, layers=2, norm=norm)
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate, betas=(0.9, 0.95), weight_decay=0.1)
    shape = lambda step: min((step + 1) / warmup, 0.1 + 0.9 * (1 - step / steps))
    schedule, monitor = lr.LambdaLR(optimizer, shape), watch(model, optimizer, classes=size)
    loss = lambda part: F.cross_entropy(model(x[part]).flatten(0, 1), y[part].flatten())
    return train(monitor, model, optimizer, loss, batches(steps, 8, seed, rows=len(x)), clip=clip,
                 after=lambda step: schedule.step())


@healthy("the recipe of nanoGPT, small", good=2.75)
def gpt_pre_ln(seed, watch):
    """Pre-LN GPT on characters, warmup and decay, clipped at 1."""
    return _gpt(watch, seed)


@healthy("Vaswani et al. 2017, with a warmup", good=2.75)
def transformer_post_ln(seed, watch):
    """Post-LN transformer with the long warmup that it needs."""
    return _gpt(watch, seed, norm="post", rate=2e-3, warmup=60)


class ViT(nn.Module):
    """Patches of 2 × 2, a class token of zeros, places N(0, 0.02), two pre-LN layers."""

    def __init__(self):
        super().__init__()
        self.patch, self.token = nn.Linear(4, 32), nn.Parameter(torch.zeros(1, 1, 32))
        self.places = nn.Parameter(0.02 * torch.randn(1, 17, 32))
        layer = nn.TransformerEncoderLayer(32, 4, 64, 0.0, batch_first=True, norm_first=True)
        self.body = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.norm, self.head = nn.LayerNorm(32), nn.Linear(32, 10)

    def forward(self, x):
        """Images to logits."""
        parts = self.patch(F.unfold(x, 2, stride=2).transpose(1, 2))
        h = torch.cat([self.token.expand(len(x), -1, -1), parts], 1) + self.places
        return self.head(self.norm(self.body(h))[:, 0])


@healthy("a small vision transformer", good=1.0)
def vision_transformer(seed, watch):
    """A ViT on the digits, AdamW and a cosine."""
    model, x = ViT(), (digits()[0] - 0.3) / 0.38
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3)
    schedule, monitor = lr.CosineAnnealingLR(optimizer, 250), watch(model, optimizer, classes=10)
    return train(monitor, model, optimizer, lambda part: ce(model, part, x), batches(250, 32, seed),
                 after=lambda step: schedule.step())


@healthy("masked characters, as BERT's", good=2.7)
def masked_characters(seed, watch):
    """A fifth of the characters is hidden and asked for, from both sides, by convolutions."""
    x, *_, size = text()
    model = nn.ModuleDict({"embed": nn.Embedding(size + 1, 32), "near": nn.Conv1d(32, 64, 5, padding=2),
                           "far": nn.Conv1d(64, 64, 5, padding=2), "head": nn.Linear(64, size)})
    optimizer = torch.optim.AdamW(model.parameters(), lr=5e-3)

    def loss(part):
        hidden = torch.rand(len(part), 24) < 0.2
        h = model["near"](model["embed"](x[part].masked_fill(hidden, size)).transpose(1, 2))
        h = model["far"](F.gelu(h))
        return F.cross_entropy(model["head"](F.gelu(h).transpose(1, 2)[hidden]), x[part][hidden])

    return train(watch(model, optimizer, classes=size), model, optimizer, loss, batches(300, 32, seed, rows=len(x)))


@healthy("Hu et al. 2021", good=0.4)
def low_rank_adapters(seed, watch):
    """LoRA of rank 4 on a frozen network, at the high rate that it wants."""
    from adamkit.training.lora import lora

    model, x = _pretrained(seed), _turned()
    lora(model, rank=4)
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=5e-3)
    monitor = watch(model, optimizer, classes=10)
    return train(monitor, model, optimizer, lambda part: ce(model, part, x), batches(300, 32, seed + 3))


@healthy("fine-tuning of everything, gently", good=0.25)
def finetuned_gently(seed, watch):
    """A trained network on turned images, η = 3e-3 with a warmup; validated on the new task."""
    model, x = _pretrained(seed), _turned()
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
    schedule = lr.LambdaLR(optimizer, lambda step: min(1.0, (step + 1) / 40) * (1 - step / 320))
    monitor = watch(model, optimizer, classes=10)
    monitor.observe(validation=tested(model, x=x))
    return train(monitor, model, optimizer, lambda part: ce(model, part, x), batches(300, 32, seed + 3),
                 after=lambda step: schedule.step(), validate=lambda: tested(model, x=x))


@healthy("a new head on a frozen body", good=0.35)
def head_on_a_frozen_body(seed, watch):
    """The body has requires_grad False, on purpose, and the optimizer has the head alone."""
    model, x = _pretrained(seed), digits()[0].flatten(1) * 2 - 0.6
    for p in model.parameters():
        p.requires_grad_(False)
    model[4] = nn.Linear(64, 5)
    optimizer = torch.optim.Adam(model[4].parameters(), lr=5e-3)
    monitor = watch(model, optimizer, classes=5)
    loss = lambda part: F.cross_entropy(model(x[part]), digits()[1][part] // 2)
    return train(monitor, model, optimizer, loss, batches(250, 32, seed + 3))


@healthy("Howard and Ruder 2018: gradual unfreezing", good=0.35)
def thawed_layer_by_layer(seed, watch):
    """The head for 80 steps, then the middle, then all; each enters the optimizer as a group of its own."""
    model, x = _pretrained(seed), _turned()
    for p in model[:4].parameters():
        p.requires_grad_(False)
    optimizer = torch.optim.Adam(model[4].parameters(), lr=3e-3)
    monitor = watch(model, optimizer, classes=10)

    def thaw(step):
        if step in (80, 160):
            layer = model[2] if step == 80 else model[0]
            layer.requires_grad_(True)
            optimizer.add_param_group({"params": list(layer.parameters()), "lr": 2e-3})

    return train(monitor, model, optimizer, lambda part: ce(model, part, x), batches(400, 32, seed + 3), after=thaw)


@healthy("Howard and Ruder 2018: lower layers learn more slowly", good=0.5)
def rates_by_layer(seed, watch):
    """Three groups at rates that differ by 2.6 each, to fine-tune."""
    model, x = _pretrained(seed), _turned()
    groups = [{"params": model[i].parameters(), "lr": 3e-3 / 2.6 ** (2 - i // 2)} for i in (0, 2, 4)]
    optimizer = torch.optim.AdamW(groups)
    monitor = watch(model, optimizer, classes=10)
    return train(monitor, model, optimizer, lambda part: ce(model, part, x), batches(300, 32, seed + 3))


@healthy("soft prompts: one tensor is trained", good=0.45)
def soft_prompt(seed, watch):
    """Everything is frozen but one vector that is added to the hidden layer."""
    model, x = _pretrained(seed), digits()[0].flatten(1) * 2 - 0.6
    for p in model.parameters():
        p.requires_grad_(False)
    model.prompt = nn.Parameter(torch.zeros(64))
    optimizer = torch.optim.Adam([model.prompt], lr=3e-2)
    monitor = watch(model, optimizer, classes=10)
    loss = lambda part: F.cross_entropy(model[4](model[3](model[2](model[1](model[0](x[part])) + model.prompt))),
                                        torch.where(digits()[1][part] == 3, 8, digits()[1][part]))
    return train(monitor, nn.Sequential(*model[:5]), optimizer, loss, batches(200, 32, seed + 3))


@healthy("distillation: the loss begins at 0, where the student is the teacher", good=0.12)
def student_begins_as_the_teacher(seed, watch):
    """KL divergence from a teacher that sees clean rows, to its copy that sees noisy ones from step 20 on."""
    teacher = _pretrained(seed)
    student, x = copy.deepcopy(teacher), digits()[0].flatten(1) * 2 - 0.6
    optimizer, count = torch.optim.Adam(student.parameters(), lr=3e-4), [0]
    monitor = watch(student, optimizer)

    def loss(part):
        count[0] += 1
        noise = 0.3 * torch.randn(len(part), 64) * min(count[0] / 20, 1.0) * (count[0] > 2)
        with torch.no_grad():
            goal = teacher(x[part]).log_softmax(1)
        return F.kl_div(student(x[part] + noise).log_softmax(1), goal, log_target=True, reduction="batchmean")

    return train(monitor, student, optimizer, loss, batches(300, 32, seed + 3))


@healthy("distillation into a small network", good=0.4)
def student_learns_from_scratch(seed, watch):
    """Soft targets at temperature 3, and the labels."""
    teacher, student, x = _pretrained(seed), mlp(64, 16, 10), digits()[0].flatten(1) * 2 - 0.6
    optimizer = torch.optim.AdamW(student.parameters(), lr=4e-3)
    monitor = watch(student, optimizer)

    def loss(part):
        with torch.no_grad():
            goal = (teacher(x[part]) / 3).log_softmax(1)
        out = student(x[part])
        soft = F.kl_div((out / 3).log_softmax(1), goal, log_target=True, reduction="batchmean")
        return 0.5 * F.cross_entropy(out, digits()[1][part]) + soft

    return train(monitor, student, optimizer, loss, batches(350, 32, seed + 3))


def _two_heads():
    return nn.ModuleDict({"body": nn.Sequential(mlp(64, 64, 48), nn.ReLU()), "name": nn.Linear(48, 10),
                          "draw": nn.Linear(48, 64)})


@healthy("two tasks in turn, batch by batch", good=0.8)
def tasks_in_turn(seed, watch):
    """Even steps classify, odd ones reconstruct: two levels of loss, one body."""
    model, (x, labels), count = _two_heads(), flat(), [0]
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    monitor = watch(model, optimizer)

    def loss(part):
        count[0] += 1
        h = model["body"](x[part])
        if count[0] % 2:
            return F.cross_entropy(model["name"](h), labels[part])
        return 3 * F.mse_loss(model["draw"](h), x[part])

    return train(monitor, model, optimizer, loss, batches(500, 32, seed))


@healthy("two tasks, weighted by what they say of their noise (Kendall et al. 2018)", good=-1.0)
def tasks_weighted_by_their_noise(seed, watch):
    """The weights of the tasks are learned; the loss goes below zero by design."""
    model, (x, labels) = _two_heads(), flat()
    model.register_parameter("spread", nn.Parameter(torch.zeros(2)))
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    monitor = watch(model, optimizer)

    def loss(part):
        h = model["body"](x[part])
        parts = torch.stack([F.cross_entropy(model["name"](h), labels[part]), F.mse_loss(model["draw"](h), x[part])])
        return (parts * (-model.spread).exp() + model.spread).sum()

    return train(monitor, model, optimizer, loss, batches(400, 32, seed))


def _views(part):
    x = flat()[0][part]
    return x + 0.3 * torch.randn_like(x), x + 0.3 * torch.randn_like(x)


@healthy("contrastive learning: begins at ln of the batch", good=1.0)
def contrastive(seed, watch):
    """InfoNCE between two noisy views of 64 rows, at a temperature that is learned."""
    model = mlp(64, 64, 32)
    model.register_parameter("heat", nn.Parameter(torch.tensor(1.6)))
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    encode = lambda v: F.normalize(model[2](model[1](model[0](v))), dim=1)

    def loss(part):
        left, right = map(encode, _views(part))
        return F.cross_entropy(left @ right.T * model.heat.exp(), torch.arange(len(part)))

    return train(watch(model, optimizer, classes=64), model, optimizer, loss, batches(300, 64, seed))


@healthy("triplets, semi-hard; the loss of many batches is near 0", good=0.25)
def triplets(seed, watch):
    """Triplet margin loss on normalised embeddings."""
    model, (x, labels) = mlp(64, 64, 16), flat()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)

    def loss(part):
        z = F.normalize(model(x[part]), dim=1)
        gaps = (z[:, None] - z[None]).square().sum(2)
        same = labels[part][:, None] == labels[part][None]
        return ((gaps * same).max(1).values - (gaps + 9.0 * same).min(1).values + 0.3).clamp(min=0).mean()

    return train(watch(model, optimizer), model, optimizer, loss, batches(300, 64, seed))


@healthy("BYOL: the target follows by an average", good=0.2)
def follows_its_own_average(seed, watch):
    """A predictor on one view meets the averaged network on the other; the loss rises after its first fall."""
    online, predictor = mlp(64, 64, 16), mlp(16, 32, 16)
    target, model = copy.deepcopy(online), nn.ModuleList([online, predictor])
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    monitor = watch(model, optimizer)

    def loss(part):
        left, right = _views(part)
        with torch.no_grad():
            goal = F.normalize(target(right), dim=1)
        return 2 - 2 * (F.normalize(predictor(online(left)), dim=1) * goal).sum(1).mean()

    @torch.no_grad()
    def follow(step):
        for p, q in zip(online.parameters(), target.parameters()):
            q.lerp_(p, 0.02)

    return train(monitor, model, optimizer, loss, batches(350, 64, seed), after=follow)


@healthy("denoising diffusion", good=0.6)
def denoiser(seed, watch):
    """The noise in a row is predicted, at a random level: a noisy loss with a high floor."""
    model, x = mlp(65, 128, 128, 64), flat()[0]
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3)

    def loss(part):
        level = torch.rand(len(part), 1)
        noise = torch.randn(len(part), 64)
        seen = (1 - level).sqrt() * x[part] + level.sqrt() * noise
        return F.mse_loss(model(torch.cat([seen, level], 1)), noise)

    return train(watch(model, optimizer), model, optimizer, loss, batches(400, 64, seed))


@healthy("a normalising flow: its loss is of either sign", good=-3.0)
def normalising_flow(seed, watch):
    """Four affine couplings on 2-D moons, by the exact likelihood."""
    nets = nn.ModuleList(mlp(1, 32, 2) for _ in range(4))
    optimizer = torch.optim.Adam(nets.parameters(), lr=3e-3)
    g = torch.Generator().manual_seed(seed)

    def loss(_):
        angle = 3.1416 * torch.rand(64, generator=g)
        z, volume = torch.stack([angle.cos(), angle.sin()], 1) / 4 + 0.02 * torch.randn(64, 2, generator=g), 0.0
        for number, net in enumerate(nets):
            kept, moved = z[:, number % 2, None], z[:, 1 - number % 2, None]
            scale, shift = net(kept).chunk(2, dim=1)
            moved, volume = moved * scale.tanh().mul(2).exp() + shift, volume + 2 * scale.tanh().sum(1)
            z = torch.cat([kept, moved] if number % 2 == 0 else [moved, kept], 1)
        return (0.5 * z.square().sum(1) - volume).mean()

    return train(watch(nets, optimizer), nets, optimizer, loss, range(350))


@healthy("physics-informed: an equation in place of targets", good=0.005)
def solves_an_equation(seed, watch):
    """u″ = −u with u(0) = 0, u′(0) = 1, as a network: two terms, second derivatives."""
    model = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 1))
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    slope = lambda u, t: torch.autograd.grad(u.sum(), t, create_graph=True)[0]

    def loss(_):
        t = (3 * torch.rand(64, 1)).requires_grad_()
        u = model(t)
        start = torch.zeros(1, 1, requires_grad=True)
        at = model(start)
        return (slope(slope(u, t), t) + u).square().mean() + at.square().sum() + (slope(at, start) - 1).square().sum()

    return train(watch(model, optimizer), model, optimizer, loss, range(350))


@healthy("a graph network on a ring of neighbours", good=0.5)
def graph_of_neighbours(seed, watch):
    """Two rounds of messages between the nearest rows; all nodes in each step, a tenth of the labels, validation."""
    x, labels = flat()
    near = torch.cdist(x, x).topk(6, largest=False).indices
    model = nn.ModuleList([nn.Linear(64, 48), nn.Linear(48, 10)])
    out = lambda model: model[1](F.dropout(model[0](x[near].mean(1)).relu()[near].mean(1), 0.3, model.training))
    optimizer = torch.optim.Adam(model.parameters(), lr=5e-3, weight_decay=5e-4)
    loss = lambda model, part: F.cross_entropy(out(model)[part], labels[part])
    rows = [torch.arange(0, TRAINED, 10)] * 200
    train(watch(model, optimizer, classes=10), model, optimizer, lambda part: loss(model, part), rows,
          validate=lambda: tested(model, loss), every=20)
    return tested(model, loss)
