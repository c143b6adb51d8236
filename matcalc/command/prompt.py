"""`matcalc repl`: expressions at a prompt, with history and completion of names."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

from matcalc import api
from matcalc.errors import MatcalcError
from matcalc.functions import FUNCTIONS
from matcalc.functions.families import families
from matcalc.objects.expressions import parsed_beside
from matcalc.objects.results import Result, rows_of

__all__ = ["Session", "run"]

PROMPT = "matcalc> "
HELP = """EXPR                the derivative by X, else x, else the only name
EXPR by X           by X; by x, x is the Hessian, by x, A a mixed derivative
:where DECLS        declare names for what follows, as in :where S: symmetric(n)
:steps EXPR [by X]  the derivation
:check on | off     verify each answer, or not
:functions          the functions
:help, :quit"""


class Session:
    """What is remembered between lines, and the answer to a line."""

    def __init__(self) -> None:
        self.where = ""
        self.checked = True
        self.names: set[str] = set()

    def answer(self, line: str) -> str | None:
        """What to print; None where the session ends. Faults of the input are answers, too."""
        command, _, rest = line.strip().partition(" ")
        if command in (":quit", ":q", ":exit", "quit", "exit"):
            return None
        try:
            if command.startswith(":"):
                run = _COMMANDS.get(command)
                return run(self, rest.strip()) if run else f"unknown command {command}; :help lists them"
            return self.derivative(line) if line.strip() else ""
        except MatcalcError as error:
            return _located(error, line).render()

    def derivative(self, line: str) -> str:
        """The rows of an answer."""
        text, wrt = _taken_apart(line)
        result = Result.of(text, wrt, None, self.where or None, checked=self.checked, apart=True)
        self.names.update(result.f.declarations)
        rows = list(rows_of(result, "text"))
        width = max(len(label) for label, _ in rows)
        return "\n".join(f"{label:{width}}  " + body.replace("\n", "\n" + " " * (width + 2)) for label, body in rows)

    def steps(self, line: str) -> str:
        """The derivation."""
        text, wrt = _taken_apart(line)
        f = parsed_beside(text, self.where or None, apart=True)
        return str(api.explain(f, wrt or None))

    def declare(self, line: str) -> str:
        """Declarations add up; without any they are forgotten."""
        if not line:
            forgotten, self.where = self.where, ""
            return f"forgotten: {forgotten}" if forgotten else "nothing is declared"
        joined = f"{self.where}, {line}" if self.where else line
        parsed_beside("1", joined, apart=True)
        self.where = joined
        return f"where {self.where}"

    def set_check(self, line: str) -> str:
        """Whether answers are verified."""
        self.checked = line != "off"
        return "answers are verified" if self.checked else "answers are not verified"

    def completions(self, text: str) -> list[str]:
        """Names that begin with the text: functions, commands, and variables seen before."""
        known = [*(f"{name}(" for name in FUNCTIONS), *_COMMANDS, ":quit", *self.names]
        return sorted(name for name in known if name.startswith(text))


def _located(error: MatcalcError, line: str) -> MatcalcError:
    """The error with the line and the place in it of the word that it is about."""
    place = line.rfind(error.word) if error.word and error.text is None else -1
    if error.word and place >= 0:
        error.shown_in(line, (place, place + len(error.word)))
    return error


def _taken_apart(line: str) -> tuple[str, tuple[str, ...]]:
    """``EXPR by X, X`` as its text and its variables."""
    found = re.fullmatch(r"(.*\S)\s+by\s+([\w^, ]+)", line.strip(), re.DOTALL)
    if found is None:
        return line.strip(), ()
    return found.group(1), tuple(re.split(r"[,\s]+", found.group(2).strip()))


_COMMANDS: dict[str, Callable[[Session, str], str]] = {
    ":help": lambda session, rest: HELP,
    ":where": Session.declare,
    ":steps": Session.steps,
    ":check": Session.set_check,
    ":functions": lambda session, rest: "\n".join(f"{f}: {'  '.join(r.name for r in rows)}" for f, rows in families()),
}


def history_path() -> Path:
    """Where the lines of earlier sessions are kept."""
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(state) / "matcalc" / "history"


def run(read: Callable[[str], str], write: Callable[[str], None]) -> None:
    """Read, differentiate, print, until the input ends; Ctrl-C gives up the line or the work of the moment."""
    session = Session()
    with _line_editing(session):
        while True:
            try:
                shown = session.answer(read(PROMPT))
            except EOFError:
                write("")
                return
            except KeyboardInterrupt:
                write("interrupted; :quit ends the session")
                continue
            if shown is None:
                return
            if shown:
                write(shown)


class _line_editing:
    """History and completion while the session runs, where the platform has readline."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def __enter__(self) -> None:
        try:
            import readline
        except ImportError:
            self.readline = None
            return
        self.readline = readline
        readline.set_completer(lambda text, i: (*self.session.completions(text), None)[i])
        readline.set_completer_delims(" \t\n+-*/.^()[],;'@\\")
        readline.parse_and_bind("tab: complete")
        path = history_path()
        try:
            readline.read_history_file(path)
        except FileNotFoundError:
            return
        except OSError as error:
            print(f"the history is not read: {error}")

    def __exit__(self, *_: object) -> None:
        if self.readline is None:
            return
        path = history_path()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self.readline.set_history_length(1000)
            self.readline.write_history_file(path)
        except OSError as error:
            print(f"the history is not kept: {error}")
