"""The error function, the gamma function, and their relatives, entry by entry."""

from __future__ import annotations

from fractions import Fraction

from matcalc.functions.coefficients import of_erf
from matcalc.functions.making import PAIR, REALS, always, bends, entrywise, macro
from matcalc.functions.properties import ABOVE_0, NO_POLE, Above, AtLeast, Below, Inside, Interval, Off, Said, needs
from matcalc.functions.spelling import PLANNED, Spelling
from matcalc.functions.table import Function, Pieces, register

__all__: list[str] = []

#: Γ is smallest here on the positive numbers, and has this value there.
PLACE, LEAST, LOG_LEAST = 1.4616321449683623, 0.8856031944108886, -0.12148629053584961


def _valley(start: float) -> Pieces:
    """Down and up again behind the last pole."""
    return (Interval(start, start + PLACE, with_high=True), "decreasing"), (AtLeast(start + PLACE), "increasing")


# fmt: off
entrywise("erf", "error function", "2 / pi^(1/2) * exp(-x^2)", "DLMF 7.2.1",
          range=Inside(-1, 1), series=of_erf, at_zero="0", parity="odd", inverse="erfinv", monotone=always("increasing"), curvature=bends("convex", 0, "concave"),
          spelled=Spelling("", "SpecialFunctions.erf~({0})", "erf({0})", "_erf({0})", "_erf({0}, xp)", "jax.scipy.special.erf({0})", "torch.erf({0})", "math.erf({0})", "never"),
          sympy="erf")
entrywise("erfc", "1 - erf(x)", "-2 / pi^(1/2) * exp(-x^2)", "DLMF 7.2.2",
          range=Inside(0, 2), at_zero="1", parity="neither", inverse="none", monotone=always("decreasing"), curvature=bends("concave", 0, "convex"), logarithm=always("concave"),
          spelled=Spelling("", "SpecialFunctions.erfc~({0})", "erfc({0})", "_erfc({0})", "_erfc({0}, xp)", "jax.scipy.special.erfc({0})", "torch.erfc({0})", "math.erfc({0})", "never"),
          sympy="erfc")
entrywise("erfinv", "inverse of erf", "pi^(1/2) / 2 * exp(erfinv(x)^2)", "DLMF 7.17.1", domain=Inside(-1, 1), condition=Inside(-1, 1),
          range=REALS, at_zero="0", parity="odd", inverse="erf", monotone=always("increasing"), curvature=bends("concave", 0, "convex"),
          spelled=Spelling("_erfinv({0}{also})", "SpecialFunctions.erfinv~({0})", "erfinv({0})", 'kernels.entrywise("erfinv", {0})', "", "jax.scipy.special.erfinv({0})", "torch.erfinv({0})"),
          sympy="erfinv")
entrywise("log_ndtr", "log of the normal distribution function, log(erfc(-x / 2^(1/2)) / 2)", "inverse_mills(x)", "DLMF 7.2.2",
          range=Below(0), at_zero="-log(2)", parity="neither", inverse="none", monotone=always("increasing"), curvature=always("concave"),
          spelled=PLANNED, sympy="log(erfc(-x / sqrt(2)) / 2)")
entrywise("inverse_mills", "φ(x) / Φ(x), the derivative of log_ndtr", "-inverse_mills(x) * (x + inverse_mills(x))", "DLMF 7.8",
          range=ABOVE_0, at_zero="(2 / pi)^(1/2)", parity="neither", inverse="none", monotone=always("decreasing"), curvature=always("convex"),
          spelled=PLANNED, sympy="sqrt(2 / pi) * exp(-(x**2) / 2) / erfc(-x / sqrt(2))")
entrywise("lgamma", "log |Γ(x)|", "digamma(x)", "DLMF 5.2.2", condition=NO_POLE, domain=NO_POLE, aliases=("gammaln", "loggamma"),
          range=REALS, at_zero="undefined", parity="neither", inverse="none", monotone=_valley(0), curvature=((ABOVE_0, "convex"),),
          gives=((ABOVE_0, AtLeast(LOG_LEAST)),),
          spelled=Spelling("", "log_gamma~({0})", "log_gamma({0})", "_lgamma({0})", "_lgamma({0}, xp)", "jax.scipy.special.gammaln({0})", "torch.lgamma({0})", "math.lgamma({0})", "unless positive"),
          sympy="loggamma", latex=r"\log\Gamma")
