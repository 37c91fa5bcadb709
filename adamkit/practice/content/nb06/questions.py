"""Predictions, interview boxes and self-check of notebook 06."""

from adamkit.practice.interviews import Interview
from adamkit.practice.predictions import Prediction
from adamkit.practice.quiz import Option, Question, Quiz

PREDICTIONS = (
    Prediction(
        key="06-half-lost",
        question="""
            A small post-LN transformer, Adam, peak rate 0.04, cosine to zero, 160 steps in all. One run begins at the
            peak, the other spends 80 of its 160 steps climbing to it. Which of the two learns to read, and why?
        """,
        options=(
            "The run at the peak: climbing wastes half of the steps at rates that are too low",
            "The run at the peak: after so long a climb too few steps are left for the cosine to come down",
            "The climbing run: the other is too fast for most of its steps, and learns only at the cosine's end",
            "The climbing run: at 0.04 from the start, the first steps do damage that the same schedule cannot undo",
        ),
        answer=3,
        because="""
            The loss does not explode, it even falls quickly: the first steps throw the model to a place where it knows
            the frequency of each letter and nothing else. Under this schedule it does not come back, although the
            cosine takes its rate down to zero. At a peak of 0.003 the two runs end alike.
        """,
    ),
    Prediction(
        key="06-rescue",
        question="""
            Five steps at 0.04 have thrown the model. Their gradients were larger than later ones.
            Training goes on for 160 steps, a climb of 80 and a cosine, with the default β₁ = 0.9 and β₂ = 0.999. Which
            of these gets furthest?
        """,
        options=(
            "The peak of 0.04 again: only a high rate leads out of a bad place",
            "A peak of 0.003, with Adam's m and v as they are: they know the terrain",
            "A peak of 0.003 with a fresh Adam: m and v begin again at zero",
            "All end alike: the weights are where no training leads out",
        ),
        answer=2,
        because="""
            v forgets over 1/(1 − β₂) = 1000 steps, so after 160 it still holds those five gradients, and the steps
            that are divided by √v̂ stay short. A low peak alone is too little, a low peak with fresh moments brings
            both runs back; so the weights were never lost. Both moments must go: m too is full of the first gradients.
        """,
    ),
    Prediction(
        key="06-first-rate",
        question="""
            Gradients are pure noise, drawn from N(0, 1) for many parameters. Look at Adam's very first step: at the
            adaptive rate 1/√v̂₁, and at the size of the step itself. How much do they vary from one parameter to the
            next?
        """,
        options=(
            "Both vary moderately",
            "Both vary without bound: the rate has infinite variance, and the step inherits it",
            "The rate has infinite variance, and every step has exactly the same size",
            "Neither varies: the bias correction sees to that",
        ),
        answer=2,
        because="""
            v̂₁ = g₁², so the rate is 1/|g₁|, whose variance is infinite. The step is η·g₁/|g₁| = ±η. Numerator and
            denominator are the same number, so on pure noise the wild rate does nothing to the step's size. What is
            unusual about the first step is not its variance but its length.
        """,
    ),
    Prediction(
        key="06-toy-peak",
        question="""
            The two-weight network starts at a curvature of 16, and labels have noise of σ = 0.3. Plain SGD's limit is
            2/16 = 0.125, and beyond about 0.25 it is lost. With a linear warmup over 100 of the 400 steps, and a cosine
            after it, how high a peak rate survives?
        """,
        options=(
            "About 0.125: a run that swings at all is lost in the end",
            "About 0.25: warmup only changes when that limit is met",
            "Below 1, but not by much: the ground can become as flat as λ = 2",
            "Far above 1: the ground becomes flatter and flatter as the rate climbs",
        ),
        answer=2,
        because="""
            While the rate climbs past the limit, the weights swing a little, and each swing takes them to flatter
            ground. The limit rises with the rate that presses on it. What cannot be survived in one jump can be
            climbed in a hundred steps, with a little noise to start the swings. But nowhere on uv = 1 is the curvature
            below 2, and near its limit, 2/2 = 1, so much noise throws some run out: we measure 0.88. (With less noise
            a run may swing beyond 1 without being lost.)
        """,
    ),
    Prediction(
        key="06-cosine-end",
        question="""
            A cosine with 2000 steps of warmup and a total of 100 000, floor 0, written without a clamp. The run goes on
            to step 150 000. Which factor multiplies the peak rate there?
        """,
        answer=0.516,
        within=0.1,
        because="""
            ½(1 + cos πp) with p = 148 000/98 000 = 1.51: half way up again. At 198 000 it is back at the peak. The
            formula looks right for as long as the run keeps to its plan.
        """,
    ),
)

