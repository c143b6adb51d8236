"""``python -m tests.fuzz.families --n 1000 [--seed S]``: random sums over indices, by loops over what their texts mean.

A case is drawn as a text and, beside it, as a function of the arrays that takes one value of the indices after the other. Compared
are the value and, by differences of that function, the gradient by one of the arrays.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np

import matcalc as mc
from matcalc.errors import MatcalcError

__all__ = ["Sum", "compared", "drawn"]

N, D = 4, 2
Places = dict[str, int]
Arrays = dict[str, Any]
Value = Callable[[Arrays, Places], Any]
#: The first and the last value of an index, as they are written and as numbers, and the offsets that members may have.
RANGES: tuple[tuple[str, int, int, tuple[int, ...]], ...] = (
    (r"\sum_{{{0}=1}}^n", 1, N, (0,)),
    (r"\sum_{{{0}=2}}^n", 2, N, (0, -1)),
    (r"\sum_{{{0}=1}}^{{n-1}}", 1, N - 1, (0, 1)),
    (r"\sum_{{{0}=2}}^{{n-1}}", 2, N - 1, (0, 1, -1)),
    (r"\prod_{{{0}=1}}^n", 1, N, (0,)),
    (r"\sum_{{{0}: b_{0} > 0}}", 1, N, (0,)),
    (r"\max_{0}", 1, N, (0,)),
    (r"\min_{0}", 1, N, (0,)),
)
REDUCTIONS = {"sum": np.sum, "pro": np.prod, "max": np.max, "min": np.min}
#: A relation to an outer index as the limit says it, and whether it holds for (new, outer).
RELATIONS: tuple[tuple[str, Callable[[int, int], bool]], ...] = (
    (r"\sum_{{{0} < {1}}}", int.__lt__),
    (r"\sum_{{{0} \ne {1}}}", int.__ne__),
    (r"\sum_{{{0}={1}+1}}^n", int.__gt__),
    (r"\sum_{{{0}={1}}}^n", int.__ge__),
    (r"\sum_{{{0}=1}}^{{{1}-1}}", int.__lt__),
    (r"\sum_{{{0}=1}}^{{{1}}}", int.__le__),
    (r"\prod_{{{0} \ne {1}}}", int.__ne__),
)  # fmt: skip


@dataclass(frozen=True)
class Sum:
    """A text with its value for the arrays a, b (n), W (n, n), X, Z (n, d) and M (n, d, d)."""

    text: str
    value: Value


class Drawing:
    """Draws numbers that depend on some indices."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.letters = list("lkji")
        #: index -> the offsets that its members may have, and whether relations to it are drawn
        self.offsets: dict[str, tuple[int, ...]] = {}
        self.related: set[str] = set()

    def number(self, free: list[str], depth: int) -> Sum:
        if not free or (depth > 1 and self.letters and self.random.random() < 0.35):
            return self.over_index(free, depth)
        if depth <= 0:
            return self.leaf(free)
        one, two = self.number(free, depth - 1), self.number(free, depth - 1)
        return self.random.choice(
            [
                lambda: Sum(f"({one.text} + {two.text})", lambda a, p: one.value(a, p) + two.value(a, p)),
                lambda: Sum(f"({one.text} - 2 {two.text})", lambda a, p: one.value(a, p) - 2 * two.value(a, p)),
                lambda: Sum(f"({one.text}) \\cdot ({two.text})", lambda a, p: one.value(a, p) * two.value(a, p)),
                lambda: Sum(rf"\tanh({one.text})", lambda a, p: np.tanh(one.value(a, p))),
                lambda: Sum(rf"\exp(\tanh({one.text}))", lambda a, p: np.exp(np.tanh(one.value(a, p)))),
                lambda: Sum(rf"\log(2 + ({one.text})^2)", lambda a, p: np.log(2 + one.value(a, p) ** 2)),
                lambda: one,
            ]
        )()

    def leaf(self, free: list[str]) -> Sum:
        i, j = self.random.choice(free), self.random.choice(free)
        p_, q_ = self.random.choice(self.offsets[i]), self.random.choice(self.offsets[j])
        one, two = _shifted(i, p_), _shifted(j, q_)

        def at(p: Places) -> int:
            return p[i] - 1 + p_

        def also(p: Places) -> int:
            return p[j] - 1 + q_

        end, place = self.random.choice([("1", 0), ("n", N - 1), ("2", 1)])
        return self.random.choice(
            [
                Sum(f"a_{{{one}}}", lambda a, p: a["a"][at(p)]),
                Sum(f"b_{{{one}}}", lambda a, p: a["b"][at(p)]),
                Sum(f"W_{{{i}{j}}}", lambda a, p: a["W"][p[i] - 1, p[j] - 1]),
                Sum(f"W_{{{one},{two}}}", lambda a, p: a["W"][at(p), also(p)]),
                Sum(rf"x_{{{one}}}^\top z_{{{two}}}", lambda a, p: a["X"][at(p)] @ a["Z"][also(p)]),
                Sum(rf"\|x_{{{one}}} - z_{{{two}}}\|^2", lambda a, p: ((a["X"][at(p)] - a["Z"][also(p)]) ** 2).sum()),
                Sum(rf"\frac{{a_{{{one}}}}}{{{j}}}", lambda a, p: a["a"][at(p)] / p[j]),
                Sum(rf"a_{{{one}}} a_{end}", lambda a, p: a["a"][at(p)] * a["a"][place]),
                Sum(rf"x_{{{one}}}^\top x_{end}", lambda a, p: a["X"][at(p)] @ a["X"][place]),
                Sum(
                    rf"x_{{{one}}}^\top M_{{{two}}} z_{j}",
                    lambda a, p: a["X"][at(p)] @ a["M"][also(p)] @ a["Z"][p[j] - 1],
                ),
                Sum(rf"\|M_{{{one}}} x_{{{two}}}\|^2", lambda a, p: ((a["M"][at(p)] @ a["X"][also(p)]) ** 2).sum()),
                Sum(
                    rf"\operatorname{{tr}}(M_{{{one}}} M_{j})", lambda a, p: np.trace(a["M"][at(p)] @ a["M"][p[j] - 1])
                ),
                Sum(
                    rf"\log\det(2 I + M_{{{one}}}^\top M_{{{one}}})",
                    lambda a, p: np.linalg.slogdet(2 * np.eye(D) + a["M"][at(p)].T @ a["M"][at(p)])[1],
                ),
                Sum(rf"(W a)_{i} b_{{{two}}}", lambda a, p: (a["W"] @ a["a"])[p[i] - 1] * a["b"][also(p)]),
            ]
        )

    def over_index(self, free: list[str], depth: int) -> Sum:
        new = self.letters.pop()
        outer = self.random.choice([i for i in free if i in self.related] or [""])
        if outer and self.random.random() < 0.6:
            shown, relation = self.random.choice(RELATIONS)
            sign, offsets = shown.format(new, outer), (0,)

            def holds(a: Arrays, i: int, p: Places) -> bool:
                return relation(i, p[outer])

        else:
            shown, first, last, offsets = self.random.choice(RANGES)
            sign, conditional = shown.format(new), ":" in shown

            def holds(a: Arrays, i: int, p: Places) -> bool:
                return first <= i <= last and not (conditional and a["b"][i - 1] <= 0)

            if "{n" not in sign and sign[1:4] in ("sum", "pro"):
                self.related.add(new)
        self.offsets[new] = offsets
        body = self.number([*free, new], depth - 1)
        self.related.discard(new)
        reduce = REDUCTIONS[sign[1:4]]
        counted = sign[1:4] in ("max", "min") or ":" in sign
        if counted or not re.search(rf"(?<![a-z]){new}(?![a-z])", body.text):
            return self._with_member(body, sign, new, reduce, holds)

        def value(a: Arrays, p: Places) -> Any:
            return reduce([body.value(a, {**p, new: i}) for i in range(1, N + 1) if holds(a, i, p)])

        return Sum(f"({sign} ({body.text}))", value)

    def _with_member(self, body: Sum, sign: str, new: str, reduce: Any, holds: Any) -> Sum:
        """The index has to occur in its sum."""

        def value(a: Arrays, p: Places) -> Any:
            terms = [body.value(a, {**p, new: i}) * a["b"][i - 1] for i in range(1, N + 1) if holds(a, i, p)]
            return reduce(terms)

        return Sum(f"({sign} b_{new} \\cdot ({body.text}))", value)


