"""Constructors of function applications: entrywise functions, and calls of any other function."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from fractions import Fraction
from math import factorial

from matcalc.expr import conjugates, facts, supports
from matcalc.expr.canonical import piecewise, powers, sums, transposition
from matcalc.expr.canonical.shifts import SHIFTS
from matcalc.expr.dims import Dim
from matcalc.expr.leaves import constant, is_number, ones, zeros
from matcalc.expr.node import Node, Shape, ShapeMismatch, make
from matcalc.functions import row_of

__all__ = ["apply", "call", "entrywise"]

_EXTREME: dict[str, Callable[[Fraction, Fraction], Fraction]] = {"max": max, "min": min}
#: Γ of a whole number is computed up to here.
LARGEST_FACTORIAL = 30


def apply(name: str, *args: Node) -> Node:
    """An elementwise function from the table of functions; scalars beside an array are parameters."""
    shape = next((a.shape for a in args if not a.is_scalar), args[0].shape)
    if any(a.shape != shape and not a.is_scalar for a in args):
        raise ShapeMismatch(f"{name}: shapes {[str(a.shape) for a in args]}")
    if shape[0].is_one and not shape[1].is_one:
        return transposition.transpose(apply(name, *(transposition.transpose(a) if a.is_row else a for a in args)))
    if len(args) == 1:
        simpler = _simpler(name, args[0], shape)
        if simpler is not None:
            return simpler
    if name in piecewise.PIECEWISE:
        return piecewise.PIECEWISE[name](name, args, shape)
    if len(args) == 2 and row_of(name).exchangeable and not row_of(name).typed:
        if args[0] is args[1] and row_of(name).idempotent:
            return args[0]
        if name in _EXTREME and (bounded := _bounded(name, *args)) is not None:
            return bounded
        args = tuple(sorted(args, key=lambda a: (a.is_scalar, a.key)))
    return make("apply", args, (name,), shape)


def _bounded(name: str, u: Node, v: Node) -> Node | None:
    """max(max(u, a), b) = max(u, max(a, b)) for numbers a and b"""
    a, b = is_number(u), is_number(v)
    if a is not None and b is not None:
        return u if _EXTREME[name](a, b) == a else v
    inside, bound = (u, v) if b is not None else (v, u)
    if (a is None and b is None) or inside.op != "apply" or inside.data[0] != name:
        return None
    other = next((x for x in inside.args if is_number(x) is not None), None)
    if other is None:
        return None
    rest = inside.args[1 if inside.args[0] is other else 0]
    return apply(name, rest, apply(name, other, bound))


def _simpler(name: str, argument: Node, shape: Shape) -> Node | None:
    """Exact values, inverse functions, parity and signs."""
    if not conjugates.is_real(argument):
        return conjugates.absolute(argument) if name == "abs" else _simpler_of_complex(name, argument, shape)
    row = row_of(name)
    if argument.is_zero and (value := row.fraction_at_zero) is not None:
        return sums.scaled(value, ones(*shape))
    if argument.op == "ones" and name == "log":
        return zeros(*shape)
    if argument.op == "apply" and argument.data[0] == row.inverse:
        return argument.args[0]
    if row.vanishes:
        if argument.op == "diag":
            from matcalc.expr.canonical.products import diag

            return diag(apply(name, argument.args[0]))
        if (masked := _out_of_pattern(name, argument)) is not None:
            return masked
    if row.parity in ("odd", "even"):
        c, primitive = sums.content(argument)
        if c < 0:
            flipped = apply(name, sums.scaled(-c, primitive))
            return sums.scaled(-1, flipped) if row.parity == "odd" else flipped
    special = _SPECIAL.get(name)
    return special(argument, shape) if special else None


def _simpler_of_complex(name: str, argument: Node, shape: Shape) -> Node | None:
    """Parity, and exp(log(u)) = u; log(exp(u)) may be another number than u."""
    if name == "exp" and argument.op == "apply" and argument.data[0] == "log":
        return argument.args[0]
    row = row_of(name)
    c, primitive = sums.content(argument)
    if row.parity not in ("odd", "even") or c >= 0:
        return None
    flipped = apply(name, sums.scaled(-c, primitive))
    return sums.scaled(-1, flipped) if row.parity == "odd" else flipped


def _out_of_pattern(name: str, argument: Node) -> Node | None:
    """f(s P ⊙ U) = P ⊙ f(s U) for a pattern P of zeros and ones, as f(0) = 0"""
    scalar, inside = powers.split_scalar(argument)
    pairs = powers.factors(inside) if inside.op == "power" else ()
    patterns = [b for b, e in pairs if is_number(e) == 1 and supports.is_pattern(b)]
    if not patterns:
        return None
    rest = powers.hadamard(*(powers.power(b, e) for b, e in pairs if b not in patterns))
    return powers.hadamard(*patterns, apply(name, sums.scale(scalar, rest)))


def _absolute(argument: Node, shape: Shape) -> Node | None:
    """|u| = u for u ≥ 0; |c u| = |c| |u|; |u^e| = |u|^e for one base."""
    c, primitive = sums.content(argument)
    if c != 1:
        return sums.scaled(abs(c), apply("abs", primitive))
    if facts.is_nonnegative(argument):
        return argument
    if argument.op == "scale":
        return sums.scale(apply("abs", argument.args[0]), apply("abs", argument.args[1]))
    if argument.op == "apply" and argument.data[0] == "abs":
        return argument
    if argument.op == "power" and all(_is_integer(e) for _, e in powers.factors(argument)):
        return powers.hadamard(*(powers.power(apply("abs", b), e) for b, e in powers.factors(argument)))
    return None


def _is_integer(exponent: Node) -> bool:
    value = is_number(exponent)
    return value is not None and value.denominator == 1


def _sign(argument: Node, shape: Shape) -> Node | None:
    """sign u = 1 for u > 0"""
    return ones(*shape) if facts.is_positive(argument) else None


def _relu(argument: Node, shape: Shape) -> Node | None:
    """relu u = u for u ≥ 0"""
    return argument if facts.is_nonnegative(argument) else None


def _logarithm(argument: Node, shape: Shape) -> Node | None:
    """log(b^e) = e log b for b > 0"""
    if argument.op == "power" and len(argument.args) == 2 and facts.is_positive(argument.args[0]):
        return sums.scale(argument.args[1], apply("log", argument.args[0]))
    return None


def _gamma(argument: Node, shape: Shape) -> Node | None:
    """Γ(k) = (k - 1)! for a positive whole number k"""
    c, primitive = sums.content(argument)
    if primitive.op != "ones" or c.denominator != 1 or not 0 < c <= LARGEST_FACTORIAL:
        return None
    return sums.scaled(factorial(int(c) - 1), ones(*shape))


#: Arcs of numbers, in units of π.
_ARCS: dict[str, dict[Fraction, Fraction]] = {
    "asin": {Fraction(k, 2): Fraction(k, {1: 6, 2: 4}[abs(k)]) for k in (-2, -1, 1, 2)},
    "acos": {Fraction(k, 2): Fraction(n, 6) for k, n in ((-2, 6), (-1, 4), (0, 3), (1, 2), (2, 0))},
    "atan": {Fraction(k): Fraction(k, 4) for k in (-1, 1)},
}


def _arc(name: str) -> Callable[[Node, Shape], Node | None]:
    """asin(1/2) = π / 6"""

    def value(argument: Node, shape: Shape) -> Node | None:
        c, primitive = (Fraction(0), argument) if argument.is_zero else sums.content(argument)
        known = _ARCS[name].get(c) if argument.is_zero or primitive.op == "ones" else None
        return None if known is None else sums.scaled(known, sums.scale(constant("pi"), ones(*shape)))

    return value


_SPECIAL: dict[str, Callable[[Node, Shape], Node | None]] = {
    "gamma": _gamma,
    "abs": _absolute,
    "sign": _sign,
    "relu": _relu,
    "log": _logarithm,
    **{name: _arc(name) for name in _ARCS},
}


def call(name: str, *args: Node, static: Sequence[Hashable] = (), shape: tuple[Dim, Dim]) -> Node:
    """Any other function from the table of functions; a row result is the transpose of a column's."""
    if name == "pinv" and shape[0].is_one and not shape[1].is_one:
        return transposition.transpose(call(name, transposition.transpose(args[0]), shape=(shape[1], shape[0])))
    if name in SHIFTS and not (shape[0].is_one and not shape[1].is_one):
        return SHIFTS[name](args, (name, *static), shape)
    if shape[0].is_one and not shape[1].is_one:
        raise ShapeMismatch(f"{name}: call it on the column and transpose the result")
    if name == "softmax_all" and args[0].is_column:
        name = "softmax"
    if (name, *static) in _UNSHIFTED:
        args = (_unshifted(args[0], _UNSHIFTED[name, *static]),)
    row = row_of(name)
    if (value := row.primary or row.of_number) and args[0].is_scalar:
        return _of_number(value, args[0])
    if row.linear:
        return _linear_call(name, args, static, shape)
    if name == "pinv":  # pinv(c A) = pinv(A) / c
        factor, inside = sums.content(args[0])
        return sums.scaled(1 / factor, make("call", (inside,), ("pinv",), shape))
    return make("call", args, (name, *static), shape)


