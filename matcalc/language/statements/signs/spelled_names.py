r"""Names in any spelling: ``x_{ij}``, ``β``, `\mathbf{w}`, `\boldsymbol\theta`, `\hat{x}_1`, and left sides such as `f(x)`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from matcalc.expr.named_powers import power_name
from matcalc.functions import find
from matcalc.language.latex.latex_signs import ACCENTS, GREEK_COMMANDS, STYLES, UPRIGHT
from matcalc.language.statements.tokens import Token, argument, group_end, split_at
from matcalc.language.words.indices import IN_INDICES, index_words
from matcalc.language.words.names import RAISED, canonical_name
from matcalc.records import dataclass

__all__ = [
    "BARS",
    "LOGARITHMS",
    "LeftSide",
    "is_of_norm",
    "is_squared",
    "left_side",
    "logarithm_side",
    "name_at",
    "names_in",
    "whole_name",
    "whole_power",
]

_PREFIXES = STYLES | UPRIGHT
#: More tokens make no name.
_LONGEST_NAME = 16


def whole_name(tokens: Sequence[Token], *, latex: bool) -> str | None:
    """The canonical name that these tokens are, or None."""
    found = name_at(tokens, 0, latex=latex)
    return found[0] if found is not None and found[1] == len(tokens) else None


def whole_power(tokens: Sequence[Token], *, latex: bool) -> str | None:
    r"""The name of the variable that a power is, as of `\sigma^2`, or None."""
    found = name_at(tokens, 0, latex=latex)
    shown = "" if found is None else "".join(t.text for t in tokens[found[1] :] if t.text not in ("{", "}"))
    raised = re.fullmatch(r"(?:\^|\*\*)([2-9])|[²³]", shown)
    if found is None or raised is None or RAISED in found[0]:
        return None
    return power_name(found[0], int(raised.group(1) or "23"["²³".index(shown)]))


def name_at(tokens: Sequence[Token], i: int, *, latex: bool) -> tuple[str, int] | None:
    """The canonical name that begins at token ``i``, and the index behind it."""
    base = _base(tokens, i, latex)
    if base is None:
        return None
    name, i = base
    if i + 1 < len(tokens) and tokens[i].text == "_":
        index = _index(tokens, i + 1, latex)
        if index is None:
            return None
        name, i = f"{name}_{index[0]}", index[1]
    raised = _raised(tokens, i + 1) if i + 1 < len(tokens) and tokens[i].text == "^" else None
    return (f"{name}{RAISED}{raised[0]}", raised[1]) if raised is not None else (name, i)


def _base(tokens: Sequence[Token], i: int, latex: bool) -> tuple[str, int] | None:
    """A letter or word with its type and accent."""
    if i >= len(tokens):
        return None
    token = tokens[i]
    if token.kind == "upright":
        known = re.fullmatch(r"[A-Za-z][A-Za-z0-9]*", token.text)
        return (token.text, i + 1) if known else None
    if token.kind == "word":
        return (canonical_name(token.text), i + 1) if not latex or len(token.text) == 1 else None
    if token.text in GREEK_COMMANDS:
        return GREEK_COMMANDS[token.text], i + 1
    if token.text in (r"\ell", r"\hbar"):
        return token.text[1:], i + 1
    if token.text in _PREFIXES or token.text in ACCENTS:
        return _decorated(tokens, i)
    if token.kind == "open" and token.text == "{":
        return _grouped(tokens, i)
    return None


def _decorated(tokens: Sequence[Token], i: int) -> tuple[str, int] | None:
    inside = _grouped(tokens, i + 1) or _base(tokens, i + 1, latex=tokens[i].text not in UPRIGHT)
    if inside is None:
        return None
    name, end = inside
    return (f"{name}_{ACCENTS[tokens[i].text]}" if tokens[i].text in ACCENTS else name), end


def _grouped(tokens: Sequence[Token], i: int) -> tuple[str, int] | None:
    """A name in braces: all that stands between them."""
    if i >= len(tokens) or tokens[i].text != "{":
        return None
    end = group_end(tokens, i)
    name = whole_name(tokens[i + 1 : end], latex=True)
    return None if name is None else (name, end + 1)


def _index(tokens: Sequence[Token], i: int, latex: bool) -> tuple[str, int] | None:
    """A subscript: letters, digits, commas and signs, as in x_{t-1}."""
    group, end = argument(tokens, i)
    if latex and tokens[i : i + 1] == group and group[0].kind == "word" and len(group[0].text) > 1:
        return None
    words = index_words("".join(map(_index_part, group)))
    return None if words is None else (words, end)


def _index_part(token: Token) -> str:
    if token.text in _PREFIXES or token.text in ("{", "}"):
        return ""
    return IN_INDICES.get(token.text) or GREEK_COMMANDS.get(token.text) or canonical_name(token.text)


_PRIMES = frozenset(["'", "′", "’", r"^\prime", "^′", "^'"])
_SIGNS = frozenset("+-−")
_STARS = frozenset(["*", "∗", r"\ast", r"\star", "⋆"])


def _raised(tokens: Sequence[Token], i: int) -> tuple[str, int] | None:
    r"""What is raised behind a name and is no power: W^{(l)}, x^\star, \theta^{\text{old}}."""
    group, end = argument(tokens, i)
    if len(group) == 1 and group[0].text in _STARS:
        return "star", end
    if len(group) == 1 and group[0].text in _SIGNS and _stands_alone(tokens, end):
        return index_words(group[0].text) or "", end
    if len(group) == 1 and group[0].kind == "upright" and len(group[0].text) > 1:
        words = index_words(group[0].text)
        return None if words is None else (words, end)
    if len(group) > 2 and group[0].text in ("(", "[") and group_end(group, 0) == len(group) - 1:
        words = index_words("".join(map(_index_part, group[1:-1])))
        return None if words is None else (words, end)
    return None


def _stands_alone(tokens: Sequence[Token], end: int) -> bool:
    """Whether the raised sign before ``end`` is that of a name, as in P^- + K, and in P^-H beside it."""
    if end == len(tokens) or tokens[end].text in (*_SIGNS, ",", ")", "]", "}"):
        return True
    if tokens[end].kind == "number" or tokens[end].text in (r"\top", r"\intercal", "⊤") or tokens[end].text[0] == "T":
        return False
    others = (i for i, t in enumerate(tokens[:-2]) if t.text == "^" and tokens[i + 1].text in _SIGNS)
    return any(i + 2 != end and tokens[i + 2].text in _SIGNS for i in others)


def names_in(tokens: Sequence[Token], *, latex: bool) -> Iterator[str]:
    """Every name in an expression; in LaTeX each letter of a word is one."""
    i = 0
    while i < len(tokens):
        i = _behind_norm(tokens, _behind_transpose(tokens, i))
        if i >= len(tokens):
            break
        found = name_at(tokens, i, latex=latex)
        if found is not None:
            yield found[0]
            i = found[1]
            continue
        if i < len(tokens) and tokens[i].kind == "word":
            *first, last = list(tokens[i].text)
            yield from map(canonical_name, first)
            rest = [replace(tokens[i], text=last), *tokens[i + 1 : i + _LONGEST_NAME]]
            name, end = name_at(rest, 0, latex=latex) or (canonical_name(last), 1)
            yield name
            i += end - 1
        i += 1


def _behind_norm(tokens: Sequence[Token], i: int) -> int:
    r"""The F of \|X\|_F is no name."""
    if i >= len(tokens) or tokens[i].text != "_":
        return i
    group, end = argument(tokens, i + 1)
    shown = "".join(t.text for t in group if t.text not in _PREFIXES and t.text not in ("{", "}"))
    return end if shown in ("F", "Fro", "fro") else i


def is_of_norm(tokens: Sequence[Token], i: int) -> bool:
    r"""Whether the sign _ at ``i`` is that of \|X\|_F, and not that of a name with an index."""
    return i > 0 and tokens[i - 1].kind not in ("word", "upright") and _behind_norm(tokens, i) != i


def _behind_transpose(tokens: Sequence[Token], i: int) -> int:
    """The T of x^T is no name."""
    if tokens[i].text != "^":
        return i
    group, end = argument(tokens, i + 1)
    shown = "".join(t.text for t in group if t.text not in _PREFIXES and t.text not in ("{", "}"))
    return end if shown in ("T", "-T", "−T", "H", "-H", "−H") else i


# --- left sides -------------------------------------------------------------------------------


@dataclass(frozen=True)
class LeftSide:
    """A function before its equals sign: ``f(x, y)`` or ``f``.

    Attributes:
        name: the canonical name.
        spelling: as it was typed, without the arguments.
        arguments: canonical names of the arguments.
        called: whether there are brackets.
        is_expression: whether it is one that stands for the quantity, such as `\\|G\\|_2^2`.
    """

    name: str
    spelling: str
    arguments: tuple[str, ...]
    called: bool
    is_expression: bool = False


#: What stands between the arguments of a density or a divergence.
BARS = ("|", r"\mid", r"\vert", "||", r"\|", r"\parallel", "‖")
LOGARITHMS = (r"\log", r"\ln", "log", "ln")


def left_side(tokens: Sequence[Token], text: str, *, latex: bool) -> LeftSide | None:
    r"""A name, or a name with the names of its arguments; `\log p(x)` and ``-\log p(x)`` are names, too."""
    tokens = _subscript_first(tokens)
    start = 1 if tokens and tokens[0].text in ("-", "−") and len(tokens) > 2 else 0
    start += len(tokens) > start and tokens[start].text in LOGARITHMS
    if start and not (tokens and tokens[-1].text == ")"):
        return None
    found = name_at(tokens, start, latex=latex) or _called_word(tokens, start)
    if found is None:
        return None
    name, end = found
    spelling = " ".join(text[tokens[0].start : tokens[end - 1].end].split())
    plain = _prefixed(tokens[:start], name)
    if not start and is_squared(tokens[end:]):
        return LeftSide(f"{plain}^2", " ".join(text[tokens[0].start : tokens[-1].end].split()), (), False)
    if end == len(tokens):
        return LeftSide(plain, spelling, (), False)
    if not start and (layer := _layer(tokens[end:])):
        return LeftSide(f"{plain}_{layer}", " ".join(text[tokens[0].start : tokens[-1].end].split()), (), False)
    raised = next((n for n in (2, 4) if is_squared(tokens[end : end + n]) and tokens[end + n : end + n + 1]), 0)
    if raised and not start and tokens[end + raised].text == "(":
        arguments = _arguments(tokens, end + raised, latex)
        spelling = " ".join(text[tokens[0].start : tokens[end + raised - 1].end].split())
        return None if arguments is None else LeftSide(f"{plain}^2", spelling, arguments, True)
    closer = group_end(tokens, end) if tokens[end].kind == "open" else end
    if entry := _entry_of_value(tokens[closer + 1 :]):
        arguments = _arguments(tokens[: closer + 1], end, latex)
        return None if arguments is None else LeftSide(f"{plain}_{entry}", spelling, arguments, True)
    squared = is_squared(tokens[closer + 1 :])
    arguments = _arguments(tokens[: closer + 1] if squared else tokens, end, latex)
    return None if arguments is None else LeftSide(plain + "^2" * squared, spelling, arguments, True)


def _entry_of_value(tokens: Sequence[Token]) -> str:
    r"""The i of \sigma(z)_i, the i-th entry of what is defined."""
    if len(tokens) < 2 or tokens[0].text != "_":
        return ""
    group, end = argument(tokens, 1)
    letters = [t.text for t in group if t.text not in ("{", "}")]
    return letters[0] if end == len(tokens) and len(letters) == 1 and re.fullmatch("[a-z]", letters[0]) else ""


def _layer(tokens: Sequence[Token]) -> str:
    r"""The L of \delta^L, which is no transpose."""
    if not tokens or tokens[0].text != "^":
        return ""
    group, end = argument(tokens, 1)
    letters = [t.text for t in group if t.text not in ("{", "}")]
    return letters[0] if end == len(tokens) and len(letters) == 1 and re.fullmatch("[Llk]", letters[0]) else ""


def _subscript_first(tokens: Sequence[Token]) -> Sequence[Token]:
    r"""\sigma^2_* as \sigma_*^2."""
    signs = [t.text for t in tokens[1:5]]
    if len(signs) < 3 or signs[0] != "^" or signs[2] != "_" or tokens[2].kind != "number":
        return tokens
    _, end = argument(tokens, 4)
    return [tokens[0], *tokens[3:end], *tokens[1:3], *tokens[end:]]


def logarithm_side(tokens: Sequence[Token], text: str, *, latex: bool) -> LeftSide | None:
    r"""`\ln L` and ``-2 log L`` before an equals sign name a function, as `\log p(x)` does; `\log y` is a value."""
    start = int(bool(tokens) and tokens[0].text in ("-", "−"))
    start += len(tokens) > start and tokens[start].kind == "number"
    if start >= len(tokens) - 1 or tokens[start].text not in LOGARITHMS:
        return None
    inner = left_side(tokens[start + 1 :], text, latex=latex)
    if inner is None or (not inner.called and re.match("[r-z](_|$)", inner.name)):
        return None
    before = "".join(t.text for t in tokens[:start]).replace("−", "-")
    name = f"{before} log {inner.name}" if before[-1:].isdigit() else f"{before}log {inner.name}"
    spelling = " ".join(text[tokens[0].start : tokens[-1].end].split())
    return LeftSide(name, spelling, inner.arguments, inner.called)


def _called_word(tokens: Sequence[Token], i: int) -> tuple[str, int] | None:
    r"""SS(\beta) and RSS(\beta) in LaTeX, softmax(x) and \softmax(x): a word before its bracket."""
    if i + 1 >= len(tokens) or tokens[i + 1].text != "(" or tokens[i + 1].start != tokens[i].end:
        return None
    word = tokens[i].text.removeprefix("\\")
    known = len(word) > 2 and find(word) is not None and _entry_of_value(tokens[group_end(tokens, i + 1) + 1 :])
    is_word = tokens[i].kind == "word" and re.fullmatch("[A-Z]{2,}", word) is not None
    return (word, i + 1) if known or is_word else None


def is_squared(tokens: Sequence[Token]) -> bool:
    """Whether these tokens are the superscript 2."""
    return "".join(t.text for t in tokens if t.text not in ("{", "}")) in ("^2", "²", "**2")


def _prefixed(before: Sequence[Token], name: str) -> str:
    sign = "-" if before and before[0].text in ("-", "−") else ""
    return sign + ("log " if len(before) > bool(sign) else "") + name


def _arguments(tokens: Sequence[Token], opener: int, latex: bool) -> tuple[str, ...] | None:
    """The names between brackets that close at the end; None where something else stands there."""
    if tokens[opener].text not in ("(", r"\{", r"\lparen"):
        return None
    if group_end(tokens, opener) != len(tokens) - 1:
        return None
    inside = tokens[opener + 1 : -1]
    if not inside:
        return None
    parts = [name for part in split_at(inside, ",", ";", *BARS) for name in split_at(_unstyled(part), ",")]
    if any(t.text in (r"\dots", r"\ldots", r"\cdots", "…", r"\cdot", "·") for t in inside):
        return ()
    names = [_argument(part, latex) for part in parts]
    is_conditional = any(t.text in ("|", r"\mid", r"\vert") for t in inside)
    if None in names and not (is_conditional and _are_events(parts, names)):
        return None
    return tuple(name for name in names if name is not None)


def _argument(part: Sequence[Token], latex: bool) -> str | None:
    r"""A name, which may be squared: \sigma^2 is a parameter of the normal distribution."""
    part = _unstyled(part)
    found = name_at(part, 0, latex=latex)
    if found is None:
        return None
    name, end = found
    if "".join(t.text for t in part[end:] if t.kind != "open" and t.kind != "close") in _PRIMES:
        return f"{name}_prime"
    return name if end == len(part) or is_squared(part[end:]) else None


def _unstyled(part: Sequence[Token]) -> Sequence[Token]:
    r"""What stands within the type of the whole: x, \Lambda of `\mathbf{x, \Lambda}`."""
    whole = part and part[0].text in STYLES and argument(part, 1)[1] == len(part)
    return argument(part, 1)[0] if whole else part


def _are_events(parts: Sequence[Sequence[Token]], names: Sequence[str | None]) -> bool:
    """The sides of a conditional probability: ``P(y = 1 | x)``."""
    return all(
        name is not None or any(t.kind == "relation" for t in part) for part, name in zip(parts, names, strict=True)
    )
