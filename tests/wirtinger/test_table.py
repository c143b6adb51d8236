"""The table of complex derivatives in all conventions: against differences in NumPy, against what it says, and against JAX."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import matcalc as mc
from tests.wirtinger.points import WHERE, N, partials, point

ROWS = json.loads((Path(__file__).parent / "complex.json").read_text(encoding="utf-8"))
IDS = [row["id"] for row in ROWS]


def words(xp: Any) -> dict[str, Any]:
    """The words of the table's NumPy, in an array library."""
    return {
        "np": xp, "I": xp.eye(N), "conj": xp.conj, "abs": lambda x: xp.abs(x), "real": xp.real, "exp": xp.exp, "sum": xp.sum,
        "tr": xp.trace, "det": xp.linalg.det, "inv": xp.linalg.inv, "H": lambda x: xp.conj(x).T,
        "logdet": lambda x: xp.linalg.slogdet(x)[1],
    }  # fmt: skip


def value(text: str, values: dict[str, Any], xp: Any = np) -> Any:
    return eval(text, {**words(xp), **values})


def answer(row: dict[str, str], name: str, convention: str, values: dict[str, Any]) -> Any:
    """The engine's derivative as an array."""
    found = mc.derivative(row["text"], name, where=WHERE, convention=convention)
    names = found.f.declarations
    return mc.compile(found)(**{n: values[n] for n in names})


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_wirtinger(row: dict[str, str]) -> None:
    values = point()
    wanted = partials(lambda **v: value(row["f"], v), values, row["var"])
    for name, by_differences, said in zip(
        (row["var"], f"conj({row['var']})"), wanted, (row["d_dZ"], row["d_dZconj"]), strict=True
    ):
        found = answer(row, name, "wirtinger", values)
        scale = 1 + np.max(np.abs(by_differences))
        assert np.max(np.abs(found - by_differences)) < 1e-7 * scale
        assert np.max(np.abs(found - value(said, values))) < 1e-9 * scale


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_conventions_of_real_functions(row: dict[str, str]) -> None:
    values = point()
    first, second = partials(lambda **v: value(row["f"], v), values, row["var"])
    is_real = abs(np.imag(value(row["f"], values))) < 1e-9 and abs(np.imag(value(row["f"], point(1)))) < 1e-9
    for convention, wanted in (("gradient", 2 * second), ("torch", 2 * second), ("jax", 2 * first)):
        if is_real:
            found = answer(row, row["var"], convention, values)
            assert np.max(np.abs(found - wanted)) < 1e-7 * (1 + np.max(np.abs(wanted)))
        elif convention != "jax" or np.max(np.abs(second)) > 1e-6:
            with pytest.raises(mc.MatcalcError, match="real functions"):
                mc.derivative(row["text"], row["var"], where=WHERE, convention=convention)


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_jax(row: dict[str, str]) -> None:
    jax = pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    values = point()
    found = mc.derivative(row["text"], row["var"], where=WHERE)
    if not (found.is_real or found.is_holomorphic):
        return

    def f(x: Any) -> Any:
        result = value(row["f"], {**values, row["var"]: x}, jax.numpy)
        return result if found.is_holomorphic else jax.numpy.real(result)

    wanted = jax.grad(f, holomorphic=found.is_holomorphic)(values[row["var"]] + 0j)
    assert np.allclose(answer(row, row["var"], "jax", values), wanted, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_its_own_check_and_claims(row: dict[str, str]) -> None:
    assert mc.check(row["text"], row["var"], where=WHERE)
    own = mc.derivative(row["text"], row["var"], where=WHERE)
    assert mc.check(row["text"], row["var"], where=WHERE, claim=str(own), convention="wirtinger")
    assert not mc.check(
        row["text"], row["var"], where=WHERE, claim=f"{own} + {own} + {row['var']}", convention="wirtinger"
    )
