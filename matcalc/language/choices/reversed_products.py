r"""`\rho\sigma - \sigma\rho`: two products of the same names in both orders differ only where these are matrices."""

from __future__ import annotations

from collections.abc import Mapping

from matcalc.language.declarations import Where
from matcalc.language.surface.tree import OF_MATRICES, Surface, walk

__all__ = ["of_matrices"]

Trees = tuple[Surface, dict[str, Surface]]


def of_matrices(root: Surface, definitions: Mapping[str, Surface], where: Where) -> Trees:
    """The trees in which such products, of names that nothing declares, are those of matrices."""
    trees = (*definitions.values(), root)
    if not any(_is_commutator(node, where) for tree in trees for node in walk(tree)):
        return root, dict(definitions)
    done: dict[int, Surface] = {}
    for node in (n for tree in trees for n in walk(tree)):
        children = tuple(done[id(c)] for c in node.children)
        if _is_commutator(node, where):
            children = tuple(Surface(c.kind, c.children, OF_MATRICES, c.span) for c in children)
        same = all(a is b for a, b in zip(children, node.children, strict=True))
        done[id(node)] = node if same else Surface(node.kind, children, node.value, node.span)
    return done[id(root)], {name: done[id(body)] for name, body in definitions.items()}


def _is_commutator(node: Surface, where: Where) -> bool:
    if node.kind != "add" or node.value not in ((1, -1), (-1, 1)):
        return False
    (first, second), (last, before) = (_factors(term) for term in node.children)
    return first == before != second == last and bool(first) and not {first, second} & where.declarations.keys()


def _factors(term: Surface) -> tuple[str, str]:
    """The names of a product of two, else nothing."""
    if term.kind != "multiply" or any(c.kind != "name" for c in term.children):
        return "", ""
    first, second = (str(c.value) for c in term.children)
    return first, second
