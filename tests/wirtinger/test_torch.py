"""The convention torch beside what PyTorch leaves in ``z.grad``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import matcalc as mc
from tests.machine import library
from tests.wirtinger.points import WHERE, point

ROWS: list[tuple[str, Callable[..., Any]]] = [
    ("z^H R z", lambda z, R, **_: (z.conj() @ R @ z).real),
    ("norm1(z)", lambda z, **_: z.abs().sum()),
    ("log(1 + ||z||^2)", lambda z, **_: (1 + (z.abs() ** 2).sum()).log()),
    ("re(a^H z) im(a^H z)", lambda z, a, **_: (a.conj() @ z).real * (a.conj() @ z).imag),
]


@pytest.mark.parametrize("text, f", ROWS, ids=[row[0] for row in ROWS])
def test_gradient(text: str, f: Callable[..., Any]) -> None:
    torch = library("torch")
    values = point()
    tensors = {n: torch.tensor(x) for n, x in values.items()}
    z = tensors["z"].clone().requires_grad_()
    f(**{**tensors, "z": z}).backward()
    found = mc.derivative(text, "z", where=WHERE, convention="torch")
    given = mc.compile(found)(**{n: values[n] for n in found.f.declarations})
    assert np.allclose(given, z.grad.numpy())
