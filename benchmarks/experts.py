"""Everyday workloads beside the code that an expert writes for them in NumPy, SciPy and LAPACK, and beside jitted JAX.

    python benchmarks/experts.py              all workloads, in Markdown
    python benchmarks/experts.py gp_nll cox   some of them
    python benchmarks/experts.py --write      all of them into docs/benchmarks.md, in some minutes

The workloads are those of `workloads.py`. Outputs are compared with the expert's to 1e-7 before anything is timed. The figures are ratios of the
least processor times of alternating rounds; below 1 is faster than the expert.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Callable
from pathlib import Path
from typing import Any

import compare  # sets the number of threads before NumPy is loaded
import numpy as np
from workloads import W

import matcalc as mc

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"
START, END = "<!-- experts -->", "<!-- end of experts -->"
TASKS = {"vg": "value and gradients", "hess": "Hessian", "hvp": "Hessian times a direction"}
#: A ratio that is named below the table.
SLOW = 1.15


def function_of(workload: dict[str, Any]) -> Any:
    """What our compiler makes of a workload."""
    f = mc.parse(workload["text"], workload["where"])
    name = workload["wrt"][0]
    match workload["task"]:
        case "vg":
            outputs = [f, *(mc.gradient(f, x) for x in workload["wrt"])]
        case "hess":
            outputs = [mc.hessian(f, name)]
        case _:
            outputs = [mc.differential(mc.gradient(f, name), name)]
    return mc.compile(outputs, batch=workload["batch"])


def jitted(workload: dict[str, Any], data: dict[str, Any]) -> Callable[[], Any]:
    """The derivative in JAX of the function as an expert writes it there."""
    import jax

    names = [k for k in data if k != "dW"]
    where = tuple(names.index(x) for x in workload["wrt"])

    def f(*arrays: Any) -> Any:
        return workload["jf"](**dict(zip(names, arrays, strict=True)))

    derived: Callable[..., Any] = (
        jax.hessian(f, where[0]) if workload["task"] == "hess" else jax.value_and_grad(f, where)
    )
    if workload["task"] == "hvp":
        (k,) = where
        gradient = jax.grad(f, k)
        step = jax.numpy.asarray(data["dW"])

        def derived(*a: Any) -> Any:
            return jax.jvp(lambda z: gradient(*a[:k], z, *a[k + 1 :]), (a[k],), (step,))[1]

    if workload["batch"]:
        derived = jax.vmap(derived, tuple(0 if k in workload["batch"] else None for k in names))
    function = jax.jit(derived)
    arrays = [jax.numpy.asarray(data[k]) for k in names]
    return lambda: jax.block_until_ready(function(*arrays))


def measured(name: str, size: int, budget: float, with_jax: bool) -> dict[str, float]:
    """The expert's time, and ratios to it."""
    workload = W[name]
    data, function = workload["data"](size), function_of(workload)
    calls: dict[str, Callable[[], Any]] = {
        "expert": lambda: workload["expert"](**data),
        "matcalc": lambda: function(**data),
    }
    wanted = calls["expert"]()
    for found, expected in zip(
        calls["matcalc"](), wanted if isinstance(wanted, (tuple, list)) else [wanted], strict=True
    ):
        np.testing.assert_allclose(found, expected, rtol=1e-7, atol=1e-7 * np.max(np.abs(expected)), err_msg=name)
    if with_jax:
        calls["JAX"] = jitted(workload, data)
    least = {call: min(times) for call, times in compare.rounds(calls, budget).items()}
    return {"expert": least["expert"]} | {call: least[call] / least["expert"] for call in calls if call != "expert"}


def table(names: list[str], budget: float, with_jax: bool) -> list[str]:
    """The lines of the table, the geometric means, and what is slow."""
    others = ["matcalc", *(["JAX"] if with_jax else [])]
    lines = [f"| workload | task | n | expert | {' | '.join(others)} |", f"|---|---|--:|--:|{'--:|' * len(others)}"]
    ratios: dict[tuple[bool, bool, str], list[float]] = {}
    slow = []
    for name in names:
        for k, size in enumerate(W[name]["sizes"]):
            row = measured(name, size, budget, with_jax)
            shown = " | ".join(compare.shown(row[call]) for call in others)
            lines.append(f"| {name} | {TASKS[W[name]['task']]} | {size} | {row['expert'] * 1e6:,.0f} µs | {shown} |")
            print(lines[-1], flush=True)
            for call in others:
                ratios.setdefault((W[name]["task"] == "vg", bool(k), call), []).append(row[call])
            if row["matcalc"] > SLOW:
                slow.append(f"{name}, n = {size}: {compare.shown(row['matcalc'])}")
    for first, what in ((True, "value and gradients"), (False, "second derivatives")):
        for large, size in ((False, "small"), (True, "large")):
            if (first, large, "matcalc") in ratios:
                means = " | ".join(
                    compare.shown(statistics.geometric_mean(ratios[first, large, call])) for call in others
                )
                lines.append(f"| **geometric mean** | {what} | {size} | | {means} |")
    return [*lines, "", f"Above {SLOW} times the expert's time: {'; '.join(slow) or 'none'}."]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("names", nargs="*", help="names of workloads")
    parser.add_argument("--budget", type=float, default=0.3, help="seconds for each measurement")
    parser.add_argument("--no-jax", action="store_true", help="without JAX")
    parser.add_argument("--write", action="store_true", help="write the table into the documentation")
    options = parser.parse_args()
    lines = table(options.names or list(W), options.budget, not options.no_jax)
    print("\n".join(lines[-6:]))
    if options.write:
        before, _, rest = PAGE.read_text(encoding="utf-8").partition(START)
        _, _, after = rest.partition(END)
        PAGE.write_text(f"{before}{START}\n\n" + "\n".join(lines) + f"\n\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
