"""What every function asks of its arguments, as its page says it: where it is differentiable, and where it is defined."""

from __future__ import annotations

import pytest

from matcalc.functions import FUNCTIONS

# fmt: off
#: where it is differentiable, where it is defined, functions
NEEDS = [
    ("", "I + X and I - X have no eigenvalue on (-inf, 0]", "atanhm"),
    ("", "I + X has no eigenvalue on (-inf, 0]", "log1pm"),
    ("", "I + X^2 has no eigenvalue on (-inf, 0]", "asinhm"),
    ("", "I + expm(-X) is invertible", "sigmoidm silum"),
    ("", "I + expm(X) has no eigenvalue on (-inf, 0]", "softplusm"),
    ("", "X - I has no eigenvalue on (-inf, 0]", "acoshm"),
    ("", "X has at least two rows", "cov"),
    ("", "X has no eigenvalue on (-inf, 0]", "log2m log10m cbrtm frechet_logm"),
    ("", "X has no eigenvalue on the imaginary axis", "absm relum frechet_signm"),
    ("", "coshm(X) has no eigenvalue on (-inf, 0]", "logcoshm"),
    ("", "every X", "det adj"),
    ("", "p > 0", "entropy"),
    ("", "p, q > 0", "kl"),
    ("", "the eigenvalues of X are in the domain of g", "funm"),
    ("", "x > 0", "log2 log10"),
    ("", "x >= 0", "sqrt"),
    ("", "x not in -1, -2, -3, …", "factorial"),
    ("(P .* exp(X)) 1 > 0", "(P .* exp(X)) 1 > 0", "logsumexp_rows_weighted"),
    ("A and -B have no common eigenvalue", "", "sylvester"),
    ("A is invertible", "", "solve"),
    ("S is positive definite", "S is positive definite", "chol"),
    ("X has full rank", "", "norm_nuc"),
    ("X has no eigenvalue on (-inf, 0]", "X has no eigenvalue on (-inf, 0]", "logm sqrtm"),
    ("X has no eigenvalue on the imaginary axis", "X has no eigenvalue on the imaginary axis", "signm"),
    ("X is invertible", "", "inv"),
    ("X is invertible", "X is invertible", "logdet"),
    ("a != b", "", "greater at_least equals differs"),
    ("a != b; the largest entry of a is unique", "", "max"),
    ("a != b; the smallest entry of a is unique", "", "min"),
    ("a and b are not both 0", "", "hypot"),
    ("a, b > 0", "a, b > 0", "beta"),
    ("c does not change", "", "where"),
    ("no column of X is 0", "p >= 1", "column_norm"),
    ("no entry of (P .* exp(X)) 1 is 0", "", "exp_share_rows"),
    ("no entry of X is 0", "", "prod_others prod_others_rows"),
    ("no entry of x is 0", "", "norm1"),
    ("no row of X is 0", "p >= 1", "row_norm"),
    ("sum(P .* exp(X)) != 0", "", "exp_share"),
    ("sum(P .* exp(X)) > 0", "sum(P .* exp(X)) > 0", "logsumexp_weighted"),
    ("the eigenvalues of S are distinct", "S symmetric", "eigvals eigvecs eig_gaps"),
    ("the entries of X are not all the same", "", "std"),
    ("the largest eigenvalue of S is simple", "S symmetric", "eigmax eigvec_max resolvent_max"),
    ("the largest entry of X is unique", "", "argmax"),
    ("the largest entry of abs(x) is unique", "", "norm_inf"),
    ("the largest entry of each column is unique", "", "column_max"),
    ("the largest entry of each row is unique", "", "row_max row_argmax"),
    ("the largest singular value of X is simple and not 0", "", "norm_spec svd_u_max svd_v_max"),
    ("the rank of X is locally constant", "every X", "pinv"),
    ("the singular values of X are distinct and not 0", "", "svdvals svd_u svd_v svd_gaps"),
    ("the smallest eigenvalue of S is simple", "S symmetric", "eigmin eigvec_min resolvent_min"),
    ("the smallest entry of X is unique", "", "argmin"),
    ("the smallest entry of each column is unique", "", "column_min"),
    ("the smallest entry of each row is unique", "", "row_min row_argmin"),
    ("x != 0", "", "abs sign relu step cbrt norm2 normalize"),
    ("", "x != 0", "csc cot csch coth"),
    ("x != 0", "p >= 1", "norm"),
    ("x != 0", "x != 0", "bose"),
    ("x + 1/2 is no whole number", "", "round"),
    ("x < 0", "x < 0", "log1mexp"),
    ("x > -1", "x > -1", "log1p"),
    ("x > 0", "k = 0, 1, 2, …; x not in 0, -1, -2, …", "polygamma"),
    ("x > 0", "x > 0", "log"),
    ("x > 1", "x >= 1", "acosh"),
    ("x is no whole number", "", "floor ceil"),
    ("x not in 0, -1, -2, …", "x not in 0, -1, -2, …", "lgamma gamma digamma trigamma"),
    ("y != 0 or x > 0", "y and x are not both 0", "atan2"),
    ("|x| != c", "c > 0", "huber"),
    ("|x| < 1", "-1 <= x <= 1", "asin acos"),
    ("|x| < 1", "|x| < 1", "atanh erfinv"),
]
# fmt: on
OF = {name: (condition, domain) for condition, domain, names in NEEDS for name in names.split()}


@pytest.mark.parametrize("name", OF)
def test_what_a_function_asks_is_what_it_says(name: str) -> None:
    row = FUNCTIONS[name]
    assert (row.stated(row.condition), row.stated(row.domain)) == OF[name]


def test_all_others_ask_for_nothing() -> None:
    others = [row for name, row in FUNCTIONS.items() if name not in OF]
    assert not [row.name for row in others if row.condition or row.domain]
