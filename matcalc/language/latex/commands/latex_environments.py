r"""Environments: matrices, cases, and those that only set lines below each other."""

from __future__ import annotations

from lark import Token

from matcalc.errors import MatcalcError
from matcalc.language.latex import latex_signs as signs
from matcalc.language.latex.commands.latex_cases import CASES, choice, rows_of
from matcalc.language.latex.latex_scan import place
from matcalc.language.latex_letters.latex_functions import Functions
from matcalc.language.surface.arrange import span_of

__all__ = ["Environments"]


class Environments(Functions):
    """What stands between \\begin and \\end, with its columns and rows."""

    def _begin(self, token: Token) -> None:
        name = self._text_of(self.source.argument(token, "name")).strip()
        if name in signs.IGNORED_ENVIRONMENTS:
            self.environments.append(name)
            return
        if name in CASES:
            self._cases(token)
            return
        bars = signs.MATRICES.get(name)
        if bars is None:
            hint = "matrices are written in bmatrix, pmatrix, matrix or array"
            raise self._fault(token, f"the environment {name} is not known", hint)
        if name == "array":
            self.source.argument(token, "columns")
        self.environments.append(name)
        if bars:
            self._emit(f"{bars}_OPEN", "|", token)
        self.out.append(place("LSQB", rf"\begin{{{name}}}", span_of(token)))

    def _cases(self, token: Token) -> None:
        rows = rows_of(self.source, token)
        if not rows:
            raise self._fault(
                token, "there are no cases", r"write \begin{cases} a & x > 0 \\ b & \text{otherwise} \end{cases}"
            )
        call = choice(self.source, rows, token, self._no_condition)
        self.source.push(self.source.braced(call, token))

    def _braced_rows(self, token: Token) -> None:
        r"""\left\{ \begin{array}{ll} … \end{array} \right. lists cases, too."""
        begin = self.source.pop()
        if self._text_of(self.source.argument(begin, "name")).strip() == "array":
            self.source.argument(begin, "columns")
        self._cases(begin)
        rows = self.source.argument(begin, "choice")
        self.source.skip(signs.IGNORED)
        if self.source.next_is("NO_DELIMITER"):
            self.source.pop()
        self.source.push(self.source.braced(rows, begin))

    def _no_condition(self, token: Token, message: str) -> MatcalcError:
        return self._fault(token, message, r"a row is a & \text{if } x > 0, the last one b & \text{otherwise}")

    def _end(self, token: Token) -> None:
        name = self._text_of(self.source.argument(token, "name")).strip()
        if not self.environments or self.environments[-1] != name:
            raise self._fault(token, rf"\end{{{name}}} has no \begin{{{name}}} before it", None, "unbalanced")
        self.environments.pop()
        bars = signs.MATRICES.get(name)
        if bars is None:
            return
        self._emit("RSQB", rf"\end{{{name}}}", token)
        if bars:
            self._emit(f"{bars}_CLOSE", "|", token)
        self._after_bracket(self.out[-1])

    def _in_matrix(self) -> bool:
        return bool(self.environments) and self.environments[-1] in signs.MATRICES

    def _ampersand(self, token: Token) -> None:
        if self._in_matrix():
            self._emit("COMMA", "&", token)

    def _line_end(self, token: Token) -> None:
        self.source.option()
        if self._in_matrix():
            self._emit("SEMICOLON", r"\\", token)
