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

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from numbers import Real
from typing import TYPE_CHECKING, Any, TypeAlias

from matcalc import calculus, printing
from matcalc.arithmetic import operate
from matcalc.calculus.conditions import conditions
from matcalc.errors import DeclarationError, MatcalcError, ShapeError, UnsupportedError
from matcalc.expr import Dim, Node, perturbation, scaled, substitute, transpose, variables
from matcalc.language import Declaration, Parsed, Typed, canonical_name, parse_pair
from matcalc.language import parse as parse_text
from matcalc.language.names import nearest
from matcalc.simplify import simplify

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
    "default_variable",
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

Where = str | Mapping[str, str] | None
Operand: TypeAlias = "Expr | str | int | float | Real"


@dataclass(frozen=True, eq=False, repr=False)
class Expr:
    """A typed expression. Two are equal where their canonical forms are the same; `equal` proves more.

    Expressions are combined with ``+ - * @ / **`` and ``.T``, where names have one meaning.

    >>> a, b = mc.parse("tr(A B)", "A: matrix(m, n)"), mc.parse("tr(B A)", "A: matrix(m, n)")
    >>> a == b
    True
    >>> print(2 * a + 1)
    1 + 2 tr(A B)
    >>> print(mc.parse("A x").T)
    (A x)^T

    Attributes:
        node: the canonical expression; two `Expr` are equal where their nodes are the same.
        declarations: every variable it was written with, declared or inferred.
        text: what was typed, where it was typed.
        tree: its typed tree, which the numeric checks evaluate.
        sums: the sums that were typed, term by term: it is printed with them.
    """

    node: Node
    declarations: Mapping[str, Declaration] = field(default_factory=dict)
    text: str | None = None
    tree: Typed | None = None
    sums: tuple[printing.Sum, ...] = ()

    @property
    def shape(self) -> tuple[Dim, ...]:
        """The axes of the Python array it stands for, () of a scalar, (n,) of a vector, (m, n) of a matrix."""
        return calculus.array_axes(self.node.shape)

    @property
    def T(self) -> Expr:
        return self._with(transpose(self.node))

    def simplify(self) -> Expr:
        """An equal expression that reads at most as long.

        >>> print(mc.parse("log(1 + exp(t)) where t: scalar").simplify())
        softplus(t)
        """
        return self._with(simplify(self.node))

    def latex(self, **options: Any) -> str:
        """LaTeX, without delimiters; ``bold`` is "none", "upright" or "italic", ``width`` that of a line in letters.

        A wider formula becomes lines of an ``aligned`` environment; with ``width=None`` it stays in one.

        >>> print(mc.parse("X^-T a").latex(bold="upright"))
        \\mathbf{X}^{-\\top} \\mathbf{a}
        """
        with printing.as_typed(self.sums):
            return printing.latex_lines(self.node, **options)

    def _with(self, node: Node, *others: Expr) -> Expr:
        declarations = dict(self.declarations)
        for other in others:
            for name, declaration in other.declarations.items():
                known = declarations.setdefault(name, declaration)
                if known.shape != declaration.shape or known.structure != declaration.structure:
                    raise DeclarationError(f"{name} is declared as {known} and as {declaration}")
        return Expr(node, declarations, sums=sum((o.sums for o in others), self.sums))

    def _operation(self, symbol: str, other: Operand, reflected: bool = False) -> Expr:
        if not isinstance(other, (Expr, str, Real)) or isinstance(other, bool):
            raise UnsupportedError(
                f"an expression cannot be combined with a {type(other).__name__}",
                hint="write a name in its place, and give its value to the compiled function",
            )
        operand = other if isinstance(other, Expr) else parse(str(other))
        left, right = (operand, self) if reflected else (self, operand)
        return left._with(operate(symbol, left.node, right.node), right)

    __array_ufunc__ = None  # an array times an expression is refused as a whole, not entry by entry

    def __add__(self, other: Operand) -> Expr:
        return self._operation("+", other)

    def __radd__(self, other: Operand) -> Expr:
        return self._operation("+", other, reflected=True)

    def __sub__(self, other: Operand) -> Expr:
        return self._operation("-", other)

    def __rsub__(self, other: Operand) -> Expr:
        return self._operation("-", other, reflected=True)

    def __mul__(self, other: Operand) -> Expr:
        return self._operation("*", other)

    def __rmul__(self, other: Operand) -> Expr:
        return self._operation("*", other, reflected=True)

    __matmul__ = __mul__
    __rmatmul__ = __rmul__

    def __truediv__(self, other: Operand) -> Expr:
        return self._operation("/", other)

    def __rtruediv__(self, other: Operand) -> Expr:
        return self._operation("/", other, reflected=True)

    def __pow__(self, exponent: Operand) -> Expr:
        return self._operation("^", exponent)

    def __neg__(self) -> Expr:
        return self._with(scaled(-1, self.node))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Expr) and self.node is other.node

    def __hash__(self) -> int:
        return hash(self.node)

    def __str__(self) -> str:
        with printing.beside(self.declarations), printing.as_typed(self.sums):
            return printing.readable(self.node, partial(printing.text, alone=True))

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __repr__(self) -> str:
        return f"<Expr {self}>"

    def _repr_latex_(self) -> str:
        return f"${self.latex()}$"


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
    """

    f: Expr
    wrt: tuple[str, ...]
    reading: calculus.Reading

    @property
    def order(self) -> int:
        return len(self.wrt)

    @property
    def expr(self) -> Expr | None:
        matrix = self.reading.matrix
        return None if matrix is None else self._expression(matrix)

    @property
    def operator(self) -> Expr:
        return self._expression(self.reading.operator)

    @property
    def differential(self) -> Expr:
        """df, or for higher orders d_2 d_1 f, with independent perturbations.

        >>> print(mc.hessian("x^T A x", "x").differential)
        dx_2^T (A + A^T) dx_1
        """
        return self._expression(self.reading.differential)

    def _expression(self, node: Node) -> Expr:
        return Expr(node, self.f.declarations, sums=self.f.sums)

    @property
    def shape(self) -> tuple[Dim, ...]:
        return self.reading.shape

    @property
    def conditions(self) -> tuple[str, ...]:
        """What has to hold for the derivative to exist, as far as the declarations leave it open."""
        reading = self.reading
        with printing.as_typed(self.f.sums):
            return conditions(
                reading.f, reading.operator, wrt=reading.wrt, printer=printing.text, up_to_sign=printing.text_up_to_sign
            )

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

    def latex(self, **options: Any) -> str:
        """LaTeX of the matrix notation, or of the operator where there is none; options as of `Expr.latex`."""
        shown = self.reading.matrix if self.reading.matrix is not None else self.reading.operator
        with printing.beside(self.f.declarations), printing.as_typed(self.f.sums):
            return printing.latex_lines(shown, **options)

    def __str__(self) -> str:
        with printing.beside(self.f.declarations), printing.as_typed(self.f.sums):
            if self.form == "array" and self.reading.matrix is not None:
                return printing.readable(self.reading.matrix)
            left = "dF" if not self.f.node.is_scalar else "dG"
            operator = f"{left} = {printing.readable(self.reading.operator)}"
            if self.reading.matrix is None:
                return operator
            return f"{operator}, vec form {printing.readable(self.reading.matrix)}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Derivative) and (self.f, self.wrt, self.reading) == (other.f, other.wrt, other.reading)

    def __hash__(self) -> int:
        return hash((self.f, self.wrt))

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __repr__(self) -> str:
        return f"<Derivative {self}>"

    def _repr_latex_(self) -> str:
        return f"${self.latex()}$"


@dataclass(frozen=True)
class Equality:
    """The answer to `equal`: verdict is "proved", "refuted" or "undecided"; true where proved.

    Attributes:
        verdict: the answer.
        reason: the identities of the proof, or what differs.
        counterexample: values of the variables at which the two sides differ, where refuted.
    """

    verdict: str
    reason: str
    counterexample: Mapping[str, Any] | None = None

    def __bool__(self) -> bool:
        return self.verdict == "proved"

    def __str__(self) -> str:
        lines = [f"{self.verdict}: {self.reason}"]
        for name, value in (self.counterexample or {}).items():
            lines.append(f"  {name} = {_shown(value)}")
        return "\n".join(lines)


def _shown(value: Any) -> str:
    """A value of a counterexample on one line, rounded."""
    rows = [", ".join(f"{entry:.3g}" for entry in row) for row in value]
    return rows[0] if len(rows) == 1 and "," not in rows[0] else f"[{'; '.join(rows)}]"


def parse(text: str | Expr, where: Where = None) -> Expr:
    """The typed expression of a text, plain or LaTeX; what is not declared is inferred.

    >>> f = mc.parse("tr(X^T A X)")
    >>> [str(d) for d in f.declarations.values()]
    ['X: matrix(n, k)', 'A: matrix(n, n)']
    >>> mc.parse(r"\\operatorname{tr}(X^\\top A X)") == f
    True
    >>> mc.parse("x^T S x", where="S: symmetric(n)").declarations["S"].structure
    ('symmetric',)

    Raises:
        MatcalcError: the text is at fault; the message shows where, and what to write instead.
    """
    if isinstance(text, Expr):
        return text
    return _expression(parse_text(text, where))


def default_variable(f: Expr) -> str:
    """The variable that is meant where none is named: X, else x, else the only free name.

    >>> mc.api.default_variable(mc.parse("||A x - b||^2"))
    'x'

    Raises:
        DeclarationError: none of these settles it.
    """
    names = list(f.declarations)
    for name in ("X", "x"):
        if name in names:
            return name
    if len(names) == 1:
        return names[0]
    if not names:
        raise DeclarationError(
            "the expression has no variable to differentiate by",
            code="which-variable",
            text=f.text,
            span=(0, len(f.text or "")),
            hint="use a name such as x or X",
        )
    places = [_place(f.text or "", name) for name in names[:2]]
    raise DeclarationError(
        f"which variable? The expression has {', '.join(names)}",
        code="which-variable",
        text=f.text if places[0] else None,
        span=places[0],
        related=places[1],
        hint=f"for example --wrt {names[0]}",
    )


def _place(text: str, name: str) -> tuple[int, int] | None:
    """Where a name stands in a text, in whichever spelling."""
    words = re.finditer(r"[^\W\d_]\w*|_\{[^{}]*\}", text)
    return next((w.span() for w in words if canonical_name(w.group()) == name), None)


def _variable(f: Expr, name: str) -> Node:
    canonical = canonical_name(name)
    declaration = f.declarations.get(canonical)
    if declaration is None:
        known = ", ".join(f.declarations) or "none"
        close = nearest(canonical, f.declarations)
        raise DeclarationError(
            f"{name.strip() or 'an empty name'} is not a variable of the expression (its variables: {known})",
            code="unknown-variable",
            hint=f"did you mean {close}?" if close else None,
            word=name,
        )
    found = [v for v in variables(f.node) if v.data[0] == canonical]
    return found[0] if found else declaration.node


def _names(f: Expr, wrt: Sequence[str]) -> tuple[str, ...]:
    return tuple(canonical_name(name) for name in wrt) if wrt else (default_variable(f),)


def derivative(
    f: str | Expr, *wrt: str, where: Where = None, convention: str = "structured", geometry: str | None = None
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
    f = parse(f, where)
    names = _names(f, wrt)
    variables_ = [_variable(f, name) for name in names]
    if geometry is not None and convention != "structured":
        raise UnsupportedError(
            f"a gradient is {convention} or Riemannian, not both", code="usage", hint="leave out one of the two"
        )
    if convention == "unstructured":
        return Derivative(f, names, calculus.derive_unstructured(_without_structure(f, variables_), variables_))
    return Derivative(f, names, calculus.derive(f.node, variables_, convention=convention, geometry=geometry))


def _without_structure(f: Expr, moving: Sequence[Node]) -> Node:
    """f in variables without linear structure, from its text wherever that can be read anew."""
    free = {v.data[0]: calculus.unstructured(v) for v in moving}
    if f.text is not None:
        others = {n: d for n, d in f.declarations.items() if n not in free}
        try:
            node = parse_text(f.text, others, names=free).node
        except MatcalcError:
            return substitute(f.node, {v: free[v.data[0]] for v in moving})  # a function of symmetric matrices only
        if unknown := {v.data[0] for v in variables(node)} - f.declarations.keys():
            raise DeclarationError(
                f"declare {', '.join(sorted(unknown))}: without the structure of {', '.join(free)} it is not known"
            )
        return node
    return substitute(f.node, {v: free[v.data[0]] for v in moving})


def differential(f: str | Expr, *wrt: str, where: Where = None) -> Expr:
    """df in matrix form, linear in ``dX``; with several names their total differential.

    Shape: that of f. Source: Magnus & Neudecker, chapters 5, 8 and 9.

    >>> print(mc.differential("log(det(X))", "X"))
    tr(X^-1 dX)
    >>> print(mc.differential("tr(A X)", "A", "X"))
    tr(A dX) + tr(X dA)

    Raises:
        DeclarationError: a name is not a variable of f.
    """
    f = parse(f, where)
    moving = {v: perturbation(v) for v in (_variable(f, name) for name in _names(f, wrt))}
    return Expr(simplify(calculus.differential(simplify(f.node), moving)), f.declarations, sums=f.sums)


def gradient(
    f: str | Expr,
    wrt: str | None = None,
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

    Raises:
        ShapeError: f is not scalar.
    """
    f = parse(f, where)
    if not f.node.is_scalar:
        raise ShapeError(
            f"a gradient needs a scalar function, and this one is {f.node.rows} x {f.node.cols}",
            hint="use jacobian, or derivative",
        )
    result = derivative(f, *([wrt] if wrt else []), convention=convention, geometry=geometry).expr
    assert result is not None
    return result


