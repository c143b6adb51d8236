"""Products of powers, entry by entry: constants before them, powers of one base, means, quotients, entropies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce

from matcalc.convexity.composing.calls import of_reciprocal
from matcalc.convexity.context import Context
from matcalc.convexity.proofs import FLIPPED, Need, Proof, Shape, proved, shape_of
from matcalc.expr import Node, add, apply, dimension, factors, hadamard, is_number, number, ones, power, scaled, terms
from matcalc.expr.facts import is_psd

__all__ = ["of_power", "turned"]

Pair = tuple[Node, Node]


def of_power(node: Node, below: Sequence[Shape], at: Context) -> Iterator[Proof]:
    """Of constants and what moves among the factors."""
    pairs = factors(node)
    moving = [pair for pair in pairs if at.moves(pair[0]) or at.moves(pair[1])]
    fixed = [power(b, e) for b, e in pairs if (b, e) not in moving]
    if not fixed:
        yield from _of_moving(node, moving, at)
        return
    shape = ones(*node.shape)
    rest, factor = hadamard(shape, *(power(b, e) for b, e in moving)), hadamard(*fixed)
    yield from turned(node, at.shape(rest), factor, at)


def turned(node: Node, rest: Shape, factor: Node, at: Context, rule: str = "constant factor") -> Iterator[Proof]:
    """What is known of a value times a constant, entry by entry: of a factor of unknown sign under a condition."""
    if (affine := rest.get("affine")) is not None:
        yield proved("affine", node, "affine", [affine])
        return
    sign = at.sign(factor)
    own = () if sign else (Need("nonnegative" if factor.is_scalar else "entries", factor),)
    for claim, other in FLIPPED.items() if node.is_scalar else (("convex", "concave"), ("concave", "convex")):
        proof = rest.get(claim if sign >= 0 else other)
        if proof is not None:
            yield proved(claim, node, rule, [proof], own)
    if sign > 0:
        yield from (proved("root", node, rule, [r], degree=p) for p, r in rest.roots.items())
    if at.is_positive(factor):
        yield from (proved("mean", node, rule, [m], degree=p) for p, m in rest.means.items())
    if at.is_positive(factor):
        kept = ((c, rest.get(c)) for c in ("log-convex", "log-concave"))
        yield from (proved(c, node, "log-convex", [proof]) for c, proof in kept if proof is not None)


def _of_moving(node: Node, pairs: Sequence[Pair], at: Context) -> Iterator[Proof]:
    if len(pairs) == 1:
        yield from _of_one(node, *pairs[0], at)
    elif not any(at.moves(e) for _, e in pairs):
        yield from _mean(node, pairs, at)
        yield from _quotient(node, pairs, at)
        yield from _entropy(node, pairs, at)
    yield from _by_logarithm(node, pairs, at)


# --- one base -----------------------------------------------------------------------------------


def _of_one(node: Node, base: Node, exponent: Node, at: Context) -> Iterator[Proof]:
    """b^e with a constant exponent."""
    if at.moves(exponent):
        yield from _exponential(node, base, exponent, at)
        return
    e, shape = is_number(exponent), at.shape(base)
    for degree, root in shape.roots.items():
        if at.is_nonnegative(exponent) or e is None:
            product = hadamard(degree, exponent)
            yield proved("root", node, "root" if product is not exponent else "power", [root], degree=product)
    if e is not None:
        yield from (
            proved("mean", node, "power mean", [mean], degree=product)
            for p, mean in shape.means.items()
            if (value := is_number(product := hadamard(p, exponent))) is not None and 0 != value <= 1
        )
    affine = shape.get("affine")
    if e is not None and e > 0 and e.denominator == 1 and e % 2 == 0 and affine is not None:
        yield proved("root", node, "square", [affine], degree=exponent)
    concave = shape.get("concave")
    if e is not None and e > 0 and e % 2 == 0 and concave is not None and at.is_nonpositive(base):
        yield proved("root", node, "power of negative", [concave], degree=exponent)
    if e is not None and 0 < e <= 1 and concave is not None and at.is_nonnegative(base):
        yield proved("concave", node, "power", [concave])
    if e is not None and e < 0 and affine is not None and not at.is_positive(base):
        yield from _reciprocal(node, base, int(e) if e.denominator == 1 else 0, affine, at)
    if e == -1:
        yield from of_reciprocal(node, base, at)
    yield from _root_of_determinant(node, base, exponent, at)
    yield from _root_of_product(node, base, exponent, at)


def _reciprocal(node: Node, base: Node, e: int, affine: Proof, at: Context) -> Iterator[Proof]:
    """An odd power of what may have either sign is convex where that is positive, concave where it is negative."""
    if e % 2:
        yield proved("convex", node, "power", [affine], [Need("positive", base)])
        yield proved("concave", node, "power", [affine], [Need("positive", scaled(-1, base))])


def _root_of_determinant(node: Node, base: Node, exponent: Node, at: Context) -> Iterator[Proof]:
    """det(S)^e with 0 < e <= 1/n"""
    if base.op != "det":
        return
    matrix = base.args[0]
    inside = at.shape(matrix).get("order concave")
    size = hadamard(exponent, dimension(matrix.rows))
    if inside is not None and is_psd(matrix) and at.is_nonnegative(exponent) and at.at_least(number(1) - size, 0) == ():
        yield proved("concave", node, "det root", [inside])


def _root_of_product(node: Node, base: Node, exponent: Node, at: Context) -> Iterator[Proof]:
    """prod(u)^e with entries u >= 0 that are concave, and e from 0 to one over their number"""
    if base.op != "call" or base.data[0] != "prod":
        return
    entries = base.args[0]
    inside = at.shape(entries).get("concave") if at.is_nonnegative(entries) else None
    size = hadamard(exponent, dimension(entries.rows), dimension(entries.cols))
    if inside is not None and at.is_nonnegative(exponent) and at.at_least(number(1) - size, 0) == ():
        yield proved("concave", node, "geometric", [inside])


def _exponential(node: Node, base: Node, exponent: Node, at: Context) -> Iterator[Proof]:
    """a^u = exp(u log(a))"""
    if not at.moves(base) and at.is_positive(base):
        inside = shape_of(turned(node, at.shape(exponent), apply("log", base), at))
        for claim, then in (("convex", "log-convex"), ("concave", "log-concave")):
            if (proof := inside.get(claim)) is not None and not proof.own:
                yield proved(then, node, "exponential", proof.below)


# --- several bases ------------------------------------------------------------------------------


def _mean(node: Node, pairs: Sequence[Pair], at: Context) -> Iterator[Proof]:
    """u^a v^b … with u, v >= 0 concave, a, b >= 0 and a + b + … <= 1"""
    below = [at.shape(b).get("concave") if at.is_nonnegative(b) else None for b, _ in pairs]
    needs = [at.at_least(e, 0) for _, e in pairs]
    left = at.at_least(number(1) - add(*(e for _, e in pairs)), 0)
    if None not in below and left is not None and all(n is not None for n in needs):
        own = [need for found in (*needs, left) for need in found or ()]
        yield proved("concave", node, "geometric", [b for b in below if b is not None], own)


def _quotient(node: Node, pairs: Sequence[Pair], at: Context) -> Iterator[Proof]:
    """h^a / (u^b …) with h >= 0 convex, u > 0 concave, a >= 1 + b + …; minus that for one u < 0 with an odd power."""
    under = [(b, e) for b, e in pairs if at.is_nonnegative(scaled(-1, e))]
    above = [(b, e) for b, e in pairs if (b, e) not in under]
    unknown = [(b, e) for b, e in under if not at.is_positive(b)]
    if len(above) != 1 or len(unknown) > 1 or any((is_number(e) or 0) % 2 == 0 for _, e in unknown):
        return
    least = number(1) - add(*(e for _, e in under))
    for claim, turn in (("convex", "concave"), ("concave", "convex")) if unknown else (("convex", "concave"),):
        below = [at.shape(b).get(turn if (b, e) in unknown else "concave") for b, e in under]
        own = tuple(Need("positive", b if claim == "convex" else scaled(-1, b)) for b, _ in unknown)
        for degree, root in _degrees(above[0], at) if None not in below else ():
            needs = at.at_least(degree - least, 0)
            if needs is not None:
                yield proved(claim, node, "over", [root, *(b for b in below if b is not None)], (*own, *needs))


def _degrees(pair: Pair, at: Context) -> Iterator[tuple[Node, Proof]]:
    """The p for which b^e is h^p of a convex h >= 0."""
    base, e = pair
    shape, value = at.shape(base), is_number(e)
    if at.is_nonnegative(e):
        yield from ((hadamard(p, e), root) for p, root in shape.roots.items())
    affine = shape.get("affine")
    if value is not None and value > 0 and value % 2 == 0 and affine is not None:
        yield e, affine


def _entropy(node: Node, pairs: Sequence[Pair], at: Context) -> Iterator[Proof]:
    """u (log(c u) - log(v)) and u (log(c v) - log(u)) with u, v > 0 affine, and a constant beside the logarithms"""
    if len(pairs) != 2 or any(is_number(e) != 1 for _, e in pairs):
        return
    for (u, _), (difference, _) in (pairs, pairs[::-1]):
        affine, inside = at.shape(u).get("affine"), _ratio(difference, at)
        if affine is None or inside is None or not at.is_positive(u):
            continue
        for claim, sign in (("convex", -1), ("concave", 1)):
            found = _other(hadamard(inside, power(u, sign)), sign, at)
            if found is not None:
                yield proved(claim, node, "perspective", [affine, *found])


def _ratio(difference: Node, at: Context) -> Node | None:
    """u / v of log(u) - log(v), where all that moves are logarithms."""
    parts = [(t, c) for t, c in terms(difference) if at.moves(t)]
    if not all(t.op == "apply" and t.data[0] == "log" and abs(c) == 1 for t, c in parts):
        return None
    return reduce(hadamard, [power(t.args[0], int(c)) for t, c in parts], ones(*difference.shape))


def _other(ratio: Node, sign: int, at: Context) -> list[Proof] | None:
    """The v > 0 of which a ratio is a power, times what is constant; nothing of a ratio that is constant."""
    if not at.moves(ratio):
        return [] if at.is_positive(ratio) else None
    moving = [(b, e) for b, e in factors(ratio) if at.moves(b) or at.moves(e)]
    fixed = reduce(hadamard, [power(b, e) for b, e in factors(ratio) if (b, e) not in moving], ones(*ratio.shape))
    if sum(map(at.moves, (b for b, _ in moving))) != 1 or is_number(moving[0][1]) != sign or not at.is_positive(fixed):
        return None
    v = moving[0][0]
    affine = at.shape(v).get("affine")
    return [affine] if affine is not None and at.is_positive(v) else None


# --- logarithms ---------------------------------------------------------------------------------


def _by_logarithm(node: Node, pairs: Sequence[Pair], at: Context) -> Iterator[Proof]:
    """Powers of what is log-convex or log-concave, and products of these."""
    for claim, other in (("log-convex", "log-concave"), ("log-concave", "log-convex")):
        below: list[Proof | None] = []
        own: list[Need] = []
        for base, exponent in pairs:
            sign = 0 if at.moves(exponent) else at.sign(exponent)
            known = at.shape(base).get(claim if sign > 0 else other) if sign else None
            if known is None and sign < 0 and claim == "log-convex" and len(pairs) > 1 and _may_be_positive(base, at):
                known = at.shape(base).get("affine")
                own.append(Need("positive", base))
            below.append(known)
        if None not in below and len(own) <= 1:
            yield proved(claim, node, "log-convex", [b for b in below if b is not None], own)


def _may_be_positive(base: Node, at: Context) -> bool:
    """Whether what is affine has either sign, so that it is a condition to be positive."""
    return not at.is_positive(base) and not at.is_nonpositive(base)
