"""Workloads for measuring compiled derivatives: expressions, data, expert code, and the same function in JAX.

W maps a name to a dict:
    text, where     the expression and its declarations
    wrt             the variables, a list
    task            "vg": [value, gradient by each variable]; "hess": [Hessian by wrt[0]];
                    "hvp": [Hessian by wrt[0] times dW], dW among the data
    data(n)         the arguments by name, for a size n of `sizes` (a small and a large one)
    expert(**data)  the outputs by hand-written NumPy, SciPy and LAPACK; the standard to come up to
    jf              the function in JAX, by an expert's formula, of the arguments in the order of data (dW left out)
    proj            what JAX's outputs need to become the derivative within the structure (symmetric part)
    batch           the arguments with a leading batch axis

How to measure: one core, one thread (OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1, OPENBLAS_CORETYPE unset, XLA with
--xla_cpu_multi_thread_eigen=false), JAX_ENABLE_X64=1, the same malloc thresholds for all, processor time.  First compare
all outputs with the expert's, to 1e-7.  Then rounds: in each, everything in turn, a call repeated to some 5 ms; the
figure is the median over the rounds of the ratio within a round.  Quote geometric means of small and of large sizes,
for values with gradients and for Hessians apart, and the worst cell by name.

    python workloads.py     shows that expert and JAX agree on every workload
"""

import os

os.environ.setdefault("JAX_ENABLE_X64", "1")
os.environ.setdefault("JAX_PLATFORMS", "cpu")

import jax
import jax.numpy as jnp
import numpy as np
import scipy.linalg as sl
import scipy.special as sp
from scipy.linalg import lapack

jl, js = jnp.linalg, jax.scipy
W = {}


def add(name, text, where, wrt, data, sizes, expert, jf, task="vg", proj=None, batch=()):
    W[name] = {
        "text": text,
        "where": where,
        "wrt": [wrt] if isinstance(wrt, str) else list(wrt),
        "data": data,
        "sizes": sizes,
        "expert": expert,
        "jf": jf,
        "task": task,
        "proj": proj or (lambda outs: outs),
        "batch": batch,
    }


def R(n, seed=0):
    return np.random.default_rng((n, seed))


def sym(A):
    return (A + A.T) / 2


def spd(r, n):
    a = r.standard_normal((n, 2 * n))
    return a @ a.T / (2 * n) + np.eye(n) / 2


def chol(K):  # lower, no copy trouble
    return lapack.dpotrf(np.array(K, order="F"), lower=1, clean=1, overwrite_a=1)[0]


def potri_fast(C):
    P = lapack.dpotri(C, lower=1)[0]
    P = np.tril(P)
    d = P.diagonal().copy()
    P = P + P.T
    P.reshape(-1, order="A")[:: len(P) + 1] -= d
    return P


def softplus(u):
    return np.maximum(u, 0) + np.log1p(np.exp(-np.abs(u)))


def sigm(u):
    return sp.expit(u)


# GP marginal likelihood, three hyper-parameters
def data(n):
    r = R(n)
    x = np.sort(r.uniform(0, 5, n))
    D = (x[:, None] - x) ** 2
    return {"a": 1.3, "l": 0.7, "s": 0.3, "D": D, "y": r.standard_normal(n)}


def expert(a, l, s, D, y):
    E = np.exp(D * (-0.5 / l**2))
    K = a * E
    M = K.copy()
    M.reshape(-1)[:: len(M) + 1] += s
    C = chol(M)
    al = lapack.dpotrs(C, y, lower=1)[0]
    P = potri_fast(C)
    G = P
    G -= np.outer(al, al)
    v = 0.5 * (y @ al) + np.log(C.diagonal()).sum()
    KG = K * G
    return v, 0.5 * KG.sum() / a, 0.5 * np.vdot(KG, D) / l**3, 0.5 * np.trace(G)


def formula(a, l, s, D, y):
    K = a * jnp.exp(-D / (2 * l**2)) + s * jnp.eye(D.shape[0])
    C = jl.cholesky(K)
    z = js.linalg.solve_triangular(C, y, lower=True)
    return 0.5 * z @ z + jnp.sum(jnp.log(jnp.diagonal(C)))


add(
    "gp_nll",
    "1/2*y^T inv(a*exp(-D/(2*l^2))+s*I) y + 1/2*logdet(a*exp(-D/(2*l^2))+s*I)",
    "a: scalar(positive), l: scalar(positive), s: scalar(positive), D: symmetric(n), y: vector(n)",
    ["a", "l", "s"],
    data,
    (50, 400),
    expert,
    formula,
)


