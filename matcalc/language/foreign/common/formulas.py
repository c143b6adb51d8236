"""Losses and densities of libraries by their definitions.

A formula is a text of this language in which ``$a$`` stands for an argument.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from matcalc.errors import Span
from matcalc.language.foreign.code import ATOM, SUM, Code, joined

__all__ = ["DENSITIES", "ENTRIES", "LOSSES", "filled"]

#: Losses of a prediction a and a target b, entry by entry; d is the threshold.
LOSSES = {
    "mse_loss": "($a$ - $b$).^2",
    "l1_loss": "abs($a$ - $b$)",
    "smooth_l1_loss": "huber($a$ - $b$, 1)",
    "huber_loss": "huber($a$ - $b$, 1)",
    "binary_cross_entropy": "-($b$ .* log($a$) + (1 - $b$) .* log(1 - $a$))",
    "binary_cross_entropy_with_logits": "softplus($a$) - $b$ .* $a$",
    "kl_div": "$b$ .* (log($b$) - $a$)",
    "soft_margin_loss": "softplus(-$b$ .* $a$)",
    "poisson_nll_loss": "exp($a$) - $b$ .* $a$",
}

#: Functions of the entries a, b; those that are another thing elsewhere with the module that they are of.
ENTRIES = {
    "xlogy": "$a$ .* log($b$)",
    "xlog1py": "$a$ .* log1p($b$)",
    "entr": "-$a$ .* log($a$)",
    "rel_entr": "$a$ .* log($a$ ./ $b$)",
    "logit": "log($a$ ./ (1 - $a$))",
    "ndtr": "erfc(-$a$ / sqrt(2)) / 2",
    "betaln": "lgamma($a$) + lgamma($b$) - lgamma($a$ + $b$)",
    "hypot": "sqrt($a$.^2 + $b$.^2)",
    "logaddexp": "log(exp($a$) + exp($b$))",
    "squared_difference": "($a$ - $b$).^2",
    "logsigmoid": "log(sigmoid($a$))",
    "reciprocal": "1 ./ $a$",
    "rsqrt": "1 ./ sqrt($a$)",
    "radians": "$a$ * pi / 180",
    "relu6": "min(max($a$, 0), 6)",
    "tanhshrink": "$a$ - tanh($a$)",
    "optax.l2_loss": "($a$ - $b$).^2 / 2",
    "optax.squared_error": "($a$ - $b$).^2",
    "optax.log_cosh": "logcosh($a$ - $b$)",
    "optax.sigmoid_binary_cross_entropy": "softplus($a$) - $b$ .* $a$",
    "sinc": "sin(pi $a$) ./ (pi $a$)",
    "pos": "max($a$, 0)",
    "inv_pos": "1 ./ $a$",
    "cp.neg": "max(-$a$, 0)",
    "cp.logistic": "softplus($a$)",
    "cp.kl_div": "$a$ .* log($a$ ./ $b$) - $a$ + $b$",
    "special.kl_div": "$a$ .* log($a$ ./ $b$) - $a$ + $b$",
    "special.huber": "huber($b$, $a$)",
    "special.pseudo_huber": "$a$.^2 .* (sqrt(1 + ($b$ ./ $a$).^2) - 1)",
    "softsign": "$a$ ./ (1 + abs($a$))",
    "mish": "$a$ .* tanh(softplus($a$))",
    "hardtanh": "min(max($a$, -1), 1)",
    "hardsigmoid": "min(max($a$ + 3, 0), 6) / 6",
    "hardswish": "$a$ .* min(max($a$ + 3, 0), 6) / 6",
}

#: Logarithms of densities at x by their parameters in order, each with its default; None where it has to be given.
DENSITIES: Mapping[str, tuple[Mapping[str, str | None], str]] = {
    "norm": (
        {"x": None, "loc": "0", "scale": "1"},
        "-log($scale$) - log(2 pi) / 2 - (($x$ - $loc$) ./ $scale$).^2 / 2",
    ),
    "laplace": ({"x": None, "loc": "0", "scale": "1"}, "-log(2 * $scale$) - abs($x$ - $loc$) ./ $scale$"),
    "expon": ({"x": None, "loc": "0", "scale": "1"}, "-log($scale$) - ($x$ - $loc$) ./ $scale$"),
    "poisson": ({"k": None, "mu": None}, "$k$ .* log($mu$) - $mu$ - lgamma($k$ + 1)"),
    "bernoulli": ({"k": None, "p": None}, "$k$ .* log($p$) + (1 - $k$) .* log(1 - $p$)"),
    "multivariate_normal": (
        {"x": None, "mean": None, "cov": None},
        "-sum($x$.^0) / 2 * log(2 pi) - logdet($cov$) / 2 - quad($x$ - $mean$, inv($cov$)) / 2",
    ),
}


def filled(formula: str, arguments: Mapping[str, Code], span: Span, *, axes: str | None = None) -> Code:
    """The formula with the arguments in their places."""
    pieces: list[str | Code] = []
    for i, part in enumerate(formula.split("$")):
        pieces.append(part if i % 2 == 0 else arguments[part].within(ATOM))
    return replace(joined(pieces, span, SUM, number=axes == ""), axes=axes)
