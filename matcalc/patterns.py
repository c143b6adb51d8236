"""Regular expressions that are compiled when they are first used: most texts need few of them, and a start needs none."""

from __future__ import annotations

import re
from typing import Any, cast

__all__ = ["pattern"]


class _Pattern:
    """Stands for a compiled pattern; what is asked of it is kept, so that it is compiled once."""

    def __init__(self, source: str, flags: int) -> None:
        self.pattern = source
        self.flags = flags

    def __getattr__(self, name: str) -> Any:
        compiled = re.compile(self.pattern, self.flags)
        for method in ("match", "search", "fullmatch", "sub", "finditer"):
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)


def pattern(source: str, flags: int = 0) -> re.Pattern[str]:
    """``re.compile(source, flags)``, at its first use.

    >>> word = pattern(r"[a-z]+")
    >>> word.findall("ab, c")
    ['ab', 'c']
    """
    return cast("re.Pattern[str]", _Pattern(source, flags))
