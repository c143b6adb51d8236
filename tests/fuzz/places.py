"""Rows of blocks, slices, unit vectors and sizes, those that no variable has among them."""

from __future__ import annotations

from tests.fuzz import values as v
from tests.fuzz.backends import xp
from tests.fuzz.row import Row, plain, row

__all__ = ["PLACES"]

# fmt: off
PLACES: list[Row] = [
    # blocks
    row("g a+b,c+d", "[{0:,}, 0; {1:,}, {2:,}]",     "g a,c; g b,c; g b,d", lambda z, a, b, c: xp.block([[a, xp.zeros((z["a"], z["d"]))], [b, c]]), 1),
    row("i a+b,a+b", "[{0:,}, {1:,}; 0, {2:,}]",     "i a,a; g a,b; i b,b", lambda z, a, b, c: xp.block([[a, b], [xp.zeros((z["b"], z["a"])), c]]), 1),
    row("s a+b,a+b", "[{0:,}, {1:,}; {1}^T, {2:,}]", "s a,a; g a,b; s b,b", plain(lambda a, b, c: xp.block([[a, b], [b.T, c]])), 1),
    row("d a+b,a+b", "[{0:,}, 0; 0, {1:,}]",         "d a,a; d b,b",        lambda z, a, b: xp.block([[a, xp.zeros((z["a"], z["b"]))], [xp.zeros((z["b"], z["a"])), b]]), 0.7),
    row("g a,c",     "[{0:,}, {1:,}] [{2:,}; {3:,}]", "g a,N; g a,K; g N,c; g K,c", plain(lambda a, b, c, d: a @ c + b @ d), 0.4),

    # slices
    row("g a,c", "{0}[1:{a}, :]",                    "g a+b,c",             lambda z, x: x[: z["a"]], 0.7),
    row("g b,c", "{0}[{a} + 1:{a} + {b}, :]",        "g a+b,c",             lambda z, x: x[z["a"] :], 0.7),
    row("g a,d", "{0}[1:{a}, {c} + 1:{c} + {d}]",    "g a+b,c+d",           lambda z, x: x[: z["a"], z["c"] :], 0.5),
    row("g 2,N", "{0}[1:2, :]",                      "t N,N",               plain(lambda a: a[:2]), 0.5),
    row("g N,1", "{0}[:, 2]",                        "t N,N",               plain(lambda a: a[:, 1:2]), 0.5),
    row("g 1,N", "{0}[{N}, :]",                      "s N,N",               plain(lambda a: a[-1:]), 0.5),
    row("g 1,1", "{0}[{M}, {n}]",                    "g M,n",               plain(lambda a: a[-1:, -1:]), 0.4),
    row("g 1,1", "{0}[{M}]",                         "g M,1",               plain(lambda a: a[-1:]), 0.4),
    row("g 1,1", "||{0}[2:{M}] - {0}[1:{M} - 1]||^2", "g M,1",              plain(lambda a: v.scalar(((a[1:] - a[:-1]) ** 2).sum())), 0.7),
    row("g 1,1", "sum({0}[2:{M}, :])",               "g M,n",               plain(lambda a: v.scalar(a[1:].sum())), 0.4),
    row("g 1,1", "{0}[1:{M} - 1, :]^T {0}[2:{M}, :]", "g M,1",              plain(lambda a: a[:-1].T @ a[1:]), 0.4),

    # unit vectors
    row("g M,1", "e(1, {M})",                        "",                    lambda z: xp.eye(z["M"])[:, :1], 0.3),
    row("g M,1", "e({M}, {M})",                      "",                    lambda z: xp.eye(z["M"])[:, -1:], 0.2),
    row("g M,N", "e(2, {M}) e(1, {N})^T",            "",                    lambda z: xp.eye(z["M"])[:, 1:2] @ xp.eye(z["N"])[:1], 0.4),
    row("g 1,1", "e(1, {M})^T {0} e(2, {N})",        "g M,N",               plain(lambda a: a[:1, 1:2]), 0.5),
    row("g M,1", "{0} e(2, {N})",                    "g M,N",               plain(lambda a: a[:, 1:2]), 0.5),
    row("g 1,N", "e({M}, {M})^T {0}",                "g M,N",               plain(lambda a: a[-1:]), 0.4),
    row("g M,N", "e(1, {M}) {0}",                    "g 1,N",               lambda z, a: xp.eye(z["M"])[:, :1] @ a, 0.3),
    row("g N,N", "{0} + e(1, {N}) e(2, {N})^T",      "g N,N",               lambda z, a: a + xp.eye(z["N"])[:, :1] @ xp.eye(z["N"])[1:2], 0.4),

    # sizes, as numbers and of what has no variable
    row("g m,n", "sum(ones({K})) * {0}",             "g m,n",               lambda z, a: z["K"] * a, 0.7),
    row("g m,n", "{0} / tr(eye({K}))",               "g m,n",               lambda z, a: a / z["K"], 0.4),
    row("g m,n", "(ones({K})^T ones({K})) * {0}",    "g m,n",               lambda z, a: z["K"] * a, 0.4),
    row("g m,n", "mean(e(1, {K})) * {0}",            "g m,n",               lambda z, a: a / z["K"], 0.4),
    row("g K*m,K*n", "kron(eye({K}), {0:,})",        "g m,n",               lambda z, a: xp.kron(xp.eye(z["K"]), a), 0.5),
    row("g m*K,n", "{0} ⊗ ones({K})",                "g m,n",               lambda z, a: xp.kron(a, xp.ones((z["K"], 1))), 0.5),
    row("g M,n", "ones({M}, {K}) {0}",               "g K,n",               lambda z, a: xp.ones((z["M"], z["K"])) @ a, 0.4),
    row("g M,n", "ones({M}) {0}",                    "g 1,n",               lambda z, a: xp.ones((z["M"], 1)) @ a, 0.4),
    row("g m,n", "{0} + ones({m}, {n})",             "g m,n",               lambda z, a: a + 1, 0.3),
    row("g M,n", "{0}.^({M})",                         "g M,n",               lambda z, a: a ** z["M"], 0.5),
    row("g N,N", "{0}^({N})",                          "g N,N",               lambda z, a: v.power(a, z["N"]), 0.4),
    row("g N,N", "{0}^({N} + 1)",                    "g N,N",               lambda z, a: v.power(a, z["N"] + 1), 0.3),
    row("g N,N", "det({0:,})^({N}) * {0}",             "g N,N",               lambda z, a: v.polynomial_det(a) ** z["N"] * a, 0.3),
    row("g N,N", "{0} - ones({N}, {N}) {0} / ({N})",   "g N,N",               lambda z, a: a - a.mean(0, keepdims=True), 0.5),
    row("g N,N", "{0} * {1}^({N} - 1)",              "g N,N; p 1,1",        lambda z, a, s: a * s ** (z["N"] - 1), 0.3),

    # polynomials of a matrix, at singular points too
    row("g 1,1", "det({0:,})",                       "g N,N",               plain(v.polynomial_det), 0.7),
    row("g N,N", "adj({0:,})",                       "g N,N",               plain(v.polynomial_adj), 0.5),
    row("g 1,1", "det({0} {1})",                     "g N,N; g N,N",        plain(lambda a, b: v.polynomial_det(a @ b)), 0.3),
    row("g 1,1", "det(eye({N}) + {0} {1}^T)",        "g N,1; g N,1",        lambda z, x, y: v.polynomial_det(xp.eye(z["N"]) + x @ y.T), 0.4),
]
# fmt: on
