"""What a document shows of a derivative: LaTeX lines, made once and kept between builds."""

from __future__ import annotations

from dataclasses import dataclass

from matcalc import __version__, api, printing
from matcalc.errors import MatcalcError
from matcalc.results import Result

__all__ = ["Request", "lines_of"]


@dataclass(frozen=True)
class Request:
    """What a directive asks for.

    Attributes:
        show: any of "f", "differential", "derivative"; what is shown, in this order.
    """

    text: str
    wrt: tuple[str, ...] = ()
    order: int | None = None
    where: str | None = None
    checked: bool = True
    steps: bool = False
    bold: str = "none"
    show: tuple[str, ...] = ("differential", "derivative")

    @property
    def key(self) -> tuple[object, ...]:
        """Distinguishes results, of this version of matcalc."""
        return (
            __version__,
            self.text,
            self.wrt,
            self.order,
            self.where,
            self.checked,
            self.steps,
            self.bold,
            self.show,
        )


def lines_of(request: Request) -> list[str]:
    """The lines of an ``aligned`` environment. Raises MatcalcError for bad input, and where the check fails."""
    result = Result.of(request.text, request.wrt, request.order, request.where, checked=request.checked)
    if result.report is not None and not result.report:
        raise MatcalcError(f"the derivative is not verified: {result.report.summary}", code="not-verified")
    if request.steps:
        return [_steps(result)]
    writers = {"f": _function, "differential": _differential, "derivative": _derivative}
    return [writers[part](result, request.bold) for part in request.show]


def _steps(result: Result) -> str:
    derivation = api.explain(result.f, result.derivative.wrt[0], order=result.derivative.order)
    inside = str(derivation.latex())
    return inside.replace("align*", "aligned")


def _name(result: Result) -> str:
    return "f" if result.f.node.is_scalar else "F"


def _function(result: Result, bold: str) -> str:
    tree = result.f.tree
    shown = result.f.latex(bold=bold) if tree is None else printing.typed_text(tree, "latex", bold=bold)
    return rf"{_name(result)} &= {shown}"


def _differential(result: Result, bold: str) -> str:
    order = result.derivative.order
    d = r"\mathrm{d}" if order == 1 else rf"\mathrm{{d}}^{order}"
    return rf"{d} {_name(result)} &= {result.derivative.differential.latex(bold=bold)}"


def _derivative(result: Result, bold: str) -> str:
    derivative = result.derivative
    reading = derivative.reading
    if derivative.form == "array":
        return rf"{_symbol(result)} &= {derivative.latex(bold=bold)}"
    if reading.matrix is None:
        return rf"\mathrm{{d}}G &= {derivative.operator.latex(bold=bold)}"
    return rf"{_symbol(result)} &= {api.Expr(reading.matrix).latex(bold=bold)}"


def _symbol(result: Result) -> str:
    names = [api.parse(name, {name: result.f.declarations[name].type_text}).latex() for name in result.derivative.wrt]
    if result.f.node.is_scalar and len(names) == 1:
        return rf"\nabla_{{{names[0]}}} f"
    if result.f.node.is_scalar and len(set(names)) == 1 and len(names) == 2:
        return rf"\nabla^2_{{{names[0]}}} f"
    if result.derivative.form == "vec":
        top = r"\operatorname{vec} F" if not result.f.node.is_scalar else r"\operatorname{vec} \nabla f"
        return rf"\frac{{\partial {top}}}{{\partial (\operatorname{{vec}} {names[-1]})^\top}}"
    below = " ".join(rf"\partial {n}" for n in names)
    return rf"\frac{{\partial {_name(result)}}}{{{below}}}"
