"""Hints about a translated text as hints about the code: what is declared behind it is declared behind the code."""

from __future__ import annotations

import re

from matcalc.errors import Fix, Hint, Offers
from matcalc.language.clauses import split_where
from matcalc.patterns import pattern

__all__ = ["in_code"]

_DECLARED = pattern(r"(?: where |[,;] )(?P<said>.*)\Z", re.DOTALL)


def in_code(hint: Hint, text: str, code: str) -> Hint:
    """The same hint, its changes, if they only declare, made to the code."""
    parts = [_moved(part, text, code) if isinstance(part, Offers) else part for part in hint.parts]
    return Hint(*parts, joint=hint.joint)


def _moved(offers: Offers, text: str, code: str) -> str | Offers:
    declared = [_declared(fix, text) for _, fix in offers.choices]
    if not all(declared):
        return str(offers)
    fixes = [_declaring(str(said), code) for said in declared]
    copied = all(_copied(fix.applied(text)) == words for words, fix in offers.choices)
    if copied and "\n" not in code.strip():
        words = [_copied(fix.applied(code)) for fix in fixes]
        return Offers(offers.sentence, tuple(zip(words, fixes, strict=True)))
    said = [str(d) for d in declared] if copied else [words for words, _ in offers.choices]
    return Offers("declare {}" if copied else offers.sentence, tuple(zip(said, fixes, strict=True)))


def _declared(fix: Fix, text: str) -> str | None:
    """What a change declares, if it does nothing else."""
    if len(fix.edits) != 1 or fix.edits[0][0] != (len(text.rstrip()),) * 2:
        return None
    found = _DECLARED.match(fix.edits[0][1])
    return found["said"] if found else None


def _declaring(said: str, code: str) -> Fix:
    end = len(code.rstrip())
    return Fix((((end, end), f"{' where ' if split_where(code) < 0 else ', '}{said}"),))


def _copied(text: str) -> str:
    return f'"{" ".join(text.split())}"'
