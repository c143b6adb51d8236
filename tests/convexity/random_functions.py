"""Random functions of numbers, vectors and matrices, as text: what is said of them is tried on segments.

    python -m tests.convexity.random_functions COUNT [SEED]

prints every positive verdict that a segment refutes, and how many verdicts of each kind there were.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from collections.abc import Iterator

import numpy as np

import matcalc as mc
from matcalc.checking import Subject
from matcalc.convexity import Line
from matcalc.convexity.composition import CURVATURE
from matcalc.convexity.context import Context
from matcalc.convexity.judging import proof_in
from matcalc.convexity.kinds.certainty import constant_of, is_strict, strict_line, strong_line
from matcalc.convexity.kinds.quasi import weaker_claims
from matcalc.convexity.proofs import Proof
from matcalc.convexity.search import segments
from matcalc.objects.variables import variable_named
from matcalc.printing import text as text_of
from tests.convexity.segments import Segments, holds

__all__ = ["refuted", "texts"]

WHERE = (
    "x: vector(n), y: vector(n), p: vector(n, positive), s: scalar, t: scalar, u: scalar(positive), v: scalar(positive), "
    "a: vector(n), b: vector(n), q: vector(n, positive), c: scalar(positive), A: matrix(n, n), P: psd(n), S: spd(n), "
    "M: symmetric(n), C: spd(n), X: matrix(n, n)"
)
#: Each positive verdict is tried from so many points, with nine segments from each; further claims on so many segments.
TRIALS, LINES = 45, 40
MOVING = ("x", "y", "p", "s", "t", "u", "v", "S", "M", "X")
OF_NUMBERS = (
    "exp log sqrt abs relu sigmoid softplus tanh sin cosh log1p cbrt erf lgamma digamma huber silu gelu step sign sinh atan asinh "
    "logcosh expm1 log2 exp2 inverse_mills log_ndtr erfc cos trigamma"
).split()
POWERS = ("^2", "^3", "^4", "^(1/2)", "^(-1)", "^(-2)", "^(1/3)", "^(3/2)", "^(-1/2)", "^(2/3)")


def _number(rng: random.Random, depth: int) -> str:
    """A scalar."""
    if depth <= 0:
        return rng.choice(
            [
                "s",
                "t",
                "u",
                "v",
                "u",
                "v",
                "c",
                "a^T x",
                "b^T x + 1",
                "sum(x)",
                "s + t",
                "2",
                "1",
                "u + v",
                "1 + u",
                "q^T p",
                "tr(S)",
                "tr(A X)",
            ]
        )
    pick = rng.random()
    inner = lambda: _number(rng, depth - 1)  # noqa: E731
    if pick < 0.2:
        return f"({inner()} {rng.choice('+-')} {rng.choice(['', '2 ', '1/2 '])}{inner()})"
    if pick < 0.3:
        return f"({inner()}) ({inner()})"
    if pick < 0.38:
        return f"({inner()}) / ({inner()})"
    if pick < 0.52:
        return f"({inner()}){rng.choice(POWERS)}"
    if pick < 0.68:
        name = rng.choice(OF_NUMBERS)
        return f"{name}({inner()}, 1)" if name == "huber" else f"{name}({inner()})"
    if pick < 0.73:
        return f"{rng.choice(['max', 'min', 'logaddexp', 'hypot'])}({inner()}, {inner()})"
    if pick < 0.9:
        return _of_vector(rng, depth - 1)
    return _of_matrix(rng, depth - 1)


def _vector(rng: random.Random, depth: int) -> str:
    if depth <= 0:
        return rng.choice(["x", "y", "p", "A x", "A x + b", "x - y", "p", "a .* x", "q .* p", "X a", "S b", "x + p"])
    pick = rng.random()
    if pick < 0.45:
        name = rng.choice([n for n in OF_NUMBERS if n != "huber"])
        return f"{name}({_vector(rng, depth - 1)})"
    if pick < 0.6:
        return f"({_vector(rng, depth - 1)}).{rng.choice(POWERS)}"
    if pick < 0.75:
        return f"({_vector(rng, depth - 1)} {rng.choice(['+', '-', '.*', './'])} {_vector(rng, depth - 1)})"
    if pick < 0.85:
        return f"({rng.choice(['A', 'P', 'M', 'X'])} ({_vector(rng, depth - 1)}))"
    return f"(({_number(rng, depth - 1)}) * ({_vector(rng, depth - 1)}))"


def _of_vector(rng: random.Random, depth: int) -> str:
    v, w = _vector(rng, depth), _vector(rng, depth - 1)
    return rng.choice(
        [
            f"sum({v})", f"norm2({v})", f"norm1({v})", f"||{v}||^2", f"max({v})", f"min({v})", f"logsumexp({v})", f"({v})^T P ({v})",
            f"({v})^T ({w})", f"norm({v}, 3)", f"norm_inf({v})", f"a^T ({v})", f"q^T ({v})", f"({v})^T C^-1 ({v})", f"({v})^T S^-1 ({v})",
            f"mean({v})", f"prod({v})", f"entropy({v})", f"kl({v}, {w})", f"var({v})", f"std({v})", f"({v})^T A ({v})", f"log(sum(exp({v})))",
            f"({v})^T diag({w}) ({v})", f"norm2({v} - {w})",
        ]
    )  # fmt: skip


def _matrix(rng: random.Random, depth: int) -> str:
    if depth <= 0:
        return rng.choice(
            [
                "S",
                "M",
                "S + P",
                "S + M",
                "A^T S A",
                "X^T X",
                "C + diag(p)",
                "diag(p)",
                "A diag(p) A^T + C",
                "S^-1",
                "x x^T",
                "X + X^T",
                "eye(n) + X^T P X",
                "S^2",
                "M^2",
            ]
        )
    return rng.choice(
        [
            f"({_matrix(rng, depth - 1)} + {_matrix(rng, depth - 1)})", f"({_matrix(rng, depth - 1)})^-1", f"sqrtm({_matrix(rng, depth - 1)})",
            f"logm({_matrix(rng, depth - 1)})", f"expm({_matrix(rng, depth - 1)})", f"(A^T ({_matrix(rng, depth - 1)}) A)", f"({_matrix(rng, depth - 1)})^2",
            f"({_matrix(rng, depth - 1)})^3", f"(2 {_matrix(rng, depth - 1)} - C)",
        ]
    )  # fmt: skip


def _of_matrix(rng: random.Random, depth: int) -> str:
    m = _matrix(rng, min(depth, 1))
    return rng.choice(
        [
            f"tr({m})", f"logdet({m})", f"det({m})", f"eigmax({m})", f"eigmin({m})", f"tr(P {m})", f"a^T ({m}) a", f"norm_nuc({m})",
            f"norm_spec({m})", f"tr(({m}) ({m}))", f"tr(({m})^-1)", f"(det({m}))^(1/3)", f"tr(A ({m}))", f"sum({m})", f"norm_F({m})",
        ]
    )  # fmt: skip


def texts(count: int, seed: int) -> Iterator[str]:
    """So many scalar functions."""
    rng = random.Random(seed)
    for _ in range(count):
        yield _number(rng, rng.choice([1, 2, 2, 3, 3, 4]))


def refuted(text: str, rng: random.Random) -> tuple[str, str]:
    """The verdict by some of its variables, and what refutes it, if anything does."""
    try:
        f = mc.parse(text, WHERE)
        names = [n for n in MOVING if n in {v.data[0] for v in mc.expr.variables(f.node)}]
        if not names:
            return "constant", ""
        wrt = rng.sample(names, rng.randint(1, min(2, len(names))))
        moving = [variable_named(f, n) for n in wrt]
        at = Context(CURVATURE, f.node, moving)
        proof = proof_in(at, f.node, moving)
    except mc.MatcalcError as error:
        return "internal" if "report" in str(error) else "refused", ""
    if proof is None:
        return _weaker(f, wrt, at)
    if proof.needs:
        return f"{proof.claim} under conditions", ""
    found = segments(Subject(f.node, f.declarations, f.tree), wrt, seed=rng.randint(0, 10**6), trials=TRIALS)
    wrong = {"convex": [found.above], "concave": [found.below], "affine": [found.above, found.below]}[proof.claim]
    shown = next((s for s in wrong if s is not None), None)
    if shown is not None:
        return proof.claim, f"{text} by {wrt}: {proof.claim}, gap {shown.gap:.3g} at {shown.a} {shown.b}"
    return _stricter(f, wrt, proof, at)


def _weaker(f: mc.Expr, wrt: list[str], at: Context) -> tuple[str, str]:
    """Log-concave, quasi-convex, without conditions."""
    found = [p for p in weaker_claims(f.node, at) if not p.needs]
    lines = [Line(str(f), f"is {p.claim}", p.rule) for p in found]
    return "unproved" if not found else found[0].claim, _false(lines, f, wrt)


def _stricter(f: mc.Expr, wrt: list[str], proof: Proof, at: Context) -> tuple[str, str]:
    """Strictly, or strongly with a constant."""
    constant = constant_of(proof, at)
    if constant is None and not is_strict(proof, at):
        return proof.claim, ""
    line = strict_line(proof, f.style) if constant is None else strong_line(proof, text_of(constant), f.style)
    return f"{'strictly' if constant is None else 'strongly'} {proof.claim}", _false([line], f, wrt)


def _false(lines: list[Line], f: mc.Expr, wrt: list[str]) -> str:
    on = Segments(f, wrt)
    wrong = [line for line in lines if not holds(line, on, LINES, least=0)]
    return "; ".join(f"{line} by {wrt}" for line in wrong)


def main() -> None:
    count, seed = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0
    rng, counts, start = random.Random(seed), Counter[str](), time.time()
    with np.errstate(all="ignore"):
        for text in texts(count, seed):
            try:
                verdict, wrong = refuted(text, rng)
            except Exception as error:
                verdict, wrong = "FAILED", f"{text}: {error!r}"
            counts[verdict] += 1
            if wrong:
                print(wrong, flush=True)
    print(dict(counts), f"{time.time() - start:.0f} s")


if __name__ == "__main__":
    main()
