"""Words for what was published: a number as it was printed, its period, and how it stands to the goal."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pandas as pd

from ..core import last_day, parse_period, term_years
from .as_written import AS_IT_IS, Written
from .language import day, number, points_shown, texts, unit_ending
from .office import sign_of
from .tagged_numbers import tag, tag_quoted

#: Most decimals that any page prints.
_MOST_DECIMALS = 6
#: A row of `core.Verdicts`, or of `indicators.csv`.
Verdict = Mapping[Any, Any] | pd.Series
#: The mark of the page of a verdict's figure, such as " [3]".
Cite = Callable[[Verdict], str]


def figure_printed(
    value: float,
    unit: str,
    lang: str,
    *,
    bound: str = "exact",
    key: str = "",
    written: Written = AS_IT_IS,
    named: str = "",
) -> str:
    """Return a published number with its unit and its bound, with every digit that was printed.

    The unit is left out where the name that stands before the number (`named`) says it already.

    Examples
    --------
    >>> figure_printed(3_680_000, "visits", "vi", bound="over"), figure_printed(216.4, "billion_vnd", "en")
    ('trên 3,68 triệu lượt', '216.4 billion VND')
    >>> figure_printed(82_646, "visits", "vi"), figure_printed(3_685_432, "visits", "en")
    ('82.646 lượt', '3,685,432 visits')
    >>> from sapa_analysis.reporting.as_written import Written
    >>> figure_printed(72.131148, "percent", "vi", written=Written(decimals=1, fraction="44/61"))
    '44/61 (72,1%)'
    >>> figure_printed(97, "percent", "vi", written=Written(3))
    '97,0%'
    """
    words, shown, own = texts(lang), value, unit
    if unit == "yes_no":
        text = rating_word(value, lang)
        return tag(text, key, value, unit) if key else text
    if unit == "visits" and abs(value) >= 1e6 and math.isclose(value, round(value, -4), rel_tol=1e-12):
        shown, own = value / 1e6, "million_visits"
    ending = unit_ending(own, lang)
    text = digits_shown(shown, written, lang) + ("" if is_said(ending, named) else ending)
    text = with_fraction(tag(text, key, value, unit) if key else text, written, key)
    return f"{words['bounds'][bound or 'exact']}{text}"


def digits_shown(shown: float, written: Written, lang: str) -> str:
    """Return a number with the decimals that it was written with; of a page with every digit printed."""
    places = written.places(shown)
    if places is not None:
        return number(shown, min(places, _MOST_DECIMALS), lang)
    return number(shown, _MOST_DECIMALS, lang).rstrip("0").removesuffix(texts(lang)["decimal"])


def with_fraction(text: str, written: Written, key: str) -> str:
    """Return a percentage behind the fraction that it was written as."""
    if not written.fraction:
        return text
    fraction = tag_quoted(written.fraction, f"{key}.fraction") if key else written.fraction
    return f"{fraction} ({text})"


def is_said(unit: str, named: str) -> bool:
    """Return whether a name ends with a unit of several words: number of doctors per 10,000 people."""
    words = unit.strip()
    return " " in words and words in named


def rating_word(value: float, lang: str) -> str:
    """Return what a rating says: whether the level that its indicator names was reached.

    Examples
    --------
    >>> rating_word(1, "vi"), rating_word(0, "vi")
    ('đạt', 'chưa đạt')
    """
    return str(texts(lang)["review_office"]["rating"]["met" if value >= 1 else "missed"])


def period_shown(period: str, freq: str, lang: str, *, through: str = "", stock: bool = False) -> str:
    """Return the period of a published figure in words.

    Parameters
    ----------
    period, freq : str
        As in the evidence.
    lang : {"vi", "en"}
        Language.
    through : str
        The cut-off date, if a page states one.
    stock : bool
        Whether the figure is that of a day, the last of the period.

    Examples
    --------
    >>> period_shown("2022-01/2022-10", "YTD", "en"), period_shown("2023-Q1", "Q", "vi")
    ('10 months of 2022', 'quý I/2023')
    >>> period_shown("2022-01/2022-12", "YTD", "vi", through="2022-12-23")
    'đến 23/12/2022'
    """
    words = texts(lang)["periods"]
    if freq in ("A", "EVENT"):
        return period
    if freq == "TERM":
        years = term_years(period)
        return str(words["term"]).format(start=years[0], end=years[-1])
    if freq == "YTD" and "/" not in period:
        return str(texts(lang)["table"]["running"]).format(year=period)
    span = parse_period(period, freq)
    if through:
        return str(words["to_day"]).format(day=day(date.fromisoformat(through), lang))
    months: dict[str, Any] = {"first": span.start.month, "n": span.end.month, "year": span.end.year}
    months["quarter"] = ("I", "II", "III", "IV")[(span.end.month - 1) // 3]
    form = "end_of" if stock else {"Q": "quarter", "M": "month"}.get(freq, "months")
    return str(words[form]).format(**months)


def day_shown(published: str, lang: str) -> str:
    """Return the date of a page as the language writes it, as complete as it is known.

    Examples
    --------
    >>> [day_shown(page, "vi") for page in ("2023-01-05", "2023-12", "2024", "")]
    ['05/01/2023', 'tháng 12/2023', '2024', '']
    """
    if len(published) == len("YYYY-MM-DD"):
        return day(last_day(published), lang)
    if len(published) == len("YYYY-MM"):
        year, month = published.split("-")
        return str(texts(lang)["periods"]["month"]).format(year=year, n=int(month))
    return published


def published_key(verdict: Verdict) -> str:
    """Return the key of the published figure of a verdict."""
    period = str(verdict["latest_period"]) or str(verdict["latest_year"])
    return f"{verdict['indicator_id']}.{period}.published"


def latest_shown(
    verdict: Verdict, indicator: Verdict, lang: str, *, cite: Cite | None = None, with_goal: bool = True
) -> str:
    """Return the published figure of a verdict as it was printed, with its period; tagged.

    Parameters
    ----------
    verdict : mapping
        A row of `core.Verdicts`.
    indicator : mapping
        The row of its indicator in `indicators.csv`.
    lang : {"vi", "en"}
        Language.
    cite : callable, optional
        Returns the mark of the page of a figure.
    with_goal : bool
        Whether to say how it stands to the goal: an amount in percent of it, a rate in points beside it.
    """
    if pd.isna(verdict["latest"]):
        return ""
    words = texts(lang)["published"]
    period, key = str(verdict["latest_period"]) or str(verdict["latest_year"]), published_key(verdict)
    bound = str(verdict["latest_bound"])
    value = figure_printed(verdict["latest"], str(verdict["unit"]), lang, bound=bound, key=key)
    stock = str(indicator.get("nature", "")) == "stock"
    freq = str(verdict["latest_freq"]) or "A"
    when = period_shown(period, freq, lang, through=str(verdict["latest_through"]), stock=stock)
    told = [tag_quoted(when, f"{key}.period") if freq != "A" else when]
    told += [words["estimate"]] if verdict["latest_kind"] == "estimate" else []
    told += [against_goal(verdict, lang)] if with_goal else []
    told += [words[verdict["latest_doubt"]]] if verdict["latest_doubt"] else []
    mark = cite(verdict) if cite else sign_of(verdict.get("latest_url", ""))
    return f"{value}{mark} ({'; '.join(part for part in told if part)})"


def against_goal(verdict: Verdict, lang: str) -> str:
    """Return how a figure stands to its goal: in percent of an amount, in points beside a rate; tagged."""
    words = texts(lang)["published"]
    if str(verdict["unit"]).startswith("percent"):
        if pd.isna(verdict["gap"]):
            return ""
        points = abs(verdict["gap"])
        text = points_shown(points, lang)
        if text == "0":
            return str(words["equal"])
        shown = tag(text, f"{verdict['id']}.gap", verdict["gap"], "percentage_points")
        return str(words["above" if verdict["gap"] > 0 else "below"]).format(points=shown)
    if pd.isna(verdict["completion"]):
        return ""
    shown = completion_shown(verdict["completion"], lang)
    return tag(shown, f"{verdict['id']}.completion", verdict["completion"], "share")


def completion_shown(share: float, lang: str) -> str:
    """Return a figure in percent of its goal; it never rounds across 100.

    Examples
    --------
    >>> [completion_shown(share, "en") for share in (0.712, 0.9959, 0.9999, 1.0, 1.0004, 1.051)]
    ['71%', '99.5%', '99.9%', '100%', '100.1%', '105%']
    """
    percent = 100 * share
    if round(percent) != 100 or share == 1:
        return f"{number(percent, 0, lang)}%"
    tenths = math.floor(10 * percent + 1e-9) if share < 1 else math.ceil(10 * percent - 1e-9)
    tenths = min(tenths, 999) if share < 1 else max(tenths, 1001)
    return f"{number(tenths / 10, 1, lang)}%"


def office_shown(verdict: Verdict, lang: str) -> str:
    """Return what the department itself expects of the year due, with the date of its page; tagged."""
    if pd.isna(verdict["office"]):
        return ""
    key, bound = f"{verdict['id']}.office", str(verdict["office_bound"])
    value = figure_printed(verdict["office"], str(verdict["unit"]), lang, bound=bound, key=key)
    dated = day_shown(str(verdict["office_published"]), lang)
    return str(texts(lang)["table"]["office"]).format(value=f"{value} ({dated})" if dated else value)
