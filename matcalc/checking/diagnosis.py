"""What is wrong with a claimed derivative.

Each test compares the claim with the engine's derivative in the claim's own form. Tests of values use random points, and
points at which some matrix happens to be symmetric, definite, diagonal …; tests of terms compare the two sums as written out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations, islice

import numpy as np

from matcalc.calculus import Reading, adjoint, derive, differential, linear_structure
from matcalc.checking.checker import compare
from matcalc.checking.claims import Claim, interpret, parse_claim, read_claim
from matcalc.checking.evaluate import Array, evaluate
from matcalc.checking.report import CheckReport
from matcalc.checking.sampling import Point, direction, random_value
from matcalc.checking.subject import Subject, quietly, sample
from matcalc.errors import MatcalcError, ShapeError
from matcalc.expr import (
    Dim,
    Node,
    add,
    combine,
    commutation,
    constant,
    diag,
    diagonal,
    dimension,
    identity,
    multiply,
    number,
    perturbation,
    postorder,
    power,
    scaled,
    substitute,
    substitute_sizes,
    terms,
    transpose,
    variable,
    vec,
)
from matcalc.language import Declaration
from matcalc.printing import text
from matcalc.simplify import cost, simplify
from matcalc.simplify.expansion import expanded

__all__ = ["Finding", "check_text_claim", "diagnose"]

#: Values that differ by less, relative to their size, are equal.
SAME = 1e-8
#: A factor is looked for among so many scalar expressions.
MOST_SCALARS = 60
#: Points at which each test is made.
POINTS = 3


@dataclass(frozen=True)
class Finding:
    """What is wrong: ``fault`` is a word for programs, ``message`` a sentence for people."""

    fault: str
    message: str


def check_text_claim(
    subject: Subject,
    wrt: Sequence[Node],
    claim: str,
    *,
    trials: int = 3,
    seed: int = 0,
    at: Mapping[str, Array] | None = None,
) -> CheckReport:
    """The claim against differences of f; where it is refuted, what is wrong with it."""
    try:
        read = read_claim(claim, subject.node, wrt, subject.declarations)
    except ShapeError as error:
        found = _of_other_shape(subject, wrt, claim)
        if found is None:
            raise error
        return _refuted(found, seed)
    report = compare(subject, wrt, [read.formula], trials=trials, seed=seed, at=at)
    if report.problem:
        return report
    comparison = _comparison(subject, wrt, read)
    if comparison is None:
        return report
    if report.ok:
        return _right(report, comparison)
    found = diagnose(comparison)
    return replace(report, fault=found.fault, diagnosis=found.message)


def _refuted(found: Finding, seed: int) -> CheckReport:
    return CheckReport(False, np.inf, "shapes", None, 0, seed, (), fault=found.fault, diagnosis=found.message)


# --- the claim beside the right answer --------------------------------------------------------


class Comparison:
    """A claim and the derivative in the same form, with points at which to compare them."""

    def __init__(self, subject: Subject, wrt: Sequence[Node], claimed: Node, right: Node) -> None:
        self.subject = subject
        self.wrt = tuple(wrt)
        self.claimed = claimed
        self.right = right
        self.rng = np.random.default_rng(5)
        self.points = [p for p, _, _ in sample(subject, self.rng, POINTS)]

    @property
    def shown(self) -> str:
        return text(self.right)

    def directions(self, point: Point) -> dict[Node, Array]:
        """A value for every perturbation in the two."""
        found = sorted(self.claimed.linear | self.right.linear)
        by_name = {v.data[0]: v for v in self.wrt}
        return {
            d: direction(by_name[d.data[0]], point.values[d.data[0]].shape, np.random.default_rng(d.data[1] + 11))
            for d in found
        }

    def value(self, node: Node, point: Point) -> Array | None:
        """The value of a node, None where it has none."""
        found = quietly(lambda: evaluate(node, point.values, point.sizes, self.directions(point)))
        return found if found is not None and np.all(np.isfinite(found)) else None

    def agree(self, a: Node, b: Node, points: Sequence[Point] | None = None) -> bool:
        """Whether two nodes have equal values at the points."""
        used = self.points if points is None else points
        return bool(used) and all(_equal(self.value(a, p), self.value(b, p)) for p in used)


def _equal(a: Array | None, b: Array | None) -> bool:
    if a is None or b is None or a.shape != b.shape:
        return False
    size = max(float(np.max(np.abs(a), initial=0.0)), float(np.max(np.abs(b), initial=0.0)))
    return bool(np.max(np.abs(a - b), initial=0.0) <= SAME * max(size, 1e-6))


def _comparison(subject: Subject, wrt: Sequence[Node], claim: Claim) -> Comparison | None:
    try:
        reading = derive(subject.node, wrt)
    except MatcalcError:
        return None
    right = _in_form(reading, claim)
    return None if right is None else Comparison(subject, wrt, claim.node, right)


def _in_form(reading: Reading, claim: Claim) -> Node | None:
    """The derivative written as the claim is."""
    match claim.form:
        case "operator":
            return reading.operator
        case "differential":
            numbered = any(d.data[1] for d in claim.node.linear)
            moved = reading.differential if numbered or len(reading.wrt) == 1 else None
            return vec(moved) if moved is not None and moved.shape != claim.node.shape else moved
    candidates = [reading.operator if not reading.directions else None, reading.matrix]
    if reading.matrix is not None:
        candidates += [transpose(vec(reading.matrix)), transpose(reading.matrix)]
    return next((c for c in candidates if c is not None and c.shape == claim.node.shape), None)


# --- right claims -----------------------------------------------------------------------------


def _right(report: CheckReport, c: Comparison) -> CheckReport:
    """A right claim beside a shorter form; a gradient outside of its variable's space is not right."""
    (x, *others) = c.wrt
    structure = linear_structure(x)
    if structure and not others and c.claimed.shape == x.shape and not c.claimed.linear:
        found = _outside_of_structure(c, structure)
        if found is not None:
            return replace(report, ok=False, fault=found.fault, diagnosis=found.message)
    if cost(simplify(c.claimed)) > cost(c.right) and text(c.claimed) != c.shown:
        return replace(report, diagnosis=f"right; shorter: {c.shown}")
    if cost(c.claimed) > cost(c.right):
        return replace(report, diagnosis=f"right; shorter: {c.shown}")
    return report


