"""Interview boxes of notebook 08."""

from adamkit.practice.interviews import Interview

INTERVIEWS = (
    Interview(
        key="08-landscape",
        question="Walk me from SGD to 8-bit Adam and Muon. What did each step fix?",
        answer="""
            SGD follows a noisy slope. Momentum averages it, so that zig-zag cancels. AdaGrad gives each coordinate a
            rate of its own, but its sum of squares only grows; RMSprop turns the sum into an average. Adam joins the
            two and corrects both averages for their start at zero.

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
        key="08-amsgrad",
        question="Adam has been proved not to converge. Should we switch to AMSGrad?",
        answer="""
            The proof says: for any fixed betas with β₁ below √β₂ there is a convex problem on which Adam ends at a
            wrong point. The problem is chosen after the betas. On the best known one, with slopes 3, −1, −1, Adam fails
            with β₁ = 0 and β₂ = 0.1; with the default betas it solves it. The defaults have a problem of their own:
            slope 101 at every 101st step, −1 otherwise. There 0.999 fails, and 0.9999 is right.

            So the practical reading is: if rare, large gradients carry the signal, v must hardly move from one to the
            next. For a problem that you know, a larger β₂ does that. AMSGrad does it for all, by remembering the
            largest v for ever. It costs a third moment, and in our table it ends where Adam does.
        """,
        trap="""
            "Adam diverges." On these problems it goes to the wrong end of an interval, and the betas were known before
            the problem was made.
        """,
        follow_up="What did the later analysis add?",
        follow_up_answer="""
            Zhang and others, 2022: fix the problem first, then choose. With β₂ large enough for it, and β₁ below √β₂,
            Adam without any change converges, to a neighbourhood whose size depends on the noise.
        """,
    ),
    Interview(
        key="08-eight-bits",
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
