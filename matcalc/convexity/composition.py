"""The rules of composition over nodes: what is proved of a value from what is proved of its operands.

Rows of a `Fold` yield proofs, and `_closed` adds what follows from them for any node: a log-convex value is convex.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Any

from matcalc.convexity.by_derivatives.inner import of_inner
from matcalc.convexity.by_derivatives.numbers import of_one_number
from matcalc.convexity.composing import calls, cones, open_functions, perspectives, powers, products, spectral
from matcalc.convexity.context import Context
from matcalc.convexity.proofs import CONVEX_ORDER, FLIPPED, Proof, Shape, proved, shape_of
from matcalc.expr import Node, number
from matcalc.expr.facts import is_symmetric
from matcalc.expr.passes import Fold, rows_of

__all__ = ["CURVATURE"]

Shapes = Sequence[Shape]
Row = Callable[[Node, Shapes, Context], Iterator[Proof]]
#: What sums with weights >= 0 keep, also of entries that move to other places.
KEPT = ("affine", "convex", "concave")


def _joined(node: Node, claim: str, rule: str, parts: Sequence[Proof | None]) -> Iterator[Proof]:
    """The claim of a node where each of the parts that it needs is proved."""
    if all(part is not None for part in parts):
        yield proved(claim, node, rule, [part for part in parts if part is not None and part.rule != "constant"])


def _of_sum(node: Node, below: Shapes, at: Context) -> Iterator[Proof]:
    for claim, turned in FLIPPED.items():
        wanted = [s.get(claim if c > 0 else turned) for s, c in zip(below, node.data, strict=True)]
        yield from _joined(node, claim, "affine" if claim == "affine" else "sum", wanted)
    if all(c > 0 for c in node.data):
        yield from _joined(node, "log-convex", "log-convex sum", [s.get("log-convex") for s in below])
        yield from _of_roots(node, below, at)
        yield from _of_means(node, below, at)
    yield from cones.of_factored(node, at)
    yield from spectral.of_elementary(node, at)


def _of_roots(node: Node, below: Shapes, at: Context) -> Iterator[Proof]:
    """A sum of h^p with one p, and of constants >= 0."""
    for degree in {p: None for s in below for p in s.roots}:
        parts = [s.roots.get(degree) or _constant_root(a, s, at) for a, s in zip(node.args, below, strict=True)]
        needs = at.at_least(degree, 1)
        if needs is not None and None not in parts:
            shown = [part for part in parts if part is not None and part.rule != "constant"]
            yield proved("root", node, "minkowski", shown, needs, degree=degree)


def _of_means(node: Node, below: Shapes, at: Context) -> Iterator[Proof]:
    """A sum of m^p with one p < 1, and of constants > 0."""
    for degree in {p: None for s in below for p in s.means}:
        parts = [
            s.means.get(degree) or (s.get("constant") if at.is_positive(a) else None)
            for a, s in zip(node.args, below, strict=True)
        ]
        if None not in parts:
            shown = [part for part in parts if part is not None and part.rule != "constant"]
            yield proved("mean", node, "power mean", shown, degree=degree)


def _constant_root(node: Node, shape: Shape, at: Context) -> Proof | None:
    return shape.get("constant") if at.is_nonnegative(node) else None


def _same(node: Node, below: Shapes, at: Context) -> Iterator[Proof]:
    """Entries at other places, or sums of them."""
    for claim in (*KEPT, *(CONVEX_ORDER if is_symmetric(node) else ())):
        yield from _joined(node, claim, "affine" if claim == "affine" else "linear", [s.get(claim) for s in below])


def _transposed(node: Node, below: Shapes, at: Context) -> Iterator[Proof]:
    """The same entries at other places: what is said of each of them alone stays true."""
    yield from _same(node, below, at)
    for claim in ("log-convex", "log-concave"):
        yield from _joined(node, claim, "linear", [below[0].get(claim)])
    yield from (proved("root", node, "linear", [root], degree=p) for p, root in below[0].roots.items())
    yield from (proved("mean", node, "linear", [mean], degree=p) for p, mean in below[0].means.items())


def _total(node: Node, below: Shapes, at: Context) -> Iterator[Proof]:
    yield from _same(node, below, at)
    yield from _joined(node, "log-convex", "log-convex sum", [below[0].get("log-convex")])
    for degree, root in below[0].roots.items():
        needs = at.at_least(degree, 1)
        if needs is not None:
            yield proved("root", node, "minkowski", [root], needs, degree=degree)
    yield from (proved("mean", node, "power mean", [mean], degree=p) for p, mean in below[0].means.items())


def _diag(node: Node, below: Shapes, at: Context) -> Iterator[Proof]:
    """A diagonal matrix is in order where its entries are."""
    yield from _same(node, below, at)
    for claim, order in zip(KEPT[1:], CONVEX_ORDER, strict=True):
        yield from _joined(node, order, "linear", [below[0].get(claim)])


def _diagonal(node: Node, below: Shapes, at: Context) -> Iterator[Proof]:
    yield from _same(node, below, at)
    for claim, order in zip(KEPT[1:], CONVEX_ORDER, strict=True):
        yield from _joined(node, claim, "order", [below[0].get(order)])


def _entries(node: Node, below: Shapes, at: Context) -> Iterator[Proof]:
    for claim in KEPT:
        yield from _joined(node, claim, "affine" if claim == "affine" else "linear", [s.get(claim) for s in below])


def _none(node: Node, below: Shapes, at: Context) -> Iterator[Proof]:
    """Nothing is proved of it here."""
    yield from ()


def _first(node: Node, at: Context) -> Shape | None:
    """Of what does not move, and of variables."""
    if node in at.moving:
        return shape_of([proved("affine", node, "variable"), *_closed(node, [proved("affine", node, "variable")], at)])
    if at.moves(node):
        return None
    same = [proved(claim, node, "constant") for claim in ("constant", "affine")]
    return shape_of([*same, *_closed(node, same, at)])


def _around(row: Row, node: Node, below: Shapes, at: Context) -> Shape:
    found = list(row(node, below, at))
    found += _closed(node, found, at)
    for otherwise in (_gathered, of_one_number, of_inner, perspectives.of_perspective) if at.differentiates else ():
        if not {"affine", "convex", "concave"}.intersection(p.claim for p in found):
            more = list(otherwise(node, at))
            found += [*more, *_closed(node, more, at)]
    return shape_of(found)


def _gathered(node: Node, at: Context) -> Iterator[Proof]:
    """A sum whose terms are convex once what has a factor in common is one term, or a square that is multiplied out."""
    pairs = perspectives.gathered(node, at) if node.op == "add" else perspectives.expanded(node)
    for claim in ("convex", "concave") if pairs is not None else ():
        wanted = [at.shape(term).get(claim if c > 0 else FLIPPED[claim]) for term, c in pairs or ()]
        yield from _joined(node, claim, "sum" if node.op == "add" else "expanded", wanted)


def _closed(node: Node, found: Sequence[Proof], at: Context) -> Iterator[Proof]:
    """What follows from the claims that are proved, for a node of any kind."""
    shape = shape_of(found)
    constant = node not in at.moving and not at.moves(node)
    if at.is_positive(node):
        for claim in ("concave", "affine"):
            if (proof := shape.proofs.get(claim)) is not None:
                yield proved("log-concave", node, "constant" if constant else "log-concave", [proof])
        if constant:
            yield proved("log-convex", node, "constant")
    if (proof := shape.proofs.get("log-convex")) is not None and not constant:
        yield proved("convex", node, "exp of", [proof])
    yield from chain.from_iterable(_of_root(node, p, proof, at) for p, proof in shape.roots.items())
    for degree, proof in shape.means.items():
        claims = ["log-concave"] if at.is_nonnegative(degree) else ["log-convex"]
        claims += ["concave"] if at.is_nonnegative(degree) and at.at_least(number(1) - degree, 0) == () else []
        yield from (proved(claim, node, proof.rule, proof.below, proof.own) for claim in claims)
    concave = shape.get("concave")
    if concave is not None and at.is_positive(node) and not constant and number(1) not in shape.means:
        yield proved("mean", node, concave.rule, concave.below, concave.own, degree=number(1))
    convex = shape.get("convex")
    if convex is not None and at.is_nonnegative(node) and not constant and number(1) not in shape.roots:
        yield proved(
            "root",
            node,
            "of affine" if convex.claim == "affine" else convex.rule,
            convex.below,
            convex.own,
            degree=number(1),
        )
    if node.is_scalar:
        for plain, order in zip(KEPT[1:], CONVEX_ORDER, strict=True):
            for given, then in ((plain, order), (order, plain)):
                if (proof := shape.proofs.get(given)) is not None:
                    yield proved(then, node, proof.rule, proof.below, proof.own)


def _of_root(node: Node, degree: Node, proof: Proof, at: Context) -> Iterator[Proof]:
    """h^p with p >= 1 is convex: the step says it by its own rule."""
    needs = at.at_least(degree, 1)
    if needs is not None:
        yield proved("convex", node, proof.rule, proof.below, (*proof.own, *needs))


#: (node, shapes of its operands, what was asked) -> what is proved of it
CURVATURE: Fold[Any] = Fold(
    "curvature",
    {
        **rows_of("constant dimension zero ones identity unit at mask selector commutation", _none),
        **rows_of("duplication elimination variable perturbation adjugate", _none),
        **rows_of("vec unvec block", _entries),
        "transpose": _transposed,
        "open": open_functions.of_open,
        "total": _total,
        "diag": _diag,
        "diagonal": _diagonal,
        "add": _of_sum,
        "power": powers.of_power,
        "apply": calls.of_numbers,
        "call": calls.of_call,
        "matmul": products.of_matmul,
        "trace": products.of_trace,
        "scale": products.of_scale,
        "kron": products.of_kron,
        "matpow": calls.of_matrix_power,
        "logdet": calls.of_logdet,
        "det": calls.of_det,
    },
    first=_first,
    around=_around,
)
