"""Interview boxes of notebook 13."""

from adamkit.practice.interviews import Interview

INTERVIEWS = (
    Interview(
        key="13-is-the-proof-wrong",
        question="I heard that Adam's convergence proof is wrong. Is it, and does it matter?",
        answer="""
            It is wrong. The proof needs the root of v-hat over the learning rate to grow from step to step, as it does
            in AdaGrad, where v is a growing sum. Adam's v is an average that forgets, so after a large gradient it can
            shrink, and one line replaces a distance by its upper bound in front of a negative factor.

            The theorem is false too. Reddi, Kale and Kumar gave simple convex problems on which Adam walks to the worst
            point: a rare large gradient that v forgets before it counts. But the problem is chosen after the
            betas. For a fixed problem a large enough beta-two works, as Zhang and others showed in 2022, to within a
            neighbourhood.

            In practice the repair, AMSGrad, changed little. What stays is a rule of thumb: if rare gradients matter,
            v should remember well beyond the time between them.
        """,
        trap="""
            "Reddi proved that Adam with its defaults diverges." On the well-known problem with slopes 3, −1, −1 the
            defaults go straight to the optimum. The order matters: first the betas, then the counterexample.
        """,
        follow_up="What does AMSGrad change, and why was it not adopted?",
        follow_up_answer="""
            It divides by the largest v so far. Once the bias correction has faded the rate never rises again, and the
            proof's bracket is never negative. The price: a spike keeps the rate small for good. How much an early one
            counts depends on the library. torch keeps the largest v and corrects it afterwards, so a spike in the first
            steps weighs little in the end; optax keeps the largest corrected v, where it stays. And on the tasks people
            train, β₂ near 1 already remembers long enough.
        """,
    ),
    Interview(
        key="13-what-was-new",
        question="Momentum existed, RMSprop existed. What did the Adam paper add?",
        answer="""
            Three things. First the combination, in a particular form: an average of the gradient divided by the root
            of an average of its square, where RMSprop with momentum accumulates the divided gradients. Second, the
            bias correction, which makes the averages right from the first step on. Without it a beta-two of 0.999
            gives a first step of three times the learning rate, and the good rate depends on beta-two. Third, because
            of that, defaults that travel: the step is about the learning rate, whatever the gradient's scale.

            It also has AdaMax, with a fading maximum in place of the root mean square, and an average of the weights,
            corrected in the same way, in a section that few people quote.
        """,
        trap="""
            Naming the regret bound as the contribution. It is the part that did not survive.
        """,
        follow_up="And what did it leave out?",
        follow_up_answer="""
            Weight decay: two of its experiments have an L2 term, and it does not say that dividing λθ by √v makes the
            decay depend on the gradient's scale. AdamW repaired that. Test error: the figures show training cost. And
            schedules: a decaying rate appears in the theory and in one experiment, but warmup came later.
        """,
    ),
    Interview(
        key="13-what-replaces-adam",
        question="It is ten years old. What will replace it?",
        answer="""
            The serious candidates treat a weight matrix as a matrix: Shampoo, SOAP, Muon. In the AlgoPerf competition
            of 2024 distributed Shampoo won the externally tuned track, about 28 percent faster than the baseline, and
            Schedule-Free AdamW the self-tuning one, about 8 percent faster.

            The size of the gain depends on who tunes the baseline. Wen and others tuned everything with equal care in
            2025: matrix methods gained 1.4 times at a tenth of a billion parameters, and 1.1 times at 1.2 billion. The
            Moonlight report claims about two times for Muon, by its own scaling law.

            So I would not call it settled. For a new project I start with AdamW, and try Muon or SOAP when the training
            is expensive enough to pay for tuning both.
        """,
        trap="""
            Quoting one paper's speed-up without saying how the baseline was tuned, and at which size.
        """,
        follow_up="Why has nothing replaced it in ten years?",
        follow_up_answer="""
            Partly merit: it is cheap, elementwise, shards trivially, and its default rates are near good ones. Partly
            selection: architectures and recipes that survived are those that train well with Adam. Schmidt and others
            compared fifteen optimizers in over fifty thousand runs and found no winner.
        """,
    ),
)
