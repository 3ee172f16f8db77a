"""The key results of a notebook as numbers: one long table, so that those of many runs can be stacked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from ..core import Forecast, Outcome, Params, YearlySeries, years_of
from ..scenarios import BASELINE

#: Columns of the table.
RESULT_COLUMNS = ("area", "as_of", "scenario", "indicator", "target", "document", "year", "statistic",
                  "value", "unit")  # fmt: skip
#: What is told of a target, in its unit.
_OF_A_TARGET = ("expected", "lower_80", "upper_80")
#: What is told of a year of a series; `best` is the best single figure of the year as read.
_OF_A_YEAR = ["estimate", "lower_80", "upper_80", "lower_95", "upper_95", "best"]
#: Years of a series that are told, the latest: as many as a forecast needs so as not to be thin. Our choice.
_LATEST = 5


def key_results(
    params: Params,
    outcomes: Iterable[Outcome | YearlySeries | None],
    verdicts: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return what a notebook found as a long table of numbers, one row per number.

    Parameters
    ----------
    params : Params
        The parameters of the run.
    outcomes : iterable of Forecast, NotAssessed, YearlySeries or None
        Of a forecast, median and central intervals of each year are told; of a series, its latest five years,
        the running one among them if part of it was observed; of the rest, nothing.
    verdicts : pandas.DataFrame, optional
        As `judge_targets` returns them, with a column `scenario` where there are several. Of a target,
        probability, and median and 80 % interval in its own measure are told; of one that is met or missed,
        `met`: 1 or 0.

    Returns
    -------
    pandas.DataFrame
        Columns area, as_of, scenario, indicator, target, document, year, statistic, value, unit. Target and
        document are blank where a row is of an indicator. Numbers that are not known have no row.

    Examples
    --------
    >>> import sapa_analysis as sapa
    >>> project, params = sapa.open_project(as_of="2023-06-30")
    >>> outcome = sapa.assess_indicator(project, params.with_values(n_paths=100), "grdp_growth")
    >>> table = sapa.key_results(params, [outcome])
    >>> table.loc[table["statistic"] == "median", ["indicator", "year", "value", "unit"]].round(1)
          indicator  year  value     unit
    0   grdp_growth  2023   10.9  percent
    7   grdp_growth  2024   11.0  percent
    14  grdp_growth  2025   10.6  percent
    >>> sapa.key_results(params, []).columns.tolist()[:4]
    ['area', 'as_of', 'scenario', 'indicator']
    """
    rows = [] if verdicts is None else _target_rows(verdicts, params)
    for outcome in outcomes:
        rows += _outcome_rows(outcome, params)
    table = pd.DataFrame(rows, columns=list(RESULT_COLUMNS))
    known = np.isfinite(pd.to_numeric(table["value"], errors="coerce").astype(float))
    return table[known].drop_duplicates(list(RESULT_COLUMNS[:8])).reset_index(drop=True)


def _target_rows(verdicts: pd.DataFrame, params: Params) -> list[dict[str, Any]]:
    rows = []
    for verdict in verdicts.to_dict("records"):
        about = {
            "area": verdict["area"],
            "as_of": str(params.as_of),
            "scenario": verdict.get("scenario", BASELINE),
            "indicator": verdict["indicator_id"],
            "target": verdict["id"],
            "document": verdict["document"],
            "year": int(verdict["end"]),
        }
        told = [("probability", verdict["probability"], "probability")]
        if verdict["status"] in ("met", "missed"):
            told += [("met", float(verdict["status"] == "met"), "yes_no")]
        told += [(name, verdict[name], verdict["unit"]) for name in _OF_A_TARGET]
        rows += [{**about, "statistic": name, "value": value, "unit": unit} for name, value, unit in told]
    return rows


def _outcome_rows(outcome: Outcome | YearlySeries | None, params: Params) -> list[dict[str, Any]]:
    if isinstance(outcome, Forecast):
        series, scenario, table = outcome.observed, outcome.scenario, outcome.summary()
    elif isinstance(outcome, YearlySeries):
        table = outcome.with_running()[_OF_A_YEAR].tail(_LATEST)
        series, scenario = outcome, BASELINE
    else:
        return []
    about = {"area": series.area, "as_of": str(params.as_of), "scenario": scenario,
             "indicator": series.indicator_id, "target": "", "document": ""}  # fmt: skip
    return [
        {**about, "year": int(year), "statistic": name, "value": value, "unit": series.unit}
        for year, row in zip(years_of(table), table.to_dict("records"), strict=True)
        for name, value in row.items()
    ]
