"""Predictions and self-check of notebook 03."""

from adamkit.practice.predictions import Prediction
from adamkit.practice.quiz import Option, Question, Quiz

PREDICTIONS = (
    Prediction(
        key="03-epsilon-place",
        question="""
            A weight sees the steady gradient 1e-4, and ε is 1e-5. With ε outside the root, g/(√v + ε), a step is 0.91
            of η. Somebody moves the same ε inside: g/√(v + ε). The step is now …
        """,
        options=("0.91 of η, as before: ε is small beside g", "about 0.3 of η", "about 0.03 of η"),
        answer=2,
        because="""
            Inside, ε is compared with g² = 1e-8, and is a thousand times larger. So the root is √1e-5 = 0.0032, and
            the step 1e-4/0.0032 = 0.03 of η: ε inside acts like √ε outside.
        """,
    ),
    Prediction(
        key="03-rotate",
        question="""
            In a ravine whose floor runs along an axis, RMSprop gives each direction its own rate and arrives in fewer
            steps than gradient descent. Now the ravine is turned by 45°, and the start with it. Gradient descent does
            not notice. Each method is tuned anew. What happens to RMSprop?
        """,
        options=(
            "nothing: it adapts to the new directions",
            "it loses part of its advantage",
            "it loses all of its advantage",
        ),
        answer=2,
        because="""
            Its rates belong to the *coordinates*, and the turned ravine runs between them. Both
            coordinates see gradients of the same size, so both get the same rate: what is left is one rate for all,
            which the past gradients choose.
        """,
    ),
    Prediction(
        key="03-millimetres",
        question="""
            A weight stands for a length. RMSprop moves it from 0 to its best value, 1 metre, in 200 steps of
            η = 0.01. Now the same length is stored in millimetres, so that 1000 is the best value. Same loss, same η,
            same 200 steps. How far does it get?
        """,
        options=("to 1 metre: RMSprop does not care about units", "to a few centimetres", "to a few millimetres"),
        answer=2,
        because="""
            The gradient's unit cancels, and each step is about η long in whatever the weight is stored in: 0.01
            millimetres. Two hundred steps, the first ones longer, make 3.2 millimetres. η is a length in the space of
            the parameters.
        """,
    ),
    Prediction(
        key="03-rare-share",
        question="""
            Two weights. One sees the gradient 1 in every step; the other in one step out of a hundred, and 0 in all
            others. Gradient descent moves the second a hundredth as far as the first. How far does AdaGrad move it?
        """,
        options=("as far as the first", "about a tenth as far", "a hundredth as far"),
        answer=1,
        because="""
            Its sum of squares is a hundred times smaller, and the *root* of the sum ten times. So each visit counts ten
            times as much, and there are a hundred times fewer: a tenth. A weight that is seen in a share p of the
            steps gets √p as far.
        """,
    ),
    Prediction(
        key="03-adagrad-distance",
        question="""
            A weight sees the gradient 1 at every step. Gradient descent moves it by η each time, so by 100 η in 100
            steps. How many η does AdaGrad move it in the same 100 steps?
        """,
        answer=18.6,
        unit="η",
        within=0.25,
        because="""
            After t steps the sum is t, so step t is η/√t long. The sum of 1/√t over the first n steps is close to 2√n
            − 1.46: 18.6 for n = 100. Ten thousand steps take it to 199 η. It never stops, and it gets slower all the
            time.
        """,
    ),
    Prediction(
        key="03-first-step",
        question="""
            torch.optim.RMSprop with its default settings: lr = 0.01, alpha = 0.99. The first gradient of a weight is
            5. How far does the first step move it?
        """,
        options=("0.01", "0.05", "0.1"),
        answer=2,
        because="""
            After the first step v holds one hundredth of g², because the other 99 hundredths are the zero that it
            started from. So √v = |g|/10, and the step is ten times η, whatever the gradient. Adam's correction
            removes this.
        """,
    ),
    Prediction(
        key="03-jitter",
        question="""
            RMSprop (β₂ = 0.9, η = 0.01) on the parabola ½λθ², without any noise, for 5000 steps. Where does θ end up?
        """,
        options=(
            "at 0, to the last digit: there is no noise",
            "at a distance of about η/2, whatever λ is",
            "at a distance that is larger the flatter the parabola is",
        ),
        answer=1,
        because="""
            Near the minimum g shrinks and √v shrinks with it, so the steps do not get shorter: each is about η long.
            A walker whose steps have the length η can only hop from −η/2 to η/2 and back. The curvature has
            cancelled. (Noise in the gradient would bring it back: the end of the section measures that.)
        """,
    ),
)

SELF_CHECK = Quiz(
    key="03",
    title="Self-check: AdaGrad and RMSprop",
    questions=(
        Question(
            "A weight has seen large gradients early in training, and sees gradients a hundred times smaller since. "
            "Who gives it back a large rate?",
            (
                Option("AdaGrad", "Its sum keeps the early squares for ever, and its rate can only fall."),
                Option(
                    "RMSprop",
                    "Its average forgets squares 10 000 times larger in about nine times 1/(1 − β₂) steps.",
                    right=True,
                ),
                Option("both", "AdaGrad's sum never shrinks, so its rate never rises."),
            ),
        ),
        Question(
            "You divide one input column by 1000, so that its best weight becomes 1000 times larger. RMSprop, same η …",
            (
                Option(
                    "needs about 1000 times as many steps for that weight",
                    "Its steps stay about η long, and the way has become 1000 times longer.",
                    right=True,
                ),
                Option(
                    "does not notice: the gradient's scale cancels",
                    "It cancels, and that is the trouble: a smaller gradient asks for longer steps here.",
                ),
                Option("needs a million times as many", "That is gradient descent, whose steps shrink as well."),
            ),
        ),
        Question(
            "Somebody's code reads g / sqrt(v + 1e-8), with ε inside the root. Which ε outside the root acts like it?",
            (
                Option("1e-16", "The square goes the other way: √(0 + ε) = √ε."),
                Option("1e-8", "Inside, ε is added to g², not to |g|."),
                Option("1e-4", "√1e-8: inside the root ε sets a floor of √ε under the denominator.", right=True),
            ),
        ),
    ),
)
