"""Scenario files: what they must hold, and every problem at its line, all at once."""

from pathlib import Path

import pytest

from sapa_analysis.core.errors import ParamsError
from sapa_analysis.scenarios import load_scenarios

pytest_plugins = ["loaded"]
LOW, BASE = "params/scenarios/low.yml", "params/scenarios/base.yml"
FILES = Path(__file__).parent / "files"


@pytest.fixture
def project(project):
    """Return a copy of the project with three scenarios of its own: those that are shipped may change."""
    for path in (project.root / "params/scenarios").glob("*.yml"):
        path.unlink()
    for path in FILES.glob("*.yml"):
        project.write(f"params/scenarios/{path.name}", path.read_bytes())
    return project


def told(project, indicators=None):
    with pytest.raises(ParamsError) as caught:
        load_scenarios(project.root / "params/scenarios", indicators=indicators)
    return [
        (problem.file, problem.line, problem.column, problem.message) for problem in caught.value.problems
    ]


@pytest.mark.parametrize(
    ("old", "new", "column", "message"),
    [
        ("name: low", "name: lwo", "name", '"lwo" is not the name of the file; write low'),
        ("name: low", "nmae: low", "nmae", "unknown; did you mean name?"),
        ("adjustments:\n", "adjustment:\n", "adjustment", "unknown; did you mean adjustments?"),
        ("    effect: multiply", "    efect: multiply", "efect", "unknown; did you mean effect?"),
        (
            "    effect: multiply",
            "    effect: times",
            "effect",
            "wanted 'multiply', 'add', 'replace', 'growth', 'add_growth' or 'hold'; found 'times'",
        ),
        ("label: {vi:", "label: {fr:", "label", "wanted vi and en, each once"),
        ("2024: 0.97", "2024: 0", "values.2024", "multiply needs a factor above zero; found 0"),
        ("2024: 0.97", "2024: -1.5", "values.2024", "multiply needs a factor above zero; found -1.5"),
        ("2024: 0.97", "2024: .nan", "adjustments.0.values.2024", "wanted a finite number; found nan"),
        ("2024: 0.97", "2024: .inf", "adjustments.0.values.2024", "wanted a finite number; found inf"),
        (
            "2024: 0.97",
            "2024: 0,97",
            "values.97",
            'a comma was read as the end of a value; write 0.97, or "0,97"',
        ),
        ("2024: 0.97", "2024: yes", "values.2024", "wanted a number; found True"),
        ("2024: 0.97", "1989: 0.97", "values.1989", "1989 is no year; write 1990 to 2060, or 1 to 30"),
        ("2024: 0.97", "2061: 0.97", "values.2061", "2061 is no year; write 1990 to 2060, or 1 to 30"),
        ("2024: 0.97", "soon: 0.97", "values.soon", "soon is no year; write 1990 to 2060, or 1 to 30"),
        ("2024: 0.97", "2023: 0.97", "", 'not plain YAML: the key "2023" stands twice'),
        ("    quality: B", "    quality: D", "quality", "wanted 'A', 'B' or 'C'; found 'D'"),
        ("    impact: medium", "    impact: huge", "impact", "wanted 'high', 'medium' or 'low'"),
        ("source: >-\n", "source: ''\n    note: >-\n", "source", "wanted text"),
    ],
)
def test_a_bad_entry_is_shown_at_its_line_with_what_was_found(project, old, new, column, message):
    line = project.replace(LOW, old, new)
    found = [item for item in told(project) if item[2] == column]
    assert len(found) == 1
    file, at, _, text = found[0]
    assert (file, at) == (LOW, line)
    assert text.startswith(message)


def test_an_adjustment_needs_a_year_a_reason_and_a_source(project):
    project.write(
        BASE, project.read(BASE).replace("[]", "\n  - {indicator: tourist_arrivals, effect: add, values: {}}")
    )
    line = project.read(BASE).count("\n")
    assert [(at, column, text.partition(";")[0]) for _, at, column, text in told(project)] == [
        (1, "judged_on", "is missing"),
        (line, "impact", "is missing"),
        (line, "quality", "is missing"),
        (line, "reason", "is missing"),
        (line, "source", "is missing"),
        (line, "values", "wanted a value for each year, as 2024: 0.9, or always: 0.9 for every year ahead"),
    ]


def test_every_problem_of_every_file_comes_out_at_once(project, tables):
    misspelt = project.replace(LOW, "indicator: tourist_arrivals", "indicator: tourist_arrival")
    project.replace(LOW, "2024: 0.97", "2024: 0")
    project.replace(BASE, "name: base", "nam: base")
    project.replace("params/scenarios/high.yml", "quality: B", "quality: E")
    found = told(project, tables.indicators)
    assert [(file.rpartition("/")[2], column) for file, _, column, _ in found] == [
        ("base.yml", "name"), ("base.yml", "nam"), ("high.yml", "quality"), ("low.yml", "indicator"), ("low.yml", "values.2024"),
    ]  # fmt: skip
    assert (
        LOW,
        misspelt,
        "indicator",
        '"tourist_arrival" is unknown; did you mean tourist_arrivals?',
    ) in found


