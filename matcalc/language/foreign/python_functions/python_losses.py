"""Losses of PyTorch, TensorFlow, optax and scikit-learn: of each entry, of each row, or their mean."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from matcalc.language.foreign.code import Code, Fault, call, infix, negated
from matcalc.language.foreign.common.axes import reduced
from matcalc.language.foreign.common.formulas import LOSSES, filled
from matcalc.language.foreign.common.functions import square, summed
from matcalc.language.foreign.common.spreading import operated
from matcalc.language.foreign.python.python_calls import Call
from matcalc.language.foreign.python_functions import python_arrays as arrays
from matcalc.language.foreign.python_functions.python_libraries import path_of

__all__ = [
    "cross_entropy",
    "entropies_of_rows",
    "entropy_of_classes",
    "half_squares",
    "logistic_entropies",
    "loss",
    "mean_of",
]


def loss(c: Call) -> Code:
    """A loss of a prediction and a target: the mean, or the sum, or each entry's."""
    arguments = dict(zip("ab", level(*c.two()), strict=True))
    threshold = c.code(-1, "delta", "beta")
    formula = LOSSES[c.name.rpartition(".")[2]]
    if threshold is not None and formula.startswith("huber") and c.name.endswith("huber_loss"):
        formula = "huber($a$ - $b$, $d$)"
        arguments["d"] = threshold
    widest = arguments["a"] if arguments["a"].kind else arguments["b"]
    entries = filled(formula, arguments, c.span, axes=widest.kind)
    if c.name.startswith("optax."):
        return entries
    match c.word("reduction", "mean"):
        case "sum":
            return summed(entries, c.span)
        case "none":
            return entries
        case "batchmean":
            rows = arrays.length(replace(c, given=c.given[:1]))
            return infix(summed(entries, c.span), "/", replace(rows, number=True))
    return call("mean", [entries], c.span, number=True)


def level(a: Code, b: Code) -> tuple[Code, Code]:
    """The target has the shape of the prediction."""
    if a.kind in ("m", "v") and b.kind in ("m", "v") and a.kind != b.kind:
        return replace(a, axes="m"), replace(b, axes="m")
    return a, b


def mean_of(distance: str) -> Callable[[Call], Code]:
    """mean_squared_error(y, p): of all entries; in Keras of each row."""

    def build(c: Call) -> Code:
        a, b = level(*_pair(c, "y_true", "y_pred"))
        entries = filled(LOSSES[distance], {"a": a, "b": b}, c.span, axes=a.kind or b.kind)
        return reduced("mean", entries, -1 if "keras" in path_of(c) and entries.kind else None, c.span)

    return build


def cross_entropy(c: Call) -> Code:
    """The mean over the rows of -sum(target * log_softmax(logits)); a target of one axis is a list of classes."""
    logits, target = c.two()
    if "m" not in (logits.kind, target.kind) or target.kind != logits.kind:
        raise _of_classes(c)
    return c.make("mean", _entropies(logits, target, c), number=True)


def entropies_of_rows(c: Call) -> Code:
    """softmax_cross_entropy_with_logits(labels=Y, logits=Z) of TensorFlow, softmax_cross_entropy(Z, Y) of optax."""
    if c.name == "softmax_cross_entropy":
        logits, labels = _pair(c, "logits", "labels")
    else:
        labels, logits = _pair(c, "labels", "logits")
    labels, logits = level(labels, logits)
    if logits.kind != "m":
        terms = infix(labels, ".*", c.make("logsoftmax", logits))
        return replace(negated(summed(terms, c.span), c.span), axes="")
    if c.axis(2) not in (None, 1, -1):
        raise Fault("the classes stand along the rows here", c.span, "write it for the transposes")
    return _entropies(logits, labels, c)


def entropy_of_classes(c: Call) -> Code:
    """Raises Fault: a list of classes has no derivative and no entries here."""
    raise _of_classes(c)


def _of_classes(c: Call) -> Fault:
    hint = "write -(Y * F.log_softmax(Z, dim=1)).sum(dim=1).mean() with a matrix Y of ones and zeros"
    return Fault(f"the target of {c.name} is a list of classes here", c.span, hint)


def _entropies(logits: Code, labels: Code, c: Call) -> Code:
    terms = infix(labels, ".*", c.make("logsoftmax", logits))
    return replace(negated(c.make("sum", terms, c.number("2")), c.span), axes="v")


def logistic_entropies(c: Call) -> Code:
    """sigmoid_cross_entropy_with_logits(labels=y, logits=z), entry by entry."""
    labels, logits = level(*_pair(c, "labels", "logits"))
    return filled(
        LOSSES["binary_cross_entropy_with_logits"], {"a": logits, "b": labels}, c.span, axes=logits.kind or labels.kind
    )


def half_squares(c: Call) -> Code:
    """tf.nn.l2_loss(W): half the sum of the squares."""
    return replace(operated(summed(square(c.first(), c.span), c.span), "/", c.number("2")), axes="")


def _pair(c: Call, first: str, second: str) -> tuple[Code, Code]:
    """Two arguments by their places or their names."""
    a, b = c.code(0, first), c.code(1, second)
    if a is None or b is None:
        raise Fault(f"{c.name} needs {first} and {second}", c.span)
    return a, b
