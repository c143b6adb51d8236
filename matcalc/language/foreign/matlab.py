"""MATLAB and Octave: ``*`` is the matrix product; round brackets hold arguments or indices."""

from __future__ import annotations

import re
from collections.abc import Sequence

from matcalc.errors import Span
from matcalc.language.foreign.code import Code, Fault, call, entrywise, infix, joined, raised
from matcalc.language.foreign.functions import ELEMENTWISE, Handler, count, reduction, same, square, summed, transposed
from matcalc.language.foreign.pratt import Grammar, parse
from matcalc.language.foreign.shared import (
    ARITHMETIC,
    called_by,
    defined,
    entry,
    left_division,
    named,
    prime,
    product,
    quotient,
    unary,
    whole_power,
)

__all__ = ["read"]


def read(text: str) -> Code:
    """An expression, an anonymous function, or an assignment."""
    text = re.sub(r"\.\.\.[^\n]*\n", lambda m: " " * len(m.group()), text)
    text = re.sub(r"%[^\n]*", lambda m: " " * len(m.group()), text).rstrip()
    body = text.rstrip("; \n")
    function = re.match(r"\s*(?:(\w+)\s*=\s*)?@\(([\w\s,]*)\)", body)
    if function:
        left = f"{function.group(1) or 'f'}({function.group(2)})"
        return defined(left, body, function.start(), function.end(), _GRAMMAR)
    assigned = re.match(r"\s*(\w+)\s*=(?!=)", body)
    if assigned:
        return defined(assigned.group(1), body, assigned.start(), assigned.end(), _GRAMMAR)
    return parse(body, _GRAMMAR)


def _norm(arguments: Sequence[Code], span: Span) -> Code:
    """The largest singular value of a matrix, the length of a column."""
    inner, *order = arguments
    kind = order[0].value if order else None
    if kind == "fro":
        return call("norm2", [inner], span, number=True)
    if kind in ("inf", "Inf"):
        return call("norm_inf", [inner], span, number=True)
    if kind is None or kind == "2":
        return joined(["||", inner, "||_2"], span, number=True)
    return call("norm", arguments, span, number=True)


def _size(arguments: Sequence[Code], span: Span) -> Code:
    if len(arguments) != 2 or arguments[1].value not in ("1", "2"):
        raise Fault("write size(X, 1) or size(X, 2)", span)
    return count(arguments[0], span, 1 if arguments[1].value == "1" else 2)


def _power(arguments: Sequence[Code], span: Span) -> Code:
    return raised(*arguments)


_FUNCTIONS: dict[str, Handler] = {
    "norm": _norm,
    "size": _size,
    "numel": lambda a, span: count(a[0], span, None),
    "length": lambda a, span: count(a[0], span, 1),
    "trace": reduction("tr"),
    "dot": same("inner", number=True),
    "power": _power,
    "times": lambda a, span: entrywise(a[0], "*", a[1]),
    "mtimes": lambda a, span: infix(a[0], "*", a[1]),
    "transpose": lambda a, span: transposed(a[0], span),
    "eye": lambda a, span: call("eye", a[:1], span),
    "sumsqr": lambda a, span: summed(square(a[0], span), span),
    "eig": same("eigvals"),
    "svd": same("svdvals"),
    "det": reduction("det"),
}
#: Functions of this language, and those of MATLAB; another name before a bracket has indices.
_KNOWN = frozenset(
    "sum mean max min exp log sqrt abs inv pinv kron diag logdet logsumexp softmax expm logm sqrtm chol ones zeros tril triu "
    "prod std var cumsum vec outer norm1 norm2 quad inner sinm cosm".split()
) | frozenset(ELEMENTWISE)


def _bracketed(base: Code, arguments: Sequence[Code], span: Span) -> Code:
    """f(x), X(:), x(1), A(i, j), A(:, 1)."""
    if len(arguments) == 1 and arguments[0].value == ":":
        return call("vec", [base], span)
    name = base.value if isinstance(base.value, str) else ""
    if name in _FUNCTIONS or name in _KNOWN:
        return called_by(_FUNCTIONS, base, arguments, span)
    if all(isinstance(a.value, str) and (a.value == ":" or a.value.isdigit()) for a in arguments):
        return entry(base, arguments, span)
    return joined([base, "(", *(p for i, a in enumerate(arguments) for p in ((", ", a) if i else (a,))), ")"], span)


def _matrix(arguments: Sequence[Code], span: Span) -> Code:
    raise Fault("write the matrix with commas and semicolons: [a, b; c, d]", span)


_GRAMMAR = Grammar(
    infix={
        **ARITHMETIC,
        "*": (50, 51, product),
        "/": (50, 51, quotient),
        "\\": (50, 51, left_division),
        ".*": (50, 51, lambda a, b: entrywise(a, "*", b)),
        "./": (50, 51, lambda a, b: entrywise(a, "/", b)),
        "^": (70, 71, whole_power),
        ".^": (70, 71, lambda a, b: raised(a, b)),
        ":": (35, 36, lambda a, b: joined([a, ":", b], (a.span[0], b.span[1]))),
    },
    prefix=unary,
    postfix={"'": (80, prime), ".'": (80, prime)},
    called={"(": _bracketed},
    name=named,
    signs=("<=", ">=", "==", ".*", "./", ".^", ".'", "'"),
)
