"""Write `verdicts/data/growth_quantiles.csv`: yearly paces that the yearly series kept over 1 to 7 years.

Every window of every series gives one pace, its compound yearly growth. Within a class each set weighs alike,
within a set each series, within a series each window. Windows overlap: the quantiles describe what was, their
error is not stated. The class of tourist towns is learned from `data/reference`, without the parquet files.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from competitions import BUSINESS, SMOOTH, Trial, read_trials

from sapa_analysis.core import project_root
from sapa_analysis.evidence import known_by, load_reference, reference_years
from sapa_analysis.verdicts.growth_benchmarks import LEAST_WINDOWS, MOST_YEARS

OUT = Path(__file__).parent.parent / "sapa_analysis/verdicts/data"
CLASSES: Mapping[str, Sequence[str]] = {
    "all": SMOOTH,
    "business_and_industry": BUSINESS,
    "park_visits": ("nps_yearly_2016_2019",),
    "countries_gdp": ("gdp_2016_2019",),
}
PERCENT = (1, 2.5, 5, 10, 15, 20, 25, 30, 40, 50, 60, 70, 75, 80, 85, 90, 95, 97.5, 99)
TOWNS = "tourist_towns"
#: The last normal year, and the last day before the first edition: what is learned was known to each of them.
LAST_YEAR, KNOWN_BY = 2019, "2023-01-14"
#: A figure counts if its rounding and its bound leave at most this share of it open.
COARSEST = 0.05
#: methods.md, section 4: quantiles of 518 yearly tourism series (not in the folder), by length of window.
TOURISM = pd.DataFrame(
    {"percent": [5, 25, 50, 75, 90, 95], 2: [-13.3, 0.0, 7.0, 15.6, 27.3, 37.6],
     3: [-10.1, 0.9, 7.0, 14.3, 24.6, 32.7], 5: [-6.8, 1.9, 6.8, 13.0, 21.3, 28.0]}
).set_index("percent")  # fmt: skip


def paces_of(trials: Mapping[str, Trial], years: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the paces of all windows of a set in percent a year, and their weights, one for the set."""
    found = []
    for trial in trials.values():
        values = np.append(trial.history.to_numpy(), trial.outcome)
        found.append(100 * ((values[years:] / values[:-years]) ** (1 / years) - 1))
    weights = [np.full(len(paces), 1 / len(paces) / len(found)) for paces in found]
    return np.concatenate(found), np.concatenate(weights)


def weighted_quantiles(values: np.ndarray, weights: np.ndarray, percent: Sequence[float]) -> np.ndarray:
    """Return quantiles of weighted values, each standing in the middle of its weight."""
    order = np.argsort(values, kind="stable")
    middle = np.cumsum(weights[order]) - weights[order] / 2
    return np.interp(np.array(percent) / 100, middle / weights.sum(), values[order])


def learn_growth_benchmarks(sets: Mapping[str, Mapping[str, Trial]]) -> pd.DataFrame:
    """Return the table: a row per class and length of window."""
    rows = []
    for reference, names in CLASSES.items():
        for years in range(1, MOST_YEARS + 1):
            parts = [paces_of(sets[name], years) for name in names]
            paces, weights = (np.concatenate(column) for column in zip(*parts, strict=True))
            row = {"reference": reference, "years": years}
            row |= {"series": sum(len(sets[name]) for name in names), "windows": len(paces)}
            found = np.round(weighted_quantiles(paces, weights, PERCENT), 2)
            rows.append(row | {f"p{p}": pace for p, pace in zip(PERCENT, found, strict=True)})
    return pd.DataFrame(rows)


def towns_to_learn_from(reference: pd.DataFrame) -> pd.DataFrame:
    """Return the leading yearly figures up to the last normal year that are undisputed and fine enough."""
    years = reference_years(known_by(reference, KNOWN_BY))
    unit = 10.0 ** (np.floor(np.log10(years["value"])) - years["digits"].astype(int) + 1)
    # over and under leave a whole unit of the last digit open, all others half of it
    left_open = np.where(years["bound"].isin(["over", "under"]), 1.0, 0.5) * unit / years["value"]
    return years[(years["year"] <= LAST_YEAR) & ~years["disputed"] & (left_open <= COARSEST)]


def town_windows(years: pd.DataFrame, length: int) -> list[np.ndarray]:
    """Return the paces of all windows of a length, by place; none goes across a break of counting."""
    found: dict[str, list[float]] = {}
    for key, rows in years.groupby(["place", "indicator_id", "counting", "series"]):
        values = rows.set_index("year")["value"]
        for year in set(values.index) & set(values.index + length):
            pace = 100 * ((values[year] / values[year - length]) ** (1 / length) - 1)
            found.setdefault(str(key[0]), []).append(pace)
    return [np.array(paces) for paces in found.values()]


def learn_towns(reference: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the tourist towns: each place weighs alike, a length needs `LEAST_WINDOWS` windows.

    A quantile beyond the middle of the outermost window is blank: the windows do not tell it.
    """
    years, rows = towns_to_learn_from(reference), []
    for length in range(1, MOST_YEARS + 1):
        windows = town_windows(years, length)
        n = sum(map(len, windows))
        print(f"{TOWNS}, {length}: {n} windows of {len(windows)} places")
        if n < LEAST_WINDOWS:
            continue
        weights = np.concatenate([np.full(len(paces), 1 / len(paces) / len(windows)) for paces in windows])
        paces = np.concatenate(windows)
        found = np.round(weighted_quantiles(paces, weights, PERCENT), 2)
        order = np.argsort(paces, kind="stable")
        outermost = weights[order][[0, -1]] / 2
        told = [100 * outermost[0] <= p <= 100 - 100 * outermost[1] for p in PERCENT]
        row = {"reference": TOWNS, "years": length, "series": len(windows), "windows": n}
        cells = zip(PERCENT, found, told, strict=True)
        rows.append(row | {f"p{p}": f"{pace}" if yes else "" for p, pace, yes in cells})
    return pd.DataFrame(rows)


def beside_tourism(table: pd.DataFrame) -> pd.DataFrame:
    """Return each class beside the quantiles of tourism series that the method notes give."""
    columns = [f"p{p}" for p in TOURISM.index]
    rows = [("tourism (notes)", years, *TOURISM[years]) for years in TOURISM]
    own = table[table["years"].isin(TOURISM.columns)]
    rows += list(own[["reference", "years", *columns]].itertuples(index=False, name=None))
    return pd.DataFrame(rows, columns=["reference", "years", *columns]).sort_values("years", kind="stable")


def main() -> None:
    """Learn, write and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "folder", type=Path, nargs="?", help="holds the yearly parquet files; without it their rows stay"
    )
    parser.add_argument("--out", type=Path, default=OUT, help="folder to write to (default: the package)")
    arguments = parser.parse_args()
    if arguments.folder:
        table = learn_growth_benchmarks({name: read_trials(arguments.folder, name) for name in SMOOTH})
        print(beside_tourism(table).to_string(index=False, float_format="%.1f"))
    else:
        table = pd.read_csv(OUT / "growth_quantiles.csv", dtype=str, keep_default_na=False)
        table = table[table["reference"] != TOWNS]
    path = arguments.out / "growth_quantiles.csv"
    every = pd.concat([table.astype(str), learn_towns(load_reference(project_root() / "data")).astype(str)])
    every.to_csv(path, index=False, lineterminator="\n")
    print(f"{path}: {len(every)} rows")


if __name__ == "__main__":
    main()
