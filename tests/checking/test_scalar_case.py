"""With every size 1, matrix calculus is scalar calculus: derivatives against those that SymPy takes of scalars."""

from __future__ import annotations

import pytest
import sympy as sp

import matcalc as mc
from matcalc.calculus import derive
from matcalc.expr import Dim, Node, postorder, substitute_sizes
from matcalc.interop.sympy import to_sympy
from matcalc.objects.variables import variable_named

# fmt: off
FUNCTIONS = [
    ("a^T x", "x"), ("x^T A x", "x"), ("||A x - b||^2", "x"), ("||A x - b||", "x"), ("tr(A X B)", "X"), ("tr(X^T A X B)", "X"),
    ("tr(A X^-1 B)", "X"), ("det(X + B)", "X"), ("logdet(X^T X)", "X"), ("det(X + B) log(a^T X^-1 a) - tr(X)", "X"),
    ("det(I + x x^T)", "x"), ("sum(log(exp(-y.*(X*w)) + vector(1)))", "X"), ("logsumexp(A x)", "x"), ("sigmoid(w^T x)", "w"),
    ("sum(tanh(A tanh(B x)))", "x"), ("sum(x .* log(x)) where x: vector(n, positive)", "x"), ("tr((X^T C X)^-1 A)", "X"),
    ("(w'*r - f)/(w'*S*w)^.5 where S: spd(n)", "w"), ("kron(X, A)", "X"), ("vec(X)^T A vec(X)", "X"), ("tr(A diag(x))", "x"),
    ("X^T A X", "X"), ("tr(X^5)", "X"), ("tr(A S) where S: symmetric(n)", "S"), ("logdet(S) where S: spd(n)", "S"),
    ("sum(X .* exp(X) .* B)", "X"), ("x^T y / ||x||", "x"), ("sum(erf(x))", "x"), ("sum(softplus(x).^2)", "x"), ("a^b", "b"),
]
# fmt: on
#: Values of every symbol; positive, so that logarithms and roots are real.
VALUE = 0.7


def scalar(node: Node) -> sp.Expr:
    """The node with every size 1, as a SymPy scalar."""
    names = {n for part in postorder(node) for d in part.shape for n in d.names}
    return sp.sympify(to_sympy(mc.Expr(substitute_sizes(node, dict.fromkeys(names, Dim.of(1))))))


@pytest.mark.parametrize(("text", "name"), FUNCTIONS)
@pytest.mark.parametrize("order", [1, 2])
def test_against_scalar_calculus(text: str, name: str, order: int) -> None:
    f = mc.parse(text)
    variable = variable_named(f, name)
    reading = derive(f.node, [variable] * order)
    if reading.matrix is None:
        pytest.skip("an operator of two directions")
    found, function = scalar(reading.matrix), scalar(f.node)
    x = next(s for s in function.free_symbols if s.name == name)
    wanted = sp.diff(function, x, order)
    values = {s: VALUE + 0.11 * k for k, s in enumerate(sorted(function.free_symbols, key=str))}
    difference = (found - wanted).subs(values)
    assert abs(complex(sp.N(difference))) < 1e-10


def test_rounded_numbers_have_their_value_where_every_size_is_one() -> None:
    for seed in range(4):
        assert mc.check("floor(s) s + ceil(s) s^2 - round(s) s", "s", seed=seed)
