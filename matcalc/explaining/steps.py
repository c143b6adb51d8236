"""A derivation: its steps, and how they are written as text, LaTeX, Markdown and HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape

from matcalc.explaining.held import Held, layout_of
from matcalc.expr import Node
from matcalc.notes import Note, note_lines
from matcalc.printing import titles
from matcalc.printing.formats import FORMATS, displayed, lines_of, reader_for, write
from matcalc.printing.layout import Layout
from matcalc.printing.lines.breaking import SCREEN, WIDTH
from matcalc.printing.lines.equations import Equation, derivation_table, latex_rows
from matcalc.printing.lines.widths import width_of
from matcalc.printing.style import PLAIN, Style
from matcalc.printing.titles import Written
from matcalc.records import dataclass

__all__ = ["Derivation", "Step", "derivative_name", "references_of", "superscripted"]

# --- left sides -------------------------------------------------------------------------------

_D = "<mi mathvariant='normal'>d</mi>"
_VEC = "<mi>vec</mi><mo stretchy='false'>(</mo>{}<mo stretchy='false'>)</mo>"
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
#: Names of derivatives by scalars, by their number of primes.
_PRIMES = ("f", "derivative", "second derivative", "third derivative")

#: What stands left of the equality sign -> in text, Unicode, LaTeX, MathML.
_LEFT_SIDES: dict[str, tuple[str, str, str, str]] = {
    "gradient": ("grad f", "∇f", r"\nabla f", "<mi>∇</mi><mi>f</mi>"),
    "derivative": ("f'", "f′", "f'", "<mi>f′</mi>"),
    "second derivative": ("f''", "f″", "f''", "<mi>f″</mi>"),
    "third derivative": ("f'''", "f‴", "f'''", "<mi>f‴</mi>"),
    "dF/dx": ("F'", "F′", "F'", "<mi>F′</mi>"),
}


def superscripted(order: int) -> str:
    """d, d², d³"""
    return "d" if order == 1 else f"d{str(order).translate(_SUPERSCRIPTS)}"


def references_of(references: Iterable[str]) -> str:
    """Each once; ``MC (511)`` and ``MC (520)`` become ``MC (511), (520)``."""
    places: dict[str, list[str]] = {}
    for reference in dict.fromkeys(filter(None, references)):
        book, bracket, number = reference.rpartition(" (")
        places.setdefault(book if bracket and number[0].isdigit() else reference, []).append(
            bracket + number if bracket and number[0].isdigit() else ""
        )
    return "; ".join(book + ",".join(numbers) for book, numbers in places.items())


def derivative_name(variables: Sequence[Node]) -> str:
    """The quantity that the derivative of a scalar function by these variables is."""
    if not all(v.is_scalar for v in variables):
        return "gradient"
    return _PRIMES[len(variables)] if len(variables) < len(_PRIMES) else f"derivative {len(variables)}"


def _named_side(quantity: str, name: Written, variables: Sequence[str]) -> Written | None:
    """The left sides with the function's own name: J, dJ, d²J, grad J, Hess J, J', dy/dx."""
    found = re.fullmatch(r"(d?)(\d*)[fF]", quantity)
    if found is not None:
        return titles.differential(name, int(found.group(2) or 1)) if found.group(1) else name
    if quantity.startswith("d ") and (inside := _named_side(quantity[2:], name, variables)) is not None:
        return _d_of(inside)
    if quantity == "dG":
        return _d_of(titles.gradient(name, variables[0]))
    if quantity in _PRIMES or quantity.startswith("derivative "):
        order = _PRIMES.index(quantity) if quantity in _PRIMES else int(quantity.removeprefix("derivative "))
        return titles.primed(name, order)
    of_variable = {"gradient": titles.gradient, "H": titles.hessian}.get(quantity)
    if of_variable is not None:
        return of_variable(name, variables[0])
    return {"dF/dx": titles.primed(name, 1), "J": titles.jacobian(name, variables[:1])}.get(quantity)


def _d_of(inside: Written) -> Written:
    """d(grad J)"""
    text, unicode, latex, mathml = inside
    brackets = f"{_D}<mo stretchy='false'>(</mo>{mathml}<mo stretchy='false'>)</mo>"
    return f"d({text})", f"d({unicode})", rf"\mathrm{{d}}({latex})", brackets


def _left_side(quantity: str) -> Written:
    """f, dF, d²f, vec dG, d f', D²F (a derivative by a scalar of an array), f^(4)"""
    if quantity in _LEFT_SIDES:
        return _LEFT_SIDES[quantity]
    if quantity.startswith(("d ", "vec ")):
        word, _, inside = quantity.partition(" ")
        text, unicode, latex, mathml = _left_side(inside)
        if word == "d":
            return _d_of((text, unicode, latex, mathml))
        return f"vec({text})", f"vec({unicode})", rf"\operatorname{{vec}}({latex})", _VEC.format(mathml)
    if quantity.startswith("derivative "):
        order = quantity.removeprefix("derivative ")
        return (f"f^({order})",) * 2 + (
            f"f^{{({order})}}",
            f"<msup><mi>f</mi><mrow><mo>(</mo><mn>{order}</mn><mo>)</mo></mrow></msup>",
        )
    found = re.fullmatch(r"([dD])(\d*)([fFG])", quantity)
    if found is None:
        return (quantity, quantity, quantity, f"<mi>{quantity}</mi>")
    return _of_differential(*found.groups())


