"""The scaling problem of notebook 14: a recipe for 124 million parameters, and 7 billion to train."""

from adamkit.practice.settings import Setting, SettingsList

_THREE = "GPT-3 6.7B, LLaMA 7B, DeepSeek LLM 7B"

SCALE = SettingsList(
    key="14-scale",
    title="Scale it: from 124 million to 7 billion",
    question="""
        A GPT of 124 million parameters trains well: AdamW, peak rate 6e-4, betas 0.9 and 0.95, ε 1e-8, decay 0.1 on
        matrices, half a million tokens a step, 750 steps of warmup, cosine to a tenth, clip 1, 300 billion tokens. Now
        you get a budget for 7 billion parameters. Which of these settings would you change, which way, and how sure are
        you? *Sure* means that published runs agree, *likely* that it is convention or rests on one good experiment,
        *open* that they disagree.
    """,
    minutes=8,
    rows=(
        Setting("peak rate", ("down",), "sure",
                "The direction is sure, the size is not: 1.2e-4, 3e-4 and 4.2e-4 at 7 billion, a factor of 3.5 between "
                "good runs, and the larger rates go with the larger batches. Sweep it small, or extrapolate a sweep.",
                "GPT-3 table 2.1, LLaMA table 2, DeepSeek LLM table 2"),
        Setting("tokens a step", ("up",), "sure",
                "2, 4 and 9.4 million. The gradient's noise grows against its signal as the loss falls, so a larger "
                "batch still pays. What it follows is the length of the run more than the size of the model.",
                f"{_THREE}; McCandlish et al. 2018; Zhang et al. 2024"),
        Setting("tokens in all", ("up", "same"), "likely",
                "Not for the sake of compute: twenty for each parameter would be 140 billion, less than the small run "
                "had. A model that is to be used gets more than that: LLaMA 7B 1 trillion, DeepSeek 7B 2 trillion. "
                "GPT-3 gave 300 billion to every size: little for 175 billion parameters, twice that count for 6.7.",
                "Hoffmann et al. 2022; LLaMA; DeepSeek LLM"),
        Setting("beta1", ("same",), "likely", "0.9 everywhere, and hardly anybody reports a sweep.", _THREE),
        Setting("beta2", ("same", "down"), "open",
                "All three keep 0.95. With a batch 8 times as large the same memory *in tokens* would be 0.95⁸ = 0.66. "
                "None of the three does so, and the rule was measured on smaller models.",
                f"{_THREE}; Marek et al. 2025"),
        Setting("weight decay", ("same", "up"), "open",
                "All three keep 0.1. With a lower rate, 1/(ηλ) is then a longer time; to keep it the same share of the "
                "run, λ would have to move with η, batch and tokens.",
                f"{_THREE}; Wang and Aitchison 2025"),
        Setting("gradient clip", ("same",), "likely",
                "1.0 everywhere. The norm that it limits is that of a larger vector, so how often it acts is worth a "
                "look.", _THREE),
        Setting("steps of warmup", ("up", "same", "down"), "open",
                "GPT-3 warms up over 375 million tokens at every size: 190 steps of 2 million where it was 750. LLaMA "
                "and DeepSeek take 2000 steps at every size.", _THREE),
        Setting("initial size of the residual outputs", ("down",), "likely",
                "GPT-2 divides them by the root of the number of residual layers, so that the stream does not grow "
                "with depth: 32 layers instead of 12. Not everybody does: OLMo 2 starts everything at 0.02.",
                "Radford et al. 2019, section 2.3; OLMo 2"),
        Setting("eps", ("same", "down"), "open",
                "GPT-3 states 1e-8 for all sizes, LLaMA nothing. Gradients of single weights shrink as networks grow, "
                "and where they come near ε, Adam's steps become too short.",
                "GPT-3, appendix B; Wortsman et al. 2023; Everett et al. 2024"),
        Setting("peak rate in muP", ("same",), "likely",
                "That is what μP is for: the best rate of a narrow model is that of a wide one. Its derivation says "
                "nothing of depth, batch, tokens or decay, which change here too; for some the authors saw transfer "
                "within limits. Notebook 11 measures it.",
                "Yang et al. 2022"),
    ),
)  # fmt: skip
