"""Sentences about the track record: how forecasts of earlier years would have performed."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ...core import THIN_YEARS
from ..language import count, indicator_name, level_shown, number, percent, quantity, texts, unit_ending
from ..tagged_numbers import tag

Row = dict[str, Any]
#: The method that the one in use has to beat.
_NAIVE = "naive"
#: By whether the median was closer, and whether median and interval together were.
_CLOSER = {(True, True): "closer", (True, False): "closer_median", (False, True): "closer_band",
           (False, False): "no_closer"}  # fmt: skip


def describe_record(
    scores: pd.DataFrame,
    indicator: pd.Series,
    *,
    area: str,
    place: str,
    method: str = "headline",
    lang: str = "vi",
) -> list[str]:
    """Return in up to three sentences how right a method was in an area one year ahead.

    Parameters
    ----------
    scores : pandas.DataFrame
        As `evaluation.track_scores` returns them.
    indicator : pandas.Series
        Its row of `indicators.csv`.
    area : str
        An id of `areas.csv`.
    place : str
        Name of the area in the language.
    method : str
        The method described; it is compared with `naive` if the table has both.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    list of str
        How many outcomes the 80 % intervals held; the mean miss of the medians in the unit of the indicator,
        of amounts also in percent of the outcomes, and that of leaving the last figure as it is; which was
        closer by its medians and by WIS, or that outcomes of fewer than five years are too few. One sentence
        where none is known.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.reporting import describe_record, plain
    >>> scores = pd.DataFrame({"area": "sa_pa", "ahead": "1", "method": ["headline", "naive"], "made": 6,
    ...                        "first": 2014, "last": 2019, "years": 6, "held_80": 5, "n": 6,
    ...                        "own_miss": [3e5, 4e5], "own_actual": 2e6, "miss": [3e5, 4e5],
    ...                        "WIS": [0.8, 1.1]})
    >>> visits = pd.Series({"indicator_id": "tourist_arrivals", "name_en": "tourist arrivals",
    ...                     "unit": "visits", "decimals": 0, "scale": "log"})
    >>> print(*plain(describe_record(scores, visits, area="sa_pa", place="Sa Pa town", lang="en")))
    Tourist arrivals, Sa Pa town: 5 of 6 forecasts made one year ahead, at the end of 2014 to 2019, held the
    actual figure in their 80% interval; about 5 would be expected. The median missed it by 0.3 million visits
    on average (15% of the actual figures); leaving the last figure as it is would have missed by 0.4 million
    visits. So the method was closer than leaving the last figure as it is, by its median and by median and
    interval together.
    """
    words = texts(lang)["record_page"]["answer"]
    named = {"name": indicator_name(indicator, lang), "place": place}
    mine = scores[(scores["area"] == area) & (scores["ahead"] == "1")]
    rows: dict[str, Row] = mine.set_index("method").to_dict("index")  # type: ignore[assignment]
    if method not in rows:
        return [str(words["none"]).format(**named)]
    row, key = rows[method], f"{indicator['indicator_id']}.{area}.track"
    shown = {
        "n": count(int(row["made"]), lang, f"{key}.made"),
        "held": count(int(row["held_80"]), lang, f"{key}.held_80"),
        "expected": count(round(0.8 * row["made"]), lang, f"{key}.expected_80"),
    }
    form = "made" if row["made"] > 1 else "made_held" if row["held_80"] else "made_missed"
    span = {"first": int(row["first"]), "last": int(row["last"]), "level": level_shown(80, lang)}
    told = [str(words[form]).format(**named, **shown, **span), _missed(rows, method, indicator, key, lang)]
    return [*told, *_concluded(rows, method, key, lang)]


def _compared(rows: dict[str, Row], method: str) -> bool:
    return method != _NAIVE and _NAIVE in rows and rows[method]["n"] > 0


def _missed(rows: dict[str, Row], method: str, indicator: pd.Series, key: str, lang: str) -> str:
    """Return the mean miss, beside that of `naive` on the cases that all methods have."""
    row, words = rows[method], texts(lang)["record_page"]["answer"]
    shown = {"miss": miss_shown(row["own_miss"], indicator, lang, key=f"{key}.own_miss"), "share": ""}
    shown["average"] = str(words["average"]) if row["made"] > 1 else ""
    if indicator["scale"] == "log" and row["own_actual"] > 0:
        share = percent(row["own_miss"] / row["own_actual"], lang, f"{key}.own_share")
        shown["share"] = str(words["share"]).format(share=share)
    if not _compared(rows, method):
        return str(words["missed"]).format(**shown)
    shown["naive"] = miss_shown(rows[_NAIVE]["miss"], indicator, lang, key=f"{key}.naive_miss")
    if row["n"] == row["made"]:
        return str(words["missed_both"]).format(**shown)
    shown["mine"] = miss_shown(row["miss"], indicator, lang, key=f"{key}.miss")
    return str(words["missed_apart"]).format(**shown, n=count(int(row["n"]), lang, f"{key}.compared"))


def _concluded(rows: dict[str, Row], method: str, key: str, lang: str) -> list[str]:
    """Return which was closer, or that so few outcomes tell nothing."""
    row, words = rows[method], texts(lang)["record_page"]["answer"]
    if row["years"] < THIN_YEARS:
        return [str(words["few"]).format(years=count(int(row["years"]), lang, f"{key}.years"))]
    if not _compared(rows, method):
        return []
    if row["n"] < THIN_YEARS:
        return [str(words["few_compared"]).format(n=count(int(row["n"]), lang, f"{key}.compared"))]
    median, whole = (row[name] < rows[_NAIVE][name] for name in ("miss", "WIS"))
    return [str(words[_CLOSER[median, whole]])]


def miss_shown(miss: float, indicator: pd.Series, lang: str, *, key: str = "") -> str:
    """Return the distance of two values of an indicator in its unit, of a rate in percentage points.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.reporting.sentences.track_record import miss_shown
    >>> miss_shown(2.345, pd.Series({"unit": "percent", "decimals": 2}), "en")
    '2.35 percentage points'
    """
    unit, decimals = str(indicator["unit"]), int(indicator["decimals"])
    if unit != "percent":
        return quantity(miss, unit, decimals, lang, key=key)
    text = f"{number(miss, decimals, lang)}{unit_ending('percentage_points', lang)}"
    return tag(text, key, miss, "percentage_points") if key else text
