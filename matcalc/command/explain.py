"""`matcalc explain` and `matcalc functions`: where an answer comes from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from matcalc import api
from matcalc.command.common.options import define_functions, define_option, order_option, where_option, wrt_option
from matcalc.command.common.terminal import DONE, ExpressionCommand, echo, read_argument, show_rows
from matcalc.errors import MatcalcError
from matcalc.functions import FUNCTIONS, find
from matcalc.functions.families import families
from matcalc.language.words.names import nearest
from matcalc.printing.notations.plain import LONG_NAMES

__all__ = ["explain", "functions"]


@click.command(cls=ExpressionCommand)
@click.argument("expr")
@wrt_option
@order_option
@where_option
@define_option
@click.option("--format", "-f", "form", type=click.Choice(["text", "latex", "markdown", "html"]), default="text")
@click.option("--detail", type=click.Choice(["brief", "full"]), default="full", show_default=True)
def explain(
    expr: str,
    wrt: tuple[str, ...],
    order: int | None,
    where: str | None,
    definitions: tuple[str, ...],
    form: str,
    detail: str,
) -> int:
    """The derivation of EXPR's derivative, one rule a step.

    \b
    matcalc explain "tr(A X^-1 B)" --wrt X
    """

    define_functions(definitions)
    f = api.parse(read_argument(expr), where)
    derivation = api.explain(f, wrt or None, order=order, detail=detail)
    writers: dict[str, Callable[[], Any]] = {
        "text": lambda: derivation,
        "latex": derivation.latex,
        "markdown": derivation.markdown,
        "html": derivation.html,
    }
    echo(str(writers[form]()))
    return DONE


@click.command()
@click.argument("name", required=False)
def functions(name: str | None) -> int:
    """The table of functions by family, or all about one of them.

    \b
    matcalc functions
    matcalc functions logdet
    """

    if name is None:
        for family, rows in families():
            echo(f"{family}:")
            show_rows(((f"  {row.name}", _summary(row)) for row in rows), coloured=True)
        return DONE
    symbols = {symbol: long for long, (symbol, _) in LONG_NAMES.items()}
    row = find(name) or find(symbols.get(name, name))
    if row is None:
        close = nearest(name, FUNCTIONS)
        hint = f"did you mean {close}?" if close else "matcalc functions lists them"
        raise MatcalcError(f"there is no function {name}".rstrip(), code="unknown-function", hint=hint, word=name)
    show_rows(_about(row), coloured=True)
    return DONE


def _summary(row: Any) -> str:
    return f"{row.summary}" + (f"; also {', '.join(row.aliases)}" if row.aliases else "")


def _about(row: Any) -> list[tuple[str, str]]:
    """Signature, differential, domain, condition and reference of a function."""
    changes = [f"∂/∂{p}: {d}" for p, d in zip(row.parameters, row.derivatives, strict=False)]
    listed = [
        ("function", f"{row.name}({', '.join(row.parameters)})"),
        ("meaning", row.summary),
        ("shapes", "\n".join(row.signatures)),
        ("definition", "\n".join(row.definition)),
        ("derivative", "\n".join(changes)),
        ("differential", "\n".join(row.differential)),
        ("domain", "; ".join(filter(None, (row.stated(row.domain), row.remark)))),
        ("differentiable", row.condition and f"where {row.stated(row.condition)}"),
        ("also", ", ".join(row.aliases)),
        ("reference", row.reference),
    ]
    return [(label, text) for label, text in listed if text]
