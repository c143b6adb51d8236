"""The page of `matcalc serve`: static files, and the engine's answers for it (extra: web)."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from matcalc.serving.tasks import CHARACTERS
from matcalc.serving.worker import Worker

__all__ = ["application"]

PAGE = Path(__file__).parent / "page"
#: What the page is made of.
FILES = {
    "": ("page.html", "text/html"),
    "engine.js": ("server.js", "text/javascript"),
    "parts.js": ("parts.js", "text/javascript"),
    "page.js": ("page.js", "text/javascript"),
    "page.css": ("page.css", "text/css"),
}
#: What the page may ask.
ASKED = frozenset({"shown", "check_claim", "explain", "code", "curvature", "solve", "taylor"})
#: Nothing but its own files runs in the page, and it talks to nobody else.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
Next = Callable[[Request], Awaitable[Response]]


def application(worker: Worker, port: int) -> Starlette:
    """The application for this port of the loopback address; a request that names another host is refused."""
    hosts = {f"{name}:{port}" for name in ("127.0.0.1", "localhost")}

    async def file(request: Request) -> Response:
        return _guarded(request, hosts) or _file(request.path_params.get("name", ""))

    async def ask(request: Request) -> Response:
        return _guarded(request, hosts) or await _asked(request, worker)

    routes = [Route("/ask", ask, methods=["POST"]), Route("/", file), Route("/{name}", file)]
    return Starlette(routes=routes)


def _guarded(request: Request, hosts: set[str]) -> Response | None:
    """A refusal for another host, as a page elsewhere that had its name point here would send, or another origin."""
    origin = request.headers.get("origin")
    if request.headers.get("host") not in hosts or (origin and origin.removeprefix("http://") not in hosts):
        return PlainTextResponse("this page is for the machine that it runs on", 403, HEADERS)
    return None


def _file(name: str) -> Response:
    if name not in FILES:
        return PlainTextResponse("there is no such page", 404, HEADERS)
    file, kind = FILES[name]
    return Response((PAGE / file).read_bytes(), media_type=kind, headers=HEADERS)


async def _asked(request: Request, worker: Worker) -> Response:
    try:
        if not request.headers.get("content-type", "").startswith("application/json"):
            raise ValueError("not JSON")
        body = b""
        async for part in request.stream():
            body += part
            if len(body) > 4 * CHARACTERS:
                return JSONResponse({"ok": False, "error": "error: the input is too long"}, 413, HEADERS)
        question: dict[str, Any] = json.loads(body)
        task, arguments = question["task"], dict(question["arguments"])
        if task not in ASKED:
            raise ValueError("no such task")
    except (ValueError, KeyError, TypeError):
        return JSONResponse({"ok": False, "error": "error: no question of the page"}, 400, HEADERS)
    return JSONResponse(await run_in_threadpool(worker.ask, task, arguments), headers=HEADERS)
