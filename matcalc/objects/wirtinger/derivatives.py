"""The derivative of a function by a complex variable, or by its conjugate."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from matcalc import calculus
from matcalc.calculus.validity.requirements import Condition
from matcalc.errors import UnsupportedError
from matcalc.expr import Node, multiply, perturbation, scaled, trace, transpose, variables
from matcalc.expr.conjugates import conjugate
from matcalc.expr.node import is_complex_leaf
from matcalc.language.words.names import conjugate_of, typed_name
from matcalc.notes import Note, distinct
from matcalc.objects.asked import asked
from matcalc.objects.derivatives import Derivative
from matcalc.objects.expressions import Expr, Variable
from matcalc.objects.variables import variable_named
from matcalc.objects.wirtinger.conditions import of_complex
from matcalc.objects.wirtinger.conventions import MEANINGS, UNNAMED, reading_of
from matcalc.objects.wirtinger.reality import is_hermitian, is_holomorphic, is_real_function
from matcalc.records import dataclass
from matcalc.simplify import simplify
from matcalc.simplify.cost import cost

__all__ = ["WirtingerDerivative", "complex_differential", "complex_gradient", "pair_of", "wirtinger"]

_CONJUGATED = re.compile(r"\s*(?:conj\((.+)\)|\\(?:bar|overline)\s*\{?(.+?)\}?|(.+?)\^(?:\{\s*\*\s*\}|\*))\s*")


@dataclass(frozen=True, eq=False, repr=False)
class WirtingerDerivative(Derivative):
    """A derivative by a complex variable z, or by conj(z).

    Attributes:
        convention: which one it is: a key of `MEANINGS`.
        by_conjugate: whether it is the one by conj(z).
        is_real: whether f is seen to be real.
        is_holomorphic: whether conj(z) does not stand in f, so that ∂f/∂z^* = 0.
    """

    convention: str = "wirtinger"
    by_conjugate: bool = False
    is_real: bool = False
    is_holomorphic: bool = False

    @property
    def notes(self) -> tuple[Note, ...]:
        """How f was read, which convention this is, and whether f is holomorphic."""
        return distinct((*self.f.notes, *self._of_convention()))

    def _of_convention(self) -> Sequence[Note]:
        name = typed_name(self.wrt[0])
        if is_hermitian(self.reading.wrt[0]):
            return [
                Note(f"convention gradient: G within the hermitian matrices, df = tr(G d{name})", None, "convention")
            ]
        said = MEANINGS[self.convention][2].format(z=name)
        if self.by_conjugate and self.convention == "wirtinger":
            said = f"the derivative by conj({name}), with {name} held (Wirtinger)"
        gradient = f"the gradient 2 df/dconj({name}) is mc.gradient, or --convention gradient"
        asked = gradient if self.is_real and self.convention == "wirtinger" else None
        found = [Note(f"convention {self.convention}: {said}" + (f"; {asked}" if asked else ""), None, "convention")]
        if self.is_holomorphic:
            found.append(Note(f"f is holomorphic in {name}: df/dconj({name}) = 0", None, "holomorphic"))
        return found

    @property
    def requirements(self) -> tuple[Condition, ...]:
        """The conditions as values, in terms of complex numbers."""
        return of_complex(super().requirements)

    @property
    def sign(self) -> str:
        return ""

    @property
    def name(self) -> str:
        """gradient where the convention is that of one, else derivative."""
        return "gradient" if self.convention in ("gradient", "torch") else "derivative"

    @property
    def title(self) -> None:
        """A derivative by a complex variable has no name of its own."""
        return


def wirtinger(f: Expr, wrt: Sequence[Variable], convention: str = UNNAMED, geometry: str | None = None) -> Derivative:
    """The derivative by one variable, complex or real, of a function of complex variables.

    Raises UnsupportedError for a second derivative, a hermitian variable, or a convention that f does not have.
    """
    if len(wrt) > 1 or geometry is not None:
        what = "second and mixed derivatives" if len(wrt) > 1 else "Riemannian gradients"
        raise UnsupportedError(f"{what} of functions of complex variables are not supported yet", code="complex")
    found = [_CONJUGATED.fullmatch(w) for w in wrt if isinstance(w, str)]
    f, stated = _by_a_name(f)
    by_conjugate = stated or (bool(found) and found[0] is not None)
    plain = [next(filter(None, match.groups())) for match in found if match is not None] or list(wrt)
    f, names = asked(f, plain, 1)
    if len(names) > 1:
        raise UnsupportedError("second derivatives by complex variables are not supported yet", code="complex")
    f, variable = f.function, variable_named(f, names[0])
    if not is_complex_leaf(variable):
        return _by_real(f, names, variable, by_conjugate, convention)
    if is_hermitian(variable) and not by_conjugate:
        return _by_hermitian(f, names, variable, convention)
    real, holomorphic = f.node.is_scalar and is_real_function(f.node), is_holomorphic(f.node, variable)
    if convention == UNNAMED:
        convention = "wirtinger"
    factor, conjugates = reading_of(convention, is_real=real, is_holomorphic=holomorphic)
    conjugates = by_conjugate or conjugates
    reading = _reading(f.node, variable, conjugates, factor)
    return WirtingerDerivative(f, names, reading, None, convention, conjugates, real, holomorphic)


def _by_a_name(f: Expr) -> tuple[Expr, bool]:
    """A text that asks for the derivative by z^* as one that asks for z, and whether it was one."""
    statement = f.statement
    names = {} if statement is None else {name: conjugate_of(name) for name in statement.variables}
    stars = {
        name: z for name, z in names.items() if z is not None and z in f.declarations and name not in f.declarations
    }
    if statement is None or not stars:
        return f, False
    return replace(f, statement=replace(statement, variables=tuple(stars.get(n, n) for n in statement.variables))), True


def complex_gradient(f: Expr, wrt: Variable | None, convention: str = UNNAMED) -> Expr:
    """2 ∂f/∂z^* of a real f, or the derivative in another convention."""
    names = () if wrt is None else (wrt,)
    plain, stated = _by_a_name(f)
    _, (name,) = asked(plain, names, 1)
    by_both = convention == UNNAMED and not stated and is_complex_leaf(variable_named(f, name))
    found = wirtinger(f, names, "gradient" if by_both else convention)
    result = found.expr
    assert result is not None, "a scalar function has an array for its derivative"
    return replace(result, notes=found.notes)


def _by_real(f: Expr, names: tuple[str, ...], variable: Node, by_conjugate: bool, convention: str) -> Derivative:
    """By a real variable, of which the conjugate is the variable."""
    if by_conjugate or convention != UNNAMED:
        message = f"{typed_name(names[0])} is real: its derivative needs no convention of complex variables"
        raise UnsupportedError(message, code="complex", hint=f"ask for the derivative by {typed_name(names[0])}")
    return Derivative(f, names, calculus.derive(f.node, [variable]), None)


def _by_hermitian(f: Expr, names: tuple[str, ...], variable: Node, convention: str) -> Derivative:
    """The gradient H of a real f within the hermitian matrices: df = tr(H dR), the hermitian part of G^T in df = tr(G^T dR)."""
    if convention not in (UNNAMED, "gradient"):
        message = f"{typed_name(names[0])} is hermitian: its derivative is the gradient within the hermitian matrices"
        raise UnsupportedError(
            message, code="complex", hint="declare it complex matrix(n, n) for the one by free entries"
        )
    real = f.node.is_scalar and is_real_function(f.node)
    reading_of("gradient", is_real=real, is_holomorphic=False)
    found = calculus.derive(f.node, [variable])
    g = simplify(scaled(Fraction(1, 2), transpose(found.operator) + conjugate(found.operator)))
    reading = replace(found, operator=g, matrix=g, differential=complex_differential(f.node, [variable]))
    return WirtingerDerivative(f, names, reading, None, "gradient", True, real, False)


def _reading(f: Node, variable: Node, by_conjugate: bool, factor: Fraction) -> calculus.Reading:
    """The reading of the differential by Z or conj(Z), and the differential by both."""
    leaf = conjugate(variable) if by_conjugate else variable
    found = calculus.derive(f, [leaf])
    whole = complex_differential(f, [variable])
    if factor == 1:
        return replace(found, differential=whole)
    operator = simplify(scaled(factor, found.operator))
    matrix = None if found.matrix is None else simplify(scaled(factor, found.matrix))
    return replace(found, operator=operator, matrix=matrix, differential=whole)


def pair_of(f: Node, variable: Node) -> tuple[Node, Node]:
    """∂f/∂Z and ∂f/∂Z^* of a scalar f, each shaped as Z."""
    first, second = (calculus.derive(f, [leaf]).operator for leaf in (variable, conjugate(variable)))
    return first, second


def complex_differential(f: Node, moving: Sequence[Node]) -> Node:
    """df in dZ and dconj(Z), of a scalar f as tr(A^T dZ) + tr(B^T dconj(Z)) where that is shorter."""
    leaves = [leaf for v in moving for leaf in dict.fromkeys((v, v if is_hermitian(v) else conjugate(v)))]
    f = simplify(f)
    df = simplify(calculus.differential(f, {leaf: perturbation(leaf) for leaf in leaves}))
    if not f.is_scalar:
        return df
    present = [leaf for leaf in leaves if leaf in variables(f)]
    parts = [_paired(calculus.derive(f, [leaf]).operator, perturbation(leaf)) for leaf in present]
    return min(df, simplify(_sum(parts)), key=cost) if parts else df


def _sum(parts: Sequence[Node]) -> Node:
    total, *rest = parts
    for part in rest:
        total = total + part
    return total


def _paired(g: Node, d: Node) -> Node:
    return trace(multiply(transpose(g), d))
