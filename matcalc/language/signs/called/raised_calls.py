"""Superscripts between a name and its bracket: f^{-1}(y) is an inverse function, x^T(t) the transpose of x(t)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import field

from lark import Token

from matcalc.errors import MatcalcError, Span, UnknownNameError
from matcalc.language.faults.function_faults import power_or_value
from matcalc.language.mends.hints import offer
from matcalc.language.surface.bars import place
from matcalc.language.surface.brackets import Brackets
from matcalc.language.words.names import INVERSE_NAME, PRIMES, canonical_name
from matcalc.language.words.written_out import OF_OTHERS, written_out
from matcalc.records import dataclass

__all__ = ["settle_raised"]

#: Letters of functions that stand for values, too: the step h, the gradient g.
_OFTEN_VALUES = frozenset("g h".split())
_POWERS = {"⁻¹": "-1", "²": "2", "³": "3"}
_BRACKETS = {"LBRACE": "RBRACE", "LPAR": "RPAR"}


@dataclass
class _Uses:
    """How a name stands in the text: alone, before brackets, or with a superscript before one."""

    bare: bool = False
    brackets: list[int] = field(default_factory=list)
    raised: list[_Raised] = field(default_factory=list)


@dataclass(frozen=True)
class _Raised:
    """A name at ``start`` whose superscript ends before ``bracket``; what it is: T, -1, 2."""

    start: int
    bracket: int
    power: str


def settle_raised(
    tokens: list[Token],
    brackets: Brackets,
    text: str,
    latex: bool,
    is_function: Callable[[str], bool],
    is_free: Callable[[str], bool],
    is_argument: Callable[[int], bool],
    holds_asked: Callable[[int], bool],
) -> list[Token]:
    """The tokens with superscripts of functions behind their brackets, or in the name of the inverse function.

    Args:
        is_function: whether a name has a letter of functions, or is declared as one.
        is_argument: whether the bracket at a place holds what a factor would not need a bracket for.
        holds_asked: whether it holds arguments of the whole function alone: in f(t) = … r^2(t) the square is one of r(t).
    """
    edits: dict[int, tuple[int, list[Token]]] = {}
    for name, uses in _uses(tokens, latex).items():
        if uses.bare or not (is_free(name) or is_function(name)):
            continue
        plain = bool(uses.brackets) and all(map(is_argument, uses.brackets))
        for found in uses.raised:
            if name in OF_OTHERS and len(name) > 2:  # sech^2(W x)
                raise _unknown(tokens, text, found, brackets.closer(found.bracket), name)
            known = is_argument(found.bracket) and (plain or is_function(name))
            known = known or (found.power == "-1" and is_function(name) and name not in _OFTEN_VALUES)
            moves = is_argument(found.bracket) and _is_value(tokens, name, found, brackets.closer(found.bracket))
            moves = moves or (known and (found.power == "T" or (found.power == "-1" and not is_function(name))))
            if moves or (
                found.power in ("2", "3") and name[0].islower() and name != "sigma" and holds_asked(found.bracket)
            ):
                edits |= _moved(tokens, found, brackets.closer(found.bracket))
            elif known and found.power == "-1":
                edits[found.start] = (found.bracket, [_inverse(tokens, found, name)])
            elif known or _is_doubtful(found, is_function(name), is_argument(found.bracket)):
                raise _question(tokens, text, found, brackets.closer(found.bracket))
    return _edited(tokens, edits)


def _is_value(tokens: Sequence[Token], name: str, found: _Raised, end: int) -> bool:
    """Whether a capital with a transpose or an inverse stands before a name in brackets and another factor: M^{-1}(q) (u - v)."""
    inside, behind = tokens[found.bracket + 1 : end], tokens[end + 1 : end + 2]
    is_name = [t.type for t in inside if t.type not in ("LBRACE", "RBRACE")] == ["NAME"]
    follows = bool(behind) and behind[0].type in ("NAME", "LPAR", "LBRACE", "NORM_OPEN", "FUNCTION")
    return name[0].isupper() and name not in ("I", "T") and found.power in ("T", "-1") and is_name and follows


def _is_doubtful(found: _Raised, is_function: bool, is_argument: bool) -> bool:
    """Whether a power before a bracket is hardly that of a factor: f^2(A x), A^{-1}(b); g^T (x - y) is a product."""
    return found.power != "T" and (is_function or is_argument)


def _uses(tokens: Sequence[Token], latex: bool) -> dict[str, _Uses]:
    found: dict[str, _Uses] = {}
    for i, token in enumerate(tokens):
        if token.type != "NAME":
            continue
        uses = found.setdefault(canonical_name(token), _Uses())
        end, power = _superscript(tokens, i + 1)
        if end < len(tokens) and tokens[end].type == "LPAR" and (latex or _touch(tokens, end)):
            if power:
                uses.raised.append(_Raised(i, end, power))
            else:
                uses.brackets.append(end)
        else:
            uses.bare = True
    return found


def _touch(tokens: Sequence[Token], i: int) -> bool:
    return tokens[i - 1].end_pos == tokens[i].start_pos


def _superscript(tokens: Sequence[Token], i: int) -> tuple[int, str]:
    """The place behind a transpose or a number in a superscript, and what it is; primes are none."""
    kind = tokens[i].type if i < len(tokens) else ""
    if kind == "TRANSPOSE":
        return _behind_primes(tokens, i) if tokens[i] in PRIMES else (i + 1, "T")
    if kind == "INVERSE_TRANSPOSE":
        return i + 1, "-T"
    if kind == "SUPERSCRIPT" and tokens[i] in _POWERS:
        return i + 1, _POWERS[tokens[i]]
    return _power(tokens, i + 1) if kind == "POWER" else (i, "")


def _behind_primes(tokens: Sequence[Token], i: int) -> tuple[int, str]:
    while i < len(tokens) and tokens[i].type == "TRANSPOSE" and tokens[i] in PRIMES:
        i += 1
    return i, ""


def _power(tokens: Sequence[Token], i: int) -> tuple[int, str]:
    """{-1}, (-1), -1 or 2; a number in brackets, as in f^(2), is the order of a derivative."""
    closing = _BRACKETS.get(tokens[i].type) if i < len(tokens) else None
    signed = i + (closing is not None)
    number = signed + (tokens[signed : signed + 1] == ["-"])
    end = number + 1 + (closing is not None)
    if end > len(tokens) or tokens[number].type != "NUMBER" or (closing and tokens[end - 1].type != closing):
        return i, ""
    if closing == "RPAR" and number == signed:
        return i, ""
    return end, "".join(tokens[signed : number + 1])


def _moved(tokens: Sequence[Token], found: _Raised, end: int) -> dict[int, tuple[int, list[Token]]]:
    """x^T(t) as x(t)^T."""
    if end >= len(tokens):
        return {}
    after = tokens[end].end_pos or 0
    raised = [place(t.type, str(t), (after, after)) for t in tokens[found.start + 1 : found.bracket]]
    name = place("NAME", str(tokens[found.start]), _span(tokens, found))
    return {found.start: (found.bracket, [name]), end: (end + 1, [tokens[end], *raised])}


def _inverse(tokens: Sequence[Token], found: _Raised, name: str) -> Token:
    return place("NAME", name + INVERSE_NAME, _span(tokens, found))


def _span(tokens: Sequence[Token], found: _Raised) -> Span:
    return tokens[found.start].start_pos or 0, tokens[found.bracket].start_pos or 0


def _edited(tokens: list[Token], edits: dict[int, tuple[int, list[Token]]]) -> list[Token]:
    if not edits:
        return tokens
    result: list[Token] = []
    i = 0
    while i < len(tokens):
        i, instead = edits.get(i, (i + 1, [tokens[i]]))
        result += instead
    return result


def _unknown(tokens: Sequence[Token], text: str, found: _Raised, end: int, name: str) -> MatcalcError:
    """A function of other places with a superscript in front of its bracket, which is written behind."""
    start, raised = tokens[found.start].start_pos or 0, tokens[found.start + 1].start_pos or 0
    opens, last = tokens[found.bracket].start_pos or 0, tokens[min(end, len(tokens) - 1)]
    typed, power, inside = text[start:raised].strip(), text[raised:opens].strip(), text[opens : last.end_pos]
    made = written_out(name, (0, len(typed)), call := f"{typed}{inside}")
    raised_to = "".join(c for c in power if c.isdigit()) if made is not None else ""
    value = made.fixes[0].applied(call) if made is not None else ""
    hint = (
        offer("write {}", (start, last.end_pos or 0), f"(({value}).^{raised_to})") if raised_to else None
    )  # log sech^2(x)
    return UnknownNameError(
        f"unknown function {name}", code="unknown-function", text=text, span=(start, opens), hint=hint
    )


def _question(tokens: Sequence[Token], text: str, found: _Raised, end: int) -> MatcalcError:
    name, bracket = tokens[found.start], tokens[found.bracket]
    last = tokens[min(end, len(tokens) - 1)]
    start, middle, opens = name.start_pos or 0, tokens[found.start + 1].start_pos or 0, bracket.start_pos or 0
    inverse = canonical_name(name) + INVERSE_NAME if found.power == "-1" else ""
    return power_or_value((start, middle), (middle, opens), (opens, last.end_pos or 0), text, inverse)
