"""What the tables of MATLAB, Julia, R and Mathematica have in common."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from types import MappingProxyType

from matcalc.errors import Span
from matcalc.functions import find
from matcalc.language.foreign.code import ATOM, Code, Fault, call, infix, joined, negated, plain, raised
from matcalc.language.foreign.common.functions import ELEMENTWISE, Handler, Taking, Turned, elementwise, transposed
from matcalc.language.foreign.common.names.lines import declared_line
from matcalc.language.foreign.common.names.naming import rank_of
from matcalc.language.foreign.common.pratt import Lambda
from matcalc.language.foreign.common.spreading import operated
from matcalc.language.words.elsewhere import FOREIGN
from matcalc.patterns import pattern
from matcalc.records import dataclass

__all__ = [
    "ARITHMETIC",
    "Count",
    "Flat",
    "Range",
    "Rooted",
    "axes_shown",
    "called_by",
    "differences",
    "dotted",
    "entry",
    "has_known_axes",
    "is_defined",
    "is_index",
    "is_vector_name",
    "keyword",
    "keywords",
    "keywords_asked",
    "left_division",
    "named",
    "names_defined",
    "of_each",
    "positional",
    "power_of_entries",
    "prime",
    "product",
    "quotient",
    "ranged",
    "rank_shown",
    "refuse_count",
    "unary",
    "vector_product",
    "whole_power",
]


@dataclass(frozen=True)
class Flat:
    """All entries of this as one column, or as one row."""

    code: Code


@dataclass(frozen=True)
class Rooted:
    """The square of what this is the root of, which has a derivative at 0, too."""

    square: Code


@dataclass(frozen=True)
class Count:
    """How many rows (1) or columns (2) something has, or entries in all."""

    of: Code
    axis: int | None


def product(left: Code, right: Code) -> Code:
    """The matrix product, or a multiple; vec(X)^T vec(Y) is the sum of the products of the entries."""
    paired = _paired(left, right)
    if paired is not None:
        return paired
    axes = _PRODUCTS.get((left.kind, right.kind))
    if axes is None and right.kind == "r" and _ends_with_column(left):
        axes = "m"
    return replace(infix(left, "*", right), axes=axes, number=axes == "")


def _ends_with_column(code: Code) -> bool:
    """x, or 2 * x, of the name of a vector: before a row it is a column."""
    last = re.search(r"(?:\A|\* )([^\W\d]\w*)\Z", code.text)
    return code.kind is None and last is not None and rank_shown(last.group(1)) == 1


_PRODUCTS: dict[tuple[str | None, str | None], str] = {
    ("m", "m"): "m", ("r", "m"): "r", ("m", "c"): "c", ("c", "r"): "m", ("r", "c"): "",
    ("", "m"): "m", ("m", ""): "m", ("", "c"): "c", ("c", ""): "c", ("", "r"): "r", ("r", ""): "r", ("", ""): "",
}  # fmt: skip


def _paired(left: Code, right: Code) -> Code | None:
    if not isinstance(left.value, Flat) or not isinstance(right.value, Flat):
        return None
    return call("inner", [left.value.code, right.value.code], (left.span[0], right.span[1]), number=True)


def flat(argument: Code, span: Span, *, rows: bool = False) -> Code:
    """All entries as one column: the columns one below the other, or the rows."""
    made = call("vec", [transposed(argument, span) if rows else argument], span)
    return replace(made, axes="c", value=Flat(argument))


def vector_product(left: Code, right: Code) -> Code:
    """A product in which a vector has no orientation."""
    paired = _paired(left, right)
    if paired is not None:
        return paired
    axes = "m" if (left.kind, right.kind) == ("m", "m") else None
    return replace(infix(left, "@", right), axes=axes)


def quotient(left: Code, right: Code) -> Code:
    """A number below, or a matrix: A / B is A B^-1."""
    is_matrix = (
        right.kind == "m"
        and not left.number
        and (left.kind in ("m", "r") or left.text.endswith("^T") or not isinstance(right.value, str) or is_shown(right))
    )
    if not is_matrix:
        return replace(infix(left, "/", right), axes=left.kind)
    return replace(infix(left, "*", call("inv", [right], right.span)), axes=left.kind)


def left_division(left: Code, right: Code) -> Code:
    return replace(infix(left, "\\", right), axes=right.kind)


def power_of_entries(base: Code, exponent: Code) -> Code:
    """x.^p; the square of a root is what stands below it."""
    is_square = isinstance(base.value, Rooted) and exponent.text == "2"
    return base.value.square if is_square and isinstance(base.value, Rooted) else raised(base, exponent)


def whole_power(base: Code, exponent: Code) -> Code:
    return raised(base, exponent, entries=False)


def _sign(sign: str) -> Callable[[Code, Code], Code]:
    return lambda left, right: dotted(left, sign, right)


def dotted(left: Code, sign: str, right: Code) -> Code:
    """An operation of the entries; beside a row the name of a vector is a column: x - x'."""
    left, right = _facing(left, right), _facing(right, left)
    return operated(left, sign, right)


