"""A verdict as it is shown: text, LaTeX, JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from html import escape
from typing import Any

from matcalc.notes import Note, as_dicts, note_lines
from matcalc.records import dataclass

__all__ = ["Curvature", "Line"]

#: Claims that are relations, in LaTeX.
RELATIONS = {">= 0": r" \ge 0", "<= 0": r" \le 0"}


@dataclass(frozen=True)
class Line:
    """A line of a certificate.

    Attributes:
        expression: what it is about, in the language of the input.
        claim: what is said of it, "is convex", ">= 0".
        rule: why.
        reference: where that is proved.
        conditions: what has to hold for it.
        latex: the expression in LaTeX.
        given: its definitions in LaTeX, where the expression has some behind a "where".
    """

    expression: str
    claim: str
    rule: str
    reference: str = ""
    conditions: tuple[str, ...] = ()
    latex: str = ""
    given: str = ""

    @property
    def reason(self) -> str:
        """The rule with its reference and conditions."""
        where = f", where {', '.join(self.conditions)}" if self.conditions else ""
        return f"{self.rule}{where}{f' [{self.reference}]' if self.reference else ''}"

    @property
    def formula(self) -> str:
        """The expression in LaTeX, with a relation that is claimed of it."""
        return self.latex + RELATIONS.get(self.claim, "") + self.given

    def __str__(self) -> str:
        form, where, given = self.expression.partition(" where ")
        return f"{form} {self.claim}{where}{given}   ({self.reason})"


@dataclass(frozen=True, eq=False)
class Curvature:
    """What `curvature` found.

    >>> answer = mc.curvature("||A x - b||^2", "x")
    >>> print(answer)
    convex in x
    >>> for line in answer.certificate:
    ...     print(line)
    A x - b is affine   (linear operations keep what is affine affine)
    ||A x - b||^2 is convex   (u^T M u with u affine and M positive semidefinite [B&V 3.1.4])

    Attributes:
        verdict: "affine", "convex", "concave", "neither" or "undecided".
        expression: the function.
        wrt: the variables, together.
        conditions: what has to hold for it, in the words of the language.
        certificate: the proof, line by line, each resting on those before it.
        counterexample: where it is neither: ``a`` and ``b``, each with an array for every free name, and ``weight``; the value
            between them, at (1 - weight) a + weight b, lies above the chord.
        against_concave: the same for a value below the chord.
        notes: how the text was read, where a reader has to know.
        strict: whether it is strictly convex, or concave.
        also: what it is where it is neither, or undecided: "log-concave", "quasi-convex", each with its conditions.
        some: the functions that nobody defined, for some of which it is neither.
        constant: m, in the words of the language, where it is strongly convex: f - m/2 ||x||^2 is convex, too.
    """

    verdict: str
    expression: str
    wrt: tuple[str, ...]
    conditions: tuple[str, ...] = ()
    certificate: tuple[Line, ...] = ()
    counterexample: Mapping[str, Any] | None = None
    against_concave: Mapping[str, Any] | None = None
    notes: tuple[Note, ...] = ()
    strict: bool = False
    constant: str = ""
    some: tuple[str, ...] = ()
    also: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether it is convex, or affine."""
        return self.verdict in ("convex", "affine")

    @property
    def title(self) -> str:
        """strongly convex in x and y with constant 2 where y > 0"""
        return f"{self.kind} in {' and '.join(self.wrt)}{self._with()}{self._instead()}"

    @property
    def kind(self) -> str:
        """strictly convex"""
        if self.verdict == "neither":
            return "neither convex nor concave"
        return f"{'strongly ' if self.constant else 'strictly ' if self.strict else ''}{self.verdict}"

    def _with(self) -> str:
        """with constant 2 where y > 0"""
        where = f" where {', '.join(self.conditions)}" if self.conditions else ""
        some = f" for some {' and '.join(self.some)}" if self.some else ""
        return f"{f' with constant {self.constant}' if self.constant else ''}{some}{where}"

    def _instead(self) -> str:
        """, but quasi-convex and quasi-concave where c^T x + d > 0"""
        said: dict[tuple[str, ...], list[str]] = {}
        for claim, conditions in self.also.items():
            said.setdefault(conditions, []).append(claim)
        parts = (" and ".join(c) + (f" where {', '.join(w)}" if w else "") for w, c in said.items())
        return f", but {', '.join(parts)}" if said else ""

    def __str__(self) -> str:
        return "\n".join([self.title, *self._refuted(), *note_lines(self.notes)])

    def _refuted(self) -> list[str]:
        found = (("convex", "above", self.counterexample), ("concave", "below", self.against_concave))
        return [line for word, side, example in found if example for line in _shown(word, side, example)]

    @property
    def steps(self) -> str:
        """The verdict with the lines of its certificate, numbered."""
        lines = [f"{k}. {line}" for k, line in enumerate(self.certificate, 1)]
        return "\n".join([self.title, *lines, *self._refuted(), *note_lines(self.notes)])

    def latex(self) -> str:
        """The certificate as an ``align*`` environment, for amsmath."""
        rows = [f"  & {line.formula} && {_in_text(line)}" for line in self.certificate]
        return "\\begin{align*}\n" + " \\\\\n".join(rows) + "\n\\end{align*}"

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        lines = [
            {
                name: getattr(line, name)
                for name in ("expression", "claim", "rule", "reference", "conditions", "latex", "given")
            }
            for line in self.certificate
        ]
        return {
            "verdict": self.verdict,
            "expr": self.expression,
            "wrt": list(self.wrt),
            "strict": self.strict,
            "constant": self.constant or None,
            "conditions": list(self.conditions),
            "certificate": lines,
            "also": [{"claim": claim, "conditions": list(conditions)} for claim, conditions in self.also.items()],
            "counterexample": _plain(self.counterexample),
            "against_concave": _plain(self.against_concave),
            "notes": as_dicts(self.notes),
        }

    def __repr__(self) -> str:
        return f"<Curvature of {self.expression}: {self.title}>"

    def _repr_html_(self) -> str:
        """The verdict, and below it the certificate as a table, or the counterexample."""
        rows = "".join(f"<tr><td>{escape(left)}</td><td>{escape(why)}</td></tr>" for left, why in self._told())
        table = f'<table class="matcalc-certificate">{rows}</table>' if rows else ""
        rest = "".join(f"<br>{escape(line)}" for line in [*self._refuted(), *note_lines(self.notes)])
        return f"<b>{escape(self.title)}</b>{table}{rest}"

    def _told(self) -> list[tuple[str, str]]:
        """What each line of the certificate says, and why."""
        return [(str(line).removesuffix(f"   ({line.reason})"), line.reason) for line in self.certificate]

    def _repr_latex_(self) -> str:
        return self.latex() if self.certificate else rf"$$\text{{{_escaped(self.title)}}}$$"


