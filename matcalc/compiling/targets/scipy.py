"""SciPy beside NumPy: factorisations that are shared, triangular systems, special functions and matrix functions."""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec

from matcalc.compiling.emitting.emitter import Emitter
from matcalc.compiling.emitting.target import Row, Text
from matcalc.compiling.planning.program import Value
from matcalc.compiling.targets import numpy

__all__ = ["SCIPY", "default_target"]

#: Functions with a name of their own in SciPy, beside those that `NUMPY` has.
FUNCTIONS = {
    "erf": "special.erf({0})",
    "erfc": "special.erfc({0})",
    "erfinv": "special.erfinv({0})",
    "lgamma": "special.gammaln({0})",
    "digamma": "special.digamma({0})",
    "sylvester": "_sylvester({args})",
    "sqrtm": "_sqrtm({0})",
    "expm": "linalg.expm({0})",
    "frechet_expm": "_frechet_expm({args})",
}

HELPERS = {
    "_factored": """def _factored(x, symmetric):
    # a Cholesky factor where there is one, else L U
    single = x.dtype.char == "f"
    if symmetric:
        potrf = lapack.spotrf if single else lapack.dpotrf
        factor, failed = potrf(x.T, lower=1, clean=0)
        if not failed:
            return factor, None
    getrf = lapack.sgetrf if single else lapack.dgetrf
    factor, pivots, failed = getrf(x.T)
    if failed:
        raise np.linalg.LinAlgError("Singular matrix")
    return factor, pivots
""",
    "_solution": """def _solution(factored, b, turned=False):
    factor, pivots = factored
    single = factor.dtype.char == b.dtype.char == "f"
    if pivots is None:
        potrs = lapack.spotrs if single else lapack.dpotrs
        return potrs(factor, b, lower=1)[0]
    getrs = lapack.sgetrs if single else lapack.dgetrs
    return getrs(factor, pivots, b, trans=0 if turned else 1)[0]
""",
    "_cholesky_of": """def _cholesky_of(factored):
    if factored[1] is not None:
        raise np.linalg.LinAlgError("Matrix is not positive definite")
    return factored[0]
""",
    "_logdet_of": """def _logdet_of(factored):
    factor, pivots = factored
    total = np.log(np.abs(factor.diagonal())).sum()
    return 2 * total if pivots is None else total
""",
    "_inverse_of": """def _inverse_of(factored):
    factor, pivots = factored
    if pivots is None:
        return _inverse_from_cholesky(factor)
    getri = lapack.sgetri if factor.dtype.char == "f" else lapack.dgetri
    return getri(factor, pivots)[0].T
""",
    "_inverse_from_cholesky": """def _inverse_from_cholesky(factor):
    potri = lapack.spotri if factor.dtype.char == "f" else lapack.dpotri
    lower = np.tril(potri(factor, lower=1)[0])
    inverse = lower + lower.T
    np.einsum("ii->i", inverse)[...] /= 2
    return inverse
""",
    "_triangular": """def _triangular(x, b, lower):
    single = x.dtype.char == b.dtype.char == "f"
    trtrs = lapack.strtrs if single else lapack.dtrtrs
    if x.flags.c_contiguous:
        solution, failed = trtrs(x.T, b, lower=not lower, trans=1)
    else:
        solution, failed = trtrs(x, b, lower=lower)
    if failed:
        raise np.linalg.LinAlgError("Singular matrix")
    return solution
""",
    "_sylvester": """def _sylvester(a, b, c):
    # a y + y b = c, by eigenvectors where a and b are symmetric
    if max(a.ndim, b.ndim) > 2:
        return kernels.sylvester(a, b, c)
    if not np.isfinite(a.sum() + b.sum() + c.sum()):
        return np.full_like(c, np.nan)
    if np.array_equal(a, a.T) and np.array_equal(b, b.T):
        (left, u), (right, v) = np.linalg.eigh(a), np.linalg.eigh(b)
        with np.errstate(divide="ignore", invalid="ignore"):
            return u @ ((u.T @ c @ v) / (left[:, None] + right)) @ v.T
    if c.ndim == 2:
        return linalg.solve_sylvester(a, b, c)
    r, u = linalg.schur(a)
    s, v = linalg.schur(b)
    trsyl = lapack.strsyl if c.dtype.char == "f" else lapack.dtrsyl
    inside = u.T @ c @ v
    parts = [trsyl(r, s, part) for part in inside.reshape(-1, *c.shape[-2:])]
    solved = np.stack([x / scale for x, scale, _ in parts])
    return u @ solved.reshape(c.shape) @ v.T
""",
    "_sqrtm": """def _sqrtm(x):
    if x.ndim == 2 and np.array_equal(x, x.T):
        values, vectors = np.linalg.eigh(x)
        if values[0] > 0:
            return (vectors * np.sqrt(values)) @ vectors.T
    return kernels.sqrtm(x)
""",
    "_frechet_expm": """def _frechet_expm(x, *directions):
    if len(directions) > 1 or max(x.ndim, directions[0].ndim) > 2:
        return kernels.frechet_expm(x, *directions)
    if not np.isfinite(x.sum() + directions[0].sum()):
        return np.full_like(x, np.nan)
    return linalg.expm_frechet(x, directions[0], compute_expm=False).astype(x.dtype)
""",
}


def _triangular(e: Emitter, v: Value, args: list[Text]) -> Text:
    lower = "lower" in v.data
    return Text(f"_triangular({args[0].text}, {args[1].text}, {lower})")


def _solve(e: Emitter, v: Value, args: list[Text]) -> Text:
    if v.args[0].rank == 2 and {"lower", "upper"}.intersection(v.data):
        return _triangular(e, v, args)
    return numpy.ROWS["solve"](e, v, args)


def _solution(e: Emitter, v: Value, args: list[Text]) -> Text:
    return Text(f"_solution({args[0].text}, {args[1].text}{', True' if v.data else ''})")


ROWS: dict[str, Row] = {
    **numpy.ROWS,
    "solve": _solve,
    "factored": lambda e, v, args: Text(f"_factored({args[0].text}, {'symmetric' in v.data})"),
    "solution": _solution,
    "cholesky_of": lambda e, v, args: Text(f"_cholesky_of({args[0].text})"),
    "logdet_of": lambda e, v, args: Text(f"_logdet_of({args[0].text})"),
    "inverse_of": lambda e, v, args: Text(f"_inverse_of({args[0].text})"),
}

SCIPY = replace(
    numpy.NUMPY,
    name="scipy",
    like=("numpy",),
    rows=ROWS,
    made={**numpy.NUMPY.made, **FUNCTIONS},
    helpers={**numpy.NUMPY.helpers, **HELPERS},
    imports={
        **numpy.NUMPY.imports,
        "lapack": "from scipy.linalg import lapack",
        "linalg": "from scipy import linalg",
        "special": "from scipy import special",
    },
    reserved=numpy.NUMPY.reserved | {"lapack", "linalg", "special", *HELPERS},
)


def default_target() -> str:
    """SciPy's where that is installed, else NumPy's."""
    return SCIPY.name if find_spec(SCIPY.name) else numpy.NUMPY.name
