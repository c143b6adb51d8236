"""The recipes of CONTRIBUTING.md are followed, and what it and ARCHITECTURE.md name is there."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import matcalc as mc
from matcalc import printing
from matcalc.calculus import adjoint, differential
from matcalc.checking.comparison import Comparison, Finding
from matcalc.checking.diagnosis import wrong_claims
from matcalc.compiling.targets import TARGETS
from matcalc.expr import OPERATORS, Node, Rewrite, apply, is_number, number, perturbation, power, variables
from matcalc.expr.passes import PASSES, MissingRow
from matcalc.functions.spelling import Spelling
from matcalc.language import parse
from matcalc.language.words.plain.plain_spellings import SPELLED
from matcalc.simplify import driver, recording, simplify
from matcalc.simplify.recorder import Rule, by_operator

ROOT = Path(mc.__file__).parent.parent
PAPERS = ("CONTRIBUTING.md", "ARCHITECTURE.md")
#: Where files are that the papers name.
PARTS = ("matcalc", "tests", "docs", "benchmarks", ".ci")


def named(paper: str) -> list[str]:
    """What stands in code in the text, outside of examples."""
    text = re.sub(r"^```.*?^```", "", (ROOT / paper).read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    return re.findall(r"(?<!`)`([^`\n]+)`(?!`)", text)


@pytest.mark.parametrize("paper", PAPERS)
def test_what_is_named_is_there(paper: str) -> None:
    """Files and folders, modules by their dotted names, tables and classes."""
    paths = [str(path.relative_to(ROOT)) for part in PARTS for path in (ROOT / part).rglob("*")] + [
        path.name for path in ROOT.iterdir()
    ]
    sources = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "matcalc").rglob("*.py"))
    names = named(paper)
    files = [name for name in names if re.fullmatch(r"[\w./]+(/|\.(py|md|txt|yaml))", name)]
    dotted = [name for name in names if re.fullmatch(r"[a-z_]+(\.[\w]+)+", name) and name not in files]
    tables = [name for name in names if re.fullmatch(r"[A-Z][A-Z_]+", name)]
    classes = [name for name in names if re.fullmatch(r"[A-Z][a-z]+[A-Za-z]*", name)]
    assert files and classes
    assert not [name for name in files if not any(f"/{path}".endswith(f"/{name.rstrip('/')}") for path in paths)]
    assert not [name for name in dotted if not _is_there(name)]
    assert not [name for name in tables if not re.search(rf"^{name}\b[^=\n]*=", sources, re.MULTILINE)]
    assert not [name for name in classes if not re.search(rf"^class {name}\b|^{name} = ", sources, re.MULTILINE)]


def _is_there(name: str) -> bool:
    """A module of the package by its last names, or something in one."""
    path = name.replace(".", "/")
    inside, _, last = path.rpartition("/")
    modules = [str(p.relative_to(ROOT).with_suffix("")) for p in (ROOT / "matcalc").rglob("*.py")]
    if any(f"/{m}".endswith((f"/{path}", f"/{path}/__init__")) for m in modules):
        return True
    found = [p for p in (ROOT / "matcalc").rglob("*.py") if f"/{p.with_suffix('')}".endswith(f"/{inside}")]
    return any(re.search(rf"^(def|class) {last}\b|^{last}\b.*=", p.read_text(encoding="utf-8"), re.M) for p in found)


def test_an_operator_without_rows_is_named_by_every_pass() -> None:
    over_nodes = [table for table in PASSES if table.over is OPERATORS]
    assert len(over_nodes) >= 25
    for table in over_nodes:
        with pytest.raises(MissingRow, match=re.escape(f"{table.name!r} has no row for the operator 'new'")):
            table.row("new")


def _secant(node: Node) -> Node | None:
    """1 / cos(u)^2 = 1 + tan(u)^2"""
    base, exponent = node.args[:2]
    if len(node.args) != 2 or base.op != "apply" or base.data[0] != "cos" or is_number(exponent) != -2:
        return None
    return number(1) + power(apply("tan", base.args[0]), 2)


def test_a_simplification_is_a_rule_with_its_identity(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "1 / cos(3 s)^2 where s: scalar"
    assert str(mc.parse(text).simplify()) == "1 / cos(3 s)^2"
    rule = Rule("secant", ("power",), "1 / cos(u)^2 = 1 + tan(u)^2", "DLMF 4.21.13", _secant)
    monkeypatch.setattr(driver, "_BY_LEMMAS", Rewrite(by_operator((rule,)), driver.MOST_REWRITES))
    node = mc.parse(text).node
    node.cache.clear()
    with recording() as firings:
        driver.simplify(node)
    node.cache.clear()
    assert rule in [firing.rule for firing in firings]
    assert mc.equal("1 / cos(3 s)^2", "1 + tan(3 s)^2", "s: scalar")


def test_a_spelling_is_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    where = "A: matrix(n, n), X: matrix(n, n)"
    assert mc.parse("tr(A X)", where) == mc.parse("Tr(A X)", where)
    monkeypatch.setitem(SPELLED, "Spur", "tr")
    assert mc.parse("Spur(A X)", where) == mc.parse("tr(A X)", where)


def test_a_target_is_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Spelling, "mine", "", raising=False)
    monkeypatch.setitem(TARGETS, "mine", replace(TARGETS["numpy"], name="mine"))
    f = mc.derivative("log(det(S)) + sum(exp(S x))", "x", where="S: spd(n), x: vector(n)")
    values = {"S": np.diag([1.0, 2.0]), "x": np.array([0.5, -1.0])}
    np.testing.assert_allclose(mc.compile(f, target="mine")(**values), mc.compile(f)(**values))


def _always(c: Comparison) -> Finding | None:
    return Finding("example", f"an example beside {c.shown}")


def test_a_diagnosis_has_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    claim = {"claim": "2 A x + x", "where": "A: matrix(n, n), x: vector(n)"}
    assert "an example" not in str(mc.check("x^T A x", "x", **claim).diagnosis)
    monkeypatch.setattr(wrong_claims, "TESTS", (_always, *wrong_claims.TESTS))
    assert mc.check("x^T A x", "x", **claim).diagnosis == "an example beside (A + A^T) x"


def test_one_expression_goes_through_the_house() -> None:
    """The walk of ARCHITECTURE.md: x^T A x from its text to its gradient, room by room."""
    text = "x^T A x"
    walk = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").partition("## One expression through the house")[2]
    parsed = parse(text)
    assert {n: d.type_text for n, d in parsed.declarations.items()} == {"x": "vector(n)", "A": "matrix(n, n)"}
    (x,) = [v for v in variables(parsed.node) if v.data[0] == "x"]
    dx = perturbation(x)
    df = differential(parsed.node, {x: dx})
    assert printing.text(df) in walk and printing.text(df) == "x^T A dx + x^T A^T dx"
    gradient = simplify(adjoint(df, dx))
    assert printing.text(gradient) in walk and printing.text(gradient) == "(A + A^T) x"
    assert mc.check(text, "x", claim=printing.text(gradient))
