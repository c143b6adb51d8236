"""Exponentials, logistic and trigonometric functions, signs."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import partial
from itertools import pairwise

from matcalc.errors import DomainError
from matcalc.expr import (
    Index,
    Node,
    apply,
    at,
    call,
    chain,
    combine,
    diag,
    factors,
    hadamard,
    in_order,
    is_number,
    matmul,
    multiply,
    number,
    ones,
    power,
    reindex,
    scale,
    scaled,
    terms,
    transpose,
)
from matcalc.simplify.cost import cost
from matcalc.simplify.lifting import lifted
from matcalc.simplify.patterns import both_sides

__all__ = [
    "entry_of_softmax",
    "log_sum_exp",
    "logarithm_of_softmax",
    "pythagoras",
    "quotient_by_root_of_power",
    "quotient_of_functions",
    "sigmoid_complement",
    "sigmoid_from_exponentials",
    "sign_times_absolute",
    "softmax_from_exponentials",
    "softmax_of_rows",
    "softplus_from_logarithm",
    "step_times_positive_part",
    "total_of_softmax",
    "unit_times_column",
]


def log_sum_exp(node: Node) -> Node | None:
    """log(1^T exp(u)) = logsumexp(u), log(Σ_i exp(u_i)) = logsumexp(u)"""
    if node.data[0] != "log" or not node.is_scalar:
        return None
    u = _sum_of_exponentials(node.args[0])
    return None if u is None or cost(u) > cost(node.args[0]) else call("logsumexp", u, shape=node.shape)


def _sum_of_exponentials(node: Node) -> Node | None:
    """u with node = 1^T exp(u), for a column u."""
    if node.op == "total" and len(node.data) == 1:
        (term,) = node.args
        return lifted(term.args[0], node.data[0]) if term.op == "apply" and term.data[0] == "exp" else None
    if node.op != "matmul" or len(node.args) != 2:
        return None
    left, right = transpose(node.args[0]), node.args[1]
    if left.op != "ones":
        left, right = right, left
    return right.args[0] if left.op == "ones" and right.op == "apply" and right.data[0] == "exp" else None


def softmax_from_exponentials(node: Node) -> Node | None:
    """exp(u) / (1^T exp(u)) = softmax(u)"""
    s, m = node.args
    if not (m.op == "apply" and m.data[0] == "exp" and m.is_column):
        return None
    total = matmul(transpose(ones(m.rows)), m)
    if (total, number(-1)) not in factors(s):
        return None
    return scale(hadamard(s, total), call("softmax", m.args[0], shape=m.shape))


def entry_of_softmax(node: Node) -> Node | None:
    """exp(u_k) / Σ_i exp(u_i) = e_k^T softmax(u)"""
    pairs = list(factors(node))
    exponentials = [b for b, e in pairs if b.op == "apply" and b.data[0] == "exp" and is_number(e) == 1]
    for base, exponent in pairs if exponentials and node.is_scalar else ():
        e = is_number(exponent)
        if base.op != "total" or e is None or e.denominator != 1 or e > -1:
            continue
        u = _sum_of_exponentials(base)
        place = None if u is None else _place_of(exponentials[0], base)
        if u is not None and place is not None and cost(u) <= cost(base):
            rest = [power(*p) for p in pairs if p[0] not in (base, exponentials[0])]
            entry = matmul(transpose(at(place)), call("softmax", u, shape=u.shape))
            return hadamard(entry, power(base, e + 1), *rest)
    return None


def _place_of(term: Node, sum_: Node) -> Index | None:
    """k where a term is that of the sum over i with k in place of i."""
    places = (k for k in in_order(term.free) if k.size == sum_.data[0].size)
    return next((k for k in places if _is_member(sum_, k, term)), None)


def _is_member(sum_: Node, place: Index, term: Node) -> bool:
    try:
        return reindex(sum_.args[0], {sum_.data[0]: place}) is term
    except DomainError:  # there is none of i = j in 1 / (x_i - x_j)
        return False


def softmax_of_rows(node: Node) -> Node | None:
    """diag(v ⊘ (exp(Z) 1)) exp(Z) = diag(v) softmax(Z), with the softmax of every row; of columns likewise"""
    return both_sides(node, _softmax_of_rows)


def _softmax_of_rows(left: Node, right: Node) -> Node | None:
    if left.op != "diag" or right.op != "apply" or right.data[0] != "exp" or right.is_column:
        return None
    (z,), total = right.args, matmul(right, ones(right.cols))
    if (total, number(-1)) not in factors(left.args[0]):
        return None
    rows = call("softmax", z, static=(2,), shape=z.shape)
    if z.op == "transpose":
        rows = transpose(call("softmax", z.args[0], static=(1,), shape=z.args[0].shape))
    return multiply(diag(hadamard(left.args[0], total)), rows)


def softplus_from_logarithm(node: Node) -> Node | None:
    """log(1 + exp(u)) = softplus(u)"""
    if node.data[0] != "log":
        return None
    u = _one_plus_exp(node.args[0])
    return None if u is None else apply("softplus", u)


def _one_plus_exp(node: Node) -> Node | None:
    """u with node = 1 + exp(u)."""
    if node.op != "add" or len(node.args) != 2 or node.data != (1, 1):
        return None
    one, other = node.args
    if one.op != "ones":
        one, other = other, one
    return other.args[0] if one.op == "ones" and other.op == "apply" and other.data[0] == "exp" else None


def sigmoid_from_exponentials(node: Node) -> Node | None:
    """exp(u) / (1 + exp(u)) = sigmoid(u), 1 / (1 + exp(u)) = sigmoid(-u)"""
    pairs = list(factors(node))
    for base, exponent in pairs:
        u, e = _one_plus_exp(base), is_number(exponent)
        if u is None or e is None or e.denominator != 1 or e >= 0:
            continue
        argument, rest = _exponential_factor(pairs, u)
        result = apply("sigmoid", u if argument is not None else scaled(-1, u))
        others = [power(b, f) for b, f in rest if b is not base]
        left_over = [power(base, e + 1)] if e != -1 else []
        return hadamard(result, *left_over, *others)
    return None


def _exponential_factor(pairs: list[tuple[Node, Node]], u: Node) -> tuple[Node | None, list[tuple[Node, Node]]]:
    """(exp(u), the other factors) where exp(u) is a factor, else (None, all)."""
    for i, (b, e) in enumerate(pairs):
        if b.op == "apply" and b.data[0] == "exp" and is_number(e) == 1 and b.args[0] is u:
            return b, pairs[:i] + pairs[i + 1 :]
    return None, pairs


def sigmoid_complement(node: Node) -> Node | None:
    """1 - sigmoid(u) = sigmoid(-u)

    r - r ⊙ sigmoid(u) = r ⊙ sigmoid(-u), r ⊙ sigmoid(u) + r ⊙ sigmoid(-u) = r
    """
    pairs = dict(terms(node))
    for term, c in pairs.items():
        found = _sigmoid_factor(term)
        if found is None:
            continue
        u, put = found
        whole, other = put(ones(*u.shape)), put(apply("sigmoid", scaled(-1, u)))
        for partner, k, instead in ((other, c, whole), (whole, -c, other)):
            if partner is not term and pairs.get(partner) == k:
                rest = [(t, e) for t, e in pairs.items() if t is not term and t is not partner]
                return combine([*rest, (instead, k)], node.shape)
    return None


def _sigmoid_factor(term: Node) -> tuple[Node, Callable[[Node], Node]] | None:
    """(u, put) with term = put(sigmoid(u)), where put multiplies by what else is in the term."""
    if term.op == "scale" and (found := _sigmoid_factor(term.args[1])) is not None:
        u, put = found
        return u, lambda x: scale(term.args[0], put(x))
    links = chain(term)
    if len(links) > 1 and (found := _sigmoid_factor(links[-1])) is not None:
        u, put = found
        return u, lambda x: matmul(*links[:-1], put(x))
    for base, e in factors(term):
        if base.op == "apply" and base.data[0] == "sigmoid" and is_number(e) == 1:
            rest = tuple(power(b, f) for b, f in factors(term) if b is not base)
            return base.args[0], partial(_times, rest)
    return None


def _times(rest: tuple[Node, ...], x: Node) -> Node:
    return hadamard(x, *rest)


#: (f, g) -> h with f(u) / g(u) = h(u)
QUOTIENTS = {("sinh", "cosh"): "tanh", ("sin", "cos"): "tan"}


def quotient_of_functions(node: Node) -> Node | None:
    """sinh(u) / cosh(u) = tanh(u), sin(u) / cos(u) = tan(u)"""
    pairs = list(factors(node))
    functions = [(b, e) for b, e in pairs if b.op == "apply" and b.data[0] in ("sinh", "cosh", "sin", "cos")]
    for above, e in functions:
        for below, f in functions:
            if above.args != below.args:
                continue
            name = QUOTIENTS.get((above.data[0], below.data[0]))
            k, j = is_number(e), is_number(f)
            if name is None or k is None or j is None or not k > 0 > j or k.denominator != 1 or j.denominator != 1:
                continue
            times = min(k, -j)
            rest = [power(b, g) for b, g in pairs if b not in (above, below)]
            quotient = power(apply(name, *above.args), times)
            return hadamard(quotient, power(above, k - times), power(below, j + times), *rest)
    return None


def quotient_by_root_of_power(node: Node) -> Node | None:
    """x^(p + r) / (x^p)^(1/2) = x^r (x^p)^(1/2), x^2 / (x^3)^(1/2) = x^(1/2)"""
    pairs = dict(factors(node))
    for base, e in pairs.items():
        q = is_number(e)
        if base.op != "power" or q is None or q >= 0 or q.denominator == 1:
            continue
        inside = dict(factors(base))
        if all(b in pairs and is_number(pairs[b] - f) is not None for b, f in inside.items()):
            rest = [power(b, f) for b, f in pairs.items() if b is not base and b not in inside]
            beside = [power(b, pairs[b] - f) for b, f in inside.items()]
            return hadamard(*rest, *beside, _root_of_power(inside, q + 1) or power(base, q + 1))
    return None


def _root_of_power(inside: dict[Node, Node], q: Fraction) -> Node | None:
    """(x^3)^(1/2) = x^(3/2): both have a value where x is not negative"""
    ((base, exponent), *others) = inside.items()
    f = is_number(exponent)
    if others or f is None or f.denominator != 1 or f % 2 == 0 or (f * q).denominator == 1:
        return None
    return power(base, f * q)


def total_of_softmax(node: Node) -> Node | None:
    """1^T softmax(u) = 1, softmax(Z) 1 = 1 of rows"""
    links = list(chain(node))
    for i, (left, right) in enumerate(pairwise(links)):
        if right.op == "ones" and right.is_column and _sums_to_one(left):
            return matmul(*links[:i], ones(left.rows), *links[i + 2 :])
        if transpose(left).op == "ones" and transpose(left).is_column and _sums_to_one(transpose(right)):
            return matmul(*links[:i], transpose(ones(right.cols)), *links[i + 2 :])
    return None


def _sums_to_one(node: Node) -> bool:
    """Whether each row has the sum 1: the softmax of rows, the transposed one of a column or of columns."""
    turned = transpose(node)
    rows = node.op == "call" and node.data == ("softmax", 2)
    column = turned.op == "call" and turned.data == ("softmax",) and turned.is_column
    return rows or column or (turned.op == "call" and turned.data == ("softmax", 1))


def unit_times_column(node: Node) -> Node | None:
    """e_i ⊙ v = v_i e_i"""
    pairs = list(factors(node))
    unit = next((b for b, e in pairs if b.op == "unit" and (k := is_number(e)) is not None and k > 0), None)
    rest = [power(b, e) for b, e in pairs if b is not unit]
    if unit is None or not rest or not node.is_column:
        return None
    return scale(matmul(transpose(unit), hadamard(*rest)), unit)


def step_times_positive_part(node: Node) -> Node | None:
    """step(u) ⊙ max(u, 0) = max(u, 0), step(u) ⊙ u = max(u, 0), step(u)^2 = step(u)"""
    pairs = list(factors(node))
    for base, exponent in pairs:
        k = is_number(exponent)
        if base.op != "apply" or base.data[0] != "step" or k is None or k.denominator != 1 or k < 1:
            continue
        rest = [power(b, e) for b, e in pairs if b is not base]
        if any((e := is_number(f)) is not None and e > 0 and _positive_part(b) is base.args[0] for b, f in pairs):
            return hadamard(*rest)
        if k > 1:
            return hadamard(base, *rest)
        if (u := base.args[0], number(1)) in pairs:
            return hadamard(apply("relu", u), *(power(b, e) for b, e in pairs if b not in (base, u)))
    return None


def _positive_part(node: Node) -> Node | None:
    """u with node = max(u, 0)."""
    if node.op != "apply" or node.data[0] not in ("relu", "max"):
        return None
    others = [a for a in node.args if not a.is_zero]
    return others[0] if len(others) == 1 else None


def logarithm_of_softmax(node: Node) -> Node | None:
    """log(softmax(u)) = u - logsumexp(u) 1"""
    inside = node.args[0]
    if node.data[0] != "log" or inside.op != "call" or inside.data != ("softmax",) or not inside.is_column:
        return None
    (u,) = inside.args
    return u - scale(call("logsumexp", u, shape=number(1).shape), ones(u.rows))


def pythagoras(node: Node) -> Node | None:
    """sin(u)^2 + cos(u)^2 = 1"""
    squares = {
        (t.args[0].data[0], t.args[0].args[0]): (t, c)
        for t, c in terms(node)
        if t.op == "power" and len(t.args) == 2 and is_number(t.args[1]) == 2 and t.args[0].op == "apply"
    }
    for (name, u), (sine, c) in squares.items():
        found = squares.get(("cos", u)) if name == "sin" else None
        if found is not None and found[1] == c:
            rest = [(t, k) for t, k in terms(node) if t is not sine and t is not found[0]]
            return combine([*rest, (ones(*node.shape), c)], node.shape)
    return None


def sign_times_absolute(node: Node) -> Node | None:
    """sign(u) ⊙ |u|^k = u^k and sign(u) ⊙ u^k = |u|^k for odd k; both are u ⊙ |u|^(k-1) for even k

    Also sign(u)^2 ⊙ |u|^k = |u|^k for k != 0.
    """
    pairs = list(factors(node))
    for b, e in pairs:
        if b.op != "apply" or b.data[0] != "sign" or is_number(e) not in (1, 2):
            continue
        u = b.args[0]
        for other, f in pairs:
            k = is_number(f)
            if not k or other not in (u, apply("abs", u)):
                continue
            rest = [power(*pair) for pair in pairs if pair[0] not in (b, other)]
            if is_number(e) == 2:
                return hadamard(power(other, k), *rest)
            if k.denominator != 1:
                continue
            if k % 2:
                return hadamard(power(u if other is not u else apply("abs", u), k), *rest)
            return hadamard(u, power(apply("abs", u), k - 1), *rest)
    return None
