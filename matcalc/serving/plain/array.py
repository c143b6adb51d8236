"""The array: a list of entries in the order of rows, and a shape."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from matcalc.serving.plain.places import Shape, places, spread
from matcalc.serving.plain.types import COMPLEX, FLOAT, OBJECT, DType, kind_of, named

__all__ = ["Array", "array", "asarray", "nested"]


class Array:
    """What stands in for `numpy.ndarray`; a number that comes out of an array is one without axes.

    Attributes:
        flat: the entries, shared with what `reshape` and `ravel` give.
    """

    __slots__ = ("dtype", "flat", "shape")
    __array_priority__ = 0.0

    def __init__(self, flat: list[Any], shape: Shape, dtype: DType) -> None:
        self.flat, self.shape, self.dtype = flat, shape, dtype

    def __class_getitem__(cls, of: Any) -> type[Array]:
        return cls

    if TYPE_CHECKING:  # set where the functions of entries and products are

        def __add__(self, other: Any) -> Any: ...
        def __sub__(self, other: Any) -> Any: ...
        def __mul__(self, other: Any) -> Any: ...
        def __rmul__(self, other: Any) -> Any: ...
        def __matmul__(self, other: Any) -> Any: ...
        def __abs__(self) -> Any: ...
        def conj(self) -> Any: ...

    # --- what it is

    @property
    def ndim(self) -> int:
        return len(self.shape)

    @property
    def size(self) -> int:
        return len(self.flat)

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError("a number has no length")
        return self.shape[0]

    def item(self, *place: int) -> Any:
        if place:
            return self[place].item()
        if len(self.flat) != 1:
            raise ValueError("not one entry")
        return self.flat[0]

    def tolist(self) -> Any:
        return nested(self.flat, self.shape)

    def tobytes(self) -> bytes:
        """The same for the same entries."""
        return repr(self.flat).encode()

    def copy(self) -> Array:
        return Array(list(self.flat), self.shape, self.dtype)

    def astype(self, kind: Any, copy: bool = True) -> Array:
        wanted = named(kind)
        if wanted is not OBJECT and self.dtype is COMPLEX and wanted is not COMPLEX:
            return Array([wanted.convert(x.real) for x in self.flat], self.shape, wanted)
        return Array([wanted.convert(x) for x in self.flat], self.shape, wanted)

    def __repr__(self) -> str:
        return f"array({self.tolist()})"

    __str__ = __repr__

    # --- as a number

    def __float__(self) -> float:
        value = self.item()
        return float(value.real if isinstance(value, complex) else value)

    def __complex__(self) -> complex:
        return complex(self.item())

    def __int__(self) -> int:
        return int(self.item())

    def __index__(self) -> int:
        value = self.item()
        if not isinstance(value, int):
            raise TypeError("no whole number")
        return value

    def __bool__(self) -> bool:
        return bool(self.item())

    def __round__(self, digits: int | None = None) -> Any:
        return round(self.item(), digits)

    def __format__(self, spec: str) -> str:
        return format(self.item() if not self.shape else str(self), spec)

    def __hash__(self) -> int:
        return hash(self.item())

    # --- parts

    def __getitem__(self, key: Any) -> Any:
        where, shape = places(self.shape, key)
        found = [self.flat[k] for k in where]
        if shape == () and self.dtype is OBJECT:
            return found[0]
        return Array(found, shape, self.dtype)

    def __setitem__(self, key: Any, value: Any) -> None:
        where, shape = places(self.shape, key)
        given = asarray(value)
        entries = spread(_without_leading_ones(given, len(shape)), shape)
        for k, entry in zip(where, entries, strict=True):
            self.flat[k] = self.dtype.convert(entry)

    def __iter__(self) -> Iterator[Any]:
        for k in range(len(self)):
            yield self[k]

    def __contains__(self, value: object) -> bool:
        return value in self.flat

    @property
    def real(self) -> Array:
        return self if self.dtype is not COMPLEX else Array([x.real for x in self.flat], self.shape, FLOAT)

    @property
    def imag(self) -> Array:
        if self.dtype is COMPLEX:
            return Array([x.imag for x in self.flat], self.shape, FLOAT)
        return Array([self.dtype.convert(0) for _ in self.flat], self.shape, self.dtype)

    # --- shapes

    def reshape(self, *shape: Any, order: str = "C") -> Array:
        """The same entries; the order of columns is that of a transpose."""
        wanted = tuple(int(k) for k in (shape[0] if len(shape) == 1 and not isinstance(shape[0], int) else shape))
        if -1 in wanted:
            known = math.prod(k for k in wanted if k != -1)
            wanted = tuple(len(self.flat) // known if k == -1 else k for k in wanted)
        if math.prod(wanted) != len(self.flat):
            raise ValueError(f"{len(self.flat)} entries do not fill {wanted}")
        if order == "F":
            turned = self.transpose()
            return Array(turned.flat, wanted[::-1], self.dtype).transpose()
        return Array(self.flat, wanted, self.dtype)

    def ravel(self, order: str = "C") -> Array:
        return self.reshape(-1, order=order)

    flatten = ravel

    def transpose(self, *axes: Any) -> Array:
        given = axes[0] if len(axes) == 1 and not isinstance(axes[0], int) else axes
        order = tuple(int(k) % self.ndim for k in given) if given else tuple(range(self.ndim))[::-1]
        strides = [math.prod(self.shape[k + 1 :]) for k in range(self.ndim)]
        where = [0]
        for k in order:
            where = [w + i * strides[k] for w in where for i in range(self.shape[k])]
        return Array([self.flat[w] for w in where], tuple(self.shape[k] for k in order), self.dtype)

    @property
    def T(self) -> Array:
        return self.transpose()

    def squeeze(self) -> Array:
        return self.reshape(tuple(k for k in self.shape if k != 1))


def _without_leading_ones(given: Array, axes: int) -> Array:
    """A value may have more axes than the place that it is put into, as long as these are of length 1."""
    shape = given.shape
    while len(shape) > axes and shape[0] == 1:
        shape = shape[1:]
    return given.reshape(shape)


def nested(flat: list[Any], shape: Shape) -> Any:
    """Lists within lists; the entry itself where there is no axis."""
    if not shape:
        return flat[0]
    step = math.prod(shape[1:])
    return [nested(flat[k * step : (k + 1) * step], shape[1:]) for k in range(shape[0])]


def asarray(value: Any, dtype: Any = None, **options: Any) -> Array:
    """The array itself, or one of numbers and nested sequences. Raises ValueError where rows differ in length."""
    if isinstance(value, Array):
        return value if dtype is None or value.dtype is named(dtype) else value.astype(dtype)
    flat, shape = _unrolled(value)
    found = Array(flat, shape, kind_of(flat))
    wanted = found.dtype if dtype is None else named(dtype)
    return found.astype(wanted) if dtype is not None or wanted in (FLOAT, COMPLEX) else found


def array(value: Any, dtype: Any = None, copy: bool = True) -> Array:
    """A new array."""
    return asarray(value, dtype).copy()


def _unrolled(value: Any) -> tuple[list[Any], Shape]:
    if isinstance(value, Array):
        return value.flat, value.shape
    if isinstance(value, (list, tuple, range)):
        parts = [_unrolled(part) for part in value]
        shapes = {shape for _, shape in parts}
        if len(shapes) > 1:
            raise ValueError("the rows have an inhomogeneous shape")
        return [x for flat, _ in parts for x in flat], (len(parts), *(shapes.pop() if shapes else ()))
    if hasattr(value, "__array__"):
        return _unrolled(value.__array__())
    return [value], ()
