"""What `diff` prints is a claim that the checker verifies: in every format, form and order, named parts included.

``python -m tests.checking.test_claims_as_printed`` reads back all rows of the tables, with every kind of matrix and by every
convention; the suite takes a slice.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from itertools import cycle

import pytest

import matcalc as mc
from matcalc.objects.results import Result, rows_of
from tests.machine import sweep
from tests.tables import cookbook, magnus

practice = pytest.importorskip("tests.tables.practice")

TABLES = [
    *((f"MC {r[0]}", *r[1:4]) for r in (*cookbook.CHAPTER_2, *cookbook.LATER)),
    *((f"M&N {r[0]}", *r[1:4]) for r in (*magnus.GRADIENTS, *magnus.JACOBIANS, *magnus.HESSIANS)),
    *(r[:4] for r in practice.ROWS),
]
#: One row in so many: the whole tables take minutes.
STEP = 9
FORMATS = ("text", "ascii", "unicode", "latex")
NO_ANSWER = {"variable", "where", "f", "F", "holds if", "holds also", "sign", "note", "check"}


def printed(result: Result) -> Iterator[str]:
    """Every form of the derivative in every format, with and without its left side."""
    for form in FORMATS:
        for label, text in rows_of(result, form):
            if label not in NO_ANSWER:
                yield text
            if label.startswith("d"):
                yield f"{label} = {text}"
    yield str(result.derivative)
    yield result.derivative.latex()


def assert_read_back(f: str, wrt: tuple[str, ...], where: str | None, convention: str = "structured") -> None:
    if convention == "independent" and not mc.parse(f, where).node.is_scalar:
        convention = "unstructured"  # the other is of scalar functions alone
    result = Result.of(f, wrt, None, where, checked=False, convention=convention)
    for claim in dict.fromkeys(printed(result)):
        report = mc.check(result.f, *wrt, claim=claim, trials=1, convention=convention)
        assert report.ok, f"{claim}\n{report}"


@sweep(15)
@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("row", TABLES[::STEP], ids=[r[0] for r in TABLES[::STEP]])
def test_rows_of_the_books(row: tuple[str, str, str, str], order: int) -> None:
    _, f, wrt, where = row
    assert_read_back(f, (wrt,) * order, where)


#: f, variables, declarations: forms that the sample may miss
FORMS = [
    ("A X B", ("X",), "A: matrix(k, m), X: matrix(m, n), B: matrix(n, p)"),
    ("A x - A x", ("x",), "A: matrix(m, n), x: vector(n)"),
    ("expm(X)", ("X", "X"), "X: matrix(n, n)"),
    ("tr(A expm(X))", ("X", "X", "X"), "A: matrix(n, n), X: matrix(n, n)"),
    ("tr(A X^p)", ("X", "X"), "A: matrix(n, n), X: matrix(n, n), p: scalar(integer)"),
    ("tr(X^3)", ("X", "X", "X"), "X: matrix(n, n)"),
    ("kron(A, X)", ("X",), "A: matrix(m, n), X: matrix(p, q)"),
    ("tr(kron(X, A) B)", ("X",), "A: matrix(m, n), X: matrix(p, q), B: matrix(n*q, m*p)"),
    ("adj(X)", ("X",), "X: matrix(n, n)"),
    ("exp(tr(X) / n)", ("X", "X"), "X: matrix(n, n)"),
    ("sum(X)^2", ("X", "X"), "X: matrix(m, n)"),
    ("(X^3)[1, 2]", ("X", "X"), "X: matrix(n, n)"),
    ("(X^T B X)[1, 2]", ("X", "X"), "X: matrix(m, n), B: matrix(m, m)"),
    ("s x^T A x", ("s", "x", "x"), "s: scalar, A: matrix(n, n), x: vector(n)"),
    ("s^2 X A", ("X", "s"), "s: scalar, X: matrix(m, n), A: matrix(n, k)"),
    ("s^2 X A", ("s", "s", "X"), "s: scalar, X: matrix(m, n), A: matrix(n, k)"),
    ("x^T A y", ("x", "y"), "x: vector(m), A: matrix(m, n), y: vector(n)"),
    ("s^3 t^2", ("s", "t"), "s: scalar, t: scalar"),
    ("(d^T p)^3", ("p", "p"), "d: vector(n), p: vector(n)"),
    ("norm_nuc(X)", ("X", "X"), "X: matrix(m, n)"),
    ("tr(X) + x^T I x", ("X",), "X: matrix(n, n), I: matrix(n, n), x: vector(n)"),
    ("I^2", ("I",), "I: matrix(n, n)"),
    ("X[1, :] e", ("X",), "X: matrix(m, n), e: vector(n)"),
    ("X^T K", ("X",), "X: matrix(m, n), K: matrix(m, m)"),
    ("tr(H H) a", ("H", "H"), "H: matrix(3, 3), a: scalar"),
    ("tr(F^T F) / det(F)^(2/3)", ("F", "F"), "F: invertible(3)"),
    ("tr(C)^2 - tr(C^2)", ("C", "C"), "C: spd(3)"),
    ("X^T", ("X",), "X: matrix(2, 3)"),
    ("(X^3)[1, 2]", ("X", "X"), "X: diagonal(n)"),
    ("X[1, 1]*X[2, 2] - X[1, 2]*X[2, 1]", ("X", "X"), "X: matrix(2, 2)"),
    ("||y - X w||^2 + l ||w[2:d]||^2", ("w",), "w: vector(d), l: scalar, X: matrix(n, d), y: vector(n)"),
    ("logdet(X[1:3, 1:3])", ("X",), "X: matrix(m, n)"),
    ("(x - a) / norm2(x - a)", ("x", "x"), "x: vector(n), a: vector(n)"),
    ("||A X[1:3, :] B - C||^2", ("X", "X"), "A: matrix(p, 3), B: matrix(q, r), X: matrix(m, q), C: matrix(p, r)"),
    ("sum(softmax(X W X^T) X)", ("W",), "X: matrix(n, d), W: matrix(d, d)"),
]


@sweep(6)
@pytest.mark.parametrize(("f", "wrt", "where"), FORMS, ids=[f"{f} by {' '.join(w)}" for f, w, _ in FORMS])
def test_forms(f: str, wrt: tuple[str, ...], where: str) -> None:
    assert_read_back(f, wrt, where)


#: What is declared of a square matrix in place of ``matrix(n, n)``.
STRUCTURES = ("symmetric", "spd", "skew", "diagonal", "lower", "upper", "invertible", "orthogonal")
CONVENTIONS = ("structured", "unstructured", "independent")


def structured_rows() -> Iterator[tuple[str, str, str, str]]:
    """Rows by a square matrix, with each structure, in turn by each convention: function, variable, declarations, convention."""
    turn = cycle(CONVENTIONS)
    for _, f, wrt, where in TABLES:
        square = re.search(rf"\b{re.escape(wrt)}: matrix\((\w+), \1\)", where or "")
        for structure in STRUCTURES if square else ():
            convention = next(turn)
            declared = where.replace(square[0], f"{wrt}: {structure}({square[1]})") if square else where
            yield f, wrt, declared, "structured" if structure in ("invertible", "orthogonal") else convention


def test_a_skew_number_is_no_case_of_scalar_calculus() -> None:
    assert_read_back("det(X)", ("X",), "X: skew(n)", "unstructured")


def test_orthogonal_matrices_without_the_eigenvalue_1_are_found() -> None:
    assert_read_back("p^T inv(eye(n) - A) f", ("A",), "p: vector(n), A: orthogonal(n), f: vector(n)")


KINDS = ("symmetric(n)", "spd(3)", "skew(n)", "diagonal(n)", "lower(n)", "upper(n)", "matrix(n, n)")
#: What is asked of a structured S by another convention: every kind, and as a claim what is printed.
BY_CONVENTION = ("tr(A S)", "sum(S.^2)", "tr(S A S)", "logdet(S + 9 I)", "a^T S a")


@sweep(3)
@pytest.mark.parametrize("convention", ["independent", "unstructured"])
@pytest.mark.parametrize("kind", KINDS)
def test_conventions(kind: str, convention: str) -> None:
    """Own answers are verified, as numbers and as text, and a plain claim is wrong exactly where the answers differ."""
    size = "3" if "3" in kind else "n"
    declared = {"S": kind, "A": f"matrix({size}, {size})", "a": f"vector({size})"}
    for f in BY_CONVENTION:
        where = ", ".join(f"{name}: {k}" for name, k in declared.items() if name in f.replace("tr(", ""))
        result = Result.of(f, ("S",), None, where, checked=True, convention=convention)
        assert result.report, f"{f}: {result.report}"
        for claim in dict.fromkeys([*printed(result), mc.compile(result.derivative)]):
            if "S" in str(result.derivative) or isinstance(claim, str):
                report = mc.check(result.f, "S", claim=claim, trials=1, convention=convention)
                assert report.ok, f"{f}: {claim}\n{report}"
        plain = mc.gradient(result.f, "S")
        is_same = mc.equal(plain, result.derivative.expr).verdict == "proved"
        assert bool(mc.check(result.f, "S", claim=plain, convention=convention)) == is_same, f"{f}: {plain}"


#: convention, a claim of tr(A S) for a symmetric S, what is said of it
OF_ANOTHER_CONVENTION = [
    ("independent", "(A + A^T) / 2", "that is the gradient within the symmetric matrices: by independent entries"),
    ("unstructured", "(A + A^T) / 2", "that is the gradient within the symmetric matrices: by free entries it is A^T"),
    ("independent", "A + A^T", "missing -diag(diag(A))"),
    ("independent", "tril(A + A^T) - diag(diag(A))", "right on and below the diagonal only"),
    ("unstructured", "A", "transposed"),
    ("structured", "A + A^T - diag(diag(A))", "by the independent entries"),
]


@pytest.mark.parametrize(("convention", "claim", "said"), OF_ANOTHER_CONVENTION)
def test_claims_by_another_convention(convention: str, claim: str, said: str) -> None:
    report = mc.check("tr(A S)", "S", where="S: symmetric(n)", claim=claim, convention=convention)
    assert not report
    assert said in (report.diagnosis or ""), str(report)


def test_an_unknown_convention_is_an_error() -> None:
    with pytest.raises(mc.MatcalcError, match="conventions are structured, unstructured, independent"):
        mc.check("tr(A S)", "S", claim="A", convention="free")


#: f, variables, declarations, a wrong claim, what is said of it
WRONG = [
    ("A X B", ("X",), "A: matrix(k, m), X: matrix(m, n), B: matrix(n, p)", "dF = A dX B, vec form B ⊗ A", "square"),
    ("A X B", ("X",), "A: matrix(k, m), X: matrix(m, n), B: matrix(n, p)", "dF = 2 A dX B, vec form B^T ⊗ A", "2"),
    ("A x", ("x",), "A: matrix(m, n), x: vector(n)", "dF = zeros(m)", "not zero"),
    ("x^T A x", ("x", "x"), "A: matrix(n, n), x: vector(n)", "dG = zeros(n)", "not zero"),
    ("tr(X^3)", ("X", "X", "X"), "X: matrix(n, n)", "3 (dX_2 dX_3)^T", ""),
    ("s x^T x", ("s", "x", "x"), "s: scalar, x: vector(n)", "dG = dx", ""),
]  # fmt: skip


@pytest.mark.parametrize(("f", "wrt", "where", "claim", "said"), WRONG, ids=[w[3] for w in WRONG])
def test_wrong_parts_are_refuted(f: str, wrt: tuple[str, ...], where: str, claim: str, said: str) -> None:
    report = mc.check(f, *wrt, where=where, claim=claim, trials=2)
    assert not report and not report.problem
    assert said in (report.diagnosis or "")


#: f, variable, a right claim: names below where, and LaTeX with lines
WRITTEN = [
    ("x^T A x", "x", "df = u^T dx where u = (A + A^T) x"),
    ("x^T A x", "x", "B x\nwhere B = A + A^T"),
    ("x^T A x", "x", r"\nabla f = M_{1} x \quad \text{where } M_{1} = A + A^\top"),
    ("x^T A x", "x", "\\begin{aligned}\n& u_{1} + u_{2} \\\\\n& \\text{where } u_{1} = A x \\\\\n& \\phantom{\\text{where }} u_{2} = A^{\\top} \\, x\n\\end{aligned}"),
    ("sum(x.^2)", "x", r"df = \sum_{i=1}^n 2 x_i \mathrm{d} x_i"),
    ("sum(exp(x))", "x", r"\mathrm{d} f = \sum_{i=1}^n \exp(x_i) \, \mathrm{d} x_i"),
]  # fmt: skip


@pytest.mark.parametrize(("f", "wrt", "claim"), WRITTEN, ids=[w[2] for w in WRITTEN])
def test_claims_as_people_write_them(f: str, wrt: str, claim: str) -> None:
    assert mc.check(f, wrt, claim=claim, trials=1)


def test_errors_show_the_whole_claim() -> None:
    claim = "dF = A dX B, vec form B^T ⊗ C"
    with pytest.raises(mc.MatcalcError) as caught:
        mc.check("A X B", "X", where="A: matrix(k, m), X: matrix(m, n), B: matrix(n, p)", claim=claim + " +")
    assert caught.value.text == claim + " +"


@pytest.mark.parametrize(
    "f", ["eigvec_max(S)", "eigvecs(S)", "eigvals(S)", "eigmax(S)", "chol(S)", "sum(chol(S))", "eigvals(A S A^T)"]
)
def test_functions_of_symmetric_matrices_by_free_entries(f: str) -> None:
    """They are functions of the symmetric part: the derivative takes that of dS, and is verified as printed."""
    where = "S: spd(n)" + (", A: matrix(m, n)" if "A" in f else "")
    result = Result.of(f, ("S",), None, where, checked=True, convention="unstructured")
    assert result.report, str(result.report)
    for claim in dict.fromkeys(printed(result)):
        report = mc.check(result.f, "S", claim=claim, trials=1, convention="unstructured")
        assert report.ok, f"{claim}\n{report}"


@pytest.mark.parametrize(
    "row", list(structured_rows())[:: 11 * STEP], ids=lambda row: f"{row[0]} by {row[2]}, {row[3]}"
)
def test_rows_with_structure(row: tuple[str, str, str, str]) -> None:
    f, wrt, where, convention = row
    assert_read_back(f, (wrt,), where, convention)


def main() -> int:
    """Reads everything back; exit status 1 where a claim is not accepted."""
    every = [(f, (wrt,) * order, where, "structured") for order in (1, 2) for _, f, wrt, where in TABLES]
    every += [(f, (wrt,), where, convention) for f, wrt, where, convention in structured_rows()]
    faults = 0
    for row in every:
        try:
            assert_read_back(*row)
        except (AssertionError, mc.MatcalcError) as error:
            faults += 1
            print(*row, error, sep="\n", end="\n\n", flush=True)
    print(f"{len(every)} answers, {faults} not accepted")
    return int(faults > 0)


if __name__ == "__main__":
    sys.exit(main())
