"""Composition of the briefing's contents, from which the HTML page and the Word file are made.

All text is tagged (see `tagged_numbers`): each number in it has its key and value.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import groupby
from typing import Any
from urllib.parse import urlsplit

import pandas as pd

from ...core import OUTLOOKS, Forecast, Outcome, address_problem
from ...pipeline import (
    Project,
    Results,
    constants_used,
    find_successors,
    known_events,
    known_targets,
    met_counts,
    pages_used,
    successor_figures,
    weigh_doubts,
    years_needed,
)
from ...targets import OWN_PACE_YEARS
from ...verdicts import count_outlooks, group_verdicts
from ..figures.forecast import plot_forecast
from ..figures.style import draw
from ..figures.verdicts import plot_verdicts
from ..goals import who_leads
from ..language import count, day, document_name, name_shown, texts
from ..published import Cite, day_shown, figure_printed, period_shown
from ..sentences.boundary import describe_boundary
from ..sentences.constants import describe_constants
from ..sentences.doubt import describe_weighed, weighed_last
from ..sentences.results import describe_trajectory, headline
from ..sentences.track_record import describe_record
from ..sentences.verdicts import describe_met_counts, describe_needs, describe_verdicts, explain_reading
from ..tagged_numbers import plain, tag_quoted
from ..verdict_tables import verdicts_table
from .origins import bridges_used, citing, origins_of
from .parts import Box, Contents, Item, Row, Source, Subject, Table
from .scenario_items import scenario_items

ByScenario = dict[str, dict[str, Outcome]]
Scores = Mapping[str, pd.DataFrame]
Lines = Mapping[str, list[str]]


def compose(project: Project, results: Results, *, lang: str, scores: Scores | None = None) -> Contents:
    """Return the briefing's contents in one language.

    Parameters
    ----------
    project : Project
        The tables.
    results : Results
        The results of the run.
    lang : {"vi", "en"}
        Language.
    scores : mapping of str to pandas.DataFrame, optional
        Scores of forecasts of earlier years, by indicator (`evaluation.score_subjects`); described under the
        figure of those indicators.
    """
    params, words = results.params, texts(lang)["page"]
    area = _row(project.areas, params.area)
    pages, attained = pages_used(results), results.attained
    citable, uncited = pages[pages["cite_ok"] == "yes"], int((pages["cite_ok"] == "no").sum())
    cite, bridged, counts = citing(citable), bridges_used(project, results, lang), met_counts(project, params)
    successors, more = find_successors(project, params.area), _more(project, results, lang, scores or {})
    return Contents(
        lang=lang,
        title=words["title"].format(area=_capital(area[f"name_{lang}"])),
        as_of_line=words["as_of"].format(as_of=day(params.as_of, lang)),
        notices=describe_boundary(area, successors, params.as_of, lang=lang, bridged=bridged),
        boxes=_boxes(results.verdicts, attained, lang),
        met=describe_met_counts(counts, project.indicators, lang=lang),
        needed=describe_needs(results.verdicts, lang)
        if len(results.verdicts)
        else describe_verdicts(results.verdicts, lang),
        headlines=[_headline(project, results, indicator, lang, cite) for indicator in params.core],
        subjects=[_subject(project, results, name, lang, more, cite) for name in params.subjects],
        scenarios=scenario_items(project, results, lang),
        overview=_overview(project, results, lang),
        tables=[
            *(
                _verdicts_table(project, results, verdicts, lang, cite)
                for verdicts in _by_document(results.verdicts)
            ),
            *_successors_table(project, results, lang, bridged=bool(bridged)),
        ],
        reading=[*explain_reading(lang), *_constants(params.as_of, lang)],
        uncited=words["uncited"].format(n=count(uncited, lang, "sources.uncited")) if uncited else "",
        sources=[
            _source(page, place, lang) for place, page in enumerate(citable.to_dict("records"), start=1)
        ],
        origins=origins_of(results, counts),
    )


def _constants(as_of: date, lang: str) -> list[str]:
    return describe_constants(constants_used(as_of), as_of=as_of, lang=lang)


def _concept(project: Project, indicator: str) -> pd.Series:
    return _row(project.indicators, indicator)


def _row(table: pd.DataFrame, key: str) -> pd.Series:
    row: pd.Series = table.loc[key]  # type: ignore[assignment]  # ids are unique
    return row


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _by_document(verdicts: pd.DataFrame) -> list[pd.DataFrame]:
    return [verdicts[verdicts["document"] == document] for document in dict.fromkeys(verdicts["document"])]


def _boxes(verdicts: pd.DataFrame, attained: pd.DataFrame, lang: str) -> list[Box]:
    """Return one box per document, all with the same outlooks: plans without another level only if any is."""
    parts = [(mine, group_verdicts(mine, attained)) for mine in _by_document(verdicts)]
    plans = any((groups["status"] == "plan_only").any() for _, groups in parts)
    shown = [outlook for outlook in OUTLOOKS if plans or outlook != "plan_only"]
    return [_box(mine, groups, shown, lang) for mine, groups in parts]


def _box(verdicts: pd.DataFrame, groups: pd.DataFrame, shown: list[str], lang: str) -> Box:
    words, document = texts(lang)["page"], verdicts["document"].iloc[0]
    quoted = verdicts["printed"].ne("").any()
    kind = "box_groups" if len(groups) < len(verdicts) else "box_goals" if quoted else "box_found"
    form, past = words[kind], _past(verdicts)
    total = count(len(groups), lang, f"{document}.groups")
    counts = count_outlooks(groups["status"])
    return Box(
        form.format(n=total, document=document_name(document, lang)),
        [
            (
                outlook,
                words["outlooks_past" if past else "outlooks"][outlook],
                count(counts[outlook], lang, f"{document}.groups.{outlook}"),
            )
            for outlook in shown
        ],
    )


def _past(verdicts: pd.DataFrame) -> bool:
    """Return whether the years due of all targets that could be judged are over."""
    judged = verdicts[verdicts["latest_year"].notna() | verdicts["probability"].notna()]
    return len(judged) > 0 and bool(judged["overdue"].all())


def _own(results: Results, indicator: str) -> tuple[Outcome, pd.DataFrame]:
    verdicts = results.verdicts
    return results.outcomes[indicator], verdicts[verdicts["indicator_id"] == indicator]


def _headline(project: Project, results: Results, indicator: str, lang: str, cite: Cite) -> tuple[str, str]:
    outcome, verdicts = _own(results, indicator)
    concept = _concept(project, indicator)
    return name_shown(concept, lang), " ".join(headline(outcome, verdicts, concept, lang=lang, cite=cite))


def _subject(project: Project, results: Results, name: str, lang: str, more: Lines, cite: Cite) -> Subject:
    indicators = results.params.subjects[name]
    items = [_trajectory(project, results, indicator, lang, more, cite) for indicator in indicators]
    return Subject(str(texts(lang)["subjects"].get(name, name)), items)


def _more(project: Project, results: Results, lang: str, scores: Scores) -> Lines:
    """Return for each indicator what a doubted figure would move, and how earlier forecasts did."""
    params, told = results.params, {}
    weighed = weigh_doubts(project, params)
    for indicator, outcome in results.outcomes.items():
        told[indicator] = describe_weighed(weighed_last(weighed, indicator), project.indicators, lang=lang)
        if indicator in scores and isinstance(outcome, Forecast):
            concept = _concept(project, indicator)
            told[indicator] += describe_record(
                scores[indicator], concept, area=params.area, method=params.method, lang=lang
            )
    return told


def _trajectory(
    project: Project, results: Results, indicator: str, lang: str, more: Lines, cite: Cite
) -> Item:
    outcome, verdicts = _own(results, indicator)
    concept = _concept(project, indicator)
    title = name_shown(concept, lang)
    targets = known_targets(project, results.params, indicator)
    events = known_events(project, results.params, indicator)
    shown = {"lang": lang, "events": events, "verdicts": verdicts}
    drawn = outcome.observed is not None or targets  # an empty picture tells nothing
    picture = draw(plain(title), plot_forecast, outcome, targets, concept, **shown) if drawn else None
    tables = {"places": project.areas, "indicators": project.indicators}
    sentences = describe_trajectory(outcome, verdicts, concept, lang=lang, cite=cite, **tables)
    return Item(title, picture, [*sentences, *more[indicator]])


def _overview(project: Project, results: Results, lang: str) -> list[Item]:
    if results.verdicts.empty:
        return []
    title = str(texts(lang)["page"]["overview"])
    return [Item(title, draw(title, plot_verdicts, results.verdicts, project.indicators, lang=lang), [])]


def _verdicts_table(
    project: Project, results: Results, verdicts: pd.DataFrame, lang: str, cite: Cite
) -> Table:
    words, document = texts(lang)["page"], verdicts["document"].iloc[0]
    needed = years_needed(results.params)
    leads = who_leads(project, results.targets, lang)
    printed = verdicts_table(verdicts, project.indicators, needed=needed, lang=lang, cite=cite, leads=leads)
    inferred = (verdicts["sense_inferred"] == "yes") & (verdicts["sense"] == "at_least")
    notes = [words["stars"], *([words["senses"]] if inferred.any() else [])]
    if not verdicts["overdue"].all():
        notes += [words["paces"].format(years=count(OWN_PACE_YEARS, lang, "own_pace.years"))]
    numbered = verdicts.loc[verdicts["clause"] != "", "clause"]
    notes += [words["rule_groups"]] if numbered.duplicated().any() else []
    rows = zip(verdicts["clause"], verdicts["status"], printed.to_numpy().tolist(), strict=True)
    return Table(
        words["table_title"].format(document=document_name(document, lang)),
        list(printed.columns),
        [row for _, group in groupby(rows, key=lambda row: row[0] or object()) for row in _rows(list(group))],
        notes,
    )


def _rows(group: list[tuple[str, str, list[str]]]) -> Iterator[Row]:
    for place, (_, status, cells) in enumerate(group):
        outlook = next(name for name, statuses in OUTLOOKS.items() if status in statuses)
        yield Row(cells[0], len(group) if place == 0 else 0, cells[1:], outlook)


def _successors_table(project: Project, results: Results, lang: str, *, bridged: bool) -> list[Table]:
    figures = successor_figures(project, results.params, results.verdicts["indicator_id"].unique())
    if figures.empty:
        return []
    words, heads = texts(lang)["boundary"], texts(lang)["table"]
    rows = [
        Row(_capital(row["name"]), 1, _figure_cells(project, row, place, lang))
        for place, row in enumerate(figures.rename(columns={f"name_{lang}": "name"}).to_dict("records"))
    ]
    columns = ["area", "indicator", "period", "value", "kind", "published"]
    return [
        Table(
            words["table"],
            [heads[name] for name in columns],
            rows,
            [words["apart_but" if bridged else "apart"]],
        )
    ]


def _figure_cells(project: Project, row: dict[Any, Any], place: int, lang: str) -> list[str]:
    concept = project.indicators.loc[row["indicator_id"]]
    key = f"{row['area']}.{row['indicator_id']}.{row['period']}.{place}"
    value = figure_printed(row["value"], row["unit"], lang, bound=row["bound"], key=key)
    stock = str(concept["nature"]) == "stock"
    period = period_shown(row["period"], row["freq"], lang, through=row["through"], stock=stock)
    kind, dated = texts(lang)["kinds"][row["kind"]], day_shown(row["published"], lang)
    return [name_shown(concept, lang), tag_quoted(period, f"{key}.period"), value, kind, dated]


def _source(page: dict[Any, Any], place: int, lang: str) -> Source:
    host = urlsplit(page["source_url"]).netloc.removeprefix("www.")
    key = f"sources.{place}"
    return Source(
        tag_quoted(page["source_title"], key),
        "" if address_problem(page["source_url"]) else page["source_url"],
        tag_quoted(host, f"{key}.host"),
        day_shown(page["published"], lang),
    )
