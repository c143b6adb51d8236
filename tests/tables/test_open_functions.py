"""Derivatives of functions that nobody defined: as expected, right for a random function, and right for a concrete one.

Coverage: the table's rows are printed as a person writes them, are read back in every notation, hold for the
stand-in of the check, and, with a concrete function and its derivatives by JAX in place of the open one, agree with
the derivative of the expression in which that function was written out.
"""

from __future__ import annotations

import re
from typing import Any

import jax
import numpy as np
import pytest

import matcalc as mc
from matcalc.checking.sampling import random_value
from tests.machine import sweep
from tests.tables.open_functions import DECLARED, UNDECLARED, Concrete, Row

ROWS = (*DECLARED, *UNDECLARED)
IDS = [f"{row[1]} by {row[3]} {'declared' * bool(row[2])}" for row in ROWS]
CONCRETE = [row for row in ROWS if row[5]]


def derivative(row: Row) -> mc.Derivative:
    return mc.derivative(row[1], *row[3].split(), where=row[2] or None)


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_printed(row: Row) -> None:
    assert str(derivative(row)) == row[4]


@pytest.mark.parametrize("row", UNDECLARED, ids=[f"{row[1]} by {row[3]}" for row in UNDECLARED])
def test_undeclared_functions_are_noted(row: Row) -> None:
    notes = mc.parse(row[1]).notes
    assert [note.message.partition(" is read as a function that nobody defined")[0] for note in notes] == list(row[5])


@sweep(2)
@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_verified(row: Row) -> None:
    report = mc.check(row[1], *row[3].split(), where=row[2] or None, trials=2)
    assert report, report


@sweep(2)
@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_right_as_a_claim(row: Row) -> None:
    report = mc.check(row[1], *row[3].split(), where=row[2] or None, claim=row[4], trials=1)
    assert report, report


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_read_back_in_every_notation(row: Row) -> None:
    found = derivative(row)
    shown = found.expr or found.operator
    if found.expr is None:
        return  # an operator holds dX, which is no variable
    where = {name: d.type_text for name, d in shown.declarations.items()}
    for text in (str(shown), mc.latex(shown), mc.printing.unicode(shown.node)):
        again = mc.parse(text, where)
        assert again.node is shown.node or mc.equal(again, shown), text


@sweep(12)
@pytest.mark.parametrize("row", CONCRETE, ids=[f"{row[1]} by {row[3]} {'declared' * bool(row[2])}" for row in CONCRETE])
def test_right_for_a_concrete_function(row: Row) -> None:
    found = derivative(row)
    where = {n: d.type_text for n, d in found.f.declarations.items() if not d.is_function}
    plain = mc.derivative(written_out(row[1], row[5]), *row[3].split(), where=where if row[2] else None)
    values = random_values(found.f)
    code = mc.compile(found)
    wanted = np.asarray(mc.compile(plain)(**values))
    got = np.asarray(code(**values, **callables(row[5], code.parameters)))
    np.testing.assert_allclose(got, wanted, rtol=1e-9, atol=1e-9)


SIZES = {"n": 3, "m": 3, "k": 3, "p": 3, "q": 3}


def random_values(f: mc.Expr) -> dict[str, Any]:
    """Arrays for the variables; all sizes are alike, so that concrete functions of fixed size fit."""
    rng = np.random.default_rng(7)
    found = {}
    for name, d in f.declarations.items():
        if not d.is_function:
            value = random_value(d, SIZES, rng)
            found[name] = value.item() if d.kind == "scalar" else value[:, 0] if d.kind == "vector" else value
    return found


def written_out(text: str, concrete: Concrete) -> str:
    """The text with concrete functions in place of the open ones."""
    for name, (template, _) in concrete.items():
        while (found := re.search(rf"(?<![\w.]){name}\(", text)) is not None:
            end = closing(text, found.end() - 1)
            filled = template
            for number, argument in enumerate(arguments(text[found.end() : end]), 1):
                filled = filled.replace(f"#{number}", argument)
            text = text[: found.start()] + filled + text[end + 1 :]
    return text


def closing(text: str, opener: int) -> int:
    depth = 0
    for i in range(opener, len(text)):
        depth += (text[i] == "(") - (text[i] == ")")
        if depth == 0:
            return i
    raise AssertionError(text)


def arguments(inside: str) -> list[str]:
    depth, parts = 0, [""]
    for sign in inside:
        depth += (sign in "([") - (sign in ")]")
        if sign == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += sign
    return [part.strip() for part in parts]


def callables(concrete: Concrete, names: tuple[str, ...]) -> dict[str, Any]:
    """The functions that the code asks for, from the values in JAX."""
    found: dict[str, Any] = {}
    for name, (_, f) in concrete.items():
        for wanted in names:
            made = made_of(wanted, name, f)
            if made is not None:
                found[wanted] = made
    return found


def made_of(wanted: str, name: str, f: Any) -> Any:
    """g, g_prime2, grad_f, hess12_k, jac_f, d3_f, d12_l, by forward differentiation of the value."""
    if wanted == name:
        return f
    primes = re.fullmatch(rf"{name}_prime(\d*)", wanted)
    if primes is not None:
        return lambda u: entry_by_entry(f, [0] * int(primes.group(1) or 1), (np.asarray(u, dtype=float),))
    places = re.fullmatch(rf"(grad|hess|jac|d)(\d*)_{name}", wanted)
    return None if places is None else lambda *args: partial(f, places.group(1), places.group(2), args)


def partial(f: Any, word: str, digits: str, args: tuple[Any, ...]) -> Any:
    """The derivative that such a name stands for."""
    args = tuple(np.asarray(a, dtype=float) for a in args)
    slots = [int(d) - 1 for d in digits] if len(args) > 1 else [0] * int(digits or {"hess": 2}.get(word, 1))
    if word == "d" and len(args) > 1 and args[-1].ndim and np.shape(f(*args)) == args[-1].shape:
        return entry_by_entry(f, slots, args)
    for slot in slots:
        f = jax.jacfwd(f, slot)
    return f(*args)


def entry_by_entry(f: Any, slots: list[int], args: tuple[Any, ...]) -> Any:
    """The derivative of a function of numbers, at every entry; of a curve, at its number."""
    g = f
    for slot in slots:
        g = jax.jacfwd(g, slot)
    if not any(a.ndim for a in args):
        return g(*args)
    flat = [a.ravel() for a in np.broadcast_arrays(*args)]
    return np.array([g(*entry) for entry in zip(*flat, strict=True)]).reshape(
        np.broadcast_shapes(*(a.shape for a in args))
    )
