"""The example scripts run and find what they should, where the libraries they show are installed."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import numpy as np

from tests.machine import library

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def example(name: str, *libraries: str) -> ModuleType:
    """The script as a module; the test is skipped where a library is missing."""
    for needed in libraries:
        library(needed)
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_optimisers_find_what_scikit_learn_finds() -> None:
    optimise = example("optimise", "scipy", "sklearn")
    ours, theirs = optimise.logistic_regression()
    np.testing.assert_allclose(ours, theirs, atol=1e-5)
    ours, theirs = optimise.covariance()
    np.testing.assert_allclose(ours, theirs, atol=1e-5)


def test_optax_trains() -> None:
    first, last = example("train_with_optax", "jax", "optax").train(200)
    assert last < first / 2


def test_sharded_arrays_give_the_same() -> None:
    """In a process of its own: the number of devices is settled when JAX starts."""
    library("jax")
    command = [sys.executable, str(EXAMPLES / "sharded_jax.py")]
    environment = {**os.environ, "JAX_PLATFORMS": "cpu"}
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300, env=environment)
    assert result.stdout == "rows of A on 4 devices, results as on one\n", result.stderr


def test_dask_blocks() -> None:
    """The same code without a cluster."""
    blocks = example("dask_blocks", "dask.array", "dask.distributed", "array_api_compat")
    made, found = blocks.fit(rows=20_000, block=3_000)
    assert np.abs(made - found).max() < 0.15
