"""One factorisation for all that is computed of a matrix: solutions, inverse, logarithm of the determinant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from matcalc.compiling.passes.rebuilding import rebuilt
from matcalc.compiling.planning.program import Program, Value, needed

__all__ = ["factored"]

TRIANGULAR = frozenset({"lower", "upper"})
#: What needs a factorisation, and what it is of the factored matrix.
BY_FACTORS = {"solve": "solution", "inv": "inverse_of", "logdet": "logdet_of", "cholesky": "cholesky_of"}
#: What needs of a Cholesky factor its lower triangle alone, or its diagonal.
OF_CHOLESKY = frozenset({"diagonal", "inverse_from_cholesky"})


def factored(program: Program, outputs: Sequence[Value]) -> list[Value]:
    """The outputs with factorisations that are shared, of Cholesky where the matrix is symmetric and has one."""
    values = needed(outputs)
    users: dict[Value, set[str]] = defaultdict(set)
    for v in values:
        for a in v.args:
            users[a].add(v.op)
    parts: dict[Value, list[Value]] = defaultdict(list)
    for v in values:
        if _needs_factors(v) and (v.op != "cholesky" or (users[v] <= OF_CHOLESKY and v not in outputs)):
            parts[_upright(v.args[0])].append(v)
    symmetric = {x for x, found in parts.items() if any(map(_is_symmetric, found))}
    chosen = {v: x for x, found in parts.items() if _gains(found, x in symmetric) for v in found}

    def rule(v: Value, args: list[Value], new: Mapping[Value, Value]) -> Value | None:
        return _by_factors(program, v, new[chosen[v]], args, chosen[v] in symmetric) if v in chosen else None

    return rebuilt(program, outputs, rule)


def _needs_factors(v: Value) -> bool:
    return v.op in BY_FACTORS and v.args[0].rank == 2 and not TRIANGULAR.intersection(v.data)


def _gains(found: list[Value], symmetric: bool) -> bool:
    """Whether factors are shared, or are those of a symmetric matrix where elsewhere they would be L U."""
    return len(found) > 1 or (symmetric and found[0].op != "cholesky")


def _upright(x: Value) -> Value:
    return x.args[0] if x.op == "permute" else x


def _is_symmetric(v: Value) -> bool:
    return v.op == "cholesky" or bool({"symmetric", "definite"}.intersection(v.data))


def _by_factors(program: Program, v: Value, x: Value, args: list[Value], symmetric: bool) -> Value:
    factors = program.emit("factored", (x,), ("symmetric",) if symmetric else (), x.axes)
    turned = v.args[0].op == "permute" and not symmetric
    if v.op == "solve":
        return program.emit("solution", (factors, args[1]), ("turned",) if turned else (), v.axes)
    value = program.emit(BY_FACTORS[v.op], (factors,), (), v.axes)
    return program.permute(value, (1, 0)) if turned and v.op == "inv" else value