def _outside_of_structure(c: Comparison, structure: str) -> Finding | None:
    if c.agree(c.claimed, c.right):
        return None
    return Finding(
        "unstructured",
        f"right for an unstructured {c.wrt[0].data[0]}: the gradient within the {structure} matrices is {c.shown}",
    )


# --- wrong claims -----------------------------------------------------------------------------

Test = Callable[[Comparison], Finding | None]


def diagnose(c: Comparison) -> Finding:
    """The first test that explains the difference."""
    for test in TESTS:
        found = test(c)
        if found is not None:
            return found
    return _difference(c)


def _difference(c: Comparison) -> Finding:
    gap = simplify(expanded(add(c.right, scaled(-1, c.claimed))))
    found = f"the derivative is {c.shown}"
    return Finding("different", found if cost(gap) > 3 * cost(c.right) else f"{found}: add {text(gap)} to the claim")


def _vanishes(c: Comparison) -> Finding | None:
    if c.claimed.is_zero:
        return Finding("missing term", f"the derivative is not zero: it is {c.shown}")
    if c.right.is_zero:
        return Finding("extra term", "the derivative is zero")
    return None


# A factor ------------------------------------------------------------------------------------------


def _factor(c: Comparison) -> Finding | None:
    """claim = s * derivative, for a number, a size or a scalar expression s"""
    return _by_factor(c, c.claimed, "")


def _by_factor(c: Comparison, claimed: Node, before: str) -> Finding | None:
    s = _ratio(c, claimed)
    if s is None:
        return None
    if s is number(-1):
        return Finding("sign", f"{before}the sign is wrong: the derivative is {c.shown}")
    return Finding("factor", f"{before}off by the factor {text(s)}: the derivative is {c.shown}")


def _ratio(c: Comparison, claimed: Node) -> Node | None:
    """The s with claimed = s * right at all points, as an expression."""
    ratios = []
    for p in c.points:
        s = _ratio_at(c.value(claimed, p), c.value(c.right, p))
        if s is None:
            return None
        ratios.append(s)
    return _named_factor(c, ratios) if ratios else None


def _ratio_at(a: Array | None, b: Array | None) -> float | None:
    if a is None or b is None or a.shape != b.shape or not np.any(b):
        return None
    s = float(np.sum(a * b) / np.sum(b * b))
    return s if _equal(a, s * b) and abs(s) > 1e-9 else None


