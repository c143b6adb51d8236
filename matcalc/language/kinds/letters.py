"""Names that are read against their letter: where that needs a declaration, and what it costs before.

A name in a product keeps the kind of its letter unless a sum, a divisor or an exponent says otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from matcalc.expr import ONE
from matcalc.language import prices
from matcalc.language.evidence.chains import BY_FUNCTION
from matcalc.language.evidence.coefficients import Coefficients
from matcalc.language.kinds.kinds import COLUMN, MATRIX, ROW, SCALAR, is_entrywise, matching
from matcalc.language.meaning.items import Item, Program

__all__ = ["against", "may_be_row", "may_be_scalar", "stand_among_letters", "turned"]


Against = Iterator[tuple[int, tuple[int, ...]]]


def turned(item: Item) -> int:
    """What the transpose of a number costs: of a letter, or of a whole formula in brackets."""
    return prices.FORMULA_TRANSPOSED if item.bare is None else prices.SCALAR_TRANSPOSED


def against(coefficients: Coefficients, index: int, kinds: Sequence[int]) -> Against:
    """Operands that are names, or sums of names, read against their letter: (operand, names).

    Whether what stands in front of a product may be a number, its end tells.
    """
    program = coefficients.program
    rule = _RULES.get(program.items[index].kind)
    if rule is None:
        return
    for operand, names in rule(coefficients, index, kinds):
        if not all(program.letters[n].indices for n in names):  # members are numbers as often as vectors
            yield operand, names


def _in_product(coefficients: Coefficients, index: int, kinds: Sequence[int]) -> Against:
    """A number before a name tells nothing, and of a transpose that itself says what stands against the letter."""
    program = coefficients.program
    item = program.items[index]
    if kinds[1] == MATRIX and index in program.quadratics.between:
        return
    if is_transposed_name(program.items, item) or any(program.items[c].kind == "number" for c in item.children):
        return
    if item.is_at and SCALAR in kinds:
        yield from _numbers_at(program, item, kinds)
    if SCALAR in kinds and tuple(kinds) != (SCALAR, SCALAR):
        yield from _powers_in_product(program, item)
    front = coefficients.front_of(index)
    for child, kind in zip(item.children, kinds, strict=True):
        part = program.items[child]
        outer = tuple(kinds) == (COLUMN, ROW)
        if (kind != SCALAR or child not in front) and (outer or not is_transposed_name(program.items, part)):
            names = (part.bare,) if part.bare is not None else part.group
            if kind == SCALAR and any(n in coefficients.counts or n in coefficients.plain for n in names):
                continue
            if kind == COLUMN and coefficients.dotted.issuperset(names):
                continue
            if names and all(_is_against(program.usual(n), kind) for n in names):
                yield child, names


def _powers_in_product(program: Program, item: Item) -> Against:
    """A x^2 was rather meant entry by entry."""
    for child in item.children:
        for place, names in _power_of_array(program, child, SCALAR):
            if not any(program.letters[n].may_count for n in names):
                yield place, names


def _in_power(coefficients: Coefficients, index: int, kinds: Sequence[int]) -> Against:
    program = coefficients.program
    base, exponent = program.items[index].children
    name = program.items[exponent].bare
    if name is not None and program.usual(name) == MATRIX:
        yield exponent, (name,)
    group = program.items[base].group
    if not group and program.items[base].bare is None and not _makes_array(program.items[base]):
        group = _letters_below(program, base)
    if kinds[0] == MATRIX and group and not any(program.usual(n) == MATRIX for n in group):
        yield base, group
    if kinds[0] != SCALAR or not _power_of_letter(program, program.items[index]):
        yield from _alone(program, base, kinds[0])


def _makes_array(item: Item) -> bool:
    """Whether it is diag(x) and the like: a call that is not made entry by entry."""
    return item.kind == "call" and not is_entrywise(item.node.value, len(item.children))


#: Larger expressions are not looked through for letters.
LARGEST = 60


#: What other arrays are made of, and what numbers are made of from arrays.
_ARRAYS = frozenset("identity bound open block".split())
_NUMBERS = _ARRAYS | frozenset("transpose inner call norm bars entry".split())


def _letters_below(program: Program, index: int, beside: frozenset[str] = _ARRAYS) -> tuple[int, ...]:
    """The undeclared names of an expression, none where other arrays stand in it."""
    found: set[int] = set()
    pending = [index]
    for _ in range(LARGEST):
        if not pending:
            return tuple(sorted(found))
        item = program.items[pending.pop()]
        if item.kind in beside or (item.kind == "variable" and item.bare is None):
            return ()
        if item.kind == "variable" and item.bare is not None:
            found.add(item.bare)
        pending += item.children
    return ()


def _in_quotient(coefficients: Coefficients, index: int, kinds: Sequence[int]) -> Against:
    """x / n is a vector over a scalar, not a scalar x; in 1 / x the letter stands for a vector."""
    program = coefficients.program
    above, below = program.items[index].children
    if program.items[below].bare is None:
        return
    if above not in coefficients.front_of(index) and not _are_capitals(program, above, below):
        yield from _alone(program, above, kinds[0])
    if not may_be_scalar(program, below):
        yield from _alone(program, below, kinds[1])


def _are_capitals(program: Program, above: int, below: int) -> bool:
    """S / K: of two capitals the one below is a number, and so is the other."""
    return all((bare := program.items[c].bare) is not None and program.usual(bare) == MATRIX for c in (above, below))


def _in_transpose(coefficients: Coefficients, index: int, kinds: Sequence[int]) -> Against:
    program = coefficients.program
    (child,) = program.items[index].children
    name = program.items[child].bare
    if name is None or kinds[0] not in (SCALAR, MATRIX):
        return
    if kinds[0] == SCALAR or program.usual(name) == COLUMN:
        yield child, (name,)


def _in_call(coefficients: Coefficients, index: int, kinds: Sequence[int]) -> Against:
    """sum(s^2) was rather meant entry by entry, and sin(t) of a number or a vector."""
    program = coefficients.program
    item = program.items[index]
    if is_entrywise(item.node.value, len(kinds)):
        for child, kind in zip(item.children, kinds, strict=True):
            if kind == MATRIX:
                yield from _alone(program, child, kind)
                part = program.items[child]
                if part.kind == "divide" and _are_capitals(program, *part.children):
                    yield child, tuple(b for c in part.children if (b := program.items[c].bare) is not None)
        return
    signature = matching(item.data, kinds)
    if signature is None:
        return
    for child, kind, parameter in zip(item.children, kinds, signature.parameters, strict=False):
        if parameter.kind == "array" and parameter.shape not in ((ONE, ONE), signature.result):
            yield from _power_of_array(program, child, kind)


def _in_norm(coefficients: Coefficients, index: int, kinds: Sequence[int]) -> Against:
    return _power_of_array(coefficients.program, coefficients.program.items[index].children[0], kinds[0])


def _in_exponential(coefficients: Coefficients, index: int, kinds: Sequence[int]) -> Against:
    """e^x is that of a number; e^A was rather meant of the matrix."""
    program = coefficients.program
    (child,) = program.items[index].children
    names = tuple(n for n in coefficients.forms.names[child] or () if program.usual(n) != SCALAR)
    if kinds[0] == SCALAR and names:
        yield child, names


def _in_bars(coefficients: Coefficients, index: int, kinds: Sequence[int]) -> Against:
    (child,) = coefficients.program.items[index].children
    is_length = kinds[0] == COLUMN and coefficients.program.items[child].bare in coefficients.lengths
    if not is_length and not may_be_scalar(coefficients.program, child):
        yield from _alone(coefficients.program, child, kinds[0])


def _in_entry(coefficients: Coefficients, index: int, kinds: Sequence[int]) -> Against:
    item = coefficients.program.items[index]
    if item.node.value == ("all", "all"):  # w_{ij} of a sum over i and j
        return iter(())
    return _alone(coefficients.program, item.children[0], kinds[0])


def _alone(program: Program, child: int, kind: int) -> Against:
    name = program.items[child].bare
    if name is not None and _is_against(program.usual(name), kind):
        yield child, (name,)


def _is_against(usual: int, kind: int) -> bool:
    """A letter of scalars may be one of vectors, and a vector a row."""
    return kind != usual and not (kind in (COLUMN, ROW) and usual in (SCALAR, COLUMN, ROW))


def _numbers_at(program: Program, item: Item, kinds: Sequence[int]) -> Against:
    """In NumPy @ is a product of arrays."""
    for child, kind in zip(item.children, kinds, strict=True):
        bare = program.items[child].bare
        if kind == SCALAR and bare is not None and program.usual(bare) != SCALAR:
            yield child, (bare,)


def is_transposed_name(items: Sequence[Item], item: Item) -> bool:
    """x^T, perhaps with a sign and numbers before it"""
    while item.bare is not None and item.kind in ("negate", "multiply"):
        item = items[next(c for c in item.children if items[c].bare is not None)]
    return item.bare is not None and item.kind == "transpose"


def may_be_row(items: Sequence[Item]) -> set[int]:
    """Names in a sum with a row, x^T or w^T X, that stand nowhere but in sums."""
    found: set[int] = set()
    elsewhere: set[int] = set()
    for item in items:
        names = {bare for c in item.children if (bare := items[c].bare) is not None}
        if item.kind == "add":
            rows = [items[c] for c in item.children if _begins_with_row(items, items[c])]
            if rows:
                found |= names
            elsewhere |= {part.bare for part in rows if part.bare is not None}
        elif item.bare is None:
            elsewhere |= names
    return found - elsewhere


def _begins_with_row(items: Sequence[Item], item: Item) -> bool:
    """Whether it is the transpose of a name, or a product that one begins."""
    while item.kind in ("negate", "multiply") and not is_transposed_name(items, item):
        first, *rest = item.children
        item = items[rest[0] if rest and items[first].kind == "number" else first]
    return is_transposed_name(items, item)


def stand_among_letters(coefficients: Coefficients) -> set[int]:
    """Names that stand nowhere but in sums without a number by its form: A + b."""
    items, level = coefficients.program.items, coefficients.forms.level
    found: set[int] = set()
    elsewhere: set[int] = set()
    for item in items:
        names = {items[c].data for c in item.children if items[c].kind == "variable" and items[c].bare is not None}
        among = item.kind == "add" and all(level[c] < BY_FUNCTION for c in item.children)
        (found if among else elsewhere).update(names)
    return found - elsewhere


def may_be_scalar(program: Program, index: int) -> bool:
    bare = program.items[index].bare
    return bare is not None and program.letters[bare].may_count


def _power_of_letter(program: Program, item: Item) -> bool:
    """s^2, s^n, and x^n where n is a size: a power of a scalar."""
    base, exponent = item.children
    return program.items[exponent].kind == "dimension" or may_be_scalar(program, base)


def _power_of_array(program: Program, child: int, kind: int) -> Against:
    """A power of letters for vectors, read as a scalar where an array is expected."""
    part = program.items[child]
    if part.kind != "power" or kind != SCALAR:
        return
    base = program.items[part.children[0]]
    names = base.group if base.bare is None else (base.bare,)
    names = names or _letters_below(program, part.children[0], beside=_NUMBERS)
    if any(program.usual(n) == COLUMN for n in names):
        yield child, names


_RULES: dict[str, Callable[[Coefficients, int, Sequence[int]], Against]] = {
    "multiply": _in_product,
    "power": _in_power,
    "divide": _in_quotient,
    "transpose": _in_transpose,
    "call": _in_call,
    "norm": _in_norm,
    "bars": _in_bars,
    "exponential": _in_exponential,
    "entry": _in_entry,
}
