"""How one term is read: its coefficient, scalar factors, a fraction bar, entrywise products and powers."""

from __future__ import annotations

from collections.abc import Collection, Sequence, Set
from fractions import Fraction
from typing import TYPE_CHECKING

from matcalc.expr import Node, dimension, factors, hadamard, is_number, number, power, scaled, summed_column
from matcalc.expr.facts import is_nonnegative, is_positive
from matcalc.printing.decimals import decimal_of
from matcalc.printing.layout import Layout, lay, number_layout, transposed
from matcalc.printing.reading import chains

if TYPE_CHECKING:
    from matcalc.printing.reading.reader import Reader

__all__ = [
    "holds",
    "product_with",
    "read_entrywise",
    "read_power",
    "read_scale",
    "read_term",
    "reversible_sum",
    "same_or_transposed",
]

HALF = Fraction(1, 2)
ONE = Fraction(1)

#: The order of factors: numbers, names, functions, products, sums.
_RANK = {
    "number": 0,
    "ratio": 0,
    "name": 1,
    "entry": 1,
    "member": 1,
    "condition": 0.5,
    "constant": 1,
    "perturbation": 1,
    "product": 3,
    "sum": 4,
    "total": 5,
}


def read_scale(reader: Reader, node: Node, flipped: bool) -> Layout:
    """s M, with negative powers of s below a fraction bar."""
    return read_term(reader, Fraction(1), node, flipped)


def read_power(reader: Reader, node: Node, flipped: bool) -> Layout:
    """x / y^2 for scalars, ``A .* B ./ C`` for arrays."""
    return read_term(reader, Fraction(1), node, flipped)


def read_term(
    reader: Reader,
    c: Fraction,
    node: Node,
    flipped: bool = False,
    minus: Node | None = None,
    body: Layout | None = None,
) -> Layout:
    """c times the node, for a positive c; ``body`` replaces the layout of its array part."""
    if node.op == "ones" and node.is_scalar:
        return reader.number(c)
    scalars, array = _split(node)
    above, scalars = _means(reader, scalars)
    c, scalars = _with_numbers_inside(c, scalars)
    scalars = _under_one_root(reader, _under_one_power(scalars))
    below: list[Layout] = []
    moving: list[Layout] = []
    for base, exponent in scalars:
        negative = _is_negative(exponent)
        row = below if negative else moving if base.linear and base.op in ("matmul", "trace", "total") else above
        row.append(_raised(reader, base, exponent, negative, flipped, minus))
    above, below = _ordered(above), _ordered(below)
    above += _ordered(moving)  # what holds dX stands last
    if array is not None or len(above) > 1:
        chains_above = [piece.kind == "product" for piece in above]
        if array is not None or sum(chains_above) > 1:
            above = [
                lay("bracketed", piece) if chain else piece for piece, chain in zip(above, chains_above, strict=True)
            ]
    if array is not None:
        shown = body if body is not None else _array(reader, array, flipped, minus)
        if shown.kind in ("hadamard", "hadamard_quotient"):
            return _multiple(reader, c, above, below, shown)
        above.append(shown)
    return product_with(reader, c, above, below)


def _multiple(reader: Reader, c: Fraction, above: list[Layout], below: list[Layout], shown: Layout) -> Layout:
    """A scalar times an entrywise product or quotient, without brackets: 2 x .* y, c x ./ (2 s y)"""
    top, *bottom = shown.parts if shown.kind == "hadamard_quotient" else (shown,)
    if bottom:
        p, q = _ratio(reader, c)
        front = _with_number(reader, p, above) if above or p != 1 else []
        divisors = below if bottom[0].kind != "hadamard" else []
        if q != 1:
            divisors = [number_layout(q), *divisors]
        below = below if bottom[0].kind == "hadamard" else []
        plain = top.kind == "number" and front
        total = lay("hadamard_quotient", _times(front, *([] if plain else [top])), _times(_grouped(divisors), *bottom))
    else:
        total = _times([*([reader.number(c)] if c != 1 else []), *above], top)
    return lay("quotient", total, _side_by_side(_grouped(below))) if below else total


def _times(scalars: list[Layout], *array: Layout) -> Layout:
    parts = [*scalars, *array]
    return parts[0] if len(parts) == 1 else lay("multiple", *parts)


