"""Reader of the text of an observation: qualifier, cut-off day, and conflicts with its columns."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import date

#: English is the language of our statements, Vietnamese that of the office's workbook.
_PHRASES = {
    "over": "more than|over|above|at least|exceeds?|exceeded|pass|passed|surpassed|topped|trên|hơn",
    "under": "nearly|near|almost|close to|under|below|less than|gần|dưới",
    "about": "about|around|some|approximately|khoảng|xấp xỉ",
}
#: A number that a phrase qualifies: "over 3.2 million", "nearly one million", "over-800,000".
_QUALIFIED = {
    bound: re.compile(rf"(?i)\b(?:{phrase})[\s-]+(\d[\d.,]*|one\b)") for bound, phrase in _PHRASES.items()
}
#: A phrase without a number qualifies the row's value: "rounding: over", "rounded 'near'", "over; rounded".
_ALONE = {
    bound: re.compile(rf"(?i)(?:rounding: |rounded '|^\"?|; \"?)(?:{phrase})(?=['\"]?(?:$|[;,])| \()")
    for bound, phrase in _PHRASES.items()
}
_EDGES = {"over": "lower bound", "under": "upper bound"}
_ROUNDED = re.compile(r"(?i)(?:^|[;,] )(?:rounded|làm tròn)\b")
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DAY = re.compile(rf"\b(?:to|by|cut-off)(?: about)? (\d\d?) ({_MONTHS})(?: (\d{{4}}))?")
_CUMULATIVE = re.compile(r"(\d{4})(?:-01/\1-(0[1-9]|1[0-2]))?")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


def bound_in_words(statement: str, note: str, *, value: str = "") -> str | None:
    """Return the qualifier that the text gives to the row's own value.

    Parameters
    ----------
    statement, note : str
        The two text columns of an observation.
    value : str
        The number as the row writes it. If given, "over 8 million" counts only if its number has the
        significant digits of the value. If not, any number counts, the statement's before the note's.

    Returns
    -------
    str or None
        `over`, `under` or `about`; None if the text has no qualifier.
    """
    for bound, pattern in _ALONE.items():
        if pattern.search(note):
            return bound
    for claim, number in (*_claims(statement), *_claims(note)):
        if not value or _significant(number) == _significant(value):
            return claim
    for bound, edge in _EDGES.items():
        if edge in f"{statement} {note}".lower():
            return bound
    return "about" if _ROUNDED.search(note) else None


def cutoff_in_words(statement: str, note: str) -> str | None:
    """Return the last day of a cumulative count, as YYYY-MM-DD; None if the text names no day or no year.

    A day without a year ("cut-off 4 September") belongs to the first year that the text names.
    """
    words = f"{statement} {note}"
    named = _DAY.search(words)
    if named is None:
        return None
    day, month, printed_year = named.groups()
    years = [printed_year] if printed_year else _YEAR.findall(words)
    return f"{years[0]}-{_MONTHS.split('|').index(month) + 1:02d}-{int(day):02d}" if years else None


def contradictions(row: Mapping[str, object]) -> list[str]:
    """Return where the columns bound, digits and through disagree with the row's text or value.

    Parameters
    ----------
    row : mapping of str to object
        An observation as the CSV file writes it, or with numbers as the loader types them.

    Returns
    -------
    list of str
        One sentence each, with the column's name first; empty if all agree.

    Examples
    --------
    >>> from sapa_analysis.evidence import contradictions
    >>> row = {"value": 3.2e6, "digits": 2, "bound": "exact", "freq": "A", "period": "2019", "through": "",
    ...        "statement": "over 3.2 million visits in 2019", "note": ""}
    >>> contradictions(row), contradictions(row | {"bound": "over"})
    (['bound: "exact", but the words say "over"'], [])
    """
    text = {name: f"{cell:.12g}" if isinstance(cell, float) else str(cell) for name, cell in row.items()}
    found = [*_bound_problems(text), *_digits_problems(text), *_through_problems(text)]
    return [f"{column}: {message}" for column, message in found]


def _claims(words: str) -> list[tuple[str, str]]:
    found = [(match, bound) for bound, pattern in _QUALIFIED.items() for match in pattern.finditer(words)]
    return [(bound, match[1]) for match, bound in sorted(found, key=lambda pair: pair[0].start())]


def _significant(number: str) -> str:
    return re.sub(r"\D", "", number.lower().replace("one", "1")).strip("0")


def _bound_problems(row: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    bound, claim = row["bound"], bound_in_words(row["statement"], row["note"], value=row["value"])
    if claim is None and bound != "exact":
        yield "bound", f'"{bound}" has no word for it in statement or note'
    elif claim is not None and claim != bound:
        yield "bound", f'"{bound}", but the words say "{claim}"'


def _digits_problems(row: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    digits, value = row["digits"], re.sub(r"(\.\d{3})0$", r"\1", row["value"])
    whole, _, decimals = value.lstrip("-0").partition(".")
    least = len(_significant(value))
    # a number is typed without its last zeros: 8.7 may have been printed 8.70
    most = max(1, len(whole) + max(len(decimals), 2 if len(whole) < 3 else 0))
    if not re.fullmatch(r"[1-9]\d*", digits):
        yield "digits", f'"{digits}" is not a whole number above zero'
    elif int(digits) > most:
        yield "digits", f"{digits}, but {value} has at most {most}"
    elif int(digits) < least:
        yield "digits", f"{digits}, but {value} shows {least}"


def _through_problems(row: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    through, cumulative = row["through"], row["freq"] == "YTD"
    named = cutoff_in_words(row["statement"], row["note"]) if cumulative else None
    if through and not cumulative:
        yield "through", f'"{through}", but only a cumulative row (freq YTD) has a cut-off day'
    elif through and not _is_day(through):
        yield "through", f'"{through}" is not a day; write YYYY-MM-DD'
    elif through and not f"{row['period'][:4]}-01-01" <= through < _last_day(row["period"]):
        yield "through", f'"{through}" is no day of {row["period"]} before its last'
    elif named and named != through:
        yield "through", f'"{through}", but the words say "{named}"'


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _last_day(period: str) -> str:
    """Return the last day of YYYY or YYYY-01/YYYY-MM; empty for any other text."""
    if not (form := _CUMULATIVE.fullmatch(period)):
        return ""
    year, month = int(form[1]), int(form[2] or 12)
    return date(year, month, monthrange(year, month)[1]).isoformat()
