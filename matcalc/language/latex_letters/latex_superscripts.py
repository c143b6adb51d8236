r"""What is raised, or stands before a variable: transposes and powers, e^x, and the d of a differential."""

from __future__ import annotations

import re

from lark import Token

from matcalc.language.latex import latex_signs as signs
from matcalc.language.latex.latex_expansion import Expansion, superscript_text
from matcalc.language.latex.latex_scan import place
from matcalc.language.surface.arrange import span_of
from matcalc.language.surface.tree import EXPONENTIAL

__all__ = ["TRANSPOSES", "Superscripts"]

TRANSPOSES = frozenset({r"\top", r"\intercal", "T", "⊤", "⊺", r"\prime", "'", "′", *signs.TRANSPOSITIONS})
_DAGGERS = frozenset({r"\dagger", r"\dag", "†"})
_PSEUDOINVERSES = frozenset({"+", *_DAGGERS})
_ADJOINTS = frozenset({"*", r"\ast", r"\star", "∗"})


class Superscripts(Expansion):
    """Superscripts, exponentials and differentials."""

    def _caret(self, token: Token) -> None:
        group = self.source.argument(token, "superscript")
        shown = superscript_text(group)
        span = self._since(token)
        if re.fullmatch(r"(\\prime)+", shown):
            self.out += [place("TRANSPOSE", "'", span)] * (len(shown) // len(r"\prime"))
        elif shown in TRANSPOSES:
            self.out.append(place("TRANSPOSE", "^T", span))
        elif shown[:1] in ("-", "−") and shown[1:] in TRANSPOSES:
            self.out.append(place("INVERSE_TRANSPOSE", "^-T", span))
        elif shown in _PSEUDOINVERSES:
            self.out.append(place("PSEUDOINVERSE", "^†" if shown in _DAGGERS else "^+", span))
        elif shown in _ADJOINTS:
            hint = r"the transpose is X^\top, the pseudoinverse X^\dagger, the name of an optimum X^\star"
            raise self._fault(token, f"^{shown} may be the adjoint or a name", hint, "mark")
        elif group and group[0] in (r"\odot", r"\circ") and len(group) > 1:
            self.out.append(place("DOT_POWER", ".^", span_of(token)))
            self._group(group[1:], token)
        else:
            self._check_exponent(token, group, shown)
            self.out.append(place("POWER", "^", span_of(token)))
            self._group(group, token)

    def _check_exponent(self, token: Token, group: list[Token], shown: str) -> None:
        if not group:
            raise self._fault(token, "the superscript is empty", r"write X^2 or X^\top")
        if re.fullmatch(r"\([A-Za-z0-9]+\)|\[[A-Za-z0-9]+\]", shown) and self.out and self.out[-1].type != "NUMBER":
            hint = f"a power is …^{{{shown[1:-1]}}}; a name with an index is one letter, as W^{{{shown}}} is"
            raise self._fault(token, f"^{{{shown}}} may be an index or a power", hint, "mark")
        if shown == r"\circ":
            raise self._fault(token, "there are no degrees", r"write the angle in radians")

    def _is_exponential(self) -> bool:
        """Whether an e is raised to something else than a number or a sign of transposition."""
        if "e" in self.context.declared or not self.source.next_is("CARET"):
            return False
        mark = self.source.pop()
        group = self.source.argument(mark, "superscript")
        self.source.push([mark, *self.source.rebraced(group, mark)])
        shown = superscript_text(group)
        transposed = shown in TRANSPOSES or shown.lstrip("-") in TRANSPOSES
        signs_only = shown in _PSEUDOINVERSES | _ADJOINTS or not group or group[0] in (r"\odot", r"\circ")
        return not (transposed or signs_only or shown.isdigit() or re.fullmatch(r"\(\w+\)", shown))

    def _exponential(self, token: Token) -> None:
        """e^x is the exponential of a scalar."""
        mark = self.source.pop()
        self.exponentials.append(token)
        self._call(EXPONENTIAL, token, self.source.argument(mark, "superscript"))

    def _check_exponentials(self) -> None:
        """Beside a variable e it is not clear what e^x means."""
        if self.exponentials and any(t.type == "NAME" and t == "e" for t in self.out):
            hint = r"write \exp(…) for the exponential, or declare e: scalar"
            raise self._fault(self.exponentials[0], "e stands here for a number and for a variable", hint, "euler")

    def _differential(self, token: Token) -> bool:
        r"""\mathrm{d}X and \mathrm{d}_{1} X_{2} are the names dX and dX_2_1; beside a declared d, dX has to be known, too."""
        before = list(self.source.tokens)
        index = self._name_index(self.source.pop()) if self.source.next_is("UNDERSCORE") else ""
        self.source.skip(signs.IGNORED)
        moved = self._variable_that_follows()
        if moved is not None:
            name = self._perturbation(str(moved), index)
            if "d" not in self.context.declared or name in self.context.declared:
                self.out.append(place("NAME", name, (span_of(token)[0], span_of(moved)[1])))
                return True
        elif index and "d" not in self.context.declared:
            raise self._fault(token, "an upright d belongs before a variable", "as in \\mathrm{d}X")
        self.source.tokens = before
        return False

    def _variable_that_follows(self) -> Token | None:
        """The name that comes next, taken from the source; None where it is none."""
        if not self.source or self.source.peek().type not in ("WORD", "COMMAND"):
            return None
        if self.source.peek().type == "WORD" and len(self.source.peek()) > 1:
            self.source.split_word()
        start, spelled = len(self.out), dict(self.spelled)
        following = self.source.pop()
        self._expand(following)
        found = self.out[start:]
        del self.out[start:]
        self.spelled = spelled
        return found[0] if len(found) == 1 and found[0].type == "NAME" else None

    def _perturbation(self, base: str, index: str) -> str:
        """dX_1 is the differential of X_1, or the first one of X; dW_1 may be that of W1, too."""
        name = f"d{base}_{index}" if index else f"d{base}"
        if name in self.context.declared:
            return name
        plain = re.sub(r"_(\d)", r"\1", f"d{base}", count=1) + (f"_{index}" if index else "")
        return plain if plain in self.context.declared else name
