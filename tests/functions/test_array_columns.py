"""What a row says of a function of arrays is true of its values, and what it leaves out of what it could say is not.

Values come from the evaluator of what was typed, which knows none of these columns.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import product
from typing import Any

import numpy as np
import pytest

import matcalc as mc
from matcalc.checking.values.reference import reference_value
from matcalc.functions import FUNCTIONS, Function, properties, row_of
from matcalc.functions.properties import (
    ABOVE_0,
    AT_LEAST_0,
    DEFINITE,
    EVERYWHERE,
    SEMIDEFINITE,
    SYMMETRIC,
    Fact,
    Interval,
)
from matcalc.functions.table import VALUES
from tests.machine import sweep

Array = np.ndarray[Any, np.dtype[Any]]
Arrays = tuple[Array, ...]

SIZES = {"m": 2, "n": 3, "p": 2, "q": 3, "k": 2, "l": 2}
EQUAL = dict.fromkeys(SIZES, 3)
#: Sized by their context.
SIZELESS = ("vector", "matrix", "funm", "pow")
ROWS = [
    row for row in FUNCTIONS.values()
    if not row.is_of_numbers and row.name not in SIZELESS and "(" in row.signatures[0].split("->")[0]
]  # fmt: skip
CALLS = [row for row in ROWS if row.kind == "call"]
by_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
TINY = 1e-9


# --- values ----------------------------------------------------------------------------------


def _number(text: str, sizes: dict[str, int]) -> int:
    return int(eval(re.sub(r"([a-z])\(", r"\1*(", text.replace("min(", "MIN(")), {"MIN": min, **sizes}))


@cache
def shapes_of(name: str, signature: int, equal: bool) -> tuple[tuple[tuple[int, int], ...], tuple[str, ...]]:
    """(shapes of the arrays, texts of the arguments)"""
    sizes = EQUAL if equal else SIZES
    parts = re.findall(r"\((?:[^()]|\([^()]*\))*\)|=-?\d+|#\w+", FUNCTIONS[name].signatures[signature].split("->")[0])
    shapes, texts = [], []
    for part in parts:
        if part[0] == "(":
            rows, cols = re.split(r",\s*(?![^()]*\))", part[1:-1])
            texts.append(f"u{len(shapes)}")
            shapes.append((_number(rows, sizes), _number(cols, sizes)))
        else:
            texts.append(str(_number(part[1:], sizes)) if part[0] == "#" else part[1:])
    return tuple(shapes), tuple(texts)


@cache
def tree_of(name: str, signature: int, equal: bool) -> Any:
    shapes, texts = shapes_of(name, signature, equal)
    return _tree(name, shapes, texts)


@cache
def _tree(name: str, shapes: tuple[tuple[int, int], ...], texts: tuple[str, ...]) -> Any:
    kinds = {"spd": "spd", "symmetric": "symmetric", "": "matrix"}
    kind = kinds[FUNCTIONS[name].symmetric_argument]
    where = {f"u{k}": f"{kind}({r})" if kind != "matrix" else f"matrix({r}, {c})" for k, (r, c) in enumerate(shapes)}
    return mc.parse(f"{name}({', '.join(texts)})", where).tree


def value(name: str, args: Arrays, signature: int = 0, equal: bool = False) -> Array | None:
    """The value, None where it is not finite."""
    with np.errstate(all="ignore"):
        try:
            found = reference_value(tree_of(name, signature, equal), {f"u{k}": a for k, a in enumerate(args)}, {})
        except (np.linalg.LinAlgError, ValueError, ZeroDivisionError):
            return None
    if np.iscomplexobj(found) or not np.isfinite(found).all():
        return None
    return found


# --- arguments ----------------------------------------------------------------------------------


def of_property(fact: Fact | None, shape: tuple[int, int], rng: np.random.Generator) -> Array:
    x = rng.normal(size=shape) * rng.choice([0.3, 1.0, 2.0])
    if isinstance(fact, Interval):
        return abs(x) + 0.1 if fact == ABOVE_0 else abs(x) * (rng.random(shape) > 0.2)
    if shape[0] != shape[1] or fact is None:
        return x
    if fact == SYMMETRIC:
        return x + x.T
    if fact == SEMIDEFINITE:
        return x[:, 1:] @ x[:, 1:].T
    if fact == DEFINITE:
        return x @ x.T + 0.1 * np.eye(len(x))
    near = rng.choice([0.5, 2.0]) * (np.eye(len(x)) + 0.3 * x / max(1, abs(x).sum(axis=0).max()))
    return near if "(-inf, 0]" in fact.words else x


def needed(row: Function, parameter: str) -> Fact | None:
    """What the domain asks of a parameter."""
    return next((need.fact for need in row.domain if parameter in need.of and need.fact != EVERYWHERE), None)


def samples(
    row: Function, known: Fact | None = None, signature: int = 0, equal: bool = False, count: int = 24
) -> Iterator[Arrays]:
    """Arguments in the domain, with a property if there is to be one."""
    rng = np.random.default_rng(len(row.name))
    shapes, _ = shapes_of(row.name, signature, equal)
    for _ in range(count):
        facts = [needed(row, p) for p in row.given(len(shapes))]
        args = tuple(of_property(known or fact, s, rng) for s, fact in zip(shapes, facts, strict=True))
        if value(row.name, args, signature, equal) is not None:
            yield args


def groups(row: Function) -> list[tuple[int, ...]]:
    """The places of arguments that vary together in the first signature."""
    names = row.given(len(shapes_of(row.name, 0, False)[0]))
    joined = [tuple(names.index(p) for p in w.split("+") if p in names) for w in row.linear.split() if "+" in w]
    return joined + [(k,) for k in range(len(names)) if not any(k in group for group in joined)]


def is_linear_in(row: Function, group: tuple[int, ...]) -> bool:
    names = row.given(len(shapes_of(row.name, 0, False)[0]))
    return all(
        row.linear_in(names[k]) or any(names[k] in w.split("+") for w in row.linear.split() if "+" in w) for k in group
    )


def varied(args: Arrays, group: tuple[int, ...], change: Callable[[Array, Array], Array], others: Arrays) -> Arrays:
    return tuple(change(a, b) if k in group else a for k, (a, b) in enumerate(zip(args, others, strict=True)))


# --- linear, homogeneous ---------------------------------------------------------------------------


@sweep(2)
@by_row
def test_linear(row: Function) -> None:
    """Of a polynomial the derivatives may be linear in X, too, at some sizes."""
    for group in groups(row)[1 if row.derivative_of else 0 :]:
        found = []
        for u, v in zip(samples(row), list(samples(row))[1:], strict=False):
            v = tuple(b if k in group else a for k, (a, b) in enumerate(zip(u, v, strict=True)))
            both = value(row.name, varied(u, group, lambda a, b: 0.7 * a + 0.2 * b, v))
            end = value(row.name, v)
            if both is not None and end is not None:
                found.append(np.allclose(both, 0.7 * value(row.name, u) + 0.2 * end, rtol=1e-8, atol=TINY))
        assert found
        assert is_linear_in(row, group) == all(found), f"{row.name} is {'' if all(found) else 'not '}linear in {group}"


@by_row
def test_degree(row: Function) -> None:
    """Of the derivatives in X it depends on how many directions there are."""
    names = row.given(len(shapes_of(row.name, 0, False)[0]))
    for group in groups(row)[1 if row.derivative_of else 0 :]:
        stated = dict(row.degree).get(names[group[0]], "1" if is_linear_in(row, group) else "")
        found = {d for u in samples(row, count=8) if (d := _degree(row, u, group)) is not None}
        same = len({round(d, 6) for d in found if d != "none"}) == 1 and "none" not in found
        assert same == bool(stated), f"{row.name} by {names[group[0]]}: {found}"
        if stated:
            wanted = eval(stated, {}, SIZES)
            assert all(abs(d - wanted) < 1e-6 for d in found), f"{row.name}: {found}, not {wanted}"


def _degree(row: Function, u: Arrays, group: tuple[int, ...]) -> float | str | None:
    before = value(row.name, u)
    powers = []
    for s in (1.9, 0.6):
        after = value(row.name, varied(u, group, lambda a, b, s=s: s * a, u))
        if after is None or abs(before).max() < TINY:
            return None
        ratio = np.linalg.norm(after) / np.linalg.norm(before)
        if not np.allclose(after, ratio * before, rtol=1e-7, atol=TINY):
            return "none"
        powers.append(np.log(ratio) / np.log(s))
    return powers[0] if abs(powers[0] - powers[1]) < 1e-6 else "none"


# --- what values are --------------------------------------------------------------------------------


@pytest.mark.parametrize("row", [row for row in ROWS if row.range is not None], ids=lambda row: row.name)
def test_range(row: Function) -> None:
    moves: list[Callable[[Array], Array]] = [lambda a, s=s: s * a for s in (0.01, 0.1, 1, 9)]
    moves += [] if row.domain else [lambda a: a - 9, lambda a: a + 9, lambda a: a * abs(a) ** 5]
    around = [*samples(row), *(samples(row, DEFINITE) if row.symmetric_argument else ())]
    usable = [tuple(map(move, u)) for u in around for move in moves]
    found = [v for u in usable if (v := value(row.name, u)) is not None]
    low, high = min(v.min() for v in found), max(v.max() for v in found)
    assert low >= row.range.low - 1e-9
    assert high <= row.range.high + 1e-9
    assert low < row.range.low + 0.1 if row.range.low != -properties.INFINITE else low < 0
    assert high > row.range.high - 0.1 if row.range.high != properties.INFINITE else high > 1


def is_of(fact: Fact, x: Array) -> bool:
    if isinstance(fact, Interval):
        return bool((x >= fact.low - TINY).all() and (fact.with_low or (x > fact.low).all()))
    symmetric = x.shape[0] == x.shape[1] and np.allclose(x, x.T, rtol=1e-8, atol=TINY)
    if not symmetric or fact == SYMMETRIC:
        return symmetric
    least = np.linalg.eigvalsh(x).min()
    return bool(least > TINY if fact == DEFINITE else least > -1e-8 * max(1, abs(x).max()))


@pytest.mark.parametrize("row", [row for row in ROWS if row.gives], ids=lambda row: row.name)
def test_what_is_given_of_known_arguments(row: Function) -> None:
    assert row.gives_if(row.gives[0][0]) == row.gives[0][1]
    for known, then in row.gives:
        found = [value(row.name, u, equal=True) for u in samples(row, known, equal=True)]
        assert len(found) > 5
        assert all(is_of(then, v) for v in found), f"{row.name}: {known.words} does not give {then.words}"
        free = [value(row.name, u, equal=True) for u in samples(row, equal=True)]
        assert not all(is_of(then, v) for v in free), f"{row.name}: every value has {then.words}"


PREDICATES: dict[str, Callable[[Array], bool]] = {
    "symmetric": lambda x: is_of(SYMMETRIC, x),
    "semidefinite": lambda x: is_of(SEMIDEFINITE, x),
    "skew": lambda x: x.shape[0] == x.shape[1] and np.allclose(x, -x.T, atol=1e-8 * abs(x).max()),
    "lower": lambda x: np.allclose(x, np.tril(x), atol=TINY),
    "upper": lambda x: np.allclose(x, np.triu(x), atol=TINY),
    "diagonal": lambda x: np.allclose(x, np.diag(np.diag(x)), atol=TINY) if x.shape[0] == x.shape[1] else False,
    "invertible": lambda x: x.shape[0] == x.shape[1] and np.linalg.cond(x) < 1e10,
    "positive diagonal": lambda x: bool((np.diag(x) > 0).all()),
    "orthonormal columns": lambda x: np.allclose(x.T @ x, np.eye(x.shape[1]), atol=1e-8),
}


#: What is shown by a few values: almost all matrices are invertible.
SHOWN = ("symmetric", "semidefinite", "skew", "lower", "upper", "diagonal", "orthonormal columns")
FOLLOWS = {"semidefinite": ("symmetric",), "diagonal": ("symmetric", "lower", "upper")}


@by_row
def test_every_value(row: Function) -> None:
    """Zeros and ones are among the arguments: most matrices are invertible."""
    assert set(PREDICATES) == set(VALUES)
    found = []
    for signature in range(1 if row.derivative_of else len(row.signatures)):
        shapes, _ = shapes_of(row.name, signature, True)
        special = [tuple(fill(s) for s in shapes) for fill in (np.zeros, np.ones)] if not row.domain else []
        args = [*special, *samples(row, signature=signature, equal=True)]
        found += [v for u in args if (v := value(row.name, u, signature, True)) is not None]
    if all(1 in v.shape for v in found) and not row.value:
        return
    true = {word for word, holds in PREDICATES.items() if all(map(holds, found))}
    assert set(row.value) <= true, f"{row.name}: {true}"
    follows = {word for said in row.value for word in FOLLOWS.get(said, ())}
    shown = SHOWN if not any(1 in v.shape for v in found) else ("orthonormal columns",)
    assert true.intersection(shown) <= {*row.value, *follows}, f"{row.name}: {true}"


@pytest.mark.parametrize("row", [row for row in ROWS if row.turned], ids=lambda row: row.name)
def test_transposes(row: Function) -> None:
    for u in samples(row, equal=True):
        turned = tuple(u[k].T for k in row.turned_order(len(u)))
        wanted = value(row.name, u, equal=True).T
        assert len(turned) == len(u)
        assert np.allclose(value(row.name, turned, equal=True), wanted, rtol=1e-6, atol=1e-8)


# --- shapes -----------------------------------------------------------------------------------------


def single_steps(x: Array, symmetric: bool) -> Iterator[Array]:
    for i, j in product(*map(range, x.shape)):
        step = np.zeros_like(x)
        step[i, j] = 0.37
        yield step + step.T if symmetric else step


def growth(row: Function, k: int, known: Fact | None) -> tuple[list[Array], bool]:
    """Differences of values by a step up in one entry."""
    symmetric = bool(row.symmetric_argument)
    found = []
    for u in samples(row, known):
        for step in single_steps(u[k], symmetric):
            after = value(row.name, tuple(a + step if i == k else a for i, a in enumerate(u)))
            if after is not None:
                found.append(after - value(row.name, u))
    return found, symmetric


def grows(differences: list[Array]) -> set[str]:
    words = {
        "nondecreasing": all((d > -TINY).all() for d in differences),
        "nonincreasing": all((d < TINY).all() for d in differences),
    }
    words |= {
        "increasing": all((d > TINY).all() for d in differences),
        "decreasing": all((d < -TINY).all() for d in differences),
    }
    return {word for word, true in words.items() if true}


STRONGER = {"nondecreasing": "increasing", "nonincreasing": "decreasing", "convex": "affine", "concave": "affine"}


def judged(pieces: tuple[tuple[Fact, str], ...], judge: Callable[[Fact | None], set[str]], what: str) -> None:
    for place, word in pieces:
        found = judge(None if place == Interval() else place)
        assert word in found, f"{what} is not {word} where {place.words}"
        assert STRONGER.get(word) not in found, f"{what} is {STRONGER.get(word)}"
    if Interval() not in [place for place, _ in pieces]:
        assert not judge(None), f"{what} is {judge(None)} everywhere"


def names_of(row: Function) -> list[tuple[int, str]]:
    return list(enumerate(row.given(len(shapes_of(row.name, 0, False)[0]))))


@sweep(6)
@by_row
def test_monotone(row: Function) -> None:
    for k, name in names_of(row):
        judged(row.monotone.get(name, ()), lambda known, k=k: grows(growth(row, k, known)[0]), f"{row.name} by {name}")


def bends(row: Function, places: tuple[int, ...], known: Fact | None) -> list[Array]:
    """Means of values less the value in the middle."""
    found = []
    for u, v in zip(samples(row, known), list(samples(row, known))[1:], strict=False):
        v = tuple(b if k in places else a for k, (a, b) in enumerate(zip(u, v, strict=True)))
        middle, end = value(row.name, tuple((a + b) / 2 for a, b in zip(u, v, strict=True))), value(row.name, v)
        if middle is not None and end is not None:
            found.append((value(row.name, u) + end) / 2 - middle)
    return found


def curves(differences: list[Array]) -> set[str]:
    words = {
        "convex": all((d > -TINY).all() for d in differences),
        "concave": all((d < TINY).all() for d in differences),
    }
    words["affine"] = all(words.values())
    return {word for word, true in words.items() if true}


@by_row
def test_curvature(row: Function) -> None:
    """What is linear is affine, without a word."""
    for k, name in names_of(row):
        if not any(k in group and is_linear_in(row, group) for group in groups(row)) and not (
            row.derivative_of and k == 0
        ):
            judged(
                row.curvature.get(name, ()), lambda known, k=k: curves(bends(row, (k,), known)), f"{row.name} by {name}"
            )
    if row.jointly:
        assert row.jointly in curves(bends(row, tuple(k for k, _ in names_of(row)), None))


ORDERED = [row for row in ROWS if row.in_order or (row.primary and row.kind == "call")]


@pytest.mark.parametrize("row", ORDERED, ids=lambda row: row.name)
def test_order_of_loewner(row: Function) -> None:
    """Among definite matrices a function of matrices is what it says, and nothing else."""
    said: dict[Fact, set[str]] = {DEFINITE: set()}
    for place, word in row.in_order.get(row.parameters[0], ()):
        said.setdefault(place, set()).add(word)
    for place, words in said.items():
        assert words <= _in_order(row, place), f"{row.name} where {place.words}"
        if row.primary and row.primary != "sign":  # that of a definite matrix is I
            assert words == _in_order(row, place)


def _in_order(row: Function, place: Fact) -> set[str]:
    rng = np.random.default_rng(5)
    words = {"convex", "concave", "increasing", "decreasing"}
    for u in samples(row, place, equal=True, count=40):
        v = of_property(place, u[0].shape, rng)
        up = u[0] + of_property(SEMIDEFINITE, u[0].shape, rng)
        low, high, end = (value(row.name, (x,), equal=True) for x in (u[0], up, v))
        bend = (low + end) / 2 - value(row.name, ((u[0] + v) / 2,), equal=True)
        for word, difference in (
            ("convex", bend),
            ("concave", -bend),
            ("increasing", high - low),
            ("decreasing", low - high),
        ):
            if not is_of(SEMIDEFINITE, (difference + difference.T) / 2):
                words.discard(word)
    return words


# --- continuity, size 1, functions of numbers, derivatives -----------------------------------------------


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row.continuous is not None and row.kind != "macro"], ids=lambda row: row.name
)
def test_continuous(row: Function) -> None:
    """Whether values beside places where something is equal or 0 are far from each other, or far out."""
    rng = np.random.default_rng(7)
    shapes, _ = shapes_of(row.name, 0, True)
    whole = not any(need.fact not in (SYMMETRIC, EVERYWHERE) for need in row.domain)
    n = shapes[0][0]
    places = [np.eye(*shapes[0]), np.diag([1.0, 1.0, 2.0])[:, : shapes[0][1]]]
    places += [np.zeros(shapes[0]), np.outer(np.ones(n), np.ones(shapes[0][1]))] if whole else []
    jumps = False
    for place, others in product(places, (np.ones, np.zeros) if whole else (np.ones,)):
        rest = [others(s) for s in shapes[1:]]
        around = []
        for _ in range(6):
            beside = [
                x + 1e-7 * of_property(SYMMETRIC if row.symmetric_argument else None, x.shape, rng)
                for x in (place, *rest)
            ]
            if (v := value(row.name, tuple(beside), equal=True)) is not None:
                around.append(v)
        jumps |= any(abs(a - b).max() > 1e-2 for a in around for b in around)
    assert row.continuous == (not jumps)


@pytest.mark.parametrize("row", [row for row in ROWS if row.of_number or row.primary], ids=lambda row: row.name)
def test_of_size_1(row: Function) -> None:
    said = row.primary or row.of_number
    shapes, texts = shapes_of(row.name, 0, True)
    tree = _tree(row.name, tuple((1, 1) for _ in shapes), texts)
    found = 0
    for x in (0.4, 0.7, 1.6, 2.3):
        at = np.array([[x]])
        with np.errstate(all="ignore"):
            try:
                there = reference_value(tree, {"u0": at}, {}).item()
            except np.linalg.LinAlgError:  # tanh(X) for a large X
                continue
            wanted = {"x": x, "0": 0.0, "1": 1.0}.get(said)
            wanted = _of_number(said, x) if wanted is None else wanted
        if np.isfinite(there) and np.isfinite(wanted):
            found += 1
            assert abs(there - wanted) < 1e-9 * (1 + abs(wanted))
    assert found > 1


@cache
def _scalar(name: str) -> Any:
    return mc.parse(f"{name}(s)", {"s": "scalar"}).tree


def _of_number(name: str, x: float) -> float:
    return reference_value(_scalar(name), {"s": np.array([[x]])}, {}).real.item()


@pytest.mark.parametrize("row", [row for row in ROWS if row.primary], ids=lambda row: row.name)
def test_primary(row: Function) -> None:
    assert row_of(row.primary).is_of_numbers
    v = np.array([[1.0, 0.2, 0.1], [0.3, 1.0, -0.2], [0.1, 0.4, 1.0]])
    found = 0
    for d in ([0.2, 0.5, 0.7], [1.3, 1.9, 2.8]):
        with np.errstate(all="ignore"):
            numbers = np.array([_of_number(row.primary, x) for x in d])
        there = value(row.name, (v @ np.diag(d) @ np.linalg.inv(v),), equal=True)
        if there is not None and np.isfinite(numbers).all():
            found += 1
            assert np.allclose(there, v @ np.diag(numbers) @ np.linalg.inv(v), rtol=1e-7)
    assert found


@pytest.mark.parametrize("row", [row for row in ROWS if row.derivative_of], ids=lambda row: row.name)
def test_derivative_of(row: Function) -> None:
    for x, e, *rest in samples(row, count=6):
        arguments = [np.array([[3.0]])] if rest else []
        f = (lambda y: y @ y @ y) if rest else (lambda y: value(row.derivative_of, (y,)))
        slope = (f(x + 1e-5 * e) - f(x - 1e-5 * e)) / 2e-5
        assert np.allclose(value(row.name, (x, e, *arguments)), slope, rtol=1e-5, atol=1e-6)


def test_reciprocals_of_gaps_grow_beyond_all_bounds() -> None:
    for row in FUNCTIONS.values():
        if row.of_gaps:
            near = np.diag([1.0, 1.0 + 1e-8, 1.0 - 1e-8])
            assert abs(value(row.name, (near,), equal=True)).max() > 1e6


@pytest.mark.parametrize("row", [row for row in ROWS if row.along], ids=lambda row: row.name)
def test_what_is_written_along_an_axis(row: Function) -> None:
    name, axis = row.along
    option = f"axis={axis}" if name in ("max", "min") else str(axis)
    for (x,) in samples(row):
        written = mc.parse(f"{name}(X, {option})", {"X": "matrix({}, {})".format(*x.shape)}).tree
        assert np.allclose(value(row.name, (x,)), reference_value(written, {"X": x}, {}))


@pytest.mark.parametrize("row", [row for row in ROWS if row.of_rows], ids=lambda row: row.name)
def test_the_same_of_each_row(row: Function) -> None:
    for args in samples(row):
        of_all = value(row.of_rows, args)
        for i, whole in enumerate(() if of_all is None else of_all):
            parts = tuple(a[i : i + 1].T for a in args)
            tree = _tree(row.name, tuple(a.shape for a in parts), tuple(f"u{k}" for k in range(len(parts))))
            assert np.allclose(reference_value(tree, {f"u{k}": a for k, a in enumerate(parts)}, {}).ravel(), whole)


@pytest.mark.parametrize("row", [row for row in ROWS if row.bars is not None], ids=lambda row: row.name)
def test_bars(row: Function) -> None:
    below = {"": "", "inf": r"_\infty"}.get(row.bars, f"_{row.bars}")
    for (x,) in samples(row):
        written = mc.parse(rf"\|X\|{below}", {"X": "matrix({}, {})".format(*x.shape)}).tree
        assert np.allclose(value(row.name, (x,)), reference_value(written, {"X": x}, {}))


def test_what_has_to_have_an_inverse() -> None:
    for row in ROWS:
        singular = tuple(np.ones(s) for s in shapes_of(row.name, 0, True)[0])
        if row.inverts:
            found = value(row.name, singular, equal=True)
            assert found is None or abs(found).max() > 30


def test_an_inner_product_may_be_turned_round() -> None:
    exchanged = [row for row in ROWS if row.exchangeable]
    for row in exchanged:
        for u in samples(row):
            assert np.allclose(value(row.name, u), value(row.name, u[::-1]))


def test_every_call_says_whether_it_is_continuous() -> None:
    assert not [row.name for row in CALLS if row.continuous is None and not row.linear]
    assert ABOVE_0.covers(ABOVE_0)
    assert AT_LEAST_0.covers(ABOVE_0)
