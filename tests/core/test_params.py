from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sapa_analysis.core.errors import ParamsError
from sapa_analysis.core.params import Params, load_params, params_schema

FILE = "params/baseline.yml"


def told(project) -> list[tuple[int, str, str]]:
    with pytest.raises(ParamsError) as caught:
        load_params(project.root / FILE)
    assert {problem.file for problem in caught.value.problems} == {FILE}
    return [(problem.line, problem.column, problem.message) for problem in caught.value.problems]


@pytest.fixture(scope="module")
def params(root) -> Params:
    return load_params(root / FILE)


def test_the_baseline_is_read_as_it_is_written(params):
    said = params.model_dump()
    premiums, bridges, links = (said.pop(name) for name in ("premiums", "bridges", "links"))
    assert [(link["area"], link["elasticity"], link["sd"], link["high"]) for link in links] == [
        ("sa_pa", 0.13, 0.09, 0.59), ("lao_cai", 0.1, 0.05, 0.4)
    ]  # fmt: skip
    assert [(bridge["of"], bridge["to"], bridge["factor"]) for bridge in bridges] == [
        ("sa_pa_ward", "sa_pa", 1.08), ("sa_pa_ward", "sa_pa", 1.05)
    ]  # fmt: skip
    assert premiums["grdp"] == {
        "step": 0.019,
        "mean_sd": 0.03,
        "memory": 0.37,
        "shock": 0.022,
        "bridge": 0.015,
    }
    assert list(premiums) == [
        "grdp", "population", "tourist_arrivals", "spend_per_visit", "state_budget_revenue"
    ]  # fmt: skip
    assert said == {
        "area": "sa_pa", "as_of": dt.date(2023, 6, 30), "horizon": 0, "seed": 20230115, "n_paths": 5000,
        "method": "headline", "min_years": 1, "shock_years": [2020, 2021, 2022], "gap_closing": 0.6,
        "shock_chance": 0.04, "plans_inform": ["state_budget_revenue"], "about_relative": 0.02, "widest_points": 25.0, "widest_factor": 6.0,
        "subjects": {
            "growth": ["grdp_growth", "grdp_per_capita"], "tourism": ["tourist_arrivals", "tourism_revenue"],
            "budget": ["state_budget_revenue"],
        },
        "documents": ["resolution-2023", "congress-2020", "congress-2020-restated"],
        "editions": [dt.date(2023, 1, 15), dt.date(2023, 6, 30), dt.date(2024, 1, 15), dt.date(2025, 6, 30),
                     dt.date(2026, 1, 31)],
        "scenarios": ["low", "lao_cai_low", "base", "high", "lao_cai_high"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "column", "message"),
    [
        ("horizon:", "horizn:", "horizn", "unknown; did you mean horizon?"),
        ("value: 0\n", "valeu: 0\n", "horizon", "wanted value and reason (and source)"),
        ("value: 0\n", "value: 0\n  sorce: x\n", "horizon", '"sorce" is unknown; did you mean source?'),
        ("value: 0\n", "value: -1\n", "horizon", "wanted at least 0; found -1"),
        ("value: 0\n", "value: 31\n", "horizon", "wanted at most 30; found 31"),
        ("value: 0\n", "value: three\n", "horizon", "wanted a whole number; found 'three'"),
        ("value: 0\n", "value: yes\n", "horizon", "wanted a whole number; found True"),
        ("value: 0\n", "value: 3.0\n", "horizon", "wanted a whole number; found 3.0"),
        ("value: 0.02", "value: 0,02", "about_relative", "wanted a number; found '0,02'"),
        (
            "value: 2023-06-30",
            "value: 2023-06-31",
            "as_of",
            '"2023-06-31" is not a date; write YYYY, YYYY-MM',
        ),
        ("value: 2023-06-30", "value: 30/6/2023", "as_of", '"30/6/2023" is not a date; write YYYY, YYYY-MM'),
        ("[2020, 2021, 2022]", "[2020, x]", "shock_years.1", "wanted a whole number; found 'x'"),
        ("value: sa_pa", "value: [sa_pa]", "area", "wanted text; found ['sa_pa']"),
    ],
)
def test_a_bad_entry_is_shown_at_its_line_with_what_was_found(project, old, new, column, message):
    project.replace(FILE, old, new)
    found = [(line, text) for line, name, text in told(project) if name == column]
    assert len(found) == 1
    line, text = found[0]
    assert text.startswith(message)
    changed = project.read(FILE).splitlines()
    key = column.partition(".")[0]
    assert changed[line - 1].startswith(f"{key}:") or changed[line - 1] == "  sorce: x"


def test_every_fault_of_the_file_comes_out_at_once(project):
    project.replace(FILE, "seed:", "sead:")
    project.replace(FILE, "value: 0\n", "value: -1\n")
    project.replace(FILE, "value: 5000\n", "value: 5\n")
    project.replace(FILE, "  reason: Any fixed number", "  reasn: Any fixed number")
    assert [(column, text.partition(";")[0]) for _, column, text in told(project)] == [
        ("seed", "is missing"),
        ("horizon", "wanted at least 0"),
        ("sead", "unknown"),
        ("n_paths", "wanted at least 100"),
    ]


@pytest.mark.parametrize("name", Params.model_fields)
def test_no_choice_may_be_missing_and_none_may_lack_its_reason(project, name):
    text = project.read(FILE)
    start = text.index(f"\n{name}:") + 1
    lines = text[start:].split("\n")
    end = next((place for place, line in enumerate(lines[1:], 1) if line and line[0] != " "), len(lines))
    entry = "\n".join(lines[:end])
    project.write(FILE, text.replace(entry, ""))
    assert told(project) == [(0, name, "is missing")]
    project.write(FILE, text.replace(entry, f"{entry.partition('  reason:')[0]}  reason: ''\n"))
    assert told(project) == [(text.count("\n", 0, start) + 1, name, "wanted value and reason (and source)")]


