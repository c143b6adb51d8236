"""Functions that PyTorch and JAX differentiate by derived code: their own numeric checks, to second order, and their transforms.

PyTorch and JAX compare with differences of the value, so that no derivative is judged by another one.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import matcalc as mc
from matcalc.compiling.differentiable import operations
from matcalc.errors import UnsupportedError
from matcalc.expr import scaled
from tests.compiling.cases import CASES
from tests.compiling.test_values import arguments, point_of
from tests.machine import library, long, sweep

#: Not kinked at random points: differences of second order are none of a kink.
TEXTS = tuple(dict.fromkeys(text for text, _ in CASES if not any(w in text for w in ("relu", "where(x != 0", "n*n"))))[
    ::2
]
#: How a free array becomes one with the structure of the argument.
ONTO: dict[str, Callable[[Any], Any]] = {
    "symmetric": lambda m: (m + m.T) / 2,
    "spd": lambda m: (m + m.T) / 2,
    "psd": lambda m: (m + m.T) / 2,
    "skew": lambda m: (m - m.T) / 2,
    "diagonal": lambda m: m * np.eye(len(m)),
    "lower": lambda m: m * np.tri(len(m)),
    "upper": lambda m: m * np.tri(len(m)).T,
}


def function_and_point(text: str, target: str, **options: Any) -> tuple[Callable[..., Any], dict[str, Any]]:
    """The function of free arrays, each put into its structure on the way, and a point; integers stay as they are."""
    f = mc.parse(text)
    fn = mc.compile(f, target=target, **{"differentiable": True, **options})
    point = point_of(f)
    values = arguments(f, point)
    fixed = {n: int(v) for n, v in values.items() if "integer" in f.declarations[n].assumptions}
    fixed |= {n: point.sizes[n] for n in fn.parameters if n in point.sizes and n not in values}
    moving = {n: v for n, v in values.items() if n not in fixed}

    def function(*arrays: Any) -> Any:
        onto = (_onto(f.declarations[n].kind, a, target) for n, a in zip(moving, arrays, strict=True))
        return fn(**dict(zip(moving, onto, strict=True)), **fixed)

    return function, moving


def _onto(kind: str, array: Any, target: str) -> Any:
    masks = {"diagonal": np.eye, "lower": np.tri, "upper": lambda n: np.tri(n).T}
    if kind not in masks:
        return ONTO.get(kind, lambda a: a)(array)
    return (
        array * library(target).asarray(masks[kind](len(array)))
        if target == "torch"
        else array * masks[kind](len(array))
    )


def tensors(values: dict[str, Any]) -> tuple[Any, ...]:
    torch = library("torch")
    return tuple(torch.tensor(v, dtype=torch.float64, requires_grad=True) for v in values.values())


@sweep(18)
@pytest.mark.parametrize("text", TEXTS)
def test_gradcheck_and_gradgradcheck(text: str) -> None:
    torch = library("torch")
    function, values = function_and_point(text, "torch")
    args = tensors(values)
    torch.manual_seed(0)
    assert torch.autograd.gradcheck(function, args, fast_mode=True, check_forward_ad=True)
    assert torch.autograd.gradgradcheck(function, args, fast_mode=True, atol=1e-4, rtol=1e-3)


#: JAX does not transpose what the derived tangents of these call: a loop, functions of SciPy, a jitted Kronecker product.
NOT_TRANSPOSED = ("X^p", "expm(", "logm(", "kron(A, X)")


@long
@pytest.mark.parametrize("mode", ["vjp", "jvp"])
@pytest.mark.parametrize("text", TEXTS)
def test_check_grads(text: str, mode: str) -> None:
    jax = library("jax")
    jax.config.update("jax_enable_x64", True)
    from jax.test_util import check_grads

    function, values = function_and_point(text, "jax", differentiable=mode)
    args = tuple(map(jax.numpy.asarray, values.values()))
    check_grads(function, args, order=2, modes=("rev",) if mode == "vjp" else ("fwd",), atol=1e-4, rtol=1e-3)
    if mode == "jvp" and not any(word in text for word in NOT_TRANSPOSED):
        check_grads(function, args, order=1, modes=("rev",), atol=1e-4, rtol=1e-3)


def test_there_are_enough_rows() -> None:
    assert len(TEXTS) >= 30


TYPED = "sum(softplus(-(y .* (A x)))) + s ||x||^2 / 2"


def example() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(3)
    return {
        "A": rng.standard_normal((6, 3)),
        "x": rng.standard_normal(3),
        "y": rng.choice([-1.0, 1.0], 6),
        "s": np.array(0.7),
    }


def test_backward_is_the_derived_one() -> None:
    """The gradient is what the engine derives, the same function is differentiated again, and hands over what is needed."""
    torch = library("torch")
    fn, values = mc.compile(TYPED, target="torch", differentiable=True), example()
    given = dict(zip(values, tensors(values), strict=True))
    given["A"].requires_grad_(False)
    fn(**given).backward()
    expected = mc.compile(mc.gradient(TYPED, "x"))(**values)
    assert np.allclose(given["x"].grad, expected, rtol=1e-12) and given["A"].grad is None
    (slope,) = torch.autograd.grad(fn(**given), given["x"], create_graph=True)
    (curved,) = torch.autograd.grad(slope @ slope, given["x"])
    hessian = mc.compile(mc.hessian(TYPED, "x"))(**values)
    assert np.allclose(curved, 2 * hessian @ expected, rtol=1e-10)


def test_a_wrong_cotangent_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A planted fault: PyTorch's and JAX's own checks fail, so that the code really takes derived cotangents."""
    torch, jax = library("torch"), library("jax")
    jax.config.update("jax_enable_x64", True)
    from jax.test_util import check_grads

    true = operations.gradient
    monkeypatch.setattr(operations, "gradient", lambda f, name: f.of(scaled(2, true(f, name).node)))
    function, values = function_and_point("A x where A: matrix(m, n), x: vector(n)", "torch")
    assert not torch.autograd.gradcheck(function, tensors(values), raise_exception=False)
    function, values = function_and_point("A x where A: matrix(m, n), x: vector(n)", "jax")
    with pytest.raises(AssertionError):
        check_grads(function, tuple(map(jax.numpy.asarray, values.values())), order=1, modes=("rev",))


