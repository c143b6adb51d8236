"""Statements in the Python API and on the command line: what is asked, under which name, and what a text claims."""

from __future__ import annotations

import json

import numpy as np
import pytest
from click.testing import CliRunner

import matcalc as mc
from matcalc.command.program import main
from matcalc.errors import MatcalcError


def run(*arguments: str, text: str | None = None) -> tuple[int, str]:
    result = CliRunner().invoke(main, list(arguments), input=text)
    return result.exit_code, result.output


# --- the derivative that is asked for ---------------------------------------------------------


def test_diff_by_what_the_text_says() -> None:
    status, shown = run("diff", r"\frac{d}{d\beta} \|y - X\beta\|^2")
    assert status == 0
    assert "variable  beta\n" in shown
    assert "gradient  2 X^T (X beta - y)" in shown
    assert "verified" in shown


def test_the_order_of_the_text() -> None:
    assert "Hessian   2 X^T X" in run("diff", r"\frac{d^2}{d\beta^2} \|y - X\beta\|^2", "--no-check")[1]
    assert run("diff", r"\nabla^2_x x^\top A x", "--order", "2", "--no-check")[0] == 0


#: A command line that contradicts its text; both words stand in the message.
CONTRADICTIONS = [
    (["diff", r"\nabla_x (x^\top A x)", "--wrt", "A"], "x", "A"),
    (["diff", r"\nabla_x (x^\top A x)", "--order", "2"], "first", "second"),
    (["code", "d/dx (x^T A x)", "--wrt", "A"], "d/dx", "A"),
    (["check", r"\min_x \|A x - b\|^2", "--wrt", "b"], r"\min_x", "b"),
]


@pytest.mark.parametrize(("arguments", "said", "asked"), CONTRADICTIONS)
def test_a_contradiction_names_both(arguments: list[str], said: str, asked: str) -> None:
    status, shown = run(*arguments)
    assert status == 2
    message = shown.splitlines()[0]
    assert said in message and asked in message and "^" in shown and "hint:" in shown


#: A left side lists arguments, and what stands on the right alone may be asked for.
PARAMETERS = [
    ("f(x) = x^T A x", "A", "x x^T"),
    ("f(x, y) = x^T W y", "W", "x y^T"),
    ("d_M^2(x_i,x_j) = (x_i-x_j)^T M (x_i-x_j)", "M", "(x_i - x_j) (x_i - x_j)^T"),
    ("lambda x: x.T @ W @ x", "W", "x x^T"),
    ("f(x) = dot(x, W * x)", "W", "x x^T"),
]


@pytest.mark.parametrize(("text", "name", "gradient"), PARAMETERS)
def test_a_parameter_may_be_asked_for(text: str, name: str, gradient: str) -> None:
    found = mc.derivative(text, name)
    assert str(found) == gradient
    assert any(note.message.startswith(f"{name} is no argument of ") for note in found.notes)


@pytest.mark.parametrize("name", [r"\beta", "β", "beta", r"\boldsymbol{\beta}"])
def test_wrt_takes_every_spelling(name: str) -> None:
    assert "2 X^T (X beta - y)" in run("diff", r"\|y - X\beta\|^2", "--wrt", name, "--no-check")[1]


def test_the_command_of_a_variant_names_its_letter() -> None:
    assert "2 X^T (X epsilon - y)" in run("diff", r"\|y - X\varepsilon\|^2", "--wrt", "varepsilon", "--no-check")[1]


def test_two_sides_of_a_differential_are_compared() -> None:
    assert mc.equal("d(X Y)", "dX Y + X dY")
    assert mc.equal("d(log(det(X)))", "tr(X dX)").verdict == "refuted"


def test_all_functions_take_the_derivative_of_the_text() -> None:
    text = r"\nabla_w \|X w - y\|^2"
    x, w, y = np.eye(2), np.array([1.0, 2.0]), np.array([3.0, 5.0])
    assert np.allclose(mc.compile(text)(X=x, w=w, y=y), 2 * (w - y))
    assert mc.gradient(text) == mc.gradient("||X w - y||^2", "w")
    assert mc.jacobian(text).wrt == mc.derivative(text).wrt == ("w",)
    assert mc.check(text)
    assert str(mc.explain(text).result) == "grad f = 2 X^T (X w - y)"
    assert mc.objective(text, data={"X": x, "y": y}).fun(w) == 13.0
    assert mc.latex(text) == r"2 X^{\top} (X w - y)"
    assert mc.equal(text, "2 X^T (X w - y)")


