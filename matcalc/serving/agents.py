"""The tools for language models, by the Model Context Protocol (extra: mcp)."""

from __future__ import annotations

import json
from typing import Any, Literal

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError

from matcalc import __version__
from matcalc.serving.worker import Worker

__all__ = ["server"]

INSTRUCTIONS = """Derivatives of matrix expressions, derived by rules and verified numerically. Ask these tools instead of deriving by hand.
Write as in papers or code: "tr(X^T A X)", "||A x - b||^2", LaTeX, or NumPy text. Declare what matters in `where`:
"A: symmetric(n), x: vector(n), s: scalar(positive)"; kinds are scalar, vector, matrix(m, n), symmetric, spd, psd, skew, diagonal, lower, upper.
Read `notes`: each says how something ambiguous was read. Where one is not what was meant, declare the name and ask again.
An error that names two readings is a question: choose by a declaration, or put it to the user. `conditions` belong to the answer."""


def server(worker: Worker) -> MCPServer[Any]:
    """The server with all tools; their answers are the worker's."""
    made: MCPServer[Any] = MCPServer("matcalc", instructions=INSTRUCTIONS, version=__version__, log_level="WARNING")
    for add in (_of_derivatives, _of_claims, _of_functions):
        add(made, worker)
    return made


def _told(worker: Worker, task: str, **arguments: Any) -> str:
    """The answer as JSON. Raises ToolError with the message, the place in the text and the hint."""
    found = worker.ask(task, {name: value for name, value in arguments.items() if value is not None})
    if not found["ok"]:
        raise ToolError(found["error"])
    return json.dumps(found["value"], ensure_ascii=False, indent=1)


def _of_derivatives(made: MCPServer[Any], worker: Worker) -> None:
    @made.tool(structured_output=False)
    def differentiate(
        expression: str, wrt: list[str] | None = None, order: int | None = None, where: str | None = None
    ) -> str:
        """The gradient, Jacobian or Hessian in closed form, with LaTeX, NumPy code, conditions, notes and a numeric check.

        Args:
            expression: such as "||A x - b||^2", "logdet(S) - tr(S A)", LaTeX or NumPy text.
            wrt: variables, one after the other for mixed derivatives; X, x or the only name where nothing is given.
            order: 2 for the Hessian.
            where: declarations, such as "S: spd(n), x: vector(n)".
        """
        return _told(worker, "differentiate", expression=expression, wrt=wrt, order=order, where=where)

    @made.tool(structured_output=False)
    def explain(
        expression: str,
        wrt: list[str] | None = None,
        order: int | None = None,
        detail: Literal["brief", "full"] = "brief",
        where: str | None = None,
    ) -> str:
        """The derivation of a derivative step by step, each step with the rule it uses."""
        return _told(worker, "explain", expression=expression, wrt=wrt, order=order, detail=detail, where=where)

    @made.tool(structured_output=False)
    def code(
        expression: str,
        wrt: list[str] | None = None,
        order: int | None = None,
        target: Literal["numpy", "array-api", "jax", "torch", "julia", "matlab", "latex"] = "numpy",
        where: str | None = None,
    ) -> str:
        """Code that evaluates an expression, or its derivative by `wrt`, in an array library or language."""
        return _told(worker, "code", expression=expression, wrt=wrt, order=order, target=target, where=where)


def _of_claims(made: MCPServer[Any], worker: Worker) -> None:
    @made.tool(structured_output=False)
    def check_claim(
        expression: str, wrt: list[str], claim: str, order: int | None = None, where: str | None = None
    ) -> str:
        """Whether a derivative that somebody derived is right: verified or refuted, with what is wrong and the true one.

        Args:
            expression: the function.
            wrt: its variables.
            claim: an array such as "(A + A^T) X", an operator "dF = A dX B", or a vec form.
            order: 2 for a claimed Hessian.
            where: declarations.
        """
        return _told(worker, "check_claim", expression=expression, wrt=wrt, claim=claim, order=order, where=where)

    @made.tool(structured_output=False)
    def prove_equal(left: str, right: str, where: str | None = None) -> str:
        """Whether two expressions are equal for all values: proved, refuted by a counterexample, or undecided."""
        return _told(worker, "prove_equal", left=left, right=right, where=where)


def _of_functions(made: MCPServer[Any], worker: Worker) -> None:
    @made.tool(structured_output=False)
    def curvature(expression: str, wrt: list[str] | None = None, where: str | None = None) -> str:
        """Whether a number is convex, concave, affine or neither in variables, jointly, with a proof or a counterexample."""
        return _told(worker, "curvature", expression=expression, wrt=wrt, where=where)

    @made.tool(structured_output=False)
    def solve(expression: str, wrt: list[str], subject_to: list[str] | None = None, where: str | None = None) -> str:
        """Where the gradient of a number is zero, or the solution of an equation such as "A X + X B = C", in closed form."""
        return _told(worker, "solve", expression=expression, wrt=wrt, subject_to=subject_to, where=where)

    @made.tool(structured_output=False)
    def minimize(
        expression: str,
        wrt: list[str],
        data: dict[str, Any],
        subject_to: list[str] | None = None,
        where: str | None = None,
    ) -> str:
        """The least value of a number for given data, where it is reached, and whether it is proved to be the global minimum.

        Args:
            expression: such as "||A x - b||^2 + lam sum(abs(x))".
            wrt: the unknowns.
            data: numbers and nested lists for every other name: {"A": [[1, 0], [1, 1]], "b": [1, 2], "lam": 0.1}.
            subject_to: equations and inequalities, such as "sum(x) = 1" and "x >= 0".
        """
        return _told(worker, "minimize", expression=expression, wrt=wrt, data=data, subject_to=subject_to, where=where)
