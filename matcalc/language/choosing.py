"""Which readings are taken: where a letter may be read against its convention, and where the author has to be asked.

A name that is read against its letter without need is refused: in x y of two letters of vectors one would have to be a
number. Where only a number fits (1 / x, x^2, |x|), where a letter of numbers stands in front (t A), or where another place
shows it (y in x y + y^2), it is taken, with a note.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from matcalc.language.chains import BY_FORM
from matcalc.language.items import Program
from matcalc.language.kind_inference import Kinds, Strain
from matcalc.language.kinds import COLUMN, MATRIX, SCALAR
from matcalc.language.surface import walk

__all__ = ["refused"]


def refused(program: Program, kinds: Kinds) -> dict[int, int]:
    """Names whose reading is not taken, each with the first item that needs it."""
    shown = set(_shown_as_numbers(program, kinds))
    found: dict[int, int] = {}
    for strain in kinds.strains:
        elsewhere = any(name == strain.name and item != strain.item for name, item in shown)
        if _REFUSES[program.items[strain.item].kind](program, kinds, strain, elsewhere):
            found.setdefault(strain.name, strain.item)
    if not found and _may_be_called(program):
        against = (n for n, _ in shown if program.usual(n) != SCALAR)
        found.update({s.name: s.item for s in kinds.strains} or dict.fromkeys(against, program.root))
    return found


def _shown_as_numbers(program: Program, kinds: Kinds) -> Iterator[tuple[int, int]]:
    """Names that a power, a divisor, an exponent, a sum or a coefficient shows to be numbers, each with its item."""
    for index, item in enumerate(program.items):
        if item.kind in ("power", "divide", "add"):
            for place in item.children[item.kind == "divide" :]:
                if kinds.of[place] == SCALAR:
                    part = program.items[place]
                    yield from ((n, index) for n in (part.group if part.bare is None else (part.bare,)))
    for chain in kinds.coefficients.chains:
        if kinds.of[chain.top] == SCALAR and not any(kinds.coefficients.unsettled(chain, kinds.of)):
            yield from ((n, chain.top) for f in chain.factors[: chain.front] for n in f.names or ())


def _may_be_called(program: Program) -> bool:
    """Whether a name touches a bracket in which it does not stand: f(x) may be a function, and its letters tell nothing."""
    for item in program.items:
        if item.kind == "multiply":
            name, bracket = (program.items[c].node for c in item.children)
            if name.kind == "name" and program.text[name.span[1] : bracket.span[0] + 1] in ("(", r"\left("):
                if not any(part.kind == "name" and part.value == name.value for part in walk(bracket)):
                    return True
    return False


def _product(program: Program, kinds: Kinds, strain: Strain, shown: bool) -> bool:
    """Numbers stand in front: t A, not A B x of a number B; a matrix of a Greek letter is known as one, rho log(rho)."""
    letter = program.letters[strain.name]
    kind = kinds.of_name(strain.name)
    if kind == MATRIX:
        return letter.usual == COLUMN
    if kind != SCALAR:
        return kinds.of[strain.item] != SCALAR
    if program.items[strain.item].node.value == "@":
        return True
    if shown or letter.may_count:
        return False
    if letter.usual == MATRIX:
        return not strain.in_front
    beside_array = any(kinds.of[c] != SCALAR for c in program.items[strain.item].children)
    return beside_array or _is_doubtful(program, kinds, strain.name)


def _quotient(program: Program, kinds: Kinds, strain: Strain, shown: bool) -> bool:
    """x / y of two vectors has rather lost its dot, A / B is a solution elsewhere."""
    above, below = program.items[strain.item].children
    letter = program.letters[strain.name]
    if shown or letter.may_count:
        return False
    if letter.usual == MATRIX:
        return kinds.coefficients.forms.level[above] < BY_FORM
    if program.items[above].bare is not None and program.items[above].bare != program.items[below].bare:
        return True
    return _is_doubtful(program, kinds, strain.name)


def _is_doubtful(program: Program, kinds: Kinds, name: int) -> bool:
    """Whether another letter of vectors would be a number, too, or the name divides an array: dx / dy, x / (2 y)."""
    numbers = {s.name for s in kinds.strains if program.items[s.item].kind in ("multiply", "divide")}
    others = {n for n in numbers - {name} if program.usual(n) == COLUMN and not program.letters[n].may_count}
    return bool(others) or any(
        item.kind == "divide"
        and kinds.of[item.children[0]] != SCALAR
        and name in _names_below(program, item.children[1])
        for item in program.items
    )


def _names_below(program: Program, index: int) -> Iterator[int]:
    """The undeclared names of an item and all that it is made of."""
    pending = [index]
    while pending:
        item = program.items[pending.pop()]
        pending.extend(item.children)
        if item.kind == "variable" and isinstance(item.data, int):
            yield item.data


def _power(program: Program, kinds: Kinds, strain: Strain, shown: bool) -> bool:
    """sum(x^2) and A x^2 were meant entry by entry; the exponent A of x^A is no number."""
    letter = program.letters[strain.name]
    if kinds.of_name(strain.name) == MATRIX:
        return letter.usual == COLUMN
    if letter.usual == COLUMN and any(_is_factor_of_array(program, kinds, strain.item)):
        return True
    return letter.usual == MATRIX and not shown and not letter.may_count


def _is_factor_of_array(program: Program, kinds: Kinds, index: int) -> Iterator[bool]:
    for parent, item in enumerate(program.items[index:], index):
        if item.kind == "multiply" and index in item.children:
            yield kinds.of[parent] != SCALAR


def _always(program: Program, kinds: Kinds, strain: Strain, shown: bool) -> bool:
    return True


_REFUSES: dict[str, Callable[[Program, Kinds, Strain, bool], bool]] = {
    "multiply": _product,
    "divide": _quotient,
    "power": _power,
    "call": lambda program, kinds, strain, shown: kinds.of_name(strain.name) == SCALAR,
    **dict.fromkeys(("bars", "transpose", "entry", "norm"), _always),
}
