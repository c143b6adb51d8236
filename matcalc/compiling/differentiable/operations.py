"""Expressions as one operation on arrays, whose cotangents and tangents are operations again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property, reduce
from itertools import chain, count
from typing import Any

from matcalc.compiling.calling.function import CompiledFunction
from matcalc.compiling.compiler import compile_outputs
from matcalc.expr import Dim, Node, add, multiply, perturbation, substitute, trace, transpose
from matcalc.language import Declaration
from matcalc.objects.derivatives import differential, gradient
from matcalc.objects.expressions import Expr
from matcalc.records import dataclass

__all__ = ["Operation"]

#: Names of what is handed to a derivative beside the arguments; a number is added where one is taken.
COTANGENT, TANGENT = "cotangent", "tangent"


@dataclass(frozen=True)
class Operation:
    """Arrays from arrays: outputs of named inputs, in one library.

    Attributes:
        outputs: expressions, none of which asks for a derivative.
        inputs: the names of its inputs, in order; sizes that no input shows follow them.
        sizes: the names of those sizes.
        target: the library.
        batched: inputs with a first axis of independent inputs.
        summed: for each output whether it is the sum over that axis: the slope of what all of them share.
    """

    outputs: tuple[Expr, ...]
    inputs: tuple[str, ...]
    sizes: tuple[str, ...]
    target: str
    batched: frozenset[str]
    summed: tuple[bool, ...]

    @cached_property
    def function(self) -> CompiledFunction:
        """The code of all outputs, which share what they have in common."""
        batch = sorted(self.batched)
        return compile_outputs(self.outputs, target=self.target, single=False, batch=batch, checks=False)

    @cached_property
    def _keywords(self) -> tuple[str, ...]:
        signature = self.function._signature
        sizes = [signature.sizes.get(name, name) for name in self.sizes]
        return (*(signature.parameters[name].name for name in self.inputs), *sizes)

    @cached_property
    def _derived(self) -> dict[tuple[str, tuple[str, ...]], Operation]:
        return {}

    def run(self, values: Sequence[Any]) -> tuple[Any, ...]:
        """The outputs at inputs, and sizes behind them, in order."""
        found = self.function(**dict(zip(self._keywords, values, strict=True)))
        return tuple(v.sum(0) if shared else v for v, shared in zip(found, self.summed, strict=True))

    def pulled(self, names: tuple[str, ...]) -> Operation:
        """From its inputs and a cotangent of each output the cotangents of those inputs: gradients of sum <G_i, f_i>.

        By a structured input it is the gradient within its linear space.
        """
        if ("pulled", names) not in self._derived:
            self._derived["pulled", names] = self._cotangents(names)
        return self._derived["pulled", names]

    def pushed(self, names: tuple[str, ...]) -> Operation:
        """From its inputs and a tangent of each named one the tangents of the outputs: their total differentials."""
        if ("pushed", names) not in self._derived:
            self._derived["pushed", names] = self._tangents(names)
        return self._derived["pushed", names]

    def with_slopes(self, names: tuple[str, ...]) -> Operation:
        """Its one output, a number, and the gradients of that by inputs, in one pass."""
        (f,) = self.outputs
        slopes = [_plain(gradient(f, name)) for name in names]
        return self._like((f, *slopes), self.inputs, self.batched, (False,) * (1 + len(slopes)))

    @property
    def is_number(self) -> bool:
        """Whether it is one number for all of its inputs."""
        return len(self.outputs) == 1 and not self.outputs[0].shape and not self.batched

    def moves(self, name: str) -> bool:
        """Whether an input is continuous: an integer has no derivative."""
        return "integer" not in self._declarations[name].assumptions

    def _cotangents(self, names: tuple[str, ...]) -> Operation:
        taken = {*self._declarations}
        given = [_declared(COTANGENT, f.shape, taken) for f in self.outputs]
        whole = reduce(add, (_inner(g.node, f.node) for g, f in zip(given, self.outputs, strict=True)))
        total = self._joined(whole, given)
        slopes = tuple(_plain(gradient(total, name)) for name in names)
        own = {g.name for g, shared in zip(given, self.summed, strict=True) if self.batched and not shared}
        shared = tuple(bool(self.batched) and name not in self.batched for name in names)
        return self._like(slopes, (*self.inputs, *(g.name for g in given)), self.batched | own, shared)

    def _tangents(self, names: tuple[str, ...]) -> Operation:
        taken = {*self._declarations}
        given = {name: _beside(self._declarations[name], _free(TANGENT, taken)) for name in names}
        fixed = {perturbation(self._declarations[name].node): d.node for name, d in given.items()}
        moved = (differential(self._joined(f.node), *names) for f in self.outputs)
        outputs = tuple(
            replace(self._joined(substitute(df.computed, fixed), given.values()), axes=f.shape)
            for df, f in zip(moved, self.outputs, strict=True)
        )
        own = {d.name for name, d in given.items() if name in self.batched}
        return self._like(outputs, (*self.inputs, *(d.name for d in given.values())), self.batched | own, self.summed)

    @cached_property
    def _declarations(self) -> dict[str, Declaration]:
        return {name: d for f in self.outputs for name, d in f.declarations.items()}

    def _joined(self, node: Node, more: Iterable[Declaration] = ()) -> Expr:
        """An expression in the variables of all outputs and in more."""
        return Expr(node, {**self._declarations, **{d.name: d for d in more}})

    def _like(
        self, outputs: tuple[Expr, ...], inputs: tuple[str, ...], batched: frozenset[str], summed: tuple[bool, ...]
    ) -> Operation:
        return Operation(outputs, inputs, self.sizes, self.target, batched, summed)


def _plain(f: Expr) -> Expr:
    """What code computes, as an expression of its own that is differentiated further."""
    return replace(f, node=f.computed, derived=None, axes=f.shape)


def _inner(a: Node, b: Node) -> Node:
    return trace(multiply(transpose(a), b))


def _free(name: str, taken: set[str]) -> str:
    """A name that is none of those taken, and is taken now."""
    found = next(n for n in chain([name], (f"{name}_{k}" for k in count(1))) if n not in taken)
    taken.add(found)
    return found


def _declared(name: str, axes: tuple[Dim, ...], taken: set[str]) -> Declaration:
    """A variable whose array has these axes."""
    kind = ("scalar", "vector", "matrix", "array")[min(len(axes), 3)]
    return Declaration(_free(name, taken), kind, axes)


def _beside(declared: Declaration, name: str) -> Declaration:
    """A change of a variable: of its shape and linear structure."""
    linear = {"spd": "symmetric", "psd": "symmetric", "orthogonal": "invertible"}
    kind = linear.get(declared.kind, declared.kind)
    kept = tuple(a for a in declared.assumptions if a not in ("positive", "integer"))
    if kind != "invertible":
        return replace(declared, name=name, kind=kind, assumptions=kept, member=())
    return Declaration(name, "matrix", declared.shape)
