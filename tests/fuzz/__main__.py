"""``python -m tests.fuzz --n 10000 [--seed S] [--depth D] [--oracle torch|jax]``."""

from __future__ import annotations

import argparse
import gc
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from tests.fuzz import backends
from tests.fuzz.compare import Fault, Skip, defined, examine
from tests.fuzz.coverage import Coverage
from tests.fuzz.draw import Case, draw_case
from tests.fuzz.shrink import shrunken

#: Seconds of processor time after which a case counts as one that does not end.
LONGEST_SECONDS = 120


@contextmanager
def limited() -> Iterator[None]:
    """TimeoutError after so many seconds of work, where the system has alarms."""
    if not hasattr(signal, "SIGVTALRM"):
        yield
        return

    def ring(number: int, frame: FrameType | None) -> None:
        raise TimeoutError(f"no end after {LONGEST_SECONDS} s")

    before = signal.signal(signal.SIGVTALRM, ring)
    signal.setitimer(signal.ITIMER_VIRTUAL, LONGEST_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


@contextmanager
def few_collections() -> Iterator[None]:
    """Cycles are looked for now and then only, and not among what was there before: that takes a fifth of the time."""
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 10, 10)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def run(n: int, seed: int, depth: int, first: int = 0) -> Iterator[tuple[int, Case, Fault | Skip | None]]:
    """Examine ``n`` cases from the number ``first`` on; each depends on the seed and its own number only."""
    with defined(), few_collections():
        for i in range(first, first + n):
            case = draw_case(random.Random(f"{seed}/{i}"), depth)
            result: Fault | Skip | None
            try:
                with limited():
                    result = examine(case, seed=i)
            except Skip as skip:
                result = skip
            yield i, case, result


def report(case: Case, fault: Fault, seed: int) -> str:
    """A smaller case with the same fault, as code to paste."""

    def shows(smaller: Case) -> bool:
        try:
            with limited():
                found = examine(smaller, seed=seed)
        except Skip:
            return False
        return found is not None and found.category == fault.category

    case = shrunken(case, shows)
    try:
        with limited():
            found = examine(case, seed=seed) or fault
    except Skip:
        found = fault
    sizes = ", ".join(f"{k}={s}" for k, s in case.sizes)
    return (
        f"{found.category}\n  {found.detail}\n"
        f'  f = mc.parse("{case.text}", where="{case.where}")  # {sizes}\n'
        f"  mc.derivative(f, {', '.join(map(repr, case.wrt))})"
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--n", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0, help="the number of the first case")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--depth", type=int, default=4)
    parser.add_argument("--oracle", choices=("torch", "jax"), default="torch")
    parser.add_argument("--keep-going", action="store_true", help="report every kind of fault once")
    return parser.parse_args()


def main() -> int:
    options = _options()
    backends.use(options.oracle)
    counts: Counter[str] = Counter()
    coverage = Coverage()
    coverage.watch()
    started = time.monotonic()
    for i, case, result in run(options.n, options.seed, options.depth, options.first):
        if isinstance(result, Fault):
            counts[result.category] += 1
            print(f"\n[{options.seed}/{i}] {result.category}", flush=True)
            if counts[result.category] <= 3:
                print(report(case, result, i), flush=True)
            if not options.keep_going:
                return 1
        else:
            counts["skipped" if isinstance(result, Skip) else "right"] += 1
            if result is None:
                coverage.note(case)
        done = i + 1 - options.first
        if sys.stderr.isatty() or done % 500 == 0:
            rate = done / (time.monotonic() - started)
            print(f"\r{done}/{options.n}  {rate:.1f}/s  {dict(counts)}", end="", file=sys.stderr, flush=True)
    print(f"\n{options.n} cases: {dict(counts)}\n{coverage}")
    return int(any(c not in ("right", "skipped") for c in counts))


if __name__ == "__main__":
    sys.exit(main())
