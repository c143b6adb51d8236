"""Circular and hyperbolic functions and their inverses, entry by entry."""

from __future__ import annotations

from math import asinh, pi

from matcalc.functions.coefficients import of_arc, of_area, of_root, of_wave
from matcalc.functions.making import PAIR, REALS, always, bends, entrywise, macro
from matcalc.functions.properties import (
    ABOVE_0,
    AT_LEAST_0,
    NONZERO,
    Above,
    AtLeast,
    Below,
    Inside,
    Interval,
    Said,
    Within,
    needs,
)
from matcalc.functions.spelling import PLANNED, Spelling, same
from matcalc.functions.table import Function, register

__all__: list[str] = []

# fmt: off
entrywise("sin", "sine", "cos(x)", "DLMF 4.20.1",
          range=Within(-1, 1), series=of_wave(-1, 1), at_zero="0", parity="odd", inverse="asin", reciprocal="csc", monotone=((Within(-pi / 2, pi / 2), "increasing"),),
          curvature=((Within(-pi, 0), "convex"), (Within(0, pi), "concave")), spelled=same("sin", "never"), sympy="sin", latex=r"\sin")
entrywise("cos", "cosine", "-sin(x)", "DLMF 4.20.2",
          range=Within(-1, 1), series=of_wave(-1, 0), at_zero="1", parity="even", inverse="acos", reciprocal="sec", monotone=((Within(-pi, 0), "increasing"), (Within(0, pi), "decreasing")),
          curvature=((Within(-pi / 2, pi / 2), "concave"),), spelled=same("cos", "never"), sympy="cos", latex=r"\cos")
entrywise("tan", "tangent", "1 + tan(x)^2", "DLMF 4.20.3", remark="poles at π/2 + k π, which are no floating-point numbers", poles=True,
          range=REALS, at_zero="0", parity="odd", inverse="atan", reciprocal="cot", monotone=((Inside(-pi / 2, pi / 2), "increasing"),),
          curvature=((Interval(-pi / 2, 0, with_high=True), "concave"), (Interval(0, pi / 2, with_low=True), "convex")),
          spelled=same("tan", "never"), sympy="tan", latex=r"\tan")
entrywise("asin", "inverse sine", "1 / (1 - x^2)^(1/2)", "DLMF 4.24.7", domain=Within(-1, 1), condition=Inside(-1, 1), aliases=("arcsin",),
          range=Within(-pi / 2, pi / 2), series=of_root(1), at_zero="0", parity="odd", inverse="none", monotone=always("increasing"), curvature=bends("concave", 0, "convex"),
          spelled=same("asin", numpy="arcsin"), sympy="asin", latex=r"\arcsin")
entrywise("acos", "inverse cosine", "-1 / (1 - x^2)^(1/2)", "DLMF 4.24.8", domain=Within(-1, 1), condition=Inside(-1, 1), aliases=("arccos",),
          range=Within(0, pi), at_zero="pi / 2", parity="neither", inverse="none", monotone=always("decreasing"), curvature=bends("convex", 0, "concave"),
          spelled=same("acos", numpy="arccos"), sympy="acos", latex=r"\arccos")
entrywise("atan", "inverse tangent", "1 / (1 + x^2)", "DLMF 4.24.9", aliases=("arctan",),
          range=Inside(-pi / 2, pi / 2), series=of_arc, at_zero="0", parity="odd", inverse="none", monotone=always("increasing"), curvature=bends("convex", 0, "concave"),
          spelled=same("atan", "never", numpy="arctan"), sympy="atan", latex=r"\arctan")
register(Function("atan2", PAIR, ("y", "x"), "elementwise", "the angle of the point (x, y), between -π and π",
                  derivatives=("x / (x^2 + y^2)", "-y / (x^2 + y^2)"), condition=needs(Said("{0} != 0 or {1} > 0"), "y", "x"),
                  domain=needs(Said("{0} and {1} are not both 0"), "y", "x"), aliases=("arctan2",), reference="DLMF 4.23.39",
                  range=Within(-pi, pi), monotone={"y": (), "x": ()}, curvature={"y": (), "x": ()}, jointly="neither", continuous=False,
                  spelled=Spelling("{xp}.atan2({0}, {1})", "atan~({0}, {1})", "atan2({0}, {1})", numpy="np.arctan2({0}, {1})", torch="_of_pairs(torch.atan2, {0}, {1})"),
                  sympy="atan2", latex=r"\operatorname{atan2}"))
entrywise("sinh", "hyperbolic sine", "cosh(x)", "DLMF 4.34.1",
          range=REALS, series=of_wave(1, 1), at_zero="0", parity="odd", inverse="asinh", reciprocal="csch", monotone=always("increasing"), curvature=bends("concave", 0, "convex"), logarithm=((ABOVE_0, "concave"),),
          spelled=same("sinh"), sympy="sinh", latex=r"\sinh")
