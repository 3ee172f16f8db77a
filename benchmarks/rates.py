"""How far forecasts of thin rates go wrong: windows of real yearly rates, and rates that rise in equal steps.

From every series of `rates_yearly_*.parquet` and for every length of history from 3 to 8 years, origins are
drawn at random (seeded by the id of the series) among those with three years after them. The forecast is that
of the plain path: exact figures on the logit scale. Errors are in points. `--before` takes the file that
`--save` of another version wrote, for the same windows.
"""

from __future__ import annotations

import argparse
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

SETS = ("vaccination", "other")
LENGTHS, AHEAD = range(3, 9), 3


@dataclass(frozen=True)
class Window:
    """Some years of a series, and the three that followed."""

    kind: str
    series: str
    figures: pd.Series
    came: np.ndarray


def read_windows(folder: Path, times: int, seed: int = 1) -> Iterator[Window]:
    """Yield the windows of both sets: per series and length so many random origins."""
    for kind in SETS:
        table = pd.read_parquet(folder / f"rates_yearly_{kind}.parquet")
        for name, rows in table.groupby("series_id"):
            whole = rows.set_index("year")["value"].astype(float).sort_index()
            rng = np.random.default_rng([seed, zlib.crc32(str(name).encode())])
            for n in LENGTHS:
                for end in rng.integers(n, len(whole) - AHEAD + 1, size=times):
                    came = whole.iloc[end : end + AHEAD].to_numpy()
                    yield Window(kind, str(name), whole.iloc[end - n : end], came)


def forecast_window(window: Window, n_paths: int, scale: str = "logit") -> np.ndarray:
    """Return paths from the exact figures of a window, as the package makes them."""
    from sapa_analysis import forecast
    from sapa_analysis.forecasting.plain_series import exact_series

    known = replace(exact_series(window.figures), scale=scale)
    return forecast(known, horizon=AHEAD, n_paths=n_paths, seed=1).paths.to_numpy()


def measure(window: Window, paths: np.ndarray) -> list[dict[str, object]]:
    """Return one row a year ahead: errors in points of ours, of naive and of drift; WIS; what was held."""
    from sapa_analysis.evaluation.scores import LEVELS, wis

    quantiles = np.quantile(paths, LEVELS, axis=1).T
    values, scores = window.figures.to_numpy(), wis(window.came, quantiles)
    step = (values[-1] - values[0]) / (len(values) - 1)
    return [
        {
            "kind": window.kind,
            "series": window.series,
            "years": len(values),
            "ahead": k + 1,
            "ours": abs(came - quantiles[k, LEVELS.index(0.5)]),
            "naive": abs(came - values[-1]),
            "drift": abs(came - values[-1] - (k + 1) * step),
            "wis": scores[k],
            "held_80": quantiles[k, 1] <= came <= quantiles[k, 5],
            "held_95": quantiles[k, 0] <= came <= quantiles[k, 6],
        }
        for k, came in enumerate(window.came)
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--times", type=int, default=2)
    parser.add_argument("--paths", type=int, default=2_000)
    parser.add_argument("--save", type=Path)
    parser.add_argument("--scale", default="logit")
    a = parser.parse_args()
    start = time.process_time()
    rows = [row for w in read_windows(a.folder, a.times) for row in measure(w, forecast_window(w, a.paths, a.scale))]
    table = pd.DataFrame(rows)
    print(time.process_time() - start, len(table))
    table.to_csv(a.save, index=False)


if __name__ == "__main__":
    main()
