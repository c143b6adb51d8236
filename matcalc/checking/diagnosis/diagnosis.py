"""What is wrong with a claimed derivative.

Each test compares the claim with the engine's derivative in the claim's own form. Tests of values use random points, and
points at which some matrix happens to be symmetric, definite, diagonal …; tests of terms compare the two sums as written out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np

from matcalc.calculus import derive, is_mirrored, linear_structure
from matcalc.checking.checker import EVERY_SIZE_ONE, compare
from matcalc.checking.claims.claims import interpret, paired, parse_claim, read_part
from matcalc.checking.claims.layouts import (
    independent_entries,
    order_of_vec,
    outside_of_structure,
    transposed,
    unstructured,
    within_structure,
)
from matcalc.checking.claims.written import parts_of_claim
from matcalc.checking.comparison import Comparison, Finding, compared, reading_of
from matcalc.checking.diagnosis.edits import by_factors, by_steps
from matcalc.checking.diagnosis.factors import off_by_a_factor
from matcalc.checking.diagnosis.one_branch import only_one_branch
from matcalc.checking.diagnosis.special_cases import (
    is_square,
    listed_names,
    only_commuting,
    only_normalised,
    only_positive,
    only_scalar,
    only_special,
    only_square,
    only_symmetric,
)
from matcalc.checking.diagnosis.term_faults import by_difference, by_terms
from matcalc.checking.formulas import within_limits
from matcalc.checking.report import CheckReport
from matcalc.checking.subject import Subject
from matcalc.checking.values.evaluate import Array
from matcalc.errors import MatcalcError, ShapeError, UnknownNameError
from matcalc.expr import (
    Dim,
    Node,
    add,
    diag,
    diagonal,
    postorder,
    scaled,
    substitute,
    substitute_sizes,
    variable,
    variables,
)
from matcalc.notes import distinct
from matcalc.printing import text_by_name as text
from matcalc.simplify import cost, simplify
from matcalc.simplify.expansion import expanded

__all__ = ["Finding", "check_text_claim", "diagnose"]


def check_text_claim(
    subject: Subject,
    wrt: Sequence[Node],
    claim: str,
    *,
    trials: int = 3,
    seed: int = 0,
    at: Mapping[str, Array] | None = None,
) -> CheckReport:
    """The claim against differences of f; where it is refuted, what is wrong with it.

    Of a claim with several parts, such as an operator and its vec form, the report is that of the first wrong one.
    """
    reports = [_check_part(subject, wrt, claim, part, trials, seed, at) for part in parts_of_claim(claim)]
    notes = distinct(note for report in reports for note in report.notes)
    return replace(next((report for report in reports if not report), reports[0]), notes=notes)


def _check_part(
    subject: Subject,
    wrt: Sequence[Node],
    claim: str,
    part: str,
    trials: int,
    seed: int,
    at: Mapping[str, Array] | None,
) -> CheckReport:
    try:
        read = read_part(claim, part, subject.node, wrt, subject.words)
        _refuse_unknown_names(read.node, subject, claim)
    except ShapeError as error:
        found = _of_other_shape(subject, wrt, part)
        if found is None:
            raise error
        return _refuted(found, seed)
    formula = within_limits(paired(read, wrt, subject.convention), read.node)
    report = compare(subject, wrt, [formula], trials=trials, seed=seed, at=at, written=[read.node])
    report = replace(report, notes=read.notes)
    if report.problem:
        return report
    comparison = compared(subject, wrt, read)
    if comparison is None:
        return report
    if report.ok:
        return _right(report, comparison)
    if report.place == EVERY_SIZE_ONE:
        message = f"wrong where every size is 1, and right at the other points: the derivative is {comparison.shown}"
        return replace(report, fault="different", diagnosis=message)
    found = diagnose(comparison)
    return replace(report, fault=found.fault, diagnosis=found.message)


def _refuse_unknown_names(node: Node, subject: Subject, claim: str) -> None:
    """Raises UnknownNameError where the claim has a variable that the function has not."""
    for v in variables(node):
        name = v.data[0]
        if name not in subject.variables:
            place = claim.find(name)
            raise UnknownNameError(
                f"the claim has {name}, and the function has not",
                text=claim,
                span=(place, place + len(name)) if place >= 0 else (0, len(claim)),
                hint=f"its variables are {', '.join(subject.variables)}",
            )


def _refuted(found: Finding, seed: int) -> CheckReport:
    return CheckReport(False, np.inf, "shapes", None, 0, seed, (), fault=found.fault, diagnosis=found.message)


# --- right claims -----------------------------------------------------------------------------


_BY_LITTLE = "the values agree as far as floating point shows, and differ in more digits"


def _right(report: CheckReport, c: Comparison) -> CheckReport:
    """A right claim beside a shorter form; a gradient outside of its variable's space is not right."""
    (x, *others) = c.wrt
    structure = linear_structure(x)
    asked_within = c.subject.convention == "structured"
    if structure and asked_within and not others and c.claimed.shape == x.shape and not c.claimed.linear:
        found = outside_of_structure(c, structure)
        if found is not None:
            return replace(report, ok=False, fault=found.fault, diagnosis=found.message)
    if c.subject.convention == "independent" and is_mirrored(x) and not c.agree(c.claimed, c.right):
        message = f"right on and below the diagonal only: the derivative is {c.shown}"
        return replace(report, ok=False, fault="different", diagnosis=message)
    if not report.given and not c.is_settled():
        return replace(report, ok=False, fault="different", diagnosis=f"{_BY_LITTLE}: the derivative is {c.shown}")
    if c.is_right_within:
        within = f"right in every direction within the {linear_structure(c.wrt[-1])} matrices"
        return replace(report, diagnosis=f"{within}: as a matrix on these it is {c.shown}")
    if cost(simplify(c.claimed)) > cost(c.right) and text(c.claimed) != c.shown:
        return replace(report, diagnosis=f"right; shorter: {c.shown}")
    if cost(c.claimed) > cost(c.right):
        return replace(report, diagnosis=f"right; shorter: {c.shown}")
    return report


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


