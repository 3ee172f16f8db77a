"""Pictures of what scenarios change and what results lean on: differences, waterfall, tornado, frontier."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from factories import target
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.collections import PolyCollection

from sapa_analysis import forecast
from sapa_analysis.core.params import LANGUAGES
from sapa_analysis.reporting.figures import (
    as_svg,
    plot_difference,
    plot_frontier,
    plot_tornado,
    plot_waterfall,
)
from sapa_analysis.reporting.figures.scenario_style import scenario_styles
from sapa_analysis.reporting.language import number, texts
from sapa_analysis.reporting.leaning import choice_in_words

either = pytest.mark.parametrize("lang", LANGUAGES)
VISITS = pd.Series({"unit": "visits", "decimals": 0, "name_vi": "lượt khách", "name_en": "arrivals"})
RATE = pd.Series({"unit": "percent", "decimals": 1, "name_vi": "tăng trưởng", "name_en": "growth"})
SPEND = pd.Series({"unit": "million_vnd_per_visit", "decimals": 1, "name_vi": "chi tiêu", "name_en": "spend"})
INDICATORS = pd.DataFrame({"tourist_arrivals": VISITS, "spend_per_visit": SPEND}).T
amounts = st.floats(-1e6, 1e6).map(lambda value: round(value, 3))


@pytest.fixture(autouse=True)
def quiet_canvas() -> Iterator[None]:
    """Draw on no screen, and leave no figure open."""
    mpl.use("Agg")
    yield
    plt.close("all")


def differences(kind="percent", years=(2023, 2024, 2025), **last):
    rows = [
        {"scenario": name, "year": year, "kind": kind, "median": end * place, "unit": kind,
         "lower_80": end * place - abs(end) / 5, "upper_80": end * place + abs(end) / 5}
        for name, end in last.items() for place, year in enumerate(years, start=1)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def said(item) -> list[str]:
    return [text.get_text() for text in item.findobj(mpl.text.Text) if text.get_text()]


@either
def test_each_scenario_has_a_panel_with_its_difference_and_band(lang):
    table = differences(low=-4.0, high=8.0, base=0.0)
    figure = plot_difference(table, VISITS, {"low": "Thấp"}, lang=lang)
    styles = scenario_styles(["low", "high"])
    for panel, (name, end) in zip(figure.axes, (("low", -4.0), ("high", 8.0)), strict=True):
        [line] = [line for line in panel.lines if list(line.get_xdata()) == [2022, 2023, 2024, 2025]]
        assert list(line.get_ydata()) == [0, end, 2 * end, 3 * end]
        assert (line.get_color(), line.get_marker()) == (styles[name].color, styles[name].mark)
        [band] = [item for item in panel.collections if isinstance(item, PolyCollection)]
        edges = band.get_paths()[0].vertices[:, 1]
        assert (edges.min(), edges.max()) == pytest.approx(
            (min(0, 3 * end - abs(end) / 5), max(0, 3 * end + abs(end) / 5))
        )
    assert {"Thấp", "high"} <= set(said(figure))
    assert figure.axes[0].get_ylabel() == texts(lang)["picture_difference"]["percent"]


def test_panels_share_their_axes_and_every_column_has_its_years():
    figure = plot_difference(differences(a=1.0, b=-50.0, c=3.0, d=8.0), VISITS)
    shown = [panel for panel in figure.axes if panel.axison]
    assert len(shown) == 4
    assert len({panel.get_ylim() for panel in shown}) == 1
    figure.canvas.draw()
    told = [any(label.get_visible() for label in panel.get_xticklabels()) for panel in shown]
    assert told == [False, True, True, True]


@either
def test_a_scenario_that_changes_nothing_has_no_panel_and_is_named(lang):
    figure = plot_difference(differences(low=0.0, high=8.0), VISITS, {"low": "Thấp"}, lang=lang)
    assert len(figure.axes) == 1
    assert any(words.endswith(": Thấp.") for words in said(figure))


@either
def test_where_nothing_changes_the_picture_says_so_in_one_line(lang):
    figure = plot_difference(differences(low=0.0, high=0.0), VISITS, lang=lang)
    assert texts(lang)["picture_difference"]["nothing"] in said(figure)
    unknown = plot_difference(differences(high=0.0).iloc[:0], VISITS, lang=lang)
    assert texts(lang)["picture_difference"]["none"] in said(unknown)
    assert not [line for panel in figure.axes for line in panel.lines]


def test_a_difference_of_a_series_of_ones_own_needs_no_row():
    table = pd.concat([differences(more=3.0), differences("level", more=3.0)]).assign(indicator="pots")
    assert "Pots" in said(plot_difference(table, lang="en"))[0]


def test_a_rate_differs_in_points():
    figure = plot_difference(differences("level", high=2.0), RATE, lang="en")
    assert figure.axes[0].get_ylabel() == "points"


def parts_of(*values, start=10.0):
    names = ["start", *(f"part {place}" for place in range(len(values))), "end"]
    levels = [start, *values, start + sum(values)]
    kinds = ["level", *["part"] * len(values), "level"]
    return pd.DataFrame({"part": names, "kind": kinds, "value": levels, "lower_80": levels,
                         "upper_80": levels, "unit": "tonnes"})  # fmt: skip


@given(st.lists(amounts, min_size=1, max_size=6), amounts)
def test_the_bars_of_a_waterfall_lead_from_one_level_to_the_other(values, start):
    table = parts_of(*values, start=start)
    least = 1e-9 * table["value"].abs().max()
    ax = plot_waterfall(table)
    values = [value for value in values if abs(value) > least]  # what moves nothing is not drawn
    bars = [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in ax.patches]
    ends = [0.0, *(start + sum(values[:place]) for place in range(len(values) + 1))]
    size = max(map(abs, ends)) or 1.0
    assert min(bars[0]) == pytest.approx(min(0, start))
    assert max(bars[0]) == pytest.approx(max(0, start))
    for bar, (before, after) in zip(bars[1:-1], pairwise(ends[1:]), strict=True):
        np.testing.assert_allclose(sorted(bar), sorted((before, after)), atol=1e-9 * size)
    plt.close(ax.figure)


@either
def test_every_bar_says_its_value_and_part_in_the_language(lang):
    ax = plot_waterfall(parts_of(2.5, -1.25), {"start": "Đầu"}, title="Vì đâu?", lang=lang)
    shown = [text.get_text() for text in ax.texts[:4]]
    assert shown == [
        number(10, 1, lang),
        f"+{number(2.5, 1, lang)}",
        number(-1.25, 1, lang),
        number(11.25, 1, lang),
    ]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["Đầu", "part 0", "part 1", "end"]
    assert ax.get_xlabel() == texts(lang)["units"]["tonnes"]
    more, less = ax.patches[1], ax.patches[2]
    assert (more.get_hatch(), less.get_hatch()) == (None, "////")


def test_a_part_that_moves_nothing_is_not_drawn():
    table = parts_of(2.0, 0.0, 3.0)
    assert [label.get_text() for label in plot_waterfall(table).get_yticklabels()] == [
        "start", "part 0", "part 2", "end",
    ]  # fmt: skip
    table.loc[2, ["lower_80", "upper_80"]] = [-1.0, 1.0]
    assert "part 1" in [label.get_text() for label in plot_waterfall(table).get_yticklabels()]


def test_a_part_without_spread_has_no_whisker():
    table = parts_of(2.0, 3.0)
    assert not [line for line in plot_waterfall(table).lines if line.get_marker() == "|"]
    table.loc[1, ["lower_80", "upper_80"]] = [1.0, 4.0]
    lines = [line for line in plot_waterfall(table).lines if line.get_marker() == "|"]
    assert all(list(line.get_xdata()) == [11.0, 14.0] for line in lines)
    assert lines


CHOICES = pd.DataFrame(
    {"choice": ["baseline", "seed", "shock_years", "method"], "value": ["", "2", "none", "theta"], "target": "plan",
     "probability": [0.26, 0.25, 0.45, 0.17], "difference": [0.0, -1.0, 19.0, -9.0]}
)  # fmt: skip


@either
def test_the_largest_change_stands_on_top_and_says_its_chance(lang):
    ax = plot_tornado(CHOICES, title="3,5", lang=lang)
    wanted = [
        choice_in_words(*pair, lang) for pair in (("shock_years", "none"), ("method", "theta"), ("seed", "2"))
    ]
    assert [label.get_text() for label in ax.get_yticklabels()] == wanted
    shown = [text.get_text() for text in ax.texts[:3]]
    assert shown == ["45% (+19)", f"17% ({number(-9, 0, lang)})", f"25% ({number(-1, 0, lang)})"]
    assert [bar.get_x() for bar in ax.patches] == pytest.approx([26.0] * 3)
    assert ax.get_ylim()[0] > ax.get_ylim()[1]  # the first row on top


@either
def test_a_tornado_says_which_word_a_chance_has(lang):
    ax = plot_tornado(CHOICES, lang=lang)
    words = texts(lang)["status"]
    assert {words["unlikely"], words["even"]} <= {text.get_text() for text in ax.texts}
    assert words["very_likely"] not in {text.get_text() for text in ax.texts}


def test_a_tornado_is_of_one_target():
    two = pd.concat([CHOICES, CHOICES.assign(target="other", difference=0.0, probability=0.9)])
    assert [bar.get_width() for bar in plot_tornado(two, "other").patches] == [0, 0, 0]
    assert plot_tornado(two).patches[0].get_width() == pytest.approx(19)


@either
def test_a_target_without_a_chance_has_a_picture_that_says_so(lang):
    for table in (CHOICES.assign(probability=np.nan), CHOICES.iloc[:0]):
        ax = plot_tornado(table, lang=lang)
        assert [text.get_text() for text in ax.texts] == [texts(lang)["picture_tornado"]["nothing"]]


def test_a_choice_that_changes_nothing_is_a_bar_of_no_length():
    ax = plot_tornado(CHOICES.assign(probability=0.3, difference=0.0))
    assert [bar.get_width() for bar in ax.patches] == [0, 0, 0]
    assert ax.get_xlim()[0] < 30 < ax.get_xlim()[1]


def test_the_change_since_an_edition_is_a_waterfall_without_bands():
    parts = {"part": ["before", "method", "data", "after"], "kind": ["level", "part", "part", "level"],
             "value": [44.8, np.nan, -6.4, 38.4], "unit": "percent"}  # fmt: skip
    ax = plot_waterfall(pd.DataFrame(parts), lang="en")
    assert [text.get_text() for text in ax.texts[:3]] == [
        "44.8",
        "−6.4",
        "38.4",
    ]  # what is not known has no bar


MIXES = pd.DataFrame({
    "year": 2025, "lever_1": "tourist_arrivals", "lever_2": "spend_per_visit", "reason": "",
    "level_1": [3.5e6, 4.5e6, 6e6], "level_2": [5.0, 4.0, 3.0], "factor_1": [1.0, 1.3, 1.7],
    "factor_2": [1.7, 1.3, 1.0], "points_1": np.nan, "points_2": np.nan,
    "word": ["very_rare", "unusual", "outside"], "likeliest": [False, True, False],
})  # fmt: skip


@either
def test_a_frontier_runs_from_one_lever_alone_to_the_other_past_the_baseline(lang):
    ax = plot_frontier(MIXES, INDICATORS, title="27.000", lang=lang)
    [curve] = [line for line in ax.lines if len(line.get_xdata()) == 3]
    assert list(curve.get_xdata()) == [3.5, 4.5, 6.0]
    assert list(curve.get_ydata()) == [5, 4, 3]
    words = texts(lang)["picture_frontier"]
    [base] = [text for text in ax.texts if text.get_text() == words["baseline"]]
    assert base.xy == (3.5, 3.0)
    nearest = words["nearest"].format(turns=f"×{number(1.3, 2, lang)} · ×{number(1.3, 2, lang)}")
    assert nearest in [text.get_text() for text in ax.texts]
    assert texts(lang)["units"]["million_visits"] in ax.get_xlabel()


def test_marks_of_a_frontier_tell_how_far_a_mix_lies():
    ax = plot_frontier(MIXES, INDICATORS, lang="en")
    single = [line.get_marker() for line in ax.lines if len(line.get_xdata()) == 1 and line.get_zorder() == 5]
    assert single[:3] == ["D", "s", "X"]
    told = [text.get_text() for text in ax.get_legend().get_texts()]
    assert told == ["unusual", "very rare", "outside all paths"]


def test_a_goal_for_a_lever_is_a_line_and_the_paths_are_dots():
    past = {
        name: pd.Series([1.0, 1.1, 1.2, 1.3, 1.4], index=range(2018, 2023), name=name)
        for name in INDICATORS.index
    }
    fans = {name: forecast(series, horizon=3, n_paths=50, seed=1) for name, series in past.items()}
    goals = [{**target(value=5.8e6, end=2025), "indicator_id": "tourist_arrivals"}]
    ax = plot_frontier(MIXES, INDICATORS, outcomes=fans, targets=pd.DataFrame(goals), lang="en")
    [dots] = [line for line in ax.lines if line.get_marker() == "."]
    assert len(dots.get_xdata()) == 50
    assert [5.8, 5.8] in [list(line.get_xdata()) for line in ax.lines]


@either
def test_a_target_that_no_mix_brings_is_said(lang):
    ax = plot_frontier(MIXES.assign(reason="out_of_reach"), INDICATORS, lang=lang)
    [told] = [text.get_text() for text in ax.texts]
    assert told.lower() == texts(lang)["needed"]["reasons"]["out_of_reach"].lower()
    ax = plot_frontier(
        MIXES.assign(reason=["ended", *["out_of_reach"] * (len(MIXES) - 1)]), INDICATORS, lang=lang
    )
    assert [text.get_text() for text in ax.texts] == [texts(lang)["picture_frontier"]["nothing"]]


def test_the_same_pictures_are_the_same_bytes_and_leave_no_style_behind():
    before = dict(mpl.rcParams)
    for plot in (
        lambda: plot_difference(differences(low=-4.0, high=8.0), VISITS),
        lambda: plot_waterfall(parts_of(2.0, -1.0)).figure,
        lambda: plot_tornado(CHOICES).figure,
        lambda: plot_frontier(MIXES, INDICATORS).figure,
    ):
        assert as_svg(plot()) == as_svg(plot())
    assert dict(mpl.rcParams) == before
