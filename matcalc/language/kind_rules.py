"""Rules: the kind of an operator from the kinds of its operands, and what that reading costs.

Costs are in hundredths of a letter that is read against the convention. A scalar broadcast in a sum costs more than a
capital letter for a scalar; what stands against the letter of a name is in `letters`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from matcalc.functions import find
from matcalc.language.items import Item, Program
from matcalc.language.kinds import COLUMN, MATRIX, ROW, SCALAR, broadcasts, matching, preferred, result_kind
from matcalc.language.letters import may_be_scalar, strain
from matcalc.language.open_kinds import open_rule

__all__ = ["Outcome", "rule_of", "sum_of"]

BROADCAST = 175
SCALAR_TRANSPOSED = 200
SCALAR_AS_ARRAY = 150
SCALAR_IN_NORM = 250
ARRAY_TIMES_SCALAR_LETTER = 300

Outcome = tuple[int, int] | None


def sum_of(left: int, right: int, scalars: int, constant: bool) -> Outcome:
    if left == right:
        return left, 0
    if right == SCALAR:
        return left, 0 if constant else BROADCAST
    if left == SCALAR:
        return right, scalars * BROADCAST
    return None


def _product_cost(program: Program, item: Item, kinds: Sequence[int]) -> int:
    """x^T a and A b have a vector on the right rather than a scalar."""
    second = program.items[item.children[1]]
    odd = kinds[0] in (ROW, MATRIX) and kinds[1] == SCALAR and second.kind == "variable" and second.bare is not None
    return strain(program, item, kinds) + (ARRAY_TIMES_SCALAR_LETTER if odd else 0)


def _multiply(a: int, b: int) -> Outcome:
    if a == SCALAR or b == SCALAR:
        return a | b, 0
    return ((a & 1) | (b & 2), 0) if bool(a & 2) == bool(b & 1) else None


def _square(kind: int) -> bool:
    return kind in (SCALAR, MATRIX)


def rule_of(program: Program, item: Item) -> Callable[[tuple[int, ...]], Outcome]:
    """How the kinds of the operands give that of the item."""
    fixed = [program.items[c].constant for c in item.children]
    match item.kind:
        case "multiply":
            return lambda k: _plus(_multiply(*k), _product_cost(program, item, k))
        case "power":
            return lambda k: _plus(_power(k), strain(program, item, k))
        case "transpose":
            return lambda k: (
                (k[0] >> 1) | (k[0] & 1) << 1,
                (SCALAR_TRANSPOSED if k[0] == SCALAR and not fixed[0] else 0) + strain(program, item, k),
            )
        case "inner":
            return lambda k: (SCALAR, SCALAR_IN_NORM if k[0] == SCALAR else 0) if k[0] == k[1] else None
        case "hadamard" | "hadamard_divide":
            return lambda k: _broadcast(k, fixed)
        case "hadamard_power":
            return lambda k: _hadamard_power(k, fixed)
        case "norm":
            return lambda k: (SCALAR, SCALAR_IN_NORM if k[0] == SCALAR and not fixed[0] else 0)
        case "divide":
            return lambda k: _divide(program, item, k)
        case "block":
            return lambda k: _block(k, item.node.value[1])
        case "entry":
            forms = _forms(program, item)
            return lambda k: _plus(_entry(k[0], forms), strain(program, item, k))
        case "bars":
            return lambda k: (SCALAR, strain(program, item, k)) if _square(k[0]) else None
        case "call":
            return lambda k: _call(item, k, fixed)
        case "open":
            return open_rule(program, item, lambda k: _broadcast(k, fixed))
    return _PLAIN_RULES[item.kind]


def _plus(outcome: Outcome, cost: int) -> Outcome:
    return None if outcome is None else (outcome[0], outcome[1] + cost)


def _power(k: Sequence[int]) -> Outcome:
    return (k[0], 0) if k[1] == SCALAR and _square(k[0]) else None


def _divide(program: Program, item: Item, k: Sequence[int]) -> Outcome:
    """A bare vector letter below another one is rather a forgotten dot than a scalar."""
    if k[1] != SCALAR:
        return None
    above, below = (program.items[c] for c in item.children)
    if below.bare is not None and k[0] != SCALAR and preferred(program.undeclared[below.bare]) == COLUMN:
        similar = may_be_scalar(program, item.children[0]) or not may_be_scalar(program, item.children[1])
        if above.bare is not None and preferred(program.undeclared[above.bare]) == COLUMN and similar:
            return None
    return k[0], strain(program, item, k)


_PLAIN_RULES: dict[str, Callable[[tuple[int, ...]], Outcome]] = {
    "negate": lambda k: (k[0], 0),
    "exponential": lambda k: (k[0], 0),
    "kron": lambda k: (k[0] | k[1], 0),
    "left_divide": lambda k: (k[1], 0) if k[0] == SCALAR or (k[0] == MATRIX and k[1] & 1) else None,
}


def _broadcast(k: Sequence[int], fixed: Sequence[bool]) -> Outcome:
    arrays = {kind for kind in k if kind != SCALAR}
    if len(arrays) > 1:
        return None
    scalars = sum(1 for kind, constant in zip(k, fixed, strict=True) if kind == SCALAR and not constant)
    return (arrays.pop(), scalars * BROADCAST) if arrays else (SCALAR, 0)


def _hadamard_power(k: Sequence[int], fixed: Sequence[bool]) -> Outcome:
    """The exponent is a scalar, as a rule."""
    base, exponent = k
    if exponent == SCALAR:
        return base, 0
    if base == exponent:
        return base, BROADCAST
    return (exponent, 0 if fixed[0] else BROADCAST) if base == SCALAR else None


def _block(k: Sequence[int], width: int) -> Outcome:
    """Heights agree along each row, widths down each column, as far as kinds show them."""
    rows = [k[i : i + width] for i in range(0, len(k), width)]
    if any(len({kind & 1 for kind in row}) > 1 for row in rows):
        return None
    if any(len({row[j] & 2 for row in rows}) > 1 for j in range(width)):
        return None
    tall = len(rows) > 1 or rows[0][0] & 1
    wide = width > 1 or rows[0][0] & 2
    return int(bool(tall)) + 2 * int(bool(wide)), 0


def _forms(program: Program, item: Item) -> list[str]:
    """The forms of the indices; a range of one is an entry."""
    indices = [program.items[c].data for c in item.children[1:]]
    forms: list[str] = []
    for form in item.node.value:
        taken = [indices.pop(0) for _ in range({"at": 1, "all": 0, "range": 2}[form])]
        single = form == "range" and (taken[1] - taken[0] + 1).is_one
        forms.append("at" if single else form)
    return forms


def _entry(kind: int, forms: Sequence[str]) -> Outcome:
    if len(forms) == 1:
        return ((kind if forms[0] != "at" else SCALAR), 0) if kind in (COLUMN, ROW) else None
    if kind == SCALAR:
        return None
    rows = 0 if forms[0] == "at" else kind & 1
    cols = 0 if forms[1] == "at" else kind & 2
    return rows | cols, 0


def _call(item: Item, k: tuple[int, ...], fixed: Sequence[bool]) -> Outcome:
    function = find(item.node.value)
    assert function is not None
    if broadcasts(function, len(k)):
        return _broadcast(k, fixed)
    chosen = matching(item.data, k)
    if chosen is None:
        return None
    arrays = [p.shape for p in chosen.parameters]
    cost = sum(
        SCALAR_AS_ARRAY
        for kind, constant, (rows, cols), p in zip(k, fixed, arrays, chosen.parameters, strict=True)
        if p.kind == "array"
        and kind == SCALAR
        and not constant
        and not (rows.is_one and cols.is_one)
        and not ((rows, cols) == chosen.result and rows != cols)
    )
    return result_kind(chosen, k), cost
