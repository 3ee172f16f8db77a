"""Small registers of invented verdicts."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd
from factories import target, yearly

from sapa_analysis import Forecast, judge_targets
from sapa_analysis.core.yearly import yearly_index
from sapa_analysis.verdicts.register import issue_verdicts
from sapa_analysis.verdicts.stability import read_rules

PAST = {2018: 2.0, 2019: 2.2, 2020: 1.5, 2021: 1.8, 2022: 2.4}
DAY, ISSUED, LATER = date(2023, 6, 30), date(2023, 7, 1), date(2024, 1, 5)
GOALS = pd.DataFrame(
    [
        target(id=f"plan.{goal}", value=goal, end=2023, field="tourism", published="2020-06")
        for goal in (2.0, 2.5, 3.0)
    ]
)


@cache
def said(paths=(2.2, 2.6, 2.8, 3.2)):
    """Return verdicts and readings of three goals of 2023."""
    series = yearly(PAST, as_of=DAY)
    outcomes = {
        "tourist_arrivals": Forecast(series, pd.DataFrame([paths], index=yearly_index([2023])), "naive")
    }
    return judge_targets(outcomes, GOALS), read_rules(outcomes, GOALS)


def issue(folder: Path, *, as_of=DAY, issued=ISSUED, area="sa_pa", **changed) -> Path:
    verdicts, readings = said(**changed)
    return issue_verdicts(folder, verdicts, readings, area=area, as_of=as_of, issued=issued)


def files_of(folder: Path) -> dict[str, bytes]:
    """Return the files that a register shows: not the lock, and not what stands there while it is written."""
    paths = [path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(".")]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
