"""What is printed is read back, and means the same."""

from __future__ import annotations

import matcalc as mc
from matcalc.checking.evaluate import evaluate
from matcalc.language import parse
from matcalc.printing.formats import unicode
from tests.fuzz.compare import Fault, Point, close
from tests.fuzz.draw import Case

__all__ = ["compared"]


def compared(f: mc.Expr, case: Case, point: Point) -> Fault | None:
    """The function and its first derivative in plain text, Unicode and LaTeX."""
    derivative = point.answer(f, case.wrt[:1])
    shown = [("function", f)]
    if not derivative.reading.directions:
        shown.append(("first derivative", derivative.operator))
    for what, e in shown:
        wanted = evaluate(e.node, point.values, point.sizes)
        for form, text in (("text", str(e)), ("Unicode", unicode(e.node)), ("LaTeX", e.latex())):
            read = parse(text, f.declarations, shape=e.node.shape)
            found = evaluate(read.node, point.values, point.sizes)
            if found.shape != wanted.shape or not close(found, wanted, 0.0):
                return Fault(f"{form} of the {what} means something else", f"{text}: {found} instead of {wanted}")
    return None
