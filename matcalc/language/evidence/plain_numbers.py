r"""Plain letters beside bold ones: where bold marks the vectors, G M m / |\mathbf r| and q \phi are products of numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

from matcalc.language.evidence.chains import BY_FORM, Forms
from matcalc.language.kinds.kinds import COLUMN, MATRIX, SCALAR, is_entrywise
from matcalc.language.words.names import is_greek

if TYPE_CHECKING:
    from matcalc.language.meaning.items import Item, Program

__all__ = [
    "inner_products",
    "is_divided",
    "lengths_squared",
    "only_in",
    "plain_numbers",
    "plain_terms",
    "polynomial_letters",
]

_SET_AS_ARRAYS = frozenset({"bold", "arrow"})
#: Longer products are not looked through.
_MOST_FACTORS = 12


def plain_numbers(program: Program, forms: Forms) -> frozenset[int]:
    """The names that stand nowhere but in terms of plain letters, in a text whose vectors are bold."""
    if program.code or not any(letter.face in _SET_AS_ARRAYS for letter in program.letters):
        return frozenset()
    terms = list(plain_terms(program))
    if all(is_divided(program, forms, index) for index, _ in terms) or _holds_number(program, forms):
        return only_in(program, terms)
    return frozenset()


#: What formulas of numbers alone are made of.
_OF_NUMBERS = frozenset("add negate multiply divide power exponential call number constant variable".split())
#: Larger texts are not looked through.
_LARGEST = 200


def polynomial_letters(program: Program) -> frozenset[int]:
    """The small letters of a formula in which nothing is an array and one of them is raised: x and y in x^2 y + sin(x y), or three stand side by side."""
    items = program.items
    if program.code or len(items) > _LARGEST or not all(_is_of_numbers(program, item) for item in items):
        return frozenset()
    raised = {items[item.children[0]].bare for item in items if item.kind == "power"}
    letters = {item.data for item in items if item.kind == "variable"}
    shown = any(program.usual(n) == COLUMN and not program.letters[n].may_count for n in raised if n is not None)
    return frozenset(letters) if shown or any(_is_of_many(program, item) for item in items) else frozenset()


def _is_of_many(program: Program, item: Item) -> bool:
    """x y z: three letters of vectors side by side have no product but that of numbers."""
    names = set[int]()
    while item.kind == "multiply":
        left, right = (program.items[c] for c in item.children)
        names.update(part.bare for part in (left, right) if part.kind == "variable" and part.bare is not None)
        item = left
    return sum(program.usual(name) == COLUMN for name in names) > 2


def _is_of_numbers(program: Program, item: Item) -> bool:
    if item.kind == "variable":
        return _is_plain(program, item) and program.usual(item.data) in (SCALAR, COLUMN)
    if item.kind == "power":
        return program.items[item.children[1]].kind == "number"
    if item.kind == "call":
        return is_entrywise(item.node.value, len(item.children))
    return item.kind in _OF_NUMBERS and not (item.is_at or item.is_dot)


def only_in(program: Program, terms: Sequence[tuple[int, Sequence[int]]]) -> frozenset[int]:
    """The names of these terms that stand nowhere else."""
    inside = Counter(name for _, names in terms for name in names)
    total = Counter(item.data for item in program.items if item.kind == "variable")
    return frozenset(name for name, count in inside.items() if total[name] == count)


def plain_terms(program: Program) -> Iterator[tuple[int, Sequence[int]]]:
    """The terms of the expression that are products of plain letters, perhaps over something, each with these."""
    pairs = {pair for pair, _ in inner_products(program)}
    for index in terms_of(program):
        names = _factors(program, index, pairs)
        if names:
            yield index, names


def terms_of(program: Program) -> Iterator[int]:
    """The terms of the expression, without their signs, each once: definitions may be used many times."""
    pending, seen = [program.root], {program.root}
    while pending:
        item = program.items[index := pending.pop()]
        if item.kind in ("add", "negate"):
            pending += (child for child in item.children if child not in seen)
            seen.update(item.children)
        else:
            yield index


def _factors(program: Program, index: int, pairs: Collection[int]) -> list[int]:
    """The letters of a product of plain letters, sums of them, and numbers; none if it has other factors."""
    found, pending, steps = list[int](), [index], 0
    while pending and steps < _MOST_FACTORS:
        item, steps = program.items[place := pending.pop()], steps + 1
        if item.kind in ("add", "negate") or (item.kind == "multiply" and not item.is_dot):
            pending += item.children
        elif item.kind == "divide":
            pending.append(item.children[0])
        elif _is_plain(program, item):
            found.append(item.data)
        elif not (item.constant or place in pairs):
            return []
    return [] if pending else found


def _is_plain(program: Program, item: Item) -> bool:
    named = item.kind == "variable" and isinstance(item.data, int)
    return named and program.letters[item.data].face is None


def is_divided(program: Program, forms: Forms, index: int, least: int = BY_FORM) -> bool:
    """Whether it is divided by what is a number by its form, or as sure as this."""
    while program.items[index].kind in ("multiply", "divide"):
        left, right = program.items[index].children
        divides = program.items[index].kind == "divide" and not program.items[right].constant
        if divides and forms.level[right] >= least:
            return True
        index = left
    return False


def _holds_number(program: Program, forms: Forms) -> bool:
    """Whether a term is a number by its form, or bold letters have an inner product."""
    return any(inner_products(program)) or any(forms.level[i] >= BY_FORM for i in terms_of(program))


def inner_products(program: Program) -> Iterator[tuple[int, Sequence[int]]]:
    """The products with a dot between bold letters or sums of them, each with its letters."""
    for index, item in enumerate(program.items):
        if item.is_dot:
            sides = [_bold(program, child) for child in item.children]
            if all(sides):
                yield index, [name for side in sides for name in side]


def lengths_squared(program: Program) -> frozenset[int]:
    r"""Bold Latin letters of which only lengths and inner products are shown: |\mathbf E|^2 beside \mathbf E \cdot \mathbf B."""
    items = program.items
    squared = {i.children[0] for i in items if i.kind == "power" and items[i.children[1]].node.value == 2}
    bold = [n for i in squared if items[i].kind == "bars" for n in _bold(program, items[i].children[0])]
    total = Counter(item.data for item in items if item.kind == "variable")
    seen = Counter(bold) + Counter(name for _, names in inner_products(program) for name in names)
    latin = (name for name in bold if not is_greek(program.letters[name].name))
    return frozenset(name for name in latin if seen[name] >= total[name])


def _bold(program: Program, index: int) -> Sequence[int]:
    item = program.items[index]
    while item.kind == "multiply" and not item.is_dot and _is_number(program, item.children[0]):
        item = program.items[item.children[1]]
    names = (item.bare,) if item.bare is not None else item.group
    is_row = item.kind == "transpose"
    return names if not is_row and all(program.letters[n].face in _SET_AS_ARRAYS for n in names) else ()


def _is_number(program: Program, index: int) -> bool:
    """Whether nothing but constants and plain letters stands there, which are no capitals of matrices."""
    item = program.items[index]
    if item.kind == "variable":
        return _is_plain(program, item) and program.usual(item.data) != MATRIX
    is_made = item.kind in ("multiply", "divide", "negate", "power")
    return item.constant or (is_made and all(_is_number(program, c) for c in item.children))
