"""Training with Optax: value and gradient from one compiled function, inside the user's own ``jax.jit``."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import optax

import matcalc as mc

jax.config.update("jax_enable_x64", True)


def train(steps: int = 1000) -> tuple[float, float]:
    """The loss of a two-layer network at the start and at the end."""
    f = mc.parse(
        "||W2 tanh(W1 X) - Y||_F^2 / n where W2: matrix(1, p), W1: matrix(p, m), X: matrix(m, n), Y: matrix(1, n)"
    )
    step = mc.compile([f, mc.gradient(f, "W1"), mc.gradient(f, "W2")], target="jax")
    keys = jax.random.split(jax.random.key(0), 3)
    X = jax.random.normal(keys[0], (2, 200))
    Y = (jnp.sin(X[0]) * X[1])[None, :]
    weights = {"W1": jax.random.normal(keys[1], (16, 2)), "W2": jax.random.normal(keys[2], (1, 16)) / 4}
    optimiser = optax.adam(3e-2)

    @jax.jit
    def update(weights: Any, state: Any) -> tuple[Any, Any, Any]:
        value, W1, W2 = step(X=X, Y=Y, **weights)
        change, state = optimiser.update({"W1": W1, "W2": W2}, state)
        return optax.apply_updates(weights, change), state, value

    state, losses = optimiser.init(weights), []
    for _ in range(steps):
        weights, state, value = update(weights, state)
        losses.append(float(value))
    return losses[0], losses[-1]


if __name__ == "__main__":
    print("loss {:.3f} -> {:.5f}".format(*train()))
