"""Values of what was typed: the typed tree evaluated operator by operator, before anything is simplified.

It shares no code with the constructors, the rules or the compiler, and it notes how near a value is to a point
where the function is undefined or has a kink.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from operator import add
from typing import Any

import numpy as np

from matcalc.budget import spend
from matcalc.checking.oracles.dual import numeric
from matcalc.checking.values.evaluate import Array, Sizes, evaluate, logdet
from matcalc.checking.values.margins import Margin
from matcalc.checking.values.matrix_functions import DEFINED, defined_value
from matcalc.checking.values.stand_ins import stand_in_of
from matcalc.checking.values.statistics import STATISTICS
from matcalc.checking.values.written_out import member_value, written_out
from matcalc.errors import UnsupportedError
from matcalc.expr import Dim
from matcalc.functions import Function, find
from matcalc.functions.numeric.values import NUMERIC
from matcalc.language import Typed
from matcalc.language.rows.definitions import USER_DEFINED, definition_of
from matcalc.language.undefined.open_uses import OpenTyped

__all__ = ["KINDS", "REFERENCE", "reference_value", "typed_order"]


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
            memo[id(node)] = _open(node, args, values)
        elif node.kind == "size":
            continue
        else:
            value = defined.get(key) if (key := _defined_call(node, args)) is not None else None
            memo[id(node)] = KINDS[node.kind](node, args, sizes, margin) if value is None else value
            if key is not None:
                defined[key] = memo[id(node)]
    return memo[id(root)]


def _defined_call(node: Typed, args: Args) -> tuple[object, ...] | None:
    """What tells a call of a function of the user's from others: f(t) f(t) is computed once."""
    return (node.value, *map(id, args)) if node.kind == "call" and node.value in USER_DEFINED else None


def _open(node: Typed, args: list[Array], values: Mapping[str, Array]) -> Array:
    """A value or a derivative of an open function by what stands in for it."""
    typed: OpenTyped = node.value
    first, last = int(typed.use.inner is not None), len(args) - typed.use.directions
    fillings = list(zip(typed.legs.fillings, [*args[:first], *args[last:]], strict=True))
    value: Array = stand_in_of(values, typed.use.name).of(
        args[first:last], typed.legs.partials, typed.legs.free, fillings
    )
    return value


def _shape(node: Typed, sizes: Sizes) -> tuple[int, int]:
    return node.shape[0].evaluate(sizes), node.shape[1].evaluate(sizes)


def _spread(x: Array, node: Typed, sizes: Sizes) -> Array:
    return x * np.ones(_shape(node, sizes)) if x.shape == (1, 1) else x


Args = list[Array]
Value = Callable[[Typed, Args, Sizes, Margin | None], Array]


def _add(node: Typed, args: Args, sizes: Sizes, margin: Margin | None) -> Array:
    signed = [sign * _spread(a, node, sizes) for sign, a in zip(node.value, args, strict=True)]
    return reduce(add, signed)


def _multiply(a: Array, b: Array) -> Array:
    return a * b if a.shape == (1, 1) or b.shape == (1, 1) else a @ b


def _inverse(x: Array, margin: Margin | None) -> Array:
    if margin is not None:
        margin.inverted(x)
    return np.linalg.inv(x)


def _power(node: Typed, args: Args, sizes: Sizes, margin: Margin | None) -> Array:
    base, exponent = args
    e = exponent.item()
    whole = float(e.real).is_integer() and e.imag == 0
    if base.shape == (1, 1):
        return base ** int(e.real) if whole else base**e
    if not whole:
        base, e = _matrix_function("sqrtm")([base], margin), 2 * e
    if e.real < 0:
        base = _inverse(base, margin)
    power: Array = np.linalg.matrix_power(base, abs(round(float(e.real))))
    return power


def _entrywise_power(args: Args, margin: Margin | None) -> Array:
    base, exponent = args
    if margin is not None and exponent.size > 1 and np.any((base.real < 0) & (exponent == 0)):
        margin.condition = np.inf  # 1 by the structure of the exponent, but not differentiable by it
    e = exponent if exponent.size > 1 else exponent.item()
    if np.ndim(e) == 0 and float(np.real(e)).is_integer() and np.imag(e) == 0:
        return base ** int(np.real(e))
    power: Array = base**e
    return power


