"""Hints that can be followed: the sentence for a reader and the change of the text come from the same words.

`try_out` leaves out what does not lead to a text that is accepted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from itertools import islice

from matcalc.errors import Fix, Hint, MatcalcError, Offers, Span
from matcalc.expr import Dim
from matcalc.language.clauses import clauses_of_where, split_where
from matcalc.language.words.names import canonical_name

__all__ = [
    "Offer",
    "declare",
    "declare_all",
    "declared_alike",
    "did_you_mean",
    "either",
    "is_bracketed",
    "offer",
    "replaced",
    "shown",
    "try_out",
    "unbracketed",
    "write",
]

#: Longer sources are shortened in a message.
LONGEST_SOURCE = 40
#: Longer offers are shortened; their fix is whole.
LONGEST_OFFER = 60
#: The hints of longer texts are not tried.
LONGEST_TRIED = 2000

#: So many changes are tried where an error proposes none, and so many are told.
MOST_PROPOSED, MOST_FOUND = 12, 3

#: What is written, and what for.
Offer = str | tuple[str, str]

_trying: ContextVar[bool] = ContextVar("matcalc_trying_a_hint", default=False)


def shown(source: str, longest: int = LONGEST_SOURCE) -> str:
    """A source as it stands in a message."""
    half = longest // 2 - 2
    return source if len(source) <= longest else f"{source[:half]} … {source[-half:]}"


def replaced(span: Span, instead: str) -> Fix:
    """The fix that writes something in place of a span."""
    return Fix(((span, instead),))


def write(span: Span, *instead: Offer) -> Hint:
    """write a, b or c"""
    return offer("write {}", span, *instead)


def did_you_mean(span: Span, *instead: Offer) -> Hint:
    """did you mean a, b or c?"""
    return offer("did you mean {}?", span, *instead)


def offer(sentence: str, span: Span, *offers: Offer) -> Hint:
    """A sentence about all that may stand in place of the span, each perhaps with what it is for."""
    pairs = [(o, "") if isinstance(o, str) else o for o in offers]
    words = [f"{shown(instead, LONGEST_OFFER)} {purpose}".rstrip() for instead, purpose in pairs]
    fixes = [replaced(span, instead) for instead, _ in pairs]
    return Hint(Offers(sentence, tuple(zip(words, fixes, strict=True))))


def declare(text: str, *declarations: str, sentence: str = "declare {}") -> Hint:
    """declare s: scalar, in place of what the text says of that name, else behind all that it says."""
    return Hint(Offers(sentence, tuple((d, _declaring(text, d)) for d in declarations)))


def declare_all(text: str, declarations: Sequence[str]) -> Hint:
    """declare A: matrix(m, n), B: matrix(p, q): all of them at once."""
    together = ", ".join(declarations)
    return Hint(Offers("declare {}", ((together, _declaring(text, together)),)))


def _declaring(text: str, declaration: str) -> Fix:
    end = len(text.rstrip())
    start = split_where(text)
    if start < 0:
        return replaced((end, end), f" where {declaration}")
    inside = start + len("where")
    for left, right in clauses_of_where(text, inside):
        name, colon, _ = text[left:right].partition(":")
        if colon and canonical_name(name.strip()) == declaration.partition(":")[0]:
            return replaced((left, right), declaration)
    return replaced((end, end), f"{', ' if text[inside:].strip() else ' '}{declaration}")


def unbracketed(source: str) -> str:
    """What stands in brackets that stand around all of it."""
    return source[1:-1].strip() if is_bracketed(source) else source


def is_bracketed(source: str) -> bool:
    """Whether the first bracket is closed by the last one."""
    depth = 0
    for i, sign in enumerate(source):
        depth += (sign == "(") - (sign == ")")
        if depth == 0:
            return sign == ")" and i == len(source) - 1
    return False


def either(*hints: str | None, joint: str = "; or ") -> Hint | None:
    """One hint of several, with the offers of all of them."""
    found = [hint for hint in hints if hint]
    parts = [part for hint in found for part in (hint.parts if isinstance(hint, Hint) else (hint,))]
    return Hint(*parts, joint=joint) if found else None


def declared_alike(text: str, bodies: Mapping[str, Span], pairs: Iterable[tuple[Dim, Dim]]) -> Hint | None:
    """The declarations of the text, each with its place, with one size for two that have to be equal.

    None where such sizes do not come from them.
    """
    renamed: dict[str, str] = {}
    for first, second in pairs:
        kept, given_up = (second, first) if first.value is None and second.value is not None else (first, second)
        if first != second:
            if not re.fullmatch(r"[A-Za-z]\w*", str(given_up)) and not _stands_once(str(given_up), text, bodies):
                return None
            if kept.is_one or given_up.is_one:
                return None
            renamed[str(given_up)] = str(kept)
    edits: list[tuple[Span, str]] = []
    words: list[str] = []
    for name, span in bodies.items():
        before = text[slice(*span)]
        after = re.sub(r"\w+", lambda word: renamed.get(word.group(), word.group()), before)
        if after != before:
            edits.append((span, after))
            words.append(f"{name}: {after.strip()}")
    return Hint(Offers("declare {}", ((", ".join(words), Fix(tuple(edits))),))) if edits else None


def _stands_once(size: str, text: str, bodies: Mapping[str, Span]) -> bool:
    """Whether a number is the size of one side of one variable only."""
    return size.isdigit() and sum(re.findall(r"\w+", text[slice(*span)]).count(size) for span in bodies.values()) == 1


def try_out(error: MatcalcError, text: str, accept: Callable[[str], object]) -> None:
    """Leave out of the hint what does not lead to a text that is accepted.

    Where nothing does, the hint is given changes that are found.
    """
    if error.text != text or len(text) > LONGEST_TRIED or _trying.get():
        return
    offered = error.offered.fixes if error.offered is not None else ()
    token = _trying.set(True)
    try:
        accepted = _with_other_meanings(offered, text, accept)
        chained = list(_chained(offered[0], text, accept)) if not accepted and len(offered) == 1 else []
        found = [] if accepted or chained else _mends(error, text, accept)
    finally:
        _trying.reset(token)
    if error.offered is not None and accepted and len(accepted) < len(offered):
        error.offering(error.offered.only(accepted))
    elif changed := chained[:MOST_FOUND] or (found if offered else []):
        error.offering(_as_whole(changed, text))
    elif found:
        error.offering(_with_fixes(error.hint, text, found))
    elif error.offered is not None and offered and not accepted:
        error.offering(Hint(error.offered.only(()) or str(error.offered)))


def _with_fixes(hint: str | None, text: str, fixes: Sequence[Fix]) -> Hint:
    """The hint, which speaks of these changes, or with the texts themselves where it does not."""
    start = split_where(text)
    body = text[:start].rstrip() if start >= 0 else text.rstrip()
    choices = tuple((shown(" ".join(fix.applied(body).split()), LONGEST_OFFER), fix) for fix in fixes)
    if hint is None:
        return Hint(Offers("did you mean {}?", choices))
    if all(_is_said(fix, body, hint) for fix in fixes):
        return Hint(Offers(hint, choices))
    return Hint(hint, Offers("did you mean {}?", choices), joint="; ")


def _is_said(fix: Fix, text: str, hint: str) -> bool:
    """Whether a hint shows what the change writes, or the text that it gives."""
    written = [instead.strip() for _, instead in fix.edits if instead.strip()]
    return any(part in hint for part in written) or fix.applied(text).strip() in hint


def _as_whole(fixes: Sequence[Fix], text: str) -> Hint:
    """The texts that the changes give, or what they add at the end."""
    start = text.rstrip()
    mended = [fix.applied(text) for fix in fixes]
    if all(m.startswith(start) for m in mended):
        added = [(m[len(start) :].strip(), fix) for m, fix in zip(mended, fixes, strict=True)]
        return Hint(Offers("add: {}", tuple(added)))
    words = [shown(" ".join(m.split()), LONGEST_OFFER) for m in mended]
    return Hint(Offers("did you mean {}?", tuple(zip(words, fixes, strict=True))))


def _with_other_meanings(offered: Iterable[Fix], text: str, accept: Callable[[str], object]) -> list[Fix]:
    """What leads to a text that is accepted, and does not mean what one before it means."""
    found: dict[object, Fix] = {}
    for fix in offered:
        try:
            meaning = accept(fix.applied(text))
        except (MatcalcError, RecursionError):
            continue
        found.setdefault(_meaning(meaning), fix)
    return list(found.values())


def _meaning(parsed: object) -> object:
    """The expression in its variables, and what is asked of it."""
    node, statement = getattr(parsed, "node", None), getattr(parsed, "statement", None)
    asked = (statement.variables, statement.order, statement.sense) if statement is not None else ()
    declared = getattr(parsed, "declarations", {})
    functions = tuple(str(d) for d in declared.values() if d.is_function)
    return id(parsed) if node is None else (node, asked, functions)


def _chained(first: Fix, text: str, accept: Callable[[str], object]) -> Iterator[Fix]:
    """The change with the one that the next error offers, where that leads to a text that is accepted."""
    mended = first.applied(text)
    try:
        accept(mended)
    except MatcalcError as error:
        further = error.offered.fixes if error.offered is not None and error.text == mended else ()
        for fix in further:
            whole = fix.applied(mended)
            if _is_accepted(whole, accept):
                yield replaced((0, len(text)), whole)
    except RecursionError:
        return


def _mends(error: MatcalcError, text: str, accept: Callable[[str], object]) -> list[Fix]:
    """Changes that nobody proposed with the error, and that lead to a text that is accepted."""
    from matcalc.language.mends.mending import proposed

    changed = [fix for fix in islice(proposed(error, text), MOST_PROPOSED) if fix.applied(text) != text]
    found = _with_other_meanings(changed, text, accept)[:MOST_FOUND]
    return found or [fix for first in changed[:1] for fix in _chained(first, text, accept)][:MOST_FOUND]


def _is_accepted(text: str, accept: Callable[[str], object]) -> bool:
    try:
        accept(text)
    except (MatcalcError, RecursionError):
        return False
    return True