def _named_factor(c: Comparison, ratios: list[float]) -> Node | None:
    simple = _rational(ratios)
    if simple is not None:
        return number(simple)
    for scalar in islice(_scalars(c), MOST_SCALARS):
        values = [c.value(scalar, p) for p in c.points]
        if any(v is None or v.item() == 0 for v in values):
            continue
        for exponent in (1, -1, 2, -2, Fraction(1, 2), Fraction(-1, 2)):
            quotients = [
                _over(s, float(v.item()), exponent) for s, v in zip(ratios, values, strict=True) if v is not None
            ]
            q = _rational(quotients)
            if q is not None:
                return scaled(q, power(scalar, exponent))
    return number(Fraction(f"{ratios[0]:.9g}")) if _is_constant(ratios) else None


def _is_constant(values: Sequence[float]) -> bool:
    return bool(np.isfinite(values[0])) and all(abs(v - values[0]) <= 1e-7 * abs(values[0]) for v in values)


def _over(s: float, value: float, exponent: int | Fraction) -> float:
    return s / abs(value) ** float(exponent) if exponent not in (1, -1) else s / value**exponent


def _rational(values: Sequence[float]) -> Fraction | None:
    """The simple fraction that all values are equal to."""
    first = values[0]
    if not _is_constant(values):
        return None
    found = Fraction(first).limit_denominator(64)
    return found if found and abs(float(found) - first) <= 1e-7 * abs(first) else None


def _scalars(c: Comparison) -> Iterator[Node]:
    """π and roots, sizes, then scalar parts of the function, of the claim and of the derivative."""
    yield from (constant("pi"), power(number(2), Fraction(1, 2)))
    yield from (dimension(name) for name in sorted(c.subject.dims))
    seen = dict.fromkeys(n for n in postorder(c.subject.node, c.right, c.claimed) if n.is_scalar)
    yield from (n for n in seen if not n.is_number and not n.linear and n.op != "dimension")


# Transposes and layouts ----------------------------------------------------------------------------


def _transposed(c: Comparison) -> Finding | None:
    if c.claimed.shape != c.right.shape[::-1] or c.claimed.is_scalar:
        return None
    turned = transpose(c.claimed)
    is_matrix_of_derivatives = c.right.shape != c.wrt[0].shape or not c.subject.node.is_scalar
    if c.agree(turned, c.right):
        if is_matrix_of_derivatives and not c.claimed.linear:
            message = f"the transposed layout: the Jacobian, with a row for each component of f, is {c.shown}"
            return Finding("layout", message)
        return Finding("transposed", f"transposed: the derivative is {c.shown}")
    found = _by_factor(c, turned, "transposed, and ")
    return None if found is None else replace(found, fault="transposed")


def _vec_order(c: Comparison) -> Finding | None:
    """K J K, with rows stacked instead of columns"""
    if c.claimed.linear or c.claimed.shape != c.right.shape:
        return None
    for left in _orders(c.subject.node if not c.subject.node.is_scalar else c.wrt[0]):
        for right in _orders(c.wrt[-1]):
            if left.cols != c.right.rows or c.right.cols != right.rows:
                continue
            turned = multiply(multiply(left, c.right), right)
            if turned is not c.right and c.agree(c.claimed, turned):
                return Finding("layout", f"the order of vec: rows are stacked there; with columns it is {c.shown}")
    return None


def _orders(x: Node) -> list[Node]:
    size = x.rows * x.cols
    return [identity(size), commutation(x.cols, x.rows), commutation(x.rows, x.cols)]


# Structure -----------------------------------------------------------------------------------------


def _independent_entries(c: Comparison) -> Finding | None:
    """2 G - diag(G), the derivative by the independent entries of a symmetric matrix"""
    x = c.wrt[0]
    if linear_structure(x) != "symmetric" or c.claimed.shape != x.shape or c.claimed.linear or not c.right.is_square:
        return None
    entries = add(scaled(2, c.right), scaled(-1, diag(diagonal(c.right))))
    if not c.agree(c.claimed, entries):
        return None
    return Finding(
        "independent entries",
        "by the independent entries of a symmetric matrix (the Matrix Cookbook's convention, 2 G - diag(G)); "
        f"the gradient G within the symmetric matrices is {c.shown}",
    )


