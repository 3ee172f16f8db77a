"""Words for paces: what a target still needs a year, and the own pace of its figures beside it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from .language import number, points_shown, quantity, texts, unit_ending
from .tagged_numbers import plain, tag

#: A base this near to the published figure, as a share of it, is that figure.
_SAME = 1e-3
#: Beside a brief pace: its years hold shock years, or figures that are not final.
PACE_STAR = "*"
_POINTS = "percentage_points_a_year"
#: Behind a needed pace that starts from another figure than the published one.
PACE_SIGN = "‡"


def pace_needed(verdict: pd.Series, lang: str, *, brief: bool = False) -> str:
    """Return the pace still needed, tagged, in both readings of a mean; or an empty text.

    In brief it is one reading, without the words for "a year".
    """
    if pd.isna(verdict["pace"]):
        return ""
    text = _pace(verdict, "pace", str(verdict["pace_unit"]), lang, brief=brief)
    if brief:
        return text
    if pd.isna(verdict.get("pace_arithmetic")):
        return text
    form = str(texts(lang)["table"]["arithmetic"])
    plain_average = _pace(verdict, "pace_arithmetic", str(verdict["pace_unit"]), lang)
    if plain(plain_average) == plain(text):
        return text
    return form.format(geometric=text, arithmetic=plain_average)


def own_is_slower(verdict: pd.Series) -> bool:
    """Return whether the own pace of a target lies behind the pace needed; two that print alike do not.

    Examples
    --------
    >>> from sapa_analysis.reporting.paces import own_is_slower
    >>> units = {"own_pace_unit": "percent_a_year", "pace_unit": "percent_a_year"}
    >>> paces = pd.Series({"own_pace": 2.88, "pace": 2.91} | units)
    >>> own_is_slower(paces), own_is_slower(paces.replace("percent_a_year", "percentage_points_a_year"))
    (False, True)
    """
    own, needed = verdict["own_pace"], verdict["pace"]
    if pd.isna(own) or pd.isna(needed) or verdict["own_pace_unit"] != verdict["pace_unit"]:
        return False
    decimals = 2 if verdict["pace_unit"] == _POINTS else 1
    if round(own, decimals) == round(needed, decimals) or math.isclose(own, needed, rel_tol=1e-9):
        return False
    return bool(own < needed if needed > 0 else own > needed)


@dataclass(frozen=True, slots=True)
class PaceBase:
    """What a needed pace starts from where it is not the published figure.

    Attributes
    ----------
    years : str
        The year of a level, or the years of the term that have a figure or an estimate.
    value : str
        Its amount, tagged; of a mean growth the mean of these years.
    whole : bool
        Whether it stands for a whole year of which only a part was published.
    """

    years: str
    value: str
    whole: bool = False


def pace_base(verdict: pd.Series, decimals: int, lang: str) -> PaceBase | None:
    """Return from what the needed pace of a verdict starts; None where it is the published figure.

    It is computed back from goal, pace and the years that are left, so that a reader finds the pace again.
    """
    if pd.isna(verdict["pace"]) or verdict["measure"] not in ("level", "term_mean_growth", "term_total"):
        return None
    left = int(verdict["pace_years"])
    last, unit, key = int(verdict["end"]) - left, str(verdict["unit"]), f"{verdict['id']}.pace_base"
    if verdict["measure"] == "level":
        value = _level_before(verdict, left)
        if verdict["latest_year"] == last and abs(value / verdict["latest"] - 1) < _SAME:
            return None
        shown = _enough_digits(verdict, value, key, lang)
        return PaceBase(str(last), shown, whole=pd.notna(verdict["whole_year"]))
    start = int(verdict["start"])
    if last < start:
        return None
    years = str(last) if last == start else f"{start}–{last}"
    if verdict["measure"] == "term_total":
        return PaceBase(
            years, quantity(verdict["value"] - left * verdict["pace"], unit, decimals, lang, key=key)
        )
    grown = (1 + verdict["value"] / 100) ** (left + last - start + 1) / (1 + verdict["pace"] / 100) ** left
    mean = 100 * (grown ** (1 / (last - start + 1)) - 1)
    return PaceBase(years, _in_unit(mean, str(verdict["pace_unit"]), unit, key, lang))


def base_told(verdict: pd.Series, base: PaceBase, lang: str) -> str:
    """Return the base of a needed pace in words: its years and its amount."""
    form = "mean" if verdict["measure"] == "term_mean_growth" else "whole" if base.whole else "level"
    return str(texts(lang)["table"]["pace_base"][form]).format(years=base.years, value=base.value)


def _aim(verdict: pd.Series) -> float:
    """Return the end of the goal that its needed pace leads to."""
    from_above = pd.notna(verdict["value_high"]) and verdict["pace"] < 0
    return float(verdict["value_high" if from_above else "value"])


def _level_before(verdict: pd.Series, left: int) -> float:
    """Return the level from which the needed pace leads to the goal in the years that are left."""
    pace, aim = float(verdict["pace"]), _aim(verdict)
    return aim / (1 + pace / 100) ** left if verdict["pace_unit"] == "percent_a_year" else aim - pace * left


def _enough_digits(verdict: pd.Series, level: float, key: str, lang: str) -> str:
    """Return a level with as many digits as give the needed pace again as it is printed."""
    aim, left, unit = _aim(verdict), int(verdict["pace_years"]), str(verdict["unit"])
    places = shown = 0.0
    for digits in range(4, 9):
        places = digits - 1 - math.floor(math.log10(abs(level))) if level else 0
        shown = round(level, int(places))
        again = (aim - shown) / left
        if verdict["pace_unit"] == "percent_a_year":
            again = 100 * ((aim / shown) ** (1 / left) - 1)
        decimals = 2 if verdict["pace_unit"] == _POINTS else 1
        if round(again, decimals) == round(float(verdict["pace"]), decimals):
            break
    size, unit_shown = (1e6, "million_visits") if unit == "visits" and abs(shown) >= 1e6 else (1.0, unit)
    text = number(shown / size, max(int(places) + (6 if size > 1 else 0), 0), lang)
    comma = str(texts(lang)["decimal"])
    text = (text.rstrip("0").rstrip(comma) if comma in text else text) + unit_ending(unit_shown, lang)
    return tag(text, key, shown, unit)


def pace_own(verdict: pd.Series, lang: str, *, brief: bool = False) -> str:
    """Return the pace of the last observed years with these years; in words where figures are too few.

    An empty text once the year due has ended, for a rating, and where the verdict says that no figure was
    published. In brief it is without the words for "a year", with a star for shock years and years that are
    not final, and empty where figures are too few.
    """
    silent = verdict["overdue"] or verdict["measure"] == "yes_no" or verdict["reason"] == "no_evidence"
    if silent:
        return ""
    words = texts(lang)["table"]
    if pd.isna(verdict["own_pace"]):
        return "" if brief else str(words["own_pace_unknown"])
    if brief:
        star = PACE_STAR if verdict["own_pace_shocks"] or verdict["own_pace_unsettled"] else ""
        pace = _pace(verdict, "own_pace", str(verdict["own_pace_unit"]), lang, brief=True)
        return f"{pace}{star} ({verdict['own_pace_years']})"
    told = [str(verdict["own_pace_years"])]
    for column in ("own_pace_shocks", "own_pace_unsettled"):
        told += [str(words[column]).format(years=verdict[column])] if verdict[column] else []
    return f"{_pace(verdict, 'own_pace', str(verdict['own_pace_unit']), lang)} ({'; '.join(told)})"


def _pace(verdict: pd.Series, column: str, pace_unit: str, lang: str, *, brief: bool = False) -> str:
    key = f"{verdict['id']}.{column}"
    return _in_unit(float(verdict[column]), pace_unit, str(verdict["unit"]), key, lang, brief=brief)


def _in_unit(pace: float, pace_unit: str, own: str, key: str, lang: str, *, brief: bool = False) -> str:
    words = texts(lang)
    if brief:
        unit = words["units"].get(pace_unit.removesuffix("_a_year"), words["units"].get(own, ""))
    elif pace_unit in words["pace_units"]:
        unit = words["pace_units"][pace_unit]
    else:
        unit = f"{words['units'].get(own, own)}/{words['table']['year'].lower()}"
    shown = round(pace, 9)  # paces that are equal but for a float's error print alike
    told = points_shown(shown, lang) if pace_unit == _POINTS else ""
    told = told or number(shown, 1 if abs(shown) >= 0.05 else 2, lang)
    text = f"{told}{'' if unit.startswith('%') else ' '}{unit}"
    return tag(text, key, pace, pace_unit)
