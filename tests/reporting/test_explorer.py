"""The page to play with: its numbers are the sweep's, its words stand in both languages, nothing in it can act."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from importlib.resources import files

import numpy as np
import pytest
import yaml
from click.testing import CliRunner

from sapa_analysis.cli import main
from sapa_analysis.core.errors import OutputError, SapaError
from sapa_analysis.core.params import LANGUAGES
from sapa_analysis.core.types import Forecast, NotAssessed
from sapa_analysis.pipeline import explore, keep
from sapa_analysis.pipeline.lever_grid import unpacked
from sapa_analysis.reporting.explorer.codes import codes_of
from sapa_analysis.reporting.explorer.page import explorer_page, unpack, write_explorer
from sapa_analysis.reporting.language import texts
from sapa_analysis.scenarios import load_scenario_file, scenario

pytest_plugins = ["loaded"]
BAD = "</script><b>'&\""
AREAS = ("sa_pa", "lao_cai")
SCRIPTS = files("sapa_analysis.reporting").joinpath("templates")


@pytest.fixture(scope="module")
def editions(tables, params):
    """Return two areas on one day, on few paths, each with a scenario whose name would end a script."""
    fast = params.with_values(n_paths=100)
    found = {}
    for area in AREAS:
        bad = scenario(BAD, spend_per_visit="+5%").model_copy(update={"label": dict.fromkeys(LANGUAGES, BAD)})
        found[area] = explore(*keep(tables, fast.with_values(area=area, scenarios=["base"]), bad))
    return found


@pytest.fixture(scope="module")
def pages(editions):
    return {area: explorer_page([one], lang="en") for area, one in editions.items()}


def packed(page):
    [text] = re.findall(r'id="numbers-packed">([^<]*)</script>', page)
    return unpack(text)


def nothing_forecast(one):
    """Return the same day without any forecast."""
    outcomes = {
        name: NotAssessed(outcome.observed, "no_evidence", 1) if isinstance(outcome, Forecast) else outcome
        for name, outcome in one.outcomes.items()
    }
    empty = {name: {} for name in ("levers", "positions", "fans", "chances", "needed")}
    return replace(one, outcomes=outcomes, **empty)


# numbers --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("area", AREAS)
def test_what_a_page_holds_is_what_was_computed(editions, pages, area):
    one, data = editions[area], packed(pages[area])
    [day] = data["editions"]
    for name in one.levers:
        told = day["indicators"][name]
        if "fan" not in told:
            continue
        years = [int(year.year) for year in one.outcomes[name].paths.index]
        kept = [quantile * len(years) + years.index(year) for quantile in range(5) for year in told["years"]]
        for each in one.scenarios:
            grid = unpacked(day["grids"][told["fan"][each]], data["positions"])
            turns = {lever: data["positions"][lever][grid_at(grid, lever)] for lever in grid.levers}
            np.testing.assert_array_equal(grid.at(turns), one.fans[name, each].at(turns)[kept])


def grid_at(grid, lever):
    """Return the last position that a grid has of a lever."""
    return next((axis.at[-1] for axis in grid.axes if axis.lever == lever), -1)


@pytest.mark.parametrize("area", AREAS)
def test_without_a_turn_the_chance_of_a_goal_is_that_of_its_verdict(editions, pages, area):
    one, data = editions[area], packed(pages[area])
    said = one.verdicts.set_index("id")["probability"]
    goals = [goal for goal in data["editions"][0]["targets"] if "chance" in goal]
    assert goals
    for goal in goals:
        for place in goal["chance"]["base"]:
            grid = unpacked(data["editions"][0]["grids"][place], data["positions"])
            assert grid.at({})[0] == pytest.approx(said[goal["id"]], abs=1e-12)
        assert goal["needed"]


def test_a_goal_without_a_chance_says_what_it_is_instead(editions, pages):
    told = {goal["id"]: goal for goal in packed(pages["sa_pa"])["editions"][0]["targets"]}
    verdicts = editions["sa_pa"].verdicts.set_index("id")["status"]
    settled = {name: goal["settled"] for name, goal in told.items() if "settled" in goal}
    assert settled
    for name, words in settled.items():
        assert words == {lang: texts(lang)["short"][verdicts[name]] for lang in LANGUAGES}


def test_limits_are_those_of_plausibility(editions):
    one = editions["sa_pa"]
    name = next(iter(one.levers))
    paths, limits = one.outcomes[name].paths.to_numpy(), one.limits(name)
    for row, (own, below, above) in enumerate(zip(paths, limits[:4].T, limits[4:].T, strict=True)):
        for share, low, high in zip((0.1, 0.025, 0.005, 0.0), below, above, strict=True):
            for level in (*own, high + 1e-9, low - 1e-9):
                beyond = (own >= level).mean() if level >= np.median(own) else (own <= level).mean()
                rare = beyond < share or beyond == 0
                assert rare == (level > high or level < low), (row, share, level)


# nothing in it can act ------------------------------------------------------------------------------------


@pytest.mark.parametrize("area", AREAS)
def test_a_name_cannot_end_a_script(pages, area):
    page = pages[area]
    assert page.count("</script") == 3
    assert BAD not in page
    assert BAD in {each["id"] for each in packed(page)["editions"][0]["scenarios"]}


def test_names_of_areas_are_escaped(editions):
    one = editions["sa_pa"]
    areas = one.project.areas.assign(name_en=BAD, name_vi=BAD)
    odd = replace(one, project=replace(one.project, areas=areas))
    for page in (explorer_page([odd]), explorer_page([nothing_forecast(odd)])):
        assert BAD not in page
        assert "<b>" not in page


def test_a_page_runs_its_own_script_only_and_asks_nobody(pages):
    page = pages["sa_pa"]
    [policy] = re.findall(r'Content-Security-Policy" content="([^"]*)"', page)
    script = page[page.rindex("<script>") + len("<script>") : page.rindex("</script>")]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src &#39;sha256-{digest}&#39;" in policy
    assert policy.startswith("default-src &#39;none&#39;")
    assert set(re.findall(r"https?://[^\s\"'<]+", page)) == {"http://www.w3.org/2000/svg"}
    assert not re.search(
        r"innerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|\son\w+=", script
    )


def test_the_same_editions_give_the_same_bytes(editions, pages):
    assert explorer_page([editions["sa_pa"]], lang="en") == pages["sa_pa"]
    assert explorer_page([editions["lao_cai"]], lang="en") == pages["lao_cai"] != pages["sa_pa"]


# words ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_page_opens_in_the_language_asked_for_and_holds_both(editions, lang):
    page = explorer_page([editions["sa_pa"]], lang=lang)
    assert f'<html lang="{lang}">' in page
    [island] = re.findall(r'id="words">(.*?)</script>', page)
    assert set(json.loads(island)) == set(LANGUAGES)
    assert json.loads(island)["vi"]["median"] == texts("vi")["explorer"]["median"]


def test_every_word_is_used_and_every_word_used_is_there():
    sources = {
        path.name: path.read_text(encoding="utf-8")
        for path in SCRIPTS.iterdir()
        if path.name.startswith("explorer")
    }
    asked = set()
    for text in sources.values():
        asked |= set(re.findall(r"(?:\bw|words\(\)|\bwords)\.(\w+)", text))
        asked |= set(re.findall(r'data-text="(\w+)"|both\[each\]\.(\w+)|said_\("(\w+)"|both\("(\w+)"', text))
    asked = {name for each in asked for name in ([each] if isinstance(each, str) else each) if name}
    asked |= {"csv", "png", "link", "yaml", "python"}
    known = set(texts("en")["explorer"])
    others = {"heads", "far", "bases", "decimal", "thousands"}
    assert asked - others - {"title", "textContent"} <= known
    python = {"yaml_label", "yaml_source"}
    assert known - asked - python == set()


@pytest.mark.parametrize("area", AREAS)
def test_an_area_without_a_forecast_says_why(editions, area):
    one = nothing_forecast(editions[area])
    page = explorer_page([one], lang="vi")
    for lang in LANGUAGES:
        words = texts(lang)
        assert words["explorer"]["nothing"].format(area=one.project.areas.loc[area, f"name_{lang}"]) in page
        assert page.count(words["reasons"]["no_evidence"]) >= len(one.params.core)
    assert "<script" not in page


def test_without_any_day_there_is_no_page():
    with pytest.raises(SapaError, match="nothing to explore"):
        explorer_page([])


# files ----------------------------------------------------------------------------------------------------


def test_a_page_is_written_whole_or_not_at_all(editions, tmp_path):
    path = write_explorer([editions["sa_pa"]], tmp_path / "here", lang="en")
    assert path == tmp_path / "here/explorer.html"
    named = write_explorer([editions["sa_pa"]], tmp_path / "other.html", lang="en")
    assert named.read_bytes() == path.read_bytes()
    (tmp_path / "file").write_text("mine")
    with pytest.raises(OutputError):
        write_explorer([editions["sa_pa"]], tmp_path / "file/below")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["file", "here", "other.html"]


@pytest.mark.parametrize("name", ["low", "high", "foreign_fast", "typhoon_year", "base"])
def test_a_scenario_as_the_page_copies_it_is_read_back(tables, tmp_path, name):
    one = tables.scenarios[name]
    codes = codes_of(one, "sa_pa", "2023-06-30")
    head = {"name": name, "label": dict(one.label), "reason": dict(one.reason), "area": codes["area"]}
    text = yaml.safe_dump(head, allow_unicode=True) + f"judged_on: {codes['judged']}\n"
    text += "adjustments:\n" + "\n".join(codes["yaml"]) if codes["yaml"] else "adjustments: []"
    path = tmp_path / f"{name}.yml"
    path.write_text(text, encoding="utf-8")
    read = load_scenario_file(path, indicators=tables.indicators, areas=tables.areas)[name]
    assert read.adjustments == one.adjustments
    assert read.judged_on == one.judged_on


def test_the_command_writes_the_page_where_the_briefing_lies(editions, opened, tmp_path, monkeypatch):
    asked = []

    def explored(project, params):
        asked.append((params.area, str(params.as_of)))
        return [editions[params.area]]

    monkeypatch.setattr("sapa_analysis.pipeline.explored.explore_editions", explored)
    monkeypatch.setattr("sapa_analysis.pipeline.explore_editions", explored)
    words = ["--lang", "vi", "explorer", "--area", "lao_cai", "--as-of", "2023-06-30", "--out", str(tmp_path)]
    told = CliRunner().invoke(main, words)
    assert told.exit_code == 0, told.output
    assert told.output.strip() == str(tmp_path / "explorer.html")
    assert '<html lang="vi">' in (tmp_path / "explorer.html").read_text(encoding="utf-8")
    assert asked == [("lao_cai", "2023-06-30")]
    wrong = CliRunner().invoke(main, ["explorer", "--area", "nowhere"])
    assert wrong.exit_code == 1
    assert "nowhere" in wrong.output


def test_a_file_that_is_no_page_is_refused_before_anything_is_computed(tmp_path):
    taken = tmp_path / "notes.md"
    taken.write_text("mine", encoding="utf-8")
    told = CliRunner().invoke(main, ["explorer", "--out", str(taken)])
    assert told.exit_code == 1
    assert "notes.md is a file; wanted a folder, or a file .html" in told.output
    assert taken.read_text(encoding="utf-8") == "mine"


def test_far_ahead_a_page_has_every_fifth_year_and_those_in_which_a_goal_is_due(editions, pages):
    one, day = editions["lao_cai"], packed(pages["lao_cai"])["editions"][0]
    for name, told in day["indicators"].items():
        if told.get("years"):
            due = {target.end for target in one.targets if target.indicator_id == name}
            near = one.outcomes[name].observed.ended + 10
            assert all(year <= near or year % 5 == 0 or year in due for year in told["years"][:-1])
    grdp = day["indicators"]["grdp"]["years"]
    assert grdp[-1] - grdp[0] + 1 > len(grdp)
