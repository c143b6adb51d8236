"""The differential: df of the same shape as f, linear in the perturbations.

One rule for each operator, written as in the textbook; M&N is Magnus & Neudecker,
*Matrix Differential Calculus*, 3rd edition; MC is Petersen & Pedersen, *The Matrix Cookbook*, 2012.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from matcalc.calculus.calls import differential_of_call, partial_derivative
from matcalc.calculus.open_functions import differential_of_open
from matcalc.calculus.piecewise import differential_of_where
from matcalc.errors import UnsupportedError
from matcalc.expr import (
    LEAVES,
    Node,
    adjugate,
    apply,
    block,
    call,
    combine,
    diag,
    diagonal,
    entrywise_power,
    hadamard,
    inverse,
    is_number,
    kron,
    matmul,
    matrix_power,
    multiply,
    number,
    power,
    scale,
    substitute,
    total,
    trace,
    transpose,
    unvec,
    vec,
    zeros,
)
from matcalc.expr.passes import Fold, rows_of
from matcalc.expr.supports import complement, steep, support_where_finite
from matcalc.functions import row_of

__all__ = ["DIFFERENTIAL", "differential"]

Args = tuple[Node, ...]
Rule = Callable[[Node, Args], Node]

#: Integer powers up to this one are differentiated into a sum, larger ones into `frechet_matpow`.
LONGEST_POWER_SUM = 8


def differential(f: Node, perturbations: Mapping[Node, Node]) -> Node:
    """df for the given variables, each with the perturbation that stands for its ``dX``.

    Shape: that of f. Other variables are constants. Raises `matcalc.errors.UnsupportedError`
    where the derivative of a function is not known; there is no default of zero.
    """
    return DIFFERENTIAL.within(f, dict(perturbations))


def _of_moving(rule: Rule, node: Node, d: Args) -> Node:
    """Zero where nothing moves."""
    if all(step.is_zero for step in d):
        return zeros(*node.shape)
    found = rule(node, d)
    assert found.shape == node.shape, f"the differential of {node.op} has another shape"
    return found


def _add(node: Node, d: Args) -> Node:
    """d(αX + βY) = α dX + β dY"""
    return combine(zip(d, node.data, strict=True), node.shape)


def _matmul(node: Node, d: Args) -> Node:
    """d(X Y) = dX Y + X dY"""
    factors = node.args
    moving = [i for i in range(len(factors)) if not d[i].is_zero]
    return combine(((matmul(*factors[:i], d[i], *factors[i + 1 :]), Fraction(1)) for i in moving), node.shape)


def _scale(node: Node, d: Args) -> Node:
    """d(s X) = ds X + s dX"""
    s, x = node.args
    return scale(d[0], x) + scale(s, d[1])


def _power(node: Node, d: Args) -> Node:
    """d(x^e) = e x^(e-1) ⊙ dx + x^e ⊙ log(x) de, summed over the factors of the product"""
    pairs = list(zip(node.args[::2], node.args[1::2], strict=True))
    found = [power(*pair) for pair in pairs]
    total: list[Node] = []
    for i, (b, e) in enumerate(pairs):
        db, de = d[2 * i], d[2 * i + 1]
        if not db.is_zero:
            others = found[:i] + found[i + 1 :]
            total.append(hadamard(e, power(b, e - number(1)), *others, db, *_still(steep(b, e))))
        if not de.is_zero:
            total.append(hadamard(de, node, apply("log", b), *_still(support_where_finite(b))))
    return combine(((term, Fraction(1)) for term in total), node.shape)


def _still(pattern: Node | None) -> Args:
    """A factor that keeps structural zeros, which do not move, 0 beside an infinite derivative."""
    return () if pattern is None else (pattern,)


def _matpow(node: Node, d: Args) -> Node:
    """d(X^n) = Σ X^k dX X^(n-1-k);  d(X^-1) = -X^-1 dX X^-1"""
    x, n = node.args
    if not d[1].is_zero:
        raise UnsupportedError("the exponent of a matrix power is an integer: it has no derivative")
    value = is_number(n)
    if value is None or abs(value) > LONGEST_POWER_SUM:
        return call("frechet_matpow", x, d[0], n, shape=node.shape)
    if value < 0:
        ks = range(1, int(-value) + 1)
        total = (matmul(matrix_power(x, -k), d[0], matrix_power(x, int(value) - 1 + k)) for k in ks)
        return combine(((term, Fraction(-1)) for term in total), node.shape)
    terms = (matmul(matrix_power(x, k), d[0], matrix_power(x, int(value) - 1 - k)) for k in range(int(value)))
    return combine(((term, Fraction(1)) for term in terms), node.shape)


def _kron(node: Node, d: Args) -> Node:
    """d(X ⊗ Y) = dX ⊗ Y + X ⊗ dY"""
    f = node.args
    moving = [i for i in range(len(f)) if not d[i].is_zero]
    return combine(((kron(*f[:i], d[i], *f[i + 1 :]), Fraction(1)) for i in moving), node.shape)


def _block(node: Node, d: Args) -> Node:
    """d[A, B; C, D] = [dA, dB; dC, dD]"""
    width = node.data[1]
    return block([d[i : i + width] for i in range(0, len(d), width)])


def _det(node: Node, d: Args) -> Node:
    """d det X = det(X) tr(X^-1 dX)"""
    (x,) = node.args
    return multiply(node, trace(matmul(inverse(x), d[0])))


def _logdet(node: Node, d: Args) -> Node:
    """d log|det X| = tr(X^-1 dX)"""
    (x,) = node.args
    return trace(matmul(inverse(x), d[0]))


def _adjugate(node: Node, d: Args) -> Node:
    """d adj X = tr(X^-1 dX) adj X - X^-1 dX adj X"""
    (x,) = node.args
    return scale(trace(matmul(inverse(x), d[0])), adjugate(x)) - matmul(inverse(x), d[0], adjugate(x))


def _apply(node: Node, d: Args) -> Node:
    """d f(x, y) = f_x(x, y) ⊙ dx + f_y(x, y) ⊙ dy"""
    if node.data[0] == "where":
        return differential_of_where(node, d)
    raised = entrywise_power(node)
    if raised is not None and (pattern := support_where_finite(raised[0])) is not None:
        return _power_of_zeros(node, raised[0], pattern, d[0])
    total = zeros(*node.shape)
    for i, step in enumerate(d):
        if not step.is_zero:
            still = support_where_finite(node.args[i]) if row_of(node.data[0]).steep else None
            total = total + hadamard(partial_derivative(node, i), step, *_still(still))
    return total


def _power_of_zeros(node: Node, x: Node, pattern: Node, step: Node) -> Node:
    """d x.^p = x.^p ⊙ (log(x) ⊙ dp + p ⊙ dx ./ x), 0 where x is 0 by structure, with 1 in place of these zeros"""
    if pattern.op == "identity":
        return hadamard(node, step, pattern)
    return hadamard(node, substitute(step, {x: x + complement(pattern)}))


# fmt: off
#: operator -> its rule; what does not move, such as a leaf that is no perturbed variable, has the differential 0
DIFFERENTIAL: Fold[Node] = Fold("differential", {
    **rows_of(LEAVES, lambda node, d: zeros(*node.shape)),
    "add":       _add,                                                  # M&N 8.2
    "matmul":    _matmul,                                               # M&N 8.2; MC (37)
    "scale":     _scale,                                                # M&N 8.2; MC (34)
    "power":     _power,                                                # scalar calculus, entrywise; MC (38)
    "transpose": lambda node, d: transpose(d[0]),                       # M&N 8.2; MC (44)
    "matpow":    _matpow,                                               # M&N 8.4, 9.14; MC (40)
    "kron":      _kron,                                                 # M&N 8.2; MC (39)
    "diag":      lambda node, d: diag(d[0]),                            # linear
    "diagonal":  lambda node, d: diagonal(d[0]),                        # linear
    "trace":     lambda node, d: trace(d[0]),                           # M&N 8.2; MC (36)
    "vec":       lambda node, d: vec(d[0]),                             # M&N 8.2
    "unvec":     lambda node, d: unvec(d[0], *node.shape),              # linear
    "total":     lambda node, d: total(node.data, d[0]),                # linear
    "block":     _block,                                                # linear
    "det":       _det,                                                  # M&N 8.3, Jacobi's formula; MC (41)
    "logdet":    _logdet,                                               # M&N 8.3; MC (43)
    "adjugate":  _adjugate,                                             # M&N 8.6, for det X ≠ 0
    "apply":     _apply,                                                # chain rule, entrywise
    "call":      lambda node, d: differential_of_call(node, d),         # the row of the function
    "open":      differential_of_open,                                  # chain rule
}, around=_of_moving)
# fmt: on
