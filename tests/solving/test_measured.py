"""Problems that were written down with the solutions of books first: none is wrong, and each is solved as there."""

from __future__ import annotations

import pytest

import matcalc as mc
from tests.machine import sweep
from tests.solving.measured import ROWS
from tests.solving.textbook import is_stationary

#: Of some data alone there is a solution: the judge would have to choose them.
OF_SOME_DATA = {"k log(p) + (n - k) log(1 - p)"}


@sweep(2)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(("f", "names", "constraints", "where", "book", "kind"), ROWS, ids=[row[0] for row in ROWS])
def test_as_in_the_book(f: str, names: str, constraints: list[str], where: str, book: str, kind: str) -> None:
    found = mc.solve(f, *names.split(), subject_to=constraints, where=where or None)
    assert found
    if book and "=" not in book:
        value = found.solutions[names]
        known = {n: d.type_text for n, d in value.declarations.items()}
        assert mc.equal(value, mc.parse(book, known)).verdict != "refuted"
    if kind:
        assert found.kind == kind, found.reason
    if found.kind and f not in OF_SOME_DATA:
        whole = found.lagrangian if found.lagrangian is not None else mc.parse(f, where or None)
        assert is_stationary(whole, found.solutions, list(found.solutions))
