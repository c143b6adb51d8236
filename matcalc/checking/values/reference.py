"""Values of what was typed: the typed tree evaluated operator by operator, before anything is simplified.

It shares no code with the constructors, the rules or the compiler, and it notes how near a value is to a point
where the function is undefined or has a kink.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from operator import add

import numpy as np

from matcalc.budget import spend
from matcalc.checking.oracles.dual_kernels import numeric
from matcalc.checking.values.evaluate import Array, Sizes, evaluate
from matcalc.checking.values.margins import Margin
from matcalc.checking.values.matrix_functions import DEFINED, defined_value
from matcalc.checking.values.reference_constants import SIZED, shape_at
from matcalc.checking.values.reference_functions import (
    FUNCTIONS,
    KINKS,
    det,
    entrywise_power,
    euclidean,
    inverse,
    kinked,
    matrix_function,
    multiply,
)
from matcalc.checking.values.stand_ins import stand_in_of
from matcalc.checking.values.written_out import member_value, written_out
from matcalc.errors import UnsupportedError
from matcalc.expr.canonical.piecewise import RELATIONS
from matcalc.expr.passes import Pass
from matcalc.functions import Function, find
from matcalc.functions.numeric.values import value_of
from matcalc.language import Typed
from matcalc.language.rows.definitions import USER_DEFINED, definition_of
from matcalc.language.surface.tree import TYPED
from matcalc.language.undefined.open_uses import OpenTyped

__all__ = ["KINDS", "REFERENCE", "reference_value", "typed_order", "value_of_stand_in"]


def typed_order(root: Typed) -> list[Typed]:
    """Every node once, operands first."""
    order: list[Typed] = []
    seen: set[int] = set()
    stack: list[tuple[Typed, bool]] = [(root, False)]
    while stack:
        node, ready = stack.pop()
        if ready:
            order.append(node)
        elif id(node) not in seen:
            seen.add(id(node))
            stack.append((node, True))
            stack.extend((c, False) for c in reversed(node.children))
    return order


def reference_value(root: Typed, values: Mapping[str, Array], sizes: Sizes, margin: Margin | None = None) -> Array:
    """The value of a typed tree as a 2-d array; ``values`` has one for each variable's name."""
    root = written_out(root, sizes)
    order = typed_order(root)
    memo: dict[int, Array] = {}
    defined: dict[tuple[object, ...], Array] = {}
    for node in order:
        spend()
        args = [memo[id(c)] for c in node.children if c.kind != "size"]
        if node.kind == "variable":
            memo[id(node)] = values[node.value]
        elif node.kind == "member":
            memo[id(node)] = member_value(values[node.value[0]], node.value[1], node.shape, sizes)
        elif node.kind == "bound":
            memo[id(node)] = evaluate(node.value, values, sizes)
        elif node.kind == "open":
            memo[id(node)] = value_of_stand_in(node, args, values)
        elif node.kind == "size":
            continue
        else:
            value = defined.get(key) if (key := _defined_call(node, args)) is not None else None
            memo[id(node)] = KINDS.row(node.kind)(node, args, sizes, margin) if value is None else value
            if key is not None:
                defined[key] = memo[id(node)]
    return memo[id(root)]


def _defined_call(node: Typed, args: Args) -> tuple[object, ...] | None:
    """What tells a call of a function of the user's from others: f(t) f(t) is computed once."""
    return (node.value, *map(id, args)) if node.kind == "call" and node.value in USER_DEFINED else None


def value_of_stand_in(node: Typed, args: list[Array], values: Mapping[str, Array]) -> Array:
    """A value or a derivative of an open function by what stands in for it."""
    typed: OpenTyped = node.value
    first, last = int(typed.use.inner is not None), len(args) - typed.use.directions
    fillings = list(zip(typed.legs.fillings, [*args[:first], *args[last:]], strict=True))
    value: Array = stand_in_of(values, typed.use.name).of(
        args[first:last], typed.legs.partials, typed.legs.free, fillings
    )
    return value


def _spread(x: Array, node: Typed, sizes: Sizes) -> Array:
    return x * np.ones(shape_at(node, sizes)) if x.shape == (1, 1) else x


Args = list[Array]
Value = Callable[[Typed, Args, Sizes, Margin | None], Array]


def _add(node: Typed, args: Args, sizes: Sizes, margin: Margin | None) -> Array:
    signed = [sign * _spread(a, node, sizes) for sign, a in zip(node.value, args, strict=True)]
    return reduce(add, signed)


def _chosen(node: Typed, args: Args, value: Array) -> Array:
    """A product, 0 where a relation that is one of its factors does not hold, whatever the other factor is there."""
    for factor, arg in zip(node.children, args, strict=True):
        if factor.kind == "call" and factor.value in RELATIONS and arg.shape in ((1, 1), value.shape):
            value = np.where(arg == 1, value, 0.0)
    return value


def _power(node: Typed, args: Args, sizes: Sizes, margin: Margin | None) -> Array:
    base, exponent = args
    e = exponent.item()
    whole = float(e.real).is_integer() and e.imag == 0
    if base.shape == (1, 1):
        return base ** int(e.real) if whole else base**e
    if not whole:
        base, e = matrix_function("sqrtm")([base], margin), 2 * e
    if e.real < 0:
        base = inverse(base, margin)
    power: Array = np.linalg.matrix_power(base, abs(round(float(e.real))))
    return power


def _norm(node: Typed, args: Args, sizes: Sizes, margin: Margin | None) -> Array:
    (x,) = args
    if x.shape == (1, 1):
        return kinked("abs", args, margin)
    if node.value == "2" and min(x.shape) > 1:
        return REFERENCE["norm_spec"](args, margin)
    return euclidean(x, margin)


