"""The two parsers, each built when it is first needed."""

from __future__ import annotations

import os
import re
from functools import cache
from typing import Any

from lark import Lark
from lark.common import LexerConf
from lark.exceptions import UnexpectedCharacters, UnexpectedToken
from lark.lexer import BasicLexer

import matcalc
from matcalc.errors import SyntaxFault
from matcalc.language import limits
from matcalc.language.surface.arrange import Arranger, Reading, reading, span_of
from matcalc.language.surface.build import Builder
from matcalc.language.surface.stored_tables import stored
from matcalc.language.surface.tree import Surface
from matcalc.language.words.names import check_characters
from matcalc.language.words.typography import typed_signs
from matcalc.patterns import pattern

__all__ = ["arranger", "grammar_text", "parser", "read"]


def grammar_text(dialect: str) -> str:
    """The grammar ``matcalc`` or ``latex``: the rules of both, and the dialect's terminals."""
    return "\n".join(_grammar_file(name) for name in ("expression", dialect))


def _grammar_file(name: str) -> str:
    """Package data in a wheel, `grammar/` beside the package in a checkout."""
    package = os.path.dirname(os.path.realpath(matcalc.__file__))
    for folder in (package, os.path.dirname(package)):
        path = os.path.join(folder, "grammar", f"{name}.lark")
        if os.path.isfile(path):
            return limits.read_text(path)
    raise FileNotFoundError(f"the grammar {name}.lark is missing from the installation of matcalc")


class _Lexer(BasicLexer):
    """Lark's own lexer without the slow check for colliding terminals, which a test runs instead."""

    __future_interface__ = 2

    def __init__(self, conf: LexerConf, *_: Any) -> None:
        conf.skip_validation = True
        super().__init__(conf)


def arranger(dialect: str) -> Arranger:
    if dialect == "latex":
        from matcalc.language.latex.dialect import LatexArranger

        return LatexArranger()
    return Arranger()


@cache
def parser(dialect: str) -> Lark:
    """The LALR parser of the dialect, ``matcalc`` or ``latex``: from its stored tables, else built from the grammar."""
    grammar = grammar_text(dialect)
    tables = stored(dialect, grammar)
    if tables is not None:
        loaded: Lark = Lark.__new__(Lark)._load(tables, postlex=arranger(dialect), transformer=Builder())
        return loaded
    return Lark(
        grammar,
        parser="lalr",
        lexer=_Lexer,
        postlex=arranger(dialect),
        transformer=Builder(),
        maybe_placeholders=False,
        keep_all_tokens=True,
    )


def read(text: str, part: str, dialect: str, context: Reading) -> Surface:
    """The surface tree of ``part``, a text of the same length as ``text`` with all else blanked out.

    Raises SyntaxFault, UnknownNameError or LimitError with a place in ``text``.
    """
    part = typed_signs(part)
    check_characters(part)
    if dialect == "latex":
        part = _without_points(_without_dollars(part))
    if len(part) > limits.current().characters:
        raise limits.exceeded("characters", "the text is too long", None)
    token = reading.set(context)
    try:
        return parser(dialect).parse(part)  # type: ignore[return-value]
    except UnexpectedToken as error:
        found = error.token
        hint = "an inner product is <x, y>" if found == ">" else None
        what = "the end of the text" if found.type == "$END" else str(found)
        span = (len(part), len(part)) if found.type == "$END" else span_of(found)
        raise SyntaxFault(f"{what} was not expected here", code="unexpected", text=text, span=span, hint=hint) from None
    except UnexpectedCharacters as error:
        raise _unreadable(text, error.pos_in_stream or 0) from None
    finally:
        reading.reset(token)


def _without_dollars(part: str) -> str:
    """The part with spaces in place of the dollar signs around it."""
    return re.sub(r"^\s*\$+|\$+\s*[.,]?\s*$", lambda found: " " * len(found.group()), part)


def _without_points(part: str) -> str:
    r"""The part with spaces in place of the punctuation behind a row of cases, and of dollars in \text{if $x > 0$}."""
    part = re.sub(r"\\(?:text|mbox|textrm)\s*\{[^{}]*\}", lambda found: re.sub("[$.,;]", " ", found.group()), part)
    return _CASES.sub(lambda found: _ROW_END.sub(" ", found.group()), part)


_CASES = pattern(r"\\begin\{d?cases\}.*?\\end\{d?cases\}", re.DOTALL)
_ROW_END = pattern(r"[.,;](?=\s*(?:\\\\|\\end\{d?cases))")


def _unreadable(text: str, position: int) -> SyntaxFault:
    sign = text[position]
    hint = _HINTS.get(sign)
    glued = re.match(r"\.T(\w+)", text[position:])
    if glued:
        name = re.search(r"\w*$", text[:position])
        hint = f"write {name.group() if name else ''}.T {glued.group(1)}"
    if sign == "=" and re.match(r"\s*[A-Za-z]\w*\([^()]*\)\s*=[^=]", text):
        hint = f'a function of your own is defined by define("{text.strip()}")'
    elif sign == "=" and text[:position].count("(") > text[:position].count(")"):
        hint = "two values are compared by =="
    module = (
        re.search(r"\b(np|numpy|jnp|torch|tf|math|sp|scipy|linalg)(\.\w+)*$", text[:position]) if sign == "." else None
    )
    if module is not None:
        name = re.match(r"(?:\.(?:linalg|special|nn|functional))*\.?(\w*)", text[position:])
        hint = f"functions stand without their module: {name.group(1) if name else ''}(…)"
    if sign == '"' and re.search(r"norm\([^()]*,\s*$", text[:position]):
        hint = "norms are ||x||, ||X||_F, ||X||_*, norm(x, p) and norm_inf(x)"
    method = re.match(r"\.(\w+)\(", text[position:]) if sign == "." and module is None else None
    if method is not None:
        hint = f"methods are functions here: {method.group(1)}(A), and A B for the product"
    if sign == "_":
        hint = "a subscript is x_1, x_ij or x_{ij}; a name begins with a letter, and may end with one _"
    return SyntaxFault(
        f"{sign} was not expected here", code="unexpected", text=text, span=(position, position + 1), hint=hint
    )


_HINTS = {
    ".": "numbers are 0.5 or .5; entrywise operators are .* ./ .^",
    "=": "an expression has no equals sign; definitions come after where, as in h + 1 where h = A x",
    "%": "there is no percent sign",
    "$": "dollar signs stand around a whole expression in LaTeX",
    "#": "there are no comments",
    "ᴴ": "the transpose is Aᵀ",
    "&": "entries of a matrix are separated by commas and semicolons: [A, B; C, D]",
    "~": "not part of the language",
    '"': "there are no strings",
    "`": "there are no back quotes; a transpose is X' or X^T",
    "?": "not part of the language",
}
