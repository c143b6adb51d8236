"""Expressions: a node with the declarations of its names, made by `parse` and by the operators of Python."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import field, replace
from functools import reduce
from numbers import Real
from operator import or_
from typing import TYPE_CHECKING, Any, TypeAlias

from matcalc import calculus, printing
from matcalc.errors import DeclarationError, MatcalcError, ShapeError, UnsupportedError
from matcalc.expr import Dim, Node, scaled, substitute, transpose
from matcalc.expr.directions import direction_symbol
from matcalc.expr.named_powers import base_and_exponent, written_out
from matcalc.language import Declaration, Definition, Parsed, Typed, parse_pair, spelled_name
from matcalc.language import parse as parse_text
from matcalc.language.declarations import KINDS
from matcalc.language.limits import bounded
from matcalc.language.surface.tree import walk
from matcalc.notes import Note, distinct
from matcalc.objects.arithmetic import operate
from matcalc.objects.arrays.operators import Operators
from matcalc.objects.parts import as_printed, joined_definitions
from matcalc.objects.wirtinger.support import refuse_complex, refuse_each
from matcalc.printing.decimals import holds_decimal
from matcalc.printing.folding import FOLDED
from matcalc.records import dataclass
from matcalc.simplify import simplify

if TYPE_CHECKING:
    from matcalc.language.statements import Statement
    from matcalc.printing.titles import Written

__all__ = [
    "Expr",
    "Variable",
    "Where",
    "parse",
    "parsed_beside",
    "parsed_together",
    "with_fixed_directions",
]

#: Declarations: text, or kinds by name, also those of another expression.
Where = str | Mapping[str, Any] | None
#: The name of a variable, or the variable itself as an expression.
Variable: TypeAlias = "str | Expr"
Operand: TypeAlias = "Expr | str | int | float | Real"


@dataclass(frozen=True, eq=False, repr=False)
class Expr(Operators):
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
        notes: how the text was read, where a reader has to know to catch a misreading.
        statement: what the text says beside the expression, such as its name or by what to differentiate; or None.
        definitions: the names that its ``where`` defines; it is printed with them.
        derived: what it is a derivative of, where a determinant stands in that; code is made from it.
        manner: how its numbers and functions were typed, and are printed.
        axes: those of its Python array, where it is shaped as an array of a family.
    """

    node: Node
    declarations: Mapping[str, Declaration] = field(default_factory=dict)
    text: str | None = None
    tree: Typed | None = None
    sums: tuple[printing.Sum, ...] = ()
    notes: tuple[Note, ...] = ()
    statement: Statement | None = None
    definitions: tuple[Definition, ...] = ()
    derived: calculus.Derived | None = None
    manner: printing.Manner = field(default_factory=printing.Manner)
    axes: tuple[Dim, ...] | None = None

    @property
    def computed(self) -> Node:
        """What code computes: an equal expression, also defined where a determinant that stands in it is 0."""
        return self.derived.node if self.derived is not None else calculus.without_inverses(simplify(self.node))

    @property
    def shape(self) -> tuple[Dim, ...]:
        """The axes of the Python array it stands for, () of a scalar, (n,) of a vector, (m, n) of a matrix."""
        if self.axes is not None:
            return self.axes
        own = self.declarations.get(self.node.data[0]) if self.node.op == "variable" else None
        return own.axes if own is not None else calculus.array_axes(self.node.shape)

    @property
    def source(self) -> str | None:
        """The text of the expression alone, in the dialect that it was typed in."""
        latex = self.statement is not None and self.statement.latex
        return f"${self.text}$" if latex else self.text

    @property
    def function(self) -> Expr:
        """The function alone, with its name: of a text that asks for its derivative what is differentiated."""
        said = self.statement
        return self if said is None else replace(self, statement=replace(said, order=0, variables=(), choices=()))

    @property
    def title(self) -> Written | None:
        """What the text calls the function, as text, Unicode, LaTeX and MathML; None where it has no name."""
        said = self.statement
        if said is None or not said.name:
            return None
        from matcalc.printing.titles import title

        return title(said.name, said.spelling if said.latex else "")

    @property
    def T(self) -> Expr:
        return self._with(transpose(self.node))

    @bounded
    def subs(self, values: Mapping[str, Any] | None = None, /, **named: Any) -> Expr:
        """Expressions, texts and numbers in place of variables, and lengths in place of sizes.

        >>> f, y = mc.parse("x^T x + n s", "x: vector(n), s: scalar"), mc.symbols("y: vector(n)")
        >>> print(f.subs(x=y, s=2))
        y^T y + 2 n
        >>> print(f.subs(n=3))
        x^T x + 3 s
        """
        from matcalc.objects.arrays.substitution import substituted

        self._refuse_derivative()
        node, declarations = substituted(self, {**(values or {}), **named})
        return Expr(node, declarations, notes=self.notes, manner=self.manner)

    @bounded
    def simplify(self) -> Expr:
        """An equal expression that reads at most as long.

        >>> print(mc.parse("log(1 + exp(t)) where t: scalar").simplify())
        softplus(t)
        """
        return self._with(simplify(self.node))

    @bounded
    def latex(self, **options: Any) -> str:
        """LaTeX, without delimiters; ``bold`` is "none", "upright" or "italic", ``width`` that of a line in letters.

        A wider formula becomes lines of an ``aligned`` environment; with ``width=None`` it stays in one.

        >>> print(mc.parse("X^-T a").latex(bold="upright"))
        \\mathbf{X}^{-\\top} \\mathbf{a}
        """
        self._refuse_derivative()
        return printing.latex_lines(self.node, style=self.style, **options)

    @property
    def style(self) -> printing.Style:
        """How it, and what is derived from it, is printed: beside its variables, as it was typed, in the names that it defines."""
        definitions = tuple(map(as_printed, self.definitions))
        return printing.Style(frozenset(self.declarations), self.sums, definitions, self.manner)

    def of(self, node: Node, derived: calculus.Derived | None = None, axes: tuple[Dim, ...] | None = None) -> Expr:
        """Another expression in the same variables, printed as this one is; of the variable sigma^2 the square of sigma."""
        return Expr(
            written_out(node),
            {d.name: d for d in map(_of_base, self.declarations.values())},
            sums=self.sums,
            notes=self.notes,
            definitions=self.definitions,
            derived=derived,
            manner=self.manner,
            axes=axes,
        )

    def _with(self, node: Node, *others: Expr) -> Expr:
        declarations = dict(self.declarations)
        for other in others:
            for name, declaration in other.declarations.items():
                known = declarations.setdefault(name, declaration)
                if known.shape != declaration.shape or known.structure != declaration.structure:
                    raise DeclarationError(f"{name} is declared as {known} and as {declaration}")
        for e in (self, *others):
            e._refuse_derivative()
        notes = distinct(note for e in (self, *others) for note in e.notes)
        sums = tuple(dict.fromkeys(s for o in (self, *others) for s in o.sums))
        definitions = joined_definitions((e.definitions for e in (self, *others)), declarations)
        manner = reduce(or_, (o.manner for o in others), self.manner)
        return Expr(node, declarations, sums=sums, notes=notes, definitions=definitions, manner=manner)

    def _refuse_derivative(self) -> None:
        """An expression stands for its function, and its text asks for a derivative: nothing else is done with it."""
        if self.statement is not None and self.statement.differentiates:
            raise UnsupportedError(
                f"the text asks for a derivative: {self}",
                code="asks-for-derivative",
                hint="mc.gradient, mc.derivative or mc.hessian of it gives the derivative, to go on with",
            )

    @bounded
    def _operation(self, symbol: str, other: Operand, reflected: bool = False) -> Expr:
        if not isinstance(other, (Expr, str, Real)) or isinstance(other, bool):
            raise UnsupportedError(
                f"an expression cannot be combined with a {type(other).__name__}",
                hint="write a name in its place, and give its value to the compiled function",
            )
        operand = other if isinstance(other, Expr) else parse(str(other))
        left, right = (operand, self) if reflected else (self, operand)
        return left._with(operate(symbol, left.node, right.node), right)

    def __neg__(self) -> Expr:
        return self._with(scaled(-1, self.node))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Expr) and self.node is other.node

    def __hash__(self) -> int:
        return hash(self.node)

    @bounded
    def __str__(self) -> str:
        shown = printing.readable(self.node, _text_alone, style=self.style)
        said = self.statement
        return f"{said.operator} ({shown})" if said is not None and said.differentiates else shown

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __repr__(self) -> str:
        return f"<Expr {self}>"

    def _repr_latex_(self) -> str:
        from matcalc.objects.notebook import formula_latex

        return formula_latex(self.latex(), self.notes)

    @bounded
    def _repr_html_(self) -> str:
        from matcalc.objects.notebook import expression_html

        return expression_html(self)


