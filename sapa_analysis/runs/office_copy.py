"""Runs on a workbook of the office: what may not leave the house reaches none of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..core import ParamsError, Problem, project_root, write_whole
from ..evidence import Office
from ..pipeline import check_known, load_project, office_at, tables_of
from .key import Inputs, Job

#: The workbook without its internal rows, as it lies in the folder of runs on one that has some.
PUBLIC_COPY = "so-lieu-cong-khai.xlsx"


def with_office(
    runs: Sequence[Job],
    office: str,
    out: Path | str,
    *,
    root: Path | str | None = None,
    allow_internal: bool = False,
) -> list[Job]:
    """Return runs that all read a workbook of the office.

    Parameters
    ----------
    runs : sequence of tuple
        Notebook and parameters of each run.
    office : str
        The workbook, relative to the project unless absolute; empty changes nothing.
    out : path
        The folder of the runs. When rows of the workbook must stay in the house, the runs read a copy without
        them, `so-lieu-cong-khai.xlsx`, which is written there.
    root : path, optional
        The project; by default that of the current folder.
    allow_internal : bool
        Whether the workbook may hold such rows; else they are an error.

    Raises
    ------
    ParamsError
        When a run names a workbook itself, the file cannot be one, or no row of it is known by the day of a
        run.
    OfficeError
        With all that is wrong in the workbook.
    OutputError
        When the copy cannot be written.

    Examples
    --------
    >>> from sapa_analysis.runs import with_office
    >>> with_office([("04_targets", {"seed": 7})], "", "out")
    [('04_targets', {'seed': 7})]
    >>> with_office([("04_targets", {"seed": 7})], "so_lieu.xlsx", "out")
    Traceback (most recent call last):
        ...
    sapa_analysis.core.errors.ParamsError: parameters has 1 problem
      office: "so_lieu.xlsx" cannot be read: No such file or directory
    """
    if not office or not runs:
        return [*runs]
    if any(parameters.get("office") for _, parameters in runs):
        said = "is named by the runs themselves too; leave it in one of the two places"
        raise ParamsError([Problem("parameters", 0, "office", said)])
    folder, inputs = project_root(root), Inputs(project_root(root))
    area, _ = inputs.place_and_day(runs[0])
    read = office_at(office, area=area, root=folder, allow_internal=allow_internal)
    for day in dict.fromkeys(inputs.place_and_day(run)[1] for run in runs):
        check_known(read, day)
    if allow_internal:
        office = public_copy(read, office, out, root=folder)
    return [(notebook, {**parameters, "office": office}) for notebook, parameters in runs]


def public_copy(read: Office, office: str, out: Path | str, *, root: Path) -> str:
    """Return the path of a workbook that may leave the house: itself, or the copy that is written.

    Parameters
    ----------
    read : Office
        What the workbook holds.
    office : str
        Its path.
    out : path
        Where the copy is written.
    root : pathlib.Path
        The project.
    """
    if not read.has_internal:
        return office
    from ..evidence import template_file  # heavy: loaded when rows stay in the house

    tables, path = tables_of(load_project(root), read.area), Path(out).resolve() / PUBLIC_COPY
    content = template_file(tables, day=read.day, office=read.public())
    write_whole({path: content})
    return str(path)