def _other_variable(c: Comparison) -> Finding | None:
    if len(c.wrt) > 1 or c.claimed.linear:
        return None
    for name, declaration in c.subject.variables.items():
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


def _only_the_diagonal(c: Comparison) -> Finding | None:
    """claim = diag(diag(derivative))"""
    if not c.right.is_square or c.right.is_scalar or c.claimed.linear or c.right.linear:
        return None
    if c.claimed.shape == c.right.shape and c.agree(c.claimed, diag(diagonal(c.right))):
        return Finding("only the diagonal", f"right on the diagonal only: the derivative is {c.shown}")
    return None


#: Tried in this order; the first that explains the difference is reported.
TESTS: tuple[Test, ...] = (
    _vanishes,
    off_by_a_factor,
    independent_entries,
    unstructured,
    within_structure,
    transposed,
    order_of_vec,
    _other_variable,
    only_symmetric,
    only_square,
    only_positive,
    only_normalised,
    _only_the_diagonal,
    by_factors,
    by_terms,
    by_difference,
    by_steps,
    only_one_branch,
    only_commuting,
    only_special,
    only_scalar,
)


# --- claims of another shape ------------------------------------------------------------------


def _of_other_shape(subject: Subject, wrt: Sequence[Node], claim: str) -> Finding | None:
    """A transposed layout, or a formula that fits only where all sizes are equal."""
    try:
        alone = parse_claim(claim, wrt, subject.words)
    except MatcalcError:  # its shapes may fit where all sizes are equal
        alone = None
    if alone is not None:
        _refuse_unknown_names(alone, subject, claim)
    tests = (
        _transposed_shape,
        _diagonal_as_a_vector,
        _other_order,
        _before_the_chain_rule,
        _where_sizes_are_equal,
        _where_every_size_is_one,
    )
    return next((found for test in tests if (found := test(subject, wrt, claim)) is not None), None)


def _diagonal_as_a_vector(subject: Subject, wrt: Sequence[Node], claim: str) -> Finding | None:
    """claim = diag(derivative), as of an entrywise function"""
    right = _matrix(subject.node, wrt)
    if right is None or not right.is_square or right.is_scalar:
        return None
    if not _compared_with(subject, wrt, claim, diagonal(right)):
        return None
    return Finding("only the diagonal", f"that is only the diagonal: the derivative is {text(right)}")


def _other_order(subject: Subject, wrt: Sequence[Node], claim: str) -> Finding | None:
    """A Hessian for a gradient, or a gradient for a Hessian."""
    if len(set(wrt)) > 1 or len(wrt) > 2 or not subject.node.is_scalar:
        return None
    other = _matrix(subject.node, [wrt[0]] * (3 - len(wrt)))
    if other is None or not _compared_with(subject, wrt, claim, other):
        return None
    name, wanted = ("Hessian", "gradient") if len(wrt) == 1 else ("gradient", "Hessian")
    right = text(reading_of(subject, wrt).operator)
    return Finding("other order", f"that is the {name}: the {wanted} is {right}")


def _before_the_chain_rule(subject: Subject, wrt: Sequence[Node], claim: str) -> Finding | None:
    """The derivative by a part of f that holds the variable, without that of the part itself."""
    (x, *others) = wrt
    if others:
        return None
    for part in postorder(subject.node):
        if x not in variables(part) or part is x or part is subject.node:
            continue
        inner = variable("inner part", part.shape)
        f = substitute(subject.node, {part: inner})
        outer = _matrix(f, [inner]) if x not in variables(f) else None
        if outer is not None and _compared_with(subject, wrt, claim, substitute(outer, {inner: part})):
            right = text(reading_of(subject, wrt).operator)
            return Finding("chain rule", f"the chain rule stops at {text(part)}: the derivative is {right}")
    return None


