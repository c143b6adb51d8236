"""Common ground for proofs: every function is written by as few others as possible, however long that is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from matcalc.expr import Node, Rewrite, inverse, is_number, matmul, multiply, postorder, transpose
from matcalc.expr.facts import is_invertible
from matcalc.functions import row_of
from matcalc.simplify.patterns import is_call
from matcalc.simplify.proof.proof_rules import PROOF_RULES
from matcalc.simplify.proof_identities.angles import in_unit_angles
from matcalc.simplify.proof_identities.roots import absolute_of_nonnegative, never_negative, root_of_product
from matcalc.simplify.recorder import Rule, by_operator, rewrite
from matcalc.simplify.rules.blocks import inverse_of_blocks
from matcalc.simplify.rules.generalised_inverses import adjugate_by_inverse

__all__ = ["canonical"]

#: Bounds, never reached by a terminating table.
MOST_PASSES = 12
MOST_REWRITES = 60
#: An expression with more nodes than this is left alone.
LARGEST = 4000

ANGLES = Rule("sums of angles", (), "sin(u + v) = sin(u) cos(v) + cos(u) sin(v)", "DLMF 4.21.2", in_unit_angles)


def canonical(root: Node) -> Node:
    """An equal expression, the same for many equal ones."""
    known: frozenset[Node] = frozenset()
    for _ in range(MOST_PASSES):
        nodes = postorder(root)
        if len(nodes) > LARGEST:
            return root
        known = never_negative(nodes, known)
        rules = (*PROOF_RULES, *contextual_rules(nodes), *_rules_of_signs(known))
        after = Rewrite(by_operator(rules), MOST_REWRITES)(root)
        after = rewrite(ANGLES, after) or after
        if after is root:
            return root
        root = after
    return root


# --- what the whole expression tells of its parts -----------------------------------------------


def contextual_rules(nodes: Sequence[Node]) -> tuple[Rule, ...]:
    """Rules that hold because an inverse occurs in the expression: where all of it is defined, that inverse exists."""
    known = {n.args[0] for n in nodes if n.op == "matpow" and (is_number(n.args[1]) or 0) < 0}
    known |= {
        b for n in nodes if n.op == "power" for b, e in zip(n.args[::2], n.args[1::2], strict=True)
        if (is_number(e) or 0) < 0
    }  # fmt: skip
    # what holds for almost all arguments holds for them all where both sides are continuous
    continuous = not any(n.op in ("apply", "call") and row_of(n.data[0]).continuous is False for n in nodes)
    adjugate = Rule(
        "adjugate", ("adjugate",), "adj(X) = det(X) X^-1", "HJ 0.8.2",
        adjugate_by_inverse, "for almost all X, and so for all: both sides are continuous",
    )  # fmt: skip
    full_rank = Rule(
        "pseudoinverse of full rank", ("call",), "pinv(A) = (A^T A)^-1 A^T", "HJ 7.3",
        partial(pseudoinverse_by_inverse, known), "(A^T A)^-1 exists",
    )  # fmt: skip
    schur = Rule(
        "inverse by Schur complement", ("matpow",), "[A, B; C, D]^-1 by A^-1 and (D - C A^-1 B)^-1", "HJ 0.7.3",
        partial(inverse_by_schur_complement, known), "A^-1 exists",
    )  # fmt: skip
    return (adjugate, full_rank, schur) if continuous else (full_rank, schur)


def _rules_of_signs(known: frozenset[Node]) -> tuple[Rule, ...]:
    """Rules that hold where the roots and logarithms of the whole expression are defined."""
    root = Rule(
        "root of a product", ("power",), "(u v)^(1/2) = |u|^(1/2) |v|^(1/2)", "DLMF 4.2.26",
        partial(root_of_product, known), "where (u v)^(1/2) is defined",
    )  # fmt: skip
    size = Rule(
        "what is under a root is not negative", ("apply",), "|u| = u", "definition",
        partial(absolute_of_nonnegative, known), "where u^(1/2) or log(u) is defined",
    )  # fmt: skip
    return root, size


def pseudoinverse_by_inverse(known: set[Node], node: Node) -> Node | None:
    """pinv(A) = (A^T A)^-1 A^T where that inverse exists, A^T (A A^T)^-1 where that one does"""
    if not is_call(node, "pinv"):
        return None
    (a,) = node.args
    if a in known:
        return inverse(a)
    inner, outer = matmul(transpose(a), a), matmul(a, transpose(a))
    if inner in known:
        return multiply(inverse(inner), transpose(a))
    return multiply(transpose(a), inverse(outer)) if outer in known else None


def inverse_by_schur_complement(known: set[Node], node: Node) -> Node | None:
    """[A, B; C, D]^-1 by A^-1 and the inverse of the Schur complement"""
    inside = node.args[0]
    if is_number(node.args[1]) != -1 or inside.op != "block" or inside.data != (2, 2):
        return None
    a, b, c, d = inside.args
    exists = a.is_square and d.is_square and (a in known or is_invertible(a))
    return inverse_of_blocks(a, b, c, d) if exists else None
