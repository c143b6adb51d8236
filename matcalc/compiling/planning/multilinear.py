"""Multilinear operators and structured constants as terms: products of arrays with indices."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING

from matcalc.compiling.planning.contracting.terms import STACK, Indices, Term
from matcalc.compiling.planning.open_functions import open_terms
from matcalc.compiling.planning.open_nodes import canonical, multilinear_factors
from matcalc.compiling.planning.products import products_without
from matcalc.compiling.planning.program import BATCH, Value
from matcalc.compiling.planning.stable_functions import CALLED
from matcalc.compiling.planning.values import product, refuse_batch
from matcalc.expr import ONE, Dim, Index, Node, factors, in_order, number
from matcalc.expr.passes import Pass
from matcalc.expr.supports import selecting_pattern

__all__ = ["MOST_TERMS_MULTIPLIED", "TERMS", "Terms", "multiplied"]

if TYPE_CHECKING:
    from matcalc.compiling.planning.plan import Planner

Terms = list[Term]
Pairs = Sequence[tuple[Node, Node]]

#: A sum of more terms than this is computed before it enters a product.
MOST_TERMS_MULTIPLIED = 6


def _add_terms(p: Planner, node: Node, operands: list[Terms]) -> Terms:
    if not node.linear and canonical(node)[0] in p.opened.nodes:
        return _spread_terms(p, node, operands)
    terms = [t.scaled(c) for terms, c in zip(operands, node.data, strict=True) for t in terms]
    return p.assembler.merged(terms) if p.open and node.linear & p.open else terms


def _spread_terms(p: Planner, node: Node, operands: list[Terms]) -> Terms:
    """A sum over whose indices no term runs: what has the same indices is one term."""
    groups: dict[frozenset[Index], Terms] = {}
    for arg, c, terms in zip(node.args, node.data, operands, strict=True):
        groups.setdefault(arg.free, []).extend(t.scaled(c) for t in terms)
    signs = [Fraction(-1 if terms[0].coefficient < 0 else 1) for terms in groups.values()]
    parts = [[t.scaled(sign) for t in terms] for sign, terms in zip(signs, groups.values(), strict=True)]
    shared = frozenset.intersection(*groups)
    if canonical(node)[0] in p.opened.shifted and len(parts) == 2 and signs[0] != signs[1] and not shared:
        parts = _less_first(p, parts)
    done = [terms if len(terms) == 1 else [p.assembler.summed(terms)] for terms in parts]
    return [t.scaled(sign) for sign, terms in zip(signs, done, strict=True) for t in terms]


def _less_first(p: Planner, parts: list[Terms]) -> list[Terms]:
    """u_i and v_j without u_1, of which only differences are used."""
    arrays = [_led(p, p.assembler.summed(terms)) for terms in parts]
    if not all(p.algebra.lead([t]) for t in arrays) or any(t.factors[0].value.batched for t in arrays):
        return parts
    first = arrays[0].factors[0].value
    for _ in p.algebra.lead([arrays[0]]):
        first = p.program.take(first, 0, 1)
    return [[_less(p, t, first)] for t in arrays]


def _led(p: Planner, term: Term) -> Term:
    """An array whose first axes are those of the indices it depends on, and then rows and columns."""
    (factor,) = term.factors
    wanted = [*p.algebra.lead([term]), *term.rows, *term.cols]
    order = sorted(range(len(factor.indices)), key=lambda k: wanted.index(factor.indices[k]))
    led = replace(factor, value=p.program.permute(factor.value, order), indices=tuple(factor.indices[k] for k in order))
    return replace(term, factors=(led,))


def _less(p: Planner, term: Term, first: Value) -> Term:
    (factor,) = term.factors
    value = p.program.combine([(factor.value, term.coefficient), (first, Fraction(-1))])
    return replace(term, coefficient=Fraction(1), factors=(replace(factor, value=value),))


def multiplied(p: Planner, operands: Sequence[Terms], multiply: Callable[[Term, Term], Term]) -> Terms:
    """The product of sums, distributed while there are few terms."""
    total = operands[0]
    for terms in operands[1:]:
        if len(total) * len(terms) > MOST_TERMS_MULTIPLIED:
            total, terms = ([p.assembler.summed(side)] if len(side) > 1 else side for side in (total, terms))
        total = [multiply(p.algebra.fresh(a), p.algebra.fresh(b)) for a in total for b in terms]
        total = p.algebra.collected(total)
    return total


def _scaled(p: Planner) -> Callable[[Term, Term], Term]:
    return lambda s, m: replace(p.algebra.joined(s, m), rows=m.rows)


def _kron_pair(p: Planner) -> Callable[[Term, Term], Term]:
    return lambda a, b: replace(p.algebra.joined(a, b), rows=(*a.rows, *b.rows), cols=(*a.cols, *b.cols))


def _power_terms(p: Planner, node: Node, operands: list[Terms]) -> Terms:
    """V ⊙ L: what does not move is one array"""
    if not node.linear & p.open:
        return _still_product(p, node, operands)
    pairs = list(zip(node.args[::2], node.args[1::2], strict=True))
    moving = [terms for (b, _), terms in zip(pairs, operands[::2], strict=True) if b.linear & p.open]
    fixed = [(b, e) for b, e in pairs if not b.linear & p.open]
    if fixed:
        moving.insert(0, [_array_of_product(p, fixed, pairs, node)])
    return multiplied(p, moving, p.algebra.hadamard)


def _still_product(p: Planner, node: Node, operands: list[Terms]) -> Terms:
    """A product with an array for each of the sets of indices that its functions depend on."""
    pairs = list(factors(node))
    products = multilinear_factors(node)
    read = [pair for pair in pairs if pair[0] not in products]
    groups: dict[frozenset[Index], list[tuple[Node, Node]]] = {}
    for base, exponent in read:
        groups.setdefault(base.free | exponent.free, []).append((base, exponent))
    split = [read] if read and selecting_pattern(pairs) is not None else list(groups.values())
    arrays: list[Terms] = [[_array_of_product(p, group, pairs, node)] for group in split]
    return multiplied(p, [*arrays, *operands], p.algebra.hadamard)


def _array_of_product(p: Planner, fixed: Pairs, pairs: Pairs, node: Node) -> Term:
    """Some factors of a product as one array."""
    pattern = selecting_pattern(pairs)
    held = frozenset[Index]().union(*(part.free for pair in fixed for part in pair), pattern.free if pattern else ())
    free = tuple(i for i in p.layouts.placed(node)[1] if i in held)
    with p.framed(free):
        value = p.whole(product(p, fixed, pairs), p.axes(node))
    return p.algebra.atom(value, *node.shape, p.slots(free))


def _total_terms(p: Planner, node: Node, operands: list[Terms]) -> Terms:
    terms = operands[0]
    for index in node.data:
        terms = [p.algebra.summed(t, index) for t in terms]
    return p.assembler.merged(p.algebra.collected(terms)) if len(terms) > 1 else terms


def _at_terms(p: Planner, node: Node, operands: list[Terms]) -> Terms:
    return [Term(Fraction(1), (), p.slots(node.data))]


def _identity_terms(p: Planner, node: Node, operands: list[Terms]) -> Terms:
    i = p.algebra.axis(node.rows)
    return [Term(Fraction(1), (), i, i)]


def _ones_terms(p: Planner, node: Node, operands: list[Terms]) -> Terms:
    return [Term(Fraction(1), (), p.algebra.axis(node.rows), p.algebra.axis(node.cols))]


def _commutation_terms(p: Planner, node: Node, operands: list[Terms]) -> Terms:
    """K(m, n) vec(A) = vec(A^T) for A m x n"""
    i, j = (p.algebra.axis(d) for d in node.data)
    return [Term(Fraction(1), (), (*i, *j), (*j, *i))]


def _unvec_terms(p: Planner, node: Node, operands: list[Terms]) -> Terms:
    """The column index is the slow one."""

    def matrix(t: Term) -> Term:
        i, j = p.algebra.axis(node.rows), p.algebra.axis(node.cols)
        return p.algebra.identified(replace(t, rows=i, cols=j), (*j, *i), t.rows)[0]

    return [matrix(t) for t in operands[0]]


def _block_terms(p: Planner, node: Node, operands: list[Terms]) -> Terms:
    """Each part is placed by selected rows of the identity from both sides."""
    _, width = node.data
    total: Terms = []
    top = Dim.of(0)
    for start in range(0, len(node.args), width):
        left = Dim.of(0)
        for part, terms in zip(node.args[start : start + width], operands[start : start + width], strict=True):
            if not part.is_zero:
                total += [_placed(p, t, node, part, top, left) for t in terms]
            left = left + part.cols
        top = top + node.args[start].rows
    return total


def _placed(p: Planner, term: Term, node: Node, part: Node, top: Dim, left: Dim) -> Term:
    rows = _place(p, top, part.rows, node.rows)
    cols = _place(p, left, part.cols, node.cols).transposed
    return p.algebra.product(p.algebra.product(rows, term), cols)


def _place(p: Planner, start: Dim, size: Dim, total: Dim) -> Term:
    """The total x size matrix that puts a part at its place."""
    if size == total:
        i = p.algebra.axis(size)
        return Term(Fraction(1), (), i, i)
    if size.is_one:
        place = start + 1
        return p.algebra.atom(
            p.program.leaf("unit", (total,), place if place.value is None else place.value), total, ONE
        )
    return p.algebra.atom(p.program.leaf("selector", (size, total), start), size, total).transposed


def _call_terms(p: Planner, node: Node, operands: list[Terms]) -> Terms:
    match node.data[0]:
        case "khatri_rao":
            return multiplied(p, operands, lambda a, b: _khatri_rao(p, a, b))
        case "kron_contract":
            return _contraction(p, node, operands)
        case "prod_others_along" | "prod_others_rows_along":
            return _others(p, node, operands)
    return [_stacked_call(p, node, operands)]


def _khatri_rao(p: Planner, a: Term, b: Term) -> Term:
    """Column by column the Kronecker product"""
    both = replace(p.algebra.joined(a, b), rows=(*a.rows, *b.rows), cols=a.cols)
    return p.algebra.identified(both, a.cols, b.cols)[0]


def _contraction(p: Planner, node: Node, operands: list[Terms]) -> Terms:
    """M[k, l] = Σ A[i, j] B[p, q] G[(i, k, p), (j, l, q)]"""
    a_terms, g_terms, b_terms = operands

    def outside(a: Term, b: Term) -> Term:
        k, m = p.algebra.axis(node.rows), p.algebra.axis(node.cols)
        whole = replace(p.algebra.joined(a, b), rows=(*a.rows, *k, *b.rows), cols=(*a.cols, *m, *b.cols))
        return replace(whole, directions=(*whole.directions, (node, k, m)))

    def inside(around: Term, g: Term) -> Term:
        both = replace(p.algebra.joined(around, replace(g, rows=(), cols=())), cols=around.cols)
        both = p.algebra.identified(both, (*around.rows, *around.cols), (*g.rows, *g.cols))[0]
        k, m = next((r, c) for d, r, c in both.directions if d is node)
        rest = tuple(step for step in both.directions if step[0] is not node)
        return p.algebra.closed(replace(both, rows=k, cols=m, directions=rest), (*both.rows, *both.cols))

    return multiplied(p, [multiplied(p, [a_terms, b_terms], outside), g_terms], inside)


def _others(p: Planner, node: Node, operands: list[Terms]) -> Terms:
    """R[.., i] = Σ P[.., i, j, …] E[.., j] …, for the products P of all entries but those at i, j, …"""
    x, *steps = node.args
    entries = p.value(x)
    *own, size = entries.axes
    lead = tuple(p.algebra.index(d) for d in own)
    places = [p.algebra.index(size) for _ in node.args]
    slots = [number(k + 2) for k in range(len(steps))]
    held_open = tuple((slot, lead or (i,), (i,) if lead else ()) for slot, i in zip(slots, places[1:], strict=True))
    factor = p.algebra.factor(products_without(p.program, entries, len(places)), (*lead, *places))
    total = [Term(Fraction(1), (factor,), lead or (places[0],), (places[0],) if lead else (), held_open)]
    for slot, terms in zip(slots, operands[1:], strict=True):
        total = multiplied(p, [total, terms], partial(_filled, p, slot))
    return total


def _filled(p: Planner, slot: Node, around: Term, e: Term) -> Term:
    """The term with a direction at its place."""
    both = replace(p.algebra.joined(around, replace(e, rows=(), cols=())), cols=around.cols)
    rows, cols = next((r, c) for d, r, c in around.directions if d is slot)
    both = p.algebra.identified(both, (*rows, *cols), (*e.rows, *e.cols))[0]
    return replace(both, directions=tuple(step for step in both.directions if step[0] is not slot))


def _stacked_call(p: Planner, node: Node, operands: list[Terms]) -> Term:
    """A function that is linear in its moving arguments, for all basis directions at once on leading axes.

    Axes of indices of the expression lead, too.
    """
    name, *static = node.data
    moving = sorted({d for a in node.args for d in a.linear & p.open}, key=lambda d: d.key)
    sides = {d: (p.algebra.axis(d.rows), p.algebra.axis(d.cols)) for d in moving}
    free = p.slots(in_order(node.free))
    leading = (*free, *(i for d in moving for side in sides[d] for i in side))
    args = []
    for arg, terms in zip(node.args, operands, strict=True):
        if name not in CALLED:
            refuse_batch(name, *(f.value for t in terms for f in t.factors))
        if not arg.linear & p.open:
            args.append(_still(p, arg, leading))
            continue
        whole = p.assembler.summed(terms)
        own = [*p.algebra.lead([whole]), *(i for d, _, _ in whole.directions for side in sides[d] for i in side)]
        spread = _directions_first(p, whole)
        places = [True] * spread.batched + [i in own for i in leading] + [True] * _rank(arg)
        spread = p.program.expand(spread, places)
        args.append(p.program.reshape(spread, (*spread.axes[: len(spread.axes) - _rank(arg)], *arg.shape)))
    stack = any(a.batched for a in args)
    own_sizes = tuple(p.algebra.sizes[i] for i in leading)
    batch = (BATCH,) if stack else ()
    axes, said = (*batch, *own_sizes, *node.shape), [s for s in static if isinstance(s, (int, str))]
    if name in CALLED:
        ranks = [a.rank - a.batched - 2 for a in args]
        slim = [
            p.program.reshape(a, tuple(d for k, d in enumerate(a.axes) if k < a.rank - 2 or not d.is_one)) for a in args
        ]
        value = CALLED[name](p.program, *(a.seen(rank) for a, rank in zip(slim, ranks, strict=True)), *said)
        axes = (*axes[:-2], *(d for d in node.shape if not d.is_one))
        value = p.program.plain(value) if value.axes == axes else p.program.emit("broadcast", (value,), (), axes, 0)
    else:
        value = p.program.call(name, args, axes, *said)
    rows, cols = p.algebra.axis(node.rows), p.algebra.axis(node.cols)
    indices = (*leading, *rows, *cols)
    value = p.program.reshape(value, (*batch, *(p.algebra.sizes[i] for i in indices)))
    return Term(Fraction(1), (p.algebra.factor(value, indices),), rows, cols, tuple((d, *sides[d]) for d in moving))


def _still(p: Planner, arg: Node, leading: Indices) -> Value:
    """An argument that does not move; the axes of the directions stand behind those of a batch and of indices."""
    with p.framed(in_order(arg.free)):
        value = p.array(arg)
    if value.stacked:
        own = p.slots(in_order(arg.free))
        lead = [p.algebra.sizes[i] if i in own else ONE for i in leading]
        return p.program.reshape(p.program.plain(value), (*([BATCH] if value.batched else []), *lead, *arg.shape))
    return value if arg.is_scalar else p.program.reshape(value, arg.shape)


def _rank(node: Node) -> int:
    return sum(not d.is_one for d in node.shape)


def _directions_first(p: Planner, term: Term) -> Value:
    (factor,) = term.factors
    stack = [STACK] if factor.value.batched else []
    order = [
        *stack,
        *p.algebra.lead([term]),
        *(i for _, r, c in term.directions for i in (*r, *c)),
        *term.rows,
        *term.cols,
    ]
    return p.program.permute(factor.value, [factor.indices.index(i) for i in order])


# fmt: off
#: operator -> its terms from those of its operands; multilinear operators and structured constants only
TERMS: Pass[Callable[[Planner, Node, list[Terms]], Terms]] = Pass("terms of products", {
    "add":         _add_terms,
    "matmul":      lambda p, node, ops: multiplied(p, ops, p.algebra.product),
    "scale":       lambda p, node, ops: multiplied(p, ops, _scaled(p)),
    "kron":        lambda p, node, ops: multiplied(p, ops, _kron_pair(p)),
    "power":       _power_terms,
    "transpose":   lambda p, node, ops: [t.transposed for t in ops[0]],
    "trace":       lambda p, node, ops: [p.algebra.trace(t) for t in ops[0]],
    "diag":        lambda p, node, ops: [replace(t, cols=t.rows) for t in ops[0]],
    "diagonal":    lambda p, node, ops: [p.algebra.diagonal(t) for t in ops[0]],
    "vec":         lambda p, node, ops: [replace(t, rows=(*t.cols, *t.rows), cols=()) for t in ops[0]],
    "unvec":       _unvec_terms,
    "total":       _total_terms,
    "at":          _at_terms,
    "identity":    _identity_terms,
    "ones":        _ones_terms,
    "commutation": _commutation_terms,
    "block":       _block_terms,
    "call":        _call_terms,
    "open":        open_terms,
}, never=(
    "constant dimension zero unit mask selector duplication elimination variable apply det logdet matpow adjugate "
    "perturbation"
).split())
# fmt: on
