"""The page of `matcalc serve` in a headless browser, and the server's refusals."""

from __future__ import annotations

import http.client
import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import matcalc as mc
from tests.machine import library, program

#: (expression, by, where): the page's answer is the one of Python.
INPUTS = [
    ("tr(X^T A X)", "", ""), ("||A x - b||^2", "x", ""), ("logdet(S)", "S", "S: spd(n)"), ("log(sum(exp(A x)))", "x", ""),
    ("sum(tanh(W x))", "W", ""), ("x^T A x", "x", "A: symmetric(n)"), ("A X B", "X", ""), ("det(X)", "", ""), ("||x||", "", ""),
    (r"\operatorname{tr}(X^\top X)", "", ""),
]  # fmt: skip
HOSTILE = [
    "<script>document.title='bad'</script>",
    "<img src=x onerror=alert(1)>",
    "x'; DROP TABLE",
    "x + " * 3000,
    "((((((",
    "\u202e x^2",
    "${7*7}",
    "</pre><h1>x</h1>",
]


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    library("starlette"), library("uvicorn")
    number = free_port()
    server = subprocess.Popen([sys.executable, "-m", "matcalc", "serve", "--port", str(number), "--seconds", "60"])
    try:
        for _ in range(150):
            with socket.socket() as tried:
                if tried.connect_ex(("127.0.0.1", number)) == 0:
                    break
            time.sleep(0.2)
        yield number
    finally:
        server.terminate()
        server.wait(20)


def sent(port: int, method: str, path: str, body: str = "", **headers: str) -> tuple[int, dict[str, str], str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=90)
    connection.request(method, path, body.encode(), {k.replace("_", "-"): v for k, v in headers.items()})
    reply = connection.getresponse()
    return reply.status, {k.lower(): v for k, v in reply.getheaders()}, reply.read().decode()


def question(task: str, **arguments: Any) -> str:
    return json.dumps({"task": task, "arguments": arguments})


