"""Commands on written papers: the way back of a number, and the check of an edited document."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from .console import language, says_errors_plainly

_folder = click.option(
    "--in",
    "folder",
    type=click.Path(path_type=Path),
    default=None,
    metavar="DIR",
    help="Folder of papers.  [default: the last one written below build/briefing]",
)
_lang = click.option("--lang", type=click.Choice(["vi", "en"]), default=None, help="[default: that of sapa]")


@click.command()
@click.argument("words", nargs=-1, required=True, metavar="KEY")
@_folder
@_lang
@says_errors_plainly
def trace(words: tuple[str, ...], folder: Path | None, lang: str | None) -> None:
    """Tell the way back of a number or judgement: result, paths, figures, pages.

    KEY is its key, the number as it is printed ("3,2 triệu lượt"), or words of what it speaks of; of several
    that fit, each is listed. Nothing is run.
    """
    from ..reporting import trace_number

    click.echo("\n".join(trace_number(" ".join(words), folder, lang=lang or language())))


@click.command("check-doc")
@click.argument("file", type=click.Path(path_type=Path))
@_folder
@_lang
@says_errors_plainly
def check_doc(file: Path, folder: Path | None, lang: str | None) -> None:
    """List the numbers in FILE, an edited .docx, that match no result of the run, no figure and no goal.

    Days, years, marks of sources and numbers of order are no figures. Beside each stands what is nearest by
    value and by words. Status: 0 all match, 1 some do not.
    """
    from ..reporting import check_document

    told = lang or language()
    checked = check_document(file, folder, lang=told)
    click.echo("\n".join(checked.lines(told)))
    if checked.unmatched:
        sys.exit(1)


@click.command()
@click.option("--area", default=None, help="An area of data/areas.csv.  [default: params/baseline.yml]")
@click.option(
    "--as-of",
    default=None,
    metavar="DATE",
    help="Day whose knowledge counts.  [default: params/baseline.yml]",
)
@_lang
@says_errors_plainly
def cite(area: str | None, as_of: str | None, lang: str | None) -> None:
    """Tell how to cite the forecasts of an area and day, and the software: a sentence, and BibTeX."""
    from ..pipeline import open_project
    from ..reporting import cite

    chosen = {name: value for name, value in {"area": area, "as_of": as_of}.items() if value}
    click.echo(str(cite(*open_project(**chosen), lang=lang or language())).rstrip())
