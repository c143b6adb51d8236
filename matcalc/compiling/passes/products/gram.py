"""Products X^T diag(w) X with w >= 0 as Y^T Y for Y = diag(w^(1/2)) X: half of the operations, by a kernel for symmetric products."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction

from matcalc.compiling.passes.rebuilding import rebuilt
from matcalc.compiling.passes.signs import is_nonnegative
from matcalc.compiling.planning.program import Program, Value, needed

__all__ = ["with_roots"]


def with_roots(program: Program, outputs: Sequence[Value]) -> list[Value]:
    """The outputs, with roots of weights on both sides of a product of a matrix and its weighted transpose.

    Where the weighted matrix is needed for something else, too, it stays.
    """
    values = needed(outputs)
    uses = Counter(a for v in values for a in v.args) + Counter(outputs)

    def rule(v: Value, args: list[Value], new: Mapping[Value, Value]) -> Value | None:
        sides = [a.args[0] if a.op == "permute" else a for a in v.args]
        alone = all(uses[a] == 1 for a in sides if a.op == "times")
        return _weighted(program, v, args) if v.op == "matmul" and v.rank == 2 and alone else None

    return rebuilt(program, outputs, rule)


def _weighted(program: Program, v: Value, args: Sequence[Value]) -> Value | None:
    """The product of X^T and diag(w) X, or of X and diag(w) X^T, in either order."""
    turned = [a.op == "permute" for a in args]
    if turned[0] == turned[1]:
        return None
    first, second = (a.args[0] if t else a for a, t in zip(args, turned, strict=True))
    summed = 0 if turned[0] else 1
    for plain, scaled in ((first, second), (second, first)):
        weights = _beside(scaled, plain)
        if weights and all(_is_along(w, summed) and is_nonnegative(program, w) for w in weights):
            root = program.power(program.times(*weights), program.number(Fraction(1, 2)))
            y = program.times(root, plain)
            sides = (program.permute(y, (1, 0)), y) if turned[0] else (y, program.permute(y, (1, 0)))
            product = program.matmul(*sides)
            program.symmetric.add(product.number)
            return product
    return None


def _beside(scaled: Value, plain: Value) -> list[Value]:
    """The other factors of an entrywise product with a matrix."""
    if scaled.op != "times" or scaled.args.count(plain) != 1:
        return []
    return [a for a in scaled.args if a is not plain]


def _is_along(w: Value, axis: int) -> bool:
    """Whether weights differ along one axis of a matrix only."""
    if axis == 0:
        return w.rank == 2 and w.axes[1].is_one
    return w.rank == 1
