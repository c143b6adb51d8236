"""Functions of matrices, given rows, columns and scalars: what is typed, what is built and its derivative agree."""

import pytest

import matcalc as mc

CASES = [
    ("softmax(x')", "x"),
    ("softmax(x', 1)", "x"),
    ("softmax(x, 2)", "x"),
    ("softmax(x, 1)", "x"),
    ("logsoftmax(x')", "x"),
    ("logsoftmax(x, 1)", "x"),
    ("logsoftmax(x, 2)", "x"),
    ("logsoftmax(x)", "x"),
    ("pinv(x)", "x"),
    ("pinv(x')", "x"),
    ("sylvester(a, B, x')  where a: scalar, B: matrix(n,n)", "x"),
    ("sylvester(B, a, x) where a: scalar, B: matrix(n,n)", "x"),
    ("khatri_rao(x', y')", "x"),
    ("softmax_all(x')", "x"),
    ("argmax(x')", "x"),
    ("pinv(s) where s: scalar", "s"),
    ("softmax(s) where s: scalar", "s"),
    ("logsoftmax(s) where s: scalar", "s"),
    ("logsumexp(x')", "x"),
    ("normalize(x')", "x"),
    ("max(x')", "x"),
    ("norm_nuc(x)", "x"),
    ("norm_spec(x')", "x"),
    ("svdvals(x)", "x"),
    ("svd_u(x)", "x"),
    ("kl(x', y')", "x"),
    ("vec(x')", "x"),
    ("kron(x', y)", "x"),
    ("expm(s) where s: scalar", "s"),
    ("chol(s) where s: scalar", "s"),
    ("eigmax(s) where s: scalar", "s"),
    ("huber(x', 1)", "x"),
    ("outer(x, x)", "x"),
    ("diag(s) where s: scalar", "s"),
    ("sum(x', 1)", "x"),
    ("mean(x', 2)", "x"),
    ("triu(x)", "x"),
    ("tril(x')", "x"),
    ("det(s) where s: scalar", "s"),
    ("adj(s) where s: scalar", "s"),
    ("inv(s) where s: scalar", "s"),
    ("logdet(s) where s: scalar", "s"),
    ("sqrtm(s) where s: scalar(positive)", "s"),
    ("logm(s) where s: scalar(positive)", "s"),
    ("polygamma(1, x')", "x"),
    ("max(x', y')", "x"),
    ("unvec(x, 1, n) where x: vector(n)", "x"),
    ("vech(s) where s: scalar", "s"),
    ("[x', y']", "x"),
    ("[x; 1]", "x"),
    ("x'[2]", "x"),
    ("entropy(x')", "x"),
    ("norm_inf(x')", "x"),
    ("norm1(x')", "x"),
    ("norm(x', 3)", "x"),
    ("||x'||_1", "x"),
    ("solve(s, x) where s: scalar", "x"),
    ("quad(s, t) where s: scalar, t: scalar", "s"),
]


@pytest.mark.parametrize(("text", "wrt"), CASES)
def test_vectors_are_matrices(text: str, wrt: str) -> None:
    assert mc.check(text, wrt, trials=1)


@pytest.mark.parametrize("where", ["A: matrix(m, 2*n), x: vector(n), y: vector(n)", "x: vector(n), y: vector(n)"])
def test_rows_of_a_block_in_a_bracket_stay_rows(where: str) -> None:
    assert mc.parse("A ([x; y])", where).node is mc.parse("A [x; y]", where).node
    assert mc.parse("B ([x; y][1:n])", where).node is mc.parse("B [x; y][1:n]", where).node
