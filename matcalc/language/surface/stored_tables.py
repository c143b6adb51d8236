"""Parse tables made ahead of time.

Building a parser takes Lark about 0.1 s, loading its tables 2 ms. The tables of both grammars are kept as Python
literals in `matcalc/language/parse_tables/`, with a fingerprint of what they were made from; where the grammar or
Lark is another, the parser is built from the grammar. After a change of a grammar run

    python -m matcalc.language.parse_tables
"""

from __future__ import annotations

import hashlib
from importlib import import_module
from typing import Any

import lark

__all__ = ["fingerprint", "stored"]


def fingerprint(grammar: str) -> str:
    """What tables depend on: the grammar and the version of Lark."""
    return f"{lark.__version__} {hashlib.sha256(grammar.encode()).hexdigest()}"


def stored(dialect: str, grammar: str) -> dict[str, Any] | None:
    """The tables of the dialect as Lark loads them, or None where they were made from something else."""
    try:
        module = import_module(f"matcalc.language.parse_tables.{dialect}")
    except ModuleNotFoundError:
        return None
    if fingerprint(grammar) != module.FINGERPRINT:
        return None
    return {"data": module.DATA, "memo": module.MEMO}
