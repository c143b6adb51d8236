"""How long what is printed is, beside the shortest known form: the tables of the books, and of what people derive by hand.

    python benchmarks/readability.py

Length is as the tests of the books have it: names, numbers and signs; brackets and products of neighbours are free. An answer
that names its parts is as long as its first line with the lines of the names.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import matcalc as mc
from tests.tables import by_hand, cookbook, forms, magnus, readable
from tests.tables.test_books import length

#: How many of the longest are shown.
SHOWN = 12
Measured = tuple[str, str, int, int]


def rows() -> Iterator[tuple[str, str, str, list[str], str]]:
    """Title, function, declarations, variables, the shortest known form."""
    for book, table, order in (
        ("MC", (*cookbook.CHAPTER_2, *cookbook.LATER), 1),
        ("M&N", (*magnus.GRADIENTS, *magnus.JACOBIANS), 1),
        ("M&N", magnus.HESSIANS, 2),
    ):
        for number, text, wrt, where, closed in table:
            yield f"{book} {number}", text, where, [wrt] * order, closed
    for name, answers in (("by hand", by_hand.ROWS), ("readable", readable.ROWS), ("forms", tuple(forms.ROWS))):
        for title, text, where, wrt, order, closed, _ in answers:
            variables = wrt.split() if " " in wrt else [wrt] * order
            yield f"{name}: {title}", text, where, variables, closed


def measured() -> Iterator[Measured]:
    """(title, what is printed, its length, that of the shortest known form)"""
    for title, text, where, wrt, closed in rows():
        derivative = mc.derivative(text, *wrt, where=where)
        known = closed.split(", vec form ")[0].removeprefix("dF = ").removeprefix("dG = ")
        printed = form_of(derivative, known)
        yield title, printed, length(printed), max(length(known), 1)


def form_of(derivative: mc.Derivative, known: str) -> str:
    """The form that is to be compared: the operator or the differential where the known one has dX, else the matrix."""
    operator, _, matrix = str(derivative).replace("\nvec form ", ", vec form ").partition(", vec form ")
    if not any(f"d{name}" in known for name in derivative.wrt):
        return matrix or operator
    return str(derivative.differential) if derivative.form == "array" else operator.split(" = ", 1)[1]


def main() -> None:
    found = sorted(measured(), key=lambda m: m[2] / m[3])
    ratios = [ours / known for _, _, ours, known in found]
    print(
        f"{len(found)} rows: median {statistics.median(ratios):.2f}, 95 % at most {ratios[int(0.95 * (len(ratios) - 1))]:.2f}"
    )
    print(
        f"longer than the known form: {sum(r > 1 for r in ratios)}; more than 1.2 times as long: {sum(r > 1.2 for r in ratios)}"
    )
    for title, printed, ours, known in found[: -SHOWN - 1 : -1]:
        print(f"{ours / known:5.2f}  {title}: {printed}")


if __name__ == "__main__":
    main()
