"""Transposition: from df = <G, dX> read the gradient G.

A scalar differential is a linear program in dX. A cotangent (a matrix of the shape of each
linear value) is pushed through it from the end to the perturbation. One adjoint for each linear operator, defined by
<G, L(H)> = <L*(G), H> with <A, B> = tr(A^T B).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from matcalc.calculus.calls import adjoint_of_call
from matcalc.calculus.contraction import contract
from matcalc.calculus.open_functions import adjoint_of_open
from matcalc.expr import (
    LEAVES,
    Dim,
    Node,
    add,
    chain,
    diag,
    diagonal,
    hadamard,
    identity,
    is_number,
    matmul,
    multiply,
    number,
    ones,
    power,
    scale,
    scaled,
    slice_of,
    total,
    trace,
    transpose,
    unvec,
    vec,
    zeros,
)
from matcalc.expr.passes import Push

__all__ = ["ADJOINT", "NONLINEAR", "adjoint", "inner", "product_around"]

#: Operators that are never linear in a perturbation: their differential is written with others.
NONLINEAR = frozenset({"matpow", "det", "logdet", "adjugate", "apply"})

Contribution = tuple[Node, Node]
Adjoint = Callable[[Node, Node, Node], Iterator[Contribution]]


def adjoint(df: Node, perturbation: Node, cotangent: Node | None = None) -> Node:
    """The G with <cotangent, df> = <G, dX>; for a scalar df (cotangent 1) the gradient.

    Shape: that of the perturbation. The cost is linear in the number of nodes of df. What does not depend on an index of
    the node that it stands in receives one cotangent for each value of that index: their sum, whether they differ or not.
    """
    start = number(1) if cotangent is None else cotangent
    assert start.shape == df.shape, "the cotangent has the shape of the differential"
    if perturbation not in df.linear:
        return zeros(*perturbation.shape)
    return ADJOINT(df, start, perturbation)[perturbation]


def _collected(node: Node, pieces: Sequence[Node]) -> Node:
    return pieces[0] if len(pieces) == 1 else add(*pieces)


def _for_each_index(rule: Adjoint, node: Node, g: Node, dx: Node) -> Iterator[Contribution]:
    """What depends on an index of the node, for an operand that does not, is summed over its values."""
    for target, piece in rule(node, g, dx):
        assert target.shape == piece.shape, f"the adjoint of {node.op} has another shape"
        yield target, total(node.free - target.free, piece) if node.free else piece


def inner(a: Node, b: Node) -> Node:
    """<A, B> = tr(A^T B), a scalar."""
    if a.is_row:
        return matmul(a, transpose(b))
    return trace(multiply(transpose(a), b)) if not a.is_scalar else multiply(a, b)


def _add(node: Node, g: Node, dx: Node) -> Iterator[Contribution]:
    """<G, α X + β Y>: α G to X, β G to Y"""
    for term, c in zip(node.args, node.data, strict=True):
        if dx in term.linear:
            yield term, scaled(c, g)


def product_around(node: Node, dx: Node) -> tuple[Node | None, Node, Node | None]:
    """(A, L, B) with node = A L B and dX in L only; None stands for a missing side."""
    factors = chain(node)
    at = [i for i, f in enumerate(factors) if dx in f.linear]
    assert len(at) == 1, "a differential is linear in its perturbation"
    i = at[0]
    left = matmul(*factors[:i]) if i else None
    right = matmul(*factors[i + 1 :]) if i + 1 < len(factors) else None
    return left, factors[i], right


def _matmul(node: Node, g: Node, dx: Node) -> Iterator[Contribution]:
    """<G, A L B> = <A^T G B^T, L>"""
    left, inside, right = product_around(node, dx)
    if left is not None:
        g = multiply(transpose(left), g)
    if right is not None:
        g = multiply(g, transpose(right))
    yield inside, g


def _scale(node: Node, g: Node, dx: Node) -> Iterator[Contribution]:
    """<G, s M>: <G, M> to s, s G to M"""
    s, m = node.args
    if dx in s.linear:
        yield s, inner(m, g)
    else:
        yield m, scale(s, g)


def _power(node: Node, g: Node, dx: Node) -> Iterator[Contribution]:
    """<G, V ⊙ L> = <V ⊙ G, L>"""
    rest, inside = entrywise_parts(node, dx)
    yield inside, hadamard(rest, g)


def entrywise_parts(node: Node, dx: Node) -> tuple[Node, Node]:
    """(V, L) with node = V ⊙ L and dX in L only."""
    pairs = list(zip(node.args[::2], node.args[1::2], strict=True))
    linear = [i for i, (b, e) in enumerate(pairs) if dx in b.linear or dx in e.linear]
    assert len(linear) == 1 and is_number(pairs[linear[0]][1]) == 1, "a differential is linear in its perturbation"
    rest = hadamard(ones(*node.shape), *(power(*p) for i, p in enumerate(pairs) if i != linear[0]))
    return rest, pairs[linear[0]][0]


def _kron(node: Node, g: Node, dx: Node) -> Iterator[Contribution]:
    """<G, A ⊗ L ⊗ B>: the partial contraction of G with A and B"""
    at = next(i for i, f in enumerate(node.args) if dx in f.linear)
    yield node.args[at], contract(node.args[:at], g, node.args[at + 1 :], node.args[at].shape)


def _block(node: Node, g: Node, dx: Node) -> Iterator[Contribution]:
    """<G, [A, B; C, D]>: the block of G where the operand stands"""
    _, width = node.data
    top = Dim.of(0)
    for start in range(0, len(node.args), width):
        left = Dim.of(0)
        for part in node.args[start : start + width]:
            if dx in part.linear:
                yield part, slice_of(g, (top, part.rows), (left, part.cols))
            left = left + part.cols
        top = top + node.args[start].rows


# fmt: off
#: linear operator -> what each operand that holds dX receives
ADJOINT: Push[Node] = Push("adjoint", {
    "perturbation": lambda node, g, dx: iter(()),
    "add":       _add,
    "matmul":    _matmul,
    "scale":     _scale,
    "power":     _power,
    "kron":      _kron,
    "block":     _block,
    "total":     lambda node, g, dx: iter([(node.args[0], g)]),                        # <G, Σ_i L_i> = Σ_i <G, L_i>
    "transpose": lambda node, g, dx: iter([(node.args[0], transpose(g))]),             # <G, L^T> = <G^T, L>
    "diag":      lambda node, g, dx: iter([(node.args[0], diagonal(g))]),              # <G, diag l> = <diag G, l>
    "diagonal":  lambda node, g, dx: iter([(node.args[0], diag(g))]),                  # its converse
    "trace":     lambda node, g, dx: iter([(node.args[0], scale(g, identity(node.args[0].rows)))]),  # g tr L = <g I, L>
    "vec":       lambda node, g, dx: iter([(node.args[0], unvec(g, *node.args[0].shape))]),
    "unvec":     lambda node, g, dx: iter([(node.args[0], vec(g))]),
    "call":      lambda node, g, dx: adjoint_of_call(node, g, dx),
    "open":      adjoint_of_open,
}, join=_collected, around=_for_each_index, never=NONLINEAR | LEAVES - {"perturbation"})
# fmt: on
