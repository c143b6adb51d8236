"""What a line of a certificate says, tried on segments: the text of the line is read again and evaluated as it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

import matcalc as mc
from matcalc.checking import Subject
from matcalc.checking.sampling import points
from matcalc.checking.values.evaluate import Array
from matcalc.convexity import Line
from matcalc.language import Declaration

__all__ = ["Segments", "holds"]

TOLERANCE = 1e-7
WEIGHTS = (0.5, 0.2)
#: Larger values are those of nearly singular matrices.
LARGEST = 1e6
#: A strictly convex value is off the chord by more than rounding, at points whose difference squared is larger than this.
STRICT, FAR = 1e-6, 1e-2


class Segments:
    """Values along segments in the variables, all other names the same at both ends."""

    def __init__(self, f: mc.Expr, wrt: Sequence[str], conditions: Sequence[str] = (), seed: int = 0) -> None:
        self.f, self.wrt = f, wrt
        self.subject = Subject(f.node, f.declarations, f.tree)
        self.conditions = conditions
        self.seed = seed
        self.read: dict[str, Subject] = {}

    def ends(self, count: int) -> Iterator[tuple[Mapping[str, Array], Mapping[str, Array], Mapping[str, int]]]:
        """Both ends of segments on which the conditions hold, with the sizes."""
        rng = np.random.default_rng(self.seed)
        for turn in range(2 * count):
            candidates = points(self.f.declarations, self.subject.dims, rng, self.subject.least_sizes, ())
            scale = 0.15 if turn % 2 else 1.0
            here = self._adjusted({n: self._scaled(n, v, scale) for n, v in next(candidates).values.items()})
            others = {n: self._other(self.f.declarations[n], here[n], scale, rng) for n in self.wrt}
            sizes = self._sizes(here)
            if all(self._met(v, sizes) and self._has_value(v, sizes) for v in (here, here | others)):
                yield here, here | others, sizes

    def _has_value(self, values: Mapping[str, Array], sizes: Mapping[str, int]) -> bool:
        """Whether the function is defined there."""
        with np.errstate(all="ignore"):
            try:
                found = self.subject.value(values, sizes)
            except (np.linalg.LinAlgError, ValueError, ArithmeticError):
                return False
        return np.isrealobj(found) and bool(np.isfinite(found).all())

    def reads(self, text: str) -> bool:
        """Whether a text speaks of whole arrays: x_j below a sum has no value by itself."""
        values, _, sizes = next(self.ends(80))
        try:
            self.value(text, values, sizes)
        except KeyError:
            return False
        return all(n[1:] in values or n in ("t", "r") for n in self.read[text].declarations.keys() - values.keys())

    def _sizes(self, values: Mapping[str, Array]) -> dict[str, int]:
        """The numbers of the named sizes."""
        pairs = [p for n, d in self.f.declarations.items() for p in zip(d.shape, values[n].shape, strict=True)]
        return {dim.names[0]: size for dim, size in pairs if len(dim.names) == 1}

    def _scaled(self, name: str, value: Array, scale: float) -> Array:
        d = self.f.declarations[name]
        return value * scale if d.kind in ("scalar", "vector", "matrix") and not d.assumptions else value

    def _other(self, declaration: Declaration, value: Array, scale: float, rng: np.random.Generator) -> Array:
        """A value of the same kind, near or far."""
        size = scale * 10.0 ** rng.uniform(-1.5, 0.7)
        if declaration.kind in ("spd", "psd"):
            root = rng.standard_normal(value.shape)
            return rng.uniform(0.1, 1) * value + size * root @ root.T
        if "positive" in declaration.assumptions:
            return value * np.exp(size * rng.standard_normal(value.shape))
        step = rng.standard_normal(value.shape) * size
        if declaration.kind == "symmetric":
            step = step + step.T
        if declaration.kind == "diagonal":
            step = np.diag(np.diag(step))
        return value + step

    def _adjusted(self, values: dict[str, Array]) -> dict[str, Array]:
        """The parameters of which a condition says that they are semidefinite, or not negative, made so."""
        for condition in self.conditions:
            name = re.match(r"(?:no entry of (?:diag\()?)?(\w+)", condition).group(1)  # type: ignore[union-attr]
            if " psd" in condition:
                values[name] = values[name] @ values[name].T
            elif " negative" in condition:
                values[name] = np.abs(values[name])
            elif ">= 1" in condition:
                values[name] = 1 + np.abs(values[name])
        return values

    def _met(self, values: Mapping[str, Array], sizes: Mapping[str, int]) -> bool:
        relations = [c.split(" > ")[0] for c in self.conditions if " > 0" in c]
        below = [c.split(" < ")[0] for c in self.conditions if " < 0" in c]
        return all((self.value(text, values, sizes) > 0).all() for text in relations) and all(
            (self.value(text, values, sizes) < 0).all() for text in below
        )

    def value(self, text: str, values: Mapping[str, Array], sizes: Mapping[str, int]) -> Array:
        """A text in the names of the function, by the evaluator of what is typed."""
        if text not in self.read:
            known = {n: d.type_text for n, d in self.f.declarations.items()}
            kinds = {f"d{n}": known[n].replace("spd", "symmetric").replace("psd", "symmetric") for n in self.wrt}
            kinds = {
                n: k.replace("positive, ", "").replace(", positive", "").replace("(positive)", "")
                for n, k in kinds.items()
            }
            e = mc.parse(text, {"t": "scalar", **kinds, **known})
            self.read[text] = Subject(e.node, e.declarations, e.tree)
        with np.errstate(all="ignore"):
            try:
                return self.read[text].value({**self.others(text, values), **values}, sizes)
            except np.linalg.LinAlgError:
                return np.full((1, 1), np.nan)

    def others(self, text: str, values: Mapping[str, Array]) -> dict[str, Array]:
        """Values of the names that a certificate adds: directions dx, and the number t."""
        added = self.read[text].declarations.keys() - values.keys()
        shapes = {n: values[n[1:]].shape if n[:1] == "d" and n[1:] in values else (1, 1) for n in added}
        found = {n: np.random.default_rng(len(n)).standard_normal(shape) for n, shape in shapes.items()}
        flat = {n: self.f.declarations[n[1:]].kind in ("symmetric", "spd", "psd") for n in found if n[1:] in values}
        return {n: x + x.T if flat.get(n) else x for n, x in found.items()}


def holds(line: Line, on: Segments, count: int = 4, least: int = 1) -> bool:
    """Whether the claim of a line is true on segments; there have to be some, at least ``least``."""
    tried = 0
    for here, there, sizes in on.ends(count):
        a, b = (on.value(line.expression, v, sizes) for v in (here, there))
        for weight in WEIGHTS:
            middle = {n: (1 - weight) * here[n] + weight * there[n] for n in here}
            value = on.value(line.expression, middle, sizes)
            if not all(np.isrealobj(v) and (abs(v) < LARGEST).all() for v in (a, b, value)):
                continue
            tried += 1
            claim, bend = _plain(line.claim, here, there, on, sizes)
            if not _is_true(claim, value, a, b, weight, weight * (1 - weight) * bend):
                return False
    return tried >= least


def _plain(
    claim: str, here: Mapping[str, Array], there: Mapping[str, Array], on: Segments, sizes: Mapping[str, int]
) -> tuple[str, float]:
    """The claim without "strictly" and "strongly", and how far off the chord a value has to be beside w (1 - w)."""
    far = sum(float(((here[n] - there[n]) ** 2).sum()) for n in on.wrt)
    strong = re.fullmatch(r"is strongly (convex|concave) with constant (.+)", claim)
    if strong is not None:
        return f"is {strong[1]}", on.value(strong[2], here, sizes).item() / 2 * far
    strict = re.fullmatch(r"is strictly (convex|concave)", claim)
    return (f"is {strict[1]}", STRICT if far > FAR else 0.0) if strict is not None else (claim, 0.0)


def _is_true(claim: str, value: Array, a: Array, b: Array, weight: float, off: float = 0.0) -> bool:
    if claim in (">= 0", "<= 0"):
        return bool(value.min() >= -TOLERANCE if claim == ">= 0" else value.max() <= TOLERANCE)
    power = re.fullmatch(r"is [hm]\^\(?(.+?)\)? of a (convex|concave) [hm] (>=?) 0", claim)
    if power is not None and re.fullmatch(r"-?\d+(/\d+)?", power[1]) is None:
        return True
    if power is not None:
        e, least = float(1 / Fraction(power[1])), min(x.min() for x in (a, b))
        is_inside = least >= 0 if power[3] == ">=" else least > 0
        return bool(is_inside) and _is_true(f"is {power[2]}", value**e, a**e, b**e, weight)
    if claim.startswith("is quasi-"):
        sides = (np.maximum(a, b) - value, value - np.minimum(a, b))
        return bool((sides[claim == "is quasi-concave"] >= -TOLERANCE * (1 + abs(value).max())).all())
    if claim.startswith("is log-"):
        logs = [np.log(x) for x in (value, a, b)]
        return _is_true(f"is {claim[7:]}", *logs, weight)
    gap = (1 - weight) * a + weight * b - value
    scale = TOLERANCE * (1 + max(abs(x).max() for x in (a, b, value)))
    if "order" in claim:
        gap = np.linalg.eigvalsh((gap + gap.T) / 2)
    words: dict[str, Any] = {"is affine": abs(gap).max() <= scale}
    if off == STRICT * weight * (1 - weight):
        off, scale = STRICT * scale, 0.0
    words["is convex"] = gap.min() >= off - scale
    words["is concave"] = gap.max() <= scale - off
    return bool(words[claim.removesuffix(" in the order of symmetric matrices")])
