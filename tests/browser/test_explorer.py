"""The static explorer in a real browser: what a key moves is what the Python call gives, and nothing else acts."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from browser.conftest import serious
from playwright.sync_api import Page

import sapa_analysis as sapa
from sapa_analysis.reporting.language import chance_shown, forecasts, number, texts
from sapa_analysis.scenarios import Adjustment, Scenario

DAYS, PATHS = ("2023-01-15", "2023-06-30"), 300
BAD = "</script><b onclick=1>"
REVENUE, VISITS, SPEND, GROWTH = "tourism_revenue", "tourist_arrivals", "spend_per_visit", "grdp_growth"
#: Addresses that say nothing, or too much.
MANGLED = (
    "#i=<img src=x onerror=alert(1)>", "#i=nowhere&e=2023-06-30", "#e=NaN", "#s=%E0%A4%A", "#l.tourist_arrivals=NaN",
    "#l.tourist_arrivals=1e9", "#l.tourist_arrivals=-1", "#l.nothing=1.1", "#%", "#=", "#i=__proto__", "#constructor=1",
    "#s=</script><script>alert(1)</script>", "#i=tourism_revenue&i=grdp", "#javascript:alert(1)", "#" + "a=1&" * 2_000,
    "#l.tourist_arrivals=1.1&l.tourist_arrivals=0.9", "#l.spend_per_visit=Infinity", "#i=" + "x" * 300,
)  # fmt: skip


@pytest.fixture(scope="module")
def project():
    """Return the project with a scenario of its own whose name would end a script."""
    tables, params = sapa.open_project(as_of=DAYS[-1])
    bad = sapa.scenario(BAD, tourist_arrivals="+5%")
    bad = bad.model_copy(update={"label": {"vi": BAD, "en": BAD}})
    params = params.with_values(n_paths=PATHS, editions=[DAYS[0]], scenarios=["low", "base"])
    return sapa.keep(tables, params, bad)


@pytest.fixture(scope="module")
def files(project, tmp_path_factory) -> dict[str, Path]:
    editions = sapa.pipeline.explore_editions(*project)
    place = tmp_path_factory.mktemp("explorer")
    return {
        lang: sapa.reporting.write_explorer(editions, place / f"{lang}.html", lang=lang)
        for lang in ("vi", "en")
    }


@pytest.fixture(scope="module")
def baseline(project) -> dict[str, Any]:
    tables, params = project
    results = sapa.assess_targets(tables, params)
    return {**results.outcomes, **sapa.forecast_area(tables, params)}


@pytest.fixture
def shown(files, open_page) -> Callable[..., Page]:
    def opened(lang: str = "en", address: str = "", **options: Any) -> Page:
        page = open_page(files[lang].as_uri() + address, **options)
        page.wait_for_selector("html[data-ready=yes]")
        return page

    return opened


def under(project, baseline, scenario: str, **turns: float) -> dict[str, Any]:
    """Return what the Python call gives for levers on top of a scenario."""
    tables, params = project
    parts = [
        Adjustment(indicator=name, effect="add" if name == GROWTH else "multiply", always=turn, bold=True)
        for name, turn in turns.items()
    ]
    own = tables.scenarios[scenario].adjustments
    return sapa.apply_scenario(
        baseline, Scenario(name="mine", adjustments=(*own, *parts)), links=params.links
    )


def quantile(fan: Any, share: float) -> float:
    return float(np.quantile(fan.paths.to_numpy()[-1], share))


def written(fan: Any, unit: str, decimals: int, lang: str) -> list[str]:
    """Return lower end, median and upper end as a paper writes them."""
    values = {name: quantile(fan, share) for name, share in (("low", 0.1), ("middle", 0.5), ("high", 0.9))}
    found = forecasts(
        values, unit, decimals, lang, keys=dict(zip(values, values, strict=True)), bare=["low", "high"]
    )
    return [sapa.plain(text) for text in found.values()]


def told(page: Page) -> str:
    return page.locator("#summary").inner_text()


def last_row(page: Page) -> list[str]:
    return page.locator("#numbers tbody tr").last.locator("td").all_inner_texts()


def moved(page: Page, lever: str, key: str, times: int = 1) -> None:
    page.locator(f"#lever-{lever}").focus()
    for _ in range(times):
        page.keyboard.press(key)


def chance_of(project, outcomes: dict[str, Any], target: str) -> float:
    tables, params = project
    goals = [one for one in sapa.pipeline.known_targets(tables, params) if one.id == target]
    table = sapa.pipeline.chances(tables, params, {"base": outcomes}, goals)
    return float(table["probability"].iloc[0])


# a lever moved by a key -----------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_key_moves_the_numbers_to_what_the_python_call_gives(project, baseline, shown, lang):
    page = shown(lang)
    before = told(page)
    moved(page, VISITS, "ArrowRight", 2)
    after = under(project, baseline, "base", **{VISITS: 1.1})
    fan = after[REVENUE]
    assert told(page) != before
    assert all(text in told(page) for text in written(fan, "billion_vnd", 0, lang))
    last = last_row(page)
    assert last[0] == number(quantile(fan, 0.5), 0, lang)
    assert number(quantile(fan, 0.025), 0, lang) in last[2]
    for target in ("congress-2020.tourism_revenue", "congress-2020.grdp_growth"):
        chance = chance_shown(chance_of(project, after, target), lang)
        assert page.locator(f"[id='goal-{target}'] strong").inner_text() == chance


def test_three_levers_a_scenario_and_points_go_together(project, baseline, shown):
    page = shown("en", f"#i={GROWTH}&e=2023-06-30&s=low&l.{VISITS}=1.2&l.{SPEND}=0.8")
    moved(page, GROWTH, "ArrowLeft", 3)
    after = under(project, baseline, "low", **{GROWTH: -3.0, VISITS: 1.2, SPEND: 0.8})
    assert all(text in told(page) for text in written(after[GROWTH], "percent", 2, "en"))
    assert last_row(page)[0] == number(quantile(after[GROWTH], 0.5), 2, "en")
    assert chance_shown(chance_of(project, after, "congress-2020.grdp_growth"), "en") in told(page)
    assert f"l.{GROWTH}=-3" in page.url
    page.locator("#reset").click()
    assert f"l.{GROWTH}" not in page.url
    assert page.locator("#scenario").input_value() == "low"


def test_a_link_shows_the_same_in_a_second_window(shown):
    page = shown("en")
    moved(page, SPEND, "ArrowRight", 4)
    page.locator("#scenario").select_option("low")
    other = shown("vi", "#" + page.url.split("#", 1)[1])
    assert told(other) == told(page)
    assert other.locator("#chances").inner_text() == page.locator("#chances").inner_text()
    assert other.locator(f"#lever-{SPEND}").get_attribute("aria-valuetext") == "1.20 times the forecast"
    assert other.locator("html").get_attribute("lang") == "en"


def test_how_long_a_move_takes(shown, capsys):
    page = shown("en")
    took = []
    for _ in range(8):
        moved(page, VISITS, "ArrowRight")
        took.append(float(page.locator("html").get_attribute("data-took") or "nan"))
    with capsys.disabled():
        print(f"\n  one lever move: {np.median(took):.0f} ms to the new picture (median of {len(took)})")
    assert page.locator("#picture svg").count() == 1


def test_what_it_takes_puts_the_lever_there(project, baseline, shown):
    page = shown("en", f"#i={REVENUE}&e=2023-06-30&s=low&l.{SPEND}=0.9")
    tables, params = project
    needed = sapa.what_it_takes(tables, params, baseline, "congress-2020.tourism_revenue")
    [wanted] = needed.loc[(needed["lever"] == VISITS) & (needed["chance"] == 0.5), "factor"]
    button = page.get_by_role("button", name=re.compile(rf"Put Tourist arrivals to {wanted:.2f}.*XXIII.*50%"))
    button.click()
    nearest = round(wanted / 0.05) * 0.05
    assert f"stands at {nearest:.2f} times" in page.locator("#said").inner_text()
    assert page.locator("#scenario").input_value() == "base"
    assert f"l.{VISITS}={nearest:g}" in page.url
    assert SPEND not in page.url
    near = under(project, baseline, "base", **{VISITS: round(nearest, 2)})
    assert chance_shown(chance_of(project, near, "congress-2020.tourism_revenue"), "en") in told(page)


def test_levers_outside_all_paths_are_told_in_words(shown):
    page = shown("en")
    assert page.locator("#outside").is_hidden()
    moved(page, VISITS, "End")
    moved(page, SPEND, "End")
    assert "Outside all paths" in page.locator("#outside").inner_text()
    assert "tourism revenue" in page.locator("#outside").inner_text()
    page.locator("#reset").click()
    assert page.locator("#outside").is_hidden()


# what is taken away ---------------------------------------------------------------------------------------


def test_a_scenario_copied_as_yaml_is_read_back_and_gives_the_same(project, baseline, shown, tmp_path):
    page = shown("en", f"#i={REVENUE}&e=2023-06-30&s=low&l.{VISITS}=1.3")
    page.locator("#yaml").click()
    path = tmp_path / "my_scenario.yml"
    path.write_text(page.locator("#text").input_value(), encoding="utf-8")
    mine = sapa.scenarios.load_scenario_file(path)["my_scenario"]
    after = sapa.apply_scenario(baseline, mine, links=project[1].links)
    assert last_row(page)[0] == number(quantile(after[REVENUE], 0.5), 0, "en")
    assert mine.label["vi"] != mine.label["en"]


@pytest.mark.parametrize("name", ["base", BAD])
def test_every_scenario_can_be_copied(shown, tmp_path, name):
    page = shown("vi")
    page.locator("#scenario").select_option(name)
    page.locator("#yaml").click()
    path = tmp_path / "my_scenario.yml"
    path.write_text(page.locator("#text").input_value(), encoding="utf-8")
    mine = sapa.scenarios.load_scenario_file(path)["my_scenario"]
    assert [part.indicator for part in mine.adjustments] == ([] if name == "base" else [VISITS])


def test_a_call_copied_as_python_gives_the_same_number(project, shown, capsys):
    page = shown("en", f"#i={GROWTH}&e=2023-06-30&s=low&l.{VISITS}=1.2&l.{GROWTH}=2")
    page.locator("#python").click()
    code = page.locator("#text").input_value()
    names: dict[str, Any] = {}
    exec(compile(code, "copied", "exec"), names)
    median = names["under"][GROWTH].summary((80,))["median"].iloc[-1]
    assert last_row(page)[0] == number(median, 2, "en")
    printed = capsys.readouterr().out
    assert "congress-2020.grdp_growth" in printed


def test_numbers_saved_are_those_that_are_seen(project, baseline, shown):
    page = shown("en")
    moved(page, VISITS, "ArrowLeft", 2)
    with page.expect_download() as waiting:
        page.locator("#csv").click()
    assert waiting.value.suggested_filename == "explorer-sa_pa-2023-06-30-tourism_revenue.csv"
    text = Path(waiting.value.path()).read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    fan = under(project, baseline, "base", **{VISITS: 0.9})[REVENUE]
    [median] = [float(row["value"]) for row in rows if (row["year"], row["statistic"]) == ("2025", "median")]
    assert median == pytest.approx(quantile(fan, 0.5), rel=1e-9)
    assert {row["levers"] for row in rows} == {f"{VISITS}=0.9 {SPEND}=1"}
    seen = page.locator("#numbers tbody tr").last.locator("td").first.inner_text()
    assert seen == number(median, 0, "en")
    odds = {row["target"]: float(row["value"]) for row in rows if row["statistic"] == "probability"}
    assert chance_shown(odds["congress-2020.tourism_revenue"], "en") in told(page)
    assert "saved" in page.locator("#said").inner_text().lower()


def test_a_picture_is_saved_as_png(shown):
    page = shown("vi")
    with page.expect_download() as waiting:
        page.locator("#png").click()
    assert waiting.value.suggested_filename == "explorer-sa_pa-2023-06-30-tourism_revenue.png"
    content = Path(waiting.value.path()).read_bytes()
    assert content[1:4] == b"PNG"
    assert int.from_bytes(content[16:20], "big") == 2_000
    assert len(content) > 30_000


# words, addresses, readers --------------------------------------------------------------------------------


def test_a_switch_changes_every_word(shown):
    page = shown("vi")
    for lang in ("en", "vi"):
        page.locator("#language").click()
        words = texts(lang)["explorer"]
        assert page.locator("html").get_attribute("lang") == lang
        assert page.title() == words["title"].format(area="Sa Pa town" if lang == "en" else "thị xã Sa Pa")
        for name in ("levers", "chances", "needed", "numbers", "take_away", "reading"):
            assert page.locator(f"[data-text={name}]").first.inner_text() == words[name]
        whole = page.locator("body").inner_text()
        assert (texts("vi")["explorer"]["levers"] in whole) == (lang == "vi")
        assert f"lang={lang}" in page.url


@pytest.mark.parametrize("address", MANGLED, ids=range(len(MANGLED)))
def test_a_mangled_address_is_told_and_does_nothing(shown, address):
    page = shown("en", address)
    said = page.locator("#said").inner_text()
    assert "not understood" in said
    assert len(said) < 400
    assert page.locator("img, b, script[src]").count() == 0
    assert page.locator("#picture svg").count() == 1
    assert page.locator("#indicator").input_value() == REVENUE


def test_an_address_changed_by_hand_is_read_at_once(shown):
    page = shown("en")
    page.evaluate("location.hash = '#i=forest_cover&e=2023-06-30&l.forest_cover=2.2'")
    page.wait_for_function("document.getElementById('indicator').value === 'forest_cover'")
    assert "nearest" in page.locator("#said").inner_text()
    assert (
        page.locator("#lever-forest_cover").get_attribute("aria-valuetext")
        == "+2 points against the forecast"
    )


def test_a_name_that_would_end_a_script_is_text(shown):
    page = shown("en")
    page.locator("#scenario").select_option(BAD)
    assert page.locator("#scenario option:checked").inner_text() == BAD
    assert page.locator("b").count() == 0
    again = shown("en", "#" + page.url.split("#", 1)[1])
    assert again.locator("#scenario").input_value() == BAD


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("width", [390, 1280])
def test_it_is_open_to_all_readers_at_any_width(shown, lang, width):
    page = shown(lang, width=width)
    moved(page, VISITS, "End")
    assert serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for name in ("indicator", "edition", "scenario"):
        assert page.get_by_label(texts(lang)["explorer"][name], exact=True).count() == 1
    for select in ("indicator", "edition"):
        for value in page.locator(f"#{select} option").evaluate_all("each => each.map(one => one.value)"):
            page.locator(f"#{select}").select_option(value)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert page.locator("#summary").inner_text()
    assert page.locator("#summary").get_attribute("aria-live") == "polite"


def test_the_words_of_a_page_stand_in_its_file_once(files):
    page = files["vi"].read_text(encoding="utf-8")
    [island] = re.findall(r'id="words">(.*?)</script>', page)
    assert set(json.loads(island)) == {"vi", "en"}
    assert files["vi"].stat().st_size < 3_000_000
