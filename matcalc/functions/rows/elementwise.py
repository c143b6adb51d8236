"""Elementwise functions: f(X) applies f to every entry, so d f(X) = f'(X) ⊙ dX.

DLMF is the NIST Digital Library of Mathematical Functions.
"""

from __future__ import annotations

from fractions import Fraction

from matcalc.functions.facts import (
    ABOVE_0,
    AT_LEAST_0,
    NO_POLE,
    NONZERO,
    UNEQUAL,
    Above,
    AtLeast,
    Below,
    Fact,
    Inside,
    Need,
    Off,
    Said,
    Unique,
    Within,
    needs,
)
from matcalc.functions.table import Function, register

__all__: list[str] = []

SAME = ("(m, n) -> (m, n)",)
PAIR = ("(m, n), (m, n) -> (m, n)", "(m, n), (1, 1) -> (m, n)", "(1, 1), (m, n) -> (m, n)")

#: Any of the three may be a number beside arrays; the first signature tells their shape.
CHOICE = ("(m, n), (m, n), (m, n) -> (m, n)",)


def _entrywise(
    name: str,
    derivative: str,
    reference: str,
    summary: str,
    *,
    domain: Fact | None = None,
    condition: Fact | None = None,
    aliases: tuple[str, ...] = (),
    structure: tuple[str, ...] = (),
    analytic: bool = True,
) -> None:
    register(
        Function(
            name,
            SAME,
            ("x",),
            "elementwise",
            summary,
            derivatives=(derivative,),
            domain=() if domain is None else needs(domain, "x"),
            condition=() if condition is None else needs(condition, "x"),
            aliases=aliases,
            reference=reference,
            structure=structure,
            analytic=analytic,
        )
    )


def _macro(
    name: str,
    definition: str,
    reference: str,
    summary: str,
    *,
    parameters: tuple[str, ...] = ("x",),
    signatures: tuple[str, ...] = SAME,
    domain: Fact | None = None,
    aliases: tuple[str, ...] = (),
) -> None:
    register(
        Function(
            name,
            signatures,
            parameters,
            "macro",
            summary,
            definition=(definition,),
            domain=() if domain is None else needs(domain, "x"),
            aliases=aliases,
            reference=reference,
        )
    )


