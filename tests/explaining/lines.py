"""The value of each line of a derivation, as it is held and as it is printed: d(u) is a difference quotient of u."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np

import matcalc as mc
from matcalc.checking import Subject
from matcalc.checking.oracles.differences import richardson
from matcalc.checking.sampling import direction
from matcalc.checking.subject import sample
from matcalc.checking.values.evaluate import Array, evaluate
from matcalc.explaining import Step
from matcalc.explaining.held import Held, marker, node_of, pendings, shape_of
from matcalc.expr import Node, perturbation
from matcalc.language import parse
from matcalc.objects.variables import variable_named

__all__ = ["check_lines"]

#: What the printer writes and the language does not read.
UNREADABLE = re.compile(r"kron_contract|frechet_|min\(m,n\)")


class Lines:
    """Values of printed lines at one point: d(u) is the directional difference of u."""

    def __init__(self, f: mc.Expr, wrt: Sequence[str]) -> None:
        self.f = f
        rng = np.random.default_rng(7)
        self.point = next(p for p, _, _ in sample(Subject(f.node, f.declarations, f.tree), rng, 1))
        numbered = len(wrt) > 1
        variables = [variable_named(f, name) for name in wrt]
        self.steps = [perturbation(v, i + 1 if numbered else 0) for i, v in enumerate(variables)]
        shapes = [self.point.values[v.data[0]].shape for v in variables]
        pairs = zip(self.steps, variables, shapes, strict=True)
        self.e = {d: direction(v, shape, rng) for d, v, shape in pairs}
        self.names: dict[str, Node] = {
            f"d{name}_{i + 1}" if numbered else f"d{name}": d
            for i, (name, d) in enumerate(zip(wrt, self.steps, strict=True))
        }

    def value(self, line: str, shape: object, moving: Node, values: Mapping[str, Array] | None = None) -> Array:
        """The value of a line in which d moves the variable in the given direction."""
        values = values if values is not None else self.point.values
        names, extra = dict(self.names), {}
        while (found := re.search(r"(?<![A-Za-z0-9_])d\(", line)) is not None:
            end = _closing(line, found.end() - 1)
            inner = line[found.end() : end]
            name = f"dd_{len(extra) + 1}"
            node = parse(inner, self.f.declarations, names=self.names).node
            mark = perturbation(mc.expr.variable(name, node.shape))
            names[name] = mark
            extra[mark] = self.difference(inner, moving, values)
            line = line[: found.start()] + name + line[end + 1 :]
        node = parse(line, self.f.declarations, names=names, shape=shape).node  # type: ignore[arg-type]
        return evaluate(node, values, self.point.sizes, {**self.e, **extra})

    def printed(self, step: Step, moving: Node) -> Array | None:
        """The value of a line as it is printed, where that can be read back on its own."""
        if UNREADABLE.search(step.expression):
            return None
        try:
            return self.value(step.expression, shape_of(step.held), moving)
        except mc.MatcalcError as error:
            if error.code == "undetermined":
                return None
            raise

    def value_of(self, held: Held, moving: Node) -> Array:
        """The value of a line as it is held."""
        extra = {marker(p.of): self.difference_of(p.of, moving, self.point.values) for p in pendings(held)}
        return evaluate(node_of(held), self.point.values, self.point.sizes, {**self.e, **extra})

    def difference(self, inner: str, moving: Node, values: Mapping[str, Array]) -> Array:
        return self.difference_of(parse(inner, self.f.declarations, names=self.names).node, moving, values)

    def difference_of(self, node: Node, moving: Node, values: Mapping[str, Array]) -> Array:
        name = moving.data[0]

        def at(t: float) -> Array:
            return evaluate(node, {**values, name: values[name] + t * self.e[moving]}, self.point.sizes, self.e)

        return richardson(at, 0.02)[0]


def _closing(text: str, start: int) -> int:
    depth = 0
    for i in range(start, len(text)):
        depth += (text[i] == "(") - (text[i] == ")")
        if depth == 0:
            return i
    raise AssertionError(text)


def check_lines(f: mc.Expr, wrt: str | Sequence[str], order: int, detail: str) -> None:
    """Assert that each line of the derivation equals the one before."""
    names = (wrt,) * order if isinstance(wrt, str) else tuple(wrt)
    found = mc.explain(f, names, detail=detail)
    lines = Lines(f, names)
    last: dict[str, Array] = {}
    differentiated: dict[str, int] = {}
    for step in found.steps:
        if any(pendings(step.held)):
            differentiated.setdefault(step.quantity, len(differentiated))
        moving = lines.steps[differentiated.get(step.quantity, 0)]
        value = lines.value_of(step.held, moving)
        printed = lines.printed(step, moving)
        if printed is not None:
            np.testing.assert_allclose(printed, value, rtol=1e-6, atol=1e-7, err_msg=f"as printed: {step}")
        known = last.setdefault(step.quantity, value)
        if step.rule.startswith("projection"):
            known = last[step.quantity] = value
        np.testing.assert_allclose(value, known, rtol=1e-6, atol=1e-7, err_msg=f"{step} in\n{found}")
