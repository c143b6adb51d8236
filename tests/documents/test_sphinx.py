"""The Sphinx directive and role: formulas in a page, faults that stop the build at their line, a cache between builds."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest

from tests.machine import library

library("sphinx")
library("myst_parser")

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from matcalc.documents import formulas
from matcalc.notes import Note

PAGE = """# Page

```{matcalc} tr(X^T A X)
:show: f differential derivative
:label: quadratic
```

The gradient of $\\log\\det X$ is {matcalc}`log(det(X))`, and by A that of a trace {matcalc}`tr(A X) by A`.

```{matcalc} x^T S x
:where: "S: symmetric(n)"
:wrt: x
:order: 2
:format: upright
```

```{matcalc} tr(A X^-1 B)
:wrt: X
:steps:
```

```{matcalc} x^T A x
:wrt: x
:check: (A + A^T) x
:steps: full
:class: derived
```

See {eq}`quadratic`.

```{matcalc-functions}
```

```{matcalc-rules}
```

```{matcalc-simplifications}
```
"""


def build(folder: Path, page: str) -> str:
    """The HTML of a page."""
    source, out = folder / "source", folder / "out"
    source.mkdir(exist_ok=True)
    (source / "conf.py").write_text(
        'extensions = ["myst_parser", "matcalc.documents"]\nhtml_math_renderer = "mathml"\n'
    )
    (source / "index.md").write_text(page)
    app = Sphinx(source, source, out, folder / "trees", "html", status=StringIO(), warning=StringIO())
    app.build()
    return (out / "index.html").read_text(encoding="utf-8")


def test_a_page_is_typeset(tmp_path: Path) -> None:
    html = build(tmp_path, PAGE)
    assert html.count("<math") >= 5
    assert "M&amp;N" in html and "softmax" in html
    assert 'id="equation-quadratic"' in html and 'href="#equation-quadratic"' in html
    assert "matcalc-derivation" in html and "dX to the right" in html
    assert "Jacobi’s formula" in html and "Sherman–Morrison" in html
    assert "\\begin" not in html


def test_restructuredtext(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "conf.py").write_text('extensions = ["matcalc.documents"]\n')
    (source / "index.rst").write_text(
        "Page\n====\n\n.. matcalc:: tr(X^T A X)\n   :wrt: X\n   :label: a\n\nBy :eq:`a` and :matcalc:`log(det(X))`.\n"
    )
    app = Sphinx(source, source, tmp_path / "out", tmp_path / "trees", "html", status=StringIO(), warning=StringIO())
    app.build()
    html = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert '<span class="eqno">(1)' in html and 'href="#equation-a">(1)</a>' in html
    assert html.count("<math") == 2


def test_other_builders_get_latex(tmp_path: Path) -> None:
    (tmp_path / "conf.py").write_text('extensions = ["matcalc.documents"]\n')
    (tmp_path / "index.rst").write_text("Page\n====\n\n.. matcalc:: tr(X^T A X)\n   :wrt: X\n")
    app = Sphinx(
        tmp_path, tmp_path, tmp_path / "out", tmp_path / "trees", "latex", status=StringIO(), warning=StringIO()
    )
    app.build()
    (paper,) = (tmp_path / "out").glob("*.tex")
    assert r"\nabla_{X} f &= (A + A^{\top}) X" in paper.read_text(encoding="utf-8")


def test_conditions_name_rules_that_are_there() -> None:
    from matcalc.documents.tables import CONDITIONS
    from matcalc.explaining.rules import NAMED
    from matcalc.simplify.lemmas import LEMMAS

    assert CONDITIONS.keys() <= {r.name for r in NAMED} | {r.name for r in LEMMAS}


@pytest.mark.parametrize(
    ("directive", "message"),
    [
        ("```{matcalc} tr(X\n```", r"index:3: error: .* never closed"),
        ("```{matcalc} x^T A x\n:wrt: x\n:check: 2 A x\n```", r"index:3: error: the claim 2 A x is refuted"),
        ("Inline {matcalc}`tr(X`.", r"index:3: error: .* never closed"),
        ("```{matcalc} x^T A x\n:wrt: z\n```", r"index:3: error: z is not a variable"),
    ],
)
def test_a_fault_stops_the_build_at_its_line(tmp_path: Path, directive: str, message: str) -> None:
    with pytest.raises(ExtensionError, match=message):
        build(tmp_path, f"# Page\n\n{directive}\n")


def test_results_are_kept_between_builds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build(tmp_path, PAGE)
    calls: list[str] = []
    original = formulas.Result.of

    def counted(*args: object, **kwargs: object) -> object:
        calls.append(str(args[0]))
        return original(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(formulas.Result, "of", counted)
    build(tmp_path, PAGE + "\nMore text.\n")
    assert calls == []


def test_notes_are_warnings_of_their_own_kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    note = Note("S is read as a number")
    monkeypatch.setattr("matcalc.language.meaning.inference.distinct", lambda notes: (note,))
    page = "# Page\n\n```{matcalc} x^T x\n```\n"
    shown = warnings_of(tmp_path / "first", page)
    assert "index.md:3: WARNING: matcalc note: S is read as a number" in shown
    assert "note" not in warnings_of(tmp_path / "second", page, 'suppress_warnings = ["matcalc.note"]\n')


def warnings_of(folder: Path, page: str, configuration: str = "") -> str:
    """What the build of a page warns of."""
    source = folder / "source"
    source.mkdir(parents=True)
    (source / "conf.py").write_text(f'extensions = ["myst_parser", "matcalc.documents"]\n{configuration}')
    (source / "index.md").write_text(page)
    warning = StringIO()
    Sphinx(source, source, folder / "out", folder / "trees", "html", status=StringIO(), warning=warning).build()
    return warning.getvalue()


def test_the_log_says_which_variable_was_chosen(tmp_path: Path) -> None:
    (tmp_path / "conf.py").write_text('extensions = ["matcalc.documents"]\n')
    (tmp_path / "index.rst").write_text(
        "Page\n====\n\n.. matcalc:: x^T A x\n\nAnd :matcalc:`x^T A x`, :matcalc:`x^T A x by A`, :matcalc:`det(X)`.\n"
    )
    status = StringIO()
    app = Sphinx(tmp_path, tmp_path, tmp_path / "out", tmp_path / "trees", "html", status=status, warning=StringIO())
    app.build()
    assert "index:4: matcalc by x (chosen: name another by :wrt:)" in status.getvalue()
    assert status.getvalue().count("chosen") == 2
