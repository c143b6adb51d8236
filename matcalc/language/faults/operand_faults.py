"""What is said of operands that do not go together, a message for each operator, and what was probably meant."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from matcalc.errors import Hint, ShapeError
from matcalc.expr import ONE, Dim
from matcalc.functions import find
from matcalc.language.faults.operand_reports import Report
from matcalc.language.kinds.kinds import COLUMN, MATRIX, ROW, SCALAR, broadcasts, kind_of
from matcalc.language.latex.latex_places import whole
from matcalc.language.meaning.items import Program
from matcalc.language.mends.hints import declare, did_you_mean, either, offer, unbracketed, write
from matcalc.language.sizes.signatures import Signature
from matcalc.language.words.elsewhere import ELSEWHERE
from matcalc.patterns import pattern

__all__ = ["shape_error"]

Shape = tuple[Dim, Dim]


Message = tuple[str, str | None]


def shape_error(r: Report, hint: str | None) -> ShapeError:
    """The error about operands that disagree, with what the operator's row says and another hint."""
    others = _entrywise if len(r.operands) > 1 else _alone
    message, own_hint = (_MESSAGES.get(r.item.kind, others) if r.operands else _alone)(r)
    span, related = r.places()
    return ShapeError(
        message,
        code="shape-mismatch",
        text=r.program.text,
        span=span,
        related=related,
        hint=either(own_hint, hint, joint=" Or " if own_hint and own_hint.endswith("?") else "; or "),
    )


#: Kinds of factors whose columns and rows are told.
_COUNTED = {(ROW, COLUMN), (ROW, MATRIX), (MATRIX, COLUMN), (MATRIX, MATRIX)}


def _multiply(r: Report) -> Message:
    a, b = r.operands
    message = f"cannot multiply {r.told(a)}, by {r.told(b)}"
    if (r.kind[a], r.kind[b]) in _COUNTED and r.shape[a][1] != r.shape[b][0]:
        message += f": {_count(r.shape[a][1], 'column')} against {_count(r.shape[b][0], 'row')}"
    if _may_be_imaginary(r, a):
        return "there are no complex numbers here, and i may be the imaginary unit", None
    if _is_crossed(r, a, b):
        hint = f"of columns x and y with 3 entries it is {ELSEWHERE['cross']}, a product has no sign"
        return "there is no cross product here", hint
    if (exponential := _matrix_exponential(r, a)) is not None:
        return message, exponential
    if r.kind[a] == r.kind[b] == COLUMN and (summed := _summed(r)) is not None:
        place = whole(r.program.text, r.program.span(summed))
        entrywise = _STAR.sub(" .* ", r.program.text[slice(*place)])
        return message, offer("did you mean {}?", place, entrywise) if _STAR.search(
            r.program.text, *place
        ) else r.instead(f"{r.wrapped(a)} .* {r.wrapped(b)}")
    offers = [text for text, fits in _other_products(r, a, b) if fits]
    return message, r.instead(*offers) or r.alike((r.shape[a][1], r.shape[b][0]))


#: A product that is written with a star.
_STAR = pattern(r"\s*(?<![.*])\*(?!\*)\s*")


def _summed(r: Report) -> int | None:
    """The sum or mean of the entries of the product, perhaps beside other terms: of x y nothing else is meant there."""
    parents, index = r.program.parents, r.index
    while (parent := parents.get(index)) is not None and r.program.items[parent].kind in ("add", "negate"):
        index = parent
    item = r.program.items[parent] if parent is not None else None
    return parent if item is not None and item.kind == "call" and item.node.value in ("sum", "mean") else None


def _may_be_imaginary(r: Report, factor: int) -> bool:
    r"""Whether the factor in front is the i of -i (H \rho - \rho H), which nothing declares."""
    item = r.program.items[factor]
    while item.kind == "negate":
        item = r.program.items[item.children[0]]
    return (
        item.kind == "variable" and item.node.value == "i" and isinstance(item.data, int) and r.kind[factor] == COLUMN
    )


def _matrix_exponential(r: Report, a: int) -> Hint | None:
    """expm(A t) for the exp(A t) of exp(A t) x_0."""
    item = r.program.items[a]
    if item.kind != "call" or item.node.value != "exp" or r.program.items[item.children[0]].kind != "multiply":
        return None
    inside = unbracketed(r.typed(item.children[0]))
    expm = r"\operatorname{expm}" if "\\" in r.program.text else "expm"
    purpose = "for the exponential of the matrix"
    return write(whole(r.program.text, r.program.span(a)), (f"{expm}({inside})", purpose))


