"""Linear functions: their differential is the function itself, applied to dX."""

from __future__ import annotations

from typing import Any

from matcalc.functions.making import REALS, always, macro
from matcalc.functions.properties import ABOVE_0, AT_LEAST_0, DEFINITE, SEMIDEFINITE, SYMMETRIC, Within
from matcalc.functions.table import Function, register

__all__: list[str] = []

SIGNS = ((ABOVE_0, ABOVE_0), (AT_LEAST_0, AT_LEAST_0))
POSITIVE_TRACE = ((DEFINITE, ABOVE_0), (SEMIDEFINITE, AT_LEAST_0))
#: Parts of a trace keep what a trace of blocks has.
PARTS = ((SYMMETRIC, SYMMETRIC), (SEMIDEFINITE, SEMIDEFINITE), (DEFINITE, DEFINITE))
RISING = always("nondecreasing")
ENTRIES = {"monotone": {"X": RISING}}

# fmt: off
_ROWS: tuple[tuple[Any, ...], ...] = (
    # name, signatures, parameters, differential, reference, summary, aliases, what is true of it
    ("tr",     ("(n, n) -> (1, 1)",), ("X",), "tr(dX)", "M&N 8.2", "sum of the diagonal", ("trace",),
        {"linear": "X", **ENTRIES, "gives": POSITIVE_TRACE, "in_order": {"X": ((SYMMETRIC, "increasing"),)}, "of_number": "x"}),
    ("vec",    ("(m, n) -> (m*n, 1)",), ("X",), "vec(dX)", "M&N 8.2", "the columns stacked into one", (),
        dict(linear="X", gives=SIGNS, **ENTRIES)),
    ("vech",   ("(n, n) -> (n(n+1)/2, 1)",), ("X",), "vech(dX)", "M&N 3.8", "the lower triangle stacked column by column", (),
        dict(linear="X", gives=SIGNS, **ENTRIES)),
    ("unvec",  ("(m*n, 1), #m, #n -> (m, n)",), ("v", "m", "n"), "unvec(dv, m, n)", "inverse of vec", "the m x n matrix with these stacked columns", (),
        {"linear": "v", "gives": SIGNS, "monotone": {"v": RISING}}),
    ("diag",   ("(n, 1) -> (n, n)", "(n, n) -> (n, 1)"), ("x",), "diag(dx)", "linear", "column to diagonal matrix; square matrix to its diagonal", (),
        {"linear": "x", "monotone": {"x": RISING}}),
    ("sum",    ("(m, n) -> (1, 1)", "(m, n), =1 -> (1, n)", "(m, n), =2 -> (m, 1)"), ("X", "axis"), ("sum(dX)", "sum(dX, 1)", "sum(dX, 2)"), "linear", "sum of all entries; 1: down the columns, to a row; 2: along the rows, to a column", (),
        {"linear": "X", "gives": SIGNS, "of_number": "x", "monotone": {"X": always("increasing")}}),
    ("mean",   ("(m, n) -> (1, 1)", "(m, n), =1 -> (1, n)", "(m, n), =2 -> (m, 1)"), ("X", "axis"), ("mean(dX)", "mean(dX, 1)", "mean(dX, 2)"), "linear", "mean of all entries; 1: of each column; 2: of each row", (),
        {"linear": "X", "gives": SIGNS, "of_number": "x", "monotone": {"X": always("increasing")}}),
    ("inner",  ("(m, n), (m, n) -> (1, 1)",), ("a", "b"), "inner(da, b) + inner(a, db)", "M&N 8.2", "tr(a^T b)", ("dot",),
        {"linear": "a b", "gives": SIGNS, "exchangeable": True}),
    ("outer",  ("(m, 1), (n, 1) -> (m, n)",), ("a", "b"), "outer(da, b) + outer(a, db)", "M&N 8.2", "a b^T", (),
        {"linear": "a b", "gives": SIGNS}),
    ("kron",   ("(m, n), (p, q) -> (m*p, n*q)",), ("A", "B"), "kron(dA, B) + kron(A, dB)", "M&N 8.2", "Kronecker product", (),
        {"linear": "A B", "gives": (*SIGNS, (SYMMETRIC, SYMMETRIC), (SEMIDEFINITE, SEMIDEFINITE), (DEFINITE, DEFINITE)), "turned": "A B"}),
    ("sym",    ("(n, n) -> (n, n)",), ("X",), "sym(dX)", "linear", "(X + X^T)/2", (),
        dict(linear="X", gives=SIGNS, value=("symmetric",), of_number="x", **ENTRIES)),
    ("skew",   ("(n, n) -> (n, n)",), ("X",), "skew(dX)", "linear", "(X - X^T)/2", (),
        {"linear": "X", "value": ("skew",), "of_number": "0"}),
    ("triu",   ("(m, n) -> (m, n)", "(m, n), =1 -> (m, n)"), ("X", "k"), ("triu(dX)", "triu(dX, 1)"), "linear", "the entries on and above the diagonal; 1: those above it", (),
        dict(linear="X", value=("upper",), of_number="x", **ENTRIES)),
    ("tril",   ("(m, n) -> (m, n)", "(m, n), =-1 -> (m, n)"), ("X", "k"), ("tril(dX)", "tril(dX, -1)"), "linear", "the entries on and below the diagonal; -1: those below it", (),
        dict(linear="X", value=("lower",), of_number="x", **ENTRIES)),
    ("tril_half", ("(n, n) -> (n, n)",), ("X",), "tril_half(dX)", "Murray 2016, arXiv:1602.07527", "tril(X) with half of the diagonal", (),
        dict(linear="X", value=("lower",), **ENTRIES)),
    ("ones",   ("#n -> (n, 1)", "#m, #n -> (m, n)"), ("m", "n"), "0", "constant", "all ones", (), {}),
    ("zeros",  ("#n -> (n, 1)", "#m, #n -> (m, n)"), ("m", "n"), "0", "constant", "all zeros", (), {}),
    ("eye",    ("#n -> (n, n)", "-> (n, n)"), ("n",), "0", "constant", "identity matrix", (), {}),
    ("e",      ("@i, #n -> (n, 1)", "@i -> (n, 1)"), ("i", "n"), "0", "constant", "the i-th unit column, from 1; without n sized by context", (), {}),
    ("commutation", ("#m, #n -> (m*n, m*n)",), ("m", "n"), "0", "M&N 3.7", "K(m, n): K(m, n) vec(A) = vec(A^T)", (), {}),
    ("duplication", ("#n -> (n*n, n(n+1)/2)",), ("n",), "0", "M&N 3.8", "vec(S) = duplication(n) vech(S) for symmetric S", (), {}),
    ("elimination", ("#n -> (n(n+1)/2, n*n)",), ("n",), "0", "Magnus & Neudecker 1980", "vech(A) = elimination(n) vec(A)", (), {}),
    ("khatri_rao", ("(m, n), (p, n) -> (m*p, n)",), ("A", "B"), "khatri_rao(dA, B) + khatri_rao(A, dB)", "Khatri & Rao 1968", "columnwise Kronecker product", (),
        {"linear": "A B", "gives": SIGNS}),
    ("kron_contract", ("(m, n), (m*p*k, n*q*l), (k, l), #p, #q -> (p, q)",), ("A", "G", "B", "p", "q"), "kron_contract(dA, G, B, p, q) + kron_contract(A, dG, B, p, q) + kron_contract(A, G, dB, p, q)", "adjoint of kron", "the p x q matrix M with <G, A ⊗ L ⊗ B> = <M, L> for every L", (),
        {"linear": "A G B", "gives": SIGNS, "turned": "A G B"}),
    ("blocktrace", ("(m*n, m*n), #m, #n -> (n, n)",), ("X", "m", "n"), "blocktrace(dX, m, n)", "linear", "the sum of the m diagonal blocks of size n x n: the partial trace over the first factor of A ⊗ B", (),
        dict(linear="X", gives=(*SIGNS, *PARTS), turned="X", **ENTRIES)),
    ("partial_trace", ("(m*n, m*n), #m, #n -> (m, m)",), ("X", "m", "n"), "partial_trace(dX, m, n)", "linear", "the traces of the m x m blocks of size n x n: the partial trace over the second factor of A ⊗ B", ("ptrace",),
        dict(linear="X", gives=(*SIGNS, *PARTS), turned="X", **ENTRIES)),
    ("vector", ("(1, 1) -> (n, 1)",), ("c",), "vector(dc)", "constant", "a column of equal entries, sized by context", (),
        {"linear": "c", "gives": SIGNS, "monotone": {"c": always("increasing")}}),
    ("matrix", ("(1, 1) -> (m, n)",), ("c",), "matrix(dc)", "constant", "a matrix of equal entries, sized by context", (),
        {"linear": "c", "gives": SIGNS, "monotone": {"c": always("increasing")}}),
)
# fmt: on

for _name, _signatures, _parameters, _differential, _reference, _summary, _aliases, _facts in _ROWS:
    _texts = _differential if isinstance(_differential, tuple) else (_differential,)
    register(
        Function(
            _name,
            _signatures,
            _parameters,
            "constructor",
            _summary,
            differential=_texts,
            aliases=_aliases,
            reference=_reference,
            **_facts,
        )
    )

# Parts of complex numbers; of real ones, which the table is about, they are the number itself, or 0.
for _name, _summary in (("conj", "complex conjugate"), ("re", "real part")):
    macro(
        _name,
        f"{_summary}; of what is real the same",
        "x",
        "DLMF 1.9",
        range=REALS,
        at_zero="0",
        parity="odd",
        inverse=_name,
        monotone=always("increasing"),
        curvature=always("affine"),
    )
macro(
    "im",
    "imaginary part; of what is real 0",
    "0 .* x",
    "DLMF 1.9",
    range=Within(0, 0),
    at_zero="0",
    parity="odd",
    inverse="none",
    monotone=always("nondecreasing"),
    curvature=always("affine"),
)