def _shifted(letter: str, offset: int) -> str:
    """i+1"""
    return f"{letter}{offset:+d}" if offset else letter


def drawn(seed: str) -> Sum:
    """A closed sum; it depends on the seed only."""
    random = Random(seed)
    drawing = Drawing(random)
    one = drawing.over_index([], random.choice((2, 3, 4)))
    if random.random() < 0.3 and len(drawing.letters) > 1:
        two = drawing.over_index([], 2)
        return Sum(f"{one.text} + {two.text}", lambda a, p: one.value(a, p) + two.value(a, p))
    return one


def compared(case: Sum, seed: int) -> str:
    """What is wrong with the value or the gradient by one array; nothing where all is right."""
    rng = np.random.default_rng(seed)
    shapes = {"a": (N,), "b": (N,), "W": (N, N), "X": (N, D), "Z": (N, D), "M": (N, D, D)}
    arrays = {name: rng.uniform(0.3, 1.2, shape) * rng.choice([-1, 1], shape) for name, shape in shapes.items()}
    try:
        where = "a: vector(n), b: vector(n), W: matrix(n, n), X: matrix(n, d), Z: matrix(n, d), M: array(n, d, d)"
        f = mc.parse(f"{case.text} where {where}")
        by = [name for name in shapes if name in f.declarations and (name.casefold() + "_") in case.text.casefold()][
            seed % 2 :
        ][:1]
        function = mc.compile([f, *(mc.gradient(f, name) for name in by)], target="numpy")
    except MatcalcError as error:
        return f"refused: {str(error)[:300]}"
    sizes = {"n": N, "d": D}
    found = function(**{n: x for n, x in {**arrays, **sizes}.items() if n in function.parameters})
    wanted = case.value(arrays, {})
    if not np.isclose(found[0], wanted, rtol=1e-8, atol=1e-10):
        return f"value {float(found[0])} is not {float(wanted)}"
    for name, gradient in zip(by, found[1:], strict=True):
        slope = differences(case, arrays, name)
        if not np.allclose(gradient, slope, rtol=1e-5, atol=1e-5 * (1 + abs(slope).max())):
            return f"gradient by {name}: {np.asarray(gradient).tolist()} is not {slope.tolist()}"
    return ""


def differences(case: Sum, arrays: Arrays, name: str) -> Any:
    """Central differences of the loops."""
    slope = np.zeros_like(arrays[name])
    for place in np.ndindex(slope.shape):
        step = np.zeros_like(slope)
        step[place] = 1e-5
        up, down = (case.value({**arrays, name: arrays[name] + s}, {}) for s in (step, -step))
        slope[place] = (up - down) / 2e-5
    return slope


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.families", description=__doc__)
    parser.add_argument("--n", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    wrong = refused = 0
    for i in range(options.n):
        case = drawn(f"{options.seed}/{i}")
        fault = compared(case, i)
        refused += fault.startswith("refused")
        wrong += bool(fault) and not fault.startswith("refused")
        if fault:
            print(f"[{options.seed}/{i}] {case.text}\n  {fault}", flush=True)
    print(f"{options.n} sums: {wrong} wrong, {refused} refused")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
