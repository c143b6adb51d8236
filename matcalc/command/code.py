"""`matcalc code`: the derivative as a program."""

from __future__ import annotations

import re

import click

from matcalc import api
from matcalc.command.common.options import define_functions, define_option, order_option, where_option, wrt_option
from matcalc.command.common.terminal import DONE, ExpressionCommand, echo, read_argument, write_file
from matcalc.compiling import STAGES, compile_outputs, program_after
from matcalc.compiling.calling.self_check import self_check as check_of
from matcalc.compiling.targets import TARGETS as TARGETS_BY_NAME
from matcalc.errors import UnsupportedError
from matcalc.objects.derivatives import Derivative
from matcalc.objects.expressions import Expr
from matcalc.objects.results import Result
from matcalc.objects.wirtinger.support import has_complex

__all__ = ["code"]

TARGETS = ("scipy", "numpy", "array-api", "jax", "torch", "julia", "matlab", "latex")


@click.command(cls=ExpressionCommand)
@click.argument("expr")
@wrt_option
@order_option
@where_option
@define_option
@click.option("--target", "-t", type=click.Choice(TARGETS), help="[default: scipy where it is installed, else numpy]")
@click.option("--sizes", metavar="SIZES", help='Sizes to be fast for: "m=1000, n=50".')
@click.option("--with-value", is_flag=True, help="Write fun_and_grad, which gives the value, too.")
@click.option("--self-check", is_flag=True, help="Add a comparison with finite differences to the file.")
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
    sizes: str | None,
    with_value: bool,
    self_check: bool,
    no_checks: bool,
    stage: str | None,
    output: str | None,
) -> int:
    """Code that evaluates the derivative of EXPR.

    \b
    matcalc code "||A x - b||^2" --wrt x --target numpy
    matcalc code "b^T inv(A) b" --wrt A --stage solve
    matcalc code "logdet(A)" --wrt A --with-value --self-check
    """

    define_functions(definitions)
    result = Result.of(read_argument(expr), wrt, order, where, checked=False)
    if stage is not None:
        source = program_after(result.derivative, stage, target)
    else:
        source = _source(result.derivative, target, sizes, with_value or self_check, self_check, not no_checks)
    if output is None:
        echo(source)
    else:
        write_file(output, source + "\n")
    return DONE


def _source(
    derivative: Derivative, target: str | None, sizes: str | None, with_value: bool, checked: bool, checks: bool
) -> str:
    """The text of the function, and of its check."""
    outputs: list[Expr | Derivative] = [derivative.f, derivative] if with_value else [derivative]
    if with_value and len(derivative.wrt) != 1:
        raise UnsupportedError("the value goes with a first derivative", hint="leave --with-value and --self-check out")
    if has_complex(derivative.f):
        return str(api.compile(outputs if with_value else derivative, target).source).rstrip()
    known = _read_sizes(sizes) if sizes else None
    name = "fun_and_grad" if with_value else ""
    function = compile_outputs(outputs, target=target, single=not with_value, checks=checks, sizes=known, name=name)
    text = function.source.rstrip()
    if not checked:
        return text
    if TARGETS_BY_NAME[function.target].maps is None:  # it takes no arrays of NumPy
        raise UnsupportedError(f"there is no check for {function.target}", hint="--target numpy, or scipy, has one")
    head = "" if re.search("^import numpy as np$", text, re.M) else "import numpy as np\n\n\n"
    return f"{head}{text}\n\n\n{check_of(function, derivative.f.declarations, derivative.wrt[0]).rstrip()}"


def _read_sizes(text: str) -> dict[str, int]:
    """Raises UnsupportedError for anything but "m=1000, n=50"."""
    found = re.findall(r"([^\W\d]\w*)\s*=\s*(\d+)", text)
    if re.sub(r"[^\W\d]\w*\s*=\s*\d+", "", text).strip(" ,"):
        raise UnsupportedError(f"{text} are no sizes", hint='sizes are given as in "m=1000, n=50"')
    return {name: int(number) for name, number in found}
