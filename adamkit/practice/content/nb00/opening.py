"""The opening question of the series, and the interview box that goes with it."""

from adamkit.practice.interviews import Interview
from adamkit.practice.written import WrittenAnswer

OPENING = WrittenAnswer(
    key="00-opening",
    question="""
        You train a transformer with Adam at its default settings. After 10 000 steps the loss is flat. What
        is Adam doing? Why might it stall? What would you change? And why do some people finish with SGD?
    """,
    rubric={
        "strong": """
            Asks first: flat since when, and at *which value*? At the log of the vocabulary nothing has been
            learnt, at the entropy of the token frequencies only those. Are the data, the labels and the
            gradients as they should be, is a schedule at its end, is every step clipped or skipped?
            Says what a step is, η·m̂/√v̂: about η long where gradients agree, about a quarter of η where they
            are pure noise, so that a constant η keeps the weights jittering at a level it cannot pass. Names
            changes with a reason each: decay η (and warm it up), try a rate three times lower or higher, β₂
            of 0.95 to 0.98 for a shorter memory, AdamW for the decay, clipping against spikes; and says how
            to tell which one it was. On SGD: reported to help generalisation on some vision models, unsettled
            in general, and for transformers a decayed AdamW is the usual ending.
        """,
        "lean": """
            Writes the update correctly and proposes a schedule, but gives one cause only, or no way to tell
            causes apart; or takes "SGD generalises better" as settled.
        """,
        "no": """
            "Adam adapts the rate, so the rate does not matter"; or changes the optimizer before looking at
            the data, the gradients and the rate.
        """,
    },
)

INTERVIEWS = (
    Interview(
        key="00-plateau",
        question="The loss has been flat for 10 000 steps under default Adam. What is the first thing you look at?",
        answer="""
            The *value* at which it is flat: that costs nothing. For a language model, the log of the vocabulary
            (10.8 for 50 000 tokens) is what guessing costs: nothing has been learnt. The entropy of the token
            frequencies, several nats lower, means that it knows how often tokens occur, and nothing of context. Near
            those I look at the inputs: are targets shifted and masked rightly, do gradients arrive in every layer?

            Well below, I look at what the optimizer does. Has the schedule ended at zero? Does the loss scaler skip
            steps, or the clip shrink each one? Is √v̂ below ε? On pure noise Adam still moves, by about 0.23·η a
            step at β₁ = 0.9, in random directions. The cheap test: cut the rate by ten. If the loss does not
            drop within some tens of steps, I have excluded *one* cause: a bad valley, a saddle, a rate too *low*,
            frozen groups, weight decay in balance, a model or data at their limit all survive a rate cut.
        """,
        trap="""
            Naming five fixes in a row. The question tests whether you can find out *which* cause it is: each
            proposal should come with the observation that would confirm it.
        """,
        follow_up="You lower the rate by ten, and the loss drops within 50 steps. What have you learned?",
        follow_up_answer="""
            That a part of the loss was jitter: at a constant rate the weights move in a cloud that grows with the
            rate. *How far* it drops says how large a part. It does not say that the run is healthy now: a lower
            rate always cashes in the jitter, and is slower afterwards. So I go back to the checkpoint and compare
            a decay from there with a lower rate all along, at the same number of steps.
        """,
    ),
)
