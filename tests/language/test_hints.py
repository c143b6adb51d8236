"""Hints are tried: what the error of a faulty input offers is written mechanically, and has to be accepted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from matcalc.errors import Fix, Hint, MatcalcError, Offers
from matcalc.language import parse
from matcalc.language.hints import declare, declared_alike, did_you_mean, either, offer
from matcalc.language.latex_places import whole

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


@pytest.mark.parametrize("text", INPUTS)
def test_what_is_offered_is_accepted(text: str) -> None:
    error = refusal(text)
    for fixed in error.fixed if error is not None else ():
        parse(fixed)


def test_most_refusals_offer_something() -> None:
    errors = [error for text in INPUTS if (error := refusal(text)) is not None]
    assert len([error for error in errors if not error.fixed]) <= 156


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
