"""The reference class: yearly figures of other places, and the one that leads each year."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd

from ..core import (
    DataError,
    Problem,
    Problems,
    ReferenceBreaks,
    ReferencePlaces,
    ReferenceVisits,
    check_frame,
    days_of,
    label,
    listed,
    loader,
    nearest,
    note,
    parse_period,
    read_table,
    tell,
)
from .catalogue import load_areas, load_indicators
from .row_check import check_cells, check_dates, check_known, check_units

#: Rows that agree in these columns are figures of one quantity, comparable from year to year.
QUANTITY = ["indicator_id", "place", "counting", "series"]
#: How far a derived value may be from its division: it is rounded, to thousands of millions at most.
_ROUNDED = 0.001
#: Printed figures of one year that are further apart than this, as a share of the lower, dispute it.
_DISPUTED = 0.1
#: A rise in a year by more than this factor, or a fall by it, is worth a look.
_JUMP = 1.5


@loader(DataError)
def load_reference(folder: Path, problems: list[Problem]) -> pd.DataFrame:
    """Return the figures of the reference class, checked; no rows where the project has none.

    Parameters
    ----------
    folder : path
        Holds `reference/visits.csv`, `places.csv` and `breaks.csv`, or no folder `reference`.
    problems : list of Problem, optional
        Receives every problem; when not given, a `DataError` with all of them is raised.

    Returns
    -------
    pandas.DataFrame
        The columns of `core.ReferenceVisits` plus `where`; name_vi, name_en and level of the place; `year`;
        `series`, the number of breaks up to that year: only figures of one place, counting and series are
        compared; `derived`, true where no page prints the value.

    Raises
    ------
    DataError
        With every problem of the three files.

    Examples
    --------
    >>> from sapa_analysis.core import project_root
    >>> from sapa_analysis.evidence import load_reference
    >>> visits = load_reference(project_root() / "data").query("place == 'phu_quoc' and year >= 2017")
    >>> visits[["year", "value", "series", "derived"]].to_numpy().tolist()[:3]
    [[2017, 1800000.0, 0, False], [2018, 4023105.0, 1, False], [2019, 5106665.0, 1, False]]
    """
    visits, places, breaks = _read(folder / "reference", problems)
    if visits.empty:
        return _joined(visits, places, breaks)
    for table in (visits, breaks):
        check_known(table, "place", places["place"], problems, "place of places.csv")
    indicators = load_indicators(folder, problems)
    check_known(visits, "indicator_id", indicators.index, problems, "indicator")
    check_units(visits, indicators, problems)
    check_dates(visits, ("published",), problems)
    _check_places(places, load_areas(folder, problems).index, problems)
    _check_rows(visits, problems)
    return _joined(visits, places, breaks)


def _read(folder: Path, problems: list[Problem]) -> list[pd.DataFrame]:
    """Return visits, places and breaks; the breaks may be missing alone, and the folder as a whole."""
    schemas: dict[str, Any] = {
        "visits": ReferenceVisits,
        "places": ReferencePlaces,
        "breaks": ReferenceBreaks,
    }
    if not folder.is_dir():
        return [_no_rows(schema, problems) for schema in schemas.values()]
    for path in listed(folder, ".csv", problems, what="reference"):
        if path.stem not in schemas:
            message = f'"{path.stem}" is no table of the reference class; {nearest(path.stem, schemas)}'
            tell(problems, Problem(label(path), 0, "", message))
    return [
        _no_rows(schema, problems)
        if name == "breaks" and not (folder / "breaks.csv").exists()
        else read_table(folder / f"{name}.csv", schema, problems)
        for name, schema in schemas.items()
    ]


def _no_rows(schema: Any, problems: list[Problem]) -> pd.DataFrame:
    return check_frame(pd.DataFrame(columns=list(schema.to_schema().columns)), "reference", schema, problems)


def _check_places(places: pd.DataFrame, areas: Collection[str], problems: list[Problem]) -> None:
    for row in places[places["place"].isin(list(areas))].to_dict("records"):
        message = f'"{row["place"]}" is an area of areas.csv; its figures belong to data/evidence'
        note(problems, row["where"], "place", message)


def _check_rows(visits: pd.DataFrame, problems: list[Problem]) -> None:
    one_page = ["place", "indicator_id", "period", "counting", "value", "derived_from", "source_url"]
    for where in visits.loc[visits.duplicated(one_page), "where"]:
        note(problems, where, "row", "stands twice: same place, period, value and page")
    printed = {
        (row["place"], row["indicator_id"], row["counting"], row["value"])
        for row in visits[visits["derived_from"] == ""].to_dict("records")
    }
    for row in visits.to_dict("records"):
        cells = (row["period"], row["freq"])
        if row["freq"] in ("A", "YTD"):
            check_cells(parse_period, *cells, where=row["where"], column="period", problems=problems)
        if not row["source_url"] and not row["note"]:
            note(problems, row["where"], "source_url", "is blank, and the note does not say why")
        if message := _derivation_problem(row, printed):
            note(problems, row["where"], "derived_from", message)


def _derivation_problem(row: Mapping[Any, Any], printed: Collection[tuple[Any, ...]]) -> str:
    over, _, under = row["derived_from"].partition(" / ")
    try:
        above, divisor = float(over), float(under)
    except ValueError:  # blank, or told already
        return ""
    if not above or abs(row["value"] * divisor / above - 1) > _ROUNDED:
        return f"{row['derived_from']} is not {row['value']:,.10g}"
    if (row["place"], row["indicator_id"], row["counting"], above) not in printed:
        return f"{above:,.10g} is no printed figure of {row['place']}"
    return ""


def _joined(visits: pd.DataFrame, places: pd.DataFrame, breaks: pd.DataFrame) -> pd.DataFrame:
    """Return the figures with the names of their places, their years and their series."""
    named = places.drop_duplicates("place").reindex(columns=["place", "name_vi", "name_en", "level"])
    table = visits.merge(named, on="place", how="left")
    year = pd.to_numeric(table["period"].str[:4], errors="coerce").fillna(0).astype("int64")
    new_from = {place: sorted(set(rows["year"])) for place, rows in breaks.groupby("place")}
    series = [
        sum(first <= its for first in new_from.get(place, []))
        for place, its in zip(table["place"], year, strict=True)
    ]
    derived = table["derived_from"].astype("str") != ""
    return table.assign(year=year, series=pd.Series(series, table.index, dtype="int64"), derived=derived)


def reference_years(reference: pd.DataFrame) -> pd.DataFrame:
    """Return the leading figure of each whole year of each quantity.

    A printed figure comes before a derived one, an actual before an estimate, a later page before an earlier.

    Parameters
    ----------
    reference : pandas.DataFrame
        As `load_reference` returns it, narrowed by `known_by` to what was known.

    Returns
    -------
    pandas.DataFrame
        One row per indicator, place, counting, series and year, in that order, with the columns of
        `reference` and `disputed`: whether printed figures of the year are more than a tenth apart.

    Examples
    --------
    >>> from sapa_analysis.core import project_root
    >>> from sapa_analysis.evidence import known_by, load_reference, reference_years
    >>> visits = known_by(load_reference(project_root() / "data"), "2023-06-30")
    >>> years = reference_years(visits).query("place == 'hoi_an' and year < 2018")
    >>> years[["year", "value", "derived", "disputed"]].to_numpy().tolist()[1:]
    [[2015, 2700000.0, False, True], [2016, 2647000.0, True, False], [2017, 3300000.0, False, False]]
    """
    whole = reference[reference["freq"] == "A"]
    firm = whole.assign(known=-days_of(whole["published"]).map(lambda day: day.toordinal()).astype("int64"))
    order = ["derived", "kind", "known", "digits", "value", "source_url"]
    down = [True, True, True, False, False, True]
    firm = firm.sort_values(order, ascending=down, kind="stable")
    key = [*QUANTITY, "year"]
    first = firm.drop_duplicates(key).sort_values(key, kind="stable", ignore_index=True)
    printed = firm[~firm["derived"]].groupby(key)["value"]
    apart = (printed.max() > (1 + _DISPUTED) * printed.min()).rename("disputed").reset_index()
    found = first.merge(apart, on=key, how="left").drop(columns="known")
    return found.assign(disputed=found["disputed"].eq(True))


def look_over_reference(reference: pd.DataFrame, *, shock_years: Collection[int] = ()) -> list[Problem]:
    """Return what is worth a look in a sound reference class: jumps, and figures without a date.

    Parameters
    ----------
    reference : pandas.DataFrame
        As `load_reference` returns it.
    shock_years : collection of int
        A jump into one of these years, or from it, is expected.

    Examples
    --------
    >>> from sapa_analysis.core import project_root
    >>> from sapa_analysis.evidence import load_reference, look_over_reference
    >>> visits = load_reference(project_root() / "data")
    >>> looks = look_over_reference(visits, shock_years=[2020, 2021])
    >>> print(*(f"{look.column} {look.message}" for look in looks[:1]))
    value 4,000,000 is 2.0 times the figure of 2022, on one counting
    """
    found = Problems()
    for where, message in _jumps(reference_years(reference), shock_years):
        note(found, where, "value", message)
    for where in reference.loc[reference["published"] == "", "where"]:
        note(found, where, "published", "is blank: no edition of a day knows this figure")
    return list(found)


def _jumps(years: pd.DataFrame, shock_years: Collection[int]) -> Iterator[tuple[str, str]]:
    """Yield the places of figures that are further from the one before than a factor a year allows."""
    for _, rows in years.groupby(QUANTITY, sort=False):
        told = rows.to_dict("records")
        for before, row in pairwise(told):
            if min(row["value"], before["value"]) <= 0:
                continue
            ratio = row["value"] / before["value"]
            most = _JUMP ** (row["year"] - before["year"])
            if not (1 / most <= ratio <= most) and not {before["year"], row["year"]} & set(shock_years):
                message = f"{row['value']:,.10g} is {ratio:.1f} times the figure of {before['year']}"
                yield row["where"], f"{message}, on one counting"
