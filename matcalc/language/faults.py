"""Errors about shapes: which operands disagree, what their shapes are, and what was probably meant."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from matcalc.errors import MatcalcError, ShapeError, Span
from matcalc.expr import Dim
from matcalc.functions import find
from matcalc.language.items import Item, Program
from matcalc.language.kinds import (
    COLUMN,
    MATRIX,
    ROW,
    SCALAR,
    Conflict,
    Kinds,
    assign_kinds,
    broadcasts,
    is_sometimes_scalar,
    kind_of,
    preferred,
)
from matcalc.language.naming import name_sizes
from matcalc.language.shapes import Shapes
from matcalc.language.signatures import Signature
from matcalc.language.sizes import Clash, is_unknown

__all__ = ["clash_error", "conflict_error", "exponential_error", "strained_error", "undetermined_error"]

Shape = tuple[Dim, Dim]


def conflict_error(program: Program, conflict: Conflict, hint: str | None = None) -> MatcalcError:
    """The operands at this place have kinds that do not go together."""
    shapes = Shapes(program, conflict.kinds)
    known = sorted(i for i in conflict.kinds if i < conflict.index)
    try:
        shapes.run(known)
    except Clash as clash:
        return clash_error(program, shapes, clash)
    return _Report(program, shapes, conflict.index, conflict.operands).error(hint)


def clash_error(program: Program, shapes: Shapes, clash: Clash) -> MatcalcError:
    """Two sizes that have to be equal are not."""
    item = program.items[clash.item]
    report = _Report(program, shapes, clash.item, _disagreeing(program, shapes, clash, item))
    error = report.error(None)
    if clash.earlier is not None and clash.earlier != clash.item:
        source = program.source(clash.earlier)
        error.message += f"; one of the sizes comes from {source}"
        if error.related is None:
            error.related = program.span(clash.earlier)
    return error


def _disagreeing(program: Program, shapes: Shapes, clash: Clash, item: Item) -> tuple[int, ...]:
    """The operands to name: for a long sum or a block, the first two that differ."""
    if item.kind not in ("add", "block"):
        return item.children
    arrays = [c for c in item.children if shapes.kinds[c] != SCALAR or item.kind == "block"]
    for child in arrays[1:]:
        if _differ(shapes.resolved(arrays[0]), shapes.resolved(child), item):
            return arrays[0], child
    return tuple(arrays[:2])


def _differ(first: Shape, second: Shape, item: Item) -> bool:
    if item.kind == "add":
        return first != second
    return first[0] != second[0] and first[1] != second[1]


def strained_error(program: Program, kinds: Kinds) -> MatcalcError:
    """A letter for a vector stands where only a scalar makes sense (or the like): the reading by letters, and its error."""
    chosen = _kinds_by_letter(program, kinds)
    everything = {i: preferred(name) for i, name in enumerate(program.undeclared)}
    for by_letter in (chosen, everything | chosen):
        try:
            assign_kinds(program, by_letter)
        except Conflict as conflict:
            return conflict_error(program, conflict, _declaration_hint(program, kinds))
    name, index = next(iter(kinds.strained.items()))
    return ShapeError(
        f"the shape of {program.undeclared[name]} is not clear",
        code="undetermined",
        text=program.text,
        span=program.span(index),
        hint=f"declare it: where {program.undeclared[name]}: scalar, vector(n) or matrix(m, n)",
    )


def _kinds_by_letter(program: Program, kinds: Kinds) -> dict[int, int]:
    """The names of a strained operator by their letters; what is transposed is an array."""
    chosen: dict[int, int] = {}
    for strained, index in kinds.strained.items():
        for child in program.items[index].children:
            part = program.items[child]
            for name in {*part.group, *([part.bare] if part.bare is not None else ())}:
                chosen[name] = preferred(program.undeclared[name])
        if program.items[index].kind == "transpose" and chosen.get(strained) == SCALAR:
            chosen[strained] = COLUMN
    return chosen


def _declaration_hint(program: Program, kinds: Kinds) -> str | None:
    """The declaration that would settle it; a letter such as n or s is rather a scalar than x is."""
    name, place = next(iter(kinds.strained.items()))
    if program.items[place].kind == "transpose":
        return None
    kind = kinds.of[next(i for i, item in enumerate(program.items) if item.kind == "variable" and item.data == name)]
    if kind == SCALAR:
        bare = [b for c in program.items[place].children if (b := program.items[c].bare) is not None]
        name = next((b for b in bare if is_sometimes_scalar(program.undeclared[b])), name)
    word = {SCALAR: "scalar", COLUMN: "vector(n)", MATRIX: "matrix(m, n)"}
    return f"declare {program.undeclared[name]}: {word[kind]} if it is one"


def undetermined_error(
    program: Program, shapes: Shapes, undecided: list[tuple[Dim, Dim]], index: int | None = None
) -> MatcalcError:
    """A size that nothing fixes."""
    if index is not None:
        return _constant_without_size(program, index)
    unknown = {n for pair in undecided for d in pair for n in d.names if is_unknown(n)}
    names = [
        program.undeclared[i]
        for i, shape in shapes.names.items()
        if any(n in unknown for d in shape for n in shapes.sizes.resolve(d).names)
    ]
    display = _display(program, shapes, [])
    left, right = (d.substitute(display) for d in undecided[0])
    listed = ", ".join(names) or "some operands"
    item = next(
        (i for i in program.items if i.kind == "variable" and i.data in map(program.undeclared.index, names)), None
    )
    example = _example_sizes(*undecided[0])
    hint = f"declare {' or '.join(names[:2])}, for example where {names[0]}: matrix({example})" if names else None
    return ShapeError(
        f"the sizes of {listed} are not determined: all that is known is {left} = {right}",
        code="undetermined",
        text=program.text,
        span=item.node.span if item is not None else None,
        hint=hint,
    )


def exponential_error(program: Program, index: int, shape: Shape) -> MatcalcError:
    """e^x of an array: entry by entry, or of a matrix?"""
    (exponent,) = program.items[index].children
    source = program.source(exponent)
    hint = rf"write \exp({source}) for the entries"
    if kind_of(*shape) == MATRIX:
        hint += rf", \operatorname{{expm}}({source}) for the exponential of a matrix"
    names = [
        n
        for i in _below(program, exponent)
        if (n := program.items[i].bare) is not None and program.items[i].kind == "variable"
    ]
    if names:
        hint += f"; or declare {program.undeclared[names[0]]}: scalar if it is one"
    return ShapeError(
        f"e is raised to {source}, {noun(shape)}",
        code="euler",
        text=program.text,
        span=program.items[exponent].node.span,
        hint=hint,
    )


def _below(program: Program, index: int) -> list[int]:
    """An item and all that it is made of."""
    found = [index]
    for i in found:
        found.extend(program.items[i].children)
    return found


def _example_sizes(left: Dim, right: Dim) -> str:
    """Sizes for X in (A ⊗ B) vec(X), where n q = k r: X is q x n."""
    known = [d for d in (left, right) if len(d.terms) == 1 and not any(map(is_unknown, d.names))]
    product = next((d for d in known if len(d.terms[0][0]) == 2), None)
    return "m, n" if product is None else ", ".join(reversed([name for name, _ in product.terms[0][0]]))


def _constant_without_size(program: Program, index: int) -> MatcalcError:
    """The first item below that has no size of its own."""
    pending = [index]
    item = program.items[index]
    while pending:
        place = pending.pop(0)
        item = program.items[place]
        if item.kind == "identity" or (item.kind == "call" and item.node.value in ("vector", "matrix", "eye")):
            break
        pending.extend(item.children)
    source = " ".join(program.text[slice(*item.node.span)].split())
    instead = (
        "eye(n), with its size" if item.kind == "identity" or item.node.value == "eye" else "ones(n) or ones(m, n)"
    )
    return ShapeError(
        f"the size of {source} is not determined by its context",
        code="undetermined",
        text=program.text,
        span=item.node.span,
        hint=f"write {instead}",
    )


def _display(program: Program, shapes: Shapes, extra: Iterable[Shape]) -> dict[str, Dim]:
    """Names for unknown sizes in a message."""
    found = [tuple(map(shapes.sizes.resolve, shape)) for shape in shapes.names.values()]
    used = {*program.order, *program.dimension_names, *(n for n in program.names)}
    for declaration in program.where.declarations.values():
        used.update(n for d in declaration.dims for n in d.names)
    return name_sizes([*((r, c) for r, c in found), *extra], used)


class _Report:
    """One disagreement: the item, its operands and their shapes."""

    def __init__(self, program: Program, shapes: Shapes, index: int, operands: tuple[int, ...]) -> None:
        self.program = program
        self.index = index
        self.item = program.items[index]
        self.operands = tuple(c for c in operands if program.items[c].kind != "size")
        raw = {c: shapes.resolved(c) for c in {*self.operands, *self.item.children} if c in shapes.of}
        display = _display(program, shapes, raw.values())
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


def _multiply(r: _Report) -> Message:
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


def _divide(r: _Report) -> Message:
    a, b = r.operands
    message = f"cannot divide by {r.told(b)}"
    parent = r.parent()
    if parent is not None and parent.kind == "multiply" and parent.children[0] == r.index:
        last = r.program.source(parent.children[1])
        return message, f"did you mean {r.wrapped(a)} / ({r.source(b)} {last})?"
    if r.kind[b] == MATRIX:
        return message, f"did you mean {r.wrapped(a)} {r.wrapped(b)}^-1 or {r.wrapped(a)} ./ {r.wrapped(b)}?"
    return message, f"did you mean {r.wrapped(a)} ./ {r.wrapped(b)}?"


def _add(r: _Report) -> Message:
    a, b = r.operands
    message = f"cannot add {r.told(a)}, and {r.told(b)}"
    if r.transposed(b) == r.source(a) or r.transposed(a) == r.source(b):
        name = min(r.source(a), r.source(b), key=len)
        return message, f"that needs a square {name}; the symmetric product is {name}^T {name}"
    if r.shape[a] == (r.shape[b][1], r.shape[b][0]):
        return message, f"transpose one of them: {r.transposed(b)}"
    return message, None


def _alone(r: _Report) -> Message:
    """The whole expression, where it has to have another shape."""
    return "it has not the shape that is needed here", None


def _entrywise(r: _Report) -> Message:
    a, b = r.operands[:2]
    return (
        f"entry by entry, {r.told(a)}, and {r.told(b)}, do not fit",
        "entrywise operations need equal shapes or a scalar",
    )


def _power(r: _Report) -> Message:
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


def _left_divide(r: _Report) -> Message:
    a, b = r.item.children
    if r.kind[a] in (SCALAR, MATRIX) and r.shape[a][0] == r.shape[a][1]:
        return f"cannot solve with {r.told(a)}, for {r.told(b)}", "both need the same number of rows"
    return (
        f"left division needs a square matrix, not {r.told(a)}",
        f"least squares is pinv({r.source(a)}) {r.wrapped(b)}",
    )


def _bars(r: _Report) -> Message:
    (x,) = r.item.children
    return (
        f"|…| is the absolute value of a scalar or the determinant of a square matrix, not of {r.told(x)}",
        f"its norm is ||{r.source(x)}||, the absolute values of its entries abs({r.source(x)})",
    )


def _inner(r: _Report) -> Message:
    a, b = r.item.children
    return f"the inner product needs equal shapes, not {r.told(a)}, and {r.told(b)}", None


def _entry(r: _Report) -> Message:
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


def _block(r: _Report) -> Message:
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


def _call(r: _Report) -> Message:
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


def _given_sizes(r: _Report) -> dict[str, Dim]:
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


_MESSAGES: dict[str, Callable[[_Report], Message]] = {
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
