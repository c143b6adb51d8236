"""Simplification where arguments are special or coincide: zeros, ones, identities, one variable in two places.

A rule that looks for f(u) beside f(-u) finds one term twice at u = 0; here every variable of the tables becomes such a
value, and what is simplified then is compared with the value of the expression as it was.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

import matcalc as mc
from matcalc.calculus import differential
from matcalc.checking.values.evaluate import evaluate
from matcalc.errors import DomainError
from matcalc.expr import (
    Dim,
    Node,
    identity,
    number,
    ones,
    perturbation,
    postorder,
    scaled,
    substitute,
    transpose,
    unit,
    variables,
    zeros,
)
from matcalc.language import parse_pair
from matcalc.simplify import simplify
from tests.machine import sweep
from tests.simplify.test_equal import evaluated, regular
from tests.tables.identities import TRUE
from tests.test_main_job import SCALAR

#: Both signs of one argument, and sums in which terms meet.
PAIRED = [
    "sigmoid(u) + sigmoid(v)",
    "a .* sigmoid(u) - 3 a .* sigmoid(-v)",
    "2 - 2 sigmoid(u)",
    "a - a .* sigmoid(u) + v",
    "tanh(u) + tanh(v) + exp(u) ./ (exp(u) + exp(v))",
    "log(exp(u) + exp(v)) - softplus(u - v)",
    "softplus(u) - softplus(-v)",
    "sin(u).^2 + cos(v).^2",
    "erf(u) + erfc(v) + gelu(u) - gelu(-v)",
    "relu(u) - relu(-v) + max(u, v) + min(u, v)",
    "norm2(u - 2 v)^2 + u^T v",
    "diag(u - a) + u v^T - v u^T",
]
WHERE = "u: vector(n), v: vector(n), a: vector(n)"


def special_values(v: Node, others: list[Node]) -> Iterator[Node]:
    """Values for a variable, by its shape."""
    if v.is_scalar:
        yield from map(number, (0, 1, 2, -1))
    else:
        yield zeros(*v.shape)
        yield ones(*v.shape)
    if v.is_square and not v.is_scalar:
        yield identity(v.rows)
        yield scaled(-1, identity(v.rows))
    if v.is_column and not v.is_scalar:
        yield unit(1, v.rows)
    for other in others:
        if other is not v and other.shape == v.shape:
            yield other
            yield scaled(-1, other)
        elif other is not v and other.shape == v.shape[::-1]:
            yield transpose(other)


def sizes_of(root: Node) -> dict[str, int]:
    found = [d for n in postorder(root) for d in (*n.shape, *(x for x in n.data if isinstance(x, Dim)))]
    return {name: 3 + k % 2 for k, name in enumerate(sorted({name for d in found for name in d.names}))}


def compared(root: Node) -> int:
    """The number of special values at which the expression has a value, and the same one simplified."""
    sizes, rng, count = sizes_of(root), np.random.default_rng(4), 0
    names = variables(root)
    directions = {p: evaluated_direction(p, sizes, rng) for p in postorder(root) if p.op == "perturbation"}
    for v in names:
        if set(v.data[1]) - {"positive"}:
            continue
        for special in special_values(v, list(names)):
            values = {str(other.data[0]): evaluated(other, sizes, rng) for other in names}
            values[str(v.data[0])] = evaluate(special, values, sizes)
            if "positive" in v.data[1] and np.min(values[str(v.data[0])]) <= 0:
                continue
            with np.errstate(all="ignore"):
                try:
                    wanted = evaluate(root, values, sizes, directions)
                    result = simplify(substitute(root, {v: special}))
                except (np.linalg.LinAlgError, ZeroDivisionError, DomainError):
                    continue
                if not np.all(np.isfinite(wanted)) or np.max(np.abs(wanted)) > 1e8:
                    continue
                if not regular(root, values, sizes):  # rounding alone inverts a singular matrix
                    continue
                found = evaluate(result, values, sizes, directions)
            scale = max(1.0, float(np.max(np.abs(wanted))))
            assert np.allclose(found, wanted, rtol=1e-6, atol=1e-7 * scale), f"{v.data[0]} = {mc.Expr(special)}"
            count += 1
    return count


def evaluated_direction(p: Node, sizes: dict[str, int], rng: np.random.Generator) -> np.ndarray:
    x = rng.standard_normal((p.rows.evaluate(sizes), p.cols.evaluate(sizes)))
    tags = set(p.data[2])
    if tags & {"symmetric", "spd", "psd"}:
        return x + x.T
    if "skew" in tags:
        return x - x.T
    triangle = {"lower": np.tril, "upper": np.triu, "diagonal": lambda a: a * np.eye(len(a))}
    return next((triangle[t](x) for t in tags if t in triangle), x)


@pytest.mark.parametrize("text", PAIRED)
def test_paired_terms(text: str) -> None:
    assert compared(mc.parse(text, WHERE).node) > 2


@sweep(3)
@pytest.mark.parametrize(("left", "right", "where"), [row[:3] for row in TRUE])
def test_identities(left: str, right: str, where: str) -> None:
    for side in parse_pair(left, right, where):
        compared(side.node)


@pytest.mark.parametrize(("text", "wrt", "where"), [row[:3] for row in SCALAR])
def test_differentials(text: str, wrt: str, where: str) -> None:
    f = mc.parse(text, where or None).node
    v = next(v for v in variables(f) if v.data[0] == wrt)
    compared(differential(f, {v: perturbation(v)}))
