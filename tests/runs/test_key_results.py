"""The key results of a run as numbers, and what moved against the last edition."""

from __future__ import annotations

import itertools
import json
from datetime import date
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pytest
from batches import copy_of, numbers, row
from factories import yearly
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from sapa_analysis.core import Forecast, NotAssessed, SapaError, yearly_index
from sapa_analysis.runs.batch_files import COLUMNS, batch_files, results_of, table_files
from sapa_analysis.runs.iamc import IAMC_COLUMNS, to_iamc
from sapa_analysis.runs.journal_line import read_journal, seal
from sapa_analysis.runs.key_numbers import RESULT_COLUMNS, key_results
from sapa_analysis.runs.record import MEDIA_TYPE, _plain
from sapa_analysis.runs.surprise import surprise_of
from sapa_analysis.runs.workbook import workbook

#: What is told of each year of a forecast, from the lowest to the highest.
FAN = ["lower_95", "lower_80", "lower_50", "median", "upper_50", "upper_80", "upper_95"]
pytest_plugins = ["loaded"]
chances = st.floats(0, 1).map(lambda value: round(value, 4))


def ahead(values, scenario="base"):
    """Return a forecast whose paths have these values, one row per year."""
    observed = yearly({2020: 1.0, 2021: 2.0})
    return Forecast(
        observed, pd.DataFrame(values, index=yearly_index(range(2022, 2022 + len(values)))), "x", scenario
    )


def verdict(name, **changed):
    return {"id": name, "document": "plan", "indicator_id": "visits", "area": "sa_pa", "end": 2025, "unit": "visits",
            "status": "even", "probability": 0.5, "expected": 3.0, "lower_80": 2.0, "upper_80": 4.0} | changed  # fmt: skip


def results(params, *verdicts, as_of="2024-01-15"):
    return key_results(params.with_values(as_of=as_of), [], pd.DataFrame(verdicts))


def register(*verdicts, as_of="2023-06-30"):
    return pd.DataFrame(verdicts).assign(as_of=date.fromisoformat(as_of))


# the table ------------------------------------------------------------------------------------------------


@given(st.lists(st.lists(st.floats(-1e12, 1e12), min_size=5, max_size=5), min_size=1, max_size=3))
def test_bands_are_nested_around_the_median_in_every_year(params, values):
    table = key_results(params, [ahead(values)])
    assert table.columns.tolist() == list(RESULT_COLUMNS)
    assert table.groupby("year").size().tolist() == [len(FAN)] * len(values)
    wide = table.pivot(index="year", columns="statistic", values="value")[FAN].to_numpy()
    assert (np.diff(wide) >= -1e-3).all()
    assert wide[:, 3] == pytest.approx(np.median(values, axis=1))


def test_a_target_is_told_with_its_chance_and_its_own_band(params):
    table = results(
        params,
        verdict("plan.visits", probability=0.25),
        verdict("plan.rooms", status="met", probability=np.nan),
    )
    told = {(line.target, line.statistic): (line.year, line.value, line.unit) for line in table.itertuples()}
    assert told["plan.visits", "probability"] == (2025, 0.25, "probability")
    assert told["plan.visits", "upper_80"] == (2025, 4.0, "visits")
    assert told["plan.rooms", "met"] == (2025, 1.0, "yes_no")
    assert ("plan.rooms", "probability") not in told
    assert set(table["as_of"]) == {"2024-01-15"}


def test_what_is_not_known_has_no_row_and_nothing_is_an_empty_table_with_its_columns(params):
    outcomes = [
        None,
        NotAssessed(None, "no_evidence", 1),
        NotAssessed(yearly({2020: 1.0}), "too_few_years", 4),
    ]
    empty = key_results(params, outcomes, pd.DataFrame(columns=list(verdict("x"))))
    assert (len(empty), empty.columns.tolist()) == (0, list(RESULT_COLUMNS))
    unknown = verdict("x", probability=np.nan, expected=np.inf, lower_80=np.nan, upper_80=None)
    assert len(results(params, unknown)) == 0


