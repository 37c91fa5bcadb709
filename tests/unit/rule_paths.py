"""Where a rule leads, without an engine."""


def path(rule, gradients, theta=1.0):
    """θ after each of the gradients."""
    state, places = rule.init(theta), []
    for t, g in enumerate(gradients, start=1):
        theta, state = rule.update(g, theta, state, t)
        places.append(theta)
    return places
