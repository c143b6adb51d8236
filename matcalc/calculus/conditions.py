"""The conditions under which a result holds: what has to be invertible, positive or away from a kink."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from matcalc.expr import Node, is_number, postorder, transpose
from matcalc.expr.properties import is_invertible, is_nonnegative, is_positive
from matcalc.functions.table import FUNCTIONS

__all__ = ["conditions"]

Printer = Callable[[Node], str]


def conditions(*nodes: Node, printer: Printer) -> tuple[str, ...]:
    """The conditions, as text, in the order in which they are met; those known from declarations are left out."""
    found: dict[str, None] = {}
    for node in postorder(*nodes):
        if node.linear:
            continue
        for condition in _of(node, printer):
            found.setdefault(condition)
    return tuple(c for c in found if c.replace("!= 0", "> 0") == c or c.replace("!= 0", "> 0") not in found)


def _upright(node: Node, printer: Printer) -> str:
    """A matrix or its transpose, whichever reads shorter: both are invertible or neither is."""
    return min(printer(node), printer(transpose(node)), key=len)


def _of(node: Node, printer: Printer) -> Iterator[str]:
    match node.op:
        case "matpow" if _is_negative(node.args[1]) and not is_invertible(node.args[0]):
            yield f"{_upright(node.args[0], printer)} is invertible"
        case "logdet" if not is_invertible(node.args[0]):
            yield f"{_upright(node.args[0], printer)} is invertible"
        case "power":
            yield from _of_powers(node, printer)
        case "apply" | "call":
            row = FUNCTIONS.get(node.data[0])
            if row is not None:
                yield from _of_function(node, row.condition, printer, row.parameters)


def _is_negative(exponent: Node) -> bool:
    e = is_number(exponent)
    return e is not None and e < 0


def _of_powers(node: Node, printer: Printer) -> Iterator[str]:
    for base, exponent in zip(node.args[::2], node.args[1::2], strict=True):
        e = is_number(exponent)
        if is_positive(base) or base.is_number:
            continue
        if e is None or e.denominator != 1:
            if e is None or e < 0 or not is_nonnegative(base):
                yield f"{printer(base)} > 0"
            else:
                yield f"{printer(base)} != 0"
        elif e < 0:
            yield f"{printer(base)} != 0"


def _of_function(node: Node, condition: str, printer: Printer, parameters: tuple[str, ...]) -> Iterator[str]:
    """The row's condition with the operands put in; positive operands satisfy ``> 0`` and ``!= 0``."""
    if not condition:
        return
    if node.args and parameters and condition in (f"{parameters[0]} > 0", f"{parameters[0]} != 0"):
        if is_positive(node.args[0]):
            return
    text = condition
    for name, operand in zip(parameters, node.args, strict=False):
        text = _put(text, name, printer(operand))
    yield text


def _put(text: str, name: str, value: str) -> str:
    """Replace a whole word."""
    words = []
    word = ""
    for character in [*text, ""]:
        if character and (character.isalnum() or character == "_"):
            word += character
            continue
        words.append(value if word == name else word)
        words.append(character)
        word = ""
    return "".join(words)
