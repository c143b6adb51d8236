"""Proofs that an expression is zero.

Steps, cheapest first: simplification; the normal form of index graphs; clearing scalar denominators;
clearing inverses of sums, with what each inverse satisfies used as a rewriting rule:
``P = L + R`` gives ``L P^-1 = I - R P^-1``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from matcalc.errors import DomainError
from matcalc.expr import (
    Node,
    combine,
    factors,
    hadamard,
    inverse,
    is_number,
    multiply,
    postorder,
    power,
    rebuild,
    scale,
    split_scalar,
    terms,
    variables,
)
from matcalc.expr.facts import is_orthogonal
from matcalc.records import dataclass
from matcalc.simplify.driver import simplify
from matcalc.simplify.expansion import expanded
from matcalc.simplify.lifting import without_indices
from matcalc.simplify.proof.canonical import canonical
from matcalc.simplify.proof.cases import Case, cases
from matcalc.simplify.proof.elementary import in_exponentials, without_choices
from matcalc.simplify.proof.in_entries import in_entries
from matcalc.simplify.proof.index_graphs.graph import normal_form
from matcalc.simplify.proof.index_graphs.networks import TooLarge
from matcalc.simplify.proof.ranges import over_whole_ranges
from matcalc.simplify.proof.rewriting import rewritten, without_inverses
from matcalc.simplify.proof_identities.determinants import with_canonical_determinants
from matcalc.simplify.proof_identities.structures import with_diagonals_written_out
from matcalc.simplify.recorder import recording
from matcalc.simplify.rules.blocks import rows_of_blocks

__all__ = ["Proof", "prove_zero"]

#: Clearing denominators makes new common ground: so often both are tried.
MOST_ROUNDS = 3

#: |u| is told apart for so many u, one inside the other.
MOST_CASES = 6


@dataclass(frozen=True, slots=True)
class Proof:
    """Why an expression is zero: the steps used, in words."""

    steps: tuple[str, ...]


def prove_zero(node: Node) -> Proof | None:
    """A proof that the node is zero wherever it is defined, or None where none was found."""
    try:
        return _proof_of_any_kind(node)
    except DomainError:  # a mask was split, and what it left out has no value
        return None


def _proof_of_any_kind(node: Node) -> Proof | None:
    proof = _proof(node)
    if proof is None and (whole := over_whole_ranges(node)) is not node:
        return _after("sums over whole ranges", prove_zero(whole))
    if proof is None and (plain := without_indices(node)) is not node:
        return _after("sums over indices as products of matrices", prove_zero(plain))
    written = with_diagonals_written_out(node)
    if proof is None and written is not node:
        proof = _after("diagonal matrices as diag(d)", _proof(written))
    proof = proof or _after("cases of |u|", _by_cases(Case(without_orthogonal_transposes(node)), MOST_CASES))
    return proof or _after("entries", _of_all(in_entries(node))) or _after("block by block", _of_all(_blocks(node)))


def _blocks(node: Node) -> Sequence[Node]:
    """What a difference of block matrices has in its blocks."""
    together = canonical(node)
    return [entry for row in rows_of_blocks(together) for entry in row]


def _of_all(parts: Sequence[Node] | None) -> Proof | None:
    """A proof that each of them is zero."""
    steps: tuple[str, ...] = ()
    for part in parts or ():
        proof = _proof(part) or _by_cases(Case(part), MOST_CASES)
        if proof is None:
            return None
        steps += proof.steps
    return Proof(steps) if parts else None


def _after(step: str, proof: Proof | None) -> Proof | None:
    return None if proof is None else Proof(tuple(dict.fromkeys((step, *proof.steps))))


def _by_cases(case: Case, most: int) -> Proof | None:
    """A proof of every case of |u|, in which there may be more of them; None where there is nothing to tell apart."""
    with recording() as firings:
        case = Case(canonical(case.node), case.known)
    steps = tuple(dict.fromkeys(f.rule.name for f in firings))
    found = cases(case) if most else None
    for each in found or ():
        proof = Proof(("simplification",)) if each.node.is_zero else _by_cases(each, most - 1) or _proof(each.node)
        if proof is None:
            return None
        steps = (*steps, *proof.steps)
    return Proof(steps) if found else None


def _proof(node: Node) -> Proof | None:
    for step, form in _forms(node):
        if form.is_zero or _is_zero_graph(form):
            return Proof((*step, *(() if form.is_zero else ("normal form of index graphs",))))
    return None


def _is_zero_graph(node: Node) -> bool:
    try:
        return normal_form(node) == ()
    except TooLarge:
        return False


Form = tuple[tuple[str, ...], Node]


def _forms(node: Node) -> Iterator[Form]:
    """Expressions that are zero exactly where the node is."""
    yield ("simplification",), simplify(node)
    yield (), node
    plain = with_canonical_determinants(without_orthogonal_transposes(node))
    if plain is not node:
        turned = without_orthogonal_transposes(node)
        lemmas = (
            *_named("defining property of orthogonal matrices", node, turned),
            *_named("determinant lemmas", turned, plain),
        )
        yield lemmas, simplify(plain)
        yield from (((*lemmas, *step), form) for step, form in _cleared_forms(plain))
    yield from _cleared_forms(node)
    products = without_choices(node)
    words = ("choices as products, where both branches are finite",) if products is not node else ()
    for step, form in _canonical_forms(without_orthogonal_transposes(products)):
        yield (*words, *step), form


def _cleared_forms(node: Node) -> Iterator[Form]:
    """The node without denominators and inverses; a step is named where it changed something."""
    explicit = in_exponentials(node)
    plain = _cleared(explicit)
    cleared = (*_named("definition in exponentials", node, explicit), *_named("clearing denominators", explicit, plain))
    yield cleared, plain
    wide = expanded(plain)
    written = (*cleared, *_named("expansion", plain, wide))
    for pick in (max, min):
        after = rewritten(wide, pick)
        yield (*written, *_named(_defining(wide), wide, after)), after
    for clearing in without_inverses(plain, depth=2):
        yield (*cleared, "multiplication by an invertible matrix", "defining property of inverses"), clearing


def _named(step: str, before: Node, after: Node) -> tuple[str, ...]:
    return () if after is before else (step,)


def _defining(node: Node) -> str:
    """Whose defining property chains are rewritten by."""
    kinds = {"adjugates": "adjugate", "pseudoinverses": "call", "orthogonal matrices": "variable", "inverses": "matpow"}
    ops = {n.op for n in postorder(node) if n.op != "call" or n.data[0] == "pinv"}
    ops -= {"variable"} if not any(map(is_orthogonal, variables(node))) else set()
    return "defining property of " + " and ".join(kind for kind, op in kinds.items() if op in ops)


def _canonical_forms(node: Node) -> Iterator[Form]:
    """The forms of common ground, each with the names of the rules that led there."""
    names: list[str] = []
    for _ in range(MOST_ROUNDS):
        with recording() as firings:
            after = canonical(node)
        names = list(dict.fromkeys([*names, *(f.rule.name for f in firings)]))
        lemmas = with_canonical_determinants(after)
        names = list(dict.fromkeys([*names, *_named("determinant lemmas", after, lemmas)]))
        after = lemmas
        yield tuple(names), after
        for step, form in _cleared_forms(after):
            yield (*names, *step), form
        plain = _cleared(after)
        cleared = expanded(plain)
        if cleared is node:
            return
        steps = (*_named("clearing denominators", after, plain), *_named("expansion", plain, cleared))
        names = list(dict.fromkeys([*names, *steps]))
        node = cleared


# --- scalar denominators ----------------------------------------------------------------------


def _cleared(node: Node) -> Node:
    """The node times the scalar denominators of its terms, which are not zero where it is defined."""
    for _ in range(4):
        denominators = _denominators(node)
        if not denominators:
            return node
        factor = hadamard(*(power(b, e) for b, e in denominators.items()))
        node = combine(((expanded(_times(factor, t)), c) for t, c in terms(node)), node.shape)
    return node


def _times(factor: Node, term: Node) -> Node:
    """A scalar multiple, or an entrywise one."""
    if not factor.is_scalar:
        return hadamard(factor, term)
    if term.op == "scale":
        return scale(hadamard(factor, term.args[0]), term.args[1])
    return multiply(factor, term)


def _denominators(node: Node) -> dict[Node, Fraction]:
    found: dict[Node, Fraction] = {}
    for term, _ in terms(node):
        scalar = term.args[0] if term.op == "scale" else term
        for base, exponent in factors(scalar) if scalar.is_scalar else ():
            e = is_number(exponent)
            if e is not None and e < 0 and _is_clearable(base):
                found[base] = max(found.get(base, Fraction(0)), -e)
    return found or _entrywise_denominators(node)


def _is_clearable(base: Node) -> bool:
    """Sums and cosines: they are not zero where the expression is defined, and may cancel once written out."""
    return base.op == "add" or (base.op == "apply" and base.data[0] == "cos")


def _entrywise_denominators(node: Node) -> dict[Node, Fraction]:
    """Sums in denominators of entrywise products, where every term is such a product."""
    found: dict[Node, Fraction] = {}
    if node.is_scalar:
        return found
    for term, _ in terms(node):
        for base, exponent in factors(split_scalar(term)[1]):
            e = is_number(exponent)
            if e is not None and e < 0 and _is_clearable(base):
                found[base] = max(found.get(base, Fraction(0)), -e)
    return found


# --- orthogonal matrices ----------------------------------------------------------------------


def without_orthogonal_transposes(root: Node) -> Node:
    """Q^T = Q^-1, which cancels against its neighbours everywhere."""
    memo: dict[Node, Node] = {}
    for node in postorder(root):
        if node.op == "transpose" and node.args[0].op == "variable" and is_orthogonal(node.args[0]):
            memo[node] = inverse(node.args[0])
        else:
            memo[node] = rebuild(node, tuple(memo[a] for a in node.args)) if node.args else node
    return memo[root]
