"""What the sign of an item means of operands of these shapes: the kind and the value of its typed node."""

from __future__ import annotations

from typing import Any

from matcalc.expr import Dim
from matcalc.language.kinds.kinds import COLUMN, MATRIX, SCALAR
from matcalc.language.meaning.items import Program
from matcalc.language.sizes.shapes import Shapes
from matcalc.language.surface.tree import Typed

__all__ = ["meaning_of", "turned"]


def turned(vector: Typed, matrix: Typed) -> tuple[Typed, Typed]:
    """x @ A as A^T x, the column that it is in NumPy."""
    return Typed("transpose", (matrix,), None, matrix.span, (matrix.shape[1], matrix.shape[0])), vector


def meaning_of(program: Program, index: int, shapes: Shapes) -> tuple[str, Any]:
    """The kind and the value of the typed node: what the sign means of operands of these shapes."""
    item = program.items[index]
    if item.pairs_columns and all(shapes.kinds[c] == COLUMN for c in item.children):
        return "inner", None
    if item.kind == "bars" and shapes.kinds[index] != SCALAR:
        return "call", "abs"
    if item.kind == "bars" and shapes.kinds[item.children[0]] == COLUMN:
        return "norm", ""
    if item.kind == "exponential" and shapes.kinds[index] == MATRIX:
        return "call", "expm"
    return "call" if item.kind == "exponential" else item.kind, _value(item)


def _value(item: Any) -> Any:
    match item.kind:
        case "variable":
            return item.node.value
        case "dimension" | "bound" | "constant":
            return item.data
        case "size":
            return Dim.of(item.data)
        case "identity" | "multiply":
            return None
        case "exponential":
            return "exp"
    return item.node.value
