"""A picture of the Taylor test: the remainder against the step, on log axes, with the slope that a right derivative has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from matcalc.calculus import derive
from matcalc.checking.claims.claims import read_claim
from matcalc.checking.formulas import Formula, formulas_of
from matcalc.checking.oracles.differences import remainder_order
from matcalc.checking.oracles.routes import taylor_remainder
from matcalc.checking.sampling import direction
from matcalc.checking.subject import Subject, sample
from matcalc.checking.values.evaluate import Array
from matcalc.errors import MatcalcError, UnsupportedError
from matcalc.expr import Node
from matcalc.records import dataclass

__all__ = ["Curve", "curves_of", "draw", "plot_check", "remainder_curves", "verdict"]

#: How much an observed slope may stay below the expected one.
SLACK = 0.3
STEPS = tuple(0.25 * 2.0**-k for k in range(24))


@dataclass(frozen=True)
class Curve:
    """The remainder at each step for one trial, and the slope of its straight part (None where none is left)."""

    steps: tuple[float, ...]
    remainders: tuple[float, ...]
    slope: float | None

    def as_dict(self) -> dict[str, object]:
        """The points that have a place on logarithmic axes, and the slope."""
        pairs = zip(self.steps, self.remainders, strict=True)
        shown = [(h, float(r)) for h, r in pairs if np.isfinite(r) and r > 0]
        return {"points": shown, "slope": None if self.slope is None else float(self.slope)}


def remainder_curves(
    subject: Subject,
    wrt: Sequence[Node],
    formula: Formula,
    *,
    trials: int = 3,
    seed: int = 0,
    at: Mapping[str, Array] | None = None,
) -> list[Curve]:
    """One curve for each random point: ‖f(X + h E) - Taylor polynomial‖ for the steps h."""
    rng = np.random.default_rng(seed)
    curves = []
    for point, _, value in sample(subject, rng, trials, wrt, at):
        directions = [direction(v, point.values[v.data[0]].shape, rng) for v in wrt]
        remainder = taylor_remainder(subject, point, wrt, directions[0], formula, value)
        if remainder is None:
            raise UnsupportedError("the Taylor test is for first and second derivatives by one variable")
        slope = remainder_order(remainder, float(np.max(np.abs(value), initial=0.0)))
        curves.append(Curve(STEPS, tuple(map(remainder, STEPS)), slope if np.isfinite(slope) else None))
    return curves


def draw(curves: Sequence[Curve], order: int, path: str | Path, *, title: str = "") -> None:
    """Write the picture; its format is that of the path's suffix (svg, png, pdf). ``order`` is that of the derivative.

    Raises UnsupportedError where matplotlib is not installed.
    """
    figure, axes = _figure()
    suffix = Path(path).suffix.removeprefix(".").lower()
    known = sorted(figure.canvas.get_supported_filetypes())
    if suffix not in known:
        hint = f"known are {', '.join(known)}"
        raise UnsupportedError(f"pictures in the format of {Path(path).name} are not known", hint=hint, word=str(path))
    for number, curve in enumerate(curves, 1):
        shown = [(h, r) for h, r in zip(curve.steps, curve.remainders, strict=True) if np.isfinite(r) and r > 0]
        label = f"trial {number}: " + (f"slope {curve.slope:.2f}" if curve.slope is not None else "no remainder")
        axes.loglog(*(zip(*shown, strict=True) if shown else ([], [])), "o-", markersize=3.5, linewidth=1, label=label)
    _reference(axes, curves, order + 1)
    axes.set_xlabel("step h")
    axes.set_ylabel("largest entry of the Taylor remainder")
    axes.set_title(title or verdict(curves, order), fontsize=10)
    axes.grid(True, which="major", linewidth=0.4, alpha=0.5)
    axes.legend(fontsize=8, loc="upper left")
    figure.tight_layout()
    try:
        figure.savefig(path, metadata={"Date": None} if suffix == "svg" else None)
    except OSError as error:
        raise MatcalcError(f"{path} cannot be written: {error.strerror}", code="file", word=str(path)) from error


def plot_check(
    subject: Subject,
    wrt: Sequence[Node],
    path: str | Path,
    *,
    claim: str | None = None,
    trials: int = 3,
    seed: int = 0,
    at: Mapping[str, Array] | None = None,
) -> list[Curve]:
    """Draw the Taylor test of the engine's derivative, or of a claim, at the points of the check with the same seed."""
    curves = curves_of(subject, wrt, claim, trials=trials, seed=seed, at=at)
    draw(curves, len(wrt), path)
    return curves


def curves_of(
    subject: Subject,
    wrt: Sequence[Node],
    claim: str | None,
    *,
    trials: int = 3,
    seed: int = 0,
    at: Mapping[str, Array] | None = None,
) -> list[Curve]:
    """The curves of the engine's derivative, or of a claim, at the points of the check with the same seed."""
    if claim is None:
        formula = formulas_of(derive(subject.node, wrt))[0]
    else:
        formula = read_claim(claim, subject.node, wrt, subject.words).formula
    return remainder_curves(subject, wrt, formula, trials=trials, seed=seed, at=at)


def _figure() -> tuple[Any, Any]:
    """A figure that needs no display."""
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError as error:
        raise UnsupportedError(
            "a picture needs matplotlib, which is not installed", hint='pip install "symmatcalc[plot]"'
        ) from error
    figure = Figure(figsize=(6.4, 4.2))
    FigureCanvasAgg(figure)
    return figure, figure.add_subplot()


def verdict(curves: Sequence[Curve], order: int) -> str:
    """What the slopes say, as a sentence."""
    slopes = [c.slope for c in curves if c.slope is not None]
    if not slopes:
        return "No remainder: the Taylor polynomial is the function itself"
    least = min(slopes)
    if least > order + 1 - SLACK:
        return f"The remainder has slope {least:.1f}: right to order {order}"
    return f"The remainder has slope {least:.1f}, and that of a right derivative has slope {order + 1}"


def _reference(axes: Any, curves: Sequence[Curve], slope: int) -> None:
    """A dashed line of the slope that is expected, a little above the curves."""
    start = max((c.remainders[0] for c in curves if np.isfinite(c.remainders[0])), default=0.0)
    if start <= 0:
        return
    steps = np.array(STEPS[:14])
    axes.loglog(
        steps, 2 * start * (steps / steps[0]) ** slope, "k--", linewidth=1, label=f"slope {slope}, for reference"
    )
