"""The function under test: its value at a point, as typed wherever there is a text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field
from itertools import islice

import numpy as np

from matcalc.checking.claims.written import Words
from matcalc.checking.sampling import Point, dimension_names, far_points, nudge, points, points_at
from matcalc.checking.values.evaluate import Array, evaluate
from matcalc.checking.values.margins import Margin
from matcalc.checking.values.reference import reference_value, typed_order
from matcalc.expr import Dim, Node, Shape, postorder
from matcalc.functions import find, row_of
from matcalc.language import Declaration, Typed
from matcalc.language.rows.definitions import USER_DEFINED, definition_of, functions_below
from matcalc.printing.style import PLAIN, Style
from matcalc.records import dataclass

__all__ = ["Subject", "sample"]

LARGEST_VALUE = 1e7
LARGEST_CONDITION = 300.0
SMALLEST_KINK = 0.02
#: How far off a point, relative to its values, a matrix of deficient rank has to keep it.
NEARBY = 1e-3


def _is_real_only(name: str) -> bool:
    """Whether the complex step is of no use; of a function of the user's, its definition tells."""
    names = {name}
    if name in USER_DEFINED and _is_macro(name):
        names |= functions_below(definition_of(name).tree)
    return any(not row_of(n).complex_step or (n in USER_DEFINED and not _is_macro(n)) for n in names)


def _is_macro(name: str) -> bool:
    row = find(name)
    return row is not None and row.kind == "macro"


@dataclass(frozen=True)
class Subject:
    """A function, its variables, what was typed, and what its ``where`` defines.

    ``convention`` is that of the derivatives by its structured variables; "unstructured" asks for a node in variables
    without structure. ``style`` is that in which sentences about it are printed.
    """

    node: Node
    declarations: Mapping[str, Declaration]
    tree: Typed | None = None
    definitions: Mapping[str, Node] = field(default_factory=dict)
    convention: str = "structured"
    style: Style = PLAIN

    @property
    def words(self) -> Words:
        """The names that a claim about it may use."""
        return Words(self.declarations, self.definitions)

    def value(self, values: Mapping[str, Array], sizes: Mapping[str, int], margin: Margin | None = None) -> Array:
        """f as a 2-d array."""
        if self.tree is not None:
            return reference_value(self.tree, values, sizes, margin)
        return evaluate(self.node, values, sizes)

    @property
    def variables(self) -> Mapping[str, Declaration]:
        """The declarations of its variables, without those of functions."""
        return {name: d for name, d in self.declarations.items() if not d.is_function}

    @property
    def is_analytic(self) -> bool:
        """Whether the complex step applies."""
        if self.tree is not None:
            nodes = typed_order(self.tree)
            spectral = any(n.kind == "norm" and n.value == "2" and not n.children[0].shape[1].is_one for n in nodes)
            bound = any(n.kind == "bound" for n in nodes)
            return not (spectral or bound or any(n.kind == "call" and _is_real_only(n.value) for n in nodes))
        named = [n for n in postorder(self.node) if n.op in ("apply", "call")]
        rows = [find(n.data[0]) for n in named]
        return all(row is not None and row.analytic and row.complex_step for row in rows)

    @property
    def dims(self) -> set[str]:
        """The named sizes."""
        declared = [(*d.shape, *d.dims) for d in self.declarations.values()]
        nodes = postorder(self.node)
        inside: list[tuple[Dim, ...]] = [n.shape for n in nodes]
        inside += [(part,) for n in nodes for part in n.data if isinstance(part, Dim)]
        inside += [(index.size,) for n in nodes if n.op in ("at", "total") for index in n.data]
        if self.tree is not None:
            typed = typed_order(self.tree)
            inside += [n.shape for n in typed] + [(n.value,) for n in typed if isinstance(n.value, Dim)]
        return dimension_names(*declared, *inside)

    @property
    def shapes(self) -> set[Shape]:
        """Of everything that is computed for a value."""
        typed = typed_order(self.tree) if self.tree is not None else []
        declared = {d.shape for d in self.declarations.values()}
        return declared | {n.shape for n in typed if n.kind != "size"} | {n.shape for n in postorder(self.node)}

    @property
    def least_sizes(self) -> dict[str, int]:
        """How large a size has to be so that every written index exists, and every array has entries: T of T - 1."""
        least: dict[str, int] = {}

        def note(dim: Dim, index: int) -> None:
            for name in dim.names:
                least[name] = max(least.get(name, 0), index)

        for node in typed_order(self.tree) if self.tree is not None else ():
            if node.kind == "entry":
                for child in node.children[1:]:
                    for dim in node.children[0].shape:
                        note(dim, child.value.value or 0)
            elif node.kind == "call" and node.value == "e":
                note(node.shape[0], node.children[0].value.value or 0)
        for part in postorder(self.node):
            if part.op == "unit" and isinstance(part.data[0], int):
                note(part.rows, part.data[0])
        for dim in {dim for shape in self.shapes for dim in shape if dim.value is None}:
            note(dim, 2 - dim.evaluate(dict.fromkeys(dim.names, 1)))
        return least


Sampled = tuple[Point, Margin, Array]


