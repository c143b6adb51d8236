"""Several statements of code: assignments, then an expression, perhaps in the body of a function."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from matcalc.errors import Span
from matcalc.language.foreign.code import Code, Fault, joined, plain
from matcalc.language.foreign.pratt import Grammar, parse

__all__ = ["function_of", "program", "split"]


def program(text: str, statements: Sequence[Span], assigned: re.Pattern[str], grammar: Grammar) -> Code:
    """The value of the last statement; the assignments before it are definitions."""
    told = [s for s in statements if text[slice(*s)].strip()] or [(0, len(text))]
    definitions: list[Code] = []
    names: dict[str, Code] = {}
    for span in told[:-1]:
        head = assigned.match(text, *span)
        if head is None:
            raise Fault("only assignments stand before an expression here", span)
        value = _part(text, (head.end(), span[1]), grammar, names)
        written = _written(head.group(1), grammar, span)
        name = written if written not in names else f"{written}_{len(names) + 1}"
        definitions.append(joined([f"{name} = ", value], span))
        names[head.group(1)] = names[name] = replace(plain(name, span, number=value.number), axes=value.kind)
    head = assigned.match(text, *told[-1])
    code = _part(text, (head.end() if head else told[-1][0], told[-1][1]), grammar, names)
    if not definitions:
        return code
    pieces: list[str | Code] = [code, " where "]
    for i, definition in enumerate(definitions):
        pieces += ["; " if i else "", definition]
    return joined(pieces, (0, len(text)))


def _written(name: str, grammar: Grammar, span: Span) -> str:
    return grammar.name(name, span).text


def _part(text: str, span: Span, grammar: Grammar, names: Mapping[str, Code]) -> Code:
    """A part of the text at its own place."""

    def name_of(name: str, place: Span) -> Code:
        known = names.get(name)
        return (
            grammar.name(name, place)
            if known is None
            else replace(known, parts=((known.text, place),), value=known.text)
        )

    return parse(" " * span[0] + text[slice(*span)], replace(grammar, name=name_of))


_OPEN = re.compile(r"[-+*/,=<^&|~\\(\[{]\s*\Z|%\*%\s*\Z")


def split(text: str, span: Span, ends: str) -> list[Span]:
    """The statements of a part of the text: between these signs, outside of brackets; a line that ends open goes on."""
    found: list[Span] = []
    depth, start = 0, span[0]
    for i in range(*span):
        depth += (text[i] in "([{") - (text[i] in ")]}")
        if depth <= 0 and text[i] in ends and not (text[i] == "\n" and _OPEN.search(text[max(start, i - 8) : i])):
            found.append((start, i))
            start = i + 1
    return [*found, (start, span[1])]


def function_of(name: str, arguments: str, body: Code, span: Span) -> Code:
    """f(arguments) = body, by a name that does not occur in it."""
    name = name if len(name) == 1 else "f"
    while re.search(rf"\b{re.escape(name)}\b", body.text) or re.search(rf"\b{re.escape(name)}\b", arguments):
        name += "_1"
    return joined([f"{name}({arguments}) = ", body], span) if arguments.strip() else body
