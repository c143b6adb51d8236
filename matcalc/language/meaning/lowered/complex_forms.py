"""What the forms of the language are where an operand is complex: norms, bars and inner products conjugate, and functions of real
numbers are refused. What is not here is the same for real and for complex numbers."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING

from matcalc import expr
from matcalc.errors import UnsupportedError
from matcalc.expr import Node
from matcalc.expr.conjugates import absolute, conjugate, is_complex, is_real
from matcalc.language.surface.tree import Typed
from matcalc.language.words.names import ADJOINT

if TYPE_CHECKING:
    from matcalc.language.meaning.lowered.lowering import Lowering

__all__ = ["lowered_of_complex"]

#: Functions that are analytic, or linear, or products, so that they mean the same for complex arguments.
ANALYTIC = frozenset(
    "exp log sin cos tan sinh cosh tanh sqrt tr sum mean vec unvec diag kron outer det inv solve adj expm trace".split()
)
#: Those that are written with others, which are looked at in turn.
WRITTEN = frozenset("norm1".split())
#: Kinds of typed nodes that mean the same for complex operands.
SAME = frozenset(
    "number variable dimension constant identity add negate multiply divide left_divide hadamard hadamard_divide kron "
    "entry block size bound".split()
)

#: What kinds of typed nodes are called.
IN_WORDS = {"total": "a sum over indices", "open": "a function that nobody defined", "same": "an indicator"}


def lowered_of_complex(lowering: Lowering, typed: Typed, below: list[Node]) -> Node | None:
    """The node of a form of which an operand is complex; None where it is made as that of real numbers is.

    Raises UnsupportedError for what is said of real numbers only.
    """
    if not any(map(is_complex, below)):
        return None
    if typed.kind in FORMS:
        return FORMS[typed.kind](lowering, typed, below)
    if typed.kind in SAME or all(map(is_real, below)):
        return None
    raise _unsupported(lowering, typed, IN_WORDS.get(typed.kind, typed.kind))


def _unsupported(lowering: Lowering, typed: Typed, what: str) -> UnsupportedError:
    return UnsupportedError(
        f"{what} of complex numbers is not supported yet", code="complex", text=lowering.text, span=typed.span
    )


def adjoint(node: Node) -> Node:
    """X^H, the transpose of the conjugate."""
    return expr.transpose(conjugate(node))


def _transpose(lowering: Lowering, typed: Typed, below: list[Node]) -> Node:
    return adjoint(below[0]) if typed.value == ADJOINT else expr.transpose(below[0])


def _power(lowering: Lowering, typed: Typed, below: list[Node]) -> Node | None:
    """Real exponents; of a matrix whole ones."""
    base, exponent = below
    if not is_real(exponent):
        raise _unsupported(lowering, typed.children[1], "an exponent that is complex, or a power")
    value = expr.is_number(exponent)
    whole = value is not None and value.denominator == 1
    if not whole and not (base.is_scalar or typed.kind == "hadamard_power"):
        raise _unsupported(lowering, typed, "a root of a matrix")
    return None


def _norm(lowering: Lowering, typed: Typed, below: list[Node]) -> Node:
    """(x^H x)^(1/2), for a matrix that of Frobenius."""
    (x,) = below
    if x.is_scalar:
        return _absolute(x)
    if typed.value == "2" and not (x.is_column or x.is_row):
        raise _unsupported(lowering, typed, "the spectral norm")
    return _euclidean(x)


def _euclidean(x: Node) -> Node:
    x = expr.transpose(x) if x.is_row else x
    return expr.power(expr.trace(expr.multiply(adjoint(x), x)), Fraction(1, 2))


def _absolute(x: Node) -> Node:
    return expr.apply("abs", x) if is_real(x) else absolute(x)


def _bars(lowering: Lowering, typed: Typed, below: list[Node]) -> Node:
    return _absolute(below[0]) if below[0].is_scalar else expr.det(below[0])


def _inner(lowering: Lowering, typed: Typed, below: list[Node]) -> Node:
    """a^H b. The @ of Python conjugates nothing.

    Raises UnsupportedError for it.
    """
    left, right = (child.span for child in typed.children)
    if "@" in lowering.text[left[1] : right[0]]:
        raise _unsupported(lowering, typed, "a product @ of two columns")
    return expr.trace(expr.multiply(adjoint(below[0]), below[1]))


def _real_part(x: Node) -> Node:
    return expr.scaled(Fraction(1, 2), expr.add(x, conjugate(x)))


def _imaginary_part(x: Node) -> Node:
    """(x - conj(x)) / 2j"""
    from matcalc.expr.conjugates import imaginary_unit

    return expr.scaled(Fraction(-1, 2), expr.scale(imaginary_unit(), expr.add(x, expr.scaled(-1, conjugate(x)))))


def _logdet(x: Node) -> Node:
    """log|det X|, of which the differential is the real part of tr(X^-1 dX)."""
    return _real_part(expr.logdet(x))


#: function -> its value of a complex argument
CALLS: dict[str, Callable[[Node], Node]] = {
    "conj": conjugate,
    "re": _real_part,
    "im": _imaginary_part,
    "abs": _absolute,
    "logdet": _logdet,
    "norm2": _euclidean,
    "normalize": lambda x: expr.multiply(x, expr.power(_euclidean(x), -1)),
}


def _call(lowering: Lowering, typed: Typed, below: list[Node]) -> Node | None:
    name = typed.value
    if name == "inner":
        return _inner(lowering, typed, below)
    if name == "log" and typed.children[0].kind == "bars" and not below[0].is_scalar:
        return _logdet(lowering.node(typed.children[0].children[0]))
    if name in CALLS and len(below) == 1:
        return CALLS[name](below[0])
    if name in ANALYTIC or name in WRITTEN or all(map(is_real, below)):
        return None
    raise _unsupported(lowering, typed, name)


FORMS: dict[str, Callable[[Lowering, Typed, list[Node]], Node | None]] = {
    "transpose": _transpose,
    "power": _power,
    "hadamard_power": _power,
    "norm": _norm,
    "bars": _bars,
    "inner": _inner,
    "call": _call,
}
