"""What names of Python code are beside others: multiples and divisors of matrices, intercepts and biases, targets of predictions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from matcalc.language.foreign.choices import Choice
from matcalc.language.foreign.code import Code, Fault
from matcalc.language.foreign.common.names.naming import rank_of
from matcalc.language.foreign.python.python_forms import TARGETS
from matcalc.language.foreign.python.python_programs import Program
from matcalc.language.mends.hints import declare
from matcalc.patterns import pattern

__all__ = ["Beside"]

#: Letters of numbers in front of a matrix, and behind one.
_FACTORS, _FACTORS_BEHIND = pattern(r"[a-hj-npqrst]\d?"), pattern(r"[a-dhklnpst]\d?")
#: An intercept, and data times weights.
_INTERCEPTS = pattern(r"b_?0?|bias|intercept|c|alpha|a")
_OF_DATA = pattern(
    r"(X\w*|Phi|features|data|inputs?|x|x_\w+) @ (?:w\w*|W|theta|beta|coefs?|b)|(?:w\d?|weights|theta|beta)(?:\^T)? @ (X\w*)"
)
#: W @ X of samples in columns: a bias is a column there.
_WEIGHTS_FIRST = pattern(
    r"\(?(?:W\w*|w\d+|[Tt]heta\d*|weights?\d*)(?:\^T)? @ \(*(?!W|w\d|[Tt]heta|weight)[A-Za-z]\w*\)*"
)
#: a * (X @ W), a multiple of a product: what stands beside it may be one, too.
_MULTIPLE = pattern(r"[^()@]* \.\* .*")


class Beside:
    """A reader of expressions, and what it knows of the axes of names.

    Attributes:
        declared: axes that are declared or tried.
        shown: axes that the code shows.
        axes: axes of all names.
        choice: what was chosen where the code shows too little.
        numbers: names that were read as numbers, as often as they were.
        program: the statements so far.
    """

    declared: Mapping[str, int]
    shown: dict[str, int]
    axes: dict[str, str]
    choice: Choice
    numbers: Counter[str]
    program: Program

    def factor(self, code: Code, beside: Code) -> Code:
        """a X is a multiple of a matrix."""
        free = isinstance(code.value, str) and code.value not in {*self.program.known, *self.declared, *self.shown}
        computed = beside.text.endswith(")") or beside.text in self.program.known
        if free and beside.kind == "m" and computed and TARGETS.fullmatch(str(code.value)):
            weights = re.findall(r" @ ([A-Z]\w*)", self.program.written(beside))
            return self.target(code, f" @ {weights[-1]}" if weights and code.kind == "v" else "")
        letters = _FACTORS if code.span < beside.span else _FACTORS_BEHIND
        if free and beside.kind == "m" and letters.fullmatch(str(code.value)):
            return self.number(code, [str(code.value)])
        if free and (code.kind, beside.kind) == ("v", "m"):
            self.choice = replace(self.choice, spread=(*self.choice.spread, str(code.value)))
        return code

    def number(self, code: Code, names: Sequence[str]) -> Code:
        """What is read as a number, of names that are numbers at this place."""
        self.numbers.update(names)
        return replace(code, axes="")

    def divisor(self, code: Code) -> Code:
        """sqrt(d) below a matrix is a number, unless the code defines d."""
        names = [w for w in _words(code.text) if not w[0].isdigit() and w not in ("sqrt", "sum")]
        free = not any(w in self.program.known or w in self.declared for w in names)
        is_number = code.kind == "v" and names and free and all(_FACTORS_BEHIND.fullmatch(w) for w in names)
        return self.number(code, names) if is_number else code

    def bias(self, code: Code, beside: Code) -> Code:
        """b in X @ W + b is one row, and in X @ w + b a number, of data X and weights w; y in X @ W - y has the axes of the rest."""
        name = code.value
        if not isinstance(name, str) or name in self.program.known or name in self.declared or code.number:
            return code
        if name in self.choice.ranks:
            return code
        written = self.program.written(beside)
        if beside.kind == "m" and " @ " in written and name[:1].islower() and rank_of(name) < 2:
            if TARGETS.fullmatch(name):
                return self.target(code, written)
            self.shown[name] = 1
            if _WEIGHTS_FIRST.fullmatch(written) is None:
                if _MULTIPLE.fullmatch(written) is not None:
                    self.choice = replace(self.choice, rows=(*self.choice.rows, name))
                return replace(code, axes="v")
            self.choice = replace(self.choice, columns=(*self.choice.columns, name))
            return replace(code, axes="c")
        of_data = _OF_DATA.fullmatch(beside.text) if beside.kind == "v" else None
        if of_data is not None and _INTERCEPTS.fullmatch(name) and self.axes.get(of_data[1] or of_data[2]) == "m":
            self.shown[name] = 0
            return replace(code, axes="")
        return code

    def target(self, code: Code, beside: str) -> Code:
        """y beside a matrix of predictions is one, too; whether X @ W is a matrix only its letters say."""
        name = str(code.value)
        weights = re.search(r" @ ([A-Z]\w*)(?=\)*\Z)", beside)
        if weights is not None and weights.group(1) not in {*self.shown, *self.declared, *self.program.known}:
            w = weights.group(1)
            both = f"{w}: matrix(n, k), {name}: matrix(m, k)", f"{w}: vector(n), {name}: vector(m)"
            message = f"{w} and {name} are two matrices here, or two arrays of one axis"
            raise Fault(message, code.span, lambda text: declare(text, *both))
        self.shown[name] = 2
        return replace(code, axes="m")


def _words(part: str) -> list[str]:
    return "".join(c if c.isalnum() or c == "_" else " " for c in part).split()
