r"""Signs of derivatives: `\nabla_x`, `\frac{\partial}{\partial X}`, `\frac{d^2 f}{dx^2}`, ``d/dx``, ``∂f/∂X``, ``D_x``, ``grad_x``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from matcalc.errors import SyntaxFault
from matcalc.language.mends.hints import write
from matcalc.language.statements.scope import Operator, Scope
from matcalc.language.statements.signs.derived_functions import is_gradient_of, is_of_function
from matcalc.language.statements.signs.differentials import (
    after_d,
    after_transpose,
    denominator,
    in_turn,
    letters_of,
    raised_number,
    separated,
)
from matcalc.language.statements.signs.spelled_names import name_at, names_in, whole_name, whole_power
from matcalc.language.statements.tokens import Token, argument, group_end, inner, split_at
from matcalc.language.words.names import FUNCTION_LETTERS, canonical_name

__all__ = ["operator_at"]

_FRACTIONS = frozenset([r"\frac", r"\tfrac", r"\dfrac", r"\cfrac"])
#: Words that differentiate what follows -> how often.
WORDS = {"grad": 1, "gradient": 1, "nabla": 1, "jac": 1, "jacobian": 1, "hess": 2, "hessian": 2}


#: More signs in a row are not looked at.
_MOST_SIGNS = 8


def operator_at(tokens: Sequence[Token], scope: Scope) -> Operator | None:
    """The operator that the tokens begin with; several in a row are one."""
    whole = _single(tokens, scope)
    for _ in range(_MOST_SIGNS):
        if whole is None or whole.function is not None or not whole.operand:
            break
        further = _single(whole.operand, scope)
        if further is None or bool(further.variables) != bool(whole.variables):
            break
        head = [*whole.head, *further.head]
        turns, order = whole.variables + further.variables, whole.order + further.order
        whole = replace(further, variables=turns, order=order, head=head)
    return whole


def _single(tokens: Sequence[Token], scope: Scope) -> Operator | None:
    for read in (_nabla, _indexed, _fraction, _quotient, _bracketed, _macro):
        found = read(tokens, scope)
        if found is not None:
            return found
    return None


def _bracketed(tokens: Sequence[Token], scope: Scope) -> Operator | None:
    """``(∂/∂x) x^T A y``: a sign in brackets of its own."""
    if not tokens or tokens[0].text != "(":
        return None
    end = group_end(tokens, 0)
    found = operator_at(tokens[1:end], scope)
    if found is None or found.operand or found.function is not None or not found.variables or end + 1 >= len(tokens):
        return None
    return replace(found, head=tokens[: end + 1], operand=tokens[end + 1 :])


#: The macros of the package physics for fractions of differentials.
_MACROS = frozenset([r"\dv", r"\pdv", r"\fdv", r"\dv*", r"\pdv*"])


def _macro(tokens: Sequence[Token], scope: Scope) -> Operator | None:
    r"""`\dv{x}`, `\dv{f}{x}`, `\pdv[2]{f}{x}`, `\pdv{f}{x}{y}`."""
    if not tokens or tokens[0].text not in _MACROS:
        return None
    order, i = 1, 1
    if tokens[i:] and tokens[i].text == "[":
        order, i = int(tokens[i + 1].text) if tokens[i + 1].text.isdigit() else 0, group_end(tokens, i) + 1
    groups: list[Sequence[Token]] = []
    while i < len(tokens) and tokens[i].text == "{" and len(groups) <= 2:
        end = group_end(tokens, i)
        groups.append(tokens[i + 1 : end])
        i = end + 1
    function, *below = groups if len(groups) > 1 else [(), *groups]
    names = [name for group in below if (name := whole_name(group, latex=scope.latex)) is not None]
    if not order or not names or len(names) < len(below):
        return None
    turns = tuple(names) * order if len(names) == 1 else tuple(names)
    return Operator(turns, len(turns), tokens[:i], tokens[i:], function or None)


# --- nabla, D_x, grad_x -----------------------------------------------------------------------


def _nabla(tokens: Sequence[Token], scope: Scope) -> Operator | None:
    r"""`\nabla`, `\nabla_x`, `\nabla_x^2`, ``grad_x``, ``hessian_x`` and what they are applied to."""
    if not tokens:
        return None
    tokens = _letter_below(tokens, scope)
    sign = tokens[0]
    word = sign.text.lower() if sign.kind in ("word", "upright") else ""
    if sign.text not in (r"\nabla", "∇") and not (word in WORDS and _stands_before_operand(tokens, scope)):
        return None
    marks = _marks(tokens, 1, scope)
    if marks is None or is_of_function(tokens, scope, leading=True):
        return None
    power, names, listed, end = marks
    if not word and not names and not power:
        _refuse_named_gradient(tokens, end, scope)
    if word and len(names) == 1 and is_gradient_of(names[0], tokens[end : end + 1], scope):
        return None
    order = power or max(WORDS.get(word, 1), 1 if listed else len(names))
    if listed:
        return Operator((), order, tokens[:end], tokens[end:], None, names)
    turns = names * order if len(names) == 1 else names
    return Operator(turns, order, tokens[:end], tokens[end:])


def _refuse_named_gradient(tokens: Sequence[Token], i: int, scope: Scope) -> None:
    r"""\nabla f^T d is a product with the gradient of an f that nothing defines, no derivative of f^T d."""
    named = name_at(tokens, i, latex=scope.latex)
    if named is None or named[0] not in FUNCTION_LETTERS or named[0] in scope.declared:
        return
    end = after_transpose(tokens, named[1])
    if named[1] < end < len(tokens):
        span = (tokens[0].start, tokens[named[1] - 1].end)
        shown = scope.text[slice(*span)]
        free = next(c for c in "gqvp" if c not in names_in(tokens, latex=scope.latex))
        message = f"{shown} is the gradient of a function that nothing defines"
        hint = write(span, (free, "or another name for it, a vector"))
        raise SyntaxFault(message, code="no-function", text=scope.text, span=span, hint=hint)


def _letter_below(tokens: Sequence[Token], scope: Scope) -> Sequence[Token]:
    r"""\nabla_Xf is \nabla_X f: without braces a subscript in LaTeX is one letter."""
    if not scope.latex or len(tokens) < 3 or tokens[1].text != "_" or tokens[2].kind != "word":
        return tokens
    return [*tokens[:2], *letters_of(tokens[2])[:1], *_rest_of_word(tokens[2]), *tokens[3:]]


def _rest_of_word(token: Token) -> list[Token]:
    return [replace(token, text=token.text[1:], start=token.start + 1)] if len(token.text) > 1 else []


def _stands_before_operand(tokens: Sequence[Token], scope: Scope) -> bool:
    """grad_x …, grad f; of a call such as grad(f, x) the arguments tell."""
    if tokens[0].text in scope.declared or len(tokens) < 2:
        return False
    return tokens[1].text == "_"


def _indexed(tokens: Sequence[Token], scope: Scope) -> Operator | None:
    r"""`\partial_x`, `\partial_{xy}`, ``D_x``."""
    if len(tokens) < 3 or tokens[1].text not in ("_", "^"):
        return None
    partial = tokens[0].text in (r"\partial", "∂", "𝜕")
    if not partial and tokens[0].text != "D":
        return None
    marks = _marks(tokens, 1, scope)
    if marks is None or not marks[1]:
        return None
    power, names, _, end = marks
    if not partial and not _is_derivation(names, tokens[end:], scope):
        return None
    turns = names * power if power and len(names) == 1 else names
    return Operator(turns, len(turns), tokens[:end], tokens[end:])


def _is_derivation(names: Sequence[str], operand: Sequence[Token], scope: Scope) -> bool:
    """D_x differentiates where x stands in what follows and no other D_x does; else it is a name."""
    inside = set(names_in(operand, latex=scope.latex))
    index = "_".join(names)
    return set(names) <= inside and not {f"D_{index}", "D"} & (inside | scope.declared)


def _marks(tokens: Sequence[Token], i: int, scope: Scope) -> tuple[int, tuple[str, ...], bool, int] | None:
    """The power, the names below, whether they are a list, and the end of what is raised and lowered."""
    power = 0
    names: tuple[str, ...] = ()
    listed = False
    found: tuple[str, ...] | None
    while i < len(tokens):
        if tokens[i].text == "_" and not names:
            group, i = argument(tokens, i + 1)
            found = _names_below(group, scope)
            if found is None:
                return None
            names, listed = found, any(t.text in (",", ";") for t in group)
        elif not power and (raised := raised_number(tokens, i)) is not None:
            power, i = raised
        elif (end := after_transpose(tokens, i)) > i:
            i = end
        else:
            break
    return power, names, listed, i


def _names_below(group: Sequence[Token], scope: Scope) -> tuple[str, ...] | None:
    names: list[str] = []
    for part in split_at(inner(group), ",", ";"):
        name = whole_name(part, latex=scope.latex) or whole_power(part, latex=scope.latex)
        found = [name] if name is not None else list(names_in(part, latex=scope.latex))
        if name is None and any(t.kind not in ("word", "command", "open", "close") for t in part):
            return None
        names += found
    return tuple(names) or None


# --- fractions --------------------------------------------------------------------------------


def _fraction(tokens: Sequence[Token], scope: Scope) -> Operator | None:
    r"""`\frac{\partial f}{\partial x}`, `\frac{d^2}{dx\,dy}`."""
    halves = _halves(tokens)
    if halves is None:
        return None
    above, below, end = halves
    above, below = _without_delta(above, below, scope)
    top, bottom = _top(separated(above, scope), scope), denominator(separated(below, scope), scope)
    if top is None or bottom is None or bottom[1]:
        if top is not None:
            _refuse_conjugate(below, scope)
        return None
    function = top[1] or None
    return Operator(in_turn(bottom[0], top[0]), top[0], tokens[:end], tokens[end:], function)


def _refuse_conjugate(below: Sequence[Token], scope: Scope) -> None:
    r"""\partial X^H and \partial X^* are conjugates of complex variables."""
    after = after_d(below, 0, scope)
    named = name_at(below, after, latex=scope.latex) if after is not None else None
    if named is None or not named[1] < len(below) - 1 or below[named[1]].text != "^":
        return
    raised = "".join(t.text for t in below[named[1] + 1 :]).strip("{}")
    if raised in ("H", r"\dagger", "†"):
        shown = scope.spelled(below[after:])
        message = f"{shown} is the conjugate transpose of a complex variable, and all variables are real here"
        hint = "differentiate by the variable itself; of a real one, the derivative by the transpose is the transpose"
        span = below[0].start, below[-1].end
        raise SyntaxFault(message, code="conjugate", text=scope.text, span=span, hint=hint)


def _halves(tokens: Sequence[Token]) -> tuple[Sequence[Token], Sequence[Token], int] | None:
    r"""What stands above and below, and the end: of \frac{…}{…}, and of TeX's {… \over …}."""
    if tokens and tokens[0].text in _FRACTIONS:
        above, i = argument(tokens, 1)
        below, end = argument(tokens, i)
        return _unbraced(above), _unbraced(below), end
    if not tokens or tokens[0].text != "{":
        return None
    end = group_end(tokens, 0)
    parts = split_at(tokens[1:end], r"\over")
    return (parts[0], parts[1], end + 1) if len(parts) == 2 else None


