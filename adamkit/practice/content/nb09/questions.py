"""Predictions and self-check of notebook 09; the interview boxes are beside it."""

from adamkit.practice.predictions import Prediction
from adamkit.practice.quiz import Option, Question, Quiz

PREDICTIONS = (
    Prediction(
        key="09-how-many",
        question="""
            Fourteen rows against Adam, on three small tasks. Everyone may try fourteen learning rates, and the best is
            run again with ten fresh seeds. How many are ahead of Adam on *all three* tasks, clearly: by more than luck
            would give anyone among so many comparisons?
        """,
        options=("None", "Two or three", "About half", "Most: they were published because they are better"),
        answer=0,
        because="""
            None. Several are clearly ahead on two of the three; on the third they are level, clearly behind, or have
            nothing to do. One of those is Adam itself, with β₁ = 0.5. Larger studies find the same, once the baseline
            is tuned as carefully as the newcomer.
        """,
    ),
    Prediction(
        key="09-zeros",
        question="""
            A v goes into bytes; its coordinates have log-normal scales, a standard deviation of 1.5 in the logarithm.
            The table has 256 evenly spaced values from 0 to 1, with one scale for 256 numbers. Which share of the
            numbers becomes exactly 0?
        """,
        options=("Under 1%", "About 7%", "About a quarter", "About 80%"),
        answer=3,
        because="""
            About 80%. v is a square, so its sizes span twice as many decades as the gradients'. Everything below a
            five-hundredth of the block's largest number rounds to 0, and 0 stands in Adam's divisor.
        """,
    ),
    Prediction(
        key="09-straight",
        question="""
            One layer whose inputs have variances over four decades, Muon, Adam and momentum, each at its best rate. In
            the first version the strong and weak directions of the inputs lie *across* the coordinates; in the second
            every variance belongs to one coordinate. Who ends lowest?
        """,
        options=("Muon in both", "Adam in both", "Muon in the first, Adam in the second",
                 "Adam in the first, Muon in the second"),
        answer=2,
        because="""
            Adam has a rate for each entry, so it can give every coordinate of the input its own. Turned, no rate of an
            entry belongs to a direction any more, and Adam falls behind plain momentum. Muon treats directions alike
            and does not notice the turn.
        """,
    ),
    Prediction(
        key="09-memory",
        question="""
            Weights, gradients and Adam's two moments, all in 32 bits. You switch to 8-bit Adam, which stores 2.03 bytes
            of state a parameter. By what percentage do the three together shrink? (Activations left out.)
        """,
        answer=37.3,
        unit="%",
        within=0.06,
        because="""
            4 + 4 + 8 = 16 bytes become 4 + 4 + 2.03 = 10.03: 37% less. The state alone shrinks by 75%, which is the
            number that gets quoted.
        """,
    ),
)

SELF_CHECK = Quiz(
    key="09",
    title="Three questions on the larger changes",
    questions=(
        Question(
            "In Schedule-Free AdamW the gradient is taken at y, nine tenths of which are the average x. What if it is "
            "taken at z, the fast iterate, and everything else stays?",
            (
                Option("Nothing changes: x is the average of all z either way",
                       "It is, and in our run it ends worse: z no longer hears how good x is."),
                Option("z diverges", "It rattles on as before. It is x that loses."),
                Option("The average gets worse: the gradient no longer says how to improve the point that is kept",
                       "Yes. In our run the lead over AdamW at a constant rate was gone.", right=True),
            ),
        ),
        Question(
            "Muon at η = 0.02 takes its first step on a square matrix. How long is the step along each pair of "
            "singular directions of the gradient?",
            (
                Option("About 0.02 along every one, the weak directions too",
                       "Yes, to within the 0.7 to 1.2 of five Newton-Schulz steps, unless a singular value is "
                       "nearly zero.", right=True),
                Option("In proportion to the singular value", "That is gradient descent."),
                Option("0.02 in every coordinate", "That is the sign of the gradient, Adam's first step: it treats "
                       "coordinates alike, not directions."),
            ),
        ),
        Question(
            "You compare 14 optimizers with Adam on three tasks, ten paired runs each. One leads on one task by 3.4 "
            "standard errors. What do you report?",
            (
                Option("That it is better: 3.4 standard errors are beyond 99%",
                       "For a single question asked beforehand. You have asked about forty, and the best of forty "
                       "by luck alone is above 3 in nearly every second world."),
                Option("The lead, the number of comparisons, and that luck gives the largest of them as much",
                       "Yes. A fresh run of that pair, with new seeds, would be a question of its own.", right=True),
                Option("Nothing: one has to use more tasks", "More tasks are more comparisons, and a higher bar."),
            ),
        ),
    ),
)
