"""Sums over indices in matrix notation.

To *lift* a column c_i over its index is to write the matrix whose rows are c_i^T: of X^T e_i it is X, of A c_i it is
L(c) A^T, of f(c_i) it is f(L(c)). Then Σ_i s_i a_i b_i^T = L(a)^T diag(L(s)) L(b), and all identities of matrices apply.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from matcalc.expr import (
    Index,
    Node,
    apply,
    block,
    bottom_up,
    call,
    chain,
    combine,
    diag,
    diagonal,
    factors,
    hadamard,
    identity,
    is_number,
    matmul,
    multiply,
    number,
    ones,
    opened,
    postorder,
    power,
    scale,
    split_scalar,
    terms,
    total,
    trace,
    transpose,
    vec,
)
from matcalc.functions import row_of

__all__ = ["in_matrices", "lifted", "without_indices"]

#: Operators that a sum goes into.
LINEAR: dict[str, Callable[[Node], Node]] = {"diag": diag, "vec": vec, "diagonal": diagonal}


def in_matrices(node: Node) -> Iterator[Node]:
    """The sum with one of its indices lifted, for each index for which that can be done."""
    (body,) = node.args
    for index in node.data:
        found = _summed(body, index)
        if found is not None:
            yield total([i for i in node.data if i != index], found)


def without_indices(root: Node) -> Node:
    """The same value with every sum in matrix notation, however long that is, that can be written so."""
    return bottom_up(root, _without_sum)


def _without_sum(node: Node) -> Node:
    found = (without_indices(form) for form in in_matrices(node)) if node.op == "total" else iter(())
    return next((form for form in found if not any(n.op == "total" for n in postorder(form))), node)


def lifted(node: Node, index: Index) -> Node | None:
    """The matrix whose rows are c_i^T; of a number s_i the column of its values. None where it cannot be written."""
    key = f"lifted {index!r}"
    if key not in node.cache:
        for below in _depending(node, index):
            if key not in below.cache:
                below.cache[key] = _lifted(below, index)
    found: Node | None = node.cache[key]
    return found


def _depending(root: Node, index: Index) -> list[Node]:
    """The columns below the root that depend on the index, operands first, and the root."""
    order: list[Node] = []
    seen: set[Node] = set()
    stack = [(root, False)]
    while stack:
        node, ready = stack.pop()
        if ready:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            stack.extend((a, False) for a in node.args if index in a.free)
    return [node for node in order if node.is_column]


def _lifted(node: Node, index: Index) -> Node | None:
    if index not in node.free:
        return multiply(ones(index.size), transpose(node))
    if node.op == "at":
        return identity(index.size)
    rule = _RULES.get(node.op)
    return None if rule is None else rule(node, index)


def _all_lifted(nodes: Sequence[Node], index: Index) -> list[Node] | None:
    found = [lifted(node, index) for node in nodes]
    return None if None in found else [f for f in found if f is not None]


# --- the rows of each operator ------------------------------------------------------------------


def _sum(node: Node, index: Index) -> Node | None:
    """L(α a + β b) = α L(a) + β L(b)"""
    parts = _all_lifted(node.args, index)
    return None if parts is None else combine(zip(parts, node.data, strict=True), parts[0].shape)


def _scaled(node: Node, index: Index) -> Node | None:
    """L(s c) = diag(L(s)) L(c)"""
    parts = _all_lifted(node.args, index)
    return None if parts is None else _with_weights(node, parts[0], parts[1], index)


def _with_weights(node: Node, weights: Node, rows: Node, index: Index) -> Node:
    scalar, column = node.args
    if index not in scalar.free:
        return scale(scalar, rows)
    return matmul(weights, transpose(column)) if index not in column.free else multiply(diag(weights), rows)


def _entrywise_product(node: Node, index: Index) -> Node | None:
    """L(a.^p ⊙ b.^q) = L(a).^p ⊙ L(b).^q"""
    parts = _all_lifted(node.args[::2], index)
    if parts is None or any(index in e.free for e in node.args[1::2]):
        return None
    return hadamard(*(power(b, e) for b, e in zip(parts, node.args[1::2], strict=True)))


def _spread(node: Node, args: Sequence[Node], index: Index) -> list[Node] | None:
    """The operands of an entrywise function of c_i, lifted; what is a number for each i stands in a whole row."""
    found = _all_lifted([a if index in a.free or not a.is_scalar else number(1) for a in args], index)
    if found is None:
        return None
    row = transpose(ones(node.rows))
    return [
        a
        if a.is_scalar and index not in a.free
        else multiply(part, row)
        if a.is_scalar and not node.is_scalar
        else part
        for a, part in zip(args, found, strict=True)
    ]


def _entrywise(node: Node, index: Index) -> Node | None:
    """L(f(c)) = f(L(c))"""
    parts = _spread(node, node.args, index)
    return None if parts is None else apply(node.data[0], *parts)


def _open(node: Node, index: Index) -> Node | None:
    """L(f(c)) = f(L(c)) for a function of numbers that nobody defined"""
    function, partials, _, legs = node.data
    parts = _spread(node, node.args, index) if function.entrywise and not legs else None
    return None if parts is None else opened(function, parts, (index.size, node.rows), partials)


def _of_rows(node: Node, index: Index) -> Node | None:
    """L(softmax(c)) is the softmax of each row of L(c)"""
    if any(a.is_scalar or not a.is_column for a in node.args):
        return None
    parts = _all_lifted(node.args, index)
    if parts is None:
        return None
    if node.data == ("softmax",):
        return call("softmax", *parts, static=(2,), shape=parts[0].shape)
    name = row_of(node.data[0]).of_rows if len(node.data) == 1 else ""
    return None if not name else call(name, *parts, shape=(index.size, node.rows))


def _stacked(node: Node, index: Index) -> Node | None:
    """L([a; b]) = [L(a), L(b)]"""
    parts = _all_lifted(node.args, index)
    return None if parts is None else block([parts])


def _inner_sum(node: Node, index: Index) -> Node | None:
    """L(Σ_j c_j) = Σ_j L(c_j)"""
    found = lifted(node.args[0], index)
    return None if found is None else total(node.data, found)


def _product(node: Node, index: Index) -> Node | None:
    """L(A c) = L(c) A^T, of numbers L(a^T b) = (L(a) ⊙ L(b)) 1"""
    links = chain(node)
    if not node.is_scalar:
        return _of_column(links, index)
    left, right = _halves(links, index)
    parts = _all_lifted([left, right], index)
    if parts is None:
        return None
    for one, other, rows in ((left, right, parts[1]), (right, left, parts[0])):
        if index not in one.free:
            return matmul(rows, one)
        if one.op == "at":
            return diagonal(lifted(other, index) or rows)
    return matmul(hadamard(*parts), ones(left.rows))


def _halves(links: Sequence[Node], index: Index) -> tuple[Node, Node]:
    """(a, b) with the product a^T b, so that neither is a bare unit column where that can be."""
    holding = [k for k, f in enumerate(links) if index in f.free]
    cut = holding[0] or 1
    if links[0].upright.op == "at" and index in links[0].free and len(links) > 2 and len(holding) > 1:
        cut = 2
    return transpose(matmul(*links[:cut])), matmul(*links[cut:])


def _of_column(links: Sequence[Node], index: Index) -> Node | None:
    """The rows of A_1 … A_k c, where no matrix depends on the index but a diagonal one or a sum."""
    first = next(k for k, f in enumerate(links) if index in f.free)
    inside = _opened(links[first:])
    rows = None if inside is None else lifted(inside, index)
    if rows is None:
        return None
    return matmul(rows, transpose(matmul(*links[:first]))) if first else rows


def _opened(links: Sequence[Node]) -> Node | None:
    """A column whose first factor depends on the index, as a product entry by entry or a sum."""
    first, rest = links[0], links[1:]
    if not rest:
        return first
    column = matmul(*rest)
    if first.op == "diag":
        return hadamard(first.args[0], column)
    if first.op == "add":
        return combine(((multiply(t, column), c) for t, c in terms(first)), (first.rows, column.cols))
    return None


_RULES: dict[str, Callable[[Node, Index], Node | None]] = {
    "add": _sum,
    "scale": _scaled,
    "power": _entrywise_product,
    "apply": _entrywise,
    "open": _open,
    "call": _of_rows,
    "block": _stacked,
    "total": _inner_sum,
    "matmul": _product,
}


# --- sums ---------------------------------------------------------------------------------------


def _summed(body: Node, index: Index) -> Node | None:
    """Σ_i of what stands in a sum, in matrix notation."""
    if body.is_scalar:
        return _sum_of_numbers(body, index)
    scalar, inside = split_scalar(body)
    if inside.op in LINEAR:
        found = _summed(scale(scalar, inside.args[0]), index)
        return None if found is None else LINEAR[inside.op](found)
    if body.is_column:
        return _sum_of_columns(scalar, inside, index)
    return _sum_of_arrays(scalar, inside, index)


def _sum_of_numbers(body: Node, index: Index) -> Node | None:
    """Σ_i s_i a_i^T b_i = tr(L(a)^T diag(L(s)) L(b)), Σ_i s_i = 1^T L(s)"""
    pairs = factors(body)
    products = [b for b, e in pairs if b.op == "matmul" and is_number(e) == 1 and _is_paired(b, index)]
    if len(products) == 1:
        rest = hadamard(number(1), *(power(b, e) for b, e in pairs if b is not products[0]))
        left, right = _halves(products[0].args, index)
        found = _outer(rest, left, right, index)
        return None if found is None else trace(found)
    rows = lifted(body, index)
    return None if rows is None else matmul(transpose(ones(index.size)), rows)


def _is_paired(product: Node, index: Index) -> bool:
    """a_i^T b_i with neither a bare e_i"""
    halves = _halves(product.args, index) if index in product.free else ()
    return bool(halves) and all(index in half.free and half.op != "at" for half in halves)


def _sum_of_columns(scalar: Node, column: Node, index: Index) -> Node | None:
    """Σ_i s_i c_i = L(c)^T L(s); Σ_i s_i (a_i ⊗ b_i) = vec(L(b)^T diag(L(s)) L(a))"""
    if column.op == "kron" and len(column.args) == 2 and all(a.is_column for a in column.args):
        found = _outer(scalar, column.args[1], column.args[0], index)
        return None if found is None else vec(found)
    parts = _all_lifted([column, scalar], index)
    return None if parts is None else matmul(transpose(parts[0]), parts[1])


def _sum_of_arrays(scalar: Node, inside: Node, index: Index) -> Node | None:
    """Σ_i s_i a_i b_i^T = L(a)^T diag(L(s)) L(b)"""
    links = chain(inside)
    cut = next((k for k, f in enumerate(links) if k and f.rows.is_one), None)
    if cut is None:
        return None
    return _outer(scalar, matmul(*links[:cut]), transpose(matmul(*links[cut:])), index)


def _outer(scalar: Node, left: Node, right: Node, index: Index) -> Node | None:
    """Σ_i s_i a_i b_i^T"""
    parts = _all_lifted([left, scalar, right], index)
    if parts is None:
        return None
    if index not in scalar.free:
        return scale(scalar, matmul(transpose(parts[0]), parts[2]))
    return matmul(transpose(parts[0]), diag(parts[1]), parts[2])
