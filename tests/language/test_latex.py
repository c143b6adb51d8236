"""What people paste from papers and forums: `latex.txt` has one text a line, with its meaning in plain text or an error."""

from __future__ import annotations

from pathlib import Path

import pytest

from matcalc.errors import MatcalcError
from matcalc.language import parse
from matcalc.language.arrange import Reading, reading
from matcalc.language.grammar import read

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