# fmt: off
_entrywise("exp",      "exp(x)",                       "DLMF 4.7.7",   "exponential", structure=("positive",))
_entrywise("log",      "1 / x",                        "DLMF 4.7.1",   "natural logarithm", domain=ABOVE_0, condition=ABOVE_0, aliases=("ln",))
_entrywise("log1p",    "1 / (1 + x)",                  "DLMF 4.7.1",   "log(1 + x)", domain=Above(-1), condition=Above(-1))
_entrywise("expm1",    "exp(x)",                       "DLMF 4.7.7",   "exp(x) - 1")
_entrywise("sin",      "cos(x)",                       "DLMF 4.20.1",  "sine")
_entrywise("cos",      "-sin(x)",                      "DLMF 4.20.2",  "cosine")
_entrywise("tan",      "1 + tan(x)^2",                 "DLMF 4.20.3",  "tangent")
_entrywise("asin",     "1 / (1 - x^2)^(1/2)",          "DLMF 4.24.7",  "inverse sine", domain=Within(-1, 1), condition=Inside(-1, 1), aliases=("arcsin",))
_entrywise("acos",     "-1 / (1 - x^2)^(1/2)",         "DLMF 4.24.8",  "inverse cosine", domain=Within(-1, 1), condition=Inside(-1, 1), aliases=("arccos",))
_entrywise("atan",     "1 / (1 + x^2)",                "DLMF 4.24.9",  "inverse tangent", aliases=("arctan",))
_entrywise("sinh",     "cosh(x)",                      "DLMF 4.34.1",  "hyperbolic sine")
_entrywise("cosh",     "sinh(x)",                      "DLMF 4.34.2",  "hyperbolic cosine", structure=("positive",))
_entrywise("tanh",     "1 - tanh(x)^2",                "DLMF 4.34.3",  "hyperbolic tangent")
_entrywise("asinh",    "1 / (1 + x^2)^(1/2)",          "DLMF 4.38.9",  "inverse hyperbolic sine", aliases=("arcsinh",))
_entrywise("acosh",    "1 / (x^2 - 1)^(1/2)",          "DLMF 4.38.10", "inverse hyperbolic cosine", domain=AtLeast(1), condition=Above(1), aliases=("arccosh",))
_entrywise("atanh",    "1 / (1 - x^2)",                "DLMF 4.38.11", "inverse hyperbolic tangent", domain=Inside(-1, 1), condition=Inside(-1, 1), aliases=("arctanh",))
_entrywise("abs",      "sign(x)",                      "subgradient calculus", "absolute value", condition=NONZERO, analytic=False)
_entrywise("sign",     "0",                            "piecewise constant",   "sign: -1, 0 or 1", condition=NONZERO, analytic=False, aliases=("sgn",))
_entrywise("relu",     "step(x)",                      "Nair & Hinton 2010",   "max(x, 0)", condition=NONZERO, analytic=False)
_entrywise("step",     "0",                            "piecewise constant",   "1 where x > 0, else 0", condition=NONZERO, analytic=False, aliases=("heaviside",))
_entrywise("sigmoid",  "sigmoid(x) * sigmoid(-x)",     "DLMF 4.7.7",   "1 / (1 + exp(-x))", structure=("positive",), aliases=("logistic", "expit"))
_entrywise("softplus", "sigmoid(x)",                   "Dugas et al. 2001", "log(1 + exp(x))", structure=("positive",))
_entrywise("erf",      "2 / pi^(1/2) * exp(-x^2)",     "DLMF 7.2.1",   "error function")
_entrywise("erfc",     "-2 / pi^(1/2) * exp(-x^2)",    "DLMF 7.2.2",   "1 - erf(x)", structure=("positive",))
_entrywise("logcosh",  "tanh(x)",                      "DLMF 4.34.2",  "log(cosh(x)), for large x, too", structure=("nonnegative",), aliases=("log_cosh",))
_entrywise("log_ndtr", "inverse_mills(x)",             "DLMF 7.2.2",   "log of the normal distribution function, log(erfc(-x / 2^(1/2)) / 2)")
_entrywise("inverse_mills", "-inverse_mills(x) * (x + inverse_mills(x))", "DLMF 7.8", "φ(x) / Φ(x), the derivative of log_ndtr", structure=("positive",))
_entrywise("log1mexp", "-bose(-x)",                     "DLMF 4.7.7",   "log(1 - exp(x))", domain=Below(0), condition=Below(0))
_entrywise("bose",     "bose(x) * bose(-x)",           "DLMF 25.12.11", "1 / (exp(x) - 1)", domain=NONZERO, condition=NONZERO)
_entrywise("lgamma",   "digamma(x)",                   "DLMF 5.2.2",   "log |Γ(x)|", condition=NO_POLE, domain=NO_POLE, aliases=("gammaln", "loggamma"))
_entrywise("gamma",    "gamma(x) * digamma(x)",        "DLMF 5.2.2",   "Γ(x), for whole numbers (x - 1)!", condition=NO_POLE, domain=NO_POLE, aliases=("Gamma",))
_entrywise("digamma",  "trigamma(x)",                  "DLMF 5.2.2",   "derivative of lgamma", condition=NO_POLE, domain=NO_POLE, aliases=("psi0",))
_entrywise("trigamma", "polygamma(2, x)",              "DLMF 5.15.1",  "derivative of digamma", condition=NO_POLE, domain=NO_POLE, structure=("positive",))
_entrywise("cbrt",     "1 / (3 * cbrt(x)^2)",          "DLMF 4.2.26",  "real cube root", condition=NONZERO, analytic=False)

_entrywise("erfinv",   "pi^(1/2) / 2 * exp(erfinv(x)^2)", "DLMF 7.17.1", "inverse of erf", domain=Inside(-1, 1), condition=Inside(-1, 1))
_entrywise("floor",    "0", "piecewise constant", "the largest whole number that is not larger",  condition=Off(also="both"), analytic=False)
_entrywise("ceil",     "0", "piecewise constant", "the smallest whole number that is not smaller", condition=Off(also="both"), analytic=False, aliases=("ceiling",))
_entrywise("round",    "0", "piecewise constant", "the nearest whole number, of two the even one", condition=Off(Fraction(1, 2), "both"), analytic=False)

register(Function("atan2", PAIR, ("y", "x"), "elementwise", "the angle of the point (x, y), between -π and π",
                  derivatives=("x / (x^2 + y^2)", "-y / (x^2 + y^2)"), condition=needs(Said("{0} != 0 or {1} > 0"), "y", "x"), domain=needs(Said("{0} and {1} are not both 0"), "y", "x"), aliases=("arctan2",),
                  reference="DLMF 4.23.39"))
register(Function("hypot", PAIR, ("a", "b"), "macro", "sqrt(a^2 + b^2), also of huge and tiny numbers", definition=("(a^2 + b^2)^(1/2)",),
                  condition=needs(Said("{0} and {1} are not both 0"), "a", "b"), reference="definition", entrywise=True))
