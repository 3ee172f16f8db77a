"""The options that name a workbook of the office, and what its commands read of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..core import in_language
from .console import language

if TYPE_CHECKING:
    from ..pipeline import Project

_FILE = "Workbook of the office: its figures and goals count too; see sapa template."
_INTERNAL = "Take a workbook with rows for the house only; they are left out of all that is written."


def office_options(command: Callable[..., None]) -> Callable[..., None]:
    """Let a command take the workbook of the office."""
    command = click.option("--allow-internal", is_flag=True, help=_INTERNAL)(command)
    return click.option("--office", type=click.Path(), default="", metavar="FILE", help=_FILE)(command)


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
    read = office_at(full_path(office), area=area, root=root, allow_internal=allowed).public()
    if (day := as_day(asked.get("as_of"))) and (late := known_later(read, day)):
        click.echo(in_language(late, language()), err=True)
    return load_project(root, office=read)
