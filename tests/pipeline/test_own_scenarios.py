"""Scenarios of one's own, named by the path of a file: read at the door, refused in words."""

from __future__ import annotations

from io import StringIO

import pandas as pd
import pytest
from conftest import Copy, copy_project
from written import own_scenario

from sapa_analysis import open_project
from sapa_analysis.core import in_language, load_params
from sapa_analysis.core.errors import ParamsError
from sapa_analysis.pipeline.notebook_parameters import NAMES, check_values
from sapa_analysis.pipeline.own_scenarios import own_files, with_own
from sapa_analysis.pipeline.project import load_project


def write(project: Copy, name: str, *, folder: str = "build", change: str = "+10%") -> str:
    """Write a scenario of that name; return its path in the project."""
    path = f"{folder}/{name}.yml"
    (project.root / folder).mkdir(parents=True, exist_ok=True)
    project.write(path, own_scenario(name, change))
    return path


@pytest.fixture(scope="module")
def shop(tmp_path_factory) -> Copy:
    """Return a project with two scenarios in `build`."""
    project = copy_project(tmp_path_factory.mktemp("own"))
    write(project, "mine")
    write(project, "yours", change="-5%")
    return project


@pytest.fixture
def there(shop, monkeypatch) -> Copy:
    monkeypatch.chdir(shop.root)
    return shop


def refused(**values: object) -> list[str]:
    with pytest.raises(ParamsError) as caught:
        open_project(**values)
    lines = str(caught.value).splitlines()
    said = caught.value.in_language("vi").splitlines()
    assert all(vi != en for vi, en in zip(said, lines, strict=True) if en.startswith(" "))
    return [line.strip() for line in lines]


@pytest.mark.parametrize(
    "name", ["build/mine.yml", "mine.yml", "mine.csv", "mine.XLSX", "build\\mine.yml", "a/b"]
)
def test_a_name_with_a_folder_or_an_ending_is_a_path(name):
    assert own_files(["base", name, "spend more"]) == [name]


def test_scenarios_stand_in_the_order_in_which_they_are_named_under_their_own_names(there):
    project, params = open_project(scenarios="build/yours.yml, low; build/mine.yml", as_of="2023-06-30")
    assert params.scenarios == ["base", "yours", "low", "mine"]
    assert set(project.scenarios) == {*load_project(there.root).scenarios, "mine", "yours"}
    assert project.scenarios["mine"].label["en"] == "Spend more"


def test_a_file_of_the_project_may_be_named_by_its_path(there):
    _, params = open_project(scenarios=["params/scenarios/low.yml", "base", "low"], as_of="2023-06-30")
    assert params.scenarios == ["low", "base"]


def test_a_spreadsheet_gives_each_of_its_scenarios(there):
    rows = "scenario,indicator,change,start\nroad,tourist_arrivals,+12%,1\nrain,tourist_arrivals,-9%,2\n"
    there.write("build/mix.csv", rows)
    table = pd.read_csv(StringIO(rows))
    table.to_excel(there.root / "build/more.xlsx", index=False)
    _, params = open_project(scenarios="build/mix.csv, high", as_of="2023-06-30")
    assert params.scenarios == ["base", "road", "rain", "high"]
    project, params = open_project(scenarios="build/more.xlsx", as_of="2023-06-30")
    assert params.scenarios == ["base", "road", "rain"]
    assert project.scenarios["road"].adjustments[0].indicator == "tourist_arrivals"


def test_without_files_of_ones_own_nothing_changes(there):
    project = load_project(there.root)
    params = load_params(there.root / "params/baseline.yml")
    same, chosen = with_own(project, params)
    assert (same.scenarios, chosen) == (project.scenarios, params)


def test_everything_wrong_with_names_and_files_is_told_at_once(there):
    bad = write(there, "bad", change="+10x")
    told = refused(scenarios=f"build/mien.yml, ../x.yml, {bad}, hihg, build/mine.yml", n_paths=5)
    assert told == [
        "bad.yml has 1 problem",
        told[1],
        "parameters has 4 problems",
        "n_paths: found 5; wanted a whole number, 100 to 100,000",
        'scenarios: "../x.yml" lies outside the project; copy it into a folder of it, such as build/scenarios',
        'scenarios: "build/mien.yml" cannot be read: No such file or directory',
        'scenarios: "hihg" is unknown; did you mean high?',
    ]
    assert told[1].startswith('line 8, values.2024: "+10x" is no change')


def test_two_scenarios_of_one_name_are_refused(there):
    write(there, "low"), write(there, "mine", folder="build/more", change="+11%")
    assert refused(scenarios="build/low.yml")[1:] == [
        'scenarios: "build/low.yml" has a scenario "low", and so has another file; rename one'
    ]
    assert len(refused(scenarios="build/mine.yml, build/more/mine.yml")) == 2


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"area": "lao_cai"}, "it argues from the numbers of sa_pa, not of lao_cai"),
        ({"as_of": "2023-01-15"}, "its reasons were known on 2023-06-30, not yet on 2023-01-15"),
        ({"as_of": "2024-01-15"}, "its changes by calendar year were judged on 2023-06-30, against a forecast that did not know 2023"),
    ],
)  # fmt: skip
def test_a_scenario_that_was_asked_for_and_does_not_hold_here_is_refused(there, asked, why):
    [_, *told] = refused(scenarios="build/mine.yml", n_paths=100, **asked)
    assert len(told) == 1
    assert told[0].startswith(f'scenarios: "mine" does not hold here: {why}')
    assert open_project(n_paths=100, **asked)  # what baseline.yml chooses is only told


def test_a_file_is_checked_before_a_run_starts_and_each_change_of_it_is_seen(there):
    path = write(there, "new")
    assert check_values({"scenarios": path}, NAMES, root=there.root).scenarios == ["base", path]
    write(there, "new", change="+10x")
    with pytest.raises(ParamsError) as caught:
        check_values({"scenarios": path}, NAMES, root=there.root)
    assert "is no change" in str(caught.value)
    assert in_language(str(caught.value), "vi") != str(caught.value)
