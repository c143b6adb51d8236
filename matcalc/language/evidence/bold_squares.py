r"""The square of a bold vector, \mathbf{p}^2: the square of its length, with a note."""

from __future__ import annotations

from collections.abc import Mapping

from matcalc.language.declarations import Where
from matcalc.language.latex.latex_places import whole
from matcalc.language.meaning.items import Findings
from matcalc.language.surface.tree import Surface, walk
from matcalc.language.words.names import is_greek
from matcalc.notes import Note

__all__ = ["squares_of_lengths"]

Trees = tuple[Surface, dict[str, Surface]]


def squares_of_lengths(
    root: Surface, definitions: Mapping[str, Surface], where: Where, found: Findings, text: str
) -> Trees:
    """The trees with norms under the squares of letters that are set as vectors, and of sums of these."""
    vectors = {n for n, face in found.faces.items() if face in ("bold", "arrow") and _may_be_vector(n, where)}
    if not vectors:
        return root, dict(definitions)
    done: dict[int, Surface] = {}
    for node in (n for tree in (*definitions.values(), root) for n in walk(tree)):
        children = tuple(done[id(c)] for c in node.children)
        if _is_square(node, vectors):
            base, exponent = children
            children = Surface("norm", (base,), "", base.span), exponent
            found.notes.append(_note(base, text))
        same = all(a is b for a, b in zip(children, node.children, strict=True))
        done[id(node)] = node if same else Surface(node.kind, children, node.value, node.span)
    return done[id(root)], {name: done[id(body)] for name, body in definitions.items()}


def _may_be_vector(name: str, where: Where) -> bool:
    """Whether it is a small Latin letter without a declaration, or one of a vector."""
    declared = where.declarations.get(name)
    return declared.kind == "vector" if declared is not None else name[0].islower() and not is_greek(name)


def _is_square(node: Surface, vectors: set[str]) -> bool:
    if node.kind != "power" or node.children[1].kind != "number" or node.children[1].value != 2:
        return False
    base = node.children[0]
    terms = [c.children[0] if c.kind == "negate" else c for c in base.children] if base.kind == "add" else [base]
    return all(t.kind == "name" and t.value in vectors for t in terms)


def _note(base: Surface, text: str) -> Note:
    span = whole(text, base.span) if "\\" in text else base.span
    source = str(base.value) if base.kind == "name" else " ".join(text[slice(*span)].split())
    message = f"the square of {source} is read as that of its length"
    return Note(message, f"write {source}.^2 for the squares of its entries", "square", text, span)
