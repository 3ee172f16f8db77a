"""Write what is known about parts of years, `series/data/part_years.csv`, and print what it is worth.

Months of residents' visits to 37 provinces of Thailand, 2019 to 2025. The rest of a recovering year lies
above the months seen, by more the deeper the gap to the last normal year (`series/part_years.py`). The slope
is learned on months to February and to June of 2022, the reopening year, and of 2023, as the product sees
them: months of all provinces together as the profile, the province's own 2019 as the level. The spread is how
unlike a province's months of normal years are to the months in which foreigners come to the country; as how
many of a place's own years it counts, is where the other normal years tell most of the third. The score of a
year uses the line of the other one. One country stands behind all of it.
"""

from __future__ import annotations

import argparse
from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import norm

from sapa_analysis.evaluation.scores import LEVELS, coverage, wis
from sapa_analysis.series.part_years import lift_share

OUT = Path(__file__).parent.parent / "sapa_analysis/series/data/part_years.csv"
SET = "recoveries_thailand_monthly"
#: Years of the set: the last normal one, the reopening and the year after, and those that are normal again.
NORMAL, RECOVERING, NORMAL_YEARS = 2019, (2022, 2023), (2019, 2024, 2025)
#: Months seen from which the line is learned, and of which a year is told.
SEEN, MONTHS = (2, 6), range(1, 13)


def main() -> None:
    """Learn, write and print the scores."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="holds the parquet files")
    parser.add_argument("--out", type=Path, default=OUT, help="file to write (default: the package's)")
    arguments = parser.parse_args()
    table = pd.read_parquet(arguments.folder / f"{SET}.parquet")
    residents, foreigners = months_of(table, "residents"), months_of(table, "foreigners")
    parts = parts_of(residents, profile_of(residents, [NORMAL]))
    learned = {"slope": slope_of(parts), "spread": spread_of(residents, foreigners)}
    counts = weights_tried(residents, foreigners)
    learned["years"] = float(counts.loc[counts["gain"] >= counts["gain"].max() - 1, "years"].max())
    shipped = pd.DataFrame([{name: round(value, 2) for name, value in learned.items()}]).astype(
        {"years": int}
    )
    shipped.to_csv(arguments.out, index=False, lineterminator="\n")
    print(f"{arguments.out}: {shipped.to_dict('records')[0]}")
    with pd.option_context("display.width", 200, "display.max_columns", 20):
        print(f"\nlines by what is seen\n{lines_tried(table).round(2).to_string(index=False)}")
        print(f"\nspread by profile\n{spreads_tried(table).round(2).to_string(index=False)}")
        print(f"\nthe spread as so many own years, log score\n{counts.round(1).to_string(index=False)}")
        print(f"\nstandard error of the slope, provinces drawn anew: {slope_error(parts):.2f}")
        print(f"\nwhat a province keeps of being unlike\n{kept(residents).round(2).to_string(index=False)}")
        spread = float(shipped["spread"].item())
        for name in ("residents", "visitors", "revenue_million_thb"):
            months = months_of(table, name)
            score = scored(parts_of(months, profile_of(months, [NORMAL])), spread)
            print(f"\n{name}, the line of the other year\n{score.round(4).to_string(index=False)}")
        score = scored(parts_of(residents, profile_of(foreigners, [NORMAL])), spread, learned_on=parts)
        print(f"\nresidents by foreigners' months, the same lines\n{score.round(4).to_string(index=False)}")
        score = scored(parts, spread, (2020, 2021, 2024)).round(4)
        print(f"\nresidents, years of the break and two years after\n{score.to_string(index=False)}")


def months_of(table: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return complete years: (province, year) x months."""
    when = table["period"].str.split("-", expand=True).astype(int)
    known = table.assign(year=when[0], month=when[1])
    return known.pivot(index=["series_id", "year"], columns="month", values=column).dropna()


def profile_of(months: pd.DataFrame, years: Collection[int]) -> pd.Series:
    """Return the mean share of each month in the given years, all provinces together."""
    together = months.groupby(level="year").sum().loc[list(years)]
    return together.div(together.sum(axis=1), axis=0).mean()


