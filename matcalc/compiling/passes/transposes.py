"""Values that are known, transposed or negated: D(i, j) and D(j, i) of pairs are one array, as are X W^T - Y and (Y - X W^T)^T.

Numbering of values [Alpern, Wegman & Zadeck 1988] up to the transpose of the last two axes and up to the sign. The first
of several such values is computed as it stands, the others are views of it; what is its own transpose needs no other one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import field, replace
from fractions import Fraction
from typing import Any

from matcalc.compiling.planning.program import Program, Value, needed
from matcalc.functions import row_of
from matcalc.records import dataclass

__all__ = ["shared"]

#: Patterns that are their own transposes.
SYMMETRIC = frozenset({"eye", "off_diagonal"})


#: A value by its number, whether transposed, and whether negated.
Operand = tuple[int, bool, bool]


@dataclass(frozen=True, slots=True)
class View:
    """A value with its last two axes exchanged, or negated, or both; of a vector the column is the exchanged one."""

    value: Value
    flipped: bool = False
    negative: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether it is a matrix that stands as it is computed."""
        return not self.flipped and self.value.rank > 1

    def turned(self, flips: bool, negates: bool = False) -> View:
        return View(self.value, self.flipped != flips, self.negative != negates)


def shared(program: Program, outputs: Sequence[Value]) -> list[Value]:
    """The outputs, with one value for all that are equal up to a transpose and a sign."""
    values = needed(outputs)
    sharing = _Sharing(program, _in_sums(values, outputs))
    for v in values:
        sharing.views[v] = sharing.viewed(v)
    return [sharing.value(sharing.views[v]) for v in outputs]


def _in_sums(values: Sequence[Value], outputs: Sequence[Value]) -> set[Value]:
    """What only sums use, where a sign costs nothing."""
    found = {a for v in values if v.op == "combine" for a in v.args}
    return found.difference(outputs, (a for v in values if v.op != "combine" for a in v.args))


@dataclass
class _Sharing:
    """Which view of which value stands for each value.

    Attributes:
        in_sums: values that only sums use.
        views: for the values that were there.
        known: what identifies an instruction -> the view that it gives.
        own: values that are their own transposes, and whether negated.
        negated: values of which the negative is computed, and that is used in their place.
    """

    program: Program
    in_sums: set[Value]
    views: dict[Value, View] = field(default_factory=dict)
    known: dict[Any, View] = field(default_factory=dict)
    own: dict[Value, bool] = field(default_factory=dict)
    negated: dict[Value, Value] = field(default_factory=dict)

    def viewed(self, v: Value) -> View:
        found = RULES.get(v.op, _as_it_stands)(self, v, [self.views[a] for a in v.args])
        if v.number in self.program.symmetric or _is_symmetric_leaf(v):
            self._note_own(found.value, False)
        return self.normal(found)

    def normal(self, view: View) -> View:
        """The same with as few turns as possible."""
        if view.value in self.negated:
            view = View(self.negated[view.value], view.flipped, not view.negative)
        if view.flipped and view.value in self.own:
            return view.turned(True, self.own[view.value])
        return view if view.value.rank else replace(view, flipped=False)

    def value(self, view: View) -> Value:
        """The value of a view; one that is negated once stands for the other one from there on."""
        view = self.normal(view)
        value = self._negated(view.value) if view.negative else view.value
        return self._turned(value) if view.flipped else value

    def _negated(self, value: Value) -> Value:
        new = self.negated[value] = self.program.combine([(value, Fraction(-1))])
        if value in self.own:
            self._note_own(new, self.own[value])
        return new

    def _turned(self, value: Value) -> Value:
        if value.rank == 1:
            return self.program.expand(value, (True, False))
        if value.op == "expand" and value.data[-2:] == (False, True):
            return self.program.expand(value.args[0], (*value.data[:-2], True, False))
        return self.program.permute(value, (*range(value.rank - 2), value.rank - 1, value.rank - 2))

    def plain(self, view: View) -> View:
        """The view without its sign, which then is part of a value."""
        return View(self.value(replace(view, flipped=False)), view.flipped) if view.negative else view

    def _note_own(self, value: Value, negative: bool) -> None:
        if value.rank < 2 or value.axes[-1] != value.axes[-2]:
            return
        self.own[value] = negative
        if not negative and value.rank == 2:
            self.program.symmetric.add(value.number)

    def found(self, keys: Sequence[tuple[Any, bool]], make: Callable[[], View]) -> View:
        """What has one of the keys, the first for the result as it stands, the second for its transpose, each with a sign."""
        for flips, (key, negates) in zip((False, True), keys, strict=False):
            if key in self.known:
                return self.normal(self.known[key].turned(flips, negates))
        made = make()
        (key, negates), *others = keys
        self.known[key] = made.turned(False, negates)
        if others and others[0][0] == key:
            self._note_own(made.value, negates != others[0][1])
            return self.normal(made)
        return made

    def operand(self, view: View, flips: bool) -> Operand:
        """What identifies an operand, where all of them are transposed or none."""
        view = self.normal(view.turned(flips))
        return view.value.number, view.flipped, view.negative


