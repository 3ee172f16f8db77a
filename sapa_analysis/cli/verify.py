"""The command that proves what was run."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from ..core import Problem, SapaError, in_language, report
from .console import language, says_errors_plainly


@click.command()
@click.argument("folders", nargs=-1, required=True, metavar="DIR...", type=click.Path(path_type=Path))
@says_errors_plainly
def verify(folders: tuple[Path, ...]) -> None:
    """Compare the files of each DIR, of a batch or a briefing, with the journal of its runs.

    Nothing is run. What was changed, is missing or is in no row is told with its name, and ends with status
    1. Inputs that have changed since the runs are told apart: they are no damage.
    """
    from ..runs import verify_runs

    lang, wrong = language(), False
    for folder in folders:
        try:
            found = verify_runs(folder)
        except SapaError as error:
            wrong = True
            head = in_language(type(error).__name__, lang)
            click.echo(f"{head}: {error.in_language(lang)}", err=True)
            continue
        if found.notices:
            head = in_language("worth a look, not wrong", lang)
            click.echo("\n".join([f"{folder}, {head}:", *_lines(found.notices, lang)]))
        if found.problems:
            wrong = True
            click.echo(report(found.problems, lang), err=True)
        said = in_language("not as it was written" if found.problems else "sound", lang)
        counts = in_language(f"runs: {found.runs}, files: {found.files}", lang)
        click.echo(f"{folder}: {said}: {counts}")
    if wrong:
        sys.exit(1)


def _lines(problems: list[Problem], lang: str) -> list[str]:
    return [f"  {problem.file}: {problem.in_language(lang)}" for problem in problems]
