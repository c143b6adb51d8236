"""The closed form of a minimum, where there is one: found once without data, then put to the test at the data."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import numpy as np

from matcalc.budget import within
from matcalc.compiling import CompiledFunction, compile_outputs
from matcalc.errors import LimitError, MatcalcError
from matcalc.minimizing.coordinates import Array
from matcalc.records import dataclass
from matcalc.solving.answers import Nothing, answer
from matcalc.solving.problems import Problem

__all__ = ["Closed", "closed_form"]

#: The part of the time that is left which the search for one may take.
PART = 0.2


@dataclass(frozen=True)
class Closed:
    """Values of the unknowns and of the multipliers as code, in the order of the names; ``shown`` in words."""

    names: tuple[str, ...]
    codes: tuple[CompiledFunction, ...]
    shown: str

    def at(self, data: Mapping[str, Any]) -> dict[str, Array] | None:
        """The values, the first that exist."""
        for code in self.codes:
            with np.errstate(all="ignore"), suppress(np.linalg.LinAlgError):
                found = {n: np.asarray(v, dtype=float) for n, v in zip(self.names, code(**data), strict=True)}
                if all(np.all(np.isfinite(v)) for v in found.values()):
                    return found
        return None


def closed_form(problem: Problem) -> Closed | None:
    """The solution that is proved to be a minimum."""
    try:
        with within(PART):
            found = answer(problem)
    except (LimitError, MatcalcError):
        return None
    if isinstance(found, Nothing) or found[0].kind.name != "minimum":
        return None
    roots = found[0].roots
    frame = problem.frame
    names = tuple(str(x.data[0]) for x in roots)
    shown = "; ".join(f"{x.data[0]} = {frame.of(roots[x].value)}" for x in problem.unknowns)
    try:
        codes = [compile_outputs([frame.of(r.value) for r in roots.values()], single=False)]
        if any(r.shortest is not None for r in roots.values()):
            least = [frame.of(r.value if r.shortest is None else r.shortest) for r in roots.values()]
            codes.append(compile_outputs(least, single=False))
    except MatcalcError:
        return None
    return Closed(names, tuple(codes), shown)
