"""Hints are tried: what the error of a faulty input offers is written mechanically, and has to be accepted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from matcalc.errors import Fix, Hint, MatcalcError, Offers
from matcalc.language import parse
from matcalc.language.latex.latex_places import whole
from matcalc.language.mends.hints import declare, declared_alike, did_you_mean, either, offer
from tests.machine import sweep

INPUTS = [
    line
    for line in Path(__file__).with_name("hints.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("# ")
]


def refusal(text: str) -> MatcalcError | None:
    """The error of a faulty input; None where it has a reading by now."""
    try:
        parse(text)
    except MatcalcError as error:
        return error
    return None


@sweep(2)
@pytest.mark.parametrize("text", INPUTS)
def test_what_is_offered_is_accepted(text: str) -> None:
    error = refusal(text)
    for fixed in error.fixed if error is not None else ():
        parse(fixed)


def test_most_refusals_offer_something() -> None:
    errors = {text: error for text in INPUTS if (error := refusal(text)) is not None}
    mended = [text for text, error in errors.items() if error.fixed]
    assert len(mended) >= 480 and len(errors) - len(mended) <= 48
    assert len({errors[text].code for text in mended}) >= 35


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        ("x > 0 ? a : b", ["where(x > 0, a, b)"]),
        ("tr(A (B + C)^-1", ["tr(A (B + C)^-1)"]),
        ("((x + y)", ["((x + y))"]),
        ("sum(x))", ["sum(x)"]),
        ("[A, B; C, D)", ["[A, B; C, D]"]),
        (r"\left( x + y + \alpha", [r"\left( x + y + \alpha \right)"]),
        (r"\left[ A x \right) + \alpha", [r"\left[ A x \right] + \alpha"]),
        (r"\begin{bmatrix} a & b \\ c & d", [r"\begin{bmatrix} a & b \\ c & d \end{bmatrix}"]),
        (r"a + b \end{bmatrix}", ["a + b "]),
        ("x + * y", ["x + y"]),
        ("x .* .* y", ["x .* y"]),
        ("x + y +", ["x + y"]),
        ("'x' + y", ["x + y"]),
        ("sum(x,)", ["sum(x)"]),
        ("12,345 x", ["12345 x"]),
        ("[1 2; 3 4] A where A: matrix(2, 2)", ["[1, 2; 3, 4] A where A: matrix(2, 2)"]),
        ("X^TAX + B where X: matrix(n, n)", ["X^T A X + B where X: matrix(n, n)"]),
        ("A.inv", ["inv(A)"]),
        ("x.Ty", ["x.T y"]),
        ("x.y where x: vector(n), y: vector(n)", ["x^T y where x: vector(n), y: vector(n)", "x .* y where x: vector(n), y: vector(n)"]),
        (r"\sin^{-1} x + \alpha", [r"\arcsin(x) + \alpha", r"\sin(x)^{-1} + \alpha"]),
        (r"\log_3 x", [r"\frac{\log(x)}{\log(3)}"]),
        (r"Sigma \alpha", [r"\Sigma \alpha"]),
        ("tr(hadamard(A, B) C)", ["tr((A .* B) C)"]),
        ("rmse(y, X w + 1)", ["sqrt(mean((y - (X w + 1)).^2))", "rmse(y, X w + 1) where rmse: function"]),
        ("2 log(x, 2)", ["2 log(x) / log(2)"]),
        ("(X.T*X).I*Y", ["(X.T*X)^-1*Y"]),
        ("e⁻ˣ", ["exp(-x)"]),
        ("AXA^T-X+Q=0", ["AXA^T-X+Q"]),
        ("y = A x, z = B x", ["y = A x", "z = B x"]),
        (r"\mu f_n (u - \epsilon)", [r"\mu f_n (u - \epsilon) where f_n: function", r"\mu f_n \cdot  (u - \epsilon)"]),
        ("sum((x - mu).^2) where mu is the mean of x", ["sum((x - mu).^2) where mu = mean(x)"]),
        ("x^{k+1} - x^k", ["x^{(k+1)} - x^{(k)}", "(x)^{k+1} - (x)^{k}"]),
        (r"\alhpa x", [r"\alpha x"]),
        (r"A \b", [r"A \ b"]),
        ("sigma_min(X) where X: matrix(m, n)", ["min(svdvals(X)) where X: matrix(m, n)"]),
    ],
)  # fmt: skip
def test_what_a_person_would_write(text: str, fixed: list[str]) -> None:
    error = refusal(text)
    assert error is None or list(error.fixed) == fixed


def test_what_would_be_another_question_is_not_offered() -> None:
    for text in ("sum((x - y).^2", "log(det(X)", "/ x", "A = B", "x // y"):
        error = refusal(text)
        assert error is not None
        assert all(fixed.count("(") >= text.count("(") and "=" not in fixed for fixed in error.fixed)


def test_a_bias_is_a_sum_with_a_column_of_ones() -> None:
    for where in ("", " where b: vector(k), X: matrix(m, n), W: matrix(n, k)"):
        error = refusal(f"||X W + b - Y||^2{where}")
        assert error is not None and "ones(m) b^T" in str(error.hint)
        assert next(fixed.partition(" where")[0] for fixed in error.fixed) == "||X W + ones(m) b^T - Y||^2"


def test_the_offers_are_what_the_hint_says() -> None:
    error = refusal("x y where x: vector(n), y: vector(n)")
    assert error is not None and error.hint == "did you mean x^T y, x y^T or x .* y?"
    body = " where x: vector(n), y: vector(n)"
    assert error.fixed == (f"x^T y{body}", f"x y^T{body}", f"x .* y{body}")
    assert json.loads(json.dumps(error.as_dict()))["fixed"] == list(error.fixed)


def test_a_hint_is_a_sentence_with_its_changes() -> None:
    hint = either(did_you_mean((0, 1), "a", "b"), None, "do nothing", joint=" Or ")
    assert hint == "did you mean a or b? Or do nothing" and hint is not None
    assert [fix.applied("x y") for fix in hint.fixes] == ["a y", "b y"]
    only = hint.only([hint.fixes[1]])
    assert only == "did you mean b? Or do nothing" and only.fixes == hint.fixes[1:]
    assert hint.only([]) == "do nothing"
    assert either(None, "") is None


def test_several_edits_and_insertions() -> None:
    assert Fix((((0, 1), "long"), ((2, 2), "!"), ((3, 4), ""))).applied("abcd") == "longb!c"


def test_a_long_offer_is_shortened_for_the_reader_only() -> None:
    hint = offer("write {}", (0, 1), ("y" * 200, "for a long one"))
    assert len(hint) < 100 and hint.fixes[0].applied("x") == "y" * 200


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("s A", "s A where s: scalar"),
        ("s A where A: matrix(m, n)", "s A where A: matrix(m, n), s: scalar"),
        ("s A where ", "s A where s: scalar "),
    ],
)
def test_declarations_join_those_that_are_there(text: str, expected: str) -> None:
    assert declare(text, "s: scalar").fixes[0].applied(text) == expected


def test_one_size_for_two() -> None:
    error = refusal("A x where A: matrix(m, n), x: vector(k)")
    assert error is not None and error.fixed == ("A x where A: matrix(m, n), x: vector(n)",)
    assert error.hint == "declare x: vector(n)"
    assert declared_alike("x", {}, []) is None


@pytest.mark.parametrize(
    ("text", "part", "expected"),
    [
        (r"\frac{x}{y} + 1", "x}{y", r"\frac{x}{y}"),
        (r"\mathbf{x} y", "x", r"\mathbf{x}"),
        (r"\sqrt{x} y", "x", "x"),
        (r"a \mathbf{x}^2 b", "x}^2", r"\mathbf{x}^2"),
        (r"\mathbf{x}\mathbf{y}", r"x}\mathbf{y", r"\mathbf{x}\mathbf{y}"),
        ("x } y", "x } y", "x } y"),
        (r"\{ x \} y", r"x \} y", r"x \} y"),
    ],
)
def test_places_in_latex(text: str, part: str, expected: str) -> None:
    start = text.index(part)
    assert text[slice(*whole(text, (start, start + len(part))))] == expected


def test_what_leads_nowhere_is_not_offered() -> None:
    """x .* y z would be a product of two columns again."""
    error = refusal("x y z where x: vector(n), y: vector(n), z: vector(n)")
    assert error is not None and error.hint == "did you mean x^T y or x y^T?"


def test_hints_are_those_of_the_text_that_was_typed() -> None:
    error = refusal(r"\mathbf{x}\mathbf{y} \text{where } \mathbf{x}: vector(n), y: vector(n)")
    assert error is not None and error.fixed[0].startswith(r"\mathbf{x}^T \mathbf{y} \text{where }")


def test_an_offer_names_what_it_is_for() -> None:
    choices = (("a", Fix(())), ("b", Fix(())))
    assert str(Offers("write {} for it", choices)) == "write a or b for it"
    assert Hint("alone") == "alone" and Hint("alone").fixes == ()
