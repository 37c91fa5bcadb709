"""A ravine and two saddles: the landscapes whose behaviour theory predicts exactly."""

import math

from adamkit.surfaces.base import Surface, finite, positive


def ravine(kappa=20, angle=0):
    """Quadratic valley, κ times steeper across than along: f = ½(u² + κw²).

    u and w are x and y turned by ``angle``. The eigenvalues of the Hessian are 1 and κ, so its
    condition number is κ. Rotation leaves gradient descent's losses unchanged and takes from
    coordinate-wise methods their advantage. The start turns along.

    Args:
        kappa: κ > 0.
        angle: of the valley floor with the x axis, in degrees.
    """
    positive("ravine", kappa=kappa)
    finite("ravine", angle=angle)
    c, s = _cos_sin(angle)
    # H = Rᵀ diag(1, κ) R
    a, b, d = c * c + kappa * s * s, (1 - kappa) * s * c, s * s + kappa * c * c

    def value(x, y):
        u, w = c * x + s * y, c * y - s * x
        return 0.5 * (u * u + kappa * (w * w))

    return Surface(
        name="ravine",
        title=f"Ravine, κ = {kappa:g}" + (f", turned by {angle:g}°" if angle else ""),
        formula=r"\frac{1}{2}(u^2 + \kappa w^2)",
        lesson="One learning rate cannot suit a floor and walls of different steepness.",
        value_xy=value,
        gradient_xy=lambda x, y: (a * x + b * y, b * x + d * y),
        hessian_xy=lambda x, y: (a, b, d),
        minima=[(0, 0)],
        view=((-3.4, 3.4), (-2.9, 2.9)),
        start=(-2.6 * c - 0.8 * s, 0.8 * c - 2.6 * s),
        parameters={"kappa": kappa, "angle": angle},
    )


def _cos_sin(degrees):
    """Cosine and sine; exact at multiples of 90°, and equal to each other at 45°."""
    if degrees % 90 == 45:
        turn = math.radians(degrees)
        return math.copysign(math.sqrt(0.5), math.cos(turn)), math.copysign(math.sqrt(0.5), math.sin(turn))
    if degrees % 90 == 0:
        return [(1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0)][int(degrees // 90) % 4]
    return math.cos(math.radians(degrees)), math.sin(math.radians(degrees))


def saddle():
    """A saddle between two minima: f = ½x² + ¼(y² − 1)².

    At the origin the Hessian is diag(1, −1) and the gradient vanishes; close to it gradient descent
    leaves like y_t = y₀(1 + η)ᵗ. The quartic term keeps the loss bounded below, unlike ½(x² − y²).
    """

    def value(x, y):
        w = y * y - 1
        return 0.5 * (x * x) + 0.25 * (w * w)

    return Surface(
        name="saddle",
        title="Saddle between two minima",
        formula=r"\frac{1}{2}x^2 + \frac{1}{4}(y^2 - 1)^2",
        lesson="Near a saddle the gradient almost vanishes, and the way out grows only geometrically.",
        value_xy=value,
        gradient_xy=lambda x, y: (x, y * (y * y - 1)),
        hessian_xy=lambda x, y: (1.0, 0.0, 3 * (y * y) - 1),
        minima=[(0, -1), (0, 1)],
        view=((-1.7, 1.7), (-1.5, 1.5)),
        start=(-1.4, 1e-3),
    )


def monkey_saddle():
    """A saddle with three ways down: f = x³ − 3xy² + ¾r⁴ + ¼, r² = x² + y².

    At the origin gradient *and* Hessian vanish, so leaving it takes longer than leaving `saddle`.
    The quartic term gives three minima at distance 1, at 60°, 180° and 300°.
    """

    def value(x, y):
        x2, y2 = x * x, y * y
        r2 = x2 + y2
        return x * (x2 - 3 * y2) + 0.75 * (r2 * r2) + 0.25

    def gradient(x, y):
        x2, y2 = x * x, y * y
        r2 = x2 + y2
        return 3 * (x2 - y2 + r2 * x), 3 * y * (r2 - 2 * x)

    def hessian(x, y):
        x2, y2 = x * x, y * y
        return 6 * x + 9 * x2 + 3 * y2, 6 * y * (x - 1), 3 * x2 + 9 * y2 - 6 * x

    half, root = 0.5, math.sqrt(0.75)
    return Surface(
        name="monkey_saddle",
        title="Monkey saddle",
        formula=r"x^3 - 3xy^2 + \frac{3}{4}(x^2 + y^2)^2 + \frac{1}{4}",
        lesson="Where the Hessian vanishes too, even the way out is flat.",
        value_xy=value,
        gradient_xy=gradient,
        hessian_xy=hessian,
        minima=[(half, root), (-1, 0), (half, -root)],
        view=((-1.7, 1.7), (-1.5, 1.5)),
        start=(0.9, 0.02),
    )
