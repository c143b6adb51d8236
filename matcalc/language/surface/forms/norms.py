r"""Norms by their subscripts: ‖x‖_1, ‖X‖_F, ‖X‖_{nuc}, ‖x‖_{\ell_2}, and ‖x‖_A, the length that a matrix gives."""

from __future__ import annotations

import re
from collections.abc import Callable, Container
from fractions import Fraction

from matcalc.errors import Hint, Offers, Span, SyntaxFault
from matcalc.language.latex.latex_signs import FACES, SWITCHES, UPRIGHT
from matcalc.language.mends.hints import either, offer, replaced, write
from matcalc.language.surface.arrange import reading
from matcalc.language.surface.tree import Surface, walk
from matcalc.language.words.plain.plain_spellings import NORM_WORDS
from matcalc.patterns import pattern

__all__ = ["is_norm_word", "norm_of"]

#: Subscripts of norms that are functions; none, F and 2 depend on the shape.
_NORMS = {"1": "norm1", "*": "norm_nuc", "∞": "norm_inf", "inf": "norm_inf", "max": "norm_inf"}
_EUCLIDEAN = {"": "", "2": "2", "F": "F"}
#: Other words for them.
_SAME = {
    **dict.fromkeys(["f", "Fro", "fro", "Frob", "HS", "F,F"], "F"),
    **dict.fromkeys(["nuc", "nuclear", "tr", "trace", "∗", "⋆", r"\ast", r"\star"], "*"),
    **dict.fromkeys(["op", "spec", "spectral"], "2"),
    **dict.fromkeys([r"\infty", "infty", "Inf", "+\\infty"], "inf"),
}
_UPRIGHT = pattern("|".join(re.escape(c) + r"(?![A-Za-z])" for c in sorted({*UPRIGHT, *SWITCHES}, reverse=True)))
_SCRIPT = tuple(command for command, face in FACES.items() if face == "script")
#: l_2, \ell^1 and L^2
_SPACE = pattern(r"(?:[lL]|\\ell|ℓ)[_^]?(1|2|∞|inf|infty|\\infty)")
_HINT = "norms are ||x||, ||x||_1, ||x||_2, ||x||_p, ||x||_inf, ||X||_F, ||X||_* and ||x||_A for sqrt(x^T A x)"

#: Two orders that are the same are the norm of all entries; 21 is rather 2,1 than an order, and so is 12.
_TWO_ORDERS = pattern(r"([12p]|inf),\1")
_OTHER_ORDERS = pattern(r"12|(\w|∞|\\?infty),(\w|∞|\\?infty)")


def norm_of(x: Surface, subscript: str, span: Span, place: Span, read: Callable[[Span], Surface]) -> Surface:
    """The norm of ``x`` with this subscript, which stands at ``place``; ``read`` reads a part of the text."""
    word = _word(subscript)
    both = _TWO_ORDERS.fullmatch(re.sub(r"\\?infty|∞", "inf", word))
    word = {"2": "F"}.get(both.group(1), both.group(1)) if both else word
    if word in _EUCLIDEAN:
        return Surface("norm", (x,), _EUCLIDEAN[word], span)
    if word in _NORMS:
        return Surface("call", (x,), _NORMS[word], span)
    if word == "0":
        message = "||x||_0 counts the entries that are not zero: it has no derivative"
        nearest_norm = "||…||_1", replaced(place, "_1")
        hint = Hint(Offers("the norm nearest to it is {}", (nearest_norm,)))
        raise SyntaxFault(message, text=reading.get().text, span=span, hint=hint)
    if word in ("21", "2,1"):
        raise _mixed(x, word, span, place)
    if _OTHER_ORDERS.fullmatch(word):
        raise _unknown(word, place, _HINT)
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", word):
        return Surface("call", (x, Surface("number", (), Fraction(word), place)), "norm", span)
    if re.fullmatch(r"[a-z]", word):
        return Surface("call", (x, Surface("name", (), word, place)), "norm", span)
    return _weighted(x, subscript, span, place, read)


def is_norm_word(node: Surface, declared: Container[str]) -> bool:
    """Whether the second argument of norm(X, fro) names a norm."""
    return node.kind == "name" and node.value in NORM_WORDS and node.value not in declared


def _word(subscript: str) -> str:
    r"""\mathrm{F}, {\rm F} and \text{Fro} are F, \ell_2 is 2"""
    word = re.sub(r"[{}\s]|\\[,;!]", "", _UPRIGHT.sub("", subscript))
    word = word.translate(str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789"))
    space = _SPACE.fullmatch(word)
    word = space.group(1) if space else word
    return _SAME.get(word, word)


def _weighted(x: Surface, subscript: str, span: Span, place: Span, read: Callable[[Span], Surface]) -> Surface:
    r"""‖x‖_A and ‖x‖_{\Sigma^{-1}}: sqrt(x^T A x)"""
    weight = read(place) if _may_be_weight(subscript) else None
    if weight is None or not _is_weight(weight):
        raise _unknown(re.sub(r"^\{(.*)\}$", r"\1", subscript.strip()), place, _HINT)
    form = Surface("call", (x, weight), "quad", span)
    return Surface("call", (form,), "sqrt", span)


def _may_be_weight(subscript: str) -> bool:
    return not _UPRIGHT.search(subscript) and not any(command in subscript for command in _SCRIPT)


def _is_weight(node: Surface) -> bool:
    """A capital, alone, inverted, or in a sum or product with a sign"""
    nodes = walk(node)
    names = [n for n in nodes if n.kind == "name"]
    matrices = any(n.value[0].isupper() for n in names)
    return matrices and not (node.kind == "multiply" and all(n.kind in ("name", "multiply") for n in nodes))


def _mixed(x: Surface, word: str, span: Span, place: Span) -> SyntaxFault:
    """The question whether ‖X‖_{2,1} is made of the lengths of the rows or of the columns."""
    context = reading.get()
    source = context.text[slice(*x.span)]
    total, norm = (r"\operatorname{sum}", r"\operatorname{norm}") if context.latex else ("sum", "norm")
    offers = [
        (f"{total}({norm}({source}, axis=2))", "for the lengths of the rows"),
        (f"{total}({norm}({source}, axis=1))", "for those of the columns"),
        *([(f"{norm}({source}, {word})", f"for the norm of order {word}")] if word.isdigit() else []),
    ]
    message = f"the norm with the subscript {word} may add the lengths of the rows or of the columns"
    return SyntaxFault(message, code="mixed-norm", text=context.text, span=place, hint=write(span, *offers))


def _unknown(subscript: str, place: Span, hint: str) -> SyntaxFault:
    message = f"there is no norm with the subscript {subscript}"
    known = either(hint, offer("leave it out", place, ""))
    return SyntaxFault(message, text=reading.get().text, span=place, hint=known)
