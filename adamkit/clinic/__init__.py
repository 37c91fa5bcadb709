"""A clinic: small seeded trainings that are sick in one known way, and healthy ones to compare with.

    from adamkit import clinic

    case = clinic.CASES["plateau"]
    sick = case.run(seed=0)
    sick.losses, sick.readings                  # what a `diagnostics.Monitor` saw
    cured = case.run(seed=0, treatment="decay")
    case.measure(cured), case.cured(cured)      # the figure that decides, and the verdict

Each run takes about a second on one processor. A case also holds treatments that do *not* help, because knowing them
is half of a diagnosis. Needs torch, no widget library.
"""

from adamkit.clinic.case import Case, Run, Treatment
from adamkit.clinic.plan import Plan, train
from adamkit.clinic.ward import CASES, HEALTHY, case

__all__ = ["CASES", "HEALTHY", "Case", "Plan", "Run", "Treatment", "case", "train"]
