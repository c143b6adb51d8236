"""Objectives for SciPy's optimisers: logistic regression by Newton-CG, a covariance by L-BFGS, beside scikit-learn."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.optimize import minimize
from sklearn.covariance import EmpiricalCovariance
from sklearn.datasets import load_breast_cancer, load_wine
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

import matcalc as mc


def logistic_regression() -> tuple[Any, Any]:
    """Weights with a ridge penalty: ours, and scikit-learn's."""
    data = load_breast_cancer()
    A = StandardScaler().fit_transform(data.data)
    y = np.where(data.target == 1, 1.0, -1.0)
    loss = mc.objective("sum(softplus(-(y .* (A x)))) + s / 2 ||x||^2", "x", {"A": A, "y": y, "s": 1.0})
    found = minimize(loss.fun, np.zeros(A.shape[1]), jac=loss.jac, hessp=loss.hessp, method="Newton-CG", tol=1e-10)
    theirs = LogisticRegression(C=1.0, fit_intercept=False, tol=1e-10, max_iter=1000).fit(A, data.target)
    return found.x, theirs.coef_[0]


def covariance() -> tuple[Any, Any]:
    """The Gaussian of largest likelihood, by the Cholesky factor L of its precision: ours, and scikit-learn's."""
    X = StandardScaler().fit_transform(load_wine().data)
    S = X.T @ X / len(X)
    loss = mc.objective("tr(S L L^T) - 2 sum(log(diag(L))) where S: symmetric(n), L: lower(n)", "L", {"S": S})
    found = minimize(
        loss.fun,
        np.eye(len(S)).ravel(),
        jac=loss.jac,
        method="L-BFGS-B",
        bounds=[(1e-6, None) if i == j else (None, None) for i in range(len(S)) for j in range(len(S))],
        options={"maxiter": 5000, "maxfun": 50_000, "ftol": 1e-15, "gtol": 1e-8},
    )
    L = found.x.reshape(S.shape)
    return np.linalg.inv(L @ L.T), EmpiricalCovariance(assume_centered=True).fit(X).covariance_


def main() -> None:
    for name, (ours, theirs) in (("logistic regression", logistic_regression()), ("covariance", covariance())):
        print(f"{name}: largest difference from scikit-learn {np.abs(ours - theirs).max():.1e}")


if __name__ == "__main__":
    main()
