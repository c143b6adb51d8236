"""Claims marked in documents and programs."""

from __future__ import annotations

from pathlib import Path

import pytest

import matcalc as mc
from matcalc.documents.claimed_files import Statement, check_file, find_claims, read_statement

# fmt: off
STATEMENTS = [
    ("d/dX tr(X^T A X) = (A + A^T) X where A: matrix(n, n)", ("tr(X^T A X)", ("X",), "(A + A^T) X", " where A: matrix(n, n)")),
    ("∂/∂Σ logdet(Σ) = Σ^-1",                  ("logdet(Σ)", ("Sigma",), "Σ^-1", "")),
    ("d^2/dx^2 x^T A x = A + A^T",             ("x^T A x", ("x", "x"), "A + A^T", "")),
    ("d²/dx² x^T x = 2 I",                     ("x^T x", ("x", "x"), "2 I", "")),
    ("d/dx d/dy x^T A y = A^T",                ("x^T A y", ("y", "x"), "A^T", "")),
    ("grad_W ||W x - y||^2 = 2 (W x - y) x^T", ("||W x - y||^2", ("W",), "2 (W x - y) x^T", "")),
    ("hess_x x^T x = 2 I",                     ("x^T x", ("x", "x"), "2 I", "")),
    ("∇_x x^T A x = 2 A x",                    ("x^T A x", ("x",), "2 A x", "")),
    ("d(tr(A X)) = tr(A dX)",                  ("tr(A X)", ("X",), "tr(A dX)", "")),
    ("tr(A B) = tr(B A)",                      ("tr(A B)", (), "tr(B A)", "")),
    (r"\frac{\partial}{\partial X} \operatorname{tr}(A X) = A^\top", (r"\operatorname{tr}(A X)", ("X",), r"A^\top", "")),
    (r"\frac{\partial \log\det X}{\partial X} = X^{-\top}", (r"\log\det X", ("X",), r"X^{-\top}", "")),
    (r"\dfrac{\partial^2}{\partial x^2} x^\top x = 2 I", (r"x^\top x", ("x", "x"), "2 I", "")),
    (r"\frac{d}{d\mathbf{x}} \mathbf{a}^\top \mathbf{x} = \mathbf{a}", (r"\mathbf{a}^\top \mathbf{x}", ("x",), r"\mathbf{a}", "")),
    (r"\nabla_x \|A x - b\|^2 = 2 A^\top (A x - b)", (r"\|A x - b\|^2", ("x",), r"2 A^\top (A x - b)", "")),
    (r"$\nabla^2_{x} x^\top x = 2 I$",         (r"x^\top x", ("x", "x"), "2 I", "")),
    (r"\mathrm{d}(X^{-1}) = -X^{-1} \mathrm{d}X X^{-1}", ("X^{-1}", ("X",), r"-X^{-1} \mathrm{d}X X^{-1}", "")),
    (r"\frac{\partial}{\partial \Sigma} \log\det\Sigma = \Sigma^{-1}", (r"\log\det\Sigma", ("Sigma",), r"\Sigma^{-1}", "")),
]
# fmt: on


@pytest.mark.parametrize(("text", "parts"), STATEMENTS)
def test_statements(text: str, parts: tuple[str, tuple[str, ...], str, str]) -> None:
    assert read_statement(text) == Statement(*parts)


@pytest.mark.parametrize("text", ["d/dX tr(X)", "a = b = c", "", "tr(X) <= 1"])
def test_what_is_no_claim(text: str) -> None:
    with pytest.raises(mc.MatcalcError, match="equality"):
        read_statement(text)


