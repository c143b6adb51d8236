"""Mathematica: square brackets call, the dot is the product, in which a vector has no orientation, all else is of the entries."""

from __future__ import annotations

import re
from collections.abc import Sequence

from matcalc.errors import Span
from matcalc.language.foreign.code import Code, Fault, call, entrywise, infix, joined, plain, raised
from matcalc.language.foreign.functions import Handler, elementwise, one, reduction, same, summed, transposed
from matcalc.language.foreign.pratt import Grammar, Token, parse
from matcalc.language.foreign.shared import ARITHMETIC, called_by, defined, unary, vector_product

__all__ = ["read"]


def read(text: str) -> Code:
    r"""An expression, or a definition f[x_] := …; \[Lambda] is the letter."""
    text = re.sub(r"\\\[(Capital)?([A-Z][a-z]+)\]", _letter, text).rstrip("; \n")
    head = re.match(r"\s*(?P<name>[A-Za-z]\w*)\s*(?:\[(?P<arguments>[\w\s,]*)\])?\s*:?=(?!=)", text)
    if head is None:
        return parse(text, _GRAMMAR)
    arguments = (head.group("arguments") or "").replace("_", "")
    left = head.group("name") + (f"({arguments})" if arguments else "")
    return defined(left, text, head.start(), head.end(), _GRAMMAR)


def _letter(found: re.Match[str]) -> str:
    """A Greek letter as its name, at its place."""
    name = found.group(2) if found.group(1) else found.group(2).lower()
    return name.ljust(len(found.group()))


def _norm(arguments: Sequence[Code], span: Span) -> Code:
    """The length of a vector, the largest singular value of a matrix."""
    inner, *order = arguments
    kind = order[0].value if order else None
    if kind is None or kind == "2":
        return joined(["||", inner, "||_2"], span, number=True)
    if kind == "Frobenius":
        return call("norm2", [inner], span, number=True)
    if kind == "Infinity":
        return call("norm_inf", [inner], span, number=True)
    return call("norm", arguments, span, number=True)


def _logarithm(arguments: Sequence[Code], span: Span) -> Code:
    if len(arguments) == 2:
        base, x = arguments
        return joined(["log(", x, ") / log(", base, ")"], span, 2, number=x.number)
    return elementwise("log")(arguments, span)


def _cases(arguments: Sequence[Code], span: Span) -> Code:
    """Piecewise[{{a, c}, {b, d}}, e]"""
    rows = arguments[0].value
    if not isinstance(rows, tuple) or not all(isinstance(r.value, tuple) and len(r.value) == 2 for r in rows):
        raise Fault("write Piecewise[{{value, condition}, …}, otherwise]", span)
    result = arguments[1] if len(arguments) > 1 else plain("0", span, literal=True)
    for row in reversed(rows):
        value, condition = row.value
        result = call("where", [condition, value, result], span)
    return result


def _derivative(arguments: Sequence[Code], span: Span) -> Code:
    """D[f, x], D[f, {x, 2}]: a statement of this language, too."""
    pieces: list[str | Code] = ["D[", arguments[0]]
    for a in arguments[1:]:
        if isinstance(a.value, tuple):
            inside = ", ".join(part.text for part in a.value)
            pieces += [", {", inside, "}"]
        else:
            pieces += [", ", a]
    return joined([*pieces, "]"], span)


def _outer(arguments: Sequence[Code], span: Span) -> Code:
    return call("outer", arguments[-2:], span)


