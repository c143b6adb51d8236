"""The transpose: (A B)^T = B^T A^T, down to the leaves.

Transposes sit on leaves; a row is the transpose of a column.
"""

from __future__ import annotations

from collections.abc import Collection

from matcalc.expr.canonical import application, invariants, open_functions, powers, products, sums, totals, unary
from matcalc.expr.leaves import commutation, ones, zeros
from matcalc.expr.node import Node, make

__all__ = ["TRANSPOSABLE_CALLS", "transpose"]

_SELF_TRANSPOSED = frozenset({"identity", "diag"})
_SYMMETRIC_TAGS = frozenset({"symmetric", "spd", "psd", "diagonal"})
_TRANSPOSED_MASK = {
    "lower": "upper",
    "upper": "lower",
    "strictly_lower": "strictly_upper",
    "strictly_upper": "strictly_lower",
    "off_diagonal": "off_diagonal",
}
#: Array functions with f(X^T) = f(X)^T [Higham 2008, Theorem 1.13].
TRANSPOSABLE_CALLS = frozenset({"expm", "logm", "sqrtm", "pinv", "sinm", "cosm", "signm"})


def transpose(node: Node) -> Node:
    """The transpose, pushed to the leaves: (A B)^T = B^T A^T."""
    found = node.cache.get("transpose")
    if found is not None:
        result: Node = found
        return result
    _transpose_below(node)
    result = _transposed(node)
    node.cache["transpose"] = result
    result.cache.setdefault("transpose", node)
    return result


def _transpose_below(root: Node) -> None:
    """Transpose deep operands first, so that no recursion goes deeper than one level."""
    stack = [(root, iter(_pushed(root)))]
    while stack:
        node, rest = stack[-1]
        below = next((a for a in rest if "transpose" not in a.cache), None)
        if below is not None:
            stack.append((below, iter(_pushed(below))))
            continue
        stack.pop()
        if node is not root and "transpose" not in node.cache:
            node.cache["transpose"] = _transposed(node)


def _pushed(node: Node) -> tuple[Node, ...]:
    """The operands that a transpose of the node goes through."""
    if node.is_column or node.is_row:
        return ()
    if node.op in ("add", "matmul", "kron", "block", "apply", "total"):
        return tuple(a for a in node.args if not a.is_scalar)
    if node.op == "power":
        return node.args[::2]
    if node.op == "open":
        return node.args if node.data[0].entrywise else ()
    return {"scale": node.args[1:], "matpow": node.args[:1], "adjugate": node.args}.get(node.op, ())


def _transposed(node: Node) -> Node:
    shape = (node.cols, node.rows)
    if node.is_scalar or node.op in _SELF_TRANSPOSED:
        return node
    if node.op == "zero":
        return zeros(*shape)
    if node.op == "transpose":
        return node.args[0]
    if node.is_column or node.is_row:
        return _row_of(node)
    match node.op:
        case "add":
            return sums.combine(((transpose(t), c) for t, c in sums.terms(node)), shape)
        case "matmul":
            return products.matmul(*(transpose(f) for f in reversed(node.args)))
        case "scale":
            return sums.scale(node.args[0], transpose(node.args[1]))
        case "power":
            pairs = zip(node.args[::2], node.args[1::2], strict=True)
            return powers.hadamard(*(powers.power(transpose(b), e) for b, e in pairs))
        case "kron":
            return products.kron(*(transpose(a) for a in node.args))
        case "matpow":
            return unary.matrix_power(transpose(node.args[0]), node.args[1])
        case "apply":
            return application.apply(node.data[0], *(transpose(a) for a in node.args))
        case "total":
            return totals.total(node.data, transpose(node.args[0]))
        case "adjugate":
            return invariants.adjugate(transpose(node.args[0]))
        case "open" if node.data[0].entrywise:
            return open_functions.opened(node.data[0], [transpose(a) for a in node.args], shape, node.data[1])
        case "block":
            return _transposed_block(node)
    return _transposed_leaf(node)


def _row_of(node: Node) -> Node:
    if node.op == "add" and len(node.args) == 1:
        return make("add", (transpose(node.args[0]),), node.data, (node.cols, node.rows))
    return make("transpose", (node,), (), (node.cols, node.rows))


def _transposed_leaf(node: Node) -> Node:
    shape = (node.cols, node.rows)
    match node.op:
        case "ones":
            return ones(*shape)
        case "commutation":
            return commutation(node.data[1], node.data[0])
        case "mask" if node.data[0] in _TRANSPOSED_MASK:
            return make("mask", (), (_TRANSPOSED_MASK[node.data[0]],), shape)
        case "variable" | "perturbation":
            return _transposed_by_tags(node, node.data[-1])
        case "open" if len(set(node.data[2])) < len(node.data[2]):
            return node  # second partial derivatives
        case "open" if len(node.data[2]) == 1:
            return _transposed_by_tags(node, open_functions.tags_of(node))
        case "call" if node.data[0] in TRANSPOSABLE_CALLS:
            return application.call(node.data[0], transpose(node.args[0]), static=node.data[1:], shape=shape)
        case "call" if node.data[0] in ("resolvent_max", "resolvent_min") or _is_symmetric_toeplitz(node):
            return node
        case "call" if node.data[0] in ("eig_gaps", "svd_gaps"):
            return sums.scaled(-1, node)
        case "call" if node.data[0] == "sylvester":
            a, b, c = node.args
            return application.call("sylvester", transpose(b), transpose(a), transpose(c), shape=shape)
        case "call" if node.data[0] == "kron_contract" and not node.is_column:
            return application.call("kron_contract", *map(transpose, node.args), static=(shape,), shape=shape)
        case "call" if node.data[0].startswith("frechet_"):
            turned = (a if a.is_scalar else transpose(a) for a in node.args)
            return application.call(node.data[0], *turned, static=node.data[1:], shape=shape)
    return make("transpose", (node,), (), shape)


def _is_symmetric_toeplitz(node: Node) -> bool:
    return node.data[0] == "toeplitz" and len(node.args) == 1


def _transposed_by_tags(node: Node, tags: Collection[str]) -> Node:
    if _SYMMETRIC_TAGS.intersection(tags):
        return node
    if "skew" in tags:
        return sums.scaled(-1, node)
    return make("transpose", (node,), (), (node.cols, node.rows))


def _transposed_block(node: Node) -> Node:
    height, width = node.data
    return unary.block([[transpose(node.args[i * width + j]) for i in range(height)] for j in range(width)])
