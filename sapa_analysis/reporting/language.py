"""Words and number formats of each language, with one file of texts per language."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import pandas as pd
import yaml

from ..core import FLOORS, LANGUAGES, unit_words, word_of
from .tagged_numbers import tag, tag_quoted

#: Counts of visits from here on are written in millions.
IN_MILLIONS = 100_000
#: Id of a document of another area than the town: `lao_cai.plan-2025`.
_OWN_DOCUMENT = re.compile(r"[a-z0-9_]+\.(?P<kind>[a-z]+(?:-[a-z]+)*)(?:-(?P<number>[0-9][0-9-]*))?")


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
    return {"units": unit_words(lang), **yaml.safe_load(content)}


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


def unit_ending(unit: str, lang: str) -> str:
    """Return what follows a number: its unit in words, or as it is written where the texts have none.

    Examples
    --------
    >>> unit_ending("percent", "en"), unit_ending("rooms", "en"), unit_ending("", "en")
    ('%', ' rooms', '')
    """
    words = texts(lang)["units"].get(unit, unit)
    return f" {words}" if words and unit != "percent" else words


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
    text = f"{text}{unit_ending(shown_unit, lang)}"
    return tag(text, key, value, unit) if key else text


def forecasts(
    values: Mapping[str, float],
    unit: str,
    decimals: int,
    lang: str,
    *,
    keys: Mapping[str, str],
    bare: Collection[str] = (),
) -> dict[str, str]:
    """Return forecast values with the digits that they have, all in one unit; tagged.

    They are rounded to a power of ten that is at most a tenth of their spread, and of their middle.

    Parameters
    ----------
    values : mapping of str to float
        What belongs together: a median and the ends of its interval.
    unit, decimals, lang
        As in `quantity`.
    keys : mapping of str to str
        The key of each.
    bare : collection of str
        Those that are written without the unit.

    Examples
    --------
    >>> from sapa_analysis.reporting import plain
    >>> from sapa_analysis.reporting.language import forecasts
    >>> fan = {"lower": 582.4, "median": 1212.5, "upper": 2604.0}
    >>> told = forecasts(fan, "billion_vnd", 1, "en", keys=dict(zip(fan, fan)), bare=["lower"])
    >>> [plain(text) for text in told.values()]
    ['600', '1,200 billion VND', '2,600 billion VND']
    """
    largest, spread = max(map(abs, values.values())), max(values.values()) - min(values.values())
    in_millions = unit == "visits" and largest >= IN_MILLIONS
    size, most, own = (1e6, 2, "million_visits") if in_millions else (1.0, decimals, unit)
    middle = abs(sorted(values.values())[len(values) // 2])
    steps = [part / size / 10 for part in (spread, middle) if part > 0]
    places = min(most, -math.floor(math.log10(min(steps)))) if spread > 0 else most
    ending = unit_ending(own, lang)
    found = {}
    for name, value in values.items():
        text = number(round(value / size, places), max(places, 0), lang)
        found[name] = tag(text + ("" if name in bare else ending), keys[name], value, unit)
    return found


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
        if unit == "visits" and abs(value) >= IN_MILLIONS
        else (value, decimals, unit)
    )


def day(value: date, lang: str) -> str:
    """Return a date as the language writes it.

    Vietnamese papers put a zero before days under 10 and before the months 1 and 2 (Decree 30/2020).

    Examples
    --------
    >>> from datetime import date
    >>> day(date(2024, 1, 5), "vi"), day(date(2024, 3, 15), "vi"), day(date(2024, 1, 5), "en")
    ('05/01/2024', '15/3/2024', '5/1/2024')
    """
    first, month = str(value.day), str(value.month)
    if lang == "vi":
        first, month = f"{value.day:02}", f"{value.month:02}" if value.month <= 2 else month
    return str(texts(lang)["date"]).format(day=first, month=month, year=value.year)


def indicator_name(indicator: pd.Series, lang: str = "vi") -> str:
    """Return the name of an indicator (a row of `indicators.csv`), with a capital first letter.

    Parameters
    ----------
    indicator, lang
        A row of `indicators.csv`; `vi` or `en`.

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
    """Return the short name of a document, or what its id says where the texts have none.

    The id of another area's document is `area.kind` or `area.kind-number`; only a kind with words is said.

    Examples
    --------
    >>> [document_name(name, "en") for name in ("congress-2020", "lao_cai.plan-2025", "plan-1999")]
    ['XXIII congress', 'plan 2025', 'plan-1999']
    """
    words, own = texts(lang), _OWN_DOCUMENT.fullmatch(document)
    kind = words["document_kinds"].get(own["kind"], "") if own else ""
    said = f"{kind} {own['number'] or ''}".strip() if own and kind else document
    return str(words["documents"].get(document, said))


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
    words, shocked = texts(lang), code == "too_few_years" and 0 < needed <= n  # too few without a shock
    form = words["trajectory_page"]["too_few_normal"] if shocked else words["reasons"][code]
    return str(form).format(n=count(n, lang, f"{key}.n_years"), needed=count(needed, lang, "years_needed"))


