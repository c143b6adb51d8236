"""Every code block of the documentation runs, and every session shows what is really printed."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from matcalc.cli import main

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def blocks(page: Path, language: str) -> list[str]:
    """The fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_python_blocks_run(page: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    namespace: dict[str, object] = {}
    for block in blocks(page, "python"):
        exec(compile(block, str(page), "exec"), namespace)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_sessions_show_what_is_printed(page: Path) -> None:
    for block in blocks(page, "console"):
        command, _, shown = block.partition("\n")
        program, *args = shlex.split(command.removeprefix("$ "))
        assert program == "matcalc", f"{page.name}: {command}"
        printed = CliRunner().invoke(main, args).output
        assert not shown.strip() or printed.strip() == shown.strip(), f"{page.name}: {command}"
