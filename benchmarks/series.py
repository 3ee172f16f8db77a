"""How close `build_series` comes to the truth: real monthly series, made as thin and noisy as the press is.

Every series is printed as a town's visitors are: some years as a rounded total, some in two figures that
disagree, some only to a month, some not at all, the last one to September, and one figure in twenty wrong.
The yearly totals are known, so that estimate and bands can be scored, against the best single figure of each
year with part-years scaled by their share and years without a figure interpolated in logs.
"""

from __future__ import annotations

import argparse
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sapa_analysis.evidence import Vintage
from sapa_analysis.series import build_series

FILE = "nps_monthly_2018_2019.parquet"
YEARS = range(2006, 2020)
PROFILE_YEARS = range(1996, 2006)
#: Chance that a year is printed whole, that a whole year has a second figure, that it is printed in part.
WHOLE, SECOND, PART = 0.55, 0.25, 0.25
#: To which month a year may be printed in part, and to which the last one is.
PART_MONTHS, LAST_MONTH = (6, 9, 10), 9
#: Error in logs by grade; chance that a figure is wrong, and by how much; digits of the rounding.
NOISE = {"A": 0.01, "C": 0.05}
WRONG, WRONG_BY, DIGITS = 0.05, (0.1, 0.3), (2, 3)
KINDS = ["full", "conflict", "part", "missing", "last"]


@dataclass(frozen=True)
class Press:
    """What was printed of one series, how a normal year is spread, and what was true."""

    evidence: pd.DataFrame
    profile: pd.DataFrame
    truth: pd.Series
    kinds: pd.Series


def read_months(folder: Path) -> dict[str, pd.DataFrame]:
    """Return years x months of every series of the folder."""
    table = pd.read_parquet(folder / FILE)
    dates = pd.to_datetime(table["date"])
    table = table.assign(year=dates.dt.year, month=dates.dt.month)
    groups = table.groupby("series_id")
    return {str(name): rows.pivot(index="year", columns="month", values="value") for name, rows in groups}


def month_shares(months: pd.DataFrame) -> pd.DataFrame:
    """Return months x (share, sd) of the years before the first one printed."""
    before = months.loc[list(PROFILE_YEARS)]
    shares = before.div(before.sum(axis=1), axis=0)
    return pd.DataFrame({"share": shares.mean(), "sd": shares.std(ddof=1)}).rename_axis("month")


def print_figure(value: float, grade: str, rng: np.random.Generator) -> tuple[float, int]:
    """Return a number as printed, with its digits: with the noise of its grade, sometimes wrong, rounded."""
    value *= np.exp(NOISE[grade] * rng.standard_normal())
    if rng.random() < WRONG:
        value *= np.exp(rng.choice([-1, 1]) * rng.uniform(*WRONG_BY))
    digits = int(rng.choice(DIGITS))
    return float(f"{value:.{digits - 1}e}"), digits


def seen_digits(value: float) -> int:
    """Return the digits up to the last that is not zero: all one knows of a number without its page."""
    return max(len(f"{value:.0f}".rstrip("0")), 1)


def choose_figures(year: int, rng: np.random.Generator) -> tuple[str, list[tuple[int, str]]]:
    """Return the kind of a year and its figures, each the last month counted and a grade."""
    if year == YEARS[-1]:
        return "last", [(LAST_MONTH, "A")]
    chance = rng.random()
    if chance < WHOLE:
        second = rng.random() < SECOND
        return ("conflict", [(12, "A"), (12, "C")]) if second else ("full", [(12, "A")])
    if chance < WHOLE + PART:
        return "part", [(int(rng.choice(PART_MONTHS)), "A")]
    return "missing", []


def as_row(year: int, month: int, value: float, digits: int, grade: str) -> dict[str, Any]:
    """Return a row of the evidence: January to a month of a year, the whole of it to December."""
    whole = month == 12
    return {
        "indicator_id": "tourist_arrivals", "area": "sa_pa",
        "period": f"{year}" if whole else f"{year}-01/{year}-{month:02}", "freq": "A" if whole else "YTD",
        "value": value, "unit": "visits", "kind": "actual", "bound": "exact",
        "digits": digits, "through": "",
        "published": f"{year + 1}-02-01" if whole else f"{year}-{month + 1:02}-05", "grade": grade,
        "cite_ok": "yes", "source_title": "A page", "source_url": f"https://example.org/{year}/{grade}",
        "statement": "", "note": "",
    }  # fmt: skip


def print_series(name: str, months: pd.DataFrame, seed: int) -> Press:
    """Return a series as the press would have it; a part of a year without visits is not printed."""
    rng = np.random.default_rng([seed, sum(map(ord, name))])
    rows, kinds = [], {}
    for year in YEARS:
        kinds[year], figures = choose_figures(year, rng)
        for month, grade in figures:
            value = float(months.loc[year].to_numpy()[:month].sum())
            rows += [as_row(year, month, *print_figure(value, grade, rng), grade)] if value else []
    truth = months.loc[list(YEARS)].sum(axis=1)
    return Press(pd.DataFrame(rows), month_shares(months), truth, pd.Series(kinds))


