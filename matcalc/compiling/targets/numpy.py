"""NumPy: the default target."""

from __future__ import annotations

from matcalc.compiling.emitting.emitter import Emitter
from matcalc.compiling.emitting.libraries import Conversions, PythonTarget
from matcalc.compiling.emitting.source import product_source, python_source
from matcalc.compiling.emitting.static import is_static
from matcalc.compiling.emitting.target import ATOM, PRODUCT, UNARY, Row, Text
from matcalc.compiling.planning.program import Value
from matcalc.compiling.targets.in_place import (
    combine_row,
    has_few_weights,
    hollow_row,
    placed_row,
    where_weights_vanish,
)
from matcalc.compiling.targets.in_python import conversions, python, python_arrays
from matcalc.compiling.targets.in_python.helpers import HELPERS as SHARED_HELPERS
from matcalc.compiling.targets.in_python.helpers import MATRIX_FUNCTIONS, filled
from matcalc.compiling.targets.in_python.special_helpers import SPECIAL_FUNCTIONS
from matcalc.functions.numeric.values import value_of

__all__ = ["NUMPY"]

TAKEN = {"_mills_tail": SPECIAL_FUNCTIONS["_mills_tail"]} | {
    name: text for name, text in MATRIX_FUNCTIONS.items() if name.endswith("_frechet_adj")
}

HELPERS = (
    conversions.HELPERS["numpy"]
    | filled({**SHARED_HELPERS, **TAKEN}, "np", "", dtype=True)
    | {
        "_cumulative": """def _cumulative(x, axis, backward, without):
    if backward:
        return np.flip(_cumulative(np.flip(x, axis), axis, False, without), axis)
    if without:
        zero, others = np.zeros_like(np.take(x, [0], axis=axis)), np.delete(x, -1, axis=axis)
        x = np.concatenate([zero, others], axis=axis)
    return np.cumsum(x, axis=axis)
""",
        "_length": """def _length(x):
    square = np.vdot(x, x)
    tiny = np.finfo(square.dtype).tiny * 1e20
    if tiny < square < 1 / tiny:
        return np.sqrt(square)
    top = np.abs(x).max()
    return top * np.sqrt(np.sum((x / top) ** 2)) if 0 < top < np.inf else top
""",
        "_erf": """def _erf(x):
    return np.vectorize(math.erf, otypes=[x.dtype])(x)[()]
""",
        "_erfc": """def _erfc(x):
    return np.vectorize(math.erfc, otypes=[x.dtype])(x)[()]
""",
        "_lgamma": """def _lgamma(x):
    def value(t):
        try:
            return math.lgamma(t)
        except (ValueError, OverflowError):  # a pole, or too large for a float
            return math.inf

    return np.vectorize(value, otypes=[x.dtype])(x)[()]
""",
        "_gamma": """def _gamma(x):
    def value(t):
        try:
            return math.gamma(t)
        except OverflowError:  # too large for a float
            return math.inf
        except ValueError:  # a pole
            return math.copysign(math.inf, t) if t == 0 else math.nan

    return np.vectorize(value, otypes=[x.dtype])(x)[()]
""",
        "_indicator": """def _indicator(place, x):
    mark = np.zeros_like(x)
    mark.flat[place] = 1
    return mark
""",
        "_cofactors": """def _cofactors(x):
    # of stacks of matrices with two or three rows, each entry's in one piece of memory
    n = x.shape[-1]
    parts = np.ascontiguousarray(x.reshape(-1, n * n).T)
    out = np.empty_like(parts)
    if n == 2:
        out[0], out[1], out[2], out[3] = parts[3], -parts[2], -parts[1], parts[0]
    else:
        a, b, c, d, e, f, g, h, i = parts
        out[0], out[1], out[2] = e * i - f * h, f * g - d * i, d * h - e * g
        out[3], out[4], out[5] = c * h - b * i, a * i - c * g, b * g - a * h
        out[6], out[7], out[8] = b * f - c * e, c * d - a * f, a * e - b * d
    return out.T.reshape(x.shape)
""",
        "_det_of": """def _det_of(x, cofactors):
    n = x.shape[-1]
    total = x[..., 0, 0] * cofactors[..., 0, 0]
    for k in range(1, n):
        total += x[..., 0, k] * cofactors[..., 0, k]
    return total
""",
        "_inverse_by": """def _inverse_by(cofactors, det):
    if not np.all(det):
        raise np.linalg.LinAlgError("Singular matrix")
    return np.swapaxes(cofactors, -1, -2) / det[..., None, None]
""",
        "_inverse_from_cholesky": """def _inverse_from_cholesky(lower):
    root = _inverse_of_lower(lower)
    return root.T @ root
""",
        "_inverse_of_definite": """def _inverse_of_definite(matrix):
    if len(matrix) < 100:
        return np.linalg.inv(matrix)
    root = _inverse_of_lower(np.linalg.cholesky(matrix))
    return root.T @ root
""",
        "_inverse_of_lower": """def _inverse_of_lower(lower):
    if len(lower) <= 64:
        return np.linalg.inv(lower)
    half = len(lower) // 2
    out = np.zeros_like(lower)
    out[:half, :half] = _inverse_of_lower(lower[:half, :half])
    out[half:, half:] = _inverse_of_lower(lower[half:, half:])
    out[half:, :half] = -out[half:, half:] @ (lower[half:, :half] @ out[:half, :half])
    return out
""",
        "_returned": """def _returned(value, shape, name):
    value = _real(value)
    if value.ndim != len(shape) or any(
        n not in (None, k) for n, k in zip(shape, value.shape)
    ):
        raise ValueError(f"{name} returns the shape {value.shape}, not {shape}")
    return value if shape else value[()]
""",
        "_spread": """def _spread(subscripts, values, shape, dtype):
    out = np.zeros(shape, dtype)
    np.einsum(subscripts, out)[...] = values
    return out
""",
        "_add_spread": """def _add_spread(subscripts, values, onto):
    np.einsum(subscripts, onto)[...] += values
    return onto
""",
    }
)

