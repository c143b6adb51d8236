"""What people type and paste, what it means, and how the reader takes it: the tables `meanings.txt` and `foreign.txt` (code).

A row is the text on one line (⏎ stands for a line break) and below it, set off, its columns:

    state | way variables | meaning | names

``state`` is how the text is read now: ``right``, ``note`` (as meant, with a note), ``refused`` (it has one reading, but
is an error), ``question`` (two readings compete: it has to be an error or a note), ``out`` (index sums of a later time: an
error, or right) and ``none`` (it is no function: an error). The way is ``by``, where a person would name the variable
beside the text, or ``tells``, where the text itself says it, once for each derivative. The meaning is NumPy, independent
of the language; several that compete are joined by " or ". A name is written ``NAME~SPELLING(SIZES FLAGS)``: vectors are
1-d arrays, ``()`` is a number, ``(=5)`` the number 5; ``f(vector->scalar)`` is an open function.

The state is the least that a row has to reach: a row that is read better passes. ``python -m tests.language.meanings``
prints the counts; with ``update`` it writes better states into the table (worse ones are only reported).
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import matcalc as mc
from matcalc.checking.values.reference import reference_value, typed_order
from matcalc.errors import MatcalcError
from matcalc.expr import Dim
from matcalc.language import canonical_name, spelled_name
from matcalc.language.words.names import typed_name
from matcalc.objects.asked import asked_variables
from matcalc.objects.expressions import Expr
from matcalc.objects.variables import variable_named
from tests.language.meaning_values import NUMPY, SIZES, drawn, gradient

__all__ = ["SEEDS", "TABLES", "Outcome", "Row", "is_worse", "meant", "outcome", "row_of", "rows", "state_of"]

TABLES = tuple(Path(__file__).with_name(name) for name in ("meanings.txt", "foreign.txt"))
#: States of rows that are read, and of rows that are errors.
READ, ERRORS = ("right", "note"), ("refused", "question", "out", "none")
SEEDS = range(4)
_NAME = re.compile(r"(\w+)(?:~(\S+?))?\(([^()]*)\)(?=\s|$)")


@dataclass(frozen=True, eq=False)
class Row:
    """One text of the table, and what a mathematician takes it to ask."""

    text: str
    state: str
    way: str
    variables: tuple[str, ...]
    meanings: tuple[str, ...]
    names: Mapping[str, tuple[str, str]]

    def namespace(self, seed: int) -> dict[str, Any]:
        """Arrays and functions for the names of the meaning."""
        rng = np.random.default_rng(seed)
        return {name: drawn(kind, rng) for name, (_, kind) in self.names.items()}

    def spelled(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The same by the names of the language."""
        return {spelling: values[name] for name, (spelling, _) in self.names.items()}


@dataclass(frozen=True)
class Outcome:
    """How the reader took a text: right, note, refused or misread, and why."""

    state: str
    why: str = ""


def rows(*tables: Path) -> Iterator[Row]:
    """The rows of these tables, or of all."""
    for path in tables or TABLES:
        lines = [s for s in path.read_text(encoding="utf-8").splitlines() if s and not s.startswith("## ")]
        for text, columns in zip(lines[::2], lines[1::2], strict=True):
            yield row_of(text, columns)


def row_of(text: str, columns: str) -> Row:
    """A row from its two lines."""
    state, asked, meaning, names = ([*(c.strip() for c in columns.split(" | ")), "", "", ""])[:4]
    way, *variables = asked.split() or [""]
    meanings = tuple(m for m in meaning.split(" or ") if m)
    return Row(text.replace("⏎", "\n"), state, way, tuple(variables), meanings, _names(names))


def _names(text: str) -> dict[str, tuple[str, str]]:
    found = {}
    for match in _NAME.finditer(text):
        name, spelling, kind = match.groups()
        found[name] = spelled_name(spelling or name.rstrip("_")), kind
    return found


