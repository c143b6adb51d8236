"""Functions of real numbers brought to common ground, for proofs: exponentials, log|u|, |u|, sines and cosines.

Each rule holds wherever its left side is defined. A logarithm is written ``log|u|``, a root ``|u|^(1/2)``: where
``log(u)`` is defined they agree, and then products may be taken apart whatever the signs of their factors are.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from matcalc.expr import (
    Node,
    apply,
    bottom_up,
    combine,
    constant,
    content,
    det,
    diag,
    divide,
    factors,
    hadamard,
    is_number,
    matmul,
    number,
    ones,
    power,
    scale,
    scaled,
    terms,
    transpose,
)
from matcalc.expr.canonical.piecewise import spread

__all__ = [
    "exponential_of_logarithms",
    "exponential_of_shift",
    "gamma_of_shift",
    "in_exponentials",
    "squared_cosine",
    "without_choices",
    "written_out",
]

HALF = Fraction(1, 2)
#: Γ(x + k) is brought back to Γ(x) for k up to this.
LONGEST_SHIFT = 12


def _e(u: Node, factor: int = 1) -> Node:
    return apply("exp", scaled(factor, u))


def _one(u: Node) -> Node:
    return ones(*u.shape)


def _log(u: Node) -> Node:
    return apply("log", u)


def _root(u: Node) -> Node:
    return power(u, HALF)


def _absolute(u: Node) -> Node:
    return apply("abs", u)


def _softplus(u: Node) -> Node:
    """log(1 + e^u), where u has a negative sign as u + log(1 + e^-u)"""
    if content(u)[0] < 0:
        return u + _log(_one(u) + _e(u, -1))
    return _log(_one(u) + _e(u))


# fmt: off
#: Functions that are exponentials and logarithms.
DEFINITIONS: dict[str, Callable[..., Node]] = {
    "sigmoid":  lambda u: divide(_e(u), _one(u) + _e(u)),                        # e^u / (1 + e^u)
    "tanh":     lambda u: divide(_e(u, 2) - _one(u), _e(u, 2) + _one(u)),        # (e^2u - 1) / (e^2u + 1)
    "sinh":     lambda u: scaled(HALF, _e(u) - _e(u, -1)),                       # (e^u - e^-u) / 2
    "cosh":     lambda u: scaled(HALF, _e(u) + _e(u, -1)),                       # (e^u + e^-u) / 2
    "softplus": lambda u: _softplus(u),                                          # log(1 + e^u)
    "expm1":    lambda u: _e(u) - _one(u),                                       # e^u - 1
    "logcosh":  lambda u: _log(scaled(HALF, _e(u) + _e(u, -1))),                 # log((e^u + e^-u) / 2)
    "log1mexp": lambda u: _log(_one(u) - _e(u)),                                 # log(1 - e^u)
    "bose":     lambda u: power(_e(u) - _one(u), -1),                            # 1 / (e^u - 1)
    "log1p":    lambda u: _log(_one(u) + u),                                     # log(1 + u)
    "silu":     lambda u: hadamard(u, divide(_e(u), _one(u) + _e(u))),           # u sigmoid(u)
    "asinh":    lambda u: _log(u + _root(_one(u) + power(u, 2))),                # log(u + (u^2 + 1)^(1/2))
    "acosh":    lambda u: _log(u + _root(power(u, 2) - _one(u))),                # log(u + (u^2 - 1)^(1/2))
    "atanh":    lambda u: scaled(HALF, _log(_one(u) + u) - _log(_one(u) - u)),   # (log(1 + u) - log(1 - u)) / 2
}

#: Functions that are others, exactly.
OTHERS: dict[str, Callable[..., Node]] = {
    "erfc":     lambda u: _one(u) - apply("erf", u),                             # 1 - erf(u)
    "relu":     lambda u: scaled(HALF, u + _absolute(u)),                        # (u + |u|) / 2
    "max":      lambda u, v: scaled(HALF, _sum(u, v) + _absolute(_sum(u, scaled(-1, v)))),                # (u + v + |u - v|) / 2
    "min":      lambda u, v: scaled(HALF, _sum(u, v) - _absolute(_sum(u, scaled(-1, v)))),                # (u + v - |u - v|) / 2
    "cbrt":     lambda u: hadamard(apply("sign", u), power(_absolute(u), Fraction(1, 3))),                # sign(u) |u|^(1/3)
    "tan":      lambda u: divide(apply("sin", u), apply("cos", u)),              # sin(u) / cos(u)
    "step":     lambda u: _above(u),                                             # (sign(u) + sign(u)^2) / 2
    "greater":  lambda u, v: _above(_sum(u, scaled(-1, v))),                     # step(u - v)
    "at_least": lambda u, v: _negation(_above(_sum(v, scaled(-1, u)))),          # 1 - step(v - u)
    "equals":   lambda u, v: _negation(_apart(_sum(u, scaled(-1, v)))),          # 1 - sign(u - v)^2
    "differs":  lambda u, v: _apart(_sum(u, scaled(-1, v))),                     # sign(u - v)^2
    "beta":     lambda u, v: divide(hadamard(apply("gamma", u), apply("gamma", v)), apply("gamma", _sum(u, v))),   # Γ(u) Γ(v) / Γ(u + v)
    "logaddexp": lambda u, v: _log(_sum(apply("exp", u), apply("exp", v))),      # log(e^u + e^v)
    "log_ndtr": lambda u: _log(scaled(HALF, _normal_tail(u))),                   # log(erfc(-u / 2^(1/2)) / 2)
    "inverse_mills": lambda u: scale(_density(), divide(apply("exp", scaled(-HALF, power(u, 2))), _normal_tail(u))),
    "huber":    lambda u, c: _huber(u, spread(c, u.shape)),                      # u^2 / 2 where |u| <= c, else c |u| - c^2 / 2
    "acos":     lambda u: scale(scaled(HALF, constant("pi")), _one(u)) - apply("asin", u),                # π/2 - asin(u)
}
# fmt: on


def _normal_tail(u: Node) -> Node:
    """erfc(-u / 2^(1/2)), twice the normal distribution function"""
    return apply("erfc", scaled(-1, scale(power(number(2), -HALF), u)))


def _density() -> Node:
    """(2 / π)^(1/2)"""
    return divide(power(number(2), HALF), power(constant("pi"), HALF))


def _huber(u: Node, c: Node) -> Node:
    size = _absolute(u)
    outside = hadamard(c, size) - scaled(HALF, power(c, 2))
    return apply("where", apply("at_least", c, size), scaled(HALF, power(u, 2)), outside)


def _above(u: Node) -> Node:
    """1 where u > 0, else 0"""
    sign = apply("sign", u)
    return scaled(HALF, sign + power(sign, 2))


def _apart(u: Node) -> Node:
    """1 where u != 0, else 0"""
    return power(apply("sign", u), 2)


def _negation(indicator: Node) -> Node:
    return _one(indicator) - indicator


def without_choices(root: Node) -> Node:
    """where(c, a, b) = c ⊙ a + (1 - c) ⊙ b, where both branches are finite"""
    return bottom_up(root, lambda node: _by_products(node) or node)


def _by_products(node: Node) -> Node | None:
    if node.op != "apply" or node.data[0] != "where":
        return None
    c, a, b = (spread(x, node.shape) for x in node.args)
    return hadamard(c, a) + hadamard(_one(c) - c, b)


def _sum(u: Node, v: Node) -> Node:
    """u + v, where one of them may be a scalar beside an array."""
    if u.shape == v.shape:
        return u + v
    return scale(u, _one(v)) + v if u.is_scalar else u + scale(v, _one(u))


def in_exponentials(root: Node) -> Node:
    """The same value with these functions written out by exp and log."""
    return bottom_up(root, lambda node: _by_exponentials(node) or node)


def written_out(node: Node) -> Node | None:
    """tanh(u) = (e^2u - 1) / (e^2u + 1), …: see the table of definitions"""
    if node.op == "apply" and node.data[0] in OTHERS and len(node.args) == OTHERS[node.data[0]].__code__.co_argcount:
        return OTHERS[node.data[0]](*node.args)
    return _by_exponentials(node)


def _by_exponentials(node: Node) -> Node | None:
    if node.op == "apply" and node.data[0] in DEFINITIONS:
        return DEFINITIONS[node.data[0]](node.args[0])
    if node.op != "call":
        return None
    u = node.args[0] if node.args else node
    match node.data:
        case ("softmax",) if u.is_column:
            return scale(power(_total(u), -1), _e(u))
        case ("softmax_all",):
            return scale(power(_total(u), -1), _e(u))
        case ("logsumexp",):
            return _log(_total(u))
        case ("softmax", 2):
            return matmul(diag(power(_row_sums(u), -1)), _e(u))
        case ("softmax", 1):
            return matmul(_e(u), diag(power(_row_sums(transpose(u)), -1)))
        case ("logsoftmax_rows",):
            return u - matmul(_log(_row_sums(u)), transpose(ones(u.cols)))
    return None


def _row_sums(u: Node) -> Node:
    """exp(U) 1"""
    return matmul(_e(u), ones(u.cols))


def _total(u: Node) -> Node:
    """1^T exp(U) 1"""
    total = _e(u)
    if not u.rows.is_one:
        total = matmul(transpose(ones(u.rows)), total)
    return matmul(total, ones(u.cols)) if not u.cols.is_one else total


# --- exponentials and logarithms ----------------------------------------------------------------


def exponential_of_logarithms(node: Node) -> Node | None:
    """exp(s log|u| + v) = |u|^s exp(v), exp(logdet(X)) = |det(X)|"""
    if node.data[0] != "exp":
        return None
    kept, taken = [], []
    for term, c in terms(node.args[0]):
        found = _logarithmic_term(term)
        if found is None:
            kept.append((term, c))
        else:
            base, k = found
            taken.append(power(base, scaled(c, k)))
    if not taken:
        return None
    return hadamard(_one(node), *taken, apply("exp", combine(kept, node.shape)))


def exponential_of_shift(node: Node) -> Node | None:
    """exp(u + s 1) = e^s exp(u)"""
    if node.data[0] != "exp" or node.is_scalar:
        return None
    constant_terms = [
        (t.args[0], c) for t, c in terms(node.args[0]) if t.op == "scale" and t.args[1].op == "ones"
    ] + [(number(1), c) for t, c in terms(node.args[0]) if t.op == "ones"]  # fmt: skip
    rest = [
        (t, c) for t, c in terms(node.args[0]) if t.op != "ones" and not (t.op == "scale" and t.args[1].op == "ones")
    ]
    if not constant_terms:
        return None
    shift = combine(constant_terms, number(1).shape)
    return scale(apply("exp", shift), apply("exp", combine(rest, node.shape)))


def _logarithmic_term(term: Node) -> tuple[Node, Node] | None:
    """(|b|, s) with term = s log|b|."""
    s, body = (term.args[0], term.args[1]) if term.op == "scale" else (number(1), term)
    if not body.is_scalar and (found := _under_logarithm(body)) is not None:
        return found, s
    scalar = s if body.op == "ones" and not body.is_scalar else body if body.is_scalar else number(1)
    for base, e in factors(scalar):
        if is_number(e) == 1 and (found := _under_logarithm(base)) is not None:
            return found, hadamard(number(1), *(power(b, f) for b, f in factors(scalar) if b is not base))
    return None


def _under_logarithm(node: Node) -> Node | None:
    if node.op == "apply" and node.data[0] == "log":
        return _absolute(node.args[0])
    if node.op == "logdet":
        return _absolute(det(node.args[0]))
    return None


def gamma_of_shift(node: Node) -> Node | None:
    """lgamma(u + 1) = log|u| + lgamma(u), gamma(u + 1) = u gamma(u), digamma(u + 1) = digamma(u) + 1 / u"""
    if node.data[0] not in ("lgamma", "gamma", "digamma"):
        return None
    (u,) = node.args
    shift = next((c for t, c in terms(u) if t.op == "ones"), Fraction(0))
    if len(terms(u)) < 2 or not 1 <= shift <= LONGEST_SHIFT:
        return None
    before = u - _one(u)
    if node.data[0] == "gamma":
        return hadamard(before, apply("gamma", before))
    step = _log(_absolute(before)) if node.data[0] == "lgamma" else power(before, -1)
    return apply(node.data[0], before) + step


# --- sines and cosines --------------------------------------------------------------------------


def squared_cosine(node: Node) -> Node | None:
    """cos(u)^2 = 1 - sin(u)^2"""
    for b, e in factors(node):
        k = is_number(e)
        if b.op == "apply" and b.data[0] == "cos" and k is not None and k.denominator == 1 and 2 <= k <= 8:
            square = _one(b) - power(apply("sin", b.args[0]), 2)
            others = [power(x, f) for x, f in factors(node) if x is not b]
            return hadamard(power(square, k // 2), power(b, k % 2), *others)
    return None
