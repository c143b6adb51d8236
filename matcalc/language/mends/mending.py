"""What may be written in place of a faulty text: small changes where it cannot be read, each of which is tried.

A row of `_MENDS` proposes changes for one kind of fault; only those whose text is accepted are offered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from matcalc.errors import Fix, MatcalcError, Span
from matcalc.language.mends.bracket_mends import (
    closed,
    end_of,
    environment_ended,
    in_bars,
    inserted,
    matrix_environment,
    unopened,
)
from matcalc.language.mends.hints import replaced
from matcalc.language.mends.sign_mends import between_factors, chosen, conjugate_transposes
from matcalc.language.mends.size_mends import squared_operands, transposed_like_another
from matcalc.language.words.names import is_greek, nearest

__all__ = ["proposed"]

_SIGNS = r"\*\*|\.\*|\./|\.\^|[-+*/^@×·⊙⊗]"

Mend = Callable[[str, Span], Iterator[Fix]]


def proposed(error: MatcalcError, text: str) -> Iterator[Fix]:
    """Changes of the text that a person might make, the likeliest first."""
    if error.span is not None:
        for mend in _MENDS.get(error.code, ()):
            yield from mend(text, error.span)


# --- signs ------------------------------------------------------------------------------------


def _one_sign(text: str, span: Span) -> Iterator[Fix]:
    """Of two signs one is left, but for //, which rounds; a sign of a product that begins the expression goes."""
    before = re.search(rf"({_SIGNS})\s*$", text[: span[0]])
    sign = text[slice(*span)].strip()
    if before is not None and before.group(1) + sign != "//":
        if before.start():
            yield replaced((before.start(), span[0]), "")
        yield replaced((before.end(1), span[1]), "")
    elif sign in ("*", ".*", "@", "·", "×") and not text[: span[0]].strip():
        yield replaced((0, span[1] + (text[span[1] : span[1] + 1] == " ")), "")


def _without_last_sign(text: str, span: Span) -> Iterator[Fix]:
    """An expression that ends in a sign, without it."""
    end = end_of(text)
    found = re.search(rf"\s*(?:{_SIGNS})$", text[:end])
    if found is not None and found.start():
        yield replaced((found.start(), end), "")


def _product_with_number(text: str, span: Span) -> Iterator[Fix]:
    """x^2 2: a sign of a product before the number; in a written row a comma."""
    yield inserted(span[0], "* " if text[: span[0]].endswith((" ", "\t")) else " * ")


def _row_with_commas(text: str, span: Span) -> Iterator[Fix]:
    """[1 2; 3 4], as MATLAB writes it."""
    start = text.rfind("[", 0, span[0])
    end = text.find("]", span[1])
    if start >= 0 and end >= 0:
        places = [m.span() for m in re.finditer(r"(?<=[\w.)])[ \t]+(?=[-\w.(])", text[start:end])]
        yield Fix(tuple(((start + a, start + b), ", ") for a, b in places))


def _transposed(text: str, span: Span) -> Iterator[Fix]:
    """X^TAX: the transpose by itself, the letters behind it apart."""
    word = text[slice(*span)]
    rest = word[1:].lstrip("_")
    apart = " ".join(rest) if rest.isalpha() and len(rest) <= 4 else rest
    for instead in dict.fromkeys((apart, rest, "")):
        if instead != word[1:]:
            yield replaced(span, f"T {instead}".rstrip())


def _in_brackets(text: str, span: Span) -> Iterator[Fix]:
    """A relation in brackets has the entries 0 and 1."""
    yield Fix((((0, 0), "("), ((end_of(text), end_of(text)), ")")))


# --- signs that mean nothing ----------------------------------------------------------------------