def _of_differential(sign: str, order: str, name: str) -> tuple[str, str, str, str]:
    """dF, d²F; with a capital D the derivative by scalars."""
    raised = order if order not in ("", "1") else ""
    text = f"{sign}{raised.translate(_SUPERSCRIPTS)}{name}"
    upright = rf"\mathrm{{{sign}}}"
    markup = f"<mi mathvariant='normal'>{sign}</mi>"
    if not raised:
        return text, text, f"{upright}{name}", f"{markup}<mi>{name}</mi>"
    return text, text, f"{upright}^{raised} {name}", f"<msup>{markup}<mn>{raised}</mn></msup><mi>{name}</mi>"


@dataclass(frozen=True, eq=False)
class Step:
    """One line of a derivation; its expression is equal to that of the line before with the same left side.

    Attributes:
        quantity: what is computed, a key such as "df", "gradient" or "H".
        held: the expression.
        rule: the name of the rule, or of the rules, that led here; empty for a first line.
        identity: what the rule says.
        reference: where it is found.
        title: what f is called, where it has a name of its own.
        variables: by what it is differentiated.
        style: that in which it is printed.
    """

    quantity: str
    held: Held
    rule: str = ""
    identity: str = ""
    reference: str = ""
    title: Written | None = None
    variables: tuple[str, ...] = ()
    style: Style = PLAIN

    @property
    def layout(self) -> Layout:
        """How the expression is displayed."""
        return layout_of(self.held, reader_for("latex", self.style))

    @property
    def expression(self) -> str:
        """In the language of the input, differentials as ``d(…)``."""
        return self.written("text")

    @property
    def latex(self) -> str:
        """LaTeX of the expression, without delimiters."""
        return self.written("latex")

    def written(self, form: str, bold: str = "none") -> str:
        """The expression as text, unicode, latex or mathml."""
        return write(layout_of(self.held, reader_for(form, self.style)), form, bold, self.style)

    def left(self, form: str) -> str:
        """What stands left of the equality sign."""
        named = _named_side(self.quantity, self.title, self.variables) if self.title is not None else None
        return (named or _left_side(self.quantity))[titles.FORMS[form]]

    @property
    def reason(self) -> str:
        """The rule with its reference."""
        return f"{self.rule} [{self.reference}]" if self.reference else self.rule

    def __str__(self) -> str:
        return f"{self.left('text')} = {self.expression}"


