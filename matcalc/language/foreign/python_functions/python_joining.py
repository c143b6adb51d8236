"""Arrays of NumPy that are put beside each other or added, and products over axes that are named."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import replace

from matcalc.errors import Span
from matcalc.language.foreign.code import Code, Fault, joined
from matcalc.language.foreign.common.einsum import einsum
from matcalc.language.foreign.common.functions import transposed
from matcalc.language.foreign.common.spreading import operated
from matcalc.language.foreign.python.python_calls import Call
from matcalc.language.foreign.python_axes.python_names import is_integer

__all__ = ["added", "concatenated", "contracted", "of_all_pairs", "stacked"]


def listed(c: Call) -> list[Code]:
    """The arrays of a list, or the arguments of hstack of CVXPY."""
    given = c.arguments[0] if c.arguments else c.node(0, "tensors", "arrays", "values", "inputs")
    if not isinstance(given, (ast.List, ast.Tuple)) or not given.elts:
        raise Fault("write the arrays as a list", c.span)
    return [c.reader.expression(e) for e in given.elts]


def added(c: Call) -> Code:
    """tf.add_n([a, b])"""
    result, *rest = listed(c)
    for code in rest:
        result = operated(result, "+", code)
    return result


def concatenated(c: Call) -> Code:
    """concatenate([a, b]), cat, hstack, vstack, column_stack: along rows or columns that are there."""
    codes = listed(c)
    axis = {"hstack": 1, "vstack": 0, "row_stack": 0, "column_stack": 1}.get(c.name)
    if axis is None:
        axis = c.axis(1) or 0
    if all(code.kind in ("v", "") for code in codes):
        if c.name in ("vstack", "row_stack", "column_stack"):
            return _lines(codes, c.span, rows=c.name != "column_stack")
        if axis not in (0, -1) and c.name != "hstack":
            raise Fault("there is no such axis", c.span)
        return replace(_row_or_column(codes, "; ", c.span), axes="v")
    if c.name == "column_stack":
        codes = [replace(code, axes="c") if code.kind == "v" else code for code in codes]
    if c.name in ("vstack", "row_stack"):
        codes = [_row(code, c.span) for code in codes]
    kinds = {code.kind for code in codes}
    if not kinds <= {"m", "c", "r"}:
        raise Fault(
            "arrays of one axis and of two stand beside each other here", c.span, "write x[:, None] or x[None, :]"
        )
    made = _row_or_column(codes, "; " if axis == 0 else ", ", c.span)
    kept = kinds.pop() if len(kinds) == 1 else "m"
    return replace(made, axes=kept if (kept, axis % 2) in (("c", 0), ("r", 1)) else "m")


def stacked(c: Call) -> Code:
    """stack([a, b]) of vectors: its rows, or its columns (1)."""
    codes = listed(c)
    axis = c.axis(1) or 0
    if any(code.kind == "m" for code in codes):
        raise Fault("an array has two axes here, 0 and 1", c.span, "write it for one of the matrices")
    if all(code.kind == "" for code in codes):
        return replace(_row_or_column(codes, "; ", c.span), axes="v")
    return _lines(codes, c.span, rows=axis == 0)


def _lines(codes: Sequence[Code], span: Span, *, rows: bool) -> Code:
    lines = [_row(code, span) for code in codes] if rows else codes
    return replace(_row_or_column(lines, "; " if rows else ", ", span), axes="m")


def _row(code: Code, span: Span) -> Code:
    return replace(transposed(code, span), axes="r") if code.kind == "v" else code


def _row_or_column(codes: Sequence[Code], sign: str, span: Span) -> Code:
    return joined(["[", *(p for i, a in enumerate(codes) for p in ((sign, a) if i else (a,))), "]"], span)


def of_all_pairs(sign: str) -> Callable[[Call], Code]:
    """subtract.outer(x, y): x[:, None] - y[None, :]"""

    def build(c: Call) -> Code:
        x, y = c.two()
        if (x.kind, y.kind) != ("v", "v"):
            raise Fault(f"{c.name} is of two arrays of one axis here", c.span, "write x[:, None] - y[None, :]")
        return operated(replace(x, axes="c"), sign, _row(y, c.span))

    return build


def contracted(c: Call) -> Code:
    """tensordot(A, B, axes): the sum over the last axes of A and the first ones of B, or over those that are named."""
    a, b = c.two()
    ranks = [{"v": 1, "m": 2, "": 0}.get(code.kind or "v", 2) for code in (a, b)]
    pairs = _pairs(c.node(2, "axes", "dims"), ranks, c)
    first = "ij"[: ranks[0]]
    second = list("kl"[: ranks[1]])
    for left, right in pairs:
        second[right] = first[left]
    summed = {first[left] for left, _ in pairs}
    left_over = "".join(i for i in [*first, *second] if i not in summed)
    return einsum(f"{first},{''.join(second)}->{left_over}", [a, b], c.span)


def _pairs(given: ast.expr | None, ranks: Sequence[int], c: Call) -> list[tuple[int, int]]:
    """The places of the axes that are summed over."""
    number = 2 if given is None else is_integer(given)
    if number is not None:
        found = [(ranks[0] - number + i, i) for i in range(number)]
    elif isinstance(given, (ast.Tuple, ast.List)) and len(given.elts) == 2:
        sides = [side.elts if isinstance(side, (ast.Tuple, ast.List)) else [side] for side in given.elts]
        places = [[(is_integer(e) or 0) % max(rank, 1) for e in side] for side, rank in zip(sides, ranks, strict=True)]
        found = list(zip(*places, strict=False)) if len(places[0]) == len(places[1]) else [(-1, -1)]
    else:
        raise Fault("the axes of tensordot are numbers here", c.span, "write axes=1 or axes=([1], [0])")
    if any(not 0 <= left < ranks[0] or not 0 <= right < ranks[1] for left, right in found):
        raise Fault("there is no such axis", c.span)
    return found
