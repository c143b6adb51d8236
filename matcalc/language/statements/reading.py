"""One segment of a text as a clause: a function with its name, a derivative, an optimum, an equation, or an expression."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from matcalc.errors import Span
from matcalc.functions import find
from matcalc.language.statements.refused.refusals import derivative_inside, fault
from matcalc.language.statements.rows import outside_bars
from matcalc.language.statements.scope import Operator, Scope
from matcalc.language.statements.signs.calls import by_at_end, derivative_at, without_words
from matcalc.language.statements.signs.differentials import separated
from matcalc.language.statements.signs.labels import label_side
from matcalc.language.statements.signs.mappings import mapping_at
from matcalc.language.statements.signs.marked_derivatives import below_defined, primed, primed_alone
from matcalc.language.statements.signs.operators import operator_at
from matcalc.language.statements.signs.optima import Optimum, ending_at, optimum_at
from matcalc.language.statements.signs.spelled_names import (
    LeftSide,
    left_side,
    logarithm_side,
    name_at,
    names_in,
    whole_name,
)
from matcalc.language.statements.tokens import Token, argument, group_end, split_at, starts_value
from matcalc.language.words.names import is_greek, spelled
from matcalc.patterns import pattern
from matcalc.records import dataclass

__all__ = ["EQUALS", "Clause", "asked_of", "body_span", "clause_of"]

EQUALS = ("=", ":=", "≔", "≜", "≡")
_SIZE_BEFORE = pattern(r"\\(?:left|[bB]igg?[lm]?|mleft)\s*$")


@dataclass(frozen=True)
class Clause:
    """What one segment says.

    Attributes:
        kind: "function", "derivative", "differential", "optimum", "expression" or "equation".
        body: the tokens of the expression.
        further: the sides behind it.
        left: the name before the equals sign.
        operator: the sign of a derivative.
        optimum: min or max.
        sides: all sides of its equalities.
        factor: the number that stands before a sign of a derivative; the body begins with it.
    """

    kind: str
    body: Sequence[Token]
    sides: tuple[Sequence[Token], ...]
    further: tuple[Sequence[Token], ...] = ()
    left: LeftSide | None = None
    operator: Operator | None = None
    optimum: Optimum | None = None
    factor: Sequence[Token] = ()

    @property
    def head(self) -> Sequence[Token]:
        """What stands before the expression."""
        if self.operator is not None:
            return self.operator.head
        if self.optimum is not None:
            return self.optimum.head
        if self.kind == "differential":
            return self.sides[0][:1]
        return self.sides[0] if self.left is not None else ()


def clause_of(tokens: Sequence[Token], scope: Scope, *, constrained: bool = False) -> Clause:
    """The clause of a segment. Raises SyntaxFault where a sign of a derivative is not taken as one."""
    mapping = mapping_at(tokens, scope)
    if mapping is not None:
        body, *further = split_at(tokens[mapping.end :], *EQUALS)
        left = LeftSide(mapping.name or "", mapping.spelling, mapping.arguments, True)
        return Clause("function", body, (tokens[: mapping.end], body), tuple(further), left)
    tokens, by = _by(tokens, scope)
    ending = ending_at(tokens)
    if ending is not None:
        return _of_optimum(ending, tuple(split_at(ending.operand, *EQUALS)), scope)
    clause = _clause(tokens, scope, constrained=constrained)
    return _with_variables(clause, by) if by else clause


def _by(tokens: Sequence[Token], scope: Scope) -> tuple[Sequence[Token], tuple[str, ...]]:
    """The tokens without words before them, and what stands behind ``with respect to`` at their end."""
    if len(split_at(tokens, *EQUALS)) < 2:
        return tokens, ()
    return by_at_end(without_words(tokens, scope), scope)


def _with_variables(clause: Clause, by: tuple[str, ...]) -> Clause:
    """The derivative of a clause by the names that are given behind it."""
    order = clause.operator.order if clause.operator is not None else 1
    turns = by * order if len(by) == 1 else ()
    head = clause.operator.head if clause.operator is not None else clause.sides[0]
    operator = Operator(turns, order, head, (), clause.body, () if turns else by)
    if clause.kind not in ("function", "expression", "derivative"):
        return clause
    return replace(clause, kind="derivative", operator=operator)


def asked_of(clause: Clause, request: Operator) -> Clause:
    """The derivative of a function that other words ask for."""
    if clause.kind not in ("function", "expression"):
        return clause
    return replace(clause, kind="derivative", operator=replace(request, function=clause.body))


def _clause(tokens: Sequence[Token], scope: Scope, *, constrained: bool) -> Clause:
    sides = tuple(split_at(tokens, *EQUALS, "=="))
    if len(sides) > 1 and sides[0] and not sides[-1] and derivative_at(sides[0], scope) is not None:
        sides = sides[:-1]  # d/dX tr(A X) = ?
    first, *rest = sides
    if len(rest) and not first:
        raise fault("nothing stands before the equals sign", "equation", tokens[:1], scope, "write f(x) = …")
    if any(not side for side in rest):
        raise fault("nothing stands behind the equals sign", "equation", tokens[-1:], scope, "write f(x) = x^T x")
    found = _without_name(first, sides, scope, constrained=constrained)
    if found is not None:
        return found
    if rest:
        return _named(tokens, sides, scope, constrained=constrained)
    marked = primed_alone(first, scope) or below_defined(first, scope)
    return (
        Clause("expression", first, sides)
        if marked is None
        else Clause("derivative", marked.operand, sides, operator=marked)
    )


def _without_name(
    side: Sequence[Token], sides: tuple[Sequence[Token], ...], scope: Scope, *, constrained: bool
) -> Clause | None:
    """A derivative or an optimum that stands first."""
    optimum = optimum_at(side, scope, constrained=constrained)
    if optimum is not None:
        return _of_optimum(optimum, sides, scope)
    factor = side[: _factor(side, scope)]
    operator = derivative_at(side[len(factor) :], scope) if len(factor) < len(side) else None
    if operator is not None:
        body = _function_of(operator, scope)
        left = left_side(body, scope.text, latex=scope.latex) if operator.is_spoken and len(sides) > 1 else None
        if left is not None:
            return Clause("derivative", sides[1], sides, sides[2:], left, operator)
        if factor and operator.function is None and is_sum(body):
            raise derivative_inside(operator.head, scope)
        return Clause("derivative", [*factor, *body], sides, sides[1:], operator=operator, factor=factor)
    inside = _of_differential(side, sides, scope)
    return None if inside is None else Clause("differential", inside, sides, sides[1:])


def _of_optimum(optimum: Optimum, sides: tuple[Sequence[Token], ...], scope: Scope) -> Clause:
    """What is optimised, which may have a name: minimize J(x) = …"""
    left = left_side(split_at(optimum.operand, *EQUALS)[0], scope.text, latex=scope.latex) if len(sides) > 1 else None
    if left is None:
        return Clause("optimum", optimum.operand, sides, sides[1:], optimum=optimum)
    return Clause("optimum", sides[1], sides, sides[2:], left, optimum=optimum)


_FRACTIONS = (r"\frac", r"\tfrac", r"\dfrac")


def _factor(tokens: Sequence[Token], scope: Scope) -> int:
    """How many tokens are a number before a sign: -, 2, \\frac1n."""
    i = 0
    while i < len(tokens):
        if tokens[i].kind == "number" or tokens[i].text in ("-", "−", "+", "*", "/"):
            i += 1
        elif tokens[i].text in _FRACTIONS and operator_at(tokens[i:], scope) is None:
            following = tokens[i + 1 : i + 2]
            glued = bool(following) and following[0].kind == "number" and len(following[0].text) > 1
            i = i + 2 if glued else argument(tokens, argument(tokens, i + 1)[1])[1]
        else:
            break
    return i


#: A transposed sign makes a divergence.
_T = ("T", r"\top", "'", "⊤", "ᵀ")


def _function_of(operator: Operator, scope: Scope) -> Sequence[Token]:
    """What is differentiated. Raises SyntaxFault where the derivative is a factor of something, or by no name."""
    if operator.function is not None and operator.operand:
        raise derivative_inside(operator.head, scope)
    operand = operator.function if operator.function is not None else operator.operand
    if not operand:
        hint = "write the function behind it, as in d/dx (x^T A x)"
        raise fault("a derivative of nothing", "no-function", operator.head, scope, hint)
    if operand[0].text in (r"\cdot", r"\times", "·", "×", "⋅") or (
        operator.order == 1 and any(t.text in _T for t in operator.head[-1:])
    ):
        hint = "a gradient has no sign behind it: ∇_x f"
        raise fault("divergences and curls are not derivatives here", "derivative-inside", operand[:1], scope, hint)
    if operator.function is None:
        _refuse_open_end(operator, operand, scope)
    return operand


def _refuse_open_end(operator: Operator, operand: Sequence[Token], scope: Scope) -> None:
    """``d/dx (x^2) + 3 x`` has a bracket around its first term, or a sum behind the sign."""
    end = group_end(operand, 0) if operand[0].text in ("(", "[") else len(operand)
    if end < len(operand) - 1 and operand[end + 1].text in ("+", "-", "−"):
        whole = scope.spelled(operand)
        head = scope.spelled(operator.head)
        hint = f"of the whole: {head} ({whole}); the first term alone: {head} {scope.spelled(operand[: end + 1])}"
        raise fault("it is not clear where the derivative ends", "extent", operand[: end + 2], scope, hint)


def is_sum(tokens: Sequence[Token]) -> bool:
    """Whether it has several terms, none of them in brackets or bars."""
    places = outside_bars(tokens)
    return any(i > 0 and tokens[i].text in ("+", "-", "−") and _ends_value(tokens[i - 1]) for i in places)


def _ends_value(token: Token) -> bool:
    return token.kind in ("word", "number", "close", "command", "upright") or token.text in (
        *("'", "ᵀ", "⊤", "²", "³", "|", "||", "‖", "⁻¹"),
        r"\|",
    )


def _of_differential(side: Sequence[Token], sides: Sequence[Sequence[Token]], scope: Scope) -> Sequence[Token] | None:
    r"""What is differentiated in ``d(A^3)``, ``df = …`` and, before an equals sign, `d \log\det X`."""
    parts = separated(side, scope)
    start = 2 if len(parts) > 1 and parts[0].text in (r"\mathrm", r"\mathsf") else 1
    if len(parts) <= start or parts[start - 1].text != "d" or "d" in scope.declared:
        return None
    rest = parts[start:]
    upright = start == 2 or parts[0].kind == "upright"
    moving = _mentions_perturbation(sides[1:], scope)
    if rest[0].text == "(" and group_end(rest, 0) == len(rest) - 1:
        is_function = not moving and left_side(side, scope.text, latex=scope.latex) is not None
        return None if is_function or rest[0].start != parts[start - 1].end else rest[1:-1]
    if len(sides) == 1:
        return rest if _is_moved(rest, upright=upright, scope=scope) else None
    named = left_side(rest, scope.text, latex=scope.latex)
    if named is not None and (moving or upright or len(named.name) == 1):
        return rest
    return rest if scope.latex and (upright or moving) and starts_value(rest[0]) else None


def _is_moved(rest: Sequence[Token], *, upright: bool, scope: Scope) -> bool:
    r"""Whether `\log\det X` stands behind a d, which is no factor there; of a sum nothing tells whether it is that of a term."""
    word = rest[0].text.lstrip("\\").lower()
    known = rest[0].kind in ("upright", "command", "word") and word not in scope.declared and find(word) is not None
    if not known and not (upright and word in ("|", "||", "‖", "lvert", "vert")):
        return False
    if is_sum(rest):
        if upright:
            hint = f"write d({scope.spelled(rest)}) for that of the whole"
            raise fault("it is not clear where the differential ends", "extent", rest, scope, hint)
        return False
    return True


def _mentions_perturbation(sides: Sequence[Sequence[Token]], scope: Scope) -> bool:
    pattern = r"(?<![A-Za-z\\])d\s*\\?[A-Za-z]|\\mathrm\s*\{?\s*d\b"
    return any(re.search(pattern, scope.spelled(side)) is not None for side in sides)


def _named(tokens: Sequence[Token], sides: tuple[Sequence[Token], ...], scope: Scope, *, constrained: bool) -> Clause:
    """A function with its name, or an equation."""
    optimum = optimum_at(sides[1], scope, constrained=constrained)
    of_members = optimum is not None and bool(optimum.indices) and optimum.seeks != "point"  # f(x) = max_i a_i^T x
    if optimum is not None and not of_members:
        return Clause("optimum", optimum.operand, sides, sides[2:], optimum=_by_name(optimum, sides[0], scope))
    if any(t.text == "==" and t.depth == sides[0][0].depth for t in tokens):
        return Clause("equation", sides[0], sides, sides[1:])
    marked = primed(sides[0], scope) or below_defined(sides[0], scope)
    if marked is not None:
        return Clause("derivative", marked.operand, sides, sides[1:], operator=marked)
    left = _name_of(sides, scope)
    if left is None or _is_equation(left, sides, scope):
        return Clause("equation", sides[0], sides, sides[1:])
    inner = _without_name(sides[1], sides, scope, constrained=constrained)
    if inner is not None and not of_members:
        return replace(inner, further=sides[2:])
    if len(sides) > 2 and _only_names(sides[1], sides[2:], scope):
        return Clause("function", sides[2], sides, sides[3:], left)
    return Clause("function", sides[1], sides, sides[2:], left)


def _only_names(side: Sequence[Token], others: Sequence[Sequence[Token]], scope: Scope) -> bool:
    """Whether a side names what the next one says: T - V of L = T - V = m v^2 / 2 - m g h, and an expectation."""
    head = "".join(t.text for t in side[:4] if t.text not in ("{", "}", r"\left"))
    if re.match(r"(?:\\mathbb|\\mathrm|\\operatorname)?E[\[(]", head):
        opener = next(i for i, t in enumerate(side) if t.text in ("[", "("))
        return group_end(side, opener) == len(side) - 1
    if any(t.kind not in ("word", "command") and t.text not in ("+", "-", "−") for t in side) or not is_sum(side):
        return False
    names = {*names_in(side, latex=scope.latex)}
    return names.isdisjoint(n for other in others for n in names_in(other, latex=scope.latex))


def _name_of(sides: Sequence[Sequence[Token]], scope: Scope) -> LeftSide | None:
    """What the first side calls the second one."""
    side = sides[0]
    named = left_side(side, scope.text, latex=scope.latex) or logarithm_side(side, scope.text, latex=scope.latex)
    of_known = named is not None and named.called and find(named.name) is not None
    return (label_side(sides, scope) if named is None or of_known else None) or named


def _by_name(optimum: Optimum, side: Sequence[Token], scope: Scope) -> Optimum:
    r"""\hat\beta = \arg\min \|y - X\beta\|^2 is by \beta."""
    found = name_at(side, 0, latex=scope.latex)
    if optimum.names or optimum.seeks != "point" or found is None:
        return optimum
    inside = set(names_in(optimum.operand, latex=scope.latex))
    names = [n for n in (found[0], spelled(found[0]).word) if n in inside]
    return replace(optimum, names=tuple(names[:1]))


def _is_equation(left: LeftSide, sides: Sequence[Sequence[Token]], scope: Scope) -> bool:
    """x = y, A X = 0 and glued products on the left are equations; kl = … is none, as kl is a word, nor is y = Ax."""
    last = sides[-1]
    if len(last) == 1 and last[0].kind == "number":
        return True
    if left.called:
        return False
    product = not scope.latex and re.fullmatch("[A-Z][a-z]", "".join(t.text for t in sides[1])) is not None
    alone = whole_name(sides[1], latex=scope.latex) is not None and not product
    glued = not scope.latex and re.fullmatch(r"[A-Z][A-Za-z]|[a-z]{2}", left.spelling) is not None
    return alone or (glued and not is_greek(left.name) and not _is_abbreviation(left.name, sides[1], scope))


def _is_abbreviation(name: str, side: Sequence[Token], scope: Scope) -> bool:
    """Whether it is a function of the language, in capitals too: KL is that beside what has neither K nor L."""
    inside = set(names_in(side, latex=scope.latex))
    return find(name) is not None or (find(name.lower()) is not None and not inside & set(name))


def body_span(tokens: Sequence[Token], text: str) -> Span:
    r"""Where the tokens stand, with a \left before the first of them."""
    if not tokens:
        return (0, 0)
    size = _SIZE_BEFORE.search(text, 0, tokens[0].start)
    return (size.start() if size else tokens[0].start), tokens[-1].end