def _is_symmetric_leaf(v: Value) -> bool:
    if v.rank != 2 or v.axes[0] != v.axes[1]:
        return False
    return v.op in ("ones", "zeros") or (v.op in ("eye", "mask") and (v.data[0] if v.data else "eye") in SYMMETRIC)


def _as_it_stands(s: _Sharing, v: Value, views: list[View]) -> View:
    return View(s.program.emit(v.op, [s.value(w) for w in views], v.data, v.axes))


# --- entry by entry -----------------------------------------------------------------------------------


def _entrywise(s: _Sharing, v: Value, views: list[View]) -> View:
    """A function of entries: the sign is that of the result where it can be."""
    negative, views = _sign(s, v, views)
    ways = (False, True) if v.rank > 1 else (False,)
    keys = [_key(v, [s.operand(w, flips) for w in views]) for flips in ways]
    return s.found(keys, lambda: _made(s, v, views)).turned(False, negative)


def _key(v: Value, operands: list[Operand]) -> tuple[Any, bool]:
    parity = _parity(v)
    negative = parity == "odd" and sum(sign for _, _, sign in operands) % 2 == 1
    operands = operands if parity == "neither" else [(number, flipped, False) for number, flipped, _ in operands]
    loose = v.op == "times" or (v.op == "function" and row_of(v.data[0]).exchangeable)
    return (v.op, v.data, tuple(sorted(operands) if loose else operands)), negative


def _made(s: _Sharing, v: Value, views: list[View]) -> View:
    """The instruction; the transpose of what has transposes of matrices only."""
    flips = v.rank > 1 and any(w.flipped and w.value.rank > 1 for w in views) and not any(map(_stays(s), views))
    args = [s.value(s.normal(w.turned(flips))) if w.value.rank else s.value(w) for w in views]
    axes = (*v.axes[:-2], *v.axes[:-3:-1]) if flips else v.axes
    return View(s.program.emit(v.op, args, v.data, axes), flips)


def _stays(s: _Sharing) -> Callable[[View], bool]:
    return lambda view: view.is_whole and view.value not in s.own


def _sign(s: _Sharing, v: Value, views: list[View]) -> tuple[bool, list[View]]:
    """Whether the result is negated, and the operands that are left: signs of what is smaller stay where they are."""
    parity = _parity(v)
    large = [w.negative and parity != "neither" and a.axes == v.axes for w, a in zip(views, v.args, strict=True)]
    odd = parity == "odd" and sum(large) % 2 == 1
    return odd, [replace(w, negative=False) if out else s.plain(w) for w, out in zip(views, large, strict=True)]


def _parity(v: Value) -> str:
    match v.op:
        case "times" | "divide":
            return "odd"
        case "power" if v.data[0].denominator == 1:
            return "odd" if v.data[0] % 2 else "even"
        case "function" if len(v.args) == 1:
            return row_of(v.data[0]).parity or "neither"
    return "neither"


def _combined(s: _Sharing, v: Value, views: list[View]) -> View:
    """Σ c_i A_i, of which the sign of one term is free."""
    data = tuple(-c if w.negative else c for c, w in zip(v.data, views, strict=True))
    views = [replace(w, negative=False) for w in views]
    half = _beside_transposes(s, data, views) if v.rank == 2 else None
    if half is None:
        return _added(s, v, data, views)
    inside = _added(s, v, tuple(data[k] for k in half), [views[k] for k in half])
    return _added(s, v, (Fraction(1), Fraction(1)), [inside, s.normal(inside.turned(True))])


def _beside_transposes(s: _Sharing, data: Sequence[Fraction], views: list[View]) -> list[int] | None:
    """One of each two terms where all of several come with their transposes: A - B + A^T - B^T"""
    if len(views) < 4 or any(w.value.rank < 2 for w in views):
        return None
    left = {(s.operand(w, False), c): k for k, (w, c) in enumerate(zip(views, data, strict=True))}
    if len(left) < len(views):
        return None
    half = []
    for k, (w, c) in enumerate(zip(views, data, strict=True)):
        if left.pop((s.operand(w, False), c), None) is not None:
            if left.pop((s.operand(w, True), c), None) is None:
                return None
            half.append(k)
    return half


def _added(s: _Sharing, v: Value, data: tuple[Fraction, ...], views: list[View]) -> View:
    if data == (Fraction(-1),) and v.args[0].axes == v.axes:
        return views[0].turned(False, True)
    if data == (Fraction(1),) and v.args[0].axes == v.axes:
        return views[0]
    ways = (False, True) if v.rank > 1 else (False,)
    keys = [_key_of_sum(data, [s.operand(w, flips) for w in views], v) for flips in ways]
    return s.found(keys, lambda: _sum(s, replace(v, data=data), views))


