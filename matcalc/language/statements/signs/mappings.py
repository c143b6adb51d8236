r"""Functions without an equals sign: `f: x \mapsto …`, ``lambda x: …``, ``@(x) …``, ``x -> …``, ``def f(x): return …``."""

from __future__ import annotations

from collections.abc import Sequence

from matcalc.language.statements.scope import Scope
from matcalc.language.statements.signs.calls import names_before
from matcalc.language.statements.signs.spelled_names import name_at, names_in
from matcalc.language.statements.tokens import Token, group_end
from matcalc.records import dataclass

__all__ = ["Mapping", "mapping_at"]

_ARROWS = (r"\mapsto", r"\longmapsto", "↦", "->", "→", r"\to", r"\rightarrow", "=>")


@dataclass(frozen=True)
class Mapping:
    """The head of such a function: its name, its arguments, and the index of what follows."""

    name: str | None
    spelling: str
    arguments: tuple[str, ...]
    end: int


def mapping_at(tokens: Sequence[Token], scope: Scope) -> Mapping | None:
    """The mapping that the tokens begin with."""
    name, spelling, i = _named(tokens, scope)
    found = _head(tokens[i:], scope)
    if found is None:
        return None
    own, arguments, end = found
    if not set(arguments) & set(names_in(tokens[i + end :], latex=scope.latex)):
        return None
    return Mapping(own or name, own or spelling, arguments, i + end)


def _named(tokens: Sequence[Token], scope: Scope) -> tuple[str | None, str, int]:
    """``f :`` or ``f =`` before the mapping."""
    found = name_at(tokens, 0, latex=scope.latex)
    if found is not None and found[1] < len(tokens) and tokens[found[1]].text in (":", r"\colon", "=", ":=", "<-"):
        return found[0], scope.spelled(tokens[: found[1]]), found[1] + 1
    return None, "", 0


def _head(tokens: Sequence[Token], scope: Scope) -> tuple[str | None, tuple[str, ...], int] | None:
    """The name that it gives itself, the arguments, and the end of the head."""
    words = [t.text for t in tokens[:2]]
    if words[:1] == ["lambda"]:
        found = names_before(tokens[1:], scope, ":")
        return None if found is None else (None, found[0], found[1] + 1)
    if words[:1] == ["@"] or (words == ["function", "("]):
        return _bracketed(tokens[1:], scope, 1)
    if words[:1] == ["def"] and len(words) == 2:
        found_def = _bracketed(tokens[2:], scope, 2)
        end = found_def[2] if found_def is not None else 0
        rest = [t.text for t in tokens[end : end + 2]]
        return (words[1], found_def[1], end + 2) if found_def is not None and rest == [":", "return"] else None
    found = names_before(tokens, scope, *_ARROWS)
    if found is not None:
        return None, *found
    bracketed = _bracketed(tokens, scope, 0)
    if bracketed is not None and bracketed[2] < len(tokens) and tokens[bracketed[2]].text in _ARROWS:
        return None, bracketed[1], bracketed[2] + 1
    return None


def _bracketed(tokens: Sequence[Token], scope: Scope, before: int) -> tuple[None, tuple[str, ...], int] | None:
    """``(x, y)``"""
    if not tokens or tokens[0].text != "(":
        return None
    end = group_end(tokens, 0)
    found = names_before(tokens[1 : end + 1], scope, ")")
    return None if found is None or found[1] != end else (None, found[0], before + end + 1)
