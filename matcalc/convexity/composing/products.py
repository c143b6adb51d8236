"""Matrix products: constants beside what moves, quadratic forms, matrix fractional functions, traces of products."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from matcalc.convexity.composing.powers import turned
from matcalc.convexity.composing.spectral import of_relative_entropy, of_trace_of_function, of_trace_of_functions
from matcalc.convexity.context import Context
from matcalc.convexity.proofs import CONVEX_ORDER, Need, Proof, Shape, proved
from matcalc.expr import Node, hadamard, identity, is_number, matmul, matrix_power, number, ones, transpose
from matcalc.expr.canonical.members import grouped
from matcalc.expr.facts import is_psd, is_symmetric

__all__ = ["of_kron", "of_matmul", "of_scale", "of_trace"]

TWO = number(2)


def of_matmul(node: Node, below: Sequence[Shape], at: Context) -> Iterator[Proof]:
    """One factor that moves between constants, or B^T M B, or the sum of the entries of a product."""
    parts = tuple(group[0] if len(group) == 1 else matmul(*group) for group in grouped(node.args))
    moving = [k for k, part in enumerate(parts) if at.moves(part)]
    yield from _affine(node, parts, moving, at)
    if len(moving) == 1:
        yield from _of_one(node, parts, moving[0], at)
    forms = list(_congruence(node, parts, at)) if node.is_square else []
    yield from forms
    if node.is_scalar and len(moving) > 1 and not forms:
        yield from _inner(node, parts, at)


def _affine(node: Node, parts: Sequence[Node], moving: Sequence[int], at: Context) -> Iterator[Proof]:
    inside = at.shape(parts[moving[0]]).get("affine") if len(moving) == 1 else None
    if inside is not None:
        yield proved("affine", node, "affine", [inside])


def _product(parts: Sequence[Node]) -> Node | None:
    return None if not parts else parts[0] if len(parts) == 1 else matmul(*parts)


def _of_one(node: Node, parts: Sequence[Node], k: int, at: Context) -> Iterator[Proof]:
    """L M R with constants L and R, by the signs of their entries."""
    shape = at.shape(parts[k])
    sides = [side for side in (_product(parts[:k]), _product(parts[k + 1 :])) if side is not None]
    signs = [at.sign(side) for side in sides]
    own = tuple(Need("entries", _upright(s)) for s, sign in zip(sides, signs, strict=True) if not sign)
    flip = -1 in signs and signs.count(-1) == 1
    if len(own) > 1:
        return
    for claim, other in (("convex", "concave"), ("concave", "convex")):
        if (proof := shape.get(other if flip else claim)) is not None:
            yield proved(claim, node, "linear", [proof], own)
    if not flip and not own:
        yield from _sums_of(node, shape, sides, at)


def _upright(side: Node) -> Node:
    return transpose(side) if side.is_row else side


def _sums_of(node: Node, shape: Shape, sides: Sequence[Node], at: Context) -> Iterator[Proof]:
    """Sums, with weights >= 0, of powers of convex functions, and of log-convex ones."""
    for degree, root in shape.roots.items():
        needs = at.at_least(degree, 1)
        if needs is not None:
            yield proved("root", node, "minkowski", [root], needs, degree=degree)
    if all(map(at.is_positive, sides)):
        yield from (proved("mean", node, "power mean", [mean], degree=p) for p, mean in shape.means.items())
    log_convex = shape.get("log-convex")
    if log_convex is not None and all(map(at.is_positive, sides)):
        yield proved("log-convex", node, "log-convex sum", [log_convex])


# --- B^T M B ------------------------------------------------------------------------------------


def _congruence(node: Node, parts: Sequence[Node], at: Context) -> Iterator[Proof]:
    """What stands the same on both sides, as much of it as there is."""
    first, last = 0, len(parts) - 1
    while first < last and transpose(parts[first]) is parts[last]:
        first, last = first + 1, last - 1
        middle = _product(parts[first : last + 1])
        outer = _product(parts[len(parts) - first :])
        assert outer is not None
        yield from _form(node, outer, identity(outer.rows) if middle is None else middle, at)


def _form(node: Node, b: Node, m: Node, at: Context) -> Iterator[Proof]:
    """B^T M B"""
    if not at.moves(b):
        for claim in CONVEX_ORDER:
            if (proof := at.shape(m).get(claim)) is not None and is_symmetric(m):
                yield proved(claim, node, "order", [proof])
        return
    affine = at.shape(b).get("affine")
    if affine is not None and not at.moves(m):
        yield from _square(node, affine, m, at)
    elif affine is not None:
        yield from _fractional(node, affine, m, at)
    elif m.op == "identity" and node.is_scalar and (root := at.shape(b).roots.get(number(1))) is not None:
        yield proved("root", node, "squares", [root], degree=TWO)


def _square(node: Node, affine: Proof, m: Node, at: Context) -> Iterator[Proof]:
    needs = at.semidefinite(m)
    if needs is None:
        yield proved("order concave", node, "gram", [affine])
    elif node.is_scalar:
        yield proved("root", node, "square", [affine], needs, degree=TWO)
    elif is_symmetric(node):
        yield proved("gram", node, "gram", [affine], needs)


def _fractional(node: Node, affine: Proof, m: Node, at: Context) -> Iterator[Proof]:
    """B^T P^-1 B with B affine and P > 0 concave"""
    if m.op == "matpow" and is_number(m.args[1]) == -1 and at.is_definite(m.args[0]):
        inside = at.shape(m.args[0]).get("order concave")
        if inside is not None:
            yield proved("order convex", node, "fractional", [affine, inside])


def _inner(node: Node, parts: Sequence[Node], at: Context) -> Iterator[Proof]:
    """u^T v, the sum of u .* v"""
    for k in range(1, len(parts)):
        left, right = _product(parts[:k]), _product(parts[k:])
        if left is None or right is None or not left.is_row or not right.is_column:
            continue
        if at.moves(left) and at.moves(right):
            entries = hadamard(transpose(left), right)
            shape = at.shape(entries)
            for claim in ("affine", "convex", "concave"):
                if (proof := shape.get(claim)) is not None:
                    yield proved(claim, node, "linear", [proof])
            yield from _sums_of(node, shape, [ones(entries.rows, 1)], at)


# --- traces -------------------------------------------------------------------------------------


def of_trace(node: Node, below: Sequence[Shape], at: Context) -> Iterator[Proof]:
    """The trace of what is convex in the order of matrices, of a product with a semidefinite constant, of a function."""
    (inside,) = node.args
    for claim in ("affine", "convex", "concave"):
        if (proof := below[0].get(claim)) is not None:
            yield proved(claim, node, "affine" if claim == "affine" else "linear", [proof])
    yield from _ordered(node, below[0])
    yield from of_trace_of_function(node, inside, at)
    if inside.op == "matmul":
        yield from of_trace_of_functions(node, inside, at)
        yield from of_relative_entropy(node, inside, at)
        parts = tuple(group[0] if len(group) == 1 else matmul(*group) for group in grouped(inside.args))
        yield from _rotations(node, parts, at)
        yield from _of_repeated(node, inside.args, at)


def _ordered(node: Node, shape: Shape) -> Iterator[Proof]:
    for claim, order in zip(("convex", "concave"), CONVEX_ORDER, strict=True):
        if (proof := shape.get(order)) is not None:
            yield proved(claim, node, "order", [proof])
    if (gram := shape.proofs.get("gram")) is not None:
        yield proved("root", node, "square", gram.below, gram.own, degree=TWO)


def _of_repeated(node: Node, parts: Sequence[Node], at: Context) -> Iterator[Proof]:
    """tr(N N … N) for a product N, tr(X X^T X X^T): the trace of a power."""
    for size in range(2, len(parts) // 2 + 1):
        count, rest = divmod(len(parts), size)
        if not rest and tuple(parts[:size]) * count == tuple(parts):
            yield from of_trace_of_function(node, matrix_power(matmul(*parts[:size]), count), at)
            return


def _rotations(node: Node, parts: Sequence[Node], at: Context) -> Iterator[Proof]:
    """tr(N C) with a constant C, for every way to begin and to divide the product."""
    for start in range(len(parts)):
        turned_parts = (*parts[start:], *parts[:start])
        for k in range(1, len(parts) + (start > 0)):
            left, right = _product(turned_parts[:k]), _product(turned_parts[k:])
            assert left is not None
            if right is None or not at.moves(right):
                yield from _beside(node, left, right, at)


def _beside(node: Node, left: Node, right: Node | None, at: Context) -> Iterator[Proof]:
    """tr(N C) where N is symmetric and C is constant."""
    if not left.is_square or not is_symmetric(left):
        return
    shape = at.shape(left)
    needs = () if right is None else at.semidefinite(right)
    flips = needs is None
    own = needs or ()
    for claim, order in zip(("convex", "concave"), CONVEX_ORDER[:: -1 if flips else 1], strict=True):
        if (proof := shape.get(order)) is not None:
            yield proved(claim, node, "order", [proof], own)
    if not flips and (gram := shape.proofs.get("gram")) is not None:
        yield proved("root", node, "square", gram.below, (*gram.own, *own), degree=TWO)


# --- other products -----------------------------------------------------------------------------


def of_scale(node: Node, below: Sequence[Shape], at: Context) -> Iterator[Proof]:
    """A number times a matrix, one of them constant."""
    s, x = node.args
    if at.moves(s) and at.moves(x):
        return
    fixed, moving, shape = (x, s, below[0]) if at.moves(s) else (s, x, below[1])
    yield from turned(node, shape, fixed, at)
    weight = at.sign(s) if moving is x else 1 if is_psd(x) else 0
    claims = CONVEX_ORDER if moving is x else ("convex", "concave")
    for claim, order in zip(claims, CONVEX_ORDER, strict=True):
        if weight > 0 and is_symmetric(node) and (proof := shape.get(claim)) is not None:
            yield proved(order, node, "order", [proof])


def of_kron(node: Node, below: Sequence[Shape], at: Context) -> Iterator[Proof]:
    """One factor that moves beside constants of known sign."""
    moving = [k for k, part in enumerate(node.args) if at.moves(part)]
    if len(moving) != 1:
        return
    shape, signs = below[moving[0]], [at.sign(p) for k, p in enumerate(node.args) if k not in moving]
    if (affine := shape.get("affine")) is not None:
        yield proved("affine", node, "affine", [affine])
    elif all(sign > 0 for sign in signs):
        yield from (proved(c, node, "linear", [p]) for c in ("convex", "concave") if (p := shape.get(c)) is not None)
