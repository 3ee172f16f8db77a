"""The console: output that reaches every stream, errors in the language asked for."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any, TextIO

import click
from click.core import ParameterSource

from ..core import SapaError, in_language


def says_errors_plainly(command: Callable[..., None]) -> Callable[..., None]:
    """Let a command end with one clear error in the language asked for, instead of a traceback."""

    @wraps(command)
    def wrapped(*args: Any, **options: Any) -> None:
        try:
            command(*args, **options)
        except (SapaError, ValueError) as error:
            lang = language()
            said = error.in_language(lang) if isinstance(error, SapaError) else in_language(str(error), lang)
            click.echo(f"{in_language(type(error).__name__, lang)}: {said}", err=True)
            sys.exit(1)

    return wrapped


def language() -> str:
    """Return the language asked for: that of the command where it names one, else that of `sapa`."""
    context = click.get_current_context()
    own = context.get_parameter_source("lang") is ParameterSource.COMMANDLINE
    return str((context if own else context.find_root()).params["lang"])


class Console(click.Group):
    """The commands, with an output that reaches every console, file and pipe."""

    _lang = "en"

    def invoke(self, context: click.Context) -> Any:
        """Run a command, and keep the language for what happens after it.

        Ctrl-C before it has begun to tell, while libraries load, has the status that it has later.
        """
        self._lang = context.params["lang"]
        try:
            return super().invoke(context)
        except KeyboardInterrupt:
            click.echo(in_language("stopped", self._lang), err=True)
            sys.exit(130)

    def main(self, *given: Any, **options: Any) -> Any:
        """Run a command; that its output cannot be written is one clear error."""
        show_everything(sys.stdout)
        try:
            return super().main(*given, **options)
        except OSError as error:
            what = error.filename or "the output"
            said = f"{what} cannot be written or read: {error.strerror or error}"
            head, said = (in_language(text, self._lang) for text in ("OutputError", said))
            click.echo(f"{head}: {said}", err=True)
            _let_go_of(sys.stdout)
            sys.exit(1)


def show_everything(stream: TextIO) -> None:
    """Let a stream take every letter.

    Files and pipes get UTF-8, as all our files. A console, and who asks for an encoding in PYTHONIOENCODING,
    read no other: what that one lacks becomes a question mark.
    """
    if isinstance(stream, io.TextIOWrapper):
        chosen = stream.isatty() or os.environ.get("PYTHONIOENCODING")
        stream.reconfigure(encoding=None if chosen else "utf-8", errors="replace")


def _let_go_of(stream: TextIO) -> None:
    """Send nowhere what a stream still holds, so that Python does not try to write it again at its end."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