def _bars(node: Typed, args: Args, sizes: Sizes, margin: Margin | None) -> Array:
    is_number = all(d.is_one for d in node.children[0].shape)
    return kinked("abs", args, margin) if is_number else det(args, margin)


def _entry(node: Typed, args: Args, sizes: Sizes, margin: Margin | None) -> Array:
    (base,) = args
    numbers = [c.value.evaluate(sizes) for c in node.children[1:]]
    slices: list[slice] = []
    for form in node.value:
        if form == "all":
            slices.append(slice(None))
        else:
            first = numbers.pop(0)
            slices.append(slice(first - 1, numbers.pop(0) if form == "range" else first))
    if len(slices) == 1:
        slices = [slice(None), slices[0]] if base.shape[0] == 1 and base.shape[1] > 1 else [slices[0], slice(None)]
    if any(s.start is not None and not 0 <= s.start < s.stop <= n for s, n in zip(slices, base.shape, strict=True)):
        raise ValueError("there is no such entry at these sizes")
    return base[slices[0], slices[1]]


def _block(node: Typed, args: Args, sizes: Sizes, margin: Margin | None) -> Array:
    height, width = node.value
    parts = [_spread(a, c, sizes) for a, c in zip(args, node.children, strict=True)]
    return np.block([[parts[i * width + j] for j in range(width)] for i in range(height)])


def _call(node: Typed, args: Args, sizes: Sizes, margin: Margin | None) -> Array:
    name = node.value
    if name in ("log",) and node.children[0].kind == "bars" and node.children[0].children[0].shape[0].value != 1:
        return np.log(np.abs(args[0].real)) if not np.iscomplexobj(args[0]) else np.log(args[0] * np.sign(args[0].real))
    literals = [c.value for c in node.children if c.kind == "size"]
    if name in SIZED:
        return SIZED[name](node, args, literals, sizes)
    if name in KINKS:
        return kinked(name, args, margin)
    known = REFERENCE.get(name)
    if known is not None:
        axis = literals[0].value if literals else None
        return known(args, margin) if axis is None else known([*args, np.array([[float(axis)]])], margin)
    value = value_of(name)
    row = find(name)
    if value is None and row is not None and row.kind == "macro":
        return _defined(row, args, margin)
    if value is None:
        raise UnsupportedError(f"the value of {name} is not known", hint=f"the row of {name} has no cell numeric")
    return numeric(name, *args)


def _defined(row: Function, args: Args, margin: Margin | None) -> Array:
    """A function of the user's: its definition, evaluated as it was typed."""
    tree = definition_of(row.name).tree
    if row.entrywise:
        arrays = np.broadcast_arrays(*args)
        values = [
            reference_value(tree, {p: x.reshape(1, 1) for p, x in zip(row.parameters, entry, strict=True)}, {}, margin)
            for entry in zip(*(a.ravel() for a in arrays), strict=True)
        ]
        return np.concatenate(values).reshape(arrays[0].shape)
    declared = definition_of(row.name).declarations
    sizes: dict[str, int] = {}
    for name, array in zip(row.parameters, args, strict=True):
        for dim, size in zip(declared[name].shape, array.shape, strict=True):
            if len(dim.names) == 1 and str(dim) == dim.names[0]:
                sizes[dim.names[0]] = size
    return reference_value(tree, dict(zip(row.parameters, args, strict=True)), sizes, margin)


# Distances from kinks.


def _written_with_others(name: str) -> Callable[[Args, Margin | None], Array]:
    def value(args: Args, margin: Margin | None) -> Array:
        return defined_value(name, args, lambda tree, values, sizes: reference_value(tree, values, sizes, margin))

    return value


#: function -> its value, also of those that are written with others
REFERENCE: dict[str, Callable[[Args, Margin | None], Array]] = {
    **FUNCTIONS,
    **{name: _written_with_others(name) for name in DEFINED},
}


# fmt: off
#: kind of a typed node -> its value
KINDS: Pass[Value] = Pass("reference value", {
    "number":          lambda node, args, sizes, margin: np.full(shape_at(node, sizes), float(node.value)),
    "dimension":       lambda node, args, sizes, margin: np.array([[float(node.value.evaluate(sizes))]]),
    "constant":        lambda node, args, sizes, margin: np.array([[np.pi]]),
    "identity":        lambda node, args, sizes, margin: np.eye(shape_at(node, sizes)[0]),
    "add":             _add,
    "negate":          lambda node, args, sizes, margin: -args[0],
    "multiply":        lambda node, args, sizes, margin: _chosen(node, args, multiply(*args)),
    "divide":          lambda node, args, sizes, margin: args[0] / args[1],
    "left_divide":     lambda node, args, sizes, margin: multiply(inverse(args[0], margin), args[1]),
    "hadamard":        lambda node, args, sizes, margin: _chosen(node, args, args[0] * args[1]),
    "hadamard_divide": lambda node, args, sizes, margin: args[0] / args[1],
    "hadamard_power":  lambda node, args, sizes, margin: entrywise_power(args, margin),
    "kron":            lambda node, args, sizes, margin: np.kron(*args),
    "transpose":       lambda node, args, sizes, margin: args[0].T,
    "power":           _power,
    "norm":            _norm,
    "bars":            _bars,
    "inner":           lambda node, args, sizes, margin: np.sum(args[0] * args[1], keepdims=True),
    "entry":           _entry,
    "block":           _block,
    "call":            _call,
    "at":              lambda node, args, sizes, margin: np.eye(shape_at(node, sizes)[0])[:, [node.value]],
}, never="variable member bound open size place same total".split(), over=TYPED)
# fmt: on
