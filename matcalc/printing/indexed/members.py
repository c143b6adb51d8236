"""Members of families by their names: x_i for X^T e_i, W_ij for e_i^T W e_j, A_k for (e_k^T ⊗ I) A.

A member is a variable here, called by its family and its places.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from string import ascii_lowercase
from typing import NamedTuple

from matcalc.expr import (
    ONE,
    Dim,
    Node,
    Shape,
    apply,
    factors,
    hadamard,
    matmul,
    of_each,
    perturbation,
    power,
    transpose,
    variable,
)
from matcalc.language.words.indices import index_words
from matcalc.language.words.names import spelled
from matcalc.printing.indexed.places import column_place, row_place

__all__ = ["Members", "entry_of_entrywise", "units_of"]

_NAMED = frozenset({"variable", "perturbation"})


class _Pick(NamedTuple):
    """What factors beside an array pick of it: a row or column, or with ``blocks`` a matrix of several."""

    places: tuple[str, ...]
    blocks: bool
    factors: int
    rows: Dim


class Members:
    """Finds members in the products of one expression.

    Attributes:
        used: the names of members of vectors: x of X.
        tells: member -> the indices whose range it tells.
    """

    def __init__(self, nodes: Iterable[Node], names: Set[str], typed: Iterable[tuple[str, int, str]] | None) -> None:
        self._names = names
        self._typed = None if typed is None else {(array, count): base for array, count, base in typed}
        chains = [n.args for n in nodes if n.op == "matmul" and n.free]
        arrays = [f.upright for chain in chains for f in chain if f.upright.op in _NAMED]
        self._indexed = {str(array.data[0]) for array in arrays}.union(array for array, _ in self._typed or ())
        self.used = frozenset(name for array in arrays if (name := self._of_row(array, 1)))
        self.tells: dict[Node, frozenset[str]] = {}

    def at(self, chain: Sequence[Node], start: int) -> tuple[Node, int] | None:
        """The entry or member that begins at this factor, and how many factors it takes."""
        if (place := _as_number(chain)) is not None:
            return variable(place, (ONE, ONE)), len(chain)
        left = _row_pick(chain, start)
        middle = start + (left.factors if left else 0)
        if middle >= len(chain) or (array := chain[middle].upright).op not in _NAMED:
            return None
        right = _column_pick(chain, middle + 1) if middle + 1 < len(chain) else None
        found = self._member(array, chain[middle].op == "transpose", left, right) if left or right else None
        is_fixed = not any(f.free for f in chain[start : start + (found[1] if found else 0)])
        return None if is_fixed and array.data[0] not in self._indexed else found

    def _member(self, array: Node, turned: bool, left: _Pick | None, right: _Pick | None) -> tuple[Node, int] | None:
        if transpose(array) is array and not left:
            turned = True
        row, column = (right, left) if turned else (left, right)
        if row is None or (row.blocks and turned and left):
            return None
        used = (row,) if row.blocks or array.is_column or column is None else (row, column)
        kind = self._kind(array, used)
        if kind is None or any(pick.blocks for pick in used[1:]):
            return None
        member = _named(array, kind[0], [place for pick in used for place in pick.places], kind[1])
        if member is None:
            return None
        self.tells[member] = frozenset(place for pick in used if pick.factors == 1 for place in pick.places)
        return (member if turned != row.blocks else transpose(member)), 1 + sum(pick.factors for pick in used)

    def _kind(self, array: Node, used: tuple[_Pick, ...]) -> tuple[str, Shape] | None:
        """The name and the shape of a matrix among several, an entry or a row as a column."""
        count = sum(len(pick.places) for pick in used)
        name = (self._typed or {}).get((str(array.data[0]), count), str(array.data[0]))
        if used[0].blocks:
            return name, (used[0].rows, array.cols)
        if array.is_column or len(used) > 1:
            return name, (ONE, ONE)
        row = self._of_row(array, count)
        return None if row is None else (row, (array.cols, ONE))

    def _of_row(self, array: Node, count: int) -> str | None:
        """The name of a row, as a column: x of X; none beside another x."""
        name = str(array.data[0])
        if self._typed is not None:
            return self._typed.get((name, count))
        low = name.lower()
        if array.is_square or (low != name and (len(name) > 1 or not name.isascii() or low in self._names)):
            return None
        return low


def _named(array: Node, name: str, places: Sequence[str], shape: Shape) -> Node | None:
    """The variable called by name and places; none where the name has an index itself."""
    parts = spelled(name)
    together = "".join(places) if all(place in ascii_lowercase for place in places) else ",".join(places)
    words = None if "*" in together else index_words(together)
    if parts.below or parts.above or words is None:
        return None
    member = variable(f"{name}_{words}", shape, of_each(array.data[-1]) if shape[0] == shape[1] else ())
    return member if array.op == "variable" else perturbation(member, array.data[1])


def _as_number(chain: Sequence[Node]) -> str | None:
    """t of e_t^T L 1 with the ones L of a lower triangle: how many places there are up to t, the number that it is."""
    if len(chain) != 3:
        return None
    if chain[2].op == "at":
        chain = tuple(transpose(f) for f in reversed(chain))
    row = row_place(chain)
    if row is None or row[1] != 1 or chain[0].args[0].op != "at" or chain[2].op != "ones":
        return None
    return row[0] if chain[1].op == "mask" and chain[1].data[0] == "lower" else None


def _row_pick(chain: Sequence[Node], start: int) -> _Pick | None:
    place = row_place(chain, start)
    if place is not None:
        return _Pick((place[0],), False, place[1], ONE)
    return _kron_pick(chain[start])


def _column_pick(chain: Sequence[Node], start: int) -> _Pick | None:
    place = column_place(chain, start)
    if place is not None:
        return _Pick((place[0],), False, place[1], ONE)
    return _kron_pick(transpose(chain[start])) if chain[start].upright.op == "kron" else None


def _kron_pick(factor: Node) -> _Pick | None:
    """e_k^T ⊗ I, e_k^T ⊗ e_i^T"""
    if factor.op == "transpose" and factor.args[0].op == "kron":
        parts = [transpose(f) for f in factor.args[0].args]
    elif factor.op == "kron":
        parts = list(factor.args)
    else:
        return None
    blocks = parts[-1].op == "identity"
    places = [row_place([part]) for part in parts[: -1 if blocks else None]]
    if not all(places):
        return None
    return _Pick(tuple(place[0] for place in places if place), blocks, 1, parts[-1].rows)


# --- entrywise functions ------------------------------------------------------------------------------


def entry_of_entrywise(chain: Sequence[Node]) -> Node | None:
    """tanh(u_i) for e_i^T tanh(u), tanh(A^T x_i) for tanh(X A)^T e_i"""
    rows, columns = units_of(chain)
    inside = chain[len(rows) : len(chain) - len(columns)]
    if len(inside) != 1 or not any(f.free for f in (*rows, *columns)):
        return None
    turned, array = inside[0].op == "transpose", inside[0].upright
    if turned:
        rows, columns = tuple(f.T for f in reversed(columns)), tuple(f.T for f in reversed(rows))
    if array.op == "apply":
        found = apply(array.data[0], *(_picked(rows, u, columns) for u in array.args))
    elif array.op == "power":
        found = hadamard(*(power(_picked(rows, b, columns), e) for b, e in factors(array)))
    else:
        return None
    return transpose(found) if turned else found


def _picked(rows: Sequence[Node], array: Node, columns: Sequence[Node]) -> Node:
    return array if array.is_scalar else matmul(*rows, array, *columns)


def units_of(chain: Sequence[Node]) -> tuple[tuple[Node, ...], tuple[Node, ...]]:
    """The factors at the start and at the end that pick a row and a column."""
    row = row_place(chain)
    count = row[1] if row else 0
    column = next(
        (c for k in (2, 1) if k < len(chain) and (c := column_place(chain, len(chain) - k)) and c[1] == k), None
    )
    return tuple(chain[:count]), tuple(chain[len(chain) - (column[1] if column else 0) :])
