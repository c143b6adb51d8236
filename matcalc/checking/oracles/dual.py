"""Dual numbers: values and tangents carried together through the evaluation of what was typed (forward mode).

``Dual(value, tangent)`` stands for value + ε tangent with ε² = 0 [Clifford 1873; Griewank & Walther 2008, 3.1]. NumPy
hands its functions over by the protocols `__array_ufunc__` (NEP 13) and `__array_function__` (NEP 18); each has
one row below. As in the complex step, ``x.real`` is the value, by which branches are chosen, and ``x.imag`` the tangent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from matcalc.checking.values.evaluate import Array
from matcalc.functions.numeric.values import NUMERIC

__all__ = ["LARGEST_EIGENBASIS", "Dual", "NoDualRule", "chain", "cholesky", "parts_of"]

#: Eigenvectors that are worse conditioned spoil the digits of a function of a matrix.
LARGEST_EIGENBASIS = 1e4


class NoDualRule(Exception):
    """The value is computed by something that has no rule for dual numbers; never shown to a user."""


class Dual:
    """An array with its directional derivative, of the same shape."""

    def __init__(self, value: Any, tangent: Any) -> None:
        self.value: Array = _real_or_complex(value)
        self.tangent: Array = _real_or_complex(tangent)

    def __array__(self, *args: Any, **options: Any) -> Array:
        raise NoDualRule("a conversion to a plain array")

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        if method != "__call__" or options:
            raise NoDualRule(f"{ufunc.__name__}.{method}")
        return _applied(UFUNCS, ufunc, inputs, {})

    def __array_function__(self, func: Any, types: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        return _applied(FUNCTIONS, func, args, kwargs)

    @property
    def shape(self) -> tuple[int, ...]:
        return self.value.shape

    @property
    def size(self) -> int:
        return self.value.size

    @property
    def ndim(self) -> int:
        return self.value.ndim

    @property
    def real(self) -> Array:
        return self.value.real

    @property
    def imag(self) -> Array:
        return np.abs(self.tangent) + np.abs(self.value.imag)

    @property
    def T(self) -> Dual:
        return self._each(lambda x: x.T)

    def __len__(self) -> int:
        return len(self.value)

    def __getitem__(self, place: Any) -> Dual:
        return self._each(lambda x: x[place])

    def _each(self, linear: Callable[[Array], Any]) -> Dual:
        return Dual(linear(self.value), linear(self.tangent))

    def reshape(self, *shape: Any, **options: Any) -> Dual:
        return self._each(lambda x: x.reshape(*shape, **options))

    def ravel(self) -> Dual:
        return self._each(np.ravel)

    def item(self) -> Dual:
        return self.reshape(())

    def sum(self, axis: int | None = None, keepdims: bool = False) -> Dual:
        return self._each(lambda x: x.sum(axis=axis, keepdims=keepdims))

    def mean(self, axis: int | None = None, keepdims: bool = False) -> Dual:
        return self._each(lambda x: x.mean(axis=axis, keepdims=keepdims))

    def __neg__(self) -> Dual:
        return Dual(-self.value, -self.tangent)

    def __add__(self, other: Any) -> Dual:
        return _add(self, other)

    def __sub__(self, other: Any) -> Dual:
        return _subtract(self, other)

    def __rsub__(self, other: Any) -> Dual:
        return _subtract(other, self)

    def __mul__(self, other: Any) -> Dual:
        return _multiply(self, other)

    def __truediv__(self, other: Any) -> Dual:
        return _divide(self, other)

    def __rtruediv__(self, other: Any) -> Dual:
        return _divide(other, self)

    def __matmul__(self, other: Any) -> Dual:
        return _matmul(self, other)

    def __rmatmul__(self, other: Any) -> Dual:
        return _matmul(other, self)

    def __pow__(self, other: Any) -> Dual:
        return _power(self, other)

    def __rpow__(self, other: Any) -> Dual:
        return _power(other, self)

    __radd__ = __add__
    __rmul__ = __mul__


def _real_or_complex(x: Any) -> Array:
    array = np.asarray(x)
    return array if np.iscomplexobj(array) else np.asarray(array, dtype=float)


def _applied(table: Mapping[Any, Callable[..., Any]], function: Any, args: Sequence[Any], kwargs: Any) -> Any:
    rule = table.get(function)
    if rule is None:
        raise NoDualRule(getattr(function, "__name__", repr(function)))
    return rule(*args, **kwargs)


def parts_of(x: Any) -> tuple[Array, Any]:
    """Value and tangent; what is not dual is constant."""
    return (x.value, x.tangent) if isinstance(x, Dual) else (np.asarray(x), 0.0)


# --- arithmetic ---------------------------------------------------------------------------------


def _add(a: Any, b: Any) -> Dual:
    (x, dx), (y, dy) = parts_of(a), parts_of(b)
    return _broadcast(x + y, dx + dy)


def _subtract(a: Any, b: Any) -> Dual:
    (x, dx), (y, dy) = parts_of(a), parts_of(b)
    return _broadcast(x - y, dx - dy)


def _broadcast(value: Any, tangent: Any) -> Dual:
    return Dual(value, tangent if np.shape(tangent) == np.shape(value) else tangent + np.zeros(np.shape(value)))


def _multiply(a: Any, b: Any) -> Dual:
    (x, dx), (y, dy) = parts_of(a), parts_of(b)
    return Dual(x * y, dx * y + x * dy)


def _divide(a: Any, b: Any) -> Dual:
    (x, dx), (y, dy) = parts_of(a), parts_of(b)
    quotient = x / y
    return Dual(quotient, (dx - quotient * dy) / y)


def _matmul(a: Any, b: Any) -> Dual:
    (x, dx), (y, dy) = parts_of(a), parts_of(b)
    left = dx @ y if isinstance(a, Dual) else 0.0
    right = x @ dy if isinstance(b, Dual) else 0.0
    return Dual(x @ y, left + right)


def _power(a: Any, b: Any) -> Dual:
    """d x^y = y x^(y-1) dx + x^y log(x) dy"""
    (x, dx), (y, dy) = parts_of(a), parts_of(b)
    value = x**y
    by_base = _moved(y * x ** (y - 1.0), dx) if isinstance(a, Dual) else 0.0
    return Dual(value, by_base + _moved(value * np.log(x), dy) if isinstance(b, Dual) else by_base)


def _moved(slope: Any, tangent: Any) -> Any:
    """slope · tangent; what does not move stays, also where the slope is infinite."""
    return np.where(tangent == 0, 0.0, slope * tangent)


def chain(f: Callable[[Array], Array], slope: Callable[[Array], Any]) -> Callable[[Dual], Dual]:
    """d f(x) = f'(x) dx, entry by entry."""
    return lambda x: Dual(f(x.value), _moved(slope(x.value), x.tangent))


