"""Which names before a bracket are functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lark import Token

from matcalc.errors import MatcalcError, Span, SyntaxFault, UnknownNameError
from matcalc.language.bars import span_of
from matcalc.language.elsewhere import ELSEWHERE
from matcalc.language.function_letters import ALSO_LETTERS, function_of_letter
from matcalc.language.names import canonical_name, is_greek, nearest
from matcalc.language.open_calls import OpenCalls

if TYPE_CHECKING:
    from matcalc.language.arrange import Reading

__all__ = ["mark_functions"]


def mark_functions(tokens: list[Token], context: Reading) -> list[Token]:
    """The tokens with FUNCTION for a name before a bracket that is one: known, or open."""
    tokens = OpenCalls(
        tokens,
        context.text,
        is_open=lambda name, calls, bare: name in context.open_functions,
        may_be_open=lambda name: name in context.open_functions,
        is_free=lambda name: name not in context.declared,
    ).run()
    _mark_known(tokens, context)
    return tokens


def _mark_known(tokens: list[Token], context: Reading) -> None:
    """A known, undeclared name before a parenthesis is a function; an unknown word there is a mistake."""
    for i, token in enumerate(tokens):
        if token.type != "NAME":
            continue
        name = canonical_name(token)
        if name in context.declared:
            continue
        called = i + 1 < len(tokens) and tokens[i + 1].type == "LPAR"
        if called and name in ALSO_LETTERS:
            function = function_of_letter(tokens, i, context)
            if function is not None:
                tokens[i] = Token("FUNCTION", function, start_pos=token.start_pos, end_pos=token.end_pos)
        elif called and context.functions(name) is not None:
            token.type = "FUNCTION"
        elif called and (_is_word(name) or name in ELSEWHERE):
            raise unknown_function(name, span_of(token), context)
        elif called and _may_be_called(name, tokens, i, context):
            raise _function_or_factor(name, token, context)


def _is_word(name: str) -> bool:
    return len(name) > 1 and name.isalpha() and not is_greek(name) and name != "pi"


def unknown_function(name: str, span: Span, context: Reading) -> MatcalcError:
    """The error for a word before a parenthesis that is no function."""
    elsewhere = ELSEWHERE.get(name)
    close = elsewhere or nearest(name, context.function_names())
    hint = f"did you mean {close}?" if close else f"declare {name}, or write {name} * (…), if it is a factor"
    return UnknownNameError(
        f"unknown function {name}", code="unknown-function", text=context.text, span=span, hint=hint
    )


def _may_be_called(name: str, tokens: list[Token], i: int, context: Reading) -> bool:
    """Whether a bracket that touches a name may hold its argument: always after sigma and d, in LaTeX a name alone."""
    if name in _OFTEN_FUNCTIONS:
        return tokens[i + 1].start_pos == tokens[i].end_pos
    between = context.text[tokens[i].end_pos : tokens[i + 1].start_pos]
    alone = [t.type for t in tokens[i + 1 : i + 4]] == ["LPAR", "NAME", "RPAR"]
    number = is_greek(name) and name.islower() and name not in ("phi", "psi")
    return context.latex and alone and not number and not any(c.isspace() for c in between)


#: Letters that mean a function directly before a bracket, and what is written for it.
_OFTEN_FUNCTIONS = {
    "sigma": "the logistic function is sigmoid(…)",
    "d": "of a differential, type the function only",
}


def _function_or_factor(name: str, token: Token, context: Reading) -> MatcalcError:
    product = (
        rf"{context.text[token.start_pos : token.end_pos]} \cdot (…)" if "\\" in context.text else f"{token} * (…)"
    )
    return SyntaxFault(
        f"{name} before a bracket may be a function or a factor",
        code="function-or-factor",
        text=context.text,
        span=span_of(token),
        hint=f"{_OFTEN_FUNCTIONS.get(name, f'declare {name}: function if it is one')}; a product is {product}",
    )
