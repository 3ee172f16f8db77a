"""A scenario that is saved is read back equal; nothing is overwritten, nothing unsound is written."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sapa_analysis import save_scenario, scenario
from sapa_analysis.core import OutputError, ParamsError, project_root
from sapa_analysis.evidence import load_areas, load_indicators
from sapa_analysis.scenarios import Adjustment, Scenario, load_scenario_file

WHY = {"reason": "Rooms cost more: 5 % a year, and more.", "source": "a survey, page 3"}
TABLES = {
    "indicators": load_indicators(project_root() / "data"),
    "areas": load_areas(project_root() / "data"),
}
words = st.text(st.sampled_from("abcxyz đàộứ:#-'\"{}[],%&*!|>@`?0123456789."), min_size=1, max_size=40).map(
    str.strip
)
sound = words.filter(bool)
spoken = st.one_of(sound, st.fixed_dictionaries({"vi": sound, "en": sound}))
sizes = {
    "multiply": st.floats(0.5, 2),
    "add": st.floats(-1e6, 1e6),
    "replace": st.floats(0.05, 50),  # what spend_per_visit can be
    "growth": st.floats(-50, 100),
    "add_growth": st.floats(-50, 100),
    "hold": st.floats(0, 2),
}


@st.composite
def parts(draw, years):
    effect = draw(st.sampled_from(sorted(sizes)))
    given_value = draw(st.booleans())
    own = {"of_year": draw(st.integers(1990, 2025))} if effect == "hold" else {}
    if given_value:
        own |= {"values": draw(st.dictionaries(years, sizes[effect], min_size=1, max_size=4))}
    else:
        own |= {"always": draw(sizes[effect]), "shape": draw(st.sampled_from(["step", "ramp"]))}
    return Adjustment(
        indicator="spend_per_visit",
        effect=effect,
        bold=draw(st.booleans()),
        reason=draw(st.one_of(st.just(""), spoken)),
        source=draw(st.one_of(st.just(""), sound)),
        quality=draw(st.sampled_from([None, "A", "B", "C"])),
        impact=draw(st.sampled_from([None, "high", "low"])),
        **own,
    )


@st.composite
def scenarios(draw):
    years = draw(st.sampled_from([st.integers(1990, 2060), st.integers(1, 30)]))
    return Scenario(
        name=draw(sound),
        label=draw(spoken),
        reason=draw(st.one_of(st.just(""), spoken)),
        area=draw(st.sampled_from(["", "sa_pa", "lao_cai"])),
        judged_on=draw(st.one_of(st.none(), st.dates(date(2000, 1, 1), date(2060, 1, 1)))),
        weight=draw(st.one_of(st.none(), st.floats(0.001, 1))),
        adjustments=tuple(draw(st.lists(parts(years), max_size=3))),
    )


def filled(made, name):
    """Return a scenario with what saving adds to it."""
    whole = {"reason": WHY["reason"], "source": WHY["source"], "quality": "C", "impact": "medium"}
    full = []
    for part in made.adjustments:
        own = part.model_dump()
        own["reason"] = own["reason"] if any(own["reason"].values()) else whole["reason"]
        full.append(Adjustment(**{**own, **{key: own[key] or whole[key] for key in whole}}))
    reason = made.reason if any(made.reason.values()) else WHY["reason"]
    return Scenario(**{**made.model_dump(), "name": name, "reason": reason, "adjustments": tuple(full)})


@given(scenarios())
def test_what_is_saved_is_read_back_equal(tmp_path_factory, made):
    path = save_scenario(made, tmp_path_factory.mktemp("saved"), **WHY)
    [(name, read)] = load_scenario_file(path, **TABLES).items()
    assert name == read.name == path.stem
    assert read == filled(made, path.stem)


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("spend +10 %", "spend_plus_10_percent"),
        ("spend -10%", "spend_minus_10_percent"),
        ("Đường sắt, bão", "duong_sat_bao"),
        ("two-day stay", "two_day_stay"),
        ("???", "scenario"),
    ],
)
def test_a_name_of_play_becomes_an_id(tmp_path, name, stem):
    path = save_scenario(scenario(name, spend_per_visit="+10%"), tmp_path, **WHY)
    assert path == tmp_path / f"{stem}.yml"
    assert load_scenario_file(path, **TABLES)[stem].label["vi"] == name


@pytest.mark.parametrize("path", [None, "given.yml"])
def test_a_name_too_long_for_a_file_is_refused_before_anything_is_written(tmp_path, path):
    made = scenario("x" * 300, spend_per_visit="+10%")
    place = tmp_path / (path.replace("given", "y" * 300) if path else "")
    with pytest.raises(
        OutputError, match="a name of 300 characters is too long for a file; write at most 100"
    ):
        save_scenario(made, place, **WHY)
    assert not list(tmp_path.iterdir())


def test_a_file_can_be_named_and_is_not_overwritten(tmp_path):
    made, place = scenario("dearer", spend_per_visit="+10%"), tmp_path / "new" / "mine.yml"
    assert save_scenario(made, place, label="Dearer", **WHY) == place
    before = place.read_bytes()
    assert load_scenario_file(place, **TABLES)["mine"].label["en"] == "Dearer"
    with pytest.raises(OutputError, match=r"mine\.yml exists; nothing was overwritten, write another name"):
        save_scenario(made, place, **WHY)
    assert place.read_bytes() == before


def test_by_default_it_lies_in_the_build_folder_of_the_project(project, monkeypatch):
    monkeypatch.chdir(project.root)
    path = save_scenario(scenario("dearer", spend_per_visit="+10%"), **WHY)
    assert path.relative_to(project.root).as_posix() == "build/scenarios/dearer.yml"


@pytest.mark.parametrize(
    ("made", "more", "told"),
    [
        ({"visits": "+10%"}, {}, '"visits" is unknown'),
        ({"tourism_revenue": "+10%"}, {}, "tourism_revenue is derived"),
        ({"spend_per_visit": "+10%", "area": "sa_pha"}, {}, '"sa_pha" is unknown; did you mean sa_pa?'),
        ({"spend_per_visit": "= 80"}, {}, "80 is no possible level of spend_per_visit: 0.05 to 50"),
        ({"spend_per_visit": "+10%"}, {"reason": " "}, "wanted text"),
        ({"spend_per_visit": "+10%"}, {"reason": {"en": "x"}}, "wanted vi and en, each once"),
        ({"spend_per_visit": "+10%"}, {"source": ""}, "wanted text; found ''"),
        ({"spend_per_visit": "+10%"}, {"quality": "E"}, "wanted 'A', 'B' or 'C'; found 'E'"),
    ],
)
def test_what_the_reader_would_refuse_is_not_written(tmp_path, made, more, told):
    with pytest.raises(ParamsError) as caught:
        save_scenario(scenario("slip", **made), tmp_path, **(WHY | more))
    assert told in str(caught.value)
    assert not list(tmp_path.iterdir())
