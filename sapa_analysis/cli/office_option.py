"""The options that name a workbook of the office, and what its commands read of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..core import in_language
from .console import language

if TYPE_CHECKING:
    from ..evidence import Office
    from ..pipeline import Project

_FILE = "Workbook of the office: its figures and goals count too; see sapa template."
_INTERNAL = "Take a workbook with rows for the house only; they are left out of all that is written."


def office_options(command: Callable[..., None]) -> Callable[..., None]:
    """Let a command take the workbook of the office."""
    command = click.option("--allow-internal", is_flag=True, help=_INTERNAL)(command)
    return click.option("--office", metavar="FILE", help=_FILE, **ONE_FILE)(command)


def _one(context: click.Context, _: click.Parameter, given: tuple[str, ...]) -> str:
    """Return the one workbook that is named, or nothing; click would take the last of several."""
    if len(given) > 1:
        said = f"--office names one workbook, and here are {len(given)}; put their rows into one"
        raise click.UsageError(in_language(said, str(context.find_root().params["lang"])))
    return given[0] if given else ""


#: How an option takes one workbook, and refuses several.
ONE_FILE: dict[str, Any] = {"type": click.Path(), "multiple": True, "callback": _one}


def full_path(office: str) -> str:
    """Return the path of a workbook named on the command line, from the folder in which that was typed."""
    return str(Path(office).absolute()) if office else ""


def project_with(office: str, **asked: Any) -> Project:
    """Return the project with what may leave the house of a workbook.

    Parameters
    ----------
    office : str
        The workbook, or nothing.
    **asked
        `area`, None for that of the parameters; `allow_internal`; `as_of`, the day of which the reader is
        told what counts later only.
    """
    from ..core import load_params, project_root
    from ..evidence import as_day
    from ..pipeline import known_later, load_project, office_at

    root = project_root()
    if not office:
        return load_project(root)
    area = asked.get("area") or load_params(root / "params/baseline.yml").area
    allowed = asked.get("allow_internal", False)
    whole = office_at(full_path(office), area=area, root=root, allow_internal=allowed)
    tell_left_out(whole)
    read = whole.public()
    if (day := as_day(asked.get("as_of"))) and (late := known_later(read, day)):
        click.echo(in_language(late, language()), err=True)
    return load_project(root, office=read)


def tell_left_out(read: Office) -> None:
    """Tell on the error stream how many rows of a workbook are for the house only and left out."""
    every, public = (sum(each.counts.values()) for each in (read, read.public()))
    if every > public:
        said = f'{every - public} of {every} rows of "{read.name}" are confidential and left out here'
        click.echo(in_language(said, language()), err=True)
