"""NumPy: the default target, double precision."""

from __future__ import annotations

from matcalc.compiling.emitter import ATOM, PRODUCT, UNARY, Emitter, Row, Target, Text
from matcalc.compiling.program import Value
from matcalc.compiling.targets import python
from matcalc.expr import Dim

__all__ = ["NUMPY"]

_OLD_NAMES = {
    "asin": "arcsin",
    "acos": "arccos",
    "atan": "arctan",
    "asinh": "arcsinh",
    "acosh": "arccosh",
    "atanh": "arctanh",
}

FUNCTIONS = {
    **{name: f"np.{name}({{0}})" for name in python.ELEMENTWISE},
    **{name: f"np.{old}({{0}})" for name, old in _OLD_NAMES.items()},
    "cbrt": "np.cbrt({0})",
    "relu": "np.maximum({0}, 0)",
    "step": "_step({0})",
    "sigmoid": "_sigmoid({0})",
    "softplus": "_softplus({0})",
    "max": "np.maximum({0}, {1})",
    "min": "np.minimum({0}, {1})",
    "huber": "_huber({0}, {1})",
    "erf": "_erf({0})",
    "erfc": "_erfc({0})",
    "lgamma": "_lgamma({0})",
    "digamma": 'kernels.entrywise("digamma", {0})',
    "trigamma": 'kernels.entrywise("trigamma", {0})',
    "polygamma": 'kernels.entrywise("polygamma", {0}, {1})',
}

CALLS = {
    "logsumexp": "_logsumexp({0})",
    "softmax": "_softmax({0})",
    "softmax_all": "_softmax({0})",
    "softmax_1": "_softmax({0}, axis=0)",
    "softmax_2": "_softmax({0}, axis=1)",
    "logsoftmax_rows": "_logsoftmax_rows({0})",
    "max": "np.max({0})",
    "min": "np.min({0})",
    "argmax": "_argmax({0})",
    "argmin": "_argmin({0})",
    "chol": "np.linalg.cholesky({0})",
    "pinv": "np.linalg.pinv({0})",
    "eigvals": "np.linalg.eigvalsh({0})",
    "eigmax": "np.linalg.eigvalsh({0})[-1]",
    "eigmin": "np.linalg.eigvalsh({0})[0]",
    "svdvals": "np.linalg.svd({0}, compute_uv=False)",
    **{
        name: f"kernels.{name}({{args}})"
        for name in (
            "expm logm sqrtm frechet_expm frechet_logm frechet_matpow sylvester eigvecs eig_gaps eigvec_max "
            "eigvec_min svd_u svd_v svd_gaps"
        ).split()
    },
}

HELPERS = {
    "_sigmoid": """def _sigmoid(x):
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, e) / (1 + e)
""",
    "_softplus": """def _softplus(x):
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))
""",
    "_step": """def _step(x):
    return np.where(x > 0, 1.0, 0.0)
""",
    "_huber": """def _huber(x, c):
    size = np.abs(x)
    return np.where(size <= c, x * x / 2, c * (size - c / 2))
""",
    "_erf": """_erf = np.vectorize(math.erf, otypes=[float])
""",
    "_erfc": """_erfc = np.vectorize(math.erfc, otypes=[float])
""",
    "_lgamma": """_lgamma = np.vectorize(math.lgamma, otypes=[float])
""",
    "_logsumexp": """def _logsumexp(x):
    top = np.max(x)
    return np.log(np.sum(np.exp(x - top))) + top
""",
    "_softmax": """def _softmax(x, axis=None):
    e = np.exp(x - np.max(x, axis=axis, keepdims=True))
    return e / np.sum(e, axis=axis, keepdims=True)
""",
    "_logsoftmax_rows": """def _logsoftmax_rows(x):
    x = x - np.max(x, axis=1, keepdims=True)
    return x - np.log(np.sum(np.exp(x), axis=1, keepdims=True))
""",
    "_argmax": """def _argmax(x):
    mark = np.zeros(x.shape)
    mark.flat[np.argmax(x)] = 1
    return mark
""",
    "_argmin": """def _argmin(x):
    mark = np.zeros(x.shape)
    mark.flat[np.argmin(x)] = 1
    return mark
""",
    "_spread": """def _spread(subscripts, values, shape):
    out = np.zeros(shape)
    np.einsum(subscripts, out)[...] = values
    return out
""",
    "_add_spread": """def _add_spread(subscripts, values, onto):
    out = np.array(onto)
    np.einsum(subscripts, out)[...] += values
    return out
""",
    "_adjugate": """def _adjugate(x):
    u, s, vt = np.linalg.svd(x)
    others = np.array([np.prod(np.delete(s, i)) for i in range(len(s))])
    return np.linalg.det(u) * np.linalg.det(vt) * (vt.T * others) @ u.T
""",
    "_duplication": """def _duplication(n):
    row, col = np.tril_indices(n)
    order = np.lexsort((row, col))
    row, col = row[order], col[order]
    out = np.zeros((n * n, len(row)))
    out[row + col * n, np.arange(len(row))] = 1
    out[col + row * n, np.arange(len(row))] = 1
    return out
""",
    "_elimination": """def _elimination(n):
    row, col = np.tril_indices(n)
    return np.eye(n * n)[np.sort(row + col * n)]
""",
}

