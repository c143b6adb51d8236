"""Coverage-guided fuzzing of the parser: only `MatcalcError` may leave `parse`, and soon.

Needs atheris (`pip install atheris`); run it with

    python -m tests.fuzz.parser -max_total_time=600

What it finds becomes a line of `tests/language/test_hostile.py`.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

READINGS = Path(__file__).parents[1] / "language" / "readings.txt"
CORPUS = Path(__file__).parents[2] / ".hypothesis" / "parser"


def one_input(data: bytes) -> None:
    """Parse and print one text."""
    from matcalc.errors import MatcalcError
    from matcalc.language import parse
    from matcalc.printing import latex, text

    try:
        node = parse(data.decode("utf-8", "surrogateescape")).node
    except MatcalcError as error:
        str(error).encode("utf-8")
        return
    text(node)
    latex(node)


def seed() -> None:
    """The corpus to start from: every text that the language is known to read."""
    CORPUS.mkdir(parents=True, exist_ok=True)
    for i, line in enumerate(READINGS.read_text(encoding="utf-8").splitlines()[1:]):
        (CORPUS / f"reading_{i}").write_text(line.partition("  =>  ")[0], encoding="utf-8")


def main() -> None:
    atheris: Any = importlib.import_module("atheris")
    with atheris.instrument_imports(include=["matcalc"]):
        importlib.import_module("matcalc.language")
        importlib.import_module("matcalc.language.latex.dialect")
    seed()
    atheris.Setup([*sys.argv, str(CORPUS)], one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
