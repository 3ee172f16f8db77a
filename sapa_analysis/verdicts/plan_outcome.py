"""Yearly plans and their outcomes: how far plans of an area are usually over- or underfulfilled."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from ..core import Target, as_targets, days_of, is_yearly_plan

#: Kinds of documents that set yearly plans.
PLAN_KINDS = ("resolution", "plan")
#: With fewer pairs no bias is computed.
LEAST_PAIRS = 5


def plan_pairs(
    verdicts: pd.DataFrame, targets: pd.DataFrame | Iterable[Target], documents: pd.DataFrame
) -> pd.DataFrame:
    """Return the yearly plans of amounts whose outcome is known.

    Parameters
    ----------
    verdicts : pandas.DataFrame
        As `judge_targets` returns them.
    targets : iterable of Target, or pandas.DataFrame
        The judged targets, with their dates of publication.
    documents : pandas.DataFrame
        As `load_documents` returns them; only resolutions and plans set yearly plans.

    Returns
    -------
    pandas.DataFrame
        id, indicator_id, year, plan, outcome, ratio (outcome over plan). A plan that was repeated or raised
        counts once, as first published. Years without a published outcome give no pair; missed plans may be
        reported less often.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.verdicts import plan_pairs
    >>> goals = pd.DataFrame([{"id": "plan.visits", "document": "plan-2019", "indicator_id": "visits",
    ...                        "area": "town", "unit": "visits", "measure": "level", "sense": "at_least",
    ...                        "end": 2019, "value": 135.0, "published": "2018-12-20"}])
    >>> documents = pd.DataFrame({"kind": ["plan"]}, index=["plan-2019"])
    >>> plan_pairs(goals.assign(status="met", latest=140.0), goals, documents).round(2)
                id indicator_id  year   plan  outcome  ratio
    0  plan.visits       visits  2019  135.0    140.0   1.04
    """
    days = {target.id: target.published for target in as_targets(targets)}
    published = pd.Series([days.get(name, "") for name in verdicts["id"]], verdicts["id"], dtype="str")
    yearly = [is_yearly_plan(end, text) for end, text in zip(verdicts["end"], published, strict=True)]
    kinds = documents["kind"].reindex(verdicts["document"])
    plans = np.array(yearly, dtype=bool) & kinds.isin(PLAN_KINDS).to_numpy()
    found = verdicts.assign(published=published.to_numpy())[plans]
    known = found["status"].isin(["met", "missed"]) & (found["measure"] == "level") & (found["value"] > 0)
    more = found["sense"].isin(["at_least", "more_than", "about"]) & ~found["unit"].str.startswith("percent")
    pairs = found[known & more].sort_values("published", key=days_of, kind="stable")
    pairs = pairs.drop_duplicates(["indicator_id", "end"])
    pairs = pairs.rename(columns={"end": "year", "value": "plan", "latest": "outcome"})
    pairs = pairs.assign(ratio=pairs["outcome"] / pairs["plan"])
    columns = ["id", "indicator_id", "year", "plan", "outcome", "ratio"]
    return pairs[columns].sort_values(["indicator_id", "year"], kind="stable", ignore_index=True)


def plan_bias(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return how yearly plans were fulfilled, per indicator and overall, given at least five pairs.

    Parameters
    ----------
    pairs : pandas.DataFrame
        As `plan_pairs` returns them.

    Returns
    -------
    pandas.DataFrame
        indicator_id (`all` for all together), n, met (share fulfilled), ratio (geometric mean of outcome over
        plan), lower and upper (80 % range of single pairs: the mean plus or minus 1.28 standard deviations in
        logs); blank with fewer than five pairs.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.verdicts import plan_bias
    >>> pairs = pd.DataFrame({"indicator_id": ["visits"] * 5 + ["beds"],
    ...                       "ratio": [0.90, 1.00, 1.05, 1.10, 1.20, 0.60]})
    >>> plan_bias(pairs).round(2)
      indicator_id  n   met  ratio  lower  upper
    0         beds  1   NaN    NaN    NaN    NaN
    1       visits  5  0.80   1.05   0.91   1.20
    2          all  6  0.67   0.95   0.70   1.31
    """
    groups = [*pairs.groupby("indicator_id", sort=True), ("all", pairs)]
    rows = [{"indicator_id": name, **_fulfilment(group["ratio"])} for name, group in groups if len(group)]
    return pd.DataFrame(rows, columns=["indicator_id", "n", "met", "ratio", "lower", "upper"])


def _fulfilment(ratios: pd.Series) -> dict[str, float]:
    if len(ratios) < LEAST_PAIRS:
        return {"n": len(ratios)}
    logs = np.log(ratios)
    half = 1.2816 * float(logs.std(ddof=1))
    ends = {name: float(np.exp(logs.mean() + step)) for name, step in (("lower", -half), ("upper", half))}
    return {"n": len(ratios), "met": float((ratios >= 1).mean()), "ratio": float(np.exp(logs.mean())), **ends}
