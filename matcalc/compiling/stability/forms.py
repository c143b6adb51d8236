"""The table of stable forms, and where they are applied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from matcalc.calculus import Derived, derive, with_shares, without_shares
from matcalc.compiling.stability.exponents import powers_joined, vanishing_product
from matcalc.compiling.stability.lengths import logarithm_of_squares, power_of_length, pseudoinverse_of_vector
from matcalc.compiling.stability.logarithms import exponentials, log_of
from matcalc.compiling.stability.near_zero import with_series
from matcalc.compiling.stability.polynomials import factored_polynomials
from matcalc.compiling.stability.probabilities.left_out import with_relations
from matcalc.compiling.stability.probabilities.partial_sums import exponentials_below_one
from matcalc.compiling.stability.probabilities.shares import (
    numbers_before_one_array,
    share_of_total,
    sum_of_shares,
    with_share,
)
from matcalc.compiling.stability.probabilities.softmax import (
    deviations_as_factor,
    logarithm_of_softmax,
    mean_under_softmax,
    moment_under_softmax,
)
from matcalc.compiling.stability.removable import (
    difference_of_sigmoids,
    difference_of_softplus,
    logarithm_of_root,
    quotient_of_powers,
    residual_of_sigmoid,
    root_less_one,
)
from matcalc.compiling.stability.signed import quotient_with_signs
from matcalc.compiling.stability.tails import complement_of_erf, excess_of_mills, mills_ratio
from matcalc.errors import MatcalcError
from matcalc.expr import (
    Node,
    Rewrite,
    apply,
    chain,
    combine,
    diag,
    factors,
    hadamard,
    is_number,
    matmul,
    number,
    ones,
    postorder,
    power,
    scale,
    scaled,
    terms,
    variables,
)
from matcalc.expr.facts import is_positive
from matcalc.objects.derivatives import Derivative
from matcalc.simplify.patterns import both_sides
from matcalc.simplify.recorder import Rule, by_operator

__all__ = ["STABLE_FORMS", "stable", "stable_function", "stable_output"]


def logarithm(node: Node) -> Node | None:
    """log(e^u + e^v) = max(u, v) + log(1 + e^-|u - v|), log(sigmoid(u)) = -softplus(-u), …"""
    return log_of(node.args[0]) if node.data[0] == "log" else None


def logarithm_beside_one(node: Node) -> Node | None:
    """log(1 + u) = log1p(u)"""
    pairs = terms(node.args[0]) if node.data[0] == "log" else ()
    rest = [(t, c) for t, c in pairs if t.op != "ones"]
    if len(rest) == len(pairs) or len(pairs) < 2 or not any(t.op == "ones" and c == 1 for t, c in pairs):
        return None
    return apply("log1p", combine(rest, node.shape))


def exponential_less_one(node: Node) -> Node | None:
    """e^u - 1 = expm1(u)"""
    pairs = dict(terms(node))
    one = next((t for t in pairs if t.op == "ones"), None)
    if one is None:
        return None
    for term, c in pairs.items():
        if term.op == "apply" and term.data[0] == "exp" and pairs[one] == -c:
            rest = [(t, k) for t, k in pairs.items() if t is not one and t is not term]
            return combine([*rest, (apply("expm1", term.args[0]), c)], node.shape)
    return None


def cosine_less_one(node: Node) -> Node | None:
    """1 - cos(u) = 2 sin(u/2)^2"""
    pairs = dict(terms(node))
    one = next((t for t in pairs if t.op == "ones"), None)
    if one is None:
        return None
    for term, c in pairs.items():
        if term.op == "apply" and term.data[0] in ("cos", "cosh") and pairs[one] == -c:
            rest = [(t, k) for t, k in pairs.items() if t is not one and t is not term]
            name, sign = ("sin", -2) if term.data[0] == "cos" else ("sinh", 2)
            half = apply(name, scaled(Fraction(1, 2), term.args[0]))
            return combine([*rest, (power(half, 2), sign * c)], node.shape)
    return None


def quotient_by_expm1(node: Node) -> Node | None:
    """1 / (e^u - 1) as one function, e^u / (e^u - 1) = 1 / (1 - e^-u)"""
    pairs = list(factors(node))
    for base, exponent in pairs:
        e = is_number(exponent)
        if not (base.op == "apply" and base.data[0] == "expm1" and e is not None and e.denominator == 1 and e < 0):
            continue
        u = base.args[0]
        k = _multiple_in_exponent(pairs, u)
        k = k if k <= -e else 0
        rest = [power(b, f) for b, f in pairs if b is not base and not (k and _is_exp(b))]
        left, right = apply("bose", scaled(-1, u)), apply("bose", u)
        return hadamard(*rest, scaled((-1) ** k, power(left, k)), power(right, -e - k))
    return None


def _is_exp(node: Node) -> bool:
    return node.op == "apply" and node.data[0] == "exp"


def _multiple_in_exponent(pairs: Sequence[tuple[Node, Node]], u: Node) -> int:
    """k where exp(k u) is the exponential among the factors, else 0."""
    found = next((b.args[0] for b, e in pairs if _is_exp(b) and is_number(e) == 1), None)
    return next((k for k in range(1, 5) if found is scaled(k, u)), 0)


def quotient_by_exponentials(node: Node) -> Node | None:
    """w ⊙ e^u / Σ p e^u, with the largest u taken off above and below"""
    scalar, body = node.args if node.op == "scale" else (node, None)
    for base, exponent in factors(scalar):
        e, found = is_number(exponent), exponentials(base)
        if e is None or e.denominator != 1 or e >= 0 or found is None:
            continue
        left = hadamard(number(1), *(power(b, f) for b, f in factors(scalar) if b is not base))
        u, share, again = found.exponents, found.share(), power(base, e + 1)
        if body is not None and (inside := with_share(body, u, share)) is not None:
            return scale(hadamard(left, again), inside)
        if not found.rows and (inside := with_share(left, u, share)) is not None:
            return hadamard(inside, again) if body is None else scale(hadamard(inside, again), body)
    return _by_logarithm(node)


def softmax_of_rows(node: Node) -> Node | None:
    """diag(1 ./ (e^U 1)) e^U = softmax of each row of U, and so for columns"""
    return both_sides(node, _divided_rows)


def _divided_rows(left: Node, right: Node) -> Node | None:
    if left.op != "diag":
        return None
    for base, exponent in factors(left.args[0]):
        found = exponentials(base) if is_number(exponent) == -1 else None
        inside = with_share(right, found.exponents, found.share(), 0) if found is not None and found.rows else None
        if inside is not None:
            rest = [power(b, e) for b, e in factors(left.args[0]) if b is not base]
            return matmul(diag(hadamard(*rest)), inside) if rest else inside
    return None


def quotient_by_totals_of_rows(node: Node) -> Node | None:
    """e^U ./ (e^U 1 1^T) = softmax of each row of U"""
    pairs = factors(node)
    for base, exponent in pairs:
        links = chain(base)
        if is_number(exponent) != -1 or len(links) < 3 or links[-1].upright.op != "ones":
            continue
        found = exponentials(matmul(*links[:-1]))
        rest = hadamard(*(power(b, e) for b, e in pairs if b is not base)) if len(pairs) > 1 else None
        if found is not None and found.rows and rest is not None:
            return with_share(rest, found.exponents, found.share(), 0)
    return None


SUMS = ("add", "matmul", "trace", "total")


def _by_logarithm(node: Node) -> Node | None:
    """e^a / S^k = exp(a - k log(S)), for a sum S of exponentials; another such sum in place of e^a"""
    scalar, body = node.args if node.op == "scale" else (node, None)
    above = factors(body if body is not None else scalar)
    for base, exponent in factors(scalar):
        e = is_number(exponent)
        if e is None or e >= 0 or base.op not in SUMS:
            continue
        top, below = _top(above, base), log_of(base) if is_positive(base) else None
        if top is None or below is None:
            continue
        shift = scaled(e, below)
        shift = scale(shift, ones(*top[1].shape)) if shift.shape != top[1].shape else shift
        settled_ = apply("exp", top[1] + shift)
        rest = [power(b, f) for b, f in factors(scalar) if b is not base and b is not top[0]]
        if body is None:
            return hadamard(settled_, *rest)
        inside = hadamard(settled_, *(power(b, f) for b, f in factors(body) if b is not top[0]))
        return scale(hadamard(number(1), *rest), inside)
    return None


def _top(pairs: Sequence[tuple[Node, Node]], base: Node) -> tuple[Node, Node] | None:
    """An exponential, or a sum of them, with a positive power among the factors, and the logarithm of that power."""
    for kinds in (("apply",), SUMS):
        for b, exponent in pairs:
            e = is_number(exponent)
            if b is base or b.op not in kinds or e is None or e <= 0 or not (_is_exp(b) or is_positive(b)):
                continue
            inside = log_of(b)
            if inside is not None:
                return b, scaled(e, inside)
    return None


# fmt: off
#: Tried in this order on every node of the operator, from the leaves up. Each is a true identity.
STABLE_FORMS: tuple[Rule, ...] = (
    Rule("logarithm of exponentials", ("apply",), "log(e^u + e^v) = max(u, v) + log(1 + e^-|u - v|)", "Blanchard, Higham & Higham 2021", logarithm),
    Rule("logarithm beside 1",       ("apply",),  "log(1 + u) = log1p(u)",                 "DLMF 4.6.1",  logarithm_beside_one),
    Rule("exponential less 1",       ("add",),    "e^u - 1 = expm1(u)",                    "definition",  exponential_less_one),
    Rule("cosine less 1",            ("add",),    "1 - cos(u) = 2 sin(u/2)^2",             "DLMF 4.21.10", cosine_less_one),
    Rule("complement of erf",        ("add",),    "1 - erf(u) = erfc(u)",                  "DLMF 7.2.2",  complement_of_erf),
    Rule("Mills ratio",              ("power",),  "e^(-u^2) / erfc(u) = (π / 2)^(1/2) φ(x) / Φ(x) for x = -2^(1/2) u", "DLMF 7.8", mills_ratio),
    Rule("difference of softplus",   ("add",),    "softplus(u) - softplus(-u) = u",        "definition",  difference_of_softplus),
    Rule("logarithm of a root",      ("apply",),  "log(u + (u^2 + 1)^(1/2)) = asinh(u)",   "DLMF 4.37.16", logarithm_of_root),
    Rule("quotient by expm1",        ("power",),  "e^u / (e^u - 1) = 1 / (1 - e^-u)",      "definition",  quotient_by_expm1),
    Rule("quotient by exponentials", ("power", "scale"), "e^a / Σ e^u = e^(a - log Σ e^u)", "Blanchard, Higham & Higham 2021", quotient_by_exponentials),
    Rule("share of a total",         ("power", "scale"), "e^(u_l) / Σ_k e^(u_k) = softmax(u)_l", "definition", share_of_total),
    Rule("sum of shares",            ("power", "scale"), "e^u (1 / S + 1 / T) = e^u / S + e^u / T", "definition", sum_of_shares),
    Rule("numbers before one array", ("add",),    "s A + t A = (s + t) A",                "definition",  numbers_before_one_array),
    Rule("softmax of rows",          ("matmul",), "diag(1 ./ (e^U 1)) e^U = softmax(U, 2)", "definition",  softmax_of_rows),
    Rule("quotient by totals of rows", ("power",), "e^U ./ (e^U 1 1^T) = softmax(U, 2)",    "definition",  quotient_by_totals_of_rows),
    Rule("root less 1",              ("add",),    "(1 + v)^(1/2) - 1 = v / ((1 + v)^(1/2) + 1)", "Higham 2002, 1.7", root_less_one),
    Rule("polynomial of a sigmoid",  ("add",),    "P(s) = s^a (1 - s)^b (1 - 2 s)^c Q(s)", "definition",  factored_polynomials),
    Rule("quotient with signs",      ("power", "scale", "add"), "(r e^t) / (s e^u) = r e^(t - u) / s", "Higham 2002, 27.8", quotient_with_signs),
    Rule("quotient of powers",       ("power", "add"), "f(u)^k / u^k = (f(u) / u)^k",           "definition",  quotient_of_powers),
    Rule("powers with a common exponent", ("power",), "u^(p a) v^(p b) = (u^a v^b)^p",     "definition",  powers_joined),
    Rule("difference of sigmoids",   ("add",),    "σ(u) - σ(v) = σ(u) σ(-v) (1 - e^(v - u))", "definition",  difference_of_sigmoids),
    Rule("residual of a sigmoid",    ("add",),    "σ(u) - y = (1 - y) - σ(-u)",            "definition",  residual_of_sigmoid),
    Rule("mean under a softmax",     ("add",),    "y - p^T y 1 = z - p^T z 1 for z = y - y_k 1 with the largest p_k", "Chan, Golub & LeVeque 1983", mean_under_softmax),
    Rule("deviations as a factor",   ("add",),    "c ⊙ (v - p^T v 1) + v - p^T v 1 = (c + 1) ⊙ (v - p^T v 1)", "definition", deviations_as_factor),
    Rule("moment under a softmax",   ("matmul",), "y^T (p ⊙ (v - p^T v 1)) = z^T (p ⊙ (v - p^T v 1))", "Chan, Golub & LeVeque 1983", moment_under_softmax),
    Rule("logarithm of a softmax",   ("add",),    "u - log Σ e^u = log(softmax(u))",       "definition",  logarithm_of_softmax),
    Rule("inverse Mills ratio",      ("add",),    "x + φ(x) / Φ(x) by its continued fraction", "DLMF 7.9.1", excess_of_mills),
    Rule("exponentials below 1",     ("power",),  "e^u ⊙ M^T (y ⊘ M e^u) = e^(u - max u) ⊙ M^T (y ⊘ M e^(u - max u))", "Blanchard, Higham & Higham 2021", exponentials_below_one),
    Rule("power of a length",        ("power", "scale"), "(x^T x)^e = ‖x‖^(2 e)",           "Blue 1978",   power_of_length),
    Rule("pseudoinverse of a vector", ("call",),  "pinv(x^T) = x / ‖x‖^2, and 0 where x is 0", "Penrose 1955", pseudoinverse_of_vector),
)

#: Tried last: a series near 0 is found for what is written without them.
LAST_FORMS: tuple[Rule, ...] = (
    Rule("logarithm of squares",     ("apply",),  "log(k + c u^e) = e log |u| + log(c) where |u| is large", "definition", logarithm_of_squares),
    Rule("product that vanishes",    ("power",),  "e^t P(u) = 0 where e^t is 0",           "definition",  vanishing_product),
)
# fmt: on

#: Forms that change what is differentiated; the others are for what is computed only.
OF_FUNCTIONS = STABLE_FORMS[:15]

#: What the gradient is paired by -> the convention that derives it.
_CONVENTIONS = {"frobenius": "structured", "independent": "independent"}
#: Derivatives of softmax along more directions have too many terms.
MOST_STEPS_OF_SHARES = 3

#: A rewritten node is looked at again so many times.
MOST_REWRITES = 8


def stable(node: Node) -> Node:
    """An equal expression that is computed without overflow and cancellation.

    What a rewritten operand shows is seen the second time: a number that comes out of a product stands before that.
    """
    node = with_relations(node)
    found = _STABLE(node)
    return _LAST(with_series(found if found is node else _STABLE(found)))


def _applies_to_directions(before: Node, node: Node) -> bool:
    """Whether a function of numbers is taken of what holds a perturbation: that is no linear map of it."""
    return bool(before.linear) and any(part.op == "apply" and part.linear for part in postorder(node))


_STABLE = Rewrite(by_operator(STABLE_FORMS), MOST_REWRITES, refused=_applies_to_directions)
_LAST = Rewrite(by_operator(LAST_FORMS), MOST_REWRITES, refused=_applies_to_directions)
_STABLE_FUNCTION = Rewrite(by_operator(OF_FUNCTIONS), MOST_REWRITES, refused=_applies_to_directions)


def stable_function(f: Node) -> Node:
    """The function with its logarithms in stable forms."""
    return _STABLE_FUNCTION(f)


def stable_output(output: Derivative, *, shares: bool = True) -> Derivative:
    """The derivative of the stable function, its operator in stable forms; with ``shares`` a softmax is differentiated as one function."""
    reading = output.reading
    derived = output.derived
    f = stable_function(reading.f if derived is None else derived.f)
    jacobian = len(reading.wrt) == 1 and f.is_column and f.op == "call"  # diag(p) - p p^T, see `covariance`
    moved = with_shares(f) if shares and not jacobian and len(reading.wrt) <= MOST_STEPS_OF_SHARES else f
    if derived is None and moved is not f and reading.pairing in _CONVENTIONS:
        derived = Derived(moved, reading.wrt, _CONVENTIONS[reading.pairing])
    if derived is not None:
        operator = without_shares(replace(derived, f=moved).node)
        return replace(output, reading=replace(reading, operator=stable(operator)), derived=None)
    if f is not reading.f and set(reading.wrt) <= set(variables(f)) and reading.pairing in _CONVENTIONS:
        try:
            reading = derive(f, reading.wrt, convention=_CONVENTIONS[reading.pairing])
        except MatcalcError:
            reading = output.reading
    return replace(output, reading=replace(reading, operator=stable(reading.operator)))
