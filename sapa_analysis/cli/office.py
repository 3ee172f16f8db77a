"""The command that writes the workbook in which an office enters its own figures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from ..core import SapaError, in_language
from .console import language, says_errors_plainly
from .office_option import ONE_FILE

_ENDING = ".xlsx"


@click.command()
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE.xlsx")
@click.option("--area", default=None, help="An area of data/areas.csv.  [default: params/baseline.yml]")
@click.option(
    "--as-of",
    default=None,
    metavar="DATE",
    help="Day of the workbook, by which public figures are filled in.  [default: that of OLD.xlsx, else"
    " params/baseline.yml]",
)
@click.option(
    "--office",
    "old",
    metavar="OLD.xlsx",
    help="An earlier workbook, whose every row is carried over with its date.",
    **ONE_FILE,
)
@click.option("--force", is_flag=True, help="Write over FILE.xlsx if it is there.")
@says_errors_plainly
def template(file: Path, area: str | None, as_of: str | None, old: str, force: bool) -> None:
    """Write FILE.xlsx, a workbook in Vietnamese in which an office enters its own figures.

    What is public by the day stands in grey with its page in a comment; white cells are the office's.
    """
    if file.suffix.lower() != _ENDING:
        raise SapaError(f'"{file.name}" does not end in {_ENDING}: a template is an Excel workbook')
    if file.exists() and not force:
        raise SapaError(f'"{file}" is there already; choose another name, or write over it with --force')
    from ..core import write_whole
    from ..evidence import template_file
    from ..pipeline import known_targets, open_project, tables_of

    chosen = {name: value for name, value in {"area": area, "as_of": as_of}.items() if value}
    project, params = open_project(**chosen)
    tables, office = tables_of(project, params.area), None
    if old:
        from ..evidence import read_office

        office = read_office(Path(old), tables, allow_internal=True)
        params = params.with_values(as_of=params.as_of if as_of else office.day)
        if params.as_of < office.day:
            raise SapaError(
                f'"{Path(old).name}" is of {office.day}, later than {params.as_of}; '
                "give --as-of that day or a later one"
            )
    goals = known_targets(project, params)
    led = set(office.leads) - {goal.id for goal in goals} if office else set()
    shown = [*goals, *(each for each in project.targets if each.id in led)]
    [place] = write_whole(
        {file: template_file(replace(tables, targets=shown), day=params.as_of, office=office)}
    )
    lang = language()
    said = [
        f'the workbook lies at "{place}"',
        "fill in its white cells, beginning with the sheet Hướng dẫn; grey is public already",
        f'then: sapa check --office "{place}"',
    ]
    if office and office.has_internal:
        said.append("it holds confidential rows: keep it in the house")
    click.echo("\n".join(in_language(line, lang) for line in said))
