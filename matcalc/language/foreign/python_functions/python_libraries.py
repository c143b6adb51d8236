"""Where libraries of Python differ in what a function of one name does: NumPy, SciPy and pandas."""

from __future__ import annotations

import re
from dataclasses import replace

from matcalc.language.foreign.code import Code, Fault
from matcalc.language.foreign.common.axes import reduced
from matcalc.language.foreign.common.functions import summed, transposed
from matcalc.language.foreign.common.spreading import operated
from matcalc.language.foreign.python.python_calls import Call
from matcalc.patterns import pattern

__all__ = ["average", "axis_of", "frames_in", "has_entrywise_norms", "is_frames", "of_cholesky", "path_of"]

#: What SciPy is imported as, and what its part for matrices is.
_SCIPY = frozenset(("sp", "scipy", "sla", "spla", "scipy.linalg", "sp.linalg", "jax.scipy.linalg", "jsp.linalg", "jsp"))
_IMPORTED = pattern(
    r"from\s+(?:jax\.)?scipy\.linalg\s+import\b[^\n]*\bcholesky\b|from\s+(?:jax\.)?scipy\s+import\b[^\n]*\blinalg\b"
)
#: Methods that only tables of pandas have, or arrays of PyTorch.
_OF_FRAMES = pattern(r"(?<![\w.])([^\W\d]\w*)\.(?:cov|corr|pct_change|dropna|iloc|loc)\b")


def of_cholesky(c: Call) -> Code:
    """The lower factor; that of SciPy is the upper one unless it is told otherwise."""
    inner = replace(c.first(), axes="m")
    made = replace(c.make("chol", inner), axes="m")
    of_scipy = c.name == "cho_factor" or _is_of_scipy(c)
    is_upper = c.is_true("upper") or (of_scipy and not (c.is_true("lower") or _is_true(c, 1)))
    return transposed(made, c.span) if is_upper else made


def _is_true(c: Call, place: int) -> bool:
    """Whether an argument by its place is True."""
    return getattr(c.node(place), "value", False) is True


def _is_of_scipy(c: Call) -> bool:
    module = path_of(c).rpartition(".")[0]
    imported = re.search(rf"import\s+scipy\.linalg\s+as\s+{re.escape(module)}\b", c.reader.text) if module else None
    if module in _SCIPY or imported is not None or c.is_false("lower"):
        return True
    return module in ("", "linalg") and _IMPORTED.search(c.reader.text) is not None


def has_entrywise_norms(c: Call) -> bool:
    """Whether norm is that of PyTorch outside of its part linalg, whose norms are of all entries of a matrix."""
    return path_of(c) == "torch.norm" or ("torch" in c.reader.text and "linalg" not in c.reader.text)


def average(c: Call) -> Code:
    """The mean, or that by weights of the same shape."""
    inner, weights, axis = c.first(), c.code(2, "weights"), c.axis(1)
    if weights is None:
        return reduced("mean", inner, axis, c.span, kept=c.is_kept)
    if weights.kind != inner.kind or (axis is not None and inner.kind == "m"):
        raise Fault(
            "weights have the shape of the array here", c.span, "write the weighted sums over those of the weights"
        )
    return operated(summed(operated(weights, "*", inner), c.span), "/", summed(weights, c.span))


def path_of(c: Call) -> str:
    """The function as it is written, with its module."""
    found = re.match(r"\s*([\w.]*)", c.reader.text[c.span[0] : c.span[1]])
    return found.group(1) if found else ""


def frames_in(text: str) -> frozenset[str]:
    """The names of tables of pandas, whose columns are the variables: returns in returns.cov()."""
    return (
        frozenset(_OF_FRAMES.findall(text)) - {"np", "torch", "tf", "jnp", "numpy"}
        if "torch" not in text
        else frozenset()
    )


def is_frames(c: Call) -> bool:
    """Whether it is a method of a table of pandas."""
    owner, _, method = path_of(c).rpartition(".")
    return method == c.name and owner in frames_in(c.reader.text)


def axis_of(c: Call) -> int | None:
    """The axis of a reduction; that of a table of pandas is along its columns."""
    axis = c.axis(1)
    return 0 if axis is None and is_frames(c) else axis
