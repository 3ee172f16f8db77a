"""The picture of scenarios: every scenario has its own line, mark, whisker and label."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from factories import target, yearly
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.collections import LineCollection

from sapa_analysis import NotAssessed, forecast, under_scenarios
from sapa_analysis.core import targets_table
from sapa_analysis.core.params import LANGUAGES
from sapa_analysis.pipeline import known_targets
from sapa_analysis.reporting.figures import as_svg, plot_forecast, plot_scenarios
from sapa_analysis.reporting.figures.scenario_style import scenario_styles
from sapa_analysis.reporting.figures.style import BLUE, spread
from sapa_analysis.reporting.goals import goal
from sapa_analysis.reporting.language import indicator_name, texts

pytest_plugins = ["loaded"]
either = pytest.mark.parametrize("lang", LANGUAGES)
CONCEPT = pd.Series({"unit": "tonnes", "decimals": 1, "name_vi": "sản lượng", "name_en": "output"})
PAST = {2016: 10.0, 2017: 13.0, 2018: 12.0, 2019: 15.0, 2020: 14.0, 2021: 17.0, 2022: 18.5}
LABELS = {"low": "Thấp", "base": "Cơ sở", "high": "Cao"}
GOALS = pd.DataFrame(
    [target(value=20.0, end=2023, unit="tonnes"), target(value=30.0, end=2025, unit="tonnes")]
)


@pytest.fixture(autouse=True)
def quiet_canvas() -> Iterator[None]:
    """Draw on no screen, and leave no figure open."""
    mpl.use("Agg")
    yield
    plt.close("all")


def by_scenario(**factors):
    base = forecast(yearly(PAST, unit="tonnes"), horizon=3, n_paths=200, seed=1)
    return {
        name: type(base)(base.observed, base.paths * factor, base.method, name)
        for name, factor in factors.items()
    }


def draw(outcomes=None, targets=GOALS, lang="vi", labels=LABELS, **options):
    outcomes = outcomes or by_scenario(low=0.9, base=1.0, high=1.2)
    return plot_scenarios(outcomes, targets, CONCEPT, labels, lang=lang, **options)


def medians(ax):
    """Return the lines that run from the origin to the last year."""
    return [line for line in ax.lines if list(line.get_xdata()) == [2022, 2023, 2024, 2025]]


def whiskers(ax):
    """Return the bars behind the last year: x, lower, upper."""
    found = [item.get_segments()[0] for item in ax.collections if isinstance(item, LineCollection)]
    return sorted((bar[0, 0], bar[0, 1], bar[1, 1]) for bar in found if bar[0, 0] > 2025)


def text_named(ax, words):
    [found] = [text for text in ax.texts if text.get_text() == words]
    return found


def test_every_scenario_has_its_median_from_the_origin_on():
    outcomes = by_scenario(low=0.9, base=1.0, high=1.2)
    lines = medians(draw(outcomes))
    for line, outcome in zip(lines, outcomes.values(), strict=True):
        np.testing.assert_allclose(line.get_ydata(), [18.5, *outcome.summary((80,))["median"]])


def test_every_scenario_has_its_whisker_and_no_two_stand_together():
    outcomes = by_scenario(low=0.9, base=1.0, high=1.2)
    ax = draw(outcomes)
    bars, width = whiskers(ax), float(np.ptp(ax.get_xlim()))
    for (_, lower, upper), outcome in zip(bars, outcomes.values(), strict=True):
        last = outcome.summary((80,)).iloc[-1]
        assert (lower, upper) == pytest.approx((last["lower_80"], last["upper_80"]))
    assert all(right[0] - left[0] > 0.015 * width for left, right in pairwise(bars))
    named = texts("vi")["picture_marks"]["interval"].format(level=80, year=2025)
    assert named in [text.get_text() for text in ax.texts]


def test_no_tick_stands_below_the_whiskers():
    assert max(draw().get_xticks()) <= 2025


def test_every_label_has_the_colour_of_its_line_and_none_covers_another():
    ax = draw(by_scenario(low=0.999, base=1.0, high=1.001))
    ax.figure.canvas.draw()
    found = [text_named(ax, words) for words in LABELS.values()]
    assert [text.get_color() for text in found] == [line.get_color() for line in medians(ax)]
    boxes = [text.get_window_extent() for text in found]
    assert not any(one.overlaps(other) for one, other in combinations(boxes, 2))


def looks(line):
    """Return what is left of a line in black and white."""
    return line.get_linestyle(), line._unscaled_dash_pattern, line.get_marker(), line.get_markerfacecolor()


@pytest.mark.parametrize("order", [("low", "base", "high"), ("high", "low", "base"), ("base", "high", "low")])
def test_a_scenario_has_its_own_style_wherever_it_stands(order):
    factors = {"low": 0.9, "base": 1.0, "high": 1.2}
    ax = draw(by_scenario(**{name: factors[name] for name in order}))
    own = scenario_styles(factors)
    for name, line in zip(order, medians(ax), strict=True):
        assert (line.get_color(), line.get_marker()) == (own[name].color, own[name].mark)
    assert own["base"].color == BLUE


def test_the_sample_beside_a_label_looks_like_its_line():
    ax = draw()
    ax.figure.canvas.draw()
    samples = [artist for artist in ax.artists + ax.lines if artist.get_gid() == "sample"]
    assert [looks(sample) for sample in samples] == [looks(line) for line in medians(ax)]
    for sample, words in zip(samples, LABELS.values(), strict=True):
        label, drawn = text_named(ax, words).get_window_extent(), sample.get_window_extent()
        assert drawn.x1 < label.x0
        assert abs((drawn.y0 + drawn.y1) - (label.y0 + label.y1)) < label.height


def test_a_scenario_that_changes_nothing_is_named_at_the_foot_and_not_drawn():
    ax = draw(by_scenario(low=1.0, base=1.0, high=1.2), lang="en")
    assert len(medians(ax)) == 2
    [foot] = [text.get_text() for text in ax.texts if "example.org" in text.get_text()]
    assert foot.startswith("The same as the baseline: Thấp.")


def test_a_whisker_far_above_all_else_is_cut_with_a_mark():
    cut = [line for line in draw(by_scenario(base=1.0, high=1.2)).lines if line.get_gid() == "cut"]
    assert not cut
    wide = by_scenario(base=1.0, high=1.2)
    fan = wide["high"]
    spread_out = fan.paths * np.exp(np.linspace(-3, 3, fan.paths.shape[1]))
    wide["high"] = type(fan)(fan.observed, spread_out, fan.method, "high")
    ax = draw(wide)
    [mark] = [line for line in ax.lines if line.get_gid() == "cut"]
    bars = whiskers(ax)
    assert [at for at, _, upper in bars if upper > ax.get_ylim()[1]] == list(mark.get_xdata())


def test_a_series_of_ones_own_needs_neither_row_nor_labels():
    past = pd.Series([10.0, 11, 13, 12, 15], index=range(2015, 2020), name="pots")
    base = forecast(past, horizon=2, n_paths=100, seed=1)
    more = type(base)(base.observed, base.paths * 1.1, base.method, "more")
    ax = plot_scenarios({"base": base, "more": more}, lang="en")
    assert ax.get_title(loc="left") == "Pots"
    assert {"base", "more"} <= {text.get_text() for text in ax.texts}


@either
def test_every_goal_has_its_star_and_its_words(lang):
    ax = draw(lang=lang)
    stars = [(line.get_xdata()[0], line.get_ydata()[0]) for line in ax.lines if line.get_marker() == "*"]
    assert sorted(stars) == [(2023, 20), (2025, 30)]
    shown = [text.get_text() for text in ax.texts]
    assert all(any(words.endswith(plain_goal(row, lang)) for words in shown) for _, row in GOALS.iterrows())


def plain_goal(row, lang):
    from sapa_analysis import plain

    return plain(goal(row, 1, lang))


@either
def test_a_picture_names_its_subject_unit_and_sources(lang):
    ax = draw(lang=lang)
    assert ax.get_title(loc="left") == indicator_name(CONCEPT, lang)
    assert ax.get_ylabel() == texts(lang)["units"]["tonnes"]
    assert any("example.org" in text.get_text() for text in ax.texts)


def test_everything_lies_inside_the_picture():
    ax = draw(by_scenario(low=0.5, base=1.0, high=3.0))
    low, high = ax.get_ylim()
    assert all(low <= lower < upper <= high for _, lower, upper in whiskers(ax))
    assert all(at <= ax.get_xlim()[1] for at, *_ in whiskers(ax))
    assert high > 30


def test_a_line_that_falls_below_zero_on_its_way_stays_inside():
    outcomes = by_scenario(base=1.0, low=0.9)
    fallen = outcomes["low"].paths.copy()
    fallen.iloc[0] = -8.0
    low = outcomes["low"]
    ax = draw(outcomes | {"low": type(low)(low.observed, fallen, low.method, "low")})
    assert ax.get_ylim()[0] < -8


def test_one_scenario_or_twelve_can_be_drawn():
    for names in (["base"], list("abcdefghijkl")):
        outcomes = by_scenario(**{name: 1 + 0.1 * place for place, name in enumerate(names)})
        ax = draw(outcomes, labels={name: name for name in names})
        assert len(medians(ax)) == len(whiskers(ax)) == len(names)


def test_without_any_forecast_it_is_the_picture_of_the_figures_and_goals():
    nothing = NotAssessed(yearly({2021: 17.0, 2022: 18.5}, unit="tonnes"), "too_few_years", 5)
    ax = draw(dict.fromkeys(LABELS, nothing))
    assert as_svg(ax.figure) == as_svg(plot_forecast(nothing, GOALS, CONCEPT).figure)


def test_a_picture_can_be_drawn_where_one_is_told_to():
    _, ax = plt.subplots()
    assert draw(ax=ax) is ax


def test_the_style_of_the_suite_does_not_leak():
    before = dict(mpl.rcParams)
    draw()
    assert dict(mpl.rcParams) == before


def test_the_same_picture_is_the_same_bytes():
    assert as_svg(draw().figure) == as_svg(draw().figure)


@either
def test_every_subject_can_be_drawn(lang, outcomes, tables, params):
    # as pages show them: test_briefing
    under = under_scenarios(tables, params, outcomes)
    labels = {name: tables.scenarios[name].label[lang] for name in under}
    assert list(labels) == ["low", "base", "high"]
    for subject in outcomes:
        targets = targets_table(known_targets(tables, params, subject))
        alone = {name: each[subject] for name, each in under.items()}
        ax = plot_scenarios(alone, targets, tables.indicators.loc[subject], labels, lang=lang)
        assert ax.get_title(loc="left")
        assert len(ax.lines) >= 1
        plt.close(ax.figure)


@given(st.lists(st.floats(0, 10), min_size=1, max_size=6), st.floats(0.1, 2))
def test_labels_keep_their_order_their_room_and_their_middle(heights, room):
    placed = spread(heights, room)
    order = np.argsort(heights, kind="stable")
    assert all(upper - lower > room - 1e-9 for lower, upper in pairwise(np.array(placed)[order]))
    assert np.mean(placed) == pytest.approx(np.mean(heights), abs=1e-9)


@given(st.integers(1, 6), st.floats(1, 3))
def test_labels_that_have_room_stay_where_they_are(count, step):
    heights = [step * place for place in range(count)]
    assert spread(heights, 0.9) == pytest.approx(heights)
