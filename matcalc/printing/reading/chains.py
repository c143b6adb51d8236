"""How a matrix product is read: where it is cut, entries, sums over entries, squared norms."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from matcalc.expr import Dim, Node, block, combine, factors, hadamard, is_number, matmul, terms, zeros
from matcalc.expr.facts import is_nonnegative, is_symmetric
from matcalc.printing.indexed.places import column_place, condition_of, row_place, whole_place
from matcalc.printing.layout import Layout, lay, number_layout, transposed

if TYPE_CHECKING:
    from matcalc.printing.reading.reader import Reader

__all__ = [
    "between_mirrored",
    "is_plain_square",
    "norm_of",
    "norm_of_order",
    "read_product",
    "read_trace",
    "read_trace_reversed",
]

#: A product under a trace that is longer is not searched for a squared norm.
LONGEST_SQUARE = 8

Factors = tuple[Node, ...]


def read_product(reader: Reader, node: Node, flipped: bool, minus: Node | None = None) -> Layout:
    """The factors side by side, the two sides of an outer product each in its shortest form."""
    if node.is_scalar:
        return _scalar_product(reader, node, minus)
    placed = _placed(node.args) if node.args[0].op == "ones" else None
    if placed is not None:
        return reader.of(placed, flipped)
    segments = _cut(node.args)
    if len(segments) == 1:
        return _segment(reader, segments[0], flipped, minus)
    left, right = segments
    if flipped:
        return _juxtaposed(_segment(reader, right, True, minus), _row(reader, left, True, minus))
    return _juxtaposed(_segment(reader, left, False, minus), _row(reader, right, False, minus))


def _cut(factors: Factors) -> list[Factors]:
    """An outer product as a column and a row."""
    for i in range(1, len(factors)):
        if factors[i].rows.is_one:
            return [factors[:i], factors[i:]]
    return [factors]


def _row(reader: Reader, factors: Factors, flipped: bool, minus: Node | None) -> Layout:
    direct = _segment(reader, factors, flipped, minus)
    around = transposed(_segment(reader, factors, not flipped, minus))
    return around if around.size < direct.size else direct


def _juxtaposed(*parts: Layout) -> Layout:
    flat = [q for p in parts for q in (p.parts if p.kind == "product" else (p,))]
    return flat[0] if len(flat) == 1 else lay("product", *flat)


def _segment(reader: Reader, factors: Factors, flipped: bool, minus: Node | None) -> Layout:
    """A product without cut, or its transpose; unit vectors and selectors at its ends are indices."""
    placed = _placed(factors)
    if placed is not None:
        return reader.of(placed, flipped)
    condition, unit = condition_of(factors), whole_place(factors)
    if condition is not None:
        return lay("condition", value=condition)
    if unit is not None:
        column_ = lay("at", value=unit)
        return transposed(column_) if factors[0].is_row != flipped else column_
    row, column, inside = _ends(factors)
    groups = list(_picked(factors))
    if 1 < len(groups) < len(factors) and not any(f.rows.is_one or f.cols.is_one for f in (factors[0], factors[-1])):
        parts = [_segment(reader, group, flipped, minus) for group in groups]
        return _juxtaposed(*(reversed(parts) if flipped else parts))
    if (row is not None or column is not None) and inside:
        below = any(f.upright.op == "at" for f in (factors[0], factors[-1]))
        return _entry(reader, inside, (row, column), flipped, minus, below)
    if 1 < len(groups) < len(factors):
        parts = [_segment(reader, group, flipped, minus) for group in groups]
        return _juxtaposed(*(reversed(parts) if flipped else parts))
    parts = [reader.spelled(f, flipped, minus) for f in factors]
    if len(factors) > 1 and factors[-2].op == "elimination" and factors[-1].op == "vec":
        half = lay("function", reader.of(factors[-1].args[0]), value="vech")
        parts[-2:] = [transposed(half) if flipped else half]
    return _juxtaposed(*(reversed(parts) if flipped else parts))


def _placed(factors: Factors) -> Node | None:
    """[0, A] for a product A S in which S puts the columns of A at the end, or at the start, among zeros; or its transpose."""
    turned = _is_selected(factors[0])
    *rest, selector = [f.T for f in reversed(factors)] if turned else factors
    if selector.op != "selector" or not rest or rest[0].upright.op == "selector":
        return None
    array, before = matmul(*rest), selector.data[0]
    after, none = selector.cols - before - selector.rows, Dim.of(0)
    if none not in (before, after):
        return None
    filled = zeros(array.rows, after if before == none else before)
    blocks = block([[array, filled] if before == none else [filled, array]])
    return blocks.T if turned else blocks


def _picked(factors: Factors) -> Iterator[Factors]:
    """Each factor with the selectors beside it that pick its rows and columns."""
    start = 0
    while start < len(factors):
        stop = start + 1
        if factors[start].op == "selector" and stop < len(factors) and factors[stop].upright.op != "selector":
            stop += 1
        if factors[stop - 1].upright.op != "selector" and stop < len(factors) and _is_selected(factors[stop]):
            stop += 1
        yield factors[start:stop]
        start = stop


def _is_selected(factor: Node) -> bool:
    return factor.op == "transpose" and factor.args[0].op == "selector"


def _ends(factors: Factors) -> tuple[str | None, str | None, Factors]:
    """The rows that the first factors pick, the columns that the last ones pick, and what is between."""
    rows = (_range(factors[0]), 1) if factors[0].op == "selector" else row_place(factors)
    if rows is not None and rows[1] == len(factors):
        return rows[0], None, ()
    stop = len(factors) - 1
    columns = (_range(factors[-1].args[0]), 1) if _is_selected(factors[-1]) else column_place(factors, stop)
    if columns is not None and factors[-1].op == "at" and _is_selected(factors[stop - 1]):
        columns = column_place(factors, stop - 1)
    start, count = rows[1] if rows else 0, columns[1] if columns else 0
    inside = factors[start : len(factors) - count]
    return (rows[0] if rows else None), (columns[0] if columns else None), inside


def _range(selector: Node) -> str:
    offset: Dim = selector.data[0]
    return f"{offset + 1}:{offset + selector.rows}"


def _entry(
    reader: Reader,
    inside: Factors,
    indices: tuple[str | None, str | None],
    flipped: bool,
    minus: Node | None,
    below: bool,
) -> Layout:
    """X[2, 3], X[:, 3], x[2], and (A x)_i where an index is to stand below the line."""
    row, column = (indices[1], indices[0]) if flipped else indices
    if inside[0].rows.is_one or inside[-1].cols.is_one:
        base = _segment(reader, inside, inside[0].rows.is_one, minus)
        entry = _at(below, base, row or column or ":")
        is_row = inside[0].rows.is_one != flipped and ":" in (row or column or ":")
        return transposed(entry) if is_row else entry
    direct = _at(below, _segment(reader, inside, flipped, minus), row or ":", column or ":")
    around = _at(below, _segment(reader, inside, not flipped, minus), column or ":", row or ":")
    return min(direct, transposed(around), key=lambda way: way.size)


def _at(below: bool, base: Layout, *places: str) -> Layout:
    if not below or any(":" in place for place in places):
        return lay("entry", base, value=places)
    indexed = base.kind == "name" and "_" in base.value[0]
    return lay("member", lay("bracketed", base) if indexed else base, value=places)


def _scalar_product(reader: Reader, node: Node, minus: Node | None) -> Layout:
    """x^T A x, sum(x), X[i, j], ||A x - b||^2"""
    if not is_plain_square(node):
        norm = norm_of(reader, node)
        if norm is not None:
            return lay("power", norm, number_layout(2))
    return (
        _sum_over_entries(reader, node.args, minus)
        or _sum_of_quotients(reader, node.args)
        or _segment(reader, node.args, False, minus)
    )


def _sum_of_quotients(reader: Reader, links: Factors) -> Layout | None:
    """u^T (1 ./ v) as sum(u ./ v)"""
    if len(links) != 2 or not reader.notation.sums_by_name:
        return None
    left, right = links[0].T, links[1]
    for one, other in ((left, right), (right, left)):
        exponents = [is_number(e) for _, e in factors(one)]
        if exponents and all(e is not None and e < 0 for e in exponents) and not other.linear:
            return lay("function", reader.of(hadamard(one, other)), value="sum")
    return None


def _sum_over_entries(reader: Reader, factors: Factors, minus: Node | None) -> Layout | None:
    """1^T x as sum(x), 1^T |x| as ||x||_1"""
    left = factors[0].op == "transpose" and factors[0].args[0].op == "ones"
    right = factors[-1].op == "ones"
    inside = factors[left : len(factors) - right]
    if not (left or right) or not inside:
        return None
    if len(inside) == 1 and inside[0].op == "apply" and inside[0].data[0] == "abs":
        return lay("norm", _shorter_way(reader, inside[0].args[0]), value="1")
    if not reader.notation.sums_by_name:
        return None
    ways = [
        _segment(reader, inside, flipped, minus) for flipped in ((not left, left) if left and right else (not left,))
    ]
    return lay("function", min(ways, key=lambda way: way.size), value="sum")


def _shorter_way(reader: Reader, node: Node) -> Layout:
    """The node or its transpose, whichever reads shorter."""
    return min(reader.of(node), reader.of(node, True), key=lambda way: way.size)


def read_trace(reader: Reader, node: Node, flipped: bool) -> Layout:
    """tr(A X), ||A X - B||_F^2"""
    if not is_plain_square(node):
        norm = norm_of(reader, node)
        if norm is not None:
            return lay("power", norm, number_layout(2))
    (inside,) = node.args
    forms = [reader.of(inside), reader.of(inside, True)]
    if inside.op == "matmul" and any(f.upright.op == "selector" for f in (inside.args[0], inside.args[-1])):
        ways = (inside.args, tuple(f.T for f in reversed(inside.args)))
        forms += [_segment(reader, _indices_last(way), False, None) for way in ways]
    elif inside.op == "matmul" and _moves_first(inside.args):
        forms = forms[1:]
    if inside.op == "matmul" and not inside.linear and len(inside.args) <= LONGEST_SQUARE:
        forms.insert(0, _segment(reader, _most_mirrored(inside.args), False, None))
    return lay("function", min(forms, key=lambda layout: layout.size), value="tr")


def read_trace_reversed(reader: Reader, node: Node, minus: Node) -> Layout:
    """tr(A (I - X)) for -tr(A (X - I)): the sum shows all its signs reversed."""
    links = node.args[0].args if node.args[0].op == "matmul" else node.args
    return lay("function", _segment(reader, links, False, minus), value="tr")


def _indices_last(factors: Factors) -> Factors:
    """The rotation in which a selector stands beside what it picks: tr(A dX[:, 2:n])."""
    if _is_selected(factors[0]):
        return factors[1:] + factors[:1]
    return factors[-1:] + factors[:-1] if factors[-1].op == "selector" else factors


def _moves_first(factors: Factors) -> bool:
    """tr(dX^T G), which is read as tr(G^T dX)."""
    first, *rest = factors
    return first.op == "transpose" and first.args[0].op == "perturbation" and not any(f.linear for f in rest)


def _most_mirrored(factors: Factors) -> Factors:
    """The rotation that reads most like a congruence: tr(X^T A X), not tr(A X X^T)."""
    rotations = [factors[k:] + factors[:k] for k in range(len(factors))]
    return max(rotations, key=lambda r: (_depth_of_mirror(r), r[0].op == "transpose"))


def _depth_of_mirror(factors: Factors) -> int:
    pairs = zip(factors[: len(factors) // 2], reversed(factors), strict=False)
    return next((i for i, (a, b) in enumerate(pairs) if not _mirrored(a, b)), len(factors) // 2)


def norm_of(reader: Reader, node: Node) -> Layout | None:
    """‖r‖ for a node r^T r, ‖R‖_F for tr(R^T R), also of a symmetric R."""
    if node.op == "trace" and _is_symmetric_square(node.args[0]):
        return lay("norm", _shorter_way(reader, node.args[0].args[0]), value="F")
    if node.op == "matmul" and node.is_scalar:
        half = _half(node.args)
        return lay("norm", _segment(reader, half, False, None), value="") if half else None
    if node.op == "trace" and node.args[0].op == "matmul":
        factors = node.args[0].args
        if len(factors) > LONGEST_SQUARE or len(factors) % 2:
            return None
        rotations = (factors[k:] + factors[:k] for k in range(len(factors)))
        halves = [h for h in map(_half, rotations) if h]
        found = [_segment(reader, h, flip, None) for h in halves for flip in (False, True)]
        return lay("norm", min(found, key=lambda piece: piece.size), value="F") if found else None
    return None


def _is_symmetric_square(node: Node) -> bool:
    """S^2, which is S^T S."""
    return node.op == "matpow" and is_number(node.args[1]) == 2 and is_symmetric(node.args[0])


def norm_of_order(reader: Reader, base: Node, exponent: Node) -> tuple[Layout, Node] | None:
    """(norm(x, p), k) for (Σ |x_i|^p)^(k/p), k no multiple of p."""
    if base.op != "matmul" or not base.is_scalar:
        return None
    left = base.args[0].op == "transpose" and base.args[0].args[0].op == "ones"
    inside = base.args[left : len(base.args) - (base.args[-1].op == "ones")]
    if len(inside) != 1 or inside[0].op != "power" or len(inside[0].args) != 2:
        return None
    x, p = inside[0].args
    order, k = is_number(p), combine(((hadamard(p, t), c) for t, c in terms(exponent)), p.shape)
    times, e = is_number(k), is_number(exponent)
    even = order is not None and order.denominator == 1 and order % 2 == 0
    absolute = x.op == "apply" and x.data[0] == "abs"
    if not (even or absolute or is_nonnegative(x)) or (order is not None and order <= 1):
        return None
    if e is not None and (e.denominator == 1 or times is None or times.denominator != 1):
        return None
    entries = _shorter_way(reader, x.args[0] if absolute else x)
    return lay("function", entries, reader.of(p), value="norm"), k


def is_plain_square(node: Node) -> bool:
    """x^T x and tr(X^T X) of a variable, which are clearer than a squared norm."""
    product = node.args[0] if node.op == "trace" else node
    if product.op == "matpow":
        return product.args[0].op == "variable"
    return (
        product.op == "matmul"
        and len(product.args) == 2
        and product.args[-1].op
        in (
            "variable",
            "perturbation",
            "transpose",
        )
    )


def _half(factors: Factors) -> Factors:
    """The right half R of a product R^T R, else nothing."""
    middle, odd = divmod(len(factors), 2)
    if odd or any(not _mirrored(factors[i], factors[-1 - i]) for i in range(middle)):
        return ()
    return factors[middle:]


def between_mirrored(node: Node) -> Factors:
    """S of r^T S r and of tr(R^T S R), in which signs of r cancel; the operands of others."""
    if not node.is_scalar or node.op not in ("matmul", "trace"):
        return node.args
    links = node.args[0].args if node.op == "trace" and node.args[0].op == "matmul" else node.args
    depth = _depth_of_mirror(links)
    return links[depth : len(links) - depth]


def _mirrored(a: Node, b: Node) -> bool:
    if a.shape != b.shape[::-1]:
        return False
    if a.op == "transpose" or b.op == "transpose":
        return (a.op == "transpose" and a.args[0] is b) or (b.op == "transpose" and b.args[0] is a)
    return a.T is b