def _of_base(declaration: Declaration) -> Declaration:
    """sigma where sigma^2 is the variable."""
    found = base_and_exponent(declaration.name)
    return declaration if found is None else replace(declaration, name=found[0])


def parse(text: str | Expr, where: Where = None) -> Expr:
    """The typed expression of a text, plain or LaTeX; what is not declared is inferred.

    >>> f = mc.parse("tr(X^T A X)")
    >>> [str(d) for d in f.declarations.values()]
    ['X: matrix(n, k)', 'A: matrix(n, n)']
    >>> mc.parse(r"\\operatorname{tr}(X^\\top A X)") == f
    True
    >>> mc.parse("x^T S x", where="S: symmetric(n)").declarations["S"].structure
    ('symmetric',)

    A declaration that matches no name of the expression is an error where a name is so near that it was meant, else a
    note: one ``where`` may serve several expressions.

    Raises:
        MatcalcError: the text is at fault; the message shows where, and what to write instead.
    """
    return parsed_beside(text, where, complex_too=True)


@bounded
def parsed_beside(
    text: str | Expr,
    where: Where = None,
    *,
    beside: object = "",
    apart: bool = False,
    by: Variable | Sequence[Variable] | None = (),
    complex_too: bool = False,
) -> Expr:
    """`parse` with declarations for the names of the text beside it, too, or that stand apart, for many expressions.

    The names ``by`` which it is differentiated are meant on their own: the X of tr(AXB) is a factor. Complex variables are
    refused, unless whoever asks can do with them.
    """
    found = text if isinstance(text, Expr) else _parsed_beside(text, where, beside, apart, by)
    if not complex_too:
        refuse_complex(found)
    return found


