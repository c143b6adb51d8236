"""Wrong inputs and their messages: `faults.txt` shows each as a user sees it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from matcalc.errors import MatcalcError
from matcalc.language import parse

BLOCKS = [
    block.partition("\n")
    for block in Path(__file__).with_name("faults.txt").read_text(encoding="utf-8").split(">>> ")
    if block.strip()
]


@pytest.mark.parametrize(
    ("source", "message"), [(s, m.rstrip("\n")) for s, _, m in BLOCKS], ids=[s for s, _, _ in BLOCKS]
)
def test_message(source: str, message: str) -> None:
    with pytest.raises(MatcalcError) as caught:
        parse(source)
    assert str(caught.value) == message
    assert "\\u" not in message and "Traceback" not in message
    json.dumps(caught.value.as_dict())


def test_there_are_many() -> None:
    assert len(BLOCKS) >= 60
