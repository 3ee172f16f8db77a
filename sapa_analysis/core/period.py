"""Strict parsers of periods and dates in the forms that published pages use."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import cache

import pandas as pd

from .errors import DateError

#: How a period is written, by frequency; error messages use this text.
FORMS = {
    "A": "YYYY",
    "Q": "YYYY-Q1 to YYYY-Q4",
    "M": "YYYY-MM",
    "YTD": "YYYY-01/YYYY-MM, or YYYY when the cut-off is unknown",
    "TERM": "YYYY/YYYY",
    "EVENT": "YYYY, YYYY-MM or YYYY-MM-DD/YYYY-MM-DD",
}
_PATTERNS = {
    "A": r"\d{4}",
    "Q": r"\d{4}-Q[1-4]",
    "M": r"\d{4}-\d{2}",
    "YTD": r"\d{4}(-01/\d{4}-\d{2})?",
    "TERM": r"\d{4}/\d{4}",
    "EVENT": r"\d{4}(-\d{2})?|\d{4}-\d{2}-\d{2}/\d{4}-\d{2}-\d{2}",
}


#: The zone of every day taken from the clock. An offset, for the name of a zone needs data that Windows
#: lacks: Viet Nam has kept seven hours since 1975, without summer time.
VIET_NAM = timezone(timedelta(hours=7), "Viet Nam")
#: Plans for the next year are published from this month on.
_PLANS_FROM_MONTH = 10


def today(now: datetime | None = None) -> date:
    """Return the day it is in Viet Nam, wherever the machine stands and however its clock is set up.

    Parameters
    ----------
    now : datetime.datetime, optional
        A moment, with its zone; the present by default.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from sapa_analysis.core import today
    >>> [str(today(datetime(2026, 11, 28, hour, tzinfo=UTC))) for hour in (16, 17)]
    ['2026-11-28', '2026-11-29']
    """
    return (datetime.now(VIET_NAM) if now is None else now.astimezone(VIET_NAM)).date()


@dataclass(frozen=True, slots=True)
class Span:
    """The days from `start` to `end`, both included."""

    start: date
    end: date


def first_day(text: str) -> date:
    """Return the first day that YYYY, YYYY-MM or YYYY-MM-DD can mean.

    Parameters
    ----------
    text : str
        A day, a month or a year.

    Examples
    --------
    >>> from sapa_analysis.core import first_day
    >>> [str(first_day(text)) for text in ("2023", "2024-02", "2024-02-05")]
    ['2023-01-01', '2024-02-01', '2024-02-05']
    """
    return _day(text, last=False)


@cache
def last_day(text: str) -> date:
    """Return the last day that YYYY, YYYY-MM or YYYY-MM-DD can mean.

    An incomplete date of publication counts as this day, so that nothing is known too early.

    Parameters
    ----------
    text : str
        A day, a month or a year.

    Raises
    ------
    ValueError
        When `text` has none of the three forms or is not a calendar day.

    Examples
    --------
    >>> from sapa_analysis.core import last_day
    >>> [str(last_day(text)) for text in ("2023", "2024-02", "2024-02-05")]
    ['2023-12-31', '2024-02-29', '2024-02-05']
    """
    return _day(text, last=True)


def days_of(published: pd.Series) -> pd.Series:
    """Return dates of publication as days that can be sorted; an unknown one comes after all others.

    The key of `sort_values`: an incomplete date sorts as the last day that it can mean.

    Parameters
    ----------
    published : pandas.Series
        YYYY, YYYY-MM or YYYY-MM-DD; blank where it is not known.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.core import days_of
    >>> pages = pd.Series(["", "2023", "2023-11", "2023-11-20"])
    >>> pages.sort_values(key=days_of).tolist()
    ['2023-11-20', '2023-11', '2023', '']
    """
    days = [last_day(text or "9999") for text in published.tolist()]
    return pd.Series(days, published.index, dtype=object, name=published.name)


def _day(text: str, *, last: bool) -> date:
    wanted = f'"{text}" is not a date; write YYYY, YYYY-MM or YYYY-MM-DD'
    if not isinstance(text, str) or not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", text, re.ASCII):
        raise DateError(wanted)
    year, month, day = ([int(part) for part in text.split("-")] + [0, 0])[:3]
    month = month if len(text) > 4 else (12 if last else 1)
    try:
        if len(text) <= 7:
            day = calendar.monthrange(year, month)[1] if last else 1
        return date(year, month, day)
    except ValueError:
        raise DateError(wanted) from None


def parse_period(text: str, freq: str) -> Span:
    """Return the days that a printed period covers.

    Parameters
    ----------
    text : str
        The period, in the form that `FORMS` gives for `freq`.
    freq : {"A", "Q", "M", "YTD", "TERM", "EVENT"}
        Year, quarter, month, January to a month, several years, holiday.

    Returns
    -------
    Span
        First and last day.

    Raises
    ------
    ValueError
        When the text does not have the form, is not a date, ends before it starts, or (YTD) spans two years.

    Examples
    --------
    >>> from sapa_analysis.core import parse_period
    >>> quarter = parse_period("2023-Q2", "Q")
    >>> str(quarter.start), str(quarter.end)
    ('2023-04-01', '2023-06-30')
    """
    if not re.fullmatch(_PATTERNS[freq], text, re.ASCII):
        raise ValueError(f'"{text}" does not fit freq {freq}; write {FORMS[freq]}')
    if freq == "Q":
        quarter = int(text[-1])
        return Span(first_day(f"{text[:4]}-{3 * quarter - 2:02d}"), last_day(f"{text[:4]}-{3 * quarter:02d}"))
    start, _, end = text.partition("/")
    span = Span(first_day(start), last_day(end or start))
    if span.end < span.start:
        raise ValueError(f'"{text}" ends before it starts')
    if freq == "YTD" and span.start.year != span.end.year:
        raise ValueError(f'"{text}" runs over more than one year; write {FORMS[freq]}')
    return span


def term_years(text: str) -> range:
    """Return the calendar years of a term.

    Congress terms are named by the years of two congresses (2020/2025), plan terms by their first
    and last year (2021/2025): both mean the same five years.

    Parameters
    ----------
    text : str
        Two years with a stroke between them, `2021/2025`.

    Examples
    --------
    >>> from sapa_analysis.core import term_years
    >>> list(term_years("2020/2025")) == list(term_years("2021/2025")) == [2021, 2022, 2023, 2024, 2025]
    True
    """
    span = parse_period(text, "TERM")
    first, last = span.start.year, span.end.year
    return range(first + (last - first == 5 and last % 5 == 0), last + 1)


def is_yearly_plan(end: int, published: str) -> bool:
    """Return whether a target is a yearly plan: published in the due year or late in the year before.

    Parameters
    ----------
    end : int
        The due year.
    published : str
        Date of publication; a blank date is unknown and means that it is not a yearly plan.

    Examples
    --------
    >>> from sapa_analysis.core import is_yearly_plan
    >>> [is_yearly_plan(2025, published) for published in ("2024-12", "2025-03", "2020-10")]
    [True, True, False]
    """
    if not published:
        return False
    day = last_day(published)
    return end == day.year or (end == day.year + 1 and day.month >= _PLANS_FROM_MONTH)