IMPORTS = {
    "itertools": "import itertools",
    "math": "import math",
    "np": "import numpy as np",
    "kernels": "from matcalc.compiling import kernels",
}


def _function(e: Emitter, v: Value, args: list[Text]) -> Text:
    """Functions that a user defined with a value are looked up by name."""
    name = v.data[0]
    if name in ("max", "min") and not is_static(v):
        return e.function(name, args)
    if not e.target.template(name) and value_of(name) and name.isidentifier():
        return Text(f'kernels.entrywise("{name}", {", ".join(a.text for a in args)})')
    return python.ROWS["function"](e, v, args)


def _call(e: Emitter, v: Value, args: list[Text]) -> Text:
    name = v.data[0]
    if not e.target.template(name) and len(v.data) == 1 and value_of(name) and name.isidentifier():
        return Text(f'kernels.call("{name}", {", ".join(a.text for a in args)})')
    return python.ROWS["call"](e, v, args)


def _inv(e: Emitter, v: Value, args: list[Text]) -> Text:
    """A definite matrix by its Cholesky factor, in blocks, and so a triangle."""
    (x,) = args
    match v.data if v.rank == 2 else ():
        case ("definite",):
            return Text(f"_inverse_of_definite({x.text})")
        case ("lower",):
            return Text(f"_inverse_of_lower({x.text})")
        case ("upper",):
            return Text(f"_inverse_of_lower({x.at(ATOM)}.T).T")
    return Text(f"np.linalg.inv({x.text})")


def _reduced(name: str) -> Row:
    """The methods start faster than the functions."""

    def row(e: Emitter, v: Value, args: list[Text]) -> Text:
        axis = "" if len(v.data) == v.args[0].rank else f"axis={python.axes_text(v.data)}"
        return Text(f"{args[0].at(ATOM)}.{name}({axis})")

    return row


def _matmul(e: Emitter, v: Value, args: list[Text]) -> Text:
    """The method starts in a third of the time that the operator takes; both call the same BLAS.

    The operator is faster at A A^T for a tall A.
    """
    left, right = v.args
    if right.op == "permute" and right.args[0] is left:
        return python.ROWS["matmul"](e, v, args)
    return Text(f"{args[0].at(ATOM)}.dot({args[1].text})")


def _outer(e: Emitter, v: Value, args: list[Text]) -> Text:
    """The product of a column and a row by BLAS, which writes large results faster than broadcasting."""
    column, row = (a.at(ATOM) for a in args)
    product = f"np.dot({column}.reshape(-1, 1), {row}.reshape(1, -1))"
    return Text(f"{product}.reshape({', '.join(e.dim(d).text for d in v.axes)})")


def _spread(e: Emitter, v: Value, args: list[Text]) -> Text:
    letters = "abcdefghijklmnopqrstuvwxyz"
    out = "".join(letters[k] for k in v.data)
    kept = letters[: max(v.data) + 1]
    if len(args) == 2:
        onto = args[1].text if e.is_fresh(v.args[1]) else f"np.array({args[1].text})"
        return Text(f'_add_spread("{out}->{kept}", {args[0].text}, {onto})')
    if v.data == (0, 0):
        if v.args[0].rank == 0:
            return Text(f"{args[0].at(UNARY)} * np.eye({e.dim(v.axes[0]).text}, dtype=dtype)", PRODUCT)
        return Text(f"np.diag({args[0].text})")
    return Text(f'_spread("{out}->{kept}", {args[0].text}, {e.shape(v.axes)}, dtype)')


def _stack(e: Emitter, v: Value, args: list[Text]) -> Text:
    """Rows one below the other start faster as an array of them."""
    if v.data == (0,):
        return Text(f"np.array([{', '.join(a.text for a in args)}])")
    return python.ROWS["stack"](e, v, args)