def _same(f: Callable[..., Any]) -> Callable[..., Any]:
    """A linear function: of the value and of the tangent."""

    def rule(x: Dual, *args: Any, **options: Any) -> Dual:
        return Dual(f(x.value, *args, **options), f(x.tangent, *args, **options))

    return rule


def _plain(f: Callable[..., Any]) -> Callable[..., Any]:
    """A function of values alone, such as a comparison."""
    return lambda *args: f(*[parts_of(a)[0].real for a in args])


# fmt: off
#: ufunc -> its rule; the derivatives of DLMF 4.7, 4.20, 4.24, 4.34, 4.38
UFUNCS: dict[Any, Callable[..., Any]] = {
    np.add:       _add,
    np.subtract:  _subtract,
    np.multiply:  _multiply,
    np.divide:    _divide,
    np.matmul:    _matmul,
    np.power:     _power,
    np.negative:  lambda x: -x,
    np.conjugate: lambda x: x,
    np.absolute:  chain(np.abs,     np.sign),
    np.sign:      _plain(np.sign),
    np.square:    chain(np.square,  lambda x: 2 * x),
    np.sqrt:      chain(np.sqrt,    lambda x: 0.5 / np.sqrt(x)),
    np.cbrt:      chain(np.cbrt,    lambda x: 1 / (3 * np.cbrt(x) ** 2)),
    np.exp:       chain(np.exp,     np.exp),
    np.expm1:     chain(np.expm1,   np.exp),
    np.log:       chain(np.log,     lambda x: np.where(x.real > 0, 1 / x, np.nan)),
    np.log1p:     chain(np.log1p,   lambda x: np.where(x.real > -1, 1 / (1 + x), np.nan)),
    np.sin:       chain(np.sin,     np.cos),
    np.cos:       chain(np.cos,     lambda x: -np.sin(x)),
    np.tan:       chain(np.tan,     lambda x: 1 / np.cos(x) ** 2),
    np.arcsin:    chain(np.arcsin,  lambda x: 1 / np.sqrt(1 - x * x)),
    np.arccos:    chain(np.arccos,  lambda x: -1 / np.sqrt(1 - x * x)),
    np.arctan:    chain(np.arctan,  lambda x: 1 / (1 + x * x)),
    np.sinh:      chain(np.sinh,    np.cosh),
    np.cosh:      chain(np.cosh,    np.sinh),
    np.tanh:      chain(np.tanh,    lambda x: 1 / np.cosh(x) ** 2),
    np.arcsinh:   chain(np.arcsinh, lambda x: 1 / np.sqrt(1 + x * x)),
    np.arccosh:   chain(np.arccosh, lambda x: 1 / np.sqrt(x * x - 1)),
    np.arctanh:   chain(np.arctanh, lambda x: 1 / (1 - x * x)),
    np.greater:       _plain(np.greater),
    np.greater_equal: _plain(np.greater_equal),
    np.less:          _plain(np.less),
    np.less_equal:    _plain(np.less_equal),
    np.isfinite:      _plain(np.isfinite),
    np.maximum:       lambda a, b: _where(_plain(np.greater_equal)(a, b), a, b),
    np.minimum:       lambda a, b: _where(_plain(np.less_equal)(a, b), a, b),
}
# fmt: on


# --- functions of arrays --------------------------------------------------------------------------


