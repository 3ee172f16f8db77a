"""The as-of rule once more, by other means than the package's own: what nobody knew yet may be anything."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from sapa_analysis import Forecast, assess_targets
from sapa_analysis.core import targets_table
from sapa_analysis.pipeline import known_targets
from sapa_analysis.pipeline.assess import Results
from sapa_analysis.pipeline.project import Project

pytest_plugins = ["loaded"]
EDITIONS = ["2023-01-15", "2023-06-30", "2024-01-15", "2025-06-30", "2026-01-31"]
TABLES = ("evidence", "covariates")


def known(table: pd.DataFrame, day: date) -> np.ndarray:
    """Say for each row whether its page was out by the end of a day."""
    return np.array([text != "" and pd.Period(text).end_time.date() <= day for text in table["published"]])


def with_later_rows_missing_or_wrong(project: Project, day: date) -> Project:
    """Leave out every other row that was published later, and give the rest another value."""
    changed = {}
    for name in TABLES:
        table = getattr(project, name)
        out = known(table, day)
        value = np.where(out, table["value"], 1.37 * table["value"] + 1)
        odd = np.cumsum(~out) % 2 == 1
        changed[name] = table.assign(value=value)[out | odd]
    out = known(targets_table(project.targets), day)
    other = [
        target if seen else target.model_copy(update={"value": 1.37 * target.value + 1})
        for target, seen, n in zip(project.targets, out, np.cumsum(~out), strict=True)
        if seen or n % 2
    ]
    return replace(project, targets=other, **changed)


def said(project: Project, results: Results) -> dict[str, pd.DataFrame]:
    """Return all that a day says of the subjects and of the targets."""
    frames = {"verdicts": results.verdicts, "targets": targets_table(known_targets(project, results.params))}
    for subject, outcome in results.outcomes.items():
        if outcome.observed is not None:
            names = ("table", "observations")
            frames |= {f"{subject} {name}": getattr(outcome.observed, name) for name in names}
            frames[f"{subject} draws"] = outcome.observed.draws.T  # pandas compares column by column
        if isinstance(outcome, Forecast):
            frames[f"{subject} paths"] = outcome.paths.T
    return frames


@pytest.mark.parametrize(
    "day",
    [
        pytest.param(
            date.fromisoformat(day), marks=[] if day in (EDITIONS[0], EDITIONS[-1]) else pytest.mark.more
        )
        for day in EDITIONS
    ],
    ids=str,
)
def test_rows_published_later_may_be_missing_or_wrong(day, tables, results_of):
    results, other = results_of(str(day)), with_later_rows_missing_or_wrong(tables, day)
    later = tables.evidence[~known(tables.evidence, day)]
    kept = other.evidence["value"].reindex(later.index)
    assert kept.isna().sum() == len(later) // 2
    assert not kept.dropna().eq(later["value"]).any()
    before, after = said(tables, results), said(other, assess_targets(other, results.params))
    assert after.keys() == before.keys()
    for name, frame in before.items():
        pd.testing.assert_frame_equal(
            frame.reset_index(drop=True), after[name].reset_index(drop=True), check_exact=True
        )
