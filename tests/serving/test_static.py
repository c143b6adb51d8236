"""The page that needs no installation, in a headless browser: size, cold start, the same flows and answers as the served one."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import matcalc as mc
from tests.machine import library, missing, program
from tests.serving.browsing import faults, free_port, listening, text, typed, waited
from tests.serving.flows import FLOWS
from tests.serving.inputs import HOSTILE, INPUTS

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "docs" / "extensions"))
#: On a busy machine.
COLD = 150.0


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    library("selenium.webdriver"), program("chromedriver"), program("chromium"), program("npm"), program("node")
    import try_it

    folder = tmp_path_factory.mktemp("site")
    try:
        size = try_it.write(folder)
    except try_it.NotObtained as error:
        missing(f"pyodide ({error})")
    print(f"the static page: {size / 1e6:.2f} MB")
    return folder


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    port = free_port()
    server = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1", "--directory", str(site)]
    for number in listening(server, port):
        yield f"http://127.0.0.1:{number}/"


@pytest.fixture(scope="module")
def page(browser: Any, address: str) -> Any:
    """The browser once Python is loaded, and has answered."""
    start = time.monotonic()
    browser.get(address)
    waited(browser, "latest !== null", COLD)
    print(f"the static page: first answer after {time.monotonic() - start:.1f} s")
    start = time.monotonic()
    typed(browser, "||A x - b||^2", "x")
    print(
        f"the static page: {time.monotonic() - start:.2f} s from a text to its answer, the pause for typing among them"
    )
    return browser


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.__name__)
def test_flow(page: Any, flow: Any) -> None:
    flow(page)
    assert not faults(page)


def test_answers_are_those_of_the_command_line(page: Any) -> None:
    for expression, wrt, where in INPUTS:
        typed(page, expression, wrt, where)
        assert text(page, "text") == str(mc.derivative(expression, *([wrt] if wrt else []), where=where or None))
        assert text(page, "check").startswith("verified"), expression


def test_hostile_inputs_are_text(page: Any) -> None:
    for hostile in HOSTILE:
        typed(page, hostile, hostile[:40], hostile[:60])
        assert (
            page.execute_script("return document.querySelectorAll('main script, img, main h1, main svg svg').length")
            == 1
        )
        assert page.title.startswith("matcalc")
    typed(page, "x^2", "x")
    assert text(page, "text") == "2 x"


def test_nobody_else_is_asked(page: Any, address: str) -> None:
    urls = page.execute_script("return performance.getEntriesByType('resource').map((e) => e.name)")
    assert urls and all(url.startswith(address) for url in urls)
    policy = page.execute_script("return document.querySelector('meta[http-equiv]').content")
    assert policy.startswith("default-src 'none'") and "http" not in policy and "unsafe-inline" not in policy
    assert not faults(page)


def test_a_computation_that_takes_too_long_is_ended(page: Any) -> None:
    """And the next question has an answer, from another worker."""
    page.execute_script("document.documentElement.dataset.seconds = '0.02'")
    typed(page, "tr(expm(A) X^3 inv(X) B)", "X")
    assert "takes longer than 0.02 seconds" in text(page, "error")
    page.execute_script("delete document.documentElement.dataset.seconds; latest = null; update()")
    waited(page, "latest !== null", COLD)
    assert text(page, "check").startswith("verified")


def test_the_page_says_where_a_file_is_missing(page: Any, site: Path, address: str) -> None:
    """The last test of this page: it goes without its program then."""
    (site / "program.tar.xz").rename(site / "elsewhere")
    try:
        page.get("about:blank")
        page.get(address)
        assert "program.tar.xz is missing" in waited(page, "$('error').textContent", COLD)
    finally:
        (site / "elsewhere").rename(site / "program.tar.xz")
