"""Write `forecasting/data/rate_errors.csv`, the errors of rates, and show how firm the constants are.

From windows of 1 to 8 years of every series of `rates_yearly_*.parquet` (eight random origins a length): the
errors of three years ahead, freed of the edges, in units of the spread; per set the quantiles of their size,
then the mean of both sets, so that neither the jumps of vaccination nor the steadiness of taxes decides.
`--grid` prints each constant of `rate_trend` moved alone: MAE against the better of naive and drift, and WIS
against naive, of windows of 3 to 8 years, with quantiles of both sets and with those of the other set only.
Run again whenever `rate_trend.py` changes.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from statistics import NormalDist
from unittest import mock

import numpy as np
import pandas as pd
from competitions import PROBABILITIES
from rates import AHEAD, LENGTHS, SETS, Window, read_windows

from sapa_analysis.core import SCALES
from sapa_analysis.evaluation.scores import LEVELS, wis
from sapa_analysis.forecasting import rate_trend

OUT = Path(__file__).parent.parent / "sapa_analysis/forecasting/data/rate_errors.csv"
#: Windows of other seeds and lengths than those that `rates.py` scores.
TIMES, SEED, ALL_LENGTHS = 8, 2, range(1, 9)
#: At an edge there is no room left, in points.
NO_ROOM = 1e-9
#: Values of each constant beside the one chosen.
OTHERS = {
    "PRIOR_SHARE": (0.005, 0.015, 0.02, 0.03),
    "PRIOR_DIGITS": (0.5, 1.0, 1.5, 3.0),
    "STEADY_YEARS": (0.01, 0.05, 0.1, 0.2, 0.5),
    "ERROR_YEARS": (0.5, 2.0, 3.0),
    "HALF_WEIGHT": (3.0, 4.0, 6.0, 12.0, 1e9),
    "FADING": (0.7, 0.8, 0.9, 0.95),
    "FEW_FIGURES": (0.0, 1.0, 3.0),
}


def looked_ahead(windows: Sequence[Window]) -> tuple[np.ndarray, np.ndarray]:
    """Return centre and spread of every window, from exact figures."""
    found = []
    for window in windows:
        values = window.figures.to_numpy()
        figures = rate_trend.Figures(window.figures.index.to_numpy(), values, rate_trend.last_digit(values))
        outlook = rate_trend.look_ahead(figures, values[-1], values[-1:], SCALES["logit"], AHEAD)
        found.append((outlook.point[:, 0], outlook.spread))
    return np.array([point for point, _ in found]), np.array([spread for _, spread in found])


def unbend(error: np.ndarray, room: np.ndarray) -> np.ndarray:
    """Return the errors that `rate_trend.bend` makes these of."""
    share = np.minimum(np.abs(error) / np.maximum(room, NO_ROOM), 1 - NO_ROOM)
    return np.asarray(-np.sign(error) * np.maximum(room, NO_ROOM) * np.log1p(-share))


def room(point: np.ndarray, error: np.ndarray) -> np.ndarray:
    """Return the distance to the edge on the side of an error."""
    return np.where(error > 0, 100 - point, point)


def sizes(standardised: np.ndarray, kinds: np.ndarray, sets: Sequence[str] = SETS) -> np.ndarray:
    """Return the quantiles of the size of errors: the mean of those of each set."""
    return np.mean([np.quantile(np.abs(standardised[kinds == kind]), PROBABILITIES) for kind in sets], axis=0)


def score(windows: Sequence[Window]) -> dict[str, float]:
    """Return MAE and WIS of windows of 3 to 8 years, with the constants as they stand."""
    point, spread = looked_ahead(windows)
    came = np.array([window.came for window in windows])
    kinds, years = (
        np.array(column) for column in zip(*((w.kind, len(w.figures)) for w in windows), strict=True)
    )
    error = came - point
    standardised = unbend(error, room(point, error)) / spread
    last = np.array([window.figures.iloc[-1] for window in windows])
    slope = [(w.figures.iloc[-1] - w.figures.iloc[0]) / max(len(w.figures) - 1, 1) for w in windows]
    naive = np.abs(came - last[:, None])
    drift = np.abs(came - last[:, None] - np.outer(slope, np.arange(1, AHEAD + 1)))
    known = [NormalDist().inv_cdf((1 + p) / 2) for p in PROBABILITIES]
    at = np.array([NormalDist().inv_cdf(level) for level in LEVELS])
    found: dict[str, float] = {}
    for kind in SETS:
        chosen = (kinds == kind) & np.isin(years, LENGTHS)
        better = min(naive[chosen].mean(), drift[chosen].mean())
        found[f"{kind} MAE"] = np.abs(error[chosen]).mean() / better
        for name, sets in (("", SETS), (" left out", [other for other in SETS if other != kind])):
            learned = sizes(standardised, kinds, sets)
            away = np.sign(at) * np.interp(np.abs(at), known, learned) * spread[chosen][..., None]
            centre = np.repeat(point[chosen][..., None], len(at), axis=2)
            quantiles = centre + rate_trend.bend(away, room(centre, away))
            found[f"{kind} WIS{name}"] = wis(came[chosen], quantiles).mean() / naive[chosen].mean()
            held = (came[chosen] >= quantiles[..., 1]) & (came[chosen] <= quantiles[..., 5])
            found[f"{kind} in 80 %{name}"] = 100 * held.mean()
    return found


def grid(windows: Sequence[Window]) -> pd.DataFrame:
    """Return the scores of the chosen constants, and of each moved alone."""
    rows = {"as chosen": score(windows)}
    for name, values in OTHERS.items():
        for value in values:
            with mock.patch.object(rate_trend, name, value):
                rows[f"{name} {value:g}"] = score(windows)
    return pd.DataFrame(rows).T


def learn(windows: Sequence[Window]) -> pd.DataFrame:
    """Return the table of error quantiles."""
    point, spread = looked_ahead(windows)
    error = np.array([window.came for window in windows]) - point
    standardised = unbend(error, room(point, error)) / spread
    learned = sizes(standardised, np.array([window.kind for window in windows]))
    return pd.DataFrame({"probability": PROBABILITIES, "size": learned.round(3)})


def main() -> None:
    """Learn and write, or show the grid."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="holds rates_yearly_vaccination.parquet and _other.parquet")
    parser.add_argument("--out", type=Path, default=OUT, help="file to write (default: in the package)")
    parser.add_argument("--grid", action="store_true", help="show how firm the constants are; write nothing")
    asked = parser.parse_args()
    windows = list(read_windows(asked.folder, ALL_LENGTHS, times=TIMES, seed=SEED))
    if asked.grid:
        print(grid(windows).round(3).to_string())
        return
    table = learn(windows)
    table.to_csv(asked.out, index=False, lineterminator="\n")
    print(f"{asked.out}: {len(table)} rows")


if __name__ == "__main__":
    main()
