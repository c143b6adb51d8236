"""How long the texts of the tables take to be parsed, beside another checkout where one is named.

python benchmarks/parse.py [CHECKOUT]

Every text is parsed by a process of its own for each checkout, in turns, all texts once in each round; the least time of
the rounds counts. Printed are the medians, and the median and the ends of the ratios, text by text.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
TABLES = (
    ("cookbook", "CHAPTER_2"),
    ("cookbook", "INDEPENDENT"),
    ("cookbook", "LATER"),
    ("magnus", "GRADIENTS"),
    ("magnus", "JACOBIANS"),
    ("magnus", "HESSIANS"),
    ("practice", "ROWS"),
)
ROUNDS = 15


def texts() -> list[tuple[str, str]]:
    """(expression, declarations) of each row, once."""
    sys.path.insert(0, str(HERE))
    from tests.tables.rows import rows_of

    return list(dict.fromkeys((text, where) for table in TABLES for _, text, _, where in rows_of(*table)))


def serve() -> None:
    """Answer each line, a text and its declarations, with the seconds that it takes, or -1 where it is refused."""
    import matcalc as mc

    for line in sys.stdin:
        text, where = json.loads(line)
        start = time.thread_time()
        try:
            mc.parse(text, where or None)
            seconds = time.thread_time() - start
        except mc.MatcalcError:
            seconds = -1.0
        print(seconds, flush=True)


class Checkout:
    """A process that parses with the package of one checkout."""

    def __init__(self, root: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, __file__, "--serve"],
            env={**os.environ, "PYTHONPATH": str(root)},
            cwd=root,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def milliseconds(self, case: tuple[str, str]) -> float:
        """One parse."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(case) + "\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline()) * 1e3


def measured(roots: list[Path], cases: list[tuple[str, str]]) -> list[list[float]]:
    """For each checkout the least time of each text."""
    checkouts = [Checkout(root) for root in roots]
    rounds = [[[c.milliseconds(case) for c in checkouts] for case in cases] for _ in range(ROUNDS)]
    return [[min(r[i][j] for r in rounds) for i in range(len(cases))] for j in range(len(roots))]


def main() -> None:
    """Print the medians."""
    roots = [HERE, *(Path(root).resolve() for root in sys.argv[1:])]
    cases = texts()
    times = measured(roots, cases)
    kept = [i for i in range(len(cases)) if all(column[i] > 0 for column in times)]
    print(f"{len(kept)} of {len(cases)} texts")
    for root, column in zip(roots, times, strict=True):
        print(f"{statistics.median(column[i] for i in kept):8.3f} ms  median of {root}")
    for root, column in zip(roots[1:], times[1:], strict=True):
        ratios = sorted((times[0][i] / column[i], cases[i][0]) for i in kept)
        print(f"{statistics.median(r for r, _ in ratios):8.3f}     median ratio to {root}")
        for ratio, text in (ratios[0], *ratios[-5:]):
            print(f"{ratio:8.2f}     {text}")


if __name__ == "__main__":
    serve() if sys.argv[1:] == ["--serve"] else main()