def jacobian(f: str | Expr, wrt: str | None = None, where: Where = None) -> Derivative:
    """The first derivative of a function of any shape.

    Shape: the axes of f, then those of the variable. Of a vector by a vector it is a matrix, with dF = J dx; of
    matrices the operator, and J with vec(dF) = J vec(dX).

    >>> print(mc.jacobian("softmax(A x)", "x"))
    (diag(softmax(A x)) - softmax(A x) softmax(A x)^T) A
    >>> print(mc.jacobian("X^-1", "X"))
    dF = -X^-1 dX X^-1, vec form -(X^-T ⊗ X^-1)
    """
    return derivative(f, *([wrt] if wrt else []), where=where)


def hessian(f: str | Expr, wrt: str | None = None, where: Where = None) -> Derivative:
    """The second derivative by one variable.

    Shape: the axes of f, then those of the variable twice. By a vector the H of d²f = dx_1^T H dx_2, by a matrix the
    operator dG of its gradient G, and its vec form. Source: Magnus & Neudecker, chapters 6 and 10.

    >>> print(mc.hessian("det(I + x x^T)", "x"))
    2 I
    >>> print(mc.hessian("||T - U V^T||_F^2", "U"))
    dG = 2 dU V^T V, vec form 2 ((V^T V) ⊗ I)
    """
    f = parse(f, where)
    name = wrt or default_variable(f)
    return derivative(f, name, name)


