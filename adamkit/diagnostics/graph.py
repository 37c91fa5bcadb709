"""What the graph of a loss tells: which loss it is, of how many classes, on what output, and on which weights.

autograd's nodes outlive the backward pass: their kinds, shapes and edges can be read whenever the loss tensor is at
hand. That is done once or twice in a run, and costs about as much as printing it.
"""

import math

import torch

#: Most nodes that are followed, and how many of them, next to the loss, count as the loss's own.
LONGEST, ZONE = 20_000, 40
#: Nodes that only lay numbers out anew, or change their precision.
LAYOUT = ("View", "UnsafeView", "ReshapeAlias", "Transpose", "T", "Permute", "Squeeze", "Unsqueeze", "ToCopy", "Clone",
          "Alias", "Contiguous", "Select", "Slice", "Index", "Flatten")
#: Loss → activations before it that it applies itself, or that it cannot use.
MISFITS = {
    "LogSoftmax": ("Softmax", "Sigmoid", "Relu", "Tanh"),
    "BinaryCrossEntropyWithLogits": ("Sigmoid", "Softmax", "Relu", "LogSoftmax"),
    "NllLoss": ("Softmax", "Sigmoid", "Relu", "Tanh", "Addmm", "Mm", "Convolution"),
    "KlDiv": ("Softmax", "Sigmoid", "Relu", "Tanh", "Addmm", "Mm"),
}
#: Losses that cannot be below 0, whatever the output, if their targets are what they take.
NEVER_BELOW_0 = {"NllLoss": "cross-entropy", "BinaryCrossEntropyWithLogits": "binary cross-entropy",
                 "BinaryCrossEntropy": "binary cross-entropy", "MseLoss": "a squared error", "L1Loss": "a distance",
                 "SmoothL1Loss": "a distance", "HuberLoss": "a distance"}
#: Nodes that compare outputs with targets of their own shape.
COMPARES = ("Sub", "Rsub", "MseLoss", "L1Loss", "SmoothL1Loss", "HuberLoss")
#: A clamp of scores that keeps the loss above this share of chance is no guard against overflow.
NARROW = 0.25
#: Node → what the reader calls it.
CALLED = {"LogSoftmax": "cross-entropy (log-softmax)", "BinaryCrossEntropyWithLogits": "BCE with logits",
          "NllLoss": "nll_loss", "KlDiv": "kl_div", "Softmax": "softmax", "Sigmoid": "a sigmoid", "Relu": "a ReLU",
          "Tanh": "a tanh", "Addmm": "a linear layer", "Mm": "a linear layer", "Convolution": "a convolution"}


def read(loss, known):
    """Facts on the loss, as a dict of plain values, or None if it has no graph.

    Args:
        loss: scalar tensor.
        known: ids of the parameters that are watched.

    Returns:
        "classes" of a cross-entropy or None, "chance" (its value when all are as likely) or None, "misfit" (output,
        loss) or None, "broadcast" (shape of the output, shape of the comparison) or None, "never_below_0" (which loss,
        whether a factor stands before it) or None, "besides" (more than one cross-entropy is in it) or None, "float16";
        "reached", the ids of the leaves, and "strangers", leaves that train and are not known.
    """
    if loss.grad_fn is None:
        return None
    nodes, zone = _nodes(loss.grad_fn)
    leaves = [node.variable for node in nodes if hasattr(node, "variable")]
    kinds = [_kind(node) for node in zone]
    classes = chance = None
    for node, kind in zip(zone, kinds):
        if kind == "LogSoftmax" and classes is None:
            classes = _shape(node)[_dim(node)]
            chance = _chance(classes, zone, kinds)
    return {"classes": classes, "chance": chance, "misfit": _misfit(zone, kinds), "broadcast": _broadcast(zone, kinds),
            "never_below_0": _never_below_0(loss.grad_fn), "besides": _besides(loss.grad_fn),
            "float16": any(map(_half, nodes)) or None,
            "reached": {id(leaf) for leaf in leaves}, "strangers": [leaf for leaf in leaves if id(leaf) not in known]}


def _nodes(root):
    """All nodes, breadth first, and the first of them: those of the loss itself."""
    seen, order = {root}, [root]
    for node in order:
        for following, _ in node.next_functions:
            if following is not None and following not in seen:
                seen.add(following)
                order.append(following)
        if len(order) > LONGEST:
            break
    return order, order[:ZONE]


def _kind(node):
    """"LogSoftmax" for LogSoftmaxBackward0."""
    return node.name().rpartition("::")[2].partition("Backward")[0]


def _shape(node):
    return tuple(node._input_metadata[0].shape) if getattr(node, "_input_metadata", None) else ()


def _dim(node):
    """The axis of a softmax; autograd keeps negative ones as unsigned numbers."""
    return node._saved_dim - 2**64 if node._saved_dim >= 2**63 else node._saved_dim


def _before(node):
    """The node that made this one's first input, past layout."""
    while True:
        given = _given(node)
        if not given:
            return None
        node = given[0]
        if _kind(node) not in LAYOUT:
            return node


