"""The parameter of a model beside its data: beta in ||y - X beta||^2, where no variable is named."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from matcalc.language import canonical_name
from matcalc.language.surface.tree import Typed, walk
from matcalc.language.words.names import is_greek, spelled, typed_name
from matcalc.notes import Note
from matcalc.objects.expressions import Expr

__all__ = ["chosen_parameter", "indexed_by", "is_typed", "parameter_of"]

#: Conventional parameters of a linear model, the surest first.
_PARAMETERS = (("beta", "theta", "w", "W"), ("Theta", "B", "b"))
_RESPONSES = frozenset({"y", "Y"})
_DATA = "X"


def parameter_of(f: Expr) -> str | None:
    """The one conventional parameter that the data X are multiplied by, beside a response y or Y; or None."""
    names = [name for name, d in f.declarations.items() if not d.is_function]
    if _DATA not in names or not _RESPONSES.intersection(names) or f.tree is None:
        return None
    beside = {name for tree in _trees(f) for name in _beside_data(tree)}
    for letters in _PARAMETERS:
        found = [name for name in letters if name in names]
        if found:
            return found[0] if len(found) == 1 and found[0] in beside else None
    return None


def _trees(f: Expr) -> Sequence[Typed]:
    return [tree for tree in (f.tree, *(d.tree for d in f.definitions)) if tree is not None]


def _beside_data(tree: Typed) -> set[str]:
    """The names that stand next to X in a product: X beta, beta^T X^T."""
    found: set[str] = set()
    for node in walk(tree):
        if node.kind == "multiply":
            sides = [_name(child, last=child is node.children[0]) for child in node.children]
            found |= {side for side in sides if side and _DATA in sides} - {_DATA}
    return found


def _name(node: Typed, *, last: bool) -> str:
    """The name that a factor is, or its last or first one; of a transpose that of its operand."""
    while node.kind in ("transpose", "negate", "multiply"):
        node = node.children[-1 if last else 0]
    return str(node.value) if node.kind == "variable" else ""


def is_typed(f: Expr, name: str) -> bool:
    """Whether a name stands in the text: not the X that the x_i of a sum make up. Of what has no text it is known by its name."""
    texts = [text for text in (f.text, *(d.text for d in f.definitions)) if text is not None]
    words = (word for text in texts for word in re.findall(r"[^\W\d_]\w*", text))
    return f.text is None or any(canonical_name(w) == name or (w.isalpha() and name in w) for w in words)


def chosen_parameter(f: Expr, name: str) -> Note | None:
    """The note on a parameter that is the variable where none was named."""
    if name != parameter_of(f):
        return None
    message = f"the variable is {name}, the parameter beside the data {_DATA}"
    return Note(message, f"name {_DATA} with --wrt if it is meant", "parameter")


def indexed_by(f: Expr, names: Sequence[str]) -> Iterator[Note]:
    """Notes on undeclared names with a Greek variable below them: L_theta is read as constant, and may depend on theta."""
    variables = {name for name in names if is_greek(name)}
    for name, declaration in f.declarations.items():
        below = variables.intersection(spelled(name).below) if declaration.inferred else ()
        for variable in sorted(below):
            shown = typed_name(name)
            message = f"{shown} is read as a name of its own, which does not depend on {variable}"
            yield Note(message, f"write what it is, or {spelled(name).word}({variable}), if it does", "indexed-by")
