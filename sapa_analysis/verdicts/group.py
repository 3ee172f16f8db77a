"""Aggregation of verdicts: numbered groups, counts of outlooks, joint questions."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil
from typing import Any

import pandas as pd

from ..core import FROM_WORST, OPEN, OUTLOOKS, word_of
from .progress_rules import count_bands

#: The fields that make up "economic" targets.
ECONOMIC = ("economy", "tourism", "agriculture")


def group_verdicts(verdicts: pd.DataFrame, attained: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the status of each numbered group of targets; a group is reached when all its parts are.

    Parameters
    ----------
    verdicts : pandas.DataFrame
        As `judge_targets` returns them; a target without a clause is a group of its own.
    attained : pandas.DataFrame, optional
        As `attained_paths` returns it: then the probability of a group is the share of paths that attain
        every part. Without it a group has the status of its weakest part, which is an upper bound.

    Returns
    -------
    pandas.DataFrame
        One row per group in the order of its first target: document, clause, status, probability (blank
        while a part is not assessed), at_most (the joint probability of the assessed parts), completion (the
        lowest of `final_completions` among the parts), n_parts, n_assessed. A part that is not assessed, or
        of which only the plan itself is known, leaves the group open unless the other parts already decide
        it. A part without a final figure leaves the completion blank, unless another is missed in the lowest
        of `BANDS`.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.verdicts import group_verdicts
    >>> verdicts = pd.DataFrame({"id": ["a", "b", "c"], "document": "plan", "clause": ["1", "1", "2"],
    ...                          "status": ["even", "even", "not_assessed"]})
    >>> attained = pd.DataFrame({"a": [True, True, False, False], "b": [True, False, True, False]})
    >>> group_verdicts(verdicts, attained)[["clause", "status", "probability", "n_parts", "n_assessed"]]
      clause        status  probability  n_parts  n_assessed
    0      1      unlikely         0.25        2           2
    1      2  not_assessed          NaN        1           0
    """
    own = verdicts["clause"].where(verdicts["clause"] != "", verdicts["id"])
    rows = [
        {"document": document, "clause": str(parts["clause"].iloc[0]), **_group(parts, attained)}
        for (document, _), parts in verdicts.groupby(["document", own], sort=False)
    ]
    shares = ["probability", "at_most", "completion"]
    frame = pd.DataFrame(rows, columns=["document", "clause", "status", *shares, "n_parts", "n_assessed"])
    return frame.astype(dict.fromkeys(shares, float))


def final_completions(verdicts: pd.DataFrame) -> pd.Series:
    """Return how far each target is attained by a final figure of a whole year; blank where there is none.

    Estimates, figures of a part of a year or of a term, and doubted ones are none.

    Parameters
    ----------
    verdicts : pandas.DataFrame
        As `judge_targets` returns them.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.verdicts import final_completions
    >>> verdicts = pd.DataFrame({"completion": [1.05, 1.05, 0.91, 1.08], "latest_kind": "actual",
    ...                          "latest_basis": ["year", "year_estimate", "part_year", "year"],
    ...                          "latest_doubt": ["", "", "", "not_fitted"]})
    >>> final_completions(verdicts).tolist()
    [1.05, nan, nan, nan]
    """
    final = verdicts["latest_basis"].eq("year") & verdicts["latest_kind"].ne("estimate")
    return verdicts["completion"].where(final & verdicts["latest_doubt"].eq(""))


def _completion(parts: pd.DataFrame) -> float | None:
    """Return the lowest completion of a group; blank while a part has none that is final and none decides."""
    if "completion" not in parts:
        return None
    known = final_completions(parts)
    decided = count_bands(known[parts["status"] == "missed"])["below"] > 0
    return float(known.min(skipna=decided))


def _group(parts: pd.DataFrame, attained: pd.DataFrame | None) -> dict[str, Any]:
    assessed = parts[~parts["status"].isin(OPEN)]
    weakest = min(parts["status"], key=FROM_WORST.index)
    facts = {"completion": _completion(parts), "n_parts": len(parts), "n_assessed": len(assessed)}
    if attained is None or assessed.empty:
        return {"status": weakest, "probability": None, "at_most": None, **facts}
    chance = float(attained[assessed["id"]].all(axis=1).mean())
    whole = len(assessed) == len(parts)
    known = assessed["status"].isin(["met", "missed"]).all() or weakest == "missed"
    word = weakest if known else word_of(chance)
    status = min([word, *set(parts["status"]) & set(OPEN)], key=FROM_WORST.index)
    return {"status": status, "probability": chance if whole else None, "at_most": chance, **facts}


