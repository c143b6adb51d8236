"""What a diagnosis says, computed at points of its own: a claim beside the gradient, and the sentence about the two.

``python -m tests.checking.sentences`` plants mistakes in all gradients of the tables; the suite takes a slice.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from fractions import Fraction

import numpy as np

import matcalc as mc
from matcalc.checking import read_claim
from matcalc.checking.claims import parse_claim
from matcalc.checking.evaluate import Array, evaluate
from matcalc.checking.sampling import random_value
from matcalc.checking.written import Words
from matcalc.expr import Node, add, diagonal, scale, scaled, transpose, zeros
from matcalc.language import parse
from tests.tables import cookbook, magnus, practice

__all__ = ["gradients", "is_true", "planted"]

Row = tuple[str, str, str]
Values = dict[str, Array]

SIZES = dict(zip("nmkpqdrhcTNKMlt", (4, 5, 3, 2, 3, 4, 2, 3, 2, 4, 5, 3, 4, 2, 6), strict=True))
#: A point counts where the values between are of moderate size.
LARGEST = 1e6


def gradients() -> list[Row]:
    """Scalar functions of the tables with their variable."""
    rows = [*(r[1:4] for r in (*cookbook.CHAPTER_2, *magnus.GRADIENTS)), *(r[1:4] for r in practice.ROWS)]
    return [row for row in dict.fromkeys(rows) if mc.parse(row[0], row[2]).node.is_scalar]


# --- mistakes ---------------------------------------------------------------------------------------


def _edits(text: str) -> dict[str, list[str]]:
    """Wrong texts by the mistake that was made in each."""
    terms = _terms(text)
    names = [m.span() for m in re.finditer(r"(?<!\^)\b[A-Za-z]\w*\b(?![(\w])", text)]
    pairs = list(re.finditer(r"\b([A-Z]\w*) ([A-Z]\w*|[a-z])\b(?![(\w^])", text))
    return {
        "dropped": [" ".join(terms[:i] + terms[i + 1 :]).removeprefix("+ ") for i in range(len(terms))]
        if len(terms) > 1
        else [],
        "transposed": [f"({text})^T"],
        "factor": [f"2 ({text})", f"({text}) / 2"],
        "sign": [f"-({text})", *(_flipped(terms, i) for i in range(len(terms)) if len(terms) > 1)],
        "order": [text[: m.start()] + f"{m[2]} {m[1]}" + text[m.end() :] for m in pairs],
        "a transpose forgotten": [text[: m.start()] + text[m.end() :] for m in re.finditer(r"\^T\b", text)],
        "a transpose too much": [text[:b] + "^T" + text[b:] for _, b in names],
        "entrywise": [text[: m.start()] + f"{m[1]} .* {m[2]}" + text[m.end() :] for m in pairs],
        "a factor forgotten": [text[:a] + text[b:].removeprefix("^T").lstrip() for a, b in names],
        "not symmetrised": [re.sub(r"\((\w+) \+ \1\^T\)", r"2 \1", text)],
    }


def _terms(text: str) -> list[str]:
    """The terms of the sum outside of brackets, with their signs."""
    depth, start, found = 0, 0, []
    for i, sign in enumerate(text):
        depth += (sign in "([") - (sign in ")]")
        if not depth and text[i : i + 3] in (" + ", " - "):
            found.append(text[start:i])
            start = i + 1
    return [*found, text[start:]]


def _flipped(terms: list[str], i: int) -> str:
    turned = {"+": "- ", "-": "+ "}.get(terms[i][0], "-")
    term = turned + terms[i].lstrip("+- ")
    return " ".join([*terms[:i], term, *terms[i + 1 :]]).removeprefix("+ ")


def planted(rng: random.Random, row: Row, count: int) -> Iterator[tuple[str, str]]:
    """(mistake, claim), a few for each gradient."""
    gradient = str(mc.gradient(row[0], row[1], where=row[2])).split("\n")[0]
    every = [(kind, claim) for kind, claims in _edits(gradient).items() for claim in claims if claim != gradient]
    yield from rng.sample(every, min(count, len(every)))


# --- sentences --------------------------------------------------------------------------------------

#: property -> a value that has it, of one that has not
SPECIAL: dict[str, Callable[[Array], Array]] = {
    "symmetric": lambda v: v + v.T,
    "symmetric positive definite": lambda v: v @ v.T + np.eye(len(v)),
    "skew-symmetric": lambda v: v - v.T,
    "orthogonal": lambda v: np.linalg.qr(v)[0],
    "diagonal": lambda v: np.diag(np.diag(v)),
    "positive": lambda v: np.abs(v) + 0.1,
    "the identity": lambda v: np.eye(*v.shape),
    "all ones": np.ones_like,
    "a unit vector": lambda v: v / np.linalg.norm(v),
    "normalised to the sum 1": lambda v: v / np.sum(v),
}


Point = tuple[Values, dict[str, int]]


class Case:
    """A claim and the gradient, with random points of other sizes than those of the check."""

    def __init__(self, row: Row, claim: str) -> None:
        self.f = mc.parse(row[0], row[2])
        self.x = self.f.declarations[row[1]].node
        self.right = mc.gradient(self.f, row[1]).node
        words = Words(self.f.declarations, {d.name: d.node for d in self.f.definitions})
        try:
            self.claim = read_claim(claim, self.f.node, [self.x], words).node
        except mc.MatcalcError:  # of another shape
            self.claim = parse_claim(claim, [self.x], words)
        self.rng = np.random.default_rng(77)

    def part(self, text: str) -> Node:
        """A part of the gradient that a sentence names."""
        return parse(text, self.f.declarations, shape=self.right.shape).node

    def points(self, sizes: dict[str, int] = SIZES) -> Iterator[Point]:
        for _ in range(4):
            yield {n: random_value(d, sizes, self.rng) for n, d in self.f.declarations.items()}, sizes

    def gap(self, sides: Callable[[Case], tuple[Node, Node]], at: Point) -> float | None:
        """The relative difference of two nodes, None outside of their domain."""
        with np.errstate(all="ignore"):
            try:
                a, b = (evaluate(node, *at) for node in sides(self))
            except np.linalg.LinAlgError:
                return None
        size = max(np.abs(a).max(initial=0), np.abs(b).max(initial=0))
        if not np.isfinite(size) or size > LARGEST or a.shape != b.shape:
            return None if a.shape == b.shape else np.inf
        return float(np.abs(a - b).max(initial=0) / max(size, 1e-3))

    def agree(self, a: Node, b: Node, points: Iterator[Point] | None = None) -> bool | None:
        """Whether two nodes are equal at all of the points; None where they are defined at none."""
        gaps = [self.gap(lambda _: (a, b), at) for at in points or self.points()]
        known = [gap for gap in gaps if gap is not None]
        return all(gap < 1e-6 for gap in known) if known else None

    def with_values(self, names: list[str], change: Callable[[Array], Array]) -> Iterator[Point]:
        for values, sizes in self.points():
            yield {**values, **{n: change(values[n]) for n in names}}, sizes

    def only_if(self, points: Iterator[Point]) -> bool | None:
        """Right at the special points, wrong at others."""
        special, usual = self.agree(self.claim, self.right, points), self.agree(self.claim, self.right)
        return None if special is None else special and usual is False


def is_true(row: Row, claim: str, said: str) -> bool | None:
    """Whether the sentence holds of the claim; None where it says nothing that is computed here."""
    if said.startswith("right only for 1 x 1"):
        return _is_right_for_numbers(row, claim)
    try:
        case = Case(row, claim)
    except mc.MatcalcError:  # it fits where sizes are equal only
        return None
    for pattern, holds in SENTENCES:
        found = re.match(pattern, said)
        if found:
            return holds(case, *found.groups())
    return None


def _is_right_for_numbers(row: Row, claim: str) -> bool | None:
    """Whether it is the derivative where every name is a number."""
    names = dict.fromkeys(mc.parse(row[0], row[2]).declarations, "scalar(positive)")
    try:
        case = Case((row[0], row[1], ", ".join(f"{n}: {kind}" for n, kind in names.items())), claim)
    except mc.MatcalcError:  # ones(n), diag(x)
        return None
    return case.agree(case.claim, case.right, case.points(dict.fromkeys(SIZES, 1)))


def _names(text: str) -> list[str]:
    return re.split(", | and ", text)


def _special(case: Case, names: str, what: str) -> bool | None:
    if what == "square":
        dims = {str(d) for n in _names(names) for d in case.f.declarations[n].shape}
        return case.only_if(case.points({**SIZES, **dict.fromkeys(dims, 4)}))
    return case.only_if(case.with_values(_names(names), SPECIAL[what]))


def _commuting(case: Case, names: str, are_symmetric: str | None) -> bool | None:
    """Functions of one matrix, which has no property of its own."""
    if "d" + str(case.x.data[0]) in _names(names):
        return None

    kinds = {case.f.declarations[n].kind for n in _names(names)}
    symmetric = are_symmetric or kinds & {"symmetric", "spd", "psd"}  # what commutes with a symmetric one is so, too

    def points() -> Iterator[Point]:
        for values, sizes in case.points():
            for n in _names(names):
                m = np.random.default_rng(3).standard_normal(values[n].shape) / 3
                m = m + m.T if symmetric else m
                s, t = case.rng.uniform(0.5, 1.5, 2)
                values[n] = (
                    np.eye(len(m)) + s * m @ m + t * m @ m @ m @ m + (0 if case.f.declarations[n].kind == "spd" else m)
                )
            yield values, sizes

    return case.only_if(points())


def _gap_is(case: Case, text: str, factor: Fraction) -> bool | None:
    """gradient - claim = factor * part"""
    gap = add(case.right, scaled(-1, case.claim))
    return case.agree(gap, scaled(factor, case.part(text)))


def _factor(case: Case, before: str, text: str) -> bool | None:
    claimed = transpose(case.claim) if before else case.claim
    return case.agree(claimed, scale(parse(text, case.f.declarations).node, case.right))


Holds = Callable[..., bool | None]

#: the beginning of a sentence -> whether it is true
SENTENCES: tuple[tuple[str, Holds], ...] = (
    (r"right only if (.+?) (?:is|are) (square|" + "|".join(sorted(SPECIAL, key=len, reverse=True)) + r"):", _special),
    (r"right only if (\w+) = (\w+):", lambda case, m, n: case.only_if(case.points({**SIZES, m: 4, n: 4}))),
    (r"right only if (.+?)( are symmetric and)? commute:", _commuting),
    (r"(transposed, and )?off by the factor (.+): the derivative is", _factor),
    (r"(transposed, and )?the sign is wrong:", lambda case, before: _factor(case, before, "-1")),
    (r"transposed: ", lambda case: case.agree(transpose(case.claim), case.right)),
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
    (r"the derivative is not zero", lambda case: case.agree(case.claim, zeros(*case.right.shape))),
    (r"right on the diagonal only:", lambda case: case.agree(diagonal(case.claim), diagonal(case.right))),
    (r"the derivative is .+: add (.+) to the claim$", lambda case, part: _gap_is(case, part, Fraction(1))),
    (
        r"(.+) is too much:",
        lambda case, part: None if part.startswith("the factor") else _gap_is(case, part, Fraction(-1)),
    ),
)


# --- all of them ------------------------------------------------------------------------------------


def judged(rows: list[Row], count: int, seed: int) -> Iterator[tuple[Row, str, str, bool | None]]:
    """(row, claim, sentence, whether it is true) of planted mistakes that are refuted."""
    rng = random.Random(seed)
    for row in rows:
        for _, claim in planted(rng, row, count):
            try:
                report = mc.check(row[0], row[1], where=row[2], claim=claim, trials=2)
            except mc.MatcalcError:  # of another shape, or no formula any more
                continue
            if not report and report.diagnosis and not report.diagnosis.startswith("the shapes fit"):
                yield row, claim, report.diagnosis, is_true(row, claim, report.diagnosis)


if __name__ == "__main__":
    told = list(judged(gradients(), 3, 4))
    for row, claim, said, truth in told:
        if truth is False:
            print(row, "|", claim, "|", said)
    print(
        len(told),
        "sentences,",
        sum(t[3] is not None for t in told),
        "computed,",
        sum(t[3] is False for t in told),
        "false",
    )
