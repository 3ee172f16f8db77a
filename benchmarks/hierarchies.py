"""Whether a short history is forecast better when it leans on a parent: countries and their total, all parks.

Every child is cut to its last years before 13 origins (2003 to 2015); its parent is the total of all others,
with its whole history to the same origin, so that nothing of the child and nothing of the future is in it.
Errors are those of the other three sets, as in accuracy.py.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import numpy as np
import pandas as pd
from accuracy import as_markdown, score
from competitions import SMOOTH, errors_from, learn_elsewhere, read_trials

from sapa_analysis import forecast
from sapa_analysis.evaluation.scores import LEVELS, mase_scale, wis
from sapa_analysis.forecasting import borrowing, error_law
from sapa_analysis.forecasting.borrowing import like_parent, step_correlation
from sapa_analysis.forecasting.smoothing import Like, Outlook, smooth_ahead

SETS = ("gdp_2016_2019", "nps_yearly_2016_2019")
ORIGINS, HORIZON = range(2003, 2016), 4
#: Children are cut to so many years; constants are chosen on the thin ones. A child has at least the longest.
CUTS, THIN = (1, 2, 3, 4, 8), (2, 3, 4)
#: What the share was chosen from.
SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
ALONE, BORROWING, PARENT = "alone", "borrowing", "last value, parent's growth"
MEASURES = ["WIS", "sMAPE", "in 80 %", "in 95 %"]


@dataclass(frozen=True)
class Case:
    """A child and its parent to one origin, and what came of the child."""

    series: str
    child: pd.Series
    parent: pd.Series
    outcome: np.ndarray

    @property
    def origin(self) -> int:
        """The last year known."""
        return int(self.child.index[-1])

    @property
    def scale(self) -> float:
        """By what errors are divided: the mean step of the child's whole history."""
        return mase_scale(self.child)


def read_wide(folder: Path, name: str) -> pd.DataFrame:
    """Return a set as years x series, train and test parts together."""
    table = pd.read_parquet(folder / f"{name}.parquet")
    years = pd.to_datetime(table["date"]).dt.year
    return table.assign(year=years).pivot(index="year", columns="series_id", values="value")


def parent_of(table: pd.DataFrame, series: str) -> pd.Series:
    """Return the total of the series that have every year, without this one."""
    return table.dropna(axis=1).drop(columns=series, errors="ignore").sum(axis=1)


def read_cases(folder: Path, name: str) -> list[Case]:
    """Return every child with eight years of history, at every origin."""
    table, cases = read_wide(folder, name), []
    for series in table:
        parent = parent_of(table, str(series))
        for origin in ORIGINS:
            child = table[series].loc[:origin].dropna()
            outcome = table[series].loc[origin + 1 : origin + HORIZON].to_numpy()
            if len(child) >= max(CUTS):
                cases.append(Case(str(series), child, parent.loc[:origin], outcome))
    return cases


def measure(case: Case) -> Iterator[dict[str, float | str]]:
    """Yield the scores of every cut and method."""
    parent = forecast(case.parent, horizon=HORIZON, seed=1)
    moved = parent.paths.to_numpy() / case.parent.iloc[-1]
    for years in CUTS:
        child = case.child.iloc[-years:]
        by_method = {
            ALONE: forecast(child, horizon=HORIZON, seed=1).paths.to_numpy(),
            BORROWING: forecast(child, horizon=HORIZON, seed=1, parent=parent).paths.to_numpy(),
            PARENT: child.iloc[-1] * moved,
        }
        for method, paths in by_method.items():
            scores = score(case, np.quantile(paths, LEVELS, axis=1).T, case.scale)
            key = {"years": years, "method": method, "series": case.series, "origin": case.origin}
            yield key | scores


def clustered_error(gaps: pd.DataFrame) -> float:
    """Return the standard error of the mean of `gap` with clusters both by series and by origin.

    Cameron, Gelbach and Miller (2011): the variance by either, less that of single cases. Origins less than
    four years apart share outcomes, so it is still too small.
    """
    away = gaps["gap"] - gaps["gap"].mean()
    by = [(away.groupby(gaps[name]).sum() ** 2).sum() for name in ("series", "origin")]
    return float(np.sqrt(max(sum(by) - (away**2).sum(), max(by))) / len(gaps))


def differences(rows: pd.DataFrame) -> pd.DataFrame:
    """Return per cut how far the WIS of the borrowing child is from that of the child alone."""
    found = {}
    for years, part in rows.groupby("years"):
        wide = part.pivot(index=["series", "origin"], columns="method", values="WIS")
        gaps = (wide[BORROWING] - wide[ALONE]).rename("gap").reset_index()
        by_origin = gaps.groupby("origin")["gap"].mean()
        found[years] = {
            "cases": str(len(gaps)), "difference": gaps["gap"].mean(),
            "percent": 100 * gaps["gap"].mean() / wide[ALONE].mean(),
            "standard error": clustered_error(gaps),
            "origins better": f"{(by_origin < 0).sum()} of {len(by_origin)}",
        }  # fmt: skip
    return pd.DataFrame(found).T


