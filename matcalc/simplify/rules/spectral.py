"""Functions of matrices: derivatives along directions that commute, and products with what commutes or nearly does."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import factorial

from matcalc.expr import (
    Node,
    call,
    chain,
    content,
    hadamard,
    inverse,
    is_number,
    matmul,
    matrix_power,
    number,
    scale,
    scaled,
    split_scalar,
    terms,
    trace,
    zeros,
)
from matcalc.expr.facts import is_invertible
from matcalc.simplify.patterns import is_call, is_primary, product_of
from matcalc.simplify.rules.functions_of_matrices import generator

__all__ = ["derivative_along_a_function", "function_times_factor", "trace_with_derivative"]

#: f -> f^(k), for the Fréchet derivatives of the table: operands are k, X and, for a power, its exponent
_SCALAR_DERIVATIVES: dict[str, Callable[..., Node]] = {
    "frechet_expm": lambda k, x: call("expm", x, shape=x.shape),
    "frechet_logm": lambda k, x: scaled((-1) ** (k - 1) * factorial(k - 1), matrix_power(x, -k)),
    "frechet_matpow": lambda k, x, n: scale(_falling(n, k), matrix_power(x, n - number(k))),
    "frechet_sinm": lambda k, x: _turned_sine(k, x),
    "frechet_cosm": lambda k, x: _turned_sine(k + 1, x),
    "frechet_signm": lambda k, x: zeros(*x.shape),
}


def _turned_sine(quarters: int, x: Node) -> Node:
    """sin(X + k π/2 I)"""
    function = call(("sinm", "cosm")[quarters % 2], x, shape=x.shape)
    return scaled(-1 if quarters % 4 > 1 else 1, function)


def _falling(n: Node, k: int) -> Node:
    """n (n - 1) … (n - k + 1)"""
    return hadamard(*(n - number(i) for i in range(k)))


def derivative_along_a_function(node: Node) -> Node | None:
    """Df(X)[g(X)] = f'(X) g(X)

    D^k f(X)[g(X), h(X), …] = f^(k)(X) g(X) h(X) …, and the Y with A Y + Y A = g(A) is A^-1 g(A) / 2
    """
    opened = _derivative(node)
    if opened is None:
        return None
    x, factor, directions = opened
    return matmul(factor, *directions) if all(_is_function_of(e, x) for e in directions) else None


def trace_with_derivative(node: Node) -> Node | None:
    """tr(g(X) Df(X)[E]) = tr(g(X) f'(X) E)"""
    s, m = split_scalar(node.args[0])
    links = chain(m)
    for i, link in enumerate(links):
        opened = _derivative(link)
        if opened is not None:
            x, factor, directions = opened
            others = (*links[i + 1 :], *links[:i])
            if len(directions) == 1 and all(_is_function_of(f, x) for f in others):
                return scale(s, trace(matmul(*others, factor, *directions)))
    return None


def _derivative(node: Node) -> tuple[Node, Node, tuple[Node, ...]] | None:
    """(X, F, (E, …)) with node = F E … for directions E that commute with X."""
    if node.op != "call":
        return None
    name, args = node.data[0], node.args
    if name == "sylvester":
        a, b, e = args
        return (a, scaled(Fraction(1, 2), inverse(a)), (e,)) if a is b else None
    derivative = _SCALAR_DERIVATIVES.get(name)
    if derivative is None:
        return None
    end = len(args) - (name == "frechet_matpow")
    directions = args[1:end]
    return args[0], derivative(len(directions), args[0], *args[end:]), directions


def _is_function_of(e: Node, x: Node) -> bool:
    """A sum of products of functions of that of which X is one."""
    g = generator(x)
    links = [f for t, _ in terms(e) for f in chain(split_scalar(t)[1])]
    inside = chain(split_scalar(x)[1])
    if len(links) == len(inside) > 1 and len(terms(e)) == 1:
        return tuple(links) == inside
    return all(f.op == "identity" or (f.is_square and generator(f) in (g, None)) for f in links)


# --- products ---------------------------------------------------------------------------------


def function_times_factor(node: Node) -> Node | None:
    """f(A B) A = A f(B A), f(A) A^k = A^k f(A)"""
    links = list(chain(node))
    for i in range(len(links) - 1):
        left, right = links[i], links[i + 1]
        if not _is_function(left) or not right.is_square or _is_function(right):
            continue
        turned = _past(left, right)
        if turned is not None:
            return product_of([*links[:i], right, turned, *links[i + 2 :]])
    return None


def _is_function(node: Node) -> bool:
    inside = node.args[0] if node.op == "matpow" else node
    return is_primary(inside)


def _past(function: Node, factor: Node) -> Node | None:
    """The G with function factor = factor G, for a product of the same factors or fewer."""
    inside = function.args[0] if function.op == "matpow" else function
    x = inside.args[0]
    if factor.op != "identity" and generator(factor) is generator(x):
        return function
    c, m = content(x)
    links = chain(m)
    if len(links) < 2 or any(f.is_scalar for f in links):
        return None
    if links[0] is factor and _has_inverse(function, inside, factor):
        turned = matmul(*links[1:], factor)
    elif is_invertible(factor):
        turned = matmul(inverse(factor), m, factor)
    else:
        return None
    if len(chain(turned)) > len(links):
        return None
    again = call(inside.data[0], scaled(c, turned), shape=turned.shape)
    return matrix_power(again, function.args[1]) if function.op == "matpow" else again


def _has_inverse(function: Node, inside: Node, factor: Node) -> bool:
    """A of f(A B) has an inverse where f(A B) is defined, or f is an entire function."""
    inverted = function.op == "matpow" and (is_number(function.args[1]) or 0) < 0
    return inverted or is_call(inside, "expm", "logm", "sinm", "cosm") or is_invertible(factor)
