"""The kind of a value, scalar, column, row or matrix: which of its two sizes are 1."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from matcalc.expr import Dim
from matcalc.functions import Function, find
from matcalc.language.foreign.common.names.costs import COSTS
from matcalc.language.sizes.signatures import Signature, parse_signature
from matcalc.language.words.names import is_greek
from matcalc.records import dataclass

__all__ = [
    "COLUMN",
    "MATRIX",
    "ROW",
    "SCALAR",
    "Letter",
    "broadcasts",
    "is_entrywise",
    "kind_of",
    "matching",
    "multiplied",
    "result_kind",
    "takes_arrays",
]

#: Kinds as bits: 1 where there is more than one row, 2 where there is more than one column.
SCALAR, COLUMN, ROW, MATRIX = range(4)


def kind_of(rows: Dim, cols: Dim) -> int:
    """The kind of a known shape."""
    return (not rows.is_one) + 2 * (not cols.is_one)


#: What each kind costs for an undeclared name, in hundredths: its usual kind, which comes first, costs nothing.
_CAPITAL = {MATRIX: 0, COLUMN: 265, SCALAR: 170}
_OF_SCALARS = {SCALAR: 0, COLUMN: 100, MATRIX: 260}
_OF_VECTORS = {COLUMN: 0, SCALAR: 100, MATRIX: 260}
#: A member of a family, x_i or alpha_i: that it is a number is never against its letter.
_OF_MEMBERS = {SCALAR: 40, COLUMN: 0, MATRIX: 400}
_OF_NUMBERS = {SCALAR: 0, COLUMN: 50, MATRIX: 400}
#: A capital of counts as a member of a family: N_k, C_i.
_COUNT_OF_MEMBER = {MATRIX: 0, COLUMN: 265, SCALAR: 130}
#: A name with two indices.
_OF_ENTRIES = {SCALAR: 0, COLUMN: 150, MATRIX: 400}
#: A vector in bold or under an arrow, and a matrix in bold.
_SET_AS_VECTOR = {COLUMN: 0, MATRIX: 400, SCALAR: 600}
_SET_AS_MATRIX = {MATRIX: 0, COLUMN: 265, SCALAR: 600}


@dataclass(frozen=True)
class Letter:
    """What the spelling of an undeclared name tells, and how it is set: in bold, under an arrow, as a name in code."""

    name: str
    face: str | None = None
    #: How many indices it has where it is a member of a family.
    indices: int = 0

    @cached_property
    def costs(self) -> dict[int, int]:
        """What each kind costs, its usual kind first: a capital is a matrix, h to z a vector, other letters scalars."""
        if self.indices > 1:
            return _OF_ENTRIES
        if self.indices and self.face is None and not self.name[0].isupper():
            return _OF_MEMBERS if self.name[0] in "xuvzh" and not is_greek(self.name) else _OF_NUMBERS
        if self.face is not None and self.face in COSTS:
            return dict(sorted(zip((SCALAR, COLUMN, MATRIX), COSTS[self.face], strict=True), key=lambda pair: pair[1]))
        if self.face == "increment":
            return Letter(re.sub("^(?:[Dd]elta_|d)", "", self.name)).costs
        if self.face == "arrow":
            return _SET_AS_VECTOR
        if re.fullmatch(r"I_?\d|I_[txyz]", self.name):  # beside I_1, an invariant or a current; the slopes of an image
            return _OF_SCALARS
        if self.name[0].isupper():
            if self.face == "bold":
                return _SET_AS_MATRIX
            return _COUNT_OF_MEMBER if self.indices and self.may_count else _CAPITAL
        if self.face == "bold":
            return _SET_AS_VECTOR
        return _OF_SCALARS if is_greek(self.name) or self.name[0] <= "g" else _OF_VECTORS

    @cached_property
    def usual(self) -> int:
        """The kind by the convention."""
        return next(iter(self.costs))

    @cached_property
    def may_count(self) -> bool:
        """Whether it is often a number where its convention is another: n, s_1, N, T_2; x, A and Psi are not."""
        if self.name[0].isupper() and is_greek(self.name):
            return False
        return self.face is None and re.fullmatch(r"[hjklmnpqrstCDJKLMNPRT](_?\w{1,2})?", self.name) is not None

    @property
    def is_matrix(self) -> bool:
        """A capital that is hardly ever a number."""
        return self.usual == MATRIX and not self.may_count

    @cached_property
    def is_word(self) -> bool:
        """A name of several letters, as weight and lr_2, that is no Greek one."""
        return re.match(r"[^\W\d_]{2}", self.name) is not None and not is_greek(self.name)


def multiplied(a: int, b: int) -> int | None:
    """The kind of a product, or None where the kinds do not go together."""
    if a == SCALAR or b == SCALAR:
        return a | b
    return (a & 1) | (b & 2) if bool(a & 2) == bool(b & 1) else None


def broadcasts(function: Function, count: int) -> bool:
    """Whether scalars may stand beside arrays: entrywise functions of several arrays of one shape."""
    if not (function.kind == "elementwise" or function.entrywise) or count != len(function.parameters):
        return False
    first = parse_signature(function.signatures[0])
    return all(p.shape == first.result for p in first.parameters)


#: Abbreviations that stand for functions of the entries.
_ENTRYWISE = frozenset("sqrt sec csc cot sech csch coth log2 log10 exp2 factorial silu gelu pow".split())


def is_entrywise(name: str, count: int) -> bool:
    """Whether the function of this name and number of arguments acts on every entry: of a scalar it is as good as of an array."""
    function = find(name)
    if function is None:
        return False
    of_entries = function.kind == "elementwise" or function.entrywise
    return name in _ENTRYWISE or (of_entries and count == len(function.parameters))


def takes_arrays(function: Function, count: int) -> bool:
    """Whether a function of so many arguments takes them as a whole, and is not applied to their entries."""
    return not broadcasts(function, count) and not is_entrywise(function.name, count)


def matching(signatures: Sequence[Signature], k: Sequence[int]) -> Signature | None:
    """The first signature that the kinds fit."""
    return next((s for s in signatures if symbols(s, k) is not None), None)


def symbols(signature: Signature, k: Sequence[int]) -> dict[str, bool] | None:
    """For each symbol whether it is more than 1, or None where the kinds do not fit."""
    long: dict[str, bool] = {}
    for parameter, kind in zip(signature.parameters, k, strict=True):
        if parameter.kind != "array":
            continue
        for side, more in zip(parameter.sides, (bool(kind & 1), bool(kind & 2)), strict=True):
            if side == "" and more:
                return None
            if side and long.setdefault(side, more) != more:
                return None
    return long


def result_kind(signature: Signature, k: Sequence[int]) -> int:
    """The kind of the result of a signature that fits."""
    long = symbols(signature, k) or {}

    def more(dim: Dim) -> bool:
        return dim.evaluate({name: 2 if long.get(name, True) else 1 for name in dim.names}) != 1

    return more(signature.result[0]) + 2 * more(signature.result[1])