def _parsed_beside(
    text: str, where: Where, beside: object, apart: bool, by: Variable | Sequence[Variable] | None
) -> Expr:
    other = beside if isinstance(beside, str) else ""
    names = by if isinstance(by, (list, tuple)) else (by,)
    letters = frozenset(spelled_name(n) for n in names if isinstance(n, str))
    return _expression(parse_text(_text(text), _declarations(where), beside=other, apart=apart, letters=letters))


def _text(text: object) -> str:
    if isinstance(text, str):
        return text
    raise UnsupportedError(
        f"an expression is text or an Expr, and a {type(text).__name__} is given", hint='write it as in "x^T A x"'
    )


def _declarations(where: Where) -> Where:
    if where is None or isinstance(where, (str, Mapping)):
        return where
    raise DeclarationError(
        f"where is text or a mapping, and a {type(where).__name__} is given",
        hint='write where="x: vector(n), A: matrix(n, n)" or where={"x": "vector(n)"}',
    )


def with_fixed_directions(f: Expr) -> Expr:
    """The expression with every perturbation that it holds, as a differential does, as a variable of its own."""
    fixed = {d: _direction(d, f.declarations.keys()) for d in sorted(f.node.linear)}
    if not fixed:
        return f
    node = substitute(f.node, {d: declared.node for d, declared in fixed.items()})
    declarations = {**f.declarations, **{declared.name: declared for declared in fixed.values()}}
    return Expr(node, declarations, sums=f.sums, notes=f.notes, manner=f.manner)


def _direction(d: Node, names: Collection[str]) -> Declaration:
    """What a perturbation is as a variable beside those: its shape, with the linear structure that it has."""
    name, index, structure = d.data
    kind = structure[0] if structure else "scalar" if d.is_scalar else "vector" if d.is_column else "matrix"
    sizes = d.shape[: KINDS[kind]]
    return Declaration(direction_symbol(name, index, names), kind, sizes, inferred=True)


def parsed_together(a: str | Expr, b: str | Expr, where: Where) -> tuple[Expr, Expr]:
    """Both sides with one meaning of each name: what one side tells of a shape holds in the other, too."""
    found = _parsed_together(a, b, where)
    refuse_each(found, "equality")
    return found


def _parsed_together(a: str | Expr, b: str | Expr, where: Where) -> tuple[Expr, Expr]:
    if isinstance(a, Expr) and isinstance(b, Expr):
        return a, b
    if isinstance(a, Expr):
        return a, _parsed_like(b, a, where)
    if isinstance(b, Expr):
        return _parsed_like(a, b, where), b
    try:
        first, second = parse_pair(_text(a), _text(b), _declarations(where))
    except ShapeError as error:
        return _of_different_shapes(_text(a), _text(b), where, error)
    return _expression(first), _expression(second)


def _of_different_shapes(a: str, b: str, where: Where, error: ShapeError) -> tuple[Expr, Expr]:
    """Sides that are each well-formed, with the names' meaning in the first: only their difference is not."""
    try:
        first = parsed_beside(a, where, beside=b)
        second = _parsed_like(b, first, None)
    except MatcalcError:
        raise error from None
    if first.node.shape == second.node.shape:
        raise error
    return first, second


def _parsed_like(text: str | Expr, other: Expr, where: Where) -> Expr:
    return parse(text, where if where is not None else other.declarations)


def _expression(parsed: Parsed) -> Expr:
    shown = (parsed.text, parsed.tree, parsed.sums, parsed.notes, parsed.statement, parsed.definitions)
    return Expr(parsed.node, parsed.declarations, *shown, manner=_manner(parsed))


def _manner(parsed: Parsed) -> printing.Manner:
    """How numbers, functions and members were typed, also in definitions."""
    nodes = [node for tree in (parsed.tree, *(d.tree for d in parsed.definitions)) for node in walk(tree)]
    texts = (parsed.text, *(d.text for d in parsed.definitions))
    functions = {node.value for node in nodes if node.kind == "call"}
    members = frozenset((n.value.array, len(n.value.axes), n.value.base) for n in nodes if n.kind == "member")
    return printing.Manner(any(map(holds_decimal, texts)), frozenset(functions & FOLDED.keys()), members)


def _text_alone(node: Node, *, style: printing.Style, alone: bool = True) -> str:
    return printing.text(node, alone=True, style=style)
