"""The array of each operator: what is not multilinear becomes an instruction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from matcalc.compiling.planning.open_functions import is_contracted, open_value
from matcalc.compiling.planning.program import BATCH, Program, Value
from matcalc.compiling.planning.stable_functions import APPLIED, APPLIED_TO_POSITIVE, CALLED, sigmoid_slope
from matcalc.errors import UnsupportedError
from matcalc.expr import Node, entrywise_power, factors, is_number, scaled
from matcalc.expr.facts import is_pd, is_positive, is_symmetric
from matcalc.expr.passes import Pass
from matcalc.expr.supports import is_pattern, is_triangular, selecting_pattern
from matcalc.functions import row_of
from matcalc.functions.properties import Interval, Off

__all__ = ["VALUES", "inside_domain", "is_contracted_call", "product", "refuse_batch"]

if TYPE_CHECKING:
    from matcalc.compiling.planning.plan import Planner


def _variable(p: Planner, node: Node) -> Value:
    name, axes = p.names[node], p.axes(node)
    stack = (BATCH,) if name in p.batched else ()
    given = p.program.input(name, (*stack, *p.arrays.get(node, axes)))
    return p.program.reshape(given, (*stack, *axes))


def _sigmoid_slopes(pairs: Iterable[tuple[Node, Node]]) -> tuple[list[tuple[Node, Node]], list[Node]]:
    """The factors sigmoid(u) sigmoid(-u), as the list of the u, and the other factors."""
    rest = list(pairs)
    one = [b for b, e in rest if b.op == "apply" and b.data[0] == "sigmoid" and is_number(e) == 1]
    slopes: list[Node] = []
    for b in one:
        opposite = next((o for o in one if o.args[0] is scaled(-1, b.args[0])), None)
        if opposite is not None and b.key < opposite.key:
            slopes.append(b.args[0])
            rest = [(x, e) for x, e in rest if x is not b and x is not opposite]
    return rest, slopes


def product(p: Planner, pairs: Iterable[tuple[Node, Node]], whole: Sequence[tuple[Node, Node]] = ()) -> Value:
    """Π b^e, 0 where a factor is 0 by structure, also one of the ``whole`` product that this is a part of."""
    pairs = list(pairs)
    pattern = selecting_pattern(whole or pairs)
    if pattern is None:
        return _quotient(p, pairs)
    rest = [(b, e) for b, e in pairs if b is not pattern]
    patterns = [*(b for b, e in rest if is_number(e) == 1 and is_pattern(b)), pattern]
    plain = [(b, e) for b, e in rest if b not in patterns]
    value = _quotient(p, plain, pattern) if plain else p.value(patterns.pop())
    for chosen in patterns:
        value = selected(p, chosen, value)
    return value


TRIANGLES = ("lower", "upper", "strictly_lower", "strictly_upper")


def inside_domain(name: str) -> int | None:
    """A number inside of the domain of an entrywise function, where that is limited."""
    row = row_of(name)
    limits = [need.fact for need in row.condition if isinstance(need.fact, Interval | Off)] if row.domain else []
    return next((x for x in (1, 0, 2, -1) if all(limit.holds(x) for limit in limits)), None) if limits else None


def _guarded(p: Planner, base: Node, exponent: Node, pattern: Node | None) -> Value:
    """The base of a factor, with numbers from the domain where a pattern has zeros: nothing infinite arises there."""
    e = is_number(exponent)
    if pattern is None:
        return p.array(base)
    if base.op == "apply" and len(base.args) == 1 and (inside := inside_domain(base.data[0])) is not None:
        argument = _filled(p, p.array(base.args[0]), pattern, inside)
        return p.program.function(base.data[0], argument)
    if e is None or e.denominator != 1 or e < 0:
        return _filled(p, p.array(base), pattern, 1)
    return p.array(base)


def _filled(p: Planner, value: Value, pattern: Node, number: int) -> Value:
    zero = p.program.number(0)
    return p.program.where(">", p.value(pattern), zero, value, p.program.number(number))


def selected(p: Planner, pattern: Node, value: Value) -> Value:
    """The entries of a value where the pattern has ones, 0 elsewhere; also beside what is infinite there."""
    if pattern.op == "mask" and pattern.data[0] in TRIANGLES and value.own_axes == p.axes(pattern) and not value.lead:
        return p.program.emit("triangle", (value,), pattern.data, value.axes)
    zero = p.program.number(0)
    return p.program.where(">", p.value(pattern), zero, value, zero)


def _quotient(p: Planner, pairs: Iterable[tuple[Node, Node]], pattern: Node | None = None) -> Value:
    """Π b^e, the rational negative exponents in the denominator"""
    above, below = [], []
    pairs, slopes = _sigmoid_slopes(pairs)
    above += [sigmoid_slope(p.program, p.array(u)) for u in slopes]
    for base, exponent in pairs:
        e = is_number(exponent)
        value = _guarded(p, base, exponent, pattern)
        if e is not None and e < 0:
            below.append(p.program.power(value, p.program.number(-e)))
        elif e is not None:
            above.append(p.program.power(value, p.program.number(e)))
        else:
            above.append(p.program.power(value, p.array(exponent)))
    top = p.program.times(*above) if above else p.program.number(1)
    return p.program.divide(top, p.program.times(*below)) if below else top


def _matpow(p: Planner, node: Node) -> Value:
    base, exponent = node.args
    e = is_number(exponent)
    value = p.array(base)
    if e is None:
        return p.program.emit("integer_power", (value, p.array(exponent)), (), value.axes)
    if e < 0:
        value = inverse(p, value, kind_of(base))
    return value if abs(e) == 1 else p.program.emit("matpow", (value,), (int(abs(e)),), value.axes)


def kind_of(matrix: Node) -> str:
    """What factorisations make use of: a triangle, a definite or a symmetric matrix."""
    for triangle in ("lower", "upper"):
        if is_triangular(matrix, triangle):
            return triangle
    return "definite" if is_pd(matrix) else "symmetric" if is_symmetric(matrix) else ""


def inverse(p: Planner, value: Value, kind: str) -> Value:
    """The inverse of each matrix; that of a transpose is the transpose of the inverse."""
    if value.is_flipped:
        return p.flipped(inverse(p, value.args[0].seen(value.lead), TURNED.get(kind, kind)))
    return p.program.emit("inv", (value,), (kind,) if kind else (), value.axes)


TURNED = {"lower": "upper", "upper": "lower"}


def _determinant(p: Planner, node: Node) -> Value:
    value, kind = p.array(node.args[0]), kind_of(node.args[0])
    if value.is_flipped:
        value = value.args[0].seen(value.lead)
    if kind in TURNED:
        return _of_triangle(p.program, node.op, value)
    if node.op == "det":
        return p.program.emit("det", (value,), (), value.like(()))
    if kind == "definite":
        return _logdet_by_cholesky(p.program, value)
    return p.program.emit("logdet", (value,), (kind,) if kind else (), value.like(()))


def _of_triangle(program: Program, op: str, value: Value) -> Value:
    """det(L) = Π L_ii, log |det(L)| = Σ log |L_ii|"""
    diagonal = program.diagonal(value, value.rank - 2, value.rank - 1)
    if op == "det":
        return program.reduce("prod", diagonal, [diagonal.rank - 1])
    return program.sum(program.function("log", program.function("abs", diagonal)), (diagonal.rank - 1,))


def _logdet_by_cholesky(program: Program, value: Value) -> Value:
    """log det(L L^T) = 2 Σ log L_ii"""
    factor = program.emit("cholesky", (value,), (), value.axes)
    diagonal = program.diagonal(factor, value.rank - 2, value.rank - 1)
    total = program.sum(program.function("log", diagonal), (value.rank - 2,))
    return program.combine([(total, Fraction(2))])


def _adjugate(p: Planner, node: Node) -> Value:
    value = p.array(node.args[0])
    return p.program.emit("adjugate", (value,), (), value.axes)


#: Functions that take matrices on the last two axes, behind any others.
OF_STACKS = frozenset({"frechet_adj"})


def refuse_batch(name: str, *values: Value) -> None:
    if name not in OF_STACKS and any(v.stacked for v in values):
        raise UnsupportedError(f"{name} of a batched value is not supported", hint="call the function for each input")


def _block(p: Planner, node: Node) -> Value:
    """Blocks with two axes each, a vector as one column; the result as its shape asks."""
    if node.free:
        return p.contracted(node)
    refuse_batch("a block matrix", *(p.array(a) for a in node.args))
    parts = [p.program.reshape(p.array(a), a.shape) for a in node.args]
    value = p.program.emit("block", parts, node.data, node.shape)
    return p.program.reshape(value, p.axes(node))


def _apply(p: Planner, node: Node) -> Value:
    raised = entrywise_power(node)
    if raised is not None:  # (-2)^2 and 0^2 are numbers, exp(2 log(0)) is not
        return p.program.power(*(p.value(part) for part in raised))
    args = [p.array(a) for a in node.args]
    rule = APPLIED.get(node.data[0])
    if node.data[0] in APPLIED_TO_POSITIVE and all(map(is_positive, node.args)):
        rule = APPLIED_TO_POSITIVE[node.data[0]]
    return rule(p.program, *args) if rule is not None else p.program.function(node.data[0], *args)


def _call(p: Planner, node: Node) -> Value:
    """Of the whole array, or of matrices with two axes each."""
    name, *static = node.data
    rule = CALLED.get(name)
    if name == "chol":
        value = p.array(node.args[0])
        return p.program.emit("cholesky", (value,), (), value.axes)
    if rule is not None:
        value = rule(p.program, *(p.array(a) for a in node.args), *(s for s in static if isinstance(s, int)))
        return p.program.reshape(value, value.like(p.axes(node)))
    refuse_batch(name, *(p.array(a) for a in node.args))
    known = [p.array(a) for a in node.args]
    args = [v if a.is_scalar else p.program.reshape(v, v.like(a.shape)) for v, a in zip(known, node.args, strict=True)]
    stack = max((v.axes[: v.stacked] for v in known), key=len)
    value = p.program.call(name, args, (*stack, *node.shape), *(s for s in static if isinstance(s, (int, str))))
    return p.program.reshape(value, value.like(p.axes(node)))


# fmt: off
#: operator -> its array; what is linear in all of its operands is contracted from its terms
VALUES: Pass[Callable[[Planner, Node], Value]] = Pass("array", {
    "variable":     _variable,
    "perturbation": _variable,
    "constant":     lambda p, node: p.program.leaf("constant", (), node.data[0]),
    "dimension":    lambda p, node: p.program.size(node.data[0]),
    "zero":         lambda p, node: p.program.leaf("zeros", p.axes(node)) if p.axes(node) else p.program.number(0),
    "ones":         lambda p, node: p.program.leaf("ones", p.axes(node)) if p.axes(node) else p.program.number(1),
    "identity":     lambda p, node: p.program.leaf("eye", node.shape),
    "unit":         lambda p, node: p.program.leaf("unit", (node.rows,), node.data[0]),
    "mask":         lambda p, node: p.program.leaf("mask", node.shape, node.data[0]),
    "selector":     lambda p, node: p.program.leaf("selector", node.shape, node.data[0]),
    "duplication":  lambda p, node: p.program.leaf("duplication", node.shape, node.data[0]),
    "elimination":  lambda p, node: p.program.leaf("elimination", node.shape, node.data[0]),
    "power":        lambda p, node: product(p, factors(node)),
    "matpow":       _matpow,
    "det":          _determinant,
    "logdet":       _determinant,
    "adjugate":     _adjugate,
    "apply":        _apply,
    "block":        _block,
    "call":         lambda p, node: p.contracted(node) if is_contracted_call(node) else _call(p, node),
    "open":         lambda p, node: p.contracted(node) if is_contracted(node) else open_value(p, node),
}, never="add matmul scale kron transpose trace diag diagonal vec unvec total at commutation".split())
# fmt: on


#: Calls that are sums of products of arrays.
CONTRACTED = ("khatri_rao", "kron_contract", "prod_others_along", "prod_others_rows_along")


def is_contracted_call(node: Node) -> bool:
    return node.op == "call" and node.data[0] in CONTRACTED
