"""Functions that several languages share, and how they are said here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from matcalc.errors import Span
from matcalc.language.foreign.code import ATOM, POWER, Code, Fault, call, entrywise, infix, joined, raised
from matcalc.language.foreign.code import plain as word
from matcalc.records import dataclass

__all__ = [
    "ELEMENTWISE",
    "Handler",
    "RowProduct",
    "Taking",
    "Turned",
    "TurnedVector",
    "binary",
    "count",
    "elementwise",
    "one",
    "reduction",
    "same",
    "square",
    "summed",
    "takes",
    "transposed",
    "with_entry",
]

#: What makes the code of a call from its arguments.
Handler = Callable[[Sequence[Code], Span], Code]


@dataclass(frozen=True)
class Taking:
    """What makes the code of a call of so many arguments."""

    build: Handler
    least: int
    most: int | None

    def __call__(self, arguments: Sequence[Code], span: Span) -> Code:
        return self.build(arguments, span)


def takes(least: int, most: int | None = None) -> Callable[[Handler], Taking]:
    """A function that takes so many arguments; others take one or more."""
    return lambda build: Taking(build, least, most)


#: Functions of entries by their own names, or by others.
ELEMENTWISE = {
    **{name: name for name in (
        "exp log log1p expm1 log2 log10 sqrt cbrt sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh abs sign erf erfc "
        "lgamma digamma sigmoid softplus relu gelu silu exp2 gamma factorial trigamma"
    ).split()},
    "arcsin": "asin", "arccos": "acos", "arctan": "atan", "arcsinh": "asinh", "arccosh": "acosh", "arctanh": "atanh",
    "absolute": "abs", "fabs": "abs", "gammaln": "lgamma", "loggamma": "lgamma", "psi": "digamma",
    "expit": "sigmoid", "logistic": "sigmoid", "swish": "silu",
}  # fmt: skip


def one(arguments: Sequence[Code], span: Span, name: str) -> Code:
    """The only argument. Raises Fault where there are others."""
    if len(arguments) != 1:
        raise Fault(f"{name} takes one argument here, not {len(arguments)}", span)
    return arguments[0]


def same(name: str, *, number: bool = False) -> Handler:
    """A function of that name and those arguments."""
    return lambda arguments, span: call(name, arguments, span, number=number)


def elementwise(name: str) -> Handler:
    """A function of entries: of a number it is a number."""

    def build(arguments: Sequence[Code], span: Span) -> Code:
        argument = one(arguments, span, name)
        return replace(call(name, [argument], span, number=argument.number), axes=argument.axes)

    return build


def binary(sign: str) -> Handler:
    """A sign between two arguments."""

    def build(arguments: Sequence[Code], span: Span) -> Code:
        if len(arguments) != 2:
            raise Fault(f"two arguments are needed here, not {len(arguments)}", span)
        left, right = arguments
        if sign in ("*", "/"):
            return entrywise(left, sign, right)
        return raised(left, right) if sign == "^" else infix(left, sign, right)

    return build


def reduction(name: str) -> Handler:
    """A number of all entries."""
    return lambda arguments, span: call(name, [one(arguments, span, name)], span, number=True)


def square(argument: Code, span: Span) -> Code:
    return raised(argument, word("2", span, literal=True))


def summed(argument: Code, span: Span) -> Code:
    return call("sum", [argument], span, number=True)


@dataclass(frozen=True)
class Turned:
    """What was transposed."""

    code: Code


@dataclass(frozen=True)
class TurnedVector(Turned):
    """x.T of an array of one axis, which stays as it is in NumPy."""


@dataclass(frozen=True)
class RowProduct:
    """x.T @ A of an array of one axis, which is x @ A."""

    code: Code


def transposed(argument: Code, span: Span) -> Code:
    """The transpose; of a transpose it is what was transposed."""
    if isinstance(argument.value, Turned):
        return argument.value.code
    turned = joined(
        [argument.within(POWER if argument.level == ATOM else ATOM), "^T"], span, POWER, number=argument.number
    )
    return replace(turned, value=Turned(argument), axes={"m": "m", "c": "r", "r": "c"}.get(argument.kind or ""))


def with_entry(array: Code, place: int | None, value: Code, span: Span) -> Code:
    """A column in which this entry, counted from 1, or the last one, is another one."""
    base = array.within(ATOM)
    before: list[str | Code] = (
        [] if place == 1 else [base, "[1:", "end - 1" if place is None else str(place - 1), "]; "]
    )
    behind: list[str | Code] = [] if place is None else ["; ", base, f"[{place + 1}:end]"]
    return replace(joined(["[", *before, value, *behind, "]"], span), axes=array.axes)


def count(argument: Code, span: Span, axis: int | None) -> Code:
    """How many entries there are: in all, or along a column (1) or a row (2)."""
    base = argument.within(ATOM)
    line = {None: "", 1: "[:, 1]", 2: "[1, :]"}[axis]
    return joined(["sum(", base, f"{line}.^0)"], span, number=True)
