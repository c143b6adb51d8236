"""Names with the index of a sum that stand outside of it, and other members beside those of a sum."""

from __future__ import annotations

from collections.abc import Sequence

from lark import Token

from matcalc.errors import SyntaxFault
from matcalc.language.surface.bars import span_of
from matcalc.language.surface.tree import Surface
from matcalc.language.words.names import canonical_name, typed_name
from matcalc.notes import Note

__all__ = ["check_indices", "on_unbound"]


def check_indices(tokens: Sequence[Token], text: str) -> None:
    """A name such as y_i inside of a sum over i, and behind it, too, where brackets were forgotten."""
    if not any(t.type == "FUNCTION" and t.startswith(r"\sum") for t in tokens):
        return
    inside: dict[str, str] = {}
    outside: dict[str, Token] = {}
    open_: list[tuple[int, str]] = []
    depth = 0
    for token in tokens:
        if token.type == "FUNCTION" and token.startswith(r"\sum"):
            open_.append((depth, "".join(token.split()[1:])))
        depth += (token.type == "LPAR") - (token.type == "RPAR")
        if token.type == "RPAR" and open_ and open_[-1][0] == depth:
            open_.pop()
        if token.type == "NAME":
            name = canonical_name(token)  # also of yᵢ
            index = next((i for _, indices in open_ for i in indices if name.endswith(f"_{i}")), None)
            if index is not None:
                inside[name] = index
            else:
                outside.setdefault(name, token)
    for name, token in outside.items():
        if name in inside:
            message = f"{name} stands in the sum over {inside[name]} and outside of it"
            raise _fault(text, token, message, "put brackets around all that is summed")
        base, _, index = name.rpartition("_")
        entry = next((i for i in inside if i.rpartition("_")[0] == base), None)
        if base and entry is not None and len(index) == 1:
            hint = f"give {name} another letter"
            if index in "ijklmnrst":
                hint = rf"write [{base}]_{{{index}}} for the entry, or give the other variable another letter"
            raise _fault(text, token, f"{name} stands beside the entries {entry} of {base}", hint)


def _fault(text: str, token: Token, message: str, hint: str) -> SyntaxFault:
    return SyntaxFault(message, code="sum", text=text, span=span_of(token), hint=hint)


def on_unbound(text: str, name: Surface, index: str) -> Note:
    """That y_j in a sum over i is no member."""
    message = f"no sum binds the {index} of {typed_name(name.value)}, which is read as a name of its own"
    return Note(message, f"put a sum over {index} in front of it", "index", text, name.span)