def outcome(row: Row) -> Outcome:
    """How the text is read, judged by values at random arrays."""
    try:
        expression = mc.parse(row.text)
        asked = _asked(row, expression) if row.meanings or getattr(expression, "statement", None) else []
    except MatcalcError as error:
        return Outcome("refused", str(error).splitlines()[0])
    if not row.meanings:
        return Outcome("misread", "it is no function")
    if asked != [_plain(spelled_name(v)) for v in row.variables]:
        return Outcome("misread", f"differentiated by {', '.join(asked)}")
    return _judged(row, expression)


def _asked(row: Row, expression: Expr) -> list[str]:
    """The variables of the derivative, in the plain spelling."""
    if row.way == "by":
        return [_plain(str(variable_named(expression, v).data[0])) for v in row.variables]
    return [_plain(v) for v in _told(expression)]


def _told(expression: Expr) -> list[str]:
    return [typed_name(name) for name in asked_variables(expression, ())]


def _plain(name: str) -> str:
    """The letters of a name in order: what two spellings of one, such as ``\\hat{y}_t`` and ``y_t_hat``, share."""
    bare = re.sub(
        r"overline|boldsymbol|var(?=epsilon|phi|theta|rho)|math\w\w|text\w*|operatorname",
        lambda m: {"overline": "bar"}.get(m.group(), ""),
        name,
    )
    return "".join(sorted(re.sub(r"[^A-Za-z0-9]|vec", "", canonical_name(bare).replace("*", "star"))))


def _judged(row: Row, expression: Expr) -> Outcome:
    of_arrays = any(re.match(r"[a-z]\b", kind) for _, kind in row.names.values())
    strict = of_arrays and any(note.code == "foreign" for note in expression.notes)
    expected = [_agree(row, meaning, expression, strict=strict) for meaning in row.meanings]
    if "" not in expected:
        return Outcome("misread", expected[0])
    if expression.notes:
        return Outcome("note", str(expression.notes[0]))
    return Outcome("misread", "silent where two readings compete") if len(row.meanings) > 1 else Outcome("right")


def meant(row: Row, meaning: str, seed: int) -> np.ndarray[Any, Any] | None:
    """The value of a meaning, None outside its domain."""
    with np.errstate(all="ignore"):
        value = _two_axes(eval(meaning, {**NUMPY, **row.namespace(seed)}))
    return value if np.all(np.isfinite(value)) else None


def _agree(row: Row, meaning: str, expression: Expr, *, strict: bool) -> str:
    """Empty if the reading has the values of the meaning; else what differs. In strict code an array of one entry is no number."""
    points = 0
    for seed in SEEDS:
        value = meant(row, meaning, seed)
        if value is None:
            continue
        try:
            with np.errstate(all="ignore"):
                read = _value(expression, row.spelled(row.namespace(seed)))
        except (_Differs, ValueError, np.linalg.LinAlgError) as error:
            return str(error)
        if strict and value.shape == (1, 1) and not all(dim.is_one for dim in expression.shape):
            return "an array, and no number"
        if read.shape != value.shape:
            return f"of shape {read.shape} instead of {value.shape}"
        if not np.allclose(read, value, rtol=1e-6, atol=1e-9):
            return "other values"
        points += 1
    return "" if points else "no point within the domain"


def _two_axes(value: Any) -> np.ndarray[Any, Any]:
    array = np.asarray(value, dtype=float)
    return array.reshape(-1, 1) if array.ndim < 2 else array


class _Differs(Exception):
    """The reading has names or shapes that the meaning does not have."""


def _value(expression: Expr, values: Mapping[str, Any]) -> np.ndarray[Any, Any]:
    """The value of what was read, at the arrays and functions of the meaning."""
    arrays = {name: _given(name, d.kind == "function", values) for name, d in expression.declarations.items()}
    sizes = _sizes(expression, arrays)
    assert expression.tree is not None
    for node in typed_order(expression.tree):
        for dim in (*node.shape, *([node.value] if isinstance(node.value, Dim) else [])):
            for name in dim.names:
                if name not in sizes:
                    raise _Differs(f"the size {name} is left open")
    return reference_value(expression.tree, arrays, sizes)