# Gaussian NLL, Cholesky factor of the precision
def data(n):
    r = R(n)
    return {"L": np.tril(r.standard_normal((n, n)) / np.sqrt(n)) + 2 * np.eye(n), "X": r.standard_normal((n, 4 * n))}


def expert(L, X):
    N = X.shape[1]
    S = X @ X.T
    LS = L @ S
    dg = L.diagonal()
    v = 0.5 * np.vdot(LS, L) - N * np.log(np.abs(dg)).sum()
    G = np.tril(LS)
    G.reshape(-1)[:: len(G) + 1] -= N / dg
    return v, G


def formula(L, X):
    L = jnp.tril(L)
    return 0.5 * jnp.sum((L @ X) ** 2) - X.shape[1] * jnp.sum(jnp.log(jnp.abs(jnp.diagonal(L))))


add("mvn_lower", "1/2*||L X||_F^2 - p*logdet(L)", "L: lower(n), X: matrix(n,p)", "L", data, (30, 250), expert, formula)

# the symmetric part of every square output, for JAX knows no structure
symproj = lambda outs: (
    [outs[0]] + [(o + o.T) / 2 if np.ndim(o) == 2 and o.shape[0] == o.shape[1] else o for o in outs[1:]]
)


# Poisson GLM
def data(n):
    r = R(n)
    return {
        "w": r.standard_normal(n) / np.sqrt(n),
        "X": r.standard_normal((5 * n, n)),
        "y": r.poisson(2, 5 * n) * 1.0,
        "c": 0.3,
    }


def expert(w, X, y, c):
    z = X @ w
    m = np.exp(z)
    v = m.sum() - y @ z + c * (w @ w)
    return v, (m - y) @ X + 2 * c * w


def expert_hessian(w, X, y, c):
    s = np.exp(0.5 * (X @ w))
    B = X * s[:, None]
    H = B.T @ B
    H.reshape(-1)[:: len(H) + 1] += 2 * c
    return H


def formula(w, X, y, c):
    z = X @ w
    return jnp.sum(jnp.exp(z)) - y @ z + c * w @ w


T = ("sum(exp(X w)) - y^T X w + c*||w||^2", "w: vector(n), X: matrix(m,n), y: vector(m), c: scalar", "w", data)
add("poisson", *T, (20, 400), expert, formula)
add("poisson_H", *T, (20, 300), expert_hessian, formula, task="hess")


# softmax regression
def data(n):
    r = R(n)
    k = 10
    Y = np.eye(k)[r.integers(0, k, 5 * n)]
    return {"W": r.standard_normal((n, k)) / np.sqrt(n), "X": r.standard_normal((5 * n, n)), "Y": Y}


def expert(W, X, Y):
    Z = X @ W
    Z -= Z.max(1, keepdims=True)
    E = np.exp(Z)
    s = E.sum(1, keepdims=True)
    ys = Y.sum(1, keepdims=True)
    v = (ys * np.log(s)).sum() - np.vdot(Y, Z)
    E *= ys / s
    E -= Y
    return v, X.T @ E


def formula(W, X, Y):
    return -jnp.sum(Y * jax.nn.log_softmax(X @ W, axis=1))


add(
    "softmax_reg",
    "-tr(Y^T logsoftmax(X W))",
    "W: matrix(n,k), X: matrix(m,n), Y: matrix(m,k)",
    "W",
    data,
    (20, 300),
    expert,
    formula,
)


def expert_hessian(W, X, Y):
    m, n = X.shape
    k = W.shape[1]
    Z = X @ W
    Z -= Z.max(1, keepdims=True)
    E = np.exp(Z)
    E /= E.sum(1, keepdims=True)
    ys = Y.sum(1)
    H = np.empty((n, k, n, k))
    for b in range(k):
        for c in range(b, k):
            wgt = ys * ((E[:, b] if b == c else 0) - E[:, b] * E[:, c])
            M = X.T @ (X * wgt[:, None])
            H[:, b, :, c] = M
            H[:, c, :, b] = M
    return H


add(
    "softmax_reg_H",
    "-tr(Y^T logsoftmax(X W))",
    "W: matrix(n,k), X: matrix(m,n), Y: matrix(m,k)",
    "W",
    data,
    (10, 50),
    expert_hessian,
    formula,
    task="hess",
)


def expert_product(W, X, Y, dW):
    Z = X @ W
    Z -= Z.max(1, keepdims=True)
    E = np.exp(Z)
    E /= E.sum(1, keepdims=True)
    ys = Y.sum(1, keepdims=True)
    U = X @ dW
    U -= (E * U).sum(1, keepdims=True)
    U *= E
    U *= ys
    return X.T @ U


