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

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import count, islice, permutations, product
from math import prod

from matcalc.errors import DomainError
from matcalc.expr import (
    Dim,
    Index,
    Node,
    content,
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
from matcalc.expr.passes import Pass, rows_of
from matcalc.simplify.proof.index_graphs.networks import (
    ANTISYMMETRIC,
    DEPENDING,
    NOTHING,
    SYMMETRIC,
    Indices,
    Label,
    NormalForm,
    Product,
    TooLarge,
    collected,
    size_label,
)
from matcalc.simplify.proof.index_graphs.orders import PARTS, relation, turned
from matcalc.simplify.proof.index_graphs.splits import carried, prefix, split

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
        row, col = (lowering.fresh(split(node, side)) for side in (0, 1))
        products = lowering.lower(node, row, col)
        ordered = [each for p in products for each in turned(p, (row, col), lowering.sizes)]
        known = node.cache["normal_form"] = collected(ordered, (row, col), lowering.sizes)
    result: NormalForm = known
    return result


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
            found = PRODUCTS.row(node.op)(self, node, row, col)
        except _Unsplittable:
            found = [self._opaque(node, row, col)]
        if len(found) > MOST_PRODUCTS:
            raise TooLarge
        return found

    def _sum(self, node: Node, row: Indices, col: Indices) -> list[Product]:
        weighted = ((self.lower(t, row, col), c) for t, c in terms(node))
        return [_scaled(p, c) for products, c in weighted for p in products]

    def _scale(self, node: Node, row: Indices, col: Indices) -> list[Product]:
        return _all_products([self.lower(node.args[0], (), ()), self.lower(node.args[1], row, col)])

    def _constant(self, node: Node, row: Indices, col: Indices) -> list[Product]:
        return [Product(Fraction(1), joined=self._pairs(node, row, col))]

    def _diag(self, node: Node, row: Indices, col: Indices) -> list[Product]:
        joined = Product(Fraction(1), joined=self._zip_same(row, col))
        return _all_products([[joined], self.lower(node.args[0], row, ())])

    def _trace(self, node: Node, row: Indices, col: Indices) -> list[Product]:
        index = self.fresh(split(node.args[0], 0))
        summed = Product(Fraction(1), inner=index)
        return _all_products([[summed], self.lower(node.args[0], index, index)])

    def _at(self, node: Node, row: Indices, col: Indices) -> list[Product]:
        if node.data[0] not in self.places:
            return self._closed(node, row, col)
        return [Product(Fraction(1), joined=self._zip_same(row, (self.places[node.data[0]],)))]

    def _call(self, node: Node, row: Indices, col: Indices) -> list[Product]:
        contracts = node.data[0] == "kron_contract"
        return self._contraction(node, row, col) if contracts else self._closed(node, row, col)

    def _closed(self, node: Node, row: Indices, col: Indices) -> list[Product]:
        """What is one factor, whatever stands in it."""
        return [self._opaque(node, row, col)]

    def _chain(self, links: Sequence[Node], row: Indices, col: Indices) -> list[Product]:
        left = row
        parts: list[list[Product]] = []
        wanted = [self._sizes(col)]  # splits that the links to the right carry over, the last link's first
        for link in reversed(links[1:]):
            wanted.append(carried(link, wanted[-1], 1))
        for i, link in enumerate(links):
            last = i == len(links) - 1
            right = col if last else self.fresh(max(carried(link, self._sizes(left), 0), wanted[-1 - i], key=len))
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
        if e is None:
            return self._closed(node, row, col)
        link = node.args[0] if e > 0 else matrix_power(node.args[0], -1)
        return self._chain([link] * abs(e), row, col)

    def _pairs(self, node: Node, row: Indices, col: Indices) -> tuple[tuple[int, int], ...]:
        if node.op == "commutation":
            self._check_split(row, split(node, 0))
            self._check_split(col, split(node, 1))
            col = (col[1], col[0])
        return self._zip_same(row, col)

    def _check_split(self, indices: Indices, sizes: tuple[Dim, ...]) -> None:
        """The indices must be those of these sizes: an index over m n has parts of m and n, or of n and m."""
        if self._sizes(indices) != sizes:
            raise _Unsplittable

    def _taken(self, indices: Indices, size: Dim) -> tuple[Indices, Indices]:
        """The first indices, as many as make up this size, and the others."""
        count = prefix(self._sizes(indices), size)
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
                label = size_label(base.data[0]) if base.op == "dimension" else normal_form(base)
                parts.append([Product(Fraction(1), scalars=((label, _exponent(exponent)),))])
            else:
                label, flipped = _label_up_to_transposition(base)
                ends = (*col, *row) if flipped else (*row, *col)
                lengths = (len(col), len(row)) if flipped else (len(row), len(col))
                edge = (("power", label, _exponent(exponent), *lengths), ends)
                parts.append([Product(Fraction(1), edges=(edge,))])
        return _all_products(parts)

    def _vec(self, node: Node, row: Indices, col: Indices) -> list[Product]:
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
        i, j, p, q = (self.fresh(split(x, side)) for x in (a, b) for side in (0, 1))
        summed = Product(Fraction(1), inner=(*i, *j, *p, *q))
        inside = self.lower(g, (*i, *row, *p), (*j, *col, *q))
        return _all_products([[summed], self.lower(a, i, j), self.lower(b, p, q), inside])

    def _summed(self, node: Node) -> tuple[Index, ...]:
        """The indices that it depends on and that are summed over here."""
        return tuple(index for index in in_order(node.free) if index in self.places)

    def _depending(self, node: Node, row: Indices, col: Indices) -> Product:
        """A factor that depends on indices of sums has an end at each."""
        summed = self._summed(node)
        names = _unused_names(node, len(summed))
        found: list[tuple[Label, bool, Fraction, Indices]] = []
        for order in permutations(summed):
            ends = {index: Index(names[k], index.size) for k, index in enumerate(order)}
            c, named = content(reindex(node, ends))
            found.append((*_label_up_to_transposition(named), c, tuple(self.places[index] for index in order)))
        label, flipped, c, ends_ = min(found, key=lambda f: repr(f[:2]))
        sides = (col, row) if flipped else (row, col)
        mark = _mark_of_exchange(found) if node.is_scalar else ()
        along = _where_equal(node, summed, c) if node.is_scalar else None
        whole = (*mark, DEPENDING, along, *label, *map(len, sides))
        return Product(c, edges=((whole, (*sides[0], *sides[1], *ends_)),))

    def _mask(self, node: Node, row: Indices, col: Indices) -> list[Product]:
        """A relation between two indices of one size."""
        if node.is_square and node.data[0] in PARTS and len(row) == len(col) == 1:
            return relation(node.data[0], *row, *col)
        return [self._opaque(node, row, col)]

    def _opaque(self, node: Node, row: Indices, col: Indices) -> Product:
        if self._summed(node):
            return self._depending(node, row, col)
        if node.is_scalar:
            return Product(Fraction(1), scalars=((_label(node), 1),))
        label, flipped = _label_up_to_transposition(node)
        ends, lengths = ((*col, *row), (len(col), len(row))) if flipped else ((*row, *col), (len(row), len(col)))
        mark = (SYMMETRIC,) if lengths == (1, 1) and is_symmetric(node) else ()
        return Product(Fraction(1), edges=(((*mark, *label, *lengths), ends),))


Lower = Callable[[_Lowering, Node, Indices, Indices], list[Product]]

# fmt: off
#: operator -> the products whose sum is an entry
PRODUCTS: Pass[Lower] = Pass("products over indices", {
    **rows_of("variable perturbation unit constant selector duplication elimination", _Lowering._closed),
    **rows_of("apply open det logdet adjugate block", _Lowering._closed),
    "zero":        lambda self, node, row, col: [],
    "ones":        lambda self, node, row, col: [NOTHING],
    "identity":    _Lowering._constant,
    "commutation": _Lowering._constant,
    "at":          _Lowering._at,
    "mask":        _Lowering._mask,
    "dimension":   lambda self, node, row, col: [Product(Fraction(1), scalars=((size_label(node.data[0]), 1),))],
    "add":         _Lowering._sum,
    "scale":       _Lowering._scale,
    "matmul":      lambda self, node, row, col: self._chain(node.args, row, col),
    "matpow":      _Lowering._matrix_power,
    "power":       _Lowering._power,
    "kron":        _Lowering._kron,
    "transpose":   lambda self, node, row, col: self.lower(node.args[0], col, row),
    "diag":        _Lowering._diag,
    "diagonal":    lambda self, node, row, col: self.lower(node.args[0], row, row),
    "trace":       _Lowering._trace,
    "vec":         _Lowering._vec,
    "unvec":       lambda self, node, row, col: self.lower(node.args[0], (*col, *row), ()),
    "total":       _Lowering._sum_over,
    "call":        _Lowering._call,
})
# fmt: on


def _where_equal(node: Node, ends: Sequence[Index], factor: Fraction) -> Fraction | None:
    """The number that a factor with two ends is where they meet, over its own factor: 0 of ||x_i - x_j||, 1 of cos(x_i - x_j)."""
    if len(ends) != 2 or ends[0].size != ends[1].size:
        return None
    try:
        value = is_number(reindex(node, {ends[1]: ends[0]}))
    except DomainError:
        return None
    return None if value is None else value / factor


def _mark_of_exchange(found: Sequence[tuple[Label, bool, Fraction, Indices]]) -> Label:
    """What a factor with two ends does where they are exchanged."""
    if len(found) != 2 or found[0][:2] != found[1][:2] or abs(found[0][2]) != abs(found[1][2]):
        return ()
    return (SYMMETRIC,) if found[0][2] == found[1][2] else (ANTISYMMETRIC,)


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
        return (node.op, *node.data, *(() if node.op == "variable" else node.shape))
    if node.op in ("det", "logdet"):
        return (node.op, min(normal_form(node.args[0]), normal_form(transpose(node.args[0])), key=repr))
    shape = node.shape if node.op == "unvec" else ()
    return (node.op, *node.data, *shape, *(normal_form(a) for a in node.args))


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
