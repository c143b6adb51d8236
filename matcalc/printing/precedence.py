"""The one table of precedence: who needs brackets inside whom, in every notation.

The levels are those of the language (see `grammar/matcalc.lark`). Where the language would read a text
without brackets, but a person would stumble, as in ``A B .* C``, there are brackets nevertheless.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from matcalc.records import dataclass

__all__ = ["DISPLAYED", "LEVEL", "LINEAR", "PLAIN", "Bracketing", "needs_brackets"]

ANYTHING, CONDITION, SUM, PRODUCT, POWER, ATOM = range(6)

# fmt: off
#: How tightly each kind of layout binds.
LEVEL: dict[str, int] = {
    "relation": CONDITION, "conjunction": CONDITION, "disjunction": CONDITION,
    "sum":      SUM,
    "negative": SUM,
    "product":  PRODUCT, "multiple": PRODUCT, "quotient": PRODUCT, "ratio": PRODUCT,
    "total": PRODUCT, "hadamard": PRODUCT, "hadamard_quotient": PRODUCT, "kron": PRODUCT,
    "power":    POWER,   "hadamard_power": POWER,
    "transpose": POWER,  "inverse": POWER, "inverse_transpose": POWER, "pseudoinverse": POWER,
    "conjugate": POWER,  "adjoint": POWER,
    "indicator": ATOM,   "cases": ATOM,
    "root":     ATOM,    "function": ATOM, "open": ATOM, "norm": ATOM, "absolute": ATOM, "entry": ATOM, "block": ATOM, "bracketed": ATOM,
    "number":   ATOM,    "name": ATOM, "perturbation": ATOM, "constant": ATOM, "literal": ATOM,
    "identity": ATOM,    "ones": ATOM, "zeros": ATOM, "unit": ATOM, "at": ATOM, "member": ATOM, "condition": ATOM, "mask": ATOM, "selector": ATOM,
    "commutation": ATOM, "duplication": ATOM, "elimination": ATOM,
}

#: The level from which the first part, and every other part, stands without brackets.
NEEDED: dict[str, tuple[int, int]] = {
    "relation":          (SUM, SUM),
    "indicator":         (SUM, SUM),
    "conjunction":       (CONDITION, CONDITION),
    "disjunction":       (CONDITION, CONDITION),
    "sum":               (PRODUCT, PRODUCT),
    "negative":          (PRODUCT, PRODUCT),
    "product":           (POWER, POWER),
    "multiple":          (POWER, POWER),
    "quotient":          (POWER, POWER),
    "hadamard":          (POWER, POWER),
    "hadamard_quotient": (POWER, POWER),
    "kron":              (POWER, POWER),
    "power":             (ATOM, ATOM),
    "hadamard_power":    (ATOM, ATOM),
    "transpose":         (ATOM, ATOM),
    "inverse":           (ATOM, ATOM),
    "inverse_transpose": (ATOM, ATOM),
    "pseudoinverse":     (ATOM, ATOM),
    "conjugate":         (ATOM, ATOM),
    "adjoint":           (ATOM, ATOM),
    "entry":             (ATOM, ATOM),
    "member":            (ATOM, ATOM),
    "total":             (PRODUCT, PRODUCT),
}

FIRST, EVERYWHERE = True, False
#: Pairs (outside, inside) that stand without brackets nevertheless, as the first part or everywhere.
BARE: dict[tuple[str, str], bool] = {
    ("product",  "product"):           EVERYWHERE,
    ("product",  "total"):             EVERYWHERE,
    ("product",  "ratio"):             FIRST,
    ("multiple", "ratio"):             FIRST,
    ("multiple", "hadamard"):          EVERYWHERE,
    ("quotient", "product"):           FIRST,
    ("quotient", "hadamard"):          FIRST,
    ("quotient", "multiple"):          FIRST,
    ("quotient", "hadamard_quotient"): FIRST,
    ("hadamard_quotient", "hadamard"): FIRST,
    ("hadamard_quotient", "multiple"): FIRST,
}
#: Pairs that get brackets nevertheless: -(A ⊗ B).
BRACKETED: frozenset[tuple[str, str]] = frozenset({("negative", "kron"), ("conjunction", "disjunction")})
# fmt: on


@dataclass(frozen=True)
class Bracketing:
    """Where a notation departs from the table: a fraction bar or an argument list replaces brackets."""

    level: Mapping[str, int] = field(default_factory=dict)
    needed: Mapping[str, tuple[int, int]] = field(default_factory=dict)


#: One line, ``⊗`` as a sign.
_CALLED = ("pseudoinverse", "conjugate")
LINEAR = Bracketing(level=dict.fromkeys(_CALLED, ATOM), needed=dict.fromkeys(_CALLED, (ANYTHING, ANYTHING)))
#: One line, ASCII: ``kron(A, B)`` is a function.
PLAIN = Bracketing(
    level=dict.fromkeys(("kron", *_CALLED), ATOM),
    needed=dict.fromkeys(("kron", *_CALLED), (ANYTHING, ANYTHING)),
)
#: Two dimensions: fractions and exponents show what belongs to them.
DISPLAYED = Bracketing(
    level={"quotient": POWER, "ratio": POWER, "cases": SUM},
    needed={"quotient": (ANYTHING, ANYTHING), "power": (ATOM, ANYTHING), "hadamard_power": (ATOM, ANYTHING)},
)


def needs_brackets(around: Bracketing, outside: str, index: int, inside: str) -> bool:
    """Whether part number ``index`` of a layout of kind ``outside`` stands in brackets if its kind is ``inside``."""
    if (outside, inside) in BRACKETED:
        return around.level.get(inside, LEVEL[inside]) < ATOM
    needed = around.needed.get(outside, NEEDED.get(outside, (ANYTHING, ANYTHING)))[min(index, 1)]
    if around.level.get(inside, LEVEL[inside]) >= needed:
        return False
    first_only = BARE.get((outside, inside))
    return first_only is None or (first_only and index > 0)
