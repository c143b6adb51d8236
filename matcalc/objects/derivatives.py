"""Derivatives: what `calculus` finds, with the expression it is the derivative of and the notation it is shown in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from matcalc import calculus, printing
from matcalc.calculus.needs.sentences import stated as sentence
from matcalc.calculus.validity.conditions import conditions
from matcalc.calculus.validity.requirements import INVERTIBLE, Condition
from matcalc.errors import ShapeError, UnsupportedError
from matcalc.expr import Dim, Node, perturbation, substitute, variables
from matcalc.language.limits import bounded
from matcalc.notes import Note
from matcalc.objects.asked import asked, asked_variables
from matcalc.objects.by_powers import in_powers
from matcalc.objects.conventions import without_structure
from matcalc.objects.expressions import Expr, Variable, Where, parsed_beside, with_fixed_directions
from matcalc.objects.members import by_member, member_named
from matcalc.objects.variables import name_of, variable_named
from matcalc.objects.wirtinger.support import has_complex
from matcalc.printing.formats import printers_for
from matcalc.records import dataclass
from matcalc.simplify import simplify

if TYPE_CHECKING:
    from matcalc.printing.titles import Written

__all__ = ["Derivative", "derivative", "differential", "gradient", "stated"]


@dataclass(frozen=True, eq=False, repr=False)
class Derivative:
    """A derivative of f by one or more variables; `parse`, `derivative` and its cases make it.

    It prints in matrix notation: a gradient as an array shaped as the variable, a Jacobian of a vector as a matrix,
    anything of higher order as its operator and, where it has one, its vec form.

    >>> d = mc.derivative("A X B", "X")
    >>> print(d)
    dF = A dX B, vec form B^T ⊗ A
    >>> d.form, d.shape
    ('vec', (Dim(m), Dim(p), Dim(n), Dim(k)))

    Attributes:
        f: the function.
        wrt: names of the variables, in order.
        expr: matrix notation. A gradient is shaped as the variable; a Jacobian or Hessian by one vector
            is a matrix; for matrix variables it is the J of vec(dF) = J vec(dX). None where there is none.
        operator: dF (for a Hessian dG), linear in the perturbations that stand for the open axes.
        shape: axes of the array: those of f first, then those of each variable.
        conditions: what has to hold for the derivative to exist.
        requirements: the same as values.
        continued: where a determinant is 0 and the printed form not defined, what the derivative is there.
        derived: what code is made from where a determinant stands in f.
    """

    f: Expr
    wrt: tuple[str, ...]
    reading: calculus.Reading
    derived: calculus.Derived | None = None

    @property
    def order(self) -> int:
        return len(self.wrt)

    @property
    def notes(self) -> tuple[Note, ...]:
        """How the text of f was read, where a reader has to know."""
        return self.f.notes

    @property
    def sign(self) -> str:
        """What the Hessian of a number is, where that is quickly known: "positive semidefinite: f is convex"."""
        if self.order != 2 or self.f.node.op == "zero" or self.f.derived is not None:
            return ""
        from matcalc.convexity import sign_of_hessian

        return sign_of_hessian(self.f, self.wrt)

    @property
    def expr(self) -> Expr | None:
        matrix = self.reading.matrix
        derived = self.derived if not self.reading.directions else None
        if matrix is None:
            return None
        return self.f.of(matrix, derived, self.shape if matrix.shape == self.reading.wrt[0].shape else None)

    @property
    def operator(self) -> Expr:
        return self.f.of(self.reading.operator, self.derived)

    @property
    def computed(self) -> Node:
        """What code computes: the operator, also defined where a determinant of f is 0."""
        return self.derived.node if self.derived is not None else self.reading.operator

    @property
    def differential(self) -> Expr:
        """df, or for higher orders d_2 d_1 f, with independent perturbations.

        >>> print(mc.hessian("x^T A x", "x").differential)
        dx_2^T (A + A^T) dx_1
        """
        derived = replace(self.derived, differential="iterated") if self.derived is not None else None
        return self.f.of(self.reading.differential, derived)

    @property
    def shape(self) -> tuple[Dim, ...]:
        declared = [self.f.declarations.get(str(v.data[0])) for v in self.reading.wrt]
        own = [
            calculus.array_axes(v.shape) if d is None else d.axes
            for d, v in zip(declared, self.reading.wrt, strict=True)
        ]
        return sum(own, self.f.shape)

    @property
    def conditions(self) -> tuple[str, ...]:
        """What has to hold for the derivative to exist, as far as the declarations leave it open."""
        style = self.f.style
        return tuple(sentence(c, printers_for(style)) for c in self.requirements)

    @property
    def requirements(self) -> tuple[Condition, ...]:
        """The conditions as values: a kind, and the expressions of which it has to hold."""
        return self._requirements_of(self.computed)

    def _requirements_of(self, form: Node) -> tuple[Condition, ...]:
        """The conditions of f and of a form of its derivative, at variables without structure where it is by such ones."""
        named = {v.data[0]: v for v in self.reading.wrt}
        free = {v: named[v.data[0]] for v in variables(form) if v.data[0] in named}
        return conditions(self.reading.f, substitute(form, free), wrt=self.reading.wrt)

    @property
    def continued(self) -> str | None:
        """Where the printed form is not defined, but the derivative is, and what it is there: adj(X)^T for det(X) X^-T."""
        if self.derived is None:
            return None
        printed = self._requirements_of(self.reading.operator)
        more = [c for c in printed if c.kind == INVERTIBLE and c not in self.requirements]
        entries = calculus.divided_entries(self.f.node, self.reading.operator, self.computed)
        if not more and not entries:
            return None
        style = self.f.style
        matrices = " or ".join(printing.text_up_to_sign(c.subjects[0], style) for c in more)
        arrays = " or ".join(printing.text_up_to_sign(entry, style) for entry in entries)
        shown = printing.text_by_name(self.computed, style)
        places = [f"{matrices} is singular"] * bool(more) + [f"an entry of {arrays} is 0"] * bool(entries)
        formula = "by continuity" if entries or "frechet_" in shown else shown
        return f"where {' or '.join(places)}: {formula}"

    @property
    def form(self) -> str:
        """array (the expression is the derivative), vec (it acts on vec(dX)), or operator (no matrix notation)."""
        if not self.reading.directions:
            return "array"
        if self.reading.matrix is None:
            return "operator"
        (direction,) = self.reading.directions
        plain = self.reading.operator.is_column and direction.is_column
        return "array" if plain else "vec"

    @property
    def name(self) -> str:
        """gradient, Jacobian, Hessian or derivative."""
        if self.f.node.is_scalar:
            names = {1: "gradient", 2: "Hessian"}
            same = len(set(self.wrt)) == 1
            return names.get(self.order, "derivative") if same else "derivative"
        return "Jacobian" if self.order == 1 else "derivative"

    @bounded
    def latex(self, **options: Any) -> str:
        r"""LaTeX of the matrix notation, or of the operator where there is none; options as of `Expr.latex`.

        Of a function that its text gives a name it is an equation.

        >>> print(mc.derivative(r"J(w) = \|X w\|^2").latex())
        \nabla_{w} J = 2 X^{\top} X w
        """
        left = f"{self.title[2]} = " if self.title is not None else ""
        return left + printing.latex_lines(self._displayed, style=self.f.style, **options)

    @property
    def _displayed(self) -> Node:
        """What stands for the derivative in a display."""
        return self.reading.matrix if self.reading.matrix is not None else self.reading.operator

    @property
    def title(self) -> Written | None:
        """What its array is called, where the text of f has a name for f: grad J, Hess J, dy/dx."""
        name = self.f.title
        if name is None or self.form != "array":
            return None
        from matcalc.printing import titles

        if self.name == "gradient" and not self.reading.wrt[0].is_scalar:
            return titles.gradient(name, self.wrt[0])
        if self.name == "Hessian" and not self.reading.wrt[0].is_scalar:
            return titles.hessian(name, self.wrt[0])
        return titles.jacobian(name, self.wrt)

    @property
    def operator_name(self) -> str:
        """What stands left of the operator in text: dF, of a scalar function dG, where G is its gradient."""
        name = self.f.title
        if name is None:
            return "dG" if self.f.node.is_scalar else "dF"
        from matcalc.printing import titles

        of_gradient = f"d({titles.gradient(name, self.wrt[0])[0]})"
        return of_gradient if self.f.node.is_scalar else titles.differential(name)[0]

    @bounded
    def __str__(self) -> str:
        written = partial(printing.readable, names=printing.Names(), style=self.f.style)
        if self.form == "array" and self.reading.matrix is not None:
            return written(self.reading.matrix)
        operator = f"{self.operator_name} = {written(self.reading.operator)}"
        if self.reading.matrix is None:
            return operator
        joint = "\n" if "\n" in operator else ", "  # each form has the parts that it uses below it
        return f"{operator}{joint}vec form {written(self.reading.matrix)}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Derivative) and (self.f, self.wrt, self.reading) == (other.f, other.wrt, other.reading)

    def __hash__(self) -> int:
        return hash((self.f, self.wrt))

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __repr__(self) -> str:
        return f"<Derivative {self}>"

    def _repr_latex_(self) -> str:
        from matcalc.objects.notebook import formula_latex

        return formula_latex(self.latex(), self.notes, self.sign)

    @bounded
    def _repr_html_(self) -> str:
        from matcalc.objects.notebook import derivative_html

        return derivative_html(self)


@bounded
def derivative(
    f: str | Expr, *wrt: Variable, where: Where = None, convention: str = "structured", geometry: str | None = None
) -> Derivative:
    """The derivative by each variable in turn, of any order and mixed.

    Shape: the axes of f first, then those of each variable. Without a variable `default_variable` chooses.

    By a structured variable it is the one within the linear space of that structure. ``convention`` asks for another
    reading: "unstructured" (every entry moves alone), or "independent" (the Cookbook's independent entries of a
    symmetric matrix, 2 G - diag G). ``geometry`` makes the gradient of a scalar function Riemannian: "stiefel"
    (X^T X = I, embedded metric) or "affine-invariant" (definite matrices).

    >>> print(mc.derivative("tr(X^T A X)", "X", "A"))
    dG = (dA + dA^T) X, vec form (X^T ⊗ I) (I + K(n, n))
    >>> print(mc.derivative("logdet(S)", "S", where="S: spd(n)", convention="independent"))
    2 S^-1 - diag(diag(S^-1))

    Source: Magnus & Neudecker, chapters 5, 6 and 9; Srinivasan & Panda 2023 for structured variables.

    Raises:
        DeclarationError: a name is not a variable of f, or none is named and several could be meant.
        UnsupportedError: an unknown convention or geometry, or one that does not apply.
    """
    f = parsed_beside(f, where, by=wrt, complex_too=True)
    if has_complex(f):
        from matcalc.objects.wirtinger.derivatives import wirtinger

        return wirtinger(f, wrt, convention, geometry)
    f, names = asked(f, wrt)
    if not f.declarations.keys() >= set(names):  # dX of a differential may be meant
        f = with_fixed_directions(f)
    variables_ = [variable_named(f, name) for name in names]
    if geometry is not None and convention != "structured":
        raise UnsupportedError(
            f"a gradient is {convention} or Riemannian, not both", code="usage", hint="leave out one of the two"
        )
    f = f.function
    if convention == "unstructured":
        node = without_structure(f, variables_)
        derived = calculus.derived_of(node, variables_, convention=convention)
        return Derivative(f, names, calculus.derive_unstructured(node, variables_), derived)
    derived = _derived(f, variables_, convention=convention, geometry=geometry)
    return Derivative(f, names, calculus.derive(f.node, variables_, convention=convention, geometry=geometry), derived)


def _derived(f: Expr, moving: Sequence[Node], **options: Any) -> calculus.Derived | None:
    needed = calculus.has_determinants(f.node) or calculus.has_removable_quotients(f.node)
    return calculus.derived_of(f.computed, moving, **options) if needed else None


def stated(f: Expr) -> Expr | Derivative:
    """What a text stands for: the derivative where it asks for one, else the expression."""
    return derivative(f) if f.statement is not None and f.statement.differentiates else f


@bounded
def differential(f: str | Expr, *wrt: Variable, where: Where = None) -> Expr:
    """df in matrix form, linear in ``dX``; with several names their total differential.

    Shape: that of f. Source: Magnus & Neudecker, chapters 5, 8 and 9.

    >>> print(mc.differential("log(det(X))", "X"))
    tr(X^-1 dX)
    >>> print(mc.differential("tr(A X)", "A", "X"))
    tr(A dX) + tr(X dA)

    Raises:
        DeclarationError: a name is not a variable of f.
    """
    f = parsed_beside(f, where, by=wrt, complex_too=True)
    names = _moving(f, wrt)
    if has_complex(f):
        from matcalc.objects.wirtinger.derivatives import complex_differential

        return f.of(complex_differential(f.node, [variable_named(f, name) for name in names]))
    f = in_powers(f, names)
    moving = {v: perturbation(v) for v in (variable_named(f, name) for name in names)}
    node = simplify(calculus.differential(simplify(f.node), moving))
    return f.of(node, _derived(f, list(moving), differential="total"))


def _moving(f: Expr, wrt: tuple[Variable, ...]) -> tuple[str, ...]:
    """The variables of a total differential."""
    return asked_variables(f, wrt, 1) if len(wrt) < 2 else tuple(name_of(f, given) for given in wrt)


@bounded
def gradient(
    f: str | Expr,
    wrt: Variable | None = None,
    where: Where = None,
    convention: str = "structured",
    geometry: str | None = None,
) -> Expr:
    """The gradient G of a scalar f, with df = tr(G^T dX); shaped as the variable.

    ``convention`` and ``geometry`` are those of `derivative`. Source: Magnus & Neudecker, Theorem 5.11.

    >>> print(mc.gradient("det(X + B) - tr(X)", "X"))
    det(X + B) (X + B)^-T - I
    >>> print(mc.gradient("tr(A S)", "S", where="S: symmetric(n)"))
    (A + A^T) / 2

    By a member of a family it is the part that belongs to this one.

    >>> print(mc.gradient("sum_{i,j} W_ij ||x_i - y_j||^2", "x_k"))
    2 ((sum_j W_kj) x_k - (W Y)[k, :]^T)

    Raises:
        ShapeError: f is not scalar.
    """
    f = parsed_beside(f, where, by=wrt, complex_too=True)
    if not f.node.is_scalar:
        raise ShapeError(
            f"a gradient needs a scalar function, and this one is {f.node.rows} x {f.node.cols}",
            hint="use jacobian, or derivative",
        )
    if has_complex(f):
        from matcalc.objects.wirtinger.derivatives import complex_gradient

        return complex_gradient(f, wrt, convention)
    names = asked_variables(f, () if wrt is None else (wrt,), 1)
    result = derivative(f, *names, convention=convention, geometry=geometry).expr
    assert result is not None
    member = member_named(f, wrt) if isinstance(wrt, str) else None
    return result if member is None else f.of(by_member(result.node, member))
