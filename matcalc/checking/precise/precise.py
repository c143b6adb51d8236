"""Values in as many digits as it takes: the arbiter where floating point leaves it open whether two values differ.

Arrays are NumPy's, of mpmath's numbers, so that sums, products and slices are those of `reference` and `evaluate`;
every function has a value of its own here, which shares nothing with `functions.numeric`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from mpmath import mp

from matcalc.checking.precise.precise_functions import FUNCTIONS
from matcalc.checking.precise.precise_numbers import ENTRIES, Undefined, finite
from matcalc.checking.sampling import UNSTRUCTURED
from matcalc.checking.subject import Subject
from matcalc.checking.values.evaluate import VALUE, Array, Point, Sizes
from matcalc.checking.values.reference import KINDS, typed_order, value_of_stand_in
from matcalc.checking.values.written_out import member_value, written_out
from matcalc.errors import DomainError
from matcalc.expr import Node, summed_out
from matcalc.expr.passes import Fold, rows_of
from matcalc.functions import find
from matcalc.language import Declaration, Typed
from matcalc.language.rows.definitions import USER_DEFINED, definition_of

__all__ = ["PART_OF_DIGITS", "NotPrecise", "Undefined", "exact_point", "is_nonzero", "precise_value", "sides_differ"]

#: Digits of the first evaluation, and of the last.
FEWEST, MOST = 50, 400
#: A value is settled where twice as many digits change none of the first of them: of so many in a hundred.
SETTLED = 60
#: Digits in which a difference is looked for that is hidden by what is equal; the second time to see that it is no rounding.
LEAST_SEEN = 2 * MOST, 2 * MOST - MOST // 8
#: Of the time that is left a difference of that kind is looked for at one point in this share: eigenvalues of so many digits take seconds.
PART_OF_DIGITS = 0.25
#: Sides that are settled and agree in fewer digits, in a hundred, are different.
DIFFERENT = 50

Values = Mapping[str, Array]


class NotPrecise(Exception):
    """The expression holds a function that has no value here."""


class Cancelled(Undefined):
    """A sum lost so many digits that what is left of it may be rounding."""


def sides_differ(
    left: Subject, right: Subject, values: Values, sizes: Sizes, directions: Mapping[Node, Array] | None = None
) -> bool:
    """Whether two functions differ at a point of floats, in as many digits as it takes to tell.

    Raises Undefined where the point is not in the domain of both, NotPrecise where a function has no value here.
    """
    declared = {**right.declarations, **left.declarations}
    before: tuple[Array, Array] | None = None
    digits = FEWEST
    while digits <= MOST:
        with mp.workdps(digits):
            point = exact_point(values, declared)
            e = {d: _exact(x) for d, x in (directions or {}).items()}
            pair = _pair(left, right, point, sizes, e)
            known = digits // 2
            if before and pair and all(_agree(a, b, known * SETTLED // 100) for a, b in zip(before, pair, strict=True)):
                return not _agree(*pair, known * DIFFERENT // 100)
            before = pair
        digits *= 2
    raise Undefined


def is_nonzero(gap: Subject, values: Values, sizes: Sizes, directions: Mapping[Node, Array] | None = None) -> bool:
    """Whether a difference in which equal parts have gone is not 0, however small it is beside what it was made of.

    In 1 + exp(s - 400) - 1 the ones hide the rest from any comparison of the two sides; exp(s - 400) is seen to differ
    from 0. Zero is what is lost by cancelling in all digits. Raises Undefined outside of the domain, NotPrecise as above.
    """
    found = []
    for digits in LEAST_SEEN:
        with mp.workdps(digits):
            e = {d: _exact(x) for d, x in (directions or {}).items()}
            try:
                found.append(precise_value(gap, exact_point(values, gap.declarations), sizes, e))
            except Cancelled:
                return False
        if not any(found[0].flat):
            return False
    return _agree(found[0], found[1], MOST // 2)


def _pair(left: Subject, right: Subject, *at: Any) -> tuple[Array, Array] | None:
    """Both values, None where they need more digits."""
    try:
        return precise_value(left, *at), precise_value(right, *at)
    except Cancelled:
        return None


def _refuse_cancelled(terms: Sequence[Array], total: Array) -> None:
    """Raises Cancelled where an entry is smaller than its terms by more than half of the digits.

    A zero counts where rounding could have made it: where the terms are large. Two values of cosh(x)^2 and sinh(x)^2
    are the same in fewer digits than x has.
    """
    lost = mp.mpf(10) ** (mp.dps // 2)
    sizes = [np.broadcast_to(abs(term), total.shape) for term in terms]
    for k, entry in enumerate(total.flat):
        largest = max(size.flat[k] for size in sizes)
        if largest > lost * (abs(entry) if entry else 1):
            raise Cancelled


def _agree(a: Array, b: Array, digits: int) -> bool:
    """Whether two arrays are equal up to so many digits of the larger one."""
    if a.shape != b.shape:
        return False
    scale = max([abs(x) for x in (*a.flat, *b.flat)], default=mp.zero)
    return all(abs(x - y) <= scale * mp.mpf(10) ** -digits for x, y in zip(a.flat, b.flat, strict=True))


def precise_value(side: Subject, values: Values, sizes: Sizes, directions: Mapping[Node, Array] | None = None) -> Array:
    """The value in the digits of mpmath's context; the typed tree where there is one. Raises NotPrecise, Undefined."""
    try:
        if side.tree is None:
            result = _of_node(side.node, values, sizes, directions)
        else:
            result = _of_typed(side.tree, values, sizes)
        result = result * np.ones([d.evaluate(sizes) for d in side.node.shape], dtype=int)
    except (ZeroDivisionError, ValueError, OverflowError, TypeError, mp.NoConvergence) as error:
        raise Undefined from error
    return finite(result)


