"""What is said of operands that do not go together, a message for each operator, and what was probably meant."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from matcalc.errors import ShapeError, Span
from matcalc.expr import Dim
from matcalc.functions import find
from matcalc.language.items import Item, Program
from matcalc.language.kinds import COLUMN, MATRIX, ROW, SCALAR, broadcasts, kind_of
from matcalc.language.naming import name_sizes
from matcalc.language.shapes import Shapes
from matcalc.language.signatures import Signature

__all__ = ["Report", "display_names", "noun"]

Shape = tuple[Dim, Dim]


def display_names(program: Program, shapes: Shapes, extra: Iterable[Shape]) -> dict[str, Dim]:
    """Names for unknown sizes in a message."""
    found = [tuple(map(shapes.sizes.resolve, shape)) for shape in shapes.names.values()]
    used = {*program.order, *program.dimension_names, *(n for n in program.names)}
    for declaration in program.where.declarations.values():
        used.update(n for d in declaration.dims for n in d.names)
    return name_sizes([*((r, c) for r, c in found), *extra], used)


class Report:
    """One disagreement: the item, its operands and their shapes."""

    def __init__(self, program: Program, shapes: Shapes, index: int, operands: tuple[int, ...]) -> None:
        self.program = program
        self.index = index
        self.item = program.items[index]
        self.operands = tuple(c for c in operands if program.items[c].kind != "size")
        raw = {c: shapes.resolved(c) for c in {*self.operands, *self.item.children} if c in shapes.of}
        display = display_names(program, shapes, raw.values())
        self.shape = {c: (r.substitute(display), k.substitute(display)) for c, (r, k) in raw.items()}
        self.kind = {c: kind_of(*s) for c, s in self.shape.items()}

    def error(self, hint: str | None) -> ShapeError:
        message, own_hint = _MESSAGES.get(self.item.kind, _entrywise if len(self.operands) > 1 else _alone)(self)
        joint = " Or " if own_hint and own_hint.endswith("?") else "; or "
        span, related = self._places()
        return ShapeError(
            message,
            code="shape-mismatch",
            text=self.program.text,
            span=span,
            related=related,
            hint=joint.join(h for h in (own_hint, hint) if h) or None,
        )

    def _places(self) -> tuple[Span, Span | None]:
        """The caret under the last operand, the other one marked as well."""
        if len(self.operands) >= 2:
            return self.program.span(self.operands[-1]), self.program.span(self.operands[0])
        if self.item.kind == "call" and self.operands:
            return self.program.span(self.operands[0]), None
        return self.item.node.span, None

    def source(self, index: int) -> str:
        """The operand as typed, shortened."""
        text = self.program.source(index)
        return text if len(text) <= 40 else text[:18] + " … " + text[-18:]

    def wrapped(self, index: int) -> str:
        """The operand as a factor: in parentheses where it needs them."""
        item, text = self.program.items[index], self.source(index)
        atomic = item.kind in (
            "variable",
            "transpose",
            "number",
            "call",
            "norm",
            "identity",
            "bound",
            "dimension",
            "bars",
            "entry",
        )
        return text if atomic or _bracketed(text) else f"({text})"

    def transposed(self, index: int) -> str:
        """The operand transposed, without a double transpose."""
        item = self.program.items[index]
        if item.kind == "transpose":
            return self.wrapped(item.children[0])
        return self.wrapped(index) + "^T"

    def told(self, index: int) -> str:
        """``A x, a column (m x 1)``"""
        return f"{self.source(index)}, {self.noun(index)}"

    def noun(self, index: int) -> str:
        """``a column (m x 1)``"""
        return noun(self.shape[index])

    def parent(self) -> Item | None:
        """The item that uses this one."""
        return next((i for i in self.program.items[self.index :] if self.index in i.children), None)


def noun(shape: Shape) -> str:
    """A shape in words."""
    rows, cols = shape
    match kind_of(rows, cols):
        case 0:
            return "a scalar"
        case 1:
            return f"a column ({rows} x 1)"
        case 2:
            return f"a row (1 x {cols})"
    return f"a matrix ({rows} x {cols})"


def _bracketed(text: str) -> bool:
    return text[:1] == "(" and text[-1:] == ")" and text.find(")") == len(text) - 1


Message = tuple[str, str | None]


def _multiply(r: Report) -> Message:
    a, b = r.operands
    message = f"cannot multiply {r.told(a)}, by {r.told(b)}"
    left, right = r.wrapped(a), r.wrapped(b)
    match r.kind[a], r.kind[b]:
        case (1, 1) | (2, 2):
            if r.kind[a] == ROW:
                return message, f"did you mean {left} {r.transposed(b)}?"
            return message, f"did you mean {left}^T {right}, {left} {right}^T or {left} .* {right}?"
        case (1, 3):
            return message, f"did you mean {right} {left} or {left}^T {right}?"
        case (3, 2):
            return message, f"did you mean {left} {r.transposed(b)}?"
    if r.shape[a][1] != r.shape[b][0]:
        message += f": {_count(r.shape[a][1], 'column')} against {_count(r.shape[b][0], 'row')}"
    if r.shape[a][0] == r.shape[b][0]:
        return message, f"did you mean {r.transposed(a)} {right}?"
    if r.shape[a][1] == r.shape[b][1] and r.kind[b] == MATRIX:
        return message, f"did you mean {left} {r.transposed(b)}?"
    return message, None


def _count(size: Dim, what: str) -> str:
    return f"{size} {what}" if size.is_one else f"{size} {what}s"


def _divide(r: Report) -> Message:
    a, b = r.operands
    message = f"cannot divide by {r.told(b)}"
    parent = r.parent()
    if parent is not None and parent.kind == "multiply" and parent.children[0] == r.index:
        last = r.program.source(parent.children[1])
        return message, f"did you mean {r.wrapped(a)} / ({r.source(b)} {last})?"
    if r.kind[b] == MATRIX:
        return message, f"did you mean {r.wrapped(a)} {r.wrapped(b)}^-1 or {r.wrapped(a)} ./ {r.wrapped(b)}?"
    return message, f"did you mean {r.wrapped(a)} ./ {r.wrapped(b)}?"


def _add(r: Report) -> Message:
    a, b = r.operands
    message = f"cannot add {r.told(a)}, and {r.told(b)}"
    if r.transposed(b) == r.source(a) or r.transposed(a) == r.source(b):
        name = min(r.source(a), r.source(b), key=len)
        return message, f"that needs a square {name}; the symmetric product is {name}^T {name}"
    if r.shape[a] == (r.shape[b][1], r.shape[b][0]):
        return message, f"transpose one of them: {r.transposed(b)}"
    return message, None


def _alone(r: Report) -> Message:
    """The whole expression, where it has to have another shape."""
    return "it has not the shape that is needed here", None


def _entrywise(r: Report) -> Message:
    a, b = r.operands[:2]
    return (
        f"entry by entry, {r.told(a)}, and {r.told(b)}, do not fit",
        "entrywise operations need equal shapes or a scalar",
    )


def _power(r: Report) -> Message:
    base, exponent = r.item.children
    name = r.wrapped(base)
    if r.kind[exponent] != SCALAR:
        message = f"the exponent {r.source(exponent)} is {r.noun(exponent)}, not a scalar"
        if r.program.source(base) == "e":
            function = "expm" if r.kind[exponent] == MATRIX else "exp"
            return message, f"the exponential is {function}({r.source(exponent)})"
        return message, f"powers entry by entry are {name}.^{r.wrapped(exponent)}"
    node = r.program.items[exponent].node
    shown = str(node.value) if node.kind == "number" and node.value.denominator == 1 else r.wrapped(exponent)
    if _is_negative(r.program, exponent):
        hint = f"the pseudoinverse is pinv({r.source(base)}), the reciprocals of its entries {name}.^-1"
        return f"{r.source(base)} is {r.noun(base)}, not square: it has no inverse", hint
    if r.kind[base] in (COLUMN, ROW):
        squared = f", its squared norm {name}^T {name}" if shown == "2" and r.kind[base] == COLUMN else ""
        return (
            f"{r.source(base)} is {r.noun(base)}: it has no power",
            f"the powers of its entries are {name}.^{shown}{squared}",
        )
    return (
        f"{r.source(base)} is {r.noun(base)}, not square: it has no power",
        f"the powers of its entries are {name}.^{shown}",
    )


def _is_negative(program: Program, exponent: int) -> bool:
    node = program.items[exponent].node
    return node.kind == "number" and node.value < 0


def _left_divide(r: Report) -> Message:
    a, b = r.item.children
    if r.kind[a] in (SCALAR, MATRIX) and r.shape[a][0] == r.shape[a][1]:
        return f"cannot solve with {r.told(a)}, for {r.told(b)}", "both need the same number of rows"
    return (
        f"left division needs a square matrix, not {r.told(a)}",
        f"least squares is pinv({r.source(a)}) {r.wrapped(b)}",
    )


def _bars(r: Report) -> Message:
    (x,) = r.item.children
    return (
        f"|…| is the absolute value of a scalar or the determinant of a square matrix, not of {r.told(x)}",
        f"its norm is ||{r.source(x)}||, the absolute values of its entries abs({r.source(x)})",
    )


def _inner(r: Report) -> Message:
    a, b = r.item.children
    return f"the inner product needs equal shapes, not {r.told(a)}, and {r.told(b)}", None


def _entry(r: Report) -> Message:
    base = r.item.children[0]
    count = len(r.item.node.value)
    if r.kind[base] == SCALAR:
        return f"{r.told(base)}, has no entries", None
    if r.kind[base] != MATRIX:
        side = "column" if r.kind[base] == COLUMN else "row"
        return (
            f"{r.told(base)}, has one {side} only",
            f"its entries are {r.wrapped(base)}[i], or {r.wrapped(base)}[i:j]",
        )
    return (
        f"{r.told(base)}, takes two indices, not {count}",
        f"write {r.wrapped(base)}[i, j], or {r.wrapped(base)}[i, :]",
    )


def _block(r: Report) -> Message:
    _, width = r.item.node.value
    children = r.item.children
    for i in range(0, len(children), width):
        row = children[i : i + width]
        for other in row[1:]:
            if r.shape[row[0]][0] != r.shape[other][0]:
                r.operands = (row[0], other)
                return f"side by side, {r.told(row[0])}, and {r.told(other)}, need equally many rows", None
    for j in range(width):
        for i in range(width, len(children), width):
            if r.shape[children[j]][1] != r.shape[children[i + j]][1]:
                r.operands = (children[j], children[i + j])
                first, second = r.operands
                return f"one above the other, {r.told(first)}, and {r.told(second)}, need equally many columns", None
    return "the blocks do not fit together", None


def _call(r: Report) -> Message:
    name = r.item.node.value
    function = find(name)
    assert function is not None
    children = [c for c in r.item.children if c in r.shape and r.program.items[c].kind != "size"]
    if broadcasts(function, len(children)) and len(children) > 1:
        return (
            f"{name}: {r.told(children[0])}, and {r.told(children[1])}, do not fit",
            "entrywise functions need equal shapes or a scalar",
        )
    shown = " and ".join(r.told(c) for c in children)
    wanted = _wanted(r.item.data, _given_sizes(r))
    hint = None
    if len(children) == 1 and wanted == "a square matrix" and r.kind[children[0]] == MATRIX and name in ("inv",):
        hint = f"the pseudoinverse is pinv({r.source(children[0])})"
    if len(children) == 1 and name == "diag" and r.kind[children[0]] == ROW:
        hint = f"did you mean diag({r.transposed(children[0])})?"
    return f"{name} takes {wanted}, not {shown}", hint


def _given_sizes(r: Report) -> dict[str, Dim]:
    """Arguments that are sizes: unvec(v, 2, 3) needs a column of 6 entries."""
    items = [r.program.items[c] for c in r.item.children]
    pairs = zip(r.item.data[0].parameters, items, strict=False) if r.item.data else ()
    return {p.name: item.data for p, item in pairs if p.kind == "size" and item.kind == "size"}


def _wanted(signatures: list[Signature], sizes: dict[str, Dim]) -> str:
    """The arguments of the signatures in words."""
    words: dict[str, None] = {}
    for signature in signatures:
        shapes = [tuple(d.substitute(sizes) for d in p.shape) for p in signature.parameters if p.kind == "array"]
        arrays = [_pattern((rows, cols)) for rows, cols in shapes]
        words[" and ".join(arrays)] = None
    return " or ".join(words)


def _pattern(shape: Shape) -> str:
    rows, cols = shape
    if rows == cols and not rows.is_one:
        return "a square matrix"
    return {0: "a scalar", 1: f"a column ({rows} x 1)", 2: f"a row (1 x {cols})"}.get(
        kind_of(rows, cols), f"an array ({rows} x {cols})"
    )


_MESSAGES: dict[str, Callable[[Report], Message]] = {
    "multiply": _multiply,
    "divide": _divide,
    "add": _add,
    "power": _power,
    "left_divide": _left_divide,
    "bars": _bars,
    "inner": _inner,
    "entry": _entry,
    "block": _block,
    "call": _call,
}