register(Function("polygamma", ("(1, 1), (m, n) -> (m, n)",), ("k", "x"), "elementwise", "k-th derivative of digamma",
                  derivatives=("undefined", "polygamma(k + 1, x)"), condition=needs(ABOVE_0, "x"), domain=needs(Said("{0} = 0, 1, 2, …; {1} not in 0, -1, -2, …"), "k", "x"),
                  reference="DLMF 5.15.1"))
register(Function("beta", PAIR, ("a", "b"), "elementwise", "Γ(a) Γ(b) / Γ(a + b)",
                  derivatives=("beta(a, b) * (digamma(a) - digamma(a + b))", "beta(a, b) * (digamma(b) - digamma(a + b))"),
                  condition=needs(ABOVE_0, "a", "b"), domain=needs(ABOVE_0, "a", "b"), aliases=("Beta",), reference="DLMF 5.12.1"))
register(Function("logaddexp", PAIR, ("a", "b"), "elementwise", "log(exp(a) + exp(b))",
                  derivatives=("sigmoid(a - b)", "sigmoid(b - a)"), reference="Blanchard, Higham & Higham 2021"))
register(Function("max", (*PAIR, "(m, n) -> (1, 1)"), ("a", "b"), "elementwise", "the larger of two entries; the largest entry",
                  derivatives=("step(a - b)", "step(b - a)"), derivatives_of_equals=("step(a - b)", "1 - step(a - b)"), differential=("tr(argmax(a)^T da)",), condition=(Need(UNEQUAL, ("a", "b")), Need(Unique("largest", "entry"), ("a",), alone=True)), aliases=("maximum",),
                  reference="subgradient calculus", analytic=False))
register(Function("min", (*PAIR, "(m, n) -> (1, 1)"), ("a", "b"), "elementwise", "the smaller of two entries; the smallest entry",
                  derivatives=("step(b - a)", "step(a - b)"), derivatives_of_equals=("step(b - a)", "1 - step(b - a)"), differential=("tr(argmin(a)^T da)",), condition=(Need(UNEQUAL, ("a", "b")), Need(Unique("smallest", "entry"), ("a",), alone=True)), aliases=("minimum",),
                  reference="subgradient calculus", analytic=False))
register(Function("huber", ("(m, n), (1, 1) -> (m, n)",), ("x", "c"), "elementwise", "x^2/2 where |x| <= c, else c (|x| - c/2)",
                  derivatives=("min(max(x, -c), c)", "max(abs(x) - c, 0)"), condition=needs(Said("|{0}| != {1}"), "x", "c"), domain=needs(ABOVE_0, "c"),
                  reference="Huber 1964", analytic=False))

for _relation, _sign, _words in (("greater", ">", "is larger than"), ("at_least", ">=", "is at least"),
                                 ("equals", "==", "equals"), ("differs", "!=", "differs from")):
    register(Function(_relation, PAIR, ("a", "b"), "elementwise", f"(a {_sign} b): 1 where a {_words} b, else 0",
                      derivatives=("0", "0"), condition=needs(UNEQUAL, "a", "b"), reference="piecewise constant", analytic=False))
register(Function("where", CHOICE, ("c", "a", "b"), "elementwise", "a where c holds, or is not 0, else b",
                  derivatives=("0", "where(c, 1, 0)", "where(c, 0, 1)"), condition=needs(Said("{0} does not change"), "c"),
                  reference="piecewise calculus", aliases=("ifelse",), analytic=False))

_macro("sqrt",   "x.^(1/2)",                                    "DLMF 4.2.26", "square root", domain=AT_LEAST_0)
_macro("log2",   "log(x) / log(2)",                             "DLMF 4.2.13", "logarithm to base 2", domain=ABOVE_0)
_macro("exp2",   "2.^x",                                        "DLMF 4.2.26", "2 to the power x")
_macro("factorial", "gamma(x + 1)",                             "DLMF 5.4.1",  "x! = Γ(x + 1), as n!", domain=Off(Fraction(-1), "below"))
_macro("log10",  "log(x) / log(10)",                            "DLMF 4.2.13", "logarithm to base 10", domain=ABOVE_0)
_macro("silu",   "x .* sigmoid(x)",                             "Elfwing et al. 2018", "x sigmoid(x)", aliases=("swish",))
_macro("gelu",   "x .* (1 + erf(x / 2^(1/2))) / 2",             "Hendrycks & Gimpel 2016", "x Φ(x), exact")
_macro("pow",    "x.^p",                                        "DLMF 4.2.26", "entrywise power", parameters=("x", "p"),
       signatures=("(m, n), (1, 1) -> (m, n)",), aliases=("power",))
# fmt: on
