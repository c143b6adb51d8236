"""The names of Python code: which nothing in it defines, what the others are made of, and what they are called for."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from matcalc.language import prices
from matcalc.language.foreign.common.names.naming import face_of, rank_costs
from matcalc.language.foreign.python.python_forms import TARGETS, has_product, made_of, of_name, scaled, statements_of
from matcalc.language.foreign.python_axes.python_evidence import defined_in
from matcalc.language.foreign.python_axes.python_names import MODULES
from matcalc.patterns import pattern

__all__ = ["Kind", "Scope", "is_location"]

#: "" of a number, "v" of an array of one axis, "m" of a matrix, "c" and "r" of one with a single column or row.
Kind = str | None
_MEANS = pattern(
    r"(?:mu|mean|m|c|center|centre|loc|centroid|avg|\w+_?(?:mean|bar|mu|avg))_?\w?\d*|b_?\w*|bias\w*|intercept\w*"
)


class Scope:
    """The statements of a program.

    Attributes:
        names: those that nothing in it defines.
        env: the axes of those that it has defined so far.
        made_of: for each name that is assigned all names that its value is made of.
        values: of each name that is assigned once, its value.
    """

    def __init__(self, tree: ast.Module) -> None:
        self.body = statements_of(tree.body)
        self.names = list(dict.fromkeys(self._free()))
        self.env: dict[str, Kind] = {}
        self.made_of, self.values = made_of(self.body), defined_in(tree)

    def _free(self) -> Iterator[str]:
        """Names in the order of their places that no statement before has assigned."""
        called = {
            n.func.id
            for s in self.body
            for n in ast.walk(s)
            if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)
        }
        assigned = {*MODULES, *called}
        for statement in self.body:
            names = [n for n in ast.walk(statement) if isinstance(n, ast.Name)]
            yield from (n.id for n in names if isinstance(n.ctx, ast.Load) and n.id not in assigned)
            assigned.update(n.id for n in names if isinstance(n.ctx, ast.Store))

    def is_array_by_name(self, node: ast.expr) -> bool:
        """A name of arrays is rather no number beside others."""
        inner = scaled(node)
        return (
            isinstance(inner, ast.Name)
            and inner.id not in self.env
            and rank_costs(inner.id)[0] >= prices.AXES_ARRAY_BY_NAME
        )

    def is_target(self, row: ast.expr, matrix: ast.expr) -> bool:
        """Whether one of y * predictions is but a target, and the other is computed: they have the same shape."""
        cores = [of_name(row), of_name(matrix)]
        targets = [n is not None and n not in self.env and TARGETS.fullmatch(n) is not None for n in cores]
        if targets[0] == targets[1]:
            return False
        place = 1 - targets.index(True)
        return (cores[place] or "") in self.env or has_product((row, matrix)[place])

    def is_word(self, factor: ast.expr, matrix: ast.expr) -> bool:
        """Whether it is a word, whose spelling says nothing of its axes, beside a matrix that is no data."""
        name, beside = of_name(factor), scaled(matrix)
        is_data = isinstance(beside, ast.Name) and face_of(beside.id) == "code data"
        return name is not None and name not in self.env and face_of(name) == "code word" and not is_data

    def takes_its_shape(self, matrix: ast.expr, row: ast.expr) -> bool:
        """Whether Y of y_pred - Y is but a name: it has the shape of what was computed without it, if that is no mean."""
        name = scaled(matrix)
        if (
            not isinstance(name, ast.Name)
            or name.id in self.env
            or not isinstance(row, ast.Name)
            or is_location(row.id)
        ):
            return False
        return name.id not in self.made_of.get(row.id, set())


def is_location(name: str) -> bool:
    """Whether the name is that of a mean or of a bias, which is spread over rows."""
    return _MEANS.fullmatch(name) is not None
