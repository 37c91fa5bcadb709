"""What people get wrong in AdamW, and how to think about it. The code that does each is in `slips`."""

from adamkit.practice.content.nb05 import slips
from adamkit.practice.content.still import NEVER_MOVED
from adamkit.practice.exercises import Mistake

MISTAKES = (
    Mistake(
        "L2 where decay was asked",
        "You add λθ to the gradient. It then enters m and v, and is divided by √v̂: weights with large gradients hardly "
        "decay. That is Adam with L2, torch.optim.Adam's `weight_decay`. Shrink the weight itself instead.",
        slips.L2,
    ),
    Mistake(
        "the decay goes through m",
        "λθ stays out of v, but it is averaged into m and divided by √v̂ all the same. Leave m and v to the gradient "
        "alone.",
        slips.DecayIntoM,
    ),
    Mistake(
        "the decay is divided by √v̂",
        "You add λθ to m̂ and divide the sum. The decay must stand outside the fraction: "
        "θ − η(m̂/(√v̂ + ε) + λθ).",
        slips.DecayDivided,
    ),
    Mistake(
        "the decay is not multiplied by the learning rate",
        "You shrink by 1 − λ. That is nearly the paper's convention, in which λ is a hundred or a thousand times "
        "smaller. In torch's the factor is 1 − ηλ.",
        slips.NoRate,
        seen="flashlight (its issue 143 shows it), a draft of torch's AdamW (pull request 4429)",
    ),
    Mistake(
        "the decay comes after the step",
        "You shrink what the step has already moved, so the step is multiplied by 1 − ηλ as well. Shrink first, then "
        "step; or take λθ from the weight as it was before.",
        slips.After,
        seen="two of bitsandbytes' backends (issue 2010), torchani until 2019 (pull request 261)",
    ),
    Mistake(
        "the decay is forgotten",
        "These are Adam's numbers. λ is accepted and never used: the tests with λ = 0 pass, the others do not.",
        slips.Forgotten,
    ),
    Mistake(
        "the weights grow",
        "You multiply by 1 + ηλ. Decay pulls towards zero: 1 − ηλ.",
        slips.Grows,
        seen="a change proposed for an early AdamW for torch (issue 1 of AdamW-pytorch)",
    ),
    Mistake(
        "the moments decay as well",
        "m and v have their own forgetting, β₁ and β₂. The decay concerns the weights alone.",
        slips.DecaysMoments,
    ),
    Mistake(
        "both L2 and decay",
        "You shrink the weight and also add λθ to the gradient. Only the first belongs to AdamW.",
        slips.Twice,
    ),
    Mistake(
        "the sign of the weight instead of the weight",
        "ηλ·sign(θ) is the pull of an L1 penalty. Weight decay is proportional to the weight: ηλθ.",
        slips.SignOnly,
    ),
    Mistake(
        "the square of the weight instead of the weight",
        "The *penalty* is ½λθ²; the pull is its derivative, λθ.",
        slips.Squared,
        seen="a change proposed in the review of torch's AdamW (pull request 3740)",
    ),
    Mistake(
        "every parameter decays once for each parameter",
        "The decay of all parameters stands inside the loop over parameters, so two parameters decay twice a step.",
        slips.OncePerParameter,
    ),
    Mistake(
        "the weight is missing from the decay",
        "You subtract ηλ itself, the same from every weight, whatever its size and sign. Decay is proportional: ηλθ.",
        slips.WeightMissing,
        seen="torchopt for R until 2023 (pull request 14)",
    ),
    Mistake(
        "the decay is multiplied by the corrected rate",
        "Your decay shares the rate η·√(1 − β₂ᵗ)/(1 − β₁ᵗ), which carries the bias correction of the *moments*. A "
        "weight is not an average begun at zero: it decays by ηλ from the first step on.",
        slips.CorrectedRate,
        seen="AdamW-pytorch, an early AdamW for torch (issue 1)",
    ),
    Mistake(
        "ε added before the correction",
        "The decay is right. But you add ε to √v and correct afterwards; algorithm 2 of the AdamW paper corrects "
        "first: √v̂ + ε.",
        slips.EpsBeforeCorrection,
        seen="nanochat until 2026 (issue 304), torch until 2019 (pull request 22628)",
    ),
    Mistake(
        "t counts parameters instead of steps",
        "The decay is right. But t is raised once for each parameter, and the second is corrected as if it were a step "
        "older. Raise t once a step.",
        slips.CountsParameters,
    ),
    Mistake(
        "no bias correction",
        "The decay is right. But your steps are m/√v: divide m by 1 − β₁ᵗ and v by 1 − β₂ᵗ first, as in notebook 04.",
        slips.NoCorrection,
    ),
    NEVER_MOVED,
)
