"""How far forecasts of thin rates go wrong: windows of real rates, and rates that advance in equal steps.

From every series of `rates_yearly_*.parquet` and for every length of history from 3 to 8 years, origins are
drawn at random (seeded by the id of the series) from those with three years after them: two windows a length.
The forecast is that of `forecast` from exact figures on logits; errors are in points, with as many windows of
every length. `--save` keeps the rows; `--before` takes those that another version saved on the same windows.
The planted series take the whole way: `build_series` on yearly figures of grade B, then `forecast`.
"""

from __future__ import annotations

import argparse
import time
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from sapa_analysis import forecast
from sapa_analysis.evaluation.scores import LEVELS, wis
from sapa_analysis.evidence import Vintage
from sapa_analysis.forecasting.plain_series import exact_series
from sapa_analysis.series import build_series

SETS = ("vaccination", "other")
LENGTHS, AHEAD = range(3, 9), 3
#: A window is steady if no step differs from its mean by more than this share, and half a unit of 0.1.
STEADY, ROUNDING = 0.25, 0.05
#: First figure and yearly step of the planted series, in percent; 3 to 8 figures of each are tried.
PLANTED = (
    (60, 4), (88, -4), (40, 2), (20, 3), (75, 1.5), (50, 5), (30, -2), (92, 0.5), (90, 1), (10, -1),
    (12, 1.2), (70, 0.8), (5, -0.4), (65, 2.5), (82, 2),
)  # fmt: skip


@dataclass(frozen=True)
class Window:
    """Some years of a series, and the three that followed."""

    kind: str
    series: str
    figures: pd.Series
    came: np.ndarray


def read_windows(
    folder: Path, lengths: Sequence[int] = LENGTHS, *, times: int = 2, seed: int = 1
) -> Iterator[Window]:
    """Yield the windows of both sets: per series and length, `times` random origins."""
    for kind in SETS:
        table = pd.read_parquet(folder / f"rates_yearly_{kind}.parquet")
        for name, rows in table.groupby("series_id"):
            whole = rows.set_index("year")["value"].astype(float).sort_index()
            rng = np.random.default_rng([seed, zlib.crc32(str(name).encode())])
            for n in lengths:
                for end in rng.integers(n, len(whole) - AHEAD + 1, size=times):
                    came = whole.iloc[end : end + AHEAD].to_numpy()
                    yield Window(kind, str(name), whole.iloc[end - n : end], came)


def measure(window: Window, n_paths: int) -> list[dict[str, object]]:
    """Return one row a year ahead: absolute errors in points, WIS, whether the outcome was held, and pace."""
    known = replace(exact_series(window.figures), scale="logit")
    start = time.process_time()
    paths = forecast(known, horizon=AHEAD, n_paths=n_paths, seed=1).paths.to_numpy()
    spent = 1000 * (time.process_time() - start)
    quantiles = np.quantile(paths, LEVELS, axis=1).T
    values, scores = window.figures.to_numpy(), wis(window.came, quantiles)
    steps, last = np.diff(values), values[-1]
    mean = steps.mean()
    wanted = last + 0.7 * mean
    steady = mean != 0 and np.abs(steps - mean).max() <= STEADY * abs(mean) + ROUNDING
    said = np.mean((paths[0] - wanted) * np.sign(mean) >= -1e-9)
    row = {"kind": window.kind, "series": window.series, "years": len(values), "steady": steady, "ms": spent}
    return [
        row
        | {"ahead": k + 1, "ours": abs(came - quantiles[k, LEVELS.index(0.5)]), "wis": scores[k]}
        | {"naive": abs(came - last), "drift": abs(came - last - (k + 1) * mean)}
        | {"held_80": quantiles[k, 1] <= came <= quantiles[k, 5]}
        | {"held_95": quantiles[k, 0] <= came <= quantiles[k, 6]}
        | {"said": said, "went_on": (window.came[0] - wanted) * np.sign(mean) >= -1e-9}
        for k, came in enumerate(window.came)
    ]


def summarise(rows: pd.DataFrame, before: pd.DataFrame | None) -> Iterator[str]:
    """Yield the lines of the tables: by set, by years of history, by years ahead."""
    head = ["set", "rows", "MAE/naive", "MAE/drift", "MAE/better", "WIS", "WIS/before", "in 80 %", "in 95 %"]
    yield from _heading(head)
    whole = []
    for kind in SETS:
        whole.append(_ratios(rows[rows["kind"] == kind], _of(before, kind)))
        yield _row(kind, len(rows[rows["kind"] == kind]), whole[-1])
        for by, words in (("years", "figures"), ("ahead", "ahead")):
            for value, part in rows[rows["kind"] == kind].groupby(by):
                ratios = _ratios(part, None if before is None else before.loc[part.index])
                yield _row(f"{kind}, {value} {words}", len(part), ratios)
    yield _row("mean of both", len(rows), np.mean(whole, axis=0))


def _of(rows: pd.DataFrame | None, kind: str) -> pd.DataFrame | None:
    return None if rows is None else rows[rows["kind"] == kind]


