"""Formulas as the series writes them, in Unicode, → LaTeX, for places where MathJax sets them.

``θ ← θ − η·m̂/(√v̂ + ε)`` becomes ``\\theta \\leftarrow \\theta - \\eta \\cdot \\hat{m}/(\\sqrt{\\hat{v}} + \\epsilon)``.
"""

import re
import unicodedata

_NAMES = {
    "α": r"\alpha", "β": r"\beta", "γ": r"\gamma", "δ": r"\delta", "ε": r"\epsilon", "ζ": r"\zeta", "η": r"\eta",
    "θ": r"\theta", "κ": r"\kappa", "λ": r"\lambda", "μ": r"\mu", "ν": r"\nu", "ξ": r"\xi", "π": r"\pi",
    "ρ": r"\rho", "σ": r"\sigma", "τ": r"\tau", "φ": r"\varphi", "ϕ": r"\phi", "χ": r"\chi", "ψ": r"\psi",
    "ω": r"\omega", "Γ": r"\Gamma", "Δ": r"\Delta", "Θ": r"\Theta", "Λ": r"\Lambda", "Π": r"\Pi", "Σ": r"\Sigma",
    "Φ": r"\Phi", "Ψ": r"\Psi", "Ω": r"\Omega", "∇": r"\nabla", "∂": r"\partial", "∑": r"\sum", "∏": r"\prod",
    "∞": r"\infty", "·": r"\cdot", "×": r"\times", "⊙": r"\odot", "∘": r"\circ", "±": r"\pm", "−": "-", "–": "-",
    "←": r"\leftarrow", "→": r"\to", "⇒": r"\Rightarrow", "⇔": r"\Leftrightarrow", "↔": r"\leftrightarrow",
    "≤": r"\le", "≥": r"\ge", "≠": r"\ne", "≈": r"\approx", "≡": r"\equiv", "∝": r"\propto", "≪": r"\ll",
    "≫": r"\gg", "∈": r"\in", "∉": r"\notin", "∀": r"\forall", "∃": r"\exists", "⟨": r"\langle", "⟩": r"\rangle",
    "‖": r"\|", "…": r"\dots", "⋯": r"\cdots", "½": r"\tfrac{1}{2}", "¼": r"\tfrac{1}{4}", "¾": r"\tfrac{3}{4}",
    "⅓": r"\tfrac{1}{3}", "∼": r"\sim", "~": r"\sim", "°": r"^{\circ}", "%": r"\%", "#": r"\#", "&": r"\&",
    "$": r"\$", "∧": r"\wedge", "∨": r"\vee", "ℓ": r"\ell", "ℝ": r"\mathbb{R}", "⊤": r"\top", "′": "'",
}  # fmt: skip
_ACCENTS = {"\u0302": r"\hat", "\u0304": r"\bar", "\u0303": r"\tilde", "\u0307": r"\dot", "\u0305": r"\overline"}
_KNOWN = {"max", "min", "log", "exp", "cos", "sin"}
_OPERATORS = {"sign", "clip", "diag", "rank", "tr", "argmin", "argmax", "Var", "RMS"}
_WORD = re.compile(r"\\[A-Za-z]+|[A-Za-z]{2,}")
_RAISED = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᴬ-ᵡⁱⁿ]+|[₀-₎ₐ-ₜᵢ-ᵪⱼ]+")


def tex(formula):
    """One formula in Unicode, with ``_{…}`` and ``^{…}``, → LaTeX without its dollar signs."""
    text = unicodedata.normalize("NFD", formula.strip())
    text = re.sub(r"(\d)e([−-]?\d+)", r"\1·10^{\2}", text)
    text = _RAISED.sub(_lowered, text)
    text = _accented(text)
    text = _roots(text)
    text = "".join(f"{_NAMES[sign]} " if sign in _NAMES else sign for sign in text)
    text = _WORD.sub(_upright, text)
    return re.sub(r" +", " ", text).strip()


def _lowered(match):
    """Signs that stand high or low by themselves, as one ``^{…}`` or ``_{…}``."""
    signs = match.group()
    kind = "^" if unicodedata.decomposition(signs[0]).startswith("<super>") else "_"
    plain = "".join(unicodedata.normalize("NFKC", sign) for sign in signs)
    return f"{kind}{{{plain}}}"


def _accented(text):
    """A letter and the accent that follows it: m and ̂  → ``\\hat{m}``."""
    for accent, command in _ACCENTS.items():
        text = re.sub(rf"(\w){accent}", lambda match, command=command: f"{command}{{{match.group(1)}}}", text)
    return text


_TAIL = r"(?:[_^]\{[^{}]*\}|[_^]\w)*"
_SIMPLE = re.compile(rf"√((?:\\[a-z]+\{{\w\}}|\d+(?:\.\d+)?|\w){_TAIL})")


def _roots(text):
    """√ over what follows it: a bracket as a whole, otherwise one letter or number with its accent and indices."""
    text = _SIMPLE.sub(r"\\sqrt{\1}", text)
    while (start := text.find("√(")) >= 0:
        end = _closing(text, start + 1)
        text = f"{text[:start]}\\sqrt{{{text[start + 2 : end]}}}{text[end + 1 :]}"
    return text.replace("√", r"\surd ")


def _closing(text, start):
    """Index of the bracket that closes the one at ``start``; the end of the text where none does."""
    depth = 0
    for place in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[place], 0)
        if depth == 0:
            return place
    return len(text)


def _upright(match):
    """A word as an operator or as text; a command as it is."""
    word = match.group()
    if word.startswith("\\"):
        return word
    if word in _KNOWN:
        return f"\\{word} "
    return rf"\operatorname{{{word}}}" if word in _OPERATORS else rf"\text{{{word}}}"
