"""Linear functions: their differential is the function itself, applied to dX."""

from __future__ import annotations

from matcalc.functions.table import Function, register

__all__: list[str] = []

# fmt: off
_ROWS: tuple[tuple[object, ...], ...] = (
    # name, signatures, parameters, differential, reference, summary, aliases
    ("tr",     ("(n, n) -> (1, 1)",), ("X",), "tr(dX)", "M&N 8.2", "sum of the diagonal", ("trace",)),
    ("vec",    ("(m, n) -> (m*n, 1)",), ("X",), "vec(dX)", "M&N 8.2", "the columns stacked into one", ()),
    ("vech",   ("(n, n) -> (n(n+1)/2, 1)",), ("X",), "vech(dX)", "M&N 3.8", "the lower triangle stacked column by column", ()),
    ("unvec",  ("(m*n, 1), #m, #n -> (m, n)",), ("v", "m", "n"), "unvec(dv, m, n)", "inverse of vec", "the m x n matrix with these stacked columns", ()),
    ("diag",   ("(n, 1) -> (n, n)", "(n, n) -> (n, 1)"), ("x",), "diag(dx)", "linear", "column to diagonal matrix; square matrix to its diagonal", ()),
    ("sum",    ("(m, n) -> (1, 1)", "(m, n), =1 -> (1, n)", "(m, n), =2 -> (m, 1)"), ("X", "axis"), "sum(dX)", "linear", "sum of all entries; 1: down the columns, to a row; 2: along the rows, to a column", ()),
    ("mean",   ("(m, n) -> (1, 1)", "(m, n), =1 -> (1, n)", "(m, n), =2 -> (m, 1)"), ("X", "axis"), "mean(dX)", "linear", "mean of all entries; 1: of each column; 2: of each row", ()),
    ("inner",  ("(m, n), (m, n) -> (1, 1)",), ("a", "b"), "inner(da, b) + inner(a, db)", "M&N 8.2", "tr(a^T b)", ("dot",)),
    ("outer",  ("(m, 1), (n, 1) -> (m, n)",), ("a", "b"), "outer(da, b) + outer(a, db)", "M&N 8.2", "a b^T", ()),
    ("kron",   ("(m, n), (p, q) -> (m*p, n*q)",), ("A", "B"), "kron(dA, B) + kron(A, dB)", "M&N 8.2", "Kronecker product", ()),
    ("sym",    ("(n, n) -> (n, n)",), ("X",), "sym(dX)", "linear", "(X + X^T)/2", ()),
    ("skew",   ("(n, n) -> (n, n)",), ("X",), "skew(dX)", "linear", "(X - X^T)/2", ()),
    ("triu",   ("(m, n) -> (m, n)", "(m, n), =1 -> (m, n)"), ("X", "k"), "triu(dX)", "linear", "the entries on and above the diagonal; 1: those above it", ()),
    ("tril",   ("(m, n) -> (m, n)", "(m, n), =-1 -> (m, n)"), ("X", "k"), "tril(dX)", "linear", "the entries on and below the diagonal; -1: those below it", ()),
    ("tril_half", ("(n, n) -> (n, n)",), ("X",), "tril_half(dX)", "Murray 2016, arXiv:1602.07527", "tril(X) with half of the diagonal", ()),
    ("ones",   ("#n -> (n, 1)", "#m, #n -> (m, n)"), ("m", "n"), "0", "constant", "all ones", ()),
    ("zeros",  ("#n -> (n, 1)", "#m, #n -> (m, n)"), ("m", "n"), "0", "constant", "all zeros", ()),
    ("eye",    ("#n -> (n, n)", "-> (n, n)"), ("n",), "0", "constant", "identity matrix", ()),
    ("e",      ("@i, #n -> (n, 1)", "@i -> (n, 1)"), ("i", "n"), "0", "constant", "the i-th unit column, from 1; without n sized by context", ()),
    ("commutation", ("#m, #n -> (m*n, m*n)",), ("m", "n"), "0", "M&N 3.7", "K(m, n): K(m, n) vec(A) = vec(A^T)", ()),
    ("duplication", ("#n -> (n*n, n(n+1)/2)",), ("n",), "0", "M&N 3.8", "vec(S) = duplication(n) vech(S) for symmetric S", ()),
    ("elimination", ("#n -> (n(n+1)/2, n*n)",), ("n",), "0", "Magnus & Neudecker 1980", "vech(A) = elimination(n) vec(A)", ()),
    ("khatri_rao", ("(m, n), (p, n) -> (m*p, n)",), ("A", "B"), "khatri_rao(dA, B) + khatri_rao(A, dB)", "Khatri & Rao 1968", "columnwise Kronecker product", ()),
    ("kron_contract", ("(m, n), (m*p*k, n*q*l), (k, l), #p, #q -> (p, q)",), ("A", "G", "B", "p", "q"), "kron_contract(A, dG, B, p, q)", "adjoint of kron", "the p x q matrix M with <G, A ⊗ L ⊗ B> = <M, L> for every L", ()),
    ("blocktrace", ("(m*n, m*n), #m, #n -> (n, n)",), ("X", "m", "n"), "blocktrace(dX, m, n)", "linear", "the sum of the m diagonal blocks of size n x n: the partial trace over the first factor of A ⊗ B", ()),
    ("partial_trace", ("(m*n, m*n), #m, #n -> (m, m)",), ("X", "m", "n"), "partial_trace(dX, m, n)", "linear", "the traces of the m x m blocks of size n x n: the partial trace over the second factor of A ⊗ B", ("ptrace",)),
    ("vector", ("(1, 1) -> (n, 1)",), ("c",), "vector(dc)", "constant", "a column of equal entries, sized by context", ()),
    ("matrix", ("(1, 1) -> (m, n)",), ("c",), "matrix(dc)", "constant", "a matrix of equal entries, sized by context", ()),
)
# fmt: on

for _name, _signatures, _parameters, _differential, _reference, _summary, _aliases in _ROWS:
    register(
        Function(
            _name,  # type: ignore[arg-type]
            _signatures,  # type: ignore[arg-type]
            _parameters,  # type: ignore[arg-type]
            "constructor",
            _summary,  # type: ignore[arg-type]
            differential=(_differential,),  # type: ignore[arg-type]
            aliases=_aliases,  # type: ignore[arg-type]
            reference=_reference,  # type: ignore[arg-type]
        )
    )
