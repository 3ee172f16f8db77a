"""Papers that stay in the house: made of the whole workbook of the office, by this process alone."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from ..core import FORMATS, PAPERS, OutputError, Params
from ..evidence import Office
from ..pipeline import assess_targets, load_project
from ..reporting import write_papers

#: The folder of such papers, in that of the others.
INTERNAL = "noi-bo"


def write_internal(
    office: Office,
    params: Params,
    folder: Path,
    *,
    root: Path,
    papers: Sequence[str],
    formats: Sequence[str],
    form: str = "plain",
    template: str = "",
) -> list[Path]:
    """Write the papers of a workbook with all its rows into the folder `noi-bo`, and nothing else anywhere.

    No notebook, no store and no table of results sees these rows. Papers of an earlier time go.

    Parameters
    ----------
    office : Office
        The workbook, its internal rows among the others.
    params : Params
        Area, vintage and the rest.
    folder : pathlib.Path
        The folder of the public papers.
    root : pathlib.Path
        The project.
    papers, formats, form, template
        As in `reporting.write_papers`.

    Returns
    -------
    list of pathlib.Path
        Each says on every page that it is internal.

    Raises
    ------
    OutputError
        When they cannot be written.
    SapaError
        When the project with these rows cannot be assessed.
    """
    place = folder / INTERNAL
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{place} cannot be written: {error.strerror or error}") from error
    project = load_project(root, office=office.apart())
    results = assess_targets(project, params)
    asked = {"papers": papers, "formats": formats}
    with _temporary_files_in(place):
        written = write_papers(project, results, place, **asked, form=form, template=template, internal=True)
    for old in {place / f"{paper}.{ending}" for paper in PAPERS for ending in FORMATS} - {*written}:
        old.unlink(missing_ok=True)
    return written


def refuse_left(folder: Path) -> None:
    """Raise where papers for the house lie in a folder whose run writes none: they are of another run.

    Parameters
    ----------
    folder : pathlib.Path
        The folder of the public papers.

    Raises
    ------
    OutputError
        It names the folder to move away.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from sapa_analysis.runs.internal import refuse_left
    >>> with TemporaryDirectory() as folder:
    ...     refuse_left(Path(folder))
    """
    place = folder / INTERNAL
    if place.is_dir() and any(place.iterdir()):
        raise OutputError(
            f'"{place}" holds confidential papers of an earlier run, which this run would leave beside its '
            "public ones; move that folder away, or choose another with --out"
        )


@contextmanager
def _temporary_files_in(folder: Path) -> Iterator[None]:
    """Let libraries put what they prepare into a folder: a kill leaves nothing of it elsewhere."""
    before, tempfile.tempdir = tempfile.tempdir, str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = before
