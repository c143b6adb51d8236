"""Julia: a dot makes an operation that of the entries; ``exp(A)`` of a matrix is its exponential."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from matcalc.errors import Span
from matcalc.language.foreign.code import ATOM, PRODUCT, Code, Fault, call, joined, plain, raised
from matcalc.language.foreign.common.axes import largest_sum, softened
from matcalc.language.foreign.common.columns import along, spread_out
from matcalc.language.foreign.common.functions import (
    ELEMENTWISE,
    Handler,
    count,
    elementwise,
    reduction,
    same,
    square,
    takes,
    transposed,
)
from matcalc.language.foreign.common.pratt import Grammar, Lambda, Token
from matcalc.language.foreign.common.shared import (
    ARITHMETIC,
    called_by,
    differences,
    dotted,
    entry,
    flat,
    is_vector_name,
    keyword,
    left_division,
    named,
    of_each,
    positional,
    power_of_entries,
    prime,
    product,
    quotient,
    ranged,
    refuse_count,
    unary,
    whole_power,
)
from matcalc.language.foreign.common.shared_arrays import block, identity, ones, reshaped
from matcalc.language.foreign.common.spreading import called
from matcalc.language.foreign.others.julia_losses import LOSSES_OF_FLUX, distribution, log_density
from matcalc.language.foreign.programs import Style, program, split
from matcalc.language.words.names import canonical_name
from matcalc.patterns import pattern
from matcalc.records import dataclass

__all__ = ["read"]


_ASSIGNED = pattern(r"\s*(?P<macro>@\.\s*)?(?:(?:const|local)\s+)?(?P<name>\w+)\s*(?P<sign>\.?[-+*/])?=(?!=)")
_SIZES = pattern(r"\s*(\w+)\s*,\s*(\w+)\s*=\s*size\(\s*(\w+)\s*\)")
_FUNCTIONS_OF = (
    pattern(r"\s*function\s+(?P<name>\w+)\s*\((?P<arguments>[^()]*)\)"),
    pattern(r"\s*∇?(?P<name>\w+)\s*\((?P<arguments>[^()]*)\)\s*=(?!=)(?:\s*begin\b)?"),
    pattern(r"\s*(?:(?P<name>\w+)\s*=\s*)?\(?(?P<arguments>\w+(?:\s*,\s*\w+)*)\)?\s*->"),
)
_BLOCK = pattern(r"[ \t]*(?:function\b|\w+\([^()\n]*\)\s*=\s*begin\b).*?\bend\b(?=\s*(?:\n|;|\Z))", re.DOTALL)
#: LinearAlgebra.norm(x)
_MODULE = pattern(r"\b(?:[A-Z]\w*\.)+(?=[a-z]\w*\()")


def read(text: str) -> Code:
    """An expression, an anonymous function, a function, or assignments before any of them."""
    text = _MODULE.sub(
        _blank, re.sub(r"[ \t]*::[ \t]*[A-Z][\w.]*(?:\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\})?|::[\w{}.<:]+", _blank, text)
    )
    text = re.sub(r"\'{3}.*?\'{3}|\"{3}.*?\"{3}", _blank, text, flags=re.DOTALL)
    text = re.sub(r"(?m:^[ \t]*return\b)", _blank, text)
    text = _without_underscores(re.sub(r"@(?:views?|inbounds|fastmath|simd)\b", _blank, text)).translate(_ACCENTS)
    text = re.sub(r"(?<=\))\[1\]\s*\Z", _blank, text) if _DERIVED.search(text) else text
    text = re.sub(r"(?m:^[ \t]*return\b)(?=[^\n]*\S)", _blank, text) if "function" not in text else text
    text = text.rstrip("; \n")
    return program(text, split(text, (0, len(text)), ";\n", _BLOCK), _STYLE)


#: Accents above letters as letters, so that x̂ is one word, and back.
_ACCENTS = {0x302: "ˆ", 0x303: "ˬ", 0x304: "ˉ", 0x307: "ˈ", 0x20D7: "ˋ"}
_LETTERS = {ord(letter): accent for accent, letter in _ACCENTS.items()}


def _without_underscores(text: str) -> str:
    """_dim is the name dim, unless another one has it."""
    for name in dict.fromkeys(re.findall(r"(?<!\w)_+([^\W\d]\w*)", text)):
        if re.search(rf"(?<!\w){name}\b", text):
            raise Fault(f"{name} and _{name} are two names here", (0, len(text)), f"write another name for _{name}")
    return re.sub(r"(?<!\w)_+(?=[^\W\d])", _blank, text)


_DERIVED = pattern(r"\bgradient\(")


def _blank(found: re.Match[str]) -> str:
    """As many spaces; the lines stay."""
    return re.sub(r"[^\n]", " ", found.group())


def _inside(text: str) -> str:
    """Without return, and without the end of a block."""
    return re.sub(r"\breturn\b|\bend\s*\Z", _blank, text)


#: Functions of a square matrix as a whole, where no dot stands behind their name.
_OF_MATRICES = {"exp": "expm", "log": "logm", "sqrt": "sqrtm"}


def _is_matrix(argument: Code) -> bool:
    """A capital letter stands in it, and it is no number by its form."""
    return not argument.number and re.search(r"(?<![a-z_])[A-Z]", argument.text) is not None


def _whole(name: str) -> Handler:
    def build(arguments: Sequence[Code], span: Span) -> Code:
        matrix = len(arguments) == 1 and _is_matrix(arguments[0])
        return call(_OF_MATRICES[name], arguments, span) if matrix else elementwise(name)(arguments, span)

    return build


def _mapped(name: str) -> Handler:
    """sum(f, x) is the sum of f.(x); dims counts from 1."""

    def build(arguments: Sequence[Code], span: Span) -> Code:
        values = positional(arguments)
        inner = values[-1]
        if len(values) == 2:
            inner = _of_each(values, span)
        dims = keyword(arguments, "dims")
        return along(name, inner, None if dims is None else dims.text, span)

    return build


def _of_each(arguments: Sequence[Code], span: Span) -> Code:
    """map(f, x), map((a, b) -> …, x, y)"""
    function, *arrays = arguments
    return of_each(function, arrays, span) if isinstance(function.value, Lambda) else _dotted(function, arrays, span)


def _dot(arguments: Sequence[Code], span: Span) -> Code:
    if len(arguments) == 3:
        x, a, y = arguments
        return joined([transposed(x, span).within(2), " * ", a.within(3), " * ", y.within(3)], span, 2, number=True)
    return call("inner", arguments, span, number=True)


def _deviated(*, root: bool) -> Handler:
    def build(arguments: Sequence[Code], span: Span) -> Code:
        dims = keyword(arguments, "dims")
        values = positional(arguments)
        if len(values) != 1:
            raise Fault("the variance is known of one array here", span, "write mean((x .- mean(x)).^2)")
        corrected = keyword(arguments, "corrected")
        if corrected is not None:
            raise Fault("corrected is not known here", span, "write mean((x .- mean(x)).^2)")
        return spread_out(values[0], None if dims is None else dims.text, span, root=root)

    return build


def _softened(name: str) -> Handler:
    """softmax of a matrix is that of each column, unless dims says otherwise."""

    def build(arguments: Sequence[Code], span: Span) -> Code:
        dims = keyword(arguments, "dims")
        if dims is not None and dims.text not in ("1", "2"):
            raise Fault("an array has two axes here, 1 and 2", span)
        inner = positional(arguments)[0]
        inner = inner if dims is None or inner.kind is not None else replace(inner, axes="m")
        return softened(name, inner, 1 if dims is not None and dims.text == "2" else 0, span)

    return build


def _sized(arguments: Sequence[Code], span: Span) -> Code:
    """size(X, 1); size(X)[1]"""
    if len(arguments) == 1:
        sizes = tuple(_size_of(arguments[0], axis, span) for axis in (1, 2))
        return replace(call("size", arguments, span), value=Parts(sizes))
    return _size_of(arguments[0], 1 if arguments[1].text == "1" else 2, span)


def _log_determinant(arguments: Sequence[Code], span: Span) -> Code:
    """logabsdet(X)[1]; the second value is the sign"""
    made = reduction("logdet")(arguments, span)
    return replace(made, value=Parts((made, call("sign", [reduction("det")(arguments, span)], span, number=True))))


@dataclass(frozen=True)
class Parts:
    """Several values of a call."""

    values: tuple[Code, ...]


def _factorised(arguments: Sequence[Code], span: Span) -> Code:
    """cholesky(K) stands for K; its factors are .L and .U."""
    return replace(positional(arguments)[0].within(ATOM), axes="m")


def _lower(operand: Code, span: Span) -> Code:
    return replace(call("chol", [operand], span), axes="m")


def _upper(operand: Code, span: Span) -> Code:
    return replace(transposed(_lower(operand, span), span), axes="m")


def _operator_norm(arguments: Sequence[Code], span: Span) -> Code:
    """opnorm(A), opnorm(A, 1), opnorm(A, Inf)"""
    order = arguments[1].text if len(arguments) > 1 else "2"
    if order in ("1", "Inf"):
        return largest_sum(arguments[0], 0 if order == "1" else 1, span)
    if order != "2":
        raise Fault("only the norms 1, 2 and Inf of matrices are known here", span)
    return call("norm_spec", arguments[:1], span, number=True)


def _norm(arguments: Sequence[Code], span: Span) -> Code:
    return call("norm2" if len(arguments) == 1 else "norm", arguments, span, number=True)


_FUNCTIONS: dict[str, Handler] = {
    **{name: _whole(name) for name in _OF_MATRICES},
    "sum": _mapped("sum"), "mean": _mapped("mean"), "maximum": _mapped("max"), "minimum": _mapped("min"), "prod": _mapped("prod"),
    "dot": _dot, "norm": _norm, "opnorm": _operator_norm,
    "tr": reduction("tr"), "det": reduction("det"), "logdet": reduction("logdet"),
    "transpose": lambda a, span: transposed(a[0], span), "adjoint": lambda a, span: transposed(a[0], span),
    "Diagonal": same("diag"), "diagm": same("diag"), **dict.fromkeys(("Symmetric", "copy", "deepcopy", "collect"), lambda a, span: a[0]), "Hermitian": lambda a, span: a[0], "abs2": lambda a, span: square(a[0], span), "kron": same("kron"),
    "var": _deviated(root=False), "std": _deviated(root=True), "vec": lambda a, span: flat(a[0], span), "eye": identity,
    "inv": lambda a, span: replace(call("inv", a, span), axes="m"), "normalize": same("normalize"), "diff": lambda a, span: differences(positional(a), span),
    "cholesky": _factorised, "eigvals": same("eigvals"), "svdvals": same("svdvals"),
    "size": _sized, "logabsdet": _log_determinant, "map": takes(2)(lambda a, span: _of_each(a, span)),
    "zero": lambda a, span: joined(["0 * ", a[0].within(PRODUCT + 1)], span, PRODUCT),
    **LOSSES_OF_FLUX, "reshape": takes(3, 3)(reshaped),
    "logsoftmax": _softened("logsoftmax"), "softmax": _softened("softmax"),
    "Normal": takes(0)(distribution("norm")), "MvNormal": takes(0)(distribution("multivariate_normal")), "logpdf": log_density("multivariate_normal", "logpdf(MvNormal(m, S), x)"),
    "ones": ones, "zeros": lambda a, span: call("zeros", a, span),
    "σ": elementwise("sigmoid"), "length": lambda a, span: joined(["sum(", a[0].within(4), ".^0)"], span, number=True),
}  # fmt: skip


def _named(name: str, span: Span) -> Code:
    constant = _CONSTANTS.get(name)
    if constant:
        return plain(constant, span, number=True)
    if name.translate(_LETTERS) != name:
        return named(canonical_name(name.translate(_LETTERS)), span)
    return replace(named(canonical_name(name), span), value=name) if _GLUED.fullmatch(name) else named(name, span)


#: σf and Xβ are one name, where this language would read a product; Δx is an increment of x.
_GLUED = pattern(r"(?![Δδ∆])(?=.*[α-ωΑ-Ω])(?=.*[A-Za-z])\w+|(?![Δδ∆])[α-ωΑ-Ω]{2,}\w*")


_CONSTANTS = {"log2π": "log(2 * pi)", "logπ": "log(pi)", "ℯ": "exp(1)"}


def _dotted(base: Code, arguments: Sequence[Code], span: Span) -> Code:
    """f.(x), of every entry."""
    name = base.value if isinstance(base.value, str) else ""
    refuse_count(name, elementwise(name), arguments, span)
    if name == "abs2":
        return square(arguments[0], span)
    if name in ("σ", "sigma"):
        return elementwise("sigmoid")(arguments, span)
    if name in ("max", "min"):
        return replace(call(name, arguments, span), axes=arguments[0].axes)
    if name == "Normal":
        return distribution("norm")(arguments, span)
    if name == "logpdf":
        return log_density("norm", "logpdf.(Normal.(m, s), x)")(arguments, span)
    if name in ("ifelse",):
        return call("where", arguments, span)
    if name in ELEMENTWISE and len(arguments) == 1:
        return elementwise(ELEMENTWISE[name])(arguments, span)
    return call(name, arguments, span)


def _biased(left: Code, right: Code) -> Code:
    """W * X .+ b: a vector is a column, which stands beside every column of a matrix."""
    if left.kind == "m" and is_vector_name(right) and re.fullmatch(r"b\w?|bias\w*", right.text):
        right = replace(right, axes="c")
    return dotted(left, "+", right)


def _root(operand: Code, span: Span) -> Code:
    return elementwise("sqrt")([operand], span)


def _entry(base: Code, arguments: Sequence[Code], span: Span) -> Code:
    """x[1], X[:, 1]; a row X[1, :] is a vector, too; size(X)[1] is one of several values."""
    if isinstance(base.value, Parts) and len(arguments) == 1 and arguments[0].text in ("1", "2"):
        return base.value.values[int(arguments[0].text) - 1]
    found = entry(base, arguments, span)
    return transposed(found, span) if found.kind == "r" else found


def _is_factor(before: Token, token: Token) -> bool:
    """2x and x'y, without white space."""
    return not token.spaced and (before.kind == "number" or before.text in ("'", ")"))