_FUNCTIONS: dict[str, Handler] = {
    **{name: elementwise(ours) for name, ours in {
        "Exp": "exp", "Sqrt": "sqrt", "Sin": "sin", "Cos": "cos", "Tan": "tan", "Sinh": "sinh", "Cosh": "cosh", "Tanh": "tanh",
        "ArcSin": "asin", "ArcCos": "acos", "ArcTan": "atan", "ArcSinh": "asinh", "ArcCosh": "acosh", "ArcTanh": "atanh", "Abs": "abs",
        "Sign": "sign", "Erf": "erf", "Erfc": "erfc", "LogGamma": "lgamma", "Gamma": "gamma", "LogisticSigmoid": "sigmoid",
        "Ramp": "relu", "PolyGamma": "digamma", "CubeRoot": "cbrt",
    }.items()},
    "Log": _logarithm, "Norm": _norm, "Piecewise": _cases, "D": _derivative, "Outer": _outer,
    "Grad": lambda a, span: _derivative(a, span),
    "If": same("where"), "UnitStep": lambda a, span: joined(["(", one(a, span, "UnitStep"), " >= 0)"], span),
    "Tr": reduction("tr"), "Det": reduction("det"), "Total": lambda a, span: _total(a, span), "Mean": reduction("mean"),
    "Transpose": lambda a, span: transposed(a[0], span), "ConjugateTranspose": lambda a, span: transposed(a[0], span),
    "Inverse": same("inv"), "PseudoInverse": same("pinv"), "LinearSolve": same("solve"), "KroneckerProduct": same("kron"),
    "IdentityMatrix": same("eye"), "DiagonalMatrix": same("diag"), "Diagonal": same("diag"),
    "MatrixExp": same("expm"), "MatrixLog": same("logm"),
    "MatrixPower": lambda a, span: raised(*a, entries=False), "Power": lambda a, span: raised(*a),
    "Dot": lambda a, span: _chained(a, vector_product), "Times": lambda a, span: _chained(a, lambda x, y: entrywise(x, "*", y)),
    "Plus": lambda a, span: _chained(a, lambda x, y: infix(x, "+", y)), "Subtract": lambda a, span: infix(a[0], "-", a[1]),
    "Max": same("max"), "Min": same("min"),
}  # fmt: skip


def _total(arguments: Sequence[Code], span: Span) -> Code:
    """Total[X, 2] of a matrix is the sum of all entries; Total[X] sums its rows, and a vector as a whole."""
    return summed(arguments[0], span)


def _chained(arguments: Sequence[Code], join: object) -> Code:
    result = arguments[0]
    for argument in arguments[1:]:
        result = join(result, argument)  # type: ignore[operator]
    return result


def _list(arguments: Sequence[Code], span: Span) -> Code:
    """{a, b} is a column, {{a, b}, {c, d}} a matrix."""
    rows = [row.value for row in arguments if isinstance(row.value, tuple)]
    pieces: list[str | Code] = ["["]
    if len(rows) == len(arguments) and rows:
        for i, row in enumerate(rows):
            pieces.append("; " if i else "")
            pieces += [p for j, a in enumerate(row) for p in ((", ", a) if j else (a,))]
    else:
        pieces += [p for i, a in enumerate(arguments) for p in (("; ", a) if i else (a,))]
    made = joined([*pieces, "]"], span)
    return Code(made.parts, made.level, value=tuple(arguments))


def _name(name: str, span: Span) -> Code:
    constant = {"Pi": "pi", "E": "exp(1)"}.get(name)
    if name == "I":
        raise Fault("complex numbers are not read yet", span)
    return plain(constant, span, number=True) if constant else plain(name, span, value=name)


def _is_factor(before: Token, token: Token) -> bool:
    return token.spaced or before.kind == "number" or token.text == "("


_GRAMMAR = Grammar(
    infix={
        **ARITHMETIC,
        ".": (60, 61, vector_product),
        "*": (50, 51, lambda a, b: entrywise(a, "*", b)),
        "/": (50, 51, lambda a, b: entrywise(a, "/", b)),
        "^": (71, 65, lambda a, b: raised(a, b)),
    },
    prefix={"-": (55, unary["-"][1]), "+": unary["+"]},
    postfix={},
    called={"[": lambda base, arguments, span: called_by(_FUNCTIONS, base, arguments, span)},
    name=_name,
    signs=("<=", ">=", "=="),
    letters=r"[^\W\d_][^\W_]*",
    side_by_side=(50, lambda a, b: entrywise(a, "*", b)),
    is_factor=_is_factor,
    list_of={"{": _list},
)
