"""Which readings are taken: where a letter may be read against its convention, and where the author has to be asked.

A name that is read against its letter without need is refused: in x y of two letters of vectors one would have to be a
number. Where only a number fits (1 / x, x^2), where a letter of numbers stands in front (t A), or where another place
shows it (y in x y + y^2), or nothing in the text is an array and a letter is raised (y in x^2 y + sin(x y)), it is taken, with a note.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

from matcalc.errors import MatcalcError, SyntaxFault
from matcalc.functions import find
from matcalc.language.evidence.chains import BY_FORM, BY_FUNCTION
from matcalc.language.kinds.kind_inference import Kinds, Strain
from matcalc.language.kinds.kinds import COLUMN, MATRIX, SCALAR, Letter, matching, takes_arrays
from matcalc.language.meaning.items import Item, Program
from matcalc.language.surface.tree import walk
from matcalc.language.words.names import spelled

__all__ = ["called_in_doubt", "refused"]


def refused(program: Program, kinds: Kinds) -> dict[int, int]:
    """Names whose reading is not taken, each with the first item that needs it."""
    judge = _Judge(program, kinds)
    found: dict[int, int] = {}
    of_numbers = kinds.coefficients.polynomial
    for strain in kinds.strains:
        if strain.name not in of_numbers and _REFUSES[program.items[strain.item].kind](judge, strain):
            found.setdefault(strain.name, strain.item)
    for name, item in _numbers_reduced(judge):
        found.setdefault(name, item)
    return found


def _numbers_reduced(judge: _Judge) -> Iterator[tuple[int, int]]:
    """Letters of arrays that are read as numbers where their sum or norm is taken: sum(A, 2), and in products sum(x log(x))."""
    usual = judge.program.usual
    if not any(kind == SCALAR and usual(n) != SCALAR for n, kind in judge.kinds.choices[0].names.items()):
        return
    inside: set[int] = set()
    for index in range(len(judge.items) - 1, -1, -1):
        item = judge.items[index]
        if judge.kinds.of[index] != SCALAR:
            continue
        if index in inside or _takes_entries(item, [judge.kinds.of[c] for c in item.children]):
            numbers = [c for c in item.children if judge.kinds.of[c] == SCALAR]
            inside.update(numbers)
            if item.kind in ("call", "norm"):
                names = [bare for c in numbers if (bare := judge.items[c].bare) is not None]
                yield from ((n, index) for n in names if usual(n) == MATRIX and not judge.shown[n])
        if index in inside and item.kind in ("multiply", "divide"):
            for name in (judge.items[c].bare for c in item.children):
                if name is not None and judge.is_of_entries(name, index):
                    yield name, index
    yield from _functions_of_letters(judge)


def _functions_of_letters(judge: _Judge) -> Iterator[tuple[int, int]]:
    """p of sum(y log(p)) and sum((1 - y) log(1 - p)), where y is an array: both are rather multiplied entry by entry."""
    for index, item in enumerate(judge.items):
        if item.kind == "multiply" and judge.kinds.of[index] == COLUMN and judge.is_summed(index):
            for function, other in (item.children, item.children[::-1]):
                part = judge.items[function]
                if part.kind == "call" and judge.kinds.of[function] == SCALAR and _letters_of(judge.items[other]):
                    names = [name for c in part.children for name in _letters_of(judge.items[c])]
                    yield from ((n, index) for n in names if judge.is_of_function(n, index))


def _letters_of(item: Item) -> tuple[int, ...]:
    """The names that an item is, or is the sum of."""
    return item.group if item.bare is None else (item.bare,)


def _takes_entries(item: Item, kinds: Sequence[int]) -> bool:
    """Whether a sum, a mean or a norm is taken, of which a number would be no more than itself."""
    if item.kind != "call":
        return item.kind == "norm"
    function = find(item.node.value)
    if function is None or not takes_arrays(function, len(kinds)):
        return False
    chosen = matching(item.data, tuple(kinds))
    return chosen is not None and any(p.kind == "array" and p.shape[0] != p.shape[1] for p in chosen.parameters)


def called_in_doubt(program: Program, kinds: Kinds) -> MatcalcError | None:
    """The question whether f(x) is a function or a product, where a product would read letters against their convention."""
    against = [n for n, kind in kinds.choices[0].names.items() if kind == SCALAR and program.usual(n) != SCALAR]
    if not against:
        return None
    for item in program.items:
        if item.kind == "multiply" and _may_be_called(program, *item.children):
            name = program.items[item.children[0]].node
            source = program.text[slice(*name.span)]
            product = rf"{source} \cdot (…)" if "\\" in program.text else f"{source} * (…)"
            return SyntaxFault(
                f"{source} before a bracket may be a function or a factor",
                code="function-or-factor",
                text=program.text,
                span=name.span,
                hint=f"declare {name.value}: function if it is one; a product is {product}",
            )
    return None


def _may_be_called(program: Program, left: int, right: int) -> bool:
    """f(…), and p(x) of a name alone: the bracket touches the name, which does not stand in it."""
    name, bracket = program.items[left].node, program.items[right].node
    if name.kind != "name" or program.text[name.span[1] : bracket.span[0] + 1] not in ("(", r"\left("):
        return False
    inside = [part for part in walk(bracket) if part.kind not in ("transpose", "power", "number")]
    usual = re.fullmatch(r"([fghFGH]|[Pp]hi|[Pp]si)(_\w+)?", name.value) is not None
    alone = len(inside) == 1 and inside[0].kind == "name"
    return (usual or alone) and all(part.kind != "name" or part.value != name.value for part in inside)


class _Judge:
    """What the rest of the expression says of a name that is read against its letter."""

    def __init__(self, program: Program, kinds: Kinds) -> None:
        self.program = program
        self.items = program.items
        self.kinds = kinds

    def letter(self, strain: Strain) -> Letter:
        return self.program.letters[strain.name]

    def kind(self, strain: Strain) -> int | None:
        """How the name is read."""
        return self.kinds.of_name(strain.name)

    def is_shown(self, strain: Strain) -> bool:
        """Whether another place shows that the name is a number."""
        return bool(self.shown[strain.name] - {strain.item})

    @cached_property
    def shown(self) -> defaultdict[int, set[int]]:
        """The items that show names to be numbers: powers, divisors, exponents, sums and coefficients."""
        found: defaultdict[int, set[int]] = defaultdict(set)
        for name, item in self._shown():
            found[name].add(item)
        return found

    def _shown(self) -> Iterator[tuple[int, int]]:
        of = self.kinds.of
        for index, item in enumerate(self.items):
            if item.kind in ("power", "divide", "add"):
                for place in item.children[item.kind == "divide" :]:
                    part = self.items[place]
                    if of[place] == SCALAR and (item.kind != "add" or self._has_number_beside(item, place)):
                        yield from ((n, index) for n in (part.group if part.bare is None else (part.bare,)))
        for chain in self.kinds.coefficients.chains:
            if of[chain.top] == SCALAR and not any(self.kinds.coefficients.unsettled(chain, of)):
                yield from ((n, chain.top) for f in chain.factors[: chain.front] for n in f.names or ())

    def _has_number_beside(self, item: Item, place: int) -> bool:
        """Whether another term is a number by its form: neither 1 - p nor x - mu shows that p, x and mu are numbers."""
        level = self.kinds.coefficients.forms.level
        return any(level[c] >= BY_FUNCTION and not self.items[c].constant for c in item.children if c != place)

    def is_of_entries(self, name: int, item: int) -> bool:
        """Whether a letter of vectors is read as a number in this place alone, which is not that of a coefficient."""
        letter = self.program.letters[name]
        if letter.usual != COLUMN or self.kinds.of_name(name) != SCALAR or self.shown[name] - {item}:
            return False
        typed = self.program.undeclared[name]
        return not letter.may_count or sum(part.value == typed for part in walk(self.items[item].node)) > 1

    def is_summed(self, index: int) -> bool:
        """Whether the item stands in a sum or a mean of entries, perhaps beside other terms."""
        parents = self.kinds.coefficients.parents
        while (parent := parents.get(index)) is not None and self.items[parent].kind in ("add", "negate"):
            index = parent
        item = self.items[parent] if parent is not None else None
        return item is not None and _takes_entries(item, [self.kinds.of[c] for c in item.children])

    def is_of_function(self, name: int, item: int) -> bool:
        """Whether a letter of vectors that is no size is read as a number, which nothing else shows."""
        letter = self.program.letters[name]
        is_size = re.fullmatch("[jkmn]", letter.name) is not None
        return (
            letter.usual == COLUMN
            and self.kinds.of_name(name) == SCALAR
            and not is_size
            and not self.shown[name] - {item}
        )

    def is_doubtful(self, strain: Strain) -> bool:
        """Whether a letter of vectors elsewhere would be a number, too, or the name divides an array: dx / dy, x / (2 y).

        x and y of e^{-k(x - y)} are read alike.
        """
        groups = (self.items[c].group for c in self.items[strain.item].children)
        alike = next((g for g in groups if strain.name in g), (strain.name,))
        return bool(self._factors.difference(alike)) or strain.name in self._dividing_arrays

    @cached_property
    def _factors(self) -> set[int]:
        """Letters of vectors that products and quotients read as numbers."""
        names = {s.name for s in self.kinds.strains if self.items[s.item].kind in ("multiply", "divide")}
        return {n for n in names if self.program.usual(n) == COLUMN and not self.program.letters[n].may_count}

    @cached_property
    def _dividing_arrays(self) -> set[int]:
        of = self.kinds.of
        divisors = [i.children[1] for i in self.items if i.kind == "divide" and of[i.children[0]] != SCALAR]
        seen = set(divisors)
        while divisors:
            item = self.items[divisors.pop()]
            new = [
                c for c in item.children if c not in seen and item.kind != "exponential"
            ]  # e^x is of numbers elsewhere, too
            seen.update(new)
            divisors.extend(new)
        return {self.items[i].data for i in seen if self.items[i].kind == "variable"}

    def is_traced(self, index: int) -> bool:
        """Whether it is the matrix X^T X / S of which a trace is taken, before which a number would stand."""
        parent = self.kinds.coefficients.parents.get(index)
        traced = parent is not None and self.items[parent].kind == "call" and self.items[parent].node.value == "tr"
        return traced and self.kinds.of[index] == MATRIX

    def is_in_front(self, index: int) -> bool:
        """Whether 1 / Z begins a product that is a number, or one of several arrays, as nobody writes an inverse."""
        parent = self.kinds.coefficients.parents.get(index)
        constant = self.items[self.items[index].children[0]].constant
        if not constant or parent is None or self.items[parent].kind != "multiply":
            return False
        arrays = self._arrays_behind(index)
        return arrays is None or (arrays > 1 and self.items[parent].children[0] == index)

    def _arrays_behind(self, index: int) -> int | None:
        """How many arrays stand behind what begins a product; None where that is a number."""
        parents, found = self.kinds.coefficients.parents, 0
        while (parent := parents.get(index)) is not None and self.items[parent].kind == "multiply":
            found += self.kinds.of[self.items[parent].children[1]] != SCALAR
            index = parent
        return None if self.kinds.of[index] == SCALAR else found

    def is_coefficient(self, item: Item) -> bool:
        """x_1 of x_1 F_1, a small letter and a capital with one index, and a letter before a column of ones."""
        left, right = (self.items[c] for c in item.children)
        if right.kind == "call" and right.node.value in ("vector", "ones"):
            return True
        below = [spelled(p.node.value).below if p.kind == "variable" else () for p in (left, right)]
        return below[0] == below[1] != () and right.bare is not None and self.program.usual(right.bare) == MATRIX

    @cached_property
    def squares(self) -> frozenset[int]:
        """The names of which a trace or a determinant is taken."""
        calls = (i for i in self.items if i.kind == "call" and i.node.value in ("tr", "det", "logdet", "inv"))
        return frozenset(bare for i in calls if (bare := self.items[i.children[0]].bare) is not None)

    def is_factor_of_array(self, index: int) -> bool:
        """Whether the item stands in a product that is an array."""
        parent = self.kinds.coefficients.parents.get(index)
        return parent is not None and self.items[parent].kind == "multiply" and self.kinds.of[parent] != SCALAR


def _product(judge: _Judge, strain: Strain) -> bool:
    """Numbers stand in front: t A, not A B x of a number B; a matrix of a Greek letter is known as one, rho log(rho)."""
    letter, kind = judge.letter(strain), judge.kind(strain)
    item = judge.items[strain.item]
    if kind == MATRIX and strain.name in judge.squares:
        return False
    if kind != SCALAR:
        return letter.usual == COLUMN if kind == MATRIX else judge.kinds.of[strain.item] != SCALAR
    if item.is_at:
        return True
    if judge.is_coefficient(item) or judge.items[item.children[1]].kind in ("identity", "exponential"):
        return False  # x I, and A e^{-r t} below a line
    if judge.is_shown(strain) or letter.may_count:
        return False
    if letter.usual == MATRIX:
        return not judge.kinds.coefficients.is_among_numbers(strain.item)
    return any(judge.kinds.of[c] != SCALAR for c in item.children) or judge.is_doubtful(strain)


def _quotient(judge: _Judge, strain: Strain) -> bool:
    """x / y of two vectors has rather lost its dot, A / B is a solution elsewhere."""
    above, below = judge.items[strain.item].children
    letter = judge.letter(strain)
    if judge.is_shown(strain) or letter.may_count:
        return False
    if letter.usual == MATRIX:
        is_known = judge.kinds.coefficients.forms.level[above] >= BY_FORM and not judge.is_traced(strain.item)
        return not is_known and not judge.is_in_front(strain.item)
    numerator = judge.items[above].bare
    return (numerator is not None and numerator != judge.items[below].bare) or judge.is_doubtful(strain)


def _power(judge: _Judge, strain: Strain) -> bool:
    """sum(x^2) and A x^2 were meant entry by entry; the exponent A of x^A is no number."""
    letter = judge.letter(strain)
    if letter.usual == COLUMN:
        return judge.kind(strain) == MATRIX or judge.is_factor_of_array(strain.item)
    return letter.usual == MATRIX and not judge.is_shown(strain) and not letter.may_count


_REFUSES: dict[str, Callable[[_Judge, Strain], bool]] = {
    "multiply": _product,
    "divide": _quotient,
    "power": _power,
    "call": lambda judge, strain: judge.kind(strain) == SCALAR,
    "bars": lambda judge, strain: not judge.is_shown(strain),
    "exponential": lambda judge, strain: not judge.is_shown(strain) and judge.letter(strain).is_matrix,
    **dict.fromkeys(("transpose", "entry", "norm"), lambda judge, strain: True),
}
