"""The commands of LaTeX that the language reads, by what becomes of them."""

from __future__ import annotations

from matcalc.language.words.names import GREEK
from matcalc.patterns import pattern

__all__ = [
    "ACCENTS",
    "BRACKETS",
    "BRAKETS",
    "CONNECTIVES",
    "DELIMITERS",
    "DELIMITER_SIZES",
    "ENTRYWISE",
    "FACES",
    "FRACTIONS",
    "FUNCTIONS",
    "GREEK_COMMANDS",
    "HINTS",
    "IGNORED",
    "IGNORED_ENVIRONMENTS",
    "LABELLED",
    "LETTER_MACRO",
    "MATRICES",
    "OPERATORS",
    "RECORDED_FACES",
    "RELATIONS",
    "SKIPPED",
    "STYLES",
    "SWITCHES",
    "TRANSPARENT",
    "TRANSPOSITIONS",
    "UNWRAPPED",
    "UPRIGHT",
]

#: Space and layout, without meaning.
IGNORED = frozenset(
    r"\, \; \: \! \> \[ \] \( \) \quad \qquad \displaystyle \textstyle \scriptstyle \limits \nolimits \nonumber \notag "
    r"\thinspace \medspace \thickspace \negthinspace \allowbreak \nobreak \middle \relax "
    r"\scriptscriptstyle \Large \large \LARGE \small \footnotesize \normalsize \huge \Huge \mathstrut \strut \hfill \hfil "
    r"\break \enspace \enskip \space \null \/ \noindent \centering \hline \smallskip \medskip \bigskip \qty \pqty \bqty".split()
)
#: Commands whose last argument is what is set -> the number of arguments before it.
TRANSPARENT = dict.fromkeys(
    r"\boxed \fbox \underbrace \overbrace \underbracket \overbracket \smash \mathclap \mathrlap \mathllap \hl".split(),
    0,
) | dict.fromkeys(r"\textcolor \colorbox \mathcolor \underset \overset \stackrel".split(), 1)
#: Those of them that may have a label below or above.
LABELLED = frozenset(r"\underbrace \overbrace \underbracket \overbracket".split())
#: Commands that tell what a sign is, not what it says.
UNWRAPPED = frozenset(r"\mathbin \mathrel \mathord \mathopen \mathclose \mathinner \ensuremath".split())
#: Macros that many papers define -> the delimiters around their arguments, and how many these are.
DELIMITERS = (
    dict.fromkeys(r"\norm \norm* \Norm \lnorm \nrm".split(), (r"\lVert", r"\rVert", 1))
    | dict.fromkeys(r"\abs \abs* \Abs \absolute".split(), (r"\lvert", r"\rvert", 1))
    | dict.fromkeys(
        r"\inner \inner* \innerp \innerproduct \ip \iprod \dotp \dotprod \innerprod \braket \scal \lin".split(),
        (r"\langle", r"\rangle", 2),
    )
)
#: Macros of quantum mechanics -> how they are written with angles and bars, by the numbers of their arguments.
BRAKETS = {
    r"\bra": "<1|",
    r"\ket": "|1>",
    r"\expval": "<2|1|2>",
    r"\ev": "<2|1|2>",
    r"\mel": "<1|2|3>",
    r"\matrixel": "<1|2|3>",
}
#: Commands that are left out together with their argument.
SKIPPED = frozenset(
    r"\hspace \hspace* \vspace \vspace* \label \tag \tag* \color \phantom \hphantom \vphantom \eqno \footnote "
    r"\kern \mkern \mspace \intertext".split()
)
#: Sizes of delimiters -> the side that they name, if they do.
DELIMITER_SIZES = (
    {rf"\{size}l": "open" for size in ("big", "Big", "bigg", "Bigg")}
    | {rf"\{size}r": "close" for size in ("big", "Big", "bigg", "Bigg")}
    | {rf"\{size}": "" for size in ("big", "Big", "bigg", "Bigg", "bigm", "Bigm")}
    | {r"\left": "open", r"\right": "close", r"\mleft": "open", r"\mright": "close"}
)
#: Brackets that are commands -> type and sign of the plain token.
BRACKETS = {
    r"\{": ("LPAR", "{"),
    r"\}": ("RPAR", "}"),
    r"\lbrace": ("LPAR", "{"),
    r"\rbrace": ("RPAR", "}"),
    r"\lparen": ("LPAR", "("),
    r"\rparen": ("RPAR", ")"),
    r"\lbrack": ("LSQB", "["),
    r"\rbrack": ("RSQB", "]"),
    r"\langle": ("LANGLE", "<"),
    r"\rangle": ("RANGLE", ">"),
    r"\lVert": ("NORM_OPEN", "‖"),
    r"\rVert": ("NORM_CLOSE", "‖"),
    r"\lvert": ("ABS_OPEN", "|"),
    r"\rvert": ("ABS_CLOSE", "|"),
    r"\|": ("BAR", "‖"),
    r"\Vert": ("BAR", "‖"),
    r"\parallel": ("BAR", "‖"),
    r"\vert": ("BAR", "|"),
    r"\mid": ("BAR", "|"),
}
#: Infix commands -> the plain operator.
OPERATORS = {
    r"\cdot": "·",
    r"\times": "×",
    r"\odot": "⊙",
    r"\circ": "∘",
    r"\oslash": "⊘",
    r"\otimes": "⊗",
    r"\div": "÷",
    r"\backslash": "\\",
    r"\setminus": "\\",
}
#: Relations between numbers -> the plain sign, and words between relations -> the token.
RELATIONS = {
    **dict.fromkeys([r"\le", r"\leq", r"\leqslant", r"\leqq"], "<="),
    **dict.fromkeys([r"\ge", r"\geq", r"\geqslant", r"\geqq"], ">="),
    **dict.fromkeys([r"\ne", r"\neq"], "!="),
    r"\lt": "<",
    r"\gt": ">",
}
CONNECTIVES = {r"\land": "AND", r"\wedge": "AND", r"\lor": "OR", r"\vee": "OR", r"\lnot": "NOT", r"\neg": "NOT"}
#: Letters in another type -> what it tells of a name.
FACES = (
    dict.fromkeys(
        r"\mathbf \boldsymbol \bm \pmb \mathbfit \symbf \symbfit \symbfup \textbf \bf \mathbb \mathds \mathbbm \bold \vb \va "
        r"\mat \underline \bs \mathsfbf".split(),
        "bold",
    )
    | dict.fromkeys(r"\vec \vect \overrightarrow \vv".split(), "arrow")
    | dict.fromkeys(r"\mathcal \mathscr \mathfrak \cal \symcal \symscr \symfrak".split(), "script")
    | {r"\mathnormal": "plain"}
)
FRACTIONS = frozenset({r"\frac", r"\tfrac", r"\dfrac", r"\cfrac", r"\nicefrac", r"\sfrac"})
#: The types that tell what a name may be.
RECORDED_FACES = frozenset({"bold", "arrow", "script", "upright", "increment"})
#: Letters in another type: the letter is meant, or each letter of a word.
STYLES = frozenset(FACES)
#: Switches of the type up to the end of a group, as in {\bf x} -> the command with an argument.
SWITCHES = {
    r"\rm": r"\mathrm",
    r"\sf": r"\mathsf",
    r"\tt": r"\mathtt",
    r"\bf": r"\mathbf",
    r"\bfseries": r"\mathbf",
    r"\boldmath": r"\mathbf",
    r"\it": r"\mathnormal",
    r"\em": r"\mathnormal",
    r"\cal": r"\mathcal",
}
#: What makes one word of its letters.
UPRIGHT = frozenset(
    r"\operatorname \operatorname* \mathrm \text \textrm \textnormal \mathop \mathit \textit \mathsf \textsf \mathtt "
    r"\texttt \rm \sf \tt \mbox \DeclareMathOperator".split()
)
#: Accents, which distinguish a name: \hat{x} is x_hat.
ACCENTS = {
    rf"\{a}": a.removeprefix("wide")
    for a in "hat bar tilde dot ddot check breve widehat widetilde widecheck widebar".split()
} | {r"\overline": "bar"}
_VARIANTS = {
    "varepsilon": "epsilon",
    "vartheta": "theta",
    "varphi": "phi",
    "varrho": "rho",
    "varpi": "pi",
    "varkappa": "kappa",
}
#: Command -> name of the Greek letter.
GREEK_COMMANDS = {rf"\{name}": name for name in GREEK.values()} | {rf"\{v}": name for v, name in _VARIANTS.items()}
#: Functions with a command of their own, beside those that the table of functions knows by the command's name.
FUNCTIONS = {
    r"\ln": "log",
    r"\arcsin": "asin",
    r"\arccos": "acos",
    r"\arctan": "atan",
    r"\Tr": "tr",
    r"\TR": "tr",
    r"\Trace": "tr",
    r"\trc": "tr",
    r"\ReLU": "relu",
    r"\Softmax": "softmax",
    r"\Sigmoid": "sigmoid",
    r"\sigm": "sigmoid",
    r"\Det": "det",
    r"\Diag": "diag",
    r"\sgn": "sign",
}
#: Functions of entries that stand before absolute values in sums without an index.
ENTRYWISE = frozenset(r"\log \ln \exp \sin \cos \tanh \cosh".split())
#: Macros for the sign of transposition.
TRANSPOSITIONS = frozenset(r"\T \tp \transp \trans \tran \transpose \mT".split())
#: Macros for one letter in bold, as \vx, \mA and \bSigma.
_PREFIX = r"\\(?:bf|bs|bm|vec|mat|rv|rm|b|v|m)"
LETTER_MACRO = pattern(rf"{_PREFIX}({'|'.join(sorted(GREEK.values(), reverse=True))})|{_PREFIX}([A-Za-z])")
#: Matrices by the name of their environment -> the bars around them, if any.
MATRICES = {
    "bmatrix": "",
    "pmatrix": "",
    "matrix": "",
    "Bmatrix": "",
    "smallmatrix": "",
    "bsmallmatrix": "",
    "psmallmatrix": "",
    "array": "",
    "vmatrix": "ABS",
    "Vmatrix": "NORM",
}
IGNORED_ENVIRONMENTS = frozenset(
    "equation equation* align align* aligned alignat gather gather* gathered split multline multline* math displaymath".split()
)
#: Commands that are meant often, and what to write instead.
HINTS = {
    r"\nabla": "type the function only: its derivatives are what the engine finds",
    r"\partial": "type the function only: its derivatives are what the engine finds",
    **dict.fromkeys([r"\dv", r"\pdv", r"\fdv"], r"a derivative stands in front of the whole: \dv{x} x^\top A x"),
    r"\int": "there are no integrals",
    r"\prod": "there are no products over an index: the product of the entries of x is exp(sum(log(x)))",
    r"\lim": "there are no limits",
    r"\arg": "type the function that is minimised",
    r"\in": "declarations come after the word where, as in x^T A x where A: symmetric(n)",
    r"\pm": "write each sign as an expression of its own",
    r"\ast": r"a convolution is \operatorname{conv}(k, x), a product \cdot, the Hadamard product \odot",
    r"\star": r"a convolution is \operatorname{conv}(k, x), a product \cdot, the Hadamard product \odot",
    r"\bullet": r"the inner product of matrices is \langle C, X \rangle, a product \cdot, the Hadamard product \odot",
    r"\ldots": "there are no dots: write the expression out, or in matrices",
    r"\cdots": "there are no dots: write the expression out, or in matrices",
    r"\dots": "there are no dots: write the expression out, or in matrices",
    r"\infty": r"infinity is a subscript of norms only: \|x\|_\infty",
    r"\over": r"write \frac{a}{b}",
    r"\Pr": "there are no probabilities",
    r"\dagger": r"write X^\dagger for the pseudoinverse",
    r"\top": r"write X^\top",
    r"\intercal": r"write X^\intercal",
    r"\prime": "write X'",
    r"\oplus": r"a block matrix is \begin{bmatrix} A & 0 \\ 0 & B \end{bmatrix}",
    r"\%": "there is no percent sign",
    r"\mp": "write each sign as an expression of its own",
    r"\stackrel": "write the sign alone",
}