def status_word(verdict: pd.Series, lang: str) -> str:
    """Return the word of a verdict; in the past tense if the year has ended without a result.

    Where only the plan itself is known, how many earlier ones were fulfilled is told too, and whose they are.
    """
    words = texts(lang)
    if verdict["status"] == "plan_only" and pd.notna(verdict.get("plans_known")):
        shown = {
            name: count(int(verdict[f"plans_{name}"]), lang, f"{verdict['id']}.plans_{name}")
            for name in ("met", "known")
        }
        form = words["plans"]["fulfilled" if verdict["plans_known"] else "unknown"]
        whose = words["plans"][f"of_{_whose(verdict)}"]
        return str(form).format(word=words["status"]["plan_only"], whose=whose, **shown)
    if not (verdict["overdue"] and verdict["status"] in words["overdue"]):
        return str(words["status"][verdict["status"]])
    last, basis = verdict.get("latest_year"), verdict.get("latest_basis", "")
    told = (
        "term" if basis == "term" else "estimate" if pd.notna(last) and last == verdict["end"] else "nothing"
    )
    value = ""
    if basis == "term":
        key = f"{verdict['indicator_id']}.{verdict['latest_period']}.published"
        value = quantity(verdict["latest"], str(verdict["unit"]), 2, lang, key=key)
    return str(words["overdue_because"][told]).format(word=words["overdue"][verdict["status"]], value=value)


def earlier_plans(outcomes: str) -> list[tuple[str, int, str]]:
    """Return area, year and outcome of each earlier plan, from the cell `plans_outcomes` of a verdict."""
    parts = (each.split() for each in outcomes.split("; ") if each)
    return [(area, int(year), kept) for area, year, kept in parts]


def known_areas(outcomes: str) -> list[str]:
    """Return the areas of which an earlier plan has a known outcome, each once.

    Examples
    --------
    >>> from sapa_analysis.reporting.language import known_areas
    >>> known_areas("lao_cai 2012 met; lao_cai 2013 missed; sa_pa 2013 unknown")
    ['lao_cai']
    """
    return list(dict.fromkeys(area for area, _, kept in earlier_plans(outcomes) if kept != "unknown"))


def _whose(verdict: pd.Series) -> str:
    """Return whose plans with a known outcome are: of the own area, of those above, or of both."""
    areas = known_areas(str(verdict["plans_outcomes"]))
    return "above" if str(verdict["area"]) not in areas else "both" if len(areas) > 1 else "own"


def status(verdict: pd.Series, lang: str, *, needed: int = 0) -> str:
    """Return the word of a verdict, or the reason if it is not assessed."""
    words = texts(lang)
    if verdict["status"] != "not_assessed":
        return status_word(verdict, lang)
    why = reason(verdict["reason"], lang, verdict["indicator_id"], n=verdict["n_years"], needed=needed)
    return str(words["because"]).format(reason=why)


def what_is_needed(verdict: pd.Series, lang: str, *, needed: int, why: str = "") -> str:
    """Return in full why a target is not assessed, by default its own reason, and what it needs."""
    words, code, key = texts(lang), verdict["reason"], verdict["indicator_id"]
    why = why or reason(code, lang, key, n=verdict["n_years"], needed=needed)
    need = str(words["needs"][code]).format(needed=count(needed, lang, "years_needed"))
    word = words["status"]["not_assessed"]
    return str(words["not_assessed"]).format(status=word, reason=why, need=need)


def explain_words(lang: str, *, overdue: bool = False) -> str:
    """Return the sentence that explains which word means which probability, before a deadline or after it."""
    words, parts, above = texts(lang), [], 1.0
    said = words["overdue" if overdue else "status"]
    for word, floor in FLOORS.items():
        form, edge = words["page"]["from_level" if floor else "below"], floor or above
        parts.append(form.format(floor=percent(edge, lang, f"words.{word}"), status=said[word]))
        above = floor
    return str(words["page"]["how_words_overdue" if overdue else "how_words"]).format(words="; ".join(parts))
