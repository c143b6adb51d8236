"""The page of `matcalc serve` in a headless browser, and the server's refusals."""

from __future__ import annotations

import http.client
import json
from typing import Any

import pytest

import matcalc as mc
from tests.serving.browsing import faults, typed, waited
from tests.serving.flows import FLOWS
from tests.serving.inputs import HOSTILE, INPUTS


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
    assert sent(port, "POST", "/ask", question("minimize", expression="x"), **json_)[0] == 400
    assert sent(port, "POST", "/ask", "{", **json_)[0] == 400
    assert sent(port, "POST", "/ask", "x" * 100_000, **json_)[0] == 413
    assert not json.loads(sent(port, "POST", "/ask", question("shown", wrong=1), **json_)[2])["ok"]
    for path in ("/../tasks.py", "/%2e%2e/tasks.py", "/etc", "/page.html"):
        assert sent(port, "GET", path)[0] == 404
    status, headers, text = sent(port, "POST", "/ask", asked, **json_)
    assert status == 200 and json.loads(text)["value"]["derivative"]["text"] == "2 x"
    assert "default-src 'none'" in headers["content-security-policy"]


def test_answers_are_those_of_python(port: int, browser: Any) -> None:
    browser.get(f"http://127.0.0.1:{port}/")
    waited(browser, "latest !== null")
    for expression, wrt, where in INPUTS:
        typed(browser, expression, wrt, where)
        expected = str(mc.derivative(expression, *([wrt] if wrt else []), where=where or None))
        assert browser.execute_script("return $('text').textContent") == expected
        assert browser.execute_script("return $('derivative').querySelectorAll('math *').length") > 0
        assert browser.execute_script("return $('check').textContent").startswith("verified")


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.__name__)
def test_flow(port: int, browser: Any, flow: Any) -> None:
    if not browser.current_url.startswith(f"http://127.0.0.1:{port}/"):
        browser.get(f"http://127.0.0.1:{port}/")
        waited(browser, "latest !== null")
    flow(browser)
    assert not faults(browser)


def test_hostile_inputs_are_text(port: int, browser: Any) -> None:
    """Nothing typed becomes an element, nothing foreign is asked for, and the console has no errors."""
    browser.get(f"http://127.0.0.1:{port}/")
    waited(browser, "latest !== null")
    for hostile in HOSTILE:
        typed(browser, hostile, hostile[:40], hostile[:60])
        assert browser.execute_script("return document.querySelectorAll('main script, img, main h1').length") == 1
        assert browser.title.startswith("matcalc")
    urls = browser.execute_script("return performance.getEntriesByType('resource').map((e) => e.name)")
    assert urls and all(url.startswith(f"http://127.0.0.1:{port}/") for url in urls)
    assert not [message for message in faults(browser) if "413" not in message]