def _unstructured(c: Comparison) -> Finding | None:
    """The derivative that forgets the structure of the variable, for whole operators."""
    x = c.wrt[0]
    if not linear_structure(x) or len(c.wrt) > 1 or c.claimed.shape != x.shape or c.claimed.linear:
        return None
    free = variable(x.data[0], x.shape)
    f = substitute(c.subject.node, {x: free})
    d = perturbation(free)
    g = substitute(adjoint(differential(f, {free: d}), d), {free: x})
    if c.agree(c.claimed, g):
        return _outside_of_structure(c, linear_structure(x) or "")
    return None


# Right only if -------------------------------------------------------------------------------------

_SPECIAL: dict[str, Callable[[Array], Array]] = {
    "symmetric": lambda v: (v + v.T) / 2,
    "symmetric positive definite": lambda v: v @ v.T / len(v) + np.eye(len(v)) / 2,
    "skew-symmetric": lambda v: (v - v.T) / 2,
    "orthogonal": lambda v: np.asarray(np.linalg.qr(v)[0]),
    "diagonal": lambda v: np.diag(np.diag(v)),
    "positive": np.abs,
    "the identity": lambda v: np.eye(*v.shape),
    "all ones": np.ones_like,
}
_OF_SYMMETRIC = ("symmetric", "symmetric positive definite")
_OF_SQUARES = ("skew-symmetric", "orthogonal", "diagonal", "the identity")
_OF_ARRAYS = ("positive", "all ones")


def _only_if(c: Comparison) -> Finding | None:
    """Equal where one matrix, or two, are symmetric, which was not declared."""
    names = _free_squares(c)
    for what in _OF_SYMMETRIC:
        for group in _groups(names):
            if _holds(c, group, what):
                return _only(c, group, what)
    return None


def _groups(names: Sequence[str]) -> list[tuple[str, ...]]:
    """Single names, pairs, and all of them."""
    return list(dict.fromkeys([*((n,) for n in names), *combinations(names, 2), tuple(names)] if names else []))


