"""What a check found."""

from __future__ import annotations

import math
from collections.abc import Mapping
from html import escape

from matcalc.notes import Note, as_dicts, note_lines, note_rows
from matcalc.records import dataclass

__all__ = ["CheckReport"]


#: Relative errors up to this refute nothing: what is wrong with the claim lies outside of the directions compared.
AGREES = 1e-8
#: The sizes of so many points are told in a summary.
MOST_SHOWN = 5


def _bound(error: float) -> str:
    """The power of ten above the error, from 1e-12: the digits of rounding depend on the machine."""
    return f"1e{max(-12, math.ceil(math.log10(error))) if error else -12:03d}"


@dataclass(frozen=True)
class CheckReport:
    """The result of a numeric check; its truth value is ``ok``.

    Attributes:
        ok: every comparison agreed.
        error: the largest relative error.
        method: how the differences were taken.
        order_observed: slope of the Taylor remainder; 2 for a right gradient, 3 for a right Hessian. inf where the
            function is a polynomial of lower degree, so that nothing remains.
        trials: points that were compared.
        seed: with which the same points are drawn again.
        sizes: the numbers that the named sizes had, for each trial.
        worst: where the largest error was: what was expected, what the formula gave.
        place: the entry that has these values, such as ``X[2, 1]``, of a refuted derivative by few entries.
        derivative_order: 1 for a gradient or Jacobian, 2 for a Hessian.
        given: the names of the variables whose values were given, separated by commas.
        left_out: why a form of the derivative, such as its vec form, was not compared; or None.
        scalar_case: whether the formula agrees with scalar calculus where every size is 1; None where it has no such case.
        stand_in: which names stood in the place of sizes that are too large to compute: "n in the place of 60000".
        problem: why nothing could be compared, or None.
        diagnosis: what is wrong with a refuted claim, or how a right one is shorter; None where there is nothing to say.
        fault: what is wrong with a refuted claim, in a word: "sign", "factor", "missing factor", "extra factor", "exponent",
            "order", "transposed", "layout", "missing term", "extra term", "wrong term", "only if", "unstructured",
            "independent entries", "chain rule", "only the diagonal", "other order", "other variable" or "different".
        notes: how the texts of the function and of the claim were read, where a reader has to know.
    """

    ok: bool
    error: float
    method: str
    order_observed: float | None
    trials: int
    seed: int
    sizes: tuple[Mapping[str, int], ...]
    worst: tuple[float, float] | None = None
    problem: str | None = None
    diagnosis: str | None = None
    fault: str | None = None
    place: str = ""
    scalar_case: bool | None = None
    derivative_order: int = 1
    left_out: str | None = None
    given: str = ""
    stand_in: str = ""
    notes: tuple[Note, ...] = ()

    def __bool__(self) -> bool:
        return self.ok

    @property
    def summary(self) -> str:
        """One line."""
        if self.problem:
            return f"not verified: {self.problem}"
        shown = "; ".join(", ".join(f"{n}={k}" for n, k in s.items()) for s in self.sizes[:MOST_SHOWN] if s)
        random = "" if self.given else "random "
        points = f"{self.trials} {random}point{'s' if self.trials != 1 else ''}"
        where = points + (f" ({shown})" if shown else "") + (f" with the given {self.given}" if self.given else "")
        where += f" with {self.stand_in}" if self.stand_in else ""
        if not self.trials:
            return "REFUTED: the claim does not have the shape of the derivative"
        if self.ok:
            left_out = f"; one form was not compared: {self.left_out}" if self.left_out else ""
            return f"verified at {where} by {self.method}: relative error below {_bound(self.error)}{left_out}"
        if self.error <= AGREES and self.diagnosis:
            return f"REFUTED: it agrees with the differences at {where} as far as these tell, and is not the derivative"
        return f"REFUTED at {where} by {self.method}: relative error {self.error:.1e}{self._worst_entry}"

    @property
    def _worst_entry(self) -> str:
        if self.worst is None:
            return ""
        place = f" at {self.place}" if self.place else ""
        return f", expected {self.worst[0]:.6g}{place}, the formula gives {self.worst[1]:.6g}"

    @property
    def methods(self) -> tuple[str, ...]:
        """The routes that the formula was compared by; none of them shares the derivation."""
        found = [m for m in self.method.split(" and ") if m]
        if self.order_observed is not None:
            found.append("Taylor remainder")
        if self.scalar_case is not None:
            found.append("scalar calculus")
        return tuple(found)

    @property
    def rows(self) -> list[tuple[str, str]]:
        """(label, text) for each thing that was found out, the verdict first."""
        if self.problem or not self.trials:
            return [("check", self._verdict), *note_rows(self.notes)]
        found = [("check", self.summary)]
        if self.diagnosis:
            found.append(("note" if self.ok else "diagnosis", self.diagnosis))
        if self.order_observed is not None:
            found.append(("Taylor", self._remainder))
        if self.scalar_case is not None:
            found.append(
                ("1 x 1", "agrees with scalar calculus" if self.scalar_case else "contradicts scalar calculus")
            )
        return [*found, ("seed", str(self.seed)), *note_rows(self.notes)]

    @property
    def _remainder(self) -> str:
        right = 2 if self.derivative_order == 1 else 3
        if not math.isfinite(self.order_observed or 0.0):
            what = (
                "the Taylor polynomial is the function itself" if self.ok else "in its one direction the claim is right"
            )
            return f"no remainder is left: {what}"
        return f"the remainder has order {self.order_observed:.2f}; that of a right derivative has {right}"

    @property
    def _verdict(self) -> str:
        return self.summary + (f"\n{self.diagnosis}" if self.diagnosis else "")

    def __str__(self) -> str:
        return "\n".join([self._verdict, *note_lines(self.notes)])

    def _repr_html_(self) -> str:
        colour = "#1a7f37" if self.ok else "#cf222e"
        head, *rest = escape(str(self)).split("\n")
        return "<br>".join([f'<span style="color:{colour}">{head}</span>', *rest])

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return {
            "ok": self.ok,
            "error": self.error,
            "method": self.method,
            "order_observed": self.order_observed if self.order_observed not in (None, float("inf")) else None,
            "trials": self.trials,
            "seed": self.seed,
            "sizes": [dict(s) for s in self.sizes],
            "expected": self.worst[0] if self.worst else None,
            "found": self.worst[1] if self.worst else None,
            "place": self.place or None,
            "methods": list(self.methods),
            "scalar_case": self.scalar_case,
            "problem": self.problem,
            "left_out": self.left_out,
            "stand_in": self.stand_in or None,
            "diagnosis": self.diagnosis,
            "fault": self.fault,
            "notes": as_dicts(self.notes),
        }
