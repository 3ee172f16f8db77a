"""What the office's workbook holds: figures, goals, judgements, causes, projects, each with its cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Any, Self

import pandas as pd

from ...core import OFFICE
from ..vintage import known_by

#: Columns of the tables beside figures and goals; each has `published`, `where`, `internal` too.
JUDGEMENT = ["target", "indicator_id", "end", "judged", "note"]
CAUSE = ["indicator_id", "field", "what", "text", "note"]
PROJECT = ["title", "lead", "time", "progress", "obstacles", "note"]
_SHARED = ["published", "where", "internal"]
#: How the address of a figure for the house only begins, in the papers that may hold it.
_CONFIDENTIAL = f"{OFFICE}:"
_TABLES = ("figures", "goals", "judgements", "causes", "projects")


def is_office(address: object) -> bool:
    """Return whether an address is that of a figure of the office.

    Parameters
    ----------
    address : object
        A cell of `source_url`.

    Examples
    --------
    >>> from sapa_analysis.evidence import is_office
    >>> is_office("office:Báo cáo 215-BC/TU"), is_office("https://sapa.laocai.gov.vn")
    (True, False)
    """
    return str(address).startswith(OFFICE)


def is_confidential(address: object) -> bool:
    """Return whether an address is that of a figure of the office for the house only; see `Office.apart`.

    Parameters
    ----------
    address : object
        A cell of `source_url`.

    Examples
    --------
    >>> from sapa_analysis.evidence import is_confidential
    >>> is_confidential("office::Báo cáo 215-BC/TU"), is_confidential("office:Báo cáo 215-BC/TU")
    (True, False)
    """
    return str(address).startswith(_CONFIDENTIAL)


def _empty(columns: list[str]) -> pd.DataFrame:
    table = pd.DataFrame(columns=[*columns, *_SHARED], dtype="str")
    return table.astype({"internal": bool})


@dataclass(frozen=True, eq=False, kw_only=True)
class Office:
    """What a workbook of the office holds, read and checked.

    Attributes
    ----------
    name : str
        Name of the file, without its folder.
    area : str
        Of which area: an id of `areas.csv`.
    day : datetime.date
        To which day its figures are known, unless a row says another.
    by : str
        The office that filled it in; may be blank.
    figures : pandas.DataFrame
        The columns of `core.Observations`, `where` (sheet and cell) and `internal`. Departments' estimates of
        the sheet of judgements are among them. `source_url` is `office:` and the source.
    goals : pandas.DataFrame
        Targets that the office adds or corrects: the columns of `core.Targets`, `where` and `internal`. One
        that corrects a public target has its id.
    leads : mapping of str to str
        The unit in charge by id of the target, where the office names one.
    judgements : pandas.DataFrame
        The standing committee's own judgements: target, indicator_id, end, judged (a key of `judged` in
        `words.yml`), note, and what every table has: published, where, internal.
    causes : pandas.DataFrame
        indicator_id or field (the other is blank), what (a key of `causes`), text, note, ...
    projects : pandas.DataFrame
        title, lead, time, progress, obstacles, note, ...
    digest : str
        SHA-256 of all that it holds, in 64 digits; equal for equal contents.
    """

    name: str
    area: str
    day: date
    figures: pd.DataFrame
    goals: pd.DataFrame
    by: str = ""
    leads: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    judgements: pd.DataFrame = field(default_factory=lambda: _empty(JUDGEMENT))
    causes: pd.DataFrame = field(default_factory=lambda: _empty(CAUSE))
    projects: pd.DataFrame = field(default_factory=lambda: _empty(PROJECT))
    digest: str = ""

    @property
    def has_internal(self) -> bool:
        """Whether a row must stay in the house."""
        return any(bool(getattr(self, name)["internal"].any()) for name in _TABLES)

    @property
    def counts(self) -> dict[str, int]:
        """How many rows each table has, by its name."""
        return {name: len(getattr(self, name)) for name in _TABLES}

    def public(self) -> Self:
        """Return what may leave the house: every row that is not marked."""
        return self._with(lambda table: table[~table["internal"].astype(bool)].reset_index(drop=True))

    def apart(self) -> Self:
        """Return the same with an address of its own for each source of figures for the house only.

        By it papers tell such a figure from the office's other ones; see `is_confidential`.
        """
        figures = self.figures.copy()
        secret = figures["internal"].astype(bool) & ~figures["source_url"].map(is_confidential).astype(bool)
        figures.loc[secret, "source_url"] = _CONFIDENTIAL + figures["source_url"].str.removeprefix(OFFICE)
        return replace(self, figures=figures)

    def as_of(self, day: date) -> Self:
        """Return what the office knew by the end of a day.

        Parameters
        ----------
        day : datetime.date
            The day whose knowledge counts.
        """
        return self._with(lambda table: known_by(table, day))

    def _with(self, change: Any) -> Self:
        return replace(self, **{name: change(getattr(self, name)) for name in _TABLES})
