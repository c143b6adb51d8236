"""Derivations as a mathematician writes them: each line is one rule, with its name and its reference."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from matcalc.calculus.needs.sentences import stated
from matcalc.calculus.validity.conditions import conditions
from matcalc.errors import LimitError, UnsupportedError
from matcalc.explaining.derivations import steps_of
from matcalc.explaining.held import Known, layout_of
from matcalc.explaining.steps import Derivation, Step
from matcalc.expr import Node
from matcalc.language import Typed
from matcalc.notes import Note
from matcalc.printing import Style, text
from matcalc.printing.formats import printers_for, reader_for
from matcalc.printing.style import PLAIN
from matcalc.printing.titles import Written

#: A line that prints longer is no step that a person follows.
LONGEST_LINE = 4000
#: More lines than this are not written.
MOST_STEPS = 200

__all__ = ["Derivation", "Step", "derivation"]


def derivation(
    f: Node,
    variables: Sequence[Node],
    *,
    detail: str = "brief",
    typed: str | None = None,
    tree: Typed | None = None,
    style: Style = PLAIN,
    notes: tuple[Note, ...] = (),
    title: Written | None = None,
) -> Derivation:
    """The derivation of the derivative of f by each variable in turn.

    ``detail`` is "brief" or "full", ``typed`` the text of f, ``tree`` its typed tree; ``style`` that in which it is
    printed, ``title`` is what it is called, and ``notes`` say how it was read.
    """
    if detail not in ("brief", "full"):
        raise UnsupportedError(f"unknown detail {detail}", hint='detail is "brief" or "full"')
    next(_bounded([Step("f", Known(f))], PLAIN))
    moving = tuple(str(v.data[0]) for v in variables)
    plain = style.undefined
    found = (
        replace(step, style=style, title=title, variables=moving)
        for step in steps_of(f, variables, detail, typed, tree, plain)
    )
    steps = tuple(_without_repetitions(_bounded(found, plain)))
    printers = printers_for(style)
    needed = tuple(stated(c, printers) for c in conditions(f, wrt=variables))
    return Derivation(typed or text(f), steps, needed, notes, style)


def _bounded(steps: Iterable[Step], style: Style) -> Iterator[Step]:
    """Steps that a person can follow. Raises LimitError where they are too many or too long."""
    hint = "use differential or derivative"
    for number, step in enumerate(steps):
        if number > MOST_STEPS:
            raise LimitError(f"the derivation is too long: the limit is {MOST_STEPS:,} steps", hint=hint)
        if layout_of(step.held, reader_for("text", style)).size > LONGEST_LINE:
            raise LimitError(f"a line of the derivation is too long: the limit is {LONGEST_LINE:,} letters", hint=hint)
        yield step


def _without_repetitions(steps: Iterable[Step]) -> Iterator[Step]:
    """Lines that look like the one before say nothing new."""
    last: Step | None = None
    for step in steps:
        if last is None or step.quantity != last.quantity or step.expression != last.expression:
            yield step
            last = step
