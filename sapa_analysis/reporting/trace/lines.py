"""The way back of a number in plain lines: from the number to the pages."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ...evidence import is_office
from ..language import number, texts, unit_ending
from ..office import SIGN, instead, named, place_told
from ..published import day_shown, figure_printed, period_shown
from .way import Measurement, Page, Rounding, Way

#: Pages and figures that a line names; of more it tells how many.
_NAMED = 3
#: Figures from which a count tells only how many they are.
_LISTED = 12
#: Significant digits of a value that is told beside its rounded form.
_DIGITS = 7
#: Kinds that nothing was calculated for: their own words say all.
_PLAIN = ("quoted", "mark", "date", "office")


def way_lines(way: Way, lang: str, paper: str = "") -> tuple[str, ...]:
    """Return the way back of a number in two to six plain lines.

    Parameters
    ----------
    way : Way
        As `ways_of` returns it.
    lang : {"vi", "en"}
        Language.
    paper : str
        Kind of the paper whose numbers of sources are told; all of them by default.
    """
    words = texts(lang)["trace"]
    return tuple(line for line in _lines(way, words, lang, paper) if line)


def _lines(way: Way, words: Mapping[str, Any], lang: str, paper: str) -> Iterator[str]:
    about = way.about.get(lang, "")
    told = str(words["about"]).format(about=about) if about and way.kind != "mark" else ""
    yield str(words["head"]).format(text=text_of(way, lang), kind=words["kinds"][way.kind], about=told)
    if way.kind not in ("mark", "date"):
        yield _rounding(way, words, lang)
    if way.kind == "chosen":
        yield str(words["chosen"])
    elif way.said:
        yield _sentence(way.said.get(lang) or str(words["composed"]))
    if way.paths is not None:
        shown = {"n": number(way.paths.number, 0, lang), "seed": way.paths.seed, "last": way.paths.last}
        yield str(words["paths_to" if way.paths.last else "paths"]).format(**shown)
    yield _figures(way, words, lang)
    if way.pages:
        form = instead("pages", words["pages"], lang, own=any(is_office(page.url) for page in way.pages))
        yield form.format(pages=_pages(way.pages, words, lang, paper))


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."


def text_of(way: Way, lang: str) -> str:
    """Return how a number is printed in a language, or else in the first one it is printed in."""
    printed = way.texts.get(lang) or next(iter(way.texts.values()))
    return printed[0]


def _rounding(way: Way, words: Mapping[str, Any], lang: str) -> str:
    how, forms = way.rounding.how, words["roundings"]
    if how == "word":
        if way.chance is not None:
            return str(forms["word"]).format(value=value_shown(way.chance, "probability", lang))
        if way.place.table != "verdicts":
            return str(forms["word_scale"])
        if way.value in ("met", "missed"):
            own = any(each.where for each in way.used)
            return instead("word_result", forms["word_result"], lang, own=own)
        return str(forms["word_none"])
    value = value_shown(way.value, way.unit, lang)
    if how == "as_printed" and way.kind in ("forecast", "pace", "difference", "count"):
        how = "whole"
    return str(forms[how]).format(value=value, to=step_shown(way.rounding, lang))


def value_shown(value: Any, unit: str, lang: str) -> str:
    """Return a value with its unit and up to seven significant digits.

    Examples
    --------
    >>> from sapa_analysis.reporting.trace.lines import value_shown
    >>> value_shown(3176254.413, "visits", "vi"), value_shown(0.2731, "probability", "en")
    ('3.176.254 lượt', '27.31%')
    """
    if not isinstance(value, int | float) or isinstance(value, bool):
        return str(value)
    if unit in ("share", "probability"):
        value, unit = 100 * value, "percent"
    whole = max(math.floor(math.log10(abs(value))) + 1, 1) if value else 1
    text = number(value, max(_DIGITS - whole, 0) if value % 1 else 0, lang)
    comma = texts(lang)["decimal"]
    text = text.rstrip("0").rstrip(comma) if comma in text else text
    return f"{text}{_ending(unit, lang)}"


def step_shown(rounding: Rounding, lang: str) -> str:
    """Return the step of a rounding with its unit, "0,1 triệu lượt"."""
    return value_shown(rounding.to, rounding.unit, lang)


def _ending(unit: str, lang: str) -> str:
    words = texts(lang)
    if unit in words["pace_units"]:
        said = str(words["pace_units"][unit])
        return said if said.startswith("%") else f" {said}"
    return unit_ending(unit, lang) if unit in words["units"] else ""


def _figures(way: Way, words: Mapping[str, Any], lang: str) -> str:
    if way.kind in (*_PLAIN, "goal", "chosen"):
        return ""
    if way.place.table == "register":
        return str(words["register"])
    own_among = any(each.where for each in way.used)
    if way.kind == "count" and len(way.measurements) > _LISTED:
        form = instead("rests_count", words["rests_count"], lang, own=own_among)
        return form.format(n=number(len(way.used), 0, lang))
    if way.paths is None:
        own = [each for each in way.used if each.own] or way.measurements
        latest = sorted(own, key=_when, reverse=True)
        named = [statement(each, words, lang) for each in latest]
        mine = [bool(each.where) for each in latest[:_NAMED]]
        form = words["figure" if len(named) == 1 else "figures"]
        form = texts(lang)["office"]["figure" if all(mine) else "figures"] if any(mine) else form
        return str(form).format(figure=_some(named), figures=_some(named)) if named else ""
    own = sorted((each for each in way.used if each.own), key=_when)
    if not way.used:
        return str(words["rests_none"])
    shown = {"n": number(len(way.used), 0, lang), "own": number(len(own), 0, lang)}
    aside = len(way.measurements) - len(way.used)
    told = str(words["aside"]).format(n=number(aside, 0, lang)) if aside else ""
    if not own:
        return instead("rests_others", words["rests_others"], lang, own=own_among).format(**shown) + told
    form = instead("rests", words["rests"], lang, own=own_among)
    return form.format(latest=statement(own[-1], words, lang), **shown) + told


def statement(figure: Measurement, words: Mapping[str, Any], lang: str) -> str:
    """Return a figure as it was published, with its period; of the office also where it stands."""
    value = figure_printed(figure.value, figure.unit, lang, bound=figure.bound)
    when = period_shown(figure.period, figure.freq, lang, through=figure.through)
    if figure.where:
        form, place = str(texts(lang)["office"]["statement"]), place_told([figure.where], lang)
        return form.format(value=value + SIGN, period=when, place=place)
    return str(words["statement"]).format(value=value, period=when)


def _when(figure: Measurement) -> tuple[str, str]:
    years = re.findall(r"\d{4}", figure.period)
    return max(years, default=""), figure.page.published


def _some(named: Sequence[str]) -> str:
    return "; ".join([*named[:_NAMED], *(["…"] if len(named) > _NAMED else [])])


def _pages(pages: Sequence[Page], words: Mapping[str, Any], lang: str, paper: str) -> str:
    named = [page_shown(page, lang, paper) for page in pages[:_NAMED]]
    left = len(pages) - len(named)
    return "; ".join([*named, *([str(words["more"]).format(n=left)] if left else [])])


def page_shown(page: Page, lang: str, paper: str = "") -> str:
    """Return a page in words: its mark, title, day, and address where it may be cited."""
    words = texts(lang)["trace"]
    marks = [f"[{n}]" if paper else f"{kind} [{n}]" for kind, n in page.marks if paper in ("", kind)]
    day = day_shown(page.published, lang) or (str(words["undated"]) if page.cite_ok else "")
    own = is_office(page.url)
    address = f", {page.url}" if page.url and page.cite_ok != "no" and not own else ""
    noted = f" ({words['uncited']})" if page.cite_ok == "no" else ""
    noted = f" ({texts(lang)['office']['unpublished']})" if own else noted
    return str(words["page"]).format(
        mark=f"{', '.join(marks)} " if marks else "",
        title=named(page.title, lang) if own else page.title,
        day=f", {day}" if day else "",
        url=address + noted,
    )
