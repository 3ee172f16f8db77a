"""Changes as a line of text ("+10%", "growth +2"), and scenarios made of them."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator, Mapping
from numbers import Real
from typing import Any, Literal, NamedTuple, cast

from pydantic import ValidationError

from ..core import ParamsError, Problem, in_words
from .adjustment import AHEAD, CALENDAR, YEARS_WANTED, Adjustment, Effect, Scenario
from .anchor import PLAUSIBLE

#: The forms of a change, each with its effect; `n` is a number with its sign where one is wanted.
_NUMBER = r"\d[\d.,_]*(?:e[+-]?\d+)?"
_SIGNED = rf"(?P<n>[+-] ?{_NUMBER})"
_PLAIN = rf"(?P<n>-? ?{_NUMBER})"
_POINTS = re.compile(r"(?:percentage points?|points?|pp|điểm phần trăm|điểm %|điểm)").pattern
_A_YEAR = re.compile(r"(?: ?(?:a year|/ ?year|mỗi năm|một năm|/ ?năm))?").pattern
_GROWTH = re.compile(r"(?:growth|tăng trưởng)").pattern
_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("percent", re.compile(rf"{_SIGNED} ?%")),
    ("multiply", re.compile(rf"[x*] ?(?P<n>{_NUMBER})")),
    ("add", re.compile(rf"{_SIGNED}(?: ?{_POINTS})?")),
    ("add_growth", re.compile(rf"{_GROWTH} ?{_SIGNED} ?(?:%|{_POINTS})?{_A_YEAR}")),
    ("growth", re.compile(rf"{_GROWTH} ?= ?{_PLAIN} ?%?{_A_YEAR}")),
    ("hold", re.compile(rf"(?:= ?)?(?P<n>{_NUMBER}) ?% ?(?:of|của)(?: năm)? ?(?P<year>\d{{4}})")),
    ("replace", re.compile(rf"= ?{_PLAIN}")),
)
#: Words for signs: "tăng 10 phần trăm" is "+10%".
_IN_WORDS = (
    (re.compile(r"^(?:up|tăng)(?: by)? (?=\d)"), "+"),
    (re.compile(r"^(?:down|giảm)(?: by)? (?=\d)"), "-"),
    (re.compile(r"(?<=\d) ?(?:per ?cent|phần trăm)"), "%"),
)
_WRITE = 'write "+10%", "x 1.1", "+500", "-3 points", "= 4.2e6", "growth +2", "growth = 8" or "= 80% of 2019"'


class Change(NamedTuple):
    """One change as its text says it: the effect, its value, and the past year of a share."""

    effect: Effect
    value: float
    of_year: int | None = None


def read_change(text: str) -> Change:
    """Return the change that a line of text says.

    A comma is read as the mark of decimals where three digits do not follow it; with three it may be either,
    and is refused.

    Parameters
    ----------
    text : str
        "+10%", "x 1.1", "+500", "-3 points", "= 4.2e6", "growth +2", "growth = 8", "= 80% of 2019", or in
        Vietnamese "tăng 10%", "+2,5 điểm", "tăng trưởng +2", "= 80% của năm 2019".

    Raises
    ------
    ValueError
        With what may be meant.

    Examples
    --------
    >>> from sapa_analysis.scenarios.short_form import read_change
    >>> read_change("-2,5 %"), read_change("= 80% of 2019")
    (Change(effect='multiply', value=0.975, of_year=None), Change(effect='hold', value=0.8, of_year=2019))
    """
    plain = unicodedata.normalize("NFC", text).strip().lower()
    plain = re.sub(r"\s+", " ", plain.replace("−", "-").replace("–", "-").replace("×", "x"))
    for words, sign in _IN_WORDS:
        plain = words.sub(sign, plain)
    for effect, form in _FORMS:
        if found := form.fullmatch(plain):
            return _change(effect, found)
    raise ValueError(_not_read(text, plain))


def _change(effect: str, found: re.Match[str]) -> Change:
    value = read_number(found["n"])
    if effect == "percent":
        return Change("multiply", (100 + value) / 100)
    if effect == "hold":
        return Change("hold", value / 100, int(found["year"]))
    return Change(cast(Effect, effect), value)


def _not_read(text: str, plain: str) -> str:
    if found := re.fullmatch(rf"({_NUMBER}) ?%", plain):
        return (
            f'"{text}" may be so much more or so much of it; write "+{found[1]}%" or "x {_share(found[1])}"'
        )
    if re.fullmatch(rf"= ?{_NUMBER} ?%", plain):
        return f'"{text}" does not say of which year: write "= 80% of 2019"; a rate is "= 80"'
    if re.fullmatch(rf"{_GROWTH} ?{_NUMBER} ?%?", plain):
        return f'"{text}" may be growth of so much or so much more of it; write "growth = 8" or "growth +2"'
    if re.fullmatch(_NUMBER, plain):
        return f'"{text}" may be a factor or a level; write "x {text}", "= {text}" or "+{text}"'
    return f'"{text}" is no change; {_WRITE}'


def _share(number: str) -> str:
    try:
        return f"{read_number(number) / 100:g}"
    except ValueError:
        return "0.9"


def read_number(text: str) -> float:
    """Return a number with a decimal point or comma; thousands apart by either if there are several groups.

    Raises
    ------
    ValueError
        Where it may be one or the other ("27,000"), or is no number.

    Examples
    --------
    >>> from sapa_analysis.scenarios.short_form import read_number
    >>> [read_number(text) for text in ("0,9", "- 3", "4.2e6", "4.200.000")]
    [0.9, -3.0, 4200000.0, 4200000.0]
    """
    plain = text.replace(" ", "").replace("_", "")
    if re.fullmatch(r"[+-]?\d{1,3}(?:([.,])\d{3})(?:\1\d{3})+", plain):
        plain = re.sub("[.,]", "", plain)
    elif re.fullmatch(r"[+-]?[1-9]\d{0,2},\d{3}", plain):
        whole, part = plain.split(",")
        raise ValueError(f'"{text}" may be {whole}{part} or {whole}.{part}; write it without a comma')
    try:
        return float(plain.replace(",", "."))
    except ValueError:
        raise ValueError(f'"{text}" is no number; write 4200000 or 0.9') from None


def plausible_problem(effect: str, value: float) -> str:
    """Return why a change is one that hardly anybody means, or nothing; it needs no baseline.

    Examples
    --------
    >>> from sapa_analysis.scenarios.short_form import plausible_problem
    >>> plausible_problem("multiply", 10), plausible_problem("multiply", 1.1)
    ('10 is no plausible factor: 0.5 to 2; for 10 percent more write "+10%" or 1.1, or say bold', '')
    """
    low, high = PLAUSIBLE
    if effect == "multiply" and value > 0 and not low <= value <= high:
        return (
            f"{value:g} is no plausible factor: {low:g} to {high:g}; for 10 percent more write "
            f'"+10%" or 1.1, or say bold'
        )
    grows = effect in ("growth", "add_growth")
    if grows and not low <= 1 + value / 100 <= high:
        least, most = 100 * (low - 1), 100 * (high - 1)
        return f"{value:g} is no plausible growth in percent: {least:g} to {most:g}, or say bold"
    return ""


def _whole(year: Any) -> Any:
    """Return a year as an int where it is a whole number, also one of numpy's or written as text."""
    if isinstance(year, str):
        return int(year) if year.isdecimal() else year
    whole = isinstance(year, Real) and not isinstance(year, bool) and float(year).is_integer()
    return int(year) if whole else year