def _means(reader: Reader, scalars: Sequence[tuple[Node, Node]]) -> tuple[list[Layout], list[tuple[Node, Node]]]:
    """(mean(x) for every sum(x) / n among the factors, the other factors)."""
    rest, found = list(scalars), []
    for base, exponent in scalars:
        column = summed_column(base) if is_number(exponent) == 1 else None
        over = None if column is None else (dimension(column.rows), number(-1))
        if column is not None and over in rest and reader.notation.sums_by_name:
            rest.remove((base, exponent))
            rest.remove(over)
            found.append(lay("function", reader.of(column), value="mean"))
    return found, rest


def _with_numbers_inside(c: Fraction, pairs: list[tuple[Node, Node]]) -> tuple[Fraction, list[tuple[Node, Node]]]:
    """(2 pi)^(d / 2) for 2^(d / 2) pi^(d / 2), and 1 / 2^a (2 + s)^-(a + 1) as (1 + s / 2)^-(a + 1) / 2^…"""
    for base, exponent in pairs:
        q = is_number(base)
        if q is None or q <= 0:
            continue
        rest = [pair for pair in pairs if pair[0] is not base]
        for i, (other, f) in enumerate(rest):
            if other.op == "constant" and f is exponent:
                return _with_numbers_inside(c, [*rest[:i], (scaled(q, other), f), *rest[i + 1 :]])
            if other.op != "add" or other.is_number or is_number(f) is not None:
                continue
            for sign in (1, -1):  # q^e b^f = q^(-k sign) (q^sign b)^f for e = sign (f - k)
                k = is_number(f - scaled(sign, exponent))
                if k is not None and k.denominator == 1:
                    inside = scaled(q**sign, other)
                    return _with_numbers_inside(c * q ** int(-sign * k), [*rest[:i], (inside, f), *rest[i + 1 :]])
    return c, pairs


def _under_one_root(reader: Reader, pairs: list[tuple[Node, Node]]) -> list[tuple[Node, Node]]:
    """sqrt(a b) for sqrt(a) sqrt(b), but ||x|| ||y||"""
    for e in (HALF, -HALF):
        roots = [b for b, f in pairs if is_number(f) == e and is_nonnegative(b) and chains.norm_of(reader, b) is None]
        if len(roots) > 1:
            pairs = [pair for pair in pairs if pair[0] not in roots] + [(hadamard(*roots), number(e))]
    return _one_root_of_constants(pairs)


def _under_one_power(pairs: Sequence[tuple[Node, Node]]) -> list[tuple[Node, Node]]:
    """(x / l)^k for x^k / l^k of positive x and l"""
    left = list(pairs)
    for base, exponent in pairs:
        opposite = scaled(-1, exponent)
        other = next((b for b, e in left if e is opposite and is_positive(b)), None)
        above = is_number(exponent) is None and not _is_negative(exponent) and is_number(base) is None
        if above and other is not None and is_number(other) is None and is_positive(base):
            left = [pair for pair in left if pair[0] not in (base, other)]
            left.append((hadamard(base, power(other, -1)), exponent))
    return left


def _one_root_of_constants(pairs: list[tuple[Node, Node]]) -> list[tuple[Node, Node]]:
    """sqrt(2 / pi) for sqrt(2) / sqrt(pi)"""
    above, below = (
        [b for b, f in pairs if is_number(f) == e and (is_number(b) is not None or b.op == "constant")]
        for e in (HALF, -HALF)
    )
    if not (above and below):
        return pairs
    quotient = hadamard(*above, *(power(b, -1) for b in below))
    return [pair for pair in pairs if pair[0] not in (*above, *below)] + [(quotient, number(HALF))]


def _split(node: Node) -> tuple[Sequence[tuple[Node, Node]], Node | None]:
    """The scalar factors and the array that they multiply."""
    if node.op == "scale":
        return factors(node.args[0]), node.args[1]
    if node.op == "power" and node.is_scalar:
        return factors(node), None
    return (), node


def product_with(reader: Reader, c: Fraction, above: list[Layout], below: list[Layout]) -> Layout:
    """c times a product over a product, c positive."""
    p, q = _ratio(reader, c)
    if below and above and above[-1].kind == "total" and all(map(_is_plain, below)):  # 1/n before the sum
        return _side_by_side([product_with(reader, c, above[:-1], below), above[-1]])
    if below:
        if q != 1:
            below = [number_layout(q), *below]
        return lay("quotient", _side_by_side(_with_number(reader, p, above)), _side_by_side(_grouped(below)))
    if q == 1:
        return _side_by_side(_with_number(reader, p, above))
    if p == 1 and len(above) == 1 and above[0].kind not in _NOT_HALVED:
        return lay("quotient", above[0], number_layout(q))
    return _side_by_side([reader.number(c), *above])


