"""Phrases of a review about one goal: when, against which goal, what is needed, what was shown."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from ..language import number, points_shown, quantity, texts
from ..paces import own_is_slower
from ..published import completion_shown, period_shown, published_key
from ..tagged_numbers import plain, tag, tag_quoted
from .subjects import Aim

Words = dict[str, Any]


def words_of(lang: str) -> Words:
    """Return the words of a review."""
    return dict(texts(lang)["review"])


def joined(parts: Sequence[str], lang: str) -> str:
    """Return parts joined by commas, the last one by "and"."""
    if len(parts) < 2:
        return "".join(parts)
    first = ", ".join(parts[:-1])
    return str(words_of(lang)["joins"]["and"]).format(first=first, last=parts[-1])


def when(aim: Aim, indicator: pd.Series, lang: str) -> str:
    """Return when the figure was taken, to stand in a sentence: "năm 2022", "tính đến 23/12/2022"."""
    verdict, words = aim.verdict, words_of(lang)["when"]
    freq, stock = str(verdict["latest_freq"]) or "A", str(indicator["nature"]) == "stock"
    period = str(verdict["latest_period"]) or str(verdict["latest_year"])
    shown = period_shown(period, freq, lang, through=str(verdict["latest_through"]), stock=stock)
    if freq == "A":
        return str(words["year"]).format(period=shown)
    shown = tag_quoted(shown, f"{published_key(verdict)}.period")
    end = stock and freq not in ("TERM", "EVENT")
    form = "to" if verdict["latest_through"] else "end" if end else "months"
    return str(words[form]).format(period=shown)


def goal_named(aim: Aim, lang: str, *, with_goal: bool = True) -> str:
    """Return which goal is meant, with its value in brackets: "mục tiêu năm 2023 (118 triệu đồng)"."""
    words, row = words_of(lang)["goals"], aim.row
    over = aim.over
    name = aim.kind if aim.kind in ("congress", "plan", "statement") else "year"
    if over:
        name = f"congress_{over}" if aim.kind == "congress" else over
    start = int(aim.verdict["start"]) if over else ""
    named = str(words[name]).format(end=row.end, start=start)
    return str(words["with_goal"]).format(named=named, goal=aim.bare_goal) if with_goal else named


def goals_told(aims: Iterable[Aim], lang: str) -> str:
    """Return every goal with its value, joined."""
    form = str(words_of(lang)["goals"]["aims"])
    each = unlike(aims, lang)
    told = [form.format(named=goal_named(aim, lang, with_goal=False), goal=aim.bare_goal) for aim in each]
    return joined(told, lang)


def against(aims: Iterable[Aim], lang: str) -> str:
    """Return how the figure stands to each goal: in percent of amounts, in points beside rates."""
    words, shares, others, apart = words_of(lang)["against"], [], [], []
    for aim in unlike(aims, lang):
        goal, share = goal_named(aim, lang), share_of_goal(aim, lang)
        if share:
            shares.append(str(words["share_part"]).format(share=share, goal=goal))
        elif compared(aim):
            others.append(_in_points(aim, goal, lang))
        else:
            apart.append(aim)
    told = [str(words["share"]).format(parts=joined(shares, lang))] if shares else []
    told = [joined([*told, *others], lang)] if told or others else []
    told += [str(words["only"]).format(goals=goals_told(apart, lang))] if apart else []
    return ", ".join(told)


def unlike(aims: Iterable[Aim], lang: str) -> list[Aim]:
    """Return goals without those that read the same: several documents may set one."""
    return list({plain(goal_named(aim, lang)): aim for aim in reversed(list(aims))}.values())[::-1]


def is_rate(verdict: pd.Series) -> bool:
    """Return whether no percent of its goal is printed: a rate, a growth, or a goal to stay under."""
    return str(verdict["unit"]).startswith("percent") or verdict["sense"] in (
        "less_than", "at_most", "about", "between",
    )  # fmt: skip


def share_of_goal(aim: Aim, lang: str) -> str:
    """Return the figure in percent of its goal, tagged; blank for rates and without a figure to compare.

    Of a part of a year it is the plain quotient, as papers tell a goal's fulfilment within the year; a few
    months are not compared.
    """
    verdict = aim.verdict
    if is_rate(verdict) or not aim.known or verdict["latest_year"] > aim.row.end:
        return ""
    if pd.notna(verdict["completion"]):
        share, name = float(verdict["completion"]), "completion"
    elif pd.notna(verdict["whole_year"]) and verdict["value"] > 0 and verdict["measure"] == "level":
        share, name = float(verdict["latest"]) / float(verdict["value"]), "of_goal"
    else:
        return ""
    return tag(completion_shown(share, lang), f"{aim.row.id}.{name}", share, "share")


def compared(aim: Aim) -> bool:
    """Return whether the figure can be set beside the goal: in percent of it, or in points."""
    if not aim.known or aim.verdict["latest_doubt"]:
        return False
    in_points = pd.notna(aim.verdict["gap"]) and str(aim.verdict["unit"]).startswith("percent")
    return bool(in_points) or pd.notna(aim.verdict["completion"]) or bool(pd.notna(aim.verdict["whole_year"]))


def points(value: float, lang: str) -> str:
    """Return a distance in percentage points without its sign."""
    return points_shown(abs(value), lang)


def _in_points(aim: Aim, goal: str, lang: str) -> str:
    words, gap = words_of(lang)["against"], aim.verdict["gap"]
    if pd.isna(gap):
        return str(words["equal"]).format(goal=goal)
    if points(gap, lang) == "0":
        return str(words["equal"]).format(goal=goal)
    shown = tag(points(gap, lang), f"{aim.row.id}.gap", gap, "percentage_points")
    name = ("above" if gap > 0 else "below") + ("_one" if points(gap, lang) == "1" else "")
    return str(words[name]).format(points=shown, goal=goal)


def needed(aim: Aim, lang: str) -> str:
    """Return what is still needed, as a clause; blank where no pace is known."""
    verdict, words = aim.verdict, words_of(lang)["needed"]
    if pd.isna(verdict["pace"]) or verdict["passed"]:
        return ""
    end, last, pace = aim.row.end, int(verdict["latest_year"]), float(verdict["pace"])
    if "growth" in str(verdict["measure"]):
        name = "rate_next" if verdict["measure"] == "growth" else "rate"
    else:
        name = ("grow" if pace > 0 else "fall") + ("_next" if end - last == 1 else "")
    return str(words[name]).format(end=end, last=last, pace=_pace(verdict, "pace", lang))


def own(aim: Aim, lang: str) -> str:
    """Return what recent years showed, as a clause with its years; blank where it is not known."""
    verdict, words = aim.verdict, words_of(lang)["own"]
    if pd.isna(verdict["own_pace"]):
        return ""
    name = "grow" if verdict["own_pace"] > 0 else "fall"
    if "growth" in str(verdict["measure"]):
        name = "rate"
    years, unusual = str(verdict["own_pace_years"]), str(verdict["own_pace_shocks"])
    several = "–" in unusual or "," in unusual
    form = "shocks_all" if unusual == years else "shocks" if several else "shocks_one"
    told = str(words[form]).format(years=unusual) if unusual else ""
    return str(words[name]).format(pace=_pace(verdict, "own_pace", lang), years=years, shocks=told)


def _pace(verdict: pd.Series, column: str, lang: str) -> str:
    """Return a pace without its sign and without "a year": the clause around it says both."""
    unit, value = str(verdict[f"{column}_unit"]), float(verdict[column])
    key = f"{verdict['id']}.{column}"
    if unit == "percentage_points_a_year":
        return tag(f"{points(value, lang)} {texts(lang)['units']['percentage_points']}", key, value, unit)
    if unit == "percent_a_year":
        return tag(f"{number(abs(value), 1, lang)}%", key, value, unit)
    shown = quantity(abs(value), str(verdict["unit"]), 0 if abs(value) >= 1 else 2, lang)
    return tag(shown, key, value, unit)


def pace_ratio(aim: Aim) -> float | None:
    """Return the own pace over the pace needed, below 0 if it leads the other way."""
    mine, wanted = aim.verdict["own_pace"], aim.verdict["pace"]
    if pd.isna(mine) or pd.isna(wanted) or aim.verdict["own_pace_years"] == str(aim.verdict["latest_year"]):
        return None  # the figure itself is the pace
    if aim.verdict["pace"] and not own_is_slower(aim.verdict):
        return max(float(mine) / float(wanted), 1.0)
    return float(mine) / float(wanted) if wanted else math.inf
