"""Losses of Flux, whose samples are columns, and densities of Distributions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from matcalc.errors import Span
from matcalc.language.foreign.code import Code, Fault, call, infix, negated, plain
from matcalc.language.foreign.common.axes import reduced
from matcalc.language.foreign.common.formulas import DENSITIES, LOSSES, filled
from matcalc.language.foreign.common.functions import Handler, summed, takes
from matcalc.language.foreign.common.shared import keyword, positional

__all__ = ["LOSSES_OF_FLUX", "distribution", "log_density"]


def _of_entries(formula: str) -> Handler:
    """mse(ŷ, y) and the like: the mean of all entries, or their sum"""

    def build(arguments: Sequence[Code], span: Span) -> Code:
        prediction, target = positional(arguments)
        entries = filled(formula, {"a": prediction, "b": target}, span, axes=prediction.kind or target.kind)
        return _gathered(entries, keyword(arguments, "agg"), span)

    return takes(2, 2)(build)


def _of_columns(name: str) -> Handler:
    """crossentropy(ŷ, y), logitcrossentropy(z, y): the mean over the columns, or the sum"""

    def build(arguments: Sequence[Code], span: Span) -> Code:
        prediction, target = positional(arguments)
        kind = "m" if "m" in (prediction.kind, target.kind) else prediction.kind
        columns = [plain("1", span, literal=True)] if kind == "m" and name == "logsoftmax" else []
        terms = infix(target, ".*", call(name, [prediction, *columns], span))
        if kind != "m":
            return replace(negated(summed(terms, span), span), axes="")
        lost = negated(reduced("sum", replace(terms, axes="m"), 0, span, kept=True), span)
        return _gathered(replace(lost, axes="r"), keyword(arguments, "agg"), span)

    return takes(2, 2)(build)


def _gathered(entries: Code, how: Code | None, span: Span) -> Code:
    word = "mean" if how is None else how.text
    if word not in ("mean", "sum"):
        raise Fault("agg is mean or sum here", span, "write what it computes")
    return call(word, [entries], span, number=True)


def distribution(family: str) -> Handler:
    """MvNormal(μ, Σ), Normal(m, s): what logpdf takes"""
    return lambda arguments, span: replace(call(family, arguments, span), value=(family, tuple(arguments)))


def log_density(family: str, known: str) -> Handler:
    """logpdf(MvNormal(μ, Σ), x), logpdf.(Normal.(X*β, σ), y)"""

    def build(arguments: Sequence[Code], span: Span) -> Code:
        found, given = arguments[0].value if isinstance(arguments[0].value, tuple) else ("", ())
        if found != family or len(arguments) != 2 or len(given) != 2:
            raise Fault(f"only {known} is known here", span, "write what it computes")
        parameters, formula = DENSITIES[family]
        made = filled(formula, dict(zip(parameters, (arguments[1], *given), strict=True)), span)
        return replace(made, axes=arguments[1].kind if family == "norm" else "", number=family != "norm")

    return build


LOSSES_OF_FLUX: dict[str, Handler] = {
    "mse": _of_entries(LOSSES["mse_loss"]),
    "mae": _of_entries(LOSSES["l1_loss"]),
    "logitbinarycrossentropy": _of_entries(LOSSES["binary_cross_entropy_with_logits"]),
    "binarycrossentropy": _of_entries(LOSSES["binary_cross_entropy"]),
    "crossentropy": _of_columns("log"),
    "logitcrossentropy": _of_columns("logsoftmax"),
}
