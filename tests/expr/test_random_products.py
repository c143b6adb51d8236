"""Products of powers that merge, cancel and meet their absolute values, in any order: the value stays."""

from __future__ import annotations

import random

import numpy as np
import pytest

import matcalc as mc
from matcalc.checking.values.evaluate import evaluate
from matcalc.expr import Node, apply, hadamard, number, power, scaled
from tests.machine import sweep

WHERE = "t: scalar(positive), u: scalar, v: scalar"
BASES = ("u", "t", "cbrt(t)", "sin(t)", "expm1(u)", "u + v", "u - v")


def drawn(r: Node, rng: random.Random) -> list[tuple[Node, int]]:
    size = apply("abs", r)
    v = mc.parse("v", "v: scalar").node
    pool = [r, size, apply("sign", r), apply("sigmoid", r), apply("exp", r), scaled(-2, r), number(-1), number(3), v]
    pool += [r, size, power(r, 2), apply("abs", power(r, 3))] * 2
    return [(rng.choice(pool), rng.choice([-4, -3, -2, -1, 1, 2, 3, 4, 5])) for _ in range(rng.randint(2, 6))]


@sweep(3)
@pytest.mark.parametrize("base", BASES)
def test_products(base: str) -> None:
    rng = random.Random(base)
    r = mc.parse(base, WHERE).node
    for _ in range(200):
        values = {n: np.array([[rng.uniform(0.3, 1.5)]]) for n in "tuv"}
        values |= {n: values[n] * rng.choice([-1, 1]) for n in "uv"}
        pairs = drawn(r, rng)
        wanted = np.prod([evaluate(b, values, {}).item() ** e for b, e in pairs])
        for cut in range(len(pairs)):
            parts = (hadamard(number(1), *(power(b, e) for b, e in some)) for some in (pairs[:cut], pairs[cut:]))
            product = hadamard(*parts)
            np.testing.assert_allclose(evaluate(product, values, {}).item(), wanted, rtol=1e-9, err_msg=repr(pairs))
            rng.shuffle(pairs)
