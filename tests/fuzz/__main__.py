"""``python -m tests.fuzz --n 10000 [--seed S] [--depth D]``."""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator

import jax

from tests.fuzz.compare import Fault, Skip, examine
from tests.fuzz.draw import Case, draw_case
from tests.fuzz.shrink import shrunken


def run(n: int, seed: int, depth: int) -> Iterator[tuple[int, Case, Fault | Skip | None]]:
    """Examine ``n`` cases; each depends on its own number only."""
    # One order of the sizes for a whole run: JAX compiles each operation anew for each shape.
    numbers = random.Random(seed).sample([2, 3, 4], 3)
    for i in range(n):
        case = draw_case(random.Random(f"{seed}/{i}"), depth, numbers)
        try:
            yield i, case, examine(case, seed=i)
        except Skip as skip:
            yield i, case, skip


def report(case: Case, fault: Fault, seed: int) -> str:
    """A smaller case with the same fault, as code to paste."""

    def shows(smaller: Case) -> bool:
        try:
            found = examine(smaller, seed=seed)
        except Skip:
            return False
        return found is not None and found.category == fault.category

    case = shrunken(case, shows)
    try:
        found = examine(case, seed=seed) or fault
    except Skip:
        found = fault
    sizes = ", ".join(f"{k}={s}" for k, s in case.sizes)
    return (
        f"{found.category}\n  {found.detail}\n"
        f'  f = mc.parse("{case.text}", where="{case.where}")  # {sizes}\n'
        f"  mc.check(f, {', '.join(map(repr, case.wrt))})"
    )


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--n", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--depth", type=int, default=4)
    parser.add_argument("--keep-going", action="store_true", help="report every kind of fault once")
    options = parser.parse_args()
    # JAX compiles each operation once for each shape, which a short run does not earn back.
    jax.config.update("jax_disable_jit", options.n < 1000)
    counts: Counter[str] = Counter()
    started = time.monotonic()
    for i, case, result in run(options.n, options.seed, options.depth):
        if isinstance(result, Fault):
            counts[result.category] += 1
            if counts[result.category] == 1:
                print(f"\n[{options.seed}/{i}] {report(case, result, i)}", flush=True)
            if not options.keep_going:
                return 1
        else:
            counts["skipped" if isinstance(result, Skip) else "right"] += 1
        if sys.stderr.isatty() or i % 500 == 499:
            rate = (i + 1) / (time.monotonic() - started)
            print(f"\r{i + 1}/{options.n}  {rate:.1f}/s  {dict(counts)}", end="", file=sys.stderr, flush=True)
    print(f"\n{options.n} cases: {dict(counts)}")
    return int(any(c not in ("right", "skipped") for c in counts))


if __name__ == "__main__":
    sys.exit(main())
