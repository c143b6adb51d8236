"""einsum of arrays of any order: values and derivatives by every argument, compared with those of NumPy and JAX."""

from __future__ import annotations

import numpy as np
import pytest

import matcalc as mc

NAMES = "STUVW"
SIZES = dict(zip("bijklmn", (3, 2, 4, 5, 2, 3, 4), strict=True))

CASES = [
    "ij,jk->ik",
    "bi,ijk,bk->bj",
    "ijk,i,j,k->",
    "ijk,j,k->i",
    "ijkl,kl->ij",
    "ijk,ijk->",
    "ijk,ijl->kl",
    "ijk->k",
    "ij,ij,i->j",
    "iij->j",
    "bij,bjk->ik",
    "ij,kl->jk",
    "i,j->ij",
    "ii",
    "ji",
]


def _drawn(subscripts: str) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(2)
    inputs = subscripts.split("->")[0].split(",")
    return {name: rng.normal(size=tuple(SIZES[i] for i in term)) for name, term in zip(NAMES, inputs, strict=False)}


def _text(subscripts: str) -> str:
    names = NAMES[: subscripts.count(",") + 1]
    return f'einsum("{subscripts}", {", ".join(names)})'


def _sizes_left(function: object, f: mc.Expr, values: dict[str, np.ndarray]) -> dict[str, int]:
    found = {str(d): k for n, v in values.items() for d, k in zip(f.declarations[n].axes, v.shape, strict=True)}
    return {name: k for name, k in found.items() if name in getattr(function, "parameters", ())}


@pytest.mark.parametrize("subscripts", CASES)
@pytest.mark.parametrize("target", ["numpy", "array-api", "jax"])
def test_values_are_those_of_numpy(subscripts: str, target: str) -> None:
    library = pytest.importorskip({"jax": "jax.numpy", "array-api": "array_api_strict"}.get(target, "numpy"))
    values = _drawn(subscripts)
    f = mc.parse(_text(subscripts))
    assert [len(f.declarations[name].axes) for name in values] == [v.ndim for v in values.values()]
    found = mc.compile(f, target=target)(**{name: library.asarray(v) for name, v in values.items()})
    assert np.asarray(found) == pytest.approx(np.einsum(subscripts, *values.values()), rel=1e-5, abs=1e-5)


@pytest.mark.parametrize("subscripts", CASES)
def test_derivatives_by_every_argument_are_the_sums_without_it(subscripts: str) -> None:
    values = _drawn(subscripts)
    f = mc.parse(_text(subscripts))
    for place, name in enumerate(values):
        expected = _jacobian(subscripts, list(values.values()), place)
        run = mc.compile(mc.derivative(f, name))
        found = run(**values, **_sizes_left(run, f, values))
        assert found.shape == expected.shape
        assert found == pytest.approx(expected)


def _jacobian(subscripts: str, values: list[np.ndarray], place: int) -> np.ndarray:
    """einsum is linear in each of its arguments: its values at all unit arrays, whose axes come last."""
    left, arrow, right = subscripts.partition("->")
    terms = left.split(",")
    right = right if arrow else "".join(sorted(i for i in left if i != "," and left.count(i) == 1))
    new = "WXYZ"[: values[place].ndim]
    terms[place] += new
    units = np.eye(values[place].size).reshape(values[place].shape * 2)
    return np.einsum(f"{','.join(terms)}->{right}{new}", *values[:place], units, *values[place + 1 :])


@pytest.mark.parametrize("name", ["S", "T", "U"])
def test_derivatives_are_those_of_jax_and_verified(name: str) -> None:
    jax = pytest.importorskip("jax")
    values, subscripts = _drawn("bi,ijk,bk->bj"), "bi,ijk,bk->bj"
    f = mc.parse(_text(subscripts))
    place = list(values).index(name)
    expected = jax.jacobian(lambda *a: jax.numpy.einsum(subscripts, *a), argnums=place)(*values.values())
    for target in ("numpy", "jax"):
        found = np.asarray(mc.compile(mc.derivative(f, name), target=target)(**values))
        assert found == pytest.approx(np.asarray(expected), rel=1e-4, abs=1e-4)
    assert mc.check(f, name)


def test_einsum_stands_within_expressions() -> None:
    values = _drawn("bi,ijk,bk->bj")
    f = mc.parse('||Y - exp(einsum("bi,ijk,bk->bj", S, T, U))||^2')
    y = np.random.default_rng(1).normal(size=(3, 4))
    inside = np.exp(np.einsum("bi,ijk,bk->bj", *values.values()))
    assert mc.compile(f)(Y=y, **values) == pytest.approx(np.sum((y - inside) ** 2))
    weight = 2 * (inside - y) * inside
    expected = np.einsum("bj,bi,bk->ijk", weight, values["S"], values["U"])
    assert mc.compile(mc.gradient(f, "T"))(Y=y, **values) == pytest.approx(expected)


@pytest.mark.parametrize("text", ["np.einsum('bi,ijk,bk->bj', S, T, U)", "einsum( 'bi, ijk, bk -> bj' , S, T, U)"])
def test_other_ways_to_write_it(text: str) -> None:
    values = _drawn("bi,ijk,bk->bj")
    assert mc.compile(mc.parse(text))(**values) == pytest.approx(np.einsum("bi,ijk,bk->bj", *values.values()))


def test_code_has_no_loops() -> None:
    source = mc.compile(_text("bi,ijk,bk->bj")).source
    assert "for " not in source.split('"""')[-1]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('einsum("ij,kj->ikj", A, B)', "result of einsum has 3 axes"),
        ('einsum("ij,j", A)', "subscripts for 2 arrays, and 1 are given"),
        ('einsum("1j,j", A, b)', "are no subscripts"),
        ('einsum("ij->ik", A)', "index k of the result"),
        ('einsum("ij->ii", A)', "index i of the result"),
        ('einsum("ijk->", A + B)', "has to be a name"),
        ('einsum("ijk->i", A) where A: matrix(m, n)', "A_ijk has 3 indices, and A: matrix"),
    ],
)
def test_what_is_no_einsum_is_an_error(text: str, message: str) -> None:
    with pytest.raises(mc.MatcalcError, match=message):
        mc.parse(text)
