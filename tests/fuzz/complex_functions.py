"""Random functions of complex variables, as a text of the language and as a text of NumPy, and their derivatives beside JAX.

    python -m tests.fuzz.complex_functions 1000 0      # how many, and the seed

JAX gives g = 2 ∂u/∂z for a real u, so that ∂f/∂z = (g_re + j g_im) / 2 and ∂f/∂z^* = (conj(g_re) + j conj(g_im)) / 2.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from typing import Any

import numpy as np

import matcalc as mc
from matcalc.records import dataclass

WHERE = (
    "s: complex scalar, t: complex scalar, r: scalar, x: vector(n), z: complex vector(n), a: complex vector(n), Z: complex matrix(n, n), "
    "A: complex matrix(n, n), S: hermitian(n), R: hpd(n)"
)
N = 3
Pair = tuple[str, str]


class Maker:
    """Draws expressions of numbers, columns and matrices; real ones on request."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)

    def _one(self, *makers: Any) -> Pair:
        pair: Pair = makers[self.rng.integers(len(makers))]()
        return pair

    def number(self, depth: int) -> Pair:
        """A complex number."""
        if depth <= 0:
            return self._one(
                lambda: ("s", "s"), lambda: ("t", "t"), lambda: ("r", "r"), lambda: ("j", "1j"), lambda: ("2", "2.0")
            )
        d = depth - 1
        return self._one(
            lambda: self._two(self.number(d), self.number(d), "({} + {})", "({} + {})"),
            lambda: self._two(self.number(d), self.number(d), "({} - {})", "({} - {})"),
            lambda: self._two(self.number(d), self.number(d), "({} * {})", "({} * {})"),
            lambda: self._two(self.column(d), self.column(d), "(({})^H ({}))", "(xp.conj({}) @ ({}))"),
            lambda: self._two(self.column(d), self.column(d), "(({})^T ({}))", "(({}) @ ({}))"),
            lambda: self._two(self.column(d), self.column(d), "<{}, {}>", "xp.vdot({}, {})"),
            lambda: self._of(self.number(d), "conj({})", "xp.conj({})"),
            lambda: self._of(self.number(d), "exp({})", "xp.exp({})"),
            lambda: self._of(self.number(d), "sin({})", "xp.sin({})"),
            lambda: self._of(self.number(d), "cosh({})", "xp.cosh({})"),
            lambda: self._of(self.number(d), "({})^2", "({})**2"),
            lambda: self._of(self.number(d), "(1 / (2 + {}))", "(1 / (2 + {}))"),
            lambda: self._of(self.number(d), "log(3 + {})", "xp.log(3 + {} + 0j)"),
            lambda: self._of(self.number(d), "sqrt(3 + {})", "xp.sqrt(3 + {} + 0j)"),
            lambda: self._of(self.matrix(d), "tr({})", "xp.trace({})"),
            lambda: self._of(self.matrix(d), "det({})", "xp.linalg.det({})"),
            lambda: self._of(self.column(d), "sum({})", "xp.sum({})"),
            lambda: self.real(d),
        )

    def real(self, depth: int) -> Pair:
        """A real number."""
        d = depth - 1
        if depth <= 0:
            return self._one(
                lambda: ("r", "r"),
                lambda: ("re(s)", "xp.real(s)"),
                lambda: ("|t|^2", "xp.abs(t)**2"),
                lambda: ("im(s)", "xp.imag(s)"),
            )
        return self._one(
            lambda: self._of(self.number(d), "re({})", "xp.real({})"),
            lambda: self._of(self.number(d), "im({})", "xp.imag({} + 0j)"),
            lambda: self._of(self.number(d), "abs({})", "xp.abs({})"),
            lambda: self._of(self.number(d), "abs({})^2", "xp.abs({})**2"),
            lambda: self._of(self.number(d), "abs({})^3", "xp.abs({})**3"),
            lambda: self._of(self.column(d), "||{}||^2", "xp.sum(xp.abs({})**2)"),
            lambda: self._of(self.column(d), "||{}||", "xp.sqrt(xp.sum(xp.abs({})**2))"),
            lambda: self._of(self.column(d), "sum(abs({}))", "xp.sum(xp.abs({}))"),
            lambda: self._of(self.column(d), "norm1({})", "xp.sum(xp.abs({}))"),
            lambda: self._of(self.matrix(d), "||{}||_F^2", "xp.sum(xp.abs({})**2)"),
            lambda: self._of(self.matrix(d), "logdet({})", "xp.linalg.slogdet({} + 0j)[1]"),
            lambda: self._of(self.column(d), "log(1 + ||{}||^2)", "xp.log(1 + xp.sum(xp.abs({})**2))"),
            lambda: self._of(self.column(d), "({0})^H S ({0})", "xp.real(xp.conj({0}) @ S @ ({0}))"),
            lambda: self._of(
                self.matrix(d),
                "logdet(I + ({0}) R ({0})^H)",
                "xp.linalg.slogdet(xp.eye(3) + ({0}) @ R @ xp.conj({0}).T)[1]",
            ),
            lambda: self._of(self.real(d), "exp(-{})", "xp.exp(-({}))"),
            lambda: self._of(self.real(d), "sigmoid({})", "(1 / (1 + xp.exp(-({}))))"),
            lambda: self._of(self.real(d), "tanh({})", "xp.tanh({})"),
            lambda: self._of(self.real(d), "abs({})", "xp.abs({})"),
            lambda: self._of(self.real(d), "sqrt(({})^2)", "xp.sqrt(({})**2)"),
            lambda: self._two(self.real(d), self.real(d), "({} + {})", "({} + {})"),
            lambda: self._two(self.real(d), self.real(d), "({} * {})", "({} * {})"),
            lambda: self._two(self.real(d), self.real(d), "({} / (1 + ({})^2))", "({} / (1 + ({})**2))"),
        )

    def column(self, depth: int) -> Pair:
        """A complex column."""
        if depth <= 0:
            return self._one(lambda: ("z", "z"), lambda: ("a", "a"), lambda: ("x", "x"), lambda: ("z", "z"))
        d = depth - 1
        return self._one(
            lambda: self._two(self.column(d), self.column(d), "({} + {})", "({} + {})"),
            lambda: self._two(self.column(d), self.column(d), "({} .* {})", "({} * {})"),
            lambda: self._two(self.matrix(d), self.column(d), "(({}) ({}))", "(({}) @ ({}))"),
            lambda: self._two(self.number(d), self.column(d), "(({}) * ({}))", "(({}) * ({}))"),
            lambda: self._of(self.column(d), "conj({})", "xp.conj({})"),
            lambda: self._of(self.column(d), "sin({})", "xp.sin({})"),
            lambda: self._of(self.column(d), "abs({})", "xp.abs({})"),
            lambda: self._of(self.column(d), "re({})", "xp.real({})"),
            lambda: self._of(self.matrix(d), "diag({})", "xp.diag({})"),
        )

    def matrix(self, depth: int) -> Pair:
        """A complex square matrix."""
        if depth <= 0:
            return self._one(*(lambda n=n: (n, n) for n in "ZARSZ"))  # type: ignore[misc]
        d = depth - 1
        return self._one(
            lambda: self._two(self.matrix(d), self.matrix(d), "({} + {})", "({} + {})"),
            lambda: self._two(self.matrix(d), self.matrix(d), "(({}) ({}))", "(({}) @ ({}))"),
            lambda: self._two(self.matrix(d), self.matrix(d), "({} .* {})", "({} * {})"),
            lambda: self._two(self.column(d), self.column(d), "(A + ({}) ({})^H)", "(A + xp.outer({}, xp.conj({})))"),
            lambda: self._two(self.column(d), self.column(d), "(A + ({}) ({})^T)", "(A + xp.outer({}, {}))"),
            lambda: self._of(self.matrix(d), "({})^H", "xp.conj({}).T"),
            lambda: self._of(self.matrix(d), "({})^T", "({}).T"),
            lambda: self._of(self.matrix(d), "conj({})", "xp.conj({})"),
            lambda: self._of(self.matrix(d), "inv(2 I + {})", "xp.linalg.inv(2 * xp.eye(3) + {})"),
            lambda: self._of(self.matrix(d), "inv({})", "xp.linalg.inv({})"),
            lambda: self._of(self.column(d), "diag({})", "xp.diag({})"),
        )

    @staticmethod
    def _of(inside: Pair, text: str, code: str) -> Pair:
        return text.format(inside[0]), code.format(inside[1])

    @staticmethod
    def _two(left: Pair, right: Pair, text: str, code: str) -> Pair:
        return text.format(left[0], right[0]), code.format(left[1], right[1])

    def point(self) -> dict[str, Any]:
        """Values for all names."""
        draw = lambda *shape: (self.rng.standard_normal(shape) + 1j * self.rng.standard_normal(shape)) * 0.5  # noqa: E731
        m, b = draw(N, N), draw(N, N)
        return {
            "s": draw(), "t": draw(), "r": 0.7 * self.rng.standard_normal(), "x": self.rng.standard_normal(N), "z": draw(N), "a": draw(N),
            "Z": draw(N, N) + np.eye(N), "A": draw(N, N), "S": (m + m.conj().T) / 2, "R": b @ b.conj().T + np.eye(N),
        }  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """What became of one function: "right", "wrong", "refused" or "left out", with the place."""

    verdict: str
    text: str
    detail: str = ""


