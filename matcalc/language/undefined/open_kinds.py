"""Kinds and shapes of open functions: what a use demands of its arguments, and what it gives.

An undeclared function has a mode in place of a kind, which is inferred as kinds are: it is applied to every entry, or its
value is a number, a column or a matrix. Its arguments have the kinds that they have.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

from matcalc.errors import MatcalcError, ShapeError
from matcalc.expr import ONE
from matcalc.expr.canonical.open_functions import OUT
from matcalc.language import prices
from matcalc.language.declarations import Declaration
from matcalc.language.kinds.kinds import COLUMN, MATRIX, ROW, SCALAR, Letter, kind_of
from matcalc.language.meaning.items import Item, Program
from matcalc.language.signs.called.function_letters import LETTERS_OF_PAIRS
from matcalc.language.undefined.open_uses import Legs, Misuse, OpenUse, is_quantile, legs_of
from matcalc.language.words.names import INVERSE_NAME, is_greek, spelled

if TYPE_CHECKING:
    from matcalc.language.sizes.shapes import Shape, Shapes

__all__ = [
    "COLUMN_VALUE",
    "ENTRYWISE",
    "MATRIX_VALUE",
    "NUMBER",
    "legs_for",
    "misused",
    "modes",
    "open_rule",
    "open_shape",
]

Outcome = tuple[int, int] | None
T = TypeVar("T")

#: Modes of an undeclared function: applied to every entry, or the kind of its value.
ENTRYWISE, NUMBER, COLUMN_VALUE, MATRIX_VALUE = range(4)
_VALUES = {NUMBER: SCALAR, COLUMN_VALUE: COLUMN, MATRIX_VALUE: MATRIX}

# fmt: off
#: What each mode costs for a function of arrays in the unit of `letter_costs`, by its letter where the arguments are
#: made with matrices, φ(W x); and for one of plain names, V(x).
_OF_MATRICES: dict[str, tuple[int, int, int, int]] = {
    "f":       (110,   0, 200, 220),
    "g":       (  0, 100, 200, 220),
    "word":    (  0,  50, 200, 220),
    "capital": ( 40,  20, 150,  50),
    "other":   (  0,  60, 150, 200),
    "inverse": (  0, 150,  50, 150),
    "pi":      (300,  60,   0, 200),
}
_OF_COLUMNS  = ( 90,   0,  50, 100)
_OF_ENTRIES  = (  0, 100, 150, 220)
# fmt: on
#: The value of a function of numbers; columns in place of all of them come first, of which numbers are a case.
_OF_NUMBERS = {SCALAR: 10, COLUMN: 170, MATRIX: 190}
_LETTERS = {"f": "f", "ell": "f", "pi": "pi", **dict.fromkeys("g h phi psi Phi Psi N sigma".split(), "g")}
#: Letters of functions that are applied to every entry, also of one name.
_OF_EVERY_ENTRY = frozenset({"N", "sigma"})


def modes() -> dict[int, int]:
    """The modes of an undeclared function; what they cost depends on its arguments."""
    return dict.fromkeys((ENTRYWISE, NUMBER, COLUMN_VALUE, MATRIX_VALUE), 0)


def legs_for(item: Item, declared: Declaration) -> Legs:
    """The legs of a use of a declared function. Raises Misuse."""
    use: OpenUse = item.node.value
    count = use.count(len(item.node.children))
    if use.entrywise and not declared.is_entrywise:
        raise Misuse(f"{use.name} stands here for a function of numbers, not for {declared}")
    if declared.parameters and count != len(declared.parameters):
        raise Misuse(f"{use.name} takes {len(declared.parameters)}, not {count}: {declared}")
    scalars = [p.shape == (ONE, ONE) for p in declared.parameters] or [True] * count
    is_number = declared.result is None or declared.result.shape == (ONE, ONE)
    return legs_of(use, scalars, is_number, declared.is_entrywise)


def open_rule(
    program: Program, item: Item, broadcast: Callable[[Sequence[int]], Outcome]
) -> Callable[[tuple[int, ...]], Outcome]:
    """How the kinds of arguments and fillings give that of the use; ``broadcast`` is the rule of entrywise functions."""
    if isinstance(item.data, int):
        return lambda k: _undeclared(program, item, k, broadcast)
    declared: Declaration = item.data
    try:
        legs = legs_for(item, declared)
    except Misuse as misuse:
        raise misused(program.text, item, misuse) from None
    if declared.is_entrywise:
        return _of_numbers(broadcast) if declared.parameters else broadcast
    assert declared.result is not None
    wanted = {OUT: kind_of(*declared.result.shape)}
    wanted |= {i: kind_of(*p.shape) for i, p in enumerate(declared.parameters)}
    return lambda k: _outcome(item, legs, wanted, k)


def _of_numbers(broadcast: Callable[[Sequence[int]], Outcome]) -> Callable[[tuple[int, ...]], Outcome]:
    """Of a function that is declared with scalars, undeclared arguments are rather numbers."""

    def outcome(k: tuple[int, ...]) -> Outcome:
        found = broadcast(k)
        return None if found is None else (found[0], found[1] + prices.NOT_A_NUMBER * sum(kind != SCALAR for kind in k))

    return outcome


def misused(text: str, item: Item, misuse: Misuse) -> MatcalcError:
    """The error about a use that its function does not admit."""
    return ShapeError(str(misuse), code="open-function", text=text, span=item.node.span)


def _undeclared(
    program: Program, item: Item, k: Sequence[int], broadcast: Callable[[Sequence[int]], Outcome]
) -> Outcome:
    """The kind of a use in the mode that comes first among the kinds, and what that costs."""
    mode, *rest = k
    _, arguments, _ = _parts(item, rest)
    try:
        legs = _legs_in_mode(item, mode, arguments)
    except Misuse:
        return None
    if item.node.value.entrywise and mode != ENTRYWISE:
        return None
    if mode == ENTRYWISE:
        found = broadcast(rest)
    elif ROW in arguments or (mode == NUMBER and set(arguments) == {SCALAR}):
        return None
    else:
        found = _outcome(item, legs, {OUT: _VALUES[mode]} | dict(enumerate(arguments)), rest)
    return None if found is None else (found[0], found[1] + _cost(program, item, mode, arguments))


def _legs_in_mode(item: Item, mode: int, arguments: Sequence[int]) -> Legs:
    """The legs of a use of an undeclared function. Raises Misuse."""
    use: OpenUse = item.node.value
    numbers = [kind == SCALAR for kind in arguments]
    of_arrays = bool(use.signs or use.inner is not None) and not all(numbers)
    if mode == ENTRYWISE and of_arrays and any(s.kind != "∂" for s in (*use.signs, *(use.inner or ()))):
        raise Misuse(f"the gradient of {use.name} is that of a function of arrays")
    return legs_of(use, numbers, mode == NUMBER, mode == ENTRYWISE)


def _cost(program: Program, item: Item, mode: int, arguments: Sequence[int]) -> int:
    """What a mode costs by the letter of the function and by where its calls stand; charged at the first call."""
    name = program.undeclared[item.data]
    context = program.contexts[item.data]
    if item.children[0] != context.first:
        return 0
    arrays = sum(kind != SCALAR for kind in arguments)
    if is_quantile(item.node.value):
        return prices.ARRAY_AS_QUANTILE * (arrays + 2 * (mode != ENTRYWISE))
    places = item.children[1 + (item.node.value.inner is not None) :]
    if not arrays:
        return _of_numbers_cost(program, name, mode, places, in_front=context.in_front)
    costs = _OF_MATRICES[_group(name)] if context.of_matrices or _group(name) == "inverse" else _OF_COLUMNS
    costs = _OF_ENTRIES if context.in_entries or spelled(name).word in _OF_EVERY_ENTRY else costs
    times = sum(kind == COLUMN and _is_time(program, place) for kind, place in zip(arguments, places, strict=False))
    bare = [program.items[c].bare for c in places]
    if spelled(name).word == "Phi" and all(b is not None and program.usual(b) == SCALAR for b in bare):
        return costs[mode] + prices.ARRAY_AS_QUANTILE
    several = prices.SEVERAL_ARRAYS if mode == ENTRYWISE and arrays > 1 else 0
    amid = prices.NO_MATRIX_AMID if mode != MATRIX_VALUE and context.amid and _group(name) == "capital" else 0
    is_array = spelled(name).word in ("U", "V") and mode != NUMBER and not context.in_entries
    amid += prices.POTENTIAL_AS_ARRAY * is_array
    return costs[mode] + several + amid + prices.TIME_AS_COLUMN * times


def _of_numbers_cost(program: Program, name: str, mode: int, places: Sequence[int], *, in_front: bool) -> int:
    bare = [program.items[i].bare for i in places]
    is_potential = spelled(name).word in LETTERS_OF_PAIRS and None in bare  # V(|r_i - r_j|)
    of_letter = _group(name) in ("capital", "other") and not is_potential
    by_letter = Letter(name).costs if of_letter else _OF_NUMBERS
    is_array = mode == COLUMN_VALUE or (mode == MATRIX_VALUE and _group(name) != "capital")
    if is_array and spelled(name).word == "Phi" and all(b is not None and program.usual(b) == SCALAR for b in bare):
        return by_letter[_VALUES[mode]] + prices.ARRAY_AS_QUANTILE
    counts = mode != ENTRYWISE and Letter(name).may_count and in_front
    parameter = is_array and any(b is not None and _is_parameter(program.undeclared[b]) for b in bare)
    more = (prices.COLUMN_OF_PARAMETER if parameter else 0) + (prices.ARRAY_IN_FRONT if counts else 0)
    return by_letter[_VALUES.get(mode, SCALAR)] + more


def _is_parameter(name: str) -> bool:
    """Whether it is a Greek letter, but not one for a time: β in g(β) has rather as many entries as one likes."""
    return is_greek(name) and spelled(name).word != "tau"


def _group(name: str) -> str:
    """The row of `_OF_MATRICES`."""
    letter = spelled(name).word
    if name.endswith(INVERSE_NAME):
        return "inverse"
    if letter in _LETTERS:
        return _LETTERS[letter]
    if len(letter) > 1 and not is_greek(name):
        return "word"
    return "capital" if letter[0].isupper() else "other"


def _is_time(program: Program, index: int) -> bool:
    bare = program.items[index].bare
    return bare is not None and spelled(program.undeclared[bare]).word == "t"


def _outcome(item: Item, legs: Legs, wanted: Mapping[int, int], k: Sequence[int]) -> Outcome:
    held, arguments, directions = _parts(item, k)
    fits = all(kind == wanted[i] for i, kind in enumerate(arguments))
    fits = fits and all(kind == _joint(f, wanted) for f, kind in zip(legs.fillings, (*held, *directions), strict=True))
    found = _joint(legs.free, wanted)
    return (found, 0) if fits and found is not None else None


def _joint(legs: Sequence[int], kinds: Mapping[int, int]) -> int | None:
    """The kind of an array with these legs; None where a leg of a pair is a matrix."""
    if len(legs) < 2:
        return kinds[legs[0]] if legs else SCALAR
    return None if MATRIX in (kinds[leg] for leg in legs) else MATRIX


def _parts(item: Item, values: Sequence[T]) -> tuple[Sequence[T], Sequence[T], Sequence[T]]:
    """What belongs to G, to the arguments and to the directions."""
    use: OpenUse = item.node.value
    first = int(use.inner is not None)
    last = len(values) - use.directions
    return values[:first], values[first:last], values[last:]


def open_shape(shapes: Shapes, index: int, found: list[Shape]) -> Shape:
    """The shape of a use, its arguments and fillings in the shapes that the function demands."""
    item = shapes.program.items[index]
    if isinstance(item.data, int):
        legs, wanted = _demanded_of_undeclared(shapes, item)
        found = found[1:]
    else:
        declared: Declaration = item.data
        assert declared.result is not None
        legs = legs_for(item, declared)
        wanted = {OUT: declared.result.shape} | {i: p.shape for i, p in enumerate(declared.parameters)}
    held, arguments, directions = _parts(item, found)
    pairs = list(zip(arguments, (wanted[i] for i in range(len(arguments))), strict=True))
    pairs += zip((*held, *directions), (_joint_shape(f, wanted) for f in legs.fillings), strict=True)
    for actual, demanded in pairs:
        shapes.equate(actual[0], demanded[0], index)
        shapes.equate(actual[1], demanded[1], index)
    return _joint_shape(legs.free, wanted)


def _demanded_of_undeclared(shapes: Shapes, item: Item) -> tuple[Legs, dict[int, Shape]]:
    """The legs, and the shapes that all uses of the function share."""
    mode, *rest = (shapes.kinds[c] for c in item.children)
    _, arguments, _ = _parts(item, rest)
    legs = _legs_in_mode(item, mode, arguments)
    if item.data not in shapes.functions:
        shapes.functions[item.data] = {OUT: shapes.free(_VALUES[mode])} | {
            i: shapes.free(kind) for i, kind in enumerate(arguments)
        }
    return legs, shapes.functions[item.data]


def _joint_shape(legs: Sequence[int], wanted: Mapping[int, Shape]) -> Shape:
    if len(legs) < 2:
        return wanted[legs[0]] if legs else (ONE, ONE)
    return wanted[legs[0]][0], wanted[legs[1]][0]
