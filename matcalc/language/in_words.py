"""Declarations as people say them: A is symmetric, x in R^n, A ∈ ℝ^{m×n}, X is n x n, A = A^T."""

from __future__ import annotations

import re
from collections.abc import Sequence

from matcalc.language.names import canonical_name

__all__ = ["in_words", "is_symmetric"]

#: Longer clauses are no such words.
LONGEST = 80
#: What is said of a matrix -> its kind; of each longer saying before the shorter ones that it holds.
_SAYINGS = {
    r"(?:symmetric )?positive[- ]semi-?definite|psd": "psd(n)",
    r"(?:symmetric )?positive[- ]definite|spd": "spd(n)",
    r"skew-?symmetric|skew|antisymmetric": "skew(n)",
    r"symmetric": "symmetric(n)",
    r"(?:lower|upper)(?=[- ]triangular| )": "{0}(n)",
    r"diagonal": "diagonal(n)",
    r"orthogonal": "orthogonal(n)",
    r"invertible|non-?singular|regular": "invertible(n)",
    r"positive scalar|positive number|positive": "scalar(positive)",
    r"(?:real |constant )?(?:scalar|number)|real|constant": "scalar",
    r"(?:column )?vector": "vector(n)",
    r"square": "matrix(n, n)",
    r"matrix": "matrix(m, n)",
}
_NOUNS = r"(?:[- ]triangular)?(?: matrix| matrices| vector)?"
_SIZE = r"[A-Za-z]\w?|\d+"


def in_words(raw: str) -> tuple[list[str], str] | None:
    """The names and the kind of a clause in words, or None."""
    if len(raw) > LONGEST or re.search(r"\b(?:is|are|being|in)\b|∈|\\in", raw) is None:
        return None
    said = " ".join(re.sub(r"\\(?:text|mathrm)\s*\{([^{}]*)\}|\$", r"\1", raw).split())
    found = re.fullmatch(r"([^\s,]+(?:(?: and |, ?)[^\s,]+)*) (?:is|are|being) (?:an? |the )?(.+)", said)
    if found is not None:
        kind = _sized(found.group(2)) or _said(found.group(2))
        return None if kind is None else (re.split(r" and |, ?", found.group(1)), kind)
    found = re.fullmatch(r"(\S+) ?(?:in|∈|\\in) ?(?:[Rℝ]|\\R|\\mathbb ?\{?R\}?) ?(?:\^ ?(.*))?", said)
    if found is None:
        return None
    sizes = re.split(r" ?(?:\\times|[x×,]) ?", (found.group(2) or "").strip("{}() "))
    return None if not all(re.fullmatch(_SIZE, s) for s in sizes if s) else ([found.group(1)], _of_sizes(sizes))


def _said(what: str) -> str | None:
    for saying, kind in _SAYINGS.items():
        found = re.fullmatch(f"({saying}){_NOUNS}", what, re.IGNORECASE)
        if found is not None:
            return kind.format(found.group(1).lower())
    return None


def _sized(what: str) -> str | None:
    """n x n, m by n and n-dimensional."""
    found = re.fullmatch(rf"({_SIZE}) ?(?:x|×|by|\\times) ?({_SIZE})(?: matrix)?", what)
    if found is not None:
        return f"matrix({found.group(1)}, {found.group(2)})"
    found = re.fullmatch(rf"({_SIZE})(?:-dimensional|-vector| x 1)(?: vector)?", what)
    return None if found is None else f"vector({found.group(1)})"


def _of_sizes(sizes: Sequence[str]) -> str:
    return f"matrix({', '.join(sizes)})" if len(sizes) == 2 else f"vector({sizes[0]})" if sizes[0] else "scalar"


#: Signs of transposition behind a name.
_TRANSPOSED = r"(?:\^T|\^\{T\}|\^\\top|\^\{\\top\}|'|ᵀ|⊤|\^⊤)"


def is_symmetric(name: str, body: str) -> bool:
    """Whether a definition says that a matrix is its own transpose: A = A^T."""
    spelled = re.fullmatch(rf"(\S+?) ?{_TRANSPOSED}", body.strip("$ "))
    return spelled is not None and canonical_name(spelled.group(1)) == name