#: f(u + c) = f(u) for what is the same all along an axis, or in all entries: the function -> the axis.
_UNSHIFTED: dict[tuple[Hashable, ...], int | None] = {
    ("softmax",): None,
    ("softmax_all",): None,
    ("softmax", 1): 0,
    ("softmax", 2): 1,
    ("logsoftmax_rows",): 1,
}


def _unshifted(argument: Node, axis: int | None) -> Node:
    """softmax(x - max(x)) = softmax(x), as it is written against overflow"""
    kept = [(t, c) for t, c in sums.terms(argument) if not _is_level(t, axis)]
    return argument if len(kept) in (0, len(sums.terms(argument))) else sums.combine(kept, argument.shape)


def _is_level(term: Node, axis: int | None) -> bool:
    """Whether the rows (1), the columns (0) or all entries (None) are the same number throughout."""
    inside = term.args[1] if term.op == "scale" else term
    along = axis is not None and inside.op == "matmul" and inside.args[-axis]
    return inside.op == "ones" or bool(along and along.upright.op == "ones")


def entrywise(name: str, x: Node) -> Node:
    """The function of numbers of every entry."""
    return powers.power(x, Fraction(1, 2)) if name == "sqrt" else apply(name, x)


def _of_number(name: str, x: Node) -> Node:
    """What a row says of a matrix of size 1."""
    if name in ("0", "1"):
        return zeros(1, 1) if name == "0" else ones(1, 1)
    return x if name == "x" else entrywise(name, x)


def _linear_call(name: str, args: tuple[Node, ...], static: Sequence[Hashable], shape: tuple[Dim, Dim]) -> Node:
    """f(X; c s E) = c s f(X; E)"""
    operands, scalars = list(args), [ones(1, 1)]
    row = row_of(name)
    for i, parameter in enumerate(row.given(len(args))):
        if row.linear_in(parameter):
            if args[i].is_zero:
                return zeros(*shape)
            scalar, operands[i] = powers.split_scalar(args[i])
            scalars.append(scalar)
    return sums.scale(powers.hadamard(*scalars), make("call", tuple(operands), (name, *static), shape))
