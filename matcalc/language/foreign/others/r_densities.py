"""Densities and distribution functions of R by their definitions: ``dnorm(x, mean, sd, log = TRUE)``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from matcalc.errors import Span
from matcalc.language.foreign.code import Code, Fault, call, infix, plain
from matcalc.language.foreign.common.formulas import DENSITIES, filled
from matcalc.language.foreign.common.functions import Handler, takes
from matcalc.language.foreign.common.shared import keyword, positional

__all__ = ["FUNCTIONS"]

Parameters = Mapping[str, str | None]


def _as(family: str, *names: str) -> tuple[Parameters, str]:
    """A density of the common table, its parameters by the names that R gives them."""
    parameters, formula = DENSITIES[family]
    for ours, name in zip(parameters, names, strict=True):
        formula = formula.replace(f"${ours}$", f"${name}$")
    return dict(zip(names, parameters.values(), strict=True)), formula


#: name -> parameters in order, each with its default, None where it has to be given; the logarithm of the density.
_DENSITIES: dict[str, tuple[Parameters, str]] = {
    "dnorm": _as("norm", "x", "mean", "sd"),
    "dpois": _as("poisson", "x", "lambda"),
    "dmvnorm": _as("multivariate_normal", "x", "mean", "sigma"),
    "dexp": ({"x": None, "rate": "1"}, "log($rate$) - $rate$ .* $x$"),
    "dgeom": ({"x": None, "prob": None}, "log($prob$) + $x$ .* log(1 - $prob$)"),
    "dbeta": (
        {"x": None, "shape1": None, "shape2": None},
        "($shape1$ - 1) .* log($x$) + ($shape2$ - 1) .* log(1 - $x$)"
        " + lgamma($shape1$ + $shape2$) - lgamma($shape1$) - lgamma($shape2$)",
    ),
    "dt": (
        {"x": None, "df": None},
        "lgamma(($df$ + 1) / 2) - lgamma($df$ / 2) - log(pi * $df$) / 2 - ($df$ + 1) / 2 .* log(1 + $x$.^2 ./ $df$)",
    ),
    "dchisq": (
        {"x": None, "df": None},
        "($df$ / 2 - 1) .* log($x$) - $x$ / 2 - $df$ / 2 * log(2) - lgamma($df$ / 2)",
    ),
    "dlnorm": (
        {"x": None, "meanlog": "0", "sdlog": "1"},
        "-log($x$) - log($sdlog$) - log(2 pi) / 2 - ((log($x$) - $meanlog$) ./ $sdlog$).^2 / 2",
    ),
    "dweibull": (
        {"x": None, "shape": None, "scale": "1"},
        "log($shape$) - log($scale$) + ($shape$ - 1) .* log($x$ ./ $scale$) - ($x$ ./ $scale$).^$shape$",
    ),
    "dcauchy": (
        {"x": None, "location": "0", "scale": "1"},
        "-log(pi * $scale$) - log(1 + (($x$ - $location$) ./ $scale$).^2)",
    ),
    "dlogis": (
        {"x": None, "location": "0", "scale": "1"},
        "-(($x$ - $location$) ./ $scale$) - log($scale$) - 2 * softplus(-(($x$ - $location$) ./ $scale$))",
    ),
}  # fmt: skip
#: Densities with one of two parameters: name -> the parameters, and the formula for each.
_EITHER: dict[str, dict[tuple[str, ...], str]] = {
    "dgamma": {
        ("x", "shape", "rate"): "$shape$ .* log($rate$) - lgamma($shape$) + ($shape$ - 1) .* log($x$) - $rate$ .* $x$",
        (
            "x",
            "shape",
            "scale",
        ): "-$shape$ .* log($scale$) - lgamma($shape$) + ($shape$ - 1) .* log($x$) - $x$ ./ $scale$",
    },
    "dnbinom": {
        ("x", "size", "prob"): (
            "lgamma($x$ + $size$) - lgamma($size$) - lgamma($x$ + 1) + $size$ .* log($prob$) + $x$ .* log(1 - $prob$)"
        ),
        ("x", "size", "mu"): (
            "lgamma($x$ + $size$) - lgamma($size$) - lgamma($x$ + 1) + $size$ .* log($size$)"
            " + $x$ .* log($mu$) - ($x$ + $size$) .* log($size$ + $mu$)"
        ),
    },
}
_BINOMIAL: tuple[Parameters, str] = (
    {"x": None, "size": None, "prob": None},
    "lgamma($size$ + 1) - lgamma($x$ + 1) - lgamma($size$ - $x$ + 1)"
    " + $x$ .* log($prob$) + ($size$ - $x$) .* log(1 - $prob$)",
)


def _density(parameters: Parameters, formula: str) -> Handler:
    def build(arguments: Sequence[Code], span: Span) -> Code:
        given = _given({**parameters, "log": "FALSE"}, arguments, span)
        logarithm = filled(formula, given, span)
        return logarithm if given["log"].text in ("TRUE", "T") else call("exp", [logarithm], span)

    return build


def _given(parameters: Parameters, arguments: Sequence[Code], span: Span) -> dict[str, Code]:
    """The arguments by the names of the parameters: those that are named, then the others in order."""
    named = {name: keyword(arguments, name) for name in parameters}
    free = [name for name, value in named.items() if value is None]
    placed = positional(arguments)
    if len(placed) > len(free):
        raise Fault("there is one argument too many here", placed[len(free)].span)
    found = dict(zip(free, placed, strict=False)) | {n: v for n, v in named.items() if v is not None}
    for name, default in parameters.items():
        if name not in found and default is None:
            raise Fault(f"{name} is missing", span)
        found.setdefault(name, plain(str(default), span, literal=True))
    return found


def _either(forms: Mapping[tuple[str, ...], str]) -> Handler:
    """dgamma(x, shape, rate), dgamma(x, shape, scale = s)"""

    def build(arguments: Sequence[Code], span: Span) -> Code:
        named = [names for names in forms if keyword(arguments, names[-1]) is not None]
        names = named[0] if named else next(iter(forms))
        default = "1" if "rate" in names else None
        return _density({**dict.fromkeys(names), names[-1]: default}, forms[names])(arguments, span)

    return build


def _binomial(arguments: Sequence[Code], span: Span) -> Code:
    """dbinom(y, n, p, log = TRUE), of one trial without its constant, which is 0."""
    parameters, formula = _BINOMIAL
    given = _given({**parameters, "log": "FALSE"}, arguments, span)
    if given["size"].text == "1":
        _, formula = _as("bernoulli", "x", "prob")
    return _density(parameters, formula)(arguments, span)


def _flag(arguments: Sequence[Code], name: str, *, default: bool) -> bool:
    found = keyword(arguments, name)
    return default if found is None else found.text in ("TRUE", "T")


def _normal(arguments: Sequence[Code], span: Span) -> Code:
    """pnorm(q, mean, sd, lower.tail, log.p)"""
    given = _given({"q": None, "mean": "0", "sd": "1"}, arguments, span)
    z = given["q"]
    if any(not given[n].literal or given[n].text != d for n, d in (("mean", "0"), ("sd", "1"))):
        z = filled("(($q$ - $mean$) ./ $sd$)", given, span)
    sign = "-" if _flag(arguments, "lower.tail", default=True) else ""
    if _flag(arguments, "log.p", default=False):
        return filled(f"log_ndtr({'' if sign else '-'}$z$)", {"z": z}, span, axes=z.axes)
    return filled(f"erfc({sign}$z$ / sqrt(2)) / 2", {"z": z}, span)


def _logistic(arguments: Sequence[Code], span: Span) -> Code:
    """plogis(q, location, scale, lower.tail, log.p)"""
    given = _given({"q": None, "location": "0", "scale": "1"}, arguments, span)
    z = given["q"]
    if any(not given[n].literal or given[n].text != d for n, d in (("location", "0"), ("scale", "1"))):
        z = filled("(($q$ - $location$) ./ $scale$)", given, span)
    if not _flag(arguments, "lower.tail", default=True):
        z = filled("(-$z$)", {"z": z}, span)
    made = call("sigmoid", [z], span)
    return call("log", [made], span) if _flag(arguments, "log.p", default=False) else replace(made, axes=z.axes)


@takes(3)
def _distance(arguments: Sequence[Code], span: Span) -> Code:
    """mahalanobis(x, center, cov): the square"""
    x, centre, matrix = arguments[:3]
    difference = infix(x, "-", centre)
    return call("quad", [difference, call("inv", [matrix], span)], span, number=True)


FUNCTIONS: dict[str, Handler] = {
    **{name: _density(*density) for name, density in _DENSITIES.items()},
    **{name: _either(forms) for name, forms in _EITHER.items()},
    "dbinom": _binomial, "pnorm": _normal, "plogis": _logistic, "mahalanobis": _distance,
}  # fmt: skip
