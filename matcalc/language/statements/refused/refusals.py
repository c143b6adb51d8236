"""What is refused: equations, lists, derivatives inside an expression, and formulas that are no function at all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from matcalc.errors import SyntaxFault
from matcalc.functions import find
from matcalc.language.latex.latex_signs import ENTRYWISE
from matcalc.language.statements.scope import Scope
from matcalc.language.statements.signs.calls import derivative_at
from matcalc.language.statements.signs.derived_functions import is_of_function
from matcalc.language.statements.signs.sayings import is_property
from matcalc.language.statements.signs.spelled_names import names_in
from matcalc.language.statements.tokens import Token, argument, group_end, starts_value
from matcalc.language.words.names import is_greek
from matcalc.patterns import pattern

__all__ = [
    "derivative_inside",
    "fault",
    "quoted",
    "refuse_derivative_inside",
    "refuse_no_function",
    "refuse_spoken_factors",
    "refuse_sum_without_index",
    "refuse_words",
]

_SIGNS = frozenset(["∇", r"\nabla", "∂", r"\partial", "𝜕"])


def fault(message: str, code: str, tokens: Sequence[Token], scope: Scope, hint: str | None = None) -> SyntaxFault:
    """An error about these tokens."""
    span = (tokens[0].start, tokens[-1].end) if tokens else (0, len(scope.text))
    return SyntaxFault(message, code=code, text=scope.text, span=span, hint=hint)


def quoted(tokens: Sequence[Token], scope: Scope) -> str:
    """What was typed, as an argument of a command; dollar signs keep it LaTeX."""
    spelled = scope.spelled(tokens)
    if scope.latex:
        return f"'{spelled}'" if "\\" in spelled else f"'${spelled}$'"
    return f'"{spelled}"'


# --- derivatives inside -----------------------------------------------------------------------


def refuse_derivative_inside(tokens: Sequence[Token], scope: Scope) -> None:
    """A derivative is asked for as a whole: none stands within an expression."""
    found = next(_derivatives(tokens, scope), None)
    if found is not None and found[0] is tokens[0]:
        hint = "write d/dx (x^T A x), ∂/∂X tr(A X) or ∇_x (x^T A x)"
        raise fault("it does not say what is differentiated by what", "derivative-inside", found, scope, hint)
    if found is not None:
        raise derivative_inside(found, scope)


def derivative_inside(tokens: Sequence[Token], scope: Scope) -> SyntaxFault:
    """The error about a sign of a derivative within an expression."""
    hint = "differentiate the function alone, as in d/dx (x^T A x), and go on with the answer"
    return fault("a derivative stands inside an expression here", "derivative-inside", tokens, scope, hint)


#: More tokens than this do not stand between a sign and its function.
_LONGEST_SIGN = 20


def _derivatives(tokens: Sequence[Token], scope: Scope) -> Iterator[Sequence[Token]]:
    for i, token in enumerate(tokens):
        starts = token.text in _SIGNS and not is_of_function(tokens[i : i + _LONGEST_SIGN], scope)
        if _may_be_quotient(tokens, i):
            operator = derivative_at(tokens[i:], scope)
            starts = operator is not None and (token.text != "d" or _varies(operator.variables, tokens, scope))
        if starts:
            yield tokens[i : i + 1]


def _may_be_quotient(tokens: Sequence[Token], i: int) -> bool:
    """Whether a d stands above a fraction that begins here."""
    after = [t.text for t in tokens[i + 1 : i + 3]]
    if tokens[i].text == "d":
        return after[:1] == ["/"]
    return (
        tokens[i].text == r"\frac"
        and len(after) == 2
        and (after[1][:1] == "d" or after[1] in (r"\partial", r"\mathrm"))
    )


def _varies(names: Sequence[str], tokens: Sequence[Token], scope: Scope) -> bool:
    return bool(names) and set(names) <= set(names_in(tokens, latex=scope.latex))


def refuse_sum_without_index(tokens: Sequence[Token], scope: Scope) -> None:
    r"""Over what \sum runs, an index tells: \sum (y - z)^2 may be the sum of the squares, or the square of the sum."""
    for i, token in enumerate(tokens):
        if (
            token.text == r"\sum"
            and not any(t.text == "_" for t in tokens[i + 1 :])
            and not _is_of_entries(tokens, i + 1)
        ):
            hint = r"write \sum_i with the index behind each name, or \mathbf 1^\top (…) for the sum of all entries"
            raise fault("the sum has no index", "sum-without-index", tokens[i : i + 1], scope, hint)


def _is_of_entries(tokens: Sequence[Token], i: int) -> bool:
    r"""Whether squares of a bracket, or absolute values, are what is summed, up to a sign or the end."""
    while i < len(tokens) and tokens[i].text in ENTRYWISE and tokens[i + 1 : i + 2] and tokens[i + 1].text != "(":
        i += 1
    if i >= len(tokens) or tokens[i].text not in ("(", "|"):
        return False
    end = group_end(tokens, i) if tokens[i].text == "(" else _next_bar(tokens, i)
    if tokens[i].text == "(" and [t.text for t in tokens[end + 1 : end + 2]] == ["^"]:
        end = argument(tokens, end + 2)[1] - 1
    elif tokens[i].text == "(":
        return False
    return end + 1 >= len(tokens) or tokens[end + 1].text in ("+", "-", "−", ")", "]", "}")


def _next_bar(tokens: Sequence[Token], i: int) -> int:
    return next((j for j in range(i + 1, len(tokens)) if tokens[j].text == "|"), len(tokens))


#: What says something of an expression, and is no name in one.
_WORDS = frozenset(
    "of wrt find compute calculate evaluate differentiate derivative the respect with for given assuming assume suppose that "
    "is are".split()
)


def refuse_words(tokens: Sequence[Token], scope: Scope) -> None:
    """Words that ask for something are no names: a product with them is not what was asked."""
    for token, following in pairwise([*tokens, Token("row", "", 0, 0)]):
        called = (following.text == "(" and following.start == token.end) or following.text in (",", ")")
        if token.kind == "word" and token.text.lower() in _WORDS - scope.declared and not (called or scope.latex):
            hint = "write gradient of x^T A x with respect to x, or x^T A x where A is symmetric; or declare it where it is a name"
            raise fault(f"the word {token.text} is not understood here", "words", [token], scope, hint)
        if is_property(token) and token.text not in scope.declared:
            hint = r"say it behind where, as in \text{where } W \text{ is symmetric}; or declare it where it is a name"
            raise fault(f"the word {token.text} is not understood here", "words", [token], scope, hint)


def refuse_spoken_factors(tokens: Sequence[Token], scope: Scope) -> None:
    """A word in front of a formula in a sentence is hardly a factor: the gradient of half x^T x."""
    for token, following in pairwise(tokens):
        is_word = token.kind == "word" and re.fullmatch("[a-z]{3,}", token.text) is not None
        known = token.text in scope.declared or find(token.text) is not None or is_greek(token.text)
        if is_word and not known and not scope.latex and starts_value(following) and following.start > token.end:
            hint = f"write what it means in signs, or {token.text} * … where it is the name of a factor"
            raise fault(f"the word {token.text} is not understood here", "words", [token], scope, hint)


# --- no function at all -----------------------------------------------------------------------

#: Signs of an order of growth; of the Greek ones only what they stand before tells.
_ORDERS = frozenset(["O", "o", "Theta", "Omega", r"\Theta", r"\Omega", "Θ", "Ω", r"\mathcal", r"\tilde", r"\mathrm"])
_ALWAYS_ORDERS = frozenset(["O", "o"])
#: Letters of sizes and small quantities.
_SIZES = frozenset("n m k d N T h p K M D epsilon delta eps".split())
_ATOMS = pattern(r"(?:[A-Z][a-z]?(?:_?\d+)?)+")


def refuse_no_function(tokens: Sequence[Token], scope: Scope) -> None:
    """Orders of growth and chemical formulas are no functions."""
    for i in range(len(tokens) - 1):
        order = _order_of_growth(tokens, i, scope)
        if order is not None:
            hint = r"leave it out; a matrix O times a bracket is O \cdot (…) or O * (…)"
            raise fault("an order of growth is no function", "no-function", order, scope, hint)
    if scope.latex and _is_chemical(tokens, scope):
        hint = r"a product of matrices is \mathbf{N}_2 \mathbf{H}_4"
        raise fault("this looks like a chemical formula, not like a function", "no-function", tokens, scope, hint)


def _order_of_growth(tokens: Sequence[Token], i: int, scope: Scope) -> Sequence[Token] | None:
    r"""O(h^2) and \mathcal O(\cdot) wherever they stand; \Theta(n^2) where it is the whole text."""
    if tokens[i + 1].text != "(" or _stands_in_subscript(tokens, i):
        return None
    first = i
    while tokens[first].text == "}":
        first -= 1
    name = tokens[first].text.lstrip("\\")
    if name in scope.declared or name not in _ORDERS or tokens[i].end != tokens[i + 1].start:
        return None
    end = group_end(tokens, i + 1)
    inside = set(names_in(tokens[i + 2 : end], latex=scope.latex))
    whole = end >= len(tokens) - 1 and all(t.text in _ORDERS | {"{", "}"} for t in tokens[:i])
    sizes = inside <= _SIZES | {"log", "sqrt"} and bool(inside)
    if name in _ALWAYS_ORDERS or (whole and sizes):
        return tokens[first : end + 1]
    return None


def _stands_in_subscript(tokens: Sequence[Token], i: int) -> bool:
    return i > 0 and tokens[i - 1].text == "_"


def _is_chemical(tokens: Sequence[Token], scope: Scope) -> bool:
    r"""Whether every letter is an upright symbol of an element with a count: \mathrm{N}_2\mathrm{H}_4."""
    atoms = [t for t in tokens if t.kind == "upright"]
    others = [t for t in tokens if t.kind in ("word", "command") and t.text not in (r"\frac", r"\cdot")]
    if others or not all(_ATOMS.fullmatch(t.text) and t.text not in scope.declared for t in atoms):
        return False
    symbols = sum(len(re.findall("[A-Z]", t.text)) for t in atoms)
    counted = any(re.search(r"\d", t.text) for t in atoms) or any(
        a.kind == "upright" and b.text == "_" for a, b in pairwise(tokens)
    )
    return symbols > 1 and counted
