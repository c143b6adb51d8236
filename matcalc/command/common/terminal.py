"""What all commands have in common: how arguments are read, what is printed, and an end without a traceback."""

from __future__ import annotations

import gc
import os
import re
import shlex
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import click

from matcalc.command.common.interrupts import interruptible
from matcalc.errors import MatcalcError, Span
from matcalc.language import limits
from matcalc.language.words.names import nearest

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "AT_FAULT",
    "DONE",
    "FAILED",
    "INTERRUPTED",
    "BoundedCommand",
    "ExpressionCommand",
    "Program",
    "echo",
    "echo_json",
    "has_ascii_only",
    "progress",
    "read_argument",
    "show_rows",
    "write_file",
]

#: Exit statuses; 130 and 141 are what a shell reports for Ctrl-C and for a reader that has gone.
DONE, FAILED, AT_FAULT, OUR_FAULT, INTERRUPTED, PIPE_CLOSED = 0, 1, 2, 70, 130, 141


# --- output -----------------------------------------------------------------------------------


def has_ascii_only() -> bool:
    """Whether the terminal has no sign for ⊗."""
    try:
        "⊗".encode(getattr(sys.stdout, "encoding", None) or "ascii")
    except (UnicodeEncodeError, LookupError):
        return True
    return False


def echo(text: str) -> None:
    """Print; what the terminal has no sign for is escaped."""
    encoding = "ascii" if has_ascii_only() else "utf-8"
    click.echo(text.encode(encoding, "backslashreplace").decode(encoding), color=_colour())


def echo_json(body: object) -> None:
    """Print for programs: valid JSON whatever signs the terminal has."""
    import json

    echo(json.dumps(body, ensure_ascii=has_ascii_only(), indent=2))


def _colour() -> bool | None:
    """None leaves it to whether a terminal reads along."""
    return False if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" else None


def show_rows(rows: Iterable[tuple[str, str]], *, coloured: bool) -> None:
    """``label   text``, aligned; further lines of a text are indented."""
    listed = list(rows)
    width = max(len(label) for label, _ in listed)
    for label, text in listed:
        shown = click.style(label.ljust(width), dim=True) if coloured else label.ljust(width)
        if label == "check" and coloured:
            text = click.style(text, fg="green" if text.startswith("verified") else "red")
        first, *more = text.split("\n")
        echo("\n".join([f"{shown}  {first}".rstrip(), *(" " * (width + 2) + line for line in more)]))


BAR = 20


@contextmanager
def progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal's standard error, erased at the end."""
    shown = sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
    widest = 0

    def advance(done: int, total: int) -> None:
        nonlocal widest
        if shown:
            filled = BAR * done // max(total, 1)
            line = f"{label}: [{'#' * filled}{'.' * (BAR - filled)}] {done}/{total} claims"
            widest = max(widest, len(line))
            click.echo("\r" + line, nl=False, err=True)

    try:
        yield advance
    finally:
        if widest:
            click.echo("\r" + " " * widest + "\r", nl=False, err=True)


def write_file(path: str | Path, text: str) -> None:
    """Write a text as UTF-8. Raises MatcalcError where the file cannot be written."""
    try:
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise MatcalcError(f"{path} cannot be written: {error.strerror}", code="file", word=str(path)) from error


# --- arguments --------------------------------------------------------------------------------


def read_argument(argument: str) -> str:
    """The argument, or standard input for ``-``. Raises MatcalcError where there is none, or no text."""
    if argument != "-":
        return argument
    if sys.stdin is None or sys.stdin.closed:
        raise MatcalcError("there is no standard input to read", code="input", word="-")
    data = limits.read_bytes(sys.stdin.buffer, "-")
    try:
        return data.decode("utf-8").strip()
    except UnicodeDecodeError as error:
        raise MatcalcError("standard input is not UTF-8 text", code="encoding", word="-") from error


class BoundedCommand(click.Command):
    """A command that takes no more time and memory than the limits allow."""

    def invoke(self, ctx: click.Context) -> Any:
        with limits.budget():
            return super().invoke(ctx)


