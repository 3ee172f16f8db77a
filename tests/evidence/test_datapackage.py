"""The description of the data is generated, in step, and valid for frictionless."""

import json
import warnings
from pathlib import Path

import pytest
import yaml

from sapa_analysis.core.params import params_schema
from sapa_analysis.evidence.datapackage import package_text

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import frictionless

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def test_the_description_is_in_step_with_the_declared_tables():
    assert (ROOT / "data/datapackage.json").read_text(encoding="utf-8") == package_text(ROOT / "data")


def test_the_schema_of_the_parameters_is_in_step():
    assert json.loads((ROOT / "params/schema.json").read_text(encoding="utf-8")) == params_schema()


def test_every_file_is_described():
    described = {resource["path"] for resource in json.loads(package_text(ROOT / "data"))["resources"]}
    assert described == {
        path.relative_to(ROOT / "data").as_posix() for path in (ROOT / "data").rglob("*.csv")
    }


def test_the_description_names_who_compiled_the_data_and_under_which_licence():
    said = json.loads(package_text(ROOT / "data"))
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    [author] = [each["name"] for each in cited["authors"]]
    assert said["contributors"] == [{"title": author, "role": "author"}]
    assert said["version"] == cited["version"]
    assert said["citation"].startswith(f"{author}: {said['title']}")
    assert said["licenses"][0]["name"] in cited["license"]
    assert author in (ROOT / "LICENSE-data").read_text(encoding="utf-8")


def test_frictionless_finds_the_data_valid():
    report = frictionless.Package(str(ROOT / "data/datapackage.json")).validate()
    assert report.valid, report.flatten(["title", "message"])[:5]


def test_frictionless_sees_damage(project):
    project.change("data/evidence/tourism.csv", 5, grade="D")
    report = frictionless.Package(str(project.data / "datapackage.json")).validate()
    assert not report.valid
