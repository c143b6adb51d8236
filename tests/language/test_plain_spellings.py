"""Other people's plain text: `plain.txt` has one text a line, with its meaning, its variables and what a note says of it."""

from __future__ import annotations

from pathlib import Path

import pytest

import matcalc as mc
from matcalc.errors import MatcalcError
from matcalc.language import parse
from matcalc.printing import text

LINES = [
    line
    for line in Path(__file__).with_name("plain.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("# ")
]


@pytest.mark.parametrize("line", LINES)
def test_reading(line: str) -> None:
    source, _, rest = line.partition("  =>  ")
    expected, _, rest = rest.partition("  //  ")
    declared, _, notes = rest.partition("  |  ")
    parsed = parse(source)
    assert text(parsed.node, exact=True) == expected
    assert "; ".join(map(str, parsed.declarations.values())) == declared
    assert "; ".join(note.message for note in parsed.notes) == notes


FAULTS = [
    ("x (1)", "x before a bracket may be an array or a factor", "write x[1] or 1 * x"),
    ("x(0)", "indices count from 1", "write x[1] or 0 * x"),
    ("log A x", "log is a function", "write log(A)"),
    ("ln|A| x", "ln is a function", "write ln(|A|)"),
    ("sin x y", "sin is a function", "write sin(x)"),
    ("f('fro')", "there are no strings", "a word in quotation marks names a norm: norm(X, 'fro')"),
    ("relu6(x)", "unknown function relu6", "did you mean min(max(x, 0), 6)?"),
    ("log_sigmoid(x)", "unknown function log_sigmoid", "did you mean -softplus(-x)?"),
    (
        "norm(X, 'two')",
        "there is no norm 'two'",
        "norms are named F, Fro, Inf, fro, inf, infty, nuc, nuclear, op, spec",
    ),
    ("norm(x, 'l2')", "there is no norm 'l2'", "norms are named F, Fro, Inf, fro, inf, infty, nuc, nuclear, op, spec"),
    ("tr(A X) + tr(XB)", "XB is one name here", "write X B for the product, or declare XB"),
]


@pytest.mark.parametrize(("source", "message", "hint"), FAULTS)
def test_fault(source: str, message: str, hint: str) -> None:
    with pytest.raises(MatcalcError) as caught:
        parse(source)
    assert caught.value.message == message
    assert caught.value.hint == hint
    for fixed in caught.value.fixed:
        parse(fixed)


@pytest.mark.parametrize(
    ("source", "variable", "gradient"),
    [
        ("tr(AXB)", "X", "A^T B^T"),
        ("||V - WH||^2", "W", "2 (W H - V) H^T"),
        ("||V - WH||^2", "H", "2 W^T (W H - V)"),
        ("log(det(AB))", "B", "A^T (A B)^-T"),
        ("tr(BD^{-1}C)", "D", "-(D^-1 C B D^-1)^T"),
    ],
)
def test_a_letter_that_is_asked_for_is_a_factor(source: str, variable: str, gradient: str) -> None:
    found = mc.derivative(source, variable)
    assert str(found) == gradient
    assert [note.code for note in found.notes] == ["unspaced"]


def test_a_name_that_is_declared_is_no_function() -> None:
    assert text(parse("Tr + Id where Tr: scalar, Id: scalar").node, exact=True) == "Id + Tr"
    assert text(parse("transpose x where transpose: matrix(m, n)").node, exact=True) == "transpose x"
    assert text(parse("Log(x) where Log: matrix(m, n)").node, exact=True) == "Log x"