def test_other_hosts_origins_tasks_and_files_are_refused(port: int) -> None:
    assert sent(port, "GET", "/")[0] == 200
    assert sent(port, "GET", "/", Host="evil.example")[0] == 403
    json_ = {"Content_Type": "application/json"}
    asked = question("shown", expression="x^2")
    assert sent(port, "POST", "/ask", asked, Origin="http://evil.example", **json_)[0] == 403
    assert sent(port, "POST", "/ask", asked, Content_Type="text/plain")[0] == 400
    assert sent(port, "POST", "/ask", question("solve", expression="x"), **json_)[0] == 400
    assert sent(port, "POST", "/ask", "{", **json_)[0] == 400
    assert sent(port, "POST", "/ask", "x" * 100_000, **json_)[0] == 413
    assert not json.loads(sent(port, "POST", "/ask", question("shown", wrong=1), **json_)[2])["ok"]
    for path in ("/../tasks.py", "/%2e%2e/tasks.py", "/etc", "/page.html"):
        assert sent(port, "GET", path)[0] == 404
    status, headers, text = sent(port, "POST", "/ask", asked, **json_)
    assert status == 200 and json.loads(text)["value"]["derivative"]["text"] == "2 x"
    assert "default-src 'none'" in headers["content-security-policy"]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    webdriver = library("selenium.webdriver")
    program("chromedriver")
    options = webdriver.ChromeOptions()
    options.binary_location = program("chromium")
    profile = tmp_path_factory.mktemp("profile")
    for word in (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-sync",
        "--disable-dev-shm-usage",
    ):
        options.add_argument(word)
    options.add_argument("--disable-background-networking")
    options.add_argument("--disable-component-update")
    options.add_argument(f"--user-data-dir={profile}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    service = webdriver.ChromeService(shutil.which("chromedriver"))
    driver = webdriver.Chrome(options, service)
    driver.set_window_size(420, 900)
    yield driver
    driver.quit()
    shutil.rmtree(Path(profile), ignore_errors=True)


def waited(browser: Any, condition: str) -> Any:
    for _ in range(300):
        if found := browser.execute_script(f"return {condition}"):
            return found
        time.sleep(0.1)
    pytest.fail(f"never: {condition}; {browser.execute_script('return document.body.innerText')}")


def typed(browser: Any, expression: str, wrt: str = "", where: str = "") -> None:
    """Type, and wait for the answer or the error of just this input."""
    browser.execute_script(
        "latest = null; $('error').textContent = '';"
        "for (const [id, v] of Object.entries(arguments[0])) { $(id).value = v; }"
        "$('expr').dispatchEvent(new Event('input'));",
        {"expr": expression, "wrt": wrt, "where": where},
    )
    waited(browser, "latest !== null || $('error').textContent !== ''")


def test_answers_are_those_of_python(port: int, browser: Any) -> None:
    browser.get(f"http://127.0.0.1:{port}/")
    waited(browser, "latest !== null")
    for expression, wrt, where in INPUTS:
        typed(browser, expression, wrt, where)
        expected = str(mc.derivative(expression, *([wrt] if wrt else []), where=where or None))
        assert browser.execute_script("return $('text').textContent") == expected
        assert browser.execute_script("return $('derivative').querySelectorAll('math *').length") > 0
        assert browser.execute_script("return $('check').textContent").startswith("verified")


def test_flows_of_the_page(port: int, browser: Any) -> None:
    """Order, claims, steps, code, errors with their place, examples, links, names, no sideways scrolling at 400 pixels."""
    browser.get(f"http://127.0.0.1:{port}/")
    waited(browser, "latest !== null")
    typed(browser, "x^T A x", "x")
    browser.execute_script("$('claim').value = '2 A x'; $('verify').click()")
    assert "symmetric" in waited(browser, "$('verdict').textContent")
    browser.execute_script("$('verdict').textContent = ''; $('claim').value = '(A + A^T) x'; $('verify').click()")
    assert waited(browser, "$('verdict').textContent") == "verified"
    browser.execute_script("$('steps').open = true; $('program').open = true")
    assert "grad f" in waited(browser, "$('derivation').textContent")
    assert "import numpy" in waited(browser, "$('code').textContent")
    browser.execute_script(
        "$('code').textContent = ''; $('target').value = 'julia'; $('target').dispatchEvent(new Event('change'))"
    )
    assert "function" in waited(browser, "$('code').textContent")
    browser.execute_script("$('order').value = '2'")
    typed(browser, "x^T A x", "x")
    assert browser.execute_script("return $('text').textContent") == "A + A^T"
    link = browser.current_url
    browser.get("about:blank")
    browser.get(link)
    waited(browser, "latest !== null")
    assert browser.execute_script("return [$('expr').value, $('wrt').value, $('order').value]") == ["x^T A x", "x", "2"]
    assert "A: matrix(n, n) (inferred)" in browser.execute_script("return $('names').textContent")
    typed(browser, "x y where x: vector(n), y: vector(n)", "x")
    assert "^" in browser.execute_script("return $('error').textContent")
    browser.execute_script("latest = null; document.querySelector('#examples button').click()")
    waited(browser, "latest !== null")
    assert browser.execute_script("return document.documentElement.scrollWidth <= window.innerWidth")
    labels = browser.execute_script(
        "return [...document.querySelectorAll('input, select, textarea')].every((e) => e.labels.length)"
    )
    assert labels


def test_hostile_inputs_are_text(port: int, browser: Any) -> None:
    """Nothing typed becomes an element, nothing foreign is asked for, and the console has no errors."""
    browser.get(f"http://127.0.0.1:{port}/")
    waited(browser, "latest !== null")
    for text in HOSTILE:
        typed(browser, text, text[:40], text[:60])
        assert browser.execute_script("return document.querySelectorAll('main script, img, main h1').length") == 1
        assert browser.title.startswith("matcalc")
    urls = browser.execute_script("return performance.getEntriesByType('resource').map((e) => e.name)")
    assert urls and all(url.startswith(f"http://127.0.0.1:{port}/") for url in urls)
    errors = [e for e in browser.get_log("browser") if e["level"] == "SEVERE" and "favicon" not in e["message"]]
    assert not [e for e in errors if "413" not in e["message"]]
