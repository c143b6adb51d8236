"""Exponentials, logarithms, powers and the activations made of them, entry by entry: d f(X) = f'(X) ⊙ dX.

DLMF is the NIST Digital Library of Mathematical Functions.
"""

from __future__ import annotations

from matcalc.functions.coefficients import of_exp, of_expm1, of_log1p
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
    needs,
)
from matcalc.functions.spelling import PLANNED, Spelling, same
from matcalc.functions.table import Function, register

__all__: list[str] = []

#: Where x sigmoid(x) is smallest, its value there, and where it turns from convex to concave.
SILU_PLACE, SILU_LEAST, SILU_BEND = -1.2784645427610738, -0.2784645427610738, 2.3993572805154677
#: The same of x Φ(x), which turns at the square root of 2.
GELU_PLACE, GELU_LEAST, GELU_BEND = -0.7517915246935645, -0.1699712074799037, 1.4142135623730951


def _hump(bend: float) -> tuple[tuple[Interval, str], ...]:
    return (
        (Interval(high=-bend, with_high=True), "concave"),
        (Interval(-bend, bend, True, True), "convex"),
        (AtLeast(bend), "concave"),
    )


# fmt: off
entrywise("exp", "exponential", "exp(x)", "DLMF 4.7.7",
          range=ABOVE_0, series=of_exp, at_zero="1", parity="neither", inverse="log", monotone=always("increasing"), curvature=always("convex"),
          spelled=same("exp"), sympy="exp", latex=r"\exp")
entrywise("log", "natural logarithm", "1 / x", "DLMF 4.7.1", domain=ABOVE_0, condition=ABOVE_0, aliases=("ln",),
          range=REALS, at_zero="undefined", parity="neither", inverse="exp", monotone=always("increasing"), curvature=always("concave"),
          spelled=same("log", "unless positive"), sympy="log", latex=r"\log")
entrywise("log1p", "log(1 + x)", "1 / (1 + x)", "DLMF 4.7.1", domain=Above(-1), condition=Above(-1),
          range=REALS, series=of_log1p, at_zero="0", parity="neither", inverse="expm1", monotone=always("increasing"), curvature=always("concave"),
          spelled=same("log1p", "unless positive"), sympy="log(1 + x)")
entrywise("expm1", "exp(x) - 1", "exp(x)", "DLMF 4.7.7",
          range=Above(-1), series=of_expm1, at_zero="0", parity="neither", inverse="log1p", monotone=always("increasing"), curvature=always("convex"),
          spelled=same("expm1"), sympy="exp(x) - 1")
entrywise("log1mexp", "log(1 - exp(x))", "-bose(-x)", "DLMF 4.7.7", domain=Below(0), condition=Below(0),
          range=Below(0), at_zero="undefined", parity="neither", inverse="log1mexp", monotone=always("decreasing"), curvature=always("concave"),
          spelled=PLANNED, sympy="log(1 - exp(x))")
entrywise("bose", "1 / (exp(x) - 1)", "bose(x) * bose(-x)", "DLMF 25.12.11", domain=NONZERO, condition=NONZERO,
          range=REALS, at_zero="undefined", parity="neither", inverse="none",
          monotone=((Below(0), "decreasing"), (ABOVE_0, "decreasing")), curvature=((Below(0), "concave"), (ABOVE_0, "convex")), logarithm=((ABOVE_0, "convex"),),
          gives=((ABOVE_0, ABOVE_0),), spelled=PLANNED, sympy="1 / (exp(x) - 1)")
register(Function("logaddexp", PAIR, ("a", "b"), "elementwise", "log(exp(a) + exp(b))",
                  derivatives=("sigmoid(a - b)", "sigmoid(b - a)"), reference="Blanchard, Higham & Higham 2021",
                  range=REALS, monotone={"a": always("increasing"), "b": always("increasing")},
                  curvature={"a": always("convex"), "b": always("convex")}, jointly="convex",
                  exchangeable=True, typed=True, continuous=True, spelled=PLANNED, sympy="log(exp(a) + exp(b))", latex=r"\operatorname{logaddexp}"))