def _permute(e: Emitter, v: Value, args: list[Text]) -> Text:
    if v.data == (1, 0):
        return Text(f"{args[0].at(ATOM)}.T")
    return Text(f"{args[0].at(ATOM)}.transpose({', '.join(map(str, v.data))})")


def _diagonal(e: Emitter, v: Value, args: list[Text]) -> Text:
    where = "" if v.data == (0, 1) else f", axis1={v.data[0]}, axis2={v.data[1]}"
    copied = ".copy()" if e.is_only_shown(v) else ""
    return Text(f"np.diagonal({args[0].text}{where}){copied}")


def _reshape(e: Emitter, v: Value, args: list[Text]) -> Text:
    return Text(f"{args[0].at(ATOM)}.reshape({', '.join(e.dim(d).text for d in v.axes) or '()'})")


def _unit(e: Emitter, v: Value, args: list[Text]) -> Text:
    return Text(f"np.eye(1, {e.dim(v.axes[0]).text}, {python_arrays.place_text(e, v.data[0])}, dtype=dtype)[0]")


def _block(e: Emitter, v: Value, args: list[Text]) -> Text:
    height, width = v.data
    rows = [", ".join(a.text for a in args[i * width : (i + 1) * width]) for i in range(height)]
    return Text(f"np.block([{', '.join(f'[{row}]' for row in rows)}])")


def _dot(e: Emitter, v: Value, args: list[Text]) -> Text:
    if v.args[0].rank == 1:
        return _matmul(e, v, args)
    return Text(f"np.vdot({args[0].text}, {args[1].text})")


def _where(e: Emitter, v: Value, args: list[Text]) -> Text:
    if is_static(v.args[0]) and is_static(v.args[1]):
        return python.ROWS["where"](e, v, args)
    if has_few_weights(e, v):
        return where_weights_vanish(e, v, args)
    x, y, *chosen = (t.text for t in args)
    if any(a.op != "number" for a in v.args[2:]):
        return Text(f"np.where({x} {v.data[0]} {y}, {', '.join(chosen)})")
    # Of two numbers NumPy would make an array of integers, or of double precision.
    a, b = (python.number_as_float(x) for x in v.args[2:])
    mark = Text(f"({x} {v.data[0]} {y})" if (a, b) == ("1.0", "0.0") else f"np.where({x} {v.data[0]} {y}, {a}, {b})")
    return Text(f"{mark.text}.astype(dtype)")


def _broadcast(e: Emitter, v: Value, args: list[Text]) -> Text:
    name = "full" if is_static(v.args[0]) or not v.args[0].rank else "broadcast_to"
    if name == "full":
        return Text(f"np.full({e.shape(v.axes)}, {args[0].text}, dtype=dtype)")
    return Text(f"np.broadcast_to({args[0].text}, {e.shape(v.axes)})")


# fmt: off
ROWS: dict[str, Row] = {
    **python.ROWS,
    "broadcast": _broadcast,
    "combine":   combine_row,
    "where":     _where,
    "hollow":    hollow_row,
    "placed":    placed_row,
    "spread":    _spread,
    "permute":   _permute,
    "stack":     _stack,
    "reshape":   _reshape,
    "diagonal":  _diagonal,
    "unit":      _unit,
    "block":     _block,
    "chain":     python_arrays.chain_row,
    "cumulative": python_arrays.cumulative_row,
    "log_cumulative": python_arrays.accumulated_row("np.logaddexp.accumulate({0})"),
    "matmul":    _matmul,
    "sparse_product": python.ROWS["matmul"],
    "dot":       _dot,
    "sum":       _reduced("sum"),
    "largest":   _reduced("max"),
    "smallest":  _reduced("min"),
    "prod":      _reduced("prod"),
    "function":  _function,
    "call":      _call,
    "outer":     _outer,
    "inv":       _inv,
    "det_of_cofactors": lambda e, v, args: Text(f"_det_of({args[0].text}, {args[1].text})"),
    "inverse_of_cofactors": lambda e, v, args: Text(f"_inverse_by({args[0].text}, {args[1].text})"),
}
# fmt: on

NUMPY = PythonTarget(
    name="numpy",
    write=python_source,
    maps=product_source,
    quiet='@np.errstate(divide="ignore", invalid="ignore", over="ignore")',
    module="np",
    rows=ROWS,
    given_determinants=frozenset({"adjugate", "frechet_adj"}),
    made=python.MADE,
    helpers=HELPERS,
    imports=IMPORTS,
    reserved=python.RESERVED | {"np", "itertools", "kernels", "math", "dtype", *HELPERS},
    options={"dtype": ", dtype=dtype"},
    default_type="float",
    common_type="np.result_type({names})",
    convert=Conversions(
        "{name} = _real({name})",
        "{name} = _number({name}, dtype.type)",
        "{name} = _number({name})",
        "{name} = _number({name}, float)",
        "{name} = _sparse({name})",
    ),
    copies=True,
)
