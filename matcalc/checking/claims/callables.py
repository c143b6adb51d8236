"""Claims and functions written in Python: their values against difference quotients."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np

from matcalc.calculus import array_axes, is_mirrored
from matcalc.checking.checker import Formula, compare
from matcalc.checking.geometry import lower_entries
from matcalc.checking.oracles.differences import remainder_order, richardson
from matcalc.checking.report import CheckReport
from matcalc.checking.subject import Subject
from matcalc.checking.values.evaluate import Array
from matcalc.checking.values.stand_ins import StandIn
from matcalc.errors import ShapeError
from matcalc.expr import Node
from matcalc.expr.canonical.open_functions import OUT

__all__ = ["check_callable_claim", "check_function"]

#: Relative errors of a gradient up to this are those of the difference quotients.
TOLERANCE = 1e-6
#: Directions in which a gradient is compared, besides those of the entries of a small array.
DIRECTIONS = 5
#: An array of at most this many entries is compared entry by entry.
SMALL = 64

PyFunction = Callable[..., Any]


def check_callable_claim(
    subject: Subject,
    wrt: Sequence[Node],
    claim: PyFunction,
    *,
    trials: int = 3,
    seed: int = 0,
    at: Mapping[str, Array] | None = None,
) -> CheckReport:
    """A claim that is a function of arrays by name, axes of f first, then those of each variable."""
    formula = _formula(subject, wrt, claim)
    report = compare(subject, wrt, [formula], trials=trials, seed=seed, at=at)
    if report.ok or report.problem:
        return report
    for fault, message, change in _CHANGES:
        changed = _formula(subject, wrt, claim, change)
        try:
            again = compare(subject, wrt, [changed], trials=trials, seed=seed, at=at)
        except ShapeError:
            continue
        if again.ok:
            return _with(report, fault, message)
    return report


def _with(report: CheckReport, fault: str, message: str) -> CheckReport:
    return replace(report, fault=fault, diagnosis=message)


def _scaled(factor: Fraction) -> Callable[[Array], Array]:
    return lambda value: value * float(factor)


#: What a claim may differ by: (fault, message, what makes it right).
_CHANGES: tuple[tuple[str, str, Callable[[Array], Array]], ...] = (
    ("sign", "the sign is wrong", _scaled(Fraction(-1))),
    *(
        ("factor", f"off by the factor {1 / f}", _scaled(f))
        for f in map(Fraction, ("2", "1/2", "-2", "-1/2", "4", "1/4", "3", "1/3"))
    ),
    ("transposed", "transposed", lambda value: np.asarray(value.T)),
)


def _formula(
    subject: Subject, wrt: Sequence[Node], claim: PyFunction, change: Callable[[Array], Array] | None = None
) -> Formula:
    taken = _parameters(claim)
    f = subject.node

    def value(values: Mapping[str, Array], sizes: Mapping[str, int], e: Sequence[Array]) -> Array:
        arguments = {n: _argument(subject, n, v, sizes) for n, v in values.items()}
        chosen = arguments if taken is None else {n: v for n, v in arguments.items() if n in taken}
        found = np.asarray(claim(**_python_names(chosen, taken)))
        found = change(found) if change is not None else found
        groups = [array_axes(f.shape), *(subject.declarations[v.data[0]].axes for v in wrt)]
        axes = tuple(d.evaluate(sizes) for group in groups for d in group)
        if _without_ones(found.shape) != _without_ones(axes):
            raise ShapeError(f"the claim returns an array of shape {found.shape}, and the derivative has {axes}")
        found = found.reshape(axes)
        if subject.convention == "independent" and is_mirrored(wrt[0]):
            e = [lower_entries(e[0])]
        for group, step in reversed(list(zip(groups[1:], e, strict=True))):
            count = len(group)
            direction = step.reshape(found.shape[found.ndim - count :])
            found = np.tensordot(found, direction, axes=count)
        return found.reshape([d.evaluate(sizes) for d in f.shape])

    return value


def _parameters(claim: PyFunction) -> set[str] | None:
    """The names that it takes, or None where it takes any."""
    parameters = inspect.signature(claim).parameters.values()
    if any(p.kind is p.VAR_KEYWORD for p in parameters):
        return None
    return {p.name.removesuffix("_") for p in parameters} | {p.name for p in parameters}


def _python_names(values: Mapping[str, Any], taken: set[str] | None) -> dict[str, Any]:
    """``lambda`` is ``lambda_`` in Python."""
    return {f"{n}_" if taken and f"{n}_" in taken else n: v for n, v in values.items()}


def _without_ones(shape: Sequence[int]) -> list[int]:
    """An axis of one entry may be there or not: the values are the same."""
    return [n for n in shape if n != 1]


def _argument(subject: Subject, name: str, value: Array, sizes: Mapping[str, int]) -> Any:
    """A scalar as a number, a vector with one axis, also one that is declared of size 1, an array with all it has."""
    declaration = subject.declarations[name]
    if declaration.is_function:
        return _callable(value.item())
    if declaration.kind == "vector":
        return value[:, 0]
    if declaration.kind == "array":
        return value.reshape([d.evaluate(sizes) for d in declaration.axes])
    axes = len(array_axes(declaration.shape)) if declaration.kind in ("scalar", "matrix") else 2
    return value.item() if declaration.kind == "scalar" else value[:, 0] if axes == 1 else value


def _callable(stand_in: StandIn) -> PyFunction:
    """What stands in for an open function, of arrays as users have them."""

    def called(*args: Any) -> Any:
        arrays = [np.asarray(a, dtype=float) for a in args]
        columns = [a if a.ndim == 2 else a.reshape(-1, 1) for a in arrays]
        if stand_in.entrywise:
            return stand_in.of(arrays)
        value = stand_in.of(columns, free=(OUT,))
        return value.item() if value.size == 1 else value[:, 0] if value.shape[1] == 1 else value

    return called


# --- functions of Python ----------------------------------------------------------------------


def check_function(
    fun: PyFunction, grad: PyFunction, point: Any, *, seed: int = 0, tolerance: float = TOLERANCE
) -> CheckReport:
    """A NumPy, JAX or PyTorch function against its gradient, by differences at the point.

    Args:
        fun: of one array, or of several; returns a number.
        grad: of the same arguments; returns an array of the shape of the argument, or a tuple of them.
        point: an array, a tuple of arrays (the arguments), or a mapping (arguments by name).
        seed: of the directions in which the gradient is compared.
        tolerance: the relative error up to which a gradient counts as right.
    """
    call = _Call(fun, grad, point)
    rng = np.random.default_rng(seed)
    value = call.value(call.arrays)
    if not np.isfinite(value):
        return _nothing(seed, "the function has no finite value there")
    gradients = call.gradients()
    rows = [_compare(call, i, e, gradients[i]) for i, e in _directions(call.arrays, rng)]
    used = [r for r in rows if r is not None]
    if not used:
        return _nothing(seed, "the difference quotients did not settle")
    return _report(call, used, gradients, seed, tolerance, rng)


def _nothing(seed: int, problem: str) -> CheckReport:
    return CheckReport(False, np.nan, "", None, 0, seed, (), problem=problem)


class _Call:
    """The function and its gradient, as functions of a list of arrays."""

    def __init__(self, fun: PyFunction, grad: PyFunction, point: Any) -> None:
        self.fun, self.grad = fun, grad
        self.names = list(point) if isinstance(point, Mapping) else None
        parts = (
            list(point.values()) if isinstance(point, Mapping) else list(point) if isinstance(point, tuple) else [point]
        )
        self.single = not isinstance(point, (Mapping, tuple))
        self.arrays = [np.asarray(p, dtype=float) for p in parts]

    def _applied(self, function: PyFunction, arrays: Sequence[Array]) -> Any:
        return function(**dict(zip(self.names, arrays, strict=True))) if self.names is not None else function(*arrays)

    def value(self, arrays: Sequence[Array]) -> float:
        found = np.asarray(self._applied(self.fun, arrays), dtype=float)
        if found.size != 1:
            raise ShapeError(f"the function returns an array of shape {found.shape}: a gradient needs a number")
        return float(found.reshape(()))

    def gradients(self) -> list[Array]:
        """One array for each argument."""
        found = self._applied(self.grad, self.arrays)
        if isinstance(found, Mapping) and self.names is not None:
            found = tuple(found[n] for n in self.names)
        parts = (
            [found] if self.single or (len(self.arrays) == 1 and not isinstance(found, (tuple, list))) else list(found)
        )
        if len(parts) != len(self.arrays):
            raise ShapeError(f"the gradient has {len(parts)} parts, and there are {len(self.arrays)} arguments")
        return [np.asarray(p, dtype=float) for p in parts]

    def along(self, i: int, e: Array) -> Callable[[float], float]:
        def at(t: float) -> float:
            moved = list(self.arrays)
            moved[i] = moved[i] + t * e
            return self.value(moved)

        return at


def _directions(arrays: Sequence[Array], rng: np.random.Generator) -> Iterator[tuple[int, Array]]:
    for i, x in enumerate(arrays):
        for _ in range(DIRECTIONS):
            e = np.asarray(rng.standard_normal(x.shape))
            yield i, np.asarray(e / max(float(np.sqrt(np.sum(e * e))), 1e-12))
        if 1 < x.size <= SMALL:
            for k in range(x.size):
                unit = np.zeros(x.size)
                unit[k] = 1
                yield i, unit.reshape(x.shape)


Row = tuple[int, float, float, float]


def _compare(call: _Call, i: int, e: Array, gradient: Array) -> Row | None:
    """(argument, difference quotient, claimed, error), or None where the quotient does not settle."""
    scale = 1 + float(np.max(np.abs(call.arrays[i]), initial=0.0))
    along = call.along(i, e)
    with np.errstate(all="ignore"):
        wanted, uncertainty = richardson(lambda t: np.asarray(along(t)), 0.02 * scale)
    if not np.isfinite(uncertainty) or uncertainty > 1e-5 * max(abs(float(wanted)), 1e-2):
        return None
    if gradient.shape != call.arrays[i].shape:
        if gradient.T.shape != call.arrays[i].shape:
            raise ShapeError(f"the gradient has the shape {gradient.shape}, and the argument {call.arrays[i].shape}")
        return i, float(wanted), np.nan, np.inf
    found = float(np.sum(gradient * e))
    size = max(abs(float(wanted)), abs(found), 1e-6 * (1 + abs(call.value(call.arrays))))
    return i, float(wanted), found, abs(found - float(wanted)) / size


def _report(
    call: _Call, rows: list[Row], gradients: list[Array], seed: int, tolerance: float, rng: np.random.Generator
) -> CheckReport:
    worst = max(rows, key=lambda r: r[3])
    ok = bool(worst[3] <= tolerance)
    order = (
        _order(call, gradients, rng)
        if all(g.shape == x.shape for g, x in zip(gradients, call.arrays, strict=True))
        else None
    )
    fault, message = (None, None) if ok else _explained(call, rows, gradients, tolerance)
    return CheckReport(
        ok,
        worst[3],
        "central differences with Richardson extrapolation",
        order,
        len(rows),
        seed,
        (),
        (worst[1], worst[2]),
        fault=fault,
        diagnosis=message,
    )


def _order(call: _Call, gradients: list[Array], rng: np.random.Generator) -> float:
    """The slope of the Taylor remainder in one direction of all arguments."""
    steps = [rng.standard_normal(x.shape) for x in call.arrays]
    value = call.value(call.arrays)
    slope = sum(float(np.sum(g * e)) for g, e in zip(gradients, steps, strict=True))

    def remainder(h: float) -> float:
        there = call.value([x + h * e for x, e in zip(call.arrays, steps, strict=True)])
        return abs(there - value - h * slope)

    return remainder_order(remainder, abs(value))


def _explained(call: _Call, rows: list[Row], gradients: list[Array], tolerance: float) -> tuple[str | None, str | None]:
    """Which argument's gradient is wrong, and how, where it is a sign, a factor or a transpose."""
    wrong = sorted({i for i, _, _, error in rows if not error <= tolerance})
    names = [call.names[i] if call.names is not None else f"argument {i + 1}" for i in wrong]
    where = "" if call.single else f" of {' and '.join(names)}"
    for fault, message, change in _CHANGES:
        if all(_is_right(call, i, change(gradients[i]), tolerance) for i in wrong):
            return (
                fault,
                f"the gradient{where} is {message}" if fault == "transposed" else f"the gradient{where}: {message}",
            )
    return "different", f"the gradient{where} is wrong"


def _is_right(call: _Call, i: int, gradient: Array, tolerance: float) -> bool:
    if gradient.shape != call.arrays[i].shape:
        return False
    rng = np.random.default_rng(1)
    rows = [_compare(call, i, e, gradient) for k, e in _directions(call.arrays, rng) if k == i]
    return all(r[3] <= tolerance for r in rows if r is not None)
