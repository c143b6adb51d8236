"""What a row calls a function in each target and in SymPy has the values of the function, which mpmath computes."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import mpmath as mp
import numpy as np
import pytest

import matcalc as mc
from matcalc.checking.precise.precise_numbers import _NUMBERS as NUMBERS
from matcalc.checking.precise.precise_numbers import Undefined
from matcalc.functions import FUNCTIONS, Function

SPELLED = [
    row for row in FUNCTIONS.values() if row.spelled is not None and row.name in NUMBERS and not row.spelled.planned
]
IN_SYMPY = [row for row in FUNCTIONS.values() if row.sympy and row.name in NUMBERS and row.name != "where"]
#: What a function of one argument, of two and of an order is asked at.
ONE, TWO, ORDER = (
    [(0.3,), (1.7,), (-0.6,), (2.5,), (0.0,)],
    [(0.4, 1.3), (-1.2, 0.7), (2.0, -0.5)],
    [(1.0, 0.8), (2.0, 1.9)],
)


def values_of(row: Function) -> Iterator[tuple[tuple[float, ...], float]]:
    for x in ONE if len(row.parameters) == 1 else ORDER if row.parameters[0] == "k" else TWO:
        try:
            found = NUMBERS[row.name](*map(mp.mpf, x))
        except (Undefined, ValueError, ZeroDivisionError):
            continue
        if not isinstance(found, mp.mpc) and mp.isfinite(found):
            yield x, float(found)


# --- Julia, MATLAB: what their own functions are ---------------------------------------------------------

SPECIAL = SimpleNamespace(
    erf=mp.erf, erfc=mp.erfc, erfinv=mp.erfinv, gamma=mp.gamma, digamma=mp.digamma,
    trigamma=lambda x: mp.psi(1, x), polygamma=lambda k, x: mp.psi(int(k), x),
)  # fmt: skip
COMMON: dict[str, Callable[..., Any]] = {
    **{name: getattr(mp, name) for name in "exp log expm1 sin cos tan asin acos sinh cosh tanh asinh acosh atanh sign".split()},
    **{name: getattr(mp, name) for name in ("floor", "ceil", "hypot")},
    "log1p": lambda x: mp.log(1 + x), "abs": abs, "max": max, "min": min, "log_gamma": lambda x: mp.log(abs(mp.gamma(x))),
}  # fmt: skip
JULIA = COMMON | {
    "atan": lambda y, x=None: mp.atan(y) if x is None else mp.atan2(y, x), "cbrt": lambda x: mp.sign(x) * mp.cbrt(abs(x)),
    "round": mp.nint, "SpecialFunctions": SPECIAL,
}  # fmt: skip
MATLAB = COMMON | vars(SPECIAL) | {
    "atan": mp.atan, "atan2": mp.atan2, "round_even": mp.nint, "nthroot": lambda x, n: mp.sign(x) * mp.power(abs(x), mp.mpf(1) / n),
}  # fmt: skip


@pytest.mark.parametrize("row", SPELLED, ids=lambda row: row.name)
@pytest.mark.parametrize(("target", "words"), [("julia", JULIA), ("matlab", MATLAB)])
def test_words_of_languages(row: Function, target: str, words: dict[str, Any]) -> None:
    """The helpers among them are run in `compiling/test_octave`."""
    template = row.spelled.of([target])
    assert template is not None
    for x, wanted in values_of(row):
        text = template.replace("~(", "(").format(*(f"mpf({t!r})" for t in x))
        found = eval(text, {**words, "mpf": mp.mpf})
        assert float(found) == pytest.approx(wanted, rel=1e-12, abs=1e-12), f"{text} in {target}"


@pytest.mark.parametrize("row", [row for row in SPELLED if row.spelled.number], ids=lambda row: row.name)
def test_words_of_numbers(row: Function) -> None:
    raised = False
    for x, wanted in values_of(row):
        text = row.spelled.number.format(*map(repr, x))
        assert float(eval(text, {"math": math})) == pytest.approx(wanted, rel=1e-12, abs=1e-12), text
    for x in (-1e9, -1.0, 0.0, 1.0, 1e3, 1e300):
        try:
            value = eval(row.spelled.number.format(x, x), {"math": math})
        except (ValueError, OverflowError):
            value = math.nan
        raised |= not math.isfinite(value) and (
            row.spelled.raises == "never" or (row.spelled.raises == "unless positive" and x > 0)
        )
    assert not raised


@pytest.mark.parametrize("target", ["numpy", "array-api", "jax", "torch"])
def test_words_of_libraries(target: str) -> None:
    library: Any = pytest.importorskip(
        {"numpy": "numpy", "array-api": "array_api_strict", "jax": "jax", "torch": "torch"}[target]
    )
    array = library.numpy.asarray if target == "jax" else library.asarray
    for row in SPELLED:
        known = list(values_of(row))
        xs = [np.array([x[k] for x, _ in known]) for k in range(len(row.parameters))]
        numbers = row.parameters[0] == "k"
        text = f"{row.name}({', '.join(row.parameters)})" if not numbers else f"{row.name}(1, {row.parameters[1]})"
        if numbers:
            known = [(x, float(NUMBERS[row.name](1, mp.mpf(x[1])))) for x, _ in known]
        where = dict.fromkeys(row.parameters[numbers:], "vector(n)")
        fn = mc.compile(mc.parse(text, where), target=target)
        found = np.asarray(fn(**{p: array(x) for p, x in zip(row.parameters, xs, strict=True) if p in where}))
        assert found == pytest.approx([wanted for _, wanted in known], rel=2e-5, abs=1e-6), f"{row.name} in {target}"


@pytest.mark.parametrize("row", IN_SYMPY, ids=lambda row: row.name)
def test_words_of_sympy(row: Function) -> None:
    sympy = pytest.importorskip("sympy")
    from matcalc.interop.sympy_functions import in_sympy

    for x, wanted in values_of(row):
        found = in_sympy(row.name, *(sympy.Integer(t) if t == int(t) else sympy.Float(t, 30) for t in x))
        shown = sympy.re(found) if row.name == "lgamma" else found
        assert float(sympy.N(shown)) == pytest.approx(wanted, rel=1e-10, abs=1e-12), f"{found}"


@pytest.mark.parametrize("row", [row for row in SPELLED if len(row.parameters) == 1], ids=lambda row: row.name)
def test_partial_functions(row: Function) -> None:
    """NumPy tells of numbers that a function has no finite value for: what is not partial has one for every number."""
    f = mc.compile(mc.parse(f"{row.name}(x)", "x: vector(n)"))
    told = []
    for x in (-1e300, -1e3, -2.5, -2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, 1e3, 1e300):
        try:
            with np.errstate(divide="raise", invalid="raise", over="raise"):
                f(x=np.array([x]))
        except FloatingPointError:
            told.append(x)
    assert row.is_partial or not told
    assert told or row.name not in ("exp", "sinh", "cosh", "expm1", "log", "log1p", "asin", "acosh", "atanh")
