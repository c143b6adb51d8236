"""A process that computes answers, and is ended where one takes too long; the next question starts another one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from queue import Empty, Queue
from typing import Any

from matcalc.serving.tasks import answer

__all__ = ["SECONDS", "Worker"]

#: So long may an answer take, on the clock.
SECONDS = 20.0
#: How the process is run.
COMMAND = (sys.executable, "-m", "matcalc.serving.worker")


class Worker:
    """Answers one question after the other.

    Attributes:
        seconds: how long an answer may take.
    """

    def __init__(self, seconds: float = SECONDS) -> None:
        self.seconds = seconds
        self._turn = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._lines: Queue[str] = Queue()

    def ask(self, task: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to a task of `TASKS`; an error, too, where it takes too long."""
        with self._turn:
            process = self._running()
            assert process.stdin is not None
            try:
                process.stdin.write(json.dumps([task, dict(arguments)]) + "\n")
                process.stdin.flush()
                line = self._lines.get(timeout=self.seconds)
            except (Empty, OSError):
                self.end()
                return _fault(f"the answer takes longer than {self.seconds:g} seconds", "limit-seconds")
            if not line:
                self.end()
                return _fault("the computation ended without an answer: it took too much memory or time", "ended")
            found: dict[str, Any] = json.loads(line)
            return found

    def end(self) -> None:
        """End the process, if there is one."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()

    def _running(self) -> subprocess.Popen[str]:
        if self._process is None or self._process.poll() is not None:
            self._lines = Queue()
            pipe = subprocess.PIPE
            self._process = subprocess.Popen(COMMAND, stdin=pipe, stdout=pipe, text=True, encoding="utf-8")
            threading.Thread(target=_read, args=(self._process, self._lines), daemon=True).start()
        return self._process


def _read(process: subprocess.Popen[str], lines: Queue[str]) -> None:
    """Hand on every line, and an empty one at the end."""
    assert process.stdout is not None
    for line in process.stdout:
        lines.put(line)
    lines.put("")


def _fault(message: str, code: str) -> dict[str, Any]:
    return {"ok": False, "error": f"error: {message}", "code": code}


def main() -> None:
    """Answer the lines of standard input until it ends; nothing else is ever printed there."""
    own = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    sys.setrecursionlimit(max(sys.getrecursionlimit(), 10_000))
    for line in sys.stdin:
        task, arguments = json.loads(line)
        own.write(json.dumps(answer(task, arguments)) + "\n")
        own.flush()


if __name__ == "__main__":
    main()
