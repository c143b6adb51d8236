"""One case: matcalc's function and derivatives of every order against an automatic differentiator."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

import matcalc as mc
from matcalc.checking.values.evaluate import evaluate
from matcalc.errors import MatcalcError
from matcalc.expr import perturbation
from matcalc.language.rows.definitions import undefine
from tests.fuzz import backends
from tests.fuzz.draw import Case
from tests.fuzz.points import projected
from tests.fuzz.referee import Referee, TooLong
from tests.fuzz.rows import DEFINITIONS
from tests.fuzz.values import Margin

__all__ = ["Fault", "Point", "Skip", "agreed", "close", "defined", "examine"]

TOLERANCE = 1e-7
#: Values and derivatives beyond this are not compared: rounding would decide.
LARGEST = 1e5
LARGEST_SCALED, LEAST_SCALED = 1e30, 1e-25
#: What is farther off than this is not rounded but wrong.
ROUNDED = 1e-2
SLOWEST_SECONDS = 20.0

#: The derivative by differences in many digits, and what is printed in as many.
Digits = tuple[Callable[[], np.ndarray | None], Callable[[], np.ndarray | None]]


@dataclass(frozen=True)
class Fault:
    """What went wrong: its category decides whether a smaller case still shows it."""

    category: str
    detail: str

    @property
    def undefined(self) -> bool:
        """Whether numbers are missing that exist."""
        return self.category.startswith("undefined")


class Skip(Exception):
    """The case has no point at which it could be compared."""


@contextmanager
def defined() -> Iterator[None]:
    """The functions of the user's that rows are written with."""
    for text, options in DEFINITIONS.items():
        mc.define(text, **options)
    try:
        yield
    finally:
        for text in DEFINITIONS:
            undefine(text.partition("(")[0])


