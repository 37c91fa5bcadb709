"""Interview boxes of notebook 05."""

from adamkit.practice.interviews import Interview

INTERVIEWS = (
    Interview(
        key="05-adam-vs-adamw",
        question="What is the difference between Adam with L2 regularisation and AdamW?",
        answer="""
            Where the decay enters. With L2 the term lambda theta is added to the gradient, so it runs
            through both averages and is divided by the root of v-hat like the rest. A weight with large
            gradients is then hardly regularised, one with small gradients very much.

            AdamW takes eta lambda theta from the weight directly. Every weight shrinks by the same factor,
            whatever its gradients are. For SGD without momentum the two are the same after rescaling lambda;
            with momentum 0.9 L2 goes through the buffer and pulls about ten times harder.

            In practice: it matters where gradient scales differ, and in large models that decay at 0.1. On
            a small network with inputs of one scale, once both are tuned, you will hardly see it. And in
            torch the decay is multiplied by the learning rate, so the schedule acts on the decay as well.
        """,
        trap="""
            "AdamW decouples the decay from the learning rate." In the paper's notation it is decoupled from the
            *base* rate; torch multiplies by `lr`. What both decouple it from is √v̂.
        """,
        follow_up="How would you test that an implementation is AdamW and not Adam with L2?",
        follow_up_answer="""
            With λ > 0, several steps, and gradients of very different scales: scale one coordinate's gradients by
            1000. AdamW's path with ε = 0 does not change, Adam + L2's does. At λ = 0 the two are the same program,
            and even with λ > 0 the first step of Adam + L2 shows no trace of λ, unless λθ turns the gradient's sign.
        """,
    ),
    Interview(
        key="05-no-decay",
        question="Which parameters would you not decay, and how do you set that up?",
        answer="""
            Biases and the parameters of normalisation layers. They have one dimension, they are few, and
            zero is not their natural value: a norm's scale belongs near one. Matrices and convolutions
            decay. Embeddings are a judgement: a row whose token is rare gets decay at every step and
            gradient seldom, so some recipes spare them; others, like nanoGPT, decay all that has two or
            more dimensions.

            In torch I build two parameter groups, one with the decay and one with zero, by the number of
            dimensions rather than by name, because a norm calls its scale weight. Then I check that the
            groups together hold every parameter exactly once. One that is in no group never trains, and
            nothing complains.
        """,
        trap="""
            Selecting by the word "bias" alone. It leaves the scales of all norms decaying, and the code looks right.
        """,
        follow_up="You resume a run with a learning rate ten times lower. What do you do about the decay?",
        follow_up_answer="""
            In torch the pull is ηλ, so it has become ten times weaker too. Weights that a steady gradient holds settle
            at 1/λ, where the rate cancels: keep λ, and they stay. Weights in noise settle at √(η/2λ): with the same λ
            they shrink by √10, slowly. If a given shrinkage over the remaining steps is wanted, raise λ tenfold. Say
            which of the three you mean.
        """,
    ),
)
