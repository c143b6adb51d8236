"""Ranges of indices and axes of families as sizes, and what members are of the arrays that hold them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import field
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from matcalc.errors import ShapeError
from matcalc.expr import ONE, Dim, Index
from matcalc.language.declarations import KINDS, Declaration
from matcalc.language.indices.binders import Member, Place, Relation
from matcalc.language.sizes.naming import name_sizes
from matcalc.language.sizes.sizes import Clash, is_unknown
from matcalc.records import dataclass

if TYPE_CHECKING:
    from matcalc.language.meaning.items import Program
    from matcalc.language.sizes.shapes import Shapes

__all__ = ["Axis", "Family", "Related", "Summed", "Use", "declared_member", "family_of"]


class Axis(NamedTuple):
    """Where a member stands along one axis of its array: behind ``start`` others and at an index, or behind these alone."""

    over: Index | None
    start: Dim
    size: Dim


class Use(NamedTuple):
    """A member as it stands in an expression: the array that holds it, the place along each of its axes, and its name."""

    array: str
    axes: tuple[Axis, ...]
    base: str
    shown: tuple[str, ...]


class Related(NamedTuple):
    """i < j as it holds for the places of two indices: one that begins later by so much more is as much behind."""

    sign: str
    left: Index
    right: Index
    more: int = 0


class Summed(NamedTuple):
    """The value of a typed ``total``: its indices, and the relations that hold between some."""

    indices: tuple[Index, ...]
    relations: tuple[Related, ...]


#: Kinds of items that are about an index.
WITH_INDICES = frozenset({"total", "at", "place", "same", "count"})


@dataclass
class Family:
    """Names that differ in their indices alone.

    Attributes:
        name: what stands for it among the names: its first member, or the one that is declared.
        member: the first of them.
        data: the declaration of a member, or the number of an undeclared name.
        array: the name of the array that holds all, where it is declared.
        uses: all places where members stand.
        sizes: of its axes.
        before: how many members stand before the first along each axis.
        twins: undeclared names that may stand for all of them in the text, x and X beside x_i, with their numbers.
    """

    name: str
    member: Member
    data: Declaration | int
    array: str | None = None
    declared: Declaration | None = None
    uses: list[Member] = field(default_factory=list)
    sizes: list[Dim] = field(default_factory=list)
    before: list[int] = field(default_factory=list)
    twins: dict[str, int] = field(default_factory=dict)


def family_of(families: Mapping[tuple[str, int], Family], member: Member) -> Family | None:
    """The family of a member, if one of its members was met before."""
    return families.get((member.base, len(member.places)))


def declared_member(
    member: Member, declared: Mapping[str, Declaration]
) -> tuple[Declaration | None, Declaration | None]:
    """What a declaration tells of a member, of itself (``x_i: vector(d)``) or by its array (``X: matrix(n, d)``).

    An array alone is one that does not hold members with so many indices. A number holds none: it is no array of them.
    """
    count = len(member.places)
    for name, found in declared.items():
        if re.fullmatch(rf"{re.escape(member.base)}_?[a-z]{{{count}}}", name) and "_" in name[len(member.base) :]:
            return found, None
    array = declared.get(member.base) or declared.get(_capital(member.base))
    if array is None or array.is_function or array.kind == "scalar":
        return None, None
    own = array.dims if array.kind == "array" else array.shape if count == 2 and array.kind != "vector" else array.axes
    left = own[count:]
    if len(left) > 2 or count > len(own):
        return None, array
    structure = [a for a in array.assumptions if a in KINDS]
    if structure and len(left) == 2:
        return Declaration(str(member), structure[0], left[:1]), array
    return Declaration(str(member), ("scalar", "vector", "matrix")[len(left)], left), array


def twin_of(base: str) -> str:
    """X, the matrix whose rows are the x_i; the name itself where it has no capital."""
    return _capital(base)


def _capital(base: str) -> str:
    """X of x, for Latin letters"""
    return base[0].upper() + base[1:] if re.match(r"[a-z](?![a-z])", base) else base


# --- sizes -----------------------------------------------------------------------------------------


def range_of(shapes: Shapes, number: int) -> Dim:
    """How many values an index has."""
    if number not in shapes.ranges:
        last = shapes.program.ends.get(number)
        first = shapes.program.bounds[number].first
        shapes.ranges[number] = shapes.sizes.fresh() if last is None else last - first + 1
    return shapes.ranges[number]


def equate_axes(shapes: Shapes) -> None:
    """Every axis of a family has room for all places that its members have along it."""
    for relation in _alike(shapes.program):
        _end_alike(shapes, relation)
    for family in shapes.program.families.values():
        for axis in range(len(family.member.places)):
            _axis(shapes, family, axis)
        if family.declared is None:
            _square(shapes, family)
        _meet_twin(shapes, family)


def _square(shapes: Shapes, family: Family) -> None:
    r"""The a_ij of \sum_{i=1}^{n-1} \sum_{j=i+1}^n are entries of a matrix n x n, although not all of these are needed."""
    compared = {frozenset((int(r.left), int(r.right))) for r in _alike(shapes.program)}
    for use in family.uses:
        for one, other in combinations(range(len(use.places)), 2):
            numbers = use.places[one].bound, use.places[other].bound
            sizes = [shapes.sizes.resolve(family.sizes[axis]) for axis in (one, other)]
            known = [not any(map(is_unknown, size.names)) for size in sizes]
            more = (sizes[0] - sizes[1]).value if known[0] == known[1] else 1 if known[0] else -1
            if more and frozenset(numbers) in compared and family.before[one] == family.before[other]:
                family.sizes[one] = family.sizes[other] = sizes[0 if more > 0 else 1]


def _meet_twin(shapes: Shapes, family: Family) -> None:
    """The x_i are the entries of an x that stands in the text, or the rows of an X."""
    member = family.data.shape if isinstance(family.data, Declaration) else shapes.names[family.data]
    for name, number in family.twins.items():
        if number not in shapes.names:
            continue
        wanted = _wanted_shape(family, member, of_rows=name != family.member.base)
        found = shapes.names[number]
        rows, cols = map(shapes.sizes.resolve, found)
        apart = wanted is not None and shapes.sizes.resolve(wanted[0]) != shapes.sizes.resolve(wanted[1])
        if name != family.member.base and rows == cols and apart:
            continue  # the R of ‖u‖_R does not hold the rows r_i
        if wanted is not None and all(w.is_one == f.is_one for w, f in zip(wanted, found, strict=True)):
            for one, other in zip(wanted, found, strict=True):
                shapes.sizes.equate(one, other, shapes.program.root)
            family.array = name


def _wanted_shape(family: Family, member: tuple[Dim, Dim], *, of_rows: bool) -> tuple[Dim, Dim] | None:
    """The shape of the array of numbers, or of rows; None where it is none of these."""
    is_number = member[0].is_one and member[1].is_one
    if of_rows:
        return (family.sizes[0], member[0]) if member[1].is_one and not is_number and len(family.sizes) == 1 else None
    if not is_number or len(family.sizes) > 2:
        return None
    return (family.sizes[0], family.sizes[1] if len(family.sizes) == 2 else ONE)


def _alike(program: Program) -> Iterable[Relation]:
    """The indices that are compared, the smaller one first."""
    for item in program.items:
        found = [item.node.value] if item.kind == "same" else item.node.value.relations if item.kind == "total" else ()
        yield from (Relation(r.sign.replace(">", "<"), r.right, r.left) if ">" in r.sign else r for r in found)


def _end_alike(shapes: Shapes, relation: Relation) -> None:
    r"""Indices that are compared end alike, but that \sum_{i=1}^{n-1} \sum_{j>i} and \sum_{t=2}^T \sum_{s<t} leave one out."""
    left, right = int(relation.left), int(relation.right)
    ends = [range_of(shapes, number) + shapes.program.bounds[number].before for number in (left, right)]
    if (shapes.sizes.resolve(ends[0]) - shapes.sizes.resolve(ends[1])).value is not None:
        return
    lower, upper = (shapes.program.bounds[number] for number in (left, right))
    shortened = lower.last is not None and lower.last.kind == "add" and upper.last is None
    leaves_out = relation.sign == "<" and (lower.first < upper.first or shortened)
    less = ends[1] - int(leaves_out) - lower.before
    if is_unknown(str(shapes.sizes.resolve(range_of(shapes, left)))):  # solved at once: other sums ask for it
        shapes.sizes.equate(range_of(shapes, left), less, shapes.program.root)
    else:
        shapes.sizes.equate(range_of(shapes, right), ends[0] + int(leaves_out) - upper.before, shapes.program.root)


def _axis(shapes: Shapes, family: Family, axis: int) -> None:
    places = [use.places[axis] for use in family.uses]
    bounds = shapes.program.bounds
    low = min([0, *(bounds[p.bound].before + p.offset for p in places if p.bound is not None)])
    low = min([low, *(p.offset - 1 for p in places if p.bound is None and not p.last)])
    ends: dict[int, int] = {}
    for place in places:
        if place.bound is not None:
            end = bounds[place.bound].before + place.offset - low
            ends[place.bound] = max(ends.get(place.bound, end), end)
    found: Dim | None = _declared_size(family, axis)
    for number, more in ends.items():
        size = range_of(shapes, number) + more
        if found is None:
            found = size
            continue
        difference = (shapes.sizes.resolve(size) - shapes.sizes.resolve(found)).value
        if difference is not None and family.declared is None:
            found = size if difference > 0 else found
        elif difference is None or difference > 0:
            _fit(shapes, family, size, found)
    for place in places:
        if place.bound is None and found is not None:
            room = Dim.of(place.last or 0) + place.offset - low
            missing = (room - shapes.sizes.resolve(found)).value
            found = room if missing is not None and missing > 0 and family.declared is None else found
    family.sizes.append(found if found is not None else shapes.sizes.fresh())
    family.before.append(-low)


def _fit(shapes: Shapes, family: Family, wanted: Dim, there: Dim) -> None:
    """As many members as the sums run over have to be there."""
    try:
        shapes.sizes.equate(wanted, there, shapes.program.root)
    except Clash:
        wanted, there = (shapes.sizes.resolve(size) for size in (wanted, there))
        message = f"the sums need {wanted} members of {family.member.base}, and {there} are declared"
        program = shapes.program
        raise ShapeError(message, code="index-range", text=program.text, span=program.span(program.root)) from None


def _declared_size(family: Family, axis: int) -> Dim | None:
    if family.declared is None:
        return None
    declared = family.declared
    return (declared.dims if declared.kind == "array" else declared.shape)[axis]


def named_sizes(shapes: Shapes, found: Sequence[tuple[Dim, Dim]], used: Collection[str]) -> dict[str, Dim]:
    """A name for each unknown size of the variables, ranges first: X: matrix(n, d)."""
    if not shapes.program.bounds:
        return name_sizes(found, used)
    of_families = [(size, ONE) for family in shapes.program.families.values() for size in family.sizes]
    ranges = _names_of_ranges(shapes, used)
    left = [
        (rows.substitute(ranges), cols.substitute(ranges)) for rows, cols in map(shapes.resolve, [*of_families, *found])
    ]
    return ranges | name_sizes(left, {*used, *(n for d in ranges.values() for n in d.names)})


def _names_of_ranges(shapes: Shapes, used: Collection[str]) -> dict[str, Dim]:
    """Letters for ranges that nobody told: n for i, m for j, K for k, T for t, as far as they are free."""
    found: dict[str, Dim] = {}
    for number, bound in enumerate(shapes.program.bounds):
        size = shapes.sizes.resolve(range_of(shapes, number))
        unknown = [name for name in size.names if is_unknown(name) and name not in found]
        letters = _LETTERS.get(bound.letter, "nNmM")
        free = [letter for letter in letters if letter not in used and Dim.of(letter) not in found.values()]
        if len(unknown) == 1 and size == Dim.of(unknown[0]) and free:
            found[unknown[0]] = Dim.of(free[0])
    return found


_LETTERS = {
    "i": "nN",
    "j": "mM",
    "k": "K",
    "t": "T",
    "l": "L",
    "n": "N",
    "m": "M",
    "s": "S",
    "p": "P",
    "c": "C",
    "r": "R",
}


# --- what stands in the typed tree ---------------------------------------------------------------------


def index_of(program: Program, number: int, size: Dim) -> Index:
    """The index with the letter that was typed: of two that share it one alone is in scope."""
    return Index(program.bounds[number].letter, size)


def array_of(family: Family, shape: tuple[Dim, Dim], sizes: tuple[Dim, ...], taken: Collection[str]) -> Declaration:
    """The array that holds all members: a vector of numbers, a matrix with vectors as rows, stacked matrices."""
    if family.declared is not None:
        return family.declared
    base = family.member.base
    rows, cols = shape
    own = () if rows.is_one and cols.is_one else (rows,) if cols.is_one else (rows, cols)
    names = [*([_capital(base)] if len(own) == 1 else []), base, f"{base}_all"]
    name = next(n for n in names if n not in taken)
    axes = (*sizes, *own)
    kind = ("vector", "matrix", "array")[min(len(axes), 3) - 1]
    return Declaration(name, kind, axes, of_members(family), True)


def of_members(family: Family) -> tuple[str, ...]:
    """What is declared of every member."""
    own = family.data
    if not isinstance(own, Declaration):
        return ()
    return tuple(sorted({*own.structure} - ({"integer"} if family.sizes else set())))


def use_of(
    program: Program, family: Family, member: Member, array: str, sizes: tuple[Dim, ...], ranges: Mapping[int, Dim]
) -> Use:
    """Where a member stands in its array."""
    axes: list[Axis] = []
    for place, size, before in zip(member.places, sizes, family.before, strict=True):
        if place.bound is None:
            start = Dim.of(place.last or 0) + place.offset - 1 + before
            axes.append(Axis(None, start, size))
            continue
        start = Dim.of(program.bounds[place.bound].before + place.offset + before)
        axes.append(Axis(index_of(program, place.bound, ranges[place.bound]), start, size))
    return Use(array, tuple(axes), member.base, tuple(_shown(program, place) for place in member.places))


def _shown(program: Program, place: Place) -> str:
    """t+1, i, 1 or T"""
    named = place.last if place.bound is None else program.bounds[place.bound].letter
    return f"{named}{place.offset:+d}" if named and place.offset else named or str(place.offset)
