"""Write what the headline's widths are learned from: `forecasting/data/error_quantiles.csv` and its record.

Every series of four sets is cut to its last 1, 2, 3, 4, 6, 8, 12 and 20 years and kept whole; the errors of
the years that followed are divided by the spread the headline states. Their quantiles, all sets alike and
wider by what separates the sets, are the shape of every fan. Beside it stands `error_record.csv`: how often
intervals learned on the other three sets held the outcomes of the one left out. Run again whenever
`smoothing.py` or `smoothing.csv` changes. `--choose` prints instead how the smoothing weights were chosen.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
from competitions import SMOOTH, Trial, learn, left_out_coverage, read_trials

from sapa_analysis.evaluation.scores import mase_scale
from sapa_analysis.forecasting import smoothing

#: Weights among which one is chosen, and the histories on which: whole, and their last 12 and 8 years.
LEVELS, TRENDS = (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.99), (0.01, 0.05, 0.1, 0.15, 0.2)
CHOSEN_ON = (0, 12, 8)

OUT = Path(__file__).parent.parent / "sapa_analysis/forecasting/data"


def main() -> None:
    """Learn and write, or print how the weights were chosen."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="holds the yearly parquet files")
    parser.add_argument("--out", type=Path, default=OUT, help="folder to write to (default: the package)")
    parser.add_argument("--choose", action="store_true", help="print the grid of smoothing weights instead")
    arguments = parser.parse_args()
    sets = {name: read_trials(arguments.folder, name) for name in SMOOTH}
    if arguments.choose:
        print(weights_tried(sets).round(4).to_string())
        return
    write(learn(sets), arguments.out / "error_quantiles.csv")
    write(left_out_coverage(sets), arguments.out / "error_record.csv")


def weights_tried(sets: Mapping[str, Mapping[str, Trial]]) -> pd.DataFrame:
    """Return the MASE of each pair of weights by set, relative to the shipped pair, and who may be chosen.

    `gap` is the mean over the sets of the difference to the best pair, `error` its standard error over the
    sets; the rule, set before looking: of those within one standard error the lowest level weight, then the
    lowest trend weight.
    """
    rows = {pair: dict(_scores(sets, *pair)) for pair in product(LEVELS, TRENDS)}
    table = pd.DataFrame(rows).T.rename_axis(["level", "trend"])
    shipped = smoothing.smoothing_of("log")
    table = table / table.loc[(shipped.level, shipped.trend)]
    apart = table - table.loc[table.mean(axis=1).idxmin()]
    error = apart.std(axis=1, ddof=1) / np.sqrt(len(sets))
    gap = apart.mean(axis=1)
    return table.assign(mean=table.mean(axis=1), gap=gap, error=error, within=gap <= error)


def _scores(
    sets: Mapping[str, Mapping[str, Trial]], level: float, trend: float
) -> Iterator[tuple[str, float]]:
    how = replace(smoothing.smoothing_of("log"), level=level, trend=trend)
    for name, trials in sets.items():
        found = [_mase(trial, trial.cut(years), how) for years in CHOSEN_ON for trial in trials.values()]
        yield name, float(np.mean(found))


def _mase(trial: Trial, given: Trial, how: smoothing.Smoothing) -> float:
    past = given.history.to_numpy()
    weights, constant = smoothing.forecast_weights(how, len(past), len(trial.outcome), how.prior)
    own = smoothing.steady_slope("log", given.history.index.to_numpy(), past)
    line = past[-1] * (1 + own.slope * np.arange(1, len(trial.outcome) + 1))
    point = (1 - own.weight) * (weights @ past + constant)[:-1] + own.weight * line
    point = np.maximum(point, smoothing.LEAST_SHARE * past[-1])
    return float(np.abs(trial.outcome - point).mean() / mase_scale(trial.history))


def write(table: pd.DataFrame, path: Path) -> None:
    """Write a table and say so."""
    table.to_csv(path, index=False, lineterminator="\n")
    print(f"{path}: {len(table)} rows")


if __name__ == "__main__":
    main()
