"""The command line: `matcalc diff`, `check`, `equal`, `code`, `explain`, `functions`."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from matcalc import __version__, api
from matcalc.errors import MatcalcError
from matcalc.results import Result, json_of, rows_of

__all__ = ["main"]

DONE, FAILED, AT_FAULT = 0, 1, 2
FORMATS = ("text", "unicode", "latex", "mathml", "numpy", "json")
TARGETS = ("numpy", "array-api", "jax", "torch", "julia", "matlab", "latex")


class ExpressionCommand(click.Command):
    """A command whose expressions may begin with ``-``: what is no option of the command is an argument."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Options first, then ``--`` and everything else."""
        flags = {name: p for p in self.get_params(ctx) for name in (*p.opts, *p.secondary_opts) if name[0] == "-"}
        options: list[str] = []
        rest: list[str] = []
        waiting = list(args)
        while waiting:
            word = waiting.pop(0)
            name = word.partition("=")[0]
            if word == "--":
                rest.extend(waiting)
                break
            if name in flags:
                options.append(word)
                option = flags[name]
                takes_value = isinstance(option, click.Option) and not (option.is_flag or option.count)
                if takes_value and "=" not in word and waiting:
                    options.append(waiting.pop(0))
            elif word.startswith("--") and word[2:3].isalpha():
                options.append(word)
            else:
                rest.append(word)
        return super().parse_args(ctx, [*options, "--", *rest])


def _text(argument: str) -> str:
    """The argument, or standard input for ``-``."""
    return sys.stdin.read().strip() if argument == "-" else argument


def _unreadable_encoding() -> bool:
    """Whether the terminal has no sign for ⊗."""
    try:
        "⊗".encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return True
    return False


def _echo(text: str) -> None:
    if _unreadable_encoding():
        text = text.encode("ascii", "backslashreplace").decode("ascii")
    click.echo(text, color=False if os.environ.get("NO_COLOR") else None)


def _guarded(run: Callable[[], int], *, as_json: bool = False) -> None:
    """Run a command; what users cause ends in one message and status 2."""
    try:
        status = run()
    except MatcalcError as error:
        if as_json:
            _echo(json.dumps({"error": error.as_dict()}, ensure_ascii=False, indent=2))
        else:
            click.echo(_coloured_error(error.render()), err=True, color=False if os.environ.get("NO_COLOR") else None)
        status = AT_FAULT
    except KeyboardInterrupt:
        click.echo("interrupted", err=True)
        status = 130
    sys.exit(status)


def _coloured_error(message: str) -> str:
    head, _, rest = message.partition("\n")
    return click.style(head, fg="red", bold=True) + ("\n" + rest if rest else "")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
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
        return Path(definition).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        hint = 'a definition is "swish2(t) = t * sigmoid(2 t)", or a file of such lines'
        raise MatcalcError(f"{definition} is neither a definition nor a file", code="definition", hint=hint) from error


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
@click.option(
    "--convention",
    type=click.Choice(["structured", "unstructured", "independent"]),
    default="structured",
    help="The derivative by a structured variable: within its linear space, by free entries, or by independent entries.",
)
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
) -> None:
    """Differentiate EXPR (- for standard input).

    \b
    matcalc diff "tr(X^T A X)"
    matcalc diff "log(det(X))" --order 2 --where "X: spd(n)"
    matcalc diff "||T - U V^T||_F^2" --wrt U --format latex
    """

    def run() -> int:
        _prepare(definitions)
        result = Result.of(
            _text(expr), wrt, order, where, checked=not no_check, convention=convention, geometry=geometry
        )
        if form == "json":
            _echo(json.dumps(json_of(result), ensure_ascii=False, indent=2))
        elif form == "numpy":
            _echo(api.compile(result.derivative).source.rstrip())
        else:
            if steps:
                _echo(_derivation(result.f, result.derivative.wrt, form))
                _echo("")
            printed = "ascii" if form == "text" and _unreadable_encoding() else form
            _show(rows_of(result, printed, bold), coloured=form in ("text", "unicode"))
        return FAILED if result.report is not None and not result.report and not result.report.problem else DONE

    _guarded(run, as_json=form == "json")


def _derivation(f: api.Expr, wrt: Sequence[str], form: str) -> str:
    derivation = api.explain(f, wrt[0], order=len(wrt))
    return str(derivation.latex()) if form == "latex" else str(derivation)


