"""Names before brackets: `functions.txt` has one text a line, with its reading and its variables, or the code of its error."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import numpy as np
import pytest

import matcalc as mc
from matcalc.checking.sampling import points
from matcalc.checking.values.evaluate import evaluate
from matcalc.checking.values.reference import reference_value, typed_order
from matcalc.errors import MatcalcError
from matcalc.language import parse
from matcalc.language.words.elsewhere import ELSEWHERE
from matcalc.printing import text
from tests.machine import long

LINES = [
    line.split("  =>  ")
    for line in Path(__file__).with_name("functions.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("# ")
]
READ = [(source, *rest.split("  //  ")) for source, rest in LINES if not rest.startswith("error ")]
REFUSED = [(source, rest.removeprefix("error ")) for source, rest in LINES if rest.startswith("error ")]


@pytest.mark.parametrize(("source", "expected", "declared"), READ, ids=[row[0] for row in READ])
def test_reading(source: str, expected: str, declared: str) -> None:
    parsed = parse(source)
    assert text(parsed.node, exact=True) == expected
    assert "; ".join(map(str, parsed.declarations.values())) == declared


@pytest.mark.parametrize(("source", "expected", "declared"), READ, ids=[row[0] for row in READ])
def test_every_function_has_a_note_and_factors_have_none(source: str, expected: str, declared: str) -> None:
    parsed = parse(source)
    functions = [d.name for d in parsed.declarations.values() if d.is_function]
    noted = [n.message.partition(" ")[0].rstrip(",") for n in parsed.notes if n.code == "open-function"]
    assert sorted(noted) == sorted(functions)
    assert all(n.hint for n in parsed.notes)
    sigmoid = "sigmoid" in expected and "sigmoid" not in source
    assert any(n.code == "sigma" for n in parsed.notes) == sigmoid


@pytest.mark.parametrize(("source", "expected", "declared"), READ, ids=[row[0] for row in READ])
def test_what_a_note_says_can_be_declared(source: str, expected: str, declared: str) -> None:
    """The reading with its declarations is the same expression, without a note."""
    where = {d.name: d.type_text for d in parse(source).declarations.values()}
    again = parse(expected, where)
    assert text(again.node, exact=True) == expected
    assert not [n for n in again.notes if n.code == "open-function"]


@pytest.mark.parametrize(("source", "expected", "declared"), READ, ids=[row[0] for row in READ])
def test_what_is_built_has_the_value_of_what_was_typed(source: str, expected: str, declared: str) -> None:
    parsed = parse(source)
    dims = {name for node in typed_order(parsed.tree) for dim in node.shape for name in dim.names}
    for point in islice(points(parsed.declarations, dims, np.random.default_rng(1), dict.fromkeys(dims, 4)), 8):
        try:
            with np.errstate(all="ignore"):
                typed = reference_value(parsed.tree, point.values, point.sizes)
                built = evaluate(parsed.node, point.values, point.sizes)
        except (np.linalg.LinAlgError, ValueError):
            continue
        if typed.size and np.all(np.isfinite(typed)) and np.all(np.isfinite(built)):
            assert np.allclose(typed, built, rtol=1e-6, atol=1e-8 * (1 + np.abs(typed).max()))
            return
    raise AssertionError("no point within the domain")


@pytest.mark.parametrize(("source", "code"), REFUSED, ids=[row[0] for row in REFUSED])
def test_refused(source: str, code: str) -> None:
    with pytest.raises(MatcalcError) as caught:
        parse(source)
    assert caught.value.code == code
    assert caught.value.span is not None and caught.value.hint


OFFERED = [
    s
    for s, code in REFUSED
    if code in ("function-or-factor", "unknown-function") and s.partition("(")[0] not in ELSEWHERE
]


@pytest.mark.parametrize("source", OFFERED)
def test_what_a_question_offers_is_accepted(source: str) -> None:
    with pytest.raises(MatcalcError) as caught:
        parse(source)
    assert caught.value.fixed
    for fixed in caught.value.fixed:
        parse(fixed)


def test_a_note_says_what_the_value_is_and_how_to_say_something_else() -> None:
    notes = mc.parse("f(x) + phi(a^T x)").notes
    assert [n.message for n in notes] == [
        "f is read as a function that nobody defined, whose value is a number",
        "phi is read as a function that nobody defined, of numbers",
    ]
    assert notes[0].hint == "declare f: function for another, or write f * (…) for a product"


@long
def test_long_texts_take_linear_time() -> None:
    with pytest.raises(MatcalcError, match="nested"):
        parse("g(" * 3000 + "x" + ")" * 3000)
