"""Chains of matrices whose best order depends on sizes that are known at the call only: the order is chosen there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import product

from matcalc.compiling.cheaper.chains import cost_of_chain
from matcalc.compiling.planning.program import Program, Value, needed
from matcalc.expr import Dim

__all__ = ["chain_flops", "ordered_at_the_call"]

#: What names of sizes are tried as; ranks and numbers of components are the smaller ones.
TRIED, TRIED_AS_RANKS = (10, 1000), (2, 10)
#: Of more names not every combination is tried.
MOST_NAMES = 6
#: So many times dearer than the best order is worth a look at the sizes.
WORTH = 2.0
#: Longer chains keep their order.
LONGEST = 6


#: A matrix by its value, and whether transposed.
Link = tuple[Value, bool]


def ordered_at_the_call(program: Program, outputs: Sequence[Value]) -> list[Value]:
    """The outputs with products of three and more matrices as chains, where no one order is good at all sizes."""
    values = needed(outputs)
    uses = Counter(a for v in values for a in v.args) + Counter(outputs)
    inside = {x for v in values if _is_product(v) for a in v.args if (x := _below(a, uses)) is not None}
    chosen = {}
    for v in values:
        if _is_product(v) and v not in inside:
            links = _links(v, uses, v)
            if 2 < len(links) <= LONGEST and _depends_on_sizes(v, links, uses):
                chosen[v] = links
    new: dict[Value, Value] = {}
    for v in values:
        if v in chosen:
            factors = [program.permute(new[x], (1, 0)) if turned else new[x] for x, turned in chosen[v]]
            new[v] = program.emit("chain", factors, (), v.axes)
        else:
            new[v] = program.emit(v.op, [new[a] for a in v.args], v.data, v.axes)
    return [new[v] for v in outputs]


def _is_product(v: Value) -> bool:
    return v.op == "matmul" and v.rank == 2 and all(a.rank == 2 for a in v.args)


def _below(v: Value, uses: Counter[Value]) -> Value | None:
    """The product that a factor is, or is the transpose of, where nothing else needs it."""
    product_ = v.args[0] if v.op == "permute" else v
    return product_ if _is_product(product_) and uses[v] == uses[product_] == 1 else None


def _links(v: Value, uses: Counter[Value], root: Value) -> list[Link]:
    """The factors, those of products that nothing else needs in their place."""
    found = v if v is root else _below(v, uses)
    if found is None:
        return [(v, False)]
    links = [link for a in found.args for link in _links(a, uses, root)]
    return [(x, not turned) for x, turned in reversed(links)] if v.op == "permute" else links


def _depends_on_sizes(v: Value, links: Sequence[Link], uses: Counter[Value]) -> bool:
    """Whether the order as it stands is much dearer than the best one at some sizes."""
    pairs = [x.axes[::-1] if turned else x.axes for x, turned in links]
    dims = [pairs[0][0], *(cols for _, cols in pairs)]
    names = sorted({n for d in dims for n in d.names})
    if len(names) > MOST_NAMES:
        return True
    for numbers in product(*(TRIED_AS_RANKS if n[0] in "kKr" else TRIED for n in names)):
        sizes = dict(zip(names, numbers, strict=True))
        if _as_it_stands(v, uses, sizes, v) > WORTH * _least(dims, sizes):
            return True
    return False


def _as_it_stands(v: Value, uses: Counter[Value], sizes: Mapping[str, int], root: Value) -> float:
    found = v if v is root else _below(v, uses)
    if found is None:
        return 0.0
    a, b = found.args
    own = 2.0 * _size(a.axes[0], sizes) * _size(a.axes[1], sizes) * _size(b.axes[1], sizes)
    return own + sum(_as_it_stands(x, uses, sizes, root) for x in found.args)


def chain_flops(v: Value, sizes: Mapping[str, int]) -> float:
    """Operations of a chain in its best order."""
    return _least([v.args[0].axes[0], *(x.axes[1] for x in v.args)], sizes)


def _least(dims: Sequence[Dim], sizes: Mapping[str, int]) -> float:
    return cost_of_chain([_size(d, sizes) for d in dims])


def _size(dim: Dim, sizes: Mapping[str, int]) -> int:
    return max(dim.evaluate(sizes), 1)
