"""How a sum is read: the order of its terms, its signs, a common coefficient."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import gcd, lcm
from typing import TYPE_CHECKING

from matcalc.expr import Node, combine, scale, scaled, terms
from matcalc.printing.layout import Layout, lay, transposed
from matcalc.printing.reading import monomials

if TYPE_CHECKING:
    from matcalc.printing.reading.reader import Reader

__all__ = ["has_number", "read_sum"]

Term = tuple[Node, Fraction]


def read_sum(reader: Reader, node: Node, flipped: bool, reversed_signs: bool = False) -> Layout:
    """The terms with a positive sign first; ``2 A x - 2 b`` is 2 (A x - b)."""
    pairs = [(t, -c if reversed_signs else c) for t, c in zip(node.args, node.data, strict=True)]
    if node.is_number:
        return reader.number(pairs[0][1])
    if len(pairs) == 1:
        sign, layout = _signed_term(reader, *pairs[0], flipped)
        return lay("negative", layout) if sign < 0 else layout
    common = _common_coefficient(pairs)
    negative = all(c < 0 for _, c in pairs) and not any(_takes_sign(reader, t) for t, _ in pairs)
    outside = -common if common != 1 and negative else common
    pairs = [(t, c / outside) for t, c in pairs]
    halves = _fractions_shared(pairs)
    if halves is not None:
        return _with_group(reader, node, pairs, halves, flipped)
    total = _sum_of(reader, node, pairs, flipped)
    with_factor = monomials.product_with(reader, abs(outside), [total], [])
    return lay("negative", with_factor) if outside < 0 else with_factor


def _takes_sign(reader: Reader, term: Node) -> bool:
    """Whether a number in front of the term can be turned: ((n - p) X - V) / 2 rather than -((p - n) X + V) / 2."""
    minus = monomials.reversible_sum(term, reader.fixed)
    return minus is not None and minus.is_scalar


def _fractions_shared(pairs: list[Term]) -> Fraction | None:
    """A fraction that several terms have, but not all: it is written once."""
    sizes = [abs(c) for _, c in pairs]
    return next((c for c in sizes if c.denominator != 1 and 1 < sizes.count(c) < len(sizes)), None)


def _with_group(reader: Reader, node: Node, pairs: list[Term], size: Fraction, flipped: bool) -> Layout:
    """(P S + S P) / 2 - I"""
    inside = [(t, c / size) for t, c in pairs if abs(c) == size]
    sign = -1 if all(c < 0 for _, c in inside) else 1
    group = combine([(t, c * sign) for t, c in inside], node.shape)
    rest = combine([(t, c) for t, c in pairs if abs(c) != size], node.shape)
    first = monomials.product_with(reader, size, [reader.of(group, flipped)], [])
    total = reader.of(rest, flipped)
    if sign > 0 and total.kind == "sum":
        return lay("sum", first, *total.parts, value=(1, *total.value))
    if sign > 0:
        negative = total.kind == "negative"
        return lay("sum", first, total.parts[0] if negative else total, value=(1, -1 if negative else 1))
    parts, signs = (total.parts, total.value) if total.kind == "sum" else ((total,), (1,))
    return lay("sum", *parts, first, value=(*signs, -1))


def _common_coefficient(pairs: list[Term]) -> Fraction:
    """A positive coefficient that is better written once, in front of the sum."""
    sizes = {abs(c) for _, c in pairs}
    if len(sizes) == 1:
        return sizes.pop()
    common = Fraction(gcd(*(c.numerator for c in sizes)), lcm(*(c.denominator for c in sizes)))
    return common if common > 1 else Fraction(1)


def _signed_term(reader: Reader, term: Node, c: Fraction, flipped: bool) -> tuple[int, Layout]:
    """Sign and layout; a sum among the factors takes a minus sign in: -(b - A x) is A x - b."""
    minus = monomials.reversible_sum(term, reader.fixed) if c < 0 else None
    if minus is not None:
        before = reader.reversals
        layout = monomials.read_term(reader, -c, term, flipped, minus)
        if reader.reversals > before:  # else the sum stands where its signs cannot be shown
            return 1, layout
    return (-1 if c < 0 else 1), monomials.read_term(reader, abs(c), term, flipped)


def _turned_term(reader: Reader, term: Node, c: Fraction, flipped: bool) -> tuple[int, Layout]:
    """A term of a sum: A + B (I - X) rather than A - B (X - I), unless X - I was typed; A + (X - Y) where that was."""
    minus = monomials.reversible_sum(term, reader.fixed) if c < 0 else None
    if minus is not None and minus not in reader.written:
        numbers = [
            d for t, d in zip(minus.args, minus.data, strict=True) if _is_ones(t) or _is_identity(t) or t.op == "ones"
        ]
        if (numbers and max(numbers) < 0) or scaled(-1, minus) in reader.written:
            return _signed_term(reader, term, c, flipped)
    return (-1 if c < 0 else 1), monomials.read_term(reader, abs(c), term, flipped)


def _sum_of(reader: Reader, node: Node, pairs: list[Term], flipped: bool) -> Layout:
    scalar_ones = _broadcasts(node)
    if scalar_ones:
        pairs = list(terms(combine((pair for t, c in pairs for pair in _numbers_apart(t, c)), node.shape)))
    plain_identity = any(not _is_identity(t) for t, _ in pairs)
    shown: list[tuple[Node, int, Layout]] = []
    for term, c in pairs:
        if scalar_ones and _is_ones(term):
            layout = _broadcast_term(reader, abs(c), term, flipped)
        elif plain_identity and _is_identity(term):
            layout = monomials.read_term(reader, abs(c), term, flipped, body=lay("identity"))
        else:
            sign, layout = _turned_term(reader, term, c, flipped)
            shown.append((term, sign, layout))
            continue
        shown.append((term, -1 if c < 0 else 1, layout))
    plain = all(piece.kind in ("name", "perturbation", "number") for _, _, piece in shown) or (
        node.is_scalar and len(shown) > 2 and all(_is_monomial(piece) for _, _, piece in shown)
    )
    shown.sort(key=lambda item: (item[1] < 0, *_order(item[0], item[2], plain)))
    shown = _as_typed(shown, reader.orders.get(node, ()))
    if shown[0][1] < 0:
        shown = _positive_first(reader, shown, dict(pairs), flipped)
    return lay("sum", *(piece for _, _, piece in shown), value=tuple(sign for _, sign, _ in shown))


def _numbers_apart(term: Node, c: Fraction) -> list[Term]:
    """1 + x - s rather than x - (s - 1)."""
    if term.op != "scale" or not _is_ones(term):
        return [(term, c)]
    return [(scale(t, term.args[1]), c * k) for t, k in terms(term.args[0])]


def _as_typed(shown: list[tuple[Node, int, Layout]], order: Sequence[Node]) -> list[tuple[Node, int, Layout]]:
    """The terms in the order in which they were typed, unless the first would have a minus sign."""
    place = {term: i for i, term in enumerate(order)}
    if not all(term in place for term, _, _ in shown):
        return shown
    typed = sorted(shown, key=lambda item: place[item[0]])
    return typed if typed and typed[0][1] > 0 else shown


def _positive_first(
    reader: Reader, shown: list[tuple[Node, int, Layout]], coefficients: dict[Node, Fraction], flipped: bool
) -> list[tuple[Node, int, Layout]]:
    """Where every sign is negative, a term that can take its sign in comes first."""
    for i, (term, _, _) in enumerate(shown):
        if _is_ones(term) or _is_identity(term):
            continue
        sign, layout = _signed_term(reader, term, coefficients[term], flipped)
        if sign > 0:
            first, like = (term, sign, layout), monomials.reversible_sum(term)
            return [
                first,
                *(_alike(reader, item, like, flipped, coefficients) for item in (*shown[:i], *shown[i + 1 :])),
            ]
    return shown


def _alike(
    reader: Reader, item: tuple[Node, int, Layout], like: Node | None, flipped: bool, coefficients: dict[Node, Fraction]
) -> tuple[Node, int, Layout]:
    """The term with its sum turned as it is in the first term."""
    other = monomials.reversible_sum(item[0])
    if like is None or other is None or not monomials.same_or_transposed(like, other):
        return item
    return (item[0], *_signed_term(reader, item[0], coefficients[item[0]], flipped))


def _is_monomial(layout: Layout) -> bool:
    """12 x, 3 x^2"""
    return layout.kind in ("name", "number", "ratio", "decimal") or (
        layout.kind in ("product", "power", "negative") and all(map(_is_monomial, layout.parts))
    )


def _order(term: Node, layout: Layout, all_plain: bool) -> tuple[object, ...]:
    """Numbers and I first, then the highest degree, the shortest, the alphabet; ``X^T X + s I`` ends with I.

    In sums of names and in polynomials, numbers are last: ``3 x^2 + 12 x + 11``.
    """
    if layout.degree == 0:
        rank = 3 if all_plain else 0
    elif _is_identity(term):
        rank = 3 if term.op == "scale" else 1
    else:
        rank = 2
    return (rank, -layout.degree, layout.size, layout.names, term.key)


def _array_part(term: Node) -> Node:
    """The term without its scalar, as a column or a matrix."""
    term = term.args[1] if term.op == "scale" else term
    return term.upright


def _is_ones(term: Node) -> bool:
    return not term.is_scalar and _array_part(term).op == "ones"


def _is_identity(term: Node) -> bool:
    return _array_part(term).op == "identity"


def _broadcasts(node: Node) -> bool:
    """Whether ones in this sum may be written as the number 1.

    Beside a square matrix, 1 would be taken for I, unless its neighbours are entrywise.
    """
    others = [t for t in node.args if not (_is_ones(t) or _is_identity(t))]
    if node.is_scalar or not others:
        return False
    return not node.is_square or any(_array_part(t).op in ("power", "apply") for t in others)


def has_number(node: Node) -> bool:
    """Whether a number stands for a column of ones in the sum."""
    return node.op == "add" and len(node.args) > 1 and _broadcasts(node) and any(map(_is_ones, node.args))


def _broadcast_term(reader: Reader, c: Fraction, term: Node, flipped: bool) -> Layout:
    """The scalar alone, or with the sign for a column of ones where the notation wants it."""
    scalar = term.args[0] if term.op == "scale" else None
    if not reader.notation.broadcast and _array_part(term).is_column:
        ones = lay("ones")
        return monomials.read_term(reader, c, term, body=transposed(ones) if flipped else ones)
    return reader.number(c) if scalar is None else monomials.read_term(reader, c, scalar)