def test_a_mixed_derivative_of_the_text() -> None:
    found = mc.derivative(r"\frac{\partial^2}{\partial x \partial y^\top} x^\top A y")
    assert found.wrt == ("x", "y")
    assert found.shape == mc.derivative("x^T A y", "x", "y").shape


def test_a_maximum_is_no_objective_of_a_minimiser() -> None:
    with pytest.raises(MatcalcError, match="maximum") as caught:
        mc.objective(r"\max_w w^\top a - w^\top w", data={"a": np.ones(2)})
    assert caught.value.hint is not None and "-(" in caught.value.hint


def test_an_expression_that_asks_for_a_derivative_is_not_calculated_with() -> None:
    f = mc.parse("d/dx (x^T A x)")
    assert str(f) == "d/dx (x^T A x)"
    for use in (lambda: 2 * f, lambda: -f, lambda: f.T, f.simplify, f.latex):
        with pytest.raises(MatcalcError, match="asks for a derivative"):
            use()
    assert str(mc.gradient(f)) == "(A + A^T) x"


def test_constraints_are_a_note() -> None:
    shown = run("diff", r"\min_x \|A x - b\|^2 \text{ s.t. } x \ge 0", "--no-check")[1]
    assert "gradient  2 A^T (A x - b)" in shown
    assert r"note      the constraint x \ge 0 is left out of the derivative" in shown


# --- the name ---------------------------------------------------------------------------------


def test_rows_and_derivations_have_the_name() -> None:
    shown = run("diff", "J(w) = ||X w - y||^2", "--no-check")[1]
    assert "\nJ         ||X w - y||^2\ndJ        2 (X w - y)^T X dw\n" in shown
    lines = run("explain", "J(w) = ||X w - y||^2")[1].splitlines()
    assert lines[0].startswith("J      = ||X w - y||^2")
    assert lines[-1].startswith("grad J = 2 X^T (X w - y)")


#: A text, a form, and what its derivation or answer has to hold.
NAMES = [
    (["explain", "J(w) = ||X w - y||^2", "--format", "latex"], r"\nabla_{w} J &= 2 X^{\top} (X w - y)"),
    (["explain", r"\mathcal{L}(\theta) = \|\theta\|^2", "--format", "latex"], r"\nabla_{\theta} \mathcal{L} &= 2 \theta"),
    (["explain", r"\log p(x) = -\frac12 x^\top x"], "grad log p = -x"),
    (["explain", r"\log p(x) = -\frac12 x^\top x", "--format", "latex"], r"\mathrm{d}(\log p) &="),
    (["explain", "y = A x", "--wrt", "x"], "dy/dx = A"),
    (["explain", "f(x) = x^T A x", "--order", "2"], "Hess f = A + A^T"),
    (["explain", "g(t) = t^3 where t: scalar", "--order", "2"], "g''   = 6 t"),
    (["diff", "J(w) = ||X w||^2", "--format", "latex", "--no-check"], r"\nabla_{w} J = 2 X^{\top} X w"),
    (["diff", "y = A x", "--wrt", "x", "--format", "latex", "--no-check"], r"\frac{\partial y}{\partial x} = A"),
    (["diff", "Y = A X B", "--wrt", "X", "--no-check"], "Jacobian  dY = A dX B"),
    (["diff", "loss(W) = ||X W||^2", "--order", "2", "--no-check"], "Hessian   d(grad loss) = 2 X^T X dW"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "expected"), NAMES)
def test_the_name_of_a_function_stands_in_every_format(arguments: list[str], expected: str) -> None:
    assert expected in run(*arguments)[1]


def test_without_a_name_it_is_f() -> None:
    assert mc.derivative("||w||^2").latex() == "2 w"
    assert str(mc.explain("||w||^2", "w").result) == "grad f = 2 w"


def test_json_has_the_name() -> None:
    body = json.loads(run("diff", r"\mathcal{L}(\theta) = \|\theta\|^2", "--format", "json", "--no-check")[1])
    assert body["name"] == "L" and body["wrt"] == ["theta"] and body["expr"] == r"\|\theta\|^2"


def test_a_named_answer_is_read_back_as_a_claim() -> None:
    text = r"J(w) = \|X w - y\|^2"
    assert mc.check(text, claim=mc.derivative(text).latex())
    assert mc.check("loss(W) = ||X W||^2", claim=str(mc.hessian("loss(W) = ||X W||^2")), order=2)


