"""Definitions of `where` are shown in the answer and used in it, in every format, and what is printed can be read back."""

from __future__ import annotations

import json

import numpy as np
import pytest
from click.testing import CliRunner

import matcalc as mc
from matcalc.command.program import main
from tests.machine import sweep

K = "y^T K^-1 y + logdet(K) where K = A A^T + s eye(n), s: scalar, A: matrix(n, k)"

# fmt: off
#: (text, variable, the answer, definitions below it)
ANSWERS = [
    (K, "s",                                                      "tr(K^-1) - y^T K^-2 y",               ["K = A A^T + s I"]),
    (K, "A",                                                      "2 K^-1 (I - y y^T K^-1) A",           ["K = A A^T + s I"]),
    (K, "y",                                                      "2 K^-1 y",                            ["K = A A^T + s I"]),
    ("||r||^2 where r = A x - b", "x",                            "2 A^T r",                             ["r = A x - b"]),
    ("||r||^2 where r = A x - b", "b",                            "-2 r",                                ["r = A x - b"]),
    ("||b - A x||^2 where r = A x - b", "x",                      "2 A^T (A x - b)",                     []),
    ("sum((x - m).^2) where m = mean(x)", "x",                    "2 (x - m)",                           ["m = mean(x)"]),
    ("x - mu where mu = mean(x)", "x",                            "I - ones(n, n) / n",                  []),
    ("g where g = h^T h, h = A x - b", "x",                       "2 A^T h",                             ["h = A x - b"]),
    ("g^2 where g = h^T h, h = A x - b", "x",                     "4 g A^T h",                           ["h = A x - b", "g = h^T h"]),
    ("tr(P) where P = inv(S), S: spd(n)", "S",                    "-P^2",                                ["P = S^-1"]),
    ("y^T P y where P = X (X^T X)^-1 X^T", "y",                   "2 P y",                               ["P = X (X^T X)^-1 X^T"]),
    ("log(sum(exp(u))) where u = X w", "w",                       "X^T softmax(u)",                      ["u = X w"]),
    ("a^T (z z^T) a where z = B x", "B",                          "2 (a^T z) a x^T",                     ["z = B x"]),
    ("tr(M C) where M = A X B", "X",                              "(B C A)^T",                           []),
    ("logdet(M) where M = I + X W X^T, X: matrix(n, k), W: spd(k)", "X", "2 M^-1 X W",                   ["M = I + X W X^T"]),
    ("||M||^2 where M = A X A^T, X: symmetric(n), A: matrix(n, n)", "X", "2 A^T M A",                    ["M = A X A^T"]),
    ("lambda_1^2 where lambda_1 = x^T x", "x",                    "4 lambda_1 x",                        ["lambda_1 = x^T x"]),
    ("-1/2 (logdet(V) + logdet(X^T V^-1 X) + y^T P y) where P = V^-1 - V^-1 X (X^T V^-1 X)^-1 X^T V^-1", "V",
                                                                  "1/2 P^T (y (P y)^T - I)",             ["P = V^-1 - V^-1 X (X^T V^-1 X)^-1 X^T V^-1"]),
    ("y^T P y where P = I - X (X^T X)^-1 X^T", "X",               "-2 P y y^T X (X^T X)^-1",             ["P = I - X (X^T X)^-1 X^T"]),
    (r"y^\top \Sigma^{-1} y \text{ where } \Sigma = A A^\top + D, D: diagonal(n), A: matrix(n, k)", "y",
                                                                  "2 Sigma^-1 y",                        ["Sigma = A A^T + D"]),
]
# fmt: on


def printed(answer: str, below: list[str]) -> str:
    lines = [("where " if i == 0 else "      ") + line for i, line in enumerate(below)]
    return "\n".join([answer, *lines])


@pytest.mark.parametrize(("text", "wrt", "answer", "below"), ANSWERS)
def test_answers_use_the_names(text: str, wrt: str, answer: str, below: list[str]) -> None:
    assert str(mc.derivative(text, wrt)) == printed(answer, below)


