"""Verification of issued verdicts: outcomes, Brier scores, reliability."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..core import shipped_table
from ..verdicts import FORECASTING
from .scores import brier


def settle(issued: pd.DataFrame, verdicts: pd.DataFrame) -> pd.DataFrame:
    """Return the issued verdicts that have a probability and an outcome known at a later date.

    Parameters
    ----------
    issued : pandas.DataFrame
        As `read_register` returns them.
    verdicts : pandas.DataFrame
        As `judge_targets` returns them, at the later date.

    Returns
    -------
    pandas.DataFrame
        The rows of `issued` and outcome (1.0 met, 0.0 missed), result (the figure, or NaN for a term), error
        and office_error (relative errors of our median and of the department's own estimate, 0.1: 10 % above
        the result), brier (squared difference between probability and outcome) and `brier_<rule>` (the same
        for each forecasting rule that voted, with yes as 1 and no as 0).

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.evaluation import settle
    >>> rules = dict.fromkeys(["growth_ratio", "unsd", "sdg_index", "germany"], "yes")
    >>> issued = pd.DataFrame({"id": ["a", "b"], "probability": [0.9, 0.4], "expected": [150.0, 90.0],
    ...                        "office": [160.0, None], **rules})
    >>> verdicts = pd.DataFrame({"id": ["a", "b"], "status": ["met", "missed"], "measure": "level",
    ...                          "end": 2020, "latest_year": 2020, "latest": [160.0, 80.0]})
    >>> settle(issued, verdicts)[["id", "outcome", "result", "error", "brier", "brier_unsd"]].round(3)
      id  outcome  result  error  brier  brier_unsd
    0  a      1.0   160.0 -0.062   0.01         0.0
    1  b      0.0    80.0  0.125   0.16         1.0
    """
    known = verdicts[verdicts["status"].isin(["met", "missed"])].set_index("id")
    cases = issued[issued["probability"].notna() & issued["id"].isin(known.index)].copy()
    cases["outcome"] = (known["status"] == "met").astype(float).reindex(cases["id"]).to_numpy()
    result = known["latest"].where(
        known["measure"].isin(["level", "growth"]) & (known["latest_year"] == known["end"])
    )
    cases["result"] = result.reindex(cases["id"]).to_numpy(dtype=float)
    if "latest_bound" in known:
        cases["result_bound"] = known["latest_bound"].reindex(cases["id"]).to_numpy()
    for said, error in (("expected", "error"), ("office", "office_error")):
        cases[error] = cases[said] / cases["result"].where(cases["result"] > 0) - 1
    cases["brier"] = brier(cases["probability"], cases["outcome"])
    for rule in FORECASTING:
        vote = cases[rule].map({"yes": 1.0, "no": 0.0}).astype(float)
        cases[f"brier_{rule}"] = brier(vote, cases["outcome"])
    return cases.reset_index(drop=True)


def brier_scores(cases: pd.DataFrame) -> pd.DataFrame:
    """Return the mean Brier scores of the probabilities and of simple alternatives.

    Parameters
    ----------
    cases : pandas.DataFrame
        As `settle` returns them.

    Returns
    -------
    pandas.DataFrame
        One row per forecaster (`probability`, `base_rate`, `coin`, each rule): n, brier, and ours, the score
        of the probabilities on the same cases. The base rate is the share met among the other targets of the
        table; the coin is always one half. 0 is best.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.evaluation import brier_scores, settle
    >>> rules = dict.fromkeys(["growth_ratio", "unsd", "sdg_index", "germany"], "yes")
    >>> issued = pd.DataFrame({"id": list("abcd"), "probability": [0.9, 0.7, 0.6, 0.1], "expected": 150.0,
    ...                        "office": 160.0, **rules})
    >>> verdicts = pd.DataFrame({"id": list("abcd"), "status": ["met", "met", "missed", "missed"],
    ...                          "measure": "level", "end": 2020, "latest_year": 2020, "latest": 155.0})
    >>> brier_scores(settle(issued, verdicts)).head(4).round(3)
         forecaster  n  brier   ours
    0   probability  4  0.118  0.118
    1     base_rate  4  0.444  0.118
    2          coin  4  0.250  0.118
    3  growth_ratio  4  0.500  0.118
    """
    said = {"probability": cases["brier"], "base_rate": brier(_base_rate(cases), cases["outcome"])}
    said |= {"coin": brier(0.5, cases["outcome"])} | {rule: cases[f"brier_{rule}"] for rule in FORECASTING}
    rows = [
        {
            "forecaster": name,
            "n": int(score.count()),
            "brier": score.mean(),
            "ours": cases["brier"][score.notna()].mean(),
        }
        for name, score in said.items()
    ]
    return pd.DataFrame(rows)


def _base_rate(cases: pd.DataFrame) -> pd.Series:
    """Return for each case the share met among all other targets; each target counts once."""
    outcomes = cases.drop_duplicates("id").set_index("id")["outcome"]
    others = (
        (outcomes.sum() - outcomes) / max(len(outcomes) - 1, 1) if len(outcomes) > 1 else outcomes * 0 + 0.5
    )
    return pd.Series(others.reindex(cases["id"]).to_numpy(dtype=float), index=cases.index)


def reliability(cases: pd.DataFrame, *, edges: np.ndarray | None = None) -> pd.DataFrame:
    """Return the share of attained targets by stated probability.

    Parameters
    ----------
    cases : pandas.DataFrame
        Columns probability and outcome.
    edges : array, optional
        Edges of the bins, from 0 to 1; tenths by default.

    Returns
    -------
    pandas.DataFrame
        One row per bin with cases: lower, upper, n, said (mean probability), attained (share).

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.evaluation import reliability
    >>> cases = pd.DataFrame({"probability": [0.12, 0.18, 0.71, 0.79], "outcome": [0.0, 0.0, 1.0, 0.0]})
    >>> reliability(cases).round(2)
       lower  upper  n  said  attained
    0    0.1    0.2  2  0.15       0.0
    1    0.7    0.8  2  0.75       0.5
    """
    edges = np.arange(11) / 10 if edges is None else edges
    place = np.clip(np.searchsorted(edges, cases["probability"], side="right") - 1, 0, len(edges) - 2)
    grouped = cases.groupby(place)
    table = grouped.agg(n=("outcome", "size"), said=("probability", "mean"), attained=("outcome", "mean"))
    bounds = pd.DataFrame({"lower": edges[:-1], "upper": edges[1:]}).loc[table.index]
    return pd.concat([bounds, table], axis=1).reset_index(drop=True)


def verdict_record(*, cases: str = "all") -> pd.DataFrame:
    """Return stated probabilities and shares attained for artificial targets on public yearly series.

    Parameters
    ----------
    cases : str
        `all`, `open` (the goal was not yet reached), the name of a set, or another group of the file.

    Returns
    -------
    pandas.DataFrame
        lower, upper, n, said, attained, as `reliability` returns them, in tenths; close: whether said and
        attained are within ten points, or inside the 95 % binomial band. Written by benchmarks/verdicts.py,
        which describes the targets.

    Examples
    --------
    >>> from sapa_analysis.evaluation import verdict_record
    >>> verdict_record(cases="open")[["lower", "upper", "n", "said", "attained"]].round(2).iloc[[0, 4, 9]]
       lower  upper      n  said  attained
    0    0.0    0.1  38526  0.03      0.02
    4    0.4    0.5   1960  0.45      0.48
    9    0.9    1.0      0   NaN       NaN
    """
    table = shipped_table("evaluation", "verdict_record.csv")
    mine = table[(table["cases"] == cases) & (table["bins"] == "tenths")]
    columns = ["low", "high", "n", "said", "attained", "close"]
    return mine[columns].rename(columns={"low": "lower", "high": "upper"}).reset_index(drop=True)


def verdict_scores(*, cases: str = "all") -> pd.DataFrame:
    """Return Brier scores on the same artificial targets: ours, base rates, the published rules.

    Parameters
    ----------
    cases : str
        As in `verdict_record`, but not the name of a set.

    Returns
    -------
    pandas.DataFrame
        forecaster, n, brier, ours (on the same cases), standard_error (of the difference), best first.

    Examples
    --------
    >>> from sapa_analysis.evaluation import verdict_scores
    >>> verdict_scores(cases="open")[["forecaster", "n", "brier"]].head(3).round(3)
                            forecaster      n  brier
    0                         forecast  60897  0.078
    1     sdg_index_hit_rate_elsewhere  60897  0.089
    2  growth_ratio_hit_rate_elsewhere  60897  0.090
    """
    table = shipped_table("evaluation", "verdict_scores.csv")
    mine = table[(table["cases"] == cases) & (table["set"] == "all") & (table["years"] == 0)]
    columns = ["forecaster", "n", "brier", "ours", "standard_error"]
    return mine[columns].sort_values("brier", kind="stable", ignore_index=True)
