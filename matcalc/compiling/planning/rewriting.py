"""Passes over a finished plan.

Inverses become solutions of linear systems, or use a factorisation that is there; a reciprocal that only scales
becomes a quotient. For libraries that fuse entrywise operations a factor of a matrix product moves into one of them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence

from matcalc.compiling.planning.program import Program, Value, needed

__all__ = ["MOST_VECTORS", "fused", "given_determinants", "solved"]

#: What a compiler such as XLA computes in one loop.
FUSED = frozenset({"times", "combine", "divide", "power", "raise", "function", "where"})

#: An inverse costs as much as four factorisations: so many products with vectors are cheaper as solutions, but only
#: one with a matrix.
MOST_VECTORS = 2

#: What the transpose of a triangle is.
TURNED = {"lower": "upper", "upper": "lower"}


def solved(program: Program, outputs: Sequence[Value], most: int = MOST_VECTORS) -> list[Value]:
    """The outputs with ``inv(X) B`` as ``solve(X, B)`` where an inverse is needed for one product, or ``most`` vectors."""
    values = needed(outputs)
    uses: dict[Value, list[Value]] = defaultdict(list)
    for v in values:
        for a in v.args:
            uses[a].append(v)
    chosen = {v for v in values if v.op == "inv" and v.rank == 2 and _only_multiplies(v, uses, outputs, most)}
    factored = {v.args[0]: v for v in values if v.op == "cholesky"}
    reciprocal = {v for v in values if _is_reciprocal(v) and v not in outputs and [u.op for u in uses[v]] == ["times"]}
    return _rebuilt(program, values, outputs, chosen, factored, reciprocal)


def _is_reciprocal(v: Value) -> bool:
    return v.op == "divide" and v.args[0].op == "number" and v.args[0].data[0] == 1


def _only_multiplies(inverse: Value, uses: dict[Value, list[Value]], outputs: Sequence[Value], most: int) -> bool:
    flipped = [u for u in uses[inverse] if u.op == "permute"]
    products = [u for v in (inverse, *flipped) for u in uses[v] if u not in flipped]
    sides = (inverse, *flipped)
    vectors = all(u.rank == 1 for u in products)
    triangle = not TURNED.keys().isdisjoint(inverse.data)
    if any(v in outputs for v in sides) or (len(products) > (most if vectors else 1) and not triangle):
        return False
    return all(u.op == "matmul" and (u.args[0] in sides) != (u.args[1] in sides) for u in products)


def _rebuilt(
    program: Program,
    values: list[Value],
    outputs: Sequence[Value],
    chosen: set[Value],
    factored: dict[Value, Value],
    reciprocal: set[Value],
) -> list[Value]:
    new: dict[Value, Value] = {}
    for v in values:
        args = [new[a] for a in v.args]
        if v in chosen:
            new[v] = v
        elif v.op == "inv" and v.data == ("definite",) and v.rank == 2 and v.args[0] in factored:
            factor = program.emit("cholesky", args, (), v.axes)
            new[v] = program.emit("inverse_from_cholesky", (factor,), (), v.axes)
        elif v.op == "times" and any(a in reciprocal for a in v.args):
            new[v] = _quotient(program, v, new, reciprocal)
        elif v.op == "permute":
            new[v] = program.permute(args[0], v.data)
        elif v.op == "matmul" and any(_plain(a) in chosen for a in v.args):
            new[v] = _solution(program, v, new, chosen)
        else:
            new[v] = program.emit(v.op, args, v.data, v.axes)
    return [new[v] for v in outputs]


def _quotient(program: Program, v: Value, new: dict[Value, Value], reciprocal: set[Value]) -> Value:
    """a (1 / b) = a / b"""
    above = [new[a] for a in v.args if a not in reciprocal]
    below = [new[a.args[1]] for a in v.args if a in reciprocal]
    top = program.times(*above) if above else program.number(1)
    return program.divide(top, program.times(*below))


def _plain(v: Value) -> Value:
    return v.args[0] if v.op == "permute" else v


def _solution(program: Program, v: Value, new: dict[Value, Value], chosen: set[Value]) -> Value:
    """inv(X) B = solve(X, B), and B inv(X) = solve(X^T, B^T)^T"""
    first = _plain(v.args[0]) in chosen
    inverse, other = v.args if first else reversed(v.args)
    right = new[other]
    x = new[_plain(inverse).args[0]]
    transposed = (inverse.op == "permute") == first
    system = program.permute(x, (1, 0)) if transposed else x
    kinds = tuple(TURNED.get(kind, kind) if transposed else kind for kind in _plain(inverse).data)
    if first or right.rank == 1:
        return program.emit("solve", (system, right), kinds, right.axes)
    right = program.permute(right, (1, 0))
    return program.permute(program.emit("solve", (system, right), kinds, right.axes), (1, 0))


def given_determinants(program: Program, outputs: Sequence[Value], names: Collection[str]) -> list[Value]:
    """The outputs with det(X) as a second argument of the functions of these names, which ask for it."""
    values = needed(outputs)
    if not any(_name(v) in names for v in values):
        return list(outputs)
    new: dict[Value, Value] = {}
    for v in values:
        args = [new[a] for a in v.args]
        given = _name(v) in names
        new[v] = _given_determinant(program, v, args) if given else program.emit(v.op, args, v.data, v.axes)
    return [new[v] for v in outputs]


def _given_determinant(program: Program, v: Value, args: list[Value]) -> Value:
    """f(X^T, E^T) = f(X, E)^T: a determinant that is rounded belongs to the matrix of which it is taken."""
    turned = args[0].is_flipped
    x, *directions = (_flipped(program, a) for a in args) if turned else args
    size = program.emit("det", (x,), (), x.axes[:-2])
    axes = (*v.axes[:-2], *v.axes[:-3:-1]) if turned else v.axes
    value = program.emit(v.op, (x, size, *directions), v.data, axes)
    return _flipped(program, value) if turned else value


def _flipped(program: Program, v: Value) -> Value:
    """The transpose of each matrix."""
    k = v.rank
    return program.permute(v, (*range(k - 2), k - 1, k - 2))


def _name(v: Value) -> str:
    return str(v.data[0]) if v.op == "call" else v.op


def fused(program: Program, outputs: Sequence[Value]) -> list[Value]:
    """The outputs with c (U V) as (c U) V where U is computed entry by entry anyway."""
    values = needed(outputs)
    uses = Counter(a for v in values for a in v.args)
    new: dict[Value, Value] = {}
    for v in values:
        product = v.args[0] if v.op == "combine" and len(v.args) == 1 else None
        if product is not None and product.op == "matmul" and uses[product] == 1 and product not in outputs:
            place = next((k for k, a in enumerate(product.args) if a.op in FUSED and a.rank), None)
            if place is not None:
                sides = [new[a] for a in product.args]
                sides[place] = program.combine([(sides[place], v.data[0])])
                new[v] = program.matmul(*sides)
                continue
        new[v] = program.emit(v.op, [new[a] for a in v.args], v.data, v.axes)
    return [new[v] for v in outputs]