def _without_quotes(text: str, span: Span) -> Iterator[Fix]:
    """Quotation marks and back quotes around something, dollar signs, and a comment, left out."""
    end = end_of(text)
    pairs = re.finditer(r"(?<![\w)\]}'])(['\"`“”„‘])([^'\"`“”’]*)(['\"`“”’])", text[:end])
    places = [place for found in pairs for place in (found.span(1), found.span(3))]
    places += [found.span() for found in re.finditer(r"\$", text[:end])] if "\\" in text else []
    if places:
        yield Fix(tuple((place, "") for place in places))
    comment = re.search(r"\s*#.*", text[:end])
    if comment is not None:
        yield replaced(comment.span() if comment.start() else (comment.end() - len(comment.group()), 1), "")


def _digits_together(text: str, span: Span) -> Iterator[Fix]:
    """1,000 x is 1000 x."""
    if re.search(r"(?<!\d)\d{1,3}$", text[: span[0]]) and re.match(r",\d{3}(?!\d)", text[span[0] :]):
        yield replaced(span, "")


def _last_separator(text: str, span: Span) -> Iterator[Fix]:
    """A separator at the end, or before a bracket, left out."""
    if re.match(r"\s*(?:$|[)\]}]|where\b)", text[span[1] :]):
        yield replaced(span, "")
    before = re.search(r"[,;]\s*$", text[: span[0]])
    if before is not None:
        yield replaced(before.span(), "")


def _sizes_in_brackets(text: str, span: Span) -> Iterator[Fix]:
    """zeros((3, 3)) has one pair of brackets."""
    found = re.search(r"\w\((\([^()]*)$", text[: span[0]])
    end = text.find("))", span[1])
    if found is not None and end >= 0:
        yield Fix((((found.start(1), found.start(1) + 1), ""), ((end, end + 1), "")))


def _braces(text: str, span: Span) -> Iterator[Fix]:
    """x{1} is x_{1} or x[1]."""
    end = text.find("}", span[0])
    if text[slice(*span)] == "{" and end > 0 and span[0] and not text[span[0] - 1].isspace():
        yield inserted(span[0], "_")
        yield Fix((((span[0], span[1]), "["), ((end, end + 1), "]")))
        yield Fix((((span[0], span[1]), " ("), ((end, end + 1), ")")))


def _dots(text: str, span: Span) -> Iterator[Fix]:
    """A.inv is inv(A); x.Ty lacks a space; x.y is a product of a kind that fits; a lone dot goes."""
    if text[slice(*span)] != ".":
        return
    member = re.match(r"\.([A-Za-z_]\w*)(\(\))?", text[span[0] :])
    owner = re.search(r"[A-Za-z]\w*$", text[: span[0]])
    if re.match(r"\.I\b", text[span[0] :]):
        yield from _inverse(text)
    elif owner is None or member is None:
        yield replaced(span, " ")
    elif member.group(1)[0] == "T" and len(member.group(1)) > 1:
        yield inserted(span[0] + 2, " ")
    elif len(member.group(1)) > 1:
        yield replaced((owner.start(), span[0] + member.end()), f"{member.group(1)}({owner.group()})")
    else:
        yield from (replaced(span, sign) for sign in (" ", "^T ", " .* "))


_SMALL = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ"
_FULL = str.maketrans(_SMALL, "0123456789+-abcdefghijklmnoprstuvwxyz")


def _small_letters(text: str, span: Span) -> Iterator[Fix]:
    """e⁻ˣ is exp(-x), xᵏ is x^(k)."""
    runs = list(re.finditer(rf"((?<!\w)e)?([{_SMALL}]+)", text))
    if any(re.search("[ᵃ-ᶻʰ-ˣ]", run[2]) for run in runs):
        yield Fix(tuple((run.span(), f"{'exp' if run[1] else '^'}({run[2].translate(_FULL)})") for run in runs))


def _inverse(text: str) -> Iterator[Fix]:
    """(X.T*X).I, as NumPy's matrices have it"""
    yield Fix(tuple((found.span(), "^-1") for found in re.finditer(r"\.I\b", text)))


