"""The table of named identities.

Each rule is a function of one node that returns an equal node or None; its docstring's first line is
the identity, and ``LEMMAS`` gives the reference. MC is *The Matrix Cookbook*, 2012; HJ is Horn & Johnson, *Matrix
Analysis*; M&N is Magnus & Neudecker; DLMF is the *Digital Library of Mathematical Functions*.
"""

from __future__ import annotations

from matcalc.simplify.proof_identities import spectra
from matcalc.simplify.recorder import Rule
from matcalc.simplify.rules import (
    blocks,
    centring,
    diagonals,
    generalised_inverses,
    kronecker,
    rank_one,
    resolvents,
    spectral,
    unequal_pairs,
    written_out,
)
from matcalc.simplify.rules.of_numbers import entrywise, exponentials, inverse_functions, symbolic_powers

__all__ = ["ALSO_COMPLEX", "LEMMAS"]

#: Names of those that hold for complex numbers, too: identities of algebra, without roots, logarithms, orders and norms.
ALSO_COMPLEX = frozenset(
    (
        "determinant lemma", "Sherman–Morrison", "Pythagoras", "centred column", "products about the mean",
        "unit times column", "commutation matrix", "commutation and Kronecker", "Kronecker mixed product",
        "Kronecker product with a row", "Khatri–Rao products of I", "Kronecker product of units", "entries of vec",
        "sum over vec", "Kronecker and vec", "Fréchet derivative along g(X)", "trace of a Fréchet derivative",
        "function of a product", "resolvent", "inverse of a sum times an inverse", "product of blocks", "trace of blocks",
        "diagonal of a unit", "diagonal times a column", "diagonal matrices commute", "diagonal of a product",
        "diagonal of an entrywise product", "diagonal of a diagonal matrix", "complementary triangles",
        "trace with a diagonal", "Hadamard and outer", "sum of entries", "power of a constant", "determinant of a constant",
        "units written out", "scalar in brackets",
    )
)  # fmt: skip