@dataclass(frozen=True, eq=False)
class Derivation:
    """How a derivative is found, line by line.

    Attributes:
        title: the function as it was typed.
        steps: the lines.
        conditions: what has to hold for the result.
        notes: how the text of the function was read, where a reader has to know.
        style: that in which it is printed.
    """

    title: str
    steps: tuple[Step, ...]
    conditions: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    style: Style = PLAIN

    @property
    def result(self) -> Step:
        """The last line."""
        return self.steps[-1]

    def text(self, form: str = "text") -> str:
        """Aligned lines with the rule of each; ``form`` is "text" or "unicode"."""
        left = [self._left(i, form) for i in range(len(self.steps))]
        right = [step.written(form) for step in self.steps]
        wide = max(map(len, left))
        column = max([len(r) for r in right if len(r) <= WIDEST_ALIGNED] or [0])
        lines = [
            f"{side:<{wide}} = {body:<{column}}   {_in_words(step)}".rstrip()
            for side, body, step in zip(left, right, self.steps, strict=True)
        ]
        return "\n".join([*lines, *self._definitions(form), *self._where(), *note_lines(self.notes)])

    def _where(self) -> list[str]:
        return [f"where {', '.join(self.conditions)}"] if self.conditions else []

    def _definitions(self, form: str) -> list[str]:
        """where K = A A^T + s I, one a line"""
        written, style = FORMATS[form], self.style
        pairs = ((written(name, style=style), written(body, alone=True, style=style)) for name, body in style.bodies)
        return [f"where {name} = {body}" for name, body in pairs]

    def _left(self, index: int, form: str) -> str:
        """The left side, once for the lines that share it."""
        step = self.steps[index]
        repeated = index > 0 and self.steps[index - 1].quantity == step.quantity
        return "" if repeated else step.left(form)

    def equations(self, bold: str = "none") -> Iterator[Equation]:
        """The lines in LaTeX and MathML, long ones broken."""
        for i, step in enumerate(self.steps):
            layout = step.layout
            latex = tuple(lines_of(layout, "latex", bold, WIDTH, style=step.style))
            mathml = tuple(lines_of(layout, "mathml", bold, SCREEN, style=step.style))
            left = self._left(i, "latex"), self._left(i, "mathml")
            yield Equation(left, (latex, mathml), step.reason, step.identity, min(width_of(layout), WIDTH))

    def latex(self, *, bold: str = "none") -> str:
        """An ``align*`` environment, for amsmath, and below it the notes as comments."""
        where = (line.removeprefix("where ") for line in self._definitions("latex"))
        rows = [f"  {row}" for row in latex_rows(tuple(self.equations(bold)))]
        rows += [rf"  & \text{{where }} {line}" for line in where]
        whole = "\\begin{align*}\n" + " \\\\\n".join(rows) + "\n\\end{align*}"
        return "\n".join([whole, *(f"% {line}" for line in note_lines(self.notes))])

    def markdown(self) -> str:
        """A numbered list with formulas between dollar signs."""
        lines = []
        for number, step in enumerate(self.steps, 1):
            identity = f": {step.identity}" if step.identity else ""
            reason = f" — {step.rule}{_code(identity)}" if step.rule else ""
            reference = f" ({step.reference})" if step.reference else ""
            lines.append(f"{number}. ${step.left('latex')} = {step.latex}${reason}{reference}")
        where = [f"where ${line.removeprefix('where ')}$" for line in self._definitions("latex")]
        return "\n".join([*lines, *(f"\n{c}" for c in (*where, *self._where(), *note_lines(self.notes)))])

    def html(self, *, bold: str = "none") -> str:
        """A table of MathML formulas, without scripts and styles."""
        below = [f'<p class="matcalc-note">{escape(line)}</p>' for line in note_lines(self.notes)]
        if self.style.definitions:
            below.insert(0, f"<p>where {', '.join(self._mathml_definitions())}</p>")
        return "\n".join([derivation_table(self.equations(bold)), *below])

    def _mathml_definitions(self) -> list[str]:
        """Each definition as a formula in the text."""
        style = self.style
        pairs = [
            (displayed(n, "mathml", style=style)[0], displayed(b, "mathml", width=None, alone=True, style=style)[0])
            for n, b in style.bodies
        ]
        return [f"<math>{name}<mo>=</mo>{body}</math>" for name, body in pairs]

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return f"<Derivation of {self.title} in {len(self.steps)} lines>"

    def _repr_latex_(self) -> str:
        return self.latex()

    def _repr_html_(self) -> str:
        return self.html()

    def _repr_markdown_(self) -> str:
        return self.markdown()


#: Reasons stand in one column after lines up to this length.
WIDEST_ALIGNED = 72


def _in_words(step: Step) -> str:
    if not step.rule:
        return ""
    identity = f": {step.identity}" if step.identity else ""
    reference = f" [{step.reference}]" if step.reference else ""
    return f"({step.rule}{identity}{reference})"


def _code(identity: str) -> str:
    return re.sub(r"^: (.*)$", r": `\1`", identity)
