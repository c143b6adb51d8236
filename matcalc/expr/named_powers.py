"""Powers that are one variable, as the variance sigma^2 is: their names, and the powers that these stand for."""

from __future__ import annotations

import re

from matcalc.expr.canonical.powers import power
from matcalc.expr.leaves import variable
from matcalc.expr.node import Node, postorder
from matcalc.expr.rebuild import substitute

__all__ = ["POSITIVE", "base_and_exponent", "base_of", "power_name", "written_out"]

#: The assumption under which a power and its base tell each other.
POSITIVE = ("positive",)
_JOINT = "__power_"


def power_name(base: str, exponent: int) -> str:
    """The name of the variable that sigma^2 is.

    >>> from matcalc.expr.named_powers import base_and_exponent, power_name
    >>> base_and_exponent(power_name("sigma", 2))
    ('sigma', 2)
    """
    return f"{base}{_JOINT}{exponent}"


def base_and_exponent(name: str) -> tuple[str, int] | None:
    """sigma and 2 of the name of sigma^2; None of any other name."""
    found = re.fullmatch(rf"(\w+?){_JOINT}(\d+)", name)
    return None if found is None else (found.group(1), int(found.group(2)))


def base_of(name: str) -> str:
    """sigma of the name of sigma^2; every other name itself."""
    found = base_and_exponent(name)
    return name if found is None else found[0]


def written_out(root: Node) -> Node:
    """The expression with sigma^2 as the square of a positive sigma again."""
    replaced = {}
    for node in postorder(root):
        found = base_and_exponent(node.data[0]) if node.op == "variable" else None
        if found is not None:
            base, exponent = found
            replaced[node] = power(variable(base, node.shape, POSITIVE), exponent)
    return substitute(root, replaced) if replaced else root
