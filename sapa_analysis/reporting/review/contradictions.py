"""Figures that contradict each other or their documents, in a few lines."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from ...core import YearlySeries
from ...evidence import is_doubted
from ...pipeline import Project, Results, check_papers, weigh_doubts
from ...series import find_conflicts
from ..language import name_shown
from ..office import end_sign, has_own, sign_of
from ..published import figure_printed, period_shown
from ..sentences.documents import describe_consistency
from ..sentences.doubt import describe_weighed, weighed_last
from ..subject import indicator_row
from ..tagged_numbers import tag_quoted
from .said import paper_named, term_of, words_of


def contradictions(project: Project, results: Results, lang: str) -> list[str]:
    """Return what should be settled: doubted figures, years with two figures, goals that do not fit."""
    first = (term_of(project, results) or (0, 0))[0] - 1  # the year before a term is what it is measured by
    lines: list[str] = []
    for indicator, outcome in results.outcomes.items():
        if outcome.observed is not None and len(outcome.observed.observations):
            concept = indicator_row(indicator, project.indicators)
            observed = outcome.observed
            lines += [*_doubted(observed, concept, first, lang), *_disputed(observed, concept, first, lang)]
    return [*lines, *_weighed(project, results, lang), *_tensions(project, results, lang)]


def _weighed(project: Project, results: Results, lang: str) -> list[str]:
    """Return what each doubted figure would move if it were used, of the goals due last."""
    weighed = weigh_doubts(project, results.params)
    last = [weighed_last(weighed, name) for name in dict.fromkeys(weighed["indicator_id"])]
    names = project.indicators
    as_of = results.params.as_of
    return [
        line
        for mine in last
        for line in describe_weighed(mine, names, lang=lang, named=paper_named, as_of=as_of)
    ]


def _doubted(observed: YearlySeries, concept: pd.Series, first: int, lang: str) -> Iterator[str]:
    form, seen = words_of("contradictions", lang)["doubted"], observed.observations
    mine = seen[is_doubted(seen) & (seen["indicator_id"] == observed.indicator_id)]
    for _, row in mine[mine["period"].str[-4:].astype(int) >= first].iterrows():
        key = f"{observed.indicator_id}.{row['period']}"
        when = period_shown(str(row["period"]), str(row["freq"]), lang)
        value = figure_printed(
            row["value"], str(row["unit"]), lang, bound=str(row["bound"]), key=f"{key}.published"
        ) + sign_of(row["source_url"])
        yield str(form).format(
            name=name_shown(concept, lang),
            value=value,
            when=when if row["freq"] == "A" else tag_quoted(when, f"{key}.published.period"),
            reason=tag_quoted(str(row[f"doubt_{lang}"]), f"{key}.doubt.{lang}"),
        )


def _disputed(observed: YearlySeries, concept: pd.Series, first: int, lang: str) -> Iterator[str]:
    form = words_of("contradictions", lang)["disputed"]
    found = find_conflicts(observed)
    for row in found[found["year"] >= first].to_dict("records"):
        key = f"{observed.indicator_id}.{row['year']}"
        ends = {
            end: figure_printed(row[end], observed.unit, lang, key=f"{key}.{end}")
            + end_sign(observed, row["year"], row[end])
            for end in ("lowest", "highest")
        }
        yield str(form).format(name=name_shown(concept, lang), year=row["year"], **ends)


def _tensions(project: Project, results: Results, lang: str) -> Iterator[str]:
    """Yield of each check of the documents the first that does not fit."""
    found = check_papers(project, results.params)
    if found.empty:
        return
    odd = found[found["finding"] != "consistent"].drop_duplicates("check")
    table = describe_consistency(
        odd, project.indicators, relations=project.relations, lang=lang, own=has_own(results)
    )
    form = words_of("contradictions", lang)["tension"]
    for papers, told in zip(odd["documents"], table.itertuples(index=False), strict=True):
        named = ", ".join(paper_named(name, lang) for name in papers.split(";"))
        yield str(form).format(check=told[0], documents=named, why=told[-1])