def test_of_a_series_the_latest_five_years_are_told(params):
    table = key_results(params, [yearly({year: float(year) for year in range(2010, 2022)})])
    assert sorted(set(table["year"])) == [2017, 2018, 2019, 2020, 2021]
    assert table.query("year == 2021 and statistic == 'best'")["value"].tolist() == [2021.0]


def test_each_scenario_has_its_rows_and_what_is_told_twice_stands_once(params):
    fans = [ahead([[1.0, 2.0]], "low"), ahead([[3.0, 4.0]], "high"), ahead([[3.0, 4.0]], "high")]
    verdicts = pd.DataFrame([verdict("x"), verdict("x")]).assign(scenario=["low", "high"])
    table = key_results(params, fans, verdicts)
    assert table.groupby(["scenario", "target"]).size().to_dict() == {
        ("high", ""): 7, ("high", "x"): 4, ("low", ""): 7, ("low", "x"): 4
    }  # fmt: skip


# the tables of a batch ------------------------------------------------------------------------------------


@given(st.lists(st.floats(-1e9, 1e9), max_size=4))
def test_results_come_out_of_the_copies_as_they_were_recorded(params, values):

    table = key_results(params, [ahead([[value] * 3]) for value in values[:1]])
    record = {"name": "results", **_plain(table)}
    with TemporaryDirectory() as place:
        cells = [{"outputs": [{"data": {MEDIA_TYPE: record}}]}]
        Path(place, "a.ipynb").write_text(json.dumps({"cells": cells}))
        back = results_of(Path(place, "a.ipynb"))
        text = batch_files(Path(place), [row("b", copy=""), row("a")])["results.csv"].decode()
    assert back.columns.tolist() == list(RESULT_COLUMNS)
    lines = text.splitlines()
    assert lines[0] == ",".join(["run", *RESULT_COLUMNS])
    assert [line.split(",")[0] for line in lines[1:]] == ["2"] * len(table)
    told = [float(line.split(",")[-2]) for line in lines[1:]]
    assert told == pytest.approx(table["value"].tolist(), abs=1e-9)


def test_the_columns_that_users_know_stand_first_and_in_their_order():
    text = table_files([row("a", surprise={"probability": {"points": -12.5}}), row("b", seconds=None)])[
        "runs.csv"
    ]
    head, first, second = (line.split(",") for line in text.splitlines())
    assert head == list(COLUMNS)
    assert head[:8] == ["run", "notebook", "parameters", "status", "error", "seconds", "copy", "headline"]
    assert first[:8] == [
        "1",
        "02_trajectory",
        '"{""horizon"": 3}"',
        "ok",
        "",
        "6.54",
        "a.ipynb",
        "Rừng: đạt.",
    ]
    assert (first[head.index("surprise")], first[head.index("name")]) == ("-12.5", "a")
    assert second[5] == ""


@given(st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5), max_size=4))
def test_a_row_from_a_run_and_from_its_journal_give_the_same_tables(values):
    fresh = row("a", parameters=dict(reversed(values.items())), resolved=values)
    assert table_files([fresh]) == table_files(read_journal(f"{seal(fresh)}\n".encode()).entries)


def test_failures_are_a_file_only_where_there_are_any():
    assert list(table_files([row("a")])) == ["runs.csv"]
    files = table_files([row("a"), row("b", status="failed", error="no good", copy="")])
    assert files["failures.csv"].splitlines() == [files["runs.csv"].splitlines()[place] for place in (0, 2)]


@pytest.mark.parametrize(
    "content", [None, "{", "[]", '{"cells": []}', '{"cells": [{"outputs": [{"data": 3}]}]}']
)
def test_a_copy_without_results_gives_none(tmp_path, content):
    if content is not None:
        (tmp_path / "a.ipynb").write_text(content)
    assert results_of(tmp_path / "a.ipynb") is None
    assert batch_files(tmp_path, [row("a")])["results.csv"].count(b"\n") == 1


