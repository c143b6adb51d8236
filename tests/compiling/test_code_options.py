"""What is asked for beside the derivative: the value, a comparison with differences, and sizes to be fast for."""

from __future__ import annotations

import numpy as np
import pytest
from click.testing import CliRunner

import matcalc as mc
from matcalc.command.program import main
from matcalc.errors import MatcalcError


def code(*arguments: str) -> str:
    result = CliRunner().invoke(main, ["code", *arguments])
    assert result.exit_code == 0, result.output
    return result.output


CHECKED = (
    ("||A x - b||^2", "x", ""),
    ("logdet(A) + s*sum(x)*tr(A B)", "A", "A: spd(n), x: vector(n, positive), s: scalar, B: symmetric(n)"),
    ("1/2*||inv(L) (x - m)||^2 + logdet(L)", "L", "L: lower(n), x: vector(n), m: vector(n)"),
    ("tr(D A D)", "D", "D: diagonal(n), A: matrix(n, n)"),
    ("tanh(W x)", "W", "W: matrix(m, n), x: vector(n)"),
    ("s^k*x", "s", "s: scalar(positive), k: scalar(integer), x: vector(n)"),
    ("n*tr(S X)", "X", "X: skew(n), S: skew(n)"),
    ("tr(Q^T A Q)", "Q", "Q: orthogonal(n), A: psd(n)"),
)


@pytest.mark.parametrize("target", ["numpy", "scipy"])
@pytest.mark.parametrize(("text", "name", "where"), CHECKED, ids=[row[0] for row in CHECKED])
def test_self_check(text: str, name: str, where: str, target: str) -> None:
    """The file passes its own check, and does not once its derivative is another one."""
    source = code(text, "--wrt", name, "--where", where, "--self-check", "--target", target)
    space: dict[str, object] = {"__name__": "written"}
    exec(source, space)
    space["check_gradient"]()  # type: ignore[operator]
    right = space["fun_and_grad"]

    def wrong(*args: object) -> tuple[object, object]:
        value, slope = right(*args)  # type: ignore[operator]
        return value, slope * 1.01

    space["fun_and_grad"] = wrong
    with pytest.raises(AssertionError):
        space["check_gradient"]()  # type: ignore[operator]


def test_with_value() -> None:
    assert "def fun_and_grad(A, x, b):" in code("||A x - b||^2", "--wrt", "x", "--with-value", "--target", "jax")


@pytest.mark.parametrize(
    "options",
    [
        ("--with-value", "--order", "2"),
        ("--self-check", "--target", "julia"),
        ("--sizes", "m = many"),
        ("--sizes", "q=3"),
        ("--sizes", "n=0"),
    ],
)
def test_what_is_refused(options: tuple[str, ...]) -> None:
    result = CliRunner().invoke(main, ["code", "||A x - b||^2", "--wrt", "x", *options])
    assert result.exit_code != 0 and "error" in result.output.lower()


CHAIN = "A B C where A: matrix(m, p), B: matrix(p, q), C: matrix(q, n)"


def test_orders_of_products_by_sizes() -> None:
    """Of 10 x 1000 x 10 x 1000 matrices the first two, of 1000 x 10 x 1000 x 10 the last two."""
    for m, p, q, n in ((10, 1000, 10, 1000), (1000, 10, 1000, 10)):
        sizes = {"m": m, "p": p, "q": q, "n": n}
        function = mc.compile(CHAIN, sizes=sizes)
        assert function.flops(**sizes) == 2 * 10 * 10 * 2000
        arrays = [np.ones((2, 3)), np.ones((3, 4)), np.ones((4, 5))]  # right for all sizes
        np.testing.assert_allclose(function(A=arrays[0], B=arrays[1], C=arrays[2]), np.full((2, 5), 12.0))


@pytest.mark.parametrize("target", ["scipy", "jax"])
def test_orders_of_products_at_the_call(target: str) -> None:
    """Where no sizes are said the order is that of the arrays."""
    text = "||A X B - Y||_F^2 where A: matrix(m, n), X: matrix(n, p), B: matrix(p, q), Y: matrix(m, q)"
    f = mc.parse(text)
    function = mc.compile([f, mc.gradient(f, "X")], target=target)
    assert function.source.count("multi_dot") == 2
    for m, n, p, q in ((2, 30, 2, 30), (30, 2, 30, 2)):
        low = 2 * 2 * 2 * 60  # of one product with three factors
        assert function.flops(m=m, n=n, p=p, q=q) <= 2 * low + 6 * 900
        rng = np.random.default_rng(n)
        A, X, B, Y = (rng.standard_normal(shape) for shape in ((m, n), (n, p), (p, q), (m, q)))
        value, slope = function(A=A, X=X, B=B, Y=Y)
        rest = A @ X @ B - Y
        np.testing.assert_allclose(value, (rest**2).sum(), rtol=1e-4)
        np.testing.assert_allclose(slope, 2 * A.T @ rest @ B.T, rtol=1e-3, atol=1e-3)


def test_chains_with_one_good_order_have_that() -> None:
    """Matrices with vectors, products of factors of low rank, and squares."""
    for text in (
        "A B x where A: matrix(m, n), B: matrix(n, p), x: vector(p)",
        "U V^T V where U: matrix(m, k), V: matrix(n, k)",
        "A B A where A: matrix(n, n), B: matrix(n, n)",
    ):
        assert "multi_dot" not in mc.compile(text).source


def test_the_rank_is_a_size() -> None:
    """What inverts by rank needs to know that it is a small one."""
    text = "inv(diag(d) + U U^T) y where d: vector(n, positive), U: matrix(n, p), y: vector(n)"
    large, small = ({"n": 1000, "p": p} for p in (900, 5))
    assert mc.compile(text, sizes=small).flops(**small) < 1e6 < 1e8 < mc.compile(text, sizes=large).flops(**large)


def test_sizes_are_those_of_the_expression() -> None:
    with pytest.raises(MatcalcError, match="no size"):
        mc.compile("x^T x where x: vector(n)", sizes={"k": 3})
