"""11-rebatch, from its statement."""

import copy
import math

def rebatch(config, batch):
    k = batch / config["batch"]
    lr = config["lr"] * math.sqrt(k)
    beta1 = 1 - k * (1 - config["beta1"])
    beta2 = 1 - k * (1 - config["beta2"])
    eps = config["eps"] / math.sqrt(k)
    warmup = config["warmup"] / k
    steps = config["steps"] / k
    return {"batch": batch, "lr": lr, "beta1": beta1, "beta2": beta2, "eps": eps, "warmup": warmup, "steps": steps}

# %% right: step by step

# %% right: a copy that is updated
def rebatch(config, batch):
    new = dict(config)
    k = batch / config["batch"]
    new["batch"] = batch
    new["lr"] *= k ** 0.5
    for name in ("beta1", "beta2"):
        new[name] = 1 - k * (1 - new[name])
    new["eps"] *= k ** -0.5
    for name in ("warmup", "steps"):
        new[name] /= k
    return new

# %% right: a merge
def rebatch(config, batch):
    k = batch / config["batch"]
    return {**config, "batch": batch, "lr": config["lr"] * np.sqrt(k), "eps": config["eps"] / np.sqrt(k),
            "beta1": k * config["beta1"] + 1 - k, "beta2": k * config["beta2"] + 1 - k,
            "warmup": config["warmup"] / k, "steps": config["steps"] / k}

# %% right: unpacked values
def rebatch(config, batch):
    old, lr, b1, b2, eps, warm, steps = (config[n] for n in ("batch", "lr", "beta1", "beta2", "eps", "warmup", "steps"))
    k = batch / old
    r = k ** .5
    return dict(batch=batch, lr=r * lr, beta1=1 - (1 - b1) * k, beta2=1 - (1 - b2) * k, eps=eps / r,
                warmup=warm * old / batch, steps=steps * old / batch)

# %% right: a table of functions
RULE = {"lr": lambda v, k: v * k**0.5, "eps": lambda v, k: v / k**0.5, "beta1": lambda v, k: 1 - k * (1 - v),
        "beta2": lambda v, k: 1 - k * (1 - v), "warmup": lambda v, k: v / k, "steps": lambda v, k: v / k,
        "batch": lambda v, k: v * k}
def rebatch(config, batch):
    return {name: RULE[name](value, batch / config["batch"]) for name, value in config.items()}

# %% right: powers of κ
def rebatch(config, batch):
    k = batch / config["batch"]
    power = {"lr": 0.5, "eps": -0.5, "warmup": -1, "steps": -1, "batch": 1}
    new = {n: config[n] * k ** p for n, p in power.items()}
    new.update({n: 1 - k + k * config[n] for n in ("beta1", "beta2")})
    return new

# %% right: a deep copy and numpy numbers
def rebatch(config, batch):
    c = copy.deepcopy(config)
    k = np.float64(batch) / c["batch"]
    c.update(batch=batch, lr=c["lr"] * np.sqrt(k), eps=c["eps"] * np.sqrt(1 / k), warmup=c["warmup"] / k,
             steps=c["steps"] / k, beta1=1 - k * (1 - c["beta1"]), beta2=1 - k * (1 - c["beta2"]))
    return c

# %% right: rows first
def rebatch(config, batch):
    rows = config["batch"] * config["steps"]
    warm = config["batch"] * config["warmup"]
    memory1 = (1 - config["beta1"]) / config["batch"]
    memory2 = (1 - config["beta2"]) / config["batch"]
    r = math.sqrt(batch / config["batch"])
    return {"steps": rows / batch, "warmup": warm / batch, "beta1": 1 - memory1 * batch, "beta2": 1 - memory2 * batch,
            "lr": config["lr"] * r, "eps": config["eps"] / r, "batch": batch}

# %% right: an ordered dict
from collections import OrderedDict
def rebatch(config, batch):
    k = batch / config["batch"]
    return OrderedDict(batch=batch, lr=config["lr"] * k**.5, beta1=1 - k * (1 - config["beta1"]),
                       beta2=1 - k * (1 - config["beta2"]), eps=config["eps"] / k**.5, warmup=config["warmup"] / k,
                       steps=config["steps"] / k)

# %% wrong: κ upside down
#~ k = batch / config["batch"] => k = config["batch"] / batch

# %% wrong: κ as a whole number
#~ k = batch / config["batch"] => k = max(1, int(batch // config["batch"]))

# %% wrong: κ is the difference
#~ k = batch / config["batch"] => k = 1 + (batch - config["batch"]) / batch

