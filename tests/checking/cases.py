"""A claim beside the derivative in its own form, at random points that the check knows nothing of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

import matcalc as mc
from matcalc.checking import Subject, read_claim, reading_of
from matcalc.checking.claims.claims import parse_claim
from matcalc.checking.comparison import in_form
from matcalc.checking.sampling import project_numeric, random_value
from matcalc.checking.values.evaluate import Array, evaluate
from matcalc.expr import Node, perturbation
from matcalc.language import parse
from matcalc.objects.conventions import by_convention
from matcalc.objects.variables import variable_named

__all__ = ["SIZES", "SPECIAL", "Asked", "Case", "Point"]

SIZES = dict(zip("nmkpqdrhcTNKMlt", (4, 5, 3, 2, 3, 4, 2, 3, 2, 4, 5, 3, 4, 2, 6), strict=True))
#: A point counts where the values between are of moderate size.
LARGEST = 1e6

#: property -> a value that has it, of one that has not
SPECIAL: dict[str, Callable[[Array], Array]] = {
    "symmetric": lambda v: v + v.T,
    "symmetric positive definite": lambda v: v @ v.T + np.eye(len(v)),
    "skew-symmetric": lambda v: v - v.T,
    "orthogonal": lambda v: np.linalg.qr(v)[0],
    "diagonal": lambda v: np.diag(np.diag(v)),
    "positive": lambda v: np.abs(v) + 0.1,
    "the identity": lambda v: np.eye(*v.shape),
    "all ones": np.ones_like,
    "a unit vector": lambda v: v / np.linalg.norm(v),
    "normalised to the sum 1": lambda v: v / np.sum(v),
}


@dataclass(frozen=True)
class Asked:
    """A function, the variable it is differentiated by, how often, and by which convention."""

    f: str
    wrt: str
    where: str = ""
    order: int = 1
    convention: str = "structured"


@dataclass(frozen=True)
class Point:
    """Values by name, sizes, and values of the perturbations."""

    values: dict[str, Array]
    sizes: dict[str, int]
    directions: dict[Node, Array]


class Case:
    """A claim and the derivative in its form. Raises MatcalcError where the claim has no such form."""

    def __init__(self, asked: Asked, claim: str) -> None:
        self.asked, self.text = asked, claim
        self.f = mc.parse(asked.f, asked.where or None)
        node, wrt = by_convention(self.f, [variable_named(self.f, asked.wrt)] * asked.order, asked.convention)
        definitions = {d.name: d.node for d in self.f.definitions}
        self.subject = Subject(node, self.f.declarations, self.f.tree, definitions, asked.convention)
        self.wrt = wrt
        self.x = self.f.declarations[asked.wrt].node
        self.reading = reading_of(self.subject, wrt)
        self.moved = [perturbation(v, index) for v in wrt for index in range(len(wrt) + 1)]
        self.claim, self.right = self._beside(claim)
        self.rng = np.random.default_rng(77)

    def _beside(self, text: str) -> tuple[Node, Node]:
        """A claimed text and the derivative in the same form."""
        try:
            read = read_claim(text, self.subject.node, self.wrt, self.subject.words)
            right = in_form(self.reading, read)
        except mc.MatcalcError:  # of another shape
            return parse_claim(text, self.wrt, self.subject.words), self.reading.matrix or self.reading.operator
        return read.node, self.reading.operator if right is None else right

    def is_the_derivative(self, text: str) -> bool | None:
        """Whether a text that is shown as the derivative is it."""
        shown, right = self._beside(text)
        return self.agree(shown, right)

    def is_right(self, text: str) -> bool:
        """Whether a text that may not be a claim at all is a right one."""
        try:
            return self.is_the_derivative(text) is True
        except mc.MatcalcError:
            return False

    def part(self, text: str, shape: Any = None) -> Node:
        """A part of the derivative that a sentence names."""
        return parse(text, self.f.declarations, shape=shape, names=self._directions()).node

    def _directions(self) -> dict[str, Node]:
        return {f"d{d.data[0]}" + (f"_{d.data[1]}" if d.data[1] else ""): d for d in self.moved}

    def points(self, sizes: dict[str, int] = SIZES) -> Iterator[Point]:
        for _ in range(4):
            values = {n: random_value(d, sizes, self.rng) for n, d in self.f.declarations.items()}
            if "pinv" in self.asked.f:
                values = {n: _of_low_rank(v) for n, v in values.items()}
            directions = {d: self.rng.standard_normal(values[d.data[0]].shape) for d in self.moved}
            if self.asked.convention == "structured":
                directions = {d: project_numeric(self.x, e) for d, e in directions.items()}
            yield Point(values, sizes, directions)

    def value(self, node: Node, at: Point) -> Array | None:
        """None outside of the domain."""
        with np.errstate(all="ignore"):
            try:
                value = evaluate(node, at.values, at.sizes, at.directions)
            except (np.linalg.LinAlgError, ValueError, KeyError):
                return None
        return value if np.isfinite(value).all() and np.abs(value).max(initial=0) < LARGEST else None

    def agree(self, a: Node, b: Node, points: Iterator[Point] | None = None) -> bool | None:
        """Whether two nodes are equal at all of the points; None where they are defined at none."""
        pairs = [(self.value(a, at), self.value(b, at)) for at in points or self.points()]
        known = [(x, y) for x, y in pairs if x is not None and y is not None]
        return all(_are_equal(x, y) for x, y in known) if known else None

    def only_if(self, points: Iterator[Point]) -> bool | None:
        """Right at the special points, wrong at others."""
        special, usual = self.agree(self.claim, self.right, points), self.agree(self.claim, self.right)
        return None if special is None else special and usual is False

    def with_values(self, names: list[str], change: Callable[[Array], Array]) -> Iterator[Point]:
        for at in self.points():
            yield replace(at, values={**at.values, **{n: change(at.values[n]) for n in names}})


def _of_low_rank(v: Array) -> Array:
    """A matrix of which a Moore-Penrose inverse may be taken, with a column twice."""
    return np.column_stack([v[:, :-1], v[:, 0]]) if min(v.shape) > 1 else v


def _are_equal(a: Array, b: Array) -> bool:
    if a.shape != b.shape:
        return False
    size = max(np.abs(a).max(initial=0), np.abs(b).max(initial=0), 1e-3)
    return bool(np.abs(a - b).max(initial=0) < 1e-6 * size)
