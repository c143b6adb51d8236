"""MATLAB and Octave: ``*`` is the matrix product; round brackets hold arguments or indices; a vector is a column or a row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from matcalc.errors import Span
from matcalc.language.foreign.code import Code, Fault, call, infix, joined, plain, raised
from matcalc.language.foreign.comments import muted
from matcalc.language.foreign.common.axes import largest_sum, norm, softened, squared_distances
from matcalc.language.foreign.common.columns import along, spread_out
from matcalc.language.foreign.common.formulas import DENSITIES, filled
from matcalc.language.foreign.common.functions import (
    ELEMENTWISE,
    Handler,
    count,
    one,
    reduction,
    same,
    square,
    summed,
    takes,
    transposed,
)
from matcalc.language.foreign.common.names.lines import as_row, unoriented
from matcalc.language.foreign.common.pratt import Grammar
from matcalc.language.foreign.common.shared import (
    ARITHMETIC,
    Count,
    Flat,
    Range,
    Rooted,
    called_by,
    differences,
    dotted,
    entry,
    flat,
    has_known_axes,
    is_defined,
    is_index,
    is_vector_name,
    left_division,
    named,
    power_of_entries,
    prime,
    product,
    quotient,
    ranged,
    unary,
    whole_power,
)
from matcalc.language.foreign.common.shared_arrays import block, identity, ones, reshaped
from matcalc.language.foreign.common.spreading import column_of_ones, operated, row_of_ones
from matcalc.language.foreign.programs import Style, function_of, program, split
from matcalc.patterns import pattern

__all__ = ["read"]

_ASSIGNED = pattern(r"\s*(?P<name>\w+)\s*(?P<sign>[-+*/])?=(?!=)")
_SIZES = pattern(r"\s*\[\s*(\w+)\s*,\s*(\w+)\s*\]\s*=\s*size\(\s*(\w+)\s*\)")
_FUNCTIONS_OF = (
    pattern(r"\s*(?:(?P<name>\w+)\s*=\s*)?@\((?P<arguments>[\w\s,~]*)\)"),
    pattern(r"\s*function\s+\w+\s*=\s*(?P<name>\w+)\s*\((?P<arguments>[\w\s,~]*)\)[ \t]*[;,]?"),
)
_FUNCTION = pattern(r"\s*function\s+(?:\[\s*(\w+)[^\]]*\]|(\w+))\s*=\s*(\w+)\s*\(([\w\s,~]*)\)[ \t]*[;,]?")
_BLOCK = pattern(r"[ \t]*function\b.*?(?:\bend(?:function)?[ \t]*(?=\n|\Z)|(?=\n[ \t]*function\b)|\Z)", re.DOTALL)


def read(text: str) -> Code:
    """An expression, an anonymous function, a function, or assignments before any of them."""
    text = re.sub(r"\.\.\.[^\n]*\n", _blank, text)
    text = re.sub(r"%(?![ \t]*\d+[ \t]*(?:$|[-+*/)]))[^\n]*", _blank, muted(text, percent=True), flags=re.MULTILINE)
    text = re.sub(
        r"bsxfun\(\s*@(plus|minus|times|rdivide)\s*,", lambda m: f"bsx{m.group(1)}(".rjust(len(m.group())), text
    )
    text = re.sub(r"bsxfun\(\s*@(\w+)\s*,", lambda m: f"{m.group(1)}(".rjust(len(m.group())), text).rstrip()
    text = re.sub(r"(?m:^[ \t]*[a-z]\w*\.(?=\w+\s*=\s*@))", _blank, text)
    body = text.rstrip("; \n")
    function = _FUNCTION.match(body)
    if function is None:
        return program(body, split(body, (0, len(body)), ";\n", _BLOCK), _STYLE)
    end = re.search(r"\n\s*end(?:function)?\s*\Z", body)
    statements = split(body, (function.end(), end.start() if end else len(body)), ";\n", _BLOCK)
    helpers = [s for s in statements if re.match(r"\s*function\b", body[slice(*s)])]
    statements = [*helpers, *(s for s in statements if s not in helpers)]
    made = program(body, statements, _STYLE, output=function.group(1) or function.group(2))
    return function_of(function.group(3), function.group(4), made, (0, len(body)))


def _inside(text: str) -> str:
    """Without the end of a function."""
    return re.sub(r"\bend(?:function)?\s*\Z", _blank, text)


def _size_of(array: Code, axis: int, span: Span) -> Code:
    return replace(count(array, span, axis), axes="", value=Count(array, axis))


def _blank(found: re.Match[str]) -> str:
    """As many spaces; the lines stay, but for continued ones."""
    kept = r"[^\n]" if not found.group().startswith("...") else r"."
    return re.sub(kept, " ", found.group(), flags=re.DOTALL)


def _norm(arguments: Sequence[Code], span: Span) -> Code:
    """The largest singular value of a matrix, the length of a column."""
    inner, *order = arguments
    kind = order[0].value if order else None
    if kind == "fro":
        return call("norm2", [inner], span, number=True)
    if inner.kind == "m" and kind in ("1", "inf", "Inf"):
        return largest_sum(inner, 0 if kind == "1" else 1, span)
    if kind in ("inf", "Inf"):
        return call("norm_inf", [inner], span, number=True)
    if kind is None or kind == "2":
        return joined(["||", inner, "||_2"], span, number=True)
    return call("norm", arguments, span, number=True)


def _cholesky(arguments: Sequence[Code], span: Span) -> Code:
    """chol(K) and chol(K, 'upper') are the upper factor, chol(K, 'lower') the lower one."""
    inner, *part = arguments
    word = part[0].value if part else "upper"
    if word not in ("lower", "upper") or len(part) > 1:
        raise Fault("chol takes a matrix and 'lower' or 'upper' here", span)
    made = replace(call("chol", [inner], span), axes="m")
    return made if word == "lower" else transposed(made, span)


def _norms(arguments: Sequence[Code], span: Span) -> Code:
    """vecnorm(X): that of each column; vecnorm(X, 2, 2): of each row"""
    inner, *rest = arguments
    order, axis = [*(str(r.value) for r in rest), *("2", "1")[len(rest) :]]
    if order not in ("1", "2") or axis not in ("1", "2"):
        raise Fault("only the norms 1 and 2 along the axes 1 and 2 are known here", span)
    return norm(replace(inner, axes="m"), order, int(axis) - 1, span, kept=True)


def _distances(arguments: Sequence[Code], span: Span) -> Code:
    """pdist2(X, Y), pdist2(X, Y, 'squaredeuclidean')"""
    x, y, *metric = arguments
    word = metric[0].value if metric else "euclidean"
    if word not in ("euclidean", "squaredeuclidean", "fasteuclidean"):
        raise Fault("only Euclidean distances and their squares are known here", span, "write what it computes")
    squares = squared_distances(x, y, span)
    return (
        squares
        if word == "squaredeuclidean"
        else replace(call("sqrt", [squares], span), axes="m", value=Rooted(squares))
    )


def _size(arguments: Sequence[Code], span: Span) -> Code:
    if len(arguments) != 2 or arguments[1].value not in ("1", "2"):
        raise Fault("write size(X, 1) or size(X, 2)", span)
    axis = 1 if arguments[1].value == "1" else 2
    return replace(count(arguments[0], span, axis), value=Count(arguments[0], axis))


def _reduced(name: str) -> Handler:
    """sum(X) of a matrix is that of each column, sum(x) of a vector that of all entries."""

    def build(arguments: Sequence[Code], span: Span) -> Code:
        inner, *rest = arguments
        if name in ("max", "min") and len(rest) == 2 and rest[0].value == _EMPTY:
            rest = rest[1:]
        elif name in ("max", "min") and len(rest) == 1:
            return _entrywise(name)(arguments, span)
        if len(rest) > 1:
            raise Fault(f"{name} takes an array and an axis here", rest[1].span)
        axis = str(rest[0].value) if rest else "1" if inner.kind == "m" else None
        if axis == "all":
            axis = None
        return along(name, inner, axis, span)

    return build


def _deviated(*, root: bool) -> Handler:
    """var(X) of a matrix is that of each column."""

    def build(arguments: Sequence[Code], span: Span) -> Code:
        if len(arguments) != 1:
            raise Fault("the variance is known of one array here", span, "write mean((x - mean(x)).^2)")
        inner = arguments[0]
        return spread_out(inner, "1" if inner.kind == "m" else None, span, root=root)

    return build


def _repeated(arguments: Sequence[Code], span: Span) -> Code:
    """repmat(r, m, 1) of a row, repmat(c, 1, n) of a column"""
    if len(arguments) != 3:
        raise Fault("write repmat(r, m, 1) of a row or repmat(c, 1, n) of a column", span)
    inner, down, across = arguments
    if across.text == "1":
        inner = transposed(inner, span) if is_vector_name(inner) else inner
        tall = column_of_ones(down.value.of) if isinstance(down.value, Count) else call("ones", [down], span)
        return replace(infix(tall, "*", inner), axes="m")
    if down.text == "1":
        wide = transposed(call("ones", [across], span), span)
        wide = row_of_ones(across.value.of) if isinstance(across.value, Count) else wide
        return replace(infix(inner, "*", wide), axes="m")
    raise Fault("write repmat(r, m, 1) of a row or repmat(c, 1, n) of a column", span)


def _spread(sign: str) -> Handler:
    """bsxfun: a row stands beside every row, a column beside every column."""

    @takes(2, 2)
    def build(arguments: Sequence[Code], span: Span) -> Code:
        left, right = arguments
        if is_vector_name(left) and is_vector_name(right):
            raise unoriented(right)
        made = operated(_turned_to(left, right, sign), sign, _turned_to(right, left, sign))
        return replace(made, value=_OF_DATA) if any(map(_is_data, arguments)) else made

    return build


#: The mark of data from whose rows something was taken off.
_OF_DATA = ("data",)


def _is_data(code: Code) -> bool:
    """The name of a matrix, or what is left of one without a row: in products sums of squares may be taken off as columns."""
    return code.kind == "m" and (isinstance(code.value, str) or code.value == _OF_DATA)


def _turned_to(code: Code, other: Code, sign: str) -> Code:
    """A name beside a row is a column, beside a column a matrix; beside data it is rather a row.

    Not so where it is declared, or a factor: weights are of rows as often as of columns.
    """
    if not is_vector_name(code) or other.kind in (None, ""):
        return code
    if other.kind in ("r", "c"):
        return replace(code, axes="m")
    if sign == "*" or not _is_data(other) or has_known_axes(code) or is_defined(code.text):
        raise unoriented(code)
    return as_row(code)


def _standardised(arguments: Sequence[Code], span: Span) -> Code:
    """Raises Fault: normalize(x) is no unit vector in MATLAB."""
    raise Fault("normalize is (x - mean(x)) / std(x) in MATLAB", span, "write it out, or x / norm(x)")


def _diagonal(arguments: Sequence[Code], span: Span) -> Code:
    """Of a matrix a column, of a column or a row a matrix."""
    axes = {"m": "c", "c": "m", "r": "m"}.get(arguments[0].kind or "") if len(arguments) == 1 else None
    return replace(call("diag", arguments, span), axes=axes)


def _ones(arguments: Sequence[Code], span: Span) -> Code:
    """ones(n, m), ones(size(x))"""
    if len(arguments) == 1 and isinstance(arguments[0].value, Count):
        raise Fault("write ones(n, 1)", span)
    return ones(arguments, span)


def _entrywise(sign: str) -> Handler:
    @takes(2, 2)
    def build(arguments: Sequence[Code], span: Span) -> Code:
        left, right = arguments
        if sign in ("max", "min"):
            return replace(
                call(sign, arguments, span, number=left.number and right.number), axes=left.kind or right.kind
            )
        return raised(left, right) if sign == "^" else operated(left, sign, right)

    return build


def _inner(arguments: Sequence[Code], span: Span) -> Code:
    if any(a.kind == "m" for a in arguments):
        raise Fault("of matrices these are the products of their columns", span, "write sum(A .* B)")
    return call("inner", [a.value.code if isinstance(a.value, Flat) else a for a in arguments], span, number=True)


def _density(arguments: Sequence[Code], span: Span) -> Code:
    values = [*arguments, plain("0", span, literal=True), plain("1", span, literal=True)][: max(3, len(arguments))]
    if len(arguments) == 2:
        values = [*arguments, plain("1", span, literal=True)]
    parameters, formula = DENSITIES["norm"]
    logarithm = filled(formula, dict(zip(parameters, values, strict=False)), span, axes=arguments[0].kind)
    return call("exp", [logarithm], span)


_FUNCTIONS: dict[str, Handler] = {
    "norm": _norm, "size": _size, "repmat": _repeated, "normpdf": _density,
    **{name: _reduced(name) for name in ("sum", "mean", "prod", "max", "min")},
    "var": _deviated(root=False), "std": _deviated(root=True),
    "numel": lambda a, span: count(a[0], span, None),
    "length": lambda a, span: count(a[0], span, 1),
    "trace": reduction("tr"), "det": reduction("det"), "dot": _inner,
    **{name: _entrywise(sign) for name, sign in (("plus", "+"), ("minus", "-"), ("times", "*"), ("rdivide", "/"), ("power", "^"))},
    **{f"bsx{name}": _spread(sign) for name, sign in (("plus", "+"), ("minus", "-"), ("times", "*"), ("rdivide", "/"))},
    "diag": _diagonal, "normalize": _standardised, "logdet": reduction("logdet"),
    "mtimes": takes(2, 2)(lambda a, span: product(a[0], a[1])),
    "transpose": lambda a, span: transposed(a[0], span), "ctranspose": lambda a, span: transposed(a[0], span),
    "diff": differences, "eye": identity, "speye": identity, "ones": _ones, "zeros": lambda a, span: call("zeros", a, span),
    "sumsqr": lambda a, span: summed(square(a[0], span), span),
    "eig": same("eigvals"), "svd": same("svdvals"), "full": lambda a, span: a[0],
    "softmax": lambda a, span: softened("softmax", one(a, span, "softmax"), 0, span),
    "logsig": lambda a, span: call("sigmoid", a, span), "tansig": lambda a, span: call("tanh", a, span),
    "poslin": lambda a, span: call("relu", a, span),
    "inv": lambda a, span: replace(call("inv", a, span), axes="m"),
    "chol": takes(1, 2)(_cholesky), "vecnorm": takes(1, 3)(_norms), "pdist2": takes(2, 3)(_distances), "reshape": takes(3, 3)(reshaped), "linsolve": takes(2, 2)(same("solve")),
}  # fmt: skip
#: Functions of this language, and those of MATLAB; another name before a bracket has indices.
_KNOWN = frozenset(
    "exp log sqrt abs pinv kron diag logdet logsumexp softmax expm logm sqrtm tril triu vec outer norm1 norm2 quad inner sinm cosm"
    " where huber".split()
) | frozenset(ELEMENTWISE)


def _bracketed(base: Code, arguments: Sequence[Code], span: Span) -> Code:
    """f(x), X(:), x(1), A(i, j), A(:, 1)."""
    if len(arguments) == 1 and arguments[0].value == ":":
        return flat(base, span)
    name = base.value if isinstance(base.value, str) else ""
    if name in _FUNCTIONS or name in _KNOWN:
        return called_by(_FUNCTIONS, base, arguments, span)
    if all(is_index(a) or isinstance(a.value, Range) or a.value == ":" for a in arguments):
        return entry(base, arguments, span)
    if len(name) > 2 and any(a.kind == "m" for a in arguments):
        raise Fault(f"{name} is not known here", span, "write what it computes")
    return joined([base, "(", *(p for i, a in enumerate(arguments) for p in ((", ", a) if i else (a,))), ")"], span)


def _rows(arguments: Sequence[Sequence[Code]], span: Span) -> Code:
    """[a, b; c, d]"""
    made = block(arguments, span)
    return made if list(arguments) != [[]] else replace(made, value=_EMPTY)


#: The mark of [].
_EMPTY = ("empty",)

_GRAMMAR = Grammar(
    infix={
        **ARITHMETIC,
        "*": (50, 51, product),
        "/": (50, 51, quotient),
        "\\": (50, 51, left_division),
        ".*": (50, 51, lambda a, b: dotted(a, "*", b)),
        "./": (50, 51, lambda a, b: dotted(a, "/", b)),
        "^": (70, 71, whole_power),
        ".^": (70, 71, power_of_entries),
        ":": (35, 36, ranged),
    },
    prefix=unary,
    postfix={"'": (80, prime), ".'": (80, prime)},
    called={"(": _bracketed},
    name=named,
    signs=("<=", ">=", "==", ".*", "./", ".^", ".'", "'"),
    rows_of={"[": _rows},
    spaced_rows=True,
    function="@",
)
_STYLE = Style(_GRAMMAR, _ASSIGNED, _FUNCTIONS_OF, _inside, None, _SIZES, _size_of)
