"""Names of known functions where they stand without brackets, or as factors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lark import Token

from matcalc.language.faults.function_faults import function_or_factor, unknown_function
from matcalc.language.signs.called.function_letters import ALSO_LETTERS, function_of_letter
from matcalc.language.signs.called.logistic_marks import LOGISTIC_HINT, is_steepness, logistic, steepness
from matcalc.language.surface.bars import span_of
from matcalc.language.surface.brackets import Brackets
from matcalc.language.words.names import canonical_name, is_greek, spelled
from matcalc.language.words.written_out import OF_OTHERS

if TYPE_CHECKING:
    from matcalc.language.surface.arrange import Reading

__all__ = ["LONGEST_ARGUMENT", "OTHER_MEANINGS", "is_word", "mark_known"]


#: Letters that may stand before a bracket for something else than a function of arrays, and what is said of them.
OTHER_MEANINGS = {
    "N": "there are no distributions: type the density, as in exp(-||x||^2 / 2)",
    "P": "there are no probabilities: type the function",
    "O": "there are no orders of growth",
    "Theta": "there are no orders of growth",
    "d": "of a differential, type the function only",
    "t": "the transpose is X^T",
    "sigma": LOGISTIC_HINT,
}
#: Of longer arguments the beginning tells enough.
LONGEST_ARGUMENT = 16

#: Letters of sizes, as they stand in orders of growth.
_SIZES = frozenset("n N m M k K d p T epsilon".split())


def mark_known(tokens: list[Token], bare: set[str], context: Reading) -> None:
    """A known, undeclared name before a parenthesis is a function; an unknown word there is a mistake."""
    for i, token in enumerate(tokens):
        if token.type != "NAME":
            continue
        name = canonical_name(token)
        if name in context.declared:
            continue
        called = i + 1 < len(tokens) and tokens[i + 1].type == "LPAR"
        touches = called and tokens[i + 1].start_pos == token.end_pos
        if called and name in ALSO_LETTERS:
            function = function_of_letter(tokens, i, context)
            if function is not None:
                tokens[i] = Token("FUNCTION", function, start_pos=token.start_pos, end_pos=token.end_pos)
        elif called and context.functions(name) is not None:
            token.type = "FUNCTION"
        elif called and (is_word(name) or name in OF_OTHERS):
            raise unknown_function(name, span_of(token), context.text, context.function_names())
        elif touches and (letter := spelled(name).word) in OTHER_MEANINGS:
            if not _is_factor(tokens, i, Brackets(tokens), name in bare):
                raise function_or_factor(name, span_of(token), context.text, OTHER_MEANINGS[letter])
            if name == "sigma" and is_steepness(tokens, i):
                context.notes.append(steepness(token, context))
            elif name == "sigma":
                tokens[i] = logistic(token, context, span_of(token))


def _is_factor(tokens: list[Token], i: int, brackets: Brackets, bare: bool) -> bool:
    """Whether a letter with other meanings stands before a bracket as a factor may; σ(W x) is let pass, too."""
    letter = spelled(canonical_name(tokens[i])).word
    inside = tokens[i + 2 : min(brackets.closer(i + 1), i + 2 + LONGEST_ARGUMENT)]
    names = [canonical_name(t) for t in inside if t.type == "NAME"]
    alone = len(inside) == 1 and bool(names)
    match letter:
        case "sigma":
            return not bare and canonical_name(tokens[i]) == "sigma" and not (alone and names[0][0].isupper())
        case "O" | "d":
            return False
        case "Theta":
            return bare or not _SIZES.issuperset(names)
    return bare or not (alone or brackets.is_list(i + 1))


def is_word(name: str) -> bool:
    """More than one letter, perhaps with digits or an index; ell is a letter."""
    word = spelled(name).word
    return len(word) > 1 and not is_greek(name) and word not in ("pi", "ell")