# workbooks, and the form that other tools read ------------------------------------------------------------

TEXTS = st.text(st.characters(codec="utf-8"), max_size=12)
NUMBERS = st.floats(-1e300, 1e300) | st.sampled_from([np.nan, np.inf])
TABLES = st.lists(
    st.fixed_dictionaries({"indicator": TEXTS, "year": st.integers(1990, 2060), "value": NUMBERS | st.none()}), max_size=6
)  # fmt: skip


@settings(deadline=None)
@given(TABLES)
def test_a_workbook_holds_the_table_and_its_bytes_follow_from_it_alone(rows):
    table = pd.DataFrame(rows, columns=["indicator", "year", "value"], dtype=object)
    content = workbook(table)
    assert workbook(table.copy()) == content
    [sheet] = load_workbook(BytesIO(content)).worksheets
    head, *cells = sheet.iter_rows(values_only=True)
    assert head == ("indicator", "year", "value")
    assert len(cells) == len(rows)
    for cell, told in zip(cells, rows, strict=True):
        assert cell[1] == told["year"]
        value = told["value"]
        assert (
            cell[2] is None
            if value is None or not np.isfinite(value)
            else cell[2] == pytest.approx(value, rel=1e-12)
        )


@pytest.mark.parametrize("text", ["=1+1", "+84", "Rừng: đạt.", "a\x0bb", " 7 ", "2023-06-30"])
def test_text_in_a_workbook_is_text(text):
    [sheet] = load_workbook(BytesIO(workbook(pd.DataFrame({"x": [text]})))).worksheets
    assert (sheet["A2"].value, sheet["A2"].data_type) == (text.replace("\x0b", ""), "s")


def test_what_a_sheet_cannot_take_stands_in_the_next(monkeypatch):
    monkeypatch.setattr("sapa_analysis.runs.workbook._MOST_ROWS", 2)
    book = load_workbook(BytesIO(workbook(pd.DataFrame({"x": range(5)}))))
    assert book.sheetnames == ["results", "results 2", "results 3"]
    assert [[row[0] for row in sheet.iter_rows(values_only=True)] for sheet in book] == [
        ["x", 0, 1],
        ["x", 2, 3],
        ["x", 4],
    ]


def test_results_of_a_batch_are_the_same_as_csv_and_as_workbook(tmp_path):
    (tmp_path / "a.ipynb").write_text(copy_of(numbers(1.5, 2.25, 1 / 3)))
    files = batch_files(tmp_path, [row("a"), row("b", copy="")])
    from_csv = pd.read_csv(BytesIO(files["results.csv"]))
    pd.testing.assert_frame_equal(from_csv, pd.read_excel(BytesIO(files["results.xlsx"])))
    assert from_csv["value"].tolist() == pytest.approx([1.5, 2.25, 1 / 3])


def test_the_form_for_other_tools_tells_each_number_once(params):
    fans = [ahead([[1.0, 2.0]], "low"), ahead([[3.0, 4.0]], "high")]
    table = key_results(params, fans, pd.DataFrame([verdict("plan.x")]))
    form = to_iamc(table)
    assert form.columns.tolist() == [*IAMC_COLUMNS, "as_of"]
    assert len(form) == len(table)
    told = form.set_index(["scenario", "variable", "year"])["value"]
    assert told["high", f"{fans[0].observed.indicator_id}|median", 2022] == 3.5
    assert told["base", "visits|plan.x|probability", 2025] == 0.5
    assert set(form["region"]) == {"sa_pa"}
    assert to_iamc(pd.concat([table, table])).equals(form)
    assert (
        to_iamc(table.drop(columns=["target", "document"])[table["target"] == ""])["variable"]
        .str.count("[|]")
        .eq(1)
        .all()
    )


