"""Lines and tables on what changed since an edition: every number tagged, parts that sum as printed."""

import re
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sapa_analysis.core.params import LANGUAGES
from sapa_analysis.pipeline import assess_targets
from sapa_analysis.reporting.change_cells import share_out
from sapa_analysis.reporting.changes import (
    KEYS,
    changes_since,
    changes_table,
    changes_title,
    describe_changes,
    new_figures_table,
)
from sapa_analysis.reporting.paper.model import texts_in
from sapa_analysis.reporting.tagged_numbers import Number, numbers_in, parts, plain

pytest_plugins = ["loaded"]
either = pytest.mark.parametrize("lang", LANGUAGES)
#: By day, the indicators that are told of; the first is the core.
TOLD = {
    "2023-06-30": ["handicraft_output", "forest_cover"],
    "2025-06-30": ["tourist_arrivals", "forest_cover", "high_tech_agriculture_area"],
}


@pytest.fixture(scope="module")
def changes_of(tables, params):
    """Return what changed until two days, of a few indicators, to be quick."""
    found = {}
    for day, names in TOLD.items():
        goals, known = [goal for goal in tables.targets if goal.indicator_id in names], tables.evidence
        mine = known["indicator_id"].isin(names) & known["area"].isin(["sa_pa", "lao_cai"])
        project = replace(tables, targets=goals, evidence=known[mine].reset_index(drop=True))
        own = params.with_values(n_paths=100, as_of=day, subjects={"core": names[:1]})
        found[day] = changes_since(project, own, assess_targets(project, own))
    return found


@pytest.fixture(scope="module")
def said(changes_of):
    """Return every text on each day in each language."""
    return {
        (day, lang): [
            *describe_changes(changes, lang),
            *texts_in([changes_table(changes, lang), new_figures_table(changes, lang)]),
        ]
        for day, changes in changes_of.items()
        for lang in LANGUAGES
    }


@pytest.fixture(scope="module")
def late(changes_of):
    return changes_of["2025-06-30"]


def test_every_number_is_tagged_but_days_and_years(said):
    for text in (text for texts in said.values() for text in texts):
        words = "".join(part for part in parts(text) if isinstance(part, str))
        words = re.sub(r"\d{1,2}/\d{1,2}/\d{4}|\d{1,2}/\d{4}", "", words)
        assert not [found for found in re.findall(r"\d+", words) if not 1900 <= int(found) <= 2099], text


def test_a_key_has_one_value_and_unit_in_both_languages(changes_of, said):
    for day in changes_of:
        found = {}
        for number in (number for lang in LANGUAGES for number in numbers_in(said[day, lang])):
            if number.unit != "quoted":
                assert found.setdefault(number.key, (number.value, number.unit))[0] == number.value
                assert found[number.key][1] == number.unit


def test_a_key_says_where_its_number_comes_from(said):
    for number in (number for texts in said.values() for number in numbers_in(texts)):
        assert number.key.startswith(tuple(f"{family}." for family in KEYS)) or ".name." in number.key


@either
def test_the_parts_sum_to_the_change_as_they_are_printed(changes_of, lang):
    comma = {"vi": ",", "en": "."}[lang]
    summed = 0
    for changes in changes_of.values():
        for row in changes_table(changes, lang).rows:
            held = {
                number.key.rpartition(".")[2]: number.value
                for number in numbers_in(cell.text for cell in row)
                if ".expected." in number.key
            }
            told = {
                part.key.rpartition(".")[2]: re.sub(f"[^0-9−{comma}]", "", part.text)
                for cell in row
                for part in parts(cell.text)
                if isinstance(part, Number) and ".expected." in part.key
            }
            value = {name: float(text.replace("−", "-").replace(comma, ".")) for name, text in told.items()}
            if value:
                moved = sum(value[name] for name in value if name not in ("before", "after", "change"))
                assert moved == pytest.approx(value["change"], abs=1e-9)
                assert value["before"] + value["change"] == pytest.approx(value["after"], abs=1e-9)
                shares = [held[name] for name in held if name not in ("before", "after", "change")]
                assert sum(shares) == pytest.approx(held["change"], abs=1e-6)
                summed += 1
    assert summed > 3


@given(st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=5), st.integers(-2, 2))
def test_shares_are_whole_sum_to_the_total_and_stay_near(values, apart):
    total = round(sum(values)) + apart
    shared = share_out(values, total)
    assert sum(shared) == total
    assert all(abs(n - value) < 5 for n, value in zip(shared, values, strict=True))


@either
@pytest.mark.parametrize("most", [2, 3, 5, 20])
def test_the_lines_are_few_and_know_no_median_and_no_chance(changes_of, lang, most):
    for changes in changes_of.values():
        lines = describe_changes(changes, lang, most)
        assert 0 < len(lines) <= most
        assert not re.search("median|trung vị|percentile", " ".join(plain(lines)))
        assert not [number for number in numbers_in(lines) if number.unit == "probability"]


def test_a_result_that_came_in_is_told_first_with_its_figure(late):
    lines = plain(describe_changes(late, "en"))
    assert lines[0] == (
        "Tourist arrivals, 2023: “probably met” last time; the result is now known: met, "
        "over 3.68 million visits, 2023 (published 5/4/2024)."
    )
    assert plain(describe_changes(late, "vi"))[1] == (
        "Tỷ lệ che phủ rừng năm 2023: kỳ trước “chưa rõ đã đạt hay chưa”, nay đã có kết quả: đạt – 66,53% "
        "năm 2023 (công bố 2024)."
    )


