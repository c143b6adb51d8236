"""Equations in which the unknown stands entry by entry: powers of it, and functions with an inverse."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from matcalc.expr import (
    Node,
    add,
    apply,
    chain,
    diagonal,
    divide,
    factors,
    hadamard,
    is_number,
    matmul,
    number,
    ones,
    power,
    scale,
    scaled,
    split_scalar,
    terms,
    zeros,
)
from matcalc.expr.facts import is_nonnegative
from matcalc.expr.supports import is_diagonal
from matcalc.functions import row_of
from matcalc.functions.making import REALS
from matcalc.simplify import simplify
from matcalc.simplify.expansion import expanded
from matcalc.solving.ways.equations import Equation, Root, holds

__all__ = ["by_inverse_functions", "by_powers"]

#: A factor that holds the unknown: its exponent, or a function of it.
Key = Fraction | Node
#: The words of a row for values that are never the same twice.
STRICT = frozenset({"increasing", "decreasing"})
#: What stands with each.
Terms = dict[Key, Node]


def _collected(equation: Equation) -> Terms | None:
    """The residual as a sum of coefficients times powers and functions of the unknown, or None."""
    x, residual = equation.unknown, equation.residual
    if residual.shape != x.shape:
        return None
    found = _of_terms(residual, x)
    return found if found is not None else _of_terms(expanded(residual), x)


def _of_terms(residual: Node, x: Node) -> Terms | None:
    found: Terms = {}
    for term, c in terms(residual):
        read = _monomial(term, x)
        if read is None:
            return None
        key, coefficient = read
        weighted = scaled(c, coefficient)
        found[key] = found[key] + weighted if key in found else weighted
    short = {key: simplify(value) for key, value in found.items()}
    return {key: value for key, value in short.items() if not value.is_zero}


def _monomial(term: Node, x: Node) -> tuple[Key, Node] | None:
    """(key, coefficient) of one term."""
    if not holds(term, x):
        return Fraction(0), term
    if term is x:
        return Fraction(1), ones(*x.shape)
    if term.op == "scale" and not holds(term.args[0], x):
        inside = _monomial(term.args[1], x)
        return None if inside is None else (inside[0], scale(term.args[0], inside[1]))
    if term.op == "matmul" and x.is_column and (d := _diagonal_before(term, x)) is not None:
        return Fraction(1), d
    return _of_factors(term, x)


def _diagonal_before(term: Node, x: Node) -> Node | None:
    """The diagonal of D in D x, where D is a diagonal matrix."""
    *before, last = chain(term)
    if last is not x or not before or any(holds(f, x) for f in before):
        return None
    matrix = matmul(*before)
    return diagonal(matrix) if is_diagonal(matrix) else None


def _of_factors(term: Node, x: Node) -> tuple[Key, Node] | None:
    exponent, functions, rest = Fraction(0), [], [ones(*x.shape)]
    for base, e in factors(term):
        value = is_number(e)
        if not holds(base, x) and not holds(e, x):
            rest.append(power(base, e))
        elif base is x and value is not None:
            exponent += value
        elif base.op == "apply" and base.args == (x,) and value == 1:
            functions.append(base)
        else:
            return None
    if len(functions) > 1 or (functions and exponent):
        return None
    return (functions[0] if functions else exponent), hadamard(*rest)


def by_inverse_functions(equation: Equation) -> Iterator[Root]:
    """c .* g(x) = r gives x = g^-1(r ./ c)"""
    found = _collected(equation)
    keys = [key for key in found or () if isinstance(key, Node)]
    if found is None or len(keys) != 1 or not found.keys() <= {keys[0], Fraction(0)}:
        return
    (key,) = keys
    name = key.data[0]
    undone = row_of(name).inverse
    inside = simplify(divide(-_constant(found, equation), found[key]))
    if name in EXPRESSED:
        yield Root(simplify(EXPRESSED[name](inside)), f"the inverse of {name}")
    if undone in ("", "none"):
        return
    also = "" if _is_one_to_one(name) else f"every other {{x}} with the same {name}({{x}})"
    yield Root(simplify(apply(undone, inside)), f"{undone} undoes {name}", also=also)


def _logit(u: Node) -> Node:
    """log(u / (1 - u)), of a quotient a / b as log(a / (b - a))"""
    below = hadamard(ones(*u.shape), *(power(b, -k) for b, e in factors(u) if (k := is_number(e) or 0) < 0))
    above = simplify(hadamard(u, below))
    return apply("log", divide(above, below - above))


#: Inverses that have no name of their own.
EXPRESSED: dict[str, Callable[[Node], Node]] = {
    "sigmoid": _logit,
    "softplus": lambda u: apply("log", apply("exp", u) - ones(*u.shape)),
    "cbrt": lambda u: power(u, 3),
    "bose": lambda u: apply("log", divide(ones(*u.shape) + u, u)),
}


def _is_one_to_one(name: str) -> bool:
    """Whether the values of a function rise, or fall, wherever it is defined."""
    (pieces,) = row_of(name).monotone.values()
    return any(piece == REALS and way in STRICT for piece, way in pieces)


def _constant(found: Terms, equation: Equation) -> Node:
    return found.get(Fraction(0), zeros(*equation.unknown.shape))


def by_powers(equation: Equation) -> Iterator[Root]:
    """Two powers, a x^p + b x^q = 0, or three that are evenly spaced: a quadratic equation."""
    found = _collected(equation)
    if found is None:
        yield from _of_any_exponents(equation)
    if not found or not all(isinstance(key, Fraction) for key in found):
        return
    exponents = sorted(key for key in found if isinstance(key, Fraction))
    if len(exponents) == 2:
        yield from _two(found, exponents[0], exponents[1], equation)
    elif len(exponents) == 3 and exponents[2] - exponents[1] == exponents[1] - exponents[0]:
        yield from _quadratic(found, exponents, equation)


def _of_any_exponents(equation: Equation) -> Iterator[Root]:
    """a x^p + b x^q = 0 with any numbers p and q, and x > 0: x = (-a / b)^(1 / (q - p))"""
    x = equation.unknown
    if "positive" not in x.data[1] or equation.residual.shape != x.shape:
        return
    sums: dict[Node, Node] = {}
    for term, c in terms(equation.residual):
        pairs = [(b, e) for b, e in factors(term) if holds(b, x) or holds(e, x)]
        if any(b is not x or holds(e, x) for b, e in pairs):
            return
        exponent = simplify(add(number(0), *(e for _, e in pairs)))
        rest = scaled(c, hadamard(ones(*x.shape), *(power(b, e) for b, e in factors(term) if b is not x)))
        sums[exponent] = sums[exponent] + rest if exponent in sums else rest
    if len(sums) == 2:
        (p, a), (q, b) = sums.items()
        inside = simplify(divide(scaled(-1, a), b))
        yield Root(simplify(power(inside, divide(number(1), simplify(q - p)))), "the root of both sides")


def _two(found: Terms, low: Fraction, high: Fraction, equation: Equation) -> Iterator[Root]:
    """x^(q - p) = -a / b"""
    inside = simplify(divide(scaled(-1, found[low]), found[high]))
    yield from _rooted(inside, high - low, equation)
    if low > 0 and "positive" not in equation.tags:
        yield Root(zeros(*equation.unknown.shape), "0 solves it, too")


def _rooted(inside: Node, degree: Fraction, equation: Equation) -> Iterator[Root]:
    """The x with x^d = u: both signs of an even root."""
    if degree == 3:
        yield Root(simplify(apply("cbrt", inside)), "the cube root")
        return
    if degree.numerator % 2 and degree != 1 and abs(degree) > 1 and "positive" not in equation.tags:
        return
    value = simplify(_power(inside, 1 / degree))
    both = degree.numerator % 2 == 0 and "positive" not in equation.tags
    also = "" if not both or equation.unknown.is_scalar else "every choice of the signs of the entries of {x}"
    yield Root(value, "divided by the factor of the unknown" if degree == 1 else "the root of both sides", also=also)
    if both:
        yield Root(simplify(scaled(-1, value)), "the negative root")


def _power(node: Node, exponent: Fraction) -> Node:
    """(s v).^e, as s^e v.^e where no entry of v is negative."""
    s, rest = split_scalar(node)
    if s is number(1) or (is_number(s) or 0) < 0 or not is_nonnegative(rest):
        return power(node, exponent)
    return scale(power(s, exponent), power(rest, exponent))


def _quadratic(found: Terms, exponents: list[Fraction], equation: Equation) -> Iterator[Root]:
    """a u^2 + b u + c = 0 for u = x^d"""
    c, b, a = (found[e] for e in exponents)
    root = power(hadamard(b, b) - scaled(4, hadamard(a, c)), Fraction(1, 2))
    for sign in (1, -1):
        u = simplify(divide(scaled(sign, root) - b, scaled(2, a)))
        for value in _rooted(u, exponents[1] - exponents[0], equation):
            yield Root(value.value, "the formula of quadratic equations")
