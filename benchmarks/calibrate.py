"""How far the numeric check can be trusted: false alarms over right answers, and planted errors that it catches.

    python benchmarks/calibrate.py --runs 10000

Every run draws its own points. The exit status is 1 if there was a false alarm or an error went through.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

import matcalc as mc
from matcalc.calculus import Reading, derive
from matcalc.checking import Subject, check_claim, check_derivative
from matcalc.checking.formulas import Formula, array_formula, vec_formula
from matcalc.checking.sampling import Point, direction
from matcalc.checking.subject import quietly, sample
from matcalc.checking.values.evaluate import Array
from matcalc.expr import (
    Node,
    add,
    combine,
    diag,
    diagonal,
    dimension,
    matmul,
    multiply,
    number,
    postorder,
    rebuild,
    scaled,
    terms,
    transpose,
    unit,
)
from matcalc.objects.variables import variable_named
from matcalc.simplify.expansion import expanded

# fmt: off
#: (function, variable): everyday functions, textbook items, machine learning, structures, matrix functions
FUNCTIONS: list[tuple[str, str]] = [
    ("a^T x", "x"), ("x^T A x", "x"), ("x^T A y", "y"), ("||A x - b||^2", "x"), ("||A x - b||", "x"), ("x / ||x||", "x"),
    ("tr(A X)", "X"), ("tr(A X B)", "X"), ("tr(X^T A X)", "X"), ("tr(X^T A X B)", "X"), ("tr(A X B X^T C)", "X"),
    ("tr(X^3)", "X"), ("tr(A X^-1 B)", "X"), ("tr((X^T C X)^-1 A) where C: matrix(m, m), X: matrix(m, n)", "X"),
    ("det(X)", "X"), ("det(X)^2", "X"), ("logdet(X)", "X"), ("logdet(X^T X)", "X"), ("det(X^T A X)", "X"),
    ("a^T X^-1 b where a: vector(n), b: vector(n)", "X"), ("||A X - B||_F^2", "X"), ("||X||_F", "X"),
    ("(x - A s)^T W (x - A s) where x: vector(n), s: vector(m), A: matrix(n, m), W: matrix(n, n)", "A"),
    ("det(X + B) log(a^T X^-1 a) - tr(X)", "X"), ("det(I + x x^T)", "x"),
    ("sum(log(exp(-y.*(X*w)) + vector(1)))", "X"), ("logsumexp(A x)", "x"), ("log(sum(exp(A x)))", "x"), ("sigmoid(w^T x)", "w"),
    ("sum(softplus(A x + b))", "x"), ("sum(tanh(A tanh(B x)))", "x"), ("sum(relu(A x + b))", "x"), ("||x||_1", "x"),
    ("sum(x .* log(x)) where x: vector(n, positive)", "x"), ("sum(gelu(A x))", "x"), ("sum(silu(x) .* b)", "x"),
    ("(w'*r - f)/(w'*S*w)^.5 where S: spd(n)", "w"), ("1/2 sum((A x - b).^2) + c ||x||^2 where c: scalar", "x"),
    ("(x - m)^T S^-1 (x - m) + logdet(S) where S: spd(n)", "S"), ("tr(A S) where S: symmetric(n)", "S"),
    ("tr(S A S B) where S: symmetric(n)", "S"), ("logdet(S) where S: spd(n)", "S"), ("tr(A D B D) where D: diagonal(n)", "D"),
    ("||L L^T - A||_F^2 where L: lower(n)", "L"), ("tr(K A K) where K: skew(n)", "K"), ("tr(expm(X))", "X"),
    ("tr(A expm(X))", "X"), ("tr(A sqrtm(S)) where S: spd(n)", "S"), ("tr(A logm(S)) where S: spd(n)", "S"),
    ("eigmax(S) where S: symmetric(n)", "S"), ("norm_nuc(X)", "X"), ("norm_spec(X)", "X"), ("tr(A pinv(X))", "X"),
    ("tr(A kron(X, B))", "X"), ("vec(X)^T A vec(X)", "X"), ("sum(X .* exp(X) .* B)", "X"), ("tr(A diag(x) B)", "x"),
    ("sum(diag(A X))^2", "X"), ("max(A x)", "x"), ("huber(a^T x, 1)", "x"), ("norm(x, 3)", "x"),
    ("sum(lgamma(x)) where x: vector(n, positive)", "x"), ("kl(x, q) where x: vector(n, positive), q: vector(n, positive)", "x"),
    ("a^b where a: scalar(positive), b: scalar", "b"), ("sin(a t) / a", "a"),
    # arrays
    ("A x", "x"), ("softmax(A x)", "x"), ("A X B", "X"), ("X^-1", "X"), ("A X^-1 + B", "X"), ("X^T A X", "X"), ("tanh(A x)", "x"),
]
# fmt: on


@dataclass
class Counts:
    """What happened in all runs."""

    right: int = 0
    alarms: int = 0
    undecided: int = 0
    planted: Counter[str] | None = None
    missed: Counter[str] | None = None
    examples: list[str] | None = None


@dataclass(frozen=True)
class Case:
    """A function with its derivative."""

    text: str
    subject: Subject
    reading: Reading


def cases() -> list[Case]:
    """Every function of the table, first and, for short smooth scalar functions, second derivatives."""
    found = []
    for text, name in FUNCTIONS:
        f = mc.parse(text)
        variable = variable_named(f, name)
        subject = Subject(f.node, f.declarations, f.tree)
        found.append(Case(text, subject, derive(f.node, [variable])))
        if f.node.is_scalar and len(text) < SHORT and subject.is_analytic:
            found.append(Case(f"{text} (second)", subject, derive(f.node, [variable, variable])))
    return found


#: Second derivatives are taken of functions that are written shorter than this.
SHORT = 22


# --- planted errors ---------------------------------------------------------------------------

Mutation = Callable[[Reading], Node | None]


def _term_dropped(reading: Reading) -> Node | None:
    pairs = terms(expanded(reading.operator))
    return combine(pairs[1:], reading.operator.shape) if len(pairs) > 1 else None


def _term_negated(reading: Reading) -> Node | None:
    pairs = terms(expanded(reading.operator))
    return combine([(pairs[0][0], -pairs[0][1]), *pairs[1:]], reading.operator.shape) if len(pairs) > 1 else None


def _transposed(reading: Reading) -> Node | None:
    return transpose(reading.operator) if reading.operator.is_square and not reading.operator.is_scalar else None


def _as_if_symmetric(reading: Reading) -> Node | None:
    """A for A^T throughout, for matrices other than the variable."""
    memo: dict[Node, Node] = {}
    for node in postorder(reading.operator):
        again = rebuild(node, tuple(memo[a] for a in node.args)) if node.args else node
        inside = node.args[0] if node.op == "transpose" else None
        square = inside is not None and inside.op == "variable" and inside.is_square and not inside.is_scalar
        memo[node] = inside if square and inside is not None else again
    return memo[reading.operator]


def _one_entry_off(reading: Reading) -> Node | None:
    """1e-6 of the first entry, in the first entry."""
    g = reading.operator
    if g.is_scalar or g.linear:
        return None
    first, last = unit(1, g.rows), unit(1, g.cols)
    entry = multiply(matmul(transpose(first), g), last) if not g.is_column else matmul(transpose(first), g)
    spike = multiply(multiply(entry, first), transpose(last)) if not g.is_column else multiply(entry, first)
    return add(g, scaled(Fraction(1, 10**6), spike))


def _off_the_diagonal(reading: Reading) -> Node | None:
    """1e-3 too much in every entry but those of the diagonal."""
    g = reading.operator
    if g.is_scalar or g.linear or not g.is_square:
        return None
    return add(g, scaled(Fraction(1, 1000), add(g, scaled(-1, diag(diagonal(g))))))


def _where_not_square(reading: Reading) -> Node | None:
    """Right where the first two sizes are equal: times 1 + (m - n) / 1000."""
    names = sorted({n for part in postorder(reading.f, reading.operator) for d in part.shape for n in d.names})
    if len(names) < 2:
        return None
    gap = add(dimension(names[0]), scaled(-1, dimension(names[1])))
    return multiply(add(number(1), scaled(Fraction(1, 1000), gap)), reading.operator)


def _hessian_entry(reading: Reading) -> Node | None:
    """A Hessian with 1e-4 of its first entry in a place off the diagonal, once: no longer symmetric."""
    h = _matrix_of(reading)
    if h is None or not h.is_square or h.is_scalar:
        return None
    first, second = unit(1, h.rows), unit(2, h.rows)
    entry = matmul(matmul(transpose(first), h), first)
    return add(h, multiply(scaled(Fraction(1, 10**4), entry), matmul(first, transpose(second))))


def _hessian_relative(reading: Reading) -> Node | None:
    h = _matrix_of(reading)
    return None if h is None else scaled(1 + Fraction(1, 10**6), h)


def _hessian_off_the_diagonal(reading: Reading) -> Node | None:
    h = _matrix_of(reading)
    if h is None or not h.is_square or h.is_scalar:
        return None
    return add(h, scaled(Fraction(1, 1000), add(h, scaled(-1, diag(diagonal(h))))))


def _matrix_of(reading: Reading) -> Node | None:
    """The matrix of a second derivative, where it has one."""
    return reading.matrix if len(reading.wrt) == 2 and reading.directions else None


MUTATIONS: dict[str, Mutation] = {
    "wrong sign": lambda r: scaled(-1, r.operator),
    "factor 2": lambda r: scaled(2, r.operator),
    "factor 1/2": lambda r: scaled(Fraction(1, 2), r.operator),
    "relative 1e-6": lambda r: scaled(1 + Fraction(1, 10**6), r.operator),
    "transposed": _transposed,
    "missing term": _term_dropped,
    "sign of a term": _term_negated,
    "symmetric only": _as_if_symmetric,
    "one entry off by 1e-6": _one_entry_off,
    "only off the diagonal": _off_the_diagonal,
    "only where not square": _where_not_square,
}
#: Errors in the matrix of a Hessian.
HESSIAN_MUTATIONS: dict[str, Mutation] = {
    "Hessian: relative 1e-6": _hessian_relative,
    "Hessian: one entry": _hessian_entry,
    "Hessian: off the diagonal": _hessian_off_the_diagonal,
}
#: A planted change that is smaller, relative to the derivative, is none.
SMALLEST_CHANGE = 2e-7


def planted(case: Case) -> Iterator[tuple[str, Formula]]:
    """Wrong derivatives that differ from the right one at random points."""
    tables = ((MUTATIONS, case.reading.operator, array_formula), (HESSIAN_MUTATIONS, case.reading.matrix, vec_formula))
    for table, right, form in tables:
        for name, mutation in table.items():
            wrong = mutation(case.reading)
            if right is None or wrong is None or wrong is right:
                continue
            formulas = [form(node, case.reading) for node in (wrong, right)]
            if _differ(case, formulas):
                yield name, formulas[0]


def _differ(case: Case, formulas: list[Formula]) -> bool:
    """Whether the change shows in a direction within the space of the variable."""
    rng = np.random.default_rng(1)
    for point, _, _ in sample(case.subject, rng, 2):
        e = [direction(v, point.values[v.data[0]].shape, rng) for v in case.reading.wrt]
        pair = [_value(formula, point, e) for formula in formulas]
        if pair[0] is None or pair[1] is None:
            return False
        size = float(np.max(np.abs(pair[1])))
        if float(np.max(np.abs(pair[0] - pair[1]))) < SMALLEST_CHANGE * max(size, 1e-3):
            return False
    return True


def _value(formula: Formula, point: Point, e: list[Array]) -> Array | None:
    return quietly(lambda: formula(point.values, point.sizes, e))


# --- runs -------------------------------------------------------------------------------------


def calibrate(runs: int, seed: int = 0, told: Callable[[str], None] = lambda line: None) -> Counts:
    """Check right derivatives with ``runs`` seeds, and as many planted errors."""
    table = cases()
    counts = Counts(planted=Counter(), missed=Counter(), examples=[])
    wrong = [(case, name, formula) for case in table for name, formula in planted(case)]
    for run in range(runs):
        _right(table[run % len(table)], seed + run, counts)
        _wrong(*wrong[run % len(wrong)], seed + run, counts)
        if run and run % 1000 == 0:
            told(
                f"{run} runs, {counts.alarms} false alarms, {sum((counts.missed or Counter()).values())} errors missed"
            )
    return counts


def _right(case: Case, seed: int, counts: Counts) -> None:
    report = check_derivative(case.subject, case.reading, seed=seed)
    counts.right += 1
    if report.problem:
        counts.undecided += 1
    elif not report.ok:
        counts.alarms += 1
        _note(counts, f"false alarm: {case.text}, seed {seed}: {report}")


def _wrong(case: Case, name: str, formula: Formula, seed: int, counts: Counts) -> None:
    assert counts.planted is not None and counts.missed is not None
    report = check_claim(case.subject, case.reading.wrt, formula, seed=seed)
    counts.planted[name] += 1
    if report.ok:
        counts.missed[name] += 1
        _note(counts, f"missed: {name} in {case.text}, seed {seed}: {report}")


def _note(counts: Counts, line: str) -> None:
    assert counts.examples is not None
    if len(counts.examples) < 20:
        counts.examples.append(line)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    start = time.perf_counter()
    counts = calibrate(arguments.runs, arguments.seed, lambda line: print(line, file=sys.stderr))
    assert counts.planted is not None and counts.missed is not None and counts.examples is not None
    print(
        f"right answers: {counts.right} runs, {counts.alarms} false alarms, {counts.undecided} without a usable point"
    )
    print(f"planted errors: {sum(counts.planted.values())} runs, {sum(counts.missed.values())} went through")
    for name in (*MUTATIONS, *HESSIAN_MUTATIONS):
        print(f"  {name:<26} {counts.planted[name]:>6} planted, {counts.missed[name]} missed")
    for line in counts.examples:
        print(line)
    print(f"{time.perf_counter() - start:.0f} s")
    return 1 if counts.alarms or sum(counts.missed.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
