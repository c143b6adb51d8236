"""Data classes as those of `dataclasses`, of which nothing is compiled before the first instance is made.

The library compiles six methods of every data class when its module is loaded, in half a millisecond: a fifth of what a
command took. Here the initializer alone is compiled, when it is first called; equality, hash and text are shared by all
classes. The functions of the library, `dataclasses.replace` and its like, take these classes too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, Field, FrozenInstanceError, make_dataclass
from inspect import get_annotations
from operator import attrgetter
from typing import TYPE_CHECKING, Any

__all__ = ["dataclass"]

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(cls=None, /, *, frozen=False, eq=True, repr=True, slots=False):
        """The class with methods made from its annotated names, as `dataclasses.dataclass` makes them.

        >>> @dataclass(frozen=True)
        ... class Point:
        ...     x: int
        ...     y: int = 0
        >>> Point(1), Point(1) == Point(x=1, y=0), len({Point(1), Point(1)})
        (Point(x=1, y=0), True, 1)
        """

        def made(cls):
            return _made(cls, frozen, eq, repr, slots)

        return made if cls is None else made(cls)


#: Where a class keeps its fields: names with their defaults, MISSING or a `Field`.
FIELDS = "__record__"


def _made(cls: Any, frozen: bool, eq: bool, repr: bool, slots: bool) -> Any:
    own = {name: cls.__dict__.get(name, MISSING) for name in get_annotations(cls)}
    fields = {n: d for base in cls.__mro__[:0:-1] for n, d in base.__dict__.get(FIELDS, {}).items()} | own
    for name, given in own.items():
        if isinstance(given, Field) and given.default is MISSING:
            delattr(cls, name)
        elif isinstance(given, Field):
            setattr(cls, name, given.default)
    cls = _slotted(cls, own, frozen) if slots else cls
    setattr(cls, FIELDS, fields)
    cls.__dataclass_fields__ = _LibraryFields()
    cls.__match_args__ = tuple(fields)  # type: ignore[misc]
    methods = {"__init__": _deferred(cls, fields, frozen)} | ({"__repr__": _repr} if repr else {})
    methods |= {"__eq__": _eq, "__values__": _values_of(tuple(fields))} if eq else {}
    methods |= {"__setattr__": _refuse_to_set, "__delattr__": _refuse_to_delete} if frozen else {}
    for name, method in methods.items():
        if name not in cls.__dict__:
            setattr(cls, name, method)
    if eq and cls.__dict__.get("__hash__") is None:
        cls.__hash__ = _hash if frozen else None
    return cls


def _slotted(cls: Any, own: dict[str, Any], frozen: bool) -> Any:
    """The class once more, with slots; values of frozen ones are set behind their back when they are unpickled."""
    kept = {n: v for n, v in cls.__dict__.items() if n not in own and n not in ("__dict__", "__weakref__")}
    copied = {"__getstate__": _state, "__setstate__": _restore} if frozen else {}
    return type(cls)(
        cls.__name__, cls.__bases__, copied | kept | {"__slots__": tuple(own), "__qualname__": cls.__qualname__}
    )


def _deferred(cls: Any, fields: dict[str, Any], frozen: bool) -> Callable[..., None]:
    """The initializer, compiled when it is first called."""

    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
        cls.__init__ = _initializer(fields, frozen, hasattr(cls, "__post_init__"))
        cls.__init__(self, *args, **kwargs)

    return __init__


def _initializer(fields: dict[str, Any], frozen: bool, then: bool) -> Callable[..., None]:
    """A function of the fields that sets them; ``then`` it calls ``__post_init__``."""
    scope: dict[str, Any] = {"_set": object.__setattr__, "_MISSING": MISSING}
    heads, lines = ["self"], ["self.__post_init__()"] if then else ["pass"]
    for name, given in reversed(fields.items()):
        factory, default = (given.default_factory, given.default) if isinstance(given, Field) else (MISSING, given)
        scope[f"_of_{name}"] = default if factory is MISSING else factory
        made = f"_of_{name}() if {name} is _MISSING else {name}" if factory is not MISSING else name
        heads.insert(
            1, name if factory is default is MISSING else f"{name}={'_MISSING' if made != name else f'_of_{name}'}"
        )
        lines.insert(0, f"_set(self, {name!r}, {made})" if frozen else f"self.{name} = {made}")
    exec(f"def __init__({', '.join(heads)}):\n " + "\n ".join(lines), scope)
    found: Callable[..., None] = scope["__init__"]
    return found


class _LibraryFields:
    """What the functions of `dataclasses` ask a class for, made when they do."""

    def __get__(self, instance: object, owner: Any) -> dict[str, Any]:
        given = [(n, Any, d) if d is not MISSING else (n, Any) for n, d in getattr(owner, FIELDS).items()]
        described = {"__doc__": "fields"}  # else the library writes one, from a signature that it parses
        twin: Any = make_dataclass(
            "_Twin", sorted(given, key=len), init=False, repr=False, eq=False, namespace=described
        )
        found: dict[str, Any] = {n: twin.__dataclass_fields__[n] for n in getattr(owner, FIELDS)}
        owner.__dataclass_fields__ = found
        return found


def _values_of(names: tuple[str, ...]) -> Any:
    """The values of the fields as a tuple."""
    if len(names) > 1:
        return staticmethod(attrgetter(*names))
    return staticmethod(lambda record: tuple(getattr(record, name) for name in names))


def _eq(self: Any, other: Any) -> Any:
    return self.__values__(self) == self.__values__(other) if other.__class__ is self.__class__ else NotImplemented


def _hash(self: Any) -> int:
    return hash(self.__values__(self))


def _repr(self: Any) -> str:
    return f"{type(self).__qualname__}({', '.join(f'{n}={getattr(self, n)!r}' for n in getattr(self, FIELDS))})"


def _refuse_to_set(self: Any, name: str, value: object) -> None:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(self: Any, name: str) -> None:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> list[Any]:
    return [getattr(self, name) for name in getattr(self, FIELDS)]


def _restore(self: Any, state: list[Any]) -> None:
    for name, value in zip(getattr(self, FIELDS), state, strict=True):
        object.__setattr__(self, name, value)