def _row(label: str, size: int, numbers: Sequence[float]) -> str:
    digits = (3, 3, 3, 3, 3, 1, 1)
    return (
        f"| {label} | {size} | "
        + " | ".join(f"{x:.{d}f}" for x, d in zip(numbers, digits, strict=True))
        + " |"
    )


def _ratios(rows: pd.DataFrame, before: pd.DataFrame | None) -> list[float]:
    ours, naive, drift, score = (float(rows[name].mean()) for name in ("ours", "naive", "drift", "wis"))
    once = np.nan if before is None else score / float(before["wis"].mean())
    held = [100 * float(rows[name].mean()) for name in ("held_80", "held_95")]
    return [ours / naive, ours / drift, ours / min(naive, drift), score, once, *held]


def steady_windows(rows: pd.DataFrame) -> Iterator[str]:
    """Yield how often real steady windows went on at 0.7 of their pace or more, and what was said."""
    yield from _heading(["steady windows", "figures", "windows", "said", "came"])
    chosen = rows[rows["steady"] & (rows["ahead"] == 1)]
    groups = chosen.groupby(["kind", chosen["years"].clip(upper=6)], sort=False)
    for (kind, years), part in sorted(groups, key=lambda item: (SETS.index(item[0][0]), item[0][1])):
        figures, said, came = ("6 to 8" if years == 6 else years), part["said"].mean(), part["went_on"].mean()
        yield f"| {kind} | {figures} | {len(part)} | {said:.2f} | {came:.2f} |"


def planted(first: float, step: float, n: int) -> tuple[float, float] | None:
    """Return P of 0.7 of the pace and of twice it in the next year; None beyond 0 and 100."""
    values = np.round(first + step * np.arange(n), 6)
    if min(values[-1] + step, values[-1]) <= 0 or max(values[-1] + step, values[-1]) >= 100:
        return None
    row = {
        "indicator_id": "a_rate", "area": "sa_pa", "freq": "A", "unit": "percent", "kind": "actual",
        "bound": "exact", "digits": 3, "through": "", "grade": "B", "cite_ok": "yes", "source_title": "",
        "source_url": "", "statement": "", "note": "",
    }  # fmt: skip
    years = range(2024 - n, 2024)
    rows = [
        row | {"period": str(year), "value": value, "published": f"{year + 1}-02-01"}
        for year, value in zip(years, values, strict=True)
    ]
    traits = {"scale": "logit", "nature": "rate", "field": "society", "unit": "percent", "decimals": 1}
    known = pd.DataFrame([traits | dict.fromkeys(["growth_of", "prices", "steps"], "")], index=["a_rate"])
    nothing = pd.DataFrame(columns=["series", "period", "value", "published", "level"])
    tables = Vintage(evidence=pd.DataFrame(rows), indicators=known, areas=nothing, covariates=nothing)
    series = build_series(tables, "a_rate", area="sa_pa", seed=1)
    away = (forecast(series, horizon=1, seed=1).paths.to_numpy()[0] - values[-1]) * np.sign(step)
    return float((away >= 0.7 * abs(step)).mean()), float((away >= 2 * abs(step)).mean())


def planted_series() -> Iterator[str]:
    """Yield the least P of 0.7 of one's own pace and the largest of twice it, by the number of figures."""
    yield from _heading(["planted", "series", "least P(0.7)", "median", "largest P(2)"])
    for n in LENGTHS:
        said = np.array([found for first, step in PLANTED if (found := planted(first, step, n))])
        least, middle, twice = said[:, 0].min(), np.median(said[:, 0]), said[:, 1].max()
        yield f"| {n} figures | {len(said)} | {least:.2f} | {middle:.2f} | {twice:.2f} |"


def _heading(names: Sequence[str]) -> Iterator[str]:
    yield "\n| " + " | ".join(names) + " |"
    yield "|---|" + "---:|" * (len(names) - 1)


def main() -> None:
    """Measure every window and print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="holds rates_yearly_vaccination.parquet and _other.parquet")
    parser.add_argument("--times", type=int, default=2, help="windows per series and length (default 2)")
    parser.add_argument("--seed", type=int, default=1, help="seed of the windows (default 1)")
    parser.add_argument("--paths", type=int, default=2_000, help="paths of a forecast (default 2000)")
    parser.add_argument("--save", type=Path, help="file for the rows of all windows")
    parser.add_argument("--before", type=Path, help="file that another version saved")
    asked = parser.parse_args()
    windows = read_windows(asked.folder, times=asked.times, seed=asked.seed)
    rows = pd.DataFrame([row for window in windows for row in measure(window, asked.paths)])
    if asked.save:
        rows.to_csv(asked.save, index=False)
    before = None if asked.before is None else pd.read_csv(asked.before)
    print(*summarise(rows, before), *steady_windows(rows), *planted_series(), sep="\n")
    print(f"\n{rows['ms'].mean():.1f} ms of processor time a forecast")


if __name__ == "__main__":
    main()
