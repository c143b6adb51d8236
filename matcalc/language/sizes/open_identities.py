r"""Identities whose size the context leaves open and their subscript names: the I_T of `\operatorname{tr}(\Sigma \otimes I_T)`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from matcalc.errors import MatcalcError, ShapeError
from matcalc.language.surface.tree import Surface, walk
from matcalc.patterns import pattern

if TYPE_CHECKING:
    from matcalc.language.meaning.inference import Parsed

__all__ = ["inferred"]

_SUBSCRIPT = pattern(r"I[}\s]*_\s*(.*)", re.DOTALL)


def inferred(
    run: Callable[[], Parsed],
    root: Surface,
    definitions: Mapping[str, Surface],
    text: str,
    again: Callable[[Surface, dict[str, Surface]], Parsed],
) -> Parsed:
    """What ``run`` infers; where it leaves a size open, what ``again`` makes of the trees with the sizes that are named.

    Raises the first error where these do not fit.
    """
    try:
        return run()
    except ShapeError as error:
        sized = _with_named_sizes(root, definitions, text) if error.code == "undetermined" else None
        if sized is None:
            raise
        try:
            return again(*sized)
        except MatcalcError as other:
            raise (other if other.code == "undetermined" else error) from None


def _with_named_sizes(
    root: Surface, definitions: Mapping[str, Surface], text: str
) -> tuple[Surface, dict[str, Surface]] | None:
    """The trees with eye(T) in place of I_T; None where no identity has such a subscript."""
    trees = (root, *definitions.values())
    named = {id(n): size for tree in trees for n in walk(tree) if n.kind == "name" if (size := _size(n, text))}
    if not named:
        return None
    first, *others = (_exchanged(tree, named) for tree in trees)
    return first, dict(zip(definitions, others, strict=True))


def _size(node: Surface, text: str) -> str:
    """T of I_T and n_x of I_{n_x}; empty of anything else."""
    found = _SUBSCRIPT.fullmatch(text[slice(*node.span)]) if node.value[:2] in ("I", "I_") else None
    name = re.sub(r"\\[A-Za-z]+|[{}\s]", "", found.group(1)) if found else ""
    return name if re.fullmatch(r"[A-Za-z](?:_[A-Za-z\d])?", name) else ""


def _exchanged(tree: Surface, named: Mapping[int, str]) -> Surface:
    changed: dict[int, Surface] = {}
    for node in walk(tree):
        if id(node) in named:
            size = Surface("name", (), named[id(node)], node.span)
            changed[id(node)] = Surface("call", (size,), "eye", node.span)
        elif any(changed[id(c)] is not c for c in node.children):
            changed[id(node)] = replace(node, children=tuple(changed[id(c)] for c in node.children))
        else:
            changed[id(node)] = node
    return changed[id(tree)]
