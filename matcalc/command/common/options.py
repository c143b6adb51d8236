"""Options that several commands have."""

from __future__ import annotations

from collections.abc import Sequence

import click

from matcalc.errors import MatcalcError
from matcalc.language.limits import read_text

__all__ = ["convention_option", "define_functions", "define_option", "order_option", "where_option", "wrt_option"]

wrt_option = click.option(
    "--wrt", "-w", multiple=True, metavar="NAME", help="Variable; repeat it for a mixed derivative."
)
order_option = click.option("--order", "-n", type=click.IntRange(1, 6), default=None, help="2 for a Hessian.")
where_option = click.option("--where", metavar="DECLS", help='Declarations: "A: symmetric(n), x: vector(n)".')
define_option = click.option(
    "--define",
    "definitions",
    multiple=True,
    metavar="DEF",
    help='A function, "cube(t) = t^3", or a file of such lines.',
)


convention_option = click.option(
    "--convention",
    type=click.Choice(["structured", "unstructured", "independent", "wirtinger", "gradient", "jax", "torch"]),
    default="structured",
    help="The derivative by a structured variable: within its linear space, by free entries, or by independent entries. "
    "By a complex one: Wirtinger's, the gradient of a real function, or what JAX or PyTorch gives.",
)


def define_functions(definitions: Sequence[str]) -> None:
    """Define what ``--define`` says. Raises MatcalcError where it is neither a definition nor a file of them."""
    if definitions:
        from matcalc.language.rows.definitions import define_text

        for definition in definitions:
            define_text(_contents(definition))


def _contents(definition: str) -> str:
    """The definition, or the lines of the file with that name."""
    if "=" in definition or "->" in definition:
        return definition
    try:
        return read_text(definition)
    except (OSError, UnicodeDecodeError) as error:
        hint = 'a definition is "swish2(t) = t * sigmoid(2 t)", or a file of such lines'
        what = f"{definition} is neither a definition nor a file"
        raise MatcalcError(what, code="definition", hint=hint, word=definition) from error
