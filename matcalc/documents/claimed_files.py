"""Claims in documents and programs: comments such as ``% matcalc: d/dX tr(A X) = A^T`` are found and checked.

A claim is ``d/dX F = G``, ``d^2/dx^2 F = H``, ``\\nabla_x F = g``, ``\\frac{\\partial F}{\\partial X} = G`` or
``d(F) = … dX …``; without a derivative on its left it is an identity ``A = B``. It may end in ``where``.
A comment that begins with ``where`` declares names for the claims after it.
"""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from matcalc import api
from matcalc.budget import within
from matcalc.checking.report import CheckReport
from matcalc.errors import LimitError, MatcalcError, SyntaxFault, UnsupportedError
from matcalc.language import canonical_name
from matcalc.language.clauses import split_where
from matcalc.language.limits import budget, read_text
from matcalc.notes import Note, as_dicts, note_lines
from matcalc.objects.expressions import parsed_beside
from matcalc.patterns import pattern
from matcalc.records import dataclass

__all__ = ["COMMENTS", "FileReport", "Marked", "Result", "check_file", "find_claims", "read_statement"]

#: Called with the number of claims done and their total.
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Marked:
    """A comment with a claim: where it stands, what it says, and what was declared before it."""

    line: int
    text: str
    where: str = ""


@dataclass(frozen=True)
class Statement:
    """A claim taken apart: ``f``, the variables, and what its derivative is said to be; an identity has no variables."""

    f: str
    wrt: tuple[str, ...]
    claim: str
    where: str = ""


@dataclass(frozen=True)
class Result:
    """What was found out about one claim; ``status`` is "verified", "refuted", "undecided" or "error"."""

    path: str
    marked: Marked
    status: str
    message: str
    report: CheckReport | None = None
    notes: tuple[Note, ...] = ()

    @property
    def ok(self) -> bool:
        return self.status in ("verified", "undecided")

    def __str__(self) -> str:
        return f"{self.path}:{self.marked.line}: {self.status}: {self.marked.text}\n    " + self.message.replace(
            "\n", "\n    "
        )

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return {
            "path": self.path,
            "line": self.marked.line,
            "claim": self.marked.text,
            "status": self.status,
            "message": self.message,
            "notes": as_dicts(self.notes),
            "check": self.report.as_dict() if self.report is not None else None,
        }


@dataclass(frozen=True)
class FileReport:
    """The results for one file; true where all its claims were looked at and none is wrong.

    Attributes:
        claims: how many there are in the file.
        interrupted: by Ctrl-C, after the results that there are.
        limit: the limit that was met after them, or None.
    """

    path: str
    results: tuple[Result, ...]
    claims: int = 0
    interrupted: bool = False
    limit: LimitError | None = None

    def __bool__(self) -> bool:
        return not self.is_ended_early and all(r.ok for r in self.results)

    @property
    def is_ended_early(self) -> bool:
        """Whether something ended the work after the results that there are."""
        return self.interrupted or self.limit is not None

    @property
    def summary(self) -> str:
        """One line: how many claims, and how many of them hold."""
        if not self.claims:
            return f"{self.path}: no claims found; mark them with a comment such as {_example(Path(self.path).suffix)}"
        counts = [(s, sum(r.status == s for r in self.results)) for s in ("verified", "undecided", "refuted", "error")]
        told = ", ".join(f"{n} {_PLURAL.get(s, s) if n != 1 else s}" for s, n in counts if n)
        number = f"{self.claims} claim{'s' if self.claims != 1 else ''}"
        if self.is_ended_early:
            ended = "interrupted" if self.interrupted else "ended by a limit"
            return f"{self.path}: {ended} after {len(self.results)} of {number}{': ' if told else ''}{told}"
        return f"{self.path}: {number}: {told}"

    def __str__(self) -> str:
        return "\n".join([*map(str, self.results), self.summary])


_PLURAL = {"error": "errors"}
#: What one claim may take of the time that is left for the file.
PART_OF_CLAIM = 0.9


def check_file(path: str | Path, *, trials: int = 3, seed: int = 0, progress: Progress | None = None) -> FileReport:
    """Check every marked claim of a file; Ctrl-C and limits end it with what is done. Raises MatcalcError where it is no text."""
    claims = find_claims(_contents(Path(path)), Path(path).suffix)
    report = FileReport(str(path), (), len(claims))
    try:
        with budget(anew=True):
            for done, marked in enumerate(claims, 1):
                report = replace(report, results=(*report.results, _result(str(path), marked, trials, seed)))
                if progress is not None:
                    progress(done, len(claims))
    except KeyboardInterrupt:
        return replace(report, interrupted=True)
    except LimitError as error:
        return replace(report, limit=error)
    return report


def _contents(path: Path) -> str:
    try:
        return read_text(path)
    except UnicodeDecodeError as error:
        raise SyntaxFault(f"{path} is not UTF-8 text", code="encoding", word=str(path)) from error
    except OSError as error:
        raise SyntaxFault(f"{path} cannot be read: {error.strerror}", code="file", word=str(path)) from error


