"""What a person does with the page, one flow a function: each is given a browser that has the page open."""

from __future__ import annotations

from typing import Any

from tests.serving.browsing import settled, text, typed, waited

__all__ = ["FLOWS"]

FLOWS: list[Any] = []


def flow(function: Any) -> Any:
    FLOWS.append(function)
    return function


def opened(browser: Any, part: str, place: str) -> str:
    """The text of a part of the page after it was opened."""
    browser.execute_script("$(arguments[1]).textContent = ''; $(arguments[0]).open = true", part, place)
    return str(waited(browser, f"$('{place}').textContent"))


def clicked(browser: Any, script: str) -> None:
    """Do something that asks for another answer, and wait for it."""
    browser.execute_script("latest = null; $('error').textContent = '';" + script)
    settled(browser)


def claimed(browser: Any, claim: str) -> str:
    browser.execute_script("$('verdict').textContent = ''; $('claim').value = arguments[0]; $('verify').click()", claim)
    return str(waited(browser, "$('verdict').textContent"))


@flow
def a_gradient(browser: Any) -> None:
    typed(browser, "x^T A x", "x")
    assert text(browser, "text") == "(A + A^T) x" and text(browser, "check").startswith("verified")
    assert text(browser, "h-derivative") == "Gradient by x"


@flow
def what_was_read_is_mathml(browser: Any) -> None:
    typed(browser, "||A x - b||^2", "x")
    for place in ("read", "derivative"):
        assert browser.execute_script("return $(arguments[0]).querySelector('math msup') !== null", place)


@flow
def vectors_of_ones_are_bold(browser: Any) -> None:
    typed(browser, "sum(x)", "x")
    bold = "getComputedStyle($('derivative').querySelector('mn')).fontWeight"
    assert browser.execute_script(f"return [$('derivative').textContent, {bold}]") == ["1", "700"]


@flow
def a_jacobian(browser: Any) -> None:
    typed(browser, "A x", "x")
    assert text(browser, "h-derivative") == "Jacobian by x" and text(browser, "text") == "A"


@flow
def a_hessian_with_its_sign(browser: Any) -> None:
    typed(browser, "||A x - b||^2", "x", order="2")
    assert text(browser, "text") == "2 A^T A" and "positive semidefinite" in text(browser, "conditions")


@flow
def the_order_by_a_click(browser: Any) -> None:
    typed(browser, "x^T A x", "x")
    clicked(browser, "$('order').value = '2'; $('order').dispatchEvent(new Event('input'));")
    assert text(browser, "text") == "A + A^T"


@flow
def the_variable_by_a_click(browser: Any) -> None:
    typed(browser, "x^T A x", "x")
    button = "[...document.querySelectorAll('#names button')].find((b) => b.textContent === 'A')"
    clicked(browser, f"{button}.click();")
    assert text(browser, "text") == "x x^T" and browser.execute_script(f"return {button}.ariaPressed") == "true"


CHOOSE = """
const choice = document.querySelector(`select[aria-label="kind of ${arguments[0]}"]`);
choice.value = [...choice.options].map((o) => o.value).find((k) => k.startsWith(arguments[1]));
choice.dispatchEvent(new Event("change"));
"""


def chosen(browser: Any, name: str, kind: str) -> None:
    """Another kind for a name by the page's own list."""
    browser.execute_script("latest = null; $('error').textContent = '';" + CHOOSE, name, kind)
    settled(browser)


@flow
def a_kind_by_a_click(browser: Any) -> None:
    typed(browser, "x^T A x", "x")
    chosen(browser, "A", "symmetric")
    assert text(browser, "text") == "2 A x" and browser.execute_script("return $('where').value") == "A: symmetric(n)"
    chosen(browser, "A", "skew")
    assert browser.execute_script("return $('where').value") == "A: skew(n)"


@flow
def a_kind_that_the_expression_declares(browser: Any) -> None:
    typed(browser, "x^T A x where A: symmetric(n), x: vector(n)", "x")
    chosen(browser, "A", "matrix")
    assert text(browser, "text") == "(A + A^T) x"
    assert browser.execute_script("return $('expr').value").endswith("where A: matrix(n, n), x: vector(n)")


