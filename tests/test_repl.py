"""The prompt: expressions, variables, declarations, faults, completion."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from matcalc.command.program import main
from matcalc.command.prompt import Session, run

# line, words of the answer
ANSWERS = [
    ("tr(X^T A X)", "gradient  (A + A^T) X"),
    ("x^T A x by x, x", "Hessian   A + A^T"),
    ("A X B by X", "dF = A dX B"),
    ("x^T A x by z", "z is not a variable"),
    ("tr(X", "never closed"),
    (":help", "EXPR by X"),
    (":where S: symmetric(n)", "where S: symmetric(n)"),
    (":where S: symetric(n)", "did you mean symmetric?"),
    (":steps tr(A X) by X", "grad f"),
    (":check off", "not verified"),
    (":functions", "softmax"),
    (":nonsense", "unknown command"),
    ("", ""),
]


@pytest.mark.parametrize(("line", "words"), ANSWERS, ids=[row[0] or "empty" for row in ANSWERS])
def test_answers(line: str, words: str) -> None:
    answer = Session().answer(line)
    assert answer is not None and words in answer


def test_declarations_are_remembered() -> None:
    session = Session()
    session.answer(":where S: symmetric(n)")
    answer = session.answer("x^T S x by x")
    assert answer is not None and "2 S x" in answer
    assert "forgotten" in str(session.answer(":where"))


def test_completion_knows_functions_and_names_seen() -> None:
    session = Session()
    assert "softmax(" in session.completions("soft")
    session.answer("x^T Sigma x by x")
    assert session.completions("Sig") == ["Sigma"]


def test_a_session_ends_with_quit_and_with_the_input(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    shown: list[str] = []
    lines: Iterator[str] = iter(["tr(X)", ":quit", "never read"])
    run(lambda prompt: next(lines), shown.append)
    assert next(lines) == "never read" and "gradient  I" in shown[0]


def test_ctrl_c_gives_up_a_line_and_not_the_session(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    shown: list[str] = []
    lines: Iterator[str] = iter(["", "tr(X)", ":quit"])

    def read(prompt: str) -> str:
        line = next(lines)
        if not line:
            raise KeyboardInterrupt
        return line

    run(read, shown.append)
    assert shown[0].startswith("interrupted") and "gradient  I" in shown[1]


def test_a_history_that_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    (tmp_path / "matcalc" / "history").mkdir(parents=True)
    run(lambda prompt: ":quit", lambda text: None)
    assert "the history is not" in capsys.readouterr().out


def test_the_place_of_a_wrong_variable_is_shown() -> None:
    assert Session().answer("x^T A x by z") == "\n".join(
        [
            "error: z is not a variable of the expression (its variables: x, A)",
            "  x^T A x by z",
            "             ^",
            "hint: did you mean x or A?",
        ]
    )


def test_repl_reads_a_pipe() -> None:
    result = CliRunner().invoke(main, ["repl"], input="tr(X)\n")
    assert result.exit_code == 0 and "gradient  I" in result.output


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(shell: str) -> None:
    result = CliRunner().invoke(main, ["completion", shell])
    assert result.exit_code == 0 and "_MATCALC_COMPLETE" in result.output
