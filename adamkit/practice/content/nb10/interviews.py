"""Interview boxes of notebook 10."""

from adamkit.practice.interviews import Interview

INTERVIEWS = (
    Interview(
        key="10-where-is-the-memory",
        question="A model of 7 B parameters is 14 GB in bf16. It does not train on a GPU of 80 GB. Where is the rest?",
        answer="""
            Weights are one part of five. I ask which precision is meant, and who makes the copies. With the mixed
            precision of Megatron or DeepSpeed and AdamW I count 16 bytes a parameter: 2 for the weight, 2 for the
            gradient, 4 for the float32 copy that the trainer keeps, 4 for m and 4 for v. That is 112 GB before any
            activation. Autocast is 16 as well, 4 + 4 + 8, and 2 for the casts. A bf16 model under `torch.optim` is 8,
            or 56 GB: no copy, m and v in bf16. It fits, and rounds small steps away.

            What I change depends on which part is large. State: 8-bit Adam saves 6 of the 16 bytes, Lion 4, Adafactor
            nearly 8. What is trained: with LoRA under one percent of the numbers has gradients, copy and state, so that
            about 15 GB remain. All of it: FSDP; eight GPUs hold 14 GB each. Activations: a smaller micro-batch with
            accumulation, or recomputation, for a forward pass more.
        """,
        trap="""
            "Use autocast." Autocast keeps weights, gradients and state in float32. It shrinks activations, and adds
            cast copies of the weights.
        """,
        follow_up="Why keep a float32 copy of weights that are used in bf16?",
        follow_up_answer="""
            bf16 has 8 significant bits: just above 1 its numbers are 1/128 apart. An update of a thousandth of the
            weight is less than half of that distance, and rounds to nothing. The copy adds up the small updates until
            they count. The alternatives are stochastic rounding and compensated sums.
        """,
    ),
    Interview(
        key="10-step-cost",
        question="What limits the speed of an optimizer step, and what does a fused kernel do about it?",
        answer="""
            Memory bandwidth. AdamW does about a dozen operations for each parameter, and must move 28 bytes: read g,
            m, v and θ, write m, v and θ, 4 bytes each. Processors do far more than one operation in the time that
            two bytes take. So the shortest possible step is 28 bytes times the parameters over the bandwidth.

            Written as single tensor operations, each of them reads its inputs from memory and writes its result back,
            and the same numbers travel several times. A fused kernel, or a compiler, reads each once and writes it
            once. On a GPU there is a second cost, one launch for each operation and tensor: foreach saves launches, and
            fused saves both.
        """,
        trap="""
            "Adam is slow because of the square root and the division." The fused step has both, and runs at the speed
            of memory.
        """,
        follow_up="Is it worth the effort? What share of training is the optimizer?",
        follow_up_answer="""
            Count: forward and backward take about 6 operations for each parameter and token, the step moves 28 bytes
            for each parameter, once. With many tokens a step it hardly shows; with small batches it does. Measure it
            before optimising it.
        """,
    ),
    Interview(
        key="10-resume",
        question="A run was killed and resumed, and its loss curve has a bump at the seam. What was forgotten?",
        answer="""
            A checkpoint must hold all that the next step depends on. Weights, and buffers such as batch norm's
            averages. The optimizer's state with its step count: without it Adam starts again at t = 1, with full-length
            steps in the direction of single gradients. The schedule's position. The place in the data, or batches
            repeat. Random states, for dropout and augmentation. In fp16 the gradient scaler.

            The shape of the bump says something. A jump after one step that decays over tens of steps: the moments,
            though at a low rate there may be next to no jump, as notebook 10 shows. A loss that hardly moves for the
            length of a warmup: the schedule began again. Batches that come twice may show nothing at all; only the
            comparison with a run that was never interrupted finds them.
        """,
        trap="""
            "Save the model's state_dict." That is enough for inference, and only for that.
        """,
        follow_up="How do you test it?",
        follow_up_answer="""
            Run 100 steps. Run 50, stop, resume to 100. On one CPU the two must agree bit for bit; on a GPU to the noise
            of its non-deterministic kernels, which two uninterrupted runs measure. It is a short test that belongs in
            the suite.
        """,
    ),
)
