"""Which readings are taken: where a letter may be read against its convention, and where the author has to be asked.

A name that is read against its letter without need is refused: in x y of two letters of vectors one would have to be a
number. Where only a number fits (1 / x, x^2), where a letter of numbers stands in front (t A), or where another place
shows it (y in x y + y^2), it is taken, with a note.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cached_property

from matcalc.language.chains import BY_FORM
from matcalc.language.items import Program
from matcalc.language.kind_inference import Kinds, Strain
from matcalc.language.kinds import COLUMN, MATRIX, SCALAR, Letter
from matcalc.language.surface import walk

__all__ = ["refused"]


def refused(program: Program, kinds: Kinds) -> dict[int, int]:
    """Names whose reading is not taken, each with the first item that needs it."""
    if not kinds.strains and not kinds.coefficients.chains:
        return {}
    judge = _Judge(program, kinds)
    found: dict[int, int] = {}
    for strain in kinds.strains:
        if _REFUSES[program.items[strain.item].kind](judge, strain):
            found.setdefault(strain.name, strain.item)
    if not found and _may_be_called(program):
        against = (name for name in judge.shown if program.usual(name) != SCALAR)
        found.update({s.name: s.item for s in kinds.strains} or dict.fromkeys(against, program.root))
    return found


def _may_be_called(program: Program) -> bool:
    """Whether a name touches a bracket in which it does not stand: f(x) may be a function, and its letters tell nothing."""
    for item in program.items:
        if item.kind == "multiply":
            name, bracket = (program.items[c].node for c in item.children)
            if (
                name.kind == "name"
                and name.value not in _COUNTS
                and program.text[name.span[1] : bracket.span[0] + 1] in ("(", r"\left(")
            ):
                if not any(part.kind == "name" and part.value == name.value for part in walk(bracket)):
                    return True
    return False


#: Names before a bracket that are never those of functions.
_COUNTS = ("n", "N")


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
                    if of[place] == SCALAR:
                        yield from ((n, index) for n in (part.group if part.bare is None else (part.bare,)))
        for chain in self.kinds.coefficients.chains:
            if of[chain.top] == SCALAR and not any(self.kinds.coefficients.unsettled(chain, of)):
                yield from ((n, chain.top) for f in chain.factors[: chain.front] for n in f.names or ())

    def is_doubtful(self, name: int) -> bool:
        """Whether another letter of vectors would be a number, too, or the name divides an array: dx / dy, x / (2 y)."""
        return bool(self._factors - {name}) or name in self._dividing_arrays

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
            new = [c for c in self.items[divisors.pop()].children if c not in seen]
            seen.update(new)
            divisors.extend(new)
        return {self.items[i].data for i in seen if self.items[i].kind == "variable"}

    def is_factor_of_array(self, index: int) -> bool:
        """Whether the item stands in a product that is an array."""
        parent = self.kinds.coefficients.parents.get(index)
        return parent is not None and self.items[parent].kind == "multiply" and self.kinds.of[parent] != SCALAR


def _product(judge: _Judge, strain: Strain) -> bool:
    """Numbers stand in front: t A, not A B x of a number B; a matrix of a Greek letter is known as one, rho log(rho)."""
    letter, kind = judge.letter(strain), judge.kind(strain)
    item = judge.items[strain.item]
    if kind != SCALAR:
        return letter.usual == COLUMN if kind == MATRIX else judge.kinds.of[strain.item] != SCALAR
    if item.is_at:
        return True
    if judge.is_shown(strain) or letter.may_count:
        return False
    if letter.usual == MATRIX:
        return True
    return any(judge.kinds.of[c] != SCALAR for c in item.children) or judge.is_doubtful(strain.name)


def _quotient(judge: _Judge, strain: Strain) -> bool:
    """x / y of two vectors has rather lost its dot, A / B is a solution elsewhere."""
    above, below = judge.items[strain.item].children
    letter = judge.letter(strain)
    if judge.is_shown(strain) or letter.may_count:
        return False
    if letter.usual == MATRIX:
        return judge.kinds.coefficients.forms.level[above] < BY_FORM
    numerator = judge.items[above].bare
    return (numerator is not None and numerator != judge.items[below].bare) or judge.is_doubtful(strain.name)


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
