"""Three small pictures side by side: the first indicator of each of the first three subjects."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ...pipeline import Project, Results, known_targets
from ..figures.running import shows_running
from ..figures.small import plot_small
from ..figures.style import draw
from ..language import name_shown, texts
from ..office import SIGN, holds_own, instead
from ..paper.model import Block, Figure, Paragraph, Picture, Strip
from ..tagged_numbers import plain
from ..target_row import TargetRow
from .names import indicator_inside, row_of
from .tense import assessed, tense_of

#: Pictures side by side.
MOST_PICTURES = 3
_BLANK = Picture("", "", b"")


def pictured(results: Results) -> list[str]:
    """Return the indicators that have a picture."""
    first = [indicators[0] for indicators in results.params.subjects.values() if indicators]
    drawn = [name for name in first if _drawn(results, name)]
    return drawn[:MOST_PICTURES]


def _drawn(results: Results, indicator: str) -> bool:
    outcome = results.outcomes.get(indicator)
    judged = results.verdicts["indicator_id"].eq(indicator).any() if len(results.verdicts) else False
    return outcome is not None and (outcome.observed is not None or bool(judged))


def goal_told(verdicts: pd.DataFrame, indicator: str) -> pd.DataFrame:
    """Return the verdict that a picture tells, in a table: of the nearest year ahead, or of the last year."""
    mine = verdicts[verdicts["indicator_id"] == indicator] if len(verdicts) else verdicts
    mine = assessed(mine) if len(assessed(mine)) else mine
    if mine.empty:
        return mine
    ahead = mine[~mine["overdue"].astype(bool)]
    return ahead.sort_values("end", kind="stable").head(1) if len(ahead) else mine.sort_values("end").tail(1)


def pictures(
    project: Project, results: Results, rows: Mapping[str, TargetRow], lang: str, *, drawn: bool = True
) -> list[Block]:
    """Return what the marks of the pictures mean, and these in a strip; none where nothing can be drawn.

    Where they are not drawn yet, only their lines are there.
    """
    figures = tuple(_figure(project, results, name, rows, lang, drawn=drawn) for name in pictured(results))
    past = tense_of(results.verdicts) == "past"
    framed = any(holds_own(results.outcomes[name].observed) for name in pictured(results))
    name = "key_past" if past else "key"
    key = instead(f"pictures_{name}", texts(lang)["brief"]["pictures"][name], lang, own=framed)
    if any(shows_running(results.outcomes[name]) for name in pictured(results)):
        key = f"{key} {texts(lang)['picture_marks']['key_running']}"
    return [Paragraph(key, "note"), Strip(figures)] if figures else []


def _figure(
    project: Project,
    results: Results,
    indicator: str,
    rows: Mapping[str, TargetRow],
    lang: str,
    *,
    drawn: bool,
) -> Figure:
    told = goal_told(results.verdicts, indicator)
    lines = _lines(rows[told["id"].iloc[0]], lang) if len(told) else ()
    if not drawn:
        return Figure(_BLANK, "", "", lines)
    concept = row_of(project.indicators, indicator)
    verdicts = results.verdicts[results.verdicts["indicator_id"] == indicator]
    targets, title = known_targets(project, results.params, indicator), name_shown(concept, lang)
    words = texts(lang)["brief"]["pictures"]
    outcome = results.outcomes[indicator]
    kind = "alt_past" if tense_of(verdicts) == "past" else "alt"
    alt = instead(kind, words[kind], lang, own=holds_own(outcome.observed)).format(
        name=indicator_inside(concept, lang)
    )
    picture = draw(plain(title), plot_small, outcome, targets, concept, lang=lang,
                   verdicts=verdicts)  # fmt: skip
    return Figure(picture, "", alt, lines)  # the figure names itself


def _lines(row: TargetRow, lang: str) -> tuple[str, ...]:
    words = texts(lang)["brief"]["pictures"]
    form = instead("pictures_latest", words["latest"], lang, own=SIGN in row.latest)
    latest = form.format(latest=row.latest, when=row.latest_when)
    goal = str(words["goal"]).format(due=row.due, goal=row.goal, word=row.short)
    return (latest if row.latest else str(words["no_latest"]), goal)
