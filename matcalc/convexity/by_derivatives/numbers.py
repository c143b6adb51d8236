"""Functions of one number, entry by entry: the sign of the second derivative, where they have one everywhere.

A value that is made entry by entry of one affine array and of constants is a function of one number, with numbers in place of
the constants: log(sigmoid(X w)) is log(sigmoid(t)).
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import count

from matcalc.calculus.differential import differential
from matcalc.convexity.by_derivatives.exponentials import sign_of_exponentials
from matcalc.convexity.by_derivatives.polynomials import sign_of_polynomial
from matcalc.convexity.by_derivatives.smoothness import is_smooth
from matcalc.convexity.context import Context
from matcalc.convexity.domains import has_convex_domain
from matcalc.convexity.proofs import Proof, proved
from matcalc.errors import MatcalcError
from matcalc.expr import (
    ONE,
    Node,
    apply,
    combine,
    factors,
    hadamard,
    is_number,
    number,
    postorder,
    power,
    substitute,
    terms,
    variable,
)
from matcalc.expr.passes import Fold, rows_of
from matcalc.simplify import simplify

__all__ = ["bend_of", "of_one_number", "sign_of"]

ENTRYWISE = ("add", "power", "apply", "scale", "ones", "zero")
#: Larger functions are not differentiated twice on the way.
LARGEST = 40


class Leaves:
    """The numbers that stand for parts: what moves, and what is constant."""

    def __init__(self, at: Context, whole: bool) -> None:
        self.at, self.whole = at, whole
        self.numbers: dict[Node, Node] = {}

    def number(self, node: Node) -> Node:
        """The number that stands for any entry of a part."""
        if node.is_scalar and node.op in ("dimension", "constant", "variable"):
            return self.numbers.setdefault(node, node)
        tags = ("positive",) if self.at.is_positive(node) else ()
        return self.numbers.setdefault(node, variable(self._name(), (1, 1), tags))

    def _name(self) -> str:
        """t, or t_2, …: the first one that is free."""
        taken = {v.data[0] for v in (*self.at.names, *self.numbers.values())}
        return next(n for k in count(1) if (n := "t" if k == 1 else f"t_{k}") not in taken)

    def is_leaf(self, node: Node) -> bool:
        """Whether it stands for itself: as much as is affine, or what is not made entry by entry."""
        if node.op not in ENTRYWISE:
            return True
        known = self.at.shapes.get(node) if self.whole and self.at.moves(node) else None
        return known is not None and known.get("affine") is not None and node.op != "variable"


def _first(node: Node, leaves: Leaves) -> Node | None:
    return leaves.number(node) if leaves.is_leaf(node) else None


NUMBERS: Fold[Node] = Fold(
    "as numbers",
    {
        **rows_of(
            "dimension constant identity unit at mask selector commutation duplication", lambda node, b, leaves: node
        ),
        **rows_of("elimination variable perturbation trace det logdet call open matmul", lambda node, b, leaves: node),
        **rows_of("matpow transpose kron diag diagonal adjugate vec unvec total block", lambda node, b, leaves: node),
        **rows_of("ones", lambda node, b, leaves: number(1)),
        **rows_of("zero", lambda node, b, leaves: number(0)),
        "add": lambda node, b, leaves: combine(zip(b, node.data, strict=True), (ONE, ONE)),
        "power": lambda node, b, leaves: hadamard(*(power(*pair) for pair in zip(b[::2], b[1::2], strict=True))),
        "apply": lambda node, b, leaves: apply(node.data[0], *b),
        "scale": lambda node, b, leaves: hadamard(*b),
    },
    first=_first,
)


def of_one_number(node: Node, at: Context) -> Iterator[Proof]:
    """The claims that the second derivative gives, if the node is a function of one number."""
    if node.op not in ("add", "power", "apply") or len(postorder(node)) > LARGEST:
        return
    for whole in (True, False):
        leaves = Leaves(at, whole)
        try:
            f = NUMBERS.within(node, {}, leaves)
        except MatcalcError:
            continue
        moving = [leaf for leaf in leaves.numbers if at.moves(leaf)]
        affine = at.shape(moving[0]).get("affine") if len(moving) == 1 else None
        if affine is not None and (found := bend_of(f, leaves.numbers[moving[0]], at)) is not None:
            claim, second = found
            yield proved(claim, node, "univariate", [affine], shown=second)
            return


def bend_of(f: Node, t: Node, at: Context) -> tuple[str, Node] | None:
    """Whether f is convex or concave in t, and its second derivative."""
    here = Context(at.fold, f, [t], differentiates=False)
    if t in here.positive and "positive" not in t.data[1]:
        plus = variable(t.data[0], (1, 1), ("positive",))
        return bend_of(substitute(f, {t: plus}), plus, at)
    if not is_smooth(f, here) or not has_convex_domain(f, (), here):
        return None
    try:
        first = simplify(differential(f, {t: number(1)}))
        second = simplify(differential(first, {t: number(1)}))
    except MatcalcError:
        return None
    sign = sign_of(second, here) or _sign_of_polynomials(second, t, here) or sign_of_exponentials(second, t)
    return (("convex" if sign > 0 else "concave"), second) if sign else None


def _sign_of_polynomials(node: Node, t: Node, at: Context) -> int:
    """Of a product of polynomials in t, and of what has a known sign."""
    sign = 1
    for base, exponent in factors(node):
        e = is_number(exponent)
        if e is not None and e.denominator == 1 and e % 2 == 0:
            continue
        own = sign_of(base, at) or sign_of_polynomial(base, t)
        if not own or not (at.is_positive(base) or (e is not None and e.denominator == 1)):
            return 0
        sign *= own
    return sign


def sign_of(node: Node, at: Context) -> int:
    """1 where it is never negative, -1 where it is never positive, else 0; also of differences of one monotone function."""
    return at.sign(node) or _sign_of_factors(node, at) or _sign_of_difference(node, at)


def _sign_of_factors(node: Node, at: Context) -> int:
    if node.op != "power":
        return 0
    sign = 1
    for base, exponent in zip(node.args[::2], node.args[1::2], strict=True):
        e = is_number(exponent)
        even = e is not None and e.denominator == 1 and e % 2 == 0
        sign *= 1 if even or at.is_nonnegative(power(base, exponent)) else sign_of(base, at) if base is not node else 0
    return sign


def _sign_of_difference(node: Node, at: Context) -> int:
    """c (u^e - v^e) by the sign of u - v"""
    pairs = terms(node)
    if len(pairs) != 2 or pairs[0][1] != -pairs[1][1]:
        return 0
    (first, c), (second, _) = pairs
    bases = [
        (t.args[0], is_number(t.args[1])) if t.op == "power" and len(t.args) == 2 else (t, Fraction(1))
        for t in (first, second)
    ]
    (u, e), (v, other) = bases
    if e is None or e != other or not (at.is_positive(u) and at.is_positive(v)):
        return 0
    return at.sign(u - v) * (1 if e > 0 else -1) * (1 if c > 0 else -1)