def test_an_impossible_level_is_refused(project, tables):
    project.replace(
        LOW, "effect: multiply\n    values: {2023: 0.99", "effect: replace\n    values: {2023: -3"
    )
    [problem] = [item for item in told(project, tables.indicators) if item[2] == "values.2023"]
    assert problem[3] == "-3 is no possible level of tourist_arrivals: 1000 to 5e+08"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("- a\n", "wanted a scenario: name, label, reason, adjustments"),
        ("words\n", "wanted a scenario: name, label, reason, adjustments"),
        ("", "the file is empty"),
        ("name: {base\n", "not plain YAML"),
        ("name: base\nadjustments: none\n", "wanted a list; [] for none"),
        ("name: base\nadjustments: [none]\n", "wanted an adjustment with indicator, effect, values"),
    ],
)
def test_anything_but_a_scenario_is_refused(project, content, message):
    project.write(BASE, content)
    assert any(text.startswith(message) for file, _, _, text in told(project) if file == BASE)


def test_a_folder_without_scenarios_is_a_problem(tmp_path):
    problems = []
    assert load_scenarios(tmp_path / "params" / "none", problems) == {}
    assert [str(problem) for problem in problems] == ["holds no scenario (a file .yml)"]


def test_a_sound_scenario_is_read_beside_a_broken_one(project):
    project.replace(LOW, "name: low", "name: high")
    problems = []
    assert set(load_scenarios(project.root / "params/scenarios", problems)) == {"base", "high"}
    assert len(problems) == 1


def test_scenarios_come_sorted_and_can_be_copied(project):
    project.write("params/scenarios/another.yml", project.read(LOW).replace("name: low", "name: another"))
    scenarios = load_scenarios(project.root / "params/scenarios")
    assert list(scenarios) == ["another", "base", "high", "low"]
    assert scenarios["another"].adjustments == scenarios["low"].adjustments


@pytest.mark.parametrize(
    ("effect", "value", "read"),
    [
        ("", '"-3%"', ("multiply", 0.97, None)),
        ("", '"x 0,97"', ("multiply", 0.97, None)),
        ("", '"+50000"', ("add", 5e4, None)),
        ("", '"growth +2"', ("add_growth", 2.0, None)),
        ("", '"= 80% of 2019"', ("hold", 0.8, 2019)),
        ("effect: multiply", '"0,97"', ("multiply", 0.97, None)),
        ("effect: multiply", '"-3%"', ("multiply", 0.97, None)),
        ("effect: growth", '"8"', ("growth", 8.0, None)),
        ("effect: hold\n    of_year: 2019", '"80%"', ("hold", 0.8, 2019)),
    ],
)
@pytest.mark.parametrize("key", ["values: {2024: %s}", "values: {'2024': %s}", "always: %s"])
def test_values_of_a_file_may_be_texts(project, effect, value, read, key):
    text = project.read(LOW)
    start, end = text.index("    effect:"), text.index("    reason:", text.index("adjustments:"))
    project.write(LOW, f"{text[:start]}    {effect}\n    {key % value}\n{text[end:]}")
    part = load_scenarios(project.root / "params/scenarios")["low"].adjustments[0]
    assert (part.effect, part.values.get(2024, part.always), part.of_year) == read


@pytest.mark.parametrize(
    ("effect", "value", "told"),
    [
        ("effect: add", '"+5%"', '"+5%" is multiply, not add; write an adjustment of its own'),
        ("effect: multiply", '"90%"', '"90%" may be so much more or so much of it'),
        ("", "0.97", "is missing"),
    ],
)
def test_a_text_that_does_not_fit_its_effect_is_told(project, effect, value, told):
    text = project.read(LOW)
    start, end = text.index("    effect:"), text.index("    reason:", text.index("adjustments:"))
    project.write(LOW, f"{text[:start]}    {effect}\n    always: {value}\n{text[end:]}")
    with pytest.raises(ParamsError) as caught:
        load_scenarios(project.root / "params/scenarios")
    [problem] = caught.value.problems
    assert problem.message.startswith(told)


@pytest.mark.parametrize("factor", [10, 14.5, 0.05])
def test_a_factor_that_nobody_means_is_told_with_its_line(project, factor):
    line = project.replace(LOW, "2024: 0.97", f"2024: {factor}")
    with pytest.raises(ParamsError) as error:
        load_scenarios((project.data / "../params/scenarios").resolve())
    [found] = error.value.problems
    assert (found.line, found.column) == (line, "values.2024")
    assert 'no plausible factor: 0.5 to 2; for 10 percent more write "+10%" or 1.1' in found.message


def test_a_bold_factor_is_meant(project):
    project.replace(LOW, "2024: 0.97, 2025", "2024: 0.2, 2025")
    project.replace(LOW, "    effect: multiply", "    bold: true\n    effect: multiply")
    assert load_scenarios(project.root / "params/scenarios")["low"].adjustments[0].values[2024] == 0.2


def test_loading_alone_tells_a_misspelt_indicator(project):
    line = project.replace(LOW, "indicator: tourist_arrivals", "indicator: tourist_arrival")
    with pytest.raises(ParamsError) as error:
        load_scenarios((project.data / "../params/scenarios").resolve())
    assert [(found.line, found.message) for found in error.value.problems] == [
        (line, '"tourist_arrival" is unknown; did you mean tourist_arrivals?')
    ]


def test_loading_alone_tells_a_misspelt_area(project):
    line = project.replace(LOW, "area: sa_pa", "area: sa_pha")
    with pytest.raises(ParamsError) as error:
        load_scenarios((project.data / "../params/scenarios").resolve())
    assert [(found.line, found.column) for found in error.value.problems] == [(line, "area")]
    assert "did you mean sa_pa" in str(error.value)
