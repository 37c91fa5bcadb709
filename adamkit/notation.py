"""One table: the symbol in the text, its name in this package, its name in torch.

    from adamkit import notation
    notation.TABLE                      # in a notebook, as a table
    notation.TABLE.find("exp_avg")      # the rows that speak of it
"""

from html import escape
from typing import NamedTuple
from unicodedata import combining


class Term(NamedTuple):
    """One row: a symbol and what it is called where. ``torch`` is "" for what torch has no name for."""

    symbol: str
    code: str
    torch: str
    meaning: str


HEADS = Term("symbol", "code", "torch", "meaning")


class Table(tuple):
    """Rows of the notation, a tuple of `Term`; shows itself as a table in text, Markdown and HTML."""

    __slots__ = ()

    def find(self, word):
        """The rows in which ``word`` is the symbol or one of the names, as a smaller table.

        Raises:
            KeyError: no row has it.
        """
        found = Table(term for term in self if word in _names(term))
        if not found:
            raise KeyError(f"no symbol or name {word!r} in the notation")
        return found

    def __str__(self):
        rows = [HEADS, *self]
        widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
        lines = ["  ".join(cell + " " * (w - _width(cell)) for cell, w in zip(row, widths)).rstrip() for row in rows]
        return "\n".join([lines[0], "  ".join("─" * w for w in widths), *lines[1:]])

    __repr__ = __str__

    def _repr_markdown_(self):
        rows = [HEADS, ("---",) * len(HEADS), *((t.symbol, _code(t.code), _code(t.torch), t.meaning) for t in self)]
        return "\n".join("| " + " | ".join(row) + " |" for row in rows)

    def _repr_html_(self):
        head = "".join(f'<th style="text-align:left">{escape(name)}</th>' for name in HEADS)
        return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(map(_html_row, self))}</tbody></table>"


def _html_row(term):
    code = [f"<code>{escape(cell)}</code>" if cell else "" for cell in (term.code, term.torch)]
    cells = (escape(term.symbol), *code, escape(term.meaning))
    return "<tr>" + "".join(f'<td style="text-align:left">{cell}</td>' for cell in cells) + "</tr>"


def _names(term):
    return {term.symbol, *term.code.split(", "), *term.torch.split(", ")} - {""}


def _code(cell):
    return f"`{cell}`" if cell else ""


def _width(cell):
    """Columns on screen: a combining hat or bar, as in m̂, takes none."""
    return sum(not combining(character) for character in cell)


TABLE = Table(
    Term(*row)
    for row in [
        ("θ", "theta", "p", "parameters, of any shape"),
        ("g", "g", "p.grad", "gradient of the loss with respect to θ, the shape of θ"),
        ("t", "t", "step", "number of the step, 1 at the first; the count of steps taken after it"),
        ("η", "lr", "lr", "learning rate"),
        ("β₁", "beta1", "betas[0]", "decay of the average gradient"),
        ("β₂", "beta2", "betas[1], alpha", "decay of the average squared gradient (alpha in RMSprop)"),
        ("ε", "eps", "eps", "added to the root in the divisor, outside it"),
        ("λ", "weight_decay", "weight_decay", "weight decay, multiplied by η as in torch"),
        ("μ", "momentum", "momentum", "decay of the momentum buffer"),
        ("τ", "dampening", "dampening", "share of the gradient kept out of the momentum buffer"),
        ("m", "m", "exp_avg", "average of g, from zero"),
        ("v", "v", "exp_avg_sq, square_avg, variance",
         "average of g², from zero (square_avg in RMSprop, variance in Adafactor)"),
        ("m̂", "m_hat", "", "m / (1−β₁ᵗ), corrected for the zero start"),
        ("v̂", "v_hat", "", "v / (1−β₂ᵗ), corrected for the zero start"),
        ("ḡ", "g_mean", "grad_avg", "average of g in centred RMSprop"),
        ("b", "b", "momentum_buffer", "momentum buffer"),
        ("s", "s", "sum", "AdaGrad's sum of g²"),
        ("", "initial_accumulator", "initial_accumulator_value", "where AdaGrad's sum starts"),
        ("", "lr_decay", "lr_decay", "AdaGrad's step t has the rate η / (1 + (t−1)·lr_decay)"),
        ("max v", "v_max", "max_exp_avg_sq", "AMSGrad's largest v so far"),
        ("Π", "mu_product", "mu_product", "NAdam's running product of μ_t"),
        ("ψ", "momentum_decay", "momentum_decay", "how fast NAdam's μ_t rises from β₁/2 to β₁"),
        ("", "threshold", "", "RAdam divides by √v once ρ_t is above it: 5 in torch, 4 in the paper"),
        ("u", "u", "exp_inf", "AdaMax's largest |g|, forgetting by β₂ a step"),
        ("r", "row", "row_var", "Adafactor's average of g² over each row"),
        ("c", "column", "col_var", "Adafactor's average of g² over each column"),
        ("", "power", "beta2_decay", "Adafactor's β₂ of step t is 1 − t^(−power); torch takes −power"),
        ("ε₁", "eps1", "eps[0]", "keeps Adafactor's v from 0"),
        ("ε₂", "eps2", "eps[1]", "the least size of weights that Adafactor's step is relative to"),
        ("d", "clip", "d", "root mean square at which Adafactor's step is clipped"),
        ("z", "z", "", "Schedule-Free's fast iterate; θ is y, and x is the average"),
        ("", "weight_sum", "", "sum of the weights in Schedule-Free's average"),
        ("η_max", "lr_max", "", "Schedule-Free's largest rate so far, whose square is a step's weight"),
        ("", "steps", "ns_steps", "Muon's Newton–Schulz steps"),
        ("", "coefficients", "ns_coefficients", "the three coefficients of Muon's Newton–Schulz polynomial"),
        ("", "adjust", "adjust_lr_fn", "how Muon's rate follows the shape of a matrix"),
        ("", "m_scale", "", "8-bit Adam: the largest |m| of each block"),
        ("", "v_scale", "", "8-bit Adam: the largest v of each block"),
        ("", "block", "", "8-bit Adam: how many numbers share a scale"),
        ("", "rate", "", "the learning rate a coordinate really gets, such as η / (√v̂ + ε)"),
    ]
)
