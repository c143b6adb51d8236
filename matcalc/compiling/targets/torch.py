"""PyTorch: tensors of any device and type."""

from __future__ import annotations

from matcalc.compiling.emitting.emitter import Emitter
from matcalc.compiling.emitting.libraries import Conversions, PythonTarget
from matcalc.compiling.emitting.source import python_source
from matcalc.compiling.emitting.target import ATOM, Row, Text
from matcalc.compiling.planning.program import Value
from matcalc.compiling.targets.in_python import conversions, helpers, python, special_helpers
from matcalc.compiling.targets.in_python.helpers import filled
from matcalc.compiling.targets.in_python.python_arrays import accumulated_row, chain_row, cumulative_row
from matcalc.compiling.targets.shifts import PYTHON_HELPERS

__all__ = ["TORCH"]

HELPERS = (
    conversions.HELPERS["torch"]
    | {
        name: source.replace("axis=", "dim=")
        .replace("dtype=x.dtype", "dtype=x.dtype, device=x.device")
        .replace("torch.max(", "torch.amax(")
        .replace("torch.min(", "torch.amin(")
        for name, source in filled(
            {**helpers.HELPERS, **special_helpers.SPECIAL_FUNCTIONS, **helpers.MATRIX_FUNCTIONS, **PYTHON_HELPERS},
            "torch",
            "",
            dtype=True,
        ).items()
    }
    | {
        "_cumulative": """def _cumulative(x, axis, backward, without):
    if backward:
        return torch.flip(_cumulative(torch.flip(x, (axis,)), axis, False, without), (axis,))
    if without:
        zero, others = torch.zeros_like(torch.narrow(x, axis, 0, 1)), torch.narrow(x, axis, 0, x.shape[axis] - 1)
        x = torch.cat([zero, others], dim=axis)
    return torch.cumsum(x, axis)
""",
        "_expm": """def _expm(x):
    return torch.linalg.matrix_exp(x)
""",
        "_length": """def _length(x):
    # divided by its largest entry first: its square may be no number
    top = torch.amax(torch.abs(x)).detach()
    scale = torch.where((top > 0) & (top < math.inf), top, torch.ones_like(top))
    return scale * torch.sqrt(torch.sum((x / scale) ** 2))
""",
        "_of_pairs": """def _of_pairs(f, a, b):
    # a number takes the type of the tensor beside it
    kind = next(x.dtype for x in (a, b) if torch.is_tensor(x))
    return f(*(torch.as_tensor(x, dtype=kind) for x in (a, b)))
""",
        "_svd": """def _svd(x):
    u, s, vt = torch.linalg.svd(x, full_matrices=False)
    largest = torch.amax(u, dim=-2, keepdim=True)
    smallest = torch.amin(u, dim=-2, keepdim=True)
    sign = torch.where(largest + smallest < 0, -1.0, 1.0).to(x.dtype)
    return u * sign, s, vt.mT * sign
""",
        "_eigh": """def _eigh(s):
    values, vectors = torch.linalg.eigh(s)
    largest = torch.amax(vectors, dim=-2, keepdim=True)
    smallest = torch.amin(vectors, dim=-2, keepdim=True)
    return values, vectors * torch.where(largest + smallest < 0, -1.0, 1.0).to(s.dtype)
""",
        "_indicator": """def _indicator(place, x):
    mark = torch.zeros_like(x).reshape(-1)
    mark[place] = 1
    return mark.reshape(x.shape)
""",
        "_elimination": """def _elimination(n, dtype):
    places = [i + j * n for j in range(n) for i in range(j, n)]
    return torch.eye(n * n, dtype=dtype)[places]
""",
        "_duplication": """def _duplication(n, dtype):
    pairs = [(max(i, j), min(i, j)) for j in range(n) for i in range(n)]
    places = [j * n - j * (j - 1) // 2 + i - j for i, j in pairs]
    return torch.eye(n * (n + 1) // 2, dtype=dtype)[places]
""",
        "_adjugate": """def _adjugate(x):
    # a pivot 0 gives way to one of the size of the rounding errors
    lu, pivots, _ = torch.linalg.lu_factor_ex(x)
    least = torch.finfo(x.dtype).eps * torch.amax(torch.abs(x), dim=(-2, -1))[..., None]
    diagonal = torch.diagonal(lu, dim1=-2, dim2=-1)
    added = torch.where(
        torch.abs(diagonal) <= torch.finfo(x.dtype).eps * least,
        least + torch.finfo(x.dtype).tiny,
        0.0,
    )
    rows = torch.arange(1, x.shape[-1] + 1, device=x.device)
    sign = torch.prod(torch.where(pivots == rows, 1.0, -1.0), dim=-1)
    size = sign * torch.prod(diagonal + added, dim=-1)
    eye = torch.eye(x.shape[-1], dtype=x.dtype, device=x.device).expand(x.shape)
    return size[..., None, None] * torch.linalg.lu_solve(
        lu + torch.diag_embed(added), pivots, eye
    )
""",
        "_frechet_adj": """def _frechet_adj(x, size, *directions):
    # the derivatives of a polynomial: by the inverse where that loses few digits
    if not bool(torch.isfinite(x).all()):
        return sum(directions) * math.nan
    limits = torch.finfo(x.dtype)
    inverse, failed = torch.linalg.inv_ex(x)
    lost = (x * x).sum((-2, -1)) * (inverse * inverse).sum((-2, -1))
    regular = (failed == 0) & (torch.abs(size) >= limits.smallest_normal)
    if bool((regular & (lost < (1e-11 / limits.eps) ** (2 / len(directions)))).all()):
        return size[..., None, None] * _regular_frechet_adj(inverse, *directions)
    return _singular_frechet_adj(x, *directions)
""",
        "_larger": """def _larger(a, b):
    return torch.where(a >= b, a, b)
""",
        "_smaller": """def _smaller(a, b):
    return torch.where(a <= b, a, b)
""",
        "_sylvester": """def _sylvester(a, b, c):
    m, n = c.shape[-2:]
    left = torch.kron(torch.eye(n, dtype=c.dtype, device=c.device), a.contiguous())
    right = torch.kron(b.T.contiguous(), torch.eye(m, dtype=c.dtype, device=c.device))
    stacked = c.mT.reshape(-1, m * n)
    solved = torch.linalg.solve(left + right, stacked.T).T
    return solved.reshape(*c.shape[:-2], n, m).mT
""",
    }
)


