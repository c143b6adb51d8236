"""Characters and names: what may be typed, and the one ASCII spelling of each name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches

from matcalc.errors import SyntaxFault

__all__ = ["GREEK", "canonical_name", "check_characters", "is_greek", "nearest", "usual_signs"]

_LOWER = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho varsigma sigma tau "
    "upsilon phi chi psi omega"
).split()

#: Greek letter -> its name; capitals are capitalised.
GREEK: dict[str, str] = {chr(0x3B1 + i): name for i, name in enumerate(_LOWER)} | {
    chr(0x391 + i): name.capitalize() for i, name in enumerate(_LOWER) if name != "varsigma"
}
_NAMES = frozenset(GREEK.values())

_SUBSCRIPTS = {ord(sign): str(digit) for digit, sign in enumerate("₀₁₂₃₄₅₆₇₈₉")}
_SIGNS = frozenset("∞·⋅∗×÷−–’′ᵀ⊤⊺†⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹ⁿ⊙∘⊘⊗‖⟨⟩₀₁₂₃₄₅₆₇₈₉ℓ\u00a0\u2002\u2003\u2009\u202f\n\r\t")
#: Letters of other scripts that look like Latin ones.
_LOOKALIKES = dict(zip("АВЕКМНОРСТХаеорсухіјѕ", "ABEKMHOPCTXaeopcyxijs", strict=True))


def check_characters(text: str) -> None:
    """Refuse characters that no expression holds: invisible ones, other scripts, lone surrogates."""
    for i, character in enumerate(text):
        if not ("!" <= character <= "~" or character in _SIGNS or character == " " or _is_letter(character)):
            raise _foreign(text, i, character)


def _is_letter(character: str) -> bool:
    return character in GREEK or (
        unicodedata.normalize("NFKC", character) in _LATIN_OR_GREEK and not "\uff00" <= character <= "\uffef"
    )


_LATIN_OR_GREEK = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") | frozenset(GREEK)


def _foreign(text: str, i: int, character: str) -> SyntaxFault:
    hint: str | None
    code = f"U+{ord(character):04X}"
    category = unicodedata.category(character)
    name = unicodedata.name(character, "")
    if category in ("Cc", "Cf", "Cs", "Zl", "Zp", "Cn", "Co"):
        what = f"an invisible or invalid character, {code}" + (f" ({name})" if name else "")
        return SyntaxFault(what, code="character", text=text, span=(i, i + 1), hint="delete it")
    if category == "Mn" and i:
        suffix = _ACCENTS.get(character, "1")
        hint = f"write {text[i - 1]}_{suffix}"
        return SyntaxFault("letters have no accents here", code="character", text=text, span=(i - 1, i + 1), hint=hint)
    parts = unicodedata.normalize("NFD", character)
    twin = _LOOKALIKES.get(character)
    hint = f"it looks like the Latin {twin}: type that" if twin else _FOREIGN_HINTS.get(character)
    if hint is None and len(parts) == 2 and parts[1] in _ACCENTS:
        hint = f"write {parts[0]}_{_ACCENTS[parts[1]]}"
    if hint is None and category[0] == "L":
        hint = "names are made of Latin and Greek letters, digits and _"
    return SyntaxFault(
        f"the character {character} ({code} {name}) has no meaning here",
        code="character",
        text=text,
        span=(i, i + 1),
        hint=hint,
    )


_FOREIGN_HINTS = {
    "√": "write sqrt(x)",
    "∛": "write cbrt(x)",
    "∑": "write sum(x)",
    "∏": "the product of the entries of x is exp(sum(log(x)))",
    "∂": "type the function only: its derivatives are what the engine finds",
    "∇": "type the function only: its derivatives are what the engine finds",
    "∈": "declarations come after the word where, as in x^T A x where A: symmetric(n)",
    "⊕": "a block matrix is [A, 0; 0, B]",
    "⊖": "write a - b",
    "≤": "an expression has no relations",
    "≥": "an expression has no relations",
    "≈": "an expression has no relations",
    "≠": "an expression has no relations",
    "½": "write 1/2",
    "…": "there are no dots: write the expression out, or in matrices",
    "⋯": "there are no dots: write the expression out, or in matrices",
    "*": "write *",
    "—": "a minus sign is -",
    "“": "there are no quotation marks",
    "”": "there are no quotation marks",
    "ˆ": "a power is written ^",
}
#: Combining signs -> what they add to a name.
_ACCENTS = {"\u0302": "hat", "\u0303": "tilde", "\u0304": "bar", "\u0305": "bar", "\u0307": "dot", "\u0308": "ddot"}
#: Signs that are set alike, and the one of the language.
_SAME_SIGNS = str.maketrans({"∥": "‖", "∣": "|", "❘": "|", "∙": "·", "⨯": "×"})


def usual_signs(text: str) -> str:
    """A text of the same length with the language's own signs for those that look like them."""
    return text.translate(_SAME_SIGNS)


def canonical_name(raw: str) -> str:
    """The ASCII spelling of a name: ``Σ`` is Sigma, ``x_{ij}`` is x_ij, ``x₁`` is x_1."""
    spelled = re.sub("[₀-₉]+", lambda m: "_" + m.group().translate(_SUBSCRIPTS), raw)
    spelled = re.sub(r"_\{([^{}]*)\}", lambda m: "_" + re.sub(r"[\s,]+", "_", m.group(1).strip()), spelled)
    return "".join(GREEK.get(c, c) for c in unicodedata.normalize("NFKC", spelled))


def is_greek(name: str) -> bool:
    """A Greek letter, perhaps with an index: ``lambda``, ``Sigma_1``."""
    return re.sub(r"[_\d].*", "", name) in _NAMES


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that was probably meant."""
    candidates = sorted(set(known) - {name})
    folded = [c for c in candidates if c.lower() == name.lower()]
    swapped = [c for c in candidates if sorted(c) == sorted(name)]
    found = folded or swapped or get_close_matches(name, [c for c in candidates if len(c) > 2], n=1, cutoff=0.72)
    return found[0] if found and len(name) > 1 else None
