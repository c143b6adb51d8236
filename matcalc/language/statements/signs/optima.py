r"""Optimisation: `\min_x …`, `\arg\max_{x \in …}`, `\underset{x}{\text{minimize}}`, ``minimize over x: …``, and what follows "subject to"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from matcalc.language.statements.scope import Scope
from matcalc.language.statements.signs.calls import by_at_end, names_before
from matcalc.language.statements.signs.spelled_names import is_of_norm, name_at, names_in, whole_name, whole_power
from matcalc.language.statements.tokens import RELATIONS, Token, group_end, inner, split_at
from matcalc.records import dataclass

__all__ = ["Optimum", "constraint_at", "ending_at", "is_index", "optimum_at"]

#: Words of optimisation -> the sense, and what is asked for.
_HEADS = {
    "min": ("min", "value"),
    "max": ("max", "value"),
    "inf": ("min", "value"),
    "sup": ("max", "value"),
    "argmin": ("min", "point"),
    "argmax": ("max", "point"),
    "minimize": ("min", ""),
    "minimise": ("min", ""),
    "maximize": ("max", ""),
    "maximise": ("max", ""),
    "nminimize": ("min", ""),
    "nmaximize": ("max", ""),
    "findminimum": ("min", ""),
    "findmaximum": ("max", ""),
}
_CONSTRAINTS = (("s", ".", "t", "."), ("s", ".", "t"), ("subject", "to"), ("such", "that"), ("st", ".", ":"))
_CONSTRAINTS_UPRIGHT = frozenset(
    "s.t.|s.t|st|subject to|such that|subj. to|subject to:|s. t.|s.t.:|s.a.|s. a.|sujeto a|sujeito a|sous|s.c.".split(
        "|"
    )
)
_OVER = (("over",), ("wrt",), ("with", "respect", "to"), ("w", ".", "r", ".", "t", "."))


@dataclass(frozen=True)
class Optimum:
    """What is optimised.

    Attributes:
        sense: "min" or "max".
        seeks: "value", "point", or "" where the statement is the whole problem.
        names: the variables, or nothing where they are not named.
        conditions: what the place of the variables says of them, as in `x \\in C`.
        indices: names below the sign that are subscripts in what follows.
        head: its own tokens.
        operand: what is optimised.
    """

    sense: str
    seeks: str
    names: tuple[str, ...]
    conditions: tuple[Sequence[Token], ...]
    indices: tuple[str, ...]
    head: Sequence[Token]
    operand: Sequence[Token]


def optimum_at(tokens: Sequence[Token], scope: Scope, *, constrained: bool = False) -> Optimum | None:
    """The optimum that the tokens begin with.

    ``min`` and ``max`` alone are functions, unless constraints follow; so is ``argmax`` of what one bracket holds, and as it
    is printed, before a bracket that it touches.
    """
    read = _head(tokens, scope)
    if read is None:
        return None
    word, below, end = read
    if not below and (called := _called(word, tokens, end, scope)) is not None:
        return called
    operand = tokens[end:]
    sense, seeks = _HEADS[word]
    names, conditions = _variables(below, scope)
    if f"{word}_{'_'.join(names)}" in scope.declared:
        return None
    if not below:
        operand, names = _over(tokens, end, scope)
        if not names and not constrained and _is_function(operand, scope, seeks):
            return None
    head = tokens[:end]
    if not operand or (not below and seeks == "point" and _touches(head, operand[0], scope)):
        return None
    indices = tuple(n for n in names_in(below, latex=scope.latex) if is_index(n, operand, scope))
    return Optimum(sense, seeks, names, conditions, indices, head, operand)


def _called(word: str, tokens: Sequence[Token], opener: int, scope: Scope) -> Optimum | None:
    """Minimize[f, x] and minimize(f, x)."""
    is_bracket = (
        opener < len(tokens) and tokens[opener].text in ("(", "[") and group_end(tokens, opener) == len(tokens) - 1
    )
    if not is_bracket or (tokens[opener].text == "(" and word in ("min", "max", "inf", "sup")):
        return None
    operand, *rest = split_at(tokens[opener + 1 : -1], ",") or [()]
    names = [
        whole_name(inner(part), latex=scope.latex) for argument in rest for part in split_at(inner(argument), ",")[:1]
    ]
    if not operand or not names or None in names:
        return None
    sense, seeks = _HEADS[word]
    return Optimum(sense, seeks, tuple(n for n in names if n), (), (), tokens[: opener + 1], operand)


def ending_at(tokens: Sequence[Token]) -> Optimum | None:
    r"""What is said to be optimised behind it: f(x) \to \min."""
    if len(tokens) < 3 or tokens[-2].text not in (r"\to", r"\rightarrow", "→", "->", r"\longrightarrow"):
        return None
    sense = {"min": "min", "max": "max"}.get(tokens[-1].text.lstrip("\\").lower())
    return None if sense is None else Optimum(sense, "", (), (), (), tokens[-1:], tokens[:-2])


def _is_function(operand: Sequence[Token], scope: Scope, seeks: str) -> bool:
    """Whether min is a function of what follows: of a bracket, of a name, in LaTeX of all but a norm or a number."""
    if seeks != "value":
        return bool(seeks and operand) and operand[0].text == "(" and group_end(operand, 0) == len(operand) - 1
    if not operand or operand[0].text in ("(", "{", r"\{"):
        return True
    if whole_name(operand, latex=scope.latex) is not None:
        return True
    return scope.latex and not (operand[0].text in _NORMS or operand[0].kind == "number")


def _touches(head: Sequence[Token], bracket: Token, scope: Scope) -> bool:
    r"""Whether argmax, in one word, stands directly before a bracket; \arg\min is no function."""
    between = scope.text[head[-1].end : bracket.start]
    one_word = "argm" in scope.text[head[0].start : head[-1].end]
    return bracket.text == "(" and one_word and between in ("", r"\left")


_NORMS = frozenset([r"\|", "‖", "||", r"\lVert", r"\Vert", r"\frac", r"\tfrac"])


def _head(tokens: Sequence[Token], scope: Scope) -> tuple[str, Sequence[Token], int] | None:
    """The word, what stands below it, and the end of both."""
    if not tokens:
        return None
    if tokens[0].text == "{":
        end = group_end(tokens, 0)
        whole = _head(tokens[1:end], scope)
        if whole is not None and whole[2] == end - 1:
            return whole[0], whole[1], end + 1
    if tokens[0].text == r"\underset" and len(tokens) > 1 and tokens[1].text == "{":
        end = group_end(tokens, 1)
        word = _word(tokens, end + 1, scope)
        return None if word is None else (word[0], tokens[2:end], word[1])
    word = _word(tokens, 0, scope)
    if word is None:
        return None
    name, i = word
    if i + 1 < len(tokens) and tokens[i].text == "_":
        if tokens[i + 1].kind == "open":
            end = group_end(tokens, i + 1)
            return name, tokens[i + 2 : end], end + 1
        found = name_at(tokens, i + 1, latex=scope.latex)
        end = found[1] if found is not None else i + 2
        return name, tokens[i + 1 : end], end
    return name, (), i


def _word(tokens: Sequence[Token], i: int, scope: Scope) -> tuple[str, int] | None:
    r"""min, \arg\min, \operatorname*{arg\,min}, {\arg\min}, \mathop{…}: the word, and the index behind it."""
    if i >= len(tokens):
        return None
    token = tokens[i]
    if token.text in (r"\mathop", r"\operatorname", r"\operatorname*", r"\operatornamewithlimits"):
        return _word(tokens, i + 1, scope)
    if token.text == "{":
        end = group_end(tokens, i)
        found = _word(tokens[:end], i + 1, scope)
        return (found[0], end + 1) if found is not None and found[1] == end else None
    word = token.text.lower().lstrip("\\").replace(" ", "").replace("-", "").rstrip(":")
    if word == "arg" and (found := _word(tokens, i + 1, scope)) is not None:
        return (f"arg{found[0]}", found[1]) if f"arg{found[0]}" in _HEADS else None
    known = word in _HEADS and token.kind in ("word", "command", "upright") and token.text not in scope.declared
    return (word, i + 1) if known else None


def _over(tokens: Sequence[Token], i: int, scope: Scope) -> tuple[Sequence[Token], tuple[str, ...]]:
    """What is optimised and by what, of ``minimize over x: f`` and ``minimize f over x``."""
    for marker in _OVER:
        if tuple(t.text for t in tokens[i : i + len(marker)]) == marker:
            found = names_before(tokens[i + len(marker) :], scope, ":", "of", ",")
            if found is not None:
                return tokens[i + len(marker) + found[1] :], found[0]
    return by_at_end(tokens[i:], scope, _OVER)


def _variables(below: Sequence[Token], scope: Scope) -> tuple[tuple[str, ...], tuple[Sequence[Token], ...]]:
    r"""The names below min, and what is said of them: `x \in C`, `x \ge 0`, `\|x\| = 1`, `x : A x = b`."""
    names: dict[str, None] = {}
    conditions: list[Sequence[Token]] = []
    waiting: list[Token] = []
    for part in split_at(inner(below), ",", ";"):
        raised = whole_power(part, latex=scope.latex)
        named = (raised, len(part)) if raised is not None else name_at(part, 0, latex=scope.latex)
        rest = () if named is None else part[named[1] :]
        waiting += part
        if named is not None:
            names[named[0]] = None
        elif _is_product(part) or not names:
            names.update(dict.fromkeys(names_in(part, latex=scope.latex)))
        if rest and rest[0].text in (":", "|", r"\mid", r"\colon"):
            conditions.append(rest[1:])
        elif rest or not (named or _is_product(part)):
            conditions.append(waiting)
        else:
            continue
        waiting = []
    return tuple(names), tuple(conditions)


def _is_product(part: Sequence[Token]) -> bool:
    return all(t.kind == "word" for t in part)


def is_index(name: str, operand: Sequence[Token], scope: Scope) -> bool:
    """Whether the name is a subscript in what follows."""
    for i, token in enumerate(operand[:-1]):
        lowered = token.text == "_" or (token.text == "[" and i > 0 and operand[i - 1].end == token.start)
        if not lowered or is_of_norm(operand, i):
            continue
        opener = i if token.text == "[" else i + 1
        end = group_end(operand, opener) if operand[opener].kind == "open" else opener + 1
        group = operand[opener:end] if operand[opener].kind == "open" else operand[opener : opener + 1]
        if name in set(names_in(group, latex=scope.latex)) | {c for t in group if t.kind == "word" for c in t.text}:
            return True
    return False


# --- constraints ------------------------------------------------------------------------------


def constraint_at(tokens: Sequence[Token], i: int) -> int:
    """The number of tokens that say "subject to" here, or 0."""
    token = tokens[i]
    if token.kind == "upright":
        return int(token.text.lower() in _CONSTRAINTS_UPRIGHT)
    if token.text == r"\st":
        return 1
    if token.text == "{":
        inside = tokens[i + 1 : group_end(tokens, i)]
        return len(inside) + 2 if inside and constraint_at(inside, 0) == len(inside) else 0
    if token.text == r"\rm" and i + 1 < len(tokens) and (length := constraint_at(tokens, i + 1)):
        return length + 1
    for marker in _CONSTRAINTS:
        if tuple(t.text for t in tokens[i : i + len(marker)]) == marker:
            return len(marker)
    return 0


def relations_in(tokens: Sequence[Token]) -> Iterator[Token]:
    """Relations outside of brackets."""
    depth = min((t.depth for t in tokens), default=0)
    return (t for t in tokens if t.depth == depth and (t.kind == "relation" or t.text in RELATIONS))
