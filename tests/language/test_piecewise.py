"""Relations, choices and cases in every spelling: what is read, what is printed and read back, what is refused."""

from __future__ import annotations

import numpy as np
import pytest

import matcalc as mc
from matcalc.errors import MatcalcError
from matcalc.language import parse
from matcalc.printing import latex, text, unicode

WHERE = "s: scalar, t: scalar, a: scalar, b: scalar, x: vector(n), y: vector(n), X: matrix(m, n)"

#: Spellings of one expression.
SAME = [
    [
        "where(s > 0, s^2, t)", "where (s > 0, s^2, t)", "where(0 < s, s^2, t)", "ifelse(s > 0, s^2, t)",
        "s^2 if s > 0 else t", "(s^2 if (s > 0) else t)", "where(not (s <= 0), s^2, t)", "where(~(s <= 0), s^2, t)",
        r"\begin{cases} s^2 & s > 0 \\ t & s \le 0 \end{cases}",
        r"\begin{cases} s^2 & \text{if } s > 0 \\ t & \text{otherwise} \end{cases}",
        r"\begin{cases} s^2, & \text{if $s > 0$,} \\ t, & \text{otherwise.} \end{cases}",
        r"\begin{cases} s^2 &\mbox{if } s > 0 \\ t &\mbox{else} \end{cases}",
        r"\begin{cases} s^2 & \mathrm{for}\; s \gt 0, \\ t & \mathrm{else}. \end{cases}",
        r"\begin{dcases} s^2 & \textrm{when } s>0 \\ t & \textrm{when } s\leq 0 \end{dcases}",
        r"\begin{cases} s^2 \text{ if } s > 0 \\ t \text{ otherwise} \end{cases}",
        r"\left\{ \begin{array}{ll} s^2 & \text{if } s > 0 \\ t & \text{otherwise} \end{array} \right.",
        r"\left\{ \begin{matrix} s^2 & s > 0 \\ t & \text{else} \end{matrix} \right.",
    ],
    [
        "where(a < s <= b, s, where(s > b, b, a))", "where((a < s) & (s <= b), s, b if s > b else a)",
        "where(s > a and s <= b, s, where(s > b, b, a))", "s if a < s and s <= b else b if s > b else a",
        r"\begin{cases} s & a < s \le b \\ b & s > b \\ a & \text{otherwise} \end{cases}",
        r"\begin{cases} s & \text{if } s > a \text{ and } s \leq b \\ b & \text{if } s > b \\ a & \text{else} \end{cases}",
        r"\begin{cases} s & s > a,\; s \leq b \\ b & s > b \\ a & \text{for } s \le a \end{cases}",
        r"\begin{cases} s & s > a \land s \leq b \\ b & s > b \\ a & \text{else} \end{cases}",
    ],
    [
        "where(s < a or s > b, 0, s)", "where((s < a) | (s > b), 0, s)", "where((s < a) || (s > b), 0, s)",
        r"\begin{cases} 0 & \text{if } s < a \text{ or } s > b \\ s & \text{otherwise} \end{cases}",
        r"\begin{cases} 0 & s < a \lor s > b \\ s & \text{otherwise} \end{cases}",
    ],
    [
        "(s > 0) s^3", "1[s > 0] s^3", "1{s > 0} s^3", "1(s > 0) s^3", "I(s > 0) s^3", "ind(s > 0) s^3", "[s > 0] s^3",
        r"\mathbb{1}[s > 0] s^3", r"\mathbb 1\{s > 0\} s^3", r"\mathbf{1}_{s > 0} s^3", r"\mathbf{1}_{\{s>0\}} s^3",
        r"\mathbb{I}(s > 0) s^3", r"\mathbf{1}(s > 0) s^3", r"\mathbb{1}\left[s > 0\right] s^3", r"\mathbb{I}\{s > 0\} s^3",
    ],
    ["(x >= y) .* x", "(x ≥ y) .* x", "(x .>= y) .* x", r"\mathbb{1}[x \ge y] \odot x", r"\mathbb{1}[x \geqslant y] \odot x"],
    ["(s == t) s", "(s ~= t) * (-s) + s", r"\mathbb{1}[s = t] s"],
    ["(s != t) s", "(s ≠ t) s", "(s ~= t) s", r"\mathbb{1}[s \neq t] s", r"\mathbb{1}[s \ne t] s"],
    [
        "where(s > 0, where(t > 0, a, b) + 1, t)",
        r"\begin{cases} \begin{cases} a & t > 0 \\ b & \text{else} \end{cases} + 1 & s > 0 \\ t & \text{otherwise} \end{cases}",
        r"\begin{cases} \left( \begin{cases} a & \text{if } t > 0 \\ b & \text{else} \end{cases} \right) + 1 & \text{if } s > 0 \\ t & \text{else} \end{cases}",
    ],
    [
        "where(where(s > 0, a, b) > t, a, t)",
        r"\begin{cases} a & \text{if } \begin{cases} a & \text{if } s > 0 \\ b & \text{else} \end{cases} > t \\ t & \text{else} \end{cases}",
    ],
    ["where(not (a < s <= b), s, t)", "where(a < s <= b, t, s)", "where(where(a < s <= b, 0, 1), s, t)"],
    ["where(<x, y> > 1, 2 <x, y>, 0)", "where(x^T y > 1, 2 x^T y, 0)", "where(1 < <x, y>, 2 <x, y>, 0)"],
    ["where(|s| < 1, s, |s|)", "where(abs(s)<1, s, abs(s))", "s if |s| < 1 else |s|"],
    ["where(||x|| <= s, x, y)", "where(norm2(x) <= s, x, y)", r"\begin{cases} x & \|x\| \le s \\ y & \text{else} \end{cases}"],
    ["sum(where(x, y, 0))", "sum(where(x != 0, y, 0))"],
]  # fmt: skip
# The difference in the sixth row is one of values, not of nodes.
BY_VALUE = {"(s ~= t) * (-s) + s"}