def _result(path: str, marked: Marked, trials: int, seed: int) -> Result:
    try:
        with within(PART_OF_CLAIM):
            return _settled(path, marked, trials, seed)
    except MatcalcError as error:
        return Result(path, marked, "error", str(error))


def _settled(path: str, marked: Marked, trials: int, seed: int) -> Result:
    statement = read_statement(marked.text)
    if not statement.wrt:
        return _identity(path, marked, statement)
    text = statement.f + statement.where
    f = parsed_beside(text, _declared(marked.where), beside=statement.claim, apart=True)
    report = api.check(f, *statement.wrt, claim=statement.claim, trials=trials, seed=seed)
    status = "verified" if report else "error" if report.problem else "refuted"
    report = replace(report, notes=_of_claim(report.notes))
    return Result(path, marked, status, str(report), report, report.notes)


def _identity(path: str, marked: Marked, statement: Statement) -> Result:
    found = api.equal(statement.f + statement.where, statement.claim, _declared(marked.where))
    status = {"proved": "verified", "refuted": "refuted"}.get(found.verdict, "undecided")
    notes = _of_claim(found.notes)
    message = "\n".join([found.reason, *note_lines(notes)])
    return Result(path, marked, status, message, notes=notes)


def _of_claim(notes: Iterable[Note]) -> tuple[Note, ...]:
    """Notes about one claim: declarations of a document serve all its claims."""
    return tuple(note for note in notes if note.code != "unmatched-declaration")


def _declared(where: str) -> str | None:
    return where or None


# --- comments ---------------------------------------------------------------------------------

#: Suffix of a file -> how its comments begin; ``<!--`` ends with ``-->``.
COMMENTS: dict[str, str] = {
    **dict.fromkeys([".tex", ".ltx", ".sty", ".cls", ".m"], "%"),
    **dict.fromkeys([".md", ".markdown", ".html", ".htm"], "<!--"),
    **dict.fromkeys([".py", ".pyi", ".jl", ".r", ".R", ".toml", ".yaml", ".yml", ".sh"], "#"),
    **dict.fromkeys([".c", ".cc", ".cpp", ".h", ".hpp", ".js", ".ts", ".rs", ".go", ".java"], "//"),
    **dict.fromkeys([".rst"], ".."),
}


def _example(suffix: str) -> str:
    start = COMMENTS.get(suffix, "#")
    return f"{start} matcalc: d/dX tr(A X) = A^T" + (" -->" if start == "<!--" else "")


def find_claims(text: str, suffix: str) -> list[Marked]:
    """The marked claims of a text with the comments of files with that suffix."""
    if suffix not in COMMENTS:
        known = " ".join(COMMENTS)
        raise UnsupportedError(
            f"comments of {suffix or 'a file without suffix'} are not known", hint=f"known are {known}"
        )
    found: list[Marked] = []
    where: list[str] = []
    for line, body in _joined(_marked(text, suffix)):
        if re.match(r"where\b", body):
            where.append(body.removeprefix("where").strip().rstrip(",;"))
        else:
            found.append(Marked(line, body, ", ".join(where)))
    return found


def _marked(text: str, suffix: str) -> Iterator[tuple[int, str]]:
    """(line, what stands after ``matcalc:``) of every comment with that mark."""
    start = COMMENTS[suffix]
    if start == "<!--":
        for found in re.finditer(r"<!--\s*matcalc:(.*?)-->", text, re.DOTALL):
            yield text.count("\n", 0, found.start()) + 1, " ".join(found.group(1).split())
    elif suffix in (".py", ".pyi"):
        yield from _of_python(text)
    else:
        pattern = re.compile(rf"(?<!\\){re.escape(start)}+\s*matcalc:(.*)$")
        for number, line in enumerate(text.splitlines(), 1):
            if (match := pattern.search(line)) is not None:
                yield number, match.group(1).strip()


def _of_python(text: str) -> Iterator[tuple[int, str]]:
    """Comments only: a string that looks like one is none."""
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            match = re.match(r"#+\s*matcalc:(.*)$", token.string) if token.type == tokenize.COMMENT else None
            if match is not None:
                yield token.start[0], match.group(1).strip()
    except (tokenize.TokenError, SyntaxError) as error:
        raise SyntaxFault(f"this is not Python: {error.args[0]}", code="file") from error