def test_transforms_of_torch() -> None:
    """grad, vmap, jacrev, jacfwd and hessian of torch.func give what is derived."""
    torch = library("torch")
    fn, values = mc.compile(TYPED, target="torch", differentiable=True), example()
    fixed = {n: torch.tensor(v) for n, v in values.items() if n != "x"}
    x = torch.tensor(values["x"])

    def of_x(x: Any) -> Any:
        return fn(x=x, **fixed)

    gradient = mc.compile(mc.gradient(TYPED, "x"))(**values)
    hessian = mc.compile(mc.hessian(TYPED, "x"))(**values)
    assert np.allclose(torch.func.grad(of_x)(x), gradient)
    assert np.allclose(torch.func.jacfwd(of_x)(x), gradient)
    assert np.allclose(torch.func.hessian(of_x)(x), hessian)
    assert np.allclose(torch.func.vmap(torch.func.grad(of_x))(torch.stack([x, x])), [gradient, gradient])


@long
@pytest.mark.parametrize("mode", ["vjp", "jvp"])
def test_transforms_of_jax(mode: str) -> None:
    jax = library("jax")
    jax.config.update("jax_enable_x64", True)
    fn, values = mc.compile(TYPED, target="jax", differentiable=mode), example()
    fixed = {n: v for n, v in values.items() if n != "x"}

    def of_x(x: Any) -> Any:
        return fn(x=x, **fixed)

    gradient = mc.compile(mc.gradient(TYPED, "x"))(**values)
    hessian = mc.compile(mc.hessian(TYPED, "x"))(**values)
    second = jax.hessian if mode == "jvp" else lambda f: jax.jacrev(jax.jacrev(f))
    assert np.allclose(jax.jit(jax.grad(of_x))(values["x"]), gradient)
    assert np.allclose(second(of_x)(values["x"]), hessian)
    assert np.allclose(jax.vmap(jax.grad(of_x))(np.stack([values["x"]] * 2)), [gradient, gradient])
    assert ("custom_vjp" in str(jax.make_jaxpr(of_x)(values["x"]))) == (mode == "vjp")