class Point:
    """Values of the variables, and what the other library finds there."""

    def __init__(self, case: Case, seed: int) -> None:
        self.case = case
        self.variables = case.tree.variables()
        self.sizes = dict(case.sizes)
        self.rng = np.random.default_rng(seed)
        self.values = case.point(self.rng)
        Margin.reset()
        Margin.noting = True
        try:
            self.f = backends.current().value(self.function, self.values)
        finally:
            Margin.noting = False
        self.scaled = case.at == "scaled"
        self.largest = LARGEST_SCALED if self.scaled else LARGEST
        size = max((float(np.max(np.abs(v), initial=0)) for v in self.values.values()), default=1.0)
        self.usable = bool(
            np.all(np.isfinite(self.f))
            and np.max(np.abs(self.f), initial=0) < self.largest
            and Margin.kink > 1e-2 * (min(1.0, size) if self.scaled else 1.0)
            and Margin.condition < 1e3
            and (Margin.polynomial < 1e3 or case.at == "zeros")
        )
        self.singular = Margin.polynomial >= 1e3
        self.spread = Margin.condition
        self.found: dict[tuple[str, ...], mc.Derivative] = {}

    def asked(self, f: mc.Expr) -> Referee:
        """Differences of this function in many digits, which decide where rounding might."""
        return Referee(f, self.values, {n: v.kind for n, v in self.variables.items()}, self.sizes)

    def function(self, values: Any) -> Any:
        return self.case.tree.value(values, self.sizes)

    def answer(self, f: mc.Expr, names: tuple[str, ...]) -> mc.Derivative:
        """The engine's derivative by these names, derived once."""
        if names not in self.found:
            self.found[names] = mc.derivative(f, *names)
        return self.found[names]

    def excluded(self, f: mc.Expr, names: tuple[str, ...]) -> bool:
        """Whether this is a singular point and a derivative names conditions, as it should where it fails there."""
        return self.case.at == "zeros" and bool(self.answer(f, names).conditions)

    def continued(self, f: mc.Expr, names: tuple[str, ...]) -> bool:
        """Whether what is printed holds by continuity at some points, as where relu(x) is 0: code has the values there."""
        return self.answer(f, names).continued is not None

    def direction(self, name: str) -> np.ndarray:
        return projected(self.variables[name].kind, self.rng.standard_normal(self.values[name].shape))

    def derivative(self, *steps: tuple[str, np.ndarray], pulled: str | None = None) -> np.ndarray:
        """D^k f in these directions; ``pulled`` takes the gradient by that variable first."""
        result = backends.current().derivative(self.function, self.values, steps, pulled)
        if not np.all(np.isfinite(result)) or np.max(np.abs(result), initial=0) > self.largest:
            raise Skip
        return result

    def whole(self, names: Sequence[str]) -> np.ndarray:
        """Every entry of the derivative by these variables, the axes of f first."""
        result = backends.current().whole(self.function, self.values, names)
        if not np.all(np.isfinite(result)) or np.max(np.abs(result), initial=0) > self.largest:
            raise Skip
        return result

    def sharpness(self, *steps: tuple[str, np.ndarray], pulled: str | None = None) -> float:
        """How far relative noise of 1e-9 moves a derivative."""
        at = backends.current().derivative
        exact = at(self.function, self.values, steps, pulled)
        found = [np.abs(at(self.function, self.noisy(), steps, pulled) - exact) for _ in range(3)]
        moved = float(max(np.max(difference, initial=0) for difference in found))
        return moved + (self._rounded(lambda x: at(self.function, x, steps, pulled), exact) if self.scaled else 0.0)

    def rounding(self) -> float:
        """How far relative noise of 1e-14 moves f: nothing is known of sin(x) where x is 1e15, though one draw may be near."""
        value = backends.current().value
        moved = [np.asarray(value(self.function, self.noisy(1e-14))) for _ in range(8)]
        found = float(np.max(np.abs(np.array(moved) - self.f), initial=0))
        return found + (self._rounded(lambda x: value(self.function, x), self.f) if self.scaled else 0.0)

    def _rounded(self, at: Callable[[Any], np.ndarray], exact: np.ndarray) -> float:
        """What rounding in double precision may do, by what it did in single precision: where terms cancel it decides."""
        with backends.current().single():
            found = np.array([np.asarray(at(self.noisy(1e-7))) for _ in range(2)])
        if not np.all(np.isfinite(found)):
            raise Skip
        return float(np.max(np.abs(found - exact), initial=0)) * 2.0**-29 * 30

    def close(self, found: np.ndarray, wanted: np.ndarray, sharpness: float, names: Sequence[str] = ()) -> bool:
        """Whether they agree; at a scaled point as closely as the derivative of a function of this size is known."""
        return close(found, wanted, sharpness, self._unit(names) if self.scaled else 1.0)

    def is_exact(self, f: mc.Expr, value: np.ndarray) -> bool:
        """Whether a value that differs from the other library's is the right one, but for rounding at a scaled point.

        Where it is not finite, since a factor is too small or too large as in (s t)^p, code has to have the right one.
        """
        from tests.fuzz import arrays

        referee = self.asked(f)
        exact = referee.value()
        if exact is None or exact.shape != value.shape:
            return False
        again: np.ndarray | None = value
        if not np.all(np.isfinite(value)):
            again = arrays.computed(f, self)
        elif self.scaled and np.allclose(value, exact, rtol=ROUNDED, atol=0):
            again = referee.formula(f.node, {})
        return again is not None and self.close(again.reshape(exact.shape), exact, 0.0)

    def confirms(self, found: np.ndarray, digits: Digits, names: Sequence[str]) -> bool:
        """Whether differences in many digits agree with what was found, or at a scaled point with what is printed."""
        exact, formula = digits
        wanted = exact()
        if wanted is None:
            return False
        if self.close(found, wanted.reshape(found.shape), 0.0, names):
            return True
        again = formula() if self.scaled else None
        return again is not None and self.close(again.reshape(found.shape), wanted.reshape(found.shape), 0.0, names)

    def _unit(self, names: Sequence[str]) -> float:
        sizes = [min(1.0, float(np.max(np.abs(self.values[n]), initial=0))) or 1.0 for n in names]
        return max(1e-7 * float(np.max(np.abs(self.f), initial=0)) / float(np.prod(sizes)), LEAST_SCALED)

    def noisy(self, relative: float = 1e-9) -> dict[str, np.ndarray]:
        """The values moved as rounding would move them."""
        return {n: self._moved(self.variables[n].kind, v, relative) for n, v in self.values.items()}

    def _moved(self, kind: str, x: np.ndarray, relative: float) -> np.ndarray:
        """Each entry up or down, within the structure."""
        return x if kind == "integer" else x + projected(kind, relative * x * self.rng.standard_normal(x.shape))