#: What has a fraction in front, not under it.
_NOT_HALVED = frozenset({"product", "total", "hadamard", "hadamard_quotient", "kron"})


def _is_plain(layout: Layout) -> bool:
    """n, 2, n^2"""
    return layout.kind in ("number", "name") or (layout.kind == "power" and all(map(_is_plain, layout.parts)))


def _ratio(reader: Reader, c: Fraction) -> tuple[Fraction | int, int]:
    """Numerator and denominator; a decimal is one number."""
    return (c, 1) if reader.decimals and decimal_of(c) is not None else (c.numerator, c.denominator)


def _with_number(reader: Reader, p: Fraction | int, above: list[Layout]) -> list[Layout]:
    return above if p == 1 and above else [reader.number(p), *above]


def _grouped(below: list[Layout]) -> list[Layout]:
    """Products among several factors of a denominator stand in brackets."""
    return (
        below if len(below) == 1 else [lay("bracketed", piece) if piece.kind == "product" else piece for piece in below]
    )


def _side_by_side(parts: list[Layout]) -> Layout:
    return parts[0] if len(parts) == 1 else lay("product", *parts)


def _ordered(pieces: list[Layout]) -> list[Layout]:
    """p (p - 1) x^(p - 2): parameters before the powers whose exponents they are."""
    raised = {name for piece in pieces if _is_raised(piece) for name in piece.parts[1].names}
    return sorted(pieces, key=lambda piece: _factor_order(piece, raised))


def _factor_order(layout: Layout, parameters: Set[str]) -> tuple[object, ...]:
    inner = layout.parts[0] if layout.kind in ("power", "hadamard_power") else layout
    constant = inner.kind == "product" and all(p.kind in ("number", "ratio", "constant") for p in inner.parts)
    rank: float = 1 if constant else _RANK.get(inner.kind, 2)
    if inner.kind == "sum" and inner is layout and parameters and parameters >= set(layout.names):
        rank = 1.25
    elif rank <= 1 and _is_raised(layout):
        rank = 1.5
    return (rank, layout.names, layout.size, _numbers_within(layout))


def _numbers_within(layout: Layout) -> tuple[Fraction, ...]:
    """(x + 1) (x + 2) (x + 3)"""
    return tuple(Fraction(p.value) for p in layout.parts if p.kind in ("number", "ratio"))


def _is_raised(layout: Layout) -> bool:
    """Whether it is a power with an exponent that is no number."""
    return layout.kind == "power" and bool(layout.parts[1].names)


def _is_negative(exponent: Node) -> bool:
    """-1, -p, -n - 1: the power belongs below a fraction bar."""
    return exponent.op == "add" and all(c < 0 for c in exponent.data)


def _raised(reader: Reader, base: Node, exponent: Node, inverted: bool, flipped: bool, minus: Node | None) -> Layout:
    """base^exponent, or base^-exponent, as it is written."""
    if inverted:
        exponent = scaled(-1, exponent)
    e = is_number(exponent)
    norm = chains.norm_of(reader, base)
    if norm is not None and e is not None and (e.denominator == 2 or not chains.is_plain_square(base)):
        return norm if e == HALF else lay("power", norm, reader.number(2 * e))
    of_order = chains.norm_of_order(reader, base, exponent)
    if of_order is not None:
        return of_order[0] if is_number(of_order[1]) == 1 else lay("power", of_order[0], reader.of(of_order[1]))
    inside = reader.spelled(base, flipped, minus)
    if e == 1:
        return inside
    if inside.kind == "number" and inside.value < 0:
        inside = lay("bracketed", inside)
    if e == HALF:
        return lay("root", inside)
    return lay("power" if base.is_scalar else "hadamard_power", inside, reader.of(exponent))


def _array(reader: Reader, array: Node, flipped: bool, minus: Node | None) -> Layout:
    """An array that is not a scalar multiple."""
    match array.op:
        case "power":
            return read_entrywise(reader, array, flipped, minus)
    return reader.spelled(array, flipped, minus)


