"""Days, years and periods, as an office writes them."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from .layout import words
from .number_words import CellError
from .sheet_cells import Cell
from .spelling import folded, plain
from .told import quoted, shown_number

#: Day 0 of Excel; it counts a 29 February 1900 that never was, so days before March 1900 are not read.
_ZERO, _FIRST_SERIAL, _LAST_SERIAL = date(1899, 12, 30), 61, 73_050
FIRST_YEAR, LAST_YEAR = 1990, 2050
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_YEAR = r"(?:nam |ca nam )?((?:19|20)[0-9]{2})"
_OF = r"(?: (?:nam|cua nam) |\s?[/-]\s?| )"
_DAY = re.compile(r"(?:ngay )?([0-9]{1,2})(?:[/.-]| thang )([0-9]{1,2})(?:[/.-]| nam )([0-9]{4}|[0-9]{2})")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?: 00:00:00)?")
_MONTH = re.compile(rf"(?:thang |t\s?)?([0-9]{{1,2}}){_OF}([0-9]{{4}})")
_QUARTER = re.compile(rf"(?:quy |q\s?)(i{{1,3}}|iv|[1-4]){_OF}([0-9]{{4}})")
_MONTHS = re.compile(rf"([0-9]{{1,2}})\s?(?:thang|t)(?: dau)?(?: nam)?{_OF}([0-9]{{4}})")
_TERM = re.compile(r"(?:giai doan |nhiem ky |tu |tu nam )?([0-9]{4})\s?(?:-|/|den|den nam)\s?([0-9]{4})")


class Period(NamedTuple):
    """A period as the evidence writes it.

    Attributes
    ----------
    freq, period, through : str
        As in `core.Observations`.
    first, last : datetime.date
        Its days; `last` is the last day counted.
    """

    freq: str
    period: str
    through: str
    first: date
    last: date


def _letters(text: str) -> str:
    """Return a text without the marks of its letters, in small letters."""
    import unicodedata

    marked = unicodedata.normalize("NFD", folded(unicodedata.normalize("NFKC", plain(text))))
    bare = "".join(sign for sign in marked if not unicodedata.combining(sign))
    return bare.replace("đ", "d").lstrip("'’‘")


def day_of_serial(value: Decimal) -> date | None:
    """Return the day that Excel counts so, or None where it is none.

    Examples
    --------
    >>> from decimal import Decimal
    >>> from sapa_analysis.evidence.office.periods import day_of_serial
    >>> str(day_of_serial(Decimal(44926)))
    '2022-12-31'
    """
    if not _FIRST_SERIAL <= value <= _LAST_SERIAL:
        return None
    return _ZERO + timedelta(days=int(value))


def vietnamese(day: date) -> str:
    """Return a day as it is written in Viet Nam."""
    return f"{day:%d/%m/%Y}"


def read_day(cell: Cell) -> date:
    """Return the day of a cell.

    Raises
    ------
    CellError
        When it is none.

    Examples
    --------
    >>> from sapa_analysis.evidence.office.periods import read_day
    >>> from sapa_analysis.evidence.office.sheet_cells import Cell
    >>> str(read_day(Cell(1, 1, "text", "15/6/2023")))
    '2023-06-15'
    """
    found = _day(cell)
    if found is None or isinstance(found, str):
        raise CellError("day", text=_shown(cell), hint=words()["errors"]["day_how"])
    return found


def _shown(cell: Cell) -> str:
    return quoted(cell.text) if cell.kind != "number" else shown_number(cell.number)


def _day(cell: Cell) -> date | str | None:
    """Return the day of a cell; `month` where only its month is meant; None where it is no day."""
    if cell.kind == "formula":
        raise CellError("formula")
    if cell.kind in ("error", "boolean"):
        raise CellError("error_value" if cell.kind == "error" else "boolean", text=quoted(cell.text))
    if cell.kind == "number":
        day = day_of_serial(cell.number)
        if cell.shown in ("day", "month"):
            return day
        if day is not None and cell.number >= 30_000:
            raise CellError("serial", text=shown_number(cell.number), day=vietnamese(day))
        return None
    text = _letters(cell.text)
    if found := _ISO.fullmatch(text):
        return _date(int(found[1]), int(found[2]), int(found[3]), cell)
    if found := _DAY.fullmatch(text):
        year = int(found[3]) + (2000 if len(found[3]) == 2 else 0)
        return _date(year, int(found[2]), int(found[1]), cell)
    return None


def _date(year: int, month: int, day: int, cell: Cell) -> date:
    try:
        found = date(year, month, day)
    except ValueError:
        hint = words()["errors"]["day_how"]
        if day <= 12 < month and month <= 31 and day >= 1:
            hint = words()["errors"]["write"].format(number=f"{month:02d}/{day:02d}/{year}")
        raise CellError("day", text=_shown(cell), hint=hint) from None
    if not FIRST_YEAR - 90 <= found.year <= LAST_YEAR:
        raise CellError("day", text=_shown(cell), hint=words()["errors"]["day_how"])
    return found


def read_year(cell: Cell) -> int:
    """Return the year of a cell.

    Raises
    ------
    CellError
        When it is none.

    Examples
    --------
    >>> from sapa_analysis.evidence.office.periods import read_year
    >>> from sapa_analysis.evidence.office.sheet_cells import Cell
    >>> read_year(Cell(1, 1, "text", "năm 2023"))
    2023
    """
    text = format(cell.number, "f") if cell.kind == "number" and not cell.shown else _letters(cell.text)
    found = re.fullmatch(_YEAR, text)
    if found is None or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        raise CellError("year", text=_shown(cell))
    return int(found[1])


def read_due(cell: Cell) -> tuple[int | None, int]:
    """Return the years of a goal: none and the year, or the first and the last of a term.

    Raises
    ------
    CellError
        When they are none.
    """
    found = _TERM.fullmatch(_letters(cell.text)) if cell.kind == "text" else None
    if found and FIRST_YEAR <= int(found[1]) < int(found[2]) <= LAST_YEAR:
        return int(found[1]), int(found[2])
    try:
        return None, read_year(cell)
    except CellError:
        raise CellError("due", text=_shown(cell)) from None


def _year_span(year: int) -> Period:
    return Period("A", str(year), "", date(year, 1, 1), date(year, 12, 31))


def year_period(year: int) -> Period:
    """Return a year as a period."""
    return _year_span(year)


def _whole(cell: Cell) -> Period | None:
    """Return the period that one cell names as a whole, or None where it names none."""
    if cell.kind == "number":
        if cell.shown == "month" and (day := day_of_serial(cell.number)):
            return _month(day.year, day.month)
        text = format(cell.number, "f") if not cell.shown else ""
    else:
        text = _letters(cell.text)
    if found := re.fullmatch(_YEAR, text):
        return _year_span(int(found[1]))
    if found := _QUARTER.fullmatch(text):
        number = _ROMAN.get(found[1]) or int(found[1])
        year, last = int(found[2]), 3 * number
        return Period("Q", f"{year}-Q{number}", "", date(year, last - 2, 1), _month_end(year, last))
    if (found := _MONTHS.fullmatch(text)) and 1 <= int(found[1]) <= 12:
        return _to_month(int(found[2]), int(found[1]))
    if (found := _MONTH.fullmatch(text)) and 1 <= int(found[1]) <= 12:
        return _month(int(found[2]), int(found[1]))
    if (found := _TERM.fullmatch(text)) and int(found[1]) < int(found[2]):
        first, last = int(found[1]), int(found[2])
        return Period("TERM", f"{first}/{last}", "", date(first, 1, 1), date(last, 12, 31))
    return None


def _month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _month(year: int, month: int) -> Period:
    return Period("M", f"{year}-{month:02d}", "", date(year, month, 1), _month_end(year, month))


def _to_month(year: int, month: int) -> Period:
    if month in (1, 12):
        return _month(year, 1) if month == 1 else _year_span(year)
    return Period("YTD", f"{year}-01/{year}-{month:02d}", "", date(year, 1, 1), _month_end(year, month))


def read_period(first: Cell, last: Cell | None, *, has_holidays: bool = False) -> Period:
    """Return the period from one cell to another, or the one that the first names as a whole.

    Parameters
    ----------
    first, last : Cell
        Under `Từ` and `Đến`; `last` may be blank.
    has_holidays : bool
        Whether the indicator counts days of a holiday: then a few days, less than a month, are a period.

    Raises
    ------
    CellError
        When they are no period.

    Examples
    --------
    >>> from sapa_analysis.evidence.office.periods import read_period
    >>> from sapa_analysis.evidence.office.sheet_cells import Cell
    >>> read_period(Cell(1, 1, "text", "6 tháng đầu năm 2022"), None)[:2]
    ('YTD', '2022-01/2022-06')
    >>> read_period(Cell(1, 1, "text", "01/01/2022"), Cell(1, 2, "text", "15/10/2022"))[:3]
    ('YTD', '2022-01/2022-10', '2022-10-15')
    """
    begin = _end_of(first)
    if last is None:
        if isinstance(begin, Period):
            return _in_range(begin, first)
        if has_holidays:
            return _days(begin, begin)
        raise CellError("one_day")
    end = _end_of(last)
    if isinstance(begin, Period) and begin.freq not in ("A", "M"):
        raise CellError("two_periods")
    if isinstance(end, Period) and end.freq not in ("A", "M"):
        raise CellError("period", text=_shown(last))
    start = begin.first if isinstance(begin, Period) else begin
    stop = end.last if isinstance(end, Period) else end
    if stop < start:
        raise CellError("turned")
    return _in_range(_between(start, stop, has_holidays=has_holidays), first)


def _in_range(period: Period, cell: Cell) -> Period:
    if not FIRST_YEAR <= period.first.year <= period.last.year <= LAST_YEAR:
        raise CellError("period", text=_shown(cell))
    return period


def _end_of(cell: Cell) -> Period | date:
    if found := _whole(cell):
        return found
    try:
        day = _day(cell)
    except CellError as error:
        if error.key == "day":
            raise CellError("period", text=_shown(cell)) from None
        raise
    if not isinstance(day, date):
        raise CellError("period", text=_shown(cell))
    return day


def _days(first: date, last: date) -> Period:
    return Period("EVENT", f"{first}/{last}", "", first, last)


def _between(first: date, last: date, *, has_holidays: bool) -> Period:
    """Return a month, a quarter, years or the months since January; else the days of a holiday."""
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    ends = last == _month_end(last.year, last.month)
    if has_holidays and _is_short(first, last):
        return _days(first, last)
    if first.day != 1 or (not ends and (first.month != 1 or last.year != first.year)):
        raise CellError("odd_span")
    if first.month == 1 and last.year == first.year and (months > 1 or not ends):
        if ends:
            return _to_month(last.year, last.month)
        return Period("YTD", f"{last.year}-01/{last.year}-{last.month:02d}", last.isoformat(), first, last)
    if months == 1:
        return _month(first.year, first.month)
    if months == 3 and first.month % 3 == 1:
        number = last.month // 3
        return Period("Q", f"{first.year}-Q{number}", "", first, last)
    if months % 12 == 0 and first.month == 1:
        return Period("TERM", f"{first.year}/{last.year}", "", first, last)
    raise CellError("odd_span")


def _is_short(first: date, last: date) -> bool:
    """Return whether days are fewer than a month, counted from their first."""
    return (last - first).days + 1 < monthrange(first.year, first.month)[1]
