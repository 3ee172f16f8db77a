"""Sentences about the track record: how forecasts of earlier years would have performed."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ...core import THIN_YEARS
from ..language import count, level_shown, percent, texts

Row = dict[str, Any]


def describe_record(
    scores: pd.DataFrame, indicator: pd.Series, *, area: str, method: str = "headline", lang: str = "vi"
) -> list[str]:
    """Return sentences on the performance of a method in an area one to three years ahead.

    Parameters
    ----------
    scores : pandas.DataFrame
        As `evaluation.track_scores` returns them.
    indicator : pandas.Series
        Its row of `indicators.csv`.
    area : str
        An id of `areas.csv`.
    method : str
        The method described; it is compared with `naive` if the table has both.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    list of str
        Up to three sentences; outcomes of fewer than five years are described as too few.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.reporting import describe_record, plain
    >>> scores = pd.DataFrame({"area": "sa_pa", "ahead": "all", "method": ["headline", "naive"],
    ...                        "made": 12, "first": 2014, "last": 2019, "years": 6, "held_80": 9,
    ...                        "n_scaled": 12, "MASE": [1.2, 1.5]})
    >>> indicator = pd.Series({"indicator_id": "tourist_arrivals"})
    >>> print(*plain(describe_record(scores, indicator, area="sa_pa", lang="en")))
    Back-test: made at the end of each year from 2014 to 2019, from what was published then, forecasts one
    to three years ahead that can be compared with an actual figure: 12 (different years: 6). Their 80%
    intervals held 9 of the outcomes; about 10 if they were what they say. On the 12 that both ways could
    make, the mean error was 80% of that of leaving the last level as it is.
    """
    words = texts(lang)["track_record"]
    mine = scores[(scores["area"] == area) & (scores["ahead"] == "all")]
    rows: dict[str, Row] = mine.set_index("method").to_dict("index")  # type: ignore[assignment]
    if method not in rows:
        return [str(words["none"])]
    row, key = rows[method], f"{indicator['indicator_id']}.{area}.track"
    shown = {
        "n": count(int(row["made"]), lang, f"{key}.made"),
        "held": count(int(row["held_80"]), lang, f"{key}.held_80"),
        "expected": count(round(0.8 * row["made"]), lang, f"{key}.expected_80"),
        "years": count(int(row["years"]), lang, f"{key}.years"),
    }
    span = {"first": int(row["first"]), "last": int(row["last"]), "level": level_shown(80, lang)}
    told = [str(words["made"]).format(**shown, **span), *_compared(rows, method, key, lang)]
    return [*told, *([str(words["few"])] if row["years"] < THIN_YEARS else [])]


def _compared(rows: dict[str, Row], method: str, key: str, lang: str) -> list[str]:
    """Return the mean error relative to `naive`, if enough cases are common to both."""
    row, naive = rows[method], rows.get("naive", rows[method])
    if naive is row or row["n_scaled"] < THIN_YEARS or not naive["MASE"] > 0:
        return []
    shown = {
        "n": count(int(row["n_scaled"]), lang, f"{key}.compared"),
        "ratio": percent(row["MASE"] / naive["MASE"], lang, f"{key}.ratio"),
    }
    return [str(texts(lang)["track_record"]["compared"]).format(**shown)]