def _facing(code: Code, other: Code) -> Code:
    return (
        replace(code, axes="c")
        if is_vector_name(code) and other.kind == "r" and isinstance(other.value, Turned)
        else code
    )


#: Signs that mean the same everywhere -> how tightly they bind and what they make.
ARITHMETIC = {
    **{s: (40, 41, _sign(s)) for s in ("+", "-")},
    **{s: (30, 31, _sign(s)) for s in ("<", ">", "<=", ">=", "==")},
}


def _minus(operand: Code, span: Span) -> Code:
    made = negated(operand, span)
    of = operand.value
    return replace(made, value=Flat(negated(of.code, span))) if isinstance(of, Flat) else made


unary = {"-": (60, _minus), "+": (60, lambda a, span: a)}


def positional(arguments: Sequence[Code]) -> list[Code]:
    """Arguments without a name."""
    return [a for a in arguments if not _is_keyword(a)]


def keywords(arguments: Sequence[Code]) -> dict[str, Code]:
    """name = value, by name."""
    pairs = (a.value for a in arguments if _is_keyword(a))
    return {str(pair[0]): pair[1] for pair in pairs if isinstance(pair, tuple)}


def _is_keyword(argument: Code) -> bool:
    value = argument.value
    return isinstance(value, tuple) and len(value) == 2 and isinstance(value[0], str) and isinstance(value[1], Code)


def keyword(arguments: Sequence[Code], name: str) -> Code | None:
    _asked.get().add(name)
    return keywords(arguments).get(name)


_asked: ContextVar[set[str]] = ContextVar("keywords that a function looks for")


@contextmanager
def keywords_asked() -> Iterator[set[str]]:
    """The keywords that are looked for within it."""
    found: set[str] = set()
    token = _asked.set(found)
    try:
        yield found
    finally:
        _asked.reset(token)


@dataclass(frozen=True)
class Range:
    """first:last, both counted from 1."""

    first: Code
    last: Code


def ranged(first: Code, last: Code) -> Code:
    """first:last. Raises Fault for ends that are neither numbers nor sizes."""
    for part in (first, last):
        if re.fullmatch(r"[\w\s+*-]+", part.text) is None:
            raise Fault("a part reaches from a number or a size to another one", part.span, "write x[2:n]")
    return replace(joined([first, ":", last], (first.span[0], last.span[1])), value=Range(first, last))


def differences(arguments: Sequence[Code], span: Span) -> Code:
    """Each entry, or each row of a matrix, less the one before it."""
    if len(arguments) != 1:
        raise Fault("differences are known of one array and of the first order here", span)
    (inner,) = arguments
    rest = ", :]" if inner.kind == "m" else "]"
    later, earlier = (joined([inner.within(ATOM), f"[{part}{rest}"], span) for part in ("2:end", "1:end - 1"))
    return replace(infix(later, "-", earlier), axes=inner.kind)


def entry(base: Code, arguments: Sequence[Code], span: Span) -> Code:
    """An entry, or a part of the rows or columns, by indices from 1."""
    pieces: list[str | Code] = [base, "["]
    for i, argument in enumerate(arguments):
        pieces += [", ", argument] if i else [argument]
    number = all(is_index(a) for a in arguments)
    sides = tuple(isinstance(a.value, Range) or a.value == ":" for a in arguments)
    return replace(joined([*pieces, "]"], span, number=number), axes=_SIDES.get(sides))


_SIDES: dict[tuple[bool, ...], str] = {(True, True): "m", (True, False): "c", (False, True): "r"}


def is_index(argument: Code) -> bool:
    """3, end, end - 1"""
    return re.fullmatch(r"\d+|end( - \d+)?", argument.text) is not None