def _candidates(subject: Subject, rng: np.random.Generator, is_found: Callable[[], bool]) -> Iterator[Point]:
    """Points that may lie in the domain, those farther away where none of the others does."""
    yield from points(subject.declarations, subject.dims, rng, subject.least_sizes, subject.shapes)
    if not is_found():
        yield from far_points(subject.declarations, subject.dims, rng, subject.least_sizes)


def _is_usable(value: Array) -> bool:
    """Real, finite and not so large that differences have no digits."""
    if np.iscomplexobj(value) or not np.all(np.isfinite(value)):
        return False
    return bool(np.max(np.abs(value), initial=0.0) <= LARGEST_VALUE)


def _is_near_trouble(margin: Margin) -> bool:
    return margin.condition > LARGEST_CONDITION or margin.kink < SMALLEST_KINK or bool(margin.vanishes)


def _is_bearable(margin: Margin) -> bool:
    return bool(np.isfinite(margin.condition) and margin.condition < 1e8 and margin.kink > 1e-4)


def sample(
    subject: Subject,
    rng: np.random.Generator,
    trials: int,
    wrt: Sequence[Node] = (),
    at: Mapping[str, Array] | None = None,
) -> Iterator[Sampled]:
    """Points at which f is finite, well-conditioned and away from kinks; fewer than asked where few are found.

    Determinants are taken of regular matrices, but where there are none of the form.

    Nor do matrices of which a Moore-Penrose inverse is taken change their rank where the variables ``wrt`` move.
    ``at`` fixes the values of variables: then the points are what they are. Raises LimitError where an array that is
    needed would have too many entries.
    """
    if at:
        yield from _sample_at(subject, rng, trials, wrt, at)
        return
    found: list[Point] = []
    fallback: list[Sampled] = []
    singular: list[Sampled] = []
    repeating: list[Sampled] = []
    for point in _candidates(subject, rng, lambda: bool(found or fallback or singular or repeating)):
        margin = Margin()
        value = quietly(lambda p=point, m=margin: subject.value(p.values, p.sizes, m))  # type: ignore[misc]
        if value is None or not _is_usable(value):
            continue
        if _is_near_trouble(margin):
            if _is_bearable(margin):
                fallback.append((point, margin, value))
            continue
        if not _keeps_ranks(subject, point, margin, wrt):
            continue
        if margin.singular:
            singular.append((point, margin, value))
            continue
        if _repeats_a_number(subject, point, found):
            repeating.append((point, margin, value))
            continue
        yield point, margin, value
        found.append(point)
        if len(found) == trials:
            return
    if found:
        yield from repeating[: trials - len(found)]
    else:
        yield from singular[:trials] or fallback[:1]


def _repeats_a_number(subject: Subject, point: Point, before: Sequence[Point]) -> bool:
    """Whether a whole number has the value of the points before, or a size of two of them: k is to be told from 2, n from 3."""
    every = (*before, point)
    integers = [n for n, d in subject.variables.items() if "integer" in d.assumptions]
    if before and any(len({p.values[n].item() for p in every}) == 1 for n in integers):
        return True
    return len(before) > 1 and any(len({p.sizes[n] for p in every}) == 1 for n in point.sizes)


def _sample_at(
    subject: Subject, rng: np.random.Generator, trials: int, wrt: Sequence[Node], at: Mapping[str, Array]
) -> Iterator[tuple[Point, Margin, Array]]:
    for point in islice(points_at(subject.declarations, subject.dims, at, rng, subject.shapes), trials):
        margin = Margin(given=True)
        value = quietly(lambda p=point, m=margin: subject.value(p.values, p.sizes, m))  # type: ignore[misc]
        if value is not None and not np.iscomplexobj(value) and np.all(np.isfinite(value)):
            if _keeps_ranks(subject, point, margin, wrt):
                yield point, margin, value


def _keeps_ranks(subject: Subject, point: Point, margin: Margin, wrt: Sequence[Node]) -> bool:
    """Whether singular matrices of which f takes the Moore-Penrose inverse have the same rank nearby."""
    if not margin.ranks or not wrt:
        return True
    rng = np.random.default_rng(0)
    near = dict(point.values)
    for name in {v.data[0] for v in wrt}:
        near[name] = near[name] + NEARBY * nudge(subject.declarations[name], near[name], rng)
    there = Margin()
    quietly(lambda: subject.value(near, point.sizes, there))
    return there.ranks == margin.ranks


def quietly(compute: Callable[[], Array]) -> Array | None:
    """The value, or None where NumPy finds none; its warnings stay inside."""
    with np.errstate(all="ignore"):
        try:
            return compute()
        except (np.linalg.LinAlgError, ZeroDivisionError, OverflowError, ValueError, FloatingPointError):
            return None


def moved(
    values: Mapping[str, Array], moves: Sequence[tuple[str, Array]], steps: Sequence[complex]
) -> dict[str, Array]:
    """The values with ``t_i E_i`` added to each variable that moves."""
    result = dict(values)
    for (name, e), t in zip(moves, steps, strict=True):
        result[name] = result[name] + t * e
    return result
