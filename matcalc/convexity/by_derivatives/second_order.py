"""The second differential d²f[d, d] of a smooth function on a convex domain: a quadratic form in d, and its sign.

A form is not negative where it is convex in d, so that the rules of composition prove it; before that the terms with one form
are collected, and c (g^T d)^2 is taken off d^T M d where c g^T M^-1 g <= 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import reduce

from matcalc.calculus.differential import differential
from matcalc.convexity.by_derivatives.numbers import sign_of
from matcalc.convexity.by_derivatives.smoothness import is_smooth
from matcalc.convexity.context import Context
from matcalc.convexity.domains import has_convex_domain
from matcalc.convexity.proofs import Proof, proved
from matcalc.errors import MatcalcError
from matcalc.expr import (
    Node,
    add,
    factors,
    hadamard,
    identity,
    inverse,
    is_number,
    matmul,
    number,
    perturbation,
    postorder,
    power,
    scaled,
    substitute,
    terms,
    transpose,
    variable,
)
from matcalc.expr.facts import is_pd, is_psd, is_symmetric
from matcalc.simplify import simplify

__all__ = ["second_differential", "second_order"]

#: Larger functions are not differentiated twice.
LARGEST = 60


def second_differential(f: Node, moving: Sequence[Node]) -> tuple[Node, list[Node]]:
    """d²f[d, d] as it is derived, and the directions, as variables of the structure that the moving ones have."""
    steps = {v: perturbation(v) for v in moving}
    first = differential(f, steps)
    second = differential(first, steps)
    linear = {"symmetric": "symmetric", "spd": "symmetric", "psd": "symmetric"}
    kinds = [
        tuple(dict.fromkeys(linear.get(t, t) for t in v.data[1] if t not in ("positive", "integer", "invertible")))
        for v in moving
    ]
    directions = [variable(f"d{v.data[0]}", v.shape, kind) for v, kind in zip(moving, kinds, strict=True)]
    named = substitute(second, {steps[v]: d for v, d in zip(moving, directions, strict=True)})
    return named, directions


def second_order(f: Node, moving: Sequence[Node], at: Context) -> Proof | None:
    """Convex or concave by the sign of the second differential."""
    if len(postorder(f)) > LARGEST or not is_smooth(f, at) or not has_convex_domain(f, (), at):
        return None
    try:
        form, directions = second_differential(f, moving)
    except MatcalcError:
        return None
    for claim, q in (("convex", form), ("concave", scaled(-1, form))):
        for rule in _rules(q, directions, at):
            return proved(claim, f, rule, shown=simplify(form))
    return None


def _rules(q: Node, directions: Sequence[Node], at: Context) -> Iterator[str]:
    """The rules by which a form is never negative."""
    here = Context(at.fold, q, directions, differentiates=False)
    here.positive |= at.positive
    here.definite |= at.definite
    if _is_convex(simplify(q), here):
        yield "hessian"
        return
    collected = _collected(q, here)
    signed = [(sign_of(c, here), part) for part, c in collected]
    if all(sign > 0 and _is_convex(part, here) for sign, part in signed):
        yield "hessian"
    elif _is_schur(collected, here):
        yield "schur"
    elif _is_gram(collected, directions, here):
        yield "gram matrix"
    elif _is_ordered(collected, here):
        yield "order of inverses"


def _is_convex(q: Node, at: Context) -> bool:
    proof = at.shape(q).get("convex")
    return proof is not None and not proof.needs


def _collected(q: Node, at: Context) -> list[tuple[Node, Node]]:
    """(form in d, its coefficient), each form once."""
    found: dict[Node, Node] = {}
    for term, c in terms(q):
        pairs = factors(term)
        moving = [power(b, e) for b, e in pairs if at.moves(b)]
        fixed = reduce(hadamard, [power(b, e) for b, e in pairs if not at.moves(b)], scaled(Fraction(c), number(1)))
        form = reduce(hadamard, moving, number(1))
        found[form] = add(found[form], fixed) if form in found else fixed
    return [(form, simplify(c)) for form, c in found.items()]


def _is_schur(parts: Sequence[tuple[Node, Node]], at: Context) -> bool:
    """a d^T M d - c (g^T d)^2 >= 0 with M > 0, a > 0 where a - c g^T M^-1 g >= 0, beside parts that are >= 0"""
    squares = [(form, c) for form, c in parts if at.sign(c) <= 0 and _row(form, at) is not None]
    rest = [(form, c) for form, c in parts if (form, c) not in squares]
    if len(squares) != 1 or not all(at.sign(c) > 0 and _is_convex(form, at) for form, c in rest):
        return False
    g = _row(squares[0][0], at)
    assert g is not None
    for form, a in rest:
        m = _middle(form, at)
        if m is not None and m.rows == g.cols:
            left = add(a, hadamard(squares[0][1], matmul(g, inverse(m), transpose(g))))
            if at.sign(simplify(left)) > 0:
                return True
    return False


def _is_ordered(parts: Sequence[tuple[Node, Node]], at: Context) -> bool:
    """c tr(P D P D) - c tr(Q D Q D) >= 0 with P = M^-1, Q = N^-1 and N - M semidefinite, so that P >= Q >= 0"""
    if len(parts) != 2 or not add(parts[0][1], parts[1][1]).is_zero:
        return False
    above, below = sorted(parts, key=lambda part: at.sign(part[1]) < 0)
    larger, smaller = (_inverted(form, at) for form, _ in (above, below))
    if larger is None or smaller is None or at.sign(above[1]) <= 0:
        return False
    return is_pd(larger) and is_pd(smaller) and is_psd(smaller - larger)


def _inverted(form: Node, at: Context) -> Node | None:
    """M of tr(M^-1 D M^-1 D), with a symmetric direction D"""
    product = form.args[0].args if form.op == "trace" and form.args[0].op == "matmul" else ()
    if len(product) != 4 or product[0] is not product[2] or product[1] is not product[3]:
        return None
    inverses = [part for part in product[:2] if part.op == "matpow" and is_number(part.args[1]) == -1]
    directions = [part for part in product[:2] if part in at.moving and is_symmetric(part)]
    return inverses[0].args[0] if len(inverses) == len(directions) == 1 else None


def _is_gram(parts: Sequence[tuple[Node, Node]], directions: Sequence[Node], at: Context) -> bool:
    """Sums of c_ij d_i^T d_j of directions of one shape, with a semidefinite matrix of the c_ij."""
    if len({d.shape for d in directions}) != 1 or not directions[0].is_column or any(d.data[1] for d in directions):
        return False
    places = {d: k for k, d in enumerate(directions)}
    table = [[number(0) for _ in directions] for _ in directions]
    for form, c in parts:
        pair = _pair(form, places)
        if pair is None:
            return False
        i, j = pair
        for a, b in ((i, j), (j, i)):
            table[a][b] = add(table[a][b], scaled(Fraction(1, 2), c))
    return _is_semidefinite(table, at)


def _pair(form: Node, places: Mapping[Node, int]) -> tuple[int, int] | None:
    """The i and j of d_i^T d_j"""
    if form.op == "matmul" and len(form.args) == 2:
        found = [places.get(form.args[0].upright), places.get(form.args[1])]
    else:
        found = [places.get(b) for b, e in factors(form) for _ in range(int(is_number(e) or 0))]
    return (found[0], found[1]) if len(found) == 2 and found[0] is not None and found[1] is not None else None


def _is_semidefinite(table: Sequence[Sequence[Node]], at: Context) -> bool:
    """By Schur complements of what is positive, in the order of the rows."""
    if not table:
        return True
    corner = simplify(table[0][0])
    if corner.is_zero:
        return all(simplify(c).is_zero for c in table[0]) and _is_semidefinite([row[1:] for row in table[1:]], at)
    if not at.is_positive(corner) and sign_of(corner, at) <= 0:
        return False
    rest = [
        [hadamard(c, corner) - hadamard(row[0], first) for c, first in zip(row[1:], table[0][1:], strict=True)]
        for row in table[1:]
    ]
    return _is_semidefinite([[simplify(c) for c in row] for row in rest], at)


def _row(form: Node, at: Context) -> Node | None:
    """g of (g d)^2"""
    pairs = factors(form)
    if len(pairs) != 1 or pairs[0][1] is not number(2) or pairs[0][0].op != "matmul":
        return None
    parts = pairs[0][0].args
    if parts[-1] in at.moving and not any(map(at.moves, parts[:-1])):
        return parts[0] if len(parts) == 2 else matmul(*parts[:-1])
    if parts[0] in {transpose(d) for d in at.moving} and not any(map(at.moves, parts[1:])):
        return transpose(parts[1] if len(parts) == 2 else matmul(*parts[1:]))
    return None


def _middle(form: Node, at: Context) -> Node | None:
    """M of d^T M d, where it is definite."""
    if form.op != "matmul" or form.args[-1] not in at.moving or form.args[0] is not transpose(form.args[-1]):
        return None
    inside = form.args[1:-1]
    m = identity(form.args[-1].rows) if not inside else inside[0] if len(inside) == 1 else matmul(*inside)
    return m if is_pd(m) and not at.moves(m) else None
