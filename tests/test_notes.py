"""Notes are part of every result, and stand in every format in which a result is shown."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import matcalc as mc
from matcalc.command.program import main
from matcalc.command.prompt import Session
from matcalc.documents.tex import side_file
from matcalc.notes import Note, distinct

TOLD = Note("S is read as a number", "declare S: matrix(n, n) if it is <one> & all", "letter", "S x^T x", (0, 1))
SENTENCE = "S is read as a number: declare S: matrix(n, n) if it is <one> & all"
LINE = f"note: {SENTENCE}"
F = "S x^T x where S: scalar"


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every text is read with a note."""
    monkeypatch.setattr("matcalc.language.meaning.inference.distinct", lambda notes: (TOLD,))


def run(*args: str) -> str:
    result = CliRunner().invoke(main, list(args))
    assert result.exit_code == 0, result.output
    return result.output


def test_a_note_is_one_line() -> None:
    assert str(TOLD) == SENTENCE
    assert "\n" not in str(Note("two\nlines"))


def test_each_sentence_once_in_the_order_of_places() -> None:
    second = Note("later", span=(5, 6))
    assert distinct([second, TOLD, second]) == (TOLD, second)


def test_every_result_in_python_has_them(told: None) -> None:
    f = mc.parse(F)
    results = [
        f,
        f.T,
        2 * f,
        f.simplify(),
        mc.derivative(f, "x"),
        mc.differential(f, "x"),
        mc.gradient(f, "x"),
        mc.hessian(f, "x"),
        mc.hessian(f, "x").operator,
        mc.check(f, "x"),
        mc.check(f, "x", claim="2 S x"),
        mc.check(f, "x", claim=mc.gradient(f, "x")),
        mc.check(f, "x", claim=lambda S, x: 2 * S * x),
        mc.equal(F, "x^T (S x)"),
        mc.equal(F, "x", "x: vector(n)"),
        mc.explain(f, "x"),
        mc.compile(f),
        mc.compile(mc.hessian(f, "x"), form="structured"),
        mc.objective(f, "x", {"S": 2.0}),
    ]
    for result in results:
        assert result.notes == (TOLD,), result


def test_notes_of_both_sides_and_of_the_claim() -> None:
    a, b = Note("one"), Note("two")
    f, g = (mc.Expr(mc.parse("x^T x").node, mc.parse("x^T x").declarations, notes=(note,)) for note in (a, b))
    assert mc.equal(f, g).notes == (a, b) and (f + g).notes == (a, b)
    assert mc.check(f, "x", claim=mc.Expr(mc.parse("2 x").node, f.declarations, notes=(b,))).notes == (a, b)


@pytest.mark.parametrize("form", ["text", "unicode", "latex", "mathml"])
def test_diff_shows_a_line_below_the_answer(told: None, form: str) -> None:
    shown = run("diff", F, "--wrt", "x", "--format", form)
    assert re.fullmatch(rf"note +{re.escape(SENTENCE)}", shown.splitlines()[-1])


def test_diff_with_steps_shows_it_once(told: None) -> None:
    assert run("diff", F, "--wrt", "x", "--steps").count(SENTENCE) == 1


@pytest.mark.parametrize(
    "args",
    [
        ("diff", F, "--wrt", "x"),
        ("check", F, "--wrt", "x"),
        ("check", F, "--wrt", "x", "--claim", "2 S x"),
        ("equal", F, "x^T (S x)"),
    ],
    ids=lambda args: args[0],
)
def test_json_of_every_command(told: None, args: tuple[str, ...]) -> None:
    assert json.loads(run(*args, "--format", "json"))["notes"] == [TOLD.as_dict()]


@pytest.mark.parametrize(
    "args",
    [
        ("check", F, "--wrt", "x"),
        ("check", F, "--wrt", "x", "--claim", "2 S x"),
        ("equal", F, "x^T (S x)"),
        ("explain", F, "--wrt", "x"),
        ("explain", F, "--wrt", "x", "--format", "markdown"),
    ],
    ids=lambda args: " ".join(args[:1]),
)
def test_other_commands_show_it_once(told: None, args: tuple[str, ...]) -> None:
    assert run(*args).count(SENTENCE) == 1


