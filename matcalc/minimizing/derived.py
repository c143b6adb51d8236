"""A problem with all that is derived of it, compiled: values, gradients of the Lagrangian, second derivatives, Jacobians."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import combinations_with_replacement, pairwise
from typing import Any

import numpy as np

from matcalc.calculus.differential import differential
from matcalc.compiling import CompiledFunction, compile_outputs
from matcalc.expr import perturbation, substitute, variable
from matcalc.minimizing.coordinates import Array, Coordinates
from matcalc.objects.derivatives import Derivative, derivative
from matcalc.objects.expressions import Expr
from matcalc.solving.problems import Problem
from matcalc.solving.ways.equations import holds

__all__ = ["Derived", "Functions"]


class Derived:
    """What the symbolic part makes of a problem; nothing here depends on data.

    Attributes:
        names: of the unknowns.
        constraints: those of the problem.
        values: the function and the residuals of its constraints.
        slopes: the gradients of the Lagrangian; without constraints the function before them.
    """

    def __init__(self, problem: Problem) -> None:
        f = problem.objective
        assert f is not None
        self.problem = problem
        self._pulls: dict[str, CompiledFunction] = {}
        self.constraints = problem.constraints
        self.names = [str(x.data[0]) for x in problem.unknowns]
        self.multipliers = [str(x.data[0]) for x in problem.multipliers]
        frame = problem.frame
        self._lagrangian = frame.of(problem.lagrangian) if problem.constraints else f.function
        self._residuals = [frame.of(c.residual) for c in problem.constraints]
        gradients: list[Expr | Derivative] = [derivative(self._lagrangian, name) for name in self.names]
        own: list[Expr | Derivative] = [f.function, *self._residuals]
        self.values: CompiledFunction = compile_outputs(own, single=False)
        self.slopes: CompiledFunction = compile_outputs(
            gradients if problem.constraints else [f.function, *gradients], single=False
        )

    @cached_property
    def bends(self) -> tuple[list[tuple[int, int]], CompiledFunction | None]:
        """Which second derivatives of the Lagrangian are not zero, and their code."""
        places = list(combinations_with_replacement(range(len(self.names)), 2))
        found = [(p, derivative(self._lagrangian, self.names[p[0]], self.names[p[1]])) for p in places]
        kept = [(p, d) for p, d in found if not d.reading.operator.is_zero]
        return [p for p, _ in kept], compile_outputs([d for _, d in kept], single=False) if kept else None

    @cached_property
    def jacobians(self) -> tuple[list[tuple[int, int]], CompiledFunction | None]:
        """Which constraints hold which unknowns, and the code of the derivatives."""
        places = [
            (i, j)
            for i, c in enumerate(self.constraints)
            for j, x in enumerate(self.problem.unknowns)
            if holds(c.residual, x)
        ]
        found = [derivative(self._residuals[i], self.names[j]) for i, j in places]
        return places, compile_outputs(found, single=False) if found else None

    @cached_property
    def _moved(self) -> tuple[Expr, dict[str, str]]:
        """The derivative of the Lagrangian along unknowns and multipliers, a number, and the names of these directions."""
        nodes = (*self.problem.unknowns, *self.problem.multipliers)
        steps = {x: variable(f"matcalcstep_{x.data[0]}", x.shape, sorted(x.data[1])) for x in nodes}
        moving = {x: perturbation(x) for x in nodes}
        node = substitute(differential(self._lagrangian.node, moving), {d: steps[x] for x, d in moving.items()})
        known = self.problem.frame.declarations
        declared = {str(s.data[0]): replace(known[str(x.data[0])], name=str(s.data[0])) for x, s in steps.items()}
        whole = self._lagrangian.of(node)
        names = {str(x.data[0]): str(s.data[0]) for x, s in steps.items()}
        return replace(whole, declarations={**known, **declared}), names

    @property
    def step_names(self) -> dict[str, str]:
        return self._moved[1]

    def pull(self, parameter: str) -> CompiledFunction:
        """Code for the gradient by a parameter of the derivative of the Lagrangian along a step of the unknowns and multipliers."""
        if parameter not in self._pulls:
            self._pulls[parameter] = compile_outputs([derivative(self._moved[0], parameter)])
        return self._pulls[parameter]


def _is_semidefinite(value: Array, is_strict: bool) -> bool:
    try:
        np.linalg.cholesky(value if is_strict else value + 1e-9 * np.abs(value).max(initial=1e-12) * np.eye(len(value)))
    except np.linalg.LinAlgError:
        return False
    return True


class Functions:
    """The function and its constraints as those of one vector, for given data.

    Attributes:
        coordinates: how the vector is made of the unknowns.
        counts: how many vectors, values, gradients and second derivatives were asked for.
    """

    def __init__(self, derived: Derived, data: Mapping[str, Any], coordinates: Coordinates) -> None:
        self.derived, self.data, self.coordinates = derived, dict(data), coordinates
        self.counts = {"nfev": 0, "njev": 0, "nhev": 0}
        self.shapes: list[tuple[int, ...]] = []
        self._spans: list[slice] = []
        tags = [x.data[1] for x in derived.problem.unknowns]
        names = zip(derived.names, tags, strict=True)
        self.definite = [(n, "spd" in t) for n, t in names if {"spd", "psd"} & set(t)]
        self._last: dict[str, tuple[bytes, Any]] = {}

    @property
    def is_constrained(self) -> bool:
        return bool(self.derived.constraints)

    def is_inside(self, z: Array) -> bool:
        """Whether matrices are as definite as they were declared."""
        arrays = self.coordinates.arrays(z)
        return all(_is_semidefinite(arrays[n], strict) for n, strict in self.definite)

    def singular(self, z: Array) -> str:
        """The name of a definite unknown that hardly is one; empty where there is none."""
        arrays = self.coordinates.arrays(z)
        spans = {n: np.linalg.eigvalsh(arrays[n])[[0, -1]] for n, _ in self.definite}
        return next((n for n, (least, largest) in spans.items() if least < 1e-6 * abs(largest)), "")

    def values(self, z: Array) -> tuple[float, Array]:
        """The function, and the residuals of all constraints in one vector; the function is inf where it has no value."""
        if not self.is_constrained:
            return self._both(z)[0], np.zeros(0)
        return self._remembered("values", z, self._values)  # type: ignore[no-any-return]

    def _values(self, z: Array) -> tuple[float, Array]:
        self.counts["nfev"] += 1
        found = self._run(self.derived.values, z) if self.is_inside(z) else None
        if found is None or not np.all(np.isfinite(found[0])):
            return np.inf, np.full(self._spans[-1].stop if self._spans else 0, np.nan)
        f, *residuals = found
        if not self._spans:
            self._measure([np.shape(r) for r in residuals])
        return float(f), np.concatenate([np.reshape(r, -1) for r in residuals])

    def _measure(self, shapes: list[tuple[int, ...]]) -> None:
        self.shapes = shapes
        ends = np.cumsum([0, *(int(np.prod(s)) for s in shapes)]).tolist()
        self._spans = [slice(a, b) for a, b in pairwise(ends)]

    def slope(self, z: Array, weights: Array) -> Array:
        """The gradient of the Lagrangian with these multipliers."""
        if not self.is_constrained:
            return self._both(z)[1]
        self.counts["njev"] += 1
        found = self._run(self.derived.slopes, z, self._multipliers(weights))
        return np.full(len(z), np.nan) if found is None else self.coordinates.gradient(found)

    def _both(self, z: Array) -> tuple[float, Array]:
        return self._remembered("both", z, self._computed)  # type: ignore[no-any-return]

    def _computed(self, z: Array) -> tuple[float, Array]:
        self.counts["nfev"] += 1
        self.counts["njev"] += 1
        found = self._run(self.derived.slopes, z) if self.is_inside(z) else None
        if found is None or not np.all(np.isfinite(found[0])):
            return np.inf, np.full(len(z), np.nan)
        return float(found[0]), self.coordinates.gradient(found[1:])

    def bend(self, z: Array, weights: Array) -> Array:
        """The Hessian of the Lagrangian."""
        self.counts["nhev"] += 1
        places, code = self.derived.bends
        found = () if code is None else self._run(code, z, self._multipliers(weights))
        if found is None:
            return np.full((len(z), len(z)), np.nan)
        return self.coordinates.hessian(dict(zip(places, found, strict=True)))

    def jacobian(self, z: Array) -> Array:
        """The derivatives of all residuals."""
        return self._remembered("jacobian", z, self._jacobian)  # type: ignore[no-any-return]

    def _jacobian(self, z: Array) -> Array:
        places, code = self.derived.jacobians
        found = dict(zip(places, self._run(code, z) or (), strict=True)) if code is not None else {}
        count = len(self.derived.names)
        rows = [
            self.coordinates.jacobian([found.get((i, j)) for j in range(count)], int(np.prod(shape)))
            for i, shape in enumerate(self.shapes)
        ]
        return np.concatenate(rows) if rows else np.zeros((0, len(z)))

    def multipliers(self, weights: Array) -> dict[str, Array]:
        """The multipliers by their names, in the shapes of their constraints."""
        return self._multipliers(weights)

    def _multipliers(self, weights: Array) -> dict[str, Array]:
        spans = zip(self.derived.multipliers, self._spans, self.shapes, strict=True)
        return {name: weights[span].reshape(shape) for name, span, shape in spans}

    def _run(self, code: CompiledFunction, z: Array, more: Mapping[str, Array] | None = None) -> Sequence[Any] | None:
        """What the code gives, or None where it has no value."""
        try:
            with np.errstate(all="ignore"):
                return code(**self.data, **self.coordinates.arrays(z), **(more or {}))  # type: ignore[no-any-return]
        except np.linalg.LinAlgError:
            return None

    def _remembered(self, kind: str, z: Array, compute: Any) -> Any:
        key = z.tobytes()
        if self._last.get(kind, (b"", None))[0] != key:
            self._last[kind] = (key, compute(z))
        return self._last[kind][1]

    def kinds(self) -> Array:
        """Of each residual whether it has to be zero; else it has to be at most zero."""
        pairs = zip(self.derived.constraints, self.shapes, strict=True)
        parts = [np.full(int(np.prod(shape)), c.is_equality) for c, shape in pairs]
        return np.concatenate(parts) if parts else np.zeros(0, dtype=bool)
