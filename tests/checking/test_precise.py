"""The arbiter in many digits: a value for every function, of its own; points of both domains; branches on both sides."""

from __future__ import annotations

import numpy as np
import pytest
from mpmath import mp

import matcalc as mc
from matcalc.checking.branches import other_branches, switches
from matcalc.checking.precise.precise import (
    MANY_DIGITS,
    NotPrecise,
    Undefined,
    exact_point,
    is_nonzero,
    precise_value,
    sides_differ,
)
from matcalc.checking.precise.precise_functions import FUNCTIONS as PRECISE
from matcalc.checking.precise.precise_numbers import ENTRIES
from matcalc.checking.sampling import points
from matcalc.checking.subject import Subject
from matcalc.checking.values.reference import REFERENCE
from matcalc.expr import add, postorder, scaled
from matcalc.functions import FUNCTIONS, find
from matcalc.functions.numeric.values import NUMERIC
from matcalc.language.sizes.signatures import parse_signature
from matcalc.objects.expressions import parsed_together

#: Constants of a size: the typed tree has their values.
OF_SIZES = frozenset(
    "funm unvec ones zeros eye e commutation duplication elimination blocktrace partial_trace vector matrix".split()
)
#: No node has these: they are written with conjugated leaves, see tests/wirtinger.
OF_COMPLEX = frozenset(("conj", "re", "im"))
SIZES = {"n": 3, "m": 4, "k": 2, "p": 2, "q": 2}


def subject(text: str, where: str | None = None) -> Subject:
    f = mc.parse(text, where)
    return Subject(f.node, f.declarations, f.tree)


def pair(left: str, right: str, where: str | None) -> tuple[Subject, Subject]:
    a, b = parsed_together(left, right, where)
    return Subject(a.node, a.declarations, a.tree), Subject(b.node, b.declarations, b.tree)


def test_every_function_has_a_precise_value() -> None:
    assert [n for n in FUNCTIONS if n not in ENTRIES and n not in PRECISE and n not in OF_SIZES | OF_COMPLEX] == []


def arguments(name: str) -> list[np.ndarray]:
    """Arrays in the domain of every function: entries between 0 and 1, square ones symmetric and definite."""
    rng = np.random.default_rng(sum(map(ord, name)))
    row = find(name)
    assert row is not None
    found = []
    for parameter in parse_signature(row.signatures[0]).parameters:
        if parameter.kind != "array":
            continue
        shape = tuple(d.evaluate({n: SIZES.get(n, 3) for n in d.names}) for d in parameter.shape)
        x = rng.uniform(0.1, 0.9, shape)
        found.append(x @ x.T / 4 + np.diag(rng.uniform(1, 2, len(x))) if shape[0] == shape[1] > 1 else x)
    return found


#: They need an integer, a domain of their own, or arguments that fit each other.
BY_HAND = {
    "polygamma": [np.array([[2.0]]), np.array([[0.7], [1.3]])],
    "acosh": [np.array([[1.5], [3.0]])],
    "log1mexp": [np.array([[-1.5], [-0.2]])],
    "frechet_matpow": [np.array([[1.0, 0.2], [0.1, 2.0]]), np.array([[0.3, 1.0], [0.5, 0.2]]), np.array([[3.0]])],
    "correlate": [np.arange(5.0)[:, None], np.array([[1.0], [-2.0]])],
    "acoshm": [np.array([[2.0, 0.3], [0.1, 3.0]])],
    "atanhm": [np.array([[0.2, 0.3], [0.1, -0.4]])],
    "khatri_rao": [np.arange(6.0).reshape(3, 2), np.arange(4.0).reshape(2, 2)],
    "kron_contract": [np.arange(4.0).reshape(2, 2), np.arange(36.0).reshape(6, 6), np.eye(1)],
}


