"""What is known of a value from its structure alone: signs, symmetry, definiteness, invertibility.

Every answer is one-sided: True means proved, False means not known.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from matcalc.expr.canonical import sums, transposition
from matcalc.expr.canonical.open_functions import tags_of
from matcalc.expr.leaves import is_natural, is_number
from matcalc.expr.node import Node

__all__ = [
    "is_invertible",
    "is_nonnegative",
    "is_orthogonal",
    "is_pd",
    "is_positive",
    "is_symmetric",
]

POSITIVE_FUNCTIONS = frozenset("exp cosh softplus sigmoid erfc inverse_mills".split())
NONNEGATIVE_FUNCTIONS = POSITIVE_FUNCTIONS | frozenset(
    "abs relu huber logcosh step greater at_least equals differs".split()
)
POSITIVE_CALLS = frozenset("softmax".split())
NONNEGATIVE_CALLS = frozenset("svdvals norm_spec norm_nuc norm_inf".split())
EIGENVALUES = frozenset("eigvals eigmax eigmin".split())

Fact = Callable[[Node], bool]


def _remembered(fact: Fact) -> Fact:
    """Keep the answer on the node."""
    name = fact.__name__

    @wraps(fact)
    def ask(node: Node) -> bool:
        known = node.cache.get(name)
        if known is None:
            node.cache[name] = False  # a cycle proves nothing
            known = node.cache[name] = fact(node)
        return bool(known)

    return ask


def _tags(node: Node) -> tuple[str, ...]:
    """The structure that a variable or the value of an open function was declared with."""
    if node.op == "open":
        return tags_of(node)
    tags: tuple[str, ...] = node.data[1] if node.op == "variable" else ()
    return tags


def _is_cholesky(node: Node) -> bool:
    """A Cholesky factor: its diagonal is positive."""
    return node.upright.op == "call" and node.upright.data[0] == "chol"


@_remembered
def is_positive(node: Node) -> bool:
    """Every entry is > 0."""
    match node.op:
        case "ones" | "dimension" | "constant":
            return True
        case "variable" | "open":
            return "positive" in _tags(node)
        case "transpose" | "vec" | "unvec" | "diagonal":
            if node.op == "diagonal" and (is_pd(node.args[0]) or _is_cholesky(node.args[0])):
                return True
            return is_positive(node.args[0])
        case "scale" | "kron":
            return all(is_positive(a) for a in node.args)
        case "power":
            return all(is_positive(b) for b in node.args[::2])
        case "apply" if node.data[0] == "where":
            return all(is_positive(a) for a in node.args[1:])
        case "apply" if node.data[0] in ("gamma", "beta"):
            return all(is_positive(a) for a in node.args)
        case "apply":
            return node.data[0] in POSITIVE_FUNCTIONS
        case "call":
            return node.data[0] in POSITIVE_CALLS or (node.data[0] in EIGENVALUES and is_pd(node.args[0]))
        case "det" | "trace":
            return is_pd(node.args[0])
        case "add":
            positive = any(is_positive(t) for t, c in sums.terms(node) if c > 0)
            return positive and is_nonnegative(node)
        case "matmul":
            return all(is_positive(f) for f in node.args)
    return False


@_remembered
def is_nonnegative(node: Node) -> bool:
    """Every entry is >= 0."""
    match node.op:
        case "zero" | "identity" | "unit" | "mask" | "selector" | "commutation" | "duplication":
            return True
        case "transpose" | "vec" | "unvec" | "diag":
            return is_nonnegative(node.args[0])
        case "diagonal":
            return is_nonnegative(node.args[0]) or is_psd(node.args[0])
        case "scale" | "kron" | "block":
            return all(is_nonnegative(a) for a in node.args)
        case "power":
            pairs = zip(node.args[::2], node.args[1::2], strict=True)
            return all(_is_even(e) or _is_root(e) or is_nonnegative(b) for b, e in pairs)
        case "apply" if node.data[0] == "where":
            return all(is_nonnegative(a) for a in node.args[1:])
        case "apply":
            return node.data[0] in NONNEGATIVE_FUNCTIONS
        case "call":
            eigenvalue = node.data[0] in EIGENVALUES and is_psd(node.args[0])
            return eigenvalue or node.data[0] in NONNEGATIVE_CALLS or node.data[0] in POSITIVE_CALLS
        case "det" | "trace" if is_psd(node.args[0]):
            return True
        case "trace":
            return is_nonnegative(node.args[0])
        case "add":
            return all(c > 0 and is_nonnegative(t) for t, c in sums.terms(node))
        case "matmul":
            return all(is_nonnegative(f) for f in node.args) or _is_quadratic_form(node)
    return is_positive(node)


def is_whole(node: Node) -> bool:
    """A number that is an integer whatever the values of its names are: 2 n - 1."""
    return all(c.denominator == 1 and _is_whole(t) for t, c in sums.terms(node))


def _is_whole(node: Node) -> bool:
    if node.op == "power":
        return all(
            is_whole(b) and (is_number(e) or 0) > 0 and is_whole(e)
            for b, e in zip(node.args[::2], node.args[1::2], strict=True)
        )
    return node.op in ("ones", "dimension") or (node.op == "variable" and "integer" in node.data[1])


def _is_even(exponent: Node) -> bool:
    e = is_number(exponent)
    return e is not None and e.denominator == 1 and e % 2 == 0


def _is_root(exponent: Node) -> bool:
    """Of what has such a power, the power is not negative."""
    e = is_number(exponent)
    return e is not None and e.denominator != 1


def _is_quadratic_form(node: Node) -> bool:
    """u^T M u with M semidefinite, for a scalar product."""
    return node.is_scalar and _is_psd_chain(node.args)


def _is_psd_chain(factors: tuple[Node, ...]) -> bool:
    """B^T M B with M semidefinite, as a list of factors."""
    while len(factors) >= 2 and transposition.transpose(factors[0]) is factors[-1]:
        factors = factors[1:-1]
    return not factors or (len(factors) == 1 and is_psd(factors[0]))


@_remembered
def is_symmetric(node: Node) -> bool:
    """X^T = X, as nodes."""
    return node.is_square and transposition.transpose(node) is node


@_remembered
def is_psd(node: Node) -> bool:
    """Symmetric positive semidefinite."""
    match node.op:
        case "variable" | "open":
            return bool({"spd", "psd"}.intersection(_tags(node)))
        case "identity":
            return True
        case "ones":
            return node.is_square
        case "zero":
            return node.is_square
        case "diag":
            return is_nonnegative(node.args[0])
        case "scale":
            return is_nonnegative(node.args[0]) and is_psd(node.args[1])
        case "add":
            return all(c > 0 and is_psd(t) for t, c in sums.terms(node))
        case "kron" | "power":
            bases = node.args if node.op == "kron" else node.args[::2]
            natural = node.op == "kron" or all(is_natural(e) for e in node.args[1::2])
            return natural and all(is_psd(a) for a in bases)
        case "matpow":
            base, exponent = node.args
            square = is_natural(exponent) and _is_even(exponent) and is_symmetric(base)
            return square or is_pd(node) or (is_natural(exponent) and is_psd(base))
        case "matmul":
            return node.is_square and _is_psd_chain(node.args)
    return is_pd(node)


@_remembered
def is_pd(node: Node) -> bool:
    """Symmetric positive definite."""
    if node.is_scalar:
        return is_positive(node)
    match node.op:
        case "variable" | "open":
            return "spd" in _tags(node)
        case "identity":
            return True
        case "diag":
            return is_positive(node.args[0])
        case "scale":
            return is_positive(node.args[0]) and is_pd(node.args[1])
        case "add":
            return any(c > 0 and is_pd(t) for t, c in sums.terms(node)) and is_psd(node)
        case "kron":
            return all(is_pd(a) for a in node.args)
        case "matpow":
            return is_pd(node.args[0])
        case "call":
            return (
                node.data[0] in ("expm", "sqrtm")
                and is_symmetric(node.args[0])
                and (node.data[0] == "expm" or is_pd(node.args[0]))
            )
        case "matmul":
            return _is_pd_chain(node.args)
    return False


def _is_pd_chain(factors: tuple[Node, ...]) -> bool:
    """B^T M B with M definite and every B invertible."""
    while len(factors) >= 2 and transposition.transpose(factors[0]) is factors[-1]:
        if not is_invertible(factors[0]):
            return False
        factors = factors[1:-1]
    return not factors or (len(factors) == 1 and is_pd(factors[0]))


@_remembered
def is_invertible(node: Node) -> bool:
    """Square and known to have an inverse."""
    if not node.is_square:
        return False
    match node.op:
        case "variable" | "open":
            return bool({"spd", "orthogonal", "invertible"}.intersection(_tags(node)))
        case "transpose" | "matpow":
            return is_invertible(node.args[0])
        case "matmul" | "kron":
            return all(is_invertible(a) for a in node.args) or is_pd(node)
        case "call":
            return bool(node.data[0] == "expm")
        case "commutation":
            return True
    return is_pd(node)


def is_orthogonal(node: Node) -> bool:
    """Declared orthogonal, or a product or transpose of such."""
    match node.op:
        case "variable" | "open":
            return "orthogonal" in _tags(node)
        case "transpose" | "matpow":
            return is_orthogonal(node.args[0])
        case "matmul" | "kron":
            return all(is_orthogonal(a) for a in node.args)
        case "commutation" | "identity":
            return True
    return False
