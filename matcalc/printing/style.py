"""What differs between text, Unicode and LaTeX: the signs. What is the same is in `layout`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from matcalc.language.names import GREEK

__all__ = ["LATEX", "TEXT", "UNICODE", "Latex", "Style", "Unicode"]

_SIGN_OF = {name: sign for sign, name in GREEK.items()}
_SUPERSCRIPT = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


@dataclass(frozen=True)
class Style:
    """Plain ASCII text, in the language of the input."""

    times: str = " "
    hadamard: str = " .* "
    minus: str = "-"
    kron: str | None = None
    identity: str = "I"

    def name(self, name: str) -> str:
        """A variable."""
        return name

    def perturbation(self, name: str, index: int) -> str:
        """dX, dX_1"""
        return f"d{self.name(name)}" + (f"_{index}" if index else "")

    def group(self, body: str) -> str:
        """Brackets."""
        return f"({body})"

    def fraction(self, top: str, bottom: str, simple_bottom: bool) -> str:
        """top / bottom"""
        return f"{top} / {bottom if simple_bottom else self.group(bottom)}"

    def rational(self, top: int, bottom: int) -> str:
        """A number."""
        return f"{top}/{bottom}"

    def power(self, base: str, exponent: str, simple: bool) -> str:
        """base^exponent; a simple exponent is a name or a natural number."""
        return f"{base}^{exponent}" if simple else f"{base}^({exponent})"

    def entrywise_power(self, base: str, exponent: str, simple: bool) -> str:
        """base.^exponent"""
        return f"{base}.^{exponent}" if simple else f"{base}.^({exponent})"

    def entrywise_quotient(self, top: str, bottom: str) -> str:
        """top ./ bottom"""
        return f"{top} ./ {bottom}"

    def transpose(self, base: str) -> str:
        """base^T"""
        return f"{base}^T"

    def inverse_transpose(self, base: str) -> str:
        """base^-T"""
        return f"{base}^-T"

    def norm(self, body: str, kind: str) -> str:
        """||body||"""
        return f"||{body}||{kind}"

    def function(self, name: str, arguments: Sequence[str]) -> str:
        """f(x, y)"""
        return f"{name}({', '.join(arguments)})"

    def kronecker(self, parts: Sequence[str], bracketed: Sequence[str]) -> str:
        """A ⊗ B; ``bracketed`` has brackets where an infix sign needs them."""
        return self.function("kron", parts)

    def ones(self, sizes: Sequence[str]) -> str:
        """A matrix of ones."""
        return self.function("ones", sizes)

    def unit(self, i: str, n: str) -> str:
        """A unit vector."""
        return self.function("e", [i, n])

    def commutation(self, m: str, n: str) -> str:
        """A commutation matrix."""
        return self.function("K", [m, n])

    def identity_of(self, size: str) -> str:
        """The identity where its size is not plain from the context."""
        return f"eye({size})"

    def constant(self, name: str) -> str:
        """pi"""
        return name

    def block(self, rows: Sequence[Sequence[str]]) -> str:
        """[A, B; C, D]"""
        return "[" + "; ".join(", ".join(row) for row in rows) + "]"


@dataclass(frozen=True)
class Unicode(Style):
    """Signs of the page, in one line."""

    hadamard: str = " ⊙ "
    minus: str = "-"
    kron: str | None = " ⊗ "

    def name(self, name: str) -> str:
        stem, _, index = name.partition("_")
        return _SIGN_OF.get(stem, stem) + (f"_{index}" if index else "")

    def power(self, base: str, exponent: str, simple: bool) -> str:
        if re.fullmatch(r"-?\d+", exponent):
            return base + exponent.translate(_SUPERSCRIPT)
        return super().power(base, exponent, simple)

    def transpose(self, base: str) -> str:
        return f"{base}ᵀ"

    def inverse_transpose(self, base: str) -> str:
        return f"{base}⁻ᵀ"

    def norm(self, body: str, kind: str) -> str:
        return f"‖{body}‖{kind}"

    def kronecker(self, parts: Sequence[str], bracketed: Sequence[str]) -> str:
        return " ⊗ ".join(bracketed)

    def identity_of(self, size: str) -> str:
        return f"I_{size}" if size.isalnum() else super().identity_of(size)

    def constant(self, name: str) -> str:
        return _SIGN_OF.get(name, name)


_LATEX_FUNCTIONS = frozenset("exp log sin cos tan sinh cosh tanh det max min".split())


@dataclass(frozen=True)
class Latex(Style):
    """LaTeX for amsmath, without delimiters; ``bold`` is none, upright or italic for matrices and vectors."""

    times: str = " "
    hadamard: str = r" \odot "
    kron: str | None = r" \otimes "
    bold: str = "none"

    def name(self, name: str) -> str:
        stem, _, index = name.partition("_")
        digits = re.fullmatch(r"([A-Za-z]+?)(\d+)", stem)
        if digits and not index:
            stem, index = digits.groups()
        letter = f"\\{stem}" if stem in _SIGN_OF else stem if len(stem) == 1 else rf"\mathit{{{stem}}}"
        letter = {"upright": rf"\mathbf{{{letter}}}", "italic": rf"\boldsymbol{{{letter}}}"}.get(self.bold, letter)
        index = index.strip("{}")
        return letter + ("" if not index else f"_{index}" if len(index) == 1 else f"_{{{index}}}")

    def perturbation(self, name: str, index: int) -> str:
        return rf"\mathrm{{d}}{self.name(name)}" + (f"_{{({index})}}" if index else "")

    def group(self, body: str) -> str:
        return rf"\left({body}\right)"

    def fraction(self, top: str, bottom: str, simple_bottom: bool) -> str:
        return rf"\frac{{{top}}}{{{bottom}}}"

    def rational(self, top: int, bottom: int) -> str:
        sign = "-" if top < 0 else ""
        return rf"{sign}\tfrac{{{abs(top)}}}{{{bottom}}}"

    def power(self, base: str, exponent: str, simple: bool) -> str:
        return f"{base}^{{{exponent}}}" if len(exponent) > 1 else f"{base}^{exponent}"

    def entrywise_power(self, base: str, exponent: str, simple: bool) -> str:
        return rf"{base}^{{\circ {exponent}}}"

    def entrywise_quotient(self, top: str, bottom: str) -> str:
        return rf"{top} \oslash {bottom}"

    def transpose(self, base: str) -> str:
        return rf"{base}^{{\top}}"

    def inverse_transpose(self, base: str) -> str:
        return rf"{base}^{{-\top}}"

    def norm(self, body: str, kind: str) -> str:
        return rf"\left\lVert {body} \right\rVert{kind}"

    def function(self, name: str, arguments: Sequence[str]) -> str:
        inside = ", ".join(arguments)
        if name == "logdet":
            return rf"\log\left|\det {self.group(inside)}\right|"
        head = f"\\{name}" if name in _LATEX_FUNCTIONS else rf"\operatorname{{{name.replace('_', ' ')}}}"
        if name == "abs":
            return rf"\left|{inside}\right|"
        if name == "sigmoid":
            head = r"\sigma"
        return head + self.group(inside)

    def kronecker(self, parts: Sequence[str], bracketed: Sequence[str]) -> str:
        return r" \otimes ".join(bracketed)

    def ones(self, sizes: Sequence[str]) -> str:
        size = r" \times ".join(sizes)
        return rf"\mathbf{{1}}_{{{size}}}" if len(sizes) > 1 else r"\mathbf{1}"

    def unit(self, i: str, n: str) -> str:
        return f"e_{{{i}}}"

    def commutation(self, m: str, n: str) -> str:
        return f"K_{{{m},{n}}}"

    def identity_of(self, size: str) -> str:
        return f"I_{{{size}}}"

    def constant(self, name: str) -> str:
        return f"\\{name}"

    def block(self, rows: Sequence[Sequence[str]]) -> str:
        body = r" \\ ".join(" & ".join(row) for row in rows)
        return rf"\begin{{bmatrix}} {body} \end{{bmatrix}}"


TEXT = Style()
UNICODE = Unicode()
LATEX = Latex()
