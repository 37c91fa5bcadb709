"""Exercise of notebook 11: the square-root rule, from one configuration to another."""

from adamkit.practice.exercises import Exercise, Mistake
from adamkit.practice.plays import Case


def rebatch(config, batch):
    kappa = batch / config["batch"]
    return {
        "batch": batch,
        "lr": config["lr"] * kappa**0.5,
        "beta1": 1 - kappa * (1 - config["beta1"]),
        "beta2": 1 - kappa * (1 - config["beta2"]),
        "eps": config["eps"] / kappa**0.5,
        "warmup": config["warmup"] / kappa,
        "steps": config["steps"] / kappa,
    }


def _wrong(**changed):
    """A rebatch with other entries: name → (config, κ) → value."""

    def made(config, batch):
        kappa = batch / config["batch"]
        return rebatch(config, batch) | {name: value(config, kappa) for name, value in changed.items()}

    return made


def _rebatch_cases(rng):
    def case(name, kappa, **values):
        config = {"batch": 32, "lr": 1e-3, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "warmup": 400, "steps": 8000}
        config |= values
        return Case(name, {"config": config, "batch": config["batch"] * kappa})

    odd = {"lr": float(rng.uniform(1e-4, 1e-2)), "beta1": float(rng.uniform(0.85, 0.95)),
           "beta2": float(rng.uniform(0.98, 0.999)), "eps": float(10 ** rng.uniform(-9, -5))}
    return [
        case("four times the batch", 4),
        case("the same batch", 1),
        case("twice the batch, other settings", 2, **odd),
        case("a quarter of the batch", 0.25),
        case("eight times the batch, β₁ = 0.95", 8, beta1=0.95, batch=16),
        case("β₁ = 0, which cannot change at κ = 1", 1, beta1=0.0),
        case("three times the batch, no warmup", 3, warmup=0, beta2=0.95),
    ]


REBATCH = Exercise(
    key="11-rebatch",
    title="another batch, the same run",
    statement="""
        A run of Adam was tuned at `config["batch"]` rows a step. Write the configuration for `batch` rows, as a new
        dict with the same seven keys, under the rule of Malladi et al. With $κ$ = new batch / old batch:

        η times √κ; 1 − β times κ, for both betas; ε divided by √κ; and `warmup` and `steps`, both counted in steps, as
        many *rows* as before. Do not round, and leave `config` as it is. (κ(1 − β) stays below 1 here.)

        ```python
        def rebatch(config, batch):
            return ...  # a dict: batch, lr, beta1, beta2, eps, warmup, steps
        ```
    """,
    solution_code=rebatch,
    cases=_rebatch_cases,
    minutes=5,
    mistakes=(
        Mistake("η in proportion",
                "η × κ is SGD's rule. Adam divides by √v, which noise makes smaller by √κ already: √κ is left.",
                _wrong(lr=lambda c, k: c["lr"] * k)),
        Mistake("η stays", "The rate must grow with the root of the batch.", _wrong(lr=lambda c, k: c["lr"])),
        Mistake("η the wrong way", "A larger batch bears a *higher* rate.", _wrong(lr=lambda c, k: c["lr"] / k**0.5)),
        Mistake(
            "the betas stay",
            "β counts steps. The same β over larger batches remembers more rows: 1 − β must grow with κ.",
            _wrong(beta1=lambda c, k: c["beta1"], beta2=lambda c, k: c["beta2"]),
        ),
        Mistake("only β₂", "Both averages count steps: β₁ changes too.", _wrong(beta1=lambda c, k: c["beta1"])),
        Mistake("only β₁", "Both averages count steps: β₂ changes too.", _wrong(beta2=lambda c, k: c["beta2"])),
        Mistake(
            "κ times β",
            "Not β is multiplied but 1 − β, the weight of the newest gradient.",
            _wrong(beta1=lambda c, k: k * c["beta1"], beta2=lambda c, k: k * c["beta2"]),
        ),
        Mistake(
            "1 − β by the root",
            "The memory in rows is batch / (1 − β), so 1 − β grows with κ itself.",
            _wrong(beta1=lambda c, k: 1 - k**0.5 * (1 - c["beta1"]), beta2=lambda c, k: 1 - k**0.5 * (1 - c["beta2"])),
        ),
        Mistake(
            "1 − β divided",
            "The larger batch should remember *fewer* steps: 1 − β times κ, not divided by it.",
            _wrong(beta1=lambda c, k: 1 - (1 - c["beta1"]) / k, beta2=lambda c, k: 1 - (1 - c["beta2"]) / k),
        ),
        Mistake(
            "β to the power κ",
            "That keeps the half-life in rows exactly, and for small κ(1 − β) it is the same. Asked is the paper's "
            "form, 1 − κ(1 − β).",
            _wrong(beta1=lambda c, k: c["beta1"] ** k, beta2=lambda c, k: c["beta2"] ** k),
        ),
        Mistake("ε stays", "√v shrinks with the noise, by √κ, and ε stands beside it.",
                _wrong(eps=lambda c, k: c["eps"])),
        Mistake("ε the wrong way", "√v becomes *smaller* by √κ where noise dominates, and so must ε.",
                _wrong(eps=lambda c, k: c["eps"] * k**0.5)),
        Mistake("ε by κ", "ε is compared with √v, not with v: its factor is 1/√κ.",
                _wrong(eps=lambda c, k: c["eps"] / k)),
        Mistake("warmup and steps stay", "Steps of more rows: as many rows are fewer steps.",
                _wrong(warmup=lambda c, k: c["warmup"], steps=lambda c, k: c["steps"])),
        Mistake("the warmup stays", "The warmup is counted in steps, too: divide by κ.",
                _wrong(warmup=lambda c, k: c["warmup"])),
        Mistake("more steps", "A larger batch needs *fewer* steps for as many rows: divide by κ.",
                _wrong(warmup=lambda c, k: c["warmup"] * k, steps=lambda c, k: c["steps"] * k)),
        Mistake("the batch stays", "The new configuration has the new batch under `batch`.",
                _wrong(batch=lambda c, k: c["batch"])),
    ),
    hints=(
        "κ = batch / config[\"batch\"].",
        "`1 - kappa * (1 - config[\"beta1\"])`.",
        "Rows = batch × steps. For as many rows, steps are divided by κ.",
    ),
    explanation="""
        The rule holds where noise dominates the gradient, so below the critical batch. For κ(1 − β) near 1 it ends, and
        β to the power κ, which keeps the half-life in rows, goes on.
    """,
)
