"""Two surfaces made for one question each: cliffs, and minima of different sharpness."""

from adamkit.surfaces.base import Surface, positive, sqrt, tanh


def cliff(height=2, width=0.05, slope=0.02):
    """A plateau that ends in a cliff: f = ½h(1 − tanh(x/w)) + s(√(1 + (x−2)²) − 1) + ¼y².

    On the plateau (x < 0) the gradient along x is about −s; at the edge it reaches −h/2w, which is
    1000 times more with the defaults. Then comes a shallow basin around (2, 0). Built for this
    project, after the cliffs in the losses of recurrent networks (Pascanu, Mikolov & Bengio 2013).

    Args:
        height: h > 0, of the cliff.
        width: w in (0, 0.1], of the edge; wider ones would move the minimum away from (2, 0).
        slope: s > 0, of the plateau and of the basin's far sides.
    """
    positive("cliff", height=height, width=width, slope=slope)
    if width > 0.1:
        raise ValueError(f"cliff: width={width!r} must be ≤ 0.1")

    def value(x, y):
        u = x - 2
        return 0.5 * height * (1 - tanh(x / width)) + slope * (sqrt(1 + u * u) - 1) + 0.25 * (y * y)

    def gradient(x, y):
        u, edge = x - 2, tanh(x / width)
        return slope * u / sqrt(1 + u * u) - 0.5 * height * (1 - edge * edge) / width, 0.5 * y

    def hessian(x, y):
        u, edge = x - 2, tanh(x / width)
        bowl = 1 + u * u
        return slope / (bowl * sqrt(bowl)) + height * edge * (1 - edge * edge) / (width * width), 0.0, 0.5

    return Surface(
        name="cliff",
        title="Plateau and cliff",
        formula=r"\frac{h}{2}\left(1 - \tanh\frac{x}{w}\right) + s\left(\sqrt{1 + (x-2)^2} - 1\right) + \frac{1}{4}y^2",
        lesson="A rate that crosses the plateau is far too large at the edge.",
        value_xy=value,
        gradient_xy=gradient,
        hessian_xy=hessian,
        minima=[(2, 0)],
        view=((-2.5, 4.5), (-2.5, 2.5)),
        start=(-2.0, 1.5),
        parameters={"height": height, "width": width, "slope": slope},
    )


def two_minima(sharp=20, flat=1):
    """A sharp and a flat minimum of equal depth: f = pq/(p + q), each of p, q a round bowl.

    p = ½·sharp·|θ − (−1, 0)|² and q = ½·flat·|θ − (1, 0)|². At (−1, 0) the Hessian is sharp·I, at
    (1, 0) it is flat·I, exactly. So gradient descent cannot settle in the sharp minimum once
    η > 2/sharp, and can in the flat one up to η = 2/flat. The sharp one's walls grow less steep
    further out, so a rate just above the limit bounces between them; with the defaults and no noise
    runs leave for the flat minimum at three times the limit. Built for this project.

    Args:
        sharp, flat: > 0, the curvatures.
    """
    positive("two_minima", sharp=sharp, flat=flat)

    def bowls(x, y):
        left, right, y2 = x + 1, x - 1, y * y
        return 0.5 * sharp * (left * left + y2), 0.5 * flat * (right * right + y2)

    def value(x, y):
        p, q = bowls(x, y)
        return p * q / (p + q)

    def gradient(x, y):
        p, q = bowls(x, y)
        # f = pq/(p+q), so ∂f/∂p = (q/(p+q))² and ∂f/∂q = (p/(p+q))²
        share = p / (p + q)
        of_p, of_q = sharp * ((1 - share) * (1 - share)), flat * (share * share)
        return of_p * (x + 1) + of_q * (x - 1), (of_p + of_q) * y

    def hessian(x, y):
        p, q = bowls(x, y)
        total = p + q
        share = p / total
        of_p, of_q = sharp * ((1 - share) * (1 - share)), flat * (share * share)
        # ∇∇f = of_p·I + of_q·I − 2(q∇p − p∇q)(q∇p − p∇q)ᵀ/(p+q)³
        u = (1 - share) * sharp * (x + 1) - share * flat * (x - 1)
        w = (1 - share) * sharp * y - share * flat * y
        return of_p + of_q - 2 * u * u / total, -2 * u * w / total, of_p + of_q - 2 * w * w / total

    return Surface(
        name="two_minima",
        title="A sharp and a flat minimum",
        formula=r"\frac{pq}{p + q}",
        lesson="A large learning rate cannot settle in a sharp minimum.",
        value_xy=value,
        gradient_xy=gradient,
        hessian_xy=hessian,
        minima=[(-1, 0), (1, 0)],
        view=((-2.2, 3.0), (-1.9, 1.9)),
        start=(-1.4, 0.5),
        parameters={"sharp": sharp, "flat": flat},
    )
