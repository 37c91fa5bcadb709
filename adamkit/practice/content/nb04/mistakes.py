"""What people get wrong in Adam, and how to think about it. The code that does each is in `slips`."""

from adamkit.practice.content.nb04 import slips
from adamkit.practice.content.nb04.published import PUBLISHED
from adamkit.practice.content.still import NEVER_MOVED
from adamkit.practice.exercises import Mistake

MISTAKES = (
    Mistake(
        "no bias correction",
        "Your steps are m/√v. Both averages start at zero; divide m by 1 − β₁ᵗ and v by 1 − β₂ᵗ before they meet. "
        "With the default betas your first step is 3.16 times too large.",
        slips.NoCorrection,
        seen="BERT's own training code, on purpose",
    ),
    Mistake(
        "only m is corrected",
        "v starts at zero too, and is much slower to leave it. Left as it is, √v is 32 times too small at the first "
        "step with β₂ = 0.999. Divide v by 1 − β₂ᵗ.",
        slips.OnlyM,
    ),
    Mistake(
        "only v is corrected",
        "m starts at zero too: at the first step it holds only a tenth of the gradient with β₁ = 0.9. "
        "Divide m by 1 − β₁ᵗ.",
        slips.OnlyV,
    ),
    Mistake(
        "NaN from the first step on",
        "All parameters are NaN from the first step on, and every NaN looks the same. The usual cause: t is still 0 "
        "when it is first used, so that 1 − β⁰ = 0 and 0 is divided by 0; raise t before that. Others: a root of "
        "something negative, such as βᵗ − 1 in place of 1 − βᵗ, and an m or v that does not begin at 0.",
        slips.StartsAtZero,
        seen="burn in 2023, whose t was 0 (pull request 630)",
    ),
    Mistake(
        "t is one too large",
        "Your first step uses t = 2. Start with `self.t = 0` and raise it once, at the top of `step`.",
        slips.StartsAtTwo,
    ),
    Mistake(
        "t counts parameters instead of steps",
        "t is raised inside the loop over parameters, so the second parameter is corrected as if it were a step "
        "older. Raise it once a step, before the loop.",
        slips.CountsParameters,
        seen="flashlight (issue 143), DiffSharp (issue 292), NVIDIA's LAMB for BERT (issue 391)",
    ),
    Mistake(
        "ε inside the root",
        "You divide by √(v̂ + ε). In the paper, and in torch, ε stands outside: √v̂ + ε. Inside, ε = 1e-8 acts like "
        "1e-4 outside, and small gradients get much smaller steps.",
        slips.EpsInside,
        seen="fastai's course notebooks; optax has it under a name of its own, eps_root",
    ),
    Mistake(
        "ε added before the correction",
        "You add ε to √v and correct afterwards. That is the short form at the end of the paper's section 2, whose ε "
        "means something else. Algorithm 1 corrects first: √v̂ + ε.",
        slips.EpsBeforeCorrection,
        seen="torch until 2019 (pull request 22628), TensorFlow (issue 35102), nanochat (issue 304)",
    ),
    Mistake(
        "ε forgotten",
        "A coordinate whose gradient has been zero so far divides 0 by 0. Add ε to √v̂.",
        slips.NoEps,
    ),
    Mistake(
        "√ forgotten",
        "You divide by v̂, which has the unit of a squared gradient. Divide by its root: then the step has no unit but "
        "that of η, and its size no longer depends on the gradient's scale.",
        slips.NoRoot,
    ),
    Mistake(
        "β₁ and β₂ swapped",
        "β₁ (0.9, short memory) belongs to m, β₂ (0.999, long memory) to v.",
        slips.SwappedBetas,
    ),
    Mistake(
        "v fed with g instead of g²",
        "v averages the *square* of the gradient. Fed with g it can be negative, and its root NaN.",
        slips.GradientInV,
        seen="a class that many notebooks have copied, for the biases alone, where the weights hide it",
    ),
    Mistake(
        "v fed with m² instead of g²",
        "v averages g², the raw gradient squared. The square of the average m misses the noise, which v is "
        "there to see.",
        slips.MomentumInV,
    ),
    Mistake(
        "m accumulates instead of averaging",
        "m ← β₁m + g is the heavy ball's sum. Adam averages: m ← β₁m + (1 − β₁)g.",
        slips.MAccumulates,
    ),
    Mistake(
        "v accumulates instead of averaging",
        "v ← β₂v + g² grows to 1/(1 − β₂) times the average. Adam averages: v ← β₂v + (1 − β₂)g².",
        slips.VAccumulates,
    ),
    Mistake(
        "m and v start anew at every step",
        "The averages must outlive a step: create them in `__init__`, and write the new values back to where the next "
        "step finds them (`m[...] = …`, or `self.m[i] = …`).",
        slips.ForgetsState,
    ),
    Mistake(
        "the step uses g instead of m̂",
        "You divide the raw gradient by √v̂: that is RMSprop with a correction. Adam moves along m̂.",
        slips.GradientOnTop,
    ),
    Mistake("the sign is flipped", "You climb. The step is subtracted: p −= η·m̂/(√v̂ + ε).", slips.Climbs),
    Mistake("the learning rate is forgotten", "The step is m̂/(√v̂ + ε) times `lr`.", slips.NoRate),
    Mistake(
        "state shared between parameters",
        "All parameters feed the same m and v. Each parameter needs its own pair of its own shape: one list "
        "entry each. "
        "(`[np.zeros_like(p)] * n` makes n names of one array.)",
        slips.SharedState,
    ),
    NEVER_MOVED,
    *PUBLISHED,
)
