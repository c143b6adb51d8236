"""Which dialect a text is written in."""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["is_latex"]


@lru_cache(maxsize=8)
def is_latex(text: str) -> bool:
    r"""Whether the text holds LaTeX: a backslash directly before a letter or a bar, dollar signs, a subscript of brackets.

    `\(` and `\[` are delimiters where `\)` or `\]` follows, else left division by what stands in the bracket. So is e^{…}
    among single letters, where no words could be names.
    """
    if _is_left_division(text):
        return False
    signs = r"\\[A-Za-z|{},;:!]|\\\(.*\\\)|\\\[.*\\\]|\$|[\])]_[{\w+]|\^\{[(\[]|\{\}\^"
    if re.search(signs, text, re.DOTALL) is not None:
        return True
    bare = re.sub(r"_\{[^{}]*\}|_[a-z0-9](?=[A-Z])", " ", text)
    if (
        re.search(r"[_^]\{", text) is not None
        and re.search(r"_[a-z0-9][A-Z]", text)
        and not re.search("[A-Za-z]{3}", bare)
    ):
        return True
    return re.search(r"(?<!\w)e\^\{", text) is not None and not re.search(r"[A-Za-z]{3}|[A-Za-z]\d", text)


def _is_left_division(text: str) -> bool:
    r"""A\b and (X'*X)\y, whose backslashes stand between an operand and one letter."""
    places = [found.start() for found in re.finditer(r"\\", text)]
    between = (
        re.match(r"\\(?:[A-Za-z](?![A-Za-z])|\()", text[p:]) and re.search(r"[\w)'\]]$", text[:p]) for p in places
    )
    return bool(places) and all(between) and "$" not in text and r"\)" not in text
