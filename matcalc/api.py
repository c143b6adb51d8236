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
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from matcalc.answers.cases import hessian, jacobian
from matcalc.answers.claimed import questions
from matcalc.answers.equalities import Equality, equal
from matcalc.answers.steps import with_steps
from matcalc.answers.verdicts import report_of, report_of_own
from matcalc.errors import MatcalcError, UnsupportedError
from matcalc.language.limits import bounded
from matcalc.objects.asked import asked
from matcalc.objects.derivatives import Derivative, derivative, differential, gradient, stated
from matcalc.objects.expressions import Expr, Variable, Where, parse, parsed_beside, with_fixed_directions
from matcalc.objects.variables import name_of, variable_named
from matcalc.objects.wirtinger.support import has_complex, refuse_complex

if TYPE_CHECKING:
    from matcalc.checking import CheckReport
    from matcalc.convexity import Curvature
    from matcalc.explaining import Derivation

__all__ = [
    "Derivative",
    "Equality",
    "Expr",
    "check",
    "check_function",
    "compile",
    "curvature",
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
    "parse",
    "to_sympy",
    "verify",
]


@bounded
def explain(
    f: str | Expr,
    wrt: Variable | Sequence[Variable] | None = None,
    order: int | None = None,
    detail: str = "brief",
    where: Where = None,
) -> Derivation:
    """The derivation of a derivative, line by line, each with the rule it used.

    ``wrt`` is a variable, differentiated by ``order`` times (1 where nothing else is said), or a list of variables for a mixed derivative. ``detail``
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

    f = with_fixed_directions(parsed_beside(f, where, by=wrt))
    f, names = asked(f, (wrt,) if isinstance(wrt, (str, Expr)) else tuple(wrt or ()), order)
    variables_ = [variable_named(f, name) for name in names]
    return derivation(
        f.node,
        variables_,
        detail=detail,
        typed=f.text,
        tree=f.tree,
        style=f.style,
        notes=f.notes,
        title=f.title,
    )


@bounded
def curvature(f: str | Expr, *wrt: Variable, where: Where = None) -> Curvature:
    """Whether a number is convex or concave in variables, jointly: a verdict with the proof, line by line.

    Without ``wrt`` it is the variable that is meant. The verdict is "affine", "convex", "concave", "neither" or "undecided";
    ``conditions`` are what has to hold for it.

    >>> print(mc.curvature("x^2 / y where x: scalar, y: scalar(positive)", "x", "y"))
    convex in x and y
    >>> mc.curvature("x^T A x", "x").conditions
    ('A + A^T is psd',)
    >>> for line in mc.curvature("log(sum(exp(A x)))", "x").certificate[1:]:
    ...     print(line)
    v^T (diag(s) - s s^T) v >= 0 where v = A dx, s = softmax(A x)   (the second differential: Cauchy-Schwarz, since sum(s) = 1 [B&V 3.1.5])
    log(sum(exp(A x))) is convex   (the logarithm of a sum of exponentials of what is affine [B&V 3.1.5])

    Raises:
        MatcalcError: the expression is at fault, or is no number, or has no such variable.
    """
    from matcalc.convexity import curvature as judged

    return judged(f, *wrt, where=where)


@bounded
def to_sympy(f: str | Expr | Derivative, where: Where = None) -> Any:
    """The SymPy expression: scalars as scalars, everything else as a `MatrixExpr`.

    >>> mc.to_sympy("tr(A X)", "A: matrix(n, n)")
    Trace(A*X)

    Raises:
        UnsupportedError: SymPy has no counterpart.
    """
    from matcalc.interop import sympy

    item = _output(f, where)
    refuse_complex(item.f if isinstance(item, Derivative) else item, "the SymPy form")
    shown = item if isinstance(item, Expr) else item.expr or item.operator
    return sympy.to_sympy(shown)


@bounded
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


@bounded
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
    from matcalc.language.rows import definitions

    definitions.define(text, definition, differential=differential, value=value)


@bounded
def compile(
    f: Any,
    target: str | None = None,
    where: Where = None,
    batch: str | Sequence[str] = (),
    form: str = "dense",
    checks: bool = True,
    differentiable: bool | str = False,
    sizes: Mapping[str, int] | None = None,
) -> Any:
    """A function of an expression or a derivative, or of a list of them, in the array library ``target``.

    Without a target it is ``"scipy"`` where SciPy is installed, which shares factorisations, else ``"numpy"``.
    Its parameters are the variables' names in ASCII; ``fn.source`` is its code. A derivative is an array with the
    axes of f first, then those of each variable. With ``batch`` the named variables have a leading axis of
    independent inputs, and so have the results. For inner loops over small arrays ``checks=False`` leaves out what the
    code does to its arguments: they have to be arrays of that library, of type float and of the right shapes.

    With ``differentiable=True`` PyTorch and JAX differentiate the function by what is derived here, to any order;
    ``"jvp"`` gives JAX the derived tangents in place of the cotangents.

    Of equal forms, and of orders of products, the cheapest is taken for ``sizes`` such as ``{"n": 1000, "k": 10}``; sizes that
    are not given are guessed by their names. The code is right for all sizes.

    A Hessian has two more forms: "structured" keeps Kronecker products, diagonals and low-rank terms as they are,
    "operator" computes products only. Both give a `matcalc.compiling.LinearMap` with ``matvec``, ``solve`` and
    ``to_dense``.

    >>> g = mc.compile(mc.derivative("x^T A x", "x"))
    >>> g(A=np.array([[1.0, 2.0], [0.0, 3.0]]), x=np.array([1.0, 1.0]))
    array([4., 8.])

    Raises:
        UnsupportedError: a function that the target library has not, an unknown target, or one without such derivatives.
    """
    from matcalc.compiling import compile_map, compile_outputs

    single = not isinstance(f, (list, tuple))
    if not single and not f:
        raise UnsupportedError("there is nothing to compile: the list is empty", hint="mc.compile([f, mc.gradient(f)])")
    outputs = [_output(item, where) for item in ([f] if single else f)]
    if any(has_complex(item.f if isinstance(item, Derivative) else item) for item in outputs):
        from matcalc.compiling.wirtinger.function import compile_complex

        options = {"batch": batch, "differentiable": differentiable, "form": form != "dense"}
        return compile_complex(outputs, target, single=single, **options)
    if differentiable:
        return _differentiable(
            outputs, form, target=target, single=single, batch=batch, checks=checks, mode=differentiable
        )
    if form == "dense":
        return compile_outputs(outputs, target=target, single=single, batch=batch, checks=checks, sizes=sizes)
    if not single or batch or sizes:
        raise UnsupportedError(f"the form {form} is there for one derivative without a batch or sizes")
    return compile_map(outputs[0], target=target, form=form)


def _differentiable(outputs: list[Expr | Derivative], form: str, **options: Any) -> Any:
    from matcalc.compiling.differentiable import compile_differentiable

    if form != "dense":
        raise UnsupportedError(f"the form {form} is no array, and has no derivative in a library", hint='form="dense"')
    return compile_differentiable(outputs, **options)


def _output(item: str | Expr | Derivative, where: Where) -> Expr | Derivative:
    return item if isinstance(item, Derivative) else stated(parse(item, where))


@bounded
def check(
    f: str | Expr,
    *wrt: Variable,
    where: Where = None,
    claim: str | Expr | Derivative | Callable[..., Any] | None = None,
    order: int | None = None,
    trials: int = 3,
    seed: int = 0,
    at: Mapping[str, Any] | None = None,
    convention: str = "structured",
) -> CheckReport:
    """Verify the engine's derivative, or a claimed one, by finite differences of f as it was typed.

    A claim is an array shaped as the variable, an operator in ``dX``, the matrix of a vec form, a `Derivative`, or a
    Python function of arrays by name. A text that is a statement such as ``∇_x f = …`` has its claim in it. A refuted
    claim is diagnosed. ``at`` gives the values of some variables; the others are random. ``convention`` is that of
    `derivative`.

    >>> bool(mc.check("x^T A x", "x", claim="(A + A^T) x"))
    True
    >>> mc.check("x^T A x", "x", claim="2 A x").diagnosis
    'right only if A is symmetric: the derivative is (A + A^T) x'

    Raises:
        MatcalcError: the function or the claim is at fault.
    """
    _refuse_no_trials(trials)
    f = with_fixed_directions(parsed_beside(f, where, beside=claim, by=wrt, complex_too=True))
    if has_complex(f):
        from matcalc.answers.complex_checks import check_complex

        return check_complex(f, wrt, claim, order=order, trials=trials, seed=seed, convention=convention)
    given = {name_of(f, name): value for name, value in at.items()} if at else None
    compared = questions(f, wrt, order, claim)
    reports = [report_of(f, question, trials, seed, given, convention) for question in compared]
    wrong = next((i for i, report in enumerate(reports) if not report), None)
    report = reports[wrong if wrong is not None else -1]
    if wrong is not None and len(compared) > 1 and report.diagnosis:
        report = replace(report, diagnosis=f"of {compared[wrong].shown}: {report.diagnosis}")
    return with_steps(f, report)


def _refuse_no_trials(trials: int) -> None:
    if trials < 1:
        raise MatcalcError(f"trials={trials} is not a whole number from 1", code="usage", word=str(trials))


@bounded
def plot_check(
    f: str | Expr,
    *wrt: Variable,
    path: str,
    where: Where = None,
    claim: str | None = None,
    order: int | None = None,
    trials: int = 3,
    seed: int = 0,
) -> None:
    """Draw the Taylor remainder of the check with the same seed against the step; needs matplotlib."""
    from matcalc.checking import Subject
    from matcalc.checking.plot import plot_check as drawn

    _refuse_no_trials(trials)
    f, names = asked(with_fixed_directions(parsed_beside(f, where, beside=claim, by=wrt)), wrt, order)
    subject = Subject(f.node, f.declarations, f.tree, {d.name: d.node for d in f.definitions})
    drawn(
        subject,
        [variable_named(f, name) for name in names],
        path,
        claim=claim,
        trials=trials,
        seed=seed,
    )


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


@bounded
def verify(derivative: Derivative, *, trials: int = 3, seed: int = 0) -> CheckReport:
    """The numeric check of a derivative that was derived before."""
    _refuse_no_trials(trials)
    return replace(report_of_own(derivative, trials, seed), notes=derivative.notes)


@bounded
def latex(f: str | Expr | Derivative, where: Where = None, **options: Any) -> str:
    """LaTeX of an expression or a derivative, without delimiters; options as of `Expr.latex`.

    >>> print(mc.latex("inv(Sigma) x"))
    \\Sigma^{-1} x
    """
    item = _output(f, where)
    return item.latex(**options)
