"""Branches: points on both sides of every threshold and kink, so that no formula is verified on one of them only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import numpy as np

from matcalc.checking.sampling import Point, points
from matcalc.checking.subject import LARGEST_VALUE, SMALLEST_KINK, Subject, quietly
from matcalc.checking.values.evaluate import Array, evaluate
from matcalc.expr import Node, add, apply, call, ones, postorder, scale, scaled
from matcalc.expr.canonical.piecewise import RELATIONS
from matcalc.expr.facts import is_nonnegative

__all__ = ["one_sided", "other_branches", "switches"]

#: What the values of the variables are multiplied by on the way to a threshold.
SCALES = (1.0, 3.0, 10.0, 30.0, 100.0, 1000.0, 0.1, 0.01)
#: What they are multiplied by where none of these reaches a threshold.
FAR = tuple(10.0**k for k in range(4, 16))
#: Signs and shifts that are tried at each scale.
TRIES = 6
#: More points than this are not added.
MOST = 8

Values = Mapping[str, Array]


def _difference(a: Node, b: Node) -> Node:
    shape = a.shape if not a.is_scalar else b.shape
    spread = (scale(x, ones(*shape)) if x.shape != shape else x for x in (a, b))
    first, second = spread
    return add(first, scaled(-1, second))


#: function of entries -> what changes its sign where the function changes its branch
_SWITCHES: dict[str, Callable[..., Node]] = {
    "abs": lambda x: x,
    "sign": lambda x: x,
    "relu": lambda x: x,
    "step": lambda x: x,
    "cbrt": lambda x: x,
    "max": _difference,
    "min": _difference,
    "huber": lambda x, c: _difference(apply("abs", x), c),
    **dict.fromkeys(RELATIONS, _difference),
}


def switches(roots: Iterable[Node]) -> tuple[Node, ...]:
    """Everything whose sign decides between two branches of one of the expressions."""
    found: dict[Node, None] = {}
    for root in roots:
        for node in postorder(root):
            found.update(dict.fromkeys(_switches_of(node)))
    return tuple(s for s in found if any(n.op == "variable" for n in postorder(s)))


def _switches_of(node: Node) -> Iterator[Node]:
    if node.op == "apply" and node.data[0] in _SWITCHES:
        yield _SWITCHES[node.data[0]](*node.args)
    elif node.op == "call" and node.data[0] in ("max", "min"):
        first, *others = (call(node.data[0], part, shape=node.shape) for part in _parts(node.args[0]))
        yield from (_difference(first, other) for other in others)


def _parts(array: Node) -> Sequence[Node]:
    """The blocks of an array, entrywise functions of them included."""
    if array.op == "block":
        return array.args
    if array.op == "apply" and len(array.args) == 1:
        return [apply(array.data[0], part) for part in _parts(array.args[0])]
    return [array]


class _Seen:
    """The signs that each switch has had at the points so far."""

    def __init__(self, nodes: Sequence[Node]) -> None:
        self.signs: dict[Node, set[float]] = {node: set() for node in nodes}

    def note(self, point: Point) -> bool:
        """Whether the point shows a sign for the first time, away from every threshold."""
        new = False
        for node, signs in self.signs.items():
            value = quietly(lambda n=node: evaluate(n, point.values, point.sizes))  # type: ignore[misc]
            if value is not None and np.isfinite(value).all() and np.abs(value).min(initial=1.0) > SMALLEST_KINK:
                here = set(np.sign(value).ravel()) - signs
                signs |= here
                new = new or bool(here)
        return new

    @property
    def is_complete(self) -> bool:
        return not self.one_sided

    @property
    def one_sided(self) -> list[Node]:
        """The switches that had one sign at most."""
        return [node for node, signs in self.signs.items() if len(signs) < 2]


def _two_sided(roots: Iterable[Node]) -> list[Node]:
    """The switches whose sign is not known from their form."""
    return [node for node in switches(roots) if not any(map(is_nonnegative, (node, scaled(-1, node))))]


def one_sided(roots: Iterable[Node], seen: Iterable[Point]) -> list[Node]:
    """The switches of the expressions of which the points show one side only, and that may have another one."""
    known = _Seen(_two_sided(roots))
    for point in seen:
        known.note(point)
    return known.one_sided


def other_branches(
    subject: Subject, roots: Iterable[Node], seen: Iterable[Point], rng: np.random.Generator
) -> Iterator[Point]:
    """Points of the domain on sides of the thresholds of ``roots`` on which none of the points ``seen`` lies."""
    nodes = _two_sided(roots)
    known = _Seen(nodes)
    for point in seen:
        known.note(point)
    found = 0
    if not nodes or known.is_complete:
        return
    for base in points(subject.declarations, subject.dims, rng, subject.least_sizes, subject.shapes):
        for factor, values in _elsewhere(base.values, subject, rng):
            point = Point(values, base.sizes)
            if _is_inside(subject, point, np.inf if factor in FAR else LARGEST_VALUE) and known.note(point):
                yield point
                found += 1
            if known.is_complete or found >= MOST:
                return
        break


def _elsewhere(values: Values, subject: Subject, rng: np.random.Generator) -> Iterator[tuple[float, Values]]:
    """The values scaled by a factor, and where nothing forbids it with other signs."""
    declared = subject.declarations
    for factor in (*SCALES, *FAR):
        for attempt in range(TRIES if factor in SCALES else 2):
            signs = dict.fromkeys(values, -1.0 if attempt & 1 else 1.0)
            if attempt >= 2:
                signs = {n: float(rng.choice([-1.0, 1.0])) for n in values}
            yield (
                factor,
                {n: _scaled(x, factor, signs[n], declared[n].kind, declared[n].assumptions) for n, x in values.items()},
            )


_FIXED_SIGN = frozenset({"spd", "psd"})


def _scaled(x: Array, factor: float, sign: float, kind: str, assumptions: Sequence[str]) -> Array:
    if kind == "orthogonal":
        return x * sign
    if "integer" in assumptions:
        return x
    return x * factor * (1.0 if kind in _FIXED_SIGN or "positive" in assumptions else sign)


def _is_inside(subject: Subject, point: Point, largest: float) -> bool:
    value = quietly(lambda: subject.value(point.values, point.sizes))
    if value is None or np.iscomplexobj(value) or not np.all(np.isfinite(value)):
        return False
    return bool(np.max(np.abs(value), initial=0.0) < largest)