def test_a_judgement_that_new_figures_changed_names_them(changes_of):
    lines = plain(describe_changes(changes_of["2023-06-30"], "vi"))
    assert any(
        line.startswith("Giá trị sản xuất tiểu thủ công nghiệp")
        and line.endswith("do số liệu mới: 178,6 tỷ đồng 10 tháng năm 2022 (công bố 30/01/2023).")
        for line in lines
    )


def test_a_word_that_the_method_moved_first_is_told_in_both_steps(changes_of):
    """The figure lies above the goal: it made nothing worse than the method of today had it."""
    lines = plain(describe_changes(changes_of["2023-06-30"], "vi"))
    assert (
        "Tỷ lệ che phủ rừng năm 2023: kỳ trước nêu “có khả năng hoàn thành”, theo cách tính hiện nay là “chưa "
        "đủ cơ sở đánh giá”; nay là “cần phấn đấu”, do số liệu mới: 66,53% năm 2022 (công bố 14/3/2023)."
    ) in lines
    cells = plain([cell.text for row in changes_table(changes_of["2023-06-30"], "vi").rows for cell in row])
    assert "Khả năng cao; cách tính nay: Chưa đủ cơ sở" in cells


@either
def test_a_figure_that_attains_the_goal_made_no_outlook_worse(late, lang):
    row = late.judgements[late.judgements["indicator_id"] == "tourist_arrivals"].iloc[:1]
    row = row.assign(cause="data", old_status="even", method_status="", status="unlikely", overdue=False)
    worse = plain(describe_changes(replace(late, judgements=row), lang))[0]
    better = plain(describe_changes(replace(late, judgements=row.assign(status="likely")), lang))[0]
    reached = {"vi": "3,68 triệu lượt năm 2023", "en": "3.68 million visits, 2023"}[lang]
    assert reached in better
    assert reached not in worse


def test_two_judgements_by_the_same_figures_name_them_once(late):
    """Both goals of visits move: the second line points at the figures of the first."""
    both = late.results.verdicts.loc[late.results.verdicts["indicator_id"] == "tourist_arrivals", "id"]
    row = late.judgements[late.judgements["indicator_id"] == "tourist_arrivals"].iloc[:1]
    row = row.assign(cause="data", old_status="even", method_status="", status="likely")
    row = row.assign(old_overdue=False, overdue=False)
    twice = pd.concat([row.assign(target=name) for name in both], ignore_index=True)
    lines = plain(describe_changes(replace(late, judgements=twice), "vi"))
    assert [line.endswith("cũng do số liệu trên.") for line in lines[:2]] == [False, True]


def test_lines_that_find_no_room_are_counted(late):
    whole, cut = (describe_changes(late, "en", most) for most in (20, 2))
    [number] = [number for number in numbers_in(cut) if number.key == "changes.counts.more"]
    judged = [line for line in plain(whole) if "from “" in line or "last time" in line]
    assert number.value == len(judged) - len(cut) + 2


def test_a_page_is_marked_as_the_composer_marks_it(late):
    cite = lambda figure: f" [{figure['latest_url'][:5]}]"  # noqa: E731
    marked = plain(describe_changes(late, "vi", cite=cite))
    assert "[http" in marked[0]
    cells = plain([cell.text for row in changes_table(late, "vi", cite=cite).rows for cell in row])
    assert "[http" in " ".join(cells)
    assert "baolaocai.vn" in " ".join(plain(list(texts_in(changes_table(late, "vi")))))
    assert "baolaocai.vn" not in " ".join(cells)


@either
def test_a_correction_and_a_withdrawal_are_told_as_such(late, lang):
    figures = late.figures[late.figures["area"] == "sa_pa"].head(2).copy()
    figures["change"] = ["corrected", "withdrawn"]
    for name in ("value", "bound", "kind", "through", "published"):
        figures[f"old_{name}"] = figures[f"new_{name}"]
    figures.loc[figures.index[0], "old_value"] += 10
    figures.loc[figures.index[1], "new_value"] = float("nan")
    words = {"vi": ("trước là", "đã rút lại"), "en": ("before:", "withdrawn")}[lang]
    cells = [plain(row[2].text) for row in new_figures_table(replace(late, figures=figures), lang).rows]
    assert [word in cell for word, cell in zip(words, cells, strict=True)] == [True, True]


@either
def test_where_nothing_changed_one_line_says_so(late, lang):
    none = {name: getattr(late, name).iloc[:0] for name in ("judgements", "moves", "figures")}
    still = replace(late, **none)
    assert len(describe_changes(still, lang)) == 1
    assert not changes_table(still, lang).rows
    assert not new_figures_table(still, lang).rows


@either
def test_the_widths_of_a_table_sum_to_one_and_its_rows_fit_them(changes_of, lang):
    for table in (each(changes_of["2023-06-30"], lang) for each in (changes_table, new_figures_table)):
        assert sum(table.widths) == pytest.approx(1)
        assert {len(row) for row in table.rows} == {len(table.widths)}


def test_the_title_says_since_when(late):
    assert changes_title(late, "vi") == "Thay đổi so với kỳ đánh giá ngày 15/01/2024"
