"""The day whose knowledge counts."""

from __future__ import annotations

from datetime import date, datetime

from ..core import DateError, last_day


def as_day(day: date | str | None) -> date | None:
    """Convert a day, given as a date or as YYYY, YYYY-MM or YYYY-MM-DD, to a date; None stays None.

    Parameters
    ----------
    day : datetime.date or str
        A date, or its text.

    Returns
    -------
    datetime.date or None

    Raises
    ------
    DateError
        When it is not a date.

    Examples
    --------
    >>> from sapa_analysis.evidence import as_day
    >>> [str(as_day(day)) for day in ("2023", "2024-02", "2024-02-05", None)]
    ['2023-12-31', '2024-02-29', '2024-02-05', 'None']
    """
    if isinstance(day, datetime):
        return day.date()
    if day is None or isinstance(day, date):
        return day
    if not isinstance(day, str):
        raise DateError(f'"{day}" is not a date; write YYYY, YYYY-MM or YYYY-MM-DD')
    return last_day(day)
