"""Exercises of notebook 10: what stands around the step, accumulation, the largest batch, a bill by hand, LoRA."""

from adamkit.practice.content.nb10.batches import ACCUMULATION, LARGEST
from adamkit.practice.content.nb10.thin import LORA
from adamkit.practice.content.nb10.training_loop import LOOP
from adamkit.practice.exercises import Mistake, NumberExercise

BILL = NumberExercise(
    key="10-bill",
    title="thirteen billion, by hand",
    statement="""
        A model of 13 billion parameters, all of them trained with AdamW. Weights and gradients are in bf16; the
        optimizer keeps a float32 copy of the weights, and m and v in float32. Everything is spread over eight GPUs
        (FSDP). How many **gigabytes** (10⁹ bytes) does each GPU hold, activations left out?

        Hand in the number: `practice.exercise("10-bill").check(...)`.
    """,
    solution_code=26.0,
    minutes=3,
    mistakes=(
        Mistake("not spread", "208 GB is the bill of all. Each GPU holds an eighth of it.", 208.0),
        Mistake("two bytes of sixteen", "You counted the bf16 weights alone, or the gradients.", 3.25),
        Mistake(
            "four bytes are missing",
            "12 bytes a parameter. Of copy, m and v you counted two (each is 4 bytes), or you left out weights and "
            "gradients (2 bytes each).",
            19.5,
        ),
        Mistake("two bytes are missing", "Weights and gradients are both there, 2 bytes each. You counted one.", 22.75),
        Mistake("only the state is spread", "With FSDP gradients and weights are spread as well.", 71.5),
        Mistake(
            "eight bytes of sixteen",
            "8 bytes a parameter, over eight GPUs: everything in bf16 without a copy, or m and v alone, or weights, "
            "gradients and copy alone. Copy, m and v are three times 4 bytes; weights and gradients add 2 each.",
            13.0,
        ),
        Mistake("weights and gradients in float32", "They are in bf16, 2 bytes each; only copy, m and v take 4.", 32.5),
    ),
    hints=("Bytes a parameter first: weights, gradients, copy, m, v.", "2 + 2 + 4 + 4 + 4 = 16."),
    worked="""
        2 (weights) + 2 (gradients) + 4 (copy) + 4 (m) + 4 (v) = 16 bytes a parameter. 13·10⁹ × 16 = 208 GB, over eight
        GPUs 26 GB each. Activations come on top, and so does the layer that is gathered for use.
    """,
)

EXERCISES = (LOOP, ACCUMULATION, BILL, LARGEST, LORA)
