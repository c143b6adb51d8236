"""One generated source on arrays that are spread over four devices: JAX partitions the compiled function by itself."""

from __future__ import annotations

import os

os.environ["XLA_FLAGS"] = "--xla_force_host_platform_device_count=4"  # four devices on any machine

import jax
import jax.numpy as jnp
import numpy as np
from jax.sharding import Mesh, NamedSharding, PartitionSpec

import matcalc as mc

jax.config.update("jax_enable_x64", True)


def main() -> None:
    f = mc.parse("sum(softplus(-(y .* (A x)))) where A: matrix(m, n), x: vector(n), y: vector(m)")
    outputs = [f, mc.gradient(f, "x"), mc.hessian(f, "x")]
    rng = np.random.default_rng(0)
    A, x, y = rng.standard_normal((4000, 20)), rng.standard_normal(20), np.sign(rng.standard_normal(4000))

    rows = Mesh(np.array(jax.devices()), ("rows",))
    sharded = {
        "A": jax.device_put(A, NamedSharding(rows, PartitionSpec("rows", None))),
        "y": jax.device_put(y, NamedSharding(rows, PartitionSpec("rows"))),
        "x": jnp.asarray(x),
    }
    results = mc.compile(outputs, target="jax")(**sharded)
    for ours, wanted in zip(results, mc.compile(outputs)(A=A, x=x, y=y), strict=True):
        np.testing.assert_allclose(ours, wanted, rtol=1e-10)
    devices = len(sharded["A"].sharding.device_set)
    print(f"rows of A on {devices} devices, results as on one")


if __name__ == "__main__":
    main()
