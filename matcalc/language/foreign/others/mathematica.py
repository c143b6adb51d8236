"""Mathematica: square brackets call, the dot is the product, in which a vector has no orientation, all else is of the entries."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from matcalc.errors import Span
from matcalc.language.foreign.code import ATOM, Code, Fault, call, joined, plain, raised
from matcalc.language.foreign.common.axes import covariance
from matcalc.language.foreign.common.columns import along, spread_out
from matcalc.language.foreign.common.functions import (
    Handler,
    count,
    elementwise,
    one,
    reduction,
    same,
    summed,
    takes,
    transposed,
)
from matcalc.language.foreign.common.pratt import Grammar, Token
from matcalc.language.foreign.common.shared import (
    ARITHMETIC,
    Count,
    Range,
    called_by,
    differences,
    entry,
    flat,
    named,
    positional,
    prime,
    ranged,
    unary,
    vector_product,
)
from matcalc.language.foreign.common.shared_arrays import block, identity
from matcalc.language.foreign.common.spreading import operated
from matcalc.language.foreign.others.mathematica_blocks import inside, unblocked
from matcalc.language.foreign.programs import Style, program, split
from matcalc.patterns import pattern

__all__ = ["read"]


_ASSIGNED = pattern(r"\s*(?P<name>[^\W\d_]\w*)\s*(?:(?P<sign>[-+*/])|:)?=(?!=)")
_FUNCTIONS_OF = (pattern(r"\s*(?P<name>[^\W\d_]\w*)\[(?P<arguments>[^\[\]]*_[^\[\]]*)\]\s*:?=(?!=)"),)
#: What only changes how a result is shown.
_SHOWN = pattern(r"//\s*(?:(?:Full)?Simplify|Expand|MatrixForm|TraditionalForm|N)\s*\Z")


def read(text: str) -> Code:
    r"""An expression, a definition f[x_] := …, or assignments before an expression; \[Lambda] is the letter."""
    text = re.sub(r"\\\[(Capital)?([A-Z][A-Za-z]+)\]", _letter, text)
    text = unblocked(_SHOWN.sub("", text).rstrip("; \n")).rstrip("; \n")
    return program(text, split(text, (0, len(text)), ";\n"), _STYLE)


def _letter(found: re.Match[str]) -> str:
    """A Greek letter as its name, a transpose as a prime, at their place."""
    if found.group(2) in ("Transpose", "ConjugateTranspose", "HermitianConjugate"):
        return "'".ljust(len(found.group()))
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
    if not isinstance(rows, tuple) or not all(
        isinstance(r, Code) and isinstance(r.value, tuple) and len(r.value) == 2 for r in rows
    ):
        raise Fault("write Piecewise[{{value, condition}, …}, otherwise]", span)
    result = arguments[1] if len(arguments) > 1 else plain("0", span, literal=True)
    for row in reversed(rows):
        value, condition = row.value
        result = call("where", [condition, value, result], span)
    return result


def _statement(head: str) -> Callable[[Sequence[Code], Span], Code]:
    """D[f, x], D[f, {x, 2}], Minimize[f, {x, y}]: statements of this language, too."""

    def value(arguments: Sequence[Code], span: Span) -> Code:
        pieces: list[str | Code] = [f"{head}[", arguments[0]]
        for a in arguments[1:]:
            if isinstance(a.value, tuple):
                inside = ", ".join(part.text for part in a.value if isinstance(part, Code))
                pieces += [", {", inside, "}"]
            else:
                pieces += [", ", a]
        return joined([*pieces, "]"], span)

    return value


def _shown(arguments: Sequence[Code], span: Span) -> Code:
    """Simplify[f], Simplify[f, assumptions]: f"""
    return arguments[0]


def _outer(arguments: Sequence[Code], span: Span) -> Code:
    return call("outer", arguments[-2:], span)


def _total(arguments: Sequence[Code], span: Span) -> Code:
    """Total[X] sums the rows of a matrix, Total[X, {2}] its columns, Total[X, 2] all entries; a vector as a whole."""
    inner, *level = positional(arguments)
    if level and isinstance(level[0].value, tuple):
        return _along("sum", inner, "2" if level[0].value[0].text == "2" else "1", span)
    return summed(inner, span) if level or inner.kind != "m" else _along("sum", inner, "1", span)


def _along(name: str, code: Code, axis: str, span: Span) -> Code:
    found = along(name, code, axis, span)
    return replace(transposed(found, span) if found.kind == "r" else found, axes="v")


def _mean(arguments: Sequence[Code], span: Span) -> Code:
    inner = one(arguments, span, "Mean")
    return _along("mean", inner, "1", span) if inner.kind == "m" else call("mean", [inner], span, number=True)


def _spread(*, root: bool) -> Handler:
    def build(arguments: Sequence[Code], span: Span) -> Code:
        inner = one(arguments, span, "Variance")
        found = spread_out(inner, "1" if inner.kind == "m" else None, span, root=root)
        return transposed(found, span) if found.kind == "r" else found

    return build


def _counted(arguments: Sequence[Code], span: Span) -> Code:
    inner = one(arguments, span, "Length")
    return replace(count(inner, span, 1 if inner.kind == "m" else None), value=Count(inner, 1))


def _constant(arguments: Sequence[Code], span: Span) -> Code:
    """ConstantArray[1, n]"""
    if len(arguments) != 2 or arguments[0].text not in ("0", "1"):
        raise Fault("ConstantArray is known of ones and zeros here", span)
    sizes = arguments[1].value if isinstance(arguments[1].value, tuple) else (arguments[1],)
    return call("ones" if arguments[0].text == "1" else "zeros", sizes, span)


def _part(base: Code, arguments: Sequence[Code], span: Span) -> Code:
    """x[[1]], A[[1]], A[[All, 1]], A[[i, j]], x[[2 ;; -1]]"""
    indices = [_place(a) for a in arguments]
    if len(indices) == 1 and base.kind == "m":
        row = entry(base, [indices[0], plain(":", span)], span)
        return replace(transposed(row, span), axes="v")
    found = entry(base, indices, span)
    return transposed(found, span) if found.kind == "r" else found


def _place(index: Code) -> Code:
    """An index; below 0 it counts from the end."""
    if isinstance(index.value, Range):
        return ranged(_place(index.value.first), _place(index.value.last))
    if index.text == "All":
        return plain(":", index.span, value=":")
    number = re.fullmatch(r"(-?)(\d+)", index.text)
    if number is None or index.text in ("0", "-0"):
        hint = "write the number, as A[[1, 2]]; a sum over an index is one of arrays, as Total[(y - X.w)^2]"
        raise Fault("an index is a number here", index.span, hint)
    steps = int(number.group(2)) - 1
    return index if not number.group(1) else plain(f"end - {steps}" if steps else "end", index.span)


def _taken(first: int, last: int | None = None) -> Handler:
    """First, Last, Rest, Most: an entry, or all between two."""

    def build(arguments: Sequence[Code], span: Span) -> Code:
        codes = [plain(str(i), span) for i in (first, *([] if last is None else [last]))]
        return _part(one(arguments, span, "this").within(ATOM), [codes[0] if last is None else ranged(*codes)], span)

    return build


def _base(base: Code, arguments: Sequence[Code], span: Span) -> Code:
    """A function of this table; one that is not known is none that nobody defined where it is spelled as a built-in."""
    name = base.value if isinstance(base.value, str) else ""
    if name not in _FUNCTIONS and re.fullmatch(r"[A-Z]+[a-z]\w*", name):
        raise Fault(f"{name} is not known here", base.span, "write what it computes")
    return called_by(_FUNCTIONS, base, arguments, span)


def _covariance(arguments: Sequence[Code], span: Span) -> Code:
    inner = replace(one(arguments, span, "Covariance"), axes="m")
    return covariance(inner, rows=False, less=plain("1", span, literal=True), span=span)


def _chained(arguments: Sequence[Code], join: object) -> Code:
    result = arguments[0]
    for argument in arguments[1:]:
        result = join(result, argument)  # type: ignore[operator]
    return result


def _list(arguments: Sequence[Code], span: Span) -> Code:
    """{a, b} is a column, {{a, b}, {c, d}} a matrix."""
    rows = [row.value for row in arguments if isinstance(row.value, tuple)]
    made = block(rows if rows and len(rows) == len(arguments) else [[a] for a in arguments], span)
    return Code(made.parts, made.level, value=tuple(arguments))


#: Functions of entries.
_OF_ENTRIES = {
        "Exp": "exp", "Sqrt": "sqrt", "Sin": "sin", "Cos": "cos", "Tan": "tan", "Sinh": "sinh", "Cosh": "cosh", "Tanh": "tanh",
        "ArcSin": "asin", "ArcCos": "acos", "ArcTan": "atan", "ArcSinh": "asinh", "ArcCosh": "acosh", "ArcTanh": "atanh", "Abs": "abs",
        "Sign": "sign", "Erf": "erf", "Erfc": "erfc", "LogGamma": "lgamma", "Gamma": "gamma", "LogisticSigmoid": "sigmoid",
        "Ramp": "relu", "PolyGamma": "digamma", "CubeRoot": "cbrt",
    "Log": "log",
}  # fmt: skip
_FUNCTIONS: dict[str, Handler] = {
    **{name: elementwise(ours) for name, ours in _OF_ENTRIES.items()},
    "Log": _logarithm, "Norm": _norm, "Piecewise": _cases, "D": _statement("D"), "Minimize": _statement("Minimize"), "Maximize": _statement("Maximize"),
    "NMinimize": _statement("NMinimize"), "NMaximize": _statement("NMaximize"), "Outer": _outer,
    "Grad": _statement("D"), **dict.fromkeys("Simplify FullSimplify Expand Factor Together Refine".split(), _shown),
    "If": same("where"), "UnitStep": lambda a, span: joined(["(", one(a, span, "UnitStep"), " >= 0)"], span),
    "CholeskyDecomposition": lambda a, span: transposed(call("chol", a, span), span), "Tr": reduction("tr"), "Det": reduction("det"), "Total": lambda a, span: _total(a, span), "Mean": lambda a, span: _mean(a, span),
    "Transpose": lambda a, span: transposed(a[0], span), "ConjugateTranspose": lambda a, span: transposed(a[0], span),
    "Inverse": same("inv"), "PseudoInverse": same("pinv"), "LinearSolve": same("solve"), "KroneckerProduct": same("kron"),
    "IdentityMatrix": identity, "Flatten": lambda a, span: flat(a[0], span, rows=True), "Length": _counted, "ConstantArray": _constant,
    "Variance": _spread(root=False), "StandardDeviation": _spread(root=True), "Covariance": lambda a, span: _covariance(a, span),
    "Log2": elementwise("log2"), "Log10": elementwise("log10"), "Softplus": elementwise("softplus"), "Normalize": same("normalize"),
    "Sech": lambda a, span: joined(["1 ./ cosh(", a[0], ")"], span, 2), "DiagonalMatrix": same("diag"), "Diagonal": same("diag"),
    "MatrixExp": same("expm"), "MatrixLog": same("logm"),
    "MatrixPower": takes(2, 2)(lambda a, span: raised(*a, entries=False)), "Power": takes(2, 2)(lambda a, span: raised(*a)), "Eigenvalues": same("eigvals"), "SingularValueList": same("svdvals"),
    "Dot": lambda a, span: _chained(a, vector_product), "Times": lambda a, span: _chained(a, lambda x, y: operated(x, "*", y)),
    "Plus": lambda a, span: _chained(a, lambda x, y: operated(x, "+", y)), "Subtract": takes(2, 2)(lambda a, span: operated(a[0], "-", a[1])),
    "Max": same("max"), "Min": same("min"), "Differences": differences,
    "First": _taken(1), "Last": _taken(-1), "Rest": _taken(2, -1), "Most": _taken(1, -2),
}  # fmt: skip


def _name(name: str, span: Span) -> Code:
    constant = {"Pi": "pi", "E": "exp(1)"}.get(name)
    if name in ("I", "All"):
        if name == "All":
            return plain(name, span)
        raise Fault("complex numbers are not read yet", span)
    return plain(constant, span, number=True) if constant else named(name, span)


def _mapped(function: Code, array: Code) -> Code:
    """Log /@ x"""
    span = (function.span[0], array.span[1])
    if function.value not in _OF_ENTRIES:
        raise Fault("only functions of entries are mapped here", function.span, "write what it computes")
    return _FUNCTIONS[str(function.value)]([array], span)


def _is_factor(before: Token, token: Token) -> bool:
    return token.spaced or before.kind == "number" or token.text == "("


_GRAMMAR = Grammar(
    infix={
        **ARITHMETIC,
        ".": (60, 61, vector_product),
        ";;": (35, 36, ranged),
        "*": (50, 51, lambda a, b: operated(a, "*", b)),
        "/": (50, 51, lambda a, b: operated(a, "/", b)),
        "^": (71, 65, lambda a, b: raised(a, b)),
        "/@": (75, 74, _mapped),
    },
    prefix={"-": (55, unary["-"][1]), "+": unary["+"]},
    postfix={"'": (80, prime), "\u1d40": (80, prime)},
    called={"[": _base, "[[": _part},
    name=_name,
    signs=("/@", ";;", "<=", ">=", "==", "[["),
    letters=r"[^\W\d_][^\W_]*",
    side_by_side=(50, lambda a, b: operated(a, "*", b)),
    is_factor=_is_factor,
    list_of={"{": _list},
    applied="@",
    is_of_entries=True,
)
_STYLE = Style(_GRAMMAR, _ASSIGNED, _FUNCTIONS_OF, inside)
