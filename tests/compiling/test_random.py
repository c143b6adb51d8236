"""Random expressions: compiled values and Jacobians against the reference semantics."""

from __future__ import annotations

import numpy as np
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import matcalc as mc
from matcalc.checking.sampling import Point
from matcalc.checking.values.evaluate import evaluate
from matcalc.errors import DomainError
from matcalc.expr import Node
from tests.compiling.test_values import expected_derivative
from tests.strategies import DECLARATIONS, columns, scalars, squares

rng = np.random.default_rng(2)
N, M = 4, 3
S = rng.standard_normal((N, N))
VALUES = {
    "A": rng.standard_normal((N, N)) / 2 + 2 * np.eye(N),
    "B": rng.standard_normal((N, N)) / 2 - 2 * np.eye(N),
    "S": (S + S.T) / 4 + 3 * np.eye(N),
    "M": rng.standard_normal((M, N)) / 2,
    "x": rng.standard_normal((N, 1)),
    "y": rng.standard_normal((N, 1)),
    "s": np.array([[0.7]]),
    "t": np.array([[-0.4]]),
    "p": np.array([[1.3]]),
}
POINT = Point(VALUES, {"n": N, "m": M})
ARGUMENTS = {name: v.reshape(()) if v.size == 1 else v[:, 0] if v.shape[1] == 1 else v for name, v in VALUES.items()}


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.one_of(scalars(3), columns(2), squares(2)), st.sampled_from(["A", "S", "M", "x", "s"]))
def test_random_expressions(node: Node, name: str) -> None:
    f = mc.Expr(node, DECLARATIONS)
    try:
        d = mc.derivative(f, name)
    except DomainError:
        assume(False)
    sizes = {"n": N, "m": M}
    with np.errstate(all="ignore"):
        wanted = evaluate(node, VALUES, sizes)
        slope = expected_derivative(d, POINT)
        assume(np.all(np.isfinite(wanted)) and np.all(np.isfinite(slope)) and np.abs(slope).max(initial=0) < 1e6)
        fn = mc.compile([f, d])
        value, derivative = fn(**ARGUMENTS, **{k: v for k, v in sizes.items() if k in fn.parameters})
    scale = 1 + np.abs(wanted).max(initial=0)
    np.testing.assert_allclose(value, wanted.reshape(np.shape(value)), rtol=1e-7, atol=1e-8 * scale)
    scale = 1 + np.abs(slope).max(initial=0)
    np.testing.assert_allclose(derivative, slope, rtol=1e-6, atol=1e-7 * scale)


def test_terms_that_cancel_leave_zeros() -> None:
    """Found by the fuzzer: a factor whose summands cancel keeps its axes."""
    f = mc.parse("norm_nuc(s ./ softmax(A, 1)) where s: scalar, A: matrix(m, k)")
    hessian, gradient = mc.compile(mc.hessian(f, "A")), mc.compile(mc.derivative(f, "A"))
    rng = np.random.default_rng(0)
    a, e, h = rng.standard_normal((3, 4)), rng.standard_normal((3, 4)), 1e-5
    slope = (gradient(s=1.3, A=a + h * e) - gradient(s=1.3, A=a - h * e)) / (2 * h)
    assert np.allclose(np.tensordot(hessian(s=1.3, A=a), e, 2), slope, atol=1e-6)
