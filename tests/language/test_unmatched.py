"""Declarations that no name of the expression matches: an error where a name was meant, else a note."""

from __future__ import annotations

from pathlib import Path

import pytest

import matcalc as mc
from matcalc.command.prompt import Session
from matcalc.errors import DeclarationError
from matcalc.language import parse

#: (text, where as an argument, the name that was meant)
MEANT = [
    ("logdet(Sigma) where sigma: spd(n)", None, "Sigma"),
    ("logdet(Sigma)", "sigma: spd(n)", "Sigma"),
    ("logdet(Sigma)", {"sigma": "spd(n)"}, "Sigma"),
    (r"\log\det \Sigma", {r"\sigma": "spd(n)"}, "Sigma"),
    ("lambda ||x||^2 where lamda: scalar", None, "lambda"),
    ("||X w - y||^2 where W: vector(d), X: matrix(n, d), y: vector(n)", None, "w"),
    ("tr(W_12) where W_21: matrix(n, n)", None, "W_12"),
    ("h where h = Sigma x, sigma: spd(n)", None, "Sigma"),
]


@pytest.mark.parametrize(("text", "where", "meant"), MEANT)
def test_a_slip_is_an_error_with_the_right_name(text: str, where: object, meant: str) -> None:
    with pytest.raises(DeclarationError, match="is declared, and the expression has no") as caught:
        parse(text, where)  # type: ignore[arg-type]
    error = caught.value
    assert error.code == "unmatched-declaration" and error.hint == f"did you mean {meant}?"
    assert error.text is not None and error.span is not None
    assert meant in error.fixed[0] and error.text[slice(*error.span)] not in error.fixed[0].split()


#: (text, where as an argument, the names that are noted)
NOTED = [
    ("x^T x where y: vector(n)", None, ["y"]),
    ("x^T x", "x: vector(n), y: vector(n), A: matrix(n, n)", ["y", "A"]),
    ("x^T x", {"x": "vector(n)", "y": ("n",)}, ["y"]),
    ("x^T x where h = A x", None, ["h"]),
    ("h where h = A x, y: vector(n)", None, ["y"]),
]


@pytest.mark.parametrize(("text", "where", "names"), NOTED)
def test_what_is_left_over_is_noted(text: str, where: object, names: list[str]) -> None:
    notes = parse(text, where).notes  # type: ignore[arg-type]
    assert sorted(note.message.split()[0] for note in notes) == sorted(names)
    for note in notes:
        assert note.text is not None and note.span is not None
        assert note.text[slice(*note.span)] == note.message.split()[0]


SILENT = [
    ("X^T where T: scalar", None),
    ("n^2 where x: vector(n)", None),
    ("x^T x / n where x: vector(n), n: scalar(integer)", None),
    ("h where h = A x, A: matrix(n, n)", None),
    ("g where g = h^T h, h = A x, A: matrix(n, n)", None),
    ("h^T h where h = A x, A: matrix(n, n)", None),
    ("x", mc.parse("x^T y").declarations),
]


@pytest.mark.parametrize(("text", "where"), SILENT)
def test_what_serves_the_expression_is_not(text: str, where: object) -> None:
    assert parse(text, where).notes == ()  # type: ignore[arg-type]


def test_both_sides_and_the_claim_count() -> None:
    assert mc.equal("tr(A)", "tr(A) + 0 tr(B)", "A: matrix(n, n), B: matrix(n, n)").notes == ()
    assert mc.equal("x", "x + 0 A x where A: matrix(n, n)").notes == ()
    assert mc.equal("tr(A B) where A: matrix(n, n)", "tr(B A) where A: matrix(n, n)")
    with pytest.raises(DeclarationError, match="declared twice"):
        mc.equal("tr(A) where A: matrix(n, n)", "tr(A) where A: matrix(m, m)")
    assert mc.check("x^T x", "x", claim="2 x", where="x: vector(n)").notes == ()
    with pytest.raises(mc.MatcalcError, match="the claim has S"):
        mc.check("x^T x", "x", claim="S x", where="x: vector(n), S: matrix(n, n)")
    assert mc.equal("x", "X", "x: vector(n), X: matrix(n, n)").verdict == "refuted"


def test_declarations_of_a_session_serve_other_lines() -> None:
    session = Session()
    session.answer(":where sigma: scalar, B: symmetric(n)")
    assert "note" not in str(session.answer("x^T x by x"))
    answer = str(session.answer("logdet(Sigma)"))
    assert "did you mean Sigma?" in answer and "Sigma^-" in answer


def test_declarations_of_a_paper_serve_other_claims(tmp_path: Path) -> None:
    from matcalc.documents.claimed_files import check_file

    paper = tmp_path / "paper.tex"
    paper.write_text("% matcalc: where S: symmetric(n), x: vector(n)\n% matcalc: d/dx x^T x = 2 x\n")
    (result,) = check_file(paper).results
    assert result.ok and result.notes == ()