def year_problem(year: Any) -> str:
    """Return why a key is no year, or nothing.

    Examples
    --------
    >>> from sapa_analysis.scenarios.short_form import year_problem
    >>> year_problem(20245), year_problem(2024), year_problem(1)
    ('20245 is no year; write 1990 to 2060, or 1 to 30 for years after the origin', '', '')
    """
    whole = isinstance(year, int) and not isinstance(year, bool)
    if whole and any(first <= year <= last for first, last in (CALENDAR, AHEAD)):
        return ""
    return f"{year} is no year; {YEARS_WANTED}"


def scenario(
    name: str,
    /,
    *,
    area: str = "",
    judged_on: str | dt.date | None = None,
    weight: float | None = None,
    label: str | Mapping[str, str] | None = None,
    reason: str | Mapping[str, str] = "",
    shape: Literal["step", "ramp"] = "step",
    bold: bool = False,
    **changes: str | Mapping[int, str],
) -> Scenario:
    """Return a scenario from changes in short form, for play; `save_scenario` makes a file of it.

    Parameters
    ----------
    name : str
        What it is called.
    area, judged_on, weight, label, reason
        As in `Scenario`, the weight a share of the paths; blank: it holds everywhere and on any day.
    shape : {"step", "ramp"}
        A change without years holds in every year ahead: at once, or growing evenly to the last.
    bold : bool
        Whether changes to less than half or more than twice are meant.
    **changes : str, or mapping of int to str
        By indicator: a change of every year ahead, or one for each year (of the calendar, or 1, 2, ... after
        the origin): "+10%", "x 1.1", "+500", "-3 points", "= 4.2e6", "growth +2" (points more), "growth = 8"
        or "= 80% of 2019".

    Raises
    ------
    ParamsError
        With every problem.

    Examples
    --------
    >>> import sapa_analysis as sapa
    >>> sapa.scenario("spend +10 %", spend_per_visit="+10%")
    <Scenario spend +10 %: multiply spend_per_visit in every year ahead>
    >>> sapa.scenario("wave", tourist_arrivals={2024: "+5%", 2025: "-3%"}).to_frame()[["year", "value"]]
       year  value
    0  2024   1.05
    1  2025   0.97
    >>> sapa.scenario("slip", spend_per_visit="90%", tourist_arrivals={20245: "x 10"})
    Traceback (most recent call last):
        ...
    sapa_analysis.core.errors.ParamsError: scenario "slip" has 3 problems
      spend_per_visit: "90%" may be so much more or so much of it; write "+90%" or "x 0.9"
      tourist_arrivals.20245: 10 is no plausible factor: 0.5 to 2; for 10 percent more write "+10%" or 1.1, or
      say bold
      tourist_arrivals.20245: 20245 is no year; write 1990 to 2060, or 1 to 30 for years after the origin
    """
    found: list[tuple[str, str]] = []
    parts: list[dict[str, Any]] = []
    for indicator, said in changes.items():
        by_year = said if isinstance(said, Mapping) else {None: said}
        if not by_year:
            found.append((indicator, "wanted a change, or one for each year"))
        read = list(_read(indicator, by_year, bold, found))
        parts += _parts(indicator, read, shape, bold)
    if shape == "ramp" and any(isinstance(said, Mapping) for said in changes.values()):
        found.append(("shape", "a ramp leads to a change without years; years say their own"))
    given: dict[str, Any] = {"area": area, "judged_on": judged_on, "weight": weight, "reason": reason}
    given |= {} if label is None else {"label": label}
    adjustments = [] if found else list(_made(parts, found))
    try:
        made = Scenario(name=name, **given, adjustments=() if found else tuple(adjustments))
    except ValidationError as error:
        found += [(".".join(map(str, item["loc"])), in_words(item)) for item in error.errors()]
    if found:
        raise ParamsError([Problem(f'scenario "{name}"', 0, column, words) for column, words in found])
    return made


