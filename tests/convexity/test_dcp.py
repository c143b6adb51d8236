"""The comparison with disciplined convex programming in docs/howto/convex.md: both are run, CVXPY where it is installed.

``python -m tests.convexity.test_dcp`` prints the table of the page.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import matcalc as mc

COMPARED: dict[str, Any] = json.loads((Path(__file__).parent / "dcp.json").read_text(encoding="utf-8"))
ROWS: list[dict[str, Any]] = COMPARED["functions"]
PAGE = Path(__file__).resolve().parents[2] / "docs" / "howto" / "convex.md"


def names(cp: Any) -> dict[str, Any]:
    """The variables and data of the expressions of CVXPY."""
    rng = np.random.default_rng(0)
    n, m = 3, 5
    root = rng.standard_normal((n, n))
    return {
        "cp": cp, "np": np, "P": root @ root.T + np.eye(n), "A": rng.standard_normal((m, n)), "b": rng.standard_normal(m),
        "c": rng.standard_normal(n), "u": rng.standard_normal(n), "x": cp.Variable(n), "s": cp.Variable(),
        "sp": cp.Variable(pos=True), "tp": cp.Variable(pos=True), "xp": cp.Variable(n, pos=True),
        "Sv": cp.Variable((n, n), PSD=True), "Xv": cp.Variable((n, 2)),
    }  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["text"])
@pytest.mark.parametrize("form", ["typed", "rewritten"])
def test_cvxpy_says_what_the_page_says(row: dict[str, Any], form: str) -> None:
    cp = pytest.importorskip("cvxpy")
    if row[form]:
        assert eval(row[form], names(cp)).curvature.lower() == row[f"{form}_is"]


def table() -> list[str]:
    """The rows of the page, with what matcalc says today."""
    return [
        f"| `{row['text'].replace('|', chr(92) + '|')}` | {_said(row)} | {_verdict(row, 'typed')} | {_verdict(row, 'rewritten')} |"
        for row in ROWS
    ]


def _said(row: dict[str, Any]) -> str:
    answer = mc.curvature(row["text"], *row["wrt"], where=row["where"] or None)
    return answer.title.replace(f" in {' and '.join(row['wrt'])}", "")


def _verdict(row: dict[str, Any], form: str) -> str:
    if not row[form]:
        return "no such atom" if form == "typed" else ""
    return row[f"{form}_is"] + (f": `{row[form]}`" if form == "rewritten" else "")


def test_the_page_shows_what_is_said() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert not [line for line in table() if line not in page]
    assert f"CVXPY {COMPARED['cvxpy']}" in page
    proved = sum(_verdict(row, "typed") in ("convex", "concave") for row in ROWS)
    again = sum(
        row["rewritten_is"] in ("convex", "concave") or _verdict(row, "typed") in ("convex", "concave") for row in ROWS
    )
    assert f"{proved} of {len(ROWS)} as typed, {again} as rewritten" in page


if __name__ == "__main__":
    print("\n".join(table()))
