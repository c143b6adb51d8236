"""Values of expression nodes in NumPy: one row for each operator, nothing shared with the compiler."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from itertools import product
from typing import Any

import numpy as np

from matcalc.calculus import without_inverses
from matcalc.errors import UnsupportedError
from matcalc.expr import Dim, Index, Node, entrywise_power, factors, in_order, number, postorder
from matcalc.expr.conjugates import original
from matcalc.expr.passes import Fold
from matcalc.expr.supports import is_condition, selecting_pattern
from matcalc.functions.numeric.values import known, value_of
from matcalc.records import dataclass

__all__ = ["VALUE", "Array", "Point", "Sizes", "evaluate", "evaluate_continued", "has_singular"]

Array = np.ndarray[Any, np.dtype[Any]]
Sizes = Mapping[str, int]
#: The values of indices, from 0 on.
Places = tuple[tuple[Index, int], ...]
Rule = Callable[[Node, Sequence[Array], "Point"], Array]

#: From this condition number on an inverse has lost too many digits to be compared.
SINGULAR = 1e7
CONSTANTS = {"pi": np.pi, "j": 1j}


def evaluate(
    root: Node, values: Mapping[str, Array], sizes: Sizes, directions: Mapping[Node, Array] | None = None
) -> Array:
    """The value of the node as a 2-d array: ``values`` by the names of variables, ``directions`` by perturbation.

    It is nan where there is none, as of the inverse of a singular matrix. What depends on an index has a value for each
    of those that it has, one below the other.
    """
    point = Point(sizes, values, directions or {})
    if not root.free:
        return point.value(root)
    indices = in_order(root.free)
    ranges = [range(index.size.evaluate(sizes)) for index in indices]
    return np.concatenate([point.at(dict(zip(indices, here, strict=True))).value(root) for here in product(*ranges)])


@dataclass
class Point:
    """Where expressions have values, and those that were found: by node and, where it depends on indices, by these."""

    sizes: Sizes
    values: Mapping[str, Array] = field(default_factory=dict)
    directions: Mapping[Node, Array] = field(default_factory=dict)
    places: Mapping[Index, int] = field(default_factory=dict)
    found: dict[tuple[Node, Places], Array] = field(default_factory=dict)

    def value(self, root: Node) -> Array:
        return VALUE.within(root, self, self)

    def at(self, places: Mapping[Index, int]) -> Point:
        """The same with the values of more indices."""
        return Point(self.sizes, self.values, self.directions, {**self.places, **places}, self.found)

    def dims(self, node: Node) -> tuple[int, int]:
        return node.rows.evaluate(self.sizes), node.cols.evaluate(self.sizes)

    def _key(self, node: Node) -> tuple[Node, Places]:
        return node, tuple((index, self.places[index]) for index in in_order(node.free)) if node.free else ()

    def __contains__(self, node: object) -> bool:
        return isinstance(node, Node) and self._key(node) in self.found

    def __getitem__(self, node: Node) -> Array:
        return self.found[self._key(node)]

    def __setitem__(self, node: Node, value: Array) -> None:
        self.found[self._key(node)] = value


def _read(node: Node, at: Point) -> Sequence[Node]:
    """What the value is computed from: x and p of exp(p .* log(x)), which is a power of NumPy, also of numbers <= 0."""
    return () if node.op == "total" else entrywise_power(node) or node.args


def _defined(rule: Rule, node: Node, args: Sequence[Array], at: Point) -> Array:
    """Not a number where there is no value; 0 where a factor selects that."""
    if entrywise_power(node) is not None:
        return np.asarray(args[0] ** args[1])
    try:
        value = rule(node, args, at)
    except np.linalg.LinAlgError:
        return np.full(at.dims(node), np.nan)
    if node.op in ("power", "scale") and (pattern := _selecting(node)) is not None:
        return np.where(at.value(pattern) != 0, value, 0)
    return value


def _given(node: Node, args: Sequence[Array], at: Point) -> Array:
    """The value of a variable or of a perturbation."""
    known = at.values.get(node.data[0]) if node.op == "variable" else at.directions.get(node)
    if known is None and node.op == "variable" and (name := original(node.data[0])) in at.values:
        return np.conj(at.values[str(name)])
    if known is None:
        raise UnsupportedError(f"no value was given for {node.data[0]}")
    return known


def _member(node: Node, args: Sequence[Array], at: Point) -> Array:
    """The unit column at an index."""
    return np.eye(node.rows.evaluate(at.sizes))[:, [at.places[node.data[0]]]]


def _total(node: Node, args: Sequence[Array], at: Point) -> Array:
    """The sum over all values of its indices, one after the other."""
    ranges = [range(index.size.evaluate(at.sizes)) for index in node.data]
    total: Array = np.zeros(at.dims(node))
    for here in product(*ranges):
        total = total + at.at(dict(zip(node.data, here, strict=True))).value(node.args[0])
    return total


def _selecting(node: Node) -> Node | None:
    """A pattern outside of which a product is 0, whatever the other factors are."""
    if node.op == "power":
        return selecting_pattern(factors(node))
    return selecting_pattern([*factors(node.args[0]), (node.args[1], number(1))])


def evaluate_continued(
    root: Node, values: Mapping[str, Array], sizes: Sizes, directions: Mapping[Node, Array] | None = None
) -> Array:
    """The same, with adj(M) for det(M) M^-1 where such an M is singular."""
    return evaluate(without_inverses(root) if has_singular(root, values, sizes) else root, values, sizes, directions)


def has_singular(root: Node, values: Mapping[str, Array], sizes: Sizes) -> bool:
    """Whether a matrix of which the determinant or adjugate is taken is singular, or nearly so."""
    matrices = dict.fromkeys(n.args[0] for n in postorder(root) if n.op in ("det", "adjugate") and not n.linear)
    arrays = (evaluate(m, values, sizes) for m in matrices)
    with np.errstate(all="ignore"):
        return any(np.isfinite(a).all() and not np.linalg.cond(a) < SINGULAR for a in arrays)


def _open(node: Node, args: Sequence[Array], at: Point) -> Array:
    """A derivative of an open function by what stands in for it."""
    function, partials, free, legs = node.data
    count = len(function.arguments)
    stand_in = at.values.get(function.name)
    known = at.directions.get(node) if stand_in is None else None
    if known is not None:
        return known
    if stand_in is None:
        raise UnsupportedError(f"no value was given for {function.name}")
    value: Array = stand_in.item().of(args[:count], partials, free, list(zip(legs, args[count:], strict=True)))
    return value


def _power(node: Node, args: Sequence[Array], at: Point) -> Array:
    """Π b^e"""
    total: Array = np.ones((1, 1))
    for base, exponent in zip(args[::2], args[1::2], strict=True):
        e = exponent.item()
        total = total * (base ** int(e.real) if float(e.real).is_integer() and e.imag == 0 else base**e)
    return total * np.ones(at.dims(node))


def _matpow(node: Node, args: Sequence[Array], at: Point) -> Array:
    return np.asarray(np.linalg.matrix_power(args[0], round(args[1].item().real)))


def _add(node: Node, args: Sequence[Array], at: Point) -> Array:
    return np.asarray(sum(float(c) * a for c, a in zip(node.data, args, strict=True)))


def _matmul(node: Node, args: Sequence[Array], at: Point) -> Array:
    total = args[0]
    for k, factor in enumerate(args[1:], start=1):
        found = total @ factor
        conditions = (k == 1 and is_condition(node.args[0]), is_condition(node.args[k]))
        total = found if not any(conditions) or _all_finite(found) else _skipping(total, factor, conditions)
    return total


def _all_finite(x: Array) -> bool:
    """As `numpy.isfinite`, also for numbers of many digits, which are objects to NumPy."""
    return bool(np.all(x - x == 0))


def _skipping(a: Array, b: Array, conditions: tuple[bool, bool]) -> Array:
    """A product without the terms in which a relation does not hold."""
    terms = a[:, :, None] * b[None]
    for factor, skips in zip((a[:, :, None], b[None]), conditions, strict=True):
        terms = np.where((factor != 0) | (not skips), terms, 0)
    return np.asarray(terms.sum(axis=1))


def _kron(node: Node, args: Sequence[Array], at: Point) -> Array:
    total = args[0]
    for factor in args[1:]:
        total = np.kron(total, factor)
    return total


def _block(node: Node, args: Sequence[Array], at: Point) -> Array:
    height, width = node.data
    return np.block([[args[i * width + j] for j in range(width)] for i in range(height)])


def _mask(node: Node, args: Sequence[Array], at: Point) -> Array:
    full = np.ones(at.dims(node))
    match node.data[0]:
        case "lower":
            return np.tril(full)
        case "upper":
            return np.triu(full)
        case "strictly_lower":
            return np.tril(full, -1)
        case "strictly_upper":
            return np.triu(full, 1)
        case "off_diagonal":
            return full - np.eye(*full.shape)
    return np.tril(full) - np.eye(*full.shape) / 2


def _commutation(node: Node, args: Sequence[Array], at: Point) -> Array:
    m, n = (d.evaluate(at.sizes) for d in node.data)
    permuted = np.arange(m * n).reshape((m, n), order="F").T.reshape(-1, order="F")
    return np.eye(m * n)[permuted]


def _elimination(n: int) -> Array:
    places = [i + j * n for j in range(n) for i in range(j, n)]
    return np.eye(n * n)[places]


def _duplication(n: int) -> Array:
    half = [(i, j) for j in range(n) for i in range(j, n)]
    result = np.zeros((n * n, len(half)))
    for k, (i, j) in enumerate(half):
        result[i + j * n, k] = result[j + i * n, k] = 1
    return result


def _unit(node: Node, args: Sequence[Array], at: Point) -> Array:
    place = node.data[0]
    index, size = place.evaluate(at.sizes) if isinstance(place, Dim) else place, node.rows.evaluate(at.sizes)
    if not 1 <= index <= size:
        raise ValueError(f"there is no entry {index} of {size}")
    return np.eye(size)[:, index - 1 : index]


def _selector(node: Node, args: Sequence[Array], at: Point) -> Array:
    rows, cols = at.dims(node)
    start = node.data[0].evaluate(at.sizes)
    return np.eye(cols)[start : start + rows]


def _adjugate(node: Node, args: Sequence[Array], at: Point) -> Array:
    (x,) = args
    n = len(x)
    minors = [
        [(-1) ** (i + j) * np.linalg.det(np.delete(np.delete(x, j, 0), i, 1)) for j in range(n)] for i in range(n)
    ]
    return np.array(minors)


def logdet(x: Array) -> Array:
    """log |det X|, in the complex step its analytic continuation."""
    if not np.iscomplexobj(x):
        return np.linalg.slogdet(x)[1].reshape(1, 1)
    sign, size = np.linalg.slogdet(x)
    real = np.linalg.slogdet(x.real)[0]
    return (size + np.log(sign / real)).reshape(1, 1)


def _call(node: Node, args: Sequence[Array], at: Point) -> Array:
    name, *static = node.data
    function = value_of(name)
    if function is None:
        raise UnsupportedError(f"the value of {name} is not known")
    options = [s for s in static if isinstance(s, (int, str))]
    return function(*args, static=tuple(options)) if options else function(*args)


def _apply(node: Node, args: Sequence[Array], at: Point) -> Array:
    return known(node.data[0])(*args)


# fmt: off
#: operator -> its value from the values of its operands
VALUE: Fold[Array] = Fold("value", {
    "variable":     _given,
    "perturbation": _given,
    "ones":         lambda node, args, at: np.ones(at.dims(node)),
    "zero":         lambda node, args, at: np.zeros(at.dims(node)),
    "identity":     lambda node, args, at: np.eye(node.rows.evaluate(at.sizes)),
    "unit":         _unit,
    "constant":     lambda node, args, at: np.array([[CONSTANTS[node.data[0]]]]),
    "dimension":    lambda node, args, at: np.array([[float(node.data[0].evaluate(at.sizes))]]),
    "commutation":  _commutation,
    "duplication":  lambda node, args, at: _duplication(node.data[0].evaluate(at.sizes)),
    "elimination":  lambda node, args, at: _elimination(node.data[0].evaluate(at.sizes)),
    "mask":         _mask,
    "selector":     _selector,
    "add":          _add,
    "matmul":       _matmul,
    "scale":        lambda node, args, at: args[0] * args[1],
    "power":        _power,
    "transpose":    lambda node, args, at: args[0].T,
    "matpow":       _matpow,
    "kron":         _kron,
    "diag":         lambda node, args, at: np.diag(args[0][:, 0]),
    "diagonal":     lambda node, args, at: np.diag(args[0])[:, None],
    "trace":        lambda node, args, at: np.reshape(np.trace(args[0]), (1, 1)),
    "det":          lambda node, args, at: np.linalg.det(args[0]).reshape(1, 1),
    "logdet":       lambda node, args, at: logdet(args[0]),
    "adjugate":     _adjugate,
    "vec":          lambda node, args, at: args[0].reshape((-1, 1), order="F"),
    "unvec":        lambda node, args, at: args[0].reshape(at.dims(node), order="F"),
    "block":        _block,
    "at":           _member,
    "total":        _total,
    "apply":        _apply,
    "call":         _call,
    "open":         _open,
}, through=_read, around=_defined)
# fmt: on
