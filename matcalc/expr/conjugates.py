"""Conjugates: conj(A B) = conj(A) conj(B), down to the leaves.

A complex variable Z is two leaves, Z and conj(Z), and only what is here knows that they belong together: algebra and
differentials take them as two variables, which makes the derivatives those of Wirtinger. A hermitian variable is one leaf, whose
conjugate is its transpose. A function of the kernel is real on the reals, so that conj(f(u)) = f(conj(u)).
"""

from __future__ import annotations

from fractions import Fraction

from matcalc.expr.canonical import powers, sums, transposition
from matcalc.expr.leaves import constant
from matcalc.expr.node import (
    CONJUGATED,
    IMAGINARY_UNIT,
    LEAVES,
    OPERATORS,
    Node,
    has_complex_leaves,
    is_complex_leaf,
    make,
    postorder,
)
from matcalc.expr.passes import Fold, rows_of

__all__ = ["COMPLEX", "absolute", "conjugate", "imaginary_unit", "is_complex", "is_real", "original"]

COMPLEX: Fold[bool] = Fold(
    "complex",
    {
        **rows_of(LEAVES, lambda node, below: is_complex_leaf(node)),
        **rows_of(OPERATORS.keys() - LEAVES, lambda node, below: any(below)),
    },
)


def is_complex(node: Node) -> bool:
    """Whether a complex variable or the imaginary unit stands in it; its value may be real."""
    return has_complex_leaves() and COMPLEX(node)


def is_real(node: Node) -> bool:
    """Whether it is its own conjugate, as a node: what is not seen to be real may be so."""
    return not is_complex(node) or conjugate(node) is node


def imaginary_unit() -> Node:
    """j, with j^2 = -1."""
    return constant(IMAGINARY_UNIT)


def original(name: str) -> str | None:
    """Z of conj(Z), as leaves are called; None of another name."""
    return name[5:-1] if name.startswith("conj(") else None


def conjugate(node: Node) -> Node:
    """The complex conjugate, pushed to the leaves. Shape: that of the node."""
    if not is_complex(node):
        return node
    found: Node | None = node.cache.get("conjugate")
    if found is None:
        from matcalc.expr.rebuild import substitute

        leaves = {leaf: _of_leaf(leaf) for leaf in postorder(node) if is_complex_leaf(leaf)}
        found = node.cache["conjugate"] = substitute(node, leaves)
        found.cache.setdefault("conjugate", node)
    return found


def _of_leaf(node: Node) -> Node:
    if node.op == "constant":
        return sums.scaled(-1, node)
    name, *rest, tags = node.data
    if "complex" not in tags:
        return transposition.transpose(node)
    other = original(name)
    kept = {*tags} - {CONJUGATED} if other is not None else {*tags, CONJUGATED}
    return make(node.op, (), (other or f"conj({name})", *rest, tuple(sorted(kept))), node.shape)


def absolute(node: Node) -> Node:
    """|z| = (z conj(z))^(1/2), entry by entry: a function of z and of conj(z)."""
    return powers.power(powers.hadamard(node, conjugate(node)), Fraction(1, 2))
