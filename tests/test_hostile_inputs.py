"""Hostile inputs end with an answer or with an error for people: from the command line, from Python and in papers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import matcalc as mc
from matcalc.command.program import main
from matcalc.documents.tex import side_file
from matcalc.errors import LimitError, MatcalcError
from matcalc.language import limits
from matcalc.language.rows.definitions import USER_DEFINED, undefine
from tests.hostile import COMMANDS, EXPRESSIONS, Asked
from tests.machine import sweep

#: Each is stopped early: what is tested is that it can be, and how it ends.
SECONDS = 0.15


@pytest.fixture(autouse=True)
def _stopped_early() -> Iterator[None]:
    with limits.using(seconds=SECONDS):
        yield
    for name in list(USER_DEFINED):
        undefine(name)


def test_there_are_many() -> None:
    assert len(EXPRESSIONS) >= 60 and len(COMMANDS) > len(EXPRESSIONS)
    assert all(sum(map(len, arguments)) < 210_000 for arguments in COMMANDS.values())


@sweep(9)
@pytest.mark.parametrize("arguments", COMMANDS.values(), ids=COMMANDS)
def test_commands(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(list(arguments))
    shown = capsys.readouterr()
    assert end.value.code in (0, 1, 2), shown.err[:500]
    assert end.value.code != 2 or shown.err.startswith("error: ")
    assert end.value.code == 2 or shown.out.strip()


@sweep(6)
@pytest.mark.parametrize("asked", EXPRESSIONS.values(), ids=EXPRESSIONS)
def test_python(asked: Asked) -> None:
    try:
        answer = mc.derivative(asked.text, *[asked.wrt] * asked.order, where=asked.where or None)
        assert str(answer)
    except MatcalcError as error:
        assert len(str(error)) < 4_000


@sweep(6)
@pytest.mark.parametrize("asked", EXPRESSIONS.values(), ids=EXPRESSIONS)
def test_papers(asked: Asked) -> None:
    options = f"wrt={asked.wrt},order={asked.order}" + (f",where={{{asked.where}}}" if asked.where else "")
    try:
        assert side_file(rf"\matcalcgrad[{options}]{{{asked.text}}}", "paper.tex").count == 1
    except MatcalcError as error:
        assert "paper.tex:1: " in error.message or isinstance(error, LimitError) or error.code == "latex-argument"


@pytest.mark.parametrize("name", ["40 definitions that double", "40 sums that double", "90 sines", "3,000 fractions"])
def test_what_is_asked_for_in_few_words_has_an_answer(name: str) -> None:
    asked = EXPRESSIONS[name]
    with limits.using(seconds=0, steps=200_000):
        assert str(mc.derivative(asked.text, asked.wrt, where=asked.where or None))


def test_spaces_in_papers_are_read_in_linear_time() -> None:
    with limits.using(seconds=6):
        assert (
            side_file(r"\matcalcgrad[wrt=x,order=2,where={x: scalar}]{" + " " * 90_000 + "x^2}", "paper.tex").count == 1
        )


@pytest.mark.parametrize("name", ["the order 12", "the order 40"])
def test_orders(name: str) -> None:
    asked = EXPRESSIONS[name]
    with pytest.raises(LimitError, match="the limit is 6"):
        mc.derivative(asked.text, *[asked.wrt] * asked.order, where=asked.where or None)