def _matrix(f: Node, wrt: Sequence[Node]) -> Node | None:
    try:
        return derive(f, wrt).matrix
    except MatcalcError:
        return None


def _compared_with(subject: Subject, wrt: Sequence[Node], claim: str, other: Node) -> bool:
    """Whether the claim is this expression."""
    for shape in (None, other.shape):
        try:
            node = parse_claim(claim, wrt, subject.words, shape)
            break
        except MatcalcError as error:
            if error.code != "undetermined":
                return False
    else:
        return False
    return node.shape == other.shape and Comparison(subject, wrt, node, other).agree(node, other)


def _transposed_shape(subject: Subject, wrt: Sequence[Node], claim: str) -> Finding | None:
    try:
        node = parse_claim(claim, wrt, subject.words)
        reading = reading_of(subject, wrt)
    except MatcalcError:
        return None
    for right in (reading.operator if not reading.directions else None, reading.matrix):
        if right is not None and node.shape == right.shape[::-1] and not node.is_scalar:
            found = transposed(Comparison(subject, wrt, node, right))
            if found is not None:
                return found
    return None


def _where_sizes_are_equal(subject: Subject, wrt: Sequence[Node], claim: str) -> Finding | None:
    """The diagnosis where as few sizes as possible are equal, with what does not fit said first."""
    for equal_sizes in _equalities(subject):
        c = _with_sizes(subject, wrt, claim, equal_sizes)
        if c is not None:
            return _only_where_shapes_fit(c, subject, wrt, _who(subject, equal_sizes))
    return None


def _equalities(subject: Subject) -> Iterator[tuple[str, ...]]:
    """Groups of sizes, small ones first; all of them at last."""
    names = sorted(subject.dims)
    yield from combinations(names, 2)
    if len(names) > 2:
        yield tuple(names)


def _who(subject: Subject, equal_sizes: Sequence[str]) -> str:
    """A is square, or m = n."""
    group = set(equal_sizes)
    square = sorted(
        name
        for name, d in subject.declarations.items()
        if d.kind == "matrix" and not is_square(d) and {str(s) for s in d.shape} <= group
    )
    if len(group) == 2 and not square:
        return " = ".join(equal_sizes)
    return f"{listed_names(square)} {'is' if len(square) == 1 else 'are'} square" if square else "all sizes are equal"


def _only_where_shapes_fit(c: Comparison, subject: Subject, wrt: Sequence[Node], who: str) -> Finding:
    right = text(reading_of(subject, wrt).operator)
    fits = f"the shapes fit only if {who}"
    if c.agree(c.claimed, c.right):
        return Finding("only if", f"{fits}: the derivative is {right}")
    found = diagnose(c)
    if found.fault == "only if":
        return Finding(found.fault, f"{fits}, and then it is {found.message}")
    return Finding(found.fault, f"{fits}, and even then it is wrong: {found.message}")


def _where_every_size_is_one(subject: Subject, wrt: Sequence[Node], claim: str) -> Finding | None:
    """A derivative of scalar calculus, written for arrays."""
    if not subject.dims:
        return None
    c = _with_sizes(subject, wrt, claim, tuple(subject.dims), Dim.of(1))
    if c is None or not c.agree(c.claimed, c.right):
        return None
    right = text(reading_of(subject, wrt).operator)
    return Finding("only if", f"right only for 1 x 1: the derivative is {right}")


def _with_sizes(
    subject: Subject, wrt: Sequence[Node], claim: str, names: Sequence[str], size: Dim | None = None
) -> Comparison | None:
    """The comparison where these sizes are one, or None where the claim does not fit even then."""
    try:
        changed = _resized(subject, dict.fromkeys(names, size or Dim.of(names[0])))
        variables = [changed.declarations[v.data[0]].node for v in wrt]
        node = parse_claim(claim, variables, changed.words)
        _refuse_unknown_names(node, changed, claim)
        read = interpret(node, changed.node, variables, claim)
    except MatcalcError:
        return None
    return compared(changed, variables, read)


def _resized(subject: Subject, sizes: Mapping[str, Dim]) -> Subject:
    """The function with other sizes."""
    declarations = {name: d.with_sizes(dict(sizes)) for name, d in subject.declarations.items()}
    leaves = {d.node: declarations[name].node for name, d in subject.variables.items()}
    definitions = {name: substitute_sizes(node, dict(sizes), leaves) for name, node in subject.definitions.items()}
    node = substitute_sizes(subject.node, dict(sizes), leaves)
    return Subject(node, declarations, definitions=definitions, convention=subject.convention)
