"""What is proved of a node: claims, each with the rule that gives it, what that rests on, and what has to hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field

from matcalc.convexity.rules import RULES, Rule
from matcalc.expr import Node
from matcalc.records import dataclass

__all__ = ["CONVEX_ORDER", "FLIPPED", "NEEDS", "Need", "Proof", "Shape", "lines_of", "proved", "shape_of"]

#: What is said of all entries of a value, of a symmetric matrix in the order of Loewner, of a value that is positive.
FLIPPED = {
    "affine": "affine",
    "convex": "concave",
    "concave": "convex",
    "order convex": "order concave",
    "order concave": "order convex",
}
#: claim -> those of which each implies it
IMPLIED: Mapping[str, tuple[str, ...]] = {
    "convex": ("affine",),
    "concave": ("affine",),
    "order convex": ("affine", "gram"),
    "order concave": ("affine",),
}
CONVEX_ORDER = ("order convex", "order concave")
#: Conditions in the words of the language.
NEEDS = {
    "psd": "{} is psd",
    "positive": "{} > 0",
    "nonnegative": "{} >= 0",
    "entries": "no entry of {} is negative",
    "at least 1": "{} >= 1",
    "convex": "{} is convex",
    "concave": "{} is concave",
    "nondecreasing": "{} is nondecreasing",
    "nonincreasing": "{} is nonincreasing",
}


@dataclass(frozen=True)
class Need:
    """A condition: a word of `NEEDS`, and the node of which it has to hold."""

    kind: str
    node: Node


@dataclass(frozen=True, eq=False)
class Proof:
    """One claim of a node.

    Attributes:
        claim: "affine", "convex", "concave", "order convex", "log-convex", …; "gram": B^T M B with B affine; "root": h^p of
            a convex h >= 0; "mean": m^p of a concave m > 0.
        rule: a key of `RULES`.
        below: the proofs that it rests on.
        own: conditions of this step.
        needs: these, and those of the proofs below.
        degree: of a root or mean p.
        shown: what the rule is about where that is not the node alone, such as its second differential.
    """

    claim: str
    node: Node
    rule: str
    below: tuple[Proof, ...] = ()
    own: tuple[Need, ...] = ()
    degree: Node | None = None
    shown: Node | None = None
    needs: tuple[Need, ...] = ()

    @property
    def by(self) -> Rule:
        return RULES[self.rule]


def proved(
    claim: str, node: Node, rule: str, below: Iterable[Proof] = (), own: Iterable[Need] = (), **about: Node | None
) -> Proof:
    """A step with all conditions that it has."""
    premises, here = tuple(below), tuple(own)
    needs = tuple(dict.fromkeys((*(need for proof in premises for need in proof.needs), *here)))
    return Proof(claim, node, rule, premises, here, about.get("degree"), about.get("shown"), needs)


@dataclass(frozen=True, eq=False)
class Shape:
    """All claims that are proved of a node, each in the way that needs least.

    Attributes:
        proofs: by claim.
        roots: by p, that it is h^p of a convex h >= 0.
        means: by p, that it is m^p of a concave m > 0.
    """

    proofs: Mapping[str, Proof] = field(default_factory=dict)
    roots: Mapping[Node, Proof] = field(default_factory=dict)
    means: Mapping[Node, Proof] = field(default_factory=dict)

    def get(self, claim: str) -> Proof | None:
        """The proof of a claim, or of one that implies it; the one with the fewest conditions."""
        found = [self.proofs[c] for c in (*IMPLIED.get(claim, ()), claim) if c in self.proofs]
        return min(found, key=lambda proof: len(proof.needs), default=None)

    @property
    def is_constant(self) -> bool:
        return "constant" in self.proofs


def shape_of(proofs: Iterable[Proof]) -> Shape:
    """The claims of a node."""
    claims: dict[str, Proof] = {}
    roots: dict[Node, Proof] = {}
    means: dict[Node, Proof] = {}
    for proof in proofs:
        if proof.degree is not None:
            _keep(roots if proof.claim == "root" else means, proof.degree, proof)
        else:
            _keep(claims, proof.claim, proof)
    return Shape(claims, roots, means)


def _keep(kept: dict[str, Proof] | dict[Node, Proof], key: object, proof: Proof) -> None:
    known = kept.get(key)  # type: ignore[call-overload]
    if known is None or len(proof.needs) < len(known.needs):
        kept[key] = proof  # type: ignore[index]


def lines_of(root: Proof) -> Iterator[Proof]:
    """The proofs that it rests on, each once, and itself last."""
    stack, done, ready = [root], set[int](), set[int]()
    while stack:
        proof = stack[-1]
        if id(proof) in done:
            stack.pop()
        elif id(proof) in ready:
            stack.pop()
            done.add(id(proof))
            yield proof
        else:
            ready.add(id(proof))
            stack += reversed(proof.below)
