"""MATLAB code run by Octave gives what NumPy gives; Julia code is run where Julia is installed, and parsed in `test_tables`."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import matcalc as mc
from matcalc.errors import UnsupportedError
from tests.compiling.cases import CASES
from tests.compiling.test_values import arguments, called, point_of
from tests.machine import long, program

TARGETS = {"matlab": "octave", "julia": "julia"}


def matlab_value(x: Any) -> str:
    """A matrix literal; a vector is a column."""
    a = np.asarray(x, dtype=float)
    rows = a.reshape(-1, 1) if a.ndim < 2 else a
    return "[" + "; ".join(" ".join(repr(float(v)) for v in row) for row in rows) + "]"


def julia_value(x: Any) -> str:
    a = np.asarray(x, dtype=float)
    if a.ndim == 0:
        return repr(float(a))
    text = matlab_value(a)
    return f"vec({text})" if a.ndim == 1 else f"reshape([{', '.join(repr(float(v)) for v in a.T.ravel())}], {a.shape})"


def script_of(target: str, calls: list[tuple[str, str, dict[str, Any], list[str], int]]) -> str:
    """Calls of functions in files, each result printed on a line, column by column."""
    lines: list[str] = []
    for name, source, values, order, count in calls:
        show = matlab_value if target == "matlab" else julia_value
        given = ", ".join(show(values[p]) for p in order)
        results = [f"r{k}" for k in range(count)]
        if target == "matlab":
            lines += [f"[{', '.join(results)}] = {name}({given});"]
            lines += [f"printf('%.17g ', {r}); printf('\\n');" for r in results]
        else:
            lines += [f"module M_{name}", source, f"{', '.join(results)} = {name}({given})"]
            lines += [f'println(join(vec(collect({r})), " "))' for r in results] + ["end"]
    return "\n".join(lines) + "\n"


@long
@pytest.mark.parametrize("target", list(TARGETS))
def test_same_as_numpy(target: str, tmp_path: Path) -> None:
    interpreter = program(TARGETS[target], obtainable=target != "julia")
    calls, expected, labels = [], [], []
    for number, (text, name) in enumerate(CASES):
        f = mc.parse(text)
        outputs: list[Any] = [f, mc.derivative(f, name), mc.derivative(f, name, name)]
        point = point_of(f)
        if np.prod([dim.evaluate(point.sizes) for dim in outputs[-1].shape]) > 5_000:
            outputs.pop()
        try:
            fn = mc.compile(outputs, target=target)
        except UnsupportedError:
            continue
        function = f"case_{number}"
        source = fn.source.replace(" f(", f" {function}(", 1)
        (tmp_path / f"{function}.m").write_text(source, encoding="utf-8")
        values = {p.name: arguments(f, point)[s] for s, p in fn._signature.parameters.items() if s in f.declarations}
        values |= {fn._signature.sizes[s]: k for s, k in point.sizes.items() if s in fn._signature.sizes}
        calls.append((function, source, values, list(fn.parameters), len(outputs)))
        for k, value in enumerate(called(mc.compile(outputs), f, point)):
            expected.append(np.ravel(value, order="F"))
            labels.append(f"{text}, output {k}")
    assert len(calls) > 60
    script = tmp_path / ("run.m" if target == "matlab" else "run.jl")
    script.write_text(script_of(target, calls), encoding="utf-8")
    command = [interpreter, "--no-gui", "--norc", str(script)] if target == "matlab" else [interpreter, str(script)]
    result = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path, timeout=300)
    lines = result.stdout.strip().split("\n")
    for label, wanted, line in zip(labels, expected, lines, strict=False):
        np.testing.assert_allclose(np.array(line.split(), dtype=float), wanted, rtol=1e-7, atol=1e-7, err_msg=label)
    assert result.returncode == 0, f"{labels[len(lines) - 1] if len(lines) < len(labels) else ''}\n{result.stderr}"
    assert len(lines) == len(expected)
