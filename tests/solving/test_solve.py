"""`solve`: equations, constraints, kinds, what is said where there is no closed form, and bad input."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

import matcalc as mc
from matcalc.command.program import main
from matcalc.errors import MatcalcError
from matcalc.solving.ways import roots as ways
from matcalc.solving.ways.equations import Equation, Root

# fmt: off
#: equation, unknown, declarations, solution
EQUATIONS = (
    ("A X + X B = C",       "X", "",                                    "sylvester(A, B, C)"),
    ("A X B = C",           "X", "A: invertible(n), B: invertible(k)",  "A^-1 C B^-1"),
    ("P x = q",             "x", "P: spd(n)",                           "P^-1 q"),
    ("A .* X = B",          "X", "",                                    "B ./ A"),
    ("2 X + 3 X^T = B",     "X", "X: matrix(n, n)",                     "(3 B^T - 2 B) / 5"),
    ("X + tr(X) A = B",     "X", "X: matrix(n, n)",                     "B - tr(B) A / (1 + tr(A))"),
    ("X A X = B",           "X", "A: spd(n), B: spd(n), X: spd(n)",     "sqrtm(A)^-1 sqrtm(sqrtm(A) B sqrtm(A)) sqrtm(A)^-1"),
    ("X^-1 + A = B",        "X", "X: matrix(n, n)",                     "(B - A)^-1"),
    ("X^2 = A",             "X", "A: spd(n), X: spd(n)",                "sqrtm(A)"),
    ("A x = b",             "x", "",                                    "A^-1 b"),
    ("exp(A x) = b",        "x", "A: invertible(n), b: vector(n, positive)", "A^-1 log(b)"),
    ("a / x = b / (1 - x)", "x", "a: scalar(positive), b: scalar(positive), x: scalar", "a / (a + b)"),
    ("log(x) + a = b",      "x", "x: vector(n, positive)",              "exp(b - a)"),
    ("t a = b + t c",       "t", "a: scalar, b: scalar, c: scalar, t: scalar", "b / (a - c)"),
)

#: objective, unknown, constraints, declarations, solution, kind
CONSTRAINED = (
    ("w^T S w",            "w", ["sum(w) = 1"], "S: spd(n)",            "S^-1 ones(n) / sum(S^-1)", "minimum"),
    ("||x - a||^2",        "x", ["A x = b"],    "",                     "a - A^T (A A^T)^-1 (A a - b)", "minimum"),
    ("x^T P x / 2 + q^T x", "x", ["A x = b"],   "P: spd(n)",            "P^-1 (A^T (A P^-1 A^T)^-1 (A P^-1 q + b) - q)", "minimum"),
    ("sum(c .* log(p))",   "p", ["sum(p) = 1"], "c: vector(n, positive), p: vector(n, positive)", "c / sum(c)", "maximum"),
    ("c^T x",              "x", ["x^T x = 1"],  "",                     "-c / norm2(c)", "minimum"),
    ("x^T A x",            "x", ["x^T x = 1"],  "A: symmetric(n)",      "eigvec_min(A)", "minimum"),
    ("||X - A||_F^2",      "X", ["X b = c"],    "",                     "A + (c - A b) b^T / (b^T b)", "minimum"),
)
# fmt: on


@pytest.mark.parametrize(("equation", "unknown", "where", "solution"), EQUATIONS)
def test_equations(equation: str, unknown: str, where: str, solution: str) -> None:
    found = mc.solve(equation, unknown, where=where or None)
    assert found.verdict == "solved" and found.kind == ""
    _assert_equal(found.solutions[unknown], solution)


@pytest.mark.parametrize(("f", "unknown", "constraints", "where", "solution", "kind"), CONSTRAINED)
def test_constraints(f: str, unknown: str, constraints: list[str], where: str, solution: str, kind: str) -> None:
    found = mc.solve(f, unknown, subject_to=constraints, where=where or None)
    assert found.kind == kind and found.lagrangian is not None
    _assert_equal(found.solutions[unknown], solution)


def _assert_equal(value: mc.Expr, solution: str) -> None:
    known = {n: d.type_text for n, d in value.declarations.items()}
    assert mc.equal(value, mc.parse(solution, known)).verdict != "refuted", f"{value} is not {solution}"


def test_constraints_of_the_text() -> None:
    found = mc.solve(r"\max_w w^T S w \text{ s.t. } w^T w = 1", where="S: symmetric(n)")
    assert str(found.solutions["w"]) == "eigvec_max(S)" and found.kind == "maximum"
    assert [str(other.solutions["w"]) for other in found.others] == ["eigvec_min(S)"]
    assert not found.notes


def test_sizes_that_only_a_constraint_tells() -> None:
    """Alone, the function would have sizes of its own names."""
    found = mc.solve("||x - a||^2", "x", subject_to="A x = b", where="A: matrix(m, k)")
    assert found.solutions["x"].declarations["a"].type_text == "vector(k)"
    assert found.kind == "minimum"


def test_the_shortest_solution_is_named_where_the_rank_may_fail() -> None:
    found = mc.solve("||A X B - C||_F^2", "X")
    assert str(found.otherwise["X"]) == "pinv(A) C pinv(B)"
    assert found.conditions == ("A^T A is invertible", "B B^T is invertible")
    assert not mc.solve("P x = q", "x", where="P: matrix(n, n)").otherwise  # pinv(P) q solves only what has a solution


def test_both_signs_of_a_root() -> None:
    found = mc.solve("c^T x", "x", subject_to="x^T x = 1")
    assert [one.kind for one in (found, *found.others)] == ["minimum", "maximum"]


def test_where_a_function_has_no_slope_there_is_no_stationary_point() -> None:
    """Of ||x - a|| it would be a, where the gradient has no value."""
    assert mc.solve("||x - a||", "x").verdict == "no closed form"


def test_what_else_is_a_solution() -> None:
    assert mc.solve("(w^T m)^2 / (w^T S w)", "w", where="S: spd(n), m: vector(n)").also == "every multiple of w but 0"
    found = mc.solve("tr(W^T S W)", "W", subject_to="W^T W = I", where="S: symmetric(n), W: matrix(n, k)")
    assert (found.verdict, found.equation.split(",")[0]) == ("eigenproblem", "S W = W M")
    assert found.also == "every W Q with an orthogonal Q"
    assert mc.solve("A x = lambda x", "x").also == "where lambda I - A is singular, every x of its null space"
    assert mc.solve("(A^T A + I) x = 0", "x").also == ""
    assert mc.solve("A X = X B", "X").also == "where there is one, every other X that solves the equation"
    assert mc.solve("sin(t) = a", "t").also == "every other t with the same sin(t)"
    assert mc.solve("sinh(t) = a", "t").also == ""
    assert mc.solve("sum(sin(x)) - a^T x", "x").also == "every other x with the same cos(x)"
    assert mc.solve("x.^2 = b", "x", where="x: vector(n)").also == "every choice of the signs of the entries of x"
    assert mc.solve("x.^2 = b", "x", where="x: scalar").also == ""


def test_sizes_that_nobody_declares_fit() -> None:
    """A of A x = b is square, and a note says so; where its sizes are declared there is no solution for every b."""
    assert [note.code for note in mc.solve("A x = b", "x").notes] == ["square"]
    assert mc.solve("A x = b", "x", where="A: matrix(m, n)").verdict == "no closed form"


def test_a_kind_is_what_facts_prove() -> None:
    """Of a weight of unknown sign it is said where it is a minimum; what random data show is no claim."""
    found = mc.solve("||A x - b||^2 + c ||x||^2", "x", where="c: scalar")
    assert found.kind == "stationary point"
    assert found.reason.startswith("a minimum where the Hessian 2 (A^T A + c I) is positive definite")
    assert mc.solve("||A x - b||^2 + c ||x||^2", "x", where="c: scalar(positive)").kind == "minimum"
    assert mc.solve("a x^2 + b x", "x", where="a: scalar, b: scalar, x: scalar").reason.startswith(
        "a minimum where the Hessian 2 a > 0"
    )
    assert mc.solve("sum((y - a x - b).^2)", "a", "b", where="a: scalar, b: scalar, x: vector(n)").reason.startswith(
        "f is convex"
    )


def test_a_linear_function_has_a_constant_gradient() -> None:
    found = mc.solve("a^T x", "x", where="a: vector(n)")
    assert found.reason == "the gradient does not depend on x: there is no stationary point unless it is 0"
    assert found.equation == "a = 0"


def test_known_functions_on_the_left_are_equations() -> None:
    assert mc.solve("sin(t) = a", "t", where="t: scalar, a: scalar").verdict == "solved"
    assert mc.solve("diag(x) A = B", "x").verdict == "no closed form"


def test_no_condition_where_the_facts_settle_it() -> None:
    assert mc.solve("A X + X B = C", "X", where="A: spd(n), B: psd(k)").conditions == ()
    assert mc.solve("||A X - B||_F^2", "X", where="X: symmetric(n)").conditions == ("A^T A is invertible",)


def test_what_has_no_closed_form_is_said_with_the_step_of_newton() -> None:
    found = mc.solve("logsumexp(x) - a^T x + ||x||^2 / 2", "x")
    assert (found.verdict, bool(found), dict(found.solutions)) == ("no closed form", False, {})
    assert found.equation == "x + softmax(x) - a = 0" and "dx" in found.newton


def test_inequalities_are_stated() -> None:
    found = mc.solve("||x - a||^2", "x", subject_to="x >= 0")
    assert found.verdict == "no closed form"
    assert found.equation.split("\n")[1:] == ["x >= 0", "mu >= 0", "mu .* x = 0"]


def test_several_unknowns_and_equations() -> None:
    fit = mc.solve("sum((y - a x - b).^2)", "a", "b", where="a: scalar, b: scalar, x: vector(n)")
    assert list(fit.solutions) == ["a", "b"] and fit.kind == "minimum"
    both = mc.solve(["x + A y = b", "x - y = c"], "x", "y", where="A: spd(n)")
    assert both.verdict == "solved"
    _assert_equal(both.solutions["y"], "(A + eye(n))^-1 (b - c)")


@pytest.mark.parametrize("factor", [2, -1])
def test_a_wrong_root_is_never_returned(monkeypatch: pytest.MonkeyPatch, factor: int) -> None:
    """A planted fault: every root is a multiple of the right one, and none of them passes."""
    from matcalc.expr import scaled

    def wrong(equation: Equation) -> list[Root]:
        return [Root(scaled(factor, root.value), root.way) for root in right(equation)]

    right = ways.roots
    monkeypatch.setattr("matcalc.solving.elimination.roots", wrong)
    for f, unknown in (("||A x - b||^2", "x"), ("A X + X B = C", "X"), ("||X A - B||_F^2", "X")):
        assert mc.solve(f, unknown).verdict == "no closed form"


# fmt: off
FAULTS = (
    (("||A x - b||^2", "z"), {},                                 "z is not a variable of the expression"),
    (("A x", "x"), {},                                           "a stationary point is that of a number"),
    (("||A x - b||^2", "x"), {"subject_to": "C y = d"},         "the constraint does not hold x"),
    (("A X + X B = C", "Y"), {},                                 "Y is not a variable of the expression"),
    (("A x = b", "x", "b"), {},                                  "there is 1 equation for 2 unknowns"),
    (("x^T x", "x"), {"subject_to": "A x = ones(3)", "where": "A: matrix(2, n)"}, "the sides are 2 x 1 and 3 x 1"),
    (("x^T x", "x"), {"subject_to": "A x = b", "where": "A: matrix(2, 3), x: vector(4)"}, "cannot multiply A"),
    (("x^T x", "x"), {"subject_to": "X >= 0 >= 1"},              "a constraint has one sign"),
    (("3", ), {},                                                "the expression has no variable"),
)
# fmt: on


@pytest.mark.parametrize(("given", "options", "message"), FAULTS)
def test_bad_input_has_one_clear_message(given: tuple[str, ...], options: dict[str, str], message: str) -> None:
    with pytest.raises(MatcalcError) as error:
        mc.solve(*given, **options)
    assert error.value.message.startswith(message)


def test_the_command() -> None:
    run = CliRunner().invoke
    shown = run(main, ["solve", "||A x - b||^2", "--wrt", "x", "--steps"], catch_exceptions=True).output
    assert "solution  x = (A^T A)^-1 A^T b" in shown and "equation  A^T A x = A^T b" in shown
    body = json.loads(run(main, ["solve", "A X + X B = C", "--wrt", "X", "--format", "json"]).output)
    assert body["verdict"] == "solved" and body["solutions"]["X"]["text"] == "sylvester(A, B, C)"
    latex = run(main, ["solve", "x^T x", "-w", "x", "-s", "A x = b", "--format", "latex"]).output
    assert r"A^{\top}" in latex


def test_latex_of_an_answer() -> None:
    assert mc.solve("||A x - b||^2", "x").latex() == r"x = (A^{\top} A)^{-1} A^{\top} b"
    assert r"\\" in mc.solve("x^T x", "x", subject_to="A x = b").latex()