INTERVIEWS = (
    Interview(
        key="06-why-warmup",
        question="Why do we warm up the learning rate?",
        answer="""
            Because it lets training survive a higher peak rate. At a low rate warmup changes next to nothing; in a
            map of final loss over peak and warmup the gain grows with the rate.

            There are several reasons, and they add up. Adam's first steps are its longest: nothing is averaged yet, so
            every parameter moves by the full η against one noisy gradient. And the curvature at the start can be high,
            so that the peak is above the stability limit; a rising rate pushes training into flatter regions while it
            is still small. That second effect is there for SGD too, which also needs warmup with large batches.

            The classic explanation, RAdam's, is that the second moment is too noisy at first. It is true of 1/√v. But
            the step is m over √v, and on the first step that is exactly plus or minus η.
        """,
        trap="""
            "Because Adam's variance estimate is bound to be imprecise", and full stop. Then why does SGD need warmup,
            and why does a plain ramp of 2/(1−β₂) steps do as well as RAdam (Ma and Yarats 2021)?
        """,
        follow_up="How long should it be?",
        follow_up_answer="""
            Long enough that lengthening it no longer helps at the peak you want. Ma and Yarats's 2/(1−β₂) is 2000 steps
            at Adam's defaults. At β₂ = 0.95 it would be 40, and yet OPT and LLaMA, which use 0.95, take 2000: the
            second moment is not the only reason. Longer for post-LN, for no bias correction, and for higher peaks. And
            lower the peak before you lengthen the warmup for a third time.
        """,
    ),
    Interview(
        key="06-which-schedule",
        question="You are about to pre-train a language model. Which schedule, and what must you decide first?",
        answer="""
            First I ask whether the number of steps is fixed. If it is, I take linear warmup and then a straight line,
            or a cosine, down to zero: at its best peak, linear to zero has beaten a decay to a tenth (Bergsma et al.
            2025). I tune the peak for the schedule that I use, since each shape has its own best one.

            If it is not fixed, because the budget may grow or because I want a finished model at several sizes of data,
            I take warmup, a constant rate, and a decay over the last tenth or fifth. I can branch a decay off the
            plateau at any time. During the plateau the loss looks worse than a cosine's; it drops when the decay comes.

            In both cases I write the schedule as a function of the step, in optimizer steps, clamped at its end, and I
            keep the step in the checkpoint.
        """,
        trap="""
            Comparing two schedules half way. Under a cosine the rate has fallen by then, and the loss looks good; under
            a plateau it has not. Only ends can be compared, each at its own best peak.
        """,
        follow_up="LLaMA used linear decay, did it not?",
        follow_up_answer="""
            No: LLaMA 1 and 2 used a cosine to a tenth of the peak after 2000 steps of warmup. Llama 3 405B has a linear
            piece at the very end, 40 million tokens. Linear to a tenth was OPT; linear to zero was BERT.
        """,
    ),
)

SELF_CHECK = Quiz(
    key="06",
    title="Three questions on schedules",
    questions=(
        Question(
            "A model trains well at a peak rate of 1e-4 without warmup. You add 2000 steps of warmup and change "
            "nothing else. What should you expect?",
            (
                Option("A clearly lower final loss", "In both maps the row of the lowest peak was nearly even."),
                Option(
                    "About the same loss, and room to try a higher peak",
                    "Yes: what warmup buys is range, and the gain comes when you use it.",
                    right=True,
                ),
                Option("A higher loss: 2000 steps are lost", "They are not lost: shorter, but not idle."),
            ),
        ),
        Question(
            "A run is stopped at step 5000 and resumed with a new scheduler that starts at 0, warmup 2000. Weights and "
            "optimizer state are loaded correctly. What do you see?",
            (
                Option(
                    "An error: the step counts of scheduler and optimizer do not match",
                    "Nothing checks it. LambdaLR sets the rate that belongs to its own count.",
                ),
                Option(
                    "A loss that explodes: the rate is back at its peak at once",
                    "The rate is too low, not too high: it begins at 0.",
                ),
                Option(
                    "A rate near zero that climbs for 2000 steps; a loss that stands still at first",
                    "Yes. It looks like a slow start. And from there on the whole schedule is 5000 steps late.",
                    right=True,
                ),
            ),
        ),
        Question(
            "Which observation speaks against “warmup is needed because Adam's second moment is noisy at first”?",
            (
                Option(
                    "SGD with a large batch is warmed up as well, and it has no second moment",
                    "It speaks against that being the *only* reason. For Adam v could still be one.",
                    right=True,
                ),
                Option(
                    "The variance of 1/√v̂ is finite from the third step on",
                    "That is so for noise, but a large finite variance would still be a reason.",
                ),
                Option(
                    "Warmup helps at high peak rates, and does nothing at low ones",
                    "Any of the three explanations would agree with that.",
                ),
            ),
        ),
    ),
)
