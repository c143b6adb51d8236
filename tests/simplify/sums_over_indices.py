"""Random sums over indices, up to four in each other, and their derivatives; ``python -m tests.simplify.sums_over_indices N`` tries N."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from matcalc.calculus.adjoint import adjoint
from matcalc.calculus.differential import differential
from matcalc.checking.values.evaluate import evaluate
from matcalc.errors import DomainError
from matcalc.expr import (
    Dim,
    Index,
    Node,
    add,
    apply,
    at,
    call,
    hadamard,
    inverse,
    mask,
    matmul,
    member_of,
    number,
    perturbation,
    power,
    rebuild,
    reindex,
    scale,
    scaled,
    selector,
    total,
    variable,
    variables,
)
from matcalc.printing import text
from matcalc.simplify import simplify
from matcalc.simplify.proof.prover import prove_zero

n, d = Dim.of("n"), Dim.of("d")
X, Y = variable("X", (n, d)), variable("Y", (n, d))
W, V = variable("W", (n, n)), variable("V", (n, n), ("symmetric",))
A = variable("A", (d, d))
S = variable("S", (d, d), ("spd",))
w, mu = variable("w", (d, 1)), variable("mu", (d, 1))
y, p = variable("y", (n, 1)), variable("p", (n, 1), ("positive",))
FAMILY = (X, Y, W, V, A, S, w, mu, y, p)
SIZES = {"n": 3, "d": 2}
SHIFT = selector(1, n - 1, n), selector(0, n - 1, n)


def entry(matrix: Node, row: Index, column: Index) -> Node:
    return matmul(at(row).T, matrix, at(column))


class Nest:
    """Draws terms that depend on the indices in scope."""

    def __init__(self, seed: int, letters: str) -> None:
        self.draw = random.Random(seed)
        self.letters = list(letters)

    def index(self, scope: tuple[Index, ...]) -> Index:
        return self.draw.choice(scope)

    def vector(self, scope: tuple[Index, ...], depth: int) -> Node:
        """A column of length d."""
        kinds: list[Callable[[], Node]] = [
            lambda: member_of(self.draw.choice([X, Y]), self.index(scope)),
            lambda: member_of(X, self.index(scope)) - member_of(X, self.index(scope)),
            lambda: member_of(X, self.index(scope)) - mu,
            lambda: A @ member_of(X, self.index(scope)),
            lambda: self.draw.choice([w, mu]),
        ]
        if depth > 0:
            kinds += [
                lambda: scale(self.scalar(scope, depth - 1), self.vector(scope, depth - 1)),
                lambda: hadamard(self.vector(scope, depth - 1), self.vector(scope, depth - 1)),
                lambda: apply("tanh", self.vector(scope, depth - 1)),
                lambda: call("softmax", self.vector(scope, depth - 1), shape=w.shape),
                lambda: self.summed(scope, depth, self.vector),
                lambda: inverse(S) @ self.vector(scope, depth - 1),
            ]
        return self.draw.choice(kinds)()

    def scalar(self, scope: tuple[Index, ...], depth: int) -> Node:
        kinds: list[Callable[[], Node]] = [
            lambda: member_of(self.draw.choice([y, p]), self.index(scope)),
            lambda: entry(self.draw.choice([W, V]), self.index(scope), self.index(scope)),
            lambda: matmul(at(self.index(scope)).T, at(self.index(scope))),
            lambda: entry(
                mask(self.draw.choice(["strictly_upper", "lower", "off_diagonal"]), n, n),
                self.index(scope),
                self.index(scope),
            ),
            lambda: number(self.draw.choice([1, 2, -1])),
            lambda: w.T @ member_of(X, self.index(scope)),
            lambda: self.apart(self.index(scope), self.index(scope)),
        ]
        if depth > 0:
            kinds += [
                lambda: self.vector(scope, depth - 1).T @ self.vector(scope, depth - 1),
                lambda: self.vector(scope, depth - 1).T @ A @ self.vector(scope, depth - 1),
                lambda: hadamard(self.scalar(scope, depth - 1), self.scalar(scope, depth - 1)),
                lambda: self.scalar(scope, depth - 1) + self.scalar(scope, depth - 1),
                lambda: self.scalar(scope, depth - 1) - self.scalar(scope, depth - 1),
                lambda: power(self.scalar(scope, depth - 1), 2),
                lambda: apply(self.draw.choice(["tanh", "sigmoid", "sin", "softplus"]), self.scalar(scope, depth - 1)),
                lambda: apply("exp", apply("tanh", self.scalar(scope, depth - 1))),
                lambda: apply("log", number(1) + power(self.scalar(scope, depth - 1), 2)),
                lambda: power(number(1) + power(self.scalar(scope, depth - 1), 2), -1),
                lambda: call("logsumexp", self.vector(scope, depth - 1), shape=number(1).shape),
                lambda: self.summed(scope, depth, self.scalar),
                lambda: self.summed(scope, depth, self.scalar),
                lambda: self.log_total(scope, depth),
            ]
        return self.draw.choice(kinds)()

    def apart(self, i: Index, j: Index) -> Node:
        """Of two indices that differ, what has no value where they are equal."""
        if i == j:
            return number(1)
        relation = self.draw.choice(["strictly_upper", "strictly_lower", "off_diagonal"])
        gap, difference = member_of(X, i) - member_of(X, j), member_of(y, i) - member_of(y, j)
        there = [power(gap.T @ gap, Fraction(-1, 2)), apply("log", gap.T @ gap), power(difference, -1)]
        return hadamard(entry(mask(relation, n, n), i, j), self.draw.choice(there))

    def summed(self, scope: tuple[Index, ...], depth: int, kind: Callable[[tuple[Index, ...], int], Node]) -> Node:
        count = self.draw.choice([1, 1, 2])
        if len(self.letters) < count:
            return kind(scope, depth - 1)
        new = tuple(Index(self.letters.pop(0), n) for _ in range(count))
        return total(new, kind((*scope, *new), depth - 1))

    def log_total(self, scope: tuple[Index, ...], depth: int) -> Node:
        if not self.letters:
            return self.scalar(scope, depth - 1)
        new = Index(self.letters.pop(0), n)
        return apply("log", total([new], apply("exp", apply("tanh", self.scalar((*scope, new), depth - 1)))))


def nest(seed: int, letters: str = "ijklmabc") -> Node:
    """A number: a sum over one or two indices of what depends on them."""
    drawn = Nest(seed, letters)
    return drawn.summed((), 4, drawn.scalar)


#: What stands in the place of a variable of the same shape.
OTHERS = {"X": Y, "Y": X, "W": W.T, "y": p, "p": y, "w": mu, "mu": w}
RELATIONS = ("strictly_upper", "strictly_lower", "lower", "upper", "off_diagonal")


def changed(node: Node, draw: random.Random, scope: tuple[Index, ...] = ()) -> Node | None:
    """The expression with one leaf, drawn at random, exchanged: another index, relation or variable; None where there is none."""
    if node.op == "total":
        here = tuple(Index(f"{len(scope) + k}", index.size) for k, index in enumerate(node.data))
        inside = changed(reindex(node.args[0], dict(zip(node.data, here, strict=True))), draw, (*scope, *here))
        return None if inside is None else total(here, inside)
    match node.op:
        case "at":
            others = [index for index in scope if index != node.data[0] and index.size == node.data[0].size]
            return at(draw.choice(others)) if others else None
        case "mask":
            return mask(draw.choice([r for r in RELATIONS if r != node.data[0]]), *node.shape)
        case "variable":
            return OTHERS.get(node.data[0])
    place = draw.randrange(len(node.args)) if node.args else 0
    new = changed(node.args[place], draw, scope) if node.args else None
    if new is None:
        return None
    try:
        return rebuild(node, (*node.args[:place], new, *node.args[place + 1 :]))
    except DomainError:
        return None


def wrongly_proved(seed: int) -> list[str]:
    """What is proved to be equal to this nest and has other values."""
    f, draw, values = nest(seed), random.Random(seed), point(seed)
    forms = [g for _ in range(3) if (g := changed(f, draw)) is not None and not agree(f, g, values)]
    return [text(g) for g in forms if prove_zero(add(f, scaled(-1, g))) is not None]


def point(seed: int) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    found = {v.data[0]: rng.normal(size=tuple(dim.evaluate(SIZES) for dim in v.shape)) for v in FAMILY}
    found["V"] = found["V"] + found["V"].T
    found["S"] = found["S"] @ found["S"].T + np.eye(2)
    found["p"] = np.abs(found["p"]) + 0.1
    return found


def gradient(f: Node, v: Node) -> Node:
    dv = perturbation(v)
    return adjoint(differential(f, {v: dv}), dv)


def agree(one: Node, other: Node, values: Mapping[str, Any]) -> bool:
    with np.errstate(all="ignore"):
        a, b = evaluate(one, values, SIZES), evaluate(other, values, SIZES)
    return bool(np.allclose(a, b, rtol=1e-7, atol=1e-7, equal_nan=True))


def differs(seed: int) -> list[str]:
    """What of this nest is simplified to something else."""
    f, twin, values = nest(seed), nest(seed, "qrstuvwz"), point(seed)
    found = [] if f is twin and simplify(f) is simplify(twin) else ["twin"]
    found += [] if agree(f, simplify(f), values) else ["f"]
    for v in variables(f):
        g = gradient(f, v)
        found += [] if agree(g, simplify(g), values) else [v.data[0]]
        found += [] if is_slope(f, v, g, values) else [f"gradient by {v.data[0]}"]
    return found


def is_slope(f: Node, v: Node, g: Node, values: Mapping[str, Any]) -> bool:
    """Whether the gradient gives the slope along one direction of the variable's structure."""
    name, step = v.data[0], np.random.default_rng(1).normal(size=values[v.data[0]].shape)
    step = step + step.T if name in ("V", "S") else step
    ends = [evaluate(f, {**values, name: values[name] + h * step}, SIZES).item() for h in (1e-5, -1e-5)]
    slope, size = (evaluate(g, values, SIZES) * step).sum(), max(map(abs, ends))
    return bool(np.isclose(slope, (ends[0] - ends[1]) / 2e-5, rtol=1e-4, atol=1e-6 + 1e-9 * size))


if __name__ == "__main__":
    import time

    first, count = int(sys.argv[2]) if len(sys.argv) > 2 else 0, int(sys.argv[1])
    slowest = (0.0, 0)
    for seed in range(first, first + count):
        start = time.time()
        try:
            wrong: object = differs(seed) or wrongly_proved(seed)
        except Exception as error:
            wrong = repr(error)[:300]
        slowest = max(slowest, (time.time() - start, seed))
        if wrong:
            print(seed, wrong, flush=True)
    print("slowest", slowest)
