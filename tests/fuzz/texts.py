"""What is printed is read back, and means the same."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

import matcalc as mc
from matcalc.checking.values.evaluate import evaluate
from matcalc.errors import ShapeError
from matcalc.expr import Node
from matcalc.language import parse
from matcalc.printing import latex, text
from matcalc.printing.formats import unicode
from tests.fuzz.compare import Fault, Point, close
from tests.fuzz.draw import Case

__all__ = ["compared"]

FORMATS = {"text": text, "Unicode": unicode, "LaTeX": latex}


def compared(f: mc.Expr, case: Case, point: Point) -> Fault | None:
    """The function and each form of its first derivative in plain text, Unicode and LaTeX."""
    reading = point.answer(f, case.wrt[:1]).reading
    directions = {d: point.rng.standard_normal(point.values[case.wrt[0]].shape) for d in reading.directions}
    names = {f"d{case.wrt[0]}": d for d in directions}
    for what, node in _shown(f, reading):
        wanted = evaluate(node, point.values, point.sizes, directions)
        if not np.all(np.isfinite(wanted)):
            continue  # a singular point, at which the same form has another value
        for form, written in FORMATS.items():
            shown = written(node)
            if r"\text{where }" in shown:
                continue  # an equation with abbreviations is no expression
            try:
                read = parse(shown, f.declarations, shape=node.shape, names=names)
            except ShapeError as error:
                if "not determined" in str(error):
                    continue  # the size of an I is known by a product of sizes only
                raise
            if not read.declarations.keys() <= f.declarations.keys():
                continue  # a size that no variable has, as the k of mean(e(2, k)) = 1 / k, is read as a number
            found = evaluate(read.node, point.values, point.sizes, directions)
            if found.shape != wanted.shape or not close(np.asarray(found), np.asarray(wanted), 0.0):
                return Fault(f"{form} of the {what} means something else", f"{shown}: {found} instead of {wanted}")
    return None


def _shown(f: mc.Expr, reading: object) -> Iterator[tuple[str, Node]]:
    yield "function", f.node
    yield "first derivative", reading.operator  # type: ignore[attr-defined]
    if reading.directions and reading.matrix is not None:  # type: ignore[attr-defined]
        yield "vec form", reading.matrix  # type: ignore[attr-defined]
