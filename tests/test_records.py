"""Data classes of this package are what `dataclasses.dataclass` makes, but for when they are made."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from collections.abc import Callable
from functools import cached_property
from typing import Any

import pytest

from matcalc import records

MAKERS = [dataclasses.dataclass, records.dataclass]
WAYS: list[dict[str, bool]] = [
    {},
    {"frozen": True},
    {"frozen": True, "eq": False},
    {"frozen": True, "eq": False, "repr": False},
    {"frozen": True, "slots": True},
    {"slots": True},
]


def _classes(maker: Callable[..., Any], way: dict[str, bool]) -> tuple[Any, Any]:
    @maker(**way)
    class Base:
        """A base."""

        x: int
        y: list[int] = dataclasses.field(default_factory=list)
        f: Any = dataclasses.field(default=abs)

        def double(self) -> int:
            return 2 * self.x

    @maker(**way)
    class Derived(Base):
        """One more field, and another default."""

        y: tuple[int, ...] = (1, 2)
        z: str = "z"

    return Base, Derived


def _shown(maker: Callable[..., Any], way: dict[str, bool]) -> list[Any]:
    """What the classes do, where that has no addresses in it."""
    base, derived = _classes(maker, way)
    one, two, other = derived(3), derived(x=3, y=(1, 2), z="z", f=abs), derived(4, (), max, "w")
    found: list[Any] = [one == two, one == other, one != other, one == base(3), base(1).y, base(1).y is base(1).y]
    found += [one.double(), one.z, other.f is max, derived.__match_args__, derived.__doc__, derived.__name__]
    found += [base.f is abs, hasattr(base, "y"), hasattr(one, "__dict__"), derived.__hash__ is None]
    found += [dataclasses.asdict(one), dataclasses.astuple(other), [f.name for f in dataclasses.fields(base)]]
    found += [dataclasses.replace(one, x=9).x, dataclasses.is_dataclass(one), copy.copy(one).x]
    if way.get("repr", True):
        found.append(repr(one))
    if way.get("frozen") and way.get("eq", True):
        found.append(len({one, two, other}))
    for call in (lambda: setattr(one, "x", 1), lambda: delattr(one, "z"), derived, lambda: derived(1, 2, 3, 4, 5)):
        try:
            found.append(call() is None)
        except (dataclasses.FrozenInstanceError, TypeError) as error:
            found.append(type(error))
    return found


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_they_do_what_those_of_the_library_do(way: dict[str, bool]) -> None:
    assert _shown(records.dataclass, way) == _shown(dataclasses.dataclass, way)


@records.dataclass(frozen=True, slots=True)
class _Slotted:
    x: int
    y: int = 2


@records.dataclass(frozen=True)
class _Counted:
    x: int
    total: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "total", self.x + 1)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Counted) and other.total == self.total

    def __hash__(self) -> int:
        return 7

    @cached_property
    def twice(self) -> int:
        return 2 * self.x


def test_what_a_class_says_itself_stays() -> None:
    one = _Counted(3)
    assert (one.total, one.twice, one == _Counted(3), hash(one)) == (4, 6, True, 7)


def test_instances_can_be_pickled() -> None:
    for one in (_Slotted(1), _Counted(2)):
        assert pickle.loads(pickle.dumps(one)) == one == copy.deepcopy(one)


def test_nothing_is_compiled_before_the_first_instance() -> None:
    @records.dataclass
    class Point:
        x: int

    assert Point.__init__.__name__ == "__init__" and "args" in Point.__init__.__code__.co_varnames
    Point(1)
    assert Point.__init__.__code__.co_varnames == ("self", "x")
