"""The identities that proofs use beside those of simplification: they bring both sides to common ground, however long.

Each rule is a function of one node that returns an equal node or None. Higham is *Functions of Matrices* (2008), HJ is
Horn & Johnson, *Matrix Analysis* (2013), M&N is Magnus & Neudecker, MC is *The Matrix Cookbook* (2012), DLMF is the
*Digital Library of Mathematical Functions*.
"""

from __future__ import annotations

from matcalc.simplify.proof import elementary, signs
from matcalc.simplify.proof_identities import arcs, logarithms, roots, spectra, structures, totals, triangles
from matcalc.simplify.recorder import Rule
from matcalc.simplify.rules import blocks, diagonals, generalised_inverses, kronecker, rank_one, resolvents
from matcalc.simplify.rules import functions_of_matrices as matrix_functions
from matcalc.simplify.rules.of_numbers import inverse_functions

__all__ = ["PROOF_RULES"]

# fmt: off
PROOF_RULES: tuple[Rule, ...] = (
    Rule("triangular masks",           ("mask",),    "strictly_upper = 1 1^T - lower",               "definition",        structures.mask_by_lower),
    Rule("triangle of a triangular matrix", ("power",), "triu(L) = diag(diagonal(L))",               "HJ 0.9.3",          structures.triangle_of_triangle),
    Rule("definition in exponentials", ("apply", "call"), "tanh(u) = (e^2u - 1) / (e^2u + 1), …",    "DLMF 4.28",         elementary.written_out),
    Rule("cosine of an inverse sine",  ("apply",),   "cos(asin(u)) = (1 - u^2)^(1/2)",               "DLMF 4.24",         inverse_functions.trigonometric_of_inverse),
    Rule("logarithm of a product",     ("apply",),   "log(u^k v) = k log|u| + log|v|",               "DLMF 4.8.1",        logarithms.logarithm_of_product, "where log(u^k v) is defined"),
    Rule("logarithm of exponentials",  ("apply",),   "log|a e^u + b e^v| = u + log|a + b e^(v - u)|", "DLMF 4.8.1",       logarithms.logarithm_of_exponentials),
    Rule("power of a logarithm",       ("power",),   "b^(k log(u) / log(b)) = u^k",                  "DLMF 4.2.26",       logarithms.power_of_logarithm),
    Rule("exponential of a logarithm", ("apply",),   "exp(s log|u| + v) = |u|^s exp(v)",             "DLMF 4.2.26",       elementary.exponential_of_logarithms, "u != 0"),
    Rule("exponential of a shift",     ("apply",),   "exp(u + s 1) = e^s exp(u)",                    "DLMF 4.8.10",       elementary.exponential_of_shift),
    Rule("recurrence of Γ",            ("apply",),   "lgamma(u + 1) = log|u| + lgamma(u)",           "DLMF 5.5.1",        elementary.gamma_of_shift),
    Rule("square of a cosine",         ("power",),   "cos(u)^2 = 1 - sin(u)^2",                      "DLMF 4.21.12",      elementary.squared_cosine),
    Rule("root of a square",           ("power",),   "(u^2 + 2 u v + v^2)^(1/2) = |u + v|",          "DLMF 4.2.26",       roots.root_of_square),
    Rule("logarithm of a conjugate",   ("apply",),   "log|u - v^(1/2)| = log|u^2 - v| - log|u + v^(1/2)|", "DLMF 4.8.1",  roots.logarithm_of_conjugate),
    Rule("absolute value and sign",    ("power",),   "sign(u) |u| = u, |u|^2 = u^2, u / |u| = sign(u)", "definition",     signs.sign_and_size),
    Rule("sign of a product",          ("apply",),   "sign(u v) = sign(u) sign(v), sign(1/u) = sign(u)", "definition",    signs.sign_of_product),
    Rule("absolute value of a product", ("apply",),  "|u v - u w| = |u| |v - w|, |u^2 - v^2| = |u - v| |u + v|", "definition", signs.absolute_of_sum),
    Rule("arctangent of a reciprocal", ("apply",),   "atan(1/u) = π/2 sign(u) - atan(u)",            "DLMF 4.24.17",      arcs.inverse_tangent_of_reciprocal),
    Rule("angle of a point",           ("apply",),   "atan2(v, u) = atan(v/u)",                      "definition",        arcs.angle_of_point, "u > 0"),
    Rule("half of an arc",             ("apply",),   "asin(1 - v) = π/2 - 2 asin((v/2)^(1/2))",      "DLMF 4.21.10",      arcs.sine_of_half_the_arc),
    Rule("arc by its tangent",         ("apply",),   "asin(w) = atan(w (1 - w^2)^(-1/2))",           "DLMF 4.24.13",      arcs.arc_by_its_tangent),
    Rule("largest entry of a multiple", ("call",),   "max(s x) = s max(x), min(x) = -max(-x)",                          "definition",        signs.largest_of_multiple, "s >= 0"),
    Rule("determinant of a triangular matrix", ("det",), "det(L) = prod(diagonal(L))",               "HJ 0.9.3",          structures.determinant_of_triangle),
    Rule("diagonal of a triangular product", ("diagonal",), "diagonal(L M) = diagonal(L) ⊙ diagonal(M)", "HJ 0.9.3",      structures.diagonal_of_triangular_product),
    Rule("row of a triangular matrix", ("matmul",),  "e_i^T L = Σ_{j ≤ i} L_ij e_j^T",               "HJ 0.9.3",          triangles.row_of_triangle),
    Rule("product of entries",         ("call",),    "prod(u ⊙ v) = prod(u) prod(v), prod(exp(u)) = exp(1^T u)", "definition", structures.product_of_entries),
    Rule("exponential out of a sum",   ("total",),   "Σ_i e^(u + v_i) = e^u Σ_i e^(v_i)",            "DLMF 4.2.20",       totals.exponential_out_of_sum),
    Rule("product of exponentials",    ("matmul",),  "expm(X) expm(Y) = expm(X + Y)",                "Higham 10.2",       matrix_functions.exponentials_of_one_matrix, "X Y = Y X"),
    Rule("power of an exponential",    ("matpow", "call"), "expm(X)^k = expm(k X)",                  "Higham 10.2",       matrix_functions.power_of_exponential),
    Rule("exponential of logm",        ("call",),    "expm(k/2 logm(X)) = sqrtm(X)^k",               "Higham 11.1",       matrix_functions.exponential_of_logarithm, "k whole"),
    Rule("exponential of rank one",    ("call",),    "expm(u v^T) = I + (e^w - 1) / w u v^T",        "Higham 1.16",       matrix_functions.exponential_of_rank_one, "w = v^T u != 0"),
    Rule("square of cosm",             ("matpow",),  "cosm(X)^2 = I - sinm(X)^2",                    "Higham 12.1",       matrix_functions.squared_cosine_of_matrix),
    Rule("trace of a root",            ("trace",),   "tr(sqrtm(X^T X)) = ||X||_*",                   "HJ 7.4.7",          matrix_functions.trace_of_root),
    Rule("logarithm of expm",          ("call",),    "logm(expm(S)) = S",                            "Higham 1.39",       matrix_functions.logarithm_of_exponential, "S symmetric"),
    Rule("logm of a power",            ("call",),    "logm(X^-1) = -logm(X)",                        "Higham 11.2",       matrix_functions.logarithm_of_power),
    Rule("square of sqrtm",            ("matpow", "call"), "sqrtm(X)^2 = X",                         "Higham 6.1",        matrix_functions.power_of_root),
    Rule("functions of similar matrices", ("call",), "f(P A P^-1) = P f(A) P^-1",                    "Higham 1.13 (c)",   matrix_functions.function_of_similar_matrix),
    Rule("functions of one matrix commute", ("matmul",), "f(A) g(A) = g(A) f(A)",                    "Higham 1.13 (a)",   matrix_functions.commuting_functions),
    Rule("exponential of a Kronecker sum", ("call",), "expm(A ⊗ I + I ⊗ B) = expm(A) ⊗ expm(B)",     "Higham 10.9",       matrix_functions.kronecker_sum),
    Rule("function of a Kronecker product", ("call",), "pinv(A ⊗ B) = pinv(A) ⊗ pinv(B)",            "MC (513)",          matrix_functions.kronecker_of_function),
    Rule("determinant of a negative",  ("det",),     "det(A - B) = (-1)^n det(B - A)",               "HJ 0.3",            matrix_functions.determinant_of_negative),
    Rule("determinant of an orthogonal matrix", ("logdet",), "log|det(Q)| = 0",                      "HJ 2.1.2",          structures.logarithmic_determinant_of_orthogonal),
    Rule("squared determinant of an orthogonal matrix", ("power",), "det(Q)^2 = 1",                  "HJ 2.1.2",          structures.squared_determinant_of_orthogonal),
    Rule("determinant of a function",  ("det", "logdet"), "det(expm(A)) = exp(tr(A))",               "Higham 10.2",       matrix_functions.determinant_of_function),
    Rule("trace of logm",              ("trace",),   "tr(logm(A)) = log(det(A))",                    "Higham 11.2",       matrix_functions.trace_of_logarithm),
    Rule("determinant of a triangle",  ("logdet",),  "log|det(L)| = 1^T log|diag(L)|",               "HJ 0.9.3",          generalised_inverses.triangular_logarithmic_determinant),
    Rule("trace with a diagonal matrix", ("trace",), "tr(D A) = diagonal(D)^T diagonal(A)",          "M&N 3.6",           structures.trace_with_diagonal_matrix),
    Rule("Khatri–Rao products",        ("matmul",),  "(A * B)^T (C * D) = (A^T C) ⊙ (B^T D)",        "Khatri & Rao 1968", structures.product_of_khatri_rao),
    Rule("eigenvectors",               ("matmul",),  "S V = V diag(λ), V^T V = I",                   "HJ 2.5.6",          structures.eigenvector_times_matrix, "S symmetric"),
    Rule("Sherman–Morrison of a matrix", ("matmul",), "(A + u v^T)^-1 u = A^-1 u / (1 + v^T A^-1 u)", "MC (160)",         rank_one.sherman_morrison_of_matrix, "A is invertible"),
    Rule("eigenvalues of a function",  ("call",),    "λ(f(S)) = f(λ(S))",                            "HJ 1.1.6",          structures.eigenvalues_of_function, "S symmetric, f increasing where its eigenvalues are"),
    Rule("least eigenvalue",           ("call",),    "eigmin(S) = -eigmax(-S)",                      "HJ 4.2.2",          spectra.least_eigenvalue),
    Rule("reduced resolvent",          ("call",),    "resolvent_max(S) = pinv(eigmax(S) I - S)",     "Magnus 1985",       spectra.reduced_resolvent, "the eigenvalue is simple"),
    Rule("eigenvalues of a shift",     ("call",),    "λ(c S + s I) = c λ(S) + s",                    "HJ 1.1.6",          spectra.eigenvalues_of_shift, "c > 0"),
    Rule("extreme eigenvalue",         ("matmul",),  "eigvals(S)[n] = eigmax(S)",                    "HJ 4.2.2",          spectra.entry_of_eigenvalues),
    Rule("sum over eigenvalues",       ("matmul",),  "Σ λ^k = tr(S^k)",                              "HJ 1.2.17",         spectra.sum_of_eigenvalues),
    Rule("norm by singular values",    ("call",),    "||X||_2 = σ_1(X), ||X||_* = Σ σ(X)",           "HJ 5.6.6, 7.4.7",   spectra.norm_by_singular_values),
    Rule("sum over singular values",   ("matmul",),  "Σ σ^2 = tr(X^T X)",                            "HJ 2.6",            spectra.sum_of_singular_values),
    Rule("singular values of a multiple", ("call",), "σ(s Q X) = |s| σ(X)",                          "HJ 2.6",            spectra.singular_values_of_multiple, "Q orthogonal"),
    Rule("spectral theorem",           ("matmul",),  "V diag(λ) V^T = S, U diag(σ) V^T = X",         "HJ 2.5.6, 2.6.3",   spectra.factorisation_product),
    Rule("Cholesky factorisation",     ("matmul",),  "chol(S) chol(S)^T = S",                        "HJ 7.2.9",          generalised_inverses.cholesky_product),
    Rule("determinant by Cholesky",    ("matmul",),  "2 Σ log(diag(chol(S))) = log|det(S)|",         "Golub & Van Loan 4.2.3", generalised_inverses.sum_over_cholesky_diagonal),
    Rule("Cholesky factor of a multiple", ("call",), "chol(c S) = c^(1/2) chol(S)",                  "HJ 7.2.9",          generalised_inverses.cholesky_of_multiple, "c > 0"),
    Rule("pseudoinverse",              ("call",),    "pinv(pinv(A)) = A, pinv(A^T A) = pinv(A) pinv(A)^T", "Penrose 1955", generalised_inverses.pseudoinverse_of_function),
    Rule("pseudoinverse of a vector",  ("call",),    "pinv(x) = x^T / (x^T x)",                      "Penrose 1955",      generalised_inverses.pseudoinverse_of_vector, "x != 0"),
    Rule("diagonal of a product",      ("diagonal",), "diagonal(diag(u) A) = u ⊙ diagonal(A)",       "M&N 3.6",           diagonals.diagonal_of_diagonal_product),
    Rule("trace of a product with a diagonal", ("trace",), "tr(diag(v) A) = v^T diagonal(A)",        "M&N 3.6",           diagonals.trace_of_diagonal_product),
    Rule("diagonal times a column",    ("matmul",),  "diag(u) A x = u ⊙ (A x)",                      "definition",        diagonals.diagonal_times_column),
    Rule("inverse of a sum with inverses", ("matpow",), "(A^-1 C + B)^-1 = (C + A B)^-1 A",           "HJ 0.7.4",          resolvents.inverse_of_sum_with_inverses, "A^-1 exists"),
    Rule("duplication matrix",         ("matmul",),  "L D = I, D^+ D = I, K D = D",                  "M&N 3.8",           kronecker.duplication_products),
    Rule("square of the commutation matrix", ("matpow",), "K(n, n)^2 = I",                           "M&N 3.7",           kronecker.power_of_commutation),
    Rule("function of blocks",         ("apply",),   "f([A, B]) = [f(A), f(B)]",                     "definition",        blocks.function_of_blocks),
    Rule("product of blocks",          ("matmul",),  "[A, B] [E; F] = A E + B F",                    "HJ 0.7.3",          blocks.product_of_blocks),
    Rule("power of blocks",            ("matpow",),  "[A, B; C, D]^2 = [A, B; C, D] [A, B; C, D]",   "HJ 0.7.3",          blocks.power_of_blocks),
    Rule("trace of blocks",            ("trace",),   "tr([A, B; C, D]) = tr(A) + tr(D)",             "HJ 0.7",            blocks.trace_of_blocks),
    Rule("largest entry of blocks",    ("call",),    "max([x; y]) = max(max(x), max(y))",            "definition",        blocks.largest_of_blocks),
    Rule("sum of blocks",              ("add",),     "[A, B] + [C, D] = [A + C, B + D]",             "HJ 0.7",            blocks.sum_of_blocks),
    Rule("inverse of triangular blocks", ("matpow",), "[A, B; 0, D]^-1 = [A^-1, -A^-1 B D^-1; 0, D^-1]", "HJ 0.7.3",      blocks.inverse_of_triangular_blocks),
)
# fmt: on
