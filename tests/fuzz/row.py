"""What the fuzzer writes, row by row: a piece of text with its value by another library, side by side.

A row gives the kind and shape of its result, the text, the kind and shape of each operand, and the value.
Kinds: g any real matrix, p positive entries, u entries in (-1, 1), s symmetric, d positive definite,
i invertible and well conditioned, n a small integer, b a condition entry by entry, t a square matrix with zeros by its
structure, q one whose other entries are positive. In shapes small letters stand for any size, capitals for a size that
is not 1. In texts ``{0}`` is an operand in parentheses, ``{0:,}`` one that stands between commas, ``{a}`` a size.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

__all__ = ["ACCEPTED", "Row", "plain", "row"]


@dataclass(frozen=True)
class Row:
    """One way to write a value of a kind and a shape. ``value`` takes the sizes by letter, then the operands."""

    kind: str
    shape: tuple[str, str]
    text: str
    operands: tuple[tuple[str, tuple[str, str]], ...]
    value: Callable[..., Any]
    weight: float = 1.0


#: kind that is wanted -> kinds that may stand there
ACCEPTED = {
    "g": "gpusditq", "p": "p", "u": "u", "s": "sd", "d": "d", "i": "id", "n": "n", "b": "b", "t": "tq", "q": "q",
}  # fmt: skip


def _shape(text: str) -> tuple[str, str]:
    rows, cols = text.split(",")
    return rows, cols


def row(result: str, text: str, operands: str, value: Callable[..., Any], weight: float = 1.0) -> Row:
    kind, shape = result.split()
    parts = [part.split() for part in operands.split(";") if part.strip()]
    return Row(kind, _shape(shape), text, tuple((k, _shape(s)) for k, s in parts), value, weight)


def plain(f: Callable[..., Any]) -> Callable[..., Any]:
    return lambda z, *args: f(*args)
