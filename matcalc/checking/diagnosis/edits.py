"""Claims that are one step away from the derivative: a factor forgotten or too much, a transpose, an exponent, an order.

A step changes one node of an expression wherever it occurs; the values decide whether it leads from one to the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, islice

from matcalc.checking.comparison import Comparison, Finding
from matcalc.expr import (
    Node,
    ShapeMismatch,
    add,
    factors,
    hadamard,
    is_number,
    matmul,
    number,
    ones,
    postorder,
    power,
    substitute,
    transpose,
)
from matcalc.records import dataclass

__all__ = ["by_factors", "by_steps"]

#: So many steps are tried.
MOST_STEPS = 200


@dataclass(frozen=True)
class Step:
    """One change of an expression: what was done to which part, and the result."""

    kind: str
    part: str
    result: Node


def by_factors(c: Comparison) -> Finding | None:
    """The claim lacks a factor of the derivative, or has one too many."""
    for step in islice(_without_a_factor(c, c.right), MOST_STEPS):
        if c.agree(c.claimed, step.result):
            return Finding("missing factor", f"the factor {step.part} is missing: the derivative is {c.shown}")
    for step in islice(_without_a_factor(c, c.claimed), MOST_STEPS):
        if c.agree(step.result, c.right):
            return Finding("extra factor", f"the factor {step.part} is too much: the derivative is {c.shown}")
    return None


def by_steps(c: Comparison) -> Finding | None:
    """One part is transposed, two factors have changed places, or an exponent is off by one."""
    for step in islice(_steps(c, c.claimed), MOST_STEPS):
        if c.agree(step.result, c.right):
            return Finding(step.kind, f"{step.part}: the derivative is {c.shown}")
    for node in islice(postorder(c.right), MOST_STEPS):
        for wrong, told in _other_exponents(c, node):
            if c.agree(c.claimed, substitute(c.right, {node: wrong})):
                return Finding("exponent", f"{told}: the derivative is {c.shown}")
    return None


def _other_exponents(c: Comparison, node: Node) -> Iterator[tuple[Node, str]]:
    """The node without the square or another exponent of one factor, and what is wrong then."""
    pairs = factors(node) if node.op == "power" else ()
    for i, (base, exponent) in enumerate(pairs):
        if is_number(exponent) is not None:
            for change in (1, -1):
                found = add(exponent, number(change))
                told = f"{c.text(power(base, found))} should be {c.text(power(base, exponent))}"
                yield _product_of(node, [*pairs[:i], (base, found), *pairs[i + 1 :]]), told


def _without_a_factor(c: Comparison, root: Node) -> Iterator[Step]:
    for node in postorder(root):
        for factor, rest in _dropped(node):
            if rest.shape == node.shape and not factor.is_number:
                yield Step("factor", c.text(factor), substitute(root, {node: rest}))


def _dropped(node: Node) -> Iterator[tuple[Node, Node]]:
    """(a factor of a product, the product without it)"""
    match node.op:
        case "matmul":
            for i, factor in enumerate(node.args):
                rest = _composed([*node.args[:i], *node.args[i + 1 :]])
                if rest is not None:
                    yield factor, rest
        case "scale":
            scalar, array = node.args
            yield scalar, array
        case "power":
            pairs = factors(node)
            for size in (1, 2):
                for dropped in combinations(pairs, size):
                    yield _product_of(node, dropped), _product_of(node, [p for p in pairs if p not in dropped])
        case "apply":
            yield node, _one(node)


def _one(node: Node) -> Node:
    return number(1) if node.is_scalar else ones(*node.shape)


def _product_of(node: Node, pairs: Sequence[tuple[Node, Node]]) -> Node:
    """The entrywise product of powers, of the shape of a node."""
    return hadamard(_one(node), *(power(base, exponent) for base, exponent in pairs))


def _composed(parts: list[Node]) -> Node | None:
    try:
        return matmul(*parts) if parts else None
    except ShapeMismatch:
        return None


def _steps(c: Comparison, root: Node) -> Iterator[Step]:
    for node in postorder(root):
        for kind, part, instead in _changed(c, node):
            if instead is not None and instead.shape == node.shape and instead is not node:
                yield Step(kind, part, substitute(root, {node: instead}))


def _changed(c: Comparison, node: Node) -> Iterator[tuple[str, str, Node | None]]:
    match node.op:
        case "matmul":
            for i, factor in enumerate(node.args):
                if factor.is_square:
                    turned = [*node.args[:i], transpose(factor), *node.args[i + 1 :]]
                    yield "transposed", f"{c.text(factor)} should be transposed", _composed(turned)
            for i, (a, b) in enumerate(zip(node.args, node.args[1:], strict=False)):
                swapped = [*node.args[:i], b, a, *node.args[i + 2 :]]
                yield "order", f"{c.text(a)} and {c.text(b)} are in the wrong order", _composed(swapped)
