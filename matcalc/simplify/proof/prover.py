"""Proofs that an expression is zero.

Steps, cheapest first: simplification; the normal form of index graphs; clearing scalar denominators;
clearing inverses of sums, with what each inverse satisfies used as a rewriting rule:
``P = L + R`` gives ``L P^-1 = I - R P^-1``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from matcalc.expr import (
    Node,
    call,
    chain,
    combine,
    det,
    factors,
    hadamard,
    identity,
    inverse,
    is_number,
    matmul,
    multiply,
    postorder,
    power,
    rebuild,
    scale,
    terms,
    trace,
    transpose,
    variables,
)
from matcalc.expr.facts import is_orthogonal
from matcalc.simplify.driver import simplify
from matcalc.simplify.expansion import expanded
from matcalc.simplify.lifting import without_indices
from matcalc.simplify.proof.canonical import canonical
from matcalc.simplify.proof.cases import Case, cases
from matcalc.simplify.proof.elementary import in_exponentials, without_choices
from matcalc.simplify.proof.graph import normal_form
from matcalc.simplify.proof.in_entries import in_entries
from matcalc.simplify.proof.networks import TooLarge
from matcalc.simplify.proof_identities.determinants import with_canonical_determinants
from matcalc.simplify.proof_identities.structures import with_diagonals_written_out
from matcalc.simplify.recorder import recording
from matcalc.simplify.rules.blocks import rows_of_blocks

__all__ = ["Proof", "prove_zero"]

#: Rewriting a sum of chains stops after this many passes.
MOST_PASSES = 12
#: A sum of more terms than this is given up.
MOST_TERMS = 300

#: Clearing denominators makes new common ground: so often both are tried.
MOST_ROUNDS = 3

#: |u| is told apart for so many u, one inside the other.
MOST_CASES = 6

#: max or min
Pick = Callable[..., tuple[Node, Fraction]]
ChainRule = tuple[tuple[Node, ...], Node]


@dataclass(frozen=True, slots=True)
class Proof:
    """Why an expression is zero: the steps used, in words."""

    steps: tuple[str, ...]


def prove_zero(node: Node) -> Proof | None:
    """A proof that the node is zero wherever it is defined, or None where none was found."""
    proof = _proof(node)
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
    for clearing in _without_inverses(plain, depth=2):
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
        for base, exponent in factors(_body(term)):
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


# --- chains -----------------------------------------------------------------------------------


def rewritten(node: Node, pick: Pick = max) -> Node:
    """The sum of chains with defining properties of inverses, orthogonal matrices and pseudoinverses used up.

    Of the terms of P the rule for P^-1 eliminates the longest, or with ``min`` the shortest.
    """
    rules = tuple(_chain_rules(node, pick))
    for _ in range(MOST_PASSES):
        pairs = terms(node)
        if len(pairs) > MOST_TERMS:
            return node
        after = expanded(combine(((_rewrite_term(t, rules), c) for t, c in pairs), node.shape))
        if after is node:
            return node
        node = after
        rules = tuple(_chain_rules(node, pick))
    return node


def _rewrite_term(term: Node, rules: Sequence[ChainRule]) -> Node:
    if term.op == "scale":
        return scale(term.args[0], _rewrite_term(term.args[1], rules))
    if term.op == "power" and term.is_scalar:
        pairs = factors(term)
        return hadamard(*(_rewrite_term(b, rules) if is_number(e) == 1 else power(b, e) for b, e in pairs))
    if term.op == "trace":
        return _rewrite_trace(term, rules)
    links = chain(term)
    for pattern, value in rules:
        for i in range(len(links) - len(pattern) + 1):
            if links[i : i + len(pattern)] == pattern:
                return _assembled([*links[:i], value, *links[i + len(pattern) :]])
    return term


def _rewrite_trace(term: Node, rules: Sequence[ChainRule]) -> Node:
    """The trace of a product that starts at any of its factors."""
    links = chain(term.args[0])
    for i in range(len(links)):
        product = matmul(*links[i:], *links[:i])
        after = _rewrite_term(product, rules)
        if after is not product:
            return trace(after)
    return term


def _assembled(parts: list[Node]) -> Node:
    total = parts[0]
    for part in parts[1:]:
        total = multiply(total, part)
    return total


def _chain_rules(node: Node, pick: Pick) -> Iterator[ChainRule]:
    for inside in postorder(node):
        if inside.op == "matpow" and is_number(inside.args[1]) == -1 and inside.args[0].op == "add":
            yield from _inverse_rules(inside, pick)
        elif inside.op == "variable" and is_orthogonal(inside):
            yield (transpose(inside), inside), identity(inside.cols)
            yield (inside, transpose(inside)), identity(inside.rows)
        elif inside.op == "adjugate":
            (x,) = inside.args
            yield (x, inside), scale(det(x), identity(x.rows))
            yield (inside, x), scale(det(x), identity(x.rows))
        elif inside.op == "call" and inside.data[0] == "pinv":
            yield from _pseudoinverse_rules(inside)


def _inverse_rules(z: Node, pick: Pick) -> Iterator[ChainRule]:
    """L P^-1 = I - R P^-1 and P^-1 L = I - P^-1 R for P = L + R, L its longest term, or its shortest"""
    p = z.args[0]
    pairs = terms(p)
    lead, c = pick(pairs, key=lambda pair: (len(chain(_body(pair[0]))), _body(pair[0]).op != "identity", pair[0].key))
    if lead.op in ("identity", "scale"):
        return
    rest = combine(((t, k) for t, k in pairs if t is not lead), p.shape)
    eye = identity(p.rows)
    right = combine(((eye, 1 / c), (matmul(rest, z), -1 / c)), p.shape)
    left = combine(((eye, 1 / c), (matmul(z, rest), -1 / c)), p.shape)
    yield (*chain(lead), z), right
    yield (z, *chain(lead)), left


def _body(term: Node) -> Node:
    return term.args[1] if term.op == "scale" else term


def _pseudoinverse_rules(plus: Node) -> Iterator[ChainRule]:
    """The four conditions of Penrose (1955)"""
    (a,) = plus.args
    yield (a, plus, a), a
    yield (plus, a, plus), plus
    yield (transpose(a), a, plus), transpose(a)
    yield (plus, a, transpose(a)), transpose(a)
    turned = call("pinv", transpose(a), shape=(plus.cols, plus.rows))
    if a.op == "transpose":
        return
    yield (turned, transpose(a)), matmul(a, plus)
    yield (transpose(a), turned), matmul(plus, a)


def _without_inverses(node: Node, depth: int) -> Iterator[Node]:
    """Products of the node with the sums whose inverses it contains, written out and reduced."""
    if depth == 0:
        return
    for z in [n for n in postorder(node) if n.op == "matpow" and n.args[0].op == "add" and is_number(n.args[1]) == -1]:
        p = z.args[0]
        if node.is_scalar:
            continue
        for left in (True, False):
            if (p.cols == node.rows) if left else (p.rows == node.cols):
                product = _written_out(p, node, left=left)
                cleared = rewritten(product)
                yield cleared
                yield rewritten(product, min)
                yield from _without_inverses(cleared, depth - 1)


def _written_out(p: Node, node: Node, *, left: bool) -> Node:
    """P E or E P term by term, cancelling P against its inverse before it is written out."""
    total: list[tuple[Node, Fraction]] = []
    for term, c in terms(expanded(node)):
        total.append((expanded(multiply(p, term) if left else multiply(term, p)), c))
    return combine(total, total[0][0].shape) if total else node
