"""Random well-typed expressions as trees of rows: the text and the value of another library are read from the same tree."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np

from tests.fuzz.patterns import PATTERNS
from tests.fuzz.points import SORTS, drawn_point
from tests.fuzz.row import ACCEPTED, Row
from tests.fuzz.rows import ROWS

__all__ = ["Case", "Drawing", "Tree", "Variable", "draw_case", "size_of"]

Shape = tuple[str, str]
Array = Any

#: kind of an operand -> declarations that have it, with their weights; M is a matrix of any shape
DECLARATIONS: dict[str, dict[str, float]] = {
    "g": {"matrix": 5, "symmetric": 1, "spd": 1, "skew": 1, "diagonal": 1, "lower": 1, "upper": 1, "orthogonal": 1, "invertible": 1, "psd": 0.5},
    "p": {"positive": 1},
    "s": {"symmetric": 3, "spd": 1, "diagonal": 0.5, "psd": 0.5},
    "d": {"spd": 1},
    "n": {"integer": 1},
    "t": {"lower": 1, "upper": 1, "diagonal": 1},
    "q": {"diagonal": 1},
    "i": {"invertible": 2, "spd": 1, "orthogonal": 0.5, "lower": 0.5, "upper": 0.5, "diagonal": 0.5},
}  # fmt: skip


#: declaration of a matrix -> the kind it is drawn for
KIND_OF_VARIABLE = {
    "positive": "p", "spd": "d", "symmetric": "s", "psd": "s", "invertible": "i", "diagonal": "q", "lower": "t", "upper": "t",
}  # fmt: skip


@dataclass(frozen=True)
class Variable:
    """A declared name."""

    name: str
    kind: str
    shape: Shape

    def declaration(self, show: Callable[[str], str]) -> str:
        rows, cols = map(show, self.shape)
        suffix = ", positive" if self.kind == "positive" else ""
        if self.kind == "integer":
            return f"{self.name}: scalar(integer)"
        if self.kind not in ("matrix", "positive"):
            return f"{self.name}: {self.kind}({rows})"
        if self.shape == ("1", "1"):
            return f"{self.name}: scalar" + ("(positive)" if suffix else "")
        size = f"vector({rows}{suffix})" if self.shape[1] == "1" else f"matrix({rows}, {cols}{suffix})"
        return f"{self.name}: {size}"


@dataclass(frozen=True)
class Tree:
    """A row with its operands, or a variable."""

    shape: Shape
    row: Row | None = None
    letters: tuple[tuple[str, str], ...] = ()
    operands: tuple[Tree, ...] = ()
    variable: Variable | None = None
    wanted: str = "g"

    def text(self, show: Callable[[str], str]) -> str:
        if self.variable is not None:
            return self.variable.name
        assert self.row is not None
        parts = [_Operand(t.text(show)) for t in self.operands]
        return self.row.text.format(*parts, **{k: show(s) for k, s in self.letters})

    def value(self, env: Mapping[str, Array], sizes: Mapping[str, int]) -> Array:
        memo: dict[Tree, Array] = {}

        def of(tree: Tree) -> Array:
            if tree.variable is not None:
                return env[tree.variable.name]
            if tree not in memo:
                assert tree.row is not None
                letters = {k: size_of(s, sizes) for k, s in tree.letters}
                memo[tree] = tree.row.value(letters, *map(of, tree.operands))
            return memo[tree]

        return of(self)

    def variables(self) -> dict[str, Variable]:
        if self.variable is not None:
            return {self.variable.name: self.variable}
        return {n: v for t in self.operands for n, v in t.variables().items()}

    def count(self) -> int:
        return 1 + sum(t.count() for t in self.operands)

    def places(self) -> Iterator[tuple[tuple[int, ...], Tree]]:
        yield (), self
        for i, t in enumerate(self.operands):
            for path, inside in t.places():
                yield (i, *path), inside

    def put(self, path: tuple[int, ...], new: Tree) -> Tree:
        if not path:
            return replace(new, wanted=self.wanted)
        i, *rest = path
        parts = list(self.operands)
        parts[i] = parts[i].put(tuple(rest), new)
        return replace(self, operands=tuple(parts))

    def keeps_zeros(self) -> bool:
        """Whether a power or a kink stands where the structure alone has zeros."""
        return any(tree.row in PATTERNS for _, tree in self.places())

    @property
    def kind(self) -> str:
        """What it may stand for."""
        if self.row is not None:
            return self.row.kind
        assert self.variable is not None
        if self.shape == ("1", "1"):
            return {"positive": "p", "integer": "n"}.get(self.variable.kind, "g")
        return KIND_OF_VARIABLE.get(self.variable.kind, "g")


class _Operand(str):
    """Text of an operand, in parentheses wherever it could run into its surroundings."""

    def __format__(self, spec: str) -> str:
        text = str.__str__(self)
        closed = re.fullmatch(r"\w+|\w+\([^()]*\)", text) is not None
        return text if spec == "," or closed else "(" + text + ")"


def size_of(size: str, sizes: Mapping[str, int]) -> int:
    return int(eval(size, {}, dict(sizes)))


def unified(pattern: str, size: str, known: dict[str, str]) -> bool:
    """Whether a pattern such as ``a*b`` can be that size; what its letters stand for is noted."""
    for operator in "*+":
        if operator in pattern:
            parts = size.split(operator)
            return len(parts) == 2 and all(
                unified(p, s, known) for p, s in zip(pattern.split(operator), parts, strict=True)
            )
    if not pattern.isalpha():
        return pattern == size
    if pattern.isupper() and size == "1":
        return False
    return known.setdefault(pattern, size) == size


#: kind that no variable has -> the beginning of a row of variables that is of this kind
INNER = {"u": "tanh", "b": "{0} > {1}"}
#: Texts that need two rows or columns.
TWO = r"\}\[[^\]]*2|e\(2"


@cache
def _fitting(kind: str, shape: Shape, with_two: bool) -> list[tuple[Row, dict[str, str]]]:
    """The rows of this kind and shape, each with what its letters stand for; those that need two rows only where there are two."""
    rows = (row for row in ROWS if row.weight and (with_two or not re.search(TWO, row.text)))
    return [(row, known) for row in rows if (known := _fit(row, kind, shape)) is not None]


def _fit(row: Row, kind: str, shape: Shape) -> dict[str, str] | None:
    if row.kind not in ACCEPTED[kind]:
        return None
    known: dict[str, str] = {}
    return known if all(unified(p, s, known) for p, s in zip(row.shape, shape, strict=True)) else None


class _TooLong(Exception):
    """A size would be a sum or product of sums or products."""


class Drawing:
    """Draws trees; variables of one shape and kind are shared by a few names."""

    def __init__(self, rng: random.Random, smallest: int = 2) -> None:
        self.rng = rng
        self.pool: dict[tuple[Shape, str], list[Variable]] = {}
        self.drawn: list[Tree] = []
        self.counter = 0
        self.with_two = smallest > 1

    def tree(self, kind: str, shape: Shape, depth: int) -> Tree:
        if self.drawn and self.rng.random() < 0.12:
            shared = [t for t in self.drawn if t.shape == shape and t.kind in ACCEPTED[kind]]
            if shared:
                return replace(self.rng.choice(shared), wanted=kind)
        leaf_here = depth <= 0 or self.rng.random() < 0.12
        if (leaf_here or kind == "n") and (kind not in INNER or depth < -1):
            return self.leaf(kind, shape)
        fitting = [(row, dict(known)) for row, known in _fitting(kind, shape, self.with_two)]
        if depth <= 0:
            fitting = [f for f in fitting if len(f[0].operands) <= 1] or fitting
        if not fitting or depth < -6:
            return self.leaf(kind, shape)
        row, known = self.rng.choices(fitting, [f[0].weight for f in fitting])[0]
        operands = []
        try:
            shapes = [(self._size(rows, known), self._size(cols, known)) for _, (rows, cols) in row.operands]
        except _TooLong:
            return self.leaf(kind, shape)
        for letter in re.findall(r"\{([A-Za-z])\}", row.text):
            self._size(letter, known)
        for (operand_kind, _), operand_shape in zip(row.operands, shapes, strict=True):
            operands.append(self.tree(operand_kind, operand_shape, depth - 1))
        tree = Tree(shape, row, tuple(sorted(known.items())), tuple(operands), None, kind)
        self.drawn.append(tree)
        return tree

    def _size(self, pattern: str, known: dict[str, str]) -> str:
        for operator in "*+":
            if operator in pattern:
                parts = sorted(self._size(p, known) for p in pattern.split(operator))
                if not all(p.isalnum() for p in parts):
                    raise _TooLong
                return operator.join(parts)
        if not pattern.isalpha():
            return pattern
        if pattern not in known:
            choices = ["m", "n", "k"] if pattern.isupper() else ["m", "n", "k", "1"]
            if self.rng.random() < 0.12:
                choices = ["m*n", "k+n", "k+n", "2", "2"]
            known[pattern] = self.rng.choice(choices)
        return known[pattern]

    def leaf(self, kind: str, shape: Shape) -> Tree:
        if kind in INNER:
            row = next(r for r in ROWS if r.text.startswith(INNER[kind]))
            letters = (("m", shape[0]), ("n", shape[1]))
            leaves = tuple(self.leaf("g", shape) for _ in row.operands)
            return Tree(shape, row, letters, leaves, None, kind)
        known = self.pool.setdefault((shape, kind), [])
        if (len(known) < 3 and self.rng.random() < 0.5) or not known:
            known.append(self._variable(kind, shape))
        return Tree(shape, variable=self.rng.choice(known), wanted=kind)

    def _variable(self, kind: str, shape: Shape) -> Variable:
        declared = {"g": "matrix", "n": "integer"}.get(kind, "positive")
        if shape[0] == shape[1] and shape[0] != "1":
            table = DECLARATIONS[kind]
            declared = self.rng.choices(list(table), list(table.values()))[0]
        self.counter += 1
        column = shape[1] == "1"
        letter = "p" if kind == "n" else "s" if shape == ("1", "1") else "x" if column else "A"
        return Variable(f"{letter}_{self.counter}", declared, shape)


@dataclass(frozen=True)
class Case:
    """An expression with its sizes and what is compared.

    ``numeric`` writes the sizes as numbers; ``wrt`` are the variables of the derivatives, the first alone, then the
    first two, and so on; ``dense`` compares whole arrays of compiled functions, ``texts`` what is printed and read
    back, ``structures`` the other conventions for structured variables; ``at`` is the sort of the points.
    """

    tree: Tree
    sizes: tuple[tuple[str, int], ...]
    numeric: bool
    wrt: tuple[str, ...]
    dense: bool = False
    texts: bool = False
    structures: bool = False
    at: str = "plain"

    def show(self, size: str) -> str:
        return str(size_of(size, dict(self.sizes))) if self.numeric else size

    @property
    def text(self) -> str:
        """Beside an axis a product is not written as in Python, where softmax(x, 1) runs along another one."""
        text = self.tree.text(self.show)
        return text.replace(".T @ ", "^T * ") if re.search(r", [12]\)", text) else text

    @property
    def where(self) -> str:
        return ", ".join(v.declaration(self.show) for v in self.tree.variables().values())

    def point(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        sizes = dict(self.sizes)
        shapes = {n: tuple(size_of(s, sizes) for s in v.shape) for n, v in self.tree.variables().items()}
        kinds = {n: v.kind for n, v in self.tree.variables().items()}
        return drawn_point(kinds, shapes, self.at, rng)


#: How often derivatives of the first, the second and the third order are the highest that is compared.
ORDERS = (50, 38, 12)


#: Shapes of the whole expression, with their weights.
ROOTS = {
    ("1", "1"): 10, ("n", "1"): 3, ("m", "n"): 3, ("n", "n"): 1, ("1", "n"): 0.7,
    ("m*n", "1"): 0.6, ("k*n", "m*n"): 0.3, ("k*m", "k*n"): 0.3, ("k+n", "1"): 0.4, ("k+n", "k+n"): 0.5,
    ("2", "n"): 0.3, ("2", "2"): 0.2,
}  # fmt: skip


def draw_case(rng: random.Random, depth: int, numbers: Sequence[int] | None = None) -> Case:
    """A case with at least one variable; ``numbers`` are the sizes m, n and k, drawn where they are not given."""
    if numbers is None:
        numbers = rng.sample([2, 3, 4], 3) if rng.random() < 0.85 else rng.choices([1, 2, 3, 4, 5], k=3)
    sizes = dict(zip("mnk", numbers, strict=True))
    while True:
        drawing = Drawing(rng, min(numbers))
        shape = rng.choices(list(ROOTS), list(ROOTS.values()))[0]
        order = rng.choices([1, 2, 3], ORDERS)[0]
        tree = drawing.tree("g", shape, rng.randint(1, depth if order < 3 else 2))
        names = [n for n, v in tree.variables().items() if v.kind != "integer"]
        if not names or tree.row is None or tree.count() > 60:
            continue
        first = rng.choices(names, [1 if v.kind == "matrix" else 2 for v in map(tree.variables().get, names)])[0]
        others = [n for n in names if n != first] or [first]
        wrt = (first, *(first if rng.random() < 0.5 else rng.choice(others) for _ in range(order - 1)))
        # A size that is written as the number 1 declares other kinds of arrays.
        numeric = rng.random() < 0.2 and min(numbers) > 1
        at = rng.choices(list(SORTS), list(SORTS.values()))[0]
        if at == "zeros" and tree.keeps_zeros():
            at = "plain"  # zeros of the structure could not be told from others
        return Case(
            tree, tuple(sizes.items()), numeric, wrt, rng.random() < 0.3, rng.random() < 0.06, rng.random() < 0.25, at
        )