def _joined(lines: Iterator[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """A claim that ends in a backslash goes on in the next marked comment."""
    first = 0
    parts: list[str] = []
    for line, body in lines:
        first = first if parts else line
        if body.endswith("\\") and not body.endswith("\\\\"):
            parts.append(body[:-1].strip())
            continue
        yield first, " ".join([*parts, body])
        parts = []
    if parts:
        yield first, " ".join(parts)


# --- claims -----------------------------------------------------------------------------------

_D = r"(?:d|∂|\\partial|\\mathrm\{d\}|\\operatorname\{d\})"
_ORDER = r"(?:\^\{?(\d)\}?|(²))?"
_NAME = r"(\\?[A-Za-zΑ-Ωα-ω][A-Za-z0-9_]*|\\(?:mathbf|boldsymbol|bm)\{\\?\w+\}|\{\\?\w+\})"
#: d/dX, d^2/dx^2
_SLASHED = pattern(rf"\s*{_D}\s*{_ORDER}\s*/\s*{_D}\s*{_NAME}\s*{_ORDER}(?![\w(])")
#: \nabla_X, \nabla^2_x, ∇_X, grad_X, hess_x
_NABLA = pattern(rf"\s*(?:\\nabla|∇|grad|(hess))\s*{_ORDER}\s*_\s*{_NAME}\s*{_ORDER}")
#: \frac{\partial}{\partial X}, \frac{\partial F}{\partial X}
_FRACTION = pattern(r"\s*\\[dt]?frac\s*\{")
_DIFFERENTIAL = pattern(rf"\s*{_D}\s*[(\[]")


def read_statement(text: str) -> Statement:
    """The parts of a claim. Raises SyntaxFault where it is none."""
    cut = split_where(text)
    body, where = (text, "") if cut < 0 else (text[:cut].rstrip(), " " + text[cut:])
    body = body.strip().strip("$").strip()
    at = _equality(body)
    if at is None:
        raise SyntaxFault(
            "a claim has one equality sign", text=text, span=(0, len(text)), hint="write d/dX tr(A X) = A^T"
        )
    left, claim = body[:at].strip(), body[at + 1 :].strip()
    f, wrt = _derivative(left)
    if not wrt and (inside := _differential(left)) is not None:
        f, wrt = inside, _directions(claim)
    return Statement(f, wrt, claim, where)


def _equality(body: str) -> int | None:
    """The one equality sign outside of brackets."""
    depth, places = 0, []
    for i, character in enumerate(body):
        depth += (character in "([{") - (character in ")]}")
        if character == "=" and depth == 0 and body[max(i - 1, 0)] not in "<>!=":
            places.append(i)
    return places[0] if len(places) == 1 else None


def _derivative(left: str) -> tuple[str, tuple[str, ...]]:
    """The function and the variables that stand in front of it."""
    for opening in (_SLASHED, _NABLA):
        found = opening.match(left)
        if found is not None:
            f, inner = _derivative(left[found.end() :].strip())
            return f, (*inner, *_repeated(found))
    found = _FRACTION.match(left)
    if found is not None:
        split = _fraction(left, found.end() - 1)
        if split is not None:
            top, bottom, rest = split
            head = re.match(rf"\s*{_D}\s*{_ORDER}\s*", top)
            tail = re.fullmatch(rf"\s*{_D}\s*{_NAME}\s*{_ORDER}\s*", bottom)
            if head is not None and tail is not None:
                f, inner = _derivative(f"{top[head.end() :]} {rest}".strip())
                return f, (*inner, *(_plain(tail.group(1)),) * _times(head.groups()))
    return left, ()


def _repeated(found: re.Match[str]) -> tuple[str, ...]:
    name = next(g for g in found.groups() if g and not g.isdigit() and g not in ("²", "hess"))
    return (_plain(name),) * (2 if "hess" in found.groups() else _times(found.groups()))


def _times(groups: Sequence[str | None]) -> int:
    return next((2 if g == "²" else int(g) for g in groups if g and (g == "²" or g.isdigit())), 1)


def _plain(name: str) -> str:
    r"""``\mathbf{X}`` and ``{X}`` as X, ``\Sigma`` as Sigma"""
    return canonical_name(re.sub(r"\\(?:mathbf|boldsymbol|bm)|[{}\\]", "", name))


def _fraction(text: str, start: int) -> tuple[str, str, str] | None:
    """Numerator, denominator and what follows, for a brace at ``start``."""
    first = _closing(text, start)
    second = _closing(text, first + 1) if first is not None and text[first + 1 : first + 2] == "{" else None
    if first is None or second is None:
        return None
    return text[start + 1 : first], text[first + 2 : second], text[second + 1 :]


def _closing(text: str, start: int) -> int | None:
    depth = 0
    for i in range(start, len(text)):
        depth += (text[i] in "([{") - (text[i] in ")]}")
        if depth == 0:
            return i
    return None


def _differential(left: str) -> str | None:
    """F of d(F), where the bracket ends the text."""
    found = _DIFFERENTIAL.match(left)
    if found is None or _closing(left, found.end() - 1) != len(left) - 1:
        return None
    return left[found.end() : -1].strip()


def _directions(claim: str) -> tuple[str, ...]:
    """The names X of the dX in a claim."""
    found = re.findall(rf"(?<![\w\\]){_D}\s*{_NAME}", claim)
    return tuple(dict.fromkeys(_plain(name) for name in found))
