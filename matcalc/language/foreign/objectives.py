"""Code whose last statement names a loss: it is a number, and a capital in it is rather a vector than that the loss is an array."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from matcalc.errors import MatcalcError
from matcalc.language.foreign.comments import muted
from matcalc.language.foreign.rivals import declarations, two_ways
from matcalc.language.foreign.translation import Translation, translated
from matcalc.language.words.names import canonical_name
from matcalc.patterns import pattern

if TYPE_CHECKING:
    from matcalc.language.meaning.inference import Parsed

__all__ = ["of_a_number"]

Read = Callable[[Translation], "Parsed"]
Pair = tuple[Translation, "Parsed"]
_LOSSES = pattern(r"(?:\w*_)?(?:loss|cost|nll|obj|objective|log_?lik\w*|likelihood)|J|LL|nlml", re.IGNORECASE)
_ASSIGNED = pattern(r"(?:\A|[\n;])[ \t]*(\w+)[ \t]*(?:<-|=)(?!=)")
#: What may stand behind the last assignment.
_ENDS = pattern(r"\s*(?:end(?:function)?|\}|return\b[^\n]*)?[;\s}]*")


def of_a_number(pair: Pair, where: object, read: Read) -> Pair:
    """The reading in which what is called a loss is a number. Raises ShapeError where several vectors would make it one."""
    translation, parsed = pair
    if all(dim.is_one for dim in parsed.tree.shape) or not _names_a_loss(translation.original):
        return pair
    names = list(_matrices_by_letter(pair))
    found = {name: read_so for name in names if (read_so := _as_vectors([name], translation, where, read)) is not None}
    distinct = {id(other.node): name for name, (_, other) in reversed(found.items())}
    if len(distinct) > 1:
        first, second = list(distinct.values())[-2:]
        said = [declarations([name], found[name][1].declarations) for name in (first, second)]
        raise two_ways(translation.original, ({first: 1}, {second: 1}), said)
    return (_as_vectors(list(found), translation, where, read) if found else None) or pair


def _names_a_loss(text: str) -> bool:
    """Whether the last statement assigns to such a name."""
    text = muted(text, percent=True)
    heads = list(_ASSIGNED.finditer(text))
    if not heads or _LOSSES.fullmatch(heads[-1].group(1)) is None:
        return False
    lines = [line for line in re.split(r"[;\n]", text[heads[-1].end() :])[1:] if not _ENDS.fullmatch(line)]
    return not lines


def _matrices_by_letter(pair: Pair) -> Iterator[str]:
    """Undeclared capitals that are read as matrices."""
    translation, parsed = pair
    for name in translation.choice.assumed:
        declared = parsed.declarations.get(canonical_name(name))
        if declared is not None and declared.inferred and declared.kind == "matrix" and name[:1].isupper():
            yield name


def _as_vectors(names: Sequence[str], translation: Translation, where: object, read: Read) -> Pair | None:
    """The reading with these names as vectors, if the whole is a number then."""
    vectors = dict.fromkeys(names, 1)
    try:
        other = translated(translation.original, where, {**translation.choice.ranks, **vectors})
        parsed = None if other is None else read(other)
    except MatcalcError:
        return None
    if other is None or parsed is None or not all(dim.is_one for dim in parsed.tree.shape):
        return None
    return replace(other, choice=replace(other.choice, ranks={**other.choice.ranks, **vectors})), parsed
