"""Claims of another shape than the derivative: a transposed layout, another derivative, or a formula that fits only where sizes are equal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from matcalc.calculus import derive
from matcalc.checking.claims.claims import interpret, parse_claim
from matcalc.checking.claims.layouts import transposed
from matcalc.checking.comparison import Comparison, Finding, compared, reading_of
from matcalc.checking.diagnosis.special_cases import is_square, listed_names
from matcalc.checking.diagnosis.wrong_claims import diagnose
from matcalc.checking.subject import Subject
from matcalc.errors import MatcalcError, UnknownNameError
from matcalc.expr import Dim, Node, diagonal, postorder, substitute, substitute_sizes, variable, variables
from matcalc.printing import text_by_name

__all__ = ["of_other_shape", "refuse_unknown_names"]


def refuse_unknown_names(node: Node, subject: Subject, claim: str) -> None:
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


def of_other_shape(subject: Subject, wrt: Sequence[Node], claim: str) -> Finding | None:
    """A transposed layout, or a formula that fits only where all sizes are equal."""
    try:
        alone = parse_claim(claim, wrt, subject.words)
    except MatcalcError:  # its shapes may fit where all sizes are equal
        alone = None
    if alone is not None:
        refuse_unknown_names(alone, subject, claim)
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
    return Finding(
        "only the diagonal", f"that is only the diagonal: the derivative is {text_by_name(right, subject.style)}"
    )


def _other_order(subject: Subject, wrt: Sequence[Node], claim: str) -> Finding | None:
    """A Hessian for a gradient, or a gradient for a Hessian."""
    if len(set(wrt)) > 1 or len(wrt) > 2 or not subject.node.is_scalar:
        return None
    other = _matrix(subject.node, [wrt[0]] * (3 - len(wrt)))
    if other is None or not _compared_with(subject, wrt, claim, other):
        return None
    name, wanted = ("Hessian", "gradient") if len(wrt) == 1 else ("gradient", "Hessian")
    right = _right_derivative(subject, wrt)
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
            right = _right_derivative(subject, wrt)
            return Finding(
                "chain rule", f"the chain rule stops at {text_by_name(part, subject.style)}: the derivative is {right}"
            )
    return None


def _right_derivative(subject: Subject, wrt: Sequence[Node]) -> str:
    """The derivative as text."""
    return text_by_name(reading_of(subject, wrt).operator, subject.style)


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
    right = _right_derivative(subject, wrt)
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
    right = _right_derivative(subject, wrt)
    return Finding("only if", f"right only for 1 x 1: the derivative is {right}")


def _with_sizes(
    subject: Subject, wrt: Sequence[Node], claim: str, names: Sequence[str], size: Dim | None = None
) -> Comparison | None:
    """The comparison where these sizes are one, or None where the claim does not fit even then."""
    try:
        changed = _resized(subject, dict.fromkeys(names, size or Dim.of(names[0])))
        variables = [changed.declarations[v.data[0]].node for v in wrt]
        node = parse_claim(claim, variables, changed.words)
        refuse_unknown_names(node, changed, claim)
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
    return Subject(node, declarations, definitions=definitions, convention=subject.convention, style=subject.style)
