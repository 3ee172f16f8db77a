"""What is worth a look in the known figures of an indicator: none of another one, none of a later day."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sapa_analysis.evidence import looks_in_words
from sapa_analysis.pipeline import check_project, look_at

pytest_plugins = ["loaded"]


@pytest.mark.parametrize("day", ["2023-06-30", "2026-01-31"])
def test_a_look_is_at_a_known_figure_of_the_indicator_and_the_area(tables, params, day):
    vintage = params.with_values(as_of=day)
    known = tables.as_of(day).evidence
    for indicator in ("tourism_revenue", "agri_services_value"):
        mine = known[(known["indicator_id"] == indicator) & (known["area"] == "sa_pa")]
        looks = look_at(tables, vintage, indicator)
        assert {f"{look.file}:{look.line}" for look in looks} <= set(mine["where"])
        without = replace(tables, evidence=known)
        assert looks == look_at(without, vintage, indicator), "figures of later days play no part"


def test_a_figure_that_jumps_only_beside_a_later_one_is_told_only_then(tables, params):
    told = {day: look_at(tables, params.with_values(as_of=day), "tourism_revenue") for day in ("2023-06-30", "2026-01-31")}  # fmt: skip
    assert [len(looks) for looks in told.values()] == [0, 1]


def test_a_check_of_the_project_lists_each_jump_in_a_line_of_its_own(root):
    lines = looks_in_words(check_project(root).looks)
    assert len(lines) < 40
    assert "  tourism 132, value: 9,300 is a jump from 4,000 in 2018" in lines
