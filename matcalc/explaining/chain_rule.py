"""The chain rule of a function that nobody defined, written out: d g(u) = g'(u) du, d f(x) = ∇f(x)^T dx."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from matcalc.calculus.differential import differential
from matcalc.expr import Node, opened, perturbation, rebuild, variable
from matcalc.printing import Style, text

__all__ = ["chain_rule"]

#: Letters for operands: numbers and what is applied to every entry, columns, matrices.
_LETTERS = {"number": "ust", "column": "xyzw", "matrix": "XYZW"}


def chain_rule(u: Node, moving: Sequence[int], style: Style) -> str:
    """The differential of a use of the function by the operands with these numbers, all operands being letters."""
    letters = _letters(u)
    general = rebuild(u, tuple(letters))
    if len(moving) == 1 and (u.data[0].entrywise or u.args[moving[0]].is_scalar):
        slope = opened(u.data[0], letters, u.shape, (*u.data[1], moving[0]), u.data[2])
        joint = "⊙ " if u.data[0].entrywise and not u.is_scalar else ""
        return f"d {text(general, style=style)} = {text(slope, style=style)} {joint}d{letters[moving[0]].data[0]}"
    step = differential(general, {letters[i]: perturbation(letters[i]) for i in moving})
    return f"d {text(general, style=style)} = {text(step, style=style)}".replace(" .* ", " ⊙ ")


def _letters(u: Node) -> list[Node]:
    used: Counter[str] = Counter()
    found = []
    for a in u.args:
        kind = "number" if u.data[0].entrywise or a.is_scalar else "column" if a.is_column else "matrix"
        letters, place = _LETTERS[kind], used[kind]
        used[kind] += 1
        name = letters[place] if place < len(letters) else f"{letters[0]}_{place}"
        found.append(variable(name, a.shape))
    return found
