"""The table of what changed since the last edition, for a review."""

from __future__ import annotations

from ..core import OUTLOOKS
from ..pipeline import Changes
from .change_cells import (
    CAUSES,
    Middle,
    about,
    chance,
    changed_on_paper,
    judgement_of,
    method_moved,
    middles,
    verdict_of,
    word,
)
from .language import day, texts
from .new_figures import figures_told
from .paper.model import Cell, Row, Table
from .published import Cite
from .tagged_numbers import plain

#: Relative widths: target, judgement, middle, change, part, figures.
_WIDTHS = {"target": 22.0, "judgement": 11.0, "middle": 7.5, "change": 6.0, "part": 6.0, "figures": 30.0}
#: Figures named in a row, before the rest is counted.
_FIGURES = 1
_NONE = "–"


def changes_table(changes: Changes, lang: str, *, cite: Cite | None = None) -> Table:
    """Return for a review what changed since the last edition, a row per target of the core or that changed.

    Columns are the target, its judgement then and now (with the chance in steps of five points), its middle
    then and now, the change and its parts by cause, which sum to it as printed, and the most telling new
    figure; `new_figures_table` has all with their pages. A cause that moved nothing has no column.

    Parameters
    ----------
    changes : Changes
        As `changes_since` returns them.
    lang : {"vi", "en"}
        Language.
    cite : callable, optional
        Returns the mark of the page of a figure, as of a verdict's; without it the site is named.
    """
    words, found = texts(lang)["changes"], middles(changes, lang)
    causes = [name for name in CAUSES if any(_moves(middle, name) for middle in found.values())]
    told = {row["target"] for row in changed_on_paper(changes)}
    core = set(changes.results.params.core)
    verdicts = changes.results.verdicts
    chosen = [
        str(name)
        for name, indicator in zip(verdicts["id"], verdicts["indicator_id"], strict=True)
        if name in told or (name in found and indicator in core)
    ]
    rows = tuple(_row(changes, name, found.get(name), causes, lang, cite) for name in chosen)
    return Table(
        name="changes",
        caption=str(words["title"]).format(since=day(changes.since, lang)),
        heads=_heads(causes, lang),
        rows=rows,
        widths=_widths(causes),
        notes=tuple(words["notes"].values()) if rows else (),
        dense=True,
        sheet=True,
    )


def _moves(middle: Middle, cause: str) -> bool:
    return plain(middle.parts.get(cause, "0")).strip("0,.") != ""


def _heads(causes: list[str], lang: str) -> tuple[Row, ...]:
    words = texts(lang)["changes"]["table"]

    def head(name: str, down: int = 1, across: int = 1) -> Cell:
        return Cell(words[name], down, across, align="middle", strong=True, shade="head")

    parts = [head("target_part" if name == "target" else name) for name in causes]
    over = [head("target", down=2), head("judgement", across=2), head("middle", across=3)]
    over += [head("parts", across=len(causes))] if causes else []
    under = [head("before"), head("after"), head("before"), head("after"), head("change"), *parts]
    return ((*over, head("figures", down=2)), tuple(under))


def _widths(causes: list[str]) -> tuple[float, ...]:
    parts = ["part"] * len(causes)
    names = ["target", "judgement", "judgement", "middle", "middle", "change", *parts, "figures"]
    whole = sum(_WIDTHS[name] for name in names)
    return tuple(_WIDTHS[name] / whole for name in names)


def _row(
    changes: Changes, target: str, middle: Middle | None, causes: list[str], lang: str, cite: Cite | None
) -> Row:
    row, indicator = judgement_of(changes, target), str(verdict_of(changes, target)["indicator_id"])
    figures = figures_told(
        changes, target, indicator, lang, most=_FIGURES, cite=cite, named="" if cite else "site"
    )
    judged = [_judged(changes, row, side, lang) for side in ("old", "new")]
    numbers = _numbers(middle, causes, lang)
    return (Cell(about(changes, target, lang)), *judged, *numbers, Cell(figures or _NONE))


def _judged(changes: Changes, row: dict[str, object], side: str, lang: str) -> Cell:
    said, share, words = word(row, side, lang, short=True), chance(changes, row, side, lang), texts(lang)
    if share:
        said = str(words["changes"]["chance"]).format(word=said, chance=share)
    if side == "old" and method_moved(row):
        anew = word(row, "anew", lang, short=True)
        said = str(words["changes"]["table"]["anew"]).format(word=said, anew=anew)
    status = str(row["old_status" if side == "old" else "status"])
    return Cell(said, shade=next((name for name, each in OUTLOOKS.items() if status in each), ""))


def _numbers(middle: Middle | None, causes: list[str], lang: str) -> list[Cell]:
    if middle is None:
        return [Cell(_NONE, align="right")] * (3 + len(causes))
    after = middle.text_after
    if middle.known:
        after = str(texts(lang)["changes"]["is_result"]).format(value=after)
    told = [
        middle.text_before,
        after,
        middle.text_change,
        *(middle.parts.get(name, _NONE) for name in causes),
    ]
    return [Cell(text, align="right") for text in told]
