r"""\mathcal N(x \mid \mu, \Sigma) and \mathcal N(x; \mu, \sigma^2) are densities of the normal distribution [Bishop 2006, 2.3]."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lark import Token

from matcalc.language.latex.latex_scan import CLOSER, joined, place
from matcalc.language.latex.latex_signs import BRACKETS, DELIMITER_SIZES
from matcalc.language.surface.arrange import Reading, span_of
from matcalc.notes import Note
from matcalc.patterns import pattern

__all__ = ["with_densities"]

_FACES = frozenset({r"\mathcal", r"\mathscr", r"\cal"})
_GIVEN = frozenset({"|", r"\mid", r"\vert", r"\,|\,", ";"})
#: A density with its parts in braces, for vectors and for numbers; each token is set in spaces.
_OF_VECTORS = r"\exp ( - \frac {1} {2} ( {x} {m} ) ^ { \top } ( {v} ) ^ { - 1 } ( {x} {m} ) - \frac {1} {2} \log \det ( 2 \pi ( {v} ) ) )"
_OF_NUMBERS = r"\exp ( - \frac { ( {x} {m} ) ^ {2} } { 2 ( {v} ) } - \frac {1} {2} \log ( 2 \pi ( {v} ) ) )"
_TYPES = {"(": "LPAR", ")": "RPAR", "{": "LBRACE", "}": "RBRACE", "^": "CARET", "-": "SIGN", "+": "SIGN"}
#: What has a capital letter is a matrix: \Sigma_k, S, \sigma^2 I, \Lambda^{-1}.
_MATRIX = pattern(r"[A-Z]|diag")
#: An identity matrix, which does not tell how many rows it has: x does.
_IDENTITY = pattern(r"(?<![A-Za-z\\])I(?![A-Za-z_])")


def with_densities(tokens: list[Token], context: Reading) -> list[Token]:
    """The tokens with every density written out; the notes say so."""
    found: list[Token] = []
    i = 0
    while i < len(tokens):
        end, parts = _density(tokens, i) if tokens[i] in _FACES and "N" not in context.declared else (i, [])
        if parts:
            span = (span_of(tokens[i])[0], span_of(tokens[end - 1])[1])
            found += _written_out(parts, span, context)
            i = end
        else:
            found.append(tokens[i])
            i += 1
    return found


def _density(tokens: Sequence[Token], start: int) -> tuple[int, list[list[Token]]]:
    """The place behind a density that begins here, and x, mean and covariance; no parts where none begins."""
    i = start + 1
    letter = joined(tokens[i : i + 3])
    i += 3 if letter == "{N}" else 1 if tokens[i : i + 1] == ["N"] else 0
    i += i < len(tokens) and tokens[i] in DELIMITER_SIZES
    if i == start + 1 or i >= len(tokens) or tokens[i] != "(":
        return start, []
    parts: list[list[Token]] = [[]]
    depth = 1
    for k in range(i + 1, len(tokens)):
        token = tokens[k]
        kind = BRACKETS.get(token, (token.type, ""))[0]
        depth += (kind in CLOSER) - (kind in CLOSER.values())
        if depth == 0:
            return (k + 1, parts) if len(parts) == 3 and all(parts) else (start, [])
        if depth == 1 and (token in _GIVEN if len(parts) == 1 else token.type == "COMMA"):
            parts.append([])
        elif not (depth == 1 and token in DELIMITER_SIZES and tokens[k + 1 : k + 2] == [")"]):
            parts[-1].append(token)
    return start, []


def _written_out(parts: list[list[Token]], span: tuple[int, int], context: Reading) -> list[Token]:
    x, mean, spread = parts
    of_vectors = bool(
        _MATRIX.search(re.sub(r"\\(?!Sigma|Lambda|Psi|Phi|Gamma|Omega|Theta|diag)[A-Za-z]+", "", joined(spread)))
    )
    shown = context.text[slice(*span)]
    what, other = ("a vector", "a variance") if of_vectors else ("a number", "a covariance matrix")
    message = f"{shown} is read as the density of the normal distribution of {what}"
    context.notes.append(Note(message, f"write the density out for one with {other}", "density", context.text, span))
    less = [] if joined(mean) == "0" else [*_tokens("- (", span), *mean, *_tokens(")", span)]
    filled = {"{x}": x, "{m}": less, "{v}": spread}
    template = _OF_VECTORS if of_vectors else _OF_NUMBERS
    if _IDENTITY.search(joined(spread)):
        filled["{I}"] = [*spread, *_tokens("+ 0 (", span), *x, *less, *_tokens(") (", span), *x, *less]
        filled["{I}"] += _tokens(r") ^ { \top }", span)
        template = template.replace(r"\pi ( {v} )", r"\pi ( {I} )")
    return [t for word in template.split() for t in (filled[word] if word in filled else _tokens(word, span))]


def _tokens(text: str, span: tuple[int, int]) -> list[Token]:
    pieces = re.findall(r"\\[a-z]+|\d|[^\s\\\d]", text)
    return [place(_TYPES.get(p, "NUMBER" if p.isdigit() else "COMMAND"), p, span) for p in pieces]