entrywise("cosh", "hyperbolic cosine", "sinh(x)", "DLMF 4.34.2",
          range=AtLeast(1), series=of_wave(1, 0), at_zero="1", parity="even", inverse="acosh", reciprocal="sech", monotone=bends("decreasing", 0, "increasing"), curvature=always("convex"), logarithm=always("convex"),
          spelled=same("cosh"), sympy="cosh", latex=r"\cosh")
entrywise("tanh", "hyperbolic tangent", "1 - tanh(x)^2", "DLMF 4.34.3",
          range=Inside(-1, 1), at_zero="0", parity="odd", inverse="atanh", reciprocal="coth", monotone=always("increasing"), curvature=bends("convex", 0, "concave"),
          spelled=same("tanh", "never"), sympy="tanh", latex=r"\tanh")
entrywise("asinh", "inverse hyperbolic sine", "1 / (1 + x^2)^(1/2)", "DLMF 4.38.9", aliases=("arcsinh",),
          range=REALS, series=of_root(-1), at_zero="0", parity="odd", inverse="sinh", monotone=always("increasing"), curvature=bends("convex", 0, "concave"),
          spelled=same("asinh", "never", numpy="arcsinh"), sympy="asinh")
entrywise("acosh", "inverse hyperbolic cosine", "1 / (x^2 - 1)^(1/2)", "DLMF 4.38.10", domain=AtLeast(1), condition=Above(1), aliases=("arccosh",),
          range=AT_LEAST_0, at_zero="undefined", parity="neither", inverse="none", monotone=always("increasing"), curvature=always("concave"),
          spelled=same("acosh", numpy="arccosh"), sympy="acosh")
entrywise("atanh", "inverse hyperbolic tangent", "1 / (1 - x^2)", "DLMF 4.38.11", domain=Inside(-1, 1), condition=Inside(-1, 1), aliases=("arctanh",),
          range=REALS, series=of_area, at_zero="0", parity="odd", inverse="tanh", monotone=always("increasing"), curvature=bends("concave", 0, "convex"),
          spelled=same("atanh", numpy="arctanh"), sympy="atanh")
entrywise("logcosh", "log(cosh(x)), for large x, too", "tanh(x)", "DLMF 4.34.2", aliases=("log_cosh",),
          range=AT_LEAST_0, at_zero="0", parity="even", inverse="none", monotone=bends("decreasing", 0, "increasing"), curvature=always("convex"),
          spelled=PLANNED, sympy="log(cosh(x))")
macro("sec", "secant, 1 / cos(x)", "1 ./ cos(x)", "DLMF 4.14.6", remark="poles at π/2 + k π, which are no floating-point numbers", poles=True,
      range=REALS, at_zero="1", parity="even", inverse="none",
      monotone=((Interval(-pi / 2, 0, with_high=True), "decreasing"), (Interval(0, pi / 2, with_low=True), "increasing")), curvature=((Inside(-pi / 2, pi / 2), "convex"),))
macro("csc", "cosecant, 1 / sin(x)", "1 ./ sin(x)", "DLMF 4.14.5", domain=NONZERO, remark="further poles at k π, which are no floating-point numbers", poles=True,
      range=REALS, at_zero="undefined", parity="odd", inverse="none",
      monotone=((Interval(-pi / 2, 0, with_low=True), "decreasing"), (Interval(0, pi / 2, with_high=True), "decreasing")), curvature=((Inside(-pi, 0), "concave"), (Inside(0, pi), "convex")))
macro("cot", "cotangent, cos(x) / sin(x)", "cos(x) ./ sin(x)", "DLMF 4.14.7", domain=NONZERO, remark="further poles at k π, which are no floating-point numbers", poles=True,
      range=REALS, at_zero="undefined", parity="odd", inverse="none",
      monotone=((Inside(-pi, 0), "decreasing"), (Inside(0, pi), "decreasing")), curvature=((Interval(-pi / 2, 0, with_low=True), "concave"), (Interval(0, pi / 2, with_high=True), "convex")))
macro("sech", "hyperbolic secant, 1 / cosh(x)", "1 ./ cosh(x)", "DLMF 4.28.6",
      range=Interval(0, 1, with_high=True), at_zero="1", parity="even", inverse="none",
      monotone=bends("increasing", 0, "decreasing"), curvature=((Interval(high=-asinh(1), with_high=True), "convex"), (Within(-asinh(1), asinh(1)), "concave"), (AtLeast(asinh(1)), "convex")))
macro("csch", "hyperbolic cosecant, 1 / sinh(x)", "1 ./ sinh(x)", "DLMF 4.28.5", domain=NONZERO,
      range=REALS, at_zero="undefined", parity="odd", inverse="none",
      monotone=((Below(0), "decreasing"), (Above(0), "decreasing")), curvature=((Below(0), "concave"), (Above(0), "convex")))
macro("coth", "hyperbolic cotangent, 1 / tanh(x)", "1 ./ tanh(x)", "DLMF 4.28.7", domain=NONZERO,
      range=REALS, at_zero="undefined", parity="odd", inverse="none",
      monotone=((Below(0), "decreasing"), (Above(0), "decreasing")), curvature=((Below(0), "concave"), (Above(0), "convex")))
# fmt: on
