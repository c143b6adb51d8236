"""Several unknowns: one is eliminated by its own equation, and the others are solved for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from matcalc.expr import Node, substitute
from matcalc.simplify import simplify
from matcalc.simplify.cost import cost
from matcalc.solving.ways.equations import Equation, Root, holds, short
from matcalc.solving.ways.parts import taken_out
from matcalc.solving.ways.roots import roots

__all__ = ["Joint", "joint_roots"]

#: So many unknowns are tried in every order.
MOST_UNKNOWNS = 5
#: So many candidates are followed.
MOST_CANDIDATES = 8

#: Values of all unknowns.
Joint = Mapping[Node, Root]


def joint_roots(equations: Sequence[Equation]) -> list[Joint]:
    """Candidates for all unknowns together, from the first order of elimination that ends."""
    if not 0 < len(equations) <= MOST_UNKNOWNS:
        return []
    return list(islice(_eliminated(tuple(equations)), MOST_CANDIDATES))


def _eliminated(equations: tuple[Equation, ...]) -> Iterator[Joint]:
    if len(equations) == 1:
        yield from ({equations[0].unknown: root} for root in roots(equations[0]))
        return
    unknowns = [e.unknown for e in equations]
    own = [(order, roots(order[0])) for order in _own(equations)]
    own.sort(key=lambda pair: min((_burden(root, unknowns) for root in pair[1]), default=(0, 0.0)))
    given = {order[0].unknown: found[0].value for order, found in own if len(found) == 1}
    for order, found in [*own, *((order, roots(order[0])) for order in _exchanged(equations))]:
        joints = [joint for root in found for joint in _with(order[0].unknown, root, order[1])]
        if joints:
            yield from (_beside(joint, given, unknowns) for joint in joints)
            return


def _burden(root: Root, unknowns: Sequence[Node]) -> tuple[int, float]:
    """Values that hold fewer of the other unknowns come first, then short ones."""
    return sum(holds(root.value, x) for x in unknowns), cost(root.value)


def _beside(joint: Joint, given: Mapping[Node, Node], unknowns: Sequence[Node]) -> Joint:
    """The values with what each is in terms of the others."""
    known = {x: v for x, v in given.items() if any(holds(v, y) for y in unknowns)}
    return {x: _best(x, root, joint, known.get(x)) for x, root in joint.items()}


def _best(x: Node, root: Root, joint: Joint, given: Node | None) -> Root:
    """The shorter one of two values: that which was found, and what is given with the other values put in."""
    root = replace(root, value=taken_out(short(root.value)))
    if given is None:
        return root
    again = taken_out(short(substitute(given, {y: other.value for y, other in joint.items() if y is not x})))
    is_shorter = cost(again) < cost(root.value) and not holds(again, x)
    value = again if is_shorter else root.value
    return replace(root, value=value, given=given)


Order = tuple[Equation, tuple[Equation, ...]]


def _own(equations: tuple[Equation, ...]) -> Iterator[Order]:
    """Each equation with its own unknown."""
    for i, own in enumerate(equations):
        if holds(own.residual, own.unknown):
            yield own, equations[:i] + equations[i + 1 :]


def _exchanged(equations: tuple[Equation, ...]) -> Iterator[Order]:
    """Each equation with the unknown of another."""
    for i, own in enumerate(equations):
        for j, other in enumerate(equations):
            if i != j and own.residual.shape == other.unknown.shape and holds(own.residual, other.unknown):
                rest = [Equation(e.residual, own.unknown if k == j else e.unknown) for k, e in enumerate(equations)]
                yield Equation(own.residual, other.unknown), (*rest[:i], *rest[i + 1 :])


def _with(x: Node, root: Root, others: tuple[Equation, ...]) -> Iterator[Joint]:
    """The other unknowns, with this one put into their equations, and then into this one's value."""
    reduced = [Equation(short(substitute(e.residual, {x: root.value})), e.unknown) for e in others]
    for joint in _eliminated(tuple(reduced)):
        values = {unknown: other.value for unknown, other in joint.items()}
        value = taken_out(simplify(short(substitute(root.value, values))))
        least = None if root.shortest is None else simplify(substitute(root.shortest, values))
        yield {x: Root(value, root.way, least), **joint}
