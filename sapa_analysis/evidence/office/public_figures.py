"""What is public by a day, as a workbook shows it: one figure a year, the pages in its comment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from ...core import Target, days_of
from ..correction import DOUBTS
from ..vintage import known_by
from .layout import words
from .model import is_office
from .tables import Tables
from .written import day_text, figure_text, goal_text

#: Others of a year that a comment tells, the best first.
_MOST_OTHERS = 5


@dataclass(frozen=True)
class Shown:
    """A text of a cell that is public, and what its comment tells of it.

    Attributes
    ----------
    text : str
        As printed, with its bound.
    told : str
        The page, its address and date, and which other figures were published.
    row : str
        Id of the row of the evidence, or of the target.
    """

    text: str
    told: str
    row: str


def public_goals(tables: Tables, day: date) -> list[Target]:
    """Return the targets of the area that were known by a day, in their order."""
    mine = [t for t in tables.targets if t.area == tables.area and not is_office(t.source_url)]
    dates = pd.DataFrame({"published": [target.published for target in mine]}, dtype="str")
    return [mine[at] for at in known_by(dates, day).index]


def goal_told(goal: Target) -> Shown:
    """Return the goal of a target as printed, with the words and the page of its document."""
    told = words()["template"]["comment"]
    printed = [told["printed"].format(words=goal.printed)] if goal.printed else []
    lines = [*printed, *_page(goal.source_title, goal.source_url, goal.published, goal.cite_ok)]
    return Shown(goal_text(goal), "\n".join(lines), goal.id)


def public_figures(tables: Tables, indicators: Iterable[str], day: date) -> dict[tuple[str, int], Shown]:
    """Return the yearly figures of an area known by a day, by indicator and year.

    Where pages disagree the best is shown: one that no correction doubts, an outcome before an estimate, the
    better grade, the later page; the others stand in its comment.

    Parameters
    ----------
    tables : Tables
        The evidence and the area.
    indicators : iterable of str
        Ids of `indicators.csv`.
    day : datetime.date
        What was published by then counts.

    Examples
    --------
    >>> from datetime import date
    >>> import sapa_analysis as sapa
    >>> from sapa_analysis.evidence.office.public_figures import public_figures
    >>> from sapa_analysis.evidence.office.tables import Tables
    >>> project = sapa.pipeline.load_project()
    >>> tables = Tables(evidence=project.evidence, indicators=project.indicators, areas=project.areas,
    ...                 documents=project.documents, targets=project.targets, area="sa_pa")
    >>> public_figures(tables, ["tourist_arrivals"], date(2026, 1, 31))["tourist_arrivals", 2023].text
    'trên 3.680.000'
    """
    rows = yearly_figures(tables, day)
    rows = rows[rows["indicator_id"].isin([*indicators])]
    found = {}
    for (name, period), group in rows.groupby(["indicator_id", "period"], sort=False):
        best, *others = group.to_dict("records")
        found[str(name), int(str(period))] = Shown(figure_text(best), _told(best, others), str(best["id"]))
    return found


def yearly_figures(tables: Tables, day: date) -> pd.DataFrame:
    """Return the rows of whole years of the area known by a day, the best first."""
    rows = known_by(tables.evidence, day)
    rows = rows[~rows["source_url"].map(is_office).astype(bool)]
    rows = rows[(rows["area"] == tables.area) & (rows["freq"] == "A") & rows["value"].notna()]
    doubted = rows[DOUBTS["vi"]].fillna("") != "" if DOUBTS["vi"] in rows else False
    ranked = rows.assign(
        _doubted=doubted,
        _late=[-day.toordinal() for day in days_of(rows["published"])],
        _rough=rows["bound"] != "exact",
    )
    order = ["_doubted", "kind", "grade", "_late", "_rough", "source_url", "id"]
    return ranked.sort_values(order, kind="stable").drop(columns=["_doubted", "_late", "_rough"])


def _told(best: dict[Any, Any], others: list[dict[Any, Any]]) -> str:
    told = words()["template"]["comment"]
    lines = _page(*(str(best[name]) for name in ("source_title", "source_url", "published", "cite_ok")))
    if best["kind"] == "estimate":
        lines.insert(0, str(told["estimate"]).capitalize())
    if why := str(best.get(DOUBTS["vi"]) or ""):
        lines.append(told["doubt"].format(why=why))
    shown = figure_text(best)
    listed: list[tuple[str, str]] = []
    for other in others:
        text = figure_text(other)
        if text != shown and text not in [each for each, _ in listed]:
            title, known = str(other["source_title"]), day_text(str(other["published"]))
            listed.append((text, told["other"].format(figure=text, title=title, date=known)))
    if listed:
        lines += [told["others"], *(line for _, line in listed[:_MOST_OTHERS])]
    return "\n".join(lines)


def _page(title: str, address: str, published: str, cite_ok: str) -> list[str]:
    told = words()["template"]["comment"]
    lines = [told["page"].format(title=title), address, told["date"].format(date=day_text(published))]
    return [line for line in [*lines, told["not_cited"] if cite_ok == "no" else ""] if line]


def indicators_of(tables: Tables, goals: Iterable[Target], day: date) -> list[str]:
    """Return the indicators of goals, each once, in their order; without goals, those with yearly figures."""
    found = list(dict.fromkeys(goal.indicator_id for goal in goals))
    if found:
        return found
    published = set(yearly_figures(tables, day)["indicator_id"])
    return [str(name) for name in tables.indicators.index if name in published]
