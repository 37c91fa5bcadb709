"""Interview boxes of notebook 11."""

from adamkit.practice.interviews import Interview

INTERVIEWS = (
    Interview(
        key="11-batch",
        question="We double the number of GPUs, and with it the batch. What do you change?",
        answer="""
            First I ask whether the larger batch is still useful: below the critical batch. I measure the gradient noise
            scale, tr Σ over |G|², from the squared norms at two batch sizes; data parallelism gives both for free, the
            device's own gradient and the mean. It grows during training, so I look at a late checkpoint too.

            Below it, for Adam: η times √2, and in principle 1 − β times 2 for both betas, so that the averages cover
            as many tokens; ε matters little. SGD's η doubles instead. Warmup and schedule keep their tokens, so
            half the steps; λ keeps ηλ times steps. Above it more devices buy little: I keep η, and expect to save few
            steps.

            Then I verify with a short sweep over three rates, because the rule is a start and no proof.
        """,
        trap="""
            "Double the rate." That is SGD's linear rule, and also for SGD it ends at the critical batch.
        """,
        follow_up="Why is it the root for Adam?",
        follow_up_answer="""
            Adam's step is normalised by √v, and where noise dominates √v falls as 1/√batch. So the drift of a step
            already grows with the root; another root in η makes one step of the double batch worth two.
        """,
    ),
    Interview(
        key="11-mup",
        question="You have tuned a model of 100 M parameters. Now train 10 B. How do you choose the learning rate?",
        answer="""
            Not by copying it. With a standard start the best rate of Adam falls as the network becomes wider: a step
            moves each weight by η, the inputs of a unit agree on the sign, so its pre-activation changes in proportion
            to η times width.

            μP repairs that by layer. Hidden and output matrices get η over the growth of their inputs; input weights,
            embeddings, biases and norms keep η; the output starts at zero or smaller; attention divides by the head's
            size. I check it by coordinates: the change of each layer's activations after a few steps, flat in width.
            Then I tune on the small one and copy.

            I say what it is not derived for: depth, batch, tokens; and decay, which does not carry over. I keep ηλ by
            group, and run a sanity sweep at an intermediate size. Without μP I fit the best rate over three sizes and
            extrapolate.
        """,
        trap="""
            "Divide the rate by the width everywhere." Then input layer, biases and norms learn ever more slowly.
        """,
        follow_up="Is μP necessary for transfer?",
        follow_up_answer="""
            Disputed. Everett et al. (2024) transfer with every parametrisation, given a rate for each layer. Kosson et
            al. (2025) find that late in training decay does the work. I would say: some width rule is necessary.
        """,
    ),
    Interview(
        key="11-zero",
        question="7 B parameters, AdamW, eight GPUs of 80 GB. What does each stage of ZeRO buy, and what does it cost?",
        answer="""
            Without sharding each GPU holds 16 bytes a parameter: 2 for the weight, 2 for the gradient, 12 for the
            float32 copy, m and v. That is 112 GB, and does not fit. Stage 1 spreads the 12: 4 + 12/8 is 5.5 bytes, 38.5
            GB. Stage 2 spreads the gradients too: 2 + 14/8, 26 GB. Stage 3, which FSDP does, spreads all: 16/8, 14 GB.

            Messages: plain data parallelism sends each gradient twice, reduced and gathered, and stages 1 and 2 send no
            more: reduce the gradients, gather the new weights. Stage 3 gathers the weights in both passes, half as much
            again. So I take stage 1 or 2 as long as it fits, with room for the activations, which none of them touches.
        """,
        trap="""
            "ZeRO splits the computation." It splits what is stored: each device still computes all layers on rows of
            its own.
        """,
        follow_up="When is stage 3 not enough?",
        follow_up_answer="""
            When activations or one gathered layer are the problem, or when the batch would exceed the critical one,
            because each device needs rows of its own. Then tensor and pipeline parallelism split the work on a row.
        """,
    ),
)
