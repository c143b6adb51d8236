"""`matcalc code`: the derivative as a program."""

from __future__ import annotations

import click

from matcalc.api import compile
from matcalc.command.common.options import define_functions, define_option, order_option, where_option, wrt_option
from matcalc.command.common.terminal import DONE, ExpressionCommand, echo, read_argument, write_file
from matcalc.compiling import STAGES, program_after
from matcalc.objects.results import Result

__all__ = ["code"]

TARGETS = ("scipy", "numpy", "array-api", "jax", "torch", "julia", "matlab", "latex")


@click.command(cls=ExpressionCommand)
@click.argument("expr")
@wrt_option
@order_option
@where_option
@define_option
@click.option("--target", "-t", type=click.Choice(TARGETS), help="[default: scipy where it is installed, else numpy]")
@click.option("--no-checks", is_flag=True, help="Leave out conversions and shape checks of arguments.")
@click.option("--stage", type=click.Choice([s.name for s in STAGES]), help="Print the program after a stage instead.")
@click.option("--output", "-o", metavar="FILE", help="Write to a file.")
def code(
    expr: str,
    wrt: tuple[str, ...],
    order: int | None,
    where: str | None,
    definitions: tuple[str, ...],
    target: str | None,
    no_checks: bool,
    stage: str | None,
    output: str | None,
) -> int:
    """Code that evaluates the derivative of EXPR.

    \b
    matcalc code "||A x - b||^2" --wrt x --target numpy
    matcalc code "b^T inv(A) b" --wrt A --stage solve
    """

    define_functions(definitions)
    result = Result.of(read_argument(expr), wrt, order, where, checked=False)
    if stage is not None:
        source = program_after(result.derivative, stage, target)
    else:
        source = compile(result.derivative, target=target, checks=not no_checks).source.rstrip()
    if output is None:
        echo(source)
    else:
        write_file(output, source + "\n")
    return DONE
