"""Learn how amounts return after a break, from places that had been closed; score it where not learned.

A place lies r = log(level / last normal level) below its normal level at an origin after reopening; h years
ahead its level is `a + d (h - 1) + phi^h r` with a spread that shrinks as the gap closes. Four sets count
alike: visits to provinces of Thailand, those of residents, what they earn, and foreign arrivals of countries.
Foreign visitors of the provinces are left for scoring. One country stands behind all beyond the first year.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import numpy as np
import pandas as pd
from scipy.optimize import minimize

from sapa_analysis import forecast
from sapa_analysis.evaluation.scores import LEVELS, wis
from sapa_analysis.forecasting import recovery

PROVINCES, COUNTRIES = "recoveries_thailand_monthly.parquet", "recoveries_countries_yearly.parquet"
#: Columns of the provinces.
AMOUNTS = {
    "visits": "visitors", "residents": "residents",
    "revenue": "revenue_million_thb", "foreigners": "foreigners",
}  # fmt: skip
LEARNED_ON = ("visits", "residents", "revenue", "arrivals")
#: The last normal year, and the year in which provinces and countries reopened.
NORMAL, REOPENED, REOPENED_ABROAD = 2019, 2022, 2021
#: A place at less than a twentieth of its level had not reopened: it teaches nothing about the return.
_CLOSED = np.log(0.05)
TABLE = Path(__file__).parents[1] / "sapa_analysis" / "forecasting" / "data" / "recovery.csv"
#: Shares of the paths that follow the law; the rest are the general forecast.
WEIGHTS = (0.0, 0.6, 0.8, 1.0)


#: Gaps at the origin, levels of the years ahead (places x years), and the weight of each place.
Group = tuple[np.ndarray, np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Place:
    """Yearly levels of one amount of one place; `country` tells which places share what happens."""

    name: str
    country: str
    kind: str
    levels: pd.Series

    def gap(self, year: int) -> float:
        """Return the log of a level over the last normal one."""
        if not {year, NORMAL} <= set(self.levels.index) or self.levels[year] <= 0:
            return np.nan
        return float(np.log(self.levels[year] / self.levels[NORMAL]))


def read_places(folder: Path) -> list[Place]:
    """Return all places; a year of a province counts if it has twelve months."""
    months = pd.read_parquet(folder / PROVINCES)
    months["year"] = months["period"].str[:4].astype(int)
    found = []
    for name, rows in months.groupby("series_id"):
        years = rows.groupby("year")[list(AMOUNTS.values())].agg(["sum", "count"])
        for kind, column in AMOUNTS.items():
            whole = years[column]["sum"].where(years[column]["count"] == 12).dropna()
            found.append(Place(str(name), "Thailand", kind, whole))
    for name, rows in pd.read_parquet(folder / COUNTRIES).groupby("series_id"):
        found.append(Place(str(name), str(name), "arrivals", rows.set_index("year")["value"]))
    return found


def cases(places: Sequence[Place], origins: Sequence[int] = (REOPENED,)) -> pd.DataFrame:
    """Return one row per place, origin and year ahead of those that lie deep enough: r, and what came."""
    rows = []
    for place in places:
        for origin in (REOPENED_ABROAD,) if place.kind == "arrivals" else origins:
            r = place.gap(origin)
            if not _CLOSED < r <= np.log(1 - recovery.LEAST_GAP):
                continue
            for h in range(1, int(place.levels.index[-1]) - origin + 1):
                came = place.gap(origin + h)
                if np.isfinite(came):
                    rows.append((place.name, place.country, place.kind, origin, h, r, came))
    return pd.DataFrame(rows, columns=["name", "country", "kind", "origin", "h", "r", "came"])


def likelihood(free: np.ndarray, groups: Sequence[Group]) -> float:
    """Return minus the log likelihood: a place is one path, sets count alike, places of a set too."""
    a, d, phi, s0, sh, s1 = free[0], free[1], 1 / (1 + np.exp(-free[2])), *np.exp(free[3:])
    total = 0.0
    for r, came, share in groups:
        h = np.arange(came.shape[1])
        closing = s1 * r[:, None] * (h + 1) * phi**h
        walk = s0**2 + sh**2 * np.minimum.outer(h, h)
        root = np.linalg.cholesky(walk + closing[:, :, None] * closing[:, None, :])
        error = came - (a + d * h + r[:, None] * phi ** (h + 1))
        scores = np.linalg.solve(root, error[:, :, None])[:, :, 0]
        sizes = np.log(np.diagonal(root, axis1=1, axis2=2)).sum(axis=1)
        total += float((share * (sizes + (scores**2).sum(axis=1) / 2)).sum())
    return total


def grouped(known: pd.DataFrame) -> list[Group]:
    """Return gap, later levels and weight of the places whose first years ahead are all known, by length."""
    wide = known.pivot_table(index=["kind", "name", "origin", "r"], columns="h", values="came").reset_index()
    lengths = wide[[h for h in wide.columns if isinstance(h, int)]].notna().cumprod(axis=1).sum(axis=1)
    share = 100 / wide["kind"].map(wide["kind"].value_counts())
    return [
        (rows["r"].to_numpy(), rows[list(range(1, length + 1))].to_numpy(), share[rows.index].to_numpy())
        for length, rows in wide.groupby(lengths)
        if length
    ]


def learn(known: pd.DataFrame, weight: float = 0.8) -> pd.DataFrame:
    """Return the law by maximum likelihood of normal errors; see `forecasting.recovery_table`."""
    groups = grouped(known)
    starts = ([0.05, 0.02, -0.6, -2.0, -2.5, -2.5], [0.0, 0.0, -1.0, -2.3, -2.5, -2.0])
    how = {"maxiter": 6000, "maxfev": 6000, "xatol": 1e-4, "fatol": 1e-4}
    tried = [minimize(likelihood, start, (groups,), method="Nelder-Mead", options=how) for start in starts]
    a, d, logit, *logs = min(tried, key=lambda one: one.fun).x
    phi, (s0, sh, s1) = 1 / (1 + np.exp(-logit)), np.exp(logs)
    found = {
        "closing": 1 - phi, "level": a, "drift": d, "closing_sd": s1, "level_sd": s0, "step_sd": sh,
        "common": common_share(known, a, phi, s0, s1), "weight": weight,
    }  # fmt: skip
    law = pd.DataFrame([{name: round(float(value), 3) for name, value in found.items()}])
    places = known.drop_duplicates("name").groupby(known["kind"].eq("arrivals"))["name"].size()
    return law.assign(provinces=places.get(False, 0), countries=places.get(True, 0))


def common_share(known: pd.DataFrame, a: float, phi: float, s0: float, s1: float) -> float:
    """Return the share of the variance of the first year that places of one country have in common.

    It is what is left of one when the variance within the one country with many places is taken away.
    """
    first = known[(known["h"] == 1) & (known["country"] == "Thailand")]
    error = (first["came"] - a - phi * first["r"]) / np.sqrt(s0**2 + (s1 * first["r"]) ** 2)
    if error.empty:
        return 0.0
    within = error.groupby([first["kind"], first["origin"]]).var(ddof=1).mean()
    return float(np.clip(1 - within, 0.0, 1.0))


def score(
    places: Sequence[Place], law: pd.DataFrame, *, origin: int, chance: float = 0.04, horizon: int = 3
) -> pd.DataFrame:
    """Return one row per place and year ahead: WIS in logs, whether the intervals held, the miss in logs."""
    rows = []
    with mock.patch.object(recovery, "recovery_table", return_value=law):
        for place in places:
            past = place.levels[place.levels.index <= origin]
            if not np.isfinite(place.gap(origin)) or (past <= 0).any() or len(past) < 3:
                continue
            shocks = tuple(range(NORMAL + 1, origin + 1))
            made = forecast(past, horizon=horizon, seed=0, shock_years=shocks, shock_chance=chance)
            for h, path in enumerate(made.paths.to_numpy(), 1):
                came = place.gap(origin + h)
                if np.isfinite(came):
                    q = np.log(np.quantile(path, LEVELS) / place.levels[NORMAL])
                    held = (q[1] <= came <= q[5], q[0] <= came <= q[6])
                    deep = place.gap(origin) <= np.log(1 - recovery.LEAST_GAP)
                    loss = float(wis(np.array([came]), q[None])[0])
                    rows.append((place.kind, h, deep, loss, *held, came - q[3], q[5] - q[1]))
    columns = ["kind", "h", "deep", "WIS", "in 80 %", "in 95 %", "miss", "width"]
    return pd.DataFrame(rows, columns=columns)


def summarise(scores: pd.DataFrame) -> pd.DataFrame:
    """Return means by set and year ahead, of the places that lie deep enough; of misses the median."""
    deep = scores[scores["deep"]]
    found = deep.groupby(["kind", "h"]).agg(
        {"WIS": "mean", "in 80 %": "mean", "in 95 %": "mean", "miss": "median", "width": "median"}
    )
    found.insert(0, "n", deep.groupby(["kind", "h"]).size())
    return found


def left_out(places: Sequence[Place], weight: float, chance: float = 0.04) -> pd.DataFrame:
    """Return the scores of places the law was not learned on: countries one by one, provinces by halves."""
    frames = []
    names = sorted({place.name for place in places if place.kind != "arrivals"})
    known = cases([place for place in places if place.kind in LEARNED_ON])
    for fold in range(2):
        out = set(names[fold::2])
        law = learn(known[~known["name"].isin(out)], weight)
        chosen = [place for place in places if place.name in out]
        frames.append(score(chosen, law, origin=REOPENED, chance=chance))
    for place in places:
        if place.kind == "arrivals":
            law = learn(known[known["country"] != place.country], weight)
            frames.append(score([place], law, origin=REOPENED_ABROAD, chance=chance, horizon=1))
    return pd.concat(frames)


def other_country(places: Sequence[Place], weight: float) -> pd.DataFrame:
    """Return the scores of the provinces one year ahead, the law learned on countries alone.

    Thailand is the one country with provinces: without it nothing tells of later years or what places share.
    """
    law = learn(cases([place for place in places if place.kind == "arrivals"]), weight)
    provinces = [place for place in places if place.kind != "arrivals"]
    return score(provinces, law, origin=REOPENED, horizon=1)


def other_year(places: Sequence[Place], weight: float) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the scores of one origin with the law of the other; arrivals of countries teach both."""
    provinces = [place for place in places if place.kind != "arrivals"]
    for taught, origin in ((REOPENED + 1, REOPENED), (REOPENED, REOPENED + 1)):
        known = cases([place for place in places if place.kind in LEARNED_ON], (taught,))
        yield (
            f"learned on {taught}, scored on {origin}",
            score(provinces, learn(known, weight), origin=origin, horizon=2),
        )


