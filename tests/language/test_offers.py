"""What errors offer keeps the question: readings that are offered together differ, and a repair changes what the hint says."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import matcalc as mc
from matcalc.checking.values.reference import reference_value
from matcalc.errors import Hint, MatcalcError
from matcalc.functions import find
from matcalc.language import canonical_name
from matcalc.language.declarations import KINDS
from matcalc.language.foreign import may_be_code
from matcalc.language.mends.hints import LONGEST_TRIED
from matcalc.objects.expressions import Expr
from tests.language.meanings import ERRORS, TABLES, rows
from tests.machine import sweep

HINTS = Path(__file__).with_name("hints.txt").read_text(encoding="utf-8").splitlines()
INPUTS = [line for line in HINTS if line and not line.startswith("# ") and len(line) <= LONGEST_TRIED]
REFUSED = [
    row.text
    for row in rows(TABLES[0])
    if row.state in ERRORS and len(row.text) <= LONGEST_TRIED and not may_be_code(row.text)
]
LENGTHS = (3, 4, 2, 5, 6, 7)


def refusal(text: str) -> MatcalcError | None:
    try:
        mc.parse(text)
    except MatcalcError as error:
        return error
    return None


def value(f: Expr, lengths: dict[str, int], arrays: dict[str, Any], rng: np.random.Generator) -> Any:
    """The value of what was typed, at the same arrays for the same names; None where these have other shapes."""
    for name, declared in f.declarations.items():
        if declared.is_function:
            return None
        for size in (s for dim in declared.shape for s in dim.names):
            lengths.setdefault(size, LENGTHS[len(lengths) % len(LENGTHS)])
        shape = tuple(dim.evaluate(lengths) for dim in declared.shape)
        if arrays.setdefault(name, rng.normal(size=shape)).shape != shape:
            return None
    try:
        return None if f.tree is None else reference_value(f.tree, arrays, lengths)
    except KeyError:  # a size that nothing tells
        return None


def differ(a: str, b: str) -> bool:
    """Whether two texts have other names, other shapes, or other values, or ask for other derivatives."""
    first, second = mc.parse(a), mc.parse(b)
    if {n: d.type_text for n, d in first.declarations.items()} != {
        n: d.type_text for n, d in second.declarations.items()
    }:
        return True
    said = [(s.variables, s.order) if (s := f.statement) is not None else None for f in (first, second)]
    return said[0] != said[1] or any(differ_at(seed, first, second) for seed in range(4))


def differ_at(seed: int, first: Expr, second: Expr) -> bool:
    lengths: dict[str, int] = {}
    arrays: dict[str, Any] = {}
    rng = np.random.default_rng(10 + seed)
    with np.errstate(all="ignore"):
        x, y = value(first, lengths, arrays, rng), value(second, lengths, arrays, rng)
    return x is None or y is None or x.shape != y.shape or not np.allclose(x, y, equal_nan=True)


@sweep(6)
@pytest.mark.parametrize("text", [*INPUTS, *REFUSED])
def test_readings_that_are_offered_differ(text: str) -> None:
    error = refusal(text)
    tried = error is not None and error.text == text
    for a, b in combinations(error.fixed if error is not None and tried else (), 2):
        assert differ(a, b), (a, b)


_WORD = re.compile(r"\d+(?:\.\d+)?|(?<!\\)\b[^\W\d_]+(?:_\w+)?")
#: Words of the language itself.
_OWN = frozenset({"where", "T", *KINDS})


def words(text: str) -> set[str]:
    return {canonical_name(word) for word in _WORD.findall(text.replace("^T", " "))}


@sweep(3)
@pytest.mark.parametrize("text", [*INPUTS, *REFUSED])
def test_a_repair_changes_what_the_hint_says(text: str) -> None:
    """Every name and number of the repaired text stands in the text, or in the hint."""
    error = refusal(text)
    for fixed in error.fixed if error is not None and "…" not in str(error.hint) else ():
        known = words(text) | words(str(error.hint))
        new = {w for w in words(fixed) - known - _OWN if find(w) is None and not set(w) <= set(text)}
        assert not new, (fixed, new, error.hint)


def test_alike_readings_are_seen() -> None:
    """The oracle itself."""
    where = " where x: vector(n), y: vector(n)"
    assert differ(f"x^T y{where}", f"x .* y{where}") and differ(f"2 x{where}", f"3 x{where}")
    assert not differ(f"x^T y{where}", f"y^T x{where}") and not differ("sum(x.^2)", "x^T x")


NOTED = [row.text for row in rows(TABLES[0]) if row.state == "note" and not may_be_code(row.text)]


@sweep(3)
@pytest.mark.parametrize("text", NOTED)
def test_what_a_note_offers_is_another_reading(text: str) -> None:
    """The rewriting is accepted, and means something else."""
    read = mc.parse(text)
    for note in read.notes:
        fixes = note.hint.fixes if isinstance(note.hint, Hint) and note.text == text else ()
        for fix in fixes:
            assert mc.parse(fix.applied(text)).node is not read.node, fix.applied(text)
