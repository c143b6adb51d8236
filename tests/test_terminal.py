"""The ends of a command that nobody wants: bad options, files, pipes and terminals; never a traceback."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import matcalc.command.diff
from matcalc.command.common.terminal import AT_FAULT, INTERRUPTED, OUR_FAULT, PIPE_CLOSED, progress
from matcalc.command.program import main
from tests.machine import library, sweep

PROGRAM = [sys.executable, "-m", "matcalc"]


def run(*args: str, text: str | bytes | None = None) -> Result:
    return CliRunner().invoke(main, list(args), input=text)


def process(*args: str, **options: object) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*PROGRAM, *args], timeout=60, check=False, **{"capture_output": True, **options})  # type: ignore[call-overload, no-any-return]


# arguments, words of the message, the word under the carets (None: the caret is at the end)
FAULTS: list[tuple[list[str], str, str | None]] = [
    (["diff", "x^T A x", "--wrt", "z"], "z is not a variable", "z"),
    (["diff", "x^T A x", "-w", "x", "-w", "q"], "q is not a variable", "q"),
    (["diff", "x^T A x", "--wrt", ""], "an empty name is not a variable", '""'),
    (["diff", "x^T A x", "--wrt=z"], "z is not a variable", "z"),
    (["diff", "x^T lambd", "--wrt", "lambda"], "did you mean lambd?", "lambda"),
    (["check", "x^T A x", "--wrt", "z"], "z is not a variable", "z"),
    (["explain", "x^T A x", "--wrt", "z"], "z is not a variable", "z"),
    (["diff", "a + b"], "which variable", "a"),
    (["diff", "3"], "no variable", "3"),
    (["diff", "x^T x", "--order", "0"], "0 is not a whole number from 1 to 6", "0"),
    (["diff", "x^T x", "--order", "two"], "two is not a whole number", "two"),
    (["diff", "x^T x", "-w", "x", "-w", "x", "-n", "3"], "of order 2, not 3", "3"),
    (["check", "x^T x", "--seed", "-1"], "-1 is not a whole number from 0", "-1"),
    (["check", "x^T x", "--trials", "0"], "0 is not a whole number from 1 to 1000", "0"),
    (["diff", "x^T x", "--format", "txt"], "did you mean text?", "txt"),
    (["diff", "x^T x", "--formt", "text"], "did you mean --format?", "--formt"),
    (["diff", "x^T x", "--nocheck"], "did you mean --no-check?", "--nocheck"),
    (["diff", "x^T x", "-n2"], "write -n 2", "-n2"),
    (["diff", "x^T", "x"], "in quotes", "x"),
    (["check", "x^T", "x"], "in quotes", "x"),
    (["diff", "x", "--wrt"], "--wrt needs a value", "--wrt"),
    (["diff"], "EXPR is missing", None),
    (["dif", "x^T x"], "did you mean diff?", "dif"),
    (["x^T x"], 'matcalc diff "x^T x"', '"x^T x"'),
    (["--nosuch"], "no option --nosuch", "--nosuch"),
    (["functions", "nosuch"], "no function nosuch", "nosuch"),
    (["functions", "sofmax"], "did you mean softmax?", "sofmax"),
    (["code", "x^T x", "-o", "/nonexistent/d/f.py"], "cannot be written", "/nonexistent/d/f.py"),
    (["code", "x^T x", "--target", "jaxx"], "did you mean jax?", "jaxx"),
    (["check", "nosuch.tex"], "No such file", "nosuch.tex"),
    (["check", "x^T x", "--plot", "/nonexistent/p.svg"], "cannot be written", "/nonexistent/p.svg"),
    (["check", "x^T x", "--plot", "p.xyz"], "known are", "p.xyz"),
    (["check", "x^T x", "--claim", ""], "empty", '""'),
    (["tex", "nosuch.tex"], "No such file", "nosuch.tex"),
    (["diff", "x", "--define", "nosuch.txt"], "neither a definition nor a file", "nosuch.txt"),
    (["completion", "tcsh"], "tcsh is not one of bash, zsh, fish", "tcsh"),
    (["equal", "-", "-"], "not both", "-"),
    (["check", "paper.tex", "--claim", "2 x"], "not for files", "--claim"),
    (["check", "paper.tex", "-n", "2"], "not for files", None),
    (["diff", "tr(X)", "--geometry", "stiefel", "--convention", "unstructured"], "not both", None),
]


@pytest.mark.parametrize(("args", "words", "marked"), FAULTS, ids=[" ".join(row[0]) for row in FAULTS])
def test_what_is_wrong_is_shown(args: list[str], words: str, marked: str | None) -> None:
    if "--plot" in args:
        library("matplotlib")
    result = run(*args)
    assert result.exit_code == 2
    assert words in result.output and "Traceback" not in result.output
    message, line, carets, *_ = result.output.split("\n")
    assert message.startswith("error: ") and "  " not in message
    start, end = carets.index("^"), carets.rindex("^") + 1
    assert line[start:end] == (marked or "")


def test_errors_of_the_command_line_as_json() -> None:
    result = run("diff", "x^T A x", "--wrt", "z", "--format", "json")
    error = json.loads(result.output)["error"]
    assert result.exit_code == 2 and error["code"] == "unknown-variable"
    assert error["text"][slice(*error["span"])] == "z"


def test_without_arguments_there_is_help() -> None:
    result = run()
    assert result.exit_code == 0 and "Commands:" in result.output


def test_unreadable_input() -> None:
    assert "not UTF-8" in run("diff", "-", text=b"x^T \xff x").output
    assert "empty" in run("diff", "-", text="").output


def test_an_unreadable_file(tmp_path: Path) -> None:
    paper = tmp_path / "paper.tex"
    paper.write_bytes(b"% matcalc: d/dX tr(A X) = A^T \xff")
    assert "not UTF-8" in run("check", str(paper)).output
    directory = run("check", f"{tmp_path}/")
    assert directory.exit_code == 2 and "directory" in directory.output


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="the superuser may write everywhere")
def test_no_permission_to_write(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    result = run("code", "x^T x", "-o", str(tmp_path / "f.py"))
    assert result.exit_code == 2 and "Permission denied" in result.output


def test_bytes_that_are_no_text() -> None:
    done = process("diff", os.fsdecode(b"x^T \xff x"), "--format", "json")
    assert done.returncode == 2
    assert json.loads(done.stdout)["error"]["code"] == "character"


@pytest.mark.parametrize(("encoding", "shown"), [("ascii", b"B^T"), ("latin-1", b"\\u2297"), ("utf-8", "⊗".encode())])
def test_terminals_of_other_encodings(encoding: str, shown: bytes) -> None:
    form = "text" if encoding == "ascii" else "unicode"
    done = process(
        "diff", "A X B", "-w", "X", "-f", form, "--no-check", env={**os.environ, "PYTHONIOENCODING": encoding}
    )
    assert done.returncode == 0 and shown in done.stdout


@sweep(2)
@pytest.mark.parametrize(
    "args",
    [
        ("diff", "kron(A, B) vec(X) where A: matrix(m, n), B: matrix(p, q), X: matrix(q, n)", "-w", "X"),
        ("check", "A X B", "-w", "X", "--claim", "B^T ⊗ A"),
        ("equal", "σ² x", "x σ²"),
        ("diff", "tr(X ⊗"),
    ],
    ids=lambda args: args[0],
)
def test_json_is_valid_and_complete_whatever_the_terminal(args: tuple[str, ...]) -> None:
    bodies = []
    for encoding in ("ascii", "latin-1", "utf-8"):
        environment = {**os.environ, "LC_ALL": "C.UTF-8", "PYTHONIOENCODING": encoding}
        bodies.append(json.loads(process(*args, "--format", "json", env=environment).stdout.decode(encoding)))
    assert bodies[0] == bodies[1] == bodies[2]


def test_a_reader_that_has_gone() -> None:
    """What a shell does for ``matcalc functions | head -0``."""
    reading, writing = os.pipe()
    os.close(reading)
    done = process("functions", capture_output=False, stdout=writing, stderr=subprocess.PIPE)
    os.close(writing)
    assert done.returncode == PIPE_CLOSED and done.stderr == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk() -> None:
    with open("/dev/full", "w") as full:
        done = process("functions", capture_output=False, stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 2 and b"No space left" in done.stderr and b"Traceback" not in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def _paper(folder: Path, claims: int) -> str:
    """A file of so many claims, the first of which is wrong."""
    right = "".join(f"% matcalc: d/dX tr(X^T A X + {k} B X) = (A + A^T) X + {k} B^T\n" for k in range(2, claims + 1))
    (folder / "paper.tex").write_text("% matcalc: d/dx x^T A x = 2 A x\n" + right)
    return str(folder / "paper.tex")


def test_ctrl_c_ends_with_what_is_done(tmp_path: Path) -> None:
    begin = time.monotonic()
    subprocess.run([*PROGRAM, "--version"], capture_output=True, check=True)
    start = time.monotonic() - begin
    running = subprocess.Popen(
        [*PROGRAM, "check", _paper(tmp_path, 8000)],  # of which no machine does all in that time
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"MATCALC_SECONDS": "0"},
    )
    time.sleep(4 + 4 * start)  # as long as a start takes on this machine now
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=60)
    assert running.returncode == INTERRUPTED and "Traceback" not in err
    assert "right only if A is symmetric" in out and "interrupted after" in out and "of 8000 claims" in out


def test_a_limit_ends_with_what_is_done(tmp_path: Path) -> None:
    ended = process("check", _paper(tmp_path, 2000), env=os.environ | {"MATCALC_SECONDS": "2"})
    assert ended.returncode == AT_FAULT and b"longer than the limit of 2 seconds" in ended.stderr
    assert b"right only if A is symmetric" in ended.stdout
    assert b"ended by a limit after" in ended.stdout and b"of 2000 claims" in ended.stdout


def test_an_error_of_ours_is_no_error_of_theirs(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object, **options: object) -> None:
        raise TypeError("oops")

    monkeypatch.setattr(matcalc.command.diff.Result, "of", broken)
    result = run("diff", "x^T x")
    assert result.exit_code == OUR_FAULT
    assert "internal error: TypeError: oops" in result.output and "Traceback" not in result.output


@pytest.mark.parametrize("error", [MemoryError(), RecursionError(), OSError(5, "Input/output error", "f")])
def test_what_the_machine_refuses(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def broken(*args: object, **options: object) -> None:
        raise error

    monkeypatch.setattr(matcalc.command.diff.Result, "of", broken)
    result = run("diff", "x^T x")
    assert result.exit_code == 2 and result.output.startswith("error: ")


@pytest.mark.parametrize("variable", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_no_colours_where_none_are_wanted(variable: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in variable.items():
        monkeypatch.setenv(name, value)
    result = CliRunner().invoke(main, ["diff", "x^T x", "--no-check"], color=True)
    assert "\x1b" not in result.output


def test_colours_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert "\x1b" in CliRunner().invoke(main, ["diff", "x^T x", "--no-check"], color=True).output


# --- sizes ------------------------------------------------------------------------------------

LARGE = [
    (["diff", "logdet(X) where X: spd(100000)"], "verified"),
    (["diff", "tr(X) where X: matrix(20000, 20000)"], "verified"),
    (["diff", "kron(A, B) where A: matrix(300, 300), B: matrix(300, 300)", "-w", "A"], "verified"),
    (["check", "x^T A x where A: matrix(30000, 30000)", "-w", "x"], "verified"),
    (["check", "x^T A x where A: matrix(30000, 30000)", "-w", "x", "--claim", "2 A x"], "REFUTED"),
    (["check", "X^-1 where X: matrix(60, 60)", "--claim", "-(X^-T ⊗ X^-1)"], "verified"),
]


@pytest.mark.parametrize(("args", "verdict"), LARGE, ids=[" ".join(args) for args, _ in LARGE])
def test_what_is_too_large_to_compute_is_checked_at_smaller_sizes(args: list[str], verdict: str) -> None:
    result = run(*args)
    assert f"{verdict} at 3 random points" in result.output and "in the place of" in result.output
    assert result.exit_code == (1 if verdict == "REFUTED" else 0)


def test_a_large_form_is_left_out_and_the_others_are_checked() -> None:
    result = run("diff", "X^-1 where X: matrix(40, 40)")
    assert "verified at 3 random points" in result.output
    assert "one form was not compared: an array of 1600 x 1600" in result.output


def test_equality_of_large_arrays_is_proved_or_undecided() -> None:
    where = "where X: matrix(20000, 20000)"
    assert run("equal", f"tr(X) {where}", "tr(X^T)").output.startswith("proved")
    undecided = run("equal", f"tr(X) {where}", "tr(X) + 1")
    assert undecided.exit_code == 0 and "too large" in undecided.output


# --- the progress bar -------------------------------------------------------------------------


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_bar_that_is_erased(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", screen := Terminal())
    with progress("paper.tex") as advance:
        advance(1, 2)
        advance(2, 2)
    half, whole, blank, end = screen.getvalue().split("\r")[1:]
    assert half == "paper.tex: [##########..........] 1/2 claims"
    assert whole == "paper.tex: [####################] 2/2 claims"
    assert blank == " " * len(whole) and end == ""


def test_the_bar_is_erased_after_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", screen := Terminal())
    with pytest.raises(ValueError), progress("p") as advance:
        advance(1, 2)
        raise ValueError
    assert screen.getvalue().endswith(" \r")


@pytest.mark.parametrize("dumb", [True, False])
def test_no_bar_where_nobody_looks(monkeypatch: pytest.MonkeyPatch, dumb: bool) -> None:
    monkeypatch.setenv("TERM", "dumb" if dumb else "xterm")
    monkeypatch.setattr(sys, "stderr", screen := Terminal() if dumb else io.StringIO())
    with progress("p") as advance:
        advance(1, 1)
    assert screen.getvalue() == ""
