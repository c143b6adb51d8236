"""The tools for agents, asked by the client of the same package over standard input and output."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

import pytest

from tests.machine import library

TOOLS = {"differentiate", "check_claim", "prove_equal", "explain", "code", "curvature", "solve", "minimize"}


def asked(*questions: tuple[str, dict[str, Any]]) -> tuple[Any, list[Any]]:
    """The list of tools, and the results of calls in one session."""
    library("mcp")
    from mcp.client import Client
    from mcp.client.stdio import StdioServerParameters

    async def run() -> tuple[Any, list[Any]]:
        server = StdioServerParameters(command=sys.executable, args=["-m", "matcalc", "mcp", "--seconds", "60"])
        async with Client(server) as client:
            tools = await client.list_tools()
            return tools, [await client.call_tool(name, arguments) for name, arguments in questions]

    return asyncio.run(run())


def text(result: Any) -> str:
    return "".join(part.text for part in result.content)


def test_every_tool_answers() -> None:
    tools, found = asked(
        ("differentiate", {"expression": "tr(X^T A X)"}),
        ("check_claim", {"expression": "x^T A x", "wrt": ["x"], "claim": "2 A x"}),
        ("check_claim", {"expression": "x^T A x", "wrt": ["x"], "claim": "(A + A^T) x"}),
        ("prove_equal", {"left": "tr(A B)", "right": "tr(B A)"}),
        ("explain", {"expression": "x^T A x", "wrt": ["x"]}),
        ("code", {"expression": "||A x - b||^2", "wrt": ["x"], "target": "julia"}),
        ("curvature", {"expression": "log(sum(exp(A x)))", "wrt": ["x"]}),
        ("solve", {"expression": "||A x - b||^2", "wrt": ["x"]}),
    )
    assert {tool.name for tool in tools.tools} == TOOLS
    schema = next(tool.input_schema for tool in tools.tools if tool.name == "check_claim")
    assert set(schema["required"]) == {"expression", "wrt", "claim"}
    assert not [text(r) for r in found if r.is_error]
    derivative, wrong, right, equality, steps, program, convex, solution = (json.loads(text(r)) for r in found)
    assert derivative["derivative"]["text"] == "(A + A^T) X" and derivative["check"]["ok"]
    assert not wrong["ok"] and "symmetric" in wrong["diagnosis"] and right["ok"]
    assert equality["verdict"] == "proved" and steps["steps"][-1] == "grad f = (A + A^T) x"
    assert "function" in program["code"] and convex["verdict"] == "convex" and solution["verdict"] == "solved"


def test_errors_are_texts_with_a_place_and_a_hint() -> None:
    _, (shapes, size, after) = asked(
        ("differentiate", {"expression": "x y where x: vector(n), y: vector(n)", "wrt": ["x"]}),
        ("differentiate", {"expression": "x + " * 5000 + "x"}),
        ("differentiate", {"expression": "x^2"}),
    )
    assert shapes.is_error and "^" in text(shapes) and "x^T y" in text(shapes)
    assert size.is_error and "limit" in text(size) and not after.is_error


def test_a_worker_that_takes_too_long_is_ended_and_another_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    from matcalc.serving import worker

    made = worker.Worker(seconds=0.01)
    try:
        assert made.ask("differentiate", {"expression": "tr(X^5)"})["code"] == "limit-seconds"
        made.seconds = 60
        assert made.ask("differentiate", {"expression": "x^2"})["value"]["derivative"]["text"] == "2 x"
        first = made._process
        assert first is not None
        first.kill()
        first.wait()
        assert made.ask("prove_equal", {"left": "a + b", "right": "b + a"})["value"]["verdict"] == "proved"
    finally:
        made.end()


def test_verdicts_solutions_and_minima_come_with_their_proofs() -> None:
    data = {"A": [[1, 0], [1, 1]], "b": [1, -1]}
    least = {"expression": "||A x - b||^2", "wrt": ["x"], "data": data}
    _, (convex, neither, portfolio, open_, minimum, ragged, letters) = asked(
        ("curvature", {"expression": "log(sum(exp(A x)))", "wrt": ["x"]}),
        ("curvature", {"expression": "sum(sin(x))", "wrt": ["x"]}),
        ("solve", {"expression": "w^T S w", "wrt": ["w"], "subject_to": ["sum(w) = 1"], "where": "S: spd(n)"}),
        ("solve", {"expression": "sum(exp(A x)) - b^T x", "wrt": ["x"]}),
        ("minimize", least | {"subject_to": ["x >= 0"]}),
        ("minimize", least | {"data": data | {"A": [[1], [1, 2]]}}),
        ("minimize", least | {"data": data | {"A": [["one", 0], [1, 1]]}}),
    )
    proof, refuted, found, newton, reached = (json.loads(text(r)) for r in (convex, neither, portfolio, open_, minimum))
    assert proof["certificate"][1]["claim"] == ">= 0" and "Cauchy-Schwarz" in proof["text"]
    assert refuted["title"].startswith("neither") and set(refuted["counterexample"]) == {"a", "b", "weight"}
    assert found["solutions"]["w"]["text"] == "S^-1 ones(n) / sum(S^-1)" and found["kind"] == "minimum"
    assert newton["verdict"] == "no closed form" and newton["newton"]
    assert (
        reached["is_global"]
        and reached["x"] == pytest.approx([0, 0], abs=1e-6)
        and reached["value"] == pytest.approx(2)
    )
    assert ragged.is_error and "rows of A" in text(ragged) and letters.is_error and "text" in text(letters)
