"""The record of a statement, from the clause that is the function and what stands around it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from matcalc.errors import Span
from matcalc.language.statements.reading import Clause, body_span, is_sum
from matcalc.language.statements.records import Part, Statement
from matcalc.language.statements.refused.verdicts import choices_of, named_function
from matcalc.language.statements.scope import Scope
from matcalc.language.statements.signs.differentials import perturbed_names
from matcalc.language.statements.signs.optima import is_index
from matcalc.language.statements.signs.spelled_names import LeftSide, left_side, name_at, names_in
from matcalc.language.statements.tokens import Token, group_end
from matcalc.language.words.names import is_greek, spelled

__all__ = ["blanks_of", "calls_in", "part_of", "span_of_body", "statement_of"]


def statement_of(
    main: Clause, constraints: Sequence[Part], steps: Sequence[Sequence[Token]], scope: Scope
) -> Statement | None:
    """What the text says beside its expression; None where that is nothing."""
    if main.kind == "expression" and not constraints:
        return None
    left, operator, optimum = main.left, main.operator, main.optimum
    asked = main.kind in ("derivative", "differential")
    named = _name(main, scope)
    return Statement(
        text=scope.text,
        body=span_of_body(main, scope),
        head=scope.spelled(main.head),
        place=(main.head[0].start, main.head[-1].end) if main.head else (0, 0),
        name=named.name if named is not None else None,
        spelling=named.spelling if named is not None else "",
        arguments=left.arguments if left is not None else (),
        variables=operator.variables if operator is not None else (),
        choices=choices_of(main) or (_moving(main, scope) if main.kind == "differential" else ()),
        order=(operator.order if operator is not None else 1) if asked else 0,
        sense=optimum.sense if optimum is not None else "",
        seeks=optimum.seeks if optimum is not None else "",
        constraints=tuple(constraints),
        claims=tuple(part_of(side, scope) for side in main.further) if asked else (),
        steps=tuple(part_of(side, scope) for side in (*(() if asked else main.further), *steps)),
        indices=_indices(main, scope),
        recurs=_recurring(main, scope),
        stands_for=left is not None and left.is_expression,
        spreads=operator is not None and operator.function is None and is_sum(main.body),
        latex=scope.latex,
    )


def _indices(main: Clause, scope: Scope) -> tuple[str, ...]:
    """The letters below the name that are indices in the expression, too: p and q in K_{pq} = … x_p … x_q."""
    if main.left is None or main.left.called:
        return ()
    words = [[word] if is_greek(word) else list(word) for word in spelled(main.left.name).below if word.isalpha()]
    found = [letters for letters in words if len(letters) <= 3 and all(is_index(i, main.body, scope) for i in letters)]
    return tuple(dict.fromkeys(letter for letters in found for letter in letters))


def _recurring(main: Clause, scope: Scope) -> tuple[str, ...]:
    r"""The earlier and later values of what is defined: \sigma_{t-1} in \sigma_t^2 = … + \beta \sigma_{t-1}^2."""
    if main.left is None or main.left.called:
        return ()
    defined = [spelled(name) for name in names_in(main.head, latex=scope.latex)]
    if len(defined) != 1 or not defined[0].below:
        return ()
    word, index = defined[0].word, defined[0].below[0]
    found = (name for name in names_in(main.body, latex=scope.latex) if spelled(name).word == word)
    steps = (n for n in found if spelled(n).below[:1] == (index,) and spelled(n).below != defined[0].below)
    return tuple(dict.fromkeys(n for n in steps if {"minus", "plus"} & {*spelled(n).below, *defined[0].below}))


def part_of(tokens: Sequence[Token], scope: Scope) -> Part:
    """A piece of the text."""
    spelled = scope.spelled(tokens)
    spelled = spelled.replace(r"\!d", "d")  # that of a differential, which `clauses` sets
    return Part(f"${spelled}$" if scope.latex else spelled, body_span(tokens, scope.text))


def _moving(main: Clause, scope: Scope) -> tuple[str, ...]:
    """The variables whose differentials stand on the right: A and B in dA B + A dB."""
    found = (name for side in main.further for name in perturbed_names(side, scope))
    return tuple(dict.fromkeys(found))


def _name(main: Clause, scope: Scope) -> LeftSide | None:
    """What the function is called: before its equals sign, or as it is defined elsewhere."""
    if main.left is not None:
        return main.left if main.left.name else None
    known = named_function(main, scope)
    return left_side(main.body, scope.text, latex=scope.latex) if known in scope.defined else None


def span_of_body(main: Clause, scope: Scope) -> Span:
    """Where the expression stands; of f(x) where f is defined, the name alone."""
    known = named_function(main, scope)
    found = name_at(main.body, 0, latex=scope.latex) if known is not None and known in scope.defined else None
    return body_span(main.body[: found[1]] if found is not None else main.body, scope.text)


def blanks_of(main: Clause, definitions: Sequence[Clause], scope: Scope) -> tuple[Span, ...]:
    """What is not read within the expressions: a sign behind its factor, and the argument of h(x) where h(x) is defined."""
    called = {c.left.name: c.left.arguments for c in definitions if c.left is not None and c.left.called}
    return (
        *_signs(main),
        *(span for clause in (main, *definitions) for span in _arguments(clause.body, called, scope)),
    )


def _signs(main: Clause) -> Iterator[Span]:
    if main.factor and main.operator is not None:
        yield main.factor[-1].end, main.body[len(main.factor)].start


def _arguments(tokens: Sequence[Token], called: dict[str, tuple[str, ...]], scope: Scope) -> Iterator[Span]:
    """The brackets behind names with the arguments that these have on their left sides."""
    for name, arguments, span in _calls(tokens, set(called), scope):
        if arguments == called[name]:
            yield span


def calls_in(clauses: Iterable[Clause], names: set[str], scope: Scope) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each of these names before a bracket, with the names in it."""
    for clause in clauses:
        yield from ((name, inside) for name, inside, _ in _calls(clause.body, names, scope))


def _calls(tokens: Sequence[Token], names: set[str], scope: Scope) -> Iterator[tuple[str, tuple[str, ...], Span]]:
    """Each of these names before a bracket: with the names in it, and the place of the bracket."""
    i = 0
    while names and i < len(tokens):
        found = name_at(tokens, i, latex=scope.latex)
        i = found[1] if found is not None else i + 1
        if found is not None and found[0] in names and i < len(tokens) and tokens[i].text == "(":
            end = group_end(tokens, i)
            inside = tuple(names_in(tokens[i + 1 : end], latex=scope.latex))
            yield found[0], inside, (tokens[i].start, tokens[min(end, len(tokens) - 1)].end)
