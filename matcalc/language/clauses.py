r"""The clauses of a text: the expression, and after the word ``where`` its declarations and definitions.

In LaTeX the word may be `\text{where}`, and the whole may stand as lines of an environment such as ``aligned``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from matcalc.errors import MatcalcError, Span
from matcalc.language.latex.latex_signs import IGNORED_ENVIRONMENTS, UPRIGHT
from matcalc.language.words.names import canonical_name
from matcalc.patterns import pattern

__all__ = [
    "clauses_of_where",
    "defined_names",
    "may_be_derivative",
    "may_be_statement",
    "plain_clauses",
    "shown_as",
    "split_where",
]

_UPRIGHT = "|".join(re.escape(command) for command in sorted(UPRIGHT))
_WHERE_IN_TYPE = pattern(rf"(?:{_UPRIGHT})\s*\{{[\s~,]*where[\s~:]*\}}")
#: Words in a sentence, as \text{ is symmetric}.
_SENTENCE = pattern(rf"((?:{_UPRIGHT})\s*\{{)([a-z ]* [a-z ]*)\}}")
#: For all x: what is said of the whole function changes nothing of it.
_FOR_ALL = pattern(
    rf"(?<!\s)(?:[\s,~]|\\q?quad\b|\\[,;:!> ])*(?:\\forall\b|∀|(?:(?:{_UPRIGHT})\s*\{{\s*)?\bfor (?:all|every|each|any)\b)"
    r"(?![^=\n]*(?:symmetric|definite|orthogonal|diagonal|invertible|singular))"
    r"(?:(?!\bwhere\b|=|\\\\|\n).)*"
)
_ENVIRONMENT = pattern(
    rf"\\(?:begin|end)\s*\{{(?:{'|'.join(map(re.escape, sorted(IGNORED_ENVIRONMENTS)))})\}}(?:\{{\d+\}})?"
)
#: An array whose first row says that something is minimised: its columns only align.
_ARRAY_OF_OPTIMUM = pattern(
    r"(\\begin\{array\}\s*\{(?:[^{}]|\{[^{}]*\})*\})"
    rf"([\s&]*(?:{_UPRIGHT}|\\underset\s*\{{[^{{}}]*\}}\s*\{{?\s*\\\w+)\s*\{{\s*(?:min|max|find)\w*\.?.*)\\end\{{array\}}",
    re.DOTALL,
)
#: What aligns the expression, and what ends its line.
_FIRST_MARK = pattern(r"\A\s*&")
_BREAK_BEFORE_WHERE = pattern(rf"\\\\\s*&?\s*(?={_WHERE_IN_TYPE.pattern})")
#: What sets lines of declarations below each other.
_INDENTATION = pattern(r"(?:[\s&~]|\\q?quad\b|\\[,;:!> ]|\\(?:h|v)?phantom\s*\{(?:[^{}]|\{[^{}]*\})*\})+")
#: A line that begins with a sign goes on with the one before.
_CONTINUED = pattern(r"(?:[\s&]|\\q?quad\b)*(?:[-+]|\\(?:cdot|odot|oslash|otimes)\b)")
#: A full stop behind the last line.
_CLOSING = pattern(r"[\s$]*\.[\s$]*\Z")
#: The sign of a differential in books, and of a partial derivative: with an index, a power, or in a quotient.
_SIGN = r"(?:\\partial(?![A-Za-z])|[∂𝜕])"
_DIFFERENTIAL = pattern(rf"{_SIGN}\s*(?=[\w\\({{\[])")
_PARTIAL_DERIVATIVE = pattern(rf"{_SIGN}\s*[_^/]|frac\s*\{{?\s*{_SIGN}|/\s*{_SIGN}")
_PIECE = pattern(r"->|\\begin\b|\\end\b|\\\\(?:\[[^\]\n]*\])?|\\.|[(\[{<)\]}>,;\n]", re.DOTALL)
_DEEPER = frozenset({"(", "[", "{", "<", r"\begin"})
_BACK = frozenset({")", "]", "}", ">", r"\end"})


def split_where(text: str) -> int:
    """Where the word ``where`` starts, or -1; before a bracket it is a function."""
    found = re.search(r"(?<![A-Za-z0-9_\\.])where(?![A-Za-z0-9_])(?!\s*\()", text)
    return found.start() if found else -1


def plain_clauses(text: str) -> str:
    r"""A text of the same length with ``where`` for `\text{where}`, no environment around the clauses, and d for the \partial of books."""
    text = _ARRAY_OF_OPTIMUM.sub(_aligned, text) if "array" in text else text
    text = _DIFFERENTIAL.sub(_with_d, text) if _says_differentials(text) else text
    if "cases" not in text and "array" not in text:
        text = _FOR_ALL.sub(lambda found: " " * len(found.group()), text)
    if _WHERE_IN_TYPE.search(text) is None:
        return text
    for layout in (_ENVIRONMENT, _FIRST_MARK, _BREAK_BEFORE_WHERE):
        text = layout.sub(lambda found: " " * len(found.group()), text)
    text = _WHERE_IN_TYPE.sub(lambda found: " where".ljust(len(found.group())), text)
    start = split_where(text)
    return text[:start] + _SENTENCE.sub(_without_command, text[start:])


def _says_differentials(text: str) -> bool:
    r"""\partial(X Y) = (\partial X) Y + X \partial Y: the sign stands on both sides, and stands over nothing."""
    left, _, right = text.partition("=")
    begins = _DIFFERENTIAL.match(left.lstrip(" $")) is not None
    return begins and _DIFFERENTIAL.search(right) is not None and _PARTIAL_DERIVATIVE.search(text) is None


def _with_d(found: re.Match[str]) -> str:
    """A d that touches what stands behind it; what was LaTeX stays so."""
    sign = found.group()
    return (r"\!d" if sign[0] == "\\" else "d").rjust(len(sign))


def _aligned(found: re.Match[str]) -> str:
    """Rows that are only set below each other, at their place."""
    begin, rows = found.groups()
    return r"\begin{align}".ljust(len(begin)) + rows + r"\end{align}"


def _without_command(found: re.Match[str]) -> str:
    """The words of \\text{ is symmetric} at their place."""
    command, words = found.groups()
    return " " * len(command) + words + " "


#: What every statement holds: an equals sign, a sign of a derivative, a word of optimisation, punctuation at its end …
_OF_STATEMENTS = pattern(
    r"""[=∇∂↦→≔≜≡∈∝⇒\n]|\\\\|->|@\s*\(|[.,;:]\s*(?:\$|\\|$)|\blambda\s[\w\s,]*:
    |\\(?:nabla|partial|underset|mathop|arg|min|max|inf|sup|maps|longmaps|to\b|tag|label|in\b|st\b|implies|Theta|Omega)
    |\\[pf]?dv\b|\\(?:propto|coloneq|triangleq|equiv|doteq|eqdef|defeq)
    |\\[td]?frac\s*\{?\s*(?:\\math\w+|\\text|\\operatorname)?\s*\{?\s*\\?[dδΔD]|\\(?:mathrm|text|operatorname)\s*\{(?:[A-Z]|d\})|\\mathrm\s*d|\\mathsf\s*\{d\}|\A[\s$]*d(?:\s+[a-z]{2}|\s*\\)|\bo\(|O[})]*\(
    |\b(?:d|D)\s*[\^²³/(\[_]|\bd\w*\s*/|[)\]]\s*/\s*d\s?\w|\b(?:of|find|compute|calculate|evaluate|over|wrt|respect|subject|such|def|function|with|for|given|assum\w+|suppose|that|is|are)\b
    |(?i:grad|jac|hess|nabla|deriv|differ|diff\b|arg\W{0,4}m|minimi[sz]e|maximi[sz]e|symmetric\b|definite\b|invertible|orthogonal|singular|diagonal)
    |\b(?:min|max|inf|sup)(?:_|\s+[^\s(,)])|(?:\s{2}|(?:quad|hfill|hspace\S*)\s*)\([\w.*-]+\)|s\.\s*t\.|w\.\s*r|(?i:\bconst|\bcst)|\?""",
    re.VERBOSE | re.MULTILINE,
)
_SUBSCRIPT = pattern(r"(?<!min)(?<!max)(?<!inf)(?<!sup)_\{[^{}]*\}")


def may_be_statement(text: str) -> bool:
    """Whether a text can be more than an expression; what it is, `statements` tells."""
    return _OF_STATEMENTS.search(_SUBSCRIPT.sub("", text)) is not None


#: A name with primes or a subscript, perhaps with arguments, and nothing else.
_MARKED = pattern(r"[\s$]*\w+?(?:['′’]+|_\w+|_\{[^{}]*\})\s*(?:\([^()]*\))?[\s$]*")


def may_be_derivative(text: str) -> bool:
    """Whether a text is the derivative f'(x) or f_x of what ``where`` defines."""
    return _MARKED.fullmatch(text) is not None


def defined_names(text: str) -> frozenset[str]:
    """The names that the ``where`` of a text defines."""
    start = split_where(text)
    spans = clauses_of_where(text, start + len("where")) if start >= 0 else ()
    found = (re.match(r"\s*([^:=]*?)\s*=", text[slice(*span)]) for span in spans)
    return frozenset(canonical_name(match.group(1).strip("$ ")) for match in found if match)


@contextmanager
def shown_as(original: str, read: str) -> Iterator[None]:
    """Errors about a text that was read in a spelling of the same length show the original."""
    try:
        yield
    except MatcalcError as error:
        if error.text == read:
            error.text = original
        raise


def clauses_of_where(text: str, start: int) -> Iterator[Span]:
    """The parts between commas, semicolons and line ends that stand outside of brackets and environments."""
    depth, left = 0, start
    for found in _PIECE.finditer(text, start):
        piece = found.group()
        depth += (piece in _DEEPER) - (piece in _BACK)
        if depth <= 0 and (piece in (",", ";", "\n") or piece.startswith("\\\\")):
            if piece not in (",", ";") and _CONTINUED.match(text, found.end()):
                continue
            yield from _stripped(text, left, found.start())
            left = found.end()
    closing = _CLOSING.search(text, left)
    yield from _stripped(text, left, closing.start() if closing else len(text))


def _stripped(text: str, left: int, right: int) -> Iterator[Span]:
    indentation = _INDENTATION.match(text, left, right)
    left = indentation.end() if indentation else left
    if text[left:right].strip(" \t\r\n$"):
        yield left, left + len(text[left:right].rstrip())
