"""All cases by name."""

from adamkit.lessons.nb12.clinic import (
    data_cases,
    fine_tuning,
    healthy,
    layer_cases,
    number_cases,
    rate_cases,
    transformer_cases,
)

_PLACES = (rate_cases, data_cases, number_cases, layer_cases, fine_tuning, transformer_cases)

#: Name → sick case, in the order in which notebook 12 meets them.
CASES = {case.name: case for place in _PLACES for case in place.CASES}
#: Name → healthy case: what must raise no alarm.
HEALTHY = {case.name: case for case in healthy.CASES}


def case(name):
    """A case by its name, sick or healthy; `ValueError` that lists the names if there is none."""
    known = {**CASES, **HEALTHY}
    if name not in known:
        raise ValueError(f"there is no case {name!r}; there are {', '.join(known)}")
    return known[name]
