"""A root of a number beside roots of a sum is drawn into them: sqrt(0.00001) sqrt(100000 x + 1) is sqrt(x + 0.00001).

The engine takes the content out of every sum; of a root it leaves the root of a number. For the printer only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from matcalc.expr import Node, combine, factors, is_number, number, postorder, rebuild, scaled, terms, variable
from matcalc.expr.node import make

__all__ = ["drawn_apart", "put_back", "with_roots_absorbed"]

Drawn = tuple[Node, Fraction] | None
#: Operators whose value is a multiple where one of their operands is.
_LINEAR = frozenset({"matmul", "scale", "transpose", "trace", "diag"})


def with_roots_absorbed(root: Node) -> Node:
    """The expression with all such roots drawn in; it is not canonical."""
    return _Drawing().of(root)


def drawn_apart(root: Node) -> tuple[Node, dict[Node, Node]]:
    """The canonical expression with names in place of the sums into whose roots those of numbers are drawn, and these sums."""
    drawing = _Drawing()
    raw = drawing.of(root)
    if not drawing.sums:
        return root, {}
    names = {total: variable(f"·{i}", total.shape) for i, total in enumerate(drawing.sums)}
    memo: dict[Node, Node] = {}
    for node in postorder(raw):
        again = rebuild(node, tuple(memo[a] for a in node.args)) if node.args else node
        memo[node] = names.get(node, again)
    return memo[raw], {name: total for total, name in names.items()}


def put_back(root: Node, sums: Mapping[Node, Node]) -> Node:
    """The expression with the sums in the places of their names; it is not canonical."""
    if not sums:
        return root
    memo: dict[Node, Node] = {}
    for node in postorder(root):
        memo[node] = sums.get(node) or _again(node, memo)
    return memo[root]


class _Drawing:
    def __init__(self) -> None:
        self.sums: dict[Node, None] = {}

    def of(self, root: Node) -> Node:
        if not any(n.op == "power" and _root_in(n) is not None for n in postorder(root)):
            return root
        memo: dict[Node, Node] = {}
        for node in postorder(root):
            memo[node] = self.absorbed(_again(node, memo))
        return memo[root]

    def absorbed(self, node: Node) -> Node:
        """The node with the root of a number among its factors drawn into its sums, if each term has a root for it."""
        found = _root_of(node)
        if found is None:
            return node
        base, exponent, rest = found
        drawn = self.into(rest, base, exponent)
        return node if drawn is None else combine([drawn], node.shape)

    def into(self, node: Node, c: Fraction, q: Fraction) -> Drawn:
        """c^q times the node as a multiple of another one, or None where not every term has a root for it."""
        if node.op == "add":
            drawn = [(self.into(t, c, q), d) for t, d in terms(node)]
            pairs = [(found[0], found[1] * d) for found, d in drawn if found is not None]
            return (combine(pairs, node.shape), Fraction(1)) if len(pairs) == len(drawn) else None
        if node.op == "power":
            return self.into_factor(node, c, q)
        return self.into_operand(node, range(len(node.args)), c, q) if node.op in _LINEAR else None

    def into_factor(self, node: Node, c: Fraction, q: Fraction) -> Drawn:
        pairs = factors(node)
        for i, (base, exponent) in enumerate(pairs):
            e = is_number(exponent)
            if e is None or e.denominator == 1:
                continue
            if base.op == "add" and not base.is_number and (q - e).denominator == 1:
                total = scaled(c, base)
                self.sums[total] = None
                return _replaced(node, i, (total, exponent)), c ** int(q - e)
            e = e if is_number(base) == c else -e if is_number(base) == 1 / c else Fraction(1, 3) - q
            if (q + e).denominator == 1:
                return _replaced(node, i), c ** int(q + e)
        for i, (base, exponent) in enumerate(pairs):
            if is_number(exponent) == -1 and (drawn := self.into(base, c, -q)) is not None:
                return _replaced(node, i, (drawn[0], exponent)), 1 / drawn[1]
        linear = [2 * i for i, (_, exponent) in enumerate(pairs) if is_number(exponent) == 1]
        return self.into_operand(node, linear, c, q)

    def into_operand(self, node: Node, places: Iterable[int], c: Fraction, q: Fraction) -> Drawn:
        for i in places:
            drawn = self.into(node.args[i], c, q)
            if drawn is not None:
                args = (*node.args[:i], drawn[0], *node.args[i + 1 :])
                return _without_ones(make(node.op, args, node.data, node.shape)), drawn[1]
        return None


def _again(node: Node, memo: dict[Node, Node]) -> Node:
    args = tuple(memo[a] for a in node.args)
    if args == node.args:
        return node
    if node.op == "add":
        pairs = [(u, c * d) for t, c in zip(args, node.data, strict=True) for u, d in _single(t)]
        return combine(pairs, node.shape)
    return make(node.op, args, node.data, node.shape)


def _single(term: Node) -> list[tuple[Node, Fraction]]:
    return list(terms(term)) if term.op == "add" and len(term.args) == 1 else [(term, Fraction(1))]


def _root_of(node: Node) -> tuple[Fraction, Fraction, Node] | None:
    """A number with an exponent that is no whole number, and what it is a factor of."""
    if node.op == "scale" and node.args[0].op == "power" and (found := _root_in(node.args[0])) is not None:
        base, exponent, rest = found
        inside = node.args[1] if rest is None else make("scale", (rest, node.args[1]), node.data, node.shape)
        return base, exponent, inside
    if node.op == "power" and (found := _root_in(node)) is not None and found[2] is not None:
        return found[0], found[1], found[2]
    return None


def _root_in(node: Node) -> tuple[Fraction, Fraction, Node | None] | None:
    pairs = factors(node)
    for i, (base, exponent) in enumerate(pairs):
        c, q = is_number(base), is_number(exponent)
        if c is not None and q is not None and q.denominator != 1:
            others = [part for j, pair in enumerate(pairs) if j != i for part in pair]
            return c, q, make("power", tuple(others), node.data, node.shape) if others else None
    return None


def _replaced(node: Node, place: int, *pairs: tuple[Node, Node]) -> Node:
    """The product with other factors in place of one."""
    kept = list(factors(node))
    kept[place : place + 1] = pairs
    return make("power", tuple(part for pair in kept for part in pair), node.data, node.shape) if kept else number(1)


def _without_ones(node: Node) -> Node:
    return node.args[1] if node.op == "scale" and is_number(node.args[0]) == 1 else node
