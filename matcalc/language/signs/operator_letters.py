"""Questions about signs that act on what stands beside them: an expectation E, a projection π, two dots, the weight of a norm."""

from __future__ import annotations

from matcalc.errors import MatcalcError, SyntaxFault
from matcalc.language.evidence.chains import BY_FORM
from matcalc.language.faults.function_faults import function_or_factor
from matcalc.language.kinds.kind_inference import Kinds
from matcalc.language.kinds.kinds import COLUMN, MATRIX, SCALAR
from matcalc.language.meaning.items import Item, Program
from matcalc.language.mends.hints import write
from matcalc.patterns import pattern

__all__ = ["operator_error"]

#: A bracket or a bar of any size behind a letter, which may stand in braces.
_OPENING = pattern(
    r"(?:\{\w\}|\})?(?:\\(?:left|[bB]igg?[lm]?|[,;:!]|mleft)|\s)*(?:[(\[|‖]|\\[{|]|\\l?(?:brace|brack|Vert|vert))"
)
#: A bracket that touches the letter: with a space between it stands for a product, as it is printed.
_BRACKET = pattern(r"(?:\\(?:left|[bB]igg?[lm]?|mleft))?[(\[]")


def operator_error(program: Program, kinds: Kinds) -> MatcalcError | None:
    """The first question about such a sign."""
    if program.code:
        return None
    for item in program.items:
        if item.kind == "call" and item.node.value == "quad" and (found := _weighted(program, item)) is not None:
            return found
        if item.kind == "multiply":
            found = (
                _expectation(program, kinds, item) or _projection(program, kinds, item) or _dots(program, kinds, item)
            )
            if found is not None:
                return found
    return None


def _weighted(program: Program, item: Item) -> MatcalcError | None:
    """‖H - G‖_W of capitals: of matrices there are several such norms, and only columns have the one of the language."""
    inside = program.items[item.children[0]]
    names = (inside.bare,) if inside.bare is not None else inside.group
    if (
        not names
        or any(program.usual(n) != MATRIX for n in names)
        or program.text.startswith("quad", item.node.span[0])
    ):
        return None
    x, w = program.source(item.children[0]), program.source(item.children[1])
    x = x if inside.kind == "variable" else f"({x})"
    trace, transposed = (r"\operatorname{tr}", r"^\top ") if "\\" in program.text else ("tr", "^T ")
    declared = ", ".join(f"{program.undeclared[n]}: vector(n)" for n in names)
    return SyntaxFault(
        f"the norm of {x} with the weight {w} is one of columns, and of matrices there are several",
        code="ambiguous",
        text=program.text,
        span=program.place(item.children[0]),
        hint=f"type {trace}({x}{transposed}{w} {x}) for one of matrices; or declare {declared}",
    )


def _dots(program: Program, kinds: Kinds, item: Item) -> MatcalcError | None:
    """x · A · x of three columns: the second dot may be that of a matrix A."""
    left, right = item.children
    first = program.items[left]
    if not (item.is_dot and first.is_dot) or kinds.of[left] != SCALAR or kinds.of[right] != COLUMN:
        return None
    if program.text[first.node.span[0]] == "(":
        return None
    a, b, c = (program.source(i) for i in (*first.children, right))
    a = a if program.items[first.children[0]].kind == "variable" else f"({a})"
    span = program.place(left)[0], program.place(right)[1]
    dot = r" \cdot " if "\\" in program.text else " · "
    hint = write(
        span, (f"{a}^T {b} {c}", f"where {b} is a matrix"), (f"({a}{dot}{b}) {c}", "for a number times the last")
    )
    return SyntaxFault(
        "two dots may stand for several products", code="ambiguous", text=program.text, span=span, hint=hint
    )


def _expectation(program: Program, kinds: Kinds, item: Item) -> MatcalcError | None:
    """E of a number in brackets or bars."""
    left, right = item.children
    name = program.items[left].bare
    if name is None or program.undeclared[name] != "E" or kinds.of[right] != SCALAR:
        return None
    place = program.items[left].node.span
    level = kinds.coefficients.forms.level
    if level[right] < BY_FORM or not _OPENING.match(program.text[: program.place(right)[1]], place[1]):
        return None
    return SyntaxFault(
        "E before a number may be an expectation or a factor",
        code="expectation",
        text=program.text,
        span=place,
        hint="there are no expectations: a mean over the rows is written mean(…); declare E: scalar for a factor",
    )


def _projection(program: Program, kinds: Kinds, item: Item) -> MatcalcError | None:
    """π before a bracket that holds an array: of the number, a factor would stand in front."""
    left, right = item.children
    is_pi = program.items[left].kind == "constant" and program.items[left].data == "pi"
    span = program.items[left].node.span
    if not is_pi or kinds.of[right] == SCALAR or not _BRACKET.match(program.text, span[1]):
        return None
    return function_or_factor("pi", span, program.text)
