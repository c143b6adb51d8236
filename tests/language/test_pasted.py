"""A printed differential that is pasted back: dX beside X has its shape, and a note says so."""

from __future__ import annotations

import pytest

import matcalc as mc
from matcalc.language import parse

#: (text, declarations)
PASTED = [
    ("tr(X^-1 dX)", ["X: matrix(n, n)", "dX: matrix(n, n)"]),
    ("x^T A dx", ["x: vector(n)", "A: matrix(n, n)", "dx: vector(n)"]),
    ("dx^T (A + A^T) x", ["dx: vector(n)", "A: matrix(n, n)", "x: vector(n)"]),
    (r"\operatorname{tr}(X^{-1} \mathrm{d}X)", ["X: matrix(n, n)", "dX: matrix(n, n)"]),
    ("-X^-1 dX X^-1 where X: spd(n)", ["X: spd(n)", "dX: symmetric(n)"]),
    ("tr(Q^T dQ) where Q: orthogonal(n)", ["Q: orthogonal(n)", "dQ: matrix(n, n)"]),
    (
        "dx_1^T dx_2 + x^T x where x: vector(n, positive)",
        ["dx_1: vector(n)", "dx_2: vector(n)", "x: vector(n, positive)"],
    ),
    ("dW_1 x_0 + W_1 x_0", ["dW_1: matrix(m, n)", "x_0: vector(n)", "W_1: matrix(m, n)"]),
    ("h where h = tr(X dX)", ["X: matrix(n, n)", "dX: matrix(n, n)"]),
    ("2 dU V^T V + U", ["dU: matrix(m, n)", "V: matrix(k, n)", "U: matrix(m, n)"]),
]


@pytest.mark.parametrize(("text", "declared"), PASTED)
def test_a_perturbation_has_the_shape_of_its_variable(text: str, declared: list[str]) -> None:
    parsed = parse(text)
    assert [str(d) for d in parsed.declarations.values()] == declared
    assert parsed.notes and all(note.code == "perturbation" for note in parsed.notes)
    for note in parsed.notes:
        assert note.text == text and note.span is not None
        assert text[slice(*note.span)].replace(r"\mathrm{d}", "d") in note.message


OTHERWISE = [
    "A dx + t",
    "dx^T y + c where dx: matrix(3, 1)",
    "tr(X^-1 dX) where dX: matrix(n, n)",
    "x^T dx where dx = A x",
]


def test_a_divisor_is_no_perturbation() -> None:
    notes = [note.message for note in parse("x dx / dt + t").notes if note.code == "perturbation"]
    assert notes == ["dx is read as a perturbation of x, and has its shape"]


def test_beside_d_it_is_no_differential() -> None:
    with pytest.raises(mc.MatcalcError, match="dx is one name here"):
        parse("d x / dx")


@pytest.mark.parametrize("text", OTHERWISE)
def test_other_names_with_a_d_are_names(text: str) -> None:
    assert parse(text).notes == ()


def test_it_is_a_function_of_both() -> None:
    f = mc.parse("tr(X^-1 dX)")
    assert str(mc.gradient(f, "dX")) == "X^-T" and mc.check(f, "X") and mc.check(f, "dX")
    assert str(mc.differential(f, "X")) == "-tr(X^-1 dX X^-1 delta_X)"


def test_as_a_claim_it_is_one() -> None:
    report = mc.check("logdet(X)", "X", claim="tr(X^-1 dX)")
    assert report and report.notes == ()
