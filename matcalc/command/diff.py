"""`matcalc diff`: the derivative as a formula."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import click

from matcalc.command.common.options import (
    convention_option,
    define_functions,
    define_option,
    order_option,
    where_option,
    wrt_option,
)
from matcalc.command.common.terminal import (
    DONE,
    FAILED,
    ExpressionCommand,
    echo,
    echo_json,
    has_ascii_only,
    read_argument,
    show_rows,
)
from matcalc.objects.expressions import Expr
from matcalc.objects.results import Result, json_of, program_of, rows_of

__all__ = ["diff"]

FORMATS = ("text", "unicode", "latex", "mathml", "numpy", "json")


@click.command(cls=ExpressionCommand)
@click.argument("expr")
@wrt_option
@order_option
@where_option
@define_option
@click.option("--format", "-f", "form", type=click.Choice(FORMATS), default="text", help="How the result is written.")
@click.option(
    "--bold", type=click.Choice(["none", "upright", "italic"]), default="none", help="Letters of matrices in LaTeX."
)
@convention_option
@click.option("--geometry", type=click.Choice(["stiefel", "affine-invariant"]), help="A Riemannian gradient.")
@click.option("--steps", is_flag=True, help="Show the derivation, too.")
@click.option("--no-check", is_flag=True, help="Do not verify the answer numerically.")
def diff(
    expr: str,
    wrt: tuple[str, ...],
    order: int | None,
    where: str | None,
    definitions: tuple[str, ...],
    form: str,
    bold: str,
    convention: str,
    geometry: str | None,
    steps: bool,
    no_check: bool,
) -> int:
    """Differentiate EXPR (- for standard input).

    \b
    matcalc diff "tr(X^T A X)"
    matcalc diff "log(det(X))" --order 2 --where "X: spd(n)"
    matcalc diff "||T - U V^T||_F^2" --wrt U --format latex
    """

    define_functions(definitions)
    result = Result.of(
        read_argument(expr), wrt, order, where, checked=not no_check, convention=convention, geometry=geometry
    )
    if form == "json":
        echo_json(json_of(result))
    elif form == "numpy":
        echo(program_of(result.derivative).rstrip())
    else:
        if steps:
            echo(_derivation(result.f, result.derivative.wrt, form))
            echo("")
        printed = "ascii" if form == "text" and has_ascii_only() else form
        show_rows(rows_of(result, printed, bold), coloured=form in ("text", "unicode"))
    return FAILED if result.report is not None and not result.report and not result.report.problem else DONE


def _derivation(f: Expr, wrt: Sequence[str], form: str) -> str:
    from matcalc.api import explain

    derivation = replace(explain(f, wrt), notes=())  # they stand below the answer
    return str(derivation.latex()) if form == "latex" else str(derivation)
