"""Weight decay in a rule that has it both ways: in the gradient, or straight on the weights."""

from adamkit.rules.arrays import is_off


def decay(rule, g, theta):
    """(g, θ) with the decay λ in g, or, if ``rule.decoupled``, already taken off θ."""
    if is_off(rule.weight_decay):
        return g, theta
    if rule.decoupled:
        # θ ← θ − ηλθ
        return g, shrink(rule, theta)
    # g ← g + λθ
    return g + rule.weight_decay * theta, theta


def shrink(rule, theta):
    """θ − ηλθ, decoupled decay; λ is multiplied by the rate, as in torch.optim.AdamW."""
    return theta if is_off(rule.weight_decay) else theta - rule.lr * rule.weight_decay * theta
