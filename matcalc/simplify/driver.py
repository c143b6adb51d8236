"""The strategy: lemmas from the leaves up, then the shortest of a few equal forms."""

from __future__ import annotations

from matcalc.errors import DomainError
from matcalc.expr import Node, Rewrite, bottom_up, postorder, rebuild
from matcalc.expr.conjugates import is_complex, is_real
from matcalc.simplify.cost import cost
from matcalc.simplify.expansion import expanded
from matcalc.simplify.factoring import factored, factors_factored
from matcalc.simplify.lemmas import ALSO_COMPLEX, LEMMAS
from matcalc.simplify.lifting import in_matrices
from matcalc.simplify.rational import cancelled, over_one_denominator
from matcalc.simplify.recorder import Rule, by_operator, is_recorded, rewrite
from matcalc.simplify.rules.generalised_inverses import pseudoinverses_beside_lengths
from matcalc.simplify.symmetry import symmetric_form

__all__ = ["simplify"]

#: A DAG with more nodes than this is simplified in one pass from the leaves, without search.
LARGEST_SEARCHED = 400
#: An expression that costs more than this to read is not written out in search of a shorter form.
LONGEST_EXPANDED = 600
#: A form that became shorter goes through the rules again, at most so often.
MOST_SEARCHES = 4
#: Rewriting one node stops after this many rules: a bound, never reached by a terminating table.
MOST_REWRITES = 50

#: Tried on the whole expression.
BESIDE_LENGTHS = Rule(
    "pseudoinverse of a vector",
    ("call",),
    "pinv(x) = x^T / (x^T x)",
    "Penrose 1955",
    pseudoinverses_beside_lengths,
    "x^T x divides another part",
)

_BY_LEMMAS = Rewrite(by_operator(LEMMAS), MOST_REWRITES)
#: Of complex operands only those rules that hold for these.
_BY_LEMMAS_OF_COMPLEX = Rewrite(by_operator([rule for rule in LEMMAS if rule.name in ALSO_COMPLEX]), MOST_REWRITES)


def simplify(root: Node) -> Node:
    """An equal expression that reads at most as long, in time linear in large DAGs."""
    found = root.cache.get("simplified")
    if found is not None:
        result: Node = found
        return result
    best = _pass(rewrite(BESIDE_LENGTHS, root) or root)
    for _ in range(MOST_SEARCHES):
        if not _is_searched(best):
            break
        again = min(_pass(_written_out(best)), _pass(best), key=cost)
        if cost(again) >= cost(best):
            break
        best = again
    if cost(root) < cost(best):
        best = root
    if _is_searched(best) and not is_complex(best):
        best = symmetric_form(best) or best
    root.cache["simplified"] = best
    best.cache.setdefault("simplified", best)
    return best


def _written_out(node: Node) -> Node:
    """The node expanded, where every term of it has a value: for i = j a term of [i != j] / (x_i - x_j) has none."""
    try:
        return expanded(node)
    except DomainError:
        return node


def _is_searched(node: Node) -> bool:
    return cost(node) <= LONGEST_EXPANDED and len(postorder(node)) <= LARGEST_SEARCHED


def _pass(root: Node) -> Node:
    """Lemmas and factoring from the leaves up; what becomes of a node is kept on it where nobody asks for the rules."""
    if is_recorded():
        return bottom_up(root, _settled)
    stack = [root]
    while stack:
        node = stack[-1]
        if "passed" not in node.cache:
            waiting = [a for a in node.args if "passed" not in a.cache]
            if waiting:
                stack += reversed(waiting)
                continue
            after = _settled(rebuild(node, tuple([_passed(a) for a in node.args])) if node.args else node)
            node.cache["passed"] = None if after is node else after
        stack.pop()
    return _passed(root)


def _passed(node: Node) -> Node:
    known: Node | None = node.cache["passed"]
    return node if known is None else known


def _settled(node: Node) -> Node:
    """The node by lemmas and factoring, found once where nobody asks for the rules."""
    if "settled" not in node.cache or is_recorded():
        after = _settle(node)
        node.cache["settled"] = None if after is node else after
    known: Node | None = node.cache["settled"]
    return node if known is None else known


def _settle(node: Node) -> Node:
    """Apply lemmas to the node until none fires, then factor it."""
    is_real_form = not is_complex(node) or all(map(is_real, node.args))
    node = (_BY_LEMMAS if is_real_form else _BY_LEMMAS_OF_COMPLEX).settled(node)
    if node.op == "total":
        return _without_indices(node)
    shorter = factored(over_one_denominator(cancelled(node)))
    return factors_factored(shorter if cost(shorter) <= cost(node) else node)


def _without_indices(node: Node) -> Node:
    """A sum over indices in matrix notation, where that reads as well."""
    return min([*map(_pass, in_matrices(node)), node], key=cost)
