"""What a function is called left of its equality signs, and its derivatives: J, dJ, grad J; in LaTeX \\nabla_w J."""

from __future__ import annotations

import re
from collections.abc import Sequence

from matcalc.language.words.names import is_greek, typed_name
from matcalc.printing.notations.mathml import identifier
from matcalc.printing.notations.symbols import symbolic_name
from matcalc.printing.notations.tex import latex_name

__all__ = ["FORMS", "Written", "differential", "gradient", "hessian", "jacobian", "primed", "title"]

#: A left side as text, Unicode, LaTeX and MathML.
Written = tuple[str, str, str, str]
FORMS = {"text": 0, "ascii": 0, "unicode": 1, "latex": 2, "mathml": 3}
_D = "<mi mathvariant='normal'>d</mi>"
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def title(name: str, spelling: str = "") -> Written:
    r"""A name that may have a function before it, as in \log p; ``spelling`` is how it was typed in LaTeX."""
    before, _, last = name.rpartition(" ")
    text = f"{before} {typed_name(last)}".strip()
    unicode = f"{before} {symbolic_name(last)}".strip()
    sign, _, word = before.rpartition("-") if before else ("", "", "")
    command = f"{'-' if before.startswith('-') else sign}\\{word} " if word else before
    markup = "".join(f"<mo>{part}</mo>" if part == "-" else f"<mi>{part}</mi>" for part in re.findall(r"-|\w+", before))
    return text, unicode, spelling or command + latex_name(last, "scalar", "none"), markup + identifier(last)


def differential(written: Written, order: int = 1) -> Written:
    """dJ, d²J, d(log p)"""
    text, unicode, latex, mathml = _grouped(written)
    raised = str(order).translate(_SUPERSCRIPTS) if order > 1 else ""
    upright = rf"\mathrm{{d}}^{order} " if order > 1 else r"\mathrm{d}"
    d = f"<msup>{_D}<mn>{order}</mn></msup>" if order > 1 else _D
    return f"d{raised}{text}", f"d{raised}{unicode}", f"{upright}{latex}", f"{d}{mathml}"


def _grouped(written: Written) -> Written:
    """A word in brackets, where a d before it would look like a part of it."""
    text, unicode, latex, mathml = written
    if re.fullmatch(r"[A-Za-z](?:_\w+|\d+)?", text) or is_greek(text):
        return written
    brackets = f"<mo stretchy='false'>(</mo>{mathml}<mo stretchy='false'>)</mo>"
    return f"({text})", f"({unicode})", f"({latex})", brackets


def gradient(written: Written, variable: str) -> Written:
    """grad J, in LaTeX with the variable below."""
    text, unicode, latex, mathml = written
    below = f"<msub><mi>∇</mi>{identifier(variable)}</msub>"
    return f"grad {text}", f"∇{unicode}", rf"\nabla_{{{_latex(variable)}}} {latex}", below + mathml


def hessian(written: Written, variable: str) -> Written:
    """Hess J"""
    text, unicode, latex, mathml = written
    below = f"<msubsup><mi>∇</mi>{identifier(variable)}<mn>2</mn></msubsup>"
    return f"Hess {text}", f"∇²{unicode}", rf"\nabla_{{{_latex(variable)}}}^{{2}} {latex}", below + mathml


def jacobian(written: Written, variables: Sequence[str]) -> Written:
    """dy/dx; of several variables in turn, too."""
    text, unicode, latex, mathml = written
    order = len(variables)
    power = f"^{order}" if order > 1 else ""
    raised = str(order).translate(_SUPERSCRIPTS) if order > 1 else ""
    below = " ".join(rf"\partial {_latex(v)}" for v in variables)
    markup = "".join(f"<mi>∂</mi>{identifier(v)}" for v in variables)
    top = f"<msup><mi>∂</mi><mn>{order}</mn></msup>" if order > 1 else "<mi>∂</mi>"
    return (
        f"d{power}{text}/{' '.join(f'd{typed_name(v)}' for v in variables)}",
        f"∂{raised}{unicode}/{''.join(f'∂{symbolic_name(v)}' for v in variables)}",
        rf"\frac{{\partial{'^{' + str(order) + '}' if order > 1 else ''} {latex}}}{{{below}}}",
        f"<mfrac><mrow>{top}{mathml}</mrow><mrow>{markup}</mrow></mfrac>",
    )


def primed(written: Written, times: int) -> Written:
    """J', J''; from the fourth on J^(4)."""
    text, unicode, latex, mathml = _grouped(written)
    if times > 3:
        raised = f"<msup>{mathml}<mrow><mo>(</mo><mn>{times}</mn><mo>)</mo></mrow></msup>"
        return f"{text}^({times})", f"{unicode}^({times})", f"{latex}^{{({times})}}", raised
    prime = "′″‴"[times - 1]
    return text + "'" * times, unicode + prime, latex + "'" * times, f"<msup>{mathml}<mo>{prime}</mo></msup>"


def _latex(variable: str) -> str:
    return latex_name(variable, "scalar", "none")
