"""Interview boxes of notebook 03."""

from adamkit.practice.interviews import Interview

INTERVIEWS = (
    Interview(
        key="03-adagrad-to-adam",
        question="How do AdaGrad, RMSprop and Adam differ?",
        answer="""
            All three divide each coordinate's step by a root of that coordinate's own squared gradients, so a
            weight whose gradients are small moves as far as the others, and one whose gradients are rare much less
            far behind: by the root of p instead of p. They differ in what they remember.

            AdaGrad adds up all squared gradients. That gives guarantees for convex losses and is good for sparse
            features, but the sum only grows: while gradients keep coming, every rate falls like one over the root of
            t. RMSprop replaces the sum by a running average, so rates recover, and the price is that the steps no
            longer shrink: near a minimum it never rests, and needs a schedule to land.

            Adam adds two things: it averages the gradient as well, which is momentum, and it corrects both averages
            for their start at zero. Without that correction RMSprop's first step in PyTorch is ten times its learning
            rate.
        """,
        trap="""
            "RMSprop fixes AdaGrad's vanishing rate" is only half an answer. Say what is lost: with noisy gradients the
            falling rate is what lets AdaGrad settle at a constant η (without noise its rate freezes, and it settles as
            gradient descent does). RMSprop's rate has to be decayed by you.
        """,
        follow_up="When would you still use AdaGrad?",
        follow_up_answer="""
            For sparse, convex or nearly convex problems: linear models over many rare features, embedding tables of
            recommenders. A feature seen ten times has a sum of ten squares, so its rate depends on how often it was
            *seen*, not on how long training has run. A moving average forgets a feature between two visits.
        """,
    ),
    Interview(
        key="03-second-order",
        question="RMSprop divides by √v. Is it an approximation of Newton's method?",
        answer="""
            No, though both rescale the gradient. Newton divides by curvature; RMSprop divides by the size of recent
            gradients. On a parabola the gradient is curvature times distance, so in one place the two look alike. But
            as the distance shrinks Newton's steps shrink, and RMSprop's in the end do not: v shrinks along, and they
            go back to the length of the learning rate.

            The second difference: √v is one number for each coordinate, a diagonal matrix. If the loss is badly
            scaled along the axes, that is just what is needed. If its long and short directions lie across the axes,
            no diagonal matrix helps at all: turn a ravine by 45° and RMSprop is no better than one rate for
            everything.

            So I read it as normalisation: it removes the *gradient's* scale, coordinate by coordinate. Not the
            parameter's: store a weight in millimetres and η is a thousand times too short. Newton would not notice.
        """,
        trap="""
            "v estimates the diagonal of the Hessian." It has the unit of a squared gradient. A relation to curvature
            (the Fisher matrix) holds for likelihoods near the optimum, and even there without the root.
        """,
        follow_up="Are there methods that survive the rotation?",
        follow_up_answer="""
            Full-matrix AdaGrad, from the same paper: it sums the outer products of the gradients and divides by the
            matrix root. For n weights that is n² numbers, so Shampoo and SOAP keep a small matrix for each side of a
            weight matrix, and Muon orthogonalises the update. Plain gradient descent survives too: it never had the
            advantage.
        """,
    ),
    Interview(
        key="03-port-rmsprop",
        question="You port an RMSprop recipe from TensorFlow to PyTorch, number for number. It trains worse. Why?",
        answer="""
            The numbers mean different things. First ε: PyTorch adds it to the root of v, TensorFlow 1 put it under the
            root. Under the root it competes with the *squared* gradient, so TensorFlow's 1e-3 acts like 0.03 in
            PyTorch. Recipes of that time used a large ε, up to 1.0, so this is not a detail.

            Second, the start: TensorFlow's v began at one, so early steps were short; PyTorch's begins at zero, so
            the first step is one over the root of one minus alpha, three to ten times the rate. Third, momentum: in
            one of them the learning rate is multiplied in before the buffer, in the other after, which differs as
            soon as the rate changes.

            I would check the update of one parameter over three steps in both, then choose one definition and
            re-tune.
        """,
        trap="""
            Blaming the data pipeline first. Both updates are called RMSprop and both are "right": the name does not
            fix where ε stands, how v starts, or where the rate enters the momentum.
        """,
        follow_up="How do you test an optimizer you have written yourself?",
        follow_up_answer="""
            Against a reference, over fifty steps or more, in float64, comparing parameters *and* state; with a large
            ε so that its place shows, with weight decay on, from a zero gradient, and with momentum. At ε = 1e-8 and
            gradients of order one, ε inside and ε outside agree to many digits, and the mistake stays hidden.
        """,
    ),
)
