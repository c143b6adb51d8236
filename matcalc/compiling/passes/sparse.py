"""Sparse matrices of SciPy as arguments: code that needs nothing but products with them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from matcalc.compiling.passes.rebuilding import rebuilt
from matcalc.compiling.planning.program import Program, Value, needed
from matcalc.errors import UnsupportedError

__all__ = ["is_sparse_matrix", "with_sparse_products"]


def is_sparse_matrix(value: object) -> bool:
    """Whether an argument is a sparse matrix or array of SciPy, which is not imported for the question."""
    return hasattr(value, "tocsr")


def with_sparse_products(outputs: Sequence[Value], names: Collection[str]) -> list[Value]:
    """The outputs, of a program of their own, where the arguments of these names are sparse.

    Raises UnsupportedError where more is needed of one than its products with vectors and dense matrices.
    """
    sparse = _sparse_values(outputs, names)

    def rule(v: Value, args: list[Value], new: Mapping[Value, Value]) -> Value | None:
        is_product = v.op == "matmul" and any(a in sparse for a in v.args)
        return program.emit("sparse_product", args, (), v.axes) if is_product else None

    program = Program()
    return rebuilt(program, outputs, rule)


def _sparse_values(outputs: Sequence[Value], names: Collection[str]) -> dict[Value, str]:
    """The arguments and their transposes, with their names; an error where they are anywhere but in products."""
    found: dict[Value, str] = {}
    for v in needed(outputs):
        inside = [found[a] for a in v.args if a in found]
        if v.op == "input" and v.data[0] in names:
            found[v] = str(v.data[0])
            inside = [found[v]] if v.rank != 2 else []
        elif v.op == "permute" and inside:
            found[v] = inside.pop()
        elif v.op == "matmul" and len(inside) == 1:
            inside = []
        if v in found and v in outputs:
            inside = [found[v]]
        if inside:
            raise _needs_entries(inside[0], v)
    return found


def _needs_entries(name: str, v: Value) -> UnsupportedError:
    what = "it is no matrix here" if v.op == "input" else f"the code needs its entries ({v.op})"
    return UnsupportedError(
        f"{name} is sparse, and {what}; products of it with vectors and dense matrices are what a sparse one is for",
        hint=f"pass {name}.toarray(), or for second derivatives ask for products only (hessp)",
    )