class ExpressionCommand(BoundedCommand):
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
                if takes_value and "=" not in word:
                    if not waiting:
                        raise MatcalcError(f"{word} needs a value", code="usage", word=word, hint=_help(ctx))
                    options.append(waiting.pop(0))
            elif re.fullmatch(r"--[A-Za-z][\w-]+(=.*)?", word, re.DOTALL):
                raise _no_option(name, flags, ctx)
            else:
                rest.append(word)
        _refuse_too_many(self, rest, flags)
        return super().parse_args(ctx, [*options, "--", *rest])


def _refuse_too_many(command: click.Command, words: list[str], flags: dict[str, click.Parameter]) -> None:
    taken = [p.nargs for p in command.params if isinstance(p, click.Argument)]
    if -1 in taken or len(words) <= sum(taken):
        return
    joined = next((w for w in words if w[:2] in flags and len(w) > 2), None)
    if joined is not None:
        hint = f"if it is an option, write {joined[:2]} {joined[2:]}"
        raise MatcalcError("an argument too many", code="usage", word=joined, hint=hint)
    hint = "put an expression with spaces in quotes"
    raise MatcalcError("an argument too many", code="usage", word=words[sum(taken)], hint=hint)


def _no_option(name: str, known: Iterable[str], ctx: click.Context | None) -> MatcalcError:
    close = nearest(name, known)
    hint = f"did you mean {close}?" if close else _help(ctx)
    return MatcalcError(f"there is no option {name}", code="usage", word=name, hint=hint)


def _help(ctx: click.Context | None) -> str:
    return f"{ctx.command_path if ctx is not None else 'matcalc'} --help shows examples"


# --- the end ----------------------------------------------------------------------------------


