"""Four test functions of the optimisation literature."""

import math

from adamkit.surfaces.base import Surface, cos, finite, positive, sin


def rosenbrock(a=1, b=100):
    """The banana valley: f = (a − x)² + b(y − x²)² (Rosenbrock 1960).

    The floor y = x² is found at once; following it to (a, a²) takes patience. The Hessian at the
    minimum has condition number about 2500 with the defaults. The start is Rosenbrock's own.

    Args:
        a: x coordinate of the minimum.
        b: > 0, steepness of the walls.
    """
    finite("rosenbrock", a=a)
    positive("rosenbrock", b=b)

    def value(x, y):
        u, w = a - x, y - x * x
        return u * u + b * (w * w)

    def gradient(x, y):
        w = y - x * x
        return -2 * (a - x) - 4 * b * (x * w), 2 * b * w

    def hessian(x, y):
        return 2 - 4 * b * (y - 3 * (x * x)), -4 * b * x, 2.0 * b

    return Surface(
        name="rosenbrock",
        title="Rosenbrock's banana",
        formula=r"(a - x)^2 + b\,(y - x^2)^2",
        lesson="A bent, nearly flat valley: the gradient points at the walls, hardly along the floor.",
        value_xy=value,
        gradient_xy=gradient,
        hessian_xy=hessian,
        minima=[(a, a * a)],
        view=((-2.0, 2.0), (-1.0, 3.0)),
        start=(-1.2, 1.0),
        parameters={"a": a, "b": b},
    )


def beale():
    """Flat plains around one minimum, steep corners (Beale 1958).

    f = (1.5 − x + xy)² + (2.25 − x + xy²)² + (2.625 − x + xy³)², least at (3, ½). Gradients in the
    view range over five orders of magnitude: a test of step sizes that adapt.
    """

    def parts(x, y):
        y2 = y * y
        a, b, c = y - 1, y2 - 1, y2 * y - 1
        return (a, b, c), (1.5 + x * a, 2.25 + x * b, 2.625 + x * c)

    def value(x, y):
        _, (p, q, r) = parts(x, y)
        return p * p + q * q + r * r

    def gradient(x, y):
        (a, b, c), (p, q, r) = parts(x, y)
        return 2 * (p * a + q * b + r * c), 2 * x * (p + 2 * (q * y) + 3 * (r * (y * y)))

    def hessian(x, y):
        (a, b, c), (p, q, r) = parts(x, y)
        y2 = y * y
        xx = 2 * (a * a + b * b + c * c)
        xy = 2 * (p + x * a + 2 * y * (q + x * b) + 3 * y2 * (r + x * c))
        yy = 2 * x * (x + 4 * x * y2 + 2 * q + 9 * x * (y2 * y2) + 6 * (r * y))
        return xx, xy, yy

    return Surface(
        name="beale",
        title="Beale's plains",
        formula=r"(1.5 - x + xy)^2 + (2.25 - x + xy^2)^2 + (2.625 - x + xy^3)^2",
        lesson="Gradients of very different size along one path.",
        value_xy=value,
        gradient_xy=gradient,
        hessian_xy=hessian,
        minima=[(3, 0.5)],
        view=((-1.0, 4.2), (-1.5, 1.9)),
        start=(0.6, 1.5),
    )


def himmelblau():
    """Four equally deep minima around a hill: f = (x² + y − 11)² + (x + y² − 7)² (Himmelblau 1972).

    The start is on the flank of the hill around (−0.27, −0.92), where gradient descent and the
    adaptive methods set out for different minima.
    """

    def value(x, y):
        p, q = x * x + y - 11, x + y * y - 7
        return p * p + q * q

    def gradient(x, y):
        p, q = x * x + y - 11, x + y * y - 7
        return 4 * (x * p) + 2 * q, 2 * p + 4 * (y * q)

    def hessian(x, y):
        return 12 * (x * x) + 4 * y - 42, 4 * (x + y), 12 * (y * y) + 4 * x - 26

    return Surface(
        name="himmelblau",
        title="Himmelblau's four minima",
        formula=r"(x^2 + y - 11)^2 + (x + y^2 - 7)^2",
        lesson="Which of four equal minima is reached depends on the optimizer, not only on the start.",
        value_xy=value,
        gradient_xy=gradient,
        hessian_xy=hessian,
        minima=[
            (3, 2),
            (-2.805118086952745, 3.131312518250573),
            (-3.779310253377747, -3.283185991286170),
            (3.584428340330492, -1.848126526964404),
        ],
        view=((-5.0, 5.0), (-5.0, 5.0)),
        start=(-0.9, -0.6),
    )


def rastrigin(amplitude=10):
    """An egg box on a bowl: f = 2A + x² + y² − A(cos 2πx + cos 2πy) (Rastrigin 1974).

    One global minimum at the origin, and a local one near every other integer point. Descent finds
    the nearest; noise and momentum can carry a run over the rims.

    Args:
        amplitude: A > 0, the height of the bumps; 10 in the literature.
    """
    positive("rastrigin", amplitude=amplitude)
    turn = 2 * math.pi

    def value(x, y):
        return x * x + y * y + amplitude * (2 - cos(turn * x) - cos(turn * y))

    def gradient(x, y):
        return 2 * x + amplitude * turn * sin(turn * x), 2 * y + amplitude * turn * sin(turn * y)

    def hessian(x, y):
        height = amplitude * turn * turn
        return 2 + height * cos(turn * x), 0.0, 2 + height * cos(turn * y)

    return Surface(
        name="rastrigin",
        title="Rastrigin's egg box",
        formula=r"2A + x^2 + y^2 - A(\cos 2\pi x + \cos 2\pi y)",
        lesson="Local minima everywhere: what a step size, momentum and noise can and cannot escape.",
        value_xy=value,
        gradient_xy=gradient,
        hessian_xy=hessian,
        minima=[(0, 0)],
        view=((-3.2, 3.2), (-3.2, 3.2)),
        start=(-2.3, 1.7),
        parameters={"amplitude": amplitude},
    )
