"""Processor time and peak memory of hostile inputs: no command may take 10 seconds or 1 GiB.

python benchmarks/hostile.py
python benchmarks/hostile.py softmax "2,000"
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.hostile import COMMANDS

MOST_SECONDS, MOST_MEMORY = 10.0, 1024


def measured(arguments: tuple[str, ...]) -> tuple[float, int, int, str]:
    """Processor seconds, MiB at the peak, the exit status, and the first words of a command."""
    with tempfile.TemporaryFile() as output:
        running = subprocess.Popen(
            [sys.executable, "-m", "matcalc", *arguments], cwd=ROOT, stdout=output, stderr=subprocess.STDOUT
        )
        _, status, usage = os.wait4(running.pid, 0)
        running.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        said = output.read(300).decode("utf-8", "replace")
    seconds = usage.ru_utime + usage.ru_stime
    return seconds, usage.ru_maxrss // 1024, running.returncode, " ".join(said.split())


def main(words: list[str]) -> int:
    """Print a line for each command; those that take too much are counted."""
    exceeding = 0
    for name, arguments in COMMANDS.items():
        if words and not any(word in name for word in words):
            continue
        seconds, memory, status, said = measured(arguments)
        fault = seconds > MOST_SECONDS or memory > MOST_MEMORY or status not in (0, 1, 2)
        exceeding += fault
        print(f"{'!' if fault else ' '} {name:50} {seconds:5.1f} s {memory:5} MiB  {status}  {said[:60]}", flush=True)
    print(f"{exceeding} take too much")
    return 1 if exceeding else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