# --- one text with equals signs ---------------------------------------------------------------

#: A text and the verdict about it.
EQUALITIES = [
    ("tr(A B) = tr(B A)", "proved"),
    ("A B = B A where A: matrix(n, n), B: matrix(n, n)", "refuted"),
    (r"\operatorname{tr}(AB) = \operatorname{tr}(BA)", "proved"),
    (r"\|AX - B\|_F^2 = \operatorname{tr}((AX-B)^\top(AX-B))", "proved"),
    ("A = A^T where A: symmetric(n)", "proved"),
    ("I = Q Q^T where Q: orthogonal(n)", "proved"),
    ("tr(A) = sum(diag(A))", "proved"),
    ("f(x) = ||A x||^2 = x^T A^T A x", "proved"),
    (r"\begin{aligned} f(x) &= \|A x\|^2 \\ &= (A x)^\top A x \\ &= x^\top A^\top A x \end{aligned}", "proved"),
    (r"\begin{aligned} f(x) &= \|A x\|^2 \\ &= (A x)^\top A x \\ &= 2 x^\top A^\top A x \end{aligned}", "refuted"),
    ("||A x||^2\n= (A x)^T A x\n= x^T A^T A x", "proved"),
    ("h = A x\nh^T h = x^T A^T A x", "proved"),
    (r"\|G\|_F^2 = \operatorname{tr}(G^T G)", "proved"),
    ("e'e = (y-Xb)'(y-Xb)", "refuted"),
    (r"E[\psi] = \psi^T H \psi = \frac12 \psi^T (H + H^T) \psi", "proved"),
    (r"\nabla_x (x^\top A x) = (A + A^\top) x", "proved"),
    (r"\nabla_x (x^\top A x) = 2 A x", "refuted"),
    ("x^T A x = tr(A x x^T).", "proved"),
    ("A x = b", "refuted"),
    ("x == x", "proved"),
    (r"d(\ln\det X) = \operatorname{tr}(X^{-1} dX)", "proved"),
    (r"\partial(XY) = (\partial X)Y + X \partial Y", "proved"),
    ("d(X^-1) = -X^-1 dX X^-2", "refuted"),
]


@pytest.mark.parametrize(("text", "verdict"), EQUALITIES)
def test_one_text_holds_its_equals_signs(text: str, verdict: str) -> None:
    assert mc.equal(text).verdict == verdict
    assert run("equal", text)[0] == (1 if verdict == "refuted" else 0)


def test_a_derivation_is_taken_step_by_step() -> None:
    found = mc.equal("f(x) = ||A x||^2 = (A x)^T A x = x^T A^T x where A: matrix(n, n)")
    assert [step.verdict for step in found.steps] == ["proved", "refuted"]
    assert found.reason.startswith("step 2 of 2") and found.counterexample
    assert "(A x)^T A x = x^T A^T x: refuted" in str(found)
    assert [step["verdict"] for step in found.as_dict()["steps"]] == ["proved", "refuted"]


@pytest.mark.parametrize("text", ["f(x) = x^T A x", "x^T A x", "y = A x", r"\min_x x^\top x = 0"])
def test_one_side_alone_is_compared_with_nothing(text: str) -> None:
    status, shown = run("equal", text)
    assert status == 2 and "hint:" in shown


def test_both_sides_may_have_the_same_declarations() -> None:
    assert run("equal", "x^T A x where A: symmetric(n)", "x^T A^T x where A: symmetric(n)")[0] == 0
    assert run("equal", "x^T A x where A: symmetric(n)", "x^T A x where A: matrix(n, n)")[0] == 2


def test_an_equation_is_no_function_and_its_hint_can_be_followed() -> None:
    status, shown = run("diff", "A X + X B = C")
    assert status == 2 and 'matcalc equal "A X + X B = C"' in shown
    assert run("equal", "A X + X B = C")[0] == 1


def test_a_name_with_the_variable_below_it_is_noted_once() -> None:
    found = mc.gradient(r"f(\theta) = \log|L_\theta| + \theta^\top \theta")
    assert [note.code for note in found.notes] == ["indexed-by"]
    assert not mc.gradient(r"\log|L_\theta| + \theta^\top \theta where L_theta: matrix(m, m)", "theta").notes
    status, shown = run("diff", r"J(\theta) = \sum_i y_i h_\theta(x_i)")
    assert status == 2 and "stands only below h_theta" in shown


