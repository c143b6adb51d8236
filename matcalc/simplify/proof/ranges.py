"""Sums over parts of a range: Σ_{t=2}^T f(x_t) = Σ_{t=1}^T f(x_t) - f(x_1), so that shifted sums and telescopes meet.

A part of a range is an index of fewer values behind a selector, x_{t+k} = X^T S_k^T e_t. Every sum is written over as many
values as its members have, less the terms at the ends.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import partial, reduce

from matcalc.expr import (
    Dim,
    Index,
    Node,
    at,
    bottom_up,
    chain,
    combine,
    identity,
    matmul,
    multiply,
    ones,
    postorder,
    rebuild,
    selector,
    total,
    trace,
    transpose,
    unit,
)
from matcalc.simplify.expansion import expanded

__all__ = ["over_whole_ranges"]

#: More terms than this are not taken from the ends of a sum.
MOST_ENDS = 6

#: The column that stands for S_k^T e_t, by k.
Columns = Callable[[int], Node]


def over_whole_ranges(root: Node) -> Node:
    """The same value with every sum over as large a range as its members have; the root itself where all are."""
    if not any(node.op == "selector" for node in postorder(root)):
        return root
    return _over_whole_ranges(expanded(root))


def _over_whole_ranges(root: Node) -> Node:
    return bottom_up(root, lambda node: _widened(node) if node.op == "total" else _without_selectors(node))


# --- sums -----------------------------------------------------------------------------------------


def _widened(node: Node) -> Node:
    for index in node.data:
        found = _over_whole_range(node, index)
        if found is not None:
            return _over_whole_ranges(found)
    return node


def _over_whole_range(node: Node, index: Index) -> Node | None:
    """Σ_t f(x_{t+j}, …, x_{t+k}) over all t for which these exist, less the terms at the ends."""
    (body,) = node.args
    offsets, sizes = _offsets(body, index)
    if len(sizes) != 1 or None in offsets:
        return None
    (whole,) = sizes
    first, last = min(k or 0 for k in offsets), max(k or 0 for k in offsets)
    wide = whole - (last - first)
    behind = (wide - index.size - first).value
    if behind is None or behind < 0 or not 0 < first + behind <= MOST_ENDS:
        return None
    others = [i for i in node.data if i != index]
    there = Index(index.name, wide)
    inside = _moved(body, index, lambda k: matmul(transpose(selector(k - first, wide, whole)), at(there)))
    places = [*(Dim.of(r + 1) for r in range(first)), *(wide - r for r in range(behind))]
    ends = (_moved(body, index, partial(_unit, whole, place - first)) for place in places)
    minus = [(total(others, end), Fraction(-1)) for end in ends]
    return combine([(total([*others, there], inside), Fraction(1)), *minus], node.shape)


def _unit(whole: Dim, before: Dim, k: int) -> Node:
    place = before + k
    return unit(place if place.value is None else place.value, whole)


def _offsets(body: Node, index: Index) -> tuple[set[int | None], set[Dim]]:
    """k of all x_{t+k}, and how many members there are; None and the size of the index for what is no such member."""
    offsets: set[int | None] = set()
    sizes: set[Dim] = set()
    for node in _depending(body, index):
        links = _links(node)
        for k in (k for k, link in enumerate(links) if _is_at(link.upright, index)):
            found = _selector_beside(links, k)
            offsets.add(None if found is None else found.data[0].value)
            sizes.add(index.size if found is None else found.cols)
        if not links and any(_is_at(a.upright, index) for a in node.args):
            offsets.add(None)
    return offsets, sizes


def _depending(root: Node, index: Index) -> list[Node]:
    """What depends on the index, operands first, without the unit columns themselves."""
    order: list[Node] = []
    seen: set[Node] = set()
    stack = [(root, False)]
    while stack:
        node, is_ready = stack.pop()
        if is_ready:
            order.append(node)
        elif node not in seen and index in node.free and not _is_at(node.upright, index):
            seen.add(node)
            stack.append((node, True))
            stack.extend((a, False) for a in node.args)
    return order


def _links(node: Node) -> tuple[Node, ...]:
    return node.args if node.op == "matmul" else ()


def _is_at(node: Node, index: Index) -> bool:
    return node.op == "at" and node.data[0] == index


def _selector_beside(links: tuple[Node, ...], k: int) -> Node | None:
    """S of S^T e_t or e_t^T S"""
    place = k - 1 if links[k].op == "at" else k + 1
    beside = links[place] if 0 <= place < len(links) else None
    is_selector = beside is not None and beside.upright.op == "selector" and (beside.op == "transpose") == (place < k)
    return beside.upright if beside is not None and is_selector else None


def _moved(root: Node, index: Index, columns: Columns) -> Node:
    """The expression with other columns for S_k^T e_t."""
    memo: dict[Node, Node] = {}
    for node in _depending(root, index):
        below = tuple(memo.get(a, a) for a in node.args)
        is_member = any(_is_at(link.upright, index) for link in _links(node))
        memo[node] = _with_columns(node, index, columns, below) if is_member else rebuild(node, below)
    return memo.get(root, root)


def _with_columns(node: Node, index: Index, columns: Columns, below: tuple[Node, ...]) -> Node:
    parts = list(below)
    for k, link in enumerate(node.args):
        if not _is_at(link.upright, index):
            continue
        found = _selector_beside(node.args, k)
        assert found is not None
        column = columns(found.data[0].value or 0)
        is_column = link.op == "at"
        parts[k] = column if is_column else transpose(column)
        parts[k - 1 if is_column else k + 1] = identity(found.cols)
    return reduce(multiply, parts)


# --- products -------------------------------------------------------------------------------------


def _without_selectors(node: Node) -> Node:
    """1^T S = 1^T - Σ e_r^T, S^T S = I - Σ e_r e_r^T over the places r that S leaves out"""
    if node.op == "trace":
        first, *between = chain(node.args[0])
        found = _of_pair(between[-1], first) if between else None
        return node if found is None else _over_whole_ranges(trace(reduce(multiply, [found, *between[:-1]])))
    links = _links(node)
    for k in range(len(links) - 1):
        found = _of_pair(links[k], links[k + 1])
        if found is not None:
            return _over_whole_ranges(reduce(multiply, [*links[:k], found, *links[k + 2 :]]))
    return node


def _of_pair(left: Node, right: Node) -> Node | None:
    if left.op == "transpose" and left.args[0].op == "ones" and right.op == "selector":
        left = left.args[0]
        places = _left_out(right)
        row = [(transpose(e), Fraction(-1)) for e in places or ()]
        return (
            None
            if places is None
            else combine([(transpose(ones(right.cols)), Fraction(1)), *row], (left.cols, right.cols))
        )
    if right.op == "ones" and left.op == "transpose" and left.args[0].op == "selector":
        found = _of_pair(transpose(right), left.args[0])
        return None if found is None else transpose(found)
    if left.op == "transpose" and left.args[0] is right and right.op == "selector":
        places = _left_out(right)
        outer = [(matmul(e, transpose(e)), Fraction(-1)) for e in places or ()]
        return (
            None if places is None else combine([(identity(right.cols), Fraction(1)), *outer], (right.cols, right.cols))
        )
    return None


def _left_out(found: Node) -> list[Node] | None:
    """The unit columns at the places that a selector leaves out."""
    (start,), whole = found.data, found.cols
    before, behind = start.value, (whole - found.rows - start).value
    if before is None or behind is None or before + behind > MOST_ENDS:
        return None
    return [_unit(whole, Dim.of(r + 1), 0) for r in range(before)] + [_unit(whole, whole - r, 0) for r in range(behind)]
