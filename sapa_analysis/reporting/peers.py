"""An area beside its peers in words: the table of shares of the base year, and one sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from .language import count, quantity, texts

#: Fewer peers than this with a figure of one year are no class to stand beside.
LEAST = 3


def peers_table(shares: pd.DataFrame, indicator: pd.Series, *, lang: str = "vi") -> pd.DataFrame:
    """Return the shares of the base year by place and year as a table for print.

    Parameters
    ----------
    shares : pandas.DataFrame
        As `pipeline.peer_shares` returns them; it may be empty.
    indicator : pandas.Series
        Its row of `indicators.csv`.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    pandas.DataFrame
        Text in every cell: the place, its figure of the base year, and the percentage of it in every other
        year; an estimate and a bound in words, a star where a figure was derived, blank without a figure.

    Examples
    --------
    >>> from sapa_analysis.pipeline import assess_indicator, open_project, peer_shares
    >>> from sapa_analysis.reporting import peers_table
    >>> project, params = open_project(as_of="2023-06-30")
    >>> visits = assess_indicator(project, params.with_values(n_paths=100), "tourist_arrivals")
    >>> concept = project.indicators.loc["tourist_arrivals"]
    >>> table = peers_table(peer_shares(project, visits), concept, lang="en")
    >>> table[["Place", "2019", "2021", "2022"]].iloc[[0, 4]].to_numpy().tolist()
    [['Sa Pa town', '3.5 million visits', '', 'over 69%'],
     ['Kiên Giang province', '8.78 million visits', 'about 36%*', 'estimate 86%']]
    """
    words, unit, decimals = texts(lang)["peers"], str(indicator["unit"]), int(indicator["decimals"])
    years = sorted(set(shares["year"]) - set(shares["base_year"]))
    rows = []
    for _, mine in shares.groupby(["place", "counting"], sort=False):
        first = mine.iloc[0]
        cells = {str(row["year"]): _share(row, lang) for row in mine.to_dict("records")}
        base = quantity(first["base"], unit, decimals, lang)
        rows.append(
            {words["place"]: first[f"name_{lang}"], str(first["base_year"]): base}
            | {str(year): cells.get(str(year), "") for year in years}
        )
    return pd.DataFrame(rows)


def _share(row: Mapping[Any, Any], lang: str, key: str = "") -> str:
    words = texts(lang)
    return str(words["peers"]["share"]).format(
        estimate=words["peers"]["estimate"] if row["estimate"] else "",
        bound=words["bounds"][row["bound"]],
        share=quantity(row["share"], "percent", 0, lang, key=key),
        derived="*" if row["derived"] else "",
    )


def describe_peers(shares: pd.DataFrame, *, lang: str = "vi") -> list[str]:
    """Return where the area stood among its peers in the latest year in which both have figures.

    Parameters
    ----------
    shares : pandas.DataFrame
        As `pipeline.peer_shares` returns them; it may be empty.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    list of str
        One sentence, its numbers tagged; none where no year after the base has the area and three peers.

    Examples
    --------
    >>> from sapa_analysis.pipeline import assess_indicator, open_project, peer_shares
    >>> from sapa_analysis.reporting import describe_peers, plain
    >>> project, params = open_project(as_of="2023-06-30")
    >>> visits = assess_indicator(project, params.with_values(n_paths=100), "tourist_arrivals")
    >>> print(*plain(describe_peers(peer_shares(project, visits), lang="en")))
    In 2022 Sa Pa town had over 69% of its level of 2019. The 5 other places with a figure had from 49%
    (Ninh Bình province) to 157% (Hà Giang province), the middle one 98%; each counts in its own way.
    """
    later = shares[shares["year"] > shares["base_year"]]
    for year, rows in sorted(later.groupby("year"), reverse=True):
        own, others = rows[rows["own"].astype(bool)], rows[~rows["own"].astype(bool)]
        if len(own) and len(others) >= LEAST:
            return [_told(int(str(year)), own.iloc[0], others.sort_values("share"), lang)]
    return []


def _told(year: int, own: pd.Series, others: pd.DataFrame, lang: str) -> str:
    key, name = f"peers.{year}", f"name_{lang}"
    ends = {"lowest": others.iloc[0], "highest": others.iloc[-1]}
    shown = {end: quantity(row["share"], "percent", 0, lang, key=f"{key}.{end}") for end, row in ends.items()}
    shown |= {f"{end}_place": str(row[name]) for end, row in ends.items()}
    middle = quantity(others["share"].median(), "percent", 0, lang, key=f"{key}.middle")
    return str(texts(lang)["peers"]["told"]).format(
        year=year,
        base=own["base_year"],
        area=own[name],
        own=_share(own.to_dict(), lang, f"{key}.{own['place']}"),
        n=count(len(others), lang, f"{key}.n"),
        middle=middle,
        **shown,
    )
