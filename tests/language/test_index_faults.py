"""Faults of indices: each ends in one error that names the index, wherever it is made and in whatever way it is written."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest

import matcalc as mc
from matcalc.errors import MatcalcError

#: What the fault is -> (texts with a sum {S} over i and a sign {T} for one over j, the letters that its error names)
FAULTS: dict[str, tuple[tuple[str, ...], str]] = {
    "unbound": ((r"\sum_{{j \ne i}} x_j", r"\sum_{{j < k}} x_j y_k + \sum_{{j \ne k}} \sum_{{j < i}} x_j", "sum_{{j != i}} x_j"), "ik"),
    "alone": (("{S} x_i - x_k", r"y + {S} \exp(x_i) - x_k", "a x_k + {S} x_i", "({S} x_i^2) x_j"), "jk"),
    "twice": (("{S} {S} x_i", "{S} ({S} x_i y_i)", "{S} (1 + {S} x_i^2)"), "i"),
    "as a name": (("{S} i_i x_i", "{S} x_i {T} i_j y_j"), "i"),
    "idle": ((r"\sum_i x", "sum_i x", r"\sum_i {T} y_j"), "i"),
    "outside": ((r"({S} x_i^2) x_i", "x_i ({S} x_i)"), "i"),
    "of its own": (("{S} W_ij x_i", "{S} (W_ij - 1) y_i", "{S} x_i W_ik"), "ijk"),
}  # fmt: skip
SUMS = (
    (r"\sum_{i=1}^n", r"\sum_{j=1}^n"),
    (r"\sum_{i}", r"\sum_{j}"),
    (r"\sum_{i=2}^{n}", r"\sum_{j=2}^n"),
    ("sum_{i=1}^n", "sum_{j=1}^n"),
    ("sum_i", "sum_j"),
    (r"\prod_{i=1}^n", r"\sum_j"),
)


def _texts() -> Iterator[tuple[str, str, str]]:
    for (fault, (texts, letters)), (one, other) in product(FAULTS.items(), SUMS):
        for text in texts:
            yield fault, text.format(S=one, T=other), letters


@pytest.mark.parametrize(("fault", "text", "letters"), dict.fromkeys(_texts()))
def test_a_fault_of_an_index_is_one_error_that_names_it(fault: str, text: str, letters: str) -> None:
    with pytest.raises(MatcalcError) as found:
        mc.parse(text)
    error = found.value
    assert error.code in ("index", "sum"), str(error)
    words = error.message.replace("_", " ").replace("{", " ").replace("}", " ").split()
    assert any(letter in word for letter in letters for word in words if len(word) <= 3), error.message
    assert "\n" not in error.message
    assert error.span is not None
    assert 0 <= error.span[0] < error.span[1] <= len(text)


@pytest.mark.parametrize("text", ["{S} x_i y_{{i+1}}", "{S} (x_i - x_{{i+2}})^2", "{S} x_i + {S} x_{{i+1}}"])
@pytest.mark.parametrize("sign", [r"\sum_{i=1}^n", "sum_{i=1}^n", r"\prod_{i=1}^n"])
def test_ranges_that_do_not_fit_tell_how_many_members_are_needed(text: str, sign: str) -> None:
    with pytest.raises(MatcalcError, match=r"the sums need n \+ \d members of [xy], and n are declared"):
        mc.parse(text.format(S=sign), where="x: vector(n), y: vector(n)")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r"\sum_{k=2}^{n} (W a)_k b_k", lambda W, a, b: (W @ a)[1:] @ b[1:]),
        (r"\sum_{k=1}^{n-1} (W a)_k^2 b_{k+1}", lambda W, a, b: (W @ a)[:-1] ** 2 @ b[1:]),
        (r"\prod_{k=1}^{n-1} (1 + (W a)_k^2)", lambda W, a, b: (1 + (W @ a)[:-1] ** 2).prod()),
    ],
)
def test_entries_of_expressions_at_some_of_the_places(text: str, value: object) -> None:
    import numpy as np

    f = mc.parse(text, where="a: vector(n), b: vector(n), W: matrix(n, n)")
    rng = np.random.default_rng(0)
    W, a, b = rng.normal(size=(4, 4)), rng.normal(size=4), rng.normal(size=4)
    function = mc.compile(f)
    assert callable(value)
    found = function(**{n: x for n, x in (("W", W), ("a", a), ("b", b)) if n in function.parameters})
    assert np.isclose(found, value(W, a, b))
    assert mc.check(f, "a")


@pytest.mark.parametrize("text", [r"\sum_{i=2}^n x_i y_j", r"\sum_i x_i y_j", "sum_i x_i y_j"])
def test_a_name_with_an_index_that_nothing_binds_is_noted(text: str) -> None:
    assert any("no sum binds the j of y_j" in note.message for note in mc.parse(text).notes)
    assert not any("no sum binds" in note.message for note in mc.parse(text, where="y_j: scalar").notes)