def _euclidean(x: Array, margin: Margin | None) -> Array:
    if margin is not None and not np.any(x):
        margin.vanishes = True
    norm: Array = np.sqrt(np.sum(x * x)).reshape(1, 1)
    return norm


def _norm(node: Typed, args: Args, sizes: Sizes, margin: Margin | None) -> Array:
    (x,) = args
    if x.shape == (1, 1):
        return _kinked("abs", args, margin)
    if node.value == "2" and min(x.shape) > 1:
        return REFERENCE["norm_spec"](args, margin)
    return _euclidean(x, margin)


def _bars(node: Typed, args: Args, sizes: Sizes, margin: Margin | None) -> Array:
    is_number = all(d.is_one for d in node.children[0].shape)
    return _kinked("abs", args, margin) if is_number else _det(args, margin)


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
    if name in _SIZED:
        return _SIZED[name](node, args, literals, sizes)
    if name in _KINKS:
        return _kinked(name, args, margin)
    known = REFERENCE.get(name)
    if known is not None:
        axis = literals[0].value if literals else None
        return known(args, margin) if axis is None else known([*args, np.array([[float(axis)]])], margin)
    value = NUMERIC.get(name)
    row = find(name)
    if value is None and row is not None and row.kind == "macro":
        return _defined(row, args, margin)
    if value is None:
        raise UnsupportedError(f"the value of {name} is not known")
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

_KINKS: dict[str, Callable[..., Any]] = {
    "abs": lambda x: x,
    "sign": lambda x: x,
    "relu": lambda x: x,
    "step": lambda x: x,
    "cbrt": lambda x: x,
    "floor": lambda x: x - np.round(x),
    "ceil": lambda x: x - np.round(x),
    "round": lambda x: x - np.floor(x) - 0.5,
    "atan2": lambda y, x: np.where(x < 0, y, np.hypot(x, y)),
    "huber": lambda x, c: np.minimum(np.abs(np.abs(x) - c), np.maximum(c, 0)),
    "norm1": lambda x: x,
    **dict.fromkeys(["greater", "at_least", "equals", "differs"], lambda a, b: a - b),
}


def _kinked(name: str, args: Args, margin: Margin | None) -> Array:
    if margin is not None:
        margin.near_in_entries(np.asarray(_KINKS[name](*[a.real for a in args])))
    if name in ("abs", "norm1"):
        x = args[0] * np.sign(args[0].real)
        return x if name == "abs" else x.sum().reshape(1, 1)
    if name == "cbrt":
        x = args[0]
        return np.cbrt(x) if not np.iscomplexobj(x) else np.sign(x.real) * (x * np.sign(x.real)) ** (1 / 3)
    return numeric(name, *args)


def _whole(args: Args, place: int) -> int:
    """An optional integer argument, 0 where it is missing."""
    return int(args[place].item().real) if len(args) > place else 0


def _extreme(sign: int) -> Callable[[Args, Margin | None], Array]:
    """max (sign 1) or min (sign -1), of one array or of two."""

    def value(args: Args, margin: Margin | None) -> Array:
        if len(args) == 2:
            a, b = np.broadcast_arrays(*args)
            if margin is not None:
                margin.near_in_entries(a.real - b.real)
            return np.where(sign * a.real >= sign * b.real, a, b)
        flat = args[0].ravel()
        order = np.argsort(-sign * flat.real)
        if margin is not None and flat.size > 1:
            margin.near(flat.real[order[:1]] - flat.real[order[1:2]])
        return flat[order[0]].reshape(1, 1)

    return value


def _eigenvalues(args: Args, margin: Margin | None) -> Array:
    (s,) = args
    values = np.linalg.eigvalsh((s + s.T) / 2)
    if margin is not None and values.size > 1:
        margin.near(np.diff(values))
    return values[:, None]


