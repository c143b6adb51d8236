"""Characters and names: what may be typed, and the one ASCII spelling of each name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable

from matcalc.errors import Fix, Hint, Offers, SyntaxFault
from matcalc.expr.named_powers import base_and_exponent
from matcalc.language.words.indices import BETWEEN, index_words, together
from matcalc.patterns import pattern
from matcalc.records import dataclass

__all__ = [
    "ADJOINT",
    "ALSO_FUNCTION_LETTERS",
    "COMPLEX_PARTS",
    "CONJUGATE",
    "FUNCTION_LETTERS",
    "GREEK",
    "INVERSE_NAME",
    "PRIMES",
    "RAISED",
    "canonical_name",
    "check_characters",
    "entry_of",
    "is_greek",
    "nearest",
    "numbers_identities",
    "slopes_of_image",
    "spelled",
    "typed_name",
]

#: What z^* and z with a bar are called.
_CONJUGATE = pattern(r"(\w+?)(?:__star|_bar)")
#: What stands in a name before what is raised: x__star is x^\\star.
RAISED = "__"
#: What is appended to the name of a function for that of its inverse.
INVERSE_NAME = "_inv"
#: Signs of derivatives behind a name.
PRIMES = frozenset("'’′")
#: Marks behind what is complex: the conjugate transpose, and the conjugate.
ADJOINT, CONJUGATE = "^H", "^*"
#: Functions of complex numbers, with what else they are called, which are names like others where all numbers are real.
COMPLEX_PARTS = {n: n for n in ("conj", "re", "im")} | {
    "conjugate": "conj",
    "real": "re",
    "imag": "im",
    "Re": "re",
    "Im": "im",
}
#: Letters of functions.
FUNCTION_LETTERS = frozenset("f g h phi psi Phi Psi ell".split())
#: Letters of functions where the bracket would be needless behind a factor: of distributions, links and operators.
ALSO_FUNCTION_LETTERS = frozenset("F G H S R T K L N m Lambda Psi Theta Pi Xi".split())

_LOWER = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho varsigma sigma tau "
    "upsilon phi chi psi omega"
).split()

#: Greek letter -> its name; capitals are capitalised.
GREEK: dict[str, str] = {chr(0x3B1 + i): name for i, name in enumerate(_LOWER)} | {
    chr(0x391 + i): name.capitalize() for i, name in enumerate(_LOWER) if name != "varsigma"
}
_NAMES = frozenset(GREEK.values())

#: Digits, letters and signs that stand below the line.
_BELOW = pattern("[₀-₎ₐ-ₜᵢ-ᵪⱼ]+")
_SIGNS = frozenset(
    "≤≥≠∞·⋅∗⋆×÷−–’′ᵀ⊤⊺†⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹ⁿ⊙∘⊘⊗‖⟨⟩₀₁₂₃₄₅₆₇₈₉₊₋ℓ∇∂√∛∑½⅓¼¾⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞\u00a0\u2002\u2003\u2009\u202f\n\r\t"
)
#: Letters of other scripts that look like Latin ones.
_LOOKALIKES = dict(zip("АВЕКМНОРСТХаеорсухіјѕ", "ABEKMHOPCTXaeopcyxijs", strict=True))


_NOT_ASCII = pattern("[^ -~]")


def check_characters(text: str) -> None:
    """Refuse characters that no expression holds: invisible ones, other scripts, lone surrogates."""
    for found in _NOT_ASCII.finditer(text):
        i, character = found.start(), found.group()
        if not (character in _SIGNS or _is_letter(character)):
            if not (character in _ACCENTS and _is_letter(text[i - 1 : i])):
                raise _foreign(text, i, character)


def _is_letter(character: str) -> bool:
    if character in GREEK:
        return True
    parts = unicodedata.normalize("NFKD", character)
    plain = parts[:1] in _LATIN_OR_GREEK and not "\uff00" <= character <= "\uffef"
    return plain and (len(parts) == 1 or (len(parts) == 2 and parts[1] in _ACCENTS))


_LATIN_OR_GREEK = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") | frozenset(GREEK)


def _foreign(text: str, i: int, character: str) -> SyntaxFault:
    hint: str | None
    code = f"U+{ord(character):04X}"
    category = unicodedata.category(character)
    name = unicodedata.name(character, "")
    if category in ("Cc", "Cf", "Cs", "Zl", "Zp", "Cn", "Co"):
        what = f"an invisible or invalid character, {code}" + (f" ({name})" if name else "")
        return SyntaxFault(what, code="character", text=text, span=(i, i + 1), hint=_delete(i))
    if category == "Mn" and i:
        suffix = _ACCENTS.get(character, "1")
        hint = _written("write {}", i - 1, i + 1, f"{text[i - 1]}_{suffix}")
        return SyntaxFault("letters have no accents here", code="character", text=text, span=(i - 1, i + 1), hint=hint)
    return SyntaxFault(
        f"the character {character} ({code} {name}) has no meaning here",
        code="character",
        text=text,
        span=(i, i + 1),
        hint=_foreign_hint(text, i, character),
    )


def _foreign_hint(text: str, i: int, character: str) -> str | None:
    """What may be written for the character at this place."""
    twin = _LOOKALIKES.get(character)
    if twin:
        return _written("it looks like the Latin {}: type that", i, i + 1, twin)
    if character in _PLAIN_SIGNS:
        return _written("write {}", i, i + 1, _PLAIN_SIGNS[character])
    operand = re.compile(r"\s*(\([^()]*\)|[^\W\d]\w*)").match(text, i + 1)
    if character in _PREFIXES and operand is not None:
        inside = operand.group(1).strip("()")
        return _written("write {}", i, operand.end(), _PREFIXES[character].replace("{}", inside))
    if character in _FOREIGN_HINTS:
        return _FOREIGN_HINTS[character]
    parts = unicodedata.normalize("NFD", character)
    if len(parts) == 2 and parts[1] in _ACCENTS:
        return _written("write {}", i, i + 1, f"{parts[0]}_{_ACCENTS[parts[1]]}")
    usual = unicodedata.normalize("NFKC", character)
    if usual.isascii() and usual.isalnum():
        return _written("write {}", i, i + 1, usual)
    letters = "names are made of Latin and Greek letters, digits and _"
    kind = unicodedata.category(character)
    return letters if kind[0] == "L" else None if kind == "Sm" else _delete(i)


def _written(sentence: str, start: int, end: int, instead: str) -> Hint:
    return Hint(Offers(sentence, ((instead, Fix((((start, end), instead),))),)))


def _delete(i: int) -> Hint:
    return Hint(Offers("{}", (("delete it", Fix((((i, i + 1), ""),))),)))


#: Signs before what they are applied to.
_PREFIXES = {
    "∑": "sum({})",
    "∏": "exp(sum(log({})))",
}
#: Signs that stand for others.
_PLAIN_SIGNS = {"½": "1/2", "⅓": "1/3", "¼": "1/4", "¾": "3/4", "—": "-", "―": "-", "ˆ": "^", "⊖": "-"}
_FOREIGN_HINTS = {
    "∂": "type the function only: its derivatives are what the engine finds",
    "∇": "type the function only: its derivatives are what the engine finds",
    "∈": "declarations come after the word where, as in x^T A x where A: symmetric(n)",
    "⊕": "a block matrix is [A, 0; 0, B]",
    "≈": "an expression has no relations",
    "…": "there are no dots: write the expression out, or in matrices",
    "⋯": "there are no dots: write the expression out, or in matrices",
    "*": "write *",
    "“": "there are no quotation marks",
    "”": "there are no quotation marks",
}
#: Combining signs -> what they add to a name.
_ACCENTS = {
    "\u0302": "hat",
    "\u0303": "tilde",
    "\u0304": "bar",
    "\u0305": "bar",
    "\u0306": "breve",
    "\u0307": "dot",
    "\u0308": "ddot",
    "\u030c": "check",
}


def canonical_name(raw: str) -> str:
    """The ASCII spelling of a name: ``Σ`` is Sigma, ``x_{ij}`` x_ij, ``x₁`` x_1, ``h_{t-1}`` h_t_minus_1, ``x̂`` x_hat."""
    if raw.isascii() and "{" not in raw and "*" not in raw:
        return str(raw)
    lowered = _BELOW.sub(lambda m: f"_{{{unicodedata.normalize('NFKC', m.group())}}}", raw)
    indexed = re.sub(r"_(?:\{([^{}]*)\}|(\*+))", lambda m: "_" + _index(m.group(1) or m.group(2) or ""), lowered)
    return "".join(GREEK.get(c) or _accent(c) for c in unicodedata.normalize("NFKD", indexed))


def _index(shown: str) -> str:
    return index_words(shown) or re.sub(r"[\s,]+", "_", shown.strip())


def _accent(character: str) -> str:
    """x̂ is x_hat: what a combining sign adds to a name, or the character itself."""
    return f"_{_ACCENTS[character]}" if character in _ACCENTS else character


@dataclass(frozen=True)
class Spelled:
    """A name taken apart; what stands ``below`` and ``above`` are words, and ``W1`` has 1 below.

    Attributes:
        word: the letter, or the word.
        accent: what stands over the letter, "hat", "bar" …, or nothing.
        below: the words of the subscript.
        above: the words of what is raised.
    """

    word: str
    accent: str
    below: tuple[str, ...]
    above: tuple[str, ...]


def spelled(name: str) -> Spelled:
    """Sigma_hat_1 as Sigma, hat and 1; x__star as x and star."""
    low, _, high = name.partition(RAISED)
    base, *rest = low.split("_")
    found = re.fullmatch(r"([A-Za-z]+?)(\d*)", base)
    word, digits = found.groups() if found else (base, "")
    accented = rest and rest[0] in _ACCENTS.values() and not digits and (len(word) == 1 or word in _NAMES)
    accent = rest.pop(0) if accented else ""
    below = tuple(part for part in (digits, *rest) if part)
    return Spelled(word, accent, below, tuple(high.split("_")) if high else ())


def conjugate_of(name: str) -> str | None:
    """z for z_bar and z__star, the names that a conjugate has where it is one."""
    found = _CONJUGATE.fullmatch(name)
    return None if found is None else found[1]


def entry_of(name: str, names: Collection[str]) -> str | None:
    """x of x_i and X of X_ij, where that stands among the names."""
    parts = spelled(name)
    whole = f"{parts.word}_{parts.accent}" if parts.accent else parts.word
    is_entry = parts.below and not parts.above and all(re.fullmatch(r"\d+|[a-z]{1,2}", part) for part in parts.below)
    return whole if is_entry and whole in names else None


def typed_name(name: str) -> str:
    """x_t_plus_1 as x_{t+1} and the name of sigma^2 as that, as a person types it; all other names as they are."""
    if (raised := base_and_exponent(name)) is not None:
        return f"{typed_name(raised[0])}^{raised[1]}"
    parts = spelled(name)
    if not any(word in BETWEEN for word in parts.below[1:-1]):
        return name
    letter = f"{parts.word}_{parts.accent}" if parts.accent else parts.word
    return f"{letter}_{{{together(parts.below)}}}" + name[len(name.partition(RAISED)[0]) :]


def is_greek(name: str) -> bool:
    """A Greek letter, perhaps with an index: ``lambda``, ``Sigma_1``."""
    return re.sub(r"[_\d].*", "", name) in _NAMES


def numbers_identities(text: str) -> bool:
    """Whether I_1 stands in the text: beside it I_2 is no identity, but the next of several names."""
    return re.search(r"(?<![^\W_])I\s*(?:_\s*\{?\s*1\s*(?:\}|(?!\w))|₁)", text) is not None


def slopes_of_image(text: str) -> frozenset[str]:
    """The directions x, y, t of an image I by which I_x and I_y are its derivatives, and no identities."""
    found = frozenset(_SLOPE.findall(text))
    return found if {"x", "y"} <= found else frozenset()


_SLOPE = pattern(r"(?<![^\W_])I\s*_\s*\{?\s*([txyz])\s*(?:\}|(?!\w))")


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that was probably meant."""
    candidates = sorted(set(known) - {name})
    folded = [c for c in candidates if c.lower() == name.lower()]
    swapped = [c for c in candidates if sorted(c) == sorted(name)]
    found = folded or swapped or _similar(name, [c for c in candidates if len(c) > 2])
    return found[0] if found and len(name) > 1 else None


def _similar(name: str, candidates: list[str]) -> list[str]:
    from difflib import get_close_matches

    return get_close_matches(name, candidates, n=1, cutoff=0.72 if len(name) > 3 else 0.8)
