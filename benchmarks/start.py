"""How long a command takes from its start, beside ``import sympy``.

python benchmarks/start.py [CHECKOUT]…

Each checkout, this one first, is installed into a directory of its own with its byte code. Counted is the processor time
of whole processes, in turns; the least of the rounds.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
ROUNDS = 25
COMMAND = ["-m", "matcalc", "diff", "tr(X^T A X)", "--no-check"]


def installed(root: Path, place: Path) -> Path:
    """The directory into which the package of a checkout was installed."""
    call = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--compile",
        "--target",
        str(place),
        str(root),
    ]
    subprocess.run(call, check=True)
    return place


def seconds(arguments: list[str], path: Path | None = None) -> float:
    """The processor time of one process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = os.environ | ({"PYTHONPATH": str(path)} if path else {})
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL, env=environment, cwd="/")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print the times, and their ratios to that of ``import sympy``."""
    roots = [HERE, *(Path(root).resolve() for root in sys.argv[1:])]
    with tempfile.TemporaryDirectory() as folder:
        paths = [installed(root, Path(folder) / str(i)) for i, root in enumerate(roots)]
        rounds = [[seconds(["-c", "import sympy"]), *(seconds(COMMAND, path) for path in paths)] for _ in range(ROUNDS)]
    sympy, *ours = (min(column) for column in zip(*rounds, strict=True))
    print(f"{sympy * 1e3:7.0f} ms         import sympy")
    for root, found in zip(roots, ours, strict=True):
        print(f"{found * 1e3:7.0f} ms  {found / sympy:5.2f}  {root}")


if __name__ == "__main__":
    main()
