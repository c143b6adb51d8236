"""`matcalc curvature`: whether a function is convex, with the certificate."""

from __future__ import annotations

import click

from matcalc import api
from matcalc.command.common.options import define_functions, define_option, where_option, wrt_option
from matcalc.command.common.terminal import DONE, ExpressionCommand, echo, echo_json, read_argument

__all__ = ["curvature"]


@click.command(cls=ExpressionCommand)
@click.argument("expr")
@wrt_option
@where_option
@define_option
@click.option("--steps", is_flag=True, help="The proof, line by line.")
@click.option("--format", "-f", "form", type=click.Choice(["text", "latex", "json"]), default="text")
def curvature(
    expr: str, wrt: tuple[str, ...], where: str | None, definitions: tuple[str, ...], steps: bool, form: str
) -> int:
    """Whether EXPR is convex, concave, affine or neither in the variables, jointly.

    \b
    matcalc curvature "log(sum(exp(A x)))" --wrt x --steps
    matcalc curvature "x^2 / y where x: scalar, y: scalar(positive)" --wrt x --wrt y
    """

    define_functions(definitions)
    answer = api.curvature(read_argument(expr), *wrt, where=where)
    if form == "json":
        echo_json(answer.as_dict())
    else:
        echo(answer.latex() if form == "latex" else answer.steps if steps else str(answer))
    return DONE
