"""Values with axes: a node with its number of axes, and the operators of Python as NumPy means them.

A value without axes is a number, one axis a column, two a matrix. Entries are combined after axes are aligned from the last one
on, and an axis of length 1 is stretched.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import reduce
from numbers import Real
from typing import Any, NoReturn

import numpy as np

from matcalc.errors import DeclarationError, ShapeError, UnsupportedError
from matcalc.expr import ONE, Dim, Node, dimension, multiply, number, ones, transpose
from matcalc.language import Declaration
from matcalc.objects.arrays.templates import formula
from matcalc.objects.expressions import Expr

__all__ = ["Array", "aligned", "applied", "as_array", "entrywise", "matmul"]

Names = Mapping[str, Declaration]


class Array:
    """An expression as NumPy's functions and Python's operators take it for an array.

    Attributes:
        node: the expression, 1 x 1, a column or a matrix.
        ndim: the number of its axes: 0, 1 or 2.
        names: the variables that it was made from.
        relation: of entries 0 and 1 the comparison that they are, as a text and its operands.
    """

    __slots__ = ("names", "ndim", "node", "relation")
    __hash__ = None  # type: ignore[assignment]

    def __init__(
        self, node: Node, ndim: int, names: Names, relation: tuple[str, tuple[Node, ...]] | None = None
    ) -> None:
        self.node, self.ndim, self.names, self.relation = node, ndim, names, relation

    @property
    def expr(self) -> Expr:
        """The expression; a matrix of one row or column keeps its axes in that."""
        return Expr(self.node, dict(self.names))

    @property
    def dims(self) -> tuple[Dim, ...]:
        """The lengths of its axes."""
        return self.node.shape[: self.ndim]

    @property
    def shape(self) -> tuple[Any, ...]:
        """The lengths of its axes: numbers, or what stands for them in formulas."""
        return tuple(length(d, self.names) for d in self.dims)

    @property
    def size(self) -> Any:
        """The number of entries."""
        return reduce(lambda a, b: a * b, self.shape, 1)

    @property
    def dtype(self) -> np.dtype[Any]:
        """That of real numbers."""
        return np.dtype(float)

    @property
    def T(self) -> Array:
        return Array(transpose(self.node), 2, self.names) if self.ndim == 2 else self

    def __repr__(self) -> str:
        return f"<array {self.expr}>"

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        from matcalc.objects.arrays.ufuncs import called

        return called(ufunc, method, inputs, kwargs)

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        from matcalc.objects.arrays.functions import called

        return called(func, args, kwargs)

    def __getattr__(self, name: str) -> Any:
        """Methods are NumPy's functions of the same names."""
        if name.startswith("_"):
            raise AttributeError(name)
        from matcalc.objects.arrays.functions import method

        return method(self, name)

    def __getitem__(self, key: Any) -> Array:
        from matcalc.objects.arrays.indexing import item

        return item(self, key)

    def __bool__(self) -> NoReturn:
        self._refuse("its truth is not known", "np.where(condition, a, b) chooses by entries")

    def __iter__(self) -> Iterator[Array]:
        lengths = self.dims
        if not lengths or lengths[0].value is None:
            self._refuse("it cannot be taken apart", "sums and products of arrays need no loop")
        return iter([self[k] for k in range(lengths[0].value)])

    def __len__(self) -> int:
        if not self.ndim or self.dims[0].value is None:
            self._refuse("its length is no number", "x.shape[0] stands for it in formulas")
        return int(self.dims[0].value)

    def __float__(self) -> NoReturn:
        self._refuse("it has no value yet", "leave it as it is: numbers go through np.log, np.exp and others, too")

    __int__ = __index__ = __float__

    def _refuse(self, what: str, hint: str) -> NoReturn:
        raise UnsupportedError(f"{self.expr} stands for all arrays of its shape, and {what}", hint=hint)

    __array_priority__ = 1000

    def __add__(self, other: Any) -> Any:
        return _operated(np.add, self, other)

    def __radd__(self, other: Any) -> Any:
        return _operated(np.add, other, self)

    def __sub__(self, other: Any) -> Any:
        return _operated(np.subtract, self, other)

    def __rsub__(self, other: Any) -> Any:
        return _operated(np.subtract, other, self)

    def __mul__(self, other: Any) -> Any:
        return _operated(np.multiply, self, other)

    def __rmul__(self, other: Any) -> Any:
        return _operated(np.multiply, other, self)

    def __truediv__(self, other: Any) -> Any:
        return _operated(np.divide, self, other)

    def __rtruediv__(self, other: Any) -> Any:
        return _operated(np.divide, other, self)

    def __pow__(self, other: Any) -> Any:
        return _operated(np.power, self, other)

    def __rpow__(self, other: Any) -> Any:
        return _operated(np.power, other, self)

    def __matmul__(self, other: Any) -> Any:
        return _operated(np.matmul, self, other)

    def __rmatmul__(self, other: Any) -> Any:
        return _operated(np.matmul, other, self)

    def __neg__(self) -> Any:
        return _operated(np.negative, self)

    def __pos__(self) -> Array:
        return self

    def __abs__(self) -> Any:
        return _operated(np.absolute, self)

    def __lt__(self, other: Any) -> Any:
        return _operated(np.less, self, other)

    def __le__(self, other: Any) -> Any:
        return _operated(np.less_equal, self, other)

    def __gt__(self, other: Any) -> Any:
        return _operated(np.greater, self, other)

    def __ge__(self, other: Any) -> Any:
        return _operated(np.greater_equal, self, other)

    def __eq__(self, other: object) -> Any:
        return _operated(np.equal, self, other)

    def __ne__(self, other: object) -> Any:
        return _operated(np.not_equal, self, other)

    def __and__(self, other: Any) -> Any:
        return _operated(np.logical_and, self, other)

    def __or__(self, other: Any) -> Any:
        return _operated(np.logical_or, self, other)

    def __invert__(self) -> Any:
        return _operated(np.logical_not, self)


