"""What code of MATLAB, Julia and R shows of its arrays: types, two indices, rows and columns that are counted or summed, traces."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

from matcalc.language.foreign.common.names.naming import face_of, rank_of
from matcalc.patterns import pattern

__all__ = ["axes_in", "under_traces"]

_NAME = r"([^\W\d]\w*)"
_OF_MATRICES = rf"\b(?:trace|tr|det|logdet|inv|chol|cholesky|pinv|eigvals|eig|solve)\(\s*{_NAME}\s*\)"
#: language -> what only a matrix has; the names that are found.
_SHOWN: Mapping[str, tuple[re.Pattern[str], ...]] = {
    "MATLAB": (
        pattern(rf"\bsize\(\s*{_NAME}\s*,\s*2\s*\)"),
        pattern(rf"\[\s*\w+\s*,\s*\w+\s*\]\s*=\s*size\(\s*{_NAME}\s*\)"),
        pattern(rf"\b{_NAME}\(\s*(?::\s*,|[\w\s:+-]+,\s*:\s*\))"),
        pattern(rf"\b(?:sum|mean)\(\s*{_NAME}(?:\s*\.\^\s*[\d.]+)?\s*,\s*[12]\s*\)"),
        pattern(_OF_MATRICES),
    ),
    "Julia": (
        pattern(rf"\bsize\(\s*{_NAME}\s*,\s*2\s*\)"),
        pattern(rf"\b\w+\s*,\s*\w+\s*=\s*size\(\s*{_NAME}\s*\)"),
        pattern(rf"\b{_NAME}\[\s*(?::\s*,|[\w\s:+-]+,\s*:\s*\])"),
        pattern(rf"\b(?:sum|mean|maximum|minimum)\(\s*{_NAME}(?:\s*\.\^\s*[\d.]+)?\s*[,;]\s*dims\s*="),
        pattern(_OF_MATRICES),
    ),
    "R": (
        pattern(rf"\b(?:ncol|dim|(?:row|col)(?:Sums|Means))\(\s*{_NAME}\s*\)"),
        pattern(rf"\b{_NAME}\[(?:\s*,|[^\[\],]*,)"),
        pattern(rf"\bapply\(\s*{_NAME}\s*,"),
        pattern(_OF_MATRICES),
    ),
}
#: What is summed along its rows or columns is a matrix, and so are the capitals in it.
_ROWS = pattern(r"\b(?:row|col)(?:Sums|Means)\(|\bapply\(")
#: The sum of the sums of the columns: what is summed has columns.
_TWICE = pattern(r"\bsum\(\s*sum\(")


#: b of A'*b, the last factor of a product: a multiple of A' is b*A'.
_OF_ROWS = pattern(r"\b[A-Z]\w*'\s*\*\s*([a-d])\b(?!\s*(?:\.?[*/\\^]|['(\w]))")
#: x::Vector{Float64} and the like of Julia, and how many axes such values have.
_TYPED = pattern(rf"{_NAME}\s*::\s*(?P<type>[A-Z]\w*)(?P<of>\{{[^{{}}]*(?:\{{[^{{}}]*\}}[^{{}}]*)*\}})?")
_TYPES = {
    **dict.fromkeys("Float64 Float32 Real Number Int Int64 Integer AbstractFloat".split(), 0),
    **dict.fromkeys("Vector AbstractVector DenseVector StridedVector SVector SparseVector".split(), 1),
    **dict.fromkeys(
        "Matrix AbstractMatrix DenseMatrix StridedMatrix SMatrix SparseMatrixCSC Symmetric Hermitian Diagonal".split(),
        2,
    ),
}
_ARRAYS = pattern(r"(?:Abstract|Dense|Strided|Cu)?Array")


def axes_in(text: str, language: str) -> dict[str, int]:
    """The names whose axes the code shows, and how many they have."""
    found = {name: 2 for pattern in _SHOWN.get(language, ()) for name in pattern.findall(text)}
    if language == "R":
        found = _numbers(text) | found
        found |= {name: 2 for m in _ROWS.finditer(text) for name in _capitals(text[m.end() : _closing(text, m.end())])}
    found |= dict.fromkeys(_OF_ROWS.findall(text), 1) if language in ("MATLAB", "Julia") else {}
    found |= _summed_twice(text) if language == "MATLAB" else {}
    found |= dict.fromkeys(_compared(text), 0) if language == "Mathematica" else {}
    return found | (_typed(text) if language == "Julia" else {})


def _typed(text: str) -> dict[str, int]:
    """The names of arguments with types, x::Array{Float64,1}."""
    found: dict[str, int] = {}
    for match in _TYPED.finditer(text):
        axes = re.search(r",\s*([12])\s*\}$", match["of"] or "") if _ARRAYS.fullmatch(match["type"]) else None
        rank = int(axes.group(1)) if axes else _TYPES.get(match["type"])
        if rank is not None:
            found[match.group(1)] = rank
    return found


#: Functions of square matrices, up to what they are of; and the sign of a product.
_SQUARE = pattern(r"\b(?:trace|tr|det|logdet|inv|solve|expm|sum\(\s*diag)\(|\b(?:Tr|Det|Inverse)\[")
_TIMES = {"MATLAB": r"(?<!\.)\*", "Julia": r"\*", "R": r"%\*%", "Mathematica": r"\."}


def under_traces(text: str, language: str) -> dict[str, int]:
    """The small letters of matrices in products under a trace: k, h and l of trace(k*h*l*h), b of trace(a*X*b*X')."""
    times = _TIMES.get(language)
    if times is None:
        return {}
    inside = (_first_argument(text[m.end() : _closing(text, m.end())]) for m in _SQUARE.finditer(text))
    products = [[f.strip() for f in re.split(times, part)] for part in inside]
    found = {name for factors in products if len(factors) > 1 for name in _small_matrices(factors)}
    return {name: 2 for name in sorted(found) if re.search(rf"(?<![\w.]){name}\s*(?:=|<-)(?!=)", text) is None}


def _first_argument(inside: str) -> str:
    """What stands before a comma outside of brackets: V of solve(V, y - X %*% b)."""
    depth = 0
    for place, sign in enumerate(inside):
        depth += (sign in "([") - (sign in ")]")
        if sign == "," and not depth:
            return inside[:place]
    return inside


def _small_matrices(factors: list[str]) -> set[str]:
    """Letters of numbers and vectors behind others, and the first one if one of these is a matrix; x and y of x*y' are vectors.

    Letters of numbers stand in front.
    """
    names = [(m.group(1) or m.group(2)) if (m := _FACTOR.fullmatch(f)) else "" for f in factors]
    turned = [f.endswith("'") or f.startswith("t(") for f in factors]
    small = [bool(n) and rank_of(n) < 2 and n != "pi" for n in names]
    pairs = [n for i, n in enumerate(pairwise(names)) if small[i + 1] and turned[i + 1] and not turned[i]]
    outer = {n for pair in pairs for n in pair}
    behind = {n for n, is_small in zip(names[1:], small[1:], strict=True) if is_small} - outer
    first = names[0]
    leads = small[0] and first not in outer and face_of(first) != "code number"
    return behind | {first} if behind and leads else behind


_FACTOR = pattern(rf"{_NAME}'?|t\(\s*{_NAME}\s*\)")


#: Parameters of densities that are numbers where a name alone stands for them.
_PARAMETERS = pattern(
    rf"\b(?:size|sd|df|shape[12]?|scale|sdlog)\s*=\s*{_NAME}\s*[,)]"
    rf"|\bd(?:nbinom|t|chisq|weibull|lnorm)\([^(),]*,\s*{_NAME}\s*,"
)


def _numbers(text: str) -> dict[str, int]:
    """The names of numbers in code of R: theta of dnbinom(y, size = theta, mu = mu)."""
    return {name: 0 for pair in _PARAMETERS.findall(text) for name in pair if name}


def _compared(text: str) -> Iterator[str]:
    """The names in Max[a, b], of which the largest of all entries would be taken, but for those of products."""
    for start in (m.end() for m in re.finditer(r"\b(?:Max|Min)\[", text)):
        inside = re.sub(r"\w+\[[^\[\]]*\]", "", text[start : _closing(text, start)])
        if "," in inside:
            names = re.findall(rf"(?<![\w.]){_NAME}(?!\w|\s*\.)", inside)
            yield from (n for n in names if rank_of(n) < 2 and re.search(rf"\b{n}\s*\.|\.\s*{n}\b", text) is None)


def _capitals(text: str) -> list[str]:
    return re.findall(r"(?<![\w.])[A-Z]\w*(?![\w(.])", text)


def _summed_twice(text: str) -> dict[str, int]:
    """Y and h of sum(sum(Y .* log(h))), where no product of arrays stands in it."""
    found: dict[str, int] = {}
    for start in (m.end() for m in _TWICE.finditer(text)):
        inside = text[start : _closing(text, start)]
        if re.search(r"(?<!\.)[*/\\]|\bbsxfun\(", inside) is None and "'" not in inside:
            found |= dict.fromkeys(re.findall(r"[^\W\d]\w*(?!\w*\()", inside), 2)
    return found


def _closing(text: str, start: int) -> int:
    depth = 1
    for i in range(start, len(text)):
        depth += (text[i] in "([") - (text[i] in ")]")
        if depth == 0:
            return i
    return len(text)
