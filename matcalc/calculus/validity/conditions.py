"""The conditions under which a result holds: what has to be invertible, positive or away from a kink."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from matcalc.calculus.needs.index_relations import either_way, index_relations, is_index_relation
from matcalc.calculus.validity.branches import Guard, guards, relation_of, thresholds
from matcalc.calculus.validity.continuity import jumps, left_of
from matcalc.calculus.validity.requirements import (
    EQUAL_AROUND,
    INVERTIBLE,
    NONNEGATIVE,
    NONZERO,
    POSITIVE,
    SIGNLESS,
    SOMEWHERE,
    Condition,
    consequences,
    is_certain,
    normal,
    without_implied,
)
from matcalc.expr import (
    LEAVES,
    Node,
    diagonal,
    entrywise_power,
    factors,
    hadamard,
    is_number,
    postorder,
    scaled,
    transpose,
)
from matcalc.expr.canonical.piecewise import RELATIONS
from matcalc.expr.canonical.powers import is_negative
from matcalc.expr.facts import is_nonnegative, is_whole
from matcalc.expr.passes import Pass, rows_of
from matcalc.expr.supports import complement, is_pattern, lies_in, selecting_pattern, support_where_finite
from matcalc.functions.properties import EVERYWHERE, SYMMETRIC, UNEQUAL, Need
from matcalc.functions.table import FUNCTIONS, Function, row_of
from matcalc.language.rows.templates import may_stay_equal

__all__ = ["ALWAYS_TRUE", "conditions"]

#: Domains that nothing has to be said of: the language refuses every other operand.
ALWAYS_TRUE = (EVERYWHERE, SYMMETRIC)
#: Operators that read the diagonal of their operand only.
OF_DIAGONAL = ("trace", "diagonal")


def conditions(f: Node, *derived: Node, wrt: Iterable[Node]) -> tuple[Condition, ...]:
    """What has to hold, in the order in which it is met, without what is known and what follows from the rest.

    What f needs to be differentiable by the variables ``wrt`` is read from f; a form ``derived`` from it adds the
    inverses that it contains, and the gaps between eigenvalues or singular values. What does not depend on these
    variables only has to be defined.
    """
    variables = list(wrt)
    moving = set(variables)
    for node in postorder(f):
        if not moving.isdisjoint(node.args):
            moving.add(node)
    found = [
        *_of_function(f, moving, len(variables)),
        *(_of_threshold(r) for r in thresholds(f, moving, len(variables))),
    ]
    for node in postorder(*derived):
        if not node.linear and (node.op == "matpow" or (node.op == "call" and row_of(node.data[0]).of_gaps)):
            found += _of_moved(node)
    needed = _normal(found)
    if len(variables) == 1 and derived and needed:
        needed = _without_joined(needed, f, derived, variables)
    return without_implied(needed)


def _normal(found: Iterable[Condition]) -> list[Condition]:
    return [c for condition in found for c in normal(condition)]


def _without_joined(
    needed: Sequence[Condition], f: Node, derived: Sequence[Node], wrt: Sequence[Node]
) -> list[Condition]:
    """Without the kinks of f at which its derivative goes on."""
    domain = set(_normal(_of_function(f, (), 1)))
    kinks = set(needed) - domain
    if not kinks:
        return list(needed)
    left = jumps((f, *derived), wrt, _of_continuous, _of_threshold) - domain
    kept = left_of(kinks, left) | {c for c in kinks if not domain.isdisjoint(consequences(c))}
    return [c for c in needed if c in domain or c in kept]


def _of_function(f: Node, moving: Collection[Node], order: int) -> Iterator[Condition]:
    used, differentiated = (guards(f, differentiated=d) for d in (False, True))
    chosen = guards(f, differentiated=True, chosen=True)
    diagonals, flat = _read_by_diagonal(f), _flattened(f, order)
    for node in postorder(f):
        if node.linear or node in flat:
            continue
        own = index_relations(node) if node.op == "power" else frozenset()
        for guard, smooth in _uses(node, used, chosen if _is_kinked(node) else differentiated):
            yield from _under(guard | own, _of(node, moving if smooth else (), node in diagonals))


def _is_kinked(node: Node) -> bool:
    """Whether the derivative of a function that is not smooth has numbers on both sides and on the kink."""
    row = row_of(node.data[0]) if node.op in ("apply", "call") else None
    return row is not None and (row.idempotent or _is_flat_at_zero(row))


def _read_by_diagonal(f: Node) -> set[Node]:
    """Matrices of which the diagonal alone is used."""
    order = postorder(f)
    elsewhere = {f, *(a for n in order if n.op not in OF_DIAGONAL for a in n.args)}
    return {a for n in order if n.op in OF_DIAGONAL for a in n.args} - elsewhere


def _flattened(f: Node, order: int) -> set[Node]:
    """Kinks at 0 that are none of f, with what they stand in: |x|^3 and relu(x)^2 by x, the largest of all |x|."""
    nodes = postorder(f)
    kinked = {n for n in nodes if n.upright.op == "apply" and _is_flat_at_zero(row_of(n.upright.data[0]))}
    around = {n for n in nodes if _is_smooth(n, order, kinked) or (n.op == "transpose" and n in kinked)}
    around |= _peaks(nodes)
    elsewhere = {a.upright for a in (f, *(a for n in nodes if n not in around for a in n.args))}
    return {n for n in kinked if n.upright not in elsewhere} | {n for n in around if n.op == "power"}


def _is_flat_at_zero(row: Function) -> bool:
    """A kink at 0 and the value 0 there, with finite slopes beside it."""
    kinked = any(need.fact == NONZERO for need in row.condition)
    return kinked and row.vanishes and bool(row.continuous) and not row.steep


def _is_smooth(node: Node, order: int, kinked: set[Node]) -> bool:
    """Whether a kink in an operand is none of the node."""
    if not kinked.intersection(node.args):
        return False
    match node.op:
        case "power":
            return all(_is_flat(b, e, order, kinked) for b, e in factors(node))
        case "matmul":
            return len(node.args) == 2 and node.args[0] is transpose(node.args[1]) and node.is_scalar and order == 1
    return node.op == "call" and node.data[0] == "max" and node.args[0].op == "apply" and node.args[0].data[0] == "abs"


def _peaks(nodes: Sequence[Node]) -> set[Node]:
    """|x| .* |y| of which the largest entry alone is used, which is not 0 where it is unique."""
    largest = {n.args[0] for n in nodes if n.op == "call" and n.data[0] == "max"}
    elsewhere = {a for n in nodes if not (n.op == "call" and n.data[0] == "max") for a in n.args}
    products = {n for n in largest - elsewhere if n.op == "power"}
    return {n for n in products if all(b.op == "apply" and b.data[0] == "abs" for b in n.args[::2])}


def _is_flat(base: Node, exponent: Node, order: int, kinked: Collection[Node]) -> bool:
    e = is_number(exponent)
    return e is not None and (e > order if base in kinked else e > 0 and e.denominator == 1)


def _uses(node: Node, used: Mapping[Node, Guard], differentiated: Mapping[Node, Guard]) -> Iterator[tuple[Guard, bool]]:
    """Under which relations a node is used, and whether it is differentiated there."""
    if node in differentiated:
        yield differentiated[node], True
    if used[node] != differentiated.get(node):
        yield used[node], False


def _under(guard: Guard, needed: Iterable[Condition]) -> Iterator[Condition]:
    """What has to hold in one branch only; what the branch itself says is left out."""
    if not guard:
        yield from needed
        return
    facts = {fact for relation in guard if not is_index_relation(relation) for fact in _facts(relation)}
    facts |= {weaker for fact in facts for weaker in consequences(fact)}
    for condition in needed:
        for c in normal(condition):
            if c not in facts:
                there = _in_place(guard, condition, c)
                yield replace(c, guard=either_way(there, c.subjects) if c.kind in SIGNLESS else there)


def _in_place(guard: Guard, before: Condition, after: Condition) -> Guard:
    """The relations of arrays as the entries lie in what a condition became; without them it says more."""
    u = after.subjects[0]
    entries = frozenset(r for r in guard if not r.is_scalar)
    if not entries or u.is_scalar or len(after.subjects) > 1:
        return guard
    order = postorder(*before.subjects)
    inside = {*before.subjects, *(a for n in order if n.op != "transpose" for a in n.args)}
    as_it_is, turned = u in inside, transpose(u) in inside
    if u.is_column or u.is_row:
        as_it_is, turned = u.shape == before.subjects[0].shape, u.shape != before.subjects[0].shape
    if as_it_is == turned:
        return guard - entries
    return (guard - entries) | (frozenset(map(transpose, entries)) if turned else entries)


def _facts(relation: Node) -> Iterator[Condition]:
    """Conditions that hold where the relation does."""
    found = relation_of(relation)
    if found is None:
        yield from _of_largest(relation)
        return
    name, left, right = found
    strict = name == "greater"
    if strict or name == "at_least":
        sides = [left] if is_nonnegative(right) or right.is_zero else []
        sides += [right] if strict and is_nonnegative(scaled(-1, left)) and not left.is_zero else []
        sides += [scaled(-1, right)] if left.is_zero else []
        for side in sides:
            inside = side.args[0] if side.op == "apply" and side.data[0] == "abs" else side
            yield from normal(Condition(POSITIVE if strict else NONNEGATIVE, (side,)))
            if strict:
                yield from normal(Condition(NONZERO, (inside,)))
    if name == "differs" and right.is_zero:
        yield from normal(Condition(NONZERO, (left,)))


def _of_largest(mark: Node) -> Iterator[Condition]:
    """The largest one of numbers from 0 on is positive where it is unique, which is asked, too."""
    (u,) = mark.upright.args
    if "argmax" in mark.upright.data[0] and is_nonnegative(u):
        yield from normal(Condition(POSITIVE, (u if mark.upright is mark else transpose(u),)))


def _of_threshold(relation: Node) -> Condition:
    """Where the two sides of a relation differ."""
    left, right = relation.args
    for side, other in ((left, right), (right, left)):
        if other.is_zero:
            return Condition(NONZERO, (side,))
    left, right = (right, left) if is_number(left) is not None else (left, right)
    return Condition(UNEQUAL, (left, right))


# --- what each operator needs -------------------------------------------------------------------


def _of_moved(node: Node) -> Iterator[Condition]:
    """What a node needs to be smooth in all of its operands."""
    return _of(node, (node, *node.args))


def _of_continuous(node: Node) -> Iterator[Condition]:
    """What a node needs to be continuous: a power its domain alone."""
    return _of(node, ()) if node.op == "power" else _of_moved(node)


def _of(node: Node, moving: Collection[Node], of_diagonal: bool = False) -> Iterator[Condition]:
    return NEEDED.row(node.op)(node, moving, of_diagonal)


def _of_nothing(node: Node, moving: Collection[Node], of_diagonal: bool) -> Iterator[Condition]:
    """Everywhere."""
    return iter(())


def _of_powers_of_matrices(node: Node, moving: Collection[Node], of_diagonal: bool) -> Iterator[Condition]:
    if is_negative(node.args[1]) and not is_certain(node.args[0]):
        yield Condition(INVERTIBLE, (node.args[0],))


def _of_applied(node: Node, moving: Collection[Node], of_diagonal: bool) -> Iterator[Condition]:
    if node.data[0] == "where" or node.data[0] in RELATIONS:
        return  # see `thresholds`
    raised = entrywise_power(node) if node in moving else None
    yield from _of_row(node, moving, of_diagonal) if raised is None else _of_zeros_raised(*raised)


def _of_called(node: Node, moving: Collection[Node], of_diagonal: bool) -> Iterator[Condition]:
    if node.data[0] != "pinv" or not node.is_column:
        yield from _of_row(node, moving, of_diagonal)
    elif node in moving:
        yield Condition(NONZERO if node.is_scalar else SOMEWHERE, node.args)


def _of_row(node: Node, moving: Collection[Node], of_diagonal: bool) -> Iterator[Condition]:
    """What the row of the table of functions needs."""
    row = FUNCTIONS.get(node.data[0])
    if row is not None:
        yield from (c for need in _needs(row, node, node in moving) for c in _of_call(node, need, row, of_diagonal))


def _needs(row: Function, node: Node, moves: bool) -> list[Need]:
    """Where a function is defined and, if it moves, differentiable: of several operands the latter says both."""
    domain = [need for need in row.domain if need.fact not in ALWAYS_TRUE]
    if moves:
        domain = list(dict.fromkeys([*row.condition, *(need for need in domain if len(need.of) == 1)]))
    given = row.parameters[: len(node.args)]
    return [need for need in domain if set(need.of) <= set(given) and not (need.alone and len(given) > 1)]


def _of_powers(node: Node, moving: Collection[Node], of_diagonal: bool) -> Iterator[Condition]:
    pairs = list(zip(node.args[::2], node.args[1::2], strict=True))
    selected = selecting_pattern(pairs)
    everywhere = not of_diagonal and selected is None
    for base, exponent in pairs:
        e = is_number(exponent)
        if e is None and everywhere and support_where_finite(base) is not None:
            yield Condition(POSITIVE, (exponent,))
        moves = base in moving
        base = diagonal(base) if of_diagonal and not base.is_scalar else _selected(base, selected)
        if is_whole(exponent):
            yield from [] if is_nonnegative(exponent) else [Condition(NONZERO, (base,))]
        elif moves or e is None or e < 0:
            yield Condition(POSITIVE, (base,))
        else:
            yield Condition(NONNEGATIVE, (base,))


def _selected(base: Node, pattern: Node | None) -> Node:
    """The entries of a factor that a pattern beside it leaves."""
    if pattern is None or not is_pattern(pattern) or base is pattern or base.is_scalar:
        return base
    return hadamard(base, pattern)


def _of_zeros_raised(base: Node, exponent: Node) -> Iterator[Condition]:
    """0^p is differentiable by p for p > 0, where x of x.^p is 0 by structure and p is not."""
    pattern = support_where_finite(base)
    if pattern is not None and not lies_in(exponent, pattern):
        zeros = complement(pattern)
        yield Condition(POSITIVE, (diagonal(exponent) if zeros.op == "identity" else hadamard(exponent, zeros),))


def _of_call(node: Node, need: Need, row: Function, of_diagonal: bool) -> Iterator[Condition]:
    """What the row needs, of the operands in their places."""
    operands = tuple(node.args[row.parameters.index(p)] for p in need.of)
    if of_diagonal and node.op == "apply":
        operands = tuple(a if a.is_scalar else diagonal(a) for a in operands)
    if need.fact == UNEQUAL:
        yield _of_two(operands)
    else:
        yield Condition(need.fact, operands)


def _of_two(operands: Sequence[Node]) -> Condition:
    """Where the larger one of two does not change."""
    if any(o.is_zero for o in operands):
        return Condition(NONZERO, tuple(o for o in operands if not o.is_zero)[:1])
    return Condition(EQUAL_AROUND if may_stay_equal(tuple(operands)) else UNEQUAL, tuple(operands))


#: operator -> what it needs to have a value, and derivatives by what moves
NEEDED: Pass[Callable[[Node, Collection[Node], bool], Iterator[Condition]]] = Pass(
    "conditions",
    {
        **rows_of(LEAVES, _of_nothing),
        **rows_of("add matmul scale kron transpose trace diag diagonal vec unvec block total", _of_nothing),
        **rows_of("det adjugate open", _of_nothing),
        "logdet": lambda node, moving, of_diagonal: iter((Condition(INVERTIBLE, node.args),)),
        "matpow": _of_powers_of_matrices,
        "power": _of_powers,
        "apply": _of_applied,
        "call": _of_called,
    },
)
