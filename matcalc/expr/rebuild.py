"""Rebuild an expression from new operands: substitution of leaves and of sizes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
from matcalc.expr.node import LEAVES, OPERATORS, Node, make, outside_of_sums, postorder
from matcalc.expr.passes import Fold, rows_of

__all__ = ["Rewrite", "bottom_up", "rebuild", "substitute", "substitute_sizes", "summed_out"]

Args = tuple[Node, ...]
Rule = Callable[[Node, Args], Node]


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


def _where_changed(rule: Rule, node: Node, args: Args) -> Node:
    return node if args == node.args else rule(node, args)


#: How each operator is made from new operands; leaves stay.
REBUILD: Fold[Node] = Fold(
    "rebuilding",
    {
        **rows_of(LEAVES, lambda node, args: node),
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
    },
    around=_where_changed,
)


def rebuild(node: Node, args: Args) -> Node:
    """The operator of the node applied to other operands of the same shapes."""
    return _where_changed(REBUILD.row(node.op), node, args)


def bottom_up(root: Node, step: Callable[[Node], Node]) -> Node:
    """Apply the step to every node once its operands have been replaced."""
    memo: dict[Node, Node] = {}
    for node in postorder(root):
        memo[node] = step(rebuild(node, tuple([memo[a] for a in node.args])) if node.args else node)
    return memo[root]


class Rewrite:
    """Nodes for nodes: at each, from the leaves up, the first rule of its operator that says something, until none does."""

    def __init__(
        self,
        rules: Mapping[str, Sequence[Callable[[Node], Node | None]]],
        most: int,
        refused: Callable[[Node, Node], bool] = lambda before, after: False,
    ) -> None:
        """A node is rewritten at most ``most`` times: a bound that a terminating table never reaches."""
        self._rules, self._most, self._refused = rules, most, refused

    def __call__(self, root: Node) -> Node:
        return bottom_up(root, self.settled)

    def settled(self, node: Node) -> Node:
        """One node, whose operands are rewritten already."""
        for _ in range(self._most):
            for rule in self._rules.get(node.op, ()):
                if (after := rule(node)) is not None:
                    break
            else:
                return node
            if self._refused(node, after):
                break
            node = after
        return node


def substitute(root: Node, replacements: Mapping[Node, Node]) -> Node:
    """Replace nodes by nodes of the same shape; an index that they hold is none that a sum binds."""
    if any(old.free or new.free for old, new in replacements.items()):
        return SUBSTITUTE.within(root, dict(replacements), replacements)
    return REBUILD.within(root, dict(replacements))


def _substituted_in_sum(node: Node, args: Args, replacements: Mapping[Node, Node]) -> Node:
    inside = {old: new for old, new in replacements.items() if not old.free.intersection(node.data)}
    if not inside:
        return node
    indices, body = totals.apart(node, frozenset().union(*(new.free for new in inside.values())))
    return totals.total(indices, substitute(body, inside))


#: Substitution of nodes with indices, which may not be bound in the sums that they are put into.
SUBSTITUTE: Fold[Node] = Fold(
    "substitution",
    {
        **rows_of(OPERATORS.keys() - {"total"}, lambda node, args, replacements: rebuild(node, args)),
        "total": _substituted_in_sum,
    },
    through=lambda node, replacements: () if node.op == "total" else node.args,
)


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
    return RESIZE.within(root, dict(replacements or {}), sizes)


def _resized_shape(node: Node, sizes: Mapping[str, Dim]) -> tuple[Dim, Dim]:
    return node.rows.substitute(sizes), node.cols.substitute(sizes)


def _resized_leaf(node: Node, args: Args, sizes: Mapping[str, Dim]) -> Node:
    return make(node.op, (), node.data, _resized_shape(node, sizes))


def _as_rebuilt(node: Node, args: Args, sizes: Mapping[str, Dim]) -> Node:
    return REBUILD.row(node.op)(node, args)


def _resized_name(index: Index, sizes: Mapping[str, Dim]) -> Index:
    return Index(index.name, index.size.substitute(sizes))


def _resized_index(index: int | Dim, sizes: Mapping[str, Dim]) -> int | Dim:
    if isinstance(index, int):
        return index
    place = index.substitute(sizes)
    return place if place.value is None else place.value


def _resized_call(node: Node, args: Args, sizes: Mapping[str, Dim]) -> Node:
    shape = _resized_shape(node, sizes)
    if shape[0].is_one and not shape[1].is_one:
        flipped = tuple(transposition.transpose(a) if a.is_row else a for a in args)
        column = application.call(node.data[0], *flipped, static=node.data[1:], shape=(shape[1], shape[0]))
        return transposition.transpose(column)
    return application.call(node.data[0], *args, static=node.data[1:], shape=shape)


#: How each operator is made for other sizes.
RESIZE: Fold[Node] = Fold(
    "resizing",
    {
        **rows_of("constant variable perturbation", _resized_leaf),
        **rows_of("power apply trace det logdet matmul matpow transpose scale kron diag diagonal", _as_rebuilt),
        **rows_of("adjugate vec block add", _as_rebuilt),
        "zero": lambda node, args, sizes: leaves.zeros(*_resized_shape(node, sizes)),
        "ones": lambda node, args, sizes: leaves.ones(*_resized_shape(node, sizes)),
        "identity": lambda node, args, sizes: leaves.identity(node.rows.substitute(sizes)),
        "unit": lambda node, args, sizes: leaves.unit(_resized_index(node.data[0], sizes), node.rows.substitute(sizes)),
        "at": lambda node, args, sizes: at(_resized_name(node.data[0], sizes)),
        "total": lambda node, args, sizes: totals.total([_resized_name(index, sizes) for index in node.data], args[0]),
        "dimension": lambda node, args, sizes: leaves.dimension(node.data[0].substitute(sizes)),
        "commutation": lambda node, args, sizes: leaves.commutation(*(d.substitute(sizes) for d in node.data)),
        "duplication": lambda node, args, sizes: leaves.duplication(node.data[0].substitute(sizes)),
        "elimination": lambda node, args, sizes: leaves.elimination(node.data[0].substitute(sizes)),
        "selector": lambda node, args, sizes: leaves.selector(
            node.data[0].substitute(sizes), *_resized_shape(node, sizes)
        ),
        "mask": lambda node, args, sizes: leaves.mask(node.data[0], *_resized_shape(node, sizes)),
        "unvec": lambda node, args, sizes: unary.unvec(args[0], *_resized_shape(node, sizes)),
        "call": _resized_call,
        "open": lambda node, args, sizes: _reopened(node, args, _resized_shape(node, sizes)),
    },
)
