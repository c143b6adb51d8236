"""What stands left of the equality signs in a document, in LaTeX and in MathML."""

from __future__ import annotations

from collections.abc import Sequence

from matcalc import api, printing
from matcalc.expr import Node
from matcalc.printing.lines.breaking import SCREEN, WIDTH
from matcalc.printing.lines.equations import Equation, Pair

__all__ = ["derivative", "differential", "equation", "function", "identifier"]


def equation(left: Pair, node: Node, style: printing.Style, bold: str = "none") -> Equation:
    """An equation with an expression as its right side."""
    latex = tuple(printing.displayed_rows(node, "latex", bold=bold, width=WIDTH, style=style))
    mathml = tuple(printing.displayed_rows(node, "mathml", bold=bold, width=SCREEN, style=style))
    return Equation(left, (latex, mathml))


# --- left sides -------------------------------------------------------------------------------


def identifier(name: str) -> Pair:
    """A function's name."""
    return name, f"<mi>{name}</mi>"


def function(f: api.Expr) -> Pair:
    """f or F, or what its text calls it."""
    title = f.title
    return title[2:] if title is not None else identifier("f" if f.node.is_scalar else "F")


def differential(name: str, order: int) -> Pair:
    """df, d²f, d∇f"""
    letter = name.replace(r"\nabla ", "∇")
    d = "<mi mathvariant='normal'>d</mi>"
    if order == 1:
        return rf"\mathrm{{d}} {name}", f"<mrow>{d}<mi>{letter}</mi></mrow>"
    raised = f"<msup>{d}<mn>{order}</mn></msup>"
    return rf"\mathrm{{d}}^{{{order}}} {name}", f"<mrow>{raised}<mi>{letter}</mi></mrow>"


def derivative(found: api.Derivative, bold: str = "none") -> Pair:
    """∇_X f, the Jacobian ∂F/∂x, or ∂ vec F / ∂(vec X)^T."""
    names = [_name(found, name, bold) for name in found.wrt]
    scalar = found.f.node.is_scalar
    name = function(found.f)
    if found.form == "vec":
        return _of_vec(name if not scalar else _nabla(name, names[:1], 1), names[-1])
    if scalar and len(set(names)) == 1 and len(names) <= 2:
        return _nabla(name, names[:1], len(names))
    return _partial(name, names)


def _name(found: api.Derivative, name: str, bold: str) -> Pair:
    (node,) = {v for v in found.reading.wrt if v.data[0] == name}
    style = found.f.style
    latex, mathml = (
        printing.displayed_rows(node, form, bold=bold, width=None, style=style)[0] for form in ("latex", "mathml")
    )
    return latex, mathml


def _nabla(name: Pair, names: Sequence[Pair], power: int) -> Pair:
    ((latex, mathml),) = names
    if power == 1:
        return rf"\nabla_{{{latex}}} {name[0]}", f"<mrow><msub><mi>∇</mi>{mathml}</msub>{name[1]}</mrow>"
    raised = f"<msubsup><mi>∇</mi>{mathml}<mn>{power}</mn></msubsup>"
    return rf"\nabla^{{{power}}}_{{{latex}}} {name[0]}", f"<mrow>{raised}{name[1]}</mrow>"


def _partial(above: Pair, names: Sequence[Pair]) -> Pair:
    order = f"^{{{len(names)}}}" if len(names) > 1 else ""
    variables = " ".join(rf"\partial {n}" for n, _ in names)
    latex = rf"\frac{{\partial{order} {above[0]}}}{{{variables}}}"
    top = "<mi>∂</mi>" if len(names) == 1 else f"<msup><mi>∂</mi><mn>{len(names)}</mn></msup>"
    below = "".join(f"<mi>∂</mi>{n}" for _, n in names)
    return latex, f"<mfrac><mrow>{top}{above[1]}</mrow><mrow>{below}</mrow></mfrac>"


_VEC = '<mi>vec</mi><mspace width="0.167em"></mspace>'


def _of_vec(above: Pair, name: Pair) -> Pair:
    latex = rf"\frac{{\partial \operatorname{{vec}} {above[0]}}}{{\partial (\operatorname{{vec}} {name[0]})^{{\top}}}}"
    below = f"<msup><mrow><mo stretchy='false'>(</mo>{_VEC}{name[1]}<mo stretchy='false'>)</mo></mrow><mi mathvariant='normal'>⊤</mi></msup>"
    return latex, f"<mfrac><mrow><mi>∂</mi>{_VEC}{above[1]}</mrow><mrow><mi>∂</mi>{below}</mrow></mfrac>"
