"""R's crossprod and what is recycled beside it: products of columns that are 1 x 1 there, and numbers here."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from matcalc.errors import Span
from matcalc.language.foreign.code import Code, Fault, infix
from matcalc.language.foreign.common.functions import Handler, transposed
from matcalc.language.foreign.common.names.naming import face_of
from matcalc.language.foreign.common.shared import has_known_axes, is_defined, is_vector_name, rank_shown
from matcalc.language.foreign.common.spreading import operated
from matcalc.language.mends.hints import declare
from matcalc.records import dataclass

__all__ = ["crossed", "over", "times"]


@dataclass(frozen=True)
class _Squared:
    """crossprod of a name that may be that of a vector or of a matrix."""

    name: str


def crossed(*, first: bool) -> Handler:
    """crossprod(X, Y) = X^T Y, tcrossprod(X, Y) = X Y^T"""

    def build(arguments: Sequence[Code], span: Span) -> Code:
        x, y = (*arguments, arguments[0])[:2]
        left, right = (transposed(x, span), y) if first else (x, transposed(y, span))
        is_square = first and len(arguments) == 1 and is_vector_name(x) and not has_known_axes(x)
        return replace(infix(left, "*", right), value=_Squared(x.text) if is_square else None)

    return build


def times(left: Code, right: Code) -> Code:
    """A product of the entries: an array stands rather beside a matrix than beside a number of the form x^T x."""
    for code, other in ((left, right), (right, left)):
        if isinstance(code.value, _Squared) and is_vector_name(other):
            raise _unclear(code, code.value.name, other.text)
    return operated(_recycled(left, right), "*", _recycled(right, left))


def over(left: Code, right: Code) -> Code:
    return operated(left, "/", _recycled(right, left))


def _recycled(code: Code, beside: Code) -> Code:
    """w of X * w and X * sqrt(w), one entry for each row: R repeats a vector along the columns."""
    letter = re.fullmatch(r"(?:(?:sqrt|exp|log|abs)\()?([^\W\d]\w*)\)?", code.text) if code.kind is None else None
    if letter is None or rank_shown(letter[1]) != 1 or face_of(letter[1]) not in ("code vector", "code word"):
        return code
    if is_defined(letter[1]) or beside.kind != "m" or not isinstance(beside.value, str):
        return code
    is_data = has_known_axes(beside) or face_of(beside.value) == "code data"
    return replace(code, axes="c") if is_data else code


def _unclear(square: Code, name: str, other: str) -> Fault:
    both = f"{name}: vector(n), {other}: scalar", f"{name}: matrix(m, n), {other}: matrix(n, n)"
    return Fault(f"{name} may be a vector or a matrix here", square.span, lambda text: declare(text, *both))
