r"""What a text says of signs that mean the same here: ``where $\circ$ is the Hadamard product``, ``\|\cdot\|_F denotes the Frobenius norm``."""

from __future__ import annotations

import re

from matcalc.patterns import pattern

__all__ = ["without_known_signs"]

_ENTRYWISE = r"(?:hadamard|schur|(?:element|entry|component|point)[- ]?wise)"
#: Signs, and what they are here; what else is said of them is an error.
_MEANINGS = (
    (r"\\circ|\\odot|∘|⊙|\.\*|\\ast|\*", rf"{_ENTRYWISE}(?: (?:\(\w+\) )?(?:product|multiplication))?"),
    (r"\\otimes|⊗", r"kronecker(?: product)?"),
    (
        r"\\(?:operatorname|mathrm|text|mbox)\{[tT]r\}|\\?[tT]r(?:\(\\?cdot\))?",
        r"(?:matrix )?trace(?: operator| function)?",
    ),
    (r"\\det|det|\|\\?cdot\|", r"determinant"),
    (r"\\\|\s*\\cdot\s*\\\|_(?:F|\{F\})|\|\|\s*\\?[.·]?(?:cdot)?\s*\|\|_F", r"frobenius(?: norm)?"),
    (r"\\\|\s*\\cdot\s*\\\|(?:_2|_\{2\})?", r"(?:euclidean|(?:\$?\\?ell|l)_?2\$?|2)[- ]?(?:norm)?"),
    (r":", r"(?:frobenius|double[- ]dot)(?: inner)?(?: product)?|double contraction"),
    (r"\^\{?(?:T|\\top|\\intercal|\\prime)\}?|'|T|\\top", r"(?:matrix )?transpos(?:e|ition)(?: operator| operation)?"),
)
_IS = r"\s*(?:is|are|denotes?|represents?|means|stands\s+for|being|indicates?|refers\s+to)\s+(?:the\s+|an?\s+)?(?:usual\s+|standard\s+)?"
_SAID = pattern(
    "|".join(rf"(?:\$\s*(?:{sign})\s*\$|(?<![\w\\$])(?:{sign})(?=\s+[a-z])){_IS}(?:{meaning})(?![\w-])" for sign, meaning in _MEANINGS),
    re.IGNORECASE,
)  # fmt: skip
_LEAD = pattern(r"[\s,;.(]*(?:\b(?:where|here|with|and)\b\s*)?\Z", re.IGNORECASE)
#: What goes on behind such a saying, with more of them.
_MORE = pattern(r"\s*(?:,\s*(?:and\s+)?|and\s+)(?=\S)")
_WORDS = ("hadamard", "schur", "wise", "kronecker", "trace", "determinant", "frobenius", "euclid", "norm", "contraction", "dot", "transpos")  # fmt: skip


def without_known_signs(text: str) -> str:
    """A text of the same length without them."""
    lowered = text.lower()
    if not any(word in lowered for word in _WORDS):
        return text
    found = _SAID.search(text)
    while found is not None:
        lead, more = _LEAD.search(text, 0, found.start()), _MORE.match(text, found.end())
        start = lead.start() if lead is not None and more is None else found.start()
        end = more.end() if more is not None else found.end()
        text = text[:start] + " " * (end - start) + text[end:]
        found = _SAID.search(text, end)
    return text
