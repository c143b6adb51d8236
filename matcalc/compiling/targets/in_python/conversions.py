"""What code does to its arguments before it computes: arrays and numbers of real floating-point type.

float32 stays float32; anything else that is real becomes float64 (in JAX and PyTorch the default type). What is complex,
masked, a date or no number is refused.
"""

from __future__ import annotations

__all__ = ["HELPERS"]


_NUMPY_ARRAY = """def _real(x):
    if type(x) is np.ndarray and x.dtype.char in "df":
        return x
    if np.asanyarray(x).dtype.kind not in "fiub" or np.ma.isMaskedArray(x):
        raise TypeError("an argument is an array of real numbers")
    x = np.asarray(x)
    return x if x.dtype.char == "f" else x.astype(float)
"""

_SPARSE_MATRIX = """def _sparse(x):
    if x.dtype.kind not in "fiub":
        raise TypeError("an argument is a matrix of real numbers")
    x = x if x.format in ("csr", "csc", "bsr", "dia") else x.tocsr()
    return x if x.dtype.char in "df" else x.astype(float)
"""

_NUMPY_NUMBER = """def _number(x, kind=None):
    if type(x) is not float:
        given = np.asanyarray(x)
        if given.ndim or given.dtype.kind not in "fiub" or np.ma.isMaskedArray(x):
            raise TypeError("an argument is a real number")
        kind = kind or (np.float32 if given.dtype == np.float32 else None)
    return (kind or np.float64)(x)
"""

_ARRAY_API = """def _real(x, xp):
    masked, x = "Masked" in type(x).__name__, xp.asarray(x)
    if masked or not xp.isdtype(x.dtype, ("real floating", "integral", "bool")):
        raise TypeError("an argument is an array of real numbers")
    is_floating = xp.isdtype(x.dtype, "real floating")
    return x if is_floating else xp.astype(x, xp.asarray(0.0).dtype)
"""

_JAX = """def _real(x):
    x = jnp.asarray(x)
    if jnp.iscomplexobj(x):
        raise TypeError("an argument is an array of real numbers")
    return x if jnp.issubdtype(x.dtype, jnp.floating) else x.astype(float)
"""

_TORCH = """def _real(x):
    masked, x = "Masked" in type(x).__name__, torch.as_tensor(x)
    if masked or x.is_complex():
        raise TypeError("an argument is an array of real numbers")
    return x if x.is_floating_point() else x.to(torch.get_default_dtype())
"""

#: target -> the definitions that its conversions use
HELPERS: dict[str, dict[str, str]] = {
    "numpy": {"_real": _NUMPY_ARRAY, "_number": _NUMPY_NUMBER, "_sparse": _SPARSE_MATRIX},
    "array-api": {"_real": _ARRAY_API},
    "jax": {"_real": _JAX},
    "torch": {"_real": _TORCH},
}
