"""Hostile input ends in a clear error or a right answer, soon, and in bounded memory."""

from __future__ import annotations

import json
import sys
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matcalc.errors import LimitError, MatcalcError
from matcalc.language import limits, parse
from matcalc.printing import text
from tests.machine import sweep

DEEP = {
    "brackets": "(" * 10_000 + "x" + ")" * 10_000,
    "open brackets": "(" * 10_000,
    "blocks": "[" * 10_000 + "x" + "]" * 10_000,
    "powers": "s" + "^{s" * 5_000 + "}" * 5_000,
    "bars": "||" * 3_000 + "x" + "||" * 3_000,
    "signs": "-" * 10_000 + "x",
    "calls": "exp(" * 10_000 + "x" + ")" * 10_000,
    "fractions": r"\frac{1}{1+" * 3_000 + "x" + "}" * 3_000,
    "roots": r"\sqrt{" * 5_000 + "x" + "}" * 5_000,
    "accents": r"\hat{" * 5_000 + "x" + "}" * 5_000,
    "indices": r"\alpha" + "_{a" * 5_000 + "}" * 5_000,
    "bare functions": r"\log " * 5_000 + "x",
    "sums": r"\sum_i " * 3_000 + "x_i",
    "sized brackets": r"\left(" * 5_000 + "x" + r"\right)" * 5_000,
    "environments": r"\begin{bmatrix}" * 3_000,
    "one megabyte": "x+" * 500_000 + "x",
    "many parts": "+".join(["x"] * 20_000),
    "a long number": "9" * 5_000,
    "a large number": "1e99999",
    "a large power": "X^999999999",
    "a large scalar power": "s^999999999 where s: scalar",
    "towers of powers": "2^2^2^2^2^2",
    "towers of nines": "9^9^9^9",
}


@sweep(2)
@pytest.mark.parametrize("source", DEEP.values(), ids=DEEP)
def test_too_much_of_anything_is_a_short_error(source: str) -> None:
    started = time.process_time()
    with pytest.raises(MatcalcError) as caught:
        parse(source)
    assert time.process_time() - started < 3
    assert len(str(caught.value)) < 1_000
    json.dumps(caught.value.as_dict()["message"])


WIDE = {
    "a sum of 3000 names": "+".join(f"x_{i}" for i in range(3_000)),
    "a product of 3000 names": " ".join(f"A_{i}" for i in range(3_000)),
    "powers of one matrix": "*".join(["A"] * 5_000),
    "Kronecker products of Kronecker products": "kron(" * 8 + "A" + ", A)" * 8,
    "primes": "x" + "'" * 5_000,
    "a written matrix": "[" + ";".join(["1, 2, 3"] * 1_000) + "]",
    "definitions that double": "h_0 where " + ", ".join(f"h_{i} = h_{i + 1} + h_{i + 1}" for i in range(200)) + ", h_200 = x",
    "a huge size": "ones(99999999999999999999)",
}  # fmt: skip


@sweep(4)
@pytest.mark.parametrize("source", WIDE.values(), ids=WIDE)
def test_much_is_read_soon(source: str) -> None:
    started = time.process_time()
    parse(source)
    assert time.process_time() - started < 5


STRANGE = [
    "x\0y", "x\ud800y", "x\u202ey + z", "x\u200dy", "\u0430 + b", "x\u0301", "Ａ x", "😀", "\\", "\\\\", "\\frac{", "`x`",
    "__import__('os')", "x.__class__", "'; DROP TABLE x",  "%s",  "<!-- x -->",  "x\x1b[31m", "", " ", "\n",
    "where", "where where where", "x where \udcddc: scalar", "x where \x1b[31m: scalar", "x where x: \u202ematrix", "x where x: vector(n", "x where : scalar", "x where x: scalar(", "_", "__", "'", "\"", ";", ",,", "()", "[]", "[;]", "||", "||||", "<>", "<,>", ".", "..", "^", "\\left", "\\right)", "\\begin{", "\\end{bmatrix}", "x_{", "x^{", "$", "$$", "\\sum", "\\sum_", "\\sum_i", "\\mathrm", "\\mathrm{}", "\\mathbf{}", "\\sqrt", "\\sqrt[", "\\log", "\\log_", "\\hat", "&", "\\\\ &",
    # without the arguments that a function needs, and statements that say nothing
    "2 J_f(sum)^T (f(x) - y)", "gu'()", "norm()(:))  =>", "colMeans() %*% w", "x.Transpose[].y",
    "H <- X %*% solve(t() %*% X) %*% t(X)", "(X - X.mean(axis=0))/ X.(axis=0)", "\\frac = E12\\",
    "wrt={asked.wrt},order={asked.order}", "E(x x^T)", "E[(d - w^T x)^2]",
]  # fmt: skip


