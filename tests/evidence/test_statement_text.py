from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from sapa_analysis.evidence.statement_text import bound_in_words, contradictions, cutoff_in_words

EVIDENCE = Path(__file__).parents[2] / "data" / "evidence"


def read_evidence() -> list[tuple[str, dict[str, str]]]:
    rows = []
    for path in sorted(EVIDENCE.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows += [(f"{path.name}:{line}", row) for line, row in enumerate(csv.DictReader(file), start=2)]
    return rows


def make_row(**changed: str) -> dict[str, str]:
    agreeing = {
        "period": "2022-01/2022-12", "freq": "YTD", "value": "2430000", "bound": "exact", "digits": "3",
        "through": "2022-12-23", "statement": "Town welcomed 2.43 million (to 23 December 2022)", "note": "",
    }  # fmt: skip
    return agreeing | changed


def test_no_row_of_the_evidence_contradicts_its_words():
    found = {place: problems for place, row in read_evidence() if (problems := contradictions(row))}
    assert found == {}


def test_the_evidence_uses_every_bound_and_some_cut_off_days():
    rows = [row for _, row in read_evidence()]
    assert set(Counter(row["bound"] for row in rows)) == {"exact", "over", "under", "about"}
    assert sum(row["through"] != "" for row in rows) >= 8


@pytest.mark.parametrize(
    ("value", "statement", "note", "bound"),
    [
        ("2500000", "Expects over 2.5 million visitors by the end of 2018", "", "over"),
        ("10000", "Province revenue passed 10 trillion", "", "over"),
        ("917", "Value of vegetables and flowers", '"over 917"', "over"),
        ("897000", "March 2025 domestic visitors", "OLD province; rounding: nearly", "under"),
        ("420", "Near 420 billion VND over the holiday", "one holiday only; rounded 'near'", "under"),
        ("1000000", "Foreign visitors in 2016", "nearly one million; nearly 700,000 in 2017", "under"),
        ("3", "Poverty rate", 'SCOPE: one commune; "under 3"', "under"),
        ("38000", "Sa Pa some 38 thousand over the 3-day holiday; province near 80 thousand", "", "about"),
        ("62000000", "yearly domestic tourists", "rounded; below the 25m given for 2015", "about"),
        (
            "950000",
            "Visitors to the province in 2012, 0.22 percent below 2011",
            "about; implies 952,000",
            "about",
        ),
        ("15", "Rural waste, upper bound", "range 13-15", "under"),
        ("13", "Rural waste, lower bound", "range 13-15", "over"),
        ("3200000", "Sa Pa đón trên 3,2 triệu lượt khách, gần 60% của tỉnh", "", "over"),
        ("4600000", "tổng lượt khách", "gần; báo cáo nhanh", "under"),
        ("12000", "doanh thu du lịch khoảng 12.000 tỷ đồng", "", "about"),
    ],
)
def test_words_about_the_value_give_its_bound(value, statement, note, bound):
    assert bound_in_words(statement, note, value=value) == bound


@pytest.mark.parametrize(
    ("value", "statement", "note"),
    [
        ("98000", "98 thousand visitors over the 5-day holiday", "one holiday only"),
        ("18", "18 of 25 target groups met, 5 above 90%, 1 above 73%", ""),
        ("41120", "Sa Pa 41120 of near 70 thousand visitors to the province", ""),
        ("610000", "610 thousand visitors in 2012", "consistent with over 600 thousand"),
        ("3276", "Tourism receipts in 2014", "other row 3,200 (rounded)"),
        ("2.1", "Mean stay 2.1 days", "point in time about early 2014"),
        ("9400", "2019 budget revenue, 4.4 percent over estimate", ""),
        ("97.5", "GRDP per head", "below the rounded 90 given for 2022"),
    ],
)
def test_words_about_something_else_give_no_bound(value, statement, note):
    assert bound_in_words(statement, note, value=value) is None


def test_without_a_value_the_first_qualified_number_counts():
    assert (
        bound_in_words("Sa Pa over 85 thousand; province near 100 thousand", "about 12 percent up") == "over"
    )
    assert bound_in_words("Visitors in 2015", "") is None


@pytest.mark.parametrize(
    ("statement", "note", "day"),
    [
        ("Town welcomed 2.43 million tourists (to 23 December 2022)", "", "2022-12-23"),
        ("domestic tax collected by 16 December 2019", "rounding: over", "2019-12-16"),
        ("From the start of 2022 to the Hung Kings holiday", "cut-off about 11 April 2022", "2022-04-11"),
        ("More than 2 million since the beginning of 2023", "cut-off about 13 September", "2023-09-13"),
        ("Revenue to end October 2024, 85% of plan", "", None),
        ("Cumulative to the end of Tet 2024", "cut-off mid February 2024", None),
        ("Visitors to 4 September", "", None),
    ],
)
def test_a_cut_off_day_is_read_with_its_year(statement, note, day):
    assert cutoff_in_words(statement, note) == day


def test_columns_that_agree_with_the_words_contradict_nothing():
    assert contradictions(make_row()) == []
    assert contradictions(make_row(value="14.4810", digits="5")) == []
    assert contradictions(make_row(value="8.70", digits="3")) == []
    assert contradictions(make_row(value="0", digits="1")) == []


def test_a_row_may_hold_numbers_instead_of_text():
    assert contradictions(make_row() | {"value": 2430000.0, "digits": 3}) == []
    assert contradictions(make_row() | {"value": 8.7, "digits": 3}) == []
    assert contradictions(make_row() | {"value": 2430000.0, "digits": 2}) == [
        "digits: 2, but 2430000 shows 3"
    ]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"bound": "over"}, 'bound: "over" has no word for it in statement or note'),
        ({"note": "rounding: over"}, 'bound: "exact", but the words say "over"'),
        ({"note": "rounded 'nearly'", "bound": "about"}, 'bound: "about", but the words say "under"'),
        ({"note": "rounded", "bound": "under"}, 'bound: "under", but the words say "about"'),
        ({"digits": "8"}, "digits: 8, but 2430000 has at most 7"),
        ({"value": "14.4810", "digits": "6"}, "digits: 6, but 14.481 has at most 5"),
        ({"value": "18", "digits": "5"}, "digits: 5, but 18 has at most 4"),
        ({"digits": "2"}, "digits: 2, but 2430000 shows 3"),
        ({"digits": "0"}, 'digits: "0" is not a whole number above zero'),
        ({"digits": ""}, 'digits: "" is not a whole number above zero'),
        ({"through": ""}, 'through: "", but the words say "2022-12-23"'),
        ({"through": "2022-12-24"}, 'through: "2022-12-24", but the words say "2022-12-23"'),
        ({"through": "2023-01-02"}, 'through: "2023-01-02" is no day of 2022-01/2022-12 before its last'),
        ({"through": "2022-12-31"}, 'through: "2022-12-31" is no day of 2022-01/2022-12 before its last'),
        (
            {"through": "2021-12-23", "period": "2022"},
            'through: "2021-12-23" is no day of 2022 before its last',
        ),
        ({"through": "2022-02-30"}, 'through: "2022-02-30" is not a day; write YYYY-MM-DD'),
        ({"period": "2022-13"}, 'through: "2022-12-23" is no day of 2022-13 before its last'),
        ({"freq": "M"}, 'through: "2022-12-23", but only a cumulative row (freq YTD) has a cut-off day'),
    ],
)
def test_a_seeded_contradiction_is_found(changed, message):
    assert contradictions(make_row(**changed)) == [message]
