"""The signs by which code of each language is told from other texts. Every text is searched for them: in linear time."""

from __future__ import annotations

import re
from functools import cache

from matcalc.language.foreign.comments import muted
from matcalc.patterns import pattern

__all__ = ["MARKS", "NEEDED", "PERHAPS", "language_of", "may_be_code", "perhaps"]

_MODULES = "np|numpy|jnp|torch|tf|math|scipy|linalg|jax|cp|nn|F|anp|autograd|xp|keras|nnp|special|stats"
#: What tells return(…) of Python from that of R.
_OF_PYTHON = rf"(?<![\w.])(?:{_MODULES})\.[a-z]|\*\*|\bself\.|\w\.(?:T|shape)\b"
_METHODS = (
    "sum|mean|dot|matmul|mm|mv|trace|det|logdet|inverse|pow|exp|log|sqrt|abs|norm|transpose|t|flatten|ravel|reshape|prod"
    "|max|min|item|detach|square|sigmoid|tanh|relu|clip|clamp|diagonal|diag|inv|logpdf|logpmf|pdf|std|var|size|numel|view"
    "|unsqueeze|squeeze|swapaxes|softmax|log_softmax|logsumexp|multiply|log1p|expm1|sin|cos"
)
#: Heads of matrices that texts write with square brackets, too, where a dot or a star stands with them.
_HEADS = "Tr|Det|Transpose"
_GREEK = "Sigma|Omega|Gamma|Delta|Lambda|Theta|Phi|Psi|Pi|Xi|Upsilon"
#: What is called and never indexed, so that ``end`` in its brackets is a name.
_NO_ARRAYS = "tr|trace|ones|zeros|eye|sum|exp|log|sqrt|sin|cos|tanh|abs|det|inv|diag|vec|norm|mean|prod|kron"
#: language -> what only its code holds, compiled where it is needed; the first that fits is taken.
MARKS: dict[str, str] = {
    "Python ": r"(?m:^[ \t]*def\s+\w+\s*\([^()]{0,400}\)\s*(?:->[^\n:]{1,60})?:)",
    "Mathematica": (
        rf"(?s:\b(?!(?:{_GREEK}|{_HEADS})\b)(?>[A-Z]+[a-z]+(?:[A-Z]+[a-z]*)*\d{{0,2}})\[(?![\d:,\s]*\])|\\\[[A-Z][a-zA-Z]+\]"
        rf"|\w\[\s*[a-z]\w{{0,30}}_\s*[\],]|\w\[\[|\A(?>.*?\b(?:{_HEADS})\[).*(?:[\w\])]\.[A-Za-z(]|[\w\])]\s*\*\s*[\w(])"
        r"|\b(?:Max|Min|Abs|Mean|Dot)\[|\b(?:Sqrt|Log|Exp|Det|Tr|Total|Norm|Inverse|Sin|Cos|Tanh|Abs|Mean|Transpose|Flatten)@"
        r"|//\s*(?:Full)?Simplify\b)"
    ),
    "R": (
        r"%\*%|%o%|%x%|%in%|\bt?crossprod\(|\bd(?:norm|pois|binom|exp|gamma|mvnorm|nbinom|geom|lnorm|weibull|cauchy|logis|chisq)\(|=\s*(?:TRUE|FALSE)\b"
        r"|\b(?:lower\.tail|log\.p)\s*=|(?m:^[ \t]*[\w.]+[ \t]*<-\s)|\bfunction\s*\("
        r"|\bp(?:max|min)\(|\b(?:col|row)(?:Sums|Means)\(|\bp(?:logis|norm)\(|\bn(?:row|col)\(|\bas\.\w+\(|\bdeterminant\([^()]*\)\$"
        rf"|\A\s*return\((?![\s\S]*(?:{_OF_PYTHON}))"
        r"|\blfactorial\(|\btype\s*=\s*[\"'][OoIiFfEeMm12][\"']\s*\)|\bouter\(\s*\w+\s*,\s*\w+\s*,\s*[\"']"
        r"|\b(?:mahalanobis|forwardsolve|backsolve|sweep|sd)\(|\b[st]?apply\(|\bifelse\("
    ),
    "Julia": (
        r"@(?:NL)?objective\(|\b\d{1,9}\s?//\s?\d{1,9}\b(?![\s\S]*(?<![\w.])(?:np|torch|jnp)\.)|(?:[A-Za-zα-ωΑ-Ω_]\d*)\.\(|\.\+|\.-(?!\d)|@\.|⋅|\b(?:sum|mean|maximum|minimum)\(\s*abs2?\s*,|\bdims\s*=|\bopnorm\("
        r"|(?<!\.)\bdot\([^(),]*,[^(),]*,[^()]*\)|\b(?:log|exp|sqrt|abs2)\.\(|\babs2\(|\blogpdf\.?\(\s*(?:Mv)?Normal\b|\bcholesky\([^\n]{1,80}\)\.[LU]\b|\A(?=[\s\S]*=\s*cholesky\()(?=[\s\S]*\w\s*\\\s*[\w(])|\b(?:Diagonal|Symmetric|Hermitian|(?:Unit)?(?:Upper|Lower)Triangular)\(|\b(?:logdet|det)\(\s*cholesky\(|(?m:^[ \t]*function\s+\w+\s*\()"
        r"|(?m:^[ \t]*return\b)(?=[^\"]*[\w)\]]'\s*[*\\\w(])|(?m:^[ \t]*return\b)(?=.*\\|[^\"]*\d[α-ωπ])"
        r"|(?m:^[ \t]*\w+\([\w\s,]{0,40}[;,]?\s*\w{1,20}\s*=\s*[^()=]{1,20}\)\s*=(?!=))|\)::[A-Z]|\w::[A-Z]|[=(]\s*[a-z]\w?\s*->\s*[\w(]|(?m:^[ \t]*using\s+[A-Z])|\b(?:ForwardDiff|Zygote|ReverseDiff|LinearAlgebra|Flux|NNlib)\.|\bsize\(\w+\)\[|\blogabsdet\(|\.?\|>\s*[A-Za-z]\w*(?!\w*\s*[\w(.])"
    ),
    "R ": r"\A(?![\s\S]*(?:\.[*/^]|'|=\s*@|\bend\b))[\s\S]*\blength\(\w+\)",
    "MATLAB": (
        r"\bcvx_begin\b|,\s*[\"']all[\"']\s*\)|\.\.\.\s*\n|;\s*\Z|[=(,]\s*@\(\s*[A-Za-z]\w{0,30}(?:\s*,\s*\w{1,30}){0,9}\s*\)|(?m:(?<![%\w])%[ \t]*$)|\bnumel\(|\bsize\(\w+\s*,\s*[12]\)|\bbsxfun\(|\brepmat\("
        rf"|(?m:^[ \t]*function\s+(?:\[|\w+\s*=))|\b(?!(?:{_NO_ARRAYS})\()[A-Za-z]\w{{0,30}}\([\w\s:,+-]{{0,40}}\bend\b\s*[-+,:)]|:\s*end\s*\)"
        r"|\w\((?:[\w\s+-]{0,20},)?\s*\w{1,20}\s*:\s*\w"
        r"|\[\s*(?:ones|zeros)\([^(),]{1,20},\s*1\s*\)\s+\w|\[\s*\w{1,20}\s+(?:ones|zeros)\([^(),]{1,20},\s*1\s*\)\s*\]"
    ),
    "Python": (
        rf"(?<![\w.])(?:{_MODULES})\.[a-zA-Z_]|[\w)\]]\.(?:{_METHODS})\(|\b(?:axis\s*=(?!\s*[12]\s*\))|(?:dim|keepdims?|ord)\s*=)"
        r"|\bfrom\s+\w+\s+import\b|\bsymbols\(\s*[\"']|\b(?:sp|sympy)\.(?!T\b)[A-Za-z]|\bself\.[a-zA-Z_]|\.shape\b|\blen\(|\[:,\s*(?:-1|None)\s*\]|(?<=[\w)\]])\[-\d|(?m:^[ \t]*def\s+\w+\([^()]*\)\s*:)"
        r"|(?m:^[ \t]*return(?:\s|(?=\(.*(?:\*\*|\.T\b))))|\bfor\s+\w+(?:\s*,\s*\w+){0,3}\s+in\b|\.T\.(?:\w+)\(|\[None\b|\.mT\b"
        r"|\bMatrix\(\[|\bSum\([^()\n]{1,80}\[[^()\n]{1,80},\s*\(\s*[a-z]\w*\s*,|\bMatrixSymbol\(|\b(?:Inverse|Determinant|MatMul|MatAdd|MatPow|OneMatrix|HadamardProduct|KroneckerProduct|hadamard_product|kronecker_product)\(|[\w)\]]\.I\b|\.applyfunc\(|\.(?:inv|doit)\(\)|\)\.diff\("
        r"|\w\[(?:[\w:]+\s*,\s*)?(?:\d+\s*:|:\s*-?\d+)\s*[\],]"
    ),
    "Julia ": r"\A(?s:(?=.*\blength\(\w+\))(?=.*[α-ωΑ-Ω]))",
    "MATLAB ": r"\A(?s:(?=.*\blength\(\w+\))(?=.*(?:\.[*^/]|[\w)]'|[\w)]\s*\\\s*[\w(])))",
    "Mathematica ": (
        r"(?<![\d.\s])\s+\.\s+(?=[A-Za-z(])"
        r"|(?<![\w.])(?![^\W\d]\.\w\s*\Z|i\.e|e\.g|w\.r|a\.k|s\.t|i\.i|f\.o|c\.f)[A-Za-zΑ-Ωα-ω]\d?\.(?![TI]\b)[A-Za-zΑ-Ωα-ω]\d?(?![\w(])"
    ),
}  # fmt: skip
#: What languages share with this one: where the rest is code of the language, too, and says another thing, it is.
PERHAPS: dict[str, str] = {
    "R": r"\A(?=[\s\S]*\b(?:sum|mean|solve|diag)\()(?=[\s\S]*(?<![\w.])t\([A-Z]\w*\)\s*[-+*/])",
    "Python": r"@|\[0\s*[\],:]|[,:]\s*0\]",
    "MATLAB": (
        r"\(:\)|'\s*/\s*(?:\(|[A-Z]\w*\s*\*)"
        r"|\A(?![\s\S]*\^T)(?=[\s\S]*(?:[\w)\]]'|\.[*/^]|[\w)\]]\s*\*\s*[A-Za-z(]))[\s\S]*?(?m:^[ \t]*[A-Za-z]\w*[ \t]*=[^=\n][^\n]*;[ \t]*$)"
        r"|\A(?![\s\S]*\^T)(?=[\s\S]*[\w)\]]')(?=[\s\S]*[\w)\]]\s*\*\s*[A-Za-z(])[\s\S]*?(?<!\w)[a-z]{1,8}[A-Z][a-z]"
    ),
}
#: A sum along an axis, with which another sum around it is one of MATLAB's unless its names are declared as here.
_ALONG = r"\b(?:mean|sum)\([^()]*(?:\([^()]*\)[^()]*)*,\s*[12]\)"
#: A\(b - c) and A\[1; 2] are solutions in MATLAB and Julia, unless the bracket is closed as in LaTeX.
_LATEX = pattern(r"\\[a-zA-Z]{2,}|\\[|{]|(?<![\w)\]'])\\\(|\\\)|(?<![\w)\]])\$")
#: A product of arrays in Python; in Mathematica without spaces f@x is f[x].
_AT = pattern(r"[\w)\]'] @ [\w(]|[)\]]@\w")
_WITHOUT_AT = frozenset(("MATLAB", "Julia", "R"))
#: What stands in every text in which one of those marks is found, so that most texts are done after one quick search.
NEEDED = pattern(
    r"\bcvx_begin\b|//|[%@⋅;:=\\\[]|\|>|[a-z][A-Z][a-z]|->|<-|\.[^\W\d]|\.[(+\-.\sΑ-ω]|0\]|'\s*/|,\s*(?:[12]\)|['\"]all)|\babs2?\s*[,(]|\bas\.|\b(?:t?crossprod|function"
    r"|d(?:norm|pois|binom|exp|gamma|mvnorm|nbinom|geom|lnorm|weibull|cauchy|logis|chisq)|p(?:max|min|norm|logis)|(?:col|row)(?:Sums|Means)"
    r"|n(?:row|col)|determinant|return|lfactorial|outer|length|mahalanobis"
    r"|forwardsolve|backsolve|sweep|sd|[st]?apply|ifelse|opnorm|dot|logpdf|cholesky|Diagonal|Symmetric|Hermitian|(?:Unit)?(?:Upper|Lower)Triangular|using|numel|size|bsxfun|repmat|end|len|t(?=\()"
    r"|for|Flux|NNlib|ForwardDiff|Zygote|ReverseDiff|LinearAlgebra|logabsdet|MatrixSymbol|Inverse|Determinant|Mat(?:Mul|Add|Pow)|OneMatrix|HadamardProduct|KroneckerProduct|hadamard_product|kronecker_product|Simplify|FullSimplify)\b"
)


@cache
def _any() -> re.Pattern[str]:
    """One of all marks."""
    return re.compile(
        "|".join(f"(?:{mark})" for mark in (*MARKS.values(), *PERHAPS.values(), _ALONG)), re.MULTILINE | re.DOTALL
    )


def may_be_code(text: str) -> bool:
    """Whether the text holds a sign of other languages; without one nothing else has to be looked at."""
    text = muted(text, percent=True)
    return NEEDED.search(text) is not None and _LATEX.search(text) is None and _any().search(text) is not None


def language_of(text: str) -> str | None:
    """The language whose code the text is by its own signs."""
    text = muted(text, percent=True)
    none = _WITHOUT_AT if _AT.search(text) else frozenset()
    found = (name.strip() for name, mark in MARKS.items() if re.search(mark, text))
    return next((name for name in found if name not in none), None)


def perhaps(text: str, declared: bool) -> str | None:
    """The language whose code the text may be; names with accents, as x̂, are those of Julia."""
    found = next((name for name, mark in PERHAPS.items() if re.search(mark, text)), None)
    found = found or ("MATLAB" if not declared and re.search(_ALONG, text) else None)
    return "Julia" if found == "MATLAB" and re.search(r"[^\W\d_][\u0300-\u036f]", text) else found