# fmt: off
#: Tried in this order on every node of the operator.
LEMMAS: tuple[Rule, ...] = (
    Rule("determinant lemma",        ("det",),    "det(I + u v^T) = 1 + v^T u",                 "MC (24)", rank_one.determinant_lemma),
    Rule("log-determinant lemma",    ("logdet",), "log|det(I + u v^T)| = log|1 + v^T u|",       "MC (24)", rank_one.logarithmic_determinant_lemma),
    Rule("Sherman–Morrison",         ("matmul",), "(I + u v^T)^-1 u = u / (1 + v^T u)",         "MC (160)", rank_one.sherman_morrison_product),
    Rule("log-sum-exp",              ("apply",),  "log(1^T exp(u)) = logsumexp(u)",             "definition", entrywise.log_sum_exp),
    Rule("softmax",                  ("scale",),  "exp(u) / (1^T exp(u)) = softmax(u)",         "definition", entrywise.softmax_from_exponentials),
    Rule("entry of softmax",         ("power",),  "exp(u_k) / Σ_i exp(u_i) = softmax(u)_k",     "definition", entrywise.entry_of_softmax),
    Rule("softmax of rows",          ("matmul",), "diag(v ⊘ (exp(Z) 1)) exp(Z) = diag(v) softmax(Z)", "definition", entrywise.softmax_of_rows),
    Rule("softplus",                 ("apply",),  "log(1 + exp(u)) = softplus(u)",              "definition", entrywise.softplus_from_logarithm),
    Rule("sigmoid",                  ("power",),  "exp(u) / (1 + exp(u)) = sigmoid(u)",         "definition", entrywise.sigmoid_from_exponentials),
    Rule("sigmoid complement",       ("add",),    "1 - sigmoid(u) = sigmoid(-u)",               "definition", entrywise.sigmoid_complement),
    Rule("sigmoid of both signs",    ("add",),    "a sigmoid(u) + b sigmoid(-u) = b + (a - b) sigmoid(u)", "definition", exponentials.sigmoids_of_one_sign),
    Rule("softmax in a product",     ("scale", "power"), "A exp(u) / (1^T exp(u)) = A softmax(u)", "definition", exponentials.softmax_in_product),
    Rule("quotient of exponentials", ("power",),  "e^a / (e^a + e^b) = sigmoid(a - b)",         "definition", exponentials.quotient_of_exponentials),
    Rule("tanh",                     ("power",),  "(e^u - e^-u) / (e^u + e^-u) = tanh(u)",      "DLMF 4.28.4", exponentials.tanh_from_exponentials),
    Rule("step times positive part", ("power",),  "step(u) ⊙ max(u, 0) = step(u) ⊙ u = max(u, 0)", "definition", entrywise.step_times_positive_part),
    Rule("logarithm of softmax",     ("apply",),  "log(softmax(u)) = u - logsumexp(u) 1",       "definition", entrywise.logarithm_of_softmax),
    Rule("Pythagoras",               ("add",),    "sin(u)^2 + cos(u)^2 = 1",                    "DLMF 4.21.12", entrywise.pythagoras),
    Rule("hyperbolic of an inverse", ("apply",),  "cosh(asinh(u)) = (1 + u^2)^(1/2)",           "DLMF 4.38", inverse_functions.hyperbolic_of_inverse),
    Rule("quotient of functions",    ("power",),  "sinh(u) / cosh(u) = tanh(u)",                "DLMF 4.28.4", entrywise.quotient_of_functions),
    Rule("quotient by a root",       ("power",),  "x^(p + r) / (x^p)^(1/2) = x^r (x^p)^(1/2)",  "definition", entrywise.quotient_by_root_of_power),
    Rule("power beside its base",    ("power",),  "x (x / y)^(k - 1) / y = (x / y)^k",          "definition", symbolic_powers.power_beside_its_base),
    Rule("total of softmax",         ("matmul",), "1^T softmax(u) = 1, softmax(Z) 1 = 1",       "definition", entrywise.total_of_softmax),
    Rule("centred column",           ("matmul",), "1^T (x - mean(x) 1) = 0",                    "definition", centring.orthogonal_to_ones),
    Rule("products about the mean",  ("add",),    "x^T x - (1^T x)^2 / n = ‖x - mean(x) 1‖^2", "definition", centring.products_about_the_mean),
    Rule("unit times column",        ("power",),  "e_i ⊙ v = v_i e_i",                          "definition", entrywise.unit_times_column),
    Rule("sign and absolute value",  ("power",),  "sign(u) ⊙ |u| = u, sign(u) ⊙ u = |u|",                          "definition", entrywise.sign_times_absolute),
    Rule("commutation matrix",       ("matmul",), "K(m, n) vec(X) = vec(X^T)",                  "M&N 3.7", kronecker.commutation_times_vec),
    Rule("commutation and Kronecker", ("matmul",), "K(p, m) (A ⊗ B) K(n, q) = B ⊗ A",          "M&N 3.7", kronecker.commutation_times_kronecker),
    Rule("Kronecker mixed product",  ("matmul",), "(A ⊗ B)(C ⊗ D) = (A C) ⊗ (B D)",             "MC (511)", kronecker.kronecker_mixed_product),
    Rule("Kronecker product with a row", ("matmul",), "A (x^T ⊗ I) = x^T ⊗ A",                  "M&N 2.2", kronecker.product_with_row),
    Rule("Khatri–Rao products of I", ("matmul",), "(I * I)^T (A ⊗ B) (I * I) = A ⊙ B",          "Khatri & Rao 1968", kronecker.khatri_rao_of_identities),
    Rule("Kronecker product of units", ("kron",), "e_1 ⊗ e_2 = e_2, e_2 ⊗ e_1 = e_3 of length 4",  "definition", kronecker.product_of_units),
    Rule("entries of vec",           ("apply", "power"), "f(vec(A)) = vec(f(A)), vec(A) ⊙ vec(B) = vec(A ⊙ B)", "M&N 2.4", kronecker.entries_of_vec),
    Rule("sum over vec",             ("matmul",), "1^T vec(A) = 1^T A 1",                       "M&N 2.4", kronecker.sum_over_vec),
    Rule("Kronecker and vec",        ("matmul",), "(B^T ⊗ A) vec(X) = vec(A X B)",              "MC (520)", kronecker.kronecker_times_vec),
    Rule("Fréchet derivative along g(X)", ("call",), "Df(X)[g(X)] = f'(X) g(X)",                "Higham 2008, 3.2", spectral.derivative_along_a_function),
    Rule("trace of a Fréchet derivative", ("trace",), "tr(g(X) Df(X)[E]) = tr(g(X) f'(X) E)",   "Higham 2008, 3.2", spectral.trace_with_derivative),
    Rule("function of a product",    ("matmul",), "f(A B) A = A f(B A)",                        "Higham 2008, 1.34", spectral.function_times_factor),
    Rule("Cholesky factorisation",   ("matmul",), "chol(S) chol(S)^T = S",                      "HJ 7.2.9", generalised_inverses.cholesky_of_definite),
    Rule("determinant by Cholesky",  ("matmul",), "2 Σ log(diag(chol(S))) = log|det(S)|",       "Golub & Van Loan 4.2.3", generalised_inverses.logarithmic_determinant_by_cholesky),
    Rule("Penrose's identities",     ("matmul",), "X pinv(X) X = X, (X pinv(X))^T = X pinv(X)", "Penrose 1955", generalised_inverses.penrose),
    Rule("resolvent",                ("matmul",), "M^-1 (M + N) = I + M^-1 N",                  "HJ 0.7.4", resolvents.inverse_times_sum),
    Rule("inverse of a sum times an inverse", ("matmul",), "(I + A^-1 B)^-1 A^-1 = (A + B)^-1", "HJ 0.7.4", resolvents.inverse_of_sum_times_inverse),
    Rule("inverse without fractions", ("scale", "power"), "(I + X / s)^-1 / s = (s I + X)^-1",  "HJ 0.7", resolvents.inverse_without_fractions),
    Rule("product of blocks",        ("matmul",), "[A, B] [E; F] = A E + B F",                  "HJ 0.7.3", blocks.product_of_blocks),
    Rule("trace of blocks",          ("trace",),  "tr([A, B; C, D]) = tr(A) + tr(D)",           "HJ 0.7", blocks.trace_of_blocks),
    Rule("triangular blocks",        ("det", "logdet"), "det([A, B; 0, D]) = det(A) det(D)",    "HJ 0.8.5", blocks.determinant_of_triangular_blocks),
    Rule("spectral theorem",         ("matmul",), "V diag(λ) V^T = S, U diag(σ) V^T = X",       "HJ 2.5.6, 2.6.3", spectra.factorisation_product),
    Rule("orthonormal columns",      ("matmul",), "V^T V = I for eigenvectors, singular vectors", "HJ 2.5.6, 2.6.3", spectra.orthonormal_columns),
    Rule("diagonal of a unit",       ("diag",),   "diag(e_i) = e_i e_i^T",                      "definition", diagonals.diagonal_of_unit),
    Rule("diagonal times a column",  ("matmul",), "diag(u) A x = u ⊙ (A x)",                    "definition", diagonals.diagonal_times_column),
    Rule("diagonal matrices commute", ("matmul",), "D E = E D",                                 "HJ 0.9.1", diagonals.commuting_diagonals),
    Rule("diagonal of a product",    ("diagonal",), "diagonal(diag(u) A) = u ⊙ diagonal(A)",    "definition", diagonals.diagonal_of_diagonal_product),
    Rule("diagonal of an entrywise product", ("diagonal",), "diagonal(f(A)^T B) = (f(A) ⊙ B)^T 1", "M&N 3.6", diagonals.diagonal_of_entrywise_product),
    Rule("diagonal of a diagonal matrix", ("diag",), "diag(u + diagonal(D)) = diag(u) + D",     "definition", diagonals.diag_of_diagonal),
    Rule("complementary triangles",  ("add",),    "triu(A, 1) + tril(A) = A, [i < j] + [i > j] = [i != j]", "definition", diagonals.complementary_triangles),
    Rule("ones off the diagonal",    ("matmul",), "(1 1^T - I) x = (1^T x) 1 - x",              "definition", unequal_pairs.unequal_in_product),
    Rule("ones off the diagonal beside I", ("add",), "(1 1^T - I) + s I = 1 1^T + (s - 1) I",   "definition", unequal_pairs.unequal_beside_identity),
    Rule("pairs that vanish when equal", ("total",), "Σ_j [i != j] (x_i - x_j) = Σ_j (x_i - x_j)", "definition", unequal_pairs.pairs_that_vanish_when_equal),
    Rule("trace with a diagonal",    ("trace",),  "tr(diag(v) A) = v^T diagonal(A)",            "definition", diagonals.trace_of_diagonal_product),
    Rule("Hadamard and outer",       ("power",),  "A ⊙ (u v^T) = diag(u) A diag(v)",            "M&N 3.6", diagonals.hadamard_with_outer_product),
    Rule("sum of entries",           ("add",),    "[1, 2; 3, 4] + s I = [1 + s, 2; 3, 4 + s]",  "definition", written_out.sum_of_entries),
    Rule("power of a constant",      ("matpow",), "[1, 1; 0, 1]^3 = [1, 3; 0, 1]",              "definition", written_out.constant_power),
    Rule("determinant of a constant", ("det",),   "det([1, 2; 3, 4]) = -2",                     "definition", written_out.constant_determinant),
    Rule("units written out",        ("add", "scale", "matmul"), "s e_1 e_1^T + t e_2 e_1^T = [s, 0; t, 0]", "definition", written_out.units_written_out),
    Rule("scalar in brackets",       ("scale",),  "[s^2, 0; s, 1] / s = [s, 0; 1, 1 / s]",      "definition", written_out.scalar_in_brackets),
)
# fmt: on
