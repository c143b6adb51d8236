"""R: ``*``, ``/`` and ``^`` are those of the entries, ``%*%`` is the product, in which a vector has no orientation."""

from __future__ import annotations

import re
from collections.abc import Sequence

from matcalc.errors import Span
from matcalc.language.foreign.code import ATOM, Code, Fault, call, entrywise, infix, joined, plain, raised
from matcalc.language.foreign.functions import Handler, count, gaussian_log_density, reduction, same, transposed
from matcalc.language.foreign.pratt import Grammar, parse
from matcalc.language.foreign.shared import (
    ARITHMETIC,
    called_by,
    defined,
    entry,
    keyword,
    positional,
    unary,
    vector_product,
)

__all__ = ["read"]


def read(text: str) -> Code:
    """An expression, a function, or an assignment."""
    text = re.sub(r"#[^\n]*", lambda m: " " * len(m.group()), text)
    head = re.match(r"\s*(?:(?P<name>[\w.]+)\s*(?:<-|=(?!=))\s*)?function\s*\((?P<arguments>[\w\s,.]*)\)\s*\{?", text)
    if head:
        body = re.sub(r"\}\s*$", lambda m: " " * len(m.group()), text)
        return defined(f"{head.group('name') or 'f'}({head.group('arguments')})", body, 0, head.end(), _GRAMMAR)
    assigned = re.match(r"\s*([\w.]+)\s*(?:<-|=(?!=))", text)
    if assigned:
        return defined(_word(assigned.group(1)), text, assigned.start(), assigned.end(), _GRAMMAR)
    return parse(text, _GRAMMAR)


def _word(name: str) -> str:
    """sigma.sq is a name of its own."""
    return name.replace(".", "_")


def _named(name: str, span: Span) -> Code:
    return plain(_word(name), span, number=name == "pi", value=name)


def _solve(arguments: Sequence[Code], span: Span) -> Code:
    values = positional(arguments)
    return call("inv" if len(values) == 1 else "solve", values, span)


def _crossed(*, first: bool) -> Handler:
    """crossprod(X, Y) = X^T Y, tcrossprod(X, Y) = X Y^T"""

    def build(arguments: Sequence[Code], span: Span) -> Code:
        x, y = (*arguments, arguments[0])[:2]
        left, right = (transposed(x, span), y) if first else (x, transposed(y, span))
        return infix(left, "*", right)

    return build


def _diagonal(arguments: Sequence[Code], span: Span) -> Code:
    """diag(3), diag(1, n) and diag(1, nrow = n) are identities, diag(x) has the entries x, diag(X) is the diagonal."""
    size = keyword(arguments, "nrow")
    values = positional(arguments)
    if size is None and len(values) == 2:
        size = values[1]
    if size is not None:
        identity = call("eye", [size], span)
        is_one = values and values[0].literal and values[0].text == "1"
        return identity if is_one or not values else infix(values[0], "*", identity)
    return call("eye" if values[0].literal else "diag", values, span)


def _norm(arguments: Sequence[Code], span: Span) -> Code:
    kind = keyword(arguments, "type") or (arguments[1] if len(arguments) > 1 else None)
    if kind is None:
        raise Fault("norm(x) is the largest column sum in R", span, 'write norm(x, "2") or norm(X, "F")')
    word = str(kind.value).upper()
    if word in ("F", "E"):
        return call("norm2", arguments[:1], span, number=True)
    if word == "2":
        return joined(["||", arguments[0], "||_2"], span, number=True)
    raise Fault("only the norms F and 2 are known here", span)


def _density(arguments: Sequence[Code], span: Span) -> Code:
    values = positional(arguments)
    mean = keyword(arguments, "mean") or (values[1] if len(values) > 1 else plain("0", span, literal=True))
    deviation = keyword(arguments, "sd") or (values[2] if len(values) > 2 else plain("1", span, literal=True))
    logarithm = gaussian_log_density(values[0], mean, deviation, span)
    is_logarithm = keyword(arguments, "log")
    return (
        logarithm if is_logarithm is not None and is_logarithm.text in ("TRUE", "T") else call("exp", [logarithm], span)
    )


_FUNCTIONS: dict[str, Handler] = {
    "t": lambda a, span: transposed(a[0], span),
    "solve": _solve,
    "crossprod": _crossed(first=True), "tcrossprod": _crossed(first=False),
    "diag": _diagonal, "norm": _norm, "dnorm": _density,
    "det": reduction("det"), "sum": reduction("sum"), "mean": reduction("mean"), "max": reduction("max"), "min": reduction("min"),
    "pmax": same("max"), "pmin": same("min"), "ifelse": same("where"), "outer": same("outer"), "kronecker": same("kron"),
    "length": lambda a, span: count(a[0], span, None), "nrow": lambda a, span: count(a[0], span, 1),
    "ncol": lambda a, span: count(a[0], span, 2), "ginv": same("pinv"), "chol": lambda a, span: transposed(call("chol", a, span), span),
    "rowSums": lambda a, span: call("sum", [a[0], plain("2", span, literal=True)], span),
    "colSums": lambda a, span: transposed(call("sum", [a[0], plain("1", span, literal=True)], span), span),
    "plogis": same("sigmoid"), "as_matrix": lambda a, span: a[0], "as_vector": lambda a, span: a[0], "as_numeric": lambda a, span: a[0],
    "drop": lambda a, span: a[0], "c": lambda a, span: _column(a, span),
}  # fmt: skip


def _column(arguments: Sequence[Code], span: Span) -> Code:
    return joined(["[", *(p for i, a in enumerate(arguments) for p in (("; ", a) if i else (a,))), "]"], span, ATOM)


def _called(base: Code, arguments: Sequence[Code], span: Span) -> Code:
    word = _word(base.value) if isinstance(base.value, str) else ""
    return called_by(_FUNCTIONS, plain(word, base.span, value=word or None), arguments, span)


_GRAMMAR = Grammar(
    infix={
        **ARITHMETIC,
        "%*%": (55, 56, vector_product),
        "%o%": (55, 56, lambda a, b: call("outer", [a, b], (a.span[0], b.span[1]))),
        "%x%": (55, 56, lambda a, b: call("kron", [a, b], (a.span[0], b.span[1]))),
        "*": (50, 51, lambda a, b: entrywise(a, "*", b)),
        "/": (50, 51, lambda a, b: entrywise(a, "/", b)),
        "^": (71, 70, lambda a, b: raised(a, b)),
        ":": (65, 66, lambda a, b: joined([a, ":", b], (a.span[0], b.span[1]))),
    },
    prefix=unary,
    postfix={},
    called={"(": _called, "[": entry},
    name=_named,
    signs=("%*%", "%o%", "%x%", "<=", ">=", "=="),
    letters=r"[^\W\d_][\w.]*",
)