@flow
def a_complex_kind_by_a_click(browser: Any) -> None:
    typed(browser, "||A x - b||^2", "x")
    chosen(browser, "x", "complex vector")
    assert browser.execute_script("return $('where').value") == "x: complex vector(n)"
    assert "conj" in text(browser, "text") and text(browser, "check").startswith("verified")


@flow
def names_with_their_kinds(browser: Any) -> None:
    typed(browser, "x^T A x", "x")
    kinds = browser.execute_script("return [...document.querySelectorAll('#names select')].map((s) => s.value)")
    assert kinds == ["vector(n)", "matrix(n, n)"] and "(inferred)" in text(browser, "names")


@flow
def a_wrong_claim(browser: Any) -> None:
    typed(browser, "x^T A x", "x")
    assert "symmetric" in claimed(browser, "2 A x")


@flow
def a_right_claim(browser: Any) -> None:
    typed(browser, "x^T A x", "x")
    assert claimed(browser, "(A + A^T) x") == "verified"


@flow
def a_claim_that_cannot_be_read(browser: Any) -> None:
    typed(browser, "x^T A x", "x")
    assert "error" in claimed(browser, "2 A (")


@flow
def steps_on_demand(browser: Any) -> None:
    typed(browser, "x^T A x", "x")
    assert "= (A + A^T) x " in opened(browser, "steps", "derivation")


@flow
def code_for_each_target(browser: Any) -> None:
    typed(browser, "x^T A x", "x")
    assert "import numpy" in opened(browser, "program", "code")
    for target, sign in (("julia", "function"), ("torch", "import torch"), ("matlab", "function"), ("jax", "jax")):
        browser.execute_script(
            "$('code').textContent = ''; $('target').value = arguments[0]; $('target').dispatchEvent(new Event('change'))",
            target,
        )
        assert sign in waited(browser, "$('code').textContent")


@flow
def the_picture_of_the_check(browser: Any) -> None:
    typed(browser, "log(sum(exp(A x)))", "x")
    assert "slope 2.0" in opened(browser, "taylor", "slopes")
    assert browser.execute_script("return $('curves').querySelectorAll('polyline').length") == 3
    assert "slope" in browser.execute_script("return $('curves').getAttribute('aria-label')")


@flow
def a_certificate(browser: Any) -> None:
    typed(browser, "log(sum(exp(A x)))", "x")
    shown = opened(browser, "curvature", "certificate")
    assert shown.startswith("convex in x") and "Cauchy-Schwarz" in shown and "B&V" in shown


@flow
def a_counterexample(browser: Any) -> None:
    typed(browser, "sum(sin(x))", "x")
    assert "above the chord" in opened(browser, "curvature", "certificate")


@flow
def a_condition_of_a_verdict(browser: Any) -> None:
    typed(browser, "x^T A x", "x")
    assert "A + A^T is psd" in opened(browser, "curvature", "certificate")


@flow
def least_squares_set_to_zero(browser: Any) -> None:
    typed(browser, "||A x - b||^2", "x")
    shown = opened(browser, "solve", "solution")
    assert shown.startswith("x = (A^T A)^-1 A^T b") and "the minimum" in shown and "else x = pinv(A) b" in shown
    assert browser.execute_script("return $('roots').querySelector('math msup') !== null")


@flow
def a_minimum_under_a_constraint(browser: Any) -> None:
    typed(browser, "w^T S w", "w", "S: spd(n)")
    opened(browser, "solve", "solution")
    browser.execute_script("$('solution').textContent = ''; $('constraints').value = 'sum(w) = 1'; $('find').click()")
    assert "S^-1 ones(n) / sum(S^-1)" in waited(browser, "$('solution').textContent")
    browser.execute_script("$('constraints').value = ''")


@flow
def no_closed_form(browser: Any) -> None:
    typed(browser, "sum(exp(A x)) - b^T x", "x")
    assert "Newton:" in opened(browser, "solve", "solution")


@flow
def an_error_has_its_place_marked(browser: Any) -> None:
    typed(browser, "x y where x: vector(n), y: vector(n)", "x")
    assert "^" in text(browser, "error") and "x^T y" in text(browser, "error")
    assert browser.execute_script("return document.querySelector('#error mark').textContent") == "y"
    assert browser.execute_script("return $('answer').hidden && $('expr').ariaInvalid") == "true"


