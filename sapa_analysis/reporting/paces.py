"""Words for paces: what a target still needs a year, and the own pace of its figures beside it."""

from __future__ import annotations

import pandas as pd

from .language import number, texts
from .tagged_numbers import plain, tag

#: Beside a brief pace: its years hold shock years, or figures that are not final.
PACE_STAR = "*"


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
    words = texts(lang)
    if brief:
        unit = words["units"].get(pace_unit.removesuffix("_a_year"), words["units"].get(verdict["unit"], ""))
    elif pace_unit in words["pace_units"]:
        unit = words["pace_units"][pace_unit]
    else:
        unit = f"{words['units'].get(verdict['unit'], verdict['unit'])}/{words['table']['year'].lower()}"
    decimals = 1 if abs(verdict[column]) >= 0.05 else 2
    text = f"{number(verdict[column], decimals, lang)}{'' if unit.startswith('%') else ' '}{unit}"
    return tag(text, f"{verdict['id']}.{column}", verdict[column], pace_unit)