def _show(rows: Iterable[tuple[str, str]], *, coloured: bool) -> None:
    """``label   text``, aligned; further lines of a text are indented."""
    listed = list(rows)
    width = max(len(label) for label, _ in listed)
    for label, text in listed:
        shown = click.style(label.ljust(width), dim=True) if coloured else label.ljust(width)
        if label == "check" and coloured:
            text = click.style(text, fg="green" if text.startswith("verified") else "red")
        first, *more = text.split("\n")
        _echo("\n".join([f"{shown}  {first}".rstrip(), *(" " * (width + 2) + line for line in more)]))


@main.command(cls=ExpressionCommand)
@click.argument("exprs", nargs=-1, required=True, metavar="EXPR | FILE…")
@_wrt
@click.option("--claim", metavar="EXPR", help="A derivative to verify; without it matcalc's own.")
@_order
@_where
@_define
@click.option("--trials", type=click.IntRange(1, 1000), default=3, show_default=True)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True)
@click.option("--plot", type=click.Path(dir_okay=False), help="Draw the Taylor remainder against the step.")
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
    plot: str | None,
    form: str,
) -> None:
    """Verify a hand-derived derivative of EXPR, or matcalc's own, or every claim that is marked in FILEs.

    \b
    matcalc check "tr(X^T A X)" --wrt X --claim "(A + A^T) X"
    matcalc check "A X B" --wrt X --claim "dF = A dX B"
    matcalc check paper.tex notes.md

    A claim in a file is a comment such as: % matcalc: d/dX tr(X^T A X) = (A + A^T) X
    """

    def run() -> int:
        _prepare(definitions)
        if all(_is_file(word) for word in exprs):
            return _check_files(exprs, trials, seed, form)
        if len(exprs) > 1:
            raise MatcalcError(f"one expression at a time, not {len(exprs)}", code="usage", hint="put it in quotes")
        f = api.parse(_text(exprs[0]), where)
        names = wrt or (api.default_variable(f),)
        report = api.check(f, *names, claim=claim, order=order or 1, trials=trials, seed=seed)
        if plot is not None:
            api.plot_check(f, *names, path=plot, claim=claim, order=order or 1, trials=trials, seed=seed)
        if form == "json":
            _echo(json.dumps(report.as_dict(), ensure_ascii=False, indent=2))
        else:
            rows = [("variable", ", ".join(names)), *_where_row(f)]
            if claim is not None:
                rows.append(("claim", claim))
            _show([*rows, ("check", str(report))], coloured=True)
        return DONE if report else FAILED

    _guarded(run, as_json=form == "json")


def _is_file(word: str) -> bool:
    """A path of a document or program: what no expression looks like."""
    return word.endswith((".tex", ".md", ".py", ".rst")) and " " not in word.strip()


def _check_files(paths: Sequence[str], trials: int, seed: int, form: str) -> int:
    from matcalc.checking.files import check_file

    reports = []
    for path in paths:
        with _progress(path) as advance:
            reports.append(check_file(path, trials=trials, seed=seed, progress=advance))
    if form == "json":
        _echo(json.dumps([r.as_dict() for report in reports for r in report.results], ensure_ascii=False, indent=2))
    else:
        for report in reports:
            _echo(str(report))
    return DONE if all(reports) else FAILED


@contextmanager
def _progress(path: str) -> Iterator[Callable[[int, int], None]]:
    """A counter on a terminal's standard error, erased at the end."""
    shown = sys.stderr.isatty()

    def advance(done: int, total: int) -> None:
        if shown:
            click.echo(f"\r{path}: {done}/{total} claims", nl=False, err=True)

    yield advance
    if shown:
        click.echo("\r\x1b[K", nl=False, err=True)


def _where_row(f: api.Expr) -> list[tuple[str, str]]:
    return [("where", ", ".join(map(str, f.declarations.values())))] if f.declarations else []


