"""`matcalc serve`: the page, on this machine."""

from __future__ import annotations

from importlib.util import find_spec

import click

from matcalc.command.common.terminal import DONE, echo
from matcalc.errors import UnsupportedError

__all__ = ["serve"]


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8417, show_default=True)
@click.option(
    "--seconds", type=click.FloatRange(1), default=20.0, show_default=True, help="How long an answer may take."
)
def serve(port: int, seconds: float) -> int:
    """A page for derivatives in the browser, with this installation as its engine (pip install "symmatcalc[web]")."""
    if find_spec("starlette") is None or find_spec("uvicorn") is None:
        raise UnsupportedError("the packages of the page are not installed", hint='pip install "symmatcalc[web]"')
    import uvicorn

    from matcalc.serving.web import application
    from matcalc.serving.worker import Worker

    worker = Worker(seconds)
    echo(f"http://127.0.0.1:{port}/   (Ctrl-C ends it)")
    try:
        uvicorn.run(application(worker, port), host="127.0.0.1", port=port, log_level="warning", server_header=False)
    finally:
        worker.end()
    return DONE