# --- a text with its claim --------------------------------------------------------------------

#: A text and whether its claim is right.
CLAIMS = [
    (r"\nabla_x (x^\top A x) = (A + A^\top) x", True),
    (r"\nabla_x (x^\top A x) = 2 A x", False),
    (r"\frac{\partial \operatorname{tr}(AXB)}{\partial X} = A^TB^T", True),
    (r"\frac{\partial L}{\partial W} = 2 X^\top (X W - Y) \text{ where } L = \|Y - X W\|^2", True),
    (r"\begin{aligned} L &= \|Y - X W\|^2 \\ \frac{\partial L}{\partial W} &= 2 X^\top (X W - Y) \end{aligned}", True),
    (r"\begin{aligned} L &= \|Y - X W\|^2 \\ \frac{\partial L}{\partial W} &= X^\top (X W - Y) \end{aligned}", False),
    ("d(A^3) = dA A^2 + A dA A + A^2 dA", True),
    ("d(A^3) = dA A^2 + A^2 dA", False),
    ("d(A B) = dA B + A dB", True),
    (r"d \log\det X = \operatorname{tr}(X^{-1} dX)", True),
    (r"\mathrm{d}\operatorname{tr}(A X) = \operatorname{tr}(A \,\mathrm{d}X)", True),
    ("f(x) = x^T A x\nf'(x) = (A + A^T) x", True),
    (r"\nabla^2_x (x^\top A x) = A + A^\top", True),
    ("f(x) = ||A x||^2 = x^T A^T A x", True),
    ("f(x) = ||A x||^2 = 2 x^T A^T A x", False),
    (r"\begin{aligned} \nabla_x \|Ax\|^2 &= \nabla_x (x^\top A^\top A x) \\ &= 2 A^\top A x \end{aligned}", True),
    (r"\begin{aligned} \nabla_x \|Ax\|^2 &= \nabla_x (2 x^\top A^\top A x) \\ &= 2 A^\top A x \end{aligned}", False),
    ("∇ₓ ½‖Ax − b‖² = Aᵀ(Ax − b)", True),
    ("∂/∂W ‖XW − Y‖²_F = 2Xᵀ(XW − Y)", True),
    ("grad_x (1/2 ||Ax-b||^2) = A'(Ax-b)", True),
    ("grad_x (1/2 ||Ax-b||^2) = Ax - b where A: matrix(n, n)", False),
    (r"\frac{\partial}{\partial s}(x-As)^\top W(x-As) = -2(x-As)^\top WA \quad \text{for symmetric } W", True),
    (r"\nabla_x x^T A x = 2Ax \quad \text{(for symmetric } A\text{)}", True),
    (r"\nabla_x x^T A x = 2Ax, \quad \text{if $A$ is symmetric}", True),
    (r"\nabla_x x^T A x = 2Ax \quad \text{for invertible } A", False),
    (r"\nabla_A trABA^TC = CAB +C^TAB^T", True),
]


@pytest.mark.parametrize(("text", "right"), CLAIMS)
def test_check_takes_the_claim_of_a_text(text: str, right: bool) -> None:
    report = mc.check(text)
    assert bool(report) == right, report.summary
    assert not any(note.code in ("claims", "steps") for note in report.notes)
    assert run("check", text)[0] == (0 if right else 1)


def test_two_claims_are_an_error() -> None:
    status, shown = run("check", r"\nabla_x (x^\top A x) = 2 A x", "--claim", "2 x")
    assert status == 2 and "claim of its own" in shown


def test_diff_says_that_a_right_side_is_a_claim() -> None:
    shown = run("diff", r"\nabla_x (x^\top A x) = 2 A x", "--no-check")[1]
    assert "gradient  (A + A^T) x" in shown and "claim" in shown


@pytest.mark.parametrize("command", ["diff", "check"])
def test_a_differential_without_its_function_is_told_what_it_is(command: str) -> None:
    status, shown = run(command, "df = tr(X^-1 dX)")
    assert status == 2 and "claim about f" in shown


def test_two_lines_on_standard_input_are_two_expressions() -> None:
    status, shown = run("diff", "-", text="x^T x\ny^T y\n")
    assert status == 2 and "two lines" in shown
    assert "2 A^T h" in run("diff", "-", "--no-check", "--wrt", "x", text="h = A x\nf = ||h||^2\n")[1]
