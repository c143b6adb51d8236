"""How a use of an open function is written in each notation: g''(u), ∂_12 l(s, t), ∇f(x), J_f(x), D^2 f(X)[H]."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from matcalc.language.undefined.open_uses import Legs, OpenUse, Sign, use_of
from matcalc.printing.layout import Layout, lay, transposed
from matcalc.printing.notations.writer import Row, Writer
from matcalc.records import dataclass

if TYPE_CHECKING:
    from matcalc.expr import Node
    from matcalc.printing.reading.reader import Reader

__all__ = ["Marks", "numbered", "open_row", "read_open"]

#: Derivatives of higher order have a number instead of primes.
MOST_PRIMES = 3


def read_open(reader: Reader, node: Node, flipped: bool) -> Layout:
    """The layout of a node: what stands in <…>, the arguments, the directions."""
    function, partials, free, legs = node.data
    if function.entrywise:
        parts = [reader.of(a, flipped and not a.is_scalar) for a in node.args]
        return lay("open", *parts, value=use_of(function, Legs(partials, free)))
    count = len(function.arguments)
    held = [k for k, leg in enumerate(legs) if len(leg) == 2 or leg[0] < 0]
    order = [*(count + k for k in held), *range(count), *(count + k for k in range(len(legs)) if k not in held)]
    layout = lay("open", *(reader.of(node.args[i]) for i in order), value=use_of(function, Legs(partials, free, legs)))
    return transposed(layout) if flipped and not node.is_scalar else layout


@dataclass(frozen=True)
class Marks:
    """The signs of one notation.

    Attributes:
        name: how a function's name is written.
        sign: how a sign of differentiation is written with its subscript and superscript.
        primes: how primes are written, at most three.
        order: how a higher order is written.
        jacobian: the Jacobian of a name.
        brackets: brackets of a kind around a text.
        comma: what stands between arguments.
        joined: pieces side by side.
        raised: primes or an order behind a name.
    """

    name: Callable[[str], str]
    sign: Callable[[Sign], str]
    primes: Callable[[int], str]
    order: Callable[[int], str]
    jacobian: Callable[[str], str]
    brackets: Callable[[str, str, str], str]
    comma: str = ", "
    joined: Callable[[Sequence[str]], str] = "".join
    raised: Callable[[str, str], str] = "{}{}".format


def numbered(sign: Sign) -> str:
    """The arguments by which a derivative is taken, counted from 1."""
    return "".join(str(slot + 1) for slot in sign.slots)


def open_row(marks: Marks) -> Row:
    """The row of a notation."""

    def written(writer: Writer, layout: Layout) -> str:
        use: OpenUse = layout.value
        parts = writer.parts(layout)
        first, last = int(use.inner is not None), len(parts) - use.directions
        name = _named(use, marks)
        if use.inner is not None:
            inside = marks.comma.join([parts[0], name])
            name = marks.joined([*map(marks.sign, use.signs), marks.brackets(inside, "<", ">")])
        pieces = [name, marks.brackets(marks.comma.join(parts[first:last]), "(", ")")]
        if use.directions:
            pieces.append(marks.brackets(marks.comma.join(parts[last:]), "[", "]"))
        return marks.joined(pieces)

    return written


def _named(use: OpenUse, marks: Marks) -> str:
    """The name with its signs and primes."""
    signs = use.signs if use.inner is None else use.inner
    name = marks.name(use.name)
    if use.primes:
        name = marks.raised(name, (marks.primes if use.primes <= MOST_PRIMES else marks.order)(use.primes))
    alone = use.inner is not None or not use.directions
    if alone and signs == (Sign("D"),):
        return marks.jacobian(use.name)
    return marks.joined([*map(marks.sign, signs), name])
