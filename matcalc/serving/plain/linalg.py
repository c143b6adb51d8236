"""Linear algebra of small matrices: elimination, rotations, and mpmath for eigenvalues of general matrices.

Sources: Golub & Van Loan, Matrix Computations, 3.4 (elimination), 8.5 (Jacobi), 8.6 (one-sided Jacobi for singular values).
"""

from __future__ import annotations

import math
from functools import cache
from typing import Any

from matcalc.serving.plain.array import Array, asarray
from matcalc.serving.plain.making import eye
from matcalc.serving.plain.products import dot_of, matmul
from matcalc.serving.plain.protocols import open_to_others
from matcalc.serving.plain.types import COMPLEX, FLOAT, joined

__all__ = ["LinAlgError", "cholesky", "cond", "det", "eig", "eigh", "eigvals", "eigvalsh", "inv", "lstsq", "matrix_power",
           "matrix_rank", "norm", "pinv", "qr", "slogdet", "solve", "svd"]  # fmt: skip

Rows = list[list[Any]]
#: Rotations until nothing is left beside the diagonal.
SWEEPS = 60
ROUNDING = 2.0**-53


class LinAlgError(ValueError):
    """A matrix that has not what is asked for."""


def _rows(x: Any) -> Rows:
    a = asarray(x)
    n = a.shape[1]
    convert = complex if a.dtype is COMPLEX else float if a.dtype.kind != "O" else lambda v: v
    return [[convert(v) for v in a.flat[i * n : (i + 1) * n]] for i in range(a.shape[0])]


def _of_rows(rows: Rows, shape: tuple[int, ...], like: Any) -> Array:
    return Array([v for row in rows for v in row], shape, joined(FLOAT, asarray(like).dtype))


def _square(x: Any) -> Array:
    a = asarray(x)
    if a.ndim != 2 or a.shape[0] != a.shape[1]:
        raise LinAlgError("the matrix is not square")
    return a


def _each(function: Any) -> Any:
    """A function of matrices as one of stacks of them."""

    @open_to_others
    def apply(x: Any, *args: Any, **options: Any) -> Any:
        a = asarray(x)
        if a.ndim <= 2:
            return function(a, *args, **options)
        from matcalc.serving.plain.making import stack

        rest = [asarray(y) for y in args]
        found = [function(a[k], *(y[k] if y.ndim == a.ndim else y for y in rest)) for k in range(len(a))]
        if isinstance(found[0], tuple):
            return tuple(stack(parts) for parts in zip(*found, strict=True))
        return stack(found)

    apply.__name__ = function.__name__
    return apply


def _eliminated(rows: Rows, right: Rows) -> tuple[Any, bool]:
    """Both sides by Gaussian elimination, in place: the sign of the permutation, and whether a pivot was 0."""
    sign: Any = 1
    for k in range(len(rows)):
        best = max(range(k, len(rows)), key=lambda i: _size(rows[i][k]))
        if rows[best][k] == 0:
            return sign, True
        if best != k:
            rows[k], rows[best], right[k], right[best] = rows[best], rows[k], right[best], right[k]
            sign = -sign
        for i in range(k + 1, len(rows)):
            factor = rows[i][k] / rows[k][k]
            if factor:
                rows[i] = [a - factor * b for a, b in zip(rows[i], rows[k], strict=True)]
                right[i] = [a - factor * b for a, b in zip(right[i], right[k], strict=True)]
    return sign, False


def _size(value: Any) -> Any:
    size = abs(value)
    return size if size == size else -1


@_each
def solve(a: Any, b: Any) -> Array:
    """The solution by elimination with partial pivoting. Raises LinAlgError where a pivot is 0."""
    y = asarray(b)
    n, rows = len(_square(a)), _rows(a)
    columns = y if y.ndim == 2 else y.reshape(-1, 1)
    right = _rows(columns)
    if _eliminated(rows, right)[1]:
        raise LinAlgError("Singular matrix")
    for k in range(n - 1, -1, -1):
        for i in range(k + 1, n):
            right[k] = [v - rows[k][i] * w for v, w in zip(right[k], right[i], strict=True)]
        right[k] = [v / rows[k][k] for v in right[k]]
    return Array([v for row in right for v in row], y.shape, joined(FLOAT, asarray(a).dtype, y.dtype))


