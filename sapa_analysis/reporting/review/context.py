"""The context of a review: what happened in the term, told by kind, as far as it was known on the day."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import pandas as pd

from ...evidence import EVERY
from ...pipeline import Project, Results, lineage
from ..language import count, day
from ..paper.model import Block, Paragraph
from ..published import day_shown
from ..scenario_changes import inside
from ..tagged_numbers import tag_quoted
from .said import headed, left_blank, term_of, words_of

#: The kinds of events under each heading, in the order in which they are told.
SIDES = {
    "favourable": ("standing", "access", "reopening"),
    "unfavourable": ("epidemic", "disaster"),
    "boundary": ("boundary",),
}
#: Most events in one sentence.
MOST = 4
#: How complete a date is, by its length.
_DATES = {4: "year", 7: "month", 10: "day"}


def context_part(project: Project, results: Results, lang: str) -> list[Block]:
    """Return the part on the context: favourable, unfavourable, and changes of the boundary.

    Of the events of the area and of those above it the part tells those in the years of the term that bear on
    a core indicator or on one with a target, and that were known on the day. Of more than `MOST` of one kind
    it tells those that bear on most core indicators.
    """
    words, term = words_of("context", lang), term_of(project, results)
    events = chosen_events(project, results)
    blocks: list[Block] = []
    if term:
        as_of = day(results.params.as_of, lang)
        blocks.append(Paragraph(words["intro"].format(first=term[0], last=term[1], as_of=as_of)))
    told = {side: _told(events, kinds, lang) for side, kinds in SIDES.items()}
    sides = [side for side in SIDES if told[side] or side in words["blank"]]
    for side, heading in zip(sides, headed([words["sides"][side] for side in sides], lang), strict=True):
        blocks += [heading, *([Paragraph(" ".join(told[side]))] if told[side] else [])]
        blocks += [left_blank(words["blank"][side])] if side in words["blank"] else []
    rule = words["rule"].format(most=count(MOST, lang, "context.most"))
    return [*blocks, Paragraph(rule, "note")] if len(events) else blocks


def chosen_events(project: Project, results: Results) -> pd.DataFrame:
    """Return the events that the part tells, in the order of time; of one kind, day and area the first."""
    params, term = results.params, term_of(project, results)
    known = project.as_of(params.as_of).events
    if term is None or known.empty:
        return known.iloc[:0]
    judged = {*params.core, *(target.indicator_id for target in results.targets)}
    affected = [set(text.split(";")) for text in known["indicator_affected"]]
    core = [len(params.core) if EVERY in names else len(names & set(params.core)) for names in affected]
    bears = pd.Series([bool(names & {EVERY, *judged}) for names in affected], known.index)
    years = known["date"].str[:4].astype(int)
    mine = known["area"].isin(lineage(project, params.area)) & years.between(*term) & bears
    rows = known.assign(core=core)[mine].drop_duplicates(["date", "area", "kind"])
    first = rows.sort_values("core", ascending=False, kind="stable").groupby(["kind", _heads(rows)])
    kept: pd.DataFrame = first.head(MOST).sort_values(["date", "area"], kind="stable")
    return kept


def _told(events: pd.DataFrame, kinds: Sequence[str], lang: str) -> list[str]:
    return [line for kind in kinds for line in _sentences(events[events["kind"] == kind], kind, lang)]


def _heads(events: pd.DataFrame) -> pd.Series:
    """Return by which of its names an event is joined with others: what stands before a colon, or blank."""
    names: pd.Series = events["name_vi"]
    return names.str.extract("^([^:]*):", expand=False).fillna("").astype(str)


def _sentences(events: pd.DataFrame, kind: str, lang: str) -> Iterator[str]:
    """Yield the sentence of a kind, or one for each named event of it."""
    form = str(words_of("context", lang)["kinds"][kind])
    if events.empty:
        return
    if "{heading}" not in form:
        yield form.format(events=_joined(events, lang))
        return
    for _, rows in events.groupby(_heads(events), sort=False):
        heading = str(rows[f"name_{lang}"].iloc[0]).partition(":")[0]
        named = tag_quoted(heading, f"event.{heading}")
        yield form.format(heading=named, events=_joined(rows, lang))


def _joined(events: pd.DataFrame, lang: str) -> str:
    """Return what happened, each after its day; a day that stands before is not said again."""
    words, told, last = words_of("context", lang), [], ""
    for _, row in events.iterrows():
        date = str(row["date"])
        form = words["same_day"] if date == last else words["dates"][_DATES[len(date)]]
        told.append(form.format(what=_what(row, lang), day=day_shown(date, lang)))
        last = date if len(date) == len("YYYY-MM-DD") else ""
    return "; ".join(told)


def _what(event: pd.Series, lang: str) -> str:
    """Return what happened, without the name of the event with which its words begin."""
    text = str(event["event_vi" if lang == "vi" else "event"])
    heading, colon, _ = str(event[f"name_{lang}"]).partition(":")
    if colon:
        text = re.sub(rf"^{re.escape(heading)}( \([^)]*\))?: ", "", text)
    if text.startswith("The "):
        text = inside(text)
    return tag_quoted(text, f"event.{event['date']}.{event['area']}.{lang}")
