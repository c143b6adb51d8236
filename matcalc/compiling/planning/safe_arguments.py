"""A zero of a relation wins: the argument of a function that it leaves out is a number of the domain.

0 log(0) and 0 / 0 are no numbers, although [i ≠ j] log(|y_i - y_j|) has no term with i = j. One pass forward says where
entries are 0 by structure, one backward where those of a value do not matter; there a singular function gets another
argument, as ``where`` does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import field
from functools import reduce

from matcalc.compiling.passes.conditional_sums import with_chosen_terms
from matcalc.compiling.planning.program import Program, Value, needed
from matcalc.compiling.planning.values import inside_domain
from matcalc.functions import row_of
from matcalc.records import dataclass

__all__ = ["with_safe_arguments"]

#: Entries (…, i, …, j, …) of an array, as (axis a of i, axis b of j, sign of i - j) with a < b.
Places = frozenset[tuple[int, int, int]]
NOWHERE: Places = frozenset()

# fmt: off
#: pattern -> the signs of i - j at which it is 0
ZEROS = {
    "strictly_upper": {0, 1},
    "strictly_lower": {0, -1},
    "eye":            {1, -1},
    "off_diagonal":   {0},
    "upper":          {1},
    "lower":          {-1},
}
# fmt: on

#: Entry by entry: what does not matter in the result does not matter in an operand.
ENTRYWISE = frozenset(
    {"times", "combine", "divide", "power", "raise", "function", "permute", "expand", "broadcast", "sum"}
)


def with_safe_arguments(program: Program, outputs: Sequence[Value]) -> list[Value]:
    """The outputs with numbers of the domain as arguments of functions where a relation leaves these out."""
    outputs = with_chosen_terms(program, outputs)
    values = needed(outputs)
    zeros: dict[Value, Places] = {}
    for v in values:
        zeros[v] = _zeros(v, [_lifted(v, k, zeros[a]) for k, a in enumerate(v.args)])
    if not any(zeros.values()):
        return list(outputs)
    idle = _Idle(program, zeros, dict.fromkeys(outputs, (NOWHERE, NOWHERE)))
    for v in values:
        for a in v.args:
            idle.users[a].append(v)
    masked = idle.found(values)
    new: dict[Value, Value] = {}
    twice = set(idle.emptied.values())
    for v in values:
        if v in idle.idle_choices or v in twice:
            new[v] = new[v.args[2]]
            continue
        args = [new[a] for a in v.args]
        if v in masked:
            k, places, number = masked[v]
            args[k] = _filled(program, args[k], places, number)
        new[v] = program.emit(v.op, args, v.data, v.axes)
        if v in idle.emptied:
            new[v] = _emptied(program, idle.emptied[v], new[v])
    return [new[v] for v in outputs]


def _emptied(program: Program, choice: Value, x: Value) -> Value:
    """The choice, whose pattern may be computed behind x."""
    pattern = program.leaf(choice.args[0].op, choice.args[0].axes, *choice.args[0].data)
    return program.where(choice.data[0], pattern, program.number(0), x, program.number(0))


# --- places -------------------------------------------------------------------------------------------


def _axes(v: Value, k: int) -> list[int | None]:
    """For each axis of an operand that of the value, None where they have none in common."""
    arg = v.args[k]
    match v.op:
        case "permute":
            return [v.data.index(axis) for axis in range(arg.rank)]
        case "expand":
            return [axis for axis, place in enumerate(v.data) if place]
        case "sum":
            kept = [axis for axis in range(arg.rank) if axis not in v.data]
            return [kept.index(axis) if axis in kept else None for axis in range(arg.rank)]
    return [None if d.is_one else axis for axis, d in enumerate(arg.axes, v.rank - arg.rank)]


def _moved(places: Places, names: dict[int, int]) -> Places:
    """The same places of an array with other axes."""
    kept = [(names[a], names[b], sign) for a, b, sign in places if a in names and b in names]
    return frozenset((a, b, sign) if a < b else (b, a, -sign) for a, b, sign in kept)


def _lifted(v: Value, k: int, places: Places) -> Places:
    """Places of an operand in the value."""
    return places and _moved(places, {j: axis for j, axis in enumerate(_axes(v, k)) if axis is not None})


def _lowered(v: Value, k: int, places: Places) -> Places:
    """Places of the value in an operand."""
    return places and _moved(places, {axis: j for j, axis in enumerate(_axes(v, k)) if axis is not None})


def _zeros(v: Value, below: Sequence[Places]) -> Places:
    """Where the value is 0 by structure, from where its operands are."""
    match v.op:
        case "mask" | "eye":
            return frozenset((0, 1, sign) for sign in ZEROS.get(v.data[0] if v.data else "eye", ()))
        case "times":
            return frozenset().union(*below)
        case "combine" if _is_complement(v):
            return frozenset({(0, 1, 0)})
        case "combine":
            return reduce(frozenset.intersection, below)
        case "divide" | "permute" | "expand" | "broadcast" | "sum":
            return below[0]
        case "power" if v.data[0] > 0:
            return below[0]
        case "function" if len(v.args) == 1 and row_of(v.data[0]).vanishes:
            return below[0]
        case "where":
            return _left_out(v, below) | below[2] if _is_number(v.args[3], 0) else below[2] & below[3]
    return NOWHERE


def _left_out(v: Value, below: Sequence[Places]) -> Places:
    """Where a choice takes the alternative since a pattern is 0 there."""
    return below[0] if v.data[0] in (">", "!=") and _is_number(v.args[1], 0) else NOWHERE


def _is_number(v: Value, number: int) -> bool:
    return v.op == "number" and v.data[0] == number


def _is_complement(v: Value) -> bool:
    """1 1^T - I"""
    return v.data == (1, -1) and [a.op for a in v.args] == ["ones", "eye"]


# --- arguments ----------------------------------------------------------------------------------------


@dataclass
class _Idle:
    """Where entries do not matter.

    Attributes:
        program: whose values they are.
        zeros: where each value is 0 by structure.
        idle: where a value does not matter as long as it is finite, and where it may be anything.
        masked: value -> the operand that gets a number at places, and that number.
        users: value -> what it is an operand of.
        idle_choices: choices whose alternative stands only where entries may be anything.
        emptied: values of which all that uses them leaves out what one choice does -> that choice.
        spare: smallest entry that only stands in for what a pattern leaves out -> these places of its operand.
    """

    program: Program
    zeros: dict[Value, Places]
    idle: dict[Value, tuple[Places, Places]]
    masked: dict[Value, tuple[int, Places, int]] = field(default_factory=dict)
    spare: dict[Value, Places] = field(default_factory=dict)
    users: dict[Value, list[Value]] = field(default_factory=lambda: defaultdict(list))
    idle_choices: set[Value] = field(default_factory=set)
    emptied: dict[Value, Value] = field(default_factory=dict)

    def found(self, values: Sequence[Value]) -> dict[Value, tuple[int, Places, int]]:
        for v in reversed(values):
            self._note_emptied(v)
            if v.op == "where":
                self._note_spare(v)
                self._note_idle_choice(v)
            for k, arg in enumerate(v.args):
                finite, free = (_lowered(v, k, places) for places in self._by_use(v, k))
                if v.op == "smallest":
                    finite = self.spare.get(v, NOWHERE)
                if finite - free and (number := self._inside(v, k, finite - free)) is not None:
                    self.masked[v] = (k, finite - free, number)
                    free = finite
                known = self.idle.get(arg, (finite, free))
                self.idle[arg] = (known[0] & finite, known[1] & free)
        return self.masked

    def _by_use(self, v: Value, k: int) -> tuple[Places, Places]:
        """Where operand k does not matter for the value."""
        finite, free = self.idle[v]
        below = [_lifted(v, j, self.zeros[a]) for j, a in enumerate(v.args)]
        match v.op:
            case "times":
                return finite.union(*below[:k], *below[k + 1 :]), free
            case "divide":
                return (finite | below[0] if k else finite), free
            case "where" if k == 2:
                out = _left_out(v, below)
                return finite | out, free | out
            case "where" if k == 3:
                return finite, free
        return (finite, free) if v.op in ENTRYWISE else (NOWHERE, NOWHERE)

    def _note_spare(self, v: Value) -> None:
        """x where a pattern is not 0, else the smallest x."""
        least = v.args[3]
        while least.op in ("expand", "reshape"):
            least = least.args[0]
        if least.op == "smallest" and least.args[0] is v.args[2]:
            self.spare[least] = _left_out(v, [self.zeros[v.args[0]]])

    def _note_emptied(self, v: Value) -> None:
        """x where its zeros at i = j may as well be there for all that uses it: there is one array then."""
        for user in self.users[v] if len(self.users[v]) > 1 and v.op not in ("input", "zeros", "ones") else ():
            if user.op == "where" and user.args[2] is v and _is_number(user.args[3], 0) and user.axes == v.axes:
                left_out = _left_out(user, [_lifted(user, 0, self.zeros[user.args[0]])])
                if left_out and left_out <= self.idle[v][1] and not user.args[0].args:
                    self.emptied[v] = user

    def _note_idle_choice(self, v: Value) -> None:
        """x where i ≠ j, else 1, below a choice that leaves out i = j anyway."""
        left_out = _left_out(v, [_lifted(v, 0, self.zeros[v.args[0]])])
        fits = v.args[2].axes == v.axes or all(_has_axes_without(u, v) for u in self.users[v])
        if left_out and left_out <= self.idle[v][1] and fits:
            self.idle_choices.add(v)

    def _inside(self, v: Value, k: int, places: Places) -> int | None:
        """A number of the domain of operand k where that has one and the operand is not known to lie in it."""
        arg = v.args[k]
        singular = v.op == "power" and (v.data[0] < 0 or v.data[0].denominator != 1)
        if self._is_positive(arg) or (arg.op == "where" and places <= _lifted(arg, 0, self.zeros[arg.args[0]])):
            return None
        if singular or (v.op == "divide" and k):
            return 1
        return inside_domain(v.data[0]) if v.op == "function" and len(v.args) == 1 else None

    def _is_positive(self, v: Value) -> bool:
        match v.op:
            case _ if v.number in self.program.positive:
                return True
            case "number":
                return bool(v.data[0] > 0)
            case "function":
                return bool(v.data[0] == "exp")
            case "combine":
                return min(v.data) > 0 and all(map(self._is_positive, v.args))
            case "times" | "divide" | "power" | "permute" | "expand" | "sum":
                return all(map(self._is_positive, v.args))
        return False


def _has_axes_without(user: Value, v: Value) -> bool:
    """Whether a product or quotient has all its axes from its other operands."""
    return user.op in ("times", "divide") and any(a is not v and a.axes == user.axes for a in user.args)


def _filled(program: Program, value: Value, places: Places, number: int) -> Value:
    """The value with a number at these places."""
    signs: dict[tuple[int, int], set[int]] = defaultdict(set)
    for a, b, sign in places:
        signs[a, b].add(sign)
    for (a, b), found in sorted(signs.items()):
        kind = next(kind for kind, zeros in ZEROS.items() if zeros <= found)
        op, *data = ("eye",) if kind == "eye" else ("mask", kind)
        pattern = program.leaf(op, (value.axes[a], value.axes[b]), *data)
        pattern = program.expand(pattern, [k in (a, b) for k in range(value.rank)])
        value = program.where(">", pattern, program.number(0), value, program.number(number))
    return value
