"""The cells of the annex: bare numbers, their unit said once in a column of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from ..language import forecasts, number, texts, unit_ending
from ..paper.model import Cell
from ..published import period_shown
from ..tagged_numbers import Number, parts, tag, tag_quoted
from .phrases import compared, points, words_of
from .subjects import Aim, Subject

#: Most decimals that any page prints.
_DECIMALS = 6
_MILLION = 1_000_000
#: What stands in a goal before and after its number.
_SENSE = re.compile(
    r"^(?:(?:đạt|tỷ lệ|là) )*(?P<sense>(?:trên|dưới|không quá|khoảng|over|under|at most|about) )?"
)

Figure = Mapping[Any, Any] | pd.Series


def in_millions(subject: Subject) -> bool:
    """Return whether the numbers of a subject are counts of visits in millions."""
    visits = subject.indicator["unit"] == "visits"
    return bool(visits) and max(float(aim.verdict["value"]) for aim in subject.aims) >= _MILLION


def unit_shown(subject: Subject, lang: str) -> str:
    """Return the unit of a row; blank for a rating."""
    unit = str(subject.lead.verdict["unit"])
    if unit == "yes_no":
        return ""
    shown = unit_ending("million_visits" if in_millions(subject) else unit, lang).strip()
    return tag_quoted(shown, f"{subject.indicator.name}.unit.{lang}")


def bare(value: float, unit: str, key: str, lang: str, *, millions: bool, bound: str = "exact") -> str:
    """Return a printed number without its unit, with every digit and its bound."""
    text = number(value / _MILLION if millions else value, _DECIMALS, lang)
    text = text.rstrip("0").removesuffix(texts(lang)["decimal"])
    return str(texts(lang)["bounds"][bound or "exact"]) + tag(text, key, value, unit)


def goal_cell(aim: Aim | None, year: int, subject: Subject, lang: str) -> Cell:
    """Return the goal of a row: its number with "trên" or "dưới"; its year if the column is of another."""
    if aim is None:
        return Cell()
    verdict, goal = aim.verdict, aim.row.goal
    if verdict["unit"] == "yes_no" or sum(isinstance(part, Number) for part in parts(goal)) > 1:
        return Cell(goal, align="right")  # a rating, or from one value to another
    found, value = _SENSE.match(goal), _number(verdict, "value", f"{aim.row.id}.value", subject, lang)
    text = (found["sense"] or "" if found else "") + value
    return Cell(text if aim.row.end == year else f"{text} ({aim.row.end})", align="right")


def _number(said: Figure, column: str, key: str, subject: Subject, lang: str, bound: str = "exact") -> str:
    value, unit, millions = float(said[column]), str(said["unit"]), in_millions(subject)
    return bare(value, unit, key, lang, millions=millions, bound=bound)


def figure_cell(said: Figure, subject: Subject, lang: str, *, year: int = 0, mark: str = "") -> Cell:
    """Return a published figure; with its year before the term, with its period if it is part of a year."""
    indicator, period = subject.indicator, str(said["period"])
    key, told = f"{indicator.name}.{period}.published", []
    text = _number(said, "value", key, subject, lang, str(said["bound"]))
    if said["freq"] != "A":
        stock = str(indicator["nature"]) == "stock"
        shown = period_shown(period, str(said["freq"]), lang, through=str(said["through"]), stock=stock)
        told.append(tag_quoted(_without_year(shown, year), f"{key}.part"))
    elif not year:
        told.append(period)
    told += [str(words_of(lang)["annex"]["estimate"])] if said["kind"] == "estimate" else []
    return Cell(f"{text}{mark}" + (f" ({'; '.join(told)})" if told else ""), align="right")


def _without_year(period: str, year: int) -> str:
    """Return a period without the year that the head of its column says."""
    return re.sub(rf"(?: năm | of |/){year}$", "", period) if year else period


def office_cell(aim: Aim | None, subject: Subject, lang: str) -> Cell:
    """Return what the department expects of the year due, as printed; blank where nothing is known."""
    if aim is None or pd.isna(aim.verdict["office"]):
        return Cell()
    key, bound = f"{aim.row.id}.office", str(aim.verdict["office_bound"])
    return Cell(_number(aim.verdict, "office", key, subject, lang, bound), align="right")


def band_cell(aims: Mapping[int, Aim], year: int, subject: Subject, lang: str) -> Cell:
    """Return our band of the year under review, else of the next year due, which is then told."""
    own = [aim for aim in aims.values() if aim.row.end == year and pd.notna(aim.verdict["expected"])]
    other = [aim for aim in aims.values() if pd.notna(aim.verdict["expected"])]
    aim = next(iter([*own, *other]), None)
    if aim is None or aim.row.status in ("met", "missed"):
        return Cell()
    columns = {"middle": "expected", "lower": "lower_80", "upper": "upper_80"}
    shown = forecasts(
        {name: aim.verdict[column] for name, column in columns.items()},
        str(aim.verdict["unit"]),
        int(subject.indicator["decimals"]),
        lang,
        keys={name: f"{aim.row.id}.{column}" for name, column in columns.items()},
        bare=tuple(columns),
    )
    text = f"{shown['lower']}–{shown['upper']}"
    return Cell(text if aim.row.end == year else f"{text} ({aim.row.end})", align="middle")


def against_cell(aim: Aim | None, ratio: tuple[int, int] | None, share: str, lang: str) -> Cell:
    """Return how the latest figure stands to a goal: in percent, or in points; in words for a total."""
    words = words_of(lang)["annex"]
    if aim is None or not compared(aim):
        return Cell()
    if share:
        return Cell(share, align="middle", ratio=ratio)
    verdict = aim.verdict
    if pd.isna(verdict["gap"]) or aim.row.end < verdict["latest_year"]:
        return Cell()
    if not str(verdict["unit"]).startswith("percent"):
        return Cell(str(words["fulfilled" if _fulfilled(verdict) else "short"]), align="middle")
    distance = points(verdict["gap"], lang)
    if distance == "0":
        return Cell(str(words["equal"]), align="middle")
    shown = tag(distance, f"{aim.row.id}.gap", verdict["gap"], "percentage_points")
    return Cell(str(words["plus" if verdict["gap"] > 0 else "minus"]).format(points=shown), align="middle")


def _fulfilled(verdict: pd.Series) -> bool:
    fewer = verdict["sense"] in ("less_than", "at_most")
    return bool(verdict["gap"] < 0 if fewer else verdict["gap"] >= 0)


def judged_cell(aim: Aim | None) -> Cell:
    """Return the short judgement of a goal; blank where it is not assessed."""
    if aim is None or aim.row.status == "not_assessed":
        return Cell()
    return Cell(aim.row.short, align="middle", shade=aim.row.outlook)
