"""Products as chains of factors, and the names that stand in front of a number in them.

A name in front of what is a number by its form is a coefficient: C in C sum(x), n in n x^T x, (N - 1)/2 in
(N - 1)/2 logdet(S). Products are nested to the left, n x^T x is (n x^T) x, so only the whole chain shows it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import field

from matcalc.expr import ONE, Node
from matcalc.language.declarations import Declaration
from matcalc.language.kinds.kinds import SCALAR, is_entrywise, kind_of
from matcalc.language.meaning.items import Item, Program
from matcalc.language.undefined.open_uses import is_quantile
from matcalc.records import dataclass

__all__ = [
    "BY_FORM",
    "BY_FUNCTION",
    "BY_LETTERS",
    "BY_POWER",
    "Chain",
    "Factor",
    "Forms",
    "Link",
    "chains_of",
    "is_entrywise",
]

#: How sure it is that a scalar is one: by the letters of its names, as a power or a function of the entries, by its form.
BY_LETTERS, BY_POWER, BY_FUNCTION, BY_FORM = range(4)

_LEVELS = {
    "power": BY_POWER,
    "exponential": BY_FUNCTION,
    **dict.fromkeys(("norm", "inner", "bars", "entry", "call", "open", "transpose"), BY_FORM),
}
_MOST_NAMES = 6

_OF_NUMBERS = frozenset(("negate", "multiply", "divide", "power", "add"))

#: Functions whose value is a number where their argument is.
_OF_NUMBER = frozenset({"Phi", "phi", "g", "h", "psi"})

Names = tuple[int, ...] | None


class Forms:
    """What the form of each item tells, without the kinds of its names.

    `names` are the undeclared names of N, -N/2 or (N - p), () those of a number, None those of anything else; `counts` has those
    of N T / 2, too;
    `level` is how sure it is that the item, if it is a scalar, is one; `numbers` are items that nothing else can be.
    """

    def __init__(self, program: Program) -> None:
        self.names: list[Names] = []
        self.counts: list[Names] = []
        self.level: list[int] = []
        self.numbers: set[int] = set()
        for index, item in enumerate(program.items):
            self.names.append(_names_of(item, [self.names[c] for c in item.children]))
            self.counts.append(_counts_of(program, item, [self.counts[c] for c in item.children]))
            self.level.append(self._level(item))
            if (
                _is_number(item)
                or self._is_value(program, item)
                or (_is_of_numbers(item) and all(c in self.numbers for c in item.children))
            ):
                self.numbers.add(index)

    def _is_value(self, program: Program, item: Item) -> bool:
        """Whether it is the value of Φ(d_1), or of another such function, at what is a number by its letters."""
        if item.kind != "open" or not isinstance(item.data, int) or item.node.value.name not in _OF_NUMBER:
            return False
        names = [n for c in item.children[1:] for n in self.names[c] or ()]
        return bool(names) and all(program.usual(n) == SCALAR for n in names)

    def _level(self, item: Item) -> int:
        if item.constant and item.kind != "call":
            return BY_LETTERS
        least = BY_FUNCTION if _is_entrywise(item) else _LEVELS.get(item.kind, BY_LETTERS)
        return max(least, *(self.level[c] for c in item.children), BY_LETTERS)


def _names_of(item: Item, below: list[Names]) -> Names:
    match item.kind:
        case "number" | "dimension" | "constant":
            return ()
        case "variable" | "bound":
            return _of_leaf(item.data)
        case "negate":
            return below[0]
        case "multiply" if () in below:
            return below[0] if below[1] == () else below[1]
        case "divide" if below[1] == ():
            return below[0]
        case "add":
            names = {n for found in below for n in found or ()}
            return None if None in below or len(names) > _MOST_NAMES else tuple(names)
    return None


def _counts_of(program: Program, item: Item, below: list[Names]) -> Names:
    """The names of a product that stands in brackets, if all may be counts."""
    if item.kind != "multiply" or None in below or () in below:
        return _names_of(item, below)
    names = sorted({n for found in below for n in found or ()})
    is_of_counts = len(names) <= _MOST_NAMES and all(program.letters[n].may_count for n in names)
    return tuple(names) if is_of_counts else None


def _is_number(item: Item) -> bool:
    if item.kind == "call":
        return all(signature.result == (ONE, ONE) for signature in item.data)
    if item.kind == "open":
        return isinstance(item.data, int) and is_quantile(item.node.value)
    return item.kind in ("number", "dimension", "constant", "norm", "inner")


def _is_of_numbers(item: Item) -> bool:
    """Whether it is a number if all that it is made of are: sums, products, and functions as log(2 pi)."""
    return item.kind in _OF_NUMBERS or (item.kind == "call" and _is_entrywise(item))


def _is_entrywise(item: Item) -> bool:
    """Whether it is a function of the entries, one that nobody defined or another."""
    if item.kind == "open":
        return isinstance(item.data, Declaration) and item.data.is_entrywise
    return item.kind == "call" and is_entrywise(item.node.value, len(item.children))


def _of_leaf(data: Node | Declaration | int) -> Names:
    if isinstance(data, int):
        return (data,)
    return () if kind_of(*data.shape) == SCALAR else None


@dataclass(frozen=True, slots=True)
class Factor:
    """One factor of a product, or a divisor; `dotted` behind a sign of inner products."""

    index: int
    names: Names
    level: int
    divides: bool = False
    dotted: bool = False


@dataclass(slots=True)
class Chain:
    """A product f1 f2 … fk.

    `front` is the number of factors that it begins with and that are names or numbers; `top` the item of the whole product.
    """

    factors: list[Factor] = field(default_factory=list)
    front: int = 0
    top: int = 0


@dataclass(frozen=True, slots=True)
class Link:
    """One multiplication or division of a chain, by the position of its right operand."""

    chain: Chain
    position: int

    @property
    def factor(self) -> Factor:
        """The right operand."""
        return self.chain.factors[self.position]


def chains_of(program: Program, forms: Forms) -> dict[int, Link]:
    """The links of the chains that begin with names and do not end with them, by the index of their item."""
    links: dict[int, Link] = {}
    opaque = _opaque(program)
    for index, item in enumerate(program.items):
        if item.kind not in ("multiply", "divide"):
            continue
        left, right = item.children
        before = links.get(left)
        if before is None or left in opaque or _is_grouped(program.items[left]):
            chain = Chain([Factor(left, forms.counts[left], forms.level[left])])
        else:
            chain = before.chain
        divides = item.kind == "divide"
        chain.factors.append(
            Factor(right, () if divides else forms.counts[right], forms.level[right], divides, item.pairs_columns)
        )
        chain.top = index
        links[index] = Link(chain, len(chain.factors) - 1)
    for chain in {id(link.chain): link.chain for link in links.values()}.values():
        chain.front = _front(chain.factors)
    return {index: link for index, link in links.items() if _has_front(link.chain)}


def _front(factors: list[Factor]) -> int:
    """How many names and numbers a product begins with; a name before a dot and another one is an operand of the dot."""
    for i, factor in enumerate(factors):
        after = factors[i + 1] if i + 1 < len(factors) else None
        if factor.names is None or (factor.names and after and after.dotted and after.level < BY_FORM):
            return i
    return 0


def _opaque(program: Program) -> set[int]:
    """Definitions, and items that stand in several places."""
    children = Counter(c for item in program.items for c in item.children)
    return {*program.definitions.values(), *(c for c, count in children.items() if count > 1)}


def _is_grouped(item: Item) -> bool:
    """Whether a product stands in brackets."""
    return item.node.span[0] != item.node.children[0].span[0]


def _has_front(chain: Chain) -> bool:
    return any(f.names for f in chain.factors[: chain.front])
