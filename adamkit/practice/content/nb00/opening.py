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
            Asks first: flat since when, and are the data, the labels and the gradients as they should be?
            Says what a step is, η·m̂/√v̂: about η long where gradients agree, and noise where they do not,
            so that a constant η keeps the weights jittering at a floor it cannot pass. Names changes with a
            reason each: decay η (and warm it up), try a rate three times lower or higher, β₂ of 0.95 to
            0.98 for a shorter memory, AdamW for the decay, clipping against spikes; and says how to tell
            which one it was. On SGD: reported to help generalisation on some vision models, unsettled in
            general, and for transformers a decayed AdamW is the usual ending.
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
            Before the optimizer, the inputs to it: are the labels right and shuffled with their inputs, do
            the gradients arrive in every layer, are they finite? Then I look at *when* the loss went flat.
            Flat from the first step means that nothing is learned: data, initialisation, a dead layer, or a
            rate far off. Flat after a good start means that Adam moves, by about η a step, but in random
            directions: the signal is below the noise. Then a lower rate, in the form of a decay, should make
            the loss drop at once. If it does not, the model or the data is the limit, not the optimizer.
        """,
        trap="""
            Naming five fixes in a row. The question tests whether you can find out *which* cause it is: each
            proposal should come with the observation that would confirm it.
        """,
        follow_up="You lower the rate by ten, and the loss drops within 50 steps. What have you learned?",
        follow_up_answer="""
            That the plateau was jitter: at a constant rate the weights move in a cloud whose size grows with
            the rate. The remedy is a schedule that ends low, not a smaller rate from the start.
        """,
    ),
)