entrywise("gamma", "Γ(x), for whole numbers (x - 1)!", "gamma(x) * digamma(x)", "DLMF 5.2.2", condition=NO_POLE, domain=NO_POLE, aliases=("Gamma",),
          range=REALS, at_zero="undefined", parity="neither", inverse="none", monotone=_valley(0), curvature=((ABOVE_0, "convex"),), logarithm=((ABOVE_0, "convex"),),
          gives=((ABOVE_0, AtLeast(LEAST)),),
          spelled=Spelling("_gamma({0})", "SpecialFunctions.gamma~({0})", "gamma({0})", array_api="_gamma({0}, xp)", number="math.gamma({0})"),
          sympy="gamma", latex=r"\Gamma")
entrywise("digamma", "derivative of lgamma", "trigamma(x)", "DLMF 5.2.2", condition=NO_POLE, domain=NO_POLE, aliases=("psi0",),
          range=REALS, at_zero="undefined", parity="neither", inverse="none", monotone=((ABOVE_0, "increasing"),), curvature=((ABOVE_0, "concave"),),
          spelled=Spelling("", "SpecialFunctions.digamma~({0})", "polygamma(0, {0})", 'kernels.entrywise("digamma", {0})', "_polygamma(0, {0}, xp)", "jax.scipy.special.digamma({0})", "torch.digamma({0})"),
          sympy="digamma")
entrywise("trigamma", "derivative of digamma", "polygamma(2, x)", "DLMF 5.15.1", condition=NO_POLE, domain=NO_POLE,
          range=ABOVE_0, at_zero="undefined", parity="neither", inverse="none", monotone=((ABOVE_0, "decreasing"),), curvature=((ABOVE_0, "convex"),),
          spelled=Spelling("_polygamma(1, {0})", "SpecialFunctions.trigamma~({0})", "polygamma(1, {0})", 'kernels.entrywise("trigamma", {0})', "_polygamma(1, {0}, xp)"),
          sympy="polygamma(1, x)")
register(Function("polygamma", ("(1, 1), (m, n) -> (m, n)",), ("k", "x"), "elementwise", "k-th derivative of digamma",
                  derivatives=("undefined", "polygamma(k + 1, x)"), condition=needs(ABOVE_0, "x"),
                  domain=needs(Said("{0} = 0, 1, 2, …; {1} not in 0, -1, -2, …"), "k", "x"), reference="DLMF 5.15.1",
                  range=REALS, at_zero="undefined", monotone={"k": (), "x": ()}, curvature={"k": (), "x": ()}, jointly="neither", continuous=True,
                  spelled=Spelling("_polygamma({0}, {1})", "SpecialFunctions.polygamma~({0}, {1})", "polygamma({0}, {1})",
                                   'kernels.entrywise("polygamma", {0}, {1})', "_polygamma({0}, {1}, xp)"),
                  sympy="polygamma", latex=r"\operatorname{polygamma}"))
register(Function("beta", PAIR, ("a", "b"), "elementwise", "Γ(a) Γ(b) / Γ(a + b)",
                  derivatives=("beta(a, b) * (digamma(a) - digamma(a + b))", "beta(a, b) * (digamma(b) - digamma(a + b))"),
                  condition=needs(ABOVE_0, "a", "b"), domain=needs(ABOVE_0, "a", "b"), aliases=("Beta",), reference="DLMF 5.12.1",
                  range=REALS, gives=((ABOVE_0, ABOVE_0),), exchangeable=True, monotone={p: always("decreasing") for p in "ab"},
                  curvature={p: always("convex") for p in "ab"}, jointly="convex", continuous=True, spelled=PLANNED, sympy="beta", latex=r"\mathrm{B}"))
macro("factorial", "x! = Γ(x + 1), as n!", "gamma(x + 1)", "DLMF 5.4.1", domain=Off(Fraction(-1), "below"),
      range=REALS, at_zero="1", parity="neither", inverse="none", monotone=_valley(-1), curvature=((Above(-1), "convex"),))
# fmt: on
