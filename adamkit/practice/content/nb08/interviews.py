"""Interview boxes of notebook 08."""

from adamkit.practice.interviews import Interview

INTERVIEWS = (
    Interview(
        key="08-amsgrad",
        question="Adam has been proved not to converge. Should we switch to AMSGrad?",
        answer="""
            The proof says: for any fixed betas with β₁ below √β₂ there is a convex problem on which Adam ends at a
            wrong point. The problem is chosen after the betas. On the best known one, with slopes 3, −1, −1, Adam fails
            with β₁ = 0 and β₂ = 0.1; with the default betas it solves it. The defaults have a problem of their own:
            slope 101 at every 101st step, −1 otherwise. There 0.999 fails, and 0.9999 is right.

            So the practical reading is: if rare, large gradients carry the signal, v must hardly move from one to the
            next. For a problem that you know, a larger β₂ does that. AMSGrad does it for all, by remembering the
            largest v for ever. It costs a third array, and in the table of notebook 09 it ends where Adam does.
        """,
        trap="""
            "Adam diverges." On these problems it goes to the wrong end of an interval, and the betas were known before
            the problem was made.
        """,
        follow_up="What did the later analysis add?",
        follow_up_answer="""
            Zhang and others, 2022: fix the problem first, then choose. With β₂ large enough for it, and β₁ below √β₂,
            Adam without any change converges, to a neighbourhood of the stationary points, whose size depends on the
            noise.
        """,
    ),
    Interview(
        key="08-cause",
        question="Your colleague's runs show NAdam ahead of Adam with every seed. Do we switch?",
        answer="""
            First I would ask how each chose its rate, and on which data. If both were tuned alike and the seeds are
            paired, the lead is real on that task. Then I would ask for the cause, because it may be had without a new
            optimizer. NAdam changes two things: it looks ahead, and in the first thousands of steps its momentum is
            about half of β₁, so that today's gradient counts more than five times as much as in Adam. So three
            controls: NAdam with its momentum at 0.9 from the start, Adam with β₁ = 0.5, and Adam at the
            neighbouring rate.

            On our small task the first falls back to Adam and the second keeps the lead; the third had a good part of
            it. There the honest report is "β₁ was too large, and Adam's rate lay badly": two numbers in the optimizer
            that we have.
        """,
        trap="""
            Naming the cause after the method. A variant usually changes more than the line in its abstract: RAdam a
            warmup, NAdam the momentum, AdamW's papers the schedule.
        """,
        follow_up="How many seeds would convince you?",
        follow_up_answer="""
            As many as make the mean paired difference several standard errors, and I would say how many rivals were
            tried: of twenty that are no better, one passes a test of one in twenty. More seeds do not help against a
            rate that lies better on the reported data, or against a task that suits one side.
        """,
    ),
)
