"""What people get wrong in AdamW, and how to think about it. The code that does each is in `slips`."""

from adamkit.practice.content.nb05 import slips
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
    ),
    Mistake(
        "the decay comes after the step",
        "You shrink what the step has already moved, so the step is multiplied by 1 − ηλ as well. Shrink first, then "
        "step; or take λθ from the weight as it was before.",
        slips.After,
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
    ),
    Mistake(
        "every parameter decays once for each parameter",
        "The decay of all parameters stands inside the loop over parameters, so two parameters decay twice a step.",
        slips.OncePerParameter,
    ),
    Mistake(
        "no bias correction",
        "The decay is right. But your steps are m/√v: divide m by 1 − β₁ᵗ and v by 1 − β₂ᵗ first, as in notebook 04.",
        slips.NoCorrection,
    ),
    Mistake(
        "the parameters never moved",
        "The arrays that were handed over are the same after `step`. `p = p - …` makes a new array; write `p -= …`.",
        slips.NotInPlace,
    ),
)
