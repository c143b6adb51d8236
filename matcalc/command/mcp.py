"""`matcalc mcp`: the tools for agents."""

from __future__ import annotations

from importlib.util import find_spec

import click

from matcalc.command.common.terminal import DONE
from matcalc.errors import UnsupportedError

__all__ = ["mcp"]


@click.command()
@click.option(
    "--seconds", type=click.FloatRange(1), default=20.0, show_default=True, help="How long an answer may take."
)
def mcp(seconds: float) -> int:
    """Tools for language models over standard input and output (pip install "symmatcalc[mcp]").

    \b
    claude mcp add matcalc -- matcalc mcp
    """

    if find_spec("mcp") is None:
        raise UnsupportedError("the package mcp is not installed", hint='pip install "symmatcalc[mcp]"')
    from matcalc.serving.agents import server
    from matcalc.serving.worker import Worker

    worker = Worker(seconds)
    try:
        server(worker).run("stdio")
    finally:
        worker.end()
    return DONE
