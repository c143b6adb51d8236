"""``python -m tests.fuzz.families --n 1000 [--seed S]``: random sums over indices, by loops over what their texts mean.

A case is drawn as a text and, beside it, as a function of the arrays that takes one value of the indices after the other. Compared
are the value and, by differences of that function, the gradient by one of the arrays.
"""

from __future__ import annotations

import argparse
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
    """A text with its value for the arrays a, b (n), W (n, n) and X, Z (n, d)."""

    text: str
    value: Value


class Drawing:
    """Draws numbers that depend on some indices."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.letters = list("lkji")

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
        return self.random.choice(
            [
                Sum(f"a_{i}", lambda a, p: a["a"][p[i] - 1]),
                Sum(f"b_{i}", lambda a, p: a["b"][p[i] - 1]),
                Sum(f"W_{{{i}{j}}}", lambda a, p: a["W"][p[i] - 1, p[j] - 1]),
                Sum(rf"x_{i}^\top z_{j}", lambda a, p: a["X"][p[i] - 1] @ a["Z"][p[j] - 1]),
                Sum(rf"\|x_{i} - z_{j}\|^2", lambda a, p: ((a["X"][p[i] - 1] - a["Z"][p[j] - 1]) ** 2).sum()),
                Sum(rf"\frac{{a_{i}}}{{{j}}}", lambda a, p: a["a"][p[i] - 1] / p[j]),
            ]
        )

    def over_index(self, free: list[str], depth: int) -> Sum:
        new = self.letters.pop()
        body = self.number([*free, new], depth - 1)
        sign, holds = rf"\sum_{{{new}=1}}^n", lambda i, p: True
        if free and self.random.random() < 0.6:
            outer = self.random.choice(free)
            shown, relation = self.random.choice(RELATIONS)
            sign, holds = shown.format(new, outer), lambda i, p: relation(i, p[outer])
        reduce = np.prod if sign.startswith(r"\prod") else np.sum

        def value(a: Arrays, p: Places) -> Any:
            return reduce([body.value(a, {**p, new: i}) for i in range(1, N + 1) if holds(i, p)])

        held = Sum(f"({sign} ({body.text}))", value)
        return held if new in body.text else self._with_member(body, sign, new, reduce, holds)

    def _with_member(self, body: Sum, sign: str, new: str, reduce: Any, holds: Any) -> Sum:
        """The index has to occur in its sum."""

        def value(a: Arrays, p: Places) -> Any:
            terms = [body.value(a, {**p, new: i}) * a["b"][i - 1] for i in range(1, N + 1) if holds(i, p)]
            return reduce(terms)

        return Sum(f"({sign} b_{new} \\cdot ({body.text}))", value)


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
    shapes = {"a": (N,), "b": (N,), "W": (N, N), "X": (N, D), "Z": (N, D)}
    arrays = {name: rng.uniform(0.3, 1.2, shape) * rng.choice([-1, 1], shape) for name, shape in shapes.items()}
    try:
        f = mc.parse(f"{case.text} where a: vector(n), b: vector(n), W: matrix(n, n), X: matrix(n, d), Z: matrix(n, d)")
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