class Program(click.Group):
    """A group of commands that return their exit status; whatever goes wrong ends in one message.

    ``modules`` names the module of each command, which is loaded when the command is asked for.
    """

    def __init__(self, *args: Any, modules: Mapping[str, str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.modules = modules

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.modules:
            return None
        command = getattr(import_module(self.modules[cmd_name]), cmd_name)
        assert isinstance(command, click.Command)
        return command

    def main(self, args: Sequence[str] | None = None, *rest: Any, **options: Any) -> Any:
        """Run a command and exit."""
        given = list(sys.argv[1:] if args is None else args) or ["--help"]
        sys.exit(
            _status(lambda: super(Program, self).main(given, *rest, **{**options, "standalone_mode": False}), given)
        )

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a reader that has gone is no failure of it."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            _leave_output()
            return PIPE_CLOSED

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is named. Raises MatcalcError where there is none."""
        name = args[0]
        if name not in self.modules and not name.startswith("-"):
            close = nearest(name, self.modules)
            hint = f"did you mean {close}?" if close else f"commands are {', '.join(self.modules)}"
            if re.search(r"[^\w-]", name):
                hint = f"matcalc diff {_quoted(name)} differentiates it"
            raise MatcalcError(f"{name or 'the empty text'} is not a command", code="usage", word=name, hint=hint)
        found = super().resolve_command(ctx, args)
        _collect_from_now_on()
        return found


def _collect_from_now_on() -> None:
    """What was loaded until now stays to the end: where the collector rested, it goes on without looking at that."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


def _status(run: Callable[[], Any], args: Sequence[str]) -> int:
    """The exit status of a command, after what has to be said about its failure."""
    try:
        with interruptible():
            status = run()
        if sys.stdout is not None:
            sys.stdout.flush()
        return status if isinstance(status, int) else DONE
    except BrokenPipeError:  # by what was still buffered
        _leave_output()
        return PIPE_CLOSED
    except (KeyboardInterrupt, click.Abort):
        _tell("interrupted")
        return INTERRUPTED
    except Exception as error:
        found = _as_ours(error)
        if found is None:
            _tell(_of_ours(error))
            return OUR_FAULT
        _report(_located(found, args), args)
        return AT_FAULT


def _as_ours(error: Exception) -> MatcalcError | None:
    """The error for people, or None where it is our bug."""
    match error:
        case MatcalcError():
            return error
        case click.ClickException():
            return _of_click(error)
        case OSError():
            _leave_output()
            return MatcalcError(f"{error.filename or 'the output'}: {error.strerror or error}", code="file")
        case MemoryError():
            return MatcalcError("the memory does not suffice for arrays of these sizes", code="memory")
        case RecursionError():
            return MatcalcError("the input is nested more deeply than Python recurses", code="limit")
    return None


def _of_click(error: click.ClickException) -> MatcalcError:
    message = error.message.rstrip(".")
    ctx = getattr(error, "ctx", None)
    match error:
        case click.NoSuchOption():
            close = nearest(error.option_name, error.possibilities or ())
            hint = f"did you mean {close}?" if close else _help(ctx)
            return MatcalcError(
                f"there is no option {error.option_name}", code="usage", word=error.option_name, hint=hint
            )
        case click.MissingParameter():
            name = error.param.make_metavar(ctx) if error.param is not None and ctx is not None else "an argument"
            return MatcalcError(f"{name} is missing", code="usage", hint=_help(ctx))
        case click.BadParameter():
            return _of_value(error)
    return MatcalcError(message, code="usage", hint=_help(ctx))


def _of_value(error: click.BadParameter) -> MatcalcError:
    """A value that its option does not take."""
    quoted = re.match(r"'([^']*)'|(-?\d+) is ", error.message)
    value = next((g for g in quoted.groups() if g is not None), None) if quoted else None
    kind = getattr(error.param, "type", None)
    hint: str | None = _help(error.ctx)
    message = error.message.rstrip(".")
    match kind:
        case click.Choice():
            choices = [str(c) for c in kind.choices]
            close = nearest(value or "", choices)
            message, hint = f"{value} is not one of {', '.join(choices)}", f"did you mean {close}?" if close else hint
        case click.IntRange():
            upper = f" to {kind.max}" if kind.max is not None else ""
            message = f"{value} is not a whole number from {kind.min}{upper}"
    return MatcalcError(message, code="usage", word=value, hint=hint)


def _located(error: MatcalcError, args: Sequence[str]) -> MatcalcError:
    """The error with the command line and the place of the word in it that it is about."""
    is_empty = error.text is not None and not error.text.strip()
    if is_empty or (error.text is None and (error.word is not None or error.code == "usage")):
        error.shown_in(*_command_line(args, error.text if is_empty else error.word))
    return error


def _command_line(args: Sequence[str], word: str | None) -> tuple[str, Span]:
    """The command line as it would be typed, and where the word stands; its end for None."""
    line = "matcalc"
    found: Span | None = None
    for arg in args:
        quoted = _quoted(arg)
        start = len(line) + 1
        line = f"{line} {quoted}"
        if word is not None and arg == word:
            found = (start, len(line))
        elif word is not None and arg.startswith("--") and arg.endswith(f"={word}"):
            found = (len(line) - len(word), len(line))
        elif word is not None and found is None and arg.partition("=")[0] == word:
            found = (start, start + len(word))
    return line, found or (len(line), len(line) + 1)


def _quoted(arg: str) -> str:
    if re.fullmatch(r"[\w@%+=:,./-]+", arg):
        return arg
    return f'"{arg}"' if not re.search(r'["$`\\!]', arg) else shlex.quote(arg)


def _report(error: MatcalcError, args: Sequence[str]) -> None:
    """The error where it is looked for: as JSON on the output, else as text on standard error."""
    if _wants_json(args):
        with suppress(OSError):
            echo_json({"error": error.as_dict()})
        return
    head, _, rest = error.render().partition("\n")
    _tell(click.style(head, fg="red", bold=True) + ("\n" + rest if rest else ""))


def _wants_json(args: Sequence[str]) -> bool:
    named = any(name in ("--format", "-f") and value == "json" for name, value in pairwise(args))
    return named or "--format=json" in args


def _of_ours(error: Exception) -> str:
    if os.environ.get("MATCALC_DEBUG"):
        raise error
    what = f"{type(error).__name__}: {error}".split("\n", 1)[0]
    return f"internal error: {what}\nThis is a bug of matcalc. Please report it with the command; MATCALC_DEBUG=1 shows where it happened."


def _tell(message: str) -> None:
    with suppress(OSError):
        click.echo(message, err=True, color=_colour())


def _leave_output() -> None:
    """Nobody reads any more: what is still buffered must not fail at exit."""
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
