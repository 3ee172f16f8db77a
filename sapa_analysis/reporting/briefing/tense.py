"""Whether what could be judged is ahead or past, so that nothing past the deadline speaks before it."""

from __future__ import annotations

import pandas as pd


def assessed(verdicts: pd.DataFrame) -> pd.DataFrame:
    """Return the verdicts with a word."""
    return verdicts[verdicts["status"] != "not_assessed"] if len(verdicts) else verdicts


def tense_of(verdicts: pd.DataFrame) -> str:
    """Return `ahead`, `past` or `mixed`: whether the years due of what could be judged have ended."""
    judged = assessed(verdicts)
    over = (
        (judged if len(judged) else verdicts)["overdue"].astype(bool) if len(verdicts) else pd.Series([False])
    )
    return "past" if over.all() else "mixed" if over.any() else "ahead"
