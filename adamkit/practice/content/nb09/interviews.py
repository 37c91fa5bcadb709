"""Interview boxes of notebook 09."""

from adamkit.practice.interviews import Interview

INTERVIEWS = (
    Interview(
        key="09-landscape",
        question="Walk me from SGD to 8-bit Adam and Muon. What did each step fix?",
        answer="""
            SGD follows a noisy slope. Momentum adds up what keeps its sign. AdaGrad gives each coordinate a rate of its
            own, but its sum of squares only grows; RMSprop turns the sum into an average. Adam joins the two and
            corrects both averages for their start at zero.

            From there each variant changes one thing. AdamW takes the decay out of the division. AMSGrad keeps v from
            shrinking, for the sake of a proof. RAdam holds back while v is young, which is close to a warmup. LAMB
            scales the step of each layer to the size of its weights, for very large batches. Adafactor keeps v as row
            and column means, 8-bit Adam keeps both moments in bytes: that is memory. Lion keeps only the sign, and one
            moment. Schedule-Free puts an average in the place of the decaying rate. Muon leaves the coordinates
            altogether: it makes the step of a whole matrix orthogonal.

            In production the default is still AdamW. The reason to leave it that can be computed beforehand is memory.
        """,
        trap="""
            Reciting "X is better than Adam". Each paper wins its own comparison. Say what problem it fixes, what it
            costs, and how the baseline was tuned.
        """,
        follow_up="Which of them would you try first in a run that does not fit into memory?",
        follow_up_answer="""
            First I would count: weights, gradients, state and activations. If the state is the problem, 8-bit Adam:
            same curve, six bytes a parameter less. If that is not enough, Adafactor, whose state is next to nothing,
            with its rate tuned anew. If activations are the problem, none of them helps.
        """,
    ),
    Interview(
        key="09-eight-bits",
        question="How can eight bits be enough for Adam's moments, and what do you save?",
        answer="""
            Only what is stored between steps is rounded; each step unpacks to 32 bits, computes, and packs again. Two
            ideas make the rounding harmless. Numbers share a scale in blocks of 256, so an outlier spoils only its own
            block. And the 256 values are not evenly spaced: they follow the powers of ten, as floating-point numbers
            do, so that small numbers keep their size over seven decades. In our test half of v came back within six
            percent. An even table sends most of v to zero, and zero stands in the divisor.

            It saves six of Adam's eight bytes of state a parameter. With weights and gradients in 32 bits that is six
            of sixteen, and activations come on top.
        """,
        trap="""
            "It cuts memory by 75%". It cuts the optimizer's state by 75%.
        """,
        follow_up="Why do small tensors and embeddings stay in 32 bits?",
        follow_up_answer="""
            Tensors below 4096 elements are not worth the overhead, and many of them, norms and biases, are sensitive.
            Embedding gradients are sparse and very uneven, and the authors found them the unstable part.
        """,
    ),
)
