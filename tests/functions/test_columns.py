"""What a row says of a function of numbers is true of its values, which mpmath computes, and nothing that it leaves out is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import combinations, pairwise, product

import mpmath as mp
import pytest

from matcalc.checking.precise.precise_numbers import _NUMBERS as NUMBERS
from matcalc.checking.precise.precise_numbers import Undefined
from matcalc.functions import FUNCTIONS, Function, find
from matcalc.functions.making import SAME
from matcalc.functions.properties import Interval, Off

Number = mp.mpf
ROWS = [row for row in FUNCTIONS.values() if row.kind == "elementwise" or row.signatures == SAME or row.entrywise]
ROWS = [row for row in ROWS if row.name in NUMBERS]
OF_ONE = [row for row in ROWS if len(row.parameters) == 1]
OF_SEVERAL = [row for row in ROWS if len(row.parameters) > 1]
by_name = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
by_name_of_one = pytest.mark.parametrize("row", OF_ONE, ids=lambda row: row.name)

ROUNDING = mp.mpf(10) ** -22
#: Numbers among which every change of a function shows, and the borders between which it may be something else.
POINTS = sorted(
    {mp.mpf(k) / 8 for k in range(-41, 42)} | {mp.mpf(k) / 1000 for k in (-1003, -999, -21, -3, 3, 21, 999, 1003)}
)
FAR = [s * mp.mpf(10) ** k for s in (-1, 1) for k in (-40, -20, 1, 2, 3)] + [mp.mpf(10) ** 12, mp.mpf(-41) / 2]
OTHERS = [mp.mpf(k) / 16 for k in (-21, -3, 0, 5, 29)]


@pytest.fixture(autouse=True)
def _digits() -> Iterator[None]:
    with mp.workdps(30):
        yield


@cache
def value(name: str, *args: Number) -> Number | None:
    """The value, None where there is no real and finite one."""
    with mp.workdps(40):
        try:
            found = NUMBERS[name](*args)
        except (Undefined, ZeroDivisionError, ValueError):
            return None
        found = mp.mpmathify(found)
        if isinstance(found, mp.mpc):
            return None
        return found if mp.isfinite(found) else None


def points_of(row: Function) -> list[Number]:
    """Points, those far out, and those near the ends of the domain or of a pole."""
    ends = [
        end for need in row.domain if isinstance(need.fact, Interval) for end in need.fact[:2] if abs(end) != mp.inf
    ]
    near = [mp.mpf(end) + s * mp.mpf(10) ** -k for end in ends for s in (-1, 1) for k in (3, 30)]
    return sorted({*POINTS, *FAR, *near, mp.pi / 2 - mp.mpf(10) ** -30, mp.mpf(10) ** -30 - mp.pi / 2})


def arguments(row: Function) -> Iterator[tuple[Number, ...]]:
    if len(row.parameters) == 1:
        yield from ((x,) for x in points_of(row))
    else:
        orders = [[mp.mpf(1), mp.mpf(2)] if p == "k" else POINTS[::9] + FAR[::2] for p in row.parameters]
        yield from product(*(orders if len(orders) == 2 else [OTHERS, OTHERS, orders[-1]]))


def values_of(row: Function) -> list[tuple[tuple[Number, ...], Number]]:
    return [(x, v) for x in arguments(row) if (v := value(row.name, *x)) is not None]


def in_domain(row: Function, x: tuple[Number, ...]) -> bool:
    facts = [(need.fact, x[row.parameters.index(p)]) for need in row.domain for p in need.of]
    return all(fact.holds(v) for fact, v in facts if isinstance(fact, Interval | Off))


@by_name_of_one
def test_domain(row: Function) -> None:
    for x in (*points_of(row), *map(mp.mpf, range(-4, 5))):
        assert (value(row.name, x) is not None) == in_domain(row, (x,)), f"{row.name}({x})"


@by_name
def test_range(row: Function) -> None:
    assert row.range is not None
    low, high = row.range[:2]
    found = [(x, v) for x, v in values_of(row) if in_domain(row, x) or row.gives]  # beta has values beyond its domain
    assert all(low - ROUNDING <= v <= high + ROUNDING or row.range.holds(float(v)) for _, v in found)
    assert all(row.range.holds(float(v)) for x, v in found if all(abs(t) < 6 for t in x))
    for end, best in ((low, min(v for _, v in found)), (high, max(v for _, v in found))):
        is_reached = abs(best) > 7 if abs(end) == mp.inf else abs(best - end) < 1e-2 or _meets(row, end)
        assert is_reached, f"{row.name}: {best} is far from {end}"


def _meets(row: Function, end: float) -> bool:
    """Whether the value at one of the places where it turns is the end."""
    places = {p.low for pieces in row.monotone.values() for p, _ in pieces}
    return any(abs(value(row.name, mp.mpf(p)) - end) < 1e-12 for p in places if abs(p) != mp.inf)


@by_name_of_one
def test_value_at_zero(row: Function) -> None:
    from matcalc import compile as compiled

    found = value(row.name, mp.mpf(0))
    if row.at_zero == "undefined":
        assert found is None
    else:
        assert found is not None
        assert abs(found - float(compiled(row.at_zero)())) < 1e-14


@by_name_of_one
def test_parity(row: Function) -> None:
    pairs = [(value(row.name, x), value(row.name, -x)) for x in POINTS if x > 0]
    known = [(a, b) for a, b in pairs if a is not None and b is not None]
    halves = all((a is None) == (b is None) for a, b in pairs)
    is_odd = halves and all(abs(a + b) < ROUNDING * (1 + abs(a)) for a, b in known)
    is_even = halves and all(abs(a - b) < ROUNDING * (1 + abs(a)) for a, b in known)
    assert row.parity == ("odd" if is_odd else "even" if is_even else "neither")


@by_name_of_one
def test_inverse(row: Function) -> None:
    undone = [other.name for other in OF_ONE if _undoes(row.name, other.name)]
    assert undone == ([] if row.inverse == "none" else [row.inverse])


def _undoes(f: str, g: str) -> bool:
    """f(g(u)) = u for every u in the domain of g"""
    known = ((u, v) for u in POINTS[::-2] if abs(u) < 4 and (v := value(g, u)) is not None)
    back = ((u, value(f, v)) for u, v in known)
    return all(w is not None and abs(w - u) < ROUNDING * 1000 for u, w in back)


# --- shapes -----------------------------------------------------------------------------------

Line = Callable[[Number], Number | None]


def lines(row: Function, k: int) -> list[Line]:
    """The function of its k-th argument, the others held."""
    count = len(row.parameters)
    if count == 1:
        return [lambda x: value(row.name, x)]
    rest = product(*([mp.mpf(1), mp.mpf(2)] if p == "k" else OTHERS for i, p in enumerate(row.parameters) if i != k))
    return [lambda x, r=r: _inside(row, (*r[:k], x, *r[k:])) for r in rest]


def _inside(row: Function, x: tuple[Number, ...]) -> Number | None:
    return value(row.name, *x) if in_domain(row, x) and not (row.parameters[0] == "k" and x[0] != int(x[0])) else None


def grows(f: Line, xs: Sequence[Number]) -> set[str]:
    """All that can be said of the function there."""
    known = [y for x in xs if (y := f(x)) is not None]
    steps = [b - a for a, b in pairwise(known)]
    words = {"nondecreasing": all(s > -ROUNDING for s in steps), "nonincreasing": all(s < ROUNDING for s in steps)}
    words |= {"increasing": all(s > 0 for s in steps), "decreasing": all(s < 0 for s in steps)}
    return {word for word, true in words.items() if true and steps}


def curves(f: Line, xs: Sequence[Number]) -> set[str]:
    """The slopes of chords between neighbours tell."""
    known = [(x, y) for x in xs if (y := f(x)) is not None]
    slopes = [(d - b) / (c - a) for (a, b), (c, d) in pairwise(known)]
    bends = [t - s for s, t in pairwise(slopes)]
    words = {"convex": all(b > -ROUNDING for b in bends), "concave": all(b < ROUNDING for b in bends)}
    words["affine"] = all(words.values())
    return {word for word, true in words.items() if true and bends}


#: word -> the word that says more
STRONGER = {"nondecreasing": "increasing", "nonincreasing": "decreasing", "convex": "affine", "concave": "affine"}


def judged(
    row: Function,
    parameter: str,
    pieces: Sequence[tuple[Interval, str]],
    judge: Callable[[Line, Sequence[Number]], set[str]],
) -> None:
    xs = [x for x in POINTS if parameter != "k"]
    functions = lines(row, row.parameters.index(parameter))
    defined = [x for x in xs if any(f(x) is not None for f in functions)]
    for place, word in pieces:
        inside = [x for x in defined if place.holds(x)]
        assert len(inside) > 4, f"{place} has too few points"
        found = [words for f in functions if (words := judge(f, inside))]
        assert found
        assert all(word in words for words in found), f"{row.name} is not {word} by {parameter} on {place}"
        assert not all(STRONGER.get(word) in words for words in found), (
            f"{row.name} is {STRONGER[word]} by {parameter} on {place}"
        )
    outside = [x for x in defined if not any(_touches(place, x) for place, _ in pieces)]
    if len(outside) > 4:
        said = set.intersection(*(judge(f, outside) for f in functions if sum(f(x) is not None for x in outside) > 4))
        assert not said, f"{row.name} is {said} by {parameter} at {outside[0]} … {outside[-1]}"


def _touches(place: Interval, x: Number) -> bool:
    return place.low <= x <= place.high


@by_name
def test_monotone(row: Function) -> None:
    assert set(row.monotone) == set(row.parameters)
    for parameter, pieces in row.monotone.items():
        judged(row, parameter, pieces, grows)


@by_name
def test_curvature(row: Function) -> None:
    assert set(row.curvature) == set(row.parameters)
    for parameter, pieces in row.curvature.items():
        judged(row, parameter, pieces, curves)


@pytest.mark.parametrize("row", OF_SEVERAL, ids=lambda row: row.name)
def test_joint_curvature(row: Function) -> None:
    places = [x for x in product(OTHERS, repeat=len(row.parameters)) if _inside(row, x) is not None]
    bends = []
    for a, b in combinations(places, 2):
        middle = _inside(row, tuple((s + t) / 2 for s, t in zip(a, b, strict=True)))
        if middle is not None:
            bends.append((value(row.name, *a) + value(row.name, *b)) / 2 - middle)
    convex, concave = all(s > -ROUNDING for s in bends), all(s < ROUNDING for s in bends)
    assert row.jointly == ("convex" if convex else "concave" if concave else "neither")


@by_name
def test_what_is_given_of_known_arguments(row: Function) -> None:
    for known, then in row.gives:
        found = [v for x, v in values_of(row) if all(known.holds(t) for t in x)]
        assert len(found) > 10
        assert all(then.holds(v) for v in found)
    if len(row.parameters) == 2:
        pairs = [(a, b) for a, b in product(OTHERS, repeat=2) if _inside(row, (a, b)) is not None]
        assert not row.exchangeable or all(value(row.name, a, b) == value(row.name, b, a) for a, b in pairs)
        same = [(a, value(row.name, a, a)) for a in OTHERS]
        assert row.idempotent == all(v == a for a, v in same)


@pytest.mark.parametrize("row", [row for row in OF_ONE if row.kind == "elementwise"], ids=lambda row: row.name)
def test_continuous_and_steep(row: Function) -> None:
    """Whether values beside a place are far from the one at it."""
    tiny = mp.mpf(10) ** -18
    jumps, slopes = [], []
    for place in (mp.mpf(0), mp.mpf(1) / 2, mp.mpf(1)):
        there = value(row.name, place)
        beside = [v for s in (-1, 1) if (v := value(row.name, place + s * tiny)) is not None]
        jumps += [abs(v - there) > 1e-5 for v in beside if there is not None]
        slopes += [abs(v - there) / tiny > 1e6 for v in beside if there is not None and place == 0]
    assert row.continuous == (not any(jumps))
    assert row.steep == (row.continuous and any(slopes))


@by_name_of_one
def test_poles(row: Function) -> None:
    """Beside multiples of π / 2, where values are no powers of e."""
    beside = [k * mp.pi / 2 + mp.mpf(10) ** -25 for k in range(-3, 4)]
    found = [v for x in beside if (v := value(row.name, x)) is not None and in_domain(row, (mp.nint(x * 8) / 8,))]
    assert row.poles == any(abs(v) > 1e20 for v in found)


def test_every_function_of_numbers_is_verified() -> None:
    assert {row.name for row in FUNCTIONS.values() if row.kind == "elementwise"} <= {row.name for row in ROWS}
    assert find("silu") in OF_ONE


@pytest.mark.parametrize("row", [row for row in OF_ONE if row.series is not None], ids=lambda row: row.name)
def test_power_series(row: Function) -> None:
    assert row.series is not None
    for x in (mp.mpf(1) / 8, mp.mpf(-1) / 5):
        terms = [mp.mpf(c.numerator) / c.denominator * x**k for k, c in enumerate(map(row.series, range(40)))]
        known = value(row.name, x)
        assert known is not None
        assert abs(mp.fsum(terms) - known) < ROUNDING
