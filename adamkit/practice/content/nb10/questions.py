"""Predictions and self-check of notebook 10; the interview boxes are beside it."""

from adamkit.practice.predictions import Prediction
from adamkit.practice.quiz import Option, Question, Quiz

PREDICTIONS = (
    Prediction(
        key="10-weights-only",
        question="""
            A run stops half way, at a high rate. You go on from a checkpoint with the right weights, batches
            and learning rate, but the optimizer's state is missing: Adam begins with m = v = 0 at t = 1. What does the
            loss do in the next steps?
        """,
        options=(
            "Nothing visible: bias correction is there for exactly this",
            "It jumps up, and takes many steps to come back",
            "It explodes: v = 0 makes the steps infinite",
            "It falls faster: the old moments were out of date",
        ),
        answer=1,
        because="""
            It jumps. Bias correction makes the first step ±η for every weight, in the direction of one noisy gradient.
            At the start of a training that is bearable, and warmup makes it small. In the middle of one the rate is at
            its height, and the weights were in a good place. At a third of this rate it does no lasting harm, as you
            will see.
        """,
    ),
    Prediction(
        key="10-eight-bits",
        question="""
            A 7 B model, bf16 weights and gradients, a float32 copy, AdamW. You replace AdamW's state by 8-bit state, 2
            bytes a parameter instead of 8. By how much does the memory of weights, gradients, copy and state shrink
            together?
        """,
        options=("By about 75%", "By about 50%", "By about 37%", "By about 10%"),
        answer=2,
        because="""
            The state shrinks by 75%, and it is half of the bill: 8 of 16 bytes. Six bytes fewer out of 16 is 37%.
            Activations, which are not in this bill, make the share smaller still.
        """,
    ),
    Prediction(
        key="10-second-step",
        question="""
            A first step with AdamW just fits. The second has the same batch. Does it fit?
        """,
        options=(
            "Yes: it is the same step",
            "Not surely: its peak is higher, by the optimizer's state",
            "Not surely: gradients of the first step are still there",
        ),
        answer=1,
        because="""
            The state is made by the first step, when the activations are gone already. In the second it lies there
            while the forward pass puts its activations aside: 8 bytes a parameter more at the peak. Gradients are gone
            by then, because `zero_grad` frees them. So try *two* steps before you call a batch one that fits.
        """,
    ),
    Prediction(
        key="10-foreach",
        question="""
            `foreach=True` tells AdamW to work on all 25 tensors at once, operation by operation, instead of looping
            over them. It is torch's default on a GPU. On one CPU thread with 100 M parameters, it is
        """,
        options=(
            "several times faster than the loop: fewer calls",
            "about as fast: the arithmetic is the same",
            "about half as fast: every operation is a trip through memory",
        ),
        answer=2,
        because="""
            About half as fast, in the measurements that come with the notebook. At this size a call costs nothing;
            bytes do. The loop works on one tensor of 16 MB for several operations in a row; foreach sends all 400 MB
            through memory for each operation, and makes temporary tensors of that size. On a GPU with many small
            tensors the calls are the bottleneck, and there it is meant to win.
        """,
    ),
)

SELF_CHECK = Quiz(
    key="10",
    title="Three questions on training for real",
    questions=(
        Question(
            "A model runs out of memory at batch size 1; weights, gradients and state alone take 99% of the GPU. You "
            "switch on autocast to bf16. What happens?",
            (
                Option(
                    "It fits: what took four bytes a number now takes two",
                    "Autocast casts copies for single operations. What is stored stays in float32.",
                ),
                Option(
                    "It still does not fit: all of these stay in float32",
                    "Yes. And autocast adds casts of the weights, which is more than one row's activations give back.",
                    right=True,
                ),
                Option(
                    "It fits, but the optimizer rounds small updates away",
                    "That is the danger of weights *stored* in bf16. Here the optimizer sees float32, as before.",
                ),
            ),
        ),
        Question(
            "AdamW's fused step takes 6 ms, the loop over tensors 18 ms. The arithmetic is the same. Why?",
            (
                Option(
                    "The loop moves the same numbers through memory several times",
                    "Yes: each operation reads its inputs and writes its result. Fused moves each number once.",
                    right=True,
                ),
                Option(
                    "The fused kernel does its arithmetic in lower precision",
                    "Both compute in float32, and agree to rounding.",
                ),
                Option(
                    "Python is slow at arithmetic, and the loop is Python",
                    "Python does none of it here: a few hundred calls, microseconds each, on large tensors.",
                ),
            ),
        ),
        Question(
            "Gradients are accumulated over four parts of a batch, with clipping. Where does the clip stand?",
            (
                Option(
                    "After each part's backward pass, four times",
                    "Then unfinished sums are cut, each by another factor, and the parts no longer count alike.",
                ),
                Option(
                    "Once, after the last part, before the step",
                    "Yes: the clip is about the gradient of the step, and that is complete only then.",
                    right=True,
                ),
                Option(
                    "Once, after the step, before the clearing",
                    "Too late: the step was taken with the long gradient.",
                ),
            ),
        ),
    ),
)
