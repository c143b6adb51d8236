"""Names that the user gave to parts: ``where K = A A^T + s I``, and K wherever that stands in an answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from fractions import Fraction
from functools import lru_cache

from matcalc.expr import (
    Node,
    combine,
    content,
    factors,
    hadamard,
    identity,
    is_number,
    matmul,
    matrix_power,
    number,
    postorder,
    power,
    rebuild,
    scaled,
    substitute,
    terms,
    transpose,
)
from matcalc.records import dataclass
from matcalc.simplify.cost import cost
from matcalc.simplify.expansion import expanded

__all__ = ["Defined", "contracted", "definitions_in_use"]


#: Numbers up to this one, and their halves, stand in expressions for themselves.
MOST_USUAL = 12


@dataclass(frozen=True, slots=True)
class Defined:
    """A name of the user's.

    Attributes:
        name: a variable that stands for it.
        body: what it stands for, without such names.
        typed: the identity of its typed tree, which is shown by its name where it stands in another.
        also: the same in the forms that it has in results.
    """

    name: Node
    body: Node
    typed: int = 0
    also: tuple[Node, ...] = ()


def definitions_in_use(roots: Sequence[Node], bodies: Iterable[tuple[Node, Node]]) -> tuple[tuple[Node, Node], ...]:
    """The names in the expressions with what they stand for in terms of earlier ones, and so on for those."""
    known = dict(bodies)
    wanted = {n for n in postorder(*roots) if n in known}
    for name, body in reversed(known.items()):
        if name in wanted:
            wanted |= {n for n in postorder(body) if n in known}
    return tuple((name, body) for name, body in known.items() if name in wanted)


def contracted(root: Node, definitions: Sequence[Defined]) -> Node:
    """The expression with the names in place of what they stand for, the last definition first.

    Writing out the names again gives the expression that it was: else it stays as it is.
    """
    within = set(postorder(root)) if definitions else set()
    for name, body in ((d.name, body) for d in reversed(definitions) for body in (d.body, *d.also)):
        found = _contracted(root, name, body, within)
        if found is not root:
            root, within = found, set(postorder(found))
    return root


def _contracted(root: Node, name: Node, body: Node, within: Set[Node]) -> Node:
    for is_same, factored in ((_is_identical, False), (_has_same_products, True)):
        contraction = _contraction(name, body, factored)
        if contraction.may_occur(within):
            found = contraction.of(root)
            if found is not root and is_same(substitute(found, {name: body}), root):
                return found
    return root


def _is_identical(written_out: Node, root: Node) -> bool:
    return written_out in (root, substitute(root, {}))


def _has_same_products(written_out: Node, root: Node) -> bool:
    """Of sums in sums a second walk writes out the products."""
    first, second = (expanded(expanded(node)) for node in (written_out, root))
    return first is second


Memo = dict[Node, Node]


class _Contraction:
    """Puts one name in the place of one body, of a part of a sum and of a part of a product that it is.

    A ``factored`` sum is looked for as the product of a sum and what its terms have in common.
    """

    def __init__(self, name: Node, body: Node, factored: bool) -> None:
        self.ways = [(body, name)]
        if not body.is_scalar and transpose(body) is not body:
            self.ways.append((transpose(body), transpose(name)))
        self.value = is_number(body)
        c, primitive = content(body)
        if c != 1 and self.value is None:
            self.ways.append((primitive, scaled(1 / c, name)))
        self.chains = [(_chain(body), name) for body, name in self.ways]
        self.needed = [frozenset(_chain(body) or _operands(body)) for body, _ in self.ways]
        if factored:
            self.chains = [(chain, scaled(sign, n)) for b, n in self.ways[:2] for chain, sign in _factored(b)]
            self.needed = [frozenset(chain) for chain, _ in self.chains]
            self.ways = self.ways[:0]

    def may_occur(self, within: Set[Node]) -> bool:
        """Whether one of the bodies, or everything that it is made of, stands in the expression of these nodes.

        2 of n = 2 may be any number.
        """
        if self.value is not None and self.value.denominator <= 2 and abs(self.value) <= MOST_USUAL:
            return False
        return any(body in within for body, _ in self.ways) or any(
            needed and needed <= within for needed in self.needed
        )

    def of(self, root: Node) -> Node:
        memo: Memo = {}
        for node in postorder(root):
            memo[node] = self._of(node, memo)
        return memo[root]

    def _of(self, node: Node, memo: Memo) -> Node:
        for body, name in self.ways:
            if node is body:
                return name
        if node.op == "matmul":
            return self._product(node, memo)
        if self.value is not None:
            return _constant_of(node, self.value, self.ways[0][1], memo) if self.ways else _rebuilt(node, memo)
        for body, name in self.ways:
            part = _PARTS[node.op](node, body, name, memo) if node.op == body.op and node.op in _PARTS else None
            if part is not None:
                return part
        return _rebuilt(node, memo)

    def _product(self, node: Node, memo: Memo) -> Node:
        """K B K^T for A X B X^T A^T"""
        found: list[Node] = []
        place = 0
        while place < len(node.args):
            way = next(((c, n) for c, n in self.chains if c and node.args[place : place + len(c)] == c), None)
            found.append(memo[node.args[place]] if way is None else way[1])
            place += 1 if way is None else len(way[0])
        return matmul(*found) if len(found) < len(node.args) else _rebuilt(node, memo)


@lru_cache(maxsize=256)
def _contraction(name: Node, body: Node, factored: bool) -> _Contraction:
    return _Contraction(name, body, factored)


def _chain(node: Node) -> tuple[Node, ...]:
    """The factors of a product, or of the transpose of one."""
    if node.op == "transpose":
        return tuple(transpose(f) for f in reversed(_chain(node.args[0])))
    return node.args if node.op == "matmul" else ()


def _operands(body: Node) -> tuple[Node, ...]:
    """What stands wherever the body does, in another power as well."""
    return body.args[:1] if body.op == "matpow" else body.args[::2] if body.op == "power" else body.args


def _factored(body: Node) -> Iterator[tuple[tuple[Node, Node], int]]:
    """S t and t S for a sum of products that end or begin with t, S with either sign."""
    parts = [(_chain(term) or (term,), c) for term, c in terms(body)]
    if body.is_scalar or body.op != "add" or len(parts) < 2:
        return
    for last in (True, False):
        common = parts[0][0][-1 if last else 0]
        if all(chain[-1 if last else 0] is common for chain, _ in parts):
            rest = [(_rest(chain, last=last), c) for chain, c in parts]
            shape = (body.rows, common.rows) if last else (common.cols, body.cols)
            for sign in (1, -1):
                inner = combine([(r if r is not None else identity(shape[0]), sign * c) for r, c in rest], shape)
                yield ((inner, common) if last else (common, inner)), sign


def _rest(chain: tuple[Node, ...], *, last: bool) -> Node | None:
    """A product without its last or first factor, None if it has no other."""
    others = chain[:-1] if last else chain[1:]
    return matmul(*others) if others else None


def _rebuilt(node: Node, memo: Memo) -> Node:
    if not node.args or all(memo[a] is a for a in node.args):
        return node
    return rebuild(node, tuple(memo[a] for a in node.args))


def _constant_of(node: Node, value: Fraction, name: Node, memo: Memo) -> Node:
    """s + eps for s + 1e-8, of which the engine has 1 + 100000000 s"""
    if node.op == "add" and node.is_scalar and len(node.args) > 1:
        constant = next((c for term, c in terms(node) if term.op == "ones"), None)
        rest = [(memo[term], c) for term, c in terms(node) if term.op != "ones"]
        ratio = constant and constant / value
        if ratio and (ratio == 1 or all((2 * c / ratio).denominator == 1 for _, c in rest)):
            return combine([(name, ratio), *rest], node.shape)
    return _rebuilt(node, memo)


def _in_sum(node: Node, body: Node, name: Node, memo: Memo) -> Node | None:
    """K + B for A A^T + s I + B, and 2 K for 2 A A^T + 2 s I."""
    wanted, there = dict(terms(body)), dict(terms(node))
    if node.shape != body.shape or len(wanted) < 2 or not wanted.keys() <= there.keys():
        return None
    ratios = {there[term] / wanted[term] for term in wanted}
    if len(ratios) != 1:
        return None
    rest = ((memo[term], c) for term, c in there.items() if term not in wanted)
    return combine([(name, Fraction(ratios.pop())), *rest], node.shape)


def _in_power_product(node: Node, body: Node, name: Node, memo: Memo) -> Node | None:
    """p .* q for exp(u) .* q / sum(exp(u)), and n m^2 for sum(x)^2 / n, 1 / s^2 for 1 / (x^T x)"""
    wanted, there = dict(factors(body)), dict(factors(node))
    if node.shape != body.shape or not wanted.keys() <= there.keys():
        return None
    if len(wanted) > 1 and all(there[b] is e for b, e in wanted.items()):
        return hadamard(name, *(power(memo[b], memo[e]) for b, e in there.items() if b not in wanted))
    rest = [power(memo[b], memo[e]) for b, e in there.items() if b not in wanted]
    forms = [
        hadamard(power(name, times), *rest, *(power(memo[b], there[b] - scaled(times, e)) for b, e in wanted.items()))
        for times in _times_within(wanted, there)
    ]
    shortest = min(forms, key=cost, default=node)
    return shortest if cost(shortest) < cost(node) else None


def _times_within(wanted: Mapping[Node, Node], there: Mapping[Node, Node]) -> set[Fraction]:
    """Which whole powers of a product of powers may be taken out of another: the ratios of their exponents."""
    ratios: set[Fraction] = set()
    for b, e in wanted.items():
        over, below = is_number(there[b]), is_number(e)
        if over is None or below is None:
            return set()
        ratios.add(over / below)
    one_sign = min(ratios) > 0 or max(ratios) < 0
    return {r for r in ratios if r.denominator == 1} if one_sign else set()


def _in_matrix_power(node: Node, body: Node, name: Node, memo: Memo) -> Node | None:
    """P^2 for S^-2, where P is S^-1"""
    exponents = [is_number(n.args[1]) for n in (node, body)]
    if node.args[0] is not body.args[0] or None in exponents:
        return None
    times = exponents[0] / exponents[1]  # type: ignore[operator]
    return matrix_power(name, number(times)) if times.denominator == 1 and times > 0 else None


_PARTS = {"add": _in_sum, "power": _in_power_product, "matpow": _in_matrix_power}
