"""Functions of other places that are written with signs and functions of this language: hadamard(A, B) as A .* B."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from matcalc.errors import Hint, Span
from matcalc.language.mends.hints import did_you_mean
from matcalc.language.words.elsewhere import ELSEWHERE, FOREIGN

__all__ = ["OF_OTHERS", "written_out"]

_SQUARES = "sum({0}.^2, 2) ones(k)^T + ones(m) sum({1}.^2, 2)^T - 2 {0} {1}^T"
#: What is written for a call; {0} and {1} are its arguments.
_FORMS = {
    **dict.fromkeys(("hadamard", "hadamard_product", "HadamardProduct", "schur_product"), "{0} .* {1}"),
    **dict.fromkeys(("multiply", "times", "mult", "mul"), "{0} .* {1}"),
    **dict.fromkeys(("matmul", "mm", "mtimes", "MatMul"), "{0} {1}"),
    **dict.fromkeys(("divide", "rdivide", "div"), "{0} ./ {1}"),
    **dict.fromkeys(("clip", "clamp"), "min(max({0}, {1}), {2})"),
    **dict.fromkeys(("pos", "positive_part"), "max({0}, 0)"),
    **dict.fromkeys(("square", "sq"), "{0}.^2"),
    **dict.fromkeys(("sumsq", "sum_squares", "sumsqr"), "sum({0}.^2)"),
    **dict.fromkeys(("sqnorm", "normsq", "norm_sq", "squared_norm"), "||{0}||^2"),
    **dict.fromkeys(("fro", "frob", "normfro", "frobenius", "l2norm"), "norm2({0})"),
    **dict.fromkeys(("nuclear_norm", "nuclear", "trace_norm"), "norm_nuc({0})"),
    **dict.fromkeys(("spectral_norm", "opnorm"), "norm_spec({0})"),
    **dict.fromkeys(("mse", "mse_loss"), "mean(({0} - {1}).^2)"),
    **dict.fromkeys(("mae", "l1_loss"), "mean(abs({0} - {1}))"),
    "rmse": "sqrt(mean(({0} - {1}).^2))",
    **dict.fromkeys(("cosine_similarity", "cossim", "cosine"), "inner({0}, {1}) / (||{0}|| ||{1}||)"),
    **dict.fromkeys(("logsigmoid", "log_sigmoid"), "-softplus(-{0})"),
    "relu6": "min(max({0}, 0), 6)",
    "leaky_relu": "max({0}, {1} * {0})",
    "logit": "log({0} ./ (1 - {0}))",
    "diff": "({0}[2:end] - {0}[1:end-1])",
    "normpdf": "exp(-{0}.^2 / 2) / sqrt(2 pi)",
    "normcdf": "erfc(-{0} / sqrt(2)) / 2",
    **dict.fromkeys(("cdist", "pdist2", "pairwise_distances"), f"sqrt({_SQUARES})"),
    **dict.fromkeys(("sqdist", "sq_dist", "squared_distances"), f"({_SQUARES})"),
    "sigma_min": "min(svdvals({0}))",
}  # fmt: skip


#: Functions of this language with another number of arguments.
_OF_COUNT = {
    ("log", 2): "log({0}) / log({1})",
    ("max", 3): "max(max({0}, {1}), {2})",
    ("min", 3): "min(min({0}, {1}), {2})",
    ("inner", 3): "{0}^T {1} {2}",
    ("outer", 1): "{0} {0}^T",
    ("quad", 1): "{0}^T {0}",
}
#: Functions of other places that have other names here, or none: they are no functions that nobody defined.
OF_OTHERS = FOREIGN | ELSEWHERE.keys() | _FORMS.keys()


def written_out(name: str, span: Span, text: str) -> Hint | None:
    """The call with its arguments in such a form, or None."""
    found = _arguments(text, span[1])
    if found is None:
        return None
    arguments, end = found
    form = _FORMS.get(name) or _OF_COUNT.get((name, len(arguments)))
    if form is None or len(arguments) != len(set(re.findall(r"\{(\d)\}", form))):
        return None
    around = re.search(r"[-*/.^'\w)]\s*\Z", text[: span[0]]) or re.match(r"\s*(?!where\b)[.^'*/\w(\\|]", text[end:])
    made = form.format(*(_within(a, i, form) for i, a in enumerate(arguments)))
    return did_you_mean((span[0], end), f"({made})" if around and not _is_call(form) else made)


def _arguments(text: str, start: int) -> tuple[Sequence[str], int] | None:
    """What stands between the brackets that open here, and where they end."""
    opening = re.compile(r"\s*(?:\\left\s*)?\(").match(text, start)
    if opening is None:
        return None
    depth, places = 1, [opening.end()]
    for i in range(opening.end(), len(text)):
        depth += (text[i] in "([{") - (text[i] in ")]}")
        if depth == 0 or (depth == 1 and text[i] == ","):
            places.append(i + 1)
        if depth == 0:
            parts = [text[a : b - 1].strip() for a, b in pairwise(places)]
            return [re.sub(r"\\(?:left|right)\s*\Z", "", p).strip() for p in parts], i + 1
    return None


def _within(argument: str, place: int, form: str) -> str:
    """In brackets, beside a sign that binds more tightly."""
    if re.fullmatch(r"[\w\\{}]+|[\w\\]+\([^()]*\)|\([^()]*\)", argument):
        return argument
    here = rf"\{{{place}\}}"
    tight = re.search(rf"{here}(?:\.?\^|\[| \.?[*/]| \{{)|[*/}}] {here}", form)
    subtracted = re.search(rf"- ?{here}", form) and re.search("[-+]", argument)
    return f"({argument})" if tight or subtracted else argument


def _is_call(form: str) -> bool:
    """Whether no sign stands outside of its brackets."""
    return re.fullmatch(r"\w*\(.*\)", form) is not None
