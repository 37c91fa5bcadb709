"""Where the optimizers come from: what each changed in which parent, when, and where it was published.

    from adamkit import lineage, plotting
    plotting.draw_family(ax, lineage.FAMILY)
    plotting.draw_history(ax, lineage.HISTORY)

A parent here is what a method's own paper builds on, or says that it changes.
"""

from typing import NamedTuple


class Method(NamedTuple):
    """One optimizer.

    Attributes:
        name: as in the text.
        year: of the first public version: the preprint where there is one.
        change: what is new against its parents, in a few words.
        by: authors. title, url: of the source.
        parents: names of the methods it changes.
        place: (column, row) on the map, rows from the top; None for methods that only the history names.
        rule: name in `adamkit.rules`, "" for what is not built here.
    """

    name: str
    year: int
    change: str
    by: str
    title: str
    url: str
    parents: tuple = ()
    place: tuple | None = None
    rule: str = ""


ARXIV = "https://arxiv.org/abs/"

METHODS = (
    Method("SGD", 1951, "noisy slopes will do", "Robbins & Monro", "A stochastic approximation method",
           "https://doi.org/10.1214/aoms/1177729586", (), (0, 3.0), "SGD"),
    Method("Momentum", 1964, "keeps its direction", "Polyak",
           "Some methods of speeding up the convergence of iteration methods",
           "https://doi.org/10.1016/0041-5553(64)90137-5", ("SGD",), (1, 4.5), "Momentum"),
    Method("Nesterov", 1983, "looks ahead", "Nesterov",
           "A method of solving a convex programming problem with convergence rate O(1/k²)",
           "https://www.mathnet.ru/eng/dan46009", ("Momentum",), (2, 5.25), "Nesterov"),
    Method("Delta-bar-delta", 1988, "rates follow signs", "Jacobs",
           "Increased rates of convergence through learning rate adaptation",
           "https://doi.org/10.1016/0893-6080(88)90003-2", (), (0, 0.6)),
    Method("Rprop", 1993, "only the sign", "Riedmiller & Braun",
           "A direct adaptive method for faster backpropagation learning: the RPROP algorithm",
           "https://doi.org/10.1109/ICNN.1993.298623", ("Delta-bar-delta",), (1, 0.3)),
    Method("AdaGrad", 2011, "a rate for each weight", "Duchi, Hazan & Singer",
           "Adaptive subgradient methods for online learning and stochastic optimization",
           "https://jmlr.org/papers/v12/duchi11a.html", ("SGD",), (1, 1.5), "AdaGrad"),
    Method("RMSprop", 2012, "mean, not sum, of g²", "Tieleman & Hinton", "Lecture 6.5, rmsprop",
           "https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf", ("AdaGrad", "Rprop"), (2, 1.5),
           "RMSprop"),
    Method("Adam", 2014, "both, bias-corrected", "Kingma & Ba", "Adam: a method for stochastic optimization",
           ARXIV + "1412.6980", ("RMSprop", "Momentum"), (3, 2.6), "Adam"),
    Method("AdaMax", 2014, "largest g, not mean g²", "Kingma & Ba", "Adam, section 7.1", ARXIV + "1412.6980",
           ("Adam",), (4, 2.1), "AdaMax"),
    Method("NAdam", 2016, "looks ahead", "Dozat", "Incorporating Nesterov momentum into Adam",
           "https://openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ", ("Adam", "Nesterov"), (4, 5.25), "NAdam"),
    Method("LARS", 2017, "a rate for each layer", "You, Gitman & Ginsburg",
           "Large batch training of convolutional networks", ARXIV + "1708.03888", ("Momentum",), (2, 8.6)),
    Method("AdamW", 2017, "decay set apart", "Loshchilov & Hutter", "Decoupled weight decay regularization",
           ARXIV + "1711.05101", ("Adam",), (4, 3.15), "AdamW"),
    Method("AMSGrad", 2018, "v never shrinks", "Reddi, Kale & Kumar", "On the convergence of Adam and beyond",
           ARXIV + "1904.09237", ("Adam",), (4, 0), "AMSGrad"),
    Method("Adafactor", 2018, "v as rows × columns", "Shazeer & Stern",
           "Adafactor: adaptive learning rates with sublinear memory cost", ARXIV + "1804.04235", ("Adam",), (4, 4.2),
           "Adafactor"),
    Method("LAMB", 2019, "a rate for each layer", "You et al.",
           "Large batch optimization for deep learning: training BERT in 76 minutes", ARXIV + "1904.00962",
           ("Adam", "LARS"), (4, 6.5), "LAMB"),
    Method("RAdam", 2019, "waits for v", "Liu et al.", "On the variance of the adaptive learning rate and beyond",
           ARXIV + "1908.03265", ("Adam",), (4, 1.05), "RAdam"),
    Method("8-bit Adam", 2021, "one byte a moment", "Dettmers et al.",
           "8-bit optimizers via block-wise quantization", ARXIV + "2110.02861", ("AdamW",), (5, 3.7), "Adam8bit"),
    Method("Lion", 2023, "only the sign", "Chen et al.", "Symbolic discovery of optimization algorithms",
           ARXIV + "2302.06675", ("Momentum",), (2, 6.4), "Lion"),
    Method("Schedule-Free", 2024, "averages, not decay", "Defazio et al.", "The road less scheduled",
           ARXIV + "2405.15682", ("AdamW",), (5, 2.6), "ScheduleFreeAdamW"),
    Method("Muon", 2024, "orthogonal steps", "Jordan et al.",
           "Muon: an optimizer for hidden layers in neural networks", "https://kellerjordan.github.io/posts/muon/",
           ("Momentum",), (2, 7.5), "Muon"),
    Method("SOAP", 2024, "Adam in Shampoo's eigenbasis", "Vyas et al.",
           "SOAP: improving and stabilizing Shampoo using Adam", ARXIV + "2409.11321"),
    Method("Muon at scale", 2025, "steps of AdamW's size, decay", "Liu et al.", "Muon is scalable for LLM training",
           ARXIV + "2502.16982"),
    Method("A fair race", 2025, "tuned alike, gains shrink with size", "Wen et al.",
           "Fantastic pretraining optimizers and where to find them", ARXIV + "2509.02046"),
    Method("Adam, again", 2026, "converges if β₂ suits the problem", "Zhang et al.",
           "Adam converges without any modification on update rules", ARXIV + "2603.02092"),
)

#: All of them, by year.
HISTORY = tuple(sorted(METHODS, key=lambda method: method.year))
#: The methods on the map.
FAMILY = tuple(method for method in HISTORY if method.place is not None)


def links():
    """Name → Markdown link to its source."""
    return {method.name: f"[{method.by} {method.year}]({method.url})" for method in HISTORY}
