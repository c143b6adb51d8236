"""Rules: the kind of an operator from the kinds of its operands, and what that reading costs.

Costs are in hundredths of a letter that is read against the convention. A scalar broadcast in a sum costs more than a
capital letter for a scalar; what stands against the letter of a name is in `letters`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from matcalc.expr import ONE
from matcalc.functions import find
from matcalc.language import prices
from matcalc.language.evidence.chains import BY_FUNCTION
from matcalc.language.evidence.coefficients import Coefficients
from matcalc.language.evidence.exponential_kinds import Exponentials
from matcalc.language.evidence.traces import Traces
from matcalc.language.indices.binders import STACKED
from matcalc.language.kinds.entry_kinds import block_kind, broadcast, entry_kind, entrywise_power, forms_of, paired
from matcalc.language.kinds.kinds import (
    COLUMN,
    MATRIX,
    ROW,
    SCALAR,
    broadcasts,
    is_entrywise,
    matching,
    multiplied,
    result_kind,
    takes_arrays,
)
from matcalc.language.kinds.letters import against, may_be_scalar, turned
from matcalc.language.meaning.items import Item, Program
from matcalc.language.surface.tree import OF_MATRICES, OF_VALUES
from matcalc.language.undefined.open_kinds import open_rule
from matcalc.language.words.names import is_greek

if TYPE_CHECKING:
    from matcalc.language.evidence.code_kinds import CodePrices

__all__ = ["Outcome", "Rules"]


_INVERTING = frozenset({"det", "logdet", "inv", "chol"})

Outcome = tuple[int, int] | None
Rule = Callable[[tuple[int, ...]], Outcome]


class Rules:
    """The rules of a program's items."""

    def __init__(self, coefficients: Coefficients) -> None:
        self.coefficients = coefficients
        self.program = coefficients.program
        self.items = self.program.items
        #: Whether there are names without a declaration: only those are read against their letter.
        self.infers = bool(self.program.undeclared)
        self.of_code = self._prices_of_code() if self.program.code else None
        self.exponentials = Exponentials(coefficients)
        self.traces = Traces(coefficients)

    def _prices_of_code(self) -> CodePrices:
        from matcalc.language.evidence.code_kinds import CodePrices

        return CodePrices(self.coefficients)

    def of(self, index: int) -> tuple[Rule, ...]:
        """How the kinds of the operands give that of the item, in each of its meanings."""
        item = self.items[index]
        rule = _OF_STACKS[item.kind] if item.node.value == STACKED else self._rule(index, item)
        if item.kind == "bars":
            return rule, self._entries_in_bars(index), self._length_in_bars(index)
        link = self.coefficients.links.get(index) if self.infers else None
        return (rule,) if link is None else (self.coefficients.rule(index, link, rule),)

    def _strain(self, index: int, kinds: Sequence[int]) -> int:
        if self.program.code or not self.infers:
            return 0
        return prices.AGAINST_LETTER * sum(1 for _ in against(self.coefficients, index, kinds))

    def _rule(self, index: int, item: Item) -> Rule:
        fixed = [self.items[c].constant for c in item.children]
        match item.kind:
            case "multiply":
                return self._multiply(index, item)
            case "power":
                return self._raised(index, item)
            case "transpose":
                scalar = 0 if fixed[0] else turned(self.items[item.children[0]])
                return lambda k: ((k[0] >> 1) | (k[0] & 1) << 1, self._strain(index, k) + (0 if k[0] else scalar))
            case "inner":
                return lambda k: paired(k, contracted=item.node.value == ":")
            case "hadamard":
                return self._hadamard(index, fixed)
            case "hadamard_divide":
                price = self._spread(index)
                return lambda k: _plus(broadcast(k, fixed, price), self._in_code(index, k))
            case "hadamard_power":
                return lambda k: entrywise_power(k, fixed)
            case "norm":
                return lambda k: (SCALAR, prices.SCALAR_IN_NORM if k[0] == SCALAR and not fixed[0] else 0)
            case "divide":
                return lambda k: _plus(_divide(self.program, item, k), self._strain(index, k) + self._in_code(index, k))
            case "block":
                return lambda k: block_kind(k, item.node.value[1])
            case "entry":
                forms = forms_of(self.program, item)
                return lambda k: _plus(entry_kind(k[0], forms), self._strain(index, k))
            case "exponential":
                rule = self.exponentials.rule(index)
                return lambda k: _plus(rule(k), self._strain(index, k))
            case "bars":
                return lambda k: (SCALAR, self._strain(index, k)) if _square(k[0]) else None
            case "call":
                price = self._spread(index)
                return lambda k: _plus(_call(item, k, fixed, price), self._strain(index, k) + self._in_code(index, k))
            case "open":
                arguments = fixed[1:] if isinstance(item.data, int) else fixed
                return open_rule(self.program, item, lambda k: broadcast(k, arguments, prices.BROADCAST))
        return _PLAIN_RULES[item.kind]

    def _raised(self, index: int, item: Item) -> Rule:
        power = _power_of_values if item.node.value == OF_VALUES else _power
        return lambda k: _plus(power(k), self._strain(index, k) + self._exponent(item, k))

    def _hadamard(self, index: int, fixed: Sequence[bool]) -> Rule:
        price = self._spread(index)
        of_numbers = 0 if self.program.code or any(fixed) else prices.HADAMARD_OF_NUMBERS
        return lambda k: _plus(broadcast(k, fixed, price), 0 if any(k) else of_numbers)

    def _multiply(self, index: int, item: Item) -> Rule:
        if item.node.value == OF_MATRICES:
            return _multiply_matrices
        product = self._dot(index) if item.is_dot else _at if item.is_at else _multiply
        return lambda k: _plus(product(k), self._product(index, item, k))

    def _spread(self, index: int) -> int:
        """What it costs to spread a number over the entries of an array."""
        return prices.BROADCAST if self.of_code is None else self.of_code.of_entries(index)

    def _in_code(self, index: int, kinds: Sequence[int]) -> int:
        """What is less likely in code."""
        if self.of_code is None:
            return 0
        item = self.items[index]
        if item.kind == "divide":
            return self.of_code.divided(index, kinds)
        return self.of_code.along(item, kinds) if item.kind == "call" else self.of_code.over(index, kinds)

    def _exponent(self, item: Item, kinds: Sequence[int]) -> int:
        """A power with an exponent of scalar letters, K^alpha, is rather that of a number than of a matrix."""
        if not self.infers:
            return 0
        names = self.coefficients.forms.names[item.children[1]] or ()
        base = self.items[item.children[0]].bare
        if self.program.code and base is not None and kinds[0] == MATRIX and self.program.usual(base) != MATRIX:
            return prices.MATRIX_TO_LETTER
        return (
            prices.MATRIX_TO_LETTER if kinds[0] == MATRIX and any(self.program.usual(n) == SCALAR for n in names) else 0
        )

    def _entries_in_bars(self, index: int) -> Rule:
        """The absolute values of the entries: rather where an array is expected, of a column there alone."""
        if self._is_expected(index):
            return lambda k: (k[0], prices.ENTRIES_IN_BARS) if k[0] else None
        return lambda k: (k[0], prices.ENTRIES_IN_BARS_ALONE) if k[0] == MATRIX else None

    def _length_in_bars(self, index: int) -> Rule:
        """|x| of a column is its length, rather where nothing takes arrays."""
        inside = self.items[self.items[index].children[0]]
        names = inside.group if inside.bare is None else (inside.bare,)
        if names and self.coefficients.lengths.issuperset(names):
            return lambda k: (SCALAR, 0) if k[0] == COLUMN else None
        cost = prices.LENGTH_IN_BARS + (prices.LENGTH_IN_BARS_EXPECTED if self._is_expected(index) else 0)
        return lambda k: (SCALAR, cost) if k[0] == COLUMN else None

    def _is_expected(self, index: int) -> bool:
        """Whether something around the item takes arrays: a norm, a sum, a product of the entries."""
        parents = self.coefficients.parents
        while (parent := parents.get(index)) is not None:
            item = self.items[parent]
            if item.kind == "call" and not is_entrywise(item.node.value, len(item.children)):
                return True
            if item.kind in ("norm", "inner", "hadamard", "hadamard_divide", "hadamard_power"):
                return True
            index = parent
        return False

    def _product(self, index: int, item: Item, kinds: Sequence[int]) -> int:
        """x^T a and A (b + c) have a vector on the right rather than a scalar: numbers stand in front."""
        if not self.infers and self.of_code is None:
            return 0
        strain = self._strain(index, kinds)
        strain += self.program.quadratics.cost(index, kinds)
        strain += self.traces.cost(index, kinds)
        strain += prices.OUTER_INVERTED * (tuple(kinds) == (COLUMN, ROW) and self._is_inverted(index))
        if kinds[0] in (ROW, MATRIX) and kinds[1] == SCALAR and self._is_open(item.children[1]):
            return strain + prices.ARRAY_TIMES_SCALAR_LETTER
        if self.of_code is not None:
            strain += self.of_code.product(index, kinds)
            if kinds[0] == MATRIX and kinds[1] == SCALAR:
                return strain
        names = self.coefficients.forms.names[item.children[1]]
        if kinds[0] == SCALAR or kinds[1] != SCALAR or not names:
            return strain
        if all(self.program.letters[n].indices for n in names):
            return strain + prices.MEMBER_BEHIND
        if strain or all(self.program.usual(n) != SCALAR for n in names):
            return strain + prices.NUMBER_BEHIND
        if kinds[0] != COLUMN or index in self._dotted:
            return prices.ARRAY_TIMES_SCALAR_LETTER
        return prices.STEP_AS_VECTOR if self._may_be_step(item) else 0

    def _may_be_step(self, item: Item) -> bool:
        """t d, h b: letters of a step and of a number, of which the number stands rather in front."""
        left, right = (self.items[c] for c in item.children)
        if left.bare is None or right.bare is None or right.kind != "variable" or left.kind != "variable":
            return False
        step, other = (self.program.letters[part.bare] for part in (left, right) if part.bare is not None)
        return step.may_count and step.name[0].islower() and not is_greek(other.name)

    def _is_inverted(self, index: int) -> bool:
        """Whether it is what has a determinant or an inverse: that of x y^T is 0, or does not exist."""
        parent = self.coefficients.parents.get(index)
        item = self.items[parent] if parent is not None else None
        if item is None or item.kind not in ("call", "bars", "power"):
            return False
        exponent = self.items[item.children[-1]].node
        is_inverse = item.kind == "power" and exponent.kind == "negate"
        return item.kind == "bars" or is_inverse or item.node.value in _INVERTING

    def _is_open(self, index: int) -> bool:
        """Whether it is the value of an undeclared function."""
        item = self.items[index]
        return item.kind == "open" and isinstance(item.data, int)

    def _dot(self, index: int) -> Rule:
        """The inner product of columns, or a product; that of a letter of scalars and a column is rather the first.

        In a·b / (|a||b|) the lengths say that they are columns.
        """
        left, right = self.items[index].children
        measured = {self.items[left].bare, self.items[right].bare} <= self._measured or self._of_members(left, right)
        letter = self.coefficients.forms.names[left] if self.infers else None
        factor = (
            (prices.DOT_OF_NUMBER if self.items[right].kind == "variable" else prices.DOT_OF_NUMBER // 2)
            if letter
            else 0
        )
        if letter and self.coefficients.is_among_numbers(index):
            factor += prices.ARRAY_AMONG_NUMBERS

        def outcome(k: tuple[int, ...]) -> Outcome:
            if k == (COLUMN, COLUMN):
                return SCALAR, prices.DOT_OF_COLUMNS
            of_lengths = prices.DOT_OF_LENGTHS if measured and SCALAR in k else 0
            return _plus(_multiply(k), (factor if k == (SCALAR, COLUMN) else 0) + of_lengths)

        return outcome

    def _of_members(self, left: int, right: int) -> bool:
        """a_i x_i · x_j of two members, which numbers would be without a dot."""
        while self.items[left].kind == "multiply":
            left = self.items[left].children[1]
        name = self.items[right].bare
        return name is not None and name == self.items[left].bare and bool(self.program.letters[name].indices)

    @cached_property
    def _measured(self) -> set[int]:
        """The names whose lengths stand in bars."""
        bars = (item for item in self.items if item.kind in ("bars", "norm"))
        return {bare for item in bars if (bare := self.items[item.children[0]].bare) is not None}

    # Sums.

    def broadcasts(self, index: int) -> list[int]:
        """What it costs to spread each term over the entries of the others, if it is a scalar among arrays.

        Beside an identity a number was rather meant to be a multiple of it.
        """
        children = self.items[index].children
        beside_identity = any(self.items[c].kind == "identity" for c in children)
        return [self._broadcast(index, c, beside_identity) for c in children]

    def _broadcast(self, index: int, child: int, beside_identity: bool) -> int:
        """A name takes the shape of the other terms, a number by its form may show that they are numbers, too."""
        if self.items[child].constant:
            return 0
        if beside_identity:
            return prices.BROADCAST + prices.BROADCAST_BESIDE_IDENTITY
        if self.of_code is not None:
            return self.of_code.of_term(index, child)
        if self.items[child].kind == "variable":
            return prices.BROADCAST + prices.BROADCAST_OF_NAME
        is_number = index == self.objective and self.coefficients.forms.level[child] >= BY_FUNCTION
        return prices.BROADCAST + (prices.ARRAY_OBJECTIVE if is_number else 0) + self.traces.of_broadcast(index)

    @cached_property
    def _dotted(self) -> set[int]:
        """The operands of dots."""
        return {c for item in self.items if item.is_dot for c in item.children}

    @cached_property
    def objective(self) -> int | None:
        """The sum that the whole expression is, but for factors, where none of its terms is the letter of an array.

        Where one of its terms is a number by its form, all are rather numbers: an objective. In x - mean(x) they are not.
        """
        index = self.program.root
        while (item := self.items[index]).kind != "add":
            other = [c for c in item.children if not self.items[c].constant]
            if item.kind not in ("negate", "multiply", "divide") or not other:
                return None
            index = other[-1] if item.kind == "multiply" else other[0]
        names = [bare for c in item.children if (bare := self.items[c].bare) is not None]
        return None if any(self.program.usual(n) != SCALAR for n in names) else index


def _multiply(kinds: tuple[int, ...]) -> Outcome:
    kind = multiplied(*kinds)
    return None if kind is None else (kind, 0)


def _multiply_matrices(kinds: tuple[int, ...]) -> Outcome:
    return (MATRIX, 0) if kinds == (MATRIX, MATRIX) else None


def _at(kinds: tuple[int, ...]) -> Outcome:
    """In NumPy a vector is neither row nor column: x @ y is x^T y, x @ A is A^T x."""
    if kinds[0] == COLUMN and kinds[1] in (COLUMN, MATRIX):
        return (SCALAR, 0) if kinds[1] == COLUMN else (COLUMN, prices.COLUMN_AT)
    return _plus(_multiply(kinds), prices.NUMBER_AT if SCALAR in kinds else 0)


def _square(kind: int) -> bool:
    return kind in (SCALAR, MATRIX)


def _plus(outcome: Outcome, cost: int) -> Outcome:
    return None if outcome is None else (outcome[0], outcome[1] + cost)


def _power(k: Sequence[int]) -> Outcome:
    return (k[0], 0) if k[1] == SCALAR and _square(k[0]) else None


def _power_of_values(k: Sequence[int]) -> Outcome:
    """sin^2(x): of an array entry by entry."""
    return (k[0], prices.POWER_OF_VALUES if k[0] else 0) if k[1] == SCALAR else None


def _divide(program: Program, item: Item, k: Sequence[int]) -> Outcome:
    """A bare vector letter below another one is rather a forgotten dot than a scalar."""
    if k[1] != SCALAR:
        return None
    above, below = (program.items[c] for c in item.children)
    if below.bare is not None and k[0] != SCALAR and program.usual(below.bare) == COLUMN:
        similar = may_be_scalar(program, item.children[0]) or not may_be_scalar(program, item.children[1])
        if above.bare is not None and program.usual(above.bare) == COLUMN and similar:
            return None
    return k[0], prices.QUOTIENT_OF_COUNTS * (k[0] == MATRIX and _are_counts(program, above.bare, below.bare))


def _are_counts(program: Program, *names: int | None) -> bool:
    """P / N: of two capitals for numbers one is hardly a matrix."""
    return all(n is not None and program.usual(n) == MATRIX and program.letters[n].may_count for n in names)


_OF_STACKS: dict[str, Callable[[tuple[int, ...]], Outcome]] = {
    "transpose": lambda k: ((k[0] >> 1) | (k[0] & 1) << 1, prices.ARRAYS_STACKED if k[0] else 0),
    "kron": lambda k: (k[0] | k[1], 0),
}
_PLAIN_RULES: dict[str, Callable[[tuple[int, ...]], Outcome]] = {
    "negate": lambda k: (k[0], 0),
    "total": lambda k: (k[0], 0 if k[0] == SCALAR else prices.ARRAY_SUMMED),
    "kron": lambda k: (k[0] | k[1], 0 if all(k) else prices.NUMBER_IN_KRON),
    "left_divide": lambda k: (k[1], 0) if k[0] == SCALAR or (k[0] == MATRIX and k[1] & 1) else None,
}


def _call(item: Item, k: tuple[int, ...], fixed: Sequence[bool], price: int) -> Outcome:
    function = find(item.node.value)
    assert function is not None
    if broadcasts(function, len(k)):
        return broadcast(k, fixed, price)
    chosen = matching(item.data, k)
    if chosen is None:
        return None
    if not takes_arrays(function, len(k)):
        return result_kind(chosen, k), prices.FACTORIALS_OF_ENTRIES * (function.name == "factorial" and k[0] != SCALAR)
    cost = sum(
        prices.SCALAR_AS_SQUARE if p.shape[0] == p.shape[1] else prices.SCALAR_AS_ARRAY
        for kind, constant, p in zip(k, fixed, chosen.parameters, strict=True)
        if p.kind == "array" and kind == SCALAR and not constant and p.shape != (ONE, ONE)
    )
    return result_kind(chosen, k), cost
