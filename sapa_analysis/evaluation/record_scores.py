"""Scores of track records: each method's errors and coverage by area and years ahead."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from ..core import Params
from ..pipeline import Project
from . import scores
from .track_record import QUANTILES, track_record

_CASE = ["area", "origin", "year"]


def track_scores(records: pd.DataFrame) -> pd.DataFrame:
    """Return the scores of each method by area and years ahead, and over one to three years together.

    Methods are compared on the cases (origin and year) that all methods of the table have in that area.
    Cases are not independent: one year is forecast from up to three origins, so `years` gives the number of
    different outcomes.

    Parameters
    ----------
    records : pandas.DataFrame
        As `track_areas` returns them.

    Returns
    -------
    pandas.DataFrame
        area, method, ahead (0 to 3, or all); for the method's own cases: made (number), first and last
        (origins), years (different years forecast), held_80 (outcomes inside the interval), own_miss (mean
        absolute error of the medians) and own_actual (mean actual); for the common cases: n, n_scaled (those
        with a scale), miss (as own_miss), MASE and WIS (50, 80 and 95 %) over these, coverage_80 and
        coverage_95 in percent. own_miss, own_actual and miss are in the unit of the indicator.

    Examples
    --------
    >>> import sapa_analysis as sapa
    >>> project, params = sapa.open_project(as_of="2020-12-31")
    >>> params = params.with_values(n_paths=100, subjects={"forest": ["forest_cover"]})
    >>> asked = {"first": 2018, "methods": ["headline"]}
    >>> rows = sapa.evaluation.track_record(project, params, "tourist_arrivals", **asked)
    >>> sapa.evaluation.track_scores(rows)[["ahead", "made", "held_80", "MASE"]].tail(1).round(2)
      ahead  made  held_80   MASE
    2   all     1        0  11.37
    """
    cases = records[records["scored"]]
    cases = cases.assign(**_case_scores(cases), common=_is_common(cases, records["method"].nunique()))
    whole = cases[cases["ahead"] > 0].assign(ahead="all")
    both = pd.concat([cases.assign(ahead=cases["ahead"].astype(str)), whole]).sort_values(
        ["area", "method", "ahead"], key=_in_order, kind="stable"
    )
    rows = [
        dict(zip(("area", "method", "ahead"), names, strict=True)) | _summary(group)
        for names, group in both.groupby(["area", "method", "ahead"], sort=False)
    ]
    return pd.DataFrame(rows, columns=["area", "method", "ahead", *_SUMMARY])


_SUMMARY = ("made", "first", "last", "years", "held_80", "own_miss", "own_actual", "n", "n_scaled", "miss",
            "MASE", "WIS", "coverage_80", "coverage_95")  # fmt: skip


def _in_order(values: pd.Series) -> pd.Series:
    """Return areas and methods as their positions in the table, years ahead unchanged."""
    return values if values.name == "ahead" else pd.Series(pd.factorize(values)[0], values.index)


def _case_scores(cases: pd.DataFrame) -> dict[str, Any]:
    actual, quantiles = cases["actual"].to_numpy(), cases[list(QUANTILES)].to_numpy()
    found: dict[str, Any] = {"miss": (cases["actual"] - cases["median"]).abs()}
    found["MASE"] = found["miss"] / cases["scale"]
    found["WIS"] = scores.wis(actual, quantiles) / cases["scale"]
    for level in (80, 95):
        held = scores.coverage(actual, cases[f"lower_{level}"], cases[f"upper_{level}"])
        found[f"coverage_{level}"] = 100 * held
    return found


def _is_common(cases: pd.DataFrame, n_methods: int) -> pd.Series:
    """Return for each case whether all methods have it."""
    return pd.Series(cases.groupby(_CASE)["method"].transform("nunique") == n_methods)


def _summary(group: pd.DataFrame) -> dict[str, float]:
    common = group[group["common"]]
    own = [len(group), group["origin"].min(), group["origin"].max(), group["year"].nunique()]
    own += [int(group["coverage_80"].sum() / 100), group["miss"].mean(), group["actual"].mean()]
    means = common[["miss", "MASE", "WIS", "coverage_80", "coverage_95"]].mean()
    return dict(zip(_SUMMARY, [*own, len(common), common["scale"].count(), *means], strict=True))


def score_subjects(project: Project, params: Params, indicators: Iterable[str]) -> dict[str, pd.DataFrame]:
    """Return the scores of the chosen method and of the naive one in the chosen area, by indicator.

    Parameters
    ----------
    project, params
        As in `track_record`.
    indicators : iterable of str
        Ids of `indicators.csv` that the briefing or a notebook shows.

    Examples
    --------
    >>> import sapa_analysis as sapa
    >>> project, params = sapa.open_project(as_of="2019-12-31")
    >>> params = params.with_values(n_paths=100, area="lao_cai", subjects={"forest": ["forest_cover"]})
    >>> scores = sapa.evaluation.score_subjects(project, params, ["tourist_arrivals"])["tourist_arrivals"]
    >>> scores.loc[scores["ahead"] == "all", ["method", "made", "first", "last", "held_80", "MASE"]].round(2)
         method  made  first  last  held_80  MASE
    4  headline     8   2013  2017        3  1.77
    9     naive     6   2015  2017        5  2.69
    """
    methods = list(dict.fromkeys([params.method, "naive"]))
    return {
        indicator: track_scores(track_record(project, params, indicator, methods=methods))
        for indicator in indicators
    }