def exact_point(values: Values, declared: Mapping[str, Declaration]) -> dict[str, Array]:
    """The floats as exact numbers, within the structure that they have up to rounding.

    Raises NotPrecise for a function whose values have such a structure.
    """
    return {name: _exact_value(declared[name], x) for name, x in values.items() if name in declared}


def _exact_value(declared: Declaration, x: Array) -> Array:
    if not declared.is_function:
        return _structured(_exact(x), declared.kind)
    if declared.result is not None and declared.result.kind not in UNSTRUCTURED:
        raise NotPrecise(declared.name)
    return x


def _exact(x: Array) -> Array:
    return np.array([[mp.mpf(float(entry)) for entry in row] for row in x], dtype=object).reshape(x.shape)


def _structured(x: Array, kind: str) -> Array:
    match kind:
        case "symmetric" | "spd" | "psd":
            return (x + x.T) / 2
        case "skew":
            return (x - x.T) / 2
        case "orthogonal":
            return _orthonormal(x)
    return x


def _orthonormal(x: Array) -> Array:
    """Gram and Schmidt: the columns are orthonormal up to rounding already."""
    columns: list[Array] = []
    for column in x.T:
        for _ in range(2):
            for other in columns:
                column = column - other * (other @ column)
        columns.append(column / mp.sqrt(column @ column))
    return np.array(columns, dtype=object).T


# --- typed trees --------------------------------------------------------------------------------


def _of_typed(root: Typed, values: Values, sizes: Sizes) -> Array:
    memo: dict[int, Array] = {}
    root = written_out(root, sizes)
    for node in typed_order(root):
        args = [memo[id(c)] for c in node.children if c.kind != "size"]
        if node.kind == "size":
            continue
        memo[id(node)] = _typed_value(node, args, values, sizes)
        if node.kind == "add":
            _refuse_cancelled(args, memo[id(node)])
    return memo[id(root)]


def _typed_value(node: Typed, args: list[Array], values: Values, sizes: Sizes) -> Array:
    match node.kind:
        case "variable":
            return values[node.value]
        case "member":
            return np.asarray(member_value(values[node.value[0]], node.value[1], node.shape, sizes))
        case "at":
            unit = np.zeros((node.shape[0].evaluate(sizes), 1), dtype=object)
            unit[node.value] = 1
            return unit
        case "bound":
            return _of_node(node.value, values, sizes)
        case "open":
            return value_of_stand_in(node, args, values)
        case "number":
            shape = [d.evaluate(sizes) for d in node.shape]
            return np.full(shape, mp.mpf(node.value.numerator) / node.value.denominator, dtype=object)
        case "constant":
            return _one(mp.pi + 0)
        case "power":
            return _power(*args)
        case "hadamard_power":
            return ENTRIES["pow"](*args)
        case "left_divide":
            return _product(FUNCTIONS["inv"]([args[0]], 0), args[1])
        case "divide":
            return np.asarray(args[0] / args[1].item())
        case "norm" if node.value == "2" and min(args[0].shape) > 1:
            return FUNCTIONS["norm_spec"](args, 0)
        case "norm":
            return FUNCTIONS["norm2"](args, 0)
        case "bars":
            return FUNCTIONS["det"](args, 0) if args[0].size > 1 else ENTRIES["abs"](*args)
        case "call":
            return _typed_call(node, args, sizes)
    return KINDS.row(node.kind)(node, args, sizes, None)


