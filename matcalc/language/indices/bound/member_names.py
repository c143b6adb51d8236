"""Names that hold bound indices: x_{t+1} as x and the place t + 1."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import field
from itertools import pairwise

from matcalc.language.indices.binders import Member, Place, Relation
from matcalc.language.words.names import RAISED, spelled
from matcalc.records import dataclass

__all__ = ["Scope", "base_of", "fixed_member", "held_letters", "taken_apart"]


@dataclass
class Scope:
    """The indices that stand around a part of the tree, by their letters, and pairs of them that are never equal."""

    numbers: dict[str, int] = field(default_factory=dict)
    lasts: dict[str, int] = field(default_factory=dict)
    apart: frozenset[frozenset[int]] = frozenset()

    def with_bound(
        self, found: Mapping[str, int], lasts: Mapping[str, int], relations: Iterable[Relation] = ()
    ) -> Scope:
        numbers = {**self.numbers, **found}
        strict = [r for r in relations if r.sign in ("<", ">", "!=") and {r.left, r.right} <= numbers.keys()]
        apart = {frozenset((numbers[r.left], numbers[r.right])) for r in strict}
        return Scope(numbers, {**self.lasts, **lasts}, self.apart | apart)


def base_of(name: str, count: int) -> str:
    """y_hat of y_hat_i: without the last words of the subscript."""
    low, _, high = name.partition(RAISED)
    kept = low.split("_")[:-count] if count else low.split("_")
    return "_".join(kept) + (RAISED + high if high else "")


def taken_apart(name: str, scope: Scope) -> tuple[str, tuple[Place, ...]]:
    """x and the places i + 1 of x_{i+1}; no places where no index stands in the name."""
    parts = spelled(name)
    above = _places(parts.above, scope)
    if above and any(p.bound is not None for p in above):
        low = name.partition(RAISED)[0]
        base, places = taken_apart(low, scope)
        return base, (*places, *above)
    words = list(parts.below)
    for start in range(len(words)):
        if words[start - 1 : start] in (["plus"], ["minus"]):
            break  # x_{t-s}: two indices make one place
        found = _places(tuple(words[start:]), scope)
        if found and any(p.bound is not None for p in found):
            digits = re.fullmatch(r"[A-Za-z]+\d+", name.split("_")[0]) is not None
            count = len(words) - start - (1 if digits and start == 0 else 0)
            return base_of(name, count), tuple(found)
    return name, ()


def fixed_member(name: str, families: Collection[tuple[str, int]], ends: Collection[str]) -> Member | None:
    """x_1, x_T or x_{T-1} outside of the sums over members of x; families are (x, how many indices)."""
    words = spelled(name).below
    for start in range(len(words)):
        places = _places(words[start:], Scope({}, dict.fromkeys(ends, 0)))
        base = base_of(name, len(words) - start)
        if places and (base, len(places)) in families:
            return Member.of(name, base, tuple(places))
    return None


def _places(words: tuple[str, ...], scope: Scope) -> list[Place] | None:
    """t plus 1, ij, i, T, 1 as places; None where a word is none."""
    found: list[Place] = []
    rest = list(words)
    while rest:
        word, primes = rest.pop(0), ""
        if rest[:1] == ["prime"] and not word.isdigit():
            primes = f"_{rest.pop(0)}"
        letters = _letters(word, primes, scope)
        if letters is None:
            return None
        if rest[:1] in (["plus"], ["minus"]) and len(rest) > 1 and rest[1].isdigit():
            sign = 1 if rest.pop(0) == "plus" else -1
            letters[-1] = letters[-1]._replace(offset=letters[-1].offset + sign * int(rest.pop(0)))
        elif rest == ["to"]:
            rest.pop()
        found += letters
    return found


def held_letters(words: tuple[str, ...]) -> set[str]:
    """The letters that may be indices: i and k_prime of ik'."""
    found = {letter for word in words if len(word) <= 3 for letter in word}
    return found | {f"{word[-1]}_prime" for word, mark in pairwise(words) if mark == "prime"}


def _letters(word: str, primes: str, scope: Scope) -> list[Place] | None:
    if word + primes in scope.numbers:
        return [Place(scope.numbers[word + primes])]
    if primes:
        before, last = _letters(word[:-1], "", scope) if word[:-1] else [], scope.numbers.get(word[-1] + primes)
        return None if before is None or last is None else [*before, Place(last)]
    if word in scope.lasts:
        return [Place(None, 0, word)]
    if word.isdigit():
        return [Place(None, int(word))]
    letters = re.findall("[^']'?", word)
    if len(letters) <= 3 and all(letter in scope.numbers or letter.isdigit() for letter in letters):
        return [Place(scope.numbers[c]) if c in scope.numbers else Place(None, int(c)) for c in letters]
    return None
