"""The workbook of the office that a run names: where it may lie, what it holds, what counts on a day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from ..core import Keyed, ParamsError, Problem, digest_of, fingerprint, kept, project_root
from ..evidence import Office, Tables
from .project import Project, load_project

#: The folders of a project's own tables.
_TABLES = ("data", "params", "register")


def office_problem(root: Path, path: Path | str) -> str:
    """Return why a file cannot be the workbook of the office, or nothing; what it holds is not looked at.

    Parameters
    ----------
    root : path
        The project, to which the path is relative.
    path : path
        The file.

    Examples
    --------
    >>> from sapa_analysis.core import project_root
    >>> from sapa_analysis.pipeline import office_problem
    >>> office_problem(project_root(), "nowhere.xlsx")
    '"nowhere.xlsx" cannot be read: No such file or directory'
    >>> office_problem(project_root(), "data/areas.csv")
    '"data/areas.csv" lies among the tables of the project; keep the workbook outside data, params, register'
    """
    file = _file(root, path)
    if any(file.is_relative_to((root / folder).resolve()) for folder in _TABLES):
        return (
            f'"{path}" lies among the tables of the project; keep the workbook outside data, params, register'
        )
    try:
        with file.open("rb"):
            return ""
    except OSError as error:
        return f'"{path}" cannot be read: {error.strerror or error}'


def _file(root: Path, path: Path | str) -> Path:
    return (root / str(path).replace("\\", "/")).resolve()


def office_at(
    path: Path | str, *, area: str, root: Path | str | None = None, allow_internal: bool = False
) -> Office:
    """Return what a workbook of the office holds, checked against the tables of a project.

    Parameters
    ----------
    path : path
        The workbook, relative to the project unless absolute.
    area : str
        The area of the run: an id of `areas.csv`.
    root : path, optional
        The project; by default that of the current folder.
    allow_internal : bool
        Whether rows that must stay in the house are read; else they are an error.

    Raises
    ------
    ParamsError
        When there is no such file, when it lies among the tables of the project, or is another area's.
    OfficeError
        With all that is wrong in it.

    Examples
    --------
    >>> from sapa_analysis.pipeline import office_at
    >>> office_at("nowhere.xlsx", area="sa_pa")
    Traceback (most recent call last):
        ...
    sapa_analysis.core.errors.ParamsError: parameters has 1 problem
      office: "nowhere.xlsx" cannot be read: No such file or directory
    """
    folder = project_root(root)
    if problem := office_problem(folder, path):
        raise ParamsError([Problem("parameters", 0, "office", problem)])
    file, tables = _file(folder, path), tables_of(load_project(folder), area)
    content = digest_of([("file", str(file)), ("content", file.read_bytes())])
    found = _read(Keyed((content, _content(tables), allow_internal), (file, tables, allow_internal)))
    if found.area != area:
        said = f'"{found.name}" is of "{found.area}", the run of "{area}"'
        raise ParamsError([Problem("parameters", 0, "office", said)])
    return found


@kept(size=8)  # a batch asks for each of its runs; nothing of it is kept on disk
def _read(asked: Keyed) -> Office:
    from ..evidence import read_office  # heavy: loaded when a workbook is named

    file, tables, allow_internal = asked.things
    return read_office(file, tables, allow_internal=allow_internal)


def tables_of(project: Project, area: str) -> Tables:
    """Return the tables of a project that a workbook of an area is written from and checked against.

    Parameters
    ----------
    project : Project
        The tables.
    area : str
        An id of `areas.csv`.

    Examples
    --------
    >>> from sapa_analysis.pipeline import load_project, tables_of
    >>> tables = tables_of(load_project(), "sa_pa")
    >>> tables.area, len(tables.targets)
    ('sa_pa', 208)
    """
    return Tables(
        evidence=project.evidence, indicators=project.indicators, areas=project.areas,
        documents=project.documents, targets=project.targets, area=area,
    )  # fmt: skip


def _content(tables: Tables) -> str:
    names = ("evidence", "indicators", "areas", "documents")
    return f"{fingerprint({name: getattr(tables, name) for name in names})} {tables.targets!r} {tables.area}"


def known_later(office: Office, day: date) -> str:
    """Return how many rows of a workbook are known after a day only, in words, or nothing.

    Parameters
    ----------
    office : Office
        The workbook.
    day : datetime.date
        The day whose knowledge counts.

    Examples
    --------
    >>> from datetime import date
    >>> import pandas as pd
    >>> from sapa_analysis.evidence import Office
    >>> from sapa_analysis.pipeline import known_later
    >>> rows = pd.DataFrame({"published": ["2023-06-15", "2024-01-15"], "internal": False})
    >>> told = {"name": "so_lieu.xlsx", "area": "sa_pa", "day": date(2023, 6, 15)}
    >>> own = Office(figures=rows, goals=rows.head(0), **told)
    >>> known_later(own, date(2023, 6, 30)), known_later(own, date(2024, 6, 30))
    ('1 of 2 rows of "so_lieu.xlsx" are dated after 2023-06-30 and count for later days only', '')
    """
    whole = sum(office.counts.values())
    late = whole - sum(office.as_of(day).counts.values())
    if not late:
        return ""
    return f'{late} of {whole} rows of "{office.name}" are dated after {day} and count for later days only'


def check_known(office: Office, day: date) -> None:
    """Refuse a workbook none of whose rows is known by a day.

    Parameters
    ----------
    office : Office
        The workbook; one without rows is not refused.
    day : datetime.date
        The day whose knowledge counts.

    Raises
    ------
    ParamsError
        With the day to give.

    Examples
    --------
    >>> from datetime import date
    >>> import pandas as pd
    >>> from sapa_analysis.evidence import Office
    >>> from sapa_analysis.pipeline import check_known
    >>> rows = pd.DataFrame({"published": ["2024-01-08", "2024-01-15"], "internal": False})
    >>> told = {"name": "so_lieu.xlsx", "area": "sa_pa", "day": date(2024, 1, 15)}
    >>> own = Office(figures=rows, goals=rows.head(0), **told)
    >>> check_known(own, date(2024, 1, 8))
    >>> check_known(own, date(2023, 6, 30))
    Traceback (most recent call last):
        ...
    sapa_analysis.core.errors.ParamsError: parameters has 1 problem
      office: every row of "so_lieu.xlsx" is dated after 2023-06-30; give its day, --as-of 2024-01-15
    """
    if any(office.counts.values()) and not any(office.as_of(day).counts.values()):
        said = f'every row of "{office.name}" is dated after {day}; give its day, --as-of {office.day}'
        raise ParamsError([Problem("parameters", 0, "office", said)])
