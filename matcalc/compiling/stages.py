"""The stages of a plan, by name and in order: each takes the values of a program and gives those that stand in their place.

`matcalc code … --stage NAME` prints the program after one of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from matcalc.compiling.emitting.target import Target
from matcalc.compiling.passes.masks import hollow, with_choices
from matcalc.compiling.passes.placing import placed
from matcalc.compiling.passes.products.cumulative import cumulated
from matcalc.compiling.passes.products.dots import with_shared_dots
from matcalc.compiling.passes.products.entries import with_shared_entries
from matcalc.compiling.passes.products.factors import factored
from matcalc.compiling.passes.products.gram import with_roots
from matcalc.compiling.passes.products.ordered import ordered_at_the_call
from matcalc.compiling.passes.products.outer import gathered
from matcalc.compiling.passes.products.powers import by_each_other
from matcalc.compiling.passes.products.small import by_cofactors, by_eigenvectors
from matcalc.compiling.passes.reductions import reduced
from matcalc.compiling.passes.squares import opened_squares
from matcalc.compiling.passes.sums import with_shared_sums
from matcalc.compiling.passes.transposes import shared
from matcalc.compiling.planning.program import Program, Value, needed
from matcalc.compiling.planning.rewriting import MOST_VECTORS, fused, given_determinants, solved
from matcalc.compiling.planning.safe_arguments import with_safe_arguments
from matcalc.records import dataclass

__all__ = ["STAGES", "Stage", "after", "listed"]


#: Where a factorisation is shared, a solution costs no more than a product with the inverse.
MOST_BY_FACTORS = 100


@dataclass(frozen=True)
class Stage:
    """A pass over a plan.

    Attributes:
        name: as a reader asks for it.
        summary: what it does.
        run: the values in place of the given ones, as this language computes them.
    """

    name: str
    summary: str
    run: Callable[[Program, Sequence[Value], Target], Sequence[Value]]


def _with_determinants(program: Program, values: Sequence[Value], language: Target) -> Sequence[Value]:
    given = language.given_determinants
    return given_determinants(program, values, given) if given else values


def _fused(program: Program, values: Sequence[Value], language: Target) -> Sequence[Value]:
    return fused(program, values) if language.fuses else values


def _weighted(program: Program, values: Sequence[Value], language: Target) -> Sequence[Value]:
    return with_roots(program, values)


def _cumulated(program: Program, values: Sequence[Value], language: Target) -> Sequence[Value]:
    return cumulated(program, values, "cumulative" in language.rows, "log_cumulative" in language.rows)


def _solved(program: Program, values: Sequence[Value], language: Target) -> Sequence[Value]:
    return solved(program, values, MOST_BY_FACTORS if "factored" in language.rows else MOST_VECTORS)


def _factored(program: Program, values: Sequence[Value], language: Target) -> Sequence[Value]:
    return factored(program, values) if "factored" in language.rows else values


def _small(program: Program, values: Sequence[Value], language: Target) -> Sequence[Value]:
    return by_cofactors(program, values) if "cofactors" in language.rows else values


def _ordered(program: Program, values: Sequence[Value], language: Target) -> Sequence[Value]:
    wanted = "chain" in language.rows and not program.sizes_are_known
    return ordered_at_the_call(program, values) if wanted else values


def _hollow(program: Program, values: Sequence[Value], language: Target) -> Sequence[Value]:
    return hollow(program, values) if "hollow" in language.rows else values


def _placed(program: Program, values: Sequence[Value], language: Target) -> Sequence[Value]:
    return placed(program, values) if "placed" in language.rows else values


STAGES = (
    Stage("plan", "each value once, products in the cheapest order", lambda program, values, language: values),
    Stage("cumulate", "products with triangles of ones as cumulative sums", _cumulated),
    Stage(
        "powers", "powers of one matrix by each other", lambda program, values, language: by_each_other(program, values)
    ),
    Stage(
        "spectra",
        "functions of matrices by eigenvectors that are there",
        lambda program, values, language: by_eigenvectors(program, values),
    ),
    Stage("weigh", "roots of weights on both sides of a symmetric product", _weighted),
    Stage("choose", "i != j as a choice", lambda program, values, language: with_choices(program, values)),
    Stage(
        "mask",
        "arguments of the domain where a relation is 0",
        lambda program, values, language: with_safe_arguments(program, values),
    ),
    Stage("solve", "solutions in place of inverses", _solved),
    Stage("factor", "one factorisation for all that is computed of a matrix", _factored),
    Stage("small", "stacks of small matrices by cofactors", _small),
    Stage("determinants", "det(X) handed to what asks for it", _with_determinants),
    Stage(
        "open", "squares of differences by products", lambda program, values, language: opened_squares(program, values)
    ),
    Stage("share", "transposed and negated values once", lambda program, values, language: shared(program, values)),
    Stage(
        "reduce", "sums by what is there, and dot products", lambda program, values, language: reduced(program, values)
    ),
    Stage(
        "pair",
        "dot products by products that are there",
        lambda program, values, language: with_shared_dots(program, values),
    ),
    Stage(
        "gather",
        "outer products as one product of matrices",
        lambda program, values, language: gathered(program, values),
    ),
    Stage(
        "entries",
        "entrywise products by those that are there",
        lambda program, values, language: with_shared_entries(program, values),
    ),
    Stage(
        "sums",
        "sums by those that are part of them",
        lambda program, values, language: with_shared_sums(program, values),
    ),
    Stage("order", "chains of matrices whose order is chosen at the call", _ordered),
    Stage("place", "parts added between zeros", _placed),
    Stage("hollow", "numbers written into diagonals", _hollow),
    Stage("fuse", "numbers moved into loops over entries", _fused),
)


def after(program: Program, values: Sequence[Value], language: Target, last: str = STAGES[-1].name) -> list[Value]:
    """The values after all stages up to the one of this name."""
    for stage in STAGES:
        values = stage.run(program, values, language)
        if stage.name == last:
            break
    return list(values)


def listed(outputs: Sequence[Value]) -> str:
    """The program as text: a line for each value, with its operands by number and its axes, then what is returned."""
    values = needed(outputs)
    number = {v: k for k, v in enumerate(values, start=1)}
    rows = [(f"%{k} = {_instruction(v, number)}", f"({', '.join(map(str, v.axes))})") for v, k in number.items()]
    width = max(len(left) for left, _ in rows)
    lines = [f"{left.ljust(width)}  {axes}" for left, axes in rows]
    return "\n".join([*lines, f"return {', '.join(f'%{number[v]}' for v in outputs)}"])


def _instruction(value: Value, number: dict[Value, int]) -> str:
    parts = [*(f"%{number[a]}" for a in value.args), *(_shown(part) for part in value.data)]
    return f"{value.op}({', '.join(parts)})"


def _shown(part: Any) -> str:
    if isinstance(part, tuple):
        return f"({', '.join(map(_shown, part))})"
    return str(part) if isinstance(part, (str, int, Fraction)) else f"{part}"
