"""A target of one's own in one line, with every problem in our words."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from ..core import (
    MEASURES,
    SENSES,
    Problem,
    SapaError,
    Target,
    TargetsError,
    in_words,
    nearest,
    project_root,
    tell,
)
from ..evidence import load_indicators

#: The document of a target of one's own.
OWN = "own"
#: What `target` calls the arguments that stand for fields of a target.
_ARGUMENTS = {"indicator_id": "indicator", "end": "by"}


def target(
    indicator: str,
    value: float,
    *,
    by: int,
    sense: str = "at_least",
    measure: str = "level",
    start: int | None = None,
    value_high: float | None = None,
    tolerance: float | None = None,
    unit: str = "",
    area: str = "",
    name: str = "",
) -> Target:
    """Return a target of your own.

    Parameters
    ----------
    indicator : str
        What is to be reached: the name of a series of yours, or an id of `indicators.csv`.
    value : float
        The number, in `unit`.
    by : int
        The year in which it is due.
    sense : {"at_least", "at_most", "more_than", "less_than", "between", "about"}
        On which side of the number it is reached; `between` needs `value_high`.
    measure : {"level", "growth", "term_mean_growth", "term_total", "yes_no"}
        What the number speaks of; growth in percent a year. A term needs `start`, its first year.
    start : int, optional
        First year of a term.
    value_high : float, optional
        Upper end of `between`, in `unit`.
    tolerance : float, optional
        Half width of `about`, in `unit`.
    unit, area : str
        Those of the series by default; the unit of an id of `indicators.csv` is the one that stands there.
    name : str
        Its id; `own.INDICATOR.YEAR.VALUE` by default.

    Raises
    ------
    TargetsError
        With every problem.

    Examples
    --------
    >>> import pandas as pd
    >>> import sapa_analysis as sapa
    >>> goal = sapa.target("visits", 160, by=2021)
    >>> goal.id, goal.sense, goal.measure
    ('own.visits.2021.160', 'at_least', 'level')
    >>> visits = pd.Series([100, 110, 119, 132, 140], index=range(2015, 2020), name="visits", dtype=float)
    >>> outcomes = {"visits": sapa.forecast(visits, horizon=2, n_paths=400, seed=1)}
    >>> sapa.judge_targets(outcomes, goal)[["probability", "status"]].round(2)
       probability status
    0         0.43   even
    >>> sapa.target("visits", "many", by="soon", sense="over")
    Traceback (most recent call last):
        ...
    sapa_analysis.core.errors.TargetsError: target of visits has 3 problems
      by: wanted a whole number; found 'soon'
      sense: "over" is unknown; write one of about, at_least, at_most, between, less_than, more_than
      value: wanted a number; found 'many'
    """
    fields: dict[str, Any] = {"indicator_id": indicator, "value": value, "end": by, "sense": sense}
    fields["document"] = OWN
    fields |= {"measure": measure, "start": start, "value_high": value_high, "tolerance": tolerance}
    # a table must say unit and area, or it may speak of another series; here they may follow from the series
    fields |= {
        "unit": unit or "_",
        "area": area or "_",
        "id": name or f"own.{indicator}.{by}.{_short(value)}",
    }
    problems: list[Problem] = []
    for column, word, known in (("sense", sense, SENSES), ("measure", measure, MEASURES)):
        if word not in known:
            tell(problems, _problem(indicator, column, f'"{word}" is unknown; {nearest(str(word), known)}'))
    numbers = {"value": value, "value_high": value_high, "tolerance": tolerance, "by": by, "start": start}
    for column, number in numbers.items():
        if isinstance(number, bool):
            tell(problems, _problem(indicator, column, f"wanted no yes or no; found {number}"))
    if not isinstance(indicator, str) or not indicator.strip():
        tell(problems, _problem(indicator, "indicator", "wanted the name of a series or indicator"))
    try:
        made = Target.model_validate(fields)
    except ValidationError as error:
        for item in error.errors():
            field = str((*item["loc"], "")[0])
            tell(problems, _problem(indicator, _ARGUMENTS.get(field, field), in_words(item)))
    if problems:
        raise TargetsError(problems)
    return made.model_copy(update={"unit": unit or _listed_unit(indicator, measure), "area": area})


def _listed_unit(indicator: str, measure: str) -> str:
    """Return the unit of an indicator of the project at hand; blank for a series of one's own."""
    try:
        indicators = load_indicators(project_root() / "data")
    except SapaError:
        return ""
    if indicator not in indicators.index:
        return ""
    row = indicators.loc[indicator]
    return "percent" if "growth" in measure and row["scale"] != "growth" else str(row["unit"])


def _problem(indicator: object, column: str, message: str) -> Problem:
    return Problem(f"target of {indicator}" if indicator else "target", 0, column, message)


def _short(value: object) -> str:
    return f"{value:.12g}" if isinstance(value, int | float) else str(value)
