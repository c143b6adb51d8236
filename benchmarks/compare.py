"""Compiled derivatives beside hand-written NumPy and other libraries, as ratios in one single-threaded run.

    python benchmarks/compare.py            the whole table, in Markdown
    python benchmarks/compare.py quad net   some rows
    python benchmarks/compare.py --write    the whole table and its plot into docs/benchmarks.md

OPENBLAS_CORETYPE should not be set: it makes NumPy's products up to twice as slow as the processor allows.

Every number is a time of the processor (so that other programs count as little as possible), divided by that of the
hand-written code in the same round, the median over all rounds: below 1 is faster. ``±`` is half the distance between the quartiles of our own ratios. Results are compared with the
hand-written code before anything is timed.
"""

from __future__ import annotations

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"
os.environ.setdefault("JAX_PLATFORMS", "cpu")
if hasattr(os, "sched_setaffinity"):  # XLA has no other switch that keeps its thread pool to one core
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})

import argparse
import platform
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np
from chart import chart
from functions import CASES, Case
from peers import PEERS, Call

import matcalc as mc

DOCS = Path(__file__).resolve().parents[1] / "docs"
START, END = "<!-- measured -->", "<!-- end -->"
FORMS = ("matcalc", "unchecked", "jax target", "structured")
COLUMNS = (*FORMS, *PEERS)


@dataclass
class Result:
    """Seconds of the hand-written code, and ratios to it by column."""

    case: str
    what: str
    size: int
    hand: float
    ratios: dict[str, float]
    spread: float
    derivation: float
    compilation: float
    jit: float = field(default=float("nan"))


def rounds(calls: dict[str, Call], budget: float) -> dict[str, list[float]]:
    """Processor times of single calls, everybody once in each round, in random order and after a call to warm up."""
    inner, once = {}, {}
    for name, call in calls.items():
        started = time.perf_counter()
        call()
        once[name] = time.perf_counter() - started
        inner[name] = max(1, int(3e-4 / max(once[name], 1e-7)))
    cost = sum(once[name] * (inner[name] + 1) for name in calls)
    times: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(max(5, min(300, int(budget * len(calls) / cost)))):
        for name, call in shuffled(calls):
            call()  # whoever came before has filled the caches with other arrays
            started = time.process_time()
            for _ in range(inner[name]):
                call()
            elapsed = max(time.process_time() - started, 1e-9)  # a coarse clock may see nothing
            times[name].append(elapsed / inner[name])
    return times


def shuffled(calls: dict[str, Call]) -> list[tuple[str, Call]]:
    return [list(calls.items())[k] for k in np.random.default_rng().permutation(len(calls))]


def jax_target(derivative: mc.Derivative, data: dict[str, Any]) -> Call:
    """Our code for JAX under its jit, called with JAX's arrays."""
    import jax

    jax.config.update("jax_enable_x64", True)
    function = mc.compile(derivative, target="jax")
    call = by_place(function, {name: jax.numpy.asarray(x) for name, x in data.items()})
    return lambda: call().block_until_ready()


def by_place(function: Any, data: dict[str, Any]) -> Call:
    """A call with its arguments in order, as the libraries are called; sizes that no argument shows by name."""
    if not all(name in data for name in function.parameters):
        return lambda: function(**data)
    arrays = [data[name] for name in function.parameters]
    return lambda: function(*arrays)


def agreeing(name: str, make: Callable[[], Call | None], wanted: Any) -> Call | None:
    """The function that was made, if there is one; a library that is missing has none. Another result is an error."""
    try:
        call = make()
    except ImportError:
        return None
    if call is None:
        return None
    found = np.asarray(call(), dtype=float).reshape(np.shape(wanted))
    tolerance = 1e-6 * float(np.abs(wanted).max())
    np.testing.assert_allclose(found, wanted, rtol=1e-6, atol=tolerance, err_msg=name)
    return call


def measure(case: Case, order: int, size: int, budget: float, peers: Sequence[str]) -> Result:
    """One row of the table."""
    data = case.data(size)
    started = time.perf_counter()
    derivative = mc.derivative(case.text, *[case.variable] * order)
    derived = time.perf_counter()
    fn = mc.compile(derivative)
    compiled = time.perf_counter()
    hand = case.gradient if order == 1 else case.hessian
    wanted = hand(**data)
    calls: dict[str, Call] = {"hand": lambda: hand(**data)}
    bare = mc.compile(derivative, checks=False)
    candidates: dict[str, Callable[[], Call | None]] = {
        "matcalc": lambda: lambda: fn(**data),
        "unchecked": lambda: by_place(bare, data),
    }
    candidates |= {name: lambda name=name: PEERS[name](case, order, data) for name in peers}  # type: ignore[misc]
    if "JAX" in peers:
        candidates["jax target"] = lambda: jax_target(derivative, data)
    jit = float("nan")
    for name, make in candidates.items():
        before = time.perf_counter()
        call = agreeing(f"{case.name} {name}", make, wanted)
        if name == "JAX":
            jit = time.perf_counter() - before
        if call is not None:
            calls[name] = call
    if order == 2:
        structured = mc.compile(derivative, form="structured")
        if structured(**data).parts:
            calls["structured"] = lambda: structured(**data)
    times = rounds(calls, budget)
    ratios = {n: [t / h for t, h in zip(times[n], times["hand"], strict=True)] for n in calls if n != "hand"}
    quartiles = statistics.quantiles(ratios["matcalc"], n=4)
    return Result(
        case.name,
        "gradient" if order == 1 else "Hessian",
        size,
        statistics.median(times["hand"]),
        {name: statistics.median(r) for name, r in ratios.items()},
        (quartiles[2] - quartiles[0]) / 2,
        derived - started,
        compiled - derived,
        jit,
    )


