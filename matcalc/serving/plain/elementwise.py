"""Functions of entries, and the operators of arrays that are made of them."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from matcalc.serving.plain.array import Array, asarray
from matcalc.serving.plain.places import broadcast_shapes, spread
from matcalc.serving.plain.protocols import answered_by_entries, other
from matcalc.serving.plain.scalars import BINARY, COMPLEX_VALUES, REAL_VALUES
from matcalc.serving.plain.types import BOOL, COMPLEX, FLOAT, INT, OBJECT, DType, joined

__all__ = ["FUNCTIONS", "Elementwise", "where"]


class Elementwise:
    """A function of entries, spread over arrays.

    Attributes:
        nin: how many arrays it takes.
    """

    def __init__(self, name: str, nin: int, value: Callable[..., Array]) -> None:
        self.__name__, self.nin, self.value = name, nin, value

    def __call__(self, *inputs: Any, out: Any = None, dtype: Any = None, **options: Any) -> Any:
        found = other(inputs, "__array_ufunc__")
        if found is not None:
            return found.__array_ufunc__(self, "__call__", *inputs, **options)
        value = self.value(*map(asarray, inputs))
        if out is not None:
            out[...] = value
            return out
        return value if dtype is None else value.astype(dtype)

    def reduce(self, x: Any, axis: int = 0) -> Array:
        """All entries along an axis, one after the other."""
        first, *rest = asarray(list(x)) if not isinstance(x, Array) else x
        for part in rest:
            first = self(first, part)
        return asarray(first)

    def outer(self, a: Any, b: Any) -> Any:
        left, right = asarray(a), asarray(b)
        return self(left.reshape(*left.shape, *(1,) * right.ndim), right)

    def __repr__(self) -> str:
        return f"<ufunc {self.__name__!r}>"


def paired(a: Array, b: Array) -> tuple[list[Any], list[Any], tuple[int, ...]]:
    """The entries of two arrays beside each other."""
    if a.shape == b.shape:
        return a.flat, b.flat, a.shape
    shape = broadcast_shapes(a.shape, b.shape)
    return spread(a, shape), spread(b, shape), shape


def unary(name: str) -> Elementwise:
    """A function with values of floats and of complex numbers."""
    real, of_complex = REAL_VALUES[name], COMPLEX_VALUES.get(name)

    def value(x: Array) -> Array:
        if x.dtype is OBJECT:
            return Array([answered_by_entries(name, v) for v in x.flat], x.shape, OBJECT)
        if x.dtype is COMPLEX:
            if of_complex is None:
                raise TypeError(f"{name} of complex numbers")
            return Array([of_complex(v) for v in x.flat], x.shape, COMPLEX)
        return Array([real(v) for v in x.flat], x.shape, FLOAT)

    return Elementwise(name, 1, value)


def binary(name: str, f: Callable[[Any, Any], Any], kind: Callable[[DType, DType], DType]) -> Elementwise:
    """A function of two numbers."""

    def value(a: Array, b: Array) -> Array:
        left, right, shape = paired(a, b)
        found = kind(a.dtype, b.dtype)
        if found is FLOAT and FLOAT not in (a.dtype, b.dtype):
            left = list(map(float, left))
        return Array(list(map(f, left, right)), shape, found)

    return Elementwise(name, 2, value)


def _number(a: DType, b: DType) -> DType:
    return joined(a, b, INT)


def _fraction(a: DType, b: DType) -> DType:
    return joined(a, b, FLOAT)


def _truth(a: DType, b: DType) -> DType:
    return BOOL


def each(name: str, f: Callable[[Any], Any], kind: DType | None = None) -> Elementwise:
    """A function of one number, whose values are of the same kind, or of that one."""
    return Elementwise(name, 1, lambda x: Array(list(map(f, x.flat)), x.shape, kind or x.dtype))


def _absolute(x: Array) -> Array:
    return Array(list(map(abs, x.flat)), x.shape, FLOAT if x.dtype is COMPLEX else x.dtype)


def _sign(x: Array) -> Array:
    if x.dtype in (INT, OBJECT):
        return Array([(v > 0) - (v < 0) for v in x.flat], x.shape, x.dtype)
    return unary("sign").value(x)


def _finite(v: Any) -> bool:
    return bool(v - v == 0)


def _nan(v: Any) -> bool:
    return bool(v != v)


def _conjugate(v: Any) -> Any:
    return v.conjugate()


def where(condition: Any, *chosen: Any) -> Any:
    """The entries of the first array where the condition holds, else those of the second; alone, the places where it holds."""
    c = asarray(condition)
    if not chosen:
        found = [k for k, v in enumerate(c.flat) if v]
        steps = [_step(c.shape, axis) for axis in range(c.ndim)]
        return tuple(asarray([k // s % n for k in found], dtype=int) for s, n in zip(steps, c.shape, strict=True))
    a, b = map(asarray, chosen)
    shape = broadcast_shapes(c.shape, a.shape, b.shape)
    kind = joined(a.dtype, b.dtype)
    parts = zip(spread(c, shape), spread(a, shape), spread(b, shape), strict=True)
    return Array([kind.convert(x if true else y) for true, x, y in parts], shape, kind)


def _step(shape: tuple[int, ...], axis: int) -> int:
    step = 1
    for length in shape[axis + 1 :]:
        step *= length
    return step


#: name -> the function
FUNCTIONS: dict[str, Elementwise] = {name: unary(name) for name in REAL_VALUES if name != "sign"}
FUNCTIONS |= {
    "add": binary("add", operator.add, _number),
    "subtract": binary("subtract", operator.sub, _number),
    "multiply": binary("multiply", operator.mul, _number),
    "divide": binary("divide", BINARY["divide"], _fraction),
    "floor_divide": binary("floor_divide", operator.floordiv, _number),
    "power": binary("power", BINARY["power"], _number),
    **{name: binary(name, BINARY[name], _number) for name in ("remainder", "maximum", "minimum")},
    **{name: binary(name, BINARY[name], _fraction) for name in ("logaddexp", "hypot", "arctan2", "copysign")},
    "greater": binary("greater", operator.gt, _truth),
    "greater_equal": binary("greater_equal", operator.ge, _truth),
    "less": binary("less", operator.lt, _truth),
    "less_equal": binary("less_equal", operator.le, _truth),
    "equal": binary("equal", operator.eq, _truth),
    "not_equal": binary("not_equal", operator.ne, _truth),
    "logical_and": binary("logical_and", lambda a, b: bool(a and b), _truth),
    "logical_or": binary("logical_or", lambda a, b: bool(a or b), _truth),
    "bitwise_and": binary("bitwise_and", operator.and_, joined),
    "bitwise_or": binary("bitwise_or", operator.or_, joined),
    "bitwise_xor": binary("bitwise_xor", operator.xor, joined),
    "logical_not": each("logical_not", operator.not_, BOOL),
    "negative": each("negative", operator.neg),
    "positive": each("positive", operator.pos),
    "conjugate": each("conjugate", _conjugate),
    "square": each("square", lambda v: v * v),
    "absolute": Elementwise("absolute", 1, _absolute),
    "sign": Elementwise("sign", 1, _sign),
    "isfinite": each("isfinite", _finite, BOOL),
    "isnan": each("isnan", _nan, BOOL),
}


def _operator(name: str, swapped: bool = False) -> Callable[[Array, Any], Any]:
    function = FUNCTIONS[name]

    def apply(self: Array, value: Any) -> Any:
        if getattr(type(value), "__array_ufunc__", Ellipsis) is None:
            return NotImplemented
        return function(value, self) if swapped else function(self, value)

    return apply


def _in_place(name: str) -> Callable[[Array, Any], Array]:
    function = FUNCTIONS[name]

    def apply(self: Array, value: Any) -> Array:
        self[...] = function(self, value)
        return self

    return apply


OPERATORS = {
    "add": "add",
    "sub": "subtract",
    "mul": "multiply",
    "truediv": "divide",
    "floordiv": "floor_divide",
    "mod": "remainder",
    "pow": "power",
    "and": "bitwise_and",
    "or": "bitwise_or",
    "xor": "bitwise_xor",
}
COMPARED = {"gt": "greater", "ge": "greater_equal", "lt": "less", "le": "less_equal", "eq": "equal", "ne": "not_equal"}
for sign, name_ in OPERATORS.items():
    setattr(Array, f"__{sign}__", _operator(name_))
    setattr(Array, f"__r{sign}__", _operator(name_, swapped=True))
    setattr(Array, f"__i{sign}__", _in_place(name_))
for sign, name_ in COMPARED.items():
    setattr(Array, f"__{sign}__", _operator(name_))
ALONE = {"neg": "negative", "pos": "positive", "abs": "absolute"}
for sign, name_ in ALONE.items():
    setattr(Array, f"__{sign}__", lambda self, function=FUNCTIONS[name_]: function(self))
setattr(Array, "__invert__", lambda self: FUNCTIONS["logical_not"](self))  # noqa: B010
for name_ in ("conj", "conjugate"):
    setattr(Array, name_, lambda self: FUNCTIONS["conjugate"](self))
