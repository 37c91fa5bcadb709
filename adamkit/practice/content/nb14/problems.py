"""The full problems of notebook 14: three to talk through, and one to write."""

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
        First I ask for two sizes: the batch of the ResNet, and which GPT-2, for a good rate falls with size. Say 124 M.

        **ResNet-50**, SGD with Nesterov momentum: one buffer where Adam has two, and the published results to compare
        with. Rate 0.1 for each 256 images, in proportion to the batch, because a batch twice as large gives half as
        many steps. Five epochs of warmup, because that proportion fails in the first, fast-changing epochs at large
        batches. Momentum 0.9 sums some ten gradients, so the rate belongs to it. Cosine to zero: the noise of a
        constant rate holds the loss up. Decay 1e-4, which for weights in front of a batch norm sets the effective
        rate, and none on norms and biases, by convention. That recipe gives about 76 percent. If accuracy is wanted,
        the *recipe* is what to change: 600 epochs, label smoothing, mixup and cutmix, an average of the weights. With
        it torchvision went from 76.1 to 80.9, both times with SGD, and LAMB is reported to reach 80.4.

        **GPT-2, 124 M**, AdamW: on text it ends lower when both are swept. Candidates for the reason: gradients of
        embeddings, norms and matrices differ in scale, and word frequencies are heavy-tailed. Peak 6e-4, GPT-3's rate
        at that size; for 1.3 B it used 2e-4. β₁ 0.9: ten steps. β₂ 0.95: a memory of twenty steps, so that v follows
        when gradients grow. Some 2000 steps of warmup, a percent or less of the run: the first steps rest on few
        gradients. Cosine to a tenth, as to zero, but not spent on steps that do nothing. Decay 0.1 on matrices only.
        Clip 1, for the rare spike.

        Evidence: that AdamW ends lower on text when both are swept, and that its best rate moves less from task to
        task. Not simply that it forgives a wrong rate: in our sweep it does above its best rate, and not below.
        Convention, taken over with the recipe: 0.9, 2000, a tenth, 0.1, 1. Habit: "SGD generalises better". *Why*
        Adam leads on text is unsettled. Both teams sweep the rate over a decade first.
    """,
    rubric={
        "strong": """
            Asks for the model's size, or names it; two complete settings, each number with its reason or with the word
            that it is convention; says that the recipe outweighs the optimizer on images, and that the cause of Adam's
            lead on text is unsettled.
        """,
        "lean": "Both optimizers named with plausible numbers, but reasons are slogans, or no word on tuning.",
        "no": "One optimizer for both without reason, or rates carried over from one optimizer to the other.",
    },
    follow_ups=(
        ("The GPT team halves its batch. What changes?",
         "A rate lower by about the root of two, as a start for a sweep; that is a rule for noise, and no law. With "
         "β₂ of 0.975 for 0.95, v remembers as many tokens as before. By the same count β₁ would go to 0.95 and the "
         "warmup to twice the steps. I would test each and not assume it."),
        ("The same for 1.5 billion parameters?",
         "A lower peak: GPT-3's table has 6e-4 at 125 million, 2e-4 at 1.3 billion. Sweep it on small models first."),
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
        It is the training loss, so not overfitting. **First look**: at which step, and at which data? I go on from a
        checkpoint before the turn with the batches in another order. If the climb moves with the data, it is the data:
        a source or a mix that changed. Decode it, and compare the loss for each source.

        If it stays with the step, something grew. Each suspect has its number:

        - *The rate is above what this region bears.* It was fine *for a while* at full height, so the height alone does
          not explain it: the curvature has risen since, to the edge, 38/η for Adam. Measure that, or more cheaply the
          test: from the checkpoint, a third of the rate.
        - *Attention logits* grow until the softmax is one-hot. Log the largest logit, and attention's entropy, for each
          layer. Repair: normalise queries and keys.
        - *Output logits* drift, all together, unseen by the softmax. Log log Z. Repair: a z-loss, or decay.
        - *Norms grow*: weights or residual path. Log them for each layer; growing weights without decay say so.
        - *v is behind*: log the root mean square of $g/√v̂$. Above one before each rise, and spikes: a smaller β₂.
        - *Precision*: replay a hundred steps in float32 from the checkpoint.

        The rate comes first because the test is cheapest. But a lower rate slows all the others as well, so "it no
        longer climbs" is not yet a cause: look which number stopped growing. The repair is a lower peak with a decay
        behind it, or the repair of what grew. In our run a longer warmup only put the climb off. Others report that a
        longer warmup lets a network *bear* a higher rate. The test between the two: two lengths of warmup, equally
        many steps at the peak.
    """,
    rubric={
        "strong": """
            Separates training from validation and step from data; names the rate and at least two things that may
            have grown, each with the number that would show it; explains the delay; changes one thing at a time, and
            says what each result would mean.
        """,
        "lean": "Lowers the rate, but as one of five changes made at once, or without looking at the data.",
        "no": "Adds warmup or clipping without a test that could show it wrong, or calls it overfitting.",
    },
    follow_ups=(
        ("At a rate of 3e-4 and a billion parameters, is it the same disease?",
         "The threshold depends on the model: our tiny one needs 0.08. The test is the same."),
    ),
)  # fmt: skip

