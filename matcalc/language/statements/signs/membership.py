r"""What a text says of its names beside the expression: `x \in \mathbb R^n` is a declaration, `A x = b` is not."""

from __future__ import annotations

import re
from collections.abc import Sequence

from matcalc.language.statements.scope import Scope
from matcalc.language.statements.signs.calls import names_before
from matcalc.language.statements.signs.spelled_names import name_at
from matcalc.language.statements.tokens import RELATIONS, Token, group_end, inner, split_at
from matcalc.patterns import pattern

__all__ = ["is_condition", "is_set", "kinds_of", "signature_of"]

_REALS = frozenset(["R", "ℝ", "𝐑", "Re", r"\R", r"\Re", r"\reals", r"\Reals"])
_SYMMETRIC = {"": "symmetric", "+": "psd", "++": "spd"}
_SIZE = pattern(r"[A-Za-z][A-Za-z0-9]?|[0-9]+")


def is_condition(tokens: Sequence[Token]) -> bool:
    """Whether a relation other than an equality stands in it, outside of brackets."""
    depth = min((t.depth for t in tokens), default=0)
    signs = [t.text for t in tokens if t.depth == depth and t.text in RELATIONS - {"=", ":=", "≔", "≜", "≡"}]
    return bool(signs) or any(t.text == "in" for t in tokens[1:2])


def is_set(tokens: Sequence[Token]) -> bool:
    r"""\{x \mid a^\top x < b\}, a set by what its members fulfil."""
    if len(tokens) < 4 or tokens[0].text not in (r"\{", "{") or group_end(tokens, 0) != len(tokens) - 1:
        return False
    inside = [t.text for t in tokens[1:-1] if t.depth == tokens[1].depth]
    return r"\mid" in inside or ":" in inside or inside.count("|") % 2 == 1


def kinds_of(tokens: Sequence[Token], scope: Scope) -> dict[str, str] | None:
    r"""The kinds of the names in `x, y \in \mathbb R^n`; None where it says something else."""
    named = names_before(tokens, scope, r"\in", "∈", "in")
    if named is None:
        return None
    kind = _kind(tokens[named[1] :], scope)
    return None if kind is None else dict.fromkeys(named[0], kind)


def signature_of(tokens: Sequence[Token], scope: Scope) -> str | None:
    r"""The kind of the argument in `f: \mathbb R^n \to \mathbb R`; "" where it is none of ours; None for other texts."""
    named = name_at(tokens, 0, latex=scope.latex)
    if named is None or named[1] >= len(tokens) or tokens[named[1]].text not in (":", r"\colon"):
        return None
    sets = split_at(tokens[named[1] + 1 :], r"\to", r"\rightarrow", "->", "→")
    if len(sets) != 2 or _kind(sets[1], scope) is None:
        return None
    return _kind(sets[0], scope) or ""


def _kind(tokens: Sequence[Token], scope: Scope) -> str | None:
    r"""\mathbb R is scalar, \mathbb R^n vector(n), \mathbb R^{m \times n} matrix(m, n), S_{++}^n spd(n)."""
    found = name_at(tokens, 0, latex=scope.latex) if tokens and tokens[0].text not in _REALS else None
    end = found[1] if found is not None else 1
    letter = found[0] if found is not None else "R" if tokens else ""
    marks = _marks(tokens[end:])
    if marks is None:
        return None
    sign, sizes = marks
    if letter in _REALS and sign in ("", "+", "++"):
        return _real(sizes, positive=sign == "++")
    if letter == "S" and len(sizes) == 1 and sign in _SYMMETRIC:
        return f"{_SYMMETRIC[sign]}({sizes[0]})"
    return None


def _real(sizes: Sequence[str], *, positive: bool) -> str | None:
    kind = ("scalar", "vector", "matrix")[len(sizes)] if len(sizes) < 3 else None
    if kind is None:
        return None
    inside = ", ".join([*sizes, *(["positive"] if positive else [])])
    return f"{kind}({inside})" if inside else kind


def _marks(tokens: Sequence[Token]) -> tuple[str, list[str]] | None:
    """The sign below and the sizes above; None where anything else stands there."""
    sign, sizes = "", ""
    i = 0
    while i < len(tokens):
        mark, group, i = tokens[i].text, *_group(tokens, i + 1)
        shown = "".join(t.text for t in inner(group))
        if mark == "_" and set(shown) == {"+"}:
            sign = shown
        elif mark == "^" and not sizes:
            sizes = shown
        else:
            return None
    parts = re.split(r"\\times|×|\*|x", sizes) if sizes else []
    return (sign, parts) if all(_SIZE.fullmatch(p) for p in parts) else None


def _group(tokens: Sequence[Token], i: int) -> tuple[Sequence[Token], int]:
    if i < len(tokens) and tokens[i].kind == "open":
        end = next((k for k in range(i + 1, len(tokens)) if tokens[k].depth == tokens[i].depth), len(tokens))
        return tokens[i + 1 : end], end + 1
    end = i + 1
    while i < len(tokens) and tokens[i].text == "+" and end < len(tokens) and tokens[end].text == "+":
        end += 1
    return tokens[i:end], end