#: Masks that are written as a function of what they are multiplied with, and of its transpose.
_TRIANGLES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "lower": (("tril",), ("triu",)),
    "upper": (("triu",), ("tril",)),
    "strictly_lower": (("tril", "-1"), ("triu", "1")),
    "strictly_upper": (("triu", "1"), ("tril", "-1")),
    "phi": (("tril_half",), ()),
}


def read_entrywise(reader: Reader, array: Node, flipped: bool, minus: Node | None) -> Layout:
    """``A .* B ./ C``, ``tril(A)``"""
    pairs = factors(array)
    mask = next((b for b, _ in pairs if b.upright.op == "mask" and b.upright.data[0] in _TRIANGLES), None)
    if mask is not None and len(pairs) > 1:
        turned = flipped != (mask.op == "transpose")
        if not _TRIANGLES[mask.upright.data[0]][turned]:  # tril_half(A)^T
            return transposed(read_entrywise(reader, array, not flipped, minus))
        rest = hadamard(*(power(*pair) for pair in pairs if pair[0] is not mask))
        inside = read_term(reader, Fraction(1), rest, flipped, minus)
        name, *offset = _TRIANGLES[mask.upright.data[0]][turned]
        return lay("function", inside, *(lay("literal", value=k) for k in offset), value=name)
    above: list[Layout] = []
    below: list[Layout] = []
    for base, exponent in factors(array):
        negative = _is_negative(exponent)
        (below if negative else above).append(_raised(reader, base, exponent, negative, flipped, minus))
    above, below = _ordered(above), _ordered(below)
    top = above[0] if len(above) == 1 else lay("hadamard", *above) if above else number_layout(1)
    if not below:
        return top
    return lay("hadamard_quotient", top, below[0] if len(below) == 1 else lay("hadamard", *below))


def reversible_sum(term: Node, fixed: Collection[Node] = ()) -> Node | None:
    """A sum among the factors that can take in the sign of the term, and reads no worse then.

    Not one half of a square: in ``-(x - y) (x - y)^T`` both stay as they are; nor one of the sums that are ``fixed``.
    """
    scalars, array = _split(term)
    sums = [pair for base, exponent in scalars for pair in _bases(base, is_number(exponent))]
    if array is not None:
        sums += _bases(array)
    for candidate, e in reversed(sums):
        odd = e is not None and e.denominator == 1 and e.numerator % 2 == 1
        alone = sum(same_or_transposed(candidate, other) for other, _ in sums) == 1
        if odd and alone and candidate not in fixed and _has_both_signs(candidate):
            return candidate
    return None


#: Operators through which a sign passes to one of their operands.
LINEAR = frozenset({"matmul", "kron", "transpose", "trace", "diag", "diagonal"})


def _bases(node: Node, exponent: Fraction | None = ONE) -> list[tuple[Node, Fraction | None]]:
    """What a sign in front can pass to, with exponents: all places where `Reader.spelled` would turn a sum."""
    if node.op == "transpose" and node.args[0].op == "add":
        return [(node.args[0], exponent)]
    if node.op == "total":
        scalars, array = _split(node.args[0])
        inside = [pair for base, e in scalars for pair in _bases(base, _raised_sign(exponent, is_number(e)))]
        return inside + (_bases(array, exponent) if array is not None else [])
    if node.op in LINEAR:
        return [pair for operand in chains.between_mirrored(node) for pair in _bases(operand, exponent)]
    if node.op != "power":
        return [(node, exponent)]
    return [pair for base, e in factors(node) for pair in _bases(base, _raised_sign(exponent, is_number(e)))]


def _raised_sign(outer: Fraction | None, inner: Fraction | None) -> Fraction | None:
    """The exponent of a sign within a power within another: ((-1)^2)^(1/2) is 1, though 2 times 1/2 is odd."""
    if inner is None or inner.denominator != 1:
        return None
    return outer if inner.numerator % 2 else Fraction(0)


def holds(node: Node, minus: Node) -> bool:
    """Whether the sum can take a sign in front of the node in."""
    return any(base is minus for base, _ in _bases(node))


def same_or_transposed(a: Node, b: Node) -> bool:
    return a is b or (a.op == b.op == "add" and a.shape == b.shape[::-1] and a.T is b)


def _has_both_signs(node: Node) -> bool:
    return node.op == "add" and any(c < 0 for c in node.data) and any(c > 0 for c in node.data)