def _underscore(text: str, span: Span) -> Iterator[Fix]:
    """x__ and _x with an underscore less, unless that is another name of the text."""
    place = text.find("_", span[0])
    word = next((m for m in re.finditer(r"\w+", text) if m.start() <= place < m.end()), None)
    if word is not None:
        less = text[word.start() : place] + text[place + 1 : word.end()]
        if re.search(rf"(?<!\w){re.escape(less)}(?!\w)", text) is None:
            yield replaced((place, place + 1), "")


def _last_entry(text: str, span: Span) -> Iterator[Fix]:
    """x[-1] is the last entry, x[n], as x: vector(n) says; x[:-1] is x[1:n-1]."""
    found = re.search(r"([A-Za-z]\w*)\[(:?)-(\d+)\]", text)
    size = re.search(rf"\b{re.escape(found.group(1))}\s*:\s*vector\(\s*(\w+)", text) if found else None
    if found is not None and size is not None:
        back = int(found.group(3)) - (not found.group(2))
        last = f"{size.group(1)}-{back}" if back else size.group(1)
        yield replaced(found.span(), f"{found.group(1)}[{'1:' if found.group(2) else ''}{last}]")


def _inner_product(text: str, span: Span) -> Iterator[Fix]:
    """<x y> lacks its comma."""
    found = re.search(r"<\s*(\S+)\s+(\S+)\s*>", text)
    if found is not None:
        yield replaced(found.span(), f"<{found.group(1)}, {found.group(2)}>")


# --- LaTeX ------------------------------------------------------------------------------------


def _known_command(text: str, span: Span) -> Iterator[Fix]:
    r"""A left division that touches its divisor, A \b; a function that has a bracket behind it."""
    letters = text[slice(*span)].removeprefix("\\")
    if len(letters) == 1:
        yield replaced(span, rf"\ {letters}")
    elif re.match(r"\s*(?:\\left\s*)?\(", text[span[1] :]):
        yield replaced(span, rf"\operatorname{{{letters}}}")


def _spelled_out(text: str, span: Span) -> Iterator[Fix]:
    r"""tr, Sigma and 1e-3 among LaTeX letters; \sin^{-1}; \log_3; x_12; an index in brackets."""
    for spelling, texts in _SPELLINGS:
        found = re.search(spelling, text)
        if found is not None:
            yield from (replaced(found.span(), found.expand(instead)) for instead in texts)
    word = text[slice(*span)].strip()
    if word.isalpha():
        yield replaced(span, rf"\{word}")
        if not is_greek(word):
            yield replaced(span, rf"\operatorname{{{word}}}")


_ARGUMENT = r"\s*\(?(\\?[A-Za-z]+)\)?"
_SPELLINGS = (
    (r"(\d+(?:\.\d+)?)e(-?\d+)", (r"\1 \\cdot 10^{\2}",)),
    (r"\\(sin|cos|tan)\s*\^\{-1\}" + _ARGUMENT, (r"\\arc\1(\2)", r"\\\1(\2)^{-1}")),
    (r"\\log_\{?(\w+)\}?" + _ARGUMENT, (r"\\frac{\\log(\2)}{\\log(\1)}",)),
    (r"_(\d)(\d+)", (r"_{\1\2}", r"_\1 \2")),
    (r"([A-Za-z])\[([A-Za-z0-9])\]", (r"[\1]_{\2}",)),
)


def _argument_in_brackets(text: str, span: Span) -> Iterator[Fix]:
    r"""\log x y with brackets around all that follows, and around the first factor."""
    found = re.search(r"\\(?:log|ln|exp|sin|cos|tan|det|tanh)\s*", text)
    if found is None:
        return
    end = end_of(text)
    yield Fix((((found.end(), found.end()), "("), ((end, end), ")")))
    first = re.match(r"\\?[A-Za-z]+|\d+", text[found.end() :])
    if first is not None:
        place = found.end() + first.end()
        yield Fix((((found.end(), found.end()), "("), ((place, place), ")")))


def _mark(text: str, span: Span) -> Iterator[Fix]:
    """X^* as a transpose, a pseudoinverse, or the name of an optimum."""
    found = re.search(r"\^\s*\{?\*\}?", text)
    if found is not None:
        yield from (replaced(found.span(), rf"^{sign}") for sign in (r"\top", r"\dagger", r"\star"))


