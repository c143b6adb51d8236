"""NumPy's and SciPy's ufuncs by their names: a text of the language for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matcalc.errors import UnsupportedError
from matcalc.objects.arrays.values import Array, as_array, entrywise, matmul

__all__ = ["TEXTS", "called"]

#: Functions of one argument that have the same name here.
_SAME = "exp log log1p expm1 log2 log10 sqrt cbrt sin cos tan sinh cosh tanh exp2 sign floor ceil erf erfc erfinv log_ndtr digamma"
#: ufunc -> its value entry by entry
TEXTS: dict[str, str] = {
    **{name: f"{name}(arg_1)" for name in _SAME.split()},
    "arcsin": "asin(arg_1)", "arccos": "acos(arg_1)", "arctan": "atan(arg_1)", "arcsinh": "asinh(arg_1)",
    "arccosh": "acosh(arg_1)", "arctanh": "atanh(arg_1)", "absolute": "abs(arg_1)", "fabs": "abs(arg_1)",
    "square": "arg_1.^2", "reciprocal": "1 ./ arg_1", "negative": "-arg_1", "positive": "arg_1", "rint": "round(arg_1)",
    "expit": "sigmoid(arg_1)", "logit": "log(arg_1 ./ (1 - arg_1))", "log_expit": "-softplus(-arg_1)",
    "gammaln": "lgamma(arg_1)", "psi": "digamma(arg_1)", "gamma": "gamma(arg_1)", "ndtr": "erfc(-arg_1 / sqrt(2)) / 2",
    "entr": "-arg_1 .* log(arg_1)", "deg2rad": "arg_1 * pi / 180", "rad2deg": "arg_1 * 180 / pi",
    "add": "arg_1 + arg_2", "subtract": "arg_1 - arg_2", "multiply": "arg_1 .* arg_2", "divide": "arg_1 ./ arg_2",
    "power": "arg_1.^arg_2", "float_power": "arg_1.^arg_2", "maximum": "max(arg_1, arg_2)", "minimum": "min(arg_1, arg_2)",
    "fmax": "max(arg_1, arg_2)", "fmin": "min(arg_1, arg_2)", "logaddexp": "logaddexp(arg_1, arg_2)",
    "hypot": "hypot(arg_1, arg_2)", "arctan2": "atan2(arg_1, arg_2)", "beta": "beta(arg_1, arg_2)",
    "xlogy": "arg_1 .* log(arg_2)", "xlog1py": "arg_1 .* log1p(arg_2)", "rel_entr": "arg_1 .* log(arg_1 ./ arg_2)",
    "kl_div": "arg_1 .* log(arg_1 ./ arg_2) - arg_1 + arg_2", "huber": "huber(arg_2, arg_1)",
    "pseudo_huber": "arg_1.^2 .* (sqrt(1 + (arg_2 ./ arg_1).^2) - 1)",
    "logical_and": "arg_1 .* arg_2", "bitwise_and": "arg_1 .* arg_2", "logical_not": "1 - arg_1", "invert": "1 - arg_1",
    "logical_or": "max(arg_1, arg_2)", "bitwise_or": "max(arg_1, arg_2)",
}  # fmt: skip
#: Comparisons, whose values are 0 and 1.
RELATIONS = {"less": "<", "less_equal": "<=", "greater": ">", "greater_equal": ">=", "equal": "==", "not_equal": "!="}
#: What a reduction of a binary ufunc is called among the functions.
REDUCED = {"add": "sum", "multiply": "prod", "maximum": "max", "minimum": "min", "logaddexp": "logsumexp"}


def called(ufunc: Any, method: str, inputs: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """A call or a reduction of a ufunc; an `Expr` where no operand is an array of a traced function."""
    if method == "reduce" and ufunc.__name__ in REDUCED:
        from matcalc.objects.arrays.functions import by_name

        return by_name(REDUCED[ufunc.__name__], inputs, {"axis": 0, **kwargs})
    if method == "outer":
        a, b = map(as_array, inputs)
        return _given(inputs, _value(ufunc.__name__, (a[:, None], b)))
    if method != "__call__" or any(v is not None for k, v in kwargs.items() if k in ("out", "where")):
        raise UnsupportedError(f"np.{ufunc.__name__}.{method} has no formula")
    return _given(inputs, _value(ufunc.__name__, tuple(map(as_array, inputs))))


def _given(inputs: Sequence[Any], value: Array) -> Any:
    return value if any(isinstance(x, Array) for x in inputs) else value.expr if isinstance(value, Array) else value


def _value(name: str, arrays: tuple[Array, ...]) -> Array:
    if name == "matmul":
        return matmul(*arrays)
    if name == "vecdot":
        return entrywise("arg_1 .* arg_2", *arrays).sum(axis=-1)  # type: ignore[no-any-return]
    if name in RELATIONS:
        return entrywise(f"(arg_1 {RELATIONS[name]} arg_2)", *arrays, relation=True)
    if name in ("power", "float_power") and not arrays[0].ndim and arrays[1].ndim:
        return entrywise("exp(log(arg_1) * arg_2)", *arrays)
    if name not in TEXTS:
        raise UnsupportedError(f"np.{name} has no formula here", hint="what is not differentiable has to be a variable")
    return entrywise(TEXTS[name], *arrays)
