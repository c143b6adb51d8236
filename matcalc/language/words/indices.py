r"""Signs in the index of a name as words: x_{t-1} is x_t_minus_1, P_{k|k} is P_k_given_k, k_{**} is k_star_star."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matcalc.patterns import pattern

__all__ = ["BETWEEN", "IN_INDICES", "index_words", "later_beginning", "letters_above_sums", "together", "told_by_label"]

_WORDS = {
    **dict.fromkeys("-−–‑", "minus"),
    **dict.fromkeys("+", "plus"),
    **dict.fromkeys("|∣", "given"),
    **dict.fromkeys("*∗⋆★", "star"),
    **dict.fromkeys("'′’", "prime"),
    "∞": "infty",
    ":": "to",
}
_SIGNS = {"minus": "-", "plus": "+", "given": "|", "star": "*", "prime": "'", "infty": "∞", "to": ":"}
#: Words that stand between two others: minus in t_minus_1.
BETWEEN = frozenset({"minus", "plus", "given", "to"})
#: Commands in subscripts of names.
IN_INDICES = {
    r"\max": "max",
    r"\min": "min",
    r"\ast": "*",
    r"\star": "*",
    r"\mid": "|",
    r"\vert": "|",
    r"\infty": "∞",
    r"\prime": "'",
    r"\ell": "ell",
}
_PIECE = pattern(r"([^\W_]+)|([-−–‑+|∣*∗⋆★'′’∞:])|([\s,_]+)")


def index_words(shown: str) -> str | None:
    """t-1 as t_minus_1, k|k as k_given_k and ** as star_star; None for what belongs to no name."""
    words: list[str] = []
    end = 0
    for found in _PIECE.finditer(shown):
        if found.start() != end:
            return None
        end = found.end()
        word, sign, _ = found.groups()
        if word or sign:
            words.append(word or _WORDS[sign])
    return "_".join(words) if words and end == len(shown) else None


def together(words: Sequence[str], written: Mapping[str, str] = _SIGNS) -> str:
    """The words of an index with their signs: t-1, k|k, i, j"""
    text = ""
    glued = True
    for word in words:
        text += ("" if glued or word in _SIGNS else ", ") + written.get(word, word)
        glued = word in BETWEEN
    return text


def later_beginning(first: str) -> str:
    """What to do about a sum whose first index is not 1."""
    if first == "0":
        return "sums run from 1: write the term of 0 apart, in front of a sum from 1, or count all terms from 1, up to one more"
    return "sums run from 1 to n: one over other values, or with shifted indices, has to be written with matrices"


#: {y_i} as an index
_LABEL = pattern(r"_\{\s*(?:[a-z](?:\s*,\s*|\s+))?(\\?[A-Za-z]+)\s*_\s*\{?\s*([a-z])\s*\}?\s*\}")


def told_by_label(typed: str) -> tuple[str, str] | None:
    r"""What is wrong with \theta_{y_i} in a sum over i, and how to write it: which \theta_k is meant, y_i tells.

    >>> told_by_label("w_i") is None, told_by_label(r"w_{y_i}")[0]
    (True, 'y_i as the index of w tells which w is meant')
    """
    label = _LABEL.search(typed)
    if label is None:
        return None
    of, letter = label.groups()
    name = typed[: label.start()]
    hint = (
        f"sum over all of them, as in \\sum_k Y_{{{letter}k}} {name}_k with Y_{{{letter}k}} = 1 where k is {of}_{letter} "
        f"and 0 elsewhere; or write {name}_{letter} for one of its own for each {letter}"
    )
    return f"{of}_{letter} as the index of {name} tells which {name} is meant", hint


def letters_above_sums(text: str) -> frozenset[str]:
    r"""What stands above the signs of sums: the K of \sum_{i=1}^K."""
    return frozenset(_LIMIT.findall(text))


_LIMIT = pattern(r"=\s*[01]\s*\}?\s*\^\s*\{?\s*([A-Za-z]\w*)")
