"""The Python API: expressions, derivatives and what is done with them.

Every function takes an expression as text or as `Expr`, and declarations as ``where``
(text such as ``"A: matrix(m, n)"`` or a mapping from names to such texts).

>>> import matcalc as mc
>>> f = mc.parse("||A x - b||^2")
>>> print(mc.gradient(f, "x"))
2 A^T (A x - b)
>>> print(mc.hessian(f, "x"))
2 A^T A
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from matcalc import calculus
from matcalc.arithmetic import shape_text
from matcalc.derivatives import Derivative, derivative, differential, gradient, hessian, jacobian
from matcalc.errors import MatcalcError, UnsupportedError
from matcalc.expressions import (
    Expr,
    Variable,
    Where,
    parse,
    parsed_beside,
    parsed_together,
    variable_named,
    variable_names,
    with_fixed_directions,
)
from matcalc.language import canonical_name
from matcalc.notes import Note, as_dicts, distinct, note_lines

if TYPE_CHECKING:
    from matcalc.checking import CheckReport
    from matcalc.compiling import Objective
    from matcalc.explaining import Derivation

__all__ = [
    "Derivative",
    "Equality",
    "Expr",
    "check",
    "check_function",
    "compile",
    "define",
    "derivative",
    "differential",
    "equal",
    "explain",
    "from_sympy",
    "gradient",
    "hessian",
    "jacobian",
    "latex",
    "objective",
    "parse",
    "to_sympy",
    "verify",
]


@dataclass(frozen=True)
class Equality:
    """The answer to `equal`: verdict is "proved", "refuted" or "undecided"; true where proved.

    Attributes:
        verdict: the answer.
        reason: the identities of the proof, or what differs.
        counterexample: values of the variables at which the two sides differ, where refuted.
        notes: how the two texts were read, where a reader has to know.
    """

    verdict: str
    reason: str
    counterexample: Mapping[str, Any] | None = None
    notes: tuple[Note, ...] = ()

    def __bool__(self) -> bool:
        return self.verdict == "proved"

    def __str__(self) -> str:
        lines = [f"{self.verdict}: {self.reason}"]
        for name, value in (self.counterexample or {}).items():
            lines.append(f"  {name} = {_shown(value)}")
        return "\n".join([*lines, *note_lines(self.notes)])

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return {
            "verdict": self.verdict,
            "reason": self.reason,
            "counterexample": self.counterexample,
            "notes": as_dicts(self.notes),
        }


def _shown(value: Any) -> str:
    """A value of a counterexample on one line, rounded."""
    rows = [", ".join(f"{entry:.3g}" for entry in row) for row in value]
    return rows[0] if len(rows) == 1 and "," not in rows[0] else f"[{'; '.join(rows)}]"


def explain(
    f: str | Expr,
    wrt: Variable | Sequence[Variable] | None = None,
    order: int = 1,
    detail: str = "brief",
    where: Where = None,
) -> Derivation:
    """The derivation of a derivative, line by line, each with the rule it used.

    ``wrt`` is a variable, differentiated by ``order`` times, or a list of variables for a mixed derivative. ``detail``
    is "brief", where linear rules share a line with others, or "full", one rule a line.

    >>> for step in mc.explain("x^T A x", "x").steps:
    ...     print(step)
    f = x^T A x
    df = d(x^T A x)
    df = dx^T A x + x^T A dx
    df = (A x + A^T x)^T dx
    grad f = A x + A^T x
    grad f = (A + A^T) x

    Raises:
        LimitError: the derivation is too long for a reader.
    """
    from matcalc.explaining import derivation

    f = with_fixed_directions(parse(f, where))
    names = variable_names(f, (wrt,) if isinstance(wrt, (str, Expr)) else tuple(wrt or ()))
    variables_ = [variable_named(f, name) for name in (names * order if len(names) == 1 else names)]
    return derivation(
        f.node,
        variables_,
        detail=detail,
        typed=f.text,
        tree=f.tree,
        sums=f.sums,
        notes=f.notes,
        names=tuple(f.declarations),
    )


def to_sympy(f: str | Expr | Derivative, where: Where = None) -> Any:
    """The SymPy expression: scalars as scalars, everything else as a `MatrixExpr`.

    >>> mc.to_sympy("tr(A X)", "A: matrix(n, n)")
    Trace(A*X)

    Raises:
        UnsupportedError: SymPy has no counterpart.
    """
    from matcalc.interop import sympy

    item = _output(f, where)
    shown = item if isinstance(item, Expr) else item.expr or item.operator
    return sympy.to_sympy(shown)


def from_sympy(expression: Any, where: Where = None) -> Expr:
    """The expression of a SymPy expression; ``where`` may tell the structure of its symbols.

    >>> from sympy import MatrixSymbol, Trace
    >>> A, X = MatrixSymbol("A", 3, 3), MatrixSymbol("X", 3, 3)
    >>> print(mc.gradient(mc.from_sympy(Trace(X.T * A * X)), "X"))
    (A + A^T) X

    Raises:
        UnsupportedError: a part has no counterpart here.
    """
    from matcalc.interop import sympy

    return sympy.from_sympy(expression, where)


def define(
    text: str, definition: Any = None, *, differential: str | None = None, value: Callable[..., Any] | None = None
) -> None:
    """Add a function to the language: ``define("swish(t) = t * sigmoid(t)")``, applied entry by entry.

    Parameters may have kinds, ``define("f(S: spd(n)) = logdet(S) + tr(S)")``; with ``differential`` the function
    keeps its name: ``define("f(X: matrix(n, n)) -> scalar", differential="tr(g(X)^T dX)")``. ``definition`` may be a
    SymPy expression, ``value`` a Python function of NumPy arrays, which lets `check` verify a rule.

    >>> mc.define("cubed(t) = t^3")
    >>> print(mc.gradient("sum(cubed(x))", "x"))
    3 x.^2

    Raises:
        MatcalcError: the definition is at fault, or the name is taken.
    """
    from matcalc.functions import definitions

    definitions.define(text, definition, differential=differential, value=value)


def compile(
    f: Any,
    target: str = "numpy",
    where: Where = None,
    batch: str | Sequence[str] = (),
    form: str = "dense",
    checks: bool = True,
) -> Any:
    """A function of an expression or a derivative, or of a list of them, in the array library ``target``.

    Its parameters are the variables' names in ASCII; ``fn.source`` is its code. A derivative is an array with the
    axes of f first, then those of each variable. With ``batch`` the named variables have a leading axis of
    independent inputs, and so have the results. For inner loops over small arrays ``checks=False`` leaves out what the
    code does to its arguments: they have to be arrays of that library, of type float and of the right shapes.

    A Hessian has two more forms: "structured" keeps Kronecker products, diagonals and low-rank terms as they are,
    "operator" computes products only. Both give a `matcalc.compiling.LinearMap` with ``matvec``, ``solve`` and
    ``to_dense``.

    >>> g = mc.compile(mc.derivative("x^T A x", "x"))
    >>> g(A=np.array([[1.0, 2.0], [0.0, 3.0]]), x=np.array([1.0, 1.0]))
    array([4., 8.])

    Raises:
        UnsupportedError: a function that the target library has not, or an unknown target.
    """
    from matcalc.compiling import compile_map, compile_outputs

    single = not isinstance(f, (list, tuple))
    if not single and not f:
        raise UnsupportedError("there is nothing to compile: the list is empty", hint="mc.compile([f, mc.gradient(f)])")
    outputs = [_output(item, where) for item in ([f] if single else f)]
    if form == "dense":
        return compile_outputs(outputs, target=target, single=single, batch=batch, checks=checks)
    if not single or batch:
        raise UnsupportedError(f"the form {form} is there for one derivative without a batch")
    return compile_map(outputs[0], target=target, form=form)


def objective(
    f: str | Expr,
    wrt: Variable | None = None,
    data: Mapping[str, Any] | None = None,
    where: Where = None,
    shape: tuple[int, ...] | None = None,
) -> Objective:
    """A scalar function of one variable for `scipy.optimize.minimize`: ``fun``, ``jac``, ``hess`` and ``hessp``.

    ``data`` holds the arrays of all other variables; ``shape`` is that of the variable where they do not show it.

    >>> o = mc.objective("||A x - b||^2", "x", {"A": np.eye(2), "b": np.array([1.0, 2.0])})
    >>> o.fun(np.zeros(2)), o.jac(np.zeros(2))
    (5.0, array([-2., -4.]))

    Raises:
        ShapeError: f is not scalar, or the data have other shapes.
    """
    from matcalc.compiling import Objective

    f = parse(f, where)
    (name,) = variable_names(f, () if wrt is None else (wrt,))
    return Objective(f, name, data or {}, shape)


def _output(item: str | Expr | Derivative, where: Where) -> Expr | Derivative:
    return item if isinstance(item, Derivative) else parse(item, where)


def check(
    f: str | Expr,
    *wrt: Variable,
    where: Where = None,
    claim: str | Expr | Derivative | Callable[..., Any] | None = None,
    order: int = 1,
    trials: int = 3,
    seed: int = 0,
    at: Mapping[str, Any] | None = None,
) -> CheckReport:
    """Verify the engine's derivative, or a claimed one, by finite differences of f as it was typed.

    A claim is an array shaped as the variable, an operator in ``dX``, the matrix of a vec form, a `Derivative`, or a
    Python function of arrays by name. A refuted claim is diagnosed. ``at`` gives the values of some variables; the others are random.

    >>> bool(mc.check("x^T A x", "x", claim="(A + A^T) x"))
    True
    >>> mc.check("x^T A x", "x", claim="2 A x").diagnosis
    'right only if A is symmetric: the derivative is (A + A^T) x'

    Raises:
        MatcalcError: the function or the claim is at fault.
    """
    from matcalc.checking import Subject, check_callable_claim, check_derivative, check_text_claim

    _refuse_no_trials(trials)
    f = with_fixed_directions(parsed_beside(f, where, beside=claim))
    names = variable_names(f, wrt)
    if len(names) == 1:
        names = names * order
    variables_ = [variable_named(f, name) for name in names]
    subject = Subject(f.node, f.declarations, f.tree)
    given = {canonical_name(name): value for name, value in at.items()} if at else None
    if claim is None:
        report = check_derivative(subject, calculus.derive(f.node, variables_), trials=trials, seed=seed, at=given)
    elif isinstance(claim, (str, Expr, Derivative)):
        report = check_text_claim(subject, variables_, str(claim), trials=trials, seed=seed, at=given)
    else:
        report = check_callable_claim(subject, variables_, claim, trials=trials, seed=seed, at=given)
    of_claim = claim.notes if isinstance(claim, (Expr, Derivative)) else report.notes
    return replace(report, notes=distinct((*f.notes, *of_claim)))


def _refuse_no_trials(trials: int) -> None:
    if trials < 1:
        raise MatcalcError(f"trials={trials} is not a whole number from 1", code="usage", word=str(trials))


def plot_check(
    f: str | Expr,
    *wrt: Variable,
    path: str,
    where: Where = None,
    claim: str | None = None,
    order: int = 1,
    trials: int = 3,
    seed: int = 0,
) -> None:
    """Draw the Taylor remainder of the check with the same seed against the step; needs matplotlib."""
    from matcalc.checking import Subject
    from matcalc.checking.plot import plot_check as drawn

    _refuse_no_trials(trials)
    f = with_fixed_directions(parsed_beside(f, where, beside=claim))
    names = variable_names(f, wrt)
    names = names * order if len(names) == 1 else names
    subject = Subject(f.node, f.declarations, f.tree)
    drawn(subject, [variable_named(f, name) for name in names], path, claim=claim, trials=trials, seed=seed)


def check_function(
    fun: Callable[..., Any], grad: Callable[..., Any], point: Any, *, seed: int = 0, tolerance: float = 1e-6
) -> CheckReport:
    """A NumPy, JAX or PyTorch function of arrays against its gradient, by differences at the point.

    ``point`` is an array, a tuple of arrays (the arguments), or a mapping (arguments by name).

    >>> bool(mc.check_function(lambda x: np.sum(x**2), lambda x: 2 * x, np.array([1.0, 2.0])))
    True
    """
    from matcalc.checking import check_function as checked

    return checked(fun, grad, point, seed=seed, tolerance=tolerance)


def verify(derivative: Derivative, *, trials: int = 3, seed: int = 0) -> CheckReport:
    """The numeric check of a derivative that was derived before."""
    from matcalc.checking import Subject, check_derivative

    _refuse_no_trials(trials)
    f = derivative.f
    report = check_derivative(Subject(f.node, f.declarations, f.tree), derivative.reading, trials=trials, seed=seed)
    return replace(report, notes=derivative.notes)


def equal(a: str | Expr | Derivative, b: str | Expr | Derivative, where: Where = None) -> Equality:
    """Whether two expressions are equal wherever both are defined: proved, refuted by numbers, or undecided.

    A derivative is taken in its matrix notation, `Derivative.expr`.

    >>> mc.equal("tr(A B)", "tr(B A)").verdict
    'proved'
    >>> mc.equal("A B", "B A", "A: matrix(n, n), B: matrix(n, n)").verdict
    'refuted'

    Raises:
        MatcalcError: one of them is at fault, has no matrix notation, or a name means two things.
    """
    from matcalc.checking import Subject, decide

    sides = parsed_together(_in_matrix_notation(a), _in_matrix_notation(b), where)
    left, right = map(with_fixed_directions, sides)
    notes = distinct((*left.notes, *right.notes))
    if left.node.shape != right.node.shape:
        shapes = f"{shape_text(left.node)} and {shape_text(right.node)}"
        return Equality("refuted", f"the shapes differ: {shapes}", notes=notes)
    joined = left._with(left.node, right)
    decision = decide(*(Subject(side.node, joined.declarations, side.tree) for side in (left, right)))
    found = decision.values
    values = {n: v.tolist() for n, v in found.items() if v.dtype != object} if found is not None else None
    return Equality(decision.verdict, decision.reason, values, notes)


def _in_matrix_notation(side: str | Expr | Derivative) -> str | Expr:
    """A derivative as the expression it is printed as. Raises UnsupportedError where it is an operator only."""
    if not isinstance(side, Derivative):
        return side
    found = side.expr
    if found is None:
        raise UnsupportedError(
            f"the derivative by {', '.join(side.wrt)} has no matrix notation: its array has {len(side.shape)} axes",
            hint="compare its operator, as in mc.equal(derivative.operator, …)",
        )
    return found


def latex(f: str | Expr | Derivative, where: Where = None, **options: Any) -> str:
    """LaTeX of an expression or a derivative, without delimiters; options as of `Expr.latex`.

    >>> print(mc.latex("inv(Sigma) x"))
    \\Sigma^{-1} x
    """
    item = _output(f, where)
    return item.latex(**options)
