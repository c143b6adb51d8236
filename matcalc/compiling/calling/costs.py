"""Operations that a plan takes: one row for each instruction, additions and multiplications counted alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from math import factorial

from matcalc.compiling.passes.products.ordered import chain_flops
from matcalc.compiling.planning.program import Axes, Value, needed

__all__ = ["flops"]

Sizes = Mapping[str, int]
Count = Callable[[Value, Sizes], float]


def flops(outputs: Iterable[Value], sizes: Sizes) -> float:
    """Operations for the outputs, what they share counted once."""
    return sum(FLOPS[v.op](v, sizes) for v in needed(outputs))


def _entries(axes: Axes, sizes: Sizes) -> float:
    total = 1.0
    for d in axes:
        total *= d.evaluate(sizes)
    return total


def _free(v: Value, sizes: Sizes) -> float:
    return 0.0


def _each(v: Value, sizes: Sizes) -> float:
    """One for each entry of the result"""
    return _entries(v.axes, sizes)


def _each_read(v: Value, sizes: Sizes) -> float:
    """One for each entry of the operand"""
    return _entries(v.args[0].axes, sizes)


def _combine(v: Value, sizes: Sizes) -> float:
    steps = len(v.args) - 1 + sum(abs(c) != 1 for c in v.data)
    return max(steps, 0) * _entries(v.axes, sizes)


def _times(v: Value, sizes: Sizes) -> float:
    return (len(v.args) - 1) * _entries(v.axes, sizes)


def _matmul(v: Value, sizes: Sizes) -> float:
    """2 m n k; half of it for a matrix times its own transpose"""
    a, b = v.args
    whole = 2 * _entries(v.axes, sizes) * a.axes[-1].evaluate(sizes)
    twin = (a.op == "permute" and a.args[0] is b) or (b.op == "permute" and b.args[0] is a)
    return whole / 2 if twin and a.rank == 2 else whole


def _cube(factor: float) -> Count:
    """A multiple of n³ for each matrix"""

    def count(v: Value, sizes: Sizes) -> float:
        axes = v.args[0].axes
        n = max(d.evaluate(sizes) for d in axes[-2:])
        return factor * n**3 * _entries(axes[:-2], sizes)

    return count


def _solve(v: Value, sizes: Sizes) -> float:
    n = v.args[0].axes[-1].evaluate(sizes)
    if TRIANGULAR.intersection(v.data):
        return float(n * _entries(v.axes, sizes))
    return 2 / 3 * n**3 + 2 * n * _entries(v.axes, sizes)


def _solution(v: Value, sizes: Sizes) -> float:
    return 2 * v.args[0].axes[-1].evaluate(sizes) * _entries(v.axes, sizes)


def _inverse(v: Value, sizes: Sizes) -> float:
    """2 n³, half of it for a definite matrix, n³ / 3 for a triangle"""
    return _cube(1 / 3 if TRIANGULAR.intersection(v.data) else 1 if "definite" in v.data else 2)(v, sizes)


def _by_symmetry(less: float, more: float) -> Count:
    return lambda v, sizes: _cube(less if v.args[0].data or v.data else more)(v, sizes)


TRIANGULAR = frozenset({"lower", "upper"})


def _matpow(v: Value, sizes: Sizes) -> float:
    n = v.axes[-1].evaluate(sizes)
    return 2.0 * n**3 * max(v.data[0].bit_length() + bin(v.data[0]).count("1") - 2, 1)


#: The squarings and products of a matrix power whose exponent is an argument are taken as 4 products, 2 n³ each.
INTEGER_POWER = 8.0


def _call(v: Value, sizes: Sizes) -> float:
    """A derivative of X^p has 3 products for each one of the power, and as many more for each further direction."""
    if v.data[0] == "frechet_matpow":
        return _cube(INTEGER_POWER * 3 ** (len(v.args) - 2))(v, sizes)
    if v.data[0] == "frechet_adj":
        return _adjugate(v, sizes) + _cube(2 * _products_of_cycles(sum(a.rank > 1 for a in v.args) - 1))(v, sizes)
    return _cube(60)(v, sizes)


def _products_of_cycles(k: int) -> int:
    """Products for k directions of an adjugate where it is regular: one each, and those in the cycles of all orders of k + 1 factors."""
    orders = factorial(k + 1)
    return k + orders * k - sum(orders // c for c in range(2, k + 2))


def _adjugate(v: Value, sizes: Sizes) -> float:
    """An inverse times a determinant, which may be given."""
    given = len(v.args) > 1 and v.args[1].rank < 2
    return _cube(2 if given else 8 / 3)(v, sizes)


# fmt: off
#: operator -> its operations
FLOPS: dict[str, Count] = {
    **dict.fromkeys(
        "input number size constant zeros ones eye unit selector mask commutation duplication elimination permute "
        "reshape broadcast expand take slice diagonal part block stack hollow cholesky_of logdet_of".split(), _free),
    **dict.fromkeys("divide power raise function open where triangle outer gaps spread cumulative log_cumulative".split(), _each),
    **dict.fromkeys("sum prod largest smallest indicator".split(), _each_read),
    "combine":       _combine,
    "placed":        lambda v, sizes: sum(_entries(a.axes, sizes) for a in v.args),
    "times":         _times,
    "matmul":        _matmul,
    "stacked":       _matmul,
    "chain":         chain_flops,
    "length":        lambda v, sizes: 2 * _each_read(v, sizes),
    "dot":           lambda v, sizes: 2 * _each_read(v, sizes),
    "inv":           _inverse,
    "factored":      _by_symmetry(1 / 3, 2 / 3),
    "solution":      _solution,
    "cofactors":     lambda v, sizes: 3 * _each(v, sizes),
    "det_of_cofactors": lambda v, sizes: 5 * _each(v, sizes),
    "inverse_of_cofactors": _each,
    "inverse_of":    _by_symmetry(2 / 3, 4 / 3),
    "inverse_from_cholesky": _cube(2 / 3),
    "det":           _cube(2 / 3),
    "logdet":        _cube(2 / 3),
    "cholesky":      _cube(1 / 3),
    "solve":         _solve,
    "matpow":        _matpow,
    "integer_power": _cube(INTEGER_POWER),
    "adjugate":      _adjugate,
    "eigh":          _cube(9),
    "svd":           _cube(25),
    "call":          _call,
}
# fmt: on