def _is_crossed(r: Report, a: int, b: int) -> bool:
    """Whether × stands between a column and what may be another: nobody means another product of them."""
    text, (_, start), (end, _) = r.program.text, r.program.span(a), r.program.span(b)
    return COLUMN in (r.kind[a], r.kind[b]) and re.search(r"×|\\times\b", text[start:end]) is not None


def _other_products(r: Report, a: int, b: int) -> Iterator[tuple[str, bool]]:
    """Products of two operands that were perhaps meant, and whether they fit."""
    left, right = r.wrapped(a), r.wrapped(b)
    (rows, cols), (below, beside) = r.shape[a], r.shape[b]
    arrays = r.kind[a] == r.kind[b] == COLUMN
    if COLUMN in (r.kind[a], r.kind[b]) and not arrays:
        yield f"{right} {left}", r.agree((beside, rows))
    yield f"{r.transposed(a)} {right}", r.agree((rows, below)) and not r.kind[a] == r.kind[b] == ROW
    yield f"{left} {r.transposed(b)}", r.agree((cols, beside))
    yield f"{left} .* {right}", arrays and r.agree((rows, below))


def _count(size: Dim, what: str) -> str:
    return f"{size} {what}" if size.is_one else f"{size} {what}s"


def _divide(r: Report) -> Message:
    a, b = r.operands
    message = f"cannot divide by {r.told(b)}"
    parent = r.parent()
    if parent is not None and parent.kind == "multiply" and parent.children[0] == r.index:
        together = f"{r.wrapped(a)} / ({r.typed(b)} {r.typed(parent.children[1])})"
        return message, did_you_mean(whole(r.program.text, parent.node.span), together)
    offers = [text for text, fits in _other_quotients(r, a, b) if fits]
    return message, r.instead(*offers) or r.alike(*zip(r.shape[a], r.shape[b], strict=True))


def _other_quotients(r: Report, a: int, b: int) -> Iterator[tuple[str, bool]]:
    left, right = r.wrapped(a), r.wrapped(b)
    square = r.kind[b] == MATRIX and r.agree(r.shape[b])
    inverse = f"{right}^-1" if left == "1" else f"{left} {right}^-1"
    yield inverse, square and (r.kind[a] == SCALAR or r.agree((r.shape[a][1], r.shape[b][0])))
    yield f"{right}^-1 {left}", square and r.kind[a] == COLUMN and r.agree((r.shape[b][1], r.shape[a][0]))
    yield f"{left} ./ {right}", r.kind[a] == SCALAR or r.agree(*zip(r.shape[a], r.shape[b], strict=True))


def _add(r: Report) -> Message:
    a, b = r.operands
    message = f"cannot add {r.told(a)}, and {r.told(b)}"
    if r.transposed(b) == r.typed(a) or r.transposed(a) == r.typed(b):
        name = min(r.source(a), r.source(b), key=len)
        square = f"that needs a square {name}; the symmetric product is {name}^T {name}"
        return message, either(square, r.alike(r.shape[a]))
    if r.shape[a] == (r.shape[b][1], r.shape[b][0]):
        return message, offer("transpose one of them: {}", whole(r.program.text, r.program.span(b)), r.transposed(b))
    return message, _fitting(r, a, b)


def _bias(r: Report, matrix: int, vector: int) -> Hint | None:
    """A vector that is meant for every row, or every column, of a matrix."""
    if r.kind[matrix] != MATRIX or r.kind[vector] not in (COLUMN, ROW):
        return None
    rows, cols = r.shape[matrix]
    length = r.shape[vector][r.kind[vector] == ROW]
    row = r.wrapped(vector) if r.kind[vector] == ROW else r.transposed(vector)
    column = r.wrapped(vector) if r.kind[vector] == COLUMN else r.transposed(vector)
    around = "({})" if r.item.kind in ("hadamard", "hadamard_divide") else "{}"
    along = [around.format(f"ones({rows}) {row}")] if length == cols or str(cols) in r.free else []
    down = [around.format(f"{column} ones({cols})^T")] if length == rows or str(rows) in r.free else []
    offers = [*zip(along, ["for every row"], strict=False), *zip(down, ["for every column"], strict=False)]
    if rows == cols and down and r.item.kind == "add":
        offers.append((f"diag({r.typed(vector)})", "for a diagonal matrix"))
    return write(whole(r.program.text, r.program.span(vector)), *offers) if offers else None


def _alone(r: Report) -> Message:
    """The whole expression, where it has to have another shape."""
    return "it has not the shape that is needed here", None