def _permute(e: Emitter, v: Value, args: list[Text]) -> Text:
    if v.data == (1, 0):
        return Text(f"{args[0].at(ATOM)}.T")
    return Text(f"{args[0].at(ATOM)}.permute({', '.join(map(str, v.data))})")


def _reduced(name: str) -> Row:
    def row(e: Emitter, v: Value, args: list[Text]) -> Text:
        if len(v.data) == v.args[0].rank:
            return Text(f"torch.{name}({args[0].text})")
        return Text(f"torch.{name}({args[0].text}, dim={python.axes_text(v.data)})")

    return row


def _tensordot(e: Emitter, v: Value, args: list[Text]) -> Text:
    left, right = (list(side) for side in v.data)
    return Text(f"torch.tensordot({args[0].text}, {args[1].text}, dims=({left}, {right}))")


def _diagonal(e: Emitter, v: Value, args: list[Text]) -> Text:
    return Text(f"torch.diagonal({args[0].text}, dim1={v.data[0]}, dim2={v.data[1]})")


def _block(e: Emitter, v: Value, args: list[Text]) -> Text:
    height, width = v.data
    rows = []
    for i in range(height):
        parts = [a.text for a in args[i * width : (i + 1) * width]]
        row = parts[0] if width == 1 else f"torch.cat([{', '.join(parts)}], dim=1)"
        rows.append(row if len(row) < 24 else e.named(Text(row)).text)
    return Text(rows[0] if height == 1 else f"torch.cat([{', '.join(rows)}], dim=0)")


def _stack(e: Emitter, v: Value, args: list[Text]) -> Text:
    return Text(f"torch.stack([{', '.join(a.text for a in args)}], dim={v.data[0]})")


def _mask(e: Emitter, v: Value, args: list[Text]) -> Text:
    text = python.ROWS["mask"](e, v, args)
    return Text(text.text.replace("k=", "diagonal="), text.level)


def _triangle(e: Emitter, v: Value, args: list[Text]) -> Text:
    text = python.ROWS["triangle"](e, v, args)
    return Text(text.text.replace("k=", "diagonal="))


def _selector(e: Emitter, v: Value, args: list[Text]) -> Text:
    eye = f"torch.eye({e.dim(v.axes[1]).text}, dtype=dtype, device=device)"
    return Text(f"{eye}[{python.range_text(e, v.data[0], v.axes[0])}]")


# fmt: off
ROWS: dict[str, Row] = {
    **python.ROWS,
    "permute":   _permute,
    "sum":       _reduced("sum"),
    "largest":   _reduced("amax"),
    "smallest":  _reduced("amin"),
    "prod":      _reduced("prod"),
    "tensordot": _tensordot,
    "diagonal":  _diagonal,
    "block":     _block,
    "chain": chain_row,
        "cumulative": cumulative_row,
    "log_cumulative": accumulated_row("torch.logcumsumexp({0}, 0)"),
    "stack":     _stack,
    "mask":      _mask,
    "triangle":  _triangle,
    "selector":  _selector,
}
# fmt: on

TORCH = PythonTarget(
    name="torch",
    write=python_source,
    module="torch",
    rows=ROWS,
    made=python.MADE,
    helpers=HELPERS,
    imports={"itertools": "import itertools", "math": "import math", "torch": "import torch"},
    reserved=python.RESERVED | {"itertools", "torch", "dtype", "device", "math", *HELPERS},
    options={"dtype": ", dtype=dtype, device=device"},
    convert=Conversions(
        "{name} = _real({name})",
        "{name} = _real({name}).to(dtype=dtype, device=device)",
        "{name} = _real({name})",
    ),
)
