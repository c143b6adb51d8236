"""A batch of inputs gives what a loop over them gives."""

from __future__ import annotations

import numpy as np
import pytest

import matcalc as mc
from matcalc.errors import UnsupportedError
from tests.compiling.cases import CASES
from tests.compiling.test_values import arguments, point_of
from tests.machine import sweep


@sweep(3)
@pytest.mark.parametrize(("text", "name"), CASES, ids=[c[0][:40] for c in CASES])
def test_batch_is_a_loop(text: str, name: str) -> None:
    f = mc.parse(text)
    outputs = [f, mc.derivative(f, name), mc.derivative(f, name, name)]
    point = point_of(f)
    values = arguments(f, point)
    if np.prod([dim.evaluate(point.sizes) for dim in outputs[-1].shape]) > 20_000:
        outputs.pop()
    stack = [values[name], values[name] * 1.1, values[name] * 0.9]
    try:
        fn = mc.compile(outputs, batch=(name,))
    except UnsupportedError as reason:
        pytest.skip(str(reason))
    plain = mc.compile(outputs)
    sizes = {n: point.sizes[n] for n in fn.parameters if n in point.sizes and n not in f.declarations}
    results = fn(**{**values, name: np.stack(stack)}, **sizes)
    loops = [plain(**{**values, name: x}, **sizes) for x in stack]
    for k, result in enumerate(results):
        wanted = np.stack([loop[k] for loop in loops])
        assert result.shape == wanted.shape
        np.testing.assert_allclose(result, wanted, rtol=1e-8, atol=1e-8)


def test_two_batched_variables() -> None:
    rng = np.random.default_rng(0)
    fn = mc.compile("y .* tanh(A x) where A: matrix(m, n), x: vector(n), y: vector(m)", batch=("x", "A"))
    A, x, y = rng.standard_normal((5, 3, 4)), rng.standard_normal((5, 4)), rng.standard_normal(3)
    np.testing.assert_allclose(fn(A=A, x=x, y=y), [y * np.tanh(a @ b) for a, b in zip(A, x, strict=True)])


def test_a_batch_of_what_is_no_variable() -> None:
    with pytest.raises(mc.MatcalcError, match="z is not a variable"):
        mc.compile("A x", batch=("z",))