def count_outlooks(statuses: pd.Series) -> dict[str, int]:
    """Return how many verdicts have each outlook of `core.OUTLOOKS`; together they are all verdicts.

    Parameters
    ----------
    statuses : pandas.Series
        The column `status` of verdicts.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.verdicts import count_outlooks
    >>> count_outlooks(pd.Series(["met", "very_likely", "even", "missed", "not_assessed"]))
    {'likely': 2, 'even': 1, 'unlikely': 1, 'plan_only': 0, 'not_assessed': 1}
    """
    return {outlook: int(statuses.isin(words).sum()) for outlook, words in OUTLOOKS.items()}


def joint_chances(verdicts: pd.DataFrame, attained: pd.DataFrame, *, share: float = 0.8) -> pd.DataFrame:
    """Return the probability of joint questions: every target of a field, most groups of a document.

    Parameters
    ----------
    verdicts, attained : pandas.DataFrame
        As `judge_targets` and `attained_paths` return them.
    share : float
        The share of groups that "most" means; 0.8 of 25 groups is at least 20.

    Returns
    -------
    pandas.DataFrame
        document, question (`all` of a field, or `most` of the groups), field (`economic` is `ECONOMIC`), n
        (targets, or groups), wanted, n_assessed, lower and upper: the probability if everything not assessed
        is missed, and if it is all reached. They are equal if everything is assessed.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.verdicts import joint_chances
    >>> verdicts = pd.DataFrame({"id": ["a", "b", "c"], "document": "plan", "clause": ["1", "2", "3"],
    ...                          "field": ["tourism", "tourism", "culture"]})
    >>> attained = pd.DataFrame({"a": [True, True, False, False], "b": [True, False, True, False]})
    >>> joint_chances(verdicts, attained, share=0.6)[["question", "field", "n", "wanted", "lower", "upper"]]
      question     field  n  wanted  lower  upper
    0      all  economic  2       2   0.25   0.25
    1      all   tourism  2       2   0.25   0.25
    2      all   culture  1       1   0.00   1.00
    3     most            3       2   0.25   0.75
    """
    rows = [
        {"document": document, **row}
        for document, mine in verdicts.groupby("document", sort=False)
        for row in (*_fields(mine, attained), _most(mine, attained, share))
    ]
    columns = ["document", "question", "field", "n", "wanted", "n_assessed", "lower", "upper"]
    return pd.DataFrame(rows, columns=columns)


def _fields(verdicts: pd.DataFrame, attained: pd.DataFrame) -> Iterator[dict[str, Any]]:
    fields = {"economic": ECONOMIC, **{name: (name,) for name in verdicts["field"].unique()}}
    for field, members in fields.items():
        mine = verdicts[verdicts["field"].isin(members)]
        if mine.empty:
            continue
        assessed = [name for name in mine["id"] if name in attained]
        upper = float(attained[assessed].all(axis=1).mean())
        lower = upper if len(assessed) == len(mine) else 0.0
        yield {"question": "all", "field": field, "n": len(mine), "wanted": len(mine),
               "n_assessed": len(assessed), "lower": lower, "upper": upper}  # fmt: skip


def _most(verdicts: pd.DataFrame, attained: pd.DataFrame, share: float) -> dict[str, Any]:
    own = verdicts["clause"].where(verdicts["clause"] != "", verdicts["id"])
    reached: dict[str, list[pd.Series]] = {"lower": [], "upper": []}
    n_assessed = 0
    for _, ids in verdicts["id"].groupby(own, sort=False):
        known = [name for name in ids if name in attained]
        every = attained[known].all(axis=1)
        n_assessed += len(known) == len(ids)
        reached["upper"].append(every)
        reached["lower"].append(every & (len(known) == len(ids)))
    wanted = ceil(share * own.nunique() - 1e-9)
    chances = {
        name: float((pd.concat(parts, axis=1).sum(axis=1) >= wanted).mean())
        for name, parts in reached.items()
    }
    return {"question": "most", "field": "", "n": own.nunique(), "wanted": wanted, "n_assessed": n_assessed,
            **chances}  # fmt: skip