def examine(case: Case, seed: int = 0) -> Fault | None:
    """A fault, or None where everything agrees. Raises Skip where there is no usable point."""
    point = _usable(case, seed)
    started, Referee.spent = time.process_time(), 0.0
    try:
        fault = _examined(case, point)
    except Skip:
        raise
    except TooLong:
        raise Skip from None
    except np.linalg.LinAlgError as error:
        f = mc.parse(case.text, case.where)
        if any(point.excluded(f, case.wrt[:k]) for k in range(1, len(case.wrt) + 1)):
            raise Skip from None  # code that needs an inverse says that there is none
        return Fault("crash LinAlgError", str(error))
    except MatcalcError as error:
        if error.code == "ambiguous" and "@" in case.text:
            raise Skip from None  # in Python it means another thing: a question
        return Fault(f"refused {type(error).__name__}", str(error))
    except RecursionError as error:
        return Fault("crash RecursionError", str(error))
    except Exception as error:
        return Fault(f"crash {type(error).__name__} {_place(error)}", f"{type(error).__name__}: {error}")
    seconds = time.process_time() - started - Referee.spent
    if fault is None and seconds > SLOWEST_SECONDS:
        return Fault("slow", f"{seconds:.0f} s")
    return fault


def _place(error: BaseException) -> str:
    trace, place = error.__traceback__, ""
    while trace is not None:
        place = trace.tb_frame.f_code.co_name
        trace = trace.tb_next
    return place


def _usable(case: Case, seed: int) -> Point:
    for attempt in range(4):
        try:
            point = Point(case, seed + attempt)
        except (RuntimeError, np.linalg.LinAlgError, ZeroDivisionError, FloatingPointError):
            continue
        if point.usable:
            return point
    raise Skip


def _examined(case: Case, point: Point) -> Fault | None:
    # Each of these modules compares one more thing, with the tools of this one.
    from tests.fuzz import arrays, structures, texts

    f = mc.parse(case.text, case.where)
    value = evaluate(f.node, point.values, point.sizes)
    if value.shape != point.f.shape or not (
        point.close(value, point.f, 0.0) or point.close(value, point.f, point.rounding()) or point.is_exact(f, value)
    ):
        return Fault("wrong value", f"matcalc {value.ravel()[:4]}, wanted {point.f.ravel()[:4]}")
    for order in range(1, len(case.wrt) + 1):
        fault = _derivative_where_defined(f, point, case.wrt[:order])
        if fault is not None:
            return fault
    return (
        (case.texts and texts.compared(f, case, point))
        or (case.structures and structures.compared(f, case, point))
        or ((case.dense or case.at == "zeros") and arrays.compared(f, case, point))
        or None
    )


def _derivative_where_defined(f: mc.Expr, point: Point, names: tuple[str, ...]) -> Fault | None:
    """What is printed may be undefined at a singular point that its conditions exclude; compiled it may still be right."""
    fault = _derivative(f, point, names)
    if fault is None or not (fault.undefined or point.singular):
        return fault
    return None if point.excluded(f, names) or point.continued(f, names) else fault


def close(found: np.ndarray, wanted: np.ndarray, sharpness: float, unit: float = 1.0) -> bool:
    scale = max(unit, float(np.max(np.abs(wanted), initial=0)))
    return bool(np.max(np.abs(found - wanted), initial=0) <= TOLERANCE * scale + 30 * sharpness)


def agreed(
    point: Point,
    found: np.ndarray,
    wanted: np.ndarray,
    label: str,
    *steps: Any,
    digits: Digits | None = None,
    **options: Any,
) -> Fault | None:
    """None where the arrays agree, as closely as the derivative in these steps is determined, or many digits decide so.

    What is printed has its value in many digits where a part of it is too small or too large for a number of the machine.
    """
    if digits is not None and not np.all(np.isfinite(found)) and (exact := digits[1]()) is not None:
        found = exact.reshape(found.shape)
    if found.shape == wanted.shape and np.all(np.isfinite(found)):
        names = [n for n, _ in steps] + [options["pulled"]] * bool(options.get("pulled"))
        if point.close(found, wanted, 0.0, names) or point.close(
            found, wanted, point.sharpness(*steps, **options), names
        ):
            return None
        if digits is not None and point.confirms(found, digits, names):
            return None
    undefined = not np.all(np.isfinite(found))
    return Fault(
        f"{'undefined' if undefined else 'wrong'} {label}",
        f"matcalc {found.shape} {found.ravel()[:6]}, wanted {wanted.shape} {wanted.ravel()[:6]}",
    )


