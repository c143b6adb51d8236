"""R: ``*``, ``/`` and ``^`` are those of the entries, ``%*%`` is the product, in which a vector has no orientation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from matcalc.errors import Span
from matcalc.language.foreign.code import ATOM, Code, Fault, call, infix, joined, plain
from matcalc.language.foreign.common.axes import covariance, largest_sum
from matcalc.language.foreign.common.columns import along, deviated
from matcalc.language.foreign.common.formulas import filled
from matcalc.language.foreign.common.functions import (
    Handler,
    Turned,
    count,
    elementwise,
    one,
    reduction,
    same,
    takes,
    transposed,
)
from matcalc.language.foreign.common.pratt import Grammar, Infix, Lambda
from matcalc.language.foreign.common.shared import (
    ARITHMETIC,
    Count,
    called_by,
    differences,
    entry,
    is_vector_name,
    keyword,
    named,
    of_each,
    positional,
    power_of_entries,
    ranged,
    unary,
    vector_product,
)
from matcalc.language.foreign.common.shared_arrays import as_many_ones, identity
from matcalc.language.foreign.common.spreading import operated, spread
from matcalc.language.foreign.others.r_arrays import ARRAYS, OfEach
from matcalc.language.foreign.others.r_densities import FUNCTIONS
from matcalc.language.foreign.others.r_squares import crossed, over, times
from matcalc.language.foreign.programs import Style, program, split
from matcalc.patterns import pattern

__all__ = ["read"]


_ASSIGNED = pattern(r"\s*(?P<name>[\w.]+)\s*(?:<-|=(?!=))")
_FUNCTIONS_OF = (pattern(r"\s*(?:(?P<name>[\w.]+)\s*(?:<-|=(?!=))\s*)?function\s*\((?P<arguments>[^()]*)\)"),)
_MODULE = pattern(r"\b[\w.]+::")


def read(text: str) -> Code:
    """An expression, a function, or assignments before any of them."""
    text = _MODULE.sub(_blank, text)
    text = re.sub(r"\bas\.matrix\(\s*dist\(([^()]*)\)\s*\)", _distances, text)
    text = re.sub(r"(?<=\))[ \t]*\n\s*(?=\{)", _blank, text)
    text = re.sub(r"(?:\A|(?<=[;\n]))[ \t]*return(?=[ \t]*\()", _blank, text)
    text = re.sub(
        r"\bdeterminant(\([^()]*)\)\$modulus(?:\[1\])?", lambda m: f"logdet{m.group(1)})".ljust(len(m.group())), text
    )
    return program(text, split(text, (0, len(text)), ";\n"), _STYLE)


def _inside(text: str) -> str:
    """Without the braces around it, and without return."""
    return re.sub(r"\A\s*\{|\}\s*\Z|\breturn\b", _blank, text)


def _distances(found: re.Match[str]) -> str:
    """as.matrix(dist(X)) as one word; dist(X) alone has each pair once."""
    return f"distances({found.group(1)})".ljust(len(found.group()))


def _blank(found: re.Match[str]) -> str:
    return " " * len(found.group())


def _word(name: str) -> str:
    """sigma.sq is a name of its own."""
    return name.replace(".", "_")


def _named(name: str, span: Span) -> Code:
    if name == "pi":
        return plain(name, span, number=True)
    return named(_word(name), span)


def _solve(arguments: Sequence[Code], span: Span) -> Code:
    values = positional(arguments)
    if len(values) == 1:
        return replace(call("inv", values, span), axes="m")
    return replace(call("solve", values, span), axes=values[1].kind)


def _diagonal(arguments: Sequence[Code], span: Span) -> Code:
    """diag(3), diag(1, n) and diag(ncol(X)) are identities, diag(x) has the entries x, diag(X) is the diagonal."""
    values = positional(arguments)
    size = keyword(arguments, "nrow") or (values[1] if len(values) == 2 else None)
    if size is None and (
        values[0].literal or isinstance(values[0].value, Count) or values[0].text in ("n", "p", "k", "m")
    ):
        return identity(values, span)
    if size is None:
        return replace(call("diag", values, span), axes="m" if is_vector_name(values[0]) else None)
    made = identity([size], span)
    is_one = not values or values[0].text == "1"
    return made if is_one else replace(infix(values[0], "*", made), axes="m")


def _norm(arguments: Sequence[Code], span: Span) -> Code:
    kind = keyword(arguments, "type") or (arguments[1] if len(arguments) > 1 else None)
    match "O" if kind is None else str(kind.value).upper():
        case "O" | "1" | "I" as word if kind is not None or arguments[0].kind == "m":
            return largest_sum(arguments[0], 1 if word == "I" else 0, span)
        case "F" | "E":
            return call("norm2", arguments[:1], span, number=True)
        case "2":
            return joined(["||", arguments[0], "||_2"], span, number=True)
        case "M":
            return call("norm_inf", arguments[:1], span, number=True)
    hint = 'write norm(x, "2") or norm(X, "F")'
    raise Fault("norm is the largest sum of the absolute values of a column in R", span, hint)


def _counted(axis: int) -> Handler:
    def build(arguments: Sequence[Code], span: Span) -> Code:
        return replace(count(arguments[0], span, axis), value=Count(arguments[0], axis))

    return build


def _along(name: str, axis: str) -> Handler:
    """rowSums and the like have no orientation."""

    def build(arguments: Sequence[Code], span: Span) -> Code:
        found = along(name, positional(arguments)[0], axis, span)
        return replace(transposed(found, span) if axis == "1" else found, axes="c", value=OfEach(axis))

    return build


def _applied(arguments: Sequence[Code], span: Span) -> Code:
    """apply(X, 1, sum)"""
    if len(arguments) != 3 or arguments[1].text not in ("1", "2") or arguments[2].text not in ("sum", "mean"):
        raise Fault("apply is known of sums and means here", span, "write what it computes")
    return _along(arguments[2].text, "2" if arguments[1].text == "1" else "1")(arguments[:1], span)


def _covariance(arguments: Sequence[Code], span: Span) -> Code:
    inner = replace(arguments[0], axes="m") if arguments[0].kind is None else arguments[0]
    return covariance(inner, rows=False, less=plain("1", span, literal=True), span=span)


def _variance(arguments: Sequence[Code], span: Span) -> Code:
    if len(arguments) == 1 and arguments[0].kind == "m":
        return _covariance(arguments, span)
    return deviated(root=False)(arguments, span)


def _determinant(arguments: Sequence[Code], span: Span) -> Code:
    """determinant(X)$modulus is the logarithm, unless it is told otherwise."""
    logarithm = keyword(arguments, "logarithm")
    is_plain = logarithm is not None and logarithm.text in ("FALSE", "F")
    return call("det" if is_plain else "logdet", [one(positional(arguments), span, "determinant")], span, number=True)


def _swept(arguments: Sequence[Code], span: Span) -> Code:
    """sweep(X, 2, v): v beside every row; sweep(X, 1, v): beside every column"""
    values = positional(arguments)
    function = keyword(arguments, "FUN") or (values[3] if len(values) > 3 else None)
    sign = "-" if function is None else str(function.value)
    if len(values) < 3 or values[1].text not in ("1", "2") or sign not in ("-", "+", "*", "/"):
        raise Fault("sweep is known with -, +, * and / along the axes 1 and 2", span, "write what it computes")
    column = replace(values[2], axes="c")
    beside = replace(transposed(column, span), axes="r") if values[1].text == "2" else column
    return operated(replace(values[0], axes="m"), sign, beside)


def _logarithm(arguments: Sequence[Code], span: Span) -> Code:
    inner, *rest = positional(arguments)
    base = keyword(arguments, "base") or next(iter(rest), None)
    return (
        elementwise("log")([inner], span) if base is None else joined(["log(", inner, ") / log(", base, ")"], span, 2)
    )


def _repeated(arguments: Sequence[Code], span: Span) -> Code:
    """rep(1, n)"""
    values = positional(arguments)
    if len(values) != 2 or values[0].text not in ("0", "1"):
        raise Fault("rep is known of ones and zeros here", span)
    if values[0].text == "1" and isinstance(values[1].value, Count):
        return replace(as_many_ones(values[1].value), axes="c")
    return replace(call("ones" if values[0].text == "1" else "zeros", values[1:], span), axes="c")


def _side_by_side(arguments: Sequence[Code], span: Span) -> Code:
    """cbind(1, x): a number is repeated"""
    arrays = [a for a in arguments if not a.literal]
    if arrays and len(arrays) < len(arguments):
        arguments = [_repeating(a, arrays[0], span) if a.literal else a for a in arguments]
    pieces = [p for i, a in enumerate(arguments) for p in ((", ", a) if i else (a,))]
    return joined(["[", *pieces, "]"], span, ATOM)


def _repeating(number: Code, array: Code, span: Span) -> Code:
    line = "[:, 1].^0" if array.kind == "m" else ".^0"
    ones = joined([array.within(ATOM), line], span)
    return ones if number.text == "1" else infix(number, "*", ones)


@takes(2)
def _outer(arguments: Sequence[Code], span: Span) -> Code:
    """outer(x, y), outer(x, y, "-"), outer(x, y, function(a, b) …)"""
    x, y, *function = positional(arguments)
    word = str(function[0].value) if function else "*"
    if function and isinstance(function[0].value, Lambda):
        down, across, _ = spread(replace(x, axes="c"), replace(transposed(y, span), axes="r"))
        return replace(of_each(function[0], [down, across], span), axes="m")
    if word not in ("*", "-", "+"):
        raise Fault("outer is known with *, + and - here", span, "write outer(x, y, function(a, b) …)")
    if word == "*":
        return replace(call("outer", [x, y], span), axes="m")
    return operated(replace(x, axes="c"), word, replace(transposed(y, span), axes="r"))


def _each(arguments: Sequence[Code], span: Span) -> Code:
    """sapply(x, function(v) …)"""
    if len(arguments) != 2 or not isinstance(arguments[1].value, Lambda):
        raise Fault("sapply is known of functions of entries here", span, "write sapply(x, function(v) …)")
    return of_each(arguments[1], arguments[:1], span)


def _part_of(name: str) -> Handler:
    """head(x, -1), tail(x, -1): all but one"""
    first, last = {"head": ("1", "end - 1"), "tail": ("2", "end")}[name]

    def build(arguments: Sequence[Code], span: Span) -> Code:
        if len(arguments) != 2 or arguments[1].text != "-1":
            raise Fault(f"{name} is known with -1 here", span, "write x[1:3]")
        return entry(arguments[0].within(ATOM), [ranged(plain(first, span), plain(last, span))], span)

    return build


_FUNCTIONS: dict[str, Handler] = {
    "t": lambda a, span: transposed(a[0], span),
    "solve": _solve,
    "crossprod": crossed(first=True), "tcrossprod": crossed(first=False),
    "diag": _diagonal, "norm": _norm, "log": _logarithm,
    **FUNCTIONS, **ARRAYS,
    "var": _variance, "sd": deviated(root=True), "cov": _covariance, "apply": _applied,
    "colMeans": _along("mean", "1"), "rowMeans": _along("mean", "2"), "cbind": _side_by_side, "rep": lambda a, span: _repeated(a, span), "rbind": lambda a, span: _column(a, span),
    "sweep": _swept,
    "logdet": _determinant, **dict.fromkeys(("tr", "trace", "Trace"), reduction("tr")),
    "det": reduction("det"), "sum": reduction("sum"), "mean": reduction("mean"), "max": reduction("max"), "min": reduction("min"),
    "pmax": same("max"), "pmin": same("min"), "ifelse": same("where"), "outer": _outer, "kronecker": same("kron"),
    "length": lambda a, span: count(a[0], span, None), "nrow": _counted(1), "ncol": _counted(2), "ginv": same("pinv"), "chol": lambda a, span: transposed(call("chol", a, span), span),
    "lfactorial": lambda a, span: call("lgamma", [infix(a[0], "+", plain("1", span, literal=True))], span), "gamma": same("gamma"),
    "lchoose": takes(2, 2)(lambda a, span: filled("lgamma($n$ + 1) - lgamma($k$ + 1) - lgamma($n$ - $k$ + 1)", {"n": a[0], "k": a[1]}, span)),
    "qlogis": lambda a, span: filled("log($a$ ./ (1 - $a$))", {"a": a[0]}, span),
    **dict.fromkeys(("sapply", "vapply"), _each), "diff": differences, "head": _part_of("head"), "tail": _part_of("tail"),
    "rowSums": _along("sum", "2"), "colSums": _along("sum", "1"),
    "as_matrix": lambda a, span: a[0], "as_vector": lambda a, span: a[0], "as_numeric": lambda a, span: a[0],
    "drop": lambda a, span: a[0], "c": lambda a, span: _column(a, span),
}  # fmt: skip


def _column(arguments: Sequence[Code], span: Span) -> Code:
    return joined(["[", *(p for i, a in enumerate(arguments) for p in (("; ", a) if i else (a,))), "]"], span, ATOM)


def _product(left: Code, right: Code) -> Code:
    made = vector_product(left, right)
    return replace(made, axes="m") if left.kind == right.kind == "m" else made


def _down(build: Infix) -> Infix:
    """t(X) - mu: a vector goes down the columns, which is why X is transposed, and colMeans(X) is not beside X."""

    def built(left: Code, right: Code) -> Code:
        if left.kind == "m" and not isinstance(left.value, Turned) and right.value == OfEach("1"):
            raise Fault(
                "R repeats this down the columns, an entry for each row",
                right.span,
                "write sweep(X, 2, v) with v for it",
            )
        if isinstance(left.value, Turned) and left.kind == "m" and is_vector_name(right):
            right = replace(right, axes="c")
        return build(left, right)

    return built


def _entry(base: Code, arguments: Sequence[Code], span: Span) -> Code:
    """x[1], X[1, ], X[, 1]; below 0 an index names what is left out; one row or column is a vector."""
    indices = [_without_ends(base, a, i if len(arguments) == 2 else None) for i, a in enumerate(arguments)]
    found = entry(base, indices, span)
    return transposed(found, span) if found.kind == "r" else found


def _without_ends(base: Code, index: Code, axis: int | None) -> Code:
    """-1: all but the first one; -length(x): all but the last one."""
    text = index.text.replace(" ", "")
    counts = [count(base, index.span, None if axis is None else axis + 1).text.replace(" ", "")]
    if text == "-1":
        return ranged(plain("2", index.span), plain("end", index.span))
    if text.startswith("-") and text[1:] in (*counts, "n", "p", "m", "k"):
        return ranged(plain("1", index.span), plain("end - 1", index.span))
    if text.startswith("-"):
        raise Fault("only the first and the last entry are left out here", index.span, "write [x[1:3]; x[5:end]]")
    return plain("end", index.span) if text in counts else index


def _called(base: Code, arguments: Sequence[Code], span: Span) -> Code:
    word = _word(base.value) if isinstance(base.value, str) else ""
    if not word:
        return joined(["(", *arguments, ")"], span) if base.text == "" else called_by(_FUNCTIONS, base, arguments, span)
    return called_by(_FUNCTIONS, plain(word, base.span, value=word), arguments, span)


_GRAMMAR = Grammar(
    infix={
        **{sign: (left, right, _down(build)) for sign, (left, right, build) in ARITHMETIC.items()},
        "%*%": (55, 56, _product),
        "%o%": (55, 56, lambda a, b: call("outer", [a, b], (a.span[0], b.span[1]))),
        "%x%": (55, 56, lambda a, b: call("kron", [a, b], (a.span[0], b.span[1]))),
        "*": (50, 51, _down(times)),
        "/": (50, 51, _down(over)),
        "^": (71, 70, power_of_entries),
        ":": (65, 66, ranged),
    },
    prefix=unary,
    postfix={},
    called={"(": _called, "[": _entry},
    name=_named,
    signs=("%*%", "%o%", "%x%", "<=", ">=", "=="),
    letters=r"[^\W\d_][\w.]*",
    empty_is_all=True,
    function="function",
    is_of_entries=True,
)
_STYLE = Style(_GRAMMAR, _ASSIGNED, _FUNCTIONS_OF, _inside)
