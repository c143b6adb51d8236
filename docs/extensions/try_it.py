"""The page that needs no installation: the page of `matcalc serve` with Python in the browser as its engine.

Everything stands in one folder of the site, and the page asks nobody else for anything. Python is the `pyodide` package of npm, taken
when the documentation is built; its checksum stands here.
"""

from __future__ import annotations

import hashlib
import json
import lzma
import shutil
import subprocess
import tarfile
import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

import lark
import mpmath

import matcalc

VERSION = "314.0.8"
SHA512 = "ef85aad645ce0be08213301fc6e4403bbd359c070230b8dff0daf0bd6a6ef12e35755317c1798b434e5d601f85e1ee3a01d9c6a34a2aed81d2554a47b286ab2d"
#: 16 MB back for what occurred before, which the page has to hold while it unpacks.
PRESET = 7
#: All files of the page together, in bytes.
LARGEST = 16_000_000
ASSETS = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
PAGE = Path(matcalc.__file__).parent / "serving" / "page"
#: What the page is made of -> what it is called there; the engine is the worker's.
FILES = {
    "page.html": "index.html",
    "static.js": "engine.js",
    **{n: n for n in ("worker.js", "parts.js", "page.js", "page.css")},
}
#: The rules of `matcalc serve`, with the one that WebAssembly needs.
POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; worker-src 'self'; "
    "base-uri 'none'; form-action 'none'"
)
LEFT_OUT = {"__pycache__", "tests", "command", "documents", "interop", "page"}


class NotObtained(Exception):
    """The npm registry, or its client, is not there."""


def tarball() -> Path:
    """The package of npm, checked; kept for the next build. Raises NotObtained."""
    kept = Path.home() / ".cache" / "matcalc" / f"pyodide-{VERSION}.tgz"
    if not kept.is_file() or _digest(kept) != SHA512:
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as folder:
            shutil.move(_packed(Path(folder)), kept)
    if _digest(kept) != SHA512:
        raise NotObtained(f"pyodide {VERSION} is another file than the one that was checked")
    return kept


def _packed(folder: Path) -> Path:
    command = ["npm", "pack", f"pyodide@{VERSION}", "--silent", "--pack-destination", str(folder)]
    try:
        subprocess.run(command, check=True, timeout=300, capture_output=True, cwd=folder)
    except (OSError, subprocess.SubprocessError) as error:
        raise NotObtained(f"npm does not give pyodide {VERSION}: {error}") from error
    return next(folder.glob("*.tgz"))


def _digest(file: Path) -> str:
    return hashlib.sha512(file.read_bytes()).hexdigest()


def write(folder: Path) -> int:
    """Make the page; its size in bytes. Raises NotObtained, and ValueError where it is too large."""
    archive = tarball()
    folder.mkdir(parents=True, exist_ok=True)
    with tarfile.open(archive) as members:
        for name in ASSETS:
            (folder / name).write_bytes(_member(members, f"package/{name}").read())
        lock = json.load(_member(members, "package/pyodide-lock.json"))
    (folder / "pyodide-lock.json").write_text(json.dumps({"info": lock["info"], "packages": {}}), encoding="utf-8")
    for name, called in FILES.items():
        (folder / called).write_text(_text(name), encoding="utf-8")
    (folder / "program.tar.xz").write_bytes(lzma.compress(_program(folder), preset=PRESET))
    size = sum(file.stat().st_size for file in folder.iterdir())
    if size > LARGEST:
        raise ValueError(f"the page has {size} bytes, more than {LARGEST}")
    return size


def _member(members: tarfile.TarFile, name: str) -> Any:
    found = members.extractfile(name)
    assert found is not None
    return found


def _text(name: str) -> str:
    text = (PAGE / name).read_text(encoding="utf-8")
    policy = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    return text.replace('<meta charset="utf-8">', f'<meta charset="utf-8">\n{policy}')


def _program(pyodide: Path) -> bytes:
    """matcalc with its grammar, lark and mpmath, compiled by the Python of the page, as a tar archive. Raises NotObtained."""
    with tempfile.TemporaryDirectory() as folder:
        texts, made = Path(folder) / "program.zip", Path(folder) / "program.tar"
        with zipfile.ZipFile(texts, "w") as packed:
            for module in (matcalc, lark, mpmath):
                for file, name in _files(module):
                    packed.write(file, name)
        command = ["node", str(Path(__file__).with_name("compiled.mjs")), str(pyodide.resolve()), str(texts), str(made)]
        try:
            subprocess.run(command, check=True, timeout=600, capture_output=True)
        except (OSError, subprocess.SubprocessError) as error:
            raise NotObtained(f"node does not compile the program: {error}") from error
        return made.read_bytes()


def _files(module: ModuleType) -> Iterable[tuple[Path, str]]:
    root = Path(str(module.__file__)).parent
    left_out = LEFT_OUT if module is matcalc else {"__pycache__", "tests"}
    for file in sorted(root.rglob("*")):
        if file.is_file() and not left_out & set(file.relative_to(root).parts):
            yield file, str(file.relative_to(root.parent))
    grammar = root.parent / "grammar"
    if module is matcalc and grammar.is_dir():
        for file in sorted(grammar.glob("*.lark")):
            yield file, f"matcalc/grammar/{file.name}"


def _built(app: Any, error: Exception | None) -> None:
    if error is None and app.builder.name == "html":
        from sphinx.util import logging

        logger = logging.getLogger(__name__)
        try:
            size = write(Path(app.outdir) / "try")
        except NotObtained as missing:
            logger.warning("the page without installation is not made: %s", missing, type="matcalc", subtype="try")
        else:
            logger.info("the page without installation: %.1f MB", size / 1e6)


def setup(app: Any) -> dict[str, Any]:
    """Make the page beside the others."""
    app.connect("build-finished", _built)
    return {"parallel_read_safe": True}
