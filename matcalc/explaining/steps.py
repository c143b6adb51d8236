"""A derivation: its steps, and how they are written as text, LaTeX, Markdown and HTML."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

from matcalc.explaining.held import Held, layout_of
from matcalc.printing.formats import reader_for, write

__all__ = ["Derivation", "Step"]

#: What stands left of the equality sign -> in text, Unicode, LaTeX, MathML.
_LEFT_SIDES: dict[str, tuple[str, str, str, str]] = {
    "f": ("f", "f", "f", "<mi>f</mi>"),
    "F": ("F", "F", "F", "<mi>F</mi>"),
    "df": ("df", "df", r"\mathrm{d}f", "<mi mathvariant='normal'>d</mi><mi>f</mi>"),
    "dF": ("dF", "dF", r"\mathrm{d}F", "<mi mathvariant='normal'>d</mi><mi>F</mi>"),
    "d2f": (
        "d²f",
        "d²f",
        r"\mathrm{d}^2 f",
        "<msup><mi mathvariant='normal'>d</mi><mn>2</mn></msup><mi>f</mi>",
    ),
    "d2F": (
        "d²F",
        "d²F",
        r"\mathrm{d}^2 F",
        "<msup><mi mathvariant='normal'>d</mi><mn>2</mn></msup><mi>F</mi>",
    ),
    "gradient": ("grad f", "∇f", r"\nabla f", "<mo>∇</mo><mi>f</mi>"),
    "G": ("G", "G", "G", "<mi>G</mi>"),
    "dG": ("dG", "dG", r"\mathrm{d}G", "<mi mathvariant='normal'>d</mi><mi>G</mi>"),
    "derivative": ("f'", "f′", "f'", "<mi>f′</mi>"),
    "second derivative": ("f''", "f″", "f''", "<mi>f″</mi>"),
    "dF/dx": ("F'", "F′", "F'", "<mi>F′</mi>"),
    "J": ("J", "J", "J", "<mi>J</mi>"),
    "H": ("H", "H", "H", "<mi>H</mi>"),
    "vec dF": (
        "vec(dF)",
        "vec(dF)",
        r"\operatorname{vec}(\mathrm{d}F)",
        "<mi>vec</mi><mo>(</mo><mi mathvariant='normal'>d</mi><mi>F</mi><mo>)</mo>",
    ),
    "vec dG": (
        "vec(dG)",
        "vec(dG)",
        r"\operatorname{vec}(\mathrm{d}G)",
        "<mi>vec</mi><mo>(</mo><mi mathvariant='normal'>d</mi><mi>G</mi><mo>)</mo>",
    ),
}
_PLACES = {"text": 0, "unicode": 1, "latex": 2, "mathml": 3}


@dataclass(frozen=True, eq=False)
class Step:
    """One line of a derivation; its expression is equal to that of the line before with the same left side.

    Attributes:
        quantity: what is computed, a key such as "df", "gradient" or "H".
        held: the expression.
        rule: the name of the rule, or of the rules, that led here; empty for a first line.
        identity: what the rule says.
        reference: where it is found.
    """

    quantity: str
    held: Held
    rule: str = ""
    identity: str = ""
    reference: str = ""

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
        return write(layout_of(self.held, reader_for(form)), form, bold)

    def left(self, form: str) -> str:
        """What stands left of the equality sign."""
        return _LEFT_SIDES[self.quantity][_PLACES[form]]

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
    """

    title: str
    steps: tuple[Step, ...]
    conditions: tuple[str, ...] = ()

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
        return "\n".join([*lines, *self._where()])

    def _where(self) -> list[str]:
        return [f"where {', '.join(self.conditions)}"] if self.conditions else []

    def _left(self, index: int, form: str) -> str:
        """The left side, once for the lines that share it."""
        step = self.steps[index]
        repeated = index > 0 and self.steps[index - 1].quantity == step.quantity
        return "" if repeated else step.left(form)

    def latex(self, *, bold: str = "none") -> str:
        """An ``align*`` environment, for amsmath."""
        rows = [self._latex_row(i, bold) for i in range(len(self.steps))]
        return "\\begin{align*}\n" + " \\\\\n".join(rows) + "\n\\end{align*}"

    def _latex_row(self, index: int, bold: str) -> str:
        step = self.steps[index]
        row = f"  {self._left(index, 'latex')} &= {step.written('latex', bold)}"
        return f"{row} && \\text{{{_escaped(step.reason)}}}" if step.rule else row

    def markdown(self) -> str:
        """A numbered list with formulas between dollar signs."""
        lines = []
        for number, step in enumerate(self.steps, 1):
            identity = f": {step.identity}" if step.identity else ""
            reason = f" — {step.rule}{_code(identity)}" if step.rule else ""
            reference = f" ({step.reference})" if step.reference else ""
            lines.append(f"{number}. ${step.left('latex')} = {step.latex}${reason}{reference}")
        return "\n".join([*lines, *(f"\n{c}" for c in self._where())])

    def html(self, *, bold: str = "none") -> str:
        """A table of MathML formulas, without scripts and styles."""
        rows = "\n".join(self._html_row(i, bold) for i in range(len(self.steps)))
        return f'<table class="matcalc-derivation">\n{rows}\n</table>'

    def _html_row(self, index: int, bold: str) -> str:
        step = self.steps[index]
        cells = [
            f'<td style="text-align:right">{_math(self._left(index, "mathml"))}</td>',
            f'<td style="text-align:left">{_math("<mo>=</mo>" + step.written("mathml", bold))}</td>',
            f'<td style="text-align:left; padding-left:2em" title="{escape(step.identity)}">{escape(step.reason)}</td>',
        ]
        return f"<tr>{''.join(cells)}</tr>"

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return f"<Derivation of {self.title} in {len(self.steps)} lines>"

    def _repr_latex_(self) -> str:
        return self.latex()

    def _repr_html_(self) -> str:
        return self.html()


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


def _math(inside: str) -> str:
    if not inside:
        return ""
    return f'<math xmlns="http://www.w3.org/1998/Math/MathML" displaystyle="true"><mrow>{inside}</mrow></math>'


_ESCAPES = {
    "\\": r"\textbackslash{}",
    "&": r"\&",
    "%": r"\%",
    "#": r"\#",
    "_": r"\_",
    "$": r"\$",
    "{": r"\{",
    "}": r"\}",
    "^": r"\^{}",
    "~": r"\~{}",
    "–": "--",
    "é": r"\'e",
    "…": r"\dots{}",
}


def _escaped(text: str) -> str:
    return "".join(_ESCAPES.get(c, c) for c in text)
