"""The table of functions: one row a function, read by the language, the calculus, the printers and the docs.

Texts in a row (definitions, derivatives, differentials) are written in the language itself.

A signature gives the shape of each argument and of the result. ``(m, n)`` is a matrix of those sizes,
``=1`` a literal argument, ``#n`` an argument that is a size, ``@i`` an index; sizes may be sums and products.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Any, NamedTuple

from matcalc.functions.coefficients import Coefficients
from matcalc.functions.properties import (
    DEFINITE,
    INVERTIBLE,
    NONZERO,
    SOMEWHERE,
    SYMMETRIC,
    Fact,
    Interval,
    Need,
    sentence,
)
from matcalc.functions.spelling import Spelling

__all__ = [
    "FUNCTIONS",
    "UNDEFINED",
    "UNSTATED",
    "VALUES",
    "Function",
    "Pieces",
    "find",
    "matrix_function",
    "register",
    "row_of",
    "unregister",
]


#: The value at zero of a function that has none there.
UNDEFINED = "undefined"
#: Where something is said of a function, and what: of numbers and entries an interval, of matrices a property.
Pieces = tuple[tuple[Fact, str], ...]
NOTHING: Mapping[str, str] = MappingProxyType({})
UNSTATED: Mapping[str, Pieces] = MappingProxyType({})
_NEEDED = ("signatures", "parameters", "summary", "reference", "derivatives", "sympy", "latex")
#: What may be said of every value of a function.
VALUES = (
    "symmetric",
    "semidefinite",
    "skew",
    "lower",
    "upper",
    "diagonal",
    "invertible",
    "positive diagonal",
    "orthonormal columns",
)


def _means(word: str, parameter: str) -> bool:
    """E_* means every direction."""
    return word == parameter or (word.endswith("_*") and parameter.startswith(word[:-1]))


class Function(NamedTuple):
    """A function of the language.

    Attributes:
        kind: "elementwise" (kernel operator `apply`), "call" (kernel operator `call`), "constructor" (a
            kernel operator of its own, or made of such: `expr.constructors`), "macro" (an abbreviation, replaced by its definition) or "name" (it chooses another
            function, before anything is inferred).
        signatures: overloads, the first that fits is meant.
        definition: for a macro the text of its value, one for each signature.
        derivatives: for an elementwise function one scalar text for each parameter.
        derivatives_of_equals: the same where arguments may be equal on an open set, as relu(x) and x are.
        differential: for a call the text of its differential, in dX for a parameter X, one for each signature.
        adjoints: for a call that is linear in a parameter: its adjoint, in the cotangent G; under ``"c of 2"`` that
            in c of the signature with two arrays.
        vec_forms: for such a call: the matrix that acts on vec of the parameter.
        static: for a call, what distinguishes its signatures in the kernel.
        domain: where it is defined.
        condition: where it is differentiable; empty where it is on its whole domain.
        range: an interval that holds every entry of a value, and no smaller one does.
        at_zero: its value where its last argument is 0, as a text; "undefined" where it has none.
        series: the k-th coefficient of its power series at 0, where that has a short form.
        parity: "odd", "even" or "neither", for a function of one argument.
        inverse: the g with f(g(u)) = u for every u in the domain of g, or "none".
        reciprocal: the function that is 1 over it.
        monotone: for each parameter, where the values are "increasing", "decreasing", "nondecreasing", "nonincreasing"; elsewhere
            they are not. Of arrays every entry of the value by every entry; what is not said of a parameter is not so.
        curvature: the same for "convex", "concave" and "affine".
        jointly: "convex", "concave" or "neither" in all parameters together.
        logarithm: the same two words for the logarithm of the values, which are positive there.
        in_order: the same two words for a matrix and a symmetric value in the order of Loewner, A >= B if A - B is semidefinite.
        gives: what is known of the value where something is known of all parameters.
        value: what is known of every value: words of `VALUES`.
        linear: the parameters in each of which it is linear while the others are held, E_* for all directions; in those
            joined by + together.
        degree: for parameters the p with f(s X) = s^p f(X) for every number s > 0: ``(("X", "n - 1"),)``.
        turned: the parameters in the order in which f(X, Y)^T takes their transposes, where it is written with them.
        primary: the function of numbers that a function of matrices is made of: f(V diag(d) V^-1) = V diag(g(d)) V^-1.
        of_number: what it is of a matrix of size 1: a function of numbers, x itself, 0 or 1; a primary function is its own.
        derivative_of: the function whose derivative along directions it is.
        of_gaps: made of reciprocals of all gaps between eigenvalues or singular values, beyond all bounds where these are equal.
        of_rows: the function that does the same with each row of a matrix.
        along: what is written for it, and the axis along which that runs.
        bars: for a norm what stands below its bars.
        complex_step: its value in NumPy continues to complex arguments, to the last digit.
        numeric: its value in NumPy, of 2-d arrays, where it does not stand in `numeric.values`.
        exchangeable: f(u, v) = f(v, u); the kernel sorts its arguments, if they are not left in the order in which they were `typed`.
        idempotent: f(u, u) = u.
        steep: no finite derivative at 0.
        analytic: one power series around every point of its domain.
        poles: there are some inside of its domain, at numbers that have no finite expansion.
        continuous: on its domain.
        spelled: in the words of each target.
        sympy: its name in SymPy, or a text in SymPy's words of its parameters.
        latex: what LaTeX writes before the bracket.
        entrywise: for a macro: its definition is one of scalars, applied to every entry.
    """

    name: str
    signatures: tuple[str, ...]
    parameters: tuple[str, ...]
    kind: str
    summary: str = ""
    definition: tuple[str, ...] = ()
    derivatives: tuple[str, ...] = ()
    derivatives_of_equals: tuple[str, ...] = ()
    differential: tuple[str, ...] = ()
    adjoints: Mapping[str, str] = NOTHING
    vec_forms: Mapping[str, str] = NOTHING
    static: tuple[tuple[str | int, ...], ...] = ()
    domain: tuple[Need, ...] = ()
    condition: tuple[Need, ...] = ()
    aliases: tuple[str, ...] = ()
    reference: str = ""
    remark: str = ""
    range: Interval | None = None
    at_zero: str = ""
    parity: str = ""
    inverse: str = ""
    reciprocal: str = ""
    monotone: Mapping[str, Pieces] = UNSTATED
    curvature: Mapping[str, Pieces] = UNSTATED
    jointly: str = ""
    logarithm: Mapping[str, Pieces] = UNSTATED
    gives: tuple[tuple[Fact, Fact], ...] = ()
    exchangeable: bool = False
    typed: bool = False
    idempotent: bool = False
    steep: bool = False
    analytic: bool = True
    poles: bool = False
    continuous: bool | None = None
    spelled: Spelling | None = None
    sympy: str = ""
    latex: str = ""
    in_order: Mapping[str, Pieces] = UNSTATED
    value: tuple[str, ...] = ()
    linear: str = ""
    degree: tuple[tuple[str, str], ...] = ()
    turned: str = ""
    primary: str = ""
    of_number: str = ""
    derivative_of: str = ""
    of_gaps: bool = False
    of_rows: str = ""
    along: tuple[str, int] | None = None
    bars: str | None = None
    complex_step: bool = True
    numeric: Callable[..., Any] | None = None
    entrywise: bool = False
    series: Coefficients | None = None

    @property
    def missing(self) -> tuple[str, ...]:
        """The cells that a function of numbers with a rule of its own needs and has not."""
        if self.kind != "elementwise":
            return ()
        of_one = ("at_zero", "parity", "inverse") if len(self.parameters) == 1 else ("jointly",)
        texts = [cell for cell in (*_NEEDED, *of_one) if not getattr(self, cell)]
        facts = [cell for cell in ("range", "continuous", "spelled") if getattr(self, cell) is None]
        shapes = [cell for cell in ("monotone", "curvature") if set(getattr(self, cell)) != set(self.parameters)]
        return (*texts, *facts, *shapes)

    @property
    def is_of_numbers(self) -> bool:
        """Whether it acts on arrays entry by entry."""
        return self.kind == "elementwise" or bool(self.parity) or self.entrywise

    @property
    def symmetric_argument(self) -> str:
        """The structure that its argument has to have: "spd", "symmetric", or none."""
        kinds = {DEFINITE: "spd", SYMMETRIC: "symmetric"}
        return next((kinds[need.fact] for need in self.domain if need.fact in kinds), "")

    @property
    def inverts(self) -> bool:
        """Whether its first argument has to have an inverse."""
        return any(need.fact == INVERTIBLE and need.of[0] == self.parameters[0] for need in self.condition)

    @property
    def is_partial(self) -> bool:
        """Whether arrays of numbers have entries of which it has no finite value: outside of its domain, or too large ones."""
        overflows = self.spelled is not None and bool(self.spelled.number) and self.spelled.raises != "never"
        return bool(self.domain) or overflows

    @property
    def vanishes(self) -> bool:
        """f(0) = 0"""
        return self.at_zero == "0"

    @property
    def fraction_at_zero(self) -> Fraction | None:
        """f(0), where it is a fraction."""
        return Fraction(self.at_zero) if self.at_zero.replace("/", "").isdigit() else None

    def gives_if(self, known: Fact) -> Fact | None:
        """What is known of the value where this is known of all parameters."""
        return next((then for fact, then in self.gives if fact == known), None)

    def given(self, count: int) -> tuple[str, ...]:
        """The parameters of a call with so many operands: a derivative has as many directions as there are."""
        if not self.derivative_of:
            return self.parameters[:count]
        rest = () if "_" in self.parameters[-1] else self.parameters[-1:]
        letter = self.parameters[1][0]
        return (self.parameters[0], *(f"{letter}_{k}" for k in range(1, count - len(rest))), *rest)

    def linear_in(self, parameter: str) -> bool:
        """Whether it is linear in this one while the others are held."""
        return any(_means(word, parameter) for word in self.linear.split())

    def turned_order(self, count: int) -> list[int]:
        """The places of the operands of f(X, Y) whose transposes f(X, Y)^T is written with, in its order."""
        names = self.given(count)
        return [k for word in self.turned.split() for k, name in enumerate(names) if _means(word, name)]

    def stated(self, facts: tuple[Need, ...]) -> str:
        """Facts of the parameters, in words; those of a function of numbers are numbers."""
        return "; ".join(
            sentence(SOMEWHERE if self.is_of_numbers and n.fact == NONZERO else n.fact, *n.of) for n in facts
        )


#: Canonical name -> row; filled by the modules of rows, in the order of the documentation.
FUNCTIONS: dict[str, Function] = {}
_ALIASES: dict[str, str] = {}
_UNKNOWN = Function("", (), (), "")


def register(row: Function) -> Function:
    """Add a row; names and aliases are unique. Raises ValueError, naming the cells, where some are empty."""
    if row.missing:
        raise ValueError(f"the row of {row.name} has no {', '.join(row.missing)}")
    for name in (row.name, *row.aliases):
        if name in FUNCTIONS or name in _ALIASES:
            raise ValueError(f"{name} is in the table already")
    FUNCTIONS[row.name] = row
    _ALIASES.update(dict.fromkeys(row.aliases, row.name))
    return row


def unregister(name: str) -> None:
    """Take a row out of the table."""
    row = FUNCTIONS.pop(name)
    for alias in row.aliases:
        del _ALIASES[alias]


def row_of(name: str) -> Function:
    """The row of a node's function; of one that the engine makes for itself nothing is known."""
    return FUNCTIONS.get(name, _UNKNOWN)


def matrix_function(primary: str) -> Function | None:
    """The row of the function of matrices that is made of this function of numbers: expm of exp."""
    return next((row for row in FUNCTIONS.values() if row.primary == primary), None)


def find(name: str) -> Function | None:
    """The row of a name or an alias."""
    return FUNCTIONS.get(_ALIASES.get(name, name))
