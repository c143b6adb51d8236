"""`matcalc repl` and `matcalc completion`: a prompt of our own, and help at that of a shell."""

from __future__ import annotations

import sys

import click
from click.shell_completion import get_completion_class

from matcalc.command.common.terminal import echo
from matcalc.command.prompt import run

__all__ = ["completion", "repl"]


@click.command()
def repl() -> None:
    """Expressions at a prompt, with history and completion of names; :help says more."""
    if sys.stdin.isatty():
        echo("matcalc: type an expression, :help or :quit")
    run(input if sys.stdin.isatty() else lambda prompt: input(), echo)


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """The completion script for a shell.

    \b
    matcalc completion bash > ~/.local/share/bash-completion/completions/matcalc
    """
    kind = get_completion_class(shell)
    program = click.get_current_context().find_root().command
    assert kind is not None
    echo(kind(program, {}, "matcalc", "_MATCALC_COMPLETE").source())