LABELS = {1: "first derivative", 2: "second derivative", 3: "third derivative"}


def _derivative(f: mc.Expr, point: Point, names: tuple[str, ...]) -> Fault | None:
    """The operator, the vec form and the differential of one derivative.

    Of a scalar f the operator is the gradient by the first array, of which the further variables open directions.
    """
    derivative = point.answer(f, names)
    str(derivative), derivative.latex()
    reading = derivative.reading
    label = f"{'' if len(set(names)) == 1 else 'mixed '}{LABELS[len(names)]}"
    steps = [(n, point.direction(n)) for n in names]
    arrays = [i for i, v in enumerate(reading.wrt) if not v.is_scalar]
    pulled = names[arrays[0]] if f.node.is_scalar and arrays else None
    others = [s for i, s in enumerate(steps) if not (pulled and i == arrays[0])]
    wanted = point.derivative(*others, pulled=pulled)
    if pulled:
        wanted = projected(point.variables[pulled].kind, wanted)
    open_steps = [e for i, (_, e) in enumerate(steps) if i in arrays[bool(pulled) :]]
    factor = float(np.prod([e.item() for i, (_, e) in enumerate(steps) if i not in arrays]))
    directions = dict(zip(reading.directions, open_steps, strict=True))
    found = evaluate(reading.operator, point.values, point.sizes, directions) * factor
    referee = point.asked(f)
    digits = (
        lambda: referee.derivative(*others, pulled=pulled),
        lambda: referee.formula(reading.operator, directions, factor),
    )
    fault = agreed(point, found, wanted, f"{label}: operator", *others, pulled=pulled, digits=digits)
    if fault is None:
        moved = {
            perturbation(v, i + 1 if len(names) > 1 else 0): e
            for i, (v, (_, e)) in enumerate(zip(reading.wrt, steps, strict=True))
        }
        found = evaluate(reading.differential, point.values, point.sizes, moved)
        total = np.sum(wanted * steps[arrays[0]][1]).reshape(1, 1) if pulled else wanted
        digits = (lambda: referee.derivative(*steps), lambda: referee.formula(reading.differential, moved))
        fault = agreed(point, found, total, f"{label}: differential", *others, pulled=pulled, digits=digits)
    if fault is None and len(reading.directions) == 1 and reading.matrix is not None:
        fault = _vec_form(point, reading, others, pulled, factor, label, referee)
    return fault


def _vec_form(
    point: Point,
    reading: Any,
    others: list[tuple[str, np.ndarray]],
    pulled: str | None,
    factor: float,
    label: str,
    referee: Referee,
) -> Fault | None:
    """The matrix acts on any direction as on its part within the structure."""
    arrays = [i for i, (n, _) in enumerate(others) if not _is_scalar(reading, n)]
    place = arrays[-1]
    name = others[place][0]
    e = point.rng.standard_normal(point.values[name].shape)
    steps = [*others[:place], (name, projected(point.variables[name].kind, e)), *others[place + 1 :]]
    wanted = point.derivative(*steps, pulled=pulled)
    if pulled:
        wanted = projected(point.variables[pulled].kind, wanted)
    stacked = evaluate(reading.matrix, point.values, point.sizes) @ e.reshape((-1, 1), order="F") * factor
    digits = (
        lambda: _stacked(referee.derivative(*steps, pulled=pulled)),
        lambda: referee.formula(reading.matrix, {}, factor, e.reshape((-1, 1), order="F")),
    )
    return agreed(point, stacked, _stacked(wanted), f"{label}: vec form", *steps, pulled=pulled, digits=digits)


def _stacked(x: Any) -> Any:
    return None if x is None else x.reshape((-1, 1), order="F")


def _is_scalar(reading: Any, name: str) -> bool:
    return any(v.is_scalar for v in reading.wrt if v.data[0] == name)
