"""What docs/checking.md and docs/limits.md promise: the diagnoses of its table, the report of its paper, the limits."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

import matcalc as mc
from matcalc.command.program import main
from matcalc.language import limits

DOCS = Path(__file__).parents[2] / "docs"
CHECKING = (DOCS / "checking.md").read_text(encoding="utf-8")
LIMITS = (DOCS / "limits.md").read_text(encoding="utf-8")


def examples() -> list[tuple[list[str], str, str | None, str]]:
    """(faults, f, variable, claim) of each row of the table of diagnoses that has an example."""
    found = []
    for line in CHECKING.splitlines():
        row = re.fullmatch(r"\| (`.*?`) \| .* \| `(.*?)`(?: by (\w))?: `(.*)` \|", line)
        if row is not None:
            found.append((re.findall("`(.*?)`", row.group(1)), row.group(2), row.group(3), row.group(4)))
    return found


WHERE = {"tr(A S)": "S: symmetric(n)", "logdet(S)": "S: spd(n)", "tr(A X B)": "A: matrix(n, n), B: matrix(n, n)"}
WHERE |= {"logdet(I + X X^T)": "X: matrix(n, n)", "x^T A y": "A: matrix(n, n)", "tr(A X)": "X: matrix(m, n)"}


@pytest.mark.parametrize(("faults", "f", "wrt", "claim"), examples())
def test_the_table_of_diagnoses(faults: list[str], f: str, wrt: str | None, claim: str) -> None:
    name = wrt or next(n for n in "XSx" if re.search(rf"\b{n}\b", f))
    report = mc.check(f, name, claim=claim, where=WHERE.get(f))
    assert report.fault in faults, report


def test_the_table_is_complete() -> None:
    assert len(examples()) >= 13
    words = set(
        re.findall(r'"([a-z ]+)"', (mc.check("x^T x", "x").__doc__ or "").split("fault: ")[1].split("place:")[0])
    )
    assert (
        words
        == {
            w
            for line in CHECKING.splitlines()
            if line.startswith("| `")
            for w in re.findall("`([a-z ]+)`", line.split("|")[1])
        }
        & words
    )
    assert len(words) == 19


def test_the_paper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (paper,) = re.findall(r"```tex\n(.*?)```", CHECKING, re.DOTALL)
    (shown,) = re.findall(r"```text\n(.*?)```", CHECKING, re.DOTALL)
    monkeypatch.chdir(tmp_path)
    Path("paper.tex").write_text(paper, encoding="utf-8")
    result = CliRunner().invoke(main, ["check", "paper.tex"])
    assert result.output == shown and result.exit_code == 1


def test_the_table_of_limits() -> None:
    rows = re.findall(r"\| ([\d,.]+|none) \| `(\w+)`", LIMITS)
    told = {name: 0 if value == "none" else float(value.replace(",", "")) for value, name in rows}
    assert told == dataclasses.asdict(limits.Limits())
