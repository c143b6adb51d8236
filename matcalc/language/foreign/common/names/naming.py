"""What programs call their numbers, vectors and matrices: what each kind costs for an undeclared name in code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from matcalc.language.foreign.common.names.costs import COSTS
from matcalc.language.words.names import canonical_name
from matcalc.patterns import pattern

__all__ = ["face_of", "faces", "is_coefficient", "rank_costs", "rank_of"]

_SHOWN = ("number shown", "vector shown", "matrix shown")
_DIGITS = r"(?:_?\d+|_[a-z])?"
#: The first that fits the whole name, in its canonical spelling.
_NAMES = {
    "code number": pattern(
        rf"(?:lam|lmbda|lambd|lamb|lambda|alpha|gamma|delta|epsilon|varepsilon|eps|eta|kappa|nu|rho|tau|sigma|chi|ell){_DIGITS}"
        r"|(?:sd|std|stdev|scale|sig|sigsq|sigma_?\w+|s[a-z]{0,3}2|var|variance|bandwidth|length_?scale|lr|learning_?rate|reg|\w*lambda|l1|l2"
        r"|temp|temperature|step|step_?size|rate|dt|margin|rf|r_f|risk_free\w*|thr(?:esh\w*)?|lo|hi|low|high|cut_?off|clip_\w+|(?:max|min)_(?:val|value|norm)|tol|smooth|momentum|prior_var|penalty|noise\w*"
        r"|log_?\d*_?pi|log_?det_?\w*|ldet_?\w*|const\w*|norm_?const\w*)"
    ),
    "code count": pattern(
        rf"[nkNT]{_DIGITS}|d_(?:[a-z]|model|in|out|head|ff)|dim\w*|num_?\w*|n_\w+|\w*(?:_size|_count|Size|Count)|nobs|n(?:row|col)s?"
    ),
    "code coefficient": pattern(r"[abcd]\d?"),
    "code mean": pattern(rf"m{_DIGITS}"),
    "code time": pattern(r"[ts]\d?"),
    "code greek": pattern(rf"(?:theta|beta|mu|phi|psi|xi|zeta|omega|upsilon|iota|omicron){_DIGITS}"),
    "code data": pattern(r"X\w*|[Ff]eatures|[Dd]esign\w*|Phi"),
    "code targets": pattern(r"Y\d*"),
    "code data word": pattern(r"tx|xTr\w*|x_?train\w*|x_?data|x_?batch|inputs?|data"),
    "code matrix word": pattern(
        r"cov\w*|covariance\w*|corr(?:elation)?(?:_?mat\w*)?|(?:\w*_)?(?:kernel|gram|mat|matrix|hessian|laplacian|adjacency|precision)|adj|lap|m[A-Z]\w*"
        r"|(?:\w*_)?(?:inv_?)?(?:cov|corr|chol|covar|jacobian|covmat|inv)(?:_?(?:mat|matrix|inv|chol|cov|\d|[a-z]))?"
    ),
    "code number word": pattern(r"d[A-Z][a-z]\w*|[EILNRTV]_?0"),
    "code vector word": pattern(r"v[A-Z]\w*"),
    "code vector": pattern(r"[a-z]\d*(?:_\w{1,3})?"),
    "code capital": pattern(r"[CDJKLMPR]\d*"),
    "code matrix": pattern(r"[A-Z].*"),
}
#: What is divided by as a square or by the name of a scale, and what stands beside it, (x - mu) / sigma: both are numbers.
_SCALES = pattern(
    r"/ \(?(?:(?:[\d.]+ \* )?(sigma\w*|σ|sd|std|stdev|scale|s|s2|var|tau)\b|([slh])\.\^2|[\d.]+ \* (\w+)\.\^2)"
)
#: sn2 * eye(n): a multiple of the identity.
_OF_IDENTITY = pattern(r"(?<![\w.])([a-z]\w*)(?:\.?\^2)? \.?\* (?:eye\(|I\b)")
_SUMMED, _OF_EACH = pattern(r"\b(?:sum|mean)\("), pattern(r"\b(?!(?:sum|mean|abs|sqrt)\()[a-z]\w*\([^a-zA-Z]*\w+ - ")
_LOCATION = pattern(r"\((?![A-Z])[\w.]+ - (mu|μ|mean|loc|m|c|center)\)")
#: a f(x), f(a x): the letters of a model curve are numbers.
_MODEL = pattern(
    r"\b[abcd] \.?\* [xt]\w? [+-] [abcd]\b|\b[abcds] \.?\* (?:exp|log|sqrt|sin|cos|tan|tanh|erf|sigmoid|abs)\(|(?:exp|log|sqrt|sin|cos|tan|tanh)\(\(?-?[abcds]\)? \.\* \w+\)"
)
#: A line, y - w x - b, and an intercept beside data times weights: its letters are numbers, by far.
_LINE = pattern(
    r"\b(?:([abcdkmw]\d?) \.?\* [xt]\d?|[xt]\d? \.?\* ([abcdkmw]\d?)) [+-] ([abc]\d?)\b(?! ?[@*(])"
    r"|\b([abc]\d?) [+-] (?:([abcdkmw]\d?) \.?\* [xt]\d?|[xt]\d? \.?\* ([abcdkmw]\d?))\b(?! ?[@*(])"
)
_INTERCEPT = pattern(r"\bX\w* (?:@|\*) ((?:w|beta|theta|coefs?)\d?)\)? [+-] (b_?0?|bias|intercept)\b(?! ?[@*(\[])")
#: What stands beside @ is an array.
_BESIDE_AT = pattern(r"(?<![\w./*])([^\W\d]\w*)(?:\^T)? @ |(?<= @ )([^\W\d]\w*)(?![\w(\[])")
#: What only arrays have: where it is missing, the names of symbolic powers are numbers.
_ARRAYS = pattern(
    r"@|norm|\|\||\^T|\b(?:sum|mean|tr|det|inv|diag|outer|inner|vec|kron|max|min|solve|expm|softmax)\(|\[\d"
)
#: (r - rf) / sqrt(w @ S @ w): what a deviation divides is a number, where it stands nowhere else.
_RATIO = pattern(r"\((\w+) - (\w+)\) \.?/ sqrt\((?=[^()]*(?:@|\^T)|(?:quad|inner|norm|sum|mean|var)\()")
#: (x - mean) / sqrt(var + eps): what layers normalise by has an entry for each feature, as the mean.
_NORMALISED = pattern(r"\(\w+ - \w+\) \.?/ sqrt\((\w+) \+ (?:eps\w*|\d[\d.e-]*)\)")
#: (n - p - 1) below: where one of them counts, all are numbers.
_DIVISOR = pattern(r"/ \(((?:\w+ [-+] ){1,4}\w+)\)")
_OF_ARRAYS = pattern(r"@|norm|\|\||inner|quad|\^T")


def faces(text: str, shown: Mapping[str, int], language: str = "") -> dict[str, str]:
    """The face of every name in a translated text, canonical: by what the code shows, else by its spelling."""
    names = set(re.findall(r"[^\W\d]\w*", text))
    found = {canonical_name(name): _face(canonical_name(name)) for name in names}
    scales = {name for groups in _SCALES.findall(text) for name in groups if name}
    found.update((canonical_name(name), "number shown") for name in scales)
    found.update((canonical_name(name), "number shown") for name in _OF_IDENTITY.findall(text))
    if language == "Mathematica" and ("^" in text or text.startswith("D[")) and _ARRAYS.search(text) is None:
        found.update((name, "number shown") for name in found if name[0].islower())
    beside = {canonical_name(name) for pair in _BESIDE_AT.findall(text) for name in pair if name}
    found.update((name, "code array") for name in beside if found[name] in ("code number", "code count"))
    divided = {name for pair in _RATIO.findall(text) for name in pair if len(re.findall(rf"\b{name}\b", text)) == 1}
    found.update((canonical_name(name), "number shown") for name in divided)
    found.update((canonical_name(name), "code vector") for name in _NORMALISED.findall(text))
    for divisor in _DIVISOR.findall(text):
        letters = [canonical_name(name) for name in re.findall(r"[^\W\d]\w*", divisor)]
        if any(found[name] == "code count" for name in letters) and all(re.fullmatch(r"[a-t]\w?", n) for n in letters):
            found.update(dict.fromkeys(letters, "number shown"))
    if scales and _OF_ARRAYS.search(text) is None and (_SUMMED.search(text) is None or _is_sample(text, scales)):
        found.update((canonical_name(name), "coefficient shown") for name in _LOCATION.findall(text))
    if _MODEL.search(text) is not None and _OF_ARRAYS.search(text) is None:
        found.update((name, "number shown") for name, face in found.items() if face == "code coefficient")
    found.update((canonical_name(name), face) for name, face in _coefficients(text, language))
    return found | {canonical_name(name): _SHOWN[rank] for name, rank in shown.items()}


def _is_sample(text: str, scales: Iterable[str]) -> bool:
    """Whether the entries have one distribution: it holds its constant, a function of each deviation, or a scale made of them.

    Else deviations that are summed are those from a point of the same shape.
    """
    of_scale = (rf"\blog\([^()]*(?<!\w){name}(?!\w)|(?<!\w){name} = " for name in map(re.escape, scales))
    return _OF_EACH.search(text) is not None or any(re.search(rf"\bpi\b|{part}", text) for part in of_scale)


def _coefficients(text: str, language: str) -> Iterator[tuple[str, str]]:
    """The letters of a line that is fitted, an intercept, and the weights beside it, each with its face."""
    if _OF_ARRAYS.search(text) is None:
        yield from ((name, "coefficient shown") for groups in _LINE.findall(text) for name in groups if name)
    if language not in ("Python", "SymPy"):
        for weights, intercept in _INTERCEPT.findall(text):
            yield from ((weights, "vector shown"), (intercept, "coefficient shown"))


def _face(name: str) -> str:
    bare = name.rstrip("_") or name
    return next((face for face, pattern in _NAMES.items() if pattern.fullmatch(bare)), "code word")


def face_of(name: str) -> str:
    """What programs call the name, by its spelling alone."""
    return _face(canonical_name(name))


def rank_costs(name: str) -> tuple[int, int, int]:
    """What it costs to read the name as a number, an array of one axis, a matrix."""
    return COSTS[face_of(name)]


def rank_of(name: str) -> int:
    """How many axes the name stands for, by its spelling alone."""
    if is_coefficient(name):
        return 1
    scalar, column, matrix = COSTS[_face(canonical_name(name))]
    return min((scalar, 0), (column, 1), (matrix, 2))[1]


def is_coefficient(name: str) -> bool:
    """a, b, c, d: numbers as often as arrays."""
    return _face(canonical_name(name)) == "code coefficient"
