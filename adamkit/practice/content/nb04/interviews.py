"""Interview boxes of notebook 04."""

from adamkit.practice.interviews import Interview

INTERVIEWS = (
    Interview(
        key="04-explain-adam",
        question="Explain Adam to me, in a minute.",
        answer="""
            Adam keeps two running averages for every parameter: m, of the gradient, and v, of its square.
            Both begin at zero, so each is divided by the weight it has collected so far, one minus beta to
            the t. The step is the learning rate times m-hat over the root of v-hat, plus a small epsilon.

            The average m smooths noise, as momentum does. The division makes the step free of the
            gradient's scale: the first step is the learning rate times the sign, whether the gradient is a
            thousand or a thousandth. After that, the ratio reads as signal over noise: near one where
            gradients agree, and about a quarter, up or down, where they are noise alone.

            So the learning rate is roughly the distance a weight may travel in a step, whatever the loss is
            measured in. How far a weight *may* travel still depends on the model, so it must be tuned. The
            price is two extra numbers for each parameter.
        """,
        trap="""
            Saying "Adam adapts the learning rate" and stopping there. Say *to what*: to the recent size of each
            coordinate's own gradient. And not to curvature: rotate a ravine by 45° and the advantage is gone.
        """,
        follow_up="What does ε do, and would you ever change it?",
        follow_up_answer="""
            It is the floor of the denominator. Where √v̂ is far above ε it does nothing; far below, Adam
            becomes momentum scaled by η/ε. With the default 1e-8 a first gradient as small as 1e-8 still
            gets half a step. A larger ε tames steps of coordinates whose gradients are nearly zero. Its
            place, outside the root, matters when you port settings between libraries.
        """,
    ),
    Interview(
        key="04-bias-correction",
        question="Why does Adam need bias correction? What goes wrong without it?",
        answer="""
            Both averages start at zero, and pull towards it at first. Unrolled, m after t steps is a
            weighted sum of the gradients whose weights add up to one minus beta-one to the t. If the
            gradients have a steady mean, the expectation of m is that mean times this sum; dividing by it
            makes m unbiased. The same holds for v and the squared gradient.

            Without it, both are too small, but the step is their ratio. With 0.9 and 0.999, the first m is
            ten times too small, and the root of the first v is thirty-two times too small, so the first
            step is 3.16 times too *large*. It gets worse, 6.6 times at step twelve, and is still a quarter
            too large at step one thousand. So the correction guards the start of training, where the
            weights are most easily thrown off.
        """,
        trap="""
            "Without correction the first steps are too small." That holds for m alone. For the step it
            depends on the betas: (1 − β₁)/√(1 − β₂) is 3.16 with (0.9, 0.999), exactly 1 with (0.9, 0.99),
            and 0.45 with (0.9, 0.95). Beware of quoting the paper's section 3, which blames a *small* β₂: a slip.
            Section 6.4 has it right, uncorrected runs are unstable for β₂ close to 1.
        """,
        follow_up="BERT's original code has no bias correction. Why did that work?",
        follow_up_answer="""
            It warms the learning rate up over 10 000 steps. The uncorrected step is within 1% of the
            corrected one from step 3925 on, so the warmup covers the whole stretch in which the correction
            would matter. With a short warmup, or none, as in fine-tuning, it is missed.
        """,
    ),
    Interview(
        key="04-largest-step",
        question="How large can a single Adam step get?",
        answer="""
            About the learning rate is the usual answer, and for steady gradients it is right: m-hat is then
            at most the root of v-hat. But m forgets faster than v. If the gradients have been zero for long
            and one spike arrives, m holds a tenth of it, and the root of v one thirty-second, so the step
            is 3.16 learning rates. That is the bound in the paper's section 2.1.

            It is not the largest. Let the gradients grow by the ratio beta-two over beta-one at each step:
            m keeps up, v lags, and the step approaches 7.27 learning rates with the defaults. So the size
            is bounded, but by several learning rates, not one. With a beta-two of 0.95 the worst case is
            only 1.16.
        """,
        trap="""
            Quoting the paper's bound, η(1 − β₁)/√(1 − β₂), as a theorem. The supremum is
            η(1 − β₁)/√((1 − β₂)(1 − β₁²/β₂)) for β₁² < β₂; a growing gradient gets past the paper's number.
        """,
        follow_up="So does gradient clipping still make sense with Adam?",
        follow_up_answer="""
            Yes, though not because it makes gradients smaller: rescaling *all* of them changes nothing. It
            matters because a *spike* is clipped and its neighbours are not. The spike then enters v with a
            bounded square. Unclipped, a spike a hundred times the usual gradient shortens the steps to
            0.3 of themselves, and they are back at a half after 1200; after one a thousand times as large, after 5800.
        """,
    ),
)
