"""Table of doubted figures for print: what each would move if it were used."""

from __future__ import annotations

import pandas as pd

from ..language import texts
from ..sentences.doubt import is_settled, moved_parts
from ..tagged_numbers import plain


def weighed_table(weighed: pd.DataFrame, indicators: pd.DataFrame, *, lang: str = "vi") -> pd.DataFrame:
    """Return what each doubted figure would move if it were used as a table for print, the most moved first.

    Parameters
    ----------
    weighed : pandas.DataFrame
        As `pipeline.weigh_doubts` returns it; it may be empty.
    indicators : pandas.DataFrame
        As `load_indicators` returns them.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    pandas.DataFrame
        Text in every cell: the goal, the figure, then the middle of the forecast and the chance, each
        without the figure and with it; of a figure that settles the goal its word stands for the chance.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.pipeline import load_project
    >>> from sapa_analysis.reporting import weighed_table
    >>> goal = {"id": "congress-2020.grdp_growth", "document": "congress-2020", "sense": "at_least",
    ...         "indicator_id": "grdp_growth", "measure": "term_mean_growth", "value": 14.5,
    ...         "value_high": None, "unit": "percent", "start": 2021, "end": 2025}
    >>> row = goal | {"figure": "e0260", "of": "grdp_growth", "period": "2020/2025", "freq": "TERM",
    ...               "figure_value": 13.8, "figure_unit": "percent", "bound": "exact", "expected": 9.6,
    ...               "expected_with": 13.7, "probability": 0.001, "probability_with": 0.0,
    ...               "status_with": "very_unlikely"}
    >>> weighed_table(pd.DataFrame([row]), load_project().indicators, lang="en").iloc[0, 1:].tolist()
    ['13.8% (GRDP growth, average 2021–2025)', '9.6% → 13.7%', '<1% → 0%']
    """
    words = texts(lang)["evidence_page"]["weighed"]
    heads = [words[name] for name in ("goal", "figure", "forecast", "chance")]
    if weighed.empty:
        return pd.DataFrame(columns=heads)
    moved = (weighed["probability_with"].astype(float) - weighed["probability"].astype(float)).abs()
    ordered = weighed.loc[moved.fillna(1.0).sort_values(ascending=False, kind="stable").index]
    rows = []
    for _, row in ordered.iterrows():
        shown = {name: plain(text) for name, text in moved_parts(row, indicators, lang).items()}
        shown |= {"chance_with": shown["word"]} if is_settled(row) else {}
        cells = (words[f"{name}_cell"].format(**shown) for name in ("goal", "figure", "forecast", "chance"))
        rows.append(list(cells))
    return pd.DataFrame(rows, columns=heads)
