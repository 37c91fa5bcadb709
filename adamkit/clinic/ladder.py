"""Which question to ask first about a sick run: cheap ones before dear ones, data before optimizer."""

#: (question, disease, what to do); a yes ends the search, a no leads to the next.
LADDER = (
    (
        "Does a line of the checklist fail?",
        "Data or code",
        "Repair it. No setting of the optimizer will.",
    ),
    (
        "Is a number NaN or infinite?",
        "Not finite",
        "Find the first: parameter and step. A loss in the code, float16, or one batch. Clip only for the "
        "last.",
    ),
    (
        "Do spikes come back at one distance?",
        "Bad data",
        "Count the batches of an epoch. Look at that batch by eye.",
    ),
    (
        "Did one spike come late, at no distance?",
        "A late spike",
        "Go back a hundred steps, skip a few hundred batches. Log attention's scores, log Z, g²/v.",
    ),
    (
        "Has nothing moved, ratios near zero?",
        "Flat from the start",
        "Print the rate: a warmup in the wrong unit? Or frozen layers?",
    ),
    (
        "Did it explode within a few dozen steps?",
        "Rate too high",
        "Divide it by ten. Your own Adam? Try torch's: the correction may be missing.",
    ),
    (
        "Did it climb after the warmup was over?",
        "Peak too high",
        "A third of the peak. In our run a longer warmup only put it off.",
    ),
    (
        "Is it flat at a high level, with a violent first step?",
        "A broken start",
        "Warmup or a lower rate from the beginning; later, a low peak with fresh moments.",
    ),
    (
        "Does it swing even on one and the same batch?",
        "Oscillation",
        "Lower the rate, or let it fall through the edge of stability.",
    ),
    (
        "Does it jitter about a level, with long steps?",
        "Plateau",
        "Decay the rate to zero. Longer training alone gains little.",
    ),
    (
        "Does training fall and validation rise?",
        "Overfitting, or forgetting",
        "More data, old data mixed in, weight decay, stop earlier.",
    ),
    (
        "Does one layer move far less than the others?",
        "Uneven layers",
        "Adam instead of SGD, another activation, the same rate for all groups.",
    ),
)
