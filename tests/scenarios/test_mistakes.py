"""Mistakes that a user has made: each is told in our words, with what to write instead, in both languages."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from factories import yearly

from sapa_analysis import scenario
from sapa_analysis.core import Forecast, SapaError, in_language, yearly_index
from sapa_analysis.forecasting import condition
from sapa_analysis.scenarios import (
    apply_scenario,
    does_not_hold,
    ignored_years,
    load_scenario_file,
    unseen_changes,
)

FILE = """\
name: mine
label: {vi: Kịch bản thử, en: A trial}
reason: {vi: để thử, en: to try}
area: sa_pa
judged_on: 2023-06-30
adjustments:
  - indicator: tourist_arrivals
    effect: multiply
    values: {2024: 0.97, 2025: 0.95}
    reason: {vi: vì bão, en: a storm}
    source: a page
    quality: C
    impact: low
"""
FACTOR = 'is no plausible factor: 0.5 to 2; for 10 percent more write "+10%" or 1.1, or say bold'
#: What stands in the file, what the user wrote, and where and how it is told.
IN_FILES = {
    "factor 10": ("2024: 0.97", "2024: 10", "line 9, values.2024: 10 " + FACTOR),
    "factor 0.1": ("2024: 0.97", "2024: 0.1", "line 9, values.2024: 0.1 " + FACTOR),
    "growth rate times 14.5": (
        "indicator: tourist_arrivals\n    effect: multiply\n    values: {2024: 0.97",
        "indicator: grdp_growth\n    effect: multiply\n    values: {2024: 14.5",
        "line 9, values.2024: 14.5 " + FACTOR,
    ),
    "unknown key": ("    effect:", "    efect:", "line 8, efect: unknown; did you mean effect?"),
    "derived indicator": (
        "indicator: tourist_arrivals",
        "indicator: tourism_revenue",
        "line 7, indicator: tourism_revenue is derived (tourist_arrivals * spend_per_visit / 1000); adjust what it "
        "follows from",
    ),
    "level outside bounds": (
        "effect: multiply\n    values: {2024: 0.97",
        "effect: replace\n    values: {2024: 50",
        "line 9, values.2024: 50 is no possible level of tourist_arrivals: 1000 to 5e+08",
    ),
    "year twice": ("2025: 0.95", "2024: 0.95", 'line 9: not plain YAML: the key "2024" stands twice'),
    "tab": ("    effect:", "\teffect:", "line 8: not plain YAML: a tab or a sign stands where a word or a space"),
    "name of another file": ("name: mine", "name: yours", 'line 1, name: "yours" is not the name of the file; write mine'),
    "minus 10": ("2024: 0.97", "2024: -10", "line 9, values.2024: multiply needs a factor above zero; found -10"),
    "wrong effect": (
        "effect: multiply",
        "effect: times",
        "line 8, effect: wanted 'multiply', 'add', 'replace', 'growth', 'add_growth' or 'hold'; found 'times'",
    ),
    "a number for values": (
        "values: {2024: 0.97, 2025: 0.95}",
        "values: 0.9",
        "line 9, values: wanted a value for each year, as 2024: 0.9, or always: 0.9 for every year ahead; found 0.9",
    ),
    "year with five figures": (
        "2024: 0.97",
        "20245: 0.97",
        "line 9, values.20245: 20245 is no year; write 1990 to 2060, or 1 to 30 for years after the origin",
    ),
    "text with a comma": (
        "{vi: vì bão, en: a storm}",
        "{vi: Bão, cao tốc, en: a storm}",
        'line 10, reason.cao tốc: a text with a comma stands in quotes; "cao tốc" was cut off',
    ),
    "90%": (
        "2024: 0.97",
        '2024: "90%"',
        'line 9, values.2024: "90%" may be so much more or so much of it; write "+90%" or "x 0.9"',
    ),
    "decimal comma": (
        "2024: 0.97",
        "2024: 0,97",
        'line 9, values.97: a comma was read as the end of a value; write 0.97, or "0,97"',
    ),
    "arrivals": (
        "indicator: tourist_arrivals",
        "indicator: arrivals",
        'line 7, indicator: "arrivals" is unknown; did you mean tourist_arrivals?',
    ),
    "length_of_stay": (
        "indicator: tourist_arrivals",
        "indicator: length_of_stay",
        'line 7, indicator: "length_of_stay" is unknown; there is no such lever: nothing follows from average_stay; '
        "its field has tourist_arrivals, spend_per_visit",
    ),
}  # fmt: skip


def read(tmp_path, old="", new=""):
    path = tmp_path / "mine.yml"
    assert old in FILE
    path.write_text(FILE.replace(old, new, 1), encoding="utf-8")
    return load_scenario_file(path)["mine"]


def fans(*, area="sa_pa", as_of=date(2023, 6, 30)):
    observed = yearly({2021: 2.4e6, 2022: 2.5e6}, area=area, as_of=as_of)
    rows = np.outer([2.8e6, 3.2e6, 3.6e6], np.linspace(0.5, 1.5, 101))
    return {
        "tourist_arrivals": Forecast(
            observed, pd.DataFrame(rows, index=yearly_index([2023, 2024, 2025])), "naive"
        )
    }


def test_the_file_without_a_mistake_is_read(tmp_path):
    assert read(tmp_path).adjustments[0].values == {2024: 0.97, 2025: 0.95}


@pytest.mark.parametrize("mistake", IN_FILES)
def test_a_mistake_in_a_file_is_told_at_its_line_in_our_words(mistake, tmp_path):
    old, new, wanted = IN_FILES[mistake]
    with pytest.raises(SapaError) as caught:
        read(tmp_path, old, new)
    told = str(caught.value)
    assert wanted in told
    assert not [word for word in ("Input should", "pydantic", "[key]", "dictionary") if word in told]
    spoken = caught.value.in_language("vi").splitlines()[1:]
    english = told.splitlines()[1:]
    assert len(spoken) == len(english)
    assert not set(spoken) & set(english)


def test_mistakes_of_one_file_are_told_together(tmp_path):
    path = tmp_path / "mine.yml"
    text = FILE
    for mistake in ("factor 10", "name of another file", "text with a comma", "arrivals"):
        old, new, _ = IN_FILES[mistake]
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SapaError) as caught:
        load_scenario_file(path)
    assert {problem.line for problem in caught.value.problems} == {1, 7, 9, 10}


#: What a user did with a sound scenario, and what is told.
AT_USE = {
    "add 500": (
        lambda: unseen_changes(fans(), scenario("slip", tourist_arrivals={2024: "+500"}))[0],
        "tourist_arrivals of 2024 changes by 0.02 percent: no printed figure shows it",
    ),
    "years 2019 and 2035": (
        lambda: str(ignored_years(fans(), scenario("slip", tourist_arrivals=dict.fromkeys([2019, 2024, 2035], "+5%")))),
        "[2019, 2035]",
    ),
    "only the year 2035": (
        lambda: apply_scenario(fans(), scenario("slip", tourist_arrivals={2035: "+5%"})),
        "scenario slip does not hold here: it speaks of 2035, the forecast of 2023 to 2025",
    ),
    "a level of 58 million": (
        lambda: apply_scenario(fans(), scenario("slip", tourist_arrivals={2025: "= 58e6"})),
        "scenario slip does not hold here: it takes tourist_arrivals of 2025 to 16.1 times the baseline; plausible "
        "are 0.5 to 2, or say bold",
    ),
    "a condition of 58 million": (
        lambda: condition(fans(), {"tourist_arrivals": {2025: 58e6}}),
        "no such condition: tourist_arrivals: 58,000,000 in 2025 lies outside every path, 1,800,000 to 5,400,000",
    ),
    "arrivals in play": (
        lambda: apply_scenario(fans(), scenario("slip", arrivals="+5%")),
        'scenario slip: "arrivals" is unknown; did you mean tourist_arrivals?',
    ),
    "another area": (
        lambda: apply_scenario(fans(area="lao_cai"), scenario("slip", area="sa_pa", tourist_arrivals="+5%")),
        "scenario slip does not hold here: it argues from the numbers of sa_pa, not of lao_cai",
    ),
    "a day before its reasons": (
        lambda: apply_scenario(
            fans(as_of=date(2023, 1, 15)), scenario("slip", judged_on="2023-06-30", tourist_arrivals="+5%")
        ),
        "scenario slip does not hold here: its reasons were known on 2023-06-30, not yet on 2023-01-15",
    ),
    "a day after another year has ended": (
        lambda: apply_scenario(
            fans(as_of=date(2024, 1, 15)), scenario("slip", judged_on="2023-06-30", tourist_arrivals={2025: "+5%"})
        ),
        "scenario slip does not hold here: its changes by calendar year were judged on 2023-06-30, against a forecast "
        "that did not know 2023; judge them again, or write years after the origin",
    ),
}  # fmt: skip


@pytest.mark.parametrize("mistake", AT_USE)
def test_a_mistake_at_use_is_told_in_our_words(mistake):
    act, wanted = AT_USE[mistake]
    try:
        told = act()
    except SapaError as error:
        told = str(error)
    assert told == wanted
    assert wanted.startswith("[") or in_language(wanted, "vi") != wanted


def test_all_changes_of_a_short_form_are_told_together():
    with pytest.raises(SapaError) as caught:
        scenario(
            "slip", tourist_arrivals={20245: "x 10"}, spend_per_visit="90%", grdp_growth=0.9, forest_cover={}
        )
    assert [(problem.column, problem.message.partition(";")[0]) for problem in caught.value.problems] == [
        ("forest_cover", "wanted a change, or one for each year"),
        ("grdp_growth", '"0.9" may be a factor or a level'),
        ("spend_per_visit", '"90%" may be so much more or so much of it'),
        ("tourist_arrivals.20245", "10 is no plausible factor: 0.5 to 2"),
        ("tourist_arrivals.20245", "20245 is no year"),
    ]


def test_what_a_scenario_may_do_when_it_is_bold():
    wave = scenario("wave", tourist_arrivals={2024: "-80%"}, bold=True)
    assert does_not_hold(fans(), wave) == ""
    with pytest.raises(SapaError, match=r"0\.2 is no plausible factor"):
        scenario("wave", tourist_arrivals={2024: "-80%"})