def _sizes(expression: Expr, arrays: Mapping[str, Any]) -> dict[str, int]:
    """The sizes of the reading as the arrays have them."""
    shapes = [(d, arrays[name].shape) for name, d in expression.declarations.items() if d.kind != "function"]
    known = [pair for d, shape in shapes for pair in zip(d.shape, shape, strict=True)]
    sizes = {**SIZES, **{dim.names[0]: length for dim, length in known if [str(dim)] == list(dim.names)}}
    for declaration, shape in shapes:
        if any(name not in sizes for dim in declaration.shape for name in dim.names):
            raise _Differs(f"a size of {declaration} is left open")
        if tuple(dim.evaluate(sizes) for dim in declaration.shape) != shape:
            raise _Differs(f"it is read with {declaration}")
    return sizes


@dataclass(frozen=True)
class _StandIn:
    """An open function of the meaning, as the reader's evaluator calls one."""

    function: Any
    entrywise: bool

    def of(self, args: Any, partials: Any = (), free: Any = (), fillings: Any = ()) -> np.ndarray[Any, Any]:
        if partials or fillings or (free and free != (0,) and free != (-1,)):
            raise _Differs("it is read with a derivative of an open function")
        if free == (0,):
            return _two_axes(gradient(self.function, *args))
        return _two_axes(self.function(*args))


def _given(name: str, is_function: bool, values: Mapping[str, Any]) -> np.ndarray[Any, Any]:
    """What a name of the reading is: a family x_i may be read as X, an unnamed size is its number."""
    alike = [v for key, v in values.items() if _plain(key).casefold() == _plain(name).casefold()]
    found = values[name] if name in values else alike[0] if len(alike) == 1 else SIZES.get(name)
    if found is None:
        raise _Differs(f"{name} is read as a name")
    if callable(found) != is_function:
        raise _Differs(f"{name} is read as a {'function' if is_function else 'variable'}")
    return np.array([[_StandIn(found, False)]], dtype=object) if is_function else _two_axes(found)


def is_worse(row: Row, found: Outcome) -> bool:
    """A misreading, an error in place of a reading, or a note that is missing: never to be written down."""
    return (
        found.state == "misread"
        or (row.state in READ and found.state == "refused")
        or (row.state == "note" and found.state == "right")
    )


def state_of(row: Row, found: Outcome) -> str:
    """What the table says of it."""
    return found.state if found.state != "refused" else row.state if row.state in ERRORS else "refused"


def _update(table: Path, found: Mapping[Row, Outcome]) -> None:
    """Better states into a table, line by line."""
    lines = table.read_text(encoding="utf-8").splitlines()
    places = [i + 1 for i, s in enumerate(lines) if s and not s.startswith(("## ", "    "))]
    for place, (row, was) in zip(places, found.items(), strict=True):
        if not is_worse(row, was) and state_of(row, was) != row.state:
            lines[place] = lines[place].replace(row.state, state_of(row, was), 1)
    table.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Print for each table how many rows are in each state, and the rows that got worse; 1 if there are any."""
    return max(_report(table, update=arguments == ["update"]) for table in TABLES)


def _report(table: Path, *, update: bool) -> int:
    found = {row: outcome(row) for row in rows(table)}
    print(table.name)
    for state, number in sorted(
        Counter("misread" if o.state == "misread" else state_of(r, o) for r, o in found.items()).items()
    ):
        print(f"{number:4} {state}")
    worse = [f"{o.state} ({o.why}): {row.text}" for row, o in found.items() if is_worse(row, o)]
    print("\n".join(worse))
    if update:
        _update(table, found)
    return int(bool(worse))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
