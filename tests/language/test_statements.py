"""What statements say: `statements.txt` has one text a line, with the expression and what stands around it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import matcalc as mc
from matcalc.errors import MatcalcError
from matcalc.language import parse, spelled_name
from matcalc.printing import text
from tests.machine import sweep

LINES = [
    line
    for line in Path(__file__).with_name("statements.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("# ")
]


def meaning(source: str) -> str:
    """A text as a line of the table shows it."""
    try:
        parsed = parse(source)
    except MatcalcError as error:
        return f"! {error.code}"
    s = parsed.statement
    said = {} if s is None else {
        "name": s.name or "",
        "args": " ".join(s.arguments),
        "by": " ".join(s.variables),
        "among": " ".join(s.choices) if s.choices != s.arguments else "",
        "order": str(s.order) if s.order != len(s.variables) else "",
        "sense": s.sense,
        "st": " & ".join(map(str, s.constraints)),
        "claims": " & ".join(map(str, s.claims)),
        "steps": " & ".join(map(str, s.steps)),
    }  # fmt: skip
    around = "; ".join(f"{key} {value}" for key, value in said.items() if value)
    return text(parsed.node, exact=True) + (f"  //  {around}" if around else "")


@sweep(2)
@pytest.mark.parametrize("line", LINES)
def test_statement(line: str) -> None:
    source, _, expected = line.partition("=>  ")
    assert meaning(source.rstrip().replace("⏎", "\n")) == expected.rstrip()


def test_there_are_many() -> None:
    assert len(LINES) >= 120


#: A statement, and the same as an expression and its variables.
DERIVATIVES = [
    (r"\frac{d}{d\beta} \|y - X\beta\|^2",                 "||y - X beta||^2",            "beta"),
    (r"\frac{d}{d\mu}(x-\mu)^\top\Sigma(x-\mu)",           "(x - mu)^T Sigma (x - mu)",   "mu"),
    (r"\frac{d^2}{d\beta^2} \|y - X\beta\|^2",             "||y - X beta||^2",            "beta beta"),
    (r"\nabla_\beta \|y - X\beta\|^2",                     "||y - X beta||^2",            "beta"),
    (r"\frac{\partial^2}{\partial x \partial y^\top} x^\top A y", "x^T A y",              "x y"),
    (r"\mathcal{L}(\theta) = \|y - X\theta\|^2.",          "||y - X theta||^2",           "theta"),
    (r"\min_{w \in \mathbb R^d} \|Xw - y\|^2",             "||X w - y||^2",               "w"),
    (r"p(x \mid \theta) = \exp(-\|x - \theta\|^2)",        "exp(-||x - theta||^2)",       "x"),
    ("d/dbeta ||y - X beta||^2",                           "||y - X beta||^2",            "beta"),
    ("grad_A (x^T A x)",                                   "x^T A x",                     "A"),
    ("minimize ||A x - b||^2",                             "||A x - b||^2",               "x"),
    ("hessian(x^T A x, x)",                                "x^T A x",                     "x x"),
    ("lambda w: w.T @ S @ w",                              "w^T S w",                     "w"),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "expression", "names"), DERIVATIVES)
def test_the_variable_and_the_order_come_from_the_statement(statement: str, expression: str, names: str) -> None:
    found = mc.derivative(statement)
    assert found.wrt == tuple(names.split())
    assert str(found) == str(mc.derivative(expression, *names.split()))


#: A statement and a variable or order that contradicts it; both are named.
CONTRADICTIONS = [
    (lambda: mc.derivative(r"\nabla_x (x^T A x)", "A"), "x", "A"),
    (lambda: mc.gradient(r"\nabla_\beta \|y - X\beta\|^2", "X"), "beta", "X"),
    (lambda: mc.gradient(r"\min_x \|A x - b\|^2", "b"), "x", "b"),
    (lambda: mc.hessian(r"\nabla_x (x^T A x)"), "first", "second"),
    (lambda: mc.gradient(r"\nabla^2_x (x^T A x)"), "second", "first"),
    (lambda: mc.explain("d/dx (x^T A x)", "A"), "d/dx", "A"),
    (lambda: mc.check("d/dx (x^T A x)", "x", order=2), "first", "second"),
    (lambda: mc.derivative(r"\frac{\partial^2}{\partial x \partial y} x^\top A y", "A"), "x and y", "A"),
    (lambda: mc.objective("d/dx (x^T A x)", "A"), "x", "A"),
]


@pytest.mark.parametrize(("call", "said", "asked"), CONTRADICTIONS)
def test_what_contradicts_the_statement_is_an_error_that_names_both(call: object, said: str, asked: str) -> None:
    with pytest.raises(MatcalcError) as caught:
        call()  # type: ignore[operator]
    assert caught.value.code == "contradiction"
    assert said in caught.value.message and asked in caught.value.message
    assert caught.value.text is not None and caught.value.span is not None and caught.value.hint


@pytest.mark.parametrize("source", [r"\nabla_z (x^T A x)", "d/dz (x^T x)", "f(z) = x^T x", "min_z ||x||^2"])
def test_a_variable_that_does_not_occur_is_an_error_not_a_zero(source: str) -> None:
    with pytest.raises(MatcalcError, match="z does not occur") as caught:
        mc.derivative(source)
    assert caught.value.code == "unknown-variable"


def test_arguments_among_which_none_is_meant_first_are_a_question() -> None:
    with pytest.raises(MatcalcError, match="W, b") as caught:
        mc.gradient("L(W, b) = ||W a + b - y||^2")
    assert caught.value.code == "which-variable"
    assert mc.gradient("L(W, b) = ||W a + b - y||^2", "b") == mc.gradient("||W a + b - y||^2", "b")


#: Spellings of one variable.
SPELLINGS = {
    "beta": [r"\beta", "β", "beta", r"$\beta$", r"\boldsymbol\beta", r"\boldsymbol{\beta}", r"\bm{\beta}", r" \beta "],
    "w": [r"\mathbf{w}", r"\mathbf w", "w", r"\vec{w}", r"\mathrm{w}"],
    "x_1": ["x_{1}", "x_1", "x₁", r"\mathbf{x}_1", r"\mathbf{x}_{1}", r"$x_1$"],
    "x_hat": [r"\hat{x}", r"\hat x", r"\hat{\mathbf{x}}", r"\mathbf{\hat{x}}", "x_hat"],
    "W_1": ["W_1", r"W_{1}", "W₁", r"\mathbf{W}_1"],
    "theta_ij": [r"\theta_{ij}", "θ_{ij}", r"\boldsymbol{\theta}_{ij}"],
}


@pytest.mark.parametrize(("name", "raw"), [(name, raw) for name, raws in SPELLINGS.items() for raw in raws])
def test_a_variable_may_be_given_in_every_spelling(name: str, raw: str) -> None:
    assert spelled_name(raw) == name
    assert str(mc.gradient(f"||{name}||^2", raw)) == f"2 {name}"


def test_a_digit_may_stand_with_or_without_its_underscore() -> None:
    assert str(mc.gradient("||W_1||^2 + tr(A)", "W1")) == "2 W_1"
    assert str(mc.gradient("||W1||^2 + tr(A)", "W_1")) == "2 W1"


@pytest.mark.parametrize(
    "closing",
    [".", ",", ";", "$$.", r"\tag{3}", r"\label{eq:1}", r"\quad (1)", r"\qquad (2.1)", r" \\", r"\,.", r"\nonumber"],
)
def test_closing_punctuation_is_ignored(closing: str) -> None:
    opening = "$$" if "$$" in closing else ""
    assert parse(rf"{opening}\|A x - b\|^2{closing}").node is parse("||A x - b||^2").node


def test_places_are_those_of_the_whole_text() -> None:
    source = r"f(x) = \|A x - y z\|^2"
    with pytest.raises(MatcalcError) as caught:
        parse(source, "y: vector(n), z: vector(n)")
    assert caught.value.text == source
    assert caught.value.span is not None and source[slice(*caught.value.span)] in ("z", "y z")


def test_sets_declare_their_names() -> None:
    parsed = parse(r"\min_{\beta \in \mathbb R^p, \lambda \in \mathbb R} \|\beta\|^2 + \lambda^2")
    assert {n: d.type_text for n, d in parsed.declarations.items()} == {"beta": "vector(p)", "lambda": "scalar"}
    assert not parsed.notes


#: A text and the codes of its notes.
NOTES = [
    (r"\min_x \|A x - b\|^2 \text{ s.t. } x \ge 0", ["constraints"]),
    ("d/dx x^T A x + b^T x", ["extent"]),
    ("d/dx (x^T A x + b^T x)", []),
    (r"f(x) = x^\top A x, \quad A \succ 0", ["left-out"]),
    (r"f(x) = x^\top A x, \quad x \in \mathbb R^n", []),
    ("f(x) = ||x||^2 = x^T x", ["steps"]),
    (r"\nabla_x (x^\top A x) = 2 A x", ["claims"]),
    ("f(x) = x^T A x", []),
    (r"h_t = W h_{t-1} + U x_t", ["index", "recursion"]),
    (r"h_t = W x_{t-1}", ["index"]),
    (r"\sigma_t^2 = \omega + \alpha \epsilon_{t-1}^2 + \beta \sigma_{t-1}^2", ["recursion"]),
    (r"\frac{1}{n^2} \sum_{i,j} K_{ij}", ["count"]),
    (r"\frac{1}{n(n-1)} \sum_{i \ne j} K_{ij}", ["count"]),
    (r"\frac{1}{nm} \sum_{i,j} K_{ij}", ["count", "count"]),
    (r"\frac{1}{n^2} \sum_{i,j=1}^n K_{ij}", []),
    (r"\|\sigma^2(W x)\|^2", ["sigma"]),
    (r"\sigma^2(X^T X)^{-1}", []),
    ("mgh", ["glued"]),
    ("mgh + c m", ["glued"]),
    ("xy + yz", ["glued", "glued"]),
    ("x + xs", []),
    ("ab + cd", []),
    (r"\log p(x) = -\frac12 x^\top P x + const", ["constant"]),
    (r"u(x) = x^\top P x, P = P^\top", []),
    (r"\frac{\partial}{\partial x} x^\top A x = 2 A x \text{ if } A = A^\top", ["claims"]),
    (r"S(\beta) = \|y - X \beta\|^2 \to \min", []),
    (r"f(x) = \|h\|^2, \quad h = A x = B x", ["steps"]),
]


@pytest.mark.parametrize(("source", "codes"), NOTES)
def test_notes(source: str, codes: list[str]) -> None:
    notes = parse(source).notes
    assert [note.code for note in notes] == codes
    assert all(note.text == source and note.span is not None for note in notes)


def test_every_refusal_has_a_place_and_a_hint() -> None:
    for line in LINES:
        source, _, expected = line.partition("=>  ")
        if not re.match("! (equation|rows|no-function|derivative-inside|index|extent|order)", expected):
            continue
        with pytest.raises(MatcalcError) as caught:
            parse(source.rstrip().replace("⏎", "\n"))
        assert caught.value.span is not None and caught.value.hint, source


@pytest.mark.parametrize("asked", [r"\sigma^2", r"\sigma^{2}", "sigma^2", "σ²"])
@pytest.mark.parametrize("head", ["", r"\ell(\beta, \sigma^2) = ", r"\ell(\sigma^2) = "])
def test_a_square_is_a_variable(head: str, asked: str) -> None:
    f = mc.parse(head + r"-n\log \sigma^2 - \frac{1}{2\sigma^2}\|y - X\beta\|^2")
    assert str(mc.gradient(f, asked)) == "||y - X beta||^2 / (2 sigma^4) - n / sigma^2"


def test_an_argument_that_is_squared_is_the_variable() -> None:
    f = mc.parse(r"\ell(\sigma^2) = -n\log \sigma^2")
    assert str(mc.gradient(f)) == "-n / sigma^2"
    assert str(mc.gradient(f, "sigma")) == "-2 n / sigma"
