"""Sums of products that something cheaper has: a dot product, the diagonal of a product that is there, one sum for two."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from matcalc.compiling.planning.program import Program, Value, needed

__all__ = ["reduced"]


def reduced(program: Program, outputs: Sequence[Value]) -> list[Value]:
    """The outputs with Σ a b over all entries as a dot product, and Σ_k a_ik² as (A A^T)_ii where A A^T is there.

    The latter leaves a_i - a_i = 0 in a_ii + a_ii - 2 a_ii, as in distances of pairs.
    """
    values = needed(outputs)
    uses = Counter(a for v in values for a in v.args) + Counter(outputs)
    grams = {v.args[0]: v for v in values if v.op == "matmul" and _is_gram(v)}
    new: dict[Value, Value] = {}
    late = {v: grams[v.args[0].args[0]] for v in values if _is_sum_of_squares(v, grams) and v not in outputs}
    for v in values:
        if v not in new:
            new[v] = _by_gram(program, late[v], new) if v in late else _cheaper(program, v, new, uses)
    return [new[v] for v in outputs]


def _is_gram(v: Value) -> bool:
    """A A^T"""
    a, b = v.args
    return a.rank == 2 and b.op == "permute" and b.args[0] is a


def _is_sum_of_squares(v: Value, grams: Collection[Value]) -> bool:
    """Σ_k a_ik²"""
    if v.op != "sum" or v.data != (1,) or v.args[0].op != "times":
        return False
    a, *rest = v.args[0].args
    return rest == [a] and a in grams


def _by_gram(program: Program, gram: Value, new: dict[Value, Value]) -> Value:
    """The diagonal of a product, which is computed before it."""
    if gram not in new:
        a = new[gram.args[0]]
        new[gram] = program.matmul(a, program.permute(a, (1, 0)))
    return program.diagonal(new[gram], 0, 1)


def _cheaper(program: Program, v: Value, new: dict[Value, Value], uses: Counter[Value]) -> Value:
    args = [new[a] for a in v.args]
    if v.op == "sum" and not v.axes and uses[v.args[0]] == 1:
        inside = args[0]
        if inside.op == "sum":
            return _cheaper_total(program, inside.args[0])
        return _cheaper_total(program, inside)
    return program.emit(v.op, args, v.data, v.axes)


def _cheaper_total(program: Program, inside: Value) -> Value:
    """Σ over all entries"""
    if inside.op == "power" and inside.data[0] == 2:
        return program.dot(inside.args[0], inside.args[0])
    if inside.op == "times" and len(inside.args) == 2 and all(a.axes == inside.axes for a in inside.args):
        return program.dot(*inside.args)
    return program.sum(inside, range(inside.rank))
