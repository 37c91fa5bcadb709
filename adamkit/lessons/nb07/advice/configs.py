"""Configurations as PyTorch lines that run as they stand, with ``model``, ``total`` and a warmup made from settings."""

ADAMW = """\
groups = [  # norms and biases are not decayed
    {{"params": [p for p in model.parameters() if p.ndim >= 2], "weight_decay": {weight_decay:g}}},
    {{"params": [p for p in model.parameters() if p.ndim < 2], "weight_decay": 0.0}},
]
optimizer = torch.optim.AdamW(groups, lr={lr:g}, betas=(0.9, {beta2:g}), eps=1e-8)
"""
SGD = """\
optimizer = torch.optim.SGD(model.parameters(), lr={lr:g}, momentum={momentum:g},
                            nesterov=True, weight_decay={weight_decay:g})
"""
ADAFACTOR = """\
optimizer = torch.optim.Adafactor(model.parameters(), lr={lr:g}, weight_decay={weight_decay:g})
"""
TABLES = """\
tables = [m.weight for m in model.modules() if isinstance(m, torch.nn.Embedding)]
held = {{id(p) for p in tables}}
rest = [p for p in model.parameters() if id(p) not in held]
optimizer = torch.optim.AdamW(rest, lr={lr:g}, betas=(0.9, {beta2:g}), weight_decay={weight_decay:g})
for_tables = torch.optim.Adagrad(tables, lr=0.01) if tables else None  # step both
"""
ADAPTER = """\
adapter = [p for name, p in model.named_parameters() if "lora_" in name]  # PEFT's names
for p in model.parameters():
    p.requires_grad_(False)
for p in adapter:
    p.requires_grad_(True)
optimizer = torch.optim.AdamW(adapter, lr={lr:g}, betas=(0.9, {beta2:g}), weight_decay={weight_decay:g})
"""
SCHEDULE = """\
schedule = warmup_cosine(warmup=max(1, round({warmup:g} * total)), total=total)
scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, schedule)
"""
CLIP = """\
# in the loop, after backward():
# torch.nn.utils.clip_grad_norm_(model.parameters(), {clip:g})
"""
IMPORTS = "import torch\n\nfrom adamkit.schedules import warmup_cosine\n\n"

LINES = {"AdamW": ADAMW, "SGD": SGD, "Adafactor": ADAFACTOR, "tables": TABLES, "adapter": ADAPTER}


def write(kind, settings):
    """The lines for a kind of `LINES`, with numbers from ``settings``; clipping where they name it."""
    text = LINES[kind] + SCHEDULE + (CLIP if settings.get("clip") else "")
    return IMPORTS + text.format(**settings)
