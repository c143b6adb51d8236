"""The normal form of products: index graphs.

A product of matrices is a network: every index is a vertex, every matrix an edge between its row
and its column index, every vector a mark on one vertex; a Hadamard product shares vertices, ``diag`` and
the identity join them, a Kronecker product or ``vec`` uses pairs of them. Trace cyclicity, transposition
and the Hadamard, diag, vec and Kronecker identities are then equalities of graphs, decided by a canonical
labelling (colour refinement [Weisfeiler & Leman 1968], ties broken by individualisation). An index that is summed over
is one more vertex: Σ_i x_i x_i^T and X^T X are one graph.

`normal_form` gives equal keys to expressions that these identities make equal.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import count, islice, permutations, product
from math import prod

from matcalc.expr import (
    ONE,
    Dim,
    Index,
    Node,
    factors,
    in_order,
    is_number,
    matrix_power,
    number,
    power,
    reindex,
    terms,
    transpose,
)
from matcalc.expr.facts import is_symmetric
from matcalc.simplify.proof.networks import NOTHING, SYMMETRIC, Indices, Label, NormalForm, Product, TooLarge, collected

__all__ = ["normal_form"]


#: An expression of more products than this is not brought to normal form.
MOST_PRODUCTS = 400


class _Unsplittable(Exception):
    """A Kronecker factor meets a split of its index that is not its own."""


def normal_form(node: Node) -> NormalForm:
    """The canonical sum of networks; equal for expressions that differ by the identities above."""
    known = node.cache.get("normal_form")
    if known is None:
        lowering = _Lowering()
        row, col = lowering.fresh(_row_split(node)), lowering.fresh(_col_split(node))
        products = lowering.lower(node, row, col)
        known = node.cache["normal_form"] = collected(products, (row, col), lowering.sizes)
    result: NormalForm = known
    return result


# --- where indices are split ------------------------------------------------------------------


def _row_split(node: Node) -> tuple[Dim, ...]:
    """The sizes of the indices that its row index consists of; none for a single row."""
    return _split(node, 0)


def _col_split(node: Node) -> tuple[Dim, ...]:
    return _split(node, 1)


def _split(node: Node, side: int) -> tuple[Dim, ...]:
    if node.shape[side].is_one:
        return ()
    match node.op:
        case "transpose":
            return _split(node.args[0], 1 - side)
        case "kron":
            return tuple(d for a in node.args for d in _split(a, side))
        case "vec":
            return (*_split(node.args[0], 1), *_split(node.args[0], 0))
        case "commutation":
            return node.data if side == 0 else (node.data[1], node.data[0])
        case "matmul":
            return _split(node.args[0 if side == 0 else -1], side)
        case "scale":
            return _split(node.args[1], side)
        case "diag":
            return _split(node.args[0], 0)
        case "diagonal":
            return _split(node.args[0], 0)
        case "add":
            return max((_split(a, side) for a in node.args), key=len)
        case "power":
            return max((_split(b, side) for b in node.args[::2]), key=len)
    return (node.shape[side],)


def _carried(node: Node, sizes: tuple[Dim, ...], side: int) -> tuple[Dim, ...]:
    """How the other side is split if this one is split into these sizes: A ⊗ I_{n p} carries n and p over."""
    if node.op == "identity":
        return sizes
    other = _split(node, 1 - side)
    if node.op != "kron" or not any(a.op == "identity" for a in node.args):
        return other
    found: tuple[Dim, ...] = ()
    for factor in node.args:
        count = _prefix(sizes, factor.shape[side])
        if count is None:
            return other
        found += _carried(factor, sizes[:count], side)
        sizes = sizes[count:]
    return found


def _prefix(sizes: Sequence[Dim], size: Dim) -> int | None:
    """How many of the first sizes make up this one."""
    total = ONE
    for taken in range(len(sizes) + 1):
        if total == size:
            return taken
        if taken < len(sizes):
            total = total * sizes[taken]
    return None


# --- lowering ---------------------------------------------------------------------------------


class _Lowering:
    """Turns nodes into products of edges over fresh indices."""

    def __init__(self) -> None:
        self.counter = count()
        self.sizes: dict[int, Dim] = {}
        #: The vertices of the indices that are summed over here.
        self.places: dict[Index, int] = {}

    def fresh(self, split: tuple[Dim, ...]) -> Indices:
        indices = tuple(next(self.counter) for _ in split)
        self.sizes.update(zip(indices, split, strict=True))
        return indices

    def lower(self, node: Node, row: Indices, col: Indices) -> list[Product]:
        """The products whose sum is the entry of the node at these indices."""
        try:
            found = self._lower(node, row, col)
        except _Unsplittable:
            found = [self._opaque(node, row, col)]
        if len(found) > MOST_PRODUCTS:
            raise TooLarge
        return found

    def _lower(self, node: Node, row: Indices, col: Indices) -> list[Product]:
        match node.op:
            case "zero":
                return []
            case "ones":
                return [NOTHING]
            case "add":
                weighted = ((self.lower(t, row, col), c) for t, c in terms(node))
                return [_scaled(p, c) for products, c in weighted for p in products]
            case "transpose":
                return self.lower(node.args[0], col, row)
            case "scale":
                return _all_products([self.lower(node.args[0], (), ()), self.lower(node.args[1], row, col)])
            case "matmul":
                return self._chain(node.args, row, col)
            case "identity" | "commutation":
                return [Product(Fraction(1), joined=self._pairs(node, row, col))]
            case "diag":
                joined = Product(Fraction(1), joined=self._zip_same(row, col))
                return _all_products([[joined], self.lower(node.args[0], row, ())])
            case "diagonal":
                return self.lower(node.args[0], row, row)
            case "trace":
                index = self.fresh(_split(node.args[0], 0))
                summed = Product(Fraction(1), inner=index)
                return _all_products([[summed], self.lower(node.args[0], index, index)])
            case "power":
                return self._power(node, row, col)
            case "vec":
                return self._vec(node, row)
            case "matpow" if _small_power(node) is not None:
                return self._matrix_power(node, row, col)
            case "unvec":
                return self.lower(node.args[0], (*col, *row), ())
            case "kron":
                return self._kron(node, row, col)
            case "total":
                return self._sum_over(node, row, col)
            case "at" if node.data[0] in self.places:
                return [Product(Fraction(1), joined=self._zip_same(row, (self.places[node.data[0]],)))]
            case "call" if node.data[0] == "kron_contract":
                return self._contraction(node, row, col)
        return [self._opaque(node, row, col)]

    def _chain(self, links: Sequence[Node], row: Indices, col: Indices) -> list[Product]:
        left = row
        parts: list[list[Product]] = []
        wanted = [self._sizes(col)]  # splits that the links to the right carry over, the last link's first
        for link in reversed(links[1:]):
            wanted.append(_carried(link, wanted[-1], 1))
        for i, link in enumerate(links):
            last = i == len(links) - 1
            right = col if last else self.fresh(max(_carried(link, self._sizes(left), 0), wanted[-1 - i], key=len))
            parts.append(self.lower(link, left, right))
            parts.append([NOTHING if last else Product(Fraction(1), inner=right)])
            left = right
        return _all_products(parts)

    def _sum_over(self, node: Node, row: Indices, col: Indices) -> list[Product]:
        vertices = self.fresh(tuple(index.size for index in node.data))
        around, self.places = self.places, {**self.places, **dict(zip(node.data, vertices, strict=True))}
        try:
            inside = self.lower(node.args[0], row, col)
        finally:
            self.places = around
        return _all_products([[Product(Fraction(1), inner=vertices)], inside])

    def _matrix_power(self, node: Node, row: Indices, col: Indices) -> list[Product]:
        e = _small_power(node)
        assert e is not None
        link = node.args[0] if e > 0 else matrix_power(node.args[0], -1)
        return self._chain([link] * abs(e), row, col)

    def _pairs(self, node: Node, row: Indices, col: Indices) -> tuple[tuple[int, int], ...]:
        if node.op == "commutation":
            self._check_split(row, _split(node, 0))
            self._check_split(col, _split(node, 1))
            col = (col[1], col[0])
        return self._zip_same(row, col)

    def _check_split(self, indices: Indices, sizes: tuple[Dim, ...]) -> None:
        """The indices must be those of these sizes: an index over m n has parts of m and n, or of n and m."""
        if self._sizes(indices) != sizes:
            raise _Unsplittable

    def _taken(self, indices: Indices, size: Dim) -> tuple[Indices, Indices]:
        """The first indices, as many as make up this size, and the others."""
        count = _prefix(self._sizes(indices), size)
        if count is None:
            raise _Unsplittable
        return indices[:count], indices[count:]

    def _sizes(self, indices: Indices) -> tuple[Dim, ...]:
        return tuple(self.sizes[i] for i in indices)

    def _zip_same(self, row: Indices, col: Indices) -> tuple[tuple[int, int], ...]:
        self._check_split(row, self._sizes(col))
        return tuple(zip(row, col, strict=True))

    def _power(self, node: Node, row: Indices, col: Indices) -> list[Product]:
        parts: list[list[Product]] = []
        for base, exponent in factors(node):
            e = is_number(exponent)
            if e is not None and 0 < e <= 6 and (e.denominator == 1 or base.op == "add"):
                parts.extend(self.lower(base, row, col) for _ in range(int(e)))
                exponent = number(e % 1)
                if exponent.is_zero:
                    continue
            if self._summed(base) or self._summed(exponent):
                parts.append([self._opaque(power(base, exponent), row, col)])
            elif node.is_scalar:
                parts.append([Product(Fraction(1), scalars=((normal_form(base), _exponent(exponent)),))])
            else:
                label, flipped = _label_up_to_transposition(base)
                ends = (*col, *row) if flipped else (*row, *col)
                split = (len(col), len(row)) if flipped else (len(row), len(col))
                edge = (("power", label, _exponent(exponent), *split), ends)
                parts.append([Product(Fraction(1), edges=(edge,))])
        return _all_products(parts)

    def _vec(self, node: Node, row: Indices) -> list[Product]:
        (inside,) = node.args
        cols, rows = self._taken(row, inside.cols)
        return self.lower(inside, rows, cols)

    def _kron(self, node: Node, row: Indices, col: Indices) -> list[Product]:
        parts: list[list[Product]] = []
        for factor in node.args:
            rows, row = self._taken(row, factor.rows)
            cols, col = self._taken(col, factor.cols)
            parts.append(self.lower(factor, rows, cols))
        if row or col:
            raise _Unsplittable
        return _all_products(parts)

    def _contraction(self, node: Node, row: Indices, col: Indices) -> list[Product]:
        """Σ A[i, j] B[p, q] G[(i, k, p), (j, l, q)]"""
        a, g, b = node.args
        i, j, p, q = (self.fresh(_split(x, side)) for x in (a, b) for side in (0, 1))
        summed = Product(Fraction(1), inner=(*i, *j, *p, *q))
        inside = self.lower(g, (*i, *row, *p), (*j, *col, *q))
        return _all_products([[summed], self.lower(a, i, j), self.lower(b, p, q), inside])

    def _summed(self, node: Node) -> tuple[Index, ...]:
        """The indices that it depends on and that are summed over here."""
        return tuple(index for index in in_order(node.free) if index in self.places)

    def _depending(self, node: Node, row: Indices, col: Indices) -> Product:
        """A factor that depends on indices of sums has an end at each."""
        found: list[tuple[Label, bool, Indices]] = []
        summed = self._summed(node)
        names = _unused_names(node, len(summed))
        for order in permutations(summed):
            named = reindex(node, {index: Index(names[k], index.size) for k, index in enumerate(order)})
            found.append((*_label_up_to_transposition(named), tuple(self.places[index] for index in order)))
        label, flipped, ends = min(found, key=lambda f: repr(f[:2]))
        sides = (col, row) if flipped else (row, col)
        return Product(Fraction(1), edges=((("depending", *label, *map(len, sides)), (*sides[0], *sides[1], *ends)),))

    def _opaque(self, node: Node, row: Indices, col: Indices) -> Product:
        if self._summed(node):
            return self._depending(node, row, col)
        if node.is_scalar:
            return Product(Fraction(1), scalars=((_label(node), 1),))
        label, flipped = _label_up_to_transposition(node)
        ends, split = ((*col, *row), (len(col), len(row))) if flipped else ((*row, *col), (len(row), len(col)))
        mark = (SYMMETRIC,) if split == (1, 1) and is_symmetric(node) else ()
        return Product(Fraction(1), edges=(((*mark, *label, *split), ends),))


def _unused_names(node: Node, many: int) -> list[str]:
    """The first names of ends that the node does not hold: those of sums around it stand in it already."""
    taken = {index.name for index in node.free}
    unused = (name for k in count() if (name := f"?{k}") not in taken)
    return list(islice(unused, many))


def _small_power(node: Node) -> int | None:
    """The exponent, where the power is written out as a product."""
    e = is_number(node.args[1])
    return int(e) if e is not None and e.denominator == 1 and e != -1 and abs(e) <= 6 else None


def _scaled(p: Product, c: Fraction) -> Product:
    return replace(p, coefficient=p.coefficient * c)


def _all_products(parts: Sequence[list[Product]]) -> list[Product]:
    if prod(len(p) for p in parts) > MOST_PRODUCTS:
        raise TooLarge
    result = []
    for combination in product(*parts):
        total = NOTHING
        for factor in combination:
            total = total.times(factor)
        result.append(total)
    return result


def _exponent(exponent: Node) -> Hashable:
    value = is_number(exponent)
    return value if value is not None else normal_form(exponent)


def _label(node: Node) -> Label:
    """What an opaque factor is, up to identities inside its operands."""
    if not node.args:
        return (node.op, *node.data)
    if node.op in ("det", "logdet"):
        return (node.op, min(normal_form(node.args[0]), normal_form(transpose(node.args[0])), key=repr))
    return (node.op, *node.data, *(normal_form(a) for a in node.args))


def _label_up_to_transposition(node: Node) -> tuple[Label, bool]:
    """(label, flipped): the same label for a matrix and its transpose."""
    if node.is_column or node.is_row:
        return (_label(transpose(node)), True) if node.is_row else (_label(node), False)
    if node.op == "transpose":
        return _label(node.args[0]), True
    plain = _label(node)
    if not node.args or is_symmetric(node):
        return plain, False
    turned = transpose(node)
    if turned.op != node.op:
        return plain, False
    other = _label(turned)
    return (plain, False) if repr(plain) <= repr(other) else (other, True)


# --- canonical labelling ----------------------------------------------------------------------
