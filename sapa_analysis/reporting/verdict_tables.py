"""Counts of verdicts as tables for print: groups by word, groups by band of completion, joint questions."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ..core import STATUSES
from ..verdicts import BANDS, count_bands
from .language import chance_shown, document_name, texts


def groups_table(groups: pd.DataFrame, *, lang: str = "vi") -> pd.DataFrame:
    """Return how many groups of each document stand where, as a table for print.

    Parameters
    ----------
    groups : pandas.DataFrame
        As `group_verdicts` returns them.
    lang : {"vi", "en"}
        Language.
    """
    counts = pd.crosstab(groups["status"], groups["document"]).reindex(STATUSES).dropna(how="all")
    return _worded(counts.fillna(0).astype(int), texts(lang)["status"], lang)


def bands_table(groups: pd.DataFrame, *, lang: str = "vi") -> pd.DataFrame:
    """Return how many groups of each document have been completed how far, as Vietnamese reports count them.

    Parameters
    ----------
    groups, lang
        As in `groups_table`.
    """
    counts = {name: count_bands(mine["completion"]) for name, mine in groups.groupby("document", sort=False)}
    return _worded(pd.DataFrame(counts, index=list(BANDS)), texts(lang)["bands"], lang)


def _worded(counts: pd.DataFrame, words: Mapping[str, str], lang: str) -> pd.DataFrame:
    named = counts.set_axis([document_name(str(name), lang) for name in counts.columns], axis=1)
    return named.set_axis([words[str(name)] for name in counts.index]).rename_axis(None)


def joint_table(chances: pd.DataFrame, *, lang: str = "vi") -> pd.DataFrame:
    """Return joint questions and their chances as a table for print.

    Parameters
    ----------
    chances : pandas.DataFrame
        As `joint_chances` returns them.
    lang : {"vi", "en"}
        Language.
    """
    words, heads = texts(lang)["sheet"], texts(lang)["table"]
    asked = {
        "all": lambda row: words["all"].format(field=texts(lang)["fields"][row["field"]]),
        "most": lambda row: words["most"].format(wanted=row["wanted"], n=row["n"]),
    }
    rows = [
        {
            heads["source"]: document_name(row["document"], lang),
            words["question"]: asked[row["question"]](row),
            words["n"]: row["n"],
            words["n_assessed"]: row["n_assessed"],
            words["chance"]: _bounds(row["lower"], row["upper"], lang),
        }
        for row in chances.to_dict("records")
    ]
    return pd.DataFrame(rows)


def _bounds(lower: float, upper: float, lang: str) -> str:
    low, high = (chance_shown(chance, lang) for chance in (lower, upper))
    return low if low == high else str(texts(lang)["sheet"]["between"]).format(lower=low, upper=high)
