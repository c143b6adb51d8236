"""`matcalc solve`: where a gradient is zero, and equations."""

from __future__ import annotations

import click

from matcalc.command.common.options import define_functions, define_option, where_option
from matcalc.command.common.terminal import DONE, ExpressionCommand, echo_json, read_argument, show_rows

__all__ = ["solve"]


@click.command(cls=ExpressionCommand)
@click.argument("expr")
@click.option("--wrt", "-w", multiple=True, metavar="NAME", help="Unknown; repeat it for several.")
@click.option(
    "--subject-to", "-s", "subject_to", multiple=True, metavar="CONSTRAINT", help='"A x = b"; repeat it for several.'
)
@where_option
@define_option
@click.option("--format", "-f", "form", type=click.Choice(["text", "latex", "json"]), default="text")
@click.option("--steps", is_flag=True, help="Show the equation, and how it was solved, too.")
def solve(
    expr: str,
    wrt: tuple[str, ...],
    subject_to: tuple[str, ...],
    where: str | None,
    definitions: tuple[str, ...],
    form: str,
    steps: bool,
) -> int:
    """Set the gradient of EXPR to zero, or solve an equation.

    \b
    matcalc solve "||A x - b||^2" --wrt x
    matcalc solve "A X + X B = C" --wrt X
    matcalc solve "w^T S w" --wrt w --subject-to "sum(w) = 1" --where "S: spd(n)"
    """

    from matcalc.solving.solution import rows_of
    from matcalc.solving.solution import solve as solved

    define_functions(definitions)
    found = solved(read_argument(expr), *wrt, subject_to=subject_to, where=where)
    if form == "json":
        echo_json(found.as_dict())
    else:
        show_rows(rows_of(found, form, steps=steps), coloured=form == "text")
    return DONE