def parts_of(months: pd.DataFrame, profile: pd.Series | None) -> pd.DataFrame:
    """Return every part of a year after the last normal one, from January on.

    Parameters
    ----------
    months : pandas.DataFrame
        As `months_of` returns them.
    profile : pandas.Series or None
        Share of each month in a normal year; None takes the province's own months of the last normal year.

    Returns
    -------
    pandas.DataFrame
        One row per province, year and `seen` months: `share` of them in the profile, `gap` to the last normal
        year (a difference of logs), `later`, by how much the rest came above the months seen, and
        `whole`, the log of the year over the months seen. `recovered`: a year before was back already.
    """
    rows = []
    for (place, year), values in months.iterrows():
        if year == NORMAL or (place, NORMAL) not in months.index:
            continue
        before = months.loc[(place, NORMAL)]
        shares = (before / before.sum() if profile is None else profile).cumsum()
        since = [
            months.loc[(place, y)].sum() for y in range(RECOVERING[0], year) if (place, y) in months.index
        ]
        for seen in MONTHS[:-1]:
            part, share = values.loc[:seen].sum(), shares[seen]
            if not 0 < part < values.sum() or share <= 0:
                continue
            gap = float(np.log(share * before.sum() / part))
            later = float(np.log((values.sum() - part) / ((1 - share) * before.sum()))) + gap
            recovered = max(since, default=0.0) >= before.sum()
            rows.append((place, year, seen, share, gap, later, np.log(values.sum() / part), recovered))
    names = ["place", "year", "seen", "share", "gap", "later", "whole", "recovered"]
    return pd.DataFrame(rows, columns=names)


def slope_of(parts: pd.DataFrame, years: Sequence[int] = RECOVERING, *, constant: bool = False) -> float:
    """Return the slope of the line through zero (least squares), over the parts that lie below the level."""
    return float(line_of(parts, years, constant=constant)[-1])


def slope_error(parts: pd.DataFrame, draws: int = 500) -> float:
    """Return the standard error of the slope over provinces (bootstrap); the two years are what they are."""
    rng, places = np.random.default_rng(0), dict(list(parts.groupby("place")))
    names = sorted(places)
    drawn = [rng.choice(len(names), len(names)) for _ in range(draws)]
    return float(np.std([slope_of(pd.concat([places[names[i]] for i in chosen])) for chosen in drawn]))


def line_of(parts: pd.DataFrame, years: Sequence[int], *, constant: bool) -> np.ndarray:
    """Return the constant, if any, and the slope of `later` on the gap."""
    used = parts[parts["year"].isin(years) & parts["seen"].isin(SEEN) & (parts["gap"] > 0)]
    design = used[["gap"]].assign(one=1.0)[["one", "gap"] if constant else ["gap"]]
    return np.linalg.lstsq(design.to_numpy(), used["later"].to_numpy(), rcond=None)[0]


def spread_of(months: pd.DataFrame, model: pd.DataFrame | None) -> float:
    """Return the log error of a share of the year, per unit of the year missing (root mean square).

    Normal years against the profile of the other normal years of `model`, all provinces together; None is a
    year of twelve equal months.
    """
    return float(np.sqrt(np.nanmean(errors_of(months, model) ** 2)))


def errors_of(months: pd.DataFrame, model: pd.DataFrame | None) -> np.ndarray:
    """Return these errors: (province and year) x months seen."""
    errors = []
    for year in NORMAL_YEARS:
        others = [other for other in NORMAL_YEARS if other != year]
        flat = pd.Series(1 / len(MONTHS), index=MONTHS)
        errors.append(_apart(months, year, flat if model is None else profile_of(model, others)))
    return pd.concat(errors).to_numpy()


def weights_tried(months: pd.DataFrame, model: pd.DataFrame) -> pd.DataFrame:
    """Return the log score of each normal year, given the others, by the years as which the spread counts.

    `gain` is over the spread of all provinces alone. Of those within one unit of the best, the most is taken.
    """
    squares = {}
    for year in NORMAL_YEARS:
        profile = profile_of(model, [other for other in NORMAL_YEARS if other != year])
        missing = (1 - profile.cumsum().iloc[:-1]) ** 2
        squares[year] = (_apart(months, year, profile) ** 2 * missing).sum(axis=1) / missing.sum()
    table, rows = pd.DataFrame(squares).dropna(), []
    for years in (1, 2, 3, 4, 6, 10, 30, np.inf):
        score = 0.0
        for year in NORMAL_YEARS:
            past = table.drop(columns=year)
            weight = 0.0 if np.isinf(years) else len(past.columns) / (years + len(past.columns))
            variance = (1 - weight) * past.to_numpy().mean() + weight * past.mean(axis=1)
            score -= float((np.log(variance) + table[year] / variance).sum()) / 2
        rows.append({"years": years, "score": score})
    found = pd.DataFrame(rows)
    return found.assign(gain=found["score"] - found["score"].iloc[-1])