def data_with_step(n, softmax_data=data):
    r = softmax_data(n)
    r["dW"] = R(n, 9).standard_normal(r["W"].shape)
    return r


add(
    "softmax_reg_hvp",
    "-tr(Y^T logsoftmax(X W))",
    "W: matrix(n,k), X: matrix(m,n), Y: matrix(m,k)",
    "W",
    data_with_step,
    (20, 300),
    expert_product,
    formula,
    task="hvp",
)


# low rank + diagonal covariance
def data(n):
    r = R(n)
    return {"U": r.standard_normal((n, 8)), "d": r.uniform(1, 2, n), "y": r.standard_normal(n)}


def expert(U, d, y):
    k = U.shape[1]
    Ud = U / d[:, None]
    M = U.T @ Ud
    M.reshape(-1)[:: k + 1] += 1
    C = chol(M)
    z = y / d
    t = lapack.dpotrs(C, U.T @ z, lower=1)[0]
    a = z - Ud @ t
    V = lapack.dpotrs(C, Ud.T, lower=1)[0].T  # S^-1 U = Ud M^-1
    v = y @ a + 2 * np.log(C.diagonal()).sum() + np.log(d).sum()
    gU = 2 * V - 2 * np.outer(a, a @ U)
    gd = 1 / d - (Ud * V).sum(1) - a * a
    return v, gU, gd


def formula(U, d, y):
    k = U.shape[1]
    Ud = U / d[:, None]
    M = jnp.eye(k) + U.T @ Ud
    C = jl.cholesky(M)
    z = y / d
    t = js.linalg.solve_triangular(C, U.T @ z, lower=True)
    return y @ z - t @ t + 2 * jnp.sum(jnp.log(jnp.diagonal(C))) + jnp.sum(jnp.log(d))


add(
    "lowrank_diag",
    "y^T inv(diag(d) + U U^T) y + logdet(diag(d) + U U^T)",
    "U: matrix(n,k), d: vector(n,positive), y: vector(n)",
    ["U", "d"],
    data,
    (50, 800),
    expert,
    formula,
)


# masked factorisation
def data(n):
    r = R(n)
    return {
        "U": r.standard_normal((n, 8)),
        "V": r.standard_normal((n, 8)),
        "T": r.standard_normal((n, n)),
        "M": (r.random((n, n)) < 0.3) * 1.0,
    }


def expert(U, V, T, M):
    E = U @ V.T
    E -= T
    E *= M
    v = np.vdot(E, E)
    E *= M
    E *= 2
    return v, E @ V, E.T @ U


def formula(U, V, T, M):
    return jnp.sum((M * (T - U @ V.T)) ** 2)


T_ = ("||M .* (T - U V^T)||_F^2", "U: matrix(m,k), V: matrix(n,k), T: matrix(m,n), M: matrix(m,n)")
add("masked_mf", *T_, ["U", "V"], data, (50, 600), expert, formula)


def expert_hessian(U, V, T, M):
    m, k = U.shape
    M2 = M * M
    VV = (V[:, :, None] * V[:, None, :]).reshape(len(V), -1)
    B = (2 * M2 @ VV).reshape(m, k, k)
    H = np.zeros((m, k, m, k))
    i = np.arange(m)
    H[i, :, i, :] = B
    return H


add("masked_mf_H", *T_, "U", data, (20, 70), expert_hessian, formula, task="hess")


# metric learning
def data(n):
    r = R(n)
    return {"M": spd(r, n), "D": r.standard_normal((10 * n, n))}


def expert(M, D):
    q = ((D @ M) * D).sum(1) - 1
    s = sigm(q)
    B = D * np.sqrt(s)[:, None]
    return softplus(q).sum(), B.T @ B


def formula(M, D):
    return jnp.sum(jax.nn.softplus(jnp.sum((D @ M) * D, 1) - 1))


add(
    "metric_learning",
    "sum(softplus(diag(D M D^T) - 1))",
    "M: spd(n), D: matrix(m,n)",
    "M",
    data,
    (20, 150),
    expert,
    formula,
    proj=symproj,
)


# perceptron with layer normalisation
def data(n):
    r = R(n)
    return {
        "W": r.standard_normal((n, n)) / np.sqrt(n),
        "V": r.standard_normal((n, n)) / np.sqrt(n),
        "X": r.standard_normal((2 * n, n)),
        "Y": r.standard_normal((2 * n, n)),
    }


