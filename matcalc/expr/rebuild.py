"""Rebuild an expression from new operands: substitution of leaves and of sizes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from itertools import product

from matcalc.expr import leaves, supports
from matcalc.expr.canonical import (
    application,
    invariants,
    open_functions,
    powers,
    products,
    sums,
    totals,
    transposition,
    unary,
)
from matcalc.expr.dims import Dim
from matcalc.expr.indices import Index, at
from matcalc.expr.node import Node, make, outside_of_sums, postorder

__all__ = ["bottom_up", "rebuild", "substitute", "substitute_sizes", "summed_out"]

Args = tuple[Node, ...]


def _rebuild_power(node: Node, args: Args) -> Node:
    return powers.hadamard(*(powers.power(b, e) for b, e in zip(args[::2], args[1::2], strict=True)))


def _rebuild_block(node: Node, args: Args) -> Node:
    _, width = node.data
    return unary.block([args[i : i + width] for i in range(0, len(args), width)])


def _rebuild_open(node: Node, args: Args) -> Node:
    return _reopened(node, args, node.shape)


def _reopened(node: Node, args: Args, shape: tuple[Dim, Dim]) -> Node:
    function, partials, free, legs = node.data
    count = len(function.arguments)
    fillings = zip(legs, args[count:], strict=True)
    return open_functions.opened(function, args[:count], shape, partials, free, fillings)


#: How each operator is made from new operands: one row for every operator that has operands.
REBUILD: dict[str, Callable[[Node, Args], Node]] = {
    "add": lambda node, args: sums.combine(zip(args, node.data, strict=True), args[0].shape),
    "matmul": lambda node, args: products.matmul(*args),
    "scale": lambda node, args: sums.scale(*args),
    "power": _rebuild_power,
    "transpose": lambda node, args: transposition.transpose(args[0]),
    "matpow": lambda node, args: unary.matrix_power(*args),
    "kron": lambda node, args: products.kron(*args),
    "diag": lambda node, args: products.diag(args[0]),
    "diagonal": lambda node, args: unary.diagonal(args[0]),
    "trace": lambda node, args: invariants.trace(args[0]),
    "det": lambda node, args: invariants.det(args[0]),
    "logdet": lambda node, args: invariants.logdet(args[0]),
    "adjugate": lambda node, args: invariants.adjugate(args[0]),
    "vec": lambda node, args: unary.vec(args[0]),
    "unvec": lambda node, args: unary.unvec(args[0], *node.shape),
    "total": lambda node, args: totals.total(node.data, args[0]),
    "block": _rebuild_block,
    "apply": lambda node, args: application.apply(node.data[0], *args),
    "call": lambda node, args: application.call(node.data[0], *args, static=node.data[1:], shape=node.shape),
    "open": _rebuild_open,
}


def rebuild(node: Node, args: Args) -> Node:
    """The operator of the node applied to other operands of the same shapes."""
    if all(new is old for new, old in zip(args, node.args, strict=True)):
        return node
    return REBUILD[node.op](node, args)


def bottom_up(root: Node, step: Callable[[Node], Node]) -> Node:
    """Apply the step to every node once its operands have been replaced."""
    memo: dict[Node, Node] = {}
    for node in postorder(root):
        memo[node] = step(rebuild(node, tuple(memo[a] for a in node.args)) if node.args else node)
    return memo[root]


def substitute(root: Node, replacements: Mapping[Node, Node]) -> Node:
    """Replace nodes by nodes of the same shape; an index that they hold is none that a sum binds."""
    memo = dict(replacements)
    is_open = any(old.free or new.free for old, new in replacements.items())
    for node in _outside_of(root, replacements, sums_too=is_open):
        if node.op == "total" and is_open:
            memo[node] = _substituted_in_sum(node, replacements)
        else:
            memo[node] = rebuild(node, tuple(memo[a] for a in node.args))
    return memo[root]


def _outside_of(root: Node, known: Collection[Node], *, sums_too: bool) -> list[Node]:
    """What is below the root and not below what is known, or inside of sums over indices; operands first."""
    order: list[Node] = []
    seen = set(known)
    stack: list[tuple[Node, bool]] = [(root, False)]
    while stack:
        node, ready = stack.pop()
        if ready:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            if node.op != "total" or not sums_too:
                stack.extend((a, False) for a in reversed(node.args))
    return order


def _substituted_in_sum(node: Node, replacements: Mapping[Node, Node]) -> Node:
    inside = {old: new for old, new in replacements.items() if not old.free.intersection(node.data)}
    if not inside:
        return node
    indices, body = totals.apart(node, frozenset().union(*(new.free for new in inside.values())))
    return totals.total(indices, substitute(body, inside))


def summed_out(root: Node, sizes: Mapping[str, int]) -> Node:
    """The same value without sums over indices: every one is written out, for sizes that are known."""

    def written(node: Node) -> Node:
        if node.op != "total":
            return node
        places = product(*(range(1, index.size.evaluate(sizes) + 1) for index in node.data))
        return sums.add(*(_term(node.args[0], dict(zip(node.data, here, strict=True))) for here in places))

    return bottom_up(root, written)


def _term(body: Node, places: Mapping[Index, int]) -> Node:
    """A term of a sum; of [i != j] u there is no u for i = j."""
    here = {at(index): leaves.unit(place, index.size) for index, place in places.items()}
    zeros = {
        node: leaves.zeros(*node.shape)
        for node in outside_of_sums(body)
        if any(substitute(pattern, here).is_zero for pattern in supports.patterns_of(node))
    }
    return substitute(body, {**here, **zeros})


def substitute_sizes(root: Node, sizes: Mapping[str, Dim], replacements: Mapping[Node, Node] | None = None) -> Node:
    """Replace dimension names by dimensions, and nodes by nodes that have the new shapes."""
    memo = dict(replacements or {})
    for node in postorder(root):
        if node not in memo:
            memo[node] = _resized(node, tuple(memo[a] for a in node.args), sizes)
    return memo[root]


def _resized(node: Node, args: Args, sizes: Mapping[str, Dim]) -> Node:
    rows, cols = node.rows.substitute(sizes), node.cols.substitute(sizes)
    match node.op:
        case "zero":
            return leaves.zeros(rows, cols)
        case "ones":
            return leaves.ones(rows, cols)
        case "identity":
            return leaves.identity(rows)
        case "unit":
            return leaves.unit(_resized_index(node.data[0], sizes), rows)
        case "at":
            return at(_resized_name(node.data[0], sizes))
        case "total":
            return totals.total([_resized_name(index, sizes) for index in node.data], args[0])
        case "dimension":
            return leaves.dimension(node.data[0].substitute(sizes))
        case "commutation":
            return leaves.commutation(*(d.substitute(sizes) for d in node.data))
        case "duplication":
            return leaves.duplication(node.data[0].substitute(sizes))
        case "elimination":
            return leaves.elimination(node.data[0].substitute(sizes))
        case "selector":
            return leaves.selector(node.data[0].substitute(sizes), rows, cols)
        case "mask":
            return leaves.mask(node.data[0], rows, cols)
        case "unvec":
            return unary.unvec(args[0], rows, cols)
        case "call":
            return _resized_call(node, args, (rows, cols))
        case "open":
            return _reopened(node, args, (rows, cols))
        case "constant" | "variable" | "perturbation":
            return make(node.op, (), node.data, (rows, cols))
    return REBUILD[node.op](node, args)


def _resized_name(index: Index, sizes: Mapping[str, Dim]) -> Index:
    return Index(index.name, index.size.substitute(sizes))


def _resized_index(index: int | Dim, sizes: Mapping[str, Dim]) -> int | Dim:
    if isinstance(index, int):
        return index
    place = index.substitute(sizes)
    return place if place.value is None else place.value


def _resized_call(node: Node, args: Args, shape: tuple[Dim, Dim]) -> Node:
    if shape[0].is_one and not shape[1].is_one:
        flipped = tuple(transposition.transpose(a) if a.is_row else a for a in args)
        column = application.call(node.data[0], *flipped, static=node.data[1:], shape=(shape[1], shape[0]))
        return transposition.transpose(column)
    return application.call(node.data[0], *args, static=node.data[1:], shape=shape)
