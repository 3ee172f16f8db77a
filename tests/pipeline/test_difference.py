"""What changed between two states: figures, and what they moved."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace

import pandas as pd
import pytest
from factories import evidence, observation
from hypothesis import given
from hypothesis import strategies as st

from sapa_analysis.core import SapaError, last_day
from sapa_analysis.pipeline import State, compare_states, open_states
from sapa_analysis.pipeline.changed_figures import ABOUT, changed_figures

pytest_plugins = ["loaded"]

# figures --------------------------------------------------------------------------------------------------

PAGES = st.builds(
    lambda year, value, page, kind, bound, month: observation(
        str(year), value, kind=kind, bound=bound, published=f"{year + 1}-{month:02}", source_url=page
    ),
    st.integers(2015, 2018), st.sampled_from([1e6, 2e6, 3e6]), st.sampled_from(["a", "b", ""]),
    st.sampled_from(["actual", "estimate"]), st.sampled_from(["exact", "over"]), st.integers(1, 12),
)  # fmt: skip
TABLES = st.lists(PAGES, max_size=5).map(lambda rows: evidence(*rows))


def changes(old, new):
    return changed_figures(old, new, ["sa_pa"])


def facts(found, side, kinds):
    mine = found[found["change"].isin(kinds)]
    said = ["value", "bound", "kind", "through", "published", "grade"]
    return sorted(map(tuple, mine[[*ABOUT, *(f"{side}_{name}" for name in said)]].to_numpy()))


@given(TABLES)
def test_a_table_differs_in_nothing_from_itself_in_any_order(table):
    assert changes(table, table).empty
    assert changes(table, table.iloc[::-1].reset_index(drop=True)).empty


@given(TABLES, TABLES)
def test_what_is_added_one_way_is_withdrawn_the_other_way(old, new):
    there, back = changes(old, new), changes(new, old)
    assert facts(there, "new", ["added", "corrected"]) == facts(back, "old", ["withdrawn", "corrected"])
    assert facts(there, "old", ["withdrawn", "corrected"]) == facts(back, "new", ["added", "corrected"])
    assert (there["change"] == "corrected").sum() == (back["change"] == "corrected").sum()


@given(TABLES, st.integers(2016, 2020), st.integers(2016, 2020))
def test_a_figure_published_after_both_days_is_never_listed(table, one, other):
    days = table["published"].map(lambda text: last_day(text).year)

    def found(rows):
        return changes(rows[days <= one], rows[days <= other])

    told = found(table)
    for published in [*told["old_published"], *told["new_published"]]:
        assert not published or last_day(published).year <= max(one, other)
    unseen = table.assign(value=table["value"].where(days <= max(one, other), 9e6))
    pd.testing.assert_frame_equal(told, found(unseen))


@pytest.mark.parametrize(
    ("changed", "kinds"),
    [
        ({"value": 2e6}, ["corrected"]),
        ({"bound": "over"}, ["corrected"]),
        ({"kind": "estimate"}, ["corrected"]),
        ({"published": "2018"}, ["corrected"]),
        ({"value": 2e6, "source_url": "elsewhere"}, ["withdrawn", "added"]),
        ({"period": "2015"}, ["added", "withdrawn"]),
        ({"note": "read again"}, []),
    ],
)
def test_a_figure_is_corrected_where_its_page_now_says_otherwise(changed, kinds):
    old = observation("2016", 1e6, published="2017-02")
    assert sorted(changes(evidence(old), evidence(old | changed))["change"]) == sorted(kinds)


def test_a_row_is_corrected_whatever_is_mended_in_it_as_its_id_stays():
    old = observation("2018", 2e6, id="e0001", source_url="a")
    new = old | {"value": 3e6, "source_url": "b", "period": "2019"}
    [row] = changes(evidence(old), evidence(new)).to_dict("records")
    assert (row["change"], row["old_value"], row["new_value"], row["period"]) == (
        "corrected",
        2e6,
        3e6,
        "2019",
    )
    other = changes(evidence(old), evidence(new | {"id": "e0002"}))
    assert sorted(other["change"]) == ["added", "withdrawn"]


def test_another_page_that_prints_the_same_is_no_change_and_other_areas_do_not_count():
    old = observation("2016", 1e6, source_url="a")
    again = observation("2016", 1e6, source_url="b", published="2019")
    assert changes(evidence(old), evidence(old, again)).empty
    assert changes(evidence(old), evidence(old, observation("2016", 5e6, area="ha_noi"))).empty


# states ---------------------------------------------------------------------------------------------------


@pytest.fixture
def home(project, monkeypatch):
    """Return a copy of the project as a repository of one commit, `first`."""
    monkeypatch.chdir(project.root)
    who = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
    for words in (["init", "-q"], ["add", "-A"], [*who, "commit", "-qm", "one"], ["tag", "first"]):
        subprocess.run(["git", *words], cwd=project.root, check=True)
    return project


def moved_row(project):
    """Change the value of a figure of the copy."""
    row = {"indicator_id": "tourism_revenue", "area": "sa_pa", "period": "2013"}
    line = project.find("data/evidence/tourism.csv", **row)
    project.change("data/evidence/tourism.csv", line, value="650")


def test_a_commit_and_a_folder_are_read_and_compared(home, tmp_path_factory):
    moved_row(home)
    other = tmp_path_factory.mktemp("folder")
    shutil.copytree(home.data, other / "data")  # without params: those of the project count
    old, new = open_states("first", str(other), as_of="2023-06-30")
    found = changed_figures(old.project.evidence, new.project.evidence, ["sa_pa"])
    [row] = found.to_dict("records")
    assert (row["change"], row["old_value"], row["new_value"]) == ("corrected", 550.0, 650.0)
    assert old.project.day == new.project.day == old.params.as_of


@pytest.mark.parametrize(
    ("words", "options", "message"),
    [
        (("2023-02-30", "2023"), {}, '"2023-02-30" is not a date'),
        (("2023", "nowhere"), {}, '"nowhere" is no day (YYYY, YYYY-MM or YYYY-MM-DD), no folder, and no commit'),
        (("--help", "first"), {}, '"--help" is no day'),
        (("2023", "first"), {}, "a day is compared with a day only"),
        (("2023", "2024"), {"as_of": "2023"}, "as_of is for commits and folders"),
        (("2023", "2024"), {"area": "sapa"}, "did you mean sa_pa?"),
        (("first", "data"), {}, "holds no data/evidence"),
    ],
)  # fmt: skip
def test_a_state_that_is_none_is_one_clear_error(home, words, options, message):
    with pytest.raises(SapaError) as caught:
        open_states(*words, **options)
    assert message in str(caught.value)
    said = caught.value.in_language("vi")
    assert said != str(caught.value) or "is not a date" in message


def test_what_todays_code_cannot_read_is_one_clear_error(home):
    home.change("data/evidence/tourism.csv", 5, unit="people")
    with pytest.raises(SapaError) as caught:
        open_states("first", ".")
    assert 'cannot read "."' in str(caught.value)
    assert "line 5, unit" in str(caught.value)


# what moved -----------------------------------------------------------------------------------------------


def few(tables, params, day):
    """Return what a day knows of the revenue of tourism in the town and nothing else, with few paths."""
    name = "tourism_revenue"
    own = tables.evidence["indicator_id"].eq(name) & tables.evidence["area"].eq("sa_pa")
    goals = [goal for goal in tables.targets if goal.indicator_id == name]
    vintage = params.with_values(n_paths=100, subjects={"revenue": [name]}, as_of=day)
    return State(day, replace(tables, evidence=tables.evidence[own], targets=goals).as_of(day), vintage)


def test_a_state_differs_in_nothing_from_itself(tables, params):
    state = few(tables, params, "2023-06-30")
    found = compare_states(state, state)
    assert [len(table) for table in (found.figures, found.series, found.targets, found.effects)] == [0] * 4
    assert found.others == {}


def test_the_effect_of_the_only_change_is_the_whole_move(tables, params):
    state = few(tables, params, "2023-06-30")
    rows = state.project.evidence
    old = replace(state, project=replace(state.project, evidence=rows[rows["period"] != "2022-01/2022-12"]))
    found = compare_states(old, state)
    assert found.figures["change"].tolist() == ["added"]
    effects = found.effects.set_index("id")
    moved = found.targets.dropna(subset=["old_expected", "new_expected"], how="all").set_index("id")
    assert len(moved)
    for name, row in moved.iterrows():
        assert effects.loc[name, "without"] == pytest.approx(row["old_expected"], nan_ok=True)
        assert effects.loc[name, "median"] == pytest.approx(row["new_expected"], nan_ok=True)
    assert set(found.series["figures"]) == {"0"}
    back = compare_states(state, old)
    assert back.figures["change"].tolist() == ["withdrawn"]
    both = found.effects.merge(back.effects, on="id", suffixes=("", "_back"))
    pd.testing.assert_series_equal(both["by"], -both["by_back"], check_names=False)


def test_with_too_many_changes_no_effect_is_computed_and_their_number_is_told(tables, params):
    state = few(tables, params, "2023-06-30")
    nothing = replace(state, project=replace(state.project, evidence=state.project.evidence.iloc[:0]))
    found = compare_states(nothing, state, most=0)
    assert found.effects.empty
    assert found.left_out == len(found.figures) > 0