def _singular_values(args: Args, margin: Margin | None) -> Array:
    values = np.linalg.svd(args[0], compute_uv=False)
    if margin is not None:
        margin.near(np.diff(values))
        margin.near(values)
    return values[:, None]


def _p_norm(args: Args, margin: Margin | None) -> Array:
    if len(args) == 1:
        return _euclidean(args[0], margin)
    x, p = args[0], args[1].item()
    if margin is not None and p != 2:
        margin.near_in_entries(x.real)
    total = np.sum((x * np.sign(x.real)) ** p).reshape(1, 1)
    norm: Array = total ** (1 / p)
    return norm


def _largest_entry(args: Args, margin: Margin | None) -> Array:
    return _extreme(1)([_kinked("abs", args, margin)], margin)


def _axis_sum(args: Args, margin: Margin | None) -> Array:
    if len(args) == 1:
        return args[0].sum().reshape(1, 1)
    return args[0].sum(axis=int(args[1].item().real) - 1, keepdims=True)


def _axis_mean(args: Args, margin: Margin | None) -> Array:
    if len(args) == 1:
        return args[0].mean().reshape(1, 1)
    return args[0].mean(axis=int(args[1].item().real) - 1, keepdims=True)


def _soft(logarithm: bool) -> Callable[[Args, Margin | None], Array]:
    def value(args: Args, margin: Margin | None) -> Array:
        x = args[0]
        axis = int(args[1].item()) - 1 if len(args) > 1 else (0 if x.shape[1] == 1 else 1)
        shifted = x - x.real.max(axis=axis, keepdims=True)
        total = np.exp(shifted).sum(axis=axis, keepdims=True)
        return shifted - np.log(total) if logarithm else np.exp(shifted) / total

    return value


def _logdet(args: Args, margin: Margin | None) -> Array:
    if margin is not None:
        margin.inverted(args[0])
    return logdet(args[0])


def _det(args: Args, margin: Margin | None) -> Array:
    if margin is not None:
        margin.of_determinant(args[0])
    return np.linalg.det(args[0]).reshape(1, 1)


def _adjugate(args: Args, margin: Margin | None) -> Array:
    (x,) = args
    if margin is not None:
        margin.of_determinant(x)
    if len(x) == 1:
        return 0 * x + 1
    places = range(len(x))
    return np.block([[_cofactor(x, j, i) for j in places] for i in places])


def _cofactor(x: Array, i: int, j: int) -> Array:
    """The determinant without row i and column j, with its sign."""
    rows, cols = ([k for k in range(len(x)) if k != left_out] for left_out in (i, j))
    return (-1) ** (i + j) * np.linalg.det(x[rows][:, cols]).reshape(1, 1)


def _diag(args: Args, margin: Margin | None) -> Array:
    (x,) = args
    return np.diag(x[:, 0]) if x.shape[1] == 1 else np.diag(x)[:, None]


def _vech(args: Args, margin: Margin | None) -> Array:
    (x,) = args
    n = len(x)
    places = [(i, j) for j in range(n) for i in range(j, n)]
    return x[[i for i, _ in places], [j for _, j in places]][:, None]


def _pinv(args: Args, margin: Margin | None) -> Array:
    (x,) = args
    if margin is not None:
        margin.pseudoinverted(x)
    return numeric("pinv", x)


def _sign_of_matrix(args: Args, margin: Margin | None) -> Array:
    """Away from eigenvalues on the imaginary axis."""
    if margin is not None:
        margin.near(np.linalg.eigvals(args[0].real).real)
    return numeric("signm", *args)


def _written_with_others(name: str) -> Callable[[Args, Margin | None], Array]:
    def value(args: Args, margin: Margin | None) -> Array:
        return defined_value(name, args, lambda tree, values, sizes: reference_value(tree, values, sizes, margin))

    return value


def _matrix_function(name: str) -> Callable[[Args, Margin | None], Array]:
    """logm and sqrtm stay away from the negative real axis."""

    def value(args: Args, margin: Margin | None) -> Array:
        if margin is not None:
            margin.inverted(args[0])
            eigenvalues = np.linalg.eigvals(args[0].real)
            if np.any((eigenvalues.real <= 0) & (np.abs(eigenvalues.imag) < 1e-6)):
                margin.condition = np.inf
        return numeric(name, *args)

    return value


