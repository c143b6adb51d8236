"""Languages and libraries as values: what a target is, the rows that it is made of, and what they give.

A target is told from another by the fields of its description; its name is for the reader.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from typing import TYPE_CHECKING, Any, NamedTuple

from matcalc.compiling.planning.program import Value
from matcalc.functions import row_of
from matcalc.records import dataclass

if TYPE_CHECKING:
    from matcalc.compiling.calling.signature import Signature
    from matcalc.compiling.emitting.emitter import Emitter

__all__ = [
    "ATOM",
    "CONDITIONAL",
    "MATRICES",
    "POWER",
    "PRODUCT",
    "SUM",
    "UNARY",
    "Order",
    "Row",
    "Source",
    "Target",
    "Text",
    "Writer",
]

#: How tightly a text binds, loosest first.
CONDITIONAL, SUM, PRODUCT, MATRICES, UNARY, POWER, ATOM = range(7)


class Text(NamedTuple):
    """A piece of source and how tightly it binds."""

    text: str
    level: int = ATOM

    def at(self, level: int) -> str:
        """The text as an operand that has to bind at least so tightly."""
        return self.text if self.level >= level else f"({self.text})"


#: The text of an operator of the plan from those of its operands.
Row = Callable[["Emitter", Value, list[Text]], Text]


@dataclass(frozen=True)
class Source:
    """The text, the symbols of the arguments it needs, and the sizes that no argument shows."""

    text: str
    required: tuple[str, ...]
    sizes: tuple[str, ...]


@dataclass(frozen=True)
class Order:
    """A function to be written.

    Attributes:
        signature: its parameters, and the names that are taken.
        outputs: values of a plan.
        single: whether it returns the one output alone.
        name: of the function.
        summary: lines about it.
        checks: whether it looks at its arguments; without, they are taken as arrays that fit.
        sparse: the names of the parameters that are sparse matrices.
    """

    signature: Signature
    outputs: Sequence[Value]
    single: bool
    name: str
    summary: Sequence[str]
    checks: bool = True
    sparse: frozenset[str] = frozenset()


#: The text of a function in a language, and of the products of a linear map.
Writer = Callable[[Any, Order], Source]
MapWriter = Callable[[Any, "Signature", Value, str, Sequence[Value]], tuple[str, tuple[str, ...]]]


@dataclass(frozen=True)
class Target:
    """A language or library: all that the compiler knows of it.

    Attributes:
        write: the text of a function.
        rows: operator of the plan -> its text.
        made: what the plan makes of functions, and no user writes -> template with ``{0}``, ``{1}``.
        helpers: name that occurs in templates -> definition that goes before the function.
        imports: name that occurs in the text -> import line.
        reserved: names that no variable may have.
        options: texts that its rows and templates use.
        assign: a statement.
        runs: whether its code is run here.
        traces: whether a function sees its arguments on its first call only.
        maps: the function of a direction and of values that are computed before, with the sizes that it needs last; none where no
            code can be a `LinearMap`.
        batched_determinants: whether derivatives of determinants and adjugates take stacks of matrices.
        given_determinants: functions that take the determinant of their first argument as their second one.
        fuses: whether it computes several entrywise operations in one loop.
    """

    name: str
    write: Writer
    module: str
    rows: Mapping[str, Row]
    made: Mapping[str, str]
    helpers: Mapping[str, str]
    imports: Mapping[str, str]
    reserved: frozenset[str]
    options: Mapping[str, str] = field(default_factory=dict)
    assign: str = "{name} = {text}"
    runs: bool = False
    traces: bool = False
    maps: MapWriter | None = None
    batched_determinants: bool = False
    given_determinants: frozenset[str] = frozenset()
    fuses: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of `Spelling` with its words, the first that has one counts."""
        return (self.name.replace("-", "_"),)

    def template(self, name: str) -> str | None:
        """How the row of a function spells it; None where it has no word for this target."""
        words = row_of(name).spelled
        return self.made.get(name) or (words.of(self.columns) if words is not None else None)

    def helpers_in(self, text: str) -> list[str]:
        """The definitions of the helpers that the text names, and of those that these name."""
        found: list[str] = []
        more = [text]
        words: set[str] = set()
        while more:
            words.update(re.findall(r"\w+", "\n".join(more)))
            more = [h for name, h in self.helpers.items() if name in words and h not in found]
            found += more
        return found
