"""The panel of notebook 06, driven without a browser: what it says is what Python computes, also of bad input."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from notebook_words import foreign, printed_in

import sapa_analysis as sapa
from sapa_analysis.core import Forecast
from sapa_analysis.reporting import scenario_panel
from sapa_analysis.reporting.panel.state import State, as_query, from_query

pytest_plugins = ["loaded"]
DAY = "2023-06-30"
LEVERS = ("tourist_arrivals", "spend_per_visit")
HOSTILE = '<img src=x onerror="alert(1)">'


@pytest.fixture(scope="module")
def found(tables):
    """Return the project, parameters with few paths, and what is forecast with them."""
    _, params = sapa.open_project(as_of=DAY, n_paths=300)
    known = sapa.forecast_area(tables, params)
    return tables, params, {**known, **sapa.assess_targets(tables, params, known=known).outcomes}


@pytest.fixture(scope="module")
def shared(found):
    """Return one panel in English for tests that set what they look at."""
    return scenario_panel(*found, "tourism_revenue", lang="en")


@pytest.fixture
def own(found, tmp_path):
    """Return a panel in Vietnamese whose project may be written into, and the folder of its files."""
    project, params, outcomes = found
    panel = scenario_panel(replace(project, root=tmp_path), params, outcomes, "tourism_revenue")
    return panel, tmp_path / "build/scenarios"


def words_of(html):
    return " ".join(unescape(re.sub(r"<style.*?</style>|<[^>]+>", " ", html, flags=re.DOTALL)).split())


def slider(panel, name):
    return panel.levers.children[list(panel.desk.levers(panel.indicator.value)).index(name)]


@pytest.fixture
def pictures():
    """Let a test draw its pictures."""


@pytest.fixture(autouse=True)
def quickly(request, monkeypatch):
    """Let no test draw a picture that it does not look at."""
    if "pictures" not in request.fixturenames:
        monkeypatch.setattr("sapa_analysis.reporting.panel.board.picture_html", lambda *_: "a picture")


# what it says ---------------------------------------------------------------------------------------------


@given(
    st.sampled_from(["tourism_revenue", "grdp_growth", "international_arrivals", "tourist_arrivals"]),
    st.sampled_from(["base", "high", "low", "foreign_fast"]),
    st.data(),
)
def test_what_the_panel_says_is_what_python_computes(found, shared, indicator, scenario, data):
    project, params, outcomes = found
    panel = shared
    panel.show(State(indicator))
    panel.scenario.value = scenario
    levers = panel.desk.levers(indicator)
    turns = {
        name: data.draw(st.sampled_from(sapa.scenarios.lever_positions(fan))) for name, fan in levers.items()
    }
    for name, turn in turns.items():
        slider(panel, name).value = turn
    assert not panel.message.value
    last = max(int(year) for fan in levers.values() for year in fan.paths.index.year)
    chosen = project.scenarios[scenario]
    turned = sapa.scenarios.turn_levers(levers, turns, shape="step", until=last)
    # the chosen one first, the turns upon it, then what follows by a link: as one scenario does
    under = sapa.apply_scenario(outcomes, chosen)
    both = sapa.apply_scenario(under, turned)
    both = sapa.scenarios.follow(outcomes, both, params.links)
    seen = panel.desk.seen(panel.state)
    mine = seen.by_scenario[seen.name]
    assert mine.paths.to_numpy() == pytest.approx(both[indicator].paths.to_numpy(), rel=1e-12)
    goals = sapa.pipeline.known_targets(project, params, indicator)
    odds = sapa.pipeline.chances(project, params, {"base": outcomes, "x": both}, goals)
    told = odds[odds["scenario"] == "x"].set_index("target")["probability"].to_dict()
    shown = seen.chances[seen.chances["scenario"] == seen.name].set_index("target")["probability"].to_dict()
    assert shown == pytest.approx(told)
    table = words_of(panel.chances.value)
    for row in odds[(odds["scenario"] == "x") & ((odds["gained"] > 0) | (odds["lost"] > 0))].to_dict(
        "records"
    ):
        assert sapa.plain(sapa.reporting.language.chance_shown(row["probability"], "en")) in table


def test_a_lever_at_rest_leaves_the_forecast_alone(shared):
    shared.show(State("tourism_revenue"))
    assert "Nothing that is set moves this year" in shared.said[0]
    slider(shared, "tourist_arrivals").value = 1.1
    assert "a difference of +10.0%" in shared.said[0]
    assert shared.said[0] in words_of(shared.answer.value)
    shared.reset.click()
    assert slider(shared, "tourist_arrivals").value == 1.0
    assert "Nothing that is set moves this year" in shared.said[0]


@pytest.mark.usefixtures("pictures")
@pytest.mark.parametrize("turns", [{}, {"tourist_arrivals": 1.1}])
def test_the_picture_says_in_words_what_it_shows(shared, turns):
    shared.show(State("tourism_revenue", turns=turns))
    assert f"role='img' aria-label=\"{shared.said[0]}\"" in shared.picture.value
    assert shared.picture.value.endswith("</svg>\n</div></div>")


def test_levers_are_said_in_the_units_of_a_reader(shared):
    shared.show(State("grdp_growth"))
    labels = [[label for label, _ in each.options] for each in shared.levers.children]
    assert [each.description for each in shared.levers.children] == [
        "GRDP growth",
        "Tourist arrivals",
        "Spend per visit",
    ]
    assert labels[0][0] == "−10.0 points"
    assert labels[0][-1] == "+10.0 points"
    assert labels[1][:2] == ["−50%", "−45%"]
    assert all("as forecast" in each for each in labels)


def test_what_no_path_reaches_is_warned_of(shared):
    shared.show(State("tourist_arrivals", turns={"tourist_arrivals": 2.0}))
    assert "No path of the forecast goes so far" in words_of(shared.far.value)
    assert "role='alert'" in shared.far.value
    slider(shared, "tourist_arrivals").value = 1.05
    assert "Seen from the paths" in words_of(shared.far.value)


def test_what_a_goal_takes_follows_the_chance_that_is_wished(found, shared):
    project, params, outcomes = found
    shared.show(State("tourism_revenue"))
    shared.chance.value = 80
    goals = sapa.pipeline.known_targets(project, params, "tourism_revenue")
    needed = [sapa.what_it_takes(project, params, outcomes, goal, chances=[0.8]) for goal in goals]
    table = sapa.plain(sapa.reporting.needed_table(needed, goals, project.indicators, lang="en"))
    said = words_of(shared.needed.value)
    for cell in table["It takes, of the forecast"]:
        assert cell in said


def test_a_level_that_is_withheld_is_withheld_here_too(found):
    project, params, outcomes = found
    wide = params.with_values(widest_points=0.1)
    panel = scenario_panel(project, wide, outcomes, "forest_cover", lang="en")
    assert set(panel.desk.verdicts("forest_cover")["reason"]) == {"too_wide"}
    slider(panel, "forest_cover").value = 1.0
    assert "too few figures" in panel.said[0]
    assert "No goal is open whose chance can be told" in words_of(panel.chances.value)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_all_words_are_of_one_language(found, lang):
    panel = scenario_panel(*found, "tourism_revenue", lang=lang, asked="l.tourist_arrivals=1.1&scenario=high")
    html = [each.value for each in (panel.answer, panel.far, panel.chances, panel.needed, panel.send)]
    html += [text for fold in panel.folds.children for text in descriptions(fold)]
    html += [*panel.folds.titles, *(label for label, _ in panel.scenario.options + panel.indicator.options)]
    names = printed_in(found[0])
    assert [line for text in html for line in foreign(text, lang, names)] == []


def descriptions(widget):
    if hasattr(widget, "children"):
        return [text for child in widget.children for text in descriptions(child)]
    return [widget.description, widget.value if type(widget).__name__ == "HTML" else ""]


def test_another_area_has_its_own_indicators_and_goals(tables):
    _, params = sapa.open_project(as_of=DAY, area="lao_cai", n_paths=300)
    outcomes = sapa.forecast_area(tables, params)
    panel = scenario_panel(tables, params, outcomes, "tourist_arrivals", lang="en")
    assert not panel.message.value
    slider(panel, "tourist_arrivals").value = 1.1
    assert "+10.0%" in panel.said[0]


def test_without_a_forecast_the_panel_says_why_and_shows_another(found):
    panel = scenario_panel(*found, "upper_secondary_attainment", lang="en")
    said = words_of(panel.message.value)
    assert "there is no forecast" in said
    assert panel.indicator.value == panel.desk.offered()[0]
    project, params, outcomes = found
    none = {name: each for name, each in outcomes.items() if not isinstance(each, Forecast)}
    [only] = scenario_panel(project, params, none, "upper_secondary_attainment", lang="en").children
    assert "nothing to turn" in only.value


# links ----------------------------------------------------------------------------------------------------

turns = st.dictionaries(st.sampled_from(LEVERS), st.sampled_from([0.5, 0.95, 1.05, 1.45, 2.0]))
states = st.builds(
    State,
    indicator=st.sampled_from(["tourism_revenue", "tourist_arrivals_growth"]),
    scenario=st.sampled_from(["base", "high"]),
    turns=turns,
    chance=st.sampled_from([5, 50, 95]),
    choices=st.dictionaries(st.sampled_from(["horizon"]), st.integers(0, 30)),
)


@given(states)
def test_a_link_gives_back_what_was_set(state):
    assert from_query(as_query(state), "link") == state


def test_a_link_opens_what_was_seen(found, shared):
    shared.show(State("tourism_revenue", "high", {"tourist_arrivals": 1.25}, 80))
    again = scenario_panel(*found, "tourist_arrivals", lang="en", asked=as_query(shared.state))
    assert again.state == shared.state
    assert again.said == shared.said
    assert not again.message.value


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("indicator=tourism", "không có trong danh mục; có phải là tourism_revenue?"),
        ("l.tourist_arrivals=5", "thấy 5; cần 0.5 đến 2"),
        ("l.tourist_arrivals=nan", "thấy nan; cần 0.5 đến 2"),
        ("l.tourist_arrivals=1.17", "có phải là 1.15?"),
        ("l.tourist_arrivals=lots", '"lots" không phải là số'),
        ("l.forest_cover=1.1", '"forest_cover" không có trong danh mục'),
        ("scenario=hihg", "có phải là high?"),
        ("chance=49", "có phải là 50?"),
        ("chance=200", "thấy 200; cần 5 đến 95"),
        ("horizon=200", "cần nhiều nhất 30"),
        ("method=guess", '"guess" không có trong danh mục'),
        ("area=atlantis", '"atlantis" không có trong danh mục'),
        ("indicatr=tourism_revenue", "có phải là indicator?"),
        ("chance=50&chance=60", "có nhiều hơn một lần"),
        ("x" * 3000, "dài 3 000 ký tự"),
        (f"indicator={HOSTILE}", "không có trong danh mục"),
        ("%ff%fe;&&==", "không"),
    ],
)  # fmt: skip
def test_a_mangled_link_is_told_and_not_used(found, query, said):
    panel = scenario_panel(*found, "tourist_arrivals", asked=query)
    told = words_of(panel.message.value).replace("\xa0", " ")
    assert said in told
    assert told.startswith("Liên kết không đọc được trọn vẹn")
    assert panel.state == State("tourist_arrivals")
    assert "<img" not in panel.message.value


def test_where_voila_serves_it_the_address_is_read_and_the_link_shown(found, monkeypatch):
    served = {
        "SERVER_SOFTWARE": "voila/0",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8866",
        "SCRIPT_NAME": "/",
    }
    for name, value in {
        **served,
        "QUERY_STRING": "indicator=tourism_revenue&l.spend_per_visit=0.9&lang=en",
    }.items():
        monkeypatch.setenv(name, value)
    panel = scenario_panel(*found, "tourist_arrivals", lang="en")
    assert slider(panel, "spend_per_visit").label == "−10%"
    assert (
        "http://127.0.0.1:8866/?lang=en&amp;indicator=tourism_revenue&amp;l.spend_per_visit=0.9"
        in panel.send.value
    )
    monkeypatch.delenv("SERVER_SOFTWARE")
    alone = scenario_panel(*found, "tourist_arrivals", lang="en")
    assert 'indicator = "tourist_arrivals"' in unescape(alone.send.value)


# files ----------------------------------------------------------------------------------------------------


def save(panel, name, reason="Mở thêm phòng", source="khảo sát 2023"):
    panel.files.name.value, panel.files.reason.value, panel.files.source.value = name, reason, source
    panel.files.button.click()
    return words_of(panel.files.told.value)


def test_what_is_saved_is_opened_again_as_it_was(own):
    panel, folder = own
    slider(panel, "tourist_arrivals").value = 1.2
    slider(panel, "spend_per_visit").value = 0.95
    state, said = panel.state, panel.said
    assert save(panel, "Thêm khách +20%") == "Đã lưu build/scenarios/them_khach_plus_20_percent.yml."
    [file] = folder.iterdir()
    [read] = sapa.scenarios.load_scenario_file(file).values()
    assert read.label["vi"] == "Thêm khách +20%"
    seen = panel.desk.scenario_of(state)
    assert [(part.indicator, part.values) for part in read.adjustments] == [
        (part.indicator, part.values) for part in seen.adjustments
    ]
    panel.reset.click()
    panel.files.choice.value = file.name
    assert panel.state == state
    assert panel.said == said


def test_a_scenario_that_levers_cannot_show_is_opened_as_a_whole(own):
    panel, _ = own
    panel.scenario.value = "high"
    slider(panel, "tourist_arrivals").value = 1.2
    said = panel.said[0]
    save(panel, "Cao hơn nữa")
    panel.reset.click()
    panel.files.choice.value = "cao_hon_nua.yml"
    assert panel.state.scenario == "file-cao_hon_nua"
    assert panel.said[0] == said
    assert "Cao hơn nữa" in words_of(panel.chances.value)
    again = scenario_panel(
        panel.desk.project,
        panel.desk.params,
        panel.desk.outcomes,
        "tourism_revenue",
        asked=as_query(panel.state),
    )
    assert again.said[0] == said


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "Hãy đặt tên"),
        ("   ", "Hãy đặt tên"),
        ("../high", "không được có các ký tự"),
        ("a/b", "không được có các ký tự"),
        ("..\\x", "không được có các ký tự"),
        (HOSTILE, "không được có các ký tự"),
        ("x" * 300, "Tên dài 300 ký tự; nhiều nhất là 80."),
        ("\x00", "không được có các ký tự"),
        ("???", "ít nhất một chữ"),
    ],
)  # fmt: skip
def test_a_name_that_cannot_be_is_told_and_nothing_written(own, name, said):
    panel, folder = own
    slider(panel, "tourist_arrivals").value = 1.2
    assert said in save(panel, name)
    assert not folder.exists()
    assert "<img" not in panel.files.told.value + panel.answer.value + panel.chances.value


def test_without_a_reason_or_a_source_nothing_is_written(own):
    panel, folder = own
    assert "Chưa có gì khác" in save(panel, "x")
    slider(panel, "tourist_arrivals").value = 1.2
    assert "Hãy ghi lý do" in save(panel, "x", reason=" ")
    assert "Hãy ghi nguồn" in save(panel, "x", source="")
    assert not folder.exists()


def test_a_file_that_exists_is_not_overwritten(own):
    panel, folder = own
    slider(panel, "tourist_arrivals").value = 1.2
    save(panel, "Đông khách")
    before = (folder / "dong_khach.yml").read_bytes()
    slider(panel, "tourist_arrivals").value = 1.3
    assert "dong_khach.yml đã có; không ghi đè gì" in save(panel, "đông khách")
    assert (folder / "dong_khach.yml").read_bytes() == before


def test_a_file_that_cannot_be_read_is_named_with_why(own):
    panel, folder = own
    folder.mkdir(parents=True)
    (folder / "broken.yml").write_text("name: [", encoding="utf-8")
    (folder / "other.yml").write_text(
        "name: other\nlabel: {vi: x, en: x}\nreason: {vi: x, en: x}\narea: lao_cai\njudged_on: any\nadjustments:\n"
        "- {indicator: tourist_arrivals, effect: multiply, always: 1.1, reason: {vi: x, en: x}, source: x, quality: C, impact: low}\n",
        encoding="utf-8",
    )  # fmt: skip
    panel.files.list_files()
    assert [label for label, _ in panel.files.choice.options][1:] == [
        "broken.yml: không mở được",
        "other.yml: x",
    ]
    state = panel.state
    panel.files.choice.value = "broken.yml"
    assert "Không mở được broken.yml" in words_of(panel.files.found.value)
    panel.files.choice.value = "other.yml"
    assert "other.yml không áp dụng được ở đây" in words_of(panel.files.found.value)
    assert panel.state == state


def test_what_is_copied_gives_the_same_scenario(own, tmp_path):
    panel, _ = own
    panel.scenario.value = "low"
    slider(panel, "tourist_arrivals").value = 1.2
    panel.files.name.value, panel.files.reason.value, panel.files.source.value = "Thử", "vì thế", "khảo sát"
    made = eval(panel.python.value, {"sapa": sapa})
    file = tmp_path / "thu.yml"
    file.write_text(panel.yaml.value, encoding="utf-8")
    [read] = sapa.scenarios.load_scenario_file(file).values()
    for scenario in (made, read):
        under = sapa.apply_scenario(panel.desk.outcomes, scenario, links=panel.desk.params.links)
        mine = panel.desk.seen(panel.state).by_scenario["own"]
        assert under["tourism_revenue"].paths.equals(mine.paths)


def test_names_of_the_tables_are_text_and_no_html(found):
    project, params, outcomes = found
    indicators = project.indicators.copy()
    indicators.loc["tourism_revenue", ["name_vi", "name_en"]] = HOSTILE
    indicators.loc["tourist_arrivals", ["name_vi", "name_en"]] = HOSTILE
    hostile = replace(project, indicators=indicators)
    panel = scenario_panel(hostile, params, outcomes, "tourism_revenue", asked="l.tourist_arrivals=1.1")
    shown = [panel.answer, panel.far, panel.picture, panel.chances, panel.needed, panel.send, panel.message]
    assert "&lt;img src=x" in panel.answer.value
    assert not [each.value for each in shown if "<img" in each.value]
    assert not panel.indicator.description_allow_html
    assert not any(each.description_allow_html for each in panel.levers.children)


# choices of the model -------------------------------------------------------------------------------------


def test_choices_are_applied_told_and_part_of_the_link(found):
    panel = scenario_panel(*found, "tourist_arrivals", lang="en", asked="l.tourist_arrivals=1.1")
    panel.choices.controls["horizon"].value = 5
    panel.choices.button.click()
    assert "Forecast anew" in words_of(panel.message.value)
    assert "2027" in panel.said[0]
    assert "horizon=5" in unescape(panel.send.value)
    assert slider(panel, "tourist_arrivals").value == 1.1


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("horizon", 31, "nhiều nhất 30"),
        ("gap_closing", 1.0, "nhỏ hơn 1"),
        ("shock_chance", -0.1, "ít nhất 0"),
    ],
)
def test_a_choice_out_of_bounds_is_told_and_changes_nothing(found, name, value, said):
    panel = scenario_panel(*found, "tourist_arrivals")
    before = panel.state, panel.said
    panel.choices.controls[name].value = value
    panel.choices.button.click()
    assert said in words_of(panel.message.value)
    assert (panel.state, panel.said) == before


def test_what_goes_wrong_is_said_in_words(shared, monkeypatch):
    shared.show(State("tourism_revenue"))

    def fails(*_, **__):
        raise ZeroDivisionError("by <zero>")

    monkeypatch.setattr("sapa_analysis.reporting.panel.board.chances_html", fails)
    slider(shared, "tourist_arrivals").value = 1.3
    assert "Something unexpected went wrong (ZeroDivisionError: by <zero>)" in words_of(shared.message.value)
    assert "<zero>" not in shared.message.value


def test_in_a_loop_the_picture_waits_until_the_hand_rests(shared, monkeypatch):
    shared.show(State("tourism_revenue"))
    drawn = []
    monkeypatch.setattr("sapa_analysis.reporting.panel.board.picture_html", lambda *_: drawn.append(1) or "")

    async def three_moves():
        for turn in (1.1, 1.2, 1.3):
            slider(shared, "tourist_arrivals").value = turn
        at_once = shared.said[0]
        await asyncio.sleep(0.5)
        return at_once

    assert "+30.0%" in asyncio.run(three_moves())
    assert len(drawn) == 1


def test_in_a_notebook_it_shows_itself_with_its_look(shared, monkeypatch):
    told = []
    monkeypatch.setattr("IPython.display.publish_display_data", told.append)
    monkeypatch.setattr("IPython.display.display", lambda shown: told.append({"text/html": shown.data}))
    shared._ipython_display_()
    assert "<script>" in told[0]["text/html"]
    assert "application/vnd.jupyter.widget-view+json" in told[1]
    assert "make explorer" in told[1]["text/html"]