@_each
def inv(x: Any) -> Array:
    a = _square(x)
    found: Array = solve(a, eye(len(a)))
    return found


def _determined(x: Any) -> tuple[Any, list[Any]]:
    rows = _rows(_square(x))
    sign, singular = _eliminated(rows, [[] for _ in rows])
    return sign, [0.0 if singular else rows[k][k] for k in range(len(rows))]


@_each
def det(x: Any) -> Array:
    sign, pivots = _determined(x)
    return Array([math.prod(pivots, start=sign * 1.0)], (), joined(FLOAT, asarray(x).dtype))


@_each
def slogdet(x: Any) -> tuple[Array, Array]:
    sign, pivots = _determined(x)
    kind = joined(FLOAT, asarray(x).dtype)
    if any(p == 0 for p in pivots):
        return Array([kind.convert(0)], (), kind), Array([-math.inf], (), FLOAT)
    unit = math.prod((p / abs(p) for p in pivots), start=kind.convert(sign))
    return Array([unit], (), kind), Array([math.fsum(math.log(abs(p)) for p in pivots)], (), FLOAT)


@_each
def cholesky(x: Any) -> Array:
    """The lower factor. Raises LinAlgError where the matrix is not positive definite."""
    rows = _rows(_square(x))
    n = len(rows)
    lower: Rows = [[0.0] * n for _ in range(n)]
    for j in range(n):
        rest = rows[j][j].real - math.fsum(abs(v) ** 2 for v in lower[j][:j])
        if not rest > 0:
            raise LinAlgError("Matrix is not positive definite")
        lower[j][j] = math.sqrt(rest)
        for i in range(j + 1, n):
            done = dot_of(lower[i][:j], [v.conjugate() for v in lower[j][:j]])
            lower[i][j] = (rows[i][j] - done) / lower[j][j]
    return _of_rows(lower, (n, n), x)


@_each
def eigh(x: Any) -> tuple[Array, Array]:
    """Eigenvalues in ascending order with eigenvectors, by Jacobi's rotations; the lower triangle is read."""
    rows = _rows(_square(x))
    n = len(rows)
    a = [[rows[i][j] if i >= j else rows[j][i].conjugate() for j in range(n)] for i in range(n)]
    _refuse_infinite(a)
    v: Rows = [[float(i == j) for j in range(n)] for i in range(n)]
    for _ in range(SWEEPS):
        rotated = [_rotate(a, v, p, q) for p in range(n) for q in range(p + 1, n)]
        if not any(rotated):
            break
    order = sorted(range(n), key=lambda k: a[k][k].real)
    vectors = [[v[i][k] for k in order] for i in range(n)]
    return Array([a[k][k].real for k in order], (n,), FLOAT), _of_rows(vectors, (n, n), x)


def _refuse_infinite(rows: Rows) -> None:
    if not all(v - v == 0 for row in rows for v in row):
        raise LinAlgError("Eigenvalues did not converge")


def _rotate(a: Rows, v: Rows, p: int, q: int) -> bool:
    """Make the entry (p, q) of a Hermitian matrix 0; False where it is as good as that."""
    size = abs(a[p][q])
    if size <= ROUNDING * math.sqrt(abs(a[p][p]) * abs(a[q][q])) * 1e-3 or size < 1e-300:
        return False
    phase = a[p][q] / size
    tau = (a[q][q].real - a[p][p].real) / (2 * size)
    t = (1 if tau >= 0 else -1) / (abs(tau) + math.hypot(1, tau))
    c = 1 / math.hypot(1, t)
    s = t * c
    for rows in (a, v):
        for row in rows:
            x, y = row[p], row[q]
            row[p], row[q] = c * x - s * phase.conjugate() * y, s * phase * x + c * y
    for k in range(len(a)):
        x, y = a[p][k], a[q][k]
        a[p][k], a[q][k] = c * x - s * phase * y, s * phase.conjugate() * x + c * y
    a[p][q] = a[q][p] = 0.0
    return True


