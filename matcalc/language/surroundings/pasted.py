"""Differentials that are pasted back: dX beside X is a perturbation of it, and has its shape.

An expression in which dX stands for something shaped as X has the shapes that it has with X in its place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace

from matcalc.errors import MatcalcError
from matcalc.expr import LINEAR_STRUCTURES
from matcalc.language.declarations import Declaration
from matcalc.language.surface.tree import Surface, walk
from matcalc.language.words.names import typed_name
from matcalc.notes import Note

__all__ = ["declare_perturbations", "perturbed_names"]

#: What infers the declarations of an expression and its definitions.
Infer = Callable[[Surface, Mapping[str, Surface]], Mapping[str, Declaration]]


def perturbed_names(surfaces: Iterable[Surface], meant_otherwise: Collection[str]) -> dict[str, str]:
    """The names dX, dX_1 that stand beside X, and X for each. Beside d, and below a fraction, it is no differential."""
    nodes = [node for root in surfaces for node in walk(root)]
    names = {node.value for node in nodes if node.kind == "name"}
    if "d" in names or not any(name.startswith("d") for name in names):
        return {}
    below = {n.value for node in nodes if node.kind == "divide" for n in walk(node.children[1]) if n.kind == "name"}
    found: dict[str, str] = {}
    for name in sorted(names - set(meant_otherwise) - below):
        base = name[1:] if name[:1] == "d" else ""
        candidates = (base, re.sub(r"_\d+$", "", base))
        variable = next((c for c in candidates if c in names and not c.startswith("d")), None)
        if variable is not None:
            found[name] = variable
    return found


def declare_perturbations(
    text: str,
    root: Surface,
    definitions: Mapping[str, Surface],
    pairs: Mapping[str, str],
    declarations: dict[str, Declaration],
    infer: Infer,
) -> list[Note]:
    """Declare each perturbation as its variable is, and all names as they were inferred so; the notes say it.

    Nothing happens where the two have different shapes.
    """
    try:
        found = infer(_renamed(root, pairs), {name: _renamed(body, pairs) for name, body in definitions.items()})
    except MatcalcError:
        return []
    perturbed = {name: variable for name, variable in pairs.items() if variable in found}
    declarations |= {name: declaration for name, declaration in found.items() if name not in declarations}
    declarations |= {name: _shaped_as(found[variable], name) for name, variable in perturbed.items()}
    return [_note(text, *pair, (root, *definitions.values())) for pair in perturbed.items()]


def _renamed(root: Surface, names: Mapping[str, str]) -> Surface:
    again: dict[int, Surface] = {}
    for node in walk(root):
        children = tuple(again[id(c)] for c in node.children)
        value = names.get(node.value, node.value) if node.kind == "name" else node.value
        again[id(node)] = Surface(node.kind, children, value, node.span)
    return again[id(root)]


def _shaped_as(declaration: Declaration, name: str) -> Declaration:
    """The declaration of a perturbation: it inherits the shape and linear structure only."""
    kind = LINEAR_STRUCTURES.get(declaration.kind, declaration.kind)
    if kind == declaration.kind and kind not in ("scalar", "vector", "matrix", *LINEAR_STRUCTURES.values()):
        return Declaration(name, "matrix", declaration.shape, (), True)
    return replace(declaration, name=name, kind=kind, assumptions=(), inferred=True)


def _note(text: str, name: str, variable: str, roots: Iterable[Surface]) -> Note:
    span = next(node.span for root in roots for node in walk(root) if node.kind == "name" and node.value == name)
    shown, other = typed_name(name), typed_name(variable)
    return Note(
        f"{shown} is read as a perturbation of {other}, and has its shape",
        f"declare {shown} if it is another variable",
        "perturbation",
        text,
        span,
    )
