"""Products as chains of their factors, and back."""

from __future__ import annotations

from matcalc.language.surface.tree import Surface

__all__ = ["factors_of", "product_of"]


def factors_of(node: Surface) -> list[Surface]:
    """a, b and c of (a b) c"""
    found: list[Surface] = []
    while node.kind == "multiply":
        node, last = node.children
        found.append(last)
    return [node, *reversed(found)]


def product_of(factors: list[Surface]) -> Surface:
    product = factors[0]
    for factor in factors[1:]:
        product = Surface("multiply", (product, factor), None, (product.span[0], factor.span[1]))
    return product
