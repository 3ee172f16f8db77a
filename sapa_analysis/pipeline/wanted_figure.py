"""Figures that would help most: which result, if it were known, would narrow the band of a target most.

For each target without a verdict or with few years of figures, a result is put in at its expected value, as
an official page of the day would print it, and the indicator is assessed again. Without a band the expected
value is the goal, and the band is compared with the widest that still tells something (`widest_points` and
`widest_factor` of the parameters).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ..core import OPEN, Forecast, Params, Target, last_year_ended
from ..evidence import EVERY
from ..verdicts import judge_targets
from .area import families_of
from .assess import Results, assess_indicator, assess_targets, judge
from .known import known_targets
from .project import Project

#: Paths of the assessments with a figure put in: a band of them is sure to a few percent.
_PATHS = 400
#: Significant digits of the figure put in.
_DIGITS = 6
_COLUMNS = [
    "rank", "indicator_id", "wanted", "period", "freq", "targets", "unit", "status", "reason", "lower_before",
    "upper_before", "lower_after", "upper_after", "narrowing",
    "found_in_vi", "found_in_en", "look_for",
]  # fmt: skip


class _Figure(NamedTuple):
    """A figure that is wanted: what it is, its period, and the value it is expected to have."""

    wanted: str
    period: str
    freq: str
    value: float | None


def wanted_figures(project: Project, params: Params, *, indicator: str | None = None) -> pd.DataFrame:
    """Return the figures that would help most, one row a figure, the most helpful first.

    Each figure is an assessment of its own, of its family only. None of them is kept on disk: they are
    hypothetical.

    Parameters
    ----------
    project, params
        As in `assess_targets`.
    indicator : str, optional
        Only figures that help the targets of this indicator.

    Returns
    -------
    pandas.DataFrame
        rank, indicator_id, wanted (`result` of a year, `half_year` from January to June, `rating` of a target
        of yes and no, `tolerance` that no document prints), period and freq of the figure, targets (a ;-list
        of ids, the one that gains most first), and of that one unit, status, reason, its 80 % band before and
        after in its unit (blank without one), and narrowing: by which share the width of the band shrinks, in
        points for rates and in logarithms for amounts; 1 where the result settles the target, blank where no
        figure can be put in; found_in_vi, found_in_en, look_for: where it probably stands
        (`data/whereabouts.csv`, as known then).

    Examples
    --------
    >>> from sapa_analysis.pipeline import open_project, wanted_figures
    >>> project, params = open_project(as_of="2023-06-30")
    >>> wanted = wanted_figures(project, params.with_values(n_paths=200), indicator="income_per_capita")
    >>> wanted[["wanted", "period", "targets"]].iloc[0].tolist()
    ['result', '2022', 'congress-2020.income_per_capita']
    """
    known = project.as_of(params.as_of)
    few = params.with_values(n_paths=min(_PATHS, params.n_paths))
    found = assess_targets(known, few) if indicator is None else _results_of(known, few, indicator)
    rows = [
        {**_judged_with(known, few, target, figure, found), **figure._asdict()}
        for target in _open_targets(found)
        for figure in _candidates(known, few, target, found)
    ]
    ranked = _ranked(pd.DataFrame(rows))
    goals = {target.id: target for target in found.targets}
    held = [_held(known, goals[row["targets"].split(";")[0]], row) for row in ranked.to_dict("records")]
    return ranked.assign(**pd.DataFrame(held, columns=_COLUMNS[14:], index=ranked.index))


def _results_of(known: Project, params: Params, indicator: str) -> Results:
    targets = known_targets(known, params, indicator)
    outcomes = {indicator: assess_indicator(known, params, indicator)}
    return Results(params, outcomes, judge(known, outcomes, targets, params), targets)


def _open_targets(results: Results) -> Iterator[Target]:
    """Yield the targets without a verdict, and those judged from few years of figures."""
    judged = results.verdicts.set_index("id")
    for target in results.targets:
        outcome = results.outcomes.get(target.indicator_id)
        thin = isinstance(outcome, Forecast) and outcome.thin
        status = judged.at[target.id, "status"]
        if status in OPEN or (thin and status not in ("met", "missed")):
            yield target


def _candidates(known: Project, params: Params, target: Target, results: Results) -> Iterator[_Figure]:
    origin = last_year_ended(params.as_of)
    if target.sense == "about" and target.tolerance is None and target.unit.startswith("percent"):
        yield _Figure("tolerance", str(target.end), "A", None)
    elif target.measure == "yes_no":
        yield _Figure("rating", str(target.end), "A", None)
    else:
        year = min(target.end, origin)
        if not _is_known(results, target, year):
            yield _Figure("result", str(year), "A", _expected(target, results, year))
        flows = known.indicators.at[target.indicator_id, "nature"] == "flow"
        running = origin + 1
        if flows and target.end > origin and params.as_of >= date(running, 6, 30):
            expected = _expected(target, results, running)
            half = None if expected is None else expected / 2
            yield _Figure("half_year", f"{running}-01/{running}-06", "YTD", half)


def _is_known(results: Results, target: Target, year: int) -> bool:
    """Return whether an actual of the whole year has been published."""
    outcome = results.outcomes.get(target.indicator_id)
    if outcome is None or outcome.observed is None:
        return False
    seen = outcome.observed.observations
    return bool(((seen["year"] == year) & (seen["basis"] == "year") & (seen["kind"] == "actual")).any())


def _expected(target: Target, results: Results, year: int) -> float | None:
    """Return the middle of what is known of a year; the goal where nothing is; None where it says nothing."""
    outcome = results.outcomes.get(target.indicator_id)
    if isinstance(outcome, Forecast):
        middle = pd.concat([outcome.observed.table["estimate"], outcome.summary(())["median"]])
        if str(year) in middle.index:
            return float(middle[str(year)])
    return target.value if target.measure == "level" or target.unit == "percent" else None


def _judged_with(
    known: Project, params: Params, target: Target, figure: _Figure, results: Results
) -> dict[str, Any]:
    """Return the band of a target before and after a figure is put in, and by how much it narrows."""
    before = results.verdicts.set_index("id").loc[target.id]
    row = {name: before[name] for name in ("indicator_id", "unit", "status", "reason")} | {"id": target.id}
    band = _band(results, target)
    row |= {"lower_before": band[0], "upper_before": band[1]}
    if figure.value is None or not np.isfinite(figure.value):
        return row
    if figure.wanted == "result" and target.measure == "level" and int(figure.period) == target.end:
        return row | {"narrowing": 1.0}
    outcome = assess_indicator(_with(known, params, target, figure), params, target.indicator_id)
    after = _band_of(
        judge_targets({target.indicator_id: outcome}, [target], about_relative=params.about_relative)
    )
    most = params.widest_points if target.unit.startswith("percent") else np.log(params.widest_factor)
    wide = min(_width(target, band), most) if np.isfinite(band).all() else most
    return row | {
        "lower_after": after[0],
        "upper_after": after[1],
        "narrowing": max(0.0, 1 - _width(target, after) / wide),
    }


def _band(results: Results, target: Target) -> tuple[float, float]:
    """Return the band of a target however wide it is, blank without one."""
    outcome = results.outcomes.get(target.indicator_id)
    if outcome is None or outcome.observed is None:
        return np.nan, np.nan
    return _band_of(
        judge_targets({target.indicator_id: outcome}, [target], about_relative=results.params.about_relative)
    )


def _band_of(verdicts: pd.DataFrame) -> tuple[float, float]:
    return float(verdicts["lower_80"].iloc[0]), float(verdicts["upper_80"].iloc[0])


def _width(target: Target, band: tuple[float, float]) -> float:
    """Return the width of a band: points of a rate, logarithms of an amount; endless without a band."""
    lower, upper = band
    if not np.isfinite([lower, upper]).all():
        return np.inf
    if target.unit.startswith("percent"):
        return upper - lower
    return float(np.log(upper / lower)) if lower > 0 else np.inf


def _with(known: Project, params: Params, target: Target, figure: _Figure) -> Project:
    """Return the project with a figure of an official page of the day put in."""
    cells = dict.fromkeys(known.evidence.columns, "") | {
        "indicator_id": target.indicator_id, "area": target.area, "period": figure.period,
        "freq": figure.freq, "value": figure.value, "unit": known.indicators.at[target.indicator_id, "unit"],
        "kind": "actual", "bound": "exact", "digits": _DIGITS, "grade": "A", "cite_ok": "yes",
        "published": str(known.day),
    }  # fmt: skip
    evidence = known.evidence
    if not any(target.indicator_id in family.members for family in families_of(known, params)):
        evidence = evidence[evidence["indicator_id"] == target.indicator_id]  # others say nothing of it
    row = pd.DataFrame([cells]).astype(evidence.dtypes)
    return replace(known, evidence=pd.concat([evidence, row], ignore_index=True), store=None)


def _held(known: Project, target: Target, row: dict[Any, Any]) -> dict[str, str]:
    """Return where the figure of a target probably stands; blank where nothing is known."""
    year = int(row["period"][:4])
    places = known.whereabouts
    mine = places["indicators"].map(lambda text: bool({target.indicator_id, EVERY} & set(text.split(";"))))
    mine &= (places["area"] == target.area) & (places["first_year"].fillna(year) <= year)
    found = places[mine & (places["last_year"].fillna(year) >= year)]
    found = found.sort_values("indicators", key=lambda texts: texts == EVERY, kind="stable")
    if row["wanted"] in ("tolerance", "rating"):
        found = found.iloc[:0]
    told = {name: "; ".join(found[name]) for name in ("name_vi", "name_en", "look_for")}
    return {"found_in_vi": told["name_vi"], "found_in_en": told["name_en"], "look_for": told["look_for"]}


def _ranked(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row a figure, the one that narrows a band most first."""
    if rows.empty:
        return pd.DataFrame(columns=_COLUMNS)
    rows = rows.reindex(columns=["id", *rows.columns.drop("id").union(_COLUMNS[9:14], sort=False)])
    rows = rows[rows["narrowing"].isna() | (rows["narrowing"] > 0)]
    best = rows.assign(gain=rows["narrowing"].fillna(-1)).sort_values("gain", ascending=False, kind="stable")
    figures = best.groupby(["indicator_id", "wanted", "period"], sort=False)
    ranked = figures.head(1).reset_index(drop=True)
    ranked["targets"] = figures["id"].agg(";".join).to_list()
    return ranked.assign(rank=np.arange(1, len(ranked) + 1))[_COLUMNS[:14]]