def _in_text(line: Line) -> str:
    said = line.reason if line.claim in RELATIONS else f"{line.claim}: {line.reason}"
    return rf"\text{{{_escaped(said)}}}"


def _escaped(text: str) -> str:
    signs = {"\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "<": "$<$", ">": "$>$"}
    return "".join(signs.get(c, rf"\{c}" if c in "_&%#${}" else c) for c in text)


def _shown(word: str, side: str, example: Mapping[str, Any]) -> list[str]:
    """A segment, as lines."""
    w = example["weight"]
    lines = [f"not {word}: at {1 - w:g} a + {w:g} b the value lies {side} the chord, where"]
    for name, value in example["a"].items():
        other = example["b"][name]
        same = bool((value == other).all())
        lines.append(f"  {name} = {_of_array(value)}" + ("" if same else f" in a, {_of_array(other)} in b"))
    return lines


def _of_array(value: Any) -> str:
    if value.ndim == 0:
        return f"{value.item():.4g}"
    rows = [", ".join(f"{entry:.4g}" for entry in row) for row in (value if value.ndim == 2 else value[None])]
    return f"[{'; '.join(rows)}]"


def _plain(example: Mapping[str, Any] | None) -> dict[str, object] | None:
    if example is None:
        return None
    sides = {side: {n: v.tolist() for n, v in example[side].items()} for side in ("a", "b")}
    return {**sides, "weight": example["weight"]}