@pytest.mark.parametrize("source", STRANGE, ids=ascii)
def test_strange_characters_are_named(source: str) -> None:
    with pytest.raises(MatcalcError) as caught:
        parse(source)
    shown = str(caught.value)
    shown.encode("utf-8")
    assert "\0" not in shown and "\x1b" not in shown and "\u202e" not in shown


@pytest.mark.parametrize(
    "name", ["lambda", "class", "import", "def", "None", "exec", "self", "print", "os", "numpy", "and"]
)
def test_words_of_python_are_names(name: str) -> None:
    assert name in parse(f"{name}^T x where {name}: vector(n)").declarations


def test_nesting_up_to_the_limit_is_read() -> None:
    deep = "exp(" * 90 + "s" + ")" * 90
    assert parse(f"{deep} where s: scalar").declarations["s"].kind == "scalar"
    with limits.using(nesting=300):
        parse("(" * 250 + "x" + ")" * 250)
    with pytest.raises(LimitError, match="limit is 100"):
        parse("(" * 250 + "x" + ")" * 250)


def test_what_the_coverage_guided_fuzzer_found() -> None:
    _only_matcalc_errors("outer(aX[1entryt,iyl:p ]+++a[2:2, :], b)")
    assert parse("x[2:2] + 1").node.is_scalar
    assert parse("X[2:2, :]").node.rows.is_one


def test_the_recursion_limit_is_left_alone() -> None:
    before = sys.getrecursionlimit()
    parse("-" * 50 + "x")
    assert sys.getrecursionlimit() == before


FUZZ = settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def _only_matcalc_errors(source: str) -> None:
    try:
        parsed = parse(source)
    except MatcalcError as error:
        str(error).encode("utf-8")
        return
    text(parsed.node)


@FUZZ
@given(st.text(max_size=30))
def test_any_text(source: str) -> None:
    _only_matcalc_errors(source)


PIECES = st.sampled_from(
    "x y s A B X Sigma lambda 1 2 0.5 0 + - * / ^ .* ./ .^ ' ^T ^-1 ^2 ( ) [ ] { } | || ‖ , ; : < > = _ _1 _2 _F ⊗ ⊙ ᵀ ² "
    "exp( log( tr( det( inv( sum( max( vec( kron( norm( eigmax( unvec( softmax( diag( I pi ones(n) e(1, n) where n m".split(" ")
)  # fmt: skip
LATEX = st.sampled_from(
    r"x y s A X \alpha \Sigma 1 2 + - \cdot \odot \otimes / ^ _ { } ( ) [ ] | \| \left( \right) \left\| \right\| \frac \frac{ \sqrt \top "
    r"^\top ^{-1} ^2 _2 _F \mathbf{x} \mathbf \mathrm{d} \operatorname{tr} \log \det \exp \sum_i \sum_{i=1}^n x_i a_i^\top \hat{y} \max "
    r"\begin{bmatrix} \end{bmatrix} & \\ \, \langle \rangle , ; $ \mathrm{e} \mathbf{1} \text{tr} T ' \lVert \rVert \lvert \rvert".split(" ")
)  # fmt: skip


@FUZZ
@given(st.lists(PIECES, max_size=14), st.sampled_from(["", " "]))
def test_any_sequence_of_plain_pieces(pieces: list[str], between: str) -> None:
    _only_matcalc_errors(between.join(pieces))


@FUZZ
@given(st.lists(LATEX, max_size=14), st.sampled_from(["", " "]))
def test_any_sequence_of_latex_pieces(pieces: list[str], between: str) -> None:
    _only_matcalc_errors("\\alpha " + between.join(pieces))


@FUZZ
@given(st.text("xXnm:=,;()[] scalarvectormatrix1_where", max_size=40))
def test_any_declaration(source: str) -> None:
    _only_matcalc_errors("x where " + source)
