r"""Left sides that are no plain names and yet name the quantity: `\|G\|_2^2 = …`, ``e'e = …``, `V_{t+h}(z + B w) = …`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from matcalc.functions import find
from matcalc.language.latex.latex_signs import STYLES
from matcalc.language.statements.scope import Scope
from matcalc.language.statements.signs.spelled_names import (
    BARS,
    LOGARITHMS,
    LeftSide,
    is_squared,
    name_at,
    names_in,
    whole_name,
    whole_power,
)
from matcalc.language.statements.tokens import Token, argument, group_end, split_at
from matcalc.language.words.indices import index_words
from matcalc.language.words.names import ALSO_FUNCTION_LETTERS, FUNCTION_LETTERS, RAISED
from matcalc.patterns import pattern

__all__ = ["label_side"]

#: What may stand beside one name in a number that is made of it, or in its transpose.
_DECORATION = frozenset("| || ‖ ^ _ ' ′ ᵀ ⊤ ² { } ( ) 2 1 F * ∗ T".split()) | {
    *(r"\| \Vert \lVert \rVert \vert \lvert \rvert \top \intercal \prime \ast \infty \cdot".split()),
    *(r"\mathrm \mathsf \text \rm".split()),
}
#: Letters of functions beside those that are always so.
_SMALL = frozenset(name for name in ALSO_FUNCTION_LETTERS if name.islower())
_ANGLES = (r"\langle", "<", "⟨")
_SIGNS = ("+", "-", "−")
#: Letters of matrices: before a bracket they are factors.
_MATRICES = pattern(r"[ABCDMPXYZ](?:_\w)?")
#: Letters of indices, which make entries of what stands before a square bracket.
_INDEX = pattern(r"[i-nt]|\d+")


def label_side(sides: Sequence[Sequence[Token]], scope: Scope) -> LeftSide | None:
    """The first side as the name of the second one: nothing that it speaks of is defined by that; None of an equation."""
    side, right = sides[0], sides[1]
    inside = set(names_in(right, latex=scope.latex))
    inside |= {name.partition("_")[0] for name in inside}
    named = _word(side, inside, scope) or _called(side, inside, scope) or _decorated(side, right, inside, scope)
    return named or _of_others(side, right, inside, scope) or _sum_of_calls(side, inside, scope)


def _word(side: Sequence[Token], inside: set[str], scope: Scope) -> LeftSide | None:
    r"""`\mathcal{LL}`, and RSS in LaTeX: several capitals, none of which stands on the right."""
    letters = argument(side, 1)[0] if side[0].text in STYLES else side
    if not scope.latex or len(letters) != 1 or letters[0].kind != "word" or side[-1].end - side[0].start > 40:
        return None
    word = letters[0].text
    is_styled = len(side) > 1
    if not re.fullmatch(r"[A-Z]{3,}|([A-Z])\1" if not is_styled else "[A-Z]{2,}", word) or set(word) & inside:
        return None
    return LeftSide(word, scope.spelled(side), (), False, is_expression=not is_styled)


def _called(side: Sequence[Token], inside: set[str], scope: Scope) -> LeftSide | None:
    r"""`E[\psi]`, `h^s(W)` and `V(z + B w)`: a name that stands nowhere on the right, before a bracket."""
    head = _head(side, scope)
    if head is None:
        return None
    name, opener = head
    bare = name.partition(RAISED)[0]
    taken = {name, bare} & (inside | scope.declared) or find(bare) is not None
    closer = group_end(side, opener)
    if taken or not (closer == len(side) - 1 or is_squared(side[closer + 1 :])):
        return None
    spoken = set(names_in(side[opener + 1 : closer], latex=scope.latex))
    arguments = [whole_name(part, latex=scope.latex) for part in split_at(side[opener + 1 : closer], ",", ";")]
    of_names = all(arguments) and bool(arguments)
    if (
        side[opener].text == "["
        and not _is_function(side, bare)
        and (not spoken <= inside or not of_names or all(map(_INDEX.fullmatch, spoken)))
    ):
        return None
    is_divided = len(split_at(side[opener + 1 : closer], *BARS)) == 2
    certain = _is_function(side, bare) or (spoken <= inside and (is_divided or not _MATRICES.fullmatch(bare)))
    if not spoken or not certain:
        return None
    named = tuple(a for a in arguments if a is not None) if of_names else ()
    spelling = scope.spelled(side[:opener])
    return LeftSide(name, spelling, named, True, is_expression=not of_names)


def _is_function(side: Sequence[Token], name: str) -> bool:
    r"""Whether it is one whatever stands in its bracket: f(x + h), `\operatorname{Var}(w^T r)`, `\mathbb{E}[y]`."""
    if side[0].text in (r"\mathbb", r"\mathds") or name in FUNCTION_LETTERS:
        return True
    least = {"upright": 2, "word": 3}.get(side[0].kind, 0)
    return name in _SMALL or (least > 0 and re.fullmatch("[A-Z][A-Za-z]+", name) is not None and len(name) >= least)


def _head(side: Sequence[Token], scope: Scope) -> tuple[str, int] | None:
    """The name before a bracket, with what is raised behind it, and where the bracket opens."""
    found = name_at(side, 0, latex=scope.latex)
    if found is None:
        return None
    name, end = found
    if end < len(side) and side[end].text == "^":
        group, end = argument(side, end + 1)
        words = index_words("".join(t.text for t in group)) if RAISED not in name else None
        if words is None:
            return None
        name = f"{name}{RAISED}{words}"
    return (name, end) if end < len(side) and side[end].text in ("(", "[") else None


def _decorated(side: Sequence[Token], right: Sequence[Token], inside: set[str], scope: Scope) -> LeftSide | None:
    r"""`\|G\|_2^2`, `\pi^T` and ``e'e``: made of one name, which stands nowhere on the right."""
    names = set(names_in(side, latex=scope.latex)) - {"T", "F"}
    name = next(iter(names), "")
    if len(names) != 1 or names & (inside | scope.declared) or not _only_decorates(side, name, scope):
        return None
    alone = whole_name(right, latex=scope.latex) or whole_power(right, latex=scope.latex)
    if alone or (len(inside) == 1 and _only_decorates(right, next(iter(inside)), scope)):
        return None
    return LeftSide("", scope.spelled(side), (), False, is_expression=True)


