"""A derivative as it is shown: what was asked, what was inferred, the answer, and how it was verified."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from matcalc import printing
from matcalc.expr import Node
from matcalc.language.words.names import typed_name
from matcalc.notes import as_dicts, note_rows
from matcalc.objects.asked import asked, is_chosen
from matcalc.objects.by_powers import in_powers
from matcalc.objects.derivatives import Derivative, derivative
from matcalc.objects.expressions import Expr, parsed_beside
from matcalc.objects.members import by_member, by_members, indices_of_result, is_summed, member_named, member_of_array
from matcalc.objects.parts import declaration_of
from matcalc.objects.wirtinger.support import has_complex
from matcalc.records import dataclass

if TYPE_CHECKING:
    from matcalc.answers.claimed import Question
    from matcalc.checking import CheckReport

__all__ = ["Result", "claim_rows", "json_of", "label_of", "program_of", "rows_of", "where_rows"]

Row = tuple[str, str]


@dataclass(frozen=True)
class Result:
    """One answer of `matcalc diff`.

    Attributes:
        chosen: the variable was not named, but chosen.
        report: the numeric verification, or None where it was not asked for.
        sign: what a Hessian is, where that is known: "positive semidefinite: f is convex".
    """

    f: Expr
    derivative: Derivative
    chosen: bool
    report: CheckReport | None
    sign: str = ""

    @classmethod
    def of(
        cls,
        text: str,
        wrt: Sequence[str],
        order: int | None,
        where: str | None,
        *,
        checked: bool,
        convention: str = "structured",
        geometry: str | None = None,
        apart: bool = False,
    ) -> Result:
        """Differentiate a text. Raises MatcalcError where the input is at fault."""
        f = parsed_beside(text, where, apart=apart, by=wrt, complex_too=True)
        chosen = is_chosen(f, wrt)
        if has_complex(f):
            return cls._of_complex(f, wrt, order, checked=checked, convention=convention, geometry=geometry)
        f, names = asked(f, wrt, order)
        found = derivative(f, *names, convention=convention, geometry=geometry)
        is_plain = convention == "structured" and geometry is None
        return cls(f, found, chosen, _verified(found) if checked else None, found.sign if is_plain else "")

    @classmethod
    def _of_complex(
        cls, f: Expr, wrt: Sequence[str], order: int | None, *, checked: bool, convention: str, geometry: str | None
    ) -> Result:
        """That of a function of complex variables."""
        from matcalc.objects.wirtinger.derivatives import wirtinger

        times = [*wrt] * (order or 1) if len(wrt) == 1 else [*wrt]
        found = wirtinger(f, times, convention, geometry)
        return cls(found.f, found, is_chosen(f, wrt), _verified(found) if checked else None)

    @property
    def conditions(self) -> tuple[str, ...]:
        """What has to hold for the derivative to exist."""
        return self.derivative.conditions


def _verified(derivative: Derivative) -> CheckReport:
    from matcalc.api import verify

    return verify(derivative)


def label_of(derivative: Derivative) -> str:
    """gradient, Jacobian, Hessian, or derivative of an order"""
    return (
        derivative.name
        if derivative.name != "derivative"
        else f"d^{derivative.order} f"
        if derivative.order > 1
        else "derivative"
    )


def rows_of(result: Result, form: str, bold: str = "none") -> list[Row]:
    """The lines of the answer in a format, as (label, text)."""
    return list(_rows(result, form, bold))


def _rows(result: Result, form: str, bold: str) -> Iterator[Row]:
    written = _printer(form, bold)
    derivative = result.derivative
    names = ", ".join(map(typed_name, dict.fromkeys(derivative.wrt)))
    yield (
        "variable",
        names + ("  (chosen: name another with --wrt)" if result.chosen and len(result.f.declarations) > 1 else ""),
    )
    where = "\n".join([*_declarations(result.f), *_definitions(result.f, written)])
    if where:
        yield "where", where
    yield _name_of_function(result.f), _as_typed(result.f, form, bold)
    shown = partial(printing.readable, write=written, names=printing.Names(), style=result.f.style)
    yield _name_of_differential(derivative), shown(derivative.reading.differential)
    yield from _derivative_rows(result, shown, form)
    if result.sign:
        yield "sign", result.sign
    found = result.conditions
    if found:
        yield "holds if", "; ".join(found)
    if derivative.continued is not None:
        yield "holds also", derivative.continued
    if result.report is not None:
        yield "check", result.report.summary
    yield from note_rows(derivative.notes)


def where_rows(f: Expr) -> list[Row]:
    """The declarations on one line, and the definitions below it."""
    lines = [", ".join(map(str, f.declarations.values())), *_definitions(f, printing.text)]
    shown = "\n".join(line for line in lines if line)
    return [("where", shown)] if shown else []


def claim_rows(f: Expr, asked: Sequence[Question]) -> list[Row]:
    """The variables and the claims of a check."""
    names = dict.fromkeys(name for question in asked for name in question.names)
    claims = [("claim", shown) for shown in dict.fromkeys(question.shown for question in asked) if shown]
    return [("variable", ", ".join(map(typed_name, names))), *where_rows(in_powers(f, names)), *claims]


def _as_typed(f: Expr, form: str, bold: str) -> str:
    """The text that was typed; in LaTeX and MathML its typed tree, term by term."""
    if form in ("latex", "mathml") and f.tree is not None:
        return printing.typed_text(f.tree, form, bold=bold, style=f.style)
    return " ".join((f.text or str(f)).split())


def _printer(form: str, bold: str) -> Any:
    if form == "ascii":
        return partial(printing.text, ascii_only=True)
    return partial(printing.FORMATS[form], bold=bold) if form in ("latex", "mathml") else printing.FORMATS[form]


def _declarations(f: Expr) -> list[str]:
    """Declared names, then those that were inferred."""
    declared = [str(d) for d in f.declarations.values() if not d.inferred]
    inferred = [str(d) for d in f.declarations.values() if d.inferred]
    parts = [", ".join(declared)] if declared else []
    if inferred:
        parts.append(", ".join(inferred) + "  (inferred)")
    return parts


def _definitions(f: Expr, written: Any) -> list[str]:
    """K: symmetric(n) = A A^T + s I, one a line."""
    bodies, style = _bodies(f), f.style
    declared = map(declaration_of, f.definitions)
    return [f"{d} = {written(bodies[d.name], alone=True, style=style)}" for d in declared if d.name in bodies]


def _bodies(f: Expr) -> dict[str, Node]:
    """What each name that is defined stands for, in terms of earlier ones."""
    return {str(name.data[0]): body for name, body in f.style.bodies}


def _name_of_function(f: Expr) -> str:
    if f.title is not None:
        return f.title[0]
    return "f" if f.node.is_scalar else "F"


def _name_of_differential(derivative: Derivative) -> str:
    name = derivative.f.title
    if name is not None:
        from matcalc.printing.titles import differential

        return differential(name)[0] if derivative.order == 1 else f"d^{derivative.order} {name[0]}"
    letter = "f" if derivative.f.node.is_scalar else "F"
    return f"d{letter}" if derivative.order == 1 else f"d^{derivative.order} {letter}"


def _derivative_rows(result: Result, shown: Callable[[Node], str], form: str) -> Iterator[Row]:
    derivative = result.derivative
    if has_complex(derivative.f):
        from matcalc.objects.wirtinger.rows import complex_rows

        yield from complex_rows(derivative, shown)
        return
    label = label_of(derivative)
    reading = derivative.reading
    if derivative.form == "array":
        assert reading.matrix is not None
        left = f"{derivative.title[2]} = " if form == "latex" and derivative.title is not None else ""
        yield label, left + shown(reading.matrix)
        yield from _of_each(result, reading.matrix, shown)
        yield from _of_members(derivative, shown)
        return
    yield label, f"{derivative.operator_name} = {shown(reading.operator)}"
    if reading.matrix is not None:
        yield "vec form", shown(reading.matrix)
    yield from _of_members(derivative, shown)


def _of_members(derivative: Derivative, shown: Callable[[Node], str]) -> Iterator[Row]:
    """What a derivative of z_i is for one member x_j, where the text says what z_i is."""
    indices = indices_of_result(derivative.f) if derivative.order == 1 else ()
    member = member_of_array(derivative.f, derivative.wrt[0]) if indices else None
    part = by_members(derivative.reading, indices, member) if member is not None else None
    if member is not None and part is not None and derivative.f.statement is not None:
        yield f"d{typed_name(derivative.f.statement.name or '')}/d{typed_name(member.name)}", shown(part)


def _of_each(result: Result, gradient: Node, shown: Callable[[Node], str]) -> Iterator[Row]:
    """What a gradient by a family is for one of its members, where it is a sum over indices or the text asks for it."""
    derivative, said = result.derivative, result.f.statement
    if derivative.order != 1 or not derivative.f.node.is_scalar:
        return
    asked = [v for v in said.variables if v not in derivative.f.declarations] if said is not None else []
    member = member_named(derivative.f, asked[0]) if asked else None
    if member is None and is_summed(gradient):
        member = member_of_array(derivative.f, derivative.wrt[0])
    if member is not None:
        yield f"by {typed_name(member.name)}", shown(by_member(gradient, member))


def json_of(result: Result) -> dict[str, Any]:
    """Everything that is known about the answer, for programs."""
    return _json_of(result, result.derivative, result.derivative.reading.matrix)


def _definitions_json(f: Expr) -> dict[str, Any]:
    bodies, style = _bodies(f), f.style
    return {
        d.name: {
            "kind": d.type_text,
            "text": printing.text(bodies[d.name], alone=True, style=style),
            "latex": printing.latex(bodies[d.name], alone=True, style=style),
        }
        for d in map(declaration_of, f.definitions)
    }


def program_of(derivative: Derivative) -> str:
    """NumPy code that evaluates it."""
    from matcalc.api import compile

    return str(compile(derivative).source)


def _json_of(result: Result, derivative: Derivative, vec: Node | None) -> dict[str, Any]:
    readable = partial(printing.readable, style=result.f.style)
    return {
        "expr": result.f.text or str(result.f),
        "name": result.f.statement.name if result.f.statement is not None else None,
        "wrt": list(map(typed_name, derivative.wrt)),
        "order": derivative.order,
        "where": {name: d.type_text for name, d in result.f.declarations.items()},
        "inferred": [name for name, d in result.f.declarations.items() if d.inferred],
        "definitions": _definitions_json(result.f),
        "shape": [d.value if d.value is not None else str(d) for d in derivative.shape],
        "differential": readable(derivative.reading.differential),
        "derivative": {
            "name": derivative.name,
            "form": derivative.form,
            "text": str(derivative),
            "latex": derivative.latex(),
            "operator": readable(derivative.reading.operator),
            "vec": readable(vec) if derivative.form == "vec" and vec is not None else None,
            "numpy": program_of(derivative),
        },
        "sign": result.sign or None,
        "conditions": list(result.conditions),
        "continued": derivative.continued,
        "notes": as_dicts(derivative.notes),
        "check": result.report.as_dict() if result.report is not None else None,
    }
