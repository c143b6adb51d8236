r"""A claim as text: its parts, and what stands around the expression of each.

``dF = A dX B, vec form B^T ⊗ A`` has two parts; each may be followed by ``where`` with the names of its own parts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field
from fractions import Fraction

from matcalc.expr import Dim, Node, power, substitute, variable
from matcalc.expr.named_powers import base_and_exponent
from matcalc.language import Declaration
from matcalc.language.clauses import defined_names, plain_clauses, split_where
from matcalc.patterns import pattern
from matcalc.records import dataclass

__all__ = ["Words", "parts_of_claim"]


@dataclass(frozen=True)
class Words:
    """The names that a claim may use: the variables of the function, and what its ``where`` defines."""

    declarations: Mapping[str, Declaration]
    definitions: Mapping[str, Node] = field(default_factory=dict)

    def defined_beside(self, claim: str) -> dict[str, Node | Dim]:
        """The definitions that the claim does not make itself."""
        own = defined_names(claim)
        return {name: node for name, node in self.definitions.items() if name not in own}

    @property
    def of_bases(self) -> dict[str, Declaration]:
        """The declarations with a positive sigma where sigma^2 is the variable: claims are written so."""
        raised = {name: base_and_exponent(name) for name in self.declarations}
        return {(found[0] if (found := raised[n]) else n): d for n, d in self.declarations.items()}

    def in_powers(self, node: Node) -> Node:
        """What such a claim is in the variables of the function."""
        roots = {}
        for name, declared in self.declarations.items():
            if (found := base_and_exponent(name)) is not None:
                base = variable(found[0], declared.shape, declared.structure)
                roots[base] = power(declared.node, Fraction(1, found[1]))
        return substitute(node, roots) if roots else node


_NEXT_PART = pattern(r"(?:^|[,;\n])\s*vec form\b\s*:?")
_BRACKET = pattern(r"\\.|[(\[{]|[)\]}]|=", re.DOTALL)


def parts_of_claim(text: str) -> list[str]:
    """The expressions of a claim with their ``where``, each at its own place in a text of the same length."""
    plain = plain_clauses(text)
    cuts = [0, *(found.end() for found in _NEXT_PART.finditer(plain) if found.end() > 0)]
    ends = [*(found.start() for found in _NEXT_PART.finditer(plain)), len(plain)]
    parts = [_right_side(plain, start, end) for start, end in zip(cuts, ends, strict=True) if plain[start:end].strip()]
    return parts or [plain]


def _right_side(text: str, start: int, end: int) -> str:
    """What stands after ``df =``, ``dG =``, ``grad f =`` …, all else blanked out."""
    part = text[:end]
    where = split_where(part[start:])
    start = _after_equality(part, start, end if where < 0 else start + where)
    return " " * start + part[start:]


def _after_equality(text: str, start: int, end: int) -> int:
    """The start of the last side: ``d^2 f = dF = …`` has two names for it."""
    depth = 0
    for found in _BRACKET.finditer(text, start, end):
        sign = found.group()
        depth += (sign in ("(", "[", "{")) - (sign in (")", "]", "}"))
        if sign == "=" and depth == 0 and text[found.start() - 1 : found.start()] not in ("<", ">"):
            start = found.end()
    return start
