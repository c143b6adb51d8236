"""What is refused of a text whose function is found: equations, unknown functions, contradictions within a sign."""

from __future__ import annotations

from collections.abc import Sequence

from matcalc.errors import Hint, MatcalcError
from matcalc.functions import find
from matcalc.language import limits
from matcalc.language.latex.latex_signs import FACES, STYLES
from matcalc.language.statements.reading import Clause
from matcalc.language.statements.refused.alone import offered_alone
from matcalc.language.statements.refused.refusals import (
    fault,
    quoted,
    refuse_derivative_inside,
    refuse_spoken_factors,
    refuse_sum_without_index,
    refuse_words,
)
from matcalc.language.statements.scope import Operator, Scope
from matcalc.language.statements.signs.spelled_names import left_side, name_at, names_in
from matcalc.language.statements.tokens import Token, argument
from matcalc.language.words.elsewhere import ELSEWHERE

__all__ = ["choices_of", "equation", "named_function", "names_of", "refuse"]


def names_of(clause: Clause, scope: Scope) -> set[str]:
    """The names that a clause uses: those of an expression before the equals sign, too."""
    is_expression = clause.left is not None and clause.left.is_expression
    sides = [clause.sides[0], clause.body] if is_expression else [clause.body]
    return {name for side in sides for name in names_in(side, latex=scope.latex)}


def refuse(main: Clause, definitions: Sequence[Clause], scope: Scope) -> None:
    """Raise SyntaxFault where the clause, or a definition that it needs, is no function that can be differentiated."""
    operator = main.operator
    if operator is not None and operator.order > limits.current().order:
        span = operator.head[0].start, operator.head[-1].end
        raise limits.exceeded("order", f"it differentiates {_times(operator.order)}", scope.text, span)
    for clause in (main, *definitions):
        refuse_derivative_inside(clause.body, scope)
        refuse_sum_without_index(clause.body, scope)
        refuse_words(clause.body, scope)
        if operator is not None and operator.is_spoken:
            refuse_spoken_factors(clause.body, scope)
        if clause.left is not None and _is_equation(clause, {d.left.name for d in definitions if d.left}, scope):
            raise equation(clause, scope)
    if main.optimum is not None and main.optimum.indices:
        raise _over_an_index(main, scope)
    if operator is not None and operator.variables and len(operator.variables) != operator.order:
        raise _of_another_order(operator, scope)
    _refuse_unknown_function(main, scope)


def _is_equation(clause: Clause, defined: set[str], scope: Scope) -> bool:
    """Whether its left side speaks of what the right side or another row defines."""
    assert clause.left is not None
    name = clause.left.name.rpartition(" ")[2]
    if name in set(names_in(clause.body, latex=scope.latex)) and not _is_another_letter(clause, name, scope):
        return True
    return clause.left.is_expression and bool(set(names_in(clause.sides[0], latex=scope.latex)) & defined)


def _is_another_letter(clause: Clause, name: str, scope: Scope) -> bool:
    r"""Whether the name before the equals sign is typed in another type: \mathcal{L}, or a function of its own letter."""
    assert clause.left is not None
    types = [t.text for t in clause.sides[0] if t.text in STYLES]
    if clause.left.called and _is_only_set(clause.body, name, scope):
        return True
    if not types:
        return name not in _plain_names(clause.body, scope)
    tells = FACES[types[0]] == "script" or name in clause.left.arguments
    return tells and not any(t.text == types[0] for t in clause.body)


def _is_only_set(body: Sequence[Token], name: str, scope: Scope) -> bool:
    r"""Whether the name is that of a set of indices: E(V) = \sum_{(i,j) \in \mathcal{E}} …"""
    rest: list[Token] = []
    i = 0
    while i < len(body):
        found = name_at(body, i, latex=scope.latex) if i and body[i - 1].text in (r"\in", "∈") else None
        if found is not None and found[0] == name:
            i = found[1]
            continue
        rest.append(body[i])
        i += 1
    return name not in names_in(rest, latex=scope.latex)


def _plain_names(tokens: Sequence[Token], scope: Scope) -> set[str]:
    r"""The names that are set neither bold nor below an arrow: of E = \mathbf E \cdot \mathbf E / 2 none."""
    plain, i = list[Token](), 0
    while i < len(tokens):
        if FACES.get(tokens[i].text) in ("bold", "arrow"):
            i = argument(tokens, i + 1)[1]
        else:
            plain.append(tokens[i])
            i += 1
    return set(names_in(plain, latex=scope.latex))


