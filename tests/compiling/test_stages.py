"""The stages of a plan can be looked at by their names."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner

import matcalc as mc
from matcalc.command.program import main
from matcalc.compiling import STAGES, program_after


def operations(text: str, stage: str, target: str = "numpy", wrt: str = "A") -> list[str]:
    """The instructions of the program after a stage."""
    return re.findall(r"= (\w+)\(", program_after(mc.derivative(text, wrt), stage, target))


def test_an_inverse_is_a_solution_after_its_stage() -> None:
    assert "inv" in operations("b^T inv(A) b", "plan")
    assert "inv" not in operations("b^T inv(A) b", "solve")
    assert operations("b^T inv(A) b", "solve").count("solve") == 2


def test_a_number_moves_into_a_loop_for_libraries_that_fuse() -> None:
    text = "sum((A B - 3 ones(n, n)).^4)"
    before, after = (program_after(mc.derivative(text, "A"), stage, "jax") for stage in ("determinants", "fuse"))
    assert before != after
    assert program_after(mc.derivative(text, "A"), "fuse", "julia") == program_after(
        mc.derivative(text, "A"), "determinants", "julia"
    )


def test_determinants_are_handed_on() -> None:
    plain, given = (operations("det(A)", stage) for stage in ("solve", "determinants"))
    assert "det" not in plain and "det" in given


@pytest.mark.parametrize("stage", [stage.name for stage in STAGES])
def test_each_value_is_used_after_it_is_computed(stage: str) -> None:
    lines = program_after(mc.derivative("logdet(I + X^T X) + ||X b||^3", "X"), stage).splitlines()
    for k, line in enumerate(lines, start=1):
        used = [int(n) for n in re.findall(r"%(\d+)", line.partition("= ")[2] or line)]
        assert all(n < k for n in used), line
    assert lines[-1].startswith("return %")


def test_the_command_prints_a_stage() -> None:
    done = CliRunner().invoke(main, ["code", "b^T inv(A) b", "--wrt", "A", "--stage", "plan"])
    assert done.exit_code == 0 and "= inv(%1)" in done.output
