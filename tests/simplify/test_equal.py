"""Identities: every true one is proved, no false one ever, and the prover alone never proves a false one."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

import matcalc as mc
from matcalc.checking.values.evaluate import evaluate
from matcalc.expr import Node, add, postorder, scaled, variables
from matcalc.language import parse_pair
from matcalc.simplify import recording
from matcalc.simplify.proof.canonical import canonical
from matcalc.simplify.proof.proof_rules import PROOF_RULES
from matcalc.simplify.proof.prover import prove_zero, without_orthogonal_transposes
from tests.machine import long, sweep
from tests.tables.commonplace import COMMONPLACE, MISREMEMBERED
from tests.tables.everyday import EVERYDAY, MISTAKEN
from tests.tables.identities import FALSE as OF_PAIRS
from tests.tables.identities import TRUE as OF_TEXTBOOKS
from tests.tables.natural import NATURAL

TRUE = [*OF_TEXTBOOKS, *((*row, "natural") for row in (*NATURAL, *EVERYDAY, *COMMONPLACE))]
FALSE = [*OF_PAIRS, *MISTAKEN, *MISREMEMBERED]


def test_the_table_is_large() -> None:
    assert len(TRUE) >= 700 and len(FALSE) >= 310


@sweep(6)
@pytest.mark.parametrize(("left", "right", "where", "source"), TRUE, ids=[f"{row[3]}: {row[0]}" for row in TRUE])
def test_true_identities_are_proved(left: str, right: str, where: str, source: str) -> None:
    answer = mc.equal(left, right, where)
    assert answer.verdict == "proved", answer.reason
    assert answer.reason.startswith("by ")


@sweep(8)
@pytest.mark.parametrize(("left", "right", "where"), FALSE, ids=[f"{row[0]} = {row[1]}" for row in FALSE])
def test_false_identities_are_refuted(left: str, right: str, where: str) -> None:
    answer = mc.equal(left, right, where)
    assert answer.verdict == "refuted"
    assert not answer


@sweep(2)
@pytest.mark.parametrize(("left", "right", "where"), FALSE, ids=[f"{row[0]} = {row[1]}" for row in FALSE])
def test_the_prover_alone_never_proves_a_false_identity(left: str, right: str, where: str) -> None:
    a, b = (side.node for side in parse_pair(left, right, where))
    if a.shape == b.shape:
        assert prove_zero(add(a, scaled(-1, b))) is None


def _gaps() -> Iterator[Node]:
    for left, right, where, _ in TRUE:
        a, b = (side.node for side in parse_pair(left, right, where))
        if a.shape == b.shape:  # not of a lone 0
            yield add(a, scaled(-1, b))


@long
def test_every_rule_of_proofs_is_used_and_keeps_values() -> None:
    """What a rule makes of a node has the value of the node, computed without the rule."""
    fired: set[str] = set()
    for node in _gaps():
        with recording() as firings:
            canonical(without_orthogonal_transposes(node))
        for firing in firings:
            fired.add(firing.rule.name)
            assert same_values(firing.before, firing.after, node), firing.rule.name
    assert {rule.name for rule in PROOF_RULES if "total" not in rule.operators} <= fired  # sums: test_lemmas.py


TALL = {"n": 3, "m": 4, "k": 2, "p": 2, "q": 3}
WIDE = {"n": 4, "m": 3, "k": 2, "p": 3, "q": 2}


def same_values(before: Node, after: Node, whole: Node) -> bool:
    """Equal at a point where both are defined, and the whole in which they stand, or no such point was found."""
    names = {d for part in postorder(whole) for dim in part.shape for d in dim.names}
    rng = np.random.default_rng(4)
    for known in (TALL, WIDE):
        sizes = {name: known.get(name, 2) for name in names}
        values = {v.data[0]: evaluated(v, sizes, rng) for v in variables(before, after, whole)}
        with np.errstate(all="ignore"):
            if not all(regular(node, values, sizes) for node in (before, after)):
                continue
            a, b, c = (evaluate(node, values, sizes) for node in (before, after, whole))
        if np.all(np.isfinite(c)) and np.all(np.isfinite(a)) and np.all(np.isfinite(b)) and not np.iscomplexobj(a):
            return bool(np.allclose(a, b, rtol=1e-6, atol=1e-7 * (1 + np.abs(a).max())))
    return True


def regular(root: Node, values: dict[str, np.ndarray], sizes: dict[str, int]) -> bool:
    """Whether every inverse in it exists."""
    bases = [node.args[0] for node in postorder(root) if node.op == "matpow"]
    return all(np.linalg.cond(evaluate(base, values, sizes)) < 1e8 for base in bases)


def evaluated(v: Node, sizes: dict[str, int], rng: np.random.Generator) -> np.ndarray:
    """A value with the structure of the variable."""
    m, n = v.rows.evaluate(sizes), v.cols.evaluate(sizes)
    x = rng.standard_normal((m, n)) * 0.6
    tags = set(v.data[1])
    if "positive" in tags:
        return np.exp(x)
    if tags & {"spd", "psd"}:
        return x @ x.T + np.eye(n)
    if "symmetric" in tags:
        return x + x.T
    if "skew" in tags:
        return x - x.T
    if "orthogonal" in tags:
        return np.linalg.qr(x)[0]
    if "lower" in tags:
        return np.tril(x)
    if "upper" in tags:
        return np.triu(x)
    if "diagonal" in tags:
        return np.diag(np.diag(x))
    return x + 2 * np.eye(n) if m == n else x


UNDECIDED = [
    # true, and not proved: the reason
    ("eigmax(kron(P, T))", "eigmax(P) eigmax(T)", "P: spd(n), T: spd(m)", "no rule for the spectrum of a Kronecker product"),
]  # fmt: skip


@pytest.mark.parametrize(("left", "right", "where", "reason"), UNDECIDED, ids=[row[0] for row in UNDECIDED])
def test_what_is_not_proved_is_left_open(left: str, right: str, where: str, reason: str) -> None:
    assert mc.equal(left, right, where).verdict == "undecided", reason


CERTAIN = [
    ("(10^16 + s) - 10^16", "s", "proved"),
    ("s", "s + 10^-9", "refuted"),
    ("exp(s)", "exp(s) + 10^-9", "refuted"),
    ("pinv(A)", "A^T inv(A A^T)", "proved"),
    ("logm(expm(A)) where A: matrix(n, n)", "A", "refuted"),
    ("sign(s)^2 where s: scalar", "1", "refuted"),
]


@pytest.mark.parametrize(("left", "right", "verdict"), CERTAIN, ids=[row[0] for row in CERTAIN])
def test_rounding_decides_nothing(left: str, right: str, verdict: str) -> None:
    assert mc.equal(left, right).verdict == verdict


def test_a_proof_says_where_both_sides_are_defined() -> None:
    answer = mc.equal("logdet(A)", "log(det(A))", "A: matrix(n, n)")
    assert answer.verdict == "proved"
    assert answer.reason.endswith("where det(A) > 0")


KRONECKER = [
    ("tr(A kron(X, B))", "X: matrix(k, m), B: matrix(p, q), A: matrix(m*q, k*p)", "(eye(k) ⊗ vec(eye(p))^T) (A^T ⊗ I) (I ⊗ vec(B))"),
    ("tr(A kron(B, X))", "X: matrix(p, n), B: matrix(k, m), A: matrix(m*n, k*p)", "(vec(eye(k))^T ⊗ eye(p)) (I ⊗ A^T) (vec(B^T) ⊗ I)"),
    ("tr(A kron(X, B))", "X: matrix(n, n), B: matrix(p, q)", "partial_trace((I ⊗ B) A, n, p)^T"),
    ("tr(A kron(B, X))", "X: matrix(n, n), B: matrix(k, m)", "blocktrace(A (B ⊗ I), m, n)^T"),
    ("||kron(A, X, C) - B||_F^2", "X: matrix(n, n), A: matrix(k, m), C: matrix(p, q)",
     "2 (tr(A^T A) tr(C^T C) X - blocktrace(partial_trace((A^T ⊗ I) B (I ⊗ C^T), m*n, p), m, n))"),
    ("tr(A kron(X, X))", "X: matrix(n, n)", "(blocktrace(A (X ⊗ I), n, n) + partial_trace((I ⊗ X) A, n, n))^T"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "where", "gradient"), KRONECKER)
def test_the_gradient_by_a_kronecker_factor_can_be_typed_back(text: str, where: str, gradient: str) -> None:
    g = mc.gradient(text, "X", where)
    assert str(g) == gradient
    assert mc.equal(g, gradient)
    assert mc.check(text, "X", where=where, claim=gradient)