@sweep(2)
@pytest.mark.parametrize(("text", "wrt"), [row[:2] for row in ANSWERS])
def test_every_format_is_a_claim(text: str, wrt: str) -> None:
    f = mc.parse(text)
    derivative = mc.derivative(f, wrt)
    forms = [str(derivative), derivative.latex(), str(derivative.differential), derivative.differential.latex()]
    for form in ("text", "unicode"):
        shown = CliRunner().invoke(main, ["diff", text, "--wrt", wrt, "--format", form, "--no-check"]).output
        label = "gradient" if "gradient " in shown else "Jacobian"
        forms.append(answer_row(shown, label))
    for claim in forms:
        assert mc.check(f, wrt, claim=claim), claim


def answer_row(shown: str, label: str) -> str:
    """A row of the terminal with the lines that belong to it."""
    lines = shown.splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith(label))
    width = len(lines[start]) - len(lines[start][len(label) :].lstrip())
    more = lines[start + 1 :]
    end = next((i for i, line in enumerate(more) if line[:1] != " "), len(more))
    return "\n".join(line[width:] for line in [lines[start], *more[:end]])


def test_the_answer_is_about_the_same_function() -> None:
    """Compiled, compared and simplified, K is what it stands for."""
    f, plain = (
        mc.parse(K),
        mc.parse(
            K.replace("K^-1", "(A A^T + s eye(n))^-1")
            .replace("logdet(K)", "logdet(A A^T + s eye(n))")
            .replace("K = A A^T + s eye(n), ", "")
        ),
    )
    assert f == plain and mc.gradient(f, "A") == mc.gradient(plain, "A")
    values = {"A": np.eye(2) * 2.0, "s": 1.0, "y": np.array([1.0, 2.0])}
    assert np.allclose(mc.compile(mc.gradient(f, "A"))(**values), mc.compile(mc.gradient(plain, "A"))(**values))


def test_rows_and_json_carry_the_definitions() -> None:
    shown = CliRunner().invoke(main, ["diff", K, "--wrt", "A", "--no-check"]).output.splitlines()
    assert "          K: symmetric(n) = A A^T + s I" in shown
    assert "f         y^T K^-1 y + logdet(K)" in shown and "holds if  K is invertible" in shown
    body = json.loads(CliRunner().invoke(main, ["diff", K, "--wrt", "A", "--format", "json", "--no-check"]).output)
    assert body["definitions"] == {"K": {"kind": "symmetric(n)", "text": "A A^T + s I", "latex": r"A A^{\top} + s I"}}
    assert body["derivative"]["text"] == "2 K^-1 (I - y y^T K^-1) A\nwhere K = A A^T + s I"
    assert (
        r"K^{-1}" in body["derivative"]["latex"]
        and r"\text{where } K = A A^{\top} + s I" in body["derivative"]["latex"]
    )
    assert body["conditions"] == ["K is invertible"]
    shown = CliRunner().invoke(main, ["diff", K, "--wrt", "A", "--format", "latex", "--no-check"]).output
    assert r"f         y^{\top} K^{-1} y + \log\det(K)" in shown
    shown = CliRunner().invoke(main, ["check", K, "--wrt", "y", "--claim", "2 K^-1 y"]).output
    assert "K: symmetric(n) = A A^T + s I" in shown and "verified" in shown


def test_claims_may_use_the_definitions() -> None:
    assert mc.check(K, "A", claim="2 (K^-1 - K^-1 y y^T K^-1) A")
    assert mc.check(K, "A", claim="2 (Q - Q y y^T Q) A where Q = K^-1")
    assert mc.check(K, "A", claim="2 (K - K y y^T K) A where K = (A A^T + s eye(n))^-1")
    report = mc.check(K, "y", claim="K^-1 y")
    assert not report and report.diagnosis == "off by the factor 1/2: the derivative is 2 K^-1 y"


