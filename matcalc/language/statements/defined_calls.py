"""f(x) of an f that ``where`` defines by an expression in x: its value, and not f times x."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from matcalc.errors import Span, SyntaxFault
from matcalc.language.declarations import Where
from matcalc.language.statements.around import scope_of
from matcalc.language.statements.refused.refusals import derivative_inside, fault
from matcalc.language.statements.scope import Scope
from matcalc.language.statements.signs.spelled_names import name_at, names_in, whole_name
from matcalc.language.statements.tokens import Token, group_end, scan, split_at
from matcalc.language.words.names import FUNCTION_LETTERS, PRIMES

__all__ = ["without_arguments"]


def without_arguments(text: str, body: Span, declared: Where, *, latex: bool) -> None:
    """The brackets behind such names are not read.

    Raises SyntaxFault for f'(x), a derivative within an expression, and for f(x + h).
    """
    scope = scope_of(text, declared, latex=latex)
    spans = dict(declared.definitions)
    inside = {name: set(names_in(scan(text, span, latex=latex), latex=latex)) for name, span in spans.items()}
    for span in (body, *spans.values()):
        declared.blanks.extend(_arguments(scan(text, span, latex=latex), inside, scope))


def _arguments(tokens: Sequence[Token], inside: Mapping[str, set[str]], scope: Scope) -> Iterator[Span]:
    i = 0
    while i < len(tokens):
        found = name_at(tokens, i, latex=scope.latex)
        if found is None or found[0] not in inside:
            i = found[1] if found is not None else i + 1
            continue
        start, end = i, found[1]
        while end < len(tokens) and tokens[end].text in PRIMES:
            end += 1
        i = end
        if end < len(tokens) and tokens[end].text == "(" and tokens[end].start == tokens[end - 1].end:
            closing = min(group_end(tokens, end), len(tokens) - 1)
            own = _are_names(tokens[end + 1 : closing], inside[found[0]], scope)
            if end > found[1] and (own or found[0] in FUNCTION_LETTERS):
                raise derivative_inside(tokens[start : closing + 1], scope)
            if own:
                yield tokens[end].start, tokens[closing].end
            elif found[0] in FUNCTION_LETTERS:
                raise _of_other_arguments(tokens[start:closing], scope)


def _of_other_arguments(tokens: Sequence[Token], scope: Scope) -> SyntaxFault:
    name = scope.spelled(tokens[:1])
    hint = (
        f"write {name} * (…) for a product; its value elsewhere is what it is defined as, with the other argument in it"
    )
    return fault(f"{name} is used with other arguments than it is defined with", "rows", tokens, scope, hint)


def _are_names(tokens: Sequence[Token], known: set[str], scope: Scope) -> bool:
    """Whether these are names, between commas, of which the definition is made."""
    parts = [whole_name(part, latex=scope.latex) for part in split_at(tokens, ",", ";")]
    return bool(tokens) and all(name in known for name in parts)