COMMENTS = {"numpy": "    ", "array-api": "    ", "jax": "    ", "torch": "    ", "julia": "", "matlab": "  % "}


@pytest.mark.parametrize("target", [*COMMENTS, "latex"])
def test_code_holds_a_comment(told: None, target: str) -> None:
    source = run("code", F, "--wrt", "x", "--target", target)
    assert COMMENTS.get(target, "% ") + LINE in source.splitlines()
    if target == "numpy":
        compile(source, "code", "exec")


def test_explanations_in_every_format(told: None) -> None:
    derivation = mc.explain(F, "x")
    escaped = LINE.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert str(derivation).splitlines()[-1] == LINE
    assert derivation.markdown().splitlines()[-1] == LINE
    assert derivation.latex().splitlines()[-1] == f"% {LINE}"
    assert derivation.html().splitlines()[-1] == f'<p class="matcalc-note">{escaped}</p>'


def test_notebooks(told: None) -> None:
    for result in (mc.parse(F), mc.gradient(F, "x"), mc.hessian(F, "x")):
        html = result._repr_html_()
        assert html is not None and html.startswith("<math") and "S is read as a number" in html
        assert r"S is read as a number" in result._repr_latex_() and r"\& all" in result._repr_latex_()
    assert "<br>note: S is read as a number" in mc.check(F, "x")._repr_html_()


def test_a_notebook_shows_names_operators_beside_vec_forms_and_conditions() -> None:
    assert mc.gradient("x^T x")._repr_latex_() == "$2 x$"
    html = mc.parse("x^T A x")._repr_html_()
    assert html.startswith("<math") and html.endswith(
        '<p class="matcalc-names">where x: vector(n), A: matrix(n, n)</p>'
    )
    jacobian = mc.derivative("A X B", "X")._repr_html_()
    assert "<mi>dF</mi>" in jacobian and "vec form" in jacobian and "⊗" in jacobian
    assert "holds if x != 0" in mc.hessian("||x||")._repr_html_()
    assert "<b>convex in x</b>" in mc.curvature("||A x - b||^2", "x")._repr_html_()
    assert "below the chord" in mc.curvature("sum(sin(x))", "x")._repr_html_()
    solution = mc.solve("||A x - b||^2", "x")._repr_html_()
    assert solution.startswith("<math") and "<mi>x</mi>" in solution and "kind: minimum: f is convex" in solution
    assert "#cf222e" in mc.equal("A B", "B A", where="A: matrix(n, n), B: matrix(n, n)")._repr_html_()


def test_nothing_typed_is_html_in_a_notebook() -> None:
    for result in (
        mc.equal("(x < y) z", "z"),
        mc.curvature("(x > 0) x", "x"),
        mc.parse("(x < y) z"),
        mc.solve("||A x - (y > 0)||^2", "x"),
    ):
        html = result._repr_html_()
        assert "< y" not in html and "> 0" not in html.replace("=> 0", "")


def test_the_prompt(told: None) -> None:
    session = Session()
    assert (session.answer("x^T x by x") or "").splitlines()[-1] == f"note      {SENTENCE}"
    assert (session.answer(":steps x^T x by x") or "").splitlines()[-1] == LINE


def test_documents(told: None, tmp_path: Path) -> None:
    paper = tmp_path / "paper.tex"
    paper.write_text("\n\\matcalcgrad[wrt=x]{x^T x}\n% matcalc: d/dx x^T x = 2 x\n")
    assert run("tex", str(paper)).splitlines()[-1] == f"paper.tex:2: {LINE}"
    assert f"% paper.tex:2: {LINE}" in paper.with_suffix(".mcl").read_text().splitlines()
    assert side_file(paper.read_text(), "paper.tex").count == 1
    assert run("check", str(paper)).count(SENTENCE) == 1


def test_numbers_are_the_same_with_a_note(told: None) -> None:
    assert np.allclose(mc.compile(mc.gradient(F, "x"))(S=3.0, x=np.ones(2)), 6.0)