def expert(W, V, X, Y):
    Z = X @ W
    Z -= Z.mean(1, keepdims=True)
    q = 1 / np.sqrt((Z * Z).mean(1, keepdims=True) + 1e-5)
    A = Z * q
    Rl = np.maximum(A, 0)
    O = Rl @ V
    O -= Y
    v = np.vdot(O, O)
    O *= 2
    gV = Rl.T @ O
    G = O @ V.T
    G *= A > 0
    # back through layer norm
    t = (G * A).mean(1, keepdims=True)
    G -= A * t
    G *= q
    G -= G.mean(1, keepdims=True)
    return v, X.T @ G, gV


def formula(W, V, X, Y):
    Z = X @ W
    Z = Z - Z.mean(1, keepdims=True)
    A = Z / jnp.sqrt((Z * Z).mean(1, keepdims=True) + 1e-5)
    return jnp.sum((jax.nn.relu(A) @ V - Y) ** 2)


Zt = "(X W - sum(X W,2) ones(1,h)/h)"
add(
    "layernorm_mlp",
    f"||relu(diag((sum({Zt}.^2,2)/h + 1/100000).^(-1/2)) {Zt}) V - Y||_F^2",
    "W: matrix(d,h), V: matrix(h,o), X: matrix(b,d), Y: matrix(b,o)",
    ["W", "V"],
    data,
    (20, 150),
    expert,
    formula,
)


# Sharpe ratio
def data(n):
    r = R(n)
    return {"w": r.uniform(0.1, 1, n), "m": r.standard_normal(n), "S": spd(r, n)}


def expert(w, m, S):
    Sw = S @ w
    q = w @ Sw
    s = np.sqrt(q)
    mw = m @ w
    return mw / s, m / s - (mw / (s * q)) * Sw


def expert_hessian(w, m, S):
    Sw = S @ w
    q = w @ Sw
    s = np.sqrt(q)
    mw = m @ w
    H = S * (-mw / (q * s))
    c = 1 / (q * s)
    B = np.stack([-c * m + (3 * mw * c / q) * Sw, -c * Sw], 0)
    H += B.T @ np.stack([Sw, m], 0)
    return H


def formula(w, m, S):
    return (m @ w) / jnp.sqrt(w @ S @ w)


T = ("(m^T w)/sqrt(w^T S w)", "w: vector(n), m: vector(n), S: spd(n)", "w", data)
add("sharpe", *T, (50, 1000), expert, formula)
add("sharpe_H", *T, (50, 600), expert_hessian, formula, task="hess")


