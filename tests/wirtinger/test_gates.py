"""Rules and facts of real numbers are not used of complex ones, and a slice of random functions beside JAX."""

from __future__ import annotations

import pytest

import matcalc as mc
from matcalc.expr import Node
from matcalc.expr.conjugates import conjugate, is_real
from matcalc.expr.facts import is_invertible, is_nonnegative, is_pd, is_positive, is_psd
from matcalc.simplify.lemmas import ALSO_COMPLEX, LEMMAS
from tests.fuzz.complex_functions import tried

WHERE = "s: complex scalar, r: scalar, z: complex vector(n), Z: complex matrix(n, n), R: hpd(n), S: hermitian(n), x: vector(n)"


def node(text: str) -> Node:
    return mc.parse(text, WHERE).simplify().node


@pytest.mark.parametrize(
    "text, other",
    [
        ("sqrt(s^2)", "abs(s)"),
        ("sqrt(s^2)", "s"),
        ("log(exp(s))", "s"),
        ("log(s^2)", "2 log(s)"),
        ("sqrt(exp(s))", "exp(s / 2)"),
        ("abs(s)^2", "s^2"),
        ("||z||^2", "z^T z"),
        ("(s^2)^(1/2) (s^2)^(1/2) s", "s^2 abs(s)"),
        ("S", "S^T"),
        ("Z^H Z", "(Z^H Z)^T"),
        ("sqrt(j s)", "sqrt(j) sqrt(s)"),
    ],
)
def test_what_holds_of_real_numbers_only(text: str, other: str) -> None:
    assert node(text) is not node(other)


@pytest.mark.parametrize(
    "text", ["log(1 + exp(s))", "exp(s) / (1 + exp(s))", "log(sum(exp(z)))", "exp(z) / sum(exp(z))"]
)
def test_functions_of_real_numbers_are_not_introduced(text: str) -> None:
    shown = str(mc.parse(text, WHERE).simplify())
    assert not {name for name in ("softplus", "sigmoid", "logsumexp", "softmax") if name in shown}
    assert "softplus" in str(mc.parse("log(1 + exp(re(s)))", WHERE).simplify())


@pytest.mark.parametrize(
    "text", ["s^2", "exp(s)", "z^T z", "cosh(s)", "z .* z", "j", "s^4", "(s - conj(s))^2", "z^T R z"]
)
def test_signs_are_not_known(text: str) -> None:
    assert not is_nonnegative(node(text))


@pytest.mark.parametrize("text", ["Z^T Z", "R", "S^2", "Z^H Z", "R + S"])
def test_definiteness_is_one_of_symmetric_matrices(text: str) -> None:
    assert not is_pd(node(text))
    assert not is_psd(node(text))


def test_what_is_known() -> None:
    assert is_nonnegative(node("z^H z"))
    assert is_nonnegative(node("abs(s)^2"))
    assert is_positive(node("exp(-abs(s)^2)"))
    assert is_positive(node("1 + ||z||^2"))
    assert is_invertible(node("R"))


@pytest.mark.parametrize(
    "text",
    [
        "z^H R z",
        "re(s)",
        "abs(s)",
        "tr(S R)",
        "logdet(Z)",
        "||Z||_F^2",
        "x^T re(z)",
        "im(s^2)",
        "det(S)",
        "tr(S Z R Z^H)",
    ],
)
def test_real(text: str) -> None:
    assert is_real(node(text))


@pytest.mark.parametrize("text", ["s", "log(3 + s)", "z^H Z z", "exp(j r)", "tr(S Z)", "det(Z)", "j r"])
def test_not_real(text: str) -> None:
    assert not is_real(node(text))
    assert not mc.derivative(f"{text} + s", "s", where=WHERE).is_real
    assert conjugate(conjugate(node(text))) is node(text)


def test_logarithms_have_no_proof_that_they_are_real() -> None:
    """The prover has rules of real numbers: it once proved that log(3 + s) is its conjugate."""
    with pytest.raises(mc.MatcalcError, match="not seen to be real"):
        mc.gradient("log(3 + s)", "s", where=WHERE)


@pytest.mark.parametrize(
    "text, name, shown",
    [
        ("sqrt(s^2)", "s", ("s^2 is not on (-inf, 0]",)),
        ("norm1(z)", "z", ("no entry of z is 0",)),
        ("||z||", "z", ("z != 0",)),
        ("logdet(Z)", "Z", ("Z is invertible",)),
        ("sum(log(z))", "z", ("no entry of z is on (-inf, 0]",)),
        ("log(re(s))", "s", ("s + conj(s) > 0",)),
        ("log(1 + ||z||^2)", "z", ()),
    ],
)
def test_conditions(text: str, name: str, shown: tuple[str, ...]) -> None:
    assert mc.derivative(text, name, where=WHERE).conditions == shown


@pytest.mark.parametrize(
    "text, name",
    [
        ("sum_i |z_i|^2", "z"),
        ("sum_i x_i |z_i|^4", "z"),
        ("sum_{t=2}^n |z_t - z_{t-1}|^2", "z"),
        ("[z; x]^H [z; x]", "z"),
        ("abs(z[1])^2", "z"),
        ("kron(z, x)^H kron(z, x)", "z"),
        ("vec(Z)^H vec(Z)", "Z"),
        ("diag(Z)^H diag(Z)", "Z"),
        ("Z^-1", "Z"),
        ("2^re(s)", "s"),
        ("max_i |z_i|", "z"),
        ("sum((re(z) > 0) .* z)", "z"),
        ("(1 + j)^2 s conj(s) / (2j)", "s"),
    ],
)
def test_forms(text: str, name: str) -> None:
    for spelled in (name, f"conj({name})"):
        assert mc.check(text, spelled, where=WHERE)


def test_rules_for_complex_numbers_are_rules() -> None:
    assert {rule.name for rule in LEMMAS} >= ALSO_COMPLEX


@pytest.mark.parametrize("seed", range(40))
def test_random_functions(seed: int) -> None:
    pytest.importorskip("jax")
    outcome = tried(7_000 + seed, 1 + seed % 3)
    assert outcome.verdict in ("right", "left out"), outcome
