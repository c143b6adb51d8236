"""The program `matcalc`: its commands by name, each loaded when it is asked for."""

from __future__ import annotations

import sys

import click

from matcalc import __version__
from matcalc.command.common.terminal import Program

__all__ = ["main"]

#: The module of each command, in the order of the help.
COMMANDS = {
    "diff": "matcalc.command.diff",
    "check": "matcalc.command.check",
    "equal": "matcalc.command.check",
    "curvature": "matcalc.command.curvature",
    "code": "matcalc.command.code",
    "explain": "matcalc.command.explain",
    "solve": "matcalc.command.solve",
    "functions": "matcalc.command.explain",
    "tex": "matcalc.command.tex",
    "mcp": "matcalc.command.mcp",
    "serve": "matcalc.command.serve",
    "repl": "matcalc.command.shell",
    "completion": "matcalc.command.shell",
}


@click.group(
    cls=Program,
    modules=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, "-V", "--version", prog_name="matcalc")
def main() -> None:
    """Derivatives of matrix expressions: the differential, the gradient, Jacobian or Hessian in closed form.

    \b
    matcalc diff "tr(X^T A X)"
    matcalc diff "||A x - b||^2" --order 2
    matcalc check "x^T A x" --wrt x --claim "2 A x"
    matcalc equal "tr(A B)" "tr(B A)"
    """
    sys.setrecursionlimit(max(sys.getrecursionlimit(), 10_000))
