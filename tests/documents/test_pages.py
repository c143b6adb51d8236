"""Every code block of the documentation runs, and every session shows what is really printed."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "docs"))

import sessions  # noqa: E402

from tests.machine import has  # noqa: E402

PAGES = sessions.PAGES


def blocks(page: Path, language: str) -> list[str]:
    """The fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


def is_here(block: str) -> bool:
    """Whether the library that a block needs, in its first line, is installed, in the version that it is about."""
    found = re.match(r"# needs: (\w+)(?: ([\d.]+))?\n", block)
    if found is None:
        return True
    if not has(found.group(1)):
        return False
    version = getattr(importlib.import_module(found.group(1)), "__version__", "")
    return str(version).startswith(found.group(2) or "")


def identifier(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=identifier)
def test_python_blocks_run(page: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    namespace: dict[str, object] = {"printed": lambda *values: " ".join(map(str, values))}
    for block in blocks(page, "python"):
        if is_here(block):
            exec(compile(with_what_is_shown(block), str(page), "exec"), namespace)


def with_what_is_shown(block: str) -> str:
    """print(x)  # text as an assertion that the text is printed."""
    return re.sub(
        r"^print\((.*)\) +# (.*)$", lambda m: f"assert printed({m[1]}) == {m[2]!r}", block, flags=re.MULTILINE
    )


@pytest.mark.parametrize("page", PAGES, ids=identifier)
def test_sessions_show_what_is_printed(page: Path) -> None:
    for command, shown in sessions.sessions(page.read_text(encoding="utf-8")):
        printed = sessions.run(command)
        assert printed
        assert not shown or printed == shown, f"{page.name}: {command}"


def test_every_console_block_is_a_session() -> None:
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        assert text.count("```console") == len(list(sessions.sessions(text))), page.name


def test_the_picture_is_current() -> None:
    assert sessions.PICTURE.read_text(encoding="utf-8") == sessions.picture()


def test_the_first_block_of_the_readme_prints_what_it_shows() -> None:
    readme = ROOT / "README.md"
    *_, command = blocks(readme, "bash")[0].strip().splitlines()
    shown = blocks(readme, "text")[0].rstrip("\n")
    assert sessions.run(command.removeprefix(".venv/bin/")) == shown
