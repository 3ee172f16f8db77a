"""The command that writes the page to play with."""

from __future__ import annotations

from pathlib import Path

import click

from .console import language, says_errors_plainly


@click.command()
@click.option("--area", default=None, help="An area of data/areas.csv.  [default: params/baseline.yml]")
@click.option(
    "--as-of",
    default=None,
    metavar="DATE",
    help="Day whose knowledge counts, and the editions before it.  [default: params/baseline.yml]",
)
@click.option(
    "--lang",
    type=click.Choice(["vi", "en"]),
    default=None,
    help="Language in which the page opens; it holds both.  [default: that of sapa]",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=None,
    help="File .html, or folder.  [default: that of the briefing, build/briefing/AREA-DATE]",
)
@says_errors_plainly
def explorer(area: str | None, as_of: str | None, lang: str | None, out: Path | None) -> None:
    """Write explorer.html: choose an indicator, turn its levers, see forecast and chances follow.

    One file that needs no server and asks nobody; it can be sent, and so can a link to what is seen in it.
    """
    from ..core import OutputError
    from ..pipeline import explore_editions, open_project
    from ..reporting import briefing_folder, write_explorer

    if out is not None and out.is_file() and out.suffix != ".html":
        raise OutputError(f"{out.name} is a file; wanted a folder, or a file .html")
    chosen = {name: value for name, value in {"area": area, "as_of": as_of}.items() if value}
    project, params = open_project(**chosen)
    place = out or briefing_folder(project.root, params)
    click.echo(str(write_explorer(explore_editions(project, params), place, lang=lang or language())))