def by_jax(code: str, values: dict[str, Any], name: str) -> tuple[Any, Any, complex]:
    """∂f/∂z, ∂f/∂z^* and f."""
    import jax

    jax.config.update("jax_enable_x64", True)
    xp = jax.numpy
    compiled = compile(code, "<code>", "eval")

    def f(x: Any) -> Any:
        return eval(compiled, {"xp": xp, **values, name: x}) + 0j

    z = xp.asarray(values[name], complex)
    g = [np.asarray(jax.grad(lambda x, part=part: part(f(x)))(z)) for part in (xp.real, xp.imag)]
    return (g[0] + 1j * g[1]) / 2, (g[0].conj() + 1j * g[1].conj()) / 2, complex(f(z))


def tried(seed: int, depth: int = 3) -> Outcome:
    """One function, its derivatives by one variable in the printed form and in code, beside JAX."""
    maker = Maker(seed)
    text, code = maker.real(depth) if seed % 2 else maker.number(depth)
    names = sorted({"z", "Z", "s", "t"} & set(re.findall(r"[A-Za-z]+", code)))
    if not names:
        return Outcome("left out", text, "no variable")
    name = names[maker.rng.integers(len(names))]
    values = maker.point()
    try:
        found = [mc.derivative(text, w, where=WHERE) for w in (name, f"conj({name})")]
    except mc.MatcalcError as error:
        return Outcome("refused", text, str(error).split("\n")[0])
    wanted = by_jax(code, values, name)
    scale = max(1e-3, *(float(np.max(np.abs(w))) for w in wanted[:2]))
    if not np.isfinite(scale) or scale > 1e8:
        return Outcome("left out", text, "too large")
    if any("> 0" in condition for condition in found[0].conditions) and not np.isclose(wanted[2].imag, 0):
        return Outcome("left out", text, "outside of the domain of a real function")
    if getattr(found[0], "is_real", False) and abs(wanted[2].imag) > 1e-9 * (1 + abs(wanted[2])):
        return Outcome("wrong", text, f"{name}: seen as real, and is {wanted[2]}")
    for derivative, right in zip(found, wanted[:2], strict=True):
        try:
            fn = mc.compile(derivative)
        except mc.MatcalcError as error:
            return Outcome("no code", text, str(error).split("\n")[0])
        with np.errstate(all="ignore"):
            given = fn(**{n: values[n] for n in derivative.f.declarations})
        if not np.max(np.abs(given - right)) < 1e-7 * scale:
            return Outcome("wrong", text, f"{name}: {derivative} gives {given}, JAX {right}")
    return Outcome("right", text)


def main(count: int, start: int) -> None:
    """Try so many functions, and say what became of them."""
    counted: Counter[str] = Counter()
    for seed in range(start, start + count):
        try:
            outcome = tried(seed, 1 + seed % 4)
        except Exception as error:  # a fault of the engine, of which the seed is told
            outcome = Outcome("broken", str(seed), f"{type(error).__name__}: {error}")
        counted[outcome.verdict] += 1
        if outcome.verdict in ("wrong", "broken", "no code") or (
            outcome.verdict == "refused" and counted["refused"] < 20
        ):
            print(seed, outcome.verdict, outcome.text, "|", outcome.detail, flush=True)
    print(dict(counted))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
