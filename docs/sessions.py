"""Sessions shown in the README and the documentation: run anew, and written back with what is really printed.

``python docs/sessions.py`` rewrites every ``console`` block (a command line after ``$``, its output below, or ``...`` where
there is none yet) and the picture ``docs/_static/session.svg``; the tests compare both with what is printed.
"""

from __future__ import annotations

import re
import shlex
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import chdir
from html import escape
from pathlib import Path

from click.testing import CliRunner

from matcalc.command.program import main

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
PICTURE = ROOT / "docs" / "_static" / "session.svg"
BLOCK = re.compile(r"^```console\n(\$ .*\n)((?:.*\n)*?)```$", re.MULTILINE)

#: The first command of the README, among those that install, and what it prints.
FIRST = re.compile(r"(\.venv/bin/(matcalc .*)\n```\n\nprints\n\n```text\n)(?:.*\n)*?```")

#: What the picture shows.
COMMANDS = (
    'matcalc diff "||A x - b||^2 + lambda x^T x" --wrt x --order 2 --format unicode',
    'matcalc diff "det(I + x x^T)" --order 2 --format unicode',
    'matcalc check "x^T A x" --wrt x --claim "2 A x"',
)


def run(command: str) -> str:
    """What a command line prints, in a folder that holds the files of ``examples/``."""
    program, *args = shlex.split(command)
    if program != "matcalc":
        raise ValueError(f"not a matcalc command: {command}")
    with tempfile.TemporaryDirectory() as folder:
        for file in (ROOT / "examples").iterdir():
            shutil.copy(file, folder)
        with chdir(folder):
            return CliRunner().invoke(main, args).output.rstrip("\n")


def sessions(text: str) -> Iterator[tuple[str, str]]:
    """The command of each block, and the output that is shown."""
    for block in BLOCK.finditer(text):
        yield block.group(1).removeprefix("$ ").strip(), block.group(2).rstrip("\n")


def refreshed(text: str) -> str:
    """The page with the output of every session as it is now."""

    def block(found: re.Match[str]) -> str:
        if not found.group(2).strip():
            return found.group()
        output = run(found.group(1).removeprefix("$ ").strip())
        return f"```console\n{found.group(1)}{output}\n```"

    return FIRST.sub(lambda found: f"{found.group(1)}{run(found.group(2))}\n```", BLOCK.sub(block, text))


# --- the picture ------------------------------------------------------------------------------

WIDTH, LINE, SIZE = 100, 19, 13
_COLOURS = {"prompt": "#7ee787", "label": "#8b949e", "text": "#e6edf3", "good": "#7ee787", "bad": "#ff7b72"}
_LABEL = re.compile(r"^([a-zA-Z²³]+(?: [a-z]+)*)(\s{2,})(.*)$")


def picture() -> str:
    """A terminal with the sessions, as SVG."""
    lines: list[list[tuple[str, str]]] = []
    for command in COMMANDS:
        lines += [[("prompt", "$ "), ("text", command)]]
        lines += [line for shown in run(command).splitlines() for line in _wrapped(shown)]
        lines.append([])
    return _svg(lines[:-1])


def _wrapped(shown: str) -> Iterator[list[tuple[str, str]]]:
    """A line of output in its colours, broken at the width of the terminal."""
    found = _LABEL.match(shown)
    label, gap, body = found.groups() if found else ("", "", shown)
    colour = "bad" if "REFUTED" in body else "good" if body.startswith("verified") else "text"
    indent = len(label) + len(gap)
    first = True
    while body or first:
        part = body[: WIDTH - indent]
        if len(body) > WIDTH - indent and " " in part:
            part = part[: part.rindex(" ")]
        yield [("label", label + gap), (colour, part)] if first else [("text", " " * indent), (colour, part)]
        body, first = body[len(part) :].lstrip(), False


def _svg(lines: list[list[tuple[str, str]]]) -> str:
    height = LINE * len(lines) + 56
    width = int(WIDTH * SIZE * 0.602) + 40
    rows = []
    for i, line in enumerate(lines):
        spans = "".join(f'<tspan fill="{_COLOURS[kind]}">{escape(text)}</tspan>' for kind, text in line if text)
        rows.append(f'<text x="20" y="{54 + LINE * i}" xml:space="preserve">{spans}</text>' if spans else "")
    dots = "".join(f'<circle cx="{20 + 18 * i}" cy="20" r="5.5" fill="{c}"/>' for i, c in enumerate(("#ff5f57", "#febc2e", "#28c840")))  # fmt: skip
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
            f'font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, \'DejaVu Sans Mono\', monospace" font-size="{SIZE}">',
            "<title>A session with matcalc</title>",
            f'<rect width="{width}" height="{height}" rx="8" fill="#0d1117"/>',
            dots,
            *filter(None, rows),
            "</svg>\n",
        ]
    )


if __name__ == "__main__":
    for page in PAGES:
        page.write_text(refreshed(page.read_text(encoding="utf-8")), encoding="utf-8")
    PICTURE.write_text(picture(), encoding="utf-8")