entrywise("cbrt", "real cube root", "1 / (3 * cbrt(x)^2)", "DLMF 4.2.26", condition=NONZERO, analytic=False, steep=True,
          range=REALS, at_zero="0", parity="odd", inverse="none", monotone=always("increasing"), curvature=bends("convex", 0, "concave"),
          spelled=Spelling("_cbrt({0}{also})", "cbrt~({0})", "nthroot({0}, 3)", numpy="np.cbrt({0})", jax="jnp.cbrt({0})", number="math.cbrt({0})", raises="never"),
          sympy="sign(x) * Abs(x)**(1/3)")
entrywise("sigmoid", "1 / (1 + exp(-x))", "sigmoid(x) * sigmoid(-x)", "DLMF 4.7.7", aliases=("logistic", "expit"),
          range=Inside(0, 1), at_zero="1/2", parity="neither", inverse="none", monotone=always("increasing"), curvature=bends("convex", 0, "concave"), logarithm=always("concave"),
          spelled=PLANNED, sympy="1 / (1 + exp(-x))")
entrywise("softplus", "log(1 + exp(x))", "sigmoid(x)", "Dugas et al. 2001",
          range=ABOVE_0, at_zero="log(2)", parity="neither", inverse="none", monotone=always("increasing"), curvature=always("convex"), logarithm=always("concave"),
          spelled=PLANNED, sympy="log(1 + exp(x))")

macro("sqrt", "square root", "x.^(1/2)", "DLMF 4.2.26", domain=AT_LEAST_0,
      range=AT_LEAST_0, at_zero="0", parity="neither", inverse="none", monotone=always("increasing"), curvature=always("concave"))
macro("log2", "logarithm to base 2", "log(x) / log(2)", "DLMF 4.2.13", domain=ABOVE_0,
      range=REALS, at_zero="undefined", parity="neither", inverse="exp2", monotone=always("increasing"), curvature=always("concave"))
macro("log10", "logarithm to base 10", "log(x) / log(10)", "DLMF 4.2.13", domain=ABOVE_0,
      range=REALS, at_zero="undefined", parity="neither", inverse="none", monotone=always("increasing"), curvature=always("concave"))
macro("exp2", "2 to the power x", "2.^x", "DLMF 4.2.26",
      range=ABOVE_0, at_zero="1", parity="neither", inverse="log2", monotone=always("increasing"), curvature=always("convex"))
macro("silu", "x sigmoid(x)", "x .* sigmoid(x)", "Elfwing et al. 2018", aliases=("swish",),
      range=AtLeast(SILU_LEAST), at_zero="0", parity="neither", inverse="none",
      monotone=bends("decreasing", SILU_PLACE, "increasing"), curvature=_hump(SILU_BEND))
macro("gelu", "x Φ(x), exact", "x .* (1 + erf(x / 2^(1/2))) / 2", "Hendrycks & Gimpel 2016",
      range=AtLeast(GELU_LEAST), at_zero="0", parity="neither", inverse="none",
      monotone=bends("decreasing", GELU_PLACE, "increasing"), curvature=_hump(GELU_BEND))
register(Function("pow", ("(m, n), (1, 1) -> (m, n)",), ("x", "p"), "macro", "entrywise power", definition=("x.^p",),
                  reference="DLMF 4.2.26", aliases=("power",), range=REALS, monotone={"x": (), "p": ()}, curvature={"x": (), "p": ()}, jointly="neither"))
register(Function("hypot", PAIR, ("a", "b"), "macro", "sqrt(a^2 + b^2), also of huge and tiny numbers", definition=("(a^2 + b^2)^(1/2)",), exchangeable=True,
                  condition=needs(Said("{0} and {1} are not both 0"), "a", "b"), reference="definition", entrywise=True,
                  range=AT_LEAST_0, monotone={p: bends("decreasing", 0, "increasing") for p in "ab"},
                  curvature={p: always("convex") for p in "ab"}, jointly="convex",
                  spelled=Spelling("{xp}.hypot({0}, {1})", "hypot~({0}, {1})", "hypot({0}, {1})", torch="_of_pairs(torch.hypot, {0}, {1})",
                                   number="math.hypot({0}, {1})")))
# fmt: on
