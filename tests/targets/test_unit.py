from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sapa_analysis.core.errors import Problem
from sapa_analysis.core.params import LANGUAGES
from sapa_analysis.core.tables import FIELDS
from sapa_analysis.pipeline.check import check_project
from sapa_analysis.pipeline.project import Project, load_project
from sapa_analysis.targets.unit import Units, load_units, unit_in_charge

FILE = "params/units.yml"
LEVELS = ("district", "province")


@pytest.fixture(scope="module")
def tables(root) -> Project:
    return load_project(root)


def told(params) -> list[tuple[str, int, str, str]]:
    problems: list[Problem] = []
    load_units(params, problems)
    return [(problem.file, problem.line, problem.column, problem.message) for problem in problems]


# what is usual --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", LEVELS)
def test_every_indicator_with_a_goal_and_every_field_has_a_unit(tables, level):
    for row in tables.indicators[tables.indicators["goal"] == "yes"].to_dict("records"):
        assert tables.units.leading(row["indicator_id"], row["field"], level), row["indicator_id"]
    for field in FIELDS:
        assert tables.units.leading("", field, level), field


def has_units(tables, area) -> bool:
    """Return whether an area is a town or a province of the time for which the names hold."""
    row = tables.areas.loc[area]
    return row["level"] in LEVELS and row["valid_from"] <= tables.units.until


def test_every_target_of_a_town_or_a_province_of_its_time_has_a_unit_and_others_have_none(tables):
    seen = set()
    for target in tables.targets:
        lead = unit_in_charge(target, tables.units, tables.indicators, tables.areas)
        assert (lead is not None) == has_units(tables, target.area), target.id
        seen.add((target.area, lead is not None))
    assert {("sa_pa", True), ("lao_cai", True), ("lao_cai_2025", False), ("sa_pa_ward", False)} <= seen


@given(data=st.data(), level=st.sampled_from([*LEVELS, "commune", "nation"]))
def test_an_indicator_stands_before_its_field_and_the_office_before_both(tables, data, level):
    row = data.draw(st.sampled_from(tables.indicators.to_dict("records")))
    area = data.draw(st.sampled_from(list(tables.areas.index[tables.areas["level"] == level])))
    word = data.draw(st.sampled_from(["", "Phòng Y tế"]))
    target = tables.targets[0].model_copy(
        update={"indicator_id": row["indicator_id"], "area": area, "unit_in_charge": word}
    )
    units = getattr(tables.units, level, [])
    own = [unit for unit in units if row["indicator_id"] in unit.indicators]
    usual = own or [unit for unit in units if row["field"] in unit.fields]
    lead = unit_in_charge(target, tables.units, tables.indicators, tables.areas)
    if word:
        assert lead == (dict.fromkeys(LANGUAGES, word), False)
    elif usual and has_units(tables, area):
        assert lead == ({"vi": usual[0].vi, "en": usual[0].en}, True)
    else:
        assert lead is None


def test_each_unit_stands_once_with_its_reason_and_something_to_lead(tables):
    for level in LEVELS:
        units = getattr(tables.units, level)
        for lang in LANGUAGES:
            names = [getattr(unit, lang) for unit in units]
            assert len(names) == len(set(names))
        assert all(unit.reason and (unit.fields or unit.indicators) for unit in units)


# faults ---------------------------------------------------------------------------------------------------


def test_the_file_of_the_project_is_sound(root):
    assert told(root / "params") == []


@pytest.mark.parametrize(
    ("old", "new", "column", "message"),
    [
        ("fields: [tourism]", "fields: [turism]", "fields", '"turism" is unknown; did you mean tourism?'),
        ("indicators: [forest_cover]", "indicators: [forest_cove]", "indicators",
         '"forest_cove" is unknown; did you mean forest_cover?'),
        ("fields: [security]", "fields: [party]", "fields", '"party" stands more than once'),
        ("- vi: Hạt Kiểm lâm", "- vn: Hạt Kiểm lâm", "district.11.vi", "is missing"),
        ("until: 2025-06-30", "until: 2025-06-31", "until",
         '"2025-06-31" is not a date; write YYYY, YYYY-MM or YYYY-MM-DD'),
        ("province:", "provinces:", "provinces", "unknown; did you mean province?"),
        ("reason: Issues the health insurance cards and counts those insured.", "reason: Issues",
         "district.9.reason", "wanted text of at least 10 characters; found 'Issues'"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_line(project, old, new, column, message):
    line = project.replace(FILE, old, new)
    found = [each for each in told(project.root / "params") if each[2] == column]
    assert found
    assert found[0][0] == FILE
    assert abs(found[0][1] - line) <= 1 or column == "fields"
    assert message in found[0][3]


def test_all_faults_are_told_at_once_and_stop_a_check(project):
    lines = [
        project.replace(FILE, "fields: [tourism]", "fields: [turism]"),
        project.replace(FILE, "fields: [environment]", "fields: [enviroment]"),
        project.replace(FILE, "[health_insurance_coverage]", "[health_insurance]"),
    ]
    found = [each.line for each in check_project(project.root).problems if each.file == FILE]
    assert sorted(found) == sorted(lines)


def test_a_project_without_the_file_has_no_unit(project):
    (project.root / FILE).unlink()
    assert load_units(project.root / "params") == Units()
