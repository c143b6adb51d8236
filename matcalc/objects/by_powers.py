"""Derivatives by a power, as by the variance sigma^2: the function in that power as a variable of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction

from matcalc.errors import DeclarationError
from matcalc.expr import Node, power, substitute
from matcalc.expr.named_powers import POSITIVE, base_and_exponent
from matcalc.language import Typed
from matcalc.language.surface.tree import walk
from matcalc.notes import Note, distinct
from matcalc.objects.expressions import Expr
from matcalc.records import dataclass

__all__ = ["in_powers"]


def in_powers(f: Expr, names: Iterable[str]) -> Expr:
    """The function in every power that is among the names of variables, with its base as a positive root.

    Raises DeclarationError where the base is no scalar, or is among the names, too.
    """
    wanted = dict.fromkeys(names)
    for name in wanted:
        found = base_and_exponent(name)
        if found is not None and name not in f.declarations:
            _refuse(f, name, *found, wanted)
            f = _in_power(f, name, *found)
    return f


def _refuse(f: Expr, name: str, base: str, exponent: int, wanted: Iterable[str]) -> None:
    shown = f"{base}^{exponent}"
    declared = f.declarations[base]
    if declared.kind != "scalar":
        hint = f"differentiate by {base}"
        message = f"{shown} is no variable: {declared} is no number"
        raise DeclarationError(message, code="by-power", hint=hint, word=shown)
    if base in wanted:
        message = f"{base} and {shown} are one variable, not two"
        raise DeclarationError(message, code="by-power", hint=f"differentiate by {base}, or by {shown}", word=shown)


def _in_power(f: Expr, name: str, base: str, exponent: int) -> Expr:
    """f with the variable ``name`` in place of base^exponent."""
    known = f.declarations[base]
    declared = replace(known, name=name, assumptions=POSITIVE)
    change = _Change(known.node, declared.node, exponent)
    definitions = tuple(replace(d, node=change.nodes(d.node), tree=change.tree(d.tree)) for d in f.definitions)
    trees = {id(old.tree): new.tree for old, new in zip(f.definitions, definitions, strict=True)}
    return replace(
        f,
        node=change.nodes(f.node),
        declarations={(name if n == base else n): (declared if n == base else d) for n, d in f.declarations.items()},
        tree=None if f.tree is None else change.tree(f.tree, trees),
        sums=tuple(tuple((change.nodes(term), sign) for term, sign in typed) for typed in f.sums),
        definitions=definitions,
        notes=distinct((*f.notes, _note(base, exponent))),
    )


def _note(base: str, exponent: int) -> Note:
    return Note(f"{base}^{exponent} is one positive variable here, and {base} its root", code="by-power")


@dataclass(frozen=True)
class _Change:
    """What takes the place of a name: the variable that its power is."""

    base: Node
    variable: Node
    exponent: int

    def nodes(self, root: Node) -> Node:
        """An expression in the power."""
        return substitute(root, {self.base: power(self.variable, Fraction(1, self.exponent))})

    def tree(self, root: Typed, known: Mapping[int, Typed] | None = None) -> Typed:
        """A typed tree in the power; whole powers of it stay whole."""
        done: dict[int, Typed] = dict(known or {})
        for node in walk(root):
            if id(node) not in done:
                done[id(node)] = self._changed(node, done)
        return done[id(root)]

    def _changed(self, node: Typed, done: Mapping[int, Typed]) -> Typed:
        if (times := self._times(node)) is not None:
            return _power(node, str(self.variable.data[0]), times)
        if node.kind == "bound":
            return replace(node, value=self.nodes(node.value))
        children = tuple(done[id(c)] for c in node.children)
        changed = any(new is not old for new, old in zip(children, node.children, strict=True))
        return replace(node, children=children) if changed else node

    def _times(self, node: Typed) -> Fraction | None:
        """2 of sigma^4 where sigma^2 is the variable, 1/2 of sigma itself."""
        base = self.base.data[0]
        if node.kind == "variable" and node.value == base:
            return Fraction(1, self.exponent)
        if node.kind not in ("power", "hadamard_power"):
            return None
        below, above = node.children
        whole = below.kind == "variable" and below.value == base and above.kind == "number"
        return above.value / self.exponent if whole and above.value % self.exponent == 0 else None


def _power(node: Typed, name: str, exponent: Fraction) -> Typed:
    """A power of the variable in the place of a node."""
    one = Typed("variable", (), name, node.span, node.shape)
    if exponent == 1:
        return one
    return Typed("power", (one, Typed("number", (), exponent, node.span, node.shape)), None, node.span, node.shape)