def _and(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _free_squares(c: Comparison) -> list[str]:
    return sorted(n for n, d in c.subject.declarations.items() if d.kind in ("matrix", "invertible") and _is_square(d))


def _only_special(c: Comparison) -> Finding | None:
    """Equal where one array has some rarer property."""
    names = _free_squares(c)
    arrays = [n for n, d in c.subject.declarations.items() if not d.structure]
    for what, candidates in [(w, names) for w in _OF_SQUARES] + [(w, arrays) for w in _OF_ARRAYS]:
        for name in candidates:
            if _holds(c, (name,), what):
                return _only(c, (name,), what)
    return None


def _is_square(d: Declaration) -> bool:
    return d.shape[0] == d.shape[1] and not d.shape[0].is_one


def _holds(c: Comparison, names: Sequence[str], what: str) -> bool:
    change = _SPECIAL[what]
    moved = [Point({**p.values, **{n: change(p.values[n]) for n in names}}, p.sizes) for p in c.points]
    return c.agree(c.claimed, c.right, moved)


def _only(c: Comparison, names: Sequence[str], what: str) -> Finding:
    verb = "is" if len(names) == 1 else "are"
    return Finding("only if", f"right only if {_and(names)} {verb} {what}: the derivative is {c.shown}")


def _only_square(c: Comparison) -> Finding | None:
    """Equal where two sizes are."""
    for a, b in combinations(sorted(c.subject.dims), 2):
        points = [p for p in (_at_sizes(c, {a: k, b: k}) for k in (3, 4)) if p is not None]
        if points and c.agree(c.claimed, c.right, points):
            square = [n for n, d in c.subject.declarations.items() if {str(s) for s in d.shape} == {a, b}]
            who = f"{_and(square)} {'is' if len(square) == 1 else 'are'} square" if square else f"{a} = {b}"
            return Finding("only if", f"right only if {who}: the derivative is {c.shown}")
    return None


def _only_commuting(c: Comparison) -> Finding | None:
    """Equal where all square matrices are diagonal, so that they commute."""
    names = [n for n, d in c.subject.declarations.items() if _is_square(d)]
    if len(names) < 1 or not (len(names) > 1 or c.claimed.linear):
        return None
    moved = [Point({**p.values, **{n: np.diag(np.diag(p.values[n])) for n in names}}, p.sizes) for p in c.points]

    def value(node: Node, point: Point) -> Array | None:
        env = {d: np.diag(np.diag(e)) if e.shape[0] == e.shape[1] else e for d, e in c.directions(point).items()}
        return quietly(lambda: evaluate(node, point.values, point.sizes, env))

    if moved and all(_equal(value(c.claimed, p), value(c.right, p)) for p in moved):
        with_dx = [*names, *(f"d{c.wrt[0].data[0]}" for _ in range(bool(c.claimed.linear)))]
        return Finding("only if", f"right only if {_and(with_dx)} commute: the derivative is {c.shown}")
    return None


def _only_scalar(c: Comparison) -> Finding | None:
    """Equal where every size is 1: scalar calculus used on matrices."""
    points = [p for p in (_at_sizes(c, dict.fromkeys(c.subject.dims, 1)) for _ in range(2)) if p is not None]
    if points and c.agree(c.claimed, c.right, points):
        return Finding("only if", f"right only for 1 x 1: the derivative is {c.shown}")
    return None


def _at_sizes(c: Comparison, sizes: Mapping[str, int]) -> Point | None:
    """A point in which some sizes are fixed."""
    every = {**dict(c.points[0].sizes), **sizes} if c.points else dict(sizes)
    try:
        values = {n: random_value(d, every, c.rng) for n, d in c.subject.declarations.items()}
    except (ValueError, KeyError):
        return None
    return Point(values, every)


# Other variables -----------------------------------------------------------------------------------


def _other_variable(c: Comparison) -> Finding | None:
    if len(c.wrt) > 1 or c.claimed.linear:
        return None
    for name, declaration in c.subject.declarations.items():
        if name == c.wrt[0].data[0]:
            continue
        try:
            other = derive(c.subject.node, [declaration.node]).matrix
        except MatcalcError:
            continue
        if other is not None and other.shape == c.claimed.shape and c.agree(c.claimed, other):
            message = f"that is the derivative by {name}: by {c.wrt[0].data[0]} it is {c.shown}"
            return Finding("other variable", message)
    return None


# Terms ---------------------------------------------------------------------------------------------

Terms = dict[Node, Fraction]


def _terms_of(node: Node) -> Terms:
    return dict(terms(simplify_terms(expanded(node))))


def simplify_terms(node: Node) -> Node:
    """Each term in its shortest form, without collecting them."""
    return combine(((simplify(t), k) for t, k in terms(node)), node.shape)


def _by_terms(c: Comparison) -> Finding | None:
    """The sums as written out: what is missing, what is too much, which coefficients differ."""
    right, claimed = _terms_of(c.right), _terms_of(c.claimed)
    missing = {t: k for t, k in right.items() if t not in claimed}
    extra = {t: k for t, k in claimed.items() if t not in right}
    changed = {t: claimed[t] / k for t, k in right.items() if t in claimed and claimed[t] != k}
    whole = f"the derivative is {c.shown}"
    if missing and not extra and not changed:
        return Finding("missing term", f"missing {_listed(c, missing)}: {whole}")
    if extra and not missing and not changed:
        return Finding("extra term", f"{_listed(c, extra)} is too much: {whole}")
    if changed and not missing and not extra:
        return _of_coefficients(c, changed, right, whole)
    if len(missing) == len(extra) == 1 and not changed and len(right) > 1:
        return _of_one_term(c, _single(missing), _single(extra), whole)
    return None


def _by_difference(c: Comparison) -> Finding | None:
    """The difference is a multiple of one term, which is written in another way in the claim."""
    gap = add(c.right, scaled(-1, c.claimed))
    whole = f"the derivative is {c.shown}"
    for term, k in terms(expanded(c.right)):
        q = _multiple(c, gap, scaled(k, term))
        if q is not None:
            shown = text(simplify(scaled(k, term)))
            if q == 1:
                return Finding("missing term", f"missing {shown}: {whole}")
            if q == 2:
                return Finding("sign", f"the sign of {shown} is wrong: {whole}")
            return Finding("factor", f"the term {shown} is off by the factor {1 - q}: {whole}")
    for term, k in terms(expanded(c.claimed)):
        if _multiple(c, gap, scaled(k, term)) == -1:
            return Finding("extra term", f"{text(simplify(scaled(k, term)))} is too much: {whole}")
    return None


def _multiple(c: Comparison, gap: Node, term: Node) -> Fraction | None:
    """The simple q with gap = q term at all points."""
    found = [_ratio_at(c.value(gap, p), c.value(term, p)) for p in c.points]
    known = [q for q in found if q is not None]
    return _rational(known) if known and len(known) == len(found) else None


def _single(found: Terms) -> Node:
    ((term, k),) = found.items()
    return scaled(k, term)


def _listed(c: Comparison, found: Terms) -> str:
    return text(simplify(combine(found.items(), c.right.shape)))


def _of_coefficients(c: Comparison, changed: Terms, right: Terms, whole: str) -> Finding:
    wrong = _listed(c, {t: right[t] for t in changed})
    if set(changed.values()) == {Fraction(-1)}:
        return Finding("sign", f"the sign of {wrong} is wrong: {whole}")
    factors = ", ".join(str(k) for k in dict.fromkeys(changed.values()))
    return Finding("factor", f"the term {wrong} is off by the factor {factors}: {whole}")


def _of_one_term(c: Comparison, wanted: Node, found: Node, whole: str) -> Finding:
    shown = f"the term {text(found)} should be {text(wanted)}"
    if found.is_square and not found.is_scalar and c.agree(transpose(found), wanted):
        return Finding("transposed", f"{shown}, its transpose: {whole}")
    alone = Comparison(c.subject, c.wrt, found, wanted)
    alone.points = c.points
    factor = _ratio(alone, found)
    if factor is number(-1):
        return Finding("sign", f"{shown}: {whole}")
    if factor is not None:
        return Finding("factor", f"{shown}, off by the factor {text(factor)}: {whole}")
    return Finding("wrong term", f"{shown}: {whole}")


#: Tried in this order; the first that explains the difference is reported.
TESTS: tuple[Test, ...] = (
    _vanishes,
    _factor,
    _independent_entries,
    _unstructured,
    _transposed,
    _vec_order,
    _other_variable,
    _only_if,
    _only_square,
    _by_terms,
    _by_difference,
    _only_commuting,
    _only_special,
    _only_scalar,
)


# --- claims of another shape ------------------------------------------------------------------


def _of_other_shape(subject: Subject, wrt: Sequence[Node], claim: str) -> Finding | None:
    """A transposed layout, or a formula that fits only where all sizes are equal."""
    found = _transposed_shape(subject, wrt, claim)
    return found or _where_all_sizes_are_equal(subject, wrt, claim)


def _transposed_shape(subject: Subject, wrt: Sequence[Node], claim: str) -> Finding | None:
    try:
        node = parse_claim(claim, wrt, subject.declarations)
        reading = derive(subject.node, wrt)
    except MatcalcError:
        return None
    for right in (reading.operator if not reading.directions else None, reading.matrix):
        if right is not None and node.shape == right.shape[::-1] and not node.is_scalar:
            found = _transposed(Comparison(subject, wrt, node, right))
            if found is not None:
                return found
    return None


def _where_all_sizes_are_equal(subject: Subject, wrt: Sequence[Node], claim: str) -> Finding | None:
    """The diagnosis for square matrices, with what does not fit said first."""
    try:
        square = _squared(subject)
        variables = [square.declarations[v.data[0]].node for v in wrt]
        node = parse_claim(claim, variables, square.declarations)
        read = interpret(node, square.node, variables, claim)
    except MatcalcError:
        return None
    c = _comparison(square, variables, read)
    if c is None:
        return None
    right = text(derive(subject.node, wrt).operator)
    rectangular = sorted(n for n, d in subject.declarations.items() if d.kind == "matrix" and not _is_square(d))
    who = f"the shapes fit only if {_and(rectangular)} {'is' if len(rectangular) == 1 else 'are'} square"
    if c.agree(c.claimed, c.right):
        return Finding("only if", f"{who}: the derivative is {right}")
    found = diagnose(c)
    return Finding(found.fault, f"{who}, and even then it is wrong: {found.message}")


def _squared(subject: Subject) -> Subject:
    """The function with one size for all."""
    n = Dim.of("n")
    sizes = dict.fromkeys(subject.dims, n)
    declarations = {
        name: replace(d, dims=tuple(s.substitute(sizes) for s in d.dims)) for name, d in subject.declarations.items()
    }
    leaves = {subject.declarations[name].node: d.node for name, d in declarations.items()}
    return Subject(substitute_sizes(subject.node, sizes, leaves), declarations)
