"""Goals and units in charge that an office writes itself, in the papers: marked, and counted apart."""

from __future__ import annotations

import pandas as pd
import pytest
from office import office, steady

from sapa_analysis import assess_targets
from sapa_analysis.core import targets_table
from sapa_analysis.pipeline import load_project
from sapa_analysis.reporting import describe_verdicts, plain
from sapa_analysis.reporting.briefing.unknown import asked
from sapa_analysis.reporting.office import SIGN
from sapa_analysis.reporting.paper.model import Table, texts_in
from sapa_analysis.reporting.review.compose import compose_review
from sapa_analysis.reporting.target_row import target_rows

pytest_plugins = ["loaded"]
FOREST, PARTY = "resolution-2023.03.forest_cover", "resolution-2023.25.new_party_members"
OWN = {
    "source_title": "Số liệu của cơ quan",
    "source_url": "office:Số liệu của cơ quan",
    "printed": "",
    "also_at": "",
}


def goal_of(goals, name, **changed):
    told = {**OWN, "published": "2023-06-15", **changed}
    return targets_table([goals[name].model_copy(update=told)]).assign(
        where="so_lieu.xlsx, trang Chỉ tiêu, ô G5:5", internal=False
    )


@pytest.fixture(scope="module")
def run(tables, params):
    """Return the run of a workbook with a corrected goal, an added one and a unit in charge."""
    goals = {goal.id: goal for goal in load_project(tables.root).targets}
    corrected = goal_of(goals, FOREST, value=67.0)
    added = goal_of(goals, FOREST, id="office.goals.70", indicator_id="poor_households", unit="households",
                    value=1200.0, sense="at_most", clause="", field="society")  # fmt: skip
    figures = steady().figures
    mine = figures[figures["indicator_id"] == "forest_cover"]
    own = office(mine.to_dict("records"), goals=pd.concat([corrected, added], ignore_index=True),
                 leads={FOREST: "Hạt Kiểm lâm thị xã", "office.goals.70": "Phòng Lao động", PARTY: "Ban Tổ chức"})  # fmt: skip
    project = load_project(tables.root, office=own)
    return project, assess_targets(project, params.with_values(as_of="2023-06-30", n_paths=100))


@pytest.fixture(scope="module")
def review(run):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sapa_analysis.reporting.review.compose.pictures_of", lambda *_: [])
        return compose_review(*run, lang="vi", form="party")


def test_a_goal_of_the_office_has_the_sign_of_its_figures_and_a_public_one_none(run):
    rows = {row.id: row for row in target_rows(*run, "vi")}
    signed = {name for name, row in rows.items() if SIGN in row.goal}
    assert signed == {FOREST, "office.goals.70"}
    assert {name for name, row in rows.items() if row.own_lead} == {*signed, PARTY}


def test_the_annex_prints_the_sign_beside_the_goal(review):
    [annex] = [block for block in review.blocks if isinstance(block, Table) and block.name == "annex"]
    [forest] = [row for row in annex.rows if any("che phủ rừng" in plain(cell.text) for cell in row)]
    assert f"67{SIGN}" in [plain(cell.text) for cell in forest]


def test_goals_that_the_office_adds_are_counted_apart_from_those_of_the_pages(run, review):
    told = " ".join(plain(text) for text in texts_in(review.blocks))
    mine = run[1].verdicts.query("document == 'resolution-2023'")
    public = len(mine) - 1
    assert f"nhóm với {public} chỉ tiêu, cơ quan bổ sung 1 chỉ tiêu;" in told


def test_units_are_said_to_be_named_by_custom_only_where_they_are(run, review):
    [wanted] = [block for block in review.blocks if isinstance(block, Table) and block.name == "wanted"]
    assert "thông lệ" in wanted.notes[0]
    assert "cơ quan đã ghi" in wanted.notes[0]
    rows = {row.id: row for row in target_rows(*run, "vi")}
    own = {plain(each.unit): each.own for each in asked(*run, rows, "vi")}
    assert [unit for unit, named in own.items() if named] == ["Ban Tổ chức"]


def test_with_a_workbook_no_figure_at_all_is_said_to_lack(run):
    told = " ".join(map(plain, describe_verdicts(run[1].verdicts, "vi")))
    assert "chưa có số liệu: " in told
    assert "chưa có số liệu nào được công bố" not in told