@pytest.mark.parametrize("target", ["torch", "jax"])
def test_of_a_batch(target: str) -> None:
    """What all members share has the sum of their slopes."""
    library(target)
    values = {**example(), "x": np.random.default_rng(5).standard_normal((4, 3)), "A": np.ones((6, 3)) / 3}
    fn = mc.compile(TYPED, target=target, batch="x", differentiable=True)
    slopes = mc.compile([mc.gradient(TYPED, "x"), mc.gradient(TYPED, "A")])
    each = [slopes(**{**values, "x": x}) for x in values["x"]]
    weights = np.array([1.0, 2.0, 3.0, 4.0])
    if target == "torch":
        given = dict(zip(values, tensors(values), strict=True))
        (fn(**given) * library("torch").tensor(weights)).sum().backward()
        found = [given["x"].grad, given["A"].grad]
    else:
        library("jax").config.update("jax_enable_x64", True)
        rest = {n: v for n, v in values.items() if n not in "xA"}
        found = library("jax").grad(lambda x, A: fn(x=x, A=A, **rest) @ weights, (0, 1))(values["x"], values["A"])
    assert np.allclose(found[0], [w * x for w, (x, _) in zip(weights, each, strict=True)])
    assert np.allclose(found[1], sum(w * a for w, (_, a) in zip(weights, each, strict=True)))


def test_values_lists_types_and_pickle() -> None:
    torch = library("torch")
    values = example()
    plain = mc.compile([TYPED, mc.gradient(TYPED, "x")])(**values)
    fn = pickle.loads(pickle.dumps(mc.compile([TYPED, mc.gradient(TYPED, "x")], target="torch", differentiable=True)))
    given = {n: torch.tensor(v, dtype=torch.float32) for n, v in values.items()}
    found = fn(**{**given, "s": 0.7})
    assert all(np.allclose(a, b, rtol=1e-5) and a.dtype == torch.float32 for a, b in zip(found, plain, strict=True))
    x = given["x"].requires_grad_(True)
    fn(**given)[1].sum().backward()
    hessian = mc.compile(mc.hessian(TYPED, "x"))(**values)
    assert np.allclose(x.grad, hessian.sum(0), rtol=1e-4) and "cotangent" in fn.derivative_source


def test_structured_arguments_have_the_slope_of_their_structure() -> None:
    torch = library("torch")
    fn = mc.compile("tr(A S)", target="torch", where="S: symmetric(n), A: matrix(n, n)", differentiable=True)
    A, S = torch.arange(9.0).reshape(3, 3), torch.eye(3, requires_grad=True)
    fn(A=A, S=S).backward()
    assert np.allclose(S.grad, (A + A.T) / 2)


@pytest.mark.parametrize(
    ("f", "options", "said"),
    [
        ("x^T x", {"target": "numpy"}, "not there for the target numpy"),
        ("x^T x", {"target": "torch", "differentiable": "jvp"}, "jvp"),
        (mc.hessian("tr(X^T X X^T X)", "X"), {"target": "torch"}, "no array in matrix notation"),
        ("sum(g(x)) where g: function", {"target": "torch"}, "nobody defined"),
        (mc.hessian("x^T A x", "x"), {"target": "torch", "form": "structured"}, "no derivative in a library"),
    ],
)
def test_what_has_no_such_derivatives_says_so(f: Any, options: dict[str, Any], said: str) -> None:
    with pytest.raises(UnsupportedError, match=said):
        mc.compile(f, **{"differentiable": True, **options})
