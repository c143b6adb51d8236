"""Toeplitz and circulant matrices, as SciPy's, and convolutions, as NumPy's.

All are linear in each array; the adjoint of a matrix that repeats its entries adds them up along its diagonals, and
the adjoint of a convolution is a correlation.
"""

from __future__ import annotations

from matcalc.functions.making import always
from matcalc.functions.spelling import Spelling, called
from matcalc.functions.table import Function, register

__all__: list[str] = []

GVL = "Golub & Van Loan 2013, 4.7"
#: The sums along the diagonals above the main one, those of the first row of a Toeplitz matrix.
_ABOVE = "diagonal_sums(triu(G, 1)^T)"

# fmt: off
register(Function("toeplitz", ("(n, 1) -> (n, n)", "(m, 1), (n, 1) -> (m, n)"), ("c", "r"), "call",
                  "the matrix with this first column, and this first row but for its first entry (without it the symmetric one)",
                  differential=("toeplitz(dc)", "toeplitz(dc, 0 * r) + toeplitz(0 * c, dr)"),
                  adjoints={"c": f"diagonal_sums(G) + {_ABOVE}", "c of 2": "diagonal_sums(G)", "r": _ABOVE}, reference=GVL,
                  spelled=Spelling("_toeplitz({args}{named})", "toeplitz_matrix({args})", "toeplitz_matrix({args})", called("toeplitz")),
                  monotone={"c": always("nondecreasing")}, linear="c+r"))
register(Function("circulant", ("(n, 1) -> (n, n)",), ("c",), "call", "the circulant matrix with this first column",
                  differential=("circulant(dc)",), adjoints={"c": "cyclic_sums(G)"}, reference=GVL,
                  spelled=Spelling("_circulant({args}{named})", "circulant_matrix({0})", "circulant_matrix({0})", called("circulant")),
                  monotone={"c": always("nondecreasing")}, linear="c", degree=(("c", "1"),)))
register(Function("conv", ("(m, 1), (n, 1) -> (m+n-1, 1)",), ("a", "b"), "call", "convolution of two columns, of all their overlaps",
                  differential=("conv(da, b) + conv(a, db)",), adjoints={"a": "correlate(G, b)", "b": "correlate(G, a)"},
                  vec_forms={"a": "toeplitz([b; zeros(m - 1)], zeros(m))", "b": "toeplitz([a; zeros(n - 1)], zeros(n))"},
                  aliases=("convolve",), reference="c_k = Σ a_i b_(k-i+1)",
                  spelled=Spelling("_conv({args}{named})", "convolution({0}, {1})", "convolution({0}, {1})", called("conv")),
                  linear="a b", degree=(("a", "1"), ("b", "1"))))
register(Function("correlate", ("(m+n-1, 1), (n, 1) -> (m, 1)",), ("c", "b"), "call", "sums of c_(i+j-1) b_j, where b overlaps c wholly",
                  differential=("correlate(dc, b) + correlate(c, db)",), adjoints={"c": "conv(G, b)", "b": "correlate(c, G)"}, reference="adjoint of conv",
                  spelled=Spelling("_correlate({args}{named})", "correlation({0}, {1})", "correlation({0}, {1})", called("correlate")),
                  linear="c b", degree=(("c", "1"), ("b", "1"))))
register(Function("diagonal_sums", ("(m, n) -> (m, 1)",), ("X",), "call", "sums along the main diagonal and those below it",
                  differential=("diagonal_sums(dX)",), adjoints={"X": "toeplitz(G, zeros(n))"}, reference="adjoint of toeplitz",
                  spelled=Spelling("_diagonal_sums({args}{named})", "diagonal_sums({0})", "diagonal_sums({0})", called("diagonal_sums")),
                  monotone={"X": always("nondecreasing")}, linear="X", degree=(("X", "1"),)))
register(Function("cyclic_sums", ("(n, n) -> (n, 1)",), ("X",), "call", "sums along the main diagonal and those below it, which go on above it",
                  differential=("cyclic_sums(dX)",), adjoints={"X": "circulant(G)"}, reference="adjoint of circulant",
                  spelled=Spelling("_cyclic_sums({args}{named})", "cyclic_sums({0})", "cyclic_sums({0})", called("cyclic_sums")),
                  monotone={"X": always("nondecreasing")}, linear="X", degree=(("X", "1"),)))
# fmt: on