def test_two_values_of_one_number_and_a_missing_column_are_refused(params):
    table = key_results(params, [ahead([[1.0, 2.0]])])
    other = table.assign(value=table["value"] + 1)
    with pytest.raises(SapaError, match=r"sapa-analysis, base, .* has two values; leave one of them out"):
        to_iamc(pd.concat([table, other]))
    runs = pd.concat([table.assign(run=1), other.assign(run=2)])  # as a batch joins them
    assert to_iamc(runs).columns.tolist() == [*IAMC_COLUMNS, "as_of", "run"]
    with pytest.raises(SapaError, match='column "unit" is missing'):
        to_iamc(table.drop(columns="unit"))


# surprise -------------------------------------------------------------------------------------------------


@given(st.lists(st.tuples(chances, chances), min_size=1, max_size=6), st.randoms())
def test_the_largest_move_of_a_chance_is_told_whatever_the_order(params, pairs, random):
    old = [verdict(f"t{place}", probability=before) for place, (before, _) in enumerate(pairs)]
    new = [verdict(f"t{place}", probability=after) for place, (_, after) in enumerate(pairs)]
    random.shuffle(new)
    told = surprise_of(results(params, *new), register(*old))["probability"]
    largest = max(abs(after - before) for before, after in pairs)
    assert abs(told["points"]) == pytest.approx(100 * largest, abs=0.051)
    before, after = pairs[int(told["target"][1:])]
    assert (told["from"], told["to"]) == (before, after)


@given(st.floats(-1e6, 1e6), st.floats(0.5, 1e6), st.floats(-3, 3))
def test_a_level_is_measured_in_half_widths_of_the_old_band(params, middle, half, moved):
    old = verdict("x", expected=middle, lower_80=middle - half, upper_80=middle + half)
    new = verdict("x", expected=middle + moved * half)
    told = surprise_of(results(params, new), register(old))["expected"]
    assert told["half_widths"] == pytest.approx(moved, abs=0.006)
    assert told["unit"] == "visits"


def test_the_newest_edition_before_the_day_counts_and_none_of_the_day_itself(params):
    editions = [register(verdict("x", probability=p), as_of=day) for p, day in
                ((0.1, "2023-01-15"), (0.2, "2023-06-30"), (0.9, "2024-01-15"))]  # fmt: skip
    for order in itertools.permutations(editions):
        told = surprise_of(results(params, verdict("x")), pd.concat(order, ignore_index=True))
        assert (told["edition"], told["probability"]["from"]) == ("2023-06-30", 0.2)


def test_a_result_counts_as_a_chance_of_one_or_none(params):
    old = register(verdict("a", probability=0.8), verdict("b", probability=0.3))
    new = results(
        params,
        verdict("a", status="missed", probability=np.nan),
        verdict("b", status="met", probability=np.nan),
    )
    told = surprise_of(new, old)["probability"]
    assert told == {"target": "a", "from": 0.8, "to": 0.0, "points": -80.0, "settled": True}


@pytest.mark.parametrize(
    "old",
    [
        register(verdict("other")),
        register(verdict("x", area="lao_cai")),
        register(verdict("x"), as_of="2024-01-15"),
        register(verdict("x"))[:0],
        register(verdict("x", probability=np.nan, expected=np.nan)),
    ],
    ids=["another target", "another area", "the same day", "an empty register", "nothing was said"],
)
def test_where_nothing_can_be_compared_nothing_is_told(params, old):
    assert surprise_of(results(params, verdict("x")), old) is None


def test_other_scenarios_and_empty_tables_surprise_nobody(params):
    assert surprise_of(results(params, verdict("x")).assign(scenario="high"), register(verdict("x"))) is None
    assert surprise_of(key_results(params, []), register(verdict("x"))) is None


def test_a_band_without_a_width_measures_nothing(params):
    told = surprise_of(results(params, verdict("x")), register(verdict("x", lower_80=3.0, upper_80=3.0)))
    assert (told["expected"], told["probability"]["points"]) == (None, 0.0)
