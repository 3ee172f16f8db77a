"""How well the running year is known from figures of its parts: invented years of a known law.

    python benchmarks/nowcast.py [years] [shock_chance]

The truth is a step of a random walk; its figures have the errors that they are said to have, and some are
wrong. Paths are drawn from the same law and conditioned on the figures, so only the conditioning is scored:
coverage of the 80 and 95 percent intervals, weighted interval score and error of the median, in logs. Other
laws show what happens where figures are never wrong, where steps have heavy tails, and where one year in 25
is a shock of 25 to 65 percent that no path foresees.
"""

from __future__ import annotations

import sys
from datetime import date

import numpy as np
import pandas as pd

from sapa_analysis.core import Forecast, YearlySeries, yearly_index
from sapa_analysis.forecasting.nowcast import observe_running_year

#: Standard deviation of a step; chance that a figure is wrong, and by how much (`series.prior`); paths.
STEP, WRONG, WRONG_SD, PATHS = 0.15, 0.08, 0.18, 1_000
#: Chance of a shock and its depth.
SHOCK, DEPTH = 0.04, (0.25, 0.65)
#: Figures of a year: own error, shared error, cause.
CASES = {
    "one, precise": [(0.02, 0.0, "")],
    "one, rough": [(0.06, 0.0, "")],
    "half a year": [(0.08, 0.08, "6")],
    "two sources": [(0.02, 0.0, ""), (0.06, 0.0, "")],
    "2 and 9 months": [(0.15, 0.15, "2"), (0.04, 0.04, "9")],
    "three": [(0.03, 0.03, "9"), (0.03, 0.03, "9"), (0.06, 0.0, "")],
}
LAWS = ("the law", "never wrong", "heavy tails", "shocks")
LEVELS = np.array([0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975])
BEFORE, YEAR = yearly_index([2022]), yearly_index([2023])


def step(law: str, n: int, rng: np.random.Generator) -> np.ndarray:
    """Return steps of equal variance."""
    heavy = law == "heavy tails"
    return STEP * (rng.standard_t(4, n) / np.sqrt(2) if heavy else rng.standard_normal(n))


def figures_of(case: str, truth: float, law: str, rng: np.random.Generator) -> pd.DataFrame:
    """Return the figures of a year with their errors."""
    common = {cause: rng.standard_normal() for _, _, cause in CASES[case]}
    rows = []
    for own, shared, cause in CASES[case]:
        wrong = WRONG_SD * rng.standard_normal() * (law != "never wrong" and rng.random() < WRONG)
        reading = truth + own * rng.standard_normal() + shared * common[cause] + wrong
        rows.append({"own_sd": own, "shared_sd": shared, "cause": cause, "reading": np.log(100) + reading})
    return pd.DataFrame(rows).assign(indicator_id="x", year=2023, basis="part_year", value=1.0)


def scored(case: str, law: str, rng: np.random.Generator, seed: int, asked: dict[str, float]) -> list[float]:
    """Return whether 80 and 95 percent hold the truth of one year, the score, the width and the error."""
    truth = float(step(law, 1, rng)[0])
    if law == "shocks" and rng.random() < SHOCK:
        truth += float(np.log1p(-rng.uniform(*DEPTH)))
    row = dict.fromkeys(["estimate", "lower_80", "upper_80", "lower_95", "upper_95", "best"], 100.0)
    table = pd.DataFrame(row | {"sd": 0.0, "n_observations": 1, "basis": "year"}, index=BEFORE)
    known = YearlySeries(
        "x", "a", "", "log", date(2023, 6, 30), table, figures_of(case, truth, law, rng),
        table[["estimate"]], running=table.set_axis(YEAR),
    )  # fmt: skip
    half = step(law, PATHS // 2, rng)
    paths = pd.DataFrame(100 * np.exp(np.concatenate([half, -half]))[None], index=YEAR)
    fan = Forecast(known, paths, "naive")
    found = observe_running_year({"x": fan}, {"x": known}, {}, seed=seed, **asked)["x"].paths
    at = np.quantile(np.log(found.to_numpy()[0] / 100), LEVELS)
    score = np.mean(2 * np.where(truth >= at, LEVELS * (truth - at), (1 - LEVELS) * (at - truth)))
    return [at[1] <= truth <= at[5], at[0] <= truth <= at[6], score, at[5] - at[1], abs(truth - at[3])]


def main(years: int, shock_chance: float) -> None:
    """Print the scores of every law and case."""
    asked = {"shock_chance": shock_chance} if shock_chance else {}
    rows = []
    for law in LAWS:
        for case in CASES:
            rng = np.random.default_rng(11)
            found = np.array([scored(case, law, rng, seed, asked) for seed in range(years)])
            rows.append([law, case, *found.mean(axis=0), found[:, 2].std() / np.sqrt(years)])
    columns = ["law", "figures", "in 80", "in 95", "WIS", "width 80", "error", "se of WIS"]
    print(pd.DataFrame(rows, columns=columns).round(4).to_string(index=False))


if __name__ == "__main__":
    main(int([*sys.argv, "1000"][1]), float([*sys.argv, "0", "0"][2]))
