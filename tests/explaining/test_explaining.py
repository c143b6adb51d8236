"""Derivations: every line is equal to the one before, as it is printed, and ends in the engine's derivative."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

import matcalc as mc
from matcalc import printing
from matcalc.calculus.differential import DIFFERENTIAL
from matcalc.errors import LimitError, UnsupportedError
from matcalc.explaining import Derivation, derivation
from matcalc.explaining.rules import RULES
from matcalc.expr import LEAVES
from tests.explaining.lines import check_lines
from tests.machine import program, sweep

# fmt: off
EXPRESSIONS = [
    # the post's worked examples
    ("A X^-1 + B", "X"),
    ("det(X + B) log(a^T X^-1 a) - tr(X)", "X"),
    ("det(I + x x^T)", "x"),
    # each rule
    ("a^T x", "x"), ("x^T A x", "x"), ("tr(X)", "X"), ("tr(X^T A X)", "X"), ("tr(A X B X^T)", "X"),
    ("det(X)", "X"), ("logdet(X)", "X"), ("log(det(X))", "X"), ("adj(X)", "X"), ("X^-1", "X"), ("X^3", "X"),
    ("tr(X^-2)", "X"), ("X^T A X", "X"), ("kron(X, A)", "X"), ("kron(kron(A, X), B) where A: matrix(2,2), B: matrix(2,3)", "X"),
    ("diag(x) A x", "x"), ("diag(X A)^T b", "X"), ("vec(A X B)", "X"), ("unvec(x, 2, 3) B where x: vector(6)", "x"),
    ("[X, A; B, X]", "X"), ("X[1, 2] sin(x)", "X"), ("sum(X .* exp(X) .* B)", "X"), ("x ./ (x + b)", "x"),
    ("tr(X A)^2 X", "X"), ("a^b", "a"), ("a^b", "b"), ("a / b", "b"), ("a^2 B", "a"),
    # machine learning
    ("||A x - b||^2", "x"), ("||A x - b||", "x"), ("||A X - B||_F^2", "X"), ("x / ||x||", "x"), ("||x||_1", "x"),
    ("sum(log(exp(-y.*(X*w)) + vector(1)))", "X"), ("logsumexp(A x)", "x"), ("softmax(A x)", "x"),
    ("relu(A x + b)", "x"), ("sigmoid(w^T x)", "w"), ("1/2 sum((A x - b).^2) + c ||x||^2 where c: scalar", "x"),
    ("(w'*r - f)/(w'*S*w)^.5 where S: symmetric(n)", "w"), ("tr(A*X'*B*X*C)", "X"), ("log(det(inv(X)))", "X"),
    ("sin(x)'*y", "x"), ("norm1(A*x-y)", "x"), ("(y.*v)'*x", "x"), ("0.5*x'*A*x", "x"), ("max(x, 0)", "x"),
    ("logdet(I + X X^T)", "X"), ("(x - m)^T S^-1 (x - m) + logdet(S) where S: spd(n)", "S"), ("b^T (X^T X)^-1 b", "X"),
    ("entropy(p)", "p"), ("tanh(A tanh(B x))", "x"), ("huber(a^T x, 1)", "x"),
    # structured variables
    ("tr(S A S) where S: symmetric(n)", "S"), ("tr(X B X) where X: diagonal(n)", "X"), ("tr(K B K) where K: skew(n)", "K"),
    ("||L L^T - A||^2 where L: lower(n)", "L"), ("logdet(S) where S: spd(n)", "S"), ("eigmax(S) where S: symmetric(n)", "S"),
    # matrix functions
    ("tr(expm(X))", "X"), ("sum(svdvals(X))", "X"), ("pinv(X)", "X"), ("logm(S) where S: spd(n)", "S"),
]
# fmt: on
ONLY_FIRST = {"sum(svdvals(X))", "eigmax(S) where S: symmetric(n)", "pinv(X)", "adj(X)"}
CASES = [
    (text, wrt, order, detail)
    for text, wrt in EXPRESSIONS
    for order in (1, 2)
    for detail in ("brief", "full")
    if order == 1 or text not in ONLY_FIRST
]


@sweep(18)
@pytest.mark.parametrize(("text", "wrt", "order", "detail"), CASES)
def test_each_line_equals_the_one_before(text: str, wrt: str, order: int, detail: str) -> None:
    check_lines(mc.parse(text), wrt, order, detail)


@pytest.mark.parametrize(("text", "wrt"), EXPRESSIONS)
def test_the_last_line_is_the_derivative(text: str, wrt: str) -> None:
    f = mc.parse(text)
    result = mc.derivative(f, wrt)
    last = mc.explain(f, wrt).result
    if result.f.node.is_scalar or last.quantity in ("J", "dF/dx"):
        assert last.expression == str(result.expr)


def test_every_operator_has_a_rule() -> None:
    assert RULES.keys() == DIFFERENTIAL.rows.keys() - LEAVES


def test_quadratic_form_as_in_the_textbook() -> None:
    assert [str(s) for s in mc.explain("x^T A x", "x").steps] == [
        "f = x^T A x",
        "df = d(x^T A x)",
        "df = dx^T A x + x^T A dx",
        "df = (A x + A^T x)^T dx",
        "grad f = A x + A^T x",
        "grad f = (A + A^T) x",
    ]


def test_the_first_example_of_the_post() -> None:
    found = mc.explain("A X^-1 + B", "X")
    assert [s.expression for s in found.steps] == [
        "A X^-1 + B",
        "d(A X^-1 + B)",
        "-A X^-1 dX X^-1",
        "-(X^-T ⊗ (A X^-1)) vec(dX)",
    ]
    assert found.steps[2].rule == "inverse"
    assert "M&N 8.4" in found.steps[2].reference


def test_the_second_example_of_the_post() -> None:
    found = mc.explain("det(X + B) log(a^T X^-1 a) - tr(X)", "X")
    assert [s.expression for s in found.steps[1:5]] == [
        "d(det(X + B) log(a^T X^-1 a) - tr(X))",
        "d(det(X + B)) log(a^T X^-1 a) + det(X + B) d(log(a^T X^-1 a)) - tr(dX)",
        "det(X + B) tr((X + B)^-1 dX) log(a^T X^-1 a) + det(X + B) a^T d(X^-1) a / (a^T X^-1 a) - tr(dX)",
        "det(X + B) tr((X + B)^-1 dX) log(a^T X^-1 a) - det(X + B) a^T X^-1 dX X^-1 a / (a^T X^-1 a) - tr(dX)",
    ]
    assert [s.rule for s in found.steps[2:]] == [
        "product rule",
        "Jacobi's formula, chain rule for log",
        "inverse",
        "collect",
        "read off",
        "factor out",
    ]


def test_the_third_example_of_the_post() -> None:
    found = mc.explain("det(I + x x^T)", "x", order=2)
    assert found.steps[1].expression == "1 + x^T x"
    assert found.steps[1].rule == "determinant lemma"
    assert [str(s) for s in found.steps[-4:]] == [
        "d²f = dx_1^T d(2 x)",
        "d²f = 2 dx_1^T dx_2",
        "d²f = 2 dx_1^T I dx_2",
        "H = 2 I",
    ]


def test_full_detail_has_one_rule_a_line() -> None:
    found = mc.explain("tr(X^T A X)", "X", detail="full")
    assert all("," not in s.rule for s in found.steps)
    assert len(found.steps) > len(mc.explain("tr(X^T A X)", "X").steps)


def test_traces_keep_the_order_in_which_they_were_typed() -> None:
    for typed in (
        "tr(X^T A X)",
        "tr(X'*A*X)",
        "tr(X.T @ A @ X)",
        r"\operatorname{tr}\left(X^{\top} AX\right)",
        r"\tr(X^\top A X)",
    ):
        assert mc.explain(typed, "X").steps[0].expression == "tr(X^T A X)"


def test_text_is_aligned() -> None:
    assert str(mc.explain("tr(A X)", "X")).splitlines()[:3] == [
        "f      = tr(A X)",
        "df     = d(tr(A X))",
        "       = tr(A dX)     (trace, constant factors: d tr(X) = tr(dX); d(A X B) = A dX B [M&N 8.2])",
    ]


def test_conditions_are_stated() -> None:
    assert str(mc.explain("tr(X^-1)", "X")).splitlines()[-1] == "where X is invertible"


@sweep(3)
@pytest.mark.parametrize(("text", "wrt"), EXPRESSIONS)
def test_markup_is_balanced(text: str, wrt: str) -> None:
    found = mc.explain(text, wrt)
    latex = found.latex(bold="upright")
    assert latex.startswith("\\begin{align*}\n") and latex.endswith("\n\\end{align*}")
    assert latex.count("{") == latex.count("}")
    assert latex.count("&=") == len(found.steps)
    html = found.html()
    assert html.count("<math") == html.count("</math>") and html.count("<tr>") == len(found.steps)
    assert found.markdown().count("$") == 2 * len(found.steps)
    assert found._repr_latex_() == found.latex()
    assert found._repr_html_() == html


def test_html_is_well_formed() -> None:
    from xml.dom.minidom import parseString

    for text, wrt in EXPRESSIONS:
        parseString(mc.explain(text, wrt).html())


def test_latex_compiles(tmp_path: Path) -> None:
    program("pdflatex")
    body = "\n\n".join(mc.explain(text, wrt).latex() for text, wrt in EXPRESSIONS)
    preamble = r"\documentclass{article}\usepackage{amsmath}\begin{document}"
    source = f"{preamble}\n{body}\n\\end{{document}}"
    (tmp_path / "a.tex").write_text(source)
    subprocess.run(["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "a.tex"], cwd=tmp_path, check=True)


def test_a_function_that_does_not_depend_on_the_variable() -> None:
    f = mc.parse("tr(A) + 0 tr(X)", {"X": "matrix(n, n)"})
    assert mc.explain(f, "X").result.expression == "zeros(n, n)"


# fmt: off
MIXED = [
    ("tr(X^T A X)", ("X", "A")), ("x^T A y", ("x", "y")), ("c x^T x where c: scalar", ("c", "x")),
    ("c x^T x where c: scalar", ("x", "c")), ("A X^-1 B", ("X", "A")), ("exp(a * t) where t: scalar, a: scalar", ("t", "a")),
    ("t^2 X X where t: scalar", ("t", "t")), ("t^2 X X where t: scalar", ("t", "X")), ("x^T X y", ("X", "x")),
    ("logdet(X) + tr(A X)", ("X", "A")), ("||A X - B||^2", ("A", "X")), ("tr(S A) where S: symmetric(n)", ("S", "A")),
    ("sigmoid(w^T x)", ("w", "x")), ("tr(S^-1 A) where S: spd(n)", ("A", "S")),
]
THIRD = [
    ("tr(X^3)", "X"), ("(x^T x)^2", "x"), ("a^T x sin(b^T x)", "x"), ("logsumexp(x)", "x"), ("X^-1", "X"), ("x^3 where x: scalar", "x"),
    ("exp(x A) where x: scalar", "x"), ("logdet(X)", "X"), ("log(x^T A x) where A: spd(n)", "x"),
]
# fmt: on


@sweep(2)
@pytest.mark.parametrize("detail", ["brief", "full"])
@pytest.mark.parametrize(("text", "wrt"), MIXED)
def test_mixed_derivatives(text: str, wrt: tuple[str, ...], detail: str) -> None:
    check_lines(mc.parse(text), wrt, 2, detail)


@sweep(3)
@pytest.mark.parametrize("detail", ["brief", "full"])
@pytest.mark.parametrize(("text", "wrt"), THIRD)
def test_third_derivatives(text: str, wrt: str, detail: str) -> None:
    check_lines(mc.parse(text), wrt, 3, detail)


@pytest.mark.parametrize(("text", "wrt"), [*MIXED, *((t, (x,) * 3) for t, x in THIRD)])
def test_higher_derivations_end_in_the_derivative(text: str, wrt: tuple[str, ...]) -> None:
    f = mc.parse(text)
    last = mc.explain(f, wrt).result
    wanted = mc.derivative(f, *wrt)
    if wanted.form == "array":
        assert last.expression == in_one_piece(wanted.expr)
    elif last.quantity.startswith("vec"):
        assert last.held.factors[0].node is wanted.reading.matrix
    elif len(wanted.reading.directions) > 1:
        assert last.expression == in_one_piece(wanted.operator)


def in_one_piece(e: mc.Expr | None) -> str:
    """The text without names for its parts, as a line of a derivation has it."""
    assert e is not None
    return printing.text_by_name(e.node, e.style)


def test_a_derivative_of_order_zero_is_refused() -> None:
    with pytest.raises(UnsupportedError):
        mc.explain("tr(X^3)", "X", order=0)


def test_it_starts_from_what_was_typed() -> None:
    found = mc.explain("mean((x - b).^2)", "x").steps
    assert [s.expression for s in found[:2]] == ["mean((x - b).^2)", "||x - b||^2 / n"]
    assert found[1].identity == "mean(x) = 1^T x / n"
    assert mc.explain("X + B + X", "X").steps[0].expression == "X + B + X"
    inner = mc.explain("<A, X B>", "X").steps
    assert inner[1].rule == "inner product" and inner[1].expression == "tr(A^T X B)"


def test_only_what_is_not_shown_any_more_is_defined() -> None:
    lasso = mc.explain("1/2 ||X w - y||^2 + c ||w||_1 where c: scalar", "w").steps
    assert [s.quantity for s in lasso[:2]] == ["f", "df"]
    square = mc.explain("tr(K Y) / sqrt(tr(K K) tr(Y Y))", "K").steps[1]
    assert square.rule == "rearrange" and "sqrt(tr(K^2) tr(Y^2))" in square.expression


def test_signs_and_divisors_are_collected() -> None:
    lines = [s.expression for s in mc.explain("k mu^T x / (||mu|| ||x||) where k: scalar", "mu").steps]
    assert "k dmu^T x / (||mu|| ||x||) - k mu^T x d(mu^T mu) / (2 ||mu||^3 ||x||)" in lines


@pytest.mark.parametrize(
    ("text", "wrt"),
    [
        ("tr(C expm((logm(S) + logm(T)) / 2)) where S: spd(d), T: spd(d)", "S"),
        ("w^T (S - c v v^T) w / (w^T w) where c: scalar", "v"),
        ("(b^T A b) / (b^T C b)", "C"),
    ],
)
def test_coefficients_stay_with_their_term(text: str, wrt: str) -> None:
    check_lines(mc.parse(text), wrt, 2, "brief")


def test_a_constant_factor_is_no_power_rule() -> None:
    rules = [s.rule for s in mc.explain("(b^T A b) / (b^T C b)", "C").steps]
    assert rules[2] == "power rule" and len(rules) == 5


def test_an_order_of_terms_is_no_step() -> None:
    assert mc.explain("det(X + B)", "X").steps[0].expression == "det(X + B)"
    assert mc.explain("det(X + B)", "X").steps[1].quantity == "df"


def test_a_deep_network_is_refused_at_once() -> None:
    body = "x"
    for i in range(12):
        body = f"({body} + tanh(W_{i} ({body})))" if i < 3 else f"tanh(W_{i} {body})"
    with pytest.raises(LimitError):
        mc.explain(f"||{body} .* {body} .* {body}||^2", "x", order=2)
    x, total = mc.expr.variable("x", ("n", 1)), mc.expr.variable("x", ("n", 1))
    for i in range(60):
        total = total + mc.expr.apply("tanh", mc.expr.matmul(mc.expr.variable(f"W_{i}", ("n", "n")), total))
    with pytest.raises(LimitError):
        derivation(mc.expr.matmul(total.T, total), [x])


def test_it_says_how_long_it_is() -> None:
    assert repr(mc.explain("tr(A X)", "X")) == "<Derivation of tr(A X) in 4 lines>"
    assert isinstance(mc.explain("tr(A X)", "X"), Derivation)
