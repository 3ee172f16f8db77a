"""Lines on what changed: every change, what it moved, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sapa_analysis.pipeline import State, compare_states
from sapa_analysis.reporting import describe_difference

pytest_plugins = ["loaded"]


@pytest.fixture(scope="module")
def difference(tables, params):
    """Return what the figure of handicraft output of 2022 moved, and a corrected and a withdrawn one."""
    name = "handicraft_output"
    rows = tables.evidence[(tables.evidence["indicator_id"] == name) & (tables.evidence["area"] == "sa_pa")]
    goals = [goal for goal in tables.targets if goal.indicator_id == name]
    vintage = params.with_values(n_paths=100, subjects={"output": [name]})
    new = replace(tables, evidence=rows, targets=goals).as_of("2023-06-30")
    [known] = new.evidence.to_dict("records")
    page = known | {"period": "2021", "freq": "A", "through": "", "published": "2022-02"}
    before = new.evidence.iloc[:0]
    before = before.reindex(range(2)).assign(**page).assign(period=["2021", "2020"], value=[150.0, 140.0])
    before["id"] = ["e1", "e2"]
    after = new.evidence.iloc[:0].reindex(range(2)).assign(**known)
    after.loc[1, ["period", "freq", "published"]], after.loc[1, "value"] = ["2021", "A", "2022-02"], 155.0
    after["id"] = ["e3", "e1"]
    sides = (replace(new, evidence=side.astype(new.evidence.dtypes)) for side in (before, after))
    return compare_states(
        *(State(day, side, vintage) for day, side in zip(("old", "new"), sides, strict=True))
    )


def test_each_change_has_a_line_with_its_numbers_and_source(difference):
    lines = describe_difference(difference, lang="en")
    assert lines[:2] == ["Sa Pa town: from old to new", "Figures: 1 added, 1 corrected, 1 withdrawn"]
    marks = [line for line in lines if line.startswith(("  + ", "  ~ ", "  - "))]
    assert [line[2] for line in marks] == ["+", "~", "-"]
    assert "178.6 billion VND" in marks[0]
    assert "from 150 billion VND (actual, 2/2022) to 155 billion VND (actual, 2/2022)" in marks[1]
    assert "2020: 140 billion VND" in marks[2]
    assert all("<http" in line for line in marks)


def test_what_moved_is_told_in_both_languages(difference):
    for lang, name in (("en", "Handicraft output"), ("vi", "thủ công")):
        told = "\n".join(describe_difference(difference, lang=lang))
        assert name in told
        assert "{" not in told
        assert "nan" not in told.lower().split()
        assert len([line for line in told.splitlines() if line.startswith("      ")]) == 3