# fmt: off
#: functions that are more than an entrywise one -> their value
REFERENCE: dict[str, Callable[[Args, Margin | None], Array]] = {
    **STATISTICS,
    "hypot":      lambda args, margin: np.sqrt(args[0] * args[0] + args[1] * args[1]),
    "max":        _extreme(1),
    "min":        _extreme(-1),
    "tr":         lambda args, margin: np.trace(args[0]).reshape(1, 1),
    "vec":        lambda args, margin: args[0].reshape((-1, 1), order="F"),
    "vech":       _vech,
    "diag":       _diag,
    "sum":        _axis_sum,
    "mean":       _axis_mean,
    "inner":      lambda args, margin: np.sum(args[0] * args[1]).reshape(1, 1),
    "outer":      lambda args, margin: args[0] @ args[1].T,
    "kron":       lambda args, margin: np.kron(*args),
    "sym":        lambda args, margin: (args[0] + args[0].T) / 2,
    "skew":       lambda args, margin: (args[0] - args[0].T) / 2,
    "triu":       lambda args, margin: np.triu(args[0], _whole(args, 1)),
    "tril":       lambda args, margin: np.tril(args[0], _whole(args, 1)),
    "tril_half":  lambda args, margin: np.tril(args[0]) - np.diag(np.diag(args[0])) / 2,
    "inv":        lambda args, margin: _inverse(args[0], margin),
    "solve":      lambda args, margin: _inverse(args[0], margin) @ args[1],
    "det":        _det,
    "logdet":     _logdet,
    "adj":        _adjugate,
    "pinv":       _pinv,
    "quad":       lambda args, margin: args[0].T @ args[1] @ args[0],
    "norm2":      lambda args, margin: _euclidean(args[0], margin),
    "norm":       _p_norm,
    "norm_inf":   _largest_entry,
    "norm_nuc":   lambda args, margin: _singular_values(args, margin).sum().reshape(1, 1),
    "norm_spec":  lambda args, margin: _singular_values(args, margin)[:1],
    "normalize":  lambda args, margin: args[0] / _euclidean(args[0], margin),
    "eigvals":    _eigenvalues,
    "eigmax":     lambda args, margin: _eigenvalues(args, margin)[-1:],
    "eigmin":     lambda args, margin: _eigenvalues(args, margin)[:1],
    "svdvals":    _singular_values,
    "logm":       _matrix_function("logm"),
    "sqrtm":      _matrix_function("sqrtm"),
    "signm":      _sign_of_matrix,
    **{name: _written_with_others(name) for name in DEFINED},
    "softmax":    _soft(False),
    "logsoftmax": _soft(True),
    "entropy":    lambda args, margin: -np.sum(args[0] * np.log(args[0])).reshape(1, 1),
    "kl":         lambda args, margin: np.sum(args[0] * np.log(args[0] / args[1])).reshape(1, 1),
    "sqrt":       lambda args, margin: np.sqrt(args[0]),
    "log":        lambda args, margin: np.log(args[0]),
    "log2":       lambda args, margin: np.log(args[0]) / np.log(2),
    "log10":      lambda args, margin: np.log(args[0]) / np.log(10),
    "exp2":       lambda args, margin: 2.0 ** args[0],
    "factorial":  lambda args, margin: numeric("gamma", args[0] + 1),
    "silu":       lambda args, margin: args[0] * numeric("sigmoid", args[0]),
    "gelu":       lambda args, margin: args[0] * (1 + numeric("erf", args[0] / np.sqrt(2))) / 2,
    "pow":        lambda args, margin: _entrywise_power(args, margin),
}
# fmt: on


def _sized_ones(value: float) -> Callable[[Typed, Args, list[Dim], Sizes], Array]:
    return lambda node, args, literals, sizes: np.full(_shape(node, sizes), value)


