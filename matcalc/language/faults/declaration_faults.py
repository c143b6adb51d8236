"""What is said of declarations that cannot be read, and how they are written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from matcalc.errors import DeclarationError, Fix, Hint, Offers, Span
from matcalc.functions import find
from matcalc.language.mends.hints import did_you_mean, either, offer, replaced, write
from matcalc.language.words.names import nearest

__all__ = ["bad_kind", "bad_size", "declared_twice", "no_kind", "no_kind_here", "not_a_name", "wrong_count"]

#: Sizes of each number, as they are written most.
EXAMPLES: dict[int, Callable[[str], str]] = {
    0: lambda kind: kind,
    1: lambda kind: f"{kind}(n)",
    2: lambda kind: f"{kind}(m, n)",
    3: lambda kind: f"{kind}(k, m, n)",
}
#: Words for kinds elsewhere -> what is written here; {} are its sizes.
_ELSEWHERE = {
    **dict.fromkeys(["real", "float", "double", "number", "num", "constant", "const"], "scalar"),
    **dict.fromkeys(["int", "integer", "natural"], "scalar(integer)"),
    **dict.fromkeys(["positive", "pos"], "scalar(positive)"),
    **dict.fromkeys(["column", "col", "vec", "array", "Vec"], "vector({})"),
    **dict.fromkeys(["mat", "Mat"], "matrix({})"),
    "square": "matrix({0}, {0})",
    "sym": "symmetric({})",
    "hermitian": "symmetric({})",
    **dict.fromkeys(["pd", "posdef", "positive_definite", "SPD", "PD"], "spd({})"),
    **dict.fromkeys(["positive_semidefinite", "semidefinite", "PSD"], "psd({})"),
    **dict.fromkeys(["antisymmetric", "skewsymmetric", "skew_symmetric"], "skew({})"),
    "diag": "diagonal({})",
    **dict.fromkeys(["lower_triangular", "tril"], "lower({})"),
    **dict.fromkeys(["upper_triangular", "triu"], "upper({})"),
    **dict.fromkeys(["orth", "unitary", "rotation"], "orthogonal({})"),
    **dict.fromkeys(["nonsingular", "regular"], "invertible({})"),
}
#: Adjectives in sentences such as "A is symmetric".
_ADJECTIVES = {"positive": "scalar(positive)", "real": "scalar", "square": "matrix(n, n)", "definite": "spd(n)"}


def bad_kind(kind: str, inside: str | None, counts: dict[str, int], text: str, span: Span) -> DeclarationError:
    """A word that is no kind: one from elsewhere, or nearly one."""
    elsewhere = _ELSEWHERE.get(kind)
    if elsewhere is not None:
        sizes = (
            [s.strip() for s in inside.split(",")] if inside and inside.strip() else ["m, n" if "at" in kind else "n"]
        )
        hint: str = did_you_mean(span, elsewhere.replace("{0}", sizes[0]).replace("{}", ", ".join(sizes)))
    elif close := nearest(kind, counts):
        whole = f"{close}({inside})" if inside is not None else EXAMPLES[counts[close]](close)
        hint = Hint(Offers("did you mean {}?", ((close, replaced(span, whole)),)))
    else:
        hint = f"kinds are {', '.join(counts)}"
    return DeclarationError(f"unknown kind {kind}", code="unknown-kind", text=text, span=span, hint=hint)


def no_kind_here(body: str, counts: dict[str, int], text: str, span: Span) -> DeclarationError:
    """Nothing behind the colon, or what is no word with sizes."""
    hint: str = f"kinds are {', '.join(counts)}"
    if not body:
        end = len(text[: span[0]].rstrip())
        offers = [(kind, replaced((end, span[1]), f" {kind}")) for kind in ("matrix(m, n)", "vector(n)", "scalar")]
        hint = Hint(Offers("write {}", tuple(offers)))
    return DeclarationError(f"{body or 'nothing'} is not a kind", text=text, span=span, hint=hint)


def no_kind(name: str, text: str, span: Span) -> DeclarationError:
    """A name alone."""
    offers = [f"{name}: {kind}" for kind in ("matrix(m, n)", "vector(n)", "scalar")]
    return DeclarationError(f"{name} has no kind", text=text, span=span, hint=write(span, *offers))


def declared_twice(name: str, text: str, span: Span, clause: Span) -> DeclarationError:
    """A second kind for the same name; the clause is all that it says."""
    before = re.search(r"[,;\s]*$", text[: clause[0]])
    start = before.start() if before else clause[0]
    leave_out = Offers("{}", (("leave out one of the two", Fix((((start, clause[1]), ""),))),))
    return DeclarationError(
        f"{name} is declared twice", code="declared-twice", text=text, span=span, hint=Hint(leave_out)
    )


def not_a_name(raw: str, text: str, span: Span, kinds: dict[str, int]) -> DeclarationError:
    """What stands before the colon is no name: perhaps the whole is a sentence."""
    words = " ".join(raw.split())
    sentence = _in_words(words, kinds) or _without_colon(words, kinds) or _defined_in_words(words)
    hint = write(span, sentence) if sentence else "a declaration is NAME: KIND(SIZES), such as X: matrix(n, k)"
    return DeclarationError(f"{words or 'nothing'} is not a name", code="bad-name", text=text, span=span, hint=hint)


def _in_words(raw: str, kinds: dict[str, int]) -> str | None:
    """Declarations as people say them: A is symmetric, x in R^n."""
    found = re.fullmatch(r"(\S+) (?:is|are|being) (?:an? )?(\w+)(?: matrix| vector| definite)*", raw)
    if found:
        name, kind = found.groups()
        if kind in kinds:
            return f"{name}: {EXAMPLES[kinds[kind]](kind)}"
        return f"{name}: {_ADJECTIVES[kind]}" if kind in _ADJECTIVES else None
    found = re.fullmatch(r"(\S+) *(?:in|∈) *[Rℝ] *(?:\^ *(.*))?", raw)
    if found is None:
        return None
    sizes = re.split(r"\s*[x×,]\s*", (found.group(2) or "").strip("{}() "))
    return f"{found.group(1)}: {_kind_of_sizes(sizes)}"


def _defined_in_words(raw: str) -> str | None:
    """p is the sigmoid of X w"""
    found = re.fullmatch(r"(\S+) (?:is|are|being|denotes) (?:the |an? )?([\w-]+) of (?:the )?(.+)", raw)
    if found is None:
        return None
    name, what, of = found.groups()
    function = _FUNCTIONS_IN_WORDS.get(what.lower(), what.lower() if find(what.lower()) is not None else None)
    return f"{name} = {function}({of})" if function is not None else None


_FUNCTIONS_IN_WORDS = {
    "inverse": "inv", "pseudoinverse": "pinv", "transpose": "transpose", "trace": "tr", "determinant": "det", "logarithm": "log",
    "exponential": "exp", "norm": "norm2", "average": "mean", "root": "sqrt",
}  # fmt: skip


def _kind_of_sizes(sizes: Sequence[str]) -> str:
    return f"matrix({', '.join(sizes)})" if len(sizes) == 2 else f"vector({sizes[0]})" if sizes[0] else "scalar"


def _without_colon(raw: str, kinds: dict[str, int]) -> str | None:
    """x vector(n)"""
    found = re.fullmatch(r"([^\W\d]\w*)\s+(\w+)\s*(\(.*\))?", raw)
    return f"{found.group(1)}: {found.group(2)}{found.group(3) or ''}" if found and found.group(2) in kinds else None


def wrong_count(
    kind: str, count: int, sizes: Sequence[str], rest: Iterable[str], text: str, span: Span
) -> DeclarationError:
    """Too many sizes, or too few; ``rest`` are the assumptions beside them."""
    takes = ("no size", "one size", "two sizes", "three sizes or more")[count]
    return DeclarationError(
        f"{kind} takes {takes}, not {len(sizes)}",
        code="size-count",
        text=text,
        span=span,
        hint=_of_right_count(kind, count, sizes, list(rest), span),
    )


def _of_right_count(kind: str, count: int, sizes: Sequence[str], rest: list[str], span: Span) -> Hint:
    if len(sizes) == count + 1 and (word := nearest(sizes[-1], ("positive", "integer"))):
        whole = f"{kind}({', '.join([*sizes[:-1], *rest, word])})"
        return Hint(Offers("did you mean {}?", ((word, replaced(span, whole)),)))
    if kind == "vector" and len(sizes) == 2:
        return write(span, f"vector({sizes[0]})" if sizes[1] == "1" else f"matrix({', '.join(sizes)})")
    given = list(sizes[:count]) or (["n"] if count == 1 else ["m", "n"][:count])
    given += [size for size in ("n", "m", "k", "l") if size not in given][: count - len(given)]
    inside = ", ".join([*given, *rest])
    return write(span, f"{kind}({inside})" if inside else kind)


def bad_size(part: str, text: str, span: Span, message: str | None = None) -> DeclarationError:
    """What is no size."""
    rule = "a size is a positive integer, a name, or a sum or product of such"
    place = text.find(part, *span) if part else -1
    example = offer("for example {}", (place, place + len(part)), "n") if place >= 0 else None
    message = message or f"{part or 'nothing'} is not a size"
    return DeclarationError(message, code="bad-size", text=text, span=span, hint=either(rule, example, joint=", "))


def missing_comma(name: str, text: str, place: Span) -> DeclarationError:
    """x: vector(n) A: matrix(n, n)"""
    behind = len(text[: place[0]].rstrip())
    comma = Offers("declarations are separated by {}", (("commas", replaced((behind, behind), ",")),))
    return DeclarationError(f"a comma is missing before {name}", text=text, span=place, hint=Hint(comma))