def kept(months: pd.DataFrame) -> pd.DataFrame:
    """Return how much of what sets a province apart from all together it keeps in another year (slope).

    Whether the own months of an earlier year, even the last normal one, tell more than those of all together.
    """
    apart = {year: _apart(months, year, profile_of(months, [year])) for year in {*NORMAL_YEARS, *RECOVERING}}
    rows = []
    for one, other in ((2019, 2022), (2019, 2023), (2019, 2024), (2019, 2025), (2024, 2025)):
        row: dict[str, object] = {"of": one, "in": other}
        for seen in SEEN:
            both = pd.concat([apart[one][seen], apart[other][seen]], axis=1, keys=["x", "y"]).dropna()
            row[f"to {seen}"] = float(both["x"] @ both["y"] / (both["x"] @ both["x"]))
        rows.append(row)
    return pd.DataFrame(rows)


def _apart(months: pd.DataFrame, year: int, profile: pd.Series) -> pd.DataFrame:
    """Return the log error of a profile in a year for each province, per unit of the year missing."""
    told = profile.cumsum().iloc[:-1]
    own = months.xs(year, level="year")
    shares = own.div(own.sum(axis=1), axis=0).cumsum(axis=1).iloc[:, :-1]
    return np.log(shares.where(shares > 0) / told) / (1 - told)


def scored(
    parts: pd.DataFrame,
    spread: float,
    years: Sequence[int] = RECOVERING,
    *,
    constant: bool = False,
    learned_on: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return WIS (logs) and what 80 % held of the year's total, before and after the other year's line."""
    rows = []
    for year in years:
        others = [other for other in RECOVERING if other != year]
        line = line_of(parts if learned_on is None else learned_on, others, constant=constant)
        for seen in SEEN:
            known = parts[(parts["year"] == year) & (parts["seen"] == seen)]
            gap = known["gap"].to_numpy()
            later = np.where(
                (gap > 0) & ~known["recovered"], line[-1] * gap + (line[0] if constant else 0), 0
            )
            row = {"year": year, "seen": seen, "places": len(known), "below": int((gap > 0).sum())}
            for name, share in (("before", known["share"]), ("after", lift_share(known["share"], later))):
                middle, sd = -np.log(np.asarray(share)), spread * (1 - np.asarray(share))
                fan = middle[:, None] + sd[:, None] * norm.ppf(LEVELS)
                told = known["whole"].to_numpy()
                held = coverage(told, middle + sd * norm.ppf(0.1), middle + sd * norm.ppf(0.9))
                row |= {f"wis_{name}": wis(told, fan).mean(), f"held_{name}": 100 * held.mean()}
                row |= {f"off_{name}": (told - middle).mean()}
            rows.append(row | {"ratio": row["wis_after"] / row["wis_before"]})
    return pd.DataFrame(rows)


def lines_tried(table: pd.DataFrame) -> pd.DataFrame:
    """Return slopes by what is counted, profile, year and months, and WIS of the line of the other year."""
    rows = []
    for name in ("residents", "visitors", "foreigners", "revenue_million_thb"):
        months = months_of(table, name)
        for whose in ("all provinces", "own"):
            parts = parts_of(months, profile_of(months, [NORMAL]) if whose == "all provinces" else None)
            row: dict[str, object] = {"of": name, "profile": whose}
            for year in RECOVERING:
                for seen in SEEN:
                    row[f"{year} to {seen}"] = slope_of(parts[parts["seen"] == seen], [year])
            row["all"] = slope_of(parts)
            row["line"] = np.array2string(line_of(parts, RECOVERING, constant=True), precision=2)
            for kind, constant in (("zero", False), ("line", True)):
                row[f"wis_{kind}"] = scored(parts, 0.21, constant=constant)["wis_after"].mean()
            row["wis_before"] = scored(parts, 0.21)["wis_before"].mean()
            rows.append(row)
    return pd.DataFrame(rows)


def spreads_tried(table: pd.DataFrame) -> pd.DataFrame:
    """Return the spread by what is counted and whose months are the profile, and what 80 % of it holds."""
    counted = {name: months_of(table, name) for name in ("residents", "visitors", "revenue_million_thb")}
    models = {
        "residents": months_of(table, "residents"),
        "foreigners": months_of(table, "foreigners"),
        "equal": None,
    }
    rows = []
    for name, months in counted.items():
        for model, of_model in models.items():
            spread, errors = spread_of(months, of_model), errors_of(months, of_model)
            held = 100 * (np.abs(errors) < norm.ppf(0.9) * spread)[~np.isnan(errors)].mean()
            rows.append({"of": name, "profile": model, "spread": spread, "held_80": held})
    return pd.DataFrame(rows)


if __name__ == "__main__":
    main()