def _typed_call(node: Typed, args: list[Array], sizes: Sizes) -> Array:
    name = node.value
    if name in USER_DEFINED:
        return _user_defined(name, args)
    if name == "log" and node.children[0].kind == "bars":
        args = [ENTRIES["abs"](*args)]
    literals = [c.value for c in node.children if c.kind == "size"]
    axis = literals[0].value if literals and name not in _SIZED else 0
    if name in _SIZED:
        return KINDS.row("call")(node, args, sizes, None)
    return _function(name, args, axis or 0)


_SIZED = frozenset(
    "ones zeros eye e vector matrix commutation duplication elimination unvec blocktrace partial_trace".split()
)


def _user_defined(name: str, args: list[Array]) -> Array:
    """A definition applied to every entry; other definitions of the user's are left to floating point."""
    row = find(name)
    if row is None or row.kind != "macro" or not row.entrywise:
        raise NotPrecise(name)
    tree = definition_of(name).tree
    arrays = np.broadcast_arrays(*args)
    entries = [
        _of_typed(tree, {p: _one(x) for p, x in zip(row.parameters, entry, strict=True)}, {}).item()
        for entry in zip(*(a.ravel() for a in arrays), strict=True)
    ]
    return np.array(entries, dtype=object).reshape(arrays[0].shape)


def _function(name: str, args: list[Array], axis: int) -> Array:
    if name in ENTRIES and not (name in FUNCTIONS and len(args) == 1):
        return ENTRIES[name](*args)
    if name in FUNCTIONS:
        return FUNCTIONS[name](args, axis)
    raise NotPrecise(name)


def _one(x: Any) -> Array:
    return np.array([[x]], dtype=object)


def _product(a: Array, b: Array) -> Array:
    return np.asarray(a * b if a.size == 1 or b.size == 1 else a @ b)


def _power(base: Array, exponent: Array) -> Array:
    if base.shape == (1, 1):
        return ENTRIES["pow"](base, exponent)
    count = int(mp.nint(exponent.item()))
    factor = FUNCTIONS["inv"]([base], 0) if count < 0 else base
    result: Array = np.eye(len(base), dtype=int).astype(object) * mp.one
    for _ in range(abs(count)):
        result = result @ factor
    return result


# --- nodes --------------------------------------------------------------------------------------


def _of_node(root: Node, values: Values, sizes: Sizes, directions: Mapping[Node, Array] | None = None) -> Array:
    return MANY_DIGITS.within(_without_sums(root, sizes), {}, Point(sizes, values, directions or {}))


def _as_far_as_digits_go(
    rule: Callable[[Node, list[Array], Point], Array], node: Node, args: list[Array], at: Point
) -> Array:
    value = rule(node, args, at)
    if node.op == "add":
        _refuse_cancelled(args, value)
    return value


def _without_sums(root: Node, sizes: Sizes) -> Node:
    try:
        return summed_out(root, sizes)
    except DomainError as error:
        raise Undefined(error.message) from error


def _sum(node: Node, args: list[Array], at: Point) -> Array:
    return np.asarray(sum(a * (mp.mpf(c.numerator) / c.denominator) for c, a in zip(node.data, args, strict=True)))


def _powers(node: Node, args: list[Array], at: Point) -> Array:
    total: Array = np.full([d.evaluate(at.sizes) for d in node.shape], mp.one, dtype=object)
    for base, exponent in zip(args[::2], args[1::2], strict=True):
        total = total * ENTRIES["pow"](base, exponent)
    return total


def _node_call(node: Node, args: list[Array], at: Point) -> Array:
    name, *static = node.data
    if any(isinstance(s, str) for s in static):
        raise NotPrecise(name)
    return _function(name, args, int(static[0]) if static else 0)


def _named(name: str) -> Callable[[Node, list[Array], Point], Array]:
    return lambda node, args, at: FUNCTIONS[name](args, 0)


def _given(node: Node, args: list[Array], at: Point) -> Array:
    return at.values[node.data[0]] if node.op == "variable" else at.directions[node]


MANY_DIGITS: Fold[Array] = Fold(
    "value in many digits",
    {
        **VALUE.rows,
        **rows_of("variable perturbation", _given),
        "constant": lambda node, args, at: _one(mp.pi + 0),
        "mask": lambda node, args, at: VALUE.row("mask")(node, args, at).astype(object) * mp.one,
        "add": _sum,
        "power": _powers,
        "matpow": lambda node, args, at: _power(*args),
        "det": _named("det"),
        "logdet": _named("logdet"),
        "adjugate": _named("adj"),
        "apply": lambda node, args, at: _function(node.data[0], args, 0),
        "call": _node_call,
    },
    around=_as_far_as_digits_go,
)
