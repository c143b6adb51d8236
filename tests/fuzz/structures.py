"""Structured variables: the conventions, and Riemannian gradients by their definition."""

from __future__ import annotations

import numpy as np

import matcalc as mc
from matcalc.checking.values.evaluate import evaluate
from tests.fuzz import arrays
from tests.fuzz.compare import TOLERANCE, Fault, Point, agreed
from tests.fuzz.draw import Case
from tests.fuzz.points import projected

__all__ = ["compared"]

STRUCTURED = ("symmetric", "spd", "psd", "skew", "diagonal", "lower", "upper")
#: Where only the symmetric part of an operand counts, or one triangle of it, entries cannot move alone.
OF_SYMMETRIC = ("chol", "eigvals", "eigmax", "eigmin")


def compared(f: mc.Expr, case: Case, point: Point) -> Fault | None:
    """Of a scalar function: each convention that applies to each of its variables."""
    if not f.node.is_scalar:
        return None
    for name, variable in point.variables.items():
        fault = None
        if point.scaled and not _is_known(f, point, name):
            continue
        if variable.kind in STRUCTURED:
            fault = _independent(f, point, name) or _unstructured(f, case, point, name)
        if fault is None and variable.kind in ("spd", "orthogonal"):
            fault = _riemannian(f, point, name)
        if fault is not None and not (fault.undefined and point.excluded(f, (name,))):
            return fault
    return None


def _is_known(f: mc.Expr, point: Point, name: str) -> bool:
    """Whether the other library has the gradient that many digits confirm: its roots of matrices are not exact."""
    found = _value(mc.gradient(f, name), point)
    kind = point.variables[name].kind
    wanted = projected(kind, point.derivative(pulled=name))
    referee = point.asked(f)
    digits = (lambda: referee.derivative(pulled=name), lambda: None)
    return point.close(found, wanted, 0.0, [name]) or not point.confirms(found, digits, [name])


def _value(e: mc.Expr, point: Point) -> np.ndarray:
    return evaluate(e.node, point.values, point.sizes)


def _answered(f: mc.Expr, point: Point, name: str, convention: str) -> np.ndarray:
    """What is printed, or what code computes where the answer says that it goes on by continuity."""
    answer = mc.derivative(f, name, convention=convention)
    found = evaluate(answer.reading.operator, point.values, point.sizes)
    if np.all(np.isfinite(found)) or answer.continued is None:
        return found
    return arrays.computed(answer, point).reshape(found.shape)


def _unstructured(f: mc.Expr, case: Case, point: Point, name: str) -> Fault | None:
    if any(word in case.text for word in OF_SYMMETRIC) or case.tree.keeps_zeros():
        return None
    found = _answered(f, point, name, "unstructured")
    fault = agreed(point, found, point.derivative(pulled=name), "unstructured gradient", pulled=name)
    return fault or (_unstructured_hessian(f, point, name) if len(case.wrt) == 2 else None)


def _unstructured_hessian(f: mc.Expr, point: Point, name: str) -> Fault | None:
    """Along any direction, be it outside of the structure."""
    derivative = mc.derivative(f, name, name, convention="unstructured")
    reading = derivative.reading
    e = point.rng.standard_normal(point.values[name].shape)
    found = evaluate(reading.operator, point.values, point.sizes, dict.fromkeys(reading.directions, e))
    wanted = point.derivative((name, e), pulled=name)
    computed = np.einsum("...ij,ij", arrays.computed(derivative, point), e).reshape(e.shape)
    fault = agreed(point, computed, wanted, "compiled unstructured Hessian", (name, e), pulled=name)
    if fault is not None or (derivative.continued is not None and not np.all(np.isfinite(found))):
        return fault
    return agreed(point, found, wanted, "unstructured Hessian", (name, e), pulled=name)


def _independent(f: mc.Expr, point: Point, name: str) -> Fault | None:
    """The derivative by the entry (i, j), i >= j, moves every entry that depends on it."""
    found = _answered(f, point, name, "independent")
    gradient = point.derivative(pulled=name)
    wanted = np.zeros_like(gradient)
    kind = point.variables[name].kind
    for i, j in np.ndindex(gradient.shape):
        unit = np.zeros_like(gradient)
        unit[i, j] = 1
        if kind in ("symmetric", "spd", "psd"):
            unit[j, i] = 1
        elif kind == "skew":
            unit[j, i] -= 1
        else:
            unit = projected(point.variables[name].kind, unit)
        wanted[i, j] = np.sum(gradient * unit)
    return agreed(point, found, wanted, "gradient by independent entries", pulled=name)


def _riemannian(f: mc.Expr, point: Point, name: str) -> Fault | None:
    """<R, E>_X = df[E] for tangents E, and R is one."""
    x = point.values[name]
    gradient = point.derivative(pulled=name)
    e = point.rng.standard_normal(x.shape)
    if point.variables[name].kind == "spd":
        r, tangent = _value(mc.gradient(f, name, geometry="affine-invariant"), point), e + e.T
        paired = np.trace(np.linalg.solve(x, r) @ np.linalg.solve(x, tangent))
        normal = r - r.T
    else:
        r, tangent = _value(mc.gradient(f, name, geometry="stiefel"), point), x @ (e - e.T)
        paired = np.sum(r * tangent)
        normal = x.T @ r + r.T @ x
    wanted = np.sum(gradient * tangent).reshape(1)
    rounding = 1e-14 * (np.sum(np.abs(r)) + np.sum(np.abs(gradient))) * np.sum(np.abs(tangent))
    is_rounding = bool(np.all(np.abs(paired - wanted) <= rounding))
    fault = None if is_rounding else agreed(point, paired.reshape(1), wanted, "Riemannian gradient", pulled=name)
    size = max(np.max(np.abs(r)), np.max(np.abs(gradient)))
    if fault is None and np.max(np.abs(normal)) > TOLERANCE * size:
        return Fault("Riemannian gradient that is no tangent", f"matcalc {r.ravel()[:6]}")
    return fault
