"""Letters that are functions, too: Γ, γ, B and β before brackets; factorials."""

from __future__ import annotations

import pytest

from matcalc.errors import MatcalcError
from matcalc.language import parse
from matcalc.printing import text

# text, as read, whether a note says that a letter is a function
READ = [
    ("gamma(a)", "gamma(a)", True),
    ("Gamma(a)", "gamma(a)", True),
    (r"\Gamma(a)", "gamma(a)", True),
    (r"\log\Gamma(a)", "lgamma(a)", False),
    (r"\Gamma\left(a + b\right)", "gamma(a + b)", True),
    ("beta(a, b)", "beta(a, b)", False),
    ("B(a, b)", "beta(a, b)", True),
    (r"\mathrm{B}(a, b)", "beta(a, b)", True),
    ("γ(a)", "a gamma", False),
    (r"\gamma(a - b)", "gamma (a - b)", False),
    ("gamma (a - b)", "gamma (a - b)", False),
    ("beta (a - b)", "beta (a - b)", False),
    ("beta(a - b)", "beta (a - b)", False),
    ("gamma(a) + gamma b", "a gamma + b gamma", False),
    (r"\Gamma(a) \Gamma", "Gamma^2 a", False),
    ("gamma(a) where gamma: scalar", "a gamma", False),
    ("n!", "gamma(n + 1)", False),
    ("2^n!", "2^gamma(n + 1)", False),
    ("n!^2", "gamma(n + 1)^2", False),
    ("-(n - k)!", "-gamma(n + 1 - k)", False),
    ("factorial(n) where n: scalar", "gamma(n + 1)", False),
    ("4! + 0! + gamma(5)", "49", True),
    (r"\frac{\lambda^k e^{-\lambda}}{k!}", "lambda^k exp(-lambda) / gamma(k + 1)", False),
    (r"\frac{n!}{k!\,(n-k)!}", "gamma(n + 1) / (gamma(k + 1) gamma(n + 1 - k))", False),
    ("sum(exp2(x)) + 2.^s", "2^s + sum(2.^x)", False),
]


@pytest.mark.parametrize(("source", "expected", "noted"), READ, ids=[r[0] for r in READ])
def test_reading(source: str, expected: str, noted: bool) -> None:
    parsed = parse(source, {"Gamma": "scalar"} if "Gamma^2" in expected else None)
    assert text(parsed.node) == expected
    assert any(note.code == "letter-function" for note in parsed.notes) == noted


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("n!!", "n!! may be a double factorial"),
        ("beta(x) where x: scalar", "beta before a bracket may be a function or a factor"),
        ("zeta(x) where x: scalar", "unknown function zeta"),
        ("relu6(x) where x: scalar", "unknown function relu6"),
        ("log_sigmoid(x) where x: scalar", "unknown function log_sigmoid"),
        ("! + 1", "! has no value before it"),
    ],
)
def test_fault(source: str, message: str) -> None:
    with pytest.raises(MatcalcError) as caught:
        parse(source)
    assert message in str(caught.value)
