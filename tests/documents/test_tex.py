"""`matcalc tex`: what a paper asks for is written to a side file that LaTeX reads."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from matcalc.command.program import main
from matcalc.documents.tex import commands, side_file
from matcalc.errors import MatcalcError
from tests.machine import program

PAPER = r"""\documentclass{article}
\usepackage{amsmath}
\usepackage{matcalc}
% \matcalcgrad{not used}
% matcalc: d/dx x^T A x = (A + A^T) x
\begin{document}
The gradient of $f(X) = \operatorname{tr}(X^\top A X)$ is $\matcalcgrad[wrt=X]{\operatorname{tr}(X^\top A X)}$,
its differential \matcalcdiff[wrt=X]{\operatorname{tr}(X^\top A X)}. Of $\|A x - b\|^2$ the Hessian is
\[ \matcalchess{\|A x - b\|^2}. \]
With a symmetric matrix: $\matcalcgrad[wrt=x, where={S: symmetric(n)}]{x^\top S x}$.
\end{document}
"""


def test_commands_are_found_with_their_lines() -> None:
    found = commands(PAPER)
    assert [(c.line, c.kind) for c in found] == [(7, "grad"), (8, "diff"), (9, "hess"), (10, "grad")]
    assert found[3].options == "wrt=x, where={S: symmetric(n)}"


def test_side_file_holds_the_results() -> None:
    text = side_file(PAPER).text
    assert r"{(A + A^{\top}) X}" in text
    assert r"{2 A^{\top} A}" in text
    assert r"{2 S x}" in text


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (r"\matcalcgrad{x +}", "paper.tex:1"),
        (r"\matcalcgrad[wrong=1]{x^T x}", "unknown option wrong"),
        (r"\matcalcgrad{x^T x", "never closed"),
        (r"\matcalcgrad x", "no argument"),
    ],
)
def test_faults_name_the_line(command: str, message: str) -> None:
    with pytest.raises(MatcalcError, match=message):
        side_file(command, "paper.tex")


def test_command_line(tmp_path: Path) -> None:
    paper = tmp_path / "paper.tex"
    paper.write_text(PAPER)
    result = CliRunner().invoke(main, ["tex", str(paper), "--style", "--check"])
    assert result.exit_code == 0 and "4 formulas" in result.output and "1 verified" in result.output
    assert (tmp_path / "matcalc.sty").is_file()
    assert CliRunner().invoke(main, ["tex", str(tmp_path / "none.tex")]).exit_code == 2


def test_a_paper_is_typeset(tmp_path: Path) -> None:
    program("pdflatex")
    paper = tmp_path / "paper.tex"
    paper.write_text(PAPER)
    CliRunner().invoke(main, ["tex", str(paper), "--style"])
    done = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "paper.tex"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:]
    assert "is not derived yet" not in done.stdout
    paper.write_text(PAPER.replace("A x - b", "A x + b"))
    stale = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "paper.tex"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "Formula 3 is not derived yet" in stale.stdout


def test_it_says_which_variable_it_chose(tmp_path: Path) -> None:
    paper = tmp_path / "paper.tex"
    paper.write_text(
        "\n$\\matcalcgrad{x^T A x}$ and $\\matcalcgrad{\\log\\det X}$ and $\\matcalcgrad[wrt=A]{x^T A x}$\n"
    )
    result = CliRunner().invoke(main, ["tex", str(paper)])
    assert result.output.count("chosen") == 1
    assert "paper.tex:2: by x (chosen: name another by [wrt=…])" in result.output