def _open(r: Report) -> Message:
    """Of a function that nobody defined: what it takes, and what it is given."""
    declared = r.item.data
    if isinstance(declared, int):
        name, given = r.program.undeclared[declared], " and ".join(r.told(c) for c in r.item.children[1:])
        return f"nothing says what {name} takes: it is given {given}", f"declare {name}: function(…) -> …"
    if declared.is_entrywise and len(r.operands) > 1:
        return _entrywise(r)
    given = " and ".join(r.told(c) for c in r.operands)
    return f"{declared} does not take {given}", None


def _entrywise(r: Report) -> Message:
    a, b = r.operands[:2]
    message = f"entry by entry, {r.told(a)}, and {r.told(b)}, do not fit"
    return message, _fitting(r, a, b) or "entrywise operations need equal shapes or a scalar"


def _fitting(r: Report, a: int, b: int) -> Hint | None:
    """What two operands that need equal shapes may be instead."""
    return _bias(r, a, b) or _bias(r, b, a) or r.alike(*zip(r.shape[a], r.shape[b], strict=True))


def _power(r: Report) -> Message:
    base, exponent = r.item.children
    name, shown = r.wrapped(base), _exponent(r, exponent)
    entrywise = f"{name} .^ {shown}" if r.program.items[base].kind == "number" else f"{name}.^{shown}"
    if r.kind[exponent] != SCALAR:
        message = f"the exponent {r.source(exponent)} is {r.noun(exponent)}, not a scalar"
        if name == "e":
            function = "expm" if r.kind[exponent] == MATRIX else "exp"
            return message, r.instead(f"{function}({r.typed(exponent)})", sentence="the exponential is {}")
        return message, r.instead(entrywise, sentence="powers entry by entry are {}")
    if _is_negative(r.program, exponent):
        pseudoinverse = [(f"pinv({r.typed(base)})", "for the pseudoinverse")] if shown == "-1" else []
        word = "reciprocals" if shown == "-1" else "powers"
        hint = r.instead(*pseudoinverse, (entrywise, f"for the {word} of its entries"), sentence="write {}")
        return f"{r.source(base)} is {r.noun(base)}, not square: it has no inverse", hint
    parent = r.parent()
    is_summed = parent is not None and parent.kind == "call" and parent.node.value == "sum"
    is_square = shown == "2" and r.kind[base] == COLUMN and not is_summed
    squared = [(f"{name}^T {name}", "for its squared norm")] if is_square else []
    hint = r.instead((entrywise, "for the powers of its entries"), *squared, sentence="write {}")
    word = "" if r.kind[base] in (COLUMN, ROW) else ", not square"
    return f"{r.source(base)} is {r.noun(base)}{word}: it has no power", hint


def _exponent(r: Report, index: int) -> str:
    """The exponent behind ``.^``: a raised digit is a number."""
    node = r.program.items[index].node
    return str(node.value) if node.kind == "number" and node.value.denominator == 1 else r.wrapped(index)


def _is_negative(program: Program, exponent: int) -> bool:
    node = program.items[exponent].node
    return node.kind == "number" and node.value < 0


def _left_divide(r: Report) -> Message:
    a, b = r.item.children
    if r.kind[a] in (SCALAR, MATRIX) and r.shape[a][0] == r.shape[a][1]:
        message = f"cannot solve with {r.told(a)}, for {r.told(b)}"
        return message, r.alike((r.shape[a][0], r.shape[b][0])) or "both need the same number of rows"
    message = f"left division needs a square matrix, not {r.told(a)}"
    return message, r.instead(f"pinv({r.typed(a)}) {r.wrapped(b)}", sentence="least squares is {}")


def _bars(r: Report) -> Message:
    (x,) = r.item.children
    message = f"|…| is the absolute value of a scalar or the determinant of a square matrix, not of {r.told(x)}"
    typed, latex = r.typed(x), "\\" in r.program.text
    norm = (rf"\|{typed}\|" if latex else f"||{typed}||"), "for its norm"
    absolute = (rf"\operatorname{{abs}}({typed})" if latex else f"abs({typed})"), "for the values of its entries"
    return message, r.instead(norm, absolute, sentence="write {}")


def _inner(r: Report) -> Message:
    a, b = r.item.children
    if r.program.span(a) == r.program.span(b):  # the terms of a sum over entries are numbers
        hint = r"write the values of a function of vectors as one vector, as in \|y - f(\beta)\|^2"
        return f"{r.told(a)}, stands in a sum over entries, whose terms are numbers", hint
    message = f"the inner product needs equal shapes, not {r.told(a)}, and {r.told(b)}"
    return message, r.alike(*zip(r.shape[a], r.shape[b], strict=True))


