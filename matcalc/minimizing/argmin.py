"""A minimiser as a function of its data that PyTorch and JAX differentiate: an argmin layer.

Backward solves one linear system, that of the KKT conditions at the minimiser, [H J^T; J 0] (v, w) = (g, 0) in the entries that lie on
no bound and with the constraints that hold; the data then get minus the gradient of the Lagrangian's derivative along (v, w)
[Amos & Kolter 2017; Gould et al. 2022].
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from matcalc.errors import MatcalcError, UnsupportedError
from matcalc.expr import variables
from matcalc.language import canonical_name
from matcalc.language.limits import bounded
from matcalc.minimizing.coordinates import Array
from matcalc.minimizing.derived import Functions
from matcalc.minimizing.methods.lagrangian import Ended
from matcalc.minimizing.methods.newton import NEAR
from matcalc.minimizing.minimum import Stated, reached, stated_problem
from matcalc.objects.expressions import Expr, Variable, Where

__all__ = ["Minimiser", "argmin"]

TARGETS = ("numpy", "torch", "jax")
#: A multiplier above this belongs to a constraint that holds as an equation.
ACTIVE = 1e-9


class Minimiser:
    """x*(data), called with the data by name; NumPy, PyTorch or JAX.

    Attributes:
        name: of the unknown.
        parameters: the names of the data.
    """

    def __init__(self, stated: Stated, bounds: Any, target: str) -> None:
        self._stated, self._bounds, self.target = stated, bounds, target
        (self.name,) = stated.derived.names
        nodes = [stated.problem.lagrangian, *(c.residual for c in stated.whole.constraints)]
        own = {*stated.derived.names, *(str(m.data[0]) for m in stated.whole.multipliers)}
        self.parameters = tuple(n for n in sorted(str(v.data[0]) for v in variables(*nodes)) if n not in own)

    def __repr__(self) -> str:
        return f"<{self.target} minimiser {self.name}({', '.join(self.parameters)})>"

    def __call__(self, **data: Any) -> Any:
        named = {canonical_name(n): v for n, v in data.items()}
        if self.target == "torch":
            from matcalc.minimizing.layers_torch import solved

            return solved(self, named)
        if self.target == "jax":
            from matcalc.minimizing.layers_jax import solved as solved_by_jax

            return solved_by_jax(self, named)
        return self.solve(named)[0]

    def shape(self, data: Mapping[str, Any]) -> tuple[int, ...]:
        """The shape of the minimiser for data of these shapes."""
        return self._stated.derived.values.shape_of(self.name, data, np.nan)

    def solve(self, data: Mapping[str, Any], start: Any = None) -> tuple[Array, Any]:
        """The minimiser, and what `pull` needs. Raises MatcalcError where none was found."""
        result, *state = reached(self._stated, data, self._bounds, start)
        if not result.success:
            raise MatcalcError(f"no minimiser was found: {result.message}", code="minimiser")
        return np.asarray(result.x), (dict(data), *state)

    def pull(self, state: Any, g: Array, names: Sequence[str]) -> list[Array]:
        """The gradients of <g, x*> by the data of these names."""
        data, functions, ended, (low, high) = state
        others = (np.zeros(block.shape) for block in functions.coordinates.blocks[1:])
        v, w = _adjoint(functions, ended, low, high, functions.coordinates.gradient([g, *others]))
        derived = functions.derived
        steps = {**functions.coordinates.arrays(v), **functions.multipliers(w)}
        named = {derived.step_names[n]: value for n, value in steps.items()}
        at = {**data, **functions.coordinates.arrays(ended.z), **functions.multipliers(ended.weights), **named}
        found = [-np.asarray(derived.pull(name)(**at)) for name in names]
        return [np.broadcast_to(value, np.shape(data[name])) for name, value in zip(names, found, strict=True)]


def _adjoint(functions: Functions, ended: Ended, low: Array, high: Array, g: Array) -> tuple[Array, Array]:
    """(v, w) of the linear system; zero in entries on their bounds, and for constraints that do not hold as equations."""
    z, weights = ended.z, ended.weights
    functions.values(z)
    slope = functions.slope(z, weights)
    free = ~(((z <= low + NEAR) & (slope > 0)) | ((z >= high - NEAR) & (slope < 0)))
    active = functions.kinds() | (weights > ACTIVE)
    rows = functions.jacobian(z)[np.ix_(active, free)]
    hessian = functions.bend(z, weights)[np.ix_(free, free)]
    system = np.block([[hessian, rows.T], [rows, np.zeros((len(rows), len(rows)))]])
    found = np.linalg.lstsq(system, np.concatenate([g[free], np.zeros(len(rows))]), rcond=1e-13)[0]
    v, w = np.zeros_like(z), np.zeros_like(weights)
    v[free], w[active] = found[: int(free.sum())], found[int(free.sum()) :]
    return v, w


@bounded
def argmin(
    f: str | Expr,
    wrt: Variable,
    *,
    subject_to: str | Sequence[str] | None = None,
    bounds: Any = None,
    where: Where = None,
    target: str = "numpy",
) -> Minimiser:
    """The minimiser of f as a function of the data, for "torch" (an autograd.Function) and "jax" (a custom_vjp) with its gradient.

    Called with the data as keywords, it gives x* as `minimize` finds it; backward is one linear system, also with equality and
    inequality constraints and on bounds. Where no minimiser is found, a call raises MatcalcError.

    >>> ridge = mc.argmin("||A x - b||^2 + k ||x||^2", "x", where="k: scalar(positive)")
    >>> ridge(A=np.eye(2), b=np.array([2.0, 4.0]), k=1.0)
    array([1., 2.])

    Raises:
        MatcalcError: as of `minimize`; UnsupportedError: another target.
    """
    if target not in TARGETS:
        raise UnsupportedError(f"there is no target {target}", hint=f"targets are {', '.join(TARGETS)}")
    texts = [subject_to] if isinstance(subject_to, str) else list(subject_to or ())
    stated = stated_problem(f, [wrt], texts, where)
    if any(not isinstance(limit.value, float) for limit in stated.limits):
        stated = Stated(stated.whole, keeps_limits=True)
    return Minimiser(stated, bounds, target)