# %% wrong: never below the old batch
#~ k = batch / config["batch"] => k = max(1.0, batch / config["batch"])

# %% wrong: η by the fourth root
#~ lr = config["lr"] * math.sqrt(k) => lr = config["lr"] * k**0.25

# %% wrong: η by the logarithm
#~ lr = config["lr"] * math.sqrt(k) => lr = config["lr"] * (1 + math.log2(k) / 2)

# %% wrong: η by one plus half of the growth
#~ lr = config["lr"] * math.sqrt(k) => lr = config["lr"] * (1 + (k - 1) / 2)

# %% wrong: β₁ by the root
#~ beta1 = 1 - k * (1 - config["beta1"]) => beta1 = 1 - math.sqrt(k) * (1 - config["beta1"])

# %% wrong: β₂ to the power κ
#~ beta2 = 1 - k * (1 - config["beta2"]) => beta2 = config["beta2"] ** k

# %% wrong: β₂ from β₁
#~ beta2 = 1 - k * (1 - config["beta2"]) => beta2 = 1 - k * (1 - config["beta1"])

# %% wrong: β₁ divided by κ
#~ beta1 = 1 - k * (1 - config["beta1"]) => beta1 = config["beta1"] / k

# %% wrong: β₂ clipped at 0.99
#~ beta2 = 1 - k * (1 - config["beta2"]) => beta2 = min(1 - k * (1 - config["beta2"]), 0.99)

# %% wrong: κ(1 − β) without the one
#~ beta2 = 1 - k * (1 - config["beta2"]) => beta2 = k * (1 - config["beta2"])

# %% wrong: ε times κ
#~ eps = config["eps"] / math.sqrt(k) => eps = config["eps"] * k

# %% wrong: ε is set to 1e-8
#~ eps = config["eps"] / math.sqrt(k) => eps = 1e-8 / math.sqrt(k)

# %% wrong: warmup by the root
#~ warmup = config["warmup"] / k => warmup = config["warmup"] / math.sqrt(k)

# %% wrong: warmup rounded
#~ warmup = config["warmup"] / k => warmup = round(config["warmup"] / k)
#~ steps = config["steps"] / k => steps = math.floor(config["steps"] / k) - 1

# %% wrong: steps times κ
#~ steps = config["steps"] / k => steps = config["steps"] * k

# %% wrong: steps by the root
#~ steps = config["steps"] / k => steps = config["steps"] / math.sqrt(k)

# %% wrong: the batch is κ
#~ {"batch": batch, => {"batch": k,

# %% wrong: no warmup in the new dict
#~ "eps": eps, "warmup": warmup, => "eps": eps,

# %% wrong: a list instead of a dict
#~ return { => return [{
#~ "steps": steps} => "steps": steps}]

# %% wrong: the old dict is changed
#~ return { => return config.update({
#~ "steps": steps} => "steps": steps}) or config

# %% wrong: under other names
#~ "beta1": beta1, "beta2": beta2, => "betas": (beta1, beta2),

# %% right: a dataclass in between
from dataclasses import dataclass, asdict, replace
@dataclass(frozen=True)
class Run:
    batch: int
    lr: float
    beta1: float
    beta2: float
    eps: float
    warmup: float
    steps: float
    def at(self, b):
        k = b / self.batch
        return replace(self, batch=b, lr=self.lr * k**.5, eps=self.eps * k**-.5, beta1=1 - (1 - self.beta1) * k,
                       beta2=1 - (1 - self.beta2) * k, warmup=self.warmup / k, steps=self.steps / k)
def rebatch(config, batch):
    return asdict(Run(**config).at(batch))

# %% right: match over items, torch numbers
def rebatch(config, batch):
    import torch
    k = torch.tensor(batch, dtype=torch.double) / config["batch"]
    def new(name, v):
        match name:
            case "lr": return v * k.sqrt()
            case "eps": return v / k.sqrt()
            case "beta1" | "beta2": return 1 - k * (1 - v)
            case "warmup" | "steps": return v / k
        return batch
    return {n: new(n, v) for n, v in config.items()}

# %% wrong: a rate never above a hundredth
#~ lr = config["lr"] * math.sqrt(k) => lr = min(1e-2, config["lr"] * math.sqrt(k))

# %% wrong: batch changed first
def rebatch(config, batch):
    new = dict(config)
    new["batch"] = batch
    k = batch / new["batch"]
    new.update(lr=new["lr"] * k**.5, eps=new["eps"] / k**.5, warmup=new["warmup"] / k, steps=new["steps"] / k)
    for n in ("beta1", "beta2"):
        new[n] = 1 - k * (1 - new[n])
    return new
