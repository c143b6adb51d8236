"""Independent automatic differentiators: PyTorch and JAX, behind the same few operations.

Measured on a function of twelve operations of 3 x 3 matrices, gradient and Hessian-vector product: PyTorch 0.12 and
0.3 ms, HIPS autograd 0.2 and 1.1 ms, JAX 3.9 and 5.9 ms (and a compilation for every new shape). PyTorch is therefore
the one that is used, JAX a second opinion.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from importlib import import_module
from typing import Any

import numpy as np

from tests.machine import has

__all__ = ["Backend", "Jax", "Torch", "current", "use", "xp"]

Array = Any
#: f by the values of the variables it moves with
Function = Callable[[Mapping[str, Array]], Array]
Step = tuple[str, np.ndarray]


class Backend:
    """An array library with derivatives of any order along directions."""

    def __init__(self) -> None:
        self.functions: dict[str, Callable[..., Array]] = {}

    def array(self, value: np.ndarray) -> Array:
        raise NotImplementedError

    def single(self) -> AbstractContextManager[None]:
        """Numbers of single precision (JAX: the data alone) while it lasts, to see how far rounding moves an answer."""
        raise NotImplementedError

    def value(self, f: Function, values: Mapping[str, np.ndarray]) -> np.ndarray:
        return np.asarray(f({n: self.array(v) for n, v in values.items()}))

    def derivative(
        self, f: Function, values: Mapping[str, np.ndarray], steps: Sequence[Step], pulled: str | None
    ) -> np.ndarray:
        """D^k f in these directions; ``pulled`` takes the gradient by that variable first (f is 1 x 1 then)."""
        raise NotImplementedError

    def whole(self, f: Function, values: Mapping[str, np.ndarray], names: Sequence[str]) -> np.ndarray:
        """Every entry of the derivative by these variables: the axes of f, then those of each of them."""
        raise NotImplementedError


class Torch(Backend):
    """Reverse mode throughout: a directional derivative is the derivative of a vector-Jacobian product by its vector."""

    def __init__(self) -> None:
        super().__init__()
        self.torch = torch = import_module("torch")
        torch.set_num_threads(1)
        self.dtype = torch.float64
        zero = torch.zeros(())
        self.functions = {
            "array": lambda x: torch.as_tensor(x, dtype=self.dtype),
            "eye": lambda n: torch.eye(n, dtype=self.dtype),
            "ones": lambda shape: torch.ones(shape, dtype=self.dtype),
            "zeros": lambda shape: torch.zeros(shape, dtype=self.dtype),
            "inv": torch.linalg.inv,
            "solve": torch.linalg.solve,
            "det": torch.linalg.det,
            "logabsdet": lambda x: torch.linalg.slogdet(x)[1],
            "eigvalsh": torch.linalg.eigvalsh,
            "cholesky": torch.linalg.cholesky,
            "sort": lambda x: torch.sort(x).values,
            "flip": lambda x: torch.flip(x, (0,)),
            "maximum": lambda a, b: torch.maximum(a, torch.as_tensor(b, dtype=self.dtype)),
            "minimum": lambda a, b: torch.minimum(a, torch.as_tensor(b, dtype=self.dtype)),
            "stack": lambda parts: torch.stack(parts),
            "softplus": lambda x: torch.logaddexp(x, zero),
            "gammaln": torch.lgamma,
            "log_ndtr": torch.special.log_ndtr,
            "logsumexp": lambda x: torch.logsumexp(torch.ravel(x), 0),
            "softmax": lambda x, axis: torch.softmax(x, axis),
            "log_softmax": lambda x, axis: torch.log_softmax(x, axis),
            "block": lambda rows: torch.cat([torch.cat(row, 1) for row in rows], 0),
        }

    def __getattr__(self, name: str) -> Any:
        return getattr(import_module("torch"), name)

    def array(self, value: np.ndarray) -> Array:
        return self.torch.tensor(np.asarray(value, dtype=float), dtype=self.dtype)

    @contextmanager
    def single(self) -> Iterator[None]:
        self.dtype = self.torch.float32
        try:
            yield
        finally:
            self.dtype = self.torch.float64

    def derivative(
        self, f: Function, values: Mapping[str, np.ndarray], steps: Sequence[Step], pulled: str | None
    ) -> np.ndarray:
        x = {n: self.array(v) for n, v in values.items()}
        for name in {n for n, _ in steps} | ({pulled} if pulled else set()):
            x[name].requires_grad_(True)
        y = f(x)
        if pulled:
            y = self._slope(y.sum(), x[pulled])
        for name, step in steps:
            y = self._along(y, x[name], self.array(step))
        return y.detach().numpy()

    def whole(self, f: Function, values: Mapping[str, np.ndarray], names: Sequence[str]) -> np.ndarray:
        x = {n: self.array(v).requires_grad_(n in names) for n, v in values.items()}
        y = f(x)
        for name in names:
            slopes = [self._slope(entry, x[name]) for entry in y.reshape(-1)]
            y = self.torch.stack(slopes).reshape(*y.shape, *x[name].shape)
        return y.detach().numpy()

    def _along(self, y: Array, x: Array, step: Array) -> Array:
        if y.numel() == 1:
            return (self._slope(y.sum(), x) * step).sum().reshape(y.shape)
        weights = self.torch.zeros_like(y, requires_grad=True)
        return self._slope((self._slope((y * weights).sum(), x) * step).sum(), weights)

    def _slope(self, y: Array, x: Array) -> Array:
        if not y.requires_grad:
            return self.torch.zeros_like(x)
        (slope,) = self.torch.autograd.grad(y, x, create_graph=True, allow_unused=True)
        return self.torch.zeros_like(x) if slope is None else slope


class Jax(Backend):
    """Reverse mode for the gradient, forward mode for directions."""

    def __init__(self) -> None:
        super().__init__()
        self.jax = jax = import_module("jax")
        jax.config.update("jax_enable_x64", True)
        self.jnp = jnp = import_module("jax.numpy")
        self.dtype: type = np.float64
        special = import_module("jax.scipy.special")
        self.functions = {
            "array": jnp.asarray,
            "inv": jnp.linalg.inv,
            "solve": jnp.linalg.solve,
            "det": jnp.linalg.det,
            "logabsdet": lambda x: jnp.linalg.slogdet(x)[1],
            "eigvalsh": jnp.linalg.eigvalsh,
            "cholesky": jnp.linalg.cholesky,
            "sigmoid": jax.nn.sigmoid,
            "softplus": jax.nn.softplus,
            "relu": jax.nn.relu,
            "erf": special.erf,
            "erfc": special.erfc,
            "erfinv": special.erfinv,
            "gammaln": special.gammaln,
            "digamma": special.digamma,
            "polygamma": special.polygamma,
            "log_ndtr": special.log_ndtr,
            "logsumexp": special.logsumexp,
            "softmax": lambda x, axis: jax.nn.softmax(x, axis=axis),
            "log_softmax": lambda x, axis: jax.nn.log_softmax(x, axis=axis),
        }

    def __getattr__(self, name: str) -> Any:
        return getattr(import_module("jax.numpy"), name)

    def array(self, value: np.ndarray) -> Array:
        return self.jnp.asarray(np.asarray(value, self.dtype), dtype=float)

    @contextmanager
    def single(self) -> Iterator[None]:
        self.dtype = np.float32
        try:
            yield
        finally:
            self.dtype = np.float64

    def derivative(
        self, f: Function, values: Mapping[str, np.ndarray], steps: Sequence[Step], pulled: str | None
    ) -> np.ndarray:
        fixed = {n: self.array(v) for n, v in values.items()}
        moving = sorted({n for n, _ in steps} | ({pulled} if pulled else set()))

        def base(*args: Array) -> Array:
            return f(fixed | dict(zip(moving, args, strict=True)))

        g = self.jax.grad(lambda *a: base(*a)[0, 0], argnums=moving.index(pulled)) if pulled else base
        for name, step in steps:
            g = self._along(g, moving.index(name), self.array(step))
        return np.asarray(g(*(fixed[n] for n in moving)))

    def whole(self, f: Function, values: Mapping[str, np.ndarray], names: Sequence[str]) -> np.ndarray:
        fixed = {n: self.array(v) for n, v in values.items()}
        moving = sorted(set(names))

        def g(*args: Array) -> Array:
            return f(fixed | dict(zip(moving, args, strict=True)))

        for name in names:
            g = self.jax.jacrev(g, argnums=moving.index(name))
        return np.asarray(g(*(fixed[n] for n in moving)))

    def _along(self, f: Callable[..., Array], place: int, step: Array) -> Callable[..., Array]:
        def moved(*args: Array) -> Array:
            tangents = [step if i == place else self.jnp.zeros_like(a) for i, a in enumerate(args)]
            return self.jax.jvp(f, args, tuple(tangents))[1]

        return moved


_chosen: list[Backend] = []


def use(name: str) -> None:
    """Choose the differentiator, "torch" or "jax"."""
    _chosen[:] = [{"torch": Torch, "jax": Jax}[name]()]


def current() -> Backend:
    """The differentiator that was chosen; where none was, PyTorch if it is installed."""
    if not _chosen:
        use("torch" if has("torch") else "jax")
    return _chosen[0]


class _Namespace:
    """The array functions of the differentiator that is in use when they are called."""

    def __getattr__(self, name: str) -> Callable[..., Array]:
        def call(*args: Any, **options: Any) -> Array:
            backend = current()
            return (backend.functions.get(name) or getattr(backend, name))(*args, **options)

        return call


xp = _Namespace()
