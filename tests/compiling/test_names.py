"""Any legal name is the name of a variable or a size, in every target."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest

import matcalc as mc
from matcalc.compiling.targets import TARGETS
from tests.compiling.cases import CASES
from tests.machine import library, long, sweep

NAMES = (
    "lambda def del None True class import in is pass self print range sum max min abs len int float type id open input "
    "np numpy dtype kernels math array xp torch jax jnp partial device end function struct persistent ans eps NaN Inf e "
    "I pi i j im nothing missing begin let local module quote using Matrix Float64 Int size zeros ones eye inv det "
    "dot vec diag reshape result result1 f gradient hessian derivative t1 t2 c1 call args kwargs given shape name source"
).split()


def converted(target: str, value: object) -> object:
    if target != "torch" or isinstance(value, int):
        return value
    return library("torch").as_tensor(value)


GROUPS = [NAMES[k : k + 12] for k in range(0, len(NAMES), 12)]


def grouped(names: Sequence[str]) -> str:
    """A function of which every name is a matrix variable."""
    terms = (f"{k} tr(A {n}^T {n}) + tr(exp({k} {n}))" for k, n in enumerate(names, 2))
    return " + ".join(terms) + " where A: matrix(w, w), " + ", ".join(f"{n}: matrix(w, w)" for n in names)


@sweep(16)
@pytest.mark.parametrize("target", ["numpy", "array-api", "jax", "torch"])
@pytest.mark.parametrize("names", GROUPS, ids=" ".join)
def test_names_of_variables(names: Sequence[str], target: str) -> None:
    if target in ("jax", "torch"):
        library(target)
    a, x = np.array([[1.0, 2.0], [0.5, 3.0]]), np.array([[0.5, 0.1], [0.2, 0.7]])
    given = {"A": a} | {n: x / k for k, n in enumerate(names, 2)}
    plain = [f"Z_{k}" for k in range(len(names))]
    wanted = mc.compile([mc.derivative(grouped(plain), n) for n in plain])
    fn = mc.compile([mc.derivative(grouped(names), n) for n in names], target=target)
    found = fn(**{n: converted(target, value) for n, value in given.items()})
    for one, other in zip(found, wanted(**dict(zip(["A", *plain], given.values(), strict=True))), strict=True):
        np.testing.assert_allclose(np.asarray(one), other, rtol=1e-4)


@sweep(4)
@pytest.mark.parametrize("target", ["numpy", "array-api"])
@pytest.mark.parametrize("names", GROUPS, ids=" ".join)
def test_names_of_sizes(names: Sequence[str], target: str) -> None:
    """Sizes that an argument shows, and sizes that are given."""
    shown = " + ".join(f"{n} sum(X_{k})" for k, n in enumerate(names))
    vectors = ", ".join(f"X_{k}: vector({n})" for k, n in enumerate(names))
    fn = mc.compile([mc.derivative(f"{shown} where {vectors}", "X_0"), shown + f" where {vectors}"], target=target)
    slope, value = fn(**{f"X_{k}": np.ones(k + 2) for k in range(len(names))})
    assert np.all(slope == 2) and value == sum((k + 2) ** 2 for k in range(len(names)))
    given = " + ".join(f"c sum(ones({n}, {n}))" for n in names)
    fn = mc.compile(mc.derivative(f"{given} + c^2 where c: scalar", "c"), target=target)
    sizes = {n: k + 2 for k, n in enumerate(names)}
    assert fn(c=0.5, **sizes) == 1 + sum(k**2 for k in sizes.values())


@pytest.mark.parametrize("name", ["n", "K", "m", "k", "dtype"])
def test_a_variable_with_the_name_of_a_size(name: str) -> None:
    f = mc.parse(f"{name} sum(x) + sum(ones(q)) where {name}: scalar, x: vector({name})")
    fn = mc.compile([f, mc.derivative(f, name)])
    local = name if name in fn.parameters else f"{name}_"
    assert local in fn.parameters
    for keyword in (name, local):
        value, slope = fn(**{keyword: 2.5, "x": np.ones(3), "q": 4})
        assert (value, slope) == (11.5, 3)


def test_both_of_one_name_are_given_by_keyword() -> None:
    fn = mc.compile(mc.hessian("n x^T x where n: scalar, x: vector(n)", "x"))
    np.testing.assert_allclose(fn(n=2.5, n_=3), 5 * np.eye(3))


def words(target: str, source: str, name: str) -> set[str]:
    """The names that the function itself reads or writes, without attributes and keywords."""
    if target == "julia":
        body = re.sub(r'"[^"\n]*"', "", source[source.rindex(f"function {name}(") :])
        body = re.sub(r"\([a-z, .]+\) -> \w+\([^)]*\)\)?", "", body)  # an anonymous function has names of its own
        return set(re.findall(r"(?<![.\w])[A-Za-z_]\w*", body))
    if target == "matlab":
        body = "\n".join(re.sub(r"%.*", "", line) for line in source[: source.index("\nend\n")].splitlines())
        return set(re.findall(r"(?<![.\w])[A-Za-z_]\w*", re.sub(r"'[^'\n]*'", "", body)))
    found, before = set(), ""
    tokens = list(tokenize.generate_tokens(io.StringIO(source[source.rindex(f"def {name}(") :]).readline))
    for token, after in pairwise(tokens):
        if token.type == tokenize.NAME and before != "." and not (after.string == "=" and before in ("(", ",")):
            found.add(token.string)
        before = token.string
    return found - {"_"}


@long
@pytest.mark.parametrize("target", [t for t in TARGETS if t != "latex"])
def test_every_word_of_generated_code_is_reserved(target: str) -> None:
    for text, name in CASES[:: 2 if target in ("julia", "matlab") else 6]:
        for output in (text, mc.derivative(text, name), mc.hessian(text, name)):
            try:
                fn = mc.compile(output, target=target)
            except mc.MatcalcError:
                continue  # the target has no name for it
            own = set(fn.parameters) | {fn.__name__} | set(re.findall(r"\b[tc]\d+\b", fn.source))
            own |= {p.name for p in fn._signature.parameters.values()} | set(fn._signature.sizes.values())
            assert words(target, fn.source, fn.__name__) - own <= TARGETS[target].reserved, (text, fn.source)
