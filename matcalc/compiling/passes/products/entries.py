"""Entrywise products by smaller ones that are there: M^2 .* R as M .* (M .* R)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from matcalc.compiling.planning.program import Program, Value, needed

__all__ = ["with_shared_entries"]

#: Powers that are looked at as products.
HIGHEST_POWER = 3


def with_shared_entries(program: Program, outputs: Sequence[Value]) -> list[Value]:
    """The outputs with a product of entries as another one that is needed, too, times what that lacks."""
    values = needed(outputs)
    factors = {v: _factors(v) for v in values if v.op == "times" and v.rank > 1}
    chosen: dict[Value, Value] = {}
    for v in factors:
        found = [w for w in factors if w is not v and w.axes == v.axes and _is_less(factors[w], factors[v])]
        best = max(found, key=lambda w: (factors[w].total(), -w.number), default=None)
        if best is not None and _passes(v) > (factors[v] - factors[best]).total():
            chosen[v] = best
    new: dict[Value, Value] = {}
    for v in _in_order(values, chosen):
        if v in chosen:
            lacking = factors[v] - factors[chosen[v]]
            new[v] = program.times(new[chosen[v]], *(new[a] for a in lacking.elements()))
        else:
            new[v] = program.emit(v.op, [new[a] for a in v.args], v.data, v.axes)
    return [new[v] for v in outputs]


def _factors(v: Value) -> Counter[Value]:
    """The factors with their numbers, small powers taken apart."""
    found: Counter[Value] = Counter()
    for a in v.args:
        whole = a.op == "power" and a.data[0].denominator == 1 and 1 < a.data[0] <= HIGHEST_POWER
        found[a.args[0] if whole else a] += int(a.data[0]) if whole else 1
    return found


def _is_less(small: Counter[Value], large: Counter[Value]) -> bool:
    return small.total() < large.total() and all(large[a] >= n for a, n in small.items())


def _passes(v: Value) -> int:
    """Passes over the entries of a product as it stands."""
    return len(v.args) - 1 + sum(a.op == "power" for a in v.args)


def _in_order(values: Sequence[Value], chosen: dict[Value, Value]) -> list[Value]:
    """The values, each behind those that it is made of from now on."""
    done: dict[Value, None] = {}
    for v in values:
        stack = [v]
        while stack:
            top = stack[-1]
            lacking = [x for a in top.args for x in ((a.args[0],) if a.op == "power" else (a,))]
            below = [chosen[top], *lacking] if top in chosen else list(top.args)
            waiting = [a for a in below if a not in done]
            if waiting and top not in done:
                stack += waiting
            else:
                done.setdefault(stack.pop())
    return list(done)