@_each
def eigvalsh(x: Any) -> Array:
    found: Array = eigh(x)[0]
    return found


@_each
def svd(x: Any, full_matrices: bool = True, compute_uv: bool = True) -> Any:
    """u, singular values in descending order, v^H, by rotations of columns [Hestenes 1958]."""
    a = asarray(x)
    m, n = a.shape
    if m < n:
        found = svd(_adjoint(a), full_matrices, compute_uv)
        return found if not compute_uv else (_adjoint(found[2]), found[1], _adjoint(found[0]))
    columns = [[row[j] for row in _rows(a)] for j in range(n)]
    _refuse_infinite(columns)
    v: Rows = [[float(i == j) for i in range(n)] for j in range(n)]
    for _ in range(SWEEPS):
        rotated = [_orthogonalize(columns, v, p, q) for p in range(n) for q in range(p + 1, n)]
        if not any(rotated):
            break
    sizes = [_length(c) for c in columns]
    order = sorted(range(n), key=lambda k: -sizes[k])
    values = Array([sizes[k] for k in order], (n,), FLOAT)
    if not compute_uv:
        return values
    u = _completed([_unit(columns[k], sizes[k], sizes[order[0]]) for k in order], m, m if full_matrices else n)
    left = _of_rows([[c[i] for c in u] for i in range(m)], (m, len(u)), x)
    return left, values, _of_rows([[w.conjugate() for w in v[k]] for k in order], (n, n), x)


def _adjoint(a: Array) -> Array:
    found: Array = a.T.conj()
    return found


def _length(column: list[Any]) -> float:
    return math.sqrt(math.fsum(abs(v) ** 2 for v in column))


def _unit(column: list[Any], size: float, largest: float) -> list[Any] | None:
    return [v / size for v in column] if size > ROUNDING * largest and size > 0 else None


def _orthogonalize(columns: Rows, v: Rows, p: int, q: int) -> bool:
    """Rotate two columns until they are orthogonal; False where they are."""
    alpha, beta = (math.fsum(abs(x) ** 2 for x in columns[k]) for k in (p, q))
    gamma = dot_of([x.conjugate() for x in columns[p]], columns[q])
    size = abs(gamma)
    if size <= 4 * ROUNDING * math.sqrt(alpha * beta) or size == 0:
        return False
    phase = gamma / size
    zeta = (beta - alpha) / (2 * size)
    t = (1 if zeta >= 0 else -1) / (abs(zeta) + math.hypot(1, zeta))
    c = 1 / math.hypot(1, t)
    s = c * t
    for rows in (columns, v):
        pairs = list(zip(rows[p], rows[q], strict=True))
        rows[p] = [c * x - s * phase.conjugate() * y for x, y in pairs]
        rows[q] = [s * phase * x + c * y for x, y in pairs]
    return True


def _completed(columns: list[list[Any] | None], m: int, count: int) -> Rows:
    """Orthonormal columns, with unit vectors made orthogonal to all others in place of those that are missing."""
    known = [c for c in columns if c is not None]
    spare = iter(range(m))
    found: Rows = []
    for c in [*columns, *[None] * (count - len(columns))]:
        while c is None:
            c = _against([float(i == next_) for next_ in [next(spare)] for i in range(m)], known)
            if c is not None:
                known.append(c)
        found.append(c)
    return found


