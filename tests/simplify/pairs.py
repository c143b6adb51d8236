"""Pairs of which it is known by other means than the prover's whether they are equal.

True ones: identities with expressions in place of their variables, polynomials that SymPy expanded, words of matrices multiplied
out by hand, values that grow and cancel. False ones: true ones with another sign, transposed, off by 1e-9; what holds for
some values only; what differs beyond a threshold. ``python -m tests.simplify.pairs`` decides all of them.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from itertools import product

import numpy as np

import matcalc as mc
from matcalc.checking.sampling import random_value
from matcalc.checking.values.evaluate import evaluate
from matcalc.errors import LimitError
from matcalc.expr import add, scaled
from matcalc.language import parse_pair
from matcalc.simplify.proof.prover import prove_zero
from tests.tables.commonplace import COMMONPLACE, MISREMEMBERED
from tests.tables.everyday import EVERYDAY, MISTAKEN
from tests.tables.identities import FALSE, TRUE
from tests.tables.natural import NATURAL

__all__ = ["false_pairs", "proved_alone", "true_pairs", "verdicts"]

#: left, right, declarations
Pair = tuple[str, str, str]

IDENTITIES: list[Pair] = [*(row[:3] for row in TRUE), *NATURAL, *EVERYDAY, *COMMONPLACE]

#: What stands for a variable of a kind: all of it holds for every value.
INSTANCES = {
    "scalar": ("(s t)", "(40 s)", "(s - 3)", "(t^3)", "(exp(s))", "(s - t / 2)"),
    "vector(n)": ("(x - y)", "(100 x)", "(M x)", "(x .* y)"),
    "matrix(n, n)": ("(M N)", "(M^T)", "(M - 2 N)", "(1000 M)", "(M + I)"),
}
PLAIN = {"s": "scalar", "t": "scalar", "x": "vector(n)", "y": "vector(n)", "M": "matrix(n, n)", "N": "matrix(n, n)"}


def _split(where: str) -> dict[str, str]:
    parts = re.findall(r"(\w+): ((?:\w+)(?:\([^)]*\))?)", where)
    return dict(parts)


def instances(rng: random.Random) -> Iterator[Pair]:
    """Identities with expressions in place of their variables."""
    for left, right, where in IDENTITIES:
        declared = _split(where)
        free = [
            n
            for n, kind in declared.items()
            if (kind in INSTANCES and kind != "matrix(n, n)") or kind == "matrix(n, n)"
        ]
        if not free or "eigvec" in left + right or any(n in PLAIN and n not in free for n in declared):
            continue
        put = {n: rng.choice(INSTANCES[declared[n]]) for n in free if declared[n] in INSTANCES}
        sides = [_with(put, side) for side in (left, right)]
        kept = {n: kind for n, kind in declared.items() if n not in put}
        if set(kept) & set(PLAIN):
            continue
        used = {n: kind for n, kind in PLAIN.items() if any(re.search(rf"\b{n}\b", side) for side in sides)}
        pair = sides[0], sides[1], ", ".join(f"{n}: {kind}" for n, kind in {**kept, **used}.items())
        if is_defined(*pair):
            yield pair


def is_defined(left: str, right: str, where: str) -> bool:
    """Not so is (M - M)^-1."""
    try:
        parse_pair(left, right, where)
    except mc.MatcalcError:
        return False
    return True


def _with(put: dict[str, str], side: str) -> str:
    return re.sub(r"\b[A-Za-z]\w*\b", lambda m: put.get(m[0], m[0]), side)


#: Values between that are huge or nearly cancel; c, d are numbers.
LARGE = (
    ("exp({c} s) exp(-{c} s)", "1", "s: scalar"),
    ("exp({c} s) (cosh({c} s) - sinh({c} s))", "1", "s: scalar"),
    ("cosh({c} s)^2 - sinh({c} s)^2", "1", "s: scalar"),
    ("log(exp({c} s))", "{c} s", "s: scalar"),
    ("expm({d} A) expm(-{d} A)", "I", "A: matrix(n, n)"),
    ("det({c} A)", "{c}^n det(A)", "A: matrix(n, n)"),
    ("det(A / {c})", "det(A) / {c}^n", "A: matrix(n, n)"),
    ("(s + {c}^5) - {c}^5", "s", "s: scalar"),
    ("(s + {c}^3)^2 - {c}^6 - 2 * {c}^3 s", "s^2", "s: scalar"),
    ("inv({c}^4 A)", "inv(A) / {c}^4", "A: matrix(n, n)"),
    ("logdet({c} P)", "n log({c}) + logdet(P)", "P: spd(n)"),
    ("eigmax(expm({d} S))", "exp({d} eigmax(S))", "S: symmetric(n)"),
    ("sum(exp({c} x)) / exp({c} s)", "sum(exp({c} (x - s)))", "x: vector(n), s: scalar"),
    ("log(sum(exp(x + {c})))", "{c} + log(sum(exp(x)))", "x: vector(n)"),
    ("sqrt(({c} s)^2 + ({c} t)^2)", "{c} sqrt(s^2 + t^2)", "s: scalar, t: scalar"),
    ("({c} + s) / ({c} - s) - 1", "2 s / ({c} - s)", "s: scalar"),
    ("tanh({c} s)", "1 - 2 / (1 + exp(2 * {c} s))", "s: scalar"),
    ("sigmoid({c} s) + sigmoid(-{c} s)", "1", "s: scalar"),
    ("||{c} x||", "{c} ||x||", "x: vector(n)"),
    ("tr(A)^2 - (tr(A) - {c})^2", "2 * {c} tr(A) - {c}^2", "A: matrix(n, n)"),
)


def large(rng: random.Random) -> Iterator[Pair]:
    for (left, right, where), _ in product(LARGE, range(6)):
        c, d = rng.choice((7, 20, 40, 90, 150, 300)), rng.choice((2, 5, 8, 12))
        yield left.format(c=c, d=d), right.format(c=c, d=d), where


def polynomials(rng: random.Random, count: int) -> Iterator[Pair]:
    """Polynomials and fractions of s and t, and what SymPy makes of them."""
    import sympy

    s, t = sympy.symbols("s t", real=True)
    for _ in range(count):
        f = sum(
            rng.randint(-3, 3) * s ** rng.randint(0, 3) * (t - rng.randint(-2, 2)) ** rng.randint(0, 3)
            for _ in range(3)
        )
        g = (s - rng.randint(1, 3) * t) ** 2 + rng.randint(1, 4)
        typed = f * g if rng.random() < 0.5 else f / g
        other = rng.choice((sympy.expand, sympy.factor, sympy.together, lambda e: sympy.apart(sympy.together(e), s)))(
            typed
        )
        yield str(typed).replace("**", "^"), str(other).replace("**", "^"), "s: scalar, t: scalar"


def words(rng: random.Random, count: int) -> Iterator[Pair]:
    """Products of sums of matrices, multiplied out as words of letters that do not commute."""
    letters = ("A", "B", "C", "A^T", "B^T")
    for _ in range(count):
        sums = [[(rng.choice((1, -1, 2, -3)), rng.choice(letters)) for _ in range(2)] for _ in range(rng.randint(2, 3))]
        total: dict[tuple[str, ...], int] = {}
        for choice in product(*sums):
            word = tuple(letter for _, letter in choice)
            total[word] = total.get(word, 0) + int(np.prod([c for c, _ in choice]))
        left = " ".join("(" + " + ".join(f"({c}) {letter}" for c, letter in part) + ")" for part in sums)
        terms = [f"({c}) {' '.join(word)}" for word, c in total.items()]
        rng.shuffle(terms)
        if rng.random() < 0.5:
            yield (
                f"tr({left})",
                " + ".join(f"tr({t})" for t in terms),
                "A: matrix(n, n), B: matrix(n, n), C: matrix(n, n)",
            )
        else:
            yield left, " + ".join(terms), "A: matrix(n, n), B: matrix(n, n), C: matrix(n, n)"


def true_pairs() -> list[Pair]:
    rng = random.Random(16)
    return [*large(rng), *polynomials(rng, 60), *words(rng, 60), *instances(rng)]


# --- false ones -----------------------------------------------------------------------------------

#: True for some values of the variables, or up to a threshold that is far away.
HALVES: list[Pair] = [
    ("A + A^T", "0", "A: matrix(n, n)"), ("A x", "0", "A: matrix(m, n), x: vector(n)"), ("A", "1", "A: matrix(n, n)"),
    ("abs(s)", "s", "s: scalar"), ("sqrt(s^2)", "s", "s: scalar"), ("sqrt((s - t)^2)", "s - t", "s: scalar, t: scalar"),
    ("max(s, t)", "s", "s: scalar, t: scalar"), ("relu(s)", "s", "s: scalar"), ("sign(s)", "1", "s: scalar"),
    ("sign(s)^2", "1", "s: scalar"), ("sign(1/s)", "1", "s: scalar"), ("sign(s) abs(s)", "abs(s)", "s: scalar"),
    ("atan(1/s)", "pi/2 - atan(s)", "s: scalar"), ("atan(1/s)", "pi/2 sign(s) + atan(s)", "s: scalar"),
    ("atan(s) + atan(t)", "atan((s + t) / (1 - s t))", "s: scalar, t: scalar"), ("asin(sin(s))", "s", "s: scalar"),
    ("acos(cos(s))", "s", "s: scalar"), ("atan(tan(s))", "s", "s: scalar"), ("acosh(cosh(s))", "s", "s: scalar"),
    ("log(s^2)", "2 log(abs(s)) + 1", "s: scalar"), ("cbrt(s)^2", "cbrt(s)", "s: scalar"), ("abs(s)^3", "s^3", "s: scalar"),
    ("abs(s + t)", "abs(s) + abs(t)", "s: scalar, t: scalar"), ("abs(s^2 - t^2)", "s^2 - t^2", "s: scalar, t: scalar"),
    ("abs(s^2 - t^2)", "abs(s - t) (s + t)", "s: scalar, t: scalar"), ("max(s, -4)", "s", "s: scalar"),
    ("max(s^2, t^2)", "max(s, t)^2", "s: scalar, t: scalar"), ("max(u s, u t)", "u max(s, t)", "u: scalar, s: scalar, t: scalar"),
    ("huber(s, 10)", "s^2 / 2", "s: scalar"), ("relu(s + 5)", "s + 5", "s: scalar"), ("where(s > 30, 0, s)", "s", "s: scalar"),
    ("max(s, -100)", "s", "s: scalar"), ("min(s, 50)", "s", "s: scalar"), ("where(s > 0, s, s^2)", "s", "s: scalar"),
    ("softplus(s)", "s", "s: scalar"), ("s / abs(s)", "1", "s: scalar"), ("max(x)", "max(abs(x))", "x: vector(n)"),
    ("norm_inf(s x)", "s norm_inf(x)", "s: scalar, x: vector(n)"), ("max(s x)", "s max(x)", "s: scalar, x: vector(n)"),
    ("||s x||", "s ||x||", "s: scalar, x: vector(n)"), ("norm1(x)", "sum(x)", "x: vector(n)"), ("prod(abs(x))", "prod(x)", "x: vector(n)"),
    ("eigmax(S^2)", "eigmax(S)^2", "S: symmetric(n)"), ("eigmin(S^2)", "eigmin(S)^2", "S: symmetric(n)"),
    ("norm_spec(S)", "eigmax(S)", "S: symmetric(n)"), ("eigmax(S)", "-eigmin(S)", "S: symmetric(n)"),
    ("norm_spec(S)", "eigmax(S) - eigmin(S)", "S: symmetric(n)"), ("norm_spec(S)", "max(eigmax(S), eigmin(S))", "S: symmetric(n)"),
    ("eigmax(s S)", "s eigmax(S)", "s: scalar, S: symmetric(n)"), ("norm_nuc(S)", "tr(S)", "S: symmetric(n)"),
    ("eigmax(inv(S))", "1 / eigmin(S)", "S: symmetric(n)"), ("eigmax(P^-1)", "1 / eigmax(P)", "P: spd(n)"),
    ("eigmin(P^-2)", "1 / eigmin(P)^2", "P: spd(n)"), ("eigmax(S + T)", "eigmax(S) + eigmax(T)", "S: symmetric(n), T: symmetric(n)"),
    ("eigvals(S^2)", "eigvals(S).^2", "S: symmetric(n)"), ("norm_spec(A^2)", "norm_spec(A)^2", "A: matrix(n, n)"),
    ("norm_spec(A)", "eigmax(A + A^T) / 2", "A: matrix(n, n)"), ("A^T", "A", "A: matrix(n, n)"), ("A B", "B A", "A: matrix(n, n), B: matrix(n, n)"),
    ("D A", "A D", "D: diagonal(n), A: matrix(n, n)"), ("D E", "E D + 10^-9 D", "D: diagonal(n), E: diagonal(n)"),
    ("tr(D A D)", "tr(D)^2 tr(A)", "D: diagonal(n), A: matrix(n, n)"), ("tr(D A)", "tr(D) tr(A)", "D: diagonal(n), A: matrix(n, n)"),
    ("diag(A B)", "diag(A) .* diag(B)", "A: matrix(n, n), B: matrix(n, n)"), ("diag(L U)", "diag(L) .* diag(U)", "L: lower(n), U: upper(n)"),
    ("det(A)", "prod(diag(A))", "A: matrix(n, n)"), ("diag(A^2)", "diag(A).^2", "A: matrix(n, n)"), ("diag(inv(A))", "1 ./ diag(A)", "A: matrix(n, n)"),
    ("det(L + U)", "prod(diag(L)) + prod(diag(U))", "L: lower(n), U: upper(n)"), ("triu(A)", "A", "A: matrix(n, n)"),
    ("(A B)^2", "A^2 B^2", "A: matrix(n, n), B: matrix(n, n)"), ("expm(A + B)", "expm(A) expm(B)", "A: matrix(n, n), B: matrix(n, n)"),
    ("pinv(A B)", "pinv(B) pinv(A)", "A: matrix(m, n), B: matrix(n, k)"), ("det(A + B)", "det(A) + det(B)", "A: matrix(n, n), B: matrix(n, n)"),
    ("A pinv(A)", "I", "A: matrix(n, n)"), ("X pinv(X)", "I", "X: matrix(m, n)"), ("x pinv(x)", "I", "x: vector(n)"), ("Q^2", "I", "Q: orthogonal(n)"),
    ("det(Q)", "1", "Q: orthogonal(n)"), ("tr(K A)", "0", "K: skew(n), A: matrix(n, n)"), ("det(K)", "0", "K: skew(n)"),
    ("x^T A x", "x^T A^T x + 10^-9 x^T x", "A: matrix(n, n), x: vector(n)"), ("chol(P)", "sqrtm(P)", "P: spd(n)"), ("chol(P)^T chol(P)", "P", "P: spd(n)"),
    ("logm(P R)", "logm(P) + logm(R)", "P: spd(n), R: spd(n)"), ("sqrtm(P R)", "sqrtm(P) sqrtm(R)", "P: spd(n), R: spd(n)"),
    ("norm_spec(x y^T)", "abs(x^T y)", "x: vector(n), y: vector(n)"), ("norm_nuc(X)", "||X||_F", "X: matrix(m, n)"),
    ("prod(x + y)", "prod(x) + prod(y)", "x: vector(n), y: vector(n)"), ("prod(2 x)", "2 prod(x)", "x: vector(n)"), ("prod(exp(x))", "exp(prod(x))", "x: vector(n)"),
    ("max(x + y)", "max(x) + max(y)", "x: vector(n), y: vector(n)"), ("min(x)", "-max(x)", "x: vector(n)"), ("min(-x)", "max(x)", "x: vector(n)"),
    ("sign(x + y)", "sign(x) + sign(y)", "x: vector(n), y: vector(n)"), ("sign(s - t)", "sign(s) - sign(t)", "s: scalar, t: scalar"),
    ("sign(s^2)", "sign(s)", "s: scalar"), ("sign(s^3)", "sign(s)^2", "s: scalar"), ("abs(s)^2 / s", "abs(s)", "s: scalar"),
    ("sin(asin(s))", "s + 10^-8 s^3", "s: scalar"), ("asinh(sinh(s))", "abs(s)", "s: scalar"), ("lgamma(s + 1)", "lgamma(s) + s", "s: scalar"),
    ("exp(40 s) exp(-40 t)", "1", "s: scalar, t: scalar"), ("expm(3 A) expm(-3 A^T)", "I", "A: matrix(n, n)"), ("erf(s)", "tanh(s)", "s: scalar"),
    ("erf(s)", "tanh(2 s / sqrt(pi))", "s: scalar"), ("gelu(s)", "s sigmoid(1.702 s)", "s: scalar"), ("exp(-s^2) + 10^-12", "exp(-s^2)", "s: scalar"),
]  # fmt: skip

NEAR = "(1 + 10^-9)"


def mutated(rng: random.Random) -> Iterator[Pair]:
    """True ones with another sign, another transpose, another coefficient: where the right side shows the change."""
    for left, right, where in IDENTITIES:
        value = value_of(right, where)
        if (
            value is None
            or not np.isfinite(value).all()
            or (np.abs(value).min(initial=1) < 1e-3 and np.abs(value).max(initial=0) < 1e-2)
        ):
            continue
        square = value.ndim == 2 and value.shape[0] == value.shape[1] > 1 and np.abs(value - value.T).max() > 1e-2
        changes = [f"-({right})", f"{NEAR} ({right})", f"(1 - 10^-6) ({right})", *([f"({right})^T"] if square else [])]
        yield left, rng.choice(changes), where


def value_of(text: str, where: str) -> np.ndarray | None:
    """The value at a random point; None where it cannot be told from the text alone."""
    rng = np.random.default_rng(7)
    try:
        f = mc.parse(text, where or None)
        values = {n: random_value(d, dict.fromkeys("nmkpq", 3), rng) for n, d in f.declarations.items()}
        with np.errstate(all="ignore"):
            return evaluate(f.node, values, dict.fromkeys("nmkpq", 3))
    except (mc.MatcalcError, ValueError, KeyError, np.linalg.LinAlgError):
        return None


def false_pairs() -> list[Pair]:
    rng = random.Random(61)
    return [*HALVES, *FALSE, *MISTAKEN, *MISREMEMBERED, *mutated(rng)]


# --- all of them ----------------------------------------------------------------------------------


def verdicts(pairs: list[Pair], wrong: str) -> Iterator[tuple[Pair, str]]:
    """The pairs of which the wrong thing is said, and those for which a limit ends the search."""
    for left, right, where in pairs:
        try:
            answer = mc.equal(left, right, where or None)
        except LimitError as limit:
            print("   ", (left, right, where), limit.message)
            continue
        if answer.verdict == wrong:
            yield (left, right, where), str(answer)


def proved_alone(pairs: list[Pair]) -> Iterator[tuple[Pair, str]]:
    """The pairs that the prover proves where no value is asked before."""
    for left, right, where in pairs:
        try:
            a, b = (side.node for side in parse_pair(left, right, where or None))
        except mc.MatcalcError:  # of different shapes
            continue
        proof = prove_zero(add(a, scaled(-1, b))) if a.shape == b.shape else None
        if proof is not None:
            yield (left, right, where), ", ".join(proof.steps)


if __name__ == "__main__":
    alone = list(proved_alone(false_pairs()))
    print(f"{len(alone)} of the false ones proved without a look at values", *alone, sep="\n    ")
    for name, pairs, wrong in (("true", true_pairs(), "refuted"), ("false", false_pairs(), "proved")):
        found = list(verdicts(pairs, wrong))
        print(f"{len(pairs)} {name} pairs, {len(found)} {wrong}")
        for pair, said in found:
            print("   ", pair, said)