@pytest.mark.parametrize("spellings", SAME, ids=lambda spellings: spellings[0])
def test_spellings(spellings: list[str]) -> None:
    first = parse(spellings[0], WHERE).node
    for source in spellings[1:]:
        node = parse(source, WHERE).node
        assert node is first or (source in BY_VALUE and mc.equal(source, spellings[0], where=WHERE)), source


def test_subscripts_of_several_signs_stand_in_conditions() -> None:
    where = "s_{11}: scalar, s_{12}: scalar, s_{max}: scalar"
    source = r"\begin{cases} s_{11} & \text{if } s_{12} > s_{max} \text{ and } s_{11} \le 1 \\ s_{12} & \text{otherwise} \end{cases}"
    node = parse(source, where).node
    assert node is parse("where(s_12 > s_max and s_11 <= 1, s_11, s_12)", where).node
    assert parse(latex(node), where).node is node


@pytest.mark.parametrize("source", [s for spellings in SAME for s in spellings[:1]])
def test_what_is_printed_is_read_back(source: str) -> None:
    node = parse(source, WHERE).node
    for printed in (text(node), unicode(node), latex(node)):
        assert parse(printed, WHERE, shape=node.shape).node is node, printed


def test_the_word_where_without_a_bracket_begins_declarations() -> None:
    node = parse("sum(where(x > 0, x, c)) where c = y^T x, x: vector(n)").node
    assert node is parse("sum(where(x > 0, x, y^T x)) where x: vector(n)").node


def test_the_value_is_that_of_numpy() -> None:
    x, y = np.random.default_rng(0).standard_normal((2, 50))
    f = mc.compile("where(x > y, where(x > 1 or y < -1, exp(x), x), (x >= 0) .* y)", where=WHERE)
    wanted = np.where(x > y, np.where((x > 1) | (y < -1), np.exp(x), x), (x >= 0) * y)
    np.testing.assert_allclose(f(x=x, y=y), wanted)


#: text, what its message says
FAULTS = [
    ("x > 0", "a relation, >, is no value"),
    ("||x > 0||", "a relation, >, is no value"),
    ("x[s > 0]", "a relation, >, is no value"),
    ("(x > )", "a value is missing between > and )"),
    ("(> x)", "a value is missing between ( and >"),
    ("where(s > 0, s)", "where takes 3 arguments, not 2"),
    ("where(x > 0, x, X)", "x > 0, a column (n x 1), and X, a matrix (m x n)"),
    ("s if t", "the end of the text was not expected here"),
    ("s else t", "else was not expected here"),
    ("where(s = 0, 1, s)", "= was not expected here"),
    ("[X & X]", "& was not expected here"),
    ("~s", "~ was not expected here"),
    (r"\begin{cases} \end{cases}", "there are no cases"),
    (r"\begin{cases} s & t \\ t & s > 0 \end{cases}", "this is no condition"),
    (r"\begin{cases} s & \text{otherwise} \\ t & s > 0 \end{cases}", "only the last row is taken otherwise"),
    (r"\begin{cases} s & s > 0", r"\begin{cases} has no end"),
    (r"s \le t", "a relation, <=, is no value"),
]


@pytest.mark.parametrize(("source", "message"), FAULTS, ids=[f[0] for f in FAULTS])
def test_fault(source: str, message: str) -> None:
    with pytest.raises(MatcalcError) as caught:
        parse(source, WHERE)
    assert message in str(caught.value)


def test_commas_of_arguments_in_a_condition_join_no_relations() -> None:
    text = (
        r"\begin{cases} 1 & \text{if } \operatorname{abs}(\min(s, t)) \le c, s > 0 \\ 2 & \text{otherwise} \end{cases}"
    )
    where = "s: scalar, t: scalar, c: scalar"
    assert mc.equal(mc.parse(text, where), mc.parse("where(abs(min(s, t)) <= c and s > 0, 1, 2)", where))
