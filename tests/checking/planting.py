"""Mistakes in the derivatives of the tables: gradients, Hessians and Jacobians, as matrices and with dX."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

import matcalc as mc
from tests.checking.cases import Asked
from tests.tables import cookbook, magnus, practice

__all__ = ["derivatives", "planted"]

#: One function of practice in so many is differentiated twice.
STEP = 4


def derivatives() -> list[Asked]:
    """Functions of the tables with their variable: gradients, Jacobians, Hessians."""
    once = [
        *(r[1:4] for r in (*cookbook.CHAPTER_2, *cookbook.LATER, *magnus.GRADIENTS, *magnus.JACOBIANS)),
        *(r[1:4] for r in practice.ROWS),
    ]
    twice = [*(r[1:4] for r in magnus.HESSIANS), *(r[1:4] for r in practice.ROWS[::STEP])]
    return [*(Asked(*r) for r in dict.fromkeys(once)), *(Asked(*r, order=2) for r in dict.fromkeys(twice))]


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


def planted(rng: random.Random, asked: Asked, count: int) -> Iterator[tuple[str, str]]:
    """(mistake, claim), a few for each derivative."""
    derivative = mc.derivative(asked.f, *[asked.wrt] * asked.order, where=asked.where or None)
    forms = [part.partition(" = ")[2] or part for part in str(derivative).split("\n")[0].split(", vec form ")]
    every = [
        (kind, claim) for form in forms for kind, claims in _edits(form).items() for claim in claims if claim != form
    ]
    yield from rng.sample(every, min(count, len(every)))
