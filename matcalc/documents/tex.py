"""`matcalc tex`: the derivatives that a LaTeX document asks for, written to a side file, as BibTeX does.

The document uses `matcalc.sty` and commands such as ``\\matcalcgrad[wrt=X]{\\operatorname{tr}(X^\\top A X)}``; the side
file ``paper.mcl`` defines the result of each by its number, with the arguments it was made from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

from matcalc.budget import within
from matcalc.documents.formulas import Request, formula_of
from matcalc.errors import MatcalcError, SyntaxFault
from matcalc.language.limits import bounded, read_text
from matcalc.notes import note_lines
from matcalc.records import dataclass

__all__ = ["Command", "SideFile", "commands", "side_file", "style_text", "write_side_file"]

#: command -> (what is shown, the order where none is named)
_COMMANDS = {"diff": ("differential", 1), "grad": ("derivative", 1), "hess": ("derivative", 2)}
#: What one formula may take of the time that is left.
PART_OF_FORMULA = 0.9
_OPTIONS = ("wrt", "order", "where", "bold")


@dataclass(frozen=True)
class Command:
    """One use in the document: its line, which command, and its arguments as they stand there."""

    line: int
    kind: str
    options: str
    expression: str

    @property
    def request(self) -> Request:
        """What is asked for. Raises SyntaxFault for an unknown option."""
        options = dict(_options(self.options))
        unknown = [name for name in options if name not in _OPTIONS]
        if unknown:
            raise SyntaxFault(f"unknown option {unknown[0]}", code="option", hint=f"options are {', '.join(_OPTIONS)}")
        show, order = _COMMANDS[self.kind]
        names = tuple(options.get("wrt", "").replace(";", " ").split())
        asked = int(options["order"]) if options.get("order", "").isdigit() else order
        return Request(
            self.expression,
            names,
            None if len(names) > 1 else asked,
            options.get("where"),
            bold=options.get("bold", "none"),
            show=(show,),
        )


def _options(text: str) -> Iterator[tuple[str, str]]:
    """``wrt=X, where={A: symmetric(n)}`` as pairs."""
    for part in re.findall(r"(?:[^,{}]|\{[^{}]*\})+", text):
        name, _, value = part.partition("=")
        yield name.strip(), value.strip().removeprefix("{").removesuffix("}")


def commands(text: str) -> list[Command]:
    """Every use of a command, in order; comments and definitions are passed over."""
    found: list[Command] = []
    for match in re.finditer(r"\\matcalc(diff|grad|hess)(?![A-Za-z])", text):
        line_start = text.rfind("\n", 0, match.start()) + 1
        if re.search(r"(?<!\\)%", text[line_start : match.start()]) or "newcommand" in text[line_start : match.start()]:
            continue
        position = match.end()
        options, position = _argument(text, position, "[", "]")
        expression, _ = _argument(text, position, "{", "}")
        line = text.count("\n", 0, match.start()) + 1
        if expression is None:
            raise SyntaxFault(f"line {line}: \\matcalc{match.group(1)} has no argument", code="latex-argument")
        found.append(Command(line, match.group(1), options or "", expression))
    return found


def _argument(text: str, position: int, opener: str, closer: str) -> tuple[str | None, int]:
    """The argument in brackets at this place, and where it ends."""
    start = position + len(text[position:]) - len(text[position:].lstrip())
    if text[start : start + 1] != opener:
        return None, position
    depth = 0
    for i in range(start, len(text)):
        depth += (text[i] in ("{", opener)) - (text[i] in ("}", closer))
        if depth == 0:
            return text[start + 1 : i], i + 1
    raise SyntaxFault(f"line {text.count(chr(10), 0, start) + 1}: {opener} is never closed", code="unbalanced")


@dataclass(frozen=True)
class SideFile:
    """The definitions for a document.

    Attributes:
        text: what is written.
        count: how many formulas it holds.
        notes: how a formula was read where a reader has to know, and which variable was chosen, each with its line:
            "paper.tex:12: note: …".
    """

    text: str
    count: int
    notes: tuple[str, ...]


@bounded
def side_file(text: str, name: str = "") -> SideFile:
    """The definitions for a document. Raises MatcalcError with the document's line where a formula is at fault."""
    lines = ["% Written by `matcalc tex`; do not edit."]
    told: list[str] = []
    found = commands(text)
    for number, command in enumerate(found, 1):
        try:
            with within(PART_OF_FORMULA):
                formula = formula_of(command.request)
        except MatcalcError as error:
            error.message = f"{name}:{command.line}: {error.message}"
            raise
        choice = formula.choice("by [wrt=…]")
        told_of = [*([choice] if choice else []), *note_lines(formula.notes)]
        notes = [f"{name}:{command.line}: {line}" for line in told_of]
        told += notes
        lines += [f"% {note}" for note in notes]
        result, _ = formula.right_side
        lines.append(rf"\matcalcformula{{{number}}}{{{command.options}|{command.expression}}}{{{result}}}")
    return SideFile("\n".join(lines) + "\n", len(found), tuple(told))


def write_side_file(path: str | Path) -> tuple[Path, SideFile]:
    """Write ``paper.mcl`` beside ``paper.tex``; its path and what it holds."""
    source = Path(path)
    try:
        text = read_text(source)
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise SyntaxFault(f"{path} cannot be read: {reason}", code="file", word=str(path)) from error
    target = source.with_suffix(".mcl")
    written = side_file(text, source.name)
    target.write_text(written.text, encoding="utf-8")
    return target, written


def style_text() -> str:
    """`matcalc.sty`, to be put beside the document."""
    return resources.files("matcalc.documents").joinpath("matcalc.sty").read_text(encoding="utf-8")
