"""Letters for the indices that are summed over, and members of families by their names: x_i for X^T e_i.

What is made here is for the printer only: in its sums the indices are called by letters, and its members are variables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from fractions import Fraction
from itertools import pairwise
from string import ascii_lowercase
from typing import NamedTuple

from matcalc.expr import (
    Dim,
    Index,
    Node,
    apply,
    combine,
    content,
    factors,
    hadamard,
    in_order,
    mask,
    matmul,
    outside_of_sums,
    perturbation,
    postorder,
    power,
    rebuild,
    reindex,
    scaled,
    terms,
    transpose,
    variable,
)
from matcalc.expr.node import make
from matcalc.language.words.indices import index_words
from matcalc.language.words.names import spelled
from matcalc.printing.reading.places import column_place, condition_of, row_place
from matcalc.printing.reading.spelling import Sum
from matcalc.printing.style import Style

__all__ = ["Opened", "opened"]

#: Sizes whose index has a letter of its own.
_OF_SIZE = {"K": "k", "T": "ts", "L": "l"}
_USUAL = "ijlpqr"
#: Letters that mean something else before others.
_LAST = "de"


class Opened(NamedTuple):
    """An expression for the printer.

    Attributes:
        node: with letters for its indices, and variables for its members.
        typed: the sums that were typed, with members, too.
        shown: the letters whose range no member tells.
    """

    node: Node
    typed: tuple[Sum, ...]
    shown: frozenset[str] = frozenset()


def opened(root: Node, style: Style) -> Opened:
    """The expression with letters and members, in the letters that were typed."""
    if not _depends_on_indices(root):
        return Opened(root, style.typed)
    opening = _Opening(root, style)
    root = opening.with_free_letters(root)
    node = opening.of(root, root.free)
    typed = tuple(tuple((opening.of(t, t.free), c) for t, c in terms_) for terms_ in style.typed)
    return Opened(node, typed, frozenset(opening.bound - opening.told))


def _depends_on_indices(root: Node) -> bool:
    known: bool | None = root.cache.get("has indices")
    if known is None:
        known = root.cache["has indices"] = any(node.op == "at" for node in postorder(root))
    return known


# --- letters and members --------------------------------------------------------------------------------


class _Opening:
    """Opens the sums of one printed expression."""

    def __init__(self, root: Node, style: Style) -> None:
        nodes = postorder(root)
        names = {str(n.data[0]) for n in nodes if n.op in ("variable", "perturbation")}
        sizes = {name for n in nodes for dim in n.shape for name in dim.names}
        self.names = names | style.told_from
        self.used = {letter for name in self.names for letter in (name, *"".join(name.split("_")[1:]))} | sizes
        self.members = {name: member for name in names if (member := self._member(name)) is not None}
        self.used.update(self.members.values())
        self.indexed = _indexed(nodes)
        self.families = style.families
        self.typed = [index for typed in style.typed for t, _ in typed for index in in_order(t.free)]
        #: Size -> the letters that its indices have.
        self.letters: dict[Dim, list[str]] = {}
        #: Letters of sums, and those of them that stand at a member.
        self.bound: set[str] = set()
        self.told: set[str] = set()

    def _member(self, name: str) -> str | None:
        """The name of a row of a matrix, as a column: x of X."""
        low = name.lower()
        if len(name) == 1 and name.isascii():
            return low if low == name or low not in self.names else None
        return name if low == name else None

    def with_free_letters(self, root: Node) -> Node:
        """The body of a sum, alone: letters for its free indices that are numbers."""
        return reindex(root, self._lettered(in_order(root.free), root.free))

    def of(self, root: Node, scope: Set[Index]) -> Node:
        """The expression within the scope of these indices."""
        memo: dict[Node, Node] = {}
        for node in outside_of_sums(root):
            row = _ROWS.get(node.op)
            memo[node] = row(self, node, memo, scope) if row else _again(node, memo)
        return memo[root]

    def sum_(self, node: Node, scope: Set[Index]) -> Node:
        """A sum with letters for its indices."""
        names = self._lettered(node.data, scope | node.args[0].free)
        over = tuple(names.values())
        self.bound.update(str(index.name) for index in over)
        return _summed(over, self.of(reindex(node.args[0], names), scope | set(over)))

    def _lettered(self, indices: Iterable[Index], scope: Set[Index]) -> dict[Index, Index]:
        names: dict[Index, Index] = {}
        for index in indices:
            taken = {str(other.name) for other in (*scope, *names.values())}
            names[index] = index if isinstance(index.name, str) else Index(self._letter(index.size, taken), index.size)
        return names

    def _letter(self, size: Dim, taken: Set[str]) -> str:
        given = self.letters.setdefault(size, [])
        known = next((letter for letter in given if letter not in taken), None)
        if known is not None:
            return known
        others = {letter for letters in self.letters.values() for letter in letters}
        free = [letter for letter in self._candidates(size) if letter not in taken | self.used]
        given.append(next((letter for letter in free if letter not in others), free[0]))
        return given[-1]

    def _candidates(self, size: Dim) -> Iterator[str]:
        yield from (str(index.name) for index in self.typed if index.size == size)
        yield from (letter for name in size.names for letter in _OF_SIZE.get(name, ""))
        yield from _USUAL
        yield from (letter for letter in ascii_lowercase if letter not in _LAST)
        yield from (f"i{number}" for number in range(1, 1000))

    # --- products ---

    def product(self, node: Node, memo: Mapping[Node, Node], scope: Set[Index]) -> Node:
        """A product with its members."""
        inside = _of_entrywise(node.args)
        if inside is not None:
            return self.of(inside, scope)
        found: list[Node] = []
        place = 0
        while place < len(node.args):
            member, taken = self._member_at(node.args, place) or (memo[node.args[place]], 1)
            found.append(member)
            place += taken
        self._tell(node.args)
        if len(found) == len(node.args) and all(a is b for a, b in zip(found, node.args, strict=True)):
            return node
        return matmul(*found)

    def _tell(self, chain: Sequence[Node]) -> None:
        """An index has the range of the rows or columns that it picks."""
        for first, second in pairwise(chain):
            for unit, other in ((first.T, second), (second, first)):
                if unit.op == "at" and other.upright.op not in ("at", "selector", "mask"):
                    self.told.add(str(unit.data[0].name))

    def _member_at(self, chain: Sequence[Node], start: int) -> tuple[Node, int] | None:
        """An entry or member that begins at this factor, and how many factors it takes."""
        row = row_place(chain, start)
        middle = start + (row[1] if row else 0)
        if middle >= len(chain) or (array := chain[middle].upright).op not in ("variable", "perturbation"):
            return None
        turned = chain[middle].op == "transpose"
        column = column_place(chain, middle + 1) if middle + 1 < len(chain) else None
        if array.data[0] not in self.indexed and not any(
            f.free for f in (*chain[start:middle], *chain[middle + 1 :][:2])
        ):
            return None
        taken = middle - start + 1
        if row and (column or array.is_column):
            places = [row[0]] if column is None else [column[0], row[0]] if turned else [row[0], column[0]]
            return _with(_entry(array, places), taken + (column[1] if column else 0))
        if column and array.is_column and turned:
            return _with(_entry(array, [column[0]]), taken + column[1])
        if row and not turned:
            return _with(self._row(array, row[0]), taken, transpose)
        if column and (turned or transpose(array) is array):
            return _with(self._row(array, column[0]), taken + column[1])
        return None

    def _row(self, array: Node, place: str) -> Node | None:
        """x_i of X"""
        name = str(array.data[0])
        is_family = not array.is_square if self.families is None else name in self.families
        if not is_family or name not in self.members:
            return None
        return _named(array, self.members[name], place, (array.cols, Dim.of(1)))


def _with(member: Node | None, taken: int, turn: Callable[[Node], Node] = lambda node: node) -> tuple[Node, int] | None:
    return None if member is None else (turn(member), taken)


def _indexed(nodes: Iterable[Node]) -> frozenset[str]:
    """The names of the arrays that have an index somewhere: x_1 stands beside x_i, but X[1, :] alone."""
    chains = [n.args for n in nodes if n.op == "matmul" and n.free]
    arrays = (f.upright for chain in chains for f in chain if f.upright.op in ("variable", "perturbation"))
    return frozenset(str(array.data[0]) for array in arrays)


def _entry(array: Node, places: Sequence[str]) -> Node | None:
    """W_ij, y_i"""
    together = "".join(places) if all(place in ascii_lowercase for place in places) else ",".join(places)
    return _named(array, str(array.data[0]), together, (Dim.of(1), Dim.of(1)))


def _named(array: Node, name: str, place: str, shape: tuple[Dim, Dim]) -> Node | None:
    """The variable called by name and place; none where the name has an index itself."""
    parts = spelled(name)
    words = None if "*" in place else index_words(place)
    if parts.below or parts.above or words is None:
        return None
    member = variable(f"{name}_{words}", shape)
    return member if array.op == "variable" else perturbation(member, array.data[1])


def _of_entrywise(chain: Sequence[Node]) -> Node | None:
    """tanh(u_i) for e_i^T tanh(u), tanh(A^T x_i) for tanh(X A)^T e_i"""
    rows, columns = _units(chain)
    inside = chain[len(rows) : len(chain) - len(columns)]
    if len(inside) != 1 or not any(f.free for f in (*rows, *columns)):
        return None
    array = inside[0].upright
    if inside[0].op == "transpose":
        rows, columns = tuple(f.T for f in reversed(columns)), tuple(f.T for f in reversed(rows))
    if array.op == "apply":
        found = apply(array.data[0], *(_picked(rows, u, columns) for u in array.args))
    elif array.op == "power":
        found = hadamard(*(power(_picked(rows, b, columns), e) for b, e in factors(array)))
    else:
        return None
    return transpose(found) if inside[0].op == "transpose" else found


def _picked(rows: Sequence[Node], array: Node, columns: Sequence[Node]) -> Node:
    return array if array.is_scalar else matmul(*rows, array, *columns)


def _units(chain: Sequence[Node]) -> tuple[tuple[Node, ...], tuple[Node, ...]]:
    """The factors at the start and at the end that pick a row and a column."""
    row = row_place(chain)
    count = row[1] if row else 0
    column = next(
        (c for k in (2, 1) if k < len(chain) and (c := column_place(chain, len(chain) - k)) and c[1] == k), None
    )
    return tuple(chain[:count]), tuple(chain[len(chain) - (column[1] if column else 0) :])


# --- sums ---------------------------------------------------------------------------------------------


def _again(node: Node, memo: Mapping[Node, Node]) -> Node:
    return rebuild(node, tuple(memo[a] for a in node.args)) if node.args else node


def _joined(opening: _Opening, node: Node, memo: Mapping[Node, Node], scope: Set[Index]) -> Node:
    """Σ_i (a_i + b_i) for Σ_i a_i + Σ_i b_i, which the kernel keeps apart."""
    unequal = _unequal(node)
    if unequal is not None:
        return unequal
    again = [(t, c * d) for term, c in terms(node) for t, d in terms(memo[term])]
    found: dict[frozenset[Index], list[tuple[Node, Fraction]]] = {}
    for term, c in again:
        if term.op == "total":
            found.setdefault(frozenset(term.data), []).append((term, c))
    if all(len(group) < 2 for group in found.values()):
        return _again(node, memo)
    rest = [(t, c) for t, c in again if t.op != "total"]
    for group in found.values():
        rest.append((_summed(group[0][0].data, combine(((t.args[0], c) for t, c in group), node.shape)), Fraction(1)))
    return combine(rest, node.shape)


def _unequal(node: Node) -> Node | None:
    """[i != j] for 1 - [i = j]"""
    pairs = [(condition_of(t.args) if t.op == "matmul" else None, t, c) for t, c in terms(node)]
    found = next(((t, c) for relation, t, c in pairs if relation and relation[1] == "="), None)
    if found is None or len(pairs) != 2 or not any(t.op == "ones" and c == -found[1] for _, t, c in pairs):
        return None
    rows, columns = _units(found[0].args)
    return scaled(-found[1], matmul(*rows, mask("off_diagonal", rows[-1].cols, columns[0].rows), *columns))


def _summed(indices: tuple[Index, ...], body: Node) -> Node:
    """The sum with these letters, its coefficient in front."""
    c, primitive = content(body)
    return scaled(c, _with_transpose(indices, primitive))


def _with_transpose(indices: tuple[Index, ...], body: Node) -> Node:
    """The sum with its transpose beside it, which would else be built anew with numbers for its indices."""
    node = make("total", (body,), indices, body.shape)
    if not (node.is_column or node.is_row) and "transpose" not in node.cache:
        mirror = make("total", (transpose(body),), indices, (node.cols, node.rows))
        node.cache["transpose"] = mirror
        mirror.cache.setdefault("transpose", node)
    return node


_ROWS: dict[str, Callable[[_Opening, Node, Mapping[Node, Node], Set[Index]], Node]] = {
    "total": lambda opening, node, memo, scope: opening.sum_(node, scope),
    "matmul": _Opening.product,
    "add": _joined,
}
