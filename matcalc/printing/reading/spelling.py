"""Sums as they were typed: ``||x - y||`` stays that, although the engine keeps ``y - x`` in a square.

Products and powers hold every sum in one orientation, so that equal ones meet. Where its sign is free (squares, norms,
inverses with a sign outside, logarithms of determinants) the printer turns it as it was typed, here and wherever else it
stands in the same answer; a sum with the terms of a typed one has them in that order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import field
from fractions import Fraction

from matcalc.expr import (
    LEAVES,
    ONE,
    Node,
    combine,
    content,
    is_number,
    number,
    ones,
    postorder,
    scale,
    scaled,
    split_scalar,
    substitute,
    terms,
    transpose,
)
from matcalc.expr.node import make
from matcalc.expr.passes import Pass, rows_of
from matcalc.functions import row_of
from matcalc.records import dataclass

__all__ = ["Respelled", "Spelling", "Sum"]

#: A typed sum: terms with their coefficients, in the order in which they were typed.
Sum = tuple[tuple[Node, Fraction], ...]


@dataclass(frozen=True, slots=True)
class Respelled:
    """An expression with its sums turned as they were typed, for the printer only: its nodes are not canonical.

    Attributes:
        fixed: sums that keep their signs where a minus sign stands before their product.
        orders: sum -> its terms in the order in which they were typed.
        turned: sums that are read as the transpose of what was typed, or of what stands beside them.
        upright: the transposes of those.
        written: sums with the signs with which they were typed, and their transposes.
    """

    node: Node
    fixed: frozenset[Node] = frozenset()
    orders: Mapping[Node, Sequence[Node]] = field(default_factory=dict)
    turned: frozenset[Node] = frozenset()
    upright: frozenset[Node] = frozenset()
    written: frozenset[Node] = frozenset()

    @property
    def changes(self) -> bool:
        """Whether anything has to be read in another way than it stands."""
        return bool(self.fixed or self.orders or self.turned)


@dataclass(frozen=True, slots=True)
class _Typed:
    """How a sum in the orientation of the engine was typed: with which sign, in which order, as its transpose."""

    sign: int
    order: tuple[Node, ...]
    turned: bool


class Spelling:
    """What was typed, looked up by sums whose signs and common factor are those of the engine."""

    def __init__(self, sums: Iterable[Sum]) -> None:
        self._typed: dict[Node, _Typed] = {}
        for typed in sums:
            node = combine(typed, typed[0][0].shape)
            order = tuple(dict.fromkeys(t for part, _ in typed for t, _ in terms(part)))
            self._include(node, order, False)
            if not node.is_scalar:
                self._include(transpose(node), tuple(transpose(t) for t in order), True)

    def _include(self, node: Node, order: tuple[Node, ...], turned: bool) -> None:
        if node.op == "add" and len(node.args) > 1:
            c, primitive = content(node)
            known = self._typed.get(primitive)
            if known is None or (known.turned and not turned):
                self._typed[primitive] = _Typed(1 if c > 0 else -1, order, turned)

    def respelled(self, root: Node) -> Respelled:
        """The expression with its sums as they were typed."""
        root = self._mixed(root)
        nodes = postorder(root)
        found = {n: content(n)[1] for n in nodes if n.op == "add" and len(n.args) > 1}
        plain = not any(p in self._typed for p in found.values()) and not any(_both_ways(n, found) for n in found)
        if plain and not any(map(_has_pair, nodes)):
            return Respelled(root)
        return _Pass(self._typed, frozenset(self._free(nodes)), found).run(root, nodes)

    def _mixed(self, root: Node) -> Node:
        """s u + (1 - s) v in place of s (u - v) + v, where 1 - s was typed."""
        weights = {s for typed in self._typed if typed.is_scalar for s in _weights(typed)}
        sums = [n for n in postorder(root) if n.op == "add" and len(n.args) > 1] if weights else []
        found = {n: mixed for n in sums if (mixed := _as_mixture(n, weights)) is not None}
        return substitute(root, found) if found else root

    def up_to_sign(self, node: Node) -> Node:
        """The sum or its negative: what was typed, else the node."""
        c, primitive = content(node)
        typed = self._typed.get(primitive)
        return node if typed is None or (c > 0) == (typed.sign > 0) else scaled(-1, node)

    def _free(self, nodes: Iterable[Node]) -> Iterator[Node]:
        """Typed sums that stand somewhere where they can be turned, or stand as they were typed; with transposes."""
        for node in nodes:
            for candidate in FREE.row(node.op)(node):
                upright = candidate.upright
                if upright.op == "add":
                    primitive = content(upright)[1]
                    if primitive in self._typed:
                        yield primitive
                        yield content(transpose(primitive))[1]


def _has_pair(node: Node) -> bool:
    """Whether two sums of both signs stand in one product."""
    return node.op in ("matmul", "power", "kron") and sum(_wish(a, frozenset()) is not None for a in node.args) > 1


def _weights(typed: Node) -> Iterator[Node]:
    """s of 1 - s"""
    pairs = dict(terms(typed))
    for t, c in pairs.items():
        if len(pairs) == 2 and t.op == "variable" and pairs.get(ones(ONE)) == -c:
            yield t


def _as_mixture(node: Node, weights: Set[Node]) -> Node | None:
    """s u + (1 - s) v for the sum s (u - v) + v"""
    pairs = dict(terms(node))
    for t, c in pairs.items():
        if t.op != "scale" or t.args[0] not in weights:
            continue
        for v, d in terms(t.args[1]):
            if c * d == -pairs.get(v, 0):
                weight, rest = t.args[0], [(o, k) for o, k in pairs.items() if o not in (t, v)]
                first = scale(weight, t.args[1] - scaled(d, v))
                return combine([(first, c), (scale(number(1) - weight, v), pairs[v]), *rest], node.shape)
    return None


def _both_ways(node: Node, found: Mapping[Node, Node]) -> bool:
    """Whether a matrix sum and its transpose, another sum, both stand in the expression."""
    if node.is_column:
        return False
    other = content(transpose(node))[1]
    return other is not found[node] and other in found.values()


def _transposes(node: Node) -> int:
    """How many transposes are written in a sum that is not turned."""
    return sum(t.op == "transpose" and not t.is_row for n, _ in terms(node) for t in postorder(n))


def _repeated_sums(node: Node) -> Iterable[Node]:
    """Sums that stand twice in a product: their signs cancel."""
    sums = [f.upright for f in node.args if f.upright.op == "add"]
    return [s for i, s in enumerate(sums) if any(o is s or o is transpose(s) for o in sums[:i])]


#: operator -> the operands whose signs are free: (-u)^2 = u^2
FREE: Pass[Callable[[Node], Iterable[Node]]] = Pass(
    "operands with free signs",
    {
        **rows_of(LEAVES, lambda node: ()),
        **rows_of(
            "trace det call open transpose scale diag diagonal adjugate vec unvec total block add", lambda node: ()
        ),
        **rows_of("matpow logdet", lambda node: node.args[:1]),
        **rows_of("matmul kron", _repeated_sums),
        "power": lambda node: [b for b, e in zip(node.args[::2], node.args[1::2], strict=True) if is_number(e) != 1],
        "apply": lambda node: node.args,
    },
)


class _Pass:
    """Turns sums from the leaves up; every result has the value of its node."""

    def __init__(self, typed: Mapping[Node, _Typed], free: frozenset[Node], found: Mapping[Node, Node]) -> None:
        self.typed = typed
        self.free = free
        self.found = found
        self.memo: dict[Node, Node] = {}
        self.orders: dict[Node, Sequence[Node]] = {}
        self.fixed: set[Node] = set()
        self.turned: set[Node] = set()
        self.written: set[Node] = set()

    def run(self, root: Node, nodes: Iterable[Node]) -> Respelled:
        for node in nodes:
            self.memo[node] = self._of(node)
        turned = frozenset(self.turned)
        upright = frozenset(transpose(s) for s in turned)
        written = frozenset(self.written)
        return Respelled(self.memo[root], frozenset(self.fixed), self.orders, turned - upright, upright, written)

    def _of(self, node: Node) -> Node:
        if not node.args:
            return node
        if node.op == "add":
            return self._sum(node)
        if node.op == "transpose":
            sign, inside = _sign_of(self.memo[node.args[0]])
            return scaled(sign, transpose(inside))
        args, sign = list(node.args), 1
        signs = SIGNS.row(node.op)(node)
        for i, places in enumerate(signs):
            if places is None:  # the sign matters here
                args[i] = self.memo[node.args[i]]
                if _sign_of(args[i])[0] < 0 < _sign_of(node.args[i])[0]:
                    args[i] = node.args[i]
                continue
            turned, args[i] = self._turned(node.args[i])
            sign *= turned**places
        for i in self._in_pairs(node, args, signs):
            args[i] = scaled(-1, args[i])
        if all(a is b for a, b in zip(args, node.args, strict=True)):
            return node
        return scaled(sign, _with_mirror(make(node.op, tuple(args), node.data, node.shape)))

    def _sum(self, node: Node) -> Node:
        result = combine(((self.memo[t], c) for t, c in terms(node)), node.shape)
        primitive = self.found.get(node)
        if primitive is None or result.op != "add":
            return result
        typed = self.typed.get(primitive)
        if self._is_turned(node, primitive):
            self.turned.update((result, scaled(-1, result)))
        if typed is not None:
            order = [_sign_of(self.memo[t])[1] if t in self.memo else t for t in typed.order]
            for form in (result, scaled(-1, result)):
                for way, parts in ((form, order), (transpose(form), [transpose(t) for t in order])):
                    if way.op == "add":
                        self.orders[way] = parts
                        if (content(form)[0] > 0) == (typed.sign > 0):
                            self.written.add(way)
                        if primitive in self.free:
                            self.fixed.add(way)
        return result

    def _is_turned(self, node: Node, primitive: Node) -> bool:
        """Whether the transpose of the sum was typed, or stands beside it and is the plainer of the two."""
        if node.is_column:
            return False
        if primitive in self.typed:
            return self.typed[primitive].turned
        return _both_ways(node, self.found) and _transposes(node) > _transposes(transpose(node))

    def _in_pairs(self, node: Node, args: Sequence[Node], signs: Sequence[int | None]) -> list[int]:
        """Which two factors show their signs reversed: (a - b) (2 b - c) for (b - a) (c - 2 b), where a - b was typed."""
        if node.op not in ("matmul", "power", "kron"):
            return []
        wishes = {i: _wish(args[i], self.written) for i, places in enumerate(signs) if places and places % 2}
        against = [i for i, wish in wishes.items() if wish == -1]
        others = [i for i, wish in wishes.items() if wish == 0]
        return against[:2] if len(against) > 1 else [*against, *others[:1]] if against and others else []

    def _turned(self, node: Node) -> tuple[int, Node]:
        """(sign, body) with node = sign body, where a typed sum has the signs it was typed with."""
        again = self.memo[node]
        upright = node.upright
        if upright.op == "add":
            typed = self.typed.get(content(upright)[1])
            against = typed is not None and typed.sign < 0 < content(upright)[0]
            if (against and content(upright)[1] in self.free) or all(c < 0 for _, c in terms(again)):
                return -1, scaled(-1, again)
        return _sign_of(again)


def _wish(factor: Node, written: Set[Node]) -> int | None:
    """Whether a sum wishes to stay as it is (1), or to be turned (-1): as it was typed, else with a plus before its I.

    0 where both read as well, None for what is no sum of both signs.
    """
    total = factor.upright
    if total.op != "add" or len({c > 0 for c in total.data}) < 2:
        return None
    for form, wish in ((total, 1), (scaled(-1, total), -1)):
        if form in written:
            return wish
    numbers = [c for t, c in terms(total) if split_scalar(t)[1].op == "identity"]
    return 0 if not numbers else 1 if max(numbers) > 0 else -1


def _sign_of(node: Node) -> tuple[int, Node]:
    """(-1, X) for -X, where X is one term."""
    upright = node.upright
    if upright.op == "add" and len(upright.args) == 1 and upright.data[0] == -1:
        return -1, upright.args[0] if node is upright else transpose(upright.args[0])
    return 1, node


def _all_leave(node: Node) -> list[int | None]:
    return [1] * len(node.args)


def _none_leaves(node: Node) -> list[int | None]:
    return [None] * len(node.args)


def _of_function(node: Node) -> list[int | None]:
    parity = row_of(node.data[0]).parity if len(node.args) == 1 else ""
    return [int(parity == "odd")] if parity in ("odd", "even") else _none_leaves(node)


def _of_powers(node: Node) -> list[int | None]:
    places: list[int | None] = []
    for exponent in node.args[1::2]:
        e = is_number(exponent)
        places += [int(e) % 2 if e is not None and e.denominator == 1 else None, None]
    return places


#: operator -> with which power the sign of each operand leaves the node; None where it does not leave
SIGNS: Pass[Callable[[Node], list[int | None]]] = Pass(
    "signs that leave",
    {
        **rows_of("matmul kron scale trace diag diagonal vec unvec total", _all_leave),
        **rows_of("det adjugate call open block", _none_leaves),
        "logdet": lambda node: [0],
        "apply": _of_function,
        **rows_of("power matpow", _of_powers),
    },
    never=LEAVES | {"add", "transpose"},
)


def _with_mirror(node: Node) -> Node:
    """The node with its transpose beside it, which would else be built anew in the engine's orientation."""
    if node.is_column or node.is_row or "transpose" in node.cache:
        return node
    args = MIRRORED.row(node.op)(node)
    if args is not None:
        mirror = make(node.op, args, node.data, (node.cols, node.rows))
        node.cache["transpose"] = mirror
        mirror.cache.setdefault("transpose", node)
    return node


def _each_turned(node: Node) -> tuple[Node, ...]:
    return tuple(a if a.is_scalar else transpose(a) for a in node.args)


#: operator -> the operands of its transpose, where that has the same operator
MIRRORED: Pass[Callable[[Node], tuple[Node, ...] | None]] = Pass(
    "operands of the transpose",
    {
        **rows_of(LEAVES, lambda node: None),
        **rows_of("trace det logdet call open transpose diag diagonal adjugate vec unvec block add", lambda node: None),
        "matmul": lambda node: tuple(transpose(f) for f in reversed(node.args)),
        **rows_of("kron apply total", _each_turned),
        "scale": lambda node: (node.args[0], transpose(node.args[1])),
        **rows_of("power matpow", lambda node: tuple(a if i % 2 else transpose(a) for i, a in enumerate(node.args))),
    },
)
