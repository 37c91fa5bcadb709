"""The decision table: each factor, what speaks for Adam and for SGD, the evidence, and a verdict."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One factor of the choice.

    Attributes:
        said: what the usual table says.
        evidence: what was measured in notebook 07, or who reported it. Each number stands in a claim there, or in the
            source that is named.
        verdict: "AdamW", "SGD", "tie", "unsettled", or a few words.
    """

    said: str
    evidence: str
    verdict: str


ROWS = {
    "transformers": Row(
        "Adam",
        "Our transformer on text, each at its best rate: AdamW ends lower in every seed, at batch 4, 16 and 64. Plain "
        "SGD comes within 0.15 nats, clipped at batch 16 within 0.06. Srećković et al. 2025: near, at small batch.",
        "AdamW; why is unsettled",
    ),
    "CNNs": Row(
        "SGD",
        "Our CNN with batch norm on digits: a tie, within the spread of the seeds. ResNet-50's recipes: SGD 76.1% and "
        "80.9%, LAMB 80.4%. EfficientNet is reported with RMSProp.",
        "tie; the recipe matters more",
    ),
    "LSTMs": Row(
        "Adam",
        "Our LSTM on text: SGD with momentum ends a little lower than AdamW, at a rate of 4.6; twice that breaks it. "
        "On short sequences AdamW ends lower in every seed. AWD-LSTM (Merity et al. 2018) was trained with averaged "
        "SGD.",
        "depends on the data; AdamW is easier",
    ),
    "data size": Row(
        "little data: SGD generalises better",
        "Digits with 200 rows: no difference beyond the seeds. Wilson et al. 2017 build a problem where Adam at its "
        "usual ε does not generalise; Choi et al. 2019 find Adam never worse once both are tuned, ε included.",
        "unsettled; not decisive",
    ),
    "tuning budget": Row(
        "little: Adam",
        "On one task AdamW forgave hardly a wider range of rates than plain SGD (our transformer). Over our ten "
        "searches its best rate spans a factor of 10, SGD's 100; without the LSTM on text they scatter alike. "
        "Adam's best rate ignores the scale of the loss. Schmidt et al. 2021: trying several optimizers at their "
        "defaults is about as good as tuning one.",
        "AdamW when runs are few",
    ),
    "stability": Row(
        "Adam",
        "From our transformer to our LSTM the best rate moves by a factor of 5 for AdamW, of 20 for SGD with momentum. "
        "At five times its best rate SGD diverges on our transformer and misreads half of our digits; AdamW only gets "
        "worse. Far below its best rate SGD is the gentler one on digits with batch norm, and AdamW without it.",
        "AdamW, with warmup and clipping",
    ),
    "final accuracy": Row(
        "SGD, with patience",
        "CNN: a tie. Zipf classes: Adam's training loss is about half of SGD's at momentum 0.9, and momentum 0.99 "
        "closes most of that. Choi et al. 2019: with ε tuned too, Adam includes momentum, and in their runs is never "
        "worse.",
        "whoever is tuned better",
    ),
    "speed": Row(
        "Adam starts faster",
        "Our transformer and LSTM on text: at step 50 AdamW is ahead of SGD with momentum; Zipf classes: far ahead on "
        "the rare ones. AlgoPerf 2024: Shampoo (28% faster) and, self-tuned, Schedule-Free (8%) won; no entry "
        "was SGD alone.",
        "AdamW",
    ),
    "sparsity": Row(
        "Adam, or AdaGrad",
        "Rare words alone: a tie once SGD's rate is tuned to 10. Beside dense columns that forbid such a rate, AdaGrad "
        "and Adam are ahead, slightly; so is SGD with two rates.",
        "AdaGrad or Adam, for mixed inputs",
    ),
    "memory": Row(
        "SGD",
        "Counted: 0 numbers a parameter for SGD, 1 with momentum, 2 for Adam. Adafactor and 8-bit states bring Adam's "
        "near or below SGD's.",
        "SGD; or a compressed Adam",
    ),
    "fine-tuning": Row(
        "the same as in pre-training",
        "Common practice: AdamW at 1e-5 to 5e-5 for transformers (BERT: 2e-5 to 5e-5). Not measured in this notebook.",
        "stay with the family",
    ),
}


def table(rows=ROWS):
    """The rows as a Markdown table."""
    head = "| factor | often said | evidence | verdict |\n|---|---|---|---|"
    return "\n".join([head, *(f"| **{name}** | {row.said} | {row.evidence} | {row.verdict} |"
                              for name, row in rows.items())])
