"""What names mean that nobody declared: `undeclared.txt`, and the tables of the books with their declarations left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from matcalc.errors import MatcalcError
from matcalc.language import parse
from tests.machine import sweep
from tests.tables import cookbook, forms, magnus, readable
from tests.tables.rows import rows_of

LINES = [
    line.partition("  =>  ")[::2]
    for line in Path(__file__).with_name("undeclared.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("# ")
]
READ = [(text, *meaning.partition("  //")[::2]) for text, meaning in LINES if meaning != "ask"]
ASKED = [text for text, meaning in LINES if meaning == "ask"]


@pytest.mark.parametrize(("text", "variables", "codes"), READ, ids=[text for text, *_ in READ])
def test_undeclared_names(text: str, variables: str, codes: str) -> None:
    parsed = parse(text)
    assert "; ".join(map(str, parsed.declarations.values())) == variables
    assert " ".join(note.code for note in parsed.notes) == codes.strip()


@pytest.mark.parametrize("text", ASKED)
def test_two_readings_are_a_question(text: str) -> None:
    with pytest.raises(MatcalcError) as caught:
        parse(text)
    assert caught.value.hint


@pytest.mark.parametrize(
    "text", [r"\beta \cdot x", r"\lambda \cdot x", "alpha · x", r"\lambda \cdot x where x: vector(3)"]
)
def test_both_readings_can_be_copied(text: str) -> None:
    with pytest.raises(MatcalcError) as caught:
        parse(text)
    error = caught.value
    assert error.code == "ambiguous" and error.hint == 'write "{}" or "{}"'.format(*error.fixed)
    first, second = map(parse, error.fixed)
    assert first.node.shape != second.node.shape
    assert not first.notes and not second.notes


#: What the tables write, with their declarations.
TABLES = [
    *((row[1], row[3]) for row in rows_of("practice", "ROWS")),
    *((row[1], row[2]) for name in readable.__dict__ if name.isupper() for row in getattr(readable, name)),
    *((row[1], row[3]) for part in (cookbook.CHAPTER_2, cookbook.LATER, cookbook.INDEPENDENT) for row in part),
    *((row[1], row[3]) for part in (magnus.GRADIENTS, magnus.JACOBIANS, magnus.HESSIANS) for row in part),
    *((row[1], row[2]) for row in forms.ROWS),
]
EXPRESSIONS = sorted({(text, where) for text, where in TABLES})

#: Names that only a declaration tells apart: scalars beside arrays of the letters, an exponent for each entry.
TOLD_BY_DECLARATIONS = {
    "sum(lgamma(y + r)) - n lgamma(r) + n r log(r) - sum((y + r) .* log(r + mu))",
    "lgamma(x + a) + lgamma(y + b) - lgamma(x + y + a + b)",
    "sum((c + (x[2:5] - x[1:4]).^2).^(1/2))",
    "sum((y + r) .* log(r + exp(X w)) - y .* (X w))",
    "sum(a .* x.^p)",
}
#: What cannot be read without them.
NEEDS_DECLARATIONS = 6


def kinds(text: str, where: str | None = None) -> dict[str, tuple[bool, bool]]:
    """Which of the sizes of each variable are 1."""
    declarations = parse(text, where).declarations.values()
    return {d.name: (d.shape[0].is_one, d.shape[1].is_one) for d in declarations}


@sweep(2)
@pytest.mark.parametrize("text", sorted({text for text, _ in EXPRESSIONS} - TOLD_BY_DECLARATIONS))
def test_tables_read_alike_without_declarations(text: str) -> None:
    try:
        found = kinds(text)
    except MatcalcError:
        return
    declared = [kinds(text, where) for other, where in EXPRESSIONS if other == text]
    assert any(meant.items() <= found.items() for meant in declared)


def test_few_need_declarations() -> None:
    refused = 0
    for text in {text for text, _ in EXPRESSIONS}:
        try:
            parse(text)
        except MatcalcError:
            refused += 1
    assert refused <= NEEDS_DECLARATIONS


@pytest.mark.parametrize(("text", "where"), EXPRESSIONS, ids=[text for text, _ in EXPRESSIONS])
def test_what_is_declared_needs_no_note(text: str, where: str) -> None:
    codes = {note.code for note in parse(text, where).notes}
    assert codes <= {"entrywise", "spectral-norm"}
