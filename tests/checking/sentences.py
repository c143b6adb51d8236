"""What a diagnosis says, computed at points of its own: a claim beside the derivative, and the sentence about the two.

``python -m tests.checking.sentences`` plants mistakes in all derivatives of the tables; the suite takes a slice.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction

import numpy as np

import matcalc as mc
from matcalc.checking.values.evaluate import Array
from matcalc.expr import (
    Node,
    add,
    diag,
    diagonal,
    hadamard,
    mask,
    scale,
    scaled,
    substitute,
    transpose,
    variable,
    zeros,
)
from matcalc.language import parse
from tests.checking.cases import SIZES, SPECIAL, Asked, Case, Point
from tests.checking.edited import (
    texts_with_factor,
    with_factor,
    with_one_exchanged,
    with_one_transposed,
    without_factor,
)
from tests.checking.planting import derivatives, planted

__all__ = ["is_true", "judged"]


def is_true(asked: Asked, claim: str, said: str) -> bool | None:
    """Whether the sentence holds of the claim; None where it says nothing that is computed here."""
    fits = re.match(
        r"the shapes fit only if (.+?)(?: is| are) (?:square|equal)(, and then it is |, and even then it is wrong: |: )(.*)",
        said,
    )
    if fits:
        return _where_shapes_fit(asked, claim, *fits.groups())
    try:
        case = Case(asked, claim)
    except mc.MatcalcError:  # it fits where every size is 1 only
        return _is_right_for_numbers(asked, claim) if said.startswith("right only for 1 x 1") else None
    found = (
        (holds, match)
        for pattern, holds in SENTENCES
        if (match := re.match(rf"(?:{pattern})", said, re.DOTALL)) is not None
    )
    holds, match = next(found, (None, None))
    if holds is None or match is None:
        return None
    truth = holds(case, *match.groups())
    shown = SHOWN.search(said)
    return truth if truth is not True or shown is None else case.is_the_derivative(shown[1])


#: What a sentence shows as the right derivative.
SHOWN = re.compile(
    r"(?:the derivative is|the gradient is|the Hessian is|it is|for each component of f, is|with columns it is|matrices is) (?!not zero|zero)(.+?)(?:: add .*)?$",
    re.DOTALL,
)


def _where_shapes_fit(asked: Asked, claim: str, names: str, how: str, rest: str) -> bool | None:
    """The sentence about the same function with these matrices square; elsewhere the claim has no meaning."""
    square, renamed = _with_equal_sizes(asked, names)
    try:
        case = Case(asked, claim)
        if case.agree(case.claim, case.right) is not False:
            return False
    except mc.MatcalcError:  # as it says
        pass
    claim, rest = renamed(claim), renamed(rest)
    case = Case(square, claim)
    if how == ": ":
        return case.agree(case.claim, case.right)
    return is_true(square, claim, rest) if case.agree(case.claim, case.right) is False else False


def _with_equal_sizes(asked: Asked, names: str) -> tuple[Asked, Callable[[str], str]]:
    """The same with one size for the rows and columns of each of the names, and what it makes of a text."""
    declared = mc.parse(asked.f, asked.where or None).declarations
    same: dict[str, str] = {}

    def root(size: str) -> str:
        return root(same[size]) if size in same else size

    for name in declared if names == "all sizes" else _names(names):
        first, *others = dict.fromkeys(str(d) for d in declared[name].shape if not d.is_one)
        for other in others:
            if root(other) != root(first):
                same[root(other)] = root(first)
    return _with_sizes(asked, root)


def _with_sizes(asked: Asked, size: Callable[[str], str]) -> tuple[Asked, Callable[[str], str]]:
    """The same with other sizes, and what that makes of a text."""
    declared = mc.parse(asked.f, asked.where or None).declarations

    def renamed(text: str) -> str:
        return re.sub(r"\b[a-zA-Z]\w*\b(?!\()", lambda m: m[0] if m[0] in declared else size(m[0]), text)

    where = ", ".join(f"{n}: {renamed(d.type_text)}" for n, d in declared.items())
    return replace(asked, f=renamed(asked.f), where=where), renamed


def _is_right_for_numbers(asked: Asked, claim: str) -> bool | None:
    """Whether it is the derivative where every size is 1."""
    sizes = {str(s) for d in mc.parse(asked.f, asked.where or None).declarations.values() for s in d.shape}
    numbers, renamed = _with_sizes(asked, lambda name: "1" if name in sizes else name)
    try:
        case = Case(numbers, renamed(claim))
    except mc.MatcalcError:
        return None
    return case.agree(case.claim, case.right, _positive(case))


def _positive(case: Case) -> Iterator[Point]:
    for at in case.points(dict.fromkeys(SIZES, 1)):
        yield replace(at, values={n: np.abs(v) for n, v in at.values.items()})


def _names(text: str) -> list[str]:
    return re.split(", | and ", text)


# --- special cases ----------------------------------------------------------------------------------


def _special(case: Case, names: str, what: str) -> bool | None:
    if what == "square":
        dims = {str(d) for n in _names(names) for d in case.f.declarations[n].shape}
        return case.only_if(case.points({**SIZES, **dict.fromkeys(dims, 4)}))
    return case.only_if(case.with_values(_names(names), SPECIAL[what]))


def _for_numbers(case: Case) -> bool | None:
    """Whether it is the derivative where every size is 1, and not elsewhere."""
    return case.only_if(_positive(case))


def _commuting(case: Case, names: str, are_symmetric: str | None) -> bool | None:
    """Functions of one matrix, which has no property of its own; dX is one, too, where it is named."""
    listed, direction = set(_names(names)), f"d{case.asked.wrt}"
    declared = {n: case.f.declarations[n] for n in listed - {direction}}
    kinds = {d.kind for d in declared.values()}
    symmetric = are_symmetric or kinds & {"symmetric", "spd", "psd"}  # what commutes with a symmetric one is so, too

    def function(size: int, kind: str) -> Array:
        m = np.random.default_rng(3).standard_normal((size, size)) / 3
        m = m + m.T if symmetric else m
        m = np.diag(np.diag(m)) if "diagonal" in kinds else m / np.linalg.norm(m)
        s, t = case.rng.uniform(0.5, 1.5, 2)
        return np.eye(size) + s * m @ m + t * m @ m @ m @ m + (0 if kind == "spd" else m)

    def points() -> Iterator[Point]:
        for at in case.points():
            values = {n: function(len(at.values[n]), d.kind) for n, d in declared.items()}
            moved = {d: function(len(e), "") if direction in listed else e for d, e in at.directions.items()}
            yield replace(at, values={**at.values, **values}, directions=moved)

    return case.only_if(points())


def _on_one_side(case: Case, text: str, side: str) -> bool | None:
    """Right where the named expression has this sign in every entry, and not wherever it has another."""
    switch, sign = case.part(text), 1 if side == "positive" else -1

    def points(*, inside: bool) -> Iterator[Point]:
        for _ in range(60):
            for at in case.points():
                value = case.value(switch, at)
                if value is not None and bool(np.all(np.sign(value) == sign)) is inside:
                    yield at

    there = case.agree(case.claim, case.right, points(inside=True))
    return there and case.agree(case.claim, case.right, points(inside=False)) is False


# --- differences ------------------------------------------------------------------------------------


def _gap_is(case: Case, text: str, factor: Fraction) -> bool | None:
    """derivative - claim = factor * part"""
    gap = add(case.right, scaled(-1, case.claim))
    return case.agree(gap, scaled(factor, case.part(text, case.right.shape)))


def _factor(case: Case, before: str | None, text: str) -> bool | None:
    claimed = transpose(case.claim) if before else case.claim
    return case.agree(claimed, scale(parse(text, case.f.declarations).node, case.right))


def _one_is_right(case: Case, changed: Iterator[Node]) -> bool:
    return any(case.agree(node, case.right) for node in changed if node.shape == case.right.shape)


def _with(case: Case, factor: str) -> bool:
    """Whether the claim is right with this factor somewhere in it."""
    if _one_is_right(case, with_factor(case.claim, case.part(factor))):
        return True
    return any(case.is_right(text) for text in texts_with_factor(case.text, factor))


def _without(case: Case, text: str) -> bool:
    """Whether the claim is right without this factor, up to its sign and transposed or not."""
    factor = case.part(text)
    same = (factor, transpose(factor))
    return any(
        case.agree(rest, case.right)
        for taken, rest in without_factor(case.claim)
        if rest.shape == case.right.shape and any(case.agree(taken, f) for f in same if f.shape == taken.shape)
    )


def _stops_at(case: Case, text: str) -> bool | None:
    """The claim is the derivative by this part of f: by differences in every entry of it."""
    part = case.part(text)
    inner = variable("inner part", part.shape)
    f = substitute(case.subject.node, {part: inner})
    step, known = 1e-5, []
    for at in case.points():
        here, claimed = case.value(part, at), case.value(case.claim, at)
        if here is None or claimed is None:
            continue
        slopes = np.zeros(here.shape)
        for k in np.ndindex(*here.shape):
            e = np.zeros(here.shape)
            e[k] = step
            up, down = (case.value(f, replace(at, values={**at.values, inner.data[0]: here + s * e})) for s in (1, -1))
            if up is None or down is None:
                break
            slopes[k] = (up - down).item() / (2 * step)
        else:
            known.append(claimed.shape == slopes.shape and np.allclose(slopes, claimed, rtol=1e-4, atol=1e-5))
    return all(known) if known else None


# --- layouts and conventions ------------------------------------------------------------------------


def _rows_stacked(case: Case) -> bool | None:
    """The matrix of a derivative whose rows and columns count entries row by row."""

    def stacked(value: Array, at: Point) -> Array:
        m, n = (d.evaluate(at.sizes) for d in case.subject.node.shape)
        p, q = at.values[case.asked.wrt].shape
        if case.subject.node.is_scalar:
            m, n = p, q
        return value.reshape(n, m, q, p).transpose(1, 0, 3, 2).reshape(m * n, p * q)

    pairs = [(case.value(case.claim, at), case.value(case.right, at), at) for at in case.points()]
    known = [np.allclose(stacked(b, at), a) for a, b, at in pairs if a is not None and b is not None]
    return all(known) if known else None


def _by_convention(case: Case, convention: str) -> bool | None:
    """The claim is right by this convention, and not by the one that was asked for."""
    other = Case(replace(case.asked, convention=convention), "0")
    return case.agree(case.claim, other.reading.operator) and case.agree(case.claim, case.right) is False


def _of_other_order(case: Case) -> bool | None:
    other = Case(replace(case.asked, order=3 - case.asked.order), "0")
    return case.agree(case.claim, other.reading.matrix or other.reading.operator)


Holds = Callable[..., bool | None]

#: the beginning of a sentence -> whether it is true
SENTENCES: tuple[tuple[str, Holds], ...] = (
    (r"right; shorter:", lambda case: case.agree(case.claim, case.right)),
    (r"right only for 1 x 1:", _for_numbers),
    (r"right only if (.+?) (?:is|are) (square|" + "|".join(sorted(SPECIAL, key=len, reverse=True)) + r"):", _special),
    (r"right only if (\w+) = (\w+):", lambda case, m, n: case.only_if(case.points({**SIZES, m: 4, n: 4}))),
    (r"right only if (.+?)( are symmetric and)? commute:", _commuting),
    (r"right only where (?:every entry of )?(.+) is (positive|negative):", _on_one_side),
    (r"(transposed, and )?off by the factor (.+): the derivative is", _factor),
    (r"(transposed, and )?the sign is wrong:", lambda case, before: _factor(case, before, "-1")),
    (
        r"transposed, right in the numerator layout: |the transposed layout: ",
        lambda case: _one_is_right(case, _transposed(case)),
    ),
    (r"the order of vec: rows are stacked there", _rows_stacked),
    (r"right for an unstructured", lambda case: _by_convention(case, "unstructured")),
    (r"by the independent entries", lambda case: _by_convention(case, "independent")),
    (r"that is the gradient within the", lambda case: _by_convention(case, "structured")),
    (r"that is the (?:Hessian: the gradient|gradient: the Hessian) is", _of_other_order),
    (r"the chain rule stops at (.+?): the derivative is", _stops_at),
    (r"missing (.+): the derivative is", lambda case, part: _gap_is(case, part, Fraction(1))),
    (
        r"the term (.+) is off by the factor (-?\d+(?:/\d+)?): the",
        lambda case, part, q: _gap_is(case, part, 1 - Fraction(q)),
    ),
    (
        r"the term (.+) should be (.+?)(?:, its transpose|, off by the factor .+)?: the derivative is",
        lambda case, a, b: _gap_is(case, f"({b}) - ({a})", Fraction(1)),
    ),
    (r"the sign of (.+) is wrong:", lambda case, part: _gap_is(case, part, Fraction(2))),
    (r"that is the derivative by (\w+):", lambda case, name: case.agree(case.claim, mc.gradient(case.f, name).node)),
    (r"the derivative is not zero", lambda case: _vanish(case, case.claim, case.right)),
    (r"the derivative is zero", lambda case: _vanish(case, case.right, case.claim)),
    (r"right on the diagonal only:", lambda case: case.agree(diagonal(case.claim), diagonal(case.right))),
    (r"right on and below the diagonal only:", lambda case: case.agree(_lower(case.claim), _lower(case.right))),
    (r"that is only the diagonal:", lambda case: case.agree(diag(case.claim), diag(diagonal(case.right)))),
    (r"the factor (.+) is missing:", lambda case, part: _with(case, part)),
    (r"the factor (.+) is too much:", _without),
    (r"(.+) should be transposed:", lambda case, part: _one_is_right(case, with_one_transposed(case.claim))),
    (r"(.+) and (.+) are in the wrong order:", lambda case, a, b: _one_is_right(case, with_one_exchanged(case.claim))),
    (r"(.+) should be (.+?): the derivative is", lambda case, a, b: _replaced(case, a, b)),
    (r"the derivative is .+: add (.+) to the claim$", lambda case, part: _gap_is(case, part, Fraction(1))),
    (r"(.+) is too much:", lambda case, part: _gap_is(case, part, Fraction(-1))),
    (r"the derivative is ", lambda case: case.agree(case.claim, case.right) is False),
)


def _transposed(case: Case) -> Iterator[Node]:
    yield transpose(case.claim)


def _vanish(case: Case, zero: Node, other: Node) -> bool | None:
    at_zero = case.agree(zero, zeros(*zero.shape))
    return at_zero and case.agree(other, zeros(*other.shape)) is False


def _lower(node: Node) -> Node:
    return hadamard(mask("lower", *node.shape), node)


def _replaced(case: Case, a: str, b: str) -> bool | None:
    changed = substitute(case.claim, {case.part(a): case.part(b)})
    return case.agree(changed, case.right)


# --- all of them ------------------------------------------------------------------------------------


def judged(rows: list[Asked], count: int, seed: int) -> Iterator[tuple[Asked, str, str, bool | None]]:
    """(what was asked, claim, sentence, whether it is true) of planted mistakes that are refuted."""
    rng = random.Random(seed)
    for asked in rows:
        for _, claim in planted(rng, asked, count):
            try:
                report = mc.check(
                    asked.f, asked.wrt, where=asked.where or None, order=asked.order, claim=claim, trials=2
                )
            except mc.MatcalcError:  # of another shape, or no formula any more
                continue
            if not report and report.diagnosis:
                yield asked, claim, report.diagnosis, is_true(asked, claim, report.diagnosis)


if __name__ == "__main__":
    told = list(judged(derivatives(), 3, 4))
    for asked, claim, said, truth in told:
        if truth is not True:
            print(truth, "|", asked, "|", claim, "|", said)
    counts = {
        name: sum(t[3] is value for t in told)
        for name, value in (("true", True), ("false", False), ("not computed", None))
    }
    print(len(told), "sentences:", ", ".join(f"{n} {name}" for name, n in counts.items()))
