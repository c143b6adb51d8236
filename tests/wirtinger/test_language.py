"""Spellings of complex numbers, what is printed, and that it is read back."""

from __future__ import annotations

import pytest

import matcalc as mc

WHERE = "z: complex vector(n), a: complex vector(n), R: hpd(n), Z: complex matrix(m, n), H: complex matrix(m, n), s: complex scalar"

SAME = {
    "z^H R z": [
        "z' R z",
        "conj(z)^T R z",
        "conj(z).' R z",
        r"z^{H} R z",
        r"z^\dagger R z",
        r"z^{*\top} R z",
        r"\bar z^\top R z",
    ],
    "Z^H Z": ["Z' Z", "Z^{H} Z", "conj(Z)^T Z", "Z† Z", "(Z^T conj(Z))^T"],
    "H^H H": ["H' H", "conj(H)^T H"],
    "conj(s) s": ["s^* s", "|s|^2", "abs(s)^2", "s conj(s)", "re(s)^2 + im(s)^2"],
    "||z||^2": ["z^H z", "<z, z>", "inner(z, z)", "norm2(z)^2", "sum(abs(z).^2)"],
    "<a, z>": ["a^H z", "conj(z^H a)"],
    "j s": ["1j s", "j*s", "-(1/j) s"],
    "im(s)": ["re(-j s)", "(s - conj(s)) / (2j)"],
    "(Z z)^H (Z z)": ["z^H Z^H Z z", "||Z z||^2"],
    "conj(Z z)": ["conj(Z) conj(z)"],
}


@pytest.mark.parametrize("text", SAME)
def test_spellings(text: str) -> None:
    wanted = mc.parse(text, WHERE).simplify()
    for other in SAME[text]:
        found = mc.parse(other, WHERE).simplify()
        assert found == wanted, f"{other} is {found}, and {text} is {wanted}"


@pytest.mark.parametrize(
    "text, shown, unicode, latex",
    [
        ("z^H R z", "z^H R z", "zᴴ R z", r"z^{H} R z"),
        ("conj(Z) a", "conj(Z) a", "conj(Z) a", r"Z^{*} a"),
        ("Z Z^T", "Z Z^T", "Z Zᵀ", r"Z Z^{\top}"),
        ("conj(s)^2", "conj(s)^2", "conj(s)²", r"(s^{*})^{2}"),
        ("j s", "j s", "j s", r"\mathrm{j} s"),
    ],
)
def test_printing(text: str, shown: str, unicode: str, latex: str) -> None:
    f = mc.parse(text, WHERE)
    assert str(f) == shown
    assert f.latex() == latex
    assert mc.parse(str(f), WHERE) == f


def test_differential_and_notes() -> None:
    assert str(mc.differential("z^H R z", "z", where=WHERE)) == "z^H R dz + z^T R^T conj(dz)"
    assert str(mc.differential("tr(Z^H Z)", "Z", where=WHERE)) == "tr(dZ^H Z) + tr(Z^H dZ)"
    d = mc.derivative("a^H z", "z", where=WHERE)
    assert d.is_holomorphic
    assert any("holomorphic" in str(note) for note in d.notes)
    g = mc.gradient("z^H R z", "z", where=WHERE)
    assert str(g) == "2 R z"
    assert any("steepest ascent" in str(note) for note in g.notes)


def test_a_function_that_is_not_real_has_no_gradient() -> None:
    with pytest.raises(mc.MatcalcError, match="not seen to be real"):
        mc.gradient("a^H z", "z", where=WHERE)
    assert str(mc.gradient("re(a^H z)", "z", where=WHERE)) == "a"
    assert str(mc.gradient("im(a^H z)", "z", where=WHERE)) == "j a"


def test_diagnosis_names_the_convention() -> None:
    assert "jax" in str(mc.check("z^H R z", "z", where=WHERE, claim="2 R^T conj(z)").diagnosis)
    assert mc.check("z^H R z", "z", where=WHERE, claim="2 R^T conj(z)", convention="jax")
    assert mc.check("z^H R z", "z", where=WHERE, claim="2 R z", convention="torch")


def test_declarations() -> None:
    f = mc.parse("z^H R z", WHERE)
    assert [str(d) for d in f.declarations.values()] == ["z: complex vector(n)", "R: hpd(n)"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (r"\frac{\partial}{\partial z^*} z^H R z", "R z"),
        (r"\frac{\partial z^H R z}{\partial \bar{z}}", "R z"),
        (r"\nabla_{z^*} z^H R z", "R z"),
        (r"\frac{\partial}{\partial \mathbf{Z}^*} \operatorname{tr}(Z^H R Z)", "R Z"),
        (r"\frac{\partial z^H R z}{\partial z}", "R^T conj(z)"),
    ],
)
def test_statements(text: str, shown: str) -> None:
    r"""\partial / \partial z^* asks for the derivative by conj(z)."""
    where = "z: complex vector(n), R: hermitian(n), Z: complex matrix(n, m)"
    assert str(mc.derivative(text, where=where)) == shown
    assert mc.check(text, where=where, claim=shown, convention="wirtinger")
    assert not mc.check(text, where=where, claim=f"2 ({shown})", convention="wirtinger")


def test_a_statement_by_a_conjugate_has_no_other_gradient() -> None:
    assert str(mc.gradient(r"\frac{\partial}{\partial s^*} |s|^2", where=WHERE)) == "s"
    assert str(mc.gradient(r"\frac{\partial}{\partial s} |s|^2", where=WHERE)) == "2 s"
    with pytest.raises(mc.MatcalcError, match="does not occur"):
        mc.derivative(r"\frac{\partial}{\partial x^*} x^T x")