def _chance(classes, zone, kinds):
    """ln of the classes, times the rows if they are summed; None where that cannot be seen."""
    for node, kind in zip(zone, kinds):
        if kind.startswith("NllLoss") and node._saved_reduction == 2:
            rows = _shape(zone[kinds.index("LogSoftmax")])
            return math.log(classes) * math.prod(rows) / classes
    plain = {"NllLoss", "NllLoss2D", "LogSoftmax", *LAYOUT}
    return math.log(classes) if set(kinds[:2]) <= plain and "LogSoftmax" in kinds[:2] else None


def _half(node):
    return bool(getattr(node, "_input_metadata", None)) and node._input_metadata[0].dtype is torch.float16


def _never_below_0(node):
    """[which loss it is, whether it was multiplied after its mean was taken], if the loss is nothing else; or None."""
    factor = False
    while node is not None and _shape(node) == ():
        kind, given = _kind(node), [following for following, _ in node.next_functions if following is not None]
        if kind in NEVER_BELOW_0:
            scores = _before(node)
            known = kind != "NllLoss" or (scores is not None and _kind(scores) == "LogSoftmax")
            return [NEVER_BELOW_0[kind], factor] if known else None
        if kind not in ("Neg", "Mul", "Div", *LAYOUT) or len(given) != 1:
            return None
        node, factor = given[0], factor or kind in ("Neg", "Mul", "Div")
    return None


def _besides(node):
    """True if the loss is a sum of scalars that come from several log-softmaxes, or from one and from elsewhere."""
    terms, waiting = [], [node]
    while waiting and len(terms) < ZONE:
        node = waiting.pop()
        if _kind(node) in ("Add", "Sub", "Mul", "Div", "Neg") and _shape(node) == ():
            waiting += _given(node)
        else:
            terms.append(node)
    return len({_scores(term) for term in terms}) > 1 or None


def _scores(node):
    """The log-softmax a few nodes before this one, or None."""
    for _ in range(8):
        if node is None or _kind(node) == "LogSoftmax":
            return node
        node = next(iter(_given(node)), None)
    return None


def _misfit(zone, kinds):
    for node, kind in zip(zone, kinds):
        made = _before(node) if kind in MISFITS else None
        if made is not None and _kind(made) in MISFITS[kind]:
            return [CALLED[_kind(made)], CALLED[kind]]
        if made is not None and kind == "LogSoftmax" and _kind(made) == "Clamp" and _narrow(made, _shape(node)[
                _dim(node)]):
            return [f"a clamp to {made._saved_min:g} … {made._saved_max:g}", CALLED[kind]]
        if kind in ("Softmax", "LogSoftmax"):
            shape = _shape(node)
            if len(shape) >= 2 and shape[_dim(node)] == 1:
                return ["a softmax over a single output, which is always 1", "the loss"]
            if len(shape) == 2 and _dim(node) in (0, -2) and kind == "LogSoftmax":
                return ["a softmax over the rows of the batch instead of the classes", "the loss"]
    return None


def _narrow(clamp, classes):
    """True if scores so close to each other keep a cross-entropy far above 0: at ln(1 + (C − 1)/eʷ), w their range."""
    low, high = getattr(clamp, "_saved_min", None), getattr(clamp, "_saved_max", None)
    if low is None or high is None or classes < 2:
        return False
    return math.log1p((classes - 1) * math.exp(min(low - high, 0.0))) > NARROW * math.log(classes)


def _broadcast(zone, kinds):
    """An output of N numbers compared with N targets as N × N."""
    for node, kind in zip(zone, kinds):
        if len(_given(node)) != 1 or kind not in ("Sub", "Rsub", "Expand"):
            continue
        if kind == "Expand" and not any(_kind(user) in COMPARES and len(_given(user)) == 1 for user in zone
                                        if node in _given(user)):
            continue  # such as a norm by which its own vectors are divided
        out, inner = _shape(node), _shape(_given(node)[0])
        rows = math.prod(inner)
        if out == (rows, rows) and rows > 1 and len(inner) in (1, 2) and max(inner) == rows:
            return [list(inner), list(out)]
    return None


def _given(node):
    """The nodes that gave it what has a gradient."""
    return [following for following, _ in node.next_functions if following is not None]


@torch.no_grad()
def fresh(weight):
    """True if numbers look as torch draws the weights of a linear or convolution layer: untrained.

    They are uniform between ±1/√(fan in) then, and fill that range. Training leaves some outside.
    """
    if weight.ndim < 2 or weight.numel() < 8 or weight.is_meta or weight.is_complex():
        return False
    bound = 1 / math.sqrt(weight[0].numel())
    sample = weight.detach().flatten()[:4096].float().cpu()
    spread = float(sample.std()) * math.sqrt(3) / bound
    slack = 1.01 if weight.dtype in (torch.bfloat16, torch.float16) else 1 + 1e-6
    return float(sample.abs().max()) <= bound * slack and abs(spread - 1) <= max(0.1, 2 / math.sqrt(len(sample)))
