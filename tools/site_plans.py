"""What is recorded of each explorer for the site: around every scenario, products of the positions of a few controls.

A plan is a tuple of grids. A grid names controls, and how many positions of each are recorded: `ALL` of a choice, so
many stops of a slider, evenly spread over its range (the scenario's own value is always among them), or for ``start``
a (columns, rows) lattice over the surface. Controls that do nothing in a scenario are left out there. `WORDS` names
controls that change words alone, which saves drawing; a test holds them to it.
"""

ALL = 10**6

PLANS = {
    "race": ({"surface": ALL, "times": 16}, {"lr": 40}, {"optimizers": ALL}, {"start": (9, 7)}),
    "noise": ({"lr": 40}, {"kappa": 24}, {"batch": 16}, {"noise": 16}, {"start": (9, 7)}),
    "momentum": ({"lr": 24, "beta": 16}, {"kappa": 20}, {"form": ALL, "beside": ALL}, {"start": (9, 7)}),
    "momentum_map": ({"form": ALL, "lr": 26, "beta": 25},),
    "moments": ({"correct_m": ALL, "correct_v": ALL, "beta2": 12}, {"beta1": 20}, {"stream": ALL}),
    "adam_surface": ({"lr": 24, "corrected": ALL}, {"beta2": 20}, {"eps": 24}, {"start": (9, 7)}),
    "rmsprop": ({"angle": 19, "lr": 14}, {"beta2": 20}, {"kappa": 20}, {"start": (9, 7)}),
    "decay": ({"scale2": 20, "weight_decay": 16}, {"lr": 20}, {"signal": 20}, {"cloud": ALL}),
    "schedule": ({"peak": 21, "warmup": 6}, {"kind": ALL, "clamp": ALL}, {"total": 10}, {"noise": 10}),
    "online_problem": ({"C": 24}, {"beta2": 24}, {"steps": ALL}),
    # A page of words, each answer a scenery of its own: one question at a time.
    "adviser": ({"network": ALL}, {"stage": ALL}, {"data": ALL}, {"runs": ALL}, {"sparse": ALL}, {"memory": ALL}),
    "mystery": ({"patient": ALL, "treatment": ALL, "diagnosis": ALL},),
    "quantiser": ({"moment": ALL, "table": ALL, "signed": ALL, "block": 12}, {"spread": 31}, {"outlier": 31}),
    "spectrum": ({"which": ALL, "step": 51}, {"task": ALL, "polynomial": ALL}, {"angle": 23}, {"decades": ALL}),
    "memory": ({"precision": ALL, "spread": ALL, "recompute": ALL}, {"billions": 40}, {"gpus": 24}, {"rank": 24}),
    "scale": ({"billions": 30, "optimizer": ALL}, {"batch": 40}, {"devices": 30}, {"tokens": 20}, {"room": 12}),
}

WORDS = {"mystery": ("diagnosis",)}

#: Pixels of the recorded scenery per pixel of the figure, where they are not 2.
RATIOS = {"adviser": 1.0}

#: Controls that the pointer sets in the picture, where it is not the start.
POINTED = {"momentum_map": ("lr", "beta")}
