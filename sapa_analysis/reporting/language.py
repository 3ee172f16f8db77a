"""Words and number formats of each language, with one file of texts per language."""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import pandas as pd
import yaml

from ..core import FLOORS, LANGUAGES, word_of
from .tagged_numbers import tag, tag_quoted


@cache
def texts(lang: str) -> dict[str, Any]:
    """Return the words of a language from its YAML file; all files have the same keys.

    Raises
    ------
    ValueError
        When the language has no file.
    """
    if lang not in LANGUAGES:
        raise ValueError(f'language "{lang}" is unknown; write one of {", ".join(LANGUAGES)}')
    content = files(__package__).joinpath(f"texts/{lang}.yml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(content))


def number(value: float, decimals: int, lang: str) -> str:
    """Return a number as the language writes it.

    Examples
    --------
    >>> number(12085, 0, "vi"), number(13.9, 1, "vi"), number(12085.5, 1, "en")
    ('12.085', '13,9', '12,085.5')
    """
    words = texts(lang)
    plain = f"{value:z,.{decimals}f}"
    return plain.translate(str.maketrans({",": words["thousands"], ".": words["decimal"], "-": "−"}))


def quantity(value: float, unit: str, decimals: int, lang: str, *, key: str = "") -> str:
    """Return a number with its unit, large counts in millions, without decimals that are all zero.

    With a key, the number is tagged (see `tagged_numbers`), so that a page can show its source.

    Examples
    --------
    >>> quantity(3_500_000, "visits", 0, "vi"), quantity(14.5, "percent", 2, "en")
    ('3,5 triệu lượt', '14.5%')
    """
    shown, decimals, shown_unit = _shown(value, unit, decimals)
    text = number(shown, decimals, lang)
    comma = texts(lang)["decimal"]
    if decimals and comma in text:
        text = text.rstrip("0").rstrip(comma)
    text = f"{text}{'' if shown_unit == 'percent' else ' '}{texts(lang)['units'][shown_unit]}"
    return tag(text, key, value, unit) if key else text


def count(n: int, lang: str, key: str) -> str:
    """Return a whole number of things, tagged."""
    return tag(number(n, 0, lang), key, n, "count")


def percent(share: float, lang: str, key: str) -> str:
    """Return a share as whole percent, tagged: 0.712 is "71%"."""
    return tag(f"{number(100 * share, 0, lang)}%", key, share, "share")


def chance_shown(chance: float, lang: str) -> str:
    """Return a probability in whole percent; only exactly 0 and 1 are shown as 0 % and 100 %.

    Examples
    --------
    >>> chance_shown(0.123, "en"), chance_shown(0.001, "en"), chance_shown(0.999, "en")
    ('12%', '<1%', '>99%')
    """
    edge = "<1%" if 0 < chance < 0.005 else ">99%" if 0.995 <= chance < 1 else ""
    return edge or f"{number(100 * chance, 0, lang)}%"


def _shown(value: float, unit: str, decimals: int) -> tuple[float, int, str]:
    return (
        (value / 1e6, 2, "million_visits")
        if unit == "visits" and abs(value) >= 1e5
        else (value, decimals, unit)
    )


def day(value: date, lang: str) -> str:
    """Return a date as the language writes it."""
    return str(texts(lang)["date"]).format(day=value.day, month=value.month, year=value.year)


def indicator_name(indicator: pd.Series, lang: str = "vi") -> str:
    """Return the name of an indicator (a row of `indicators.csv`), with a capital first letter.

    Examples
    --------
    >>> from sapa_analysis.pipeline import load_project
    >>> from sapa_analysis.reporting import indicator_name
    >>> indicator = load_project().indicators.loc["forest_cover"]
    >>> indicator_name(indicator), indicator_name(indicator, "en")
    ('Tỷ lệ che phủ rừng', 'Forest cover')
    """
    name = str(indicator[f"name_{lang}"])
    return name[:1].upper() + name[1:]


def name_shown(indicator: pd.Series, lang: str) -> str:
    """Return the name of an indicator for a page, with the numbers in it tagged as quoted."""
    return tag_quoted(indicator_name(indicator, lang), f"{indicator['indicator_id']}.name.{lang}")


def document_name(document: str, lang: str) -> str:
    """Return the short name of a document, or its id where the texts have none."""
    return str(texts(lang)["documents"].get(document, document))


def due(target: pd.Series, lang: str) -> str:
    """Return when a target is due: a year, or the term of its average or total."""
    words = texts(lang)["due"]
    form = words["term" if target["measure"].startswith("term") else "year"]
    return str(form).format(start=target["start"], end=target["end"])


def goal(target: pd.Series, decimals: int, lang: str) -> str:
    """Return a target in words, its numbers tagged: "trên 14,5%"."""
    form = texts(lang)["senses"][target["sense"]]
    if target["unit"] == "yes_no":
        return str(texts(lang)["units"]["yes_no"])
    shown = {
        name: quantity(target[column], target["unit"], decimals, lang, key=f"{target['id']}.{column}")
        for name, column in (("value", "value"), ("high", "value_high"))
        if pd.notna(target[column])
    }
    return str(form).format(**shown)


def pace(verdict: pd.Series, lang: str) -> str:
    """Return the pace still needed, tagged, in both readings of a mean; or an empty text."""
    if pd.isna(verdict["pace"]):
        return ""
    text = _pace(verdict, "pace", lang)
    if pd.isna(verdict.get("pace_arithmetic")):
        return text
    form = str(texts(lang)["table"]["arithmetic"])
    return form.format(geometric=text, arithmetic=_pace(verdict, "pace_arithmetic", lang))


def _pace(verdict: pd.Series, column: str, lang: str) -> str:
    words = texts(lang)
    if verdict["pace_unit"] in words["pace_units"]:
        unit = words["pace_units"][verdict["pace_unit"]]
    else:
        unit = f"{words['units'][verdict['unit']]}/{words['table']['year'].lower()}"
    decimals = 1 if abs(verdict[column]) >= 0.05 else 2
    text = f"{number(verdict[column], decimals, lang)}{'' if unit.startswith('%') else ' '}{unit}"
    return tag(text, f"{verdict['id']}.{column}", verdict[column], verdict["pace_unit"])


def level_shown(level: int, lang: str) -> str:
    """Return the share of paths that an interval contains, tagged: "80%"."""
    return quantity(level, "percent", 0, lang, key=f"interval_{level}.level")


def percent_in_steps(probability: float, lang: str, key: str) -> str:
    """Return a probability in steps of five points, tagged: "khoảng 15%".

    The step is the nearest one with the same word, so that the text never contradicts the verdict.
    """
    words = texts(lang)["table"]
    steps = [step for step in range(5, 100, 5) if word_of(step / 100) == word_of(probability)]
    form = words["under_5" if probability < 0.05 else "over_95" if probability > 0.95 else "probability"]
    text = str(form).format(p=min(steps, key=lambda step: abs(step - 100 * probability), default=0))
    return tag(text, key, probability, "probability")


def reason(code: str, lang: str, key: str, *, n: int = 0, needed: int = 0) -> str:
    """Return the reason why something is not assessed, its numbers tagged."""
    years = count(n, lang, f"{key}.n_years")
    return str(texts(lang)["reasons"][code]).format(n=years, needed=count(needed, lang, "years_needed"))


def status_word(verdict: pd.Series, lang: str) -> str:
    """Return the word of a verdict; in the past tense if the year has ended without a result."""
    words = texts(lang)
    late = verdict["overdue"] and verdict["status"] in words["overdue"]
    return str(words["overdue" if late else "status"][verdict["status"]])


def status(verdict: pd.Series, lang: str, *, needed: int = 0) -> str:
    """Return the word of a verdict, or the reason if it is not assessed."""
    words = texts(lang)
    if verdict["status"] != "not_assessed":
        return status_word(verdict, lang)
    why = reason(verdict["reason"], lang, verdict["indicator_id"], n=verdict["n_years"], needed=needed)
    return str(words["because"]).format(reason=why)


def what_is_needed(verdict: pd.Series, lang: str, *, needed: int) -> str:
    """Return in full why a target is not assessed and what an assessment needs."""
    words, code, key = texts(lang), verdict["reason"], verdict["indicator_id"]
    why = reason(code, lang, key, n=verdict["n_years"], needed=needed)
    need = str(words["needs"][code]).format(needed=count(needed, lang, "years_needed"))
    word = words["status"]["not_assessed"]
    return str(words["not_assessed"]).format(status=word, reason=why, need=need)


def explain_words(lang: str) -> str:
    """Return the sentence that explains which word means which probability."""
    words, parts = texts(lang), []
    above = 1.0
    for word, floor in FLOORS.items():
        form = words["page"]["from_level" if floor else "below"]
        edge = floor or above
        parts.append(form.format(floor=percent(edge, lang, f"words.{word}"), status=words["status"][word]))
        above = floor
    return str(words["page"]["how_words"]).format(words="; ".join(parts))
