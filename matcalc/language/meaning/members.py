"""Names with an index that sums bind: the arrays that they are members of, and the definitions that speak of them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import field, replace
from typing import TYPE_CHECKING

from matcalc.language.surface.tree import Surface, mapped, walk
from matcalc.notes import Note
from matcalc.records import dataclass

if TYPE_CHECKING:
    from matcalc.language.declarations import Declaration

__all__ = ["Members", "replaced_names"]


@dataclass
class Members:
    """What is known of names with an index while the parts of a text are read.

    Attributes:
        definitions: what ``where`` defines, by name: eta_i for all i.
        used: those of them that a sum has taken.
        numbers: names whose members are numbers in a sum: x, of x_i.
        rows: names whose members are vectors.
        binders: sums keep their indices.
        sizes: names of sizes that are declared: x_n is the last of n.
        sliced: an index need not run over all entries of an expression, (W a)_i with i from 2 on.
    """

    definitions: dict[str, Surface] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)
    rows: set[str] = field(default_factory=set)
    binders: bool = False
    sliced: bool = False
    sizes: frozenset[str] = frozenset()

    def told(self, declarations: Mapping[str, Declaration]) -> dict[str, Declaration]:
        """The declarations, those of X with that its rows are the x_i."""
        rows = {base.upper(): base for base in self.rows if len(base) == 1 and base not in declarations}
        return {
            name: replace(d, member=(rows[name], "i")) if name in rows and d.inferred and not d.member else d
            for name, d in declarations.items()
        }

    def filled_in(self, body: Surface, index: str) -> Surface:
        """The body of a sum over the index with what ``where`` defines for its members."""
        for _ in range(len(self.definitions) + 1):
            found = self._defined(body, index)
            if not found:
                break
            body = replaced_names(body, found)
        return body

    def _defined(self, body: Surface, index: str) -> dict[str, Surface]:
        """The names in the body that a definition speaks of: eta_j of a sum over j, if eta_i is defined."""
        found: dict[str, Surface] = {}
        for name in {node.value for node in walk(body) if node.kind == "name"}:
            base, _, letter = name.rpartition("_")
            own = next((d for d in self.definitions if base and re.fullmatch(rf"{re.escape(base)}_[a-z]", d)), None)
            if letter == index and own is not None:
                self.used.add(own)
                found[name] = _with_index(self.definitions[own], own[-1], index)
        return found

    def without_used(self, definitions: dict[str, Surface], root: Surface) -> dict[str, Surface]:
        """The definitions that stand for themselves: not those that sums alone have taken."""
        kept = dict(definitions)
        for name in reversed(list(definitions)):
            users = [root, *(body for other, body in kept.items() if other != name)]
            if name in self.used and not any(_holds(body, name) for body in users):
                del kept[name]
        return kept

    def with_means(self, root: Surface, declared: Collection[str], text: str, notes: list[Note]) -> Surface:
        r"""\bar x beside the x_i of a sum is their mean."""
        means = {f"{base}_bar": base for base in self.numbers - self.rows if f"{base}_bar" not in declared}
        if not means:
            return root
        found = {n.value: n for n in walk(root) if n.kind == "name" and n.value in means}
        instead: dict[str, Surface] = {}
        for name, node in found.items():
            base = means[name]
            column = Surface("entry", (Surface("name", (), base, node.span),), ("all",), node.span)
            instead[name] = Surface("call", (column,), "mean", node.span)
            message = f"{name} is read as the mean of {base}"
            notes.append(Note(message, f"declare {name}: scalar if it is a variable", "mean", text, node.span))
        return replaced_names(root, instead) if instead else root


def replaced_names(root: Surface, instead: dict[str, Surface]) -> Surface:
    """The tree with other trees in place of some names; what is shared stays so."""
    return mapped(root, lambda node: instead.get(node.value, node) if node.kind == "name" else node)


def _with_index(body: Surface, own: str, index: str) -> Surface:
    """A definition for the members i, for those with another index."""
    if own == index:
        return body
    names = {n.value for n in walk(body) if n.kind == "name" and n.value.endswith(f"_{own}")}
    renamed = {name: Surface("name", (), f"{name[:-1]}{index}", body.span) for name in names}
    return replaced_names(body, renamed)


def _holds(body: Surface, name: str) -> bool:
    return any(node.kind == "name" and node.value == name for node in walk(body))
