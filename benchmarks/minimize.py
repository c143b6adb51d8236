"""`mc.minimize` beside SciPy's own solvers on derivatives that were written by hand: the same optimum, and the time to it.

    python benchmarks/minimize.py           all problems, in Markdown
    python benchmarks/minimize.py --size 40 of another size

Each problem is solved once before anything is timed: the derivation and the code are there then, as the hand-written derivatives
are. Times are processor times, the least of several rounds in turn. ``ratio`` is that of `mc.minimize` to the best of SciPy's
methods that reached the optimum (relative error 1e-6): L-BFGS-B, SLSQP, and what SciPy has for that problem alone.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import lsq_linear, minimize, nnls
from scipy.special import expit

import matcalc as mc

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests.minimizing.problems import PROBLEMS, Problem

ROUNDS = 3
#: Clocks of processor time may be as coarse as a hundredth of a second.
SPAN = 0.3
TOLERANCE = 1e-6
Data = dict[str, Any]
Solver = Callable[[Data], float]


def _positive(count: int) -> list[tuple[float, None]]:
    return [(0.0, None)] * count


# --- by hand: the function with its gradient ----------------------------------------------------------


def least_squares(data: Data) -> Any:
    A, b = data["A"], data["b"]

    def both(x: Any) -> Any:
        r = A @ x - b
        return r @ r, 2 * (A.T @ r)

    return both


def logistic(data: Data) -> Any:
    X, y, k = data["X"], data["y"], data["k"]
    n = X.shape[1]

    def both(z: Any) -> Any:
        t = X @ (z[:n] - z[n:])
        g = X.T @ (expit(t) - y)
        return np.logaddexp(0, t).sum() - y @ t + k * z.sum(), np.concatenate([g + k, k - g])

    return both


def machine(data: Data) -> Any:
    Q = data["Q"]

    def both(x: Any) -> Any:
        q = Q @ x
        return x @ q / 2 - x.sum(), q - 1

    return both


def variance(data: Data) -> Any:
    S = data["S"]

    def both(w: Any) -> Any:
        q = S @ w
        return w @ q, 2 * q

    return both


def elastic(data: Data) -> Any:
    A, b, k, ridge = (data[name] for name in "Abkl")
    n = A.shape[1]

    def both(z: Any) -> Any:
        w = z[:n] - z[n:]
        r = A @ w - b
        g = A.T @ r + ridge * w
        return r @ r / 2 + k * z.sum() + ridge * (w @ w) / 2, np.concatenate([g + k, k - g])

    return both


def factorisation(data: Data) -> Any:
    X = data["X"]
    (m, n), k = X.shape, data["k"]

    def both(z: Any) -> Any:
        U, V = z[: m * k].reshape(m, k), z[m * k :].reshape(k, n)
        R = U @ V - X
        return np.sum(R * R), 2 * np.concatenate([(R @ V.T).ravel(), (U.T @ R).ravel()])

    return both


def covariance(data: Data) -> Any:
    C = data["C"]
    n = len(C)

    def both(z: Any) -> Any:
        S = z.reshape(n, n)
        S = (S + S.T) / 2
        try:
            root = np.linalg.cholesky(S)
        except np.linalg.LinAlgError:
            return np.inf, np.zeros(n * n)
        inverse = np.linalg.inv(S)
        return 2 * np.log(np.diag(root)).sum() + np.sum(inverse * C), (inverse - inverse @ C @ inverse).ravel()

    return both


# --- SciPy on these ------------------------------------------------------------------------------------

TIGHT = {"L-BFGS-B": {"maxiter": 20000, "maxfun": 50000, "ftol": 1e-14, "gtol": 1e-9, "maxcor": 20}}
TIGHT |= {"SLSQP": {"maxiter": 1000, "ftol": 1e-13}}


def method(name: str, hand: Any, start: Any, bounds: Any = None, constraints: Any = ()) -> Solver:
    def run(data: Data) -> float:
        limits = bounds(data) if bounds else None
        more = constraints(data) if constraints else ()
        options = TIGHT[name]
        return float(
            minimize(
                hand(data), start(data), jac=True, bounds=limits, constraints=more, method=name, options=options
            ).fun
        )

    return run


def balance(data: Data) -> Any:
    y = data["y"]
    return [{"type": "eq", "fun": lambda x: x @ y, "jac": lambda x: y}]


def budget(data: Data) -> Any:
    one, m, r = np.ones(len(data["m"])), data["m"], data["r"]
    return [
        {"type": "eq", "fun": lambda w: w.sum() - 1, "jac": lambda w: one},
        {"type": "ineq", "fun": lambda w: m @ w - r, "jac": lambda w: m},
    ]


def trace(data: Data) -> Any:
    eye = np.eye(len(data["C"])).ravel()
    return [{"type": "eq", "fun": lambda z: z @ eye - data["c"], "jac": lambda z: eye}]


def _start_of_factors(data: Data) -> Any:
    (m, n), k = data["X"].shape, data["k"]
    return np.random.default_rng(0).uniform(0.2, 1.0, m * k + k * n)


def _with_trace(data: Data) -> Any:
    n = len(data["C"])
    return (np.eye(n) * data["c"] / n).ravel()


SOLVERS: dict[str, dict[str, Solver]] = {
    "non-negative least squares": {
        "nnls": lambda data: float(nnls(data["A"], data["b"])[1] ** 2),
        "lsq_linear": lambda data: 2 * float(lsq_linear(data["A"], data["b"], (0, np.inf), tol=1e-12).cost),
        "L-BFGS-B": method(
            "L-BFGS-B", least_squares, lambda d: np.zeros(d["A"].shape[1]), lambda d: _positive(d["A"].shape[1])
        ),
    },
    "L1 logistic regression": {
        "L-BFGS-B": method(
            "L-BFGS-B", logistic, lambda d: np.zeros(2 * d["X"].shape[1]), lambda d: _positive(2 * d["X"].shape[1])
        ),
    },
    "dual of a support vector machine": {
        "SLSQP": method("SLSQP", machine, lambda d: np.zeros(len(d["y"])), lambda d: [(0, 1)] * len(d["y"]), balance),
    },
    "portfolio": {
        "SLSQP": method(
            "SLSQP", variance, lambda d: np.ones(len(d["m"])) / len(d["m"]), lambda d: _positive(len(d["m"])), budget
        ),
    },
    "elastic net": {
        "L-BFGS-B": method(
            "L-BFGS-B", elastic, lambda d: np.zeros(2 * d["A"].shape[1]), lambda d: _positive(2 * d["A"].shape[1])
        ),
    },
    "non-negative factorisation": {
        "L-BFGS-B": method(
            "L-BFGS-B", factorisation, _start_of_factors, lambda d: _positive(len(_start_of_factors(d)))
        ),
    },
    "covariance with a given trace": {
        "SLSQP": method("SLSQP", covariance, _with_trace, None, trace),
    },
}


# --- measured ------------------------------------------------------------------------------------------


def own(problem: Problem) -> Solver:
    def run(data: Data) -> float:
        options = {"subject_to": problem.subject_to, "bounds": problem.bounds, "where": problem.where}
        return float(mc.minimize(problem.f, problem.wrt, data, **options).fun)

    return run


def timed(run: Solver, data: Data) -> tuple[float, float]:
    """The processor time of one call, over as many calls as the clock needs, and the value."""
    start, count, value = time.process_time(), 0, 0.0
    while (spent := time.process_time() - start) < SPAN:
        value = run(data)
        count += 1
    return spent / count, value


def row(problem: Problem, size: int) -> str:
    data = problem.data(size)
    known = problem.known(
        data,
        mc.minimize(
            problem.f, problem.wrt, data, subject_to=problem.subject_to, bounds=problem.bounds, where=problem.where
        ).x,
    )
    solvers = {"matcalc": own(problem), **SOLVERS[problem.name]}
    times: dict[str, float] = {}
    errors: dict[str, float] = {}
    for _ in range(ROUNDS):
        for name, run in solvers.items():
            spent, value = timed(run, data)
            times[name] = min(times.get(name, np.inf), spent)
            errors[name] = abs(value - known) / max(1.0, abs(known))
    mine = times.pop("matcalc")
    fine = {name: t for name, t in times.items() if errors[name] <= TOLERANCE}
    others = ", ".join(
        f"{n} {t * 1e3:.2f}" + ("" if n in fine else f" (error {errors[n]:.0e})") for n, t in times.items()
    )
    ratio = f"{mine / min(fine.values()):.2f}" if fine else "—"
    return f"| {problem.name} | {size} | {errors['matcalc']:.0e} | {mine * 1e3:.2f} | {others} | {ratio} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--size", type=int, nargs="*", default=[10, 30])
    sizes = parser.parse_args().size
    print("| problem | size | error | matcalc, ms | SciPy, ms | ratio |\n|---|---|---|---|---|---|")
    for problem in PROBLEMS:
        for size in sizes:
            print(row(problem, size), flush=True)


if __name__ == "__main__":
    main()
