"""A headless browser with the page, whichever engine answers it."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.machine import library, program

#: Nothing of the browser itself asks anybody for anything.
SWITCHES = """--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync --disable-dev-shm-usage
--disable-background-networking --disable-component-update""".split()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def listening(command: list[str], port: int) -> Iterator[int]:
    """The port while a program listens there."""
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        for _ in range(150):
            with socket.socket() as tried:
                if tried.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.2)
        yield port
    finally:
        server.terminate()
        server.wait(20)


def served() -> Iterator[int]:
    """`matcalc serve` on a free port."""
    library("starlette"), library("uvicorn")
    number = free_port()
    yield from listening([sys.executable, "-m", "matcalc", "serve", "--port", str(number), "--seconds", "60"], number)


def started(profile: Path) -> Iterator[Any]:
    """Chromium, 420 pixels wide."""
    webdriver = library("selenium.webdriver")
    program("chromedriver")
    options = webdriver.ChromeOptions()
    options.binary_location = program("chromium")
    for word in (*SWITCHES, f"--user-data-dir={profile}"):
        options.add_argument(word)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options, webdriver.ChromeService(shutil.which("chromedriver")))
    driver.set_window_size(420, 900)
    yield driver
    driver.quit()
    shutil.rmtree(profile, ignore_errors=True)


def waited(browser: Any, condition: str, seconds: float = 90) -> Any:
    """The first value of a condition that is true. Fails where there is none."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := browser.execute_script(f"return {condition}"):
            return found
        time.sleep(0.05)
    pytest.fail(f"never: {condition}; {browser.execute_script('return document.body.innerText')}")


def typed(browser: Any, expression: str, wrt: str = "", where: str = "", order: str = "1") -> None:
    """Type, and wait for the answer or the error of just this input."""
    browser.execute_script(
        "latest = null; $('error').textContent = '';"
        "for (const part of document.querySelectorAll('details')) part.open = false;"
        "for (const [id, v] of Object.entries(arguments[0])) { $(id).value = v; }"
        "$('expr').dispatchEvent(new Event('input'));",
        {"expr": expression, "wrt": wrt, "where": where, "order": order},
    )
    settled(browser)


def settled(browser: Any) -> None:
    """Wait for an answer or an error."""
    waited(browser, "latest !== null || $('error').textContent !== ''")


def text(browser: Any, place: str) -> str:
    """What an element says."""
    return str(browser.execute_script("return $(arguments[0]).textContent", place))


def faults(browser: Any) -> list[str]:
    """The console's errors; that there is no icon is none."""
    return [
        e["message"] for e in browser.get_log("browser") if e["level"] == "SEVERE" and "favicon" not in e["message"]
    ]
