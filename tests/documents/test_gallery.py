"""The gallery shows the rows of the tests' tables, all of them, and its LaTeX is accepted by a real typesetter."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.machine import library, program

library("sphinx")

from matcalc.documents.formulas import Request, formula_of
from tests.tables import cookbook, magnus

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "docs" / "extensions"))

from gallery import Row, table

BOOKS = [
    (cookbook, "cookbook", "CHAPTER_2"),
    (cookbook, "cookbook", "INDEPENDENT"),
    (cookbook, "cookbook", "LATER"),
    (magnus, "magnus", "GRADIENTS"),
    (magnus, "magnus", "JACOBIANS"),
    (magnus, "magnus", "HESSIANS"),
]


@pytest.mark.parametrize(("module", "file", "name"), BOOKS)
def test_rows_are_those_of_the_tests(module: object, file: str, name: str) -> None:
    shown = [row for _, rows in table(file, name) for row in rows]
    tested = [Row(row[0].strip(), *row[1:]) for row in getattr(module, name)]
    assert shown == tested


def test_every_group_of_practice_has_a_heading() -> None:
    groups = dict(table("practice", "ROWS"))
    assert len(groups) >= 14 and all(groups)
    assert sum(map(len, groups.values())) >= 170


def test_a_wrong_closed_form_is_refused() -> None:
    with pytest.raises(Exception, match="refuted"):
        formula_of(Request("x^T A x", ("x",), 1, claim="2 A x"))


def test_no_formula_of_the_books_is_wider_than_a_page(tmp_path: Path) -> None:
    program("pdflatex")
    body = []
    for _, file, name in BOOKS:
        order = 2 if name == "HESSIANS" else 1
        for row in (row for _, rows in table(file, name) for row in rows):
            show = ("f", "differential", "derivative")
            formula = formula_of(Request(row.text, (row.wrt,), order, row.where, checked=False, show=show))
            body.append(rf"\typeout{{ROW {row.source}}}\[ {formula.latex} \]")
    source = [r"\documentclass{article}\usepackage{amsmath}\begin{document}", *body, r"\end{document}"]
    (tmp_path / "a.tex").write_text("\n".join(source))
    done = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "a.tex"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:]
    assert not re.findall(r"Overfull \\hbox \((\d+)", done.stdout)
