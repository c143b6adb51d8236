"""Values of expression nodes in NumPy: one row for each operator, nothing shared with the compiler."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy as np

from matcalc.budget import spend
from matcalc.calculus import without_inverses
from matcalc.errors import UnsupportedError
from matcalc.expr import Dim, Index, Node, entrywise_power, factors, in_order, number, outside_of_sums, postorder
from matcalc.expr.supports import selecting_pattern
from matcalc.functions.numeric.values import NUMERIC

__all__ = ["Array", "Sizes", "evaluate", "evaluate_continued", "has_singular"]

Array = np.ndarray[Any, np.dtype[Any]]
Sizes = Mapping[str, int]
#: The values of indices, from 0 on.
Places = tuple[tuple[Index, int], ...]

#: From this condition number on an inverse has lost too many digits to be compared.
SINGULAR = 1e7


def evaluate(
    root: Node, values: Mapping[str, Array], sizes: Sizes, directions: Mapping[Node, Array] | None = None
) -> Array:
    """The value of the node as a 2-d array: ``values`` by the names of variables, ``directions`` by perturbation.

    It is nan where there is none, as of the inverse of a singular matrix. What depends on an index has a value for each
    of those that it has, one below the other.
    """
    evaluation = _Evaluation(values, sizes, directions or {})
    if not root.free:
        return evaluation.of(root, {})
    indices = in_order(root.free)
    ranges = [range(index.size.evaluate(sizes)) for index in indices]
    return np.concatenate([evaluation.of(root, dict(zip(indices, here, strict=True))) for here in product(*ranges)])


@dataclass
class _Evaluation:
    """Values by node and, where it depends on indices, by the values of these."""

    values: Mapping[str, Array]
    sizes: Sizes
    directions: Mapping[Node, Array]
    memo: dict[tuple[Node, Places], Array] = field(default_factory=dict)

    def of(self, root: Node, places: Mapping[Index, int]) -> Array:
        order = outside_of_sums(root)
        raised = {n: parts for n in order if (parts := entrywise_power(n)) is not None}
        if raised:  # NumPy's powers, also of negative numbers and at 0
            order = outside_of_sums(*(part for parts in raised.values() for part in parts), root)
        for node in order:
            key = _at(node, places)
            if key in self.memo:
                continue
            spend()
            if node in raised:
                base, exponent = (self.memo[_at(part, places)] for part in raised[node])
                self.memo[key] = base**exponent
            elif node.op == "at":
                self.memo[key] = np.eye(node.rows.evaluate(self.sizes))[:, [places[node.data[0]]]]
            elif node.op == "total":
                self.memo[key] = self._total(node, places)
            else:
                self.memo[key] = self._found(node, [self.memo[_at(a, places)] for a in node.args])
                if node.op in ("power", "scale") and (pattern := _selecting(node)) is not None:
                    self.memo[key] = np.where(self.of(pattern, places) != 0, self.memo[key], 0)
        return self.memo[_at(root, places)]

    def _total(self, node: Node, places: Mapping[Index, int]) -> Array:
        """The sum over all values of its indices, one after the other."""
        ranges = [range(index.size.evaluate(self.sizes)) for index in node.data]
        total: Array = np.zeros(_dims(node, self.sizes))
        for here in product(*ranges):
            total = total + self.of(node.args[0], {**places, **dict(zip(node.data, here, strict=True))})
        return total

    def _found(self, node: Node, args: list[Array]) -> Array:
        known = self.values.get(node.data[0]) if node.op == "variable" else self.directions.get(node)
        if node.op == "open":
            known = _open(node, args, self.values)
        return known if known is not None else _value(node, args, self.sizes)


def _at(node: Node, places: Mapping[Index, int]) -> tuple[Node, Places]:
    return node, tuple((index, places[index]) for index in in_order(node.free)) if node.free else ()


def _selecting(node: Node) -> Node | None:
    """A pattern outside of which a product is 0, whatever the other factors are."""
    if node.op == "power":
        return selecting_pattern(factors(node))
    return selecting_pattern([*factors(node.args[0]), (node.args[1], number(1))])


def _value(node: Node, args: list[Array], sizes: Sizes) -> Array:
    try:
        return VALUES[node.op](node, args, sizes)
    except np.linalg.LinAlgError:
        return np.full(_dims(node, sizes), np.nan)


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


def _dims(node: Node, sizes: Sizes) -> tuple[int, int]:
    return node.rows.evaluate(sizes), node.cols.evaluate(sizes)


def _missing(node: Node, args: list[Array], sizes: Sizes) -> Array:
    name = node.data[0].name if node.op == "open" else node.data[0]
    raise UnsupportedError(f"no value was given for {name}")


def _open(node: Node, args: list[Array], values: Mapping[str, Array]) -> Array | None:
    """A derivative of an open function by what stands in for it."""
    function, partials, free, legs = node.data
    count = len(function.arguments)
    stand_in = values.get(function.name)
    if stand_in is None:
        return None
    value: Array = stand_in.item().of(args[:count], partials, free, list(zip(legs, args[count:], strict=True)))
    return value


def _power(node: Node, args: list[Array], sizes: Sizes) -> Array:
    """Π b^e"""
    total: Array = np.ones((1, 1))
    for base, exponent in zip(args[::2], args[1::2], strict=True):
        e = exponent.item()
        total = total * (base ** int(e.real) if float(e.real).is_integer() and e.imag == 0 else base**e)
    return total * np.ones(_dims(node, sizes))


def _matpow(node: Node, args: list[Array], sizes: Sizes) -> Array:
    return np.asarray(np.linalg.matrix_power(args[0], round(args[1].item().real)))


def _add(node: Node, args: list[Array], sizes: Sizes) -> Array:
    return np.asarray(sum(float(c) * a for c, a in zip(node.data, args, strict=True)))


def _matmul(node: Node, args: list[Array], sizes: Sizes) -> Array:
    total = args[0]
    for factor in args[1:]:
        total = total @ factor
    return total


def _kron(node: Node, args: list[Array], sizes: Sizes) -> Array:
    total = args[0]
    for factor in args[1:]:
        total = np.kron(total, factor)
    return total


def _block(node: Node, args: list[Array], sizes: Sizes) -> Array:
    height, width = node.data
    return np.block([[args[i * width + j] for j in range(width)] for i in range(height)])


def _mask(node: Node, args: list[Array], sizes: Sizes) -> Array:
    full = np.ones(_dims(node, sizes))
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


def _commutation(node: Node, args: list[Array], sizes: Sizes) -> Array:
    m, n = (d.evaluate(sizes) for d in node.data)
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


def _unit(node: Node, args: list[Array], sizes: Sizes) -> Array:
    place = node.data[0]
    index, size = place.evaluate(sizes) if isinstance(place, Dim) else place, node.rows.evaluate(sizes)
    if not 1 <= index <= size:
        raise ValueError(f"there is no entry {index} of {size}")
    return np.eye(size)[:, index - 1 : index]


def _selector(node: Node, args: list[Array], sizes: Sizes) -> Array:
    rows, cols = _dims(node, sizes)
    start = node.data[0].evaluate(sizes)
    return np.eye(cols)[start : start + rows]


def _adjugate(node: Node, args: list[Array], sizes: Sizes) -> Array:
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


def _call(node: Node, args: list[Array], sizes: Sizes) -> Array:
    name, *static = node.data
    function = NUMERIC.get(name)
    if function is None:
        raise UnsupportedError(f"the value of {name} is not known")
    options = [s for s in static if isinstance(s, (int, str))]
    return function(*args, static=tuple(options)) if options else function(*args)


def _apply(node: Node, args: list[Array], sizes: Sizes) -> Array:
    return NUMERIC[node.data[0]](*args)


# fmt: off
#: operator -> its value from the values of its operands
VALUES: dict[str, Callable[[Node, list[Array], Sizes], Array]] = {
    "variable":     _missing,
    "perturbation": _missing,
    "ones":         lambda node, args, sizes: np.ones(_dims(node, sizes)),
    "zero":         lambda node, args, sizes: np.zeros(_dims(node, sizes)),
    "identity":     lambda node, args, sizes: np.eye(node.rows.evaluate(sizes)),
    "unit":         _unit,
    "constant":     lambda node, args, sizes: np.array([[{"pi": np.pi}[node.data[0]]]]),
    "dimension":    lambda node, args, sizes: np.array([[float(node.data[0].evaluate(sizes))]]),
    "commutation":  _commutation,
    "duplication":  lambda node, args, sizes: _duplication(node.data[0].evaluate(sizes)),
    "elimination":  lambda node, args, sizes: _elimination(node.data[0].evaluate(sizes)),
    "mask":         _mask,
    "selector":     _selector,
    "add":          _add,
    "matmul":       _matmul,
    "scale":        lambda node, args, sizes: args[0] * args[1],
    "power":        _power,
    "transpose":    lambda node, args, sizes: args[0].T,
    "matpow":       _matpow,
    "kron":         _kron,
    "diag":         lambda node, args, sizes: np.diag(args[0][:, 0]),
    "diagonal":     lambda node, args, sizes: np.diag(args[0])[:, None],
    "trace":        lambda node, args, sizes: np.reshape(np.trace(args[0]), (1, 1)),
    "det":          lambda node, args, sizes: np.linalg.det(args[0]).reshape(1, 1),
    "logdet":       lambda node, args, sizes: logdet(args[0]),
    "adjugate":     _adjugate,
    "vec":          lambda node, args, sizes: args[0].reshape((-1, 1), order="F"),
    "unvec":        lambda node, args, sizes: args[0].reshape(_dims(node, sizes), order="F"),
    "block":        _block,
    "at":           _missing,
    "total":        _missing,
    "apply":        _apply,
    "call":         _call,
    "open":         _missing,
}
# fmt: on
