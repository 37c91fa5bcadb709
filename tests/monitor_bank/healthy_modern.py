"""Healthy: transformers, adapters, fine-tuning and teachers."""

import copy

import torch
import torch.nn.functional as F
from torch import nn
from torch.optim import lr_scheduler as lr

from monitor_bank.kinds import healthy
from monitor_bank.parts import batches, ce, digits, mlp, tested, text, train


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