def explain(
    f: str | Expr, wrt: str | Sequence[str] | None = None, order: int = 1, detail: str = "brief", where: Where = None
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

    f = parse(f, where)
    names = (wrt,) if isinstance(wrt, str) else tuple(wrt or (default_variable(f),))
    variables_ = [_variable(f, name) for name in (names * order if len(names) == 1 else names)]
    return derivation(f.node, variables_, detail=detail, typed=f.text, tree=f.tree, sums=f.sums)


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
    outputs = [_output(item, where) for item in ([f] if single else f)]
    if form == "dense":
        return compile_outputs(outputs, target=target, single=single, batch=batch, checks=checks)
    if not single or batch:
        raise UnsupportedError(f"the form {form} is there for one derivative without a batch")
    return compile_map(outputs[0], target=target, form=form)


def objective(
    f: str | Expr,
    wrt: str | None = None,
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
    return Objective(f, wrt or default_variable(f), data or {}, shape)


def _output(item: str | Expr | Derivative, where: Where) -> Expr | Derivative:
    return item if isinstance(item, Derivative) else parse(item, where)


def check(
    f: str | Expr,
    *wrt: str,
    where: Where = None,
    claim: str | Expr | Callable[..., Any] | None = None,
    order: int = 1,
    trials: int = 3,
    seed: int = 0,
    at: Mapping[str, Any] | None = None,
) -> CheckReport:
    """Verify the engine's derivative, or a claimed one, by finite differences of f as it was typed.

    A claim is an array shaped as the variable, an operator in ``dX``, the matrix of a vec form, or a Python function of
    arrays by name. A refuted claim is diagnosed. ``at`` gives the values of some variables; the others are random.

    >>> bool(mc.check("x^T A x", "x", claim="(A + A^T) x"))
    True
    >>> mc.check("x^T A x", "x", claim="2 A x").diagnosis
    'right only if A is symmetric: the derivative is (A + A^T) x'

    Raises:
        MatcalcError: the function or the claim is at fault.
    """
    from matcalc.checking import Subject, check_callable_claim, check_derivative, check_text_claim

    f = parse(f, where)
    names = _names(f, wrt)
    if len(names) == 1:
        names = names * order
    variables_ = [_variable(f, name) for name in names]
    subject = Subject(f.node, f.declarations, f.tree)
    given = {canonical_name(name): value for name, value in at.items()} if at else None
    if claim is None:
        return check_derivative(subject, calculus.derive(f.node, variables_), trials=trials, seed=seed, at=given)
    if isinstance(claim, (str, Expr)):
        return check_text_claim(subject, variables_, str(claim), trials=trials, seed=seed, at=given)
    return check_callable_claim(subject, variables_, claim, trials=trials, seed=seed, at=given)


def plot_check(
    f: str | Expr,
    *wrt: str,
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

    f = parse(f, where)
    names = _names(f, wrt)
    names = names * order if len(names) == 1 else names
    subject = Subject(f.node, f.declarations, f.tree)
    drawn(subject, [_variable(f, name) for name in names], path, claim=claim, trials=trials, seed=seed)


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

    f = derivative.f
    return check_derivative(Subject(f.node, f.declarations, f.tree), derivative.reading, trials=trials, seed=seed)


def equal(a: str | Expr, b: str | Expr, where: Where = None) -> Equality:
    """Whether two expressions are equal wherever both are defined: proved, refuted by numbers, or undecided.

    >>> mc.equal("tr(A B)", "tr(B A)").verdict
    'proved'
    >>> mc.equal("A B", "B A", "A: matrix(n, n), B: matrix(n, n)").verdict
    'refuted'

    Raises:
        MatcalcError: one of them is at fault, or a name means two things.
    """
    from matcalc.checking import Subject, decide

    left, right = _parsed_together(a, b, where)
    if left.node.shape != right.node.shape:
        return Equality("refuted", f"the shapes differ: {_shape_text(left.node)} and {_shape_text(right.node)}")
    joined = left._with(left.node, right)
    decision = decide(*(Subject(side.node, joined.declarations, side.tree) for side in (left, right)))
    values = {name: value.tolist() for name, value in decision.values.items()} if decision.values is not None else None
    return Equality(decision.verdict, decision.reason, values)


def _shape_text(node: Node) -> str:
    return f"{node.rows} x {node.cols}"


def _parsed_together(a: str | Expr, b: str | Expr, where: Where) -> tuple[Expr, Expr]:
    """Both sides with one meaning of each name: what one side tells of a shape holds in the other, too."""
    if isinstance(a, Expr) and isinstance(b, Expr):
        return a, b
    if isinstance(a, Expr):
        return a, _parsed_like(b, a, where)
    if isinstance(b, Expr):
        return _parsed_like(a, b, where), b
    first, second = parse_pair(a, b, where)
    return _expression(first), _expression(second)


def _expression(parsed: Parsed) -> Expr:
    return Expr(parsed.node, parsed.declarations, parsed.text, parsed.tree, parsed.sums)


def _parsed_like(text: str | Expr, other: Expr, where: Where) -> Expr:
    return parse(text, where if where is not None else {n: d.type_text for n, d in other.declarations.items()})


def latex(f: str | Expr | Derivative, where: Where = None, **options: Any) -> str:
    """LaTeX of an expression or a derivative, without delimiters; options as of `Expr.latex`.

    >>> print(mc.latex("inv(Sigma) x"))
    \\Sigma^{-1} x
    """
    item = _output(f, where)
    return item.latex(**options)
