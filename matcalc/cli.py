"""The command line: `matcalc diff`, `check`, `equal`, `code`, `explain`, `functions`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import click

from matcalc import __version__, api
from matcalc.claimed import questions
from matcalc.errors import MatcalcError
from matcalc.expressions import parsed_beside
from matcalc.file_claims import check_files, is_file, refuse_with_files
from matcalc.language.limits import read_text
from matcalc.results import Result, claim_rows, json_of, rows_of
from matcalc.terminal import (
    DONE,
    FAILED,
    BoundedCommand,
    ExpressionCommand,
    Program,
    echo,
    echo_json,
    has_ascii_only,
    read_argument,
    show_rows,
    write_file,
)

__all__ = ["main"]

FORMATS = ("text", "unicode", "latex", "mathml", "numpy", "json")
TARGETS = ("numpy", "array-api", "jax", "torch", "julia", "matlab", "latex")


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "-V", "--version", prog_name="matcalc")
def main() -> None:
    """Derivatives of matrix expressions: the differential, the gradient, Jacobian or Hessian in closed form.

    \b
    matcalc diff "tr(X^T A X)"
    matcalc diff "||A x - b||^2" --order 2
    matcalc check "x^T A x" --wrt x --claim "2 A x"
    matcalc equal "tr(A B)" "tr(B A)"
    """
    sys.setrecursionlimit(max(sys.getrecursionlimit(), 10_000))


_wrt = click.option("--wrt", "-w", multiple=True, metavar="NAME", help="Variable; repeat it for a mixed derivative.")
_order = click.option("--order", "-n", type=click.IntRange(1, 6), default=None, help="2 for a Hessian.")
_where = click.option("--where", metavar="DECLS", help='Declarations: "A: symmetric(n), x: vector(n)".')
_define = click.option(
    "--define",
    "definitions",
    multiple=True,
    metavar="DEF",
    help='A function, "cube(t) = t^3", or a file of such lines.',
)


_convention = click.option(
    "--convention",
    type=click.Choice(["structured", "unstructured", "independent"]),
    default="structured",
    help="The derivative by a structured variable: within its linear space, by free entries, or by independent entries.",
)


def _prepare(definitions: Sequence[str]) -> None:
    if definitions:
        from matcalc.functions.definitions import define_text

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


@main.command(cls=ExpressionCommand)
@click.argument("expr")
@_wrt
@_order
@_where
@_define
@click.option("--format", "-f", "form", type=click.Choice(FORMATS), default="text", help="How the result is written.")
@click.option(
    "--bold", type=click.Choice(["none", "upright", "italic"]), default="none", help="Letters of matrices in LaTeX."
)
@_convention
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

    _prepare(definitions)
    result = Result.of(
        read_argument(expr), wrt, order, where, checked=not no_check, convention=convention, geometry=geometry
    )
    if form == "json":
        echo_json(json_of(result))
    elif form == "numpy":
        echo(api.compile(result.derivative).source.rstrip())
    else:
        if steps:
            echo(_derivation(result.f, result.derivative.wrt, form))
            echo("")
        printed = "ascii" if form == "text" and has_ascii_only() else form
        show_rows(rows_of(result, printed, bold), coloured=form in ("text", "unicode"))
    return FAILED if result.report is not None and not result.report and not result.report.problem else DONE


def _derivation(f: api.Expr, wrt: Sequence[str], form: str) -> str:
    derivation = replace(api.explain(f, wrt), notes=())  # they stand below the answer
    return str(derivation.latex()) if form == "latex" else str(derivation)


@main.command(cls=ExpressionCommand)
@click.argument("exprs", nargs=-1, required=True, metavar="EXPR | FILE…")
@_wrt
@click.option("--claim", metavar="EXPR", help="A derivative to verify; without it matcalc's own.")
@_order
@_where
@_define
@click.option("--trials", type=click.IntRange(1, 1000), default=3, show_default=True)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True)
@_convention
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

    _prepare(definitions)
    if all(is_file(word) for word in exprs):
        other = convention if convention != "structured" else None
        options = {"--wrt": wrt, "--claim": claim, "--order": order, "--where": where, "--plot": plot}
        refuse_with_files(options | {"--convention": other})
        return check_files(exprs, trials, seed, form)
    if len(exprs) > 1:
        stray = next(word for word in exprs[1:] if not is_file(word))
        hint = "put an expression with spaces in quotes"
        raise MatcalcError(f"one expression at a time, not {len(exprs)}", code="usage", word=stray, hint=hint)
    f = parsed_beside(read_argument(exprs[0]), where, beside=claim, by=wrt)
    asked = questions(f, wrt, order, claim)
    report = api.check(f, *wrt, claim=claim, order=order, trials=trials, seed=seed, convention=convention)
    if plot is not None:
        api.plot_check(f, *wrt, path=plot, claim=claim, order=order, trials=trials, seed=seed)
    if form == "json":
        echo_json(report.as_dict())
    else:
        show_rows([*claim_rows(f, asked), *report.rows], coloured=True)
    return DONE if report else FAILED


@main.command(cls=ExpressionCommand)
@click.argument("left", metavar="EXPR")
@click.argument("right", metavar="[EXPR]", required=False)
@_where
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


@main.command(cls=ExpressionCommand)
@click.argument("expr")
@_wrt
@_order
@_where
@_define
@click.option("--target", "-t", type=click.Choice(TARGETS), default="numpy", show_default=True)
@click.option("--no-checks", is_flag=True, help="Leave out conversions and shape checks of arguments.")
@click.option("--output", "-o", metavar="FILE", help="Write to a file.")
def code(
    expr: str,
    wrt: tuple[str, ...],
    order: int | None,
    where: str | None,
    definitions: tuple[str, ...],
    target: str,
    no_checks: bool,
    output: str | None,
) -> int:
    """Code that evaluates the derivative of EXPR.

    \b
    matcalc code "||A x - b||^2" --wrt x --target numpy
    """

    _prepare(definitions)
    result = Result.of(read_argument(expr), wrt, order, where, checked=False)
    source = api.compile(result.derivative, target=target, checks=not no_checks).source.rstrip() + "\n"
    if output is None:
        echo(source.rstrip())
    else:
        write_file(output, source)
    return DONE


@main.command(cls=ExpressionCommand)
@click.argument("expr")
@_wrt
@_order
@_where
@_define
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

    _prepare(definitions)
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


@main.command()
@click.argument("name", required=False)
def functions(name: str | None) -> int:
    """The table of functions by family, or all about one of them.

    \b
    matcalc functions
    matcalc functions logdet
    """

    from matcalc.functions import FUNCTIONS, find
    from matcalc.functions.families import families
    from matcalc.language.names import nearest
    from matcalc.printing.plain import LONG_NAMES

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


@main.command(cls=BoundedCommand)
@click.argument("paper")
@click.option("--style", is_flag=True, help="Put matcalc.sty beside the paper, too.")
@click.option("--check", "checked", is_flag=True, help="Check the claims that are marked in the paper, too.")
def tex(paper: str, style: bool, checked: bool) -> int:
    """Derive what PAPER asks for by \\matcalcdiff, \\matcalcgrad and \\matcalchess, as BibTeX does for references.

    \b
    matcalc tex paper.tex --style
    """

    from matcalc.documents.tex import style_text, write_side_file

    path, written = write_side_file(paper)
    echo("\n".join([f"{path}: {written.count} formula{'s' if written.count != 1 else ''}", *written.notes]))
    if style:
        place = path.with_name("matcalc.sty")
        write_file(place, style_text())
        echo(f"{place}: \\usepackage{{matcalc}}")
    return check_files([paper], 3, 0, "text") if checked else DONE


@main.command()
def repl() -> None:
    """Expressions at a prompt, with history and completion of names; :help says more."""
    from matcalc.repl import run

    if sys.stdin.isatty():
        echo("matcalc: type an expression, :help or :quit")
    run(input if sys.stdin.isatty() else lambda prompt: input(), echo)


@main.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """The completion script for a shell.

    \b
    matcalc completion bash > ~/.local/share/bash-completion/completions/matcalc
    """
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None
    echo(kind(main, {}, "matcalc", "_MATCALC_COMPLETE").source())


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
        ("domain", row.domain),
        ("differentiable", row.condition and f"where {row.condition}"),
        ("also", ", ".join(row.aliases)),
        ("reference", row.reference),
    ]
    return [(label, text) for label, text in listed if text]


if __name__ == "__main__":
    main()