def _sum(s: _Sharing, v: Value, views: list[View]) -> View:
    """The sum, what is added first and what is subtracted behind it."""
    order = sorted(range(len(views)), key=lambda k: v.data[k] < 0)
    return _made(s, replace(v, data=tuple(v.data[k] for k in order)), [views[k] for k in order])


def _key_of_sum(data: Sequence[Fraction], operands: list[Operand], v: Value) -> tuple[Any, bool]:
    pairs = sorted((operand[:2], -c if operand[2] else c) for operand, c in zip(operands, data, strict=True))
    negative = pairs[0][1] < 0
    terms = tuple((operand, -c if negative else c) for operand, c in pairs)
    return ("combine", terms, tuple(sorted(map(str, v.axes)))), negative


# --- the others ---------------------------------------------------------------------------------------


def _permuted(s: _Sharing, v: Value, views: list[View]) -> View:
    (view,) = views
    if v.is_flipped and view.value.rank == v.rank:
        return s.normal(view.turned(True))
    return View(s.program.permute(s.value(replace(view, negative=False)), v.data), False, view.negative)


def _expanded(s: _Sharing, v: Value, views: list[View]) -> View:
    """A column is a row on its side."""
    (view,) = views
    inside = s.value(replace(view, negative=False))
    if v.data[-2:] == (True, False):
        return View(s.program.expand(inside, (*v.data[:-2], False, True)), True, view.negative)
    return View(s.program.expand(inside, v.data), False, view.negative)


def _product(s: _Sharing, v: Value, views: list[View]) -> View:
    """A B = (B^T A^T)^T, and v^T M = M^T v"""
    if any(w.value.rank != a.rank for w, a in zip(views, v.args, strict=True)):
        return _as_it_stands(s, v, views)
    large = [
        w.negative and (v in s.in_sums or v.rank < a.rank or a.axes == v.axes)
        for w, a in zip(views, v.args, strict=True)
    ]
    views = [replace(w, negative=False) if out else s.plain(w) for w, out in zip(views, large, strict=True)]
    forward = tuple(s.operand(w, False) for w in views)
    backward = tuple(s.operand(w, w.value.rank > 1) for w in reversed(views))
    both = (forward, backward) if v.rank > 1 else (min(forward, backward),)
    keys = [(("matmul", key), False) for key in both]
    return s.found(keys, lambda: _as_it_stands(s, v, views)).turned(False, sum(large) % 2 == 1)


def _dot(s: _Sharing, v: Value, views: list[View]) -> View:
    """<A^T, B^T> = <A, B>"""
    negative = views[0].negative != views[1].negative
    views = [replace(w, negative=False) for w in views]
    if any(w.flipped for w in views) and not any(map(_stays(s), views)):
        views = [s.normal(w.turned(True)) for w in views]
    return View(s.program.dot(*map(s.value, views)), False, negative)


def _reduced(s: _Sharing, v: Value, views: list[View]) -> View:
    """Over columns of what is on its side: over rows; over columns of what is its own transpose: over rows"""
    (view,), rank = views, v.args[0].rank
    negative = view.negative and v.op == "sum"
    view = replace(view, negative=False) if negative else s.plain(view)
    left = {rank - 2, rank - 1} - set(v.data)
    if view.value.rank != rank or rank < 2 or len(left) == 2:
        return replace(_as_it_stands(s, v, [view]), negative=negative)
    own = s.own.get(view.value) is False and left == {rank - 1}
    axes = _turned_axes(v.data, rank) if view.flipped or own else v.data
    return View(s.program.emit(v.op, [view.value], axes, v.axes), False, negative)


def _turned_axes(axes: Sequence[int], rank: int) -> tuple[int, ...]:
    names = {rank - 2: rank - 1, rank - 1: rank - 2}
    return tuple(sorted(names.get(k, k) for k in axes))


def _diagonal(s: _Sharing, v: Value, views: list[View]) -> View:
    (view,) = views
    if v.args[0].rank != 2 or view.value.rank != 2:
        return _as_it_stands(s, v, views)
    return View(s.program.emit(v.op, [view.value], v.data, v.axes), False, view.negative)


# fmt: off
#: operator -> the view that stands for its value; the other ones are computed as they stand
RULES: dict[str, Callable[[_Sharing, Value, list[View]], View]] = {
    **dict.fromkeys("times divide power raise function where".split(), _entrywise),
    **dict.fromkeys("sum largest smallest".split(), _reduced),
    "combine":  _combined,
    "permute":  _permuted,
    "expand":   _expanded,
    "matmul":   _product,
    "dot":      _dot,
    "diagonal": _diagonal,
}
# fmt: on