def table(rows: Sequence[Result]) -> str:
    """Markdown, with geometric means at the end."""
    columns = [c for c in COLUMNS if any(c in r.ratios for r in rows)]
    heads = ["matcalc", "±", *columns[1:]]
    lines = [
        f"| function | derivative | n | by hand | {' | '.join(heads)} | derived | compiled |",
        f"|---|---|--:|--:|{'--:|' * len(heads)}--:|--:|",
    ]
    for r in rows:
        cells = [shown(r.ratios["matcalc"]), f"{r.spread:.2f}", *(shown(r.ratios.get(c)) for c in columns[1:])]
        lines.append(
            f"| {r.case} | {r.what} | {r.size} | {r.hand * 1e6:,.1f} µs | {' | '.join(cells)} "
            f"| {r.derivation * 1e3:.0f} ms | {r.compilation * 1e3:.0f} ms |"
        )
    for what in dict.fromkeys(r.what for r in rows):
        means = [mean(rows, what, c) for c in columns]
        cells = [shown(means[0]), "", *map(shown, means[1:])]
        lines.append(f"| **geometric mean** | {what} | | | {' | '.join(cells)} | | |")
    return "\n".join(lines)


def shown(ratio: float | None) -> str:
    return "" if ratio is None else f"{ratio:.2f}" if ratio < 10 else f"{ratio:.0f}"


def mean(rows: Iterable[Result], what: str, column: str) -> float | None:
    """The geometric mean over the rows that have the column."""
    found = [r.ratios[column] for r in rows if r.what == what and column in r.ratios]
    return statistics.geometric_mean(found) if found else None


def misses(rows: Sequence[Result]) -> str:
    """Where we lose, said by the program that measured it."""
    lines = []
    slow = [r for r in rows if r.ratios["matcalc"] > 1.1]
    for r in sorted(slow, key=lambda r: -r.ratios["matcalc"]):
        lines.append(f"- {r.case}, {r.what}, n = {r.size}: {r.ratios['matcalc']:.2f} of the hand-written code")
    for r in rows:
        best = min((r.ratios[p], p) for p in PEERS if p in r.ratios) if any(p in r.ratios for p in PEERS) else None
        if best is not None and best[0] < 0.95 * r.ratios["matcalc"]:
            also = [f"our {name} {r.ratios[name]:.2f}" for name in ("unchecked", "jax target") if name in r.ratios]
            lines.append(
                f"- {r.case}, {r.what}, n = {r.size}: {best[1]} takes {best[0]:.2f}, "
                f"we {r.ratios['matcalc']:.2f}, {', '.join(also)}"
            )
    return "\n".join(lines) or "None."


def machine() -> str:
    """Versions and processor, for the record."""
    names = ("numpy", "jax", "torch", "autograd", "sympy")
    versions = ", ".join(f"{n} {v}" for n in names if (v := installed(n)))
    return (
        f"{platform.machine()}, {os.cpu_count()} cores shared with other work, pinned to one; "
        f"Python {platform.python_version()}, {versions}{kernel()}."
    )


def kernel() -> str:
    """The kernels that NumPy's BLAS has chosen for the processor."""
    try:
        from threadpoolctl import threadpool_info
    except ImportError:
        return ""
    found = [
        f"{pool['internal_api']} for {pool['architecture']}" for pool in threadpool_info() if "architecture" in pool
    ]
    return f", {found[0]}" if found else ""


def installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def write(rows: Sequence[Result]) -> None:
    """Put table, misses and plot into the documentation."""
    page = DOCS / "benchmarks.md"
    before, _, rest = page.read_text(encoding="utf-8").partition(START)
    _, _, after = rest.partition(END)
    jit = statistics.median(r.jit for r in rows)
    parts = [
        START,
        f"Measured on {machine()} JAX takes {jit * 1e3:.0f} ms in the median to compile and run a derivative once.",
        table(rows),
        "## Where we lose",
        misses(rows),
        END,
    ]
    page.write_text(before + "\n\n".join(parts) + after, encoding="utf-8")
    means = [
        (r.case, r.what, {c: mean([x for x in rows if x.case == r.case], r.what, c) for c in COLUMNS}) for r in rows
    ]
    unique = list({(case, what): (case, what, ratios) for case, what, ratios in means}.values())
    (DOCS / "_static" / "benchmarks.svg").write_text(chart(unique, COLUMNS), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("cases", nargs="*", help="names of rows")
    parser.add_argument("--budget", type=float, default=0.2, help="seconds for each measurement")
    parser.add_argument("--peers", default=",".join(PEERS), help="libraries to compare with")
    parser.add_argument("--write", action="store_true", help="write table and plot into the documentation")
    options = parser.parse_args()
    peers = [name for name in PEERS if name in options.peers.split(",")]
    chosen = [c for c in CASES if not options.cases or c.name in options.cases]
    results = []
    for case in chosen:
        for order, sizes in ((1, case.sizes), (2, case.hessian_sizes)):
            results += [measure(case, order, n, options.budget, peers) for n in sizes]
    print(table(results), misses(results), sep="\n\n")
    if options.write:
        write(results)


if __name__ == "__main__":
    main()
