"""The as-of rule once more, by other means than the package's own: what nobody knew yet may be anything."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from sapa_analysis import Forecast, assess_indicator, judge, known_targets
from sapa_analysis.params import Params
from sapa_analysis.projects import Project

pytest_plugins = ["loaded"]
EDITIONS = ["2023-01-15", "2023-06-30", "2024-01-15", "2025-06-30", "2026-01-31"]
TABLES = ("evidence", "covariates", "targets")


def known(table: pd.DataFrame, day: date) -> np.ndarray:
    """Say for each row whether its page was out by the end of a day."""
    return np.array([text != "" and pd.Period(text).end_time.date() <= day for text in table["published"]])


def without_later_rows(project: Project, day: date) -> Project:
    return replace(
        project, **{name: getattr(project, name)[known(getattr(project, name), day)] for name in TABLES}
    )


def with_later_rows_altered(project: Project, day: date) -> Project:
    changed = {}
    for name in TABLES:
        table = getattr(project, name)
        value = np.where(known(table, day), table["value"], 1.37 * table["value"] + 1)
        changed[name] = table.assign(value=value)
    return replace(project, **changed)


def said(project: Project, params: Params, subject: str) -> dict[str, pd.DataFrame]:
    """Return all that a day says of one subject."""
    outcome = assess_indicator(project, params, subject)
    targets = known_targets(project, params, subject)
    frames = {"verdicts": judge({subject: outcome}, targets, params), "targets": targets}
    if outcome.observed is not None:
        names = ("table", "draws", "observations")
        frames |= {name: getattr(outcome.observed, name) for name in names}
    return frames | ({"paths": outcome.paths} if isinstance(outcome, Forecast) else {})


@pytest.mark.parametrize("day", [date.fromisoformat(day) for day in EDITIONS], ids=str)
def test_rows_published_later_may_be_missing_or_wrong(day, tables, params):
    then = params.with_values(as_of=day)
    others = [change(tables, day) for change in (without_later_rows, with_later_rows_altered)]
    assert len(others[0].evidence) < len(tables.evidence)
    for subject in then.core:
        before = said(tables, then, subject)
        for other in others:
            after = said(other, then, subject)
            assert after.keys() == before.keys()
            for name, frame in before.items():
                pd.testing.assert_frame_equal(
                    frame.reset_index(drop=True), after[name].reset_index(drop=True), check_exact=True
                )
