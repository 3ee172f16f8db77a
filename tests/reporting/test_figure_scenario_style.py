"""The style of a scenario follows from its name alone, and tells it apart in black and white."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import yaml
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.colors import to_rgb

from sapa_analysis.reporting.figures.scenario_style import scenario_styles
from sapa_analysis.reporting.figures.style import BLUE, GOAL

ROOT = Path(__file__).parents[2]
NAMES = st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=25, unique=True)
FILE = yaml.safe_load((ROOT / "sapa_analysis/reporting/scenario_styles.yml").read_text(encoding="utf-8"))
LISTED = scenario_styles(FILE["scenarios"])


@given(NAMES, st.randoms())
def test_the_order_of_scenarios_gives_no_style(names, chance):
    mixed = chance.sample(names, len(names))
    assert scenario_styles(names) == scenario_styles(mixed)
    assert list(scenario_styles(mixed)) == mixed


@given(NAMES)
def test_no_two_scenarios_of_a_picture_look_alike_in_black_and_white(names):
    found = scenario_styles([*LISTED, *(set(names) - set(LISTED))])
    assert len({each.in_grey for each in found.values()}) == len(found)


@given(NAMES, st.text(min_size=1, max_size=12))
def test_a_scenario_alone_looks_as_beside_others_unless_they_ask_for_the_same(names, name):
    alone = scenario_styles([name])[name]
    beside = scenario_styles([name, *names])
    claimed = {scenario_styles([other])[other].in_grey for other in names if other != name}
    assert beside[name] == alone or alone.in_grey in claimed or len(claimed) < len(set(names) - {name})


def test_every_shipped_scenario_has_its_own_line_in_the_style_file():
    shipped = {path.stem for path in (ROOT / "params/scenarios").glob("*.yml")}
    assert shipped <= set(LISTED)
    assert LISTED["base"].color == BLUE


def test_no_colour_is_that_of_goals_or_too_light_to_read():
    # luminance by the weights of Rec. 709
    for each in LISTED.values():
        assert np.dot(to_rgb(each.color), (0.2126, 0.7152, 0.0722)) < 0.45
        assert np.abs(np.subtract(to_rgb(each.color), to_rgb(GOAL))).max() > 0.2


def test_no_mark_is_that_of_a_published_figure():
    assert not {each.mark for each in LISTED.values()} & {"o", "D", "*", "x"}
    assert not set(FILE["marks"]) & {"o", "D", "*", "x"}


def test_dashes_can_be_told_apart():
    dashes = [tuple(lengths) for lengths in FILE["dashes"].values()]
    for one, other in combinations(dashes, 2):
        assert len(one) != len(other) or np.abs(np.subtract(one, other)).max() >= 1