CODE = Problem(
    key="14-code",
    title="Problem 4: AdamW from a blank cell",
    question="""
        Write AdamW for a list of NumPy arrays, without looking anything up: a class `AdamW(params, lr, beta1, beta2,
        eps, weight_decay)` with a method `step(grads)`. This is what is judged, and nothing else:

        - the numbers, over many steps, with other betas, a large ε, strong decay and none;
        - the parameters change *in place*, and the gradients that were handed over stay as they are;
        - several parameters, also of one shape; one number; 32-bit arrays; arrays that are parts of larger ones;
        - gradients of zero at first, or from some step on; two optimizers that step in turn;
        - torch's convention: the weights shrink by the factor $1 − ηλ$ before Adam's step, ε stands outside the root.

        No time is measured, no style is judged, and no name but these three.
    """,
    minutes=12,
    hints=(
        "Say the state first: for each parameter an m and a v of its shape, and one t for all.",
        "Then the order: raise t once; for each parameter decay, m, v, the two corrections, the step.",
        "`p -= …` changes the caller's array, `p = p - …` does not. The same holds for m and v.",
    ),
    answer="""
        The text is the solution of exercise 05-adamw, below the cell. What to say while writing it:

        - *State.* "m and v are zero at the start, which is why they are corrected. t is one number for the optimizer,
          not one for each parameter."
        - *Decay.* "On the weight itself and times the rate, so that a schedule reaches it. In the gradient it would be
          divided by √v̂: that is Adam with L2."
        - *In place.* "The caller holds these arrays."
        - *ε.* "Outside the root, after the correction. Inside, or before it, it would mean something else."

        Then, unasked: "I would test it against torch in float64, with decay above zero, for fifty steps, and with two
        parameters of one shape."
    """,
    rubric={
        "strong": """
            Right at the first run, or after one repair that was found by a test of one's own; says where ε and the
            decay stand and what the other places would mean; names the test before being asked.
        """,
        "lean": "Right after hints; cannot say why the decay is not in the gradient; would test by a loss curve.",
        "no": "No correction, or decay through the gradient, and no suspicion that anything is wrong.",
    },
    follow_ups=(
        ("How would you test it with no reference at hand?",
         "By what must hold: the first step is $η·sign(g)$ plus the decay; at ε = 0 a gradient a thousand times as "
         "large changes nothing; two halves of a parameter in two arrays move as the whole did."),
        ("What would you change for a model of a billion parameters?",
         "Nothing in the rule. A float32 copy of the weights and float32 state beside bfloat16 weights, one kernel for "
         "all tensors, decay for matrices."),
    ),
)  # fmt: skip

PROBLEMS = (DERIVATION, CHOICE, CLIMB, CODE)
