"""Textbook objectives set to zero: what a book says, judged by differences of the function as it was typed."""

from __future__ import annotations

from typing import Any

import pytest

import matcalc as mc
from matcalc.expr import Node, substitute
from tests.solving.textbook import PROBLEMS, is_stationary, solved

#: Whose kind the data show, and no fact proves.
UNPROVED: tuple[str, ...] = ()
#: Verdicts in words instead of a formula.
IN_WORDS = ("sylvester:", "eigen:", "procrustes:", "none:")


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda p: str(p["id"]))
def test_a_textbook_problem_is_solved_as_in_the_book(problem: dict[str, Any]) -> None:
    f, found = solved(PROBLEMS.index(problem))
    assert found.verdict == problem["expect"]
    if problem["kind"] and found.verdict == "solved":
        assert found.kind == (problem["kind"] if problem["id"] not in UNPROVED else "stationary point")
        assert (problem["id"] in UNPROVED) == ("not proved" in found.reason)
    for one in (found, *found.others) if found else ():
        assert is_stationary(f, one.solutions, problem["unknown"])


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(
    "problem", [p for p in PROBLEMS if not p["solution"].startswith(IN_WORDS)], ids=lambda p: str(p["id"])
)
def test_the_formula_is_that_of_the_book(problem: dict[str, Any]) -> None:
    """Each formula of the book is proved or, where no proof is found, equal at random points."""
    f, found = solved(PROBLEMS.index(problem))
    known = {n: d.type_text for n, d in f.declarations.items()}
    for text in problem["solution"].split(";"):
        name, _, formula = text.rpartition(" = ")
        value = found.solutions[name.strip() or problem["unknown"][0]]
        book = mc.parse(formula, known)
        others = {n: v for n, v in found.solutions.items() if book.declarations.get(n) and n in formula}
        for other, expression in others.items():
            book = book._with(_put(book, other, expression), expression)
        assert mc.equal(value, book).verdict != "refuted", (str(value), formula)


def _put(book: mc.Expr, name: str, value: mc.Expr) -> Node:
    return substitute(book.node, {book.declarations[name].node: value.node})


def test_a_wrong_solution_is_seen_by_the_judge() -> None:
    f = mc.parse("||A x - b||^2")
    right, wrong = (mc.parse(t, f.declarations) for t in ("(A^T A)^-1 A^T b", "2 (A^T A)^-1 A^T b"))
    assert is_stationary(f, {"x": right}, ["x"]) and not is_stationary(f, {"x": wrong}, ["x"])
