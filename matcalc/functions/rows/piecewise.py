"""Functions in pieces, entry by entry: absolute values, the larger of two, rounding, relations, choices."""

from __future__ import annotations

from fractions import Fraction

from matcalc.functions.making import PAIR, REALS, always, bends, entrywise, operator_name
from matcalc.functions.properties import (
    ABOVE_0,
    AT_LEAST_0,
    NONZERO,
    UNEQUAL,
    Below,
    Need,
    Off,
    Said,
    Unique,
    Within,
    needs,
)
from matcalc.functions.spelling import PLANNED, Spelling, same
from matcalc.functions.table import Function, register

__all__: list[str] = []

#: Any of the three may be a number beside arrays; the first signature tells their shape.
CHOICE = ("(m, n), (m, n), (m, n) -> (m, n)",)
FLAT = ((Below(0), "affine"), (ABOVE_0, "affine"))

# fmt: off
entrywise("abs", "absolute value", "sign(x)", "subgradient calculus", condition=NONZERO, analytic=False,
          range=AT_LEAST_0, at_zero="0", parity="even", inverse="none", monotone=bends("decreasing", 0, "increasing"), curvature=always("convex"),
          spelled=same("abs", "never")._replace(number="abs({0})"), sympy="Abs")
entrywise("sign", "sign: -1, 0 or 1", "0", "piecewise constant", condition=NONZERO, analytic=False, continuous=False, aliases=("sgn",),
          range=Within(-1, 1), at_zero="0", parity="odd", inverse="none", monotone=always("nondecreasing"), curvature=FLAT,
          spelled=same("sign")._replace(number=""), sympy="sign")
entrywise("relu", "max(x, 0)", "step(x)", "Nair & Hinton 2010", condition=NONZERO, analytic=False,
          range=AT_LEAST_0, at_zero="0", parity="neither", inverse="none", monotone=always("nondecreasing"), curvature=always("convex"),
          spelled=Spelling("{xp}.clip({0}, min=0.0)", "max~({0}, 0)", "max({0}, 0)", "np.maximum({0}, 0)", "", "jnp.maximum({0}, 0)", "torch.clamp({0}, min=0)", "max({0}, 0)", "never"),
          sympy="Max(0, x)")
entrywise("step", "1 where x > 0, else 0", "0", "piecewise constant", condition=NONZERO, analytic=False, continuous=False, aliases=("heaviside",),
          range=Within(0, 1), at_zero="0", parity="neither", inverse="none", monotone=always("nondecreasing"), curvature=FLAT,
          spelled=PLANNED, sympy="Heaviside(x, 0)")
entrywise("floor", "the largest whole number that is not larger", "0", "piecewise constant", condition=Off(also="both"), analytic=False, continuous=False,
          range=REALS, at_zero="0", parity="neither", inverse="none", monotone=always("nondecreasing"), curvature=(),
          spelled=same("floor")._replace(number=""), sympy="floor")
entrywise("ceil", "the smallest whole number that is not smaller", "0", "piecewise constant", condition=Off(also="both"), analytic=False, continuous=False,
          aliases=("ceiling",), range=REALS, at_zero="0", parity="neither", inverse="none", monotone=always("nondecreasing"), curvature=(),
          spelled=same("ceil")._replace(number=""), sympy="ceiling")
entrywise("round", "the nearest whole number, of two the even one", "0", "piecewise constant", condition=Off(Fraction(1, 2), "both"),
          analytic=False, continuous=False, range=REALS, at_zero="0", parity="odd", inverse="none", monotone=always("nondecreasing"), curvature=(),
          spelled=same("round")._replace(matlab="round_even({0})", number=""), sympy="floor(x + 1/2) - Piecewise((1, Eq(Mod(x, 2), 1/2)), (0, True))")
for _name, _which, _word, _shape in (("max", "largest", "larger", "convex"), ("min", "smallest", "smaller", "concave")):
    _greater, _less = ("step(a - b)", "step(b - a)")[:: 1 if _name == "max" else -1]
    register(Function(_name, (*PAIR, "(m, n) -> (1, 1)"), ("a", "b"), "elementwise", f"the {_word} of two entries; the {_which} entry",
                      derivatives=(_greater, _less), derivatives_of_equals=(_greater, f"1 - {_greater}"), differential=(f"tr(arg{_name}(a)^T da)",),
                      condition=(Need(UNEQUAL, ("a", "b")), Need(Unique(_which, "entry"), ("a",), alone=True)), aliases=(f"{_name}imum",),
                      reference="subgradient calculus", range=REALS, exchangeable=True, idempotent=True,
                      monotone={p: always("nondecreasing") for p in "ab"}, curvature={p: always(_shape) for p in "ab"}, jointly=_shape,
                      analytic=False, continuous=True,
                      spelled=Spelling(f"{{xp}}.{_name}imum({{0}}, {{1}})", f"{_name}~({{0}}, {{1}})", f"{_name}({{0}}, {{1}})",
                                       torch=f"_{_word}({{0}}, {{1}})", number=f"{_name}({{0}}, {{1}})", raises="never"),
                      sympy=_name.capitalize(), latex=rf"\{_name}"))
register(Function("huber", ("(m, n), (1, 1) -> (m, n)",), ("x", "c"), "elementwise", "x^2/2 where |x| <= c, else c (|x| - c/2)",
                  derivatives=("min(max(x, -c), c)", "max(abs(x) - c, 0)"), condition=needs(Said("|{0}| != {1}"), "x", "c"), domain=needs(ABOVE_0, "c"),
                  reference="Huber 1964", range=AT_LEAST_0, monotone={"x": bends("decreasing", 0, "increasing"), "c": always("nondecreasing")},
                  curvature={"x": always("convex"), "c": always("concave")}, jointly="neither", analytic=False, continuous=True,
                  spelled=PLANNED, sympy="Piecewise((x**2 / 2, Abs(x) <= c), (c * (Abs(x) - c / 2), True))", latex=operator_name("huber")))
for _name, _sign, _words, _sympy in (("greater", ">", "is larger than", "a > b"), ("at_least", ">=", "is at least", "a >= b"),
                                     ("equals", "==", "equals", "Eq(a, b)"), ("differs", "!=", "differs from", "Ne(a, b)")):
    _ordered = _name in ("greater", "at_least")
    register(Function(_name, PAIR, ("a", "b"), "elementwise", f"(a {_sign} b): 1 where a {_words} b, else 0",
                      derivatives=("0", "0"), condition=needs(UNEQUAL, "a", "b"), reference="piecewise constant", range=Within(0, 1),
                      monotone={"a": always("nondecreasing") if _ordered else (), "b": always("nonincreasing") if _ordered else ()},
                      curvature={"a": (), "b": ()}, jointly="neither", exchangeable=not _ordered, analytic=False, continuous=False,
                      spelled=PLANNED, sympy=f"Piecewise((1, {_sympy}), (0, True))", latex=operator_name(_name)))
register(Function("where", CHOICE, ("c", "a", "b"), "elementwise", "a where c holds, or is not 0, else b",
                  derivatives=("0", "where(c, 1, 0)", "where(c, 0, 1)"), condition=needs(Said("{0} does not change"), "c"),
                  reference="piecewise calculus", aliases=("ifelse",), range=REALS, monotone={"c": (), "a": always("nondecreasing"), "b": always("nondecreasing")},
                  curvature={"c": (), "a": always("affine"), "b": always("affine")}, jointly="neither", analytic=False, continuous=False,
                  spelled=PLANNED, sympy="Piecewise((a, condition(c)), (b, True))", latex=operator_name("where")))
# fmt: on
