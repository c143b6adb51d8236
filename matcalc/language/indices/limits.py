r"""What stands below the sign of a sum: i, i=1, i=1,…,n, j=i+1, i,j, k', i<j, 1 \le i < j \le n, j \ne i, (i,j) \in \Omega, i \in [n], j: t_j \ge t_i."""

from __future__ import annotations

import re

from matcalc.language.indices.binders import Relation
from matcalc.patterns import pattern

__all__ = ["Below", "below"]

#: Commands and digraphs as one sign each.
_AS_SIGN = {
    "<=": ("le", "leq", "leqslant"), "<": ("lt",), ">=": ("ge", "geq", "geqslant"), ">": ("gt",), "!=": ("ne", "neq"),
    "∈": ("in",), "…": ("dots", "ldots", "cdots"),
}  # fmt: skip
_COMMANDS = {name: sign for sign, names in _AS_SIGN.items() for name in names}
_OTHERS = {"≤": "<=", "≥": ">=", "≠": "!=", "/=": "!=", "...": "…", "..": "…"}
_RELATION = pattern("(<=|>=|!=|<|>)")
_RANGE = pattern(r"\[([A-Za-z\d]\w*)\]|\\?\{1,(?:2,)?…,([A-Za-z\d]\w*)\\?\}")
#: An index, k or k', under the name that k' has in z_{k'}.
_INDEX = "[a-z](?:_prime)?"
#: i=1, i=j=1, i=1,…,n and i=1:n
_BEGUN = pattern(rf"({_INDEX}(?:={_INDEX})*)=(\d+)(?:(?:,(?:2,)?…,|…|:)([A-Za-z\d]\w*))?")
#: j=i+1 and j=i inside of a sum over i
_BEHIND = pattern(rf"({_INDEX})=({_INDEX})(\+1)?")
#: j: t_j >= t_i and i: d_i = 1, between members and numbers
_SIDE = r"(\\?[A-Za-z]+_[a-z]|\d+)"
_CONDITION = pattern(rf"({_INDEX})(?::|\\mid|\|){_SIDE}(<=|>=|!=|<|>|=){_SIDE}")


class Below:
    """Letters with what they begin with and end with, relations, sets that pairs are in, and conditions of members."""

    def __init__(self) -> None:
        self.letters: dict[str, int | None] = {}
        self.last: dict[str, str] = {}
        self.relations: list[Relation] = []
        self.sets: list[tuple[str, tuple[str, ...]]] = []
        self.conditions: list[Relation] = []


def below(text: str) -> Below | None:
    """What the text below the sign says; None where that is not understood."""
    text = re.sub(r"\\(?:[,;:! ]|(?:quad|displaystyle|substack|limits)(?![a-z]))", "", text)
    text = re.sub(r"\\(?:math(?:cal|scr|bb|bf|rm|it)|boldsymbol)(?![a-z])", "", text)
    text = re.sub(r"\\([a-z]+)", lambda found: _COMMANDS.get(found.group(1), found.group()), text)
    text = re.sub(r"(?<=[\w)])\s+in\s+(?=[\w\\(\[])", "∈", text)
    for typed, sign in _OTHERS.items():
        text = text.replace(typed, sign)
    text = re.sub(r"\s|\^(?=\{?\\prime)", "", text)
    text = re.sub(r"(?<![A-Za-z\\])([a-z])(?:'|\{?\\prime\}?)(?!')", r"\1_prime", text)
    text = re.sub(r"\{(\\?[A-Za-z]+)\}", r"\1", text)
    found = Below()
    text = re.sub(r"^\{(.*)\}$", r"\1", text)
    for part in [text] if _BEGUN.fullmatch(text) else _parts(text):
        if not _read(part, found):
            return None
    return found if found.letters or found.relations else None


def _parts(text: str) -> list[str]:
    """The pieces between commas and line breaks outside of brackets; letters that share a piece stay together."""
    parts, depth, start = [], 0, 0
    for k, sign in enumerate(text):
        depth += (sign in "([{") - (sign in ")]}")
        if depth == 0 and (sign in ",;" or text.startswith(r"\\", k)):
            parts.append(text[start:k])
            start = k + (2 if sign == "\\" else 1)
    parts.append(text[start:])
    return [p.strip("\\") if p == "\\" else p for p in parts if p]


def _read(part: str, found: Below) -> bool:
    if re.fullmatch(rf"(?:{_INDEX}){{1,3}}", part):
        found.letters.update(dict.fromkeys(re.findall(_INDEX, part), 1))
        return True
    condition = _CONDITION.fullmatch(part)
    if condition:
        letter, left, sign, right = condition.groups()
        found.letters[letter] = 1
        found.conditions.append(Relation(sign, left, right))
        return left.endswith(f"_{letter}") or right.endswith(f"_{letter}")
    tuple_ = re.fullmatch(rf"\(({_INDEX}(?:,{_INDEX})+)\)", part)
    if tuple_:
        found.letters.update(dict.fromkeys(tuple_.group(1).split(","), 1))
        return True
    pairs = part.split("∈")
    if len(pairs) == 2:
        return _in_set(pairs[0], pairs[1], found)
    behind = _BEHIND.fullmatch(part)
    if behind and behind.group(1) != behind.group(2):
        found.letters[behind.group(1)] = None
        found.relations.append(Relation("<" if behind.group(3) else "<=", behind.group(2), behind.group(1)))
        return True
    begun = _BEGUN.fullmatch(part)
    if begun:
        for letter in begun.group(1).split("="):
            found.letters[letter] = int(begun.group(2))
            if begun.group(3):
                found.last[letter] = begun.group(3)
        return True
    return _related(_RELATION.split(part), found)


def _in_set(left: str, right: str, found: Below) -> bool:
    letters = re.findall(_INDEX, left) if re.fullmatch(rf"\(?{_INDEX}(,?{_INDEX})*\)?", left) else []
    numbered = _RANGE.fullmatch(right)
    if not letters:
        return False
    if numbered:
        found.letters.update(dict.fromkeys(letters, 1))
        found.last.update(dict.fromkeys(letters, next(g for g in numbered.groups() if g)))
        return True
    around = re.fullmatch(r"(\\?[A-Za-z]+(?:_[A-Z])?)(?:_\{?([a-z])\}?|\((?:\\?[A-Za-z]+_\{?)?([a-z])\}?\))?", right)
    if around is None:
        return False
    of = around.group(2) or around.group(3)
    found.letters.update(dict.fromkeys(letters, 1))
    found.sets.append((around.group(1).lstrip("\\"), (*((of,) if of else ()), *letters)))
    return True


def _related(pieces: list[str], found: Below) -> bool:
    r"""1 \le i < j \le n"""
    sides, signs = pieces[::2], pieces[1::2]
    if not signs:
        return False
    for left, sign, right in zip(sides, signs, sides[1:], strict=False):
        indices = [bool(re.fullmatch(_INDEX, side)) for side in (left, right)]
        if left == "1" and sign == "<=" and indices[1]:
            found.letters.setdefault(right, 1)
            continue
        if (
            indices[0]
            and sign == "<="
            and re.fullmatch(r"[A-Za-z]\w*", right)
            and right == sides[-1]
            and len(sides) > 2
        ):
            found.last[left] = right
        elif all(indices):
            found.relations.append(Relation(sign, left, right))
        else:
            return False
    return bool(found.relations or found.last)
