"""Points at which conditions are kept and points at which one is broken, and what the derivative is there.

``python -m tests.checking.kept_and_broken`` decides the rows of the tables whose derivatives hold under conditions: where all
of them are kept it is finite and right, and where one is broken on purpose it is undefined or wrong. The suite takes a slice.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable, Iterator
from inspect import signature
from itertools import islice
from typing import Any

import numpy as np

import matcalc as mc
from matcalc.calculus.validity.requirements import Condition
from matcalc.checking.conditions import holds
from matcalc.checking.sampling import dimension_names, project_numeric
from matcalc.checking.values.evaluate import evaluate
from matcalc.checking.values.reference import reference_value
from matcalc.expr import variables
from matcalc.language import Declaration
from tests.tables import by_hand, cookbook, forms, magnus, readable
from tests.tables.commonplace import COMMONPLACE
from tests.tables.everyday import EVERYDAY
from tests.tables.identities import TRUE
from tests.tables.natural import NATURAL
from tests.tables.rows import rows_of

__all__ = ["Case", "Row", "conditional", "decided", "edges"]

Array = np.ndarray[Any, np.dtype[Any]]
Values = dict[str, Array]
#: function, variable, declarations
Row = tuple[str, str, str]

#: What the named sizes are: tall matrices, and wide ones where no point is found.
SIZES: tuple[dict[str, int], ...] = ({"m": 4, "n": 3, "k": 2}, {"m": 2, "n": 3, "k": 4})
STEP = 1e-6
#: Numbers as large as this come from rounding where there is no value.
LARGEST = 1e12
#: Expressions that are 0 by way of their variables, none of which is a factor of the function.
MOVED = ("add", "variable")


def rows() -> Iterator[Row]:
    """Functions of the books, of papers and of what people derive by hand, and the sides of identities by every name."""
    for book in (cookbook.CHAPTER_2, cookbook.LATER, magnus.GRADIENTS, magnus.JACOBIANS, magnus.HESSIANS):
        yield from ((text, wrt, where) for _, text, wrt, where, *_ in book)
    yield from (row[1:4] for row in rows_of("practice", "ROWS"))
    for table in (by_hand.ROWS, readable.ROWS, forms.ROWS):
        yield from ((text, wrt.split()[0], where) for _, text, where, wrt, *_ in table)
    for left, right, where, *_ in (*TRUE, *NATURAL, *EVERYDAY, *COMMONPLACE):
        for side in (left, right):
            yield from ((side, name, where) for name in names_of(side, where))


def names_of(text: str, where: str) -> list[str]:
    """None where a side alone does not say its size, as I does not."""
    try:
        return list(mc.parse(text, where).declarations)
    except mc.MatcalcError:
        return []


# --- points --------------------------------------------------------------------------------------


def sizes_of(declared: dict[str, Declaration], given: dict[str, int]) -> dict[str, int]:
    """Distinct numbers for the named sizes."""
    names = dimension_names(*(d.dims for d in declared.values())) - set(given)
    return {**given, **dict(zip(sorted(names), range(5, 5 + len(names)), strict=True))}


def numbers(declaration: Declaration, sizes: dict[str, int], rng: np.random.Generator) -> Array:
    """Small integers and halves, with which zeros are exact; nothing is symmetric by chance."""
    shape = tuple(d.evaluate(sizes) for d in declaration.shape)
    tags = declaration.node.data[1]
    x = rng.choice([-1, 1], shape) * rng.integers(1, 7, shape) / 2.0
    if shape == (1, 1):
        x = np.sign(x) * (np.abs(x) // 1 + 0.5)
    if "integer" in tags:
        return rng.integers(2, 5, shape).astype(float)
    if "orthogonal" in tags:
        return np.asarray(np.linalg.qr(x)[0])
    if is_definite(declaration):
        return np.asarray(x @ x.T + np.eye(len(x)))
    x = np.abs(x) + 0.25 if "positive" in tags else x
    return project_numeric(declaration.node, x)


def tamed(x: Array) -> Iterator[Array]:
    """Values in the domains of most functions."""
    yield from (x, np.abs(x) + 0.25, x / 16, np.abs(x) + 1.25)
    if x.shape[0] == x.shape[1]:
        yield np.eye(len(x)) * 8 + x / 4


def special(x: Array) -> Iterator[Array]:
    """Values at the edges of domains: zeros, ties, defects of rank, the wrong sign."""
    rows, cols = x.shape
    for k in range(x.size):
        for v in (0.0, -1.0, 1.0, -2.0, x.flat[(k + 1) % x.size], -x.flat[(k + 1) % x.size]):
            y = x.copy()
            y.flat[k] = v
            yield y
    yield from (-x, -np.abs(x) - 1, np.abs(x) + 2, np.ones_like(x), -np.ones_like(x))
    yield np.outer(np.arange(rows) + 1.0, np.arange(cols) + 1.0)
    yield np.eye(rows, cols)
    yield -np.eye(rows, cols)
    y = x.copy()
    y[:, 0] = 0
    yield y
    y = x.copy()
    y[:, -1] = y[:, 0]
    yield y
    yield 0 * x


def is_definite(declaration: Declaration) -> bool:
    return not {"spd", "psd"}.isdisjoint(declaration.node.data[1])


def is_held(declaration: Declaration) -> bool:
    """Whether the declaration leaves no room for a value at an edge."""
    return not {"positive", "spd", "psd", "orthogonal", "integer", "invertible"}.isdisjoint(declaration.node.data[1])


def quiet(run: Callable[[], Any]) -> Any:
    """The value, or None where it is undefined."""
    with np.errstate(all="ignore"):
        try:
            return np.asarray(run())
        except np.linalg.LinAlgError:
            return None


class Case:
    """A function and its derivative, compiled, with points that keep the conditions and points that break one."""

    def __init__(self, text: str, wrt: str, where: str, sizes: dict[str, int] = SIZES[0]) -> None:
        self.f, self.wrt = mc.parse(text, where), wrt
        self.declared = dict(self.f.declarations)
        self.sizes = sizes_of(self.declared, sizes)
        self.derivative = mc.derivative(self.f, wrt)
        self.needed = self.derivative.requirements
        self.slope = mc.compile(self.derivative, checks=False)

    def arrays(self, values: Values) -> dict[str, Array]:
        axes = {name: sum(not d.is_one for d in declared.shape) for name, declared in self.declared.items()}
        axes |= {name: 2 for name, declared in self.declared.items() if len(declared.dims) == 2}
        return {n: v.reshape(v.shape[: axes[n]]) if axes[n] < 2 else v for n, v in values.items()}

    def value(self, values: Values) -> Any:
        """The function as typed."""
        assert self.f.tree is not None
        tree = self.f.tree
        return quiet(lambda: reference_value(tree, values, self.sizes))

    def gradient(self, values: Values) -> Any:
        sizes = {n: k for n, k in self.sizes.items() if n in signature(self.slope).parameters}
        return quiet(lambda: self.slope(**{**sizes, **self.arrays(values)}))

    def keeps(self, values: Values) -> bool:
        return bool(quiet(lambda: all(holds(c, values, self.sizes) for c in self.needed)))

    def kept(self, rng: np.random.Generator) -> Iterator[Values]:
        """Points at which all conditions hold, and the function is not so large that rounding hides it."""
        return (v for v in self.points(rng) if self.keeps(v) and not self.is_large(v))

    def is_large(self, values: Values) -> bool:
        f = self.value(values)
        return f is not None and bool(np.any(np.isfinite(f) & (np.abs(f) > 1e9)))

    def points(self, rng: np.random.Generator) -> Iterator[Values]:
        for attempt in range(60):
            values = {name: numbers(d, self.sizes, rng) for name, d in self.declared.items()}
            if attempt % 2:
                values = {n: v if is_held(self.declared[n]) else self.tame(n, np.abs(v)) for n, v in values.items()}
            for x in tamed(values[self.wrt]) if not is_held(self.declared[self.wrt]) else [values[self.wrt]]:
                yield {**values, self.wrt: project_numeric(self.declared[self.wrt].node, x)}

    def tame(self, name: str, value: Array) -> Array:
        """Positive, what is subtracted small."""
        return project_numeric(self.declared[name].node, value / 16 if name == "b" else value)

    def broken(self, condition: Condition, at: Values) -> Iterator[Values]:
        """Points beside a good one at which the condition does not hold, by way of any of its variables."""
        shapes = {u.shape for u in condition.subjects}
        names = [v.data[0] for u in condition.subjects for v in variables(u) if u.op in MOVED and v.shape in shapes]
        for name in dict.fromkeys([self.wrt, *names]):
            if is_held(self.declared[name]):
                continue
            for value in (*special(at[name]), *self.at_bounds(condition, name, at)):
                moved = {**at, name: project_numeric(self.declared[name].node, value)}
                if quiet(lambda moved=moved: holds(condition, moved, self.sizes)) == np.array(False):
                    yield moved

    def at_bounds(self, condition: Condition, name: str, at: Values) -> Iterator[Array]:
        """Values of a name that bring a subject of the condition to 0, or to another variable."""
        node = self.declared[name].node
        others = [v for n, v in at.items() if v.shape == at[name].shape and n != name]
        gaps = [evaluate(u, at, self.sizes) for u in condition.subjects if u.shape == node.shape]
        for v in (*others, *(at[name] + g for g in gaps), *(at[name] - g for g in gaps)):
            yield from (v, -v)

    def is_defined(self, values: Values) -> bool:
        g = self.gradient(values)
        return g is not None and bool(np.all(np.abs(g) < LARGEST))

    def is_right(self, values: Values, rng: np.random.Generator, step: float = STEP, tolerance: float = 1e-2) -> bool:
        """Whether the derivative is the slope of f on both sides, in directions to and fro."""
        here, g = self.value(values), self.gradient(values)
        if here is None or not np.all(np.abs(here) < LARGEST):
            return False
        for _ in range(6):
            e = project_numeric(self.declared[self.wrt].node, rng.standard_normal(values[self.wrt].shape))
            slope = (np.reshape(g, (here.size, e.size)) @ e.ravel()).reshape(here.shape)
            for h in (step, -step):
                there = self.value({**values, self.wrt: values[self.wrt] + h * e})
                if there is None or not np.all(
                    np.abs((there - here) / h - slope) <= tolerance * max(1.0, np.abs(slope).max())
                ):
                    return False
        return True

    def is_right_all_the_same(self, values: Values, rng: np.random.Generator) -> bool:
        """Also far enough from the point that rounding cannot hide what is there."""
        return self.is_defined(values) and all(self.is_right(values, rng, h, t) for h, t in ((STEP, 1e-2), (1e-3, 0.3)))


def edges(subject: Case, good: list[Values]) -> Iterator[Values]:
    """Points at the edges of domains, whether a condition speaks of them or not."""
    for values in good:
        for x in special(values[subject.wrt]):
            yield {**values, subject.wrt: project_numeric(subject.declared[subject.wrt].node, x)}


# --- the whole run -------------------------------------------------------------------------------


#: Where conditions are enough and not needed: a kink that another branch hides, or that cancels in a way that no identity
#: shows; what is needed for n = 1 only, or for p < 1; a limit that arithmetic takes; rounding beside large values.
ENOUGH = frozenset({
    "max(max(s, t), u)", "relu(x) .* relu(-x)",
    "sign(s) acosh(sqrt(1 + s^2))", "abs(s) + log1p(exp(-2 abs(s))) - log(2)", "sign(s) max(abs(s) - 1, 0)",
    "sum(svdvals(X).^3)", "prod(svdvals(A))", "prod(eigvals(S))", "norm_nuc(A^T A)", "norm_spec(x y^T)^2",
    "eigmax(x x^T)", "eigmax(x x^T + I)", "s^(n - 1) adj(A)", "s^(n-1) adj(A)", "||y - X w||^2 + c sum(abs(w).^p)",
    "atan(s/t)+atan(t/s)", "eigmin(expm(5 S))",
})  # fmt: skip


def conditional(every: int = 1) -> Iterator[Row]:
    """Rows whose derivatives hold under conditions that points can be sampled for, one of so many."""
    for text, wrt, where in list(dict.fromkeys(rows()))[::every]:
        if text in ENOUGH:
            continue
        f = mc.parse(text, where)
        if any(d.is_function for d in f.declarations.values()) or "integer" in f.declarations[wrt].assumptions:
            continue
        if mc.derivative(f, wrt).requirements:
            yield text, wrt, where


def decided(row: Row, kept: int, broken: int) -> Iterator[tuple[Condition | None, Values, str]]:
    """(condition that is broken or None, point, what is wrong there): nothing is where the conditions are right."""
    rng = np.random.default_rng(zlib.crc32(row[0].encode()))
    for sizes in SIZES:
        subject = Case(*row, sizes)
        good = list(islice(subject.kept(rng), kept))
        if good:
            break
    for values in good:
        defined = subject.is_defined(values)
        fault = "" if defined and subject.is_right(values, rng) else "wrong" if defined else "undefined"
        yield None, values, fault
    for condition in subject.needed:
        bad = [w for v in good for w in islice(subject.broken(condition, v), broken)]
        right = [subject.is_right_all_the_same(values, rng) for values in bad]
        needless = "right wherever it is broken" if bad and all(right) else ""
        yield from ((condition, values, needless) for values in bad)


def main() -> int:
    """Decides all rows; exit status 1 where a condition is not enough or not needed."""
    pairs, faults = 0, 0
    for row in conditional():
        found = list(decided(row, kept=3, broken=4))
        pairs += len(found)
        wrong = {(fault, condition.kind if condition else "all kept") for condition, _, fault in found if fault}
        faults += len(wrong)
        print(*(f"{row}: {fault}: {kind}\n" for fault, kind in sorted(wrong)), sep="", end="", flush=True)
    print(f"{pairs} pairs, {faults} faults")
    return int(faults > 0)


if __name__ == "__main__":
    sys.exit(main())
