"""The sides of the equalities in a text: of one equation, or of a derivation in several rows."""

from __future__ import annotations

from collections.abc import Sequence

from matcalc.functions import find
from matcalc.language.declarations import Where
from matcalc.language.statements.apart import Text, shown_tokens
from matcalc.language.statements.around import scope_of
from matcalc.language.statements.reading import Clause
from matcalc.language.statements.records import Sides
from matcalc.language.statements.refused.refusals import fault
from matcalc.language.statements.scope import Scope
from matcalc.language.statements.signs.spelled_names import names_in
from matcalc.language.statements.tokens import Token

__all__ = ["read_sides"]


def read_sides(text: str, end: int, declared: Where, *, latex: bool) -> Sides:
    """Every side, from the first that is an expression on. Raises SyntaxFault where there is one only."""
    scope = scope_of(text, declared, latex=latex)
    tokens = shown_tokens((0, end), scope)
    main, others = Text(scope, tokens).equality() if tokens else (None, [])
    sides = _expressions(main, scope) if main is not None else []
    if main is None or len(sides) < 2:
        hint = 'give two texts, or one with an equals sign, as in matcalc equal "tr(A B) = tr(B A)"'
        raise fault("there is one expression only, and nothing to compare it with", "one-side", tokens, scope, hint)
    named = [f"{scope.spelled(c.sides[0])} = {scope.spelled(c.body)}" for c in others]
    said = [scope.text[end + len("where") :].strip(" $\n")] if end < len(text) else []
    where = ", ".join(filter(None, [*said, *named]))
    shown = tuple(scope.spelled(side) for side in sides)
    marked = (f"${side}$" if latex else side for side in shown)
    return Sides(tuple(f"{side} where {where}" if where else side for side in marked), shown)


def _expressions(clause: Clause, scope: Scope) -> list[Sequence[Token]]:
    """The sides without the name of a function that stands first."""
    if clause.kind == "optimum":
        hint = "compare the objectives alone"
        raise fault("an optimum is no expression that can be compared", "sense", clause.head, scope, hint)
    later = len(clause.further) + 1
    return list(clause.sides[-later - 1 :] if _is_compared(clause, scope) else clause.sides[-later:])


def _is_compared(clause: Clause, scope: Scope) -> bool:
    """Whether the left side is an expression: a known function, a constant, or a name that stands elsewhere, too."""
    left = clause.left
    if left is None or clause.kind != "function":
        return False
    if left.is_expression:
        return True
    elsewhere = {n for side in clause.sides[1:] for n in names_in(side, latex=scope.latex)}
    known = left.name in ("I", "pi") or left.name in scope.declared or left.name in elsewhere
    return find(left.name) is not None if left.called else known
