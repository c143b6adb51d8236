"""Problems as CVX and JuMP state them: the objective is read, what declares variables tells their axes, constraints are left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from matcalc.errors import Span
from matcalc.patterns import pattern

__all__ = ["Model", "left_out", "objective_of"]

#: What stands in front of an objective, up to its bracket.
_OBJECTIVE = pattern(
    r"@(?:NL)?objective\(\s*\w+\s*,\s*(?:Min|Max|MIN_SENSE|MAX_SENSE|MOI\.\w+)\s*,|(?m:^[ \t]*(?:minimi[sz]e|maximi[sz]e)[ \t]*\()"
)
_VARIABLES = pattern(r"[ \t]*(?:@variables?\(\s*\w+\s*,(?P<julia>.*)\)|variables?[ \t]+(?P<cvx>.+?))[;\s]*")
_ENTRY = pattern(r"([^\W\d]\w*)[ \t]*(?:([(\[])([^()\[\]]*)[)\]])?")
_CONSTRAINT = pattern(r"[ \t]*(?:@(?:NL)?constraints?\(\s*\w+\s*,\s*(?P<julia>.*)\)|(?P<cvx>[^@=<>~]+[=<>]=.+?))[;\s]*")
_FRAME = pattern(
    r"[ \t]*(?:cvx_\w+.*|subject to|s\.t\.|dual variables?\b.*|(?:using|import)\b.*|\w+[ \t]*=[ \t]*Model\(.*|set_\w+!?\(.*|optimize!\(.*)[;\s]*"
)
_OUTPUTS = pattern(r"(?m:^[ \t]*function[ \t]+\[[ \t]*(\w+)[ \t]*,[ \t]*([\w, \t]+?)[ \t]*\][ \t]*=)")


class Model(NamedTuple):
    """The objective of a problem, where it stood; the axes of its variables; what is left out, each with a sentence."""

    text: str
    ranks: dict[str, int]
    unread: tuple[tuple[str, Span], ...]


def objective_of(body: str) -> Model | None:
    """The objective in a text of equal length, or None where it is no such problem."""
    if "@" not in body and "cvx_begin" not in body:
        return None
    head = _OBJECTIVE.search(body)
    end = None if head is None else _closing(body, head.end())
    if head is None or end is None:
        return None
    before, after = body[: head.start()], body[end + 1 :]
    ranks: dict[str, int] = {}
    unread: list[tuple[str, Span]] = []
    around = ""
    for line, start in (*_lines(before, 0), *_lines(after, end + 1)):
        around += _line(line, start, ranks, unread)
    objective = body[head.end() : end]
    text = around[: head.start()] + " " * len(head.group()) + objective + " " + around[head.start() :]
    return Model(text, ranks, tuple(unread))


def left_out(body: str) -> Iterator[tuple[str, Span]]:
    """The outputs of a MATLAB function behind the first one."""
    for found in _OUTPUTS.finditer(body):
        yield f"{found.group(1)} is read, the first output: {found.group(2)} is left out", found.span(2)


def _closing(text: str, start: int) -> int | None:
    """Where the bracket closes that is open there."""
    depth = 1
    for place in range(start, len(text)):
        depth += (text[place] in "([{") - (text[place] in ")]}")
        if depth == 0:
            return place
    return None


def _lines(text: str, start: int) -> Iterator[tuple[str, int]]:
    for line in text.splitlines(keepends=True):
        yield line, start
        start += len(line)


def _line(line: str, start: int, ranks: dict[str, int], unread: list[tuple[str, Span]]) -> str:
    """What is left of a line beside the objective: definitions stay."""
    blank = re.sub(r"[^\n]", " ", line)
    if _FRAME.fullmatch(line):
        return blank
    if found := _VARIABLES.fullmatch(line):
        inner = found.group("julia") or found.group("cvx")
        ranks.update(_variables(inner, several=found.group("julia") is None))
        if re.search(r"[<>]=|==", inner):
            unread.append(_constraint(found, start))
        return blank
    if found := _CONSTRAINT.fullmatch(line):
        unread.append(_constraint(found, start))
        return blank
    return blank if not line.strip(" \t\n;") else line


def _constraint(found: re.Match[str], start: int) -> tuple[str, Span]:
    group = "julia" if found.group("julia") else "cvx"
    left, right = found.span(group)
    return f"the constraint {found.group(group).strip()} is left out of the derivative", (start + left, start + right)


def _variables(text: str, *, several: bool) -> Iterator[tuple[str, int]]:
    """The axes of x[1:n], X(m, n) and t."""
    entries = _ENTRY.finditer(text) if several else filter(None, [_ENTRY.search(text)])
    for name, opening, sizes in (entry.groups() for entry in entries):
        if name not in ("symmetric", "semidefinite", "nonnegative", "diagonal"):
            yield name, 0 if not opening else sizes.count(",") + 1
