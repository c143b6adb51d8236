"""Errors about shapes: which operands disagree, what their shapes are, and what was probably meant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import count

from matcalc.errors import Hint, MatcalcError, ShapeError, Span
from matcalc.expr import Dim
from matcalc.language.faults.operand_faults import shape_error
from matcalc.language.faults.operand_reports import Report, display_names, noun
from matcalc.language.kinds.kind_inference import Conflict, Kinds, assign_kinds
from matcalc.language.kinds.kinds import COLUMN, MATRIX, SCALAR, kind_of
from matcalc.language.latex.latex_places import whole
from matcalc.language.meaning.items import Item, Program
from matcalc.language.mends.hints import declare, declare_all, either, offer, unbracketed, write
from matcalc.language.sizes.shapes import Shapes
from matcalc.language.sizes.sizes import Clash, is_unknown

__all__ = ["clash_error", "conflict_error", "strained_error", "undetermined_error"]

Shape = tuple[Dim, Dim]


def conflict_error(program: Program, conflict: Conflict, hint: Hint | str | None = None) -> MatcalcError:
    """The operands at this place have kinds that do not go together."""
    shapes = Shapes(program, conflict.kinds)
    known = sorted(i for i in conflict.kinds if i < conflict.index)
    try:
        shapes.run(known)
    except Clash as clash:
        return clash_error(program, shapes, clash)
    return shape_error(Report(program, shapes, conflict.index, conflict.operands), hint)


def clash_error(program: Program, shapes: Shapes, clash: Clash) -> MatcalcError:
    """Two sizes that have to be equal are not."""
    item = program.items[clash.item]
    report = Report(program, shapes, clash.item, _disagreeing(program, shapes, clash, item))
    error = shape_error(report, None)
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


def strained_error(program: Program, kinds: Kinds, strained: Mapping[int, int]) -> MatcalcError:
    """A letter for a vector stands where only a scalar makes sense (or the like): the reading by letters, and its error."""
    chosen = _kinds_by_letter(program, strained)
    everything = {i: letter.usual for i, letter in enumerate(program.letters)}
    columns: Hint | None = None
    for by_letter in (chosen, everything | chosen):
        try:
            usual = assign_kinds(program, by_letter)
        except Conflict as conflict:
            return conflict_error(program, conflict, either(columns, _declaration_hint(program, kinds, strained)))
        columns = _columns(program, usual)
        for index, item in enumerate(program.items):
            if item.kind == "exponential" and usual.of[index] != SCALAR:
                return _exponential_error(program, index, _shown_shape(program, usual, index))
            if item.kind == "bars" and index in strained.values() and usual.of[item.children[0]] != SCALAR:
                barred = Conflict(index, dict(enumerate(usual.of)), item.children)
                return conflict_error(program, barred, _declaration_hint(program, kinds, strained))
    name, index = next(iter(strained.items()))
    return ShapeError(
        f"the shape of {program.undeclared[name]} is not clear",
        code="undetermined",
        text=program.text,
        span=program.span(index),
        hint=declare(
            program.text, *(f"{program.undeclared[name]}: {kind}" for kind in ("scalar", "vector(n)", "matrix(m, n)"))
        ),
    )


def _columns(program: Program, kinds: Kinds) -> Hint | None:
    """The capitals that a reading has as columns, with their declarations."""
    capitals = [n for n, kind in kinds.choices[0].names.items() if kind == COLUMN and program.usual(n) == MATRIX]
    sizes = dict(zip(capitals, "mnpqrs", strict=False))
    declarations = [f"{program.undeclared[n]}: vector({size})" for n, size in sizes.items()]
    return declare_all(program.text, declarations) if declarations else None


def _shown_shape(program: Program, kinds: Kinds, index: int) -> Shape:
    """The shape of an item with names for its sizes."""
    shapes = Shapes(program, kinds.of)
    with suppress(Clash):
        shapes.run(range(index + 1))
    rows, cols = shapes.resolved(index)
    display = display_names(program, shapes, [(rows, cols)])
    return rows.substitute(display), cols.substitute(display)


def _kinds_by_letter(program: Program, strained: Mapping[int, int]) -> dict[int, int]:
    """The names of a strained operator by their letters; what is transposed is an array."""
    chosen: dict[int, int] = {}
    for against, index in strained.items():
        for child in program.items[index].children:
            part = program.items[child]
            for name in {*part.group, *([part.bare] if part.bare is not None else ())}:
                chosen[name] = program.usual(name)
        if program.items[index].kind == "transpose" and chosen.get(against) == SCALAR:
            chosen[against] = COLUMN
    return chosen


def _declaration_hint(program: Program, kinds: Kinds, strained: Mapping[int, int]) -> str | None:
    """The declaration that would settle it; a letter such as n or s is rather a scalar than x is."""
    name, place = next(iter(strained.items()))
    if program.items[place].kind == "transpose":
        return None
    kind = kinds.of[next(i for i, item in enumerate(program.items) if item.kind == "variable" and item.data == name)]
    if kind == SCALAR:
        bare = [b for c in program.items[place].children if (b := program.items[c].bare) is not None]
        name = next((b for b in bare if program.letters[b].may_count), name)
    word = {SCALAR: "scalar", COLUMN: "vector(n)", MATRIX: "matrix(m, n)"}
    declaration = f"{program.undeclared[name]}: {word[kind]}"
    return declare(program.text, declaration, sentence="declare {} if it is one")


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
    display = display_names(program, shapes, [])
    left, right = (d.substitute(display) for d in undecided[0])
    listed = ", ".join(names) or "some operands"
    item = next(
        (i for i in program.items if i.kind == "variable" and i.data in map(program.undeclared.index, names)), None
    )
    hint = declare_all(program.text, _examples(program, shapes, names, undecided[0])) if names else None
    return ShapeError(
        f"the sizes of {listed} are not determined: all that is known is {left} = {right}",
        code="undetermined",
        text=program.text,
        span=item.node.span if item is not None else None,
        hint=hint,
    )


def _exponential_error(program: Program, index: int, shape: Shape) -> MatcalcError:
    """e^x of an array: entry by entry, or of a matrix?"""
    (exponent,) = program.items[index].children
    start, end = whole(program.text, program.span(exponent))
    source = " ".join(program.text[start:end].split())
    place = _exponential_place(program, index, exponent)
    exp, expm = (r"\exp", r"\operatorname{expm}") if "\\" in program.text or "{" in program.text else ("exp", "expm")
    source = unbracketed(source)
    offers = [(f"{exp}({source})", "for the entries")]
    if kind_of(*shape) == MATRIX:
        offers.append((f"{expm}({source})", "for the exponential of a matrix"))
    hint = either(write(place, *offers))
    names = [
        n
        for i in _below(program, exponent)
        if (n := program.items[i].bare) is not None and program.items[i].kind == "variable"
    ]
    if names:
        declaration = f"{program.undeclared[names[0]]}: scalar"
        hint = either(hint, declare(program.text, declaration, sentence="declare {} if it is one"))
    return ShapeError(
        f"e is raised to {source}, {noun(shape)}",
        code="euler",
        text=program.text,
        span=program.items[exponent].node.span,
        hint=hint,
    )


def _exponential_place(program: Program, index: int, exponent: int) -> Span:
    r"""All of e^{x}, with the \mathrm of an upright e."""
    start = program.items[index].node.span[0]
    return whole(program.text, (start, program.items[exponent].node.span[1]))


def _below(program: Program, index: int) -> list[int]:
    """An item and all that it is made of."""
    found = [index]
    for i in found:
        found.extend(program.items[i].children)
    return found


def _examples(program: Program, shapes: Shapes, names: Sequence[str], sizes: tuple[Dim, Dim]) -> list[str]:
    """Declarations that settle the sizes: of A and B in (A ⊗ B) vec(X) with any, of X with what these leave, q x n."""
    taken = {*program.order, *program.dimension_names, *program.where.declarations}
    candidates = (f"{letter}{i or ''}" for i in count() for letter in "mnpqklrs")
    letters = (letter for letter in candidates if letter not in taken)
    if square := _squares(program, shapes, names, sizes):
        return [f"{name}: matrix({letter}, {letter})" for name, letter in zip(square, letters, strict=False)]
    given: dict[str, Dim] = {}
    declared: list[str] = []
    for name in names:
        shape = [shapes.sizes.resolve(d) for d in shapes.names[program.undeclared.index(name)]]
        if name == names[-1] and (product := _product_of_two([d.substitute(given) for d in sizes])):
            declared.append(f"{name}: matrix({', '.join(product)})")
            continue
        given |= {n: Dim.of(next(letters)) for d in shape for n in d.names if is_unknown(n) and n not in given}
        rows, cols = (d.substitute(given) for d in shape)
        declared.append(f"{name}: vector({rows})" if cols.is_one else f"{name}: matrix({rows}, {cols})")
    return declared


def _squares(program: Program, shapes: Shapes, names: Sequence[str], sizes: tuple[Dim, Dim]) -> list[str]:
    """A and B of v^T (A ⊗ B) v, with rows on one side and columns on the other, if all but columns are such."""
    sides = [set(size.names) for size in sizes]
    found = []
    for name in names:
        rows, cols = (shapes.sizes.resolve(d) for d in shapes.names[program.undeclared.index(name)])
        ends = {(place, end) for place, d in enumerate((rows, cols)) for end in (0, 1) if set(d.names) <= sides[end]}
        if len(rows.names) == len(cols.names) == 1 and ends in ({(0, 0), (1, 1)}, {(0, 1), (1, 0)}):
            found.append(name)
        elif not cols.is_one:
            return []
    return found if len(found) > 1 else []


def _product_of_two(sizes: Sequence[Dim]) -> list[str]:
    """The sizes of X in vec(X), where n q of the two equal sizes is known: q x n."""
    known = [d for d in sizes if len(d.terms) == 1 and not any(map(is_unknown, d.names))]
    product = next((d for d in known if len(d.terms[0][0]) == 2), None)
    return [] if product is None else [name for name, _ in reversed(product.terms[0][0])]


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
    hint: Hint | None = None
    if item.kind == "identity" or item.node.value == "eye":
        hint = offer("write {}", item.node.span, ("eye(n)", "with its size"))
    elif item.node.value in ("vector", "matrix"):
        hint = write(item.node.span, *_ones(program, item))
    return ShapeError(
        f"the size of {source} is not determined by its context",
        code="undetermined",
        text=program.text,
        span=item.node.span,
        hint=hint,
    )


def _ones(program: Program, item: Item) -> list[str]:
    """vector(c) and matrix(c) with their sizes."""
    (entry,) = item.children
    factor = "" if program.source(entry) == "1" else f"{program.source(entry)} * "
    return [f"{factor}ones({sizes})" for sizes in ("n", "m, n")]
