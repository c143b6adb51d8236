"""Sums and the like of MATLAB, Julia and R, where arrays have two axes and these are counted from 1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from matcalc.errors import Span
from matcalc.language.foreign.code import Code, Fault, plain
from matcalc.language.foreign.common.axes import deviation, reduced, variance
from matcalc.language.foreign.common.functions import Handler

__all__ = ["along", "deviated", "spread_out"]


def along(name: str, code: Code, axis: str | None, span: Span) -> Code:
    """A reduction of all entries, or along the columns ("1") or the rows ("2")."""
    if axis is not None and axis not in ("1", "2"):
        raise Fault("an array has two axes here, 1 and 2", span)
    as_matrix = code if axis is None or code.kind in ("m", "c", "r") else replace(code, axes="m")
    return reduced(name, as_matrix, None if axis is None else int(axis) - 1, span, kept=True)


def spread_out(code: Code, axis: str | None, span: Span, *, root: bool = False) -> Code:
    """The variance with the number of entries less one below, or its root."""
    made = deviation if root else variance
    return made(code, None if axis is None else int(axis) - 1, plain("1", span, literal=True), span, kept=True)


def deviated(*, root: bool) -> Handler:
    """var(x), std(x) of all entries."""

    def build(arguments: Sequence[Code], span: Span) -> Code:
        if len(arguments) != 1:
            raise Fault("the variance is known of one array here", span, "write mean((x - mean(x)).^2)")
        return spread_out(arguments[0], None, span, root=root)

    return build
