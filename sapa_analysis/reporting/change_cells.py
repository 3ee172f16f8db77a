"""Words for one changed target: what it is about, its judgements and its middles, then and now."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ..core import FROM_WORST, THIN_YEARS, last_year_ended
from ..pipeline import Changes
from .goals import due
from .language import (
    IN_MILLIONS,
    document_name,
    indicator_name,
    number,
    percent_in_steps,
    texts,
    unit_ending,
)
from .scenario_changes import sign
from .tagged_numbers import tag, tag_quoted

#: Causes of a change, the most telling first.
CAUSES = ("data", "horizon", "target", "method")
#: What the columns of a side of a changed judgement begin with.
_PREFIXES = {"old": "old_", "anew": "method_", "new": ""}
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Middle:
    """The middle of a target at the edition and now, with its parts by cause, as numbers and in words.

    `known` tells whether a result has taken the place of the forecast; `main` is the cause of the largest
    part. The parts in words sum to the change in words, and so do their values as numbers.
    """

    before: float
    after: float
    known: bool
    main: str
    text_before: str
    text_after: str
    text_change: str
    parts: dict[str, str]


def verdict_of(changes: Changes, target: str) -> pd.Series:
    """Return the verdict of a target."""
    verdicts = changes.results.verdicts
    return verdicts.iloc[verdicts["id"].tolist().index(target)]


def about(changes: Changes, target: str, lang: str) -> str:
    """Return what a target is about and when it is due, with its document where two say the same."""
    words, verdict = texts(lang)["changes"], verdict_of(changes, target)
    verdicts = changes.results.verdicts
    same = (verdicts["indicator_id"] == verdict["indicator_id"]) & (verdicts["end"] == verdict["end"])
    name = indicator_name(pd.Series(changes.project.indicators.loc[verdict["indicator_id"]]), lang)
    return str(words["about_of" if same.sum() > 1 else "about"]).format(
        name=tag_quoted(name, f"{verdict['indicator_id']}.name.{lang}"),
        due=due(verdict, lang),
        document=document_name(str(verdict["document"]), lang),
    )


def changed_on_paper(changes: Changes) -> list[Row]:
    """Return the changed judgements whose word on paper changed too, in the order of the verdicts."""
    rows = []
    for row in changes.judgements.to_dict("records"):
        said = {str(name): value for name, value in row.items()}
        said["n_years"] = verdict_of(changes, str(row["target"]))["n_years"]
        if _status(said, "old") != _status(said, "new"):
            rows.append(said)
    return rows


def _status(row: Row, side: str) -> str:
    """Return the status for a paper: on few figures it is never stronger than `unlikely`."""
    prefix = _PREFIXES[side]
    few = row[f"{prefix}status"] == "very_unlikely" and row[f"{prefix}n_years"] < THIN_YEARS
    return "unlikely" if few else str(row[f"{prefix}status"])


def method_moved(row: Row) -> bool:
    """Return whether the method of today alone gives another word for the day of the edition."""
    return bool(row.get("method_status")) and _status(row, "anew") != _status(row, "old")


def is_by_method(row: Row) -> bool:
    """Return whether the method alone changed the word on paper."""
    return row["cause"] == "method" or (method_moved(row) and _status(row, "anew") == _status(row, "new"))


def is_worse(row: Row) -> bool:
    """Return whether a target is judged worse now than by the same method at the edition."""
    told = [_status(row, "anew" if method_moved(row) else "old"), _status(row, "new")]
    return "not_assessed" not in told and FROM_WORST.index(told[1]) < FROM_WORST.index(told[0])


def judgement_of(changes: Changes, target: str) -> Row:
    """Return the judgement of a target at the edition and now, the same where none changed."""
    found = changes.judgements[changes.judgements["target"] == target]
    verdict = verdict_of(changes, target)
    now = {name: verdict[name] for name in ("status", "overdue", "n_years")}
    if found.empty:
        past = int(verdict["end"]) <= last_year_ended(changes.since)
        old = {"old_status": now["status"], "old_overdue": past, "old_n_years": now["n_years"]}
        return {"target": target, **now, **old}
    return {**{str(name): value for name, value in found.iloc[0].items()}, **now}


def word(row: Row, side: str, lang: str, *, short: bool = False) -> str:
    """Return the word of a judgement at the edition (`old`) or now (`new`), or that of tables; tagged.

    On side `anew` it is what the method of today says of the day of the edition.
    """
    status, words = _status(row, side), texts(lang)
    over = row["overdue" if side == "new" else "old_overdue"] and status in words["overdue"]
    ahead, past = (
        (words["short"], words["short_overdue"]) if short else (words["changes"]["words"], words["overdue"])
    )
    said = past[status] if over else ahead[status]
    return tag(str(said), f"changes.judgements.{row['target']}.{side}", status, "judgement")


def chance(changes: Changes, row: Row, side: str, lang: str) -> str:
    """Return the chance behind a word in steps of five points; blank where a result is known or none is."""
    part = "before" if side == "old" else "after"
    told = _told(changes, row["target"], "probability")
    status = _status(row, side)
    if part not in told or status in ("met", "missed", "plan_only", "not_assessed"):
        return ""
    if status != row["old_status" if side == "old" else "status"]:
        return ""
    return percent_in_steps(told[part] / 100, lang, f"changes.moves.{row['target']}.probability.{part}")


def _told(changes: Changes, target: str, statistic: str) -> dict[str, float]:
    mine = changes.moves[(changes.moves["target"] == target) & (changes.moves["statistic"] == statistic)]
    known = mine[mine["value"].notna()]
    return {str(part): float(value) for part, value in zip(known["part"], known["value"], strict=True)}


def middles(changes: Changes, lang: str) -> dict[str, Middle]:
    """Return the middles that are known of both days, by target, in the order of the verdicts."""
    moved = set(changes.moves["target"].tolist())
    told = [name for name in changes.results.verdicts["id"].tolist() if name in moved]
    return {name: _middle(changes, str(name), lang) for name in told}


def _middle(changes: Changes, target: str, lang: str) -> Middle:
    verdict, values = verdict_of(changes, target), _told(changes, target, "expected")
    known = str(verdict["status"]) in ("met", "missed")
    decimals = int(changes.project.indicators.loc[verdict["indicator_id"], "decimals"])
    size, places, unit = _digits(verdict, values, decimals, known=known)
    key, own = f"changes.moves.{target}.expected", str(verdict["unit"])
    steps = {name: value / size * 10.0**places for name, value in values.items()}
    ends = {name: round(steps[name]) for name in ("before", "after")}
    causes = [name for name in CAUSES if name in steps]
    shared = share_out([steps[name] for name in causes], ends["after"] - ends["before"])

    def level(name: str) -> str:
        shown = number(ends[name] / 10.0**places, max(places, 0), lang) + unit_ending(unit, lang)
        return tag(shown, f"{key}.{name}", values[name], own)

    def move(name: str, n: int) -> str:
        shown = n / 10.0**places
        return tag(sign(shown, places, lang), f"{key}.{name}", round(shown * size, 9), own)

    return Middle(
        values["before"],
        values["after"],
        known,
        max(causes, key=lambda name: abs(values[name])),
        level("before"),
        level("after"),
        move("change", ends["after"] - ends["before"]),
        {name: move(name, n) for name, n in zip(causes, shared, strict=True)},
    )


def _digits(
    verdict: pd.Series, values: dict[str, float], decimals: int, *, known: bool
) -> tuple[float, int, str]:
    """Return divisor, decimals and unit of a middle: a tenth of its band, and of itself, at the finest."""
    levels = [abs(values["before"]), abs(values["after"])]
    in_millions = verdict["unit"] == "visits" and max(levels) >= IN_MILLIONS
    size, most, unit = (1e6, 2, "million_visits") if in_millions else (1.0, decimals, str(verdict["unit"]))
    spread = 0.0 if known else float(verdict["upper_80"] - verdict["lower_80"])
    steps = [part / size / 10 for part in (spread, levels[1]) if part > 0]
    return size, min(most, -math.floor(math.log10(min(steps)))) if spread > 0 else most, unit


def share_out(parts: Sequence[float], total: int) -> list[int]:
    """Return whole numbers near some parts that sum to a total near their sum.

    Examples
    --------
    >>> from sapa_analysis.reporting.change_cells import share_out
    >>> share_out([1.4, 1.4, -0.6], 2), share_out([2.5, 0.0], 3)
    ([1, 1, 0], [3, 0])
    """
    whole = [round(part) for part in parts]
    while (missing := total - sum(whole)) and whole:
        step = 1 if missing > 0 else -1
        rest = [(part - n) * step for part, n in zip(parts, whole, strict=True)]
        place = rest.index(max(rest))
        whole[place] += step
    return whole
