"""The conditions under which a result holds: what has to be invertible, positive or away from a kink."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from matcalc.calculus.branches import Guard, guards, thresholds
from matcalc.expr import Node, is_number, postorder, scaled, transpose
from matcalc.expr.piecewise import RELATIONS
from matcalc.expr.properties import is_invertible, is_nonnegative, is_positive
from matcalc.expr.transposition import TRANSPOSABLE_CALLS
from matcalc.functions.table import FUNCTIONS

__all__ = ["conditions"]

Printer = Callable[[Node], str]


@dataclass(frozen=True)
class _Printers:
    """How an expression is written, and how one is of which only the size matters, not the sign."""

    exact: Printer
    up_to_sign: Printer

    def relation(self, node: Node) -> str:
        """x > 0, without its brackets."""
        return self.exact(node).removeprefix("(").removesuffix(")")


#: Domains that nothing has to be said of: the language refuses every other operand.
ALWAYS_TRUE = ("", "every X", "S symmetric")
#: Calls that are finite where values are distinct only.
GAPS = frozenset({"eig_gaps", "svd_gaps"})


def conditions(
    f: Node, *derived: Node, wrt: Iterable[Node], printer: Printer, up_to_sign: Printer | None = None
) -> tuple[str, ...]:
    """The conditions, as text, in the order in which they are met; those known from declarations are left out.

    What f needs to be differentiable by the variables ``wrt`` is read from f; a form ``derived`` from it adds the
    inverses that it contains, and the gaps between eigenvalues or singular values. What does not depend on these
    variables only has to be defined. Where the sign of an expression does not matter ``up_to_sign`` prints it.
    """
    found: dict[str, None] = {}
    printers = _Printers(printer, up_to_sign or printer)
    variables = list(wrt)
    moving = set(variables)
    used, differentiated = (guards(f, differentiated=d) for d in (False, True))
    for node in postorder(f):
        if not moving.isdisjoint(node.args):
            moving.add(node)
        if not node.linear:
            for guard, smooth in _uses(node, used, differentiated):
                found.update(dict.fromkeys(_under(guard, _of(node, smooth and node in moving, printers), printers)))
    found.update(dict.fromkeys(_of_threshold(r, printers) for r in thresholds(f, moving, len(variables))))
    for node in postorder(*derived):
        if not node.linear and (node.op == "matpow" or (node.op == "call" and node.data[0] in GAPS)):
            found.update(dict.fromkeys(_of(node, True, printers)))
    implied = {weaker for condition in found for weaker in _implied_by(condition)}
    return tuple(condition for condition in found if condition not in implied)


def _uses(node: Node, used: Mapping[Node, Guard], differentiated: Mapping[Node, Guard]) -> Iterator[tuple[Guard, bool]]:
    """Under which relations a node is used, and whether it is differentiated there."""
    if node in differentiated:
        yield differentiated[node], True
    if used[node] != differentiated.get(node):
        yield used[node], False


def _under(guard: Guard, needed: Iterable[str], printers: _Printers) -> Iterator[str]:
    """What has to hold in one branch only; what the branch itself says is left out."""
    if not guard:
        yield from needed
        return
    relations = sorted(guard, key=lambda r: r.key)
    facts = {fact for relation in relations for fact in _facts(relation, printers)}
    place = " and ".join(printers.relation(r) for r in relations)
    yield from (f"{condition} where {place}" for condition in needed if condition not in facts)


def _facts(relation: Node, printers: _Printers) -> Iterator[str]:
    """Conditions that hold where the relation does."""
    left, right = relation.args
    if relation.data[0] == "greater":
        above = left if is_nonnegative(right) or right.is_zero else None
        below = right if is_nonpositive(left) else None
        yield f"{printers.exact(left)} > {printers.exact(right)}"
        for side in (above, below):
            if side is not None:
                inside = side.args[0] if side.op == "apply" and side.data[0] == "abs" else side
                yield _nowhere_zero(inside, printers)
                yield f"{printers.exact(inside)} != 0"
        if above is not None:
            yield f"{printers.exact(above)} > 0"
    if relation.data[0] == "at_least" and is_nonnegative(right):
        yield f"{printers.exact(left)} >= 0"
    if relation.data[0] == "differs" and right.is_zero:
        yield _nowhere_zero(left, printers)


def _of_threshold(relation: Node, printers: _Printers) -> str:
    """Where the two sides of a relation differ."""
    left, right = relation.args
    for side, other in ((left, right), (right, left)):
        if other.is_zero:
            return _nowhere_zero(side, printers)
    left, right = (right, left) if is_number(left) is not None else (left, right)
    text = f"{printers.exact(left)} != {printers.exact(right)}"
    return text if relation.is_scalar else f"{text} in every entry"


def _implied_by(condition: str) -> Iterator[str]:
    """u != 0 by u > 0, "X is invertible" by det(X) > 0, and det(X) != 0 by that"""
    if condition.endswith(" > 0"):
        subject = condition.removesuffix(" > 0")
        yield f"{subject} != 0"
        yield f"no entry of {subject} is 0"
        if subject.startswith("det("):
            yield f"{subject.removeprefix('det(').removesuffix(')')} is invertible"
    elif condition.endswith(" is invertible"):
        subject = condition.removesuffix(" is invertible")
        yield f"{subject} != 0"
        yield f"det({subject}) != 0"


def _of(node: Node, moves: bool, printers: _Printers) -> Iterator[str]:
    match node.op:
        case "matpow" if _is_negative(node.args[1]) and not _is_certain(node.args[0]):
            yield f"{printers.up_to_sign(_plain(node.args[0]))} is invertible"
        case "logdet" if not is_invertible(node.args[0]):
            yield f"{printers.up_to_sign(_plain(node.args[0]))} is invertible"
        case "power":
            yield from _of_powers(node, printers)
        case "apply" if node.data[0] == "where" or node.data[0] in RELATIONS:
            return  # see `thresholds`
        case "apply" | "call":
            row = FUNCTIONS.get(node.data[0])
            if row is not None and moves:
                yield from _of_function(node, row.condition, printers, row.parameters)
            elif row is not None and row.domain not in ALWAYS_TRUE:
                yield from _of_function(node, row.domain, printers, row.parameters)


def _plain(matrix: Node) -> Node:
    """The matrix or its transpose: they are invertible together, and one of them is written plainly."""
    return min(matrix, transpose(matrix), key=lambda m: (sum(n.op == "transpose" for n in postorder(m)), m.key))


def _is_certain(base: Node) -> bool:
    """Invertible by declaration, or wherever it is defined: a Cholesky factor, a square root."""
    inside = base.upright
    return is_invertible(base) or (inside.op == "call" and inside.data[0] in ("chol", "sqrtm"))


def _is_negative(exponent: Node) -> bool:
    e = is_number(exponent)
    return e is not None and e < 0


def _of_powers(node: Node, printers: _Printers) -> Iterator[str]:
    for base, exponent in zip(node.args[::2], node.args[1::2], strict=True):
        e = is_number(exponent)
        if is_positive(base) or _is_constant(base):
            continue
        if base.op == "apply" and base.data[0] == "abs":
            yield _nowhere_zero(base.args[0], printers)
            continue
        root = _root_of_square(base)
        if root is not None and (e is None or e.denominator != 1 or e < 0):
            yield f"{printers.up_to_sign(root)} != 0"
        elif e is None or e.denominator != 1:
            if e is None or e < 0 or not is_nonnegative(base):
                yield f"{printers.exact(base)} > 0"
            else:
                yield _nowhere_zero(base, printers)
        elif e < 0:
            yield _nowhere_zero(base, printers)


def _is_constant(node: Node) -> bool:
    """A number such as log(2), without names and sizes."""
    return not any(part.op in ("variable", "perturbation", "dimension") for part in postorder(node))


def _root_of_square(base: Node) -> Node | None:
    """X where the base is ||X||^2"""
    inside = base.args[0] if base.op == "trace" else base
    if inside.op != "matmul" or len(inside.args) != 2 or inside.args[0] is not transpose(inside.args[1]):
        return None
    return inside.args[1] if inside.args[0].op == "transpose" else inside.args[0]


def _of_function(node: Node, condition: str, printers: _Printers, parameters: tuple[str, ...]) -> Iterator[str]:
    """The row's condition with the operands put in; positive operands satisfy ``> 0`` and ``!= 0``."""
    if not condition:
        return
    if node.data[0] in ("max", "min") and len(node.args) == 1:
        yield f"the {'largest' if node.data[0] == 'max' else 'smallest'} entry of {printers.exact(node.args[0])} is unique"
        return
    if node.args and parameters and condition in (f"{parameters[0]} > 0", f"{parameters[0]} != 0"):
        if is_positive(node.args[0]):
            return
    if node.data[0] in ("gamma", "beta") and all(map(is_positive, node.args)):
        return
    operands = [_without_transpose(node, a) for a in node.args]
    if parameters and condition == f"{parameters[0]} != 0":
        yield _nowhere_zero(operands[0], printers)
        return
    if node.data[0] in ("max", "min") and any(operand.is_zero for operand in operands):
        yield _nowhere_zero(next(operand for operand in operands if not operand.is_zero), printers)
        return
    text = _put(condition, dict(zip(parameters, operands, strict=False)), printers)
    yield text if node.is_scalar or node.data[0] not in ("max", "min", "huber") else f"{text} in every entry"


def is_nonpositive(node: Node) -> bool:
    """Every entry is <= 0."""
    return is_nonnegative(scaled(-1, node))


def _nowhere_zero(node: Node, printers: _Printers) -> str:
    text = printers.up_to_sign(node)
    return f"{text} != 0" if node.is_scalar else f"no entry of {text} is 0"


def _without_transpose(node: Node, operand: Node) -> Node:
    """A condition on X is one on X^T for functions with f(X^T) = f(X)^T."""
    plain = node.data[0] in TRANSPOSABLE_CALLS and operand.op == "transpose"
    return operand.args[0] if plain else operand


def _put(text: str, values: Mapping[str, Node], printers: _Printers) -> str:
    """Replace the parameters, all at once; a sum after a minus sign stands in brackets."""

    def shown(match: re.Match[str]) -> str:
        value = values.get(match[2])
        if value is None:
            return match[0]
        printed = printers.exact(value)
        return f"{match[1]}({printed})" if match[1] and value.op == "add" else match[1] + printed

    return re.sub(r"(-?)\b([A-Za-z_]\w*)\b", shown, text)