def _euler(text: str, span: Span) -> Iterator[Fix]:
    r"""e^{…} as \exp(…), beside a variable that is called e."""
    found = re.search(r"e\^\{([^{}]*)\}", text)
    if found is not None:
        yield replaced(found.span(), rf"\exp({found.group(1)})")


def _whole_sum(text: str, span: Span) -> Iterator[Fix]:
    """Brackets around all that is summed; a sum from 1."""
    found = re.search(r"\\sum_(?:\{[^{}]*\}|\w)(?:\^(?:\{[^{}]*\}|\w))?\s*", text)
    if found is not None:
        end = end_of(text)
        yield Fix((((found.end(), found.end()), r"\left("), ((end, end), r"\right)")))
        entry = re.search(r"([A-Za-z])_\{?([i-nrst])\}?", text[span[0] :])
        if entry is not None:
            place = (span[0] + entry.start(), span[0] + entry.end())
            yield replaced(place, f"[{entry.group(1)}]_{{{entry.group(2)}}}")


def _named_alike(text: str, span: Span) -> Iterator[Fix]:
    """A function by the name that it has here, and a product that is written as one."""
    from matcalc.functions import FUNCTIONS

    whole = re.compile(r"(?:\\operatorname\*?\{)?([A-Za-z_]\w*)").match(text, span[0])
    if whole is None:
        return
    name = whole.group(1)
    close = _ELSEWHERE.get(name) or nearest(name, FUNCTIONS)
    if close:
        yield replaced(whole.span(1), close)
    of_two = re.compile(r"\(([^(),]*),\s*([^(),]*)\)").match(text, whole.end())
    if of_two is not None and name in _PRODUCTS:
        yield replaced((span[0], of_two.end()), f"({of_two.group(1)}{_PRODUCTS[name]}{of_two.group(2)})")
    of_one = re.compile(r"\(([^()]*)\)").match(text, whole.end())
    if of_one is not None and name in _OF_VALUES:
        yield replaced((span[0], of_one.end()), f"{_OF_VALUES[name]}({of_one.group(1)}))")


_PRODUCTS = {
    "matmul": " ",
    "dot": "^T ",
    "dotprod": "^T ",
    "mult": " ",
    "multiply": " .* ",
    "hadamard": " .* ",
    "times": " .* ",
}
_ELSEWHERE = {
    "identity": "eye",
    "if": "where",
    "ifelse": "where",
    "lambda_max": "eigmax",
    "lambda_min": "eigmin",
    "sigma_max": "norm_spec",
    "dotprod": "inner",
}

#: Functions of singular and eigenvalues, up to the argument.
_OF_VALUES = {"sigma_min": "min(svdvals", "eigenvalues": "(eigvals", "singular_values": "(svdvals"}

_MENDS: dict[str, tuple[Mend, ...]] = {
    "unbalanced": (environment_ended, closed, unopened, in_bars),
    "missing-value": (_one_sign, _without_last_sign, _without_quotes, _last_separator),
    "unexpected-end": (_without_last_sign,),
    "number-after-value": (_row_with_commas, _product_with_number),
    "glued-transpose": (_transposed,),
    "relation": (_in_brackets,),
    "unexpected": (
        _small_letters, conjugate_transposes, chosen, _inner_product, _digits_together, _sizes_in_brackets, _last_entry, _braces, _dots, _underscore, _without_quotes, _last_separator,
    ),
    "character": (_small_letters, _without_quotes),
    "foreign": (_last_entry,),
    "unknown-command": (between_factors, _known_command),
    "unknown-function": (_named_alike,),
    "latex": (environment_ended, matrix_environment, _spelled_out),
    "extent": (_argument_in_brackets,),
    "mark": (_mark,),
    "euler": (_euler,),
    "sum": (_whole_sum,),
    "undetermined": (squared_operands,),
    "shape-mismatch": (transposed_like_another,),
}  # fmt: skip