def by_origin(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the difference in WIS per origin, children of 2 to 4 years."""
    thin = rows[rows["years"].isin(THIN)]
    means = thin.groupby(["origin", "method"])["WIS"].mean().unstack()
    return (means[BORROWING] - means[ALONE]).rename(index=str).to_frame("difference").T


def outlook_of(path: np.ndarray, like: Like | None = None) -> Outlook:
    """Return the point forecast of an amount, and its spread."""
    return smooth_ahead("log", path, path[:, None], np.diff(path), HORIZON, like)


def exact_wis(case: Case, years: int, like: Like | None) -> float:
    """Return the WIS of the law that paths are drawn from: what 2,000 paths come to, in less time."""
    found = outlook_of(case.child.to_numpy()[-years:], like)
    table = error_law.error_quantiles()
    table = table[table["kind"] == "amount"].set_index("probability").filter(like="ahead_")
    central = [abs(2 * level - 1) for level in LEVELS]
    sizes = table.loc[np.round(central, 3)].to_numpy()[:, :HORIZON].T * np.sign(np.array(LEVELS) - 0.5)
    point, shift = found.point, sizes * found.spread[:, None]
    below = point * np.exp(np.maximum(shift / point, np.log(0.01)))
    return float(wis(case.outcome, np.where(shift < 0, below, point + shift)).mean()) / case.scale


def choose(cases: list[Case]) -> pd.Series:
    """Return the WIS of thin children relative to the child alone, by share of the parent's slope."""
    logs = [np.log(case.parent.to_numpy()) for case in cases]
    alone = {cut: np.mean([exact_wis(case, cut, None) for case in cases]) for cut in THIN}
    ratios: dict[float, float] = {}
    for share in SHARES:
        with mock.patch.object(borrowing, "PARENT_SHARE", share):
            likes = [like_parent(log) for log in logs]
        pairs = list(zip(cases, likes, strict=True))
        ratios[share] = np.mean(
            [np.mean([exact_wis(case, cut, like) for case, like in pairs]) / alone[cut] for cut in THIN]
        )
    return pd.Series(ratios)


def facts(folder: Path, name: str) -> dict[str, float]:
    """Return what the pooled constants stand for: steps of the premium, and correlations with the parent."""
    table = np.log(read_wide(folder, name).dropna(axis=1))
    totals = {str(series): np.log(parent_of(np.exp(table), str(series))) for series in table}
    premium = [(table[name].diff() - total.diff()).std() for name, total in totals.items()]
    with mock.patch.object(borrowing, "CORRELATION_WEIGHT", 0.0):
        seen = [step_correlation(table[name].to_numpy(), log.to_numpy()) for name, log in totals.items()]
    return {
        "children": str(len(premium)), "step of the premium (r.m.s.)": np.sqrt(np.mean(np.square(premium))),
        "its median": np.median(premium), "correlation of steps": np.mean(seen), "its spread": np.std(seen),
    }  # fmt: skip


def report(folder: Path, chosen: bool) -> Iterator[str]:
    """Yield the lines of the report, a section as soon as it is measured."""
    sets = {name: read_cases(folder, name) for name in SETS}
    trials = {name: read_trials(folder, name) for name in SMOOTH}
    tables = {name: learn_elsewhere(trials, name) for name in SETS}
    yield "\n## Children and parents\n"
    yield from as_markdown(pd.DataFrame({name: facts(folder, name) for name in SETS}).T, "set")
    for name, cases in sets.items():
        with errors_from(tables[name]):
            rows = pd.DataFrame([row for case in cases for row in measure(case)])
        yield f"\n## {name}, {len(cases)} cases of {rows['series'].nunique()} series\n"
        yield from as_markdown(
            rows.groupby(["years", "method"], sort=False)[MEASURES].mean(), "years, method"
        )
        yield "\nWIS of the borrowing child less that of the child alone\n"
        yield from as_markdown(differences(rows).rename(index=str), "years")
        yield "\nThe same by origin, children of 2 to 4 years\n"
        yield from as_markdown(by_origin(rows), "origin")
    if chosen:
        ratios = {}
        for name, cases in sets.items():
            with errors_from(tables[name]):
                ratios[name] = choose(cases)
        found = pd.DataFrame(ratios)
        yield "\n## WIS of 2 to 4 years relative to the child alone, by share of the parent\n"
        yield from as_markdown(found.rename(index=str), "share")
        for name in SETS:
            best = found.sort_values(name).iloc[0]
            told = ", ".join(f"{other} {ratio:.3f}" for other, ratio in best.items())
            yield f"\nbest on {name}, share {best.name:g}: {told}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="holds the yearly parquet files")
    parser.add_argument("--choose", action="store_true", help="try other constants too")
    arguments = parser.parse_args()
    for line in report(arguments.folder, arguments.choose):
        print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
