"""The names by which the engine asks for arrays, as a module that can stand in NumPy's place."""

from __future__ import annotations

import math
import sys
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from matcalc.serving.plain import linalg, random
from matcalc.serving.plain.array import Array, array, asarray
from matcalc.serving.plain.elementwise import FUNCTIONS
from matcalc.serving.plain.making import MAKING
from matcalc.serving.plain.places import broadcast_shapes
from matcalc.serving.plain.products import PRODUCTS
from matcalc.serving.plain.protocols import open_to_others
from matcalc.serving.plain.reducing import REDUCTIONS, SCANS
from matcalc.serving.plain.types import COMPLEX, DType, finfo, joined, named

__all__ = ["installed", "namespace"]


@contextmanager
def errstate(**options: Any) -> Any:
    """Nothing warns here."""
    yield


class _Never:
    """A type that no value has."""


def isclose(a: Any, b: Any, rtol: float = 1e-5, atol: float = 1e-8) -> Any:
    x, y = asarray(a), asarray(b)
    return abs(x - y) <= atol + rtol * abs(y)


def allclose(a: Any, b: Any, rtol: float = 1e-5, atol: float = 1e-8) -> bool:
    return bool(REDUCTIONS["all"](isclose(a, b, rtol, atol)))


def array_equal(a: Any, b: Any) -> bool:
    x, y = asarray(a), asarray(b)
    return x.shape == y.shape and x.flat == y.flat


def polyfit(x: Any, y: Any, degree: int) -> Array:
    """The coefficients of a line by least squares, the slope first."""
    if degree != 1:
        raise ValueError("lines alone")
    xs, ys = asarray(x).flat, asarray(y).flat
    middle, height = math.fsum(xs) / len(xs), math.fsum(ys) / len(ys)
    spread = math.fsum((v - middle) ** 2 for v in xs)
    slope = math.fsum((v - middle) * (w - height) for v, w in zip(xs, ys, strict=True)) / spread
    return asarray([slope, height - slope * middle])


def leggauss(count: int) -> tuple[Array, Array]:
    """Nodes and weights of Gauss and Legendre, by Newton's method [DLMF 3.5.20]."""
    nodes, weights = [], []
    for k in range(count, 0, -1):
        x = math.cos(math.pi * (k - 0.25) / (count + 0.5))
        for _ in range(50):
            value, slope = _legendre(count, x)
            x -= value / slope
        nodes.append(x)
        weights.append(2 / ((1 - x * x) * _legendre(count, x)[1] ** 2))
    return asarray(nodes), asarray(weights)


def _legendre(n: int, x: float) -> tuple[float, float]:
    """P_n and its derivative."""
    before, value = 1.0, x
    for k in range(2, n + 1):
        before, value = value, ((2 * k - 1) * x * value - (k - 1) * before) / k
    return value, n * (x * value - before) / (x * x - 1)


@open_to_others
def iscomplexobj(x: Any) -> bool:
    return asarray(x).dtype is COMPLEX


def result_type(*values: Any) -> DType:
    return joined(
        *(v if isinstance(v, DType) else named(v) if isinstance(v, type) else asarray(v).dtype for v in values)
    )


@open_to_others
def reshape(x: Any, shape: Any, order: str = "C") -> Array:
    return asarray(x).reshape(shape, order=order)


@open_to_others
def ravel(x: Any, order: str = "C") -> Array:
    return asarray(x).ravel(order)


@open_to_others
def transpose(x: Any, axes: Any = None) -> Array:
    return asarray(x).transpose(*(() if axes is None else (axes,)))


def swapaxes(x: Any, a: int, b: int) -> Array:
    found = asarray(x)
    order = list(range(found.ndim))
    order[a], order[b] = order[b], order[a]
    return found.transpose(*order)


def _attribute(name: str) -> Any:
    def value(x: Any) -> Any:
        return getattr(asarray(x), name)

    value.__name__ = name
    return open_to_others(value)


def namespace() -> dict[str, Any]:
    """Every name with what it stands for."""
    types = {"ndarray": Array, "dtype": DType, "generic": _Never, "integer": _Never, "floating": _Never, "bool_": bool}
    numbers = {"pi": math.pi, "e": math.e, "inf": math.inf, "nan": math.nan, "newaxis": None}
    names = {
        "float64": float,
        "complex128": complex,
        "int64": int,
        "abs": FUNCTIONS["absolute"],
        "conj": FUNCTIONS["conjugate"],
    }
    given = (
        allclose,
        array,
        array_equal,
        asarray,
        broadcast_shapes,
        errstate,
        finfo,
        isclose,
        iscomplexobj,
        polyfit,
        ravel,
    )
    more = (reshape, result_type, swapaxes, transpose)
    functions = {f.__name__: f for f in (*given, *more)} | {
        n: _attribute(n) for n in ("shape", "ndim", "size", "real", "imag")
    }
    return {
        **types, **numbers, **names, **FUNCTIONS, **REDUCTIONS, **SCANS, **MAKING, **PRODUCTS, **functions,
        "asanyarray": asarray, "ascontiguousarray": asarray, "absolute": FUNCTIONS["absolute"],
    }  # fmt: skip


def installed() -> ModuleType:
    """The module, in NumPy's place for every import from now on. What has NumPy already keeps it."""
    plain = _module("numpy", **namespace(), linalg=linalg, random=random)
    plain.__path__ = []
    ma = _module("numpy.ma", MaskedArray=_Never, masked=None, isMaskedArray=lambda x: False)
    legendre = _module("numpy.polynomial.legendre", leggauss=leggauss)
    polynomial = _module("numpy.polynomial", legendre=legendre)
    plain.__dict__.update(ma=ma, polynomial=polynomial)
    for module in (plain, ma, polynomial, legendre):
        sys.modules[module.__name__] = module
    sys.modules |= {"numpy.linalg": linalg, "numpy.random": random}
    return plain


def _module(name: str, **names: Any) -> ModuleType:
    module = ModuleType(name)
    module.__dict__.update(names)
    return module
