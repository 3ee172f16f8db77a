"""Targets: their grammar, when a world attains one, and the pace that is still needed.

Source of the grammar and of the algebra: the method note of the project, section 3.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Self

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from .catalogue import (
    check_dates,
    check_known,
    check_units,
    note,
    read_areas,
    read_documents,
    read_indicators,
)
from .errors import Problem, TargetsError
from .files import check_frame, read_table
from .schema import Targets


class Target(BaseModel):
    """One quantified target; the rules that tie its fields together.

    Attributes
    ----------
    measure : str
        `level` in the year `end`, `growth` in that year, `term_mean_growth` or `term_total` over
        `start` to `end`, or `yes_no`. A row of the table whose `level` or `growth` has a start before its end
        is a goal of every year from start to end: one target per year (`load_targets`).
    sense : str
        `more_than`, `less_than`, `at_least`, `at_most`, `between` (value to value_high) or `about`
        (value plus or minus tolerance).
    """

    model_config = ConfigDict(frozen=True, extra="ignore")
    id: str
    indicator_id: str
    area: str
    measure: Literal["level", "growth", "term_mean_growth", "term_total", "yes_no"]
    sense: Literal["more_than", "less_than", "at_least", "at_most", "between", "about"]
    value: float
    value_high: float | None = None
    tolerance: float | None = None
    unit: str
    start: int | None = None
    end: int

    @model_validator(mode="before")
    @classmethod
    def _blank_is_none(cls, row: Any) -> Any:
        return {key: None if _is_missing(value) else value for key, value in dict(row).items()}

    @model_validator(mode="after")
    def _fields_fit(self) -> Self:
        if self.sense == "between" and (self.value_high is None or self.value_high <= self.value):
            raise ValueError("sense between needs a value_high above value")
        if self.sense != "between" and self.value_high is not None:
            raise ValueError(f"sense {self.sense} takes no value_high")
        if self.sense != "about" and self.tolerance is not None:
            raise ValueError(f"sense {self.sense} takes no tolerance")
        if self.tolerance is not None and self.tolerance < 0:
            raise ValueError(f"tolerance {self.tolerance:g} lies below 0")
        if self.measure.startswith("term") and (self.start is None or self.start >= self.end):
            raise ValueError(f"measure {self.measure} needs a start before its end")
        if self.start is not None and self.start > self.end:
            raise ValueError(f"start {self.start} lies after end {self.end}")
        return self

    def aim(self, current: float) -> float:
        """Return the value to steer for from a level: of a range, the point nearest to it."""
        return min(max(current, self.value), self.value_high) if self.value_high is not None else self.value

    def attained(self, values: np.ndarray | float, *, about: float = 0.0) -> np.ndarray:
        """Say for each value whether it attains the target.

        Parameters
        ----------
        values : array or float
            In the unit of the target.
        about : float
            Half width for `about` where the document prints none, in the unit of the target.

        Returns
        -------
        numpy.ndarray of bool
        """
        values = np.asarray(values, dtype=float)
        half = self.tolerance if self.tolerance is not None else about
        high = self.value_high if self.value_high is not None else math.inf
        tests = {
            "more_than": values > self.value,
            "less_than": values < self.value,
            "at_least": values >= self.value,
            "at_most": values <= self.value,
            "between": (values >= self.value) & (values <= high),
            "about": np.abs(values - self.value) <= half,
        }
        return np.asarray(tests[self.sense])


def _is_missing(value: Any) -> bool:
    return value is None or value is pd.NA or value == "" or (isinstance(value, float) and math.isnan(value))


@dataclass(frozen=True, slots=True)
class Pace:
    """What each remaining year still needs.

    Attributes
    ----------
    per_year : float
        In `unit`.
    unit : str
        `percent_a_year` (compounding), or the unit of the target a year (`percentage_points_a_year`
        for rates).
    years : int
        Years that remain.
    arithmetic : float or None
        For a mean growth over a term: what is needed when the document means the plain average of the
        yearly rates; `per_year` is then the geometric reading.
    """

    per_year: float
    unit: str
    years: int
    arithmetic: float | None = None


def required_pace(target: Target, observed: pd.Series) -> Pace | None:
    """Return the pace that, kept for the remaining years, attains the target exactly.

    Parameters
    ----------
    target : Target
        The target.
    observed : pandas.Series
        By year (int or yearly PeriodIndex): levels for `level` and `term_total`, yearly growth in
        percent for `growth` and `term_mean_growth`.

    Returns
    -------
    Pace or None
        None when no year remains, when a year of the term lacks its figure, or when the target is
        yes or no.
    """
    done = pd.Series(observed.to_numpy(dtype=float), index=_as_years(observed.index)).dropna().sort_index()
    if done.empty or target.measure == "yes_no":
        return None
    if target.measure == "growth":
        return Pace(target.value, "percent_a_year", 1) if done.index[-1] < target.end else None
    if target.measure == "level":
        return _level_pace(target, done)
    term = range(target.start or target.end, target.end + 1)
    inside = done[done.index.isin(term)]
    left = target.end - max(int(done.index[-1]), term[0] - 1)
    if left < 1 or len(inside) != len(term) - left:
        return None
    if target.measure == "term_total":
        return Pace((target.value - inside.sum()) / left, f"{target.unit}_a_year", left)
    return _growth_pace(target.value, inside.to_numpy(), len(term), left)


def _as_years(index: pd.Index) -> list[int]:
    return [int(year) for year in (index.year if isinstance(index, pd.PeriodIndex) else index)]


def _level_pace(target: Target, done: pd.Series) -> Pace | None:
    latest, left = float(done.iloc[-1]), target.end - int(done.index[-1])
    if left < 1:
        return None
    aim = target.aim(latest)
    if target.unit.startswith("percent") or latest <= 0 or aim <= 0:
        unit = "percentage_points_a_year" if target.unit.startswith("percent") else f"{target.unit}_a_year"
        return Pace((aim - latest) / left, unit, left)
    return Pace(required_growth(latest, aim, years=left), "percent_a_year", left)


def _growth_pace(mean: float, done: np.ndarray, years: int, left: int) -> Pace:
    still = (1 + mean / 100) ** years / float(np.prod(1 + done / 100))
    arithmetic = (years * mean - float(done.sum())) / left
    return Pace(100 * (still ** (1 / left) - 1), "percent_a_year", left, arithmetic)


def required_growth(current: float, target: float, *, years: int) -> float:
    """Return the constant yearly growth that turns `current` into `target`.

    Parameters
    ----------
    current, target : float
        Levels in one unit, both above zero.
    years : int
        Whole years between them, at least 1.

    Returns
    -------
    float
        Percent per year: 8.0 means 8 % a year.

    Raises
    ------
    ValueError
        When a level is not above zero or no year lies between them.
    """
    if current <= 0 or target <= 0 or years < 1:
        raise ValueError(f"no growth leads from {current} to {target} in {years} years")
    return float(100 * ((target / current) ** (1 / years) - 1))


def load_targets(data_folder: Path | str, *, overlay: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return all targets of a data folder, checked.

    Parameters
    ----------
    data_folder : path
        Holds `targets.csv`, `documents.csv`, `indicators.csv`, `areas.csv`.
    overlay : pandas.DataFrame, optional
        Further targets with the same columns, checked by the same rules.

    Returns
    -------
    pandas.DataFrame
        The columns of `schema.Targets` plus `where`, in the order of the file.

    Raises
    ------
    TargetsError
        With every problem of every file.
    """
    problems: list[Problem] = []
    targets = read_targets(Path(data_folder), problems, overlay=overlay)
    if problems:
        raise TargetsError(problems)
    return targets


