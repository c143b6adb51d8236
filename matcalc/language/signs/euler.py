r"""Euler's number beside π, as in `\log\det(2\pi e\Sigma)`: elsewhere a letter e is a variable."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from matcalc.errors import SyntaxFault
from matcalc.language.surface.tree import Surface, walk

__all__ = ["with_euler"]

Trees = tuple[Surface, dict[str, Surface]]


def with_euler(root: Surface, definitions: Mapping[str, Surface], text: str) -> Trees:
    """The trees with the number for each e, which stand beside π in products. Raises SyntaxFault where others do not."""
    trees = (*definitions.values(), root)
    nodes = [node for tree in trees for node in walk(tree)]
    letters = {id(e) for node in nodes for e in _beside_pi(node)}
    if not letters:
        return root, dict(definitions)
    other = next((node for node in nodes if _is(node, "e") and id(node) not in letters), None)
    if other is not None:
        message = "e stands here for the number beside pi and for a variable"
        hint = "write exp(1) for the number, or another letter for the variable"
        raise SyntaxFault(message, code="euler", text=text, span=other.span, hint=hint)
    done: dict[int, Surface] = {}
    for node in nodes:
        if id(node) in letters:
            done[id(node)] = Surface("call", (Surface("number", (), Fraction(1), node.span),), "exp", node.span)
            continue
        children = tuple(done[id(c)] for c in node.children)
        same = all(a is b for a, b in zip(children, node.children, strict=True))
        done[id(node)] = node if same else Surface(node.kind, children, node.value, node.span)
    return done[id(root)], {name: done[id(body)] for name, body in definitions.items()}


def _beside_pi(node: Surface) -> Iterator[Surface]:
    """The e of π e and of e π."""
    if node.kind == "multiply":
        left, right = node.children
        last = left.children[1] if left.kind == "multiply" else left
        yield from (e for e, pi in ((right, last), (last, right)) if _is(e, "e") and _is(pi, "pi"))


def _is(node: Surface, name: str) -> bool:
    return node.kind == "name" and node.value == name