def _unbraced(tokens: Sequence[Token]) -> Sequence[Token]:
    r"""What stands in braces of its own, as in \frac{{\partial f}}{{\partial x}}."""
    while tokens and tokens[0].text == "{" and group_end(tokens, 0) == len(tokens) - 1:
        tokens = tokens[1:-1]
    return tokens


#: Variations, and differences, where they stand above and below.
_DELTAS = frozenset([r"\delta", "δ", r"\Delta", "Δ"])


def _without_delta(
    above: Sequence[Token], below: Sequence[Token], scope: Scope
) -> tuple[Sequence[Token], Sequence[Token]]:
    r"""\frac{\delta F}{\delta \phi} as a fraction of differentials: the letter would cancel."""
    sign = above[0].text if above else ""
    if (
        sign not in _DELTAS
        or canonical_name(sign.lstrip("\\")) in scope.declared
        or below[:1] == []
        or below[0].text != sign
    ):
        return above, below
    d = [replace(above[0], text=r"\partial"), *above[1:]]
    return d, [replace(t, text=r"\partial") if t.text == sign else t for t in below]


def _top(tokens: Sequence[Token], scope: Scope) -> tuple[int, Sequence[Token]] | None:
    """How often the numerator differentiates, and the function in it."""
    i = after_d(tokens, 0, scope)
    if i is None:
        return None
    raised = raised_number(tokens, i)
    order, i = raised or (1, i)
    if i < len(tokens) and tokens[i].text in ("_", "^", "/", "+", "-", "*", ")", "'"):
        return None
    return order, tokens[i:]


