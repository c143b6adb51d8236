"""One case: matcalc's function, derivatives and texts against JAX."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np

import matcalc as mc
from matcalc.checking.evaluate import evaluate
from matcalc.compiling import ArgumentError
from matcalc.errors import MatcalcError
from matcalc.expr import perturbation
from tests.fuzz.draw import Case, projected
from tests.fuzz.values import Margin

__all__ = ["Fault", "examine"]

TOLERANCE = 1e-7
#: Values and derivatives beyond this are not compared: rounding would decide.
LARGEST = 1e5
SLOWEST_SECONDS = 20.0
#: Trees with at most this many rows and variables are differentiated three times.
SMALL = 6


@dataclass(frozen=True)
class Fault:
    """What went wrong: its category decides whether a smaller case still shows it."""

    category: str
    detail: str


class Skip(Exception):
    """The case has no point at which it could be compared."""


class Point:
    """Values of the variables, and f by JAX as a function of chosen ones."""

    def __init__(self, case: Case, seed: int) -> None:
        self.case = case
        self.sizes = dict(case.sizes)
        self.rng = np.random.default_rng(seed)
        self.values = case.point(self.rng)
        Margin.reset()
        self.f = np.asarray(case.tree.value({n: jnp.asarray(v) for n, v in self.values.items()}, self.sizes))
        self.usable = bool(
            np.all(np.isfinite(self.f))
            and np.max(np.abs(self.f), initial=0) < LARGEST
            and Margin.kink > 1e-2
            and Margin.condition < 1e3
        )
        self.spread = Margin.condition

    def function(self, values: dict[str, np.ndarray], *names: str):
        fixed = {n: jnp.asarray(v) for n, v in values.items()}

        def f(*args):
            return self.case.tree.value(fixed | dict(zip(names, args, strict=True)), self.sizes)

        return f

    def direction(self, name: str) -> np.ndarray:
        e = self.rng.standard_normal(self.values[name].shape)
        return projected(self.case.tree.variables()[name], e)

    def noisy(self) -> dict[str, np.ndarray]:
        """The values with relative noise, to see how sharply a derivative is determined."""
        return {
            n: v * (1 + 1e-9 * np.sign(self.rng.standard_normal(v.shape)))
            if self.case.tree.variables()[n].kind in ("matrix", "positive", "lower", "upper", "diagonal")
            else v
            for n, v in self.values.items()
        }


def _close(found: np.ndarray, wanted: np.ndarray, sharpness: float) -> bool:
    scale = max(1.0, float(np.max(np.abs(wanted), initial=0)))
    return bool(np.max(np.abs(found - wanted), initial=0) <= TOLERANCE * scale + 30 * sharpness)


def examine(case: Case, seed: int = 0) -> Fault | None:
    """A fault, or None where everything agrees. Raises Skip where there is no usable point."""
    point = _usable(case, seed)
    started = time.monotonic()
    try:
        fault = _examined(case, point, 3 if case.tree.count() <= SMALL else 2)
    except Skip:
        raise
    except MatcalcError as error:
        return Fault(f"refused {type(error).__name__}", str(error))
    except RecursionError as error:
        return Fault("crash RecursionError", str(error))
    except Exception as error:
        return Fault(f"crash {type(error).__name__} {_place(error)}", f"{type(error).__name__}: {error}")
    if fault is None and time.monotonic() - started > SLOWEST_SECONDS:
        return Fault("slow", f"{time.monotonic() - started:.0f} s")
    return fault


def _place(error: BaseException) -> str:
    trace, place = error.__traceback__, ""
    while trace is not None:
        frame = trace.tb_frame
        place = f"{frame.f_code.co_name}"
        trace = trace.tb_next
    return place


def _usable(case: Case, seed: int) -> Point:
    for attempt in range(4):
        try:
            point = Point(case, seed + attempt)
        except (np.linalg.LinAlgError, ZeroDivisionError, FloatingPointError):
            continue
        if point.usable:
            return point
    raise Skip


def _examined(case: Case, point: Point, order: int) -> Fault | None:
    f = mc.parse(case.text, case.where)
    str(f), f.latex()
    value = evaluate(f.node, point.values, point.sizes)
    if value.shape != point.f.shape or not _close(value, point.f, 0.0):
        return Fault("wrong value", f"matcalc {value.ravel()[:4]}, JAX {point.f.ravel()[:4]}")
    first, second = case.wrt
    return (
        _first_order(f, case, point, first)
        or (order > 1 and _second_order(f, case, point, first, first))
        or (order > 1 and first != second and _second_order(f, case, point, first, second))
        or (order > 2 and f.node.is_scalar and _third_order(f, case, point, first))
        or (case.dense and _compiled(f, case, point, first))
        or None
    )


def _jvp(point: Point, names: tuple[str, ...], steps: list[np.ndarray], *, pulled: str | None) -> np.ndarray:
    """D^k f in these directions; ``pulled`` takes the gradient by that variable first."""

    def at(values: dict[str, np.ndarray]) -> np.ndarray:
        moving = list(dict.fromkeys([*names, *([pulled] if pulled else [])]))
        f = point.function(values, *moving)
        if pulled:
            base, place = f, moving.index(pulled)
            f = lambda *args: jax.grad(lambda *a: base(*a)[0, 0], argnums=place)(*args)  # noqa: E731
        for name, step in zip(names, steps, strict=True):
            f = _along(f, moving.index(name), step)
        return np.asarray(f(*(jnp.asarray(values[n]) for n in moving)))

    result = at(point.values)
    if not np.all(np.isfinite(result)) or np.max(np.abs(result), initial=0) > LARGEST:
        raise Skip
    point.sharpness = lambda: float(np.max(np.abs(at(point.noisy()) - result), initial=0))
    return result


def _along(f, place: int, step: np.ndarray):
    def moved(*args):
        tangents = [jnp.asarray(step) if i == place else jnp.zeros_like(a) for i, a in enumerate(args)]
        return jax.jvp(f, args, tuple(tangents))[1]

    return moved


def _agrees(point: Point, found: np.ndarray, wanted: np.ndarray, label: str) -> Fault | None:
    if found.shape == wanted.shape and np.all(np.isfinite(found)):
        if _close(found, wanted, 0.0) or _close(found, wanted, point.sharpness()):
            return None
    return Fault(
        f"wrong {label}", f"matcalc {found.shape} {found.ravel()[:6]}, JAX {wanted.shape} {wanted.ravel()[:6]}"
    )


def _first_order(f, case: Case, point: Point, name: str) -> Fault | None:
    variable = case.tree.variables()[name]
    derivative = mc.derivative(f, name)
    str(derivative), derivative.latex()
    reading = derivative.reading
    e = point.direction(name)
    if f.node.is_scalar:
        wanted = projected(variable, _jvp(point, (), [], pulled=name))
        found = evaluate(reading.operator, point.values, point.sizes)
        fault = _agrees(point, found, wanted, "gradient")
        directional = np.sum(wanted * e).reshape(1, 1)
    else:
        directional = _jvp(point, (name,), [e], pulled=None)
        env = dict.fromkeys(reading.directions, e)
        found = evaluate(reading.operator, point.values, point.sizes, env)
        if not reading.directions:
            found = found * e.item()
        fault = _agrees(point, found, directional, "operator") or _vec_form(case, point, reading, name, f.node.shape)
    if fault is None:
        d = perturbation(reading.wrt[0])
        found = evaluate(reading.differential, point.values, point.sizes, {d: e})
        fault = _agrees(point, found, directional, "differential")
    return fault


def _vec_form(case: Case, point: Point, reading, name: str, shape) -> Fault | None:
    if reading.matrix is None or not reading.directions:
        return None
    e = point.rng.standard_normal(point.values[name].shape)
    inside = projected(case.tree.variables()[name], e)
    wanted = _jvp(point, (name,), [inside], pulled=None)
    stacked = evaluate(reading.matrix, point.values, point.sizes) @ e.reshape((-1, 1), order="F")
    return _agrees(point, stacked, wanted.reshape((-1, 1), order="F"), "vec form")


def _second_order(f, case: Case, point: Point, first: str, second: str) -> Fault | None:
    variables = case.tree.variables()
    derivative = mc.derivative(f, first, second)
    str(derivative), derivative.latex()
    reading = derivative.reading
    scalar = f.node.is_scalar
    e1, e2 = point.direction(first), point.direction(second)
    label = "Hessian" if first == second else "mixed derivative"
    if scalar:
        wanted = projected(variables[first], _jvp(point, (second,), [e2], pulled=first))
    else:
        wanted = _jvp(point, (first, second), [e1, e2], pulled=None)
    found = _contracted(reading, point, e1, e2, scalar)
    fault = _agrees(point, found, wanted, f"{label} operator")
    if fault is None and scalar and reading.directions and reading.matrix is not None:
        fault = _vec_hessian(case, point, reading, first, second, label)
    if fault is None:
        moved = {perturbation(reading.wrt[0], 1): e1, perturbation(reading.wrt[1], 2): e2}
        found = evaluate(reading.differential, point.values, point.sizes, moved)
        both = np.sum(wanted * e1).reshape(1, 1) if scalar else wanted
        fault = _agrees(point, found, both, f"second differential of a {label}")
    return fault


def _contracted(reading, point: Point, e1: np.ndarray, e2: np.ndarray, scalar: bool) -> np.ndarray:
    """The operator in direction e2; of an array also in direction e1."""
    steps = [e2] if scalar else [e1, e2]
    env, factor = {}, 1.0
    open_ = list(reading.directions)
    wrt = reading.wrt[1:] if scalar else reading.wrt
    if scalar and reading.wrt[0].is_scalar and not reading.wrt[1].is_scalar and not open_:
        # The gradient axis is that of the second variable.
        result = evaluate(reading.operator, point.values, point.sizes)
        return np.sum(result * e2).reshape(1, 1)
    for variable, step in zip(wrt, steps, strict=True):
        if variable.is_scalar:
            factor *= step.item()
        else:
            env[open_.pop(0)] = step
    return evaluate(reading.operator, point.values, point.sizes, env) * factor


def _vec_hessian(case: Case, point: Point, reading, first: str, second: str, label: str) -> Fault | None:
    e = point.rng.standard_normal(point.values[second].shape)
    variables = case.tree.variables()
    wanted = projected(variables[first], _jvp(point, (second,), [projected(variables[second], e)], pulled=first))
    stacked = evaluate(reading.matrix, point.values, point.sizes) @ e.reshape((-1, 1), order="F")
    return _agrees(point, stacked, wanted.reshape((-1, 1), order="F"), f"{label} vec form")


def _third_order(f, case: Case, point: Point, name: str) -> Fault | None:
    variable = case.tree.variables()[name]
    if point.values[name].size == 1:
        return None
    derivative = mc.derivative(f, name, name, name)
    str(derivative), derivative.latex()
    steps = [point.direction(name), point.direction(name)]
    wanted = projected(variable, _jvp(point, (name, name), steps, pulled=name))
    env = dict(zip(derivative.reading.directions, steps, strict=True))
    found = evaluate(derivative.reading.operator, point.values, point.sizes, env)
    return _agrees(point, found, wanted, "third derivative")


# --- arrays of compiled functions, in JAX's axes ------------------------------------------------


def _axes(array: np.ndarray) -> np.ndarray:
    """A scalar is 0-d, a column 1-d, a row and a matrix 2-d."""
    return array.reshape(()) if array.shape == (1, 1) else array[:, 0] if array.shape[1] == 1 else array


def _compiled(f, case: Case, point: Point, name: str) -> Fault | None:
    variable = case.tree.variables()[name]
    x = jnp.asarray(point.values[name])
    g = point.function(point.values, name)
    arguments = {n: _axes(v) for n, v in point.values.items()}
    first = projected(variable, np.asarray(jax.jacfwd(g)(x)))
    fault = _array_agrees(point, mc.compile(mc.derivative(f, name)), arguments, first, "compiled Jacobian")
    if fault is not None or not f.node.is_scalar or x.size > 12:
        return fault
    full = np.asarray(jax.jacfwd(jax.grad(lambda a: g(a)[0, 0]))(x))
    full = projected(variable, np.moveaxis(projected(variable, full), (2, 3), (0, 1)))[None, None]
    return _array_agrees(point, mc.compile(mc.hessian(f, name)), arguments, full, "compiled Hessian")


def _array_agrees(point: Point, function, arguments, wanted: np.ndarray, label: str) -> Fault | None:
    """``wanted`` has two axes for f and two for each variable; those that the array has not are of size 1."""
    if not np.all(np.isfinite(wanted)) or np.max(np.abs(wanted), initial=0) > LARGEST:
        raise Skip
    found = _called(function, dict(arguments), point)
    shapes = [wanted.shape[i : i + 2] for i in range(0, wanted.ndim, 2)]
    axes = tuple(d for r, c in shapes for d in (() if r == c == 1 else (r,) if c == 1 else (r, c)))
    if found.shape != axes:
        return Fault(f"wrong shape of {label}", f"{found.shape} instead of {axes}")
    if _close(found, wanted.reshape(axes), 1e-9 * point.spread):
        return None
    return Fault(f"wrong {label}", f"matcalc {found.ravel()[:6]}, JAX {wanted.ravel()[:6]}")


def _called(function, arguments, point: Point) -> np.ndarray:
    """The array; a size that is no axis of an argument has to be given."""
    try:
        return np.asarray(function(**arguments))
    except ArgumentError as error:
        missing = re.search(r"the size (\w+) cannot be read", str(error))
        if missing is None or missing[1] in arguments:
            raise
        return _called(function, arguments | {missing[1]: point.sizes[missing[1]]}, point)
