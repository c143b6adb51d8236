"""Relations between numbers, entry by entry, and what is chosen by them.

A relation has the entries 1 and 0. It is kept with nothing on its right side but what is subtracted on its left:
``2 x - 2 > 0`` is ``x > 1``. ``where(c, a, b)`` is a where c is not 0, else b: what is not chosen may be infinite.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from matcalc.expr import facts
from matcalc.expr.canonical import powers, sums
from matcalc.expr.leaves import is_number, number, ones, zeros
from matcalc.expr.node import Node, Shape, make

__all__ = ["NEGATED", "PIECEWISE", "RELATIONS", "choose", "negated", "relate", "spread"]

#: relation -> whether it holds for a - b below 0, at 0 and above 0
RELATIONS: dict[str, tuple[bool, bool, bool]] = {
    "greater": (False, False, True),
    "at_least": (False, True, True),
    "equals": (False, True, False),
    "differs": (True, False, True),
}
#: relation -> (the relation that holds where it does not, whether its sides are exchanged)
NEGATED = {
    "greater": ("at_least", True),
    "at_least": ("greater", True),
    "equals": ("differs", False),
    "differs": ("equals", False),
}


def spread(node: Node, shape: Shape) -> Node:
    """A scalar in every entry of an array; an array as it is."""
    return sums.scale(node, ones(*shape)) if node.shape != shape else node


def relate(name: str, args: Sequence[Node], shape: Shape) -> Node:
    """1 where the relation holds between two values, else 0; its value where that is known."""
    a, b = args
    gap = sums.add(spread(a, shape), sums.scaled(-1, spread(b, shape)))
    known = _known(name, gap)
    if known is not None:
        return ones(*shape) if known else zeros(*shape)
    size, primitive = sums.content(gap)
    sign = 1 if size > 0 or name in ("equals", "differs") else -1
    return _made(name, _sides(sums.scaled(sign, primitive), shape), shape)


def _made(name: str, args: Sequence[Node], shape: Shape) -> Node:
    """The function; of numbers alone it is one number in every entry."""
    if all(a.is_scalar for a in args):
        return spread(make("apply", tuple(args), (name,), number(1).shape), shape)
    return make("apply", tuple(args), (name,), shape)


def _known(name: str, gap: Node) -> bool | None:
    """Whether the relation holds for a difference whose sign is known."""
    signs = _possible_signs(gap)
    found = {RELATIONS[name][sign + 1] for sign in signs}
    return found.pop() if len(found) == 1 else None


def _possible_signs(gap: Node) -> set[int]:
    if gap.is_zero:
        return {0}
    opposite = sums.scaled(-1, gap)
    for sign, value in ((1, gap), (-1, opposite)):
        if facts.is_positive(value):
            return {sign}
    for sign, value in ((1, gap), (-1, opposite)):
        if facts.is_nonnegative(value):
            return {0, sign}
    return {-1, 0, 1}


def _sides(gap: Node, shape: Shape) -> tuple[Node, Node]:
    """What is added stands on the left, what is subtracted on the right; a number alone on its side."""
    pairs = sums.terms(gap)
    constant = sum((c for t, c in pairs if t.op == "ones"), Fraction(0))
    left = [(t, c) for t, c in pairs if t.op != "ones" and c > 0]
    right = [(t, -c) for t, c in pairs if t.op != "ones" and c < 0]
    place = right if not right else left if not left else left if constant > 0 else right
    if constant:
        place.append((ones(*shape), constant if place is left else -constant))
    return _gathered(left, shape), _gathered(right, shape)


def _gathered(pairs: list[tuple[Node, Fraction]], shape: Shape) -> Node:
    """The sum of the terms: a scalar where all of them are one number in every entry."""
    numbers = [_number_in_entries(t) for t, _ in pairs]
    if any(n is None for n in numbers):
        return sums.combine(pairs, shape)
    scalars = [(n, c) for n, (_, c) in zip(numbers, pairs, strict=True) if n is not None]
    return sums.combine(scalars, number(1).shape)


def _number_in_entries(term: Node) -> Node | None:
    if term.is_scalar:
        return term
    if term.op == "ones":
        return number(1)
    return term.args[0] if term.op == "scale" and term.args[1].op == "ones" else None


def negated(condition: Node) -> Node | None:
    """The relation that holds where this one does not; None for what is no relation."""
    if condition.op == "apply" and condition.data[0] in NEGATED:
        name, exchanged = NEGATED[condition.data[0]]
        return relate(name, condition.args[::-1] if exchanged else condition.args, condition.shape)
    return None


def choose(name: str, args: Sequence[Node], shape: Shape) -> Node:
    """a where the condition is not 0, else b."""
    condition, a, b = args
    known = _known("differs", condition)
    if known is not None:
        return spread(a if known else b, shape)
    condition = _as_condition(sums.content(condition)[1])
    a, b = _chosen(a, condition, 1), _chosen(b, condition, 2)
    if a is b:
        return spread(a, shape)
    turned = _complement(condition)
    if turned is not None:
        return choose(name, (turned, b, a), shape)
    if a is number(1) and _is_indicator(condition) and _is_indicator(b):  # c or d
        condition, b = sorted((condition, b), key=lambda c: c.key)
    indicator = _indicator(condition, a, b, shape)
    return indicator if indicator is not None else _made(name, (condition, a, b), shape)


def _as_condition(node: Node) -> Node:
    """Entries 0 and 1; of any other value, where it is not 0."""
    node = _plain(node)
    if _is_indicator(node) or _complement(node) is not None:
        return node
    return relate("differs", (node, number(0)), node.shape)


def _plain(node: Node) -> Node:
    """The number that stands in every entry, or the array."""
    if node.is_zero:
        return number(0)
    factor, inside = sums.content(node)
    value = _number_in_entries(inside)
    return node if value is None else sums.scaled(factor, value)


def _chosen(branch: Node, condition: Node, place: int) -> Node:
    """where(c, where(c, a, b), d) = where(c, a, d)"""
    branch = _plain(branch)
    while branch.op == "apply" and branch.data[0] == "where" and branch.args[0] is condition:
        branch = branch.args[place]
    return branch


def _complement(condition: Node) -> Node | None:
    """c, where the condition is 1 - c for a relation c, or where(c, 0, 1)"""
    if condition.op == "apply" and condition.data[0] == "where":
        c, a, b = condition.args
        return c if _is_indicator(c) and _whole_number(a) == 0 and _whole_number(b) == 1 else None
    pairs = dict(sums.terms(condition))
    rest = [t for t in pairs if t.op != "ones"]
    whole = next((t for t in pairs if t.op == "ones"), None)
    if len(rest) != 1 or whole is None or pairs[whole] != 1 or pairs[rest[0]] != -1:
        return None
    return rest[0] if _is_indicator(rest[0]) else None


def _indicator(condition: Node, a: Node, b: Node, shape: Shape) -> Node | None:
    """where(c, 1, 0) = c, where(c, 0, 1) = not c"""
    if not _is_indicator(condition):
        return None
    values = [_whole_number(x) for x in (a, b)]
    if values == [Fraction(1), Fraction(0)]:
        return spread(condition, shape)
    opposite = negated(condition) if values == [Fraction(0), Fraction(1)] else None
    return spread(opposite, shape) if opposite is not None else None


def _whole_number(node: Node) -> Fraction | None:
    """The number in every entry of a constant array."""
    if node.is_zero:
        return Fraction(0)
    return Fraction(1) if node.op == "ones" else is_number(node)


def _is_indicator(node: Node) -> bool:
    """Entries 0 and 1 only."""
    if node.op == "transpose":
        return _is_indicator(node.args[0])
    if node.op == "apply" and node.data[0] == "where":
        return all(_is_indicator(a) or _whole_number(a) in (0, 1) for a in node.args[1:])
    if node.op == "apply":
        return node.data[0] in RELATIONS or node.data[0] == "step"
    return node.op == "power" and all(_is_indicator(b) and e is number(1) for b, e in powers.factors(node))


#: entrywise function of several values -> its constructor
PIECEWISE: dict[str, Callable[[str, Sequence[Node], Shape], Node]] = {
    **dict.fromkeys(RELATIONS, relate),
    "where": choose,
}
