"""Arrays that MATLAB, Julia, R and Mathematica make: ones, identities, brackets, columns in other axes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from matcalc.errors import Span
from matcalc.language.foreign.code import ATOM, Code, Fault, call, joined, plain
from matcalc.language.foreign.common.functions import transposed
from matcalc.language.foreign.common.shared import Count, flat, is_vector_name
from matcalc.language.foreign.common.spreading import column_of_ones, row_of_ones

__all__ = ["as_many_ones", "block", "identity", "ones", "reshaped"]


def identity(arguments: Sequence[Code], span: Span) -> Code:
    """The identity of a size; of a number of rows it is the one that fits."""
    size = arguments[0] if arguments else None
    if size is None or (size.value is not None and isinstance(size.value, str)) or size.literal:
        return replace(call("eye", [replace(a, axes="") for a in arguments[:1]], span), axes="m")
    return replace(plain("I", span), axes="m")


def as_many_ones(number: Count) -> Code:
    """As many ones as this array has entries, rows or columns."""
    if number.axis == 2:
        return transposed(row_of_ones(number.of), number.of.span)
    return column_of_ones(number.of if number.axis == 1 else replace(number.of, axes="c"))


def block(rows: Sequence[Sequence[Code]], span: Span) -> Code:
    """[a, b; c, d]"""
    pieces: list[str | Code] = ["["]
    for i, row in enumerate(rows):
        pieces.append("; " if i else "")
        pieces += [p for j, a in enumerate(row) for p in ((", ", a) if j else (a,))]
    return joined([*pieces, "]"], span, ATOM)


def reshaped(arguments: Sequence[Code], span: Span) -> Code:
    """reshape(v, m, n) fills the columns one below the other."""
    inner, rows, columns = arguments
    if not all(re.fullmatch(r"[\w\s+*()-]+", size.text) for size in (rows, columns)):
        raise Fault("both sizes are needed here", span, "write reshape(x, m, n)")
    column = inner if is_vector_name(inner) or inner.kind in ("c", "r") else flat(inner, span)
    column = transposed(column, span) if inner.kind == "r" else column
    sizes = [replace(size, axes="") for size in (rows, columns)]
    return replace(call("unvec", [column, *sizes], span), axes="m")


def ones(arguments: Sequence[Code], span: Span) -> Code:
    """ones(n, m)"""
    if len(arguments) == 2 and arguments[1].text == "1" and isinstance(arguments[0].value, Count):
        return replace(as_many_ones(arguments[0].value), axes="c")
    single = len(arguments) == 1 or arguments[-1].text == "1"
    return replace(call("ones", [replace(a, axes="") for a in arguments], span), axes="c" if single else "m")
