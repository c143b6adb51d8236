"""Derivatives as programs and sentences ask for them: ``grad(f, x)``, ``D[f, {x, 2}]``, ``gradient of f with respect to x``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from matcalc.language.statements.scope import Operator, Scope
from matcalc.language.statements.signs.operators import WORDS, operator_at
from matcalc.language.statements.signs.spelled_names import name_at, whole_name
from matcalc.language.statements.tokens import Token, group_end, inner, split_at, starts_value

__all__ = ["by_at_end", "derivative_at", "names_before", "request_of", "without_words"]

#: Functions of other systems whose further arguments are taken in turn.
_IN_TURN = frozenset(["diff", "derivative", "differentiate", "d"])
#: Words that begin a sentence -> how often it differentiates.
_SENTENCES = WORDS | {"derivative": 1, "differentiate": 1, "gradients": 1, "diff": 1, "differential": 1}
_REQUESTED = frozenset("gradient hessian jacobian derivative differentiate".split())
_FILLING = frozenset("the of find compute calculate evaluate what is partial matrix second function".split())
_LONGEST_REQUEST = 16
_QUESTION = frozenset("how to do does can should would i we you one".split())
#: Words before a formula.
_BEFORE = frozenset("let suppose consider given where define find minimise function the".split())
#: Behind a derivative that words ask for, by and over say the same.
_SPOKEN_BY = (("by",), ("over",))
_BY = (("wrt",), ("w", ".", "r", ".", "t", "."), ("w", ".", "r", ".", "t"), ("with", "respect", "to"), ("w.r.t.",))
_BY_UPRIGHT = frozenset(["wrt", "w.r.t.", "w.r.t", "with respect to"])


def derivative_at(tokens: Sequence[Token], scope: Scope) -> Operator | None:
    """The sign, call or sentence of a derivative that the tokens begin with."""
    return (
        _call(tokens, scope)
        or _method(tokens, scope)
        or _sentence(tokens, scope)
        or _said(tokens, scope)
        or operator_at(tokens, scope)
    )


def _said(tokens: Sequence[Token], scope: Scope) -> Operator | None:
    """A sign among words: ``compute d/dW f``, ``d/dX of f``."""
    start = _words(tokens, scope)
    found = operator_at(tokens[start:], scope) if start < len(tokens) else None
    if found is None or (found.function is not None and found.operand):
        return None
    if len(found.operand) > 1 and found.operand[0].text == "of" and "of" not in scope.declared:
        return replace(found, head=[*tokens[:start], *found.head, found.operand[0]], operand=found.operand[1:])
    return replace(found, head=[*tokens[:start], *found.head]) if start else None


def _words(tokens: Sequence[Token], scope: Scope) -> int:
    """How many tokens are words such as compute and find."""
    i = 0
    while i < len(tokens) and tokens[i].kind in ("word", "upright") and tokens[i].text not in scope.declared:
        said = tokens[i].text.lower().split()
        if not said or not all(word in _FILLING or word == "differentiate" for word in said):
            break
        i += 1
    return i


# --- calls ------------------------------------------------------------------------------------


def _call(tokens: Sequence[Token], scope: Scope) -> Operator | None:
    """``grad(f, x)``, ``diff(f, x, 2)``, ``D[f, x]``, also behind the name of a module."""
    start = _after_module(tokens)
    if start + 1 >= len(tokens) or tokens[start + 1].text not in ("(", "[") or tokens[start].text in scope.declared:
        return None
    word = tokens[start].text.lower() if tokens[start].kind in ("word", "upright") else ""
    brackets = tokens[start + 1].text
    if word not in (WORDS.keys() | _IN_TURN) or (word == "d") != (brackets == "["):
        return None
    end = group_end(tokens, start + 1)
    function, *rest = split_at(tokens[start + 2 : end], ",") or [()]
    if not function or (not rest and (word in _IN_TURN or whole_name(function, latex=scope.latex) is not None)):
        return None
    named = _turns(rest, scope) if word in _IN_TURN else _together(rest, WORDS[word], scope)
    if named is None:
        return None
    turns, choices = named
    order = len(turns) if turns else WORDS[word]
    return Operator(turns, order, tokens[: start + 2], tokens[end + 1 :], function, choices)


def _after_module(tokens: Sequence[Token]) -> int:
    """The index behind ``sp.`` or ``torch.autograd.``."""
    i = 0
    while (
        i + 2 < len(tokens) and tokens[i].kind == "word" and tokens[i + 1].text == "." and tokens[i + 2].kind == "word"
    ):
        i += 2
    return i


Named = tuple[tuple[str, ...], tuple[str, ...]]


def _turns(arguments: Sequence[Sequence[Token]], scope: Scope) -> Named | None:
    """x, y in turn; {x, 2} and x, 2 are twice x."""
    turns: list[str] = []
    for argument in arguments:
        shown = "".join(t.text for t in argument)
        if shown.isdigit() and turns and int(shown) <= 6:
            turns += turns[-1:] * (int(shown) - 1)
            continue
        grouped = inner(argument)
        found = _turns(split_at(grouped, ","), scope) if len(grouped) < len(argument) else None
        name = whole_name(argument, latex=scope.latex)
        if found is not None:
            turns += found[0]
        elif name is not None:
            turns.append(name)
        else:
            return None
    return tuple(turns), ()


def _together(arguments: Sequence[Sequence[Token]], order: int, scope: Scope) -> Named | None:
    """The variables of a gradient: one, or several among which one is chosen."""
    names: list[str] = []
    for argument in arguments:
        for part in split_at(inner(argument), ",", ";"):
            name = whole_name(part, latex=scope.latex)
            if name is None:
                return None
            names.append(name)
    return (tuple(names) * order, ()) if len(names) == 1 else ((), tuple(names))


def _method(tokens: Sequence[Token], scope: Scope) -> Operator | None:
    """``(x.T * A * x).diff(x)``"""
    if scope.latex or len(tokens) < 6 or tokens[-1].text != ")":
        return None
    opener = next(
        (i for i in range(len(tokens) - 1, 2, -1) if tokens[i].text == "(" and tokens[i].depth == tokens[-1].depth), 0
    )
    if not opener or tokens[opener - 2].text != "." or tokens[opener - 1].text not in ("diff", "jacobian", "gradient"):
        return None
    named = _turns(split_at(tokens[opener + 1 : -1], ","), scope)
    if named is None or not named[0]:
        return None
    return Operator(named[0], len(named[0]), tokens[opener - 2 :], (), tokens[: opener - 2])


# --- sentences --------------------------------------------------------------------------------


def _sentence(tokens: Sequence[Token], scope: Scope) -> Operator | None:
    """``gradient of f with respect to x``, ``f wrt x``."""
    between = _by_between(tokens, scope)
    if between is not None:
        return between
    function, names = by_at_end(tokens, scope)
    start, order = _opening(function, scope)
    if start and not names:
        function, names = by_at_end(tokens, scope, _SPOKEN_BY)
    if not start and not names:
        return None
    rest = function[start:]
    if start == 1 and rest and rest[0].text == "(" and whole_name(inner(rest), latex=scope.latex) is not None:
        return None  # diff(x), the differences of x elsewhere
    sign = operator_at(rest, scope) if names and not start else None
    if not rest or sign is not None:
        return None
    turns = names * order if len(names) == 1 else ()
    return Operator(
        turns, order, function[:start], (), rest, () if turns else names, is_spoken=_is_spoken(function[:start])
    )


def _by_between(tokens: Sequence[Token], scope: Scope) -> Operator | None:
    """``gradient with respect to x of f``"""
    start, order = _opening(tokens, scope)
    length = _marker(tokens, start, _BY) if start else 0
    named = names_before(tokens[start + length :], scope, "of") if length else None
    if named is None:
        return None
    names, end = named[0], start + length + named[1]
    turns = names * order if len(names) == 1 else ()
    return Operator(turns, order, tokens[:end], (), tokens[end:], () if turns else names, is_spoken=True)


def request_of(tokens: Sequence[Token], scope: Scope) -> Operator | None:
    """Words that ask for a derivative of what stands elsewhere: ``find its Hessian``, ``gradient with respect to b``."""
    if len(tokens) > _LONGEST_REQUEST:
        return None
    said, names = by_at_end(tokens, scope)
    words = [word for token in said if token.text not in scope.declared for word in token.text.lower().split()]
    known = all(w in _FILLING or w in _REQUESTED or w in ("its", "s") for w in words) and all(
        t.kind in ("word", "upright") for t in said
    )
    order = max((_SENTENCES[w] for w in words if w in _REQUESTED), default=0)
    if not order or not known or len(words) < len(said):
        return None
    order += "second" in words
    turns = names * order if len(names) == 1 else ()
    return Operator(turns, order, tokens, (), None, () if turns else names, is_spoken=True)


def _is_spoken(head: Sequence[Token]) -> bool:
    """Whether words such as of stand beside the gradient; grad f = … is a claim."""
    return any(word in _FILLING or word == "differentiate" for token in head for word in token.text.lower().split())


def _opening(tokens: Sequence[Token], scope: Scope) -> tuple[int, int]:
    """How many tokens say which derivative is wanted, and its order."""
    words: list[str] = []
    i = _question(tokens)
    while i < len(tokens) and tokens[i].kind in ("word", "upright") and tokens[i].text not in scope.declared:
        said = tokens[i].text.lower().split()
        if not said or not all(w in _FILLING or w in _SENTENCES for w in said):
            break
        words += said
        i += 1
    order = max((_SENTENCES.get(w, 0) for w in words), default=0)
    if not order or i == len(tokens) or not starts_value(tokens[i]):
        return 0, 1
    return i, order + ("second" in words)


def _question(tokens: Sequence[Token]) -> int:
    """How many tokens are the beginning of a question: how do I, how to."""
    if not tokens or tokens[0].text.lower() != "how":
        return 0
    return next((i for i, t in enumerate(tokens) if t.text.lower() not in _QUESTION), 0)


def without_words(tokens: Sequence[Token], scope: Scope) -> Sequence[Token]:
    """The tokens without words such as Let before a formula with an equals sign."""
    i = 0
    while i < len(tokens) - 2 and tokens[i].kind in ("word", "upright") and tokens[i].text not in scope.declared:
        said = tokens[i].text.lower().split()
        if not said or any(word not in _BEFORE for word in said) or not starts_value(tokens[i + 1]):
            break
        i += 1
    return tokens[i:]


def by_at_end(
    tokens: Sequence[Token], scope: Scope, markers: Sequence[tuple[str, ...]] = _BY
) -> tuple[Sequence[Token], tuple[str, ...]]:
    """The tokens before ``wrt x``, and the names behind it; no names where there is no such end."""
    for i in range(1, len(tokens)):
        if tokens[i].depth != tokens[0].depth:
            continue
        length = _marker(tokens, i, markers)
        names = _listed(tokens[i + length :], scope) if length else ()
        if names:
            return tokens[:i], names
    return tokens, ()


def _marker(tokens: Sequence[Token], i: int, markers: Sequence[tuple[str, ...]]) -> int:
    """The number of tokens of a marker that stands here, or 0."""
    if tokens[i].kind == "upright":
        return int(tokens[i].text.lower() in _BY_UPRIGHT)
    for marker in markers:
        if tuple(t.text for t in tokens[i : i + len(marker)]) == marker:
            return len(marker)
    return 0


def _listed(tokens: Sequence[Token], scope: Scope) -> tuple[str, ...]:
    """Names between commas, or nothing."""
    names = [whole_name(part, latex=scope.latex) for part in split_at(tokens, ",")]
    return tuple(n for n in names if n is not None) if names and None not in names else ()


def names_before(tokens: Sequence[Token], scope: Scope, *ends: str) -> tuple[tuple[str, ...], int] | None:
    """Names between commas up to one of these signs, and the index behind it."""
    names: list[str] = []
    i = 0
    while (found := name_at(tokens, i, latex=scope.latex)) is not None:
        names.append(found[0])
        i = found[1]
        if i < len(tokens) and tokens[i].text in ends:
            return tuple(names), i + 1
        if i >= len(tokens) or tokens[i].text != ",":
            return None
        i += 1
    return None
