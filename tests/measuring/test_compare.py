"""The benchmark runs: results agree with the hand-written code, the table and the plot have their rows."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_a_row_of_the_table() -> None:
    command = [sys.executable, "benchmarks/compare.py", "ridge", "--budget", "0.001", "--peers", ""]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    result = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=ROOT, env=environment, timeout=300
    )
    assert result.returncode == 0, result.stderr
    rows = [line for line in result.stdout.splitlines() if line.startswith("| ridge |")]
    assert [row.split("|")[2].strip() for row in rows] == ["gradient"] * 3 + ["Hessian"] * 3


def test_the_plot_shows_every_row_of_the_page() -> None:
    page, _, _ = (ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8").partition("<!-- end -->")
    rows = {
        tuple(cell.strip() for cell in line.split("|")[1:3])
        for line in page.splitlines()
        if re.search(r"\| (gradient|Hessian) \|.* µs \|", line)
    }
    drawing = ElementTree.parse(ROOT / "docs" / "_static" / "benchmarks.svg")
    labels = {element.text for element in drawing.iter("{http://www.w3.org/2000/svg}text")}
    assert rows and {f"{case}, {what}" for case, what in rows} <= labels