def as_markdown(table: pd.DataFrame) -> str:
    """Return a table of numbers for the page."""
    lines = ["| set, years ahead | " + " | ".join(table.columns) + " |", "|---|" + "---:|" * table.shape[1]]
    for index, row in table.iterrows():
        cells = [f"{value:.0f}" if name == "n" else f"{value:.3f}" for name, value in row.items()]
        lines.append(f"| {', '.join(map(str, index))} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main() -> None:
    """Learn, write the table, print the scores."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help=f"holds {PROVINCES} and {COUNTRIES}")
    parser.add_argument("--weight", type=float, default=0.8, help="share of the paths (default 0.8)")
    parser.add_argument("--scores", action="store_true", help="score it where it was not learned (minutes)")
    arguments = parser.parse_args()
    places = read_places(arguments.folder)
    taught = [place for place in places if place.kind in LEARNED_ON]
    law = learn(cases(taught), arguments.weight)
    law.to_csv(TABLE, index=False, lineterminator="\n")
    print(law.T.to_string(header=False))
    if not arguments.scores:
        return
    for weight in WEIGHTS:
        print(
            f"\n## Left out, weight {weight}\n\n{as_markdown(summarise(left_out(places, weight)))}",
            flush=True,
        )
    quiet = summarise(left_out(places, arguments.weight, chance=0.0))
    print(f"\n## Left out, without new shocks\n\n{as_markdown(quiet)}")
    alone = summarise(other_country(places, arguments.weight))
    print(f"\n## Provinces by countries alone\n\n{as_markdown(alone)}")
    for name, scores in other_year(places, arguments.weight):
        print(f"\n## {name}\n\n{as_markdown(summarise(scores))}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
