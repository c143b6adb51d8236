"""Norms, as abbreviations of smooth and elementwise functions wherever that is possible."""

from __future__ import annotations

from matcalc.functions.making import always
from matcalc.functions.properties import AT_LEAST_0, NONZERO, SOMEWHERE, AtLeast, Said, Unique, Within, needs
from matcalc.functions.table import Function, register

__all__: list[str] = []

SCALAR = ("(m, n) -> (1, 1)",)

# fmt: off
register(Function("norm1", SCALAR, ("x",), "macro", "sum of the absolute entries", definition=("sum(abs(x))",),
                  condition=needs(NONZERO, "x"), reference="Horn & Johnson 5.6",
                  range=AT_LEAST_0, degree=(("x", "1"),), monotone={"x": ((AT_LEAST_0, "increasing"),)}, curvature={"x": always("convex")}, continuous=True,
                  bars="1"))
register(Function("norm2", SCALAR, ("x",), "macro", "Euclidean, for a matrix Frobenius norm", definition=("tr(x^T x)^(1/2)",),
                  condition=needs(SOMEWHERE, "x"), aliases=("norm_F", "norm_fro"), reference="Horn & Johnson 5.6",
                  range=AT_LEAST_0, degree=(("x", "1"),), monotone={"x": ((AT_LEAST_0, "increasing"),)}, curvature={"x": always("convex")}, continuous=True,
                  bars=""))
register(Function("norm", ("(m, n) -> (1, 1)", "(m, n), (1, 1) -> (1, 1)"), ("x", "p"), "macro", "entrywise p-norm; Euclidean without p",
                  definition=("tr(x^T x)^(1/2)", "sum(abs(x).^p)^(1/p)"), domain=needs(AtLeast(1), "p"), condition=needs(SOMEWHERE, "x"), reference="Horn & Johnson 5.6",
                  range=AT_LEAST_0, degree=(("x", "1"),), monotone={"x": ((AT_LEAST_0, "increasing"),)}, curvature={"x": always("convex")}, continuous=True))
register(Function("norm_inf", SCALAR, ("x",), "macro", "largest absolute entry", definition=("max(abs(x))",),
                  condition=needs(Unique("largest", "entry"), "abs(x)"), reference="Horn & Johnson 5.6",
                  range=AT_LEAST_0, degree=(("x", "1"),), monotone={"x": ((AT_LEAST_0, "nondecreasing"),)}, curvature={"x": always("convex")}, continuous=True,
                  bars="inf"))
for _way, _axis, _shape in (("column", 1, "(1, n)"), ("row", 2, "(m, 1)")):
    register(Function(f"{_way}_norm", (f"(m, n) -> {_shape}", f"(m, n), (1, 1) -> {_shape}"), ("X", "p"), "macro", f"norm of each {_way}",
                      definition=(f"sum(X.^2, {_axis}).^(1/2)", f"sum(abs(X).^p, {_axis}).^(1/p)"), domain=needs(AtLeast(1), "p"),
                      condition=needs(Said(f"no {_way} of {{0}} is 0"), "X"), reference="Horn & Johnson 5.6",
                      range=AT_LEAST_0, degree=(("X", "1"),), monotone={"X": ((AT_LEAST_0, "nondecreasing"),)}, curvature={"X": always("convex")}, continuous=True))
register(Function("normalize", ("(m, n) -> (m, n)",), ("x",), "macro", "x / ||x||", definition=("x / tr(x^T x)^(1/2)",),
                  condition=needs(SOMEWHERE, "x"), reference="definition",
                  range=Within(-1, 1), degree=(("x", "0"),), continuous=False))
# fmt: on
