"""Declarations as people say them: A is symmetric, x in R^n, A ∈ ℝ^{m×n}, X is an n x n matrix, A = A^T, A is given."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from matcalc.functions import FUNCTIONS, find
from matcalc.language.words.names import canonical_name
from matcalc.patterns import pattern
from matcalc.records import dataclass

__all__ = ["TRANSPOSED", "UNKNOWN", "Saying", "in_words", "own_transpose"]

#: Longer clauses are no such words.
LONGEST = 160
#: What is said of a matrix -> its kind; of each longer saying before the shorter ones that it holds.
_STRUCTURES = {
    r"(?:symmetric )?positive[- ]semi-?definite|psd": "psd",
    r"(?:symmetric )?positive[- ]definite|spd": "spd",
    r"skew-?symmetric|skew|antisymmetric": "skew",
    r"symmetric": "symmetric",
    r"lower[- ]triangular|lower(?= matrix|$)": "lower",
    r"upper[- ]triangular|upper(?= matrix|$)": "upper",
    r"diagonal": "diagonal",
    r"orthogonal": "orthogonal",
    r"invertible|non-?singular|regular": "invertible",
}
_SIZE = r"[A-Za-z]\w?|\d+"
_TIMES = r"(?: (?:x|by) | ?(?:×|\\times) ?|(?<=\b\w)x(?=\w\b))"
_TWO_SIZES = pattern(rf"(?<![\w^])({_SIZE}){_TIMES}({_SIZE})(?!\w)")
_ONE_SIZE = pattern(
    rf"(?<!\w)(?!an? )({_SIZE})[- ](?:dimensional|dim|vector)(?!\w)|\b(?:length|size|dimension) ({_SIZE})(?!\w)"
)
#: Structures that are not known here: a reader has to be told that they are left out.
UNKNOWN = pattern(
    r"\b(?:not [\w-]+|idempotent|toeplitz|hankel|circulant|(?:doubly |row-?)?stochastic|unitary|hermitian|normal|banded|tri-?diagonal"
    r"|low[- ]rank|full[- ]rank|rank[- ]\w+|block[- ]diagonal|non-?negative|permutation|projection|sparse|integer|unit|stable|singular|complex)\b",
    re.IGNORECASE,
)
#: The last word of what something is -> what it costs to read the name as another thing.
_NOUNS = {
    r"matrix|matrices": "matrix shown",
    r"vectors?": "vector shown",
    r"scalars?|numbers?": "number shown",
    r"(?:hyper-?)?parameters?|weights?|coefficients?|constants?|observations?|data|targets?|labels?|inputs?|features?|variables?|unknowns?"
    r"|responses?|rate|given|known|fixed|constant|real|arbitrary|unknown": "",
}


@dataclass(frozen=True)
class Saying:
    """What a clause in words says of names.

    Attributes:
        names: as they are typed.
        kind: a kind with its sizes, "" where none is said.
        face: what a noun without sizes says, a key of the costs of names.
        rest: words that say nothing here.
        function: the known function that they are.
        sized: whether the words tell the sizes of the kind.
    """

    names: tuple[str, ...]
    kind: str = ""
    face: str = ""
    rest: str = ""
    function: str = ""
    sized: bool = True


def in_words(raw: str) -> list[Saying] | None:
    """What a clause in words says, or None where it is no such clause."""
    if len(raw) > LONGEST:
        return None
    raw = _INDEPENDENT.sub(" is constant", raw)
    if re.search(r"\b(?:is|are|being|in)\b|∈|\\in", raw) is None:
        return None
    said = " ".join(re.sub(r"\\(?:text|mathrm)\s*\{([^{}]*)\}|\$", r" \1 ", raw).split())
    found = [_saying(part) for part in _sentences(said)]
    return None if None in found else [s for s in found if s is not None]


#: A does not depend on x.
_INDEPENDENT = pattern(r"\s(?:(?:does|do) not depend on|(?:is|are) independent of) \S+(?: ?(?:,|and) ?\S+)*\s*\Z")


def _sentences(said: str) -> Iterator[str]:
    """The parts between the words "and" that each say something."""
    first, *others = re.split(r",? and ", said)
    for other in others:
        if _VERB.search(first) and _VERB.search(other):
            yield first
            first = other
        else:
            first += f" and {other}"
    yield first


_VERB = pattern(r" (?:is|are|being|in) | ?(?:∈|\\in\b)")


def _saying(said: str) -> Saying | None:
    found = re.fullmatch(r"([^\s,]+(?:(?: and |, ?)[^\s,]+)*) (?:is|are|being) (.+)", said)
    if found is not None:
        names = tuple(re.split(r" and |, ?", found.group(1)))
        return _described(names, found.group(2)) if all(map(_NAME.fullmatch, names)) else None
    found = _OF_SPACE.fullmatch(said)
    if found is None:
        return None
    marks = found["marks"] or ""
    sign = re.search(r"_ ?\{?(\++)", marks)
    sizes = re.split(rf"{_TIMES}|, ?", re.sub(r"_ ?(?:\{\++\}|\++)|\^", "", marks).strip("{}() "))
    if not all(re.fullmatch(_SIZE, s) for s in sizes if s):
        return None
    kind = _of_set(found["letter"], sign[1] if sign is not None else "", sizes)
    return Saying(tuple(re.split(r" and |, ?", found.group(1))), kind) if kind else None


def _of_set(letter: str, sign: str, sizes: Sequence[str]) -> str:
    """Numbers, vectors and matrices of R, symmetric matrices of S, positive ones of S_{++}; "" where it is none of these."""
    if letter.strip("\\") not in ("S", "𝕊"):
        return _of_sizes(sizes) if sign in ("", "+") or sizes != [""] else "scalar(positive)"
    kinds = {"": "symmetric", "+": "psd", "++": "spd"}
    return f"{kinds[sign]}({sizes[0]})" if len(sizes) == 1 and sizes[0] and sign in kinds else ""


_NAME = pattern(r"\\?[^\W\d][\w{}\\^()]*")
_OF_SPACE = pattern(
    r"([^\s,]+(?:(?: and |, ?)[^\s,]+)*) ?(?:(?<![\w\\])in|∈|\\in) ?\\?(?:mathbb ?\{?)?(?P<letter>[RSℝ𝕊])\}?"
    r"(?P<marks>(?: ?\^ ?(?:\{[^{}]*\}|\([^()]*\)|\w+(?: ?[x×] ?\w+)?)| ?_ ?(?:\{\++\}|\++))*)"
    r"(?: (?:is|are) (?:given|known|fixed|constant))?"
)


def _described(names: tuple[str, ...], what: str) -> Saying | None:
    """X is an n x n symmetric matrix"""
    words = what.strip(" .?")
    if (found := _FUNCTION.fullmatch(words)) is not None and (function := _function(*found.groups())) is not None:
        return Saying(names, kind="function") if function == "" else Saying(names, function=function)
    if re.search(r"[(){}=:^]", words.replace("\\times", "")):
        return None
    rest = ", ".join(m.group() for m in UNKNOWN.finditer(words))
    words = " ".join(UNKNOWN.sub(" ", words).split())
    two, one = _TWO_SIZES.search(words), _ONE_SIZE.search(words)
    structure = next(
        (kind for saying, kind in _STRUCTURES.items() if re.search(rf"\b(?:{saying})(?!\w)", words, re.I)), ""
    )
    if structure and (two is None or two[1] == two[2]):
        size = two[1] if two is not None else "n"
        return Saying(names, f"{structure}({size})", rest=rest, sized=two is not None)
    if two is not None:
        return Saying(names, f"matrix({two[1]}, {two[2]})", rest=", ".join(filter(None, (structure, rest))))
    if one is not None:
        return Saying(names, f"vector({one[1] or one[2]})", rest=rest)
    if re.fullmatch(r"(?:an? )?positive(?: (?:real|scalars?|numbers?|constants?))*", words):
        return Saying(names, "scalar(positive)")
    if not re.fullmatch(r"[A-Za-z' -]*", words):
        return None
    joint = _OF.search(words)
    head, more = (words, "") if joint is None else (words[: joint.start()], words[joint.start() :].strip())
    face = next((face for noun, face in _NOUNS.items() if re.search(rf"(?:^|[ -])(?:{noun})$", head)), None)
    if face is None and (head or not rest):
        return None
    of_names = more if re.search(r"(?<!\w)[A-Za-z](?!\w)", more) else ""
    return Saying(names, face=face or "", rest=", ".join(filter(None, (rest, of_names))))


#: the ReLU, the logistic sigmoid function, a nonlinear activation function; and what is said of functions that are open
_FUNCTION = pattern(
    r"(?:an?|the|some|any)? ?((?:[\w-]+ ){0,3}?[\w-]*?) ?((?:activation|non-?linearity)?(?: ?functions?)?(?: applied (?:element|entry|component)-?wise)?)"
)
_OF_ENTRIES = pattern(
    r"(?:(?:smooth|differentiable|non-?linear|scalar|(?:element|entry|component|point)-?wise|given|arbitrary|fixed|known|real|activation)(?: |$))*"
)


def _function(words: str, noun: str) -> str | None:
    """The function of one number that the words name, "" for one that is applied to every entry; None where they name none."""
    if noun and _OF_ENTRIES.fullmatch(words):
        return ""
    named = [
        row for row in FUNCTIONS.values() if row.summary == words.lower() or words.lower() in (row.name, *row.aliases)
    ]
    last = find(words.lower().rsplit(" ", 1)[-1]) if noun or " " not in words else None
    row = named[0] if named else last
    return row.name if row is not None and len(row.parameters) == 1 and row.kind in ("elementwise", "macro") else None


#: The matrix of observations: what it is, and of what.
_OF = pattern(r" (?:of|for|that|which|in|from|on|to|with) ")


def _of_sizes(sizes: Sequence[str]) -> str:
    return f"matrix({', '.join(sizes)})" if len(sizes) == 2 else f"vector({sizes[0]})" if sizes[0] else "scalar"


#: Signs of transposition behind a name.
TRANSPOSED = r"(?:\^T|\^\{T\}|\^\\top|\^\{\\top\}|'|ᵀ|⊤|\^⊤)"


def own_transpose(name: str, body: str) -> str | None:
    """The kind of a matrix of which a definition says that it is its own transpose, or that with another sign: A = -A^T."""
    spelled = re.fullmatch(rf"(-?) ?(\S+?) ?{TRANSPOSED}", body.strip("$ "))
    if spelled is None or canonical_name(spelled.group(2)) != name:
        return None
    return "skew(n)" if spelled.group(1) else "symmetric(n)"