IMPORTS = {
    "math": "import math",
    "np": "import numpy as np",
    "kernels": "from matcalc.compiling import kernels",
}


def _spread(e: Emitter, v: Value, args: list[Text]) -> Text:
    letters = "abcdefghijklmnopqrstuvwxyz"
    out = "".join(letters[k] for k in v.data)
    kept = letters[: max(v.data) + 1]
    if len(args) == 2:
        return Text(f'_add_spread("{out}->{kept}", {args[0].text}, {args[1].text})')
    if v.data == (0, 0):
        if v.args[0].rank == 0:
            return Text(f"{args[0].at(UNARY)} * np.eye({e.dim(v.axes[0]).text})", PRODUCT)
        return Text(f"np.diag({args[0].text})")
    return Text(f'_spread("{out}->{kept}", {args[0].text}, {e.shape(v.axes)})')


def _permute(e: Emitter, v: Value, args: list[Text]) -> Text:
    if v.data == (1, 0):
        return Text(f"{args[0].at(ATOM)}.T")
    return Text(f"{args[0].at(ATOM)}.transpose({', '.join(map(str, v.data))})")


def _diagonal(e: Emitter, v: Value, args: list[Text]) -> Text:
    where = "" if v.data == (0, 1) else f", axis1={v.data[0]}, axis2={v.data[1]}"
    return Text(f"np.diagonal({args[0].text}{where})")


def _reshape(e: Emitter, v: Value, args: list[Text]) -> Text:
    return (
        Text(f"{args[0].at(ATOM)}.reshape{e.shape(v.axes).replace(',)', ')')}")
        if v.axes
        else Text(f"{args[0].at(ATOM)}.item()")
    )


def _mask(e: Emitter, v: Value, args: list[Text]) -> Text:
    ones = f"np.ones({e.shape(v.axes)})"
    match v.data[0]:
        case "lower":
            return Text(f"np.tril({ones})")
        case "upper":
            return Text(f"np.triu({ones})")
        case "strictly_lower":
            return Text(f"np.tril({ones}, -1)")
        case "strictly_upper":
            return Text(f"np.triu({ones}, 1)")
    rows, cols = (e.dim(d).text for d in v.axes)
    return Text(f"np.tril({ones}) - np.eye({rows}, {cols}) / 2", 0)


def _unit(e: Emitter, v: Value, args: list[Text]) -> Text:
    (place,) = v.data
    index = e.dim(place - 1).text if isinstance(place, Dim) else str(place - 1)
    return Text(f"np.eye(1, {e.dim(v.axes[0]).text}, {index})[0]")


def _selector(e: Emitter, v: Value, args: list[Text]) -> Text:
    rows, cols = (e.dim(d).text for d in v.axes)
    return Text(f"np.eye({rows}, {cols}, {e.dim(v.data[0]).text})")


def _block(e: Emitter, v: Value, args: list[Text]) -> Text:
    height, width = v.data
    rows = [", ".join(a.text for a in args[i * width : (i + 1) * width]) for i in range(height)]
    return Text(f"np.block([{', '.join(f'[{row}]' for row in rows)}])")


def _dot(e: Emitter, v: Value, args: list[Text]) -> Text:
    if v.args[0].rank == 1:
        return Text(f"{args[0].at(PRODUCT)} @ {args[1].at(UNARY)}", PRODUCT)
    return Text(f"np.vdot({args[0].text}, {args[1].text})")


# fmt: off
ROWS: dict[str, Row] = {
    **python.ROWS,
    "spread":        _spread,
    "permute":       _permute,
    "reshape":       _reshape,
    "diagonal":      _diagonal,
    "mask":          _mask,
    "unit":          _unit,
    "selector":      _selector,
    "block":         _block,
    "dot":           _dot,
    "adjugate":      lambda e, v, args: Text(f"_adjugate({args[0].text})"),
    "matpow":        lambda e, v, args: Text(f"np.linalg.matrix_power({args[0].text}, {v.data[0]})"),
    "integer_power": lambda e, v, args: Text(f"np.linalg.matrix_power({args[0].text}, int({args[1].text}))"),
    "duplication":   lambda e, v, args: Text(f"_duplication({e.dim(v.data[0]).text})"),
    "elimination":   lambda e, v, args: Text(f"_elimination({e.dim(v.data[0]).text})"),
}
# fmt: on

NUMPY = Target(
    "numpy", "np", ROWS, FUNCTIONS, CALLS, HELPERS, IMPORTS, python.RESERVED | {"kernels", "math"} | frozenset(HELPERS)
)
