"""Families of keys: of what kind their numbers are, where they stand in a run, and what they rest on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from .keys import Subject


@dataclass(frozen=True, slots=True)
class Family:
    """A family of keys.

    Attributes
    ----------
    kind : str
        One of `way.KINDS`.
    table : str
        The table of the run that holds the value: verdicts, outcomes, targets, evidence, params or paper.
    rests : str
        What it rests on: `series` (all figures of its indicator), `latest` (the last figure and the goal),
        `goal`, `figure` (one figure, by its period), `row` (by its row), `office`, `own` (figures of the last
        years), `years` (of all years), `document` (the series of all its targets), `run` (those of all
        targets), `page` (a source), `printed` (a document), `event`,
        `cell` (a cell of the office's workbook), `nothing`.
    """

    kind: str
    table: str
    rests: str


#: By what a key names first: what follows in it (a regular expression), and the family.
FAMILIES: Mapping[str, tuple[tuple[str, Family], ...]] = {
    "target": (
        (r"value(_high)?", Family("goal", "targets", "goal")),
        (r"(wording|printed|name|clause)(\.\w+)*", Family("quoted", "targets", "goal")),
        (r"(unit|lead)(\.\w+)*", Family("quoted", "targets", "nothing")),
        (
            r"expected|median|lower_\d+|upper_\d+|probability|chance\w*",
            Family("forecast", "verdicts", "series"),
        ),
        (r"gap|completion|of_goal", Family("difference", "verdicts", "latest")),
        (r"pace|pace_arithmetic", Family("pace", "verdicts", "latest")),
        (r"pace_base", Family("difference", "paper", "latest")),
        (r"own_pace", Family("pace", "verdicts", "own")),
        (r"pace_percentile", Family("pace", "verdicts", "latest")),
        (r"office", Family("published", "verdicts", "office")),
        (r"committee", Family("office", "office", "cell")),
        (r"latest", Family("published", "verdicts", "latest")),
        (r"word|short|judged|status|outlook|stability\w*", Family("judgement", "verdicts", "series")),
        (r"plans[._]\w+", Family("count", "verdicts", "series")),
        (r"n_years", Family("count", "verdicts", "years")),
        (r"with_\w+\.figure", Family("published", "evidence", "series")),
        (r"with_\w+\.(median|chance)_(with|without)", Family("forecast", "verdicts", "series")),
        (r".+\.(growth|factor|points|level|baseline_growth)(_\w+)?", Family("pace", "verdicts", "series")),
        (r".+\.rarer_than\.\d+", Family("pace", "verdicts", "series")),
    ),
    "check": ((r"\w+", Family("difference", "verdicts", "series")),),
    "document": (
        (r"groups(\.\w+)?", Family("count", "verdicts", "document")),
        (r"(targets|goals)(\.\w+)?", Family("count", "verdicts", "document")),
        (r"(status|overdue|short|short_overdue|bands?)\.\w+", Family("count", "verdicts", "document")),
        (r"((name|title|document)(\.\w+)*|\d+\.number(\.\d+)?)", Family("quoted", "documents", "printed")),
    ),
    "indicator": (
        (r"[^.]+\.published", Family("published", "evidence", "figure")),
        (r"[^.]+\.published\.(period|part|fraction)(\.\d+)?", Family("quoted", "evidence", "figure")),
        (r"[^.]+\.(page|period|doubt)(\.\w+)*", Family("quoted", "evidence", "figure")),
        (r"[^.]+\.(highest|lowest)", Family("published", "evidence", "figure")),
        (r"[^.]+\.(met|of)", Family("published", "evidence", "figure")),
        (r"[^.]+\.\d+", Family("published", "evidence", "figure")),
        (r"[^.]+\.\d+\.period(\.\d+)?", Family("quoted", "evidence", "figure")),
        (r"\d{4}\.(calm\.)?(median|expected|lower_\d+|upper_\d+)", Family("forecast", "outcomes", "series")),
        (r"\d{4}\.whole_year", Family("forecast", "outcomes", "series")),
        (r"\d{4}\.(percent|level)(_\w+)?", Family("difference", "outcomes", "series")),
        (r"name(\.\w+)*", Family("quoted", "indicators", "nothing")),
        (r"n_years|n_own", Family("count", "outcomes", "years")),
        (r"support\..+", Family("count", "outcomes", "series")),
        (r"recovery", Family("forecast", "outcomes", "series")),
        (r"(record|track)\..+", Family("count", "scores", "nothing")),
    ),
    "": (
        (r"interval_\d+\.level", Family("chosen", "params", "nothing")),
        (r"years_needed|own_pace\.years|words\.\w+|bands\.\w+", Family("chosen", "params", "nothing")),
        (r"chance_wished\.[\d.]+", Family("chosen", "params", "nothing")),
        (r"own\.(used|confidential)", Family("count", "evidence", "run")),
        (r"own\.file(\.\d+)?", Family("quoted", "evidence", "nothing")),
        (r"needed\.\w+", Family("count", "verdicts", "run")),
        (r"constants\.\w+", Family("count", "constants", "nothing")),
        (r"changes\.judgements\..+\.new", Family("judgement", "verdicts", "series")),
        (r"changes\.judgements\..+\.anew", Family("judgement", "paper", "series")),
        (r"changes\.judgements\..+\.old", Family("judgement", "register", "series")),
        (r"changes\.moves\..+\.after", Family("forecast", "verdicts", "series")),
        (r"changes\.moves\..+\.before", Family("forecast", "register", "series")),
        (r"changes\.moves\..+", Family("difference", "register", "series")),
        (r"changes\.figures\..+", Family("published", "evidence", "row")),
        (r"to_goal\..+", Family("difference", "verdicts", "series")),
        (r"assumed\..+", Family("chosen", "scenarios", "nothing")),
        (r"text\..+", Family("quoted", "documents", "printed")),
        (r"event\..+", Family("quoted", "events", "event")),
        (r"office\..+", Family("office", "office", "cell")),
        (r"committee\..+", Family("count", "office", "nothing")),
        (r"sources\.\d+\.mark", Family("mark", "paper", "page")),
        (r"(\w+\.)?sources\.\d+(\.\w+)*", Family("quoted", "paper", "page")),
        (r"sources\.\w+", Family("count", "paper", "run")),
        (r"bridges\.\w+\.\w+", Family("chosen", "params", "nothing")),
        (r"(.+\.)?track(\.\w+)+", Family("count", "scores", "nothing")),
        (r"(vi|en)(\.\d+)?", Family("quoted", "scenarios", "nothing")),
    ),
}
#: The kind of a number of which only its composer says how it was made, by its unit; else it is a difference.
_BY_UNIT = {
    "count": "count", "quoted": "quoted", "judgement": "judgement", "source": "mark",
    "probability": "forecast", "percent_a_year": "pace", "percentage_points_a_year": "pace", "date": "date",
}  # fmt: skip


def family_of(subject: Subject) -> Family | None:
    """Return the family of what a key says, or None where it is in none of those that all papers share.

    Examples
    --------
    >>> from sapa_analysis.reporting.trace.families import family_of
    >>> from sapa_analysis.reporting.trace.keys import Subject
    >>> family_of(Subject("indicator", "2025.median", indicator="forest_cover")).kind
    'forecast'
    """
    families = FAMILIES.get("" if subject.kind == "area" else subject.kind, ())
    return next((family for form, family in families if _whole(form).fullmatch(subject.rest)), None)


def said_of(key: str, families: Iterable[Mapping[str, str]]) -> str:
    """Return what the composers say of a key: the sentence of its longest prefix, or blank.

    In a prefix a star, or a name in braces, stands for one or several parts of a key.

    Examples
    --------
    >>> from sapa_analysis.reporting.trace.families import said_of
    >>> said_of("changes.forest_cover.2025.step", [{"changes.{indicator}": "Counted from two editions."}])
    'Counted from two editions.'
    """
    fitting = [
        (len(prefix), sentence)
        for own in families
        for prefix, sentence in own.items()
        if _prefix(prefix).match(key)
    ]
    return max(fitting)[1] if fitting else ""


def kind_by_unit(unit: str) -> str:
    """Return the kind of a number of which only its unit is known."""
    return _BY_UNIT.get(unit, "difference")


@cache
def _whole(form: str) -> re.Pattern[str]:
    return re.compile(form)


@cache
def _prefix(prefix: str) -> re.Pattern[str]:
    parts = re.split(r"\{[^{}]*\}|\*", prefix.rstrip("."))
    return re.compile(r"[^ ]+?".join(map(re.escape, parts)) + r"(?=$|[.])")
