"""The rules that a certificate may name, with where each is proved.

B&V is Boyd & Vandenberghe, *Convex Optimization*, 2004.
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["RULES", "Rule"]


class Rule(NamedTuple):
    """A rule of convex analysis in a few words, and its reference."""

    words: str
    reference: str = ""


# fmt: off
RULES: dict[str, Rule] = {name: Rule(*row) for name, row in {
    "constant":     ("it does not depend on the variables",),
    "variable":     ("a variable",),
    "affine":       ("linear operations keep what is affine affine",),
    "sum":          ("a sum, with weights of the right sign", "B&V 3.2.1"),
    "linear":       ("sums with weights >= 0", "B&V 3.2.1"),
    "constant factor": ("times a constant of known sign", "B&V 3.2.1"),
    "order":        ("Y -> B^T Y B, the trace and diagonals keep the order of symmetric matrices", "B&V 2.2.5"),
    "composition":  ("composition: convex and monotone in what is convex or concave", "B&V 3.2.4"),
    "of affine":    ("a convex or concave function of what is affine", "B&V 3.2.2"),
    "power":        ("a power of what is >= 0", "B&V 3.2.4"),
    "power of negative": ("an even power of what is concave and <= 0", "B&V 3.2.4"),
    "root":         ("h^q for a convex h >= 0 and q >= 1", "B&V 3.2.4"),
    "minkowski":    ("a p-norm of convex functions >= 0", "Minkowski's inequality; B&V 3.2.4"),
    "power mean":   ("a power mean of concave functions > 0, with an exponent of at most 1", "Minkowski's inequality; B&V 3.2.4"),
    "gram matrix":  ("a form in d_i^T d_j with a positive semidefinite matrix of coefficients", "Horn & Johnson 7.5.2"),
    "order of inverses": ("tr(P D P D) >= tr(Q D Q D) where P >= Q >= 0 in the order of symmetric matrices, as P = M^-1, Q = N^-1 with N - M >= 0", "Horn & Johnson 7.7.4"),
    "square":       ("u^T M u with u affine and M positive semidefinite", "B&V 3.1.4"),
    "squares":      ("the sum of the squares of convex functions >= 0", "B&V 3.2.4"),
    "gram":         ("B^T M B with B affine and M positive semidefinite, in the order of symmetric matrices", "B&V 3.6.2"),
    "fractional":   ("matrix fractional function: B^T P^-1 B with B affine and P concave", "B&V 3.1.7, 3.6.2"),
    "geometric":    ("a weighted geometric mean of concave functions, with exponents that add up to at most 1", "B&V 3.2.4"),
    "common factor": ("the geometric mean of u and h, squared, for a u h with u > 0 affine and h concave", "B&V 3.2.4"),
    "elementary":   ("log det(S) + log tr(S^-1) is the logarithm of the (n-1)-th elementary symmetric function of the eigenvalues, which is concave", "Marcus & Lopes 1957; Bauschke et al. 2001"),
    "relative entropy": ("tr(X (log X - log Y)) is convex in both", "Lindblad 1973; Effros 2009"),
    "over":         ("h^a / (u^b …) with h >= 0 convex, u > 0 concave and a >= 1 + b + …", "B&V 3.1.7, 3.2.6"),
    "perspective":  ("perspective of the logarithm: u log(u / v)", "B&V 3.2.6"),
    "log-sum-exp":  ("the logarithm of a sum of exponentials of what is affine", "B&V 3.1.5"),
    "expanded":     ("its terms, once it is multiplied out", "B&V 3.2.1"),
    "perspective of": ("perspective: y g(x / y) with y > 0, where g is the function at y = 1", "B&V 3.2.6"),
    "log-convex sum":  ("sums of log-convex functions are log-convex", "B&V 3.5.2"),
    "log-convex":   ("products and powers of log-convex functions, reciprocals of log-concave ones", "B&V 3.5.2"),
    "exp of":       ("log-convex functions are convex", "B&V 3.5.1"),
    "log of":       ("the logarithm of a log-convex or log-concave function", "B&V 3.5.1"),
    "log-concave":  ("positive concave functions are log-concave", "B&V 3.5.1"),
    "log of values": ("the logarithm of its values is convex or concave, by the row of the function", "B&V 3.5.1; An 1998"),
    "exponential":  ("an exponential of what is affine, convex or concave", "B&V 3.5.1"),
    "trace function": ("tr f(S) is convex where f is, and monotone where f is", "Davis 1957; Carlen 2010, 2.10"),
    "log tr exp":   ("log tr exp(S) is convex", "Carlen 2010, 2.13; Golden-Thompson"),
    "loewner":      ("operator convex, monotone in the order of symmetric matrices", "Bhatia 1997, V"),
    "logdet":       ("log det is concave and increasing on definite matrices", "B&V 3.1.5"),
    "det root":     ("det^(1/n) is concave and increasing on definite matrices", "Minkowski; Horn & Johnson 7.8.8"),
    "univariate":   ("the second derivative of a function of one number has this sign", "B&V 3.1.4"),
    "hessian":      ("the second differential has this sign, on a convex domain", "B&V 3.1.4"),
    "schur":        ("d^T M d - c (g^T d)^2 >= 0, since c g^T M^-1 g <= 1: Cauchy-Schwarz", "B&V A.5.5"),
    "quasi of convex": ("convex functions are quasi-convex, log-concave ones quasi-concave", "B&V 3.4.1, 3.5.1"),
    "quasi of monotone": ("an increasing function keeps the sets {f <= c}, a decreasing one turns them over", "B&V 3.4.4"),
    "quasi of largest": ("the larger of what is quasi-convex, the smaller of what is quasi-concave", "B&V 3.4.4"),
    "quasi of ratio": ("a ratio h / u with u > 0: it is at most c where h - c u <= 0", "B&V 3.4.1, exercise 3.43"),
    "strict":       ("between any two points some part is strictly off the chord, and the steps after it keep that", "B&V 3.1.1"),
    "strong":       ("minus m/2 times the squared norm it is still convex", "B&V 9.1.2"),
    "strong concave": ("plus m/2 times the squared norm it is still concave", "B&V 9.1.2"),
}.items()}
# fmt: on
