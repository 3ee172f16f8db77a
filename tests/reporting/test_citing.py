"""How to cite: the same in every file that says it, in both languages, and BibTeX that can be read."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pandas as pd
import pytest
import yaml
from click.testing import CliRunner

from sapa_analysis import cite
from sapa_analysis.cli import main
from sapa_analysis.reporting import about_results, citing
from sapa_analysis.reporting.language import texts

pytest_plugins = ["loaded"]
ROOT = Path(__file__).parents[2]
ENTRY = re.compile(r"@misc\{(?P<key>[^,\s]+),\n(?P<fields>(?:  \w+ = \{.*\},\n)+)\}\n")


def entries(text: str) -> dict[str, dict[str, str]]:
    """Return the entries of BibTeX by key; nothing may be left over, and braces must match."""
    found = {}
    for entry in ENTRY.finditer(text):
        lines = [line.strip().removesuffix(",").split(" = ", 1) for line in entry["fields"].splitlines()]
        found[entry["key"]] = {name: value[1:-1] for name, value in lines}
        bare = re.sub(r"\\[{}]", "", entry["fields"])
        depth = 0
        for sign in bare:
            depth += {"{": 1, "}": -1}.get(sign, 0)
            assert depth >= 0
        assert depth == 0
    assert ENTRY.sub("", text).strip() == ""
    return found


def test_every_file_that_says_how_to_cite_says_the_same():
    said = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert said["version"] == project["version"]
    assert said["title"] == citing.TITLE
    assert (
        [author["name"] for author in said["authors"]]
        == [citing.AUTHOR]
        == [author["name"] for author in project["authors"]]
    )
    assert said["date-released"] == citing.RELEASED.isoformat()
    assert said["license"] == [project["license"], citing.DATA_LICENCE]
    [entry] = entries((ROOT / "CITATION.bib").read_text(encoding="utf-8")).values()
    assert entry["title"] == f"{{{said['title']}}}"
    assert said["version"] in entry["howpublished"]
    assert entry["year"] == said["date-released"][:4]


def test_the_file_of_bibtex_is_what_the_package_says():
    assert (ROOT / "CITATION.bib").read_text(encoding="utf-8") == cite().bibtex


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_forecasts_of_an_area_and_day_are_cited_with_both_and_the_commit(tables, params, lang, monkeypatch):
    monkeypatch.setattr(citing, "commit_of", lambda root: "0123456789abcdef+changes")
    said = cite(tables, params.with_values(area="lao_cai", as_of="2023-06-30"), lang=lang)
    software, forecasts = entries(said.bibtex).values()
    assert "Lào Cai" in forecasts["title"] or "Lao Cai" in forecasts["title"]
    assert (
        forecasts["note"] == "as of 2023-06-30; area lao\\_cai; commit 0123456789ab+changes; data: CC-BY-4.0"
    )
    assert software["title"] not in forecasts["title"]
    assert "30/6/2023" in said.sentence
    assert "0123456789ab+changes" in said.sentence
    assert "sapa evidence" in said.sources
    assert str(said) == repr(said) == f"{said.sentence}\n{said.sources}\n\n{said.bibtex}"


def test_a_project_without_a_commit_is_cited_without_one(tables, params, monkeypatch):
    monkeypatch.setattr(citing, "commit_of", lambda root: "")
    said = cite(tables, params, lang="en")
    assert "commit" not in str(said)


@pytest.mark.parametrize("sign", "&%$#_{}")
def test_what_means_something_in_bibtex_is_escaped(sign):
    assert citing._escaped(f"a{sign}b") == f"a\\{sign}b"


def test_the_command_says_it_in_the_language_asked_for():
    said = {
        lang: CliRunner().invoke(main, ["cite", "--as-of", "2023-06-30", "--lang", lang])
        for lang in ("vi", "en")
    }
    assert {done.exit_code for done in said.values()} == {0}
    assert "Thị xã Sa Pa" in said["vi"].output
    assert "Sa Pa town" in said["en"].output
    for done in said.values():
        assert len(entries(done.output[done.output.index("@misc") :] + "\n")) == 2


# what a workbook of results says of itself ------------------------------------------------------------------


def run(**values: object) -> dict[str, object]:
    chosen = {"area": "sa_pa", "as_of": "2023-06-30", "lang": "en", **values}
    return {"notebook": "02_trajectory", "version": "0.2.0", "commit": "abc", "key": "12", "resolved": chosen}


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_results_say_what_they_are_in_the_language_of_their_runs(lang):
    results = pd.DataFrame({"indicator": ["grdp_growth", "grdp_growth", "visits"]})
    table = about_results([run(lang=lang)], results, {"grdp_growth": ("tăng GRDP", "GRDP growth")})
    heads = texts(lang)["citing"]["about"]
    told = dict(table.itertuples(index=False, name=None))
    assert list(table.columns) == [heads["head"], heads["value"]]
    assert told[heads["area"]] == "sa_pa"
    assert told[heads["as_of"]] == "2023-06-30"
    assert told[heads["key"]] == "12"
    assert "CC-BY-4.0" in told[heads["cite"]]
    assert told["grdp_growth"] == "tăng GRDP | GRDP growth"
    assert "visits" not in told


def test_results_of_several_runs_name_each_once():
    table = about_results([run(), run(area="lao_cai"), run(lang="vi")], pd.DataFrame({"indicator": []}))
    told = dict(table.itertuples(index=False, name=None))
    assert told["Area"] == "sa_pa, lao_cai"
    assert told["Notebook"] == "02_trajectory"
