"""What people paste from papers and forums: `latex.txt` has one text a line, with its meaning in plain text or an error."""

from __future__ import annotations

from pathlib import Path

import pytest

from matcalc.errors import MatcalcError
from matcalc.expr import multiply, transpose
from matcalc.language import parse
from matcalc.language.surface.arrange import Reading, reading
from matcalc.language.surface.grammar import read
from matcalc.printing import latex, text, unicode

LINES = [
    line
    for line in Path(__file__).with_name("latex.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("# ")
]


@pytest.mark.parametrize("line", LINES)
def test_pasted(line: str) -> None:
    source, _, meaning = line.partition("  =>  ")
    if meaning.startswith("error "):
        with pytest.raises(MatcalcError) as caught:
            parse(source)
        assert caught.value.code == meaning.removeprefix("error ")
        return
    expected, _, declared = meaning.partition("  //  ")
    parsed = parse(source)
    assert parsed.node is parse(expected, declared).node
    assert "; ".join(map(str, parsed.declarations.values())) == declared


FACES = [
    (r"\mathbf{A x} + \vec{b}", {"A": "bold", "x": "bold", "b": "arrow"}),
    (r"{\bf x}^\top y", {"x": "bold"}),
    (r"\mathcal{L} + \mathbf{\Sigma_1}", {"L": "script", "Sigma_1": "bold"}),
    (r"\mathbf{\hat x} + \tilde{\boldsymbol\beta}", {"x_hat": "bold", "beta_tilde": "bold"}),
    (r"\mathrm{rate}\, \varepsilon x", {"rate": "upright"}),
]


@pytest.mark.parametrize(("source", "faces"), FACES)
def test_type_of_names(source: str, faces: dict[str, str]) -> None:
    context = Reading(source, frozenset(), lambda name: None, list, latex=True)
    read(source, source, "latex", context)
    assert context.faces == faces
    assert not reading.get(None)


NAMES = {
    "W__1": "W^{(1)}",
    "W_ij__l": "W_{ij}^{(l)}",
    "h_t_minus_1": "h_{t-1}",
    "P_k_given_k_minus_1": "P_{k|k-1}",
    "x_hat": r"\hat{x}",
    "Sigma_tilde_1": r"\tilde{\Sigma}_{1}",
    "x__star": r"x^{\star}",
    "k_star_star": r"k_{\star\star}",
    "theta__old": r"\theta^{\text{old}}",
    "mu_alpha": r"\mu_{\alpha}",
    "P__minus": "P^{-}",
}


@pytest.mark.parametrize(("name", "markup"), NAMES.items())
def test_names_are_printed_as_they_are_read(name: str, markup: str) -> None:
    parsed = parse(name, {name: "matrix(n, n)"})
    assert latex(parsed.node) == markup
    squared = multiply(transpose(parsed.node), parsed.node)
    for form in (text, latex, unicode):
        for node in (parsed.node, transpose(parsed.node), squared):
            assert parse(form(node), {name: "matrix(n, n)"}).node is node


def test_names_that_look_alike_differ_in_latex() -> None:
    parsed = parse("W_1 W1 x")
    assert latex(parsed.node) == r"W_{1} \mathrm{W1} x"
    assert parse(latex(parsed.node), parsed.declarations).node is parsed.node
    assert latex(parse("W1 x").node) == "W_{1} x"


def test_a_mean_is_noted() -> None:
    notes = parse(r"\sum_i (x_i - \bar x)^2").notes
    assert [str(note) for note in notes] == [
        "x_bar is read as the mean of x: declare x_bar: scalar if it is a variable"
    ]


def test_macros_for_letters_are_noted_once() -> None:
    assert [note.code for note in parse(r"\vx^\top \mA \vx").notes] == ["macro"]


def test_marks_that_look_like_powers_are_noted() -> None:
    assert [note.code for note in parse("X^t X").notes] == ["mark"]
    assert [str(note) for note in parse("W^{l} x").notes] == [
        "l is read as an index of W, which makes another name of it: write (W)^{l} for a power"
    ]
    assert str(parse("(W)^{l} x").node) == str(parse("W^k x").node).replace("k", "l")
    assert not parse(r"W^{(l)} x").notes
