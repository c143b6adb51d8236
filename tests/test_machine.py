"""What is missing on a machine is a reason to skip, and a failure where everything is to be run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import machine


def test_what_is_missing_is_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(machine.RUN_ALL, raising=False)
    for ask in (machine.library, machine.program):
        with pytest.raises(pytest.skip.Exception, match="no_such_thing is not installed"):
            ask("no_such_thing")
    assert not machine.has("no_such_thing")


def test_what_is_missing_fails_where_everything_is_to_be_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(machine.RUN_ALL, "1")
    for ask in (machine.library, machine.program, machine.has):
        with pytest.raises(pytest.fail.Exception, match="no_such_thing is missing"):
            ask("no_such_thing")
    with pytest.raises(pytest.skip.Exception):
        machine.program("no_such_thing", obtainable=False)


def test_a_test_that_goes_without_is_written_down(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(machine.RUN_ALL, raising=False)
    monkeypatch.setenv(machine.SKIPPED_TO, str(tmp_path / "skipped"))
    assert not machine.has("no_such_thing")
    with pytest.raises(pytest.skip.Exception):
        machine.library("no_such_thing")
    name = "tests/test_machine.py::test_a_test_that_goes_without_is_written_down"
    assert (tmp_path / "skipped").read_text().splitlines() == [name, name]


def test_what_is_there_is_given() -> None:
    assert machine.library("numpy.linalg").__name__ == "numpy.linalg"
    assert machine.has("numpy")


@machine.sweep(4)
@pytest.mark.parametrize("row", range(8))
def test_of_a_sweep_a_slice_is_run(row: int, request: pytest.FixtureRequest) -> None:
    """Of eight rows two, where all are asked for the others, too, and no other test is left out."""
    own = [item for item in request.session.items if item.nodeid.startswith(request.node.nodeid.partition("[")[0])]
    kept, left = machine.sampled(own)
    assert len(kept) + len(left) == len(own) and request.node in own
    assert machine.whole_sweeps() or len(own) <= 2
    assert machine.sampled([item for item in own if item.get_closest_marker("sweep") is None]) == ([], [])


def test_what_a_slice_leaves_out_is_the_rest(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Slice and rest are all rows, and have those in common alone that the slice runs in a smaller form."""
    items = [item for item in request.session.items if item.get_closest_marker("sweep")]
    rows: dict[str, list[pytest.Item]] = {}
    monkeypatch.delenv(machine.SHARE, raising=False)
    for which in ("slice", "rest", "whole"):
        monkeypatch.setenv(machine.SWEEPS, which)
        rows[which], _ = machine.asked_for(items)
    assert set(rows["slice"]) | set(rows["rest"]) == set(rows["whole"]) == set(items)
    both = set(rows["slice"]) & set(rows["rest"])
    assert all(item.get_closest_marker("sweep").kwargs["smaller"] for item in both)  # type: ignore[union-attr]


def test_shares_of_the_rest_are_the_rest(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    items = request.session.items
    monkeypatch.setenv(machine.SWEEPS, "rest")
    monkeypatch.delenv(machine.SHARE, raising=False)
    rest, _ = machine.asked_for(items)
    shares = []
    for share in ("1/3", "2/3", "3/3"):
        monkeypatch.setenv(machine.SHARE, share)
        shares.append(machine.asked_for(items)[0])
    assert sorted(item.nodeid for share in shares for item in share) == sorted(item.nodeid for item in rest)


@machine.long
def test_what_is_long_is_no_part_of_the_slice() -> None:
    assert machine.whole_sweeps()
