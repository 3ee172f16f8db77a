"""How good our probabilities of targets are, beside base rates and published rules.

The targets are invented (`pseudo_targets.py`). Results go to the package, so that a notebook can show them
without the series: `verdict_record.csv` (what was said and what came true, in bins) and `verdict_scores.csv`
(Brier scores, ours and those of opponents).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from accuracy import as_markdown
from competitions import SMOOTH, read_trials
from pseudo_targets import GRADES, SHIFTS, THIN, WHOLE, Sets, all_cases, graded, opponents
from scipy.stats import binom

from sapa_analysis.core.likelihood import FLOORS
from sapa_analysis.verdicts.progress_rules import FORECASTING

OUT = Path(__file__).parent.parent / "sapa_analysis/evaluation/data"
#: Edges of bins: tenths, and the thresholds of our words.
BINS = {"tenths": np.arange(11) / 10, "words": np.array([*sorted(FLOORS.values()), 1.0])}
#: The columns of the two tables that are written, and what each means.
RECORD = {
    "cases": "which: all, open (goal above the last value), a set, one_a_series, 3_years (known)",
    "bins": "tenths, or words (the thresholds of our words)",
    "low": "least probability said in the bin",
    "high": "its upper edge, not in it but for 1",
    "n": "cases",
    "said": "mean probability said",
    "attained": "share attained",
    "close": "within ten points, or inside the 95 % binomial band of what was said",
}
SCORES = {
    "cases": "which: all, open, or a grade of stability (agree_90, agree_80, agree_less)",
    "set": "set, or all",
    "years": "years of history known to us, 0 for all of them; rules see all",
    "forecaster": "forecast (ours), a base rate, the class of paces, a rule, or a rule by its hit rates",
    "n": "cases in which it says something",
    "brier": "its Brier score",
    "ours": "Brier score of our forecast in the same cases",
    "standard_error": "of the difference; cases of a series count as one, years that series share do not",
}


# scores ---------------------------------------------------------------------------------------------------


def brier(cases: pd.DataFrame, quoted: pd.Series) -> dict[str, float]:
    """Return the Brier score of a quote, and ours on the same cases."""
    known = quoted.notna()
    part, came = cases[known], cases.loc[known, "attained"]
    theirs, ours = (quoted[known] - came) ** 2, (part["said"] - came) ** 2
    gap = ours - theirs
    sums = (gap - gap.mean()).groupby([part["set"], part["series"]]).sum()
    error = np.sqrt((sums**2).sum()) / max(len(part), 1)
    return {"n": len(part), "brier": theirs.mean(), "ours": ours.mean(), "standard_error": error}


def scores(cases: pd.DataFrame, sets: Sets) -> pd.DataFrame:
    """Return the Brier scores of cases of one length of history: set, forecaster, and those of `brier`."""
    quotes = pd.concat([cases["said"].rename("forecast"), opponents(cases, sets)], axis=1)
    parts = {"all": cases} | {str(name): part for name, part in cases.groupby("set", sort=False)}
    rows = [
        {"set": name, "forecaster": who, **brier(part, quotes.loc[part.index, who])}
        for name, part in parts.items()
        for who in quotes
    ]
    return pd.DataFrame(rows)


def all_scores(cases: pd.DataFrame, sets: Sets) -> pd.DataFrame:
    """Return the table of scores: by set for whole histories, of all sets for the rest."""
    frames = []
    for years, part in cases.groupby("years"):
        groups = {"all": part, "open": part[part["needed"] > 0]}
        if years == WHOLE:
            groups |= {name: part[part["grade"] == name] for name in GRADES}
        frames += [scores(group, sets).assign(cases=name, years=years) for name, group in groups.items()]
    table = pd.concat(frames, ignore_index=True)[list(SCORES)]
    by_set = (table["years"] == WHOLE) & table["cases"].isin(["all", "open"])
    return table[by_set | (table["set"] == "all")]


def reliability(cases: pd.DataFrame, edges: np.ndarray) -> pd.DataFrame:
    """Return per bin n, the mean said, the share attained, and whether these are close."""
    last = len(edges) - 2
    bins = np.minimum(np.searchsorted(edges, cases["said"], side="right") - 1, last)
    columns = {"n": ("said", "size"), "said": ("said", "mean"), "attained": ("attained", "mean")}
    table = cases.groupby(bins).agg(**columns).reindex(range(last + 1))
    low, high = (binom.ppf(p, table["n"], table["said"]) / table["n"] for p in (0.025, 0.975))
    share = table["attained"]
    close = ((share - table["said"]).abs() <= 0.10) | ((low <= share) & (share <= high))
    return table.assign(low=edges[:-1], high=edges[1:], close=close | share.isna())


def all_bins(cases: pd.DataFrame) -> pd.DataFrame:
    """Return the table of bins, of each group of cases."""
    whole = cases[cases["years"] == WHOLE]
    groups = {"all": whole, "open": whole[whole["needed"] > 0]}
    groups |= {"one_a_series": whole.groupby(["set", "series"]).sample(1, random_state=1)}
    groups |= {str(name): part for name, part in whole.groupby("set", sort=False)}
    groups |= {f"{years}_years": cases[cases["years"] == years] for years in THIN}
    frames = [
        reliability(part, edges).assign(cases=name, bins=kind)
        for name, part in groups.items()
        for kind, edges in BINS.items()
    ]
    table = pd.concat(frames, ignore_index=True)[list(RECORD)]
    return table.fillna({"n": 0}).astype({"n": int})


# how rules behave -----------------------------------------------------------------------------------------


def behaviour(cases: pd.DataFrame) -> pd.DataFrame:
    """Return, in percent, what rules say, what came true of it, and how often another base changes it."""
    rows, moved = {}, {}
    for rule in FORECASTING:
        labels = cases[[f"{rule} {shift:+d}" for shift in SHIFTS]].dropna()
        changes = labels.ne(labels[f"{rule} +0"], axis=0)
        moved[rule] = changes.any(axis=1)
        says = cases.groupby(rule)["attained"].agg(["size", "mean"]).reindex([0.0, 1.0])
        rows[rule] = {
            "applies": cases[rule].notna().mean(), "on track": cases[rule].mean(),
            "came true": says.loc[1, "mean"], "attained all the same": says.loc[0, "mean"],
            "base earlier": changes[f"{rule} -1"].mean(), "base later": changes[f"{rule} +1"].mean(),
            "either": moved[rule].mean(),
        }  # fmt: skip
    rows["any rule"] = {"either": pd.DataFrame(moved).eq(True).any(axis=1).mean()}
    return 100 * pd.DataFrame(rows).T


def agreement(cases: pd.DataFrame) -> dict[str, float]:
    """Return how often rules agree, in percent, among cases where all apply."""
    votes = cases[list(FORECASTING)].dropna()
    came, yes = cases.loc[votes.index, "attained"], votes.mean(axis=1)
    return {
        "all say on track, of cases where one does": 100 * (yes == 1).sum() / (yes > 0).sum(),
        "attained where all say so": 100 * came[yes == 1].mean(),
        "attained where none says so": 100 * came[yes == 0].mean(),
    }


# the report -----------------------------------------------------------------------------------------------


def report(folder: Path, out: Path) -> Iterator[str]:
    """Yield the lines of the report and write the two tables."""
    sets = {name: read_trials(folder, name) for name in SMOOTH}
    cases = all_cases(sets)
    cases["grade"] = graded(cases)
    scored, bins = all_scores(cases, sets), all_bins(cases)
    for frame, name in ((bins, "verdict_record.csv"), (scored, "verdict_scores.csv")):
        frame.round(4).to_csv(out / name, index=False, lineterminator="\n")
        yield f"{out / name}: {len(frame)} rows"
    whole = cases[cases["years"] == WHOLE]
    for name, part in (("all", whole), ("open", whole[whole["needed"] > 0])):
        yield f"\n## {name}: {len(part):,} cases of whole histories\n"
        yield from as_markdown(
            by_set(scored[(scored["cases"] == name) & (scored["years"] == WHOLE)]), "Brier"
        )
        yield ""
        yield from as_markdown(behaviour(part), "rule, %")
        yield ""
        yield from (f"- {what}: {share:.0f} %" for what, share in agreement(part).items())
    yield "\n## All sets: histories cut short, and grades of stability\n"
    rest = scored[(scored["years"] != WHOLE) | scored["cases"].isin(GRADES)]
    groups = rest["cases"] + " " + rest["years"].astype(str)
    yield from as_markdown(by_set(rest.assign(set=groups)), "Brier")
    yield from reliabilities(bins)


def reliabilities(bins: pd.DataFrame) -> Iterator[str]:
    """Yield the bins of the pooled cases, and of sets and short histories those that are not close."""
    pooled = bins["cases"].isin(["all", "open", "one_a_series"])
    for (cases, kind), part in bins[pooled].groupby(["cases", "bins"], sort=False):
        yield f"\n## Reliability: {cases}, {kind}\n"
        yield from as_markdown(told_bins(part), "said")
    yield "\nNot close in sets and short histories:\n"
    for row in bins[~pooled & ~bins["close"]].itertuples():
        told = f"said {row.said:.3f}, attained {row.attained:.3f}, n {row.n}"
        yield f"- {row.cases}, {row.low:g} to {row.high:g}: {told}"


def by_set(scored: pd.DataFrame) -> pd.DataFrame:
    """Return Brier scores, forecasters x sets, and what share of it ours is on the same cases."""
    share = (scored["ours"] / scored["brier"]).map("{:.2f}".format)
    text = scored["brier"].map("{:.3f}".format) + " (" + share + ")"
    wide = scored.assign(text=text.where(scored["n"] > 0, "")).pivot(
        index="forecaster", columns="set", values="text"
    )
    return wide.reindex(scored["forecaster"].unique())[list(scored["set"].unique())]


def told_bins(bins: pd.DataFrame) -> pd.DataFrame:
    """Return bins as they are printed."""
    table = bins[["n", "said", "attained"]].assign(close=bins["close"].map({True: "yes", False: "NO"}))
    table["n"] = table["n"].map("{:,}".format)
    return table.set_axis([f"{low:g} to {high:g}" for low, high in bins[["low", "high"]].to_numpy()])


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="holds the yearly parquet files")
    parser.add_argument("--out", type=Path, default=OUT, help="folder to write to (default: the package)")
    arguments = parser.parse_args()
    for line in report(arguments.folder, arguments.out):
        print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
