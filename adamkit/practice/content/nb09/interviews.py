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
        key="09-muon",
        question="Derive Muon. Why does it orthogonalise, and where would you not use it?",
        answer="""
            A step of fixed length lowers the loss most if it is the steepest one, and that depends on how length is
            measured. By the largest entry it is the sign of the gradient, Adam's first step. By the largest singular
            value it is UVᵀ, if the gradient is USVᵀ: each product uᵀDv can be at most one, and UVᵀ makes all of them
            one. That length fits a layer, because it is the most by which any input can feel the step.

            UVᵀ comes without a decomposition: XXᵀX has the singular values cubed and the same directions, so an odd
            polynomial of the matrix acts on the singular values, and five rounds bring them near one.

            Hence it helps where directions are unequal and lie across the coordinates, in hidden matrices. In an
            embedding, a bias or a gain, entries stand for themselves; those stay with AdamW.
        """,
        trap="""
            "It makes the weights orthogonal." It makes the *step* so. Nor are singular values one afterwards: five
            rounds leave them between about 0.7 and 1.2, and a zero stays zero.
        """,
        follow_up="Your matrices have all shapes. Does one rate fit all of them?",
        follow_up_answer="""
            Not by itself: the entries of UVᵀ have a root mean square of one over the root of the longer side. So the
            step is multiplied by a factor of the shape: √max(1, r/c) in the blog, or 0.2√max(r, c), which gives
            entries the size of Adam's steps, so that AdamW's rate and decay can be kept.
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