@pytest.mark.parametrize("name", sorted({*NUMERIC, *REFERENCE} & {*ENTRIES, *PRECISE}))
def test_the_values_are_those_of_floating_point(name: str) -> None:
    args = BY_HAND.get(name) or arguments(name)
    with mp.workdps(40):
        exact = [np.array([[mp.mpf(x) for x in row] for row in a], dtype=object) for a in args]
        entrywise = name in ENTRIES and not (name in PRECISE and len(args) == 1)
        found = ENTRIES[name](*exact) if entrywise else PRECISE[name](exact, 0)
    expected = REFERENCE[name](args, None) if name in REFERENCE else NUMERIC[name](*args)
    assert np.allclose(found.astype(float), expected, rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize(
    ("left", "right", "where", "differ"),
    [
        ("expm(3 A) expm(-3 A)", "I", "A: matrix(n, n)", False),
        ("exp(10 s)*(cosh(10 s) - sinh(10 s))", "1", "s: scalar", False),
        ("eigmin(expm(5 S))", "exp(5 eigmin(S))", "S: symmetric(n)", False),
        ("Q^T Q", "I", "Q: orthogonal(n)", False),
        ("S - S^T", "0 S", "S: spd(n)", False),
        ("s + 1e-20 * s", "s", "s: scalar", True),
        ("tr(A B)", "tr(A B^T)", "A: matrix(n, n), B: matrix(n, n)", True),
        ("norm_nuc(X)", "sum(svdvals(X))", "X: matrix(m, n)", False),
    ],
)
def test_sides_are_told_apart_beyond_rounding(left: str, right: str, where: str, differ: bool) -> None:
    a, b = pair(left, right, where)
    point = next(points(a.declarations, a.dims | b.dims, np.random.default_rng(0), a.least_sizes))
    assert sides_differ(a, b, point.values, point.sizes) is differ


@pytest.mark.parametrize(
    ("text", "value"), [("log(s)", -1.0), ("1 / s", 0.0), ("s^(1/2)", -2.0), ("asin(s)", 3.0), ("lgamma(s)", 0.0)]
)
def test_what_is_undefined_is_said(text: str, value: float) -> None:
    f = subject(text, "s: scalar")
    with pytest.raises(Undefined), mp.workdps(50):
        precise_value(f, exact_point({"s": np.array([[value]])}, f.declarations), {})


def test_a_function_without_a_value_is_said() -> None:
    f = subject("sum(erfc(x))", "x: vector(n)")
    values = {"x": np.ones((3, 1))}
    row = ENTRIES.pop("erfc")
    try:
        with pytest.raises(NotPrecise), mp.workdps(50):
            precise_value(f, exact_point(values, f.declarations), {"n": 3})
    finally:
        ENTRIES["erfc"] = row


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("sum(huber(A x - b, 10))", "A: matrix(m, n), x: vector(n), b: vector(m)"),
        ("sum(max(x, -40))", "x: vector(n)"),
        ("norm_inf([x; 40])", "x: vector(n)"),
        ("relu(s - 500)", "s: scalar"),
        ("sum(abs(x - 7))", "x: vector(n, positive)"),
    ],
)
def test_points_lie_on_both_sides_of_every_threshold(text: str, where: str) -> None:
    f = subject(text, where)
    drawn = [next(points(f.declarations, f.dims, np.random.default_rng(0), f.least_sizes))]
    (switch, *_) = switches([f.node])
    added = [*other_branches(f, [f.node], drawn, np.random.default_rng(1))]
    side = Subject(switch, f.declarations)
    signs = {s for p in (*drawn, *added) for s in np.sign(side.value(p.values, p.sizes)).ravel()}
    assert signs >= {-1.0, 1.0}


def test_sums_of_entries_have_more_digits_too() -> None:
    """`<x, y>` of the typed tree and traces of nodes: one number each, in mpmath's as in NumPy's."""
    assert mc.equal("||10^5 x - y||^2 - 10^10 <x, x>", "<y, y> - 2 * 10^5 <x, y>", "x: vector(n), y: vector(n)")
    f, g = (
        mc.gradient(f"s tr(A B) {more}", "s", "s: scalar, A: matrix(n, n), B: matrix(n, n)")
        for more in ("", "+ 10^-9 s^2")
    )
    assert mc.equal(f, g).verdict == "refuted"