def called_by(table: Mapping[str, Handler], base: Code, arguments: Sequence[Code], span: Span) -> Code:
    """A call of a function in the table, of entries, or of any other name."""
    name = base.value if isinstance(base.value, str) else None
    if name is None:
        raise Fault("only a name is called", base.span)
    handler = table.get(name)
    if handler is not None:
        refuse_count(name, handler, arguments, span)
        return handler(arguments, span)
    plain_arguments = positional(arguments)
    if name in ELEMENTWISE and len(plain_arguments) == 1:
        return elementwise(ELEMENTWISE[name])(plain_arguments, span)
    if any(isinstance(a.value, Lambda) for a in arguments):
        raise Fault("a function as an argument has no meaning here", span, "write what it computes")
    if name in _HIDDEN or name in FOREIGN or len(plain_arguments) < len(arguments):
        raise Fault(f"{name} is not known here", span, "write what it computes")
    if any(a.kind == "m" for a in plain_arguments) and len(name) > 2 and find(name) is None:
        raise Fault(f"{name} is not known here", span, "write what it computes")
    return call(name, plain_arguments, span)


def refuse_count(name: str, handler: Handler, arguments: Sequence[Code], span: Span) -> None:
    """Raise Fault where a function takes more arguments than these without a name, or fewer than all."""
    least, most = (handler.least, handler.most) if isinstance(handler, Taking) else (1, None)
    placed = len(positional(arguments))
    if placed < least or (most is not None and placed > most):
        number = f"{least}" if least == most else f"{least} or more" if most is None else f"{least} to {most}"
        raise Fault(f"{name} takes {number} argument{'s' * (number != '1')} here, not {placed}", span)


#: Functions that only results of this language hold.
_HIDDEN = frozenset(
    "argmax argmin at_least differs greater equals step commutation duplication elimination entropy kl".split()
)


def prime(operand: Code, span: Span) -> Code:
    turned = transposed(operand, span)
    if is_vector_name(operand):
        return replace(turned, axes="r")
    return replace(turned, value=operand.value) if isinstance(operand.value, Flat) else turned


_shown: ContextVar[Mapping[str, int]] = ContextVar("axes of names", default=MappingProxyType({}))


@contextmanager
def axes_shown(ranks: Mapping[str, int]) -> Iterator[None]:
    """Within it these names have so many axes."""
    token = _shown.set(ranks)
    try:
        yield
    finally:
        _shown.reset(token)


def of_each(function: Code, arrays: Sequence[Code], span: Span) -> Code:
    """What a function without a name does to every entry; what it holds beside its arguments are numbers."""
    assert isinstance(function.value, Lambda)
    names = set(re.findall(r"[^\W\d]\w*\b(?!\()", function.text)) - set(function.value.arguments)
    ranks = _shown.get()
    for name in names:
        if rank_shown(name) and re.fullmatch(r"[a-t]\d?", name) is None:
            raise Fault("a function of entries holds numbers alone here", function.span, "write it for whole arrays")
        if isinstance(ranks, dict):
            ranks.setdefault(name, 0)
    made = function.value.of(arrays, span)
    if made is None:
        raise Fault("this function of several entries is not read here", function.span, "write it for whole arrays")
    return made


_defined: ContextVar[frozenset[str]] = ContextVar("names that the code defines", default=frozenset())


@contextmanager
def names_defined(names: Iterable[str]) -> Iterator[None]:
    """Within it these names stand for values of the code."""
    token = _defined.set(frozenset(names))
    try:
        yield
    finally:
        _defined.reset(token)


def is_defined(name: str) -> bool:
    """Whether the code itself says what the name stands for."""
    return name in _defined.get()


def rank_shown(name: str) -> int:
    """How many axes the name has: by what is shown, else by its spelling."""
    return _shown.get().get(name, rank_of(name))


def named(name: str, span: Span) -> Code:
    """A name; a capital has two axes, and so has what the code shows as a matrix."""
    is_number = _shown.get().get(name) == 0
    axes = declared_line(name) or ("m" if rank_shown(name) == 2 else "" if is_number else None)
    return replace(plain(name, span, value=name), axes=axes)


def has_known_axes(code: Code) -> bool:
    """Whether it is a name whose axes are declared or shown."""
    return code.value in _shown.get()


def is_shown(code: Code) -> bool:
    """Whether the name is that of a matrix without doubt."""
    if not isinstance(code.value, str):
        return False
    rank = _shown.get().get(code.value)
    return rank == 2 or (rank is None and _COVARIANCES.fullmatch(code.value) is not None)


#: Capitals that are hardly numbers.
_COVARIANCES = pattern(r"(?:Sigma|Omega|Lambda|Gamma|Psi|[Cc]ov\w*)_?\w?|[ΣΩΛΓΨ]\w?")


def is_vector_name(code: Code) -> bool:
    """A name of arrays of which nothing shows whether it is a row, a column or a matrix."""
    return isinstance(code.value, str) and code.kind is None and rank_shown(code.value) == 1
