"""Libraries of Python as values: what is done to arguments, and what stands around a function."""

from __future__ import annotations

from dataclasses import field
from typing import NamedTuple

from matcalc.compiling.emitting.target import Target
from matcalc.records import dataclass

__all__ = ["Conversions", "PythonTarget"]


class Conversions(NamedTuple):
    """Statements for an argument ``{name}``: an array, a number beside arrays, a number alone.

    ``python`` is for numbers that may stay those of Python, ``sparse`` for sparse matrices where there are any.
    """

    array: str = ""
    number: str = ""
    alone: str = ""
    python: str = ""
    sparse: str = ""


@dataclass(frozen=True)
class PythonTarget(Target):
    """A Python library.

    Attributes:
        convert: what is done to arguments.
        decorator: line before the function, with ``{static}`` for the sizes among the parameters.
        namespace: statement that finds the module from the first array.
        common_type: the type of several arrays, ``{names}``.
        default_type: the type where there is no argument; empty where one has to show it.
        copies: whether results are copied that would share memory with an argument.
        like: libraries whose words it has where it has none of its own.
        quiet: decorator of a function that computes both branches of a choice, where one may be undefined.
    """

    convert: Conversions = field(default_factory=Conversions)
    decorator: str = ""
    static_decorator: str = ""
    namespace: str = ""
    common_type: str = ""
    default_type: str = ""
    copies: bool = False
    like: tuple[str, ...] = ()
    quiet: str = ""
    runs: bool = True
    batched_determinants: bool = True
    given_determinants: frozenset[str] = frozenset({"frechet_adj"})

    @property
    def columns(self) -> tuple[str, ...]:
        """What a library has no word of its own for is called as in the array API standard."""
        return (self.name.replace("-", "_"), *self.like, "python")
