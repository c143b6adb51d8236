"""One browser, and one server, for a module."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.serving.browsing import served, started


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    yield from served()


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    yield from started(tmp_path_factory.mktemp("profile"))
