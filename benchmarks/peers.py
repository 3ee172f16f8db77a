"""What well-known libraries forecast for the same series; run by `accuracy.py` in an environment of its own.

Reads JSON (one list of values per series) and writes one row per series, method and year ahead: the point
forecast, the ends of the intervals, the processor time. Knows nothing of the project, because statsforecast
does not fit beside its pandas.
"""

from __future__ import annotations

import argparse
import csv
import json
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

LEVELS, ENDS = (50, 80, 95), ("lower", "upper")
#: Columns of the written table: the point, then lower and upper ends of the levels.
COLUMNS = ["point", *(f"{side}_{level}" for level in LEVELS for side in ENDS)]
#: What a peer returns: years ahead x COLUMNS.
Table = np.ndarray


def statsforecast_peer(name: str) -> Callable[[np.ndarray, int], Table]:
    """Return the forecaster of a class of statsforecast for yearly series."""
    from statsforecast import models

    def run(values: np.ndarray, horizon: int) -> Table:
        found = getattr(models, name)(season_length=1).forecast(
            values, horizon, level=list(LEVELS), fitted=False
        )
        ends = [found[f"{'lo' if side == 'lower' else 'hi'}-{level}"] for level in LEVELS for side in ENDS]
        return np.column_stack([found["mean"], *ends])

    return run


def ets(values: np.ndarray, horizon: int) -> Table:
    """Return statsmodels' exponential smoothing with an additive damped trend."""
    import pandas as pd
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    # its intervals need an index
    model = ETSModel(
        pd.Series(values), error="add", trend="add", damped_trend=True, initialization_method="estimated"
    )
    prediction = model.fit(disp=False).get_prediction(start=len(values), end=len(values) + horizon - 1)
    ends = [prediction.pred_int(alpha=1 - level / 100) for level in LEVELS]
    return np.column_stack([prediction.predicted_mean, *ends])


def theta(values: np.ndarray, horizon: int) -> Table:
    """Return statsmodels' theta method."""
    from statsmodels.tsa.forecasting.theta import ThetaModel

    fit = ThetaModel(values, deseasonalize=False).fit()
    tables = [fit.prediction_intervals(horizon, alpha=1 - level / 100) for level in LEVELS]
    ends = [table[column] for table in tables for column in ("lower", "upper")]
    return np.column_stack([fit.forecast(horizon), *ends])


def _state_space(fit: object, horizon: int) -> Table:
    prediction = fit.get_forecast(horizon)
    ends = [prediction.conf_int(alpha=1 - level / 100) for level in LEVELS]
    return np.column_stack([prediction.predicted_mean, *ends])


def sarimax(values: np.ndarray, horizon: int) -> Table:
    """Return statsmodels' ARIMA(0,1,1) with drift."""
    from statsmodels.tsa.statespace.sarimax import SARIMAX

    return _state_space(SARIMAX(values, order=(0, 1, 1), trend="c").fit(disp=False), horizon)


def local_linear_trend(values: np.ndarray, horizon: int) -> Table:
    """Return statsmodels' unobserved components with a local linear trend."""
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    return _state_space(UnobservedComponents(values, "lltrend").fit(disp=False), horizon)


STATSMODELS = {
    "statsmodels ETS": ets,
    "statsmodels Theta": theta,
    "statsmodels SARIMAX": sarimax,
    "statsmodels UnobservedComponents": local_linear_trend,
}
STATSFORECAST = ["AutoETS", "AutoARIMA", "AutoTheta", "AutoCES"]


def run_all(values: np.ndarray, horizon: int) -> Iterator[tuple[str, Table | None, float]]:
    """Yield each peer's name, table (None where it failed) and milliseconds; last, the median of four."""
    peers = STATSMODELS | {f"statsforecast {name}": statsforecast_peer(name) for name in STATSFORECAST}
    four: list[Table] = []
    spent = 0.0
    for name, peer in peers.items():
        start = time.process_time()
        try:
            table: Table | None = np.asarray(peer(values, horizon), dtype=float)
        except Exception:  # a peer that breaks is counted, it does not stop the others
            table = None
        milliseconds = 1000 * (time.process_time() - start)
        if table is not None and not np.isfinite(table).all():
            table = None
        yield name, table, milliseconds
        if name.startswith("statsforecast"):
            spent += milliseconds
            four += [] if table is None else [table]
    yield "statsforecast median of four", np.median(four, axis=0) if four else None, spent


def main() -> None:
    """Read the series, run every peer on each, write the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("series", type=Path, help="JSON: {id: {values: [...], horizon: n}}")
    parser.add_argument("out", type=Path, help="CSV to write")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    asked = json.loads(arguments.series.read_text("utf-8"))
    warm = np.array([10.0, 12, 11, 14, 15, 13, 17, 18, 19, 21])
    list(run_all(warm, 2))  # compiling is not forecasting
    with arguments.out.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["series", "method", "ahead", "ms", *COLUMNS])
        for name, series in asked.items():
            values, horizon = np.array(series["values"], dtype=float), int(series["horizon"])
            for method, table, milliseconds in run_all(values, horizon):
                rows = np.full((horizon, len(COLUMNS)), np.nan) if table is None else table
                for ahead, row in enumerate(rows, start=1):
                    writer.writerow([name, method, ahead, f"{milliseconds:.1f}", *(f"{x:.10g}" for x in row)])


if __name__ == "__main__":
    main()