# LQR by a condensed quadratic program: the optimal value
def data(n):
    r = R(n)
    return {
        "x": r.standard_normal(n),
        "F": r.standard_normal((n, n)),
        "B": r.standard_normal((n, n // 2)),
        "Q": spd(r, n),
        "T": spd(r, n // 2),
    }


def expert(x, F, B, Q, T):
    Fx = F @ x
    QFx = Q @ Fx
    BQ = B.T @ Q
    M = BQ @ B
    M += T
    C = chol(M)
    u = lapack.dpotrs(C, B.T @ QFx, lower=1)[0]
    v = Fx @ QFx - (B.T @ QFx) @ u
    return v, 2 * (F.T @ (QFx - Q @ (B @ u)))


def formula(x, F, B, Q, T):
    Fx = F @ x
    q = Q @ Fx
    M = T + B.T @ Q @ B
    h = B.T @ q
    return Fx @ q - h @ js.linalg.cho_solve(js.linalg.cho_factor(M), h)


add(
    "lqr_value",
    "x^T F^T Q F x - x^T F^T Q B inv(T + B^T Q B) B^T Q F x",
    "x: vector(n), F: matrix(n,n), B: matrix(n,k), Q: symmetric(n), T: spd(k)",
    "x",
    data,
    (30, 300),
    expert,
    formula,
)


# matrix exponential
def data(n):
    r = R(n)
    return {"A": r.standard_normal((n, n)) / np.sqrt(n), "B": r.standard_normal((n, 5)), "C": r.standard_normal((n, 5))}


def expert(A, B, C):
    # one Frechet pass gives expm(A^T) too
    E = sl.expm(A)
    D = E @ B
    D -= C
    v = np.vdot(D, D)
    return v, sl.expm_frechet(A.T, 2 * D @ B.T, compute_expm=False)


def formula(A, B, C):
    return jnp.sum((js.linalg.expm(A) @ B - C) ** 2)


add(
    "expm_fit",
    "||expm(A) B - C||_F^2",
    "A: matrix(n,n), B: matrix(n,k), C: matrix(n,k)",
    "A",
    data,
    (20, 150),
    expert,
    formula,
)


# Brockett cost
def data(n):
    r = R(n)
    return {"X": r.standard_normal((n, 6)), "A": spd(r, n), "d": np.arange(1.0, 7)}


def expert(X, A, d):
    G = (A @ X) * d
    v = np.vdot(G, X)
    G *= 2
    return v, G


def formula(X, A, d):
    return jnp.sum((A @ X) * d * X)


add(
    "brockett",
    "tr(X^T A X diag(d))",
    "X: matrix(n,k), A: symmetric(n), d: vector(k)",
    "X",
    data,
    (50, 800),
    expert,
    formula,
)


def expert_hessian(X, A, d):
    n, k = X.shape
    H = np.zeros((n, k, n, k))
    i = np.arange(k)
    H[:, i, :, i] = (2 * d)[:, None, None] * A
    return H


add(
    "brockett_H",
    "tr(X^T A X diag(d))",
    "X: matrix(n,k), A: symmetric(n), d: vector(k)",
    "X",
    data,
    (20, 100),
    expert_hessian,
    formula,
    task="hess",
)


# Huber
def data(n):
    r = R(n)
    return {"x": r.standard_normal(n), "A": r.standard_normal((5 * n, n)), "b": r.standard_normal(5 * n)}


def expert(x, A, b):
    z = A @ x
    z -= b
    cl = np.clip(z, -1, 1)
    return cl @ (z - 0.5 * cl), cl @ A


def formula(x, A, b):
    z = A @ x - b
    a = jnp.abs(z)
    return jnp.sum(jnp.where(a <= 1, z * z / 2, a - 0.5))


add(
    "huber",
    "sum(huber(A x - b, 1))",
    "x: vector(n), A: matrix(m,n), b: vector(m)",
    "x",
    data,
    (20, 400),
    expert,
    formula,
)


# graph Laplacian
def data(n):
    r = R(n)
    return {"F": r.standard_normal((n, 5)), "L": spd(r, n), "Y": r.standard_normal((n, 5)), "c": 0.5}


def expert(F, L, Y, c):
    LF = L @ F
    D = F - Y
    v = np.vdot(LF, F) + c * np.vdot(D, D)
    LF *= 2
    D *= 2 * c
    LF += D
    return v, LF


def formula(F, L, Y, c):
    return jnp.sum(F * (L @ F)) + c * jnp.sum((F - Y) ** 2)


add(
    "laplacian",
    "tr(F^T L F) + c*||F - Y||_F^2",
    "F: matrix(n,k), L: symmetric(n), Y: matrix(n,k), c: scalar",
    "F",
    data,
    (50, 800),
    expert,
    formula,
)


# neo-Hookean, batched 3x3
def data(n):
    r = R(n)
    return {"F": np.eye(3) + 0.1 * r.standard_normal((n, 3, 3)), "a": 1.3, "b": 0.7}


def cof3(F):
    # components contiguous
    f = np.ascontiguousarray(F.reshape(len(F), 9).T)
    a, b, c, d_, e_, f_, g, h, i = f
    o = np.empty_like(f)
    o[0] = e_ * i - f_ * h
    o[1] = f_ * g - d_ * i
    o[2] = d_ * h - e_ * g
    o[3] = c * h - b * i
    o[4] = a * i - c * g
    o[5] = b * g - a * h
    o[6] = b * f_ - c * e_
    o[7] = c * d_ - a * f_
    o[8] = a * e_ - b * d_
    return f, o


def expert(F, a, b):
    f, c = cof3(F)
    J = f[0] * c[0] + f[1] * c[1] + f[2] * c[2]
    l = np.log(np.abs(J))
    v = a / 2 * (np.einsum("ij,ij->j", f, f) - 3 - 2 * l) + b / 2 * l * l
    c *= (b * l - a) / J
    f *= a
    c += f
    return v, c.T.reshape(F.shape)


def formula(F, a, b):
    J = F[0] @ jnp.cross(F[1], F[2])
    l = jnp.log(jnp.abs(J))
    return a / 2 * (jnp.sum(F * F) - 3 - 2 * l) + b / 2 * l * l


T = ("a/2*(tr(F^T F) - 3 - 2*logdet(F)) + b/2*logdet(F)^2", "F: matrix(3,3), a: scalar, b: scalar", "F", data)
add("neohooke_batch", *T, (100, 5000), expert, formula, batch=("F",))


def expert_hessian(F, a, b):
    f, c = cof3(F)
    J = f[0] * c[0] + f[1] * c[1] + f[2] * c[2]
    l = np.log(np.abs(J))
    G = (c / J).T.reshape(F.shape)  # F^-T
    H = np.einsum("nij,nkl->nijkl", G, b * G)
    H += np.einsum("n,nil,nkj->nijkl", a - b * l, G, G)
    i, k = np.arange(3)[:, None], np.arange(3)
    H[:, i, k, i, k] += a
    return H


add("neohooke_batch_H", *T, (100, 3000), expert_hessian, formula, task="hess", batch=("F",))


# eigenvalue penalty
def data(n):
    r = R(n)
    return {"S": sym(r.standard_normal((n, n)))}


def expert(S):
    w, V = np.linalg.eigh(S)
    ew = np.exp(w)
    return ew.sum() + w[-1], (V * ew) @ V.T + np.outer(V[:, -1], V[:, -1])


def formula(S):
    w = jl.eigvalsh(S)
    return jnp.sum(jnp.exp(w)) + w[-1]


add(
    "eig_penalty",
    "sum(exp(eigvals(S))) + eigmax(S)",
    "S: symmetric(n)",
    "S",
    data,
    (20, 200),
    expert,
    formula,
    proj=symproj,
)


# rectangular chain
def data(n):
    r = R(n)
    return {
        "A": r.standard_normal((n, 2 * n)),
        "B": r.standard_normal((2 * n, n // 4)),
        "C": r.standard_normal((n // 4, 3 * n)),
        "x": r.standard_normal(3 * n),
        "y": r.standard_normal(n),
    }


def expert(A, B, C, x, y):
    Cx = C @ x
    BC = B @ Cx
    r_ = A @ BC
    r_ -= y
    v = r_ @ r_
    r_ *= 2
    u = r_ @ A
    return v, np.outer(u @ B, x), np.outer(u, Cx)


def formula(A, B, C, x, y):
    return jnp.sum((A @ (B @ (C @ x)) - y) ** 2)


add(
    "rect_chain",
    "||A B C x - y||^2",
    "A: matrix(m,p), B: matrix(p,q), C: matrix(q,n), x: vector(n), y: vector(m)",
    ["C", "B"],
    data,
    (20, 300),
    expert,
    formula,
)


# recurrent net, one weight, 10 steps
def data(n):
    r = R(n)
    return {"W": r.standard_normal((n, n)) / np.sqrt(n), "x": r.standard_normal(n), "y": r.standard_normal(n)}


def expert(W, x, y):
    hs = [x]
    for i in range(10):
        hs.append(np.tanh(W @ hs[-1]))
    r_ = hs[-1] - y
    v = r_ @ r_
    g = 2 * r_
    us = []
    for i in reversed(range(10)):
        u = g * (1 - hs[i + 1] ** 2)
        us.append(u)
        g = u @ W
    return v, np.stack(us[::-1], 1) @ np.stack(hs[:-1])


def formula(W, x, y):
    h = x
    for i in range(10):
        h = jnp.tanh(W @ h)
    return jnp.sum((h - y) ** 2)


t = "x"
for i in range(10):
    t = f"tanh(W {t})" if i == 0 else f"tanh(W {t})"
add("rnn10", f"||{t} - y||^2", "W: matrix(n,n), x: vector(n), y: vector(n)", "W", data, (20, 300), expert, formula)


# polynomial filter
def data(n):
    r = R(n)
    return {"X": r.standard_normal((n, n)) / np.sqrt(n), "A": r.standard_normal((n, n))}


def expert(X, A):
    # tr(A X^8): grad^T = sum_i X^i A X^(7-i): squaring: S1=AX+XA; S2=S1 X^2 + X^2 S1; S3=S2 X^4+X^4 S2
    X2 = X @ X
    X4 = X2 @ X2
    S = A @ X + X @ A
    S = S @ X2 + X2 @ S
    S = S @ X4 + X4 @ S
    return np.vdot(X.T, S) / 8, S.T


def formula(X, A):
    X2 = X @ X
    X4 = X2 @ X2
    return jnp.sum(A.T * (X4 @ X4))


add("power8_tr", "tr(A X^8)", "X: matrix(n,n), A: matrix(n,n)", "X", data, (20, 200), expert, formula)


# triangular fit and solve
def data(n):
    r = R(n)
    return {"L": np.tril(r.standard_normal((n, n)) / np.sqrt(n)) + np.eye(n), "S": spd(r, n)}


def expert(L, S):
    E = L @ L.T
    E -= S
    v = np.vdot(E, E)
    G = np.tril(E @ L)
    G *= 4
    return v, G


def formula(L, S):
    L = jnp.tril(L)
    return jnp.sum((L @ L.T - S) ** 2)


add("tri_fit", "||L L^T - S||_F^2", "L: lower(n), S: symmetric(n)", "L", data, (30, 300), expert, formula)


def expert(L, x, m):
    q = x - m
    z = sl.solve_triangular(L, q, lower=True, check_finite=False)
    w = sl.solve_triangular(L, z, lower=True, trans=1, check_finite=False)
    dg = L.diagonal()
    G = np.tril(np.outer(-w, z))
    G.reshape(-1)[:: len(G) + 1] += 1 / dg
    return 0.5 * z @ z + np.log(np.abs(dg)).sum(), G, -w


# diagonal scaling
def data(n):
    r = R(n)
    return {
        "d": r.uniform(0.5, 1, n),
        "e": r.uniform(0.5, 1, n),
        "A": r.standard_normal((n, n)),
        "B": r.standard_normal((n, n)),
    }


def expert(d, e, A, B):
    P = A * e
    E = P * d[:, None]
    E -= B
    v = np.vdot(E, E)
    gd = np.einsum("ij,ij->i", E, P) * 2
    E *= A
    return v, gd, 2 * (d @ E)


def formula(d, e, A, B):
    return jnp.sum((d[:, None] * A * e - B) ** 2)


add(
    "diag_scaling",
    "||diag(d) A diag(e) - B||_F^2",
    "d: vector(m), e: vector(n), A: matrix(m,n), B: matrix(m,n)",
    ["d", "e"],
    data,
    (50, 800),
    expert,
    formula,
)


# optimal transport dual
def data(n):
    r = R(n)
    return {
        "a": r.standard_normal(n) * 0.1,
        "b": r.standard_normal(n) * 0.1,
        "C": r.random((n, n)),
        "p": r.random(n),
        "q": r.random(n),
        "t": 0.2,
    }


def expert(a, b, C, p, q, t):
    E = a[:, None] + b
    E -= C
    E *= 1 / t
    np.exp(E, out=E)
    rs = E.sum(1)
    cs = E.sum(0)
    return t * rs.sum() - p @ a - q @ b, rs - p, cs - q


def formula(a, b, C, p, q, t):
    return t * jnp.sum(jnp.exp((a[:, None] + b[None] - C) / t)) - p @ a - q @ b


add(
    "ot_dual",
    "t*sum(exp((a*ones(1,n) + ones(m)*b^T - C)/t)) - p^T a - q^T b",
    "a: vector(m), b: vector(n), C: matrix(m,n), p: vector(m), q: vector(n), t: scalar(positive)",
    ["a", "b"],
    data,
    (50, 800),
    expert,
    formula,
)


# analytic centre
def data(n):
    r = R(n)
    A = r.standard_normal((5 * n, n))
    return {"x": np.zeros(n) + 0.001, "A": A, "b": r.uniform(1, 2, 5 * n)}


def expert(x, A, b):
    s = b - A @ x
    q = 1 / s
    return -np.log(s).sum(), q @ A


def expert_hessian(x, A, b):
    s = b - A @ x
    B = A / s[:, None]
    return B.T @ B


def formula(x, A, b):
    return -jnp.sum(jnp.log(b - A @ x))


T = ("-sum(log(b - A x))", "x: vector(n), A: matrix(m,n), b: vector(m)", "x", data)
add("barrier", *T, (20, 400), expert, formula)
add("barrier_H", *T, (20, 300), expert_hessian, formula, task="hess")


# linear discriminants
def data(n):
    r = R(n)
    return {"W": r.standard_normal((n, 5)), "A": spd(r, n), "B": spd(r, n)}


def expert(W, A, B):
    AW = A @ W
    BW = B @ W
    C = chol(W.T @ AW)
    D = chol(W.T @ BW)
    G = lapack.dpotrs(C, AW.T, lower=1)[0].T - lapack.dpotrs(D, BW.T, lower=1)[0].T
    return 2 * (np.log(C.diagonal()).sum() - np.log(D.diagonal()).sum()), 2 * G


def formula(W, A, B):
    return 2 * jnp.sum(jnp.log(jnp.diagonal(jl.cholesky(W.T @ A @ W)))) - 2 * jnp.sum(
        jnp.log(jnp.diagonal(jl.cholesky(W.T @ B @ W)))
    )


add(
    "lda",
    "logdet(W^T A W) - logdet(W^T B W)",
    "W: matrix(n,k), A: spd(n), B: spd(n)",
    "W",
    data,
    (50, 600),
    expert,
    formula,
)


# A-optimal design
def data(n):
    r = R(n)
    return {"X": r.standard_normal((5 * n, n))}


def expert(X):
    M = X.T @ X
    C = chol(M)
    P = potri_fast(C)
    return np.trace(P), -2 * (X @ (P @ P))


def formula(X):
    return jnp.trace(jl.inv(X.T @ X))


add("aopt", "tr(inv(X^T X))", "X: matrix(m,n)", "X", data, (20, 200), expert, formula)


# Cox partial likelihood
def data(n):
    r = R(n)
    return {"w": r.standard_normal(n) / np.sqrt(n), "X": r.standard_normal((5 * n, n))}


def expert(w, X):
    z = X @ w
    m = np.exp(z)
    c = np.cumsum(m)
    q = np.cumsum((1 / c)[::-1])[::-1]
    return np.log(c).sum() - z.sum(), (m * q - 1) @ X


def formula(w, X):
    z = X @ w
    return jnp.sum(jnp.log(jnp.cumsum(jnp.exp(z))) - z)


add(
    "cox",
    "sum(log(tril(ones(m,m)) exp(X w)) - X w)",
    "w: vector(n), X: matrix(m,n)",
    "w",
    data,
    (20, 300),
    expert,
    formula,
)


# Gaussian KL, bound by memory
def data(n):
    r = R(n)
    return {"m": r.standard_normal(n), "s": r.standard_normal(n)}


def expert(m, s):
    q = np.exp(s)
    g = q - 1
    g *= 0.5
    return 0.5 * (q.sum() + m @ m - n_(s)), m.copy(), g


def n_(s):
    return len(s) + s.sum()


def formula(m, s):
    return 0.5 * jnp.sum(jnp.exp(s) + m**2 - 1 - s)


add(
    "vae_kl",
    "1/2*sum(exp(s) + m.^2 - 1 - s)",
    "m: vector(n), s: vector(n)",
    ["m", "s"],
    data,
    (100, 200000),
    expert,
    formula,
)


# Hessians of metric learning and diagonal scaling
def data(n):
    r = R(n)
    return {"M": spd(r, n), "D": r.standard_normal((10 * n, n))}


def expert_hessian(M, D):
    n = len(M)
    q = ((D @ M) * D).sum(1) - 1
    s = sigm(q)
    w = np.sqrt(s * (1 - s))
    Q = (D[:, :, None] * D[:, None, :]).reshape(len(D), -1) * w[:, None]
    return (Q.T @ Q).reshape(n, n, n, n)


add(
    "metric_learning_H",
    "sum(softplus(diag(D M D^T) - 1))",
    "M: symmetric(n), D: matrix(m,n)",
    "M",
    data,
    (8, 20),
    expert_hessian,
    lambda M, D: jnp.sum(jax.nn.softplus(jnp.sum((D @ M) * D, 1) - 1)),
    task="hess",
)


def data(n):
    r = R(n)
    return {
        "d": r.uniform(0.5, 1, n),
        "e": r.uniform(0.5, 1, n),
        "A": r.standard_normal((n, n)),
        "B": r.standard_normal((n, n)),
    }


def expert_hessian(d, e, A, B):
    P = A * e
    return np.diag(2 * np.einsum("ij,ij->i", P, P))


add(
    "diag_scaling_H",
    "||diag(d) A diag(e) - B||_F^2",
    "d: vector(m), e: vector(n), A: matrix(m,n), B: matrix(m,n)",
    "d",
    data,
    (50, 400),
    expert_hessian,
    W["diag_scaling"]["jf"],
    task="hess",
)


def by_jax(w, data):
    """The outputs in JAX, not compiled."""
    names = [k for k in data if k != "dW"]
    f = lambda *a: w["jf"](**dict(zip(names, a)))
    where, arrays = tuple(names.index(x) for x in w["wrt"]), [data[k] for k in names]
    axes = tuple(0 if k in w["batch"] else None for k in names)
    batched = (lambda g: jax.vmap(g, axes)) if w["batch"] else (lambda g: g)
    if w["task"] == "vg":
        value, gradients = batched(jax.value_and_grad(f, where))(*arrays)
        return [value, *gradients]
    if w["task"] == "hess":
        return [batched(jax.hessian(f, where[0]))(*arrays)]
    i = where[0]
    return [jax.jvp(lambda z: jax.grad(f, i)(*arrays[:i], z, *arrays[i + 1 :]), (arrays[i],), (data["dW"],))[1]]


if __name__ == "__main__":
    for name, w in W.items():
        data = w["data"](w["sizes"][0])
        want = w["expert"](**data)
        want = list(want) if isinstance(want, (list, tuple)) else [want]
        got = w["proj"]([np.asarray(o) for o in by_jax(w, data)])
        error = max(np.max(np.abs(a - b)) / np.max(np.abs(b)) for a, b in zip(got, want, strict=True))
        print(f"{name:20} {error:.1e}")
        assert error < 1e-7, name
