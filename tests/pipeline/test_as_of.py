"""The as-of rule once more, by other means than the package's own: what nobody knew yet may be anything."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from sapa_analysis import Forecast, assess_targets
from sapa_analysis.pipeline import known_targets
from sapa_analysis.pipeline.assess import Results
from sapa_analysis.pipeline.project import Project

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


def said(project: Project, results: Results) -> dict[str, pd.DataFrame]:
    """Return all that a day says of the subjects and of the targets."""
    frames = {"verdicts": results.verdicts, "targets": known_targets(project, results.params)}
    for subject, outcome in results.outcomes.items():
        if outcome.observed is not None:
            names = ("table", "observations")
            frames |= {f"{subject} {name}": getattr(outcome.observed, name) for name in names}
            frames[f"{subject} draws"] = outcome.observed.draws.T  # pandas compares column by column
        if isinstance(outcome, Forecast):
            frames[f"{subject} paths"] = outcome.paths.T
    return frames


@pytest.mark.parametrize("day", [date.fromisoformat(day) for day in EDITIONS], ids=str)
@pytest.mark.parametrize("change", [without_later_rows, with_later_rows_altered])
def test_rows_published_later_may_be_missing_or_wrong(day, change, tables, results_of):
    results, other = results_of(str(day)), change(tables, day)
    assert not other.evidence["value"].equals(tables.evidence["value"])
    before, after = said(tables, results), said(other, assess_targets(other, results.params))
    assert after.keys() == before.keys()
    for name, frame in before.items():
        pd.testing.assert_frame_equal(
            frame.reset_index(drop=True), after[name].reset_index(drop=True), check_exact=True
        )
