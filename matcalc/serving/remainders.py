"""The Taylor test as numbers, for those who draw it themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from matcalc.objects.asked import asked
from matcalc.objects.expressions import parsed_beside, with_fixed_directions
from matcalc.objects.variables import variable_named

if TYPE_CHECKING:
    from matcalc.checking.plot import Curve

__all__ = ["remainders"]


def remainders(
    expression: str, wrt: Sequence[str], order: int | None, where: str | None, claim: str | None
) -> tuple[list[Curve], str]:
    """A curve for each point of the check, and what their slopes say.

    Raises MatcalcError where the input is at fault, and for derivatives that the test is not for.
    """
    from matcalc.checking import Subject
    from matcalc.checking.plot import curves_of, verdict

    beside = parsed_beside(expression, where, beside=claim, by=wrt)
    f, names = asked(with_fixed_directions(beside), wrt, order)
    subject = Subject(f.node, f.declarations, f.tree, {d.name: d.node for d in f.definitions})
    curves = curves_of(subject, [variable_named(f, name) for name in names], claim)
    return curves, verdict(curves, len(names))
