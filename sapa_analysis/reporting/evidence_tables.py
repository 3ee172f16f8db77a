"""Tables of the evidence for print: observations, coverage, events, conflicts, weights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ..core import YearlySeries, days_of, printable
from ..evidence import is_office
from .language import (
    indicator_name,
    number,
    quantity,
    texts,
)
from .office import end_sign, named, place_told
from .tagged_numbers import capital

#: Mark of a figure of another definition, in tables as in pictures.
_APART = "+"


def observations_table(observations: pd.DataFrame, *, lang: str = "vi") -> pd.DataFrame:
    """Return published figures as a table for print: value as printed, period, kind, date, grade, source.

    Parameters
    ----------
    observations : pandas.DataFrame
        Rows of the evidence, one per statement or page.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    pandas.DataFrame
        Text in every cell, the newest period last; `+` behind the kind marks another definition, and a word
        there a figure that is doubted, so not used by the series.

    Examples
    --------
    >>> from sapa_analysis.pipeline import open_project
    >>> from sapa_analysis.reporting import observations_table
    >>> project, params = open_project(as_of="2023-06-30")
    >>> said = project.as_of(params.as_of).statements
    >>> cover = said[(said["indicator_id"] == "forest_cover") & (said["area"] == "sa_pa")]
    >>> observations_table(cover, lang="en")[["Period", "Value", "Unit", "Kind", "Grade"]]
      Period  Value Unit      Kind Grade
    0   2005  49.81    %  actual +     B
    1   2015  66.02    %  actual +     B
    2   2022  66.53    %    actual     A
    """
    heads, words = texts(lang)["table"], texts(lang)
    ordered = by_period(observations)
    return pd.DataFrame(
        {
            heads["period"]: [_period(row, lang) for row in ordered.to_dict("records")],
            heads["value"]: [
                f"{words['bounds'][bound]}{_as_printed(value, lang)}"
                for bound, value in zip(ordered["bound"], ordered["value"], strict=True)
            ],
            heads["unit"]: [words["units"][unit] for unit in ordered["unit"]],
            heads["kind"]: [_kind(row, lang) for row in ordered.to_dict("records")],
            heads["published"]: [text or "–" for text in ordered["published"]],
            heads["grade"]: ordered["grade"].to_list(),
            heads["source"]: [printable(_source(row, lang)) for row in ordered.to_dict("records")],
        }
    )


def _source(row: Mapping[Any, Any], lang: str) -> str:
    """Return the page of a figure with its address; of the office its source and its cell."""
    title, url = str(row["source_title"]), str(row["source_url"])
    if is_office(url):
        place = place_told([row["where"]], lang) if row.get("where") else ""
        return f"{named(title, lang)} ({place})" if place else named(title, lang)
    return f"{title} <{url}>" if url else title


def by_period(observations: pd.DataFrame) -> pd.DataFrame:
    """Return published figures with the newest period last, of one period the newest page last."""
    dated = observations.sort_values("published", key=days_of, kind="stable")
    return dated.sort_values("period", kind="stable")


def _period(row: Mapping[Any, Any], lang: str) -> str:
    """Return a period as printed, with its cut-off date, or with a word if no page states the date."""
    if row["freq"] == "YTD" and "/" not in row["period"]:
        return str(texts(lang)["table"]["running"]).format(year=row["period"])
    return f"{row['period']} (→ {row['through']})" if row["through"] else str(row["period"])


def _kind(row: Mapping[Any, Any], lang: str) -> str:
    kind = str(texts(lang)["kinds"][row["kind"]])
    doubted = f", {texts(lang)['doubts']['mark']}" if row.get("doubt_en") else ""
    return f"{kind}{doubted} {_APART}" if row.get("definition") else kind + doubted


def _as_printed(value: float, lang: str) -> str:
    mark = texts(lang)["decimal"]
    text = number(value, 4, lang).rstrip("0")
    return text.removesuffix(mark)


def coverage_table(covered: pd.DataFrame, indicators: pd.DataFrame, *, lang: str = "vi") -> pd.DataFrame:
    """Return what has been published for each indicator as a table for print.

    Parameters
    ----------
    covered : pandas.DataFrame
        As `evidence.coverage` returns it.
    indicators : pandas.DataFrame
        As `load_indicators` returns them.
    lang : {"vi", "en"}
        Language.

    Examples
    --------
    >>> from sapa_analysis.evidence import coverage
    >>> from sapa_analysis.pipeline import open_project
    >>> from sapa_analysis.reporting import coverage_table
    >>> project, params = open_project(as_of="2023-06-30")
    >>> known = project.as_of(params.as_of)
    >>> covered = coverage(known, known.targets, area="sa_pa").loc[["forest_cover"]]
    >>> coverage_table(covered, project.indicators, lang="en").iloc[0].to_dict()
    {'Indicator': 'Forest cover', 'Targets': 1, 'Statements': 3, 'Pages': 2, 'Years with a figure': 3,
     'From': 2005, 'To': 2022, 'Best grade': 'A', 'Kinds': 'actual'}
    """
    heads, kinds = texts(lang)["evidence"]["columns"], texts(lang)["kinds"]
    columns = ["n_targets", "n_statements", "n_pages", "n_years", "first_year", "last_year", "best_grade"]
    table = covered[columns].astype(object).where(covered[columns].notna(), "")
    table.insert(0, "indicator", [indicator_name(indicators.loc[name], lang) for name in covered.index])
    table["kinds"] = [
        ", ".join(kinds[kind] for kind in filter(None, text.split(";"))) for text in covered["kinds"]
    ]
    return table.rename(columns=heads).reset_index(drop=True)


def events_table(events: pd.DataFrame, *, lang: str = "vi") -> pd.DataFrame:
    """Return events as a table for print: date as known, name, what happened, when and where published.

    Parameters
    ----------
    events : pandas.DataFrame
        Rows of `core.Events`, as `pipeline.known_events` returns them.
    lang : {"vi", "en"}
        Language.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.reporting import events_table
    >>> opened = {"date": "2014-09-21", "name_en": "Expressway opens", "event": "Hanoi in 3.5 hours",
    ...           "published": "2014", "source_url": ""}
    >>> events_table(pd.DataFrame([opened]), lang="en").iloc[0].tolist()
    ['2014-09-21', 'Expressway opens', 'Hanoi in 3.5 hours', '2014', '']
    """
    heads, own = texts(lang)["evidence"]["columns"], texts(lang)["table"]
    ordered = events.sort_values("date", kind="stable")
    columns = {heads["date"]: "date", heads["event"]: f"name_{lang}"}
    columns |= {heads["happened"]: "event_vi" if lang == "vi" else "event"}
    columns |= {own["published"]: "published", own["source"]: "source_url"}
    return pd.DataFrame({head: ordered[column].to_list() for head, column in columns.items()})


def conflicts_table(
    conflicts: pd.DataFrame,
    indicator: pd.Series,
    *,
    observed: YearlySeries | None = None,
    lang: str = "vi",
) -> pd.DataFrame:
    """Return the years in which figures disagree as a table for print.

    Parameters
    ----------
    conflicts : pandas.DataFrame
        As `series.find_conflicts` returns them; it may be empty.
    indicator : pandas.Series
        Its row of `indicators.csv`.
    observed : YearlySeries, optional
        Their series: by it a lowest or highest figure that only the office gives has its sign.
    lang : {"vi", "en"}
        Language.

    Examples
    --------
    >>> from sapa_analysis.pipeline import build_area, open_project
    >>> from sapa_analysis.reporting import conflicts_table
    >>> from sapa_analysis.series import find_conflicts
    >>> project, params = open_project(as_of="2023-06-30")
    >>> visits = build_area(project, params.with_values(n_paths=100))["sa_pa"]["tourist_arrivals"]
    >>> table = conflicts_table(find_conflicts(visits), project.indicators.loc["tourist_arrivals"], lang="en")
    >>> table[["Year", "Lowest", "Highest", "Difference"]]
       Year              Lowest             Highest Difference
    0  2019  3.2 million visits  3.5 million visits       9.4%
    """
    heads, unit, decimals = (
        texts(lang)["evidence"]["columns"],
        str(indicator["unit"]),
        int(indicator["decimals"]),
    )
    rows = [
        {
            heads["year"]: row["year"],
            **{
                heads[name]: quantity(row[name], unit, decimals, lang)
                + (end_sign(observed, row["year"], row[name]) if observed is not None else "")
                for name in ("lowest", "highest")
            },
            heads["used"]: quantity(row["used"], unit, decimals, lang),
            heads["n_statements"]: row["n_statements"],
            heads["difference"]: quantity(row["difference"], row["difference_unit"], 1, lang),
        }
        for row in conflicts.to_dict("records")
    ]
    return pd.DataFrame(rows)


def weights_table(observations: pd.DataFrame, indicator: pd.Series, *, lang: str = "vi") -> pd.DataFrame:
    """Return the weight and residual of each statement in the series as a table for print.

    Parameters
    ----------
    observations : pandas.DataFrame
        As in `YearlySeries`.
    indicator : pandas.Series
        Its row of `indicators.csv`.
    lang : {"vi", "en"}
        Language.

    Examples
    --------
    >>> from sapa_analysis.pipeline import assess_indicator, open_project
    >>> from sapa_analysis.reporting import weights_table
    >>> project, params = open_project(as_of="2023-06-30")
    >>> cover = assess_indicator(project, params.with_values(n_paths=100), "forest_cover").observed
    >>> table = weights_table(cover.observations, project.indicators.loc["forest_cover"], lang="en")
    >>> table[["Period", "Value", "Grade", "Weight", "Chance to be wrong"]]
      Period   Value Grade Weight Chance to be wrong
    0   2022  66.53%     A   1.00                 8%
    """
    heads, own = texts(lang)["evidence"]["columns"], texts(lang)["table"]
    unit, decimals = str(indicator["unit"]), int(indicator["decimals"])
    used = observations[observations["used"]].sort_values(["year", "period"], kind="stable")
    rows = [
        {
            own["period"]: _period(row, lang),
            own["value"]: quantity(row["value"], row["unit"], 4, lang),
            own["grade"]: row["grade"],
            heads["implied"]: quantity(row["implied"], unit, decimals, lang) if row["basis"] else "",
            heads["weight"]: number(row["weight"], 2, lang),
            heads["residual"]: number(row["residual"], 1, lang),
            heads["wrong"]: f"{number(100 * row['wrong'], 0, lang)}%",
        }
        for row in used.to_dict("records")
    ]
    return pd.DataFrame(rows)


def definitions_table(
    definitions: pd.DataFrame, observations: pd.DataFrame, *, lang: str = "vi"
) -> pd.DataFrame:
    """Return the other definitions that some figures follow as a table for print, each with its reason.

    Parameters
    ----------
    definitions : pandas.DataFrame
        As `load_definitions` returns them.
    observations : pandas.DataFrame
        Rows of the evidence with `definition`, such as those of one indicator of an area.
    lang : {"vi", "en"}
        Language.

    Examples
    --------
    >>> from sapa_analysis.pipeline import load_project
    >>> from sapa_analysis.reporting import definitions_table
    >>> project = load_project().as_of("2023-06-30")
    >>> cover = project.evidence.query("indicator_id == 'forest_cover' and area == 'sa_pa'")
    >>> definitions_table(project.definitions, cover, lang="en").iloc[0, [0, 2]].tolist()
    ['Map overlay of a study', 'printed on the page']
    """
    heads, words = texts(lang)["evidence"]["columns"], texts(lang)["evidence"]
    counts = observations["definition"].value_counts()
    used = definitions[definitions["definition"].isin(counts.index)]
    rows = [
        {
            heads["definition"]: capital(row[f"name_{lang}"]),
            heads["n_figures"]: int(counts[row["definition"]]),
            heads["basis"]: words["definition_basis"][row["basis"]],
            heads["reason"]: row[f"reason_{lang}"],
            texts(lang)["table"]["source"]: printable(f"{row['source_title']} <{row['source_url']}>"),
        }
        for row in used.to_dict("records")
    ]
    return pd.DataFrame(rows)