def _of_others(side: Sequence[Token], right: Sequence[Token], inside: set[str], scope: Scope) -> LeftSide | None:
    r"""`\cos\theta`, ``cos θ``, `\langle h, r \rangle` and `E\{|e|^2\}`: one term, with names of which none stands on the right.

    Of several factors, as in A X = B C, it is an equation, and so is `\log y = X b` of a model.
    """
    alone = whole_name(right, latex=scope.latex) or whole_power(right, latex=scope.latex)
    is_known = scope.latex or find(side[0].text) is not None
    if not is_known or alone or len(right) < 2 or side[0].text in LOGARITHMS or not _is_single(side, scope):
        return None
    spoken = {name for name in names_in(side, latex=scope.latex) if find(name) is None}
    is_inner_product = side[0].text in _ANGLES and group_end(side, 0) == len(side) - 1
    known = scope.declared if is_inner_product else inside | scope.declared
    return LeftSide("", scope.spelled(side), (), False, is_expression=True) if spoken - known == spoken else None


def _is_single(side: Sequence[Token], scope: Scope) -> bool:
    """Whether it is one factor: outside of brackets there is at most one name beside functions, and no sign."""
    i = names = 0
    while i < len(side):
        found = name_at(side, i, latex=scope.latex)
        if side[i].text in (*_SIGNS, "|", r"\|"):
            return False
        if found is not None:
            names += find(found[0]) is None
            i = found[1]
        else:
            i = group_end(side, i) + 1 if side[i].kind == "open" else i + 1
    return names <= 1


def _sum_of_calls(side: Sequence[Token], inside: set[str], scope: Scope) -> LeftSide | None:
    r"""`E_D(w) + \lambda E_W(w)`: every term ends in a function that stands nowhere on the right."""
    terms = split_at(side, *_SIGNS)
    if len(terms) < 2 or not all(terms) or not all(_ends_in_call(term, inside, scope) for term in terms):
        return None
    return LeftSide("", scope.spelled(side), (), False, is_expression=True)


def _ends_in_call(term: Sequence[Token], inside: set[str], scope: Scope) -> bool:
    for start in range(len(term)):
        head = _head(term[start:], scope)
        if head is not None and group_end(term, start + head[1]) == len(term) - 1:
            return head[0] not in inside | scope.declared and find(head[0]) is None
    return False


def _only_decorates(side: Sequence[Token], name: str, scope: Scope) -> bool:
    i = count = 0
    while i < len(side):
        found = name_at(side, i, latex=scope.latex)
        if found is not None and found[0] == name:
            i = found[1]
            count += 1
        elif side[i].text in _DECORATION:
            i += 1
        else:
            return False
    return len(side) > 1 and not (count > 1 and name[0].isupper())
