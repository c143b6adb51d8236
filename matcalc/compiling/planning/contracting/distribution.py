"""When a product with a sum is cheaper as a sum of products: ``(U V^T - T) V`` as ``U (V^T V) - T V``."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from matcalc.expr import Dim, Node, chain

__all__ = ["ENTRY_COST", "chain_cost", "is_cheaper_distributed"]

#: What one pass over an entry costs beside one multiplication and addition inside a matrix product.
ENTRY_COST = 6.0
#: Longer sums are computed first.
MOST_TERMS = 3
PLAIN = frozenset({"variable", "transpose", "matmul", "perturbation"})

Cost = Callable[[Dim], float]


def chain_cost(factors: Sequence[Node], cost: Cost) -> float:
    """The cost of a matrix chain in its best order [Cormen et al. 15.2]."""
    sizes = [cost(factors[0].rows), *(cost(f.cols) for f in factors)]
    n = len(factors)
    best = [[0.0] * n for _ in range(n)]
    for length in range(1, n):
        for i in range(n - length):
            j = i + length
            best[i][j] = min(
                best[i][k] + best[k + 1][j] + 2 * sizes[i] * sizes[k + 1] * sizes[j + 1] for k in range(i, j)
            )
    return best[0][n - 1]


def is_cheaper_distributed(factors: Sequence[Node], place: int, cost: Cost) -> bool:
    """Whether the sum at this place of a chain of factors is better multiplied out."""
    total = factors[place]
    if not 1 < len(total.args) <= MOST_TERMS or any(t.op not in PLAIN for t in total.args):
        return False
    before, after = factors[:place], factors[place + 1 :]
    parts = [chain(t) for t in total.args]
    entries = cost(total.rows) * cost(total.cols)
    results = cost(factors[0].rows) * cost(factors[-1].cols)
    kept = sum(chain_cost(p, cost) for p in parts) + chain_cost(factors, cost) + ENTRY_COST * entries * len(parts)
    distributed = sum(chain_cost((*before, *p, *after), cost) for p in parts)
    return distributed + ENTRY_COST * results * (len(parts) - 1) < kept
