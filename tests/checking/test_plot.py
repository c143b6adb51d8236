"""The picture of the Taylor test."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import matcalc as mc
from matcalc.checking import Subject
from matcalc.checking.claims.written import Words
from matcalc.checking.plot import plot_check, remainder_curves, verdict
from matcalc.errors import UnsupportedError
from matcalc.objects.variables import variable_named
from tests.machine import library


def subject_of(text: str) -> tuple[Subject, mc.Expr]:
    f = mc.parse(text)
    return Subject(f.node, f.declarations, f.tree), f


def curves_of(text: str, name: str, order: int, claim: str) -> list[object]:
    from matcalc.checking.claims.claims import read_claim

    subject, f = subject_of(text)
    wrt = [variable_named(f, name)] * order
    return list(remainder_curves(subject, wrt, read_claim(claim, f.node, wrt, Words(f.declarations)).formula))


@pytest.mark.parametrize(
    ("text", "order", "claim", "slope"),
    [
        ("logdet(X)", 1, "X^-T", 2),
        ("logdet(X)", 1, "X^-1", 1),
        ("sum(exp(X))", 2, "diag(vec(exp(X)))", 3),
        ("sum(exp(X))", 2, "2 diag(vec(exp(X)))", 2),
    ],
)
def test_slopes(text: str, order: int, claim: str, slope: int) -> None:
    curves = curves_of(text, "X", order, claim)
    assert all(c.slope == pytest.approx(slope, abs=0.1) for c in curves)  # type: ignore[attr-defined]


def test_what_the_slopes_say() -> None:
    assert verdict(curves_of("logdet(X)", "X", 1, "X^-T"), 1).endswith("right to order 1")  # type: ignore[arg-type]
    assert verdict(curves_of("logdet(X)", "X", 1, "X^-1"), 1).endswith("has slope 2")  # type: ignore[arg-type]
    assert verdict(curves_of("tr(X)", "X", 1, "I"), 1).startswith("No remainder")  # type: ignore[arg-type]


def test_an_operator_of_several_variables_has_no_picture(tmp_path: Path) -> None:
    subject, f = subject_of("x^T A y")
    with pytest.raises(UnsupportedError, match="one variable"):
        plot_check(subject, [variable_named(f, "x"), variable_named(f, "y")], tmp_path / "a.svg")


def test_the_picture(tmp_path: Path) -> None:
    library("matplotlib")
    subject, f = subject_of("logdet(X)")
    for suffix in ("svg", "png", "pdf"):
        plot_check(subject, [variable_named(f, "X")], tmp_path / f"a.{suffix}")
        assert (tmp_path / f"a.{suffix}").stat().st_size > 1000
    plot_check(subject, [variable_named(f, "X")], tmp_path / "b.svg", claim="X^-1")
    assert "<svg" in (tmp_path / "b.svg").read_text()


def test_without_matplotlib(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    monkeypatch.setitem(sys.modules, "matplotlib.backends.backend_agg", None)
    subject, f = subject_of("logdet(X)")
    with pytest.raises(UnsupportedError, match="matplotlib"):
        plot_check(subject, [variable_named(f, "X")], tmp_path / "a.svg")
