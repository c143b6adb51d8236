"""Tokens of both dialects for taking statements apart: what stands where, and how deep in brackets."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from matcalc.errors import Span
from matcalc.language.latex.latex_signs import BRACKETS, DELIMITER_SIZES, IGNORED, IGNORED_ENVIRONMENTS, STYLES, UPRIGHT
from matcalc.patterns import pattern
from matcalc.records import dataclass

__all__ = [
    "RELATIONS",
    "Token",
    "argument",
    "group_end",
    "inner",
    "is_upright",
    "scan",
    "span_of",
    "split_at",
    "starts_value",
]


@dataclass(frozen=True, slots=True)
class Token:
    """One sign, name, number, command or bracket.

    Attributes:
        kind: "word", "number", "command", "upright" (a command such as ``\\text`` with its words), "open", "close",
            "relation", "separator", "row" or "sign".
        text: what was typed; of "upright" the words alone.
        depth: how many brackets are open around it; a bracket has the depth outside of it.
    """

    kind: str
    text: str
    start: int
    end: int
    depth: int = 0


#: Relations, but for the equals sign and those that define.
_ORDERED = (
    r"\le \leq \leqslant \ge \geq \geqslant \lt \gt \ne \neq \approx \sim \simeq \cong \propto \in \notin \ni "
    r"\succ \succeq \succcurlyeq \prec \preceq \subset \subseteq \to \rightarrow \mapsto \longmapsto \ll \gg \perp "
    r"\forall \exists \colon \leftarrow \gets"
).split()
_EQUAL = r"\coloneqq \coloneq \eqqcolon \triangleq \equiv \doteq \eqdef \defeq".split()
_CONSEQUENCE = (
    r"\implies \Rightarrow \Longrightarrow \iff \Leftrightarrow \Longleftrightarrow \therefore \because".split()
)
RELATIONS = frozenset([*_ORDERED, *_EQUAL, "=", "<", ">", "≤", "≥", "≠", "≈", "∈", "∝", "↦", "→", ":=", "≔", "≜", "≡"])

_SKIPPED = (IGNORED | frozenset(DELIMITER_SIZES)) - {r"\phantom"} | {r"\ ", r"\hfill", r"\hfil", r"\!"}
_WITH_ARGUMENT = (r"\label", r"\tag", r"\tag*", r"\hspace", r"\hspace*", r"\vspace", r"\color", r"\eqno", r"\phantom")
_UPRIGHT = "|".join(re.escape(c[1:]) for c in sorted(UPRIGHT | {r"\operatornamewithlimits"}, key=len, reverse=True))
_DEFINING = r"\\(?:overset|stackrel)\s*\{(?:[^{}]|\{[^{}]*\})*\}\s*\{\s*=\s*\}"
_LETTER = r"A-Za-z\u00b5\u0302-\u0308\u030c\u0370-\u03ff\u2100-\u214f\U0001d400-\U0001d7ff"

#: The tokens of LaTeX; the plain dialect has those without a backslash, and digits in its words.
_LATEX = (
    ("defining", _DEFINING),
    ("upright", rf"\\(?:{_UPRIGHT})\s*\{{(?P<words>(?:[^{{}}\\$]|\\[,;:! ]|\{{\}}|\$[^{{}}$]*\$)*)\}}"),
    ("environment", r"\\(?:begin|end)\s*\{\s*(?P<title>[^{}]*)\}"),
    ("invisible", r"\\(?:left|right)\s*\."),
    ("row", r"\\\\(?:\[[^\]\n]*\])?|\\newline\b|\\cr\b"),
    ("command", r"\\[A-Za-z]+\*?|\\[^A-Za-z]"),
    ("number", r"[0-9]+(?:\.[0-9]+)?|\.[0-9]+"),
    ("word", rf"[{_LETTER}]+"),
    ("below", "[₀-₎ₐ-ₜᵢ-ᵪⱼ]+"),
    ("relation", r":=|==|<=|>=|!=|->|=>|<-|[=≤≥≠≈∈∝↦→≔≜≡⇒]"),
    ("open", r"[(\[{⟨]"),
    ("close", r"[)\]}⟩]"),
    ("separator", r"[,;]"),
    ("layout", r"[$&~\s]"),
    ("sign", r"\.\*\*?|\./|\.\^|\.'|\*\*|\|\||."),
)
_PLAIN = tuple(
    (name, rf"[{_LETTER}][0-9{_LETTER}]*" if name == "word" else pattern)
    for name, pattern in _LATEX
    if not pattern.startswith(r"\\")
)
_TOKEN = {
    latex: pattern("|".join(f"(?P<{name}>{pattern})" for name, pattern in patterns), re.DOTALL)
    for latex, patterns in ((True, _LATEX), (False, _PLAIN))
}
#: What cannot end a value: an angle bracket after it opens an inner product.
_BEFORE_VALUE = frozenset("+ - − * @ / · ⋅ ⊙ ∘ ⊗ ⊘ ( [ { , ; .* ./".split())


def scan(text: str, span: Span, *, latex: bool) -> list[Token]:
    """The tokens of a part of a text; layout, sizes of brackets and environments of lines are left out."""
    found: list[Token] = []
    depth = 0
    for token in _raw(text, span, _TOKEN[latex]):
        depth -= token.kind == "close"
        found.append(replace(token, depth=depth))
        depth += token.kind == "open"
    return _with_inner_products(found)


def _raw(text: str, span: Span, pattern: re.Pattern[str]) -> Iterator[Token]:
    position, end = span
    while (match := pattern.match(text, position, end)) is not None:
        position = match.end()
        token = _made(match)
        if token is not None and token.kind == "below":
            shown = unicodedata.normalize("NFKC", token.text)
            yield Token("sign", "_", token.start, token.start)
            yield Token("number" if shown.isdigit() else "word", shown, token.start, token.end)
        elif token is not None:
            yield token
        elif match.group() in _WITH_ARGUMENT:
            argument = _ARGUMENT.match(text, position, end)
            position = argument.end() if argument else position


_ARGUMENT = pattern(r"\s*(?:\{[^{}]*\}|\([^()]*\))")


def _made(match: re.Match[str]) -> Token | None:
    """The token of a match, or None for layout."""
    kind, text, (start, end) = str(match.lastgroup), match.group(), match.span()
    match kind:
        case "upright":
            words = re.sub(r"\\[,;:! ]|[~\s]+|\{\}", " ", match["words"])
            return Token("upright", " ".join(words.split()), start, end)
        case "environment" if match["title"].strip() in IGNORED_ENVIRONMENTS:
            return None
        case "environment":
            return Token("open" if text.startswith(r"\begin") else "close", text, start, end)
        case "command":
            return _of_command(text, start, end)
        case "defining":
            return Token("relation", "=", start, end)
        case "layout" | "invisible":
            return None
    return Token(kind, text, start, end)


_BRACKET_KINDS = {
    "LPAR": "open",
    "LSQB": "open",
    "LANGLE": "open",
    "RPAR": "close",
    "RSQB": "close",
    "RANGLE": "close",
}


def _of_command(text: str, start: int, end: int) -> Token | None:
    if text in _SKIPPED or text in _WITH_ARGUMENT:
        return None
    if text in RELATIONS:
        return Token("relation", "=" if text in _EQUAL else text, start, end)
    if text in _CONSEQUENCE:
        return Token("row", text, start, end)
    return Token(_BRACKET_KINDS.get(BRACKETS.get(text, ("", ""))[0], "command"), text, start, end)


def _with_inner_products(tokens: list[Token]) -> list[Token]:
    """The signs < and > as brackets where they pair: <a, b>."""
    found: list[Token] = []
    pending: list[int] = []
    for token in tokens:
        if token.text == "<" and (not found or found[-1].text in _BEFORE_VALUE or found[-1].kind == "relation"):
            pending.append(len(found))
        elif token.text == ">" and pending and found[pending[-1]].depth == token.depth:
            start = pending.pop()
            inside = [replace(t, depth=t.depth + 1) for t in found[start + 1 :]]
            found[start:] = [replace(found[start], kind="open"), *inside]
            token = replace(token, kind="close")
        found.append(token)
    return [replace(t, kind="relation") if t.kind == "sign" and t.text in "<>" else t for t in found]


# --- looking at tokens ------------------------------------------------------------------------


def group_end(tokens: Sequence[Token], opener: int) -> int:
    """The index of the bracket that closes the one at ``opener``; the number of tokens where none does."""
    depth = tokens[opener].depth
    for i in range(opener + 1, len(tokens)):
        if tokens[i].kind == "close" and tokens[i].depth <= depth:
            return i
    return len(tokens)


def argument(tokens: Sequence[Token], i: int) -> tuple[Sequence[Token], int]:
    """What TeX takes as one argument: a group without its braces, or one token with its type; and the index behind it."""
    if i < len(tokens) and tokens[i].kind == "open":
        end = group_end(tokens, i)
        return (tokens[i + 1 : end] if tokens[i].text == "{" else tokens[i : end + 1]), end + 1
    if i + 1 < len(tokens) and (tokens[i].text in UPRIGHT or tokens[i].text in STYLES):
        group, end = argument(tokens, i + 1)
        return [tokens[i], *group], end
    return tokens[i : i + 1], i + 1


def inner(tokens: Sequence[Token]) -> Sequence[Token]:
    """The tokens without a pair of brackets around all of them."""
    while tokens and tokens[0].kind == "open" and group_end(tokens, 0) == len(tokens) - 1:
        tokens = tokens[1:-1]
    return tokens


def split_at(tokens: Sequence[Token], *signs: str) -> list[Sequence[Token]]:
    """The parts between these signs outside of further brackets."""
    if not tokens:
        return []
    depth = min(t.depth for t in tokens)
    parts: list[Sequence[Token]] = []
    start = 0
    for i, token in enumerate(tokens):
        if token.depth == depth and token.text in signs:
            parts.append(tokens[start:i])
            start = i + 1
    return [*parts, tokens[start:]]


def span_of(tokens: Sequence[Token]) -> Span:
    """From the first to the last of them."""
    return (tokens[0].start, tokens[-1].end) if tokens else (0, 0)


def starts_value(token: Token) -> bool:
    """Whether an expression may begin with this token."""
    return token.kind in ("word", "number", "command", "upright", "open") or token.text in _SIGNS_BEFORE


_SIGNS_BEFORE = frozenset(["-", "−", "+", "|", "||", "‖", "∇", "∂"])


def is_upright(token: Token, words: Iterable[str]) -> bool:
    """Whether it is one of these words, whether typed as a word or in upright type."""
    return token.kind in ("upright", "word") and token.text.lower() in words
