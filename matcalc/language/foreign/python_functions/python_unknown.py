"""Functions of Python that have no meaning here: what to write instead."""

from __future__ import annotations

import re
from collections.abc import Callable

from matcalc.errors import Hint, Span
from matcalc.language.foreign.python_functions.python_table import FUNCTIONS, is_known
from matcalc.language.mends.hints import did_you_mean, offer, write

__all__ = ["assigned", "in_place", "instead_of"]

Told = Callable[[str], Hint | None]

_BATCHES, _PLACES = (
    "write it for one of the matrices, as A @ B",
    "it gives places, which have no derivative: write numbers",
)
_ORDER = "write the entries by their places, as x[0]"
_DRAWN = "write a name for what is drawn"
#: What is written instead of a function.
_INSTEAD = {
    **dict.fromkeys(("bmm", "baddbmm"), _BATCHES),
    **dict.fromkeys("argmax argmin argsort nonzero argwhere searchsorted".split(), _PLACES),
    **dict.fromkeys("median nanmedian quantile percentile sort sorted topk kthvalue".split(), _ORDER),
    **dict.fromkeys("rand randn random normal standard_normal uniform randint dropout bernoulli multinomial".split(), _DRAWN),
}  # fmt: skip
#: Functions with several values, and the one that gives the value that is known here.
_ONE_OF_SEVERAL = {"svd": "svdvals", "eigh": "eigvalsh", "eig": "eigvalsh", "eigvals": "eigvalsh"}


def instead_of(text: str, call: Span, function: Span) -> str | Told:
    """The hint for a call of a function that is not known."""
    before, dot, name = text[slice(*function)].rpartition(".")
    if name in _INSTEAD:
        return _INSTEAD[name]
    if name in ("one_hot", "to_categorical"):
        return lambda text: offer("write {}, a matrix of ones and zeros", call, _free(text, "Y", "Y_1", "one_hot"))
    if name in _ONE_OF_SEVERAL:
        return lambda text: offer("write {}", function, f"{before}{dot}{_ONE_OF_SEVERAL[name]}")
    found = next((n for n in sorted(FUNCTIONS) if "." not in n and _is_slip(name, n)), None)
    return (lambda text: did_you_mean(function, f"{before}{dot}{found}")) if found else "write what it computes"


def in_place(text: str, name: str, call: Span) -> Told | None:
    """The hint for x.add_(y), which changes x; None for another function."""
    bare = name.removesuffix("_")
    if bare == name or name.startswith("_") or is_known(name) or not (is_known(bare) or bare in _CHANGED):
        return None
    sentence = "write {}, and its value by a name where the array is used again"
    return lambda whole: offer(sentence, call, _not_in_place(text[slice(*call)]))


def assigned(text: str, statement: Span) -> Told:
    """c = c.div(n) in place of c.div_(n)"""
    source = text[slice(*statement)]
    name = re.match(r"\s*(\w*)", source)
    return lambda whole: write(statement, f"{name.group(1) if name else 'c'} = {_not_in_place(source)}")


def _not_in_place(source: str) -> str:
    return re.sub(r"(\.[a-z]\w*)_\(", r"\1(", source)


_CHANGED = frozenset("add sub mul div".split())


def _free(text: str, *names: str) -> str:
    return next((n for n in names if re.search(rf"\b{n}\b", text) is None), names[-1] + "_1")


def _is_slip(name: str, known: str) -> bool:
    """Whether one letter is missing, too many or another one, or two stand in the other order; digits are no slips."""
    if min(len(name), len(known)) < 4 or name[0] != known[0] or abs(len(name) - len(known)) > 1:
        return False
    start = next((i for i, (a, b) in enumerate(zip(name, known, strict=False)) if a != b), min(len(name), len(known)))
    ours, theirs = name[start:], known[start:]
    if (ours + theirs)[:1].isdigit() or name == known:
        return False
    swapped = ours[:2] == theirs[:2][::-1] and ours[2:] == theirs[2:]
    return swapped or ours[1:] == theirs[1:] or ours[1:] == theirs or ours == theirs[1:]
