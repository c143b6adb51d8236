"""Functions as stable combinations of simpler ones, so that they share what they have in common."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from matcalc.compiling.planning.products import cumprod_columns, prod, prod_others, prod_others_rows, prod_rows
from matcalc.compiling.planning.program import Program, Value
from matcalc.compiling.stability.normal import inverse_mills, log_ndtr, mills_excess
from matcalc.compiling.stability.probabilities.deviations import extreme_places, kept, over, softmax, softmax_along
from matcalc.errors import UnsupportedError
from matcalc.expr import Dim, minimum

__all__ = ["APPLIED", "CALLED", "LOG_WEIGHTED_ROWS", "sigmoid_slope"]

ONE, MINUS = Fraction(1), Fraction(-1)
#: exp of it is finite, and 1 / exp of it as good as 0.
LARGEST_EXPONENT = 709


def _is_negated(u: Value) -> bool:
    """Of u and -u, one is taken for the negated one."""
    if u.op != "combine":
        return False
    first = min(range(len(u.args)), key=lambda k: u.args[k].number)
    return bool(u.data[first] < 0)


def _decay(p: Program, u: Value) -> Value:
    """exp(-|u|), which never overflows, the same for u and -u"""
    size = p.function("abs", p.combine([(u, MINUS)]) if _is_negated(u) else u)
    return p.function("exp", p.combine([(size, MINUS)]))


def _sigmoid(p: Program, u: Value) -> Value:
    """1 / (1 + e^-u), which is accurate for every u: only the overflow of e^-u has to be kept off."""
    e = p.function("exp", p.function("min", p.combine([(u, MINUS)]), p.number(LARGEST_EXPONENT)))
    return p.divide(p.number(1), p.combine([(p.number(1), ONE), (e, ONE)]))


def sigmoid_slope(p: Program, u: Value) -> Value:
    """sigmoid(u) sigmoid(-u) = e^-|u| / (1 + e^-|u|)^2"""
    e = _decay(p, u)
    below = p.combine([(p.number(1), ONE), (e, ONE)])
    return p.divide(e, p.power(below, p.number(2)))


def _softplus(p: Program, u: Value) -> Value:
    """log(1 + e^u) = max(u, 0) + log1p(e^-|u|)"""
    return p.combine([(p.function("relu", u), ONE), (p.function("log1p", _decay(p, u)), ONE)])


def _logcosh(p: Program, x: Value) -> Value:
    """|x| + log((1 + e^-2|x|) / 2), near 0 log(1 + 2 sinh(x/2)^2)"""
    size, one = p.function("abs", x), p.number(1)
    decay = p.function("exp", p.combine([(size, Fraction(-2))]))
    far = p.combine([(size, ONE), (p.function("log1p", decay), ONE), (p.function("log", p.number(2)), MINUS)])
    half = p.function("sinh", p.combine([(p.function("min", size, one), Fraction(1, 2))]))
    near = p.function("log1p", p.combine([(p.power(half, p.number(2)), Fraction(2))]))
    return p.where("<", size, one, near, far)


def _log1mexp(p: Program, x: Value) -> Value:
    """log(1 - e^x), by whichever of both forms keeps its digits [Mächler 2012]"""
    cut = p.combine([(p.function("log", p.number(2)), MINUS)])
    inside = p.function("expm1", p.function("max", x, cut))
    near = p.function("log", p.combine([(inside, MINUS)]))
    far = p.function("log1p", p.combine([(p.function("exp", p.function("min", x, cut)), MINUS)]))
    return p.where(">", x, cut, near, far)


def _bose(p: Program, x: Value) -> Value:
    return p.divide(p.number(1), p.function("expm1", x))


def _logaddexp(p: Program, a: Value, b: Value) -> Value:
    """log(e^a + e^b) = max(a, b) + log1p(e^-|a - b|)"""
    gap = p.function("abs", p.combine([(a, ONE), (b, MINUS)]))
    decay = p.function("exp", p.combine([(gap, MINUS)]))
    return p.combine([(p.function("max", a, b), ONE), (p.function("log1p", decay), ONE)])


def _huber(p: Program, x: Value, c: Value) -> Value:
    """x²/2 where |x| ≤ c, else c (|x| - c/2)"""
    size, half = p.function("abs", x), Fraction(1, 2)
    inside = p.combine([(p.power(x, p.number(2)), half)])
    outside = p.times(c, p.combine([(size, ONE), (c, -half)]))
    return p.where("<=", size, c, inside, outside)


def _step(p: Program, x: Value) -> Value:
    return p.where(">", x, p.number(0), p.number(1), p.number(0))


def _beta(p: Program, a: Value, b: Value) -> Value:
    """Γ(a) Γ(b) / Γ(a + b), whose factors may overflow"""
    total = p.function("lgamma", p.combine([(a, ONE), (b, ONE)]))
    parts = [(p.function("lgamma", a), ONE), (p.function("lgamma", b), ONE), (total, MINUS)]
    return p.function("exp", p.combine(parts))


def _signed_beta(p: Program, a: Value, b: Value) -> Value:
    """The same with its sign: that of Γ(x) is (-1)^⌊x⌋ for x < 0"""
    total = p.combine([(a, ONE), (b, ONE)])
    floors = [p.function("floor", p.function("min", x, p.number(0))) for x in (a, b, total)]
    sign = p.power(p.number(-1), p.combine(list(zip(floors, (ONE, ONE, MINUS), strict=True))))
    return p.times(sign, _beta(p, a, b))


def _relation(sign: str) -> Callable[[Program, Value, Value], Value]:
    return lambda p, a, b: p.where(sign, a, b, p.number(1), p.number(0))


def _chosen(p: Program, c: Value, a: Value, b: Value) -> Value:
    """a where c is not 0; a relation is not computed first."""
    if c.op == "where" and [x.data for x in c.args[2:] if x.op == "number"] == [(ONE,), (0,)]:
        x, y = c.operands[:2]
        return p.where(c.data[0], x, y, a, b)
    return p.where("!=", c, p.number(0), a, b)


#: The same of arguments that are known to be positive.
APPLIED_TO_POSITIVE: dict[str, Callable[..., Value]] = {"beta": _beta}
#: entrywise function -> the values that compute it
APPLIED: dict[str, Callable[..., Value]] = {
    "sigmoid": _sigmoid,
    "softplus": _softplus,
    "logcosh": _logcosh,
    "log1mexp": _log1mexp,
    "bose": _bose,
    "logaddexp": _logaddexp,
    "log_ndtr": log_ndtr,
    "inverse_mills": inverse_mills,
    "mills_excess": mills_excess,
    "ratio": lambda p, a, b: p.divide(a, b),
    "less": lambda p, a, b: p.combine([(a, ONE), (b, MINUS)]),
    "huber": _huber,
    "step": _step,
    "beta": _signed_beta,
    "greater": _relation(">"),
    "at_least": _relation(">="),
    "equals": _relation("=="),
    "differs": _relation("!="),
    "where": _chosen,
}


def _log_of_total(p: Program, x: Value, axes: list[int]) -> tuple[Value, Value]:
    """(largest entry, log Σ e^(x - largest)), the latter also where one entry is far above the others."""
    top = p.reduce("largest", x, axes)
    peak, zero, one = kept(p, top, x, axes), p.number(0), p.number(1)
    e = p.function("exp", p.combine([(x, ONE), (peak, MINUS)]))
    others = p.sum(p.where("<", x, peak, e, zero), axes)
    largest = p.sum(p.where("<", x, peak, zero, one), axes)
    several = p.function("log", p.combine([(others, ONE), (largest, ONE)]))
    return top, p.where("==", largest, one, p.function("log1p", others), several)


def _log_total(p: Program, x: Value, axes: list[int]) -> Value:
    """log Σ e^x = max + log Σ e^(x - max)"""
    return p.combine([(part, ONE) for part in _log_of_total(p, x, axes)])


def _logsumexp(p: Program, x: Value) -> Value:
    return _log_total(p, x, over(x, 0))


def _logsumexp_rows(p: Program, x: Value) -> Value:
    return _log_total(p, x, over(x, 2))


def _weighted(p: Program, x: Value, weights: Value, axis: int) -> tuple[Value, Value, Callable[[Value], Value]]:
    """(largest x with a weight, Σ p e^(x - largest), how these are spread over x); the weights may have indices that x lacks."""
    least = p.reduce("smallest", x, over(x, 0))
    zero = p.number(0)
    inside = p.where("!=", weights, zero, x, least)
    axes = over(inside, axis)
    top = p.reduce("largest", inside, axes)
    e = p.function("exp", p.combine([(x, ONE), (kept(p, top, inside, axes), MINUS)]))
    parts = p.where("!=", weights, zero, p.times(weights, e), zero)
    return top, p.sum(parts, axes), lambda reduced: kept(p, reduced, inside, axes)


def _log_weighted(axis: int) -> Callable[[Program, Value, Value], Value]:
    def value(p: Program, x: Value, weights: Value) -> Value:
        top, total, _ = _weighted(p, x, weights, axis)
        return p.combine([(top, ONE), (p.function("log", total), ONE)])

    return value


LOG_WEIGHTED_ROWS = _log_weighted(2)


def _log_cumulative(p: Program, x: Value, weights: Value) -> Value:
    """log Σ_{j <= i} e^(u_j) for each i, where all rows of x are u^T and the weights are a triangle of ones."""
    is_triangle = weights.op == "mask" and weights.data[0] in ("lower", "upper") and x.axes == weights.axes
    if is_triangle and x.op == "broadcast" and x.args[0].rank == 1 and not x.stacked:
        return p.emit("log_cumulative", (x.args[0],), weights.data, x.axes[1:])
    return LOG_WEIGHTED_ROWS(p, x, weights)


def _share(axis: int) -> Callable[[Program, Value, Value], Value]:
    """e^x / Σ p e^x"""

    def value(p: Program, x: Value, weights: Value) -> Value:
        top, total, kept = _weighted(p, x, weights, axis)
        e = p.function("exp", p.combine([(x, ONE), (kept(top), MINUS)]))
        result = p.divide(e, kept(total))
        if over(result, axis) == [result.rank - 1]:
            p.note_unit_total(weights, result)
        return result

    return value


def _logsoftmax(axis: int) -> Callable[[Program, Value], Value]:
    def value(p: Program, x: Value) -> Value:
        axes = over(x, axis)
        top, total = (kept(p, part, x, axes) for part in _log_of_total(p, x, axes))
        return p.combine([(p.combine([(x, ONE), (top, MINUS)]), ONE), (total, MINUS)])

    return value


def _indicator(name: str) -> Callable[[Program, Value], Value]:
    def mark(p: Program, x: Value) -> Value:
        if x.batched:
            raise UnsupportedError(
                f"{name} of a batched value is not supported", hint="call the function for each input"
            )
        if x.stacked:
            return extreme_places({"argmax": "largest", "argmin": "smallest"}[name], 0)(p, x)
        return p.emit("indicator", (x,), (name,), x.axes)

    return mark


def _length(p: Program, x: Value) -> Value:
    """(Σ x^2)^(1/2), whose squares may overflow or vanish"""
    if x.stacked:
        return p.power(p.sum(p.power(x, p.number(2)), over(x, 0)), p.number(Fraction(1, 2)))
    return p.emit("length", (x,), (), ())


def _reduced(op: str) -> Callable[[Program, Value], Value]:
    return lambda p, x: p.reduce(op, x, over(x, 0))


def _reduced_rows(op: str) -> Callable[[Program, Value], Value]:
    return lambda p, x: p.reduce(op, x, over(x, 2))


def _place_of_largest(p: Program, x: Value) -> Value:
    """The same of a column; of equal entries the first one, in a batch all of them."""
    return extreme_places("largest", 0)(p, x) if x.batched else _indicator("argmax")(p, x)


def _eigh(p: Program, s: Value) -> Value:
    return p.emit("eigh", (s,), (), s.like(()))


def _eigvals(p: Program, s: Value) -> Value:
    return p.part(_eigh(p, s), 0, s.axes[:-1])


def _eigvecs(p: Program, s: Value) -> Value:
    return p.part(_eigh(p, s), 1, s.axes)


def _picked(place: int) -> tuple[Callable[[Program, Value], Value], Callable[[Program, Value], Value]]:
    """The first or last eigenvalue, and its eigenvector."""

    def value(p: Program, s: Value) -> Value:
        return p.emit("take", (_eigvals(p, s),), (s.rank - 2, place), s.axes[:-2])

    def vector(p: Program, s: Value) -> Value:
        return p.emit("take", (_eigvecs(p, s),), (s.rank - 1, place), s.axes[:-1])

    return value, vector


def _gaps(p: Program, values: Value) -> Value:
    return p.emit("gaps", (values,), (), (*values.axes, values.axes[-1]))


def _svd_part(index: int) -> Callable[[Program, Value], Value]:
    def part(p: Program, x: Value) -> Value:
        if len(x.own_axes) == 1:
            x = p.reshape(x, (*x.axes, Dim.of(1)))
        m, n = x.own_axes
        k = minimum(m, n)
        return p.part(p.emit("svd", (x,), (), x.like(())), index, x.like(((m, k), (k,), (n, k))[index]))

    return part


_svd_u, _svdvals, _svd_v = (_svd_part(index) for index in range(3))


def _largest(index: int) -> Callable[[Program, Value], Value]:
    """The largest singular value or one of its vectors."""

    def value(p: Program, x: Value) -> Value:
        part = (_svd_u, _svdvals, _svd_v)[index](p, x)
        return p.emit("take", (part,), (part.rank - 1, 1), part.axes[:-1])

    return value


def _resolvent(place: int) -> Callable[[Program, Value], Value]:
    """V diag(1 / (λ - λ_i)) V^T over the eigenvalues other than λ"""

    def value(p: Program, s: Value) -> Value:
        if s.stacked:
            raise UnsupportedError("a reduced resolvent of a batched value is not supported")
        vectors = _eigvecs(p, s)
        values = _eigvals(p, s)
        unit = p.leaf("unit", values.axes, place or values.axes[0])
        gaps = p.combine([(p.take(values, 0, place), ONE), (values, MINUS), (unit, ONE)])
        weights = p.divide(p.combine([(p.number(1), ONE), (unit, MINUS)]), gaps)
        return p.matmul(p.times(vectors, p.expand(weights, (False, True))), p.permute(vectors, (1, 0)))

    return value


_eigmin, _eigvec_min = _picked(1)
_eigmax, _eigvec_max = _picked(0)

#: any other function of arrays of one shape -> the values that compute it
CALLED: dict[str, Callable[..., Value]] = {
    "logsumexp": _logsumexp,
    "logsumexp_rows": _logsumexp_rows,
    "logsumexp_weighted": _log_weighted(0),
    "logsumexp_rows_weighted": _log_cumulative,
    "exp_share": _share(0),
    "exp_share_rows": _share(2),
    "softmax": softmax,
    "softmax_all": softmax,
    "softmax_along": softmax_along,
    "logsoftmax_rows": _logsoftmax(2),
    "logsoftmax_all": _logsoftmax(0),
    "length": _length,
    "prod": prod,
    "prod_rows": prod_rows,
    "prod_others": prod_others,
    "prod_others_rows": prod_others_rows,
    "cumprod_columns": cumprod_columns,
    "max": _reduced("largest"),
    "min": _reduced("smallest"),
    "row_max": _reduced_rows("largest"),
    "row_min": _reduced_rows("smallest"),
    "row_argmax": extreme_places("largest"),
    "row_argmin": extreme_places("smallest"),
    "argmax": _indicator("argmax"),
    "place_of_largest": _place_of_largest,
    "argmin": _indicator("argmin"),
    "eigvals": _eigvals,
    "eigvecs": _eigvecs,
    "eigmax": _eigmax,
    "eigmin": _eigmin,
    "eigvec_max": _eigvec_max,
    "eigvec_min": _eigvec_min,
    "eig_gaps": lambda p, s: _gaps(p, _eigvals(p, s)),
    "resolvent_max": _resolvent(0),
    "resolvent_min": _resolvent(1),
    "norm_spec": _largest(1),
    "norm_nuc": lambda p, x: p.reduce("sum", values := _svdvals(p, x), [values.rank - 1]),
    "svd_u_max": _largest(0),
    "svd_v_max": _largest(2),
    "svdvals": _svdvals,
    "svd_u": _svd_u,
    "svd_v": _svd_v,
    "svd_gaps": lambda p, x: _gaps(p, p.power(_svdvals(p, x), p.number(2))),
}
