"""From texts to a problem: a function or equations, the unknowns, and constraints, with one meaning of every name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from matcalc.errors import DeclarationError, MatcalcError, ShapeError, UnsupportedError
from matcalc.expr import Node, ones, scale, variable, variables, zeros
from matcalc.expr.facts import is_symmetric
from matcalc.language import Declaration, sides_of
from matcalc.language.clauses import plain_clauses, split_where
from matcalc.language.declarations import read_where
from matcalc.language.words.names import typed_name
from matcalc.notes import Note, distinct
from matcalc.objects.arithmetic import shape_text
from matcalc.objects.asked import asked
from matcalc.objects.expressions import Expr, Variable, Where, parsed_beside, parsed_together
from matcalc.objects.variables import default_variable, variable_named
from matcalc.patterns import pattern
from matcalc.solving.definitions import written_out
from matcalc.solving.problems import Constraint, Problem
from matcalc.solving.ways.equations import holds

__all__ = ["read_problem"]

#: Signs of inequalities in both dialects, longest first.
_INEQUALITY = pattern(
    r"\\leqslant|\\geqslant|\\leq|\\geq|\\le(?![a-z])|\\ge(?![a-z])|<=|>=|≤|≥|⩽|⩾|\\succeq|\\preceq|⪰|⪯|<|>"
)
_AT_MOST = frozenset([r"\leqslant", r"\leq", r"\le", "<=", "≤", "⩽", "<"])
_OF_MATRICES = frozenset([r"\succeq", r"\preceq", "⪰", "⪯"])


def read_problem(
    f: str | Expr | Sequence[str], wrt: Sequence[Variable], subject_to: str | Sequence[str] | None, where: Where
) -> Problem:
    """The problem of a text: a function, ``min … s.t. …``, an equation or several.

    Raises:
        MatcalcError: there is no unknown, one does not occur, a constraint holds none, or shapes disagree.
    """
    given = [subject_to] if isinstance(subject_to, str) else list(subject_to or ())
    if not isinstance(f, (str, Expr)):
        texts = list(f)
        return _of_equations(texts + given, wrt, where)
    if isinstance(f, Expr):
        return _of_function(parsed_beside(f), wrt, given, where)
    try:
        function = parsed_beside(f, where, beside=" ".join(given), apart=bool(given), by=list(wrt) or ())
    except MatcalcError as error:
        if error.code != "equation":
            raise
        return _of_equations([f, *given], wrt, where)
    if _is_equation(function, f, where):
        return _of_equations([f, *given], wrt, where)
    return _of_function(function, wrt, given, where, f)


def _of_equations(texts: Sequence[str], wrt: Sequence[Variable], where: Where) -> Problem:
    known: Where = where
    found: list[Constraint] = []
    for text in texts:
        constraint = _constraint(text, known)
        if not constraint.is_equality:
            raise UnsupportedError("an inequality is no equation that can be solved", word=text, hint="write it with =")
        found.append(constraint)
        known = constraint.joined.declarations
    frame = Problem(None, (), tuple(found)).frame
    names = list(wrt) or [default_variable(frame)]
    unknowns = _unknowns(frame, names)
    square = _square(found, unknowns, frame) if len(found) == len(unknowns) == 1 else {}
    if square:
        again = _of_equations(texts, wrt, square)
        note = Note(
            "matrices are taken to be square where the equation needs it: nothing declares their sizes", None, "square"
        )
        return replace(again, notes=(*again.notes, note))
    if len(unknowns) != len(found):
        said = f"{_counted(len(found), 'equation')} for {_counted(len(unknowns), 'unknown')}"
        raise DeclarationError(
            f"there is {said}" if len(found) == 1 else f"there are {said}",
            code="count",
            hint="give as many equations as unknowns",
        )
    for constraint, text in zip(found, texts, strict=True):
        _refuse_without_unknown(constraint, unknowns, text)
    return Problem(None, unknowns, tuple(found), distinct(n for c in found for n in (*c.left.notes, *c.right.notes)))


def _is_equation(function: Expr, text: str, where: Where) -> bool:
    """Whether what looks like the definition of a function has one that is known on its left: expm(X) = A."""
    said = function.statement
    if said is None or said.name is None or said.sense or said.order or said.steps or said.constraints:
        return False
    try:
        return len(sides_of(text, where).texts) == 2
    except MatcalcError:
        return False


def _square(found: Sequence[Constraint], unknowns: Sequence[Node], frame: Expr) -> Mapping[str, Declaration]:
    """The declarations with which an equation has as many entries as its unknown, where nobody declared the sizes: a square A of A x = b."""
    (residual,), (x,) = [c.residual for c in found], unknowns
    sizes = {
        a.names[0]: b
        for a, b in zip(residual.shape, x.shape, strict=True)
        if a != b and len(a.names) == len(b.names) == 1
    }
    given = {n for d in frame.declarations.values() if not d.inferred for dim in d.dims for n in dim.names}
    if not sizes or given & (set(sizes) | {n for dim in sizes.values() for n in dim.names}):
        return {}
    return {name: d.with_sizes(sizes) for name, d in frame.declarations.items()}


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" + ("" if count == 1 else "s")


def _unknowns(f: Expr, names: Sequence[Variable]) -> tuple[Node, ...]:
    """The variables, each once. Raises DeclarationError where one is none of the names, or does not occur."""
    return tuple(dict.fromkeys(variable_named(f, n if isinstance(n, str) else str(n)) for n in names))


def _of_function(f: Expr, wrt: Sequence[Variable], given: Sequence[str], where: Where, source: str = "") -> Problem:
    said = f.statement
    stated = [part.text for part in said.constraints] if said is not None else []
    names = _names(f, wrt)
    if not f.node.is_scalar:
        hint = f'solve an equation, as in "{f} = b"'
        raise ShapeError(f"a stationary point is that of a number, and this is {shape_text(f.node)}", hint=hint)
    declared, bodies = _said(source, where)
    texts = [written_out(text, bodies) for text in (*stated, *given)]
    f, known = _with_one_meaning(f, source, texts, where, declared)
    f = replace(f, notes=tuple(n for n in f.notes if n.code != "constraints"))
    constraints: list[Constraint] = []
    for text in texts:
        constraint = _constraint(text, known)
        _refuse_defined(constraint, list(bodies), text)
        constraints.append(constraint)
        known |= constraint.joined.declarations
    frame = Problem(f, (), tuple(constraints)).frame
    unknowns = _unknowns(frame, names)
    for x in unknowns:
        if not holds(f.node, x) and not any(holds(c.residual, x) for c in constraints):
            raise DeclarationError(
                f"{typed_name(x.data[0])} does not occur: there is nothing to solve", code="unknown", word=x.data[0]
            )
    for constraint, text in zip(constraints, texts, strict=True):
        _refuse_without_unknown(constraint, unknowns, text, is_constraint=True)
    notes = distinct((*f.notes, *(n for c in constraints for n in (*c.left.notes, *c.right.notes))))
    return Problem(f, unknowns, _with_multipliers(constraints, frame), notes)


def _said(source: str, where: Where) -> tuple[Mapping[str, Declaration], dict[str, str]]:
    """What the call and the text declare, also of names that stand in constraints alone, and what it defines."""
    text = plain_clauses(source)
    start = split_where(text)
    read = read_where(where, text, start + len("where") if start >= 0 else -1)
    return read.declarations, {name: text[left:right].strip() for name, (left, right) in read.definitions}


def _refuse_defined(constraint: Constraint, defined: Sequence[str], text: str) -> None:
    name = next((n for n in defined if n in constraint.joined.declarations), None)
    if name is not None:
        said = f"{typed_name(name)} is defined in where, and a constraint has a text of its own"
        raise UnsupportedError(said, code="defined", word=text, hint="write out what it stands for")


def _names(f: Expr, wrt: Sequence[Variable]) -> list[str]:
    """The unknowns that are named; else those of the text; else the one that is meant."""
    if wrt:
        return [name for given in wrt for name in asked(f, [given])[1]]
    said = f.statement
    if said is not None and (said.choices or said.variables) and said.sense:
        return [name for name in (*said.variables, *said.choices) if name in f.declarations]
    return list(asked(f, ())[1])[:1]


#: Names of multipliers that nobody types.
_WEIGHT = "matcalcweight"


def _with_one_meaning(
    f: Expr, source: str, texts: Sequence[str], where: Where, declared: Mapping[str, Declaration]
) -> tuple[Expr, dict[str, Declaration]]:
    """The function, and the declarations of all names, where what a constraint tells of a shape holds in the function, too."""
    alone = {**declared, **f.declarations}
    if f.text is None or not texts:
        return f, alone
    try:
        sides = [_bare(part, where) for part in texts]
        scalars = [_is_scalar(part, alone) for part in texts]
        weighed = [_weighed(f, i, side, scalar) for i, (side, scalar) in enumerate(zip(sides, scalars, strict=True))]
        weights = {
            f"{_WEIGHT}{i}": Declaration(f"{_WEIGHT}{i}", "scalar") for i, scalar in enumerate(scalars) if scalar
        }
        whole = parsed_beside(f"{f.text} + {' + '.join(weighed)}", {**declared, **weights}, apart=True)
        names = {n: d for n, d in whole.declarations.items() if not n.startswith(_WEIGHT)}
        own, _ = _said(source, None)
        again = parsed_beside(source, {n: d for n, d in names.items() if n not in own}, apart=True)
    except ShapeError as error:
        for text in texts:
            _constraint(text, declared)  # what is wrong in itself is said of it alone
        said = f"the function and its constraints disagree about shapes: {error.message}"
        raise ShapeError(said, word=texts[0], hint="declare the shapes with where") from error
    except MatcalcError:
        return f, alone
    return again, {**declared, **names, **again.declarations}


def _is_scalar(text: str, where: Where) -> bool:
    """Whether the sides are numbers, with what the function tells of the names."""
    left, right, _ = _split(text, where)
    try:
        return all(side.node.is_scalar for side in parsed_together(left, right, where))
    except MatcalcError:
        return False


def _weighed(f: Expr, i: int, sides: tuple[str, str], is_scalar: bool) -> str:
    """<w, left - right>"""
    left, right = sides
    difference = left if right == "0" else f"({left}) - ({right})"
    if is_scalar:
        return f"{_WEIGHT}{i} * ({difference})"
    inner = r"\operatorname{inner}" if "\\" in (f.text or "") else "inner"
    return f"{inner}({_WEIGHT}{i}, {difference})"


def _bare(text: str, where: Where) -> tuple[str, str]:
    """Both sides as they were typed, without what marks a dialect."""
    left, right, _ = _split(text, where)
    first, second = (side[: split_where(side)] if split_where(side) >= 0 else side for side in (left, right))
    return first.strip().strip("$").strip(), second.strip().strip("$").strip()


def _split(text: str, where: Where) -> tuple[str, str, str]:
    """Both sides, each a text of its own, and the sign between them."""
    sign = _INEQUALITY.search(text)
    if sign is None and "=" not in text:
        hint = "write it with =, <= or >="
        raise UnsupportedError("a constraint is an equation or an inequality", word=text, hint=hint)
    if any(
        not side.strip() for side in (text.split("=") if sign is None else (text[: sign.start()], text[sign.end() :]))
    ):
        raise UnsupportedError("a side is missing", word=text, hint="write both sides, as in A x = b")
    if sign is None:
        sides = sides_of(text, where).texts
        if len(sides) != 2:
            raise UnsupportedError("an equation has two sides", word=text, hint="write one equation at a time")
        return sides[0], sides[1], "="
    left, right = (side.strip().strip("$").strip() for side in (text[: sign.start()], text[sign.end() :]))
    if sign.group() in _OF_MATRICES:
        hint = "declare the variable spd(n) or psd(n)"
        raise UnsupportedError("an order of matrices is no constraint that is taken here", word=text, hint=hint)
    if _INEQUALITY.search(right):
        raise UnsupportedError("a constraint has one sign", word=text, hint="write two constraints")
    is_marked = "$" in text or "\\" in text
    return f"${left}$" if is_marked else left, f"${right}$" if is_marked else right, sign.group()


def _constraint(text: str, where: Where) -> Constraint:
    left, right, sign = _split(text, where)
    first, second = _sides(left, right, where)
    if sign == "=":
        return Constraint(first, second)
    if sign in _AT_MOST:
        return Constraint(first, second, is_equality=False)
    return Constraint(second, first, is_equality=False, is_turned=True)


def _sides(left: str, right: str, where: Where) -> tuple[Expr, Expr]:
    """Both sides in one shape: a number beside an array stands for all of its entries."""
    first, second = parsed_together(left, right, where)
    first, second = _like(first, second), _like(second, first)
    if first.node.shape != second.node.shape:
        said = f"the sides are {shape_text(first.node)} and {shape_text(second.node)}"
        raise ShapeError(said, word=f"{left} = {right}", hint="both sides need one shape")
    return first, second


def _like(side: Expr, other: Expr) -> Expr:
    if not side.node.is_scalar or other.node.is_scalar:
        return side
    if side.node.is_zero:
        return side.of(zeros(*other.node.shape))
    return side.of(scale(side.node, ones(*other.node.shape))) if not other.node.is_square else side


def _refuse_without_unknown(
    constraint: Constraint, unknowns: Sequence[Node], text: str, *, is_constraint: bool = False
) -> None:
    if any(x in variables(constraint.left.node, constraint.right.node) for x in unknowns):
        return
    names = " or ".join(typed_name(x.data[0]) for x in unknowns)
    what, hint = ("equation", "name the unknown with --wrt")
    if is_constraint:
        what, hint = "constraint", "constraints are about what is solved for"
    raise DeclarationError(f"the {what} does not hold {names}", code="unknown", word=text, hint=hint)


def _with_multipliers(constraints: Sequence[Constraint], frame: Expr) -> tuple[Constraint, ...]:
    taken = set(frame.declarations)
    found: list[Constraint] = []
    counts = {kind: sum(c.is_equality is kind for c in constraints) for kind in (True, False)}
    for c in constraints:
        residual = c.residual
        letter = "lambda" if c.is_equality else "mu"
        if not (residual.is_scalar or residual.is_column):
            letter = letter.capitalize()
        name = letter if counts[c.is_equality] == 1 and letter not in taken else _numbered(letter, taken)
        taken.add(name)
        multiplier = variable(
            name, residual.shape, ["symmetric"] if is_symmetric(residual) and not residual.is_scalar else []
        )
        found.append(replace(c, multiplier=multiplier))
    return tuple(found)


def _numbered(letter: str, taken: set[str]) -> str:
    return next(name for i in range(1, len(taken) + 2) if (name := f"{letter}_{i}") not in taken)
