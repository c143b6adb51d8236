"""Entries, rows, columns and new axes of arrays in Python."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from dataclasses import replace

from matcalc.errors import Hint, Span
from matcalc.language.foreign.code import ATOM, Code, Fault, joined
from matcalc.language.foreign.common.functions import transposed
from matcalc.language.foreign.python_axes.python_evidence import word_of
from matcalc.language.foreign.python_axes.python_names import is_integer
from matcalc.language.foreign.python_functions.looped.python_pairs import is_new, is_whole
from matcalc.language.mends.hints import offer

__all__ = ["subscript", "with_axis"]

Place = Callable[[ast.AST], Span]


def subscript(base: Code, index: ast.expr, span: Span, place: Place) -> Code:
    """base[index]"""
    parts = index.elts if isinstance(index, ast.Tuple) else [index]
    if any(is_new(p) for p in parts):
        return _with_new_axis(base, parts, span)
    if len(parts) > 2:
        raise Fault("an array has two axes here, 0 and 1", span)
    if len(parts) == 2 and _counts_rows(parts[0]) and not isinstance(parts[1], ast.Slice):
        raise Fault(
            "this takes one entry of each row, by a list of columns", span, lambda text: _by_ones(text, span, base)
        )
    if len(parts) == 1 and isinstance(parts[0], ast.Name) and base.kind == "v":
        name = parts[0].id
        raise Fault("an index is a number here", place(parts[0]), lambda text: _by_one(text, span, base, name))
    if len(parts) == 1 and base.kind == "m":
        parts = [*parts, ast.Slice()]
    inside = ", ".join(_index(p, place) for p in parts)
    entry = joined([base.within(ATOM), f"[{inside}]"], span, number=all(_is_one(p) for p in parts))
    axes = _axes_left(parts)
    if axes == "r" and len(parts) == 2:
        return replace(transposed(entry, span), axes="v")
    return replace(entry, axes=axes if len(parts) == 2 or axes == "" else "v")


def _counts_rows(node: ast.expr) -> bool:
    """np.arange(len(y)), range(n)"""
    return isinstance(node, ast.Call) and word_of(node.func) in ("arange", "range")


def _by_ones(text: str, span: Span, base: Code) -> Hint | None:
    """np.sum(Y * S, axis=1) in place of S[np.arange(n), y]"""
    start, end = base.span
    name = next((n for n in ("Y", "Y_1", "one_hot") if re.search(rf"\b{n}\b", text) is None), "Y_one_hot")
    sentence = f"write {{}} with a matrix {name} of ones and zeros, a 1 in each row"
    return offer(sentence, span, f"np.sum({name} * {text[start:end]}, axis=1)")


def _by_one(text: str, span: Span, base: Code, name: str) -> Hint | None:
    """(y @ z) in place of z[y]"""
    sentence = f"write {{}} with a vector {name} of zeros and a single 1"
    return offer(sentence, span, f"({name} @ {text[slice(*base.span)]})")


def _is_one(node: ast.expr) -> bool:
    return not isinstance(node, ast.Slice)


def _axes_left(parts: list[ast.expr]) -> str:
    """What is left of the axes: of two, an entry takes one away; of a row it leaves what was a row."""
    one = [_is_one(p) for p in parts]
    if all(one):
        return ""
    return "m" if not any(one) and len(parts) == 2 else "r" if one[0] else "v"


def _with_new_axis(base: Code, parts: list[ast.expr], span: Span) -> Code:
    """x[:, None] is a column, x[None, :] a row."""
    whole = all(is_new(p) or is_whole(p) for p in parts)
    if base.kind == "m" or len(parts) > 2 or not whole or (len(parts) == 2 and all(is_new(p) for p in parts)):
        hint = "write it for one of the rows; the squares of all distances are cdist(X, Y)**2"
        raise Fault("an array has two axes here, 0 and 1", span, hint)
    return with_axis(base, 1 if len(parts) == 2 and is_new(parts[1]) else 0, span)


def with_axis(base: Code, axis: int, span: Span) -> Code:
    """A vector as a column (1, -1) or as a row (0)."""
    if base.kind == "m":
        raise Fault("an array has two axes here, 0 and 1", span, "write it for one of the rows")
    if base.kind in ("c", "r"):
        raise Fault("this array has two axes already", span)
    column = replace(base, axes="c", value=None)
    return column if axis in (1, -1) else replace(transposed(base, span), axes="r")


def _index(node: ast.expr, place: Place) -> str:
    """An index from 0 as one from 1, one below 0 from the end; a slice ends before its end."""
    if isinstance(node, ast.Slice):
        return _slice(node, place)
    number = is_integer(node)
    if number is None:
        raise Fault("an index is a number here", place(node), "write the number, as A[0]")
    return str(number + 1) if number >= 0 else _before_end(-number - 1)


def _before_end(steps: int) -> str:
    return f"end - {steps}" if steps else "end"


def _slice(node: ast.Slice, place: Place) -> str:
    if is_whole(node):
        return ":"
    if node.step is not None and is_integer(node.step) != 1:
        hint = "write J @ x with a matrix J of ones and zeros that takes these entries"
        raise Fault("a slice has no steps here", place(node), hint)
    first = "1" if node.lower is None else _bound(node.lower, 1, place)
    last = "end" if node.upper is None else _bound(node.upper, 0, place)
    if first.isdigit() and last.isdigit() and int(first) > int(last):
        raise Fault("this slice is empty", place(node))
    return f"{first}:{last}"


def _bound(node: ast.expr, shift: int, place: Place) -> str:
    """Where a slice begins or ends: a number, or a size and a number more or less, as n - 1."""
    number = is_integer(node)
    if number is not None:
        return str(number + shift) if number >= 0 else _before_end(-number - shift)
    match node:
        case ast.Name(id=name):
            return f"{name} + 1" if shift else name
        case ast.BinOp(left=ast.Name(id=name), op=ast.Add() | ast.Sub() as op, right=right):
            steps = is_integer(right)
            if steps is not None:
                steps = shift + (steps if isinstance(op, ast.Add) else -steps)
                return f"{name} {'+' if steps > 0 else '-'} {abs(steps)}" if steps else name
    raise Fault("a slice has numbers and sizes here", place(node), "write x[1:n] or x[0:n-1]")
