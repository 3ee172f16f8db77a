"""The benchmark series: reading them, cutting them, and learning the pooled errors from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from sapa_analysis.core.scale import SCALES
from sapa_analysis.forecasting import combination

#: The sets without a break, and those with one: the shock years before the origin.
SMOOTH = ("m1_yearly", "m3_yearly", "nps_yearly_2016_2019", "gdp_2016_2019")
BROKEN = {"nps_yearly_covid_2021": (2020,), "gdp_covid_2021_2023": (2020,)}
LEARNED_ON = ("m1_yearly", "m3_yearly")
#: Lengths to which histories are cut when errors are learned; 0 is the whole history.
CUTS = (1, 2, 3, 4, 6, 8, 12, 20, 0)
#: What whole histories are called in the table of coverage.
LONG = 100
#: Errors are learned up to so many years ahead, at these probabilities that an error is smaller.
AHEAD = 6
PROBABILITIES = (0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.925, 0.95, 0.975, 0.99)


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
    """Return the errors of the combination in units of its spread, as `paths_around` counts them."""
    scale = SCALES["growth" if kind == "rate" else "log"]
    path = trial.history.to_numpy()
    steps = path if kind == "rate" else np.diff(path)
    found = combination.combine(path, path[:, None], steps, scale, len(trial.outcome))
    point, error = found.point[:, 0], trial.outcome - found.point[:, 0]
    if kind == "amount":
        error = np.where(error < 0, point * np.log(trial.outcome / point), error)
    return error / found.spread


def learn(sets: Iterable[Mapping[str, Trial]]) -> pd.DataFrame:
    """Return the table of pooled error quantiles, either side alike, of all sets cut to every length."""
    trials = [trial for one in sets for trial in one.values()]
    frames = [_learned(trials, kind) for kind in ("amount", "rate")]
    return pd.concat(frames, ignore_index=True)


def _power_laws(sizes: np.ndarray) -> np.ndarray:
    """Return each row as a power of the years ahead: the tails of single years are those of a few series."""
    logs = np.log(np.arange(1, sizes.shape[1] + 1))
    fits = [np.exp(np.polyval(np.polyfit(logs, np.log(row), 1), logs)) for row in sizes[1:]]
    return np.vstack([np.zeros(sizes.shape[1]), *fits])


def _learned(trials: list[Trial], kind: str) -> pd.DataFrame:
    chosen = trials if kind == "amount" else [rates_of(trial) for trial in trials]
    cut = [trial.cut(years) for years in CUTS for trial in chosen if len(trial.history)]
    errors = np.array([standardised(trial, kind)[:AHEAD] for trial in cut])
    upper, lower = (
        np.quantile(side, [(1 + p) / 2 for p in PROBABILITIES], axis=0) for side in (errors, -errors)
    )
    sizes = np.maximum.accumulate(_power_laws((upper + lower) / 2), axis=0)
    columns = {f"ahead_{k + 1}": np.round(sizes[:, k], 4) for k in range(AHEAD)}
    return pd.DataFrame({"kind": kind, "probability": PROBABILITIES, **columns})


def cross_coverage(first: Mapping[str, Trial], second: Mapping[str, Trial]) -> pd.DataFrame:
    """Return how often intervals learned on one set held the outcomes of the other, by length of history."""
    pairs = [(list(first.values()), learn([second])), (list(second.values()), learn([first]))]
    rows = [
        {"kind": kind, "years": years or LONG, "series": len(held), **(100 * held.mean(axis=0)).round(1)}
        for kind in ("amount", "rate")
        for years in CUTS
        for held in [pd.concat([_held(trials, table, kind, years) for trials, table in pairs])]
    ]
    return pd.DataFrame(rows).sort_values(["kind", "years"])


def _held(trials: list[Trial], table: pd.DataFrame, kind: str, years: int) -> pd.DataFrame:
    """Return per series the share of years ahead inside its intervals."""
    chosen = trials if kind == "amount" else [rates_of(trial) for trial in trials]
    errors = np.abs([standardised(trial.cut(years), kind)[:AHEAD] for trial in chosen])
    sizes = table[table["kind"] == kind].set_index("probability").filter(like="ahead_")
    return pd.DataFrame(
        {f"held_{level}": (errors <= sizes.loc[level / 100].to_numpy()).mean(axis=1) for level in (80, 95)}
    )
