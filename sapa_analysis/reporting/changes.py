"""What changed since the last edition, in lines for a briefing; the table for a review comes through here.

`changes_since` and `Changes` are those of the pipeline: composers take all from here.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from ..evidence import is_office
from ..pipeline import Changes as Changes
from ..pipeline import changes_since as changes_since
from .change_cells import about, changed_on_paper, is_by_method, is_worse, method_moved, middles, word
from .change_table import changes_table as changes_table
from .language import count, day, indicator_name, texts
from .new_figures import figures_told, is_own
from .new_figures import new_figures_table as new_figures_table
from .published import Cite
from .scenario_changes import inside
from .tagged_numbers import plain, tag_quoted

#: Families of keys of these texts, and where such a number comes from.
KEYS = {
    "changes.judgements": "the judgement of a target now, or at the earlier edition, as the register has it",
    "changes.moves": "a middle forecast or chance now or at the earlier edition, or a part of its change by "
    "cause; the parts sum to the change",
    "changes.figures": "a figure published since the earlier edition; the key holds its row of the evidence",
    "changes.counts": "a count of targets or figures that changed since the earlier edition",
}
#: Causes in the order in which they are told; the method comes last, in one line for all.
_ORDER = ("result", "data", "target", "horizon")
#: A middle that moved by less than this share is not told.
_MOVED = 0.05
#: Names in the line on the method.
_NAMES = 3


def changes_title(changes: Changes, lang: str) -> str:
    """Return the heading above what changed: since when."""
    return str(texts(lang)["changes"]["title"]).format(since=day(changes.since, lang))


def describe_changes(changes: Changes, lang: str, most: int = 5, *, cite: Cite | None = None) -> list[str]:
    """Return what changed since the last edition in a few lines for leaders, tagged.

    First the results that came in, and the judgements that changed because of new figures, a restated target
    or the time that passed, the core before the rest; then one line for all that a corrected method changed.
    Where the method moved a word first and something else then moved it on, the line tells both steps.
    Where lines are left, the new figures of the area are counted, and the middles are told that moved most
    without another judgement. The list is never empty.

    Parameters
    ----------
    changes : Changes
        As `changes_since` returns them.
    lang : {"vi", "en"}
        Language.
    most : int
        Lines at most, 2 or more.
    cite : callable, optional
        Returns the mark of the page of a figure, as of a verdict's.
    """
    rows = changed_on_paper(changes)
    by_method = [row["target"] for row in rows if is_by_method(row)]
    others = [row for row in rows if row["target"] not in by_method]
    lines = _judged_lines(changes, sorted(others, key=lambda row: _place(changes, row)), lang, cite)
    last = _methods(changes, [row for row in rows if row["target"] in by_method], lang)
    if len(lines) + len(last) < most:
        last += _figures(changes, lang)
    room = most - len(last)
    if len(lines) > room:
        rest = count(len(lines) - room + 1, lang, "changes.counts.more")
        lines = [*lines[: room - 1], str(texts(lang)["changes"]["more"]).format(n=rest)]
    lines += _moved(changes, lang)[: room - len(lines)]
    return [*lines, *last] or [str(texts(lang)["changes"]["nothing"])]


def _place(changes: Changes, row: dict[str, Any]) -> tuple[int, bool]:
    """Return the place of a changed judgement: by cause, the core first."""
    return _ORDER.index(row["cause"]), row["indicator_id"] not in changes.results.params.core


def _judged_lines(changes: Changes, rows: list[dict[str, Any]], lang: str, cite: Cite | None) -> list[str]:
    """Return the line of each target whose judgement changed; one after the other repeats no figures."""
    lines, before = [], ""
    for row in rows:
        told = _by_what(changes, row, lang, cite)
        lines.append(_judged(changes, row, told, lang, again=plain(told) == before != ""))
        before = plain(told)
    return lines


def _by_what(changes: Changes, row: dict[str, Any], lang: str, cite: Cite | None) -> str:
    """Return the new figures behind a changed judgement; blank where something else caused it."""
    if row["cause"] not in ("result", "data"):
        return ""
    more, worse = row["cause"] == "data", is_worse(row)
    own = more and is_own(changes, row["target"], row["indicator_id"])
    return figures_told(
        changes, row["target"], row["indicator_id"], lang, rest=more, cite=cite, no_attaining=worse, own=own
    )


def _judged(changes: Changes, row: dict[str, Any], told: str, lang: str, *, again: bool) -> str:
    """Return the line of a target whose judgement changed, with what caused it."""
    words = texts(lang)["changes"]
    own = bool(told) and row["cause"] == "data" and is_own(changes, row["target"], row["indicator_id"])
    form = texts(lang)["office"]["by_figures"] if own else words["by_figures"]
    cause = form.format(figures=told) if told else words["causes"][row["cause"]]
    if again:
        cause = words["by_the_same"]
    form = "judged" if row["cause"] != "result" else "result" if told else "result_alone"
    sides = ["old", "new"]
    if form == "judged" and method_moved(row):
        form, sides = "two_steps", ["old", "anew", "new"]
    said = {side: word(row, side, lang) for side in sides}
    return str(words[form]).format(
        about=about(changes, row["target"], lang), cause=cause, figures=told, **said
    )


def _methods(changes: Changes, rows: list[dict[str, Any]], lang: str) -> list[str]:
    """Return the line on the judgements that a corrected method changed, if there are any."""
    if not rows:
        return []
    names = [about(changes, row["target"], lang) for row in rows[:_NAMES]]
    form = texts(lang)["changes"]["methods" if len(rows) <= _NAMES else "methods_more"]
    n = count(len(rows), lang, "changes.counts.method")
    return [str(form).format(n=n, names="; ".join(names))]


def _figures(changes: Changes, lang: str) -> list[str]:
    """Return the line that counts the new figures of the area by indicator, if there are any."""
    words, figures = texts(lang)["changes"], changes.figures
    mine = figures[(figures["area"] == changes.results.params.area) & (figures["change"] == "added")]
    if mine.empty:
        return []
    counts = mine["indicator_id"].value_counts(sort=False)
    names = [
        words["name_count"].format(
            name=_name(changes, str(name), lang), n=count(int(n), lang, f"changes.counts.{name}")
        )
        for name, n in counts.items()
    ]
    n = count(len(mine), lang, "changes.counts.figures")
    line = str(words["figures"]).format(n=n, names="; ".join(names))
    own = int(mine["source_url"].map(is_office).sum())
    if own:
        told = count(own, lang, "changes.counts.own")
        line = f"{line} {texts(lang)['office']['new_figures'].format(n=told)}"
    return [line]


def _name(changes: Changes, indicator: str, lang: str) -> str:
    row = pd.Series(changes.project.indicators.loc[indicator])
    return tag_quoted(inside(indicator_name(row, lang)), f"{indicator}.name.{lang}")


def _moved(changes: Changes, lang: str) -> list[str]:
    """Return lines on the middles that moved most while the judgement stayed, the largest move first."""
    words, found = texts(lang)["changes"], []
    judged = set(changes.judgements["target"])
    for target, middle in middles(changes, lang).items():
        share = abs(middle.after - middle.before) / abs(middle.before) if middle.before else 0.0
        if target in judged or middle.known or share < _MOVED or middle.text_before == middle.text_after:
            continue
        line = words["moved"].format(
            about=about(changes, target, lang), old=middle.text_before, new=middle.text_after,
            cause=words["causes"][middle.main],
        )  # fmt: skip
        found.append((share, line))
    return [line for _, line in sorted(found, key=lambda pair: -pair[0])]