@pytest.mark.parametrize("content", ["- a\n- b\n", "words\n", "7\n"])
def test_anything_but_a_mapping_is_refused(project, content):
    project.write(FILE, content)
    assert told(project) == [(1, "", "wanted a mapping of parameters")]


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        (b"", 0, "the file is empty"),
        (b"area: \xff\n", 1, 'byte 0xff is not UTF-8; save the file as UTF-8 (in Excel: "CSV UTF-8")'),
        (
            b"a: 1\narea: !!python/object/apply:os.getcwd []\n",
            2,
            "not plain YAML: a tag (! before a value) is not accepted",
        ),
        (b"area: {value: x\n", 2, "not plain YAML: "),
    ],
)
def test_a_broken_file_is_one_problem(project, content, line, message):
    project.write(FILE, content)
    problems = told(project)
    assert [(where, column) for where, column, _ in problems] == [(line, "")]
    assert problems[0][2].startswith(message)


def test_a_missing_file_is_a_problem(tmp_path):
    with pytest.raises(ParamsError, match="cannot be read: No such file"):
        load_params(tmp_path / "none.yml")


# other values ---------------------------------------------------------------------------------------------


@given(st.integers(1, 30), st.dates(dt.date(2000, 1, 1), dt.date(2040, 1, 1)))
def test_values_are_replaced_in_a_copy(params, horizon, day):
    before = params.model_dump()
    changed = params.with_values(horizon=horizon, as_of=str(day))
    assert changed.model_dump() == before | {"horizon": horizon, "as_of": day}
    assert params.model_dump() == before


def test_the_core_is_every_indicator_of_every_subject_in_order(params):
    subjects = {"b": ["y", "x"], "a": ["z"]}
    assert params.with_values(subjects=subjects).core == ["y", "x", "z"]


def test_replacing_nothing_changes_nothing(params):
    assert params.with_values() == params


@pytest.mark.parametrize(
    ("given_day", "day"), [("2024", (2024, 12, 31)), (2024, (2024, 12, 31)), ("2024-02", (2024, 2, 29))]
)
def test_an_incomplete_day_means_its_last(params, given_day, day):
    assert params.with_values(as_of=given_day).as_of == dt.date(*day)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"horizn": 3}, "horizn: unknown; did you mean horizon?"),
        ({"horizon": -1, "n_paths": 7}, "horizon: wanted at least 0; found -1"),
        ({"horizon": -1, "n_paths": 7}, "n_paths: wanted at least 100; found 7"),
        ({"as_of": "9999"}, "wanted a day from 1900 to 2200"),
        ({"as_of": "2023-02-30"}, '"2023-02-30" is not a date'),
        ({"subjects": {}}, "subjects: wanted at least 1 of them"),
        ({"subjects": ["grdp_growth"]}, "subjects: wanted names with values"),
        ({"subjects": {"growth": "grdp_growth"}}, "subjects.growth: wanted a list"),
        ({"subjects": {"growth": []}}, "subjects: growth holds no indicator"),
        ({"subjects": {"a": ["grdp"], "b": ["grdp"]}}, "subjects: grdp stands more than once"),
        ({"scenarios": ["base", "base"]}, "scenarios: base stands more than once"),
        ({"editions": ["2024-01-01", "2023-01-01"]}, "editions: the days do not follow one another"),
        ({"shock_years": [20200]}, "shock_years.0: wanted at most 2100"),
        ({"horizon": True}, "horizon: wanted no yes or no; found True"),
        ({"widest_points": float("inf")}, "widest_points: wanted a finite number"),
    ],
)
def test_bad_values_are_refused_in_the_same_words(params, values, said):
    with pytest.raises(ParamsError) as caught:
        params.with_values(**values)
    assert said in str(caught.value)


def test_a_choice_cannot_be_changed_in_place(params):
    with pytest.raises(ValueError, match="frozen"):
        params.horizon = 4


def test_the_schema_for_editors_names_every_choice_with_its_meaning():
    schema = params_schema()
    assert set(schema["properties"]) == set(schema["required"]) == set(Params.model_fields)
    for name, entry in schema["properties"].items():
        assert entry["description"] == Params.model_fields[name].description
        assert entry["required"] == ["value", "reason"]
        assert entry["additionalProperties"] is False
    assert schema["properties"]["horizon"]["properties"]["value"]["maximum"] == 30


def test_the_old_name_of_a_parameter_is_accepted_and_the_new_one_told(project):
    baseline = load_params(project.root / "params/baseline.yml")
    with pytest.warns(FutureWarning, match='parameter "worlds" is now called "n_paths"'):
        assert baseline.with_values(worlds=300) == baseline.with_values(n_paths=300)
    project.replace("params/baseline.yml", "\nn_paths:\n", "\nworlds:\n")
    with pytest.warns(FutureWarning, match="n_paths"):
        assert load_params(project.root / "params/baseline.yml") == baseline


def test_a_problem_under_an_old_name_stands_at_its_line(project):
    line = project.replace("params/baseline.yml", "\nn_paths:\n  value: 5000", "\nworlds:\n  value: 7")
    with pytest.warns(FutureWarning), pytest.raises(ParamsError) as caught:
        load_params(project.root / "params/baseline.yml")
    assert [problem.line for problem in caught.value.problems] == [line + 1]


def test_a_parameter_given_under_both_names_is_refused(params):
    with pytest.raises(ParamsError, match="worlds: unknown"):
        params.with_values(worlds=300, n_paths=200)