def choices_of(main: Clause) -> tuple[str, ...]:
    """The names among which the variable is."""
    if main.operator is not None:
        return main.operator.choices
    if main.optimum is not None:
        return main.optimum.names
    return main.left.arguments if main.left is not None else ()


# --- equations --------------------------------------------------------------------------------


def equation(clause: Clause, scope: Scope) -> MatcalcError:
    """The error about a text that is an equation."""
    whole = quoted([clause.sides[0][0], clause.sides[-1][-1]], scope)
    said = f"matcalc equal {whole} compares the sides; a function is written f(x) = …, or without a left side"
    alone = offered_alone(clause.sides, scope, "one side alone is {}", longest=True)
    hint = Hint(said, alone, joint="; ") if alone is not None else said
    sign = _sign_between(clause.sides[0], clause.sides[1], scope)
    return fault("this is an equation, not a function", "equation", sign, scope, hint)


def _sign_between(left: Sequence[Token], right: Sequence[Token], scope: Scope) -> Sequence[Token]:
    """The equals sign of two sides."""
    shown = scope.text[left[-1].end : right[0].start]
    start = left[-1].end + min(shown.find(c) for c in ":=≔≜≡\\" if c in shown)
    sign = scope.text[start : right[0].start].rstrip(" \n&")
    return [Token("relation", sign, start, start + len(sign))]


# --- signs ------------------------------------------------------------------------------------


def _over_an_index(main: Clause, scope: Scope) -> MatcalcError:
    assert main.optimum is not None
    index, sense = main.optimum.indices[0], main.optimum.sense
    hint = f"the largest entry of x is max(x), the smallest min(x); a variable below {sense} is no subscript behind it"
    what = f"{index} is an index here: {sense} over an index is not read"
    return fault(what, "index-optimum", main.optimum.head, scope, hint)


def _of_another_order(operator: Operator, scope: Scope) -> MatcalcError:
    above, below = _times(operator.order), _times(len(operator.variables))
    hint = "the second derivative is ∂²f/∂x², or ∂²f/∂x∂y by two variables"
    what = f"the numerator differentiates {above}, the denominator {below}"
    return fault(what, "order", operator.head, scope, hint)


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


# --- functions that nothing defines -----------------------------------------------------------


def named_function(main: Clause, scope: Scope) -> str | None:
    """The name of what is differentiated or optimised, where it is a name only, and no function of the language."""
    if main.kind not in ("derivative", "optimum", "differential"):
        return None
    left = left_side(main.body[len(main.factor) :], scope.text, latex=scope.latex)
    if left is not None and main.left is not None and any(a in left.name != a for a in main.left.arguments):
        return None  # f(x) = Ax, with its letters for factors
    bare = "" if left is None else left.name.removeprefix("-").removeprefix("log ").removesuffix("^2")
    return None if left is None or (left.called and _is_known(bare, scope)) else left.name


def _is_known(name: str, scope: Scope) -> bool:
    return find(name) is not None or name in ELSEWHERE or name in scope.functions


def _refuse_unknown_function(main: Clause, scope: Scope) -> None:
    """A derivative of f, where nothing says what f is."""
    name = named_function(main, scope)
    if name is None or name in scope.defined or (main.left is None and name in scope.declared):
        return
    left = left_side(main.body[len(main.factor) :], scope.text, latex=scope.latex)
    assert left is not None
    variables = main.operator.variables if main.operator is not None else ()
    if name.removesuffix("^2") in variables and not left.called:
        return
    if left.called or not (name in variables or main.kind == "optimum"):
        raise _no_function(main, left.spelling, scope)


def _no_function(main: Clause, name: str, scope: Scope) -> MatcalcError:
    if main.further:
        claim = quoted(main.further[0], scope)
        hint = f'to compare it with a function: matcalc check "f" --claim {claim}, with the function for f'
        what = f"the right side is a claim about {name}, and nothing says what {name} is"
        return fault(what, "no-function", main.body, scope, hint)
    hint = f"put the function in its place, as in d/dx (x^T A x), or add: where {name} = x^T A x"
    return fault(f"nothing says what {name} is", "no-function", main.body, scope, hint)
