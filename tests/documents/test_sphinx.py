"""The Sphinx directive and role: formulas in a page, faults that stop the build at their line, a cache between builds."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest

pytest.importorskip("sphinx")
pytest.importorskip("myst_parser")

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from matcalc.documents import formulas

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

```{matcalc-functions}
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


def test_a_fault_stops_the_build_at_its_line(tmp_path: Path) -> None:
    with pytest.raises(ExtensionError, match=r"index:3: error: .* never closed"):
        build(tmp_path, "# Page\n\n```{matcalc} tr(X\n```\n")


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
