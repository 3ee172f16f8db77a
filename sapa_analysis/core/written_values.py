"""How a value of a parameter may be written: an incomplete day, a list or a mapping as text."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator

from .period import last_day
from .yaml_files import read_scalar, read_value

T = TypeVar("T")
#: Years in which a vintage can lie.
_FIRST_YEAR, _LAST_YEAR = 1900, 2200


def read_day(value: Any) -> Any:
    """Return the last day of a date that may be incomplete; what is no date is left for the type to refuse.

    Examples
    --------
    >>> from sapa_analysis.core.written_values import read_day
    >>> read_day("2024-02"), read_day(2023)
    (datetime.date(2024, 2, 29), datetime.date(2023, 12, 31))
    """
    whole = isinstance(value, int) and not isinstance(value, bool)
    day = last_day(str(value)) if isinstance(value, str) or whole else value
    if isinstance(day, dt.date) and not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise ValueError(f"wanted a day from {_FIRST_YEAR} to {_LAST_YEAR}")
    return day


def read_words(value: Any) -> Any:
    """Return a list of words from text, papermill's `-p` among them: `a, b`, `a; b` or YAML; `a` is one.

    Parameters
    ----------
    value : object
        A text, or what is a list already.

    Examples
    --------
    >>> from sapa_analysis.core.written_values import read_words
    >>> [read_words(text) for text in ("low, base", "low;base", "[low, base]", "low", "")]
    [['low', 'base'], ['low', 'base'], ['low', 'base'], ['low'], []]
    """
    if isinstance(value, str) and value.lstrip().startswith("["):
        return read_value(value)
    if isinstance(value, str):
        return [word for each in re.split(r"[,;\n]", value) if (word := each.strip())]
    return list(value) if isinstance(value, tuple) else value


def read_years(value: Any) -> Any:
    """Return a list of whole numbers from one number or from text; see `read_words`.

    Examples
    --------
    >>> from sapa_analysis.core.written_values import read_years
    >>> [read_years(value) for value in (2020, "2020, 2021", "[2020, 2021]")]
    [[2020], [2020, 2021], [2020, 2021]]
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return [value]
    words = read_words(value)
    written = isinstance(words, list)
    return [read_scalar(each) if isinstance(each, str) else each for each in words] if written else words


def read_yaml_text(value: Any) -> Any:
    """Return what text holds as YAML; other values, and what is no YAML, as they are.

    Examples
    --------
    >>> from sapa_analysis.core.written_values import read_yaml_text
    >>> read_yaml_text("{growth: [grdp_growth]}"), read_yaml_text("{growth")
    ({'growth': ['grdp_growth']}, '{growth')
    """
    return read_value(value) if isinstance(value, str) else value


#: A day, also incomplete.
Day = Annotated[dt.date, BeforeValidator(read_day)]
#: A list of words.
Words = Annotated[list[str], BeforeValidator(read_words)]
#: Anything that is written as YAML.
Yaml = Annotated[T, BeforeValidator(read_yaml_text)]