TEX = r"""
\documentclass{article}
% matcalc: where A: matrix(n, n), S: spd(n)
We find % matcalc: d/dX tr(X^T A X) = (A + A^T) X
50\% matcalc: no comment
% matcalc: \frac{\partial \log\det S}{\partial S} = S^{-1}
% matcalc: d/dx x^T A x = \
% matcalc:   2 A x
% matcalc: d/dx x^T ( = 1
% an ordinary comment
"""
MARKDOWN = """
# Gradients <!-- matcalc: d/dx ||A x - b||^2 = 2 A^T (A x - b) -->
<!-- matcalc:
  d/dX logdet(X)
  = X^-1
-->
"""
PYTHON = '''
def gradient(a, x):  # matcalc: d/dx x^T A x = (A + A^T) x
    """# matcalc: d/dx x^T x = x"""
    # matcalc: tr(A B) = tr(B A)
    return (a + a.T) @ x
'''


def test_latex(tmp_path: Path) -> None:
    path = tmp_path / "paper.tex"
    path.write_text(TEX)
    report = check_file(path)
    assert [(r.marked.line, r.status) for r in report.results] == [
        (4, "verified"),
        (6, "verified"),
        (7, "refuted"),
        (9, "error"),
    ]
    assert not report
    assert report.summary == f"{path}: 4 claims: 2 verified, 1 refuted, 1 error"
    assert "right only if" not in str(report.results[0])
    assert f"{path}:7: refuted: d/dx x^T A x = 2 A x" in str(report)
    assert "right only if A is symmetric" in str(report)


def test_markdown(tmp_path: Path) -> None:
    path = tmp_path / "notes.md"
    path.write_text(MARKDOWN)
    report = check_file(path)
    assert [(r.marked.line, r.status) for r in report.results] == [(2, "verified"), (3, "refuted")]
    assert "transposed" in report.results[1].message


def test_python(tmp_path: Path) -> None:
    path = tmp_path / "model.py"
    path.write_text(PYTHON)
    report = check_file(path)
    assert report
    assert [(r.marked.line, r.status) for r in report.results] == [(2, "verified"), (4, "verified")]


@pytest.mark.parametrize(
    ("suffix", "line"),
    [
        (".jl", "# matcalc: d/dx a^T x = a"),
        (".cpp", "/// matcalc: d/dx a^T x = a"),
        (".rst", ".. matcalc: d/dx a^T x = a"),
    ],
)
def test_other_comments(suffix: str, line: str) -> None:
    assert [m.text for m in find_claims(line, suffix)] == ["d/dx a^T x = a"]


def test_progress_is_told(tmp_path: Path) -> None:
    path = tmp_path / "notes.md"
    path.write_text(MARKDOWN)
    seen: list[tuple[int, int]] = []
    check_file(path, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 2), (2, 2)]


def test_a_file_without_claims(tmp_path: Path) -> None:
    path = tmp_path / "empty.md"
    path.write_text("nothing")
    report = check_file(path)
    assert report and "no claims found" in report.summary and "<!-- matcalc:" in report.summary


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(mc.MatcalcError, match="cannot be read"):
        check_file(tmp_path / "missing.tex")
    (tmp_path / "binary.tex").write_bytes(b"\xff\xfe\xfa")
    with pytest.raises(mc.MatcalcError, match="UTF-8"):
        check_file(tmp_path / "binary.tex")
    (tmp_path / "a.xyz").write_text("")
    with pytest.raises(mc.MatcalcError, match="not known"):
        check_file(tmp_path / "a.xyz")
    (tmp_path / "bad.py").write_text("def f(:\n  '''")
    with pytest.raises(mc.MatcalcError, match="not Python"):
        check_file(tmp_path / "bad.py")


def test_results_are_data(tmp_path: Path) -> None:
    path = tmp_path / "notes.md"
    path.write_text(MARKDOWN)
    data = check_file(path).results[1].as_dict()
    assert data["status"] == "refuted" and data["line"] == 3 and isinstance(data["check"], dict)


def test_no_text_of_a_file_is_executed(tmp_path: Path) -> None:
    path = tmp_path / "evil.py"
    path.write_text("# matcalc: d/dx __import__('os').system('true') = 1\n# matcalc: d/dx x = eval('1')\n")
    assert {r.status for r in check_file(path).results} == {"error"}
