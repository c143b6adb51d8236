"""`matcalc check` and `matcalc equal`: what was derived by hand, compared with what is true."""

from __future__ import annotations

import click

from matcalc import api
from matcalc.answers.claimed import questions
from matcalc.command.common.file_claims import check_files, is_file, refuse_with_files
from matcalc.command.common.options import (
    convention_option,
    define_functions,
    define_option,
    order_option,
    where_option,
    wrt_option,
)
from matcalc.command.common.terminal import DONE, FAILED, ExpressionCommand, echo, echo_json, read_argument, show_rows
from matcalc.errors import MatcalcError
from matcalc.objects.expressions import parsed_beside
from matcalc.objects.results import claim_rows, where_rows
from matcalc.objects.wirtinger.support import has_complex

__all__ = ["check", "equal"]


@click.command(cls=ExpressionCommand)
@click.argument("exprs", nargs=-1, required=True, metavar="EXPR | FILE…")
@wrt_option
@click.option("--claim", metavar="EXPR", help="A derivative to verify; without it matcalc's own.")
@order_option
@where_option
@define_option
@click.option("--trials", type=click.IntRange(1, 1000), default=3, show_default=True)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True)
@convention_option
@click.option("--plot", metavar="FILE", help="Draw the Taylor remainder against the step.")
@click.option("--format", "-f", "form", type=click.Choice(["text", "json"]), default="text")
def check(
    exprs: tuple[str, ...],
    wrt: tuple[str, ...],
    claim: str | None,
    order: int | None,
    where: str | None,
    definitions: tuple[str, ...],
    trials: int,
    seed: int,
    convention: str,
    plot: str | None,
    form: str,
) -> int:
    """Verify a hand-derived derivative of EXPR, or matcalc's own, or every claim that is marked in FILEs.

    \b
    matcalc check "tr(X^T A X)" --wrt X --claim "(A + A^T) X"
    matcalc check "A X B" --wrt X --claim "dF = A dX B"
    matcalc check paper.tex notes.md

    A claim in a file is a comment such as: % matcalc: d/dX tr(X^T A X) = (A + A^T) X
    """

    define_functions(definitions)
    if all(is_file(word) for word in exprs):
        other = convention if convention != "structured" else None
        options = {"--wrt": wrt, "--claim": claim, "--order": order, "--where": where, "--plot": plot}
        refuse_with_files(options | {"--convention": other})
        return check_files(exprs, trials, seed, form)
    if len(exprs) > 1:
        stray = next(word for word in exprs[1:] if not is_file(word))
        hint = "put an expression with spaces in quotes"
        raise MatcalcError(f"one expression at a time, not {len(exprs)}", code="usage", word=stray, hint=hint)
    f = parsed_beside(read_argument(exprs[0]), where, beside=claim, by=wrt, complex_too=True)
    asked = [] if has_complex(f) else questions(f, wrt, order, claim)
    report = api.check(f, *wrt, claim=claim, order=order, trials=trials, seed=seed, convention=convention)
    if plot is not None:
        api.plot_check(f, *wrt, path=plot, claim=claim, order=order, trials=trials, seed=seed)
    if form == "json":
        echo_json(report.as_dict())
    else:
        show_rows([*(claim_rows(f, asked) if asked else where_rows(f)), *report.rows], coloured=True)
    return DONE if report else FAILED


@click.command(cls=ExpressionCommand)
@click.argument("left", metavar="EXPR")
@click.argument("right", metavar="[EXPR]", required=False)
@where_option
@click.option("--format", "-f", "form", type=click.Choice(["text", "json"]), default="text")
def equal(left: str, right: str | None, where: str | None, form: str) -> int:
    """Whether two expressions are equal: proved, refuted by a counterexample, or undecided.

    One text alone holds its equals signs; of a derivation each side is compared with the one before.

    \b
    matcalc equal "tr(A B)" "tr(B A)"
    matcalc equal "tr(A B) = tr(B A)"
    matcalc equal "inv(A) - inv(B)" "inv(A) (B - A) inv(B)"
    """

    if left == right == "-":
        raise MatcalcError("standard input is one of the two expressions, not both", code="usage", word="-")
    answer = api.equal(read_argument(left), None if right is None else read_argument(right), where)
    if form == "json":
        echo_json(answer.as_dict())
    else:
        echo(str(answer))
    return FAILED if answer.verdict == "refuted" else DONE
