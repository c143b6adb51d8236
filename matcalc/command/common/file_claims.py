"""Claims in files as `matcalc check` and `matcalc tex --check` take them: which words are files, and what is printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from matcalc.command.common.terminal import DONE, FAILED, INTERRUPTED, echo, echo_json, progress
from matcalc.errors import MatcalcError

if TYPE_CHECKING:
    from matcalc.documents.claimed_files import FileReport

__all__ = ["check_files", "is_file", "refuse_with_files"]

#: What `matcalc check` takes for a file even where there is none; "x.T" is an expression.
FILE_SUFFIXES = frozenset(".tex .ltx .md .markdown .html .py .jl .m .rst .ipynb .txt .pdf .docx".split())


def refuse_with_files(options: Mapping[str, object]) -> None:
    """Claims in files carry their variables, orders and declarations with them."""
    for name, value in options.items():
        if value not in (None, ()):
            hint = "a file says it itself, as in: matcalc: d/dX tr(A X) = A^T where A: matrix(n, n)"
            raise MatcalcError(f"{name} is for one expression, not for files", code="usage", word=name, hint=hint)


def is_file(word: str) -> bool:
    """A path of a document or program: what no expression looks like."""
    path = Path(word.strip())
    if " " in str(path) and not path.exists():
        return False
    return path.suffix in FILE_SUFFIXES or (path.exists() and ("/" in word or "." in word))


def check_files(paths: Sequence[str], trials: int, seed: int, form: str) -> int:
    """Check every claim of the files, and print what was found; the exit status."""
    from matcalc.documents.claimed_files import check_file

    reports = []
    for path in paths:
        with progress(path) as advance:
            reports.append(check_file(path, trials=trials, seed=seed, progress=advance))
        if form == "text":
            echo(str(reports[-1]))
        if reports[-1].is_ended_early:
            break
    if form == "json":
        echo_json([r.as_dict() for report in reports for r in report.results])
    if reports[-1].limit is not None:
        raise reports[-1].limit
    if reports[-1].interrupted:
        return INTERRUPTED
    if len(reports) > 1 and form == "text":
        echo(_summary_of(reports))
    return DONE if all(reports) else FAILED


def _summary_of(reports: Sequence[FileReport]) -> str:
    claims = sum(r.claims for r in reports)
    wrong = sum(not result.ok for r in reports for result in r.results)
    return f"{len(reports)} files, {claims} claims: {f'{wrong} to look at' if wrong else 'none is wrong'}"
