"""The README's picture of the page: `python docs/picture.py` asks `matcalc serve` in a headless browser, and takes it."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.serving.browsing import served, started, typed, waited  # noqa: E402

PICTURE = ROOT / "docs" / "_static" / "page.png"
#: What is typed, by which variable, the part of the page that is opened, and what it fills.
SHOWN = "log(sum(exp(A x)))", "x", "curvature", "certificate"


def take() -> None:
    """Write the picture."""
    expression, variable, part, place = SHOWN
    for port in served():
        for browser in started(Path(tempfile.mkdtemp())):
            browser.get(f"http://127.0.0.1:{port}/")
            waited(browser, "latest !== null")
            browser.execute_script("$('examples').remove()")
            typed(browser, expression, variable)
            browser.execute_script("$(arguments[0]).open = true", part)
            waited(browser, f"$('{place}').textContent")
            browser.set_window_size(820, 900)
            height = browser.execute_script("return document.querySelector('main').offsetHeight")
            browser.set_window_size(820, height + 140)
            browser.save_screenshot(str(PICTURE))


if __name__ == "__main__":
    take()