def _operated(ufunc: Any, *inputs: Any) -> Any:
    from matcalc.objects.arrays.ufuncs import called

    return called(ufunc, "__call__", inputs, {})


def length(d: Dim, names: Names) -> Any:
    """A length: a number, or an array without axes that stands for one."""
    return d.value if d.value is not None else Array(dimension(d), 0, names)


def as_array(value: Any) -> Array:
    """A number, an expression or an array as an array."""
    if isinstance(value, Array):
        return value
    if isinstance(value, Expr):
        value._refuse_derivative()
        if len(value.shape) > 2:
            raise UnsupportedError(f"{value} is an array of members, and has more axes than a matrix")
        return Array(value.node, len(value.shape), value.declarations)
    if isinstance(value, (bool, np.bool_)):
        value = int(value)
    if isinstance(value, Real) or (isinstance(value, np.ndarray) and not value.ndim and value.dtype.kind in "iufb"):
        return Array(_number(value), 0, {})
    if isinstance(value, (np.ndarray, list, tuple)):
        raise UnsupportedError(
            "an array of numbers is none of a formula's operands",
            hint="make it a variable, and give its value to the compiled function",
        )
    raise UnsupportedError(f"a {type(value).__name__} is no operand of a formula", hint="expressions and numbers are")


def _number(value: Any) -> Node:
    known = {np.pi: "pi", np.e: "exp(1)"}
    if float(value) in known:
        return formula(known[float(value)])
    if not np.isfinite(float(value)):
        raise UnsupportedError(f"{value} is no number of a formula")
    return number(Fraction(value) if isinstance(value, (int, Fraction)) else Fraction(str(value)))


def joined(*arrays: Array) -> Names:
    """The variables of all; each is declared in one way."""
    found: dict[str, Declaration] = dict(arrays[0].names)
    for array in arrays[1:]:
        for name, declared in array.names.items():
            known = found.setdefault(name, declared)
            if known.node is not declared.node:
                raise DeclarationError(f"{name} is declared as {known} and as {declared}")
    return found


def applied(text: str, ndim: int, *arrays: Array) -> Array:
    """The value of a text of the language in ``arg_1``, … with so many axes."""
    return Array(formula(text, *(a.node for a in arrays)), ndim, joined(*arrays))


def entrywise(text: str, *arrays: Array, relation: bool = False) -> Array:
    """The value of a text entry by entry; numbers stay numbers beside arrays."""
    arrays = aligned(*arrays)
    ndim = max(a.ndim for a in arrays)
    value = applied(text, ndim, *arrays)
    return Array(value.node, ndim, value.names, (text, tuple(a.node for a in arrays))) if relation else value


def aligned(*arrays: Array) -> tuple[Array, ...]:
    """Arrays of one shape; those without axes stay as they are.

    Raises:
        ShapeError: an axis has two lengths, and neither is 1.
    """
    ndim = max(a.ndim for a in arrays)
    if ndim == 0:
        return arrays
    shapes = [_lengths(a, ndim) for a in arrays if a.ndim]
    whole = tuple(reduce(lambda a, b: _common(a, b, arrays), column) for column in zip(*shapes, strict=True))
    return tuple(stretched(a, whole) if a.ndim else a for a in arrays)


def _lengths(array: Array, ndim: int) -> tuple[Dim, ...]:
    return (ONE,) * (ndim - array.ndim) + array.dims


def _common(a: Dim, b: Dim, arrays: tuple[Array, ...]) -> Dim:
    if a == b or b.is_one:
        return a
    if a.is_one:
        return b
    shown = " and ".join(f"{x.expr} ({', '.join(map(str, x.dims))})" for x in arrays if x.ndim)
    raise ShapeError(f"these have different shapes: {shown}")


def stretched(array: Array, lengths: tuple[Dim, ...]) -> Array:
    """The array with these lengths of its axes: those that are 1 are stretched, those that are missing stand in front."""
    node = transpose(array.node) if len(lengths) == 2 and array.ndim == 1 else array.node
    if len(lengths) == 1:
        lengths = (*lengths, ONE)
    if node.rows != lengths[0]:
        node = multiply(ones(lengths[0], 1), node)
    if node.cols != lengths[1]:
        node = multiply(node, ones(1, lengths[1]))
    return Array(node, 2 if not lengths[1].is_one or array.ndim == 2 else 1, array.names)


def matmul(a: Array, b: Array) -> Array:
    """The product of matrices and vectors."""
    if not a.ndim or not b.ndim:
        raise ShapeError("@ takes vectors and matrices, and * a number")
    left = transpose(a.node) if a.ndim == 1 else a.node
    if left.cols != b.node.rows:
        shapes = " and ".join(f"({', '.join(map(str, x.dims))})" for x in (a, b))
        raise ShapeError(f"cannot multiply {a.expr} by {b.expr}: their shapes are {shapes}")
    product = multiply(left, b.node)
    if a.ndim == 1 and b.ndim == 2:
        product = transpose(product)
    return Array(product, a.ndim + b.ndim - 2, joined(a, b))
