"""Lines of a derivation: expressions in which some differentials are not worked out yet.

Canonical nodes rearrange themselves (``tr(dX^T A X)`` becomes ``tr(X^T A^T dX)``); a mathematician's next line does not.
A held expression keeps the order in which a rule wrote its result. It has one canonical value, `node_of`, in which
a marker perturbation stands for each ``d(u)``, and one layout, `layout_of`, in which ``d(u)`` is written out.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field
from fractions import Fraction
from typing import assert_never

from matcalc.expr import (
    ONE,
    Node,
    Shape,
    combine,
    multiply,
    number,
    perturbation,
    substitute,
    transpose,
    variable,
    zeros,
)
from matcalc.expr.facts import is_symmetric
from matcalc.language import Typed
from matcalc.printing.formats import FormReader
from matcalc.printing.layout import Layout, lay, number_layout, transposed
from matcalc.printing.reading.typed import typed_layout
from matcalc.printing.style import Style
from matcalc.records import dataclass

__all__ = [
    "AsTyped",
    "Held",
    "Inside",
    "Known",
    "Pending",
    "Product",
    "Sum",
    "inside",
    "layout_of",
    "marker",
    "node_of",
    "pendings",
    "product",
    "replaced",
    "shape_of",
    "total",
]


@dataclass(frozen=True, eq=False)
class Known:
    """An expression without a differential that is left to work out; ``turned`` shows it as the transpose of another."""

    node: Node
    turned: bool = False


@dataclass(frozen=True, eq=False)
class AsTyped:
    """An expression that is shown as it was typed."""

    node: Node
    tree: Typed


@dataclass(frozen=True, eq=False)
class Pending:
    """d(u), for an expression u."""

    of: Node


@dataclass(frozen=True, eq=False)
class Sum:
    """A sum in the order in which it was written."""

    terms: tuple[tuple[Fraction, Held], ...]


@dataclass(frozen=True, eq=False)
class Product:
    """Scalars and matrices side by side."""

    factors: tuple[Held, ...]


@dataclass(frozen=True, eq=False)
class Inside:
    """A canonical node in which markers stand for held parts; linear in each of them."""

    node: Node
    parts: Mapping[Node, Held]


Held = Known | AsTyped | Pending | Sum | Product | Inside


def marker(u: Node) -> Node:
    """The perturbation that stands for d(u): of its shape, symmetric where u is."""
    structure = ("symmetric",) if not u.is_scalar and is_symmetric(u) else ()
    return perturbation(variable(f"({u.digest.hex()})", u.shape, structure))


# --- constructors -----------------------------------------------------------------------------


def total(terms: Iterable[tuple[Fraction, Held]]) -> Held:
    """A sum without sums and zeros in it."""
    flat: list[tuple[Fraction, Held]] = []
    zero: Held | None = None
    for c, held in terms:
        if _is_zero(held):
            zero = held
            continue
        flat.extend([(c * d, t) for d, t in held.terms] if isinstance(held, Sum) else [(c, held)])
    if not flat and zero is not None:
        return zero
    return flat[0][1] if len(flat) == 1 and flat[0][0] == 1 else Sum(tuple(flat))


def product(*factors: Held) -> Held:
    """A product; the coefficient of a factor stands in front of it all."""
    coefficient = Fraction(1)
    flat: list[Held] = []
    shape = _shape_of_product(factors)
    if any(map(_is_zero, factors)):
        return Known(zeros(*shape))
    for factor in factors:
        c, body = _coefficient(factor)
        coefficient *= c
        together = isinstance(body, Product) and (_is_scalar(shape) or not _is_scalar(shape_of(body)))
        flat.extend(body.factors if isinstance(body, Product) and together else [body])
    kept = [f for f in flat if not (isinstance(f, Known) and f.node is number(1))] or [Known(number(1))]
    body = kept[0] if len(kept) == 1 else Product(tuple(kept))
    return body if coefficient == 1 else Sum(((coefficient, body),))


def shape_of(held: Held) -> Shape:
    """Rows and columns of its value."""
    match held:
        case Known() | Inside() | AsTyped():
            return held.node.shape
        case Pending():
            return held.of.shape
        case Sum():
            return shape_of(held.terms[0][1])
        case Product():
            return _shape_of_product(held.factors)
    assert_never(held)


def _shape_of_product(factors: Iterable[Held]) -> Shape:
    shapes = [s for s in map(shape_of, factors) if not _is_scalar(s)]
    return (shapes[0][0], shapes[-1][1]) if shapes else (ONE, ONE)


def _is_scalar(shape: Shape) -> bool:
    return shape[0].is_one and shape[1].is_one


def _is_zero(held: Held) -> bool:
    return isinstance(held, Known) and held.node.is_zero


def inside(node: Node, parts: Mapping[Node, Held]) -> Held:
    """A node with held parts; those that are known are put in."""
    known = {mark: part.node for mark, part in parts.items() if isinstance(part, Known)}
    node = substitute(node, known) if known else node
    left = {mark: part for mark, part in parts.items() if mark in node.linear}
    if not left:
        return Known(node)
    if len(left) == 1:
        ((mark, part),) = left.items()
        c, body = _coefficient(part)
        if c != 1 and substitute(node, {mark: zeros(*mark.shape)}).is_zero:
            return total([(c, inside(node, {mark: body}))])
        if node is mark:
            return part
    return Inside(node, left)


def _coefficient(held: Held) -> tuple[Fraction, Held]:
    return held.terms[0] if isinstance(held, Sum) and len(held.terms) == 1 else (Fraction(1), held)


# --- passes -----------------------------------------------------------------------------------


def _parts(held: Held) -> tuple[Held, ...]:
    match held:
        case Sum():
            return tuple(t for _, t in held.terms)
        case Product():
            return held.factors
        case Inside():
            return tuple(held.parts.values())
    return ()


def pendings(held: Held) -> Iterator[Pending]:
    """Every d(u) in it, from left to right."""
    if isinstance(held, Pending):
        yield held
    for part in _parts(held):
        yield from pendings(part)


def replaced(held: Held, expand: Callable[[Pending], Held]) -> Held:
    """The same with each d(u) replaced by an equal expression."""
    match held:
        case Pending():
            return expand(held)
        case Sum():
            return total((c, replaced(t, expand)) for c, t in held.terms)
        case Product():
            return product(*(replaced(f, expand) for f in held.factors))
        case Inside():
            return inside(held.node, {mark: replaced(part, expand) for mark, part in held.parts.items()})
    return held


def node_of(held: Held) -> Node:
    """Its canonical value, with the marker of u for d(u)."""
    match held:
        case Known() | AsTyped():
            return held.node
        case Pending():
            return marker(held.of)
        case Sum():
            weighted = [(node_of(t), c) for c, t in held.terms]
            return combine(weighted, weighted[0][0].shape)
        case Product():
            result = node_of(held.factors[0])
            for factor in held.factors[1:]:
                result = multiply(result, node_of(factor))
            return result
    return substitute(held.node, {mark: node_of(part) for mark, part in held.parts.items()})


# --- layout -----------------------------------------------------------------------------------


def layout_of(held: Held, reader: FormReader) -> Layout:
    """How it is written: in the order it is held, differentials as ``d(u)``."""
    match held:
        case Known():
            return transposed(reader.read(transpose(held.node))) if held.turned else reader.read(held.node)
        case AsTyped():
            return typed_layout(held.tree, reader.style)
        case Pending():
            return lay("function", reader.read(held.of), value="d")
        case Sum():
            return _sum_layout([(c, layout_of(t, reader)) for c, t in held.terms], reader.style)
        case Product():
            scalars = all(_is_scalar(shape_of(f)) for f in held.factors)
            return _product_layout([_factor_layout(f, scalars, reader) for f in held.factors], reader.style)
    shown = {mark.data[0]: layout_of(part, reader) for mark, part in held.parts.items()}
    return _with_parts(reader.read(held.node), shown, reader.style)


def _factor_layout(factor: Held, scalars: bool, reader: FormReader) -> Layout:
    """A scalar product stands in brackets beside an array: (x^T y) z."""
    layout = layout_of(factor, reader)
    scalar = _is_scalar(shape_of(factor)) and not scalars
    return _bracketed(layout) if scalar else layout


def _bracketed(layout: Layout) -> Layout:
    """Brackets around a product, below its sign and above its line."""
    match layout.kind:
        case "product":
            return lay("bracketed", layout)
        case "negative":
            return lay("negative", _bracketed(layout.parts[0]))
        case "quotient":
            return lay("quotient", _bracketed(layout.parts[0]), layout.parts[1])
    return layout


def _sum_layout(terms: list[tuple[Fraction, Layout]], style: Style) -> Layout:
    signed: list[tuple[int, Layout]] = []
    for c, layout in terms:
        sign = -1 if c < 0 else 1
        if layout.kind == "negative":
            sign, layout = -sign, layout.parts[0]
        if abs(c) != 1:
            signed.append((sign, _product_layout([style.number(abs(c)), layout], style)))
        elif layout.kind == "sum":
            signed.extend((sign * s, part) for s, part in zip(layout.value, layout.parts, strict=True))
        else:
            signed.append((sign, layout))
    if len(signed) == 1:
        sign, layout = signed[0]
        return lay("negative", layout) if sign < 0 else layout
    return lay("sum", *(layout for _, layout in signed), value=tuple(sign for sign, _ in signed))


def _product_layout(factors: list[Layout], style: Style) -> Layout:
    """Side by side: signs and numbers in front, what is divided by below one line."""
    parts = _Factors()
    for factor in factors:
        parts.include(factor)
    coefficient, above = _numbers(parts.above)
    divisor, below = _numbers(parts.below)
    value = coefficient / divisor
    if below:
        body = lay(
            "quotient", _with_number(value.numerator, above, style), _with_number(value.denominator, below, style)
        )
    elif parts.below and value.denominator != 1:
        body = lay("quotient", _with_number(value.numerator, above, style), number_layout(value.denominator))
    else:
        body = _with_number(value, above, style)
    return lay("negative", body) if parts.negative else body


@dataclass
class _Factors:
    """The factors of a product, sorted: its sign, what stands above the line and what below."""

    negative: bool = False
    above: list[Layout] = field(default_factory=list)
    below: list[Layout] = field(default_factory=list)

    def include(self, factor: Layout, under: bool = False) -> None:
        match factor.kind:
            case "negative":
                self.negative = not self.negative
                self.include(factor.parts[0], under)
            case "product":
                for part in factor.parts:
                    self.include(part, under)
            case "quotient":
                self.include(factor.parts[0], under)
                self.include(factor.parts[1], not under)
            case _:
                (self.below if under else self.above).append(factor)


def _numbers(factors: list[Layout]) -> tuple[Fraction, list[Layout]]:
    """The product of the numbers among the factors, and the others."""
    numbers = [Fraction(f.value) for f in factors if f.kind in ("number", "ratio")]
    return math.prod(numbers, start=Fraction(1)), [f for f in factors if f.kind not in ("number", "ratio")]


def _with_number(coefficient: Fraction | int, factors: list[Layout], style: Style) -> Layout:
    """Side by side, the number in front unless it is 1."""
    if coefficient != 1 or not factors:
        factors = [style.number(coefficient), *factors]
    return factors[0] if len(factors) == 1 else lay("product", *factors)


def _entrywise_layout(factors: list[Layout]) -> Layout:
    negative = sum(f.kind == "negative" for f in factors) % 2
    plain = [f.parts[0] if f.kind == "negative" else f for f in factors]
    body = lay("hadamard", *(g for f in plain for g in (f.parts if f.kind == "hadamard" else (f,))))
    return lay("negative", body) if negative else body


def _with_parts(layout: Layout, shown: Mapping[str, Layout], style: Style) -> Layout:
    """The layout with the parts in place of their markers."""
    if layout.kind == "perturbation":
        return shown.get(layout.value[0], layout)
    if not layout.parts:
        return layout
    parts = [_with_parts(p, shown, style) for p in layout.parts]
    if all(new is old for new, old in zip(parts, layout.parts, strict=True)):
        return layout
    match layout.kind:
        case "transpose":
            return transposed(parts[0])
        case "negative":
            return _sum_layout([(Fraction(-1), parts[0])], style)
        case "sum":
            return _sum_layout([(Fraction(sign), p) for sign, p in zip(layout.value, parts, strict=True)], style)
        case "product":
            return _product_layout(parts, style)
        case "quotient":
            return _product_layout([lay("quotient", *parts)], style)
        case "hadamard":
            return _entrywise_layout(parts)
    return lay(layout.kind, *parts, value=layout.value)
