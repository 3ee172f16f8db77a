"""The benchmark series: reading them, cutting them, and learning the pooled errors from them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import numpy as np
import pandas as pd
from scipy.stats import t

from sapa_analysis.forecasting import error_law, smoothing

#: The sets without a break, and those with one: the shock years before the origin.
SMOOTH = ("m1_yearly", "m3_yearly", "nps_yearly_2016_2019", "gdp_2016_2019")
BROKEN = {"nps_yearly_covid_2021": (2020,), "gdp_covid_2021_2023": (2020,)}
#: The set that holds the same series before the break.
_BEFORE = {"nps_yearly_covid_2021": "nps_yearly_2016_2019", "gdp_covid_2021_2023": "gdp_2016_2019"}
#: The sets of business and industry.
BUSINESS = ("m1_yearly", "m3_yearly")
#: What the sets hold, as the table of coverage names them.
KINDS = dict(zip(SMOOTH, ("business_1982", "business_2000", "parks", "countries"), strict=True))
#: Lengths to which histories are cut when errors are learned; 0 is the whole history.
CUTS = (1, 2, 3, 4, 6, 8, 12, 20, 0)
#: What whole histories are called in the table of coverage.
LONG = 100
#: Errors are told for so many years ahead, and learned in those that all sets have, at these probabilities
#: that an error is smaller.
AHEAD, COMMON_AHEAD = 6, 4
PROBABILITIES = (0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.925, 0.95, 0.975, 0.99)
#: The width of a set: the mean of these quantiles of its errors, in logs.
_TOLD_BY = (0.5, 0.8, 0.9)
#: A set not seen is wider or narrower by one of so many equally likely quantiles of Student's law.
_STRATA = 51


@dataclass(frozen=True)
class Trial:
    """One series: what is given, and what came."""

    history: pd.Series
    outcome: np.ndarray

    def cut(self, years: int) -> Trial:
        """Return the trial with the last `years` of its history; 0 for all of them."""
        return Trial(self.history.iloc[-years:] if years else self.history, self.outcome)


def read_trials(folder: Path, name: str) -> dict[str, Trial]:
    """Return the series of a set by id, years counted so that the history ends in the year it did."""
    table = pd.read_parquet(folder / f"{name}.parquet")
    trials = {}
    for series, rows in table.groupby("series_id"):
        years = pd.to_datetime(rows["date"]).dt.year.to_numpy()
        values = pd.Series(rows["value"].to_numpy(dtype=float), index=years)
        train = (rows["part"] == "train").to_numpy()
        trials[str(series)] = Trial(values[train], values[~train].to_numpy())
    return trials


def rates_of(trial: Trial) -> Trial:
    """Return the yearly growth rates of a trial, in log percent."""
    values = np.append(trial.history.to_numpy(), trial.outcome)
    rates = 100 * np.diff(np.log(values))
    known = len(trial.history) - 1
    return Trial(pd.Series(rates[:known], index=trial.history.index[1:]), rates[known:])


def standardised(trial: Trial, kind: str) -> np.ndarray:
    """Return the errors of the headline in units of its spread, as `paths_around` counts them."""
    path = trial.history.to_numpy()
    figures = path if kind == "rate" else np.diff(path)
    scale = "growth" if kind == "rate" else "log"
    steady = smoothing.steady_slope(scale, trial.history.index.to_numpy(), path)
    found = smoothing.smooth_ahead(scale, path, path[:, None], figures, len(trial.outcome), steady=steady)
    point, error = found.point[:, 0], trial.outcome - found.point[:, 0]
    if kind == "amount":
        error = np.where(error < 0, point * np.log(trial.outcome / point), error)
    return error / found.spread


def errors_of(sets: Mapping[str, Mapping[str, Trial]], kind: str) -> dict[str, np.ndarray]:
    """Return the sizes of the errors of each set, all lengths of history alike: series x years ahead."""
    found = {}
    for name, trials in sets.items():
        chosen = [trial if kind == "amount" else rates_of(trial) for trial in trials.values()]
        cut = [trial.cut(years) for years in CUTS for trial in chosen]
        found[name] = np.abs([standardised(trial, kind)[:AHEAD] for trial in cut])
    return found


def learn(sets: Mapping[str, Mapping[str, Trial]]) -> pd.DataFrame:
    """Return the table of error quantiles: sets and sides alike, wider by what separates the sets."""
    return pd.concat([learned(errors_of(sets, kind), kind) for kind in ("amount", "rate")], ignore_index=True)


def learn_elsewhere(sets: Mapping[str, Mapping[str, Trial]], name: str) -> pd.DataFrame:
    """Return the table for one set, learned on the sets that hold none of its series."""
    return learn({other: trials for other, trials in sets.items() if other != _BEFORE.get(name, name)})


@contextmanager
def errors_from(table: pd.DataFrame) -> Iterator[None]:
    """Let the headline take its errors from a table, and forget what it kept of another one."""
    with mock.patch.object(error_law, "error_quantiles", return_value=table):
        error_law._quantiles_of.cache_clear()
        try:
            yield
        finally:
            error_law._quantiles_of.cache_clear()


def learned(errors: Mapping[str, np.ndarray], kind: str) -> pd.DataFrame:
    """Return the quantiles for a set not seen.

    The errors of a set are its width times those of all sets; the widths of the sets are draws of one law, in
    logs. A new width is one more draw: Student's law with n - 1 degrees of freedom and scale
    s sqrt(1 + 1 / n), s the standard deviation of the n widths.
    """
    widths = {name: _width(sizes) for name, sizes in errors.items()}
    n, logs = len(widths), np.array(list(widths.values()))
    apart = logs.std(ddof=1) * np.sqrt(1 + 1 / n) if n > 1 else 0.0
    drawn = t.ppf((np.arange(_STRATA) + 0.5) / _STRATA, max(n - 1, 1)) * apart
    sizes = np.array([_mixed(errors, widths, drawn, ahead) for ahead in range(COMMON_AHEAD)]).T
    table = np.maximum.accumulate(_power_laws(sizes), axis=0)
    columns = {f"ahead_{k + 1}": np.round(table[:, k], 4) for k in range(AHEAD)}
    return pd.DataFrame({"kind": kind, "probability": PROBABILITIES, **columns})


def _width(sizes: np.ndarray) -> float:
    return float(np.log(np.quantile(sizes[:, :COMMON_AHEAD], _TOLD_BY, axis=0)).mean())


def _mixed(
    errors: Mapping[str, np.ndarray], widths: Mapping[str, float], drawn: np.ndarray, ahead: int
) -> np.ndarray:
    """Return the quantiles of one year ahead over all sets, each as heavy as another, and all new widths."""
    middle = np.mean(list(widths.values()))
    like = [sizes[:, ahead] * np.exp(middle - widths[name]) for name, sizes in errors.items()]
    values = np.outer(np.concatenate(like), np.exp(drawn)).ravel()
    weight = np.repeat(np.concatenate([np.full(len(one), 1 / len(one)) for one in like]), len(drawn))
    order = np.argsort(values)
    below = np.cumsum(weight[order]) / weight.sum()
    at = np.minimum(np.searchsorted(below, PROBABILITIES), len(values) - 1)
    return np.asarray(values[order][at])


def _power_laws(sizes: np.ndarray) -> np.ndarray:
    """Return each row as a power of the years ahead: the tails of single years are those of a few series."""
    seen, told = np.log(np.arange(1, COMMON_AHEAD + 1)), np.log(np.arange(1, AHEAD + 1))
    fits = [np.exp(np.polyval(np.polyfit(seen, np.log(row), 1), told)) for row in sizes[1:]]
    return np.vstack([np.zeros(AHEAD), *fits])


def left_out_coverage(sets: Mapping[str, Mapping[str, Trial]]) -> pd.DataFrame:
    """Return how often intervals learned on the other sets held the outcomes of each, by years of history."""
    rows = []
    for kind in ("amount", "rate"):
        errors = errors_of(sets, kind)
        for name, trials in sets.items():
            table = learned({other: sizes for other, sizes in errors.items() if other != name}, kind)
            sizes = table.set_index("probability").filter(like="ahead_")
            by_cut = np.split(errors[name], len(CUTS))
            for years, own in zip(CUTS, by_cut, strict=True):
                held = {
                    f"held_{level}": (100 * (own <= sizes.loc[level / 100].to_numpy()[: own.shape[1]]).mean())
                    for level in (80, 95)
                }
                row = {"kind": kind, "set": KINDS[name], "years": years or LONG, "series": len(trials)}
                rows.append(row | {key: round(float(value), 1) for key, value in held.items()})
    return pd.DataFrame(rows).sort_values(["kind", "years"], kind="stable")