def _unit(node: Typed, args: Args, literals: list[Any], sizes: Sizes) -> Array:
    rows, place = _shape(node, sizes)[0], literals[0].evaluate(sizes)
    if not 1 <= place <= rows:
        raise ValueError("there is no such entry at these sizes")
    return np.eye(rows)[:, [place - 1]]


def _commutation(node: Typed, args: Args, literals: list[Dim], sizes: Sizes) -> Array:
    m, n = (d.evaluate(sizes) for d in literals)
    return np.eye(m * n)[np.arange(m * n).reshape((m, n), order="F").ravel()]


def _elimination(node: Typed, args: Args, literals: list[Dim], sizes: Sizes) -> Array:
    n = literals[0].evaluate(sizes)
    return np.eye(n * n)[[j * n + i for j in range(n) for i in range(j, n)]]


def _duplication(node: Typed, args: Args, literals: list[Dim], sizes: Sizes) -> Array:
    n = literals[0].evaluate(sizes)
    places = {pair: k for k, pair in enumerate((i, j) for j in range(n) for i in range(j, n))}
    rows = [places[max(i, j), min(i, j)] for j in range(n) for i in range(n)]
    return np.eye(n * (n + 1) // 2)[rows]


def _traced(factor: int) -> Callable[[Typed, Args, list[Dim], Sizes], Array]:
    """The partial trace over the first or the second factor."""

    def value(node: Typed, args: Args, literals: list[Dim], sizes: Sizes) -> Array:
        m, n = (d.evaluate(sizes) for d in literals)
        return np.trace(args[0].reshape(m, n, m, n), axis1=factor, axis2=factor + 2)

    return value


_SIZED: dict[str, Callable[[Typed, Args, list[Dim], Sizes], Array]] = {
    "ones": _sized_ones(1.0),
    "zeros": _sized_ones(0.0),
    "eye": lambda node, args, literals, sizes: np.eye(_shape(node, sizes)[0]),
    "e": _unit,
    "vector": lambda node, args, literals, sizes: args[0] * np.ones(_shape(node, sizes)),
    "matrix": lambda node, args, literals, sizes: args[0] * np.ones(_shape(node, sizes)),
    "commutation": _commutation,
    "duplication": _duplication,
    "elimination": _elimination,
    "blocktrace": _traced(0),
    "partial_trace": _traced(1),
    "unvec": lambda node, args, literals, sizes: args[0].reshape(_shape(node, sizes), order="F"),
}

# fmt: off
#: kind of a typed node -> its value
KINDS: dict[str, Value] = {
    "number":          lambda node, args, sizes, margin: np.full(_shape(node, sizes), float(node.value)),
    "dimension":       lambda node, args, sizes, margin: np.array([[float(node.value.evaluate(sizes))]]),
    "constant":        lambda node, args, sizes, margin: np.array([[np.pi]]),
    "identity":        lambda node, args, sizes, margin: np.eye(_shape(node, sizes)[0]),
    "add":             _add,
    "negate":          lambda node, args, sizes, margin: -args[0],
    "multiply":        lambda node, args, sizes, margin: _multiply(*args),
    "divide":          lambda node, args, sizes, margin: args[0] / args[1],
    "left_divide":     lambda node, args, sizes, margin: _multiply(_inverse(args[0], margin), args[1]),
    "hadamard":        lambda node, args, sizes, margin: args[0] * args[1],
    "hadamard_divide": lambda node, args, sizes, margin: args[0] / args[1],
    "hadamard_power":  lambda node, args, sizes, margin: _entrywise_power(args, margin),
    "kron":            lambda node, args, sizes, margin: np.kron(*args),
    "transpose":       lambda node, args, sizes, margin: args[0].T,
    "power":           _power,
    "norm":            _norm,
    "bars":            _bars,
    "inner":           lambda node, args, sizes, margin: np.sum(args[0] * args[1], keepdims=True),
    "entry":           _entry,
    "block":           _block,
    "call":            _call,
    "at":              lambda node, args, sizes, margin: np.eye(_shape(node, sizes)[0])[:, [node.value]],
}
# fmt: on