#: More tokens than this do not belong to a denominator.
_LONGEST_BELOW = 60


def _quotient(tokens: Sequence[Token], scope: Scope) -> Operator | None:
    """``d/dx``, ``∂f/∂X``, ``d(x^T x)/dx``."""
    slash = next((i for i, t in enumerate(tokens) if t.text == "/" and t.depth == tokens[0].depth), None)
    if slash is None or tokens[0].text[:1] not in ("d", "∂", "𝜕", "𝑑", "\\"):
        return None
    parts = separated(tokens[: slash + _LONGEST_BELOW], scope)
    slash = next(i for i, t in enumerate(parts) if t.text == "/" and t.depth == parts[0].depth)
    top = _top(parts[:slash], scope)
    bottom = None if top is None else denominator(parts[slash + 1 :], scope, top[0])
    if top is None or bottom is None or not _is_one_factor(top[1], scope):
        return None
    order, function = top
    names, operand = in_turn(bottom[0], order), _unsplit(bottom[1], tokens)
    if parts[0].text == "d" and not function and _is_number(parts[slash + 1 :], names, operand, scope):
        return None
    head = parts[: len(parts) - len(bottom[1])]
    return Operator(names, order, head, operand, function or None)


def _unsplit(parts: Sequence[Token], tokens: Sequence[Token]) -> Sequence[Token]:
    """The original tokens from the first of the parts on."""
    rest = [t for t in tokens if parts and t.start >= parts[0].start]
    return rest if rest and rest[0].start == parts[0].start else parts


def _is_one_factor(tokens: Sequence[Token], scope: Scope) -> bool:
    """What stands between d and the slash is a bracket, a name or a call."""
    if not tokens:
        return True
    if tokens[0].kind == "open":
        return group_end(tokens, 0) == len(tokens) - 1
    found = name_at(tokens, 0, latex=scope.latex)
    end = found[1] if found is not None else 0
    return found is not None and (
        end == len(tokens) or (tokens[end].kind == "open" and group_end(tokens, end) == len(tokens) - 1)
    )


def _is_number(below: Sequence[Token], names: Sequence[str], operand: Sequence[Token], scope: Scope) -> bool:
    """Whether dx is a name of its own: it stands in what follows, too, and x does not."""
    inside = {t.text for t in operand if t.kind == "word"}
    return not set(names) & set(names_in(operand, latex=scope.latex)) and any(f"d{name}" in inside for name in names)
