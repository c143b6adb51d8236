"""Arrays of matrices that share a structure: Sigma_k = (e_k^T ⊗ I) Sigma, each of them symmetric.

Such an array has the tag ``spd_members`` in place of ``spd``; what it says is known of the products that are its members.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from matcalc.expr.canonical import transposition
from matcalc.expr.dims import Dim
from matcalc.expr.leaves import LINEAR_STRUCTURES, OF_MEMBERS, variable
from matcalc.expr.node import Node

__all__ = [
    "grouped",
    "member_structure",
    "member_tags",
    "member_variable",
    "number_of_members",
    "of_each",
    "upright_members",
]

_OF_EACH = {tag: kind for kind, tag in OF_MEMBERS.items()}


def of_each(tags: Iterable[str]) -> tuple[str, ...]:
    """The structure of every member of an array with these tags."""
    return tuple(_OF_EACH[tag] for tag in tags if tag in _OF_EACH)


def member_structure(array: Node) -> str | None:
    """The linear structure of the members: symmetric, skew, diagonal, lower or upper; None without one."""
    return next((LINEAR_STRUCTURES[t] for t in of_each(array.data[-1]) if t in LINEAR_STRUCTURES), None)


def member_variable(array: Node) -> Node:
    """A matrix with the structure of one member."""
    return variable(str(array.data[0]), (array.cols, array.cols), of_each(array.data[-1]))


def number_of_members(array: Node) -> Dim:
    """How many square matrices stand below each other."""
    found = array.rows.divided_by(array.cols)
    assert found is not None, "members are square"
    return found


def _is_pick(node: Node) -> bool:
    """e_k^T ⊗ I"""
    parts = node.args[0].args if node.op == "transpose" and node.args[0].op == "kron" else node.args
    return node.upright.op == "kron" and parts[-1].op == "identity" and node.rows == parts[-1].rows


def member_tags(node: Node) -> tuple[str, ...]:
    """The structure of (e_k^T ⊗ I) Sigma; empty for all else."""
    if node.op != "matmul" or len(node.args) != 2 or node.args[1].op not in ("variable", "perturbation"):
        return ()
    found = of_each(node.args[1].data[-1])
    return found if found and _is_pick(node.args[0]) else ()


def grouped(factors: Sequence[Node]) -> list[tuple[Node, ...]]:
    """The factors of a product, those of a member with structure together."""
    groups: list[tuple[Node, ...]] = []
    for factor in factors:
        structured = factor.op == "variable" and of_each(factor.data[-1])
        if groups and structured and _is_pick(groups[-1][-1]):
            groups[-1] = (*groups[-1], factor)
        else:
            groups.append((factor,))
    return groups


def upright_members(factors: Sequence[Node]) -> tuple[int, list[Node]]:
    """Sigma^T (e_k ⊗ I) = (e_k^T ⊗ I) Sigma of symmetric members, with the sign of skew ones."""
    sign, found = 1, list(factors)
    for place, (left, right) in enumerate(pairwise(factors)):
        if left.op != "transpose":
            continue
        array = left.upright
        if array.op not in ("variable", "perturbation") or not array.data[-1]:
            continue
        structure = member_structure(array)
        if structure in ("symmetric", "skew", "diagonal") and _is_pick(transposition.transpose(right)):
            found[place : place + 2] = [transposition.transpose(right), array]
            sign *= -1 if structure == "skew" else 1
    return sign, found