def _grammar(*, of_entries: bool) -> Grammar:
    times = (lambda a, b: dotted(a, "*", b)) if of_entries else product
    over = (lambda a, b: dotted(a, "/", b)) if of_entries else quotient
    power = (lambda a, b: raised(a, b)) if of_entries else whole_power
    functions = {name: f for name, f in _FUNCTIONS.items() if not of_entries or name not in _OF_MATRICES}
    inner = None if of_entries else ("@.", _grammar(of_entries=True))
    return Grammar(
        infix={
            **ARITHMETIC,
            ".+": (40, 41, _biased), ".-": ARITHMETIC["-"], ".<": ARITHMETIC["<"], ".>": ARITHMETIC[">"],
            "*": (50, 51, times), "/": (50, 51, over), "//": (54, 55, over), "\\": (50, 51, left_division),
            ".*": (50, 51, lambda a, b: dotted(a, "*", b)), "./": (50, 51, lambda a, b: dotted(a, "/", b)),
            "⋅": (50, 51, lambda a, b: call("inner", [a, b], (a.span[0], b.span[1]), number=True)),
            "·": (50, 51, lambda a, b: call("inner", [a, b], (a.span[0], b.span[1]), number=True)),
            "⊗": (50, 51, lambda a, b: call("kron", [a, b], (a.span[0], b.span[1]))),
            "^": (71, 70, power), ".^": (71, 70, power_of_entries),
            ":": (35, 36, ranged),
        },
        prefix={**unary, "√": (75, _root)},
        postfix={"'": (80, prime), ".L": (90, _lower), ".U": (90, _upper), "²": (80, lambda a, span: raised(a, plain("2", span, literal=True), entries=False))},
        called={
            "(": lambda base, arguments, span: called_by(functions, base, arguments, span),
            ".(": _dotted,
            "[": _entry,
        },
        name=_named,
        arrow="->", of_entries=inner, choice=("?", ":", lambda a, span: called("where", a, span)),
        signs=("//", ".|>", "|>", "@.", "->", ".L", ".U", ".^", ".*", "./", ".+", ".-", ".<", ".>", ".(", "<=", ">=", "=="),
        letters=r"[^\W\d][\w!]*",
        side_by_side=(55, product),
        is_factor=_is_factor,
        piped={"|>": "(", ".|>": ".("}, rows_of={"[": block}, row_ends=";,", spaced_rows=True,
    )  # fmt: skip


def _size_of(array: Code, axis: int, span: Span) -> Code:
    return replace(count(array, span, axis), axes="")


_GRAMMAR, _DOTTED = _grammar(of_entries=False), _grammar(of_entries=True)
_STYLE = Style(_GRAMMAR, _ASSIGNED, _FUNCTIONS_OF, _inside, _DOTTED, _SIZES, _size_of, shares=True)
