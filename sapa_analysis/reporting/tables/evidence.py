"""Tables of the evidence for print: observations, coverage, events, other definitions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import pandas as pd

from ...core import days_of, parse_period, printable, term_years, years_text
from ...evidence import is_office
from ..language import indicator_name, number, texts
from ..office import named, place_told
from ..published import day_shown, figure_printed, period_shown
from ..tagged_numbers import capital


def observations_table(observations: pd.DataFrame, *, lang: str = "vi") -> pd.DataFrame:
    """Return published figures as a table for print: period, value as printed, kind, grade, date, source.

    Parameters
    ----------
    observations : pandas.DataFrame
        Rows of the evidence, one per statement or page.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    pandas.DataFrame
        Text in every cell, the newest period last. Behind the kind stands in words if a figure follows
        another definition, or is doubted and so not used by the series. A source is `title <address>`.

    Examples
    --------
    >>> from sapa_analysis.pipeline import open_project
    >>> from sapa_analysis.reporting import observations_table
    >>> project, params = open_project(as_of="2023-06-30")
    >>> said = project.as_of(params.as_of).statements
    >>> cover = said[(said["indicator_id"] == "forest_cover") & (said["area"] == "sa_pa")]
    >>> observations_table(cover, lang="en")[["Period", "Value", "Kind", "Grade"]]
      Period   Value                        Kind Grade
    0   2005  49.81%  actual, another definition     B
    1   2015  66.02%  actual, another definition     B
    2   2022  66.53%                      actual     A
    """
    heads = texts(lang)["table"]
    rows = [
        {
            heads["period"]: period_cell(row, lang),
            heads["value"]: figure_printed(row["value"], str(row["unit"]), lang, bound=str(row["bound"])),
            heads["kind"]: _kind(row, lang),
            heads["grade"]: row["grade"],
            heads["published"]: day_shown(row["published"], lang) or "–",
            heads["source"]: printable(source_cell(row, lang)),
        }
        for row in by_period(observations).to_dict("records")
    ]
    names = ("period", "value", "kind", "grade", "published", "source")
    return pd.DataFrame(rows, columns=[heads[name] for name in names])


def source_cell(row: Mapping[Any, Any], lang: str) -> str:
    """Return the page of a figure with its address; of the office its source and its cell."""
    title, url = str(row["source_title"]), str(row["source_url"])
    if is_office(url):
        place = place_told([row["where"]], lang) if row.get("where") else ""
        return f"{named(title, lang)} ({place})" if place else named(title, lang)
    return _linked(title, url)


def _linked(title: str, address: str) -> str:
    """Return a page with its address, which `show` makes a link."""
    return f"{title} <{address}>" if address else title


def _site(address: str) -> str:
    return urlsplit(address).netloc.removeprefix("www.")


def by_period(observations: pd.DataFrame) -> pd.DataFrame:
    """Return published figures with the period that ends last at the end, of one end the newest page last."""
    ends = [span(*row)[1] for row in observations[["period", "freq"]].itertuples(index=False)]
    dated = observations.assign(end=ends).sort_values("published", key=days_of, kind="stable")
    return dated.sort_values("end", kind="stable").drop(columns="end")


def span(period: str, freq: str) -> tuple[date, date]:
    """Return the first and the last day of a period; a running count is known by its year alone.

    Examples
    --------
    >>> [str(day) for day in span("2022-01/2022-09", "YTD")], str(span("2012", "YTD")[1])
    (['2022-01-01', '2022-09-30'], '2012-12-31')
    """
    if freq == "TERM":
        years = term_years(period)
        return date(years[0], 1, 1), date(years[-1], 12, 31)
    found = parse_period(period, "A" if period.isdigit() else freq)
    return found.start, found.end


def period_cell(row: Mapping[Any, Any], lang: str) -> str:
    """Return a period in words: its days, its months, or the years that it holds."""
    if row["freq"] == "TERM":
        return years_text(term_years(row["period"]))
    if row["freq"] == "EVENT":
        return "–".join(day_shown(day, lang) for day in str(row["period"]).split("/"))
    return period_shown(str(row["period"]), str(row["freq"]), lang, through=str(row["through"]))


def _kind(row: Mapping[Any, Any], lang: str) -> str:
    words = texts(lang)
    said = [words["kinds"][row["kind"]]]
    said += [words["doubts"]["mark"]] if row.get("doubt_en") else []
    return ", ".join([*said, words["evidence"]["apart"]] if row.get("definition") else said)


def coverage_table(covered: pd.DataFrame, indicators: pd.DataFrame, *, lang: str = "vi") -> pd.DataFrame:
    """Return what has been published for each indicator as a table for print, the best known first.

    Parameters
    ----------
    covered : pandas.DataFrame
        As `evidence.coverage` returns it.
    indicators : pandas.DataFrame
        As `load_indicators` returns them.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    pandas.DataFrame
        Text in every cell; indicators without any figure are left out: `missing_table` has them.

    Examples
    --------
    >>> from sapa_analysis.evidence import coverage
    >>> from sapa_analysis.pipeline import open_project
    >>> from sapa_analysis.reporting import coverage_table
    >>> project, params = open_project(as_of="2023-06-30")
    >>> known = project.as_of(params.as_of)
    >>> covered = coverage(known, known.targets, area="sa_pa").loc[["forest_cover", "trained_labour"]]
    >>> coverage_table(covered, project.indicators, lang="en").iloc[:, 1:].to_numpy().tolist()
    [['Environment', '1', '3', '2', '3 (2005–2022)', 'A']]
    """
    heads, words = texts(lang)["evidence_page"]["coverage"], texts(lang)["fields"]
    found = covered[covered["n_statements"] > 0]
    ordered = found.sort_values(["n_statements", "n_targets"], ascending=False, kind="stable")
    rows = [
        {
            heads["indicator"]: indicator_name(indicators.loc[row["indicator_id"]], lang),
            heads["field"]: words[row["field"]],
            **{heads[name]: number(row[name], 0, lang) for name in ("n_targets", "n_statements", "n_pages")},
            heads["years"]: _years(row, lang),
            heads["best_grade"]: row["best_grade"],
        }
        for row in ordered.rename_axis("indicator_id").reset_index().to_dict("records")
    ]
    return pd.DataFrame(rows, columns=list(heads.values()))


def missing_table(covered: pd.DataFrame, indicators: pd.DataFrame, *, lang: str = "vi") -> pd.DataFrame:
    """Return which indicators with a target have no published figure as a table for print, by field.

    Parameters
    ----------
    covered : pandas.DataFrame
        As `evidence.coverage` returns it.
    indicators : pandas.DataFrame
        As `load_indicators` returns them.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    pandas.DataFrame
        Text in every cell: the field, how many of its indicators with a target have no figure, and which;
        the field that lacks most first.

    Examples
    --------
    >>> from sapa_analysis.evidence import coverage
    >>> from sapa_analysis.pipeline import open_project
    >>> from sapa_analysis.reporting import missing_table
    >>> project, params = open_project(as_of="2023-06-30")
    >>> known = project.as_of(params.as_of)
    >>> covered = coverage(known, known.targets, area="sa_pa")
    >>> missing_table(covered, project.indicators, lang="en").iloc[-1].tolist()
    ['Tourism', '1 of 5', 'Production value of tourism']
    """
    words, rows = texts(lang)["evidence_page"]["missing_figures"], []
    goals = covered[covered["n_targets"] > 0]
    for field, own in goals.groupby("field", sort=False):
        lacking = own.index[own["n_statements"] == 0].astype(str)
        names = [indicator_name(pd.Series(indicators.loc[name]), lang) for name in lacking]
        share = words["share"].format(n=number(len(names), 0, lang), of=number(len(own), 0, lang))
        if names:
            rows.append((len(names), texts(lang)["fields"][field], share, "; ".join(names)))
    cells = [cells for _, *cells in sorted(rows, key=lambda row: -row[0])]
    return pd.DataFrame(cells, columns=[words[name] for name in ("field", "n", "names")])


def _years(row: Mapping[Any, Any], lang: str) -> str:
    """Return how many years have a figure of the whole year, and from when to when."""
    if not row["n_years"]:
        return ""
    first, last = int(row["first_year"]), int(row["last_year"])
    span = f"{first}–{last}" if first < last else f"{first}"
    return f"{number(row['n_years'], 0, lang)} ({span})"


def events_table(events: pd.DataFrame, *, lang: str = "vi") -> pd.DataFrame:
    """Return events as a table for print: date as known, name, what happened, when and where published.

    Parameters
    ----------
    events : pandas.DataFrame
        Rows of `core.Events`, as `pipeline.known_events` returns them.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    pandas.DataFrame
        Text in every cell, the earliest first; a source is `site <address>`.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.reporting import events_table
    >>> opened = {"date": "2014-09-21", "name_en": "Expressway opens", "event": "Hanoi in 3.5 hours",
    ...           "published": "2014", "source_url": ""}
    >>> events_table(pd.DataFrame([opened]), lang="en").iloc[0].tolist()
    ['21/9/2014', 'Expressway opens', 'Hanoi in 3.5 hours', '2014', '']
    """
    heads, own = texts(lang)["evidence"]["columns"], texts(lang)["table"]
    rows = [
        {
            heads["date"]: day_shown(str(row["date"]), lang),
            heads["event"]: row[f"name_{lang}"],
            heads["happened"]: row["event_vi" if lang == "vi" else "event"],
            own["published"]: day_shown(str(row["published"]), lang),
            own["source"]: _linked(_site(str(row["source_url"])), row["source_url"]),
        }
        for row in events.sort_values("date", kind="stable").to_dict("records")
    ]
    names = [*(heads[name] for name in ("date", "event", "happened")), own["published"], own["source"]]
    return pd.DataFrame(rows, columns=names)


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
            heads["n_figures"]: number(counts[row["definition"]], 0, lang),
            heads["basis"]: words["definition_basis"][row["basis"]],
            heads["reason"]: capital(row[f"reason_{lang}"]),
            texts(lang)["table"]["source"]: printable(_linked(row["source_title"], row["source_url"])),
        }
        for row in used.to_dict("records")
    ]
    return pd.DataFrame(rows)