def _against(column: list[Any], known: Rows) -> list[Any] | None:
    """The unit vector of what is left of a column beside others; None where too little is left."""
    for _ in range(2):
        for k in known:
            part = dot_of([x.conjugate() for x in k], column)
            column = [x - part * y for x, y in zip(column, k, strict=True)]
    size = _length(column)
    return [x / size for x in column] if size > 1e-6 else None


@_each
def qr(x: Any, mode: str = "reduced") -> tuple[Array, Array]:
    """Q and R by Gram and Schmidt, twice."""
    a = asarray(x)
    m, n = a.shape
    count = min(m, n)
    columns = [[row[j] for row in _rows(a)] for j in range(n)]
    known: Rows = []
    kept: list[list[Any] | None] = []
    for column in columns[:count]:
        kept.append(_against(column, known))
        known += [c for c in kept[-1:] if c is not None]
    q = _completed(kept, m, m if mode == "complete" else count)
    left = _of_rows([[c[i] for c in q] for i in range(m)], (m, len(q)), x)
    return left, matmul(_adjoint(left), a)


@_each
def eig(x: Any) -> tuple[Array, Array]:
    """Eigenvalues and eigenvectors of a general matrix."""
    rows = _rows(_square(x))
    _refuse_infinite(rows)
    floats = _floats()
    values, vectors = floats.eig(floats.matrix([[complex(v) for v in row] for row in rows]), right=True)
    n = len(rows)
    columns = [[complex(vectors[i, j]) for i in range(n)] for j in range(n)]
    units = [[v / (_length(c) or 1) for v in c] for c in columns]
    return (
        Array([complex(v) for v in values], (n,), COMPLEX),
        Array([units[j][i] for i in range(n) for j in range(n)], (n, n), COMPLEX),
    )


@cache
def _floats() -> Any:
    """mpmath's arithmetic of floats, with the one function that its eigenvalues need beside."""
    from mpmath.ctx_fp import FPContext

    return type("Floats", (FPContext,), {"hypot": staticmethod(math.hypot)})()


def eigvals(x: Any) -> Array:
    found: Array = eig(x)[0]
    return found


def cond(x: Any) -> Array:
    values = svd(x, compute_uv=False).flat
    return Array([values[0] / values[-1] if values[-1] else math.inf], (), FLOAT)


def pinv(x: Any, rcond: float = 1e-15) -> Array:
    u, values, vt = svd(x, full_matrices=False)
    top = max(values.flat, default=0.0)
    inverse = Array([1 / v if v > rcond * top else 0.0 for v in values.flat], values.shape, FLOAT)
    return asarray(matmul(_adjoint(vt) * inverse, _adjoint(u)))


def lstsq(a: Any, b: Any, rcond: Any = None) -> tuple[Array, None, int, None]:
    return matmul(pinv(a), b), None, int(matrix_rank(a)), None


def matrix_rank(x: Any, tol: float | None = None) -> int:
    values = svd(x, compute_uv=False).flat
    least = max(asarray(x).shape) * 2 * ROUNDING * max(values, default=0.0) if tol is None else tol
    return sum(v > least for v in values)


@open_to_others
def matrix_power(x: Any, power: int) -> Array:
    base = asarray(inv(x)) if power < 0 else asarray(x)
    total, power = asarray(eye(len(base), dtype=base.dtype)), abs(power)
    while power:
        total, base, power = matmul(total, base) if power % 2 else total, matmul(base, base), power // 2
    return total


def norm(x: Any, ord: Any = None, axis: Any = None) -> Array:
    """The Euclidean norm of all entries; 1 of a matrix the largest sum of a column."""
    a = asarray(x)
    if ord == 1 and a.ndim == 2:
        n = a.shape[1]
        return Array([max(math.fsum(map(abs, a.flat[j::n])) for j in range(n))], (), FLOAT)
    if ord == 2 and a.ndim == 2:
        return Array([max(svd(a, compute_uv=False).flat)], (), FLOAT)
    return Array([_length(a.flat)], (), FLOAT)
