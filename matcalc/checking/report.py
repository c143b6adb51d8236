"""What a check found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

__all__ = ["CheckReport"]


#: The sizes of so many points are told in a summary.
MOST_SHOWN = 5


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
        problem: why nothing could be compared, or None.
        diagnosis: what is wrong with a refuted claim, or how a right one is shorter; None where there is nothing to say.
        fault: what is wrong with a refuted claim, in a word: "sign", "factor", "transposed", "layout", "missing term",
            "extra term", "wrong term", "only if", "unstructured", "independent entries", "other variable" or "different".
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

    def __bool__(self) -> bool:
        return self.ok

    @property
    def summary(self) -> str:
        """One line."""
        if self.problem:
            return f"not verified: {self.problem}"
        shown = "; ".join(", ".join(f"{n}={k}" for n, k in s.items()) for s in self.sizes[:MOST_SHOWN] if s)
        where = f"{self.trials} random points" + (f" ({shown})" if shown else "")
        if not self.trials:
            return "REFUTED: the claim has not the shape of the derivative"
        if self.ok:
            return f"verified at {where} by {self.method}: relative error {self.error:.1e}"
        found = f", expected {self.worst[0]:.6g}, the formula gives {self.worst[1]:.6g}" if self.worst else ""
        return f"REFUTED at {where} by {self.method}: relative error {self.error:.1e}{found}"

    def __str__(self) -> str:
        return self.summary + (f"\n{self.diagnosis}" if self.diagnosis else "")

    def _repr_html_(self) -> str:
        colour = "#1a7f37" if self.ok else "#cf222e"
        head, _, rest = escape(str(self)).partition("\n")
        return f'<span style="color:{colour}">{head}</span>' + (f"<br>{rest}" if rest else "")

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
            "problem": self.problem,
            "diagnosis": self.diagnosis,
            "fault": self.fault,
        }
