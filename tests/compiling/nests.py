"""Sums over indices as data scientists write them, and random nests of sums, products, functions and stacks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

import numpy as np

from matcalc.calculus.adjoint import adjoint
from matcalc.calculus.differential import differential
from matcalc.checking.values.evaluate import evaluate
from matcalc.compiling.compiler import compile_outputs
from matcalc.expr import (
    ONE,
    Dim,
    Index,
    Node,
    apply,
    at,
    call,
    det,
    hadamard,
    in_order,
    inverse,
    logdet,
    mask,
    matmul,
    member_of,
    number,
    ones,
    perturbation,
    power,
    scale,
    total,
    trace,
    unit,
    variable,
    variables,
)
from matcalc.objects.expressions import Expr

Arrays = Mapping[str, Any]

n, d, m, K = (Dim.of(name) for name in ("n", "d", "m", "K"))
SIZES = {"n": 3, "d": 2, "m": 4, "K": 3}
HALF = Fraction(1, 2)
i, j, k = (Index(name, n) for name in "ijk")
c, o = Index("c", K), Index("o", m)
X, U = variable("X", ("n", "d")), variable("U", ("n", "d"))
V, M = variable("V", ("m", "d")), variable("M", ("K", "d"))
W, R, B = variable("W", ("n", "n")), variable("R", ("n", "m")), variable("B", ("n", "m"))
S = variable("S", ("d", "d"), ("spd",))
w, mu = variable("w", ("d", 1)), variable("mu", ("d", 1))
y, s = variable("y", ("n", 1)), variable("s", ("n", 1))
p = variable("p", ("K", 1), ("positive",))


def entry(a: Node, row: Index, column: Index) -> Node:
    return matmul(at(row).T, a, at(column))


def stack(index: Index, body: Node) -> Node:
    """The column of all values of a number."""
    return total([index], scale(body, at(index)))


def reduced(name: str, index: Index, body: Node) -> Node:
    return call(name, stack(index, body), shape=(ONE, ONE))


def square(x: Node) -> Node:
    return x.T @ x


def _distance(a: Node, b: Node) -> Node:
    return (a - b).T @ inverse(S) @ (a - b)


x, u, v, mean = (lambda index, rows=rows: member_of(rows, index) for rows in (X, U, V, M))

# fmt: off
#: What it is called -> the function.
EXAMPLES: dict[str, Node] = {
    "least squares": total([i], power(member_of(y, i) - w.T @ x(i), 2)),
    "logistic loss": total([i], apply("log", number(1) + apply("exp", -hadamard(member_of(y, i), w.T @ x(i))))),
    "Mahalanobis":   total([i], _distance(x(i), mu)),
    "mixture":       total([i], reduced("logsumexp", c, apply("log", member_of(p, c)) - HALF * _distance(x(i), mean(c)))),
    "densities":     total([i], apply("log", total([c], hadamard(member_of(p, c), apply("exp", -HALF * _distance(x(i), mean(c))))))),
    "Laplacian":     total([i, j], hadamard(entry(W, i, j), square(x(i) - x(j)))),
    "neighbours":    total([i], apply("log", total([j], apply("exp", x(i).T @ x(j))))),
    "kernel":        total([i, j], hadamard(entry(W, i, j), apply("exp", -HALF * square(x(i) - x(j))))),
    "t-SNE":         total([i, j], hadamard(entry(W, i, j), apply("log", number(1) + square(x(i) - x(j))))) + apply("log", total([i, j], power(number(1) + square(x(i) - x(j)), -1))),
    "distances":     total([i, j], hadamard(entry(W, i, j), power(square(x(i) - x(j)), HALF), entry(mask("off_diagonal", n, n), i, j))),
    "factorisation": total([i, o], hadamard(entry(B, i, o), power(entry(R, i, o) - u(i).T @ v(o), 2))),
    "Bradley–Terry": total([i, j], hadamard(entry(W, i, j), apply("log", apply("sigmoid", member_of(s, i) - member_of(s, j))))),
    "triples":       total([i, j, k], apply("tanh", entry(W, i, j) + entry(W, j, k) + entry(W, k, i))),
    "hinge":         total([i], reduced("max", c, x(i).T @ mean(c)) - member_of(y, i)),
    "attention":     total([i], square(total([j], scale(member_of(call("softmax", stack(k, x(i).T @ u(k)), shape=(n, ONE)), j), x(j))))),
    "determinants":  total([i], logdet(S + x(i) @ x(i).T) - w.T @ inverse(S + x(i) @ x(i).T) @ x(i)),
    "pairs":         total([i, j], hadamard(entry(mask("strictly_upper", n, n), i, j), apply("exp", x(i).T @ x(j)))),
    "products":      total([i], reduced("prod", j, number(2) + apply("tanh", entry(W, i, j)))),
}
# fmt: on


def gradients(f: Node) -> list[Node]:
    """The gradient by each variable."""
    found = []
    for of in variables(f):
        step = perturbation(of)
        found.append(adjoint(differential(f, {of: step}), step))
    return found


def arrays(f: Node, seed: int) -> Arrays:
    rng = np.random.default_rng(seed)
    return {of.data[0]: _array(rng, of) for of in variables(f)}


def _array(rng: np.random.Generator, of: Node) -> Any:
    values = rng.normal(size=tuple(size.evaluate(SIZES) for size in of.shape))
    values = np.exp(values) if "positive" in of.data[-1] else values
    return values @ values.T + np.eye(len(values)) if "spd" in of.data[-1] else values


def assert_computes(outputs: Sequence[Node], values: Arrays, target: str = "numpy") -> None:
    """The compiled function gives what the interpreter gives, at every place of its free indices."""
    function = compile_outputs([Expr(node) for node in outputs], target=target, single=False)
    given = SIZES | {name: a[:, 0] if a.shape[1] == 1 else a for name, a in values.items()}
    found = function(**{name: given[name] for name in function.parameters})
    for node, array in zip(outputs, found, strict=True):
        for place in product(*(range(index.size.evaluate(SIZES)) for index in in_order(node.free))):
            wanted = evaluate(_at_place(node, place), values, SIZES)
            if np.isfinite(wanted).all():
                got = np.asarray(array)[place].reshape(wanted.shape)
                np.testing.assert_allclose(got, wanted, rtol=1e-7, atol=1e-8)


def _at_place(node: Node, place: tuple[int, ...]) -> Node:
    chosen = [unit(k + 1, index.size).T @ at(index) for index, k in zip(in_order(node.free), place, strict=True)]
    return total(node.free, scale(hadamard(number(1), *chosen), node)) if chosen else node


# --- random nests ---------------------------------------------------------------------------------


@dataclass
class Nests:
    """Random numbers and vectors that depend on the indices ``free``."""

    random: Random

    def any_of(self, choices: Sequence[Callable[[], Node]]) -> Node:
        return self.random.choice(choices)()

    def number(self, depth: int, free: list[Index]) -> Node:
        if not free:
            return self.sum(depth, free) if depth > 0 else self.any_of(CLOSED)
        if depth <= 0:
            return self.member(free)
        one, two, vector, wide = self._parts(depth, free)
        return self.any_of(
            [
                lambda: apply(self.random.choice(("exp", "tanh", "sigmoid", "sin")), HALF * apply("tanh", one())),
                lambda: one() - Fraction(self.random.choice((1, 2, 3)), 2) * two(),
                lambda: hadamard(one(), two()),
                lambda: power(number(2) + power(one(), 2), self.random.choice((-1, HALF, 2))),
                lambda: vector().T @ vector(),
                lambda: vector().T @ S @ vector(),
                lambda: self.of_matrix(S + square(vector().T)),
                lambda: apply("where", apply("greater", one(), number(Fraction(1, 7))), one(), two()),
                lambda: self.sum(depth, free),
                lambda: reduced("logsumexp", *wide()),
                lambda: self.share(free, *wide()),
                lambda: self.member(free),
            ]
        )

    def _parts(self, depth: int, free: list[Index]) -> tuple[Callable[[], Any], ...]:
        def wide() -> tuple[Index, Node]:
            new = self.new(free)
            return new, self.number(depth - 1, [*free, new])

        def one() -> Node:
            return self.number(depth - 1, free)

        return one, one, lambda: self.vector(depth - 1, free), wide

    def member(self, free: list[Index]) -> Node:
        a, b = self.random.choice(free), self.random.choice(free)
        kind = self.random.choice(("strictly_lower", "off_diagonal", "upper"))
        return self.any_of(
            [
                lambda: member_of(y, a),
                lambda: entry(W, a, b),
                lambda: w.T @ x(a),
                lambda: x(a).T @ x(b),
                lambda: x(a).T @ S @ u(b),
                lambda: at(a).T @ at(b),
                lambda: entry(mask(kind, n, n), a, b),
            ]
        )

    def new(self, free: list[Index]) -> Index:
        return Index(f"{self.random.choice('ijkuv')}{len(free)}", n)

    def sum(self, depth: int, free: list[Index]) -> Node:
        new = self.new(free)
        return total([new], self.number(depth - 1, [*free, new]))

    def of_matrix(self, a: Node) -> Node:
        return self.any_of(
            [lambda: logdet(a), lambda: det(a), lambda: w.T @ inverse(a) @ mu, lambda: trace(inverse(a))]
        )

    def share(self, free: list[Index], new: Index, body: Node) -> Node:
        shares = call("softmax", stack(new, body), shape=(n, ONE))
        return self.any_of([lambda: member_of(shares, self.random.choice(free)), lambda: ones(n).T @ power(shares, 2)])

    def vector(self, depth: int, free: list[Index]) -> Node:
        if depth <= 0 or not free:
            return self.any_of([lambda: w, lambda: mu, *(lambda f=f, of=of: of(f) for f in free for of in (x, u))])

        def one() -> Node:
            return self.vector(depth - 1, free)

        return self.any_of(
            [
                lambda: scale(self.number(depth - 1, free), one()),
                lambda: one() - one(),
                lambda: S @ one(),
                lambda: apply("tanh", one()),
                lambda: inverse(S + square(one().T)) @ one(),
                lambda: self.sum_of_vectors(depth, free),
            ]
        )

    def sum_of_vectors(self, depth: int, free: list[Index]) -> Node:
        new = self.new(free)
        inside = [*free, new]
        return total([new], scale(self.number(depth - 2, inside), self.vector(depth - 1, inside)))


CLOSED: list[Callable[[], Node]] = [lambda: w.T @ mu, lambda: trace(S), lambda: number(HALF)]


def nest(seed: int) -> Node:
    random = Random(seed)
    free = random.choice(([], [], [i], [i, j]))
    nests, depth = Nests(random), random.choice((2, 2, 3))
    return nests.number(depth, free) if random.random() < 0.8 else nests.vector(depth, free)
