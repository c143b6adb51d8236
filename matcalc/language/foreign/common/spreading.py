"""How arrays of different axes stand beside each other in NumPy: the shorter one is spread over the rows or columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from matcalc.errors import Span
from matcalc.language.foreign.code import ATOM, PRODUCT, Code, Fault, call, entrywise, infix, joined
from matcalc.language.foreign.common.functions import RowProduct, TurnedVector, transposed

__all__ = ["called", "column_of_ones", "operated", "product", "row_of_ones", "spread"]


def column_of_ones(code: Code) -> Code:
    """As many ones as there are rows."""
    return joined([code.within(ATOM), "[:, 1].^0" if code.kind != "c" else ".^0"], code.span, ATOM - 1)


def row_of_ones(code: Code) -> Code:
    """As many ones as there are columns."""
    return joined([code.within(ATOM), "[1, :].^0" if code.kind != "r" else ".^0"], code.span, ATOM - 1)


def spread(left: Code, right: Code) -> tuple[Code, Code, str | None]:
    """Both with the axes of the result, and these. An array of one axis is a row beside others."""
    kinds = left.kind, right.kind
    if None in kinds:
        return left, right, None
    if "" in kinds or kinds[0] == kinds[1]:
        return left, right, kinds[0] or kinds[1]
    if "v" in kinds:
        left, right = (_as_row(c) if c.kind == "v" else c for c in (left, right))
        return spread(left, right)
    if "m" in kinds:
        return _over(left, right), _over(right, left), "m"
    down, across = (left, right) if kinds == ("c", "r") else (right, left)
    wide, tall = infix(down, "*", row_of_ones(across)), infix(column_of_ones(down), "*", across)
    return (wide, tall, "m") if down is left else (tall, wide, "m")


def _as_row(code: Code) -> Code:
    return replace(transposed(code, code.span), axes="r")


def _over(code: Code, other: Code) -> Code:
    """A row over all rows of the other, a column over all its columns."""
    if code.kind == "r":
        return infix(column_of_ones(other), "*", code)
    return infix(code, "*", row_of_ones(other)) if code.kind == "c" else code


def operated(left: Code, sign: str, right: Code) -> Code:
    """left sign right of the entries."""
    if sign == "*" and {left.kind, right.kind} == {"c", "r"}:
        down, across = (left, right) if left.kind == "c" else (right, left)
        return replace(infix(down, "*", across), axes="m")
    left, right, axes = spread(left, right)
    made = entrywise(left, sign, right) if sign in ("*", "/") else infix(left, sign, right)
    return replace(made, axes=axes, value=None)


def called(name: str, arguments: Sequence[Code], span: Span) -> Code:
    """A function of several arguments, entry by entry."""
    widest = arguments[0]
    for argument in arguments[1:]:
        left, right, _ = spread(widest, argument)
        widest = right if widest.kind == "" else left
    spread_out = [spread(a, widest)[0] for a in arguments]
    return replace(call(name, spread_out, span), axes=widest.kind, number=all(a.number for a in arguments))


_PRODUCTS: dict[tuple[str, str], str] = {
    ("v", "v"): "", ("m", "v"): "v", ("v", "m"): "v", ("m", "m"): "m", ("m", "c"): "c", ("r", "m"): "r", ("r", "c"): "",
    ("r", "v"): "", ("v", "c"): "", ("c", "r"): "m",
}  # fmt: skip


def product(left: Code, right: Code) -> Code:
    """The product of arrays. Raises Fault where NumPy has none."""
    if left.number or right.number:
        return operated(left, "*", right)
    left, right = (replace(c, axes=c.kind or "v") for c in (left, right))
    axes = _PRODUCTS.get((left.kind or "", right.kind or ""))
    if axes is None:
        raise Fault(
            "a column or a row does not fit here", (left.span[0], right.span[1]), "write x[:, None] or x[None, :]"
        )
    made = infix(left, "@" if left.kind != "c" else "*", right)
    made = replace(made, axes=axes, number=axes == "", level=PRODUCT)
    if right.kind == "m" and isinstance(left.value, (TurnedVector, RowProduct)):
        return replace(made, value=RowProduct(product(left.value.code, right)))
    return made
