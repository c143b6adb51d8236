"""Line breaking: every line fits, nothing is lost, and brackets that span lines are of one size."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from pathlib import Path
from xml.dom.minidom import parseString

import numpy as np
import pytest

import matcalc as mc
from matcalc import printing
from matcalc.printing.formats import reader_for
from matcalc.printing.layout import Layout
from matcalc.printing.lines.breaking import WIDTH, displayed_lines
from matcalc.printing.lines.widths import width_of
from matcalc.printing.reading.typed import typed_layout
from tests.machine import program

# fmt: off
LONG = [
    ("||W_2 tanh(W_1 x) - y||^2 + c ||W_1 x||^4 - tr(x x^T A x x^T) where c: scalar", "x"),
    ("tr(B^T X^T C X X^T C X B) + tr((A + X^T C X)^-1 (X^T B X)) where C: symmetric(m), X: matrix(m, m)", "X"),
    ("sum((X w - y).^2 ./ (1 + (X w - y).^2)) + sum(log(1 + exp(-y .* (X w)))) + sum(log(cosh(X w - y)))", "w"),
    ("(x^T A x + b^T x) (x^T B x + a^T x) (x^T C x) / (x^T x + a^T a + b^T b)^3", "x"),
    ("norm(x - a - b - c, 3) + kl(softmax(A x + b), softmax(B x + a)) where c: vector(n)", "x"),
    ("||kron(A + B, X^T X + C + D) vec(X) + kron(B, A)  vec(B) ||^2 where A: matrix(2, 2), B: matrix(2, 2), X: matrix(2, 2), C: matrix(2, 2), D: matrix(2, 2)", "X"),
    ("tr(C expm((logm(S) + logm(T)) / 2)) where C: symmetric(n), S: spd(n), T: spd(n)", "S"),
    ("sum(max(A x + B y + c - A^T A x - B B^T y, A y + B x - c - A^T A y - B^T B x)) where A: matrix(n, n), B: matrix(n, n), c: vector(n), y: vector(n)", "x"),
]
# fmt: on


def layouts() -> list[Layout]:
    found = []
    for text, wrt in LONG:
        f = mc.parse(text)
        assert f.tree is not None
        found.append(typed_layout(f.tree))
        for d in (mc.gradient(f, wrt), mc.hessian(f, wrt).operator):
            found.append(reader_for("latex").read(d.node))
    return [layout for layout in found if width_of(layout) > WIDTH + 2]


LAYOUTS = layouts()


def test_there_are_long_ones() -> None:
    assert len(LAYOUTS) >= 8
    assert all(len(displayed_lines(layout, "latex")) > 1 for layout in LAYOUTS)


@pytest.mark.parametrize("layout", LAYOUTS, ids=range(len(LAYOUTS)))
def test_nothing_is_lost(layout: Layout) -> None:
    """Without what lines and sizes of brackets add, it is the formula in one line."""
    (whole,) = displayed_lines(layout, "latex", width=None)
    joined = " ".join(displayed_lines(layout, "latex"))
    plain = re.sub(r"\\(?:bigg?|Bigg?)[lr]|\\left|\\right|\\quad|\{\}|\\cdot|\\,|\s", "", joined)
    wanted = re.sub(r"\\left|\\right|\\cdot|\\,|\s", "", whole)
    if all(plain.count(rf"\frac{{{n}}}") == wanted.count(rf"\frac{{{n}}}") for n in (1, 2)):
        # else a wide quotient is written with a factor 1/s
        assert plain == wanted
    assert names(plain) == names(wanted)


def names(latex: str) -> Counter[str]:
    return Counter(re.findall(r"\\[A-Za-z]+|[A-Za-z]+|[2-9,]", latex))


@pytest.mark.parametrize("layout", LAYOUTS, ids=range(len(LAYOUTS)))
def test_brackets_match_in_size(layout: Layout) -> None:
    joined = " ".join(displayed_lines(layout, "latex"))
    stack = []
    for size, side in re.findall(r"\\(bigg?|Bigg?)([lr])", joined):
        if side == "l":
            stack.append(size)
        else:
            assert stack.pop() == size
    assert not stack
    for line in displayed_lines(layout, "latex"):
        assert line.count(r"\left") == line.count(r"\right")
        assert line.count("{") == line.count("}")


@pytest.mark.parametrize("layout", LAYOUTS, ids=range(len(LAYOUTS)))
def test_mathml_lines_are_well_formed(layout: Layout) -> None:
    for line in displayed_lines(layout, "mathml"):
        parseString(f"<math>{line}</math>")


def test_breaks_before_terms_are_preferred() -> None:
    terms = " + ".join(f"tr(A_{i} X B_{i} X^T C_{i})" for i in range(6))
    f = mc.parse(f"{terms} where X: matrix(n, n)")
    assert f.tree is not None
    lines = printing.typed_lines(f.tree, "latex")
    assert len(lines) > 1
    assert all(line.startswith(r"\quad + ") for line in lines[1:])


def test_long_results_are_aligned_lines() -> None:
    latex = mc.gradient(*LONG[1]).latex()
    assert latex.startswith("\\begin{aligned}\n& ") and latex.endswith("\n\\end{aligned}")
    assert "aligned" not in mc.gradient(*LONG[1]).latex(width=None)


def test_widths_are_those_of_a_real_typesetter(tmp_path: Path) -> None:
    program("pdflatex")
    shown = [line for layout in LAYOUTS for line in displayed_lines(layout, "latex", width=None)]
    boxes = [rf"\sbox\bx{{$\displaystyle {line}$}}\typeout{{W=\the\wd\bx}}" for line in shown]
    source = [r"\documentclass{article}\usepackage{amsmath}\newsavebox\bx\begin{document}", *boxes, r"\end{document}"]
    (tmp_path / "a.tex").write_text("\n".join(source))
    done = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "a.tex"],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    real = np.array([float(w) for w in re.findall(r"W=([\d.]+)pt", done.stdout)])
    estimated = np.array([width_of(layout) for layout in LAYOUTS])
    ratio = real / estimated
    assert 5.3 < np.median(ratio) < 6.5
    assert np.all((ratio > 4) & (ratio < 7.5))