@main.command(cls=ExpressionCommand)
@click.argument("left")
@click.argument("right")
@_where
@click.option("--format", "-f", "form", type=click.Choice(["text", "json"]), default="text")
def equal(left: str, right: str, where: str | None, form: str) -> None:
    """Whether two expressions are equal: proved, refuted by a counterexample, or undecided.

    \b
    matcalc equal "tr(A B)" "tr(B A)"
    matcalc equal "inv(A) - inv(B)" "inv(A) (B - A) inv(B)"
    """

    def run() -> int:
        answer = api.equal(_text(left), _text(right), where)
        if form == "json":
            body = {"verdict": answer.verdict, "reason": answer.reason, "counterexample": answer.counterexample}
            _echo(json.dumps(body, ensure_ascii=False, indent=2))
        else:
            _echo(str(answer))
        return FAILED if answer.verdict == "refuted" else DONE

    _guarded(run, as_json=form == "json")


@main.command(cls=ExpressionCommand)
@click.argument("expr")
@_wrt
@_order
@_where
@_define
@click.option("--target", "-t", type=click.Choice(TARGETS), default="numpy", show_default=True)
@click.option("--output", "-o", type=click.Path(dir_okay=False, writable=True), help="Write to a file.")
def code(
    expr: str,
    wrt: tuple[str, ...],
    order: int | None,
    where: str | None,
    definitions: tuple[str, ...],
    target: str,
    output: str | None,
) -> None:
    """Code that evaluates the derivative of EXPR.

    \b
    matcalc code "||A x - b||^2" --wrt x --target numpy
    """

    def run() -> int:
        _prepare(definitions)
        result = Result.of(_text(expr), wrt, order, where, checked=False)
        source = api.compile(result.derivative, target=target).source.rstrip() + "\n"
        if output is None:
            _echo(source.rstrip())
        else:
            with click.open_file(output, "w", encoding="utf-8") as file:
                file.write(source)
        return DONE

    _guarded(run)


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
) -> None:
    """The derivation of EXPR's derivative, one rule a step.

    \b
    matcalc explain "tr(A X^-1 B)" --wrt X
    """

    def run() -> int:
        _prepare(definitions)
        f = api.parse(_text(expr), where)
        name = wrt[0] if wrt else api.default_variable(f)
        derivation = api.explain(f, name, order=order or 1, detail=detail)
        writers: dict[str, Callable[[], Any]] = {
            "text": lambda: derivation,
            "latex": derivation.latex,
            "markdown": derivation.markdown,
            "html": derivation.html,
        }
        _echo(str(writers[form]()))
        return DONE

    _guarded(run)


@main.command()
@click.argument("name", required=False)
def functions(name: str | None) -> None:
    """The table of functions, or all about one of them.

    \b
    matcalc functions
    matcalc functions logdet
    """

    def run() -> int:
        from matcalc.functions import FUNCTIONS, find
        from matcalc.language.names import nearest

        if name is None:
            _show(((row.name, _summary(row)) for row in FUNCTIONS.values()), coloured=True)
            return DONE
        row = find(name)
        if row is None:
            close = nearest(name, FUNCTIONS)
            hint = f"did you mean {close}?" if close else "matcalc functions lists them"
            raise MatcalcError(f"there is no function {name}", code="unknown-function", hint=hint)
        _show(_about(row), coloured=True)
        return DONE

    _guarded(run)


@main.command()
@click.argument("paper", type=click.Path(dir_okay=False))
@click.option("--style", is_flag=True, help="Put matcalc.sty beside the paper, too.")
@click.option("--check", "checked", is_flag=True, help="Check the claims that are marked in the paper, too.")
def tex(paper: str, style: bool, checked: bool) -> None:
    """Derive what PAPER asks for by \\matcalcdiff, \\matcalcgrad and \\matcalchess, as BibTeX does for references.

    \b
    matcalc tex paper.tex --style
    """

    def run() -> int:
        from matcalc.documents.tex import style_text, write_side_file

        written, count = write_side_file(paper)
        _echo(f"{written}: {count} formula{'s' if count != 1 else ''}")
        if style:
            place = written.with_name("matcalc.sty")
            place.write_text(style_text(), encoding="utf-8")
            _echo(f"{place}: \\usepackage{{matcalc}}")
        return _check_files([paper], 3, 0, "text") if checked else DONE

    _guarded(run)


@main.command()
def repl() -> None:
    """Expressions at a prompt, with history and completion of names; :help says more."""
    from matcalc.repl import run

    if sys.stdin.isatty():
        _echo("matcalc: type an expression, :help or :quit")
    run(input if sys.stdin.isatty() else lambda prompt: input(), _echo)


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
    _echo(kind(main, {}, "matcalc", "_MATCALC_COMPLETE").source())


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
