r"""Brackets and braces in LaTeX: which are indices, blocks and groups, and which print something else than was meant."""

from __future__ import annotations

import re

from lark import Token

from matcalc.language.latex.commands.latex_braces import are_meant_to_group, are_typed, holds_matrices, parts_of_row
from matcalc.language.latex.commands.latex_fractions import Fractions
from matcalc.language.latex.latex_expansion import as_type
from matcalc.language.latex.latex_scan import joined, place
from matcalc.language.mends.hints import write
from matcalc.language.surface.arrange import span_of

__all__ = ["Brackets"]


class Brackets(Fractions):
    """Square brackets and braces that were typed."""

    def _bracket(self, token: Token) -> None:
        """In LaTeX a square bracket groups, unless a comma, a colon or an integer shows that it is an index."""
        if self._follows_derivative(token):
            self._emit("LSQB", "[", token)
            return
        inside = self.source.peek_until("RSQB", token)
        touches = bool(self.out) and self.out[-1].type == "NAME" and self.out[-1].end_pos == token.start_pos
        if self.out and self.out[-1] == "E" and self.context.text[: token.start_pos].rstrip().endswith("}"):
            raise self._fault(token, "there are no expectations", "write a mean over the rows as mean(…)")
        shown = joined(inside)
        listed = any(t.type in ("COMMA", "COLON", "SEMICOLON") for t in self.source.top_level(inside))
        sizes = self.context.dimensions
        if touches and (listed or shown.isdigit()) and not holds_matrices(inside, sizes):
            self._emit("LSQB", "[", token)
        elif touches and re.fullmatch(r"[A-Za-z]", shown):
            hint = rf"an entry is {self.out[-1]}_{{{shown}}} as a name or [{self.out[-1]}]_{{{shown}}}; a factor has round brackets"
            raise self._fault(token, f"[{shown}] may be an index or a factor", hint)
        elif listed:
            self.out.append(place("LSQB", r"\[", span_of(token)))
        else:
            self._check_row(token, inside)
            closer = self.source.close(inside, "RSQB")
            self.source.push([as_type("LPAR", token), *inside, *([as_type("RPAR", closer)] if closer else [])])

    def _check_row(self, token: Token, inside: list[Token]) -> None:
        r"""[A \; X] may be a row of blocks or a product."""
        parts = parts_of_row(inside)
        if parts:
            closer = self.source.tokens[-len(inside) - 1 :][:1]
            span = span_of(token)[0], span_of((closer or inside)[-1])[1]
            shown = [self._text_of(part) for part in parts]
            row = rf"\begin{{bmatrix}} {' & '.join(shown)} \end{{bmatrix}}"
            hint = write(span, (row, "for a block matrix"), (f"({' '.join(shown)})", "for the product"))
            raise self._fault(token, "spaces in square brackets may divide blocks or factors", hint, "ambiguous")

    def _follows_derivative(self, token: Token) -> bool:
        """Whether directions stand in the bracket, as in D^2 f(x)[h]."""
        if not self.out or self.out[-1].type != "RPAR" or self.out[-1].end_pos != token.start_pos:
            return False
        depth, i = 0, len(self.out)
        while i and (depth or i == len(self.out)):
            i -= 1
            depth += (self.out[i].type == "RPAR") - (self.out[i].type == "LPAR")
        before = [t for t in self.out[max(i - 8, 0) : i] if t.type not in ("LBRACE", "RBRACE")]
        signs = [t.type == "NABLA" or re.fullmatch(r"D(_\d+)?", t) is not None for t in before[:-1]]
        return bool(before) and before[-1].type == "NAME" and any(signs[-3:])

    def _check_braces(self, token: Token) -> None:
        """Where braces are no brackets and would be needed as such, both are offered."""
        if not are_typed(token):
            return
        inside = self.source.peek_until("RBRACE", token)
        closer = len(self.source.tokens) - len(inside) - 1
        if closer < 0 or self._is_one_name(inside):
            return
        before, after = self.out[-1] if self.out else None, self.source.tokens[closer - 1] if closer else None
        if are_meant_to_group(inside, before, after):
            shown = self._text_of(inside)
            span = (span_of(token)[0], span_of(self.source.tokens[closer])[1])
            hint = write(span, (f"({shown})", "for brackets"), (shown, "for what is printed"))
            raise self._fault(token, "braces print nothing in LaTeX, and are no brackets", hint, "braces")

    def _is_one_name(self, inside: list[Token]) -> bool:
        """AB that is declared, dX and \\Delta x."""
        first = inside[0] if inside else ""
        return (
            (len(inside) == 1 and isinstance(first, Token) and first.type == "WORD" and self._is_declared_run(first))
            or first[:1] in self.increments
            or first in self.increments
        )
