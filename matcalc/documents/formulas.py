"""What a document shows of a derivative: lines in LaTeX and in MathML, made once and kept between builds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple, dataclass

from matcalc import __version__, api, printing
from matcalc.documents import notation
from matcalc.errors import MatcalcError, SyntaxFault
from matcalc.language.words.names import typed_name
from matcalc.notes import Note
from matcalc.objects.results import Result
from matcalc.printing import titles
from matcalc.printing.lines.breaking import SCREEN, WIDTH
from matcalc.printing.lines.equations import Equation, Pair, aligned, derivation_table, math_table

__all__ = ["SHOWN", "Formula", "Request", "formula_of"]

#: What can be shown, in this order.
SHOWN = ("f", "differential", "derivative")


@dataclass(frozen=True)
class Request:
    """What a directive asks for.

    Attributes:
        checked: the derivative is verified numerically, too.
        steps: the derivation instead of the result; ``detail`` is "brief" or "full".
        show: any of `SHOWN`.
        claim: a closed form that has to be right, too.
    """

    text: str
    wrt: tuple[str, ...] = ()
    order: int | None = None
    where: str | None = None
    checked: bool = True
    steps: bool = False
    bold: str = "none"
    show: tuple[str, ...] = ("differential", "derivative")
    detail: str = "brief"
    convention: str = "structured"
    claim: str | None = None

    @property
    def key(self) -> tuple[object, ...]:
        """Distinguishes results, of this version of matcalc."""
        return (__version__, *astuple(self))


@dataclass(frozen=True)
class Formula:
    """Lines with a common column of equality signs, and what a reader has to know of how the text was read.

    Attributes:
        chosen: the variable, where none was named and others could be meant.
    """

    lines: tuple[Equation, ...]
    check: str = ""
    notes: tuple[Note, ...] = ()
    chosen: str = ""

    def choice(self, how: str) -> str:
        """Which variable was chosen, and how another is named; empty where there was no choice."""
        return f"by {self.chosen} (chosen: name another {how})" if self.chosen else ""

    @property
    def latex(self) -> str:
        """An ``aligned`` environment."""
        return aligned(self.lines)

    @property
    def html(self) -> str:
        """A ``<math>`` element; a derivation is a table of them, with the rule of each line."""
        return (derivation_table if any(e.reason for e in self.lines) else math_table)(self.lines)

    @property
    def right_side(self) -> Pair:
        """The last line without what it is equal to, in LaTeX and MathML."""
        (latex, mathml) = self.lines[-1].right
        whole = latex[0] if len(latex) == 1 else aligned((Equation(("", ""), (latex, mathml)),), "[t]")
        inside = mathml[0] if len(mathml) == 1 else math_table((Equation(("", ""), (latex, mathml)),), inside=True)
        return whole, inside


def formula_of(request: Request) -> Formula:
    """Derived, verified and written. Raises MatcalcError for bad input, and where a check fails."""
    unknown = [name for name in request.show if name not in SHOWN]
    if unknown:
        raise SyntaxFault(f"{unknown[0]} cannot be shown", code="option", hint=f"show any of {', '.join(SHOWN)}")
    result = Result.of(
        request.text,
        request.wrt,
        request.order,
        request.where,
        checked=request.checked,
        convention=request.convention,
    )
    if result.report is not None and not result.report:
        raise MatcalcError(f"the derivative is not verified: {result.report.summary}", code="not-verified")
    if request.claim is not None:
        _verify_claim(result, request)
    check = result.report.summary if result.report is not None else ""
    lines = tuple(_steps(result, request) if request.steps else _lines(result, request))
    chosen = typed_name(result.derivative.wrt[0]) if result.chosen and len(result.f.declarations) > 1 else ""
    return Formula(lines, check, result.derivative.notes, chosen)


def _verify_claim(result: Result, request: Request) -> None:
    derivative = result.derivative
    if request.convention != "structured":
        if not api.equal(derivative.expr or derivative.operator, request.claim or ""):
            raise MatcalcError(f"the claim {request.claim} is not proved equal", code="not-verified")
        return
    report = api.check(result.f, *derivative.wrt, claim=request.claim)
    if not report:
        raise MatcalcError(f"the claim {request.claim} is refuted: {report.summary}", code="not-verified")


def _steps(result: Result, request: Request) -> Iterator[Equation]:
    derivation = api.explain(result.f, result.derivative.wrt, detail=request.detail)
    return derivation.equations(request.bold)


def _lines(result: Result, request: Request) -> Iterator[Equation]:
    if "f" in request.show:
        yield _function(result, request.bold)
    if "differential" in request.show:
        yield _differential(result, request.bold)
    if "derivative" in request.show:
        operator_shown = "differential" in request.show and result.derivative.order == 1
        yield from _derivative(result, request.bold, operator_shown)


def _function(result: Result, bold: str) -> Equation:
    name = notation.function(result.f)
    tree, style = result.f.tree, result.f.style
    if tree is None:
        return notation.equation(name, result.f.node, style, bold)
    latex = tuple(printing.typed_lines(tree, "latex", bold=bold, width=WIDTH, style=style))
    mathml = tuple(printing.typed_lines(tree, "mathml", bold=bold, width=SCREEN, style=style))
    return Equation(name, (latex, mathml))


def _differential(result: Result, bold: str) -> Equation:
    order = result.derivative.order
    left = notation.differential("f" if result.f.node.is_scalar else "F", order)
    if result.f.title is not None:
        left = titles.differential(result.f.title, order)[2:]
    return notation.equation(left, result.derivative.reading.differential, result.f.style, bold)


def _of_operator(result: Result) -> Pair:
    """dF, of a scalar function d∇f"""
    scalar, title = result.f.node.is_scalar, result.f.title
    order = result.derivative.order - scalar
    if title is None:
        return notation.differential(r"\nabla f" if scalar else "F", order)
    name = (*title[:2], rf"\nabla {title[2]}", f"<mi>∇</mi>{title[3]}") if scalar else title
    return titles.differential(name, order)[2:]


def _derivative(result: Result, bold: str, operator_shown: bool) -> Iterator[Equation]:
    """The array; or the operator, and its vec form where there is one."""
    found, reading = result.derivative, result.derivative.reading
    if found.form != "array" and not operator_shown:
        yield notation.equation(_of_operator(result), reading.operator, result.f.style, bold)
    if reading.matrix is not None:
        yield notation.equation(notation.derivative(found, bold), reading.matrix, result.f.style, bold)
