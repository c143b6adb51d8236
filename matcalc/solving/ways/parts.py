"""Equations that hold the unknown in one part u only, or that do so once they are rewritten: solved for u, then u for the unknown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import reduce

from matcalc.calculus.differential import differential
from matcalc.expr import (
    LEAVES,
    ONE,
    Node,
    add,
    apply,
    bottom_up,
    call,
    combine,
    factors,
    hadamard,
    is_number,
    number,
    ones,
    perturbation,
    postorder,
    power,
    scale,
    scaled,
    split_scalar,
    substitute,
    terms,
    variable,
    zeros,
)
from matcalc.expr.facts import is_positive
from matcalc.functions import row_of
from matcalc.simplify import simplify
from matcalc.simplify.cost import cost
from matcalc.simplify.expansion import expanded
from matcalc.solving.ways.equations import Equation, Root, holds

__all__ = ["by_clearing", "by_dropping", "by_part", "by_separating", "taken_out"]

Solve = Callable[[Equation], list[Root]]
#: So many parts are tried.
MOST_PARTS = 12
#: What is taken out may be so much longer.
LONGER = 1.2
#: The name of a part while it is the unknown.
PART = "matcalcpart"


def by_part(equation: Equation, solve: Solve) -> Iterator[Root]:
    """E(u(x)) = 0 gives u = v, and u(x) = v gives x."""
    for part in _parts(equation):
        fresh = variable(f"{PART}_{part.digest.hex()[:6]}", part.shape, ["positive"] * is_positive(part))
        outer = substitute(equation.residual, {part: fresh})
        if holds(outer, equation.unknown):
            continue
        for value in solve(Equation(outer, fresh)):
            for root in solve(Equation(simplify(part - value.value), equation.unknown)):
                yield Root(root.value, f"{value.way}; {root.way}")
        return


def _parts(equation: Equation) -> list[Node]:
    """What holds the unknown, the smallest first, but for what an equation would be that says the same."""
    x, residual = equation.unknown, equation.residual
    moving = [t for t, _ in terms(residual) if holds(t, x)]
    whole = {residual, *moving, *(split_scalar(t)[1] for t in moving)} if len(moving) == 1 else {residual}
    found = [n for n in postorder(residual) if n.op not in LEAVES and holds(n, x) and n not in whole]
    return found[:MOST_PARTS]


def by_separating(equation: Equation, solve: Solve) -> Iterator[Root]:
    """An unknown number t is taken out of functions: exp(u + k t 1) = exp(k t) exp(u), sqrtm(t M), log(t u)."""
    t = equation.unknown
    if not t.is_scalar:
        return
    gathered = _gathered(equation)
    if gathered is not None:
        yield from solve(gathered)
        return
    side = _side_of_logarithms(equation.residual, t)
    apart = bottom_up(equation.residual, lambda node: _separated(node, t, side))
    if apart is not equation.residual:
        yield from solve(Equation(apart, t))


def _gathered(equation: Equation) -> Equation | None:
    """p log(u) + q log(v) = r as u^p v^q = exp(r), where both logarithms hold the unknown number."""
    x = equation.unknown
    pairs = terms(equation.residual)
    logs = [(t.args[0], c) for t, c in pairs if t.op == "apply" and t.data[0] == "log" and holds(t, x)]
    rest = combine([(t, c) for t, c in pairs if not holds(t, x)], (ONE, ONE))
    if len(logs) < 2 or len(logs) != sum(holds(t, x) for t, _ in pairs):
        return None
    least = min(abs(c) for _, c in logs)
    product = hadamard(*(power(u, c / least) for u, c in logs))
    return Equation(expanded(product) - apply("exp", scaled(-1 / least, rest)), x)


def _separated(node: Node, t: Node, side: int) -> Node:
    if node.op == "power" and node.is_scalar:
        return _as_exponential(node, t)
    if node.op not in ("apply", "call") or not holds(node, t):
        return node
    if node.op == "call":
        return _out_of_matrix(node, t)
    if node.data[0] == "log" and side:
        k, rest = _power_of(node.args[0], t) or (number(0), node)
        beside = scale(power(number(side), k), rest)
        return hadamard(k, apply("log", scaled(side, t))) + apply("log", beside) if node.is_scalar else node
    return _out_of_exponential(node, t) if node.data[0] == "exp" and not node.is_scalar else node


def _as_exponential(node: Node, t: Node) -> Node:
    """exp(t log(a)) for a^t"""
    pairs = factors(node)
    if not any(holds(e, t) and not holds(b, t) for b, e in pairs):
        return node
    moved = (apply("exp", hadamard(e, apply("log", b))) if holds(e, t) else power(b, e) for b, e in pairs)
    return hadamard(*moved)


def _out_of_exponential(node: Node, t: Node) -> Node:
    """exp(u + k t 1) = exp(k t) exp(u)"""
    inside = node.args[0]
    d = perturbation(t)
    slope = simplify(substitute(differential(inside, {t: d}), {d: ones(1, 1)}))
    k, rest = split_scalar(slope)
    if rest is not ones(*inside.shape) or is_number(k) is None:
        return node
    rest = substitute(inside, {t: zeros(1, 1)})
    shift = sum((c for term, c in terms(rest) if term.op == "ones"), Fraction(0))
    rest = rest - scaled(shift, ones(*rest.shape))
    return scale(apply("exp", hadamard(k, t) + number(shift)), apply("exp", rest))


def _out_of_matrix(node: Node, t: Node) -> Node:
    """f(t M) = t^p f(M) of a homogeneous function, and expm(t I + M) = exp(t) expm(M)."""
    found = _apart(node)
    return node if found is None or holds(found[1], t) else scale(*found)


def _apart(node: Node) -> tuple[Node, Node] | None:
    """The number before a function of a matrix, and that function without it."""
    if len(node.args) != 1:
        return None
    (inside,) = node.args
    if node.data[0] == "expm":
        parts = [(split_scalar(term), c) for term, c in terms(inside)]
        shifts = [scaled(c, s) for (s, rest), c in parts if rest.op == "identity"]
        others = combine([(scale(s, r), c) for (s, r), c in parts if r.op != "identity"], inside.shape)
        return (_exponential(reduce(add, shifts)), call("expm", others, shape=node.shape)) if shifts else None
    row = row_of(node.data[0])
    degree = dict(row.degree).get(row.parameters[0], "")
    s, rest = split_scalar(inside)
    if not degree or not degree.replace("/", "").lstrip("-").isdigit() or is_number(s) is not None:
        return None
    return power(s, Fraction(degree)), call(node.data[0], rest, shape=node.shape)


def _exponential(shift: Node) -> Node:
    """exp(s), with u^c for exp(c log(u))"""
    logs = [(t.args[0], c) for t, c in terms(shift) if t.op == "apply" and t.data[0] == "log"]
    rest = combine([(t, c) for t, c in terms(shift) if not (t.op == "apply" and t.data[0] == "log")], shift.shape)
    return hadamard(*(power(u, c) for u, c in logs), *([] if rest.is_zero else [apply("exp", rest)]))


def taken_out(root: Node) -> Node:
    """With numbers before functions of matrices, where that is shorter: sqrtm(C) / tr(sqrtm(C)) of sqrtm(C / tr(sqrtm(C))^2)."""
    moved = bottom_up(root, _before_function)
    if moved is root:
        return root
    apart = simplify(moved)
    return apart if cost(apart) <= LONGER * cost(root) else root


def _before_function(node: Node) -> Node:
    if node.op == "apply" and node.data[0] == "exp" and not node.is_scalar:
        return _without_logarithm(node)
    found = _apart(node) if node.op == "call" and not node.is_scalar else None
    return node if found is None or not is_positive(found[0]) else scale(*found)


def _without_logarithm(node: Node) -> Node:
    """exp(u) / s of exp(u - log(s) 1)"""
    pairs = [(*split_scalar(t), c) for t, c in terms(node.args[0])]
    logs = [(s.args[0], c) for s, r, c in pairs if r.op == "ones" and s.op == "apply" and s.data[0] == "log"]
    rest = [(scale(s, r), c) for s, r, c in pairs if not (r.op == "ones" and s.op == "apply" and s.data[0] == "log")]
    if not logs:
        return node
    return scale(hadamard(*(power(u, c) for u, c in logs)), apply("exp", combine(rest, node.shape)))


def _side_of_logarithms(root: Node, t: Node) -> int:
    """1 where all logarithms of c t^k with known c ask for t > 0, -1 where they ask for t < 0, else 0."""
    sides = set()
    for node in postorder(root):
        if node.op == "apply" and node.data[0] == "log" and node.is_scalar and holds(node, t):
            found = _power_of(node.args[0], t)
            if found is None or node.args[0] in (t, scaled(-1, t)):
                return 0
            k, rest = found
            odd = (is_number(k) or 0) % 2 == 1
            sides.add(1 if is_positive(rest) else -1 if odd and is_positive(scaled(-1, rest)) else 0)
    return sides.pop() if len(sides) == 1 else 0


def _power_of(node: Node, t: Node) -> tuple[Node, Node] | None:
    """(k, c) of c t^k"""
    c = Fraction(1)
    if node.op == "add":
        pairs = terms(node)
        if len(pairs) != 1:
            return None
        ((node, c),) = pairs
    found = [(b, e) for b, e in factors(node) if holds(b, t)]
    if len(found) != 1 or found[0][0] is not t or is_number(found[0][1]) is None:
        return None
    rest = [power(b, e) for b, e in factors(node) if b is not t]
    return found[0][1], scaled(c, hadamard(number(1), *rest))


def by_clearing(equation: Equation, solve: Solve) -> Iterator[Root]:
    """An entrywise equation times what stands below: a ./ x - b ./ (1 - x) = 0 is a (1 - x) = b x."""
    x, residual = equation.unknown, expanded(equation.residual)
    if residual.shape != x.shape:
        return
    below: dict[Node, Fraction] = {}
    for term, _ in terms(residual):
        for base, exponent in _all_factors(term):
            e = is_number(exponent)
            if e is not None and e < 0 and holds(base, x):
                below[base] = max(below.get(base, Fraction(0)), -e)
    if not below:
        return
    factor = hadamard(*(power(base, e) for base, e in below.items()))
    cleared = simplify(expanded(_times(residual, factor)))
    if not any(
        n.op == "power" and any(holds(b, x) and (is_number(e) or 0) < 0 for b, e in factors(n))
        for n in postorder(cleared)
    ):
        yield from solve(Equation(cleared, x))


def by_dropping(equation: Equation, solve: Solve) -> Iterator[Root]:
    """Without factors that are never 0: k^(b - 1) (k - c) = 0 with k > 0 is k - c = 0."""
    x, residual = equation.unknown, equation.residual
    pairs = _all_factors(residual)
    left = [(b, e) for b, e in pairs if not (is_positive(b) or is_number(b) or (is_number(e) or 0) < 0)]
    dropped = any(holds(b, x) or holds(e, x) for b, e in pairs if (b, e) not in left)
    if dropped and len(left) == 1 and residual.shape == x.shape:
        yield from solve(Equation(left[0][0], x))


def _all_factors(term: Node) -> list[tuple[Node, Node]]:
    s, rest = split_scalar(term)
    return [*factors(s), *factors(rest)]


def _times(total: Node, factor: Node) -> Node:
    return combine(((hadamard(term, factor), c) for term, c in terms(total)), total.shape)