def read_targets(
    data_folder: Path, problems: list[Problem], *, overlay: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return the targets of a data folder and add every problem; see `load_targets`."""
    indicators, areas = read_indicators(data_folder, problems), read_areas(data_folder, problems)
    documents = read_documents(data_folder, problems)
    targets = read_table(data_folder / "targets.csv", Targets, problems)
    if overlay is not None:
        extra = check_frame(overlay, "overlay", Targets, problems)
        targets = pd.concat([targets, extra], ignore_index=True)
    check_known(targets, "indicator_id", indicators.index, problems, "indicator")
    check_known(targets, "area", areas.index, problems, "area")
    check_known(targets, "document", documents.index, problems, "document")
    check_dates(targets, ("published",), problems)
    check_units(targets, indicators, problems)
    for row in targets.to_dict("records"):
        for column, message in _grammar_problems(row):
            note(problems, row["where"], column, message)
    targets = targets if problems else _one_per_year(targets)
    for row in targets[targets["id"].duplicated()].to_dict("records"):
        note(problems, row["where"], "id", f'"{row["id"]}" stands more than once')
    return targets


def _one_per_year(targets: pd.DataFrame) -> pd.DataFrame:
    """Return the targets, each goal of every year ("hằng năm") as one target per year, its year in the id."""
    yearly = targets["measure"].isin(["level", "growth"]) & (targets["start"] < targets["end"]).fillna(False)
    years = [
        list(range(start, end + 1)) if repeated else [end]
        for repeated, start, end in zip(yearly, targets["start"], targets["end"], strict=True)
    ]
    long = targets.assign(year=pd.Series(years, targets.index, dtype=object), repeated=yearly).explode(
        "year", ignore_index=True
    )
    repeated, year = long["repeated"].astype(bool), long["year"].astype("int64")
    long["id"] = long["id"].where(~repeated, long["id"] + "." + year.astype(str))
    long["start"] = long["start"].where(~repeated, pd.NA)
    long["end"] = year.astype(targets["end"].dtype)
    return long[list(targets.columns)]


def _grammar_problems(row: Mapping[Any, Any]) -> Iterator[tuple[str, str]]:
    try:
        Target.model_validate(row)
    except ValidationError as error:
        for item in error.errors():
            yield str((*item["loc"], "")[0]), item["msg"].removeprefix("Value error, ")
    part, _, whole = row["fraction"].partition("/")
    # a percentage is printed with one decimal or none
    if whole and not abs(100 * int(part) - row["value"] * int(whole)) <= 0.5 * int(whole):
        yield "fraction", f"{row['fraction']} is not {row['value']:g} percent"