#: Between them they hold every operator but those of open functions and directions.
OF_EVERY_OPERATOR = (
    "tr(A B) + x^T A^3 x + pi",
    "[A, x; x^T, 1]",
    "kron(A, B) vec(B^T) + commutation(n, n) vec(A)",
    "diag(x) A diag(diag(B)) + det(A) I + adj(B) + logdet(S) ones(n, n)",
    "duplication(n) vech(S) + elimination(n)^T vech(S)",
    "tril(A) e(2, n) + exp(x ./ 7).^2 + cumsum(x) + 0 x",
    "mean(x) A[:, 1] + sum(A[1:2, 1:2] x[1:2]) logsumexp(A x) x",
    "norm_nuc(A B)",
    "sum_{i != j} (x_i - A_ij)^2 [x_i > 0]",
    "unvec(kron(A, B) vec(S), n, n)",
)


def test_every_operator_has_its_value_in_many_digits() -> None:
    """An operator that numbers of many digits do not go through would end every comparison in silence."""
    rng, seen = np.random.default_rng(4), set()
    where = "A: matrix(n, n), B: matrix(n, n), S: spd(n), x: vector(n)"
    for text in OF_EVERY_OPERATOR:
        f = mc.parse(text, where)
        side = Subject(f.node, f.declarations)
        seen |= {node.op for node in postorder(f.node)}
        point = next(points(side.declarations, side.dims, rng, side.least_sizes))
        with mp.workdps(40):
            found = precise_value(side, exact_point(point.values, side.declarations), point.sizes)
        assert np.allclose(found.astype(float), side.value(point.values, point.sizes), rtol=1e-9), text
    assert set(MANY_DIGITS.rows) - seen <= {"perturbation", "open"}


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("s + exp(s - 400)", "s"),
        ("logsumexp([x; 500])", "500"),
        ("sin(s + exp(-300))", "sin(s)"),
        ("1 + exp(-1000)", "1"),
        ("s + tanh(s/10^9)^9", "s"),
        ("log(s^2)", "2 log(s) + 10^-30"),
        ("x + softmax(x - 1000)*exp(-600)", "x"),
    ],
)
def test_what_is_hidden_by_equal_parts_is_seen(left: str, right: str) -> None:
    assert mc.equal(left, right, "s: scalar, x: vector(n)").verdict == "refuted"


@pytest.mark.parametrize(
    ("left", "right"),
    [("cosh(s)^2", "1 + sinh(s)^2"), ("exp(s)", "cosh(s) + sinh(s)"), ("sin(2 s)", "2 sin(s) cos(s)")],
)
def test_what_cancels_is_no_difference(left: str, right: str) -> None:
    a, b = pair(left, right, "s: scalar")
    gap = Subject(add(a.node, scaled(-1, b.node)), a.declarations)
    assert not is_nonzero(gap, {"s": np.array([[0.7]])}, {})


@pytest.mark.parametrize(
    ("text", "wrt", "claim"),
    [
        ("logsumexp([x; 500])", "x", "0 x"),
        ("s + exp(s - 400)", "s", "1"),
        ("a s + log(1 + exp(-s^2 - 900))", "s", "a"),
        ("sum(x) + exp(x^T A x - 500)", "x", "ones(n)"),
    ],
)
def test_claims_that_leave_out_what_is_tiny_are_wrong(text: str, wrt: str, claim: str) -> None:
    report = mc.check(mc.parse(text, "s: scalar, a: scalar, x: vector(n), A: matrix(n, n)"), wrt, claim=claim)
    assert not report.ok and report.fault == "different"


@pytest.mark.parametrize(
    ("left", "right", "verdict"),
    [
        ("f(x) + f(x)^2", "f(x) + f(x)^3", "refuted"),
        ("f(x) + exp(-1000)", "f(x)", "refuted"),
        ("f(x)", "f(x) cosh(f(x))^2 - f(x) sinh(f(x))^2", "proved"),
        ("Q(f(x))^T Q(f(x)) x + 3 x", "x", "refuted"),
    ],
)
def test_functions_that_nobody_defined_have_many_digits(left: str, right: str, verdict: str) -> None:
    where = "x: vector(n), f: function(vector(n)) -> scalar" + ", Q: function(scalar) -> orthogonal(n)" * ("Q" in left)
    assert mc.equal(left, right, where).verdict == verdict


def test_derivatives_of_functions_that_nobody_defined_have_many_digits() -> None:
    f = mc.parse("f(s)", "s: scalar, f: function(scalar) -> scalar")
    assert mc.check(f, "s", claim="f'(s)").ok
    assert not mc.check(f, "s", claim="f'(s) + 10^-20").ok
