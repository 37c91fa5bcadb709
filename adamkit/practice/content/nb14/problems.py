"""The three full problems of notebook 14."""

from adamkit.practice.problems import Problem

DERIVATION = Problem(
    key="14-derivation",
    title="Problem 1: the correction",
    question="""
        Adam starts its two averages at zero. Derive the factors by which they have to be corrected, and say what you
        assume. Then tell me: what happens to the *step* if both corrections are left out, with the default betas?
    """,
    minutes=8,
    hints=(
        "Unroll $m_t = β₁m_{t−1} + (1 − β₁)g_t$ down to $m₀ = 0$. What are the weights?",
        "Take expectations. Which assumption lets the expectation of the gradient leave the sum?",
        "A geometric sum remains: $(1 − β₁) Σ β₁^{t−i} = 1 − β₁ᵗ$.",
        "For the last part write the uncorrected step over the corrected one. The gradients cancel.",
    ),
    answer="""
        Unrolled, $m_t = (1 − β₁) Σ β₁^{t−i} g_i$. If all $E[g_i]$ are equal, the expectation leaves the sum, and the
        geometric sum gives $E[m_t] = (1 − β₁ᵗ)·E[g]$. So $m̂ = m/(1 − β₁ᵗ)$. The same lines with g² give
        $v̂ = v/(1 − β₂ᵗ)$. Stationary first and second moments are assumed, independence is not.

        Without both corrections the step is multiplied by $(1 − β₁ᵗ)/√(1 − β₂ᵗ)$, whatever the gradients are. With 0.9
        and 0.999 that is 3.16 at t = 1. It climbs to 6.57 at t = 12 and is still 1.26 at t = 1000. So both moments are
        too small, and the steps are too **large**.
    """,
    rubric={
        "strong": """
            Unrolls, names the geometric sum and the assumption, gets both factors, and looks at the ratio unasked: too
            large, with a figure. Says for which betas it would be the other way.
        """,
        "lean": "Both factors are right; the step is judged by m alone, or only after a hint.",
        "no": "Cannot unroll, or says that both averages are too small and therefore the steps are.",
    },
    follow_ups=(
        ("For which betas are the first steps too small?", "When $√(1 − β₂) > 1 − β₁$: 0.45 with (0.9, 0.95)."),
        ("Why not start the averages at the first gradient?",
         "Unbiased too, but that one gradient keeps 90 percent of v's weight at step 100."),
    ),
)  # fmt: skip

CHOICE = Problem(
    key="14-choice",
    title="Problem 2: two recommendations",
    question="""
        Two teams ask you for an optimizer. One trains a ResNet-50 on ImageNet, the other a GPT-2 on text. What do you
        recommend to each: optimizer, rate, schedule, decay? Which of your reasons are evidence, and which are habit?
    """,
    minutes=8,
    hints=(
        "Begin with published recipes. Who trained these models, with what, and to which result?",
        "For each number, name the reason: the noise, the scales of the gradients, the stability at the start.",
        "What would change if each team could afford a sweep over the rate? What if it could not?",
    ),
    answer="""
        ResNet-50: SGD with Nesterov momentum 0.9, a rate of 0.1 for each 256 images, five epochs of warmup, cosine to
        zero, decay 1e-4 but none on norms and biases. It is a known recipe with half of Adam's state. The recipe counts
        for more than the optimizer: torchvision's weights went from 76.1 to 80.9 percent, both with SGD, and LAMB is
        reported to reach 80.4.

        GPT-2: AdamW (0.9, 0.95), peak 6e-4, 2000 steps of warmup, cosine to a tenth, decay 0.1 on matrices, clip 1.
        Gradient scales differ between embeddings, norms and matrices, and word frequencies are heavy-tailed. One rate
        for all coordinates is too few there, and Adam's rate is forgiving. *Why* exactly is unsettled.

        Evidence: the recipes, and sweeps in which each optimizer had its best rate. Habit: "SGD generalises better".
        Both teams should sweep the rate over a decade before anything else.
    """,
    rubric={
        "strong": """
            Two complete settings with a reason for each number; separates evidence from habit; says that the recipe
            outweighs the optimizer, and that the cause of Adam's lead on text is unsettled.
        """,
        "lean": "Both optimizers named with plausible numbers, but reasons are slogans, or no word on tuning.",
        "no": "One optimizer for both without reason, or rates carried over from one optimizer to the other.",
    },
    follow_ups=(
        ("The GPT team halves its batch. What changes?",
         "A rate lower by about the root of two, as a start for a sweep. With β₂ of 0.975 for 0.95, v remembers as "
         "many tokens as before."),
        ("Which single experiment would change your mind?", "A sweep of both, same schedule and budget, three seeds."),
    ),
)  # fmt: skip

CLIMB = Problem(
    key="14-climb",
    title="Problem 3: it falls, then climbs",
    question="""
        A transformer trains with Adam, with a warmup and then a constant rate. The training loss falls during the
        warmup and for a while after it, and then it climbs. What do you look at first? What could it be, and how would
        you tell the causes apart? What do you change?
    """,
    minutes=8,
    hints=(
        "Is it the training loss or the validation loss? With another seed, does it turn at the same step, or at the "
        "same data?",
        "What was different while all went well? Look at the rate.",
        "One change at a time, from a checkpoint before the turn. Which change tests your first suspect most directly?",
    ),
    answer="""
        It is the training loss, so not overfitting. First I look at the data around the turn, and repeat with another
        seed. If it follows the step and not the data, my first suspect is the rate: all went well while it was
        lower. Gradient norms and the update-to-weight ratio for each layer show where.

        The test: continue from before the turn with a third of the rate. If it no longer climbs, that was it. The
        finished form is a lower peak, with a decay after it. A longer warmup only postpones the peak. Clipping does
        little, since Adam's step does not know the gradient's scale. A smaller β₂ helps against spikes, not here.
    """,
    rubric={
        "strong": """
            Separates training from validation and step from data; names the rate as the suspect with the reason;
            changes one thing at a time, and says what each result would mean.
        """,
        "lean": "Lowers the rate, but as one of five changes made at once, or without looking at the data.",
        "no": "Adds warmup or clipping and stops there, or calls it overfitting.",
    },
    follow_ups=(
        ("At a rate of 3e-4 and a billion parameters, is it the same disease?",
         "The threshold depends on the model: our tiny one needs 0.08. The test is the same."),
    ),
)  # fmt: skip

PROBLEMS = (DERIVATION, CHOICE, CLIMB)
