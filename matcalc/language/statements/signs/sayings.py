r"""What words in a formula say of names: `\text{for symmetric } W`, `W \text{ symmetric}`, `\text{if } W \text{ is symmetric}`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from matcalc.language.statements.scope import Scope
from matcalc.language.statements.signs.spelled_names import whole_name
from matcalc.language.statements.tokens import Token, split_at
from matcalc.language.surroundings.in_words import in_words
from matcalc.language.words.names import canonical_name
from matcalc.patterns import pattern

__all__ = ["begins_saying", "is_property", "said_kinds"]

_CONDITION = "if|when|whenever|for|provided|since|because|as|assuming|with|where"
_BEFORE = pattern(rf"(?:(?:{_CONDITION}|all|any|every|each|an?|the|is|are|being|both|and)(?:\s+|$))+", re.IGNORECASE)
#: Words of plain text that are no names beside a name.
_PLAIN = frozenset(
    "is are symmetric skew positive definite semidefinite invertible nonsingular orthogonal diagonal".split()
)


def said_kinds(tokens: Sequence[Token], scope: Scope) -> dict[str, str] | None:
    """The kinds of the names of which words say something; None where the tokens say anything else."""
    if len(tokens) == 1 and "$" in tokens[0].text:
        return _whole_sentence(tokens[0].text)
    words = [t for t in tokens if _is_word(t, scope)]
    kind = _kind(" ".join(t.text for t in words))
    if not kind:
        return None
    rest = [t for t in tokens if not _is_word(t, scope) or t.text == "and"]
    names = [whole_name(part, latex=scope.latex) for part in split_at(rest, ",", "and")] if rest else [None]
    return None if None in names else {name: kind for name in names if name is not None}


def _whole_sentence(text: str) -> dict[str, str] | None:
    r"""\text{if $A$ is symmetric}"""
    said = _BEFORE.sub("", text.strip(" (),."), count=1).strip()
    behind = re.fullmatch(r"([A-Za-z -]+) (\$[^$]+\$)", said)
    found = in_words(f"{behind.group(2)} is {behind.group(1)}" if behind else said)
    if not found or any(saying.rest or not saying.kind for saying in found):
        return None
    return {canonical_name(name): saying.kind for saying in found for name in saying.names}


def begins_saying(token: Token) -> bool:
    r"""Whether it is \text{for symmetric}, which is read together with the name behind it."""
    if token.kind == "upright" and "$" in token.text:
        return _whole_sentence(token.text) is not None
    return is_property(token) and re.match(rf"\(?(?:{_CONDITION})\s", token.text, re.IGNORECASE) is not None


def is_property(token: Token) -> bool:
    r"""Whether it is \text{symmetric} or \text{for symmetric}, and no name."""
    return token.kind == "upright" and bool(_kind(token.text))


def _is_word(token: Token, scope: Scope) -> bool:
    if token.kind == "word" and token.text.lower() in _PLAIN:
        return not scope.latex or len(token.text) > 3  # in LaTeX is may be a product
    return token.kind == "upright"


def _kind(said: str) -> str:
    """The kind that words say without a name, such as symmetric(n)."""
    what = _BEFORE.sub("", f"{said.strip(' (),.')} ").strip()
    found = in_words(f"X is {what}") if re.search("[a-z]{4}|spd|psd", what, re.IGNORECASE) else None
    return found[0].kind if found and len(found) == 1 and not found[0].rest else ""
