"""Predictions and self-check of notebook 03."""

from adamkit.practice.predictions import Prediction
from adamkit.practice.quiz import Option, Question, Quiz

PREDICTIONS = (
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
            "it loses all of its advantage, or more",
        ),
        answer=2,
        because="""
            Its rates belong to the *coordinates*, and the turned ravine runs between them. Both
            coordinates see gradients of the same size, so both get the same rate: what is left is one rate for all,
            and a jitter on top.
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
            cancelled.
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
                Option("RMSprop", "Its average forgets them within a few times 1/(1 − β₂) steps.", right=True),
                Option("both", "AdaGrad's sum never shrinks, so its rate never rises."),
            ),
        ),
        Question(
            "You multiply the loss by 1000. What does RMSprop with a tiny ε do, at the same η?",
            (
                Option("it takes the same path", "g and √v grow alike, and the quotient stays.", right=True),
                Option("it diverges: gradients are 1000 times larger", "That is gradient descent. √v grows alike."),
                Option("it becomes slower, because v is larger", "The division cancels the factor in both directions."),
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