def _entry(r: Report) -> Message:
    base = r.item.children[0]
    name, indices = r.wrapped(base), list(_indices(r))
    inner = r.program.items[base]
    if inner.kind == "entry" and len(inner.children) == len(indices) + 1 == 2:
        return f"{r.told(base)}, has no entries", r.instead(
            f"{r.wrapped(inner.children[0])}[{r.typed(inner.children[1])}, {indices[0]}]"
        )
    if r.kind[base] == SCALAR:
        return f"{r.told(base)}, has no entries", r.instead(r.typed(base), sentence="write {} alone")
    if r.kind[base] != MATRIX:
        side = "column" if r.kind[base] == COLUMN else "row"
        offers = [f"{name}[{index}]" for index in indices[:1]]
        return f"{r.told(base)}, has one {side} only", r.instead(*offers, sentence="its entries are {}")
    first = indices[0] if indices else "1"
    rows = (f"{name}[{first}, :]", "for a row"), (f"{name}[:, {first}]", "for a column")
    return f"{r.told(base)}, takes two indices, not {len(r.item.node.value)}", r.instead(*rows, sentence="write {}")


def _indices(r: Report) -> Iterator[str]:
    """The indices as they were typed."""
    places = iter(r.item.children[1:])
    for form in r.item.node.value:
        if form == "all":
            yield ":"
        elif form == "range":
            yield f"{r.typed(next(places))}:{r.typed(next(places))}"
        else:
            yield r.typed(next(places))


def _block(r: Report) -> Message:
    _, width = r.item.node.value
    children = r.item.children
    for i in range(0, len(children), width):
        row = children[i : i + width]
        for other in row[1:]:
            if r.shape[row[0]][0] != r.shape[other][0]:
                r.operands = (row[0], other)
                message = f"side by side, {r.told(row[0])}, and {r.told(other)}, need equally many rows"
                return message, r.alike((r.shape[row[0]][0], r.shape[other][0]))
    for j in range(width):
        for i in range(width, len(children), width):
            if r.shape[children[j]][1] != r.shape[children[i + j]][1]:
                r.operands = (children[j], children[i + j])
                first, second = r.operands
                message = f"one above the other, {r.told(first)}, and {r.told(second)}, need equally many columns"
                return message, r.alike((r.shape[first][1], r.shape[second][1]))
    return "the blocks do not fit together", None


def _call(r: Report) -> Message:
    name = r.item.node.value
    function = find(name)
    assert function is not None
    children = [c for c in r.item.children if c in r.shape and r.program.items[c].kind != "size"]
    if broadcasts(function, len(children)) and len(children) > 1:
        arrays = [c for c in children if r.kind[c] != SCALAR]
        differing = [c for c in arrays if r.shape[c] != r.shape[arrays[0]]]
        first, second = (arrays[0], differing[0]) if differing else children[:2]
        r.operands = (first, second) if differing else r.operands
        message = f"{name}: {r.told(first)}, and {r.told(second)}, do not fit"
        return message, _fitting(r, first, second) or "entrywise functions need equal shapes or a scalar"
    shown = " and ".join(r.told(c) for c in children)
    wanted = _wanted(r.item.data, _given_sizes(r))
    return f"{name} takes {wanted}, not {shown}", _argument(r, name, wanted, children)


def _argument(r: Report, name: str, wanted: str, children: list[int]) -> str | None:
    """What may stand in place of a call whose arguments have other shapes."""
    first, *others = children
    if others:
        turned = f"{name}({r.typed(others[0])}, {r.typed(first)})"
        fits = len(others) == 1 and any(_fits(s, [r.shape[others[0]], r.shape[first]]) for s in r.item.data)
        return r.instead(turned) if fits else None
    item = r.program.items[first]
    if wanted == "a square matrix" and r.kind[first] != MATRIX and item.kind == "variable":
        return declare(r.program.text, f"{item.node.value}: matrix({r.shape[first][0]}, {r.shape[first][0]})")
    if name == "diag" and r.kind[first] == MATRIX:
        return r.alike(r.shape[first])
    if wanted == "a square matrix" and r.kind[first] == MATRIX:
        if name == "inv":
            return r.instead(f"pinv({r.typed(first)})", sentence="the pseudoinverse is {}")
        return r.alike(r.shape[first])
    return r.instead(f"diag({r.transposed(first)})") if name == "diag" and r.kind[first] == ROW else None


def _fits(signature: Signature, shapes: Sequence[Shape]) -> bool:
    """Whether arrays of these shapes are what a function takes."""
    taken = [p.shape for p in signature.parameters if p.kind == "array"]
    sizes: dict[Dim, Dim] = {ONE: ONE}
    pairs = [pair for wanted, found in zip(taken, shapes, strict=False) for pair in zip(wanted, found, strict=True)]
    return len(taken) == len(shapes) and all(sizes.setdefault(wanted, found) == found for wanted, found in pairs)


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
    "open": _open,
}