@flow
def an_error_that_is_mended_by_a_click(browser: Any) -> None:
    typed(browser, "x y where x: vector(n), y: vector(n)", "x")
    clicked(browser, "document.querySelector('#offers button').click();")
    assert text(browser, "text") == "y" and not text(browser, "offers")


@flow
def a_variable_that_has_to_be_named(browser: Any) -> None:
    typed(browser, "logdet(S) - tr(S A) where S: spd(n)")
    assert "which variable" in text(browser, "error")
    clicked(browser, "document.querySelector('#offers button').click();")
    assert text(browser, "h-derivative") == "Gradient by S"


@flow
def an_error_that_is_mended(browser: Any) -> None:
    typed(browser, "tr(X", "X")
    assert text(browser, "error")
    typed(browser, "tr(X)", "X")
    assert browser.execute_script("return $('error').hidden && !$('answer').hidden")
    assert text(browser, "text") == "I"


@flow
def a_note(browser: Any) -> None:
    typed(browser, "tr(exp(X))", "X", "X: matrix(n, n)")
    assert text(browser, "notes").startswith("note: ")


@flow
def conditions_of_the_derivative(browser: Any) -> None:
    typed(browser, "norm2(x)", "x")
    assert text(browser, "conditions").startswith("holds if")


@flow
def an_example_by_a_click(browser: Any) -> None:
    clicked(browser, "document.querySelectorAll('#examples button')[2].click();")
    assert text(browser, "text") == "S^-1 - (A + A^T) / 2" and text(browser, "h-derivative") == "Gradient by S"


@flow
def a_link_that_carries_the_whole_input(browser: Any) -> None:
    typed(browser, "x^T A x + t", "x", "t: scalar", order="2")
    assert claimed(browser, "A + A^T") == "verified"
    link = browser.current_url
    browser.get("about:blank")
    browser.get(link)
    waited(browser, "latest !== null", 90)
    values = browser.execute_script("return ['expr', 'wrt', 'order', 'where', 'claim'].map((id) => $(id).value)")
    assert values == ["x^T A x + t", "x", "2", "t: scalar", "A + A^T"]


@flow
def keys_alone(browser: Any) -> None:
    """Every control is reached by the tabulator and has a name, and Enter asks."""
    typed(browser, "x^T A x", "x")
    controls = "[...document.querySelectorAll('input, select, textarea')]"
    assert browser.execute_script(f"return {controls}.every((e) => e.labels.length || e.ariaLabel)")
    assert browser.execute_script("return [...document.querySelectorAll('[tabindex]')].length") == 0
    browser.execute_script("$('claim').value = '(A + A^T) x'; $('verdict').textContent = ''")
    browser.find_element("id", "claim").send_keys("\n")
    assert waited(browser, "$('verdict').textContent") == "verified"
    browser.execute_script("latest = null")
    browser.find_element("id", "wrt").send_keys("\n")
    settled(browser)


@flow
def real_keys(browser: Any) -> None:
    """An answer while typing, without a click."""
    field = browser.find_element("id", "expr")
    browser.execute_script("latest = null; $('wrt').value = $('where').value = ''; $('order').value = '1'")
    field.clear()
    field.send_keys("sum(x.^3)")
    waited(browser, "$('text').textContent === '3 (x .* x)' || $('text').textContent.includes('3 x')")


@flow
def latex_is_read(browser: Any) -> None:
    typed(browser, r"\|A x - b\|_2^2 + \lambda \|x\|_2^2", "x")
    assert "lambda" in text(browser, "text") and text(browser, "check").startswith("verified")


@flow
def nothing_is_wider_than_the_window(browser: Any) -> None:
    typed(browser, r"\frac{1}{n} \sum_i \log(1 + e^{-y_i w^\top x_i})", "w")
    browser.execute_script("for (const part of document.querySelectorAll('details')) part.open = true")
    waited(browser, "$('code').textContent && $('derivation').textContent")
    assert browser.execute_script("return document.documentElement.scrollWidth <= window.innerWidth")
    browser.execute_script("for (const part of document.querySelectorAll('details')) part.open = false")


@flow
def nothing_typed(browser: Any) -> None:
    browser.execute_script("$('expr').value = ''; $('expr').dispatchEvent(new Event('input'))")
    assert waited(browser, "$('answer').hidden && $('error').hidden")
