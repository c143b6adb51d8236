"""What is neither convex nor concave may be log-concave or log-convex, quasi-convex or quasi-concave.

A function is quasi-convex where all sets {f <= c} are convex: monotone functions of what is quasi-convex, ratios, the larger of two.
"""

from __future__ import annotations

from collections.abc import Iterator

from matcalc.convexity.by_derivatives.inner import number_for, slope_of
from matcalc.convexity.by_derivatives.smoothness import is_smooth
from matcalc.convexity.composing.calls import words_at
from matcalc.convexity.context import Context
from matcalc.convexity.domains import has_convex_domain
from matcalc.convexity.proofs import Need, Proof, proved
from matcalc.convexity.ranges import DOWN, UP
from matcalc.expr import (
    Node,
    factors,
    hadamard,
    is_number,
    number,
    postorder,
    power,
    substitute,
    terms,
)
from matcalc.functions import row_of

__all__ = ["weaker_claims"]

QUASI = {"quasi-convex": "convex", "quasi-concave": "concave"}
OPPOSITE = {"quasi-convex": "quasi-concave", "quasi-concave": "quasi-convex"}
#: Functions of one number inside of one another, up to so many; larger ones are not differentiated.
DEEPEST, LARGEST = 12, 40


def weaker_claims(node: Node, at: Context) -> list[Proof]:
    """Of a number that is neither convex nor concave: log-convex or log-concave, else quasi-convex and quasi-concave."""
    shape = at.shape(node)
    logs = [p for c in ("log-concave", "log-convex") if (p := shape.proofs.get(c)) is not None and not p.needs]
    known = {p.claim.replace("log", "quasi") for p in logs}
    quasi = [p for claim in QUASI if claim not in known and (p := _quasi(node, claim, at)) is not None]
    return [p for p in (*logs, *quasi) if has_convex_domain(node, p.needs, at)]


def _quasi(node: Node, claim: str, at: Context, depth: int = DEEPEST) -> Proof | None:
    if not node.is_scalar or depth < 0:
        return None
    shape = at.shape(node)
    for known in (QUASI[claim], f"log-{QUASI[claim]}"):
        if (proof := shape.get(known)) is not None and not proof.needs:
            return proved(claim, node, "quasi of convex", [proof])
    steps = (*_monotone(node, claim, at, depth), *_of_two(node, claim, at, depth), *_ratio(node, claim, at))
    return next((p for p in (*steps, *_of_one(node, claim, at, depth)) if p is not None), None)


def _monotone(node: Node, claim: str, at: Context, depth: int) -> Iterator[Proof | None]:
    """An increasing function of what is so, or a decreasing one of what is the opposite."""
    inside, rising = _way(node, at)
    if inside is not None and rising:
        below = _quasi(inside, claim if rising > 0 else OPPOSITE[claim], at, depth - 1)
        yield None if below is None else proved(claim, node, "quasi of monotone", [below])


def _way(node: Node, at: Context) -> tuple[Node | None, int]:
    """The only operand that moves, and whether the value rises or falls with it."""
    if node.op == "add":
        moving = [(term, c) for term, c in terms(node) if at.moves(term)]
        return (moving[0][0], 1 if moving[0][1] > 0 else -1) if len(moving) == 1 else (None, 0)
    if node.op == "power":
        return _way_of_power(node, at)
    if node.op == "apply":
        moving_args = [k for k, a in enumerate(node.args) if at.moves(a)]
        row = row_of(node.data[0])
        if len(moving_args) == 1 and len(row.parameters) == len(node.args):
            words = words_at(row.monotone.get(row.parameters[moving_args[0]], ()), node.args[moving_args[0]], at)
            return node.args[moving_args[0]], 1 if words & UP else -1 if words & DOWN else 0
    return None, 0


def _way_of_power(node: Node, at: Context) -> tuple[Node | None, int]:
    pairs = factors(node)
    moving = [(b, e) for b, e in pairs if at.moves(b) or at.moves(e)]
    rest = hadamard(number(1), *(power(b, e) for b, e in pairs if (b, e) not in moving))
    if len(moving) != 1 or not at.sign(rest):
        return None, 0
    if len(pairs) > 1:
        return power(*moving[0]), at.sign(rest)
    base, e = moving[0][0], is_number(moving[0][1])
    is_odd = e is not None and e > 0 and e.denominator == 1 and e % 2 == 1
    if e is None or not (is_odd or (at.is_nonnegative(base) if e > 0 else at.is_positive(base))):
        return None, 0
    return base, 1 if e > 0 else -1


def _of_two(node: Node, claim: str, at: Context, depth: int) -> Iterator[Proof | None]:
    """The larger of two, or the smaller one."""
    if node.op == "apply" and node.data[0] == {"quasi-convex": "max", "quasi-concave": "min"}[claim]:
        below = [_quasi(a, claim, at, depth - 1) for a in node.args if at.moves(a)]
        if None not in below:
            yield proved(claim, node, "quasi of largest", [p for p in below if p is not None])


def _ratio(node: Node, claim: str, at: Context) -> Iterator[Proof]:
    """h / u with u > 0: f <= c where h - c u <= 0."""
    pairs = factors(node) if node.op == "power" else ()
    if len(pairs) != 2 or {is_number(e) for _, e in pairs} != {1, -1}:
        return
    h, u = sorted(pairs, key=lambda pair: -(is_number(pair[1]) or 0))
    bend, other = QUASI[claim], QUASI[OPPOSITE[claim]]
    above, below = at.shape(h[0]).get(bend), at.shape(u[0]).get("affine")
    if below is None and at.is_nonnegative(h[0]):
        below = at.shape(u[0]).get(other)
    if above is not None and below is not None and not above.needs and not below.needs:
        own = () if at.is_positive(u[0]) else (Need("positive", u[0]),)
        yield proved(claim, node, "quasi of ratio", [above, below], own)


# --- functions of one number --------------------------------------------------------------------


def _of_one(node: Node, claim: str, at: Context, depth: int) -> Iterator[Proof | None]:
    """g(h) with a smooth g that rises or falls on all values of h, which stands in it several times."""
    if len(postorder(node)) > LARGEST:
        return
    for inside in reversed(postorder(node)[:-1]):
        if not inside.is_scalar or not at.moves(inside) or inside.op in ("ones", "dimension"):
            continue
        t = number_for(inside, at)
        rising = _slope(substitute(node, {inside: t}), t, at)
        if rising:
            below = _quasi(inside, claim if rising > 0 else OPPOSITE[claim], at, depth - 1)
            if below is not None:
                yield proved(claim, node, "quasi of monotone", [below])
                return


def _slope(g: Node, t: Node, at: Context) -> int:
    """1 where a smooth function of t alone rises, -1 where it falls, else 0."""
    here = Context(at.fold, g, [t], differentiates=False)
    if any(v in at.moving for v in here.names) or not is_smooth(g, here) or not has_convex_domain(g, (), here):
        return 0
    return slope_of(g, t, at)