def _where(condition: Any, a: Any, b: Any) -> Dual:
    (x, dx), (y, dy) = parts_of(a), parts_of(b)
    return _broadcast(np.where(condition, x, y), np.where(condition, dx, dy))


def _kron(a: Any, b: Any) -> Dual:
    (x, dx), (y, dy) = parts_of(a), parts_of(b)
    return Dual(np.kron(x, y), np.kron(dx + np.zeros_like(x), y) + np.kron(x, dy + np.zeros_like(y)))


def _zeros_for(x: Any) -> Array:
    return x.tangent if isinstance(x, Dual) else np.zeros(np.shape(x))


def _block(parts: list[list[Any]]) -> Dual:
    values = [[parts_of(x)[0] for x in row] for row in parts]
    return Dual(np.block(values), np.block([[_zeros_for(x) for x in row] for row in parts]))


def _broadcast_arrays(*arrays: Any) -> list[Any]:
    shape = np.broadcast_shapes(*[a.shape for a in arrays])
    return [a + np.zeros(shape) for a in arrays]


def _inv(x: Dual) -> Dual:
    """d X^-1 = -X^-1 dX X^-1 [Magnus & Neudecker 2019, 8.4]"""
    y = np.linalg.inv(x.value)
    return Dual(y, -y @ x.tangent @ y)


def _solve(a: Any, b: Any) -> Dual:
    """A dY = dB - dA Y"""
    (x, dx), (y, dy) = parts_of(a), parts_of(b)
    found = np.linalg.solve(x, y)
    return Dual(found, np.linalg.solve(x, dy - (dx @ found if isinstance(a, Dual) else np.zeros_like(found))))


def _det(x: Dual) -> Dual:
    """The sum over rows of det with that row replaced by its tangent: no inverse, the definition of multilinearity."""
    replaced = np.repeat(x.value[None], len(x), axis=0)
    replaced[range(len(x)), range(len(x))] = x.tangent
    return Dual(np.linalg.det(x.value), np.linalg.det(replaced).sum())


def _slogdet(x: Dual) -> tuple[Any, Dual]:
    """d log |det X| = tr(X^-1 dX)"""
    sign, size = np.linalg.slogdet(x.value)
    return sign, Dual(size, np.trace(np.linalg.solve(x.value, x.tangent)))


def _matrix_power(x: Dual, n: int) -> Dual:
    if n < 0:
        return _matrix_power(_inv(x), -n)
    result = Dual(np.eye(len(x)), np.zeros(x.shape))
    for _ in range(n):
        result = result @ x
    return result


def cholesky(s: Dual) -> Dual:
    """dL = L Φ(L^-1 dS L^-T), Φ the lower triangle with half of the diagonal [Murray 2016, (9)]"""
    lower = NUMERIC["chol"](s.value)
    inside = np.linalg.solve(lower, np.linalg.solve(lower, s.tangent).T)
    return Dual(lower, lower @ (np.tril(inside) - np.diag(np.diag(inside)) / 2))


def _eigvalsh(s: Dual) -> Dual:
    """dλ = v^T dS v [Magnus & Neudecker 2019, 8.9]"""
    values, v = np.linalg.eigh(s.value)
    return Dual(values, np.sum(v * (s.tangent @ v), axis=0))


def _svd(x: Dual, full_matrices: bool = True, compute_uv: bool = True) -> Dual:
    """dσ = u^T dX v"""
    if compute_uv:
        raise NoDualRule("singular vectors")
    u, values, vt = np.linalg.svd(x.value, full_matrices=False)
    return Dual(values, np.sum(u * (x.tangent @ vt.T), axis=0))


# fmt: off
#: function of NumPy -> its rule
FUNCTIONS: dict[Any, Callable[..., Any]] = {
    np.iscomplexobj:        lambda x: True,
    np.shape:               lambda x: x.shape,
    np.ndim:                lambda x: x.ndim,
    np.size:                lambda x: x.size,
    np.real:                lambda x: x.real,
    np.imag:                lambda x: x.imag,
    np.where:               _where,
    np.sum:                 _same(np.sum),
    np.mean:                _same(np.mean),
    np.trace:               _same(np.trace),
    np.diag:                _same(np.diag),
    np.tril:                _same(np.tril),
    np.triu:                _same(np.triu),
    np.transpose:           _same(np.transpose),
    np.reshape:             _same(np.reshape),
    np.ravel:               _same(np.ravel),
    np.diff:                _same(np.diff),
    np.kron:                _kron,
    np.block:               _block,
    np.concatenate:         lambda parts: _block([[x] for x in parts]),
    np.broadcast_arrays:    _broadcast_arrays,
    np.linalg.inv:          _inv,
    np.linalg.solve:        _solve,
    np.linalg.det:          _det,
    np.linalg.slogdet:      _slogdet,
    np.linalg.matrix_power: _matrix_power,
    np.linalg.cholesky:     cholesky,
    np.linalg.eigvalsh:     _eigvalsh,
    np.linalg.svd:          _svd,
}
# fmt: on


# --- kernels that take plain arrays only ------------------------------------------------------------