def _made(parts: list[dict[str, Any]], found: list[tuple[str, str]]) -> Iterator[Adjustment]:
    """Yield adjustments; problems are added to a list, at the indicator or its year, or the shape."""
    for part in parts:
        try:
            yield Adjustment(**part)
        except ValidationError as error:
            for item in error.errors():
                year = [str(key) for key in item["loc"] if isinstance(key, int)]
                at = "shape" if item["loc"] == ("shape",) else ".".join([part["indicator"], *year])
                if (at, in_words(item)) not in found:
                    found.append((at, in_words(item)))


def _read(
    indicator: str, by_year: Mapping[Any, Any], bold: bool, found: list[tuple[str, str]]
) -> Iterator[tuple[int | None, Change]]:
    """Yield the changes of an indicator by year, None for all; problems are added to a list."""
    for year, text in by_year.items():
        number = _whole(year)
        column = indicator if year is None else f"{indicator}.{year}"
        if year is not None and (why := year_problem(number)):
            found.append((column, why))
        try:
            change = read_change(text if isinstance(text, str) else f"{text}")
        except ValueError as error:
            found.append((column, str(error)))
            continue
        if not bold and (why := plausible_problem(change.effect, change.value)):
            found.append((column, why))
        yield number, change


def _parts(
    indicator: str, read: list[tuple[int | None, Change]], shape: str, bold: bool
) -> Iterator[dict[str, Any]]:
    """Yield one adjustment for each effect and past year, in the order in which they first stand."""
    for effect, of_year in dict.fromkeys((change.effect, change.of_year) for _, change in read):
        mine = {year: each.value for year, each in read if (each.effect, each.of_year) == (effect, of_year)}
        own: dict[str, Any] = {"indicator": indicator, "effect": effect, "of_year": of_year, "bold": bold}
        yield own | ({"always": mine[None], "shape": shape} if None in mine else {"values": mine})