def test_derivations_use_them() -> None:
    derivation = mc.explain("||r||^2 where r = A x - b", "x")
    assert str(derivation).splitlines()[0].startswith("f      = ||r||^2")
    assert str(derivation.result) == "grad f = 2 A^T r"
    assert "where r = A x - b" in str(derivation).splitlines()
    assert r"  & \text{where } r = A x - b" in derivation.latex().splitlines()
    assert "where $r = A x - b$" in derivation.markdown().splitlines()
    assert "<mi>r</mi><mo>=</mo>" in derivation.html()


def test_code_names_them() -> None:
    source = mc.compile(mc.gradient("||r||^2 where r = A x - b", "x")).source
    assert "2 A^T r where r = A x - b" in source and "A.T.dot(A.dot(x) - b)" in source


def test_a_name_that_is_defined_is_no_variable() -> None:
    with pytest.raises(mc.MatcalcError, match="K is defined in where, and not a variable") as caught:
        mc.gradient(K, "K")
    assert caught.value.hint == "did you mean A, s or y?"


def test_without_structure_they_stand_for_the_same() -> None:
    f = "tr(C M) where M = S^2, S: symmetric(n), C: matrix(n, n)"
    assert str(mc.derivative(f, "S", convention="unstructured").expr) == "C^T S + S C^T"


def test_names_that_mean_two_things_are_written_out() -> None:
    f, g = mc.parse("||r||^2 where r = A x"), mc.parse("||r||^2 where r = B x")
    assert "where" not in str(f + g) and "where r = A x" in str(f + f)
    h = mc.parse("r^T r where r: vector(m)")
    assert "where" not in str(f + h)


def test_expressions_print_with_them_and_read_back() -> None:
    for text, *_ in ANSWERS:
        f = mc.parse(text)
        declarations = dict(f.declarations)
        assert mc.parse(str(f), declarations) == f, str(f)


def test_repeated_parts_of_long_answers_have_other_names() -> None:
    f = mc.parse(
        "sum(tanh(M_1 .* exp(M_1 V) + sin(M_1 V)).^2) where M_1 = A B, A: matrix(n, n), B: matrix(n, n), V: matrix(n, n)"
    )
    shown = mc.derivative(f, "V")
    from matcalc.printing import readable

    text = readable(shown.reading.operator, longer_than=40, style=f.style)
    assert text.count("M_1 = A B") == 1 and "M_2 = " in text


def test_a_name_stands_for_what_results_make_of_it() -> None:
    """Rows that are divided by their lengths are a product with a diagonal matrix in results."""
    text = "Z = X ./ (sqrt(sum(X.^2, 2)) * ones(n)^T); Y = W ./ (sqrt(sum(W.^2, 2)) * ones(n)^T)"
    declared = "X: matrix(m, n); W: matrix(m, n); t: scalar"
    shown = str(mc.derivative(f"-mean(diag(logsoftmax(L))) where {text}; L = Z Y^T / t; {declared}", "X"))
    first = shown.splitlines()[0]
    assert "Y" in first
    assert "softmax(L)" in first


def test_sums_of_all_entries_stay_apart() -> None:
    text = "exp(c - 2 a + b) where a = sum(H .* (W^T X)); b = sum((H H^T) .* (W^T W))"
    declared = "c: scalar; H: matrix(k, n); W: matrix(m, k); X: matrix(m, n)"
    shown = str(mc.derivative(f"{text}; {declared}", "W"))
    assert shown.startswith("2 exp(c - 2 a + b) (W H - X) H^T\n")


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("1 / (s + eps) where eps = 1e-8", "f = 1 / (s + eps)"),
        ("k x^T x where k = 2", "f = k x^T x"),
        ("||r||^2 where r = A x - b", "f = ||r||^2"),
    ],
)
def test_a_derivation_begins_with_the_names_that_were_typed(text: str, first: str) -> None:
    assert str(mc.explain(text).steps[0]) == first
