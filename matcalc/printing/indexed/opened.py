"""Letters for the indices that are summed over, and members in the place of products with their unit columns.

What is made here is for the printer only: the engine calls the indices of sums by numbers.
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
    Shape,
    at,
    combine,
    content,
    hadamard,
    in_order,
    mask,
    matmul,
    number,
    outside_of_sums,
    postorder,
    rebuild,
    reindex,
    scale,
    scaled,
    terms,
    trace,
    transpose,
)
from matcalc.printing.indexed.blocks import meet_around, stacked, sum_as_it_stands, with_blocks
from matcalc.printing.indexed.members import Members, entry_of_entrywise, units_of
from matcalc.printing.indexed.places import MASKS, TURNED, Condition, column_place, condition_of, row_place
from matcalc.printing.reading.spelling import Sum
from matcalc.printing.style import Style
from matcalc.simplify.factoring import factored

__all__ = ["Opened", "holds_sum", "letters_for", "opened"]

#: Sizes whose index has a letter of its own.
_OF_SIZE = {"K": "kl", "T": "ts", "L": "l"}
_USUAL = "ijlpqr"
#: Letters that mean something else before others.
_LAST = "de"
#: What an index stands beside without picking from it.
_NO_ROWS = frozenset({"at", "selector", "mask"})


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
    if not (_holds("at", root) or (style.manner.members and _holds("unit", root))):
        return Opened(root, style.typed)
    opening = _Opening([root], style)
    root = opening.with_free_letters(root)
    node = opening.of(root, root.free)
    typed = tuple(tuple((opening.of(t, t.free), c) for t, c in typed) for typed in style.typed)
    return Opened(node, typed, frozenset(_not_told(node, opening.members.tells)))


def _not_told(root: Node, tells: Mapping[Node, frozenset[str]]) -> Iterator[str]:
    """The letters of sums in which no member tells their range."""
    for node in postorder(root):
        if node.op == "total":
            told = {letter for part in postorder(node.args[0]) for letter in tells.get(part, _picking(part))}
            yield from {str(index.name) for index in node.data} - told


def _picking(node: Node) -> Iterator[str]:
    """An index has the range of the rows or columns that it picks."""
    for first, second in pairwise(node.args if node.op == "matmul" else ()):
        for unit, other in ((transpose(first), second), (second, first)):
            if unit.op == "at" and other.upright.op not in _NO_ROWS:
                yield str(unit.data[0].name)


def holds_sum(root: Node) -> bool:
    """Whether there is a sum over indices in it."""
    return _holds("total", root)


def letters_for(indices: Sequence[Index], roots: Sequence[Node], style: Style) -> dict[Index, Index]:
    """Letters for indices that are numbers, as they are chosen in these expressions."""
    return _Opening(roots, style).lettered(indices, frozenset())


def _holds(op: str, root: Node) -> bool:
    known: bool | None = root.cache.get(f"holds {op}")
    if known is None:
        known = root.cache[f"holds {op}"] = any(node.op == op for node in postorder(root))
    return known


class _Opening:
    """Opens the sums of one printed expression."""

    def __init__(self, roots: Sequence[Node], style: Style) -> None:
        nodes = postorder(*roots)
        names = style.told_from.union(str(n.data[0]) for n in nodes if n.op in ("variable", "perturbation"))
        sizes = {name for n in nodes for dim in n.shape for name in dim.names}
        self.members = Members(nodes, names, style.manner.members)
        self.used = sizes.union(self.members.used, *((name, *"".join(name.split("_")[1:])) for name in names))
        self.typed = [index for typed in style.typed for t, _ in typed for index in in_order(t.free)]
        #: Size -> the letters that its indices have.
        self.letters: dict[Dim, list[str]] = {}

    def with_free_letters(self, root: Node) -> Node:
        """The body of a sum, alone: letters for its free indices that are numbers."""
        return reindex(root, self.lettered(in_order(root.free), root.free))

    def of(self, root: Node, scope: Set[Index]) -> Node:
        """The expression within the scope of these indices."""
        memo: dict[Node, Node] = {}
        for node in outside_of_sums(root):
            memo[node] = _ROWS.get(node.op, _again)(self, node, memo, scope)
        return memo[root]

    def sum_(self, node: Node, memo: Mapping[Node, Node], scope: Set[Index]) -> Node:
        """A sum with letters for its indices."""
        (body,) = node.args
        names = self.lettered(_as_read(node.data, body), scope | body.free)
        over = in_order(names.values())
        return _summed(over, self.of(reindex(body, names), scope | set(over)))

    def lettered(self, indices: Iterable[Index], scope: Set[Index]) -> dict[Index, Index]:
        """Letters for indices that are numbers, none of those in scope."""
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

    def product(self, node: Node, memo: Mapping[Node, Node], scope: Set[Index]) -> Node:
        """A product with its members."""
        inside = entry_of_entrywise(node.args)
        if inside is not None:
            return self.of(inside, scope)
        if _is_sum_of_entries(node.args) and self.members.at(node.args, 0) is None:
            return self._entries_summed(node, scope)
        stack = stacked(node.args)
        if stack is not None:
            return self.of(stack, scope)
        found = self._chain(with_blocks(node.args), memo, scope)
        return node if found == node.args else matmul(*found)

    def _entries_summed(self, node: Node, scope: Set[Index]) -> Node:
        """Σ_j W_ji for 1^T W e_i, Σ_j A_ij B_ji for e_i^T A B e_i"""
        first, *inside, last = node.args
        (index,) = self.lettered([Index(0, _summed_size(node.args))], scope).values()
        unit = at(index)
        if len(inside) == 2:
            body = hadamard(matmul(first, inside[0], unit), matmul(transpose(unit), inside[1], last))
        else:
            body = matmul(
                transpose(unit) if first.upright.op == "ones" else first, *inside, unit if last.op == "ones" else last
            )
        return _summed((index,), self.of(body, scope | {index}))

    def _chain(self, chain: tuple[Node, ...], memo: Mapping[Node, Node], scope: Set[Index]) -> tuple[Node, ...]:
        found: list[Node] = []
        place = 0
        while place < len(chain):
            factor = chain[place]
            member, taken = self.members.at(chain, place) or (memo.get(factor) or self.of(factor, scope), 1)
            found.append(member)
            place += taken
        return tuple(found)

    def trace_(self, node: Node, memo: Mapping[Node, Node], scope: Set[Index]) -> Node:
        """Σ_k tr(A_k) for tr(Σ_k A_k), and for tr(A Σ_k e_k^T ⊗ I)"""
        inside = memo[node.args[0]]
        links = node.args[0].args if node.args[0].op == "matmul" else ()
        if len(links) > 1 and meet_around(links):
            inside = matmul(*self._chain(with_blocks((*links[-1:], *links[:-1])), memo, scope))
        return _summed(inside.data, trace(inside.args[0])) if inside.op == "total" else trace(inside)


def _is_sum_of_entries(links: Sequence[Node]) -> bool:
    """1^T W e_i, e_i^T W 1 and e_i^T A B e_i"""
    first, *inside, last = links
    if not inside or any(f.upright.op != "variable" for f in inside):
        return False
    ends = {first.upright.op, last.upright.op}
    return (len(inside) == 1 and ends == {"ones", "at"}) or (len(inside) == 2 and ends == {"at"} and first.T is last)


def _summed_size(links: Sequence[Node]) -> Dim:
    if len(links) == 4:
        return links[1].cols
    return links[-1].rows if links[-1].op == "ones" else links[0].cols


def _as_read(indices: Sequence[Index], body: Node) -> list[Index]:
    """The indices as they follow one another in the first relation or entry of the body: i < j, W_ij."""
    pairs = (pair for node in outside_of_sums(body) if node.op == "matmul" for pair in _pairs(node.args))
    wanted = sorted(pairs, key=lambda pair: pair[0])[:1]
    order = list(wanted[0][1:]) if wanted else []
    names = {index: str(index.name) for index in indices}
    return sorted(indices, key=lambda index: order.index(names[index]) if names[index] in order else len(order))


def _pairs(chain: Sequence[Node]) -> Iterator[tuple[int, str, str]]:
    """(0, i, j) for [i < j], (1, i, j) for W_ij, (2, i, j) for e_i e_j^T"""
    condition = condition_of(chain)
    if condition is not None:
        left, sign, right = condition
        yield (0, right, left) if sign in (">", ">=") else (0, left, right)
    elif len(chain) == 3 and (row := row_place(chain)) and (column := column_place(chain, 2)):
        turned = chain[1].op == "transpose"
        yield (1, column[0], row[0]) if turned else (1, row[0], column[0])
    for first, second in pairwise(chain):
        if first.op == "at" and (row := row_place([second])):
            yield (2, str(first.data[0].name), row[0])


# --- sums ---------------------------------------------------------------------------------------------


def _again(opening: _Opening, node: Node, memo: Mapping[Node, Node], scope: Set[Index]) -> Node:
    return rebuild(node, tuple(memo[a] for a in node.args)) if node.args else node


def _joined(opening: _Opening, node: Node, memo: Mapping[Node, Node], scope: Set[Index]) -> Node:
    """Σ_i (a_i + b_i) for Σ_i a_i + Σ_i b_i, which the kernel keeps apart."""
    return _related(node) or _together(
        [(t, c * d) for term, c in terms(node) for t, d in terms(memo[term])], node.shape
    )


def _together(pairs: list[tuple[Node, Fraction]], shape: Shape) -> Node:
    """One sum for those with the same indices, its terms with what they share in front."""
    found: dict[frozenset[Index], list[tuple[Node, Fraction]]] = {}
    for term, c in pairs:
        if term.op == "total":
            found.setdefault(frozenset(term.data), []).append((term, c))
    for group in (group for group in found.values() if len(group) > 1):
        body = _rejoined(_taken_out(combine(((t.args[0], c) for t, c in group), shape)))
        pairs = [pair for pair in pairs if pair not in group] + [(_summed(group[0][0].data, body), Fraction(1))]
    return combine(pairs, shape)


def _taken_out(body: Node) -> Node:
    """e_i (a + b) for e_i a + e_i b, and other factors that all terms share."""
    split = [(*_split(t), c) for t, c in terms(body)]
    units = {m.args[0] for _, m, _ in split if m.op == "matmul" and m.args[0].op == "at"}
    if len(units) != 1 or not all(m.op == "matmul" and m.args[0] in units for _, m, _ in split):
        return factored(body, 1)
    rest = [(scale(s, matmul(*m.args[1:])), c) for s, m, c in split]
    return matmul(*units, factored(combine(rest, rest[0][0].shape), 1))


def _split(term: Node) -> tuple[Node, Node]:
    return (term.args[0], term.args[1]) if term.op == "scale" else (number(1), term)


def _rejoined(root: Node) -> Node:
    """Sums in what was taken together are taken together, too."""
    memo: dict[Node, Node] = {}
    for node in outside_of_sums(root):
        if node.op == "add":
            pairs = [(t, c * d) for term, c in terms(node) for t, d in terms(memo[term])]
            memo[node] = _related(node) or _together(pairs, node.shape)
        else:
            memo[node] = rebuild(node, tuple(memo[a] for a in node.args)) if node.args and node.op != "total" else node
    return memo[root]


#: relation -> whether it holds of a smaller, an equal and a larger left side
_HOLDS = {"<": (1, 0, 0), "=": (0, 1, 0), ">": (0, 0, 1), "<=": (1, 1, 0), ">=": (0, 1, 1), "!=": (1, 0, 1)}


def _related(node: Node) -> Node | None:
    """[i != j] for 1 - [i = j] and for [i < j] + [i > j]"""
    numbers, relations = Fraction(0), list[tuple[Condition, Fraction, Node]]()
    for term, c in terms(node):
        relation = condition_of(term.args) if term.op == "matmul" else None
        if relation is None and not term.is_number:
            return None
        relations += [(relation, c, term)] if relation else []
        numbers += Fraction(0) if relation else c
    if not relations or len({frozenset((left, right)) for (left, _, right), _, _ in relations}) > 1:
        return None
    (left, _, right), _, first = relations[0]
    holds = [(c, _HOLDS[sign if at == left else TURNED[sign]]) for (at, sign, _), c, _ in relations]
    values = tuple(numbers + sum(c * there[k] for c, there in holds) for k in range(3))
    for one in (1, -1):
        sign = next((s for s, there in _HOLDS.items() if values == tuple(one * v for v in there)), None)
        if sign is not None and left != right:
            return scaled(one, _condition(first.args, sign))
    return None


def _condition(links: Sequence[Node], sign: str) -> Node:
    rows, columns = units_of(links)
    pattern = () if sign == "=" else (mask(MASKS[sign], rows[-1].cols, columns[0].rows),)
    return matmul(*rows, *pattern, *columns)


def _summed(indices: tuple[Index, ...], body: Node) -> Node:
    """The sum with these letters, its coefficient in front."""
    c, primitive = content(body)
    return scaled(c, sum_as_it_stands(indices, primitive))


_ROWS: dict[str, Callable[[_Opening, Node, Mapping[Node, Node], Set[Index]], Node]] = {
    "total": _Opening.sum_,
    "matmul": _Opening.product,
    "add": _joined,
    "trace": _Opening.trace_,
}