def best_single(press: Press) -> pd.Series:
    """Return every year from the first figure on by its best figure alone, gaps interpolated in logs."""
    rows = press.evidence.assign(
        year=press.evidence["period"].str[:4].astype(int),
        month=press.evidence["period"].str[13:].replace("", "12").astype(int),
    )
    best = rows.sort_values(["grade", "month"], ascending=[True, False], kind="stable")
    best = best.groupby("year").first()
    share = press.profile["share"].cumsum()
    implied = np.log(best["value"] / share.loc[best["month"]].to_numpy())
    years = np.arange(best.index.min(), YEARS[-1] + 1)
    return pd.Series(np.exp(np.interp(years, best.index, implied)), years)


def reconciled(press: Press, *, n_draws: int, seed: int) -> tuple[pd.DataFrame, float]:
    """Return the project's table by year, and the seconds of processor time it took."""
    nothing = pd.DataFrame(columns=["series", "period", "value", "published", "level"])
    concept = {"scale": "log", "nature": "flow", "field": "tourism", "unit": "visits", "decimals": "0"}
    concept |= {"growth_of": "", "prices": "", "steps": ""}
    concepts = pd.DataFrame([concept], index=["tourist_arrivals"])
    start = time.process_time()
    tables = Vintage(evidence=press.evidence, indicators=concepts, areas=nothing, covariates=nothing)
    known = tables.as_of(date(YEARS[-1], 12, 31))
    series = build_series(
        known, "tourist_arrivals", area="sa_pa", profile=press.profile, n_draws=n_draws, seed=seed
    )
    seconds = time.process_time() - start
    return series.table.set_index(pd.PeriodIndex(series.table.index).year), seconds


def score(press: Press, *, n_draws: int, seed: int) -> pd.DataFrame:
    """Return one row per year: errors of both, whether the bands hold the truth, the series' seconds."""
    table, seconds = reconciled(press, n_draws=n_draws, seed=seed)
    truth, single = press.truth.loc[table.index], best_single(press)
    errors = {
        "single": np.abs(np.log(single.loc[table.index] / truth)),
        "ours": np.abs(np.log(table["estimate"] / truth)),
    }
    held = {f"in_{k}": truth.between(table[f"lower_{k}"], table[f"upper_{k}"]) for k in (80, 95)}
    kinds = press.kinds.loc[table.index]
    return pd.DataFrame({"kind": kinds, **errors, **held, "seconds": seconds})


def summarise(scores: pd.DataFrame) -> pd.DataFrame:
    """Return one row per kind of year and one over all."""
    kinds = {kind: scores[scores["kind"] == kind] for kind in KINDS} | {"all": scores}
    rows = {
        kind: {
            "years": len(part), "single": part["single"].mean(), "ours": part["ours"].mean(),
            "ratio": part["ours"].mean() / part["single"].mean(),
            "in 80 %": part["in_80"].mean(), "in 95 %": part["in_95"].mean(),
        }
        for kind, part in kinds.items()
    }  # fmt: skip
    return pd.DataFrame(rows).T


def as_markdown(summary: pd.DataFrame) -> Iterator[str]:
    """Yield the lines of the table."""
    yield "| year | " + " | ".join(summary.columns) + " |"
    yield "|---|" + "---:|" * summary.shape[1]
    for kind, row in summary.iterrows():
        cells = [f"{row['years']:.0f}", *(f"{value:.3f}" for value in row.drop("years"))]
        yield f"| {kind} | " + " | ".join(cells) + " |"


def read_arguments() -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help=f"holds {FILE}")
    parser.add_argument("--seeds", type=int, default=3, help="times each series is printed (default 3)")
    parser.add_argument("--draws", type=int, default=2_000, help="draws of a series (default 2000)")
    parser.add_argument(
        "--seen-digits",
        action="store_true",
        help="count no trailing zero as a digit, as if no page were seen",
    )
    return parser.parse_args()


def main() -> None:
    """Score every series and print the table."""
    arguments = read_arguments()
    warnings.simplefilter("error")
    scores = {}
    for name, months in read_months(arguments.folder).items():
        for seed in range(arguments.seeds):
            press = print_series(name, months, seed)
            if arguments.seen_digits:
                press.evidence["digits"] = press.evidence["value"].map(seen_digits)
            scores[name, seed] = score(press, n_draws=arguments.draws, seed=seed)
    print(*as_markdown(summarise(pd.concat(scores))), sep="\n")
    seconds = np.mean([table["seconds"].iloc[0] for table in scores.values()])
    print(f"\n{len(scores)} series, {seconds:.2f} seconds of processor time each")


if __name__ == "__main__":
    main()
