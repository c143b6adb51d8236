"""What makes shapes fit that the text leaves open: square operands of ⊗, and a transpose that one term has and another lacks."""

from __future__ import annotations

from collections.abc import Iterator

from matcalc.errors import Fix, Span
from matcalc.language.mends.hints import declare_all, replaced
from matcalc.patterns import pattern

__all__ = ["squared_operands", "transposed_like_another"]

_NAME = r"(?:\\[A-Za-z]+\s*)?\{?([A-Za-z])\}?"
_KRON = pattern(rf"{_NAME}\s*(?:⊗|\\otimes\b|\bkron\b)\s*{_NAME}(?![A-Za-z])|\bkron\(\s*(\w+)\s*,\s*(\w+)\s*\)")
_STACKED = pattern(rf"\bvec\}}?\s*\(?\s*{_NAME}")
#: A bracket before a function of the entries.
_FACTOR = pattern(r"(\([^()]*\))(?=\s*\\?(?:log|ln|exp|sqrt)\b)")


def squared_operands(text: str, span: Span) -> Iterator[Fix]:
    """A ⊗ B of square matrices, and the X of vec(X) of the size that B ⊗ A asks for."""
    found = _KRON.search(text)
    if found is None:
        return
    left, right = (name for name in found.groups() if name)
    stacked = dict.fromkeys(name for name in _STACKED.findall(text) if name not in (left, right))
    sizes = [f"{left}: matrix(n, n)", f"{right}: matrix(m, m)", *(f"{name}: matrix(m, n)" for name in stacked)]
    yield from declare_all(text, list(dict.fromkeys(sizes))).fixes


def transposed_like_another(text: str, span: Span) -> Iterator[Fix]:
    """(1 - y)' log(1 - p) beside y' log(p)."""
    mark = "^T" if "\\" in text or "^T" in text else "'"
    if mark not in text and "^\\top" not in text:
        return
    for factor in _FACTOR.finditer(text, *span):
        yield replaced((factor.end(), factor.end()), f"{mark} ")
