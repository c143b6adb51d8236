"""``python -m tests.mutation [WORDS…]`` plants the faults whose lines hold one of the words, such as ``expr:``; all without words.

The checkout is copied; in the copy each fault is planted alone, and the tests of its package are run until one fails. A fault
that none of them notices has survived: the tests of that package want one that sees it. All take about an hour on one core.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.mutation.faults import FAULTS, TESTS, Fault

ROOT = Path(__file__).resolve().parents[2]
#: Seconds for the tests of one package.
LONGEST = 900
ENVIRONMENT = {
    "MATCALC_SWEEPS": "whole",
    "PYTHONDONTWRITEBYTECODE": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "JAX_PLATFORMS": "cpu",
}


def main(words: list[str]) -> int:
    """How many of the faults survive."""
    chosen = [fault for fault in FAULTS if not words or any(word in str(fault) for word in words)]
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "checkout"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".git", ".venv", "__pycache__", ".hypothesis"))
        survivors = [fault for fault in chosen if not _is_caught(fault, copy)]
    print(f"{len(chosen) - len(survivors)} of {len(chosen)} faults are caught")
    return len(survivors)


def _is_caught(fault: Fault, copy: Path) -> bool:
    """Plant it, run the tests, and take it out again."""
    module = copy / "matcalc" / fault.module
    source = module.read_text(encoding="utf-8")
    module.write_text(fault.planted(source), encoding="utf-8")
    start = time.monotonic()
    try:
        noticed = _first_failure(fault, copy)
    finally:
        module.write_text(source, encoding="utf-8")
    verdict = "SURVIVED" if noticed is None else "caught"
    print(
        f"{verdict:8} {time.monotonic() - start:5.0f} s  {fault}",
        noticed or "",
        sep="  ",
        flush=True,
    )
    return noticed is not None


def _first_failure(fault: Fault, copy: Path) -> str | None:
    """The first test that fails, or what else ends the run; None where all pass."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-n", "0", "-p", "no:cacheprovider", *TESTS[fault.package]]
    environment = {**os.environ, **ENVIRONMENT, "PYTHONPATH": str(copy)}
    try:
        done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, timeout=LONGEST)
    except subprocess.TimeoutExpired:
        return "the tests do not end"
    if done.returncode == 0:
        return None
    found = re.search(r"^(?:FAILED|ERROR) (\S+)", done.stdout, re.MULTILINE)
    if found is None:
        raise SystemExit(f"pytest ended with {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return found.group(1)


if __name__ == "__main__":
    sys.exit(min(main(sys.argv[1:]), 1))
