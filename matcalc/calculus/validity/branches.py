"""The branches of where(c, a, b): under which relations each part of an expression is used, and where branches join."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from matcalc.calculus.differential import differential
from matcalc.calculus.needs.index_relations import common_relations, index_relations
from matcalc.errors import DomainError, UnsupportedError
from matcalc.expr import (
    OPERATORS,
    Node,
    Shape,
    apply,
    call,
    perturbation,
    postorder,
    scaled,
    substitute,
    terms,
    transpose,
    variable,
    variables,
    zeros,
)
from matcalc.expr.canonical.piecewise import RELATIONS, negated, spread
from matcalc.expr.passes import Push, rows_of
from matcalc.simplify import simplify

__all__ = ["guards", "is_choice", "relation_of", "thresholds"]

#: The relations that all hold where a node is used.
Guard = frozenset[Node]


def is_choice(node: Node) -> bool:
    """where(c, a, b)"""
    return node.op == "apply" and node.data[0] == "where"


def _is_relation(node: Node) -> bool:
    return node.op == "apply" and node.data[0] in RELATIONS


def relation_of(node: Node) -> tuple[str, Node, Node] | None:
    """The name and the sides of a relation, also of one that is transposed as a whole."""
    upright = node.upright
    if not _is_relation(upright):
        return None
    left, right = upright.args if upright is node else map(transpose, upright.args)
    return upright.data[0], left, right


def guards(root: Node, *, differentiated: bool = False, chosen: bool = False) -> Mapping[Node, Guard]:
    """For each node of an expression the relations that hold wherever it is used.

    Where it is ``differentiated``: what stands in a condition only has a value there, and no derivative, and is left out.
    Of two operands of max one is ``chosen``, and a kink of the other is none of theirs.
    """
    return GUARDS(root, frozenset(), differentiated, chosen)


def _of_function(node: Node, here: Guard, differentiated: bool, chosen: bool) -> Iterator[tuple[Node, Guard]]:
    if differentiated and _is_relation(node):
        return
    for i, operand in enumerate(node.args):
        if differentiated and i == 0 and is_choice(node):
            continue
        there = here | _assumed(node.args[0], i) if is_choice(node) and i else here
        yield operand, there | _chosen(node, i) if chosen else there


def _of_sum(node: Node, here: Guard, differentiated: bool, chosen: bool) -> Iterator[tuple[Node, Guard]]:
    return ((operand, here) for operand in node.args)


def _of_all(node: Node, here: Guard, differentiated: bool, chosen: bool) -> Iterator[tuple[Node, Guard]]:
    """What holds for entries of the node says nothing of those of an operand: one is used in many entries."""
    kept = frozenset(r for r in here if r.is_scalar)
    return ((operand, kept) for operand in node.args)


def _of_transposed(node: Node, here: Guard, differentiated: bool, chosen: bool) -> Iterator[tuple[Node, Guard]]:
    yield node.args[0], frozenset(map(transpose, here))


def _of_called(node: Node, here: Guard, differentiated: bool, chosen: bool) -> Iterator[tuple[Node, Guard]]:
    """Of all entries the largest alone is ``chosen``, where it is one."""
    marks = _MARKS.get(node.data[0]) if chosen and len(node.args) == 1 else None
    kept = frozenset(r for r in here if r.is_scalar)
    marked = frozenset({call(marks, *node.args, shape=node.args[0].shape)}) if marks else frozenset()
    return ((operand, kept | marked) for operand in node.args)


#: function of arrays -> where the entries are that count
_MARKS = {"max": "argmax", "min": "argmin", "row_max": "row_argmax", "row_min": "row_argmin"}


def _chosen(node: Node, place: int) -> Guard:
    """Where an operand of max, min or relu is the one that counts."""
    if node.data[0] not in ("max", "min", "relu"):
        return frozenset()
    u = node.args[place]
    other = zeros(*u.shape) if node.data[0] == "relu" else node.args[1 - place]
    sides = (other, u) if node.data[0] == "min" else (u, other)
    return frozenset(r for r in [apply("greater", *sides)] if _is_relation(r))


def _assumed(condition: Node, place: int) -> Guard:
    """What holds in the first branch of where(c, a, b), or in the second."""
    if place == 1:
        return frozenset(r for r in _conjuncts(condition) if _is_relation(r))
    opposite = negated(condition)
    return frozenset() if opposite is None else frozenset({opposite})


def _conjuncts(condition: Node) -> tuple[Node, ...]:
    return condition.args[::2] if condition.op == "power" else (condition,)


def _of_factors(node: Node, here: Guard, differentiated: bool, chosen: bool) -> Iterator[tuple[Node, Guard]]:
    """Of [i != j] u only the values of u for different i and j are used."""
    relations = index_relations(node)
    return ((operand, here | (relations - {operand})) for operand in node.args)


def _of_scaled(node: Node, here: Guard, differentiated: bool, chosen: bool) -> Iterator[tuple[Node, Guard]]:
    yield node.args[0], here
    yield node.args[1], here | index_relations(node.args[0])


def _of_total(node: Node, here: Guard, differentiated: bool, chosen: bool) -> Iterator[tuple[Node, Guard]]:
    """An index of the sum is another one than that of the same name around it."""
    yield node.args[0], frozenset(r for r in here if not r.free.intersection(node.data))


#: The relations that hold at each node; its context says of what, as `guards` does.
GUARDS: Push[Guard] = Push(
    "guards of branches",
    {
        **rows_of(OPERATORS, _of_all),
        "add": _of_sum,
        "transpose": _of_transposed,
        "apply": _of_function,
        "call": _of_called,
        "power": _of_factors,
        "scale": _of_scaled,
        "total": _of_total,
    },
    lambda node, pieces: common_relations(pieces),
)


def thresholds(root: Node, moving: set[Node], order: int) -> Iterator[Node]:
    """The relations at whose thresholds the expression has no derivative of the order, as far as is known."""
    kept: set[Node] = set()
    for node in postorder(root):
        if is_choice(node):
            condition = node.args[0]
            smooth = _is_relation(condition) and _joins(condition, node.args[1], node.args[2], order)
            kept.update(n for n in postorder(condition) if _is_relation(n) and not smooth)
        else:
            kept.update(a for a in node.args if _is_relation(a))
    kept.update([root] if _is_relation(root) else [])
    yield from (n for n in postorder(root) if n in kept and n in moving)


def _joins(relation: Node, a: Node, b: Node, order: int) -> bool:
    """Whether two branches have the same value and derivatives where the sides of their relation are equal."""
    shape = relation.shape
    left, right = (spread(side, shape) for side in relation.args)
    gap = left - right
    jump = spread(a, shape) - spread(b, shape) if _fits(a, b, shape) else None
    if jump is None:
        return False
    return all(_vanishes(case, zero, order) for case, zero in _by_signs(jump, gap))


def _fits(a: Node, b: Node, shape: Shape) -> bool:
    return all(x.is_scalar or x.shape == shape for x in (a, b))


def _by_signs(jump: Node, gap: Node) -> Iterator[tuple[Node, Node]]:
    """|u| in the gap is u or -u: both have to join."""
    absolute = next((t for t, _ in terms(gap) if t.op == "apply" and t.data[0] == "abs"), None)
    if absolute is None:
        yield jump, gap
        return
    for sign in (1, -1):
        put = {absolute: scaled(sign, absolute.args[0])}
        yield substitute(jump, put), substitute(gap, put)


def _vanishes(jump: Node, gap: Node, order: int) -> bool:
    """Whether the jump and its derivatives are 0 on gap = 0, solved for one of its terms."""
    return any(_vanishes_at(jump, t, scaled(1 / -c, gap - scaled(c, t)), order) for t, c in terms(gap) if _varies(t))


def _varies(term: Node) -> bool:
    return bool(variables(term))


def _vanishes_at(jump: Node, term: Node, value: Node, order: int) -> bool:
    t = _stand_in(term, jump)
    free = substitute(jump, {term: t})
    if not (term.is_scalar or _is_entrywise(free, t)):
        return False
    try:
        for k in range(order + 1):
            if not simplify(substitute(free, {t: value})).is_zero:
                return False
            free = differential(free, {t: perturbation(t, k + 1)})
    except (DomainError, UnsupportedError):  # a branch is not defined there
        return False
    return True


def _is_entrywise(root: Node, t: Node) -> bool:
    """Whether each entry depends on its own entry of t alone."""
    holding = {t}
    for node in postorder(root):
        inside = [i for i, a in enumerate(node.args) if a in holding]
        if inside:
            if node.op not in ("add", "power", "apply", "scale") or (node.op == "scale" and inside != [1]):
                return False
            holding.add(node)
    return True


def _stand_in(term: Node, jump: Node) -> Node:
    """A variable of the term's shape that occurs nowhere."""
    names = {v.data[0] for v in variables(jump, term)}
    return variable(next(f"t_{i}" for i in range(len(names) + 1) if f"t_{i}" not in names), term.shape)
