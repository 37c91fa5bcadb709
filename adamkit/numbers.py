"""Numbers as a reader meets them in captions, tables and sentences, and round numbers for axes."""

import math

#: Steps of `round_up`: coarse enough for limits to stay where they are while a slider moves.
STEPS = (1, 1.5, 2, 3, 5, 7)


def short(value, digits=2):
    """So many digits, a minus as long as the axes', no padding in the exponent: 0.31, −0.05, 4.2e-9, 2e3."""
    sign = "−" if value < 0 else ""
    return sign + f"{abs(value):.{digits}g}".replace("e-0", "e-").replace("e+0", "e").replace("e+", "e")


def signed(value, places):
    """With its sign and so many decimals: +0.25, −1.00."""
    return f"{value:+.{places}f}".replace("-", "−")


def written(value):
    """As one writes it in a sentence: three figures, thousands whole: 0.0123, 2.31, 1348, 93 750, 1e-7, −2.5e6."""
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "infinity"
    size, sign = abs(value), "−" if value < 0 else ""
    if 999.5 <= size < 999_999.5:
        return sign + (f"{size:,.0f}".replace(",", " ") if size >= 9999.5 else f"{size:.0f}")
    if 1e-3 <= size < 1e3 or not size:
        return f"{sign}{size:.3g}"
    return sign + _power(size, 1)


def _power(size, places):
    """With a power of ten, so many decimals at most: 1e-7, 2.5e6."""
    mantissa, exponent = f"{size:.{places}e}".split("e")
    return f"{mantissa.rstrip('0').rstrip('.')}e{int(exponent)}"


def percent(share):
    """A share in percent, with the figures that it deserves; ten and more as a factor."""
    return f"{100 * share:.3g}%" if share < 10 else f"{share:.3g} times"


def round_up(value, steps=STEPS):
    """The next of these steps times a power of ten, away from zero; a hair above one counts as that one."""
    if value == 0 or not math.isfinite(value):
        return value
    power = 10.0 ** math.floor(math.log10(abs(value)))
    return math.copysign(next(power * step for step in (*steps, 10, 10 * steps[1])
                              if abs(value) <= power * step * (1 + 1e-9)), value)


def tick(value, top=0.0):
    """A number beside an axis, as short as it can be: 0.002, 1e-5, 6000, 45k, 2M, 3e12.

    Args:
        value: the number.
        top: the highest number of the axis: all of its numbers get the same letter, 6k beside 12k.
    """
    size = max(abs(value), top)
    if size >= 1e9 or 0 < abs(value) < 1e-3:
        return ("−" if value < 0 else "") + _power(abs(value), 2)
    if value and size >= 1e6:
        return f"{value / 1e6:.3g}M".replace("-", "−")
    if value and size >= 1e4:
        return f"{value / 1e3:.3g}k".replace("-", "−")
    return f"{value:.0f}".replace("-", "−") if abs(value) >= 1e3 else short(value, 3)


def log_ticks(low, high, most):
    """At most ``most`` round numbers of a range, 0 < low < high, ascending.

    Powers of ten where the range holds three of them; else 1, 2, 5; else even steps.
    """
    powers = range(math.ceil(math.log10(low)), math.floor(math.log10(high)) + 1)
    values = [10.0**power for power in powers]
    if len(values) < 3:
        powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)))
        values = [digit * 10.0**power for power in powers for digit in (1, 2, 5)]
        values = [value for value in values if low <= value <= high]
    return thinned(values if len(values) > 1 else even_ticks(low, high, most), most)


def even_ticks(low, high, most):
    """At most ``most`` round numbers at even distances in a range."""
    for finer in (1, 2.5):  # a step that is rounded up can be longer than the range
        step = round_up((high - low) / most / finer, (1, 2, 5))
        ticks = [step * count for count in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)]
        if ticks:
            break
    return ticks


def thinned(values, most):
    """Every n-th, so that at most ``most`` remain."""
    return values[:: -(-len(values) // most) or 1]
